"""Declarations: ``w, x: R^n``, ``S: R^{n x n} symmetric``, ``f: R^n -> R``; without sizes, ``S: symmetric``."""

from __future__ import annotations

import re

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, Span, clip
from mcalc.notation.around.rows import name_at
from mcalc.notation.names.scope import Scope, Signature
from mcalc.notation.statements.spaces import Space, space_at
from mcalc.notation.surface.mistakes import mistake_at, shown
from mcalc.notation.surface.properties import SQUARE
from mcalc.notation.surface.syntax import Token
from mcalc.operators.leaves import symbol
from mcalc.operators.structures import STRUCTURES
from mcalc.patterns import pattern

_ARROW = pattern(r"->|→|⟶|↦|\\to(?![A-Za-z])")
_SPACES = pattern(r",(?![^{(]*[})])|×(?=\s*(?:R|ℝ))")
"""What stands between the spaces of several arguments: ``R^n, R^m``, ``ℝⁿ × ℝᵐ``."""


def declare(text: str, raw: list[Token], colon: int, scope: Scope) -> list[str]:
    """Declare what the raw tokens before `colon` name; return the names."""
    names = _names(raw[:colon], raw[colon])
    offset = raw[colon].end
    arrow = _ARROW.search(text, offset)
    if arrow is not None:
        return _declare_functions(text, names, offset, arrow, scope)
    space = space_at(text, offset)
    if space.shape is None:
        for name, start, end in names:
            _say(name, space, Span(start, end, "declared here"), scope)
        return [name for name, _, _ in names]
    shape = space.shape
    for name, start, end in names:
        not_a_size(name, Span(start, end, "declared here"), scope)
        scope.orders.pop(name, None)
        properties = space.properties | scope.properties.pop(name, frozenset())
        _only_square(shape, properties, start, end)
        before = scope.variables.get(name)
        scope.forget(name)
        scope.variables[name] = symbol(name, shape, properties - {"square"})
        if before is not None and before is not scope.variables[name]:
            scope.outdate(before)
        scope.origins[name] = "declared" if scope.line is None else f"declared on line {scope.line}"
    _take_sizes(shape, names, offset, scope)
    return [name for name, _, _ in names]


def _declare_functions(
    text: str, names: list[tuple[str, int, int]], offset: int, arrow: re.Match[str], scope: Scope
) -> list[str]:
    """Declare what functions take and give: ``f: R^n -> R^m``, ``g: R^n, R -> R``."""
    arguments: list[tuple[Dim, ...]] = []
    start = offset
    for part in _SPACES.split(text[offset : arrow.start()]):
        space = _whole_space(text[: start + len(part)], start)
        arguments.append(space.shape or ())
        start += len(part) + 1
        if space.properties:
            said = "the arguments of a function have no properties"
            hint = "declare them of variables, and of what the function gives: A: R -> R^{n x n} symmetric"
            raise mistake_at("E-UNSUPPORTED", said, (offset, arrow.start()), "", hint)
    space = _whole_space(text, arrow.end())
    out, properties = space.shape or (), space.properties
    for name, start, end in names:
        not_a_size(name, Span(start, end, "declared here"), scope)
        _only_square(out, properties, start, end)
        scope.forget(name)
        scope.maps[name] = Signature(tuple(arguments), out, properties & {"symmetric", "posdef"})
        scope.origins[name] = "declared" if scope.line is None else f"declared on line {scope.line}"
    for shape in (*arguments, out):
        _take_sizes(shape, names, offset, scope)
    return [name for name, _, _ in names]


def _whole_space(text: str, offset: int) -> Space:
    """Return the space that an argument or a value of a function is in, whose sizes have to be there."""
    space = space_at(text, offset)
    if space.shape is None:
        said = "a function takes and gives what has a shape"
        raise mistake_at("E-SYNTAX", said, (offset, len(text)), "of what size?", "write f: R^n -> R")
    return space


def _say(name: str, space: Space, where: Span, scope: Scope) -> None:
    """Take in what is said of a name without its shape, which its uses say: that it is symmetric, or a vector."""
    not_a_size(name, where, scope)
    known = scope.variables.get(name)
    if known is None or scope.origins.get(name) == "assumed":
        scope.forget(name)
        if space.order is not None:
            scope.orders[name] = space.order
        if space.properties:
            scope.properties[name] = scope.properties.get(name, frozenset()) | space.properties
        return
    if space.order not in (None, known.order):
        said = f"{clip(name)} was declared a {shape_text(known.shape)}"
        hint = "declare it anew with its sizes: x: R, x: R^n or X: R^{m x n}"
        raise Mistake("E-SHAPE", said, [where], hint)
    properties = known.attr[2] | space.properties
    _only_square(known.shape, properties, where.start, where.end)
    scope.variables[name] = symbol(name, known.shape, properties - {"square"})
    if scope.variables[name] is not known:
        scope.outdate(known)


