"""Brackets of all kinds, relations, derivatives, and sums over an index."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.dims import Dim
from mcalc.errors import clip
from mcalc.expr import Expr, Operator, make, walk
from mcalc.notation.meaning.calls import BUILT, LENGTH_OF, MATRIX_NOTES
from mcalc.notation.meaning.elaborate import BUILDERS, SPECIAL, Elaborator
from mcalc.notation.meaning.named import (
    Standing,
    depends_on_word,
    free_at,
    lookup,
    other_role,
    product_by,
    sample,
    subscripted,
    unclear_part,
    undeclared_in,
    unknown,
    unknown_word,
    user_function,
)
from mcalc.notation.names.letters_as_functions import SPECTRAL
from mcalc.notation.shapes.oddities import LOSSES
from mcalc.notation.shapes.unknowns import is_comprehension
from mcalc.notation.surface.syntax import MATRIX_BAR, Node, Variable, called_alone, walk_syntax
from mcalc.notation.surface.words import ABSTRACT
from mcalc.operators import FUNCTIONS
from mcalc.operators.abstract import APPLY, DERIVATIVE, MAP, derivative
from mcalc.operators.arithmetic import AND, CONDITIONS, EQ, GE, GT, LE, LT, MUL, NE, OR, cases, div, power
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.elementwise import ABS
from mcalc.operators.leaves import SIZE, SYMBOL, number, ones, ratio, size, symbol, symbols_in, unit
from mcalc.operators.linear import ELEMENT, dot, matmul, transpose
from mcalc.operators.matrix import NORM1, NORMINF, norm

TIMES = frozenset("tτ")
"""What everything that moves depends on, said or not."""
OF_ENTRIES = {"1": NORM1, "∞": NORMINF}
COMPARISONS = {">": GT, "≥": GE, "<": LT, "≤": LE, "==": EQ, "≠": NE}


def bars(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return |x|: the length of a vector's name, the absolute value of a scalar."""
    value = args[0]
    shown = e.source(node.parts[0])
    if value.order == 0:
        _refuse_modulus(e, node, value)
        return make(ABS, (value,))
    if value.order == 2 and node.value == MATRIX_BAR:
        e.note(f"|{shown or 'A'}| of a matrix is read as its determinant")
        return BUILT["det"](e, node, args)
    if value.order == 2:
        said = f"|{shown or 'A'}| of a matrix has more than one reading"
        hint = f"det({shown or 'A'}), ‖{shown or 'A'}‖_F (normF), or entry by entry abs({shown or 'A'})?"
        raise e.fail("E-AMBIG", said, node, e.label(node.parts[0], value), hint)
    if value.op is SYMBOL and value.attr[0] in e.assumed:
        hint = f"write ‖{shown}‖ for the norm; for the length declare {value.attr[0]}: R^n and write n"
        raise e.fail("E-AMBIG", f"|{shown}| of a vector is its norm to many, its length to the paper", node, "", hint)
    if value.op in (SYMBOL, ELEMENT) or node.parts[0].kind == "name":
        e.note(LENGTH_OF.format(shown or "x"))
        return size(value.shape[0])
    said = "bars around a vector have more than one reading"
    hint = f"‖{shown or '...'}‖ is the norm (in ASCII ||...||), abs(...) entry by entry"
    raise e.fail("E-AMBIG", said, node, e.label(node.parts[0], value), hint)


def _refuse_modulus(e: Elaborator, node: Node, value: Expr) -> None:
    """Refuse |x + i y| and |1 + jωRC|, the moduli of complex numbers, where nothing declares i."""
    factors = [arg.attr[0] for part in walk(value) if part.op is MUL for arg in part.args if arg.op is SYMBOL]
    letter = next((name for name in factors if name in ("i", "j") and name in e.assumed), "")
    if letter:
        hint = f"numbers are real: of x + {letter} y write sqrt(x^2 + y^2); for a variable declare {letter}: R"
        raise e.fail("E-AMBIG", f"{letter} between bars may be the imaginary unit", node, "a modulus?", hint)


