"""The expressions of a statement's syntax trees, with every size settled, and what was assumed to get there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import Mistake, ShapeError, Span, clip
from mcalc.expr import Expr, walk
from mcalc.notation.meaning.assumed import assumed_text, of_functions, signature_text, where_text
from mcalc.notation.meaning.elaborate import Elaborator
from mcalc.notation.meaning.named import note_beside_sums
from mcalc.notation.meaning.unclear_products import (
    is_of_whole,
    refuse_capitals,
    refuse_entries,
    refuse_quantities,
    refuse_unclear_identity,
)
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.shapes.doubts import Shapes, undeclared
from mcalc.notation.shapes.oddities import MATRIX_LETTERS
from mcalc.notation.shapes.sizes import Sizes
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, walk_trees
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, EXPECTATION
from mcalc.patterns import pattern

_SUBSCRIPT = pattern(r"_\W?(?:[^\W_]|[,\\ ])*[ijklmnpqrst]|\[[^\[\]]*[ijklmnpqrst]")
_LOWERED = frozenset("ᵢⱼₖₗₘₙₚᵣₛₜ")


def elaborate(
    text: str, trees: list[Node], scope: Scope, hints: dict[str, int], notes: list[str], wrt: list[Name],
    shapes: Sequence[Shape | None], left: Name | None = None,
) -> tuple[list[Expr], Elaborator]:  # fmt: skip
    """Return the expressions of some syntax trees that share their undeclared names, with all sizes settled.

    The first tree is read as it would be alone. The shape of a tree, where one is given, is what its open sizes are
    bound to; what follows the first tree takes its open sizes from there. `left` is the name on a left side.
    """
    hints = _with_fonts(trees, scope, hints)
    known = None
    subscripts = _may_have_indices(text) or any([name.sub for name in wrt]) or (wrt and scope.functions)
    free: list[str] = []
    if subscripts:
        from mcalc.notation.meaning.free_indices import free_indices

        free = free_indices(trees, scope, wrt, left)
    if len(trees) > 1 and (alone := undeclared(trees[:1], scope, hints, wrt, free=free)) is not None:
        known = alone.orders
    found = undeclared(trees, scope, hints, wrt, known, free)
    if ("'" in text or "′" in text) and found is not None:
        _refuse_derivatives(text, trees, scope, hints, found.orders)
    try:
        exprs, elaborator = _by_orders(text, trees, scope, notes, found, shapes, free)
    except Mistake as mistake:
        if found is not None and mistake.code == "E-SHAPE" and (hint := _squared(text, trees)):
            mistake.hint = f"{hint}declare the shapes with --where"
        if found is None or found.other is None or mistake.code != "E-SHAPE":
            raise
        try:
            _, second = _by_orders(text, trees, scope, [], found.by(found.other), shapes, free)
        except Mistake as other_mistake:
            raise (other_mistake if other_mistake.code == "E-AMBIG" else mistake) from None
        assert found.doubt is not None
        found.doubt.hint = f"{_squared(text, trees)}declare what is meant: --where '{_where_text(second)}'"
        raise found.doubt from None
    if found is not None and found.doubt is not None:
        other, hints_ = None, [_where_text(elaborator)]
        if found.other is not None:
            with suppress(Mistake):
                other = _by_orders(text, trees, scope, [], found.by(found.other), shapes, free)
                hints_.append(_where_text(other[1]))
        declared = " or ".join([f"--where '{h}'" for h in hints_])
        found.doubt.hint = f"{_squared(text, trees)}declare what is meant: {declared}"
        if other is None:
            raise found.doubt
        elaborator.doubt = found.doubt, *other
    if any([expr.has(EXPECTATION, DIFFERENTIAL) for expr in exprs]):
        from mcalc.notation.meaning.moving import outside, settled, with_directions

        names = [name.full for name in wrt]
        if any([expr.has(EXPECTATION) for expr in exprs]):
            if fixed := sorted(outside(exprs)):
                elaborator.note(f"not random, as outside E[...] too: {', '.join(fixed)}")
            exprs = settled(exprs, [*names, *fixed])
        if any([expr.has(DIFFERENTIAL) for expr in exprs]):
            exprs = with_directions(exprs, names, elaborator)
    return exprs, elaborator


def _may_have_indices(text: str) -> bool:
    if not _LOWERED.isdisjoint(text) or "unit" in text:
        return True
    return ("_" in text or "[" in text) and _SUBSCRIPT.search(text) is not None


def _refuse_derivatives(
    text: str, trees: Sequence[Node], scope: Scope, hints: dict[str, int], orders: dict[str, int]
) -> None:
    """Refuse (sin x)', in which x is a number but for the prime: it is a derivative as well as a transpose."""
    bodies = [*trees]
    for k, tree in enumerate(bodies):
        while tree.kind in ("group", "derivative"):
            tree = bodies[k] = tree.parts[0]
    for term in [part for tree in bodies for part in (tree.parts if tree.kind == "sum" else [tree])]:
        inner = term.parts[0] if term.kind == "transpose" and term.value in ("'", "′") else None
        if inner is None or (inner.kind == "name" and inner.value.full in orders):
            continue
        alone = undeclared([inner], scope, hints, [])
        names = alone.orders if alone is not None else {}
        by = next((name for name, order in names.items() if not order and orders.get(name)), "")
        if by:
            said = text[term.start : inner.end]
            said = said[said.count("(") - said.count(")") :]  # brackets around the whole
            hint = f"write d/d{by} {clip(said)} for the derivative, declare {by}: R^n for the transpose"
            message = f"{clip(text[term.start : term.end])} has two readings"
            raise mistake_at("E-AMBIG", message, term, "a derivative or a transpose?", hint)


