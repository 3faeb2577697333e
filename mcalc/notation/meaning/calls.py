"""Calls: the functions of the operator table, the user's own, undefined ones, and those that make constants."""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Dim
from mcalc.errors import Span, clip
from mcalc.expr import Expr, Operator, make, walk
from mcalc.limits import beyond, limit
from mcalc.notation.meaning.assumed import applied
from mcalc.notation.meaning.elaborate import BUILDERS, SPECIAL, Elaborator
from mcalc.notation.meaning.named import free_at, lookup, note_earlier, user_function
from mcalc.notation.names.scope import Function
from mcalc.notation.names.spines import along
from mcalc.notation.surface.syntax import Name, Node, Partial, walk_syntax
from mcalc.notation.surface.words import suggestion
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.arithmetic import mul
from mcalc.operators.axes import AXES
from mcalc.operators.blocks import block, determinant
from mcalc.operators.leaves import ONES, SYMBOL, eye, is_number, number, ones, ratio, to_dim, unit, zeros
from mcalc.operators.linear import DIAG, SUM, TRACE, dot, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.matrix_functions import FRECHET, frechet, powm
from mcalc.operators.solutions import pinv

MATRIX_NOTES = {
    "exp": "exp of a matrix is entry by entry; the matrix exponential is expm",
    "ln": "ln of a matrix is entry by entry",
    "sqrt": "sqrt of a matrix is entry by entry",
    "sin": "sin of a matrix is entry by entry",
    "cos": "cos of a matrix is entry by entry",
    "softmax": "softmax of a matrix is row by row",
    "logsumexp": "logsumexp of a matrix is row by row",
    "norm": "the norm of a matrix is the Frobenius norm",
    "norm1": "norm1 of a matrix goes over its entries, as of a vector",
    "norminf": "norminf of a matrix goes over its entries, as of a vector",
}
WHOLE = frozenset({"exp", "ln", "sqrt"})
"""Functions of numbers that are functions of square matrices as a whole too."""
LENGTH_OF = "|{0}| is the length of {0}; its norm is ‖{0}‖"
REDUCTIONS = frozenset({"max", "min"})


def begin_call(e: Elaborator, node: Node) -> bool:
    """Begin a call of the user's own function, whose body is elaborated with its parameters bound."""
    name = node.value
    full = name.full
    function = user_function(e, full)
    if function is None or type(name) is Partial:
        if full in ("I", "eye", "ones", "zeros", "δ"):
            return e.after(node.parts, Elaborator.build, node)
        if along(node) and lookup(e, node.parts[-1].value.full) is None:
            return e.after(node.parts[:-1], _along, node)
        if full in ("sum", "mean") and len(node.parts) == 1:
            _sum_entries(e, node.parts[0])
        return False
    if len(node.parts) != len(function.parameters):
        wanted = len(function.parameters)
        said = f"{full} takes {wanted} argument{'s' if wanted != 1 else ''}, not {len(node.parts)}"
        raise e.fail("E-SYNTAX", said, node, "", f"it was defined as {full}({', '.join(function.parameters)}) = ...")
    e.calls += 1
    if e.calls > limit("calls"):
        said = f"more than {limit('calls')} calls of functions in one statement"
        raise beyond("calls", said, [Span(node.start, node.end, "too many")])
    _refuse_earlier_variables(e, node, function)
    if e.within is None:
        note_earlier(e, full, function.meanings)
    return e.after(node.parts, _enter, (node, function))


def _sum_entries(e: Elaborator, body: Node) -> None:
    """Remember the products and powers under sum( ) and mean( ), which are of entries, and if a power is a term.

    A * between vectors can only be entry by entry there, or the dot product; a power beside another factor may be of
    a matrix as a whole.
    """
    stack = [(body, True)]
    while stack:
        node, term = stack.pop()
        row = FUNCTIONS.get(node.value.full) if node.kind == "call" and type(node.value) is Name else None
        if node.kind in ("product", "power"):
            e.summed[node] = term
        if node.kind == "product":
            term = sum([not _is_scalar(e, part) for part in node.parts]) == 1
        if node.kind == "power":
            stack.append((node.parts[0], term))
        elif node.kind in ("sum", "negative", "group", "product") or (row is not None and row.kind == "elementwise"):
            stack.extend([(part, term) for part in node.parts])


