r"""A paste without what stands around its formula: the rules in their order, and a formula copied with its LaTeX.

Of a formula that a page renders, copied with the LaTeX that it was made of, the LaTeX is kept. Wikipedia gives both,
``f ( x ) = ... {\displaystyle f(x)=...}``; KaTeX and MathJax give what is heard, the LaTeX and what is seen, in one
run. What belongs together is told by the letters and digits, which are the same each time.
"""

from __future__ import annotations

import re
from collections.abc import Container
from html import unescape
from unicodedata import normalize

from mcalc.notation.latex.registry import REGISTRY
from mcalc.notation.pastes.draft import Draft, closing, is_doubled, respell, rewrite_products, untag
from mcalc.notation.pastes.paragraphs import bare_display, cut_out, has_words, is_words, without_fences
from mcalc.notation.pastes.sentences import sentence

_DISPLAY = re.compile(r"\{\s*\\(?:displaystyle|textstyle)\b")
_PIECE = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\([A-Za-z]+)|\\.|[^\s{}_^&\u200b\u2061-\u2064]", re.DOTALL)
_LEAST = 3
"""Letters and signs that a copy must have, to be told from a product such as x x."""
SEEN = frozenset(("letter", "sign", "mark", "big", "bar", "open", "shut"))
"""Kinds of commands of which what they stand for is seen."""
_SHOWN = {
    **{name: entry.value for name, entry in REGISTRY.items() if entry.kind in SEEN},
    **{name: name for name in ("log", "ln", "exp", "min", "max", "sin", "cos", "tan", "tanh", "det", "arg")},
    "nabla": "∇", "partial": "∂", "mid": "∣", "sim": "∼", "infty": "∞", "dots": "…", "ldots": "…", "cdots": "⋯",
    "to": "→", "int": "∫",
}  # fmt: skip
"""What is seen of a command; of all others nothing is."""
_ALIKE = str.maketrans({
    "-": "−", "*": "∗", "|": "∣", "‖": "∥", "ϕ": "φ", "ϵ": "ε", "ϑ": "θ", "⋅": "·", "∗": "*", "′": "'", "\\": "",
    "√": "",
})  # fmt: skip
_OPENING, _CLOSING = frozenset("([{⟨"), frozenset(")]}⟩")


def keep_source(draft: Draft) -> bool:
    """Keep the LaTeX of a formula that was copied with what a page shows of it; say whether it was."""
    text = draft.text
    if "\\" not in text:
        return False
    found = _DISPLAY.search(text)
    if found is not None:
        end = closing(text, found.start())
        before, after = text[: found.start()], text[end + 1 :]
        inside = _skeleton(text[found.start() : end + 1])
        if end < 0 or (before.strip(" \n") and _skeleton(before) != inside) or after.strip(" \n.,;"):
            return False
        if before.strip():
            draft.note("the LaTeX is read, and what the page shows of it is left out")
        draft.keep(found.start(), end + 1)
        draft.is_latex = True
        return True
    return _repeated(draft)


def _repeated(draft: Draft) -> bool:
    """Keep the LaTeX in the middle, or at the end, of a text that shows the same three times, or twice.

    One copy is in letters and signs, the other in commands, or both have an equals sign: a product has none. What is
    seen of a fraction or a sum may come in another order.
    """
    text = draft.text
    pieces = _seen(text)
    for copies in (3, 2):
        size, rest = divmod(len(pieces), copies)
        if rest or size < _LEAST:
            continue
        said = ["".join([p[0] for p in pieces[k * size : (k + 1) * size]]) for k in range(copies)]
        if any([sorted(one) != sorted(said[0]) for one in said]):
            continue
        low = _cut(text, pieces[size - 1][2], pieces[size][1], 0)
        high = len(text) if copies == 2 else _cut(text, pieces[2 * size - 1][2], pieces[2 * size][1], low)
        source = text[low:high]
        written = "=" in said[0] or (source.isascii() and not text[:low].isascii())
        if "\\" in text[:low] or "\\" in text[high:] or not written:
            continue
        draft.note("the LaTeX is read, and what the page shows of it is left out")
        draft.keep(low, high)
        draft.is_latex = True
        return True
    return False


def _seen(text: str) -> list[tuple[str, int, int]]:
    r"""Return the letters and signs of a formula as they are seen, each with its place: of ``\lambda`` λ."""
    found: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(text):
        name = match[1]
        if name is not None:
            seen = _SHOWN.get(name, "")
        elif match[0][0] == "\\":
            seen = "∥" if match[0] == r"\|" else ""
        else:
            seen = normalize("NFKC", match[0])
        found += [(letter, match.start(), match.end()) for letter in seen.translate(_ALIKE)]
    return found


def _skeleton(text: str) -> str:
    return "".join([piece[0] for piece in _seen(text)])


def _cut(text: str, low: int, high: int, begun: int) -> int:
    """Return where one copy ends between two letters: where all its brackets are closed, before what opens one."""
    for place in range(low, high + 1):
        before, after = text[begun:place], text[place : place + 1]
        depth = sum([c in _OPENING for c in before]) - sum([c in _CLOSING for c in before])
        bars = sum([before.count(mark) for mark in "|∣‖∥"])
        if not depth and not bars % 2 and after not in _CLOSING and after != ".":
            return place
    return high


__all__ = ["has_words", "is_one", "sentence", "unwrapped", "without_fences"]


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
    rewrite_products(draft)
    respell(draft, known)
    return None if draft.text == text else draft


def is_one(text: str) -> bool:
    """Say whether a text is read as a whole: a paragraph around a formula, a formula copied twice, a string."""
    tagged = Draft(text)
    untag(tagged)
    if "&" in text and "\\" in text and unescape(text) != text:
        return True
    return tagged.text != text or is_words(text) or has_words(text) or is_doubled(text) or keep_source(Draft(text))
