"""A report: the result of a statement with its derivation, graph, code and check, in a file to be read or set."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.export.exported import OTHERS
from mcalc.notation import assumed_text
from mcalc.numeric.judging import Sample, samples
from mcalc.render.glyphs import spell_ascii
from mcalc.render.html_page import STYLE, document, plain, result_box
from mcalc.render.latex_text import derivation, escaped, words
from mcalc.render.mathml import formula, mathml
from mcalc.render.number_arrays import one_line
from mcalc.shell.arguments import is_file
from mcalc.shell.output import CODE, Output
from mcalc.shell.reference import COMMANDS
from mcalc.shell.settings import Settings
from mcalc.shell.streams import Target, asked_for, asked_in_file, format_of


def report(text: str | None, to: str | None, settings: Settings) -> Callable[[], int]:
    """Return what writes a report; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "a report of what?", hint='mcalc report "½ ‖X w - y‖²" --wrt w -o ridge.html')
    chosen = format_of(to, settings.into, COMMANDS["report"].formats, "html")
    if settings.opened and (chosen != "html" or settings.into in (None, "-")):
        raise Mistake("E-USAGE", "--open shows a page that is written into a file", hint="-o report.html --open")
    settings.to = "text"
    return partial(_written, text, chosen, settings)


def _written(text: str, to: str, settings: Settings) -> int:
    try:
        asked = asked_in_file(text, settings) if is_file(text) else [(text, asked_for(text, settings), ())]
        parts = [Part(*one) for one in asked]
        made = {"html": html, "latex": latex, "markdown": markdown, "notebook": notebook}[to](parts)
        with Target(settings) as output:
            output.result(made.rstrip("\n"))
    except Mistake as mistake:
        settings.output().mistake(mistake, text=text)
        return mistake.exit_code
    if settings.opened and settings.into is not None:
        show_page(settings.into, settings.output())
    return 0


LONGEST = 44
"""Characters of an array that is written out in a table."""


class Part(NamedTuple):
    """A derivative that is reported, with the statement that asks for it and what was said before."""

    text: str
    value: Derivative
    before: Sequence[str]


def title(value: Derivative) -> str:
    """Return what a report is about."""
    by = value.wrt[0] if len(value.wrt) == 1 else f"({', '.join(value.wrt)})"
    straight = len(value.symbols) == 1 and not value.symbols[0].shape
    mark = "d" if straight else "∂"
    power = "" if value.order == 1 else "²" if value.order == 2 else f"^{value.order}"
    return f"{mark}{power}/{mark}{by}{power} {value.written(value.body)}"


def names(value: Derivative) -> list[tuple[str, bool]]:
    """Return what each name stands for, those of one shape together, and whether that was assumed."""
    symbols = [node for node in value.symbols if node.op.name == "symbol" and not node.args]
    return [(line, line in value.assumed) for line in assumed_text(symbols)]


def code(value: Derivative) -> list[tuple[str, str]]:
    """Return the source of the derivative in each language that has what it takes."""
    found: list[tuple[str, str]] = []
    for target in CODE:
        try:
            found.append((target, value.to(target).rstrip("\n")))
        except Mistake:
            continue
    return found


def proof(value: Derivative) -> tuple[str, list[Sample]]:
    """Return what the check found, in words, and some of the points it looks at."""
    return str(value.check()), samples(value.claims()[-1])


def row(sample: Sample, most: int = LONGEST) -> list[str]:
    """Return a point of a check as the cells of a table: sizes, by the formula, without any rule, apart by."""
    sizes = ", ".join([f"{name} = {size}" for name, size in sample.sizes.items()]) or "none"
    arrays = [shortened(one_line(array), most) for array in (sample.ours, sample.found)]
    return [sizes, *arrays, f"{sample.error:.0e}"]


def shortened(text: str, most: int = LONGEST) -> str:
    """Return an array as far as a table has room for it, with few digits."""
    said = re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda match: f"{float(match[0]):.5g}", text)
    return said if len(said) <= most else f"{said[: most - 1]}…"


def show_page(path: str, output: Output) -> None:
    """Open a page, a file or an address, in the browser that the system has."""
    import webbrowser

    if not webbrowser.open(path if path.startswith("http://") else "file://" + os.path.abspath(path)):
        output.message(f"no browser was found; the page is {path}")


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
        language = target if target in OTHERS else "python"
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


