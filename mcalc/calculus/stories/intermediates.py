"""Intermediate variables: the first step of the paper's process, one operator or call each, innermost first."""

from __future__ import annotations

from collections.abc import Container, Sequence

from mcalc.calculus.basics.orientation import as_columns
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.fresh import free_base, names_in, parts_of
from mcalc.operators.arithmetic import ADD, CASES, MAX, MUL, POW, mul, neg
from mcalc.operators.elementwise import RELU
from mcalc.operators.leaves import SYMBOL, is_number, symbol
from mcalc.operators.linear import DOT, ELEMENT, MATMUL, PRODUCT, ROW, SIGMA, SUM, TRANSPOSE
from mcalc.operators.matrix import NORM

NEURON = frozenset((ADD, MUL, POW, MAX, RELU, DOT, MATMUL, ROW, TRANSPOSE, SUM, ELEMENT, SIGMA))
"""The operators of sections 5 and 6, which take a dot product apart; beyond them its derivative is known."""
LONG = 5
"""A function of one number of so many operators is told by the rules of section 2 as one step."""
LETTERS = "uvstpqrh"
"""Letters of intermediate variables."""


class Intermediate:
    """A named step of a computation: `symbol` stands for `definition`, which is written in earlier symbols.

    `told` is the definition in terms of the variables alone, `written` the same in the user's words; `running` says
    that it runs with the index of a sum.
    """

    __slots__ = ("definition", "running", "symbol", "told", "written")

    def __init__(
        self, name: Expr, definition: Expr, told: Expr, written: Expr | None = None, *, running: bool = False
    ) -> None:
        self.symbol = name
        self.definition = definition
        self.told = told
        self.written = told if written is None else written
        self.running = running


def tell(body: Expr, variable: Expr) -> tuple[Expr, dict[Expr, Expr]]:
    """Return the body as the paper tells it, and for each node of it the one that the user wrote.

    Where the variable occurs in them, w · x and wᵀ x are told as sum(w ⊗ x) among the operators of the paper's neuron,
    a squared norm as r · r, and a quadratic form, where it occurs twice, as x · (A x). Inside a sum over an index dot
    products stay: there the paper takes their derivative as known.
    """
    touched = depends(body, variable)
    neuron = all([node.op in NEURON for node in touched if node.args]) and not any([n.order > 1 for n in walk(body)])
    inside = inside_sums(body, touched)
    told: dict[Expr, Expr] = {}
    written: dict[Expr, Expr] = {}
    for node in walk(body):
        args = tuple([told[arg] for arg in node.args])
        made = (
            _told(node, args, touched, neuron=neuron)
            if node in touched and (node not in inside or node.op is POW)
            else None
        )
        if made is None:
            made = node if args == node.args else make(node.op, args, node.attr)
        told[node] = made
        written[made] = node
    return told[body], written


def _told(node: Expr, args: tuple[Expr, ...], touched: set[Expr], *, neuron: bool) -> Expr | None:
    neuron = neuron and not all([arg in touched for arg in node.args])
    if node.op is DOT:
        return _of_pair(args, neuron=neuron)
    if node.op is POW and node.args[0].op is NORM and node.args[0].args[0].order == 1 and is_number(node.args[1], 2):
        return make(DOT, args[0].args * 2)
    if node.op is not MATMUL or node.shape or args[0].op is not ROW:
        return None
    if len(args) > 2 and sum([arg in touched for arg in node.args]) > 1:
        return make(DOT, (args[0].args[0], make(MATMUL, args[1:])))
    if len(args) == 2:
        return _of_pair((args[0].args[0], args[1]), neuron=neuron)
    return None


