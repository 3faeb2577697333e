"""What to say of a text that is no statement: the place, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.characters import code_point
from mcalc.notation.surface.syntax import Leaf, Token
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Placed(Protocol):
        """What has a place in the text."""

        start: int
        end: int


PAIRS = {
    "LPAR": ")", "CALL": ")", "LSQB": "]", "INDEX": "]", "LBRACE": "}", "BAR_OPEN": "|", "NORM_OPEN": "||",
    "LANGLE": ">",
}  # fmt: skip
CLOSERS = {"RPAR": "(", "RSQB": "[", "RBRACE": "{", "RANGLE": "<", "BAR_CLOSE": "|", "NORM_CLOSE": "||"}
OPENING = frozenset(("LPAR", "LSQB", "LBRACE", "LANGLE"))
CLOSING = frozenset(("RPAR", "RSQB", "RBRACE", "RANGLE"))
HINTS = {
    "COMMA": "a list stands in brackets: [a; b] is a vector, [a, b] a row",
    "EQUALS": "one equals sign: name = expression, or derivative = answer",
    "SEMI": "; separates the rows of [a; b], the pieces of {a if c; b otherwise}, and statements",
    "COLON": "a declaration is written x: R^n",
    "DOTS": "dots are for readers: write sum_{i=1}^{n}, or all entries",
    **dict.fromkeys(("IF", "OTHERWISE"), "pieces are written {a if c; b otherwise}"),
}
"""What to do about a token that stands where it cannot, by its type."""
_BETWEEN = frozenset(("OP", "SIGN", "POW", "RELATION"))
"""Signs with something on both sides."""
_ASKED = pattern(r",([d∂])(\w*)/[d∂](\w+)\??$")
"""What asks for a derivative behind a formula that has no name: ..., ∂/∂b and ..., ∂L/∂z."""
NOT_PYTHON = "this is no Python: type a formula, such as d/dx x^2"


def mistake_at(
    code: str, message: str, at: Placed | tuple[Placed | int, Placed | int], label: str = "", hint: str = ""
) -> Mistake:
    """Return a mistake at one place: that of a node or a token, or from one to another.

    >>> [span] = mistake_at("E-SYNTAX", "no", (Span(2, 4), Span(7, 9)), "here").spans
    >>> span.start, span.end, span.label
    (2, 9, 'here')
    """
    first, last = at if isinstance(at, tuple) else (at, at)
    start = first if isinstance(first, int) else first.start
    return Mistake(code, message, [Span(start, last if isinstance(last, int) else last.end, label)], hint)


class Offer(str):
    """A hint that offers one text or two, each of which is said only where it is read; `otherwise` is said for none.

    >>> hint = Offer("leave it out: ", "x^2", "leave it out", "; as a factor write ", "3 * (x^2)")
    >>> hint.replayed(lambda text: "*" not in text), hint.replayed(lambda text: False)
    ('leave it out: x^2', 'leave it out')
    """

    __slots__ = ("otherwise", "parts")
    parts: tuple[str, str, str, str]
    otherwise: str

    def __new__(cls, before: str, first: str = "", otherwise: str = "", between: str = "", second: str = "") -> Offer:
        """Return the hint with both texts."""
        made = super().__new__(cls, f"{before}{first}{between}{second}")
        made.parts, made.otherwise = (before, first, between, second), otherwise
        return made

    def replayed(self, is_read: Callable[[str], bool]) -> str:
        """Return what is left of it."""
        before, first, between, second = self.parts
        reads = [is_read(first), bool(second) and is_read(second)]
        if reads[0]:
            return self if reads[1] or not second else Offer(before, first)
        return Offer(before, second) if reads[1] and between == " or " else self.otherwise


AT_POINT = "the value at a point is not read", "leave it out; mcalc eval EXPR --set x=... has the value at a point"
"""What is said of a bar with a point below it, and what to do."""


def shown(text: str) -> str:
    """Return a text as a message may show it: cut, and without a character that could harm a terminal."""
    text = text if len(text) <= 30 else text[:29] + "…"
    return "".join([c if c.isprintable() else f"<{code_point(c)}>" for c in text])


def unclosed(token: Token, end: int) -> Mistake:
    """Return the mistake of a bracket that is never closed."""
    said, wanted = f"the '{shown(token.text)}' of column {token.start + 1} is never closed", PAIRS.get(token.type, ")")
    spans = [Span(token.start, token.end, "opened here"), Span(end, end + 1, f"'{wanted}' expected")]
    return Mistake("E-SYNTAX", said, spans, f"add a '{wanted}'")


def syntax_mistake(tokens: Sequence[Token | Leaf], token: Any, expected: Collection[str]) -> Mistake:
    """Return the mistake for a token that cannot stand where it stands; `$END` is the end of the text."""
    if token is None or token.type == "$END":
        return _at_end(tokens)
    place = next((k for k, t in enumerate(tokens) if t is token), 0)
    before = tokens[place - 1] if place else None
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    span = Span(token.start, max(token.end, token.start + 1), "unexpected")
    text = shown(token.text or (after.text if after else ""))
    if not token.text.strip() and after is not None:
        span = Span(after.start, after.end, "unexpected")
    message = f"'{text}' cannot stand here" if text.strip() else "something is missing here"
    asked = _ASKED.search("".join([t.text for t in tokens[place:]])) if token.type == "COMMA" else None
    if asked is not None:
        of, head = asked[2], f"{asked[1]}/{asked[1]}{asked[3]}"
        hint = f"say what {of} is: write {of} = ... before the formula" if of else f"write {head} before the formula"
        return Mistake("E-SYNTAX", message, [span], hint=hint)
    return Mistake("E-SYNTAX", message, [span], hint=_hint(token, before, after, expected))


def _at_end(tokens: Sequence[Token | Leaf]) -> Mistake:
    if not tokens:
        return Mistake("E-SYNTAX", "empty expression", [Span(0, 1)], hint="type a formula, such as d/dx x^2")
    last = tokens[-1]
    if last.type in ("OP", "SIGN", "POW", "RELATION", "COMMA"):
        said, spans = f"nothing follows the '{shown(last.text)}'", [Span(last.start, last.end, "something must follow")]
        return Mistake("E-SYNTAX", said, spans, "delete it, or go on")
    return Mistake("E-SYNTAX", "the expression ends too early", [Span(last.end, last.end + 1, "something is missing")])


def _hint(token: Token, before: Token | Leaf | None, after: Token | Leaf | None, expected: Collection[str]) -> str:
    kind, text, last = token.type, token.text, before.type if before is not None else ""
    if text == "!" and last in ("WORD", "SUB", "NUMBER", "RPAR"):
        return "a factorial is Γ(n + 1)"
    operands = ("WORD", "SUB", "NUMBER", "RPAR", "LPAR")
    if text == "\\" and last in operands and after is not None and after.type in operands:
        return "write inv(A) b for A \\ b"
    if text == ">" and last == "SIGN":
        return "write the formula alone, or a function as f(x) = ...; no limits are taken"
    if text == "∞":
        return "nothing infinite is read: a sum ends, as in sum_{t=0}^{T}"
    if kind == "OTHER":
        return NOT_PYTHON if text in '"`;$' else ""
    if kind == "COMMA" and before is not None and last == "NUMBER" and after is not None and after.type == "NUMBER":
        return "decimal point, not comma: write 1.5" if before.end == token.start and after.start == token.end else ""
    if kind == "RELATION" and text == "==":
        return "mcalc check x = y tells whether two sides are equal"
    if kind in HINTS:
        return HINTS[kind]
    if kind in CLOSERS and before is not None and last in ("OP", "SIGN", "POW", "COMMA"):
        return f"nothing follows the '{shown(before.text)}'"
    if kind in CLOSERS and "COMMA" not in expected:
        return f"it closes no '{CLOSERS[kind]}'"
    if kind in _BETWEEN and before is not None and last in _BETWEEN:
        return f"delete it, or write something between '{shown(before.text)}' and '{shown(text)}'"
    if kind in ("OP", "POW", "RELATION"):
        return f"something must stand before the '{shown(text)}'" if text.strip() else ""
    return ""
