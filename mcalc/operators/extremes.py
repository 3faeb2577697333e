"""Rows of the largest and the least entry, of all or of each row or column, and of where it is.

`hardmax(x)` is 1 at the first largest entry and 0 elsewhere: to max what softmax is to logsumexp. It finds the entry by
its place, so that of equal entries one counts, and rounding cannot part an entry from the maximum it is.
"""

from __future__ import annotations

from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.axes import AXES, reduction
from mcalc.operators.elementwise import ABS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Shape

BEYOND = "beyond the paper"
WORDS = {"max": "largest", "min": "least"}
ROWS: list[Operator] = []


def _array(what: str, args: tuple[Expr, ...]) -> Shape:
    if args[0].order not in (1, 2):
        raise ShapeError(f"{what} takes a vector or a matrix, not a {shape_text(args[0].shape)}", (0,))
    return args[0].shape


def _matrix(name: str, axis: int, args: tuple[Expr, ...]) -> Shape:
    if args[0].order != 2:
        said = f"{name}(A, {AXES[axis]}) takes a matrix, not a {shape_text(args[0].shape)}"
        raise ShapeError(said, (0,), hint=f"{name}(x) is that of all entries")
    return args[0].shape


def _place(env: Any, name: str, a: Any, axis: int | None = None) -> Any:
    """The first place of the largest or least entry by its real part, of all entries or along an axis."""
    find = env.np.argmax if name == "max" else env.np.argmin
    return find(env.np.real(a).reshape(-1)) if axis is None else find(env.np.real(a), axis=axis)


def _at_place(env: Any, name: str, a: Any, axis: int | None = None) -> Any:
    """Ones at those places, zeros elsewhere; NaN where an entry is, for then none is the largest."""
    np = env.np
    found = np.zeros(a.shape)
    if axis is None:
        found.reshape(-1)[_place(env, name, a)] = 1.0
    else:
        np.put_along_axis(found, np.expand_dims(_place(env, name, a, axis), axis), 1.0, axis)
    return np.where(np.isnan(a).any(axis=axis, keepdims=True), np.nan, found)


def _extreme(name: str, hard: Operator, layout: str) -> Operator:
    """The row of the largest or least entry of all."""
    what = WORDS[name]
    return Operator(
        f"{name}imum", "tensor", lambda args, attr: _array(name, args)[:0], layout=layout,
        jacobian=lambda node, k: [
            LocalTerm(1, ((make(hard, node.args), axes := tuple(range(node.args[0].order))),), (), axes)
        ],
        numpy=lambda env, node, a: a.reshape(-1)[_place(env, name, a)],
        rule=f"{what} entry", section=BEYOND, formula=f"∂{name}(x)/∂x = hard{name}(x)ᵀ",
        kink=f"{name}(x) has no derivative where two entries are the {what}: that of the first is taken",
        example=f"{name}(x)",
    )  # fmt: skip


def _hard(name: str) -> Operator:
    """The row of where the largest or least entry of all is."""
    called = f"hard{name}"
    return Operator(
        called, "tensor", lambda args, attr: _array(called, args), spellings=(called,),
        row=lambda args, attr: args[0].is_row, jacobian=lambda node, k: [],
        numpy=lambda env, node, a: _at_place(env, name, a),
        rule=f"place of the {WORDS[name]} entry", section=BEYOND,
        formula=f"{called}(x) is 1 at the first {WORDS[name]} entry, 0 elsewhere",
        kink=f"{called}(x) is constant but for the jumps where another entry becomes the {WORDS[name]}",
        example=f"{called}(x)",
    )  # fmt: skip


HARDMAX, HARDMIN = _hard("max"), _hard("min")
MAXIMUM, MINIMUM = _extreme("max", HARDMAX, "call max"), _extreme("min", HARDMIN, "call min")
NORMINF = Operator(
    "norminf", "defined", lambda args, attr: _array("norminf", args)[:0], spellings=("norminf",),
    body=lambda a: make(MAXIMUM, (make(ABS, (a,)),)),
    numpy=lambda env, node, a: (size := env.np.where(env.np.real(a) < 0, -a, a)).reshape(-1)[_place(env, "max", size)],
    rule="sup norm", section=BEYOND, formula="norminf(x) = max(|x|)",
    kink="the sup norm has no derivative where two entries are the largest: that of the first is taken",
    example="norminf(x)",
)  # fmt: skip


def _hard_along(name: str, axis: int) -> Operator:
    """The row of where the largest or least entry of each row (`axis` 0) or column is."""
    called, each = f"hard{name}", ("row", "column")[axis]
    return Operator(
        f"{called} {AXES[axis]}", "tensor", lambda args, attr: _matrix(called, axis, args),
        spellings=(f"{called} {AXES[axis]}",), layout=f"along {called} {AXES[axis]}", jacobian=lambda node, k: [],
        numpy=lambda env, node, a: _at_place(env, name, a, 1 - axis),
        rule=f"place of the {WORDS[name]} entry of each {each}", section=BEYOND,
        formula=f"{called}(A, {AXES[axis]}) is 1 at the first {WORDS[name]} entry of each {each}, 0 elsewhere",
        kink=f"{called}(A, {AXES[axis]}) is constant but for the jumps where another entry becomes the {WORDS[name]}",
        example=f"{called}(A, {AXES[axis]})",
    )  # fmt: skip


def _along(name: str, axis: int, hard: Operator) -> Operator:
    """The row of the largest or least entry of each row or column."""
    each, what = ("row", "column")[axis], WORDS[name]

    def value(env: Any, node: Expr, a: Any) -> Any:
        np = env.np
        places = np.expand_dims(_place(env, name, a, 1 - axis), 1 - axis)
        return np.take_along_axis(a, places, axis=1 - axis).squeeze(1 - axis)

    return reduction(
        name, axis, f"{what} entry of each {each}", f"{name}(A, {AXES[axis]}): the {what} entry of each {each}",
        kind="tensor", jacobian=lambda node, k: [LocalTerm(1, ((make(hard, node.args), (0, 1)),), (axis,), (0, 1))],
        numpy=value,
        kink=f"{name}(A, {AXES[axis]}) has no derivative where two entries of a {each} are the {what}: "
        "that of the first is taken",
    )  # fmt: skip


HARD_ALONG = {(name, axis): _hard_along(name, axis) for axis in (0, 1) for name in WORDS}
"""Where the largest and the least entry of each row (0) and of each column (1) are."""
ONE_HOT: dict[Operator, tuple[int, ...]] = {
    HARDMAX: (0, 1),
    HARDMIN: (0, 1),
    **{row: (1 - axis,) for (_, axis), row in HARD_ALONG.items()},
}
"""Rows whose entries add up to 1, with the axes along which they do."""
EXTREMES = (MAXIMUM, MINIMUM, *[_along(name, axis, row) for (name, axis), row in HARD_ALONG.items()])
"""The largest and the least entry of all, of each row and of each column."""
ROWS += [*EXTREMES, NORMINF, *ONE_HOT]
