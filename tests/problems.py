"""Problems with a value worked out without mcalc, and the form of the answer that a person writes.

`python -m tests.problems` prints what each becomes; `python -m tests.problems PATTERN` those that match.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mcalc.api import derive, scope_of
from mcalc.derivative import Derivative
from mcalc.dims import Dim
from mcalc.expr import Expr
from mcalc.notation import read_expression
from mcalc.numeric.evaluate import evaluate
from tests.tokens import LIMIT, tokens
from tests.values import agree

FILE = Path(__file__).parent / "golden" / "problems.txt"
SIZES = {"n": 3, "m": 4, "k": 2, "p": 5, "N": 6}
STEP = 1e-30
WIDE = 1e-2
"""The widest step of the differences by which a gradient is differentiated again."""


class Problem(NamedTuple):
    """A problem: `wrt` are the variables in the order in which they are differentiated by."""

    where: str
    expr: str
    wrt: list[str]
    value: str
    answer: str
    reason: str
    """Why the printed form may be longer than the answer; empty where it may not."""

    @property
    def name(self) -> str:
        return f"{self.expr} by {', '.join(self.wrt)}"

    def derived(self, layout: str = "numerator") -> Derivative:
        """Return mcalc's derivative; mixed ones as the statement d/dw d/db."""
        first, *others = self.wrt
        if not others or all([name == first for name in others]):
            return derive(self.expr, wrt=first, where=self.where, order=len(self.wrt), layout=layout)
        marks = " ".join([f"d/d{name}" for name in reversed(self.wrt)])
        return derive(f"{marks} ({self.expr})", where=self.where, layout=layout)


def problems() -> list[Problem]:
    """Return the problems of the file."""
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            where, expr, wrt, value, *reason, answer = [cell.strip() for cell in re.split(r" \| ", line)]
            found.append(Problem(where, expr, wrt.split(), value, answer, *(reason or [""])))
    return found


def _length(dim: Dim) -> int:
    return dim.value if dim.value is not None else SIZES[str(dim)]


def _draw(variable: Expr, rng: np.random.Generator, positive: bool) -> Any:
    _, shape, properties = variable.attr
    own = [_length(dim) for dim in shape]
    value = rng.uniform(0.3, 1.2, own) if positive or "positive" in properties else rng.normal(size=own)
    if len(own) == 2 and own[0] == own[1]:
        value = value + 3 * np.eye(own[0])
        value = value @ value.T if "posdef" in properties else value + value.T if "symmetric" in properties else value
    return value


def _names() -> dict[str, Any]:
    def softmax(z: Any) -> Any:
        return np.exp(z) / np.sum(np.exp(z))

    def trexpm(a: Any) -> Any:
        total, power = np.trace(np.eye(len(a))), np.eye(len(a))
        for k in range(1, 60):
            power = power @ a / k
            total = total + np.trace(power)
        return total

    return {
        "np": np,
        **{name: getattr(np, name) for name in ("sum", "log", "exp", "sqrt", "where")},
        "inv": np.linalg.inv,
        "det": np.linalg.det,
        "ld": lambda a: np.log(np.linalg.det(a)),
        "ss": lambda a: np.sum(a * a),
        "nrm": lambda a: np.sqrt(np.sum(a * a)),
        "re": np.real,
        "relu": lambda a: np.where(np.real(a) > 0, a, 0),
        "abs_": lambda a: np.where(np.real(a) > 0, a, -np.asarray(a)),
        "sig": lambda a: 1 / (1 + np.exp(-a)),
        "softmax": softmax,
        "rsoftmax": lambda a: np.exp(a) / np.sum(np.exp(a), axis=1)[:, None],
        "lse": lambda z: np.log(np.sum(np.exp(z))),
        "trexpm": trexpm,
        **SIZES,
    }


