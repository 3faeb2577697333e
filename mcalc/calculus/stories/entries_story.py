"""Derivations by entries: in index notation; and by a structured variable, with all its entries independent first.

In index notation the entries are written out, each of X by each of X a δ, and the δ contracted: ∂X_ij/∂X_kl =
δ_ik δ_jl; the product rule goes over the factors that have an entry of X in them, and an element-wise function of such
an entry brings its slope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns, as_units
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build
from mcalc.calculus.other_forms import in_index_notation
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories.differential_rules import as_product, is_squared_norm
from mcalc.calculus.stories.differential_story import Untold
from mcalc.calculus.stories.lines import DIRECT, Derivation, Line, mark
from mcalc.calculus.stories.reasons import AS_MATRIX, BY_ENTRY, CONTRACTED, ENTRIES_WRITTEN, OF_STRUCTURE
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, add, mul
from mcalc.operators.leaves import SYMBOL, eye, is_number, number, symbol
from mcalc.operators.linear import TRANSPOSE, element, transpose
from mcalc.operators.structures import STRUCTURES, SYMMETRIC, structure_of

if TYPE_CHECKING:
    from mcalc.calculus.index_notation.term import Factor
    from mcalc.expr import Labels


OWN_LABELS = 9_000
"""Labels of the axes of the variable begin here."""
MOST_FACTORS = 12


def tell_entries(body: Expr, variable: Expr, result: Expr) -> Derivation:
    """Tell how `result`, the derivative of `body` by `variable`, comes about entry by entry.

    Raises :class:`~mcalc.calculus.stories.differential_story.Untold` where the body is not made of products, sums and
    element-wise functions of entries of the variable.
    """
    if variable.op is not SYMBOL or not variable.shape or body.free or variable not in depends(body, variable):
        raise Untold
    try:
        prepared = rebuild(body, lambda node, args: as_product(node) if is_squared_norm(node) else None)
        terms = _terms(prepared)
        axes = tuple(range(OWN_LABELS, OWN_LABELS + variable.order))
        raw = [build(made) for term in terms for made in _derived(term, variable, axes)]
        contracted = in_index_notation(result)
    except (Mistake, ShapeError):
        raise Untold from None
    if not raw:
        raise Untold
    start = mark(body, variable)
    lines = [Line(DIRECT, start, [mark(add(*[build(term) for term in terms]), variable)], ENTRIES_WRITTEN)]
    lines.append(Line(DIRECT, start, [add(*raw)], BY_ENTRY))
    if contracted is not lines[-1].rhs[-1]:
        lines.append(Line(DIRECT, start, [contracted], CONTRACTED))
    if result is not contracted:
        lines.append(Line(DIRECT, start, [result], AS_MATRIX))
    return Derivation(body, variable, result, lines)


def _terms(expr: Expr) -> list[Term]:
    normal = normalise(as_units(as_columns(expr)), expand=True)
    return [as_term(part) for part in (normal.args if normal.op is ADD else (normal,))]


def _derived(term: Term, variable: Expr, axes: Labels) -> Iterator[Term]:
    """Yield what the product rule makes of a term: for each factor with an entry of the variable, one or more terms."""
    out = term.out + axes
    waiting: list[tuple[Term, int]] = [(term, k) for k in range(len(term.factors))]
    while waiting:
        one, k = waiting.pop(0)
        base, labels, exponent = one.factors[k]
        others = [*one.factors[:k], *one.factors[k + 1 :]]
        if variable not in set(walk(base)):
            continue
        if len(others) > MOST_FACTORS or not is_number(exponent):
            raise Untold
        coef = one.coef
        if exponent is not ONE and not is_number(exponent, 1):
            coef = coef * exponent.attr
            others = [*others, (base, labels, number(exponent.attr - 1))]
        if base is variable:
            deltas: list[Factor] = [(eye(dim), (a, b), ONE) for dim, a, b in zip(base.shape, labels, axes, strict=True)]
            yield Term(coef, [*others, *deltas], out)
            continue
        moving = [place for place, arg in enumerate(base.args) if variable in set(walk(arg))]
        if base.op.kind != "elementwise" or base.op.partial is None or len(moving) != 1:
            raise Untold
        inner = base.args[moving[0]]
        slope = base.op.partial(base, moving[0])
        if slope is None or inner.shape != base.shape:
            raise Untold
        slopes: list[Factor] = [(slope, labels if slope.shape else (), ONE)]
        fresh = 1 + max([x for _, xs, _ in one.factors for x in xs] + [x for x in out if x < OWN_LABELS] + [0])
        for part in _terms(inner):
            if not any([variable in set(walk(own)) for own, _, _ in part.factors]):
                continue
            if len(part.out) != len(labels):
                raise Untold
            names = dict(zip(part.out, labels, strict=True))
            for x in [x for _, xs, _ in part.factors for x in xs]:
                if x not in names:
                    names[x], fresh = fresh, fresh + 1
            own: list[Factor] = [(b, tuple([names[x] for x in xs]), e) for b, xs, e in part.factors]
            whole = Term(coef * part.coef, [*others, *slopes, *own], one.out)
            first = len(others) + len(slopes)
            waiting += [(whole, place) for place in range(first, first + len(own))]


class Independent:
    """A function of a structured variable, with one in its place whose entries are independent.

    `variables` are those to differentiate by, the second being the mirror image of an entry beside the diagonal.
    """

    __slots__ = ("_free", "_whole", "body", "variables")

    def __init__(self, body: Expr, variable: Expr) -> None:
        whole = variable.args[0] if variable.args else variable
        name, shape, properties = whole.attr
        self._whole = whole
        self._free = symbol(name, shape, properties.difference(STRUCTURES))
        self.body = rebuild(body, lambda node, args: self._free if node is whole else None)
        at = variable.args[1:]
        paired = structure_of(variable) is SYMMETRIC and len(at) == 2 and at[0] is not at[1]
        ways = [at, at[::-1]] if paired else [at]
        self.variables = [element(self._free, *way) if way else self._free for way in ways]

    def restored(self, expr: Expr) -> Expr:
        """Return an expression with the structured variable back in it."""
        return rebuild(expr, lambda node, args: self._whole if node is self._free else None)


def with_structure(
    body: Expr, variable: Expr, found: Sequence[Expr], result: Expr, convention: str = "projected"
) -> Derivation | None:
    """Return the line from the derivatives by independent entries to the result; None where nothing is left to do."""
    structure = structure_of(variable)
    assert structure is not None
    if found[0] is result:
        return None
    free = convention == "free" and structure.free
    members, detail = [result], structure.by_free if free else structure.projection
    if variable.args:
        detail = f"an entry counts {structure.of_entry}"
        members = [add(*found), result] if len(found) > 1 else members
    elif result.order == 2 and structure is SYMMETRIC and not free:
        [whole] = found
        settled = rebuild(whole, lambda node, args: transpose(args[0]) if node.op is TRANSPOSE else None)
        if structure.holds(settled):
            members, detail = [whole, result], "Sᵀ = S"
        else:
            both = add(whole, make(TRANSPOSE, (whole,)))
            members = [mul(number(Fraction(1, 2)), both), result]
    members = members[members[0] is members[-1] :] if len(members) > 1 else members
    line = Line(DIRECT, mark(body, variable), members, OF_STRUCTURE[structure.said], detail)
    return Derivation(body, variable, result, [line])
