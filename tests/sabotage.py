"""Sabotage: rules made wrong one at a time, to see that the check catches each; `python -m tests.sabotage` tries all.

A row of the operator table, or a step of the calculus, is changed in its sign, by a factor, in an exponent, by a
transpose, or by a term or factor that is dropped. Whether that matters is decided without the check: random
expressions with the row in them are differentiated by the changed rules, and the value is compared with complex step
at a point of this file's own. A change that moves no value of any of them, as the transpose of a symmetric factor does
not, is no sabotage and is counted apart; so is one after which mcalc gives no derivative at all. Of every other one,
the check must refuse each derivative whose value is wrong.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from mcalc.calculus import derive
from mcalc.calculus.accumulate import differentiate
from mcalc.calculus.basics import orientation
from mcalc.calculus.index_notation import contracting, term
from mcalc.calculus.index_notation.term import Term
from mcalc.calculus.matrix import chains, factoring, matrix_form
from mcalc.calculus.rules import conditions, normal_form, of_products, table
from mcalc.errors import Mistake
from mcalc.expr import Expr, LocalTerm, Operator, rebuild, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.verify import verify
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, neg, power
from mcalc.operators.leaves import is_number, number, zeros
from mcalc.operators.linear import transpose
from tests.generator import DIFFERENTIABLE, Generator
from tests.values import complex_step, random_values, variables

EXPRESSIONS = 12
"""Random expressions in which a change may show."""
ENOUGH = 3
"""Wrong derivatives after which a change need not be looked at further."""
MATTERS = 1e-6
"""A relative change of a value below this may be rounding; changes of rules are far above."""
LARGEST = 1e8
PATIENCE = 5.0
"""Seconds after which a derivation by wrong rules is given up."""

Change = Callable[[Any], Any]


# how things are changed: None where there is nothing to change -----------------------------------------------------


def dropped(place: int) -> Change:
    """Return what leaves out a term of a sum, or a factor of a product; a single one becomes zero."""

    def change(expr: Expr) -> Expr | None:
        if expr.op not in (ADD, MUL):
            return zeros(expr.shape) if expr.shape else number(0)
        rest = [arg for k, arg in enumerate(expr.args) if k != place % len(expr.args)]
        made = add(*rest) if expr.op is ADD else mul(*rest)
        return made if made.shape == expr.shape else None

    return change


def exponent(expr: Expr) -> Expr | None:
    """Take the first power with a number as its exponent one higher."""
    for node in walk(expr):
        if node.op is POW and is_number(node.args[1]):
            return replaced(expr, node, power(node.args[0], number(node.args[1].attr + 1)))
    return None


def turned(expr: Expr) -> Expr | None:
    """Transpose a square matrix."""
    return transpose(expr) if expr.order == 2 and expr.shape[0] is expr.shape[1] else None


def replaced(root: Expr, old: Expr, new: Expr) -> Expr:
    return rebuild(root, lambda node, args: new if node is old else None)


def inside(change: Change, place: int) -> Change:
    """Return what changes a part of an expression: the `place`-th sum, product or power."""

    def deep(expr: Expr) -> Expr | None:
        parts = [node for node in walk(expr) if node.op in (ADD, MUL, POW) and node is not expr]
        if len(parts) <= place:
            return None
        made = change(parts[place])
        return None if made is None or made.shape != parts[place].shape else replaced(expr, parts[place], made)

    return deep


OF_EXPRESSIONS: dict[str, Change] = {
    "sign": neg,
    "factor 2": lambda expr: mul(number(2), expr),
    "first term dropped": dropped(0),
    "last term dropped": dropped(-1),
    "exponent": exponent,
    "transpose": turned,
    "sign inside": inside(neg, 0),
    "term dropped inside": inside(dropped(-1), 0),
    "sign further inside": inside(neg, 1),
}


def of_local(change: Callable[[LocalTerm], LocalTerm | None], place: int | None) -> Change:
    """Return what changes one term of a local Jacobian, or drops it; without a place, every term."""

    def changed(terms: list[LocalTerm]) -> list[LocalTerm] | None:
        places = range(len(terms)) if place is None else [place % len(terms)] if terms else []
        made = [change(term) if k in places else term for k, term in enumerate(terms)]
        kept = [term for term in made if term is not None]
        return None if all(a is b for a, b in zip(kept, terms, strict=False)) and len(kept) == len(terms) else kept

    return changed


def _scaled(by: int) -> Callable[[LocalTerm], LocalTerm]:
    return lambda term: LocalTerm(term.coef * by, term.factors, term.out, term.arg)


def _factor_turned(term: LocalTerm) -> LocalTerm:
    """Take the labels of the first matrix the other way round."""
    for k, (base, labels) in enumerate(term.factors):
        if len(labels) == 2:
            return LocalTerm(
                term.coef, (*term.factors[:k], (base, labels[::-1]), *term.factors[k + 1 :]), term.out, term.arg
            )
    return term


def _factor_dropped(term: LocalTerm) -> LocalTerm:
    return LocalTerm(term.coef, term.factors[:-1], term.out, term.arg) if term.factors else term


OF_JACOBIANS: dict[str, Change] = {
    "sign": of_local(_scaled(-1), None),
    "sign of the last term": of_local(_scaled(-1), -1),
    "factor 2": of_local(_scaled(2), None),
    "first term dropped": of_local(lambda term: None, 0),
    "last term dropped": of_local(lambda term: None, -1),
    "transposed factor": of_local(_factor_turned, None),
    "factor dropped": of_local(_factor_dropped, None),
    "axes of the result turned": of_local(lambda t: LocalTerm(t.coef, t.factors, t.out[::-1], t.arg), None),
    "axes of the argument turned": of_local(lambda t: LocalTerm(t.coef, t.factors, t.out, t.arg[::-1]), None),
}


def _term_turned(term: Term) -> Term | None:
    """Take the labels of the first matrix of a term the other way round."""
    for k, (base, labels, by) in enumerate(term.factors):
        if len(labels) == 2:
            return Term(term.coef, [*term.factors[:k], (base, labels[::-1], by), *term.factors[k + 1 :]], term.out)
    return None


OF_TERMS: dict[str, Change] = {
    "sign": lambda term: Term(-term.coef, term.factors, term.out),
    "factor 2": lambda term: Term(term.coef * 2, term.factors, term.out),
    "factor dropped": lambda term: Term(term.coef, term.factors[:-1], term.out) if term.factors else None,
    "transposed factor": _term_turned,
}


# where a change is made --------------------------------------------------------------------------------------------


class Sabotage:
    """One wrong rule: its name, what it puts in the place of what, and the rows in whose expressions it may show."""

    def __init__(self, name: str, put: Sequence[tuple[Any, str, Any]], rows: Sequence[Operator]) -> None:
        self.name = name
        self.put = put
        self.rows = rows

    @contextmanager
    def made(self) -> Iterator[None]:
        """Have the wrong rule in force."""
        before = [(holder, name, getattr(holder, name)) for holder, name, _ in self.put]
        try:
            for holder, name, wrong in self.put:
                setattr(holder, name, wrong)
            yield
        finally:
            for holder, name, right in before:
                setattr(holder, name, right)

    def __repr__(self) -> str:
        return self.name


def _or_as_it_was(made: Any, right: Any) -> Any:
    return right if made is None else made


def of_rows() -> list[Sabotage]:
    """Return wrong rows: partial derivatives, Jacobians, einsums, and bodies of composed functions."""
    found: list[Sabotage] = []
    for row in DIFFERENTIABLE:
        if row.kind == "elementwise":
            for place in range(min(row.arity[1] or 2, 2)):
                for name, change in OF_EXPRESSIONS.items():
                    found.append(
                        Sabotage(f"{row.name}, partial {place}: {name}", [_partial(row, place, change)], [row])
                    )
        elif row.kind in ("tensor", "linear"):
            for name, change in OF_JACOBIANS.items():
                found.append(Sabotage(f"{row.name}, Jacobian: {name}", [_jacobian(row, change)], [row]))
        elif row.kind == "defined":
            for name, change in OF_EXPRESSIONS.items():
                found.append(Sabotage(f"{row.name}, body: {name}", [_body(row, change)], [row]))
    return found


def _partial(row: Operator, place: int, change: Change) -> tuple[Any, str, Any]:
    right = row.partial
    assert right is not None

    def wrong(node: Expr, k: int) -> Expr | None:
        made = right(node, k)
        return made if made is None or k != place else _or_as_it_was(change(made), made)

    return row, "partial", wrong


def _jacobian(row: Operator, change: Change) -> tuple[Any, str, Any]:
    """Change what a row gives, where rules of every kind are asked for: an einsum gives one term, from its labels."""
    right = differentiate.local_jacobian

    def wrong(node: Expr, k: int) -> list[LocalTerm]:
        made = right(node, k)
        return _or_as_it_was(change(made), made) if node.op is row else made

    return differentiate, "local_jacobian", wrong


def _body(row: Operator, change: Change) -> tuple[Any, str, Any]:
    right = row.body
    assert right is not None

    def wrong(*args: Expr) -> Expr:
        made = right(*args)
        return _or_as_it_was(change(made), made)  # type: ignore[no-any-return]

    return row, "body", wrong


STEPS: tuple[tuple[Any, str, dict[str, Change]], ...] = (
    (differentiate, "forward", OF_EXPRESSIONS),
    (differentiate, "reverse", OF_EXPRESSIONS),
    (differentiate, "identity", OF_EXPRESSIONS),
    (differentiate, "_through", OF_EXPRESSIONS),
    (differentiate, "_back", OF_EXPRESSIONS),
    (differentiate, "_tangent_of_cases", OF_EXPRESSIONS),
    (differentiate, "_rest_of_product", OF_EXPRESSIONS),
    (differentiate, "expand_defined", OF_EXPRESSIONS),
    (normal_form, "normalise", OF_EXPRESSIONS),
    (normal_form, "normal_sum", OF_EXPRESSIONS),
    (normal_form, "normal_sigma", OF_EXPRESSIONS),
    (table, "in_one_product", OF_TERMS),
    (of_products, "face_alike", OF_TERMS),
    (of_products, "absorb_sign", OF_TERMS),
    (conditions, "apply_conditions", OF_TERMS),
    (contracting, "contract", OF_TERMS),
    (term, "build", OF_EXPRESSIONS),
    (matrix_form, "matrix_notation", OF_EXPRESSIONS),
    (matrix_form, "indexed_form", OF_EXPRESSIONS),
    (matrix_form, "sum_in_matrix_notation", OF_EXPRESSIONS),
    (
        orientation,
        "transposed",
        {"not done": lambda made: transpose(made) if made.order == 2 else None, **OF_EXPRESSIONS},
    ),
    (orientation, "as_row", OF_EXPRESSIONS),
    (orientation, "as_columns", OF_EXPRESSIONS),
    (chains, "scaled", OF_EXPRESSIONS),
    (chains, "hadamard", OF_EXPRESSIONS),
    (chains, "chain", OF_EXPRESSIONS),
    (chains, "sum_of", OF_EXPRESSIONS),
    (factoring, "factored", OF_EXPRESSIONS),
    (derive, "_laid_out", OF_EXPRESSIONS),
    (derive, "simplified", OF_EXPRESSIONS),
)
"""Steps of the calculus that give an expression, or a term in index notation."""
ABOUT = {
    "_tangent_of_cases": ("cases",),
    "_rest_of_product": ("product", "prod"),
    "normal_sigma": ("sigma", "product"),
}
"""The rows that some of them are about; the others are tried on all rows in turn."""


def of_steps() -> list[Sabotage]:
    """Return wrong steps of the calculus; each is put wherever its function is known by name."""
    found: list[Sabotage] = []
    for module, function, changes in STEPS:
        right = getattr(module, function)
        users = [
            one for name, one in sys.modules.items() if name.startswith("mcalc.") and vars(one).get(function) is right
        ]
        for name, change in changes.items():
            wrong = _wrapped(right, change)
            rows = [row for row in DIFFERENTIABLE if row.name in ABOUT.get(function, (row.name,))]
            found.append(Sabotage(f"{function}: {name}", [(user, function, wrong) for user in users], rows))
    return found


def _wrapped(right: Callable[..., Any], change: Change) -> Callable[..., Any]:
    def wrong(*args: Any, **named: Any) -> Any:
        made = right(*args, **named)
        return _or_as_it_was(change(made), made)

    return wrong


# what becomes of it ------------------------------------------------------------------------------------------------


class Outcome:
    """What became of a change: of the derivatives whose value is wrong, how many were refused, and which were not."""

    def __init__(self) -> None:
        self.refused = 0
        self.unchecked = 0
        self.missed: list[str] = []
        self.none = 0

    @property
    def verdict(self) -> str:
        """caught, missed, or why it is no sabotage: the same values, or no derivative at all."""
        if self.missed or (self.unchecked and not self.refused):
            return "missed"
        return "caught" if self.refused else "no derivative" if self.none else "same values"


class TooLong(Exception):
    """A derivation by wrong rules does not end."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise TooLong after a while."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def look_at(sabotage: Sabotage, expressions: int = EXPRESSIONS, enough: int = ENOUGH) -> Outcome:
    """Return what becomes of a change in random expressions with its rows in them."""
    outcome = Outcome()
    for seed in range(expressions):
        generator = Generator(seed)
        row = generator.random.choice(list(sabotage.rows))
        expr = generator.featuring(row, 1 + seed % 2, scalar=seed % 3 == 0)
        choices = variables(expr)
        if not choices or expr.order > 2:
            continue
        variable = generator.random.choice(choices)
        values = random_values(expr, np.random.default_rng(seed))
        want = complex_step(expr, variable, values)
        if not np.all(np.isfinite(want)) or np.max(np.abs(want), initial=0.0) > LARGEST:
            continue
        try:
            with patience(), sabotage.made():
                result = derive.derivative_of(expr, [variable])
                got = evaluate(result, values, [variable])
        except (Mistake, TooLong):
            outcome.none += 1
            continue
        except Exception:  # noqa: BLE001 - wrong rules may make anything; nothing is printed then
            outcome.none += 1
            continue
        if not is_wrong(got, want):
            continue
        found = verify(expr, [variable], result, seed=seed)
        if found.ok:
            outcome.missed.append(f"seed {seed}: {found}")
        elif found.ok is None:
            outcome.unchecked += 1
        else:
            outcome.refused += 1
        if outcome.missed or outcome.refused >= enough:
            break
    return outcome


