"""What only some terms of a sum share, or what all share entry by entry: put together where that is shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.calculus.basics.length import length
from mcalc.dims import Shape
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL, add, divides, mul, multiple, neg, parted, power, scale, whole_power
from mcalc.operators.leaves import NUMBER, eye, is_number, number
from mcalc.operators.linear import DIAG, MATMUL, matmul

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


Parted = tuple[list[Expr], list[Expr]]

MOST = 12
"""In a sum of more terms than this no groups are looked for."""


def one_diagonal(parts: list[Expr], factored: Callable[[Sequence[Expr], Shape], Expr]) -> list[Expr]:
    """Put the diagonal matrices of a sum into one.

    Algebra: c diag(a) + diag(b) = diag(c a + b). One term is left of those it takes, so it ends.
    """
    places = [place for place, part in enumerate(parts) if _diagonal(part) is not None]
    if len(places) < 2:
        return parts
    inner = factored([d for part in parts if (d := _diagonal(part)) is not None], parts[places[0]].shape[:1])
    whole = make(DIAG, (inner,))
    if inner.op is MUL and inner.args[0].op is NUMBER:
        whole = mul(inner.args[0], make(DIAG, (mul(*inner.args[1:]),)))
    return [whole if place == places[0] else part for place, part in enumerate(parts) if place not in places[1:]]


def _diagonal(part: Expr) -> Expr | None:
    """The vector c a of a term c diag(a); None for any other term."""
    scalars, matrix = multiple(part)
    if matrix.op is not DIAG or matrix.order != 2:
        return None
    [vector] = matrix.args
    return mul(*scalars, *(vector.args if vector.op is MUL else (vector,)))


def shared_entry_by_entry(parts: Sequence[Expr]) -> Expr | None:
    """Take out what all terms of a sum share entry by entry, where that is shorter; None where it is not.

    Algebra: e ⊗ x + e = e ⊗ (x + 1). Each step takes a factor off every term, so it ends.
    """
    own = [_entrywise(part) for part in parts]
    lowest = {
        (base, up): min([_exponent(factors, base, up) for factors in own])
        for base, up in dict.fromkeys([_base(f) for f in own[0] if f.shape])
    }
    shared = [power(base, number(k if up else -k)) for (base, up), k in lowest.items() if k]
    if not shared or any([part.is_row for part in parts]):
        return None
    rest: list[Expr] = []
    for factors in own:
        left = [_lowered(factor, lowest) for factor in factors]
        left = [factor for factor in left if not is_number(factor, 1)]
        rest.append(mul(*left) if left else number(1))
    if not any([part.shape for part in rest]):
        return None
    ordered = [*[f for f in shared if not divides(f)], add(*rest), *[f for f in shared if divides(f)]]
    found = mul(*ordered)
    return found if length(found) <= length(add(*parts)) else None


def _base(factor: Expr) -> tuple[Expr, bool]:
    """The base of a whole power, and whether it multiplies; of anything else, itself."""
    base, exponent = whole_power(factor)
    return base, exponent > 0


def _exponent(factors: Sequence[Expr], base: Expr, up: bool) -> int:
    """How often a base multiplies a product, or, not `up`, divides it."""
    found = next((factor for factor in factors if _base(factor) == (base, up)), None)
    return 0 if found is None else 1 if found is base else abs(found.args[1].attr)


def _lowered(factor: Expr, lowest: dict[tuple[Expr, bool], int]) -> Expr:
    base, up = _base(factor)
    taken = lowest.get((base, up), 0) if factor.shape else 0
    left = (1 if factor is base else abs(factor.args[1].attr)) - taken
    if not taken:
        return factor
    return power(base, number(left if up else -left)) if left else number(1)


def _entrywise(part: Expr) -> list[Expr]:
    """The factors of a product, each base once for what multiplies and once for what divides: a ⊗ a is a²."""
    scalars: list[Expr] = []
    powers: dict[tuple[Expr, bool], int] = {}
    for factor in part.args if part.op is MUL else (part,):
        if factor.shape:
            base, up = _base(factor)
            powers[base, up] = powers.get((base, up), 0) + (1 if factor is base else abs(factor.args[1].attr))
        else:
            scalars.append(factor)
    return [*scalars, *[power(base, number(k if up else -k)) for (base, up), k in powers.items()]]


def shared_with_identity(parts: Sequence[Expr]) -> Expr | None:
    """Take out the vector at the end of all terms where one term is nothing else.

    Algebra: A r - t r = (A - t I) r. Done where it is shorter, once to a sum, so it ends.
    """
    split = [split_term(part) for part in parts]
    longer = [chain for _, chain in split if len(chain) > 1]
    if len(longer) in (0, len(split)) or any([part.order != 1 or part.is_row for part in parts]):
        return None
    shared = longer[0][-1]
    facing = [_facing(chain[-1], shared) for _, chain in split]
    if 0 in facing:
        return None
    rests = [(own, chain[:-1] or [eye(shared.shape[0])]) for own, chain in split]
    products = [(own, matmul(*rest)) for own, rest in rests]
    made = [divided_last(own, *(body.args if body.op is MUL else (body,))) for own, body in products]
    terms = [scale(way, term) for way, term in zip(facing, made, strict=True)]
    found = matmul(add(*without_brackets(terms)), shared)
    return found if length(found) < length(add(*parts)) else None


def without_brackets(parts: Sequence[Expr]) -> list[Expr]:
    """Put the terms of a sum for a term that is nothing but a sum: (K a - y) + b is K a - y + b."""
    return [term for part in parts for term in (part.args if part.op is ADD else (part,))]


def _facing(factor: Expr, other: Expr) -> int:
    """1 for the same factor, -1 for a sum and its negative, 0 for anything else."""
    if factor is other:
        return 1
    sums = factor.op is ADD and other.op is ADD
    return -1 if sums and {neg(part) for part in factor.args} == set(other.args) else 0


def divided_last(scalars: Sequence[Expr], *tensors: Expr) -> Expr:
    """Return a product of scalars and tensors, with what divides at its end: 2 A / s."""
    before = [s for s in scalars if not divides(s)]
    return mul(*before, *tensors, *[s for s in scalars if divides(s)])


def grouped(parts: list[Expr], shared_by_all: Callable[[list[Expr]], Expr | None]) -> list[Expr]:
    """Put terms together that share the first or the last matrix of their chains, where that is shorter.

    Algebra: X A + X B + C = X (A + B) + C. Each step leaves fewer terms, so it ends.
    """
    while 2 < len(parts) <= MOST:
        best: tuple[int, tuple[int, ...], Expr] | None = None
        for places in _sharing(parts):
            some = [parts[place] for place in places]
            found = shared_by_all(some)
            gain = length(add(*some)) - length(found) if found is not None and found.op is not ADD else 0
            if found is not None and gain > (best[0] if best else 0):
                best = gain, places, found
        if best is None:
            break
        _, taken, whole = best
        parts = [whole if place == taken[0] else part for place, part in enumerate(parts) if place not in taken[1:]]
    return parts


def _sharing(parts: Sequence[Expr]) -> list[tuple[int, ...]]:
    """The groups of at least two terms, and not all of them, whose chains begin or end alike."""
    ends: dict[tuple[Expr, bool], list[int]] = {}
    for place, part in enumerate(parts):
        chain = split_term(part)[1]
        if len(chain) > 1:
            ends.setdefault((chain[0], True), []).append(place)
            ends.setdefault((chain[-1], False), []).append(place)
    found = [tuple(places) for places in ends.values() if 1 < len(places) < len(parts)]
    return list(dict.fromkeys(found))


def coefficient(scalars: Sequence[Expr]) -> Number:
    """Return the product of the numbers among some scalars."""
    value: Number = 1
    for scalar in scalars:
        if scalar.op is NUMBER:
            value = value * scalar.attr
    return value


def split_term(part: Expr) -> Parted:
    """Return the scalar factors of a product and its matrix chain; an element-wise product is a chain of one."""
    if part.op is MATMUL:
        return [], list(part.args)
    scalars, tensors = parted(part)
    if len(tensors) == 1:
        [tensor] = tensors
        return scalars, list(tensor.args) if tensor.op is MATMUL else [tensor]
    return scalars, [mul(*tensors) if tensors else number(1)]
