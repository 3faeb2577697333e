"""What is to be said of a whole page: which of its lines hold, and the verdict on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.checking.page_lines import PageLine
    from mcalc.checking.page_names import Pair
    from mcalc.notation import Reading


class Judged:
    """What became of a line: a verdict where it claims something, or the mistake for which it could not be read."""

    __slots__ = ("by_partial", "line", "mistake", "pairs", "reading", "verdict")

    def __init__(self, line: PageLine, verdict: Verdict | None = None, mistake: Mistake | None = None) -> None:
        self.line = line
        self.verdict = verdict
        self.mistake = mistake
        self.reading: Reading | None = None
        self.pairs: set[Pair] = set()
        self.by_partial: Verdict | None = None


def summary(judged: Sequence[Judged]) -> str:
    """What is to be said of the whole: which lines hold, and whether the last one does all the same."""
    claims = [one for one in judged if one.verdict is not None]
    wrong = [one for one in claims if not one.verdict]
    unread = [one for one in judged if one.mistake is not None and one.line.number]
    said = [f"{_lines(unread)} {'is' if len(unread) == 1 else 'are'} not read"] if unread else []
    if not wrong:
        count = {1: "the line", 2: "both lines"}.get(len(claims), f"all {len(claims)} lines")
        rest = "the other line" if len(claims) == 1 else f"the other {len(claims)} lines"
        held = f"{rest if unread else count} {'holds' if len(claims) == 1 else 'hold'}"
        return "; ".join([held, *said] if claims else said)
    does = f"{_lines(wrong)} {'does' if len(wrong) == 1 else 'do'} not hold"
    if claims[-1].verdict:
        first = f"your last line is right; {does}"
        return "; ".join([first, *said])
    return "; ".join([does, *said])


def verdict_of(judged: Sequence[Judged], notes: Sequence[str]) -> Verdict:
    """The verdict on the whole: that of the first line that does not hold, with its place; or that all do."""
    claims = [one for one in judged if one.verdict is not None]
    wrong = next((one for one in claims if not one.verdict), None)
    first = claims[0].verdict
    assert first is not None
    if len(claims) == 1:
        return first
    if wrong is None or wrong.verdict is None:
        turned = any([one.verdict is not None and one.verdict.verdict == "other-layout" for one in claims])
        whole = Verdict("other-layout" if turned else "equal", first.left, first.right, first.method)
        whole.headline += f": {summary(judged)}"
    else:
        found = wrong.verdict
        whole = Verdict(found.verdict, found.left, found.right, found.method)
        whole.headline = f"line {wrong.line.number}, {clip(wrong.line.text, 60)}: {found.headline}"
        whole.details = [*found.details, summary(judged)]
        whole.difference, whole.slip, whole.agreeing, whole.point, whole.evidence = (
            found.difference, found.slip, found.agreeing, found.point, found.evidence,
        )  # fmt: skip
        whole.wrong = wrong.line.number
    whole.links = [one.verdict for one in claims if one.verdict is not None]
    whole.assumed = list(dict.fromkeys([text for link in whole.links for text in link.assumed]))
    whole.notes = list(dict.fromkeys([*notes, *[note for link in whole.links for note in link.notes]]))
    return whole


def _lines(some: Sequence[Judged]) -> str:
    """Return the numbers of some lines in words.

    >>> from mcalc.checking.page_lines import PageLine
    >>> _lines([Judged(PageLine(k, "")) for k in (2, 5, 7)])
    'lines 2, 5 and 7'
    """
    numbers = list(dict.fromkeys([str(one.line.number) for one in some]))
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"
