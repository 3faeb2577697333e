"""What each kind of node makes of the orders of its parts, how odd that is, and the least oddity at each order.

A node reads the orders of its parts from left to right, as an automaton: it begins in some states, each part takes a
state to another, and each state it may end in gives an order. Every step may cost. None is what has no meaning at all;
what people write and mcalc refuses has a price instead, so that it is found and refused, and no other reading is taken
silently. Functions of the operator table answer by their own shape rules.

A table is a tuple of four oddities, one an order, the least of them 0: what they have in common is kept apart, so that
equal sub-expressions have equal tables wherever they stand. Tables are remembered over all statements.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from mcalc.dims import Dim
from mcalc.errors import ShapeError
from mcalc.expr import Operator
from mcalc.notation.shapes.oddities import ALONE, NEVER, ODDITY, ORDERS, C, M, R, S
from mcalc.operators.leaves import symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Signature = tuple[str, Any, tuple[Any, ...]]

Made = tuple[int, int] | None
Table = tuple[int, ...]
Backs = tuple[tuple[tuple[int, int], ...], ...]
Fold = tuple[int, Table, tuple[int, ...], Backs]


@cache
def order_of(row: Operator, orders: tuple[int, ...]) -> int | None:
    """Return the order of what a row makes of arguments of these orders, all sizes equal; None where it takes none.

    >>> from mcalc.operators import TABLE
    >>> order_of(TABLE["softmax"], (1,)), order_of(TABLE["trace"], (2,)), order_of(TABLE["trace"], (1,))
    (1, 0, None)
    """
    least, most = row.arity
    if len(orders) < least or (most is not None and len(orders) > most):
        return None
    for size in (Dim.named("n"), Dim.of(3)):  # a cross product takes three entries
        try:
            made = row.shape(tuple([symbol("a", (size,) * order) for order in orders]), None)
        except ShapeError:
            continue
        return min(len(made), M)  # of more than two axes nothing is made but entries
    return None


def _sum_step(_: Any, prices: int | tuple[int, int], state: Any, order: int) -> Any:
    """Take a term: of the order of the sum, or a scalar or a vector, spread over it at the prices of that."""
    target, seen = state
    if order == target:
        return (target, True), 0
    spread, repeated = prices if isinstance(prices, tuple) else (prices, ODDITY["broadcast"])
    if order == S and target == R:
        return (target, seen), spread or ODDITY["number added to a row"]
    if order == S:
        return (target, seen), spread + (ODDITY["added to a matrix"] if target == M else 0)
    return (target, seen), repeated if target == M else ODDITY["shapes that differ"]


def _times(op: str, left: int, right: int, summed: bool) -> Made:
    """Return what a group of factors becomes by one more; `summed` says that `sum` stands around."""
    odd = ODDITY
    if op in "×⨯" and not left == right == M:
        numbers = odd["× of numbers" if op == "×" else "×"]
        both = odd["cross product"] if left == right == C else numbers if left == right == S else odd["×"]
        return max(left, right), both
    if op == "∗" and (C in (left, right) or R in (left, right)):
        return max(left, right), odd["convolution" if left == right == C else "∗"]
    if op == "@" and S in (left, right):
        return max(left, right), odd["@ scalar"]
    if op in "/÷∕":
        return _over(op, left, right, summed)
    if right == S:
        if left == S:
            return S, 0
        if op == "i":
            return left, odd["entry of the same"]
        if op in ("ᵀ", "□") and left == R:
            return left, odd["scalar behind a row" if op == "ᵀ" else "number in a form"]
        if summed and (op in "*f" or left != M):
            return left, odd["scalar * vector in a sum"] if op in "*f" else 0
        behind = "scalar letter behind" if op == "," and left != R else "scalar behind"
        return left, odd["scalar behind a table" if op == "[" else behind]
    if left == S:
        if op == "□" and right == C:
            return C, odd["vector in a form"]
        if op == "x" and right == M:
            return M, odd["number before a matrix"]
        return right, odd["scalar * vector in a sum"] if summed and op == "*" else 0
    if left == right == C:
        before = " *" if op == "*" else " of a function" if op == "f" and summed else ""
        return C, odd[f"side by side{before}{' in a sum' if summed else ''}"]
    if left == C and op == "i":
        return M, odd["shapes that differ"]
    if left == C:
        return M, odd["outer"] if right == R else odd["shapes that differ"]
    if left == R:
        return (R, odd["side by side"]) if right == R else (S, 0) if right == C else (R, 0)
    return right if right != R else M, odd["shapes that differ"] if right == R else 0


def _over(op: str, left: int, right: int, summed: bool) -> Made:
    if right == S:
        return left, ODDITY["matrix over a formula"] if left == M and op == "÷" else 0
    if M in (left, right):
        return M, ODDITY["divided by a matrix"]
    named = "number over a name" if op in "/∕" and left == S else "divided by a vector"
    if op == "∕" and left == right:
        return left, ODDITY["ratio in a logarithm"]
    return max(left, right), 0 if summed else ODDITY[named]


def _join(left: int | None, sign: str, right: int) -> Made:
    """Return what two segments beside a sign of · ⊗ ⊘ become; ⊠ is a ⊗ that can only be Kronecker's."""
    odd = ODDITY
    if left is None:
        return right, 0
    if sign == "⊠":
        return M, odd["Kronecker"]
    if sign in ("·", "··", "∙", "⋅"):
        if sign == "⋅" and left == right:
            return S, odd["dot of a gate"] if left == C else 0
        if S in (left, right):
            scalars = "second dot of scalars" if sign == "··" else "dot of scalars"
            return max(left, right), odd["dot of a scalar"] if left != right else odd[scalars]
        if (left == M) != (right == M):
            fits = right == C if left == M else left == R
            return (C if left == M else R, odd["matrix · vector"]) if fits else None
        return S, odd["dot of matrices"] if left == M else odd["dot before a row"] if sign == "∙" and right == R else 0
    if S in (left, right):
        alone = "scalar over vector" if sign == "⊘" else "entrywise scalar"
        return max(left, right), odd["entrywise scalars"] if left == right else odd[alone]
    return (left, 0) if left == right else None


