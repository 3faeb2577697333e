"""LaTeX: the subset that mcalc reads, with fractions, cases and matrices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from mcalc.calculus.basics.length import length
from mcalc.calculus.basics.running_indices import told_apart
from mcalc.dims import Dim
from mcalc.expr import Expr, Operator, walk
from mcalc.operators.abstract import MARK
from mcalc.operators.arithmetic import CONDITIONS
from mcalc.operators.leaves import SYMBOL
from mcalc.render.faces import ADD, OR, Emitter, Face, Item, Piece, separated
from mcalc.render.glyphs import PAPER, TEX, Letters, digits, latex_name
from mcalc.render.latex_lines import COLUMN, INLINE_WHERE, LEFT, LEFT_BARS, RIGHT, RIGHT_BARS, WHERE, fits, lines
from mcalc.render.naming import DEFINED
from mcalc.render.quotients import divides, gathered
from mcalc.render.text import lay_out

if TYPE_CHECKING:
    from mcalc.calculus.stories.lines import Marks
    from mcalc.expr import Number

UNBROKEN = frozenset({"block", "cases", "norm", "norm 1", "pow"})
"""Layouts of what stays in one line whatever its width."""
PRODUCTS = frozenset({"mul", "matmul"})
MOST = 12
"""Parts that get a name so that an expression fits into a column."""
ENTRYWISE = ("exp", "ln")
"""Functions of numbers that LaTeX writes of a square matrix as a whole."""


class LatexFace(Face):
    """The LaTeX face: bold letters for vectors, fractions with a bar."""

    fractions = True
    is_gathered = True
    slices_below = True
    accents = True
    times = (r" \odot ", "operator")
    oslash = (r" \oslash ", "operator")
    dot = (r" \cdot ", "operator")
    given = (r" \mid ", "bracket")
    expected = (r"\mathbb{E}", "function")
    pi = (r"\pi", "constant")
    one_vector = (r"\vec{1}", "constant")
    zero_vector = (r"\vec{0}", "constant")
    sigma = (r"\sum", "operator")
    product = (r"\prod", "operator")
    delta = r"\delta"
    partial = r"\partial"
    straight = r"\mathrm{d}"
    where = (rf" {INLINE_WHERE} ", "keyword")
    excluded = (r" \neq ", "operator")
    transpose = (r"^\top", "operator")
    inverse = ("^{-1}", "operator")
    inverse_transpose = (r"^{-\top}", "operator")
    pseudoinverse = ("^{+}", "operator")
    spelled_name = staticmethod(latex_name)

    def __init__(self, letters: Letters = PAPER) -> None:
        super().__init__()
        self.letters = letters
        if letters.matrices:
            self.identity = (r"\mathbf{I}", "constant")
        if letters.modern:
            self.one_vector = (r"\mathbf{1}", "constant")
            self.zero_vector = (r"\mathbf{0}", "constant")

    def symbol(self, emitter: Emitter, name: str, node: Expr) -> str:
        """Return a variable's name, in bold where it is a vector or as the letters are; the d of dX is upright."""
        bold = self.letters.is_bold(name, node.order)
        found = self.spelled.get((name, bold))
        if found is None:
            found = self.spelled[name, bold] = latex_name(name, bold)
        whole = node.args[0] if node.op is not SYMBOL and node.args else node
        if whole.op is SYMBOL and MARK in whole.attr[2]:
            return rf"\mathrm{{d}}{latex_name(name[1:], bold)}"
        return found

    def function(self, emitter: Emitter, node: Expr) -> str:
        r"""Return a function's command, in words where a variable is called as its Greek letter.

        Of a square matrix ``\exp`` would be taken for the matrix exponential; in words it is entry by entry.
        """
        op = node.op
        if op.name in ENTRYWISE and node.args[0].is_square:
            return self.word(op.name)[0]
        hidden = any([glyph in emitter.taken for glyph in op.spellings if not glyph.isascii()])
        if op.latex and not hidden:
            return op.latex
        return self.word(op.layout.removeprefix("call").strip() or op.name)[0]

    def applied(self, name: str, orders: Sequence[int], mark: str = "") -> list[Piece]:
        """Return an undefined function's name with the marks of its derivatives."""
        spelled = latex_name(name)
        if mark:
            made = {"gradient": r"\nabla %s", "hessian": r"\nabla^{2} %s", "jacobian": "J_{%s}"}[mark] % spelled
            return [(made, "function")]
        if len(orders) == 1:
            primes = r"\prime" * orders[0]
            return [(f"{spelled}^{{{primes}}}" if primes else spelled, "function")]
        return [("".join([rf"\partial_{{{place}}} " * n for place, n in enumerate(orders, 1)]) + spelled, "function")]

    def word(self, name: str) -> Piece:
        """Return a word that is called like a function."""
        spelled = name.replace("_", r"\_")
        return (r"\sqrt" if name == "sqrt" else rf"\operatorname{{{spelled}}}", "function")

    def axis(self, name: str) -> Piece:
        """Return the word that says along which axis something goes."""
        return (rf"\text{{{name}}}", "keyword")

    def sized(self, name: str, sizes: Sequence[Dim]) -> list[Item] | None:
        r"""Return a constant with its size below it, as `I_{n}` and `\mathbf{0}_{m \times n}`."""
        below = r" \times ".join([self.size(dim)[0] for dim in sizes])
        if len(sizes) == 2 and name in ("ones", "zeros"):
            return [(rf"\mathbf{{{int(name == 'ones')}}}_{{{below}}}", "constant")]
        known = {"I": self.identity, "ones": self.one_vector, "zeros": self.zero_vector}
        return [(f"{known[name][0]}_{{{below}}}", "constant")] if name in known and len(sizes) == 1 else None

    def index(self, name: str) -> Piece:
        """Return a running index."""
        return (latex_name(name), "index")

    def comparison(self, op: Operator) -> Piece:
        """Return the sign of a comparison or of a logical operator."""
        return (f" {op.latex} ", "operator")

    def subscript(self, text: str) -> Piece:
        """Return a short subscript."""
        below = text if text.isascii() else " ".join([TEX.get(c, c) for c in text])
        return (f"_{{{below}}}", "index")

    def slice(self, parts: Sequence[tuple[Piece, Piece] | None]) -> list[Item]:
        """Return a slice as a subscript: the ends of each axis, None for a whole one."""
        return [("_{", "index"), *super().slice(parts)[1:-1], ("}", "index")]

    def short_power(self, exponent: str) -> Piece:
        """Return an exponent of digits or letters after its base."""
        return (f"^{{{exponent}}}", "number")

    def power(self, exponent: Sequence[Item]) -> list[Item]:
        """Return any other exponent after its base."""
        return [("^{", "operator"), *exponent, ("}", "operator")]

    def entry_power(self, exponent: Item) -> list[Item]:
        r"""Return the exponent of a power of a matrix entry by entry, as `A^{\circ 2}`."""
        return [(r"^{\circ ", "operator"), exponent, ("}", "operator")]

    def root(self, of: Expr) -> list[Item]:
        """Return a square root; of a square matrix in words, since it is one of its entries."""
        if of.is_square:
            return [(r"\operatorname{sqrt}", "function"), self.opening, (of, OR), self.closing]
        return [(r"\sqrt{", "function"), (of, OR), ("}", "function")]

    def norm(self, emitter: Emitter, of: Expr, one: bool) -> list[Item]:
        """Return a norm between bars."""
        mark = "_1" if one else "_F" if of.order == 2 else ""
        return [(LEFT_BARS[0], "bracket"), (of, ADD), (RIGHT_BARS[0] + mark, "bracket")]

    def absolute(self, of: Expr) -> list[Item]:
        """Return the absolute value of a scalar between bars."""
        return [(LEFT_BARS[1], "bracket"), (of, ADD), (RIGHT_BARS[1], "bracket")]

    def braces(self, rows: Sequence[tuple[Expr, Expr | None]]) -> list[Item]:
        """Return a piecewise value."""
        out: list[Item] = [(r"\begin{cases} ", "bracket")]
        for place, (value, condition) in enumerate(rows):
            if place:
                out.append((r"\\ ", "bracket"))
            out += [(value, OR), (" & ", "bracket")]
            out.append((r"\text{otherwise}", "keyword") if condition is None else (condition, OR))
        out.append((r" \end{cases}", "bracket"))
        return out

    def matrix(self, rows: int, columns: int, parts: Sequence[Expr]) -> list[Item]:
        """Return a vector, a row or a matrix of parts in brackets."""
        out: list[Item] = []
        for start in range(0, len(parts), columns):
            out += [(r"\\ ", "bracket")] if start else []
            out += separated([(part, OR) for part in parts[start : start + columns]], (" & ", "bracket"))
        return [(r"\begin{bmatrix} ", "bracket"), *out, (r" \end{bmatrix}", "bracket")]

    def fraction(self, top: Sequence[Item], bottom: Sequence[Item]) -> list[Item]:
        """Return a fraction."""
        return [(r"\frac{", "operator"), *top, ("}{", "operator"), *bottom, ("}", "operator")]

    def bar(self, value: Fraction, inline: bool) -> list[Item]:
        """Return a fraction with its bar."""
        if inline:
            return [(f"{digits(value.numerator)}/{digits(value.denominator)}", "number")]
        return [(rf"\frac{{{digits(value.numerator)}}}{{{digits(value.denominator)}}}", "number")]

    def quotient(self, mark: str, of: Item, by: Item) -> list[Item]:
        """Return the derivative of one variable by another."""
        return [(rf"\frac{{{mark} ", "operator"), of, (f"}}{{{mark} ", "operator"), by, ("}", "operator")]

    def differential(self, emitter: Emitter, variables: Sequence[Expr], mark: str) -> list[Item]:
        """Return the sign of a derivative by some variables."""
        return [(rf"\frac{{{mark}}}{{{mark} ", "operator"), *self.all_of(variables), ("} ", "operator")]

    def comprehension(self, labels: str) -> tuple[list[Item], list[Item]]:
        """Return what stands before and after the body of an expression in index notation."""
        return [(LEFT, "bracket")], [(rf"{RIGHT}_{{{labels}}}", "bracket")]

    def summed(self, emitter: Emitter, labels: Sequence[str]) -> list[Item]:
        """Return the sign of a sum over inner indices."""
        return [(rf"\sum_{{{','.join(labels)}}} ", "operator")]

    def number(self, value: Number) -> str:
        """Return a number that is not negative; a decimal one with its power of ten written out."""
        text = repr(value)
        if isinstance(value, float) and "e" in text:
            digits, _, exponent = text.partition("e")
            return rf"{digits} \times 10^{{{int(exponent)}}}"
        return text


