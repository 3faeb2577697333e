"""The normal form of a derivative: sums of contracted products, like terms merged, shared parts kept shared.

`normalise` goes over the graph of sums and products that differentiation made. What the user wrote inside (`given`)
stays as written: a sum of theirs is one factor, a product of theirs is opened up.
"""

from __future__ import annotations

from mcalc.calculus.basics.simplifications import (
    UNDER_CONDITION,
    enabled,
    note,
)
from mcalc.calculus.index_notation.flattening import as_term, flatten
from mcalc.calculus.index_notation.term import Term, is_product
from mcalc.calculus.normal.collecting import EXPANDED, close, normal_sum
from mcalc.calculus.rules.conditions import assume
from mcalc.expr import Expr, in_order, make
from mcalc.operators.arithmetic import ADD, CASES, LN
from mcalc.operators.elementwise import EXP
from mcalc.operators.linear import SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

INLINE_FACTORS = 12
"""A shared product of at most this many factors is copied into the products that use it; a longer one stays shared."""
MOST_TERMS = 24
"""When multiplying out has made as many terms as this, the sums that are left stay factors."""


def normalise(root: Expr, given: Container[Expr] = frozenset(), expand: bool = False) -> Expr:
    """Return an equal expression in normal form.

    Works from the leaves of the graph to the root, each node once, and opens only products that are used once or are
    small: so the work is linear in the graph, and ends. With `expand`, sums that differentiation made are multiplied
    out too where they are short, so that like terms meet.
    """
    room = [MOST_TERMS] if expand else [0]
    uses: dict[Expr, int] = {root: 1}
    order: list[Expr] = []
    for node in _region(root, given):
        order.append(node)
        for inner in _inner(node, given):
            uses[inner] = uses.get(inner, 0) + 1
    inside_product: set[Expr] = set()
    inside_sum: set[Expr] = set()
    for node in order:
        if is_product(node):
            inside_product.update([arg for arg in node.args if uses.get(arg) == 1 and is_product(arg)])
        elif node.op is ADD and node not in given:
            inside_sum.update([arg for arg in node.args if uses.get(arg) == 1 and arg.op is ADD and arg not in given])
    value: dict[Expr, Expr] = {}

    def opened(factor: Expr) -> Expr | None:
        """A product used here alone is opened as it is; a shared one, once normal, if it is small."""
        if factor in inside_product:
            return factor
        normal = value.get(factor)
        if normal is None:
            return (
                factor
                if is_product(factor) and len(factor.args) <= INLINE_FACTORS
                else None
                if is_product(factor)
                else factor
            )
        if is_product(normal) and len(normal.args) > INLINE_FACTORS:
            return None
        return normal

    for node in order:
        if node in inside_product or node in inside_sum:
            continue
        if node.op is ADD and node not in given:
            value[node] = normal_sum(_terms_of(node, inside_sum, value), node.shape)
        elif is_product(node):
            value[node] = close(_swap(flatten(node, opened), value), given, room)
        elif node.op in (EXP, LN):
            value[node] = close(as_term(node))
        elif node.op is SIGMA:
            from mcalc.calculus.normal.indexed_sums import normal_sigma

            value[node] = normal_sigma(node.args[0], value.get(node.args[1], node.args[1]))
        elif node.op is CASES:
            value[node] = _normal_cases([value.get(arg, arg) for arg in node.args])
        else:
            value[node] = node
    return value[root]


def _normal_cases(args: list[Expr]) -> Expr:
    """Simplify each piece of a choice by the condition it stands under."""
    if enabled(UNDER_CONDITION) and not any([condition.shape for condition in args[1::2]]):
        for place in range(1, len(args), 2):
            value = assume(args[place - 1], [args[place]])
            if value is not args[place - 1]:
                note(UNDER_CONDITION)
                args[place - 1] = value
    return make(CASES, tuple(args))


def _region(root: Expr, given: Container[Expr]) -> list[Expr]:
    """The nodes of the graph that normalising may change, arguments first."""
    return list(in_order([root], lambda node: _inner(node, given)))


def _inner(node: Expr, given: Container[Expr]) -> tuple[Expr, ...]:
    if is_product(node):
        return node.args
    if node.op in (ADD, SIGMA, CASES) and node not in given:
        return (
            node.args[1:]
            if node.op is SIGMA
            else node.args[::2]
            if node.op is CASES and len(node.args) % 2 == 0
            else node.args
        )
    return ()


def _swap(term: Term, value: dict[Expr, Expr]) -> Term:
    """Put the normal form of each factor that stayed whole in its place."""
    if not any([value.get(base, base) is not base for base, _, _ in term.factors]):
        return term
    return Term(
        term.coef, [(value.get(base, base), labels, exponent) for base, labels, exponent in term.factors], term.out
    )


def _terms_of(node: Expr, inside_sum: set[Expr], value: dict[Expr, Expr]) -> list[Expr]:
    """The terms of a sum with the sums inside it opened, in order."""
    terms: list[Expr] = []
    stack = list(reversed(node.args))
    while stack:
        part = stack.pop()
        if part in inside_sum:
            stack.extend(reversed(part.args))
            continue
        normal = value.get(part, part)
        own = normal.op is ADD and not node.shape and node.args.count(part) == 1 and len(normal.args) <= EXPANDED
        if own or (normal.op is ADD and part.op is not ADD):
            stack.extend(reversed(normal.args))
        else:
            terms.append(normal)
    return terms
