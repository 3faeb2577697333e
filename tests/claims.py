"""The check behind test_checking_claims, and the long run: `python -m tests.claims 20000`.

True claims are made by rewriting right answers, wrong ones by a slip of the hand: a sign, a factor, a transpose, a kind
of product, a term left out, an exponent. What is true is settled by complex step, on its own; the claim goes in as
text.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from mcalc.api import judged
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.other_forms import in_index_notation
from mcalc.checking.verdict import Evidence
from mcalc.dims import Dim
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.notation import Scope, read, read_expression, read_where
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.oracles import by_step
from mcalc.numeric.sampling import Draws, Kink, Watch
from mcalc.numeric.stand_ins import with_values
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import ADD, MUL, POW, add, cases, div, greater, mul, neg, power
from mcalc.operators.leaves import index, is_number, number, size
from mcalc.operators.linear import DOT, MATMUL, SUM, TRANSPOSE, dot, element, matmul, transpose
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import unicode
from tests.generator import DIFFERENTIABLE, Generator
from tests.reading import scope_of
from tests.values import agree, variables

GOLDEN = Path(__file__).parent / "golden" / "matrix.txt"
POINTS, ENOUGH = 8, 3
REPLAYS = 24
"""Points at which a hint is replayed."""
LARGEST = 1e5
LONGEST = 400
CLOSE = 1e-7
"""What rounding may do to inverses of matrices that nearly have none."""
LAST_DIGIT, FLOOR = 1e-15, 1e-2
"""What rounding does to the largest value on the way, and from where on `agree` is absolute."""

WATCH = Watch(frozenset()).away_from_kinks

ALIKE = {"exponent": {"exponent", "factor", "power rule", "sum or mean", "function"}}
"""Slips that may be told as another: x² for x is a factor x, n² for n a factor n, 1 - tanh for 1 - tanh² a function."""

Change = Callable[[Expr, random.Random], Expr | None]
Known = list[tuple[dict[str, Any], Any]]


class Claim:
    """A function, a variable, an answer, and how the answer was made."""

    def __init__(self, body: Expr, variable: Expr, answer: Expr, made: str) -> None:
        self.body = body
        self.variable = variable
        self.answer = answer
        self.made = made

    def text(self, *, glyphs: bool) -> str:
        """The claim as it is typed."""
        write = unicode if glyphs else as_ascii
        mark = "∂" if glyphs else "d"
        return f"{mark}/{mark}{write(self.variable)} ({write(self.body)}) = {write(self.answer)}"

    def truth(self, known: Known) -> str | None:
        """Return the verdict that it should have, from the derivative's values; None where there are too few."""
        # A gradient is a row, and so is a row by a number.
        row = self.variable.order == 1 if not self.body.order else self.body.is_row and not self.variable.order
        seen: list[tuple[bool, bool]] = []
        for values, want in known:
            sizes = [0.0]

            def watch(node: Expr, args: Sequence[Any], sizes: list[float] = sizes) -> None:
                WATCH(node, args)
                sizes.extend([float(np.max(np.abs(arg), initial=0)) for arg in args])

            try:
                got = np.asarray(evaluate(self.answer, values, [self.variable], watch=watch), float)
            except (Kink, Mistake, ValueError, IndexError, np.linalg.LinAlgError):
                continue
            if not np.all(np.isfinite(got)) or np.max(np.abs(got), initial=0) > LARGEST:
                continue
            if LAST_DIGIT * max(sizes) > CLOSE * max(FLOOR, np.max(np.abs(got), initial=0)):
                continue  # large terms cancel, as in 1 - tanh² far out: the digits that are left say nothing
            here, there = upright(want, row=row), upright(got, row=self.answer.is_row)
            if not np.any(here) and not np.any(there):
                continue  # as in one piece of braces: zeros are their own transpose
            seen.append((agree(there, here, CLOSE), agree(there.T, here, CLOSE)))
        if len(seen) < ENOUGH:
            return None
        straight, turned = (all(column) for column in zip(*seen, strict=True))
        return "equal" if straight else "other-layout" if turned else "not-equal"


