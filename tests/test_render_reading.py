"""What is printed is read back as the very same expression: every operator in every place of every other."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator, make, walk
from mcalc.notation import Scope, read_expression
from mcalc.notation.meaning.assumed import of_functions
from mcalc.operators import TABLE
from mcalc.operators.abstract import apply, derivative
from mcalc.operators.arithmetic import MUL, add, cases, div, mul, neg, power
from mcalc.operators.blocks import block, selection, slice_
from mcalc.operators.leaves import eye, index, number, ones, size, symbol, unit, zeros
from mcalc.operators.linear import PRODUCT, SIGMA, diag, dot, einsum, element, matmul, transpose
from mcalc.operators.matrix import inv, norm
from mcalc.render.latex_face import latex
from mcalc.render.quotients import gathered
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import unicode
from tests.generator import DIFFERENTIABLE, fitting

n, N = Dim.named("n"), Dim.named("N")
SCALARS = [symbol(name) for name in ("s", "t", "loss", "λ", "u_1")]
VECTORS = [symbol(name, (n,)) for name in ("v", "w", "x_hat")]
MATRICES = [symbol(name, (n, n)) for name in ("A", "B")]
TENSOR = symbol("K", (n, n, n))
SAMPLES = symbol("X", (N, n))
TARGETS = symbol("y", (N,))


def scope() -> Scope:
    made = Scope()
    for variable in (*SCALARS, *VECTORS, *MATRICES, TENSOR, SAMPLES, TARGETS):
        made.variables[variable.attr[0]] = variable
    made.sizes.update({"n": n, "N": N})
    return made


def read(text: str, like: Expr, notation: str = "auto") -> Expr:
    world = scope()
    world.maps.update(of_functions([like], "fgh"))
    return read_expression(text, world, shape=like.shape, notation=notation).expr  # type: ignore[return-value]


def call(name: str) -> Callable[..., Expr]:
    return lambda *args: make(TABLE[name], args)


both, either = call("and"), call("or")


def over_i(body: Callable[[Expr], Expr], level: int = 0) -> Expr:
    i = index("ijk"[level], 0, number(1), size(N))
    return make(SIGMA, (i, body(i)))


REST = (Dim.of(1), n - 1)


def rest(vector: Expr) -> Expr:
    """Return all entries of a vector but the first."""
    return slice_(vector, (REST,))


HALF = number(Fraction(1, 2))
"""Each maker: the kinds of its arguments (s scalar, v vector, r row, M matrix), the kind of its result, and itself."""
MAKERS: list[tuple[str, str, Callable[..., Expr]]] = [
    *[(k + k, k, add) for k in "svrM"],
    *[(k + k + k, k, add) for k in "sM"],
    *[(k + k, k, lambda a, b: add(a, neg(b))) for k in "svrM"],
    *[("s" + k, k, lambda a, b: add(b, a)) for k in "vM"],
    *[(k, k, lambda a: add(a, number(-2))) for k in "sv"],
    *[(k, k, neg) for k in "svrM"],
    *[(k + k, k, mul) for k in "svrM"],
    *[("s" + k, k, mul) for k in "vrM"],
    *[(k + "s", k, mul) for k in "vrM"],
    *[(k + "s" + k, k, mul) for k in "vM"],
    *[(k, k, lambda a: mul(number(2), a)) for k in "svrM"],
    *[(k, k, lambda a: mul(number(Fraction(-3, 2)), a)) for k in "svrM"],
    *[(k, k, lambda a: mul(a, number(3))) for k in "sv"],
    *[(k, k, lambda a: mul(a, HALF)) for k in "svrM"],
    *[(k + "s", k, div) for k in "svrM"],
    *[(k + k, k, div) for k in "vrM"],
    *[("s" + k, k, div) for k in "vM"],
    *[(k + k + k, k, lambda a, b, c: mul(a, power(b, number(-2)), c)) for k in "svM"],
    *[("s" + k + "s", k, lambda a, b, c: mul(a, power(b, number(-1)), c)) for k in "sv"],
    *[(k, k, lambda a: power(a, number(2))) for k in "svrM"],
    *[(k, k, lambda a: power(a, number(-1))) for k in "svrM"],
    *[(k, k, lambda a: power(a, number(-3))) for k in "sv"],
    *[(k, k, lambda a: power(a, HALF)) for k in "svM"],
    *[(k, k, lambda a: power(a, number(Fraction(-2, 3)))) for k in "sv"],
    *[(k + "s", k, power) for k in "svM"],
    ("sv", "v", power),
    *[(k, k, call("sin")) for k in "svrM"],
    *[(k, k, call("sigmoid")) for k in "sv"],
    *[(k + k, k, call("max")) for k in "sv"],
    ("s", "s", lambda a: make(TABLE["max"], (number(0), a))),
    *[(k + k, k, call("gt")) for k in "sv"],
    ("ss", "s", call("ne")),
    *[("s" + k + k, k, lambda c, a, b: cases(a, make(TABLE["le"], (c, number(0))), b)) for k in "svrM"],
    ("sss", "s", lambda a, b, c: cases(a, call("and")(call("gt")(b, c), call("lt")(b, c)), b, call("eq")(a, c))),
    ("ssss", "s", lambda a, b, c, d: cases(a, either(call("gt")(b, c), both(call("lt")(b, c), call("ge")(a, d))))),
    ("vv", "s", dot),
    ("MM", "s", dot),
    ("Mv", "v", matmul),
    ("rM", "r", matmul),
    ("MM", "M", matmul),
    ("vr", "M", matmul),
    ("rv", "s", matmul),
    ("rMv", "s", matmul),
    ("MMv", "v", matmul),
    ("vrv", "v", matmul),
    ("M", "M", lambda a: matmul(a, a)),
    ("Mv", "v", lambda a, b: matmul(a, a, b)),
    ("v", "r", transpose),
    ("r", "v", transpose),
    ("M", "M", transpose),
    ("M", "M", inv),
    ("M", "M", lambda a: transpose(inv(a))),
    ("M", "s", call("trace")),
    ("M", "s", call("det")),
    ("v", "M", lambda a: eye(n) if a is ones((n,)) else call("diag")(a)),  # read so, and so made by all that calculates
    ("M", "v", call("diag")),
    ("v", "s", call("sum")),
    *[(k, "s", norm) for k in "vM"],
    ("v", "s", call("norm1")),
    ("vv", "M", call("outer")),
    ("v", "v", call("softmax")),
    ("s", "v", lambda a: mul(a, ones((n,)))),
    ("s", "r", lambda a: mul(a, transpose(ones((n,))))),
    ("v", "M", lambda a: matmul(a, transpose(ones((n,))))),
    ("M", "M", lambda a: add(a, eye(n))),
    ("s", "M", lambda a: mul(a, eye(n))),
    ("v", "v", lambda a: cases(a, make(TABLE["gt"], (SCALARS[0], number(0))), zeros((n,)))),
    ("v", "s", lambda a: element(a, number(2))),
    ("M", "s", lambda a: element(a, number(1), number(2))),
    ("M", "v", lambda a: element(a, number(1))),
    ("", "v", lambda: unit(number(2), n)),
    ("", "s", lambda: size(n)),
    ("", "s", lambda: make(TABLE["pi"])),
    ("", "M", lambda: eye(n)),
    ("", "v", lambda: ones((n,))),
    ("", "M", lambda: ones((n, n))),
    ("s", "s", lambda a: apply("f", a)),
    ("s", "s", lambda a: apply("g", a, counts=(1,))),
    ("ss", "s", lambda a, b: apply("h", a, b, counts=(1, 2))),
    ("s", "s", lambda a: derivative(a, SCALARS[0])),
    ("s", "s", lambda a: over_i(lambda i: mul(a, element(TARGETS, i)))),
    ("v", "v", lambda a: over_i(lambda i: mul(dot(a, element(SAMPLES, i)), element(SAMPLES, i)))),
    ("s", "r", lambda a: over_i(lambda i: mul(a, transpose(element(SAMPLES, i))))),
    ("s", "s", lambda a: over_i(lambda i: power(add(element(TARGETS, i), neg(a)), number(2)))),
    ("s", "s", lambda a: make(PRODUCT, (i0 := index("i", 0, number(1), size(N)), add(a, element(TARGETS, i0))))),
    ("MM", "M", lambda a, b: einsum(((0, 1), (1, 2)), (0, 2), (a, b))),
    ("Mv", "M", lambda a, b: einsum(((0, 1), (1,), (2,)), (2, 0), (a, b, ones((n,))))),
    ("vs", "M", lambda a, b: einsum(((0,), (), (1, 0)), (1, 0), (a, b, eye(n)))),
    ("v", "v", lambda a: einsum(((0, 1, 2), (1,), (2,)), (0,), (TENSOR, a, a))),
    ("vvv", "s", lambda a, b, c: einsum(((0,), (0,), (0,)), (), (a, b, c))),
    ("Mvs", "s", lambda a, b, c: einsum(((0, 0), (0,), ()), (), (a, b, c))),
    ("vv", "v", lambda a, b: make(TABLE["eq"], (a, b))),
    ("sv", "v", lambda a, b: make(TABLE["ne"], (a, b))),
    ("sv", "v", lambda a, b: mul(make(TABLE["eq"], (SCALARS[3], a)), b)),
    ("sv", "r", lambda a, b: transpose(make(TABLE["eq"], (a, b)))),
    ("ss", "s", lambda a, b: both(call("gt")(a, b), call("ne")(a, number(1)))),
    ("ssv", "v", lambda a, b, c: mul(either(call("gt")(a, b), call("eq")(a, SCALARS[3])), c)),
    ("vs", "v", lambda a, b: block(2, 1, rest(a), b)),
    ("v", "s", lambda a: norm(rest(a))),
    ("v", "s", lambda a: element(rest(a), number(2))),
    ("M", "v", lambda a: matmul(slice_(a, (None, REST)), rest(VECTORS[1]))),
    ("M", "M", lambda a: matmul(slice_(a, (None, REST)), transpose(slice_(a, (None, REST))))),
    ("M", "s", lambda a: element(slice_(a, (REST, REST)), number(1), number(2))),
    ("M", "v", lambda a: element(a, size(n))),
    ("", "M", lambda: matmul(selection(Dim.of(1), n - 1, n), transpose(selection(Dim.of(1), n - 1, n)))),
    ("v", "v", lambda a: matmul(selection(Dim.of(1), n - 1, n), rest(a))),
    ("", "s", lambda: element(selection(Dim.of(1), n - 1, n), number(2), number(1))),
    ("v", "s", lambda a: element(a, size(n))),
    ("M", "s", lambda a: element(a, size(n), size(n))),
    ("M", "s", lambda a: element(a, number(2), size(n))),
    ("v", "s", lambda a: over_i(lambda i: element(diag(add(a, a)), number(1), number(2)))),
    ("svv", "v", lambda c, a, b: cases(cases(a, call("gt")(a, c), b), call("le")(c, number(0)), zeros((n,)))),
]
KINDS = {"": "s", "d": "v", "dd": "M"}


def makers_of(row: Operator) -> list[tuple[str, str, Callable[..., Expr]]]:
    """Return makers of a row for all shapes of square arguments that it takes, but for those that take a size."""
    if row.rule == "matrix of a convolution" or row.name.startswith("lagmatrix"):
        return []
    found: list[tuple[str, str, Callable[..., Expr]]] = []
    for shapes in fitting(row):
        if all([shape in KINDS for shape in shapes]):
            kinds = "".join([KINDS[shape] for shape in shapes])
            made = make(row, tuple(fill(kinds)))
            if made.order <= 2 and set(made.shape) <= {n}:
                found.append((kinds, "svM"[made.order], lambda *args: make(row, args)))
    return found


LEAVES = {"s": SCALARS, "v": VECTORS, "r": [transpose(v) for v in VECTORS], "M": MATRICES}


def fill(kinds: str, shift: int = 0) -> list[Expr]:
    seen = {"s": shift, "v": shift, "r": shift, "M": shift}
    args: list[Expr] = []
    for kind in kinds:
        args.append(LEAVES[kind][seen[kind] % len(LEAVES[kind])])
        seen[kind] += 1
    return args


def is_nested(expr: Expr) -> bool:
    """Say whether a sum stands in a sum: those makers number their indices as outermost ones."""
    binders = [node for node in walk(expr) if node.op.kind == "binder"]
    return any(inner.op.kind == "binder" for node in binders for inner in walk(node.args[1]))


def check(expr: Expr) -> None:
    if not is_nested(expr):
        check_text(expr)


def check_text(expr: Expr) -> None:
    for show, notation in ((unicode, "auto"), (as_ascii, "auto"), (latex, "latex")):
        text = show(expr)
        meant = gathered(expr, bars=show is latex, slashes=show is not latex)
        back = read(text, meant, notation)
        assert back is meant, f"{text}   was read as   {show(back)}"


@pytest.mark.parametrize("outer", range(len(MAKERS)))
def test_every_operator_in_every_place_of_every_other_reads_back(outer: int) -> None:
    kinds, _, build = MAKERS[outer]
    check(build(*fill(kinds)))
    for place, kind in enumerate(kinds):
        for inner_kinds, result, build_inner in MAKERS:
            if result == kind:
                args = fill(kinds)
                args[place] = build_inner(*fill(inner_kinds, 1))
                check(build(*args))


WRITTEN = {
    "add", "mul", "pow", "matmul", "row", "transpose", "einsum", "element", "slice", "block", "cases", "apply",
    "and", "or", "inv", "diag", "resolvent", "schatten", "L_exp", "L_log", "L_pow", "matrix power",
}  # fmt: skip
"""Rows with makers of their own above: what reading makes of them depends on what they are made of."""
ROW_MAKERS = [
    maker
    for row in DIFFERENTIABLE
    if row.kind in ("elementwise", "linear", "tensor", "defined") and row.name not in WRITTEN
    for maker in makers_of(row)
]
"""Makers of all other rows of the table."""


@pytest.mark.parametrize("part", range(12))
def test_every_row_of_the_table_in_any_place_and_around_anything_reads_back(part: int) -> None:
    pick = random.Random(part)
    for outers, inners in ((MAKERS, ROW_MAKERS), (ROW_MAKERS, MAKERS)):
        for kinds, _, build in outers[part::12]:
            check(build(*fill(kinds)))
            for place, kind in enumerate(kinds):
                fits = [maker for maker in inners if maker[1] == kind]
                for inner_kinds, _, build_inner in pick.sample(fits, min(4, len(fits))):
                    args = fill(kinds)
                    args[place] = build_inner(*fill(inner_kinds, 1))
                    check(build(*args))


i = index("i", 0, number(1), size(N))
j = index("j", 0, number(1), size(N))
again = index("i", 1, number(1), size(N))
other = index("k", 0, number(1), size(N), i)
after = index("j", 0, add(i, number(1)), size(N))
y, X, s, v, A = TARGETS, SAMPLES, SCALARS[0], VECTORS[0], MATRICES[0]
SUMS = [
    make(SIGMA, (i, make(SIGMA, (j, mul(element(y, i), element(y, j)))))),
    make(SIGMA, (i, mul(element(y, i), make(SIGMA, (j, mul(element(y, i), element(y, j))))))),
    make(SIGMA, (i, mul(element(y, i), make(SIGMA, (again, element(y, again)))))),
    make(SIGMA, (i, make(SIGMA, (other, mul(element(y, i), element(y, other)))))),
    make(SIGMA, (i, mul(element(y, i), make(SIGMA, (other, element(y, other)))))),
    make(SIGMA, (i, make(SIGMA, (after, mul(element(y, i), element(y, after)))))),
    make(SIGMA, (i, make(PRODUCT, (j, add(element(y, i), element(y, j)))))),
    make(MUL, (make(PRODUCT, (i, matmul(transpose(v), mul(element(y, i), A), v))), s)),
    make(SIGMA, (index("i", 0, number(1), add(size(N), number(-1))), s)),
    make(SIGMA, (i, mul(make(SIGMA, (j, element(y, j))), element(y, i)))),
    make(SIGMA, (i, mul(i, element(y, i)))),
    make(SIGMA, (i, power(number(2), i))),
    make(SIGMA, (i, mul(transpose(element(X, i)), s))),
    make(SIGMA, (i, mul(element(X, i), add(dot(v, element(X, i)), s)))),
    make(SIGMA, (j0 := index("j", 0, number(1), add(size(n), number(-1))), element(v, add(j0, number(1))))),
    make(SIGMA, (j0, element(A, j0, add(j0, number(1))))),
    make(SIGMA, (j0, element(A, j0, number(1)))),
    block(2, 2, s, mul(s, s), neg(s), number(1)),
    block(2, 1, v, s),
    transpose(block(1, 2, transpose(v), s)),
    block(1, 3, s, number(2), power(s, number(2))),
]


@pytest.mark.parametrize("place", range(len(SUMS)))
def test_sums_and_blocks_read_back(place: int) -> None:
    check_text(SUMS[place])


@pytest.mark.parametrize("seed", range(300))
def test_random_expressions_read_back(seed: int) -> None:
    pick = random.Random(seed)

    def grow(kind: str, depth: int) -> Expr:
        if depth == 0:
            return pick.choice(LEAVES[kind])
        kinds, _, build = pick.choice([maker for maker in MAKERS if maker[1] == kind])
        return build(*[grow(k, depth - 1) for k in kinds])

    check(grow(pick.choice("svrM"), 4))