def _of_pair(pair: Sequence[Expr], *, neuron: bool) -> Expr:
    """Return w · x as sum(w ⊗ x) in a neuron, else as it is; the numbers of its factors before it."""
    parts = [factor for one in pair for factor in (one.args if one.op is MUL else (one,)) if not factor.shape]
    vectors = [mul(*[f for f in one.args if f.shape]) if one.op is MUL else one for one in pair]
    made = make(SUM, (mul(*vectors),)) if neuron else make(DOT, tuple(vectors))
    return mul(*parts, made) if parts else made


def used_in(expr: Expr, names: Container[Expr]) -> list[Expr]:
    """Return which of some names occur in the value of an expression: not in the conditions of braces alone.

    A condition has no derivative but for its jumps.
    """
    if not expr.has(CASES):
        return [node for node in walk(expr) if node in names]
    seen: set[Expr] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(node.args[::2] if node.op is CASES else node.args)
    return [node for node in walk(expr) if node in names and node in seen]


class Names:
    """Gives names to intermediate variables that nothing in the expression is called."""

    def __init__(self, *exprs: Expr) -> None:
        self.taken = parts_of(names_in(*exprs))
        self.letters = [letter for letter in LETTERS if letter not in self.taken] or [free_base(self.taken, LETTERS)]
        self.count = 0

    def numbered(self) -> str:
        """Return u_1, u_2, ...; where something is called u, whose elements those would be, v_1, v_2, ..."""
        self.count += 1
        return f"{self.letters[0]}_{self.count}"

    def running(self, at: str) -> str:
        """Return u_i, v_i, ... for what runs with an index i."""
        return self.one_of(*[f"{letter}_{at}" for letter in self.letters])

    def one_of(self, *wanted: str) -> str:
        """Return the first of these names that is free, or a numbered one."""
        for name in wanted:
            if name not in self.taken:
                self.taken.add(name)
                return name
        return self.numbered()


def intermediates(body: Expr, variable: Expr) -> list[Intermediate]:
    """Name what a computation goes through on its way from the variable to its value, innermost first.

    The last one is the value itself, called y. The argument of a max(0, ·) is called z, as in the paper's section 5.
    Inside a sum over an index only what is not linear in the variable is named, u_i and v_i as in section 6.
    """
    told, written = tell(as_columns(body), variable)
    touched = depends(told, variable)
    names = Names(told)
    inside = inside_sums(told, touched)
    rectified = {
        arg for node in walk(told) if node.op in (MAX, RELU) for arg in node.args if arg in touched and not arg.shape
    }
    made: dict[Expr, Expr] = {}
    listed: list[Intermediate] = []
    subtracted = _subtracted(told)
    unnamed = _unnamed(told, variable, touched, inside)
    for node in walk(told):
        if node not in touched or node is variable:
            continue
        definition = _rebuilt(node, made)
        if node in unnamed:
            made[node] = definition
            continue
        if node is told:
            name = names.one_of(*(("C", "y", "f") if inside else ("y", "f", "C")))
        elif node in inside and node.free:
            [at, *_] = sorted([index.attr[0] for index in node.free])
            name = names.running(at)
        elif node in rectified:
            name = names.one_of("z")
        else:
            name = names.numbered()
        running = sorted(node.free, key=lambda index: str(index.attr[0]))
        stand_in = symbol(name, node.shape, frozenset(), *running)
        wrote = written.get(node, node)
        if node in subtracted:
            listed.append(Intermediate(stand_in, neg(definition), neg(node), neg(wrote), running=bool(running)))
            made[node] = neg(stand_in)
        else:
            listed.append(Intermediate(stand_in, definition, node, wrote, running=bool(running)))
            made[node] = stand_in
    return listed


def _unnamed(told: Expr, variable: Expr, touched: set[Expr], inside: set[Expr]) -> set[Expr]:
    """Return the nodes that get no name.

    Signs and constant factors of a term, elements, and, in a sum over an index, its term and what is linear.
    """
    users: dict[Expr, list[Expr]] = {}
    for node in walk(told):
        for arg in node.args:
            users.setdefault(arg, []).append(node)
    linear = _linear_parts(told, variable, touched)
    linear -= _under_a_term(users, linear)
    hidden, conditions = _hidden(told), _conditions(told, users)
    found: set[Expr] = set()
    for node in touched:
        if node is told:
            continue
        known = node in hidden or (node in inside and node in linear) or _is_known_term(node, users, touched)
        if node in conditions or known or _needs_no_name(node, users[node], told, touched):
            found.add(node)
    return found | _above_bottleneck(told, variable, touched, users)


