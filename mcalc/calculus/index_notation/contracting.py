"""Products in index notation contracted: identities, unit vectors and pairs of indices go, equal factors are merged."""

from __future__ import annotations

from mcalc.calculus.basics.simplifications import MERGE_POWERS, enabled, note
from mcalc.calculus.index_notation.term import ONE, Term, holds_products
from mcalc.dims import Dim
from mcalc.expr import Expr, make, walk
from mcalc.limits import WORK
from mcalc.operators.arithmetic import ADD, EQ, MUL, add, mul
from mcalc.operators.kronecker import KRON, PAIRING, VEC, pairing
from mcalc.operators.leaves import EYE, NUMBER, ONES, UNIT, ZEROS, eye, is_number, number, ones, size, unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]


CONTRACTED = EYE.bit | PAIRING.bit | KRON.bit
"""The bits of what is contracted with what is beside it, but for unit vectors."""


def contract(term: Term) -> Term:
    """Contract identities and unit vectors, drop idle ones, and merge powers of the same factor.

    Algebra: δ_ij f_j = f_i; Σ_j e(k)_j f_j = f_k; 1_i f_i = f_i; Σ_i 1_i = n; f_i^a f_i^b = f_i^(a+b). Each step
    removes a factor or a label, so it ends.
    """
    factors, out, coef = term.factors, term.out, term.coef
    WORK.spend(len(factors))
    ops = 0
    for base, _, _ in factors:
        ops |= base.op.bit
    if ops & ZEROS.bit:
        return Term(0, factors, out)
    spanned = factors
    paired: list[Factor] | None = factors if ops & CONTRACTED else None
    while paired is not None:
        factors = spanned = paired
        if any([base.op is EYE for base, _, _ in factors]):
            factors = _contract_identities(factors, out)
        paired = _contract_pairings(factors, out)
    while ops & UNIT.bit and _open_units(factors, out):
        contracted = _contract_units(factors, out)
        if contracted is None:
            return Term(0, factors, out)
        factors = contracted
    coef, kept = _merge_powers(coef, factors)
    if len(kept) < len(factors):
        covered = {label for _, labels, _ in kept for label in labels}
        left = {label for _, labels, _ in factors for label in labels} - covered
        for label, dim in Term(coef, spanned, out).sizes.items() if left else ():
            if label not in left:
                continue
            if label in out:
                kept.append((ones((dim,)), (label,), ONE))
            elif dim.value is not None:
                coef = coef * dim.value
            else:
                kept.append((size(dim), (), ONE))
    return Term(coef, _merge_sizes(kept), out)


def _merge_powers(coef: Number, factors: list[Factor]) -> tuple[Number, list[Factor]]:
    """Multiply the numbers, leave out ones, and put one power for equal factors at equal labels."""
    apart = not enabled(MERGE_POWERS)
    powers: dict[tuple[Expr, Labels, int], list[Expr]] = {}
    for place, (base, labels, exponent) in enumerate(factors):
        if base.op is NUMBER and exponent is ONE:
            coef = coef * base.attr
        elif base.op is not ONES:
            powers.setdefault((base, labels, place if apart else 0), []).append(exponent)
    kept: list[Factor] = []
    for (base, labels, _), exponents in powers.items():
        total = exponents[0]
        if len(exponents) > 1:
            note(MERGE_POWERS)
            total = sum_of_exponents(*exponents)
        if total is ONE or not is_number(total, 0):
            kept.append((base, labels, total))
    return coef, kept


def _merge_sizes(factors: list[Factor]) -> list[Factor]:
    """Merge the sizes n that summed ones left behind with powers of n already there."""
    if sum([not labels and base.op.name == "size" for base, labels, _ in factors]) < 2:
        return factors
    merged: dict[tuple[Expr, Labels], Expr] = {}
    for base, labels, exponent in factors:
        key = (base, labels)
        merged[key] = exponent if key not in merged else sum_of_exponents(merged[key], exponent)
    return [(base, labels, exponent) for (base, labels), exponent in merged.items() if not is_number(exponent, 0)]


