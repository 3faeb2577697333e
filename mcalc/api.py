"""What Python and the shell call: text in, an :class:`Expression` or a :class:`Derivative` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from mcalc.calculus.derive import derivative_of, form_of, kinks, resolve
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.notation import Scope, read_expression, read_variables, read_where
from mcalc.numeric.evaluate import evaluate
from mcalc.render.latex import latex
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import display_shape, unicode

if TYPE_CHECKING:
    import numpy as np

    from mcalc.notation import Reading

LAYOUTS = ("numerator", "denominator")
MODES = ("auto", "forward", "reverse")


class Expression:
    """An expression as it was read, with what was assumed and noted on the way; printed, and evaluated, when asked.

    >>> from mcalc import parse
    >>> e = parse("max(0, w.x + b)")
    >>> e.text, e.shape, e.assumed
    ('max(0, w · x + b)', (), ['w, x ∈ ℝⁿ', 'b ∈ ℝ'])
    """

    __slots__ = ("assumed", "expr", "notes", "warnings")

    def __init__(self, expr: Expr, assumed: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
        self.expr = expr
        self.assumed = list(assumed)
        self.notes = list(notes)
        self.warnings: list[str] = []

    @property
    def text(self) -> str:
        """One line of Unicode, which mcalc reads."""
        return unicode(self.expr)

    @property
    def ascii(self) -> str:
        """One line of ASCII, which mcalc reads."""
        return as_ascii(self.expr)

    @property
    def latex(self) -> str:
        """LaTeX, for a formula in a text."""
        return latex(self.expr)

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The sizes of the axes: numbers where they are known, else names."""
        return tuple([str(dim) if dim.value is None else dim.value for dim in self.expr.shape])

    @property
    def display_shape(self) -> str:
        """Rows by columns, as it is printed: 1×n for a row."""
        return display_shape(self.expr)

    def evaluate(self, values: Mapping[str, Any]) -> np.ndarray[Any, Any]:
        """Return the value, an array with the axes of `shape`; sizes are those of the arrays given."""
        return evaluate(self.expr, dict(values))

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
        return f"$\\displaystyle {self.latex}$"


class Derivative(Expression):
    """A derivative: of `body` by `variables`, `order` times; `expr` is the result.

    >>> from mcalc import derive
    >>> d = derive("x^T A x", wrt="x", where="x: R^n; A: R^{n x n}")
    >>> d.text, d.shape, d.form
    ('xᵀ Aᵀ + xᵀ A', ('n',), 'matrix')
    """

    __slots__ = ("body", "layout", "mode", "order", "variables")

    def __init__(
        self, body: Expr, variables: Sequence[Expr], order: int = 1, layout: str = "numerator", mode: str = "auto"
    ) -> None:
        self.body = body
        self.variables = list(variables)
        self.order = order
        self.layout = layout
        self.mode = mode
        super().__init__(self._worked_out(layout))
        self.notes = kinks(body)

    def _worked_out(self, layout: str) -> Expr:
        """Return the result: each order but the last in numerator layout, since it is differentiated again."""
        result = without_derivatives(self.body)
        for left in range(self.order, 0, -1):
            result = derivative_of(result, self.variables, layout="numerator" if left > 1 else layout, mode=self.mode)
        return result

    @property
    def form(self) -> str:
        """Say whether the result is in ``matrix`` notation, or, having no such form, in ``index`` notation."""
        return form_of(self.expr)

    @property
    def wrt(self) -> list[str]:
        """The variables as text."""
        return [unicode(variable) for variable in self.variables]

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The sizes of the axes of the output, then of each variable, in whatever layout it is printed."""
        return Expression(self._in_numerator_layout()).shape

    def evaluate(self, values: Mapping[str, Any]) -> np.ndarray[Any, Any]:
        """Return the value: axes of the output, then of the variable; of several variables, one last axis."""
        return evaluate(self._in_numerator_layout(), dict(values))

    def _in_numerator_layout(self) -> Expr:
        return self.expr if self.layout == "numerator" else self._worked_out("numerator")

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {
            "expr": unicode(self.body),
            "wrt": self.wrt,
            "order": self.order,
            **super().record(),
            "form": self.form,
            "layout": self.layout,
        }


def without_derivatives(expr: Expr) -> Expr:
    """Return an expression with every derivative that is asked for inside it worked out."""
    return resolve(expr, layout="numerator") if any([node.op.name == "derivative" for node in walk(expr)]) else expr


def parse(text: str, where: str | None = None) -> Expression:
    """Return an expression as mcalc reads it; names that `where` does not declare get a shape from their use.

    >>> parse("1/2x").text, parse("A B", where="A: R^{m x k}; B: R^{k x n}").shape
    ('x / 2', ('m', 'n'))
    """
    raise NotImplementedError


def derive(
    expr: str,
    wrt: str | Sequence[str] | None = None,
    where: str | None = None,
    order: int = 1,
    layout: str = "numerator",
    mode: str = "auto",
) -> Derivative:
    """Return the derivative of `expr` by `wrt`: a name, an element such as ``x_4``, or several.

    Without `wrt`, `expr` is a derivative statement, such as ``∂/∂w (w · x)``. `where` declares shapes; names that it
    does not declare get theirs from their use. `order` 2 is the Hessian. Raises :class:`~mcalc.errors.Mistake` for
    whatever is wrong with the input.

    >>> derive("∂/∂w (w · x)").text, derive("x^3", wrt="x", order=2).text
    ('xᵀ', '6 x')
    """
    raise NotImplementedError
