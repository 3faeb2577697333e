"""Lines of a script that say how the results after them are written: ``# mcalc: layout denominator``."""

from __future__ import annotations

from mcalc.errors import Mistake
from mcalc.patterns import pattern
from mcalc.shell.options import DIRECTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.shell.session import Session
    from mcalc.shell.settings import Settings

_LINE = pattern(rf"\s*#\s*mcalc:\s*({'|'.join(DIRECTED)})\b[\s=]*(.*?)\s*$")


def is_directive(text: str) -> bool:
    """Say whether a line, which to others is a comment, says how results are written.

    >>> is_directive("# mcalc: layout denominator"), is_directive("# mcalc: a session")
    (True, False)
    """
    return text.lstrip().startswith("#") and _LINE.match(text) is not None


def directive(text: str) -> tuple[str, str]:
    """Return the preference that a directive names, and its value; raises `E-USAGE` where it cannot have that value."""
    found = _LINE.match(text)
    assert found is not None
    name, value = found.groups()
    allowed = DIRECTED[name].words
    if value not in allowed:
        raise Mistake("E-USAGE", f"{name} cannot be {value[:30] or 'empty'}", hint=f"one of {', '.join(allowed)}")
    return name, value


def put(where: Session | Settings, name: str, value: str) -> None:
    """Let a session, or settings, have a preference."""
    setattr(where, DIRECTED[name].keyword, value)


def options_of(session: Session) -> tuple[str, ...]:
    """Return what a session has for each of the options, in their order."""
    return tuple([getattr(session, row.keyword) for row in DIRECTED.values()])


def lines_between(before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    """Return the directives that make some options of others.

    >>> lines_between(("numerator", "auto", "auto", "free"), ("denominator", "auto", "auto", "free"))
    ['# mcalc: layout denominator']
    """
    changes = zip(DIRECTED, before, after, strict=True)
    return [f"# mcalc: {name} {new}" for name, old, new in changes if new != old]


USUAL = tuple([row.default for row in DIRECTED.values()])
"""The options where nobody chooses any."""
