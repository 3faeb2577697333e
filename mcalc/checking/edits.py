"""What undoes a slip of the hand: each single change of an expression that a slip might have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from mcalc.errors import ShapeError
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, CASES, COMPLEMENT, MUL, POW, add, mul, neg, negate, parted, power
from mcalc.operators.elementwise import COS, SIN
from mcalc.operators.kronecker import KRON
from mcalc.operators.leaves import NUMBER, SIZE, SYMBOL, is_number, number
from mcalc.operators.linear import DOT, MATMUL, OUTER, ROW, SUM, TRANSPOSE, diag, dot, matmul, transpose
from mcalc.operators.matrix import INV, MEAN

Change = tuple[str, Callable[[], Expr]]

MOST_INSERTED = 4
"""As many variables are tried as a factor that is missing."""
MOST_NODES = 150
"""An expression of more nodes is not searched for slips inside it."""
BUILDERS: dict[object, Callable[..., Expr]] = {ADD: add, MUL: mul, MATMUL: matmul, DOT: dot, POW: power}


class Edit(NamedTuple):
    """One change: its kind, the whole expression after it, and the part that changes, before and after."""

    kind: str
    whole: Expr
    before: Expr
    after: Expr


def edits(root: Expr, wanted: Sequence[Expr]) -> Iterator[Edit]:
    """Yield an expression with one part changed; `wanted` are variables that may have to stand in place of others."""
    nodes = [node for node in walk(root) if node.op.name != "index"]
    if len(nodes) > MOST_NODES:
        return
    users: dict[Expr, list[tuple[Expr, int]]] = {}
    for parent in nodes:
        for place, arg in enumerate(parent.args):
            users.setdefault(arg, []).append((parent, place))
    for changes in (
        _krons,
        _turned,
        _products,
        _cases,
        _exponents,
        _signs,
        _numbers,
        _others,
        _extra,
        _inverses,
        partial(_variables, wanted=wanted),
        partial(_with_factor, wanted=[node for node in wanted if node.order == 2][:MOST_INSERTED]),
    ):
        for node in nodes:
            raised = users.get(node) and all([user.op is POW and place == 0 for user, place in users[node]])
            if changes is _exponents and raised:
                continue  # of y² it is the exponent that changes
            for kind, change in changes(node):
                try:
                    after = change()
                except ShapeError:
                    continue
                for whole in _wholes(root, node, after, users.get(node, ())):
                    yield Edit(kind, whole, node, after)


def _wholes(root: Expr, node: Expr, after: Expr, users: Sequence[tuple[Expr, int]]) -> Iterator[Expr]:
    """The whole with a part changed everywhere, then in each of the places where it stands."""
    everywhere = len(users) < 2 or node.op is not SYMBOL or after.op is not POW  # no slip squares each x there is
    makers = [partial(replaced, root, node, after)] if everywhere else []
    if len(users) > 1:
        makers += [partial(lambda p, k: replaced(root, p, _with(p, k, after)), *user) for user in users]
    for make_whole in makers:
        try:
            whole = make_whole()
        except (ShapeError, ValueError):  # index notation counts the axes of what it holds
            continue
        if whole is not root:
            yield whole


def without_parts(root: Expr) -> Iterator[Edit]:
    """Yield an expression without one term, factor or case somewhere in it; `before` is what is left out."""
    nodes = list(walk(root))
    for node in nodes if len(nodes) <= MOST_NODES else ():
        for kind, part, rest in _rests(node):
            try:
                yield Edit(kind, replaced(root, node, rest()), part, node)
            except (ShapeError, ValueError):
                continue


def _rests(node: Expr) -> Iterator[tuple[str, Expr, Callable[[], Expr]]]:
    """What is left of a sum, a product or braces without one part."""
    for place, part in enumerate(node.args):
        others = (*node.args[:place], *node.args[place + 1 :])
        if node.op is ADD:
            yield "dropped term", part, partial(add, *others)
        elif node.op is MUL:
            yield "factor", part, partial(mul, *others)
        elif node.op is CASES and place % 2 == 0 and len(node.args) > 2:
            kept = (place + 2) % len(node.args)
            yield "dropped case", part, partial(lambda value: value, node.args[kept - kept % 2])


def replaced(root: Expr, old: Expr, new: Expr) -> Expr:
    """Return an expression with one part put in place of another everywhere; raises ShapeError where it fits not."""
    return rebuild(root, lambda node, args: new if node is old else rebuilt(node, args))


def rebuilt(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Return a node with other arguments as its builder makes it; None where the node has none, or the same ones."""
    build = BUILDERS.get(node.op)
    return build(*args) if build is not None and args != node.args else None


