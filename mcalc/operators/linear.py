"""Linear rows: each is an einsum of its arguments, from which its derivative follows.

`einsum` itself is a row, so a derivative of any rank is an expression again. Labels are whole numbers, one set of them
for each argument and one for the result; a label that the result lacks is summed.
"""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import mul
from mcalc.operators.leaves import ONES, as_place, eye, is_number, unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Labels


WANTED = {0: "a scalar", 1: "a vector", 2: "a matrix"}


def taken(args: tuple[Expr, ...], place: int, what: str, *orders: int, hint: str = "") -> Expr:
    """Return an argument, which has one of some orders; raises :class:`~mcalc.errors.ShapeError` where it has not."""
    arg = args[place]
    if arg.order not in orders:
        wanted = " or ".join([WANTED[order] for order in orders])
        raise ShapeError(f"{what} takes {wanted}, not a {shape_text(arg.shape)}", (place,), hint=hint)
    return arg


def equal(what: str, left: Dim, right: Dim, places: tuple[int, ...]) -> None:
    """Raise :class:`~mcalc.errors.ShapeError` where two sizes differ."""
    if left is not right:
        raise ShapeError(f"{what}: sizes {left} and {right} differ", places, left, right)


def square(args: tuple[Expr, ...], what: str) -> Shape:
    """Return the shape of a square matrix, the first argument; raises :class:`~mcalc.errors.ShapeError` for another."""
    a = taken(args, 0, what, 2)
    equal(f"{what} takes a square matrix", a.shape[0], a.shape[1], (0,))
    return a.shape


def _dot_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a, b = args
    if a.order != b.order or a.order == 0:
        raise ShapeError(f"no dot product of a {shape_text(a.shape)} and a {shape_text(b.shape)}", (0, 1))
    for left, right in zip(a.shape, b.shape, strict=True):
        equal("dot product", left, right, (0, 1))
    return ()


DOT = Operator(
    "dot", "linear", _dot_shape, spellings=("dot", "inner"), arity=(2, 2), layout="dot", latex=r"\cdot",
    einsum=lambda node: ((tuple(range(node.args[0].order)),) * 2, ()),
    numpy=lambda env, node, a, b: (a * b).sum(),
    rule="dot product", section="5", formula="∂(w · x)/∂w = xᵀ", example="w · x",
)  # fmt: skip


def chain_ends(arg: Expr) -> tuple[Dim | None, Dim | None]:
    """Return the row and column sizes of a factor of a matrix product; a vector lacks one of them."""
    shape = arg.shape
    if len(shape) == 2:
        return shape[0], shape[1]
    return (None, shape[0]) if arg.is_row else (shape[0], None)


def _chain(args: tuple[Expr, ...]) -> tuple[tuple[Labels, ...], Labels]:
    """Label a matrix product from left to right: labels of each factor, and of the result."""
    labels: list[Labels] = []
    fresh = 0
    head: int | None = None
    tail: int | None = None
    for place, arg in enumerate(args):
        rows, columns = chain_ends(arg)
        if place and (tail is None) != (rows is None):
            raise ShapeError("matrix product", (place - 1, place))
        left = tail
        if rows is not None and left is None:
            left, fresh = fresh, fresh + 1
            head = left if place == 0 else head
        if rows is None and place and tail is None:
            left = None
        right: int | None = None
        if columns is not None:
            right, fresh = fresh, fresh + 1
        labels.append(tuple([label for label in (left if rows is not None else None, right) if label is not None]))
        tail = right
    out = tuple([label for label in (head, tail) if label is not None])
    return tuple(labels), out


