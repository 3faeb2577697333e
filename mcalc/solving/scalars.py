"""An equation in one number, or in each entry on its own: solved by undoing, one after the other, what is done to it.

A unknown that is an array is solved for entry by entry where only functions of single entries stand around it: every
other array is a number in the equation for one entry.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import lcm
from typing import TYPE_CHECKING

from mcalc.calculus.basics.positive import is_nonnegative, is_positive
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build
from mcalc.calculus.other_forms import tied_together
from mcalc.expr import Expr, make, rebuild
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, LN, MAX, MUL, POW, add, div, has_minus, mul, neg, power
from mcalc.operators.elementwise import ABS, EXP, SIGN
from mcalc.operators.leaves import is_number, is_zero, number, ones, symbol
from mcalc.operators.linear import DOT, SIGMA, TRANSPOSE, transpose
from mcalc.operators.matrix import NORM
from mcalc.solving.tidy import Found, moving, occurs, terms_of, tidy

if TYPE_CHECKING:
    from mcalc.expr import Number


ONE, TWO = number(1), number(2)
DEEPEST = 6
"""So many times an equation is made into a simpler one."""
LARGEST_END = 10_000
"""Of a polynomial with a greater first or last coefficient no rational root is looked for."""
MOST_PRODUCTS = 64
"""A power of a sum that makes more products is not multiplied out."""

INVERSES: dict[str, Callable[[Expr], Expr]] = {
    "exp": lambda y: make(LN, (y,)),
    "ln": lambda y: make(EXP, (y,)),
    "sigmoid": lambda y: make(LN, (div(y, add(ONE, neg(y))),)),
    "tanh": lambda y: mul(number(Fraction(1, 2)), make(LN, (div(add(ONE, y), add(ONE, neg(y))),))),
    "log2": lambda y: power(TWO, y),
    "log10": lambda y: power(number(10), y),
    "sinh": lambda y: make(LN, (add(y, power(add(power(y, TWO), ONE), number(Fraction(1, 2)))),)),
}
"""What undoes a function that takes each value once."""


def solve_entrywise(equation: Expr, unknown: Expr) -> list[Found] | None:
    """Return the solutions of an equation in the entries of an unknown, each on its own; None where there is no way.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("a / q^2 - h", where="a, h, q: R > 0")
    >>> q = next(s for s in e.symbols if s.attr[0] == "q")
    >>> [unicode(found.value) for found in solve_entrywise(e.expr, q)]
    ['sqrt(a / h)']
    """
    if equation.shape != unknown.shape:
        return None
    if not unknown.shape:
        return _solutions(equation, unknown)
    stood = _by_entry(_upright(equation), unknown)
    if stood is None:
        return None
    of_entry, variable, back = stood
    found = []
    for one in _solutions(of_entry, variable) or ():
        value = _arrays_again(one.value, back)
        if value.shape != unknown.shape:
            value = mul(value, ones(unknown.shape))
        found.append(Found(tidy(value), None, "entry by entry", nature=one.nature))
    return found or None


def _by_entry(equation: Expr, unknown: Expr) -> tuple[Expr, Expr, dict[Expr, Expr]] | None:
    """Return the equation of one entry with numbers in place of arrays, the unknown in it, and the arrays they are."""
    touched = moving(equation, {unknown})
    plain = [node.op.kind == "elementwise" and node.shape == unknown.shape for node in touched if node is not unknown]
    if equation not in touched or not all(plain):
        return None
    fresh = free_names(names_in(equation))
    stands: dict[Expr, Expr] = {}
    new: dict[Expr, Expr] = {}
    for node in touched:
        if node is unknown:
            new[node] = symbol(next(fresh), (), frozenset({"positive"} & unknown.attr[2]))
            continue
        args = []
        for arg in node.args:
            if arg in new:
                args.append(new[arg])
            elif arg.shape:
                if arg not in stands:
                    above = frozenset(["positive"] if is_positive(arg) else [])
                    stands[arg] = symbol(next(fresh), (), above)
                args.append(stands[arg])
            else:
                args.append(arg)
        new[node] = make(node.op, tuple(args), node.attr)
    return new[equation], new[unknown], {stand: array for array, stand in stands.items()}


def _arrays_again(value: Expr, back: dict[Expr, Expr]) -> Expr:
    """Put the arrays back in place of the numbers that stood for them, by constructors that know shapes."""

    def put(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node in back:
            return back[node]
        if node.op is MUL:
            return mul(*args)
        return add(*args) if node.op is ADD else None

    return rebuild(value, put)


# one number ------------------------------------------------------------------------------------------------------


def _solutions(equation: Expr, unknown: Expr) -> list[Found] | None:
    """Undo what is done to an unknown, in a loop over equations yet to be solved, each with its depth.

    None is returned where one way is not known: it may hide a solution. What has no real solution gives an empty list.
    """
    waiting = [(_opened(equation, unknown), 0)]
    found: list[Found] = []
    while waiting:
        current, depth = waiting.pop(0)
        simpler = _simpler(current, unknown) if depth <= DEEPEST else None
        if simpler is None:
            return None
        for one in simpler:
            if isinstance(one, Found):
                found.append(one)
            else:
                waiting.append((one, depth + 1))
    return found


def _simpler(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """Return the solutions of an equation, or equations that have the same solutions together; None where stuck."""
    equation = tidy(equation)
    if not occurs(equation, {unknown}):
        return [] if is_number(equation) and not is_zero(equation) else None
    if equation.op is MUL:
        return [base for base in [vanishing(factor, unknown) for factor in equation.args] if base is not None]
    for way in (_soft_threshold, _one_base, _logarithms, _ratio, _cleared, _multiplied_out, _squared):
        made = way(equation, unknown)
        if made is not None:
            return made
    return None


def vanishing(factor: Expr, unknown: Expr) -> Expr | None:
    """Return what has to be 0 where a factor is; None where it never is because of the unknown."""
    if not occurs(factor, {unknown}) or is_positive(factor) or factor.op is EXP:
        return None
    if factor.op is POW and is_number(factor.args[1]):
        return factor.args[0] if factor.args[1].attr > 0 else None
    return factor


def _parts(term: Term, unknown: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
    """A term as its coefficient without the unknown, and the powers in it that have the unknown."""
    own: list[tuple[Expr, Expr]] = []
    rest: list[tuple[Expr, tuple[int, ...], Expr]] = []
    for _, factors in tied_together(term):
        if not any([occurs(f[0], {unknown}) or occurs(f[2], {unknown}) for f in factors]):
            rest += factors
        elif len(factors) == 1 and not factors[0][1]:
            own.append((factors[0][0], factors[0][2]))
        else:
            own.append((tidy(build(Term(1, factors, ()))), ONE))
    return build(Term(term.coef, rest, ())), own


def _terms(equation: Expr, unknown: Expr) -> list[Term]:
    """The terms of an equation, those of sums over an index with the unknown in them as sums of their own."""
    found: list[Term] = []
    for term in terms_of(equation):
        place = next(
            (k for k, f in enumerate(term.factors) if f[0].op is SIGMA and f[2] is ONE and occurs(f[0], {unknown})),
            None,
        )
        if place is None or term.factors[place][1]:
            found.append(term)
            continue
        index, body = term.factors[place][0].args
        rest = build(Term(term.coef, [f for k, f in enumerate(term.factors) if k != place], ()))
        parts = [make(SIGMA, (index, build(part))) for part in terms_of(body)]
        found += [as_term(tidy(mul(rest, tidy(part)))) for part in parts]
    return found


def _one_base(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """An equation that is a polynomial of one or two steps in one thing: u, ln(u), exp(u), 1 + u."""
    for opened in (True, False):
        collected = powers_of(equation, unknown, opened=opened)
        if collected is None:
            continue
        base, powers = collected
        values = _roots(powers, base)
        if values is None:
            continue
        return _undone(base, values, unknown)
    return None


def powers_of(equation: Expr, unknown: Expr, *, opened: bool = True) -> tuple[Expr, dict[Number, Expr]] | None:
    """Collect an equation by powers of the one base that the unknown stands in; 0 is the power of what lacks it."""
    if opened:
        terms = [_parts(term, unknown) for term in _terms(equation, unknown)]
    else:
        from_sum = equation.args if equation.op is ADD else (equation,)
        terms = [_factors(part, unknown) for part in from_sum]
    base: Expr | None = None
    powers: dict[Number, Expr] = {}
    for coefficient, own in terms:
        degree: Number = 0
        for one, exponent in own:
            base = base or one
            times = _multiple(one, base)
            if times is None or not is_number(exponent) or type(exponent.attr) is float:
                return None
            degree += times * exponent.attr
        powers[degree] = add(powers[degree], coefficient) if degree in powers else coefficient
    if base is None:
        return None
    return base, {degree: tidy(c) for degree, c in powers.items()}


def _multiple(one: Expr, base: Expr) -> Number | None:
    """Return the power of a base that something is: exp(2 x) is exp(x)²; None where it is none."""
    if one is base:
        return 1
    if one.op is base.op is EXP:
        ratio = tidy(div(one.args[0], base.args[0]))
        return ratio.attr if is_number(ratio) else None
    return None


def _factors(part: Expr, unknown: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
    factors = part.args if part.op is MUL else (part,)
    own = [f for f in factors if occurs(f, {unknown})]
    rest = [f for f in factors if f not in own]
    return mul(*rest) if rest else ONE, [(f.args[0], f.args[1]) if f.op is POW else (f, ONE) for f in own]


def _roots(powers: dict[Number, Expr], base: Expr) -> list[Expr] | None:
    """Return the values of g for which Σ c_k g^k = 0: of two powers or three with equal steps, or by rational roots."""
    degrees = sorted(d for d, c in powers.items() if not is_zero(c))
    above = is_positive(base) or base.op is EXP
    values = [number(0)] if degrees[0] > 0 else []
    if len(degrees) > 3 or (len(degrees) == 3 and degrees[2] - degrees[1] != degrees[1] - degrees[0]):
        divided = _rational_root({d - degrees[0]: powers[d] for d in degrees})
        if divided is None:
            return None
        root, rest = divided
        others = _roots(rest, base)
        if others is None:
            return None
        together = [number(root), *others]
        exact = all([is_number(value) for value in together])
        return list(dict.fromkeys([*(sorted(together, key=lambda v: -v.attr) if exact else together), *values]))
    if len(degrees) == 2:
        low, high = degrees
        ratio = tidy(neg(div(powers[low], powers[high])))
        return [*_root(ratio, high - low, above=above), *values]
    if len(degrees) == 3:
        c, b, a = [powers[d] for d in degrees]
        inside = tidy(add(power(b, TWO), mul(number(-4), a, c)))
        over = power(mul(TWO, a), number(-1))
        ends = [tidy(mul(add(neg(b), s), over)) for s in _root(inside, 2, above=False)]
        return [*[v for end in ends for v in _root(end, degrees[1] - degrees[0], above=above)], *values]
    return values


def _rational_root(powers: dict[Number, Expr]) -> tuple[Fraction, dict[Number, Expr]] | None:
    """Return a rational root of a polynomial with rational coefficients, and the polynomial divided by it."""
    highest = max(powers)
    if not isinstance(highest, int) or not all([isinstance(d, int) for d in powers]):
        return None
    if not all([is_number(c) and type(c.attr) is not float for c in powers.values()]):
        return None
    row = [Fraction(powers[d].attr) if d in powers else Fraction(0) for d in range(highest, -1, -1)]
    whole = [int(c * lcm(*[c.denominator for c in row])) for c in row]
    if max(abs(whole[0]), abs(whole[-1])) > LARGEST_END:
        return None
    for below in _divisors(whole[0]):
        for above in _divisors(whole[-1]):
            for root in (Fraction(above, below), Fraction(-above, below)):
                quotient = [row[0]]
                for c in row[1:]:
                    quotient.append(quotient[-1] * root + c)
                if not quotient.pop():
                    return root, {highest - 1 - k: number(c) for k, c in enumerate(quotient) if c}
    return None


def _divisors(of: int) -> list[int]:
    return [k for k in range(1, abs(of) + 1) if of % k == 0]


def _root(value: Expr, degree: Number, *, above: bool) -> list[Expr]:
    """Return the real roots of g^degree = value."""
    if degree == 1:
        return [value]
    if is_zero(value):
        return [value]
    exponent = number(Fraction(1) / Fraction(degree))
    if Fraction(degree).denominator == 1 and degree % 2:
        sign, size = (number(-1), tidy(neg(value))) if has_minus(value) else (ONE, value)
        if not (is_nonnegative(size) or is_positive(size)):
            sign, size = mul(sign, make(SIGN, (size,))), make(ABS, (size,))
        return [mul(sign, tidy(power(size, exponent)))]
    if Fraction(degree).numerator % 2 == 0 and is_number(value) and value.attr < 0:
        return []
    positive = tidy(power(value, exponent))
    return [positive] if above or Fraction(degree).numerator % 2 else [positive, neg(positive)]


def _undone(base: Expr, values: list[Expr], unknown: Expr) -> list[Expr | Found] | None:
    """Solve g(u) = value for u: g undone by its inverse, or the equation g(u) - value = 0 looked at again."""
    if base is unknown:
        return [Found(tidy(value)) for value in values]
    if base.op.name in INVERSES:
        undo = INVERSES[base.op.name]
        return [tidy(add(base.args[0], neg(undo(value)))) for value in values]
    if base.op is ABS:
        return [tidy(add(base.args[0], end)) for value in values for end in dict.fromkeys([neg(value), value])]
    if base.op in (ADD, MUL):
        return [tidy(add(base, neg(value))) for value in values]
    return None


def _logarithms(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """C ln(g) - c ln(h) + r = 0 is g / h = exp(-r / c)."""
    terms = [_parts(term, unknown) for term in _terms(equation, unknown)]
    logs = [(c, own) for c, own in terms if own]
    if len(logs) < 2 or not all([len(own) == 1 and own[0][0].op is LN and own[0][1] is ONE for _, own in logs]):
        return None
    first = logs[0][0]
    ratios = [tidy(div(c, first)) for c, _ in logs]
    if not all([is_number(r) for r in ratios]):
        return None
    rest = [c for c, own in terms if not own]
    product = mul(*[power(own[0][0].args[0], r) for (_, own), r in zip(logs, ratios, strict=True)])
    other = make(EXP, (tidy(neg(div(add(*rest), first))),)) if rest else ONE
    return [add(product, neg(other))]


def _ratio(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """Two terms that both have the unknown and exponentials: a / b = -1."""
    terms = _terms(equation, unknown)
    if len(terms) != 2 or not any([base.op is EXP for term in terms for base, _, _ in term.factors]):
        return None
    sides: list[tuple[Expr, Expr]] = []
    for term in terms:
        coefficient, own = _parts(term, unknown)
        if not own or not all([base.op is EXP and is_number(e) for base, e in own]):
            return None
        sides.append((coefficient, add(*[mul(e, base.args[0]) for base, e in own])))
    (c, p), (d, q) = sides
    return [tidy(add(p, neg(q), neg(make(LN, (neg(div(d, c)),)))))]


def _cleared(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """Multiply by the denominators that have the unknown in them."""
    least: dict[Expr, Number] = {}
    for term in _terms(equation, unknown):
        for base, _, exponent in term.factors:
            if occurs(base, {unknown}) and is_number(exponent) and exponent.attr < 0:
                least[base] = min(least.get(base, 0), exponent.attr)
    if not least:
        return None
    by = [power(base, number(-exponent)) for base, exponent in least.items()]
    cleared = tidy(add(*[tidy(mul(*by, build(term))) for term in _terms(equation, unknown)]))
    still = any(
        [
            base in least and is_number(e) and e.attr < 0
            for term in _terms(cleared, unknown)
            for base, _, e in term.factors
        ]
    )
    return None if still else [cleared]


def _multiplied_out(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """Multiply the powers of sums out that have the unknown in them: (x + 1)² is x² + 2 x + 1."""

    def opened(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not POW or args[0].op is not ADD or not occurs(node, {unknown}) or not is_number(args[1]):
            return None
        times, parts = args[1].attr, args[0].args
        if type(times) is not int or times < 2 or len(parts) ** times > MOST_PRODUCTS:
            return None
        return add(*[mul(*chosen) for chosen in product(parts, repeat=times)])

    out = add(*[build(term) for term in terms_of(rebuild(equation, opened))])
    return None if out is equation or tidy(out) is equation else [out]


def _squared(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """C √g + r = 0 has its solutions among those of c² g = r²."""
    terms = [(build(term), *_parts(term, unknown)) for term in _terms(equation, unknown)]
    roots = [(c, own[0][0]) for _, c, own in terms if len(own) == 1 and _is_half(own[0][1])]
    if len(roots) not in (1, 2):
        return None
    [place, *_] = [k for k, (_, _, own) in enumerate(terms) if len(own) == 1 and _is_half(own[0][1])]
    c, inside = roots[0]
    rest = add(*[whole for k, (whole, _, _) in enumerate(terms) if k != place])
    return [add(mul(power(c, TWO), inside), neg(power(rest, TWO)))]


def _is_half(exponent: Expr) -> bool:
    return is_number(exponent) and exponent.attr == Fraction(1, 2)


def _soft_threshold(equation: Expr, unknown: Expr) -> list[Expr | Found] | None:
    """A u + c sign(u) = b with a and c positive: u = sign(b) max(0, |b| - c) / a; u is 0 where |b| ≤ c."""
    terms = [_parts(term, unknown) for term in _terms(equation, unknown)]
    parts: dict[str, list[Expr]] = {"u": [], "sign": [], "": []}
    for coefficient, own in terms:
        if not own:
            parts[""].append(coefficient)
        elif len(own) == 1 and own[0][1] is ONE and own[0][0] is unknown:
            parts["u"].append(coefficient)
        elif len(own) == 1 and own[0][1] is ONE and own[0][0].op is SIGN and own[0][0].args[0] is unknown:
            parts["sign"].append(coefficient)
        else:
            return None
    if not all(parts.values()):
        return None
    a, c, b = tidy(add(*parts["u"])), tidy(add(*parts["sign"])), tidy(neg(add(*parts[""])))
    if not (is_positive(a) and is_positive(c)):
        return None
    center, width = tidy(div(b, a)), tidy(div(c, a))
    reach = make(MAX, (number(0), add(make(ABS, (center,)), neg(width))))
    return [Found(mul(make(SIGN, (center,)), reach), nature="minimum")]


def _opened(equation: Expr, unknown: Expr) -> Expr:
    """Write ‖v‖² with the unknown in it as v · v, 2^v as exp(ln(2) v), and exp(v + s) as exp(s) exp(v)."""

    def split(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is POW and is_positive(args[0]) and occurs(args[1], {unknown}) and not occurs(args[0], {unknown}):
            node = make(EXP, (tidy(mul(make(LN, (args[0],)), args[1])),))
            args = node.args
        if node.op is POW and args[0].op is NORM and is_number(args[1]) and args[1].attr % 2 == 0:
            of = args[0].args[0]
            return power(make(DOT, (of, of)), number(args[1].attr // 2)) if occurs(of, {unknown}) else None
        parts = _addends(args[0]) if node.op is EXP else []
        own = [part for part in parts if not part.shape and occurs(part, {unknown})]
        rest = [part for part in parts if part not in own]
        if not own or not rest or occurs(add(*rest), {unknown}):
            return node if node.op is EXP and args is node.args else None
        return mul(make(EXP, (add(*own),)), make(EXP, (add(*rest),)))

    return rebuild(equation, split)


def _addends(expr: Expr) -> list[Expr]:
    """Return the terms of a sum, or of a number times a sum."""
    if expr.op is MUL and len(expr.args) == 2 and is_number(expr.args[0]) and expr.args[1].op is ADD:
        return [mul(expr.args[0], part) for part in expr.args[1].args]
    return list(expr.args) if expr.op is ADD else []


def _upright(equation: Expr) -> Expr:
    """Return an equation with transposes of what works entry by entry taken inside: (1 ⊘ Pᵀ)ᵀ is 1 ⊘ P."""

    def turned(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not TRANSPOSE or args[0].op.kind != "elementwise":
            return transpose(args[0]) if node.op is TRANSPOSE else None
        return make(args[0].op, tuple([transpose(a) if a.shape else a for a in args[0].args]), args[0].attr)

    while (made := rebuild(equation, turned)) is not equation:
        equation = made
    return equation
