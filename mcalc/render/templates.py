"""A template for each `Operator.layout`: the level its text stands at, and its parts in order.

Templates know no glyphs, those come from the emitter's face. What an operator's row leaves at the layout "call" needs
no template: it prints as its name and its arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator
from mcalc.operators.abstract import MAP, is_gradient
from mcalc.operators.leaves import decimal, is_fraction, is_number
from mcalc.operators.solutions import shifted
from mcalc.render.faces import (
    ADD,
    AND,
    ATOM,
    COMPARE,
    ELEMENTWISE,
    NEG,
    OPEN,
    OR,
    POWER,
    PRODUCT,
    Emitter,
    Face,
    Item,
    Template,
    separated,
)
from mcalc.render.glyphs import is_negative
from mcalc.render.index_notation import cut, einsum, element, sliced
from mcalc.render.naming import may_lose
from mcalc.render.product_templates import is_odd_negative, matmul, mul, power_parts, raised


def _call(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    face = emitter.face
    if node.op.kind != "elementwise" and not emitter.reducing:
        emitter.reducing = may_lose(node)
    if node.op.name == "abs" and not node.order:
        bars = face.absolute(node.args[0])
        if bars is not None:
            return ATOM, bars
    inner = separated([(arg, OR) for arg in node.args], face.comma)
    return ATOM, [(face.function(emitter, node), "function"), face.opening, *inner, face.closing]


def _along(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A reduction of each row or column, `sum(A, rows)`, conv(h, x, same); the word is the last argument."""
    emitter.reducing = emitter.reducing or may_lose(node)
    _, name, axis = node.op.layout.split()
    face = emitter.face
    inner = separated([*[(arg, OR) for arg in node.args], face.axis(axis)], face.comma)
    return ATOM, [face.word(name), face.opening, *inner, face.closing]


