"""The four steps of the paper's 4.5.1, told backward: from the value to the variable, in gradients.

For a scalar of a matrix variable this is the order in which no tensor of three axes comes up: the gradient of every
intermediate variable has its own shape (back-propagation).
"""

from __future__ import annotations

from mcalc.calculus.accumulate.differentiate import carried_back
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.normal.normal_form import normalise
from mcalc.calculus.stories.intermediates import Intermediate, used_in
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, Derivation, Line, direct_mark, mark
from mcalc.calculus.stories.reasons import BACKWARD
from mcalc.calculus.stories.story_parts import (
    FOLD,
    MATRIX,
    Locals,
    chained,
    closed,
    distinct,
    in_row,
    local_lines,
    make_sum,
    naming_lines,
)
from mcalc.expr import Expr, rebuild
from mcalc.operators.arithmetic import add
from mcalc.operators.leaves import number, symbol, zeros
from mcalc.operators.linear import ROW, transpose


class BackwardStory:
    """The lines for one scalar body and one variable."""

    def __init__(self, body: Expr, variable: Expr, result: Expr, listed: list[Intermediate]) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.listed = list(listed)
        self.symbols = [item.symbol for item in listed]
        self.local = Locals(listed)
        self.folded = len(listed) > FOLD
        self.value: dict[Expr, Expr] = {}
        self.lines: list[Line] = []

    def derivation(self) -> Derivation:
        """Return all lines, from the names to the printed result."""
        last = self.listed[-1]
        self.lines += naming_lines(self.listed)
        users: dict[Expr, list[Intermediate]] = {}
        for item in self.listed:
            used = used_in(item.definition, {*self.symbols, self.variable})
            for argument in used:
                users.setdefault(argument, []).append(item)
            locally = [line for line in local_lines(item, used, self.local) if line.rhs[0].order <= 2]
            self.lines += [line for line in locally if line.part == DIFFERENTIATE]
        self.value[last.symbol] = number(1)
        for target in [*reversed(self.symbols[:-1]), self.variable]:
            self.gradient(target, users.get(target, []))
        total = None if self.folded else self.value[self.variable]
        lines = closed(self.lines, self.listed, total, self.body, self.variable, self.result)
        return Derivation(self.body, self.variable, self.result, lines, self.listed, mode="backward")

    def gradient(self, target: Expr, users: list[Intermediate]) -> None:
        """∂y/∂target: what comes back from each operator that uses it, added up."""
        y = self.listed[-1].symbol
        parts: list[Expr] = []
        put_in: list[Expr] = []
        symbolic: list[Expr | None] = []
        for item in users:
            stand_in = number(1) if item.symbol is y else symbol(f"{item.symbol.attr[0]}_back", item.symbol.shape)
            back = carried_back(item.definition, stand_in, target)
            known = as_columns(self.value[item.symbol])
            back = self.local.in_names(item.definition, back)
            if not self.folded:
                parts.append(rebuild(back, lambda node, args, old=stand_in, new=known: new if node is old else None))  # type: ignore[misc]
            bar = mark(y, item.symbol)
            put_in.append(self.put_in(item, target, back, stand_in))
            several = len(used_in(item.definition, {*self.symbols, self.variable})) > 1
            local = direct_mark(item.symbol, target) if several else mark(item.symbol, target)
            narrow = item.symbol.order + target.order <= MATRIX
            symbolic.append(local if item.symbol is y else chained(bar, local, item.symbol.order) if narrow else None)
        total = add(*parts) if parts else zeros(target.shape)
        self.value[target] = mark(y, target) if self.folded else in_row(matrix_form(normalise(total)), 0)
        chain = make_sum(symbolic)
        if [item.symbol for item in users] == [y]:
            if target is not self.variable:
                return
            shown = put_in if self.folded else [self.value[target]]
        else:
            shown = distinct([chain, make_sum(put_in), *([] if self.folded else [self.value[target]])])
        self.lines.append(Line(COMBINE, mark(y, target), shown, BACKWARD, name=target.attr[0]))

    def put_in(self, item: Intermediate, target: Expr, back: Expr, stand_in: Expr) -> Expr:
        """What one user gives back: the product of the two derivatives, not yet multiplied.

        Where a matrix is in it, that is the product which the operator makes of the mark ∂y/∂u.
        """
        y = self.listed[-1].symbol
        if item.symbol.order <= 1 and target.order <= 1:
            local = self.local.of(item.definition, target)
            made = local if item.symbol is y else chained(self.value[item.symbol], local, item.symbol.order)
            if made is not None:
                return made
        return in_row(_marked(matrix_form(normalise(back)), stand_in, mark(y, item.symbol)), 0)


def _marked(words: Expr, stand_in: Expr, bar: Expr) -> Expr:
    """Put the mark ∂y/∂u, a row where u is a vector, for the column that stood in for it."""

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node is stand_in:
            return transpose(bar) if bar.is_row else bar
        if node.op is ROW and args[0].is_row:
            return args[0].args[0] if args[0].op is ROW else transpose(args[0])
        return None

    made = rebuild(words, change)
    return rebuild(made, lambda node, args: args[0].args[0] if node.op is ROW and args[0].op is ROW else None)
