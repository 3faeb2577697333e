"""What a statement comes to: an :class:`Expression`, or a :class:`Derivative` with all that can be asked of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mcalc.calculus.basics.running_indices import told_apart
from mcalc.choices import LETTERS
from mcalc.expr import Expr
from mcalc.notation import Reading, assumed_text
from mcalc.notation.surface.words import plain_name
from mcalc.render.faces import ASCII, UNICODE
from mcalc.render.glyphs import letters as letters_of
from mcalc.render.terminal import paint
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import display_shape, lay_out, shape_words, unicode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.numeric.judging import Claim
    from mcalc.numeric.verify import Verification


class Expression:
    """An expression as it was read, with what was assumed and noted on the way; printed, and evaluated, when asked.

    >>> from mcalc import parse
    >>> e = parse("max(0, w.x + b)")
    >>> e.text, e.shape, e.assumed
    ('max(0, w · x + b)', (), ['w, x ∈ ℝⁿ', 'b ∈ ℝ'])
    """

    __slots__ = ("_claimed", "_fonts", "_symbols", "_taken", "assumed", "expr", "letters", "notes", "warnings")
    brief = False
    """Whether repeated parts get names in print; what the user wrote is printed as it is."""

    def __init__(self, expr: Expr, reading: Reading) -> None:
        self._taken = reading.scope.names()
        self._fonts = reading.scope.fonts
        self.letters = LETTERS[0]
        self.expr = told_apart(expr, self._taken)
        self.assumed: list[str] = list(reading.assumed)
        self.notes: list[str] = echo(reading) + reading.notes
        self.warnings: list[str] = []
        self._symbols = symbols_of(reading)
        self._claimed: list[Claim] = []

    @property
    def text(self) -> str:
        """One line of Unicode, which mcalc reads."""
        return unicode(self.expr, self._taken, self.brief)

    def written(self, part: Expr) -> str:
        """Return a part of it in Unicode, as a note has it."""
        return unicode(part, self._taken)

    @property
    def ascii(self) -> str:
        """One line of ASCII, which mcalc reads."""
        return as_ascii(self.expr, self._taken, self.brief)

    @property
    def latex(self) -> str:
        """LaTeX, for a formula in a text, in the style of `letters`."""
        return self.to_latex(self.letters)

    def to_latex(self, style: str = "auto") -> str:
        r"""Return LaTeX with ``bold`` vectors and matrices, with ``plain`` letters, or with ``auto`` as the input was.

        >>> from mcalc import derive
        >>> d = derive(r"\mathbf{w}^\top X \mathbf{w}", wrt="w")
        >>> print(d.to_latex(), d.to_latex("bold"), d.to_latex("plain"), sep=chr(10))
        \mathbf{w}^\top (X + X^\top)
        \mathbf{w}^\top (\mathbf{X} + \mathbf{X}^\top)
        w^\top (X + X^\top)
        """
        from mcalc.render.latex_face import latex

        return latex(self.expr, self._taken, self.brief, letters_of(style, self._fonts))

    def colored(self, theme: str = "dark", *, unicode: bool = True) -> str:
        """Return the line of `text` or `ascii` in the colours of a terminal."""
        face = UNICODE if unicode else ASCII
        pieces = lay_out(self.expr, face, self._taken, brief=self.brief).pieces(face)
        return paint([pieces], color=True, theme=theme)

    @property
    def taken(self) -> frozenset[str]:
        """The names that mean something where it is read, and are not given to its parts."""
        return frozenset(self._taken)

    @property
    def mathml(self) -> str:
        """MathML, for a page on the web."""
        from mcalc.render.mathml import mathml

        return mathml(self.expr, self._taken, self.brief)

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The sizes of the axes: numbers where they are known, else names."""
        return sizes(self.expr)

    @property
    def symbols(self) -> list[Expr]:
        """The variables, in the order in which they were read, and those that were declared."""
        return self._symbols

    @property
    def display_shape(self) -> str:
        """Rows by columns, as it is printed: 1×n for a row."""
        return display_shape(self.expr)

    @property
    def shape_words(self) -> str:
        """The shape as it is said beside a result; of a derivative with the layout, where that makes a difference.

        >>> from mcalc import derive
        >>> derive("x^T A x", wrt="x").shape_words, derive("x^T A x", wrt="x", order=2).shape_words
        ('1×n, a row: numerator layout', 'n×n')
        """
        inner = [one.result for one in self._claimed if one.result.order == 1]
        said = ("numerator" if inner[0].is_row else "denominator") if inner and self.expr.order == 1 else ""
        return shape_words(self.expr, said)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value, an array with the axes of `shape`; sizes are those of the arrays given."""
        from mcalc.numeric.values import value_of

        return value_of(self.expr, "value", by_plain_name(values), self._symbols)

    def check(self, points: int = 8, seed: int = 0, most: int | None = None) -> Verification:
        """Compare each derivative that was worked out with complex step, at random points away from kinks.

        That is the result and what it rests on, such as the gradient of a Hessian, or the derivatives inside an
        expression. Results of more operators than `most` are left unchecked.

        >>> from mcalc import derive
        >>> derive("max(0, w . x + b)", wrt="w").check().ok
        True
        """
        from mcalc.numeric.verify import verify_all

        return verify_all(self.claims(), points, seed, most)

    def claims(self) -> list[Claim]:
        """Return the derivatives that were worked out in reading it, innermost first: what a check looks at."""
        return self._claimed

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {
            "text": self.text,
            "ascii": self.ascii,
            "latex": self.latex,
            "shape": list(self.shape),
            "display_shape": self.display_shape,
        }

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.text}>"

    def _repr_latex_(self) -> str:
        return self._repr_mimebundle_()["text/latex"]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the formula, and its shape, what was assumed and what is to be noted below it.

        It has no HTML, since notebooks would choose it, and LaTeX is set better.
        """
        from mcalc.render.latex_text import bundle, formula

        assumed = [f"assumed: {'; '.join(self.assumed)}"] if self.assumed else []
        words = [self.shape_words, *assumed, *self.warnings, *[f"note: {note}" for note in self.notes]]
        return bundle("\n".join([self.text, *[f"  {line}" for line in words]]), formula(self.latex, words))


