"""Random well-shaped expressions, typed by shape, over every row of the operator table that it knows a use for."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

from mcalc.expr import Dim, Expr, make
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import add, cases, div, mul, neg, power
from mcalc.operators.leaves import eye, index, number, ones, size, symbol
from mcalc.operators.linear import block, diag, dot, element, matmul, transpose

SIZES = {"n": 2, "m": 3, "p": 4}
DIMS = {name: Dim.named(name) for name in SIZES}
SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "atan", "erf", "sinh", "cosh", "silu", "gelu")
KINKED = ("abs", "relu", "sign", "step", "floor")
POSITIVE = ("ln", "log2", "log10")
COMPARISONS = ("gt", "ge", "lt", "le")


class Generator:
    """Makes expressions of a wanted shape; `used` collects the names of the operators that occur."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
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
            return element(self.leaf((self.random.choice(list(SIZES)),)), number(self.random.choice((1, 2))))
        letter = self.random.choice(("st", "xy", "AB")[len(shape)])
        return symbol(f"{letter}_{''.join(shape)}" if shape else letter, tuple([DIMS[s] for s in shape]))

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
        i = index("ijk"[len(self.indices)], 0, number(2 if part else 1), size(DIMS[name]))
        self.indices.append((i, name))
        body = self.of(shape, depth)
        self.indices.pop()
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
            lambda: element(vector(), number(self.random.choice((1, 2)))),
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

    def listed(self, depth: int) -> Expr:
        """Return a vertical list of scalar functions."""
        self.used.add("block")
        parts = [self.of((), depth) for _ in range(self.random.choice((2, 3)))]
        return block(len(parts), 1, *parts)
