"""Short derivations, told as the paper's section 2 tells them: the operator d/dx moves inward, one rule a line.

One entry of a longer derivative is ground down so to a scalar rule before the whole, as in sections 4.2 to 4.4.
"""

from __future__ import annotations

from itertools import islice

from mcalc.calculus.basics.entries import entry, substitute
from mcalc.calculus.basics.simplifications import Reason
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories import reasons
from mcalc.calculus.stories.intermediates import is_plain_step, is_shifted
from mcalc.calculus.stories.lines import DIRECT, Line, mark, scalar_rule, sum_rule
from mcalc.calculus.stories.rewriting import rewritings
from mcalc.dims import Dim
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, CASES, CONDITIONS, MUL, POW, has_minus, mul, neg
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.leaves import NUMBER, SYMBOL, index, is_number, number, size
from mcalc.operators.linear import DOT, ELEMENT, MATMUL, ROW, SIGMA, SUM, element

Applied = tuple[Expr, Reason]


def is_direct(body: Expr, variable: Expr, *, shifted: bool = False) -> bool:
    """Say whether the rules of section 2 are enough: scalars, and every function is of the variable itself.

    Where `shifted` ones are let in, a function may be of the variable plus or minus constants, too: ln(1 - p).

    Then no intermediate variable is needed; sin(x²) needs one, x² sin(x) does not. A column of such functions is direct
    too, and by one entry of a vector so is a sum over all of its entries.
    """
    touched = None if variable.shape else moving(body, variable)
    if touched is None:
        return False
    if body.op is BLOCK and body.attr[1] == 1 and not any([arg.shape for arg in body.args]):
        return all([is_direct(arg, variable) for arg in body.args])
    if body.shape:
        return False
    for node in _in_value(body, touched):
        if node is variable or node.op in (ADD, MUL) or (node.op is CASES and node is body):
            continue
        if node.op is POW and node.args[0] is variable and node.args[1] not in touched:
            continue
        moved = [arg for arg in node.args if arg in touched]
        if node.op.kind == "elementwise" and node.op not in CONDITIONS and node.op is not POW and moved == [variable]:
            continue
        if shifted and len(moved) == 1 and node.op not in CONDITIONS and is_plain_step(node, variable):
            continue
        if variable.op is ELEMENT and variable not in node.args and node in sums_over(body, variable):
            continue
        return False
    return True


def _in_value(body: Expr, touched: set[Expr]) -> set[Expr]:
    """Return which of some nodes the value of a function is made of; the conditions of braces only choose."""
    if body.op is not CASES:
        return touched
    return touched & {body, *[node for piece in body.args[::2] for node in walk(piece)]}


def moving(body: Expr, variable: Expr) -> set[Expr] | None:
    """Return the nodes that depend on a variable; None where they cannot be told by an entry of a vector alone.

    Other entries of the same vector are variables of their own; a sum over all entries depends on each.
    """
    if variable.op is not ELEMENT:
        return depends(body, variable)
    whole = variable.args[0]
    sums = sums_over(body, variable)
    inside = {node for one in sums for node in walk(one) if node is not one}
    touched: set[Expr] = set()
    for node in walk(body):
        if node is variable or node in sums or any([arg in touched for arg in node.args]):
            touched.add(node)
        if node is whole or node in inside or node in sums:
            continue
        if node is variable:
            continue
        apart = all([is_number(at) for at in (*node.args[1:], *variable.args[1:])])
        other = any([at is not own for at, own in zip(node.args[1:], variable.args[1:], strict=False)])
        by_number = node.op is ELEMENT and node.args[0] is whole and apart and other
        if whole in node.args and not by_number:
            return None
    return None if body is whole else touched


def sums_over(body: Expr, element: Expr) -> set[Expr]:
    """Return the sums in an expression that run over all entries of a vector, of which `element` is one."""
    if element.args[0].order != 1:
        return set()
    found: set[Expr] = set()
    for node in walk(body):
        written = _written_out(node, element)
        if written is not None and is_direct(_term_of(written, element), element):
            found.add(node)
    return found


