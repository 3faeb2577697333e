"""Running indices, ``i=1``, ``i != j``, ``1 <= i < j <= n``, and limits: sums of products of names and numbers."""

from __future__ import annotations

from mcalc.errors import Mistake, clip
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.parse import parse_script
from mcalc.notation.surface.syntax import Name, Node, Token, subscripted_name
from mcalc.notation.surface.words import INDICES, plain_name, simple
from mcalc.patterns import pattern

Index = tuple[str, Node | None, tuple[str, ...]]
"""The name of an index, its lower limit, and the names whose values it does not take."""

_DEPTH = 20
"""As many brackets and signs as a limit may have inside each other."""
_PASSED = frozenset(("sum", "product", "negative", "bars", "relation"))


def limit(text: str, start: int, end: int) -> Node:
    """Return the syntax tree of a limit or of a shifted subscript: sums of products of names, numbers and lengths.

    `start` and `end` say where it stands in the statement.
    """
    return _limit(read_limit(text, start, end), (start, end))


def limit_of(node: Node, at: tuple[int, int] | None = None) -> Node:
    """Return the limit that a node is, as :func:`small_tree` does; refuse what is none."""
    return _limit(small_tree(node, at), at or (node.start, node.end))


def _limit(found: Node | None, at: tuple[int, int]) -> Node:
    if found is None:
        raise mistake_at("E-SYNTAX", "this is no limit or subscript", at, "not read", "write n, n - 1, i + 1 or |x|")
    return found


def read_limit(text: str, start: int, end: int) -> Node | None:
    """Return what :func:`limit` does, or None where the text is nothing of the kind."""
    found = simple(text, start, end)
    if found is not None:
        return found
    parts = read_script(text)
    return small_tree(parts[0], (start, end)) if len(parts) == 1 else None


def read_script(text: str) -> list[Node]:
    """Return the parts of a script that are separated by commas, as they were typed; none where it is no formula."""
    try:
        return parse_script(text)
    except Mistake:
        return []


def small_tree(node: Node, at: tuple[int, int] | None = None, depth: int = _DEPTH) -> Node | None:
    """Return a limit with each run of letters as one name; None where it is no limit.

    All of it is placed `at` one part of the statement where that is given; else each part stays where it is.
    """
    kind = node.kind
    start, end = at or (node.start, node.end)
    if kind == "run":
        word, subs = node.value
        return Node("name", start, end, (), Name(plain_name(word), subs[0] if subs else None))
    if kind == "name":
        return node
    if kind == "number":
        return Node(kind, start, end, (), node.value)
    if kind == "applied" and len(node.parts) == 2:
        # n(n - 1): the bracket of a name is a factor here
        name, bracket = node.parts
        return small_tree(Node("product", start, end, [name, bracket], [node.value]), at, depth)
    if kind in ("bracket", "group") and len(node.parts) == 1 and depth:
        inner = small_tree(node.parts[0], at, depth - 1)
        return inner and (inner if inner.kind in ("name", "number") else Node("group", start, end, (inner,)))
    if kind not in _PASSED or not depth or (kind == "bars" and node.parts[0].kind not in ("run", "name")):
        return None
    if kind == "product" and any([token.value not in ("*", "/", "", " ") for token in node.value]):
        return None
    parts = [small_tree(part, at, depth - 1) for part in node.parts]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    if kind != "sum":
        return Node(kind, start, end, found, node.value)
    signs = ["+", *[token.value for token in node.value]]
    terms = [p if sign == "+" else Node("negative", start, end, (p,)) for sign, p in zip(signs, found, strict=True)]
    return Node(kind, start, end, terms, [Token("SIGN", "+", start, end, "+") for _ in terms[1:]])


_ORDER = frozenset("<>≤≥")
_MEMBER = pattern(r"(\w|\(\w(?:,\w)+\)|\w(?:,\w)+)∈(?:\{1,(?:\.\.\.|…|⋯),(\w+)\}|(\w+(?:_\w+|_\{\w+\})?))")
"""Members of a set below a sum: i∈S, (i,j)∈E, i∈{1,...,n}."""
_RANGE = pattern(r"([^\W\d])[=∈](\w+)(?:\.\.\.?|…|,(?:\.\.\.|…|⋯),)(\w+(?:[-+]\w+)?)")
"""i=1..n, i∈1..n, i=1,...,n"""