def _squared(text: str, trees: Sequence[Node]) -> str:
    """Return what to type where the square of vectors, (y - Xw)^2 and w^2 beside X w, is that of their length."""
    nodes = list(walk_trees(trees))
    ends = [pair for n in nodes if n.kind == "product" for pair in pairwise(n.parts) if pair[1].kind == "name"]
    multiplied = {b.value.full for a, b in ends if a.kind == "name" and a.value.base in MATRIX_LETTERS}
    for node in nodes:
        if node.kind != "power" or node.parts[1].value != 2 or "\\" in text:
            continue
        if node.parts[0].kind == "name" and node.parts[0].value.full in multiplied:
            return f"for the squared length write ‖{node.parts[0].value.full}‖^2; else "
        if node.parts[0].kind != "sum":
            continue
        base = node.parts[0]
        factors = [n for part in base.parts if part.kind == "product" for n in part.parts if n.kind == "name"]
        if any([n.value.base in MATRIX_LETTERS for n in factors]) and any([n.value.base.islower() for n in factors]):
            return f"for the squared length write ‖{text[base.start : base.end].strip('() ')}‖^2; else "
    return ""


def _where_text(elaborator: Elaborator) -> str:
    """Return what was assumed as declarations."""
    functions = [signature_text(name, known, declared=True) for name, known in elaborator.maps.items()]
    return "; ".join([text for text in (where_text(elaborator.assumed.values()), *functions) if text])


def _with_fonts(trees: list[Node], scope: Scope, hints: dict[str, int]) -> dict[str, int]:
    r"""Return the hints of bold letters with those of parameters, for the names that stand in their places.

    So x is a vector in f(x), where f was pasted as ``f(\mathbf x) = ...``.
    """
    if not scope.functions:
        return hints
    bold = {name: function for name, function in scope.functions.items() if function.fonts}
    if not bold:
        return hints
    found = dict(hints)
    for node in [n for n in walk_trees(trees) if n.kind == "call"]:
        function = bold.get(node.value.full)
        for part, parameter in zip(node.parts, function.parameters if function is not None else (), strict=False):
            if function is not None and part.kind == "name" and parameter in function.fonts:
                found.setdefault(part.value.full, function.fonts[parameter])
    return found


def _by_orders(
    text: str, trees: list[Node], scope: Scope, notes: list[str], given: Shapes | None,
    shapes: Sequence[Shape | None], free: Sequence[str],
) -> tuple[list[Expr], Elaborator]:  # fmt: skip
    """Return the expressions with the undeclared names of these orders, and all sizes settled."""
    elaborator = Elaborator(text, scope, notes)
    elaborator.begin_free(free)
    if given is not None:
        elaborator.assume(given.orders, given.sizes, given.units, given.rows)
    try:
        for name, tree in scope.beside.items():
            elaborator.beside[name] = elaborator.run(tree)
        found = [elaborator.run(tree) for tree in trees]
    except ShapeError as e:
        raise elaborator.mistake(e, trees[:1]) from None
    note_beside_sums(elaborator)
    for tree, expr in zip(trees, found, strict=True):
        if elaborator.assumed and "I" in text:
            refuse_unclear_identity(elaborator, tree, expr)
    sizes = elaborator.sizes
    if not sizes.count:
        return _ready(found, trees, elaborator)
    for expr, shape in zip(found, shapes, strict=True):
        if shape is not None:
            sizes.equate_shapes(expr.shape, shape)
    if len(found) > 1:
        _take_sizes(found, sizes)
    used = {*scope.names(), *elaborator.local_sizes, *elaborator.assumed, *elaborator.levels}
    open_shapes = [value.shape for value in elaborator.assumed.values()]
    sizes.name_rest([s for s in open_shapes if len(s) == 1], used)
    sizes.name_rest([s for s in open_shapes if len(s) > 1], used)
    sizes.name_all(used)
    try:
        found = [sizes.resolve(expr) for expr in found]
    except ShapeError as e:
        raise elaborator.mistake(e, trees[:1]) from None
    elaborator.assumed = {name: sizes.resolve(value) for name, value in elaborator.assumed.items()}
    _refuse_sizes(elaborator, trees[0])
    return _ready(found, trees, elaborator)


