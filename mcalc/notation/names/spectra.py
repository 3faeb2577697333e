"""The notation of spectra and norms as calls of the functions that these are: λ_2(S), σ_1(X), ‖X‖_*, ‖x‖_p."""

from __future__ import annotations

from mcalc.notation.surface.syntax import Name, Node, walk_syntax
from mcalc.notation.surface.words import is_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names

PLACED = {
    "λ": ("eigval", "the {}eigenvalue"), "σ": ("svdval", "the {}singular value"),
    "v": ("eigvec", "the eigenvector of the {}eigenvalue"),
}  # fmt: skip
"""Letters that with a number below are an eigenvalue, a singular value, or an eigenvector, of a matrix."""
NORMS = {"star": "nuclear", "nuc": "nuclear", "tr": "nuclear", "2,1": "norm21", "21": "norm21"}
"""Norms of matrices by their subscripts."""
SPECTRAL = frozenset(("2", "op", "spec"))
"""Subscripts of the norm that for a matrix is its largest singular value."""


def placed(r: Names, at: Node, bracket: Node, end: int) -> Node | None:
    """Return the call that λ_2(S) is: where S is made of matrices and numbers that are declared; None elsewhere."""
    name: Name = at.value
    known = PLACED.get(name.base)
    if known is None or name.sub is None or not name.sub.isdecimal() or len(bracket.parts) != 1:
        return None
    if name.full in r.known or name.full in r.used or name.sub == "0" or not _is_matrix(r, bracket):
        return None
    function, word = known
    place = int(name.sub)
    which = word.format("largest " if place == 1 else f"{_ordinal(place)} largest ")
    r.note(f"{r.text[at.start : end]} is {which}; a product is {name.full}*(...)")
    r.settle(bracket)
    if place == 1:
        return Node("call", at.start, end, bracket.parts, Name(f"{function}_max"))
    return Node("call", at.start, end, [*bracket.parts, Node("number", at.start, at.end, (), place)], Name(function))


def _is_matrix(r: Names, bracket: Node) -> bool:
    orders: set[int] = set()
    for node in walk_syntax(bracket):
        if node.kind not in ("run", "name"):
            continue
        pieces = [node.value] if node.kind == "name" else [piece.value for piece in r.pieces(node)]
        for name in pieces:
            if type(name) is not Name or is_function(name.full):
                continue
            variable = r.scope.variables.get(name.full)
            if variable is None:
                return False
            orders.add(variable.order)
    return 2 in orders and 1 not in orders


def _ordinal(place: int) -> str:
    tail = place % 10 if place // 10 % 10 != 1 else 0
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(tail, 'th') }"


def norm(node: Node) -> None:
    """Let ‖X‖_*, ‖X‖_{2,1} and ‖X‖_{S_3} be calls; a norm that is of vectors too stays a norm."""
    which = (node.value or "").replace("{", "").replace("}", "").replace(" ", "")
    if which in NORMS:
        node.kind, node.value = "call", Name(NORMS[which])
    elif which[:1] == "S" and which[1:].lstrip("_").isdecimal():
        order = Node("number", node.end - 1, node.end, (), int(which[1:].lstrip("_")))
        node.kind, node.value, node.parts = "call", Name("schatten"), [*node.parts, order]
    elif which in ("p", "q") or (which.isdecimal() and int(which) > 2):
        at = node.end - 1
        exponent = Node("number", at, node.end, (), int(which)) if which.isdecimal() else _letter(which, at, node.end)
        node.kind, node.value, node.parts = "call", Name("pnorm"), [*node.parts, exponent]


def _letter(letter: str, start: int, end: int) -> Node:
    return Node("name", start, end, (), Name(letter))
