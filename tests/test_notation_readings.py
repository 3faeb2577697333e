"""What is typed and what it is taken for, or why it is refused: golden/readings.txt, statement by statement.

Beside it stand golden/trees.txt, what stands around its formula, the trees of its sides, with the places of their
nodes, and what else is kept of it; and golden/weighed.txt, what is met of the names that nothing declares, the slots in
which it is laid out, parts before wholes, and how odd the least odd reading is, and the next one. `MCALC_GOLDEN=write`
writes the three anew: look at what has changed. The statements are such that each line of the reader that is reached by
any statement of the tests is reached by some of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mcalc.errors import Mistake
from mcalc.expr import walk
from mcalc.notation import Reading, Scope, may_name, read, read_where
from mcalc.operators.abstract import EXPECTATION
from mcalc.operators.leaves import SYMBOL
from mcalc.render.text import shape_words, unicode
from tests import trees, weighing
from tests.outline import WORLD
from tests.said import said_in, write

GOLDEN = Path(__file__).parent / "golden" / "readings.txt"
DECLARED = "|- "
"""What a statement begins with before which the names of `WORLD` are declared."""


def refused(mistake: Mistake) -> list[str]:
    """Return what a mistake says, where, and its hint."""
    places = [f"{span.start}-{span.end} {span.label}".strip() for span in mistake.spans]
    hint = [f"hint: {mistake.hint}"] if mistake.hint else []
    return [f"{mistake.code}: {mistake.message} ({', '.join(places)})", *hint]


def scope_of(typed: str) -> Scope:
    """Return what is declared before a statement."""
    scope = Scope()
    if typed.startswith(DECLARED):
        read_where(WORLD, scope)
    return scope


def told(typed: str, scope: Scope | None = None, **options: Any) -> list[str]:
    """Return what a statement is taken for, line by line: kind, expression, notes and assumptions; or a mistake."""
    scope = scope_of(typed) if scope is None else scope
    before = scope.names()
    try:
        found = read(typed.removeprefix(DECLARED), scope, **options)
    except Mistake as mistake:
        return refused(mistake)
    return shown(found, before)


def told_of(part: str, uses: Sequence[str]) -> list[str]:
    """Return each of `uses` with `part` for its percent signs, and the first two lines of what is said of it."""
    texts = [use.replace("%", part) for use in uses]
    return [f"{text} | {' / '.join(told(text)[:2])}" for text in texts]


def shown(found: Reading, before: set[str]) -> list[str]:
    """Return what a reading says, line by line; `before` are the names that were known."""
    whole = [] if found.expr is None else [found.expr]
    said = [unicode(side) for side in found.sides or whole]
    shape = f" ({shape_words(found.expr)})" if found.expr is not None else ""
    name = f" {found.name}" if found.name else ""
    known = found.scope.variables
    properties = {name: " ".join(["", *sorted(known[name].attr[2])]) for name in known}
    new = [name + properties.get(name, "") for name in sorted(found.scope.names() - before)]
    return [
        f"{found.kind}{name}: {' = '.join(said)}{shape}",
        *[f"note: {note}" for note in found.notes],
        *([f"assumed: {'; '.join(found.assumed)}"] if found.assumed else []),
        *([f"names: {', '.join(new)}"] if new else []),
        *([f"pasted: {found.pasted}"] if found.pasted else []),
        *([f"or: {found.doubt[0].message}"] if found.doubt else []),
    ]


def kept(found: Reading, before: set[str]) -> list[str]:
    """Return what a reading has that is not shown to the user, on one line: of names, and of a second reading."""
    scope, exprs = found.scope, found.sides or ([] if found.expr is None else [found.expr])
    nodes = list(dict.fromkeys([node for expr in exprs for node in walk(expr)]))
    new = [name for name in sorted(scope.names() - before) if name in scope.functions]
    parts = {
        "names": [f"{name}={unicode(of)}" for name, of in found.names.items()],
        "symbols": [f"{unicode(of)}:{'×'.join(map(str, of.shape)) or '1'}" for of in found.symbols],
        "maps": [f"{name}{[len(a) for a in of.arguments]}{len(of.out)}" for name, of in found.maps.items()],
        "properties": [
            f"{of.attr[0]}:{'+'.join(sorted(of.attr[2]))}" for of in nodes if of.op is SYMBOL and of.attr[2]
        ],
        "random": [",".join(of.attr.names or ["?"]) for of in nodes if of.op is EXPECTATION],
        "of": [f"{name}({','.join(scope.functions[name].parameters)})" for name in new],
        "outdated": [f"{name} by {other}" for name, other in scope.outdated.items()],
        "fonts": [f"{name}:{order}" for name, order in scope.fonts.items()],
        "misfit": refused(found.misfit)[:1] if found.misfit else [],
        "entrywise": [f"{name}@{span.start}-{span.end}" for name, span in found.entrywise],
        "implicit": [unicode(of) for of in found.implicit or ()],
        "or": [*refused(found.doubt[0]), *shown(found.doubt[1], before)] if found.doubt else [],
        "twice": ["yes"] if found.twice else [],
    }
    line = "; ".join([f"{key} {' '.join(lines)}" for key, lines in parts.items() if lines])
    return [f"kept {line}"] if line else []


def cases() -> dict[str, list[str]]:
    """Return the statements of golden/readings.txt, each with what is said there."""
    return said_in(GOLDEN)


def all_told(typed: str) -> dict[str, list[str]]:
    """Return the lines of each golden file on a statement, by the name of the file; it is read once."""
    scope = scope_of(typed)
    before = scope.names()
    with trees.noted() as made, weighing.noted() as searches:
        try:
            found = read(typed.removeprefix(DECLARED), scope)
        except Mistake as mistake:
            said = refused(mistake)
        else:
            said = shown(found, before)
            made += kept(found, before)
    return {"readings": said, "trees": made, "weighed": weighing.weighed(searches)}


HEADS = {
    "readings": "Statements and what each is taken for; behind |- names are declared: tests/test_notation_readings.py.",
    "trees": "What stands around a formula, and the trees of its sides: tests/test_notation_readings.py.",
    "weighed": "What is met, how it is laid out and how odd its readings are: tests/test_notation_readings.py.",
}
if os.environ.get("MCALC_GOLDEN") == "write":
    FOUND = {typed: all_told(typed) for typed in cases()}
    for name, head in HEADS.items():
        lines = {typed: found[name] for typed, found in FOUND.items() if found[name]}
        write(GOLDEN.with_stem(name), f"# {head}", lines)
WANTED = {name: said_in(GOLDEN.with_stem(name)) for name in HEADS}


@pytest.mark.parametrize("typed", cases(), ids=lambda typed: typed[:50])
def test_a_statement_is_taken_for_what_it_was_or_refused_in_the_same_words(typed: str) -> None:
    assert all_told(typed) == {name: lines.get(typed, []) for name, lines in WANTED.items()}


@pytest.mark.parametrize("text", ["x: R^n", "x ∈ ℝⁿ", "z = 2", "f(t) = t", "z := 2", "x： R", "z ≔ 1"])
def test_what_makes_a_name_is_recognised(text: str) -> None:
    assert may_name(text)
    assert read(text, Scope()).kind in ("declaration", "definition", "function")


@pytest.mark.parametrize("text", ["d/dx sin(x)", "x^T A x", "‖x‖²", "sum(x) + 1"])
def test_what_makes_no_name_is_recognised(text: str) -> None:
    assert not may_name(text)
    assert read(text, Scope()).kind in ("expression", "derivative")


def test_what_cannot_be_read_may_make_a_name_in_another_statement_of_its_line() -> None:
    assert may_name("x\u200b; y = 2")
