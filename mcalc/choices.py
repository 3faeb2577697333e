"""What users choose from by a word: the words of each choice, of which the first is meant where nobody says any."""

from __future__ import annotations

from collections.abc import Collection

from mcalc.errors import Mistake

LAYOUTS = ("numerator", "denominator")
"""How derivatives by vectors are laid out."""
MODES = ("auto", "forward", "reverse", "backward")
"""The order of the chain rule; `reverse` and `backward` are the same."""
WAYS = ("auto", "matrix", "sum", "index", "map", "vec")
"""How a result is written: as its input is, with matrices, with sums over samples, in index notation; of three axes or
four as a linear map, or as the matrix between vecs."""
CONVENTIONS = ("projected", "free", "ignore")
"""What a derivative by a structured variable may be: the projection, by the free entries, by all as independent."""
LETTERS = ("auto", "bold", "plain")
"""Letters of LaTeX: as the input had them, vectors and matrices in bold, or none; without fonts as in the paper."""
NOTATIONS = ("auto", "plain", "latex")
LEVELS = ("brief", "full")
"""How much a derivation tells."""
BYS = ("auto", "differentials", "chain", "entries")
"""How a derivation is told: by differentials where the variable is a matrix, else by the paper's chain rule."""


class Manner:
    """How a derivative is wanted: the layout, the order of the chain rule, how it is written, and for structures."""

    __slots__ = ("layout", "mode", "structured", "way")

    def __init__(
        self, layout: str = "numerator", mode: str = "auto", way: str = "auto", structured: str = "projected"
    ) -> None:
        self.layout = layout
        self.mode = mode
        self.way = way
        self.structured = structured


PLAIN = Manner()
"""How a derivative is where nobody says anything."""


def one_of(allowed: Collection[str], what: str, word: str, *, here: bool = False, hint: str = "") -> str:
    """Return a word if it is allowed; raises `E-USAGE`, which lists those that are, `here` if not everywhere.

    >>> one_of(LAYOUTS, "layout", "sideways")
    Traceback (most recent call last):
    mcalc.errors.Mistake: E-USAGE: there is no layout 'sideways'
    """
    if word not in allowed:
        said = f"there is no {what} {word!r}{' here' * here}"
        raise Mistake("E-USAGE", said, hint=f"one of {', '.join(allowed)}{hint}")
    return word
