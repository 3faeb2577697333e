r"""The glyphs that are typed as names after a backslash: the names of LaTeX, ``\alpha`` and ``\otimes``."""

from __future__ import annotations

import re

from mcalc.notation.surface.words import GREEK
from mcalc.render.glyphs import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS

SIGNS = {
    "partial": "∂", "nabla": "∇", "cdot": "·", "times": "×", "otimes": "⊗", "odot": "⊙", "circ": "∘", "oslash": "⊘",
    "top": "ᵀ", "T": "ᵀ", "intercal": "ᵀ", "norm": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "in": "∈", "R": "ℝ",
    "bbR": "ℝ", "sum": "Σ", "prod": "Π", "sqrt": "√", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "half": "½", "ones": "1⃗", "zeros": "0⃗", "vec": "\u20d7", "inv": "⁻¹",
    "langle": "⟨", "rangle": "⟩", "div": "÷", "prime": "′",
}  # fmt: skip
TABLE = {
    **GREEK,
    **SIGNS,
    **ACCENTS,
    **{f"^{plain}": glyph for plain, glyph in SUPERSCRIPTS.items()},
    **{f"_{plain}": glyph for plain, glyph in SUBSCRIPTS.items()},
}
"""Each name with its glyph; an accent is a mark that goes on the letter before it."""
_TYPED = re.compile(r"\\([A-Za-z]*|[\^_][0-9A-Za-z]?)$")


def typed(before: str) -> str | None:
    r"""Return the name of a glyph that stands before the cursor, perhaps not all of it yet; None where there is none.

    >>> typed("x + \\alph"), typed("x_\\"), typed("alpha")
    ('alph', '', None)
    """
    found = _TYPED.search(before)
    return found[1] if found else None


def glyphs(name: str) -> list[tuple[str, str]]:
    r"""Return the names that begin so, each with its glyph: the one that is just that name comes first.

    Upper and lower case are told apart, unless nothing begins so.

    >>> glyphs("alpha"), glyphs("Sig"), glyphs("OTIM"), glyphs("in")[0]
    ([('alpha', 'α')], [('Sigma', 'Σ')], [('otimes', '⊗')], ('in', '∈'))
    """
    found = [(full, glyph) for full, glyph in TABLE.items() if full.startswith(name)]
    if not found:
        found = [(full, glyph) for full, glyph in TABLE.items() if full.lower().startswith(name.lower())]
    return sorted(found, key=lambda pair: pair[0] != name)
