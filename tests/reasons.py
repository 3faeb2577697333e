"""Which reasons derivations give, and the long run: `python -m tests.reasons 500`.

Golden results, the problems, and random expressions are told in every way that there is; each name on a line, as it is
printed, must be an entry of `mcalc rules`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mcalc.api import derive
from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.reasons import TABLE
from mcalc.calculus.stories.rewriting import in_full
from mcalc.choices import Manner
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.shell.rule_entries import all_found
from mcalc.steps import Steps
from tests.derivations import expression_of
from tests.problems import problems
from tests.values import variables

GOLDEN = Path(__file__).parent / "golden"
WAYS: tuple[dict[str, str], ...] = (
    {},
    {"by": "chain"},
    {"by": "differentials"},
    {"by": "entries"},
    {"mode": "forward"},
    {"mode": "backward"},
    {"layout": "denominator"},
)


def results() -> Iterator[tuple[str, str, str]]:
    """Yield expressions with golden results: each with its variables and shapes."""
    for name in ("paper.txt", "matrix.txt", "cookbook.txt"):
        for line in (GOLDEN / name).read_text("utf-8").splitlines():
            cells = [cell.strip() for cell in line.split(" | ")]
            if line and not line.startswith("#") and cells[3] != "-":
                yield cells[2], cells[3], cells[1]


def reasons(body: Expr, by: list[Expr], result: Expr, way: dict[str, str]) -> list[str]:
    """Return the reasons of each line of a derivation, as they are printed; none where it is not told so."""
    try:
        how = {name: word for name, word in way.items() if name != "by"}
        stories = Steps(body, by, result, manner=Manner(**how), by=way.get("by", "auto")).stories
    except Mistake:
        return []
    lines = [line for story in stories for line in story.derivation.lines]
    inner = [names_of(why) for line in lines for _, why in in_full(line)]
    return [said for said in (*[line.rule for line in lines], *inner) if said]


def random_reasons(seed: int) -> list[str]:
    """Return the reasons in the derivations of a random expression, told in every way."""
    expr, generator = expression_of(seed, 1)
    choices = variables(expr)
    if not choices or expr.order + choices[0].order > 4:
        return []
    variable = generator.random.choice(choices)
    try:
        result = derivative_of(expr, [variable])
    except Mistake:
        return []
    return [said for way in WAYS for said in reasons(expr, [variable], result, way)]


def unknown(said: str) -> bool:
    """Say whether the reference has no entry for a reason as it is printed."""
    try:
        return not all([rule.formula for rule in all_found(said)])
    except Mistake:
        return True


def main(count: int) -> int:
    """Print how many reasons are given, which never, and those that have no entry; return the number of these."""
    asked = [*results(), *[(one.expr, ", ".join(one.wrt[:1]), one.where) for one in problems()]]
    given: Counter[str] = Counter()
    for expr, wrt, where in asked:
        made = derive(expr, wrt=wrt.split(", "), where=where)
        for way in WAYS:
            given.update(reasons(made.body, list(made.variables), made.expr, way))
    for seed in range(count):
        given.update(random_reasons(seed))
    absent = [said for said in given if unknown(said)]
    names = {rule.name for said in given if not unknown(said) for rule in all_found(said)}
    never = [name for rows in TABLE.values() for name in rows if name not in names]
    print(f"{len(asked)} results and {count} random ones: {len(given)} reasons as printed, of {len(names)} names")
    print(f"{len(absent)} without an entry; never given: {', '.join(never) or 'none'}")
    for said in absent:
        print(f"  {said}")
    return len(absent)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)))
