"""Local Jacobians, accumulated forward or in reverse over the graph of shared nodes.

Both directions give tensors whose axes are those of the output followed by those of the variable: numerator layout. The
results are bracketings of the same products, not yet simplified; `normal` brings them to one form.
"""

from __future__ import annotations

from mcalc.calculus.index_notation.term import product
from mcalc.errors import Mistake
from mcalc.expr import Expr, LocalTerm, depends, make, nodes_of, rebuild, walk
from mcalc.fresh import RUNNING, free_names, names_in
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, add, mul, power
from mcalc.operators.leaves import EYE, eye, index, is_number, is_zero, number, ones, zeros
from mcalc.operators.linear import EINSUM, MATMUL, PRODUCT, SIGMA, TRANSPOSE, einsum, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.dims import Shape
    from mcalc.expr import Labels

X_LABELS = 1000
"""Labels of the variable's (or the output's) axes start here, beyond those that rows use."""
FRESH = 500
"""And labels of the argument's axes that repeat another start here."""
LONG_PRODUCT = 12
"""A product of more factors than this is differentiated as a product of products."""


def local_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """Return ∂node/∂(its k-th argument) in index notation, straight from the operator's row.

    Raises :class:`~mcalc.errors.Mistake` where the row gives none.
    """
    op = node.op
    arg = node.args[k]
    if op.kind == "elementwise":
        assert op.partial is not None
        partial = op.partial(node, k)
        if partial is None or is_zero(partial):
            return []
        axes = tuple(range(node.order))
        factors: list[tuple[Expr, Labels]] = [(partial, axes if partial.shape else ())]
        if node.shape and not arg.shape and not partial.shape:
            factors.append((ones(node.shape), axes))
        return [LocalTerm(1, factors, axes, axes if arg.shape else ())]
    if op.kind == "linear":
        assert op.einsum is not None
        subscripts, out = op.einsum(node)
        factors = [
            (other, own) for place, (other, own) in enumerate(zip(node.args, subscripts, strict=True)) if place != k
        ]
        return [LocalTerm(1, factors, out, subscripts[k])]
    if op.jacobian is None:
        raise Mistake("E-UNSUPPORTED", f"the derivative of {op.name} is not supported")
    return op.jacobian(node, k)


def expand_defined(body: Expr) -> Expr:
    """Return the body with each composed function put as what it is composed of, and long products halved.

    A body uses only rows that stand above its own in the table, so this ends. A product of many factors becomes a
    product of two halves, each halved again, so that its partials share what they have in common: the product rule on
    n factors is then of n log n parts, not n².
    """
    while body.has_kind("defined"):
        body = rebuild(body, _opened)
    if any([node.op is MUL and len(node.args) > LONG_PRODUCT for node in nodes_of(body)]):
        body = rebuild(body, lambda node, args: _halved(args) if node.op is MUL and len(args) > LONG_PRODUCT else None)
    return body


