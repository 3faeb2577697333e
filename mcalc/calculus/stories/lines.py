"""What a derivation consists of: equations, each by a rule of some section, and the marks of the derivatives in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mcalc.calculus.basics.simplifications import Reason, Reasons, names_of
from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.calculus.stories import reasons
from mcalc.calculus.stories.intermediates import Intermediate, replaced, substituted
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.fresh import names_in, parts_of
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, MARK
from mcalc.operators.arithmetic import ADD, MAX, MUL, POW, has_minus
from mcalc.operators.leaves import NUMBER, SYMBOL, is_number, symbol, symbols_in
from mcalc.operators.linear import ROW
from mcalc.patterns import pattern

DIRECT, NAME, DIFFERENTIATE, COMBINE, SUBSTITUTE = 0, 1, 2, 3, 4
OWN = "direct"
"""The attribute of a partial derivative that stands beside a total one of the same names."""
NUMBERED = pattern(r"[a-z]_\d+")
PARTS = {
    NAME: "Name the intermediate variables",
    DIFFERENTIATE: "Differentiate each with respect to its own argument",
    COMBINE: "Combine",
    SUBSTITUTE: "Substitute back",
}


class Line:
    """One equation of a derivation: ``lhs = rhs[0] = rhs[1] = ...``, with the reasons for it.

    `part` is the step of the paper's process it belongs to, 0 in a derivation that needs no intermediate variables;
    `detail` says more of the reasons, and `name` which name the line is about.
    """

    __slots__ = ("detail", "lhs", "name", "part", "reasons", "rhs")

    def __init__(
        self,
        part: int,
        lhs: Expr,
        rhs: Sequence[Expr],
        why: Reason | Sequence[Reason] = (),
        detail: str = "",
        name: str = "",
    ) -> None:
        self.part = part
        self.lhs = lhs
        self.rhs = tuple(rhs)
        self.reasons: Reasons = (why,) if isinstance(why, Reason) else tuple(why)
        self.detail = detail
        self.name = name

    @property
    def rule(self) -> str:
        """The names of the reasons, with what is said of them."""
        return ": ".join(filter(None, [names_of(self.reasons), self.detail]))

    @property
    def section(self) -> str:
        """The sections of the paper that have the reasons."""
        return ", ".join(dict.fromkeys([reason.section for reason in self.reasons if reason.section]))


class Derivation:
    """The lines that lead from an expression to its derivative by one variable.

    `listed` are the intermediate variables; `mode` is the order in which their derivatives are combined, ``forward`` or
    ``backward``.
    """

    __slots__ = ("_worked_out", "body", "lines", "listed", "mode", "result", "variable")

    def __init__(
        self,
        body: Expr,
        variable: Expr,
        result: Expr,
        lines: list[Line],
        listed: Sequence[Intermediate] = (),
        mode: str = "forward",
    ) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.lines = lines
        self.listed = list(listed)
        self.mode = mode
        self._worked_out: dict[Expr, Expr] = {}

    @property
    def parts(self) -> dict[int, list[Line]]:
        """The lines of each part."""
        found: dict[int, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.part, []).append(line)
        return found

    @property
    def ending(self) -> Line:
        """The line that ends in the result; behind it an error term may be named."""
        return next((line for line in reversed(self.lines) if line.rhs[-1] is self.result), self.lines[-1])

    def call(self, name: str) -> None:
        """Give the function the name that its author gave it, where it has one here and nothing else is called so."""
        named = [line.lhs for line in self.lines if line.part == NAME]
        item = next((one for one in self.listed if named and one.symbol is named[-1]), None)
        if item is None or not name or name in names_in(self.body, self.variable, *[i.symbol for i in self.listed]):
            return
        self._rename({item: name})

    def with_letter(self, letter: str) -> None:
        """Number the intermediate variables with another letter, where nothing is called so: v₁, v₂ beside u₁, u₂."""
        numbered = [item for item in self.listed if NUMBERED.fullmatch(item.symbol.attr[0])]
        if letter not in parts_of(names_in(self.body, self.variable)):
            self._rename({item: f"{letter}{item.symbol.attr[0][1:]}" for item in numbered})

    def _rename(self, names: Mapping[Intermediate, str]) -> None:
        mapping: dict[Expr, Expr] = {}
        words: dict[str, str] = {}
        for item, name in names.items():
            whole = item.symbol
            item.symbol = mapping[whole] = symbol(name, whole.shape, frozenset(), *whole.args)
            words[whole.attr[0]] = name
        for item in self.listed:
            item.definition = replaced(item.definition, mapping)
        for line in self.lines:
            line.lhs = replaced(line.lhs, mapping)
            line.rhs = tuple([replaced(side, mapping) for side in line.rhs])
            line.name = words.get(line.name, line.name)

    def settled(self, expr: Expr) -> Expr:
        """Return a side of an equation in the variables alone.

        Every name is put as what it stands for, and every mark ∂u/∂v worked out: with all that u owes to v through
        the names between them, or, marked as direct, the partial derivative of the definition of u alone, every other
        name held fixed.
        """
        values: dict[Expr, Expr] = {item.symbol: item.told for item in self.listed}
        for node in walk(expr):
            if node.op is DERIVATIVE:
                if node not in self._worked_out:
                    self._worked_out[node] = self._work_out(node)
                values[node] = self._worked_out[node]
        return rebuild(expr, lambda node, args: values.get(node))

    def _work_out(self, node: Expr) -> Expr:
        of, *by = node.args
        if node.attr == OWN:
            of = {item.symbol: item.definition for item in self.listed}.get(of, of)
        else:
            for item in reversed(self.listed):
                of = of if item.symbol in by else replaced(of, {item.symbol: item.definition})
        return substituted(derivative_of(of, by), self.listed)


def mark(of: Expr, by: Expr) -> Expr:
    """Return ∂of/∂by as a mark in an equation, worked out only when the equation is checked."""
    return make(DERIVATIVE, (of, by))


def direct_mark(of: Expr, by: Expr) -> Expr:
    """Return the mark of a direct partial derivative, beside a total one of the same names (the paper's 4.5.2)."""
    return make(DERIVATIVE, (of, by), OWN)


def rule_of(definition: Expr, moving: int = 0, by: Expr | None = None) -> Reasons:
    """Return the rules by which one operator is differentiated, in the paper's words.

    `moving` is how many of its arguments depend on the variable, and `by` is the variable, where that is known.
    """
    while definition.op is ROW:
        [definition] = definition.args
    op = definition.op
    if op is POW and by is not None and by in set(walk(definition.args[1])):
        return (reasons.EXPONENTIAL,)
    expanded = bool(definition.shape) and any([not arg.shape and arg.op is not NUMBER for arg in definition.args])
    if op is ADD:
        rule = sum_rule(definition)
    elif op is MUL and (moving == 1 or sum([arg.op is not NUMBER for arg in definition.args]) == 1):
        rule = reasons.CONSTANT_FACTOR
    elif op is MUL and not definition.shape and any([_is_divisor(arg) for arg in definition.args]):
        rule = reasons.QUOTIENT
    else:
        rule = scalar_rule(definition)
    if not definition.shape or op.kind != "elementwise":
        return (rule,)
    if rule is reasons.DIFFERENCE:
        rule = reasons.ENTRY_DIFFERENCE
    elif op is MUL and any([_is_divisor(arg) for arg in definition.args]):
        rule = reasons.ENTRY_QUOTIENT
    else:
        rule = {ADD: reasons.ENTRY_SUM, MUL: reasons.ENTRY_PRODUCT, POW: reasons.ENTRY_POWER}.get(
            op
        ) or reasons.entrywise(op)
    return (rule.at("4.3"), reasons.EXPANSION) if expanded and op in (ADD, MUL) else (rule,)


def _is_divisor(factor: Expr) -> bool:
    return factor.op is POW and is_number(factor.args[1], -1)


def scalar_rule(body: Expr) -> Reason:
    """Return the rule of a scalar operator; that of max(0, z) tells of 0, which another maximum has not."""
    if body.op is MAX and not any([is_number(arg, 0) for arg in body.args]):
        return reasons.MAXIMUM
    return reasons.of_row(body.op)


def sum_rule(definition: Expr) -> Reason:
    """Return the rule for a sum, or for the difference of two terms."""
    minus = any([has_minus(arg) for arg in definition.args])
    return reasons.DIFFERENCE if minus and len(definition.args) == 2 else reasons.SUM_RULE


class Section:
    """The lines under one heading, each with what is said beside it."""

    __slots__ = ("lines", "title")

    def __init__(self, title: str, lines: list[Line]) -> None:
        self.title = title
        self.lines = lines


class ByDifferentials(Derivation):
    """A derivation in sections; `function` is the name of the function, and `direction` that of dX."""

    __slots__ = ("direction", "function", "sections")

    def __init__(
        self, body: Expr, variable: Expr, result: Expr, sections: Sequence[Section], items: Sequence[Intermediate],
        function: Expr, direction: Expr,
    ) -> None:  # fmt: skip
        self.sections = [section for section in sections if section.lines]
        lines = [line for section in self.sections for line in section.lines]
        super().__init__(body, variable, result, lines, items)
        self.function = function
        self.direction = direction

    def settled(self, expr: Expr) -> Expr:
        """Return a side of an equation in the variables and dX alone."""
        told = {item.symbol: item.told for item in self.listed}
        told[self.function] = self.body
        move = [(self.variable, self.direction)]
        changes = {direction_name(name): differential_of(value, move) for name, value in told.items()}

        def put(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
            if node in told:
                return told[node]
            if node.op is SYMBOL and MARK in node.attr[2] and node is not self.direction:
                return changes.get(node.attr[0])
            if node.op is DIFFERENTIAL:
                return differential_of(args[0], move)
            if node.op is DERIVATIVE:
                return derivative_of(self.body, [self.variable])
            return None

        return rebuild(expr, put)


def direction_name(name: Expr) -> str:
    """Return what the differential of a name is called: dR."""
    return f"d{name.attr[0]}"


class Marks:
    """Says which mark each derivative in a derivation has.

    Where all is scalar and there is one variable in all, derivatives are straight, but for the partial ones of a
    function of several arguments. Elsewhere they are curly, but for a total derivative of which the derivation has the
    direct partial one too (the paper's 4.5.2 writes both alike).
    """

    __slots__ = ("backward", "everywhere", "several", "total", "variable")

    def __init__(self, derivation: Derivation) -> None:
        self.variable = derivation.variable
        self.backward = derivation.mode == "backward"
        symbols = symbols_in(derivation.body)
        scalar = not derivation.body.shape and not any([item.symbol.shape for item in derivation.listed])
        self.everywhere = scalar and not derivation.variable.shape and symbols in ([], [derivation.variable])
        self.several: set[Expr] = set()
        self.total: set[tuple[Expr, ...]] = set()
        direct: set[tuple[Expr, ...]] = set()
        for line in derivation.lines:
            if line.part == DIFFERENTIATE and line.lhs.attr == OWN:
                self.several.add(line.lhs.args[0])
                direct.add(line.lhs.args)
            elif line.part == COMBINE:
                found = [node.args for node in walk(line.rhs[0]) if node.attr == OWN]
                direct.update(found)
                self.several.update([of for of, _ in found])
        totals = {line.lhs.args for line in derivation.lines if line.part == COMBINE}
        self.total = {args for args in direct & totals if args[0] in self.several}

    def of(self, node: Expr) -> tuple[bool, bool]:
        """Return whether a derivative's mark is straight, and whether it has to be told from another kind."""
        if len(node.args) > 2:
            return False, False
        of, by = node.args
        partial = of in self.several and (node.attr == OWN or not (self.backward or by is self.variable))
        straight = not partial if self.everywhere else not partial and node.args in self.total
        return straight, bool(self.total)