def norm_(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return ‖x‖, by its subscript."""
    value, which = args[0], node.value
    if which in OF_ENTRIES:
        if value.order == 2:
            _say_of_entries(e, node, value)
        return e.made(OF_ENTRIES[which], args, node.parts) if value.shape else make(ABS, (value,))
    metric = lookup(e, which) if which is not None else None
    if isinstance(metric, Expr) and metric.order == 2 and value.order == 1:
        form = e.attempt(lambda a, m: matmul(transpose(a), m, a), (value, metric), [*node.parts, node])
        return power(form, number(ratio(1, 2)))
    if which not in (None, "F", *SPECTRAL):
        norms = "‖x‖, ‖x‖₁, ‖x‖_∞, ‖A‖_F, ‖A‖₂, ‖A‖_* and ‖A‖_{2,1} are"
        if len(which) == 1 and which.isupper() and which not in e.scope.variables:
            norms = f"declare {which}: R^{{n x n}} for sqrt(xᵀ {which} x)"
        raise e.fail("E-UNSUPPORTED", f"the norm ‖...‖_{which} is not supported", node, "", norms)
    if value.order == 2:
        if which in SPECTRAL:
            e.note(f"‖{e.source(node.parts[0]) or '...'}‖₂ of a matrix is its largest singular value, σ_max")
            return make(FUNCTIONS["spectral"], (value,))
        if which is None:
            e.note(f"‖{e.source(node.parts[0]) or '...'}‖ of a matrix is the Frobenius norm")
    return e.attempt(norm, args, node.parts)


def _say_of_entries(e: Elaborator, node: Node, value: Expr) -> None:
    """Say that ‖A‖₁ of a matrix goes over its entries; refuse ‖A‖_∞ of one that nothing declares."""
    shown, row = e.source(node.parts[0]) or "A", OF_ENTRIES[node.value]
    lines, each = ("largest sum of a column", "cols") if row is NORM1 else ("largest sum of a row", "rows")
    if row is NORMINF and value.op is SYMBOL and value.attr[0] in e.assumed:
        hint = f"write max(abs({shown})) for the largest entry, max(sum(abs({shown}), {each})) for the {lines}"
        raise e.fail("E-AMBIG", f"‖{shown}‖_∞ of a matrix has two readings", node, "of entries or of rows?", hint)
    e.note(f"{MATRIX_NOTES[row.name]}; the {lines} is max(sum(abs({shown}), {each}))")


def relation(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a chain of comparisons, of `and`s, of `or`s."""
    ors: list[Expr] = []
    ands: list[Expr] = []
    run = [0]
    for k, token in enumerate([*node.value, None]):
        sign = token.value if token is not None else "or"
        if sign in COMPARISONS:
            run.append(k + 1)
            continue
        if len(run) == 1:
            ands.append(args[run[0]])
        for low, high in pairwise(run):
            row = COMPARISONS[node.value[low].value]
            if e.sizes.count:
                e.same_shapes((args[low], args[high]))
            ands.append(e.made(row, (args[low], args[high]), (node.parts[low], node.parts[high])))
        run = [k + 1]
        if sign == "or":
            ors.append(ands[0] if len(ands) == 1 else _logic(e, node, AND, ands))
            ands = []
    return ors[0] if len(ors) == 1 else _logic(e, node, OR, ors)


def _logic(e: Elaborator, node: Node, row: Operator, conditions: list[Expr]) -> Expr:
    for condition in conditions:
        if condition.op not in CONDITIONS:
            hint = "write {a if x > 0 and y > 0; b otherwise}"
            raise e.fail("E-SYNTAX", "'and' and 'or' join conditions", node, "no condition", hint)
    return e.made(row, conditions, [node] * len(conditions))


def cases_(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return braces: values with their conditions, and the value otherwise."""
    place = 0
    for k, length in enumerate(node.value):
        last = k == len(node.value) - 1
        if (length in (-1, 3) and not last) or length == 1:
            hint = "write {a if c; b otherwise}; the piece without a condition comes last"
            raise e.fail("E-SYNTAX", "a piece lacks its condition", node.parts[place], "if what?", hint)
        if length >= 2 and args[place + 1].op not in CONDITIONS:
            hint = "write {a if x > 0; b otherwise}"
            raise e.fail("E-SYNTAX", "a condition is a comparison", node.parts[place + 1], "no condition", hint)
        place += abs(length)  # -1 is that of the piece that is otherwise
    return args[0] if len(args) == 1 else e.of_one_shape(cases, args, node.parts)


def _is_row(part: Node, arg: Expr) -> bool:
    """Say whether a part of a bracket is one row of it, in brackets of its own, and not a matrix: [[1, 2], [3, 4]]."""
    if part.kind != "block" or len(part.value) > 1:
        return False
    return arg.op is not BLOCK or len(arg.args) == part.value[0]


def block_(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a vector, a row or a matrix put together from parts."""
    lengths = node.value
    if len(set(lengths)) > 1:
        said = f"rows of {lengths[0]} and {next(n for n in lengths if n != lengths[0])} entries"
        raise e.fail("E-SHAPE", said, node, "the rows differ")
    rows, columns = len(lengths), lengths[0]
    parts = node.parts
    if rows == 1 and all([_is_row(part, arg) for part, arg in zip(parts, args, strict=True)]):
        widths = {p.value[0] for p in parts}
        if len(widths) > 1:
            raise e.fail("E-SHAPE", "the rows of a matrix have one length", node, "the rows differ")
        if columns > 1 or max(widths) > 1:
            entries: list[Expr] = []
            for arg, part in zip(args, parts, strict=True):
                entries.extend(arg.args if part.value[0] > 1 and arg.op is BLOCK else (arg,))
            rows, columns, args = columns, max(widths), entries
            parts = [p for part in parts for p in part.parts]
    if len(args) == 1:
        name = args[0].attr[0] if args[0].op is SYMBOL and args[0].order == 2 else ""
        if name in e.assumed and parts[0].kind == "name":
            hint = f"declare it: --where '{name}: R' for a concentration; a matrix needs no brackets"
            raise e.fail("E-AMBIG", f"[{name}] may be a number or a matrix", node, "a concentration?", hint)
        return args[0]
    if rows > 1 == columns and e.assumed:
        _refuse_spaces(e, node, shaped=any([arg.shape for arg in args]))
    vectors = rows == 1 and all([arg.order == 1 and not arg.is_row for arg in args])
    if vectors and any([arg.op is SYMBOL and arg.attr[0] in e.assumed for arg in args]):
        said = "vectors in one bracket are the columns of a matrix, or one vector on top of the other"
        hint = f"write {e.source(node).replace(',', ';')} for one vector; for columns declare the vectors"
        raise e.fail("E-AMBIG", said, node, "which?", hint)
    return e.attempt(lambda *a: block(rows, columns, *a), args, parts)


def _refuse_spaces(e: Elaborator, node: Node, *, shaped: bool) -> None:
    """Refuse ``[a b; c d]``, ``[x 1; 1 x]`` and ``[x -y; y x]``, whose columns may be apart by spaces, as in Matlab.

    Where parts are `shaped`, ``[A x; B y]``, only those with a 1 behind a name, which is a vector of ones else.
    """
    spaced, signed, met = [], False, set[str]()
    for whole in node.parts:
        part = whole.parts[0] if whole.kind == "negative" else whole
        kinds = {factor.kind for factor in part.parts} if part.kind == "product" else {""}
        apart = kinds <= {"name", "number", "constant"} or kinds == {"call"}
        spaced.append(len(part.parts) if apart and all([token.value == " " for token in part.value]) else 0)
        met |= kinds
        for token in part.value if part.kind == "sum" and not shaped else ():
            signed = signed or (e.text[token.start - 1] == " " != e.text[token.end])
    unclear = "constant" in met or not (shaped or "number" in met)
    if signed or (unclear and spaced[0] and len({*spaced}) == 1):
        hint = "write commas between columns, * in a product, and spaces on both sides of a minus, or none"
        raise e.fail("E-AMBIG", "spaces in brackets have two readings", node, "columns, or one?", hint)


DEPENDENT = ABSTRACT | LOSSES
"""Names that are no constants where they stand alone, as y is none in d/dx y, which is dy/dx."""


def begin_derivative(e: Elaborator, node: Node) -> bool:
    """Begin a derivative: after its body come its variables."""
    of = node.parts[0]
    full = of.value.full if of.kind == "name" else ""
    depends = full in DEPENDENT or (full == "y" and e.text[node.start] == "d")
    body = called(e, of, needs_meaning=depends or node.kind == "quotient" or not node.value[0])
    return e.after([body], _differentiate, (node, body))


def called(e: Elaborator, body: Node, *, needs_meaning: bool) -> Node:
    """Return a function that is named alone as its call by its own parameters, as in dL/dw, ∇f, df.

    Raises `E-NAME` where a name that has no meaning needs one.
    """
    name = body.value.full if body.kind == "name" else ""
    function = user_function(e, name) if name else None
    if function is not None and name not in e.frame:
        for parameter in function.parameters:
            if lookup(e, parameter) is None:
                e.assumed[parameter] = symbol(parameter)
        return called_alone(body, function.parameters)
    if name in e.assumed and needs_meaning:
        hint = f"define it first: {clip(name)} = ..., or {clip(name)}(x) = ..."
        raise e.fail("E-NAME", f"{clip(name)} is not defined, so it has no derivative", body, "not known", hint)
    return body


def _differentiate(e: Elaborator, what: tuple[Node, Node]) -> None:
    node, body = what
    value = as_functions(e.values.pop(), e)
    last, present = e.differentiated
    if value is not last:
        present = dict.fromkeys(symbols_in(value))
    # what is not declared goes by its name: a shape that is still being inferred makes another node of one variable
    names = {n.attr[0] for n in present if n.attr[0] not in e.scope.variables}
    for group in reversed(node.value):
        along = _along_curve(e, group, value)
        if along is not None:
            value = along
            continue
        variables = [variable(e, v) for v in group] if group else _all_variables(e, node, body, value)
        for wanted in variables:
            whole = wanted.args[0] if wanted.op is ELEMENT else wanted
            if wanted is whole and whole.op is SYMBOL and (unclear := _unclear(e, present, whole)) is not None:
                code, said, hint = unclear
                raise e.fail(code, said, body, "", hint)
            if whole not in present and (whole.op is not SYMBOL or whole.attr[0] not in names):
                name = wanted.attr[0] if wanted.op is SYMBOL else "it"
                word = unknown_word(present, undeclared_in(e))
                if word:
                    raise depends_on_word(name, word, e.spans([body], ["does not depend on it"])[0])
                if wanted.op is SYMBOL and name in e.assumed and len(name.partition("_")[0]) > 1:
                    said = f"{clip(name)} does not occur in what is differentiated, and nothing declares it"
                    raise e.fail("E-NAME", said, node, "by what?", f"declare it, {clip(name)}: R, or write d/dx (...)")
                open_names = sorted([n for n in names if n in e.assumed])
                slope = e.source(body) or ""
                if "/" in slope and name in TIMES and name in e.assumed and open_names:  # A = π r^2, dA/dt
                    said = f"nothing in {clip(slope)} is said to depend on {name}"
                    hint = f"write what does as a function, such as {open_names[-1]}({name})"
                    raise e.fail("E-NAME", said, node, "0, or by the chain rule?", hint)
                called = [n for n in walk(value) if n.op in (APPLY, MAP)]
                role = other_role(name, names, called) if name in e.assumed else None
                if role is not None:
                    raise e.fail("E-NAME", role[0], node, "by what?", role[1])
                e.note(f"{e.source(body) or 'the expression'} does not depend on {name}")
            if wanted.op is SYMBOL and len(wanted.attr[0]) == 1 and (run := product_by(wanted.attr[0], present, e)):
                said = f"{run} was taken for one name, and {wanted.attr[0]} may stand in it"
                hint = f"write {' '.join(run)} for a product, or declare it: {run}: R"
                raise e.fail("E-AMBIG", said, node, "by one of its letters", hint)
        nodes = [body, *[Node("name", v[1], v[2], (), v[0]) for v in group]] if group else [body] * (len(variables) + 1)
        value = e.attempt(derivative, (value, *variables), nodes)
        present = present | dict.fromkeys([n for variable in variables for n in walk(variable) if n.op is SYMBOL])
    e.differentiated = (value, present) if value.op is DERIVATIVE else (None, {})
    turns = value.is_row or (e.scope.layout == "denominator" and value.order == 2 and value.args[0].order == 1)
    e.values.append(transpose(value) if turns and e.scope.layout != "numerator" else value)


def _along_curve(e: Elaborator, group: Sequence[Variable], value: Expr) -> Expr | None:
    """Return dy/dx where x = cos t stands beside y = sin t: the quotient of both derivatives by t; else None."""
    below = e.beside.get(group[0][0].full) if len(group) == 1 else None
    if below is None or below.shape or value.shape:
        return None
    both = [s for s in symbols_in(below) if s in {*symbols_in(value)} and not s.shape]
    found = both if len(both) == 1 else [s for s in both if s.attr[0] in ("t", "θ")]
    if len(found) != 1:
        return None
    name, by = group[0][0].full, found[0].attr[0]
    e.note(f"{name} is a function of {by}: the quotient of the derivatives by {by} is taken")
    return div(derivative(value, *found), derivative(below, *found))


def _unclear(e: Elaborator, present: dict[Expr, None], variable: Expr) -> tuple[str, str, str] | None:
    """Return what is unclear of names with subscripts beside a variable that nothing declares."""
    name = variable.attr[0]
    if name in e.scope.variables and not any([other.startswith(f"{name}_") for other in e.assumed]):
        return None
    assumed = e.assumed if variable in present else undeclared_in(e)
    return unclear_part(name, variable, Standing([*present, *[found for found, _ in e.elements]]), assumed)


def as_functions(value: Expr, e: Elaborator) -> Expr:
    """Return a list of functions ``[a, b]`` as the vertical vector that is differentiated (notation.md 4.19)."""
    is_row = value.op is BLOCK and value.attr[0] == value.order == 1 < value.attr[1]
    if is_row and not any([a.shape for a in value.args]):
        e.note("a list of functions is differentiated as a vertical vector: [a; b]")
        return block(value.attr[1], 1, *value.args)
    return value


def variable(e: Elaborator, wanted: Variable) -> Expr:
    """Return the variable that a derivative is taken by."""
    name, start, end = wanted
    at = Node("name", start, end, (), name)
    found = e.frame.get(name.full) or e.scope.variables.get(name.full) or e.assumed.get(name.full)
    found = found or lookup(e, name.full)
    if found is not None and found.op is SIZE and name.full not in e.frame:
        said, hint = f"{name.full} is a size, not a variable", f"declare {name.full}: R"
        raise e.fail("E-NAME", said, at, "a size", hint)
    if found is None:
        base = lookup(e, name.base) or sample(e, name.base) if name.sub is not None else None
        if base is None or name.sub is None:
            raise unknown(e, name.full, at)
        found = subscripted(e, base, name.sub, at, name.base)
    if found.op not in (SYMBOL, ELEMENT):
        hint = f"differentiate by what it is made of; or declare {name.full}: R in place of its definition"
        if e.caller is not None and len(e.caller.parts) == 1 and name.full in e.frame:
            argument, of = e.caller.parts[0], e.caller.value.full
            shown = clip(e.statement[argument.start : argument.end])
            said = f"{of} has a derivative by {name.full} in it, which is not read where {name.full} is {shown}"
            hint = f"write {of}({name.full}), and evaluate it where {name.full} = {shown}"
            raise e.fail("E-UNSUPPORTED", said, at, "not at a name", hint)
        raise e.fail("E-NAME", f"{name.full} is no variable: it stands for an expression", at, "defined", hint)
    return found


def _all_variables(e: Elaborator, node: Node, body: Node, value: Expr) -> list[Expr]:
    """Return what ∇ without a subscript goes by: the arguments of a call, else all variables in order of appearance.

    By several numbers ∇² is the Hessian to some, the Laplacian to others.
    """
    found = _in_order(e, node, body, value)
    sign = e.text[node.start :].lstrip("([{ ")[:1]
    if len(node.value) > 1 and sign in "∇\\" and len(found) > 1 and not any([variable.shape for variable in found]):
        names = [v.attr[0] for v in found]
        shown = clip(e.source(body) or "f")
        second = " + ".join([f"d^2/d{name}^2 {shown}" for name in names])
        hint = f"write ∇²_({', '.join(names)}) {shown} for the Hessian, {second} for the Laplacian"
        raise e.fail("E-AMBIG", "∇² by several numbers has two readings", node, "a matrix, or its trace?", hint)
    return found


def _in_order(e: Elaborator, node: Node, body: Node, value: Expr) -> list[Expr]:
    """Return the arguments of a call, else all variables in order of appearance."""
    if body.kind == "name" and value.op is SYMBOL:
        name = clip(e.source(body) or "x")
        order = "^2" * (len(node.value) > 1)
        said = f"{name} is a variable, and of what its gradient is meant is not said"
        raise e.fail("E-NAME", said, node, "of which function?", f"write d{order}/d{name}{order} (...)")
    if body.kind == "call" and user_function(e, body.value.full) and all([p.kind == "name" for p in body.parts]):
        found = [lookup(e, p.value.full) for p in body.parts]
        symbols = [v for v in found if v is not None and v.op is SYMBOL]
        if len(symbols) == len(body.parts):
            return symbols
    present = dict.fromkeys(symbols_in(value))
    written = [n.value for n in walk_syntax(body) if n.kind == "name"]
    named = [lookup(e, full) for name in written for full in (name.full, name.base)]
    by_name = sorted(present, key=lambda s: s.attr[0])
    ordered = list(dict.fromkeys([*[s for s in named if s in present], *by_name]))
    if not ordered:
        function = user_function(e, body.value.full) if body.kind == "call" else None
        if function is not None and len(function.parameters) == len(body.parts):
            at = [(p, e.source(part)) for p, part in zip(function.parameters, body.parts, strict=True)]
            own = f"∇{body.value.full}({', '.join(function.parameters)})"
            hint = f"write {own}, and evaluate it where {', '.join([f'{p} = {value}' for p, value in at])}"
            raise e.fail("E-UNSUPPORTED", f"∇{body.value.full} is not read at a point", node, "not at names", hint)
        raise e.fail("E-NAME", "there is no variable to differentiate by", node, "by what?", "write grad_x or d/dx")
    tensor = next((s for s in ordered if s.shape), None)
    if len(ordered) > 1 and tensor is not None:
        names = [s.attr[0] for s in ordered]
        usual = next((name for name in names if name in ("x", "w", "X", "W", "θ")), names[-1])
        hint = f"write ∇_{usual}, or ∇_({', '.join(names)}) for all of them"
        raise e.fail("E-AMBIG", "∇ by which of its variables?", node, "by which?", hint)
    if len(ordered) > 1:
        e.note("∇ goes by all variables: " + ", ".join([s.attr[0] for s in ordered]))
    return ordered


def begin_subscript(e: Elaborator, node: Node) -> bool:
    """Read index notation in brackets, ``[A_ij x_j]_{i}``; any other subscript is an element."""
    inner = node.parts[0]
    if inner.kind == "number" and inner.value == 1 and node.value.isalpha():
        e.values.append(_one_with_subscript(e, node, node.value))
        return True
    one = len(inner.parts) == 1
    if one and e.frame.get(node.value) is None and is_comprehension(node):
        from mcalc.notation.meaning import comprehension

        return comprehension.begin(e, node)
    return False


def _one_with_subscript(e: Elaborator, node: Node, sub: str) -> Expr:
    """Return 1_k, the unit vector of an index, or 1_n, the ones of a size."""
    place = e.frame.get(sub)
    if place is None and sub not in e.free:
        e.note(f"1_{clip(sub)} is the vector of {clip(sub)} ones")
        return ones((e.scope.sizes.get(sub) or e.local_sizes.get(sub) or Dim.named(sub),))
    e.note(f"1_{clip(sub)} is the unit vector with a 1 at {clip(sub)}")
    dim = e.sizes.fresh()
    if place is None:
        place = free_at(e, sub, dim, node)
    e.runs_through(place, dim)
    return unit(place, dim)


def subscript(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return an element of what stands in brackets."""
    shown = e.source(node.parts[0])
    if not args[0].shape:
        number = node.parts[0].kind == "number" and shown.isdecimal() and node.value.isdecimal()
        hint = f"digits stand together: {shown}{node.value}" if number else ""
        raise e.fail("E-SHAPE", "a scalar has no elements", node, e.label(node.parts[0], args[0]), hint)
    return subscripted(e, args[0], node.value, node, shown or "x")


def begin_over(e: Elaborator, node: Node) -> bool:
    """Begin a vector or matrix over the indices of its left side: inside they run through what has them."""
    before = {letter: e.free.get(letter) for letter in node.value if letter in e.free}
    e.begin_free(node.value)
    return e.after(node.parts, _end_over, (node, before))


def _end_over(e: Elaborator, what: tuple[Node, dict[str, Expr | None]]) -> None:
    from mcalc.notation.meaning.free_indices import stacked

    node, before = what
    indices = [e.free.pop(letter) for letter in node.value]
    e.free.update(before)
    value = e.values.pop()
    made = stacked(value, [index for index in indices if index is not None]) if None not in indices else None
    if made is None:
        said = f"the left side runs over {' and '.join(node.value)}, which makes more than a matrix of this"
        hint = "leave the index out on the left, or take one entry"
        raise e.fail("E-UNSUPPORTED", said, node, e.label(node, value), hint)
    e.values.append(made)


BUILDERS.update({
    "bars": bars, "norm": norm_, "angle": lambda e, node, args: e.attempt(dot, args, node.parts), "relation": relation,
    "cases": cases_, "block": block_, "subscript": subscript,
})  # fmt: skip
SPECIAL.update({
    "derivative": begin_derivative, "quotient": begin_derivative, "subscript": begin_subscript, "over": begin_over,
})  # fmt: skip