def _product_step(summed: Any, op: str, state: Any, order: int) -> Any:
    before, sign, group = state
    if op in ("·", "··", "∙", "⋅", "⊗", "⊘", "⊠"):
        joined = _join(before, sign, group)
        return None if joined is None else ((joined[0], op, order), joined[1])
    made = _times(op, group, order, summed)
    return None if made is None else ((before, sign, made[0]), made[1])


def _derivative_step(_: Any, label: str, state: Any, order: int) -> Any:
    """Take the body, then the variables: state is the order of the body, and how many axes there are, up to 3."""
    body, axes = state
    own = 1 if order == R else order
    if label == "body":
        return (order, own), ALONE[order]
    return (body, min(axes + own, 3)), 0


def _derivative_end(_: Any, state: Any) -> Made:
    body, axes = state
    return (S if not axes else M if axes > 1 else R if body == S else C), 0


def _block_end(flat: Any, state: Any) -> Made:
    if state == S:
        return flat, 0
    return (C if flat == C and state == C else M), ODDITY["block of tensors"]


def _transpose(mark: Any, a: int) -> Made:
    scalar = ODDITY["primed scalar"] if mark in ("'", "′") else ODDITY["transposed scalar"]
    return {S: (S, scalar), C: (R, 0), R: (C, 0), M: (M, 0)}[a]


def _norm(fixed: Any, a: int) -> Made:
    which, named = fixed
    if a == S:
        return S, ODDITY["norm of a scalar name"] if named else ODDITY["norm of a scalar"]
    if a == M:
        return S, 0 if which == "F" else ODDITY["norm of a matrix"]
    if which != "F":
        return S, 0
    return S, ODDITY["vector name in F"] if named else ODDITY["vector in F"]


def _bars(determinant: Any, a: int) -> Made:
    if a == M:
        return S, 0 if determinant else ODDITY["bars of a matrix"]
    return S, ODDITY["bars of a vector"] if a else 0


def _angle(_: Any, a: int, b: int) -> Made:
    if S in (a, b):
        return (S, ODDITY["dot of a scalar"]) if a == b else None
    return (S, 0) if (a == M) == (b == M) else None


def _power(fixed: Any, a: int, b: int) -> Made:
    entrywise, exponent, summed = fixed
    if a == b == S:
        return S, ODDITY["entrywise scalars"] if entrywise else 0
    if entrywise:
        return max(a, b), 0
    if b != S:
        return (b, ODDITY["vector exponent"]) if a in (S, b) else None
    if a == M:
        letter = ODDITY["matrix to a letter"]
        root = ODDITY["inverse root of a matrix" if exponent == -0.5 else "root of a matrix"]
        return M, letter if exponent is None else 0 if type(exponent) is int else root
    is_letter = exponent is None or type(exponent) is str
    return a, 0 if summed else ODDITY["vector to a letter" if is_letter else "vector power"]