def _number(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    value = node.attr
    face = emitter.face
    if is_fraction(value):
        if value < 0:
            return NEG, [face.sign, *face.rational(-value)]
        return ATOM if decimal(value) else PRODUCT, face.rational(value)
    if is_negative(value):
        return NEG, (face.sign, (face.number(-value), "number"))
    return ATOM, ((face.number(value), "number"),)


def _symbol(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    name = node.attr[0]
    return ATOM, ((emitter.face.symbol(emitter, name, node), "name"),)


def _size(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    terms = node.attr.terms
    names, count = terms[0]
    level = ADD if len(terms) > 1 else NEG if count < 0 else PRODUCT if count > 1 or len(names) > 1 else ATOM
    return level, (emitter.face.size(node.attr),)


def _sized(emitter: Emitter, name: str, sizes: Sequence[Dim]) -> tuple[int, list[Item]]:
    """A constant tensor by its name and sizes: `ones(m, n)`."""
    below = emitter.face.sized(name, sizes)
    return (ATOM, below) if below is not None else _called_by_sizes(emitter, name, sizes)


def _called_by_sizes(emitter: Emitter, name: str, sizes: Sequence[Dim]) -> tuple[int, list[Item]]:
    face = emitter.face
    inner = separated([face.size(dim) for dim in sizes], face.comma)
    return ATOM, [face.word(name), face.opening, *inner, face.closing]


def _eye(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    emitter.constants = True
    if "I" in emitter.taken:
        return _sized(emitter, "eye", (node.attr,))
    if node in emitter.sized:
        return _sized(emitter, "I", (node.attr,))
    return ATOM, (emitter.face.identity,)


def _alike(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    """Ones or zeros at all places."""
    emitter.constants = True
    if node.order == 1 and node not in emitter.sized:
        return ATOM, (emitter.face.one_vector if node.op.layout == "ones" else emitter.face.zero_vector,)
    return _sized(emitter, node.op.layout, node.attr)


def _unit(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    face = emitter.face
    return ATOM, [face.word("unit"), face.opening, (node.args[0], OR), face.comma, face.size(node.attr), face.closing]


def _selection(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    before, own, total = node.attr
    name = "eye" if "I" in emitter.taken else "I"
    return ATOM, [*_called_by_sizes(emitter, name, (total,))[1], *cut(emitter, (None, (before, own)))]


def _add(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A chain of signs: a term with a negative leading number is subtracted."""
    face = emitter.face
    named = emitter.named
    out: list[Item] = []
    for term in node.args:
        if not out:
            out.append((term, NEG))
            continue
        layout = term.op.layout
        if not (named and term in named):
            if layout == "mul":
                lead = term.args[0]
                if lead.op.layout == "number" and is_negative(lead.attr) and not is_odd_negative(term):
                    out.append(face.minus)
                    out.extend(mul(emitter, term, signed=False)[1])
                    continue
            elif layout == "number" and is_negative(term.attr):
                out.append(face.minus)
                out.extend(list(_number(emitter, term)[1])[1:])
                continue
        out.append(face.plus)
        out.append((term, OPEN))
    return ADD, out


def _compare(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    return COMPARE, ((node.args[0], ADD), emitter.face.comparison(node.op), (node.args[1], ADD))


def _logic(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    level, below = (OR, AND) if node.op.layout == "logic or" else (AND, COMPARE)
    return level, separated([(arg, below) for arg in node.args], emitter.face.comparison(node.op))


def _cases(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    args = node.args
    rows: list[tuple[Expr, Expr | None]] = list(zip(args[0::2], args[1::2], strict=False))
    if len(args) % 2:
        rows.append((args[-1], None))
    return POWER, emitter.face.braces(rows)


def _dot(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    emitter.reducing = emitter.reducing or may_lose(node)
    return ELEMENTWISE, ((node.args[0], PRODUCT), emitter.face.dot, (node.args[1], PRODUCT))


def _transpose(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    of = node.args[0]
    if of.op.layout == "apply" and of not in emitter.named and is_gradient(of):
        return _undefined(emitter, of)
    inverse = of.op.layout == "inverse" and of not in emitter.named
    return POWER, ((of.args[0] if inverse else of, ATOM), emitter.face.transposed(emitter, inverse))


def _inverse(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    face = emitter.face
    return POWER, ((node.args[0], ATOM), face.inverse if node.op.layout == "inverse" else face.pseudoinverse)


def _resolvent(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    """The pseudoinverse of λI - S, which says what it is."""
    return POWER, ((shifted(*node.args[:2]), ATOM), emitter.face.pseudoinverse)


def _matrix_power(emitter: Emitter, node: Expr) -> tuple[int, Sequence[Item]]:
    """A power of a matrix that is no product: A^(1/2)."""
    base, exponent = node.args
    return POWER, ((base, ATOM), *raised(emitter, exponent))


def _frechet(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A derivative of a function of a matrix, L_exp(A, E); its order is said where fewer directions stand there."""
    face = emitter.face
    emitter.reducing = emitter.reducing or may_lose(node)
    order: list[Item] = [] if node.attr is None else [(str(node.attr), "number")]
    inner = separated([*[(arg, OR) for arg in node.args], *order], face.comma)
    return ATOM, [face.word(node.op.name), face.opening, *inner, face.closing]


def _norm(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    emitter.reducing = emitter.reducing or may_lose(node)
    return ATOM, emitter.face.norm(emitter, node.args[0], node.op.layout == "norm 1")


def _binder(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A sum or product over an index; two of them over the pairs of different values are one: `Σ_{i ≠ j}^{n}`."""
    face = emitter.face
    index, body = node.args
    first, last, *without = index.args
    glyph = face.big(emitter, node.op.layout)
    inner = _other_of_pair(emitter, node)
    if inner is not None:
        limits = face.limits([(index, ATOM), face.excluded, (inner, ATOM)], last)
        return OPEN, [glyph, *limits, *_body(emitter, body, body.args[1])]
    lower: list[Item] = [(index, ATOM), ("=", "index"), (first, ADD)]
    for out in without:
        lower += [face.comma, (index, ATOM), face.excluded, (out, ADD)]
    return OPEN, [glyph, *face.limits(lower, last), *_body(emitter, node, body)]


def _other_of_pair(emitter: Emitter, node: Expr) -> Expr | None:
    """The index of the sum right inside, where it runs as far as the outer one and leaves out just its value.

    The outer letter is the earlier one: Σ_{j ≠ i} is said of one i as well.
    """
    index, body = node.args
    if body.op is not node.op or body in emitter.named or node in emitter.local or len(index.args) != 2:
        return None
    inner = body.args[0]
    first, last = index.args
    plain = inner.args == (first, last, index) and first.attr == 1 and index.attr[0] < inner.attr[0]
    return inner if plain else None


def _body(emitter: Emitter, binder: Expr, body: Expr) -> list[Item]:
    """The body of a sum, which takes all that follows in its product, so that only a product goes without ()."""
    inner = emitter.local.get(binder)
    if inner:
        return [emitter.face.opening, (body, OR), *_definitions(emitter, inner), emitter.face.closing]
    plain = body in emitter.named or body.op.layout not in {"dot", "mul"} or not _is_elementwise(body)
    plain = plain and (binder.op.layout != "product" or body in emitter.named or _ends_with(body, binder.args[0]))
    return [(body, OPEN if plain else POWER)]


def _ends_with(body: Expr, index: Expr) -> bool:
    """Say whether all factors run with an index but for some at the beginning, as they do not in Π_i x_i y."""
    below = [arg for arg in body.args if arg.op.name == "pow" and is_number(arg.args[1]) and arg.args[1].attr < 0]
    return body.op.layout not in ("mul", "matmul") or all([index in arg.free for arg in [*below, body.args[-1]]])


def _is_elementwise(body: Expr) -> bool:
    """Say whether a product is written with `·` or `⊗`."""
    return (
        body.op.layout == "dot"
        or sum([1 for a in body.args if a.shape]) > 1
        or any([bool(a.shape) and a.op.layout == "pow" for a in body.args])
    )


def _definitions(emitter: Emitter, inner: list[Expr]) -> list[Item]:
    """The definitions, inside the body of a sum, of the named parts in which its index is free."""
    face = emitter.face
    out: list[Item] = []
    for node in inner:
        out.append(face.and_where if out else face.where)
        out.append((face.symbol(emitter, emitter.named[node], node), "name"))
        out.append(face.equals)
        out.extend(template_of(face, node.op)(emitter, node)[1])
    return out


def _block(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    emitter.reducing = emitter.reducing or may_lose(node)
    rows, columns = node.attr
    return ATOM, emitter.face.matrix(rows, columns, node.args)


def _apply(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """An undefined function or a derivative of one: f′(t), ∇f(x), J_f(x), ∂₁f(x, y), p(x | θ)."""
    if is_gradient(node):
        return POWER, [*_undefined(emitter, node)[1], emitter.face.transposed(emitter, False)]
    return _undefined(emitter, node)


def _undefined(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    face = emitter.face
    name, orders, out_shape, behind, _ = node.attr
    mark = ""
    if len(orders) == 1 and node.args[0].order == 1 and node.op is MAP:
        of_vectors = orders[0] == 1 and len(out_shape) == 1 and "J" not in emitter.taken and "_" not in name
        of_numbers = ("", "gradient", "hessian", "")[min(orders[0], 3)] if not out_shape else ""
        mark = "jacobian" if of_vectors else of_numbers
    out: list[Item] = [*face.applied(name, orders, mark), face.opening]
    for place, arg in enumerate(node.args):
        if place:
            out.append(_between(face, behind, place))
        out.append((arg, OR))
    out.append(face.closing)
    return (POWER if (len(orders) > 1 and any(orders)) or mark in ("gradient", "hessian") else ATOM), out


def _expectation(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """An expectation with what it goes over: E[w · x], E_x[...]; where a variable is called E, 𝔼."""
    emitter.reducing = emitter.reducing or may_lose(node)
    face, below = emitter.face, node.attr.subscript
    script = [face.subscript(below)] if below.isalnum() else [(f"_{{{below}}}", "index")] if below else []
    return ATOM, [face.expected, *script, face.left, (node.args[0], OR), face.right]


def _between(face: Face, behind: tuple[str, int], place: int) -> Item:
    """The sign before an argument; before the first of the parameters it is another one."""
    sign, first = behind
    return face.comma if not sign or place != first else face.given if sign == "|" else face.semicolon


def _derivative(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A derivative to be taken, `∂/∂w f(w)`; in a derivation, that of a variable is a quotient, `∂u/∂w`."""
    body, *variables = node.args
    face = emitter.face
    mark = face.partial if emitter.marks is None else face.mark(*emitter.marks.of(node))
    by = variables[0]
    if emitter.marks is not None and len(variables) == 1 and _is_name(body) and body is not by:
        return POWER, face.quotient(mark, (body, ATOM), (by, ATOM))
    return OPEN, [*face.differential(emitter, variables, mark), (body, POWER)]


def _differential(emitter: Emitter, node: Expr) -> tuple[int, list[Item]]:
    """A differential to be worked out: `d(A X B)`, `d²(...)`; of a call `d det(X)`."""
    body, face = node.args[0], emitter.face
    sign: list[Item] = [(face.straight, "operator")]
    if node.attr > 1:
        sign.append(face.short_power(str(node.attr)))
    if body.op.layout.startswith("call"):
        return POWER, [*sign, face.space, (body, ATOM)]
    return ATOM, [*sign, face.opening, (body, OR), face.closing]


def _is_name(node: Expr) -> bool:
    """Say whether a node is a variable, or an element of one whose subscripts need no braces."""
    if node.op.layout == "element":
        node, *at = node.args
        return node.order == 1 and node.op.layout == "symbol" and "_" not in node.attr[0] and at[0].op.layout == "index"
    return node.op.layout == "symbol"


TEMPLATES: dict[str, Template] = {
    "call": _call, "number": _number, "symbol": _symbol, "size": _size, "eye": _eye, "ones": _alike, "zeros": _alike,
    "pi": lambda emitter, node: (ATOM, (emitter.face.pi,)),
    "index": lambda emitter, node: (ATOM, (emitter.face.index(node.attr[0]),)),
    "unit": _unit, "selection": _selection, "slice": sliced, "along": _along,
    "add": _add, "mul": mul, "pow": power_parts, "compare": _compare, "logic": _logic, "cases": _cases, "dot": _dot,
    "matmul": matmul, "transpose": _transpose, "inverse": _inverse, "pseudoinverse": _inverse,
    "resolvent": _resolvent, "matrix_power": _matrix_power, "frechet": _frechet, "einsum": einsum,
    "norm": _norm, "element": element, "sigma": _binder, "product": _binder, "block": _block, "apply": _apply,
    "expectation": _expectation, "derivative": _derivative, "differential": _differential,
}  # fmt: skip


def template_of(face: Face, op: Operator) -> Template:
    """Return the template of an operator, which the face keeps from then on."""
    found = face.templates.get(op)
    if found is None:
        found = face.templates[op] = TEMPLATES[op.layout.split()[0]]
    return found
