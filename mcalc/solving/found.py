"""What solving one equation for one unknown gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcalc.expr import Expr


class Found:
    """One solution: the unknown's `value`, the collected equation it comes from (two sides), and how it is solved.

    `new` are unknowns that it brings with it, such as the length of an eigenvector; `nature` is what is known of
    the point beforehand, such as ``maximum`` for the largest eigenvalue.
    """

    __slots__ = ("equation", "how", "nature", "new", "value")

    def __init__(
        self,
        value: Expr,
        equation: tuple[Expr, Expr] | None = None,
        how: str = "",
        *,
        new: tuple[Expr, ...] = (),
        nature: str = "",
    ) -> None:
        self.value = value
        self.equation = equation
        self.how = how
        self.new = new
        self.nature = nature
