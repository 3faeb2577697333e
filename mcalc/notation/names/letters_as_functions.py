"""Letters that are functions, with a number below or square brackets behind: λ_2(S), σ_1(X), E[...], E_{x~p}[...].

Norms with a subscript, ‖X‖_*, ‖x‖_p, are calls of functions, too; other words of probability are refused.
"""

from __future__ import annotations

from mcalc.errors import Mistake, clip
from mcalc.notation.names.scope import Names
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, walk_syntax
from mcalc.notation.surface.words import is_function, plain_name
from mcalc.patterns import pattern

EXPECTED = {
    "E": "", "Var": "E[(x - E[x])^2]", "Cov": "E[(x - E[x]) (y - E[y])^T]", "Corr": "E[x y]/sqrt(E[x^2] E[y^2])",
}  # fmt: skip
"""Words of probability before brackets; all but E with what to write in their place."""
_DISTRIBUTED = pattern(r"\s*[~∼]\s*")
_GIVEN = pattern("[∼|]")
_ARGUMENTS = pattern(r"\((.*)")
_BETWEEN = pattern("[,()]")


def expectation(r: Names, run: Node, indexed: Node) -> Node | None:
    """Return the node of E[...]; None where E is a variable, which has an index behind it."""
    word, subs = run.value
    own = word in r.variables or word in r.scope.functions or word in r.scope.maps
    if own or (subs and f"E_{subs[0]}" in r.variables):
        return None
    if EXPECTED[word]:
        raise not_expected(word, run.start, run.end)
    rows = indexed.parts[1:]
    if len(rows) != 1 or len(rows[0].parts) != 1 or rows[0].parts[0].kind == "span" or len(subs) > 1:
        hint = "write E[f], E_x[f], E_{x~p}[f]"
        raise mistake_at("E-SYNTAX", "an expectation is that of one expression", indexed, "of what?", hint)
    subscript = _DISTRIBUTED.sub("∼", subs[0]) if subs else ""
    head = _GIVEN.split(subscript)[0]
    inner = _ARGUMENTS.search(head)  # q(z | x): over z
    names = [plain_name(name) for name in _BETWEEN.split(inner[1] if inner else head) if name]
    return Node(
        "expectation", run.start, indexed.end, [r.single(rows[0].parts[0])], (tuple(names) if subs else None, subscript)
    )


def not_expected(word: str, start: int, end: int, brackets: str = "[...]") -> Mistake:
    """Return the mistake of a word of probability that is not read, such as Var[...], with what to write."""
    other = ", or wᵀ Σ w with a covariance Σ; that of the entries of a vector is var(x)" if word == "Var" else ""
    hint = f"write {EXPECTED[word]}{other}"
    return mistake_at("E-UNSUPPORTED", f"{word}{brackets} is not read", (start, end), "not supported", hint)


def refuse_expected(r: Names, run: Node, bracket: Node) -> None:
    """Refuse Var(...) and Cov(...), and E(...) where nothing says what E is: an expectation to most, or a factor."""
    word = run.value[0]
    if word not in EXPECTED or run.value[1] or word in r.known:
        return
    if EXPECTED[word]:
        raise not_expected(word, run.start, run.end, "(...)")
    if len(bracket.parts) == 1 and bracket.parts[0].kind in ("run", "name"):
        return  # E(w) is a function of w as well, and refused as one
    inside = clip(r.text[bracket.start + 1 : bracket.end - 1].strip(), 60)
    hint = f"write E[{inside}] for the expectation, E*({inside}) for the product"
    raise mistake_at("E-AMBIG", "E(...) has two readings", run, "an expectation or a factor?", hint)


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


def norm_called(node: Node) -> None:
    """Let ‖X‖_*, ‖X‖_{2,1} and ‖X‖_{S_3} be calls; a norm that is of vectors too stays a norm."""
    which = (node.value or "").replace("{", "").replace("}", "").replace(" ", "").removeprefix("ℓ_")
    node.value = which or None
    if which in NORMS:
        node.kind, node.value = "call", Name(NORMS[which])
    elif which[:1] == "S" and which[1:].lstrip("_").isdecimal():
        order = Node("number", node.end - 1, node.end, (), int(which[1:].lstrip("_")))
        node.kind, node.value, node.parts = "call", Name("schatten"), [*node.parts, order]
    elif which in ("p", "q") or (which.isdecimal() and int(which) > 2):
        kind, value = ("number", int(which)) if which.isdecimal() else ("name", Name(which))
        exponent = Node(kind, node.end - 1, node.end, (), value)
        node.kind, node.value, node.parts = "call", Name("pnorm"), [*node.parts, exponent]