def is_wrong(got: Any, want: Any) -> bool:
    """Say whether a value is not what complex step found."""
    if np.shape(got) != np.shape(want):
        return True
    if not np.all(np.isfinite(got)):
        return False
    largest = max(1.0, float(np.max(np.abs(want), initial=0.0)))
    return bool(np.max(np.abs(got - want), initial=0.0) > MATTERS * largest)


def every() -> list[Sabotage]:
    """Return all changes, in an order that mixes rows and steps, the same each time."""
    found = [*of_rows(), *of_steps()]
    random.Random(0).shuffle(found)
    return found


def main(count: int = 10_000) -> int:
    """Try changes until so many were sabotage; print what became of them, and return how many were missed."""
    tally = {"caught": 0, "missed": 0, "same values": 0, "no derivative": 0}
    told: dict[str, list[str]] = {name: [] for name in tally}
    start = time.perf_counter()
    for sabotage in every():
        outcome = look_at(sabotage)
        tally[outcome.verdict] += 1
        told[outcome.verdict].append(f"{sabotage}: {'; '.join(outcome.missed)}" if outcome.missed else sabotage.name)
        if tally["caught"] + tally["missed"] >= count:
            break
    spent = time.perf_counter() - start
    print(f"{', '.join([f'{number} {name}' for name, number in tally.items()])}, {spent:.0f} s")
    for name in ("missed", "same values", "no derivative"):
        for line in told[name]:
            print(f"{name}: {line}")
    return tally["missed"]


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
