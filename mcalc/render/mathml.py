"""MathML, as browsers show it, and the HTML around it: escaped by construction, with no script, link or style in it.

The stream of pieces is that of every face, with the marks of two dimensions where something is built of parts; what
follows its base, an exponent or a transpose, takes the element before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from mcalc.render.faces import UNICODE
from mcalc.render.glyphs import SUBSCRIPTS, digits
from mcalc.render.layout import lay_out
from mcalc.render.levels import OR
from mcalc.render.two_dimensional import CLOSE, MAX_PIECES, NEXT, OPEN, GridFace, built

if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.expr import Expr
    from mcalc.render.faces import Emitter, Item, Piece

ELEMENTS = {"number": "mn", "operator": "mo", "bracket": "mo", "keyword": "mtext", "words": "mtext"}
"""The element of a piece by its role; all others are identifiers."""
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
SUPERSCRIPT = "superscript"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEAD = (
    '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}"><title>mcalc</title>'
)
"""How a page of results begins; nothing has to close it."""


class MathFace(GridFace):
    """The face of MathML: fractions, exponents, roots and sums are built of their parts."""

    def short_power(self, exponent: str) -> Piece:
        """Return an exponent of digits or letters after its base."""
        return (exponent, SUPERSCRIPT)

    def power(self, exponent: Sequence[Item]) -> list[Item]:
        """Return any other exponent after its base."""
        return built("power", exponent)

    def entry_power(self, exponent: Item) -> list[Item]:
        """Return the exponent of a power of a matrix entry by entry."""
        return built("power", [("∘", "operator"), exponent])

    def root(self, of: Expr) -> list[Item]:
        """Return a square root."""
        return built("root", [(of, OR)])

    def transposed(self, emitter: Emitter, inverse: bool) -> Piece:
        """Return the mark of a transpose, or of the transpose of an inverse."""
        return ("-⊤" if inverse else "⊤", SUPERSCRIPT)

    def inverted(self, pseudo: bool = False) -> Piece:
        """Return the mark of an inverse, or of a pseudoinverse."""
        return ("+" if pseudo else "-1", SUPERSCRIPT)

    def bar(self, value: Fraction, inline: bool) -> list[Item]:
        """Return a fraction with its bar."""
        if inline:
            return super().bar(value, inline)
        return built("fraction", [(digits(value.numerator), "number")], [(digits(value.denominator), "number")])


FACE = MathFace()


def leaf(text: str, role: str) -> str:
    """Return a piece as an element; the subscript of a name goes below it.

    >>> leaf("<x>", "name"), leaf("x₁", "name")
    ('<mi>&lt;x&gt;</mi>', '<msub><mi>x</mi><mn>1</mn></msub>')
    """
    text = text.strip()
    if not text:
        return ""
    base = text.rstrip(_SUBS)
    if base and base != text:
        below = text[len(base) :].translate(_PLAIN)
        return f"<msub>{leaf(base, role)}{leaf(below, 'number' if below.isdecimal() else 'name')}</msub>"
    tag = ELEMENTS.get(role, "mi")
    return f"<{tag}>{escape(text, quote=False)}</{tag}>"


_SUBS = "".join(SUBSCRIPTS.values())
_PLAIN = {ord(glyph): plain for plain, glyph in SUBSCRIPTS.items()}


def row(parts: Sequence[str]) -> str:
    """Return elements side by side as one."""
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _braces(parts: list[str], columns: int) -> str:
    rows = [f"<mtr><mtd>{parts[k]}</mtd><mtd>{parts[k + 1]}</mtd></mtr>" for k in range(0, len(parts), 2)]
    return f"<mrow><mo>{{</mo><mtable>{''.join(rows)}</mtable></mrow>"


def _matrix(parts: list[str], columns: int) -> str:
    cells = [f"<mtd>{part}</mtd>" for part in parts]
    rows = [f"<mtr>{''.join(cells[k : k + columns])}</mtr>" for k in range(0, len(cells), columns)]
    return f"<mrow><mo>[</mo><mtable>{''.join(rows)}</mtable><mo>]</mo></mrow>"


BUILT: dict[str, Callable[[list[str], int], str]] = {
    "braces": _braces,
    "matrix": _matrix,
    "fraction": lambda parts, _: f"<mfrac>{parts[0]}{parts[1]}</mfrac>",
    "root": lambda parts, _: f"<msqrt>{parts[0]}</msqrt>",
}
"""What makes an element of its parts."""
AFTER: dict[str, Callable[[str, list[str]], str]] = {
    "power": lambda base, parts: f"<msup>{base}{parts[0]}</msup>",
    "limits": lambda base, parts: f"<munderover>{base}{parts[0]}{parts[1]}</munderover>",
}
"""What makes an element of the one before it and its own parts."""


def assemble(pieces: Sequence[Piece]) -> str:
    """Return the element of a stream of pieces with marks."""
    frames: list[tuple[str, list[list[str]]]] = [("", [[]])]
    for text, role in pieces:
        into = frames[-1][1][-1]
        if role == OPEN:
            frames.append((text, [[]]))
        elif role == NEXT:
            frames[-1][1].append([])
        elif role == CLOSE:
            kind, made = frames.pop()
            into = frames[-1][1][-1]
            name, _, rest = kind.partition(" ")
            parts = [row(part) for part in made]
            if name in AFTER:
                into.append(AFTER[name](into.pop() if into else "<mrow></mrow>", parts))
            else:
                into.append(BUILT[name](parts, int(rest or 0)))
        elif role == SUPERSCRIPT:
            plain = leaf(text, "number" if text.lstrip("-").isdecimal() else "name")
            into.append(f"<msup>{into.pop() if into else '<mrow></mrow>'}{plain}</msup>")
        elif text == "(":
            frames.append(("(", [[]]))
        elif text == ")" and frames[-1][0] == "(":
            inside = frames.pop()[1][0]
            frames[-1][1][-1].append(f"<mrow><mo>(</mo>{''.join(inside)}<mo>)</mo></mrow>")
        elif element := leaf(text, role):
            into.append(element)
    return row(frames[0][1][0])


def mathml(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as one line of MathML; one too long to be looked at is the text of a pipe.

    >>> from mcalc.operators.arithmetic import power
    >>> from mcalc.operators.leaves import number, symbol
    >>> mathml(power(symbol("x"), number(2))).partition(">")[2]
    '<msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    pieces = lay_out(expr, FACE, taken, brief=brief).pieces(FACE)
    if len(pieces) > MAX_PIECES:
        line = "".join([text for text, _ in lay_out(expr, UNICODE, taken, brief=brief).pieces(UNICODE)])
        inner = leaf(line, "words")
    else:
        inner = assemble(pieces)
    return f'<math xmlns="{NAMESPACE}" display="block">{inner}</math>'


def paragraph(element: str, words: Sequence[str] = ()) -> str:
    """Return a result on a page: its element, and sentences about it."""
    said = "".join([f"<br>{escape(text)}" for text in words])
    return f"<p>{element}{said}</p>"


def preformatted(text: str) -> str:
    """Return lines of text on a page as they stand.

    >>> preformatted("a < b")
    '<pre>a &lt; b</pre>'
    """
    return f"<pre>{escape(text, quote=False)}</pre>"
