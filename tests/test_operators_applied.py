"""What each row of the operator table says of arguments that it takes: golden/applied.txt, row by row.

A line has the arguments, the shape of what is made of them, whether that is symmetric or a row, its local Jacobian by
each argument, what it is composed of, and its value: the entries weighted by their places, at real and at complex
numbers. `MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc.calculus.accumulate.differentiate import local_jacobian
from mcalc.dims import Dim
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import TABLE
from mcalc.operators.leaves import NUMBER, SIZE, number, size, symbol
from mcalc.operators.linear import transpose
from mcalc.render.text import unicode
from tests.said import said_in, write
from tests.test_operators_rows import OPEN_SIGN, shapes

GOLDEN = Path(__file__).parent / "golden" / "applied.txt"
NOT_TAKEN = (ShapeError, Mistake, TypeError, AttributeError, ValueError, AssertionError, IndexError, KeyError)
k, m, n = Dim.named("k"), Dim.named("m"), Dim.named("n")
s, x, y, A, C = symbol("s"), symbol("x", (n,)), symbol("y", (n,)), symbol("A", (m, n)), symbol("C", (n, n))
S, D, T = symbol("S", (n, n), frozenset({"symmetric"})), symbol("D", (n, n)), symbol("T", (k, m, n))
ONE = (s, x, transpose(x), C, S, A, T, number(2), size(n), make(TABLE["diag"], (x,)))
TWO = (s, x, transpose(y), C, S, A, number(2), size(n))
THREE = (s, x, C, S, number(2))
SHORT = 12
"""As many lines as a row has at most."""


def data(shift: complex = 0.0) -> dict[str, Any]:
    """Return numbers for all letters, each moved by a bit; S is positive definite."""
    rng = np.random.default_rng(6)
    lengths = {"s": (), "x": (3,), "y": (3,), "A": (2, 3), "C": (3, 3), "D": (3, 3), "T": (4, 2, 3), "S": (3, 3)}
    found: dict[str, Any] = {name: rng.uniform(0.2, 0.9, size) for name, size in lengths.items()}
    found["S"] = found["S"] @ found["S"].T + np.diag([1.0, 2.0, 4.0])
    return {**{name: value + shift for name, value in found.items()}, "k": 4, "m": 2, "n": 3}


def nodes(row: Operator) -> list[Expr]:
    """Return a row of arguments that it takes: of a function of numbers only two kinds, else of some of all kinds."""
    least, most = row.arity
    found: list[Expr] = []
    if row.kind in ("leaf", "binder") and not least:
        return []
    if shapes(row) == "entry by entry":
        choices = [(s, x, s)[:least], (x, y, x)[:least]]
    else:
        counts = range(max(least, 1), min(3 if most is None else most, 3) + 1)
        choices = [args for count in counts for args in product((ONE, TWO, THREE)[count - 1], repeat=count)]
    for args in choices:
        with suppress(*NOT_TAKEN):
            node = make(row, args)
            found += [node] if type(node.shape) is tuple else []
    step = max(len(found) / SHORT, 1.0)
    return [found[int(place * step)] for place in range(min(len(found), SHORT))]


def term(one: LocalTerm) -> str:
    """Return a term of a local Jacobian: its coefficient, its factors with labels, and where it leads from and to."""
    factors = [f"[{unicode(base)}]{','.join([str(label) for label in labels])}" for base, labels in one.factors]
    ends = [",".join([str(label) for label in labels]) for labels in (one.arg, one.out)]
    return f"{one.coef} {' '.join(factors)} ({ends[0]} → {ends[1]})"


def local(node: Expr) -> Iterator[str]:
    """Yield the local Jacobian of a node by each of its arguments, or why there is none."""
    for place, arg in enumerate(node.args):
        if arg.op in (NUMBER, SIZE):
            continue
        try:
            found = [term(one) for one in local_jacobian(node, place)]
        except Mistake as mistake:
            found = [mistake.message]
        except NOT_TAKEN:
            continue
        yield f"by {place}: {' + '.join(found) or '0'}"


def weighted(node: Expr, values: dict[str, Any]) -> str:
    """Return the sum of the entries of a value, each times the root of its place."""
    try:
        with np.errstate(all="ignore"):
            found = np.ravel(np.asarray(evaluate(node, values)))
    except (*NOT_TAKEN, np.linalg.LinAlgError):
        return "-"
    total = complex(found @ np.sqrt(np.arange(1.0, len(found) + 1)))
    shown = [f"{part if abs(part) > 1e-9 else 0.0:.4g}" for part in (total.real, total.imag)]
    return f"{shown[0]} + {shown[1]} i" if np.iscomplexobj(found) else shown[0]


def line(node: Expr) -> str:
    """Return what a row says of some arguments."""
    row, args = node.op, node.args
    shape = "×".join([str(dim) for dim in node.shape]) or "1"
    said = [shape + " symmetric" * (node.order == 2 and node.is_symmetric) + " row" * node.is_row]
    if row.kind not in ("defined", "spelling", "binder"):
        said += local(node)
    if row.body is not None:
        try:
            said.append(f"= {unicode(row.body(*args))}")
        except NOT_TAKEN:
            said.append("= none")
    if row.name.startswith(OPEN_SIGN):
        # of these the sign is settled, and no two eigenvalues are one
        if args[:2] == (C, S) or (args[1:] == (number(2),) and "vecs" in row.name):
            said.append(weighted(node, data()))
    elif row.kind != "spelling":
        said += [weighted(node, data()), weighted(node, data(0.01 + 0.03j))]
    return f"{', '.join([unicode(arg) for arg in args])}: {'; '.join(said)}"


def told(row: Operator) -> list[str]:
    """Return the lines of golden/applied.txt on a row: what is said of it in words comes first."""
    words = (row.rule, row.section, row.formula, row.domain, row.kink, row.example, *row.also)
    return [" | ".join([word for word in words if word]), *[line(node) for node in nodes(row)]]


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# What each row says of arguments that it takes: tests/test_operators_applied.py."
    write(GOLDEN, head, {name: lines for name, row in TABLE.items() if (lines := told(row))})
SAID = said_in(GOLDEN)


@pytest.mark.parametrize("name", TABLE)
def test_a_row_says_of_its_arguments_what_it_did(name: str) -> None:
    assert told(TABLE[name]) == SAID.get(name, [])
