"""From index notation back to matrix notation: returns expressions, never text.

A product in index notation is a graph: a label is a vertex, a vector a weight on a vertex, a matrix an edge. Vertices
that are summed are removed one by one, the ones with fewest edges first: a dead end is a matrix times a vector, a vertex
on a path a matrix product (with `diag` in the middle where it has a weight), parallel edges an element-wise product, a
closed path a trace. What is left between two free vertices is a matrix; without an edge it is an outer product. A
vertex where three or more edges meet, and whatever has three or more axes, stays in index notation.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.calculus.factoring import factored
from mcalc.calculus.normal import as_term, normalise
from mcalc.calculus.tensor import ONE, Term, build, is_product
from mcalc.expr import Dim, Expr, fold, make, walk
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, add, conjunction, mul, neg, negate, power
from mcalc.operators.leaves import EYE, NUMBER, ONES, UNIT, eye, is_number, number, ones, zeros
from mcalc.operators.linear import (
    BLOCK, DIAG, EINSUM, MATMUL, ROW, SELECTION, SIGMA, SUM, TRACE, TRANSPOSE, block, dot, matmul, transpose,
)  # fmt: skip
from mcalc.operators.matrix import norm
from mcalc.calculus.conditions import scalar_conditions

LISTED = 12
"""A vector longer than this is not listed entry by entry."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.expr import Labels, Number


def matrix_form(root: Expr) -> Expr:
    """Return an expression in normal form written in matrix notation, index notation where there is none.

    Columns are columns: a gradient of one axis comes out as a column, see :func:`as_row`.
    """
    indexed: set[Expr] = set()
    for node in walk(root):
        if node.op is EINSUM or any([arg in indexed for arg in node.args]):
            indexed.add(node)

    def parts(node: Expr) -> Sequence[Expr]:
        """Sums and products that differentiation made, and whatever has index notation inside it."""
        if node.op in (ADD, CASES) or is_product(node) or (node.op is not EINSUM and node in indexed):
            return node.args
        return node.args[1:] if node.op is SIGMA else ()

    made: Expr = fold(root, parts, _words)
    return made


def _words(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], done[node.args[1]]))
    if node.op is CASES:
        return make(CASES, tuple([done[arg] for arg in node.args]))
    if node.op is ADD:
        return sum_in_words(node, done)
    if node.op in (UNIT, SELECTION):
        return as_block(node) or node
    if node.op is EINSUM or node.op.name == "mul":
        if any([arg.op in (UNIT, SELECTION) for arg in node.args]):
            gathered = as_block(node)
            if gathered is not None:
                return gathered
        return _product_in_words(node, done)
    args = tuple([done.get(arg, arg) for arg in node.args])
    return node if args == node.args else make(node.op, args, node.attr)