def _conditions(told: Expr, users: dict[Expr, list[Expr]]) -> set[Expr]:
    """Return what stands in the conditions of braces alone, which has no derivative."""
    found: set[Expr] = set()
    for node in reversed(list(walk(told))):
        if node is not told and all(
            [user in found or (user.op is CASES and node not in user.args[::2]) for user in users[node]]
        ):
            found.add(node)
    return found


def _beyond_signs(node: Expr, users: dict[Expr, list[Expr]]) -> list[Expr]:
    """Return what uses a node, past products of it with a number."""
    plain = [user for user in users[node] if user.op is MUL and len(user.args) == 2 and is_number(user.args[0])]
    return [other for user in plain for other in users.get(user, [])] + [u for u in users[node] if u not in plain]


def _above_bottleneck(told: Expr, variable: Expr, touched: set[Expr], users: dict[Expr, list[Expr]]) -> set[Expr]:
    """Return what stands between a number that all goes through, more than once, and the value: one function of it.

    The cross-entropy -y ln(p) - (1 - y) ln(1 - p) of a p = σ(z) is a function of p that the rules of section 2 carry.
    """
    for number_ in [node for node in reversed(list(walk(told))) if node in touched]:
        if number_.shape or number_ in (told, variable) or number_.op in (ADD, MUL) or len(users[number_]) < 2:
            continue
        above: set[Expr] = set()
        stack = [told]
        while stack:
            node = stack.pop()
            if node is not number_ and node not in above and node in touched:
                above.add(node)
                stack.extend(node.args)
        if variable not in above and len(above) >= LONG and all([is_plain_step(node, number_) for node in above]):
            return above - {told}
    return set()


def is_plain_step(node: Expr, by: Expr) -> bool:
    """Say whether a node is a sum, a product, or a function of numbers of `by` or of `by` plus or minus constants."""
    if node.shape or node.op in (ADD, MUL):
        return not node.shape
    moved = [arg for arg in node.args if by in depends(arg, by)]
    if node.op.kind != "elementwise" or node.op is CASES or len(moved) != 1 or moved[0] is not node.args[0]:
        return False
    return moved[0] is by or is_shifted(moved[0], by)


def is_shifted(node: Expr, by: Expr) -> bool:
    """Say whether a node is a variable plus or minus what does not depend on it."""
    moved = [arg for arg in node.args if by in depends(arg, by)] if node.op is ADD else []
    return len(moved) == 1 and (moved[0] is by or (moved[0].op is MUL and moved[0].args[1:] == (by,)))


def _under_a_term(users: dict[Expr, list[Expr]], linear: set[Expr]) -> set[Expr]:
    """Return what is linear and stands in the term of a sum over an index that is not: the residual of a square."""
    terms = {node for node, used in users.items() if any([user.op.kind == "binder" for user in used])}
    simple = (ELEMENT, ROW, TRANSPOSE)
    return {
        node
        for node in linear
        if node.args and node.op not in simple and any([user in terms - linear for user in users.get(node, [])])
    }


def _subtracted(told: Expr) -> set[Expr]:
    """Return the terms with a minus that stand in sums alone: what is subtracted gets the name, not its negative."""
    found: set[Expr] = set()
    elsewhere: set[Expr] = {told}
    for node in walk(told):
        for arg in node.args:
            minus = arg.op is MUL and is_number(arg.args[0]) and arg.args[0].attr < 0
            (found if minus and node.op is ADD else elsewhere).add(arg)
    return found - elsewhere


