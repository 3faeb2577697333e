"""The syntax trees of a statement as slots: arrays in which the parts of a node stand before it.

The user's own functions are put in place, with their arguments; nothing else is visited twice. A slot has a
*signature*, hashable: the kind of its rule, what is fixed about it, and a label for each part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.expr import Expr
from mcalc.notation.names.scope import Function
from mcalc.notation.names.spines import along
from mcalc.notation.shapes.oddities import BIASES, DATA, FRACTIONAL, ODDITY, ROWS, SCALARS, VECTORS, C, M, R, S
from mcalc.notation.shapes.rules import ACTIVATIONS, ANGULAR, FREE, REDUCING, Table, only, order_of
from mcalc.notation.shapes.unknowns import SIZED, Names, Unknowns, function_of, indices_of, is_comprehension
from mcalc.notation.surface.syntax import Name, Node, Partial, called_alone, walk_syntax
from mcalc.notation.surface.words import letters_of
from mcalc.operators import FUNCTIONS, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.notation.shapes.rules import Signature

    Layer = Callable[["Slots", Node, "Place"], None]

_OF_NUMBERS = frozenset((
    "name", "number", "constant", "sum", "negative", "group", "power", "product", "cases", "relation",
))  # fmt: skip
"""Kinds of nodes that numbers are made of, besides functions entry by entry."""
INLINED = 4000
"""The most slots that bodies of the user's functions may bring a statement to."""
ENTRY_OF_WHOLE = -1
"""The axes of x_1 beside x: an entry or a row of it, or a name of its own where x is a scalar."""


class Leaf:
    """Where an unknown name stands, and how many of its axes subscripts take away."""

    __slots__ = ("axes", "name", "slot")

    def __init__(self, slot: int, name: str, axes: int) -> None:
        self.slot = slot
        self.name = name
        self.axes = axes


class Place:
    """What is known where a node stands: running indices, what parameters stand for, and if sum or log is around.

    "entries" is around what stands in a power or a function under a sum: no factor goes out of that.
    """

    __slots__ = ("around", "frame", "inside", "within")

    def __init__(
        self, inside: Names, frame: dict[str, tuple[Node, Place]], around: str, within: Function | None = None
    ) -> None:
        self.inside = inside
        self.frame = frame
        self.around = around
        self.within = within

    @property
    def summed(self) -> bool:
        """Say whether `sum` stands around, so that all is entry by entry."""
        return self.around in ("sum", "entries")

    def within_sum(self) -> Place:
        """Return the place of a part that is as much under a `sum` as this."""
        return self.beneath(self.around if self.summed else "")

    def beneath(self, around: str = "", inside: Names | None = None) -> Place:
        """Return the place of a part: what is around it, and the running indices where they are others."""
        return Place(self.inside if inside is None else inside, self.frame, around, self.within)


class Slots:
    """The slots of some syntax trees; `tables` has those of the leaves that are no unknown names, else None."""

    def __init__(self, roots: Sequence[Node], unknowns: Unknowns) -> None:
        self.unknowns = unknowns
        self.signatures: list[Signature] = []
        self.parts: list[Sequence[int]] = []
        self.tables: list[Table | None] = []
        self.nodes: list[Node | None] = []
        self.leaves: list[Leaf] = []
        self.made: list[int] = []
        self.todo: list[tuple[Node, Place | None, Signature | None]] = []
        self.roots = [self._lay(root) for root in roots]

    def _lay(self, root: Node) -> int:
        todo, made = self.todo, self.made
        todo.append((root, Place(self.unknowns.free, {}, ""), None))
        while todo:
            node, place, signature = todo.pop()
            if place is not None:
                LAY.get(node.kind, LAY["group"])(self, node, place)
            elif signature is not None:
                begin = len(made) - len(signature[2])
                parts = made[begin:]
                del made[begin:]
                self.add(signature, parts, node)
        return made.pop()

    def add(
        self, signature: Signature, parts: Sequence[int] = (), node: Node | None = None, table: Table | None = None
    ) -> None:
        """Make a slot; one without parts has a table of its own, or is an unknown name."""
        self.made.append(len(self.parts))
        self.signatures.append(signature)
        self.parts.append(parts)
        self.nodes.append(node)
        self.tables.append(table)

    def leaf(self, table: Table) -> None:
        """Make a slot of something known."""
        self.add(LEAF, table=table)

    def close(
        self, node: Node, place: Place, kind: str, parts: Sequence[Node], fixed: Any = None, labels: Any = None
    ) -> None:
        """Put a node on the stack of things to do, to be made after its parts."""
        self.todo.append((node, None, (kind, fixed, labels if labels is not None else (None,) * len(parts))))
        self.todo.extend([(part, place, None) for part in reversed(parts)])


