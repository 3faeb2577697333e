"""From a line of a derivation to its simplified form, one named simplification after the other.

The log of the engine says which simplifications lead there. It makes each line: with none of them, which leaves the
algebra of products, with the first one, with the first two, and so on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.orientation import as_columns, as_row, as_units, is_nothing
from mcalc.calculus.basics.simplifications import (
    BY_CASES,
    IN_ORDER,
    MERGE_POWERS,
    MULTIPLY_OUT,
    TAKE_OUT,
    TURN_SIGN,
    Reason,
    Reasons,
    Simplification,
    logged,
    only,
)
from mcalc.calculus.matrix.factoring import is_row_of_ones
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories import reasons
from mcalc.calculus.stories.lines import Line
from mcalc.expr import Expr, Operator, make, rebuild, walk
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, multiple, power
from mcalc.operators.blocks import BLOCK
from mcalc.operators.leaves import EYE, NUMBER, ONES, is_number
from mcalc.operators.linear import DIAG, ELEMENT, MATMUL, ROW, SIGMA, SUM, TRANSPOSE

Rewriting = tuple[Expr, Reasons]

LARGEST = 1500
"""An expression of more nodes than this is simplified in one line."""


def rewritings(before: Expr, after: Expr, simplify: Callable[[Expr], Expr]) -> list[Rewriting]:
    """Return what :func:`_rewritings` does, without lines that turn a difference round and get longer by it."""
    told = _rewritings(before, after, simplify)
    sizes = [written_size(side) for side in (before, *[side for side, _ in told])]
    return [
        one
        for k, one in enumerate(told, 1)
        if k == len(told) or one[1] != (TURN_SIGN,) or sizes[k] <= max(sizes[k - 1], sizes[k + 1])
    ]


def _rewritings(before: Expr, after: Expr, simplify: Callable[[Expr], Expr]) -> list[Rewriting]:
    """Return what stands between two equal expressions and the last of them, each with the reason for it.

    `simplify` is the engine's own simplification, which leads from `before` to `after`, or nearly so. What only puts
    terms and factors into another order has no line of its own, unless nothing else happens.
    """
    if before is after:
        return []
    if sum([1 for _ in walk(before)]) > LARGEST:
        return [(after, (reasons.SIMPLIFY,))]
    told: list[Rewriting] = []
    shown = unordered(before)
    with logged() as log:
        made = simplify(before)
    tried = [rule for rule in IN_ORDER if rule in log.tried]
    if _is_only_opened(before, after, made, simplify):
        return [(after, _products(before))]
    if before.order == 1 and before.is_row != after.is_row:
        told.append((after if as_row(before) is after else as_row(before), (reasons.AS_ROW,)))
        before = told[-1][0]
        shown = unordered(before)
        if before is after:
            return told
    earlier: set[Simplification] = set()
    for last in (None, *tried):
        with only(IN_ORDER[: IN_ORDER.index(last) + 1] if last else ()), logged() as log:
            made = simplify(before)
        if unordered(made) is not shown:
            named = {reason for _, by in told for reason in by}
            new = tuple([rule for rule in IN_ORDER if rule in log.applied - earlier and rule not in named])
            why = _products(before)
            apart = before.op is ADD and not any([is_nothing(term) for term in before.args])
            factored = apart and made.op is MUL and any([arg.op is ADD for arg in made.args])
            why = why if why != (reasons.REORDERED,) and not factored else (_closing(before, made),)
            told.append((made, new if last and new else (last,) if last else why))
            shown = unordered(made)
            if shown is unordered(after):
                break
        earlier = log.applied
    if told and shown is unordered(after):
        return [*told[:-1], (after, told[-1][1])]
    if _choices(after) > _choices(shown):
        return [*told, (after, (BY_CASES,))]
    if _braces_added(shown) > _braces_added(after):
        return [*told, (after, (reasons.JOINED,))]
    return [*told, (after, (_closing(told[-1][0] if told else before, after),))]


def _closing(before: Expr, after: Expr) -> Reason:
    """Name what leads to the last form of a line where no simplification does: by what stands in the two of them."""
    defined = {node.op for node in walk(after) if node.op.kind == "defined"}
    named = defined - {node.op for node in walk(before)}
    if named:
        return reasons.definition(min(named, key=lambda op: op.bit))
    return next((reason for reason, holds in CLOSING if holds(before, after)), reasons.REORDERED)


def _count(expr: Expr, *operators: Operator) -> int:
    """Count how often some operators stand in an expression, a part that is shared once."""
    return sum([node.op in operators for node in walk(expr)])


def _is_entry_of_row(expr: Expr) -> bool:
    return any([node.op is node.args[0].op is ELEMENT for node in walk(expr) if node.args])


def _more_names(before: Expr, after: Expr) -> int:
    """Say how many more names stand in an expression than in the one before; 0 only where they are the same."""
    was, now = [
        Counter({leaf: n for leaf, n in _leaves(side).items() if leaf.args or leaf.op is not NUMBER})
        for side in (before, after)
    ]
    return now.total() - was.total() or len(now - was)


def _more_numbers(before: Expr, after: Expr) -> int:
    """Say how many more numbers stand in an expression than in the one before."""
    was, now = [sum([n for leaf, n in _leaves(side).items() if leaf.op is NUMBER]) for side in (before, after)]
    return now - was


def _is_merged(before: Expr, after: Expr) -> bool:
    return (
        after.op is not ADD and _powers(after) > _powers(before) and not _leaves(after).keys() - _leaves(before).keys()
    )


def _nested(expr: Expr) -> int:
    """Count the products and sums that stand as one part of another: what reading has brackets for."""
    inside = {MUL: (MUL,), MATMUL: (MUL, MATMUL), ADD: (ADD,)}
    return sum(
        [
            (arg.op in inside.get(node.op, ()) and arg.order > 0) or arg.op is node.op is MUL
            for node in walk(expr)
            for arg in node.args
        ]
    )


def _powers(expr: Expr) -> int:
    """Count the powers in an expression."""
    return sum([node.op is POW or node.op.layout in ("power", "matpow") for node in walk(expr)])


def _leaves(expr: Expr) -> Counter[Expr]:
    """Count how often each variable and number stands in an expression, but for 1, -1 and exponents."""
    counted: dict[Expr, Counter[Expr]] = {}
    for node in walk(expr):
        args = node.args[:1] if node.op is POW else node.args
        total: Counter[Expr] = Counter()
        for arg in args:
            total += counted[arg]
        if not node.args and node.op not in (ONES, EYE) and not is_number(node, 1) and not is_number(node, -1):
            total[node] += 1
        counted[node] = total
    return counted[expr]


def _braces_added(expr: Expr) -> int:
    """Count the sums of several braces."""
    return sum([node.op is ADD and sum([arg.op is CASES for arg in node.args]) > 1 for node in walk(expr)])


def _choices(expr: Expr) -> int:
    """Count the choices entry by entry."""
    return sum([node.op is CASES and any([test.shape for test in node.args[1::2]]) for node in walk(expr)])


def _is_only_opened(before: Expr, after: Expr, made: Expr, simplify: Callable[[Expr], Expr]) -> bool:
    """Say whether a product of lists is only written out in `after`, with what will be settled still in it."""
    if not (before.op is MATMUL and before.args[0].op is BLOCK and after.op is BLOCK):
        return False
    return written_size(after) > written_size(made) and simplify(after) is made


def in_full(line: Line) -> list[Rewriting]:
    """Return the right side of a line, member by member, with every simplification between them and its name.

    The first member is the line's own rule. A member without marks of derivatives comes from one with them by putting
    in what is known of them.
    """
    first, *others = line.rhs
    told: list[Rewriting] = [(first, ())]
    order = line.lhs.args[0].order if line.lhs.op is DERIVATIVE else line.lhs.order

    def simplify(expr: Expr) -> Expr:
        found = matrix_form(normalise(as_units(as_columns(expr))))
        return as_row(found) if found.order == 1 and order == 0 else found

    for member in others:
        before = told[-1][0]
        if before.has(DERIVATIVE):
            told.append((member, (reasons.PUT_IN_LOCAL if member.has(DERIVATIVE) else reasons.PUT_IN,)))
        else:
            told += rewritings(before, member, simplify)
    return told


def unordered(expr: Expr) -> Expr:
    """Return an expression that is the same for all orders and brackets of its sums, products and quotients.

    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> unordered(make(MUL, (x, y))) is unordered(make(MUL, (y, x)))
    True
    """

    def in_one_order(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is POW:
            base, exponent = args
            if base.op is not MUL or base.shape or not (is_number(exponent) and type(exponent.attr) is int):
                return power(base, exponent)
            node, args = base, tuple([power(factor, exponent) for factor in base.args])
        if node.op not in (ADD, MUL, MATMUL):
            return None
        flat: list[Expr] = []
        for arg in args:
            flat.extend(arg.args if arg.op is node.op and arg.shape == node.shape else (arg,))
        return make(node.op, tuple(flat if node.op is MATMUL else sorted(flat, key=id)))

    return rebuild(expr, in_one_order)


def _products(before: Expr) -> Reasons:
    """Name what carrying out the products and sums of a line settles, by what stands in it."""
    found: dict[Reason, None] = {}
    for node in walk(before):
        for reason, holds in REASONS:
            if holds(node):
                found[reason] = None
    return tuple(found) or (reasons.REORDERED,)


def _factors(product: Expr) -> list[Expr]:
    """The matrices and vectors of a matrix product, those of products inside it too, without numbers before them."""
    found: list[Expr] = []
    stack = list(reversed(product.args)) if product.op is MATMUL else []
    while stack:
        factor = stack.pop()
        _, tensor = multiple(factor)
        if factor.op is MATMUL and factor.shape:
            stack.extend(reversed(factor.args))
        elif tensor is not factor:
            stack.append(tensor)
        else:
            found.append(factor)
    return found


def _numbers_apart(node: Expr) -> bool:
    numbers = [f for f in node.args if f.op is NUMBER or (f.op is MUL and f.args[0].op is NUMBER)]
    return len(numbers) > 1 and not any([is_number(f, 1) for f in node.args])


def _has_scalars(factor: Expr) -> bool:
    return factor.op is MUL and bool(factor.shape) and any([not arg.shape for arg in factor.args])


REASONS: tuple[tuple[Reason, Callable[[Expr], bool]], ...] = (
    (reasons.ONES_DIAGONAL, lambda n: any([is_row_of_ones(a) and b.op is DIAG for a, b in pairwise(_factors(n))])),
    (reasons.DIAGONAL_ONES, lambda n: any([a.op is DIAG and b.op is ONES for a, b in pairwise(_factors(n))])),
    (
        reasons.ROW_DIAGONAL,
        lambda n: any([a.is_row and b.op is DIAG and not is_row_of_ones(a) for a, b in pairwise(_factors(n))]),
    ),
    (reasons.DIAGONALS, lambda n: any([a.op is b.op is DIAG for a, b in pairwise(_factors(n))])),
    (reasons.OF_ONES, lambda n: n.op is DIAG and any([part.op is ONES for part in (n.args[0], *n.args[0].args)])),
    (reasons.UNIT, lambda n: any([factor.op is EYE for factor in _factors(n)])),
    (reasons.TIMES_ZERO, lambda n: n.op in (MUL, MATMUL) and any([is_nothing(f) for f in n.args])),
    (reasons.TIMES_ONE, lambda n: n.op is MUL and any([is_number(f, 1) or f.op is ONES for f in n.args])),
    (reasons.PLUS_ZERO, lambda n: n.op is ADD and any([is_nothing(f) for f in n.args])),
    (reasons.PIECEWISE, lambda n: n.op in (MUL, ADD, MATMUL) and any([f.op is CASES for f in n.args])),
    (reasons.ROWS_COLUMNS, lambda n: n.op is MATMUL and n.args[0].op is n.args[-1].op is BLOCK),
    (reasons.LISTED, lambda n: n.op in (MUL, ADD, MATMUL) and any([f.op is BLOCK for f in n.args])),
    (reasons.AS_DOT, lambda n: n.op is MATMUL and not n.shape and len(n.args) == 2 and n.args[0].op is ROW),
    (reasons.SYMMETRIC, lambda n: n.op is TRANSPOSE and n.args[0].is_symmetric),
    (reasons.POWER_OF_PRODUCT, lambda n: n.op is POW and n.args[0].op is MUL),
    (reasons.TURNED, lambda n: n.op in (TRANSPOSE, ROW) and n.args[0].op is MATMUL),
    (reasons.OPENED, lambda n: n.op is ADD and any([f.op is ADD for f in n.args])),
    (reasons.MULTIPLIED, lambda n: n.op is MUL and _numbers_apart(n)),
    (reasons.SCALARS_FIRST, lambda n: n.op is MATMUL and any([_has_scalars(f) for f in n.args])),
)
"""What may be settled in a line by its products alone, and how it is seen."""
CLOSING: tuple[tuple[Reason, Callable[[Expr, Expr], bool]], ...] = (
    (reasons.AS_SUM, lambda b, a: _count(a, SIGMA) < _count(b, SIGMA) and a.has(SUM)),
    (reasons.AS_PRODUCT, lambda b, a: _count(a, SIGMA) < _count(b, SIGMA)),
    (reasons.INTO_SUM, lambda b, a: a.op is SIGMA and b.op is MUL and any([arg.op is SIGMA for arg in b.args])),
    (reasons.OF_ROW, lambda b, a: _is_entry_of_row(b) and not _is_entry_of_row(a)),
    (reasons.AS_BRACES, lambda b, a: a.has(CASES) and not b.has(CASES)),
    (
        TAKE_OUT,
        lambda b, a: b.op is ADD and a.op is MUL and any([f.op is ADD for f in a.args]) and bool(_more_names(b, a)),
    ),
    (MERGE_POWERS, lambda b, a: _more_names(b, a) < 0 and _is_merged(b, a)),
    (reasons.CANCELLED, lambda b, a: _more_names(b, a) < 0),
    (MULTIPLY_OUT, lambda b, a: _more_names(b, a) > 0),
    (reasons.MULTIPLIED, lambda b, a: _more_numbers(b, a) < 0),
    (MULTIPLY_OUT, lambda b, a: _more_numbers(b, a) > 0),
    (reasons.OPENED, lambda b, a: _nested(a) < _nested(b)),
    (reasons.SUM_TRANSPOSED, lambda b, a: b.has(ADD) and _count(a, ROW, TRANSPOSE) < _count(b, ROW, TRANSPOSE)),
    (reasons.TURNED, lambda b, a: b.has(MATMUL) and _count(a, TRANSPOSE) != _count(b, TRANSPOSE)),
)
"""What leads to the last form of a line, seen from both; the first that holds."""
