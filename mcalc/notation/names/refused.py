"""What is no factor before what stands beside it: an operator in brackets, an index above, a sum without its index."""

from __future__ import annotations

from mcalc.notation.names import applied
from mcalc.notation.names.spines import descend
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import walk_syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names
    from mcalc.notation.surface.syntax import Node


def refuse_before(r: Names, part: Node, following: Node) -> None:
    """Refuse what is no factor before what stands beside it."""
    if part.kind in ("power", "superscript"):
        applied.refuse_power(r, part, following)
    elif r.carried and part.kind in ("bracket", "applied"):
        refuse_operator_in(r, part)


def refuse_operator_in(r: Names, bracket: Node) -> None:
    """Refuse ``(∂_t - a) u``: what stands in the brackets is an operator, which takes what is behind them."""
    if any([bracket.start < end <= bracket.end for end in r.carried]):
        said, hint = "an operator in brackets is not applied to what follows", "apply each of its terms: d/dt u - a u"
        raise mistake_at("E-UNSUPPORTED", said, bracket, "of what?", hint)


INDICES = frozenset("ijklμνρσλκαβ")


def refuse_index_above(r: Names, exponent: Node) -> None:
    """Refuse ``F_{μν} F^{μν}`` and ``A_ij x^j``, whose indices above are no powers to their writer."""
    letters = {node.value.full for node in walk_syntax(exponent) if node.kind == "name"}
    if (
        letters
        and letters.isdisjoint(r.running | r.scope.names())
        and any([len(label) > 1 and INDICES >= {*label} - {","} >= letters for label in r.labels])
    ):
        hint = "write the sum: sum_{j=1}^{n} A_ij x_j; for a power give it another letter"
        said = "an index above is a power, or one that is summed over"
        raise mistake_at("E-AMBIG", said, exponent, "which?", hint)


def refuse_open_sum(r: Names, run: Node, parts: list[Node]) -> None:
    """Refuse ``Σ y log p`` as typed by hand: a matrix, or a sum whose index is left out."""
    if r.text[run.start] != "Σ" or parts[0] is not run:
        return
    for part in parts[1:]:
        spine, leaf = descend(part)
        head = leaf.parts[0] if leaf.kind == "applied" else leaf
        raised = bool(spine) and spine[0].kind in ("power", "superscript") and leaf.kind == "bracket"
        if raised or (head.kind == "run" and head.value[0] in ("log", "ln", "exp")):
            hint = "write sum_i y_i log(p_i), or declare Σ: R^{n x n}"
            raise mistake_at("E-AMBIG", "Σ is a sum over an index, or a matrix", run, "which?", hint)
