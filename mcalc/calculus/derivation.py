"""Derivations: the paper's four-step process of 4.5.1, pulled from a finished result by the same local rules.

A derivation is a list of :class:`Line`, each an equation that holds by value. Nothing here is computed unless asked
for: the result comes from :mod:`mcalc.calculus.derive` alone, and the lines ask the operators' rows for the same local
Jacobians again, one operator at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.direct import is_direct, next_line
from mcalc.calculus.intermediates import Intermediate, intermediates, substituted
from mcalc.calculus.matrix_form import matrix_form
from mcalc.calculus.normal import normalise
from mcalc.calculus.orientation import as_columns, as_row
from mcalc.calculus.tensor import product
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, MUL, add, neg
from mcalc.operators.derivative import derivative
from mcalc.operators.leaves import NUMBER, is_zero, number, symbol
from mcalc.operators.linear import MATMUL, ROW, SIGMA

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME, DIFFERENTIATE, COMBINE, SUBSTITUTE = 1, 2, 3, 4
PARTS = {
    NAME: "Name the intermediate variables",
    DIFFERENTIATE: "Differentiate each with respect to its own argument",
    COMBINE: "Combine",
    SUBSTITUTE: "Substitute back",
}
SINGLE = ("single-variable chain rule", "4.5.1")
TOTAL = ("single-variable total-derivative chain rule", "4.5.2")
VECTOR = ("vector chain rule", "4.5.3")


class Line:
    """One equation of a derivation: ``lhs = rhs[0] = rhs[1] = ...``, with the rule and the section it comes from.

    `part` is the step of the paper's process it belongs to, 0 in a derivation that needs no intermediate variables.
    """

    __slots__ = ("lhs", "name", "part", "rhs", "rule", "section")

    def __init__(
        self, part: int, lhs: Expr, rhs: Sequence[Expr], rule: str = "", section: str = "", name: str = ""
    ) -> None:
        self.part = part
        self.lhs = lhs
        self.rhs = tuple(rhs)
        self.rule = rule
        self.section = section
        self.name = name


class Derivation:
    """The lines that lead from an expression to its derivative by one variable.

    `listed` are the intermediate variables, by which the lines can be evaluated.
    """

    __slots__ = ("body", "lines", "listed", "result", "variable")

    def __init__(self, body: Expr, variable: Expr, result: Expr, lines: list[Line], listed: list[Intermediate]) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.lines = lines
        self.listed = listed


def derive_in_steps(body: Expr, variable: Expr, result: Expr) -> Derivation:
    """Tell how `result`, the derivative of `body` by `variable`, comes about.

    A derivation that the rules of section 2 carry alone is told in their order, one rule a line; any other by the
    four-step process.
    """
    if is_direct(body, variable):
        return _told_directly(body, variable, result)
    listed = intermediates(body, variable)
    if len(listed) <= 1:
        return _one_rule(body, variable, result)
    return FourSteps(body, variable, result, listed).derivation()


def _told_directly(body: Expr, variable: Expr, result: Expr) -> Derivation:
    start = line = derivative(body, variable)
    lines: list[Line] = []
    while (advanced := next_line(line)) is not None:
        line, used = advanced
        rules = ", ".join([rule for rule, _ in used])
        lines.append(Line(0, start, [line], rules, ", ".join(dict.fromkeys([section for _, section in used]))))
    if line is not result:
        lines.append(Line(0, start, [result], "simplify"))
    return Derivation(body, variable, result, lines, [])


def _one_rule(body: Expr, variable: Expr, result: Expr) -> Derivation:
    rule, section = (body.op.rule, body.op.section) if body is not variable else ("identity", "4.1")
    if variable not in set(walk(body)):
        rule, section = "constant rule", "2"
    return Derivation(body, variable, result, [Line(0, derivative(body, variable), [result], rule, section)], [])


class FourSteps:
    """The four steps for one body and one variable, told in forward order."""

    def __init__(self, body: Expr, variable: Expr, result: Expr, listed: list[Intermediate]) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.listed = listed
        self.symbols = {item.symbol for item in listed}
        self.total: dict[Expr, Expr] = {variable: derivative_of(variable, [variable])}
        self.lines: list[Line] = []

    def derivation(self) -> Derivation:
        """Return all lines, from the names to the printed result."""
        for item in self.listed:
            self.lines.append(Line(NAME, item.symbol, [item.definition], name=item.symbol.attr[0]))
        for item in self.listed:
            for argument in [] if _sigma_in(item.definition) else self.arguments(item):
                rule, section = rule_of(item.definition)
                lhs = derivative(item.symbol, argument)
                self.lines.append(
                    Line(
                        DIFFERENTIATE, lhs, [self.local(item.definition, argument)], rule, section, item.symbol.attr[0]
                    )
                )
        for item in self.listed:
            sigma = _sigma_in(item.definition)
            if sigma is None:
                self.combine(item)
            else:
                self.combine_under_sum(item, sigma)
        last = self.listed[-1]
        lhs = derivative(last.symbol, self.variable)
        back = substituted(self.total[last.symbol], self.listed)
        shown = [back, self.result] if back is not self.result else [self.result]
        why = "substitute the intermediate variables back" + (", simplify" if len(shown) > 1 else "")
        self.lines.append(Line(SUBSTITUTE, lhs, shown, why))
        return Derivation(self.body, self.variable, self.result, self.lines, self.listed)

    def arguments(self, item: Intermediate) -> list[Expr]:
        """The intermediate variables that a definition uses, and the variable itself where it occurs directly."""
        return self.used_in(item.definition)

    def used_in(self, expr: Expr) -> list[Expr]:
        """The intermediate variables and the variable, where they occur in an expression."""
        return [node for node in walk(expr) if node in self.symbols or node is self.variable]

    def local(self, definition: Expr, argument: Expr) -> Expr:
        """∂(one operator)/∂(its argument), from the operator's own row."""
        return derivative_of(definition, [argument])

    def combine(self, item: Intermediate) -> None:
        """Carry the derivative by the variable one operator further."""
        arguments = self.arguments(item)
        if arguments == [self.variable]:
            self.total[item.symbol] = self.local(item.definition, self.variable)
            return
        lhs = derivative(item.symbol, self.variable)
        value, products = self.through(item.definition, arguments)
        self.total[item.symbol] = value
        if item.definition.op is ADD and (self.variable.shape or len(arguments) == 1):
            symbolic, products = self.term_by_term(item.definition)
            rule = rule_of(item.definition)[0], "2"
        else:
            symbolic = self.symbolic(item.symbol, arguments)
            rule = self.rule_for(item, arguments)
        self.lines.append(Line(COMBINE, lhs, _distinct([symbolic, products, value]), *rule, name=item.symbol.attr[0]))

    def through(self, definition: Expr, arguments: list[Expr]) -> tuple[Expr, Expr]:
        """Return Σ (local Jacobian)(derivative so far): worked out, and as the products it is."""
        locals_ = [self.local(definition, argument) for argument in arguments]
        totals = [self.total[argument] for argument in arguments]
        products = _sum([chained(local, total) for local, total in zip(locals_, totals, strict=True)])
        return multiplied(locals_, totals, definition, arguments, self.variable), products

    def symbolic(self, of: Expr, arguments: list[Expr]) -> Expr:
        """The chain rule in symbols: ∂y/∂u ∂u/∂x + ..."""
        return _sum([
            chained(derivative_mark(of, argument), derivative_mark(argument, self.variable))
            if argument is not self.variable
            else derivative_mark(of, argument)
            for argument in arguments
        ])  # fmt: skip

    def term_by_term(self, definition: Expr) -> tuple[Expr, Expr]:
        """The sum rule in symbols and with what is known put in; a constant's derivative is shown as the zero it is."""
        symbols: list[Expr] = []
        values: list[Expr] = []
        for term in definition.args:
            minus = _minus(term)
            bare = neg(term) if minus else term
            if bare.op is NUMBER:
                continue
            known = self.total.get(bare)
            if known is None:
                known = derivative_of(bare, [self.variable])
            symbols.append(neg(derivative_mark(bare, self.variable)) if minus else derivative_mark(bare, self.variable))
            values.append(make(MUL, (number(-1), known)) if minus and not is_zero_row(known) else known)
        return _sum(symbols), _sum(values)

    def combine_under_sum(self, item: Intermediate, sigma: Expr) -> None:
        """Move the derivative inside a sum over an index, and take the chain rule there (the paper's section 6)."""
        index, body = sigma.args
        arguments = self.used_in(body)
        lhs = derivative(item.symbol, self.variable)

        def outside(inner: Expr) -> Expr:
            return rebuild(item.definition, lambda node, args: make(SIGMA, (index, inner)) if node is sigma else None)

        moved = outside(derivative_mark(body, self.variable))
        rule = ("move the derivative inside the sum", "6.1")
        self.lines.append(Line(COMBINE, lhs, [moved], *rule, name=item.symbol.attr[0]))
        value, products = self.through(body, arguments)
        chain = outside(self.symbolic(body, arguments))
        self.lines.append(
            Line(COMBINE, lhs, _distinct([chain, outside(products), outside(value)]), *VECTOR, name=item.symbol.attr[0])
        )
        stand_in = symbol(f"{item.symbol.attr[0]}_sum", sigma.shape)
        factor = derivative_of(
            rebuild(item.definition, lambda node, args: stand_in if node is sigma else None), [stand_in]
        )
        n, k = item.symbol.order, self.variable.order
        m = sigma.order
        labels = tuple(range(n + m + k))
        summed = make(SIGMA, (index, as_columns(value)))
        whole = product(1, [(as_columns(factor), labels[: n + m]), (summed, labels[n:])], labels[:n] + labels[n + m :])
        self.total[item.symbol] = in_row(matrix_form(normalise(whole)), n)

    def rule_for(self, item: Intermediate, arguments: list[Expr]) -> tuple[str, str]:
        """Which of the paper's three chain rules this is."""
        if item.symbol.shape or self.variable.shape or any([argument.shape for argument in arguments]):
            return VECTOR
        return SINGLE if len(arguments) == 1 else TOTAL


