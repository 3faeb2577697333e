"""Derivatives by what is no whole free variable: an entry, a structured matrix; and what stands in an expectation.

By an entry with a free index, ``∂f/∂x_j`` for each j, it is an entry of the whole derivative, written short: of
``(A + Aᵀ) x`` it is ``((A + Aᵀ) x)_j``, of ``diag(s) - s sᵀ`` it is ``s_i (δ_ij - s_j)``.

Source: the projection is the gradient in the inner product tr(Aᵀ B) among the directions in which the variable may
move; by free entries see The Matrix Cookbook, 2.8.
"""

from __future__ import annotations

import re
from collections import Counter

from mcalc.calculus.basics.entries import not_over, substitute
from mcalc.calculus.basics.orientation import as_row, is_nothing, transposed
from mcalc.calculus.index_notation.term import product
from mcalc.errors import Mistake
from mcalc.expr import Expr, depends, fold, make, rebuild, walk
from mcalc.operators.abstract import EXPECTATION, apply, over_all_but
from mcalc.operators.arithmetic import ADD, CASES, EQ, MUL, NE, add, mul, power, whole_power
from mcalc.operators.leaves import EYE, INDEX, NUMBER, ONES, UNIT, ZEROS, eye, is_number, number, ratio
from mcalc.operators.linear import DIAG, ELEMENT, MATMUL, ROW, SIGMA, TRANSPOSE, element, matmul
from mcalc.operators.structures import CONSTANTS, factors_of, structure_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mcalc.dims import Dim
    from mcalc.expr import Labels

    At = tuple[Expr, ...]
    Part = tuple[Expr, At]


def entry_of(whole: Expr, at: At) -> Expr:
    """Return the entry of a whole derivative at places, some of which run freely; a matrix product stays whole.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import index, size, symbol
    >>> n = Dim.named("n")
    >>> i, j = [index(name, 0, number(1), size(n)) for name in "ij"]
    >>> entry_of(make(DIAG, (symbol("x", (n,)),)), (i, j)).op.name
    'mul'
    """
    made: Expr = fold((whole, at), lambda part: _inner(*part), lambda part, done: _entry(part[0], part[1], done))
    return factored(made)


def _inner(node: Expr, at: At) -> list[Part]:
    """The entries of its arguments that an entry is made of; of fewer places than axes it is a row."""
    node = _apart(node, at)
    if len(at) < node.order:
        if node.op.kind == "elementwise" and all([arg.order in (0, node.order) for arg in node.args]):
            return [(arg, at) for arg in node.args if arg.shape]
        if node.op is SIGMA:
            return [(node.args[1], at)]
        if _is_outer(node):
            return [(node.args[0], at)]
        return [(node.args[0].args[0], at), (matmul(*node.args[1:]), at)] if _is_scaled(node) else []
    if node.op.kind == "elementwise":
        return [(arg, at) for arg in node.args if arg.shape]
    if node.op in (ROW, SIGMA):
        return [(node.args[-1], at)]
    if node.op is TRANSPOSE:
        return [(node.args[0], at[::-1])]
    if node.op is DIAG:
        return [(node.args[0], at[:1] if node.order == 2 else (*at, *at))]
    if _is_outer(node):
        return [(node.args[0], at[:1]), (node.args[1], at[1:])]
    if _is_scaled(node):
        return [(node.args[0].args[0], at[:1]), (matmul(*node.args[1:]), at)]
    return []


def _is_outer(node: Expr) -> bool:
    outer = node.op is MATMUL and node.order == 2 and [arg.order for arg in node.args] == [1, 1]
    return outer and node.args[1].op is ROW


def _is_scaled(node: Expr) -> bool:
    """Say whether a matrix product begins with diag(v), which scales its rows."""
    return node.op is MATMUL and node.order > 0 and node.args[0].op is DIAG and node.args[0].order == 2


def _apart(node: Expr, at: At) -> Expr:
    """A sum over an index of its own, which none of the places has."""
    return not_over(node, frozenset[Expr]().union(*[one.free for one in at])) if node.op is SIGMA else node


