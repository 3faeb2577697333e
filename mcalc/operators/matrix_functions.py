"""Rows of functions of a square matrix, expm, logm and powers, and of their Fréchet derivatives.

The derivative of a function of a matrix is a linear map, L_exp(A) for e^A: `L_exp(A)` alone is its tensor of four axes,
`L_exp(A, E)` what it makes of a direction. Each derivative more takes one direction more.

Source: Higham, Functions of Matrices (2008), chapter 3; Higham and Relton, Higher order Fréchet derivatives of matrix
functions and the level-2 condition number (2014).
"""

from __future__ import annotations

from mcalc.dims import Shape
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import add
from mcalc.operators.leaves import EYE, eye, is_number, number, ratio
from mcalc.operators.linear import TRANSPOSE, matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.solutions import SYLVESTER, matrix_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
PRINCIPAL = "no eigenvalue of A is negative or 0"


def own_arguments(row: Operator) -> int:
    """Return how many arguments of a derivative stand before its directions: the matrix, the exponent."""
    return 2 if row is FRECHET["pow"] else 1


def order_of(node: Expr) -> int:
    """Return which derivative a node is."""
    given = len(node.args) - own_arguments(node.op)
    return int(node.attr) if node.attr is not None else max(1, given)


def frechet(row: Operator, args: tuple[Expr, ...], order: int) -> Expr:
    """Return the derivative of an order of a function, along directions as many as stand in its arguments."""
    given = len(args) - own_arguments(row)
    return make(row, args, None if order == max(1, given) else order)


def _shape(args: tuple[Expr, ...], attr: Any, name: str) -> Shape:
    n = matrix_at(args, 0, f"L_{name}").shape[0]
    own = 2 if name == "pow" else 1
    if len(args) < own or (own == 2 and args[1].shape):
        raise ShapeError("L_pow takes a matrix and an exponent", (0,), hint="L_pow(A, p, E)")
    for place in range(own, len(args)):
        if args[place].shape != (n, n):
            raise ShapeError(f"a direction of L_{name}(A, E) is a matrix like A", (0, place))
    given = len(args) - own
    free = (attr if attr is not None else max(1, given)) - given
    if free < 0:
        raise ShapeError(f"L_{name} takes as many directions as the order of the derivative", (0,))
    return (n, n) * (1 + free)


def _is_symmetric(args: tuple[Expr, ...], attr: Any) -> bool:
    return all([not a.shape or a.is_symmetric for a in args])


def _jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """One order more by the matrix, in two axes more; by a direction that axes again."""
    row, args = node.op, node.args
    own, order = own_arguments(row), order_of(node)
    out = tuple(range(node.order))
    last = (node.order, node.order + 1)
    if k == 0:
        return [LocalTerm(1, ((frechet(row, args, order + 1), out + last),), out, last)]
    if k >= own:
        rest = args[:k] + args[k + 1 :]
        return [LocalTerm(1, ((frechet(row, rest, order), out + last),), out, last)]
    if order > 1:
        raise Mistake("E-UNSUPPORTED", "the derivative of a higher derivative of A^p by p is not supported")
    a, p, *directions = args
    power, log = make(POWM, (a, p)), make(LOGM, (a,))
    inner = make(FRECHET["log"], (a, *directions))
    between = node.order + 2
    return [
        LocalTerm(1, ((inner, (0, between, *out[2:])), (power, (between, 1))), out, ()),
        LocalTerm(1, ((log, (0, between)), (node, (between, *out[1:]))), out, ()),
    ]


def _numpy(name: str) -> Any:
    own = 2 if name == "pow" else 1

    def value(env: Any, node: Expr, *args: Any) -> Any:
        free = (node.order - 2) // 2
        return env.matrices.frechet(env.np, name, args[0], args[1:own], args[own:], free)

    return value


def _derivative(name: str, word: str, given: str) -> Operator:
    return Operator(
        f"L_{name}", "tensor", lambda args, attr: _shape(args, attr, name), spellings=(f"L_{name}",), arity=(1, None),
        layout="frechet", jacobian=_jacobian, numpy=_numpy(name), symmetric=_is_symmetric,
        rule=f"derivative of {word}", section=BEYOND,
        formula=f"L_{name}(A, E) is the derivative of {given} along E, the upper right block of that of [A, E; 0, A]",
        domain="" if name == "exp" else PRINCIPAL,
        example=f"L_{name}(A, E)" if name != "pow" else "L_pow(A, p, E)",
    )  # fmt: skip


FRECHET = {
    "exp": _derivative("exp", "the matrix exponential", "e^A"),
    "log": _derivative("log", "the matrix logarithm", "logm(A)"),
    "pow": _derivative("pow", "a matrix power", "A^p"),
}


def _square(what: str) -> Any:
    return lambda args, attr: matrix_at(args, 0, what).shape


