"""Rules as they are written, `inv(A)_ij A_jk = δ_ik`: equations between products in index notation, read into patterns.

A letter stands for any expression. Subscripts are labels, a letter each, and `_…` those that are left, however many;
where no factor of an equation has any, all of them have the same labels. A function is called by its spelling in the
table of operators; `sum` is every sum over all entries, `[c]` whatever is 0 or 1, and two factors in brackets a matrix
product, in which 1 is a vector of ones. Any other number on the right is a factor: 2^-1 is a half.
"""

from __future__ import annotations

from itertools import permutations

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator, make
from mcalc.operators import FUNCTIONS
from mcalc.operators.arithmetic import ADD, CONDITIONS, GE, GT, LE, LT, MAX, MIN, MUL, POW, add, has_minus, neg, power
from mcalc.operators.leaves import ONES, SIZE, is_number, number, ones
from mcalc.operators.linear import MATMUL, SIGMA, SUM
from mcalc.operators.matrix import INV, ONE_HOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Bound = dict[str, Expr]
    Arguments = tuple[Expr, ...]

LETTER, NUMBER, MINUS, CALL, IDENTITY = "letter", "number", "minus", "call", "identity"
ZERO_OR_ONE = (*CONDITIONS, *ONE_HOT)
COMPARISONS = {">": GT, "<": LT, "≥": GE, "≤": LE}
SIGNS = {ADD: "+-", MATMUL: " ", POW: "^", SIGMA: ("sum",), **{op: sign for sign, op in COMPARISONS.items()}}
"""How an equation writes operators that stand in it without their names."""
REST = "…"
"""The labels that are left."""


class Pattern:
    """What an expression has to be, and what is built: a letter, a number, a minus, an operator with its arguments.

    `leaf` is the letter or the number; `ops` are the operators that the pattern may be of.
    """

    __slots__ = ("args", "kind", "leaf", "ops")

    def __init__(
        self, kind: str, leaf: str | int = "", args: tuple[Pattern, ...] = (), ops: tuple[Operator, ...] = ()
    ) -> None:
        self.kind = kind
        self.leaf = leaf
        self.args = args
        self.ops = ops


class Factor:
    """A factor of one side: its base, its labels (None where they are those of all), its exponent.

    An exponent is a number, or a letter that stands for any but 1, to which `more` is added. `letters` are those that
    say which one expression `fixed` is, where they are known: the base, or an argument of its that is no mere number.
    """

    __slots__ = ("base", "exponent", "fixed", "labels", "letters", "more")

    def __init__(self, base: Pattern, labels: str | None, exponent: int | str, more: int) -> None:
        self.base = base
        self.labels = labels
        self.exponent = exponent
        self.more = more
        parts = (base, *base.args) if SIGMA not in base.ops else ()
        found = [(part, letters) for part in parts if (letters := _letters_of(part))]
        self.fixed: Pattern | None = found[0][0] if found else None
        self.letters = found[0][1] if found else frozenset()


def _letters_of(whole: Pattern) -> frozenset[str] | None:
    """Return the letters that say which one expression a pattern is; None where it may have several forms."""
    order = [whole]
    for part in order:
        one = part.kind == CALL and len(part.ops) == 1 and part.ops[0] not in (ADD, MAX, MIN, SIGMA, MUL)
        minus = part.kind == MINUS and part.args[0].kind in (LETTER, CALL)
        if not (one or minus or part.kind == LETTER):
            return None
        order.extend(part.args)
    return frozenset([str(part.leaf) for part in order if part.kind == LETTER])


