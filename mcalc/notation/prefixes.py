"""Derivatives and big operators: gathered from raw tokens into one token with all that they say.

A derivative's value is a list of steps, innermost last, each a list of (name, start, end); an empty list stands for all
variables, as in ``∇f``. A big operator's value is a :class:`Big`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import brackets
from mcalc.notation.limits import limit, plain_script
from mcalc.notation.syntax import Name, Node, Token
from mcalc.notation.words import clip, is_function, plain_name

if TYPE_CHECKING:
    from typing import TypeAlias

    from mcalc.notation.prepare import Prepare

    Variable: TypeAlias = tuple[Name, int, int]
    Steps: TypeAlias = list[list[Variable]]
    Index: TypeAlias = tuple[str, Node | None, tuple[str, ...]]

MAX_ORDER = 1000
BIGS = {"sum": "sum", "prod": "prod", "Σ": "sum", "Π": "prod", "∑": "sum", "∏": "prod"}
GRADIENTS = {"grad": 1, "nabla": 1, "gradient": 1, "jac": 1, "jacobian": 1, "hess": 2, "hessian": 2}
_INDEX = re.compile(r"(\w+?)(?:(=|!=|≠)(.+))?")


class Big:
    """A sum or a product over indices, and the upper limit.

    Each index is (name, lower limit, excluded names); `pair` says that two of them differ, ``i != j``, of which one may
    be bound already by an outer sum.
    """

    __slots__ = ("end", "indices", "op", "pair", "start", "upper")

    def __init__(
        self, op: str, indices: list[Index], upper: Node | None, start: int, end: int, *, pair: bool = False
    ) -> None:
        self.op = op
        self.indices = indices
        self.upper = upper
        self.start = start
        self.end = end
        self.pair = pair


def begin(p: Prepare, token: Token) -> bool:
    """Read a derivative or a big operator that begins with this raw token; say whether there was one."""
    text = token.text
    if token.type == "PARTIAL" or text[0] in "dp":
        if _abstract_partial(p, token):
            return True
        if token.type == "PARTIAL" or text[0] == "d" or text == "pd":
            found = _derivative(p, token)
            if found is not None:
                return found
    if token.type == "NABLA" or text in GRADIENTS:
        return _gradient(p, token)
    if text in BIGS and (token.type == "BIG" or p.peek(1).type in ("SUB", "POW", "SUP")):
        return _big(p, token)
    return False


def variables_of(p: Prepare) -> list[str]:
    """Return the names that the statement differentiates by, before anything else is read."""
    found: list[str] = []
    raw = p.raw
    for place, token in enumerate(raw):
        if token.type == "OP" and token.text in "/÷∕⁄" and place and place + 1 < len(raw):
            sign = raw[place + 1]
            if sign.type == "PARTIAL" or (sign.type == "WORD" and sign.text[0] in "dp"):
                group, _, _ = _below(p, place + 1)
                found.extend([name.full for names in group or () for name, _, _ in names])
        elif (token.type == "NABLA" or token.text in GRADIENTS) and place + 1 < len(raw):
            for following in raw[place + 1 : place + 4]:
                if following.type == "SUB":
                    found.extend([name.full for name, _, _ in _names_in(following)])
                    break
    return found


def _at(p: Prepare, place: int) -> Token:
    return p.raw[place] if place < len(p.raw) else Token("END", "", len(p.text), len(p.text))


def _power(p: Prepare, place: int) -> tuple[int, int]:
    """Return the order that stands at a place, as ^2 or ², and the place after it."""
    token = _at(p, place)
    if token.type == "SUP":
        text = plain_script(token.text)
        return (int(text[:6]), place + 1) if text.isdecimal() else (0, place)
    if token.type == "POW":
        brace = _at(p, place + 1).type == "LBRACE"
        digits = _at(p, place + 1 + brace)
        if digits.type == "NUMBER" and digits.text.isdecimal() and (not brace or _at(p, place + 3).type == "RBRACE"):
            return int(digits.text[:6]), place + (4 if brace else 2)
    return 0, place


def _name(p: Prepare, place: int, cut: int = 0) -> tuple[Variable | None, int]:
    """Return the variable at a place, without its first `cut` letters, and the place after it."""
    token = _at(p, place)
    if token.type != "WORD":
        return None, place
    text = token.text[cut:]
    sub = _at(p, place + 1)
    if sub.type == "SUB" and sub.start == token.end:
        second = _at(p, place + 2)
        base = plain_name(text)
        if second.type == "SUB" and second.start == sub.end:
            base = Name(base, plain_script(sub.text)).full
            return (Name(base, plain_script(second.text)), token.start + cut, second.end), place + 3
        return (Name(base, plain_script(sub.text)), token.start + cut, sub.end), place + 2
    return (Name(plain_name(text)), token.start + cut, token.end), place + 1


def _below(p: Prepare, place: int) -> tuple[Steps | None, int, int]:
    """Return what stands below the line of a derivative, from its sign on, the place after it, and its order."""
    steps: Steps = []
    total = 0
    while True:
        sign = _at(p, place)
        if _is_call(p, place):
            break
        if sign.type == "PARTIAL" or sign.text in ("pd", "d"):
            if not steps or sign.type == "PARTIAL" or sign.text == "pd":
                group, after = _group(p, place + 1)
            else:
                break
        elif sign.type == "WORD" and (sign.text[0] == "d" or (sign.text[:2] == "pd" and len(sign.text) > 2)):
            variable, after = _name(p, place, 2 if sign.text[:2] == "pd" else 1)
            group = [variable] if variable else []
            if steps and p.is_variable(plain_name(sign.text)):
                break
        else:
            break
        if not group:
            break
        order, after = _power(p, after)
        order = max(order, 1)
        if steps and _at(p, after).type == "OP" and _at(p, after).text in "/÷∕⁄":
            # ∂u₂/∂u₁ ∂u₁/∂x: the second sign begins a derivative of its own
            break
        if order > MAX_ORDER:
            raise Mistake("E-LIMIT", f"a derivative of order {order}", [Span(sign.start, sign.end, "too high")])
        steps.extend([group] * order)
        total += order
        place = after
        if sign.type == "WORD" and sign.text[0] == "d" and _at(p, place).text[:1] != "d":
            break
        if _at(p, place).type == "WORD" and not _wanted(p, place, total):
            break
    return (steps or None), place, total


def _is_call(p: Prepare, place: int) -> bool:
    """Say whether a function with its bracket stands at a place: det(A) / det(B) is no derivative."""
    token = _at(p, place)
    return token.type == "WORD" and len(token.text) > 1 and is_function(token.text) and _at(p, place + 1).type == "LPAR"


def _below_line(p: Prepare, place: int) -> tuple[Steps | None, int, int]:
    """Return what `_below` does, also where it stands in brackets: ∂²/(∂x ∂y), d^2/(dx dy)."""
    if _at(p, place).type != "LPAR":
        return _below(p, place)
    steps, after, total = _below(p, place + 1)
    if steps is None or _at(p, after).type != "RPAR":
        return None, place, 0
    return steps, after + 1, total


def _wanted(p: Prepare, place: int, total: int) -> bool:
    """Say whether a further dy may follow dx: only where the order above the line asks for it."""
    return False if total >= MAX_ORDER else getattr(p, "order", 0) > total


def _group(p: Prepare, place: int) -> tuple[list[Variable], int]:
    """Return one variable, or several in brackets."""
    if _at(p, place).type != "LPAR":
        variable, after = _name(p, place)
        return ([variable] if variable else []), after
    variables: list[Variable] = []
    place += 1
    while True:
        variable, place = _name(p, place)
        if variable is None:
            return [], place
        variables.append(variable)
        token = _at(p, place)
        place += 1
        if token.type == "RPAR":
            return variables, place
        if token.type != "COMMA":
            return [], place


def _derivative(p: Prepare, token: Token) -> bool | None:
    """Read d/dx, ∂²/∂x², dy/dx, d(w+x)/dw; None where it is something else."""
    place = p.place
    curly = token.type == "PARTIAL" or token.text == "pd"
    glued = 0 if curly or token.text == "d" else 1
    if _is_call(p, place):
        return None
    order, after = _power(p, place + 1) if not glued else (0, place)
    above = _at(p, after)
    if not glued and above.type == "OP" and above.text in "/÷∕⁄" and _below_sign(p, after + 1, curly=curly):
        p.order = order
        steps, end, total = _below_line(p, after + 1)
        if steps is None:
            return None
        _same_order(p, order, total, token.start, end)
        p.place = end
        p.emit(
            Token(
                "PREFIX",
                p.text[token.start : p.raw[end - 1].end],
                token.start,
                p.raw[end - 1].end,
                ("derivative", steps),
            )
        )
        return True
    if not glued and above.type == "LPAR":
        name, start_body, line = None, after, p.close_of(after) + 1
    else:
        name, line = _name(p, after, 1 if glued else 0)
        start_body = after
        if name is None:
            return None
        if _at(p, line).type == "LPAR":
            line = p.close_of(line) + 1
            name = None
    slash = _at(p, line)
    if slash.type != "OP" or slash.text not in "/÷∕⁄" or not _below_sign(p, line + 1, curly=curly):
        return None
    if glued and not curly and p.is_variable(plain_name(_at(p, line + 1).text)):
        return None
    p.order = order
    steps, end, total = _below_line(p, line + 1)
    if steps is None:
        return None
    _same_order(p, order, total, token.start, end)
    stop = p.raw[end - 1].end
    if name is not None:
        p.place = end
        p.emit(Token("QUOTIENT", p.text[token.start : stop], token.start, stop, (name[0], steps)))
        return True
    # d f(x) / dx: the numerator is read in its place, the rest waits for its end
    first = p.raw[start_body]
    if glued:
        p.raw[start_body] = Token("WORD", first.text[1:], first.start + 1, first.end)
    p.raw[line] = Token("DCLOSE", p.text[slash.start : stop], slash.start, stop, steps)
    for used in range(line + 1, end):
        p.raw[used] = Token("NOTHING", "", stop, stop)
    p.place = start_body
    p.emit(Token("DOPEN", "d", token.start, token.start + 1))
    return True


def _below_sign(p: Prepare, place: int, *, curly: bool) -> bool:
    """Say whether the sign below the line fits the one above it."""
    token = _at(p, place)
    if token.type == "LPAR" and not p.is_variable("d"):
        place += 1
        token = _at(p, place)
    if token.type == "PARTIAL":
        return True
    if token.type != "WORD" or _is_call(p, place):
        return False
    if token.text[:2] == "pd" and curly:
        return True
    if p.is_variable(plain_name(token.text)) and token.text != "d":
        return False
    return not curly and token.text[0] == "d" and (len(token.text) > 1 or _at(p, place + 1).type in ("WORD", "LPAR"))


def refuse_differential(p: Prepare, token: Token) -> None:
    """Refuse the dx of ``dx^2/dx``: a derivative to its writer, and no product of d and x."""
    before = p.raw[p.place - 2] if p.place > 1 else token
    if before.type == "LPAR" and p.place > 2:
        before = p.raw[p.place - 3]
    if before.type != "OP" or before.text not in "/÷∕⁄":
        return
    above = [t for t in p.raw[: p.place - 2] if t.type == "WORD" and t.text[0] == "d" and not is_function(t.text)]
    if any([t.text == "d" or plain_name(t.text) not in p.known for t in above]):
        raise Mistake(
            "E-SYNTAX",
            "this is no derivative as mcalc writes them",
            [Span(token.start, token.end, "not read")],
            hint=f"write d/d{token.text[1:]} (...), or d(...)/d{token.text[1:]}; for a product declare d: R",
        )


def _same_order(p: Prepare, above: int, below: int, start: int, end: int) -> None:
    if above and above != below:
        raise Mistake(
            "E-SYNTAX",
            f"a derivative of order {above} above the line and {below} below it",
            [Span(start, p.raw[end - 1].end, "the orders differ")],
            hint="write d^2/dx^2 or ∂²/∂x∂y",
        )


def _names_in(token: Token) -> list[Variable]:
    """Return the variables of a subscript such as ``_w`` or ``_{w, b}``."""
    found: list[Variable] = []
    for part in plain_script(token.text).split(","):
        base, _, sub = part.partition("_")
        if base:
            found.append((Name(plain_name(base), plain_script("_" + sub) if sub else None), token.start, token.end))
    return found


def _gradient(p: Prepare, token: Token) -> bool:
    """Read ∇_w, ∇²_w, grad_w, hess_w, and ∇ alone, which means all variables."""
    order = GRADIENTS.get(token.text, 1)
    place = p.place + 1
    power, place = _power(p, place)
    sub = _at(p, place)
    group: list[Variable] = []
    if sub.type == "SUB" and sub.start == p.raw[place - 1].end:
        place += 1
        group = _names_in(sub)
        if not power:
            power, place = _power(p, place)
    order = max(order, power)
    if (
        token.type == "WORD"
        and not group
        and _at(p, place).type not in ("WORD", "LPAR", "LSQB", "NUMBER", "NORM", "BAR")
    ):
        return False
    end = p.raw[place - 1].end
    p.place = place
    p.emit(Token("PREFIX", p.text[token.start : end], token.start, end, ("derivative", [group] * order)))
    return True


def _abstract_partial(p: Prepare, token: Token) -> bool:
    """Read ∂₁f(x, y), in ASCII ``d1 f(x, y)``: how a derivative of an undefined function prints."""
    place = p.place
    counts: list[int] = []
    while True:
        sign = _at(p, place)
        sub = _at(p, place + 1)
        if sign.type == "PARTIAL" and sub.type == "SUB" and plain_script(sub.text).isdecimal():
            which, after = int(plain_script(sub.text)[:3]), place + 2
        elif sign.type == "WORD" and re.fullmatch(r"d[0-9]{1,3}", sign.text) and not p.is_variable(sign.text):
            which, after = int(sign.text[1:]), place + 1
        else:
            break
        times, after = _power(p, after)
        counts.extend([0] * (which - len(counts)))
        if which:
            counts[which - 1] += max(times, 1)
        place = after
    name, after = _name(p, place)
    if not counts or name is None or _at(p, after).type != "LPAR":
        return False
    from_function = Name(name[0].base, name[0].sub)
    p.place = after
    p.emit(Token("FUNC", from_function.full, token.start, name[2], Partial(from_function.full, tuple(counts))))
    return True


class Partial:
    """An undefined function that is derived by its arguments, as many times each as `counts` says."""

    __slots__ = ("base", "counts", "sub")

    def __init__(self, base: str, counts: tuple[int, ...]) -> None:
        self.base = base
        self.sub = None
        self.counts = counts

    @property
    def full(self) -> str:
        """The name of the function."""
        return self.base


def _big(p: Prepare, token: Token) -> bool:
    """Read sum_{i=1}^{n} and its short forms."""
    place = p.place + 1
    lower: Token | None = None
    upper: Node | None = None
    for _ in range(2):
        following = _at(p, place)
        if following.type == "SUB" and lower is None:
            lower = following
            place += 1
        elif following.type in ("POW", "SUP") and upper is None:
            upper, place = _upper(p, place)
    if lower is None:
        return False
    end = p.raw[place - 1].end
    indices, pair = _indices(lower)
    big = Big(BIGS[token.text], indices, upper, token.start, end, pair=pair)
    p.place = place
    p.emit(Token("PREFIX", p.text[token.start : end], token.start, end, ("big", big)))
    return True


def _upper(p: Prepare, place: int) -> tuple[Node | None, int]:
    """Return the upper limit at a place and the place after it."""
    token = _at(p, place)
    if token.type == "SUP":
        return limit(plain_script(token.text), token.start, token.end), place + 1
    first = _at(p, place + 1)
    if first.type in ("LBRACE", "LPAR"):
        close = p.close_of(place + 1)
        text = p.text[first.end : p.raw[close].start]
        return limit(text, first.end, p.raw[close].start), close + 1
    if first.type == "BAR" and _at(p, place + 3).type == "BAR":
        end = _at(p, place + 3).end
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
        if match[2] in ("!=", "≠") and not match[3].isalnum():
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
    p.place = comma
    p.emit(Token("RANGED", "range", name.start, p.raw[comma].start, ("big", big)))
