"""What a claim asks for: the derivative of a function by some variables, or its differential along directions."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.errors import Mistake
from mcalc.expr import Expr


class Question:
    """What was differentiated: a body by variables, with the derivative that mcalc has for it, laid out.

    Of a differential, `directions` has the one in which each variable moves.
    """

    __slots__ = ("body", "directions", "left", "order", "variables")

    def __init__(
        self, body: Expr, variables: Sequence[Expr], order: int, left: Expr, directions: Sequence[Expr] = ()
    ) -> None:
        self.body = body
        self.variables = list(variables)
        self.order = order
        self.left = left
        self.directions = list(directions)

    @property
    def moves(self) -> list[tuple[Expr, Expr]]:
        """The variables that move, each with its direction."""
        return list(zip(self.variables, self.directions, strict=True))

    def derivative(self, body: Expr) -> Expr | None:
        """Return the derivative of another body by the same variables, as often; None where it has none."""
        found = body
        try:
            if self.directions:
                return differential_of(body, self.moves, self.order)
            for _ in range(self.order):
                found = derivative_of(found, self.variables)
        except Mistake:
            return None
        return found
