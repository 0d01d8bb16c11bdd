"""What every notebook of the book has to be: run top to bottom, quiet, comparable, and the same on every machine."""

import copy
import re

from notebooks import outputs, run_once_from_top_to_bottom

from lossutils.book.page import CLAIM
from tools.first_cells import TAG, repository, with_first_cells
from tools.run_tests import all_notebooks

TIMES = re.compile(r"\b\d+(\.\d+)?\s?(ms|µs|seconds)\b|\d\d:\d\d:\d\d|0x[0-9a-f]{6,}")


def texts(output):
    found = [output.get("text", "")] + [v for k, v in output.get("data", {}).items() if k != CLAIM]
    return ["".join(t) if isinstance(t, list) else str(t) for t in found]


def test_there_are_notebooks():
    assert all_notebooks()


def test_cells_were_run_once_from_top_to_bottom(cells):
    assert run_once_from_top_to_bottom(cells)


def test_nothing_was_written_to_stderr(cells):
    assert not [o for o in outputs(cells) if o.get("name") == "stderr"]


def test_no_cell_failed(cells):
    assert not [o for o in outputs(cells) if o["output_type"] == "error"]


def test_no_bitmaps_which_would_not_be_compared(cells):
    assert not [k for o in outputs(cells) for k in o.get("data", {}) if k in ("image/png", "image/jpeg")]


def test_no_cell_is_left_out_of_the_comparison(cells):
    for cell in cells:
        marked = "".join(cell["source"]) + " ".join(cell["metadata"].get("tags", []))
        assert not re.search(r"NBVAL_|nbval-|raises-exception", marked, re.IGNORECASE)


def test_no_times_and_no_addresses(cells):
    for cell in cells:
        assert "execution" not in cell["metadata"]
        for output in cell["outputs"]:
            for text in texts(output):
                if "<svg" not in text:
                    assert not TIMES.search(text), text[:200]


def test_the_kernel_is_python3_and_nothing_of_the_machine_is_kept(notebook):
    assert notebook["metadata"]["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert notebook["metadata"].get("language_info", {}).keys() <= {"name"}


def test_the_first_cell_of_the_page_is_the_one_import(cells):
    own = [cell for cell in cells if TAG not in cell["metadata"].get("tags", [])]
    assert re.match(r"from lossutils\.book\.notebook import ", "".join(own[0]["source"]))


def test_a_notebook_begins_with_what_it_is(notebook):
    assert with_first_cells(copy.deepcopy(notebook), repository()) == notebook


def test_a_notebook_installs_the_package_where_the_repository_is_known(notebook):
    made = with_first_cells(copy.deepcopy(notebook), "https://example.org/book")
    assert "git+https://example.org/book" in "".join(made["cells"][1]["source"])
    assert run_once_from_top_to_bottom([c for c in made["cells"] if c["cell_type"] == "code"])


def test_figures_have_words_for_those_who_cannot_see_them(cells):
    for output in outputs(cells):
        if "image/svg+xml" in output.get("data", {}):
            svg = "".join(output["data"]["image/svg+xml"])
            title = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
            assert title and len(title.group(1).strip()) > 20
            assert "<image" not in svg and "dc:date" not in svg


def test_display_mathematics_stands_in_claims_only(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = re.sub(r"```.*?```", "", "".join(cell["source"]), flags=re.DOTALL)
            assert "$$" not in source and "\\begin{equation" not in source and "\\[" not in source


def test_markdown_writes_no_html_and_no_foreign_address(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            assert not re.search(r"<(img|script|iframe|link)\b", "".join(cell["source"]))


def test_every_cell_has_an_id_of_its_own(notebook):
    ids = [c["id"] for c in notebook["cells"]]
    assert len(ids) == len(set(ids))
