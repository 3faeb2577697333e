"""What every story of the paper's four steps has: the names, the local derivatives, and the names put back.

Products of Jacobians are written as the chain rules write them, with nothing settled in them yet; the error term e_i of
the paper's section 6, prediction minus target, is named where a result has one.
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.basics.orientation import as_columns, as_row, as_units
from mcalc.calculus.basics.running_indices import told_apart
from mcalc.calculus.basics.simplifications import Reasons
from mcalc.calculus.closing_forms import with_moments
from mcalc.calculus.derive import derivative_of, simplified_as
from mcalc.calculus.stories.direct import is_direct, lines_from
from mcalc.calculus.stories.intermediates import Intermediate, replaced, substituted
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, NAME, SUBSTITUTE, Line, direct_mark, mark, rule_of
from mcalc.calculus.stories.reasons import ALL_PUT_BACK, CONSTANT, ERROR_TERM, ITSELF, PUT_BACK
from mcalc.calculus.stories.rewriting import rewritings
from mcalc.expr import Expr, depends, make, walk
from mcalc.fresh import names_in, parts_of
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, MUL, POW, add
from mcalc.operators.blocks import BLOCK
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import NUMBER, symbol
from mcalc.operators.linear import ELEMENT, MATMUL, ROW, SIGMA, einsum
from mcalc.operators.matrix import MEAN, STD, VAR

FOLD = 12
"""With more intermediate variables than this, products are not multiplied out on the way."""
SEVERAL = 2
"""A name that so many definitions have in them is known by its value."""
STAGES = 3
"""As many intermediate variables are put back one at a time."""


def naming_lines(listed: Sequence[Intermediate]) -> list[Line]:
    """Step 1: the names and what they stand for."""
    return [Line(NAME, item.symbol, [item.definition], name=item.symbol.attr[0]) for item in listed]


def local_lines(item: Intermediate, arguments: Sequence[Expr], local: Locals) -> list[Line]:
    """Step 2: the derivative of one operator by each of its arguments; lists and sums over an index have none."""
    sigma = sigma_in(item.definition)
    if item.definition.op is BLOCK or (sigma is not None and any([node in arguments for node in walk(sigma)])):
        return []
    moving = sum([any([node in arguments for node in walk(arg)]) for arg in item.definition.args])
    made: list[Line] = []
    for argument in arguments:
        rule = rule_of(item.definition, moving, argument)
        lhs = direct_mark(item.symbol, argument) if len(arguments) > 1 else mark(item.symbol, argument)
        terms = terms_of(item.definition, arguments, argument) if local.scalar else None
        if len(arguments) == 1 and is_composed(item.definition, argument):
            by_rules = lines_from(mark(item.definition, argument))
            terms = by_rules[-1].rhs[-1]
            rules = dict.fromkeys([reason for line in by_rules for reason in line.reasons])
            rule = tuple([reason.at("") for reason in rules if reason not in TRIVIAL])
        shown = distinct([terms, local.of(item.definition, argument)])
        made.append(Line(DIFFERENTIATE, lhs, shown, rule, name=item.symbol.attr[0]))
    return made


TRIVIAL = (CONSTANT, ITSELF)


def is_composed(definition: Expr, argument: Expr) -> bool:
    """Say whether a definition is a function of one number, of several operators, that the rules of section 2 carry."""
    inside = [node for node in depends(definition, argument) if node is not definition and node.args]
    functions = any([node.op.kind == "elementwise" and node.op not in (ADD, MUL, POW) for node in inside])
    return functions and not definition.shape and is_direct(definition, argument, shifted=True)


class Locals:
    """The derivatives of the named operators by their own arguments.

    Where a function's derivative is made of its value, it is written with the name of that: diag(s) - s sᵀ for a
    softmax s, xᵀ / u for a norm u, u (1 - u) for a sigmoid u. exp of a variable stays exp, as in section 2, where
    it has no other use.
    """

    def __init__(self, listed: Sequence[Intermediate]) -> None:
        self.scalar = not any([item.symbol.shape for item in listed])
        self.moments = {item.told: item.symbol for item in reversed(listed[:-1]) if item.told.has(MEAN, VAR, STD)}
        uses = [node for item in listed for node in walk(item.definition)]
        self.named = {
            item.definition: item.symbol
            for item in listed[:-1]
            if _is_known_by_value(item.definition, once=uses.count(item.symbol) < SEVERAL)
        }

    def of(self, definition: Expr, by: Expr) -> Expr:
        """Return the derivative of a definition by an argument, every other name held."""
        return self.in_names(definition, derivative_of(definition, [by]))

    def tidied(self, found: Expr, body: Expr) -> Expr:
        """Return what was found with the means and deviations that the body has, and by the names of those it has."""
        return replaced(with_moments(found, body), self.moments) if self.moments else found

    def in_names(self, definition: Expr, found: Expr) -> Expr:
        """Put the name of a definition for it."""
        found = replaced(found, self.moments) if self.moments else found
        return replaced(found, {definition: self.named[definition]}) if definition in self.named else found


def _is_known_by_value(definition: Expr, *, once: bool) -> bool:
    op = definition.op
    if op.kind in ("tensor", "defined"):
        return True
    if op.kind != "elementwise" or len(definition.args) != 1 or op.partial is None:
        return False
    bare = definition.args[0].op.name == "symbol"
    partial = op.partial(definition, 0)
    return partial is not None and definition in set(walk(partial)) and not (bare and op is EXP and once)


def terms_of(definition: Expr, arguments: Sequence[Expr], by: Expr) -> Expr | None:
    """A sum of scalars that depends on several: its derivative term by term, with the zeros, as in 4.5.2."""
    if definition.op is not ADD or len(arguments) < 2 or definition.shape or by.shape:
        return None
    return make_sum([derivative_of(term, [by]) for term in definition.args])


def closed(
    lines: Sequence[Line], listed: list[Intermediate], total: Expr | None, body: Expr, variable: Expr, result: Expr
) -> list[Line]:
    """Return the lines of a derivation to its end, without derivatives that no line makes use of.

    Step 4 has the names put back, what becomes of it by each simplification, and the result as it is printed; nothing
    of that is there already. Behind it the error term is named, on which the paper's section 6 ends.
    """
    lhs = mark(listed[-1].symbol, variable)
    made = _without_unused(lines)
    why: Reasons = (ALL_PUT_BACK,)
    if total is not None:
        back = told_apart(substituted(total, listed))
        stages = one_by_one(total, listed, back)
        made += [Line(SUBSTITUTE, lhs, [shown], PUT_BACK, name=name) for shown, name in stages]
        if back is not result:
            made += [] if stages or _ends_in(made[-1], lhs, back) else [Line(SUBSTITUTE, lhs, [back], why)]
            *between, (_, why) = rewritings(back, result, lambda expr: simplified_as(expr, body, variable))
            made += [Line(SUBSTITUTE, lhs, [shown], reason) for shown, reason in between]
    if not _ends_in(made[-1], lhs, result):
        made.append(Line(SUBSTITUTE, lhs, [result], why))
    error = named_error(result, listed)
    if error is not None:
        item, shown = error
        made.append(Line(SUBSTITUTE, item.symbol, [item.definition], ERROR_TERM, name=item.symbol.attr[0]))
        made.append(Line(SUBSTITUTE, lhs, [shown]))
        listed.append(item)
    return made


def _ends_in(line: Line, lhs: Expr, rhs: Expr) -> bool:
    return line.lhs is lhs and line.rhs[-1] is rhs


def _without_unused(lines: Sequence[Line]) -> list[Line]:
    """Leave out the derivatives by single arguments that are in no product: a sum is told term by term."""
    combined = [line for line in lines if line.part == COMBINE]
    used = {node.args for line in combined for side in line.rhs for node in walk(side) if node.op is DERIVATIVE}
    told = {line.lhs.args[0] for line in combined}
    return [
        line for line in lines if line.part != DIFFERENTIATE or line.lhs.args in used or line.lhs.args[0] not in told
    ]


def one_by_one(total: Expr, listed: Sequence[Intermediate], back: Expr) -> list[tuple[Expr, str]]:
    """Put a few intermediate variables back one at a time, the last first; nothing where that takes other words.

    Each stage has the name that was put back.
    """
    stages: list[tuple[Expr, str]] = []
    shown = total
    for item in reversed(listed):
        if item.symbol.op is ELEMENT:
            return []
        if item.symbol in set(walk(shown)):
            shown = replaced(shown, {item.symbol: item.definition})
            stages.append((shown, item.symbol.attr[0]))
    return stages if told_apart(shown) is back and 1 < len(stages) <= STAGES else []


def sigma_in(definition: Expr) -> Expr | None:
    """The sum over an index that a definition is, but for factors; None where it is something else."""
    if definition.op is SIGMA:
        return definition
    sums = [arg for arg in definition.args if arg.op is SIGMA] if definition.op is MUL else []
    return sums[0] if len(sums) == 1 else None


MATRIX = 2


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


def chained_by_index(outer: Expr, inner: Expr, order: int) -> Expr:
    """Return the product of two Jacobians of any rank: the sum over the axes of the variable between them."""
    n, k = outer.order - order, inner.order - order
    labels = tuple(range(n + order + k))
    subscripts = (labels[: n + order], labels[n:])
    made = einsum(subscripts, labels[:n] + labels[n + order :], (as_columns(outer), as_columns(inner)))
    return in_row(made, n)


def make_sum(parts: Sequence[Expr | None]) -> Expr | None:
    """Return the sum of some terms as it stands, nothing settled; None where one of them could not be written."""
    kept = [part for part in parts if part is not None]
    if len(kept) < len(parts) or not kept:
        return None
    return kept[0] if len(kept) == 1 else make(ADD, tuple(kept))


def distinct(shown: Sequence[Expr | None]) -> list[Expr]:
    """Return the members of an equation that are there, without one that repeats the one before."""
    kept: list[Expr] = []
    for expr in shown:
        if expr is not None and (not kept or expr is not kept[-1]):
            kept.append(expr)
    return kept


def in_row(made: Expr, order: int) -> Expr:
    """Return a gradient of a scalar as a row; a sum of longer terms as a sum of rows, as it came about."""
    if made.order != 1 or order:
        return made
    long = made.op is ADD and any([sum([not f.shape for f in term.args]) > 1 for term in made.args if term.op is MUL])
    return add(*[as_row(term) for term in made.args]) if long and all([t.shape for t in made.args]) else as_row(made)


def entries_of(value: Expr) -> Expr:
    """Return a derivative as a tensor to calculate with: columns, and lists entry by entry."""
    return as_units(as_columns(value))


def named_error(result: Expr, listed: Sequence[Intermediate]) -> tuple[Intermediate, Expr] | None:
    """Return e_i and the result written with it, where a sum over samples has a prediction minus a target in it.

    None where there is no such term, or where its name is taken.
    """
    sigma = next((node for node in walk(result) if node.op is SIGMA), None)
    if sigma is None:
        return None
    index = sigma.args[0]
    name = f"e_{index.attr[0]}"
    if parts_of(names_in(result)) & {name, "e"} or any([item.symbol.attr[0] == name for item in listed]):
        return None
    named = {item.told for item in listed}
    conditions = {arg for node in walk(sigma) if node.op.layout.startswith("compare") for arg in node.args}
    for node in walk(sigma.args[1]):
        if (
            node.op is ADD
            and not node.shape
            and node not in conditions
            and index in node.free
            and _has_target(node)
            and node not in named
        ):
            error = symbol(name, (), frozenset(), index)
            return Intermediate(error, node, node, running=True), replaced(result, {node: error})
    return None


def _has_target(error: Expr) -> bool:
    """One of the terms is an element, subtracted: the target y_i."""
    return any([
        term.op is MUL and term.args[0].op is NUMBER and term.args[0].attr == -1 and term.args[-1].op is ELEMENT
        for term in error.args
    ])  # fmt: skip