def _rebuilt(node: Expr, made: dict[Expr, Expr]) -> Expr:
    args = tuple([made.get(arg, arg) for arg in node.args])
    return node if args == node.args else make(node.op, args, node.attr)


def _needs_no_name(node: Expr, users: list[Expr], told: Expr, touched: set[Expr]) -> bool:
    """Say whether a node is written where it is used: a sign, a factor of the whole sum, an element, a transpose."""
    if node.op in (ELEMENT, ROW, TRANSPOSE):
        return True
    if node.op.kind == "binder":
        factors = told.args if told.op is MUL else ()
        return (
            users == [told]
            and all([arg is node or (arg not in touched and not arg.shape) for arg in factors])
            and bool(factors)
        )
    if all([user.op.kind == "binder" for user in users]):
        return True
    if node.op is POW and is_number(node.args[1], -1) and all([_is_divided(node, user, touched) for user in users]):
        return True
    one_moves = node.op is MUL and sum([arg in touched for arg in node.args]) == 1
    plain = all([is_number(arg) for arg in node.args if arg not in touched])
    return one_moves and plain and all([user.op is ADD for user in users])


def _is_divided(divisor: Expr, user: Expr, touched: set[Expr]) -> bool:
    """Say whether a product is a quotient by 1/u: of what moves itself, or, entry by entry, of what does not."""
    moving = sum([arg in touched for arg in user.args])
    return user.op is MUL and moving == (1 if divisor.shape else 2)


def _is_known_term(node: Expr, users: dict[Expr, list[Expr]], touched: set[Expr]) -> bool:
    """Say whether a node is a term in a sum of others, linear in the variable by one dot product or matrix product."""
    moving = [arg.args[0] if arg.op is ROW else arg for arg in node.args if arg in touched]
    linear = node.op in (DOT, MATMUL) and not node.shape and len(moving) == 1 and moving[0].op is SYMBOL
    return linear and all(
        [user.op is ADD and sum([arg in touched for arg in user.args]) > 1 for user in _beyond_signs(node, users)]
    )


def _hidden(told: Expr) -> set[Expr]:
    """The nodes inside a product over an index, or inside two sums: they are part of one operator as it is told."""
    hidden: set[Expr] = set()
    inside: set[Expr] = set()
    for node in walk(told):
        if node.op.kind != "binder":
            continue
        inner = set(walk(node.args[1]))
        if node.op is PRODUCT:
            hidden |= inner
        hidden |= inside & inner
        inside |= inner
    return hidden


def inside_sums(told: Expr, touched: set[Expr]) -> set[Expr]:
    """Return the nodes that stand inside a sum over an index, and depend on the variable."""
    inside: set[Expr] = set()
    for node in walk(told):
        if node.op.kind == "binder" and node in touched:
            inside.update([inner for inner in walk(node.args[1]) if inner in touched])
    return inside


def _linear_parts(told: Expr, variable: Expr, touched: set[Expr]) -> set[Expr]:
    """The nodes that are the variable put through sums and products with constants alone."""
    linear: set[Expr] = {variable}
    for node in walk(told):
        if node not in touched or node is variable:
            continue
        moving = [arg for arg in node.args if arg in touched]
        plain = node.op in (ADD, SUM, ROW, ELEMENT) or (node.op in (MUL, MATMUL, DOT) and len(moving) == 1)
        if plain and all([arg in linear for arg in moving]):
            linear.add(node)
    return linear


def substituted(expr: Expr, listed: Sequence[Intermediate]) -> Expr:
    """Return an expression with every intermediate variable put as what it stands for, in the user's words."""
    return replaced(expr, {item.symbol: item.written for item in listed})


def replaced(expr: Expr, mapping: dict[Expr, Expr]) -> Expr:
    """Return an expression with some of its nodes replaced; numbers and signs are settled on the way."""
    return rebuild(expr, lambda node, args: mapping.get(node))
