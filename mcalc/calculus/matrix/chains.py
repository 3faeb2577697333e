"""Products as they are written: order of factors, chains of matrices and their powers, diagonals, traces, dots."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.basics.orientation import as_row, transposed
from mcalc.calculus.basics.simplifications import CANCEL_INVERSES, MERGE_POWERS, enabled, note
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, divides, mul, neg, power, whole_power
from mcalc.operators.cross import CROSS, HAT, cross
from mcalc.operators.leaves import EYE, ONES, decimal, eye, is_fraction, is_number, number, ones, ratio
from mcalc.operators.linear import DIAG, MATMUL, ROW, SIGMA, SUM, TRACE, TRANSPOSE, dot, matmul, transpose
from mcalc.operators.matrix import INV, norm
from mcalc.operators.toeplitz import CONVOLUTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


LONG_NUMBER = 12_000
"""A coefficient of more binary digits than this is written with powers of small primes."""


def scaled(coef: Number, scalars: Sequence[Expr], body: Expr) -> Expr:
    """Put a product together as it is written: number, symbols, functions, sums, the tensor, then what divides.

    A sum over an index and braces come last, `2/N Σ ...`; a sign before diag(a ⊘ b) goes inside, to a.
    """
    top: Number = coef
    bottom = 1
    if is_fraction(coef) and (abs(coef.numerator) == 1 or not decimal(coef)):
        top, bottom = coef.numerator, coef.denominator
    if (
        top == -1
        and body.op is DIAG
        and body.order == 2
        and body.args[0].op is MUL
        and not divides(body.args[0].args[0])
    ):
        top, body = 1, make(DIAG, (neg(body.args[0]),))
    inner = body.args[0] if body.op is ROW else body
    if inner.op is CROSS and top < 0:
        turned = cross(*inner.args[::-1])
        top, body = -top, transpose(turned) if body.op is ROW else turned
    scalars = _merged(scalars)
    over = sorted([s for s in scalars if not divides(s)], key=rank)
    if is_number(body, 1) and over and over[-1].op is SIGMA:
        body = over.pop()
    under = [*([number(ratio(1, bottom))] if bottom != 1 else []), *[s for s in scalars if divides(s)]]
    last = body.op in (SIGMA, CASES)
    big = large_powers(top) if isinstance(top, int) else None
    if big is not None:
        top, powers = big
        over = [*powers, *over]
    own = () if is_number(body, 1) else body.args if body.op is MUL else (body,)
    ordered = [*over, *under, *own] if last else [*over, *own, *under]
    return mul(number(top), *ordered)


def _merged(scalars: Sequence[Expr]) -> Sequence[Expr]:
    """Return the scalars of a product with whole powers of one base put together: c c is c²."""
    if len(scalars) < 2 or not enabled(MERGE_POWERS):
        return scalars
    powers: dict[Expr, int] = {}
    for scalar in scalars:
        base, exponent = whole_power(scalar)
        powers[base] = powers.get(base, 0) + exponent
    if len(powers) == len(scalars):
        return scalars
    note(MERGE_POWERS)
    return [power(base, number(exponent)) for base, exponent in powers.items() if exponent]


def large_powers(value: int) -> tuple[int, list[Expr]] | None:
    """Take the powers of 2, 3 and 5 out of a number too long to be written in digits; None for any other number."""
    if value.bit_length() < LONG_NUMBER:
        return None
    powers: list[Expr] = []
    for prime in (2, 3, 5):
        count = (value & -value).bit_length() - 1 if prime == 2 else 0
        value >>= count
        while prime > 2 and value % prime == 0:
            value //= prime
            count += 1
        if count:
            powers.append(make(POW, (number(prime), number(count))))
    return value, powers


def rank(scalar: Expr) -> int:
    """Return where a scalar factor stands in a product: names, functions, sums, sums over an index."""
    base = scalar.args[0] if scalar.op is POW and is_number(scalar.args[1]) else scalar
    if base.op.name in ("symbol", "size", "pi", "element", "index"):
        return 0
    if base.op is SIGMA:
        return 4
    return 2 if base.op is ADD else 1


def hadamard(vectors: Sequence[Expr]) -> Expr:
    """Return the element-wise product of some tensors of one shape, quotients last."""
    opened: list[Expr] = []
    stack = list(reversed(vectors))
    while stack:
        vector = stack.pop()
        if vector.op is MUL:
            stack.extend(reversed(vector.args))
        else:
            opened.append(vector)
    opened = list(_merged(opened))
    opened.sort(key=lambda v: (1 if v.shape and divides(v) else 0) if v.shape else -1)
    if not any([v.shape for v in opened]):  # v and v⁻¹ have gone
        opened += [ones(v.shape) for v in vectors if v.shape][:1]
    return mul(*opened)


def diagonal_of(matrix: Expr) -> Expr:
    """The diagonal of a matrix as a vector: of diag(v) it is v, of I it is ones."""
    if matrix.op is EYE:
        return ones(matrix.shape[:1])
    if matrix.op is DIAG:
        return matrix.args[0]
    return make(DIAG, (matrix,))


def chain(*factors: Expr) -> Expr:
    """Return a matrix product with nested products opened and identities left out.

    A quotient between two diagonals is written as one: diag(u) (1 ⊘ A) diag(v) = (u vᵀ) ⊘ A. A matrix beside its
    inverse is left out.
    """
    opened: list[Expr] = []
    for factor in factors:
        opened.extend(factor.args if factor.op is MATMUL and factor.shape else (factor,))
    kept: list[Expr] = []
    for factor in opened:
        if factor.op is EYE:
            continue
        quotient = _between_diagonals(kept[-2], kept[-1], factor) if len(kept) > 1 and factor.op is DIAG else None
        if kept and _cancel(kept[-1], factor):
            note(CANCEL_INVERSES)
            kept.pop()
        elif quotient is not None:
            kept[-2:] = [quotient]
        else:
            kept.append(factor)
    while len(kept) > 1 and (made := applied(kept[-2], kept[-1])) is not None:
        kept[-2:] = [made]
    while len(kept) > 1 and kept[0].is_row and kept[1].op is HAT:
        kept[:2] = [transpose(_crossed(transpose(kept[0]), kept[1].args[0]))]
    if not kept:
        return eye(opened[0].shape[0])
    turned = [k for k, factor in enumerate(kept) if factor.op is HAT and _bare(factor.args[0])[1] == -1]
    for place in turned:
        kept[place] = make(HAT, _bare(kept[place].args[0])[:1])
    return neg(matmul(*kept)) if len(turned) % 2 else matmul(*kept)


def applied(matrix: Expr, column: Expr) -> Expr | None:
    """Return a product of a matrix with a name and a column as the function it is: hat(a) b is cross(a, b)."""
    if column.order != 1 or column.is_row:
        return None
    if matrix.op is HAT:
        return _crossed(matrix.args[0], column)
    for one in CONVOLUTIONS:
        if matrix.op is one.matrix:
            return make(one.conv, (matrix.args[0], column))
        if matrix.op is one.lags:
            return make(one.conv, (column, matrix.args[0]))
    return None


def _crossed(a: Expr, b: Expr) -> Expr:
    """The cross product of two vectors; a sign before one of them turns it round."""
    minus = (_bare(a)[1] == -1) != (_bare(b)[1] == -1)
    a, b = _bare(a)[0], _bare(b)[0]
    return cross(b, a) if minus else cross(a, b)


def _bare(vector: Expr) -> tuple[Expr, int]:
    """A vector without the sign before it, and the sign."""
    negative = vector.op is MUL and is_number(vector.args[0], -1)
    return (neg(vector), -1) if negative else (vector, 1)


def _cancel(left: Expr, right: Expr) -> bool:
    """Say whether two neighbours are a matrix and its inverse, or their transposes."""
    if left.op is right.op is TRANSPOSE:
        left, right = left.args[0], right.args[0]
    inverse = (left.op is INV and left.args[0] is right) or (right.op is INV and right.args[0] is left)
    return inverse and enabled(CANCEL_INVERSES)


def _between_diagonals(left: Expr, middle: Expr, right: Expr) -> Expr | None:
    turned = middle.op is TRANSPOSE
    inner = middle.args[0] if turned else middle
    if left.op is not DIAG or inner.order != 2 or not divides(inner):
        return None
    u, v = (right.args[0], left.args[0]) if turned else (left.args[0], right.args[0])
    found = mul(matmul(u, as_row(v)), inner)
    return transpose(found) if turned else found


def sum_of(weights: list[Expr]) -> Expr:
    """Return Σ_i of a product of vectors: sum(w), w · x, xᵀ A y, tr(A)."""
    if len(weights) > 2:
        return make(SUM, (hadamard(weights),))
    if len(weights) == 2:
        a, b = weights
        if a.op is not MATMUL and b.op is not MATMUL:
            return dot(a, b)
        first, second = (a, b) if b.op is MATMUL else (b, a)
        return fewest_turns(chain(as_row(first), second))
    [weight] = weights
    if weight.op is DIAG and weight.order == 1:
        return make(TRACE, weight.args)
    if weight.op is POW and is_number(weight.args[1], 2):
        inner = weight.args[0]
        return power(norm(inner), number(2)) if inner.op is ADD else dot(inner, inner)
    if weight.op is MATMUL and weight.args[-1].op is ONES:
        inner = chain(*weight.args[:-1])
        inner = inner.args[0] if inner.op is TRANSPOSE else inner
        if inner.op is POW and is_number(inner.args[1], 2):
            return power(norm(inner.args[0]), number(2))
        return make(SUM, (inner,))
    if weight.op is MATMUL:
        return fewest_turns(chain(as_row(ones(weight.shape)), weight))
    return make(SUM, (weight,))


def fewest_turns(scalar: Expr) -> Expr:
    """Return a scalar xᵀ A y, or the same read from the other end, yᵀ Aᵀ x, whichever has fewer transposes."""
    if scalar.op is not MATMUL:
        return scalar
    inner = [f for f in scalar.args[1:-1] if f.order == 2]
    turned = sum([f.op is TRANSPOSE for f in inner])
    if 2 * turned <= sum([not f.is_symmetric for f in inner]):
        return scalar
    return matmul(*[transposed(f) if f.order == 2 else transpose(f) for f in reversed(scalar.args)])


def trace_of_product(first: Expr, second: Expr) -> Expr:
    """Return Σ_ij A_ij B_ij as tr(A Bᵀ), with the transpose where it costs least; of equal matrices as a norm."""
    if first is second:
        return power(norm(first), number(2))
    turned = second.op is TRANSPOSE or (second.op is MATMUL and first.op is not TRANSPOSE)
    inner = chain(first, transposed(second)) if turned else chain(transposed(first), second)
    return make(TRACE, (_mirrored(inner),))


def _mirrored(product: Expr) -> Expr:
    """Return a product under a trace begun where it reads the same from both ends, W Wᵀ A as Wᵀ A W, if it does so."""
    if product.op is not MATMUL or len(product.args) < 3 or product.is_symmetric:
        return product
    for place in range(1, len(product.args)):
        begun = (*product.args[place:], *product.args[:place])
        if begun[-1] is transpose(begun[0]) and begun[0].op is TRANSPOSE:
            return matmul(*begun)
    return product


TIMES = 3
"""What stands fewer times in a row is written out: X Xᵀ Xᵀ."""
LONGEST = 60
"""In chains of more factors than this only runs of one factor are looked for."""


def with_powers(result: Expr) -> Expr:
    """Return an expression in which what repeats in a chain of matrices is written as a power.

    Algebra: A X A X A X = (A X)³; Xᵀ Xᵀ Xᵀ = (X³)ᵀ. Each chain is gone over once.
    """
    if not result.has(MATMUL):
        return result
    chains = [node.args for node in walk(result) if node.op is MATMUL and len(node.args) >= TIMES]
    if not any([len(set(args)) <= len(args) - TIMES + 1 for args in chains]):
        return result
    return rebuild(result, _powers_in)


def _powers_in(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is not MATMUL or len(args) < TIMES:
        return None
    found: list[Expr] = []
    place = 0
    while place < len(args):
        period, count = _repeated(args, place)
        if not count:
            found.append(args[place])
            place += 1
            continue
        block = args[place : place + period]
        place += period * count
        if all([factor.op is TRANSPOSE for factor in block]):
            left = 0
            while place + left < len(args) and args[place + left] is block[left]:
                left += 1
            place += left
            # (Aᵀ Xᵀ)ᵏ Aᵀ read from the other end: (A (X A)ᵏ)ᵀ
            found.append(transpose(_chain([*_turned(block[:left]), *[_chain(_turned(block))] * count])))
        else:
            found += [_chain(block)] * count
    return _chain(found)


def _repeated(args: Sequence[Expr], place: int) -> tuple[int, int]:
    """How many factors from a place on repeat, and how often; 0 times where none do so often enough."""
    most = (len(args) - place) // TIMES if len(args) <= LONGEST else min(1, len(args) - place)
    for period in range(1, most + 1):
        if period == 1 and args[place].op is not TRANSPOSE:
            continue  # a run of one factor is printed as its power
        end = place + period
        while end < len(args) and args[end] is args[end - period]:
            end += 1
        count = (end - place) // period
        if count >= TIMES and all([factor.order == 2 for factor in args[place:end]]):
            return period, count
    return 0, 0


def _turned(block: Sequence[Expr]) -> list[Expr]:
    return [factor.args[0] for factor in reversed(block)]


def _chain(factors: Sequence[Expr]) -> Expr:
    return make(MATMUL, tuple(factors)) if len(factors) > 1 else factors[0]


class Path:
    """A matrix, or paths one behind another; `turned` says that its transpose is meant.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import matmul, transpose
    >>> n = Dim.named("n")
    >>> a, b = symbol("A", (n, n)), symbol("B", (n, n))
    >>> joined(Path(a), joined(Path(b), Path(a)).transposed()).matrix() is matmul(a, transpose(a), transpose(b))
    True
    """

    __slots__ = ("factor", "parts", "turned")

    def __init__(self, factor: Expr | None, parts: tuple[Path, ...] = (), *, turned: bool = False) -> None:
        self.factor = factor
        self.parts = parts
        self.turned = turned

    def transposed(self) -> Path:
        """Return its transpose."""
        return Path(self.factor, self.parts, turned=not self.turned)

    def matrix(self) -> Expr:
        """Return the product. Each factor is looked at once."""
        if self.factor is not None:
            return transposed(self.factor) if self.turned else self.factor
        factors: list[Expr] = []
        stack = [(self, False)]
        while stack:
            path, around = stack.pop()
            turned = path.turned is not around
            if path.factor is not None:
                factors.append(transposed(path.factor) if turned else path.factor)
            else:
                stack.extend([(part, turned) for part in (path.parts if turned else path.parts[::-1])])
        return chain(*factors)


def joined(*paths: Path) -> Path:
    """Return the product of some paths."""
    return Path(None, paths)
