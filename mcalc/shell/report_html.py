"""A report as one page of HTML: no script, nothing fetched, light and dark, and A4 when it is printed."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from mcalc import __version__
from mcalc.calculus.stories.lines import COMBINE, PARTS, PUT_BACK
from mcalc.calculus.stories.rewriting import in_full
from mcalc.errors import Mistake
from mcalc.expr import make
from mcalc.operators.derivative import DERIVATIVE
from mcalc.render.glyphs import unicode_name
from mcalc.render.marks import Marks
from mcalc.render.mathml import NAMESPACE, POLICY, element
from mcalc.render.safe import safe
from mcalc.render.steps import all_taken, chief_rule, remark
from mcalc.shell.report_parts import code, names, proof, row, title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mcalc.calculus.stories.lines import Derivation, Line
    from mcalc.expr import Expr
    from mcalc.results import Derivative
    from mcalc.shell.report_parts import Part

LANGUAGES = {"numpy": "NumPy", "jax": "JAX", "torch": "PyTorch", "array-api": "Array API", "julia": "Julia", "c": "C"}
TAG = re.compile("<[^>]+>")
WIDE = 46
"""Characters of a side of an equation beside which there is room for its reason."""
MATH_FONTS = "'STIX Two Math','Cambria Math','Latin Modern Math','Libertinus Math','Noto Sans Math',math"
STYLE = f"""
:root{{color-scheme:light dark;--ink:#17202c;--soft:#5a6777;--line:#dde3ea;--back:#fff;--card:#f6f8fb;--blue:#2459b0}}
@media(prefers-color-scheme:dark){{:root{{--ink:#e4e9f0;--soft:#9aa8b9;--line:#2c3642;--back:#12161c;--card:#1a2029;
--blue:#8db4f5}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:52rem;background:var(--back);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}}
h1{{font-size:1.5rem;font-weight:600;line-height:1.3;margin:0 0 1.5rem}}
h2{{font-size:1.05rem;font-weight:600;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}}
section.part+section.part{{margin-top:4rem;border-top:3px solid var(--line);padding-top:2rem}}
math{{font-family:{MATH_FONTS};font-size:1.12em}}
math[display=block]{{margin:.7rem 0}}
mtable.cases mtd{{text-align:left}}
.result{{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.6rem 1rem;overflow-x:auto;
text-align:center}}
.result p{{margin:.2rem 0 .4rem;color:var(--soft);font-size:.88rem}}
.names{{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.35rem .5rem}}
.names li{{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.1rem .6rem}}
.names small,.note{{color:var(--soft)}}
.note{{margin:.3rem 0;font-size:.92rem}}
.eq{{display:grid;grid-template-columns:minmax(3.5rem,max-content) 1fr fit-content(46%);gap:.1rem .6rem;
align-items:baseline;padding:.3rem 0;overflow-x:auto}}
.eq>.left{{grid-column:1;text-align:right}}
.eq>.right{{grid-column:2}}
details{{margin:.1rem 0}}
summary{{cursor:pointer;color:var(--soft);font-size:.88rem}}
summary:focus-visible,label:focus-within{{outline:2px solid var(--blue);outline-offset:2px;border-radius:4px}}
details.step>summary{{color:var(--ink);font-size:1rem;font-weight:600;padding:.3rem 0}}
.eq>span:not(.why){{white-space:nowrap}}
.why{{grid-column:3;grid-row:1/span 2}}
.eq.wide{{grid-template-columns:minmax(3.5rem,max-content) 1fr}}.eq.wide .why{{grid-column:2;grid-row:auto}}
@media(max-width:40rem){{.eq{{grid-template-columns:minmax(3rem,max-content) 1fr}}.why{{grid-column:2;grid-row:auto}}}}
.why ol{{margin:.3rem 0 .5rem;padding-left:1.2rem;color:var(--soft);font-size:.9rem}}
.graph{{overflow-x:auto;text-align:center}}
.graph svg{{max-width:100%;height:auto}}
.tabs{{display:flex;flex-wrap:wrap;gap:.3rem}}
.tabs label{{order:1;padding:.2rem .75rem;border:1px solid var(--line);border-radius:6px;cursor:pointer;
font-size:.9rem}}
.tabs input{{position:absolute;opacity:0}}
.tabs pre{{order:2;display:none;width:100%;margin:.3rem 0 0}}
.tabs input:checked+label{{background:var(--blue);border-color:var(--blue);color:var(--back)}}
.tabs input:checked+label+pre{{display:block}}
pre{{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;overflow-x:auto;
font:13px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}
table{{border-collapse:collapse;width:100%;font-size:.85rem;display:block;overflow-x:auto}}
th,td{{border-bottom:1px solid var(--line);padding:.3rem .8rem .3rem 0;text-align:left;white-space:nowrap}}
td{{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}
footer{{margin-top:3rem;color:var(--soft);font-size:.82rem}}
@page{{size:A4;margin:18mm}}
@media print{{:root{{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--back:#fff;--card:#fff;--blue:#000}}
body{{padding:0;max-width:none;font-size:10.5pt}}.eq,.result,table,.graph{{break-inside:avoid}}h2{{break-after:avoid}}
.tabs label,.tabs input{{display:none}}
.tabs input:checked+label{{display:block;order:2;border:0;padding:0;background:none;color:var(--ink)}}
.eq,.result,pre,table,.graph{{overflow:visible}}pre{{white-space:pre-wrap}}}}
"""


def page(parts: Sequence[Part]) -> str:
    """Return a page of derivations."""
    head = title(parts[0].value) if len(parts) == 1 else f"{len(parts)} derivatives"
    body = "\n".join([section(part, place) for place, part in enumerate(parts)])
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_plain(head)}</title>\n<style>{STYLE}</style></head>\n<body>\n<main>\n{body}\n</main>\n"
        f"<footer>Derived and checked by mcalc {__version__}.</footer>\n</body></html>\n"
    )


def _plain(text: str) -> str:
    return escape(safe(text))


def section(part: Part, place: int) -> str:
    """Return all that is said of one derivative."""
    value = part.value
    made = [
        f'<section class="part">\n<h1>{_math(_asked(value), value)}</h1>',
        f"<h2>Names</h2>\n{_names(value)}",
        *([f"<pre>{_plain(chr(10).join(part.before))}</pre>"] if part.before else []),
        f'<h2>Function</h2>\n<div class="result">{_math(value.function, value, block=True)}</div>',
        f"<h2>Derivative</h2>\n{result_part(value)}",
        f"<h2>Derivation</h2>\n{derivation(value)}",
        *graph_part(value),
        *code_part(value, place),
        f"<h2>Checked by numbers</h2>\n{proof_part(value)}",
        "</section>",
    ]
    return "\n".join(made)


def _asked(value: Derivative) -> Expr:
    found = value.body
    for _ in range(value.order):
        found = make(DERIVATIVE, (found, *value.variables))
    return found


def _math(expr: Expr, value: Derivative, *, block: bool = False, marks: Marks | None = None) -> str:
    inner = element(expr, set(value.taken), brief=block, marks=marks)
    display = ' display="block"' if block else ""
    return f'<math xmlns="{NAMESPACE}"{display}>{inner}</math>'


def _names(value: Derivative) -> str:
    items = [
        f"<li>{_space(_plain(line))}{' <small>assumed</small>' if assumed else ''}</li>"
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
    said = "".join([f'<p class="note">{_plain(note)}</p>' for note in [*others, *value.warnings, *value.notes]])
    words = f"<p>{_plain(value.shape_words)}</p>"
    return f'<div class="result">{_math(value.expr, value, block=True)}{words}</div>\n{said}'


def derivation(value: Derivative) -> str:
    """Return the derivation: each step of the process can be folded, and each reason unfolded."""
    made: list[str] = []
    try:
        stories = value.steps.stories
    except Mistake as mistake:
        return f'<p class="note">{_plain(mistake.message)}</p>'
    for story in stories:
        if story.title:
            made.append(f"<h3>{_plain(story.title)}</h3>")
        made += _told(story.derivation, value)
    return "\n".join(made)


def _told(told: Derivation, value: Derivative) -> list[str]:
    marks = Marks(told)
    taken = all_taken(told, value.taken)
    parts: dict[int, list[Line]] = {}
    for line in told.lines:
        parts.setdefault(line.part, []).append(line)
    made: list[str] = []
    for number, lines in sorted(parts.items()):
        inner = "\n".join([_equation(line, marks, taken) for line in lines])
        if not number:
            made.append(inner)
            continue
        heading = PARTS[number]
        rule = chief_rule(lines) if number == COMBINE else None
        heading += f": {remark(*rule)}" if rule else ""
        made.append(f'<details class="step" open><summary>{number}. {_plain(heading)}</summary>\n{inner}\n</details>')
    return made


def _equation(line: Line, marks: Marks, taken: Collection[str]) -> str:
    """Return an equation, its members one below the other, and its reason, which unfolds to every simplification."""

    def math(expr: Expr) -> str:
        return f'<math xmlns="{NAMESPACE}" displaystyle="true">{element(expr, taken, marks=marks)}</math>'

    lefts = [math(line.lhs), *[""] * (len(line.rhs) - 1)]
    rows = [
        f'<span class="left">{left}</span><span class="right">= {math(member)}</span>'
        for left, member in zip(lefts, line.rhs, strict=True)
    ]
    wide = max([len(TAG.sub("", math(member))) for member in line.rhs]) > WIDE
    return f'<div class="eq{" wide" * wide}">{"".join(rows)}{_why(line, math)}</div>'


def _why(line: Line, math: object) -> str:
    put_back = f"{line.rule} {unicode_name(line.name)} back" if line.rule == PUT_BACK and line.name else line.rule
    reason = remark(put_back, line.section)
    if not reason:
        return ""
    told = in_full(line)
    written = math if callable(math) else str
    steps = [f"<li>{_plain(why)}: = {written(member)}</li>" for member, why in told if why]
    if not steps:
        return f'<span class="why note">{_plain(reason)}</span>'
    return f'<details class="why"><summary>{_plain(reason)}</summary><ol>{"".join(steps)}</ol></details>'


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
    return "\n".join([_plain(line) for line in text.split("\n")])


def proof_part(value: Derivative) -> str:
    """Return what the check found, and the points of it in a table."""
    said, found = proof(value)
    rows = "".join([f"<tr>{''.join([f'<td>{_plain(cell)}</td>' for cell in row(one)])}</tr>" for one in found])
    heads = "".join([f"<th>{head}</th>" for head in ("sizes", "by the formula", "without any rule", "apart by")])
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    return f'<p class="note">{_plain(said)}</p>\n{table}'
