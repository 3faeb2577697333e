"""What is typed and what it is taken for, or why it is refused: golden/readings.txt, statement by statement.

`MCALC_GOLDEN=write` writes it anew: look at what has changed. The statements are such that each line of the reader that
is reached by any statement of the tests is reached by some of them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read, read_where
from mcalc.render.text import shape_words, unicode
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


def told(typed: str, **options: Any) -> list[str]:
    """Return what a statement is taken for, line by line: kind, expression, notes and assumptions; or a mistake."""
    text = typed.removeprefix(DECLARED)
    scope = Scope()
    if typed != text:
        read_where(WORLD, scope)
    before = scope.names()
    try:
        found = read(text, scope, **options)
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


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# Statements and what each is taken for; behind |- names are declared. MCALC_GOLDEN=write writes it anew."
    write(GOLDEN, head, {typed: told(typed) for typed in cases()})


@pytest.mark.parametrize(("typed", "said"), cases().items(), ids=lambda value: value[:50] if type(value) is str else "")
def test_a_statement_is_taken_for_what_it_was_or_refused_in_the_same_words(typed: str, said: list[str]) -> None:
    assert told(typed) == said
