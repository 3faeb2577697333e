"""Factors that have a name: a number, times powers of sizes and of scalar variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from mcalc.expr import Dim, Expr
from mcalc.operators.arithmetic import add, mul, power
from mcalc.operators.leaves import SIZE, number, size

CLOSE = 1e-8
DENOMINATOR = 24
MOST_NAMES = 4
"""Of more sizes and variables than this a factor is a number alone."""
LARGEST_POWER = 3


class Factor:
    """A number, times powers of sizes, of a size less one, and of scalar variables.

    >>> n = size(Dim.named("n"))
    >>> str(Factor(Fraction(2), [("n", n, -1)])), str(Factor(Fraction(1, 2))), str(Factor(Fraction(1), [("n", n, 1)]))
    ('2/n', '1/2', 'n')
    """

    __slots__ = ("number", "powers")

    def __init__(self, number: Fraction, powers: Sequence[tuple[str, Expr, int]] = ()) -> None:
        self.number = number
        self.powers = list(powers)

    @property
    def is_plain(self) -> bool:
        """Whether it is a number alone."""
        return not self.powers

    @property
    def is_size(self) -> bool:
        """Whether it is made of sizes alone, but for its sign."""
        return bool(self.powers) and abs(self.number) == 1 and all([part.op is SIZE for _, part, _ in self.powers])

    def is_number(self, *values: int) -> bool:
        """Say whether it is one of some numbers."""
        return self.is_plain and self.number in values

    @property
    def expr(self) -> Expr:
        """The factor as an expression."""
        return mul(number(self.number), *[power(part, number(exponent)) for _, part, exponent in self.powers])

    @property
    def inverse(self) -> Factor:
        """One by the factor."""
        return Factor(1 / self.number, [(name, part, -exponent) for name, part, exponent in self.powers])

    def __str__(self) -> str:
        above = [_raised(name, exponent) for name, _, exponent in self.powers if exponent > 0]
        below = [_raised(name, -exponent) for name, _, exponent in self.powers if exponent < 0]
        if self.number.denominator != 1:
            below.insert(0, str(self.number.denominator))
        if abs(self.number.numerator) != 1 or not above:
            above.insert(0, str(self.number.numerator))
        elif self.number < 0:
            above[0] = f"-{above[0]}"
        bottom = f"({' '.join(below)})" if len(below) > 1 else "".join(below)
        return f"{' '.join(above)}/{bottom}" if below else " ".join(above)


def _raised(name: str, exponent: int) -> str:
    text = f"({name})" if " " in name else name
    return text if exponent == 1 else f"{text}^{exponent}"


def factor_of(
    factors: Sequence[float], at: Sequence[Mapping[str, Any]], sizes: Sequence[str], variables: Sequence[Expr]
) -> Factor | None:
    """Return the factor that has these values at some points, where there is one of few names and small numbers."""
    if not factors or not all(factors):
        return Factor(Fraction(0)) if factors and not any(factors) else None
    constant = _rational(factors)
    if constant is not None:
        return Factor(constant)
    names = [(name, size(Dim.named(name)), [float(values[name]) for values in at]) for name in sizes]
    names += [(v.attr[0], v, [float(values[v.attr[0]]) for values in at]) for v in variables if not v.shape]
    return _monomial(factors, names) or _monomial(factors, _one_less(sizes, at))


def _one_less(sizes: Sequence[str], at: Sequence[Mapping[str, Any]]) -> list[tuple[str, Expr, list[float]]]:
    """Each size, and one less than it, as where a variance is divided by n - 1."""
    found: list[tuple[str, Expr, list[float]]] = []
    for name in sizes:
        whole = size(Dim.named(name))
        found.append((name, whole, [float(values[name]) for values in at]))
        found.append((f"{name} - 1", add(whole, number(-1)), [float(values[name] - 1) for values in at]))
    return found


def _monomial(factors: Sequence[float], names: Sequence[tuple[str, Expr, list[float]]]) -> Factor | None:
    """The product of powers, found by the logarithms of the factors and then held against them."""
    import numpy as np

    names = [(name, part, values) for name, part, values in names if all(values)]
    if not names or len(names) > MOST_NAMES or len(factors) < len(names) + 2:
        return None
    table = np.log(np.abs([values for _, _, values in names])).T
    solved, _, rank, _ = np.linalg.lstsq(
        np.column_stack([np.ones(len(factors)), table]), np.log(np.abs(factors)), rcond=None
    )
    exponents = [round(float(exponent)) for exponent in solved[1:]]
    if rank <= len(names) or not any(exponents) or max(map(abs, exponents)) > LARGEST_POWER:
        return None
    rest = np.array(factors)
    for (_, _, values), exponent in zip(names, exponents, strict=True):
        rest = rest / np.array(values) ** exponent
    constant = _rational([float(value) for value in rest])
    if constant is None:
        return None
    powers = [(name, part, k) for (name, part, _), k in zip(names, exponents, strict=True) if k]
    return Factor(constant, powers)


def _rational(values: Sequence[float]) -> Fraction | None:
    """Return the number of small denominator that all values are, if they are one."""
    if max(values) - min(values) > CLOSE * max(map(abs, values)):
        return None
    found = Fraction(values[0]).limit_denominator(DENOMINATOR)
    return found if abs(found - Fraction(values[0])) <= CLOSE * abs(values[0]) else None
