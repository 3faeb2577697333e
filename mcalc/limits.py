"""The limits that keep a statement from taking all of a machine: each has a name, and a user may raise it.

All but `time` are counted, so that the same input meets the same limit everywhere.
"""

from __future__ import annotations

from mcalc.errors import Mistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mcalc.errors import Span

DEFAULTS = {
    "argument": (64 * 1024, "characters of a statement given as an argument"),
    "calls": (20_000, "calls of functions in a statement"),
    "lines": (200, "lines that a statement goes on over"),
    "order": (10, "the order of --order"),
    "output": (100_000, "characters of a result on a terminal"),
    "power": (64, "the exponent of a matrix"),
    "statement": (1 << 20, "bytes of a statement in a file or a pipe"),
    "time": (10, "seconds of the processor for a statement outside the REPL"),
}
"""Each limit with its value where nothing else is said, and what it counts. 0 is no limit."""

_values = {name: value for name, (value, _) in DEFAULTS.items()}
UNLIMITED = 1 << 62


def limit(name: str) -> int:
    """Return the value of a limit.

    >>> limit("order")
    10
    """
    return _values[name] or UNLIMITED


def set_limits(values: Mapping[str, int]) -> dict[str, int]:
    """Give limits other values, and return the values that all had before."""
    before = _values.copy()
    _values.update(values)
    return before


def beyond(name: str, message: str, spans: Sequence[Span] = ()) -> Mistake:
    """Return the mistake of meeting a limit, which says how to raise it.

    >>> beyond("order", "a derivative of order 11").hint
    'the limit is 10; --limit order=N sets another'
    """
    return Mistake("E-LIMIT", message, spans, hint=f"the limit is {_values[name]}; --limit {name}=N sets another")
