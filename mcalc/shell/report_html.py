"""A report as one page of HTML: names, function, derivative, derivation, graph, code, and the points of the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.render.html_page import STYLE, document, plain, result_box
from mcalc.render.mathml import formula, mathml
from mcalc.shell.report_parts import code, names, proof, row, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.results import Derivative
    from mcalc.shell.report_parts import Part

LANGUAGES = {"numpy": "NumPy", "jax": "JAX", "torch": "PyTorch", "array-api": "Array API", "julia": "Julia", "c": "C"}
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


def page(parts: Sequence[Part]) -> str:
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
        f"<h2>Derivation</h2>\n{derivation(value)}",
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


def derivation(value: Derivative) -> str:
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
            f'<label for="{name}">{LANGUAGES[target]}</label><pre>{_plain_lines(source)}</pre>'
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
