"""A page of several problems, each with names of its own: judged apart where one gives a name another meaning."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from mcalc.checking.equality import SHAPES
from mcalc.checking.page import Page
from mcalc.checking.page_names import Known
from mcalc.checking.page_prepared import LENGTH, Prepared
from mcalc.notation import Scope
from mcalc.patterns import pattern

MOST_USERS = 8
"""Lines that use a name which one leaves open, read together with what they are made of."""
Within = Callable[[Callable[[], None]], None]
SECTION = pattern(
    r"(?i)[\s#*_]*(?:\\\w+\*?\{)?(?:(?:problem|exercise|question|example|task|case|part|ex|q)\b\.?\s*\(?(?:\d+|[a-z])\b|\(?[a-h]\)\s)"
)
"""What a problem of a page, or a part of one, begins with."""


def page_of(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged, each of its problems apart."""
    (_, first), *others = sections(text, scope, layout, notation)
    page = _fitting(first, scope, layout, notation, within)
    for begun, part in others:
        again = _fitting(part, scope, layout, notation, within)
        page.judged += [one for one in again.judged if one.line.number >= begun]
        page.notes += [note for note in again.notes if note not in page.notes]
    return page


def _fitting(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged; once more, with definitions and what uses them read together, where lines fit no shapes.

    So are the lines that use what one says that has two readings alone.
    """
    page = Page(text, scope, layout, notation, within)
    codes = [one.mistake.code if one.mistake is not None else "" for one in page.judged]
    unfit = [k for k, code in enumerate(codes) if code == "E-SHAPE"]
    asked = {name for k, code in enumerate(codes) if code == "E-AMBIG" for name in page.prepared.mentioned(k)}
    if misfits(page) or (LENGTH in page.notes and "E-NAME" in codes):
        unfit += [k for k, head in reversed([*enumerate(page.prepared.heads)]) if head is not None]
    users = [k for k, code in enumerate(codes) if code != "E-AMBIG" and asked & page.prepared.mentioned(k)]
    unfit += users[:MOST_USERS]
    again = Page(text, scope, layout, notation, within, [*dict.fromkeys(unfit)]) if unfit else page
    better = (len(again.mistakes), misfits(again)) < (len(page.mistakes), misfits(page))
    return again if better else page


def misfits(page: Page) -> int:
    """Return how many lines of a page are called wrong for their shapes alone."""
    return len([one for one in page.claims if one.verdict is not None and one.verdict.method == SHAPES])


def sections(text: str, scope: Scope, layout: str, notation: str) -> list[tuple[int, str]]:
    r"""Return the problems of a page, each with its first row, at its place behind what stands before them all.

    It is one where no name is defined in two of them, or one needs what another one defines.

    >>> from mcalc.notation import Scope
    >>> sections("a = 2\n(a) y = a x\n(b) y = x²", Scope(), "numerator", "auto")
    [(2, 'a = 2\n(a) y = a x\n'), (3, 'a = 2\n\n(b) y = x²')]
    >>> sections("(a) y = 2 x\n(b) z = x²", Scope(), "numerator", "auto")
    [(1, '(a) y = 2 x\n(b) z = x²')]
    """
    rows = text.split("\n")
    starts = [number for number, row in enumerate(rows, 1) if SECTION.match(row)]
    whole = [(1, text)]
    if len(starts) < 2:
        return whole
    prepared = Prepared(text, notation, Known(scope, layout))
    defined: list[set[str]] = []
    used: list[set[str]] = []
    bounds = list(pairwise([1, *starts, len(rows) + 1]))
    for start, stop in bounds:
        inside = [k for k, line in enumerate(prepared.lines) if start <= line.number < stop]
        defined.append({head[0] for k in inside if (head := prepared.heads[k]) is not None})
        used.append({name.full for k in inside for name in prepared.names_in(prepared.lines[k])})
    before, *own = defined
    again = {name for place, names in enumerate(own) for other in own[:place] for name in names & other}
    needs = any(
        [(used[place + 1] - names - before) & other for place, names in enumerate(own) for other in own[:place]]
    )
    if not again or needs:
        return whole
    return [
        (start, "\n".join([row if k < starts[0] or start <= k < stop else "" for k, row in enumerate(rows, 1)]))
        for start, stop in bounds[1:]
    ]
