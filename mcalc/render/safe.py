"""Text that came from a user, made safe to show, and how wide it is on a terminal."""

from __future__ import annotations

from unicodedata import category

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_shown: dict[str, tuple[str, int]] = {}
_LIMIT = 4096


def shown(character: str) -> tuple[str, int]:
    """Return how a character is shown and how many columns that takes.

    >>> shown("x"), shown(chr(0x20D7)), shown(chr(0x202E)), shown("語")
    (('x', 1), ('⃗', 0), ('<U+202E>', 8), ('語', 2))
    """
    found = _shown.get(character)
    if found is None:
        kind = category(character)
        if kind in HIDDEN:
            text = f"<U+{ord(character):04X}>"
            found = text, len(text)
        elif kind in ("Mn", "Me"):
            found = character, 0
        else:
            found = character, 1 if character < "\u1100" or "\u2010" <= character <= "\u22ff" else _columns(character)
        if len(_shown) < _LIMIT:
            _shown[character] = found
    return found


def _columns(character: str) -> int:
    """Return the width of a character of another script; those of mathematics are known to take one column."""
    from wcwidth import wcwidth

    return max(wcwidth(character), 0)


def safe(text: str) -> str:
    """Return a text with every control, bidirectional and invisible character spelled out; tabs become spaces.

    >>> safe("a" + chr(27) + "[31m")
    'a<U+001B>[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(["    " if c == "\t" else shown(c)[0] for c in text])


def width(text: str) -> int:
    """Return how many columns a text takes.

    >>> width("1⃗ᵀ"), width("x̂")
    (2, 1)
    """
    if text.isascii():
        return len(text)
    return sum([shown(c)[1] for c in text])
