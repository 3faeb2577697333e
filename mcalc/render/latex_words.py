"""Words for LaTeX's text mode: the mathematical glyphs in them as formulas, and its special characters escaped."""

from __future__ import annotations

import re

from mcalc.patterns import GREEK
from mcalc.render.glyphs import SUBSCRIPTS, SUPERSCRIPTS

GLYPHS = {
    "§": r"\S", "_": r"\_", "^": r"\^{}", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "\\": r"\textbackslash{}", "…": r"\ldots{}",
    **{glyph: f"${command}$" for glyph, command in {
        "·": r"\cdot", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "<": "<", ">": ">", "|": "|", "⊗": r"\otimes",
        "⊘": r"\oslash", "∂": r"\partial", "Σ": r"\Sigma", "Π": r"\Pi", "‖": r"\|", "→": r"\to", "√": r"\surd",
        "×": r"\times", "½": r"\frac{1}{2}", "∇": r"\nabla", "∈": r"\in", "ℝ": r"\mathbb{R}",
    }.items()},
}  # fmt: skip
RAISED = {glyph: plain for plain, glyph in SUPERSCRIPTS.items()} | {"ᵀ": r"\top", "⁻": "-", "½": r"\frac{1}{2}"}
LOWERED = {glyph: plain for plain, glyph in SUBSCRIPTS.items()}
RUN = re.compile(f"[{''.join(RAISED)}]+|[{''.join(LOWERED)}]+|.[\u20d7\u0302\u0304\u0303]|.", re.DOTALL)
ACCENTS = {"\u20d7": "vec", "\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
LETTERS = {glyph: f"\\{word}" for glyph, word in GREEK.items()}


def escaped(text: str) -> str:
    r"""Return words for LaTeX's text mode.

    >>> escaped("element-wise product · §4.2")
    'element-wise product $\\cdot$ \\S4.2'
    >>> escaped("1⃗ᵀ diag(v) = vᵀ"), escaped("f₁ = x²")
    ('$\\vec{1} ^{\\top}$ diag(v) = v$^{\\top}$', 'f$_{1}$ = x$^{2}$')
    """
    return "".join([_spelled(run) for run in RUN.findall(text)]).replace("$$", " ")


def _spelled(run: str) -> str:
    if run[0] in RAISED:
        return f"$^{{{''.join([RAISED[c] for c in run])}}}$"
    if run[0] in LOWERED:
        return f"$_{{{''.join([LOWERED[c] for c in run])}}}$"
    if run[1:] in ACCENTS:
        return rf"$\{ACCENTS[run[1:]]}{{{run[0]}}}$"
    return GLYPHS.get(run) or (f"${LETTERS[run]}$" if run in LETTERS else run)
