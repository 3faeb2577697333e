"""The four steps of the paper's 4.5.1, told forward: from the variable to the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of, simplified_as
from mcalc.calculus.error_term import named_error
from mcalc.calculus.intermediates import Intermediate, substituted
from mcalc.calculus.lines import COMBINE, DIFFERENTIATE, NAME, SUBSTITUTE, Derivation, Line, direct_mark, mark
from mcalc.calculus.matrix_form import matrix_form
from mcalc.calculus.normal import normalise
from mcalc.calculus.orientation import as_columns, as_row, as_units
from mcalc.calculus.rewriting import rewritings
from mcalc.calculus.tensor import product
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, MUL, POW, add, neg
from mcalc.operators.leaves import NUMBER, is_number, is_zero, number, symbol
from mcalc.operators.linear import BLOCK, MATMUL, ROW, SIGMA, block

if TYPE_CHECKING:
    from collections.abc import Sequence

SINGLE = ("single-variable chain rule", "4.5.1")
TOTAL = ("single-variable total-derivative chain rule", "4.5.2")
VECTOR = ("vector chain rule", "4.5.3")
MATRIX = 2
FOLD = 12
"""With more intermediate variables than this, products are not multiplied out on the way."""


class ForwardStory:
    """The lines for one body and one variable."""

    def __init__(self, body: Expr, variable: Expr, result: Expr, listed: list[Intermediate]) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.listed = list(listed)
        self.symbols = {item.symbol for item in listed}
        self.folded = len(listed) > FOLD
        self.total: dict[Expr, Expr] = {variable: derivative_of(variable, [variable])}
        self.lines: list[Line] = []

    def derivation(self) -> Derivation:
        """Return all lines, from the names to the printed result."""
        self.lines += naming_lines(self.listed)
        for item in self.listed:
            self.lines += local_lines(item, self.used_in(item.definition))
        for item in self.listed:
            sigma = sigma_in(item.definition)
            if sigma is not None and self.used_in(item.definition) == self.used_in(sigma) != []:
                self.combine_under_sum(item, sigma)
            elif item.definition.op is BLOCK:
                self.stack(item)
            else:
                self.combine(item)
        self.lines += closing_lines(
            self.listed, self.total.get(self.listed[-1].symbol), self.body, self.variable, self.result
        )
        return Derivation(self.body, self.variable, self.result, self.lines, self.listed)

    def used_in(self, expr: Expr) -> list[Expr]:
        """The intermediate variables and the variable, where they occur in an expression."""
        return [node for node in walk(expr) if node in self.symbols or node is self.variable]

    def known(self, argument: Expr) -> Expr:
        """What is known of ∂argument/∂variable: its value, or in a long derivation the mark for it."""
        return mark(argument, self.variable) if self.folded and argument in self.symbols else self.total[argument]

    def combine(self, item: Intermediate) -> None:
        """Carry the derivative by the variable one operator further."""
        arguments = self.used_in(item.definition)
        if arguments == [self.variable]:
            self.total[item.symbol] = derivative_of(item.definition, [self.variable])
            return
        same = all([term.shape == item.symbol.shape for term in item.definition.args])
        if item.definition.op is ADD and same and (self.variable.shape or len(arguments) == 1):
            symbolic, products = self.term_by_term(item.definition)
            rule = rule_of(item.definition)[0], "2"
        else:
            symbolic = self.symbolic(item.symbol, arguments)
            products = self.products(item.definition, arguments)
            rule = self.rule_for(item, arguments)
        shown = [symbolic, products]
        if not self.folded:
            self.total[item.symbol] = self.through(item.definition, arguments)
            shown.append(self.total[item.symbol])
        lhs = mark(item.symbol, self.variable)
        self.lines.append(Line(COMBINE, lhs, distinct(shown), *rule, name=item.symbol.attr[0]))

    def stack(self, item: Intermediate) -> None:
        """A list of functions has the list of their derivatives, one row for each (the paper's 4.1)."""
        arguments = self.used_in(item.definition)
        symbolic: Expr | None = None
        if all([not part.shape for part in item.definition.args]) and item.definition.attr[1] == 1:
            parts = [mark(part, self.variable) for part in item.definition.args]
            symbolic = block(len(parts), 1, *parts)
        value = None if self.folded else self.through(item.definition, arguments)
        if value is not None:
            self.total[item.symbol] = value
        shown = distinct([symbolic, value])
        if shown:
            lhs = mark(item.symbol, self.variable)
            rule = ("stack the derivatives, one row for each function", "4.1")
            self.lines.append(Line(COMBINE, lhs, shown, *rule, name=item.symbol.attr[0]))

    def through(self, definition: Expr, arguments: list[Expr]) -> Expr:
        """Work out Σ (local Jacobian)(derivative so far), by the engine that computed the result."""
        terms: list[Expr] = []
        n, k = definition.order, self.variable.order
        for argument in arguments:
            m = argument.order
            labels = tuple(range(n + m + k))
            local, total = derivative_of(definition, [argument]), self.total[argument]
            factors = [(entries_of(local), labels[: n + m]), (entries_of(total), labels[n:])]
            terms.append(product(1, factors, labels[:n] + labels[n + m :]))
        return in_row(matrix_form(normalise(add(*terms))), n)

    def products(self, definition: Expr, arguments: list[Expr]) -> Expr | None:
        """The products of Jacobians with their values put in, not yet multiplied."""
        made: list[Expr | None] = []
        for u in arguments:
            local = derivative_of(definition, [u])
            made.append(local if u is self.variable else chained(local, self.known(u), u.order))
        return _sum(made)

    def symbolic(self, of: Expr, arguments: list[Expr]) -> Expr | None:
        """The chain rule in symbols: ∂y/∂u ∂u/∂x + ..., with the direct partial where the variable stands itself."""
        x = self.variable
        local = direct_mark if len(arguments) > 1 else mark
        return _sum([local(of, u) if u is x else chained(local(of, u), mark(u, x), u.order) for u in arguments])

    def term_by_term(self, definition: Expr) -> tuple[Expr | None, Expr | None]:
        """The sum rule in symbols and with what is known put in; a constant's derivative is shown as the zero it is."""
        symbols: list[Expr | None] = []
        values: list[Expr | None] = []
        for term in definition.args:
            minus = is_minus(term)
            bare = neg(term) if minus else term
            if bare.op is NUMBER:
                continue
            used = self.used_in(bare)
            if bare in used:
                known = self.known(bare)
            else:
                known = self.through(bare, used) if used and not self.folded else derivative_of(bare, [self.variable])
            symbols.append(neg(mark(bare, self.variable)) if minus else mark(bare, self.variable))
            values.append(make(MUL, (number(-1), known)) if minus and not is_zero_row(known) else known)
        return _sum(symbols), _sum(values)

    def combine_under_sum(self, item: Intermediate, sigma: Expr) -> None:
        """Move the derivative inside a sum over an index, and take the chain rule there (the paper's section 6)."""
        index, body = sigma.args
        arguments = self.used_in(body)
        lhs, name = mark(item.symbol, self.variable), item.symbol.attr[0]

        def outside(inner: Expr | None) -> Expr | None:
            if inner is None:
                return None
            return rebuild(item.definition, lambda node, args: make(SIGMA, (index, inner)) if node is sigma else None)

        moved = outside(mark(body, self.variable))
        self.lines.append(Line(COMBINE, lhs, distinct([moved]), "move the derivative inside the sum", "6.1", name))
        value = self.through(body, arguments)
        shown = [outside(self.symbolic(body, arguments)), outside(self.products(body, arguments)), outside(value)]
        self.lines.append(Line(COMBINE, lhs, distinct(shown), *VECTOR, name))
        stand_in = symbol(f"{name}_sum", sigma.shape)
        without = rebuild(item.definition, lambda node, args: stand_in if node is sigma else None)
        factor = derivative_of(without, [stand_in])
        n, k, m = item.symbol.order, self.variable.order, sigma.order
        labels = tuple(range(n + m + k))
        summed = make(SIGMA, (index, as_columns(value)))
        whole = product(1, [(as_columns(factor), labels[: n + m]), (summed, labels[n:])], labels[:n] + labels[n + m :])
        self.total[item.symbol] = in_row(matrix_form(normalise(whole)), n)

    def rule_for(self, item: Intermediate, arguments: list[Expr]) -> tuple[str, str]:
        """Which of the paper's three chain rules this is."""
        if item.symbol.shape or self.variable.shape or any([argument.shape for argument in arguments]):
            return VECTOR
        return SINGLE if len(arguments) == 1 else TOTAL


def naming_lines(listed: Sequence[Intermediate]) -> list[Line]:
    """Step 1: the names and what they stand for."""
    return [Line(NAME, item.symbol, [item.definition], name=item.symbol.attr[0]) for item in listed]


def local_lines(item: Intermediate, arguments: Sequence[Expr]) -> list[Line]:
    """Step 2: the derivative of one operator by each of its arguments; lists and sums over an index have none."""
    sigma = sigma_in(item.definition)
    if item.definition.op is BLOCK or (sigma is not None and any([node in arguments for node in walk(sigma)])):
        return []
    moving = sum([any([node in arguments for node in walk(arg)]) for arg in item.definition.args])
    rule = rule_of(item.definition, moving)
    made: list[Line] = []
    for argument in arguments:
        lhs = direct_mark(item.symbol, argument) if len(arguments) > 1 else mark(item.symbol, argument)
        made.append(Line(DIFFERENTIATE, lhs, [derivative_of(item.definition, [argument])], *rule, item.symbol.attr[0]))
    return made


def closing_lines(
    listed: list[Intermediate], total: Expr | None, body: Expr, variable: Expr, result: Expr
) -> list[Line]:
    """Step 4: the names put back, what becomes of it by each simplification, and the result as it is printed."""
    lhs = mark(listed[-1].symbol, variable)
    made: list[Line] = []
    why = "substitute the intermediate variables back"
    if total is not None:
        back = substituted(total, listed)
        if back is not result:
            made.append(Line(SUBSTITUTE, lhs, [back], why))
            *between, (_, why) = rewritings(back, result, lambda expr: simplified_as(expr, body, variable))
            made += [Line(SUBSTITUTE, lhs, [shown], reason) for shown, reason in between]
    error = named_error(result, listed)
    if error is not None:
        item, shown = error
        made.append(Line(SUBSTITUTE, item.symbol, [item.definition], "name the error term", "6.1", item.symbol.attr[0]))
        made.append(Line(SUBSTITUTE, lhs, [shown], why))
        listed.append(item)
        why = "put the error term back"
    made.append(Line(SUBSTITUTE, lhs, [result], why))
    return made


def entries_of(value: Expr) -> Expr:
    """Return a derivative as a tensor to calculate with: columns, and lists entry by entry."""
    return as_units(as_columns(value))


def sigma_in(definition: Expr) -> Expr | None:
    """The sum over an index that a definition is, but for factors; None where it is something else."""
    if definition.op is SIGMA:
        return definition
    sums = [arg for arg in definition.args if arg.op is SIGMA] if definition.op is MUL else []
    return sums[0] if len(sums) == 1 else None


def is_zero_row(value: Expr) -> bool:
    """Say whether a derivative is zero, row or not."""
    return is_zero(value) or (value.op is ROW and is_zero(value.args[0]))


def distinct(shown: Sequence[Expr | None]) -> list[Expr]:
    """Return the members of an equation that are there, without one that repeats the one before."""
    kept: list[Expr] = []
    for expr in shown:
        if expr is not None and (not kept or expr is not kept[-1]):
            kept.append(expr)
    return kept


def in_row(made: Expr, order: int) -> Expr:
    """Return a gradient of a scalar as a row."""
    return as_row(made) if made.order == 1 and order == 0 else made


def rule_of(definition: Expr, moving: int = 0) -> tuple[str, str]:
    """Return the rule by which one operator is differentiated, in the paper's words.

    `moving` is how many of its arguments depend on the variable, where that is known.
    """
    op = definition.op
    expanded = bool(definition.shape) and any([not arg.shape and arg.op is not NUMBER for arg in definition.args])
    if op is ADD and len(definition.args) == 2 and any([is_minus(arg) for arg in definition.args]):
        rule, section = "difference rule", "2"
    elif op is MUL and (moving == 1 or sum([arg.op is not NUMBER for arg in definition.args]) == 1):
        rule, section = "multiplication by constant rule", "2"
    else:
        rule, section = op.rule, op.section
    if not definition.shape or op.kind != "elementwise":
        return rule, section
    named = op.name if "(" in op.rule else op.rule
    words = {ADD: "element-wise sum", MUL: "element-wise product", POW: "element-wise power"}.get(
        op, f"element-wise {named}"
    )
    if rule == "difference rule":
        words = "element-wise difference"
    elif op is MUL and any([arg.op is POW and is_number(arg.args[1], -1) for arg in definition.args]):
        words = "element-wise division"
    return (f"{words}, scalar expansion", "4.3") if expanded and op in (ADD, MUL) else (words, "4.2")


def is_minus(term: Expr) -> bool:
    """Say whether a term is subtracted."""
    return term.op is MUL and term.args[0].op is NUMBER and term.args[0].attr < 0


def chained(outer: Expr, inner: Expr, order: int) -> Expr | None:
    """Return the product of two Jacobians as the chain rule writes it; None where matrices cannot say it.

    `order` is the number of axes of the variable between them.
    """
    if order == 0:
        if not outer.shape or not inner.shape:
            return make(MUL, (outer, inner)) if max(outer.order, inner.order) <= MATRIX else None
        if outer.order == inner.order == 1 and not outer.is_row:
            return make(MATMUL, (outer, inner if inner.is_row else make(ROW, (inner,))))
        return None
    if order > 1 or outer.order > MATRIX or inner.order > MATRIX or (outer.order == 1 and not outer.is_row):
        return None
    return None if inner.is_row else make(MATMUL, (outer, inner))


def _sum(parts: Sequence[Expr | None]) -> Expr | None:
    kept = [part for part in parts if part is not None]
    if len(kept) < len(parts) or not kept:
        return None
    return kept[0] if len(kept) == 1 else make(ADD, tuple(kept))