def point(problem: Problem, seed: int = 1) -> tuple[dict[str, Any], Any]:
    """Return values for the variables, and the function of them: drawn again, and positive, where it is not defined."""
    code = compile(problem.value, problem.expr, "eval")
    names = _names()

    def function(values: dict[str, Any]) -> Any:
        return eval(code, {**names, **values})

    variables = list(scope_of(problem.where).variables.values())
    for attempt in range(40):
        positive = attempt % 2 == 1
        rng = np.random.default_rng(seed + attempt)
        values = {v.attr[0]: _draw(v, rng, positive) for v in variables}
        with np.errstate(all="ignore"):
            if np.all(np.isfinite(function(values))):
                break
    return {**SIZES, **values}, function


def true_value(problem: Problem, values: dict[str, Any], function: Any) -> Any:
    """Return the derivative by value: the first one by complex step, a second one by differences of that."""

    def moved(at: dict[str, Any], name: str, place: tuple[int, ...], step: complex) -> dict[str, Any]:
        base = np.array(at[name], complex if type(step) is complex else float)
        base[place] += step
        return {**at, name: base}

    def first(at: dict[str, Any]) -> Any:
        name = problem.wrt[0]
        shape = np.shape(at[name])
        columns = [np.imag(function(moved(at, name, place, STEP * 1j))) / STEP for place in np.ndindex(shape)]
        return np.stack(columns, axis=-1).reshape((*np.shape(columns[0]), *shape))

    if len(problem.wrt) == 1:
        return first(values)
    name = problem.wrt[1]
    shape = np.shape(values[name])
    columns = []
    for place in np.ndindex(shape):
        table: list[list[Any]] = []
        for halving in range(4):
            step = WIDE / 2**halving
            ahead, behind = [first(moved(values, name, place, sign * step)) for sign in (1.0, -1.0)]
            row = [(ahead - behind) / (2 * step)]
            for k, coarser in enumerate(table[-1] if table else []):
                row.append(row[-1] + (row[-1] - coarser) / (4 ** (k + 1) - 1))
            table.append(row)
        columns.append(table[-1][-1])
    return np.stack(columns, axis=-1).reshape((*np.shape(columns[0]), *shape))


def slips(problem: Problem) -> list[str]:
    """Return all that is wrong with mcalc's answer: in value, in form, in length; and with the answer in the file."""
    found = problem.derived()
    values, function = point(problem)
    tolerance = 1e-9 if len(problem.wrt) == 1 else 1e-7
    want = true_value(problem, values, function)
    wrong = [] if agree(found.evaluate(values), want, tolerance) else [f"wrong by value: {found.text}"]
    if problem.answer == "-":
        return wrong
    columns = found if not found.expr.is_row else problem.derived(layout="denominator")
    answer = read_expression(problem.answer, scope_of(problem.where), shape=columns.expr.shape).expr
    assert answer is not None
    if not agree(evaluate(answer, values), want, tolerance):
        wrong.append(f"the answer in the file is not the derivative: {problem.answer}; mcalc: {columns.text}")
    if found.form != "matrix":
        wrong.append(f"in index form: {columns.text}")
    ratio = tokens(columns.text) / tokens(problem.answer)
    if (ratio > LIMIT) is not bool(problem.reason):
        wrong.append(f"{ratio:.2f} times the tokens: {columns.text}\n      {problem.answer}")
    return wrong


def main(pattern: str = "") -> int:
    """Print what is wrong with the problems that match; return how many."""
    bad = 0
    for problem in problems():
        if not re.search(pattern, f"{problem.where} | {problem.name}"):
            continue
        try:
            wrong = slips(problem)
        except Exception as mistake:  # noqa: BLE001 - the run goes on, and tells of it
            wrong = [f"{type(mistake).__name__}: {mistake}"]
        bad += bool(wrong)
        for line in wrong:
            print(f"{problem.where} | {problem.name}\n   {line}")
    print(f"{bad} of {len(problems())}")
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])))
