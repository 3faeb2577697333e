r"""The way in for pastes, loaded when something may stand around a formula: the rules, in their order."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from mcalc.notation.pastes.copies import keep_source
from mcalc.notation.pastes.draft import Draft
from mcalc.notation.pastes.paragraphs import bare_display, cut_out, has_words, is_words, without_fences
from mcalc.notation.pastes.spellings import is_doubled, respell, untag

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["has_words", "is_one", "unwrapped", "without_fences"]


def unwrapped(text: str, known: Container[str] = ()) -> Draft | None:
    r"""Return a paste without what stands around its formula, in mcalc's spelling; None where nothing is to be done.

    What is `known` keeps its spelling. Raises `E-SYNTAX` where two formulas stand in a paragraph.

    >>> unwrapped("The loss is $x^2$.").text, unwrapped("```math\nx^2\n```").text, unwrapped("x^2")
    ('x^2', 'x^2', None)
    """
    draft = Draft(text)
    untag(draft)
    if not keep_source(draft):
        cut_out(draft)
        bare_display(draft)
    respell(draft, known)
    return None if draft.text == text else draft


def is_one(text: str) -> bool:
    """Say whether a text is read as a whole: a paragraph around a formula, a formula copied twice, a string."""
    tagged = Draft(text)
    untag(tagged)
    if "&" in text and "\\" in text and unescape(text) != text:
        return True
    return tagged.text != text or is_words(text) or has_words(text) or is_doubled(text) or keep_source(Draft(text))