def _product_in_words(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.op is EINSUM:
        subscripts, out = node.attr
        factors = list(zip(node.args, subscripts, strict=True))
    else:
        out = tuple(range(node.order))
        factors = [(arg, out if arg.shape else ()) for arg in node.args]
    coef = 1
    kept: list[tuple[Expr, Labels]] = []
    for arg, labels in factors:
        if arg.op is NUMBER:
            coef = coef * arg.attr
        else:
            kept.append((done[arg], labels))
    return in_words(Term(coef, [(arg, labels, ONE) for arg, labels in kept], out))


def in_words(term: Term) -> Expr:
    """Return one product in matrix notation, or in index notation where its graph has none.

    Conditions without axes become braces around all the rest (the paper's section 5).
    """
    conditions = scalar_conditions(term)
    if conditions:
        rest = Term(term.coef, [f for f in term.factors if f[0] not in conditions], term.out)
        value = in_words(rest) if rest.factors else number(rest.coef)
        holds = conjunction(*dict.fromkeys(conditions))
        return make(CASES, (zeros(value.shape), negate(holds), value, holds))
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op is CASES and exponent is ONE and not any([c.shape for c in base.args[1::2]]):
            rest = [*term.factors[:place], *term.factors[place + 1 :]]
            return _into_pieces(base, labels, Term(term.coef, rest, term.out))
    graph = Graph(term)
    body = graph.reduce()
    if body is None:
        return build(term)
    return scaled(term.coef, graph.scalars, body)


def _into_pieces(base: Expr, labels: Labels, rest: Term) -> Expr:
    """Multiply braces by the other factors piece by piece: f {a if c; b if d} = {f a if c; f b if d}."""
    parts: list[Expr] = []
    for place, part in enumerate(base.args):
        if place % 2 == 1:
            parts.append(part)
        elif part.op.name == "zeros" or is_number(part, 0):
            sizes = {x: d for b, xs, _ in [*rest.factors, (base, labels, ONE)] for x, d in zip(xs, b.shape, strict=True)}
            parts.append(zeros(tuple([sizes[label] for label in rest.out])))
        else:
            own = as_term(part)
            names = dict(zip(own.out, labels, strict=True)) if part.shape else {}
            shift = 1 + max([x for _, xs, _ in rest.factors for x in xs] + list(rest.out) + list(labels), default=0)
            inner = [(b, tuple([names.get(x, x + shift) for x in xs]), e) for b, xs, e in own.factors]
            if not part.shape and base.shape:
                inner.append((ones(base.shape), labels, ONE))
            parts.append(in_words(Term(rest.coef * own.coef, [*rest.factors, *inner], rest.out)))
    return make(CASES, tuple(parts))


def scaled(coef: Number, scalars: Sequence[Expr], body: Expr) -> Expr:
    """Put a product together as it is written: number, symbols, functions, sums, the tensor, then what divides.

    A sum over an index and braces come last, `2/N Σ ...`; a sign before diag(a ⊘ b) goes inside, to a.
    """
    top, bottom = (coef, 1) if isinstance(coef, float) else (Fraction(coef).numerator, Fraction(coef).denominator)
    if top == -1 and body.op is DIAG and body.order == 2 and body.args[0].op is MUL and not _divides(body.args[0].args[0]):
        top, body = 1, make(DIAG, (neg(body.args[0]),))
    over = sorted([s for s in scalars if not _divides(s)], key=_rank)
    if is_number(body, 1) and over and over[-1].op is SIGMA:
        body = over.pop()
    under = [*([number(Fraction(1, bottom))] if bottom != 1 else []), *[s for s in scalars if _divides(s)]]
    last = body.op in (SIGMA, CASES)
    own = () if is_number(body, 1) else body.args if body.op is MUL else (body,)
    ordered = [*over, *under, *own] if last else [*over, *own, *under]
    return mul(number(top), *ordered)


def _divides(scalar: Expr) -> bool:
    return scalar.op is POW and is_number(scalar.args[1]) and scalar.args[1].attr < 0


def _rank(scalar: Expr) -> int:
    base = scalar.args[0] if scalar.op is POW else scalar
    if base.op.name in ("symbol", "size", "pi", "element", "index"):
        return 0
    if base.op is SIGMA:
        return 4
    return 2 if base.op is ADD else 1


class Graph:
    """The graph of one product: weights on vertices, edges between them, scalars beside them."""

    def __init__(self, term: Term) -> None:
        self.out = term.out
        self.scalars: list[Expr] = []
        self.weights: dict[int, list[Expr]] = {}
        self.edges: list[tuple[Expr, int, int]] = []
        self.sizes: dict[int, Dim] = {}
        self.stuck = len(term.out) > 2
        for base, labels, exponent in term.factors:
            atom = base if exponent is ONE else power(base, exponent)
            self.sizes.update(zip(labels, base.shape, strict=True))
            if not labels:
                self.scalars.extend(atom.args if atom.op.name == "mul" else (atom,))
            elif len(labels) == 1:
                self.weights.setdefault(labels[0], []).append(atom)
            elif len(labels) == 2:
                if labels[0] == labels[1]:
                    self.weights.setdefault(labels[0], []).append(diagonal_of(atom))
                else:
                    self.edges.append((atom, *labels))
            else:
                self.stuck = True

    def reduce(self) -> Expr | None:
        """Return the tensor that the graph stands for, with its scalars left in `scalars`; None where it is stuck."""
        if self.stuck:
            return None
        while True:
            self._merge_parallel()
            summed = [v for v in self.sizes if v not in self.out and (v in self.weights or self._degree(v))]
            if not summed:
                break
            vertex = min(summed, key=self._degree)
            degree = self._degree(vertex)
            if degree == 0:
                self.scalars.append(sum_of(self.weights.pop(vertex)))
            elif degree == 1:
                self._dead_end(vertex)
            elif degree == 2:
                self._pass_through(vertex)
            else:
                return None
        return self._free_part()

    def _degree(self, vertex: int) -> int:
        return sum([(u == vertex) + (v == vertex) for _, u, v in self.edges])

    def _merge_parallel(self) -> None:
        """Two edges between the same vertices: a trace where both end there, a diagonal, or an element-wise product."""
        merged = True
        while merged:
            merged = False
            for a, (first, u, v) in enumerate(self.edges):
                for b in range(a + 1, len(self.edges)):
                    second, s, t = self.edges[b]
                    if {s, t} != {u, v}:
                        continue
                    turned = second if (s, t) == (u, v) else transposed(second)
                    del self.edges[b], self.edges[a]
                    self._parallel(first, turned, u, v)
                    merged = True
                    break
                if merged:
                    break

    def _parallel(self, first: Expr, second: Expr, u: int, v: int) -> None:
        inner_u, inner_v = u not in self.out, v not in self.out
        bare_u = u not in self.weights and self._degree(u) == 0
        bare_v = v not in self.weights and self._degree(v) == 0
        if inner_u and inner_v and bare_u and bare_v and first.op is not EYE and second.op is not EYE:
            self.scalars.append(trace_of_product(first, second))
            self.sizes.pop(u)
            self.sizes.pop(v)
        elif first.op is EYE or second.op is EYE:
            other = second if first.op is EYE else first
            self.edges.append((eye(self.sizes[u]), u, v))
            self.weights.setdefault(u, []).append(diagonal_of(other))
        else:
            self.edges.append((mul(first, second), u, v))

    def _take_edges(self, vertex: int) -> list[tuple[Expr, int]]:
        """Remove the edges at a vertex; return each as a matrix whose second label is the vertex, and the other end."""
        taken = [(m, u) if v == vertex else (transposed(m), v) for m, u, v in self.edges if vertex in (u, v)]
        self.edges = [edge for edge in self.edges if vertex not in edge[1:]]
        return taken

    def _dead_end(self, vertex: int) -> None:
        [(matrix, other)] = self._take_edges(vertex)
        weights = self.weights.pop(vertex, None)
        column = hadamard(weights) if weights else ones((self.sizes[vertex],))
        self.weights.setdefault(other, []).append(chain(matrix, column))

    def _pass_through(self, vertex: int) -> None:
        (left, u), (right, v) = self._take_edges(vertex)
        weights = self.weights.pop(vertex, None)
        middle = [diagonal(hadamard(weights))] if weights else []
        joined = chain(left, *middle, transposed(right))
        if u == v:
            self.weights.setdefault(u, []).append(diagonal_of(joined))
        else:
            self.edges.append((joined, u, v))

    def _free_part(self) -> Expr | None:
        if not self.out:
            return None if self.edges or self.weights else number(1)
        if len(self.out) == 1:
            return hadamard(self.weights.get(self.out[0], [])) if not self.edges else None
        i, j = self.out
        on_i, on_j = self.weights.get(i), self.weights.get(j)
        if not self.edges:
            left = hadamard(on_i) if on_i else ones((self.sizes[i],))
            right = hadamard(on_j) if on_j else ones((self.sizes[j],))
            if left.op is ONES and right.op is ONES:
                return ones((self.sizes[i], self.sizes[j]))
            return chain(left, as_row(right))
        [(matrix, u, _)] = self.edges
        matrix = matrix if u == i else transposed(matrix)
        if matrix.op is EYE:
            both = [*(on_i or []), *(on_j or [])]
            return diagonal(hadamard(both)) if both else matrix
        parts = ([diagonal(hadamard(on_i))] if on_i else []) + [matrix] + ([diagonal(hadamard(on_j))] if on_j else [])
        return chain(*parts)


def hadamard(vectors: Sequence[Expr]) -> Expr:
    """Return the element-wise product of some tensors of one shape, quotients last."""
    opened: list[Expr] = []
    for vector in vectors:
        opened.extend(vector.args if vector.op.name == "mul" else (vector,))
    opened.sort(key=lambda v: (1 if v.shape and _divides(v) else 0) if v.shape else -1)
    return mul(*opened)


def diagonal(vector: Expr) -> Expr:
    """diag(v), or the identity for ones."""
    return eye(vector.shape[0]) if vector.op is ONES else make(DIAG, (vector,))


def diagonal_of(matrix: Expr) -> Expr:
    """The diagonal of a matrix as a vector: of diag(v) it is v, of I it is ones."""
    if matrix.op is EYE:
        return ones(matrix.shape[:1])
    if matrix.op is DIAG:
        return matrix.args[0]
    return make(DIAG, (matrix,))


def chain(*factors: Expr) -> Expr:
    """Return a matrix product with nested products opened and identities left out."""
    opened: list[Expr] = []
    for factor in factors:
        opened.extend(factor.args if factor.op is MATMUL and factor.shape else (factor,))
    kept = [factor for factor in opened if factor.op is not EYE]
    return matmul(*kept) if kept else opened[0]


def transposed(matrix: Expr) -> Expr:
    """Return the transpose of a matrix, pushed down: (A B)ᵀ = BᵀAᵀ, diag(v)ᵀ = diag(v), (A + Aᵀ)ᵀ = A + Aᵀ."""
    made: Expr = fold(matrix, _parts_to_transpose, _transposed)
    return made


def _parts_to_transpose(node: Expr) -> Sequence[Expr]:
    """The parts of a matrix that its transpose is made of; a sum is opened where that gives no more transposes."""
    if node.op is ADD:
        turned = sum([part.op is TRANSPOSE for part in node.args])
        return [part for part in node.args if part.shape] if 2 * turned >= len(node.args) else ()
    if node.op in (MATMUL, CASES) or (node.op.name == "mul" and sum([bool(part.shape) for part in node.args]) == 1):
        return [part for part in node.args if part.order == 2]
    return node.args[1:] if node.op is SIGMA else ()


def _transposed(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.op is DIAG and node.order == 2:
        return node
    parts = _parts_to_transpose(node)
    if node.op is MATMUL and node.order == 2:
        return matmul(*[done[f] if f.order == 2 else transpose(f) for f in reversed(node.args)])
    if not parts or node.op is MATMUL:
        return transpose(node)
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], done[node.args[1]]))
    turned = [done[part] if part.shape else part for part in node.args]
    if node.op is ADD and set(turned) == set(node.args):
        return node
    return make(node.op, tuple(turned), node.attr)


