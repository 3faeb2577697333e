"""The template of index notation: `[Σ_p A_ip B_pjk]_{ijk}`, which reads back as the same einsum."""

from __future__ import annotations

from mcalc.expr import Expr
from mcalc.fresh import RUNNING, free_names
from mcalc.operators.leaves import number
from mcalc.render.glyphs import ACCENTS, split_name
from mcalc.render.levels import ATOM, POWER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels
    from mcalc.render.faces import Emitter, Face, Item

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