def sum_of_exponents(*exponents: Expr) -> Expr:
    """Return their sum as one of different terms, in an order of their own: x^(p - 1) x^q is x^(p + q - 1).

    Algebra: -2 g + g - 1 = -g - 1. Goes over each part once.
    """
    if all([is_number(exponent) for exponent in exponents]):
        return number(sum([exponent.attr for exponent in exponents]))
    counts: dict[tuple[Expr, ...], Number] = {}
    total: Number = 0
    stack: list[tuple[Number, Expr]] = [(1, exponent) for exponent in reversed(exponents)]
    while stack:
        coef, part = stack.pop()
        if part.op is ADD and not part.shape:
            stack.extend([(coef, inner) for inner in reversed(part.args)])
            continue
        factors: list[Expr] = []
        opened = [part]
        while opened:
            factor = opened.pop()
            if factor.op is MUL and factor.shape == part.shape:
                opened.extend(reversed(factor.args))
            elif is_number(factor):
                coef = coef * factor.attr
            else:
                factors.append(factor)
        if len(factors) == 1 and factors[0].op is ADD and factors[0].shape == part.shape:
            stack.extend([(coef, inner) for inner in reversed(factors[0].args)])
        elif factors:
            key = tuple(sorted(factors, key=_names) if len(factors) > 1 else factors)
            counts[key] = counts.get(key, 0) + coef
        else:
            total = total + coef
    ordered = [key for key, coef in counts.items() if coef]
    if len(ordered) > 1:
        ordered.sort(key=lambda key: (counts[key] < 0, _names(*key)))
    terms = [mul(number(counts[key]), *key) for key in ordered]
    return add(*terms, number(total)) if terms else number(total)


def _names(*factors: Expr) -> str:
    """The names in some factors, by which terms are put in order."""
    nodes = [*walk(*factors)]
    WORK.spend(len(nodes))
    return " ".join([str(node.attr[0]) for node in nodes if node.op.name == "symbol"])


def _contract_identities(factors: list[Factor], out: Labels) -> list[Factor]:
    """Rename the labels that an identity makes equal; keep δ between two labels of the result, ones elsewhere."""
    name: dict[int, int] = {}

    def find(label: int) -> int:
        while label in name:
            label = name[label]
        return label

    free = set(out)
    kept_pairs: list[tuple[int, int, Expr]] = []
    leftover: list[tuple[int, Dim]] = []
    for base, labels, _ in factors:
        if base.op is EYE:
            a, b = find(labels[0]), find(labels[1])
            if a == b:
                leftover.append((a, base.attr))
            elif b not in free:
                name[b] = a
                leftover.append((a, base.attr))
            elif a not in free:
                name[a] = b
                leftover.append((b, base.attr))
            else:
                first, second = (a, b) if out.index(a) < out.index(b) else (b, a)
                name[second] = first
                kept_pairs.append((first, second, base))
    result: list[Factor] = []
    for base, labels, exponent in factors:
        if base.op is not EYE:
            result.append((base, tuple([find(label) for label in labels]), exponent))
    result.extend([(ones((dim,)), (find(label),), ONE) for label, dim in leftover])
    # A pair of result labels keeps its identity; where three are tied together each is tied to the first.
    result.extend([(base, (find(first), second), ONE) for first, second, base in kept_pairs])
    return result


def _contract_pairings(factors: list[Factor], out: Labels) -> list[Factor] | None:
    """Take one pairing of indices out of a product; None where there is none to take.

    Algebra: Σ_r P(r,i,k) P(r,j,l) = δ_ij δ_kl; Σ_r P(r,i,k) = 1_i 1_k; Σ_r vec(A)_r P(r,j,i) = A_ij;
    Σ_rc kron(A,B)_rc P(r,i,k) P(c,j,l) = A_ij B_kl; Σ_r kron(x,y)_r P(r,i,k) = x_i y_k;
    Σ_c kron(A,B)_rc vec(X)_c = Σ_ijkl P(r,i,k) A_ij B_kl X_lj. Each takes a label or a row of the table away, so it
    ends.
    """
    if not any([base.op in (PAIRING, KRON) for base, _, _ in factors]):
        return None
    covered = {label for base, labels, _ in factors if base.op is not ONES for label in labels}
    factors = [f for f in factors if f[0].op is not ONES or not covered.issuperset(f[1])]
    at: dict[int, list[int]] = {}
    for place, (_, labels, _) in enumerate(factors):
        for label in labels:
            at.setdefault(label, []).append(place)

    def without(*places: int) -> list[Factor]:
        return [factor for place, factor in enumerate(factors) if place not in places]

    def partner(label: int, place: int) -> int | None:
        """The one pairing that, beside a factor, counts with a summed label."""
        others = [other for other in at[label] if other != place]
        found = len(at[label]) == 2 and len(others) == 1 and label not in out
        return (
            others[0] if found and factors[others[0]][0].op is PAIRING and factors[others[0]][1][0] == label else None
        )

    for place, (base, labels, exponent) in enumerate(factors):
        if base.op is PAIRING and labels[0] not in out:
            other = partner(labels[0], place)
            if at[labels[0]] == [place]:
                return [
                    *without(place),
                    *[(ones((dim,)), (x,), ONE) for dim, x in zip(base.shape[1:], labels[1:], strict=True)],
                ]
            if other is not None and factors[other][0] is base:
                pairs = zip(base.shape[1:], labels[1:], factors[other][1][1:], strict=True)
                return [*without(place, other), *[(eye(dim), (x, y), ONE) for dim, x, y in pairs]]
        elif base.op is VEC and exponent is ONE:
            other = partner(labels[0], place)
            if other is not None and factors[other][0].shape[1:] == base.args[0].shape[::-1]:
                return [*without(place, other), (base.args[0], factors[other][1][:0:-1], ONE)]
        elif base.op is KRON and base.order == 1 and exponent is ONE:
            other = partner(labels[0], place)
            if other is not None and factors[other][0].shape[1:] == base.args[0].shape + base.args[1].shape:
                sides = zip(base.args, factors[other][1][1:], strict=True)
                return [*without(place, other), *[(side, (x,), ONE) for side, x in sides]]
        elif base.op is KRON and exponent is ONE:
            opened = _kron_of_vec(factors, place, at, out)
            if opened is not None:
                return opened
            rows, columns = partner(labels[0], place), partner(labels[1], place)
            if rows is None or columns is None or rows == columns:
                continue
            a, b = base.args
            (i, k), (j, m) = factors[rows][1][1:], factors[columns][1][1:]
            if factors[rows][0].shape[1] is a.shape[0] and factors[columns][0].shape[1] is a.shape[1]:
                return [*without(place, rows, columns), (a, (i, j), ONE), (b, (k, m), ONE)]
    return None


