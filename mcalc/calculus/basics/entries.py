"""Between whole tensors and their entries: take an entry of an expression, or gather the entries of a running index."""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Dim
from mcalc.expr import Expr, fold, make, rebuild, walk
from mcalc.operators.abstract import APPLY
from mcalc.operators.arithmetic import CONDITIONS, EQ, MUL, add, mul
from mcalc.operators.blocks import BLOCK, SELECTION, SLICE
from mcalc.operators.leaves import EYE, INDEX, ONES, UNIT, ZEROS, eye, index, is_number, ones, size, to_dim, unit, zeros
from mcalc.operators.linear import DIAG, ELEMENT, MATMUL, ROW, SIGMA, TRANSPOSE, dot, einsum, element, matmul, transpose
from mcalc.operators.network import LOGSUMEXP, SOFTMAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels


Fixed = tuple[tuple[int, Expr], ...]


def entry(base: Expr, fixed: dict[int, Expr]) -> Expr:
    """Return the part of `base` in which the axes `fixed` stand at the given positions, as far inside as it goes.

    Algebra: (f(x))_k = f(x_k); (a + b)_k = a_k + b_k; (A x)_k = A_k · x. Each step goes to an argument, so it ends.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import number, symbol
    >>> from mcalc.operators.elementwise import SIN
    >>> x = symbol("x", (Dim.named("n"),))
    >>> entry(make(SIN, (x,)), {0: number(2)}) is make(SIN, (element(x, number(2)),))
    True
    """
    if not fixed:
        return base
    root = (base, tuple(sorted(fixed.items(), key=lambda item: item[0])))
    made: Expr = fold(root, lambda key: _inner_entries(*key), lambda key, done: _entry(key[0], key[1], done))
    return made


def _inner_entries(node: Expr, fixed: Fixed) -> list[tuple[Expr, Fixed]]:
    """The entries of arguments that the entry of this node is made of."""
    if node.op.kind == "elementwise":
        return [(arg, fixed) for arg in node.args if arg.shape]
    if node.op is SIGMA and _value_at(node, fixed) is not None:
        return []
    if node.op in (ROW, SIGMA):
        return [(_apart(node, fixed).args[-1], fixed)]
    if node.op is TRANSPOSE:
        return [(node.args[0], _swapped(fixed))]
    if node.op is SLICE and len(fixed) == node.order:
        return [(node.args[0], _moved(node, fixed))]
    return []


def _moved(node: Expr, fixed: Fixed) -> Fixed:
    """The places in the whole of those in a slice: (x[a:b])_k is x at k + a - 1."""
    return tuple([(axis, add(at, size(node.attr[axis][0])) if node.attr[axis] else at) for axis, at in fixed])


def _apart(node: Expr, fixed: Fixed) -> Expr:
    return not_over(node, frozenset().union(*[at.free for _, at in fixed])) if node.op is SIGMA else node


def _value_at(node: Expr, fixed: Fixed) -> Expr | None:
    """The entry of a vector that is told by its entries, (Σ_k f_k e(k))_i = f_i; None for any other sum."""
    running, body = node.args
    units = [arg for arg in body.args if arg.shape] if body.op is MUL and node.order == 1 else []
    if len(units) != 1 or units[0].op is not UNIT or not spans_axis(running, units[0].attr):
        return None
    values = [arg for arg in body.args if arg is not units[0]]
    return substitute(mul(*values), running, fixed[0][1]) if units[0].args[0] is running else None


def _swapped(fixed: Fixed) -> Fixed:
    return tuple(sorted([(1 - axis, at) for axis, at in fixed], key=lambda item: item[0]))


