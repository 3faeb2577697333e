"""Templates of products, quotients and powers."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.expr import Expr
from mcalc.operators.leaves import decimal, is_fraction, number, ratio
from mcalc.render.faces import ATOM, ELEMENTWISE, NEG, OPEN, OR, POWER, PRODUCT, Emitter, Item
from mcalc.render.glyphs import digits, is_negative
from mcalc.render.naming import may_lose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


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
    if exponent == 0.5:
        return ATOM, face.root(base)
    if base.order == 2:
        return POWER, [(base, ATOM), *face.entry_power((number(exponent), ATOM))]
    if type(exponent) is int:
        return POWER, [(base, ATOM), face.short_power(str(exponent))]
    return POWER, [(base, ATOM), *face.power(face.rational(ratio(exponent), inline=True))]


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
    return POWER, [(base, ATOM), *raised(emitter, exponent)]


def raised(emitter: Emitter, exponent: Expr) -> list[Item]:
    """Return an exponent, in parentheses where it needs them."""
    short = "" if exponent in emitter.named else _short_exponent(emitter, exponent)
    return [emitter.face.short_power(short)] if short else emitter.face.power([(exponent, OR)])


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


class _Product:
    """A product that is being written: what is there so far, and what the next factor has to know of it."""

    __slots__ = (
        "after_slash", "args", "emitter", "face", "group", "level", "negative", "one_group", "only_number", "out",
        "seen_tensor", "tensors",
    )  # fmt: skip

    def __init__(self, emitter: Emitter, node: Expr) -> None:
        self.emitter = emitter
        self.face = emitter.face
        self.args = node.args
        self.out: list[Item] = []
        self.level = PRODUCT
        self.tensors = groups = 0
        for f in node.args:
            if f.shape:
                self.tensors += 1
            elif f.op.layout == "matmul":
                groups += 1
        self.one_group = self.tensors + groups == 1
        self.negative = self.seen_tensor = False
        self.only_number = True
        self.after_slash = False
        """After a ⊘, which takes all that follows up to the next sign."""
        self.group = 0
        """Where the numerator of the next fraction begins: after a number that is a fraction itself."""

    def lead(self, node: Expr) -> None:
        """Write the number that a product begins with."""
        face = self.face
        value = node.args[0].attr
        if is_odd_negative(node):
            self.out = [face.opening, face.sign, ("1", "number"), face.closing]
            self.only_number = False
        else:
            if is_negative(value):
                self.negative = True
                value = -value
            if is_fraction(value):
                self.out = face.rational(value)
                self.only_number = bool(decimal(value))
            elif type(value) is not int or value != 1 or _is_shown_as_one(node.args, self.negative):
                self.out = [(face.number(value), "number")]
        self.group = len(self.out) if face.fractions and not self.only_number else 0

    def divide(self, f: Expr, exponent: Number) -> None:
        """Write a power below a bar, or after a ⊘."""
        face, out = self.face, self.out
        divide = not (f.shape or self.after_slash)
        _, items = base_power(self.emitter, f.args[0], -exponent, face.fractions and divide)
        if not divide:
            if not out:
                out += _one(self.emitter, f)
            out.append(face.oslash)
            out.extend(items)
            self.level = ELEMENTWISE
            self.seen_tensor = self.after_slash = True
            self.group = len(out)
            return
        if face.fractions:
            self.group = _fraction(self.emitter, out, self.group, items)
        else:
            if not out:
                out.append(("1", "number"))
            out.append(face.tight_slash if self.only_number else face.slash)
            out.extend(items)
        self.only_number = False

    def number(self, f: Expr) -> None:
        """Write a number that is not the first factor: 1/2 below a bar, any other in brackets."""
        face, value = self.face, f.attr
        if is_fraction(value) and value.numerator == 1:
            bottom: list[Item] = [(digits(value.denominator), "number")]
            if self.after_slash:
                self.out += [face.oslash, *bottom]
            elif face.fractions:
                self.group = _fraction(self.emitter, self.out, self.group, bottom)
            else:
                self.out += [face.slash, *bottom]
        elif self.negative and not self.out and len(self.args) == 2:
            self.out.append((f, ATOM))  # - 0
        else:
            self.out += [face.times if self.after_slash else face.space, face.opening, (f, 0), face.closing]
        self.only_number = False

    def factor(self, f: Expr, is_last: bool, is_named: bool) -> None:
        """Write a factor behind its sign, in the brackets that it needs."""
        face, out, layout = self.face, self.out, f.op.layout
        self.only_number = False
        if self.seen_tensor if f.shape else self.after_slash:
            out.append(face.times)
            self.group = len(out)
            if f.shape:
                self.level = ELEMENTWISE
                self.after_slash = False
        elif out:
            out.append(face.space)
        self.seen_tensor = self.seen_tensor or bool(f.shape)
        alone = self.tensors == 1 if f.shape else self.one_group
        if alone and layout == "matmul" and (is_last or not is_open(f.args[-1])):
            out.append((f, OPEN))
            if is_open(f.args[-1]):
                self.level = OPEN
        elif layout == "dot" and self.negative and not out:
            out.append((f, ELEMENTWISE if len(self.args) == 2 else POWER))
        elif layout in OPEN_LAYOUTS and is_last and self.level == PRODUCT and not is_named:
            out.append((f, OPEN))
            self.level = OPEN
        else:
            out.append((f, POWER))


def mul(emitter: Emitter, node: Expr, signed: bool = True) -> tuple[int, list[Item]]:
    """A product in the order of its factors; a negative exponent divides, tensors stand apart by `⊗` and `⊘`.

    With `signed` False the sign of its leading number is left out: the sum around it prints it.
    """
    written = _Product(emitter, node)
    args, named = node.args, emitter.named
    start = int(args[0].op.layout == "number")
    if start:
        written.lead(node)
    for place in range(start, len(args)):
        f = args[place]
        layout = f.op.layout
        is_named = bool(named) and f in named
        exponent = negative_power(f) if layout == "pow" and not is_named else None
        if exponent is not None:
            written.divide(f, exponent)
        elif layout == "number" and not is_named:
            written.number(f)
        else:
            written.factor(f, place == len(args) - 1, is_named)
    if written.negative:
        if signed:
            written.out.insert(0, emitter.face.sign)
        return NEG, written.out
    return written.level, written.out


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
