"""What no message may show is named, and what no name may carry is refused."""

from __future__ import annotations

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read
from mcalc.notation.surface.characters import MAX_ACCENTS, canonical, clean, code_point

NAMED = {
    "\0": "U+0000 (null)",
    "\a": "U+0007 (bell)",
    "\b": "U+0008 (backspace)",
    "\t": "U+0009 (tab)",
    "\r": "U+000D (carriage return)",
    "\x1b": "U+001B (escape)",
    "\x7f": "U+007F (delete)",
    "\x01": "U+0001 (control character)",
    "\x85": "U+0085 (control character)",
    "\u202e": "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    "\ue000": "U+E000",
    "\U000e0001": "U+E0001 (LANGUAGE TAG)",
}


@pytest.mark.parametrize(("character", "said"), NAMED.items(), ids=NAMED.values())
def test_a_character_that_is_not_shown_is_named(character: str, said: str) -> None:
    assert code_point(character) == said


@pytest.mark.parametrize("accent", "\u0302\u0303\u0304\u0305\u0307")
def test_a_letter_carries_few_accents(accent: str) -> None:
    with pytest.raises(Mistake, match="too many accents on the letter in column 3") as found:
        read(f"1+x{accent * (MAX_ACCENTS + 1)}", Scope())
    [span] = found.value.spans
    assert (found.value.code, span.label) == ("E-CHAR", "an accent")


@pytest.mark.parametrize("letter", "xAθ")
def test_accents_on_pairs_of_letters_are_no_heap(letter: str) -> None:
    assert read(f"{letter}\u0302 + {letter}\u0304 + {letter}", Scope()).expr is not None


TWINS = {
    **dict(zip("ϵϕϑϱϖϰ\u00b5\u2126\u2206\u212bſℎℏ", "εφθρπκμΩΔÅshħ", strict=True)),
    **dict(zip("∙〈〉\u2329\u232a\u2035\u2019\u223c\u2062\u2063", "·⟨⟩⟨⟩''~*,", strict=True)),
}


@pytest.mark.parametrize(("twin", "meant"), TWINS.items())
def test_what_looks_like_a_character_is_that_character(twin: str, meant: str) -> None:
    assert clean(f"1 + {twin}")[0] == f"1 + {meant}"


ACCENTED = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}


@pytest.mark.parametrize(("name", "accent"), [*ACCENTED.items(), ("bar", "\u0305")])
@pytest.mark.parametrize("letter", "xAθ")
def test_an_accent_is_part_of_a_name(letter: str, name: str, accent: str) -> None:
    assert canonical(letter + accent) == f"{letter}_{name}"
    assert canonical(f"{letter}\u20d7") == letter
