"""Derivatives at matrices without an inverse: the formula may have none, and the derivative a value all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.calculus.adjugates import with_adjugates
from mcalc.errors import Mistake
from mcalc.numeric.evaluate import evaluate, is_finite
from mcalc.numeric.stand_ins import over_draws

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mcalc.expr import Expr


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
) -> Any:
    """Return the value of an expression, or of the derivative of a `function`, which may exist where the formula fails.

    det(A) A⁻ᵀ, the derivative of det(A), is made of polynomials in A: where A has no inverse and the function has a
    value, it is worked out as the adjugate.
    Raises :class:`~mcalc.errors.Mistake`: ``E-DOMAIN`` where a matrix has no inverse and there is no such form.

    >>> from mcalc import parse
    >>> det = parse("det(A)", where="A: R^{n x n}").expr
    >>> slope = parse("det(A) A^-T", where="A: R^{n x n}").expr
    >>> value_of(slope, "derivative", {"A": [[1.0, 2.0], [2.0, 4.0]]}, [], det).round(9).tolist()
    [[4.0, -2.0], [-2.0, 1.0]]
    """
    import numpy as np

    declared = list(declared)
    expr, drawn = over_draws(expr, values)
    function, values = None if function is None else over_draws(function, values)[0], drawn
    found: Any = None
    try:
        found = evaluate(expr, values, declared, watch)
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
