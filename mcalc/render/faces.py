"""The faces of one-line text: Unicode and ASCII, with glyphs and small constructions; and how tightly a text holds.

A template says at which level its text stands; whoever prints it as a part asks for a level, and parentheses are put
where the text is looser than that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator
from mcalc.fresh import parts_of
from mcalc.operators.leaves import decimal
from mcalc.render.glyphs import COMPARISONS, ascii_name, ascii_subscript, digits, subscript, superscript, unicode_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any

    from mcalc.calculus.stories.lines import Marks
    from mcalc.expr import Number


TOP = 0
OR = 1
AND = 2
COMPARE = 3
ADD = 4
NEG = 5
"""A sum's first term may begin with a minus sign; nothing else takes one without parentheses."""
OPEN = 6
"""A term that ends in the body of a Σ or a ∂/∂x, which would swallow what follows in its product."""
ELEMENTWISE = 7
PRODUCT = 8
POWER = 9
"""A power, a transpose, an inverse, braces: a factor as it stands, but no base of another superscript."""
ATOM = 10
WHOLE = 11
"""Parentheses whatever it is."""


Piece = tuple[str, str]
"""A text and its role."""
Item = tuple["Any", "Any"]
"""A piece; or (Expr, level); or (function of the emitter and one more value, that value)."""
Template = Callable[["Emitter", Expr], tuple[int, Sequence[Item]]]


def separated(items: Iterable[Item], sign: Item) -> list[Item]:
    """Return some items with a sign between them."""
    return [one for item in items for one in (sign, item)][1:]


