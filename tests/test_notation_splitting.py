"""How a text is cut into statements, and what it declares as a list: golden/split.txt, text by text.

`MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read_where, split_statements
from mcalc.render.text import shape_words, unicode
from tests.said import said_in, write
from tests.test_notation_readings import refused

GOLDEN = Path(__file__).parent / "golden" / "split.txt"


def told(text: str) -> list[str]:
    """Return the statements of a text by the lines they begin on, and what they declare or define, or why not."""
    try:
        cut = [f"{line}: {statement!r}" for statement, line in split_statements(text)]
    except Mistake as mistake:
        return refused(mistake)
    scope = Scope()
    try:
        read_where(text, scope)
    except Mistake as mistake:
        return [*cut, *refused(mistake)]
    known = [f"{name} ({shape_words(found)})" for name, found in scope.variables.items()]
    known += [f"{name} = {unicode(found)}" for name, found in scope.definitions.items()]
    return [*cut, f"names: {'; '.join([*known, *scope.functions, *scope.maps])}"]


def cases() -> dict[str, list[str]]:
    """Return the texts of golden/split.txt, each with what is said there."""
    return said_in(GOLDEN, ast.literal_eval)


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# A text, the statements it is cut into by the lines they begin on, and what they declare as a list."
    write(GOLDEN, head, {text: told(text) for text in cases()}, repr)


@pytest.mark.parametrize("text", cases())
def test_a_text_is_cut_and_declares_what_it_did(text: str) -> None:
    assert told(text) == cases()[text]