def _is_scalar(e: Elaborator, node: Node) -> bool:
    """Say whether a factor is a number, or a name of one."""
    meant = lookup(e, node.value.full) if node.kind == "name" else None
    return node.kind == "number" or (meant is not None and not meant.shape)


def _along(e: Elaborator, node: Node) -> None:
    """Make the reduction of each row or each column, or another function with a word as its last argument."""
    row = FUNCTIONS[along(node)]
    values = e.take(len(node.parts) - 1)
    value = values[0]
    if node.parts[-1].value.full in AXES and value.order == 2:
        rows = row.name.endswith("rows")
        length = e.sizes.settle(value.shape[1 - rows])
        told = len(row.shape((value,), None)) == 1 and not e.sizes.is_open([length])
        size = f": a vector of {length}" if told else ""
        e.note(f"{row.example} is that of each {'row' if rows else 'column'}{size}")
    e.values.append(e.attempt(lambda *a: checked(row, a), values, node.parts[:-1]))


def checked(row: Operator, values: tuple[Expr, ...]) -> Expr:
    """Return the row applied, or what it is a spelling of, where its arguments fit."""
    row.shape(values, None)
    return row.body(*values) if row.kind == "spelling" and row.body is not None else make(row, values)


def _refuse_earlier_variables(e: Elaborator, node: Node, function: Function) -> None:
    """Refuse a function with a variable in it whose name has another meaning by now: in print the two look the same."""
    for meaning in function.meanings.values():
        for inner in walk(meaning) if isinstance(meaning, Expr) else ():
            if inner.op is not SYMBOL or inner.args:
                continue
            now = e.scope.meaning(inner.attr[0])
            if now is not None and now is not inner:
                name = clip(inner.attr[0])
                said = f"{function.name} was defined with an earlier {name}, which has another meaning now"
                hint = f"define it again: {function.name}({', '.join(function.parameters)}) = ..."
                raise e.fail("E-NAME", said, node, f"made with the earlier {name}", hint)


def _enter(e: Elaborator, what: tuple[Node, Function]) -> None:
    """Bind the parameters to the arguments, which are done, and go on with the body."""
    node, function = what
    e.after([function.body], _leave, (e.frame, e.caller, e.within))
    e.within = function
    e.bodies.append(function.body)
    e.frame = dict(zip(function.parameters, e.take(len(node.parts)), strict=True))
    if e.caller is None:
        e.caller = node


def _leave(e: Elaborator, before: tuple[dict[str, Expr], Node | None, Function | None]) -> None:
    e.frame, e.caller, e.within = before


