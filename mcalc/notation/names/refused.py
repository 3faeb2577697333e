"""What is no factor before what stands beside it: an operator in brackets, an index above, a sum without its index."""

from __future__ import annotations

from mcalc.notation.names import applied
from mcalc.notation.names.spines import descend
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.words import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names
    from mcalc.notation.surface.syntax import Node

_ABOVE = frozenset("ijklμνρσλκαβ")
"""Letters of indices that stand above in the notation of tensors."""


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


def refuse_index_above(r: Names, exponent: Node) -> None:
    """Refuse ``F_{μν} F^{μν}`` and ``A_ij x^j``, whose indices above are no powers to their writer."""
    inner = exponent.parts[0] if exponent.kind == "group" else exponent
    beside = inner.parts if inner.kind == "product" else (inner,)
    letters = {node.value.full for node in beside if node.kind == "name"}
    if (
        letters
        and letters.isdisjoint(r.running | r.scope.names())
        and any([len(label) > 1 and _ABOVE >= {*label} - {","} >= letters for label in r.labels])
    ):
        hint = "write the sum: sum_{j=1}^{n} A_ij x_j; for a power give it another letter"
        said = "an index above is a power, or one that is summed over"
        raise mistake_at("E-AMBIG", said, exponent, "which?", hint)


def refuse_open_sum(r: Names, run: Node, parts: list[Node]) -> None:
    """Refuse ``Σ y log p`` and ``Σ (y - p)²`` as typed by hand: a matrix, or a sum whose index is left out."""
    if r.text[run.start] != "Σ":
        return
    spine, leaf = descend(parts[0])
    squared = leaf.kind == "applied" and any([node.kind in ("power", "superscript") for node in spine])
    heads = [descend(part)[1] for part in parts[1:]]
    words = [(head.parts[0] if head.kind == "applied" else head).value for head in heads]
    logged = parts[0] is run and any([word[0] in ("log", "ln", "exp") for word in words if type(word) is tuple])
    if squared or logged:
        hint = "write sum_i y_i log(p_i), or declare Σ: R^{n x n}"
        if squared:
            body = clip(r.text[leaf.parts[1].start : parts[0].end], 60)
            hint = f"write sum({body}) for the sum of all entries, or declare Σ: R^{{m x n}}"
        raise mistake_at("E-AMBIG", "Σ is a sum over an index, or a matrix", run, "which?", hint)
