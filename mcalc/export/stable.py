"""Forms that do not overflow or cancel, put in the place of those that do, before code is written.

Each rule puts one node for several, or takes one quotient or logarithm apart, so this ends:

- ln(sum(exp(z))) is logsumexp(z), ln(exp(a) + exp(b)) is a + softplus(b - a), ln(1 + exp(z)) is softplus(z);
- ln(softmax(z)) is logsoftmax(z), ln(σ(z)) is -softplus(-z), also as factors in a logarithm, and in a cross-entropy;
- ln(cosh(z)) is |z| + softplus(-2 |z|) - ln(2), sinh(z)/cosh(z) is tanh(z), ln(det(A)) is logdet(A);
- 1/(1 + exp(z)) and 1 - σ(z) are σ(-z), exp(a)/(exp(a) + exp(b)) is σ(a - b), exp(z)/sum(exp(z)) is softmax(z);
- (exp(a) - exp(b))/(exp(a) + exp(b)) is tanh((a - b)/2);
- in {f if z > 0; g otherwise} an exp(z) in g is exp(min(z, 0)).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.export.code import Code, permute
from mcalc.export.code import walk as walk_code
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, CASES, LN, MIN, MUL, POW, add, mul, neg, power
from mcalc.operators.elementwise import ABS, COSH, EXP, SIGMOID, SINH, SOFTPLUS, TANH
from mcalc.operators.leaves import NUMBER, is_number, number
from mcalc.operators.linear import SUM, dot
from mcalc.operators.matrix import DET, LOGDET
from mcalc.operators.network import CROSSENTROPY, LOGSOFTMAX, LOGSUMEXP, SOFTMAX

if TYPE_CHECKING:
    from mcalc.expr import Number


POSITIVE = (SOFTMAX, SIGMOID, EXP)
"""Functions whose values are positive, and whose logarithms have a form of their own."""


def stable(expr: Expr) -> Expr:
    """Return an equal expression that can be evaluated for large arguments.

    >>> from mcalc import parse
    >>> stable(parse("log(sum(exp(x)))", where="x: R^n").expr) is parse("logsumexp(x)", where="x: R^n").expr
    True
    """
    return rebuild(expr, _stable_node)


def _stable_node(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is LN:
        return _logarithm(args[0])
    if node.op is ADD and len(args) == 2:
        return _complement(args)
    if node.op is MUL:
        return _product(args)
    if node.op is POW and is_number(args[1], -1):
        return _quotient(number(1), args[0])
    if node.op is CROSSENTROPY and args[1].op is SOFTMAX:
        return neg(dot(args[0], make(LOGSOFTMAX, args[1].args)))
    if node.op is CASES and len(args) in (3, 4):
        return _piece_below(args)
    return None


def _complement(args: tuple[Expr, ...]) -> Expr | None:
    """1 - σ(z) is σ(-z)."""
    one, other = args if is_number(args[0], 1) else args[::-1]
    bare = neg(other)
    if is_number(one, 1) and bare.op is SIGMOID and other.op is MUL and len(other.args) == 2:
        return make(SIGMOID, (neg(bare.args[0]),))
    return None


def _product(args: tuple[Expr, ...]) -> Expr | None:
    """A quotient of exponentials, or of sinh and cosh, among the factors, or a power of one.

    Each is looked up by what it needs beside it, so that the work is in line with the number of factors.
    """
    tops: dict[object, list[int]] = {}
    for place, arg in enumerate(args):
        top, _ = _to_a_power(arg)
        tops.setdefault(frozenset(top.args) if top.op is ADD else top, []).append(place)
        if top.op is EXP:
            tops.setdefault((EXP, neg(top.args[0])), []).append(place)
    for below in args:
        bottom, k = _to_a_power(below)
        places = sorted({place for wanted in _wanted(bottom) for place in tops.get(wanted, ())})
        exponents = _exponents(bottom) if places else None
        if exponents is not None and k < 0:
            found = _shared(args, below, exponents, -k)
            if found is not None:
                return found
        for above in [args[place] for place in places]:
            top, n = _to_a_power(above)
            found = _quotient(top, bottom) if n == -k else _shifted(top, bottom) if n == k else None
            if found is not None:
                return mul(*[arg for arg in args if arg is not above and arg is not below], power(found, number(n)))
    return None


def _wanted(bottom: Expr) -> tuple[object, ...]:
    """Return under which keys of `_product` that is found which may make one with a factor, or with what it is below.

    These are what `_quotient`, `_shared` and `_shifted` have a form for.
    """
    if bottom.op is SIGMOID:
        return ((EXP, bottom.args[0]),)
    if bottom.op is COSH:
        return (make(SINH, bottom.args),)
    if bottom.op is SUM:
        return (bottom.args[0],)
    if _exponents(bottom) is not None:
        return (*bottom.args, frozenset((bottom.args[0], neg(bottom.args[1]))))
    return ()


def _shared(args: tuple[Expr, ...], below: Expr, exponents: list[Expr], left: Number) -> Expr | None:
    """Return exp(a)^p exp(b)^q / (exp(a) + exp(b))^k with a σ for each exponential that has a share in the sum."""
    factors: list[Expr] = []
    found: list[Expr] = []
    for arg in args:
        top, n = _to_a_power(arg)
        z = _exponent(top)
        if arg is below or z not in exponents or is_number(arg) or not 0 < n <= left:
            factors += [arg] if arg is not below else []
            continue
        [other] = [one for one in exponents if one is not z]
        found.append(power(make(SIGMOID, (add(z, neg(other)),)), number(n)))
        left -= n
    if not found:
        return None
    zero = next((one for one in exponents if is_number(one, 0)), None)
    if left and zero is not None:
        [other] = [one for one in exponents if one is not zero]
        found.append(power(make(SIGMOID, (neg(other),)), number(left)))
    elif left:
        found.append(power(below.args[0], number(-left)))
    return mul(*factors, *found)


def _shifted(above: Expr, below: Expr) -> Expr | None:
    """Return σ(z) for exp(z) σ(-z)."""
    if above.op is EXP and below.op is SIGMOID and below.args[0] is neg(above.args[0]):
        return make(SIGMOID, above.args)
    return None


def _to_a_power(expr: Expr) -> tuple[Expr, Number]:
    return (expr.args[0], expr.args[1].attr) if expr.op is POW and expr.args[1].op is NUMBER else (expr, 1)


def _quotient(above: Expr, below: Expr) -> Expr | None:
    if above.op is SINH and below.op is COSH and above.args == below.args:
        return make(TANH, above.args)
    if below.op is SUM and above.op is EXP and below.args[0] is above and above.order == 1:
        return make(SOFTMAX, above.args)
    exponents = _exponents(below)
    if exponents is None:
        return None
    first, second = exponents
    top = _exponent(above)
    if top in exponents:
        return make(SIGMOID, (add(first, neg(second)) if top is first else add(second, neg(first)),))
    if above.op is ADD and set(above.args) == {below.args[0], neg(below.args[1])}:
        return make(TANH, (mul(number(Fraction(1, 2)), add(first, neg(second))),))
    return None


def _exponent(expr: Expr) -> Expr | None:
    """The z of exp(z); of 1 it is 0."""
    return expr.args[0] if expr.op is EXP else number(0) if is_number(expr, 1) else None


def _exponents(expr: Expr) -> list[Expr] | None:
    """The a and b of exp(a) + exp(b), which differ."""
    if expr.op is not ADD or len(expr.args) != 2:
        return None
    found = [one for one in [_exponent(arg) for arg in expr.args] if one is not None]
    return found if len(found) == 2 and any([one.op is not NUMBER for one in found]) else None


def _logarithm(of: Expr) -> Expr | None:
    if of.op is SUM and of.args[0].op is EXP and of.args[0].order == 1:
        return make(LOGSUMEXP, of.args[0].args)
    exponents = _exponents(of)
    if exponents is not None:
        first, second = sorted(exponents, key=lambda z: not is_number(z, 0))
        return add(first, make(SOFTPLUS, (add(second, neg(first)),)))
    if of.op is COSH:
        size = make(ABS, of.args)
        return add(size, make(SOFTPLUS, (mul(number(-2), size),)), neg(make(LN, (number(2),))))
    if of.op is DET:
        return make(LOGDET, of.args)
    if of.op is MUL:
        return _logarithm_of_product(of)
    return _logarithm_of_power(of)


def _logarithm_of_power(of: Expr) -> Expr | None:
    """The logarithm of a positive function, or of a power of one."""
    base, exponent = of.args if of.op is POW else (of, number(1))
    if base.op not in POSITIVE or exponent.op is not NUMBER:
        return None
    if base.op is SOFTMAX:
        found = make(LOGSOFTMAX, base.args)
    elif base.op is SIGMOID:
        found = neg(make(SOFTPLUS, (neg(base.args[0]),)))
    else:
        [found] = base.args
    return mul(exponent, found)


def _logarithm_of_product(of: Expr) -> Expr | None:
    """ln(a s) = ln(a) + ln(s) for what is surely positive; the rest keeps its sign, and so has a logarithm or none."""
    parts = [(arg, _logarithm_of_power(arg)) for arg in of.args if arg.shape == of.shape]
    known = {arg: found for arg, found in parts if found is not None}
    rest = [arg for arg in of.args if arg not in known]
    if not known or not rest:
        return add(*known.values()) if known else None
    return add(make(LN, (mul(*rest),)), *known.values())


def _piece_below(args: tuple[Expr, ...]) -> Expr | None:
    """Keep the piece that is not chosen where z is large from an overflow."""
    value, test, other, *last = args
    if test.op.name != "gt" or not is_number(test.args[1], 0):
        return None
    z = test.args[0]
    if not any([node.op is EXP and node.args[0] is z for node in walk(other)]):
        return None
    bounded = make(EXP, (make(MIN, (z, number(0))),))
    changed = rebuild(other, lambda node, new: bounded if node.op is EXP and node.args[0] is z else None)
    return make(CASES, (value, test, changed, *last))


MOST = 3
"""With more right-hand sides than this, in places of their own, one inverse takes less."""


def solved(codes: Sequence[Code]) -> list[Code]:
    """Return code with products with inverses as solutions; each node is rebuilt once, from the leaves."""
    new = _rebuilt(codes, frozenset())
    made = [new[code] for code in codes]
    sides: dict[Code, int] = {}
    for node in walk_code(*made):
        if node.op == "solve":
            base = _base(node.args[0])
            sides[base] = sides.get(base, 0) + 1
    there = {node.args[0] for node in walk_code(*made) if node.op == "inv"}
    kept = frozenset([base for base, count in sides.items() if base in there or count > MOST])
    if not kept:
        return made
    new = _rebuilt(codes, kept)
    return [new[code] for code in codes]


def _rebuilt(codes: Sequence[Code], kept: frozenset[Code]) -> dict[Code, Code]:
    """Each node with the products in it solved, but for the inverses of matrices that are kept."""
    new: dict[Code, Code] = {}
    for node in walk_code(*codes):
        args = [new[arg] for arg in node.args]
        found = _solution(args[0], args[1], kept) if node.op == "matmul" and node.order < 3 else None
        same = all([arg is old for arg, old in zip(args, node.args, strict=True)])
        new[node] = found if found is not None else node if same else Code(node.op, args, node.attr, node.shape)
    return new


def _solution(a: Code, b: Code, kept: frozenset[Code]) -> Code | None:
    """What a product with an inverse solves: what stands on its right or on its left."""
    left, right = _inverted(a), _inverted(b)
    if left is not None and _is_triangular(left) and b.order < 3:
        return _by_triangle(left, b)
    if right is not None and _is_triangular(right) and a.order < 3:
        found = _by_triangle(permute(right, (1, 0)), permute(a, (1, 0)) if a.order == 2 else a)
        return permute(found, (1, 0)) if a.order == 2 else found
    if left is not None and _base(left) not in kept and b.order < 3:
        return Code("solve", (left, b), None, b.shape)
    if right is not None and _base(right) not in kept and a.order == 1:
        return Code("solve", (permute(right, (1, 0)), a), None, a.shape)
    if right is not None and _base(right) not in kept and a.order == 2:
        turned = permute(a, (1, 0))
        return permute(Code("solve", (permute(right, (1, 0)), turned), None, turned.shape), (1, 0))
    return None


def _is_triangular(matrix: Code) -> bool:
    base = _base(matrix)
    return base.op == "solution" and base.attr == "chol"


def _by_triangle(matrix: Code, b: Code) -> Code:
    """The solution of a system with a Cholesky factor, or with its transpose."""
    name = "solve_raised" if matrix.op == "permute" else "solve_lower"
    return Code("solution", (_base(matrix), b), name, b.shape)


def _inverted(code: Code) -> Code | None:
    """The matrix that a node is the inverse of; the transpose of an inverse is that of the transpose."""
    if code.op == "inv":
        return code.args[0]
    if code.op == "permute" and code.args[0].op == "inv":
        return permute(code.args[0].args[0], (1, 0))
    return None


def _base(matrix: Code) -> Code:
    return matrix.args[0] if matrix.op == "permute" else matrix
