"""What operators of arrays mean in Python: entry by entry, matrix products of one axis, reductions along an axis.

NumPy's arrays of one axis are neither rows nor columns, so ``x @ y`` of two vectors is their dot product and ``x @ A``
is a vector. Each kind of node has its meaning here, beside what it makes of the orders of its parts.
"""

from __future__ import annotations

from typing import Any

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator
from mcalc.notation.meaning.calls import checked
from mcalc.notation.meaning.elaborate import BUILDERS, Elaborator
from mcalc.notation.meaning.powers import power_
from mcalc.notation.meaning.products import Segment
from mcalc.notation.shapes.oddities import BIASES, ODDITY, VECTORS, C, M, R, S
from mcalc.notation.shapes.rules import RULES, Made, Rule, of_all, order_of
from mcalc.notation.shapes.slots import LAY, Place, Slots, fitted, spread_price
from mcalc.notation.surface.syntax import Name, Node
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.arithmetic import MUL, add, mul, neg, power
from mcalc.operators.axes import spread
from mcalc.operators.leaves import SYMBOL, is_zero, number, size
from mcalc.operators.linear import dot, einsum, transpose

BATCH_BIAS = 1
"""The oddity of a bias that is repeated in each row of a batch, and of what is taken along an axis, as a mean is."""
BROADCAST = 11
"""... of any other vector: in w * X + b and Y - X @ w the capitals may be vectors as well, or numbers."""
START = -1
"""The state before the first part of a chain."""
BY_ROWS = frozenset(("softmax", "logsoftmax", "log_softmax", "logsumexp"))
"""Functions that the table takes row by row of a matrix, where an array library may take all entries."""


def _broadcast(e: Elaborator, args: list[Expr]) -> list[Expr]:
    """Return operands of which a vector beside a matrix is repeated in each row of it, as array libraries do."""
    like = next((arg for arg in args if arg.order == 2), None)
    if like is None or all([arg.order != 1 for arg in args]):
        return args
    found: list[Expr] = []
    for arg in args:
        if arg.order == 1:
            vector = transpose(arg) if arg.is_row else arg
            if vector.shape[0] is like.shape[1] or e.sizes.equate(vector.shape[0], like.shape[1]):
                e.note("a vector beside a matrix is taken along each row of it, as numpy does")
                arg = spread(vector, like, 1)
        found.append(arg)
    return found


