"""Sums over samples and matrix products: one written as the other, and either in index notation.

Algebra: Σ_i f_i x_i = Xᵀ f, where x_i is row i of X and f_i an entry of f. A sum becomes a product by putting for each
running factor the tensor of its entries; a product becomes a sum by taking entry i of each factor of a summed label.
"""

from __future__ import annotations

from mcalc.calculus.basics.entries import entry
from mcalc.calculus.basics.orientation import as_columns, as_row, as_units
from mcalc.calculus.closing_forms import with_products
from mcalc.calculus.derive import simplified
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, product
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.normal.normal_form import normalise
from mcalc.dims import Dim
from mcalc.expr import Expr, make, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, add, mul, multiple, power
from mcalc.operators.leaves import index, number, size
from mcalc.operators.linear import SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels


def written(result: Expr, how: str, variable: Expr) -> Expr:
    """Return a result written another way; what has no such form stays as it is."""
    if how == "matrix":
        return with_matrices(result)
    if how == "sum":
        return with_sums(result, variable)
    return in_index_notation(result) if how == "index" and result.order < 3 else result


def with_matrices(result: Expr) -> Expr:
    """Return a result with each sum over the rows of matrices as a matrix product.

    >>> from mcalc import derive
    >>> from mcalc.render.text import unicode
    >>> loss = derive("sum_{i=1}^{N} (w . x_i - y_i)^2", wrt="w", where="w: R^n; X: R^{N x n}; y: R^N")
    >>> unicode(with_matrices(loss.expr))
    '2 (X w - y)ᵀ X'
    """
    if not result.has(SIGMA):
        return result
    columns = as_columns(result)
    changed = with_products(columns, lambda node: True)
    if changed is columns:
        return result
    return _in_row(simplified(as_units(changed), frozenset(), frozenset(walk(columns))), result)


def _in_row(found: Expr, like: Expr) -> Expr:
    return as_row(found) if like.is_row and found.order == 1 and not found.is_row else found


def with_sums(result: Expr, variable: Expr) -> Expr:
    """Return a result with each matrix product over samples as a sum over them.

    Samples are the rows of a matrix variable that the derivative's own axes do not run along.

    >>> from mcalc import derive
    >>> from mcalc.render.text import unicode
    >>> loss = derive("norm(X w - y)^2", wrt="w", where="w: R^n; X: R^{N x n}; y: R^N")
    >>> unicode(with_sums(loss.expr, loss.variables[0]))
    '2 Σ_{i=1}^{N} (xᵢ · w - yᵢ) xᵢᵀ'
    """
    columns = as_columns(result)
    normal = normalise(as_units(_spread(columns)), frozenset(walk(columns)))
    terms = normal.args if normal.op is ADD else (normal,)
    parts = [_as_sum(as_term(part), variable) for part in terms]
    if all([part is None for part in parts]):
        return result
    summed = [term if part is None else part for part, term in zip(parts, terms, strict=True)]
    return _in_row(matrix_form(normalise(add(*summed))), result)


def _spread(columns: Expr) -> Expr:
    """Multiply what stands before a sum into it: 2 (A + B) = 2 A + 2 B."""
    scalars, tensor = multiple(columns)
    if tensor is columns or tensor.op is not ADD:
        return columns
    return make(ADD, tuple([mul(*scalars, part) for part in tensor.args]))


def _as_sum(term: Term, variable: Expr) -> Expr | None:
    """One product as a sum over samples; None where none is summed over."""
    label, dim = _samples(term, variable)
    if dim is None:
        return None
    running = index(next(free_names(names_in(*[base for base, _, _ in term.factors]))), 0, number(1), size(dim))
    inside: list[tuple[Expr, Labels]] = []
    outside: list[tuple[Expr, Labels]] = []
    for base, labels, exponent in term.factors:
        factor = base if exponent is ONE else power(base, exponent)
        if label not in labels:
            outside.append((factor, labels))
            continue
        fixed = {axis: running for axis, own in enumerate(labels) if own == label}
        inside.append((entry(factor, fixed), tuple([own for own in labels if own != label])))
    touched = {x for _, labels in outside for x in labels} | set(term.out)
    needed = tuple(dict.fromkeys([x for _, labels in inside for x in labels if x in touched]))
    body = matrix_form(normalise(product(1, inside, needed)))
    return product(term.coef, [*outside, (make(SIGMA, (running, as_columns(body))), needed)], term.out)


def _samples(term: Term, variable: Expr) -> tuple[int, Dim | None]:
    """The label that runs along the rows of a matrix variable, and its size."""
    own = set(variable.shape)
    for base, labels, _ in term.factors:
        for node in walk(base):
            if node.op.name != "symbol" or node.order != 2 or node is variable or node.shape[0] in own:
                continue
            for label, dim in zip(labels, base.shape, strict=True):
                if dim is node.shape[0] and label not in term.out:
                    return label, dim
    return 0, None


def in_index_notation(result: Expr) -> Expr:
    """Return a result in index notation, every product opened to its entries.

    >>> from mcalc import derive
    >>> from mcalc.render.text import unicode
    >>> unicode(in_index_notation(derive("A x", wrt="x", where="A: R^{m x n}; x: R^n").expr))
    'A'
    >>> unicode(in_index_notation(derive("x' A x", wrt="x", where="A: R^{n x n}; x: R^n").expr))
    '[Σₚ xₚ Aᵢₚ]_{i} + [Σₚ xₚ Aₚᵢ]_{i}'
    """
    normal = normalise(as_units(as_columns(result)), expand=True)
    return add(*[build(as_term(part)) for part in (normal.args if normal.op is ADD else (normal,))])
