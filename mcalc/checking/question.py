"""What a claim asks for: the derivative of a function by some variables."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.expr import Expr


class Question:
    """What was differentiated: a body by variables, with the derivative that mcalc has for it, laid out."""

    __slots__ = ("body", "left", "order", "variables")

    def __init__(self, body: Expr, variables: Sequence[Expr], order: int, left: Expr) -> None:
        self.body = body
        self.variables = list(variables)
        self.order = order
        self.left = left

    def derivative(self, body: Expr) -> Expr | None:
        """Return the derivative of another body by the same variables, as often; None where it has none."""
        found = body
        try:
            for _ in range(self.order):
                found = derivative_of(found, self.variables)
        except Mistake:
            return None
        return found