def known_values(body: Expr, variable: Expr, answer: Expr) -> Known:
    """Return random points with the value of the derivative there, by complex step."""
    known: Known = []
    draws = Draws([body, answer, variable])
    for attempt in range(3 * POINTS):
        values = draws.at(np.random.default_rng([99, attempt]), attempt)
        try:
            evaluate(body, values, [variable], watch=WATCH)
            want = np.asarray(by_step(body, [variable], values))
        except (Kink, Mistake, ValueError, TypeError, np.linalg.LinAlgError):
            continue
        if np.all(np.isfinite(want)) and np.max(np.abs(want), initial=0) < LARGEST:
            known.append((values, want))
        if len(known) == POINTS:
            break
    return known


def upright(array: Any, *, row: bool) -> Any:
    """Return an array with two axes, a row as 1×n."""
    return array.reshape((1, -1) if row else (-1, 1)) if array.ndim < 2 else array


# right answers -----------------------------------------------------------------------------------------------------


def commuted(node: Expr, rng: random.Random) -> Expr | None:
    """a + b = b + a, x y = y x, xᵀ y = yᵀ x."""
    if node.op in (ADD, MUL, DOT) or node.op.name in ("max", "min"):
        args = list(node.args)
        rng.shuffle(args)
        return make(node.op, tuple(args), node.attr)
    return None


def expanded(node: Expr, _rng: random.Random) -> Expr | None:
    """(a + b) c = a c + b c, x² = x x."""
    if node.op is MUL and not node.shape:
        total = next((arg for arg in node.args if arg.op is ADD), None)
        if total is not None:
            rest = [arg for arg in node.args if arg is not total]
            return add(*[mul(*rest, part) for part in total.args])
    if node.op is MATMUL:
        place = next((k for k, arg in enumerate(node.args) if arg.op is ADD and all(p.shape for p in arg.args)), None)
        if place is not None:
            return add(*[matmul(*node.args[:place], part, *node.args[place + 1 :]) for part in node.args[place].args])
    if node.op is POW and is_number(node.args[1], 2) and not node.shape:
        return make(MUL, (node.args[0], node.args[0]))
    return None


def factored(node: Expr, rng: random.Random) -> Expr | None:
    """a + b = 3 (a/3 + b/3), and a term added and taken away again."""
    if node.op is ADD and not any([part.order != node.order for part in node.args]):
        if rng.random() < 0.5:
            k = number(rng.choice((2, 3, Fraction(1, 2))))
            return mul(k, add(*[mul(power(k, number(-1)), part) for part in node.args]))
        extra = rng.choice(node.args)
        return make(ADD, (*node.args, extra, neg(extra)))
    return None


def turned_twice(node: Expr, _rng: random.Random) -> Expr | None:
    """A B = (Bᵀ Aᵀ)ᵀ, and the transpose of a scalar is itself."""
    if node.op is MATMUL and node.order != 1:
        turned = matmul(*[transpose(arg) for arg in reversed(node.args)])
        return transpose(turned) if node.order == 2 else turned
    return None


def by_entries(node: Expr, _rng: random.Random) -> Expr | None:
    """a · b = Σ_i a_i b_i, sum(v) = Σ_i v_i."""
    if node.free or node.op not in (DOT, TABLE["sum"]) or any([arg.order != 1 for arg in node.args]):
        return None
    if any([n.op.name in ("index", "einsum") for n in walk(node)]):
        return None
    i = index("i", 0, number(1), size(node.args[0].shape[0]))
    return make(TABLE["sigma"], (i, mul(*[element(transpose(a) if a.is_row else a, i) for a in node.args])))


def renamed(node: Expr, _rng: random.Random) -> Expr | None:
    """The same function by another name: σ(x) = 1/(1 + exp(-x)), a mean as a sum over n, relu as max or braces."""
    name, args = node.op.name, node.args
    one, two = number(1), number(2)
    if name == "sigmoid":
        return power(add(one, make(TABLE["exp"], (neg(args[0]),))), number(-1))
    if name == "tanh":
        return add(mul(two, make(TABLE["sigmoid"], (mul(two, args[0]),))), number(-1))
    if name == "relu":
        return make(TABLE["max"], (number(0), args[0]))
    if name == "max" and len(args) == 2 and not node.shape:
        return cases(args[0], greater(args[0], args[1]), args[1])
    if name == "norm" and args[0].order == 1 and not args[0].is_row:
        return power(dot(args[0], args[0]), number(Fraction(1, 2)))
    if name == "abs":
        return mul(args[0], make(TABLE["sign"], args))
    if name == "exp" and args[0].op is ADD and not node.shape:
        return mul(*[make(TABLE["exp"], (part,)) for part in args[0].args])
    if name == "softplus":
        return make(TABLE["ln"], (add(one, make(TABLE["exp"], args)),))
    if name == "mean" and args[0].order == 1:
        return div(make(TABLE["sum"], args), size(args[0].shape[0]))
    if name == "softmax" and args[0].order == 1:
        powers = make(TABLE["exp"], args)
        return div(powers, make(TABLE["sum"], (powers,)))
    return None


