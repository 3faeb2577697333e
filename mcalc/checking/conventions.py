"""Answers in another convention of derivatives by structured variables, such as symmetric matrices: which one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.accumulate.structured_variables import by_structure
from mcalc.calculus.basics.orientation import as_columns, as_units
from mcalc.calculus.derive import resolve
from mcalc.checking.equality import compare
from mcalc.expr import Expr, walk
from mcalc.operators.derivative import DERIVATIVE
from mcalc.operators.structures import Structure, structure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.checking.equality import Comparison

HOLDS = ("equal", "other-layout")


def in_other_convention(
    found: Comparison, asked: Sequence[Expr], variables: Sequence[Expr], layout: str, of: int | None
) -> tuple[Comparison, str]:
    """Return a comparison in which two sides that came out unequal agree, and the words for its convention.

    `asked` are the sides as they were read and `variables` what the left one is differentiated by, where it is a
    derivative and nothing else. Where no convention helps, it is the comparison that was given, and no words.
    """
    structures = _structures(asked)
    if not structures:
        return found, ""
    names = " and ".join(structures)
    counted = next(iter(structures.values())).free_words
    words = {
        **({"free": f"where {counted} of {names} counts as one variable"} if counted else {}),
        "ignore": f"with the entries of {names} taken as independent",
    }
    for convention, said in words.items():
        left, right = [resolve(side, layout=layout, structured=convention) for side in asked]
        again = compare(left, right, of)
        if again.verdict in HOLDS:
            return again, said
    if len(variables) == 1 and not variables[0].args and found.left.order == found.right.order >= 2:
        # Of the spellings of one function each has a derivative by independent entries; they share this part.
        part = by_structure(as_units(as_columns(found.right)), variables[0])
        again = compare(found.left, part, of)
        if again.verdict in HOLDS:
            return again, f"{words['ignore']}, in another spelling of the function"
    return found, ""


def _structures(sides: Sequence[Expr]) -> dict[str, Structure]:
    """The structured variables that the sides differentiate by, under their names."""
    found: dict[str, Structure] = {}
    for node in walk(*sides):
        for variable in node.args[1:] if node.op is DERIVATIVE else ():
            structure = structure_of(variable)
            if structure is not None:
                whole = variable.args[0] if variable.args else variable
                found[whole.attr[0]] = structure
    return found
