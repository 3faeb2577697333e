"""How each operation on arrays is written in C: an entry of it, or the whole of what is made otherwise."""

from __future__ import annotations

from mcalc.export.c_loops import At, Entry, Fill, Loops, Text, sign_of
from mcalc.export.c_storage import fast_axis, runs_along
from mcalc.export.c_words import ATOM, CHOICE, PLUS, SIGN, TIMES, number_text, place_text
from mcalc.export.code import SINGLE, Code, is_number
from mcalc.export.code_words import size_text


def _size(loops: Loops, node: Code, at: At) -> Text:
    text, level = size_text(node.attr, loops.sizes)
    return f"(double)({text})" if level < ATOM else text, SIGN if level < ATOM else ATOM


def _permuted(loops: Loops, node: Code, at: At) -> Text:
    return loops.entry(node.args[0], [at[node.attr.index(own)] for own in range(node.order)])


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
    test = " && ".join([f"{at[first]} == {at[second]}" for first, second in node.attr])
    return f"{test} ? {loops.operand(of, inner, CHOICE + 1)} : 0", CHOICE


def _kron(loops: Loops, node: Code, at: At) -> Text:
    a, b = node.args
    lengths = [size_text(dim, loops.sizes) for dim in b.shape]
    texts = [text if level == ATOM else f"({text})" for text, level in lengths]
    places = [place if place.isidentifier() else f"({place})" for place in at]
    left = [f"({place} / {text})" for place, text in zip(places, texts, strict=True)]
    right = [f"({place} % {text})" for place, text in zip(places, texts, strict=True)]
    return loops.product(a, left, b, right), TIMES


ENTRIES: dict[str, Entry] = {
    "number": lambda loops, node, at: number_text(node.attr),
    "size": _size,
    "full": lambda loops, node, at: loops.entry(node.args[0], ()),
    "expand": lambda loops, node, at: loops.entry(node.args[0], [at[axis] for axis in node.attr]),
    "permute": _permuted,
    "reshape": _reshaped,
    "take": _taken,
    "cut": _cut,
    "diagonal": lambda loops, node, at: loops.entry(node.args[0], (*at, at[-1])),
    "eye": lambda loops, node, at: (f"{at[0]} == {at[1]} ? 1 : 0", CHOICE),
    "on_diagonal": _on_diagonal,
    "spread": _spread,
    "tril": lambda loops, node, at: (f"{at[1]} <= {at[0]} ? {loops.operand(node.args[0], at, CHOICE + 1)} : 0", CHOICE),
    "kron": _kron,
    "places": lambda loops, node, at: (f"(double){at[0]}", SIGN),
}
"""Operations that say where an entry is found, or what it is, without a statement of their own."""


def _fill_product(loops: Loops, node: Code, name: str) -> None:
    """A matrix product: entries one by one where what is added up lies side by side, else row by row."""
    if runs_along(node):
        loops.fill(node, name)
        return
    a, b = node.args
    loops.zeros(node.shape, name)
    last = node.order
    free = list(range(last))
    turned = a.order == 2 and fast_axis(a) == 0
    order = [last, *free] if b.order == 1 or turned else [*free[:-1], last, free[-1]]

    def body(at: list[str]) -> None:
        k = at[-1]
        left = (*at[: a.order - 1], k)
        right = (k,) if b.order == 1 else (*at[: b.order - 2], k, at[last - 1])
        loops.put(name, node.shape, at[:-1], "+=", loops.product(a, left, b, right))

    loops.over((*node.shape, a.shape[-1]), body, order)


def _fill_reduction(loops: Loops, node: Code, name: str) -> None:
    if runs_along(node) or node.op != "sum":
        loops.fill(node, name)
        return
    [of] = node.args
    loops.zeros(node.shape, name)
    kept = [axis for axis in range(of.order) if axis not in node.attr]
    loops.over(of.shape, lambda at: loops.put(name, node.shape, [at[k] for k in kept], "+=", loops.entry(of, at)[0]))


