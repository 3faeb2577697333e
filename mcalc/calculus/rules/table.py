"""The table of simplifications of one product, and the one loop that applies them: most are a row of it."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from mcalc.calculus.basics.simplifications import (
    APPLY_MAPS,
    CANCEL_INVERSES,
    CLIPPED,
    FACE_ALIKE,
    MERGE_POWERS,
    RECOGNISE,
    TURN_SIGN,
    UNDER_CONDITION,
    Simplification,
    disabled,
    note,
)
from mcalc.calculus.index_notation.term import ONE, PRODUCTS, Term, is_product
from mcalc.calculus.rules.conditions import apply_conditions
from mcalc.calculus.rules.matcher import Rule
from mcalc.calculus.rules.of_products import (
    absorb_sign,
    exponential_of_logarithm,
    face_alike,
    one_root,
    without_roots_in_exponent,
)
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import PI, is_number
from mcalc.operators.matrix import INV, ONE_HOT
from mcalc.operators.matrix_functions import FRECHET, POWM
from mcalc.operators.solutions import SYLVESTER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mcalc.expr import Operator


class AtFactor:
    """A simplification that is no equation between products of so many factors: `at` tries it on a factor of a kind."""

    is_for_plain = True

    def __init__(
        self, name: Simplification, operators: tuple[Operator, ...], at: Callable[[Term, int], Term | None]
    ) -> None:
        self.name = name
        self.operators = operators
        self.at = at

    def may_begin_with(self, op: Operator) -> bool:
        """Say whether it is tried on a factor with this operator."""
        return op in self.operators


class Whole:
    """A simplification of a product as a whole."""

    def __init__(self, name: Simplification, applied: Callable[[Term], Term]) -> None:
        self.name = name
        self.applied = applied


def _along_direction(term: Term, place: int) -> Term | None:
    from mcalc.calculus.rules.linear_maps import along_direction

    return along_direction(term, place)


def _merged_powers(term: Term, place: int) -> Term | None:
    from mcalc.calculus.rules.linear_maps import merged_powers

    return merged_powers(term, place)


FEWER, SIMPLER = "each step leaves a factor less", "each step leaves a simpler function"
TABLE: tuple[Rule | AtFactor | Whole, ...] = (
    # a product that was opened is found again beside its power: (W H)_ij^-2 Σ_q W_iq H_qj = (W H)_ij^-1
    Rule(
        MERGE_POWERS, "A^k A = A^(k + 1)", FEWER, when=lambda its: is_product(its["A"]),
        begins=lambda op: op in PRODUCTS or op.kind == "linear",
    ),
    Rule(
        MERGE_POWERS, "[c]^k = [c]", "an exponent becomes 1",
        when=lambda its: is_number(its["k"]) and its["k"].attr > 0,
    ),
    Whole(UNDER_CONDITION, apply_conditions),
    Rule(CLIPPED, "[u > 0] max(0, u) = max(0, u)", FEWER, when=lambda its: bool(its["u"].shape)),
    Rule(CLIPPED, "[u > 0] relu(u) = relu(u)", FEWER, when=lambda its: bool(its["u"].shape)),
    AtFactor(MERGE_POWERS, (EXP,), without_roots_in_exponent),
    AtFactor(MERGE_POWERS, (PI,), one_root),
    AtFactor(RECOGNISE, (EXP,), exponential_of_logarithm),
    Rule(RECOGNISE, "ln(exp(u)) = u", SIMPLER),
    Rule(RECOGNISE, "(1 - (1 + exp(u))^-1) = σ(u)", SIMPLER),
    Rule(RECOGNISE, "(1 + exp(u)) σ(-u) = 1", FEWER),
    Rule(RECOGNISE, "(1 + exp(u)) σ(u) = exp(u)", FEWER),
    Rule(RECOGNISE, "exp(z)_i sum(exp(z))^-1 = softmax(z)_i", FEWER),
    Rule(RECOGNISE, "exp(Z)_ij (exp(Z) 1)_i^-1 = softmax(Z)_ij", FEWER),
    Rule(RECOGNISE, "sinh(u) cosh(u)^-1 = tanh(u)", FEWER),
    Rule(RECOGNISE, "sin(u) cos(u)^-1 = tan(u)", FEWER),
    Rule(RECOGNISE, "exp(u) (1 + exp(u))^-1 = σ(u)", FEWER),
    Rule(RECOGNISE, "(1 + exp(-u))^-1 = σ(u)", SIMPLER),
    Rule(RECOGNISE, "sign(u) abs(u) = u", FEWER),  # at 0 both sides are 0, or have no value
    Rule(RECOGNISE, "sign(u) abs(u)^-1 = u^-1", FEWER),
    Rule(RECOGNISE, "σ(-u) (1 - σ(-u)) = σ(u) (1 - σ(u))", "an argument loses its sign"),
    Rule(RECOGNISE, "softmax(u)_…i = 1_…", FEWER),
    Rule(RECOGNISE, "softmax(z)_i exp(z)_i^-1 = 1_i sum(exp(z))^-1", "each step leaves a vector less"),
    *[Rule(RECOGNISE, text, FEWER, heads={"h": row}) for row, axes in ONE_HOT.items()
        for text in {(0, 1): ("h(u)_i = 1", "h(u)_ij = 1"), (1,): ("h(u)_ij = 1_i",), (0,): ("h(u)_ij = 1_j",)}[axes]],
    Whole(FACE_ALIKE, face_alike),
    AtFactor(APPLY_MAPS, (*FRECHET.values(), SYLVESTER), _along_direction),
    AtFactor(APPLY_MAPS, (POWM, INV), _merged_powers),
    Rule(CANCEL_INVERSES, "inv(A)_ij A_jk = δ_ik", FEWER),
    Rule(CANCEL_INVERSES, "inv(A)_ij A_ki = δ_kj", FEWER),
    # Penrose's equations: A A⁺ A = A, A⁺ A A⁺ = A⁺, and A A⁺ and A⁺ A are symmetric
    *[Rule(CANCEL_INVERSES, text, FEWER) for text in (
        "A_ij pinv(A)_jk A_kl = A_il", "A_ji A_jk pinv(A)_kl = A_li", "pinv(A)_ij A_jk A_lk = A_li",
        "pinv(A)_ij A_jk pinv(A)_kl = pinv(A)_il", "pinv(A)_ij pinv(A)_kj A_lk = pinv(A)_il",
        "A_ji pinv(A)_kj pinv(A)_kl = pinv(A)_il",
    )],
    *[Rule(CANCEL_INVERSES, text, FEWER, when=lambda its: its["S"].is_symmetric) for text in (
        "eigvecs(S)_ij eigvecs(S)_kj = δ_ik", "eigvecs(S)_ij eigvals(S)_j eigvecs(S)_kj = S_ik",
        "eigvecs(S)_ij eigvals(S)_j^-1 eigvecs(S)_kj = inv(S)_ik",
        "eigvecs(S)_ij exp(eigvals(S))_j eigvecs(S)_kj = expm(S)_ik",
        "eigvecs(S)_ij ln(eigvals(S))_j eigvecs(S)_kj = logm(S)_ik",
        "chol(S)_ij chol(S)_kj = S_ik", "chol(S)_ij inv(S)_ik = inv(chol(S))_jk",
        "inv(chol(S))_ji inv(chol(S))_jk = inv(S)_ik",
    )],
    Rule(
        CANCEL_INVERSES, "eigvecs(S)_ij eigvals(S)_j^k eigvecs(S)_lj = powm(S, k)_il", FEWER, heads={"powm": POWM},
        when=lambda its: its["S"].is_symmetric and its["k"] is not ONE,
    ),
    Rule(CANCEL_INVERSES, "chol(S)_ij halftril(n)_ji = 2^-1 diag(chol(S))_i δ_ij", SIMPLER),
    Whole(TURN_SIGN, absorb_sign),
)  # fmt: skip
"""The simplifications of one product, in the order in which they are applied: those of a name until none fits."""


@cache
def stages() -> list[tuple[Simplification, Callable[[Term], Term]]]:
    """Return the table in stages: the rules of one name that stand next to each other."""
    found: list[tuple[Simplification, Callable[[Term], Term]]] = []
    for (name, whole), rules in groupby(TABLE, key=lambda rule: (rule.name, isinstance(rule, Whole))):
        if whole:
            found += [(name, rule.applied) for rule in rules if isinstance(rule, Whole)]
        else:
            found.append((name, _until_none_fits([rule for rule in rules if not isinstance(rule, Whole)])))
    return found


def _until_none_fits(rules: list[Rule | AtFactor]) -> Callable[[Term], Term]:
    """Return what applies some rules to each factor of a product, from the first again after each that fitted."""
    known: dict[Operator, tuple[list[Rule | AtFactor], list[Rule | AtFactor]]] = {}
    idle = 0
    """The bits of operators that are known to begin no rule."""

    def rules_for(op: Operator) -> tuple[list[Rule | AtFactor], list[Rule | AtFactor]]:
        """Those for a power of a factor with this operator, and those for the plain one."""
        of_powers = [rule for rule in rules if rule.may_begin_with(op)]
        return of_powers, [rule for rule in of_powers if rule.is_for_plain]

    def simplified(term: Term) -> Term:
        nonlocal idle
        if not term.heads & ~idle:
            return term
        place = 0
        while place < len(term.factors):
            base, _, power = term.factors[place]
            if base.op not in known:
                known[base.op] = rules_for(base.op)
                idle |= 0 if known[base.op][0] else base.op.bit
            for rule in known[base.op][power is ONE]:
                made = rule.at(term, place)
                if made is not None:
                    term, place = made, 0
                    break
            else:
                place += 1
        return term

    return simplified


def in_one_product(term: Term) -> Term:
    """Return a product with all simplifications of the table applied, one name after the other."""
    off = disabled()
    for name, applied in stages():
        if name not in off:
            made = applied(term)
            if made is not term:
                note(name)
                term = made
    return term
