"""Expectations: E[...], E_x[...], E_{x~p}[...]; other words of probability are refused with what to type."""

from __future__ import annotations

import re

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.syntax import Node
from mcalc.notation.surface.words import plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names

EXPECTED = {
    "E": "", "Var": "E[(x - E[x])^2]", "Cov": "E[(x - E[x]) (y - E[y])^T]", "Corr": "E[x y]/sqrt(E[x^2] E[y^2])",
}  # fmt: skip
"""Words of probability before brackets; all but E with what to write in their place."""


def expectation(r: Names, run: Node, indexed: Node) -> Node | None:
    """Return the node of E[...]; None where E is a variable, which has an index behind it."""
    word, subs = run.value
    if (
        r.is_variable(word)
        or word in r.scope.functions
        or word in r.scope.maps
        or (subs and r.is_variable(f"E_{subs[0]}"))
    ):
        return None
    if EXPECTED[word]:
        raise not_expected(word, run.start, run.end)
    rows = indexed.parts[1:]
    if len(rows) != 1 or len(rows[0].parts) != 1 or rows[0].parts[0].kind == "span" or len(subs) > 1:
        spans = [Span(indexed.start, indexed.end, "of what?")]
        raise Mistake(
            "E-SYNTAX", "an expectation is that of one expression", spans, hint="write E[f], E_x[f], E_{x~p}[f]"
        )
    subscript = re.sub(r"\s*[~∼]\s*", "∼", subs[0]) if subs else ""
    head = re.split("[∼|]", subscript)[0]
    inner = re.search(r"\((.*)", head)  # q(z | x): over z
    names = [plain_name(name) for name in re.split("[,()]", inner[1] if inner else head) if name]
    return Node(
        "expectation", run.start, indexed.end, [r.single(rows[0].parts[0])], (tuple(names) if subs else None, subscript)
    )


def not_expected(word: str, start: int, end: int) -> Mistake:
    """Return the mistake of a word of probability that is not read, such as Var[...], with what to write."""
    other = "; that of the entries of a vector is var(x)" if word == "Var" else ""
    spans = [Span(start, end, "not supported")]
    return Mistake("E-UNSUPPORTED", f"{word}[...] is not read", spans, hint=f"write {EXPECTED[word]}{other}")
