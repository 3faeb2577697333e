"""Random well-shaped expressions, typed by shape, over every row of the operator table.

`expression` picks among hand-written uses; `featuring` takes a row of the table, asks its shape rule what fits, and
makes an expression with that row in it, so that a row that is added to the table is covered without a word here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from itertools import product

from mcalc.dims import Dim
from mcalc.errors import ShapeError
from mcalc.expr import Expr, Operator, make, walk
from mcalc.operators import TABLE
from mcalc.operators.abstract import apply
from mcalc.operators.arithmetic import add, cases, div, mul, neg, power
from mcalc.operators.blocks import block, selection, slice_
from mcalc.operators.kronecker import commutation, pairing
from mcalc.operators.leaves import PI, eye, index, number, ones, size, symbol, unit, zeros
from mcalc.operators.linear import diag, dot, einsum, element, matmul, transpose
from mcalc.operators.matrix_functions import FRECHET, frechet, powm
from mcalc.operators.singular import VALUES, VECTORS
from mcalc.operators.solutions import pinv, shifted
from mcalc.operators.spectral import EIGENVALUES, EIGENVECTORS
from mcalc.operators.toeplitz import CONVOLUTIONS, diagonals

SIZES = {"n": 2, "m": 3, "p": 4}
DIMS = {name: Dim.named(name) for name in SIZES}
SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "atan", "erf", "sinh", "cosh", "silu", "gelu")
KINKED = ("abs", "relu", "sign", "step", "floor")
POSITIVE = ("ln", "log2", "log10")
COMPARISONS = ("gt", "ge", "lt", "le")
DIFFERENTIABLE = [
    row
    for row in TABLE.values()
    if row.kind in ("elementwise", "linear", "tensor", "defined", "binder")
    and row.name not in ("apply", "map", "expectation", "implicit")
]
"""Every row that has a derivative: not leaves and spellings, not the functions without a definition, which have no
value."""
CONSTANT = [row for row in TABLE.values() if row.kind == "leaf" and row.name not in ("number", "symbol", "index")]
"""Leaves without a variable: they stand in few expressions by chance."""
FEATURED_ROWS = [*DIFFERENTIABLE, *CONSTANT]
"""Rows that each have their turn in random expressions; numbers, variables and running indices are everywhere."""


UNDEFINED = 0.25
"""How often a function that nobody defined stands where there may be one."""
FUNCTIONS = ("f", "g", "h", "φ", "A", "ψ", "ℓ", "p", "Σ")


class Generator:
    """Makes expressions of a wanted shape that have a value where the named sizes are `sizes`.

    `used` collects the names of the operators that occur. With `undefined`, functions that nobody defined are among
    them, of one or two arguments of any shapes.
    """

    def __init__(self, seed: int, sizes: Mapping[str, int] = SIZES, *, undefined: bool = False) -> None:
        self.random = random.Random(seed)
        self.undefined = undefined
        self.functions: dict[tuple[tuple[str, ...], ...], str] = {}
        self.sizes = sizes
        self.indices: list[tuple[Expr, str]] = []
        self.used: set[str] = set()

    def expression(self, depth: int) -> Expr:
        """Return an expression of a random shape of at most two axes."""
        names = [self.random.choice(list(SIZES)) for _ in range(self.random.choice((0, 0, 0, 1, 1, 2)))]
        return self.of(tuple(names), depth)

    def of(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return an expression with these named sizes."""
        if depth <= 0 or self.random.random() < 0.08:
            return self.leaf(shape)
        if self.undefined and self.random.random() < UNDEFINED:
            return self.function(shape, depth - 1)
        options = {0: self.scalar, 1: self.vector, 2: self.matrix}[len(shape)]
        made = options(shape, depth - 1)
        self.used.add(made.op.name)
        return made

    def leaf(self, shape: tuple[str, ...]) -> Expr:
        """Return a variable, an entry of one at a running index, or a number."""
        running = [(i, name) for i, name in self.indices]
        if running and self.random.random() < 0.7:
            i, name = self.random.choice(running)
            if len(shape) < 2:
                self.used.add("element")
                return element(
                    symbol(f"{'uX'[len(shape)]}_{''.join((name, *shape))}", tuple([DIMS[s] for s in (name, *shape)])), i
                )
        if not shape and self.random.random() < 0.25:
            return number(self.random.choice((1, 2, 3, Fraction(1, 2), -1)))
        if not shape and self.random.random() < 0.2:
            name = self.size()
            return element(self.leaf((name,)), self.place(name))
        if self.random.random() < 0.02:
            return self.constant(shape)
        letter = self.random.choice(("st", "xy", "AB")[len(shape)])
        return symbol(f"{letter}_{''.join(shape)}" if shape else letter, tuple([DIMS[s] for s in shape]))

    def place(self, name: str) -> Expr:
        """Return one of the first two places of an axis, where there are two."""
        return number(self.random.randint(1, min(2, self.sizes[name])))

    def constant(self, shape: tuple[str, ...]) -> Expr:
        """Return something without a variable: π, a size, ones, zeros, a unit vector, the identity or part of it."""
        dims = tuple([DIMS[name] for name in shape])
        pick = [ones(dims), zeros(dims)] if dims else [make(PI), size(DIMS[self.size()])]
        if len(dims) == 1:
            pick.append(unit(self.place(shape[0]), dims[0]))
        if len(dims) == 2 and dims[0] is dims[1]:
            pick.append(eye(dims[0]))
        return self.random.choice(pick)

    def function(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return an undefined function of this shape; those of the same shapes have the same name."""
        arguments = [
            tuple([self.size() for _ in range(self.random.choice((0, 1, 1, 2)))])
            for _ in range(self.random.choice((1, 1, 2)))
        ]
        key = (shape, *arguments)
        name = self.functions.setdefault(key, FUNCTIONS[len(self.functions) % len(FUNCTIONS)])
        if self.functions[key] != name or list(self.functions.values()).count(name) > 1:
            self.functions[key] = name = f"f_{len(self.functions)}"
        behind = (";|"[len(self.functions) % 2], 1) if len(arguments) > 1 and len(self.functions) % 3 else ("", 0)
        args = [self.of(argument, depth) for argument in arguments]
        made = apply(name, *args, out=tuple([DIMS[d] for d in shape]), behind=behind)
        self.used.add(made.op.name)
        return made

    def positive(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return an expression whose every entry is at least 1/2."""
        return add(number(Fraction(1, 2)), power(self.of(shape, depth), number(2)))

    def generic(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return an expression that is not zero for most values of its variables."""
        return add(self.of(shape, depth), self.leaf(shape), number(Fraction(1, 3)))

    def size(self) -> str:
        """Return the name of a size."""
        return self.random.choice(list(SIZES))

    def square(self, d: str, depth: int) -> Expr:
        """Return a matrix that is well away from singular."""
        a = self.of((d, d), depth)
        bounded = make(TABLE["tanh"], (a,))
        return add(bounded, mul(number(7), eye(DIMS[d])))

    def bounded(self, d: str, depth: int) -> Expr:
        """Return a square matrix of small entries."""
        return mul(number(Fraction(1, 2)), make(TABLE["tanh"], (self.of((d, d), depth),)))

    def apart(self, d: str, depth: int) -> Expr:
        """Return a symmetric positive definite matrix whose eigenvalues are near 1, 2, 3, ..."""
        part = make(TABLE["tanh"], (self.of((d, d), depth),))
        places = diag(make(TABLE["cumsum"], (ones((DIMS[d],)),)))
        return add(mul(number(Fraction(1, 100)), matmul(part, transpose(part))), places)

    def oblong(self, depth: int) -> tuple[Expr, str]:
        """Return a matrix of full rank, tall or wide, whose singular values are near 1, 2, 3, ..., and their number."""
        d, e = self.size(), self.size()
        more = mul(number(Fraction(1, 10)), make(TABLE["tanh"], (self.of((e, d), depth),)))
        tall = block(2, 1, self.apart(d, depth), more)
        return (tall if self.random.random() < 0.5 else transpose(tall)), d

    def entrywise(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return one of the operators that work entry by entry."""
        of: Callable[[], Expr] = lambda: self.of(shape, depth)  # noqa: E731 - short, and read at once
        mixed: Callable[[], Expr] = lambda: self.of(shape if self.random.random() < 0.7 else (), depth)  # noqa: E731
        pick: list[Callable[[], Expr]] = [
            lambda: add(of(), mixed()),
            lambda: add(of(), neg(mixed())),
            lambda: add(of(), mixed(), of()),
            lambda: mul(mixed(), of()),
            lambda: mul(of(), mixed(), of()),
            lambda: div(of(), self.positive(shape if self.random.random() < 0.5 else (), depth)),
            lambda: make(TABLE[self.random.choice(SMOOTH)], (of(),)),
            lambda: make(TABLE[self.random.choice(SMOOTH)], (of(),)),
            lambda: make(TABLE[self.random.choice(KINKED)], (of(),)),
            lambda: make(TABLE[self.random.choice(POSITIVE)], (self.positive(shape, depth),)),
            lambda: power(of(), number(self.random.choice((2, 3)))),
            lambda: power(
                self.positive(shape, depth), number(self.random.choice((-1, -2, Fraction(1, 2), Fraction(-3, 2))))
            ),
            lambda: power(self.positive(shape, depth), make(TABLE["tanh"], (self.of((), depth),))),
            lambda: make(TABLE["max"], (number(0), of())),
            lambda: make(TABLE[self.random.choice(("max", "min"))], (of(), mixed())),
            lambda: mul(of(), make(TABLE[self.random.choice(COMPARISONS)], (of(), mixed()))),
            lambda: self.braces(shape, depth),
            lambda: self.sigma(shape, depth),
            lambda: make(TABLE["asin"], (mul(number(Fraction(1, 2)), make(TABLE["tanh"], (of(),))),)),
            lambda: make(TABLE["acos"], (mul(number(Fraction(1, 2)), make(TABLE["tanh"], (of(),))),)),
            lambda: make(TABLE["tan"], (mul(number(Fraction(1, 2)), make(TABLE["tanh"], (of(),))),)),
        ]
        return self.random.choice(pick)()

    def braces(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a piecewise expression with a scalar condition, or one entry by entry."""
        condition_shape = () if self.random.random() < 0.6 else shape
        condition = make(TABLE[self.random.choice(COMPARISONS)], (self.of(condition_shape, depth), self.of((), 0)))
        if self.random.random() < 0.3:
            other = make(TABLE[self.random.choice(COMPARISONS)], (self.of(condition_shape, 0), number(1)))
            condition = make(TABLE[self.random.choice(("and", "or"))], (condition, other))
        return cases(self.of(shape, depth), condition, self.of(shape, depth))

    def sigma(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a sum over a running index of all of an axis, or of a part of it; of scalars, at times a product."""
        if len(self.indices) >= 2 or len(shape) > 1:
            return self.leaf(shape)
        name = self.size()
        part = self.random.random() < 0.3
        outer = self.indices
        letter = self.random.choice("ijk") if outer and self.random.random() < 0.3 else "ijk"[len(outer)]
        alike = [i for i, _ in outer if i.attr[0] == letter]  # the sum around it hides them, as any inner name does
        i = index(letter, len(alike), number(2 if part else 1), size(DIMS[name]))
        self.indices = [*[known for known in outer if known[0] not in alike], (i, name)]
        body = self.of(shape, depth)
        hidden = any([node.op.kind == "binder" and node.args[0].attr[0] == letter for node in walk(body)])
        if hidden and i not in body.free:  # which would read as the same index bound twice
            body = mul(element(symbol(f"u_{name}", (DIMS[name],)), i), body)
        self.indices = outer
        kind = "product" if not shape and self.random.random() < 0.2 else "sigma"
        return make(TABLE[kind], (i, body))

    def scalar(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a scalar."""
        d, e = self.size(), self.size()
        vector: Callable[[], Expr] = lambda: self.of((d,), depth)  # noqa: E731
        pick: list[Callable[[], Expr]] = [
            lambda: self.entrywise((), depth),
            lambda: self.entrywise((), depth),
            lambda: dot(vector(), vector()),
            lambda: make(TABLE["sum"], (vector(),)),
            lambda: make(TABLE["sum"], (self.of((d, e), depth),)),
            lambda: matmul(transpose(vector()), self.of((d, e), depth), self.of((e,), depth)),
            lambda: make(TABLE["trace"], (self.of((d, d), depth),)),
            lambda: make(TABLE["trace"], (matmul(self.of((d, e), depth), self.of((e, d), depth)),)),
            lambda: make(TABLE["det"], (mul(number(Fraction(1, 7)), self.square(d, depth)),)),
            lambda: make(TABLE["logdet"], (self.square(d, depth),)),
            lambda: make(TABLE["norm"], (self.generic((d,), depth),)),
            lambda: make(TABLE["norm"], (self.generic((d, e), depth),)),
            lambda: power(make(TABLE["norm"], (self.generic((d,), depth),)), number(2)),
            lambda: make(TABLE["norm1"], (vector(),)),
            lambda: make(TABLE["mean"], (vector(),)),
            lambda: make(TABLE["var"], (vector(),)),
            lambda: make(TABLE["std"], (add(vector(), self.leaf((d,))),)),
            lambda: make(TABLE["logsumexp"], (vector(),)),
            lambda: element(vector(), self.place(d)),
            lambda: self.sigma((), depth),
        ]
        return self.random.choice(pick)()

    def vector(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a column vector."""
        d, e = shape[0], self.size()
        pick: list[Callable[[], Expr]] = [
            lambda: self.entrywise(shape, depth),
            lambda: self.entrywise(shape, depth),
            lambda: matmul(self.of((d, e), depth), self.of((e,), depth)),
            lambda: matmul(transpose(self.of((e, d), depth)), self.of((e,), depth)),
            lambda: matmul(make(TABLE["inv"], (self.square(d, depth),)), self.of(shape, depth)),
            lambda: matmul(diag(self.of(shape, depth)), self.of(shape, depth)),
            lambda: make(TABLE["softmax"], (self.of(shape, depth),)),
            lambda: diag(self.of((d, d), depth)),
            lambda: element(self.of((e, d), depth), number(1)),
            lambda: make(TABLE["logsumexp"], (self.of((d, e), depth),)),
            lambda: mul(self.of((), depth), ones((DIMS[d],))),
            lambda: matmul(self.of(shape, depth), transpose(self.of(shape, depth)), self.of(shape, depth)),
        ]
        return self.random.choice(pick)()

    def matrix(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a matrix."""
        d, e = shape
        f = self.size()
        pick: list[Callable[[], Expr]] = [
            lambda: self.entrywise(shape, depth),
            lambda: matmul(self.of((d, f), depth), self.of((f, e), depth)),
            lambda: transpose(self.of((e, d), depth)),
            lambda: matmul(self.of((d,), depth), transpose(self.of((e,), depth))),
            lambda: make(TABLE["outer"], (self.of((d,), depth), self.of((e,), depth))),
            lambda: make(TABLE["softmax"], (self.of(shape, depth),)),
        ]
        if d == e:
            pick += [
                lambda: diag(self.of((d,), depth)),
                lambda: make(TABLE["inv"], (self.square(d, depth),)),
                lambda: add(self.of(shape, depth), eye(DIMS[d])),
            ]
        return self.random.choice(pick)()

    def featuring(self, row: Operator, depth: int, *, scalar: bool) -> Expr:
        """Return an expression with this row in it, a `scalar` where it is to be differentiated twice."""
        value = self.called(row, depth)
        self.used.add(row.name)
        if not scalar and value.order < 3 and self.random.random() < 0.5:
            return value
        if not value.shape:
            return self.random.choice((mul(value, self.of((), depth)), power(value, number(2)), value))
        outer = self.random.choice((value, make(TABLE["sin"], (value,))))
        return make(TABLE["sum"], (mul(value, outer),))

    def called(self, row: Operator, depth: int) -> Expr:
        """Return this row applied to random arguments that it takes, inside its domain."""
        made = USES.get(row.name)
        if made is not None:
            return made(self, depth)
        assert fitting(row), f"the generator finds no arguments for {row.name}"
        shapes = self.random.choice(fitting(row))
        renamed = dict(zip("de", self.random.sample(list(SIZES), 2), strict=True))
        args = [self.argument(row, tuple([renamed[letter] for letter in shape]), depth) for shape in shapes]
        return make(row, tuple(args))

    def argument(self, row: Operator, shape: tuple[str, ...], depth: int) -> Expr:
        """Return an argument for a row: where it has a domain, one that stays inside it."""
        if "two entries" in row.kink:
            return self.leaf(shape)
        if row.name == "det" and self.random.random() < 0.4:
            return self.of(shape, depth)  # singular at times, where the derivative has a value all the same
        if row.domain and row.kind != "elementwise" and len(shape) == 2 and shape[0] == shape[1]:
            kind = self.random.random()
            if kind < 0.1:
                return make(TABLE["diag"], (add(self.above_zero(shape[:1], depth), number(1)),))
            square = self.square(shape[0], depth)
            return mul(add(self.above_zero((), depth), number(1)), square) if kind < 0.25 else square
        if row.domain:
            inside = self.above_zero(shape, depth)
            return add(inside, number(1)) if row.domain == "x > 1" else inside
        return self.of(shape, depth)

    def above_zero(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return something whose entries lie between 0.04 and 0.44."""
        squared = power(make(TABLE["tanh"], (self.generic(shape, depth),)), number(2))
        return mul(number(Fraction(2, 5)), add(squared, number(Fraction(1, 10))))

    def cut(self, shape: tuple[str, ...], depth: int) -> Expr:
        """Return a part of a vector or a matrix: from a place on, up to one, or a column."""
        one = [min(1, self.sizes[name] - 1) for name in shape]
        before = [Dim.of(self.random.randint(0, most)) for most in one]
        ends = [
            Dim.of(self.random.randint(0, most if b.value == 0 else 0)) for b, most in zip(before, one, strict=True)
        ]
        parts = [
            (b, DIMS[name] - b - end) if self.random.random() < 0.8 else None
            for b, end, name in zip(before, ends, shape, strict=True)
        ]
        return slice_(self.of(shape, depth), tuple(parts))

    def listed(self, depth: int) -> Expr:
        """Return a vertical list of scalar functions."""
        self.used.add("block")
        parts = [self.of((), depth) for _ in range(self.random.choice((2, 3)))]
        return block(len(parts), 1, *parts)


@cache
def fitting(row: Operator) -> list[tuple[str, ...]]:
    """Return the shapes of arguments that a row takes, letters for sizes: ``("d", "de")`` is a vector and a matrix.

    A row that takes vectors of three entries alone has none.
    """
    count = row.arity[0]
    found: list[tuple[str, ...]] = []
    for shapes in product(("", "d", "de", "dd", "ed"), repeat=count):
        dims = {"d": Dim.named("d"), "e": Dim.named("e")}
        if row.kind == "linear" and "" in shapes:
            continue  # the sum of a scalar is read as the scalar
        args = tuple([symbol(f"a_{k}", tuple([dims[c] for c in shape])) for k, shape in enumerate(shapes)])
        try:
            row.shape(args, None)
        except ShapeError:
            continue
        found.append(shapes)
    return found


def _at_an_index(name: str) -> Callable[[Generator, int], Expr]:
    """Return what makes a sum or product over an index."""

    def made(g: Generator, depth: int) -> Expr:
        size_name = g.size()
        i = index("i", 0, number(1), size(DIMS[size_name]))
        g.indices.append((i, size_name))
        body = g.of((), depth)
        g.indices.pop()
        return make(TABLE[name], (i, body))

    return made


def _in_braces(name: str) -> Callable[[Generator, int], Expr]:
    """Return what makes braces with a comparison or a logical operator as their condition."""

    def made(g: Generator, depth: int) -> Expr:
        condition = make(TABLE["gt"], (g.of((), depth), g.leaf(())))
        other = make(TABLE["le"], (g.leaf(()), number(1)))
        row = TABLE[name]
        condition = make(row, (condition, other)) if name in ("and", "or") else make(row, (g.of((), 0), g.leaf(())))
        return cases(g.of((), depth), condition, g.of((), depth))

    return made


def _square_chain(g: Generator, depth: int) -> Expr:
    d, e = g.size(), g.size()
    return matmul(g.of((d, e), depth), g.of((e, d), depth))


def _index_notation(g: Generator, depth: int) -> Expr:
    """Σ_j A_ij x_j B_ij: three factors at one summed index, which have no matrix product."""
    d, e = g.size(), g.size()
    return einsum(((0, 1), (1,), (0, 1)), (0,), (g.of((d, e), depth), g.of((e,), depth), g.of((d, e), depth)))


def _entry(g: Generator, depth: int) -> Expr:
    names = (g.size(), g.size())
    return element(g.of(names, depth), *[g.place(name) for name in names[: g.random.choice((1, 2))]])


def _beside(constant: Callable[[Generator], Expr]) -> Callable[[Generator, int], Expr]:
    """Return what multiplies something by a constant, entry by entry."""

    def made(g: Generator, depth: int) -> Expr:
        found = constant(g)
        if not found.order:
            return mul(found, g.of((), depth))
        names = [next(name for name in SIZES if DIMS[name] is dim) for dim in found.shape]
        return mul(found, g.of(tuple(names), depth))

    return made


def _turned(g: Generator, depth: int) -> Expr:
    m, n = g.size(), g.size()
    return matmul(commutation(DIMS[m], DIMS[n]), make(TABLE["vec"], (g.of((m, n), depth),)))


def _paired(g: Generator, depth: int) -> Expr:
    m, n = g.size(), g.size()
    vector = make(TABLE["vec"], (g.of((n, m), depth),))
    return einsum(((0, 1, 2), (0,), (1,)), (2,), (pairing(DIMS[m], DIMS[n]), vector, g.of((m,), depth)))


def _three(g: Generator, depth: int) -> Expr:
    return block(3, 1, g.of((), depth), g.of((), depth), g.of((), 0))


def _pair_of_lengths(g: Generator, depth: int) -> tuple[Expr, Expr]:
    """Two vectors of which the first is surely not longer than the second."""
    short = block(2, 1, g.of((), depth), g.leaf(()))
    return short, block(3, 1, g.of((g.size(),), depth), g.of((), depth), g.leaf(()))


def _convolution(mode: str, part: str) -> Callable[[Generator, int], Expr]:
    """Return what makes a use of one row of a mode of convolution."""
    rows = next(one for one in CONVOLUTIONS if one.mode == mode)

    def made(g: Generator, depth: int) -> Expr:
        h, x = _pair_of_lengths(g, depth)
        if mode == "circular":
            name = g.size()
            h, x = g.of((name,), depth), g.of((name,), depth)
        if part == "conv":
            return make(rows.conv, (h, x))
        if part == "matrix":
            return make(rows.matrix, (h, size(x.shape[0])))
        if part == "lags":
            return make(rows.lags, (x, size(h.shape[0])))
        return einsum(((0, 1, 2), (1,), (2,)), (0,), (rows.shifts(h.shape[0], x.shape[0]), h, x))

    return made


def _laid_out(g: Generator, depth: int) -> Expr:
    m, n = g.size(), g.size()
    return make(TABLE["unvec"], (make(TABLE["vec"], (g.of((m, n), depth),)), size(DIMS[m]), size(DIMS[n])))


def _blocks(g: Generator, depth: int, name: str, own: int) -> Expr:
    """A product with the blocks of a Kronecker product, by a matrix of the shape of one of its factors."""
    shapes = [(g.size(), g.size()), (g.size(), g.size())]
    whole = make(TABLE["kron"], tuple([g.of(shape, depth) for shape in shapes]))
    return make(TABLE[name], (whole, g.of(shapes[own], 0)))


def _on_diagonals(g: Generator, depth: int) -> Expr:
    n = g.size()
    return einsum(((0, 1, 2), (1,), (2,)), (0,), (diagonals(DIMS[n]), g.of((n,), depth), g.of((n,), depth)))


def _selected(g: Generator, depth: int) -> Expr:
    name, other = g.size(), g.size()
    while g.sizes[name] < 2 and max(g.sizes.values()) > 1:
        name = g.size()
    if g.sizes[name] < 2:
        return g.leaf((other,))
    part = selection(Dim.of(1), DIMS[name] - 1, DIMS[name])
    return matmul(transpose(part), g.of((name,), depth))


def _spectral(name: str, *, placed: bool, even: bool) -> Callable[[Generator, int], Expr]:
    """Return what takes an eigenvalue or an eigenvector, the latter as v vᵀ, in which its sign does not count."""

    def made(g: Generator, depth: int) -> Expr:
        d = g.size()
        found = make(TABLE[name], (g.apart(d, depth), *([g.place(d)] if placed else [])))
        return matmul(found, transpose(found)) if even else found

    return made


def _singular(name: str, *, placed: bool, even: bool) -> Callable[[Generator, int], Expr]:
    """Return the same of singular values and vectors, and what else is made of them."""

    def made(g: Generator, depth: int) -> Expr:
        matrix, d = g.oblong(depth)
        found = make(TABLE[name], (matrix, *([g.place(d)] if placed else [])))
        return matmul(found, transpose(found)) if even else found

    return made


def _resolvent(g: Generator, depth: int) -> Expr:
    a = g.apart(g.size(), depth)
    return pinv(shifted(a, make(EIGENVALUES[g.random.choice(("max", "min"))], (a,))))


def _power(g: Generator, depth: int) -> Expr:
    matrix = g.random.choice((g.apart, g.square))(g.size(), depth)
    exponents = (*[number(Fraction(k, 2)) for k in (1, -1, 3)], number(Fraction(1, 3)), g.above_zero((), depth))
    return powm(matrix, g.random.choice(exponents))


def _frechet(name: str) -> Callable[[Generator, int], Expr]:
    """Return what makes a Fréchet derivative: along one direction, or, of a small matrix, with its axes left open."""

    def made(g: Generator, depth: int) -> Expr:
        d = g.size()
        matrix = g.bounded(d, depth) if name == "exp" else g.square(d, depth)
        args = (matrix, g.above_zero((), depth)) if name == "pow" else (matrix,)
        is_open = g.random.random() < 0.2 and g.sizes[d] < 4
        return frechet(FRECHET[name], args if is_open else (*args, g.of((d, d), depth)), 1)

    return made


def _sylvester(g: Generator, depth: int) -> Expr:
    d, e = g.size(), g.size()
    return make(TABLE["sylvester"], (g.square(d, depth), g.square(e, depth), g.of((d, e), depth)))


USES: dict[str, Callable[[Generator, int], Expr]] = {
    "add": lambda g, depth: add(g.of((), depth), g.leaf(()), g.of((), depth)),
    "mul": lambda g, depth: mul(g.of(("n",), depth), g.leaf(("n",)), g.of((), depth)),
    "pow": lambda g, depth: power(g.positive(("n",), depth), make(TABLE["tanh"], (g.of((), depth),))),
    "matmul": _square_chain,
    "transpose": lambda g, depth: transpose(g.of((g.size(), g.size()), depth)),
    "row": lambda g, depth: matmul(transpose(g.of(("m",), depth)), g.of(("m", g.size()), depth)),
    "einsum": _index_notation,
    "element": _entry,
    "slice": lambda g, depth: g.cut((g.size(), g.size())[: g.random.choice((1, 2))], depth),
    "sigma": _at_an_index("sigma"),
    "product": _at_an_index("product"),
    "block": lambda g, depth: block(2, 1, g.cut((g.size(),), depth), g.of((), depth)),
    "polygamma": lambda g, depth: make(
        TABLE["polygamma"], (number(2), add(number(1), g.above_zero((g.size(),), depth)))
    ),
    "expm": lambda g, depth: make(TABLE["expm"], (g.bounded(g.size(), depth),)),
    "matrix power": _power,
    **{f"L_{name}": _frechet(name) for name in FRECHET},
    "cases": _in_braces("gt"),
    "size": _beside(lambda g: size(DIMS[g.size()])),
    "pi": _beside(lambda g: make(PI)),
    "eye": _beside(lambda g: eye(DIMS[g.size()])),
    "ones": _beside(lambda g: ones((DIMS[g.size()],))),
    "zeros": lambda g, depth: block(2, 1, g.of(("n",), depth), zeros((DIMS["m"],))),
    "unit": _beside(lambda g: unit(g.place("n"), DIMS["n"])),
    "selection": _selected,
    "pairing": _paired,
    "halftril": _beside(lambda g: make(TABLE["halftril"], (size(DIMS[g.size()]),))),
    "sylvester": _sylvester,
    "resolvent": _resolvent,
    "chol": _spectral("chol", placed=False, even=False),
    "eigvals": _spectral("eigvals", placed=False, even=False),
    **{name: _singular(name, placed=False, even=False) for name in ("pinv", "polar", "nuclear")},
    "schatten": lambda g, depth: make(TABLE["schatten"], (g.oblong(depth)[0], number(g.random.choice((3, 4, 5))))),
    **{row.name: _spectral(row.name, placed=not end, even=False) for end, row in EIGENVALUES.items()},
    **{row.name: _spectral(row.name, placed=not end, even=True) for end, row in EIGENVECTORS.items()},
    **{row.name: _singular(row.name, placed=not end, even=False) for end, row in VALUES.items()},
    **{row.name: _singular(row.name, placed=not end, even=True) for end, pair in VECTORS.items() for row in pair},
    "diagonals": _on_diagonals,
    "unvec": _laid_out,
    "blockdot": lambda g, depth: _blocks(g, depth, "blockdot", 1),
    "blocksum": lambda g, depth: _blocks(g, depth, "blocksum", 0),
    "hat": lambda g, depth: make(TABLE["hat"], (_three(g, depth),)),
    "cross": lambda g, depth: make(TABLE["cross"], (_three(g, depth), _three(g, depth))),
    "vee": lambda g, depth: make(TABLE["vee"], (matmul(_three(g, depth), transpose(_three(g, depth))),)),
    "levicivita": lambda g, depth: einsum(
        ((0, 1, 2), (1,), (2,)), (0,), (make(TABLE["levicivita"], (number(3),)), _three(g, depth), _three(g, depth))
    ),
    **{
        getattr(one, row).name: _convolution(one.mode, row)
        for one in CONVOLUTIONS
        for row in ("conv", "matrix", "lags", "constant")
    },
    "commutation": _turned,
    **{name: _in_braces(name) for name in ("gt", "ge", "lt", "le", "eq", "ne", "and", "or")},
}
"""Rows whose arguments are more than shapes: indices, attributes, conditions."""