def _written_out(node: Expr, element: Expr) -> Expr | None:
    """Return a sum or a dot product as Σ over the entries of the vector; None where it is none."""
    whole = element.args[0]
    if node.op is SIGMA:
        first, last, *excluded = node.args[0].args
        if excluded or not is_number(first, 1) or last is not size(whole.shape[0]):
            return None
        made = node
    elif not node.shape and node.op in (DOT, SUM, MATMUL) and len(node.args) <= 2:
        of = [arg.args[0] if arg.op is ROW else arg for arg in node.args]
        if any([arg.shape != whole.shape for arg in of]):
            return None
        i = index(next(free_names(names_in(node, element))), 0, number(1), size(whole.shape[0]))
        entries = [entry(arg, {0: i}) for arg in of]
        made = make(SIGMA, (i, entries[0] if len(entries) == 1 else mul(*entries)))
    else:
        return None
    at, term = made.args
    uses = [one for one in walk(term) if whole in one.args]
    return made if uses and all([one.op is ELEMENT and one.args[1:] == (at,) for one in uses]) else None


def _term_of(written: Expr, element: Expr) -> Expr:
    """Return the one term of a sum over entries that an entry occurs in."""
    return substitute(written.args[1], written.args[0], element.args[1])


def apply_one_rule(node: Expr) -> Applied:
    """Return what one rule makes of a derivative, and the rule.

    The rule is told from the shape of the expression under d/dx; what is left to do stays a derivative.
    """
    body, x = node.args
    touched = moving(body, x) or set()
    if body not in touched:
        return number(0), reasons.CONSTANT
    if body is x:
        return number(1), reasons.ITSELF
    if body.op is BLOCK:
        parts = [make(DERIVATIVE, (part, x)) for part in body.args]
        return block(len(parts), 1, *parts), reasons.STACKED
    if body.op is ADD:
        terms = [
            make(DERIVATIVE, (term, x)) if not has_minus(term) else neg(make(DERIVATIVE, (neg(term), x)))
            for term in body.args
        ]
        return make(ADD, tuple(terms)), sum_rule(body)
    if body.op is MUL:
        return _of_product(body, x, touched)
    if body.op is CASES:
        pieces = [make(DERIVATIVE, (arg, x)) if k % 2 == 0 else arg for k, arg in enumerate(body.args)]
        return make(CASES, tuple(pieces), body.attr), reasons.of_row(body.op)
    written = _written_out(body, x) if x.op is ELEMENT else None
    if written is not None and written is not body:
        return make(DERIVATIVE, (written, x)), reasons.WRITTEN_OUT if body.op is SUM else reasons.WRITTEN_OUT.at("5")
    if written is not None:
        inside = make(DERIVATIVE, (body.args[1], x))
        return make(SIGMA, (body.args[0], inside)), reasons.INSIDE
    if body.op is POW and body.args[0] is x:
        return derivative_of(body, [x]), reasons.POWER
    if is_shifted(body.args[0], x) and body.op.partial is not None:
        outer = body.op.partial(body, 0)
        if outer is not None:
            inner = make(DERIVATIVE, (body.args[0], x))
            return mul(outer, inner), reasons.SINGLE
    return derivative_of(body, [x]), scalar_rule(body)


def _of_product(body: Expr, x: Expr, touched: set[Expr]) -> Applied:
    constants = [f for f in body.args if f not in touched]
    moving = [f for f in body.args if f in touched]
    if constants:
        rest = moving[0] if len(moving) == 1 else make(MUL, tuple(moving))
        return mul(*constants, make(DERIVATIVE, (rest, x))), reasons.CONSTANT_FACTOR
    first, *others = moving
    rest = others[0] if len(others) == 1 else make(MUL, tuple(others))
    by_parts = (mul(first, make(DERIVATIVE, (rest, x))), mul(make(DERIVATIVE, (first, x)), rest))
    return make(ADD, by_parts), reasons.PRODUCT_RULE


def next_line(line: Expr) -> tuple[Expr, list[Reason]] | None:
    """Apply one rule to each derivative in a line; return the new line and the rules used, or None when done.

    The zeros and ones that the rules leave stay in the line, as the paper shows them.
    """
    used: dict[Reason, None] = {}

    under_sums = {node.args[1] for node in walk(line) if node.op is SIGMA and node.args[1].op is DERIVATIVE}

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is MUL and is_number(args[0], -1) and args != node.args and len(args) == 2:
            return neg(args[1])
        if node.op is SIGMA and node.args[1] in under_sums:
            used[reasons.OTHERS] = None
            of, by = args[1].args
            return make(DERIVATIVE, (_term_of(make(SIGMA, (args[0], of)), by), by))
        if node.op is not DERIVATIVE or node in under_sums:
            return None
        made, rule = apply_one_rule(node)
        used[rule] = None
        return made

    if not line.has(DERIVATIVE):
        return None
    return rebuild(line, change), list(used)


