"""The page "Check a formula": its form, and the files that run the checker in the reader's browser.

They are copied from the packages that tools/packages.py fetched. Where they are absent the page says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

import lossutils.verify
from tools.node import PACKAGES
from tools.packages import BROWSER

from .directives import raw
from .ledger_page import entries

FILES = Path(__file__).with_name("checker")
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip", "README.md")
STARTS = "f = real"
FORM = r"""
<div id="checker">
<p id="checker-of"></p>
<p><label for="checker-latex">Formula, in LaTeX</label>
<textarea id="checker-latex" rows="3" spellcheck="false">1-\sigma(f) = \sigma(-f)</textarea></p>
<div id="checker-shown" class="formula"></div>
<div class="checker-assumptions">
<p><label for="checker-letters">What its letters are</label>
<textarea id="checker-letters" rows="4" spellcheck="false">f = real</textarea></p>
<p><label for="checker-relations">What holds besides</label>
<textarea id="checker-relations" rows="4" spellcheck="false"></textarea></p>
</div>
<p class="checker-buttons"><button type="button" id="checker-start">Start the checker (SIZE MB)</button>
<button type="button" id="checker-check" disabled>Check</button>
<button type="button" id="checker-turn">Turn a sign</button>
<button type="button" id="checker-copy">Copy as Python</button>
<button type="button" id="checker-stop" disabled>Stop</button></p>
<p><progress value="0" hidden aria-label="loading"></progress></p>
<p id="checker-status" role="status">The checker is loaded when you start it, and kept by your browser.</p>
<div id="checker-result" aria-live="polite"></div>
</div>
"""
ABSENT = (
    "<p><strong>This copy of the site was built without the files that run the checker in a browser.</strong> "
    "<code>make book</code> fetches them where the packages can be had.</p>"
)


def available() -> bool:
    """Whether everything is there that the browser needs."""
    return BROWSER.is_dir() and all((PACKAGES / "pyodide" / name).exists() for name in PYODIDE)


class CheckerDirective(SphinxDirective):
    """The form, or the word that it is not there."""

    def run(self) -> list[nodes.Node]:
        if not available():
            return [raw(ABSENT)]
        files = [PACKAGES / "pyodide" / name for name in PYODIDE] + list(BROWSER.glob("*.whl"))
        return [raw(FORM.replace("SIZE", str(round(sum(f.stat().st_size for f in files) / 1e6))))]


def own_files(target: Path) -> None:
    """The checker as a zip file, the same bytes every time; without the losses, which need NumPy."""
    root = Path(lossutils.verify.__file__).parent
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = {"lossutils/__init__.py": "", "in_page.py": (FILES / "in_page.py").read_text(encoding="utf-8")}
        for path in sorted(root.glob("**/*.py")):
            texts[f"lossutils/verify/{path.relative_to(root).as_posix()}"] = path.read_text(encoding="utf-8")
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put everything below _static/checker."""
    if error is not None or app.builder.format != "html" or not available():
        return
    out = Path(app.outdir, "_static", "checker")
    for name in PYODIDE:
        (out / "pyodide").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / "pyodide" / name, out / "pyodide" / name)
    wheels = sorted(BROWSER.glob("*.whl"), key=lambda p: p.name)
    (out / "wheels").mkdir()
    for wheel in wheels:
        shutil.copyfile(wheel, out / "wheels" / wheel.name)  # each wheel holds its licence
    own_files(out / "lossutils.zip")
    shutil.copyfile(PACKAGES / "temml" / "dist" / "temml.min.js", out / "temml.min.js")
    shutil.copyfile(PACKAGES / "temml" / "LICENSE", out / "temml-LICENSE.txt")
    (out / "manifest.json").write_text(json.dumps({"wheels": [w.name for w in wheels]}), encoding="utf-8")
    version = hashlib.sha256((out / "lossutils.zip").read_bytes()).hexdigest()[:12]
    worker = (FILES / "worker.mjs").read_text(encoding="utf-8").replace("VERSION", version)
    (out / "worker.mjs").write_text(worker, encoding="utf-8")
    shutil.copyfile(FILES / "page.js", out / "page.js")
    kept = ("label", "latex", "given", "where", "conventions", "status")
    claims = [{k: v for k, v in e.data.items() if k in kept} | {"number": e.number} for e in entries(app.env)]
    script = "window.CLAIMS = " + json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    (out / "claims.js").write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("checker", CheckerDirective)
    app.add_js_file("checker/claims.js", loading_method="defer")
    app.add_js_file("checker/page.js", loading_method="defer")
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
