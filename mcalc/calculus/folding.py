"""A product that was opened is found again where a power or the inverse of it stands beside it: the two merge."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.calculus.contracting import contract
from mcalc.calculus.flattening import flatten
from mcalc.calculus.simplifications import CANCEL_INVERSES, MERGE_POWERS, enabled
from mcalc.calculus.tensor import ONE, Term, is_product
from mcalc.operators.leaves import eye
from mcalc.operators.matrix import INV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcalc.expr import Expr, Labels

    Factor = tuple[Expr, Labels, Expr]


def fold_beside_powers(term: Term) -> Term:
    """Return a term with the factors of a product put together where a power of that product stands at its place.

    Algebra: (W H)_ij^-2 Σ_q W_iq H_qj = (W H)_ij^-1. Each step leaves a factor less, so it ends.
    """
    if not enabled(MERGE_POWERS):
        return term
    place = 0
    while place < len(term.factors):
        base, labels, exponent = term.factors[place]
        found = None
        if exponent is not ONE and is_product(base) and len(set(labels)) == len(labels):
            found = _folded(term, place, base, labels)
        term, place = (term, place + 1) if found is None else (contract(found), 0)
    return term


def cancel_products(term: Term) -> Term:
    """Return a term in which an inverse and the product that it is the inverse of, side by side, are an identity.

    Algebra: (Xᵀ X)⁻¹ Xᵀ X = I. Each step takes factors away, so it ends.
    """
    if not enabled(CANCEL_INVERSES):
        return term
    place = 0
    while place < len(term.factors):
        base, labels, exponent = term.factors[place]
        found = None
        if base.op is INV and exponent is ONE and is_product(base.args[0]) and len(set(labels)) == 2:
            found = _cancelled(term, place, base, labels)
        term, place = (term, place + 1) if found is None else (contract(found), 0)
    return term


def _cancelled(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    inner = _plain(base.args[0])
    if inner is None:
        return None
    for side in (0, 1):
        joint, kept = labels[1 - side], labels[side]
        if joint in term.out:
            continue
        for taken, names in _found(inner, {inner.out[side]: joint}, term, place):
            left = [factor for k, factor in enumerate(term.factors) if k not in taken and k != place]
            other = names[inner.out[1 - side]]
            bound = {joint, *_summed(inner, names)}
            if other == joint or len(bound) <= len(_summed(inner, names)) or bound & _touched(left, term.out):
                continue
            if kept in bound or other in bound:
                continue
            ratio = term.coef * (1 / inner.coef if type(inner.coef) is float else 1 / Fraction(inner.coef))
            return Term(ratio, [*left, (eye(base.shape[0]), (kept, other), ONE)], term.out)
    return None


def _folded(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """The term with one copy of a product's factors taken out and the product put in; None where they are not there."""
    inner = _plain(base)
    if inner is None or inner.coef != 1:
        return None
    for taken, names in _found(inner, dict(zip(inner.out, labels, strict=True)), term, place):
        left = [factor for k, factor in enumerate(term.factors) if k not in taken]
        if len(set(names.values())) == len(names) and not _summed(inner, names) & _touched(left, term.out):
            return Term(term.coef, [*left, (base, labels, ONE)], term.out)
    return None


def _plain(base: Expr) -> Term | None:
    """A product opened, where it is one of at least two factors without powers."""
    inner = flatten(base)
    plain = len(inner.factors) > 1 and all([e is ONE for _, _, e in inner.factors]) and not inner.is_zero
    return inner if plain and type(inner.coef) is not float else None


def _found(
    inner: Term, known: dict[int, int], term: Term, place: int
) -> Iterator[tuple[tuple[int, ...], dict[int, int]]]:
    """Yield where the factors of a product stand in a term, and what its labels are called there."""
    stack: list[tuple[tuple[int, ...], dict[int, int]]] = [((), known)]
    while stack:
        taken, names = stack.pop()
        if len(taken) == len(inner.factors):
            yield taken, names
            continue
        wanted, own, _ = inner.factors[len(taken)]
        for k, (factor, xs, e) in enumerate(term.factors):
            if factor is wanted and e is ONE and k not in taken and k != place and _fits(own, xs, names):
                stack.append(((*taken, k), {**names, **dict(zip(own, xs, strict=True))}))


def _summed(inner: Term, names: dict[int, int]) -> set[int]:
    return {names[label] for _, own, _ in inner.factors for label in own if label not in inner.out}


def _touched(left: list[Factor], out: Labels) -> set[int]:
    return {*out, *[label for _, labels, _ in left for label in labels]}


def _fits(own: Labels, labels: Labels, names: dict[int, int]) -> bool:
    return all([names.get(mine, theirs) == theirs for mine, theirs in zip(own, labels, strict=True)])