def _only_square(shape: tuple[Dim, ...], properties: frozenset[str], start: int, end: int) -> None:
    square = sorted((properties & SQUARE) - {"posdef"}, reverse=True)
    if square and (len(shape) != 2 or shape[0] is not shape[1]):
        hint = f"write S: R^{{n x n}} {square[0]}"
        raise mistake_at("E-SHAPE", f"only a square matrix is {square[0]}", (start, end), "declared here", hint)
    for word, order, hint in (("stiefel", 2, "Q: R^{n x k} stiefel"), ("simplex", 1, "p: R^n simplex")):
        if word in properties and len(shape) != order:
            said = f"only a {'matrix' if order == 2 else 'vector'} is {word}"
            raise mistake_at("E-SHAPE", said, (start, end), "declared here", f"write {hint}")
    if len((properties - {"posdef"}) & STRUCTURES.keys()) > 1:
        said = f"{' and '.join(sorted(properties & STRUCTURES.keys()))} at once are not supported"
        raise mistake_at("E-UNSUPPORTED", said, (start, end), "declared here")


def _take_sizes(shape: tuple[Dim, ...], names: list[tuple[str, int, int]], offset: int, scope: Scope) -> None:
    for dim in shape:
        for size_name in dim.names:
            if size_name in scope.variables or size_name in scope.definitions:
                said = f"{size_name} has a meaning already, and cannot be a size of {names[0][0]} too"
                hint = "a size is a number in formulas without being declared; or call the size otherwise"
                raise mistake_at("E-NAME", said, (names[0][1], max(offset, names[0][2])), "declared here", hint)
            scope.sizes.setdefault(size_name, Dim.named(size_name))


def not_a_size(name: str, where: Span, scope: Scope) -> None:
    """Refuse another meaning for what is a size: printed, as in the mean of x: R^n, the two would not be told apart."""
    variables = scope.variables.items() if name in scope.sizes else ()
    user = next((user for user, value in variables if any([name in dim.names for dim in value.shape])), None)
    if user is not None:
        said = f"{name} is a size of {user}, and cannot mean something else too"
        hint = f"in a formula {name} is that size, a number, without being declared; call anything else otherwise"
        raise Mistake("E-NAME", said, [where], hint)


def _names(raw: list[Token], colon: Token) -> list[tuple[str, int, int]]:
    """Return the names of a declaration: words with subscripts, separated by commas."""
    found: list[tuple[str, int, int]] = []
    place = 0
    while place < len(raw):
        token = raw[place]
        if token.type != "WORD":
            hint = "a declaration is written x: R^n" if token.type != "OTHER" else ""
            if token.type in ("NUMBER", "LPAR"):
                hint = "names are declared, not expressions: x: R^n"
            raise mistake_at("E-SYNTAX", f"'{shown(token.text)}' is no name", token, "unexpected", hint)
        name, place = name_at(raw, place)
        assert name is not None
        found.append((name.full, token.start, raw[place - 1].end))
        if place < len(raw):
            if raw[place].type != "COMMA":
                bad = raw[place]
                said = f"'{shown(bad.text)}' cannot stand in a list of names"
                hint = (
                    "write w, x: R^n" if bad.type == "WORD" else "this is no Python: type a formula, such as d/dx x^2"
                )
                raise mistake_at("E-SYNTAX", said, bad, "unexpected", hint)
            place += 1
            if place == len(raw):
                raise mistake_at("E-SYNTAX", "a name is missing after the comma", raw[-1])
    if not found:
        raise mistake_at("E-SYNTAX", "what is declared?", colon, "no name before it", "write x: R^n")
    return found


def with_properties(
    scope: Scope, said: dict[str, frozenset[str]], kinds: dict[str, int], hints: dict[str, int]
) -> tuple[Scope, dict[str, int]]:
    """Return a scope in which names are of the kinds, and have the properties, that were said of them, and hints."""
    changed = scope.copy()
    changed.orders.update(kinds)
    orders = dict(hints)
    for name, properties in said.items():
        variable = scope.variables.get(name)
        if variable is None:
            changed.properties[name] = properties
            orders[name] = 2
        elif variable.is_square:
            changed.variables[name] = symbol(name, variable.shape, variable.attr[2] | properties)
    return changed, orders