def _sigma_in(definition: Expr) -> Expr | None:
    """The sum over an index in a definition, where there is one with something to differentiate in it."""
    return next((node for node in walk(definition) if node.op is SIGMA), None)


def derivative_mark(of: Expr, by: Expr) -> Expr:
    """Return ∂of/∂by as a mark in an equation, to be worked out when the equation is checked."""
    return derivative(of, by)


def is_zero_row(value: Expr) -> bool:
    """Say whether a derivative is zero, row or not."""
    return is_zero(value) or (value.op is ROW and is_zero(value.args[0]))


def _distinct(shown: list[Expr]) -> list[Expr]:
    return [expr for place, expr in enumerate(shown) if place == 0 or expr is not shown[place - 1]]


def in_row(made: Expr, order: int) -> Expr:
    """Return a gradient of a scalar as a row."""
    return as_row(made) if made.order == 1 and order == 0 else made


def rule_of(definition: Expr) -> tuple[str, str]:
    """Return the rule by which one operator is differentiated, in the paper's words."""
    op = definition.op
    if op is ADD and len(definition.args) == 2 and any([_minus(arg) for arg in definition.args]):
        return "difference rule", op.section
    if op is MUL and definition.shape:
        return "element-wise product", "4.2"
    if op is ADD and definition.shape:
        return "element-wise sum", "4.2"
    return op.rule, op.section


def _minus(term: Expr) -> bool:
    return term.op is MUL and term.args[0].op.name == "number" and term.args[0].attr < 0


def chained(outer: Expr, inner: Expr) -> Expr:
    """Return the product of two Jacobians as the chain rule writes it, not worked out."""
    if not outer.shape or not inner.shape:
        return make(MUL, (outer, inner))
    return make(MATMUL, (outer, inner))


def _sum(parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else make(ADD, tuple(parts))


def multiplied(
    locals_: list[Expr], totals: list[Expr], definition: Expr, arguments: list[Expr], variable: Expr
) -> Expr:
    """Work out Σ (local Jacobian)(derivative so far), by the engine that computed the result."""
    terms: list[Expr] = []
    n, k = definition.order, variable.order
    for local, total, argument in zip(locals_, totals, arguments, strict=True):
        m = argument.order
        labels = tuple(range(n + m + k))
        factors = [(as_columns(local), labels[: n + m]), (as_columns(total), labels[n:])]
        terms.append(product(1, factors, labels[:n] + labels[n + m :]))
    return in_row(matrix_form(normalise(add(*terms))), n)
