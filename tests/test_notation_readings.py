"""What is typed and what it is taken for, or why it is refused: golden/readings.txt, statement by statement.

Beside it stand golden/trees.txt, what stands around its formula and the trees of its sides, with the places of their
nodes; and golden/weighed.txt, what is met of the names that nothing declares, the slots in which it is laid out, parts
before wholes, and how odd the least odd reading is, and the next one. `MCALC_GOLDEN=write` writes the three anew: look
at what has changed. The statements are such that each line of the reader that is reached by any statement of the tests
is reached by some of them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read, read_where
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
    whole = [] if found.expr is None else [found.expr]
    said = [unicode(side) for side in found.sides or whole]
    shape = f" ({shape_words(found.expr)})" if found.expr is not None else ""
    name = f" {found.name}" if found.name else ""
    new = sorted(found.scope.names() - before)
    return [
        f"{found.kind}{name}: {' = '.join(said)}{shape}",
        *[f"note: {note}" for note in found.notes],
        *([f"assumed: {'; '.join(found.assumed)}"] if found.assumed else []),
        *([f"names: {', '.join(new)}"] if new else []),
        *([f"pasted: {found.pasted}"] if found.pasted else []),
        *([f"or: {found.doubt[0].message}"] if found.doubt else []),
    ]


def cases() -> dict[str, list[str]]:
    """Return the statements of golden/readings.txt, each with what is said there."""
    return said_in(GOLDEN)


def all_told(typed: str) -> dict[str, list[str]]:
    """Return the lines of each golden file on a statement, by the name of the file; it is read once."""
    scope = scope_of(typed)
    with trees.noted() as made, weighing.noted() as searches:
        said = told(typed, scope)
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