def _with(node: Expr, place: int, new: Expr) -> Expr:
    """Return a node with one argument in place of another."""
    args = (*node.args[:place], new, *node.args[place + 1 :])
    build = BUILDERS.get(node.op)
    return build(*args) if build is not None else make(node.op, args, node.attr)


def _turned(node: Expr) -> Iterator[Change]:
    """A factor transposed, or not; the factors of an outer product in the other order."""
    if node.op in (TRANSPOSE, ROW):
        yield "transpose", lambda: node.args[0]
    if node.op is OUTER:
        yield "transpose", lambda: make(OUTER, (node.args[1], node.args[0]))
    if node.op in (MATMUL, ADD, MUL, DOT):
        for place, arg in enumerate(node.args):
            if arg.order == 2 or (arg.order == 1 and node.op is MATMUL):
                yield "transpose", partial(lambda k, a: _with(node, k, transpose(a)), place, arg)
    elif node.order == 2:
        yield "transpose", partial(transpose, node)
    if node.op is MATMUL and node.order == 2:
        yield "transpose", partial(transpose, node)


def _products(node: Expr) -> Iterator[Change]:
    """One kind of product for another: entry by entry, of matrices, dot, outer; or the factors in the other order."""
    if node.op is MUL:
        scalars, tensors = parted(node)
        if len(tensors) == 2:
            for a, b in (tensors, tensors[::-1]):
                for left, right in ((a, b), (transpose(a), b), (a, transpose(b))):
                    yield "product", partial(lambda x, y: mul(*scalars, matmul(x, y)), left, right)
                if a.order == 1:
                    yield "product", partial(lambda x, y: mul(*scalars, matmul(diag(x), y)), a, b)
                    yield "product", partial(lambda x, y: mul(*scalars, matmul(y, diag(x))), a, b)
            yield "product", lambda: mul(*scalars, dot(*tensors))
    elif node.op is DOT:
        a, b = node.args
        yield "product", partial(mul, a, b)
        yield "product", lambda: matmul(a, transpose(b))
        yield "product", lambda: matmul(b, transpose(a))
    elif node.op is MATMUL:
        for k, (a, b) in enumerate(zip(node.args, node.args[1:], strict=False)):
            before, after = node.args[:k], node.args[k + 2 :]
            for left, right in ((a, b), (transpose(a), b), (a, transpose(b))):
                yield "product", partial(lambda p, x, y, q: matmul(*p, mul(x, y), *q), before, left, right, after)
            yield "order", partial(lambda p, x, y, q: matmul(*p, y, x, *q), before, a, b, after)
        if len(node.args) == 2:
            yield "transpose", lambda: matmul(transpose(node.args[0]), transpose(node.args[1]))


def _krons(node: Expr) -> Iterator[Change]:
    """The factors of Kronecker's product in the other order, since vec stacks columns."""
    if node.op is KRON:
        yield "kron", lambda: make(KRON, node.args[::-1])


