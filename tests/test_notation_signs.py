"""What each sign that the reader knows is taken for: golden/signs.txt, sign by sign.

A line has a sign in one of the places of `USES`, and what is said of it first. `MCALC_GOLDEN=write` writes it anew:
look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.said import said_in, write
from tests.test_notation_readings import told_of

GOLDEN = Path(__file__).parent / "golden" / "signs.txt"
SIGNS = (
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "⟨",
        "⟩",
        "|",
        "||",
        ",",
        ";",
        ":",
        ":=",
        "=",
        "==",
        "<",
        "≥",
        "≤",
        "<=",
        ">=",
        "⩽",
        "⩾",
        "!=",
        "∈",
        "+",
        "-",
        "∓",
    ),
    *(
        "*",
        "/",
        "@",
        "×",
        "·",
        ".",
        "⊗",
        "⊘",
        "∘",
        "∗",
        ".*",
        "^",
        ".^",
        "**",
        "_",
        "'",
        "''",
        "²",
        "ᵀ",
        "₂",
        "½",
        "∑",
        "∏",
    ),
    *(
        "∇",
        "∂",
        "√",
        "...",
        "..",
        "1vec",
        "∞",
        "!",
        "?",
        "$",
        "&",
        "%",
        "~",
        '"',
        "\\",
        "→",
        "if",
        "otherwise",
        "and",
        "or",
        "∧",
        "∨",
        "&&",
        "in",
        "∀",
        "\u223c",
        "∙",
        "〈",
        "\u2035",
        "\u2019",
    ),
)
USES = (
    *(
        "%",
        "x %",
        "% x",
        "x % y",
        "x%y",
        "(x %",
        "(x % y)",
        "[x % y]",
        "sum % x_i",
        "sum x_i % y_i",
        "f(x % y)",
        "x^%",
        "x_%",
    ),
    *("|x % y|", "{x if y % z; 0 otherwise}", "d/dx % x", "A: R % B", "y = x % 2", "x^2, x % 2", "Σ_i x_i % x_j"),
)


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# Each sign in each of the places of USES, and what is said of it first."
    write(GOLDEN, head, {sign: told_of(sign, USES) for sign in SIGNS})
SAID = said_in(GOLDEN)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_taken_for_what_it_was(sign: str) -> None:
    assert told_of(sign, USES) == SAID[sign]