def sum_of(weights: list[Expr]) -> Expr:
    """Return Σ_i of a product of vectors: sum(w), w · x, xᵀ A y, tr(A)."""
    if len(weights) == 1:
        [weight] = weights
        if weight.op is DIAG and weight.order == 1:
            return make(TRACE, weight.args)
        if weight.op is ONES:
            return number(1)
        if weight.op is POW and is_number(weight.args[1], 2):
            return dot(weight.args[0], weight.args[0])
        if weight.op is MATMUL and weight.args[-1].op is not ONES:
            return chain(as_row(ones(weight.args[0].shape[:1])), weight)
        return make(SUM, (weight,))
    if len(weights) > 2:
        return make(SUM, (hadamard(weights),))
    a, b = weights
    if a.op is MATMUL or b.op is MATMUL:
        first, second = (a, b) if b.op is MATMUL else (b, a)
        return chain(as_row(first), second)
    return dot(a, b)


def trace_of_product(first: Expr, second: Expr) -> Expr:
    """Return Σ_ij A_ij B_ij as tr(A Bᵀ), with the transpose where it costs least; of equal matrices as a norm."""
    if first is second:
        return power(norm(first), number(2))
    if second.op is TRANSPOSE or (second.op is MATMUL and first.op is not TRANSPOSE):
        return make(TRACE, (chain(first, transposed(second)),))
    return make(TRACE, (chain(transposed(first), second),))


