"""The operator table: one row per operator, and everything else follows from the row.

>>> TABLE["sin"].formula
'd sin(x)/dx = cos(x)'
>>> FUNCTIONS["log"].name
'ln'
"""

from __future__ import annotations

from mcalc.expr import Operator
from mcalc.operators import (
    abstract,
    arithmetic,
    blocks,
    cross,
    derivative,
    expectation,
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
from mcalc.operators import pickling as copies

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
    expectation,
    derivative,
    solutions,
    matrix_functions,
    spectral,
    singular,
)
"""The files of the table; the body of a composed function uses rows of its own file and of those before it."""
TABLE: dict[str, Operator] = {row.name: row for module in MODULES for row in module.ROWS}
FUNCTIONS: dict[str, Operator] = {spelling: row for row in TABLE.values() for spelling in row.spellings}
copies.by_name(TABLE)
