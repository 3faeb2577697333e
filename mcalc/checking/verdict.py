"""Verdicts: what is said of a claim, as text, as a record, and in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcalc.render.notebook_cells import bundle, sentences

if TYPE_CHECKING:
    from mcalc.checking.replay import Evidence

WORDS = {
    "equal": "equal",
    "other-layout": "equal, in the other layout",
    "not-equal": "not equal",
    "undecided": "undecided",
}


class Verdict:
    """What became of a claim; true where the two sides are equal, be it in the other layout.

    `verdict` is "equal", "other-layout", "not-equal" or "undecided"; `method` says how that was decided. Where the
    sides are not equal, `difference` is yours less what is right, in normal form, `slip` the kind of the likely slip,
    `agreeing` the terms of yours that are right, and `point` values of the variables with what the two sides come to.
    `reason` says it in words, `evidence` has what each hint rests on. `links` are the verdicts of a chain of
    equalities, one for each equals sign, and `wrong` is the place of the first that does not hold.

    >>> from mcalc import check
    >>> found = check("d/dx sin(x^2) = cos(x^2)")
    >>> found.verdict, found.slip, bool(found)
    ('not-equal', 'inner derivative', False)
    """

    __slots__ = (
        "agreeing",
        "assumed",
        "details",
        "difference",
        "evidence",
        "headline",
        "left",
        "links",
        "method",
        "notes",
        "point",
        "right",
        "slip",
        "verdict",
        "wrong",
    )

    def __init__(self, verdict: str, left: str, right: str, method: str = "") -> None:
        self.verdict = verdict
        self.left = left
        self.right = right
        self.method = method
        self.headline = WORDS[verdict]
        self.details: list[str] = []
        self.difference: str | None = None
        self.slip: str | None = None
        self.agreeing: list[str] = []
        self.evidence: list[Evidence] = []
        self.point: dict[str, str] | None = None
        self.links: Sequence[Verdict] = ()
        self.wrong: int | None = None
        self.assumed: list[str] = []
        self.notes: list[str] = []

    def __bool__(self) -> bool:
        return self.verdict in ("equal", "other-layout")

    @property
    def reason(self) -> str:
        """What is to be said beside the verdict, in words."""
        return "; ".join(self.details)

    @property
    def text(self) -> str:
        """The verdict on one line, as it is printed in a pipe."""
        return "; ".join([self.headline, *self.details])

    @property
    def lines(self) -> list[str]:
        """The verdict line by line, as it is printed on a terminal."""
        return [self.headline, *[f"  {detail}" for detail in self.details]]

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {
            "verdict": self.verdict,
            "text": self.text,
            "method": self.method,
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            "slip": self.slip,
            "agreeing": self.agreeing,
            "point": self.point,
            "reason": self.reason,
            **({"links": [link.record() for link in self.links], "wrong": self.wrong} if self.links else {}),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the verdict line by line."""
        lines = [*self.lines, *([f"  assumed: {'; '.join(self.assumed)}"] if self.assumed else [])]
        return bundle("\n".join(lines), sentences(lines))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Verdict {self.verdict}: {self.text}>"
