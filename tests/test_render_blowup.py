"""Deep and shared expressions: linear time, and names for parts that would be printed again and again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mcalc.dims import Dim
from mcalc.expr import Expr, make, walk
from mcalc.operators.arithmetic import add, mul, neg, power
from mcalc.operators.elementwise import COS, EXP, SIN
from mcalc.operators.leaves import index, number, size, symbol
from mcalc.operators.linear import SIGMA, dot, element, matmul, transpose
from mcalc.render.faces import UNICODE
from mcalc.render.latex_face import latex
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import lay_out, unicode
from mcalc.render.two_dimensional import two_dimensional
from tests.work import LINEAR, growth

n = Dim.named("n")
x, z = symbol("x", (n,)), symbol("z")
DEEP = 100_000


def parts_of(expr: Expr) -> tuple[str, list[tuple[str, str]]]:
    layout = lay_out(expr, UNICODE)
    parts = [("", layout.main), *layout.definitions]
    (_, main), *definitions = [(name, "".join([text for text, _ in pieces])) for name, pieces in parts]
    return main, definitions


def grown(start: Expr, levels: int) -> Expr:
    f = start
    for _ in range(levels):
        f = mul(f, make(EXP, (f,)))
    return f


def test_doubling_is_printed_with_one_name_a_level() -> None:
    text = as_ascii(grown(z, 64))
    assert text.startswith("u_63 exp(u_63) where u_1 = z exp(z); u_2 = u_1 exp(u_1); u_3 = ")
    assert text.endswith("; u_63 = u_62 exp(u_62)")
    assert unicode(grown(z, 64)).startswith("u₆₃ exp(u₆₃) where u₁ = z exp(z); u₂ = u₁ exp(u₁); ")
    assert latex(grown(z, 64)).startswith(
        r"\begin{aligned} & u_{63} \exp(u_{63}) \\ & \text{where } u_{1} = z \exp(z); u_{2} = u_{1} \exp(u_{1}); "
    )


def test_definitions_come_apart_for_the_api_and_each_uses_only_earlier_ones() -> None:
    main, definitions = parts_of(grown(z, 40))
    names = [name for name, _ in definitions]
    assert main == "u₃₉ exp(u₃₉)"
    assert len(set(names)) == len(names) == 39
    for place, (_, text) in enumerate(definitions):
        assert not any(later in text.replace("(", " ").replace(")", " ").split() for later in names[place:])


def test_names_keep_clear_of_names_in_use() -> None:
    assert as_ascii(grown(symbol("u"), 30)).startswith("v_29 exp(v_29) where v_1 = ")
    assert as_ascii(mul(grown(z, 30), symbol("u_7"))).startswith("(v_29 exp(v_29)) u_7 where ")
    assert as_ascii(grown(z, 30), taken={"u", "v"}).startswith("t_29 exp(t_29) where ")


def test_what_is_printed_is_linear_in_the_nodes() -> None:
    short, long = [len(as_ascii(grown(z, levels))) / len(list(walk(grown(z, levels)))) for levels in (100, 1000)]
    assert long < 1.2 * short < 20


def test_parts_with_a_running_index_are_named_inside_the_sum() -> None:
    i = index("i", 0, number(1), size(n))
    total = make(SIGMA, (i, grown(element(x, i), 20)))
    text = as_ascii(total)
    assert text.startswith("sum_{i=1}^{n} (u_19 exp(u_19) where u_1 = x_i exp(x_i); u_2 = ")
    assert text.endswith(")")
    both = mul(z, power(total, number(2)), make(SIGMA, (i, mul(number(3), grown(element(x, i), 20)))))
    assert as_ascii(both).count(" where ") == 2


def test_a_shared_part_keeps_its_row_or_column() -> None:
    row = transpose(matmul(symbol("A", (n, n)), x))
    f = mul(dot(x, x), row)
    for _ in range(30):
        f = add(f, mul(make(SIN, (dot(x, transpose(f)),)), f))
    text, definitions = parts_of(f)
    assert "ᵀ) u" in dict(definitions)["u₂"] + text


def nest(levels: int) -> list[Expr]:
    chain = [z]
    for _ in range(levels):
        chain.append(make(SIN, (chain[-1],)))
    return chain


@pytest.mark.slow
@pytest.mark.parametrize("show", [unicode, as_ascii, latex], ids=["unicode", "ascii", "latex"])
def test_a_hundred_thousand_levels_print_in_linear_time(show: Callable[[Expr], str]) -> None:
    assert growth(lambda levels: show(nest(levels)[-1]), 4_000) < LINEAR
    text = show(nest(DEEP)[-1])
    assert text.count("(") == DEEP
    assert "where" not in text


@pytest.mark.slow
def test_deep_sums_powers_and_signs_print() -> None:
    f = g = h = z
    deep = DEEP // 4
    for _ in range(deep):
        f = add(f, neg(add(z, number(1))))
        g = power(number(2), g)
        h = mul(number(-2), add(h, z))
    assert len(unicode(f)) > deep
    assert unicode(g).startswith("2^(2^(2^(2^")
    assert unicode(h).startswith("-2 (-2 (-2 (")
    assert len(two_dimensional(f, width=80).splitlines()) == 1


def test_the_derivative_of_a_deep_nest_prints_with_names() -> None:
    def slope(levels: int) -> Expr:
        return mul(*[make(COS, (inner,)) for inner in reversed(nest(levels)[:-1])])

    assert growth(lambda levels: unicode(slope(levels)), 500) < LINEAR
    text = unicode(slope(20_000))
    assert len(text) < 60 * 20_000
    assert " where u₁ = sin(sin(sin(z))); u₂ = " in text


@pytest.mark.slow
def test_deep_sums_over_indices_print() -> None:
    f: Expr = z
    for level in range(5_000):
        f = make(SIGMA, (index("i", 5_000 - level, number(1), size(n)), f))
    assert unicode(f).count("=1}^{n}") == 5_000
