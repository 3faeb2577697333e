"""Templates of products, quotients and powers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.expr import Expr
from mcalc.operators.leaves import decimal, number
from mcalc.render.glyphs import digits, is_negative
from mcalc.render.levels import ATOM, ELEMENTWISE, NEG, OPEN, OR, POWER, PRODUCT
from mcalc.render.sizes import may_lose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.expr import Number
    from mcalc.render.faces import Emitter, Item

POWERS = frozenset({"symbol", "matmul", "inverse", "add"})
"""Factors of a matrix product that are written once where they stand there several times in a row."""
OPEN_LAYOUTS = frozenset({"sigma", "product", "derivative"})


def is_odd_negative(node: Expr) -> bool:
    """Say whether a product is -1 times a single product, whose sign reading would put inside."""
    args = node.args
    return len(args) == 2 and args[0].attr == -1 and type(args[0].attr) is int and args[1].op.layout == "mul"


def negative_power(node: Expr) -> Number | None:
    """Return the exponent of a power that prints as a division: an exact number below zero."""
    if node.op.layout != "pow":
        return None
    exponent = node.args[1]
    if exponent.op.layout != "number" or type(exponent.attr) is float or exponent.attr >= 0:
        return None
    value: Number = exponent.attr
    return value


def is_open(node: Expr) -> bool:
    """Say whether the text of a factor ends in the body of a sum or a derivative."""
    return node.op.layout in OPEN_LAYOUTS


def base_power(emitter: Emitter, base: Expr, exponent: Number, alone: bool = False) -> tuple[int, list[Item]]:
    """Return a base to an exact number above zero; `alone` between the bars of a fraction, where it needs no ()."""
    face = emitter.face
    if exponent == 1:
        return POWER, [(base, OR if alone else POWER)]
    if exponent == Fraction(1, 2):
        return ATOM, face.root(base)
    if base.order == 2:
        return POWER, [(base, ATOM), *face.entry_power((number(exponent), ATOM))]
    if type(exponent) is int:
        return POWER, [(base, ATOM), face.short_power(str(exponent))]
    return POWER, [(base, ATOM), *face.power(face.rational(Fraction(exponent), inline=True))]


def power_parts(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """Return a power that stands alone; a negative exponent makes it a quotient of 1."""
    base, exponent = node.args
    face = emitter.face
    if emitter.named and exponent in emitter.named:
        by_entry = base.order == 2 or exponent.order == 2
        return POWER, [
            (base, ATOM),
            *(face.entry_power((exponent, ATOM)) if by_entry else face.power([(exponent, OR)])),
        ]
    value = negative_power(node)
    if value is not None:
        _, items = base_power(emitter, base, -value, face.fractions and not node.shape)
        if node.shape:
            return ELEMENTWISE, [*_one(emitter, node), face.oslash, *items]
        if face.fractions:
            return PRODUCT, face.fraction([("1", "number")], items)
        return PRODUCT, [("1", "number"), face.tight_slash, *items]
    layout = exponent.op.layout
    if layout == "number" and type(exponent.attr) is not float:
        return base_power(emitter, base, exponent.attr)
    if base.order == 2 or exponent.order == 2:
        return POWER, [(base, ATOM), *face.entry_power((exponent, ATOM))]
    short = _short_exponent(emitter, exponent)
    return POWER, [(base, ATOM), *([face.short_power(short)] if short else face.power([(exponent, OR)]))]


def _short_exponent(emitter: Emitter, exponent: Expr) -> str:
    """The text of an exponent that needs no parentheses: a name or a number. `^T` would be a transpose."""
    layout = exponent.op.layout
    if layout == "symbol" and exponent.attr[0].isalpha() and exponent.attr[0] != "T":
        return emitter.face.symbol(emitter, exponent.attr[0], exponent)
    if layout == "size" and str(exponent.attr).isalpha() and str(exponent.attr) != "T":
        return emitter.face.size(exponent.attr)[0]
    if layout == "number" and repr(exponent.attr).replace(".", "").isdecimal():
        return repr(exponent.attr)
    return ""


def _one(emitter: Emitter, node: Expr) -> list[Item]:
    """The numerator of an entry-by-entry quotient of 1: the vector of ones for a column."""
    return [emitter.face.one_vector if node.order == 1 and not node.is_row else ("1", "number")]


def _fraction(emitter: Emitter, out: list[Item], group: int, bottom: list[Item]) -> int:
    """Put what was printed from `group` on over `bottom`; return where the next numerator begins."""
    face = emitter.face
    if group < len(out) and out[group] is face.space:
        group += 1
    elif group == len(out) and out:
        out.append(face.space)
        group += 1
    top = out[group:] or [("1", "number")]
    if len(top) == 1 and top[0][0].__class__ is Expr and top[0][0].op.layout in ("add", "dot"):
        top = [(top[0][0], OR)]
    out[group:] = face.fraction(top, bottom)
    return len(out)


def _is_shown_as_one(args: Sequence[Expr], negative: bool) -> bool:
    """Say whether a leading 1 is printed: in a product of a derivation that is not worked out."""
    return not negative and len(args) == 2 and not args[1].shape and negative_power(args[1]) is None


def mul(emitter: Emitter, node: Expr, signed: bool = True) -> tuple[int, list[Item]]:
    """A product in the order of its factors; a negative exponent divides, tensors stand apart by `⊗` and `⊘`.

    With `signed` False the sign of its leading number is left out: the sum around it prints it.
    """
    face = emitter.face
    args = node.args
    named = emitter.named
    out: list[Item] = []
    tensors = 0
    groups = 0
    for f in args:
        if f.shape:
            tensors += 1
        elif f.op.layout == "matmul":
            groups += 1
    one_group = tensors + groups == 1
    last = len(args) - 1
    level = PRODUCT
    seen_tensor = False
    after_slash = False  # after a ⊘, which takes all that follows up to the next sign
    only_number = True
    negative = False
    start = 0
    lead = args[0]
    if lead.op.layout == "number":
        start = 1
        value = lead.attr
        if is_odd_negative(node):
            out = [face.opening, face.sign, ("1", "number"), face.closing]
            only_number = False
        else:
            if is_negative(value):
                negative = True
                value = -value
            if type(value) is Fraction:
                out = face.rational(value)
                only_number = bool(decimal(value))
            elif type(value) is not int or value != 1 or _is_shown_as_one(args, negative):
                out = [(face.number(value), "number")]
    # Where the numerator of the next fraction begins: after a number that is a fraction itself.
    group = len(out) if face.fractions and not only_number else 0
    for place in range(start, last + 1):
        f = args[place]
        layout = f.op.layout
        is_named = bool(named) and f in named
        if not is_named and (layout in {"pow", "number"}):
            exponent = negative_power(f) if layout == "pow" else None
            if exponent is not None:
                divide = not (f.shape or after_slash)
                _, items = base_power(emitter, f.args[0], -exponent, face.fractions and divide)
                if not divide:
                    if not out:
                        out = _one(emitter, f)
                    out.append(face.oslash)
                    out.extend(items)
                    level = ELEMENTWISE
                    seen_tensor = after_slash = True
                    group = len(out)
                    continue
                if face.fractions:
                    group = _fraction(emitter, out, group, items)
                    only_number = False
                    continue
                if not out:
                    out.append(("1", "number"))
                out.append(face.tight_slash if only_number else face.slash)
                out.extend(items)
                only_number = False
                continue
            if layout == "number":
                value = f.attr
                if type(value) is Fraction and value.numerator == 1:
                    bottom: list[Item] = [(digits(value.denominator), "number")]
                    if after_slash:
                        out += [face.oslash, *bottom]
                    elif face.fractions:
                        group = _fraction(emitter, out, group, bottom)
                    else:
                        out += [face.slash, *bottom]
                else:
                    out += [face.times if after_slash else face.space, face.opening, (f, 0), face.closing]
                only_number = False
                continue
        only_number = False
        bare = False
        if f.shape:
            if seen_tensor:
                out.append(face.times)
                level = ELEMENTWISE
                after_slash = False
                group = len(out)
            elif out:
                out.append(face.space)
            seen_tensor = True
            bare = tensors == 1 and layout == "matmul" and (place == last or not is_open(f.args[-1]))
        else:
            if after_slash:
                out.append(face.times)
                group = len(out)
            elif out:
                out.append(face.space)
            bare = one_group and layout == "matmul" and (place == last or not is_open(f.args[-1]))
        if bare:
            out.append((f, OPEN))
            if is_open(f.args[-1]):
                level = OPEN
        elif layout == "dot" and negative and not out:
            out.append((f, ELEMENTWISE if last == 1 else POWER))
        elif layout in OPEN_LAYOUTS and place == last and level == PRODUCT and not is_named:
            out.append((f, OPEN))
            level = OPEN
        else:
            out.append((f, POWER))
    if negative:
        if signed:
            out.insert(0, face.sign)
        level = NEG
    return level, out


def matmul(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A matrix product; a run of one square matrix is its power, one of its inverse a negative power."""
    emitter.reducing = emitter.reducing or may_lose(node)
    face = emitter.face
    args = node.args
    out: list[Item] = []
    level = PRODUCT
    place, count = 0, len(args)
    while place < count:
        f = args[place]
        run = 1
        is_named = emitter.named and f in emitter.named
        if f.order == 2 and (is_named or f.op.layout in POWERS):
            while place + run < count and args[place + run] is f:
                run += 1
        if out:
            out.append(face.space)
        place += run
        if run > 1 and f.op.layout == "inverse" and not is_named:
            out += [(f.args[0], ATOM), face.short_power(f"-{run}")]
        elif run > 1:
            out += [(f, ATOM), face.short_power(str(run))]
        elif is_open(f) and place == count and not is_named:
            out.append((f, OPEN))
            level = OPEN
        else:
            out.append((f, POWER))
    return level, out