def _matmul_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if not 1 <= len(arg.shape) <= 2:
            raise ShapeError(f"no matrix product with a {shape_text(arg.shape)}", (place,))
    ends = [chain_ends(arg) for arg in args]
    for place in range(1, len(args)):
        inner, outer = ends[place - 1][1], ends[place][0]
        if inner is not outer:
            left, right = args[place - 1], args[place]
            if inner is None or outer is None:
                hint = (
                    "dot product w · x, or element-wise w ⊗ x?"
                    if left.order == right.order == 1
                    else "transpose one: xᵀ"
                )
                raise ShapeError(
                    f"cannot multiply a {shape_text(left.shape)} by a {shape_text(right.shape)}",
                    (place - 1, place),
                    hint=hint,
                )
            raise ShapeError(
                f"cannot multiply a {shape_text(left.shape)} by a {shape_text(right.shape)}: "
                f"inner sizes {inner} and {outer} differ",
                (place - 1, place),
                inner,
                outer,
                _fitting(left, right),
            )
    return tuple([dim for dim in (ends[0][0], ends[-1][1]) if dim is not None])


def _fitting(left: Expr, right: Expr) -> str:
    """Say which transpose would make the product fit, where one would."""
    (a, b), (c, d) = chain_ends(left), chain_ends(right)
    if left.order == 2 and a is c:
        return (
            f"transpose the left one: {b}×{a} times {c}{f'×{d}' if d else ''} fits, and gives {b}{f'×{d}' if d else ''}"
        )
    if right.order == 2 and b is d:
        return f"transpose the right one: {a}×{b} times {d}×{c} fits, and gives {a}×{c}"
    return ""


def _matmul_numpy(env: Any, node: Expr, *values: Any) -> Any:
    labels, out = _chain(node.args)
    return env.einsum(labels, out, values)


def _mirrored(args: tuple[Expr, ...], attr: Any) -> bool:
    """A product that reads the same from both ends: Xᵀ C X with C symmetric, x xᵀ."""
    for left, right in zip(args, reversed(args), strict=True):
        if left is right and left.is_symmetric:
            continue
        if not (
            (left.op in (TRANSPOSE, ROW) and left.args[0] is right)
            or (right.op in (TRANSPOSE, ROW) and right.args[0] is left)
        ):
            return False
    return True


MATMUL = Operator(
    "matmul", "linear", _matmul_shape, spellings=("matmul",), arity=(2, None), layout="matmul", symmetric=_mirrored,
    einsum=lambda node: _chain(node.args), row=lambda args, attr: chain_ends(args[0])[0] is None, numpy=_matmul_numpy,
    rule="matrix product", section="beyond the paper", formula="∂(A x)/∂x = A", example="A x",
)  # fmt: skip
TRANSPOSE = Operator(
    "transpose", "linear", lambda args, attr: taken(args, 0, "transpose", 2).shape[::-1], layout="transpose",
    einsum=lambda node: (((0, 1),), (1, 0)), numpy=lambda env, node, a: a.T,
    rule="transpose", section="4.1", formula="Aᵀ has the rows of A as columns; d(Aᵀ) = dAᵀ", example="A^T",
)  # fmt: skip
ROW = Operator(
    "row", "linear", lambda args, attr: taken(args, 0, "a row", 1).shape, layout="transpose",
    einsum=lambda node: (((0,),), (0,)), row=lambda args, attr: not args[0].is_row, numpy=lambda env, node, a: a,
    rule="transpose", section="4.1", formula="xᵀ is the horizontal vector", example="x^T",
)  # fmt: skip
SUM = Operator(
    "sum", "linear", lambda args, attr: (), spellings=("sum",), also=("Total",),
    einsum=lambda node: ((tuple(range(node.args[0].order)),), ()), numpy=lambda env, node, a: a.sum(),
    rule="vector sum reduction", section="4.4", example="sum(x)",
    formula="∂sum(x)/∂x = 1⃗ᵀ; sum(A, rows) is the sum of each row, sum(A, cols) of each column",
)  # fmt: skip


def _trace_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    return square(args, "the trace")[:0]


TRACE = Operator(
    "trace", "linear", _trace_shape, spellings=("tr", "trace"), also=("Tr",), latex=r"\operatorname{tr}",
    layout="call tr",
    einsum=lambda node: (((0, 0),), ()), numpy=lambda env, node, a: a.trace(),
    rule="trace", section="beyond the paper", formula="∂tr(A)/∂A = I", example="tr(A)",
)  # fmt: skip