LEAF: Signature = ("leaf", None, ())


def _name(s: Slots, node: Node, place: Place) -> None:
    """Lay out a name: what a parameter stands for, an unknown one with its axes, or what is declared."""
    name: Name = node.value
    full, base = name.full, name.base
    argument = place.frame.get(full)
    if argument is not None:
        s.todo.append((argument[0], argument[1].beneath(place.around), None))
        return
    u = s.unknowns
    beside = u.scope.beside
    known = place.within is not None and not place.within.meanings.keys().isdisjoint((full, base))
    if full in place.inside:
        s.leaf(only(S))
    elif known:
        s.leaf(only(_declared(u, name, place)))
    elif full in beside:
        if len(s.parts) < INLINED:
            s.todo.append((beside[full], Place(u.free, {}, place.around), None))
        else:
            s.leaf(FREE)
    elif full in u.names:
        s.leaves.append(Leaf(len(s.parts), full, 0))
        s.add(LEAF)
    elif name.sub is not None and (base in place.frame or base in beside):
        count = u.indexed(name, place.inside) or (2 if "," in name.sub else 1)
        s.close(node, place, "element", [Node("name", node.start, node.end, (), Name(base))], count)
    elif name.sub is not None and base in u.names and not u.is_known(full):
        axes = ENTRY_OF_WHOLE if full in u.elements else u.indexed(name, place.inside) or (2 if "," in name.sub else 1)
        s.leaves.append(Leaf(len(s.parts), base, axes))
        s.add(LEAF)
    else:
        s.leaf(only(_declared(u, name, place)))


def _declared(u: Unknowns, name: Name, place: Place) -> int:
    """Return the order of what has a meaning; in the body of a function it is the one it had there."""
    scope, base = u.scope, name.base
    meaning = scope.meaning if place.within is None else place.within.meanings.get
    sample = base.upper() if len(base) == 1 and base.islower() else base
    for known in (name.full, base, sample):
        found = meaning(known)
        if isinstance(found, Expr) and known == name.full:
            return R if found.is_row else min(found.order, M)
        if isinstance(found, Expr) and name.sub is not None:
            return max(found.order - (u.indexed(name, place.inside) or 1), S)
    return M - u.indexed(name, place.inside) if base == "I" else S


def _sum(s: Slots, node: Node, place: Place) -> None:
    first = [_inner(part.parts[0]) for part in node.parts if part.kind == "product"]
    data = any([one.kind == "name" and one.value.base in DATA for one in first])
    entries = _entries_beside(node.parts)
    last = [_inner(part.parts[-1] if part.kind == "product" else part) for part in map(_inner, node.parts)]
    raised = [one.parts[0] for one in last if one.kind == "power" and one.value != ".^" and not place.summed]
    capital = any([base.kind == "name" and base.value.base.isupper() for base in raised])
    prices = [spread_price(part, data=data, summed=place.summed, capital=capital) for part in node.parts]
    alone = {key for part in node.parts if (key := _key(part))}
    for k, part in enumerate(node.parts if ODDITY["inner product added"] in prices else ()):
        inner = _inner(part)
        dotted = inner.kind == "product" and any([token.value == "·" for token in inner.value])
        factors = inner.parts if dotted else ()
        if prices[k] == ODDITY["inner product added"] and not alone.isdisjoint([_key(factor) for factor in factors]):
            prices[k] = ODDITY["scalar added"]  # dz - softmax(z) · dz
    if place.around == "entries" and _is_line(node.parts):
        prices = [0 if _is_intercept(part) else price for part, price in zip(node.parts, prices, strict=True)]
    labels = [ODDITY["entry of the same"] if entry else p for p, entry in zip(prices, entries, strict=True)]
    s.close(node, place.within_sum(), "sum", node.parts, None, tuple(labels))


def _entries_beside(parts: Sequence[Node]) -> list[bool]:
    """Say of each part whether it is a name with a subscript that stands among them without one, too: x_i beside x."""
    names = [part.value if part.kind == "name" else None for part in map(_inner, parts)]
    whole = {name.base for name in names if name is not None and name.sub is None}
    return [name is not None and bool(name.sub) and name.base in whole for name in names]


