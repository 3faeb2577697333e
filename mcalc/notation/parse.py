"""The parser: raw tokens of a text, and the surface tree of a statement or of a script."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.lexer import Lexer
from mcalc.notation.mistakes import syntax_mistake
from mcalc.notation.syntax import Leaf, Node, Token
from mcalc.notation.table import Table, load

if TYPE_CHECKING:
    from typing import Any

    from lark import Lark

    from mcalc.notation.table import Row


_ODD = re.compile(r"[^\w\s{}()+\-*/.,=!<>|∞≠≤≥∈×·−⊤…₊₋₌₍₎]|!(?!=)")
"""What no subscript has in it: LaTeX takes %, &, $, ^, ~ and : for something else, and the rest means nothing there."""


@cache
def parser() -> Lark:
    """Return the parser, loaded when first asked for."""
    return load()


@cache
def scanner() -> re.Pattern[str]:
    """Return the one regular expression of all tokens; its last group takes any other character."""
    terminals = [t for t in parser().terminals if not hasattr(t.pattern, "value") or t.pattern.value]
    terminals.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in terminals if t.name not in ("SPACE", "COMMENT")]
    ignored = "|".join([t.pattern.to_regexp() for t in terminals if t.name in ("SPACE", "COMMENT")])
    return re.compile("|".join([*groups, f"(?:{ignored})+", "(?P<OTHER>.)"]), re.DOTALL)


def scan(text: str) -> list[Token]:
    """Cut a text into raw tokens, without spaces and comments.

    >>> [t.text for t in scan("1/2 x_i  # half")]
    ['1', '/', '2', 'x', '_i']
    """
    found: list[Token] = []
    add = found.append
    for match in scanner().finditer(text):
        kind = match.lastgroup
        if kind is not None:
            if kind == "SUB" and (odd := _ODD.search(match[0])) is not None:
                raise _no_name(match.start() + odd.start(), odd[0])
            add(Token(kind, match[0], match.start(), match.end()))
    return found


def _no_name(at: int, character: str) -> Mistake:
    return Mistake(
        "E-CHAR",
        f"the character {character} cannot stand in a subscript",
        [Span(at, at + 1, "not read")],
        hint="a part of a vector is x[2:n]" if character == ":" else "letters, digits and + - , ( ) may",
    )


@cache
def table() -> Table:
    """Return the states of the grammar."""
    return Table(parser())


def parse(tokens: list[Token | Leaf], start: str = "statement") -> Node:
    """Return the surface tree of a lexer's tokens; raise `E-SYNTAX` where they make no statement.

    The loop is that of any LALR parser, over the table that Lark made of the grammar: shift a token, or put what a rule
    makes in place of its parts. Lark's own does the same in twice the time, which is most of what reading takes.
    """
    found = table()
    row, end = found.begin[start], found.end[start]
    rows: list[Row] = [row]
    values: list[Any] = []
    for token in (*tokens, None):
        kind = "$END" if token is None else token.type
        while True:
            action = row.get(kind)
            if action.__class__ is dict:
                row = action
                rows.append(row)
                values.append(token)
                break
            if action is None:
                raise syntax_mistake(tokens, token, [symbol for symbol in row if symbol.isupper()])
            size, build, origin = action
            if build is None:  # one part that is what the rule makes
                rows.pop()
            else:
                values[-size:] = [build(values[-size:])]
                del rows[-size:]
            row = rows[-1][origin]
            rows.append(row)
            if row is end and token is None:
                return values[-1]  # type: ignore[no-any-return]
    raise AssertionError("the table has no end")


def parse_script(text: str) -> list[Node]:
    """Return the parts of a subscript, a superscript or a limit that are separated by commas.

    >>> [part.kind for part in parse_script("i=1, j")]
    ['relation', 'run']
    """
    return [*parse(Lexer(text, scan(text), (), script=True).run(), "script").parts]
