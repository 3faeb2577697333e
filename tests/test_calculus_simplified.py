"""What each simplification that is no row makes of some terms: golden/simplified.txt, formula by formula.

Below a formula stands what changes its terms, factor by factor, with the names that are noted. What has a sum in one
product is put to the simplifications of products, term by term, too. `MCALC_GOLDEN=write` writes it anew: look at what
has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from mcalc.calculus.basics.simplifications import logged
from mcalc.calculus.index_notation.term import Term, build
from mcalc.calculus.rules import of_products, of_sums
from mcalc.calculus.rules.conditions import apply_conditions
from mcalc.calculus.rules.table import TABLE, AtFactor, in_one_product
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import add
from mcalc.operators.leaves import is_number
from mcalc.render.text import unicode
from tests.said import said_in, write
from tests.terms import terms
from tests.values import agree

GOLDEN = Path(__file__).parent / "golden" / "simplified.txt"
OF_SUMS: tuple[Callable[[list[Term]], list[Term]], ...] = (
    *(of_sums.facing_alike, of_sums.named_alike, of_sums.complemented, of_sums.over_one_denominator),
    *(of_sums.parts_of_one, of_sums.merged_terms),
)
OF_PRODUCTS: tuple[Callable[[Term], Term], ...] = (
    *(of_products.face_alike, of_products.absorb_sign, apply_conditions, in_one_product),
)
AT_FACTORS = [row for row in TABLE if isinstance(row, AtFactor)]


def shown(term: Term) -> str:
    """Return a term with its labels: 2 (a - b)² x_0 y_0 → 0."""
    factors = []
    for base, labels, exponent in term.factors:
        own = unicode(base)
        power = "" if is_number(exponent, 1) else f"^({unicode(exponent)})"
        factors.append(f"[{own}]{power}{'_' if labels else ''}{','.join([str(label) for label in labels])}")
    out = f" → {','.join([str(label) for label in term.out])}" if term.out else ""
    return " ".join([str(term.coef), *factors]) + out


def made(given: list[Term]) -> Iterator[tuple[str, list[Term], list[Term]]]:
    """Yield what each simplification makes of some terms, with its name and what it was given."""
    for simplified in OF_SUMS:
        with logged() as log:
            found = simplified(list(given))
        if [shown(term) for term in found] != [shown(term) for term in given]:
            noted = ", ".join(sorted([one.name for one in log.applied]))
            yield f"{simplified.__name__}{noted and f' ({noted})'}", given, found
    for term in given:
        for of_one in OF_PRODUCTS:
            with logged() as log:
                alone = of_one(term)
            if alone is not term:
                noted = ", ".join(sorted([one.name for one in log.applied]))
                yield f"{of_one.__name__}{noted and f' ({noted})'}", [term], [alone]
        for row in AT_FACTORS:
            for place, (base, _, _) in enumerate(term.factors):
                at = row.at(term, place) if base.op in row.operators else None
                if at is not None:
                    yield f"{row.at.__name__} at {place}", [term], [at]


def told(text: str) -> list[str]:
    """Return the lines of golden/simplified.txt on a formula."""
    given = terms(text)
    changed = [f"{name}: {' + '.join([shown(term) for term in found]) or '0'}" for name, _, found in made(given)]
    return list(dict.fromkeys([" + ".join([shown(term) for term in given]), *changed]))


def cases() -> dict[str, list[str]]:
    """Return the formulas of golden/simplified.txt, each with what is said there."""
    return said_in(GOLDEN)


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# The terms of a formula, and what each simplification that changes them makes of them."
    write(GOLDEN, head, {text: told(text) for text in cases()})


@pytest.mark.parametrize("text", cases())
def test_terms_are_made_what_they_were(text: str) -> None:
    assert told(text) == cases()[text]


def values() -> dict[str, object]:
    """Return numbers between 1/2 and 2 for all letters, and vectors and square matrices of them; a is more than b."""
    rng = np.random.default_rng(8)
    sizes = {**dict.fromkeys("cstuvz", ()), **dict.fromkeys("wxy", (3,)), **dict.fromkeys("ABCD", (3, 3))}
    found = {
        name: rng.uniform(0.5, 2.0, size) + (3 * np.eye(3) if len(size) > 1 else 0) for name, size in sizes.items()
    }
    return {**found, "a": 1.9, "b": 0.6, "n": 3, "m": 3}


@pytest.mark.parametrize("text", cases())
def test_what_terms_are_made_has_their_value(text: str) -> None:
    data = values()

    def of(found: list[Term]) -> object:
        whole: Expr = add(*[build(term) for term in found])
        return evaluate(whole, data)

    for name, given, found in made(terms(text)):
        assert agree(of(found), of(given)) or (not found and np.allclose(np.asarray(of(given)), 0)), name
