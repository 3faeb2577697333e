"""From index notation back to matrix notation: returns expressions, never text.

Each product goes through its index graph (:mod:`mcalc.calculus.matrix.index_graph`); braces and sums go round the
products, and entries that stand at unit vectors are listed as vectors and matrices. A vertex where three or more edges
meet, and whatever has three or more axes, stays in index notation.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from contextlib import suppress

from mcalc.calculus.basics.orientation import as_row, turned
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, is_product
from mcalc.calculus.matrix.chains import scaled
from mcalc.calculus.matrix.index_graph import Graph
from mcalc.calculus.rules.conditions import scalar_conditions
from mcalc.calculus.rules.normal_form import normalise
from mcalc.dims import Dim, Shape
from mcalc.errors import ShapeError
from mcalc.expr import Expr, fold, make
from mcalc.operators.arithmetic import ADD, CASES, COMPLEMENT, MUL, POW, add, conjunction, has_minus, neg, negate, power
from mcalc.operators.blocks import BLOCK, SELECTION, block
from mcalc.operators.leaves import NUMBER, SIZE, UNIT, eye, is_number, is_zero, number, ones, zeros
from mcalc.operators.linear import EINSUM, ROW, SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels, Number


LISTED = 12
"""A vector longer than this is not listed entry by entry."""


def matrix_form(root: Expr, given: Container[Expr] = frozenset()) -> Expr:
    """Return an expression in normal form written in matrix notation, index notation where there is none.

    Columns are columns: a gradient of one axis comes out as a column, see
    :func:`~mcalc.calculus.basics.orientation.as_row`.
    Sums in `given` are the user's own, and stay as they are.
    """
    listed: dict[Expr, Expr] = {}

    def parts(node: Expr) -> Sequence[Expr]:
        """Sums and products that differentiation made, and whatever has index notation inside it; of a list nothing."""
        if _may_be_listed(node, given) and (found := as_block(node)) is not None:
            listed[node] = found
            return ()
        if node.has(EINSUM) or is_product(node) or (node.op in (ADD, CASES) and node not in given):
            return node.args
        return node.args[1:] if node.op is SIGMA else ()

    def written(node: Expr, done: dict[Expr, Expr]) -> Expr:
        if node in listed:
            return listed[node]
        if node.op is ADD and node not in given:
            return sum_in_matrix_notation(node, done)
        if node.op in (EINSUM, MUL):
            return _product_in_matrix_notation(node, done)
        args = tuple([done.get(arg, arg) for arg in node.args])
        if args == node.args:
            return node
        return power(*args) if node.op is POW else make(node.op, args, node.attr)

    made: Expr = fold(root, parts, written)
    return made


def _product_in_matrix_notation(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.op is EINSUM:
        subscripts, out = node.attr
        factors = list(zip(node.args, subscripts, strict=True))
    else:
        out = tuple(range(node.order))
        factors = [(arg, out if arg.shape else ()) for arg in node.args]
    coef: Number = 1
    kept: list[tuple[Expr, Labels]] = []
    for arg, labels in factors:
        if arg.op is NUMBER:
            coef = coef * arg.attr
        else:
            kept.append((done[arg], labels))
    return matrix_notation(Term(coef, [(arg, labels, ONE) for arg, labels in kept], out))


def matrix_notation(term: Term) -> Expr:
    """Return one product in matrix notation, or in index notation where its graph has none.

    Conditions without axes become braces around all the rest (the paper's section 5).
    """
    conditions = scalar_conditions(term)
    if conditions:
        others = Term(term.coef, [f for f in term.factors if f[0] not in conditions], term.out)
        value = matrix_notation(others) if others.factors else number(others.coef)
        holds = conjunction(*dict.fromkeys(conditions))
        return make(CASES, (zeros(value.shape), negate(holds), value, holds))
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op is CASES and exponent is ONE and not any([c.shape for c in base.args[1::2]]):
            rest = [*term.factors[:place], *term.factors[place + 1 :]]
            return _into_pieces(base, labels, Term(term.coef, rest, term.out))
    if any([len(labels) == 3 for _, labels, _ in term.factors]):  # a constant of three axes may have a name
        from mcalc.calculus.matrix.constant_tensors import with_blocks, with_named_matrices

        term = with_blocks(with_named_matrices(term, matrix_notation), matrix_notation)
    graph = Graph(term)
    body = graph.reduce()
    if body is None:
        from mcalc.calculus.matrix.constant_tensors import in_pairs

        return in_pairs(term, matrix_notation) or indexed_form(term)
    return scaled(graph.coef, graph.scalars, body)


def indexed_form(term: Term) -> Expr:
    """Return a product in index notation with what can be written in matrix notation inside it so written.

    Factors that summed labels tie together, and that reach at most two labels of the result, become one factor:
    2 δ_ik (VᵀV)_jl for Σ_q 2 V_qj V_ql δ_ik.
    """
    groups: list[tuple[set[int], list[int]]] = []
    for place, (_, labels, _) in enumerate(term.factors):
        summed = {label for label in labels if label not in term.out}
        joined = [group for group in groups if group[0] & summed]
        members = sorted([place, *[at for group in joined for at in group[1]]])
        groups = [group for group in groups if group not in joined]
        groups.append((summed.union(*[group[0] for group in joined]), members))
    factors: list[tuple[int, tuple[Expr, Labels, Expr]]] = []
    coef = term.coef
    for summed, members in groups:
        own = [term.factors[at] for at in members]
        reached = tuple(sorted({label for _, labels, _ in own for label in labels if label not in summed}))
        if summed and len(reached) <= 2:
            graph = Graph(Term(1, own, reached))
            body = graph.reduce()
            if body is not None:
                coef = coef * graph.coef
                factors.extend([(members[0], (scalar, (), ONE)) for scalar in graph.scalars])
                if reached:
                    factors.append((members[0], (body, reached, ONE)))
                continue
        factors.extend([(at, term.factors[at]) for at in members])
    ordered = [factor for _, factor in sorted(factors, key=lambda item: (bool(item[1][1]), item[0]))]
    minus = type(coef) is not float and coef < 0
    found = build(Term(-coef if minus else coef, ordered, term.out))
    return neg(found) if minus else found


def _into_pieces(base: Expr, labels: Labels, rest: Term) -> Expr:
    """Multiply braces by the other factors piece by piece: f {a if c; b if d} = {f a if c; f b if d}."""
    parts: list[Expr] = []
    for place, part in enumerate(base.args):
        if place % 2 == 1:
            parts.append(part)
        elif part.op.name == "zeros" or is_number(part, 0):
            sizes = Term(1, [*rest.factors, (base, labels, ONE)], rest.out).sizes
            parts.append(zeros(tuple([sizes[label] for label in rest.out])))
        else:
            own = as_term(part)
            names = dict(zip(own.out, labels, strict=True)) if part.shape else {}
            shift = 1 + max([x for _, xs, _ in rest.factors for x in xs] + list(rest.out) + list(labels), default=0)
            inner = [(b, tuple([names.get(x, x + shift) for x in xs]), e) for b, xs, e in own.factors]
            if not part.shape and base.shape:
                inner.append((ones(base.shape), labels, ONE))
            parts.append(matrix_notation(Term(rest.coef * own.coef, [*rest.factors, *inner], rest.out)))
    return make(CASES, tuple(parts))


def sum_in_matrix_notation(node: Expr, done: dict[Expr, Expr]) -> Expr:
    """Return a sum of products in matrix notation, what is shared taken out."""
    return _put_together(_braces_joined([done[arg] for arg in node.args]), node.shape)


def _put_together(parts: list[Expr], shape: Shape) -> Expr:
    from mcalc.calculus.matrix.factoring import factored

    lead = next((place for place, part in enumerate(parts) if not has_minus(part)), 0)
    return turned(factored([parts[lead], *parts[:lead], *parts[lead + 1 :]], shape))


def _braces_joined(parts: list[Expr]) -> list[Expr]:
    """Put braces of a condition and of its opposite into one.

    Algebra: {0 if c; f if ¬c} + {g if c; 0 if ¬c} = {g if c; f if ¬c}. Each step leaves one term less, so it ends.
    """
    found: list[Expr] = []
    places: dict[frozenset[Expr], int] = {}
    for part in parts:
        pieces = _two_pieces(part)
        both = frozenset(pieces)
        place = places.get(both)
        before = {} if place is None else _two_pieces(found[place])
        if place is not None and before:
            joined = [(_summed(value, pieces[condition]), condition) for condition, value in before.items()]
            found[place] = make(CASES, tuple([one for piece in joined for one in piece]))
        else:
            if pieces:
                places[both] = len(found)
            found.append(part)
    return found


def _summed(first: Expr, second: Expr) -> Expr:
    """The sum of the values of two braces, what they share taken out."""
    parts = [term for value in (first, second) for term in (value.args if value.op is ADD else (value,))]
    kept = [part for part in parts if not is_zero(part)]
    whole = add(*kept) if kept else first
    return _put_together(kept, whole.shape) if len(kept) > 1 else whole


def _two_pieces(part: Expr) -> dict[Expr, Expr]:
    """The values of braces by a scalar condition and its opposite; empty for anything else."""
    if part.op in COMPLEMENT and not part.shape:
        return {negate(part): number(0), part: number(1)}
    if part.op is not CASES or len(part.args) != 4 or part.args[1].shape:
        return {}
    first, opposite = part.args[1], part.args[3]
    return {first: part.args[0], opposite: part.args[2]} if first.op in COMPLEMENT and negate(first) is opposite else {}


def _may_be_listed(node: Expr, given: Container[Expr]) -> bool:
    """Say whether what stands at unit vectors, or at some columns of the identity, may be all there is of a tensor."""
    if node.order not in (1, 2) or not node.has(UNIT, SELECTION):
        return False
    if node.op is ADD:
        return node not in given and all([part.has(UNIT, SELECTION) for part in node.args])
    return node.op in (UNIT, SELECTION) or (
        node.op in (EINSUM, MUL) and any([arg.op in (UNIT, SELECTION) for arg in node.args])
    )


def as_block(node: Expr) -> Expr | None:
    """A e(1) + b e(2) + ... is the vector [a; b; ...]: what stands at unit vectors is put together as a block.

    Returns None where an axis is not covered by unit vectors at known places, or is too long to be listed.
    """
    terms = [as_term(part) for part in (node.args if node.op is ADD else (node,))]
    if any([len(term.out) != node.order for term in terms]):
        return None
    for axis in range(node.order):
        dim = node.shape[axis]
        placed = [_placed(term, axis) for term in terms]
        if any([place is None for place in placed]):
            continue
        pieces: dict[tuple[Dim, Dim | None], list[Expr]] = {}
        for place in placed:
            assert place is not None
            pieces.setdefault((place[0], place[1]), []).append(place[2])
        across = node.shape[1 - axis] if node.order == 2 else None
        if len(terms) == 1 and _is_bare(terms[0]) and _leaves_open(next(iter(pieces)), dim):
            continue
        listed = _in_a_row(pieces, dim, across, axis)
        if listed is None or (len(listed) == 1 and listed[0].order < node.order):
            continue
        if node.order == 1:
            return block(len(listed), 1, *listed)
        return _stacked(listed, axis)
    return None


def _placed(term: Term, axis: int) -> tuple[Dim, Dim | None, Expr] | None:
    """Where along an axis a term stands: what comes before it, its own length (None for one entry), and its rest."""
    label = term.out[axis]
    for at, (base, labels, exponent) in enumerate(term.factors):
        rest = [*term.factors[:at], *term.factors[at + 1 :]]
        if base.op is UNIT and labels[0] == label and base.args[0].op in (NUMBER, SIZE):
            out = tuple([x for x in term.out if x != label])
            if any([label in xs for _, xs, _ in rest]):
                return None
            at_size = base.args[0].attr if base.args[0].op is SIZE else Dim.of(base.args[0].attr)
            return at_size - 1, None, build(Term(term.coef, rest, out))
        if (
            base.op is SELECTION
            and labels[0] == label
            and exponent is ONE
            and not any([label in xs for _, xs, _ in rest])
        ):
            own, extra = labels[1], (ones((base.attr[1],)), labels[1:], ONE)
            if own in term.out:
                own = 1 + max([x for _, xs, _ in term.factors for x in xs])
                extra = (eye(base.attr[1]), (own, labels[1]), ONE)
            out = tuple([own if x == label else x for x in term.out])
            return base.attr[0], base.attr[1], build(Term(term.coef, [*rest, extra], out))
    return None


def _is_bare(term: Term) -> bool:
    """Say whether a term is a unit vector or some columns of the identity, and nothing else but a number."""
    return all([base.op in (UNIT, SELECTION) for base, _, _ in term.factors])


def _leaves_open(piece: tuple[Dim, Dim | None], dim: Dim) -> bool:
    """Say whether a piece alone is better written by its place than listed with all the zeros around it."""
    before, own = piece
    gaps = [before.value, (dim - before - (own if own is not None else 1)).value]
    return None in gaps or (own is not None and max([gap for gap in gaps if gap is not None]) > 1)


def _in_a_row(
    pieces: dict[tuple[Dim, Dim | None], list[Expr]], dim: Dim, across: Dim | None, axis: int
) -> list[Expr] | None:
    """The pieces in order of their places, with zeros between them; None where they do not cover the axis.

    A gap whose length is only named is one block of zeros. It cannot be less than nothing where it lies before the
    first piece or behind the last; between two others it is not known to be a gap at all.
    """
    start = Dim.of(0)
    listed: list[Expr] = []
    left = dict(pieces)
    while start is not dim:
        found = next((key for key in left if key[0] is start), None)
        if found is None:
            near = [gap for key in [*left, (dim, None)] if (gap := (key[0] - start).value) is not None and gap > 0]
            if near and len(listed) + min(near) <= LISTED:
                listed.extend([zeros(() if across is None else (across,))] * min(near))
                start = start + min(near)
                continue
            end = next(iter(left))[0] if len(left) == 1 and not start.terms else dim
            if len(left) > (0 if end is dim else 1):
                return None
            length = end - start
            shape = (length,) if across is None else (length, across) if axis == 0 else (across, length)
            listed.append(zeros(shape))
            start = end
            continue
        parts = left.pop(found)
        listed.append(matrix_form(normalise(add(*parts))))
        start = start + (found[1] if found[1] is not None else 1)
    return None if left or len(listed) > LISTED else listed


def _stacked(listed: list[Expr], axis: int) -> Expr:
    """Rows under one another, or columns side by side; rows that are all listed themselves make one matrix."""
    if axis == 1:
        return block(1, len(listed), *listed)
    rows = [part if part.order == 2 else as_row(part) for part in listed]
    widths = {row.attr[1] if row.op is BLOCK else _entries(row) for row in rows}
    if len(widths) == 1 and None not in widths and any([row.op is BLOCK for row in rows]):
        [width] = [w for w in widths if w is not None]
        with suppress(ShapeError):  # rows of as many entries whose columns are of other widths
            return block(len(rows), width, *[entry for row in rows for entry in _row_entries(row, width)])
    return block(len(rows), 1, *rows)


def _entries(row: Expr) -> int | None:
    return row.shape[0].value if row.op is ROW and row.args[0].op.name == "zeros" else None


def _row_entries(row: Expr, width: int) -> Sequence[Expr]:
    return row.args if row.op is BLOCK else [number(0)] * width
