"""Declarations: ``w, x: R^n``, ``X: R^{N x n}``, ``s: R > 0``, ``S: R^{n x n} symmetric``, in ASCII or with ∈ ℝ."""

from __future__ import annotations

import re

from mcalc.dims import Dim
from mcalc.errors import Mistake, Span, clip
from mcalc.notation.around.rows import name_at
from mcalc.notation.names.scope import Scope, Signature
from mcalc.notation.surface.mistakes import mistake_at, shown
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import plain_name, plain_script
from mcalc.operators.leaves import symbol
from mcalc.operators.structures import STRUCTURES
from mcalc.patterns import pattern

PROPERTIES = {
    "symmetric": ("symmetric",), "sym": ("symmetric",), "posdef": ("posdef", "symmetric"),
    "pd": ("posdef", "symmetric"),
    "spd": ("posdef", "symmetric"), "psd": ("symmetric",), "positive": ("positive",), "pos": ("positive",),
    "skew": ("skew",), "skew-symmetric": ("skew",), "antisymmetric": ("skew",), "diagonal": ("diagonal",),
    "diag": ("diagonal",), "lower": ("lower",), "lower-triangular": ("lower",), "upper": ("upper",),
    "upper-triangular": ("upper",), "toeplitz": ("toeplitz",), "Toeplitz": ("toeplitz",),
    "orthogonal": ("orthogonal",), "stiefel": ("stiefel",), "Stiefel": ("stiefel",), "simplex": ("simplex",),
}  # fmt: skip
TRIANGULAR = frozenset(("lower", "upper"))
SQUARE = frozenset(STRUCTURES) - {"stiefel", "simplex"}
"""Properties that only a square matrix has."""
SEVERAL = "symmetric, posdef, skew, diagonal, lower, upper, toeplitz, orthogonal, stiefel, simplex and > 0"
_FIELD = pattern(r"\s*(R|ℝ|Real|reals?)(?![A-Za-z0-9_])\s*")
_SIZES = pattern(
    r"\^\s*(\{([^{}]*)\}|\(([^()]*)\)|([A-Za-zͰ-Ͽ0-9.]\w*(?:\s*×\s*(?![Rℝ])\w+|\s+x\s+\w+)?|-?[0-9.]+))|([⁰¹²³⁴-⁹ᴬ-ᵂᵃ-ᶻˡʳˢʷˣʸʰʲⁿ⁺ˣ]+)"
)
_CONE = pattern(r"\s*[S𝕊]\s*(?:_\{?(\+\+?)\}?)?\^(?:\{(\w+)\}|([^\W_]+))(?:_\{?(\+\+?)\}?)?\s*$")
"""S^n and S^n_{++}, the symmetric matrices and the positive definite ones."""
_AXES = pattern(r"\s*[×*]\s*|\s+x\s+|(?<=\b\w)x(?=\w\b)|(?<=[0-9}])\s*x\s*(?=[0-9])|\s*,\s*")
_ARROW = pattern(r"->|→|⟶|↦|\\to(?![A-Za-z])")
_SPACES = pattern(r",(?![^{(]*[})])|×(?=\s*(?:R|ℝ))")
"""What stands between the spaces of several arguments: ``R^n, R^m``, ``ℝⁿ × ℝᵐ``."""
_SIZE_TERM = pattern(r"\s*([+-]?)\s*([0-9]+(?:\.[0-9]+)?)?\s*([A-Za-zͰ-Ͽ]\w*(?:(?:\s*·\s*|\s+)[A-Za-zͰ-Ͽ]\w*)*)?\s*")


def declare(text: str, raw: list[Token], colon: int, scope: Scope) -> list[str]:
    """Declare what the raw tokens before `colon` name; return the names."""
    names = _names(raw[:colon], raw[colon])
    offset = raw[colon].end
    arrow = _ARROW.search(text, offset)
    if arrow is not None:
        return _declare_functions(text, names, offset, arrow, scope)
    shape, properties = _shape(text, offset)
    for name, start, end in names:
        not_a_size(name, Span(start, end, "declared here"), scope)
        _only_square(shape, properties, start, end)
        before = scope.variables.get(name)
        scope.forget(name)
        scope.variables[name] = symbol(name, shape, properties)
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
        shape, properties = _shape(text[: start + len(part)], start)
        arguments.append(shape)
        start += len(part) + 1
        if properties:
            said = "the arguments of a function have no properties"
            hint = "declare them of variables, and of what the function gives: A: R -> R^{n x n} symmetric"
            raise mistake_at("E-UNSUPPORTED", said, (offset, arrow.start()), "", hint)
    out, properties = _shape(text, arrow.end())
    for name, start, end in names:
        not_a_size(name, Span(start, end, "declared here"), scope)
        _only_square(out, properties, start, end)
        scope.forget(name)
        scope.maps[name] = Signature(tuple(arguments), out, properties & {"symmetric", "posdef"})
        scope.origins[name] = "declared" if scope.line is None else f"declared on line {scope.line}"
    for shape in (*arguments, out):
        _take_sizes(shape, names, offset, scope)
    return [name for name, _, _ in names]


