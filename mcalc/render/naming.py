"""Which shared parts of a large expression get a name: `… where u₁ = …`."""

from __future__ import annotations

from mcalc.calculus.basics.length import length
from mcalc.expr import Expr, remembered_of, walk
from mcalc.operators.arithmetic import has_minus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

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
    order = list(walk(root))
    if any([node.op.layout in ("einsum", "block") for node in order]):
        return None
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