REDUCING = frozenset((
    "sum", "mean", "var", "std", "norm", "norm1", "norm2", "normF", "norminf", "logsumexp", "softmax", "logsoftmax",
    "maximum", "minimum", "prod", "layernorm", "trace", "det", "logdet", "diag", "dot", "cross_entropy",
))  # fmt: skip
"""Functions that do nothing to a scalar, or nearly so."""
ANGULAR = frozenset(("sin", "cos", "tan"))
ACTIVATIONS = frozenset(
    ("sigmoid", "relu", "tanh", "softplus", "gelu", "silu", "elu", "step", "max", "min", "leaky_relu")
)
"""Functions that neural networks apply entry by entry to vectors."""


def _call(fixed: Any, *orders: int) -> Made:
    row, name, summed = fixed
    most = max(orders)
    made = order_of(row, tuple([C if a == R else a for a in orders]))
    if made is None:
        return (S, ODDITY["reduced scalar"]) if name in REDUCING and most == S else None
    if row.kind == "elementwise" and len({a for a in orders if a}) > 1:
        return None
    odd = 0
    if name in REDUCING:
        odd = ODDITY["reduced scalar"] if S in orders else 0
    elif name in ACTIVATIONS:
        odd = ODDITY["matrices compared" if orders.count(M) > 1 else "matrix activated"] if most == M else 0
    elif most and len(orders) == 1 and row.kind == "elementwise" and not summed:
        kind = "matrix" if most == M else "vector" if name not in ANGULAR else "angles"
        odd = ODDITY[kind + " through a function"]
    return (R if made == 1 and R in orders else made), odd


def _undefined_step(fixed: Any, price: Any, state: Any, order: int) -> tuple[Any, int]:
    """Take the value of an undefined function that nobody declared, or an argument: what is known of all so far.

    That is how many arguments there were, the order of the value, the highest of an argument, whether all are as
    declared, and the axes of a derivative by them: the states of a long list are as few as those of a short one.
    """
    counts, _, declared = fixed
    place, value, most, fits, axes = state
    order = C if order == R else order
    if place < 0 and declared is None:
        return (0, order, most, False, axes), 0
    place = max(place, 0)
    axes = min(axes + order * sum(counts[place : place + 1]), M)
    fits = fits and declared[0][place : place + 1] == (order,)
    return (place + 1, value, max(most, order), fits, axes), price if price and order == S else 0


def _undefined_end(fixed: Any, state: Any) -> Made:
    """Return what an undefined function gives, or its derivative."""
    counts, mark, declared = fixed
    count, value, most, fits, axes = state
    odd = 0
    if declared is None:
        if value == C:
            odd = ODDITY["curve of vectors"] if not most else 0
        elif most:
            odd = ODDITY["function of a tensor" if value == S else "matrix of a vector"]
        if value == M and count > 1:
            odd += ODDITY["matrix of several"]
        if mark and value != (S if mark == "∇" else C):
            odd = ODDITY["shapes that differ"]
    else:
        wanted, value = declared
        if not value and not any(wanted) and not any(counts):
            return most, 0
        odd = 0 if fits and max(count, 0) == len(wanted) else ODDITY["shapes that differ"]
    axes += value
    gradient = not value and axes == 1
    return R if gradient else min(axes, M), odd


def _element(count: Any, a: int) -> Made:
    if a == S:
        return S, ODDITY["element of a scalar"]
    if count == 2:
        return (S, 0) if a == M else None
    return (C if a == M else S), 0


def _slice(fixed: Any, a: int) -> Made:
    count, ranges = fixed
    return (min(ranges, 2), 0) if count == (1 if a == R else a) else None


class Rule:
    """How a node reads its parts: where it begins, what a part does to a state, and what a state gives at the end."""

    def __init__(
        self, start: tuple[Any, ...], step: Callable[[Any, Any, Any, int], Any], end: Callable[[Any, Any], Made]
    ) -> None:
        self.start = start
        self.step = step
        self.end = end


def of_all(rule: Callable[..., Made]) -> Rule:
    """Return the rule of a node of few parts, which collects the orders of all."""
    return Rule(((),), lambda _f, _l, state, order: ((*state, order), 0), lambda fixed, state: rule(fixed, *state))


