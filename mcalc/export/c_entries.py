"""How one entry of each operation is written in C; the table of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mcalc.export.c_words import (
    ATOM,
    CHOICE,
    PLUS,
    SIGN,
    TIMES,
    number_text,
    place_text,
)
from mcalc.export.code import Code, is_number
from mcalc.export.python_words import size_text

if TYPE_CHECKING:
    from mcalc.export.c_loops import Loops

    Text = tuple[str, int]
    At = Sequence[str]


def _number(loops: Loops, node: Code, at: At) -> Text:
    return number_text(node.attr)


def _size(loops: Loops, node: Code, at: At) -> Text:
    text, level = size_text(node.attr, loops.sizes)
    return f"(double)({text})" if level < ATOM else text, SIGN if level < ATOM else ATOM


def _permuted(loops: Loops, node: Code, at: At) -> Text:
    place = [""] * node.order
    for axis, own in enumerate(node.attr):
        place[own] = at[axis]
    return loops.entry(node.args[0], place)


def _reshaped(loops: Loops, node: Code, at: At) -> Text:
    [of] = node.args
    if not of.shape:
        return loops.entry(of, ())
    while of.op == "reshape":
        of = of.args[0]
    return f"{loops.places[of]}[{place_text(at, node.shape, loops.sizes)}]", ATOM


def _taken(loops: Loops, node: Code, at: At) -> Text:
    of, place = node.args
    return loops.entry(of, (*at[: node.attr], loops.integer(place), *at[node.attr :]))


def _cut(loops: Loops, node: Code, at: At) -> Text:
    of, first, _ = node.args
    start, moved = loops.integer(first), list(at)
    if start != "0":
        text = f"{start} + {at[node.attr]}" if at[node.attr] != "0" else start
        moved[node.attr] = f"({text})" if node.attr < node.order - 1 else text
    return loops.entry(of, moved)


def _diagonal(loops: Loops, node: Code, at: At) -> Text:
    return loops.entry(node.args[0], (*at, at[-1]))


def _equal(pairs: Sequence[tuple[str, str]]) -> str:
    return " && ".join([f"{a} == {b}" for a, b in pairs])


def _identity(loops: Loops, node: Code, at: At) -> Text:
    return f"{at[0]} == {at[1]} ? 1 : 0", CHOICE


def _on_diagonal(loops: Loops, node: Code, at: At) -> Text:
    base, vector = node.args
    value = loops.operand(vector, at[:1] if vector.shape else (), CHOICE + 1)
    choice = f"{at[0]} == {at[1]} ? {value} : 0"
    if base.op == "full" and is_number(base.args[0], 0):
        return choice, CHOICE
    return f"{loops.operand(base, at, PLUS)} + ({choice})", PLUS


def _spread(loops: Loops, node: Code, at: At) -> Text:
    [of] = node.args
    dropped = {second for _, second in node.attr}
    inner = [at[axis] for axis in range(node.order) if axis not in dropped] if of.shape else ()
    test = _equal([(at[first], at[second]) for first, second in node.attr])
    return f"{test} ? {loops.operand(of, inner, CHOICE + 1)} : 0", CHOICE


def _triangle(loops: Loops, node: Code, at: At) -> Text:
    return f"{at[1]} <= {at[0]} ? {loops.operand(node.args[0], at, CHOICE + 1)} : 0", CHOICE


def _kron(loops: Loops, node: Code, at: At) -> Text:
    a, b = node.args
    lengths = [size_text(dim, loops.sizes) for dim in b.shape]
    texts = [text if level == ATOM else f"({text})" for text, level in lengths]
    places = [place if place.isidentifier() else f"({place})" for place in at]
    left = [f"({place} / {text})" for place, text in zip(places, texts, strict=True)]
    right = [f"({place} % {text})" for place, text in zip(places, texts, strict=True)]
    return loops._product(a, left, b, right), TIMES  # noqa: SLF001 - a part of the class, kept in its table


ENTRIES: dict[str, Callable[[Loops, Code, At], Text]] = {
    "number": _number,
    "size": _size,
    "full": lambda loops, node, at: loops.entry(node.args[0], ()),
    "expand": lambda loops, node, at: loops.entry(node.args[0], [at[axis] for axis in node.attr]),
    "permute": _permuted,
    "reshape": _reshaped,
    "take": _taken,
    "cut": _cut,
    "diagonal": _diagonal,
    "eye": _identity,
    "on_diagonal": _on_diagonal,
    "spread": _spread,
    "tril": _triangle,
    "kron": _kron,
    "places": lambda loops, node, at: (f"(double){at[0]}", SIGN),
}
"""Operations that say where an entry is found, or what it is, without a statement of their own."""