def _key(part: Node) -> str:
    """Return what tells a name or its differential from others; empty of anything else."""
    part = _inner(part)
    if part.kind == "differential" and part.parts[0].kind == "name":
        return f"d {part.parts[0].value.full}"
    return str(part.value.full) if part.kind == "name" else ""


def _is_line(parts: Sequence[Node]) -> bool:
    """Say whether there is a slope times a number among some terms: b x in sum((y - a - b x)^2)."""
    products = [part.parts for part in map(_inner, parts) if part.kind == "product"]
    return any([len(two) == 2 and all([n.kind == "name" and n.value.base.islower() for n in two]) for two in products])


def _is_intercept(part: Node) -> bool:
    """Say whether a term is a name such as a, b, c or β_0, which beside a slope is as likely a number as a vector."""
    name = _inner(part).value if _inner(part).kind == "name" else None
    return name is not None and (name.base in BIASES or name.full == "a" or name.sub == "0")


def spread_price(part: Node, *, data: bool, summed: bool, capital: bool = False) -> int:
    """Return the oddity of a scalar beside vectors in a sum: none of a number, some of a bias, much of all else."""
    part = _inner(part)
    if part.kind == "number":
        return ODDITY["number beside a power"] if capital else 0
    if _is_inner(part):
        return ODDITY["inner product added"]
    if part.kind != "name" or (letters_of(part.value.sub) and part.value.base not in BIASES):
        return ODDITY["scalar added"]
    if part.value.base in BIASES or (part.value.sub == "0" and data):
        return ODDITY["bias of data"] if data else ODDITY["bias"]
    return ODDITY["scalar name in a sum"] if summed else ODDITY["scalar name added"]


def _is_inner(part: Node) -> bool:
    """Say whether a term is written with an inner product: w^T x, w · x, ⟨w, x⟩, x @ w + b, σ(w^T x), dot(w, x)."""
    while part.kind == "call" and len(part.parts) == 1:
        part = _inner(part.parts[0])
    terms = part.parts if part.kind in ("sum", "array +") else (part,)
    return any([_is_inner_product(_inner(term)) for term in terms])


def _is_inner_product(part: Node) -> bool:
    if part.kind == "product":
        dotted = any([token.value == "·" for token in part.value])
        return dotted or any([factor.kind == "transpose" for factor in part.parts])
    return part.kind in ("angle", "array @") or (part.kind == "call" and part.value.full == "dot")


def _inner(node: Node) -> Node:
    while node.kind in ("negative", "group"):
        node = node.parts[0]
    return node


def _alike(s: Slots, node: Node, place: Place) -> None:
    s.close(node, place.beneath(), "sum", node.parts, None, (1,) * len(node.parts))


def _product(s: Slots, node: Node, place: Place) -> None:
    labels = [" ", *[_operator(s, token, *node.parts[k : k + 2]) for k, token in enumerate(node.value)]]
    for k in [k for k in range(2, len(labels)) if labels[k - 2 : k + 1] == [" ", "/", "·"]]:
        plain = None not in [_names_inside(s, part) for part in node.parts[k - 2 : k + 1]]
        labels[k] = "⋅" if plain and node.value[k - 1].text != "." else "·"  # x/y · z is of numbers
    if place.around == "log":
        labels = ["∕" if label == "/" else label for label in labels]
    dots = [k for k, label in enumerate(labels) if label in ("·", "∙")]
    if dots[:1] == [1] and node.parts[0].kind == "number":
        labels[dots.pop(0)] = " "  # 2·x·y is 2 x·y
    for k in dots[1:]:
        labels[k] = "··"
    if not node.value[0].text and _is_row_of_data(*node.parts[:2]):
        labels[1] = "x"
    for k in [k for k in range(2, len(labels)) if _is_form(labels[k - 1 : k + 1], *node.parts[k - 2 : k + 1])]:
        labels[k - 1 : k + 1] = "," if labels[k - 1] == "," else "□", "□"
    for k in range(1, len(labels)):
        labels[k] = fitted(place, labels[k], *node.parts[k - 1 : k + 1])
    s.close(node, place.within_sum(), "product", node.parts, place.summed, tuple(labels))