def _fill_concat(loops: Loops, node: Code, name: str) -> None:
    before = ""
    for part in node.args:
        length, level = size_text(part.shape[node.attr], loops.sizes)

        def body(at: list[str], part: Code = part, before: str = before) -> None:
            text = loops.entry(part, at)[0]
            moved = list(at)
            moved[node.attr] = (
                f"{before} + {at[node.attr]}" if before and at[node.attr] != "0" else before or at[node.attr]
            )
            loops.put(name, node.shape, moved, "=", text)

        loops.over(part.shape, body)
        before = f"{before} + {length if level == ATOM else f'({length})'}" if before else length


def _fill_running_sum(loops: Loops, node: Code, name: str) -> None:
    [of] = node.args
    loops.fill(of, name)
    axis = node.attr

    def body(at: list[str]) -> None:
        later = list(at)
        later[axis] = f"({at[axis]} + 1)" if axis < node.order - 1 else f"{at[axis]} + 1"
        loops.put(name, node.shape, later, "+=", f"{name}[{place_text(at, node.shape, loops.sizes)}]")

    shape = list(node.shape)
    shape[axis] = shape[axis] - 1
    loops.over(tuple(shape), body)


def _fill_diagonal(loops: Loops, node: Code, name: str) -> None:
    base, vector = node.args
    loops.copy(base, name) if base.op != "full" else loops.zeros(node.shape, name, loops.entry(base.args[0], ())[0])
    sign = "=" if base.op == "full" and is_number(base.args[0], 0) else "+="
    loops.over(
        node.shape[:1],
        lambda at: loops.put(
            name, node.shape, (at[0], at[0]), sign, loops.entry(vector, at if vector.shape else ())[0]
        ),
    )


def _fill_spread(loops: Loops, node: Code, name: str) -> None:
    [of] = node.args
    dropped = {second: first for first, second in node.attr}
    loops.zeros(node.shape, name)
    kept = tuple([SINGLE if axis in dropped else dim for axis, dim in enumerate(node.shape)])

    def body(at: list[str]) -> None:
        place = [at[dropped.get(axis, axis)] for axis in range(node.order)]
        inner: At = [at[axis] for axis in range(node.order) if axis not in dropped] if of.shape else ()
        loops.put(name, node.shape, place, "=", loops.entry(of, inner)[0])

    loops.over(kept, body)


def _by_helper(helper: str, spare: int) -> Fill:
    """What a function of linear algebra makes of a copy of a matrix, with so many arrays to work in."""

    def fill(loops: Loops, node: Code, name: str) -> None:
        arrays = [loops.copied(node.args[0]), *[loops.array(node.shape) for _ in range(spare)], name]
        loops.need(helper)
        loops.line(f"{helper}({loops.length(node.shape[0])}, {', '.join(arrays)});")

    return fill


def _fill_solution(loops: Loops, node: Code, name: str) -> None:
    a, b = node.args
    copy = loops.copied(a)
    loops.fill(b, name)
    loops.need("solve")
    columns = loops.length(b.shape[1]) if b.order > 1 else "1"
    loops.line(f"solve({loops.length(a.shape[0])}, {columns}, {copy}, {name});")


def _fill_running(loops: Loops, node: Code, name: str) -> None:
    """A sum or product of arrays over a running index."""
    loops.zeros(node.shape, name, "0" if node.attr == "sum" else "1")
    sign = sign_of(node)

    def body(value: Code) -> None:
        loops.over(value.shape, lambda at: loops.put(name, node.shape, at, sign, loops.entry(value, at)[0]))

    loops.running(node, body)


FILLS: dict[str, Fill] = {
    "matmul": _fill_product,
    "sum": _fill_reduction,
    "concat": _fill_concat,
    "cumsum": _fill_running_sum,
    "on_diagonal": _fill_diagonal,
    "spread": _fill_spread,
    "inv": _by_helper("inverse", 0),
    "adj": _by_helper("adjugate", 1),
    "solve": _fill_solution,
    "expm": _by_helper("exponential", 2),
    "loop": _fill_running,
}
"""Arrays that are made otherwise than entry by entry."""
