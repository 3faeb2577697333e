"""Rows that work entry by entry on several arguments: sums, products, powers, maxima, comparisons, braces.

Scalar arguments expand to the shape of the others (the paper's 4.3); all other arguments have one shape.
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.dims import Shape, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make, remembered
from mcalc.operators.leaves import MAX_BITS, NUMBER, ONES, ZEROS, is_number, number, ones, ratio, zeros

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Number


def same_shape(args: tuple[Expr, ...], attr: Any = None) -> Shape:
    """Return the common shape of the arguments that are not scalars; raise ShapeError where two differ.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.dims import Dim
    >>> same_shape((number(2), symbol("x", (Dim.named("n"),))))
    (Dim(n),)
    """
    shape: Shape = ()
    first = 0
    for place, arg in enumerate(args):
        if not arg.shape:
            continue
        if not shape:
            shape, first = arg.shape, place
        elif len(arg.shape) != len(shape):
            raise ShapeError(
                f"a {shape_text(shape)} and a {shape_text(arg.shape)} have no entries in common",
                (first, place),
                hint="x 1⃗ᵀ makes a matrix of a vector, column by column" if {1, 2} == {arg.order, len(shape)} else "",
            )
        elif arg.is_row != args[first].is_row:
            raise ShapeError(
                "a row and a column vector do not add or compare", (first, place), hint="transpose one: xᵀ"
            )
        elif arg.shape is not shape:
            for left, right in zip(shape, arg.shape, strict=True):
                if left is not right:
                    raise ShapeError(
                        f"a {shape_text(shape)} and a {shape_text(arg.shape)}: sizes {left} and {right} differ",
                        (first, place),
                        left,
                        right,
                    )
    return shape


def _fold(env: Any, values: tuple[Any, ...], combine: Any) -> Any:
    total = values[0]
    for value in values[1:]:
        total = combine(total, value)
    return total


def _symmetric_sum(args: tuple[Expr, ...], attr: Any) -> bool:
    """Every term is symmetric, or its transpose is a term too: A + Aᵀ."""
    turned = {a.args[0] for a in args if a.op.name == "transpose"}
    plain = set(args)
    return all([
        not a.shape or a.is_symmetric or (a.args[0] in plain if a.op.name == "transpose" else a in turned) for a in args
    ])  # fmt: skip


ADD = Operator(
    "add", "elementwise", same_shape, arity=(2, None), layout="add", symmetric=_symmetric_sum,
    partial=lambda node, k: number(1),
    numpy=lambda env, node, *values: _fold(env, values, lambda a, b: a + b),
    rule="sum rule", section="2", formula="d(f + g)/dx = df/dx + dg/dx", example="x^2 + 3x",
)  # fmt: skip
MUL = Operator(
    "mul", "elementwise", same_shape, arity=(2, None), layout="mul",
    partial=lambda node, k: mul(*node.args[:k], *node.args[k + 1 :]),
    numpy=lambda env, node, *values: _fold(env, values, lambda a, b: a * b),
    rule="product rule", section="2", formula="d(fg)/dx = f dg/dx + df/dx g", example="x^2 sin(x)",
)  # fmt: skip


def _pow_partial(node: Expr, k: int) -> Expr:
    base, exponent = node.args
    if k == 0:
        return mul(exponent, power(base, add(exponent, number(-1))))
    from_table = make(LN, (base,))
    return mul(node, from_table)


def _pow_numpy(env: Any, node: Expr, base: Any, exponent: Any) -> Any:
    p = node.args[1].attr if is_number(node.args[1]) else None
    base = env.np.asarray(base) * 1.0
    if type(p) is int and abs(p) < 2**53:
        return base**p if p >= 0 else 1.0 / base**-p
    if type(p) is int:  # as a float it is even
        below = env.np.real(base) < 0
        return env.np.where(below, -base, base) ** env.number(p) * env.np.where(below & bool(p % 2), -1.0, 1.0)
    return env.np.power(base, exponent)


POW = Operator(
    "pow", "elementwise", same_shape, arity=(2, 2), layout="pow", partial=_pow_partial, numpy=_pow_numpy,
    rule="power rule", section="2", formula="dxⁿ/dx = n xⁿ⁻¹", domain="x > 0 for a power that is no whole number",
    example="x^3",
)  # fmt: skip
LN = Operator(
    "ln", "elementwise", same_shape, spellings=("ln", "log"), also=("Ln",), latex=r"\ln",
    partial=lambda node, k: power(node.args[0], number(-1)),
    numpy=lambda env, node, x: env.np.log(x),
    rule="logarithm", section="4.5.1", formula="d ln(x)/dx = 1/x", domain="x > 0", example="ln(x^2)",
)  # fmt: skip


def _beyond(env: Any, a: Any, b: Any) -> Any:
    """Where the first is more than the second, or has no value, which then is that of the whole."""
    return (env.np.real(a) > env.np.real(b)) | env.np.isnan(a)


def _max_numpy(env: Any, node: Expr, *values: Any) -> Any:
    return _fold(env, values, lambda a, b: env.np.where(_beyond(env, b, a), b, a))


def _min_numpy(env: Any, node: Expr, *values: Any) -> Any:
    return _fold(env, values, lambda a, b: env.np.where(_beyond(env, -b, -a), b, a))


def _extreme_partial(node: Expr, k: int) -> Expr:
    """1 where the k-th argument is strictly beyond all the others: the paper's 4.2; 0 at a tie.

    Arguments in the same variables may be equal everywhere or in some entries, as A and A + I are; of these the first
    counts at a tie, so that where they are one function its derivative comes out.
    """
    own = node.args[k]
    if own in node.args[:k]:
        return number(0)
    variables = _variables(own)
    beyond, at_least = (greater, GE) if node.op is MAX else (less, LE)
    conditions: dict[Expr, Expr] = {}
    for place, other in enumerate(node.args):
        if other is own or other in conditions:
            continue
        if not variables & _variables(other):
            conditions[other] = beyond(own, other)
        else:
            first = make(at_least, (own, other) if place > k else (other, own))
            conditions[other] = first if place > k else negate(first)
    return mul(*conditions.values()) if conditions else number(1)


@remembered
def _variables(node: Expr, parts: Sequence[frozenset[Expr]]) -> frozenset[Expr]:
    """Return the variables in an expression; one set for all nodes that have the same."""
    if node.op.layout == "symbol":
        return frozenset({node})
    most = max(parts, key=len, default=frozenset[Expr]())
    return most if all([part <= most for part in parts]) else most.union(*parts)


MAX = Operator(
    "max", "elementwise", same_shape, spellings=("max",), also=("maximum",), arity=(2, None), latex=r"\max",
    partial=_extreme_partial, numpy=_max_numpy,
    rule="max(0, z); 0 chosen at z = 0", section="5", formula="d max(0, z)/dz = {0 if z ≤ 0; 1 if z > 0}",
    kink="where two arguments of max are equal the derivative is taken as 0; of two in the same variables "
    "the first counts",
    example="max(0, z)",
)  # fmt: skip
MIN = Operator(
    "min", "elementwise", same_shape, spellings=("min",), also=("minimum",), arity=(2, None), latex=r"\min",
    partial=_extreme_partial, numpy=_min_numpy,
    rule="min(a, b)", section="beyond the paper", formula="∂min(a, b)/∂a = {0 if a ≥ b; 1 if a < b}",
    kink="where two arguments of min are equal the derivative is taken as 0; of two in the same variables "
    "the first counts",
    example="min(x, 1)",
)  # fmt: skip


def _flat(node: Expr, k: int) -> None:
    return None


def _comparison(name: str, glyph: str, latex: str, compare: Any, complement: str) -> Operator:
    return Operator(
        name, "elementwise", same_shape, arity=(2, 2), layout="compare " + glyph, latex=latex, partial=_flat,
        numpy=lambda env, node, a, b: compare(env.np.real(a), env.np.real(b)) * 1.0,
        rule="comparison", section="4.2", formula=f"∂(w {glyph} x)/∂w = 0", kink="constant but for the jump",
        example=f"w {glyph} x" if name != "eq" else "{1 if w == x; 0 otherwise}",
    )  # fmt: skip


GT = _comparison("gt", ">", ">", lambda a, b: a > b, "le")
GE = _comparison("ge", "≥", r"\geq", lambda a, b: a >= b, "lt")
LT = _comparison("lt", "<", "<", lambda a, b: a < b, "ge")
LE = _comparison("le", "≤", r"\leq", lambda a, b: a <= b, "gt")
EQ = _comparison("eq", "==", "=", lambda a, b: a == b, "ne")
NE = _comparison("ne", "≠", r"\neq", lambda a, b: a != b, "eq")
COMPLEMENT = {GT: LE, LE: GT, GE: LT, LT: GE, EQ: NE, NE: EQ}

AND = Operator(
    "and", "elementwise", same_shape, arity=(2, None), layout="logic and", latex=r"\land", partial=_flat,
    numpy=lambda env, node, *values: _fold(env, values, env.np.minimum),
    rule="condition", section="5", formula="both conditions hold", example="{a if x > 0 and x < 1; b otherwise}",
)  # fmt: skip
OR = Operator(
    "or", "elementwise", same_shape, arity=(2, None), layout="logic or", latex=r"\lor", partial=_flat,
    numpy=lambda env, node, *values: _fold(env, values, env.np.maximum),
    rule="condition", section="5", formula="one condition holds", example="{a if x < 0 or x > 1; b otherwise}",
)  # fmt: skip
CONDITIONS = frozenset({*COMPLEMENT, AND, OR})


def _cases_partial(node: Expr, k: int) -> Expr | None:
    """A value counts where its condition holds and none before it does; conditions are constant but for jumps."""
    if k % 2 == 1:
        return None
    earlier = [negate(c) for c in node.args[1:k:2]]
    here = [*earlier, node.args[k + 1]] if k + 1 < len(node.args) else earlier
    return conjunction(*here) if here else number(1)


def _cases_numpy(env: Any, node: Expr, *values: Any) -> Any:
    pairs = list(zip(values[0::2], values[1::2], strict=False))
    result = values[-1] if len(values) % 2 else env.np.nan
    for value, condition in reversed(pairs):
        result = env.np.where(env.np.real(condition) != 0, value, result)
    return result


CASES = Operator(
    "cases", "elementwise", same_shape, arity=(2, None), layout="cases", partial=_cases_partial, numpy=_cases_numpy,
    rule="piecewise function", section="5", formula="∂{f if c; g if d}/∂x = {∂f/∂x if c; ∂g/∂x if d}",
    kink="at the border between two pieces the derivative is taken from the piece whose condition holds there",
    example="{0 if z <= 0; z if z > 0}",
)  # fmt: skip


def _beyond_floats() -> Mistake:
    """What to raise where an exact number is too large to become a float beside one."""
    return Mistake("E-LIMIT", "an exact number beyond 10^308 beside a float", hint="write both as fractions")


def add(*terms: Expr) -> Expr:
    """Return a sum; zeros that do not shape it vanish, numbers alone are added up."""
    if (not terms or terms[0].op is NUMBER) and all([t.op is NUMBER for t in terms]):
        try:
            return number(sum([t.attr for t in terms]))
        except OverflowError:
            raise _beyond_floats() from None
    kept = [t for t in terms if (t.op is not NUMBER or not is_number(t, 0)) and t.op is not ZEROS]
    shape = same_shape(terms)
    if not kept or (shape and all([not t.shape for t in kept])):
        kept.append(zeros(shape))
    return make(ADD, tuple(kept)) if len(kept) > 1 else kept[0]


def mul(*factors: Expr) -> Expr:
    """Return an entry-by-entry product; zeros win, ones that do not shape it vanish, leading numbers are multiplied."""
    shape = same_shape(factors)
    kept: list[Expr] = []
    for factor in factors:
        if factor.op is NUMBER:
            whole = factor.attr if type(factor.attr) is int else None
            if whole == 0:
                return zeros(shape)
            if len(kept) == 1 and kept[0].op is NUMBER:
                try:
                    kept[0] = number(kept[0].attr * factor.attr)
                except OverflowError:
                    raise _beyond_floats() from None
                continue
            if whole == 1:
                continue
        elif factor.op is ZEROS:
            return zeros(shape)
        kept.append(factor)
    if len(kept) > 1 and is_number(kept[0], 1):
        del kept[0]
    if shape and any([f.op is ONES for f in kept]) and len([f for f in kept if f.shape]) > 1:
        others = [f for f in kept if f.op is not ONES]
        kept = others if any([f.shape for f in others]) else [*others, ones(shape)]
    if not kept:
        return number(1)
    return make(MUL, tuple(kept)) if len(kept) > 1 else kept[0]


def neg(value: Expr) -> Expr:
    """Return the negative, with the sign in the leading number of a product."""
    if is_number(value):
        return number(-value.attr)
    if value.op is MUL and is_number(value.args[0]):
        return mul(number(-value.args[0].attr), *value.args[1:])
    return mul(number(-1), *(value.args if value.op is MUL else (value,)))


def has_minus(term: Expr) -> bool:
    """Say whether a term is written with a minus: a number below 0, or a product that begins with one.

    >>> from mcalc.operators.leaves import symbol
    >>> [has_minus(term) for term in (neg(symbol("x")), symbol("x"), number(-1))]
    [True, False, True]
    """
    leading = term.args[0] if term.op.name in ("mul", "einsum") else term
    return is_number(leading) and bool(leading.attr < 0)


def divides(factor: Expr) -> bool:
    """Say whether a factor is a power with a number below 0, which is written below a bar.

    >>> from mcalc.operators.leaves import symbol
    >>> [divides(power(symbol("x"), number(k))) for k in (-1, 1)]
    [True, False]
    """
    return factor.op is POW and is_number(factor.args[1]) and bool(factor.args[1].attr < 0)


def whole_power(factor: Expr) -> tuple[Expr, int]:
    """Return the base and the exponent of a whole power; of anything else, itself and 1."""
    if factor.op is POW and is_number(factor.args[1]) and type(factor.args[1].attr) is int:
        return factor.args[0], factor.args[1].attr
    return factor, 1


def parted(product: Expr) -> tuple[list[Expr], list[Expr]]:
    """Return the factors of a product that have no axes, and those that have; what is no product is its one factor."""
    factors = product.args if product.op is MUL else (product,)
    return [f for f in factors if not f.shape], [f for f in factors if f.shape]


def multiple(product: Expr) -> tuple[list[Expr], Expr]:
    """Return the scalars of a multiple and what it is a multiple of; of a product of several tensors none and itself.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> x, v = symbol("x"), symbol("v", (Dim.named("n"),))
    >>> multiple(mul(x, v)) == ([x], v), multiple(mul(x, v, v)) == ([], mul(x, v, v))
    (True, True)
    """
    scalars, tensors = parted(product)
    return (scalars, tensors[0]) if len(tensors) == 1 else ([], product)


def power(base: Expr, exponent: Expr) -> Expr:
    """Return a power, entry by entry; whole powers of numbers and of powers are worked out.

    >>> from mcalc.operators.leaves import symbol
    >>> x = symbol("x")
    >>> power(power(x, number(2)), number(3)) is power(x, number(6)), power(number(2), number(-1)).attr
    (True, Fraction(1, 2))
    """
    if exponent.op is NUMBER and type(exponent.attr) is int:
        n: int = exponent.attr
        if n == 1:
            return base
        if n == 0:
            return ones(same_shape((base, exponent)))
        if is_number(base) and (base.attr != 0 or n > 0):
            if type(base.attr) is float:
                return (
                    number(base.attr**n)
                    if abs(n) <= 64 and 1e-3 < abs(base.attr) < 1e3
                    else make(POW, (base, exponent))
                )
            digits = max(map(abs, base.attr.as_integer_ratio())).bit_length()
            if digits * abs(n) < MAX_BITS:
                return number(base.attr**n if n > 0 else ratio(1, base.attr**-n))
        if base.op is POW and is_number(base.args[1]) and type(base.args[1].attr) is not float:
            return power(base.args[0], number(base.args[1].attr * n))
    return make(POW, (base, exponent))


def div(top: Expr, bottom: Expr) -> Expr:
    """Return a quotient, which is a product with the power -1."""
    return mul(top, power(bottom, number(-1)))


def greater(a: Expr, b: Expr) -> Expr:
    """Return 1 where a > b, else 0."""
    return make(GT, (a, b))


def less(a: Expr, b: Expr) -> Expr:
    """Return 1 where a < b, else 0."""
    return make(LT, (a, b))


def negate(condition: Expr) -> Expr:
    """Return the condition that holds where this one does not."""
    if condition.op in COMPLEMENT:
        return make(COMPLEMENT[condition.op], condition.args)
    if condition.op in (AND, OR):
        return make(OR if condition.op is AND else AND, tuple([negate(c) for c in condition.args]))
    return make(EQ, (condition, number(0)))


IMPLIED_BY = {GE: (GT, EQ), LE: (LT, EQ), NE: (GT, LT)}
"""Comparisons, each with the stricter ones of the same two things."""


def conjunction(*conditions: Expr) -> Expr:
    """Return the condition that holds where all of these hold; a condition implied by a later one is left out."""
    kept: list[Expr] = []
    later: dict[object, set[Operator]] = {}
    for condition in reversed(conditions):
        known = later.setdefault((condition.args, condition.attr), set())
        if known.isdisjoint((condition.op, *IMPLIED_BY.get(condition.op, ()))):
            kept.append(condition)
        known.add(condition.op)
    return make(AND, tuple(kept[::-1])) if len(kept) > 1 else kept[0]


def cases(*parts: Expr) -> Expr:
    """Return braces: value, condition, value, condition, ..., and a last value alone for `otherwise`.

    The same pieces with complementary conditions are one value.
    """
    return make(CASES, parts) if len(parts) > 1 else parts[0]


def scale(factor: Number, value: Expr) -> Expr:
    """Return a number times an expression, worked into the leading number of a product."""
    if factor == 1:
        return value
    if factor == -1:
        return neg(value)
    leading = value.args[0] if value.op is MUL else value
    if is_number(leading):
        rest = value.args[1:] if value.op is MUL else ()
        return mul(number(factor * leading.attr), *rest)
    return mul(number(factor), *(value.args if value.op is MUL else (value,)))


def _where(condition: Expr, a: Expr, b: Expr) -> Expr:
    """Return braces of two pieces; a number is no condition."""
    if condition.op not in CONDITIONS:
        hint = "where(x > 0, a, b); for a number that is to count as true unless it is 0, where(x != 0, a, b)"
        raise ShapeError("the condition of where is a comparison", (0,), hint=hint, code="E-SYNTAX")
    return cases(a, condition, b)


WHERE = Operator(
    "where", "spelling", same_shape, spellings=("where",), arity=(3, 3), body=_where,
    rule="piecewise function", section="5", formula="where(c, a, b) = {a if c; b otherwise}",
    example="where(x > 0, x, 0)",
)  # fmt: skip
CLIP = Operator(
    "clip", "spelling", same_shape, spellings=("clip",), also=("clamp",), arity=(3, 3),
    body=lambda x, a, b: make(MIN, (make(MAX, (x, a)), b)),
    rule="min(a, b)", section="beyond the paper", formula="clip(x, a, b) = min(max(x, a), b)", example="clip(x, 0, 1)",
)  # fmt: skip

ROWS = (WHERE, CLIP, ADD, MUL, POW, LN, MAX, MIN, GT, GE, LT, LE, EQ, NE, AND, OR, CASES)
