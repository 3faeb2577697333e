"""What an equation is where it is a claim, and where the value of its right side is asked for: golden/claimed.txt.

For the statements of golden/readings.txt with a sign of equality it has what is said otherwise of them than there.
`MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.said import said_in, write
from tests.test_notation_readings import cases, told

GOLDEN = Path(__file__).parent / "golden" / "claimed.txt"
PLAIN = cases()
"""What is said of the statements as they stand."""


def asked(typed: str) -> list[str]:
    """Return the lines of golden/claimed.txt on a statement."""
    found = {"claim": told(typed, equation=True), "value": told(typed, value=True)}
    return [f"{kind}: {line}" for kind, lines in found.items() if lines != PLAIN.get(typed) for line in lines]


def wanted() -> dict[str, list[str]]:
    """Return the statements of golden/claimed.txt, each with its lines."""
    return said_in(GOLDEN)


if os.environ.get("MCALC_GOLDEN") == "write":
    equations = [typed for typed in PLAIN if "=" in typed]
    head = "# What an equation is as a claim, and where the value of its right side is asked for, if that is another."
    write(GOLDEN, head, {typed: lines for typed in equations if (lines := asked(typed))})


@pytest.mark.parametrize(
    ("typed", "lines"), wanted().items(), ids=lambda value: value[:50] if type(value) is str else ""
)
def test_an_equation_is_claimed_or_has_the_value_that_it_did(typed: str, lines: list[str]) -> None:
    assert asked(typed) == lines