def mirrored(node: Expr, _rng: random.Random) -> Expr | None:
    """S = (S + Sᵀ)/2 for a symmetric S."""
    if node.op.name == "symbol" and node.order == 2 and node.is_symmetric:
        return make(MUL, (number(Fraction(1, 2)), make(ADD, (node, make(TRANSPOSE, (node,))))))
    return None


REWRITINGS: tuple[Change, ...] = (commuted, expanded, factored, turned_twice, by_entries, renamed, mirrored)


def rewritten(answer: Expr, rng: random.Random) -> tuple[Expr, str]:
    """Return an answer written otherwise, in a few places, and by which rules."""
    used: list[str] = []
    if rng.random() < 0.15 and answer.order < 3:
        answer = in_index_notation(answer)
        used.append("in_index_notation")
    for _ in range(rng.choice((1, 2, 3))):
        rule = rng.choice(REWRITINGS)
        places = [node for node in walk(answer) if rule(node, rng) is not None]
        if places:
            at = rng.choice(places)
            answer = _put(answer, at, rule(at, rng))
            used.append(rule.__name__)
    return answer, ", ".join(used)


def _put(root: Expr, at: Expr, new: Expr | None) -> Expr:
    """Put an expression in a place; where that makes a sum one of a number, it is the number, as it is read."""

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        alone = node.op is SUM and not args[0].shape
        return new if node is at else args[0] if alone else None

    return rebuild(root, change)


# slips ---------------------------------------------------------------------------------------------------------------


def sign(node: Expr, rng: random.Random) -> Expr | None:
    """A term with the other sign."""
    if node.op is not ADD:
        return None
    place = rng.randrange(len(node.args))
    return add(*[neg(part) if k == place else part for k, part in enumerate(node.args)])


def factor(node: Expr, rng: random.Random) -> Expr | None:
    """A term, or a number, twice or half as large."""
    k = rng.choice((2, Fraction(1, 2), 3))
    if node.op is ADD:
        place = rng.randrange(len(node.args))
        return add(*[mul(number(k), part) if j == place else part for j, part in enumerate(node.args)])
    if is_number(node) and type(node.attr) is int and abs(node.attr) > 1:
        return number(Fraction(node.attr) * k)
    return None


def transposed(node: Expr, rng: random.Random) -> Expr | None:
    """A matrix in a product transposed, or not."""
    if node.op is not MATMUL:
        return None
    places = [k for k, arg in enumerate(node.args) if arg.order == 2 and not arg.is_symmetric]
    if not places:
        return None
    place = rng.choice(places)
    return matmul(*[transpose(arg) if k == place else arg for k, arg in enumerate(node.args)])


def product(node: Expr, rng: random.Random) -> Expr | None:
    """An element-wise product for one of matrices, or the other way round."""
    if node.op is MATMUL and node.order == 2 and len(node.args) >= 2:
        k = rng.randrange(len(node.args) - 1)
        a, b = node.args[k], node.args[k + 1]
        if a.shape == b.shape and a.order == 2:
            return matmul(*node.args[:k], mul(a, b), *node.args[k + 2 :])
    if node.op is MUL and node.order == 2 and len(node.args) == 2 and all([arg.order == 2 for arg in node.args]):
        return matmul(*node.args)
    if node.op is MUL and node.order == 1 and len(node.args) == 2 and all([arg.order == 1 for arg in node.args]):
        return matmul(transpose(node.args[0]), node.args[1]) if not node.is_row else None
    return None


def dropped(node: Expr, rng: random.Random) -> Expr | None:
    """A term left out."""
    if node.op is not ADD:
        return None
    place = rng.randrange(len(node.args))
    return add(*[part for k, part in enumerate(node.args) if k != place])