def _is_form(labels: Sequence[str], row: Node, middle: Node, last: Node) -> bool:
    """Say whether a product is xᵀ a x, where a small letter that is no vector stands between a row and its column."""
    name = row.parts[0] if row.kind == "transpose" else row
    names = row is not name and name.kind == middle.kind == last.kind == "name" and not {*labels} & {"/", "·", "*"}
    if not names or name.value.full != last.value.full:
        return False
    letter: str = middle.value.base[0]
    return letter.islower() and letter not in VECTORS


def fitted(place: Place, op: str, *factors: Node) -> str:
    """Return the sign between two factors: none for that of b*x in sum((y - b*x)^2), as b may not stand outside."""
    names = all([node.kind == "name" and node.value.base.islower() for node in factors])
    return " " if op == "*" and names and place.around == "entries" else op


def _is_row_of_data(left: Node, right: Node) -> bool:
    """Say whether a product begins with x W, a vector's letter before a matrix's."""
    right = right.parts[0] if right.kind == "transpose" else right
    if left.kind != "name" or right.kind != "name" or left.value.sub is not None:
        return False
    return left.value.base in ROWS and right.value.base.isupper() and right.value.base != "I"


def _operator(s: Slots, token: Any, left: Node, right: Node) -> str:
    """Return the operator before a factor: ⊠ for Kronecker's product, and where there is none, what it stands before.

    ∙ is a dot before a transpose, ⋅ one between numbers, as in x · sin x.
    A comma is for the letter of a scalar, an f for a function, a bracket for what stands behind a matrix written out.
    """
    if not token.text and left.kind == "block":
        return "["
    if not token.text and left.kind == "transpose" and getattr(left.parts[0].value, "mark", "") == "∇":
        return "i"  # ∇f(x)ᵀ d is no number times a gradient
    if not token.text and right.kind == "call":
        turned = left.kind == "transpose" and left.parts[0].kind == "name" and right.value.full not in ANGULAR
        return "ᵀ" if turned else "f"
    named = not token.text and right.kind == "name"
    if named and left.kind == "transpose" and right.value.sub and right.value.base[0] not in SCALARS:
        return " " if right.value.sub.isdecimal() else "i"
    if named and left.kind == "transpose" and left.parts[0].kind == "name" and right.value.base[0] not in SCALARS:
        return "ᵀ"  # nobody transposes a vector before a number
    if not token.text:
        return "," if right.kind == "name" and right.value.base[0] in SCALARS else " "
    if token.value == "·" and right.kind == "transpose":
        return "∙"
    if token.value == "·" and token.text != "." and _is_of_numbers(s, left, right):
        return "⋅"
    if token.value == "/" and right.kind not in ("name", "number"):
        return "÷"
    if token.text == "⊗" and any([n.kind == "name" and n.value.base == "I" for n in (left, right)]):
        return "⊠"
    if token.text == "∗":
        return "∗"
    if token.text == "×" and "number" not in (left.kind, right.kind):
        inner = [_inner(n) for n in (left, right) if n.kind == "group"]
        nested = any([t.text == "×" for n in inner if n.kind == "product" for t in n.value])
        return "⨯" if nested else "×"
    return str(token.value)


def _is_of_numbers(s: Slots, left: Node, right: Node) -> bool:
    """Say whether a dot multiplies numbers: in x · e^x, r · cos θ, a · x², (1 - t) · x, λ · (x + y - 1)."""
    inside = _names_inside(s, left), _names_inside(s, right)
    if inside[0] is None or inside[1] is None:
        return False
    for name, of, names in ((left, right, inside[1]), (right, left, inside[0])):
        euler = s.unknowns.is_euler(of)
        angle = of.kind == "call" and of.value.full in ANGULAR
        entry = of.kind in ("call", "cases") or euler
        inner = _inner(of)
        terms = inner.parts if inner.kind == "sum" else ()
        spread = any([_inner(term).kind == "number" for term in terms[1:]]) or any(map(_is_dot, terms))
        if angle or spread or names == {"t"} or (of.kind == "power" and not euler):
            return True
        if entry and name.kind == "name" and name.value.full in names:
            return True
    alone = _inner(left).kind == _inner(right).kind == "name"
    return inside[0] == inside[1] and len(inside[0]) == 1 and not alone


def _is_dot(term: Node) -> bool:
    """Say whether a term is a product of two factors with a dot between them, and so a number."""
    product = _inner(term)
    return product.kind == "product" and [token.value for token in product.value] == ["·"]


