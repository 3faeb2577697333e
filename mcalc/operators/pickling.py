"""Expressions as pickles and copies: a flat list of rows by name, so that a deep one needs no recursion."""

from __future__ import annotations

import copyreg

from mcalc.expr import Dim, Expr, Operator, make, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_rows: dict[str, Operator] = {}


def by_name(table: dict[str, Operator]) -> None:
    """Let operators of this table, and expressions made of them, be pickled and copied: a copy is the same object.

    >>> import copy, pickle
    >>> from mcalc.api import parse
    >>> x = parse("sin(w · x)")
    >>> pickle.loads(pickle.dumps(x)).text, copy.deepcopy(x).expr is x.expr
    ('sin(w · x)', True)
    """
    _rows.update(table)
    copyreg.pickle(Operator, _reduced_row)
    copyreg.pickle(Dim, _reduced_size)
    copyreg.pickle(Expr, _reduced)


def _reduced_row(row: Operator) -> tuple[Any, ...]:
    return row_named, (row.name,)


def _reduced_size(size: Dim) -> tuple[Any, ...]:
    return Dim, (size.terms,)


def _reduced(expr: Expr) -> tuple[Any, ...]:
    places: dict[Expr, int] = {}
    steps: list[tuple[str, list[int], Any]] = []
    for node in walk(expr):
        places[node] = len(steps)
        steps.append((node.op.name, [places[arg] for arg in node.args], node.attr))
    return made, (steps,)


def row_named(name: str) -> Operator:
    """Return the row of the operator table with a name."""
    return _rows[name]


def made(steps: list[tuple[str, list[int], Any]]) -> Expr:
    """Return the expression that a list of rows makes, each with the places of its arguments."""
    found: list[Expr] = []
    for name, places, attr in steps:
        found.append(make(_rows[name], tuple([found[place] for place in places]), attr))
    return found[-1]
