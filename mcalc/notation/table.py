"""The parser table: built from the grammar, kept for the next time.

The grammar lies in ``mcalc/grammar`` of an installation, or in ``grammar`` beside the package of a checkout. Its parser
table is kept in the user's cache folder; whatever goes wrong there, it is built in memory instead.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcalc.folders import folder
from mcalc.notation.syntax import Build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from lark import Lark

    Row: TypeAlias = dict[str, Any]

RAW = (
    "WORD",
    "PRIMES",
    "UNDERSCORE",
    "DEFINE",
    "IN",
    "BAR",
    "NORM",
    "DOTS",
    "NABLA",
    "PARTIAL",
    "BIG",
    "ROOT",
    "FRACTION",
)
"""Tokens that are turned into others before the parser sees them."""


class Prepared:
    """The lexer that Lark is given: it hands on tokens that have been cut and prepared already."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any) -> None:
        """Need nothing of the grammar."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Return the prepared tokens."""
        return iter(lexer_state.text)


class KeepRaw:
    """Lark drops terminals that no rule uses; these are used before its rules are."""

    always_accept = RAW

    @staticmethod
    def process(stream: Any) -> Any:
        """Hand on what comes."""
        return stream


class Table:
    """The states of a parser that Lark built: in each, the next state for a symbol, or the rule that ends there.

    A rule is the number of its parts, what makes a node of them (None where its one part is the node), and its name.
    """

    __slots__ = ("begin", "end")

    def __init__(self, lark: Lark) -> None:
        inner: Any = lark.parser.parser
        table, makers = inner._parse_table, inner.parser.callbacks  # noqa: SLF001 - Lark has no other way to its table
        rows: dict[Any, Row] = {state: {} for state in table.states}
        for state, actions in table.states.items():
            for symbol, (_, then) in actions.items():
                rows[state][symbol] = rows[then] if then in rows else _rule(then, makers[then])
        self.begin = {name: rows[state] for name, state in table.start_states.items()}
        self.end = {name: rows[state] for name, state in table.end_states.items()}


def _rule(rule: Any, make: Any) -> tuple[int, Any, str]:
    size = len(rule.expansion)
    passes = size == 1 and (make is Build.alone or hasattr(make, "node_builder"))
    return size, None if passes else make, rule.origin.name


def grammar_folder() -> Path:
    """Return the folder with the grammar files."""
    package = Path(__file__).parent.parent
    inside = package / "grammar"
    return inside if inside.is_dir() else package.parent / "grammar"


def cache_folder() -> Path | None:
    """Return the user's cache folder for mcalc, or None where there is no home."""
    found = folder("cache")
    return None if found is None else Path(found)


def build(grammar: str, *, strict: bool = False) -> Lark:
    """Return the parser of a grammar, built anew; strictly, where it must have no conflict at all."""
    from lark import Lark
    from lark.lexer import Lexer

    Lexer.register(Prepared)
    return Lark(
        grammar,
        start=["statement", "script"],
        parser="lalr",
        lexer=Prepared,
        transformer=Build(),
        postlex=KeepRaw(),
        maybe_placeholders=False,
        strict=strict,
    )


def load() -> Lark:
    """Return the parser, from its saved table where there is one that fits, else built and saved for the next time."""
    from lark import Lark
    from lark import __version__ as lark_version
    from lark.lexer import Lexer

    Lexer.register(Prepared)
    folder = grammar_folder()
    grammar = "\n".join([(folder / name).read_text("utf-8") for name in ("tokens.lark", "mcalc.lark")])
    cache = cache_folder()
    if cache is None:
        return build(grammar)
    key = sha256(f"{grammar}\0{RAW}\0{lark_version}\0{sys.version}".encode()).hexdigest()[:32]
    file = cache / f"grammar-{key}.bin"
    with suppress(Exception), file.open("rb") as stream:
        return Lark.__new__(Lark)._load(stream, transformer=Build())  # noqa: SLF001, as Lark.load takes no transformer
    parser = build(grammar)
    with suppress(Exception):
        _save(parser, cache, file)
    return parser


def _save(parser: Lark, cache: Path, file: Path) -> None:
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}.tmp")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            parser.save(stream, ("transformer", "postlex"))
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
