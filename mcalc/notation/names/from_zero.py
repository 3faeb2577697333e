"""Sums from 0: in ``Σ_{t=0}^{T-1} u_t`` the entries are counted from 0; in mcalc they are counted from 1."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.syntax import Node, Token, walk_syntax
from mcalc.notation.surface.words import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mcalc.notation.names.names_known import Names
    from mcalc.notation.names.running import Big


def count_from_one(r: Names, node: Node) -> None:
    """Let a sum or a product from 0 run from 1, where what it runs through is counted from 0; say so.

    A subscript stays as it is, and the index as a number is one less: Σ_{k=0}^n a_k x^k is Σ_{k=1}^{n+1} a_k x^{k-1}.
    """
    big: Big = node.value
    if len(big.indices) != 1 or big.upper is None or big.order is not None:
        return
    name, low, excluded = big.indices[0]
    if low is None or low.kind != "number" or low.value != 0 or excluded:
        return
    bases: set[str] = set()
    numbers: list[Node] = []
    for n in walk_syntax(node.parts[0]):
        if n.kind == "name" and n.value.full == name:
            numbers.append(n)
        elif n.kind == "name" and n.value.sub and n.value.full not in r.known and _runs(n.value.sub, name):
            bases.add(n.value.base)
        elif n.kind == "big":
            inner: Big = n.value
            if inner.order is not None or any([name == i or name in other for i, _, other in inner.indices]):
                return
            limits = [*[limit for _, limit, _ in inner.indices], inner.upper]
            numbers += [m for tree in limits if tree for m in walk_syntax(tree) if m.kind == "name"]
    if not bases:
        return
    for n in numbers:
        if n.value.full == name:
            own = Node("name", n.start, n.end, (), n.value)
            less = Node("negative", n.start, n.end, (_one(n),))
            n.kind, n.value, n.parts = "group", None, [_sum(n, own, less)]
    big.indices = [(name, _one(low), ())]
    upper = big.upper
    last = upper.parts[-1] if upper.kind == "sum" and len(upper.parts) == 2 else upper
    if last.kind == "negative" and last.parts[0].kind == "number" and last.parts[0].value == 1:
        big.upper = upper.parts[0]
    else:
        big.upper = _sum(upper, upper, _one(upper))
    r.from_zero |= bases
    r.shifted.add(node)
    r.note(f"{', '.join(sorted(bases))} is counted from 0, as {name} is: its first entry is that of {name} = 0")


def refuse_other_counts(r: Names, trees: Sequence[Node], by: Iterable[str]) -> None:
    """Refuse x_1 beside a sum that counts x from 0, or as what is differentiated `by`, and a sum that counts from 1."""
    wanted = next((name for name in by if name.rpartition("_")[0] in r.from_zero and name[-1:].isdecimal()), None)
    if wanted is not None:
        raise _counted_twice(wanted.rpartition("_")[0], trees[0])
    stack: list[tuple[Node, bool]] = [(tree, False) for tree in trees]
    while stack:
        node, counted = stack.pop()
        if node.kind == "big":
            counted = counted or node in r.shifted
        elif node.kind == "name" and not counted and node.value.base in r.from_zero and node.value.sub:
            raise _counted_twice(node.value.base, node)
        elif node.kind in ("derivative", "quotient"):
            for name in [name for group in node.value for name, _, _ in group]:
                if name.base in r.from_zero and name.sub and name.sub.isdecimal():
                    raise _counted_twice(name.base, node)
        stack.extend([(part, counted) for part in node.parts])


def _counted_twice(base: str, at: Node) -> Mistake:
    return Mistake(
        "E-AMBIG",
        f"{clip(base)} is counted from 0 in one sum, and not everywhere",
        [Span(at.start, at.end, "which entry?")],
        hint="let all that has an index begin at the same place, such as 1",
    )


def _runs(sub: str, name: str) -> bool:
    """Say whether an index is one of those of a subscript: t of u_t, u_{it}, u_{i,t}."""
    return name in sub.split(",") or (sub.isalpha() and len(name) == 1 and name in sub)


def _one(at: Node) -> Node:
    return Node("number", at.start, at.end, (), 1)


def _sum(at: Node, *parts: Node) -> Node:
    return Node("sum", at.start, at.end, list(parts), [Token("SIGN", "+", at.start, at.end, "+")])