def _names_inside(s: Slots, root: Node) -> set[str] | None:
    """Return the names in a formula of numbers; None where something in it may be a matrix or is not entry by entry."""
    found: set[str] = set()
    for node in walk_syntax(root):
        row = FUNCTIONS.get(node.value.full) if node.kind == "call" and type(node.value) is Name else None
        entrywise = row is not None and (row.kind == "elementwise" or [order_of(row, (o,)) for o in (S, C)] == [S, C])
        if node.kind not in _OF_NUMBERS and not entrywise:
            return None
        if node.kind == "name" and node.value.base.isupper():
            return None
        if node.kind == "name" and node.value.full != "e":
            found.add(node.value.full)
    return found


def _power(s: Slots, node: Node, place: Place) -> None:
    base, exponent = node.parts
    summed = place.summed
    if exponent.kind == "transpose_mark":
        s.close(node, place, "inverse transpose", [base])
    elif exponent.kind == "plus_mark":
        s.close(node, place.beneath(), "call", [base], (FUNCTIONS["pinv"], "pinv", summed))
    elif s.unknowns.is_euler(node):
        s.close(node, place.beneath(), "euler", [exponent])
    else:
        fixed = (node.value == ".^", _whole(exponent), summed)
        s.close(node, place.beneath("entries" if summed else ""), "power", node.parts, fixed)


def _whole(node: Node) -> Any:
    """Return the number that an exponent is, without its sign unless it is -1/2; a letter seldom whole; else None."""
    inner = _inner(node)
    letters = [n.value.base[0] for n in (inner, *inner.parts) if n.kind == "name"]
    if inner.kind == "number":
        return -0.5 if node.kind == "negative" and inner.value == 0.5 else inner.value
    if inner.kind == "product" and [_inner(part).value for part in inner.parts] == [1, 2]:
        return -0.5 if "negative" in (node.kind, inner.parts[0].kind) else None
    return next((letter for letter in letters if letter in FRACTIONAL), None)


def _block(s: Slots, node: Node, place: Place) -> None:
    rows, columns = len(node.value), max(node.value)
    if len(node.parts) == 1:
        s.close(node, place.beneath(), "same", node.parts)  # [f(x) g(x)]' is in brackets, and no list of one entry
        return
    lengths = {part.value[0] if part.kind == "block" and len(part.value) == 1 else 0 for part in node.parts}
    if rows == 1 and len(lengths) == 1 and min(lengths) > 1:  # [[a, b], [c, d]]
        s.close(node, place.beneath(), "rows", node.parts)
        return
    upright = lengths == {1}  # [[a], [b]]
    listed = C if columns == 1 or upright else R if rows == 1 else M
    s.close(node, place.beneath(), "block", node.parts, listed)


def _subscript(s: Slots, node: Node, place: Place) -> None:
    if is_comprehension(node):
        inside = place.inside | indices_of(node)
        body = node.parts[0].parts if len(node.parts[0].parts) == 1 else node.parts
        s.close(node, place.beneath(inside=inside), "indexed", body, min(len(node.value.replace(",", "")), 2))
        return
    if node.parts[0].kind == "number" and node.value.isalpha():
        s.leaf(only(C))  # 1_k
        return
    two = "," in node.value or (len(node.value) == 2 and place.inside.issuperset(node.value))
    s.close(node, place, "element", node.parts, 2 if two else 1)


def function_called(body: Node, s: Slots, place: Place) -> Node:
    """Return the body of a derivative, a call where it is a function that is named alone."""
    function = function_of(body.value.full, s.unknowns.scope, place.within) if body.kind == "name" else None
    return body if function is None else called_alone(body, function.parameters)


def _derivative(s: Slots, node: Node, place: Place) -> None:
    """Lay out a derivative: its body, then one variable of each group."""
    body = function_called(node.parts[0], s, place)
    by = [Node("name", start, end, (), name) for group in node.value for name, start, end in group[:1]]
    s.close(node, place.beneath(), "derivative", [body, *by], None, ("body", *["by"] * len(by)))


def _big(s: Slots, node: Node, place: Place) -> None:
    inside = place.inside | {*node.value.names}
    s.close(node, place.beneath(inside=inside), "big", node.parts, node.value.op)