def exponent(node: Expr, rng: random.Random) -> Expr | None:
    """An exponent one off."""
    if node.op is POW and is_number(node.args[1]):
        return power(node.args[0], number(node.args[1].attr + rng.choice((1, -1))))
    return None


SLIPS: dict[str, Change] = {
    "sign": sign,
    "factor": factor,
    "transpose": transposed,
    "product": product,
    "dropped term": dropped,
    "exponent": exponent,
}


def mutants(answer: Expr, rng: random.Random) -> Iterator[tuple[Expr, str]]:
    """Yield the answer with each kind of slip it has a place for; with a sign and a factor of the whole of it, too."""
    for kind, slip in SLIPS.items():
        places = []
        for node in walk(answer):
            try:
                if slip(node, random.Random(0)) is not None:
                    places.append(node)
            except ShapeError:
                continue
        rng.shuffle(places)
        for at in places:
            try:
                yield _put(answer, at, slip(at, rng)), kind
                break
            except (ShapeError, ValueError):
                continue
    yield neg(answer), "sign"
    yield mul(number(rng.choice((2, 3, Fraction(1, 2)))), answer), "factor"


# the check -----------------------------------------------------------------------------------------------------------


class Tally:
    """What became of the claims: by verdict, what was misjudged, and how many slips were named as they were made."""

    def __init__(self) -> None:
        self.right = 0
        self.wrong = 0
        self.hints = 0
        self.untrue: list[str] = []
        self.refused: list[str] = []
        self.undecided: list[str] = []
        self.misjudged: list[str] = []
        self.slips: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.otherwise: Counter[tuple[str, str | None]] = Counter()

    @property
    def share(self) -> float:
        """The share of the slips that were named by the kind that was made."""
        return sum(self.named.values()) / max(sum(self.slips.values()), 1)


