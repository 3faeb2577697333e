"""What characters mean and texts look like: Greek letters, what is raised or lowered; and regular expressions.

A regular expression is compiled when it is first used, and `re` loaded with the first: a start knows many, and needs
none of them where the input is plain.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

_METHODS = ("findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")


class _Pattern:
    __slots__ = ("_text", *_METHODS)

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:
        # Only what is not there yet comes here: from the first use on a method is that of the compiled pattern.
        import re

        compiled = re.compile(self._text)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: str) -> re.Pattern[str]:
    r"""Return a pattern as `re.compile` does, which is compiled when it is first used; flags stand in it, as `(?s)`.

    >>> pattern(r"\d+").findall("x_12 + 3")
    ['12', '3']
    """
    return _Pattern(text)  # type: ignore[return-value]


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
