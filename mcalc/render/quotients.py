"""Quotients as a person writes them: one division for a product, and what is long beside a bar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod

from mcalc.calculus.basics.length import length
from mcalc.calculus.matrix.chains import rank
from mcalc.expr import Expr, make, nodes_of, rebuild, remembered_of
from mcalc.operators.arithmetic import MUL, POW
from mcalc.operators.leaves import NUMBER, decimal, is_fraction, number, ratio
from mcalc.render.product_templates import negative_power

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


SHORT = 4
"""The length of a factor that goes over a bar with others."""
LONG = 14
"""The length of a numerator that stands beside its fraction, where the denominator is short."""
LONGEST = 40
"""The length of a numerator that stands beside its fraction whatever the denominator is."""
PLAIN = frozenset({"symbol", "size", "pi", "element"})
"""Names of numbers, which after a slash seem to belong to the denominator: a / b c."""
BESIDE = frozenset({"sigma", "product", "derivative", "cases", "einsum", "block"})
"""Factors that no numerator holds together with others, or well."""


def gathered(root: Expr, *, bars: bool = True, slashes: bool = False) -> Expr:
    """Return an expression in which the scalars that divide one product do so in one division: a / (2 s).

    With `bars`, for fractions that LaTeX sets, what is divided by a number or a size, and is more than a name, comes
    after the fraction, and so does what is long. With `slashes`, for text, no name of a number follows a division, as
    in a / b c. The value is the same, factor by factor; what is read of the printed text is this expression.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.render.text import unicode
    >>> s, t, z = symbol("s"), symbol("t"), symbol("z")
    >>> by_t, by_z = make(POW, (t, number(-1))), make(POW, (z, number(-2)))
    >>> unicode(gathered(make(MUL, (number(ratio(1, 2)), s, by_t, by_z))))
    's / (2 t z²)'
    """
    if bars:
        return _gathered(root, bars=True, slashes=False)
    return (_with_slashes if slashes else _with_fractions)(root) or root


@remembered_of
def _with_slashes(root: Expr) -> Expr | None:
    return _in_line(root, slashes=True)


@remembered_of
def _with_fractions(root: Expr) -> Expr | None:
    return _in_line(root, slashes=False)


def _in_line(root: Expr, *, slashes: bool) -> Expr | None:
    """Return an expression gathered without bars; None where no product in it is unclear, and it stays as it is."""
    if not any([node.op is MUL and _is_unclear(node.args, slashes) for node in nodes_of(root)]):
        return None
    made = _gathered(root, bars=False, slashes=slashes)
    return None if made is root else made


def _gathered(root: Expr, *, bars: bool, slashes: bool) -> Expr:
    tall: set[Expr] = set()

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if not args and node.op is not NUMBER:
            return node
        made = node if args == node.args else make(node.op, args, node.attr)
        while made.op is MUL and (bars or _is_unclear(made.args, slashes)):
            again = _Product(made.args, tall, bars=bars, slashes=slashes).gathered()
            if again is None:
                break
            made = again
        if bars and (divides(made) or any([arg in tall or (made is not node and divides(arg)) for arg in made.args])):
            tall.add(made)
        return made

    return rebuild(root, change)


def _is_unclear(args: Sequence[Expr], slashes: bool) -> bool:
    """Say whether a product divides twice, or a number follows its slash, as in a / b c."""
    places = [place for place, arg in enumerate(args) if divides(arg)]
    if len(places) != 1 or not slashes:
        return len(places) > 1
    return (places[0] > 0 or args[0].op is POW) and places[0] < _last_number(args)


def _last_number(args: Sequence[Expr]) -> int:
    """Return the place of the last factor that is a name of a number, or a power of one; -1 without."""
    plain = [not arg.shape and (arg.args[0] if arg.op is POW else arg).op.layout in PLAIN for arg in args]
    return max([place for place, is_plain in enumerate(plain) if is_plain], default=-1)


def divides(node: Expr) -> bool:
    """Say whether something makes a fraction."""
    if node.op is NUMBER:
        return type(node.attr) is not int and _has_bar(node.attr)
    return node.op is POW and not node.shape and negative_power(node) is not None


def _has_bar(value: Number) -> bool:
    """Say whether a number is written as a fraction, and not as a whole or decimal number."""
    return is_fraction(value) and not decimal(value)


class _Product:
    """The factors of a product: what stands over the bar, under it, and after the last fraction."""

    def __init__(self, args: Sequence[Expr], tall: Collection[Expr], *, bars: bool, slashes: bool) -> None:
        self.args = args
        self.bars = bars
        self.tall = tall
        self.lead: Number = 1
        self.top: list[Expr] = []
        self.under: list[tuple[Expr, Number]] = []
        self.numbers: list[int] = []
        last = max([place for place, arg in enumerate(args) if divides(arg)], default=-1)
        if slashes:
            last = max(last, _last_number(args))
        self.after = list(args[last + 1 :])
        for place, arg in enumerate(args[: last + 1]):
            self._sort(arg, first=not place)

    def _sort(self, arg: Expr, *, first: bool) -> None:
        """Put a factor over the bar or under it."""
        if arg.op.layout == "number" and (first or (is_fraction(arg.attr) and arg.attr.numerator == 1)):
            value = arg.attr
            if first:
                self.lead = value.numerator if _has_bar(value) else value
            if _has_bar(value):
                self.numbers.append(value.denominator)
        elif divides(arg) and arg.op is POW:
            self.under.append((arg.args[0], -arg.args[1].attr))
        else:
            self.top.append(arg)

    def gathered(self) -> Expr | None:
        """Return the product written anew; None where it stays as it is."""
        if len(self.numbers) > 1 or not (self.numbers or self.under):
            return None
        alone = self.top[0] if len(self.top) == 1 else None
        inner = alone.args if alone is not None and alone.op is MUL and self.lead in (1, -1) else ()
        if inner and not any([factor.op.layout == "number" for factor in inner[1:]]):
            if inner[0].op.layout != "number":
                self.top = list(inner)
            elif self.lead == 1 and not is_fraction(inner[0].attr):
                self.lead, self.top = inner[0].attr, list(inner[1:])
        if not self.under and not self.top:
            return None
        made = self._written()
        return None if made == tuple(self.args) else make(MUL, made) if len(made) > 1 else made[0]

    def _written(self) -> tuple[Expr, ...]:
        below = self._below()
        over, beside = self._over_and_beside()
        signed = [] if self.lead == 1 else [number(self.lead)]
        if below is None:
            assert self.numbers
            part = ratio(1, self.numbers[0])
            alone = [] if self.lead * part == 1 else [number(self.lead * part)]
            head = [*signed, *over, number(part)] if over else alone
        else:
            head = [*signed, *over, below]
        return (*head, *beside, *self.after)

    def _below(self) -> Expr | None:
        """Return the factor that divides; None where that is a number alone."""
        if not self.under:
            return None
        if len(self.under) == 1 and not self.numbers:
            base, exponent = self.under[0]
            return make(POW, (base, number(-exponent)))
        whole = prod(self.numbers)
        factors: list[Expr] = []
        for base, exponent in self.under:
            if exponent != 1:
                factors.append(make(POW, (base, number(exponent))))
                continue
            inner = base.args if base.op is MUL else (base,)
            if type(inner[0].attr) is int and inner[0].op.layout == "number":
                whole, inner = whole * inner[0].attr, inner[1:]
            factors += inner
        factors.sort(key=rank)
        return make(POW, (make(MUL, tuple([number(whole)] * (whole != 1) + factors)), number(-1)))

    def _over_and_beside(self) -> tuple[list[Expr], list[Expr]]:
        """Part the numerator into what stands over the bar and what comes after the fraction."""
        top = self.top
        if not top or not self.bars or not self._is_long():
            return top, []
        over = [one for one in top if not one.shape and one.op.layout not in BESIDE and length(one) <= SHORT]
        return over, [one for one in top if one not in over]

    def _is_long(self) -> bool:
        top = self.top
        plain = all([base.op.layout == "size" for base, _ in self.under])
        tensors = [one for one in top if one.shape]
        if any([one.op.layout in BESIDE for one in top]) or len(tensors) > 1:
            return True
        if tensors and (plain or tensors[0].op is POW):
            return True
        total = sum([length(one) for one in top])
        few = len(self.under) + len(self.numbers) == 1 and not any([base.args for base, _ in self.under])
        if few and any([one in self.tall for one in top]):
            return True
        return total > (SHORT if few and tensors else LONG if few or tensors else LONGEST)
