"""The notebook of the paper: `python -m docs.notebook` runs it and writes examples/paper.ipynb.

It needs the extra `notebook`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcalc.shell.paper import examples

FILE = Path(__file__).resolve().parent.parent / "examples" / "paper.ipynb"
BEGIN = """# The matrix calculus you need for deep learning

The worked examples of the paper by Parr and Howard ([arXiv:1802.01528](https://arxiv.org/abs/1802.01528)), derived by
mcalc as this notebook runs. `%mcalc` runs a statement and `%%mcalc` a cell of them; names hold from cell to cell."""
END = """## From here

The same in Python: what is read, derived, evaluated and checked are objects."""
CODE = """import mcalc

d = mcalc.derive("max(0, w·x + b)", wrt="w", where="w, x: R^n; b: R")
d"""


def cells() -> list[tuple[str, str]]:
    """Return the kind and the source of each cell."""
    found = [("markdown", BEGIN), ("code", "%load_ext mcalc")]
    section = ""
    for one in examples():
        if one.section != section:
            found.append(("markdown", f"## §{one.section} {one.title}"))
            section = one.section
        names = one.wrt.split(",")
        by = names[0] if len(names) == 1 else f"({', '.join(names)})"
        mark = "d" if one.where == f"{by}: R" else "∂"
        body = one.expr if one.expr.replace("_", "").isalnum() else f"({one.expr})"
        found.append(("markdown", one.note))
        found.append(("code", f"%%mcalc --steps\n{one.where}\n{mark}/{mark}{by} {body}"))
    claim = "%%mcalc\nw, x: R^n\n∂/∂w (w·x) = x"
    found += [("markdown", END), ("code", CODE), ("code", "d.steps"), ("code", "d.check()"), ("code", claim)]
    found += [
        ("markdown", "A mistake is told with its place, and without a traceback."),
        ("code", "%mcalc A: R^{m x n}; x: R^m; A x"),
    ]
    return found


def notebook() -> Any:
    """Return the notebook, not run."""
    import nbformat

    made = nbformat.v4.new_notebook()
    for place, (kind, source) in enumerate(cells()):
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = make(source)
        cell["id"] = f"cell-{place}"
        if "x: R^m; A x" in source:
            cell["metadata"]["tags"] = ["raises-exception"]
        made.cells.append(cell)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def executed(made: Any) -> Any:
    """Return a notebook that was run."""
    from nbclient import NotebookClient

    NotebookClient(made, timeout=300, kernel_name="python3", record_timing=False).execute()
    made.metadata.pop("language_info", None)
    return made


if __name__ == "__main__":
    import nbformat

    nbformat.write(executed(notebook()), FILE)
