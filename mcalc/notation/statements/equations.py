"""Statements with an equals sign or a colon: declarations, definitions of values and functions, claims."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.dims import Shape, shape_text
from mcalc.errors import Mistake, Span, clip
from mcalc.expr import Expr
from mcalc.notation.around.rows import EQUALS, Head, parted, top_level
from mcalc.notation.around.said_in_words import Said
from mcalc.notation.meaning.assumed import of_functions
from mcalc.notation.meaning.expressions import elaborate, finish, reading_of
from mcalc.notation.meaning.free_indices import over_left, stacked
from mcalc.notation.meaning.products import NO_PRODUCT
from mcalc.notation.names.differentials import are_moved, moved_in, moved_names
from mcalc.notation.names.resolve import read_trees
from mcalc.notation.names.scope import Function, Reading, Scope
from mcalc.notation.shapes.doubts import undeclared
from mcalc.notation.shapes.unknowns import DERIVED
from mcalc.notation.statements.declare import declare
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Partial, Token, walk_syntax
from mcalc.notation.surface.words import is_function


def read_declaration(text: str, raw: list[Token], colon: int, scope: Scope) -> Reading:
    """Read names and what they are, as in ``x: R^n``; the colon stands at a place of the tokens."""
    after = scope.copy()
    declared = declare(text, raw, colon, after)
    reading = Reading("declaration", after)
    reading.name = ", ".join(declared)
    reading.names = {name: after.variables[name] for name in declared if name in after.variables}
    reading.maps = {name: after.maps[name] for name in declared if name in after.maps}
    for name in declared:
        if name not in reading.names and name not in reading.maps:
            said = Said([clip(name)], after.properties.get(name, frozenset()), after.orders.get(name))
            reading.notes.append(f"{said.note}, of the size that its uses say")
    for name, variable in reading.names.items():
        before = scope.variables.get(name)
        if before is not None and before is not variable and scope.origins.get(name, "").startswith("declared"):
            one, two = [" ".join([shape_text(v.shape), *sorted(v.attr[2])]) for v in (before, variable)]
            reading.notes.append(f"{clip(name)} was declared a {one}; from here on it is a {two}")
    return reading


def read_definition(
    text: str, raw: list[Token], equals: int, head: Head, scope: Scope,
    hints: dict[str, int], notes: list[str], shape: Shape | None, words: list[str],
) -> Reading:  # fmt: skip
    """Read ``z = ...`` or ``f(t) = ...``."""
    name, parameters, at = head
    full = name.full
    if equals + 1 == len(raw):
        raise mistake_at("E-SYNTAX", "nothing follows the '='", raw[equals], "what is it?")
    if full == "e":
        notes.append("e is a name from here on; Euler's number is exp(1)")
    elif is_function(full) and len(full) > 1:
        notes.append(f"{full} is a name from here on, not the function")
    own = [p.full for p in parameters or ()]
    if len(set(own)) < len(own):
        raise mistake_at("E-SYNTAX", "two parameters have one name", (at, raw[equals].start))
    [tree] = read_trees(text, [raw[equals + 1 :]], without(scope, own), [*words, *own], notes)
    place = Span(at.start, at.end)
    if parameters is not None:
        tree = with_entries(tree, parameters)
        return define_function(text, tree, full, tuple(own), place, scope, hints, notes)
    whole = over_left(tree, name, scope, [])
    if whole is not tree:
        notes.append(f"{clip(name.base)} has the entries {clip(full)}")
        full = name.base
    return define_value(text, whole, full, place, scope, hints, notes, shape)


def refuse_free(reading: Reading, right: list[Token], head: Head) -> None:
    """Refuse the definition of a name by what an index is free in: it would be another one for each of its values."""
    free = sorted({str(index.attr[0]) for index in reading.expr.free}) if reading.expr is not None else []
    if free:
        name, i = clip(head[0].full), free[0]
        said = f"the index {i} is bound by no sum, and {name} does not run with it"
        hint = f"let it run with {i}, {clip(head[0].base)}_{i} = ..., or leave the index out"
        if head[1] is not None:
            hint = f"leave {i} out here, and take the entry of what it gives: {name}(x)_{i}"
        raise mistake_at("E-NAME", said, (right[0], right[-1]), f"one for every {i}", hint)


def with_entries(tree: Node, parameters: Sequence[Name]) -> Node:
    """Let the entries of parameters with subscripts be theirs: in k(x_i, x_j) what is called x_{i,k} is (x_i)_k."""
    own = {p.full: p for p in parameters if p.sub is not None}
    for node in list(walk_syntax(tree)) if own else ():
        sub = node.value.sub if node.kind == "name" else None
        first, comma, rest = (sub or "").partition(",")
        of = own.get(Name(node.value.base, first).full) if comma and node.kind == "name" else None
        if of is not None:
            node.parts, node.kind, node.value = [Node("name", node.start, node.end, (), of)], "subscript", rest
    return tree


def with_left(tree: Node, name: str, hints: dict[str, int]) -> dict[str, int]:
    r"""Return the orders that bold letters hint at, with that of what a function gives: \mathbf{y} = f(x)."""
    if name not in hints or tree.kind != "call" or type(tree.value) is not Partial or tree.value.full in hints:
        return hints
    return {**hints, tree.value.full: hints[name]}


def define_value(
    text: str, tree: Node, full: str, at: Span, scope: Scope, hints: dict[str, int], notes: list[str],
    shape: Shape | None,
) -> Reading:  # fmt: skip
    """Give a name the value of a tree; `at` is where it is defined."""
    after = scope.copy()
    if full not in after.definitions and full not in after.variables and _mentions(tree, full):
        hint = f"give it a value first, or declare it: {clip(full)}: R"
        raise mistake_at("E-NAME", f"{clip(full)} is defined by itself", at, "not defined yet", hint)
    [expr], elaborator = elaborate(text, [tree], after, with_left(tree, full, hints), notes, [], [shape])
    for assumed, value in elaborator.assumed.items():
        # Later statements that use the definition must mean the same variables.
        if assumed != full:
            after.assume(assumed, value)
    for name, known in {**of_functions([expr]), **elaborator.maps}.items():  # those of ans, too
        after.maps.setdefault(name, known)
    before = after.variables.get(full)
    after.forget(full)
    if before is not None:
        after.outdate(before)
    after.definitions[full] = expr
    after.made_with[full] = {name: meaning for name, meaning in meanings_in(tree, scope).items() if name != full}
    return reading_of(expr, elaborator, after, notes, full, "definition")


def read_right_side(
    text: str, raw: list[Token], head: Head, made: Reading, scope: Scope,
    hints: dict[str, int], wanted: list[Name], words: list[str],
) -> Reading:  # fmt: skip
    """Read the right-hand side of a definition, `made`, as the expression that is meant; its name is kept.

    The parameters of a function are the variables that are declared under their names, else undeclared ones.
    """
    own = head[1] or []
    notes: list[str] = []
    inner = without(scope, [p.full for p in own])
    [tree] = read_trees(text, [raw], inner, [*words, *[n.full for n in (*wanted, *own)]], notes)
    tree = over_left(tree, head[0], inner, wanted) if head[1] is None else with_entries(tree, own)
    names = [*wanted, *[p for p in own if p.full not in inner.variables and p.full not in inner.definitions]]
    left = head[0] if head[1] is None and tree.kind != "over" else None
    hints = with_left(tree, head[0].full, hints)
    found, elaborator = elaborate(text, [tree], inner, hints, notes, names, [None], left)
    return reading_of(found[0], elaborator, made.scope, notes, made.name)


def without(scope: Scope, parameters: list[str]) -> Scope:
    """Return the scope in which a function's body is read: its parameters hide functions of their name."""
    if not any([p in scope.functions for p in parameters]):
        return scope
    inner = scope.copy()
    for parameter in parameters:
        inner.functions.pop(parameter, None)
    return inner


