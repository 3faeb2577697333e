"""The parser: the grammar, its table, and what to say where the text does not fit it.

The grammar lies in ``mcalc/grammar`` of an installation, or in ``grammar`` beside the package of a checkout. Its parser
table is kept in the user's cache folder; whatever goes wrong there, it is built in memory instead.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lark import Lark, UnexpectedInput
from lark import __version__ as lark_version
from lark.lexer import Lexer

from mcalc.notation.mistakes import syntax_mistake
from mcalc.notation.syntax import Build, Node, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

RAW = (
    "WORD",
    "SUB",
    "SUP",
    "PRIMES",
    "UNDERSCORE",
    "DEFINE",
    "COLON",
    "IN",
    "BAR",
    "NORM",
    "DOTS",
    "RANGE",
    "NABLA",
    "PARTIAL",
    "BIG",
    "ROOT",
    "FRACTION",
)
"""Tokens that are turned into others before the parser sees them."""


class Prepared(Lexer):
    """The lexer that Lark is given: it hands on tokens that have been cut and prepared already."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any) -> None:
        """Need nothing of the grammar."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Return the prepared tokens."""
        return iter(lexer_state.text)


class _KeepRaw:
    """Lark drops terminals that no rule uses; these are used before its rules are."""

    always_accept = RAW

    @staticmethod
    def process(stream: Any) -> Any:
        return stream


def grammar_folder() -> Path:
    """Return the folder with the grammar files."""
    package = Path(__file__).parent.parent
    inside = package / "grammar"
    return inside if inside.is_dir() else package.parent / "grammar"


def cache_folder() -> Path | None:
    """Return the user's cache folder for mcalc, or None where there is no home."""
    home = os.environ.get("MCALC_CACHE_DIR")
    if home:
        return Path(home)
    with suppress(RuntimeError):
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            return (Path(local) if local else Path.home() / "AppData" / "Local") / "mcalc" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "mcalc"
        cache = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(cache) if cache.startswith("/") else Path.home() / ".cache") / "mcalc"
    return None


def _build(grammar: str) -> Lark:
    return Lark(
        grammar,
        start="statement",
        parser="lalr",
        lexer=Prepared,
        transformer=Build(),
        postlex=_KeepRaw(),
        maybe_placeholders=False,
    )


def _load() -> Lark:
    """Return the parser, from its saved table where there is one that fits, else built and saved for the next time."""
    folder = grammar_folder()
    grammar = "\n".join([(folder / name).read_text("utf-8") for name in ("tokens.lark", "mcalc.lark")])
    cache = cache_folder()
    if cache is None:
        return _build(grammar)
    key = sha256(f"{grammar}\0{lark_version}\0{sys.version}".encode()).hexdigest()[:32]
    file = cache / f"grammar-{key}.bin"
    with suppress(Exception), file.open("rb") as stream:
        return Lark.__new__(Lark)._load(stream, transformer=Build())  # noqa: SLF001, as Lark.load takes no transformer
    parser = _build(grammar)
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


_parser: Lark | None = None
_scanner: re.Pattern[str] | None = None


def parser() -> Lark:
    """Return the parser, loaded when first asked for."""
    global _parser  # noqa: PLW0603
    if _parser is None:
        _parser = _load()
    return _parser


def scanner() -> re.Pattern[str]:
    """Return the one regular expression of all tokens; its last group takes any other character."""
    global _scanner  # noqa: PLW0603
    if _scanner is None:
        terminals = [t for t in parser().terminals if not hasattr(t.pattern, "value") or t.pattern.value]
        terminals.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
        groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in terminals if t.name not in ("SPACE", "COMMENT")]
        ignored = "|".join([t.pattern.to_regexp() for t in terminals if t.name in ("SPACE", "COMMENT")])
        _scanner = re.compile("|".join([*groups, f"(?:{ignored})+", "(?P<OTHER>.)"]), re.DOTALL)
    return _scanner


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
            add(Token(kind, match[0], match.start(), match.end()))
    return found


def parse(tokens: list[Token]) -> Node:
    """Return the syntax tree of prepared tokens; raise `E-SYNTAX` where they make no statement."""
    try:
        tree: Node = parser().parse(tokens)  # type: ignore[assignment]
    except UnexpectedInput as e:
        raise syntax_mistake(tokens, getattr(e, "token", None), getattr(e, "expected", ())) from None
    return tree
