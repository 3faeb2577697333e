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
    along,
    arithmetic,
    bivariate,
    blocks,
    convolution,
    copies,
    cross,
    derivative,
    expectation,
    extremes,
    functions,
    implicit,
    kronecker,
    leaves,
    linear,
    matrix,
    matrix_functions,
    network,
    singular,
    slices,
    solutions,
    special,
    spectral,
    toeplitz,
)

MODULES = (
    leaves,
    arithmetic,
    functions,
    special,
    bivariate,
    linear,
    blocks,
    slices,
    along,
    matrix,
    extremes,
    kronecker,
    toeplitz,
    convolution,
    cross,
    network,
    abstract,
    implicit,
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
