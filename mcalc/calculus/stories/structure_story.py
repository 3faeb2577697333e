"""Derivations by structured variables: first with all entries independent, then what the structure makes of that."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.calculus.stories.lines import DIRECT, Derivation, Line, mark
from mcalc.calculus.stories.reasons import OF_STRUCTURE
from mcalc.expr import Expr, make, rebuild
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.leaves import number, symbol
from mcalc.operators.linear import TRANSPOSE, element, transpose
from mcalc.operators.structures import STRUCTURES, SYMMETRIC, structure_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Independent:
    """A function of a structured variable, with one in its place whose entries are independent.

    `variables` are those to differentiate by, the second being the mirror image of an entry beside the diagonal.
    """

    __slots__ = ("_free", "_whole", "body", "variables")

    def __init__(self, body: Expr, variable: Expr) -> None:
        whole = variable.args[0] if variable.args else variable
        name, shape, properties = whole.attr
        self._whole = whole
        self._free = symbol(name, shape, properties.difference(STRUCTURES))
        self.body = rebuild(body, lambda node, args: self._free if node is whole else None)
        at = variable.args[1:]
        paired = structure_of(variable) is SYMMETRIC and len(at) == 2 and at[0] is not at[1]
        ways = [at, at[::-1]] if paired else [at]
        self.variables = [element(self._free, *way) if way else self._free for way in ways]

    def restored(self, expr: Expr) -> Expr:
        """Return an expression with the structured variable back in it."""
        return rebuild(expr, lambda node, args: self._whole if node is self._free else None)


def with_structure(
    body: Expr, variable: Expr, found: Sequence[Expr], result: Expr, convention: str = "projected"
) -> Derivation | None:
    """Return the line from the derivatives by independent entries to the result; None where nothing is left to do."""
    structure = structure_of(variable)
    assert structure is not None
    if found[0] is result:
        return None
    free = convention == "free" and structure.free
    members, detail = [result], structure.by_free if free else structure.projection
    if variable.args:
        detail = f"an entry counts {structure.of_entry}"
        members = [add(*found), result] if len(found) > 1 else members
    elif result.order == 2 and structure is SYMMETRIC and not free:
        [whole] = found
        settled = rebuild(whole, lambda node, args: transpose(args[0]) if node.op is TRANSPOSE else None)
        if structure.holds(settled):
            members, detail = [whole, result], "Sᵀ = S"
        else:
            both = add(whole, make(TRANSPOSE, (whole,)))
            members = [mul(number(Fraction(1, 2)), both), result]
    members = members[members[0] is members[-1] :] if len(members) > 1 else members
    line = Line(DIRECT, mark(body, variable), members, OF_STRUCTURE[structure.said], detail)
    return Derivation(body, variable, result, [line])
