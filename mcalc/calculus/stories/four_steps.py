"""The four steps of the paper's 4.5.1, told forward, from the variable to the value, or backward, in gradients.

For a scalar of a matrix variable backward is the order in which no tensor of three axes comes up: the gradient of every
intermediate variable has its own shape (back-propagation).
"""

from __future__ import annotations

from mcalc.calculus.accumulate.differentiate import carried_back
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.basics.simplifications import MERGE_LIKE_TERMS, MULTIPLY_OUT, Reason, Reasons
from mcalc.calculus.derive import collected, derivative_of
from mcalc.calculus.index_notation.term import product
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories.intermediates import Intermediate, used_in
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, Derivation, Line, direct_mark, mark, rule_of, sum_rule
from mcalc.calculus.stories.reasons import BACKWARD, CANCEL, CHAIN_OF_VECTORS, INSIDE, SINGLE, STACKED, TOTAL
from mcalc.calculus.stories.story_parts import (
    FOLD,
    MATRIX,
    Locals,
    chained,
    chained_by_index,
    closed,
    distinct,
    entries_of,
    in_row,
    is_composed,
    local_lines,
    make_sum,
    naming_lines,
    sigma_in,
)
from mcalc.expr import Expr, make, rebuild
from mcalc.operators.arithmetic import ADD, MUL, add, has_minus, mul, neg
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.leaves import NUMBER, is_zero, number, symbol, zeros
from mcalc.operators.linear import ROW, SIGMA, transpose

SHORT = 4
"""With no more intermediate variables than this, the zero terms of total derivatives are shown."""


class _Story:
    """The lines for one body and one variable; `steps` puts the local derivatives together and returns the last."""

    mode = "forward"

    def __init__(self, body: Expr, variable: Expr, result: Expr, listed: list[Intermediate]) -> None:
        self.body = body
        self.variable = variable
        self.result = result
        self.listed = list(listed)
        self.symbols = {item.symbol for item in listed}
        self.folded = len(listed) > FOLD
        self.local = Locals(listed)
        self.lines: list[Line] = []

    def derivation(self) -> Derivation:
        """Return all lines, from the names to the printed result."""
        self.lines += naming_lines(self.listed)
        total = self.steps()
        lines = closed(self.lines, self.listed, total, self.body, self.variable, self.result)
        return Derivation(self.body, self.variable, self.result, lines, self.listed, mode=self.mode)

    def steps(self) -> Expr | None:
        """Write the second and the third step; return the whole derivative in the names, None where it has none."""
        raise NotImplementedError

    def used_in(self, expr: Expr) -> list[Expr]:
        """The intermediate variables and the variable, where they occur in an expression."""
        return used_in(expr, {*self.symbols, self.variable})


