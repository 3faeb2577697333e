"""From a question to its answer: differentiate, normalise, write in matrix notation, lay out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Sequence

from mcalc.calculus.accumulate.differentiate import Uses, expand_defined, forward, reverse
from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.orientation import as_columns, as_row, as_units, transposed, turned_for
from mcalc.calculus.basics.running_indices import named_alike, told_apart
from mcalc.calculus.basics.simplifications import MULTIPLY_OUT, enabled, logged, note
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import product
from mcalc.calculus.matrix.chains import chain, with_powers
from mcalc.calculus.matrix.matrix_form import matrix_form, matrix_notation
from mcalc.calculus.remarks import refuse_open_signs
from mcalc.calculus.rules.case_split import by_cases
from mcalc.calculus.rules.normal_form import normalise
from mcalc.dims import shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, EXPECTATION, Move
from mcalc.operators.arithmetic import ADD, CASES, CONDITIONS, MUL, add, mul, multiple
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.elementwise import SIGMOID
from mcalc.operators.leaves import INDEX, SIZE, UNIT, ZEROS, index, is_number, number, ones, ratio, symbol, to_dim, unit
from mcalc.operators.linear import EINSUM, MATMUL, SIGMA, TRACE, matmul
from mcalc.operators.structures import Structure, structure_of

INDEXED = 8
"""So much longer than its factors is a product in index notation to read."""
SMALL = 300
"""Results of more nodes than this are not tried in a second form."""


def derivative_of(
    body: Expr,
    variables: Sequence[Expr],
    *,
    layout: str = "numerator",
    mode: str = "auto",
    structured: str = "projected",
) -> Expr:
    """Return the derivative of `body` by one or several variables, in matrix notation.

    `layout` is ``numerator`` or ``denominator``; `mode` is ``forward``, ``reverse`` or ``auto``, and changes how sums
    are bracketed at most. Several variables give one row of derivatives, [∂f/∂x, ∂f/∂y]. `structured` is one of the
    CONVENTIONS for variables with a structure, such as symmetric ones.

    Raises :class:`~mcalc.errors.Mistake` where an operator in the way has no derivative.
    """
    columns = named_alike(as_columns(expand_defined(body)))
    columns, variables = _with_free_places(columns, variables)
    for variable in variables:
        refuse_open_signs(columns, variable.args[0] if variable.args else variable)
    if len(variables) > 1 and columns.op is BLOCK and columns.order == 1:
        return _by_blocks(columns, variables, layout, mode)
    uses = Uses(columns)
    results = [told_apart(_by_one(columns, variable, mode, structured, uses)) for variable in variables]
    if len(results) == 1:
        return _laid_out(results[0], body, variables[0], layout)
    return _side_by_side(results, body, variables, layout)


def _with_free_places(columns: Expr, variables: Sequence[Expr]) -> tuple[Expr, Sequence[Expr]]:
    """Raise the index of x_i, by which is differentiated, above those of sums over i: it is none of them."""
    places = {place for variable in variables for place in variable.args[1:] if place.op is INDEX}
    bound = {node for node in walk(columns) if node.op is INDEX} if places else set[Expr]()
    if places.isdisjoint(bound):
        return columns, variables
    from mcalc.calculus.basics.entries import substitute

    for place in places & bound:
        raised = index(place.attr[0], 1 + max([node.attr[1] for node in bound]), *place.args)
        columns = substitute(columns, place, raised)
        variables = [substitute(variable, place, raised) for variable in variables]
    return columns, variables


def _by_one(body: Expr, variable: Expr, mode: str, structured: str = "projected", uses: Uses | None = None) -> Expr:
    """The derivative as a tensor in matrix notation: axes of the body, then those of the variable, no orientation."""
    whole = variable if variable.op.name == "symbol" else variable.args[0]
    if body.has(EXPECTATION):
        from mcalc.calculus.accumulate.special_variables import put_inside, set_aside

        body, expected = set_aside(body, whole)
        if expected:
            found = _by_one(body, variable, mode, structured)
            return put_inside(found, expected, lambda inner: _by_one(inner, whole, mode, structured))
    backward = mode in ("reverse", "backward") or (mode == "auto" and whole.order > 1 and body.order == 0)
    uses = uses or Uses(body)
    raw = reverse(body, whole) if backward else forward(body, whole, uses)
    given = uses.place
    full = raw
    structure = structure_of(whole)
    if structure is not None and structured != "ignore":
        if whole is variable and raw.order == whole.order:
            return _within_structure(raw, given, variable, structure, structured)
        if whole is not variable and not structure.of_entry:
            said = f"no entry of a variable that is {structure.said} moves alone"
            raise Mistake("E-UNSUPPORTED", said, hint="differentiate by the whole of it")
        from mcalc.calculus.accumulate.special_variables import by_structure

        raw = full = by_structure(raw, variable, structured)
    if whole is not variable:
        at = variable.args[1:]
        axes = tuple(range(raw.order))
        own = axes[body.order : body.order + len(at)]
        units = [(unit(k, dim), (axis,)) for k, dim, axis in zip(at, whole.shape, own, strict=False)]
        raw = product(1, [(raw, axes), *units], axes[: body.order] + axes[body.order + len(at) :])
        if not any([place.free for place in at]):
            return simplified(raw, given)
        if raw.order == 0:
            short = _free_entry(simplified(raw, given), full, given, at)
            other = _by_gathering(body, whole, mode, at)
            return short if other is None or _size(other) == _size(short) else _shorter(other, short)
        from mcalc.calculus.accumulate.special_variables import entry_of, with_deltas

        found = with_deltas(simplified(raw, given), whole.shape[0])
        other = entry_of(simplified(full, given), at) if body.order == 0 else found
        return other if other.shape == found.shape and _size(other) < _size(found) else found
    return simplified(raw, given)


def _by_gathering(body: Expr, whole: Expr, mode: str, at: tuple[Expr, ...]) -> Expr | None:
    """Return the entry of the Jacobian of the vector that a function with one free index has the entries of."""
    if len(body.free) != 1 or body.shape or whole.order != 1:
        return None
    from mcalc.calculus.accumulate.special_variables import entry_of
    from mcalc.calculus.basics.entries import gather

    [index] = body.free
    dim = to_dim(index.args[1])
    vector = gather(body, index, dim) if dim is not None else None
    if vector is None or vector.order != 1:
        return None
    return entry_of(_by_one(as_columns(vector), whole, mode), (index, *at))


def _free_entry(found: Expr, raw: Expr, given: Collection[Expr], at: tuple[Expr, ...]) -> Expr:
    """Return the derivative by an entry with a free index: as it was found, or as an entry of the whole if shorter."""
    from mcalc.calculus.accumulate.special_variables import entry_of, with_deltas

    found = with_deltas(found, raw.shape[0])
    return _shorter(with_deltas(entry_of(simplified(raw, given), at), raw.shape[0]), found)


def _shorter(one: Expr, other: Expr) -> Expr:
    """Return the shorter way to write a scalar; where braces would become a factor that is 1 or 0, the other one."""
    users = [node for node in walk(one) if node.op is not CASES and node.op not in CONDITIONS]
    if one.op in CONDITIONS or any([arg.op in CONDITIONS and not arg.shape for node in users for arg in node.args]):
        return other
    return one if _size(one) <= _size(other) else other


def _size(found: Expr) -> int:
    """Return how long an expression is to read: index notation counts more than its factors."""
    return written_size(found) + INDEXED * sum([node.op is EINSUM for node in walk(found)])


def _within_structure(
    raw: Expr, given: Collection[Expr], variable: Expr, structure: Structure, structured: str
) -> Expr:
    """The gradient by a structured matrix, in the shortest of some ways to write it; what fits already, as it is."""
    found = simplified(raw, given)
    if structured == "projected" and structure.holds(found):
        return found
    from mcalc.calculus.accumulate.special_variables import by_structure

    rules = by_structure(raw, variable, structured)
    wrap = structure.wrap_free if structured == "free" else structure.wrap
    if wrap is not None and found.order == 2 and found.op is not ZEROS:
        wrapped = _inside(wrap, found)
        return wrapped if structure.name == "toeplitz" else min(wrapped, simplified(rules, given), key=written_size)
    twice = simplified(by_structure(mul(number(2), raw), variable, structured), given)
    halves = mul(number(ratio(1, 2)), twice)
    factors, whole = multiple(found)
    numbers, scalars = [f for f in factors if is_number(f)], [f for f in factors if not is_number(f)]
    entries = [part if part.shape else mul(part, ones(whole.shape)) for part in whole.args]  # the 1 of ln(p) + 1
    parts = [mul(*numbers, part) for part in (entries if whole.op is ADD else [whole])]
    terms = [by_structure(as_units(part), variable, structured) for part in parts]
    by_terms = mul(*scalars, simplified(add(*terms), frozenset()))
    return min(by_terms, halves, simplified(rules, given), key=written_size)


def _inside(wrap: Callable[[Expr], Expr], gradient: Expr) -> Expr:
    """A linear function of a gradient, with its scalar factors before it."""
    if gradient.op is not MUL or sum([bool(factor.shape) for factor in gradient.args]) != 1:
        return wrap(gradient)
    return mul(*[factor if not factor.shape else wrap(factor) for factor in gradient.args])


def simplified(raw: Expr, given: Collection[Expr], function: Collection[Expr] | None = None) -> Expr:
    """Return a tensor written in matrix notation, by all simplifications; sums in `given` are the user's own.

    `function` are the nodes of what has to have a value where the result is to have one, those in `given` else.
    """
    found = _shortest_matrix_notation(raw, given, given if function is None else function)
    if not found.shape or not any([node.op.kind == "binder" for node in given]):
        return found
    from mcalc.calculus.closing_forms import without_sums_of_entries

    for changed in without_sums_of_entries(found, given):
        with logged() as log:
            other = _shortest_matrix_notation(as_units(changed), frozenset(), frozenset(walk(as_columns(found))))
        if written_size(other) < written_size(found):
            found = other
            note(*log.applied)
    return found


def _shortest_matrix_notation(raw: Expr, given: Collection[Expr], function: Collection[Expr]) -> Expr:
    with logged() as log:
        found = matrix_form(by_cases(normal := normalise(raw, given), function), given)
    made, all_sums = _inner_sums(normal, given) if enabled(MULTIPLY_OUT) else (0, 0)
    beside = all_sums == 1 and normal.op is ADD and not normal.shape
    tries = [(given, 0)] * bool(made) + [(frozenset[Expr](), 1 + (all_sums > 1))] * (all_sums > 1 or beside)
    for shut, most in tries:
        with logged() as further:
            other = matrix_form(by_cases(normalise(normal, shut, expand=True), function), given)
        sizes = written_size(other), written_size(found)
        sums = most and found.op is ADD and other.op is ADD and not found.shape
        if sums and len(other.args) > most * len(found.args):
            continue  # (x - a) (x - b) + (x - b) (x - c) is read at once, six terms are not
        if sizes[0] < sizes[1] or (sizes[0] == sizes[1] and _has_sum_in_sum(found) and not _has_sum_in_sum(other)):
            found = other
            log.applied |= further.applied
    note(*log.applied)
    return matrix_notation(as_term(found)) if found.op in CONDITIONS and not found.shape else found


def _has_sum_in_sum(found: Expr) -> bool:
    """Say whether a sum is a term of another one, as in A + (A - B), which nobody writes."""
    return any([node.op is ADD and any([arg.op is ADD for arg in node.args]) for node in walk(found)])


def simplified_as(expr: Expr, body: Expr, variable: Expr) -> Expr:
    """Return an expression for ∂body/∂variable simplified and laid out as that derivative is.

    >>> from mcalc.operators.leaves import number, symbol
    >>> x = symbol("x")
    >>> simplified_as(make(ADD, (x, x)), make(MUL, (x, x)), x) is make(MUL, (number(2), x))
    True
    """
    given = frozenset(walk(named_alike(as_columns(expand_defined(body)))))
    found = told_apart(simplified(as_units(as_columns(expr)), given))
    return _laid_out(found, body, variable, "numerator")


def collected(expr: Expr) -> Expr:
    """Return an expression with derivatives worked out in it with like terms collected, where it gets no longer.

    >>> from mcalc.operators.leaves import number, symbol
    >>> x = symbol("x")
    >>> twice = make(MUL, (number(2), x))
    >>> collected(make(MUL, (number(2), twice))) is make(MUL, (number(4), x))
    True
    """
    if expr.order > 2:
        return expr
    columns = as_columns(expand_defined(expr))
    found = told_apart(simplified(as_units(columns), frozenset()))
    found = as_row(found) if expr.is_row else found
    return found if written_size(found) <= written_size(expr) else expr


def as_whole(expr: Expr) -> Expr:
    """Return what is given entry by entry, Σ_i (Σ_j W_ij x_j) unit(i, m), in matrix notation where it has one: W x.

    >>> from mcalc import parse
    >>> whole = as_whole(parse("sum_{i=1}^m (sum_{j=1}^n W_ij x_j) unit(i, m)", where="W: R^{m x n}; x: R^n").expr)
    >>> whole.op is MATMUL
    True
    """
    if expr.op is not SIGMA or not expr.has(UNIT):
        return expr
    from mcalc.calculus.closing_forms import with_products

    for form in (expr, with_products(expr, lambda node: bool(node.free))):
        columns = named_alike(as_columns(expand_defined(form)))
        found = told_apart(simplified(as_units(columns), frozenset(walk(columns))))
        if not found.has(UNIT, EINSUM) and written_size(found) < written_size(expr):
            return found
    return expr


def _inner_sums(normal: Expr, given: Container[Expr]) -> tuple[int, int]:
    """Count the products in a small result that have a sum as a factor: one that differentiation made, and any at all.

    Multiplied out, such sums may cancel: y (σ - 1) + (1 - y) σ is σ - y.
    """
    made = all_sums = 0
    if not normal.has(ADD) or not normal.has(EINSUM, MUL):
        return 0, 0
    for count, node in enumerate(walk(normal)):
        if count > SMALL:
            return 0, 0
        if node not in given and (node.op is EINSUM or node.op is MUL):
            sums = [arg for arg in node.args if arg.op is ADD]
            all_sums += bool(sums)
            made += any([arg not in given for arg in sums])
    return made, all_sums


def _laid_out(result: Expr, body: Expr, variable: Expr, layout: str) -> Expr:
    """Write a gradient of a scalar by a vector as a row, in denominator layout as a column, and so on."""
    found = turned_for(result, body, variable, layout)
    if found.has(EXPECTATION):
        from mcalc.calculus.accumulate.special_variables import rows_inside

        found = rows_inside(found)
    found = with_powers(found)
    if found.has(SIZE, SIGMOID):
        from mcalc.calculus.closing_forms import with_moments, with_slopes

        found = with_slopes(with_moments(found, body))
    return found


def _by_blocks(body: Expr, variables: Sequence[Expr], layout: str, mode: str) -> Expr:
    """The derivative of a list, as a gradient by several variables is one: a block for each entry and variable."""
    if any([variable.order > 1 for variable in variables]):
        raise _no_room(next(variable for variable in variables if variable.order > 1))
    parts = [
        [_laid_out(told_apart(_by_one(entry, variable, mode)), entry, variable, layout) for variable in variables]
        for entry in body.args
    ]
    if layout == "numerator":
        return block(len(parts), len(variables), *[part for row in parts for part in row])
    return block(len(variables), len(parts), *[row[k] for k in range(len(variables)) for row in parts])


def _no_room(wrong: Expr) -> Mistake:
    return Mistake(
        "E-SHAPE",
        f"one row of derivatives has no room for a {shape_text(wrong.shape)}",
        hint="differentiate by one at a time",
    )


def _side_by_side(results: list[Expr], body: Expr, variables: Sequence[Expr], layout: str) -> Expr:
    if body.order > 1 or any([variable.order > 1 for variable in variables]):
        raise _no_room(body if body.order > 1 else next(v for v in variables if v.order > 1))
    numerator = layout == "numerator"
    parts = [_laid_out(result, body, variable, layout) for result, variable in zip(results, variables, strict=True)]
    listed = all([(part.op is BLOCK and part.attr[1] == 1) or not part.shape for part in parts])
    if body.order == 1 and numerator and listed and len({part.attr[0] if part.shape else 1 for part in parts}) == 1:
        rows = parts[0].attr[0]
        return block(rows, len(parts), *[part.args[r] for r in range(rows) for part in parts])
    return block(1, len(parts), *parts) if numerator else block(len(parts), 1, *parts)


def resolve(
    expr: Expr,
    *,
    layout: str = "numerator",
    mode: str = "auto",
    structured: str = "projected",
    found: list[tuple[Expr, tuple[Expr, ...], Expr]] | None = None,
) -> Expr:
    """Return an expression with every derivative asked for inside it worked out, innermost first.

    In `found` each is noted: the function, the variables, and what its derivative came to.

    Raises:
        Mistake: `E-SHAPE`, where a derivative has another shape than what stands around it takes.
    """

    def work_out(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is DIFFERENTIAL:
            moves = list(zip(node.args[1::2], args[2::2], strict=True))
            result = args[0]
            for order in range(1, node.attr + 1):
                before, result = result, differential_of(args[0], moves, order)
                if found is not None:
                    found.append(along_a_line(before, result, moves))
            return result
        if node.op is not DERIVATIVE:
            return None
        result = derivative_of(args[0], args[1:], layout=layout, mode=mode, structured=structured)
        if found is not None:
            found.append((args[0], args[1:], result))
        return result

    try:
        return rebuild(expr, work_out)
    except ShapeError as trouble:
        hint = "the derivative, worked out, is a row or a column: transpose it, or what it is added to"
        raise Mistake("E-SHAPE", trouble.message, hint=hint) from None


def differential_of(body: Expr, moves: Sequence[Move], order: int = 1) -> Expr:
    """Return what `body` changes by, to first order, when variables move: its differential, in matrix notation.

    Forward accumulation along the directions, which never has the tensor of the derivative in it. A second differential
    is that of the first, since the directions stay as they are. (Magnus and Neudecker, chapters 5 and 6.)

    >>> from mcalc.operators.leaves import symbol
    >>> x, dx = symbol("x"), symbol("dx")
    >>> differential_of(mul(x, x), [(x, dx)]) is mul(number(2), x, dx)
    True
    """
    if any([is_number(variable) for variable, _ in moves]):
        raise Mistake("E-UNSUPPORTED", "a differential at a point is not supported", hint="take the derivative there")
    found = body
    for _ in range(order):
        columns = named_alike(as_columns(expand_defined(found)))
        raw = add(*[forward(columns, variable, direction=as_columns(direction)) for variable, direction in moves])
        found = told_apart(simplified(raw, frozenset(walk(columns))))
        found = with_powers(as_row(found) if body.is_row else found)
    found = _with_direction_last(found, {direction for _, direction in moves})
    return _read_forward(found, body, moves) if order == 1 and not body.shape else found


def _read_forward(found: Expr, body: Expr, moves: Sequence[Move]) -> Expr:
    """Return the differential of a scalar with the directions at the end, where that is no longer: tr(Gᵀ dX), g dx.

    A trace that stands in the body keeps its order: tr(A dX B) of tr(A X B).
    """
    if body.has(EXPECTATION):
        return found
    traces = [node.args[0].args for node in walk(body) if node.op is TRACE and node.args[0].op is MATMUL]
    parts: list[Expr] = []
    for variable, direction in moves:
        slope = derivative_of(body, [variable], structured="ignore")
        if slope.order > 1:
            scalars, whole = multiple(slope)
            turned = transposed(whole)
            product_of = (*(turned.args if turned.op is MATMUL else (turned,)), direction)
            known = [tuple([direction if f is variable else f for f in factors]) for factors in traces]
            same = next((other for other in known if _is_rotated(product_of, other)), product_of)
            parts.append(mul(*scalars, make(TRACE, (matmul(*same),))))
        else:
            factors = slope.args if slope.op is MUL else (slope,)
            parts.append(chain(slope, direction) if slope.shape else mul(*factors, direction))
    other = add(*parts)
    lists_entries = other.has(BLOCK, UNIT)  # as the gradient of x_1 x_3 does: with dx_1 and dx_3 it is shorter to read
    return found if lists_entries or written_size(found) < written_size(other) else other


def _with_direction_last(found: Expr, directions: Collection[Expr]) -> Expr:
    """Return an expression with a direction at the end of each trace that has one: tr(X⁻¹ dX), not tr(dX X⁻¹)."""

    def turned(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not TRACE or args[0].op is not MATMUL:
            return None
        factors = args[0].args
        last = max([place for place, factor in enumerate(factors) if factor in directions], default=len(factors) - 1)
        return make(TRACE, (matmul(*factors[last + 1 :], *factors[: last + 1]),))

    return rebuild(found, turned)


def _is_rotated(one: Sequence[Expr], other: Sequence[Expr]) -> bool:
    """Say whether two products are the same but for factors that have gone round, as they may in a trace."""
    twice = [*one, *one]
    return len(one) == len(other) and any([twice[k : k + len(one)] == [*other] for k in range(len(one))])


def along_a_line(body: Expr, found: Expr, moves: Sequence[Move]) -> tuple[Expr, tuple[Expr, ...], Expr]:
    """Return a claim by which a differential can be checked: the slope of the body by t where X is X + t dX."""
    t = symbol(next(free_names(names_in(body, found), ["t", "s", "τ"])))
    line = {variable: add(variable, mul(t, direction)) for variable, direction in moves}
    ends = [rebuild(side, lambda node, args: line.get(node)) for side in (body, found)]
    return ends[0], (t,), ends[1]


def form_of(expr: Expr) -> str:
    """Say whether a result is in matrix notation, or has parts in index notation.

    >>> from mcalc.operators.leaves import number
    >>> form_of(number(1))
    'matrix'
    """
    return "index" if expr.has(EINSUM) else "matrix"
