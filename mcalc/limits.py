"""The limits that keep a statement from taking all of a machine: each has a name, and a user may raise it.

All but `time` are counted, so that the same input meets the same limit everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from mcalc.errors import Mistake, Span

DEFAULTS = {
    "argument": (64 * 1024, "characters of a statement given as an argument"),
    "calls": (20_000, "calls of functions in a statement"),
    "lines": (200, "lines that a statement goes on over"),
    "order": (10, "the order of --order"),
    "output": (100_000, "characters of a result on a terminal"),
    "power": (64, "the exponent of a matrix"),
    "statement": (1 << 20, "bytes of a statement in a file or a pipe"),
    "time": (10, "seconds of the processor for a statement outside the REPL"),
    "work": (1_000_000, "steps of a statement: expressions made, factors of products contracted"),
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


class Exhausted(BaseException):
    """The work is used up. Not an Exception, so that nothing on the way takes it for one of its own."""


class Work:
    """The work that is left, counted where expressions are made and products contracted."""

    __slots__ = ("is_limited", "left")

    def __init__(self) -> None:
        self.is_limited = False
        self.left = UNLIMITED

    def spend(self, count: int) -> None:
        """Count some work; raise :class:`Exhausted` where it is more than is left."""
        self.left -= count
        if self.left < 0:
            raise Exhausted


WORK = Work()


@contextmanager
def counted() -> Iterator[None]:
    """Count the work done inside as that of one statement; inside another that is counted it belongs to that one.

    Raises:
        Mistake: `E-LIMIT`, where it is above the limit; :func:`set_limits` sets another, and with 0 none.
    """
    is_inner = WORK.is_limited
    if not is_inner:
        WORK.is_limited, WORK.left = True, limit("work")
    try:
        yield
    except Exhausted:
        raise beyond("work", f"this takes more than {limit('work')} steps") from None
    finally:
        if not is_inner:
            WORK.is_limited, WORK.left = False, UNLIMITED


def beyond(name: str, message: str, spans: Sequence[Span] = ()) -> Mistake:
    """Return the mistake of meeting a limit, which says how to raise it.

    >>> beyond("order", "a derivative of order 11").hint
    'the limit is 10; --limit order=N sets another'
    """
    return Mistake("E-LIMIT", message, spans, hint=f"the limit is {_values[name]}; --limit {name}=N sets another")


DATA: Mapping[str, int] = {"elements": 1 << 24, "bytes": 1 << 30}
"""Those of data: the most numbers in one array, the most bytes of a file and of all arrays of a run together."""


def check_elements(count: int, what: str, limits: Mapping[str, int]) -> None:
    """Raise E-LIMIT where an array has more numbers than are taken.

    >>> check_elements(10, "X.npy", {"elements": 9, "bytes": 100})
    Traceback (most recent call last):
    mcalc.errors.Mistake: E-LIMIT: X.npy has 10 numbers, above the limit elements=9
    """
    if count > limits["elements"]:
        raise above("elements", f"{what} has {count} numbers", count, limits)
    if count * 8 > limits["bytes"]:
        raise above("bytes", f"{what} takes {count * 8} bytes", count * 8, limits)


def above(name: str, said: str, needed: int, limits: Mapping[str, int]) -> Mistake:
    """Return the mistake of something beyond a limit, with the option that raises it."""
    return Mistake(
        "E-LIMIT", f"{said}, above the limit {name}={limits[name]}", hint=f"--limit {name}={needed} allows it"
    )