class Face:
    """The Unicode face on one line, and the base of the others."""

    ascii = False
    fractions = False
    """Whether a quotient is built of a numerator and a denominator, as `fraction` does, and not written with `/`."""
    is_gathered = False
    """Whether what it lays out is gathered already, with numerators beside their bars."""
    slices_below = False
    """Whether a slice is a subscript, so that what has a subscript already needs brackets."""
    accents = False
    """Whether an accent stands above its letter wherever it is, so that a subscript may follow."""
    opening: Piece = ("(", "bracket")
    closing: Piece = (")", "bracket")
    space: Piece = (" ", "space")
    comma: Piece = (", ", "bracket")
    semicolon: Piece = ("; ", "bracket")
    given: Piece = (" | ", "bracket")
    expected: Piece = ("E", "function")
    left: Piece = ("[", "bracket")
    right: Piece = ("]", "bracket")
    colon: Piece = (":", "bracket")
    times: Piece = (" ⊗ ", "operator")
    oslash: Piece = (" ⊘ ", "operator")
    dot: Piece = (" · ", "operator")
    slash: Piece = (" / ", "operator")
    tight_slash: Piece = ("/", "operator")
    plus: Piece = (" + ", "operator")
    minus: Piece = (" - ", "operator")
    sign: Piece = ("-", "operator")
    pi: Piece = ("π", "constant")
    identity: Piece = ("I", "constant")
    one_vector: Piece = ("1⃗", "constant")
    zero_vector: Piece = ("0⃗", "constant")
    sigma: Piece = ("Σ", "operator")
    product: Piece = ("Π", "operator")
    delta: str = "δ"
    partial: str = "∂"
    straight: str = "d"
    where: Piece = (" where ", "keyword")
    and_where: Piece = ("; ", "keyword")
    equals: Piece = (" = ", "keyword")
    excluded: Piece = (" ≠ ", "operator")
    transpose: Piece = ("ᵀ", "operator")
    inverse: Piece = ("⁻¹", "operator")
    inverse_transpose: Piece = ("⁻ᵀ", "operator")
    pseudoinverse: Piece = ("⁺", "operator")
    bars: tuple[str, str] = ("‖", "‖₁")
    """What a norm, and a 1-norm, ends with; one without is written as a function."""
    signs: Mapping[str, str] = {}
    """Other spellings of the signs of comparisons."""
    spelled_name = staticmethod(unicode_name)

    def __init__(self) -> None:
        self.templates: dict[Operator, Template] = {}
        self.spelled: dict[object, str] = {}

    # Names

    def symbol(self, emitter: Emitter, name: str, node: Expr) -> str:
        """Return a variable's name."""
        found = self.spelled.get(name)
        if found is None:
            found = self.spelled[name] = self.spelled_name(name)
        return found

    def function(self, emitter: Emitter, node: Expr) -> str:
        """Return a function's name: its spelling that is a glyph, where it has one that is free."""
        op = node.op
        found = self.spelled.get(op)
        if found is None:
            name = op.layout.removeprefix("call").strip() or op.name
            found = self.spelled[op] = next(
                (s for s in op.spellings if not s.isascii() and s.replace("_", "").isalpha()), name
            )
        if not found.isascii() and found in emitter.taken:
            return op.layout.removeprefix("call").strip() or op.name
        return found

    def applied(self, name: str, orders: Sequence[int], mark: str = "") -> list[Piece]:
        """Return an undefined function's name with the marks of its derivatives."""
        if mark or not any(orders):
            marks = {"gradient": "∇", "hessian": "∇²", "jacobian": "J_"}.get(mark, "")
            return [(marks + unicode_name(name), "function")]
        if len(orders) == 1:
            primes = {1: "′", 2: "″", 3: "‴"}.get(orders[0]) or f"_prime{orders[0]}"
            return [(unicode_name(name) + primes, "function")]
        marks = "".join([("∂" + (subscript(str(place)) or "")) * n for place, n in enumerate(orders, 1)])
        return [(marks + unicode_name(name), "function")]

    def word(self, name: str) -> Piece:
        """Return a word that is called like a function."""
        return (name, "function")

    def axis(self, name: str) -> Piece:
        """Return the word that says along which axis something goes: rows or cols."""
        return (name, "keyword")

    def size(self, dim: Dim) -> Piece:
        """Return a size."""
        found = self.spelled.get(dim)
        if found is None:
            words = str(dim).split(" ")
            found = self.spelled[dim] = " ".join([self.spelled_name(w) if w in dim.names else w for w in words])
        return (found, "size")

    def sized(self, name: str, sizes: Sequence[Dim]) -> list[Item] | None:
        """Return a constant with its sizes; None where it is written as a function of them."""
        return None

    def index(self, name: str) -> Piece:
        """Return a running index."""
        return (name, "index")

    # Small constructions

    def number(self, value: Number) -> str:
        """Return a number that is not negative."""
        if isinstance(value, float):
            return repr(value).replace("e+", "e")
        return digits(value) if type(value) is int else str(value)

    def comparison(self, op: Operator) -> Piece:
        """Return the sign of a comparison or the word of a logical operator."""
        kind, sign = op.layout.split()
        return (f" {self.signs.get(sign, sign)} ", "keyword" if kind == "logic" else "operator")

    def superscript(self, text: str) -> str | None:
        """Return a short exponent in superscript glyphs, or None."""
        return superscript(text)

    def subscript(self, text: str) -> Piece:
        """Return a short subscript."""
        return (subscript(text) or ascii_subscript(text), "index")

    def subscripts(self, parts: Sequence[Item]) -> list[Item]:
        """Return a compound subscript."""
        return [("_{", "index"), *separated(parts, (",", "index")), ("}", "index")]

    def slice(self, parts: Sequence[tuple[Piece, Piece] | None]) -> list[Item]:
        """Return the brackets of a slice: the ends of each axis, None for a whole one."""
        out: list[Item] = [self.left]
        for place, ends in enumerate(parts):
            if place:
                out.append(self.comma)
            out.extend((ends[0], self.colon, ends[1]) if ends else (self.colon,))
        return [*out, self.right]

    def short_power(self, exponent: str) -> Piece:
        """Return an exponent of digits or letters after its base."""
        glyphs = self.superscript(exponent)
        return (glyphs, "number") if glyphs else ("^" + exponent, "number")

    def power(self, exponent: Sequence[Item]) -> list[Item]:
        """Return any other exponent after its base."""
        return [("^", "operator"), self.opening, *exponent, self.closing]

    def entry_power(self, exponent: Item) -> list[Item]:
        """Return the exponent of a power of a matrix entry by entry."""
        if exponent[0].op.layout in ("slice", "selection", "element", "einsum"):
            exponent = (exponent[0], WHOLE)
        return [(".^", "operator"), exponent]

    def root(self, of: Expr) -> list[Item]:
        """Return a square root."""
        return [self.word("sqrt"), self.opening, (of, OR), self.closing]

    def transposed(self, emitter: Emitter, inverse: bool) -> Piece:
        """Return the mark of a transpose, or of the transpose of an inverse."""
        return self.inverse_transpose if inverse else self.transpose

    def absolute(self, of: Expr) -> list[Item] | None:
        """Return the absolute value of a scalar between bars; None where it is written as a function."""
        return None

    def norm(self, emitter: Emitter, of: Expr, one: bool) -> list[Item]:
        """Return a norm between bars; inside other bars, where bars would not pair, in words."""
        if emitter.bars or not self.bars[one]:
            return [("norm1" if one else "norm", "function"), self.opening, (of, OR), self.closing]
        return [(self.bars[0], "bracket"), (_bars, 1), (of, OR), (_bars, -1), (self.bars[one], "bracket")]

    def big(self, emitter: Emitter, layout: str) -> Piece:
        """Return the sign of a sum or a product over an index: a word where a variable is called Σ or Π."""
        sign = self.sigma if layout == "sigma" else self.product
        word = "sum" if layout == "sigma" else "prod"
        return (word, "operator") if sign[0] in emitter.taken else sign

    def limits(self, lower: Sequence[Item], upper: Expr) -> list[Item]:
        """Return the limits of a sum after its sign."""
        return [("_{", "index"), *lower, ("}^{", "index"), (upper, OR), ("} ", "index")]

    def braces(self, rows: Sequence[tuple[Expr, Expr | None]]) -> list[Item]:
        """Return a piecewise value: its values and conditions, the last one None for `otherwise`."""
        out: list[Item] = [("{", "bracket")]
        for place, (value, condition) in enumerate(rows):
            out += [self.semicolon] if place else []
            when: list[Item] = [(" if ", "keyword"), (condition, OR)]
            out += [(value, OR), *([(" otherwise", "keyword")] if condition is None else when)]
        return [*out, ("}", "bracket")]

    def matrix(self, rows: int, columns: int, parts: Sequence[Expr]) -> list[Item]:
        """Return a vector, a row or a matrix of parts in brackets."""
        entries: list[Item] = [(part, OR) for part in parts]
        if rows == 1 or columns == 1:
            return [self.left, *separated(entries, self.comma if rows == 1 else self.semicolon), self.right]
        out: list[Item] = []
        for start in range(0, len(parts), columns):
            out += [self.comma] if start else []
            out += [self.left, *separated(entries[start : start + columns], self.comma), self.right]
        return [self.left, *out, self.right]

    def fraction(self, top: Sequence[Item], bottom: Sequence[Item]) -> list[Item]:
        """Return a fraction, in faces that have one."""
        raise NotImplementedError

    def rational(self, value: Fraction, inline: bool = False) -> list[Item]:
        """Return an exact fraction that is not negative, as a decimal number where that is shorter.

        One that is an exponent, `inline`, stays a fraction.
        """
        short = "" if inline else decimal(value)
        if short:
            return [(short, "number")]
        return self.bar(value, inline)

    def bar(self, value: Fraction, inline: bool) -> list[Item]:
        """Return a fraction with its bar."""
        return [(f"{digits(value.numerator)}/{digits(value.denominator)}", "number")]

    def mark(self, straight: bool, mixed: bool) -> str:
        """Return the d of a derivative: straight, or curly, the mark of a partial one; `mixed` where both stand."""
        return "d" if straight else self.partial

    def quotient(self, mark: str, of: Item, by: Item) -> list[Item]:
        """Return the derivative of one variable by another."""
        return [(mark, "operator"), of, (f"/{mark}", "operator"), by]

    def differential(self, emitter: Emitter, variables: Sequence[Expr], mark: str) -> list[Item]:
        """Return the sign of a derivative by some variables."""
        return [(f"{mark}/{mark}", "operator"), *self.all_of(variables), self.space]

    def all_of(self, variables: Sequence[Expr]) -> list[Item]:
        """Return what a derivative is by: a variable, or several in brackets."""
        listed = separated([(variable, ATOM) for variable in variables], self.comma)
        return [self.opening, *listed, self.closing] if len(variables) > 1 else listed

    def comprehension(self, labels: str) -> tuple[list[Item], list[Item]]:
        """Return what stands before and after the body of an expression in index notation."""
        return [self.left], [self.right, (f"_{{{labels}}}", "index")]

    def summed(self, emitter: Emitter, labels: Sequence[str]) -> list[Item]:
        """Return the sign of a sum over inner indices."""
        [sign, role] = self.big(emitter, "sigma")
        sub = subscript(labels[0]) if len(labels) == 1 else None
        return [(sign + (sub or f"_{{{','.join(labels)}}}"), role), self.space]


