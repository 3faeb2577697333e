"""Smooth functions with values in place of those that are only named: what holds of them holds of any function."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from zlib import crc32

from mcalc.errors import Mistake
from mcalc.expr import Expr, Operator, make, rebuild, walk
from mcalc.operators.abstract import APPLY, EXPECTATION, MAP
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.elementwise import COS, EXP, SIN
from mcalc.operators.leaves import SYMBOL, number, symbol

ABOVE = 1.5
"""Added to every value, so that most have a logarithm; a square matrix has more on its diagonal, and an inverse."""


DRAWS = (Fraction(3, 5), Fraction(1), Fraction(13, 10), Fraction(2))
"""Random variables are these times their values at a point, in an order of their own."""


AVERAGED = "#"
"""Behind the name of a random variable over which an average was taken."""
MOST_DRAWS = 1000


def is_undefined(*exprs: Expr) -> bool:
    """Say whether a function that is only named stands in some expressions, or an expectation."""
    return any([expr.has(APPLY, MAP, EXPECTATION) for expr in exprs])


def with_values(expr: Expr) -> Expr:
    """Put functions that have values for those that are only named: f(x) becomes sin(a + b x) + c exp(d x).

    The derivatives of f become those of that. Two sides that agree for it agree for no reason but being equal.
    """

    def valued(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is MAP:
            return make(STAND_IN, args, node.attr)
        if node.op is EXPECTATION:
            return _average(args[0], node.attr.names)
        return _of_numbers(node, args) if node.op is APPLY else None

    found = rebuild(expr, valued) if is_undefined(expr) else expr
    return rebuild(found, _named_again) if expr.has(EXPECTATION) else found


def _named_again(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    known = node.op is SYMBOL and node.attr[0].endswith(AVERAGED)
    return symbol(node.attr[0].removesuffix(AVERAGED), *node.attr[1:], *args) if known else None


def _average(body: Expr, names: Sequence[str] | None) -> Expr:
    """Return the average of an expression over some draws of its random variables.

    These stand in it under another name: to an expectation around it, they are no longer random.
    """
    drawn: list[Expr] = []
    for turn in range(len(DRAWS)):

        def scaled(node: Expr, args: tuple[Expr, ...], turn: int = turn) -> Expr | None:
            name = node.attr[0] if node.op is SYMBOL else AVERAGED
            if name.endswith(AVERAGED) or (names is not None and name not in names):
                return None
            draw = DRAWS[turn * (1 + 2 * (crc32(name.encode()) % 2)) % len(DRAWS)]
            return mul(number(draw), symbol(name + AVERAGED, *node.attr[1:], *args))

        drawn.append(rebuild(body, scaled))
    return mul(number(Fraction(1, len(DRAWS))), add(*drawn))


def over_draws(expr: Expr, values: Mapping[str, Any]) -> tuple[Expr, dict[str, Any]]:
    """Return an expression with averages over the draws that are given in place of its expectations, and the values.

    The draws of a random variable have one axis more than it, before its own; without that there is one draw.
    """
    given = dict(values)
    if not expr.has(EXPECTATION):
        return expr, given

    def averaged(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not EXPECTATION:
            return None
        drawn = [n for n in walk(args[0]) if n.op is SYMBOL and np.ndim(values.get(n.attr[0], 0)) == n.order + 1]
        count = max([len(values[n.attr[0]]) for n in drawn], default=1)
        if any([len(values[n.attr[0]]) != count for n in drawn]):
            raise Mistake("E-SHAPE", "random variables have as many draws as each other")
        if count > MOST_DRAWS:
            raise Mistake("E-LIMIT", f"an expectation over {count} draws", hint=f"up to {MOST_DRAWS} are averaged")
        parts: list[Expr] = []
        for place in range(count):
            own = {n: symbol(f"{n.attr[0]}#{place}", n.attr[1], n.attr[2]) for n in drawn}
            for n, one in own.items():
                given[one.attr[0]], given[n.attr[0]] = values[n.attr[0]][place], values[n.attr[0]][0]
            parts.append(rebuild(args[0], lambda n, _, own=own: own.get(n)))  # type: ignore[misc]
        return mul(number(Fraction(1, count)), add(*parts))

    import numpy as np

    return rebuild(expr, averaged), given


def _of_numbers(node: Expr, args: tuple[Expr, ...]) -> Expr:
    name, counts = node.attr.name, node.attr.counts
    rng = random.Random(f"{name} {len(args)}")  # noqa: S311 - any numbers will do, the same each time
    shift, factor, *slopes = [Fraction(rng.randint(5, 40), 20) for _ in range(2 + 2 * len(args))]
    inner = add(number(shift), *[mul(number(s), arg) for s, arg in zip(slopes, args, strict=False)])
    outer = add(*[mul(number(s), arg) for s, arg in zip(slopes[len(args) :], args, strict=True)])
    turns = sum(counts) % 4
    waves, growth = Fraction(-1 if turns > 1 else 1), factor
    for k, count in enumerate(counts):
        waves *= slopes[k] ** count
        growth *= slopes[len(args) + k] ** count
    wave = make(COS if turns % 2 else SIN, (inner,))
    return add(mul(number(waves), wave), mul(number(growth), make(EXP, (outer,))))


def _stand_in_numpy(env: Any, node: Expr, *values: Any) -> Any:
    """Each entry is a + sin(s + Σ W·x) + c exp(Σ V·x) over the entries of all arguments, with random weights."""
    np, attr = env.np, node.attr
    shape = [env.length(dim) for dim in attr.out]
    args = [np.asarray(value) for value in values]
    lengths = [*shape, *[length for arg in args for length in arg.shape]]
    rng = np.random.default_rng([crc32(attr.name.encode()), *lengths])
    entries = int(np.prod(shape, dtype=int))
    alike = bool({"symmetric", "posdef"} & attr.properties)

    def weights(*axes: int) -> Any:
        drawn = rng.uniform(-1.0, 1.0, size=(*shape, *axes)) / np.sqrt(max(np.prod(axes, dtype=float), 1.0))
        return ((drawn + drawn.swapaxes(0, 1)) / 2 if alike else drawn).reshape((entries, *axes))

    shift, factor = weights(), 0.3 + 0.2 * weights()
    slopes = [(weights(arg.size), weights(arg.size)) for arg in args]
    wave, growth = shift, 0.0 * shift
    for (fast, slow), arg in zip(slopes, args, strict=True):
        wave, growth = wave + fast @ arg.reshape(-1), growth + slow @ arg.reshape(-1)
    total = sum(attr.counts)
    parts = [(np.sin, np.cos)[total % 2](wave) * (-1 if total % 4 > 1 else 1), factor * np.exp(growth)]
    for place in (0, 1):
        for pair, count in zip(slopes, attr.counts, strict=True):
            for _ in range(count):
                along = pair[place].reshape((entries, *[1] * (parts[place].ndim - 1), -1))
                parts[place] = parts[place][..., None] * along
    found = (parts[0] + parts[1]).reshape([*shape, *_derived(args, attr.counts)])
    return found if total else found + _above(np, shape)


def _derived(args: Sequence[Any], counts: Sequence[int]) -> list[int]:
    return [length for arg, count in zip(args, counts, strict=True) for _ in range(count) for length in arg.shape]


def _above(np: Any, shape: Sequence[int]) -> Any:
    if len(shape) == 2 and shape[0] == shape[1]:
        return (2 * shape[0] + 2) * np.eye(shape[0])
    return ABOVE


STAND_IN = Operator("stand-in", "tensor", MAP.shape, symmetric=MAP.symmetric, row=MAP.row, numpy=_stand_in_numpy)