def _diag_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    arg = args[0]
    if arg.order == 1:
        return (arg.shape[0], arg.shape[0])
    a = taken(args, 0, "diag", 2)
    equal("diag takes a vector or a square matrix", a.shape[0], a.shape[1], (0,))
    return (a.shape[0],)


def _diag_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """A vector onto the diagonal is x_i δ_ij; the diagonal of a matrix is A_ii."""
    if node.order == 1:
        return [LocalTerm(1, (), (0,), (0, 0))]
    return [LocalTerm(1, ((eye(node.shape[0]), (0, 1)),), (0, 1), (0,))]


DIAG = Operator(
    "diag", "tensor", _diag_shape, spellings=("diag",), latex=r"\operatorname{diag}", jacobian=_diag_jacobian,
    symmetric=lambda args, attr: True,
    numpy=lambda env, node, a: env.np.diag(a), rule="diagonal",
    section="beyond the paper", formula="d diag(x) = diag(dx)", example="diag(x)",
)  # fmt: skip


def _outer_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    return (taken(args, 0, "outer", 1).shape[0], taken(args, 1, "outer", 1).shape[0])


OUTER = Operator(
    "outer", "linear", _outer_shape, spellings=("outer",), arity=(2, 2),
    symmetric=lambda args, attr: args[0] is args[1],
    einsum=lambda node: (((0,), (1,)), (0, 1)),
    numpy=lambda env, node, a, b: env.np.outer(a, b),
    rule="outer product", section="beyond the paper", formula="outer(x, y) = x yᵀ", example="outer(x, y)",
)  # fmt: skip


def _einsum_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    subscripts, out = attr
    assert len({*out}) == len(out), "an axis has a label of its own"
    sizes: dict[int, Dim] = {}
    for place, (arg, labels) in enumerate(zip(args, subscripts, strict=True)):
        for label, dim in zip(labels, arg.shape, strict=True):
            if sizes.setdefault(label, dim) is not dim:
                raise ShapeError(f"index of sizes {sizes[label]} and {dim}", (place,), sizes[label], dim)
    return tuple([sizes[label] for label in out])


EINSUM = Operator(
    "einsum", "linear", _einsum_shape, arity=(1, None), layout="einsum",
    einsum=lambda node: node.attr, numpy=lambda env, node, *values: env.einsum(*node.attr, values),
    rule="index notation", section="beyond the paper", formula="[Σ_j A_ij x_j]_i", example="[A_ij x_j]_ij",
)  # fmt: skip


def _element_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    of, *at = args
    if len(at) > of.order:
        raise ShapeError(f"{len(at)} subscripts on a {shape_text(of.shape)}", (0,))
    for place, position in enumerate(at):
        dim = of.shape[place]
        if is_number(position) and (
            type(position.attr) is not int or position.attr < 1 or (dim.value is not None and position.attr > dim.value)
        ):
            raise ShapeError(f"there is no element {position.attr}: the {shape_text(of.shape)} counts from 1", (0,))
    return of.shape[len(at) :]


