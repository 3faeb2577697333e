"""Big operators, Σ and Π with their limits: gathered from raw tokens into one token each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import brackets
from mcalc.notation.limits import limit, plain_script
from mcalc.notation.ordered import Ordered, ordered
from mcalc.notation.syntax import Name, Node, Token
from mcalc.notation.words import clip, plain_name

if TYPE_CHECKING:
    from typing import TypeAlias

    from mcalc.notation.prepare import Prepare

    Variable: TypeAlias = tuple[Name, int, int]
    Steps: TypeAlias = list[list[Variable]]
    Index: TypeAlias = tuple[str, Node | None, tuple[str, ...]]


BIGS = {"sum": "sum", "prod": "prod", "Σ": "sum", "Π": "prod", "∑": "sum", "∏": "prod"}


_INDEX = re.compile(r"(\w+?)(?:(=|!=|≠)(.+))?")


class Big:
    """A sum or a product over indices, and the upper limit.

    Each index is (name, lower limit, excluded names); `pair` says that two of them differ, ``i != j``, of which one may
    be bound already by an outer sum; `order` says that they follow each other, ``i < j``.
    """

    __slots__ = ("end", "indices", "op", "order", "pair", "start", "upper")

    def __init__(
        self, op: str, indices: list[Index], upper: Node | None, start: int, end: int, *, pair: bool = False,
        order: Ordered | None = None,
    ) -> None:  # fmt: skip
        self.op = op
        self.order = order
        self.indices = indices
        self.upper = upper
        self.start = start
        self.end = end
        self.pair = pair


def big(p: Prepare, token: Token) -> bool:
    """Read sum_{i=1}^{n} and its short forms."""
    place = p.place + 1
    lower: Token | None = None
    upper: Node | None = None
    for _ in range(2):
        following = p.at(place)
        if following.type == "SUB" and lower is None:
            lower = following
            place += 1
        elif following.type in ("POW", "SUP") and upper is None:
            upper, place = _upper(p, place)
    if lower is None:
        return False
    end = p.raw[place - 1].end
    order = ordered(plain_script(lower.text), lower.start, lower.end)
    indices: list[Index] = [(name, None, ()) for name in order.names] if order is not None else []
    pair = False
    if order is None:
        indices, pair = _indices(lower)
    big = Big(BIGS[token.text], indices, upper, token.start, end, pair=pair, order=order)
    p.running.update([name for name, _, _ in indices])
    p.place = place
    p.emit(Token("PREFIX", p.text[token.start : end], token.start, end, ("big", big)))
    return True


def _upper(p: Prepare, place: int) -> tuple[Node | None, int]:
    """Return the upper limit at a place and the place after it."""
    token = p.at(place)
    if token.type == "SUP":
        return limit(plain_script(token.text), token.start, token.end), place + 1
    first = p.at(place + 1)
    if first.type in ("LBRACE", "LPAR"):
        close = p.close_of(place + 1)
        text = p.text[first.end : p.raw[close].start]
        return limit(text, first.end, p.raw[close].start), close + 1
    if first.type == "BAR" and p.at(place + 3).type == "BAR":
        end = p.at(place + 3).end
        return limit(p.text[first.start : end], first.start, end), place + 4
    if first.type == "NUMBER":
        return limit(first.text, first.start, first.end), place + 2
    if first.type == "WORD":
        if len(first.text) > 1 and plain_name(first.text) not in p.known:
            # sum_i^nw_i: one letter is the limit
            p.raw[place + 1] = Token("WORD", first.text[1:], first.start + 1, first.end)
            return limit(first.text[0], first.start, first.start + 1), place + 1
        return limit(first.text, first.start, first.end), place + 2
    raise Mistake("E-SYNTAX", "the upper limit is missing", [Span(token.start, token.end)], hint="write sum_{i=1}^{n}")


def _indices(lower: Token) -> tuple[list[Index], bool]:
    """Return what stands below a big operator, and whether it is a pair: i, i=1, i,j, i != j, k=1, k != i."""
    found: list[Index] = []
    pair = False
    for part in plain_script(lower.text).split(","):
        match = _INDEX.fullmatch(part)
        if match is None or match[1][0].isdigit():
            raise Mistake(
                "E-SYNTAX",
                "this names no running index",
                [Span(lower.start, lower.end, "not read")],
                hint="write sum_{i=1}^{n}, sum_i, sum_{i,j} or sum_{i != j}",
            )
        if match[2] in ("!=", "≠") and not re.fullmatch(r"[^\W_]+(_\d+)?", match[3]):
            raise Mistake(
                "E-UNSUPPORTED",
                f"a sum that leaves out the value of {clip(match[3])} is not read",
                [Span(lower.start, lower.end, "no running index")],
                hint="the name of an index may follow !=, as in sum_{i != j}",
            )
        name = plain_name(match[1])
        if match[2] == "=":
            found.append((name, limit(match[3], lower.start, lower.end), ()))
        elif match[2] and found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], (*found[-1][2], plain_name(match[3])))
        elif match[2]:
            pair = True
            found.append((name, None, ()))
            found.append((plain_name(match[3]), None, (name,)))
        else:
            found.append((name, None, ()))
    return found, pair and len(found) == 2


def ranged(p: Prepare) -> None:
    """Read ``(i=1..n,`` of sum(i=1..n, x_i), up to the comma."""
    opening = p.peek()
    brackets.open_(p, opening)
    name = p.peek()
    close = p.close_of(p.place - 1)
    dots = next((k for k in range(p.place + 2, close) if p.raw[k].type == "RANGE"), None)
    comma = next((k for k in range(p.place + 2, close) if p.raw[k].type == "COMMA"), None)
    if dots is None or comma is None or comma < dots:
        raise Mistake(
            "E-SYNTAX", "this is no range of an index", [Span(name.start, name.end)], hint="write sum(i=1..n, x_i)"
        )
    low = limit(p.text[p.raw[p.place + 1].end : p.raw[dots].start], p.raw[p.place + 1].end, p.raw[dots].start)
    high = limit(p.text[p.raw[dots].end : p.raw[comma].start], p.raw[dots].end, p.raw[comma].start)
    op = BIGS.get(p.out[-2].text, "sum")
    big = Big(op, [(plain_name(name.text), low, ())], high, name.start, p.raw[comma].start)
    p.running.add(plain_name(name.text))
    p.place = comma
    p.emit(Token("RANGED", "range", name.start, p.raw[comma].start, ("big", big)))