def _refuse_sizes(elaborator: Elaborator, tree: Node) -> None:
    """Refuse ones(x) + x, in which x is a vector and its own size."""
    shaped = {name: value.shape for name, value in elaborator.assumed.items() if value.shape}
    for name in [name for shape in shaped.values() for dim in shape for name in dim.names if name in shaped]:
        said = f"{name} is a size, and a {shape_text(shaped[name])}"
        hint = "ones(n), I(n) and 1_n have a size in them: call it otherwise"
        raise elaborator.fail("E-AMBIG", said, tree, "a size or a variable?", hint)


def _ready(found: list[Expr], trees: list[Node], elaborator: Elaborator) -> tuple[list[Expr], Elaborator]:
    """Return expressions without open sizes, once their indices are known to stay where entries are."""
    if elaborator.maps:
        elaborator.maps = of_functions(found, elaborator.maps.keys())
    if elaborator.elements:
        from mcalc.notation.meaning.ranges import check_ranges

        check_ranges(elaborator, trees)
    if elaborator.free:
        from mcalc.notation.meaning.free_indices import said_for

        if said := said_for({index for expr in found for index in expr.free}):
            elaborator.note(said)
    return found, elaborator


def _take_sizes(found: list[Expr], sizes: Sizes) -> None:
    """Bind sizes that a later side alone leaves open, such as that of I, to those of the first side.

    The sizes of the first side's own variables are left as they are: A against Aᵀ does not make A square.
    """
    first = found[0]
    own = {name for node in walk(first) if node.op.name == "symbol" for name in _open(node.shape, sizes)}
    for expr in found[1:]:
        shape = first.shape
        if first.op is DERIVATIVE and first.order > 2 and expr.order == 2:
            split = first.args[0].order
            shape = (_together(shape[:split]), _together(shape[split:]))  # between vecs
        if len(shape) != expr.order:
            continue
        pairs = list(zip(shape, expr.shape, strict=True))
        if not _may_agree(pairs, sizes):
            turned = list(zip(shape, expr.shape[::-1], strict=True))
            pairs = turned if _may_agree(turned, sizes) else pairs
        for left, right in pairs:
            if any([name not in own for name in _open((left, right), sizes)]):
                sizes.equate(left, right)


def _may_agree(pairs: Sequence[tuple[Dim, Dim]], sizes: Sizes) -> bool:
    """Say whether no two sizes are known to differ."""
    settled = [(sizes.settle(left), sizes.settle(right)) for left, right in pairs]
    return all([left is right or _open((left, right), sizes) for left, right in settled])


def _together(shape: Shape) -> Dim:
    total = Dim.of(1)
    for dim in shape:
        total = total * dim
    return total


def _open(shape: Sequence[Dim], sizes: Sizes) -> list[str]:
    return [name for dim in shape for name in sizes.settle(dim).names if name[0] == "?"]


def reading_of(
    expr: Expr, elaborator: Elaborator, scope: Scope, notes: list[str], name: str | None = None, kind: str = ""
) -> Reading:
    """Return the reading of an expression, in a scope after it, with what was assumed and noted."""
    reading = Reading(kind or ("derivative" if expr.has_kind("derivative") else "expression"), scope)
    reading.expr, reading.name = expr, name
    finish(reading, elaborator, notes)
    return reading


def finish(reading: Reading, elaborator: Elaborator, notes: list[str]) -> None:
    """Put what was assumed and noted into a reading."""
    reading.notes = notes
    reading.symbols = list(elaborator.assumed.values())
    reading.maps = {name: known for name, known in elaborator.maps.items() if not known.is_of_numbers}
    reading.assumed = assumed_text(reading.symbols)
    if reading.maps:
        reading.assumed += [signature_text(name, known) for name, known in reading.maps.items()]
    reading.names = dict(elaborator.assumed)
    refuse_capitals(elaborator)
    for node, value in elaborator.entrywise:
        if reading.expr is not None and is_of_whole(elaborator, reading.expr, value):
            refuse_entries(elaborator, node, value)
            reading.entrywise.append((node.value.full, Span(node.start, node.end, "entry by entry, or of the matrix?")))
        if elaborator.doubt is None:
            refuse_quantities(elaborator, node, value)
    if elaborator.doubt is not None:
        mistake, exprs, another = elaborator.doubt
        if reading.kind not in ("expression", "derivative"):
            raise mistake  # a name would keep what was assumed
        other = Reading(reading.kind, reading.scope)
        other.expr, other.name = exprs[0], reading.name
        finish(other, another, another.notes)
        reading.doubt = mistake, other
