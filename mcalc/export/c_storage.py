"""Which operations get memory of their own in C; all others are worked out entry by entry where they are used.

An array is stored where its entries would be worked out more than once, or where it is made as a whole: a matrix
product, a sum, an inverse. Everything else is fused into the loop that uses it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mcalc.export.c_words import FUNCTIONS, INFIX
from mcalc.export.code import Code, walk

ENTRYWISE = frozenset({*INFIX, *FUNCTIONS, "neg", "pow", "where"})
VIEWS = frozenset({"expand", "permute", "take", "cut", "diagonal"})
"""Operations that only say where an entry is found."""
GIVEN = frozenset({"input", "number", "size", "index", "eye", "places"})
"""What is there, or costs nothing."""
REDUCED = frozenset({"matmul", "sum", "prod", "max", "min", "argmax", "argmin"})
"""Sums and the like, which may be worked out inside the loop that uses them, each once."""
WHOLE = frozenset({"inv", "adj", "solve", "det", "logdet", "expm", "concat", "cumsum", "loop"})
"""What is made as a whole."""


def without_calls(codes: Sequence[Code]) -> list[Code]:
    """Return code in which helpers of arrays are written out; those that work entry by entry stay calls.

    Each node is rebuilt once, from the leaves.
    """
    new: dict[Code, Code] = {}

    def rebuilt(roots: Sequence[Code]) -> None:
        for node in walk(*roots):
            if node in new:
                continue
            args = tuple([new[arg] for arg in node.args])
            if node.op == "call" and not is_entrywise_call(node):
                inner = dict(zip(node.attr.parameters, args, strict=True))
                for part in walk(node.attr.result):
                    if part not in inner:
                        inner[part] = Code(part.op, [inner[arg] for arg in part.args], part.attr, part.shape)
                made = without_calls([inner[node.attr.result]])[0]
            else:
                made = Code(node.op, args, node.attr, node.shape)
            new[node] = made

    rebuilt(codes)
    return [new[code] for code in codes]


def is_entrywise_call(node: Code) -> bool:
    """Say whether a call is of a helper that takes and gives one number at each place."""
    return node.op == "call" and all([
        part.op in ENTRYWISE or part.op in ("input", "number") or is_entrywise_call(part)
        for part in walk(node.attr.result)
    ])  # fmt: skip


def is_entrywise(node: Code) -> bool:
    """Say whether an operation works entry by entry."""
    return node.op in ENTRYWISE or node.op == "call"


def stored(order: Sequence[Code], outputs: Collection[Code], known: Collection[Code]) -> set[Code]:
    """Return the nodes that get memory, of those of one scope in order, arguments first; `known` have it already."""
    times = dict.fromkeys(outputs, 1)
    again: set[Code] = set()
    aligned: set[Code] = set()
    found: set[Code] = set()
    for node in reversed(order):
        if node in known:
            continue
        count = times.get(node, 0)
        if _is_stored(node, count, node in again, node in aligned):
            found.add(node)
        if node.op == "loop":
            continue
        kept = node in found
        for arg in node.args:
            times[arg] = times.get(arg, 0) + (1 if kept else max(count, 1))
            if _repeats(node, arg) or (not kept and node in again):
                again.add(arg)
            each_once = (is_entrywise(node) and node.shape == arg.shape) or node.op in REDUCED - {"matmul"}
            if each_once and (kept or node in aligned or node in outputs):
                aligned.add(arg)
    for node in order:  # another shape is another way to see what lies in memory
        if node.op == "reshape" and node.args[0].shape:
            found.update([arg for arg in node.args if arg.op not in ("input", "reshape") and arg not in known])
    return found


def _is_stored(node: Code, count: int, again: bool, aligned: bool) -> bool:
    if node.op in GIVEN or node.op in VIEWS or node.op in ("reshape", "full"):
        return False
    if node.op in WHOLE:
        return True
    if node.op in REDUCED:
        return not (node.shape and count == 1 and not again and aligned and runs_along(node))
    if node.op in ("on_diagonal", "spread", "tril", "kron"):
        return count > 1 or again
    return (count > 1 or again) and not _is_trivial(node)


def _is_trivial(node: Code) -> bool:
    """A comparison or a sign of what is there anyway."""
    return node.op in ("neg", "lt", "le", "gt", "ge", "eq", "ne") and all([arg.op in GIVEN for arg in node.args])


def _repeats(node: Code, arg: Code) -> bool:
    """Say whether working out all of a node would work out an entry of an argument more than once."""
    if is_entrywise(node) or node.op == "full":
        return arg.shape != node.shape
    if node.op == "matmul":
        a, b = node.args
        return (arg is a and b.order > 1) or (arg is b and a.order > 1)
    return node.op == "kron"


def runs_along(node: Code) -> bool:
    """Say whether what a node adds up lies side by side in memory, each entry being one sum; else rows are added."""
    if node.op != "matmul":
        return fast_axis(node.args[0]) in node.attr
    a, b = node.args
    if b.order == 1:
        return fast_axis(a) == a.order - 1
    return fast_axis(b) == b.order - 2


def fast_axis(node: Code) -> int:
    """Return the axis along which entries lie side by side."""
    while True:
        if node.op == "permute":
            return tuple(node.attr).index(fast_axis(node.args[0])) if node.order > 1 else 0
        if is_entrywise(node):
            wide = [arg for arg in node.args if arg.shape == node.shape and arg.op != "full"]
            if not wide:
                return node.order - 1
            node = wide[0]
            continue
        return node.order - 1