def _entry(node: Expr, at: At, done: dict[Part, Expr]) -> Expr:
    node = _apart(node, at)
    parts = [done[part] for part in _inner(node, at)]
    if node.op.kind == "elementwise":
        own = iter(parts)
        args = tuple([next(own) if arg.shape else arg for arg in node.args])
        return _product(args) if node.op is MUL else add(*args) if node.op is ADD else make(node.op, args, node.attr)
    if node.op is SIGMA:
        return _summed(node.args[0], parts[0])
    if len(at) < node.order and parts:
        rest = node.args[1].args[0] if _is_outer(node) else None
        return mul(*parts, rest) if rest is not None else mul(*parts)
    if node.op is DIAG and node.order == 2:
        return mul(parts[0], delta(at[0], at[1], node.shape[0]))
    if parts:
        return _product(parts)
    if node.op in (ONES, ZEROS) and len(at) == node.order:
        return number(int(node.op is ONES))
    if node.op is EYE and len(at) == 2:
        return delta(at[0], at[1], node.attr)
    if node.op is UNIT:
        return delta(node.args[0], at[0], node.attr)
    return element(*node.args, *at) if node.op is ELEMENT else element(node, *at)


def _product(factors: Iterable[Expr]) -> Expr:
    """Return a product without products in it, its numbers first."""
    flat = [inner for factor in factors for inner in (factor.args if factor.op is MUL else (factor,))]
    return mul(*sorted(flat, key=lambda factor: not is_number(factor)))


def _summed(index: Expr, body: Expr) -> Expr:
    """Return Σ_i of a body; δ_ik in all its terms leaves what they are at k: Σ_i f_i δ_ik = f_k."""
    left: list[Expr] = []
    for term in body.args if body.op is ADD else (body,):
        factors = term.args if term.op is MUL else (term,)
        chosen = next((f for f in factors if f.op is ELEMENT and f.args[0].op is EYE and index in f.args[1:]), None)
        place = None if chosen is None else next((at for at in chosen.args[1:] if at is not index), None)
        if chosen is None or place is None or place.args != index.args:
            return make(SIGMA, (index, body))
        left.append(substitute(_product([factor for factor in factors if factor is not chosen]), index, place))
    return add(*left) if len(left) > 1 else left[0]


def delta(one: Expr, other: Expr, dim: Dim) -> Expr:
    """Return Kronecker's δ of two places: 1 where they are equal, 0 elsewhere."""
    if one is other:
        return number(1)
    if one.op is NUMBER and other.op is NUMBER:
        return number(0)
    if one.op is INDEX and other.op is INDEX:
        return make(ELEMENT, (eye(dim), *sorted((one, other), key=lambda place: str(place.attr))))
    return make(EQ, (one, other))


def with_deltas(found: Expr, dim: Dim) -> Expr:
    """Return a result with δ in place of the braces and conditions that say whether two free indices are equal."""

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is CASES and len(args) == 4 and is_nothing(args[0]) and node.args[1].op is NE and args[1].free:
            one, other = node.args[1].args
            return _product((delta(one, other, dim), args[2])) if one.op is INDEX else None
        if node.op is EQ and not node.shape and all([arg.op is INDEX for arg in args]):
            return delta(args[0], args[1], dim)
        if node.op is ELEMENT and args[0].op.kind == "elementwise" and args[0].order == len(args) - 1:
            return entry_of(args[0], args[1:])
        return None

    made = rebuild(found, change)
    return made if made.shape else factored(made)


def factored(node: Expr) -> Expr:
    """Return a sum with the factors that all its terms share before it: a c + b c = c (a + b)."""
    if node.op is not ADD:
        return node
    terms = [Counter(_factors(term)) for term in node.args]
    shared = terms[0].copy()
    for term in terms[1:]:
        shared &= term
    if not shared:
        return node
    rests = [mul(*(term - shared).elements()) if term - shared else number(1) for term in terms]
    rests.sort(key=lambda rest: rest.op is MUL and is_number(rest.args[0]) and rest.args[0].attr < 0)
    bases = [power(base, number(count)) if count > 1 else base for base, count in shared.items()]
    return mul(*bases, add(*rests))


def _factors(term: Expr) -> list[Expr]:
    """The factors of a term that are no numbers, a whole power as often as it says; a number that is not 1 is one."""
    found: list[Expr] = []
    stack = [term]
    while stack:
        factor = stack.pop()
        if factor.op is MUL:
            stack += reversed(factor.args)
            continue
        base, count = whole_power(factor)
        found += [base] * count if count > 0 else [factor]
    return found


def _in_triangle(letter: str, variable: Expr) -> int | None:
    """Say whether an entry at a known place is in the lower or upper triangle, 1 or 0; None for anything else."""
    at = variable.args[1:]
    if letter not in "LU" or len(at) != 2 or not all([is_number(place) for place in at]):
        return None
    row, column = [place.attr for place in at]
    return int(row >= column if letter == "L" else row <= column)