def _sum(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a chain of ``+`` and ``-``, entry by entry."""
    first, *others = _broadcast(e, args)
    rest = [arg if op == "+" else neg(arg) for op, arg in zip(node.value, others, strict=True)]
    return e.of_one_shape(add, [first, *rest], node.parts)


def _entrywise(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a chain of ``*`` and ``/``, entry by entry."""
    factors = args[:1]
    for op, arg, part in zip(node.value, args[1:], node.parts[1:], strict=True):
        if op == "/" and is_zero(arg):
            raise e.fail("E-DOMAIN", "this divides by 0", part, "0")
        factors.append(power(arg, number(-1)) if op == "/" else arg)
    if any([arg.order == 2 for arg in args]):
        _refuse_data(e, node, args)
    factors = _broadcast(e, factors)
    return e.of_one_shape(mul, factors, node.parts)


def _refuse_data(e: Elaborator, node: Node, args: list[Expr]) -> None:
    """Refuse y * np.exp(X) with a y that nothing declares: in code it is a matrix, or a row, as often as a number."""
    for arg in args:
        name = arg.attr[0] if arg.op is SYMBOL and not arg.shape else ""
        if name in e.assumed and name in VECTORS and name.isascii():
            hint = f"declare what is meant: --where '{name}: R' or --where '{name}: R^{{m x n}}'"
            raise e.fail("E-AMBIG", f"{name} beside a matrix may be a number or a matrix", node, "which?", hint)


def _power(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return ``**``, entry by entry."""
    if e.sizes.count:
        e.same_shapes(args)
    return power_(e, Node("power", node.start, node.end, node.parts, ".^"), args)


def _product(e: Elaborator, group: list[Expr], places: list[Node]) -> Expr:
    """Return a matrix product, all of it at once."""
    return Segment(e, places, group, ["@"] * (len(group) - 1)).value()


def _matmul(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a chain of ``@``; a vector before a matrix is a row for as long as the chain goes on."""
    scalars: list[Expr] = []
    tensors: list[Expr] = []
    for arg in args:
        # a number times a vector in a product is a number times the product
        inside = arg.args if arg.op is MUL and arg.shape else ()
        scalars += [factor for factor in inside if not factor.shape]
        rest = [factor for factor in inside if factor.shape]
        tensors.append(mul(*rest) if rest else arg)
    group, places, order, row, as_row = tensors[:1], [node.parts[0]], tensors[0].order, tensors[0].is_row, False
    for place, arg in enumerate(tensors[1:], 1):
        before = node.parts[0] if place == 1 else Node("segment", node.start, node.parts[place - 1].end)
        here = (before, node.parts[place])
        if not order or not arg.shape:
            scalar = here[1] if order else here[0]
            raise e.fail("E-SHAPE", "@ takes vectors and matrices", scalar, "a scalar", "a number times it is *")
        first, second = order == 1, arg.order == 1
        if first and second and arg.is_row and not row:
            x, y = e.source(here[0]) or "x", (e.source(here[1]) or "y").removesuffix(".T")
            hint = f"np.outer({x}, {y}) is a matrix, {x} @ {y} a number: .T does nothing to an array of one axis"
            raise e.fail("E-AMBIG", "a vector @ a transposed vector has two readings", node, "which is meant?", hint)
        if second and arg.is_row:
            arg = transpose(arg)
        if first and not row:
            value = _product(e, group, places)
            group, places = [value if second else transpose(value)], [before]
            row = as_row = not second
        if first and second and not row:
            group = [e.attempt(dot, (group[0], arg), here)]
        else:
            group.append(arg)
            places.append(node.parts[place])
        order = 0 if first and second else 2 - first - second
        row = row and first and not second
    value = _product(e, group, places)
    value = transpose(value) if as_row and row else value
    return mul(*scalars, value) if scalars else value


def _einsum(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a sum over letters: np.einsum('ij,j->i', A, x) is A @ x."""
    of, out = node.value
    sizes: dict[str, Dim] = {}
    for letters, arg, part in zip(of, args, node.parts, strict=True):
        if arg.order != len(letters):
            raise e.fail("E-SHAPE", f"'{letters}' takes {len(letters)} axes", part, e.label(part, arg))
        for letter, dim in zip(letters, transpose(arg).shape if arg.is_row else arg.shape, strict=True):
            known = sizes.setdefault(letter, dim)
            if known is not dim and not e.sizes.equate(known, dim):
                said = f"the axis {letter} has the sizes {e.sizes.settle(known)} and {e.sizes.settle(dim)}"
                raise e.fail("E-SHAPE", said, part, e.label(part, arg))
    places = {letter: place for place, letter in enumerate(sizes)}
    factors = tuple([e.sizes.resolve(transpose(arg) if arg.is_row else arg) for arg in args])
    return einsum(
        tuple([tuple([places[c] for c in letters]) for letters in of]), tuple([places[c] for c in out]), factors
    )


def _row(name: str, axis: int | None, order: int) -> Operator | None:
    """Return the row of the table that goes along an axis of a value of some order; None where there is none."""
    if order == M:
        if axis is None:
            return FUNCTIONS["sum"] if name == "sum" else None
        return FUNCTIONS.get(f"{name} {'cols' if axis == 0 else 'rows'}")
    if order == S or axis not in (0, -1, None):
        return None
    return TABLE.get(f"{name}imum") or FUNCTIONS[name]


def _along(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a reduction along an axis, counted from 0, or from the end; None is that of all entries of a vector."""
    (name, axis), value = node.value, args[0]
    row = _row(name, axis, value.order)
    if row is None:
        said = "of all entries of a matrix" if axis is None else f"along axis {axis}"
        hint = "axis=-1 takes each row" if axis is None else "a vector has axis 0 alone, a number none"
        raise e.fail("E-SHAPE", f"there is no {name} {said} here", node, e.label(node.parts[0], value), hint)
    if value.order == 1:
        return BUILDERS["call"](e, Node("call", node.start, node.end, node.parts, Name(name)), args)
    if axis is None:
        e.note("sum of a matrix goes over all entries; np.sum(A, axis=0) over those of each column")
    return e.attempt(lambda *a: checked(row, a), (value,), node.parts)


def _length(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the length of an axis, as ``len(x)`` and ``X.shape[1]``; of all of them together, as ``x.size``."""
    axis, shape = node.value, args[0].shape
    if not shape or (axis is not None and axis >= len(shape)):
        raise e.fail("E-SHAPE", "there is no such axis", node, e.label(node.parts[0], args[0]))
    return mul(*[size(dim) for dim in (shape if axis is None else (shape[axis],))])


def _entries(summed: Any, op: str, left: int, right: int) -> tuple[int, int]:
    if left == START:
        return right, 0
    odd = 0
    if op == "/" and right != S:
        odd = ODDITY["divided by a matrix"] if right == M else 0 if summed else ODDITY["side by side *"]
    elif op == "*" and S in (left, right):
        odd = ODDITY["scalar * vector in a sum"] if summed and left != right else 0
    elif op == " " and left == right == C:
        odd = ODDITY["side by side in a sum"]
    elif op == "*" and left == right == C and not summed:
        odd = ODDITY["side by side *"]
    if left == right or S in (left, right):
        return max(left, right), odd
    return M, odd + (BROADCAST if M in (left, right) else ODDITY["shapes that differ"])


def _products(_: Any, __: Any, left: int, right: int) -> tuple[int, int]:
    if left == START:
        return right, 0
    if S in (left, right):
        return max(left, right), ODDITY["@ scalar"]
    if (left, right) == (C, R):
        return M, ODDITY["side by side"]  # refused, as it has two readings
    if M not in (left, right):
        return S, 0
    return M if left == right else R if left == R else C, 0


def _reduced(fixed: Any, order: int) -> Made:
    name, axis = fixed
    row = _row(name, axis, C if order == R else order)
    if row is None:
        return (S, ODDITY["reduced scalar"]) if order == S else None
    made = order_of(row, (C if order == R else order,))
    return None if made is None else (made, 0)


def _axis(axis: Any, order: int) -> Made:
    if order == S:
        return S, ODDITY["element of a scalar"]
    return None if axis == 1 and order != M else (S, 0)


def _lay_chain(s: Slots, node: Node, place: Place) -> None:
    summed = place.summed
    inner = place.beneath() if node.kind == "array @" else place.within_sum()
    signs = node.value or ("**",)
    if summed and signs == ("**",):
        inner = place.beneath("entries")
    labels: tuple[Any, ...] = ("", *[fitted(place, sign, *node.parts[k : k + 2]) for k, sign in enumerate(signs)])
    if node.kind == "array +":
        labels = tuple([(spread_price(p, data=False, summed=summed), _repeat_price(p)) for p in node.parts])
    s.close(node, inner, node.kind, node.parts, summed, labels)


def _repeat_price(part: Node) -> int:
    """Return the oddity of a vector in each row of a matrix: little of a bias, a word, a mean along an axis."""
    base = part.value.base if part.kind == "name" else ""
    usual = base in BIASES or len(base) > 1 or base in ("μ", "σ", "β") or part.kind in ("call", "array along")
    return BATCH_BIAS if usual else BROADCAST


def _lay_along(s: Slots, node: Node, place: Place) -> None:
    s.close(node, place.beneath("" if node.value[0] in BY_ROWS else "sum"), "array along", node.parts, node.value)


def _letters(fixed: Any, *orders: int) -> Made:
    of, out = fixed
    fits = [(order if order != R else C) == len(letters) for letters, order in zip(of, orders, strict=True)]
    return (len(out), 0) if all(fits) else None


def _lay(s: Slots, node: Node, place: Place) -> None:
    fixed = (tuple(node.value[0]), node.value[1]) if node.kind == "array einsum" else node.value
    s.close(node, place.beneath(), node.kind, node.parts, fixed)


def _chain(rule: Any) -> Rule:
    return Rule((START,), rule, lambda _, state: (state, 0))


for _kind, _build, _rule, _laid in (
    ("array +", _sum, RULES["sum"], _lay_chain),
    ("array *", _entrywise, _chain(_entries), _lay_chain),
    ("array **", _power, _chain(_entries), _lay_chain),
    ("array @", _matmul, _chain(_products), _lay_chain),
    ("array along", _along, of_all(_reduced), _lay_along),
    ("array length", _length, of_all(_axis), _lay),
    ("array einsum", _einsum, of_all(_letters), _lay),
):
    BUILDERS[_kind], RULES[_kind], LAY[_kind] = _build, _rule, _laid
