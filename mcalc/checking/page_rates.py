"""Related rates: what changes with a name that stands below derivatives alone, as r of A = π r² does in dr/dt."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from mcalc.checking.page_names import Names
from mcalc.checking.page_zeros import is_multiple, solved_for
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import add, neg
from mcalc.operators.leaves import symbol, symbols_in
from mcalc.patterns import pattern

SLOPE = pattern(
    r"(?<![^\W_])(?:d|∂|\\[dt]?frac\s*\{\s*d)\s*([^\W\d_])\s*\}?\s*(?:/|\{)\s*(?:d|∂)\s*([^\W\d_])(?!\w)"
    r"|(?<![^\W_])([^\W\d_])['′]"
)
"""A derivative of a name by another, or of a name alone."""
RATED = pattern(r"(?<![^\W_])d\s*/\s*d\s*[^\W\d_](?!\w)|\\[dt]?frac\s*\{\s*d\s*\}\s*\{\s*d\s*[^\W\d_]\s*\}")
"""What a derivative of a formula begins with."""


def rates(texts: Sequence[str], defined: Collection[str]) -> dict[str, set[str]]:
    """Return what changes with each name that stands below straight derivatives alone: t of dA/dt = 2 π r dr/dt.

    >>> rates(["A = π r²", "dA/dt = 2 π r dr/dt"], {"A"}), rates(["x = t²", "dx/dt = 2t"], {"x"})
    ({'t': {'r'}}, {})
    """
    slopes = [found for text in texts for found in SLOPE.finditer(text)]
    pairs = [(found[1], found[2]) for found in slopes if found[2] and "∂" not in found[0]]
    rest = " ".join([RATED.sub(" ", SLOPE.sub(" ", text)) for text in texts])
    below = [t for t in dict.fromkeys([t for _, t in pairs]) if not re.search(rf"(?<![^\W_\d]){t}(?!\w)", rest)]
    found = {t: {of for of, by in pairs if by == t and of not in defined} for t in below}
    return {t: names for t, names in found.items() if names}


class Rates:
    """What lines say of changing names: of a rate, dr/dt = 3, or of what ties them together, x² + y² = 25."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.relations: list[tuple[int, Expr]] = []

    def take(self, line: int, sides: Sequence[Expr]) -> bool:
        """Take in that a line gives a rate, or ties changing names together; return whether it does."""
        changing = {name for of_one in self.names.rates.values() for name in of_one}
        if len(sides) != 2 or not changing or sides[1].has(DERIVATIVE):
            return False
        left, right = [self.names.settled(side) for side in sides]
        if left.shape or right.shape:
            return False
        zero = add(left, neg(right))
        own = [node for node in symbols_in(left) if "/" in node.attr[0]]
        if sides[0].op is DERIVATIVE:
            forgot = sides[0].args[0] in self.names.forms and any([n.attr[0] in changing for n in symbols_in(right)])
            value = solved_for(zero, own[0]) if len(own) == 1 and not forgot else None  # dy/dt = 3x² lacks dx/dt
            if value is not None:
                self.names.define(own[0], value)
            return value is not None
        tied = [node for node in symbols_in(zero) if node.attr[0] in changing]
        if own or sides[0].has(DERIVATIVE) or len(tied) < 2 or sides[0] in self.names.forms:
            return False
        slopes = [self.names.rate(zero, [symbol(t)]) for t in self.names.rates]
        self.relations += [(line, slope) for slope in slopes if slope is not None]
        return True

    def followed(self, left: Expr, right: Expr) -> int:
        """Return the line of a relation whose rate of change two sides say.

        Raises:
            Mistake: `E-UNSUPPORTED`, where they say something else.
        """
        rest = add(self.names.settled(left), neg(self.names.settled(right)))
        found = next((line for line, zero in self.relations if is_multiple(zero, rest)), None)
        if found is None:
            said = f"whether this follows from line {self.relations[0][0]} is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="write what changes as functions: x(t) = ...")
        return found