class Big:
    """A sum or a product over indices, and the upper limit.

    Each index is (name, lower limit, excluded names); `pair` says that two of them differ, ``i != j``, of which one may
    be bound already by an outer sum; `order` says that they follow each other, ``i < j``; `of` is a set that is summed
    over, `over` how it was read.
    """

    def __init__(
        self, op: str, indices: list[Index], upper: Node | None, start: int, end: int, *, pair: bool = False,
        order: Ordered | None = None,
    ) -> None:  # fmt: skip
        self.op = op
        self.over = ""
        self.of = ""
        self.order = order
        self.indices = indices
        self.upper = upper
        self.start = start
        self.end = end
        self.pair = pair

    @property
    def names(self) -> list[str]:
        """The names of its indices."""
        return [name for name, _, _ in self.indices]

    @property
    def last(self) -> Node | None:
        """The upper limit, above the operator or at the end of ``1 <= i < j <= n``."""
        return (self.order and self.order.high) or self.upper


class Ordered:
    """Indices in increasing order, how far each is at least from the one before, and the limits of all."""

    def __init__(self, names: list[str], gaps: list[int], low: Node | None, high: Node | None) -> None:
        self.names = names
        self.gaps = gaps
        self.low = low
        self.high = high

    def after(self, name: str, at: tuple[int, int]) -> Node:
        """Return the least value of the index that follows `name`."""
        return _shifted(Node("name", *at, (), Name(name)), self.gaps[self.names.index(name)])

    def before(self, name: str, at: tuple[int, int]) -> Node:
        """Return the greatest value of the index that `name` follows."""
        return _shifted(Node("name", *at, (), Name(name)), -self.gaps[self.names.index(name) - 1])


def _shifted(node: Node, by: int) -> Node:
    if not by:
        return node
    one = Node("number", node.start, node.end, (), by)
    return Node("sum", node.start, node.end, [node, one], [Token("SIGN", "+", node.start, node.end, "+")])


def below(text: str, op: str, start: int, end: int) -> Big:
    """Return the big operator with this text below it; its upper limit is not set yet.

    >>> big = below("i=1", "sum", 0, 7)
    >>> big.indices[0][0], big.indices[0][1].value
    ('i', 1)
    """
    ranged = _RANGE.fullmatch(text) if "." in text or "…" in text else None
    if ranged is not None:  # i=1..n
        return Big(op, [(ranged[1], limit(ranged[2], start, end), ())], limit(ranged[3], start, end), start, end)
    if "∈" in text:
        return _over_set(text, op, start, end)
    parts = read_script(text)
    if len(parts) == 1 and parts[0].kind == "relation" and any([sign.value in _ORDER for sign in parts[0].value]):
        order = _ordered(parts[0], start, end)
        return Big(op, [(name, None, ()) for name in order.names], None, start, end, order=order)
    found: list[Index] = []
    pair = False
    for part in parts:
        sign = part.value[0].value if part.kind == "relation" and len(part.parts) == 2 else ""
        name = _index(part.parts[0] if sign else part)
        if name is None:
            found = []
            break
        other = part.parts[1] if sign else part
        if sign == "==":
            found.append((name, limit_of(other, (start, end)), ()))
            continue
        if not sign:
            several = 1 < len(name) <= 3 and INDICES.issuperset(name)  # sum_ij
            found += [(letter, None, ()) for letter in (name if several else [name])]
            continue
        numbered = other.kind != "run" or all([sub.isdecimal() for sub in other.value[1]])
        excluded = _index(other) if numbered else None
        if excluded is None:
            said = clip(text.rpartition("=")[2].rpartition("≠")[2])
            hint = "the name of an index may follow !=, as in sum_{i != j}"
            said = f"a sum that leaves out the value of {said} is not read"
            raise mistake_at("E-UNSUPPORTED", said, (start, end), "no running index", hint)
        if sign != "≠":
            hint = "write sum_{1 <= i < j <= n}, or a condition with i != j alone"
            raise mistake_at("E-UNSUPPORTED", "a sum over this condition is not read", (start, end), "", hint)
        pair = _differ(found, name, excluded) or pair
    if not found:
        hint = "write sum_{i=1}^{n}, sum_i, sum_{i,j} or sum_{i != j}"
        raise mistake_at("E-SYNTAX", "this names no running index", (start, end), "not read", hint)
    return Big(op, found, None, start, end, pair=pair and len(found) == 2)


