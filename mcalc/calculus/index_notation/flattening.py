"""Products in index notation opened into one term each, contracted."""

from __future__ import annotations

from mcalc.calculus.basics.simplifications import OPEN_INVERSES, note
from mcalc.calculus.index_notation.contracting import contract, sum_of_exponents
from mcalc.calculus.index_notation.term import ONE, Term, is_product
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL, POW, power, scale
from mcalc.operators.leaves import NUMBER, eye, is_number, number
from mcalc.operators.linear import DIAG, EINSUM, TRANSPOSE
from mcalc.operators.matrix import DET, INV, inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]


def open_product(node: Expr, labels: Labels, exponent: Expr, fresh: Callable[[], int]) -> list[Factor]:
    """Return the factors of a product node whose axes are called `labels`; `exponent` stays on entry-wise ones.

    Algebra: det(A B) = det(A) det(B) and (A B)⁻¹ = B⁻¹A⁻¹ for square factors, det(Aᵀ) = det(A); (c A)⁻¹ = A⁻¹ / c;
    diag(v)⁻¹ = diag(1 ⊘ v).
    """
    op = node.op
    if op is MUL:
        return [(arg, labels if arg.shape else (), exponent) for arg in node.args]
    if op is EINSUM and is_entrywise(node):
        return [(arg, labels if arg.shape else (), exponent) for arg in node.args]
    if op is POW:
        return [(node.args[0], labels, number(node.args[1].attr * exponent.attr))]
    if op in (DET, INV):
        note(OPEN_INVERSES)
    if op is DET:
        factors = [factor.args[0] if factor.op is TRANSPOSE else factor for factor in node.args[0].args]
        return [(make(DET, (factor,)), (), exponent) for factor in factors]
    if op is INV and node.args[0].op is DIAG:
        return [(node.args[0].args[0], labels[:1], number(-1)), (eye(node.shape[0]), labels, ONE)]
    if op is INV and node.args[0].op is MUL:
        return [(inv(f), labels, ONE) if f.shape else (f, (), number(-1)) for f in node.args[0].args]
    if op is INV:
        ends = [labels[0], *[fresh() for _ in node.args[0].args[1:]], labels[1]]
        return [(inv(f), (ends[k], ends[k + 1]), ONE) for k, f in enumerate(reversed(node.args[0].args))]
    if op is DIAG:
        if node.order == 2:
            return [(node.args[0], labels[:1], ONE), (eye(node.shape[0]), labels, ONE)]
        return [(node.args[0], labels * 2, ONE)]
    assert op.einsum is not None
    subscripts, out = op.einsum(node)
    names = dict(zip(out, labels, strict=True))
    opened: list[Factor] = []
    for arg, own in zip(node.args, subscripts, strict=True):
        for label in own:
            if label not in names:
                names[label] = fresh()
        opened.append((arg, tuple([names[label] for label in own]), ONE))
    return opened


def _takes_power(node: Expr, exponent: Expr) -> bool:
    """Say whether the power of a product is that of its factors."""
    entrywise = node.op in (MUL, POW, DET) or is_entrywise(node)
    return entrywise and is_number(exponent) and type(exponent.attr) is int


def is_entrywise(node: Expr) -> bool:
    """Say whether index notation is a product entry by entry, of scalars and of tensors that have its labels."""
    return node.op is EINSUM and all([own in ((), node.attr[1]) for own in node.attr[0]])


def flatten(node: Expr, opened: Callable[[Expr], Expr | None] | None = None) -> Term:
    """Return a product as one contracted term.

    `opened(factor)` decides for each product among the factors: the expression to open in its place, or None to leave
    it whole. Every label is renamed to be its own, so the work is linear in the number of factors. A product that also
    stands there as the base of a power stays whole, so that the two merge: (x · x) (x · x)⁻² = (x · x)⁻¹.
    """
    term = _flatten(node, opened, frozenset())
    bases = {base for base, _, exponent in term.factors if exponent is not ONE and is_product(base)}
    found = contract(_flatten(node, opened, bases) if bases and len(term.factors) > 1 else term)
    return _reopened(found) if any([base.op is MUL for base, _, _ in found.factors]) else found


def _reopened(term: Term) -> Term:
    """Open the products that have a whole exponent now that their powers are put together: √(a b) √(a b) = a b."""
    factors: list[Factor] = []
    for base, labels, exponent in term.factors:
        whole = base.op is MUL and is_number(exponent) and type(exponent.attr) is int and exponent is not ONE
        factors += open_product(base, labels, exponent, lambda: 0) if whole else [(base, labels, exponent)]
    return term if len(factors) == len(term.factors) else contract(Term(term.coef, factors, term.out))


def _flatten(node: Expr, opened: Callable[[Expr], Expr | None] | None, closed: Container[Expr]) -> Term:
    """Open the products in a product, but for those in `closed`."""
    counter = node.order

    def fresh() -> int:
        nonlocal counter
        counter += 1
        return counter - 1

    out = tuple(range(node.order))
    coef: Number = 1
    factors: list[Factor] = []
    stack: list[Factor] = [(node, out, ONE)]
    while stack:
        expr, labels, exponent = stack.pop()
        if expr.op is NUMBER:
            if exponent is ONE:
                coef = coef * expr.attr
                continue
            raised = power(expr, exponent)
            if raised.op is NUMBER:
                coef = coef * raised.attr
                continue
        if expr.op.kind == "leaf":
            factors.append((expr, labels, exponent))
            continue
        powers = exponent is not ONE and expr.op is MUL  # of its factors, which have normal forms of their own
        if expr is not node and opened is not None and expr not in closed and not powers:
            inner = opened(expr)
            if inner is None:
                factors.append((expr, labels, exponent))
                continue
            expr = inner
        if expr.op is POW and not (is_product(expr) and is_number(exponent)):
            inner_exponent = expr.args[1]
            base_labels = labels if expr.args[0].shape else ()
            by_entry = inner_exponent.shape in ((), expr.args[0].shape)
            if by_entry and (exponent is ONE or (is_number(exponent) and type(exponent.attr) is int)):
                combined = scale(exponent.attr, collected(inner_exponent))
                covering = expr.args[0].shape or not expr.shape
                if covering:
                    stack.append((expr.args[0], base_labels, combined)) if combined is ONE else factors.append(
                        (expr.args[0], base_labels, combined)
                    )
                    continue
        if expr not in closed and is_product(expr) and (exponent is ONE or _takes_power(expr, exponent)):
            stack.extend(reversed(open_product(expr, labels, exponent, fresh)))
        else:
            factors.append((expr, labels, exponent))
    return Term(coef, factors, out)


def collected(exponent: Expr) -> Expr:
    """Return an exponent with the sums in its sum opened, where there are some: (a + 1) - 1 is a."""
    nested = exponent.op is ADD and any([part.op is ADD for part in exponent.args])
    return sum_of_exponents(exponent) if nested else exponent


def as_term(part: Expr) -> Term:
    """Return an expression as one term, opened if it is a product or a power."""
    if is_product(part) or part.op in (NUMBER, POW):
        return flatten(part)
    axes = tuple(range(part.order))
    return Term(1, [(part, axes, ONE)], axes)