def _opened(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """One composed function put as what it is composed of; a power or a transpose of it is worked out anew."""
    if node.op.kind == "defined":
        assert node.op.body is not None
        return node.op.body(*args)
    if node.op is MUL and args != node.args:
        return mul(*[part for arg in args for part in (arg.args if arg.op is MUL else (arg,))])
    if node.op is TRANSPOSE and args != node.args:
        return transpose(args[0])  # what it is composed of may be symmetric
    return power(*args) if node.op is POW and args != node.args else None


def _halved(factors: tuple[Expr, ...]) -> Expr:
    """Return a product with equal factors as powers, put together two by two."""
    counts: dict[Expr, int] = {}
    for factor in factors:
        counts[factor] = counts.get(factor, 0) + 1
    level = [factor if n == 1 else power(factor, number(n)) for factor, n in counts.items()]
    while len(level) > LONG_PRODUCT:
        level = [mul(*level[place : place + 2]) for place in range(0, len(level), 2)]
    return mul(*level)


def identity(variable: Expr) -> Expr:
    """Return ∂x/∂x: 1, I, or δ_ik δ_jl."""
    order = variable.order
    if order == 0:
        return number(1)
    if order == 1:
        return eye(variable.shape[0])
    pairs = tuple([(axis, order + axis) for axis in range(order)])
    return einsum(pairs, tuple(range(2 * order)), tuple([eye(dim) for dim in variable.shape]))


def _check_path(node: Expr, touched: set[Expr], variable: Expr) -> None:
    """Refuse what would silently give a wrong zero: a variable in the limits of a sum or in a subscript."""
    if node.op.name == "index":
        raise Mistake(
            "E-UNSUPPORTED", f"{variable.attr[0]} stands in the limits of a sum or product, where it has no derivative"
        )
    if node.op.name == "element" and any([arg in touched for arg in node.args[1:]]):
        raise Mistake("E-UNSUPPORTED", f"{variable.attr[0]} stands in a subscript, where it has no derivative")


class Uses:
    """What uses what in an expression: so what depends on a variable is found without a look at all the rest.

    `place` has every node, with its place in the order of :func:`walk`.

    >>> from mcalc.operators.arithmetic import add, mul
    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> [node.op.name for node, _ in Uses(add(mul(x, y), y)).depending(x)]
    ['symbol', 'mul', 'add']
    """

    __slots__ = ("place", "users")

    def __init__(self, root: Expr) -> None:
        self.place = {node: place for place, node in enumerate(nodes_of(root))}
        self.users: dict[Expr, list[tuple[Expr, int]]] = {}
        for node in self.place:
            for k, arg in enumerate(node.args):
                self.users.setdefault(arg, []).append((node, k))

    def depending(self, on: Expr) -> list[tuple[Expr, list[int]]]:
        """Return the nodes in which one occurs, itself included, in order; with the places of arguments that do."""
        if on not in self.place:
            return []
        found: dict[Expr, list[int]] = {on: []}
        stack = [on]
        while stack:
            for user, k in self.users.get(stack.pop(), ()):
                if user not in found:
                    found[user] = []
                    stack.append(user)
                found[user].append(k)
        return [(node, sorted(found[node])) for node in sorted(found, key=self.place.__getitem__)]


def forward(body: Expr, variable: Expr, uses: Uses | None = None, direction: Expr | None = None) -> Expr:
    """Return ∂body/∂variable by forward accumulation, the order in which the paper works.

    Every node gets its tangent, ∂node/∂variable, from those of its arguments; no node is visited twice, and with the
    `uses` in the body none that does not depend on the variable. With a `direction` the tangents are what the nodes
    change by along it, and the result has the axes of the body alone.
    """
    moving = (uses or Uses(body)).depending(variable)
    touched = {node for node, _ in moving}
    shape = variable.shape if direction is None else ()
    axes = tuple(range(X_LABELS, X_LABELS + len(shape)))
    tangent: dict[Expr, Expr] = {variable: identity(variable) if direction is None else direction}
    for node, places in moving:
        if node is variable:
            continue
        _check_path(node, touched, variable)
        if node.op is SIGMA:
            inner = tangent[node.args[1]]
            tangent[node] = inner if is_zero(inner) else make(SIGMA, (node.args[0], inner))
            continue
        if node.op is PRODUCT:
            rest = _rest_of_product(node)
            inner = product(1, [(rest, ()), (tangent[node.args[1]], axes)], axes)
            tangent[node] = inner if is_zero(inner) else make(SIGMA, (node.args[0], inner))
            continue
        if node.op is CASES and not any([condition.shape for condition in node.args[1::2]]):
            tangent[node] = _tangent_of_cases(node, tangent, shape)
            continue
        terms: list[Expr] = []
        for k in places:
            terms.extend([_through(local, tangent[node.args[k]], axes) for local in local_jacobian(node, k)])
        tangent[node] = add(*terms) if terms else zeros(node.shape + shape)
    return tangent.get(body, zeros(body.shape + shape))


def _through(local: LocalTerm, tangent: Expr, axes: Labels) -> Expr:
    """One product of the chain rule; a number times a sum is that number times each of its terms."""
    of_sum = tangent.op is ADD and local.out == local.arg
    if of_sum and all([is_number(factor) for factor, _ in local.factors]):
        coef = local.coef
        for factor, _ in local.factors:
            coef = coef * factor.attr
        return add(*[mul(number(coef), term) if coef != 1 else term for term in tangent.args])
    return product(local.coef, [*local.factors, (tangent, local.arg + axes)], local.out + axes)


def _tangent_of_cases(node: Expr, tangent: dict[Expr, Expr], shape: Shape) -> Expr:
    """Differentiate each piece under its condition; the braces stay braces."""
    full = node.shape + shape
    parts: list[Expr] = []
    for k, arg in enumerate(node.args):
        if k % 2:  # a condition
            parts.append(arg)
            continue
        inner = tangent.get(arg)
        if inner is None:
            parts.append(zeros(full))
        elif arg.shape != node.shape:
            axes = tuple(range(len(full)))
            ones_over = (ones(node.shape), axes[: node.order])
            parts.append(product(1, [ones_over, (inner, axes[node.order :])], axes))
        else:
            parts.append(inner)
    return parts[0] if all([value is parts[0] for value in parts[::2]]) else make(CASES, tuple(parts))


def _rest_of_product(node: Expr) -> Expr:
    """Return Π_{j≠i} f_j, the factors that stay when f_i is differentiated."""
    from mcalc.calculus.basics.entries import substitute

    i, body = node.args
    first, last, *excluded = i.args
    j = index(next(free_names(names_in(node), RUNNING[1:])), 0, first, last, *excluded, i)
    return make(PRODUCT, (j, substitute(body, i, j)))


def reverse(body: Expr, variable: Expr) -> Expr:
    """Return ∂body/∂variable by reverse accumulation, as back-propagation works.

    Every node gets its adjoint, ∂body/∂node, from those of the nodes that use it. Where a contribution leaves the sum
    over a running index it is summed over it; an index that is free in the body itself stays free.
    """
    touched = depends(body, variable)
    order = body.order
    axes = tuple(range(X_LABELS, X_LABELS + order))
    adjoints: dict[Expr, list[Expr]] = {body: [identity(body)]}
    for node in reversed(list(walk(body))):
        if node not in touched or not adjoints.get(node) or node is variable:
            continue
        _check_path(node, touched, variable)
        adjoint = add(*adjoints.pop(node))
        binder = node.op.kind == "binder"
        turns = _turns(node.args) if node.op is MATMUL and _is_multiple_of_identity(adjoint) else 1
        adjoint = mul(number(turns), adjoint)
        for k, arg in enumerate(node.args[: len(node.args) // turns]):
            if arg not in touched:
                continue
            if node.op is SIGMA:
                parts = [adjoint]
            elif node.op is PRODUCT:
                parts = [product(1, [(_rest_of_product(node), ()), (adjoint, axes)], axes)]
            else:
                parts = [_back(local, adjoint, axes, arg) for local in local_jacobian(node, k)]
            leaving = (node.free | {node.args[0]} if binder else node.free) - arg.free - body.free
            for i in sorted(leaving, key=lambda i: (-len(i.free), str(i.attr))):
                parts = [make(SIGMA, (i, part)) for part in parts]
            adjoints.setdefault(arg, []).extend(parts)
    found = adjoints.get(variable, [])
    return add(*found) if found else zeros(body.shape + variable.shape)


def _is_multiple_of_identity(adjoint: Expr) -> bool:
    whole = [arg for arg in adjoint.args if arg.shape] if adjoint.op in (MUL, EINSUM) else [adjoint]
    return len(whole) == 1 and whole[0].op is EYE


def _turns(factors: tuple[Expr, ...]) -> int:
    """Say how often a list is some beginning of it, repeated: under a trace all of those count alike, tr(A B A B)."""
    count = len(factors)
    lengths = [length for length in range(1, count + 1) if count % length == 0]
    return next(count // length for length in lengths if factors[length:] == factors[:-length])


def carried_back(definition: Expr, adjoint: Expr, target: Expr) -> Expr:
    """Return the adjoint of `target`, which occurs in `definition`, from the adjoint of `definition` itself.

    Back-propagation through the few operators of one definition; the adjoint may be any expression of its shape.
    """
    definition = expand_defined(definition)
    touched = depends(definition, target)
    adjoints: dict[Expr, list[Expr]] = {definition: [adjoint]}
    for node in reversed(list(walk(definition))):
        if node not in touched or node is target or not adjoints.get(node):
            continue
        whole = add(*adjoints.pop(node))
        for k, arg in enumerate(node.args):
            if arg in touched:
                parts = [_back(local, whole, (), arg) for local in local_jacobian(node, k)]
                adjoints.setdefault(arg, []).extend(parts)
    found = adjoints.get(target, [])
    return add(*found) if found else zeros(target.shape)


def _back(local: LocalTerm, adjoint: Expr, axes: Labels, arg: Expr) -> Expr:
    """Carry an adjoint through a local Jacobian: labels only the argument has get ones, repeated ones an identity."""
    factors: list[tuple[Expr, Labels]] = [(adjoint, axes + local.out), *local.factors]
    known = {label for _, labels in factors for label in labels}
    labels: list[int] = []
    for place, (label, dim) in enumerate(zip(local.arg, arg.shape, strict=True)):
        if label not in known and local.arg.count(label) == 1:
            factors.append((ones((dim,)), (label,)))
        if label in labels:
            factors.append((eye(dim), (label, FRESH + place)))
            labels.append(FRESH + place)
        else:
            labels.append(label)
    return product(local.coef, factors, axes + tuple(labels))