def read_equation(text: str, heads: dict[str, Operator] | None = None) -> tuple[list[Factor], list[Factor]]:
    """Return the two sides of a rule; `heads` are operators that the text calls by names of its own.

    >>> left, right = read_equation("inv(A)_ij A_jk = δ_ik")
    >>> [(factor.base.kind, factor.labels, factor.exponent) for factor in (*left, *right)]
    [('call', 'ij', 1), ('letter', 'jk', 1), ('identity', 'ik', 1)]
    """
    left, right = [_Reader(side, heads or {}).factors() for side in text.split(" = ")]
    if any([factor.labels is not None for factor in left]):
        for factor in (*left, *right):
            factor.labels = factor.labels or ""
    return left, right


def read_expressions(text: str) -> list[Pattern]:
    """Return the two sides of an equation between expressions, or of a condition.

    >>> [side.kind for side in read_expressions("abs(u) = -u")]
    ['call', 'minus']
    """
    return [_Reader(side, {}).sum() for side in text.split(" = ")]


def tokens_of(text: str) -> list[str]:
    """Cut one side of a rule into its tokens; labels are one with their mark, and so is an exponent.

    >>> tokens_of("(exp(Z) 1)_i^-1 A^(k + 1)")
    ['(', 'exp', '(', 'Z', ')', '1', ')', '_i', '^-1', 'A', '^(k + 1)']
    """
    found: list[str] = []
    place = 0
    while place < len(text):
        first, end = text[place], place + 1
        if first == "^":
            end = text.index(")", end) + 1 if text[end] == "(" else end + 1
        if first.isdigit() or first == "^":
            while text[end : end + 1].isdigit():
                end += 1
        elif first == "_" or first.islower():
            while text[end : end + 1].islower() or text[end : end + 1] == REST:
                end += 1
            if first != "_" and text[end : end + 1] != "(":
                end = place + 1
        if first != " ":
            found.append(text[place:end])
        place = end
    return found


class _Reader:
    """The reader of one side: tokens, and the place that it has come to."""

    def __init__(self, text: str, heads: dict[str, Operator]) -> None:
        self.tokens = tokens_of(text)
        self.heads = heads

    def taken(self, *wanted: str) -> bool:
        found = bool(self.tokens) and self.tokens[0] in wanted
        if found:
            del self.tokens[0]
        return found

    def factors(self) -> list[Factor]:
        found: list[Factor] = []
        while self.tokens:
            base = self.atom()
            labels = self.tokens.pop(0)[1:] if self.tokens and self.tokens[0][0] == "_" else None
            found.append(Factor(base, labels, *self.exponent()))
        return found

    def exponent(self) -> tuple[int | str, int]:
        if not self.tokens or self.tokens[0][0] != "^":
            return 1, 0
        text = self.tokens.pop(0)[1:]
        if text.strip("-").isdigit():
            return int(text), 0
        return text.strip("(")[0], int("+" in text)

    def sum(self) -> Pattern:
        terms = [self.term()]
        while self.tokens and self.tokens[0] in "+-":
            terms.append(self.term())
        if self.tokens and self.tokens[0] in COMPARISONS:
            op = COMPARISONS[self.tokens.pop(0)]
            return Pattern(CALL, "", (*terms, self.term()), (op,))
        return terms[0] if len(terms) == 1 else Pattern(CALL, "", tuple(terms), (ADD,))

    def term(self) -> Pattern:
        minus = self.taken("-")
        self.taken("+")
        parts: list[Pattern] = []
        while self.tokens and self.tokens[0] not in "+-<>≤≥,)]":
            base = self.atom()
            exponent, _ = self.exponent()
            parts.append(base if exponent == 1 else Pattern(CALL, "", (base, Pattern(NUMBER, exponent)), (POW,)))
        whole = parts[0] if len(parts) == 1 else Pattern(CALL, "", tuple(parts), (MATMUL,))
        return Pattern(MINUS, "", (whole,)) if minus else whole

    def atom(self) -> Pattern:
        token = self.tokens.pop(0)
        if token in "([":
            inner = self.sum()
            self.tokens.pop(0)
            return inner if token == "(" or inner.kind != LETTER else Pattern(LETTER, inner.leaf, (), ZERO_OR_ONE)
        if self.tokens and self.tokens[0] == "(" and (len(token) > 1 or token == "σ" or token in self.heads):
            args: list[Pattern] = []
            while self.tokens.pop(0) in "(,":
                args.append(self.sum())
            return Pattern(CALL, "", tuple(args), _operators(token, self.heads))
        if token.isdigit():
            return Pattern(NUMBER, int(token))
        return Pattern(IDENTITY) if token == "δ" else Pattern(LETTER, token)


