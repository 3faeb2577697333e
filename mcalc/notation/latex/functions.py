"""What commands with arguments make: functions, fractions, roots, and derivatives written as fractions."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.registry import entry_of, lookup, sign_of
from mcalc.notation.latex.state import State
from mcalc.notation.latex.structure import outside
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.tex import Tex, fail

BRACKETS = frozenset("([{")


def function(p: State, token: Tex) -> None:
    r"""Put the function that a command is, ``\log`` or ``\operatorname``'s shorthand."""
    function, last = lookup(token.text).value, token
    p.place += 1
    if function in ("ln", "log") and p.peek().is_command("det"):
        function, last = "logdet", p.peek()
        p.place += 1
    apply(p, function, token, last)


def has_argument(p: State) -> bool:
    """Say whether something follows that the word just passed may be a function of; if not, it is a name: MSE = ..."""
    place = letters.collect(p).place
    if place >= p.limit:
        return False
    token = p.tokens[place]
    if token.kind == "command":
        return lookup(token.text).kind not in ("sign", "refused", "row", "text", "unknown")
    return token.kind in ("letter", "digit", "open", "left", "begin") or token.is_other("|")


def apply(p: State, function: str, first: Tex, last: Tex) -> None:
    """Put a function whose name has just been passed; its brackets, of any kind, are those of a call.

    How far it reaches without brackets is decided where names are.
    """
    found = letters.collect(p)
    following = p.tokens[found.place] if found.place < len(p.tokens) else first
    if found.primes == 1 and found.sub is None and following.kind == "left" and following.text == "(":
        p.name(function, [], first, last, "function")
        p.place = found.place
        p.put("'", found.last)
        return
    if found.primes:
        hint = rf"write \frac{{d}}{{dx}} {function}(x)"
        raise mistake_at("E-SYNTAX", f"{function}' is no derivative here", (first, found.last), "which variable?", hint)
    sub = base = sup = ""
    if found.sub is not None:
        sub = letters.text_of(p, *found.sub)
        if first.text == "log":
            function, base, sub = "log", sub, ""
        elif function in ("max", "min", "ln", "log", "sum", "prod"):
            spans = [Span(first.start, found.last.end, "not read")]
            raise Mistake("E-UNSUPPORTED", f"{function} with {sub} below it is not read", spans)
    if found.sup is not None:
        marks, upright = letters.marks_of(p, *found.sup)
        sup = "ᵀ" if marks == "⊤" or (marks == "T" and upright) else f"^{{{marks}}}" if marks.isdecimal() else ""
        if not sup:
            said = f"{function}^{{{marks}}} has two readings"
            hint = f"a{function}(x) is the inverse function, 1/{function}(x) the power"
            raise mistake_at("E-AMBIG", said, (first, found.last), "inverse or power?", hint)
    p.place = found.place
    following = p.peek()
    p.name(function, [base] if base else [], first, last, "function")
    if following.kind == "open" or (following.kind == "left" and following.text in BRACKETS):
        end = p.match[p.place]
        p.put("(", following)
        p.enter(p.place + 1, end, "", ")", end + 1, lambda: _close(p, sub, sup))
        return
    if sub:
        p.sub(sub, found.last)
    if sup:
        p.put(sup, first, found.last)
    p.reaching = True


def _close(p: State, sub: str, sup: str) -> None:
    at = p.tokens[max(p.place - 1, 0)]
    if sub:
        p.sub(sub, at)
    if sup:
        p.put(sup, at)
    scripts.after(p, "group")


def over_index(p: State, function: str, first: Tex) -> bool:
    r"""Put ``\max_i x_i`` as the greatest element of a vector that is declared; say whether it is that."""
    start = p.place
    found = letters.collect(p)
    if found.sub is None or found.sup is not None:
        return False
    p.place = found.place
    read = letters.read_name(p, p.place)
    of = p.scope.variables.get(read.base) if read is not None and not read.subs else None
    if read is not None and of is not None and of.order == 1:
        below = letters.text_of(p, *found.sub)
        p.place = read.end
        index = letters.collect(p)
        letter = letters.text_of(p, *index.sub) if index.sub is not None else ""
        after = p.peek(index.place - p.place)
        ends = after.kind in ("close", "right", "end", "end of group", "cell", "quad") or after.is_other(*"+-=,.;<>")
        plain = index.sup is None and not index.primes and letter.isalpha() and letter not in p.known
        if plain and ends and below in (letter, f"1≤{letter}≤{of.shape[0]}"):
            p.put(f"{function}(", first)
            p.name(read.base, [], read.first, read.last)
            p.put(")", index.last)
            p.place = index.place
            p.note(f"{p.text[first.start : index.last.end]} is read as {function}({read.base})")
            return True
    p.place = start
    return False


FLAT = frozenset("|‖⊗·")