STYLE_OF_REPORTS = f"""{STYLE}
section.part+section.part{{margin-top:4rem;border-top:3px solid var(--line);padding-top:2rem}}
.names{{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.35rem .5rem}}
.names li{{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.1rem .6rem}}
.names small{{color:var(--soft)}}
.graph{{overflow-x:auto;text-align:center}}
.graph svg{{max-width:100%;height:auto}}
.tabs{{display:flex;flex-wrap:wrap;gap:.3rem}}
.tabs label{{order:1;padding:.2rem .75rem;border:1px solid var(--line);border-radius:6px;cursor:pointer;
font-size:.9rem}}
.tabs input{{position:absolute;opacity:0}}
.tabs pre{{order:2;display:none;width:100%;margin:.3rem 0 0}}
.tabs input:checked+label{{background:var(--blue);border-color:var(--blue);color:var(--back)}}
.tabs input:checked+label+pre{{display:block}}
.points{{font-size:.85rem;display:block;overflow-x:auto}}
.points th,.points td{{white-space:nowrap;width:auto}}
.points td{{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}
@media print{{.graph{{break-inside:avoid;overflow:visible}}.tabs label,.tabs input{{display:none}}
.tabs input:checked+label{{display:block;order:2;border:0;padding:0;background:none;color:var(--ink)}}}}
"""


def html(parts: Sequence[Part]) -> str:
    """Return a page of derivations."""
    head = title(parts[0].value) if len(parts) == 1 else f"{len(parts)} derivatives"
    body = "\n".join([section(part, place) for place, part in enumerate(parts)])
    return document(head, body, STYLE_OF_REPORTS, "Derived and checked")


def section(part: Part, place: int) -> str:
    """Return all that is said of one derivative."""
    value = part.value
    made = [
        f'<section class="part">\n<h1>{formula(value.asked, value.taken, marks=value.steps.marks)}</h1>',
        f"<h2>Names</h2>\n{_names(value)}",
        *([f"<pre>{plain(chr(10).join(part.before))}</pre>"] if part.before else []),
        f"<h2>Function</h2>\n{result_box(mathml(value.function, value.taken, brief=True))}",
        f"<h2>Derivative</h2>\n{result_part(value)}",
        f"<h2>Derivation</h2>\n{derivation_part(value)}",
        *graph_part(value),
        *code_part(value, place),
        f"<h2>Checked by numbers</h2>\n{proof_part(value)}",
        "</section>",
    ]
    return "\n".join(made)


def _names(value: Derivative) -> str:
    items = [
        f"<li>{_space(plain(line))}{' <small>assumed</small>' if assumed else ''}</li>"
        for line, assumed in names(value)
    ]
    return f'<ul class="names">{"".join(items)}</ul>' if items else '<p class="note">There are no variables.</p>'


def _space(line: str) -> str:
    """Return what a name stands for with the sizes above the line."""
    head, sign, sizes = line.partition("^{")
    return f"{head}<sup>{sizes.removesuffix('}')}</sup>" if sign else line


def result_part(value: Derivative) -> str:
    """Return the result with its shape and what is to be noted."""
    forms = (
        ("as a linear map", value.other_form("map")),
        ("between vecs, which stack columns", value.other_form("vec")),
    )
    others = [f"{words}: {form}" for words, form in forms if form is not None]
    said = "".join([f'<p class="note">{plain(note)}</p>' for note in [*others, *value.warnings, *value.notes]])
    words = f"<p>{plain(value.shape_words)}</p>"
    return f"{result_box(mathml(value.expr, value.taken, brief=True), words)}\n{said}"


def derivation_part(value: Derivative) -> str:
    """Return the derivation, or why there is none."""
    try:
        return value.steps.html
    except Mistake as mistake:
        return f'<p class="note">{plain(mistake.message)}</p>'


def graph_part(value: Derivative) -> list[str]:
    """Return the computation graph; nothing where there is none to draw."""
    try:
        picture = value.graph()
    except Mistake:
        return []
    if not picture.labels.graph.steps:
        return []
    return [f'<h2>Computation graph</h2>\n<div class="graph">{picture._repr_svg_()}</div>']


def code_part(value: Derivative, place: int) -> list[str]:
    """Return the code in tabs of a derivation in its place on the page."""
    tabs = []
    for number, (target, source) in enumerate(code(value)):
        name = f"code-{place}-{number}"
        tabs.append(
            f'<input type="radio" name="code-{place}" id="{name}"{" checked" if not number else ""}>'
            f'<label for="{name}">{CODE[target]}</label><pre>{_plain_lines(source)}</pre>'
        )
    return [f'<h2>Code</h2>\n<div class="tabs">{"".join(tabs)}</div>'] if tabs else []


def _plain_lines(text: str) -> str:
    return "\n".join([plain(line) for line in text.split("\n")])


def proof_part(value: Derivative) -> str:
    """Return what the check found, and the points of it in a table."""
    said, found = proof(value)
    rows = "".join([f"<tr>{''.join([f'<td>{plain(cell)}</td>' for cell in row(one)])}</tr>" for one in found])
    heads = "".join([f"<th>{head}</th>" for head in ("sizes", "by the formula", "without any rule", "apart by")])
    table = f'<table class="points"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""
    return f'<p class="note">{plain(said)}</p>\n{table}'