def _operators(name: str, heads: dict[str, Operator]) -> tuple[Operator, ...]:
    several = {"inv": (INV,), "sum": (SUM, SIGMA), "max": (MAX,), "min": (MIN,)}
    return several.get(name) or (heads.get(name) or FUNCTIONS[name],)


def matches(wanted: Pattern, expr: Expr, bound: Bound) -> Iterator[Bound]:
    """Yield what the letters of a pattern stand for where an expression has its form; `bound` are those known.

    >>> from mcalc import parse
    >>> [one] = read_expressions("1 + exp(-u)")
    >>> [sorted(found) for found in matches(one, parse("exp(-2x) + 1").expr, {})]
    [['u']]
    """
    states: list[tuple[Sequence[tuple[Pattern, Expr]], Bound]] = [([(wanted, expr)], bound)]
    while states:
        todo, known = states.pop()
        if not todo:
            yield known
            continue
        (pattern, node), *rest = todo
        kind, leaf, args, ops = pattern.kind, pattern.leaf, pattern.args, pattern.ops
        if kind == LETTER:
            name = str(leaf)
            if known.get(name, node) is node and (not ops or node.op in ops):
                states.append((rest, {**known, name: node}))
        elif kind == NUMBER:
            if is_number(node, int(leaf)) or (leaf == 1 and node.op is ONES):
                states.append((rest, known))
        elif kind == MINUS:
            of = known.get(str(args[0].leaf)) if args[0].kind == LETTER else None
            if of is not None:
                states += [(rest, known)] if node is neg(of) else []
            elif node.op is MUL and has_minus(node):
                states.append(([(args[0], neg(node)), *rest], known))
        elif node.op in ops:
            for found in _arguments(node):
                if len(found) == len(args):
                    states.append(([*zip(args, found, strict=True), *rest], known))


def _arguments(node: Expr) -> list[Arguments]:
    """The arguments of a node, in each order in which they say the same; of a sum over an index the entries it adds."""
    if node.op in (ADD, MAX, MIN):
        return list(permutations(node.args)) if len(node.args) == 2 else []
    if node.op is SIGMA:
        from mcalc.calculus.basics.entries import gather, spans_axis

        running, body = node.args
        last = running.args[1]
        dim = last.attr if last.op is SIZE else Dim.of(last.attr) if is_number(last) else None
        whole = gather(body, running, dim) if dim is not None and spans_axis(running, dim) else None
        return [] if whole is None else [(whole,)]
    return [node.args]


def built(wanted: Pattern, bound: Bound) -> Expr:
    """Return a pattern as an expression, with what its letters stand for.

    >>> from mcalc import parse
    >>> [one] = read_expressions("1 - σ(u)")
    >>> built(one, {"u": parse("x").expr}) is parse("1 - σ(x)").expr
    True
    """
    order = [wanted]
    for part in order:
        order.extend(part.args)
    done: dict[Pattern, Expr] = {}
    for part in reversed(order):
        args = [done[arg] for arg in part.args]
        if part.kind == CALL:
            op = part.ops[0]
            if op is MATMUL and is_number(args[1]):
                args[1] = ones(args[0].shape[1:])
            done[part] = add(*args) if op is ADD else power(*args) if op is POW else make(op, tuple(args))
        elif part.kind == MINUS:
            done[part] = neg(args[0])
        else:
            done[part] = bound[str(part.leaf)] if part.kind == LETTER else number(int(part.leaf))
    return done[wanted]
