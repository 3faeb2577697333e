"""Words for LaTeX's text mode, with formulas in them; and what notebooks show, in LaTeX and as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mcalc.patterns import GREEK
from mcalc.render.glyphs import SUBSCRIPTS, SUPERSCRIPTS

_OWN = re.compile(r"(ℝ\^\{[^}]*\}|ℝ[^\s;,.)\]^]+|(?<![\w)\]}])½)")
_STEP = re.compile(r"\d\. ")
_REASON = re.compile(r"(&& |\\qquad |&\\quad )\\text\{((?:[^{}]|\{[^{}]*\})*)\}(?= *(?:\\\\|$))", re.MULTILINE)
_BOLD = re.compile(r"\\textbf\{(.*)\}")
_DISPLAY = re.compile(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", re.DOTALL)


def bundle(plain: str, latex: str) -> dict[str, str]:
    """Return the forms of one thing among which a notebook chooses."""
    return {"text/plain": plain, "text/latex": latex}


def formula(latex: str, words: Sequence[str] = ()) -> str:
    r"""Return a formula, with sentences below it in small letters.

    >>> print(formula("x^2", ["a scalar"]))
    $\displaystyle \begin{array}{l} \displaystyle x^2 \\[4pt] {\small \text{a scalar}} \end{array}$
    >>> print(formula("x^2"))
    $\displaystyle x^2$
    """
    if not words:
        return rf"$\displaystyle {latex}$"
    below = "".join([rf" \\[4pt] {{\small {text(line)}}}" for line in words])
    return rf"$\displaystyle \begin{{array}}{{l}} \displaystyle {latex}{below} \end{{array}}$"


def text(line: str) -> str:
    r"""Return a sentence for the inside of a formula.

    >>> text("  assumed: x ∈ ℝ")
    '\\quad \\text{assumed: x $\\in$ $\\mathbb{R}$}'
    """
    indent = r"\quad " * ((len(line) - len(line.lstrip())) // 2)
    return rf"{indent}\text{{{words(line.strip())}}}"


def words(line: str) -> str:
    r"""Return a sentence for LaTeX's text mode, with what is mathematics in it between dollar signs.

    >>> words("X ∈ ℝ^{m×n}")
    'X $\\in$ $\\mathbb{R}^{m \\times n}$'
    """
    parts = _OWN.split(line)
    return "".join([_own(part) if place % 2 else escaped(part) for place, part in enumerate(parts)]).replace("$$", " ")


def _own(part: str) -> str:
    """Return a space, such as ℝⁿ or ℝ^{m×n}, or a half that stands alone, as a formula."""
    if part == "½":
        return r"$\tfrac{1}{2}$"
    sizes = unicodedata.normalize("NFKC", part[1:].strip("^{}")).replace("×", r" \times ")
    return rf"$\mathbb{{R}}^{{{sizes}}}$"


def sentences(lines: Sequence[str]) -> str:
    """Return lines of words with formulas in them, one below the other."""
    inner = r" \\ ".join([text(line) for line in lines])
    return rf"$\begin{{array}}{{l}} {inner} \end{{array}}$"


def derivation(latex: str) -> str:
    r"""Return a derivation with its equations between dollar signs, as every notebook sets them.

    >>> derivation("By x \\S2\n\\begin{align*}\na &= b\n\\end{align*}")
    'By x §2\n\n$$\\begin{aligned}\na &= b\n\\end{aligned}$$\n'
    """
    parts = _DISPLAY.split(latex)
    words = [part.replace(r"\S", "§") if place % 2 == 0 else part for place, part in enumerate(parts)]
    return "".join(
        [
            f"\n$$\\begin{{aligned}}{part}\\end{{aligned}}$$\n" if place % 2 else part.lstrip("\n")
            for place, part in enumerate(words)
        ]
    )


def foldable(latex: str) -> str:
    r"""Return a derivation as Markdown: a step under its heading can be folded, and the reasons are dim.

    >>> print(foldable("1. Name\n\\begin{align*}\na &= b && \\text{why}\n\\end{align*}"))
    <details open><summary>1. Name</summary>
    <BLANKLINE>
    $$\begin{aligned}
    a &= b && \textcolor{gray}{\text{why}}
    \end{aligned}$$
    <BLANKLINE>
    </details>
    """
    made: list[str] = []
    parts = _DISPLAY.split(latex)
    for said, inner in zip(parts[::2], [*parts[1::2], ""], strict=True):
        *before, last = said.strip().replace(r"\S", "§").replace(r"$\cdot$", "·").split("\n")
        heading = _STEP.match(last) is not None
        made += [_plain_words(line) for line in (before if heading else [*before, last]) if line]
        rows = _REASON.sub(r"\1\\textcolor{gray}{\\text{\2}}", inner)
        display = f"$$\\begin{{aligned}}{rows}\\end{{aligned}}$$" if inner else ""
        if heading:
            made += [f"<details open><summary>{_plain_words(last)}</summary>", display, "</details>"]
        elif display:
            made.append(display)
    return "\n\n".join(made)


def _plain_words(line: str) -> str:
    """Return words of LaTeX as Markdown has them."""
    return _BOLD.sub(r"**\1**", line)


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
