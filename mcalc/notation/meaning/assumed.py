"""What was assumed of names that nothing declares, in words."""

from __future__ import annotations

from mcalc.patterns import RAISED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mcalc.expr import Expr, Shape

_RAISED = {plain: glyph for glyph, plain in RAISED.items() if plain in "0123456789nmkpidrsthlNMKTDRPVWHABGEIJLU"}


def assumed_text(symbols: Iterable[Expr]) -> list[str]:
    """Return what was assumed of variables, those of one shape together.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> assumed_text([symbol("w", (Dim.named("n"),)), symbol("b")])
    ['w ∈ ℝⁿ', 'b ∈ ℝ']
    """
    groups: dict[Shape, list[str]] = {}
    for value in symbols:
        groups.setdefault(value.shape, []).append(value.attr[0])
    return [f"{', '.join(group)} ∈ {space(shape)}" for shape, group in groups.items()]


def space(shape: Shape) -> str:
    """Return the space of a shape: ``ℝ``, ``ℝⁿ``, ``ℝ^{N×n}``."""
    if not shape:
        return "ℝ"
    sizes = "×".join([str(d) for d in shape])
    if all([c in _RAISED for c in sizes]):
        return "ℝ" + "".join([_RAISED[c] for c in sizes])
    return f"ℝ^{{{sizes}}}"


def declared_space(shape: Shape) -> str:
    """Return the space of a shape as it is declared: ``R``, ``R^{n}``, ``R^{N x n}``."""
    sizes = " x ".join([str(d) for d in shape])
    return f"R^{{{sizes}}}" if sizes else "R"


def where_text(symbols: Iterable[Expr]) -> str:
    """Return variables as the declarations that --where takes.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> where_text([symbol("A", (Dim.named("m"), Dim.of(3))), symbol("b")])
    'A: R^{m x 3}; b: R'
    """
    groups: dict[str, list[str]] = {}
    for value in symbols:
        groups.setdefault(declared_space(value.shape), []).append(value.attr[0])
    return "; ".join([f"{', '.join(names)}: {where}" for where, names in groups.items()])
