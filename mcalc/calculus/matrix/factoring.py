"""Sums of matrix products: common heads, tails and scalar factors are written once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mcalc.calculus.basics.length import length
from mcalc.calculus.basics.simplifications import TAKE_OUT, enabled, note
from mcalc.calculus.index_notation.term import ONE, common_number
from mcalc.calculus.matrix.chains import scaled
from mcalc.calculus.matrix.common_factors import (
    Parted,
    coefficient,
    divided_last,
    grouped,
    one_diagonal,
    shared_entry_by_entry,
    shared_with_identity,
    split_term,
    without_brackets,
)
from mcalc.dims import Shape
from mcalc.expr import Expr
from mcalc.operators.arithmetic import ADD, MUL, POW, add, divides, mul, multiple, power, scale
from mcalc.operators.leaves import EYE, NUMBER, ONES, is_zero, number, ones, zeros
from mcalc.operators.linear import DIAG, MATMUL, ROW, TRANSPOSE, matmul, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


def factored(parts: Sequence[Expr], shape: Shape) -> Expr:
    """Return the sum of some products with what they all share taken out.

    Algebra: B X + Bᵀ X = (B + Bᵀ) X; X A + X B = X (A + B); c A + c B = c (A + B). Each step shortens every term, so it
    ends. In sums of scalars only functions and sums are taken out: cos(u) (1 + 2 x), but 2 x + 3 x², which is easier
    read than x (2 + 3 x). Where nothing is shared by all terms, those that share a head or a tail are put together.
    """
    parts = expanded_ones(parts)
    if len(parts) < 2 or not enabled(TAKE_OUT):
        return add(*parts)
    count = len(parts)
    parts = one_diagonal(_with_transposes(parts), factored)
    if len(parts) > 1:
        found = _shared_by_all(parts, shape) or shared_entry_by_entry(parts) or shared_with_identity(parts)
        parts = [found] if found else grouped(parts, lambda some: _shared_by_all(some, shape))
    if len(parts) < count:
        note(TAKE_OUT)
    return add(*parts)


def _shared_by_all(parts: list[Expr], shape: Shape) -> Expr | None:
    """Take out the scalars, the head and the tail of all terms; None where they share nothing."""
    split = [split_term(part) for part in parts]
    owns = [own for own, _ in split]
    scalars = _shared_scalars(owns, shape)
    chains = [chain for _, chain in split]
    alike = len({part.shape for part in parts}) == 1  # a scalar that expands is no product with such an end
    shortest = min([len(chain) for chain in chains]) if alike else 0
    tail = 0
    while tail < shortest - 1 and all([chain[-1 - tail] is chains[0][-1 - tail] for chain in chains]):
        tail += 1
    head = 0
    while head < shortest - 1 - tail and all([chain[head] is chains[0][head] for chain in chains]):
        head += 1
    shared = common_number([coefficient(own) for own in owns]) if shape or scalars else Fraction(1)
    same = bool(shape and chains[0]) and len({tuple(chain) for chain in chains}) == 1
    alone = not (scalars or tail or head or same)
    if alone and (abs(shared) == 1 or any([abs(coefficient(own) / shared) != 1 for own in owns])):
        return None  # 8 A + 4 B has fewer signs than 4 (2 A + B)
    if shape:
        above = [s for s in scalars if not divides(s)]
        scalars = list(dict.fromkeys([*_common_scalars(owns), *above]))
        if same:
            # s x - y x = (s - y) x, s x - s² x = s (1 - s) x
            rests = [_over_number(_left_after(own, scalars), shared) for own in owns]
            total = add(*_opened(without_brackets(rests)))
            scalars = [*scalars, total] if total.op is not NUMBER else scalars
            front = shared * total.attr if total.op is NUMBER else shared
            return divided_last([number(front), *scalars], matmul(*chains[0]))
    plain = not (shape or head or tail)
    inner: list[Expr] = []
    for own, chain in split:
        rest = _left_after(own, scalars)
        middle = chain[head : len(chain) - tail]
        body = matmul(*middle)
        if plain:
            scalar = [s for s in (*rest, body) if s.op is not NUMBER]
            inner.append(scaled(coefficient([*rest, body]) / shared, scalar, ONE))
            continue
        factors = body.args if rest and body.op is MUL else (body,)
        inner.append(_over_number(rest, shared, *factors))
    more, total = _inner_sum(inner, shape)
    if shape and is_zero(total):
        # A row of zeros is written as a column: it would not fit between what is shared.
        return transpose(zeros(shape)) if parts[0].is_row else zeros(shape)
    front = shared * more
    if plain:
        numbered = total.args if total.op is MUL else (total,)
        return scaled(front * coefficient(numbered), [*scalars, *[s for s in numbered if s.op is not NUMBER]], ONE)
    first = chains[0]
    if not total.shape and not inner[0].shape and (head or tail):
        # x (aᵀ b) + x (cᵀ d) = (aᵀ b + cᵀ d) x
        return divided_last([number(front), *scalars, total], matmul(*first[:head], *first[len(first) - tail :]))
    if not total.shape and (head or tail):
        total = mul(total, ones(inner[0].shape))
    body = matmul(*first[:head], total, *first[len(first) - tail :])
    return divided_last([number(front), *scalars], body)


def _shared_scalars(owns: Sequence[Sequence[Expr]], shape: Shape) -> list[Expr]:
    """The scalars that all of some products share; in a sum of numbers none where they are names that multiply."""
    in_all = set(owns[0]).intersection(*owns[1:])
    scalars = [s for s in owns[0] if s in in_all and s.op is not NUMBER]
    functions = _common_functions(owns)
    if not shape:
        if not functions and all([_is_simple(s) and not divides(s) for s in scalars]):
            return []
        functions = _common_functions(owns, names=True)
    return list(dict.fromkeys([*scalars, *functions]))


def _inner_sum(parts: list[Expr], shape: Shape) -> tuple[Number, Expr]:
    """Return a number and a sum: what is left of some terms of which all that they share is taken out."""
    if any([part.op is ADD for part in parts]):
        whole = shared_entry_by_entry(parts) or shared_with_identity(parts)
        if whole is not None:
            return 1, whole
    opened = _opened(expanded_ones(without_brackets(parts)))
    alone = len(opened) == 1  # 2 yᵀ of yᵀ C y + yᵀ C y
    more = common_number([coefficient(split_term(part)[0]) for part in opened]) if shape or alone else Fraction(1)
    if abs(more) > 1:
        opened = [scale(1 / more, part) for part in opened]
    else:
        more = Fraction(1)
    if not any([part.shape for part in opened]):
        return more, _over_one_name(opened)
    return more, shared_entry_by_entry(opened) or shared_with_identity(opened) or add(*opened)


def _over_one_name(parts: list[Expr]) -> Expr:
    """Return a sum of numbers that stands in brackets over the highest power of a name by which terms are divided.

    Algebra: 1/x - 1/x² = (x - 1) / x². Done where it is shorter, once to a sum, so it ends.
    """
    total = add(*parts)
    owns = [part.args if part.op is MUL else (part,) for part in parts]
    names = [factor for own in owns for factor in own if divides(factor) and _is_simple(factor)]
    if len(parts) < 2 or len({name.args[0] for name in names}) != 1:
        return total
    deepest = min(names, key=lambda name: name.args[1].attr)
    base, most = deepest.args[0], -deepest.args[1].attr
    above = [
        scaled(coefficient(list(own)), [one for one in (*own, power(base, number(most))) if one.op is not NUMBER], ONE)
        for own in owns
    ]
    over = mul(add(*above), deepest)
    return over if length(over) < length(total) + 2 else total


def _over_number(scalars: Sequence[Expr], shared: Number, *tensors: Expr) -> Expr:
    """A product of scalars and tensors divided by a number."""
    if shared != 1:
        scalars = [number(coefficient(scalars) / shared), *[s for s in scalars if s.op is not NUMBER]]
    return divided_last(scalars, *tensors)


def _common_scalars(owns: Sequence[Sequence[Expr]]) -> list[Expr]:
    """The scalars in every one of some products; of divisors by powers of one base the lowest power.

    Algebra: A / s - b B / s² = (A - b B / s) / s. That alone would only add brackets; it is done where there are some.
    """
    found: list[Expr] = []
    for scalar in owns[0]:
        if scalar.op is NUMBER or (
            divides(scalar) and any([divides(s) and s.args[0] is scalar.args[0] for s in found])
        ):
            continue
        least = scalar
        for own in owns[1:]:
            lower = [s for s in own if s is least or (divides(s) and divides(least) and s.args[0] is least.args[0])]
            if not lower:
                break
            least = min(lower[0], least, key=lambda s: -s.args[1].attr if divides(s) else 0)
        else:
            found.append(least)
    return list(dict.fromkeys(found))


def _common_functions(owns: Sequence[Sequence[Expr]], *, names: bool = False) -> list[Expr]:
    """The functions and sums that every one of some products has a power of, in the lowest power: s of s - s².

    With `names`, where something is taken out anyway, also names: exp(x) (2 x + x²) = x exp(x) (2 + x).
    """
    found: list[Expr] = []
    tables = [dict([_power_of(scalar) for scalar in reversed(own)]) for own in owns]
    for scalar in owns[0]:
        base, _ = _power_of(scalar)
        if base.op is NUMBER or (not names and (_is_simple(base) or base.args == ())):
            continue
        powers = [table.get(base, 0) for table in tables]
        if min(powers) > 0 and len(set(powers)) > 1:
            found.append(power(base, number(min(powers))))
    return found


def _power_of(scalar: Expr) -> tuple[Expr, int]:
    """A base and its positive whole power; 0 for any other power."""
    if scalar.op is not POW:
        return scalar, 1
    exponent = scalar.args[1]
    whole = exponent.op is NUMBER and type(exponent.attr) is int and exponent.attr > 0
    return scalar.args[0], exponent.attr if whole else 0


def _left_after(own: Sequence[Expr], taken: Sequence[Expr]) -> list[Expr]:
    """The scalars of a product once some are taken out."""
    rest = list(own)
    for scalar in taken:
        if scalar in rest:
            rest.remove(scalar)
            continue
        if divides(scalar):
            place = next(k for k, s in enumerate(rest) if divides(s) and s.args[0] is scalar.args[0])
            rest[place] = power(scalar.args[0], number(rest[place].args[1].attr - scalar.args[1].attr))
            continue
        base, lowest = _power_of(scalar)
        place = next(k for k, s in enumerate(rest) if _power_of(s)[0] is base)
        rest[place] = power(base, number(_power_of(rest[place])[1] - lowest))
    return rest


def _with_transposes(parts: list[Expr]) -> list[Expr]:
    """Put two terms together that differ in one matrix and its transpose, where other terms stand beside them.

    Algebra: B A C + B Aᵀ C = B (A + Aᵀ) C. Each step leaves one term less, so it ends.
    """
    if len(parts) <= 2:
        return parts
    kept = dict(enumerate(parts))
    places: dict[object, list[int]] = {}
    for place, part in enumerate(parts):
        places.setdefault(_upright(split_term(part)), []).append(place)
    for place in range(len(parts)):
        while place in kept and len(kept) > 2:
            own = split_term(kept[place])
            later = [k for k in places.get(_upright(own), ()) if k > place and k in kept]
            other = next((k for k in later if _differ_by_transpose(own, split_term(kept[k]))), None)
            if other is None:
                break
            (scalars, first), (_, second) = own, split_term(kept.pop(other))
            middle = [a if a is b else add(a, b) for a, b in zip(first, second, strict=True)]
            kept[place] = mul(*scalars, matmul(*middle))
    return list(kept.values())


def _upright(term: Parted) -> tuple[Expr, ...]:
    """What terms that differ in one matrix and its transpose have in common: their factors without transposes."""
    scalars, chain = term
    return (*scalars, *[factor.args[0] if factor.op is TRANSPOSE else factor for factor in chain])


def _opened(parts: list[Expr]) -> list[Expr]:
    """Open the sums in a sum, multiples and transposes of them too, where like terms meet.

    Algebra: (I + A) + (I + A)ᵀ = 2 I + A + Aᵀ; 2 (a + b) - 2 a = 2 b. Each term is looked at once.
    """
    counts: dict[Expr, Number] = {}
    found = 0
    for part in parts:
        coef, inner = _multiple(part)
        turned = inner.op is TRANSPOSE
        inner = inner.args[0] if turned else inner
        for term in inner.args if inner.op is ADD else (inner,):
            own, rest = _multiple(term)
            rest = transpose(rest) if turned and rest.shape else rest
            counts[rest] = counts.get(rest, 0) + coef * own
            found += 1
    if len(counts) == found:
        return parts
    left = sorted([(term, count) for term, count in counts.items() if count], key=lambda one: one[1] < 0)
    return [scale(count, term) for term, count in left] or [zeros(max([part.shape for part in parts], key=len))]


def _multiple(part: Expr) -> tuple[Number, Expr]:
    """The number before a product and what is left of it; 1 before anything else."""
    if part.op is MUL and part.args[0].op is NUMBER:
        return part.args[0].attr, mul(*part.args[1:])
    return (part.attr, number(1)) if part.op is NUMBER else (1, part)


def _differ_by_transpose(one: Parted, other: Parted) -> bool:
    (scalars, first), (others, second) = one, other
    if len(first) < 2 or len(first) != len(second) or scalars != others:
        return False
    unlike = [(a, b) for a, b in zip(first, second, strict=True) if a is not b]
    return len(unlike) == 1 and unlike[0][0].order == 2 and transpose(unlike[0][0]) is unlike[0][1]


def expanded_ones(parts: Sequence[Expr]) -> list[Expr]:
    """In a sum of vectors or matrices 1⃗ and 1⃗ 1⃗ᵀ are written 1, and expand (the paper's 4.3), but not beside I."""
    if any([node.op in (EYE, DIAG) for part in parts for node in (part, *part.args)]):
        return list(parts)
    plain = [_times_ones(part) for part in parts]
    if not any([scalar is None and part.shape for part, scalar in zip(parts, plain, strict=True)]):
        return list(parts)
    return [part if scalar is None else scalar for part, scalar in zip(parts, plain, strict=True)]


def _times_ones(part: Expr) -> Expr | None:
    """Return c where a tensor is c at every place as it is written: 1⃗, 2 1⃗, 1⃗ 1⃗ᵀ; None for any other."""
    scalars, tensor = multiple(part)
    column_row = tensor.op is MATMUL and len(tensor.args) == 2 and tensor.order == 2
    ones = tensor.op is ONES or (column_row and all([f.op is ONES or is_row_of_ones(f) for f in tensor.args]))
    return mul(*scalars) if ones else None


def is_row_of_ones(factor: Expr) -> bool:
    """Say whether a factor is 1⃗ᵀ."""
    return factor.op is ROW and factor.args[0].op is ONES


def _is_simple(scalar: Expr) -> bool:
    """A symbol, an element or a size, or such with a number as its exponent."""
    base = scalar.args[0] if scalar.op is POW and scalar.args[1].op is NUMBER else scalar
    return base.op.name in ("symbol", "element", "size", "index", "pi")
