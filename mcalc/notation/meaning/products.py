"""Sums and products: what a chain of operators means is decided by the shapes of its operands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

from mcalc.dims import Dim
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, walk
from mcalc.notation.meaning.elaborate import BUILDERS, Elaborator
from mcalc.notation.meaning.unclear_products import (
    meet_capitals,
    refuse_adjoint,
    refuse_amplitude,
    refuse_capital_vector,
    refuse_cross,
    refuse_dot,
    refuse_numbers_behind,
    refuse_pointless,
    refuse_projection,
    refuse_row_taken,
    say_exponents,
    say_identity,
    say_quotients,
)
from mcalc.notation.surface.syntax import Node
from mcalc.operators import FUNCTIONS
from mcalc.operators.abstract import DERIVATIVE, MAP, derivative
from mcalc.operators.arithmetic import add, mul, neg, power
from mcalc.operators.leaves import EYE, SYMBOL, is_zero, number
from mcalc.operators.linear import MATMUL, chain_ends, dot, matmul

LOOSE = frozenset("·⊗⊘")
"""Signs that hold less tightly than products."""
TENSE = {"×": ("cross", "the cross product"), "∗": ("conv", "the convolution")}
"""Signs that between two vectors are a product of their own."""


def sum_(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a sum; a difference adds the negative."""
    refuse_pointless(e, node)
    if node.parts[0].kind == "derivative" and args[0].shape:
        whole = _derivative_of_all(e, node, args)
        if whole is not None:
            return whole
    rest = [arg if sign.value == "+" else neg(arg) for sign, arg in zip(node.value, args[1:], strict=True)]
    return e.of_one_shape(add, [args[0], *rest], node.parts)


def _derivative_of_all(e: Elaborator, node: Node, args: list[Expr]) -> Expr | None:
    """Read ``∂/∂U f + g`` as ∂/∂U (f + g) where adding the number g to a vector or matrix would make no sense.

    Elsewhere a derivative stops at the plus sign (notation.md 4.15); here the other terms are scalars without a
    derivative, and what is differentiated is one too.
    """
    if any([arg.shape for arg in args[1:]]) or any([arg.has(DERIVATIVE) for arg in args[1:]]):
        return None
    body = args[0]
    groups: list[tuple[Expr, ...]] = []
    for _ in node.parts[0].value:
        if body.op is not DERIVATIVE:
            return None
        groups.append(body.args[1:])
        body = body.args[0]
    if body.shape or body.op is DERIVATIVE:
        return None
    if any([arg.has(MAP) for arg in args[1:]]):
        hint = "a gradient is a row here: write ∇_x (f - g), or (∇_x f)ᵀ - g"
        raise e.fail("E-AMBIG", "how far does the derivative reach?", node, "over this, too?", hint)
    terms = [body, *[a if sign.value == "+" else neg(a) for sign, a in zip(node.value, args[1:], strict=True)]]
    value = add(*terms)
    for variables in reversed(groups):
        value = e.attempt(derivative, (value, *variables), [node.parts[0]] * (len(variables) + 1))
    e.note("the derivative is taken of the whole sum; a number added to it would be read (∂/∂w f) + g")
    return value