LATEX = LatexFace()


@cache
def face_of(letters: Letters = PAPER) -> LatexFace:
    """Return the face with these letters."""
    return LATEX if letters is PAPER else LatexFace(letters)


def latex(expr: Expr, taken: Collection[str] = (), brief: bool = False, letters: Letters = PAPER) -> str:
    r"""Return an expression as LaTeX for math mode.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import dot
    >>> x = symbol("x", (Dim.named("n"),))
    >>> latex(dot(x, x))
    '\\mathbf{x} \\cdot \\mathbf{x}'
    """
    return aligned(fitting(gathered(expr), face_of(letters), taken, brief=brief)[1])


def fitting(
    root: Expr,
    face: LatexFace,
    taken: Collection[str] = (),
    room: float = COLUMN,
    *,
    marks: Marks | None = None,
    brief: bool = False,
    products: bool = False,
) -> tuple[list[Piece], list[str]]:
    """Return the pieces of an expression and its lines; what makes one wider than `room` in spite of breaks is named.

    A fraction, braces and a matrix cannot be broken, nor can a product without `products`: of what is in them, the
    longest part gets a name, and so on.
    """
    apart: list[Expr] = []
    pieces = lay_out(root, face, taken, marks=marks, brief=brief).pieces(face)
    rows = lines(pieces, room, products=products)
    while len(apart) < MOST and not all([fits(row, room) for row in rows]):
        part = longest_inside(told_apart(root, taken), UNBROKEN if products else UNBROKEN | PRODUCTS, apart)
        if part is None:
            break
        apart.append(part)
        pieces = lay_out(root, face, taken, marks=marks, apart=apart).pieces(face)
        rows = lines(pieces, room, products=products)
    return pieces, rows


def longest_inside(root: Expr, layouts: Collection[str], but: Collection[Expr]) -> Expr | None:
    """Return the longest part of what cannot be broken; None where all that is left is short, or runs with an index."""
    best: Expr | None = None
    for node in walk(root):
        if node.op.layout in layouts or any([divides(arg) for arg in node.args]):
            for part in node.args:
                if not part.args or part in but or divides(part) or part.op in CONDITIONS:
                    continue
                if not part.free <= root.free:
                    continue
                if length(part) > (DEFINED if best is None else length(best)):
                    best = part
    return best


def aligned(rows: Sequence[str]) -> str:
    r"""Return a formula that may have several lines.

    >>> aligned(["a + b", "+ c"])
    '\\begin{aligned} & a + b \\\\ & \\quad + c \\end{aligned}'
    """
    if len(rows) == 1:
        return rows[0]
    first, *later = rows
    parts = [row if row.startswith(WHERE) else rf"\quad {row}" for row in later]
    return r"\begin{aligned} & " + r" \\ & ".join([first, *parts]) + r" \end{aligned}"
