"""Derivatives: gathered from raw tokens into one token with all that they say.

A derivative's value is a list of steps, innermost last, each a list of (name, start, end); an empty list stands for all
variables, as in ``∇f``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.big_signs import BIGS, big
from mcalc.notation.limits import plain_script
from mcalc.notation.syntax import Name, Node, Token
from mcalc.notation.words import is_function, plain_name

if TYPE_CHECKING:
    from typing import TypeAlias

    from mcalc.notation.prepare import Prepare

    Variable: TypeAlias = tuple[Name, int, int]
    Steps: TypeAlias = list[list[Variable]]
    Index: TypeAlias = tuple[str, Node | None, tuple[str, ...]]

ORDERS = "the order is 1 or more: d^2/dx^2"
MAX_ORDER = 1000
GRADIENTS = {"grad": 1, "nabla": 1, "gradient": 1, "jac": 1, "jacobian": 1, "hess": 2, "hessian": 2}


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
        return big(p, token)
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


def _power(p: Prepare, place: int) -> tuple[int | None, int]:
    """Return the order that stands at a place, as ^2 or ², or None, and the place after it."""
    token = p.at(place)
    if token.type == "SUP":
        text = plain_script(token.text)
        return (int(text[:6]), place + 1) if text.isdecimal() else (None, place)
    if token.type == "POW":
        brace = p.at(place + 1).type == "LBRACE"
        digits = p.at(place + 1 + brace)
        if digits.type == "NUMBER" and digits.text.isdecimal() and (not brace or p.at(place + 3).type == "RBRACE"):
            return int(digits.text[:6]), place + (4 if brace else 2)
    return None, place


def _refuse_numbers(steps: Steps) -> None:
    """Refuse d/d3: a number is no variable."""
    for name, start, end in [variable for group in steps for variable in group]:
        if name.base[:1].isdigit():
            raise Mistake(
                "E-SYNTAX", f"{name.full} is no variable", [Span(start, end, "not a name")], hint="write d/dx, d/dx_3"
            )


def _name(p: Prepare, place: int, cut: int = 0) -> tuple[Variable | None, int]:
    """Return the variable at a place, without its first `cut` letters, and the place after it."""
    token = p.at(place)
    if token.type != "WORD":
        return None, place
    text = token.text[cut:]
    sub = p.at(place + 1)
    if sub.type == "SUB" and sub.start == token.end:
        second = p.at(place + 2)
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
        sign = p.at(place)
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
        order = 1 if order is None else order
        if steps and p.at(after).type == "OP" and p.at(after).text in "/÷∕⁄":
            # ∂u₂/∂u₁ ∂u₁/∂x: the second sign begins a derivative of its own
            break
        if order < 1:
            raise Mistake("E-SYNTAX", "a derivative of order 0", [Span(sign.start, p.raw[after - 1].end)], hint=ORDERS)
        if order > MAX_ORDER:
            raise Mistake("E-LIMIT", f"a derivative of order {order}", [Span(sign.start, sign.end, "too high")])
        steps.extend([group] * order)
        total += order
        place = after
        if sign.type == "WORD" and sign.text[0] == "d" and p.at(place).text[:1] != "d":
            break
        if p.at(place).type == "WORD" and not _wanted(p, place, total):
            break
    return (steps or None), place, total


def _is_call(p: Prepare, place: int) -> bool:
    """Say whether a function with its bracket stands at a place: det(A) / det(B) is no derivative."""
    token = p.at(place)
    return token.type == "WORD" and len(token.text) > 1 and is_function(token.text) and p.at(place + 1).type == "LPAR"


def _below_line(p: Prepare, place: int) -> tuple[Steps | None, int, int]:
    """Return what `_below` does, also where it stands in brackets: ∂²/(∂x ∂y), d^2/(dx dy)."""
    if p.at(place).type != "LPAR":
        return _below(p, place)
    steps, after, total = _below(p, place + 1)
    if steps is None or p.at(after).type != "RPAR":
        return None, place, 0
    return steps, after + 1, total


def _wanted(p: Prepare, place: int, total: int) -> bool:
    """Say whether a further dy may follow dx: only where the order above the line asks for it."""
    return False if total >= MAX_ORDER else getattr(p, "order", 0) > total


def _group(p: Prepare, place: int) -> tuple[list[Variable], int]:
    """Return one variable, or several in brackets."""
    if p.at(place).type != "LPAR":
        variable, after = _name(p, place)
        return ([variable] if variable else []), after
    variables: list[Variable] = []
    place += 1
    while True:
        variable, place = _name(p, place)
        if variable is None:
            return [], place
        variables.append(variable)
        token = p.at(place)
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
    order, after = _power(p, place + 1) if not glued else (None, place)
    above = p.at(after)
    if not glued and above.type == "OP" and above.text in "/÷∕⁄" and _below_sign(p, after + 1, curly=curly):
        p.order = order or 0
        steps, end, total = _below_line(p, after + 1)
        if steps is None:
            return None
        _same_order(p, order, total, token.start, end)
        _refuse_numbers(steps)
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
        if p.at(line).type == "LPAR":
            line = p.close_of(line) + 1
            name = None
    slash = p.at(line)
    if slash.type != "OP" or slash.text not in "/÷∕⁄" or not _below_sign(p, line + 1, curly=curly):
        return None
    if glued and not curly and p.is_variable(plain_name(p.at(line + 1).text)):
        return None
    p.order = order or 0
    steps, end, total = _below_line(p, line + 1)
    if steps is None:
        return None
    _same_order(p, order, total, token.start, end)
    _refuse_numbers(steps)
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
    token = p.at(place)
    if token.type == "LPAR" and not p.is_variable("d"):
        place += 1
        token = p.at(place)
    if token.type == "PARTIAL":
        return True
    if token.type != "WORD" or _is_call(p, place):
        return False
    if token.text[:2] == "pd" and curly:
        return True
    if p.is_variable(plain_name(token.text)) and token.text != "d":
        return False
    return not curly and token.text[0] == "d" and (len(token.text) > 1 or p.at(place + 1).type in ("WORD", "LPAR"))


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


def _same_order(p: Prepare, above: int | None, below: int, start: int, end: int) -> None:
    if above is not None and above != below:
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
    sub = p.at(place)
    group: list[Variable] = []
    if sub.type == "SUB" and sub.start == p.raw[place - 1].end:
        place += 1
        group = _names_in(sub)
        if power is None:
            power, place = _power(p, place)
    if power == 0:
        raise Mistake("E-SYNTAX", "a derivative of order 0", [Span(token.start, p.raw[place - 1].end)], hint=ORDERS)
    order = max(order, power or 1)
    if token.type == "WORD" and not group and p.at(place).type not in ("WORD", "LPAR", "LSQB", "NUMBER", "NORM", "BAR"):
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
        sign = p.at(place)
        sub = p.at(place + 1)
        if sign.type == "PARTIAL" and sub.type == "SUB" and plain_script(sub.text).isdecimal():
            which, after = int(plain_script(sub.text)[:3]), place + 2
        elif sign.type == "WORD" and re.fullmatch(r"d[0-9]{1,3}", sign.text) and not p.is_variable(sign.text):
            which, after = int(sign.text[1:]), place + 1
        else:
            break
        times, after = _power(p, after)
        counts.extend([0] * (which - len(counts)))
        if which:
            counts[which - 1] += max(times or 1, 1)
        place = after
    name, after = _name(p, place)
    if not counts or name is None or p.at(after).type != "LPAR":
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
