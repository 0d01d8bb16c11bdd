# make book | pdf | serve | test | test-all | proofs | weight | lab | outputs | accuracy | speed | mutants | clean  (PYTHON=...)

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && { echo $$p; exit; }; \
	done; echo python3)
VENV = .venv/bin/python
PORT ?= 8000

.PHONY: book pdf weight serve test test-all proofs lab outputs accuracy speed mutants format screenshots install clean

book: install  ## build the site from scratch
	@$(VENV) -m tools.build
	@echo "Open  $(CURDIR)/_build/html/index.html"

pdf: book  ## one book of all pages, _build/book.pdf
	@$(VENV) -m tools.pdf

weight: book  ## what every page costs its reader on a slow phone
	@$(VENV) -m tools.weight

serve: book  ## and serve it to this machine
	@echo "Serving http://127.0.0.1:$(PORT)/  (Ctrl-C ends)"
	@$(VENV) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

test: install  ## everything: lint, unit and property tests, every notebook, the site
	@$(VENV) -m tools.run_tests

test-all: install  ## the same, and what takes longer: every loss in every kind of graph, every page, all statements
	@TESTS=all LOSSUTILS_ALL=1 LOSSUTILS_ALL_PAGES=1 $(VENV) -m tools.run_tests

proofs: install  ## translate the claims, have Coq accept their proofs, write the certificates
	@$(VENV) -m tools.proofs $(ARGS)

lab: install  ## JupyterLab on the book
	@$(VENV) -m tools.lab

outputs: install  ## execute the notebooks afresh and store what they print
	@$(VENV) -m tools.outputs $(ONLY)

accuracy: install  ## errors in ulps beside the frameworks' own functions, into benchmarks/
	@$(VENV) -m benchmarks.accuracy

speed: install  ## times beside the frameworks' own functions, into benchmarks/
	@$(VENV) -m benchmarks.speed
	@$(VENV) -m tools.outputs appendix/measured.ipynb

mutants: install  ## faults put into every claim and every rule of the checker, and what notices them (hours)
	@$(VENV) -m tools.mutants

format: install  ## let ruff mend what it can
	@$(VENV) -m ruff check --fix --quiet . ; $(VENV) -m ruff format --quiet .

screenshots: book  ## pictures of every page in .screenshots
	@$(VENV) -m tools.screenshots .screenshots

install:
	@$(PYTHON) tools/install.py

clean:  ## remove what was built and installed
	rm -rf _build .venv .passed .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
