"""Execute the chapters afresh and store what they print: python -m tools.outputs [NOTEBOOK ...]"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .run_tests import all_notebooks, environment

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> str:
    """Run one notebook from top to bottom and write it back without times or machine's names."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        timeout=600,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no word about TCP
    )
    try:
        client.execute(cwd=str(path.parent), env=environment())
    finally:
        notebook.metadata = nbformat.from_dict(METADATA)
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(notebook, path)
    return f"{path.name}: {sum(c.cell_type == 'code' for c in notebook.cells)} cells"


def main(names: list[str]) -> None:
    paths = [Path(n).resolve() for n in names] or all_notebooks()
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(execute, paths):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
