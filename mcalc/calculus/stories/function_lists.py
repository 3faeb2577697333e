"""Lists of functions: a gradient for each as a row (the paper's 4); of a list of functions, two Jacobians (4.5.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.index_notation.term import product
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories.direct import is_direct
from mcalc.calculus.stories.intermediates import Intermediate, Names, replaced
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, DIRECT, NAME, Derivation, Line, mark, rule_of
from mcalc.calculus.stories.reasons import CHAIN_OF_VECTORS, GRADIENTS, IN_ONE_ROW, STACKED
from mcalc.calculus.stories.story_parts import closed, distinct, entries_of, in_row
from mcalc.dims import Dim
from mcalc.expr import Expr, depends, make
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, MUL, add
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.leaves import SYMBOL, number, symbol
from mcalc.operators.linear import ELEMENT, MATMUL, element


def inner_functions(body: Expr, variable: Expr) -> list[Expr]:
    """Return the functions g of a list of functions f(g(x)); nothing where the list is not of this form.

    Each function of the list is one operator, of functions that need no intermediate variable themselves.
    """
    if body.op is not BLOCK or body.attr[1] != 1 or variable.op.name != "symbol":
        return []
    if any([part.shape for part in body.args]):
        return []
    touched = depends(body, variable)
    found: dict[Expr, None] = {}
    for part in body.args:
        found.update(dict.fromkeys([arg for arg in part.args if arg in touched and arg is not variable]))
    simple = all([_is_simple(g, variable, touched) for g in found])
    of_those = all([part in found or (part is not variable and variable not in part.args) for part in body.args])
    return list(found) if found and simple and of_those else []


def _is_simple(g: Expr, variable: Expr, touched: set[Expr]) -> bool:
    if g is variable or g.shape or g.op is ELEMENT:
        return False
    if not variable.shape:
        return is_direct(g, variable)
    return all([arg is variable or arg.op is ELEMENT for arg in g.args if arg in touched])


def in_two_layers(body: Expr, variable: Expr, result: Expr, inner: list[Expr]) -> Derivation:
    """Tell the derivative of f(g(x)): the two Jacobians, their product, written out, and simplified."""
    names = Names(body)
    if len(inner) == 1:
        g = symbol(names.one_of("u", "g"), ())
        parts, gathered = [g], inner[0]
    else:
        g = symbol(names.one_of("g", "u"), (Dim.of(len(inner)),))
        parts, gathered = [element(g, number(j + 1)) for j in range(len(inner))], block(len(inner), 1, *inner)
    outer = replaced(body, dict(zip(inner, parts, strict=True)))
    y = symbol(names.one_of("y", "f"), body.shape)
    listed = [Intermediate(g, gathered, gathered), Intermediate(y, outer, body)]
    lines = [Line(NAME, item.symbol, [item.definition], name=item.symbol.attr[0]) for item in listed]
    by_x = [derivative_of(one, [variable]) for one in inner]
    of_g, of_y = derivative_of(gathered, [variable]), derivative_of(outer, [g])
    marks = [mark(one, variable) for one in inner]
    shown = [block(len(inner), 1, *marks), of_g] if len(inner) > 1 else [of_g]
    rule = (STACKED,) if len(inner) > 1 else rule_of(inner[0])
    lines.append(Line(DIFFERENTIATE, mark(g, variable), distinct(shown), rule, name=g.attr[0]))
    lines.append(Line(DIFFERENTIATE, mark(y, g), [of_y], STACKED, name=y.attr[0]))
    total = _multiplied(outer, parts, by_x, variable)
    op = MATMUL if g.shape else MUL
    shown = [make(op, (mark(y, g), mark(g, variable))), make(op, (of_y, of_g))]
    if not variable.shape and g.shape:
        rows = [
            [make(MUL, (derivative_of(f, [u]), of_u)) for u, of_u in zip(parts, by_x, strict=True)] for f in outer.args
        ]
        shown.append(block(len(rows), 1, *[make(ADD, tuple(row)) for row in rows]))
    lines.append(Line(COMBINE, mark(y, variable), distinct([*shown, total]), CHAIN_OF_VECTORS, name=y.attr[0]))
    in_turn = [*[Intermediate(part, one, one) for part, one in zip(parts, inner, strict=True)], listed[-1]]
    lines = closed(lines, in_turn, total, body, variable, result)
    return Derivation(body, variable, result, lines, listed)


def _multiplied(outer: Expr, parts: list[Expr], by_x: list[Expr], variable: Expr) -> Expr:
    """Work out the product of the two Jacobians, row by row."""
    labels = tuple(range(variable.order))
    rows: list[Expr] = []
    for f in outer.args:
        terms = [
            product(1, [(derivative_of(f, [part]), ()), (entries_of(of_g), labels)], labels)
            for part, of_g in zip(parts, by_x, strict=True)
        ]
        rows.append(in_row(matrix_form(normalise(add(*terms))), 0))
    if all([row.op is BLOCK for row in rows]):
        columns = rows[0].attr[1]
        return block(len(rows), columns, *[entry for row in rows for entry in row.args])
    return block(len(rows), 1, *rows)


MOST = 9
"""A Jacobian of more entries than this is not told entry by entry."""


def as_list(body: Expr) -> Expr:
    """Return a gradient, the row of several derivatives, as the list of functions that it is to differentiate again."""
    return as_columns(body) if body.op is BLOCK and body.attr[0] == 1 else body


def has_rows(body: Expr, variables: Sequence[Expr]) -> bool:
    """Say whether a derivative is a small Jacobian of several functions by several variables."""
    if body.op is not BLOCK or body.attr[1] != 1 or len(body.args) < 2 or len(variables) < 2:
        return False
    flat = all([part.order < 2 for part in (*body.args, *variables)])
    return flat and len(body.args) * len(variables) <= MOST


def entries_by(body: Expr, variables: Sequence[Expr]) -> list[Expr]:
    """Return the entries of a short vector that a list of functions is told by one by one; none where it is not.

    Each function is one of scalars that the rules of section 2 differentiate by each entry.
    """
    [variable] = variables if len(variables) == 1 else [body]
    if body.op is not BLOCK or body.attr[1] != 1 or len(body.args) < 2 or variable.op is not SYMBOL:
        return []
    size = variable.shape[0].value if variable.order == 1 else None
    if size is None or size < 2 or size * len(body.args) > MOST or any([part.shape for part in body.args]):
        return []
    entries = [element(variable, number(k)) for k in range(1, size + 1)]
    return entries if all([is_direct(part, one) for part in body.args for one in entries]) else []


def functions_of(body: Expr, called: str = "") -> list[Intermediate]:
    """Return the list and the functions in it under names of their own: f, f_1, f_2, ..., or as it is `called`."""
    letter = Names(body).one_of(*([called] if called else []), "f", "g", "h", "y")
    parts = [Intermediate(symbol(f"{letter}_{k}", part.shape), part, part) for k, part in enumerate(body.args, 1)]
    return [*parts, Intermediate(symbol(letter, body.shape), body, body)]


def told_by_rows(
    body: Expr,
    variables: Sequence[Expr],
    result: Expr,
    told: Callable[[Expr, Expr], Derivation],
    by: Sequence[Expr],
    called: str = "",
) -> list[tuple[Intermediate | None, Expr | None, Derivation]]:
    """Return the derivations in order, each with the function and the variable it is about.

    `told` tells the derivative of one function by one variable. After those of a function its gradient follows, without
    a variable; at the end, without a function, the Jacobian, by the same variables or the vector that they are in.
    """
    *functions, whole = functions_of(body, called)
    found: list[tuple[Intermediate | None, Expr | None, Derivation]] = []
    gradients: list[Expr] = []
    for function in functions:
        found += [(function, variable, told(function.definition, variable)) for variable in variables]
        gradient = derivative_of(function.definition, variables)
        lhs = make(DERIVATIVE, (function.symbol, *variables))
        members = [block(1, len(variables), *[mark(function.symbol, variable) for variable in variables]), gradient]
        row = [Line(DIRECT, lhs, members, IN_ONE_ROW)]
        found.append((function, None, Derivation(body, variables[0], gradient, row, [function])))
        gradients.append(lhs)
    members = [block(len(gradients), 1, *gradients), result]
    rows = [Line(DIRECT, make(DERIVATIVE, (whole.symbol, *by)), members, GRADIENTS)]
    found.append((None, None, Derivation(body, variables[0], result, rows, [*functions, whole])))
    return found
