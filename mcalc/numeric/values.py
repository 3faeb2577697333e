"""The values of an expression and its derivative at one point, with what there is to say of them.

At a matrix without an inverse the formula may have no value, and the derivative one all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from mcalc.calculus.singular_points import taken_at_zero, with_adjugates
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.data import all_finite
from mcalc.numeric.evaluate import evaluate, is_finite
from mcalc.numeric.stand_ins import over_draws
from mcalc.operators.arithmetic import POW
from mcalc.operators.leaves import is_number


def no_inverse(what: str) -> Mistake:
    """Return what is said where a matrix in a formula has no inverse, and so the formula no value."""
    return Mistake(
        "E-DOMAIN",
        f"the formula of the {what} has no value here: a matrix in it has no inverse",
        hint="another value, or a small multiple of I added to it",
    )


def value_of(
    expr: Expr,
    what: str,
    values: Mapping[str, Any],
    declared: Iterable[Expr],
    function: Expr | None = None,
    watch: Callable[[Expr, Sequence[Any]], None] | None = None,
    common: dict[Expr, Any] | None = None,
) -> Any:
    """Return the value of an expression, or of the derivative of a `function`, which may exist where the formula fails.

    det(A) A⁻ᵀ, the derivative of det(A), is made of polynomials in A: where A has no inverse and the function has a
    value, it is worked out as the adjugate. `common` is that of `evaluate`.
    Raises :class:`~mcalc.errors.Mistake`: ``E-DOMAIN`` where a matrix has no inverse and there is no such form.

    >>> from mcalc import parse
    >>> det = parse("det(A)", where="A: R^{n x n}").expr
    >>> slope = parse("det(A) A^-T", where="A: R^{n x n}").expr
    >>> value_of(slope, "derivative", {"A": [[1.0, 2.0], [2.0, 4.0]]}, [], det).round(9).tolist()
    [[4.0, -2.0], [-2.0, 1.0]]
    """
    import numpy as np

    declared = list(declared)
    asked, (expr, drawn) = expr, over_draws(expr, values)
    function, values = None if function is None else over_draws(function, values)[0], drawn
    found: Any = None
    try:
        found = evaluate(expr, values, declared, watch, common if expr is asked else None)
        if function is None or is_finite(found):
            return found
    except np.linalg.LinAlgError:
        pass
    adjugates = expr if function is None else with_adjugates(expr)
    try:
        if function is not None and adjugates is not expr and is_finite(evaluate(function, values, declared)):
            return evaluate(adjugates, values, declared)
    except np.linalg.LinAlgError:
        pass
    if found is None:
        raise no_inverse(what)
    return found


class _FirstLoss:
    """Sees every operator at a point, and remembers the first that made no finite number of finite ones.

    It is `at_zero` where one of the `tests` that something is not 0 fails.
    """

    __slots__ = ("at_zero", "broken", "infinite", "tests")

    def __init__(self, tests: Container[Expr] = ()) -> None:
        self.tests = tests
        self.at_zero = False
        self.broken: Expr | None = None
        self.infinite: set[Expr] = set()

    def see(self, node: Expr, args: Sequence[Any]) -> None:
        import numpy as np

        if node in self.tests and not np.all(args[0]):
            self.at_zero = True
        for arg, value in zip(node.args, args, strict=False):
            checked = arg in self.infinite or arg.op.kind == "leaf" or np.asarray(value).dtype.kind not in "fc"
            if not checked and not all_finite(value):
                self.infinite.add(arg)
                if self.broken is None and arg.op.kind != "leaf":
                    self.broken = arg


class Values:
    """The value of a function at a point and, if `result` is its derivative, that of it; warnings of what is unusual.

    `finite` says that all values at the point are. What both have in common is worked out once.

    Raises :class:`~mcalc.errors.Mistake`: ``E-DOMAIN`` where a matrix has no inverse, ``E-LIMIT`` where memory ends.
    """

    __slots__ = ("common", "declared", "derivative", "finite", "value", "values", "warnings")

    def __init__(
        self,
        function: Expr,
        result: Expr | None,
        values: Mapping[str, Any],
        declared: Sequence[Expr],
        *,
        finite: bool = True,
    ) -> None:
        self.values = values
        self.declared = declared
        self.warnings: list[str] = []
        self.finite = finite
        self.common: dict[Expr, Any] = {}
        self.derivative: Any = None
        if result is None:
            self.value = self._of(function, "value")
            return
        taken, tests = taken_at_zero(function, result)
        in_both = {node for node in walk(taken) if node.op.kind != "leaf" and node not in tests}
        self.common = dict.fromkeys([node for node in walk(function) if node in in_both])
        self.value = self._of(function, "value")
        self.derivative = self._of(taken, "derivative", function, tests)

    def _of(self, expr: Expr, what: str, function: Expr | None = None, tests: Container[Expr] = ()) -> Any:
        """Return the value of one expression, and warn where it is not finite at a point that is.

        In a derivative, one of the `tests` that a norm is not 0 may fail: that is said.
        """
        import numpy as np

        loss = _FirstLoss(tests)
        watch = loss.see if self.finite else None
        try:
            found = value_of(expr, what, self.values, self.declared, function, watch, self.common)
        except MemoryError:
            raise Mistake("E-LIMIT", f"there is not enough memory for the {what}", hint="give less data") from None
        if loss.broken is not None:
            self.common = {}  # that another expression meets the same loss is to be seen again
        found = np.asarray(found, dtype=float)
        if loss.at_zero:
            self.warnings.append("a norm is 0 here, where it has no derivative: 0 is taken")
        unusual = found.size - np.count_nonzero(np.isfinite(found))
        if unusual and self.finite:
            entries = f"{unusual} of {found.size} entries of the {what} are" if found.ndim else f"the {what} is"
            self.warnings.append(f"{entries} NaN or infinite here{_why(loss.broken or expr)}")
        return found


def _why(node: Expr) -> str:
    """Say why an operator made no finite number of finite ones, where that is known."""
    if node.op is POW and is_number(node.args[1]):
        exponent = node.args[1].attr
        if exponent < 0 or exponent == int(exponent):
            return ": a division by 0" if exponent < 0 else ""
    return f": {node.op.domain} does not hold" if node.op.domain else ""