def meanings_in(tree: Node, scope: Scope) -> dict[str, Expr | Function]:
    """Return what the names in a tree mean: variables, definitions and functions; a row x_i may be one of X."""
    found: dict[str, Expr | Function] = {}
    for node in walk_syntax(tree):
        if node.kind not in ("name", "call"):
            continue
        name: Name = node.value
        sample = [name.base.upper()] if name.sub is not None and len(name.base) == 1 else []
        for known in (name.full, name.base, *sample):
            meaning = scope.meaning(known)
            if meaning is not None and (known == name.full or type(meaning) is not Function):
                found.setdefault(known, meaning)
                break
    return found


def _mentions(tree: Node, name: str, kinds: tuple[str, ...] = ("name", "call")) -> bool:
    return any([node.kind in kinds and node.value.full == name for node in walk_syntax(tree)])


def define_function(
    text: str, tree: Node, full: str, own: tuple[str, ...], at: Span, scope: Scope, hints: dict[str, int],
    notes: list[str],
) -> Reading:  # fmt: skip
    """Keep a function's body; it is tried once, with parameters of the shapes that their use suggests."""
    if _mentions(tree, full, ("call",)):
        hint = "recursion has no formula"
        raise mistake_at("E-NAME", f"{clip(full)} calls itself", at, "a recursive definition", hint)
    after = scope.copy()
    meanings = {name: meaning for name, meaning in meanings_in(tree, after).items() if name not in own}
    function = Function(full, own, tree, text, meanings)
    function.fonts = {name: order for name, order in hints.items() if name in own}
    reading = Reading("function", after)
    reading.name = full
    try:
        inner = after.copy()
        for parameter in own:
            inner.forget(parameter)
        found, elaborator = elaborate(text, [tree], inner, hints, notes, [Name(p) for p in own], [None])
        reading.expr = found[0]
        reading.names = {p: elaborator.assumed[p] for p in own if p in elaborator.assumed}
    except Mistake as mistake:
        # With arguments of other shapes the body may be all right.
        if mistake.code not in ("E-SHAPE", "E-AMBIG", "E-UNSUPPORTED"):
            raise
    after.forget(full)
    after.functions[full] = function
    after.origins[full] = "defined"
    reading.notes = notes
    return reading