def by_structure(raw: Expr, variable: Expr, convention: str = "projected") -> Expr:
    """Return a derivative by independent entries as one by a structured variable; its last axes are the variable's.

    An entry of the variable stands for all that move with it, so for one the rule is that of free entries.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> G, S = symbol("G", (n, n)), symbol("S", (n, n), frozenset({"symmetric"}))
    >>> by_structure(G, symbol("A", (n, n))) is G, len(by_structure(G, S).args)
    (True, 2)
    """
    structure = structure_of(variable)
    if structure is None or convention == "ignore":
        return raw
    whole = variable.args[0] if variable.args else variable
    axes = tuple(range(raw.order))
    own = axes[-whole.order :]
    named = dict(zip("ij", own, strict=False)) | {letter: raw.order + place for place, letter in enumerate("kpq")}
    terms: list[Expr] = []
    for under, part in structure.rule(convention, of_entry=bool(variable.args)):
        factors: list[tuple[Expr, Labels]] = []
        for letter, names in factors_of(part):
            labels = tuple([named[name] for name in names])
            if letter in "Gg":
                factors.append((raw, (*axes[: -whole.order], *labels)))
            elif (inside := _in_triangle(letter, variable)) is not None:
                factors.append((number(inside), ()))
            else:
                factors.append((whole if letter == "X" else CONSTANTS[letter](whole.shape), labels))
        terms.append(product(under if abs(under) == 1 else ratio(1, under), factors, axes))
    return add(*terms)


_MARK = "E#"
"""Functions that stand for expectations are called so, with a number: no name has this sign."""


def set_aside(body: Expr, variable: Expr) -> tuple[Expr, dict[str, Expr]]:
    """Return an expression with undefined functions of the variable for the outermost expectations that depend on it.

    Raises :class:`~mcalc.errors.Mistake` where a derivative does not go inside.
    """
    kept: dict[str, Expr] = {}
    if not body.has(EXPECTATION):
        return body, kept
    for node in walk(body):
        if node.op is EXPECTATION:
            _refuse_random(node, variable.attr[0])
    touched = depends(body, variable)
    inner = {below for node in walk(body) if node.op is EXPECTATION for below in walk(node.args[0])}
    outer = [node for node in walk(body) if node.op is EXPECTATION and node in touched and node not in inner]
    stands: dict[Expr, Expr] = {}
    for node in outer:
        known = node if node.attr.names is not None else over_all_but(node, {variable.attr[0]})
        name = f"{_MARK}{len(kept)}"
        kept[name] = known
        stands[node] = apply(name, variable, out=node.shape)
    return rebuild(body, lambda node, args: stands.get(node)), kept


def _refuse_random(node: Expr, name: str) -> None:
    names, subscript = node.attr
    if names is not None and name in names:
        raise Mistake(
            "E-UNSUPPORTED",
            f"the expectation goes over {name}, and does not depend on it",
            hint=f"write what is random below: E_x[...] where x is, and {name} is not",
        )
    if name in re.findall(r"[^\W\d_]+", subscript):
        raise Mistake(
            "E-UNSUPPORTED",
            f"the distribution depends on {name}: the derivative does not go inside",
            hint=f"it is E[f ∂ln(p)/∂{name}], f times the score; or write what is random by {name} and noise",
        )


def put_inside(result: Expr, kept: dict[str, Expr], derivative: Callable[[Expr], Expr]) -> Expr:
    """Return a result with the expectations in their places again, and those of derivatives for their derivatives."""

    def back(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op.layout == "apply" and node.attr.name in kept:
            whole = kept[node.attr.name]
            if not any(node.attr.counts):
                return whole
            inner = derivative(whole.args[0])
            numbers = [factor for factor in inner.args if is_number(factor)] if inner.op is MUL else []
            rest = [factor for factor in inner.args if not is_number(factor)] if numbers else [inner]
            return mul(*numbers, make(EXPECTATION, (mul(*rest),), whole.attr))
        return None

    return rebuild(result, back)


def rows_inside(result: Expr) -> Expr:
    """Return a result with the transposes of expectations inside them: E[x]ᵀ is E[xᵀ]."""

    def turned(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op not in (ROW, TRANSPOSE):
            return None
        factors = args[0].args if args[0].op is MUL else args
        whole = [factor for factor in factors if factor.shape]
        if len(whole) != 1 or whole[0].op is not EXPECTATION:
            return None
        inner = (as_row if node.op is ROW else transposed)(whole[0].args[0])
        made = make(EXPECTATION, (inner,), whole[0].attr)
        return mul(*[made if factor is whole[0] else factor for factor in factors])

    return rebuild(result, turned)
