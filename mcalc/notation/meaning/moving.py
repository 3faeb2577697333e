"""Which variables move in a differential, and in which directions; what is random in an expectation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mcalc.dims import shape_text
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, rebuild, walk
from mcalc.notation.meaning.elaborate import BUILDERS, SPECIAL, Elaborator
from mcalc.notation.meaning.forms import called
from mcalc.notation.names.scope import ON_PAGE
from mcalc.notation.surface.syntax import Node
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, EXPECTATION, MARK, differential, moves_of, over_all_but
from mcalc.operators.abstract import expectation as expectation_of
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW
from mcalc.operators.blocks import BLOCK
from mcalc.operators.kronecker import KRON, VEC
from mcalc.operators.leaves import SYMBOL, is_number, is_zero, symbol, symbols_in, zeros
from mcalc.operators.linear import DIAG, ELEMENT, transpose
from mcalc.operators.matrix import MEAN, NORM
from mcalc.operators.structures import structure_of

USUAL = frozenset("xXyYzZwWuUvVtTθΘ")
"""Letters of variables: where one name of a statement is such a letter, and nothing says what moves, that one does."""


def build(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the differential of what stands behind the d; what moves is not known yet."""
    return differential(args[0], (), node.value)


def build_directional(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the derivative of a function by its argument, applied to a direction.

    Raises `E-SHAPE` where the direction has another shape than the variable.
    """
    body, variable, direction = args
    call, by, towards = node.parts
    function = e.scope.functions.get(call.value.full) if call.kind == "call" else None
    if variable.op is not SYMBOL or (function is not None and variable in function.meanings.values()):
        said = "a derivative is applied to a direction at a variable of its own"
        hint = "give the argument a name: write f'(X)[H], and what X is behind it"
        raise e.fail("E-UNSUPPORTED", said, by, "not a variable", hint)
    if direction.order == variable.order:
        e.sizes.equate_shapes(variable.shape, direction.shape)
    settled = [e.sizes.resolve(part) for part in (variable, direction)]
    if settled[0].shape != settled[1].shape:
        spans = e.spans([by, towards], [e.label(by, settled[0]), e.label(towards, settled[1])])
        raise Mistake("E-SHAPE", e.sizes.text("a direction has the shape of the variable"), spans)
    return differential(body, [(variable, direction)])


def begin_of_name(e: Elaborator, node: Node) -> bool:
    """Put a function that is named alone, as the f of df and of ∂f/∂X [H], as its call by its own parameters."""
    body = called(e, node.parts[0], needs_meaning=node.kind == "directional")
    if body is node.parts[0]:
        return False
    parts = [body, *node.parts[1:]]
    return e.after(parts, Elaborator.build, Node(node.kind, node.start, node.end, parts, node.value))


for _kind, _build in (("differential", build), ("directional", build_directional)):
    BUILDERS[_kind], SPECIAL[_kind] = _build, begin_of_name


def with_directions(found: Sequence[Expr], wrt: Sequence[str], e: Elaborator) -> list[Expr]:
    """Return the sides of a statement with the variables that move put into its differentials, each with its direction.

    Those are the ones named by `wrt`, else those that carry a d in the statement, else the only one there is. Raises
    `E-AMBIG` where nothing says which.
    """
    if not any([side.has(DIFFERENTIAL) for side in found]):
        return [*found]
    asked = [node for node in walk(*found) if node.op is DIFFERENTIAL]
    _refuse_undefined(found, e)
    moving = _moving(found, asked, wrt, e)
    directions = {variable: _direction(variable, e) for variable in moving}

    defined = [name for name in directions if e.scope.origins.get(name.attr[0]) == ON_PAGE]
    of_page = {part: name for name in defined for part in (name, directions[name])}

    def settle(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not DIFFERENTIAL or len(node.args) > 1:
            return None
        body = args[0]
        if body in directions and node.attr == 1:
            return directions[body]
        if body in of_page and (node.attr > 1 or of_page[body] is not body):  # d²f of what a line defines, and d(df)
            name = of_page[body]
            return differential(name, [(name, directions[name])], node.attr + (name is not body))
        inside = set(walk(body)) if body.op is not SYMBOL else set()
        moves = [move for move in directions.items() if move[0] in inside]
        if moves:
            return differential(body, moves, node.attr)
        if wrt and len(found) == 1 and body.op is SYMBOL:
            of = clip(body.attr[0])
            hint = f"of an expression without a d{of}, or --wrt {of}; an integral is not read"
            raise Mistake("E-UNSUPPORTED", f"d{of} is a differential, and {of} is not differentiated by", hint=hint)
        return transpose(zeros(body.shape)) if body.is_row else zeros(body.shape)

    sides = [rebuild(side, settle) for side in found]
    unclear = [trouble for side in sides if (trouble := unlike_terms(side)) is not None]
    moved = {node for node in walk(*sides) if node.op is DIFFERENTIAL or (node.op is SYMBOL and MARK in node.attr[2])}
    if unclear and all([unlike_terms(side) is not None or moved.isdisjoint(walk(side)) for side in sides]):
        raise unclear[0]
    return sides


def unlike_terms(side: Expr) -> Mistake | None:
    """Return the mistake of terms with and without a d, and of a function of dx: there d is likely to be a variable.

    In ``a + b x + c x^2 + d x^3`` it is one; a differential is linear in dx, a second one quadratic.
    """
    degrees: dict[Expr, int | None] = {}
    for node in walk(side):
        inner = [degrees[arg] for arg in node.args]
        degree: int | None = 0
        if node.op is DIFFERENTIAL:
            degree = node.attr + (inner[0] or 0)
        elif node.op is SYMBOL:
            degree = int(MARK in node.attr[2])
        elif is_zero(node):
            degree = None
        elif any(inner):
            degree = _degree(node, inner)
            if degree is None:
                trouble = "is added to what is none" if node.op is ADD else "stands in a function that is not linear"
                hint = "for a variable declare d: R; a differential is linear in dx: d(x^2) = 2 x dx"
                return Mistake("E-AMBIG", f"d is a variable, or the sign of a differential, which {trouble}", hint=hint)
        degrees[node] = degree
    return None


def _degree(node: Expr, inner: Sequence[int | None]) -> int | None:
    """Return how often a direction is a factor in each term of a node; None where that differs, or cannot be said."""
    if node.op in (ADD, BLOCK, CASES):
        terms = inner[::2] if node.op is CASES else inner
        known = {degree for degree in terms if degree is not None}
        return known.pop() if len(known) == 1 and (node.op is not CASES or not any(inner[1::2])) else None
    if node.op is POW:
        return int((inner[0] or 0) * node.args[1].attr) if is_number(node.args[1]) else None
    multilinear = node.op in (MUL, NORM, VEC, MEAN, KRON, DIAG) or node.op.kind in ("linear", "binder")
    return sum([degree or 0 for degree in inner]) if multilinear else None


def _refuse_undefined(found: Sequence[Expr], e: Elaborator) -> None:
    """Refuse ``d f = tr(A dX B)`` where nothing says what f is; on a page another line may."""
    for place, side in enumerate(found if len(found) > 1 else ()):
        if side.op is DIFFERENTIAL and len(side.args) == 1 and side.args[0].op is SYMBOL:
            name, others = side.args[0], [*found[:place], *found[place + 1 :]]
            known = name.attr[0] in e.scope.variables and (place or e.scope.origins.get(name.attr[0]) == ON_PAGE)
            if not known and name not in set(walk(*others)):
                said = clip(name.attr[0])
                hint = f"define it first: {said} = ..., or behind it: where {said} = ..."
                raise Mistake("E-NAME", f"nothing says what {said} is, so its differential may be anything", hint=hint)


def _carried(node: Expr) -> Expr | None:
    """Return the variable that carries the d of a differential: X of dX and of dX_ij."""
    body = node.args[0].args[0] if node.args[0].op is ELEMENT else node.args[0]
    return body if body.op is SYMBOL and len(node.args) == 1 and not body.args else None


def _moving(found: Sequence[Expr], asked: Sequence[Expr], wrt: Sequence[str], e: Elaborator) -> list[Expr]:
    present = [node for node in walk(*found) if node.op is SYMBOL and MARK not in node.attr[2] and not node.args]
    if wrt:
        return [node for node in present if node.attr[0] in wrt]
    carried = {_carried(node) for node in asked}
    named = {node.attr[0] for node in present}
    elsewhere = {*e.scope.moving}  # on the page, where its differential may stand on another line
    elsewhere |= {name for name in named if e.scope.moving and e.scope.origins.get(name) == ON_PAGE}
    moving = [n for n in present if n in carried or f"d{n.attr[0]}" in named or n.attr[0] in elsewhere]
    inside = {below for node in asked for below in walk(node.args[0])}
    candidates = [node for node in present if node in inside]
    if moving or all([moves_of(node) for node in asked]):
        if moving and len(held := [node.attr[0] for node in candidates if node not in moving]) > 0:
            are = "is" if len(held) == 1 else "are"
            e.note(f"{' and '.join(map(clip, held))} {are} held: no d{clip(held[0])} stands in it")
        return moving
    usual = [node for node in candidates if node.attr[0].partition("_")[0] in USUAL] or candidates
    names = [node.attr[0] for node in candidates]
    if len(usual) > 1:
        likely = [node.attr[0] for node in usual]
        hint = f"say which: --wrt {likely[0]}, or --wrt {','.join(likely)}"
        raise Mistake("E-AMBIG", f"which variables move: {', '.join(map(clip, names))}?", hint=hint)
    for node in usual[:1]:
        held = [clip(name) for name in names if name != node.attr[0]]
        if held:
            are = "is" if len(held) == 1 else "are"
            e.note(f"{clip(node.attr[0])} moves, {' and '.join(held)} {are} held; --wrt says otherwise")
    return usual


def _direction(variable: Expr, e: Elaborator) -> Expr:
    """Return dX, of the shape of X, and symmetric where X is; one that the user declared is that."""
    name = f"d{variable.attr[0]}"
    known = e.scope.variables.get(name) or e.assumed.get(name)
    if known is not None:
        if known.shape != variable.shape:
            message = f"{name} is a {shape_text(known.shape)}, {variable.attr[0]} a {shape_text(variable.shape)}"
            raise Mistake("E-SHAPE", message, hint=f"the differential of {variable.attr[0]} has its shape")
        return known
    return direction_of(variable)


def direction_of(variable: Expr) -> Expr:
    """Return dX, the direction in which a variable moves: symmetric where that is.

    Raises `E-UNSUPPORTED` where the directions form no space of their own, as those of an orthogonal matrix.

    >>> direction_of(symbol("X")).attr[0]
    'dX'
    """
    name, structure = f"d{variable.attr[0]}", structure_of(variable)
    if structure is not None and not structure.free:
        message = f"a differential by a variable that is {structure.said} is not supported"
        raise Mistake("E-UNSUPPORTED", message, hint="without that declaration its entries are independent")
    return symbol(name, variable.shape, frozenset([MARK, *([structure.name] if structure is not None else [])]))


def build_expectation(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the expectation of what stands in the brackets."""
    names, subscript = node.value
    over = ", ".join(names) if names else "all that is not differentiated by"
    e.note(f"E[...] is an expectation over {clip(over, 60)}: a derivative goes inside it")
    return expectation_of(args[0], names, subscript)


def outside(sides: Sequence[Expr]) -> set[str]:
    """Return the names that stand in an equation outside expectations, too: those are not random.

    >>> from mcalc.notation import Scope, read
    >>> outside(read("E[a x] = a E[x]", Scope(), equation=True).sides)
    {'a'}
    """
    expected = {node for node in walk(*sides) if node.op is EXPECTATION} if len(sides) > 1 else set()
    waiting = [*sides] if expected else []
    bare = set(waiting)
    for node in waiting:
        args = node.args[:1] if node.op in (DERIVATIVE, DIFFERENTIAL) else node.args
        new = [arg for arg in args if arg not in bare] if node not in expected else []
        bare.update(new)
        waiting += new
    return {node.attr[0] for node in bare & {*symbols_in(*[node for node in waiting if node in expected])}}


def settled(found: Sequence[Expr], wrt: Iterable[str]) -> list[Expr]:
    """Return expressions in which expectations without a subscript go over all that nothing is differentiated by."""
    fixed = {*wrt}
    for node in [node for expr in found for node in walk(expr)]:
        if node.op is DERIVATIVE:
            fixed |= {(v if v.op.name == "symbol" else v.args[0]).attr[0] for v in node.args[1:]}
    if not fixed:
        return [*found]

    def said(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is EXPECTATION and node.attr.names is None:
            made = over_all_but(expectation_of(args[0], None, node.attr.subscript), fixed)
            if not made.attr.names and args[0].has(SYMBOL):
                said = "nothing in the brackets of E[...] is random: they hold only what is fixed"
                hint = "for the mean of the entries write mean(x), for what is random say so: E_x[...]"
                raise Mistake("E-AMBIG", said, hint=hint)
            return made
        return None

    return [rebuild(expr, said) for expr in found]


def opened(expr: Expr) -> Expr:
    """Return an expression in which it is open again what the expectations without a subscript go over."""

    def said(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        return expectation_of(args[0]) if node.op is EXPECTATION and not node.attr.subscript else None

    return rebuild(expr, said)


BUILDERS["expectation"] = build_expectation