def _entry(node: Expr, fixed: Fixed, done: dict[tuple[Expr, Fixed], Expr]) -> Expr:
    positions = dict(fixed)
    rest = tuple([dim for axis, dim in enumerate(node.shape) if axis not in positions])
    if node.op.kind == "elementwise":
        parts = [done[arg, fixed] if arg.shape else arg for arg in node.args]
        return mul(*parts) if node.op is MUL else make(node.op, tuple(parts), node.attr)
    if node.op is ROW:
        return done[node.args[0], fixed]
    if node.op is SIGMA:
        value = _value_at(node, fixed)
        running, body = _apart(node, fixed).args
        return make(SIGMA, (running, done[body, fixed])) if value is None else value
    if node.op is TRANSPOSE:
        return done[node.args[0], _swapped(fixed)]
    if node.op is SLICE and not rest:
        return done[node.args[0], _moved(node, fixed)]
    if node.op is SELECTION and 1 in positions:
        at_column = unit(add(positions[1], size(node.attr[0])), node.attr[2])
        return entry_of_unit(at_column, positions) if 0 in positions else at_column
    if node.op in (ONES, ZEROS):
        return ones(rest) if node.op is ONES else zeros(rest)
    if node.op is EYE:
        if len(positions) == 2:
            return make(EQ, (positions[0], positions[1]))
        return unit(next(iter(positions.values())), node.attr)
    if node.op is UNIT:
        return entry_of_unit(node, positions)
    if node.op is MATMUL and node.order == 1 and not node.is_row and node.args[0].order == 2:
        first = element(node.args[0], positions[0])
        return dot(first, node.args[1]) if len(node.args) == 2 else matmul(transpose(first), *node.args[1:])
    if node.op is BLOCK and node.order == 1:
        part = _listed_at(node, positions[0])
        if part is not None:
            return part
    if node.op is BLOCK and node.order == 2 and node.attr[1] == 1 and 0 in positions:
        part = _row_at(node, positions[0])
        if part is not None:
            return element(part, positions[1]) if 1 in positions else part
    at = [positions[axis] for axis in range(node.order) if axis in positions]
    if sorted(positions) == list(range(len(at))):
        return element(node, *at)
    if node.order == 2:
        return element(transpose(node), *at)
    order = [*positions, *[axis for axis in range(node.order) if axis not in positions]]
    return element(einsum((tuple(range(node.order)),), tuple(order), (node,)), *at)


def _listed_at(node: Expr, at: Expr) -> Expr | None:
    """The entry of a list of parts at a place that is known to lie in one of them; None where it is not known."""
    place = to_dim(at)
    if place is None:
        return None
    before = Dim.of(0)
    for part in node.args:
        length = part.shape[0] if part.shape else Dim.of(1)
        inside = place - before
        if not part.shape and inside.value == 1:
            return part
        if part.shape and _within(inside, length):
            return element(part, size(inside))
        before = before + length
    return None


def _within(place: Dim, length: Dim) -> bool:
    """Say whether a place lies in a part of this length, whatever the sizes are."""
    first, left = place.least, (length - place).least
    return first is not None and first >= 1 and left is not None and left >= 0


def _row_at(node: Expr, at: Expr) -> Expr | None:
    """A row of matrices and rows under one another, as a vector; None where it is not known which part it is in."""
    place = to_dim(at)
    if place is None:
        return None
    before = Dim.of(0)
    for part in node.args:
        if part.is_row and place is before + 1:
            return transpose(part)
        if part.order == 2 and _within(place - before, part.shape[0]):
            return element(part, size(place - before))
        before = before + (part.shape[0] if part.shape and not part.is_row else 1)
    return None


def entry_of_unit(node: Expr, positions: dict[int, Expr]) -> Expr:
    """Return an entry of a unit vector: 1 where it stands at the place of its 1."""
    if node.op is ONES:
        return ones(())
    return make(EQ, (positions[0], node.args[0]))


def spans_axis(index: Expr, dim: Dim) -> bool:
    """Say whether a running index takes every position of an axis once: i = 1 ... n with nothing left out."""
    return len(index.args) == 2 and is_number(index.args[0], 1) and index.args[1] is size(dim)


def gather(body: Expr, index: Expr, dim: Dim) -> Expr | None:
    """Return the tensor whose first axis is the running index: entry i is `body` at i; None where there is none.

    Algebra: x_i becomes x; f(a_i) becomes f(a) entry by entry; Σ_j A_ij B_jk keeps its labels and gets one more. Goes
    over each node once.
    """
    new: dict[Expr, Expr] = {}
    for node in walk(body):
        if index not in node.free or node is index:
            continue
        made = _gather_node(node, index, dim, new)
        if made is None:
            return None
        new[node] = made
    return new.get(body)