class ForwardStory(_Story):
    """Carries the derivative by the variable from one operator to the next."""

    def steps(self) -> Expr | None:
        """Write the local derivatives, then what they are combined to."""
        self.total: dict[Expr, Expr] = {self.variable: derivative_of(self.variable, [self.variable])}
        for item in self.listed:
            if not self.is_term_by_term(item):
                self.lines += local_lines(item, self.used_in(item.definition), self.local)
        for item in self.listed:
            sigma = sigma_in(item.definition)
            if sigma is not None and self.used_in(item.definition) == self.used_in(sigma) != []:
                self.combine_under_sum(item, sigma)
            elif item.definition.op is BLOCK and self.variable.order < 2:
                self.stack(item)
            else:
                self.combine(item)
        return self.total.get(self.listed[-1].symbol)

    def known(self, argument: Expr) -> Expr:
        """What is known of ∂argument/∂variable: its value, or in a long derivation the mark for it."""
        return mark(argument, self.variable) if self.folded and argument in self.symbols else self.total[argument]

    def combine(self, item: Intermediate) -> None:
        """Carry the derivative by the variable one operator further."""
        arguments = self.used_in(item.definition)
        if arguments in ([], [self.variable]):
            self.total[item.symbol] = self.local.of(item.definition, self.variable)
            return
        if self.is_term_by_term(item):
            symbolic, products = self.term_by_term(item.definition)
            rule: Reasons = self.rules_of_terms(item.definition)
        else:
            shown_arguments = [self.variable, *arguments] if self.has_zero_term(item, arguments) else arguments
            symbolic = self.symbolic(item.symbol, shown_arguments)
            products = self.products(item.definition, shown_arguments)
            rule = (self.rule_for(item, shown_arguments),)
        shown = [symbolic, products]
        if not self.folded:
            self.total[item.symbol] = self.through(item.definition, arguments)
            shown.append(self.total[item.symbol])
        lhs, name = mark(item.symbol, self.variable), item.symbol.attr[0]
        if not self.folded and len(arguments) == 1 and is_composed(item.definition, arguments[0]):
            last = self.total[item.symbol] = collected(self.total[item.symbol])
            apart = self.apart(item.definition, arguments[0])
            self.lines.append(Line(COMBINE, lhs, distinct(shown[:2]), rule, name=name))
            self.lines += [Line(COMBINE, lhs, [apart], (MULTIPLY_OUT, CANCEL), name=name)] if apart is not last else []
            self.lines.append(Line(COMBINE, lhs, [last], (MULTIPLY_OUT, MERGE_LIKE_TERMS), name=name))
        else:
            self.lines.append(Line(COMBINE, lhs, distinct(shown), rule, name=name))

    def apart(self, definition: Expr, argument: Expr) -> Expr:
        """The derivative by a number times what is known of that, term by term, with what cancels in each cancelled."""
        local, known = self.local.of(definition, argument), self.total[argument]
        axes = tuple(range(known.order))
        parts: list[Expr] = []
        for term in local.args if local.op is ADD else (local,):
            whole = product(1, [(entries_of(term), ()), (entries_of(known), axes)], axes)
            parts.append(as_columns(matrix_form(normalise(whole))))
        tensors = [[f for f in part.args if f.shape] if part.op is MUL else [part] for part in parts]
        if known.shape and all([one == tensors[0] for one in tensors]) and len(tensors[0]) == 1:
            numbers = [mul(*[f for f in part.args if not f.shape]) if part.op is MUL else number(1) for part in parts]
            return in_row(mul(add(*numbers), *tensors[0]), definition.order)
        return in_row(add(*parts), definition.order)

    def is_term_by_term(self, item: Intermediate) -> bool:
        """Say whether the sum rule carries an item: its factors by its own arguments are all 1, and not needed."""
        arguments = self.used_in(item.definition)
        if item.definition.op is not ADD or arguments in ([], [self.variable]):
            return False
        if len(arguments) == 1 and is_composed(item.definition, arguments[0]):
            return False
        same = all([term.op is NUMBER or term.shape == item.symbol.shape for term in item.definition.args])
        return same and bool(self.variable.shape or len(arguments) == 1)

    def rules_of_terms(self, definition: Expr) -> Reasons:
        """The sum rule, and the rules of the terms in the variable itself, which have no name."""
        bare = [neg(term) if has_minus(term) else term for term in definition.args]
        own = [term for term in bare if self.used_in(term) == [self.variable] and term.args]
        known = [rule for term in own for rule in rule_of(term, 1, self.variable)]
        return tuple(dict.fromkeys([sum_rule(definition), *known]))

    def has_zero_term(self, item: Intermediate, arguments: list[Expr]) -> bool:
        """Say whether the direct partial derivative, which is zero, is shown too.

        The paper shows it in 4.5.2: the total-derivative chain rule has a term for x itself, once one step needed it.
        """
        scalar = not self.variable.shape and not any([one.symbol.shape for one in self.listed])
        before = self.listed[: self.listed.index(item)]
        mixed = any([self.variable in used and len(used) > 1 for used in [self.used_in(i.definition) for i in before]])
        return scalar and mixed and len(arguments) == 1 and len(self.listed) <= SHORT

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
            self.lines.append(Line(COMBINE, lhs, shown, STACKED, name=item.symbol.attr[0]))

    def through(self, definition: Expr, arguments: list[Expr]) -> Expr:
        """Work out Σ (local Jacobian)(derivative so far), by the engine that computed the result."""
        terms: list[Expr] = []
        n, k = definition.order, self.variable.order
        for argument in arguments:
            m = argument.order
            labels = tuple(range(n + m + k))
            local, total = self.local.of(definition, argument), self.total[argument]
            factors = [(entries_of(local), labels[: n + m]), (entries_of(total), labels[n:])]
            terms.append(product(1, factors, labels[:n] + labels[n + m :]))
        return self.local.tidied(in_row(matrix_form(normalise(add(*terms))), n), self.body)

    def products(self, definition: Expr, arguments: list[Expr]) -> Expr | None:
        """The products of Jacobians with their values put in, not yet multiplied."""
        made: list[Expr | None] = []
        for u in arguments:
            local = self.local.of(definition, u)
            known = self.known(u)
            chain: Expr | None = local if u is self.variable else chained(local, known, u.order)
            if chain is None and self.folded:
                chain = chained_by_index(local, known, u.order)
            made.append(chain)
        return make_sum(made)

    def symbolic(self, of: Expr, arguments: list[Expr]) -> Expr | None:
        """The chain rule in symbols: ∂y/∂u ∂u/∂x + ..., with the direct partial where the variable stands itself."""
        x = self.variable
        local = direct_mark if len(arguments) > 1 else mark
        terms: list[Expr | None] = []
        for u in arguments:
            outer, inner = local(of, u), mark(u, x)
            terms.append(outer if u is x else chained(outer, inner, u.order) or chained_by_index(outer, inner, u.order))
        return make_sum(terms)

    def term_by_term(self, definition: Expr) -> tuple[Expr | None, Expr | None]:
        """The sum rule in symbols and with what is known put in; a constant's derivative is shown as the zero it is."""
        symbols: list[Expr | None] = []
        values: list[Expr | None] = []
        moving = any([not is_zero(self.total.get(name, name)) for name in self.used_in(definition)])
        for term in definition.args:
            minus = has_minus(term)
            bare = neg(term) if minus else term
            if bare.op is NUMBER:
                continue
            used = self.used_in(bare)
            known = self.known(bare) if bare in used else self.unnamed(bare, used)
            symbols.append(neg(mark(bare, self.variable)) if minus else mark(bare, self.variable))
            if known is not None and is_zero(known) and known.order == MATRIX and moving:
                known = number(0)
            if minus and known is not None and (values or not is_zero(known)):
                known = neg(known) if known.op is MUL else make(MUL, (number(-1), known))
            values.append(known)
        return make_sum(symbols), make_sum(values)

    def unnamed(self, term: Expr, used: list[Expr]) -> Expr | None:
        """What is known of the derivative of a term that has no name; in a long derivation by the marks in it."""
        if not used:
            return derivative_of(term, [self.variable])
        return self.products(term, used) if self.folded else self.through(term, used)

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
        self.lines.append(Line(COMBINE, lhs, distinct([moved]), INSIDE.at("6.1"), name=name))
        value = None if self.folded else self.through(body, arguments)
        if arguments == [self.variable] or body in self.symbols:
            stages: list[Expr | None] = []
            moving = sum([bool(self.used_in(arg)) for arg in body.args])
            rule: Reasons = rule_of(body, moving, self.variable) if arguments == [self.variable] else ()
        elif body.op is ADD and not body.shape:
            stages = list(self.term_by_term(body))
            rule = (sum_rule(body),)
        else:
            local = self.half_put_in(body, arguments)
            stages = [self.symbolic(body, arguments), local, self.products(body, arguments)]
            rule = (self.rule_for(item, arguments),)
        shown = [outside(stage) for stage in (*stages, value)]
        if rule:
            self.lines.append(Line(COMBINE, lhs, distinct(shown), rule, name=name))
        else:
            self.lines[-1].rhs += tuple(distinct(shown))
        if value is None:
            return
        if item is self.listed[-1]:
            self.total[item.symbol] = shown[-1] or value
            return
        stand_in = symbol(f"{name}_sum", sigma.shape)
        without = rebuild(item.definition, lambda node, args: stand_in if node is sigma else None)
        factor = derivative_of(without, [stand_in])
        n, k, m = item.symbol.order, self.variable.order, sigma.order
        labels = tuple(range(n + m + k))
        summed = make(SIGMA, (index, as_columns(value)))
        whole = product(1, [(as_columns(factor), labels[: n + m]), (summed, labels[n:])], labels[:n] + labels[n + m :])
        self.total[item.symbol] = in_row(matrix_form(normalise(whole)), n)

    def half_put_in(self, of: Expr, arguments: list[Expr]) -> Expr | None:
        """The chain rule with the local derivative put in before what it is multiplied with, as in the paper's 6.1."""
        if len(arguments) != 1 or arguments[0] is self.variable or self.folded:
            return None
        [u] = arguments
        return chained(derivative_of(of, [u]), mark(u, self.variable), u.order)

    def rule_for(self, item: Intermediate, arguments: list[Expr]) -> Reason:
        """Which of the paper's three chain rules this is."""
        if item.symbol.shape or self.variable.shape or any([argument.shape for argument in arguments]):
            return CHAIN_OF_VECTORS
        return SINGLE if len(arguments) == 1 else TOTAL


class BackwardStory(_Story):
    """Carries the gradients of a scalar body back from one operator to those before it."""

    mode = "backward"

    def steps(self) -> Expr | None:
        """Write the local derivatives that are no tensors, then the gradients."""
        users: dict[Expr, list[Intermediate]] = {}
        for item in self.listed:
            used = self.used_in(item.definition)
            for argument in used:
                users.setdefault(argument, []).append(item)
            locally = [line for line in local_lines(item, used, self.local) if line.rhs[0].order <= 2]
            self.lines += [line for line in locally if line.part == DIFFERENTIATE]
        self.value: dict[Expr, Expr] = {self.listed[-1].symbol: number(1)}
        for target in [*[item.symbol for item in reversed(self.listed[:-1])], self.variable]:
            self.gradient(target, users.get(target, []))
        return None if self.folded else self.value[self.variable]

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
            several = len(self.used_in(item.definition)) > 1
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
