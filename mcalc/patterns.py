"""What characters mean and texts look like: Greek letters, what is raised or lowered; and regular expressions.

A regular expression is compiled when it is first used: a start knows many, and needs few of them.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_METHODS = ("findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")


class _Pattern:
    __slots__ = ("_flags", "_text", *_METHODS)

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Only what is not there yet comes here: from the first use on a method is that of the compiled pattern.
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    r"""Return a pattern as `re.compile` does, which is compiled when it is first used.

    >>> pattern(r"\d+").findall("x_12 + 3")
    ['12', '3']
    """
    return _Pattern(text, flags)  # type: ignore[return-value]


_LETTERS = "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
_WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi "
    "chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
GREEK = dict(zip(_LETTERS, _WORDS.split(), strict=True))
"""The word of each Greek letter, which is its ASCII spelling and, after a backslash, its LaTeX command."""
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", "0123456789+-=()aehijklmnoprstuvxβγρφχ", strict=True))
RAISED = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵀᵗᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ",
        "0123456789+-=()nTtabcdefghijklmoprsuvwxyzABDEGHIJKLMNOPRUVW",
        strict=True,
    )
)
"""What each glyph stands for."""
