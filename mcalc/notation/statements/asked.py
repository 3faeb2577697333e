"""How a statement is to be read: what is asked for, and what is known of it beside its text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Expr
    from mcalc.notation.latex.reader import Pasted


class Asked:
    """With `value` the right-hand side of a definition is meant, with `equation` an equation is a claim.

    `before` is the expression that a statement goes on from, and `pasted` its tokens where it is LaTeX.
    """

    __slots__ = ("before", "equation", "pasted", "value")

    def __init__(
        self,
        *,
        value: bool = False,
        equation: bool = False,
        before: Expr | None = None,
        pasted: Pasted | None = None,
    ) -> None:
        self.value = value
        self.equation = equation
        self.before = before
        self.pasted = pasted

    @property
    def words(self) -> list[str]:
        """The names of several letters that LaTeX sets upright."""
        return [] if self.pasted is None else self.pasted.words