def _only_square(shape: tuple[Dim, ...], properties: frozenset[str], start: int, end: int) -> None:
    square = sorted(properties & SQUARE - {"posdef"}, reverse=True)
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


def _shape(text: str, offset: int) -> tuple[tuple[Dim, ...], frozenset[str]]:
    """Return the shape and the properties that follow the colon."""
    rest = text[offset:].split("#", 1)[0].rstrip()
    if (cone := _CONE.match(rest)) is not None:
        size = cone[2] or cone[3]
        rest = f"R^{{{size} x {size}}} {'posdef' if '++' in (cone[1], cone[4]) else 'symmetric'}"
    field = _FIELD.match(rest)
    start = offset + len(rest) - len(rest.lstrip())
    if field is None:
        hint = "write x: R, x: R^n or X: R^{m x n}"
        if re.match(r"\s*\d+\s*\.\.", rest):
            hint = "write sum_{i=1}^{n} x_i"
            raise mistake_at("E-UNSUPPORTED", "index variables are bound by sums", (start, start + 1), "", hint)
        said = "this is no shape"
        raise mistake_at("E-SYNTAX", said, (offset - 1, max(offset + len(rest), start + 1)), "not read", hint)
    at = field.end()
    shape: tuple[Dim, ...] = ()
    sizes = _SIZES.match(rest, at)
    if sizes is not None:
        inside = next((g for g in (sizes[2], sizes[3], sizes[4]) if g is not None), None)
        where = sizes.start() + offset
        if inside is None:
            inside = plain_script(sizes[5].replace("ˣ", "×"))
        shape = tuple([_dim(part, where, sizes.end() + offset) for part in _AXES.split(inside.strip())])
        if len(shape) > 3:  # three are a family: a matrix A_i for each i
            said = f"a variable of {len(shape)} axes"
            hint = "vectors, matrices and families of matrices are declared"
            raise mistake_at("E-UNSUPPORTED", said, (where, sizes.end() + offset), "", hint)
        at = sizes.end()
    elif rest[at : at + 1] == "^":
        hint = "write R^n, R^3 or R^{m x n}"
        raise mistake_at("E-SYNTAX", "this is no size", (offset + at, offset + at + 1), "of what size?", hint)
    return shape, _properties(rest, at, offset)


def _dim(text: str, start: int, end: int) -> Dim:
    """Return a size: a positive whole number, a name, or a sum of products of them."""
    if text.isascii() and text.isidentifier():
        return Dim.named(plain_name(text))
    span = [Span(start, end, "not a size")]
    total = Dim.of(0)
    at = 0
    text = text.replace("−", "-").strip()
    if text[:1] + text[-1:] == "()":
        text = text[1:-1]
    if not text.strip():
        raise Mistake("E-SHAPE", "a size is missing", span, hint="write R^n, R^3 or R^{m x n}")
    while at < len(text):
        term = _SIZE_TERM.match(text, at)
        names = term[3].replace("·", " ").split() if term is not None and term[3] else []
        if term is None or not (term[2] or names) or (at and not term[1]) or ("x" in names and len(names) > 1):
            hint = "sizes are positive whole numbers, names, or sums of products of them"
            raise Mistake("E-SHAPE", f"'{clip(text)}' is no size", span, hint)
        if term[2] and "." in term[2]:
            raise Mistake("E-SHAPE", f"{clip(text)} is no size", span, hint="sizes are positive whole numbers or names")
        part = Dim.of(1)
        for name in names:
            part = part * Dim.named(plain_name(name))
        if term[2]:
            if len(term[2]) > 19:
                raise Mistake("E-LIMIT", "a size beyond 2⁶³", span)
            part = part * int(term[2])
        total = total + part * (-1 if term[1] == "-" else 1)
        at = term.end()
    if total.value is not None and total.value < 1:
        raise Mistake("E-SHAPE", f"{total.value} is no size", span, hint="sizes are positive whole numbers or names")
    return total


def _properties(rest: str, at: int, offset: int) -> frozenset[str]:
    found: set[str] = set()
    tail = rest[at:]
    positive = re.match(r"\s*>\s*0(?![\w.])", tail)
    if positive:
        found.add("positive")
        at += positive.end()
        tail = rest[at:]
    for match in re.finditer(r"\S+", tail):
        word = match[0].strip(",.")
        if not word or (word in ("is", "are", "and", "a") and tail[match.end() :].strip(",. ")):
            continue
        if word in ("matrix", "matrices") and found:
            continue  # symmetric matrix
        if word == "triangular" and found & TRIANGULAR:
            continue
        if word not in PROPERTIES:
            start = offset + at + match.start()
            hint = f"{SEVERAL} may follow a shape; ; separates declarations"
            said = f"'{shown(word)}' is no property"
            raise mistake_at("E-SYNTAX", said, (start, start + len(match[0])), "not read", hint)
        found.update(PROPERTIES[word])
    return frozenset(found)


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
