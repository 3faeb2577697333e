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
    bivariate,
    blocks,
    convolution,
    cross,
    derivative,
    expectation,
    extremes,
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
from mcalc.operators import implicit_function as implicit
from mcalc.operators import pickling as copies
from mcalc.operators import slicing as slices

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
