"""Products in index notation as they are typed: what a simplification of one product, or of a sum of them, is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mcalc import parse
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build, term_key
from mcalc.operators.arithmetic import ADD
from mcalc.render.text import unicode

WHERE = "a, b, c, s, t, u, v, z: R; w, x, y: R^n; A, B: R^{m x n}; C, D: R^{n x n}"


def terms(text: str) -> list[Term]:
    """Return the terms of a sum as it is typed, each as a product in index notation."""
    expr = parse(text, where=WHERE).expr
    return [as_term(part) for part in (expr.args if expr.op is ADD else (expr,))]


def alike(found: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Say whether terms are the same, in whatever order."""
    counts = [Counter([(term_key(term), term.coef) for term in each]) for each in (found, wanted)]
    return counts[0] == counts[1]


def said(found: Sequence[Term]) -> str:
    """Return what terms are in print."""
    return " + ".join([unicode(build(term)) for term in found])