def as_row(column: Expr) -> Expr:
    """Return the transpose of a column vector, pushed down to where it is written: (A x)ᵀ = xᵀ Aᵀ."""
    made: Expr = fold(column, _row_parts, _as_row)
    return made


def _row_parts(node: Expr) -> Sequence[Expr]:
    if node.is_row:
        return ()
    if node.op is SIGMA:
        return node.args[1:]
    if node.op is CASES:
        return [arg for arg in node.args if arg.shape]
    if node.op is ADD:
        return [arg for arg in node.args if arg.shape]
    if node.op.name == "mul" and sum([bool(arg.shape) for arg in node.args]) == 1:
        return [arg for arg in node.args if arg.shape]
    return ()


def _as_row(node: Expr, done: dict[Expr, Expr]) -> Expr:
    if node.is_row:
        return node
    if node.op is MATMUL:
        return matmul(*[transpose(node.args[-1]) if node.args[-1].order == 1 else transposed(node.args[-1]),
                        *[transposed(f) if f.order == 2 else transpose(f) for f in reversed(node.args[:-1])]])  # fmt: skip
    if node.op is BLOCK and node.attr[1] == 1 and all([not arg.shape for arg in node.args]):
        return block(1, node.attr[0], *node.args)
    parts = _row_parts(node)
    if not parts:
        return make(ROW, (node,))
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], done[node.args[1]]))
    return make(node.op, tuple([done[arg] if arg.shape else arg for arg in node.args]), node.attr)


