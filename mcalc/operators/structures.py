"""Structures of square matrices, each declared once: what a derivative by a variable of that structure is.

A symmetric variable moves among symmetric matrices only. Of the derivative G by independent entries a part then says
nothing, and which part that is depends on the spelling: aᵀ S b is bᵀ S a. What does not depend on it is the projection
of G onto the structure, and the derivative by the entries that the structure leaves free.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.expr import Dim, Expr
from mcalc.operators.leaves import SYMBOL, eye

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mcalc.expr import Number

    Part = tuple[Number, bool, Callable[[Dim], Expr] | None]

CONVENTIONS = ("projected", "free", "independent")
"""What a derivative by a structured variable may be: the projection, by the free entries, by all on their own."""


class Structure:
    """A linear structure under the `name` that is declared, with the two rules that make a derivative by it.

    `projected` and `free` are sums of parts of the derivative G by independent entries: a number, whether G is turned,
    and a mask that it is multiplied by entry by entry, or None. `holds` says that a matrix surely has the structure.
    `projection` and `by_free` are the rules in print, `free_words` what counts once in the second, and `of_entry` what
    moves with an entry.
    """

    __slots__ = ("by_free", "free", "free_words", "holds", "name", "of_entry", "projected", "projection")

    def __init__(
        self,
        name: str,
        holds: Callable[[Expr], bool],
        *,
        projected: Sequence[Part],
        projection: str,
        free: Sequence[Part],
        by_free: str,
        free_words: str,
        of_entry: str,
    ) -> None:
        self.name = name
        self.holds = holds
        self.projected = tuple(projected)
        self.projection = projection
        self.free = tuple(free)
        self.by_free = by_free
        self.free_words = free_words
        self.of_entry = of_entry


SYMMETRIC = Structure(
    "symmetric", lambda matrix: matrix.is_symmetric,
    projected=((Fraction(1, 2), False, None), (Fraction(1, 2), True, None)), projection="(G + Gᵀ)/2",
    free=((1, False, None), (1, True, None), (-1, False, eye)), by_free="G + Gᵀ - diag(diag(G))",
    free_words="each pair of entries", of_entry="its pair, the entry across the diagonal too",
)  # fmt: skip
STRUCTURES = {"symmetric": SYMMETRIC, "posdef": SYMMETRIC}
"""The structure that each declared property brings."""


def structure_of(variable: Expr) -> Structure | None:
    """Return the structure of a variable, or of the one that it is an entry of; None where all entries are free.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> structure_of(symbol("S", (n, n), frozenset({"symmetric"}))).name, structure_of(symbol("A", (n, n)))
    ('symmetric', None)
    """
    whole = variable.args[0] if variable.op.name == "element" else variable
    if whole.op is not SYMBOL or whole.order != 2:
        return None
    return next((STRUCTURES[word] for word in sorted(whole.attr[2]) if word in STRUCTURES), None)


def applied(parts: Sequence[Part], array: Any, evaluate: Callable[[Expr], Any]) -> Any:
    """Return a rule applied to a square array; `evaluate` gives the value of a mask."""
    size = Dim.of(len(array))
    total = 0
    for coef, is_turned, mask in parts:
        part = float(coef) * (array.T if is_turned else array)
        total = total + (part if mask is None else part * evaluate(mask(size)))
    return total
