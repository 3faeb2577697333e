"""The maker of the parser's table: Lark reads the grammar, and what a parser needs of it is kept as plain data.

``python hatch_build.py`` freezes the grammar of a checkout into ``frozen.py``, as each build of the package does, so
that nobody who uses mcalc waits for Lark. The grammar lies in ``mcalc/grammar`` of an installation, or in
``grammar`` beside the package of a checkout.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import os
from collections.abc import Iterable, Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from lark.lexer import TerminalDef

PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
STARTS = ("statement", "script")
RAW = (
    "WORD", "PRIMES", "UNDERSCORE", "DEFINE", "IN", "BAR", "NORM", "DOTS", "NABLA", "PARTIAL", "BIG", "ROOT",
    "FRACTION",
)  # fmt: skip
"""Tokens that are turned into others before the parser sees them: Lark drops what no rule uses."""
OFTEN = ("WORD", "LPAR", "RPAR", "SIGN", "COMMA")
IGNORED = ("SPACE", "COMMENT")


def grammar() -> str:
    """Return the text of the grammar."""
    folder = os.path.join(PACKAGE, "grammar")
    if not os.path.isdir(folder):
        folder = os.path.join(os.path.dirname(PACKAGE), "grammar")
    return "\n".join([_text(os.path.join(folder, name)) for name in ("tokens.lark", "mcalc.lark")])


def _text(file: str) -> str:
    with open(file, encoding="utf-8") as stream:
        return stream.read()


def mark(text: str) -> int:
    """Return a number that another grammar does not have; to load hashlib would cost a start a millisecond."""
    return int.from_bytes(text.encode(), "big") % (2**127 - 1)


def compiled(text: str) -> dict[str, Any]:
    """Return the table of a grammar, as the constants of ``frozen.py``; raise where the grammar has a conflict.

    `STATES` has for each state what a symbol leads to: the next state, or, negative, the rule that ends there. `RULES`
    are the number of parts, what makes a node of them ("" where the one part is the node), and what the rule makes.
    """
    from lark import Lark
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    Lexer.register(_NoLexer)
    lark = Lark(
        text, start=[*STARTS], parser="lalr", lexer=_NoLexer, postlex=_KeepRaw(), maybe_placeholders=False,
        strict=True,
    )  # fmt: skip
    inner: Any = lark.parser
    table = inner.parser._parse_table  # noqa: SLF001 - Lark has no other way to its table
    rules = {rule: place - len(lark.rules) for place, rule in enumerate(lark.rules)}
    met = [table.start_states[name] for name in STARTS]
    place = {state: k for k, state in enumerate(met)}  # numbered as they are met: Lark's numbers change from run to run
    rows: list[dict[str, int]] = []
    for state in met:
        row: dict[str, int] = {}
        for symbol, (action, then) in sorted(table.states[state].items(), key=lambda item: str(item[0])):
            if action is Shift and then not in place:
                place[then] = len(met)
                met.append(then)
            row[str(symbol)] = place[then] if action is Shift else rules[then]
        rows.append(row)
    return {
        "MARK": mark(text),
        "STATES": rows,
        "RULES": [_rule(rule) for rule in lark.rules],
        "BEGIN": {name: place[table.start_states[name]] for name in STARTS},
        "END": {name: place[table.end_states[name]] for name in STARTS},
        "TOKENS": _pattern(lark.terminals),
    }


def _rule(rule: Any) -> tuple[int, str, str]:
    size, origin = len(rule.expansion), str(rule.origin.name)
    passes = size == 1 and (rule.alias == "alone" or (rule.options.expand1 and not rule.alias))
    return size, "" if passes else str(rule.alias or origin), origin


def _pattern(terminals: Iterable[TerminalDef]) -> str:
    """Return the one regular expression of all tokens, each with the spaces behind it; its last group takes the rest.

    What Lark would try first comes first, but for those that are met most often, and begin like no other token.
    """
    found = [t for t in terminals if not hasattr(t.pattern, "value") or t.pattern.value]
    found.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    found.sort(key=lambda t: OFTEN.index(t.name) if t.name in OFTEN else len(OFTEN))
    groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in found if t.name not in IGNORED]
    ignored = "|".join([t.pattern.to_regexp() for t in found if t.name in IGNORED])
    return f"(?:{'|'.join([*groups, f'(?:{ignored})+', '(?P<OTHER>.)'])})[ \t\r\n]*"


def code_of(tokens: str) -> tuple[Any, ...]:
    """Return the regular expression of all tokens as Python's `re` compiles it, and by which version of it that is.

    It takes `re` longer to compile that expression than mcalc to answer, so what comes of it is frozen as well.
    """
    import re
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(tokens, re.DOTALL)
    names: dict[str, int] = parsed.state.groupdict
    groups: list[str | None] = [None] * parsed.state.groups
    for name, place in names.items():
        groups[place] = name
    flags = re.DOTALL | parsed.state.flags
    code = [int(one) for one in _compiler._code(parsed, re.DOTALL)]  # noqa: SLF001 - as re.compile does it
    return _sre.MAGIC, int(flags), code, parsed.state.groups - 1, names, tuple(groups)


def scanner(made: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the regular expression of all tokens, from its frozen code where this Python has the same `re`."""
    magic, *code = made.get("CODE", (None,))
    if magic == _sre.MAGIC:
        return _sre.compile(made["TOKENS"], *code)  # type: ignore[no-any-return]
    import re

    return re.compile(made["TOKENS"], re.DOTALL)


class _NoLexer:
    """In place of a lexer of Lark's: tokens are cut by the one regular expression, and prepared by a pass of ours."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any) -> None:
        """Need nothing of the grammar."""


class _KeepRaw:
    always_accept = RAW


def write() -> None:
    """Freeze the grammar, unless it is frozen already."""
    file = os.path.join(PACKAGE, "notation", "surface", "frozen.py")
    made = compiled(grammar())
    text = source({**made, "CODE": code_of(made["TOKENS"])})
    if not os.path.exists(file) or _text(file) != text:
        with open(file, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)


def source(made: dict[str, Any]) -> str:
    """Return the text of ``frozen.py``: a line for each state and each rule."""
    lines = ['"""The parser\'s table, made of grammar/ by `python hatch_build.py`: not to be edited."""', ""]
    for name, value in made.items():
        if isinstance(value, list):
            lines += [f"{name} = [", *[f"    {row!r}," for row in value], "]"]
        else:
            lines += [f"{name} = {value!a}"]
    return "\n".join([*lines, ""])
