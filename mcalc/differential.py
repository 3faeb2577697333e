"""What the differential of an expression comes to: :class:`Differential`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.calculus.derive import along_a_line, differential_of
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import Reading
from mcalc.operators.abstract import moves_of
from mcalc.render.text import unicode
from mcalc.results import claim, sizes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.numeric.judging import Claim
    from mcalc.steps import Steps


class Differential(Derivative):
    """A differential: what `body` changes by, to first order, when `variables` move in `directions`; `expr` is that.

    The second differential, of `order` 2, is that of the first with the directions held.

    >>> from mcalc import parse
    >>> d = parse("d tr(A X B)")
    >>> d.text, d.wrt, d.shape
    ('tr(A dX B)', ['X'], ())
    """

    __slots__ = ("moves",)

    def __init__(self, asked: Expr, reading: Reading) -> None:
        self.moves = moves_of(asked)
        super().__init__(asked.args[0], [variable for variable, _ in self.moves], reading, order=asked.attr)
        self._symbols = list(dict.fromkeys([*self._symbols, *[direction for _, direction in self.moves]]))

    def _worked_out(self, layout: str) -> Expr:
        return self._each()[-1]

    def _each(self) -> Sequence[Expr]:
        """The function, its differential, and so on up to the order that is asked for."""
        function = self.function
        return [function, *[differential_of(function, self.moves, k) for k in range(1, self.order + 1)]]

    @property
    def directions(self) -> list[str]:
        """The directions as text, in the order of the variables."""
        return [unicode(direction, self._taken) for _, direction in self.moves]

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The sizes of the axes, which are those of the function."""
        return sizes(self.expr)

    def _as_tensor(self) -> None:
        return None

    @property
    def steps(self) -> Steps:
        """The way there: names, and differentials from the function inward, put together.

        >>> from mcalc import parse
        >>> print(parse("d ln(det(X))").steps[-1], "|", parse("d ln(det(X))").steps[-1].rule)
        dy = tr(X⁻¹ dX) | cancel
        """
        if self._steps is None:
            from mcalc.steps import Steps

            self._steps = Steps(
                self.function, self.variables, self.expr, order=self.order, taken=self._taken, moves=self.moves,
                fonts=self._fonts, called=self._called,
            )  # fmt: skip
        self._steps.letters = self.letters
        return self._steps

    def claims(self) -> list[Claim]:
        """Return what a check looks at: the slope along a line through the variables, in the directions."""
        return [claim(*along_a_line(before, after, self.moves)) for before, after in pairwise(self._each())]

    def _exporter(self) -> Any:
        name = self.wrt[0]
        hint = f"differentiate by {name}: mcalc diff ... --wrt {name}"
        raise Mistake("E-UNSUPPORTED", "a differential is no function that code is written for", hint=hint)

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {**super().record(), "directions": self.directions}
