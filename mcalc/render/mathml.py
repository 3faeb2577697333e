"""MathML, as browsers show it, and the HTML around it: escaped by construction, with no script, link or style in it.

The stream of pieces is that of every face, with the marks of two dimensions where something is built of parts; what
follows its base, an exponent or a transpose, takes the element before it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from html import escape

from mcalc.calculus.stories.lines import Marks
from mcalc.expr import Expr
from mcalc.render.faces import OR, UNICODE, Emitter, Item, Piece
from mcalc.render.glyphs import PAPER, SUBSCRIPTS, digits
from mcalc.render.text import lay_out
from mcalc.render.two_dimensional import CLOSE, MAX_PIECES, NEXT, OPEN, GridFace, built

ELEMENTS = {"number": "mn", "operator": "mo", "bracket": "mo", "keyword": "mtext", "words": "mtext"}
"""The element of a piece by its role; all others are identifiers."""
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
SUPERSCRIPT = "superscript"


class MathFace(GridFace):
    """The face of MathML: fractions, exponents, roots and sums are built of their parts."""

    transpose = ("⊤", SUPERSCRIPT)
    inverse = ("-1", SUPERSCRIPT)
    inverse_transpose = ("-⊤", SUPERSCRIPT)
    pseudoinverse = ("+", SUPERSCRIPT)

    def symbol(self, emitter: Emitter, name: str, node: Expr) -> str:
        """Return a variable's name, in bold where it is a vector, as in LaTeX."""
        found = super().symbol(emitter, name, node)
        return bold(found) if PAPER.is_bold(name, node.order) else found

    def quotient(self, mark: str, of: Item, by: Item) -> list[Item]:
        """Return the derivative of one variable by another."""
        return built("fraction", [(mark, "name"), of], [(mark, "name"), by])

    def differential(self, emitter: Emitter, variables: Sequence[Expr], mark: str) -> list[Item]:
        """Return the sign of a derivative by some variables."""
        return [*built("fraction", [(mark, "name")], [(mark, "name"), *self.all_of(variables)]), self.space]

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

    def bar(self, value: Fraction, inline: bool) -> list[Item]:
        """Return a fraction with its bar."""
        if inline:
            return super().bar(value, inline)
        return built("fraction", [(digits(value.numerator), "number")], [(digits(value.denominator), "number")])


FACE = MathFace()
BOLD = {
    **{chr(ord("A") + k): chr(0x1D400 + k) for k in range(26)},
    **{chr(ord("a") + k): chr(0x1D41A + k) for k in range(26)},
    **{chr(0x391 + k): chr(0x1D6A8 + k) for k in range(25)},
    **{chr(0x3B1 + k): chr(0x1D6C2 + k) for k in range(25)},
    "ϵ": "𝛜", "ϕ": "𝛟",
}  # fmt: skip
"""The letters that MathML has for bold ones, which browsers set in no other way."""
ACCENTS = {"\u20d7": "→", "\u0302": "^", "\u0304": "¯", "\u0303": "~", "\u0307": "˙", "\u0308": "¨"}
"""What stands over a letter, by the character that puts it there."""
CLOSING = {"(": ")", "[": "]", "‖": "‖"}
TALL = ("<mfrac", "<mtable", "<munderover", "<msqrt")
"""Elements that brackets around them are as high as."""
THIN = '<mspace width="0.17em"></mspace>'
"""Between the factors of a product."""


def bold(name: str) -> str:
    """Return a name with its letters in bold; digits and accents are as they were.

    >>> bold("w₁") == "𝐰₁"
    True
    """
    return "".join([BOLD.get(c, c) for c in name])


def leaf(text: str, role: str) -> str:
    r"""Return a piece as an element; the subscript of a name goes below it, an accent over it.

    >>> leaf("<x>", "name"), leaf("x₁", "name"), leaf(" - ", "operator")
    ('<mi>&lt;x&gt;</mi>', '<msub><mi>x</mi><mn>1</mn></msub>', '<mo>−</mo>')
    >>> leaf("x̂", "name"), leaf(" where ", "keyword") == "<mtext>\xa0where\xa0</mtext>"
    ('<mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover>', True)
    """
    if role == "space" or not text.strip():
        return THIN if role == "space" else ""
    if role == "keyword" and text.strip() in _SIGNS:
        role = "operator"
    if role in ("keyword", "words"):
        return f"<mtext>{escape(text, quote=False).replace(' ', NBSP)}</mtext>"
    text = text.strip().replace("-", "−") if role in ("operator", "number", SUPERSCRIPT) else text.strip()
    if not text.isascii():
        text = _decomposed(text)
    tag = ELEMENTS.get(role, "mi")
    if len(text) > LONGEST:
        return f"<{tag}>{escape(text, quote=False)}</{tag}>"
    if text[-1] in ACCENTS and len(text) > 1:
        return f'<mover accent="true">{leaf(text[:-1], role)}<mo stretchy="false">{ACCENTS[text[-1]]}</mo></mover>'
    base = text.rstrip(_SUBS)
    if base and base != text:
        below = text[len(base) :].translate(_PLAIN)
        return f"<msub>{leaf(base, role)}{leaf(below, 'number' if below.isdecimal() else 'name')}</msub>"
    base, sign, below = text.partition("_")
    if sign and base and below and role == "name":
        return f"<msub>{leaf(base, role)}{leaf(below.strip('{}'), 'number' if below.isdecimal() else role)}</msub>"
    return f"<{tag}>{escape(text, quote=False)}</{tag}>"


