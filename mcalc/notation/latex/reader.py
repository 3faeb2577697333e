"""The way in for LaTeX, loaded when there is some: a statement, a paste of several, a file of macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.latex.macros import expand, read_macros, take_macros
from mcalc.notation.latex.parser import Parser
from mcalc.notation.latex.paste import split_latex
from mcalc.notation.names.scope import Macro
from mcalc.notation.surface.characters import clean
from mcalc.notation.surface.tex import forbid, scan_tex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.notation.names.scope import Scope
    from mcalc.notation.surface.syntax import Token

__all__ = ["Pasted", "read_latex", "read_macros", "split_latex"]
DISPLAYS = frozenset("()[]")
"""The commands that begin and end a formula in a text."""


class Pasted:
    """The tokens of a formula in LaTeX, and what its fonts say beside them.

    `fonts` are the orders that bold names hint at, `words` the names that upright letters make, `macros` those that
    the text defines.
    """

    __slots__ = ("fonts", "macros", "notes", "text", "tokens", "words")

    def __init__(self, text: str, parser: Parser, hints: dict[str, int], macros: dict[str, Macro]) -> None:
        self.text = text
        self.tokens: list[Token] = parser.run()
        self.notes = parser.notes
        self.fonts = {**hints, **parser.met.orders(parser.known)}
        self.words = parser.met.words
        self.macros = macros


def read_latex(text: str, scope: Scope, wanted: Sequence[str] = ()) -> Pasted:
    r"""Return one formula as the tokens of mcalc's grammar; `wanted` are further names that are known.

    >>> from mcalc.notation.names.scope import Scope
    >>> " ".join([t.text for t in read_latex(r"\frac12 \lVert \mathbf{X}\mathbf{w} - y \rVert_2^2", Scope()).tokens])
    '1 / { 2 } ‖ X w - y ‖ _2 ^ 2'
    """
    cleaned, hints = clean(text)
    scanned = scan_tex(cleaned)
    tokens, macros = take_macros(scanned)
    forbid(scanned)
    tokens = [t for t in expand(tokens, {**scope.macros, **macros}) if t.kind != "math" and not t.is_command(*DISPLAYS)]
    forbid(tokens)
    return Pasted(cleaned, Parser(cleaned, tokens, scope, wanted), hints, macros)
