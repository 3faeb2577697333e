"""Other forms of a derivative: between vecs, along a direction, sums over samples as products, index notation.

vec stacks columns. A derivative of F (m×n) by X (p×q) has axes i, j, k, l; as a matrix it maps vec(X) to vec(F), with
rows (j, i) and columns (l, k), the first index running fastest. Σ_i f_i x_i = Xᵀ f, where x_i is row i of X: a sum
becomes a product by putting for each running factor the tensor of its entries, and a product a sum by taking entry i
of each factor of a summed label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.entries import entry
from mcalc.calculus.basics.orientation import as_columns, as_row, as_units
from mcalc.calculus.closing_forms import with_products
from mcalc.calculus.derive import simplified
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, product
from mcalc.calculus.matrix.chains import chain, scaled
from mcalc.calculus.matrix.constant_tensors import unfolded
from mcalc.calculus.matrix.index_graph import Graph
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.dims import Dim
from mcalc.expr import Expr, make, walk
from mcalc.fresh import free_names, names_in
from mcalc.notation.meaning.moving import direction_of
from mcalc.operators.arithmetic import ADD, MUL, add, mul, multiple, power
from mcalc.operators.kronecker import KRON, VEC, commutation
from mcalc.operators.leaves import EYE, SYMBOL, index, is_number, number, ones, size, symbol
from mcalc.operators.linear import SIGMA, diag, matmul
from mcalc.operators.structures import structure_of

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]


LETTERS = "DVZH"
SMALL_LETTERS = "dvzh"


def is_tensor(result: Expr) -> bool:
    """Say whether a derivative has more axes than matrix notation has."""
    return result.order in (3, 4)


def along_direction(result: Expr, of: int, variable: Expr) -> tuple[Expr, Expr]:
    """Return the direction dX of a variable, of its structure, and the derivative applied to it: Σ_kl T_ijkl dX_kl.

    `of` is the number of axes of what was differentiated.
    """
    direction = _direction(result, variable)
    axes = tuple(range(result.order))
    parts = [product(1, [(part, axes), (direction, axes[of:])], axes[:of]) for part in _terms(result)]
    return direction, simplified(add(*parts), frozenset())


def _direction(result: Expr, variable: Expr) -> Expr:
    """Return dX; a letter where that is a name already, or the variable is an entry, or moves along no space."""
    structure = structure_of(variable)
    linear = structure is None or structure.free
    if variable.op is SYMBOL and linear and f"d{variable.attr[0]}" not in names_in(result):
        return direction_of(variable)
    properties = frozenset([structure.name] if structure is not None and not structure.moves else [])
    letters = LETTERS if variable.order > 1 else SMALL_LETTERS
    return symbol(next(free_names(names_in(result), letters)), variable.shape, properties)


def _terms(result: Expr) -> tuple[Expr, ...]:
    """The terms of a derivative in index notation."""
    normal = normalise(as_units(as_columns(result)))
    return normal.args if normal.op is ADD else (normal,)


def between_vecs(result: Expr, of: int) -> Expr | None:
    """Return the matrix that maps vec(X) to vec(F), of Kronecker products; None where it has no such form.

    Algebra: A_ik B_jl is kron(B, A); A_il B_jk is kron(B, A) K, where K vec(X) = vec(Xᵀ); A_ij B_kl is vec(A) vec(B)ᵀ;
    δ_ik δ_jl F_ij is diag(vec(F)). A vector is a matrix of one column.
    """
    parts = [_term_between_vecs(as_term(part), of, result.shape) for part in _terms(result)]
    known = [part for part in parts if part is not None]
    return _by_left_factor(known) if len(known) == len(parts) else None


def _by_left_factor(parts: list[Expr]) -> Expr:
    """kron(A, B) + kron(A, C) = kron(A, B + C); each step leaves one term less, so it ends."""
    found: dict[Expr, list[Expr]] = {}
    others: list[Expr] = []
    for part in parts:
        product_of, plain = (part.args[-1], part.args[:-1]) if part.op is MUL else (part, ())
        if product_of.op is KRON and all([is_number(factor) for factor in plain]):
            found.setdefault(product_of.args[0], []).append(mul(*plain, product_of.args[1]))
        else:
            others.append(part)
    joined = [
        make(KRON, (left, add(*rights))) if len(rights) > 1 else _one(left, rights[0]) for left, rights in found.items()
    ]
    return add(*joined, *others)


def _one(left: Expr, right: Expr) -> Expr:
    """A number before the right factor goes before the product."""
    if right.op is MUL and is_number(right.args[0]):
        return mul(right.args[0], make(KRON, (left, mul(*right.args[1:]))))
    return make(KRON, (left, right))


def _term_between_vecs(term: Term, of: int, shape: tuple[Dim, ...]) -> Expr | None:
    whole = unfolded(term) if of == 1 else None
    if whole is not None:
        term, (of, shape) = whole[0], (2, (*whole[1], *shape[1:]))
    rows, columns = term.out[:of], term.out[of:]
    term = Term(term.coef, [(matrix_form(base), labels, exponent) for base, labels, exponent in term.factors], term.out)
    sizes = dict(zip(term.out, shape, strict=True))
    entry_by_entry = _diagonal(term, rows, columns)
    if entry_by_entry is not None:
        return entry_by_entry
    groups = tied_together(term)
    if any([len(reached) > 2 for reached, _ in groups]):
        return None
    scalars = [factor for reached, own in groups if not reached for factor in own]
    pairs = [(reached, own) for reached, own in groups if reached]
    covered = {label for reached, _ in pairs for label in reached}
    pairs += [((label,), []) for label in term.out if label not in covered]
    straight = _paired(pairs, rows, columns, sizes, crossed=False)
    crossed = None if straight is not None else _paired(pairs, rows, columns, sizes, crossed=True)
    apart = None if straight is not None or crossed is not None else _apart(pairs, rows, columns, sizes)
    body = straight or crossed or apart
    if body is None:
        return None
    graph = Graph(Term(term.coef, scalars, ()))
    rest = graph.reduce()
    if rest is None:
        return None
    return scaled(graph.coef, [*graph.scalars, *([] if is_number(rest, 1) else [rest])], body)


def tied_together(term: Term) -> list[tuple[Labels, list[Factor]]]:
    """The factors that labels tie together, each group with the labels of the result that it reaches."""
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in term.factors:
        touched = set(factor[1])
        joined = [group for group in groups if group[0] & touched]
        groups = [group for group in groups if group not in joined]
        members = [other for group in joined for other in group[1]]
        groups.append((touched.union(*[group[0] for group in joined]), [*members, factor]))
    return [(tuple([label for label in term.out if label in touched]), own) for touched, own in groups]


def _diagonal(term: Term, rows: Labels, columns: Labels) -> Expr | None:
    """δ_ik δ_jl F_ij: what works entry by entry has a diagonal matrix."""
    if len(rows) != len(columns):
        return None
    ties = [factor for factor in term.factors if factor[0].op is EYE]
    tied = {frozenset(labels) for _, labels, _ in ties}
    if tied != {frozenset(pair) for pair in zip(rows, columns, strict=True)}:
        return None
    rest = [
        (base, tuple([rows[columns.index(x)] if x in columns else x for x in labels]), exponent)
        for base, labels, exponent in term.factors
        if base.op is not EYE
    ]
    if not any([label in rows for _, labels, _ in rest for label in labels]):
        return None
    whole = simplified(_built(Term(term.coef, rest, rows), rows, term), frozenset())
    return diag(make(VEC, (whole,)) if whole.order == 2 else whole)


def _built(term: Term, out: Labels, like: Term) -> Expr:
    sizes = like.sizes
    missing = [label for label in out if not any([label in labels for _, labels, _ in term.factors])]
    factors = [(base if is_number(e, 1) else power(base, e), labels) for base, labels, e in term.factors]
    return product(term.coef, [*factors, *[(ones((sizes[x],)), (x,)) for x in missing]], out)


def _paired(
    pairs: list[tuple[Labels, list[Factor]]], rows: Labels, columns: Labels, sizes: dict[int, Dim], *, crossed: bool
) -> Expr | None:
    """Put the groups together as A between the first indices and B between the second, crossed or not."""
    first_row, *more_rows = rows
    first_column, *more_columns = columns
    one: Labels = (first_row, *more_columns[:1]) if crossed else (first_row, first_column)
    two: Labels = (*more_rows[:1], first_column) if crossed else (*more_rows[:1], *more_columns[:1])
    a, b = joined_over(pairs, one, sizes), joined_over(pairs, two, sizes)
    used = sum([set(reached) <= set(one) or set(reached) <= set(two) for reached, _ in pairs])
    if a is None or b is None or used < len(pairs):
        return None
    left = _oriented(b, row=not more_rows)
    right = _oriented(a, row=False)
    whole = make(KRON, (left, right)) if left.order == 2 or right.order == 2 else None
    if whole is None or not crossed or not more_columns:
        return whole
    turned = commutation(sizes[first_column], sizes[more_columns[0]])
    return turned if left.op is EYE and right.op is EYE else matmul(whole, turned)


def _oriented(tensor: Expr, *, row: bool) -> Expr:
    return as_row(tensor) if tensor.order == 1 and row else tensor


def joined_over(pairs: list[tuple[Labels, list[Factor]]], labels: Labels, sizes: dict[int, Dim]) -> Expr | None:
    """The product of all groups that reach no other labels than these, as a vector or a matrix in matrix notation."""
    own = [factor for reached, factors in pairs if set(reached) <= set(labels) for factor in factors]
    covered = {label for _, names, _ in own for label in names}
    if len(labels) == 2 and len([x for x in labels if x in covered]) == 0:
        return None
    own += [(ones((sizes[x],)), (x,), number(1)) for x in labels if x not in covered]
    graph = Graph(Term(1, own, labels))
    body = graph.reduce()
    return None if body is None else scaled(graph.coef, graph.scalars, body)


def _apart(
    pairs: list[tuple[Labels, list[Factor]]], rows: Labels, columns: Labels, sizes: dict[int, Dim]
) -> Expr | None:
    """A_ij B_kl: the outer product of two vecs."""
    used = sum([set(reached) <= set(rows) or set(reached) <= set(columns) for reached, _ in pairs])
    a, b = joined_over(pairs, rows, sizes), joined_over(pairs, columns, sizes)
    if a is None or b is None or used < len(pairs):
        return None
    left, right = [make(VEC, (part,)) if part.order == 2 else part for part in (a, b)]
    return chain(left, as_row(right))


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