def _element_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂x_i/∂x = e_iᵀ: one unit vector for each subscript; the subscripts themselves are not differentiated."""
    if k:
        return []
    of, *at = node.args
    rest = tuple(range(len(at), of.order))
    units = [(unit(position, of.shape[place]), (place,)) for place, position in enumerate(at)]
    return [LocalTerm(1, units, rest, (*range(len(at)), *rest))]


def _element_numpy(env: Any, node: Expr, of: Any, *at: Any) -> Any:
    return of[tuple([env.position(position, dim) for position, dim in zip(at, node.args[0].shape, strict=False)])]


ELEMENT = Operator(
    "element", "tensor", _element_shape, arity=(2, None), layout="element", jacobian=_element_jacobian,
    row=lambda args, attr: False, numpy=_element_numpy,
    rule="element", section="4.1", formula="∂x_i/∂x_j = {1 if i = j; 0 if i ≠ j}", example="x_1",
)  # fmt: skip


SIGMA = Operator(
    "sigma", "binder", lambda args, attr: args[1].shape, arity=(2, 2), layout="sigma", latex=r"\sum",
    row=lambda args, attr: args[1].is_row,
    rule="sum over an index", section="4.4", formula="∂Σᵢ fᵢ/∂x = Σᵢ ∂fᵢ/∂x", example="sum_{i=1}^{n} x_i",
)  # fmt: skip
PRODUCT = Operator(
    "product", "binder", lambda args, attr: taken(args, 1, "a product over an index", 0).shape, arity=(2, 2),
    layout="product", latex=r"\prod",
    rule="product over an index", section="beyond the paper",
    formula="∂Πᵢ fᵢ/∂x = Σᵢ (Π_{j≠i} fⱼ) ∂fᵢ/∂x", example="prod_{i=1}^{n} x_i",
)  # fmt: skip


def dot(a: Expr, b: Expr) -> Expr:
    """Return the dot product of two vectors, or of two matrices entry by entry; of two scalars, their product."""
    return mul(a, b) if not a.shape and not b.shape else make(DOT, (a, b))


def matmul(*factors: Expr) -> Expr:
    """Return a matrix product of matrices, columns and rows, from left to right.

    A row times a column at its beginning is a scalar factor: xᵀ y zᵀ is (xᵀ y) zᵀ.
    """
    if factors[0].is_row:
        for place, factor in enumerate(factors[:-1]):
            if factor.order == 1 and not factor.is_row:
                return mul(make(MATMUL, factors[: place + 1]), matmul(*factors[place + 1 :]))
    return make(MATMUL, factors) if len(factors) > 1 else factors[0]


TRANSPOSES: dict[Operator, Callable[[Expr], Expr]] = {
    TRANSPOSE: lambda a: a.args[0],  # (Aᵀ)ᵀ = A
    ROW: lambda x: x.args[0],  # (xᵀ)ᵀ = x
}
"""What the transpose of an operator's result is, where it is written without a ᵀ; rows of other files add theirs."""


def transpose(value: Expr) -> Expr:
    """Return the transpose, by the table of transposes; a number and a symmetric matrix are their own."""
    known = TRANSPOSES.get(value.op)
    if known is not None:
        return known(value)
    if value.order == 1:
        return make(ROW, (value,))
    return value if not value.order or value.is_symmetric else make(TRANSPOSE, (value,))


def diag(value: Expr) -> Expr:
    """Return the diagonal matrix of a vector, the diagonal of a matrix; of ones it is the identity."""
    return eye(value.shape[0]) if value.op is ONES and value.order == 1 else make(DIAG, (value,))


def element(of: Expr, *at: Expr) -> Expr:
    """Return an element, or a row of a matrix as a vector, counted from 1; of a symmetric one S_{2,1} is S_{1,2}."""
    places = [as_place(place) for place in at]
    if len(places) == 2 and of.is_symmetric and all([is_number(p) for p in places]):
        places.sort(key=lambda place: place.attr)
    return make(ELEMENT, (of, *places))


def einsum(subscripts: tuple[Labels, ...], out: Labels, factors: tuple[Expr, ...]) -> Expr:
    """Return an einsum with its labels numbered in order of first appearance."""
    if not any(subscripts):
        return make(EINSUM, factors, (subscripts, out))  # of scalars
    names: dict[int, int] = {}
    for labels in (*subscripts, out):
        for label in labels:
            names.setdefault(label, len(names))
    renamed = tuple([tuple([names[label] for label in labels]) for labels in subscripts])
    return make(EINSUM, factors, (renamed, tuple([names[label] for label in out])))


ROWS = (DOT, MATMUL, TRANSPOSE, ROW, SUM, TRACE, DIAG, OUTER, EINSUM, ELEMENT, SIGMA, PRODUCT)