def _kron_of_vec(factors: list[Factor], place: int, at: dict[int, list[int]], out: Labels) -> list[Factor] | None:
    """A Kronecker product times a vec, from either side: kron(A, B) vec(X) is the vec of B X Aᵀ."""
    base, labels, _ = factors[place]
    a, b = base.args
    if a.order != 2 or b.order != 2:
        return None
    for side in (1, 0):
        shared, kept = labels[side], labels[1 - side]
        other = next((k for k in at[shared] if k != place), None)
        if other is None or len(at[shared]) != 2 or shared in out or factors[other][2] is not ONE:
            continue
        vec = factors[other][0]
        if vec.op is not VEC or vec.args[0].shape != (b.shape[side], a.shape[side]):
            continue
        i, j, k, m = (1 + max([*at, *out, 0]) + step for step in range(4))
        sides = [((i, j), (k, m)), ((j, i), (m, k))][1 - side]
        return [
            *[factor for spot, factor in enumerate(factors) if spot not in (place, other)],
            (pairing(a.shape[1 - side], b.shape[1 - side]), (kept, i, k), ONE),
            (a, sides[0], ONE),
            (b, sides[1], ONE),
            (vec.args[0], (m, j), ONE),
        ]
    return None


def _open_units(factors: list[Factor], out: Labels) -> bool:
    """Say whether a unit vector is summed or meets another factor; one made of a column of a selection may again."""
    whole = {label for base, labels, _ in factors if holds_products(base) for label in labels}
    at = [labels[0] for base, labels, _ in factors if base.op is UNIT and labels[0] not in whole]
    return any([label not in out or sum([label in labels for _, labels, _ in factors]) > 1 for label in at])


def _contract_units(factors: list[Factor], out: Labels) -> list[Factor] | None:
    """Put k for the label of each unit vector e(k) in all other factors; None where two units contradict."""
    at: dict[int, Expr] = {}
    conditions: list[Factor] = []
    whole = {label for base, labels, _ in factors if holds_products(base) for label in labels}
    kept: list[Factor] = [factor for factor in factors if factor[0].op is UNIT and factor[1][0] in whole]
    for base, labels, _ in factors:
        if base.op is not UNIT or labels[0] in whole:
            continue
        position, label = base.args[0], labels[0]
        if label not in at:
            at[label] = position
            if label in out:
                kept.append((base, labels, ONE))
        elif at[label] is not position:
            if is_number(position) and is_number(at[label]):
                return None
            conditions.append((make(EQ, (at[label], position)), (), ONE))
    result: list[Factor] = []
    for base, labels, exponent in factors:
        if base.op is UNIT:
            continue
        if base.op is EYE and any([label in at for label in labels]):
            a, b = labels
            if a in at and b in at:
                if at[a] is not at[b]:
                    conditions.append((make(EQ, (at[a], at[b])), (), ONE))
            else:
                position, other = (at[a], b) if a in at else (at[b], a)
                at_other = unit(position, base.attr)
                kept.append((at_other, (other,), ONE))
            continue
        if at.keys().isdisjoint(labels):
            result.append((base, labels, exponent))
            continue
        from mcalc.calculus.basics.entries import entry

        fixed = {place: at[label] for place, label in enumerate(labels) if label in at}
        rest = tuple([label for label in labels if label not in at])
        power = entry(exponent, fixed) if exponent.shape else exponent
        result.append((entry(base, fixed), rest, power))
    return result + kept + conditions