def _differ(found: list[Index], name: str, other: str) -> bool:
    """Let two indices differ, of which those that stand nowhere yet run too; say whether neither did."""
    bound = [index for index, _, _ in found]
    pair = name not in bound and other not in bound
    if name not in bound:
        found.append((name, None, ()))
        bound.append(name)
    if pair:
        found.append((other, None, (name,)))
        return True
    last = max([bound.index(one) for one in (name, other) if one in bound])
    index, low, unequal = found[last]
    found[last] = (index, low, (*unequal, other if index == name else name))
    return False


def _over_set(text: str, op: str, start: int, end: int) -> Big:
    """Return the sum over i ∈ S as that over every i; over {1, ..., n} it ends at n."""
    member = _MEMBER.fullmatch(text)
    if member is None:
        hint = "write sum_{i=1}^{n}"
        raise mistake_at("E-UNSUPPORTED", "a sum over this set is not read", (start, end), "which values?", hint)
    letters, up_to, of = member[1].strip("()").split(","), member[2], member[3]
    if len(letters) > 1 and up_to is None:
        mask = f"M_{''.join(letters)}"
        hint = f"write sum_{{{','.join(letters)}}} for all; for some put a mask of zeros and ones {mask} into the sum"
        raise mistake_at("E-AMBIG", f"{clip(of)} may be all pairs, or some of them", (start, end), "which pairs?", hint)
    big = Big(op, [(letter, None, ()) for letter in letters], None, start, end)
    if up_to is not None:
        big.upper = limit(up_to, start, end)
    else:
        big.of = of
        big.over = f"the sum over the set {clip(of)} is read as that over every {' and '.join(letters)}"
    return big


def _index(node: Node) -> str | None:
    """Return the name of an index, or None where something else stands there."""
    if node.kind != "run":
        return None
    word, subs = node.value
    return subscripted_name(plain_name(word), subs).full


def _is_letter(node: Node) -> bool:
    return node.kind == "run" and len(node.value[0]) == 1 and not node.value[1]


def _ordered(node: Node, start: int, end: int) -> Ordered:
    """Return what a comparison below a big operator says."""
    terms, signs = list(node.parts), [token.value for token in node.value]
    down = [sign in ">≥" for sign in signs]
    if all(down):
        terms, signs = terms[::-1], signs[::-1]
    wrong = (any(down) and not all(down)) or any([sign not in _ORDER for sign in signs])
    gaps = [int(sign in "<>") for sign in signs]
    low = high = None
    if not _is_letter(terms[0]):
        low = _shifted(limit_of(terms[0], (start, end)), gaps[0])
        terms, gaps = terms[1:], gaps[1:]
    if len(terms) > 1 and (low is not None or not _is_letter(terms[-1])):
        high = _shifted(limit_of(terms[-1], (start, end)), -gaps[-1])
        terms, gaps = terms[:-1], gaps[:-1]
    names = [plain_name(term.value[0]) for term in terms if _is_letter(term)]
    if wrong or len(names) < len(terms) or len({*names}) < len(names) or (low is None and len(terms) > 2):
        hint = "the indices may be ordered, as in sum_{i < j} and sum_{1 <= i < j <= n}"
        raise mistake_at("E-UNSUPPORTED", "a sum over this condition is not read", (start, end), "which values?", hint)
    return Ordered(names, gaps, low, high)