RULES: dict[str, Rule] = {
    "sum": Rule(tuple([(o, False) for o in ORDERS]), _sum_step, lambda _, state: (state[0], 0) if state[1] else None),
    "product": Rule(((None, None, S),), _product_step, lambda _, state: _join(*state)),
    "derivative": Rule(((S, 0),), _derivative_step, _derivative_end),
    "block": Rule((S,), lambda _f, _l, state, order: (max(state, M if order == R else order), 0), _block_end),
    "rows": Rule(
        (True,),
        lambda _f, _l, state, order: (state and order == R, 0),
        lambda _, state: (M, 0 if state else ODDITY["rows of tensors"]),
    ),
    "transpose": of_all(_transpose),
    "norm": of_all(_norm),
    "bars": of_all(_bars),
    "angle": of_all(_angle),
    "power": of_all(_power),
    "inverse transpose": of_all(lambda _, a: {S: (S, ODDITY["transposed scalar"]), M: (M, 0)}.get(a)),
    "euler": of_all(lambda _, a: (a, ODDITY["exp of a matrix" if a == M else "exp of a vector"] if a else 0)),
    "call": of_all(_call),
    "undefined": Rule(((-1, S, S, True, 0),), _undefined_step, _undefined_end),
    "diag": of_all(lambda _, a: (C, 0) if a == M else (M, 0 if a else ODDITY["reduced scalar"])),
    "element": of_all(_element),
    "slice": of_all(_slice),
    "big": of_all(lambda op, a: None if a == M and op == "prod" else (a, ODDITY["sum of vectors"] if a else 0)),
    "over": of_all(lambda count, a: (min((1 if a == R else a) + count, M), 0)),
    "indexed": of_all(lambda count, a: (count, 0) if a == S else None),
    "anything": Rule(ORDERS, lambda _f, _l, state, _: (state, 0), lambda _, state: (state, 0)),
    "same": of_all(lambda _, a: (a, 0)),
    "directional": of_all(lambda _, a, b, c: (a, 0 if b == c else ODDITY["shapes that differ"])),
}


FREE: Table = (0, 0, 0, 0)
NOTHING: Table = (NEVER, NEVER, NEVER, NEVER)
SHORT = 8
"""A node of up to so many parts is remembered whole; of a longer one, each step is."""


def only(order: int) -> Table:
    """Return the table of what has one order.

    >>> only(1)
    (1000000, 0, 1000000, 1000000)
    """
    return tuple([0 if o == order else NEVER for o in ORDERS])


@lru_cache(maxsize=1 << 15)
def _step(
    kind: str, fixed: Any, label: Any, states: tuple[tuple[Any, int], ...], table: Table
) -> tuple[tuple[tuple[Any, int], ...], int, tuple[tuple[int, int], ...]]:
    """Return the states after one part, what all of them cost, and for each the state before and the part's order."""
    step = RULES[kind].step
    after: dict[Any, tuple[int, int, int]] = {}
    for place, (state, cost) in enumerate(states):
        for order, odd in enumerate(table):
            made = step(fixed, label, state, order) if odd < NEVER else None
            if made is not None:
                total = cost + odd + made[1]
                if made[0] not in after or total < after[made[0]][0]:
                    after[made[0]] = total, place, order
    least = min([total for total, _, _ in after.values()], default=0)
    found = tuple([(state, total - least) for state, (total, _, _) in after.items()])
    return found, least, tuple([(place, order) for _, place, order in after.values()])


def _fold(signature: Signature, tables: tuple[Table, ...]) -> Fold:
    kind, fixed, labels = signature
    rule = RULES[kind]
    states = tuple([(state, 0) for state in rule.start])
    common, backs = 0, []
    for label, table in zip(labels, tables, strict=True):
        states, least, back = _step(kind, fixed, label, states, table)
        common += least
        backs.append(back)
    best, ends = [NEVER] * 4, [-1] * 4
    for place, (state, cost) in enumerate(states):
        made = rule.end(fixed, state)
        if made is not None and cost + made[1] < best[made[0]]:
            best[made[0]], ends[made[0]] = cost + made[1], place
    least = min(best)
    if least >= NEVER:
        return 0, NOTHING, tuple(ends), ()
    table = tuple([NEVER if odd >= NEVER else odd - least for odd in best])
    return common + least, table, tuple(ends), tuple(backs)


_short_fold = lru_cache(maxsize=1 << 15)(_fold)


def fold(signature: Signature, tables: tuple[Table, ...]) -> Fold:
    """Return what a node costs at least, its table, and what :func:`chosen` needs."""
    return (_short_fold if len(tables) <= SHORT else _fold)(signature, tables)


def chosen(found: Fold, order: int) -> list[int]:
    """Return the orders of the parts by which a node has an order at the least oddity."""
    place, orders = found[2][order], []
    for back in reversed(found[3]):
        place, part = back[place]
        orders.append(part)
    return orders[::-1]
