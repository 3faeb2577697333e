"""A product that was opened is folded again where a power of it stands beside it, so that the two merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.simplifications import MERGE_POWERS, enabled
from mcalc.calculus.tensor import ONE, Term, contract, flatten, is_product

if TYPE_CHECKING:
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


def _folded(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """The term with one copy of a product's factors taken out and the product put in; None where they are not there."""
    inner = flatten(base)
    if inner.coef != 1 or len(inner.factors) < 2 or any([e is not ONE for _, _, e in inner.factors]):
        return None
    stack: list[tuple[tuple[int, ...], dict[int, int]]] = [((), dict(zip(inner.out, labels, strict=True)))]
    while stack:
        taken, names = stack.pop()
        if len(taken) == len(inner.factors):
            left = [factor for k, factor in enumerate(term.factors) if k not in taken]
            if _closed(inner, names, left, term.out):
                return Term(term.coef, [*left, (base, labels, ONE)], term.out)
            continue
        wanted, own, _ = inner.factors[len(taken)]
        for k, (factor, xs, e) in enumerate(term.factors):
            if factor is wanted and e is ONE and k not in taken and k != place and _fits(own, xs, names):
                stack.append(((*taken, k), {**names, **dict(zip(own, xs, strict=True))}))
    return None


def _closed(inner: Term, names: dict[int, int], left: list[Factor], out: Labels) -> bool:
    """Say whether the labels that the product sums over are all different, and nothing else touches them."""
    summed = {names[label] for _, own, _ in inner.factors for label in own if label not in inner.out}
    elsewhere = {*out, *[label for _, labels, _ in left for label in labels]}
    return len(set(names.values())) == len(names) and not summed & elsewhere


def _fits(own: Labels, labels: Labels, names: dict[int, int]) -> bool:
    return all([names.get(mine, theirs) == theirs for mine, theirs in zip(own, labels, strict=True)])
