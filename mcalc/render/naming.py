"""Which shared parts of a large expression get a name, `… where u₁ = …`, and which constants must say their size.

`I`, `1⃗` and `0⃗` take their size from what they are added to or multiplied by. Where an axis is summed before anything
tells its size, as in `sum(1⃗)`, they are printed `I(n)`, `ones(n)`, `zeros(n)`. Sizes that reach the outermost level
are those of the whole result, and are left to the reader, but for an axis of one place.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence

from mcalc.calculus.basics.length import length
from mcalc.expr import Expr, nodes_of, remembered_of, walk
from mcalc.operators.arithmetic import has_minus
from mcalc.operators.blocks import BLOCK
from mcalc.operators.linear import EINSUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Token: TypeAlias = tuple[Expr, int]
    """A constant and the axis of it that asks for a size; both axes of an identity ask for one."""
    Axes: TypeAlias = tuple[frozenset[Token], ...]
    """For each axis of an expression what would be told by its size; nothing, where the size is known."""

WORTH = 4
"""A part that prints in fewer nodes than this is printed in place each time it is used."""

DEFINED = 5
"""A part of fewer names, signs and brackets than this is never given a name for brevity."""
LETTERS = {"softmax": "s", "sigmoid": "s", "tanh": "h", "relu": "h", "residual": "r"}
"""What a person calls a part, by its operator; of a matrix the capital."""
NUMBERED = "uvtqsrgabcdhklmnop"
"""The letters of parts that are numbered, u_1, u_2, ..."""
BY_ORDER = {0: "cdka", 1: "vzgq", 2: "cmgk"}
"""What any other part is called, by its rank: the first letter that is free."""


def choose(root: Expr) -> tuple[list[Expr], dict[Expr, list[Expr]]]:
    """Return the parts to name, each after those it uses; and those to name inside the body of a sum, by the sum.

    A part is named where it is used twice or more and is not short, counting a part named before as one. So what is
    printed is at most a constant times the number of nodes. A part with a free running index means something only
    inside the body of the innermost sum around it, and is named there.
    """
    order = list(walk(root))
    uses: dict[Expr, int] = {}
    for node in order:
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + 1
    printed: dict[Expr, int] = {}
    everywhere: list[Expr] = []
    bound: dict[Expr, list[Expr]] = {}
    for node in order:
        if node.op.layout == "index" or (node.op.layout == "element" and not node.args[0].args):
            printed[node] = 1  # printed as x_i, whatever the limits of the index are
            continue
        total = 1
        for arg in node.args:
            total += printed[arg]
        if total >= WORTH and uses.get(node, 0) > 1 and node is not root:
            total = 1
            inside = node.free - root.free
            if inside:
                innermost = max(inside, key=_depth)
                bound.setdefault(innermost, []).append(node)
            else:
                everywhere.append(node)
        printed[node] = total
    return everywhere, _by_binder(order, bound)


@remembered_of
def repeated(root: Expr) -> Expr | None:
    """Return the part whose one definition would shorten an expression most; None where no part is repeated.

    `2 (A - B) (A - B)ᵀ` gains by `R = A - B` what the second use costs more than a name, less the definition.
    """
    if root.has(EINSUM, BLOCK):
        return None
    order = nodes_of(root)
    uses: dict[Expr, int] = {root: 1}
    best: Expr | None = None
    gain = 0
    for node in reversed(order):
        count = uses[node]
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + count
        if count < 2 or not node.args or node.free or node.is_row or node.op.layout in ("transpose", "number"):
            continue
        if node.op.layout == "pow" and has_minus(node.args[1]):
            continue
        own = length(node)
        saved = (count - 1) * own - count - 2
        if own >= DEFINED and saved > gain:
            best, gain = node, saved
    return best


def letter_for(part: Expr, used: Collection[str]) -> str | None:
    """Return the name that a person gives a part: s for a softmax, r for a residual, R for one that is a matrix.

    None where every such letter is `used`.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.network import softmax
    >>> from mcalc.dims import Dim
    >>> s = softmax(symbol("x", (Dim.named("n"),)))
    >>> letter_for(s, {"x"}), letter_for(s, {"x", "s"})
    ('s', 'v')
    """
    kind = part.op.name
    if part.op.layout == "add" and any([has_minus(term) for term in part.args]):
        kind = "residual"
    letters = (LETTERS.get(kind, "") if part.order else "") + BY_ORDER.get(part.order, "")
    return next((x for x in (letters.upper() if part.order == 2 else letters) if x not in used), None)


def _depth(index: Expr) -> tuple[int, str]:
    name, level = index.attr
    return level, name


def _by_binder(order: list[Expr], bound: dict[Expr, list[Expr]]) -> dict[Expr, list[Expr]]:
    """Give each sum the parts to name in its body; of two sums over one index, each those that it contains."""
    if not bound:
        return {}
    binders: dict[Expr, list[Expr]] = {}
    for node in order:
        if node.op.kind == "binder" and node.args[0] in bound:
            binders.setdefault(node.args[0], []).append(node)
    local: dict[Expr, list[Expr]] = {}
    for index, parts in bound.items():
        for binder in binders[index]:
            found = parts
            if len(binders[index]) > 1:
                below = set(walk(binder.args[1]))
                found = [part for part in parts if part in below]
            if found:
                local[binder] = found
    return local


KNOWN: frozenset[Token] = frozenset()
CONSTANTS = frozenset({"eye", "ones", "zeros"})
PLAIN = frozenset({"symbol", "element"})


def may_lose(node: Expr) -> bool:
    """Say whether a constant without a size may stand in an argument: in anything but a variable or a part of one."""
    for arg in node.args:
        layout = arg.op.layout
        if layout == "transpose":
            layout = arg.args[0].op.layout
        if layout not in PLAIN:
            return True
    return False


def unsized(root: Expr, named: Container[Expr] = frozenset()) -> set[Expr]:
    """Return the constants under `root` whose size nothing tells; a part that is `named` stands by itself.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import ones, symbol
    >>> from mcalc.operators.linear import SUM, dot
    >>> from mcalc.expr import make
    >>> n = Dim.named("n")
    >>> unsized(dot(ones((n,)), symbol("x", (n,)))), unsized(make(SUM, (ones((n,)),)))
    (set(), {<ones vector of n (Dim(n),)>})
    """
    asking: dict[Expr, Axes] = {}
    found: set[Expr] = set()
    for node in walk(root):
        layout = node.op.layout
        if layout in CONSTANTS:
            if layout == "eye":
                asking[node] = (frozenset({(node, 0)}),) * 2
            elif node.order == 1:
                asking[node] = (frozenset({(node, 0)}),)
        elif any([arg in asking for arg in node.args]):
            axes, lost = _combine(node, asking)
            found.update([constant for token in lost for constant in token[:1]])
            if any(axes):
                asking[node] = axes
        if node in named and node in asking:
            found.update([constant for axis in asking.pop(node) for constant, _ in axis])
    single = [constant for axis in asking.get(root, ()) for constant, at in axis if constant.shape[at].value == 1]
    found.update(single)  # whose vector no reader takes to have one entry
    return found


def _combine(node: Expr, asking: dict[Expr, Axes]) -> tuple[Axes, frozenset[Token]]:
    """Return what still asks for a size on each axis of a node, and what is lost in it."""
    if node.op.layout.startswith("along") and node.order < node.args[0].order:
        labels: Sequence[Sequence[object]] = [(0, 1)]
        out: Sequence[object] = (0,) if node.op.layout.endswith("rows") else (1,)
    elif node.op.kind == "elementwise" or (node.op.kind == "defined" and node.order):
        labels, out = [range(arg.order) for arg in node.args], range(node.order)
    elif node.op.kind == "linear" and node.op.einsum is not None:
        labels, out = node.op.einsum(node)
    elif len(node.args) == 1 and node.args[0].shape == node.shape:
        labels, out = [range(node.order)], range(node.order)
    elif node.op.kind == "binder":
        labels, out = [(), range(node.order)], range(node.order)
    elif node.op.layout == "call" and node.op.name == "diag":
        labels, out = ([(0,)], (0, 0)) if node.order == 2 else ([(0, 0)], (0,))
    else:
        labels, out = [[(place, axis) for axis in range(arg.order)] for place, arg in enumerate(node.args)], ()
    asked: dict[object, frozenset[Token]] = {}
    links: list[tuple[object, object]] = []
    known: set[object] = set()
    for arg, names in zip(node.args, labels, strict=True):
        axes = asking.get(arg) or (KNOWN,) * arg.order
        if node.op.layout == "einsum" and arg.op.layout in CONSTANTS:
            continue  # the template of index notation sees to these
        for name, tokens in zip(names, axes, strict=True):
            if tokens:
                asked[name] = asked.get(name, KNOWN) | tokens
            else:
                known.add(name)
        if arg.order == 2 and any([token[0].op.layout == "eye" for token in axes[0] & axes[1]]):
            links.append((names[0], names[1]))
    # Both axes of an identity are told by one; and one that is left tells the other where the whole is used.
    kept = known | set(out)
    for _ in links:
        for one, other in links:
            for told in (known, kept):
                if one in told or other in told:
                    told |= {one, other}
    lost = KNOWN.union(*[tokens for name, tokens in asked.items() if name not in kept])
    return tuple([KNOWN if name in known else asked.get(name, KNOWN) for name in out]), lost


__all__ = ["may_lose", "unsized"]
