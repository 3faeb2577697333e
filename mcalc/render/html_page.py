"""A page of HTML: no script, nothing fetched, light and dark, A4 when it is printed; and derivations in it as MathML.

A derivation is aligned, its steps foldable, its reasons dim beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from mcalc import __version__
from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.stories.lines import ByDifferentials, Derivation, Line, Marks, Section
from mcalc.calculus.stories.reasons import PUT_BACK
from mcalc.calculus.stories.rewriting import in_full
from mcalc.expr import Expr
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.glyphs import unicode_name
from mcalc.render.mathml import formula
from mcalc.render.steps_text import all_taken, heading, remark
from mcalc.render.terminal import safe

TAG = re.compile("<[^>]+>")
LINE = 95
"""Characters of a formula that A4 has room for; a wider one is printed smaller, down to two fifths."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MATH_FONTS = "'STIX Two Math','Cambria Math','Latin Modern Math','Libertinus Math','Noto Sans Math',math"
DERIVATION = f"""
math{{font-family:{MATH_FONTS};font-size:1.12em}}
math[display=block]{{margin:.7rem 0}}
mtable.cases mtd{{text-align:left}}
.note{{margin:.3rem 0;font-size:.92rem}}
.note,.why,summary{{color:var(--soft)}}
.eqs{{display:grid;grid-template-columns:minmax(3.5rem,max-content) 1fr fit-content(46%);gap:.55rem .6rem;
align-items:baseline;padding:.6rem 0;overflow:auto hidden}}
.left{{grid-column:1;text-align:right;white-space:nowrap}}
.right{{grid-column:2;white-space:nowrap}}
.why{{grid-column:3;font-size:.92rem}}
.why.below{{grid-column:2/4;margin:0}}
.why ol{{margin:.3rem 0 .5rem;padding-left:1.2rem;font-size:.98em}}
details{{margin:.1rem 0}}
summary{{cursor:pointer;font-size:.92rem}}
.step>summary,.whole>summary{{color:var(--ink);font-size:1rem;font-weight:600;padding:.3rem 0;overflow:auto hidden}}
summary:focus-visible,label:focus-within{{outline:2px solid var(--blue);outline-offset:2px;border-radius:4px}}
.result{{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.6rem 1rem;overflow-x:auto;
text-align:center}}
.result p{{margin:.2rem 0 .4rem;color:var(--soft);font-size:.88rem}}
@media(max-width:40rem){{.eqs{{grid-template-columns:minmax(3rem,max-content) 1fr}}.why{{grid-column:2}}
.why.below{{grid-column:2}}}}
"""
"""How results and derivations look."""
STYLE = f"""
:root{{color-scheme:light dark;--ink:#17202c;--soft:#5a6777;--line:#dde3ea;--back:#fff;--card:#f6f8fb;--blue:#2459b0}}
@media(prefers-color-scheme:dark){{:root{{--ink:#e4e9f0;--soft:#9aa8b9;--line:#2c3642;--back:#12161c;--card:#1a2029;
--blue:#8db4f5}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:52rem;background:var(--back);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}}
h1{{font-size:1.5rem;font-weight:600;line-height:1.3;margin:0 0 1.5rem}}
h2{{font-size:1.05rem;font-weight:600;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}}
h3{{font-size:1rem;font-weight:600;margin:1rem 0 .3rem}}
{DERIVATION}
pre{{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;overflow-x:auto;
font:13px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}
table{{border-collapse:collapse;width:100%;font-size:.92rem}}
th,td{{border-bottom:1px solid var(--line);padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:baseline}}
th{{width:9rem}}
footer{{margin-top:3rem;color:var(--soft);font-size:.82rem}}
@page{{size:A4;margin:18mm}}
@media print{{:root{{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--back:#fff;--card:#fff;--blue:#000}}
body{{padding:0;max-width:none;font-size:10.5pt}}.eqs,.result,table{{break-inside:avoid}}h2,summary{{break-after:avoid}}
.eqs,.result,pre,table{{overflow:visible}}pre{{white-space:pre-wrap}}
{"".join([f".tenths-{tenths}{{font-size:.{tenths}em}}" for tenths in range(4, 10)])}}}
"""
"""How a page looks."""


