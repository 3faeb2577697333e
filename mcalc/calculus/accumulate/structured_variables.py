"""Derivatives by structured variables: from independent entries to the projection, or to the entries left free.

Source: the projection is the gradient in the inner product tr(Aᵀ B) among the directions in which the variable may
move; by free entries see The Matrix Cookbook, 2.8.
"""

from __future__ import annotations

from mcalc.calculus.index_notation.term import product
from mcalc.operators.arithmetic import add
from mcalc.operators.leaves import is_number, number, ratio
from mcalc.operators.structures import CONSTANTS, factors_of, structure_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Expr, Labels


def _in_triangle(letter: str, variable: Expr) -> int | None:
    """Say whether an entry at a known place is in the lower or upper triangle, 1 or 0; None for anything else."""
    at = variable.args[1:]
    if letter not in "LU" or len(at) != 2 or not all([is_number(place) for place in at]):
        return None
    row, column = [place.attr for place in at]
    return int(row >= column if letter == "L" else row <= column)


def by_structure(raw: Expr, variable: Expr, convention: str = "projected") -> Expr:
    """Return a derivative by independent entries as one by a structured variable; its last axes are the variable's.

    An entry of the variable stands for all that move with it, so for one the rule is that of free entries.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> G, S = symbol("G", (n, n)), symbol("S", (n, n), frozenset({"symmetric"}))
    >>> by_structure(G, symbol("A", (n, n))) is G, len(by_structure(G, S).args)
    (True, 2)
    """
    structure = structure_of(variable)
    if structure is None or convention == "ignore":
        return raw
    whole = variable.args[0] if variable.args else variable
    axes = tuple(range(raw.order))
    own = axes[-whole.order :]
    named = dict(zip("ij", own, strict=False)) | {letter: raw.order + place for place, letter in enumerate("kpq")}
    terms: list[Expr] = []
    for under, part in structure.rule(convention, of_entry=bool(variable.args)):
        factors: list[tuple[Expr, Labels]] = []
        for letter, names in factors_of(part):
            labels = tuple([named[name] for name in names])
            if letter in "Gg":
                factors.append((raw, (*axes[: -whole.order], *labels)))
            elif (inside := _in_triangle(letter, variable)) is not None:
                factors.append((number(inside), ()))
            else:
                factors.append((whole if letter == "X" else CONSTANTS[letter](whole.shape), labels))
        terms.append(product(under if abs(under) == 1 else ratio(1, under), factors, axes))
    return add(*terms)
