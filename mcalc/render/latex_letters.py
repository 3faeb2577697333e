"""The letters of LaTeX: which names are bold, as a style says it or as the input had them."""

from __future__ import annotations

from collections.abc import Mapping

from mcalc.choices import LETTERS, one_of


class Letters:
    """Which names are bold: those of vectors, of matrices, and `given` ones with what each of them is.

    The identity is as bold as matrices are. With `modern` vectors of ones and zeros are bold digits, without an arrow.

    >>> PAPER.is_bold("x", 1), PAPER.is_bold("A", 2)
    (True, False)
    """

    __slots__ = ("given", "matrices", "modern", "vectors")

    def __init__(
        self,
        *,
        vectors: bool = True,
        matrices: bool = False,
        modern: bool = False,
        given: frozenset[tuple[str, bool]] = frozenset(),
    ) -> None:
        self.vectors = vectors
        self.matrices = matrices
        self.modern = modern
        self.given = given

    def is_bold(self, name: str, order: int) -> bool:
        """Say whether the name of something with this many axes is bold."""
        if not order or (name, False) in self.given:
            return False
        return (name, True) in self.given or (self.vectors if order == 1 else self.matrices)


PAPER = Letters()
"""Bold vectors, as in the paper."""
BOLD = Letters(matrices=True, modern=True)
PLAIN = Letters(vectors=False)


def letters(style: str, fonts: Mapping[str, int]) -> Letters:
    """Return the letters of a style; `fonts` are the names of the input, each bold of some order or, with 0, not bold.

    Raises :class:`~mcalc.errors.Mistake` where there is no such style.

    >>> letters("auto", {}) is PAPER, letters("auto", {"w": 0}).vectors, letters("auto", {"W": 2}).modern
    (True, False, True)
    """
    if one_of(LETTERS, "style of LaTeX", style) != "auto" or not fonts:
        return {"bold": BOLD, "plain": PLAIN}.get(style, PAPER)
    orders = {order for order in fonts.values() if order}
    given = frozenset([(name, order > 0) for name, order in fonts.items()])
    return Letters(vectors=bool(orders), matrices=2 in orders, modern=bool(orders), given=given)
