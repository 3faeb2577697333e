"""What variables that are asked for beside a statement are taken for: golden/asked.txt, case by case.

`MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read_expression, read_variables, read_where
from mcalc.render.text import shape_words, unicode
from tests.said import said_in, write
from tests.test_notation_readings import refused

GOLDEN = Path(__file__).parent / "golden" / "asked.txt"


def told(case: str) -> list[str]:
    """Return what a statement and its variables are taken for, or why they are refused."""
    text, by, where = [part.strip() for part in case.split(";;")]
    scope = Scope()
    try:
        read_where(where, scope)
        reading = read_expression(text, scope, wrt=by)
        found = read_variables(by, scope, reading)
    except Mistake as mistake:
        return refused(mistake)
    assert reading.expr is not None
    return [
        f"{unicode(reading.expr)} by {'; '.join([f'{unicode(one)} ({shape_words(one)})' for one in found])}",
        *[f"note: {note}" for note in reading.notes],
        *([f"assumed: {'; '.join(reading.assumed)}"] if reading.assumed else []),
    ]


def cases() -> dict[str, list[str]]:
    """Return the cases of golden/asked.txt, each with what is said there."""
    return said_in(GOLDEN)


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# A statement ;; what it is differentiated by ;; what is declared; and what they are taken for."
    write(GOLDEN, head, {case: told(case) for case in cases()})


@pytest.mark.parametrize("case", cases())
def test_variables_are_taken_for_what_they_were_or_refused_in_the_same_words(case: str) -> None:
    assert told(case) == cases()[case]