def _call(s: Slots, node: Node, place: Place) -> None:
    """Lay out a call: the body of a function of the user's, or what a row of the operator table makes of it."""
    full, parts = node.value.full, node.parts
    if type(node.value) is Partial:
        _undefined(s, node, place)
        return
    function = function_of(full, s.unknowns.scope, place.within)
    if function is not None:
        if len(s.parts) < INLINED and len(function.parameters) == len(parts):
            frame = {p: (part, place) for p, part in zip(function.parameters, parts, strict=True)}
            s.todo.append((function.body, Place(s.unknowns.free, frame, "", function), None))
        elif parts:
            s.close(node, place, "anything", parts)
        else:
            s.leaf(FREE)
        return
    if full in SIZED or (full == "diag" and len(parts) != 1):
        s.leaf(only(M if full in ("I", "eye", "δ", "diag") or len(parts) == 2 else C))
        return
    if full in ("transpose", "diag") and parts:
        s.close(node, place, full, parts[:1])
        return
    axis = along(node)
    row = TABLE[f"{full}imum"] if full in ("max", "min") and len(parts) == 1 else FUNCTIONS.get(axis or full)
    summed = place.summed
    entrywise = row is not None and row.kind == "elementwise"
    reducing = full in ("sum", "mean", "var", "std")
    around = "sum" if reducing else "entries" if summed and entrywise else ""
    inner = place.beneath("log" if full in ("ln", "log") and not around else around)
    if not parts or row is None:
        s.leaf(FREE)
    elif len(parts) > 3 and not axis:
        s.close(node, inner, "sum", parts, None, (1,) * len(parts))
    else:
        name = full if full in row.spellings and (full in REDUCING or full in ACTIVATIONS) else row.name
        s.close(node, inner, "call", parts[:-1] if axis else parts, (row, name, summed))


def _undefined(s: Slots, node: Node, place: Place) -> None:
    """Lay out an undefined function: what it gives is a name among the others, where nobody declared it."""
    full, parts = node.value.full, node.parts
    known = s.unknowns.scope.maps.get(full)
    orders = None if known is None else (tuple([len(shape) for shape in known.arguments]), len(known.out))
    head = [] if known is not None else [Node("name", node.start, node.start, (), Name(f"{full}("))]
    entries = [ODDITY["entry of the same"] if entry else None for entry in _entries_beside(parts)]
    labels = (*[None for _ in head], *entries)
    s.close(node, place.beneath(), "undefined", [*head, *parts], (node.value.counts, node.value.mark, orders), labels)


def _slope(s: Slots, node: Node, place: Place) -> None:
    """Lay out σ'(z), which is of the order of z as σ(z) is."""
    row = FUNCTIONS[node.value.full]
    s.close(node, place.beneath(), "call", node.parts, (row, row.name, place.summed))


def _directional(s: Slots, node: Node, place: Place) -> None:
    body, *others = node.parts
    s.close(node, place.beneath(), "directional", [function_called(body, s, place), *others])


def _lays(kind: str, fixed: Callable[[Node], Any] = lambda node: None, *, alone: bool = True) -> Layer:
    """Return what lays out a node by a rule, all its parts in order; not `alone`, what is around it is around them."""
    return lambda s, node, place: s.close(node, place.beneath() if alone else place, kind, node.parts, fixed(node))


LAY: dict[str, Layer] = {
    "name": _name, "sum": _sum, "relation": _alike, "cases": _alike, "product": _product,
    "group": lambda s, node, place: s.close(node, place, "same", node.parts[:1]),
    "bars": lambda s, node, place: s.close(
        node, place.beneath(), "bars", node.parts, place.around == "log" or node.value == "❘"
    ),
    "over": lambda s, node, place: s.close(
        node, place.beneath(inside=place.inside | set(node.value)), "over", node.parts, len(node.value)
    ),
    "angle": _lays("angle"),
    "transpose": _lays("transpose", lambda node: node.value, alone=False),
    "norm": _lays("norm", lambda node: (node.value, _inner(node.parts[0]).kind in ("name", "call"))),
    "power": _power, "block": _block, "subscript": _subscript,
    "slice": _lays("slice", lambda node: (len(node.value), len([p for p in node.value if p.is_range])), alone=False),
    "derivative": _derivative, "quotient": _derivative, "big": _big,
    "differential": _lays("same"), "directional": _directional,
    "call": _call, "slope": _slope,
    "number": lambda s, node, place: s.leaf(only(S)), "constant": lambda s, node, place: s.leaf(only(C)),
}  # fmt: skip
"""How each kind of node is laid out."""