def claim(
    function: Expr, variables: Sequence[Expr], result: Expr, layout: str = "numerator", structured: str = "projected"
) -> Claim:
    """Return what a check compares; the denominator layout transposes the derivative of a vector by vectors."""
    from mcalc.numeric.judging import Claim

    turned = layout == "denominator" and function.order == 1 and result.order == 2
    return Claim(function, variables, result, turned=turned, structured=structured)


def sizes(expr: Expr) -> tuple[int | str, ...]:
    """Return the sizes of the axes: numbers where they are known, else names."""
    return tuple([str(dim) if dim.value is None else dim.value for dim in expr.shape])


def by_plain_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values under the names that expressions use: a Greek letter may be spelled out.

    >>> by_plain_name({"lambda": 1, "sigma_1": 2, "x": 3})
    {'λ': 1, 'σ_1': 2, 'x': 3}
    """
    parted = [(*name.partition("_"), value) for name, value in values.items()]
    return {plain_name(base) + mark + rest: value for base, mark, rest, value in parted}


def symbols_of(reading: Reading) -> list[Expr]:
    """Return the variables of a statement and its scope, from whose arrays sizes are learnt."""
    return list(dict.fromkeys([*reading.symbols, *reading.scope.variables.values()]))


def echo(reading: Reading) -> list[str]:
    r"""Return the note that says how LaTeX was read, in mcalc's own notation; nothing where it was that already.

    >>> from mcalc import parse
    >>> parse(r"\frac12 \mathbf{x}^\top\mathbf{x}").notes
    ['read as 1/2 xᵀ x']
    """
    if reading.pasted is None:
        return []
    head = f"{reading.pasted.partition('=')[0].strip()} = " if reading.kind in ("definition", "function") else ""
    if reading.kind == "declaration":
        return [f"read as {'; '.join(assumed_text(reading.names.values()))}"]
    if reading.expr is None:
        return []
    return [f"read as {head}{unicode(reading.expr, reading.scope.names())}"]