def call(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a call whose arguments are done."""
    name = node.value
    if type(name) is Partial:
        return applied(e, node, name, args)
    full = name.full
    own = OWN.get(full)
    if own is not None:
        if not args:
            raise e.fail("E-SYNTAX", f"{full} of what?", node, "", "write I(n), ones(m, n), diag(x)")
        return own(e, node, args)
    row = FUNCTIONS.get(full)
    if row is None:
        raise e.fail("E-NAME", f"unknown function {full}", node, "not known", suggestion(full))
    if full in REDUCTIONS and len(args) == 1:
        row = TABLE[f"{full}imum"]
    low, high = row.arity
    if len(args) < low or (high is not None and len(args) > high):
        axes = f"{full}(A, rows) goes over each row, {full}(A, cols) over each column"
        wanted = f"{low}" if high == low else f"{low} or more" if high is None else f"{low} to {high}"
        said = f"{full} takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(args)}"
        hint = axes if f"{full} rows" in FUNCTIONS else "the base stands below: log_2(x)" * (row.name == "ln")
        if full == "cos" and len(args) == 2:
            x, y = [e.source(part) or letter for part, letter in zip(node.parts, "xy", strict=True)]
            hint = f"the cosine of the angle between two vectors is {x} · {y}/(‖{x}‖ ‖{y}‖)"
        if e.text[: node.start].endswith("."):
            hint = f"its arguments stand in its brackets: {full}({'x, y' if low > 1 else 'x'})"
        hint = hint or (f"write {row.example}" if row.example.startswith(f"{full}(") else "")
        raise e.fail("E-SYNTAX", said, node, "", hint)
    if row.name == "sqrt" and args[0].order == 2 and e.text.startswith("\\sqrt", node.start):
        root = e.square(args[0])
        e.entrywise.append((node, root))
        if root.shape[0] is root.shape[1]:
            e.note(r"\sqrt of a square matrix is its matrix square root, A^(1/2); sqrt(A) is entry by entry")
            return powm(root, number(ratio(1, 2)))
    if row.name in ("sum", "mean") and not args[0].shape:
        _refuse_length(e, node)
    if args[0].order == 2 and row.name in MATRIX_NOTES:
        e.note(MATRIX_NOTES[row.name])
        if row.name in WHOLE and e.caller is None:
            e.entrywise.append((node, args[0]))
    if row.name == "ln" and node.parts[0].kind == "bars" and args[0].op is FUNCTIONS["det"]:
        return BUILT["logdet"](e, node, list(args[0].args))
    if row.kind == "spelling":
        if full in ("norm", "norm2", "normF"):
            return _norm(e, node, full, args[0])
        return e.attempt(lambda *a: checked(row, a), args, node.parts)
    if e.sizes.count and len(args) > 1 and row.kind == "elementwise":
        e.same_shapes(args)
    special = BUILT.get(row.name)
    if special is not None:
        return special(e, node, args)
    return e.made(row, args, node.parts)


def _refuse_length(e: Elaborator, node: Node) -> None:
    """Refuse |x| of a vector in a sum that goes over nothing: its length is a number, its absolute values are not."""
    for part in walk_syntax(node.parts[0]):
        shown = e.source(part.parts[0]) if part.kind == "bars" else ""
        if shown and LENGTH_OF.format(shown) in e.notes:
            said = f"|{shown}| of a vector is a number, its length to the paper: {node.value.full} goes over nothing"
            raise e.fail("E-AMBIG", said, part, "", f"abs({shown}) is entry by entry, ‖{shown}‖ the norm")


def _norm(e: Elaborator, node: Node, full: str, value: Expr) -> Expr:
    if value.order == 2:
        if full == "norm2":
            e.note(f"{e.source(node) or 'norm2(A)'} of a matrix is its largest singular value, σ_max")
            return make(FUNCTIONS["spectral"], (value,))
        if full == "norm":
            e.note("the norm of a matrix is the Frobenius norm")
    return e.attempt(FUNCTIONS["norm"].body, (value,), node.parts)  # type: ignore[arg-type]


def _dims(e: Elaborator, node: Node, args: list[Expr], most: int) -> list[Dim]:
    if len(args) > most:
        hint = "write I(n), ones(m, n)"
        raise e.fail("E-SYNTAX", f"{node.value.full} takes {most} size{'s' if most > 1 else ''}", node, "", hint)
    return [_dim(e, arg, part) for arg, part in zip(args, node.parts, strict=True)]


def _dim(e: Elaborator, arg: Expr, part: Node) -> Dim:
    dim = to_dim(arg)
    if dim is None or (dim.value is not None and dim.value < 1):
        raise e.fail("E-SHAPE", "a size is a positive whole number or a name", part, "no size")
    return dim


def _unit(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    if len(args) != 2:
        raise e.fail("E-SYNTAX", "unit takes a position and a size", node, "", "write unit(1, n)")
    dim = _dim(e, args[1], node.parts[1])
    if node.parts[0].kind == "name" and node.parts[0].value.full in e.free:
        free_at(e, node.parts[0].value.full, dim, node.parts[0])
    return e.attempt(lambda position: unit(position, dim), args[:1], node.parts)


def _transpose(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    if len(args) != 1:
        raise e.fail("E-SYNTAX", f"transpose takes 1 argument, not {len(args)}", node)
    return transpose(args[0])


def _diag(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    if len(args) > 1 or not args[0].shape:
        entries = e.attempt(lambda *a: block(len(a), 1, *a), args, node.parts)
        return make(DIAG, (entries if entries.shape else mul(entries, ones((Dim.of(1),))),))
    value = e.square(args[0])
    ones_alone = value.op is ONES and value.order == 1
    return eye(value.shape[0]) if ones_alone else e.made(DIAG, (value,), node.parts)


def _chol(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    value = e.square(args[0])
    found = e.made(FUNCTIONS["chol"], (value,), node.parts)
    if not value.is_symmetric:
        shown = e.source(node.parts[0]) or "A"
        e.note(f"nothing says that {shown} is symmetric: chol goes by its symmetric part; declare it posdef")
    return found


def _frechet(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Make L_exp(A, E), of which a number behind the directions says the order: L_exp(A, E, 2)."""
    row = FUNCTIONS[node.value.full]
    last = args[-1]
    said = len(args) > 2 - (row is not FRECHET["pow"]) and is_number(last) and type(last.attr) is int and last.attr > 0
    given = args[:-1] if said else args
    order = last.attr if said else max(1, len(given) - (2 if row is FRECHET["pow"] else 1))
    return e.attempt(lambda *a: frechet(row, a, order), given, node.parts)


OWN: dict[str, Callable[[Elaborator, Node, list[Expr]], Expr]] = {
    **dict.fromkeys(("I", "eye", "δ"), lambda e, node, args: eye(_dims(e, node, args, 1)[0])),
    "ones": lambda e, node, args: ones(tuple(_dims(e, node, args, 4))),
    "zeros": lambda e, node, args: zeros(tuple(_dims(e, node, args, 4))),
    "unit": _unit, "transpose": _transpose, "diag": _diag,
}  # fmt: skip


def _determinant(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a determinant; that of a small matrix in brackets is multiplied out."""
    square = e.square(args[0])
    opened = determinant(square)
    if opened is None:
        return e.made(FUNCTIONS["det"], (square,), node.parts)
    e.note(f"{e.source(node) or 'the determinant'} is multiplied out")
    return opened


BUILT: dict[str, Callable[[Elaborator, Node, list[Expr]], Expr]] = {
    "sum": lambda e, node, args: make(SUM, (args[0],)) if args[0].shape else args[0],
    "chol": _chol,
    **{f"L_{name}": _frechet for name in FRECHET},
    "pinv": lambda e, node, args: e.attempt(pinv, args, node.parts),
    "dot": lambda e, node, args: e.attempt(dot, args, node.parts),
    "inv": lambda e, node, args: e.attempt(inv, (e.square(args[0]),), node.parts),
    "trace": lambda e, node, args: e.made(TRACE, (e.square(args[0]),), node.parts),
    "det": _determinant,
    "logdet": lambda e, node, args: e.made(FUNCTIONS["logdet"], (e.square(args[0]),), node.parts),
}


def slope(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return σ'(z), the derivative of a function of numbers at each entry."""
    made = e.made(FUNCTIONS[node.value.full], args, node.parts)
    found = made.op.partial(made, 0) if made.op.partial is not None else None
    return zeros(made.shape) if found is None else mul(found, ones(made.shape)) if made.shape != found.shape else found


SPECIAL["call"] = begin_call
BUILDERS["call"], BUILDERS["slope"] = call, slope