def fraction(p: State, token: Tex) -> None:
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

    def then() -> None:
        p.reaching = reaching
        scripts.after(p, "group")

    p.enter(bottom[0], bottom[1], "", "} }" if whole else "}", after, then)
    if flat:
        p.enter(top[0], top[1], "", "/ {", bottom[0])
    else:
        p.put("{", token)
        p.enter(top[0], top[1], "", "} / {", bottom[0])


def _is_product(p: State, start: int, end: int) -> bool:
    """Say whether a numerator is factors alone, which need no bracket before the line: a b/c.

    A dot between vectors needs one, since x · y/c is x · (y/c).
    """
    place = start
    dotted = vector = False
    while place < end:
        token = p.tokens[place]
        entry = entry_of(token)
        signed = entry.kind in ("other", "sign", "bar", "big", "partial", "nabla", "refused")
        sign = (entry.value or "∂") if signed else ""
        if entry.kind == "function":
            after = p.tokens[place + 1].kind if place + 1 < end else ""
            if after not in ("left", "open"):
                return False
        if token.kind == "letter" and letters.function_from(p, place):
            return False
        line = place + (token.kind == "open")
        derived = any([t.text in ("d", "partial") for t in p.tokens[line + 1 : line + 5]])
        if derived and entry_of(p.tokens[line]).kind == "fraction":
            return False  # a derivative reaches to the end of what stands above the line
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


def _may_be_vector(p: State, token: Tex) -> bool:
    """Say whether a token is no letter, number or sign of a scalar: a bold or a declared name, a call, a bracket."""
    entry = entry_of(token)
    if entry.kind == "letter":
        known = p.scope.variables.get(entry.value) or p.scope.definitions.get(entry.value)
        return known is not None and bool(known.shape)
    return token.kind in ("left", "begin") or (token.kind == "command" and entry.kind not in ("sign", "bar", "big"))


def past_bars(p: State, place: int, limit: int) -> int:
    """Return the place after the bars that close those at a place."""
    own, following = sign_of(p.tokens[place]), p.tokens[place + 1 : min(place + 2, limit)]
    double = own == "|" and any([sign_of(token) == "|" and token.glued for token in following])
    for at in outside(p.match, place + 1 + double, limit):
        if sign_of(p.tokens[at]) == own:
            return at + 1 + double
    raise fail("a bar is never closed", p.tokens[place], label="opened here")


def root(p: State, token: Tex) -> None:
    r"""Put ``\sqrt{x}`` or ``\sqrt[3]{x}``."""
    place = p.place + 1
    order = ""
    if place < len(p.tokens) and p.tokens[place].kind == "left" and p.tokens[place].text == "[":
        order = letters.text_of(p, place + 1, p.match[place])
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


def derivative(p: State, token: Tex, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> bool:
    r"""Put ``\frac{\partial f}{\partial x}`` or ``\frac{d}{dx}`` as a derivative; say whether it is one."""
    rest, below = p.differential(top[0], top[1]), p.differential(bottom[0], bottom[1])
    if not rest or not below or below == bottom[1]:
        return False
    p.put("∂", token)
    if rest < top[1] and p.tokens[rest].kind == "sup":
        start, stop, rest = p.argument(rest + 1, p.tokens[rest])
        p.put(f"^{letters.marks_of(p, start, stop)[0]}", token)

    def leave() -> None:
        p.below = False

    def line() -> None:
        p.put("/", token)
        p.below = True
        p.enter(bottom[0], bottom[1], "{", "}", bottom[2], leave)

    name = letters.read_name(p, rest, top[1])
    bare = rest == top[1] or (name is not None and name.end == top[1] and not name.upright)
    p.enter(rest, top[1], "" if bare else "(", "" if bare else ")", bottom[0], line)
    return True


def partial(p: State, token: Tex) -> None:
    r"""Put ``\partial``: of ``\partial f / \partial x``, or with its variable below, ``\partial_x f``."""
    p.place += 1
    found = letters.collect(p)
    order = f"^{letters.text_of(p, *found.sup)}" if found.sup is not None else ""
    p.put("∂", token)
    text = letters.text_of(p, *found.sub) if found.sub is not None else ""
    if text and not text.isdecimal():
        mixed = found.sub is not None and all([t.kind == "letter" for t in p.tokens[slice(*found.sub)]])
        if mixed and len(text) > 1 and not order and text not in p.known:
            p.put(f"^{len(text)} / ({' '.join([f'∂ {letter}' for letter in text])})", token, found.last)  # ∂_{xy}
        else:
            p.put(f"{order} / ∂ {text} {order}", token, found.last)
    else:
        if text:
            p.sub(text, found.last)
        if order:
            p.put(order, token, found.last)
    p.place = found.place


def nabla(p: State, token: Tex) -> None:
    r"""Put ``\nabla_w``, ``\nabla^2_w`` or ``\nabla``."""
    p.place += 1
    found = letters.collect(p)
    p.put("∇", token)
    if found.sup is not None:
        p.put(f"^{letters.text_of(p, *found.sup)}", token, found.last)
    if found.sub is not None:
        p.sub(letters.text_of(p, *found.sub), found.last)
    p.place = found.place
