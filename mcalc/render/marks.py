"""The marks of the derivatives in a derivation: a straight d or a curly ∂."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.lines import COMBINE, DIFFERENTIATE
from mcalc.expr import walk

if TYPE_CHECKING:
    from mcalc.calculus.lines import Derivation
    from mcalc.expr import Expr

DIRECT = "direct"
"""The attribute of a partial derivative that stands beside a total one of the same names."""


class Marks:
    """Says which mark each derivative in a derivation has.

    Where all is scalar and there is one variable in all, derivatives are straight, but for the partial ones of a function
    of several arguments. Elsewhere they are curly, but for a total derivative of which the derivation has the direct
    partial one too (the paper's 4.5.2 writes both alike).
    """

    __slots__ = ("everywhere", "several", "total", "variable")

    def __init__(self, derivation: Derivation) -> None:
        self.variable = derivation.variable
        symbols = [node for node in walk(derivation.body) if node.op.name == "symbol"]
        scalar = not derivation.body.shape and not any([item.symbol.shape for item in derivation.listed])
        self.everywhere = scalar and not derivation.variable.shape and symbols in ([], [derivation.variable])
        self.several: set[Expr] = set()
        self.total: set[tuple[Expr, ...]] = set()
        for line in derivation.lines:
            if line.part == DIFFERENTIATE and line.lhs.attr == DIRECT:
                self.several.add(line.lhs.args[0])
            elif line.part == COMBINE:
                direct = [node.args for node in walk(line.rhs[0]) if node.attr == DIRECT]
                self.total.update([args for args in direct if args[1] is self.variable])

    def of(self, node: Expr) -> tuple[bool, bool]:
        """Return whether a derivative's mark is straight, and whether it has to be told from another kind."""
        direct = node.attr == DIRECT
        if len(node.args) > 2:
            return False, False
        if self.everywhere:
            straight = not direct and (node.args[1] is self.variable or node.args[0] not in self.several)
        else:
            straight = not direct and node.args in self.total
        return straight, bool(self.total)