def _whole(row: Operator, axes: tuple[Expr, ...]) -> list[LocalTerm]:
    return [LocalTerm(1, ((make(row, axes), (0, 1, 2, 3)),), (0, 1), (2, 3))]


EXPM = Operator(
    "expm", "tensor", _square("the matrix exponential"), spellings=("expm",),
    jacobian=lambda node, k: _whole(FRECHET["exp"], node.args),
    numpy=lambda env, node, a: env.matrices.exponential(env.np, a), symmetric=lambda args, attr: args[0].is_symmetric,
    rule="matrix exponential", section=BEYOND,
    formula="∂expm(A) = L_exp(A, ∂A); d expm(t A)/dt = A expm(t A); ∂tr(expm(A))/∂A = expm(A)ᵀ",
    example="expm(t A)",
)  # fmt: skip
LOGM = Operator(
    "logm", "tensor", _square("the matrix logarithm"), spellings=("logm",),
    jacobian=lambda node, k: _whole(FRECHET["log"], node.args),
    numpy=lambda env, node, a: env.matrices.logm(env.np, a), symmetric=lambda args, attr: args[0].is_symmetric,
    rule="matrix logarithm", section=BEYOND, formula="∂logm(A) = L_log(A, ∂A); ∂tr(logm(A))/∂A = A⁻ᵀ",
    domain=PRINCIPAL, example="logm(A)",
)  # fmt: skip


def _power_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    shape = matrix_at(args, 0, "a matrix power").shape
    if args[1].shape:
        raise ShapeError("the exponent of a matrix is a number", (1,))
    return shape


def _power_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """By Sylvester's equation for a root: √A dR + dR √A = dA; for its inverse -R dS R; else the Fréchet derivative."""
    a, p = node.args
    if k:
        return [LocalTerm(1, ((make(LOGM, (a,)), (0, 2)), (node, (2, 1))), (0, 1), ())]
    if is_number(p, 0.5):
        return _whole(SYLVESTER, (node, node))
    if is_number(p, -0.5):
        root = make(POWM, (a, number(ratio(1, 2))))
        solves = make(SYLVESTER, (root, root))
        return [LocalTerm(-1, ((node, (0, 4)), (solves, (4, 5, 2, 3)), (node, (5, 1))), (0, 1), (2, 3))]
    return _whole(FRECHET["pow"], node.args)


POWM = Operator(
    "matrix power", "tensor", _power_shape, arity=(2, 2), layout="matrix_power", jacobian=_power_jacobian,
    numpy=lambda env, node, a, p: env.matrices.powm(env.np, a, p), symmetric=lambda args, attr: args[0].is_symmetric,
    rule="matrix power", section=BEYOND,
    formula="∂A^(1/2) = sylvester(A^(1/2), A^(1/2), ∂A); ∂A^p = L_pow(A, p, ∂A); ∂tr(A^p)/∂A = p (A^(p - 1))ᵀ",
    domain=PRINCIPAL, example="A^(1/2)",
)  # fmt: skip


def powm(a: Expr, p: Expr) -> Expr:
    """Return a power of a square matrix: of a whole exponent by products, of any other the principal one."""
    if a.op is EYE:
        return a
    if a.op is POWM and is_number(p) and type(p.attr) is int and is_number(a.args[1]):
        return powm(a.args[0], number(a.args[1].attr * p.attr))
    if is_number(p) and type(p.attr) is int:
        factor = a if p.attr > 0 else inv(a)
        return matmul(*[factor] * abs(p.attr)) if p.attr else eye(a.shape[0])
    return make(POWM, (a, p))


SQRTM = Operator(
    "sqrtm", "spelling", _square("the matrix square root"), spellings=("sqrtm",),
    body=lambda a: powm(a, number(ratio(1, 2))),
    rule="matrix square root", section=BEYOND, formula="sqrtm(A) = A^(1/2)", domain=PRINCIPAL, example="sqrtm(A)",
)  # fmt: skip


def derivative_at(node: Expr) -> tuple[Expr, ...]:
    """Return f′(A) as factors of a product, for the Fréchet derivative of f at A and for the equation of a root.

    On what commutes with A the derivative is the product with f′(A).
    """
    a = node.args[0]
    if node.op is FRECHET["exp"]:
        return (make(EXPM, (a,)),)
    if node.op is FRECHET["log"]:
        return (inv(a),)
    if node.op is SYLVESTER:
        plain = transpose(a) if a.op is TRANSPOSE else a
        root = plain.op is POWM and is_number(plain.args[1])
        back = powm(plain.args[0], number(-plain.args[1].attr)) if root else inv(plain)
        return (number(ratio(1, 2)), back if plain is a else transpose(back))
    p = node.args[1]
    return (p, powm(a, add(p, number(-1)) if not is_number(p) else number(p.attr - 1)))


ROWS = (EXPM, LOGM, POWM, SQRTM, *FRECHET.values())