def head(title: str, style: str = STYLE) -> str:
    """Return how a page begins; nothing has to close it."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{plain(title)}</title>\n<style>{style}</style></head>"
    )


def document(title: str, body: str, style: str = STYLE, done: str = "Derived") -> str:
    """Return a whole page; at its end stands what mcalc has `done`."""
    said = f"{done} by mcalc {__version__}."
    return f"{head(title, style)}\n<body>\n<main>\n{body}\n</main>\n<footer>{said}</footer>\n</body></html>\n"


def shown_width(html: str) -> int:
    """Return about how many characters wide some HTML is.

    >>> shown_width("<math><mi>x</mi><mo>=</mo><mn>12</mn></math>")
    4
    """
    return len(TAG.sub("", html))


def fitted(kind: str, wide: int) -> str:
    """Return the class of a box of formulas of a width, by which it is printed as small as A4 needs.

    >>> fitted("eqs", 40), fitted("eqs", 120), fitted("eqs", 1000)
    ('eqs', 'eqs tenths-7', 'eqs tenths-4')
    """
    tenths = max(10 * LINE // max(wide, 1), 4)
    return kind if tenths > 9 else f"{kind} tenths-{tenths}"


def result_box(formula: str, words: str = "") -> str:
    """Return a formula in a box, with what is said of it."""
    return f'<div class="{fitted("result", shown_width(formula))}">{formula}{words}</div>'


def plain(text: str) -> str:
    """Return a text as it stands on a page, with nothing in it that acts.

    >>> plain("a < b")
    'a &lt; b'
    """
    return escape(safe(text))


WIDE = 46
"""Characters of a side of an equation beside which there is room for its reason."""


def derivation_html(derivation: Derivation, taken: Collection[str] = ()) -> str:
    """Return a derivation: a part with a heading can be folded, and each reason unfolds to every simplification."""
    return "\n".join(_Told(derivation, taken).parts())


class _Told:
    """One derivation and how its sides are written."""

    def __init__(self, derivation: Derivation, taken: Collection[str]) -> None:
        self.derivation = derivation
        self.marks = Marks(derivation)
        self.taken = taken
        self.more_taken = all_taken(derivation, taken)

    def math(self, expr: Expr) -> str:
        """Return a side of an equation."""
        return formula(expr, self.more_taken, marks=self.marks)

    def parts(self) -> list[str]:
        """Return all parts."""
        derivation = self.derivation
        if isinstance(derivation, ByDifferentials):
            writer = DifferentialWriter(derivation, taken=self.taken)
            first, *more = [self.part(self.title(one, writer), one.lines) for one in derivation.sections]
            return [first, f'<p class="note">{plain(writer.moves())}</p>', *more]
        return [self.part(heading(number, lines), lines) for number, lines in sorted(derivation.parts.items())]

    def title(self, section: Section, writer: DifferentialWriter) -> str:
        """Return the heading of a section of a derivation by differentials; a function that is only named has none."""
        is_name = [line.rhs for line in section.lines] == [(self.derivation.body,)]
        return "" if is_name else writer.title(section)

    def part(self, heading: str, lines: Sequence[Line]) -> str:
        """Return the lines under a heading; without one they are not folded."""
        rows = [row for before, line in zip((None, *lines), lines, strict=False) for row in self.rows(line, before)]
        widest = max([shown_width(row) for row in rows], default=0)
        inner = f'<div class="{fitted("eqs", widest)}">{"".join(rows)}</div>'
        if not heading:
            return inner
        return f'<details class="step" open><summary>{plain(heading)}</summary>\n{inner}\n</details>'

    def rows(self, line: Line, before: Line | None) -> list[str]:
        """Return the members of a line one below the other, with its reason; a left side is not said twice."""
        members = [self.math(member) for member in line.rhs]
        goes_on = before is not None and before.lhs is line.lhs
        lefts = ["" if goes_on else self.math(line.lhs), *[""] * (len(members) - 1)]
        rows = [
            f'<span class="left">{left}</span><span class="right">= {member}</span>'
            for left, member in zip(lefts, members, strict=True)
        ]
        wide = max([shown_width(member) for member in members]) > WIDE
        why = self.why(line, " below" * wide)
        return [*rows, why] if wide else [rows[0], why, *rows[1:]]

    def why(self, line: Line, where: str) -> str:
        """Return the reason of a line; one behind which several simplifications stand unfolds to them."""
        put_back = (
            f"{line.rule} {unicode_name(line.name)} back" if PUT_BACK in line.reasons and line.name else line.rule
        )
        reason = remark(put_back, line.section)
        if not reason:
            return ""
        steps = [f"<li>{plain(names_of(why))}: = {self.math(member)}</li>" for member, why in in_full(line) if why]
        if not steps:
            return f'<span class="why{where}">{plain(reason)}</span>'
        return f'<details class="why{where}"><summary>{plain(reason)}</summary><ol>{"".join(steps)}</ol></details>'
