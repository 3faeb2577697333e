"""How a statement is to be read: what is asked for, and what is known of it beside its text."""

from __future__ import annotations

from mcalc.notation.statements.variables import wanted_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from mcalc.expr import Expr, Shape
    from mcalc.notation.latex.reader import Pasted
    from mcalc.notation.surface.syntax import Name


class Asked:
    """With `value` the right-hand side of a definition is meant, with `equation` an equation is a claim.

    `before` is the expression that a statement goes on from, `shape` that which its value is known to have, and `wrt`
    are further variables; `pasted` is what LaTeX says beside its tokens.
    """

    __slots__ = ("before", "equation", "pasted", "shape", "value", "wrt")

    def __init__(
        self,
        *,
        value: bool = False,
        equation: bool = False,
        before: Expr | None = None,
        shape: Shape | None = None,
        wrt: Sequence[str] | str = (),
        pasted: Pasted | None = None,
    ) -> None:
        self.value = value
        self.equation = equation
        self.before = before
        self.shape = shape
        self.wrt = wrt
        self.pasted = pasted

    @property
    def is_typed(self) -> bool:
        """Whether the statement is in mcalc's own notation."""
        return self.pasted is None

    @property
    def words(self) -> list[str]:
        """The names of several letters that LaTeX sets upright."""
        return [] if self.pasted is None else self.pasted.words

    def wanted(self, known: Container[str]) -> list[Name]:
        """Return the names of the further variables."""
        return wanted_names(self.wrt, known)
