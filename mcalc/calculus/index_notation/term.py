"""A product in index notation as a :class:`Term`, and back: what is one, how it is built, what makes two alike.

A :class:`Term` is ``coef · Σ Π base[labels]^exponent``, summed over the labels that `out` lacks. Index notation is
commutative and associative, so any bracketing of a product comes to the same term; a sum inside it stays one factor.
"""

from __future__ import annotations

from math import gcd, lcm

from mcalc.calculus.basics.simplifications import OPEN_INVERSES, enabled
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL, POW, mul, power
from mcalc.operators.leaves import EYE, NUMBER, UNIT, ZEROS, is_number, number, ratio
from mcalc.operators.linear import DIAG, EINSUM, MATMUL, ROW, einsum
from mcalc.operators.matrix import DET, INV

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from mcalc.dims import Dim
    from mcalc.expr import Labels, Number, Operator

    Factor = tuple[Expr, Labels, Expr]

ONE = number(1)


class Term:
    """A product in index notation; `factors` are (base, labels, exponent), in order of first appearance.

    >>> from mcalc.calculus.index_notation.flattening import flatten
    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import eye, symbol
    >>> n = Dim.named("n")
    >>> x = symbol("x", (n,))
    >>> term = flatten(einsum(((0,), (0, 1)), (1,), (x, eye(n))))
    >>> [(base is x, labels) for base, labels, _ in term.factors], term.out
    ([(True, (0,))], (0,))
    """

    __slots__ = ("_bits", "_heads", "_of_bases", "_places", "_with_parts", "coef", "factors", "out")

    def __init__(self, coef: Number, factors: list[Factor], out: Labels) -> None:
        self.coef = coef
        self.factors = factors
        self.out = out
        self._places: dict[Operator, list[int]] | None = None
        self._of_bases: dict[Expr, list[int]] | None = None
        self._with_parts: dict[Expr, list[int]] | None = None
        self._bits = self._heads = 0

    @property
    def bits(self) -> int:
        """The bits of all operators that stand in the factors."""
        if not self._bits:
            for base, _, _ in self.factors:
                self._bits |= base.bits
        return self._bits

    @property
    def heads(self) -> int:
        """The bits of the operators of the factors themselves."""
        if not self._heads:
            for base, _, _ in self.factors:
                self._heads |= base.op.bit
        return self._heads

    def places(self, op: Operator) -> Sequence[int]:
        """Return the places of the factors with this operator."""
        if self._places is None:
            self._places = {}
            for place, (base, _, _) in enumerate(self.factors):
                self._places.setdefault(base.op, []).append(place)
        return self._places.get(op, ())

    def places_of(self, base: Expr) -> Sequence[int]:
        """Return the places of the factors that are this one, or a power of it."""
        if self._of_bases is None:
            self._of_bases = {}
            for place, (own, _, _) in enumerate(self.factors):
                self._of_bases.setdefault(own, []).append(place)
        return self._of_bases.get(base, ())

    def places_with(self, part: Expr) -> Sequence[int]:
        """Return the places of the factors that are made of this and others."""
        if self._with_parts is None:
            self._with_parts = {}
            for place, (base, _, _) in enumerate(self.factors):
                for own in dict.fromkeys(base.args):
                    self._with_parts.setdefault(own, []).append(place)
        return self._with_parts.get(part, ())

    @property
    def is_zero(self) -> bool:
        """Whether the coefficient is an exact zero."""
        return self.coef == 0

    @property
    def sizes(self) -> dict[int, Dim]:
        """The size of each label."""
        return {label: dim for base, labels, _ in self.factors for label, dim in zip(labels, base.shape, strict=True)}


def product(coef: Number, factors: Sequence[tuple[Expr, Labels]], out: Labels) -> Expr:
    """Return ``coef · Π factor[labels]`` with axes `out` as one expression, not yet simplified."""
    kept: list[tuple[Expr, Labels]] = []
    for expr, labels in factors:
        if expr.op is NUMBER:
            coef = coef * expr.attr
        else:
            kept.append((expr.args[0] if expr.op is ROW else expr, labels))
    if coef == 0:
        sizes = {label: dim for expr, labels in factors for label, dim in zip(labels, expr.shape, strict=True)}
        return make(ZEROS, (), tuple([sizes[label] for label in out])) if out else number(0)
    if not kept:
        return number(coef)
    if len(kept) == 1 and kept[0][1] == out and not kept[0][0].is_row:
        return kept[0][0] if coef == 1 else mul(number(coef), kept[0][0])
    if coef != 1:
        kept.insert(0, (number(coef), ()))
    return einsum(tuple([labels for _, labels in kept]), out, tuple([expr for expr, _ in kept]))


