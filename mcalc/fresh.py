"""New names: every running index and every name that mcalc makes up is one that nothing else is called by.

An index named k is mistaken for the size k, a variable y_j for the entry j of y. So a new name is free of all names in
the whole that it will stand in, and of what those names are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mcalc.dims import Dim
from mcalc.expr import Expr, nodes_of, remembered_of

RUNNING = "ijklpqrstuvabcfghmnowxyz"
"""Letters of running indices, those that people use first: all but d and e, which mean something."""
INDICES = 4
"""A subscript of at most so many letters may be read as indices, `A_ij`."""


def names_in(*exprs: Expr, indices: bool = True) -> set[str]:
    """Return all names in some expressions: of variables, sizes, functions without a definition, and running indices.

    Sizes count where they stand in shapes alone, since a mean or an identity is written with them. Without `indices`,
    what is called after an index, as u_i is in a derivation, does not count either.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> sorted(names_in(symbol("x", (Dim.named("n") + Dim.named("m"),))))
    ['m', 'n', 'x']
    """
    return set().union(*[(_names if indices else _names_but_of_indices)(expr) for expr in exprs])


@remembered_of
def _names(expr: Expr) -> set[str]:
    return _found(expr, indices=True)


@remembered_of
def _names_but_of_indices(expr: Expr) -> set[str]:
    return _found(expr, indices=False)


def _found(expr: Expr, *, indices: bool) -> set[str]:
    found: set[str] = set()
    dims: set[Dim] = set()
    for node in nodes_of(expr):
        dims.update(node.shape)
        layout = node.op.layout
        if layout == "size":
            dims.add(node.attr)
        elif layout == "apply" or (layout in ("symbol", "index") and (indices or not node.args)):
            found.add(node.attr[0])
    for dim in dims:
        found.update(dim.names)
    return found


def subscripts(name: str) -> list[str]:
    """Return what may be read as an index in a name.

    >>> subscripts("A_ij"), subscripts("y_hat_k"), subscripts("w_train"), subscripts("x")
    (['ij', 'i', 'j'], ['hat', 'k', 'h', 'a', 't'], ['train'], [])
    """
    for mark in ",{}":
        name = name.replace(mark, "_")
    parts = [part for part in name.split("_")[1:] if part]
    return [*parts, *[c for part in parts if 1 < len(part) <= INDICES for c in part]]


def parts_of(names: Iterable[str]) -> set[str]:
    """Return names with their letters before the subscript and the indices in it, all that a new name must not be.

    >>> sorted(parts_of(["y_j", "x"]))
    ['j', 'x', 'y', 'y_j']
    """
    found: set[str] = set()
    for name in names:
        found.add(name)
        if "_" in name:
            found.add(name.partition("_")[0])
            found.update(subscripts(name))
    return found


def free_base(taken: Iterable[str], wanted: str) -> str:
    """Return a letter for names u_1, u_2, ...: the first of the `wanted` that no name in use begins with.

    >>> free_base({"x", "w"}, "ut"), free_base({"u", "t_1"}, "ut")
    ('u', 'uu')
    """
    used = parts_of(taken)
    letter = next((letter for letter in wanted if letter not in used), 2 * wanted[0])
    while letter in used:
        letter += wanted[0]
    return letter


def free_names(taken: Iterable[str], wanted: Iterable[str] = RUNNING) -> Iterator[str]:
    """Yield names that are new beside those `taken`: the `wanted` ones, then the same with numbers, without end.

    >>> names = free_names({"i", "k"}, "ijk")
    >>> [next(names) for _ in range(3)]
    ['j', 'i_1', 'j_1']
    """
    used = parts_of(taken)
    letters = list(wanted)
    yield from [name for name in letters if name not in used]
    number = 0
    while True:
        number += 1
        yield from [f"{name}_{number}" for name in letters if f"{name}_{number}" not in used]
