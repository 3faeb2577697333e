"""Rows, columns and transposes, where a person writes them, (A x)ᵀ = xᵀ Aᵀ; and which a derivative is in a layout."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.expr import Expr, fold, make, nodes_of, rebuild, remembered
from mcalc.limits import WORK
from mcalc.operators.abstract import MAP, is_gradient
from mcalc.operators.arithmetic import ADD, CASES, MUL, add, mul, multiple
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.leaves import ONES, ZEROS, is_zero, number, ones, unit, zeros
from mcalc.operators.linear import DIAG, MATMUL, ROW, SIGMA, TRANSPOSE, einsum, matmul, transpose

SIGNS = 4
"""Signs that the transpose of a whole sum takes, with its brackets, and one more to be worth it."""


def transposed(matrix: Expr) -> Expr:
    """Return the transpose of a matrix, pushed down: (A B)ᵀ = BᵀAᵀ, diag(v)ᵀ = diag(v), (A + Aᵀ)ᵀ = A + Aᵀ."""
    made: Expr = fold(matrix, _parts_to_transpose, _transposed)
    return made


def _parts_to_transpose(node: Expr) -> Sequence[Expr]:
    """The parts of a matrix that its transpose is made of; a sum is opened where that gives no more transposes."""
    if node.op is ADD:
        parts = [part for part in node.args if part.shape]
        return parts if sum([_turns_saved(part) for part in parts]) >= 0 else ()
    if (
        node.op is MATMUL
        or _has_scalar_conditions(node)
        or (node.op is MUL and sum([bool(part.shape) for part in node.args]) == 1)
    ):
        return [part for part in node.args if part.order == 2]
    if node.op is MUL and sum([_turns_saved(part) for part in node.args if part.shape]) >= 0:
        return [part for part in node.args if part.order == 2]  # (A ⊗ Bᵀ)ᵀ = Aᵀ ⊗ B
    return node.args[1:] if node.op is SIGMA else ()


def _has_scalar_conditions(node: Expr) -> bool:
    """Say whether a node is braces whose conditions are the same for all entries; others are transposed as a whole."""
    return node.op is CASES and not any([condition.shape for condition in node.args[1::2]])


def _turns_saved(part: Expr) -> int:
    """How many transposes fewer a term has when it is transposed."""
    _, part = multiple(part)
    factors = part.args if part.op is MATMUL else (part,)
    turned = sum([f.op is TRANSPOSE for f in factors])
    return 2 * turned - sum([f.order == 2 and not f.is_symmetric for f in factors])


def turned(total: Expr) -> Expr:
    """Return a sum of products of transposes as the transpose of a sum, where that takes fewer signs.

    Algebra: BᵀAᵀ + CᵀAᵀ = (A B + A C)ᵀ. Done once to a sum, so it ends.
    """
    _, body = multiple(total)
    if total.order != 2 or body.op is not ADD:
        return total
    if sum([_turns_saved(part) for part in body.args if part.shape]) < SIGNS:
        return total
    inner = add(*[transposed(part) if part.shape else part for part in body.args])
    return mul(*[transpose(inner) if arg is body else arg for arg in (total.args if total.op is MUL else (body,))])


@remembered
def untransposed(node: Expr, parts: Sequence[Expr | None]) -> Expr | None:
    """Return f(A) of f(Aᵀ), entry by entry, so that its transpose is that; None where it is not made of transposes.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.elementwise import EXP
    >>> from mcalc.operators.leaves import symbol
    >>> a = symbol("A", (Dim.named("m"), Dim.named("n")))
    >>> untransposed(make(EXP, (transpose(a),))) is make(EXP, (a,)), untransposed(make(EXP, (a,)))
    (True, None)
    """
    if node.op is TRANSPOSE:
        return node.args[0]
    if node.op.kind != "elementwise" or node.order != 2:
        return None
    made = [part if arg.shape else arg for arg, part in zip(node.args, parts, strict=True)]
    whole = [part for part in made if part is not None]
    return make(node.op, tuple(whole), node.attr) if len(whole) == len(made) else None


def _transposed(node: Expr, done: dict[Expr, Expr]) -> Expr:
    WORK.spend(1 + len(node.args))
    if node.op is DIAG and node.order == 2:
        return node
    if node.op in (ZEROS, ONES) and node.order == 2:
        return (zeros if node.op is ZEROS else ones)(node.shape[::-1])
    parts = _parts_to_transpose(node)
    if node.op is MATMUL and node.order == 2:
        return matmul(*[done[f] if f.order == 2 else transpose(f) for f in reversed(node.args)])
    if not parts or node.op is MATMUL:
        return untransposed(node) or transpose(node)
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], done[node.args[1]]))
    if node.is_symmetric:
        return node
    turned = [done[part] if part.shape else part for part in node.args]
    return make(node.op, tuple(turned), node.attr)


def is_nothing(node: Expr) -> bool:
    """Say whether an expression is zero, as it stands or as a row."""
    return is_zero(node.args[0] if node.op is ROW else node)


def as_row(column: Expr) -> Expr:
    """Return the transpose of a column vector, pushed down to where it is written: (A x)ᵀ = xᵀ Aᵀ."""
    made: Expr = fold(column, _row_parts, _as_row)
    return made


def _row_parts(node: Expr) -> Sequence[Expr]:
    if node.is_row:
        return ()
    if node.op is SIGMA:
        return node.args[1:]
    if _has_scalar_conditions(node):
        return [arg for arg in node.args if arg.shape]
    if node.op is ADD:
        return [arg for arg in node.args if arg.shape] if any([_opens_as_row(arg) for arg in node.args]) else ()
    if node.op is MUL and sum([bool(arg.shape) for arg in node.args]) == 1:
        return [arg for arg in node.args if arg.shape]
    return ()


def _opens_as_row(part: Expr) -> bool:
    """Say whether the transpose of a term is better written by transposing what it is made of."""
    _, part = multiple(part)
    if part.op is ADD:  # what is a sum inside of a term, as in (A x + Aᵀ x) / c - b
        return any([arg.op is MATMUL for arg in part.args])
    return part.op in (MATMUL, SIGMA, CASES, ROW) or (part.op is MAP and is_gradient(part))


def _as_row(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.is_row:
        return node
    if node.op is ROW:
        return node.args[0]
    if node.op is MATMUL:
        *others, last = node.args
        turned = [transposed(f) if f.order == 2 else transpose(f) for f in reversed(others)]
        return matmul(transpose(last) if last.order == 1 else transposed(last), *turned)
    if node.op is BLOCK and node.attr[1] == 1 and all([not arg.shape for arg in node.args]):
        return block(1, node.attr[0], *node.args)
    parts = _row_parts(node)
    if not parts:
        return make(ROW, (node,))
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], done[node.args[1]]))
    return make(node.op, tuple([done[arg] if arg.shape else arg for arg in node.args]), node.attr)


def as_columns(body: Expr) -> Expr:
    """Return the same tensor with every vector a column, but for the rows that a matrix product needs.

    A derivative that has been worked out is full of rows; differentiated again, it is a tensor like any other.
    """
    if not any([node.is_row and node.op is not ROW for node in nodes_of(body)]) and not body.is_row:
        return body

    def column(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is ROW:
            return args[0]
        if node.op is BLOCK:
            return _upright(node, args)
        if node.op is not MATMUL:
            return None
        factors = [make(ROW, (arg,)) if old.is_row else arg for arg, old in zip(args, node.args, strict=True)]
        product = make(MATMUL, tuple(factors))
        return _transposed_product(product) if node.is_row else product

    return rebuild(body, column)


def as_units(columns: Expr) -> Expr:
    """Return a tensor with its lists written entry by entry at unit vectors: [a; b] is a e(1) + b e(2).

    So written, lists add up and multiply like anything else; :mod:`~mcalc.calculus.matrix.matrix_form`
    lists them again.
    """

    def at_units(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not BLOCK or not all([not arg.shape for arg in args]):
            return _stacked_rows(node, args)
        rows, columns = node.attr
        if node.order == 1:
            return add(*[mul(arg, unit(number(k), node.shape[0])) for k, arg in enumerate(args, 1)])
        terms = [
            einsum(
                ((), (0,), (1,)), (0, 1), (arg, unit(number(r + 1), node.shape[0]), unit(number(c + 1), node.shape[1]))
            )
            for (r, c), arg in zip([divmod(k, columns) for k in range(rows * columns)], args, strict=True)
        ]
        return add(*terms)

    return rebuild(columns, at_units)


def _stacked_rows(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is not BLOCK or node.attr[1] != 1 or not all([arg.is_row for arg in args]):
        return None
    parts = [
        einsum(((0,), (1,)), (0, 1), (unit(number(k), node.shape[0]), transpose(arg))) for k, arg in enumerate(args, 1)
    ]
    return add(*parts)


def _upright(node: Expr, args: tuple[Expr, ...]) -> Expr:
    """A row of scalars and rows becomes a column; in a matrix of blocks the rows stay rows."""
    if node.is_row:
        return block(node.attr[1], 1, *args)
    return make(
        BLOCK,
        tuple([make(ROW, (arg,)) if old.is_row else arg for arg, old in zip(args, node.args, strict=True)]),
        node.attr,
    )


def _transposed_product(product: Expr) -> Expr:
    """Return the column of a product that is a row: (xᵀ A)ᵀ = Aᵀ x."""
    return matmul(*[transposed(f) if f.order == 2 else transpose(f) for f in reversed(product.args)])


def turned_for(result: Expr, body: Expr, variable: Expr, layout: str) -> Expr:
    """Return a derivative turned as a layout has it: that of a scalar by a vector is a row, or a column, and so on."""
    numerator = layout == "numerator"
    if result.order == 1 and body.order == 0:
        return as_row(result) if numerator else result
    if result.order == 1 and variable.order == 0:
        return result if numerator and not body.is_row else as_row(result)
    if result.order == 2 and body.order == 1 and variable.order == 1 and not numerator:
        return transposed(result)
    return result


def depends_on_layout(result: Expr, body: Expr, variables: Sequence[Expr], order: int = 1) -> bool:
    """Say whether a derivative is written in another way in the other layout: a row, a column, most Jacobians.

    A number, the derivative of a scalar by a matrix, a Hessian and what else is symmetric are the same in both.
    """
    if len(variables) > 1 or result.order == 1:
        return bool(result.shape)
    if result.order != 2 or result.is_symmetric or order > 1:
        return False
    return body.order == 1 and variables[0].order == 1
