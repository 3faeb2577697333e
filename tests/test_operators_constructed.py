"""What the operators' own functions make of small arguments: golden/constructed.txt, a line for each first argument.

`MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from mcalc.dims import Dim
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import add, div, mul, neg, power
from mcalc.operators.leaves import eye, number, ones, size, symbol, zeros
from mcalc.operators.linear import OUTER, diag, dot, matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.render.text import unicode

GOLDEN = Path(__file__).parent / "golden" / "constructed.txt"
n, m = Dim.named("n"), Dim.named("m")
s, t, x, y = symbol("s"), symbol("t"), symbol("x", (n,)), symbol("y", (n,))
A, B = symbol("A", (n, n)), symbol("B", (m, n))
S = symbol("S", (n, n), frozenset({"symmetric"}))


def outer(left: Expr, right: Expr) -> Expr:
    return make(OUTER, (left, right))


ARGUMENTS = [
    *[number(value) for value in (0, 1, -1, 2, -3, Fraction(1, 2), 0.5, 10**40)],
    *(size(n), s, mul(number(2), s), power(s, number(2)), power(s, number(-1)), power(s, number(Fraction(1, 2)))),
    *(add(s, t), transpose(A), matmul(A, S), matmul(transpose(A), A), inv(S), diag(x), outer(x, x), outer(x, y)),
    *(x, y, ones((n,)), zeros((n,)), mul(number(2), x), transpose(x), A, B, S, eye(n), zeros((n, n)), ones((n, n))),
]
ONE: dict[str, Callable[[Expr], Expr]] = {"neg": neg, "transpose": transpose, "inv": inv, "diag": diag}
TWO: dict[str, Callable[[Expr, Expr], Expr]] = {
    "add": add, "mul": mul, "div": div, "power": power, "matmul": matmul, "dot": dot, "outer": outer,
}  # fmt: skip


def made(function: Callable[..., Expr], *args: Expr) -> str:
    """Return what a function makes of some arguments; a cross behind it is for one that is symmetric."""
    try:
        found = function(*args)
    except (ShapeError, Mistake, AssertionError, IndexError, TypeError, ValueError, ZeroDivisionError, AttributeError):
        return "-"
    text = unicode(found)
    return (text if len(text) < 60 else f"{text[:20]}…{text[-20:]}") + "+" * (found.order == 2 and found.is_symmetric)


def lines(name: str) -> dict[str, str]:
    """Return the lines of golden/constructed.txt on a function, by its first argument."""
    if name in ONE:
        return {name: "; ".join([made(ONE[name], arg) for arg in ARGUMENTS])}
    each = {f"{name} {k}": [made(TWO[name], arg, other) for other in ARGUMENTS] for k, arg in enumerate(ARGUMENTS)}
    return {key: "; ".join(found) for key, found in each.items() if {*found} != {"-"}}


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# What each function makes of a first argument and each second one; + is symmetric, - is refused."
    told = [f"{key} | {line}" for name in (*ONE, *TWO) for key, line in lines(name).items()]
    GOLDEN.write_text("\n".join([head, "", *told, ""]), "utf-8")
SAID = dict([text.split(" | ", 1) for text in GOLDEN.read_text("utf-8").split("\n") if " | " in text])


@pytest.mark.parametrize("name", [*ONE, *TWO])
def test_the_functions_make_of_small_arguments_what_they_did(name: str) -> None:
    assert lines(name) == {key: line for key, line in SAID.items() if key.split(" ")[0] == name}