def questions(seed: int) -> tuple[Expr, Expr] | None:
    """Return a function and a variable: of a row of the golden file, random, or with each row of the table in turn."""
    if seed % 3:
        generator = Generator(seed)
        if seed % 3 == 1:
            body = generator.expression(2 + seed % 2)
        else:
            row = DIFFERENTIABLE[seed // 3 % len(DIFFERENTIABLE)]
            body = generator.featuring(row, 1, scalar=seed % 2 == 0)
        choices = variables(body)
        return (body, generator.random.choice(choices)) if choices and body.order < 2 else None
    rows = golden_rows()
    order, where, expr, wrt, _ = rows[seed // 3 % len(rows)]
    if order != "1":
        return None
    scope = Scope()
    read_where(where, scope)
    found = read_expression(expr, scope).expr
    variable = scope.variables.get(wrt)
    return None if found is None or variable is None else (found, variable)


_rows: list[list[str]] = []


def golden_rows() -> list[list[str]]:
    """Return the rows of the golden file: order, declarations, expression, variable, result."""
    if not _rows:
        lines = GOLDEN.read_text(encoding="utf-8").splitlines()
        _rows.extend([[cell.strip() for cell in line.split(" | ")] for line in lines if line and line[0] != "#"])
    return _rows


def answer_to(seed: int) -> tuple[Expr, Expr, Expr] | None:
    """Return a function, a variable and the derivative; None where there is none of two axes at most."""
    asked = questions(seed)
    if asked is None:
        return None
    try:
        answer = derivative_of(asked[0], [asked[1]])
    except Mistake:
        return None
    return (*asked, answer) if answer.order <= 2 else None


def check_seed(seed: int, tally: Tally) -> None:
    """Check the claims of one seed: a right answer rewritten, one in the other layout, and one mutant."""
    rng = random.Random(seed)
    answered = answer_to(seed)
    if answered is None or len(unicode(answered[2])) > LONGEST:
        return
    body, variable, answer = answered
    right, rules = rewritten(answer, rng)
    if answer.order and rng.random() < 0.2:
        right, rules = transpose(right), f"{rules}, transposed"
    known = known_values(body, variable, answer)
    _judge(Claim(body, variable, right, rules), None, rng, tally, known)
    wrong = list(mutants(right if rng.random() < 0.3 else answer, rng))
    seldom = [pair for pair in wrong if pair[1] not in ("sign", "factor", "dropped term")]
    changed, kind = rng.choice(seldom if seldom and rng.random() < 0.7 else wrong)
    _judge(Claim(body, variable, changed, kind), kind, rng, tally, known)


def _judge(claim: Claim, slip: str | None, rng: random.Random, tally: Tally, known: Known) -> None:
    truth = claim.truth(known)
    if truth is None or (slip is not None and truth != "not-equal"):
        return  # no such slip: a factor of 0, a transpose of what is symmetric
    text = claim.text(glyphs=rng.random() < 0.5)
    scope = scope_of(claim.body)
    if read_expression(unicode(claim.body), scope).expr is not claim.body:
        return  # a size in it stands nowhere but in a declaration, such as that of ones
    scope.variables.setdefault(claim.variable.attr[0], claim.variable)
    for node in walk(claim.answer):
        if node.op.name == "symbol":
            scope.variables.setdefault(node.attr[0], node)
        for dim in node.shape:
            scope.sizes.update({name: Dim.named(name) for name in dim.names})
    try:
        found = judged(read(text, scope))
    except Mistake as mistake:
        tally.refused.append(f"{text}: {mistake}")
        return
    if slip is None:
        tally.right += 1
    else:
        tally.wrong += 1
    if found.verdict == "undecided":
        tally.undecided.append(f"{text}: {found.text}")
    elif found.verdict != truth:
        tally.misjudged.append(f"{text}  ({claim.made}): {found.text}, should be {truth}")
    elif slip is not None:
        for evidence in found.evidence:
            tally.hints += 1
            if not replayed(evidence):
                tally.untrue.append(f"{text}: {evidence.said}")
        tally.slips[slip] += 1
        tally.named[slip] += found.slip in ALIKE.get(slip, {slip})
        if found.slip != slip:
            tally.otherwise[slip, found.slip] += 1


def replayed(evidence: Evidence) -> bool:
    """Say whether a hint is true: the two sides that it rests on, worked out anew at random points of sizes 1 to 6."""
    sides = [with_values(evidence.left), with_values(evidence.right)]
    draws = Draws(sides)
    turned = [True, True]
    seen = 0
    for attempt in range(REPLAYS):
        rng = np.random.default_rng([4242, attempt])
        sizes = {name: int(rng.integers(1, 7)) for name in draws.names}
        low = draws.lengths([1])
        sizes = {name: max(count, low[name]) for name, count in sizes.items()} | evidence.sizes
        values: dict[str, Any] | None = draws.at(rng, attempt, sizes)
        values = values if evidence.impose is None else evidence.impose(values or {})
        if values is None:
            continue
        try:
            one, other = [
                upright(np.asarray(evaluate(side, values, draws.variables, watch=WATCH), float), row=side.is_row)
                for side in sides
            ]
        except (Kink, Mistake, ValueError, IndexError, np.linalg.LinAlgError):
            continue
        if not np.all(np.isfinite(one)) or not np.all(np.isfinite(other)) or np.max(np.abs(one), initial=0) > LARGEST:
            continue
        seen += 1
        turned = [turned[0] and agree(one, other, CLOSE), turned[1] and agree(one.T, other, CLOSE)]
    return seen > 0 and any(turned)


def main(count: int, first: int = 0) -> int:
    """Judge claims until `count` right and as many wrong ones were judged; print what became of them."""
    tally = Tally()
    seed = first
    start = time.perf_counter()
    while min(tally.right, tally.wrong) < count:
        try:
            check_seed(seed, tally)
        except Exception as problem:  # noqa: BLE001 - the run goes on, and tells of it
            tally.misjudged.append(f"seed {seed}: {type(problem).__name__}: {problem}")
        seed += 1
    spent = time.perf_counter() - start
    counts = f"{tally.right} right and {tally.wrong} wrong claims, {len(tally.misjudged)} misjudged"
    print(
        f"{counts}, {len(tally.undecided)} undecided, {len(tally.refused)} refused, {spent:.0f} s; "
        f"slips named as made: {tally.share:.0%}"
    )
    for kind, total in tally.slips.items():
        others = ", ".join([f"{name} {n}" for (made, name), n in tally.otherwise.most_common() if made == kind])
        print(f"  {kind}: {tally.named[kind]} of {total}{f' ({others})' if others else ''}")
    print(f"{tally.hints} hints replayed, {len(tally.untrue)} untrue")
    for line in [*tally.misjudged[:20], *tally.untrue[:20], *tally.undecided[:10], *tally.refused[:10]]:
        print(line)
    return len(tally.misjudged) + len(tally.untrue)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
