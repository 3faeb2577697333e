"""What each word that the reader knows is taken for: golden/vocabulary.txt, word by word.

A line has the word, and how it is read before a bracket, before a formula, and between two. `MCALC_GOLDEN=write`
writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.test_notation_readings import told

GOLDEN = Path(__file__).parent / "golden" / "vocabulary.txt"
USES = ("{0}(x)", "{0} x^2", "x^2 {0} y")


NOISE = "qzkvjwqxzkvjwqxzkvjw"
"""The beginning of this is a word that nothing knows."""


def line(word: str) -> str:
    """Return the line of golden/vocabulary.txt on a word: a dash where a word that nothing knows is read likewise."""
    noise = NOISE[: len(word)].capitalize() if word[0].isupper() else NOISE[: len(word)]
    said = [word]
    for use in USES:
        first = " / ".join(told(use.format(word))[:2])
        said.append("-" if " / ".join(told(use.format(noise))[:2]).replace(noise, word) == first else first)
    return " | ".join(said)


WORDS = [text.partition(" | ")[0] for text in GOLDEN.read_text("utf-8").split("\n") if text and text[0] != "#"]
if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# A word | how word(x) is read | how word x^2 | how x^2 word y; a dash is for what is said of any word."
    GOLDEN.write_text("\n".join([head, "", *[line(word) for word in WORDS], ""]), "utf-8")
SAID = {text.partition(" | ")[0]: text for text in GOLDEN.read_text("utf-8").split("\n") if text and text[0] != "#"}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_taken_for_what_it_was(word: str) -> None:
    assert line(word) == SAID[word]
