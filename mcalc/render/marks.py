"""The marks of the derivatives in a derivation: a straight d or a curly ∂."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE
from mcalc.expr import walk

if TYPE_CHECKING:
    from mcalc.calculus.stories.lines import Derivation
    from mcalc.expr import Expr

DIRECT = "direct"
"""The attribute of a partial derivative that stands beside a total one of the same names."""


class Marks:
    """Says which mark each derivative in a derivation has.

    Where all is scalar and there is one variable in all, derivatives are straight, but for the partial ones of a
    function of several arguments. Elsewhere they are curly, but for a total derivative of which the derivation has the
    direct partial one too (the paper's 4.5.2 writes both alike).
    """

    __slots__ = ("backward", "everywhere", "several", "total", "variable")

    def __init__(self, derivation: Derivation) -> None:
        self.variable = derivation.variable
        self.backward = derivation.mode == "backward"
        symbols = [node for node in walk(derivation.body) if node.op.name == "symbol"]
        scalar = not derivation.body.shape and not any([item.symbol.shape for item in derivation.listed])
        self.everywhere = scalar and not derivation.variable.shape and symbols in ([], [derivation.variable])
        self.several: set[Expr] = set()
        self.total: set[tuple[Expr, ...]] = set()
        direct: set[tuple[Expr, ...]] = set()
        for line in derivation.lines:
            if line.part == DIFFERENTIATE and line.lhs.attr == DIRECT:
                self.several.add(line.lhs.args[0])
                direct.add(line.lhs.args)
            elif line.part == COMBINE:
                found = [node.args for node in walk(line.rhs[0]) if node.attr == DIRECT]
                direct.update(found)
                self.several.update([of for of, _ in found])
        totals = {line.lhs.args for line in derivation.lines if line.part == COMBINE}
        self.total = {args for args in direct & totals if args[0] in self.several}

    def of(self, node: Expr) -> tuple[bool, bool]:
        """Return whether a derivative's mark is straight, and whether it has to be told from another kind."""
        if len(node.args) > 2:
            return False, False
        of, by = node.args
        partial = of in self.several and (node.attr == DIRECT or not (self.backward or by is self.variable))
        straight = not partial if self.everywhere else not partial and node.args in self.total
        return straight, bool(self.total)
