"""Logarithms to a base: log_2 and log_10 are functions of the table, log_b(x) is ln(x)/ln(b)."""

from __future__ import annotations

from mcalc.notation.names.spines import name_of
from mcalc.notation.names.sum_limits import limit
from mcalc.notation.surface.syntax import Name, Node, Token, walk_syntax
from mcalc.notation.surface.words import clip, is_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.notation.names.names_known import Names

NAMED = {"2": "log2", "10": "log10", "e": "ln"}


def has_base(r: Names, run: Node) -> bool:
    """Say whether a base stands below a logarithm; log_softmax is a function, and log_w a name that is declared."""
    full = name_of(run).full
    return full not in r.known and not is_function(full)


def take_base(r: Names, run: Node) -> None:
    """Take the base off the name of a logarithm, which then reaches as far as any other function."""
    [base] = run.value[1][:1]
    if base not in NAMED:
        r.bases[run.start] = (base, limit(base, run.start, run.end))
    run.value = (NAMED.get(base, "log"), [])


def put_bases(r: Names, trees: Sequence[Node]) -> None:
    """Put ln(x)/ln(b) in place of each logarithm of x whose base b was taken off."""
    for node in [node for tree in trees for node in walk_syntax(tree)]:
        if node.kind != "call" or node.start not in r.bases or node.value.full != "log":
            continue
        said, base = r.bases[node.start]
        start, end = node.start, node.end
        top, bottom = (Node("call", start, end, of, Name("ln")) for of in (node.parts, [base]))
        r.note(f"the logarithm to the base {clip(said)} is read as ln(x)/ln({clip(said)})")
        quotient = Node("product", start, end, [top, bottom], [Token("OP", "/", start, end, "/")])
        node.kind, node.value, node.parts = "group", None, [quotient]
