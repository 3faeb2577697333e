"""The operator table: one row per operator, and everything else follows from the row.

>>> TABLE["sin"].formula
'd sin(x)/dx = cos(x)'
>>> FUNCTIONS["log"].name
'ln'
"""

from __future__ import annotations

import copyreg

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator, make, walk
from mcalc.operators import (
    abstract,
    arithmetic,
    blocks,
    cross,
    kronecker,
    leaves,
    linear,
    matrix,
    matrix_functions,
    network,
    singular,
    solutions,
    special,
    spectral,
    toeplitz,
)
from mcalc.operators import axes as along
from mcalc.operators import elementwise as functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODULES = (
    leaves,
    arithmetic,
    functions,
    special,
    linear,
    blocks,
    along,
    matrix,
    kronecker,
    toeplitz,
    cross,
    network,
    abstract,
    solutions,
    matrix_functions,
    spectral,
    singular,
)
"""The files of the table; the body of a composed function uses rows of its own file and of those before it."""
TABLE: dict[str, Operator] = {row.name: row for module in MODULES for row in module.ROWS}
FUNCTIONS: dict[str, Operator] = {spelling: row for row in TABLE.values() for spelling in row.spellings}


def copied_by_name() -> None:
    """Let operators, and expressions made of them, be pickled and copied by names of rows: a copy is the same object.

    An expression is a flat list of rows, so that a deep one needs no recursion.

    >>> import copy, pickle
    >>> from mcalc.api import parse
    >>> x = parse("sin(w · x)")
    >>> pickle.loads(pickle.dumps(x)).text, copy.deepcopy(x).expr is x.expr
    ('sin(w · x)', True)
    """
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
    return TABLE[name]


def made(steps: list[tuple[str, list[int], Any]]) -> Expr:
    """Return the expression that a list of rows makes, each with the places of its arguments."""
    found: list[Expr] = []
    for name, places, attr in steps:
        found.append(make(TABLE[name], tuple([found[place] for place in places]), attr))
    return found[-1]


copied_by_name()
