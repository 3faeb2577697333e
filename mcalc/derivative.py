"""What a derivative comes to: :class:`Derivative`, with all that can be asked of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mcalc.calculus.basics.orientation import depends_on_layout
from mcalc.calculus.basics.running_indices import told_apart
from mcalc.calculus.derive import derivative_of, form_of, resolve
from mcalc.calculus.remarks import remarks
from mcalc.choices import PLAIN, Manner, one_of
from mcalc.errors import Mistake
from mcalc.expr import Expr, make
from mcalc.limits import counted
from mcalc.notation import Reading
from mcalc.operators.abstract import DERIVATIVE, IMPLICIT, with_names
from mcalc.operators.leaves import variables_in
from mcalc.operators.structures import structure_of
from mcalc.render.glyphs import letters as letters_of
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import shape_words, unicode
from mcalc.results import Expression, by_plain_name, claim, sizes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.export.exported import Exporter
    from mcalc.numeric.judging import Claim
    from mcalc.render.graph_pictures import Picture
    from mcalc.steps import Steps


def _name_of(body: Expr, reading: Reading) -> str:
    """Return the name that the user defined an expression by; nothing where it has none."""
    return next((name for name, value in reading.scope.definitions.items() if value is body and value.args), "")


class Derivative(Expression):
    """A derivative: of `body` by `variables`, `order` times; `expr` is the result.

    >>> from mcalc import derive
    >>> d = derive("x^T A x", wrt="x", where="x: R^n; A: R^{n x n}")
    >>> d.text, d.shape, d.form
    ('xᵀ (A + Aᵀ)', ('n',), 'matrix')
    """

    __slots__ = ("_called", "_steps", "body", "by", "manner", "order", "variables")
    brief = True

    def __init__(
        self, body: Expr, variables: Sequence[Expr], reading: Reading, order: int = 1, manner: Manner = PLAIN
    ) -> None:
        self.manner = manner
        self.body = told_apart(body, reading.scope.names())
        self.variables = list(variables)
        self.order = order
        self._steps: Steps | None = None
        self.by = "auto"
        self._called = reading.name or _name_of(body, reading)
        super().__init__(self._worked_out(manner.layout), reading)
        by = [variable for variable in self.variables if variable.op.name == "symbol"]
        self._symbols = list(dict.fromkeys([*self._symbols, *by]))
        self.notes += [
            note
            for note in remarks(body, self.variables, self.written, self.expr, manner.structured)
            if note not in self.notes
        ]

    def _worked_out(self, layout: str) -> Expr:
        """Return the result: each order but the last in numerator layout, since it is differentiated again."""
        result = self.body
        if result.has_kind("derivative"):
            result = resolve(result, mode=self.manner.mode, structured=self.manner.structured)
        self._refuse_curved()
        for left in range(self.order, 0, -1):
            how = layout if left == 1 else "numerator"
            result = derivative_of(
                result, self.variables, layout=how, mode=self.manner.mode, structured=self.manner.structured
            )
        if result.has(IMPLICIT) or self.body.has(IMPLICIT):
            result = with_names(result)
        if self.manner.way == "auto":
            return result
        from mcalc.calculus.other_forms import written

        return written(result, self.manner.way, self.variables[0])

    def _refuse_curved(self) -> None:
        """Refuse a second derivative by a variable whose directions change as it moves."""
        for variable in self.variables:
            structure = structure_of(variable)
            if self.order > 1 and structure is not None and structure.moves and self.manner.structured != "ignore":
                said = f"a second derivative by a variable that is {structure.said} is not supported"
                raise Mistake("E-UNSUPPORTED", said, hint="--structured ignore takes its entries as independent")

    @property
    def layout(self) -> str:
        """The layout of derivatives that it is written in: ``numerator`` or ``denominator``."""
        return self.manner.layout

    @property
    def form(self) -> str:
        """Say whether the result is in ``matrix`` notation, or, having no such form, in ``index`` notation."""
        return form_of(self.expr)

    @property
    def vec(self) -> str | None:
        """A derivative of three or four axes as the matrix between vecs, which stack columns; None where there is none.

        >>> from mcalc import derive
        >>> derive("A X B", wrt="X", where="A: R^{m x n}; X: R^{n x p}; B: R^{p x k}").vec
        'kron(Bᵀ, A)'
        """
        return self.other_form("vec")

    @property
    def direction(self) -> str | None:
        """A derivative of three or four axes as the linear map that it is: what X + dX changes to first order in dX.

        >>> from mcalc import derive
        >>> derive("inv(X)", wrt="X", where="X: R^{n x n}").direction
        'dX ↦ -X⁻¹ dX X⁻¹'
        """
        return self.other_form("map")

    def other_form(self, how: str, face: str = "unicode") -> str | None:
        """Return a derivative of three or four axes as the linear ``map``, or as the matrix between ``vec``, or None.

        `face` is ``unicode``, ``ascii`` or ``latex``.

        >>> from mcalc import derive
        >>> derive("inv(X)", wrt="X", where="X: R^{n x n}").other_form("map", "ascii")
        'dX -> -X^-1 dX X^-1'
        """
        found = self._as_tensor()
        if found is None:
            return None
        from mcalc.calculus.other_forms import along_direction, between_vecs

        faces: dict[str, tuple[Callable[[Expr], str], str]] = {
            "unicode": (lambda expr: unicode(expr, self._taken), "↦"),
            "ascii": (lambda expr: as_ascii(expr, self._taken), "->"),
            "latex": (self._in_latex, r"\mapsto"),
        }
        write, arrow = faces[face]
        if how == "map":
            return f" {arrow} ".join([write(part) for part in along_direction(*found, self.variables[0])])
        matrix = between_vecs(*found) if how == "vec" else None
        return None if matrix is None else write(matrix)

    def _in_latex(self, expr: Expr) -> str:
        from mcalc.render.latex_face import latex

        return latex(expr, self._taken, letters=letters_of(self.letters, self._fonts))

    def _as_tensor(self) -> tuple[Expr, int] | None:
        """The result with the number of axes of what was differentiated last, where it has more than two in all."""
        result = self._in_numerator_layout()
        if result.order < 3:
            return None
        from mcalc.calculus.other_forms import is_tensor

        if not is_tensor(result) or len(self.variables) > 1 or result.order <= self.variables[0].order:
            return None
        return result, result.order - self.variables[0].order

    @property
    @counted()
    def steps(self) -> Steps:
        """The derivation, step by step: each with its name, rule, section and the two sides of its equation.

        Nothing of it is computed, or loaded, before it is asked for.

        >>> from mcalc import derive
        >>> for step in derive("3x^2", wrt="x").steps:
        ...     print(step, "|", step.rule)
        d/dx (3 x²) = 3 d/dx x² | multiplication by constant rule
        d/dx (3 x²) = 3 (2 x) | power rule
        d/dx (3 x²) = 6 x | multiply the numbers
        """
        if self._steps is None:
            from mcalc.steps import Steps

            self._steps = Steps(
                self.body,
                self.variables,
                self.expr,
                order=self.order,
                manner=self.manner,
                taken=self._taken,
                by=self.by,
                fonts=self._fonts,
                called=self._called,
            )
        self._steps.letters = self.letters
        return self._steps

    @property
    def shape_words(self) -> str:
        """The shape as it is said beside the result, with the layout, where that makes a difference."""
        matters = depends_on_layout(self.expr, self.body, self.variables, self.order)
        return shape_words(self.expr, self.manner.layout if matters else "")

    def graph(self, mode: str = "backward") -> Picture:
        """Return the computation graph of the function, with the local Jacobians on its edges.

        Beside the steps stands what the chain rule has put together there: ``forward`` from the variable, or
        ``backward`` from the value. Raises :class:`~mcalc.errors.Mistake` for several variables, which have one each.

        >>> from mcalc import derive
        >>> derive("w · x + b", wrt="w").graph().dot.count("->")
        3
        """
        from mcalc.calculus.stories.graph import DIRECTIONS, Graph
        from mcalc.render.graph_pictures import Picture

        direction = {"auto": DIRECTIONS[1], "reverse": DIRECTIONS[1]}.get(mode, mode)
        one_of(DIRECTIONS, "direction", direction)
        if len(self.variables) > 1:
            raise Mistake("E-USAGE", "a graph is drawn for one variable", hint=f"--wrt {self.wrt[0]}")
        return Picture(Graph(self.function, self.variables[0], direction), set(self._taken))

    @property
    def asked(self) -> Expr:
        """The derivative that is asked for, as an expression."""
        found = self.body
        for _ in range(self.order):
            found = make(DERIVATIVE, (found, *self.variables))
        return found

    @property
    def function(self) -> Expr:
        """What was differentiated, with the derivatives in it worked out."""
        return resolve(self.body, mode=self.manner.mode, structured=self.manner.structured)

    @property
    def wrt(self) -> list[str]:
        """The variables as text."""
        return [unicode(variable, self._taken) for variable in self.variables]

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The sizes of the axes of the output, then of each variable, in whatever layout it is printed."""
        return sizes(self._in_numerator_layout())

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value: axes of the output, then of the variable; of several variables, one last axis.

        Where a norm is 0, and so has no derivative, 0 is taken for it. Where a matrix has no inverse, the derivative of
        its determinant is its adjugate, transposed.
        """
        from mcalc.calculus.singular_points import taken_at_zero
        from mcalc.numeric.values import value_of

        result, given = self._in_numerator_layout(), by_plain_name(values)
        function = self.function
        return value_of(taken_at_zero(function, result)[0], "derivative", given, self._symbols, function)

    def claims(self) -> list[Claim]:
        """Return the derivatives on the way to the result, innermost first, and the result as it is printed."""
        inner: list[tuple[Expr, tuple[Expr, ...], Expr]] = []
        how = self.manner.structured
        function = resolve(self.body, mode=self.manner.mode, found=inner, structured=how)
        claims = [claim(*one, structured=how) for one in inner]
        for _ in range(self.order - 1):
            result = derivative_of(function, self.variables, mode=self.manner.mode, structured=how)
            claims.append(claim(function, self.variables, result, structured=how))
            function = result
        claims.append(claim(function, self.variables, self.expr, self.manner.layout, how))
        return claims

    def to(self, target: str = "numpy", parts: Sequence[str] = (), *, as_operator: bool = False) -> str:
        """Return the source of a plain function: ``numpy``, ``jax``, ``torch``, ``julia``, ``c``, or ``array-api``.

        `parts` of ``value``, ``grad`` and ``hess`` are returned together, with what they share worked out once; without
        any, it is this derivative alone. `as_operator` gives a structured matrix by what it does: products with a
        vector, its diagonal, the dense array. Raises :class:`~mcalc.errors.Mistake` for what a target lacks.

        >>> from mcalc import derive
        >>> print(derive("w .* sin(x)", wrt="x").to("numpy").split(":", 1)[0].split(chr(10))[-1])
        def jacobian(w, x)
        """
        return self._exporter().source(target, parts, as_operator=as_operator)

    def compile(self, target: str = "numpy", parts: Sequence[str] = (), *, as_operator: bool = False) -> Any:
        """Return that function itself, ready to be called with arrays.

        >>> from mcalc import derive
        >>> derive("x^2 + 3x", wrt="x").compile()(2.0)
        7.0
        """
        return self._exporter().compiled(target, parts, as_operator=as_operator)

    def test_source(self, file: str, target: str = "numpy", parts: Sequence[str] = ()) -> str:
        """Return a program that checks the exported function in a file beside it, such as ridge.py, by differences.

        Raises:
            Mistake: `E-FILE`, where C cannot include a file of that name.
        """
        return self._exporter().test_source(target, file, parts)

    def _exporter(self) -> Exporter:
        from mcalc.export.exported import Exporter

        free = sorted({str(index.attr[0]) for expr in (self.body, *self.variables) for index in expr.free})
        if free:
            said = f"{' and '.join(free)} {'is' if len(free) == 1 else 'are'} free, and code has nothing to put for it"
            hint = "differentiate by the whole variable, x in place of x_i; a vector over i is p_i = ..."
            raise Mistake("E-UNSUPPORTED", said, hint=hint)
        appeared = variables_in(self.body)
        symbols = list(dict.fromkeys([*appeared, *self._symbols]))
        return Exporter(
            self.body,
            self.variables,
            self.order,
            self._in_numerator_layout(),
            symbols,
            lambda expr: unicode(expr, self._taken),
            self.manner.structured,
        )

    def _in_numerator_layout(self) -> Expr:
        return self.expr if self.manner.layout == "numerator" else self._worked_out("numerator")

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {
            "expr": unicode(self.body, self._taken),
            "wrt": self.wrt,
            "order": self.order,
            **super().record(),
            "form": self.form,
            "layout": self.manner.layout,
            **({} if self.manner.structured == "projected" else {"structured": self.manner.structured}),
            **({} if self._as_tensor() is None else {"vec": self.vec, "direction": self.direction}),
        }
