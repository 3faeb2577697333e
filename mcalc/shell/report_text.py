"""A report as LaTeX, as Markdown, and as a notebook that derives it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.render.glyphs import spell_ascii
from mcalc.render.latex_words import escaped
from mcalc.render.notebook_cells import derivation, words
from mcalc.shell.report_parts import code, names, proof, row, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.results import Derivative
    from mcalc.shell.report_parts import Part

BEGIN = r"""\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath, amssymb}
\usepackage[margin=20mm]{geometry}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\begin{document}"""


NARROW = 34
"""Characters of an array in a table on paper."""
SOURCE = r"\subsection*{Code}\begingroup\scriptsize\begin{verbatim}"
TABLE = (
    r"\par\medskip\begingroup\scriptsize\begin{tabular}{llll}"
    r" sizes & by the formula & without any rule & apart by \\ \hline"
)


def latex(parts: Sequence[Part]) -> str:
    """Return a document for pdflatex."""
    return "\n".join([BEGIN, *[_latex(part.value) for part in parts], r"\end{document}", ""])


def _latex(value: Derivative) -> str:
    said, found = proof(value)
    rows = [" & ".join([escaped(spell_ascii(cell)) for cell in row(one, NARROW)]) + r" \\" for one in found]
    sources = [source for target, source in code(value) if target == "numpy"]
    lines = [
        rf"\section*{{{escaped(title(value))}}}",
        r"\subsection*{Names}",
        *[f"{words(line)}{' (assumed)' if assumed else ''}. " for line, assumed in names(value)],
        r"\subsection*{Derivation}",
        value.steps.latex,
        r"\subsection*{Result}",
        rf"\[ {value.latex} \]",
        f"{words(value.shape_words)}. ",
        *[f"{words(note)}. " for note in value.notes],
        *([SOURCE, _verbatim(sources[0]), r"\end{verbatim}\endgroup"] if sources else []),
        r"\subsection*{Checked by numbers}",
        f"{words(said)}. ",
        *([TABLE, *rows, r"\end{tabular}\endgroup"] if rows else []),
    ]
    return "\n".join(lines)


def _verbatim(source: str) -> str:
    return "".join([c if c.isascii() else "?" for c in spell_ascii(source)])


def markdown(parts: Sequence[Part]) -> str:
    """Return a page of Markdown with formulas between dollar signs, and the graph for Mermaid."""
    return "\n".join([_markdown(part) for part in parts])


def _markdown(part: Part) -> str:
    value = part.value
    said, found = proof(value)
    lines = [
        f"# {title(value)}",
        "",
        *[f"- {line}{' (assumed)' if assumed else ''}" for line, assumed in names(value)],
        "",
    ]
    lines += ["```", *part.before, "```", ""] if part.before else []
    lines += ["## Derivative", "", f"$$\n{value.latex}\n$$", "", f"{value.shape_words}.", ""]
    lines += [f"Note: {note}.\n" for note in value.notes]
    lines += ["## Derivation", "", derivation(value.steps.latex), ""]
    try:
        graph = value.graph()
    except Mistake:
        pass
    else:
        lines += ["## Computation graph", "", "```mermaid", graph.mermaid, "```", ""]
    lines += ["## Code", ""]
    for target, source in code(value):
        language = target if target in ("julia", "c") else "python"
        lines += [f"<details><summary>{target}</summary>", "", f"```{language}", source, "```", "", "</details>", ""]
    lines += ["## Checked by numbers", "", f"{said}.", ""]
    if found:
        lines += ["| sizes | by the formula | without any rule | apart by |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(row(one))} |" for one in found]
    return "\n".join([*lines, ""])


def notebook(parts: Sequence[Part]) -> str:
    """Return a notebook that derives the same again; it is not run."""
    cells = [_cell("code", "import mcalc")]
    for part in parts:
        value = part.value
        where = "; ".join([line for line, _ in names(value)])
        said = ", ".join([repr(one) for one in value.wrt])
        wrt = said if len(value.wrt) == 1 else f"[{said}]"
        more = f", order={value.order}" if value.order > 1 else ""
        more += f", layout={value.layout!r}" if value.layout != "numerator" else ""
        cells += [
            _cell("markdown", f"## {title(value)}"),
            _cell("code", f"d = mcalc.derive({value.written(value.body)!r}, wrt={wrt}, where={where!r}{more})\nd"),
            _cell("code", "d.steps"),
            *([_cell("code", "d.graph()")] if len(value.variables) == 1 else []),
            _cell("code", 'print(d.to("numpy"))'),
            _cell("code", "d.check()"),
        ]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1)


def _cell(kind: str, source: str) -> dict[str, Any]:
    run: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **run}