def _gather_node(node: Expr, index: Expr, dim: Dim, new: dict[Expr, Expr]) -> Expr | None:
    if node.op is UNIT and node.args[0] is index and node.attr is dim:
        return eye(dim)
    if any([index in arg.free and arg not in new for arg in node.args]) and node.op is not ELEMENT:
        return None
    if node.op is ELEMENT:
        return _gather_entries(node, index, dim)
    if node.op.kind == "elementwise" and node.op is not APPLY:
        return _gather_elementwise(node, index, dim, new)
    if node.op in (SOFTMAX, LOGSUMEXP) and node.args[0].order == 1:
        return make(node.op, (new[node.args[0]],))
    if node.op is SIGMA and not any([index in limit.free for limit in node.args[0].args]):
        # Σ_j f_ij gathered over i: the running index may go by the name that i leaves free, so that like sums meet.
        running, body = node.args[0], new[node.args[1]]
        bound = any([inner.op.kind == "binder" and inner.args[0] is index for inner in walk(body)])
        alike = running.args == index.args and not bound
        return make(SIGMA, (index, substitute(body, running, index)) if alike else (running, body))
    if node.op.kind != "linear":
        if node.op is DIAG and node.order == 2:
            return einsum(((0, 1), (1, 2)), (0, 1, 2), (new[node.args[0]], make(EYE, (), node.shape[0])))
        return None
    assert node.op.einsum is not None
    subscripts, out = node.op.einsum(node)
    batch = 1 + max([label for labels in (*subscripts, out) for label in labels], default=0)
    labels: list[Labels] = []
    factors: list[Expr] = []
    for arg, own in zip(node.args, subscripts, strict=True):
        labels.append((batch, *own) if arg in new else own)
        factors.append(new.get(arg, arg))
    return einsum(tuple(labels), (batch, *out), tuple(factors))


def _gather_entries(node: Expr, index: Expr, dim: Dim) -> Expr | None:
    """A_ik over i is the column k of A, and A_ii its diagonal: all axes at which the index stands become the first."""
    of, *at = node.args
    places = [axis for axis, position in enumerate(at) if position is index]
    if index in of.free or not places or any([index in p.free for p in at if p is not index]):
        return None
    if any([of.shape[axis] is not dim for axis in places]):
        return None
    part = entry(of, {axis: position for axis, position in enumerate(at) if axis not in places})
    if len(places) == 1:
        return part
    rest = tuple(range(1, 1 + of.order - len(at)))
    return einsum(((*[0 for _ in places], *rest),), (0, *rest), (part,))


def _gather_elementwise(node: Expr, index: Expr, dim: Dim, new: dict[Expr, Expr]) -> Expr:
    """Expand what does not run along the new axis, or lacks the others, so that all entries meet."""
    axes = tuple(range(1, node.order + 1))
    args: list[Expr] = []
    for arg in node.args:
        gathered = new.get(arg)
        if gathered is None and (not arg.shape or not node.shape):
            args.append(arg)
        elif gathered is None:
            args.append(_spread(arg, lambda part: einsum(((0,), axes), (0, *axes), (ones((dim,)), part))))
        elif node.shape and not arg.shape:
            args.append(_spread(gathered, lambda part: einsum(((0,), axes), (0, *axes), (part, ones(node.shape)))))
        else:
            args.append(gathered)
    return make(node.op, tuple(args), node.attr)


def _spread(arg: Expr, wide: Callable[[Expr], Expr]) -> Expr:
    """An argument with axes more; of a condition the two sides have them, so that it stays one."""

    def spread(node: Expr, done: dict[Expr, Expr]) -> Expr:
        if node.op not in CONDITIONS:
            return wide(node) if node.shape else node
        return make(node.op, tuple([done[side] for side in node.args]))

    made: Expr = fold(arg, lambda node: node.args if node.op in CONDITIONS else (), spread)
    return made


def substitute(root: Expr, running: Expr, new: Expr) -> Expr:
    """Return `root` with another expression for a running index, where it is free.

    Sums inside it over an index of that expression go by another one: for i := k, Σ_k A_ik is Σ_l A_kl.
    """
    inner = [node for node in walk(root) if node.op.kind == "binder" and node.args[0] in new.free]
    if any([running in node.free for node in inner]):
        root = rebuild(root, lambda node, args: not_over(make(node.op, args), new.free) if node in inner else None)
    return rebuild(root, lambda node, args: new if node is running else node if running not in node.free else None)


def not_over(binder: Expr, taken: frozenset[Expr]) -> Expr:
    """Return a sum over an index that is none of those `taken`, at a level of its own."""
    old, body = binder.args
    if old not in taken:
        return binder
    levels = [node.attr[1] for node in walk(body, *taken) if node.op is INDEX and node.attr[0] == old.attr[0]]
    new = index(old.attr[0], 1 + max(levels), *old.args)
    return make(binder.op, (new, substitute(body, old, new)))