def _exponents(node: Expr) -> Iterator[Change]:
    """An exponent one or two larger or smaller, doubled or halved, of the same sign; a square where there is none."""
    if node.op is POW:
        base, exponent = node.args
        if not is_number(exponent):
            for by in (1, -1):
                yield "exponent", partial(lambda k: power(base, add(exponent, number(k))), by)
            return
        k = Fraction(exponent.attr)
        for other in (k + 1, k - 1, k - 2, k + 2, k * 2, k / 2):
            if other * k > 0:
                yield "exponent", partial(lambda e: power(base, number(e)), other)
    elif not node.order and node.op not in (NUMBER, ADD, MUL, SIZE):
        yield "exponent", lambda: power(node, number(2))
        yield "exponent", lambda: power(node, number(Fraction(1, 2)))
    elif node.op is SYMBOL and node.is_square:
        yield "exponent", lambda: matmul(node, node)
    elif node.op is ADD and not node.order:
        yield "exponent", lambda: power(node, number(2))


def _cases(node: Expr) -> Iterator[Change]:
    """Two cases, or the condition of a mask, the wrong way round."""
    if node.op is CASES and len(node.args) in (3, 4):
        first, condition, second, *rest = node.args
        yield "swapped cases", lambda: make(CASES, (second, condition, first, *rest))
    if node.op in COMPLEMENT:
        yield "swapped cases", lambda: negate(node)


def _signs(node: Expr) -> Iterator[Change]:
    """A term, or the argument of a function, with the other sign."""
    if node.op is ADD or (node.op.kind in ("elementwise", "defined") and node.op not in (MUL, POW)):
        for place, arg in enumerate(node.args):
            yield "sign", partial(lambda k, a: _with(node, k, neg(a)), place, arg)
    elif node.op is MATMUL or node.op is DOT or node.op is MUL:
        yield "sign", partial(neg, node)


def _numbers(node: Expr) -> Iterator[Change]:
    """A number left out, doubled, halved, or one off; a term twice or half as large."""
    if node.op is NUMBER:
        value = Fraction(node.attr)
        for other in (value * 2, value / 2, value + 1, value - 1):
            if other:
                yield "factor", partial(number, other)
    if node.op is ADD:
        for place, arg in enumerate(node.args):
            for factor in (2, Fraction(1, 2), 3, Fraction(1, 3), 4, Fraction(1, 4)):
                yield "factor", partial(lambda k, a, f: _with(node, k, mul(number(f), a)), place, arg, factor)


def _others(node: Expr) -> Iterator[Change]:
    """A mean for a sum, a sine for a cosine, a diagonal matrix for its diagonal."""
    if node.order == 1:
        yield "diagonal", partial(diag, node)
    for one, other in ((SUM, MEAN), (MEAN, SUM)):
        if node.op is one:
            yield "sum or mean", partial(make, other, node.args)
    for one, other in ((SIN, COS), (COS, SIN)):
        if node.op is one:
            yield "function", partial(make, other, node.args)


def _extra(node: Expr) -> Iterator[Change]:
    """A scalar that should not stand there."""
    if not node.order and node.op not in (NUMBER, ADD, MUL, POW, SIZE):
        yield "factor", lambda: number(1)


def _inverses(node: Expr) -> Iterator[Change]:
    """An inverse that is not there, or should not be."""
    if node.op is INV:
        yield "inverse", lambda: node.args[0]
    elif node.op is SYMBOL and node.is_square:
        yield "inverse", lambda: make(INV, (node,))


def _with_factor(node: Expr, wanted: Sequence[Expr]) -> Iterator[Change]:
    """A factor of a matrix product, or of a matrix alone under a trace, that is missing."""
    factors = node.args if node.op is MATMUL else ()
    for place in range(len(factors) + 1 if factors else 0):
        for other in wanted:
            for factor in (other, transpose(other)):
                yield "missing factor", partial(lambda k, f: matmul(*factors[:k], f, *factors[k:]), place, factor)


def _variables(node: Expr, wanted: Sequence[Expr]) -> Iterator[Change]:
    """Another variable of the same shape."""
    if node.op is SYMBOL:
        for other in wanted:
            if other is not node and other.shape == node.shape:
                yield "variable", partial(lambda v: v, other)