def sum_in_words(node: Expr, done: dict[Expr, Expr]) -> Expr:
    """Return a sum of products in words: entries at unit vectors as a block, common heads and tails factored."""
    gathered = as_block(node)
    return gathered if gathered is not None else factored([done[arg] for arg in node.args], node.shape)


def as_block(node: Expr) -> Expr | None:
    """a e(1) + b e(2) + ... is the vector [a; b; ...]: what stands at unit vectors is put together as a block.

    Returns None where an axis is not covered by unit vectors at known places, or is too long to be listed.
    """
    terms = [as_term(part) for part in (node.args if node.op is ADD else (node,))]
    if node.order not in (1, 2) or any([len(term.out) != node.order for term in terms]):
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
        listed = _in_a_row(pieces, dim, node.shape[1 - axis] if node.order == 2 else None)
        if listed is None:
            continue
        if node.order == 1:
            return block(len(listed), 1, *listed)
        return _stacked(listed, axis)
    return None


def _placed(term: Term, axis: int) -> tuple[Dim, Dim | None, Expr] | None:
    """Where along an axis a term stands: what comes before it, its own length (None for one entry), and the rest of it."""
    label = term.out[axis]
    for at, (base, labels, exponent) in enumerate(term.factors):
        rest = [*term.factors[:at], *term.factors[at + 1 :]]
        if base.op is UNIT and labels[0] == label and is_number(base.args[0]):
            out = tuple([x for x in term.out if x != label])
            if any([label in xs for _, xs, _ in rest]):
                return None
            return Dim.of(base.args[0].attr - 1), None, build(Term(term.coef, rest, out))
        if base.op is SELECTION and labels[0] == label and exponent is ONE and not any([label in xs for _, xs, _ in rest]):
            own, extra = labels[1], (ones((base.attr[1],)), labels[1:], ONE)
            if own in term.out:
                own = 1 + max([x for _, xs, _ in term.factors for x in xs])
                extra = (eye(base.attr[1]), (own, labels[1]), ONE)
            out = tuple([own if x == label else x for x in term.out])
            return base.attr[0], base.attr[1], build(Term(term.coef, [*rest, extra], out))
    return None


def _in_a_row(pieces: dict[tuple[Dim, Dim | None], list[Expr]], dim: Dim, across: Dim | None) -> list[Expr] | None:
    """The pieces in order of their places, with zeros between them; None where they do not cover the axis."""
    start = Dim.of(0)
    listed: list[Expr] = []
    left = dict(pieces)
    while start is not dim:
        found = next((key for key in left if key[0] is start), None)
        if found is None:
            gap = (dim - start).value
            if gap is None or gap <= 0 or len(listed) >= LISTED:
                return None
            listed.append(zeros(() if across is None else (across,)))
            start = start + 1
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
        width = widths.pop()
        return block(len(rows), width, *[entry for row in rows for entry in _row_entries(row, width)])
    return block(len(rows), 1, *rows)


def _entries(row: Expr) -> int | None:
    return row.shape[0].value if row.op is ROW and row.args[0].op.name == "zeros" else None


def _row_entries(row: Expr, width: int) -> Sequence[Expr]:
    return row.args if row.op is BLOCK else [number(0)] * width
