"""Expectations: E[...], E_x[...], E_{x~p}[...]; other words of probability are refused with what to type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.expr import rebuild, walk
from mcalc.notation.elaborate import BUILDERS
from mcalc.notation.syntax import Node
from mcalc.notation.words import clip, plain_name
from mcalc.operators.derivative import DERIVATIVE
from mcalc.operators.expectation import EXPECTATION, over_all_but
from mcalc.operators.expectation import expectation as expectation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mcalc.expr import Expr
    from mcalc.notation.elaborate import Elaborator
    from mcalc.notation.names_known import Names

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


def build(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the expectation of what stands in the brackets."""
    names, subscript = node.value
    over = ", ".join(names) if names else "all that is not differentiated by"
    e.note(f"E[...] is an expectation over {clip(over, 60)}: a derivative goes inside it")
    return expectation_of(args[0], names, subscript)


def settled(found: Sequence[Expr], wrt: Iterable[str]) -> list[Expr]:
    """Return expressions in which expectations without a subscript go over all that nothing is differentiated by."""
    if not any([expr.has(EXPECTATION) for expr in found]):
        return [*found]
    nodes = [node for expr in found for node in walk(expr)]
    if all([node.op is not EXPECTATION or node.attr.names is not None for node in nodes]):
        return [*found]
    fixed = {*wrt}
    for node in nodes:
        if node.op is DERIVATIVE:
            fixed |= {(v if v.op.name == "symbol" else v.args[0]).attr[0] for v in node.args[1:]}
    if not fixed:
        return [*found]

    def said(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is EXPECTATION and node.attr.names is None:
            made = over_all_but(expectation_of(args[0], None, node.attr.subscript), fixed)
            if not made.attr.names and any([inner.op.name == "symbol" for inner in walk(args[0])]):
                raise Mistake(
                    "E-AMBIG",
                    "nothing in the brackets of E[...] is random: they hold only what is differentiated by",
                    hint="for the mean of the entries write mean(x), for what is random say so: E_x[...]",
                )
            return made
        return None

    return [rebuild(expr, said) for expr in found]


BUILDERS["expectation"] = build
