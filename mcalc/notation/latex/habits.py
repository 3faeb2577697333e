r"""Macros that many papers define alike, in a paste that left them behind: ``\vx``, ``\E``, ``\inner{a}{b}``."""

from __future__ import annotations

from collections.abc import Container

from mcalc.notation.latex.macros import read_macros
from mcalc.notation.latex.registry import lookup
from mcalc.notation.names.scope import Macro
from mcalc.notation.surface.tex import Tex, after_group
from mcalc.patterns import pattern

_BOLD = pattern(r"(?:v|m(?=[A-Z])|bf?(?![ace]$)|bs)([A-Za-z]|[A-Z]?[a-z]{2,})")
r"""\vx, \mW, \bx, \bfX, \bsigma: a letter, or one in Greek, in bold. \be and its like begin environments."""
_HABITS = {
    r"\mathbb{E}": "E EE", r"\mathbb{R}": "RR", r"^{\top}": "tran trans transp transpose trp tp",
    r"\mathbf{#1}": "mat vect bs ve vb mtx", r"\langle #1, #2 \rangle": "inner ip innerprod innerproduct dotp",
}  # fmt: skip
_OPENING = frozenset(("[", "(", "{", "left", "big", "Big", "bigl", "Bigl", "!"))
_NAMES = {name: body for body, names in _HABITS.items() for name in names.split()}


def habitual(tokens: list[Tex], defined: Container[str], notes: list[str]) -> dict[str, Macro]:
    """Return macros for the commands that neither LaTeX nor the text defines, and that most write for one thing."""
    found: dict[str, Macro] = {}
    for place, token in enumerate(tokens):
        name = token.text
        if token.kind != "command" or name in defined or name in found:
            continue
        body = _NAMES.get(name) or _bold(name)
        count = body.count("#")
        ends = [place + 1]
        for _ in range(count):
            ends.append(after_group(tokens, ends[-1]))
        following = [t.kind for k in ends for t in tokens[k : k + 1]]
        if body[:1] == "^":
            fits = place > 0 and tokens[place - 1].kind in ("letter", "close", "right", "command")
        elif name == "E":  # not A\E of MATLAB
            fits = any([t.kind in ("sub", "open") or t.text in _OPENING for t in tokens[place + 1 : place + 2]])
        else:
            fits = following[:count] == ["open"] * count
        if body and fits:
            arguments = f"[{count}]" if count else ""
            found.update(read_macros(rf"\newcommand{{\{name}}}{arguments}{{{body}}}"))
            shown = rf"\{name}" + "".join([f"{{#{k + 1}}}" for k in range(count)])
            notes.append(rf"nothing defines {shown}: it is read as {body}")
    return found


def _bold(name: str) -> str:
    """Return the letter in bold that a command stands for, or nothing."""
    found = _BOLD.fullmatch(name) if lookup(name).kind == "unknown" else None
    letter = found[1] if found is not None else ""
    if len(letter) > 1:
        letter = rf"\{letter}" if lookup(letter).kind == "letter" else ""
    return rf"\mathbf{{{letter}}}" if letter else ""