def lines_from(start: Expr, lhs: Expr | None = None) -> list[Line]:
    """Return the lines from a derivative to be taken to one without derivatives, one rule each.

    They go on from `start`, which is also their left side, unless that is another `lhs`.
    """
    line = start
    start = start if lhs is None else lhs
    lines: list[Line] = []
    while (advanced := next_line(line)) is not None:
        line, used = advanced
        lines.append(Line(DIRECT, start, [line], used))
    return lines


def lines_of_entry(body: Expr, variable: Expr) -> list[Line]:
    """Return the derivative of entry i by entry i, or of a sum by entry j; nothing where scalar rules do not carry it.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.arithmetic import mul
    >>> from mcalc.render.text import unicode
    >>> w, x = symbol("w", (Dim.named("n"),)), symbol("x", (Dim.named("n"),))
    >>> [unicode(line.rhs[0]) for line in lines_of_entry(mul(w, x), w)]
    ['xᵢ ∂/∂wᵢ wᵢ', 'xᵢ (1)', 'xᵢ']
    """
    if variable.op.name != "symbol" or variable.order > 1 or body.order > 1 or body.is_row:
        return []
    first, second = islice(free_names(names_in(body, variable)), 2)
    if body.shape:
        at = _running(first, body.shape[0])
        of, by = entry(body, {0: at}), element(variable, at) if variable.shape else variable
    elif body.op is SUM and variable.shape:
        of, by = body, element(variable, _running(second, variable.shape[0]))
    else:
        return []
    if not is_direct(of, by):
        return []
    found = derivative_of(of, [by])
    lines = _by_product_rule(of, by) if is_expanded_product(body) else lines_from(mark(of, by))
    last = lines[-1].rhs[-1]
    settled = rewritings(last, found, lambda expr: matrix_form(normalise(expr)))
    return [*lines, *[Line(lines[0].part, lines[0].lhs, [shown], reason) for shown, reason in settled]]


def is_expanded_product(body: Expr) -> bool:
    """Say whether a body is the product of a vector and a number, each a variable: x z."""
    return (
        body.op is MUL
        and len(body.args) == 2
        and sorted([arg.order for arg in body.args]) == [0, 1]
        and all([arg.op is SYMBOL for arg in body.args])
    )


def _by_product_rule(of: Expr, by: Expr) -> list[Line]:
    """Return the lines of an entry of x z, by the product rule though one factor is constant, as in section 4.3."""
    first, second = of.args
    start = mark(of, by)
    halves = make(ADD, (mul(first, mark(second, by)), mul(mark(first, by), second)))
    lines = [Line(DIRECT, start, [halves], reasons.PRODUCT_RULE)]
    return [*lines, *lines_from(halves, start)]


def lines_inside_sum(body: Expr, variable: Expr) -> list[Line]:
    """Return the derivative of sum(x z) by z, moved inside the sum (4.4); nothing where scalar rules do not carry it.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.render.text import unicode
    >>> x, z = symbol("x", (Dim.named("n"),)), symbol("z")
    >>> [unicode(line.rhs[0]) for line in lines_inside_sum(make(SUM, (mul(x, z),)), z)][1:]
    ['Σ_{i=1}^{n} ∂/∂z (xᵢ z)', 'Σ_{i=1}^{n} xᵢ ∂/∂z z', 'Σ_{i=1}^{n} xᵢ (1)']
    """
    at = _running(next(free_names(names_in(body, variable))), body.args[0].shape[0])
    term = entry(body.args[0], {0: at})
    if variable.shape or not is_direct(term, variable):
        return []
    start = mark(body, variable)
    lines = [
        Line(DIRECT, start, [mark(make(SIGMA, (at, term)), variable)], reasons.WRITTEN_OUT),
        Line(DIRECT, start, [make(SIGMA, (at, mark(term, variable)))], reasons.INSIDE),
    ]
    inner = lines_from(mark(term, variable))
    return lines + [Line(DIRECT, start, [make(SIGMA, (at, line.rhs[0]))], line.reasons) for line in inner]


def is_plain_sum(body: Expr) -> bool:
    """Say whether a body is the sum of what one function makes of one vector, alone or beside numbers: sum(x z)."""
    if body.op is not SUM or body.args[0].order != 1:
        return False
    inside = body.args[0]
    vectors = [arg for arg in inside.args if arg.shape]
    return (
        inside.op.kind == "elementwise"
        and [arg.op for arg in vectors] == [SYMBOL]
        and all([arg.op in (SYMBOL, NUMBER) for arg in inside.args])
    )


def _running(name: str, dim: Dim) -> Expr:
    return index(name, 0, number(1), size(dim))
