"""Sums and products over an index: limits, lengths that are not written, samples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, ShapeError, clip
from mcalc.expr import Expr, make
from mcalc.notation.meaning.elaborate import SPECIAL, Elaborator
from mcalc.notation.meaning.named import lookup, sample, small
from mcalc.notation.names.running import Big, Index, Ordered
from mcalc.notation.surface.syntax import Name, Node, walk_syntax
from mcalc.notation.surface.words import INDICES
from mcalc.operators.leaves import SIZE, as_place, index, is_number, number, size, to_dim
from mcalc.operators.linear import ELEMENT, PRODUCT, SIGMA


def begin_big(e: Elaborator, node: Node) -> bool:
    """Bind the indices of a big operator, then elaborate its body."""
    big: Big = node.value
    body = node.parts[0]
    indices = big.indices
    upper = big.upper
    if big.order is not None:
        indices, upper = _in_order(e, node, big.order)
    elif big.pair:
        indices = _of_pair(e, node, big)
    names = [name for name, _, _ in indices]
    if big.over:
        e.note(big.over)
    if big.op != "sum" and body.kind == "product":
        _ask_reach(e, node, {*names})
    for name in names:
        _bound_again(e, body, name)
    if len(names) == 1 and upper is None and indices[0][1] is None:
        rows = sample(e, names[0])
        if rows is not None and not _subscripts(body, names[0]):
            # sum_x (...): over all samples
            return _sum_samples(e, node, names[0], rows)
    bound: list[Expr] = []
    before, e.frame = e.frame, dict(e.frame)
    for name, low, unequal in indices:
        first = small(e, low, "") if low is not None else number(1)
        told = as_place(small(e, upper, "")) if upper is not None else _length(e, node, name)
        last = told or size(e.sizes.fresh())
        if upper is not None and e.assumed and is_number(first, 1) and last.op is SIZE:
            _bind_length(e, body, name, last.attr)
        if is_number(first) and is_number(last) and first.attr > last.attr:
            said = f"{name} runs from {first.attr} to {last.attr}: there is nothing to add"
            raise e.fail("E-DOMAIN", said, node, "empty")
        others = [Node("name", node.start, node.end, (), Name(other)) for other in unequal]
        excluded = [small(e, other, "", to_dim(last)) for other in others]
        if (whole := next((limit for limit in (first, last, *excluded) if limit.shape), None)) is not None:
            said = f"what {name} runs between is a number, and this is a {shape_text(whole.shape)}"
            raise e.fail("E-SHAPE", said, node, "here", "give a number, or the name of a size")
        found = index(name, e.levels.get(name, 0), first, last, *excluded)
        if told is None or (last.op is SIZE and is_number(first, 1) and not excluded):
            e.unsized[found] = told is not None
        e.levels[name] = found.attr[1] + 1
        e.frame[name] = found
        bound.append(found)
    return e.after([body], _end_big, (node, bound, names, before))


def _of_pair(e: Elaborator, node: Node, big: Big) -> list[Index]:
    """Return the indices of i != j that are not bound yet; refuse those of which one stands nowhere."""
    (one, _, _), (other, _, _) = big.indices
    known = {*e.frame, *e.free}
    if one in e.free and one not in e.frame:
        said = f"does the sum run over {one}, too, of which this is said for every value?"
        hint = f"over the others it is sum_{{{other} != {one}}}; for all pairs use other letters"
        raise e.fail("E-AMBIG", said, node, "over what?", hint)
    if other in known and one not in known:
        return [(one, None, (other,))]
    if one in known and other not in known:
        return [(other, None, (one,))]
    idle = {one, other}
    for inner in walk_syntax(node.parts[0]):
        idle -= _in_limits(inner.value) if inner.kind == "big" else _written(inner)
    if idle:
        said, label = f"does the sum run over {min(idle)} too?", f"nothing in it runs with {min(idle)}"
        hint = f"write sum_{{{one}=1, {one} != {other}}}^{{n}} for one {other}, two sums for all pairs"
        raise e.fail("E-AMBIG", said, node, label, hint)
    if other < one or (
        one in INDICES and other not in INDICES
    ):  # j != i and j != y are said for one i, i != j of all pairs
        hint = f"sum_{{{one}=1, {one} != {other}}}^{{n}} for one {other}"
        raise _unbound(e, node, one, other, f"sum_{{{other}}} sum_{{{one} != {other}}}, {hint}")
    return big.indices


def _unbound(e: Elaborator, node: Node, one: str, other: str, pairs: str) -> Mistake:
    """Return the mistake of a sum in whose limits an index stands that nothing binds."""
    said, label = f"does the sum run over {other} too, or over {one} alone?", f"nothing binds {other}"
    return e.fail("E-AMBIG", said, node, label, f"over all pairs that is {pairs}")


def _in_order(e: Elaborator, node: Node, order: Ordered) -> tuple[list[Index], Node | None]:
    """Return the indices of i < j that are not bound yet, each with its lower limit, and the upper limit of them."""
    names, upper = order.names, node.value.last
    at = node.start, node.value.end
    if len(names) == 2 and order.low is None and names[0] in e.frame and names[1] not in e.frame:
        return [(names[1], order.after(names[0], at), ())], upper
    if len(names) == 2 and upper is None and order.low is None:
        one, other = names
        if other in e.frame and one not in e.frame:
            return [(one, None, ())], order.before(other, at)
        size_of = [lookup(e, name) for name in names]
        if size_of[1] is not None and size_of[1].op is SIZE:
            return [(one, None, ())], order.before(other, at)
    taken = next((name for name in names if name in e.frame or name in e.free or lookup(e, name) is not None), None)
    if taken is not None:
        said = f"{taken} means something already: does the sum run over it?"
        raise e.fail("E-AMBIG", said, node, "over what?", "give the running index another letter")
    if len(names) == 2 and names[0] > names[1] and order.low is None:
        one, other = names
        raise _unbound(e, node, one, other, f"sum_{{{other}}} sum_{{{one} < {other}}}")
    lows = [order.low, *[order.after(name, at) for name in names[:-1]]]
    return [(name, low, ()) for name, low in zip(names, lows, strict=True)], upper


def _sum_samples(e: Elaborator, node: Node, name: str, rows: Expr) -> bool:
    letter = next((c for c in "ijklpqrst" if c not in e.frame and lookup(e, c) is None), "i")
    found = index(letter, e.levels.get(letter, 0), number(1), size(rows.shape[0]))
    before, e.frame = e.frame, {**e.frame, name: make(ELEMENT, (rows, found))}
    e.levels[letter] = found.attr[1] + 1
    e.note(f"the sum over {name} goes over the rows of {rows.attr[0]}")
    return e.after(node.parts, _end_big, (node, [found], [name], before))


def _end_big(e: Elaborator, what: tuple[Node, list[Expr], list[str], dict[str, Expr]]) -> None:
    node, bound, names, e.frame = what
    e.spent.update(names)
    row = SIGMA if node.value.op == "sum" else PRODUCT
    value = e.values.pop()
    for found in reversed(bound):
        try:
            value = make(row, (found, value))
        except ShapeError as error:
            raise e.mistake(error, [node, node.parts[0]], [found, value]) from None
    for found in bound:
        _refuse_unsized(e, node, found)
        e.levels[found.attr[0]] = found.attr[1]
    e.values.append(value)


def _subscripts(body: Node, name: str) -> list[tuple[Node, int]]:
    """Return the names of a body that the index runs through plainly, with the axis."""
    found: list[tuple[Node, int]] = []
    for n in _where_free(body, name):
        if (n.kind == "name" and n.value.sub) or (n.kind == "subscript" and n.parts[0].kind == "name"):
            sub = n.value.sub if n.kind == "name" else n.value
            letters = len(sub) <= 3 and sub.isalpha() and sub != name
            parts = list(sub) if letters else sub.split(",")
            if name in parts:
                found.append((n, parts.index(name)))
    return found


def _ask_reach(e: Elaborator, node: Node, names: set[str]) -> None:
    """Ask how far a product over an index reaches, behind whose last factor with it others stand: Π_i x_i / x_k.

    Of a sum both are the same.
    """
    body = node.parts[0]
    running = [place for place, part in enumerate(body.parts) if any([_runs_with(part, name) for name in names])]
    if not running or running[-1] == len(body.parts) - 1:
        return
    text, place = e.text, body.parts[running[-1]].end
    sign, whole = text[node.start : body.start], text[body.start : body.end]
    alone, rest = text[node.start : place], text[place : body.end].strip()
    hint = f"write ({clip(alone)}) {clip(rest)}, or {clip(sign)}({clip(whole)})"
    behind = Node("group", body.parts[running[-1] + 1].start, body.end)
    raise e.fail("E-AMBIG", "how far does the product reach?", behind, "is this in it?", hint)


def _binds(node: Node, name: str) -> bool:
    """Say whether a node is a sum that binds an index for sure, which one over i != j need not."""
    big = node.value
    sure = node.kind == "big" and big.order is None and not big.pair
    return sure and name in big.names


def _where_free(body: Node, name: str) -> Iterator[Node]:
    """Yield the nodes of a body, but for sums that bind an index again and what is in them."""
    stack = [body]
    while stack:
        node = stack.pop()
        if not _binds(node, name):
            yield node
            stack.extend(reversed(node.parts))


def _runs_with(body: Node, name: str) -> bool:
    """Say whether an index stands in a body, and is not bound there again."""
    nodes = _where_free(body, name)
    return any(name in _written(node) or (node.kind == "big" and name in _in_limits(node.value)) for node in nodes)


def _bound_again(e: Elaborator, body: Node, name: str) -> None:
    """Refuse a sum whose index another sum inside it binds again, where it is used nowhere else; else note it."""
    again = next((node for node in walk_syntax(body) if _binds(node, name)), None)
    if again is None:
        return
    if not _runs_with(body, name):
        said = f"{name} is bound twice: the outer sum has nothing that runs with it"
        hint = f"give one of the two another letter, as in sum_{name} sum_{'k' if name == 'j' else 'j'}"
        raise e.fail("E-AMBIG", said, again, "bound again here", hint)
    e.note(f"the inner sum over {name} has an {name} of its own")


def _written(node: Node) -> set[str]:
    """The names that stand in one node: a name itself, and those in a subscript, which may be a run of letters."""
    below = node.value.sub if node.kind == "name" else node.value if node.kind == "subscript" else None
    found = {node.value.full} if node.kind == "name" else set()
    for part in re.findall(r"[^\W\d_]+", below) if isinstance(below, str) else []:
        found |= {part, *part}
    return found


def _in_limits(big: Big) -> set[str]:
    """The names in the limits of a sum, and those whose values it leaves out."""
    found = {name for _, _, excluded in big.indices for name in excluded}
    limits = [big.upper, *[low for _, low, _ in big.indices]]
    return found.union(*[_written(node) for limit in limits if limit is not None for node in walk_syntax(limit)])


def _length(e: Elaborator, node: Node, name: str) -> Expr | None:
    """Return the upper limit that is not written: the length of all names that the index runs through; None without."""
    found: tuple[Node, Dim] | None = None
    for n, axis in _subscripts(node.parts[0], name):
        if n.kind != "name" or lookup(e, n.value.full) is not None:
            continue
        base = lookup(e, n.value.base) or sample(e, n.value.base)
        if base is None or axis >= base.order:
            continue
        dim = base.shape[axis]
        if found is None:
            found = n, dim
        elif dim is not found[1] and not e.sizes.equate(dim, found[1]):
            said = e.sizes.text(f"the index {name} runs through sizes {found[1]} and {dim}")
            spans = e.spans([found[0], n], [e.sizes.text(f"{size} entries") for size in (found[1], dim)])
            raise Mistake("E-SHAPE", said, spans, f"say how far it runs: sum_{{{name}=1}}^{{{found[1]}}} ...")
    return None if found is None else size(found[1])


def _refuse_unsized(e: Elaborator, node: Node, found: Expr) -> None:
    """Refuse a sum without an upper limit whose index runs through nothing that has a length."""
    if not e.unsized.pop(found, True):
        name = found.attr[0]
        if all([name not in _written(inner) for inner in walk_syntax(node.parts[0])]):
            said = f"nothing in the sum runs with {name}: it ends before the next plus or minus sign"
            brackets = f"brackets take in more, sum_{name} (a + b x_{name})"
            hint = f"{brackets}; else say how far it runs, sum_{{{name}=1}}^{{n}}"
            raise e.fail("E-AMBIG", said, node, "how far does it reach?", hint)
        said = f"the sum has no upper limit, and nothing tells the length that {name} runs through"
        raise e.fail("E-NAME", said, node, "up to what?", f"write sum_{{{name}=1}}^{{n}} ...")


def _bind_length(e: Elaborator, body: Node, name: str, last: Dim) -> None:
    """Where a sum from 1 to n, or to n + 1, runs through a vector that nothing declares, that is its length."""
    if last.least is None or dict(last.terms).get((), 0) < 0:
        return
    for n, axis in _subscripts(body, name):
        base = e.assumed.get(n.value.base if n.kind == "name" else n.parts[0].value.full)
        if base is not None and axis < base.order:
            e.sizes.equate(base.shape[axis], last)


SPECIAL["big"] = begin_big
