"""The parser: raw tokens of a text, and the surface tree of a statement or of a script."""

from __future__ import annotations

from functools import cache

from mcalc.notation.surface.grammar import compiled, grammar, mark, scanner
from mcalc.notation.surface.lexer import lexed
from mcalc.notation.surface.mistakes import mistake_at, syntax_mistake
from mcalc.notation.surface.syntax import BUILD, Leaf, Node, Token
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ODD = pattern(r"[^\w\s{}()+\-*/.,=!<>|∞≠≤≥∈×·−⊤…₊₋₌₍₎]|!(?!=)")
"""What no subscript has in it: LaTeX takes %, &, $, ^, ~ and : for something else, and the rest means nothing there."""


class Table:
    """What Lark made of the grammar (`grammar.py`): frozen in the package, made anew where the grammar was edited.

    `chains` are the states that one-part rules lead to in the end, by the state below, the rule and what follows.
    """

    def __init__(self) -> None:
        from mcalc.notation.surface import frozen

        text = grammar()
        made: dict[str, Any] = vars(frozen) if mark(text) == frozen.MARK else compiled(text)
        self.states: list[dict[str, int]] = made["STATES"]
        self.rules = [(size, name and BUILD[name], origin) for size, name, origin in made["RULES"]]
        self.begin: dict[str, int] = made["BEGIN"]
        self.end: dict[str, int] = made["END"]
        self.scanner = scanner(made)
        self.chains: dict[tuple[int, int, str], int] = {}

    def follow(self, below: int, rule: int, kind: str) -> int:
        """Return the state that a rule of one part leads to, and further ones after it, before a token of a kind."""
        while True:
            state = self.states[below][self.rules[rule][2]]
            rule = self.states[state].get(kind, 0)
            if rule >= 0 or self.rules[rule][1]:
                return state


@cache
def table() -> Table:
    """Return the table, loaded when first asked for."""
    return Table()


def scan(text: str) -> list[Token]:
    """Cut a text into raw tokens, without spaces and comments.

    >>> [t.text for t in scan("1/2 x_i  # half")]
    ['1', '/', '2', 'x', '_i']
    """
    found: list[Token] = []
    add = found.append
    for match in table().scanner.finditer(text):
        kind = match.lastgroup
        if kind is not None:
            piece, start = match[kind], match.start()
            if kind == "SUB" and (odd := _ODD.search(piece)) is not None and not (found and found[-1].text == "E"):
                said, at = f"the character {odd[0]} cannot stand in a subscript", start + odd.start()
                hint = "a part of a vector is x[2:n]" if odd[0] == ":" else "letters, digits and + - , ( ) may"
                raise mistake_at("E-CHAR", said, (at, at + 1), "not read", hint)
            add(Token(kind, piece, start, start + len(piece)))
    return found


def parse(tokens: list[Token | Leaf], start: str = "statement") -> Node:
    """Return the surface tree of a lexer's tokens; raise `E-SYNTAX` where they make no statement.

    The loop is that of any LALR parser: shift a token, or put what a rule makes in place of its parts. A rule whose one
    part is what it makes only changes the state, mostly several times in a row, which is looked up at once.
    """
    found = table()
    all_states, rules, chains, end = found.states, found.rules, found.chains, found.end[start]
    states = [found.begin[start]]
    values: list[Any] = []
    row = all_states[states[0]]
    for token in (*tokens, None):
        kind = "$END" if token is None else token.type
        action = row.get(kind)
        while action is None or action < 0:
            if action is None:
                raise syntax_mistake(tokens, token, [symbol for symbol in row if symbol.isupper()])
            size, build, origin = rules[action]
            if build:
                values[-size:] = (build(values[-size:]),)
                del states[-size:]
                state = all_states[states[-1]][origin]
                states.append(state)
            else:
                key = (states[-2], action, kind)
                state = chains.get(key, -1)
                if state < 0:
                    state = chains[key] = found.follow(*key)
                states[-1] = state
            if token is None and state == end:
                return values[-1]  # type: ignore[no-any-return]
            row = all_states[state]
            action = row.get(kind)
        states.append(action)
        values.append(token)
        row = all_states[action]
    raise AssertionError("the table has no end")


def parse_script(text: str) -> list[Node]:
    """Return the parts of a subscript, a superscript or a limit that are separated by commas.

    >>> [part.kind for part in parse_script("i=1, j")]
    ['relation', 'run']
    """
    return [*parse(lexed(text, scan(text), (), script=True), "script").parts]
