"""What each word that the reader knows is taken for: golden/vocabulary.txt, word by word.

A line has the word, and how it is read in each of the places of `USES`. `MCALC_GOLDEN=write` writes it anew: look at
what has changed.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from tests.test_notation_readings import told

GOLDEN = Path(__file__).parent / "golden" / "vocabulary.txt"
USES = (
    *("{0}(x)", "{0} x^2", "x^2 {0} y", "x^2 ({0})", "{0}: x^2", "x^2, {0} x", "x^2 for {0} x", "with {0} x, x^2"),
    *("x^T A x where A is {0}", "A: R^{{n x n}} {0}"),
)


NOISE = "qzkvjwqxzkvjwqxzkvjw"
"""The beginning of this is a word that nothing knows."""


def line(word: str) -> str:
    """Return the line of golden/vocabulary.txt on a word: a dash where a word that nothing knows is read likewise."""
    noise = NOISE[: len(word)].capitalize() if word[0].isupper() else NOISE[: len(word)]
    said = [word]
    for use in USES:
        first = _first(use.format(word))
        said.append("-" if _first(use.format(noise)).replace(noise, word) == first else first)
    return " | ".join(said)


@cache
def _first(text: str) -> str:
    return " / ".join(told(text)[:2])


WORDS = [text.partition(" | ")[0] for text in GOLDEN.read_text("utf-8").split("\n") if text and text[0] != "#"]
if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# A word, and how it is read in each of the places of USES; a dash is for what is said of any word."
    GOLDEN.write_text("\n".join([head, "", *[line(word) for word in WORDS], ""]), "utf-8")
SAID = {text.partition(" | ")[0]: text for text in GOLDEN.read_text("utf-8").split("\n") if text and text[0] != "#"}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_taken_for_what_it_was(word: str) -> None:
    assert line(word) == SAID[word]