def _opens(op: Operator, inner: Expr) -> bool:
    """Say whether the determinant or the inverse of a matrix is made of those of its factors."""
    if inner.op is MATMUL:
        return all([f.is_square for f in inner.args])
    multiple = inner.op is MUL and sum([bool(arg.shape) for arg in inner.args]) == 1
    return op is INV and (inner.op is DIAG or multiple)


PRODUCTS = frozenset({MUL, DIAG, INV, DET, POW})
"""The operators of which :func:`is_product` may hold, beside those that are linear."""


def is_product(node: Expr) -> bool:
    """Say whether a node is a product in index notation, to be opened up inside another."""
    op = node.op
    if op.kind == "leaf":
        return False
    if op is MUL or op.kind == "linear" or op is DIAG:
        return True
    if op in (INV, DET):
        return enabled(OPEN_INVERSES) and _opens(op, node.args[0])
    return op is POW and is_number(node.args[1]) and type(node.args[1].attr) is int and node.args[0].op in (MUL, POW)


def holds_products(base: Expr) -> bool:
    """Say whether a factor is a sum with index notation in it, which is multiplied out before an entry is taken."""
    return base.op is ADD and any([part.op is EINSUM or part.op in (EYE, UNIT) for part in base.args])


def build(term: Term) -> Expr:
    """Return a term as an expression: the factor alone, or an einsum of the factors.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> x = symbol("x", (Dim.named("n"),))
    >>> build(Term(1, [(x, (0,), ONE)], (0,))) is x
    True
    """
    factors = [(base if exponent is ONE else power(base, exponent), labels) for base, labels, exponent in term.factors]
    return product(term.coef, factors, term.out)


def term_key(term: Term) -> tuple[object, ...]:
    """Return a key that equal terms share whatever their coefficient, order of factors and names of summed labels.

    Labels are told apart by what they touch, in rounds of refinement; equal keys mean equal terms always, while two
    equal terms with a rare symmetry may get different keys and then merely stay unmerged.
    """
    color: dict[int, object] = {label: place for place, label in enumerate(term.out)}
    facts = [(id(base), id(exponent), labels, base.is_symmetric) for base, labels, exponent in term.factors]
    summed = {label for _, _, labels, _ in facts for label in labels if label not in color}
    if summed:
        for label in summed:
            color[label] = -1
        for _ in range(min(len(summed), 6)):
            seen: dict[int, list[int]] = {label: [] for label in summed}
            for base, exponent, labels, symmetric in facts:
                colors = _colors(labels, color, symmetric)
                for place, label in enumerate(labels):
                    if label in summed:
                        seen[label].append(hash((base, exponent, 0 if symmetric else place, colors)))
            color.update({label: hash((color[label], tuple(sorted(touched)))) for label, touched in seen.items()})
        for rank, label in enumerate(sorted(summed, key=lambda label: (hash(color[label]), label))):
            color[label] = (rank,)
    return (
        len(term.out),
        *sorted([(base, exponent, _colors(labels, color, symmetric)) for base, exponent, labels, symmetric in facts]),
    )


def _colors(labels: Labels, color: dict[int, object], symmetric: bool) -> str:
    """The colors of a factor's labels as text, in one order where the factor is symmetric."""
    if not labels:
        return ""
    colors = [str(color[label]) for label in labels]
    return " ".join(sorted(colors) if symmetric else colors)


def common_number(coefs: Sequence[Number]) -> Fraction:
    """Return what number may be taken out of all coefficients: the common divisor, with the sign they all have."""
    kinds = {type(c) for c in coefs}
    if float in kinds:
        return ratio(1)
    if kinds == {int}:
        return ratio(gcd(*[c for c in coefs if type(c) is int]) * (-1 if all([c < 0 for c in coefs]) else 1))
    exact = [ratio(c) for c in coefs]
    top = gcd(*[c.numerator for c in exact])
    bottom = lcm(*[c.denominator for c in exact]) if all([c.denominator == exact[0].denominator for c in exact]) else 1
    return ratio(-top if all([c < 0 for c in exact]) else top, bottom)
