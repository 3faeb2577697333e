r"""Fractions, roots, and the derivatives that are written as fractions or with ∇ and ∂."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.registry import lookup
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.parser import Parser

FLAT = frozenset("|‖⊗·")


def fraction(p: Parser, token: Tex) -> None:
    r"""Put ``\frac{a}{b}``, or the derivative that it is."""
    top = p.argument(p.place + 1, token)
    bottom = p.argument(top[2], token)
    if top[0] >= top[1] or bottom[0] >= bottom[1]:
        raise fail(f"{token.shown} with an empty part", token, label="of what?")
    if derivative(p, token, top, bottom):
        return
    after = bottom[2]
    scripted = after < p.limit and p.tokens[after].kind in ("sup", "sub", "prime")
    before = p.out[-1] if p.out else None
    whole = scripted or p.reaching or (before is not None and (before.text in ("/", "⊘") or before.type == "NUMBER"))
    flat = _is_product(p, top[0], top[1])
    if whole:
        p.put("{", token)
    reaching = p.reaching
    then = lambda: _after(p, reaching)  # noqa: E731 - said once, used once
    p.enter(bottom[0], bottom[1], "", "} }" if whole else "}", after, then)
    if flat:
        p.enter(top[0], top[1], "", "/ {", bottom[0])
    else:
        p.put("{", token)
        p.enter(top[0], top[1], "", "} / {", bottom[0])


def _after(p: Parser, reaching: bool) -> None:
    p.reaching = reaching
    scripts.after(p, "group")


def _is_product(p: Parser, start: int, end: int) -> bool:
    """Say whether a numerator is factors alone, which need no bracket before the line: a b/c.

    A dot between vectors needs one, since x · y/c is x · (y/c).
    """
    place = start
    dotted = vector = False
    while place < end:
        token = p.tokens[place]
        entry = lookup(token.text) if token.kind == "command" else None
        sign = token.text if token.kind == "other" else ""
        if entry is not None and entry.kind in ("sign", "bar", "big", "partial", "nabla", "refused"):
            sign = entry.value or "∂"
        if entry is not None and entry.kind == "function":
            after = p.tokens[place + 1].kind if place + 1 < end else ""
            if after not in ("left", "open"):
                return False
        called = place == start and token.kind == "left" and p.last == "WORD"
        if called or (sign and sign not in FLAT):
            return False
        dotted = dotted or sign == "·"
        vector = vector or _may_be_vector(p, token)
        if sign in ("|", "‖"):
            place = past_bars(p, place, end)
        elif token.kind in ("sub", "sup"):
            place = p.argument(place + 1, token)[2]
        else:
            place = p.match[place] + 1 if token.kind in ("open", "left", "begin") else p.extent(place)
    return not (dotted and vector)


def _may_be_vector(p: Parser, token: Tex) -> bool:
    """Say whether a token is no letter, number or sign of a scalar: a bold or a declared name, a call, a bracket."""
    entry = lookup(token.text) if token.kind == "command" else None
    name = token.text if token.kind == "letter" else entry.value if entry and entry.kind == "letter" else ""
    if name:
        known = p.scope.variables.get(name) or p.scope.definitions.get(name)
        return known is not None and bool(known.shape)
    return token.kind in ("left", "begin") or (entry is not None and entry.kind not in ("sign", "bar", "big"))


def past_bars(p: Parser, place: int, limit: int) -> int:
    """Return the place after the bars that close those at a place."""

    def mark(at: int) -> str:
        token = p.tokens[at]
        return lookup(token.text).value if token.kind == "command" else token.text if token.kind == "other" else ""

    own = mark(place)
    double = own == "|" and place + 1 < limit and mark(place + 1) == "|" and p.tokens[place + 1].glued
    at = place + 1 + double
    while at < limit:
        if mark(at) == own:
            return at + 1 + double
        at = p.match[at] + 1 if p.tokens[at].kind in ("open", "left", "begin") else at + 1
    raise fail("a bar is never closed", p.tokens[place], label="opened here")


def root(p: Parser, token: Tex) -> None:
    r"""Put ``\sqrt{x}`` or ``\sqrt[3]{x}``."""
    place = p.place + 1
    order = ""
    if place < len(p.tokens) and p.tokens[place].kind == "left" and p.tokens[place].text == "[":
        order = scripts.text_of(p, place + 1, p.match[place])
        place = p.match[place] + 1
    start, end, after = p.argument(place, token)
    if start >= end:
        raise fail("a root of nothing", token, label="of what?")
    then = lambda: scripts.after(p, "group")  # noqa: E731 - said once, used twice
    if order and order != "2":
        p.put("{ (", token)
        p.enter(start, end, "", f") ^ {{ 1/{order} }} }}", after, then)
    else:
        p.put("sqrt (", token)
        p.enter(start, end, "", ")", after, then)


def derivative(p: Parser, token: Tex, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> bool:
    r"""Put ``\frac{\partial f}{\partial x}`` or ``\frac{d}{dx}`` as a derivative; say whether it is one."""
    above, below = _sign(p, top[0], top[1]), _sign(p, bottom[0], bottom[1])
    if not above or not below:
        return False
    variables = _variables(p, bottom[0], bottom[1])
    if variables is None:
        if p.tokens[top[0]].is_command("partial"):
            hint = r"write \frac{\partial f}{\partial x}, \frac{\partial^2 f}{\partial x \partial y}"
            last = p.tokens[bottom[1] - 1]
            raise fail("this is no derivative as mcalc writes them", token, last, "below the line", hint)
        return False
    order, rest = _order(p, above, top[1])
    p.put(f"∂^{order}" if order else "∂", token)

    def line() -> None:
        p.put("/ (" if len(variables) > 1 else "/", token)
        for group, power in variables:
            p.put("∂", token)
            if len(group) > 1:
                p.put("(", token)
            for k, (name, subs) in enumerate(group):
                if k:
                    p.put(",", token)
                p.name(name.base, subs, name.first, name.last)
            if len(group) > 1:
                p.put(")", token)
            if power:
                p.put(f"^{power}", token)
        if len(variables) > 1:
            p.put(")", token)
        p.place = bottom[2]

    if rest >= top[1]:
        line()
        return True
    name = letters.read_name(p, rest)
    if name is not None and name.end == top[1] and not name.upright:
        p.enter(rest, top[1], "", "", bottom[2], line)
    else:
        p.enter(rest, top[1], "(", ")", bottom[2], line)
    return True


def _sign(p: Parser, start: int, end: int) -> int:
    """Return the place after the sign of a derivative that begins a part of a fraction, or 0."""
    if start >= end:
        return 0
    token = p.tokens[start]
    if token.is_command("partial"):
        return start + 1
    if "d" in p.known:
        return 0
    if token.kind == "letter" and token.text == "d":
        return start + 1
    if token.kind == "command" and lookup(token.text).value == "upright" and start + 1 < end:
        inside, close, after = p.argument(start + 1, token)
        if close == inside + 1 and p.tokens[inside].text == "d":
            return after
    return 0


def _order(p: Parser, place: int, end: int) -> tuple[str, int]:
    """Return the order of a derivative, ^2 or ^{2}, and the place after it."""
    if place < end and p.tokens[place].kind == "sup":
        start, stop, after = p.argument(place + 1, p.tokens[place])
        return scripts.marks_of(p, start, stop)[0], after
    return "", place


def _variables(p: Parser, place: int, end: int) -> list[tuple[list[tuple[scripts.Read, list[str]]], str]] | None:
    r"""Return the variables below the line: those of ``\partial x \partial y``, of ``\partial x^2``, ``d(w, b)``."""
    found: list[tuple[list[tuple[scripts.Read, list[str]]], str]] = []
    while place < end:
        place = _sign(p, place, end)
        if not place:
            return None
        group: list[tuple[scripts.Read, list[str]]] = []
        bracketed = place < end and p.tokens[place].kind == "left" and p.tokens[place].text == "("
        close = p.match[place] if bracketed else end
        place += bracketed
        while True:
            name = letters.read_name(p, place)
            if name is None or name.end > close:
                return None
            subs, place = _subscripts(p, name, close)
            group.append((name, subs))
            if not bracketed or place == close:
                break
            if not p.tokens[place].is_other(","):
                return None
            place += 1
        place += bracketed
        power, place = _order(p, place, end)
        if power in ("⊤", "T"):
            p.note("a transpose below the line of a derivative only says how it is laid out")
            power = ""
        found.append((group, power))
    return found or None


def _subscripts(p: Parser, name: scripts.Read, end: int) -> tuple[list[str], int]:
    """Return the subscripts of a variable, and the place after it."""
    place = name.end
    subs = [*name.subs]
    if place < end and p.tokens[place].kind == "sub":
        start, stop, place = p.argument(place + 1, p.tokens[place])
        subs.append(scripts.text_of(p, start, stop))
    elif place + 1 < end and p.tokens[place].kind == "sup":
        start, stop, after = p.argument(place + 1, p.tokens[place])
        index = scripts.INDEX.fullmatch(scripts.marks_of(p, start, stop)[0])
        if index is not None:
            subs.append(index[1])
            place = after
    p.met.add(name.base, subs, name.order, name.first)
    if len(name.base) > 1 and name.upright:
        p.met.word(name.base)
    return subs, place


def partial(p: Parser, token: Tex) -> None:
    r"""Put ``\partial``: of ``\partial f / \partial x``, or with its variable below, ``\partial_x f``."""
    p.place += 1
    found = scripts.collect(p)
    order = f"^{scripts.text_of(p, *found.sup)}" if found.sup is not None else ""
    p.put("∂", token)
    text = scripts.text_of(p, *found.sub) if found.sub is not None else ""
    if text and not text.isdecimal():
        p.put(f"{order} / ∂ {text} {order}", token, found.last)
    else:
        if text:
            p.sub(text, found.last)
        if order:
            p.put(order, token, found.last)
    p.place = found.place


def nabla(p: Parser, token: Tex) -> None:
    r"""Put ``\nabla_w``, ``\nabla^2_w`` or ``\nabla``."""
    p.place += 1
    found = scripts.collect(p)
    p.put("∇", token)
    if found.sup is not None:
        p.put(f"^{scripts.text_of(p, *found.sup)}", token, found.last)
    if found.sub is not None:
        place = found.sub[0]
        texts: list[str] = []
        while place < found.sub[1]:
            name = letters.read_name(p, place)
            if name is None or name.end > found.sub[1]:
                texts = [scripts.text_of(p, *found.sub)]
                break
            subs, place = _subscripts(p, name, found.sub[1])
            texts.append("_".join([name.base, *[sub if sub.isalnum() else f"{{{sub}}}" for sub in subs]]))
            if place < found.sub[1] and not p.tokens[place].is_other(","):
                texts = [scripts.text_of(p, *found.sub)]
                break
            place += 1
        p.sub(",".join(texts), found.last)
    p.place = found.place