def read_claim(
    text: str, raw: list[Token], scope: Scope, hints: dict[str, int], notes: list[str], before: Expr | None,
    words: list[str], *, any_equation: bool,
) -> Reading:  # fmt: skip
    """Read ``a = b``, ``a = b = c`` or, going on from what stands `before` it, ``= b``; each side is a tree of its own.

    Without `any_equation` the first side must have a derivative in it, or be what stands before. Where all is declared,
    and the second of two sides fits no shapes, the claim is wrong: its `misfit` says why.
    """
    pieces = parted(raw, EQUALS)
    signs = [raw[place] for place in top_level(raw) if raw[place].type in EQUALS]
    goes_on = not pieces[0]
    if goes_on and before is None:
        hint = "a line that begins with = goes on from the line before it, an expression or a claim"
        raise mistake_at("E-SYNTAX", "nothing stands before the '='", signs[0], "equal to what?", hint)
    for piece, sign in zip(pieces[1:], signs, strict=True):
        if not piece:
            raise mistake_at("E-SYNTAX", "nothing follows the '='", sign, "what is it?")
    if "d" in scope.sizes and not scope.moving and are_moved(pieces):
        scope = scope.copy()
        scope.moving = frozenset(moved_names(raw))
    trees = read_trees(text, [piece for piece in pieces if piece], scope, words, notes)
    kinds = {n.kind for n in walk_syntax(trees[0])}
    if not (any_equation or goes_on) and kinds.isdisjoint(DERIVED):
        said = "an equation defines a name, or claims a derivative"
        hint = f"mcalc check tells whether two sides are equal; write d/dx ... {signs[0].text} ... for a claim"
        raise mistake_at("E-SYNTAX", said, trees[0], "neither a name nor a derivative", hint)
    after = scope.copy()
    known = [before.shape if before is not None and goes_on else None] * len(trees)
    reading = Reading("claim", after)
    try:
        found, elaborator = elaborate(text, trees, after, hints, notes, [], known)
    except Mistake as mistake:
        fits = mistake.code != "E-SHAPE" and mistake.message != NO_PRODUCT
        if fits or len(trees) != 2 or undeclared(trees, after, hints, []) is not None:
            raise
        found, elaborator = elaborate(text, trees[:1], after, hints, notes, moved_in(trees), known[:1])
        reading.misfit = mistake
    found = _as_wholes(found, notes)
    reading.sides = [before, *found] if goes_on and before is not None else found
    reading.expr = reading.sides[0]
    finish(reading, elaborator, notes)
    return reading


def _as_wholes(sides: list[Expr], notes: list[str]) -> list[Expr]:
    """Return sides that give the entries of another one as wholes: ∂/∂x xᵀAx = Σ_j (A_ij + A_ji) x_j, over i."""
    bare = next((side for side in sides if side.order and not side.free), None)
    if bare is None:
        return sides
    made: list[Expr] = []
    for side in sides:
        indices = sorted(side.free, key=lambda index: str(index.attr[0]))
        whole = stacked(side, indices) if len(indices) == bare.order and not side.order else None
        if whole is not None:
            names = " and ".join([str(index.attr[0]) for index in indices])
            notes.append(f"a side with {names} free is taken for the entries of the other over {names}")
        made.append(side if whole is None else whole)
    return made
