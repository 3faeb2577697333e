"""Rows of vectors of three: the cross product, and the matrix [a]_× that multiplies by a in it."""

from __future__ import annotations

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import neg
from mcalc.operators.leaves import number, ratio, size_given
from mcalc.operators.linear import TRANSPOSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
THREE = Dim.of(3)
SIGNS = (((0, 0, 0), (0, 0, 1), (0, -1, 0)), ((0, 0, -1), (0, 0, 0), (1, 0, 0)), ((0, 1, 0), (-1, 0, 0), (0, 0, 0)))


def _of_three(what: str, args: tuple[Expr, ...]) -> None:
    for place, arg in enumerate(args):
        if arg.order != 1 or arg.is_row:
            shown = f"a row of {arg.shape[0]}" if arg.order == 1 else f"a {shape_text(arg.shape)}"
            raise ShapeError(f"{what} takes vectors of 3, not {shown}", (place,))
        if arg.shape[0] is not THREE:
            raise ShapeError(f"{what} takes vectors of 3, not of {arg.shape[0]}", (place,), arg.shape[0], THREE)


def _cross_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    _of_three("the cross product", args)
    return (THREE,)


def _hat_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    _of_three("hat", args)
    return (THREE, THREE)


def _three_axes(args: tuple[Expr, ...], attr: Any) -> Shape:
    if size_given(args[0]) is not THREE:
        raise ShapeError("levicivita takes the number 3", (0,), hint="levicivita(3)")
    return (THREE, THREE, THREE)


def _vee_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if args[0].order != 2:
        raise ShapeError(f"vee takes a matrix of 3×3, not a {shape_text(args[0].shape)}", (0,))
    for dim in args[0].shape:
        if dim is not THREE:
            raise ShapeError(f"vee takes a matrix of 3×3, not a {shape_text(args[0].shape)}", (0,), dim, THREE)
    return (THREE,)


LEVICIVITA = Operator(
    "levicivita", "leaf", _three_axes, spellings=("levicivita",), arity=(1, 1),
    numpy=lambda env, node, three: env.np.array(SIGNS, dtype=float), layout="call levicivita",
    rule="sign of a permutation", section=BEYOND, formula="1 at 123, 231, 312; -1 at 132, 213, 321; 0 elsewhere",
    example="levicivita(3)",
)  # fmt: skip
HAT = Operator(
    "hat", "tensor", _hat_shape, spellings=("hat", "skew"), row=lambda args, attr: False,
    jacobian=lambda node, k: [LocalTerm(1, ((make(LEVICIVITA, (number(3),)), (0, 2, 1)),), (0, 1), (2,))],
    numpy=lambda env, node, a: -(env.np.array(SIGNS, dtype=float) @ a),
    rule="matrix of the cross product", section=BEYOND, formula="hat(a) b = cross(a, b), so hat(a)ᵀ = -hat(a)",
    example="hat(a)",
)  # fmt: skip
TRANSPOSES[HAT] = lambda matrix: make(HAT, (neg(matrix.args[0]),))  # ([a]_×)ᵀ = [-a]_×
VEE = Operator(
    "vee", "tensor", _vee_shape, spellings=("vee",), row=lambda args, attr: False,
    jacobian=lambda node, k: [LocalTerm(ratio(-1, 2), ((make(LEVICIVITA, (number(3),)), (0, 1, 2)),), (0,), (1, 2))],
    numpy=lambda env, node, a: env.np.array([a[2][1] - a[1][2], a[0][2] - a[2][0], a[1][0] - a[0][1]]) / 2,
    rule="vector of a skew matrix", section=BEYOND, formula="vee(hat(a)) = a; vee(A) is that of (A - Aᵀ)/2",
    example="vee(A)",
)  # fmt: skip
CROSS = Operator(
    "cross", "tensor", _cross_shape, spellings=("cross",), arity=(2, 2), row=lambda args, attr: False,
    jacobian=lambda node, k: [LocalTerm(-1 if k == 0 else 1, ((hat(node.args[1 - k]), (0, 1)),), (0,), (1,))],
    numpy=lambda env, node, a, b: env.np.cross(a, b),
    rule="cross product", section=BEYOND, formula="∂cross(a, b)/∂b = hat(a), ∂cross(a, b)/∂a = -hat(b)",
    example="cross(a, b)",
)  # fmt: skip


def hat(a: Expr) -> Expr:
    """Return the matrix [a]_× with [a]_× b = a × b."""
    return make(HAT, (a,))


def cross(a: Expr, b: Expr) -> Expr:
    """Return the cross product of two vectors of 3.

    >>> from mcalc.operators.leaves import symbol
    >>> cross(symbol("a", (THREE,)), symbol("b", (THREE,))).shape
    (Dim(3),)
    """
    return make(CROSS, (a, b))


ROWS = (LEVICIVITA, HAT, VEE, CROSS)
