"""The templates of index notation: `[Σ_p A_ip B_pjk]_{ijk}`, elements `x_i` and slices `x[2:n]`."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.dims import Dim
from mcalc.expr import Expr
from mcalc.fresh import RUNNING, free_names
from mcalc.operators.leaves import number
from mcalc.render.faces import ATOM, OR, POWER, PRODUCT, Emitter, Face, Item
from mcalc.render.glyphs import ACCENTS, split_name
from mcalc.render.naming import may_lose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels


ONE = number(1)
_ACCENTS_ALONE = frozenset([(accent, "") for accent in ACCENTS])
CONSTANTS = frozenset({"eye", "ones", "zeros"})


def letters(used: set[str], out: Labels, count: int) -> list[str]:
    """Return a name for each of `count` labels that nothing else is called by: `out` from i on, summed ones from p on.

    >>> letters({"j"}, (1, 0), 3)
    ['k', 'i', 'p']
    """
    names: dict[int, str] = {}
    taken = set(used)
    inner = [label for label in range(count) if label not in out]
    for labels, pool in ((out, RUNNING), (inner, RUNNING[4:] + RUNNING[:4])):
        fresh = free_names(taken, pool)
        names.update([(label, next(fresh)) for label in dict.fromkeys(labels)])
        taken.update(names.values())
    return [names[label] for label in range(count)]


def sized_labels(node: Expr) -> set[int]:
    """Return the labels whose size a factor tells, and those that `δ` makes equal to them."""
    subscripts, _ = node.attr
    known: set[int] = set()
    links: list[Labels] = []
    for factor, labels in zip(node.args, subscripts, strict=True):
        if factor.op.layout == "eye":
            links.append(labels)
        elif factor.op.layout not in CONSTANTS:
            known.update(labels)
    changed = True
    while changed:  # each round reaches a δ more: as many rounds as there are factors
        changed = False
        for labels in links:
            if len(known & set(labels)) == 1 and len(set(labels)) == 2:
                known.update(labels)
                changed = True
    return known


def _marks(emitter: Emitter, labels: Labels, names: list[str]) -> list[Item]:
    """The subscript of a factor."""
    if not labels:
        return []
    short = [names[label] for label in labels]
    if all([len(s) == 1 for s in short]):
        return [emitter.face.subscript("".join(short))]
    return emitter.face.subscripts([(s, "index") for s in short])


def einsum(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """The body between brackets, with its free indices under the closing one."""
    emitter.reducing = True
    face = emitter.face
    subscripts, out_labels = node.attr
    count = 1 + max([-1, *[label for labels in (*subscripts, out_labels) for label in labels]])
    names = letters(emitter.all_names(), out_labels, count)
    known = sized_labels(node)
    inner = [label for label in range(count) if label not in out_labels]
    short = all([len(name) == 1 for name in names])
    before, after = face.comprehension(("" if short else ",").join([names[label] for label in out_labels]))
    out: list[Item] = [*before]
    if inner:
        out += face.summed(emitter, [names[label] for label in inner])
    first = True
    for factor, labels in zip(node.args, subscripts, strict=True):
        if not first:
            out.append(face.space)
        layout = factor.op.layout
        if factor in emitter.named or (layout == "eye" and "δ" in emitter.taken):
            # A name with a number in it takes its subscript outside parentheses, and so does I where δ is a name.
            out += [face.opening, (factor, 0), face.closing] if labels else [(factor, ATOM)]
        elif layout == "eye" or (layout == "ones" and len(labels) == 1):
            out.append(_constant(emitter, factor, any([label in known for label in labels])))
        elif layout == "symbol" and labels:
            name = factor.attr[0]
            # An entry is a scalar, and is spelled as one.
            head: Item = (face.symbol(emitter, name, ONE), "name")
            out += [face.opening, head, face.closing] if ends_below(face, name) else [head]
        elif labels:
            bare = layout == "ones" and not face.slices_below
            out += [(factor, ATOM)] if bare else [face.opening, (factor, 0), face.closing]
        elif layout == "element" or (layout == "number" and not first):
            # x_2 would be a factor x with an index.
            out += [face.opening, (factor, 0), face.closing]
        else:
            out.append((factor, POWER))
        out += _marks(emitter, labels, names)
        first = False
    out += after
    return ATOM, out


def ends_below(face: Face, name: str) -> bool:
    """Say whether the text of a name ends in a subscript, to which a second one would belong."""
    return "_" in name and not (face.accents and split_name(name)[1:] in _ACCENTS_ALONE)


def _constant(emitter: Emitter, factor: Expr, known: bool) -> Item:
    """δ for an identity, 1 for a vector of ones, with its size where no other factor tells it."""
    dim = "" if known else f"({emitter.face.size(factor.shape[0])[0]})"
    if factor.op.layout == "eye":
        return (emitter.face.delta + dim, "constant")
    return ("1" + dim, "constant")


def cut(emitter: Emitter, parts: Sequence[tuple[Dim, Dim] | None]) -> list[Item]:
    """Return the brackets of a slice: the first place and the last of each axis."""
    face = emitter.face
    ends = [part and (face.size(part[0] + 1), face.size(part[0] + part[1])) for part in parts]
    return face.slice(ends)


def sliced(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """Return a part of a vector or matrix, `x[2:n]`; what it is cut from tells no sizes to what stands around it."""
    emitter.reducing = emitter.reducing or may_lose(node)
    of, face = node.args[0], emitter.face
    name = of.op.layout == "symbol" and of not in emitter.named and ends_below(face, of.attr[0])
    if face.slices_below and (name or _is_subscripted(emitter, of)):
        return ATOM, [face.opening, (of, OR), face.closing, *cut(emitter, node.attr)]
    return ATOM, [(of, ATOM), *cut(emitter, node.attr)]


def _is_subscripted(emitter: Emitter, of: Expr) -> bool:
    """Say whether the text of something ends in a subscript, or is a name that may: a second one would belong to it."""
    if of in emitter.named or of.op.layout in {"element", "einsum"}:
        return True
    return emitter.face.slices_below and of.op.layout in {"slice", "selection", "eye", "ones", "zeros"}


def _short(at: Expr) -> str | None:
    """The text of a subscript that needs no braces: a number, an index, a size with a name."""
    layout = at.op.layout
    if layout == "index":
        return str(at.attr[0])
    if layout == "number" and type(at.attr) is int:
        return str(at.attr)
    if layout == "size" and str(at.attr).isalpha():
        return str(at.attr)
    return None


def element(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """Return an element, or a row of a matrix: the sample `x_i` is a row of X where nothing else is called x."""
    emitter.reducing = emitter.reducing or node.args[0].op.layout != "symbol"
    of, *at = node.args
    face = emitter.face
    if of.op.layout == "eye" and "δ" not in emitter.taken and [place.op.layout for place in at] == ["index", "index"]:
        return ATOM, [(face.delta, "constant"), *_subscript(emitter, at)]
    head: Item = (of, ATOM)
    if of.op.layout == "symbol" and of not in emitter.named:
        name = of.attr[0]
        sample = of.order == 2 and len(at) == 1 and len(name) == 1 and "A" <= name <= "Z" and bool(at[0].free)
        if sample and name.lower() not in emitter.taken:
            name = name.lower()
        head = (face.symbol(emitter, name, node), "name")
        if ends_below(face, of.attr[0]) or f"{name}_{''.join([_short(place) or '' for place in at])}" in emitter.taken:
            # x_1 would be the variable of that name
            return ATOM, [face.opening, head, face.closing, *_subscript(emitter, at)]
        if of.order == 2 and len(at) == 1 and at[0].op.layout == "mul":
            # A_{2 i} would be an entry
            opening, closing = face.subscripts([])
            starred: list[Item] = [item for factor in at[0].args for item in (("*", "index"), (factor, PRODUCT))]
            return ATOM, [head, opening, *starred[1:], closing]
    elif _is_subscripted(emitter, of):
        return ATOM, [face.opening, (of, OR), face.closing, *_subscript(emitter, at)]
    return ATOM, [head, *_subscript(emitter, at)]


def _subscript(emitter: Emitter, at: list[Expr]) -> list[Item]:
    face = emitter.face
    short = [_short(a) for a in at]
    if len(at) == 1 and short[0] is not None:
        return [face.subscript(short[0])]
    if all([a.op.layout == "index" and len(a.attr[0]) == 1 for a in at]):
        return [face.subscript("".join([s for s in short if s]))]
    return face.subscripts([(s, "index") if s is not None else (a, OR) for s, a in zip(short, at, strict=True)])
