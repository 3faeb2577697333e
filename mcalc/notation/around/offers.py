"""What a refusal offers to type instead is read before it is offered; what is not read is not offered."""

from __future__ import annotations

from collections.abc import Callable

from mcalc.patterns import pattern

ROWS = (
    (pattern(r"(leave it out: )(.+?)(?:(; as a factor write )(.+))?"), "leave it out"),
    (pattern(r"(give one alone: )(.+?)(?:( or )(.+))?"), "give one alone"),
    (pattern(r"(its objective is read alone: )(.+)()()"), "its objective is read alone"),
    (pattern(r"(its objective alone: )(.+?)(?:(; entries are in brackets: )(.+))?"), "give its objective alone"),
    (pattern(r"(type the formula alone: )(.+)(?:(; its derivative is )(.+))"), "type the formula alone"),
    (pattern(r"(type )((?:d/d|d\^2/d|.*sum_\{).+)()()"), "type a formula, such as d/dx x^2"),
    (pattern(r"(keep one side, )(.+)(?:(, or write )(.+))"), "keep one side"),
    (pattern(r"(keep what follows it: )(.+)()()"), "keep the expression that is differentiated"),
)  # fmt: skip
"""The hints that offer one text or two, and what is said where neither is read."""


def replayed(hint: str, is_read: Callable[[str], bool]) -> str:
    """Return a hint with what it offers only where that is read.

    >>> replayed("leave it out: x^2; as a factor write 3 * (x^2)", lambda text: "*" not in text)
    'leave it out: x^2'
    >>> replayed("give one alone: x^ or y", lambda text: text == "y"), replayed("delete it", lambda text: False)
    ('give one alone: y', 'delete it')
    """
    for form, otherwise in ROWS:
        match = form.fullmatch(hint)
        if match is None:
            continue
        before, first, between, second = match.groups()
        reads = [is_read(first), bool(second) and is_read(second)]
        if all(reads) or (reads[0] and not second):
            return hint
        if not any(reads):
            return otherwise
        return f"{before}{first}" if reads[0] else f"{before}{second}" if between == " or " else otherwise
    return hint
