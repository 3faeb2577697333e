r"""Fractions, roots, and the derivatives that are written as fractions or with ∇ and ∂."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.calls import past_bars
from mcalc.notation.latex.commands import FONTS, LETTERS, SIGNS, function_of
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser


def fraction(n: Normaliser, token: Tex) -> None:
    r"""Write ``\frac{a}{b}``, or the derivative that it is."""
    top = n.argument(n.place + 1, token)
    bottom = n.argument(top[2], token)
    if top[0] >= top[1] or bottom[0] >= bottom[1]:
        raise fail(f"{token.shown} with an empty part", token, label="of what?")
    if derivative(n, token, top, bottom):
        return
    after = bottom[2]
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    scripted = after < limit and n.tokens[after].kind in ("sup", "sub", "prime")
    whole = scripted or n.plain.last in ("/", "⊘") or n.plain.last.isdecimal()
    flat = _is_product(n, top[0], top[1])
    opening, closing = "{" * whole, "}" * whole
    if opening:
        n.write(opening, token)
    n.enter(bottom[0], bottom[1], "", "}" + closing, after, lambda: scripts.after(n, "group"))
    if flat:
        n.enter(top[0], top[1], "", "/{", bottom[0])
    else:
        n.write("{", token)
        n.enter(top[0], top[1], "", "}/{", bottom[0])


def _is_product(n: Normaliser, start: int, end: int) -> bool:
    """Say whether a numerator is factors alone, which need no bracket before the line: a b/c.

    A dot between vectors needs one, since x · y/c is x · (y/c).
    """
    place = start
    dotted = vector = False
    while place < end:
        token = n.tokens[place]
        sign = SIGNS.get(token.text, "") if token.kind == "command" else token.text if token.kind == "other" else ""
        called = place == start and token.kind == "left" and n.plain.last[-1:].isalnum()
        if called or (sign and sign not in "|‖⊗·"):
            return False
        dotted = dotted or sign == "·"
        vector = vector or _may_be_vector(n, token)
        if sign in ("|", "‖"):
            place = past_bars(n, place, end)
        elif token.kind in ("sub", "sup"):
            place = n.argument(place + 1, token)[2]
        else:
            place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else n.extent(place)
    return not (dotted and vector)


def _may_be_vector(n: Normaliser, token: Tex) -> bool:
    """Say whether a token is no letter, number or sign of a scalar: a bold or a declared name, a call, a bracket."""
    name = token.text if token.kind == "letter" else LETTERS.get(token.text) if token.kind == "command" else None
    if name:
        known = n.scope.variables.get(name) or n.scope.definitions.get(name)
        return known is not None and bool(known.shape)
    return token.kind in ("left", "begin") or (token.kind == "command" and token.text not in SIGNS)


def root(n: Normaliser, token: Tex) -> None:
    r"""Write ``\sqrt{x}`` or ``\sqrt[3]{x}``."""
    place = n.place + 1
    order = ""
    if place < len(n.tokens) and n.tokens[place].kind == "left" and n.tokens[place].text == "[":
        close = n.match[place]
        order = scripts.text_of(n, place + 1, close)
        place = close + 1
    start, end, after = n.argument(place, token)
    if start >= end:
        raise fail("a root of nothing", token, label="of what?")
    then = lambda: scripts.after(n, "group")  # noqa: E731 - said once, used twice
    if order and order != "2":
        n.write("{(", token)
        n.enter(start, end, "", f")^{{1/{order}}}}}", after, then)
    else:
        n.write("sqrt(", token)
        n.enter(start, end, "", ")", after, then)


def derivative(n: Normaliser, token: Tex, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> bool:
    r"""Write ``\frac{\partial f}{\partial x}`` or ``\frac{d}{dx}`` as a derivative; say whether it is one."""
    above = _sign(n, top[0], top[1])
    below = _sign(n, bottom[0], bottom[1])
    if above is None or below is None:
        return False
    variables = _variables(n, bottom[0], bottom[1])
    if variables is None:
        if above[0] == "∂":
            raise fail(
                "this is no derivative as mcalc writes them", token, n.tokens[bottom[1] - 1], "below the line",
                hint=r"write \frac{\partial f}{\partial x}, \frac{\partial^2 f}{\partial x \partial y}",
            )  # fmt: skip
        return False
    order, rest = _order(n, above[1], top[1])
    last = n.tokens[bottom[2] - 1]
    many = len(variables) > 1
    line = "/(" + " ".join([f"∂ {v}" for v in variables]) + ")" if many else f"/∂ {variables[0]}"
    mark = f"∂^{order}" if order else "∂"
    if rest >= top[1]:
        n.write(mark + line, token, last)
        n.place = bottom[2]
        return True
    name = letters.read_name(n, rest)
    if name is not None and name.end == top[1] and not name.upright:
        n.write(mark, token)
        n.enter(rest, top[1], "", line, bottom[2])
    else:
        n.write(mark + " (", token)
        n.enter(rest, top[1], "", ")" + line, bottom[2])
    return True


def _sign(n: Normaliser, start: int, end: int) -> tuple[str, int] | None:
    """Return the sign of a derivative that begins a part of a fraction, and the place after it."""
    if start >= end:
        return None
    token = n.tokens[start]
    if token.is_command("partial"):
        return "∂", start + 1
    if "d" in n.known:
        return None
    if token.kind == "letter" and token.text == "d":
        return "d", start + 1
    if token.kind == "command" and FONTS.get(token.text) == "upright" and start + 1 < end:
        inside, close, after = n.argument(start + 1, token)
        if close == inside + 1 and n.tokens[inside].text == "d":
            return "d", after
    return None


def _order(n: Normaliser, place: int, end: int) -> tuple[str, int]:
    """Return the order of a derivative, ^2 or ^{2}, and the place after it."""
    if place < end and n.tokens[place].kind == "sup":
        start, stop, after = n.argument(place + 1, n.tokens[place])
        marks, _ = scripts.marks_of(n, start, stop)
        return marks, after
    return "", place


def _variables(n: Normaliser, place: int, end: int) -> list[str] | None:
    r"""Return the variables below the line: those of ``\partial x \partial y``, of ``\partial x^2``, ``d(w, b)``."""
    found: list[str] = []
    while place < end:
        sign = _sign(n, place, end)
        if sign is None:
            return None
        place = sign[1]
        if place < end and n.tokens[place].kind == "left" and n.tokens[place].text == "(":
            close = n.match[place]
            group: list[str] = []
            place += 1
            while place < close:
                text, place = _variable(n, place, close)
                if text is None:
                    return None
                group.append(text)
                if place < close and not n.tokens[place].is_other(","):
                    return None
                place += 1
            found.append(f"({', '.join(group)})")
            place = close + 1
            continue
        text, place = _variable(n, place, end)
        if text is None:
            return None
        order, place = _order(n, place, end)
        if order.startswith("\\") or order == "T":
            n.note("a transpose below the line of a derivative only says how it is laid out")
            order = ""
        found.append(text + (f"^{order}" if order else ""))
    return found or None


def _variable(n: Normaliser, place: int, end: int) -> tuple[str | None, int]:
    """Return a variable with its subscript, and the place after it."""
    name = letters.read_name(n, place)
    if name is None or name.end > end:
        return None, place
    place = name.end
    subs = [*name.subs]
    if place < end and n.tokens[place].kind == "sub":
        start, stop, place = n.argument(place + 1, n.tokens[place])
        subs.append(scripts.text_of(n, start, stop))
    elif place + 1 < end and n.tokens[place].kind == "sup":
        start, stop, after = n.argument(place + 1, n.tokens[place])
        marks, _ = scripts.marks_of(n, start, stop)
        if marks.startswith("(") and marks.endswith(")") and marks[1:-1].isalnum():
            subs.append(marks[1:-1])
            place = after
    n.met.add(name.base, subs, name.order, name.first)
    if len(name.base) > 1 and name.upright:
        n.met.word(name.base)
    return name.base + "".join([f"_{s}" if len(s) == 1 and s.isalnum() else f"_{{{s}}}" for s in subs]), place


def partial(n: Normaliser, token: Tex) -> None:
    r"""Write ``\partial``: of ``\partial f / \partial x``, or with its variable below, ``\partial_x f``."""
    n.place += 1
    found = scripts.collect(n)
    if found.sub is not None and not scripts.text_of(n, *found.sub).isdecimal():
        text = scripts.text_of(n, *found.sub)
        power = f"^{scripts.text_of(n, *found.sup)}" if found.sup is not None else ""
        n.write(f"∂{power}/∂ {text}{power}", token, found.last)
        n.place = found.place
        return
    n.write("∂", token)
    if found.sub is not None:
        n.write(f"_{scripts.text_of(n, *found.sub)}", token, found.last, glued=True)
    if found.sup is not None:
        n.write(f"^{scripts.text_of(n, *found.sup)}", token, found.last, glued=True)
    n.place = found.place


def nabla(n: Normaliser, token: Tex) -> None:
    r"""Write ``\nabla_w``, ``\nabla^2_w`` or ``\nabla``."""
    start = n.place
    n.place += 1
    found = scripts.collect(n)
    text = "∇"
    if found.sup is not None:
        text += f"^{scripts.text_of(n, *found.sup)}"
    if found.sub is not None:
        place = found.sub[0]
        texts: list[str] = []
        while place < found.sub[1]:
            name, after = _variable(n, place, found.sub[1])
            if name is None:
                texts = [scripts.text_of(n, *found.sub)]
                break
            texts.append(name)
            place = after + (after < found.sub[1] and n.tokens[after].is_other(","))
            if place == after and after < found.sub[1]:
                texts = [scripts.text_of(n, *found.sub)]
                break
        text += f"_{{{','.join(texts)}}}"
    n.write(text, token, found.last)
    n.place = found.place
    _refuse_open_reach(n, start)


def _refuse_open_reach(n: Normaliser, start: int) -> None:
    r"""Refuse ``\nabla f(x)^\top d``, which may be the gradient of f times d, or that of the whole product.

    A product of variables is one on purpose, as in ``\nabla_x x^\top A x``.
    """
    name = letters.read_name(n, n.place)
    if name is None or function_of(name.base) is not None or name.base in n.scope.variables:
        return
    place = name.end
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    if place < limit and n.tokens[place].kind == "sub":
        place = n.argument(place + 1, n.tokens[place])[2]
    if place < limit and n.tokens[place].kind == "left" and n.tokens[place].text == "(":
        place = n.match[place] + 1
    elif name.base not in n.scope.definitions and name.base not in n.scope.functions:
        return
    if place >= limit:
        return
    following = n.tokens[place]
    sign = following.text if following.kind == "other" else SIGNS.get(following.text, "")
    if following.kind in ("close", "right", "end", "cell", "quad") or following.is_command("\\", "cr"):
        return
    if following.kind in ("other", "command") and sign and sign in "+-−=≠<>≤≥,;.:|‖/∈":
        return
    token = n.tokens[start]
    sign = n.source(start, n.place)
    hint = rf"write ({n.source(start, place)}) ..., or {sign}({n.source(n.place, place)} ...)"
    if "^" not in sign:
        hint += "; this gradient is a row and needs no transpose"
    raise Mistake(
        "E-AMBIG",
        f"how far does {token.shown} reach?",
        [Span(token.start, following.end, "of this alone, or of the product?")],
        hint=hint,
    )
