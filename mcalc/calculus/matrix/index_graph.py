"""The graph of a product in index notation, taken apart into matrix notation vertex by vertex.

A label is a vertex, a vector a weight on a vertex, a matrix an edge. Vertices that are summed are removed one by one,
the ones with fewest edges first: a dead end is a matrix times a vector, a vertex on a path a matrix product (with
`diag` in the middle where it has a weight), parallel edges an element-wise product, a closed path a trace. What is left
between two free vertices is a matrix; without an edge it is an outer product. Every step removes an edge or a vertex,
so it ends.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count

from mcalc.calculus.basics.orientation import as_columns, as_row
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.matrix.chains import Path, chain, diagonal_of, hadamard, joined, sum_of, trace_of_product
from mcalc.dims import Dim
from mcalc.expr import Expr
from mcalc.operators.arithmetic import MUL, mul, power
from mcalc.operators.leaves import EYE, NUMBER, ONES, eye, number, ones
from mcalc.operators.linear import MATMUL, diag

LONGEST = 100
"""A product of more scalars than this stays one factor, as it stays shared in normal form."""


class Graph:
    """The graph of one product: weights on vertices, edges between them, scalars beside them.

    Edges are numbered; `at` has those at each vertex, `between` those of each two, `parallel` where there are several.
    """

    def __init__(self, term: Term) -> None:
        self.out = term.out
        self.scalars: list[Expr] = []
        self.weights: dict[int, list[Path]] = {}
        self.edges: dict[int, tuple[Path, int, int]] = {}
        self.at: dict[int, dict[int, None]] = {}
        self.between: dict[frozenset[int], list[int]] = {}
        self.parallel: list[tuple[int, list[int]]] = []
        self._numbers = count()
        self.sizes: dict[int, Dim] = {}
        self.coef = term.coef
        self.stuck = len(term.out) > 2
        for base, labels, exponent in term.factors:
            atom = self._bare(base) if exponent is ONE else power(base, exponent)
            self.sizes.update(zip(labels, base.shape, strict=True))
            if not labels:
                self.scalars.extend(atom.args if atom.op is MUL and len(atom.args) <= LONGEST else (atom,))
            elif len(labels) == 1:
                # A sum of rows, a (bᵀ - cᵀ), is a vector like any other here.
                self._add_weight(labels[0], Path(as_columns(atom) if atom.is_row else atom))
            elif len(labels) == 2:
                if labels[0] == labels[1]:
                    self._add_weight(labels[0], Path(diagonal_of(atom)))
                else:
                    self._add_edge(Path(atom), *labels)
            else:
                self.stuck = True

    def _bare(self, factor: Expr) -> Expr:
        """Put the numbers and scalars of a factor beside the graph; return the tensor left of it."""
        if factor.op is not MUL or not factor.shape:
            return factor
        tensors = [arg for arg in factor.args if arg.shape]
        for arg in factor.args:
            if arg.op is NUMBER:
                self.coef = self.coef * arg.attr
            elif not arg.shape:
                self.scalars.append(arg)
        return mul(*tensors)

    def reduce(self) -> Expr | None:
        """Return the tensor that the graph stands for, with its scalars left in `scalars`; None where it is stuck."""
        if self.stuck:
            return None
        place = {vertex: place for place, vertex in enumerate(self.sizes)}
        self._merge_parallel()
        waiting = [(self._degree(vertex), at, vertex) for vertex, at in place.items() if vertex not in self.out]
        heapify(waiting)
        while waiting:
            degree, _, vertex = heappop(waiting)
            if vertex not in self.sizes or degree != self._degree(vertex):
                continue
            ends = [other for edge in self.at.get(vertex, ()) for other in self.edges[edge][1:] if other != vertex]
            if degree == 0 and vertex in self.weights:
                self.scalars.append(sum_of(self._on(vertex)))
                del self.weights[vertex]
            elif degree == 1:
                self._dead_end(vertex)
            elif degree == 2:
                self._pass_through(vertex)
            elif degree:
                return None
            self._merge_parallel()
            for other in ends:
                if other not in self.out:
                    heappush(waiting, (self._degree(other), place[other], other))
        return self._free_part()

    def _degree(self, vertex: int) -> int:
        return len(self.at.get(vertex, ()))

    def _add_edge(self, path: Path, u: int, v: int) -> None:
        number = next(self._numbers)
        self.edges[number] = (path, u, v)
        for vertex in (u, v):
            self.at.setdefault(vertex, {})[number] = None
        beside = self.between.setdefault(frozenset((u, v)), [])
        beside.append(number)
        if len(beside) > 1:
            heappush(self.parallel, (beside[0], beside))

    def _take_edge(self, number: int) -> tuple[Path, int, int]:
        path, u, v = self.edges.pop(number)
        for vertex in (u, v):
            del self.at[vertex][number]
        self.between[frozenset((u, v))].remove(number)
        return path, u, v

    def _merge_parallel(self) -> None:
        """Two edges between the same vertices: a trace where both end there, or an element-wise product."""
        while self.parallel:
            _, beside = heappop(self.parallel)
            if len(beside) < 2:
                continue
            one, other = beside[:2]
            first, u, v = self._take_edge(one)
            second, s, _ = self._take_edge(other)
            self._parallel(first.matrix(), (second if s == u else second.transposed()).matrix(), u, v)
            if len(beside) > 1:
                heappush(self.parallel, (beside[0], beside))

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
            self._add_edge(Path(eye(self.sizes[u])), u, v)
            self._add_weight(u, Path(diagonal_of(other)))
        else:
            self._add_edge(Path(hadamard([first, second])), u, v)

    def _take_edges(self, vertex: int) -> list[tuple[Path, int]]:
        """Remove the edges at a vertex; return each as a matrix whose second label is the vertex, and the other end."""
        taken = [self._take_edge(number) for number in list(self.at[vertex])]
        return [(path, u) if v == vertex else (path.transposed(), v) for path, u, v in taken]

    def _dead_end(self, vertex: int) -> None:
        [(matrix, other)] = self._take_edges(vertex)
        self._add_weight(other, joined(matrix, self._taken_weight(vertex) or Path(ones((self.sizes[vertex],)))))

    def _pass_through(self, vertex: int) -> None:
        (left, u), (right, v) = self._take_edges(vertex)
        weight = self._taken_weight(vertex)
        middle = [Path(diag(weight.matrix()))] if weight is not None else []
        path = joined(left, *middle, right.transposed())
        if u == v:
            self._add_weight(u, Path(diagonal_of(path.matrix())))
        else:
            self._add_edge(path, u, v)

    def _add_weight(self, vertex: int, path: Path) -> None:
        self.weights.setdefault(vertex, []).append(path)

    def _taken_weight(self, vertex: int) -> Path | None:
        """Remove the weights on a vertex; return their product entry by entry, None where there are none."""
        weights = self.weights.get(vertex, [])
        if len(weights) == 1 and weights[0].factor is None:
            return self.weights.pop(vertex)[0]
        column = self._on(vertex)
        self.weights.pop(vertex, None)
        return Path(hadamard(column)) if column else None

    def _on(self, vertex: int) -> list[Expr]:
        """Return the weights on a vertex."""
        return [path.matrix() for path in self.weights.get(vertex, ())]

    def _free_part(self) -> Expr | None:
        if not self.out:
            return None if self.edges or self.weights else number(1)
        if len(self.out) == 1:
            return hadamard(self._on(self.out[0])) if not self.edges else None
        i, j = self.out
        on_i, on_j = self._on(i), self._on(j)
        if not self.edges:
            left = hadamard(on_i) if on_i else ones((self.sizes[i],))
            right = hadamard(on_j) if on_j else ones((self.sizes[j],))
            if left.op is ONES and right.op is ONES:
                return ones((self.sizes[i], self.sizes[j]))
            return chain(left, as_row(right))
        [(path, u, _)] = self.edges.values()
        matrix = (path if u == i else path.transposed()).matrix()
        if matrix.op is EYE:
            both = [*on_i, *on_j]
            return diag(hadamard(both)) if both else matrix
        if on_i and on_j and matrix.op is not MATMUL:
            return hadamard([chain(hadamard(on_i), as_row(hadamard(on_j))), matrix])  # (u vᵀ) ⊗ A for diag(u) A diag(v)
        parts = ([diag(hadamard(on_i))] if on_i else []) + [matrix] + ([diag(hadamard(on_j))] if on_j else [])
        return chain(*parts)