class AsciiFace(Face):
    """The face of plain ASCII."""

    ascii = True
    times = (" .* ", "operator")
    oslash = (" ./ ", "operator")
    dot = (" . ", "operator")
    pi = ("pi", "constant")
    one_vector = ("1vec", "constant")
    zero_vector = ("0vec", "constant")
    sigma = ("sum", "operator")
    product = ("prod", "operator")
    delta = "delta"
    partial = "d"
    excluded = (" != ", "operator")
    transpose = ("^T", "operator")
    inverse = ("^-1", "operator")
    inverse_transpose = ("^-T", "operator")
    pseudoinverse = ("^+", "operator")
    bars = ("||", "")
    signs = COMPARISONS
    spelled_name = staticmethod(ascii_name)

    def function(self, emitter: Emitter, node: Expr) -> str:
        """Return a function's name."""
        op = node.op
        return op.layout.removeprefix("call").strip() or op.name

    def applied(self, name: str, orders: Sequence[int], mark: str = "") -> list[Piece]:
        """Return an undefined function's name with the marks of its derivatives."""
        name = ascii_name(name)
        if mark:
            return [({"gradient": "grad ", "hessian": "hess ", "jacobian": "J_"}[mark] + name, "function")]
        if len(orders) == 1 and orders[0]:
            return [(f"{name}_prime" + (str(orders[0]) if orders[0] > 1 else ""), "function")]
        marks = "".join([f"d{place} " * n for place, n in enumerate(orders, 1)])
        return [(marks + name, "function")]

    def superscript(self, text: str) -> str | None:
        """Return None: there are none."""
        return None

    def subscript(self, text: str) -> Piece:
        """Return a short subscript."""
        return (ascii_subscript(text), "index")

    def transposed(self, emitter: Emitter, inverse: bool) -> Piece:
        """Return the mark of a transpose; a variable called T would make `^T` a power."""
        if "T" not in emitter.taken:
            return super().transposed(emitter, inverse)
        return ("^-1'" if inverse else "'", "operator")

    def mark(self, straight: bool, mixed: bool) -> str:
        """Return the d of a derivative; where it has to be told from a total one, that of a partial one is pd."""
        return "pd " if mixed and not straight else "d"

    def summed(self, emitter: Emitter, labels: Sequence[str]) -> list[Item]:
        """Return the sign of a sum over inner indices."""
        names = ",".join(labels)
        return [(f"sum_{names} " if len(labels) == 1 else f"sum_{{{names}}} ", "operator")]


class Emitter:
    """The state of one printing: the face, the names that are `taken`, the parts that are named."""

    __slots__ = ("bars", "constants", "face", "local", "marks", "named", "reducing", "root", "sized", "taken")

    def __init__(
        self,
        face: Face,
        root: Expr,
        taken: Collection[str] = (),
        sized: Collection[Expr] = frozenset(),
        marks: Marks | None = None,
    ) -> None:
        self.face = face
        self.root = root
        self.marks = marks
        self.taken = frozenset(taken)
        self.sized = sized
        # Whether a constant without a size was printed, and an operator in which a size can be lost.
        self.constants = self.reducing = False
        self.named: dict[Expr, str] = {}
        self.local: dict[Expr, list[Expr]] = {}
        self.bars = 0

    def all_names(self) -> set[str]:
        """Return all names and parts of them, those of rows too: a row of X may be written x_i."""
        found = parts_of(self.taken)
        return found | {name.lower() for name in found if len(name) == 1}


def _bars(emitter: Emitter, step: int) -> None:
    emitter.bars += step


UNICODE = Face()
ASCII = AsciiFace()