def _decomposed(text: str) -> str:
    """Return a name whose last letter has its accent apart, where it is one that is drawn over it."""
    parts = unicodedata.normalize("NFD", text[-1])
    return text[:-1] + parts if len(parts) == 2 and parts[1] in ACCENTS else text


NBSP = "\u00a0"
LONGEST = 200
"""Characters of a name or number whose subscripts and accents are set as such."""
_SIGNS = ("=", ";", ",")
_SUBS = "".join(SUBSCRIPTS.values())
_PLAIN = {ord(glyph): plain for plain, glyph in SUBSCRIPTS.items()}


def row(parts: Sequence[str]) -> str:
    """Return elements side by side as one."""
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _braces(parts: list[str], columns: int) -> str:
    rows = [f"<mtr><mtd>{parts[k]}</mtd><mtd>{parts[k + 1]}</mtd></mtr>" for k in range(0, len(parts), 2)]
    return f'<mrow><mo>{{</mo><mtable class="cases">{"".join(rows)}</mtable></mrow>'


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
            into.append(f"<msup>{_base(into)}{_raised(text)}</msup>")
        elif role == "index" and (text.startswith("_") or not text.strip(_SUBS)):
            below = text.strip("_{}").translate(_PLAIN)
            into.append(f"<msub>{_base(into)}{leaf(below, 'name')}</msub>")
        elif text in ("(", "[") or (text == "‖" and frames[-1][0] != "‖"):
            frames.append((text, [[]]))
        elif text[:1] == CLOSING.get(frames[-1][0]):
            opening, [inside] = frames.pop()
            frames[-1][1][-1].append(_enclosed(opening, inside, text))
        elif element := leaf(text, role):
            is_sign = element == "<mo>−</mo>" and not into
            into.append('<mo form="prefix">−</mo>' if is_sign else element)
    while len(frames) > 1:
        opening, made = frames.pop()
        frames[-1][1][-1] += [leaf(opening, "bracket"), *[one for part in made for one in part]]
    return row(frames[0][1][0])


def _enclosed(opening: str, inside: list[str], closing: str) -> str:
    """Return what stands between brackets or bars, which are as high as it is only where it is high."""
    inner = "".join(inside)
    flat = "" if any([tag in inner for tag in TALL]) else ' stretchy="false"'
    ends = [f"<mo{flat}>{escape(text)}</mo>" for text in (opening, closing[:1])]
    ends[1] = ends[1] if len(closing) == 1 else f"<msub>{ends[1]}<mn>1</mn></msub>"
    return f"<mrow>{ends[0]}{inner}{ends[1]}</mrow>"


def _base(into: list[str]) -> str:
    """Take the element that something is put on."""
    return into.pop() if into else "<mrow></mrow>"


def _raised(text: str) -> str:
    """Return an exponent or a mark after its base: ``-1``, ``⊤``, ``-⊤``."""
    plain = text.lstrip("-")
    element = leaf(plain, "number" if plain.isdecimal() else "name")
    return element if plain == text else f'<mrow><mo form="prefix">−</mo>{element}</mrow>'


def mathml(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as one line of MathML; one too long to be looked at is the text of a pipe.

    >>> from mcalc.operators.arithmetic import power
    >>> from mcalc.operators.leaves import number, symbol
    >>> mathml(power(symbol("x"), number(2))).partition(">")[2]
    '<msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    return f'<math xmlns="{NAMESPACE}" display="block">{element(expr, taken, brief=brief)}</math>'


def formula(expr: Expr, taken: Collection[str] = (), *, brief: bool = False, marks: Marks | None = None) -> str:
    """Return an expression as a formula in a line of text, its fractions and sums as large as in one of their own."""
    inner = element(expr, taken, brief=brief, marks=marks)
    return f'<math xmlns="{NAMESPACE}" displaystyle="true">{inner}</math>'


def element(expr: Expr, taken: Collection[str] = (), *, brief: bool = False, marks: Marks | None = None) -> str:
    """Return an expression as the inside of a formula; `marks` say which derivatives in it have a straight d."""
    pieces = lay_out(expr, FACE, taken, brief=brief, marks=marks).pieces(FACE)
    if len(pieces) > MAX_PIECES:
        said = lay_out(expr, UNICODE, taken, brief=brief, marks=marks).pieces(UNICODE)
        return leaf("".join([text for text, _ in said]), "words")
    return assemble(pieces)


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
