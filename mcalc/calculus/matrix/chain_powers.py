"""Powers in chains of matrices: A X A X A X is written (A X)³, and Xᵀ Xᵀ Xᵀ is written (X³)ᵀ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.linear import MATMUL, TRANSPOSE, transpose

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMES = 3
"""What stands fewer times in a row is written out: X Xᵀ Xᵀ."""
LONGEST = 60
"""In chains of more factors than this only runs of one factor are looked for."""


def with_powers(result: Expr) -> Expr:
    """Return an expression in which what repeats in a chain of matrices is written as a power.

    Algebra: A X A X A X = (A X)³; Xᵀ Xᵀ Xᵀ = (X³)ᵀ. Each chain is gone over once.
    """
    if not result.has(MATMUL):
        return result
    chains = [node.args for node in walk(result) if node.op is MATMUL and len(node.args) >= TIMES]
    if not any([len(set(args)) <= len(args) - TIMES + 1 for args in chains]):
        return result
    return rebuild(result, _powers_in)


def _powers_in(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is not MATMUL or len(args) < TIMES:
        return None
    found: list[Expr] = []
    place = 0
    while place < len(args):
        period, count = _repeated(args, place)
        if not count:
            found.append(args[place])
            place += 1
            continue
        block = args[place : place + period]
        place += period * count
        if all([factor.op is TRANSPOSE for factor in block]):
            left = 0
            while place + left < len(args) and args[place + left] is block[left]:
                left += 1
            place += left
            # (Aᵀ Xᵀ)ᵏ Aᵀ read from the other end: (A (X A)ᵏ)ᵀ
            found.append(transpose(_chain([*_turned(block[:left]), *[_chain(_turned(block))] * count])))
        else:
            found += [_chain(block)] * count
    return _chain(found)


def _repeated(args: Sequence[Expr], place: int) -> tuple[int, int]:
    """How many factors from a place on repeat, and how often; 0 times where none do so often enough."""
    most = (len(args) - place) // TIMES if len(args) <= LONGEST else min(1, len(args) - place)
    for period in range(1, most + 1):
        if period == 1 and args[place].op is not TRANSPOSE:
            continue  # a run of one factor is printed as its power
        end = place + period
        while end < len(args) and args[end] is args[end - period]:
            end += 1
        count = (end - place) // period
        if count >= TIMES and all([factor.order == 2 for factor in args[place:end]]):
            return period, count
    return 0, 0


def _turned(block: Sequence[Expr]) -> list[Expr]:
    return [factor.args[0] for factor in reversed(block)]


def _chain(factors: Sequence[Expr]) -> Expr:
    return make(MATMUL, tuple(factors)) if len(factors) > 1 else factors[0]
