"""What each letter is taken for where nothing declares it: golden/letters.txt, letter by letter.

A line has a letter in one of the places of `USES`, and what is said of it first. `MCALC_GOLDEN=write` writes it anew:
look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.said import said_in, write
from tests.test_notation_readings import told_of

GOLDEN = Path(__file__).parent / "golden" / "letters.txt"
LETTERS = (
    *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZαβγδεζηθικλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩℓℒ",
    *(
        "ϵ",
        "ϕ",
        "ϑ",
        "ϱ",
        "ϖ",
        "ϰ",
        "\u00b5",
        "\u2126",
        "\u2206",
        "\u212b",
        "ſ",
        "ℎ",
        "ℏ",
        "ℋ",
        "ℱ",
        "ℬ",
        "ℰ",
        "𝐱",
        "𝟏",
    ),
    *[f"x{accent}" for accent in "\u0302\u0304\u0305\u0303\u0307\u0308\u20d7"],
)
"""The letters, what looks like one, and one with each accent."""
USES = (
    *(
        "A x + %",
        "X w + %",
        "A^%",
        "% W",
        "%(x) + x",
        "x_%",
        "∂/∂% f(%)",
        "%'",
        "Σ_% x_%",
        "dA/d%",
        "A_i% x_%",
        "% y^T x",
    ),
    *("% x_i + %_i", "∂%/∂x", "x^%", "e^(% A)", "x(%)", "Σ_{%<n} x_%", "∇ %", "A* %", "√%", "d^%/dx^% f(x)"),
    *("x^T%x", "e^2%", "r × %", "d%_1", "%_1'(x)", "a%α", "%(x) = a%(x)", "A_i%log%"),
)


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# Each letter in each of the places of USES, and what is said of it first."
    write(GOLDEN, head, {letter: told_of(letter, USES) for letter in LETTERS})
SAID = said_in(GOLDEN)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_taken_for_what_it_was(letter: str) -> None:
    assert told_of(letter, USES) == SAID[letter]
