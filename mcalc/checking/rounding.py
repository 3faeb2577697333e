"""How far rounding may move a value: found by moving what every operator is given, where it does not jump."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

SHAKE = 1e-14
"""Every operator's arguments are moved by as much, relatively."""
TURNS = (0, 1, 2)
"""So often they are moved, each time otherwise."""


def jumps(node: Expr) -> bool:
    """Say whether an operator is constant but for jumps, as a comparison is; then it is told apart exactly.

    >>> from mcalc.operators.arithmetic import greater, mul
    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> jumps(greater(x, y)), jumps(mul(x, y))
    (True, False)
    """
    op = node.op
    if op.name == "unit":
        return True  # its argument is counted
    if op.partial is not None:
        return all([op.partial(node, place) is None for place in range(len(node.args))])
    try:
        return op.jacobian is not None and all([not op.jacobian(node, place) for place in range(len(node.args))])
    except Mistake:  # it has none
        return False


def noise(
    side: Expr, variables: Sequence[Expr], values: Mapping[str, Any], at: Any, turns: Sequence[int] = TURNS
) -> Any:
    """Return how far rounding may move each entry of a side, which is `at` a point; infinite where it has no value.

    What jumps is given what it was given at the point itself, so that a comparison comes out as it did there, and an
    entry that is equal to the largest one stays so.
    """
    import numpy as np

    fixed = frozenset(node for node in walk(side) if node.args and node.op.name != "index" and jumps(node))
    given: list[list[Any]] = []
    reach = np.zeros_like(at)

    def run(watch: Callable[[Expr, Sequence[Any]], None]) -> Any:
        return np.asarray(evaluate(side, values, variables, watch=watch), dtype=float)

    def keep(node: Expr, args: Sequence[Any]) -> None:
        if node in fixed:
            given.append(list(args))

    try:
        if fixed:
            run(keep)
        for turn in turns:
            rng = np.random.default_rng([13, turn])
            again = iter(given)

            def shake(node: Expr, args: Sequence[Any], rng: Any = rng, again: Any = again) -> None:
                if node in fixed:
                    args[:] = next(again)  # type: ignore[index]  # a list, where there are any
                elif node.op.name != "index":
                    known = node.args[:1] if node.op.name in ("element", "slice") else node.args
                    for k, arg in enumerate(known):
                        if arg.op.kind != "leaf" or arg.op.name == "symbol":
                            by = 1 + SHAKE * rng.choice((-1, 1), np.shape(args[k]))
                            args[k] = np.asarray(args[k]) * by  # type: ignore[index]

            moved = run(shake)
            reach = np.maximum(reach, np.nan_to_num(np.abs(moved - at), nan=np.inf))
    except (Mistake, IndexError, np.linalg.LinAlgError):
        return np.full_like(at, np.inf)
    return reach
