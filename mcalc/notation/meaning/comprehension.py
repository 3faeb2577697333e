"""Index notation in brackets, as mcalc prints what has no matrix form: ``[Σ_p A_ip B_pj]_{ij}``.

The body is a product of factors with subscripts, one letter for each axis; δ_ik is the identity, 1_i the ones, and
letters that stand below a Σ are summed.
"""

from __future__ import annotations

from mcalc.expr import Expr
from mcalc.notation.meaning.elaborate import LEAVES, Elaborator
from mcalc.notation.meaning.named import lookup
from mcalc.notation.surface.syntax import Name, Node
from mcalc.notation.surface.words import indices_spelled
from mcalc.operators.leaves import eye, is_number, ones, to_dim
from mcalc.operators.linear import einsum
from mcalc.patterns import pattern

_LABEL = pattern(r"[^\W\d_]\d*")


def labels_of(text: str) -> list[str]:
    """Return the index letters of a subscript.

    >>> labels_of("ij"), labels_of("i,j"), labels_of("")
    (['i', 'j'], ['i', 'j'], [])
    """
    return _LABEL.findall(text)


class Factor:
    """A factor of the body: what it is made of, its index letters, and δ or 1 where it is one of those."""

    def __init__(self, node: Node, labels: list[str], constant: str = "") -> None:
        self.node = node
        self.labels = labels
        self.constant = constant


def begin(e: Elaborator, node: Node) -> bool:
    """Put the factors of the body on the stack of things to do, and their einsum after them."""
    block = node.parts[0]
    out = labels_of(node.value)
    factors, summed = _factors(e, block.parts[0], out)
    allowed = {*out, *summed}
    for factor in factors:
        for label in factor.labels:
            if label not in allowed:
                hint = f"write Σ_{label}, or {label} after the bracket"
                raise e.fail("E-NAME", f"the index {label} is bound by nothing", factor.node, "a free index", hint)
    twice = next((label for label in out if out.count(label) > 1), None)
    if twice is not None:
        hint = "write another index for one of them; δ_ij makes a diagonal"
        raise e.fail("E-UNSUPPORTED", f"the index {twice} stands twice after the bracket", node, "", hint)
    used = {label for f in factors for label in f.labels}
    missing = [label for label in out if label not in used]
    if missing:
        hint = f"write 1_{missing[0]} for a factor of ones"
        raise e.fail("E-NAME", f"the index {missing[0]} stands on no factor", node, "", hint)
    return e.after([f.node for f in factors if not f.constant], _end, (node, factors, out))


def _factors(e: Elaborator, body: Node, out: list[str]) -> tuple[list[Factor], list[str]]:
    factors: list[Factor] = []
    summed: list[str] = []
    stack = [body]
    while stack:
        node = stack.pop()
        if node.kind == "big" and node.value.op == "sum" and node.value.upper is None:
            for name, low, unequal in node.value.indices:
                if low is not None or unequal:
                    raise e.fail("E-SYNTAX", "an index of brackets runs through all of its axis", node, "", "write Σ_p")
                summed.extend(labels_of(name))
            stack.append(node.parts[0])
        elif node.kind == "product" and all([t.value == "*" or not t.text for t in node.value]):
            stack.extend(reversed(_joined(node.parts)))
        elif node.kind == "group":
            factors.append(Factor(node.parts[0], []))
        else:
            factors.append(_factor(e, node, [*out, *summed]))
    return factors, summed


def _joined(parts: list[Node] | tuple[Node, ...]) -> list[Node]:
    """Put ``1`` and ``(n)_i`` together again, which are one factor of ones."""
    found: list[Node] = []
    for part in parts:
        before = found[-1] if found and part.kind == "subscript" else None
        if before is not None and before.kind == "number" and before.value == 1 and before.end == part.start:
            found[-1] = Node("ones of", before.start, part.end, part.parts, part.value)
        else:
            found.append(part)
    return found


def _runs(e: Elaborator, labels: list[str], bound: list[str]) -> bool:
    """Say whether a subscript is the running index of a sum around the brackets: then it takes an element."""
    return all([label not in bound and label in e.frame for label in labels])


def _factor(e: Elaborator, node: Node, bound: list[str]) -> Factor:
    if node.kind == "ones of":
        inner = node.parts[0]
        return Factor(inner.parts[0] if inner.kind == "group" else inner, labels_of(node.value), "1(n)")
    own = node.kind == "name" and lookup(e, node.value.full) is None
    below = (node.value.sub or "") if own else node.value if node.kind == "subscript" else ""
    labels = labels_of(indices_spelled(below, bound)) if below else []
    if not labels or _runs(e, labels, bound):
        return Factor(node, [])
    if own and node.value.base == "δ" and lookup(e, "δ") is None and len(labels) == 2:
        return Factor(node, labels, "δ")
    inner = Node("name", node.start, node.end, (), Name(node.value.base)) if own else node.parts[0]
    return Factor(inner, labels, "1" if inner.kind == "number" and inner.value == 1 else "")


def _end(e: Elaborator, what: tuple[Node, list[Factor], list[str]]) -> None:
    _, factors, out = what
    given = iter(e.take(len([f for f in factors if not f.constant])))
    numbers: dict[str, int] = {}
    args: list[Expr] = []
    subscripts: list[tuple[int, ...]] = []
    for factor in factors:
        if factor.constant == "δ":
            value = eye(e.sizes.fresh())
        elif factor.constant == "1":
            value = ones((e.sizes.fresh(),))
        elif factor.constant:
            leaf = LEAVES.get(factor.node.kind)
            dim = to_dim(leaf(e, factor.node)) if leaf is not None else None
            if dim is None:
                raise e.fail("E-SHAPE", "a size is a positive whole number or a name", factor.node, "no size")
            value = ones((dim,))
        else:
            value = next(given)
            if value.order != len(factor.labels):
                hint = f"it has {value.order} axes and {len(factor.labels)} index letters"
                raise e.fail(
                    "E-SHAPE", "one index letter for each axis", factor.node, e.label(factor.node, value), hint
                )
        args.append(value)
        subscripts.append(tuple([numbers.setdefault(label, len(numbers)) for label in factor.labels]))
    labels = tuple([numbers[label] for label in out])
    if len(args) == 1 and is_number(args[0]):
        e.values.append(args[0])
        return
    e.values.append(e.attempt(lambda *a: einsum(tuple(subscripts), labels, a), args, [f.node for f in factors]))
