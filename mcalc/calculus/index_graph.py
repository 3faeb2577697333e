"""The graph of a product in index notation, taken apart into matrix notation vertex by vertex.

A label is a vertex, a vector a weight on a vertex, a matrix an edge. Vertices that are summed are removed one by one,
the ones with fewest edges first: a dead end is a matrix times a vector, a vertex on a path a matrix product (with
`diag` in the middle where it has a weight), parallel edges an element-wise product, a closed path a trace. What is left
between two free vertices is a matrix; without an edge it is an outer product. Every step removes an edge or a vertex,
so it ends.
"""

from __future__ import annotations

from mcalc.calculus.orientation import as_columns, as_row, transposed
from mcalc.calculus.products import chain, diagonal_of, hadamard, sum_of, trace_of_product
from mcalc.calculus.tensor import ONE, Term
from mcalc.expr import Dim, Expr
from mcalc.operators.arithmetic import MUL, mul, power
from mcalc.operators.leaves import EYE, NUMBER, ONES, eye, number, ones
from mcalc.operators.linear import MATMUL, diag


class Graph:
    """The graph of one product: weights on vertices, edges between them, scalars beside them."""

    def __init__(self, term: Term) -> None:
        self.out = term.out
        self.scalars: list[Expr] = []
        self.weights: dict[int, list[Expr]] = {}
        self.edges: list[tuple[Expr, int, int]] = []
        self.sizes: dict[int, Dim] = {}
        self.coef = term.coef
        self.stuck = len(term.out) > 2
        for base, labels, exponent in term.factors:
            atom = self._bare(base) if exponent is ONE else power(base, exponent)
            self.sizes.update(zip(labels, base.shape, strict=True))
            if not labels:
                self.scalars.extend(atom.args if atom.op.name == "mul" else (atom,))
            elif len(labels) == 1:
                # A sum of rows, a (bᵀ - cᵀ), is a vector like any other here.
                self.weights.setdefault(labels[0], []).append(as_columns(atom) if atom.is_row else atom)
            elif len(labels) == 2:
                if labels[0] == labels[1]:
                    self.weights.setdefault(labels[0], []).append(diagonal_of(atom))
                else:
                    self.edges.append((atom, *labels))
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
        """Two edges between the same vertices: a trace where both end there, a  or an element-wise product."""
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
            self.edges.append((hadamard([first, second]), u, v))

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
        middle = [diag(hadamard(weights))] if weights else []
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
            return diag(hadamard(both)) if both else matrix
        if on_i and on_j and matrix.op is not MATMUL:
            return hadamard([chain(hadamard(on_i), as_row(hadamard(on_j))), matrix])  # (u vᵀ) ⊗ A for diag(u) A diag(v)
        parts = ([diag(hadamard(on_i))] if on_i else []) + [matrix] + ([diag(hadamard(on_j))] if on_j else [])
        return chain(*parts)