def product(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return what a chain of products, quotients, dots and element-wise signs means."""
    ops = [token.value if token.text else " " for token in node.value]
    for op, arg, part in zip(ops, args[1:], node.parts[1:], strict=True):
        if op in ("/", "⊘") and is_zero(arg):
            raise e.fail("E-DOMAIN", "this divides by 0", part, "0")
    if "/" in ops:
        say_quotients(e, node, args, ops)
    kinds = {part.kind for part in node.parts}
    if " " in ops and not kinds.isdisjoint(("power", "number")):
        say_exponents(e, node)
        refuse_numbers_behind(e, node)
    if not any([arg.shape for arg in args]):
        refuse_cross(e, node, args)
        meet_capitals(e, node)
        behind = zip(ops, args[1:], strict=True)
        return mul(args[0], *[power(arg, number(-1)) if op in ("/", "⊘") else arg for op, arg in behind])
    if e.assumed:
        refuse_amplitude(e, node, args)
        refuse_dot(e, node, args, ops)
        refuse_row_taken(e, node, args)
    if "name" in kinds:
        say_identity(e, node, args)
        refuse_projection(e, node, args)
    if "*" in ops:
        refuse_adjoint(e, node, args)
        starred = [pair for op, pair in zip(ops, pairwise(args), strict=True) if op == "*"]
        if any([left.op is EYE and right.order == 1 for left, right in starred]):
            hint = "I x is x, so leave I out; complex numbers are not read"
            raise e.fail("E-AMBIG", "I * a vector has two readings", node, "the identity, or the imaginary unit?", hint)
        if "@" in e.text and any([left.order == right.order == 2 for left, right in starred]):
            hint = "write .* for entry by entry, @ for the matrix product"
            raise e.fail("E-AMBIG", "* between matrices beside @ has two readings", node, "which product?", hint)
        if node in e.summed:
            ops = _entry_by_entry(e, node, args, ops)
        signs = {token.text for token in node.value}
        if "×" in signs and any([arg.order == 2 for arg in args]):
            e.note("× between matrices is the matrix product")
        if not signs.isdisjoint(TENSE) and (found := _of_vectors(e, node, args, ops)) is not None:
            return found
    if LOOSE.isdisjoint(ops):
        return Segment(e, node.parts, args, ops).value()
    products, entrywise = "*" in ops or "@" in ops, "⊗" in ops or "⊘" in ops
    return (_of_both_kinds if products and entrywise else _by_segments)(e, node, args, ops)


def _of_vectors(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> Expr | None:
    """Read × between two vectors as the cross product, ∗ as the convolution; None where neither stands between two.

    Both bind less than a product, more than ·. Two of them in a row need brackets.
    """
    columns = [arg.order == 1 and not arg.is_row for arg in args]
    texts = [token.text for token in node.value]
    at = [k for k, text in enumerate(texts) if text in TENSE and (columns[k] or columns[k + 1])]
    at = [k for k in at if any(columns[: k + 1]) and any(columns[k + 1 :])]
    if not at:
        return None
    cuts = [k for k, op in enumerate(ops) if op in LOOSE or k in at]
    segments = [Segment(e, node.parts[a : b + 1], args[a : b + 1], ops[a:b]) for a, b in _between(ops, cuts)]
    values = [segment.value() for segment in segments]
    nodes = [_spanning(segment) for segment in segments]
    signs = [texts[cut] if cut in at else ops[cut] for cut in cuts]
    for k in range(len(signs) - 1):
        if signs[k] in TENSE and signs[k + 1] in TENSE:
            hint = f"write brackets: {'a × (b × c) is not (a × b) × c' if '×' in signs else 'h ∗ (g ∗ x)'}"
            raise e.fail("E-AMBIG", f"two {signs[k]} in a row", node, "where are the brackets?", hint)
    for sign, (row, name) in TENSE.items():
        while sign in signs:
            k = signs.index(sign)
            if values[k].order != 1 or values[k + 1].order != 1:
                return None
            e.note(f"{e.source(nodes[k]) or 'a'} {sign} {e.source(nodes[k + 1]) or 'b'} is read as {name}")
            made = e.made(FUNCTIONS[row], values[k : k + 2], nodes[k : k + 2])
            whole = Node("segment", nodes[k].start, nodes[k + 1].end)
            values[k : k + 2], nodes[k : k + 2] = [made], [whole]
            del signs[k]
    if not signs:
        return values[0]
    return _by_segments(e, Node("product", node.start, node.end, nodes, node.value[: len(signs)]), values, signs)


def _entry_by_entry(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> list[str]:
    """Return the operators of a product under sum( ) with * between two vectors entry by entry, as in code."""
    if any([arg.order > 1 or arg.is_row for arg in args]):
        return ops
    seen, made = bool(args[0].shape), []
    for op, arg in zip(ops, args[1:], strict=True):
        made.append("⊗" if op == "*" and seen and arg.shape else op)
        seen = seen or bool(arg.shape)
    if made != ops:
        e.note(f"{e.source(node) or '*'} under sum( ) is taken entry by entry")
    return made


NO_PRODUCT = "two vectors side by side have no product"


class Segment:
    """A chain of juxtapositions, products and quotients: scalars, and groups of matrices, columns and rows."""

    __slots__ = ("args", "e", "ends", "factors", "group", "nodes", "ops", "parts", "places", "slot")

    def __init__(self, e: Elaborator, parts: Sequence[Node], args: Sequence[Expr], ops: Sequence[str]) -> None:
        self.e = e
        self.parts = parts
        self.args = args
        self.ops = ops
        self.factors: list[Expr] = []
        self.nodes: list[Node] = []
        self.group: list[Expr] = []
        self.ends: tuple[Dim | None, Dim | None] = (None, None)
        """The rows and the columns of the product of the group."""
        self.places: list[Node] = []
        self.slot = -1
        self._collect()

    def _collect(self) -> None:
        for k, (arg, part) in enumerate(zip(self.args, self.parts, strict=True)):
            divided = k > 0 and self.ops[k - 1] == "/"
            if not arg.shape:
                self._add(power(arg, number(-1)) if divided else arg, part)
            elif divided:
                self._divide(arg, part)
            else:
                spread = part.kind == "power" and arg.op is MATMUL
                for factor in arg.args if spread else (arg,):
                    self._multiply(factor, part)
        self._close()

    def _add(self, factor: Expr, part: Node) -> None:
        self.factors.append(factor)
        self.nodes.append(part)

    def _multiply(self, factor: Expr, part: Node) -> None:
        """Append a matrix, a column or a row to the open group; a group that became a scalar is closed first."""
        rows, columns = chain_ends(factor)
        if self.group and self.ends[1] is None:
            if self.ends[0] is None:
                self._close()
            elif rows is not None or columns is None:
                self._refuse(factor, part)
        if not self.group:
            self.slot = len(self.factors)
            self._add(factor, part)
            self.ends = rows, columns
        self.ends = self.ends[0], columns
        self.group.append(factor)
        self.places.append(part)

    def _refuse(self, factor: Expr, part: Node) -> None:
        """Raise for two vectors side by side, and for a vector before a matrix."""
        last, place = self.group[-1], self.places[-1]
        if factor.order == 1 and last.order == 1:
            left, right = self.e.source(place) or "w", self.e.source(part) or "x"
            spans = self.e.spans([place, part], [self.e.label(place, last), self.e.label(part, factor)])
            hint = f"dot product {left} · {right}, or element-wise {left} ⊗ {right}"
            raise Mistake("E-AMBIG", NO_PRODUCT, spans, f"{hint} (in ASCII {left} . {right}, {left} .* {right})?")
        self.e.attempt(matmul, (last, factor), (place, part))

    def _close(self) -> None:
        if not self.group:
            return
        if len(self.group) > 1:
            if self.e.sizes.count:
                for left, right in zip(self.group, self.group[1:], strict=False):
                    columns, rows = chain_ends(left)[1], chain_ends(right)[0]
                    if columns is not rows and columns is not None and rows is not None:
                        self.e.sizes.equate(columns, rows)
            self.factors[self.slot] = self.e.attempt(matmul, self.group, self.places)
        self.group = []
        self.places = []

    def _divide(self, arg: Expr, part: Node) -> None:
        e = self.e
        self._close()
        order = max([f.order for f in self.factors], default=0)
        if arg.order == 2 or order == 2:
            a, b = e.source(self.nodes[-1]) or "A", e.source(part) or "B"
            hint = f"{a} ⊘ {b} divides entry by entry (in ASCII {a} ./ {b})"
            if arg.order == 2:
                hint = f"{a} inv({b}), inv({b}) {a}, or entry by entry {a} ./ {b}?"
                names = [n.attr[0] for n in (*self.factors, arg) if n.op is SYMBOL and n.attr[0] in e.assumed]
                if len(names) == len(self.factors) + 1:
                    hint += f" Or numbers: --where '{', '.join(dict.fromkeys(names))}: R'"
            said = f"division by a {'matrix' if arg.order == 2 else 'vector'} has more than one reading"
            raise e.fail("E-AMBIG", said, part, "", hint)
        e.note(f"{e.source(self.nodes[-1]) or '...'} / {e.source(part) or '...'} is entry by entry")
        self._add(power(arg, number(-1)), part)

    def value(self) -> Expr:
        """Return the product of all factors."""
        if len(self.factors) == 1:
            return self.factors[0]
        return self.e.of_one_shape(mul, self.factors, self.nodes)


def _between(ops: list[str], cuts: list[int]) -> list[tuple[int, int]]:
    """Return where the stretches of a chain between some of its signs begin and end."""
    return list(zip([0, *[cut + 1 for cut in cuts]], [*cuts, len(ops)], strict=True))


def _by_segments(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> Expr:
    """Return a chain with dots or element-wise signs, between which products bind tighter."""
    cuts = [k for k, op in enumerate(ops) if op in LOOSE]
    segments = [Segment(e, node.parts[a : b + 1], args[a : b + 1], ops[a:b]) for a, b in _between(ops, cuts)]
    signs = [ops[cut] for cut in cuts]
    if "·" in signs:
        if _is_matrix_product(e, node, segments, signs):
            refuse_capital_vector(e, node, [segment.value() for segment in segments])
            e.note("· beside a matrix is the matrix product")
            return Segment(e, node.parts, args, [" " if op == "·" else op for op in ops]).value()
        return _dots(e, node, segments, signs)
    if all([token.text == "⊗" for token in node.value if token.value in ("⊗", "⊘")]):
        kronecker = _kronecker(e, node, segments)
        if kronecker is not None:
            return kronecker
    return _elementwise(e, segments, signs)


def _kronecker(e: Elaborator, node: Node, segments: Sequence[Segment]) -> Expr | None:
    """Read ⊗ between matrices as Kronecker's product where entry by entry makes no sense; None where it does.

    It is Kronecker's where the sizes do not fit, and beside an I whose partner nothing declares. Where nothing says
    which is meant, it is refused.
    """
    values = [segment.value() for segment in segments]
    open_ = any([n.op is SYMBOL and n.attr[0] in e.assumed for n in walk(*values)])
    typeset = any([e.text[token.start : token.end] == "\\otimes" for token in node.value])
    if open_ and typeset and all([value.order == 1 for value in values]):
        a, b = [e.source(_spanning(segment)) or "a" for segment in segments[:2]]
        said = "\\otimes between vectors is entry by entry in the paper, the outer product or Kronecker's elsewhere"
        hint = f"write {a} \\odot {b}, {a} {b}^\\top or \\operatorname{{kron}}({a}, {b})"
        raise e.fail("E-AMBIG", said, node, "which product?", hint)
    if any([value.order != 2 for value in values]):
        return None
    unit = any([value.op is EYE for value in values])
    others = values[1:] if not (open_ and unit) else ()
    oblong = unit and not open_ and any([value.shape[0] != value.shape[1] for value in values])
    fits = not oblong and all([e.sizes.equate_shapes(values[0].shape, value.shape) for value in others])
    if fits and not open_:
        return None
    if fits and not unit:
        shown = [e.source(_spanning(segment)) or "A" for segment in segments]
        said = "⊗ between matrices is the product entry by entry, or Kronecker's"
        hint = f"write {' .* '.join(shown)} entry by entry, kron({', '.join(shown[:2])}) for Kronecker's"
        raise e.fail("E-AMBIG", said, node, "which product?", hint)
    e.note("⊗ is read as the Kronecker product; entry by entry is .*")
    total = values[0]
    for value in values[1:]:
        total = e.made(FUNCTIONS["kron"], (total, value), [node, node])
    return total


def _factors(segments: Sequence[Segment], signs: Sequence[str]) -> tuple[list[Expr], list[Node]]:
    """Return all factors of some segments, with their nodes; what stands behind ⊘ divides."""
    factors, nodes = [*segments[0].factors], [*segments[0].nodes]
    for sign, segment in zip(signs, segments[1:], strict=True):
        divides = sign == "⊘"
        factors += [power(segment.value(), number(-1))] if divides else segment.factors
        nodes += segment.nodes[:1] if divides else segment.nodes
    return factors, nodes


def _elementwise(e: Elaborator, segments: Sequence[Segment], signs: Sequence[str]) -> Expr:
    factors, nodes = _factors(segments, signs)
    if any([f.order == 2 for f in factors]) and "⊗" in signs:
        e.note("⊗ is the product entry by entry; the Kronecker product is kron(A, B)")
    if any([f.op is EYE for f in factors]):
        _refuse_mask(e, factors, nodes)
    return e.of_one_shape(mul, factors, nodes)


def _refuse_mask(e: Elaborator, factors: Sequence[Expr], nodes: Sequence[Node]) -> None:
    """Refuse ‖I ⊙ (R - U Vᵀ)‖² where nothing but the identity makes that square: I is a mask to many."""
    for factor in factors:
        rows, columns = e.sizes.resolve(factor).shape if factor.order == 2 else (None, None)
        undeclared = any([n.op is SYMBOL and n.attr[0] in e.assumed for n in walk(factor)])
        if factor.op not in (EYE, SYMBOL) and undeclared and rows is not columns:
            identity = nodes[next(k for k, f in enumerate(factors) if f.op is EYE)]
            hint = "declare it: I: R^{m x n} for a mask; the diagonal of A is diag(A)"
            raise e.fail("E-AMBIG", "I may be the identity, or a mask of zeros and ones", identity, "which?", hint)


def _is_matrix_product(e: Elaborator, node: Node, segments: Sequence[Segment], signs: Sequence[str]) -> bool:
    """Say whether all dots of a chain can only be matrix products: between matrices and a vector.

    Raises `E-AMBIG` where one stands between matrices that nothing declares. ``A : B`` has one meaning.
    """
    values = [segment.value() for segment in segments]
    orders = [value.order for value in values]
    if 2 not in orders or {*signs} != {"·"} or any([token.text == ":" for token in node.value]):
        return False
    pairs = [k for k, order in enumerate(orders[1:]) if order == orders[k] == 2]
    for k in pairs:
        if any([n.op is SYMBOL and n.attr[0] in e.assumed for n in walk(*values[k : k + 2])]):
            left, right = [e.source(_spanning(segment)) or "A" for segment in segments[k : k + 2]]
            said = "· between matrices is the matrix product, or the sum of all products of entries"
            hint = f"write {left} {right} for the matrix product, {left} : {right} for tr({left}ᵀ {right})"
            raise e.fail("E-AMBIG", said, node, "which product?", hint)
    return not pairs and 1 in orders


def _dots(e: Elaborator, node: Node, segments: list[Segment], signs: list[str]) -> Expr:
    """Return a chain with dot products; between scalars, or a scalar and a vector, a dot is a product."""
    values = [segment.value() for segment in segments]
    tensors = [k for k, value in enumerate(values) if value.shape]
    if len(tensors) == 2 and tensors[1] == tensors[0] + 1 and signs[tensors[0]] == "·" and not set(signs) - {"·"}:
        # scalars · w · x: the dot product stands where its first vector stood
        a, b = tensors
        left, right = segments[a].nodes[0], segments[b].nodes[0]
        if len(segments[a].nodes) > 1:
            left = _spanning(segments[a])
        if len(segments[b].nodes) > 1:
            right = _spanning(segments[b])
        if values[a].order == 2 and values[b].order == 2:
            e.note("A · B of matrices is the sum of all products of entries, tr(AᵀB); the matrix product is A B")
        inner = _dot(e, values[a], values[b], left, right)
        before, behind = ([f for s in some for f in s.factors] for some in (segments[:a], segments[b + 1 :]))
        return mul(*before, inner, *behind)
    if len(tensors) < 2:
        beside = [k for t in tensors if values[t].order == 1 for k in (t - 1, t + 1) if 0 <= k < len(values)]
        if any([len(segments[k].nodes) == 1 and e.source(segments[k].nodes[0]) == "1" for k in beside]):
            vector = clip(e.source(_spanning(segments[tensors[0]])) or "x")
            said, hint = (
                "1 is the number, or the vector of ones",
                f"write {vector} · 1vec for the sum, {vector} without it",
            )
            raise e.fail("E-AMBIG", said, node, "which?", hint)
        if tensors:
            e.note("· between a scalar and a vector or matrix is their product")
        return mul(*_factors(segments, signs)[0])
    said, hint = "this chain of · and ⊗ has more than one reading", "write brackets: (a · x) y, or a · (x ⊗ y)"
    raise Mistake("E-AMBIG", said, e.spans([node], ["where are the brackets?"]), hint)


def _dot(e: Elaborator, a: Expr, b: Expr, left: Node, right: Node) -> Expr:
    if a.order != b.order:
        x, y = e.source(left) or "A", e.source(right) or "x"
        spans = e.spans([left, right], [e.label(left, a), e.label(right, b)])
        said, hint = "the dot product takes two vectors of one size", f"the matrix product is written {x} {y}"
        raise Mistake("E-SHAPE", said, spans, hint)
    if a.is_row != b.is_row:
        e.note("a dot product takes no heed of rows and columns: xᵀ · y is x · y")
    return e.attempt(dot, (a, b), (left, right))


def _spanning(segment: Segment) -> Node:
    return Node("segment", segment.parts[0].start, segment.parts[-1].end)


def _of_both_kinds(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> Expr:
    """Read ``y .* X * w``, products first or left to right; refuse it where both readings fit and differ."""
    risky = any([
        not {"*", "@"}.isdisjoint(ops[a:b]) and len([arg for arg in args[a : b + 1] if arg.shape]) > 1
        for a, b in _between(ops, [k for k, op in enumerate(ops) if op in LOOSE])
    ])  # fmt: skip
    if not risky or "·" in ops:
        return _by_segments(e, node, args, ops)
    notes = list(e.notes)
    second: Expr | None = None
    try:
        first = _by_segments(e, node, args, ops)
    except Mistake as mistake:
        try:
            second = _left_to_right(e, node, args, ops)
        except Mistake:
            raise mistake from None
        e.notes[:] = notes
        e.note(f"{e.source(node, 60) or 'the chain'} is read from left to right")
        return second
    with suppress(Mistake):
        second = _left_to_right(e, node, args, ops)
    if second not in (None, first):
        said, hint = "this chain of * and .* has two readings", "write brackets: (y .* X)*w or y .* (X*w)"
        raise Mistake("E-AMBIG", said, e.spans([node], ["where are the brackets?"]), hint)
    return first


def _left_to_right(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> Expr:
    value = args[0]
    for k, op in enumerate(ops):
        parts = (node.parts[0] if k == 0 else Node("segment", node.start, node.parts[k].end), node.parts[k + 1])
        if op in ("⊗", "⊘"):
            right = args[k + 1] if op == "⊗" else power(args[k + 1], number(-1))
            value = e.attempt(mul, (value, right), parts)
        else:
            value = Segment(e, parts, (value, args[k + 1]), (op,)).value()
    return value


BUILDERS.update({
    "sum": sum_, "product": product,
    "group": lambda e, node, args: args[0], "negative": lambda e, node, args: neg(args[0]),
})  # fmt: skip
