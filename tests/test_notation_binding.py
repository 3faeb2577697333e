"""What a name is bound to, and until when: definitions, functions, declarations and running indices."""

from __future__ import annotations

import pytest

from mcalc.api import derive, parse
from mcalc.errors import Mistake
from mcalc.shell.session import Outcome, Session
from tests.reading import reads_back


def last(*statements: str) -> Outcome:
    session = Session()
    for text in statements[:-1]:
        session.run(text)
    return session.run(statements[-1])


def shown(*statements: str) -> str:
    value = last(*statements).value
    assert value is not None
    return value.text


@pytest.mark.parametrize(
    ("statements", "result", "note"),
    [
        (("f(t) = t^2", "g(t) = f(t) + 1", "f(t) = t^3", "d/dx g(x)"), "2 x", "g keeps the f"),
        (("f(t) = t^2", "g(t) = f(t) + 1", "f(t) = t^3", "d/dx f(x)"), "3 x²", ""),
        (("f(t) = t^2", "g(t) = f(f(t))", "f(t) = t", "d/dx g(x)"), "4 x³", "g keeps the f"),
        (("f(t) = t^2", "g(t) = f(t)", "h(t) = g(t)", "g(t) = t", "f(t) = t", "d/dx h(x)"), "2 x", "h keeps the g"),
        (("k = 2", "f(t) = k t", "k = 5", "d/dx f(x)"), "2", "f keeps the k"),
        (("x: R", "a = x^2", "b = a + 1", "a = x^3", "d/dx b"), "2 x", "b keeps the a"),
        (("x: R", "f(t) = t^2", "b = f(x)", "f(t) = t^3", "d/dx b"), "2 x", "b keeps the f"),
        (("x: R", "a = x^2", "a = a + 1", "d/dx a"), "2 x", ""),
        (("f(t) = c t", "c: R", "d/dx f(x)"), "c", ""),
        (("f(t) = c t", "c = 3", "d/dx f(x)"), "3", "c in f is what was defined after it"),
        (("g(t) = f(t) + 1", "f(t) = t^3", "d/dx g(x)"), "f′(x)", "f in g may be any function"),
        # a piece under its condition is read in the function that has it, also when that has another body now
        (
            ("x: R^n", "f(t) = sum_{i=1}^n {t_{i-1} if i > 1; 0 otherwise}", "g(t) = f(t)", "f(t) = t_1", "g(x)"),
            "Σ_{i=1}^{n} {x_{i - 1} if i > 1; 0 otherwise}",
            "g keeps the f",
        ),
    ],
)
def test_a_definition_keeps_what_its_names_meant(statements: tuple[str, ...], result: str, note: str) -> None:
    found = last(*statements)
    assert found.value is not None
    assert found.value.text == result
    assert any([note in said for said in found.notes]) if note else not found.notes


def test_a_function_with_a_variable_that_was_declared_anew_is_refused() -> None:
    session = Session()
    for text in ("x: R^n", "f(w) = w . x", "g(w) = f(w)^2", "x: R^3"):
        session.run(text)
    for text in ("∂/∂w f(w)", "∂/∂w g(w)"):
        with pytest.raises(Mistake, match="earlier x"):
            session.run(text)


@pytest.mark.parametrize(
    "where", ["x: R; x: R^n", "x: R^n; y: R; x: R^m", "x, y: R^n\ny: R", "X: R^{n x n}; X: R^{n x n} symmetric"]
)
def test_one_list_declares_a_name_once(where: str) -> None:
    with pytest.raises(Mistake, match="declared twice"):
        derive("sum(x)", wrt="x", where=where)


def test_the_same_declaration_twice_contradicts_nothing() -> None:
    assert derive("x·x", wrt="x", where="x: R^n; x: R^n").text == "2 xᵀ"


def test_a_session_says_that_a_name_is_declared_anew() -> None:
    assert last("x: R", "x: R^n").notes == ["x was declared a scalar; from here on it is a vector of n"]
    assert last("x: R^n", "x: R^n").notes == []


@pytest.mark.parametrize(
    "text",
    ["sum_i x_i + y_i", "sum_i x_i - 2 y_i", r"\sum_i x_i + y_i", "sum_{i,j} A_ij x_i x_j + b_ij", "prod_i x_i + y_i"],
)
def test_an_index_after_its_sum_is_refused_with_both_readings(text: str) -> None:
    with pytest.raises(Mistake) as raised:
        derive(text, wrt="x")
    assert raised.value.code == "E-AMBIG"
    assert "(... + " in raised.value.hint
    assert "declare" in raised.value.hint


def test_both_readings_can_be_typed() -> None:
    assert derive("sum_i (x_i + y_i^2)", wrt="y").text == "2 yᵀ"
    assert derive("sum_i x_i + y_i^2", wrt="y_i", where="y_i: R").text == "2 yᵢ"
    assert derive("sum_i x_i + sum_i y_i", wrt="y").text == "1⃗ᵀ"


def test_a_variable_before_a_sum_with_its_index_is_noted() -> None:
    assert "y_i is a variable of its own: no sum binds its i" in derive("y_i + sum_i x_i", wrt="x").notes


@pytest.mark.parametrize(
    "text",
    ["sum_i sum_i x_i", "sum_{i=1}^n sum_{i=1}^m x_i", "prod_{i=1}^n sum_{i=1}^n x_i", "sum_{i=1}^n 2 sum_i x_i"],
)
def test_an_index_that_is_bound_twice_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="bound twice"):
        derive(text, wrt="x")


def test_an_inner_sum_with_an_index_of_its_own_is_noted() -> None:
    found = derive("sum_i x_i sum_i y_i", wrt="x")
    assert found.text == "(Σ_{i=1}^{m} yᵢ) 1⃗ᵀ"
    assert found.notes == ["the inner sum over i has an i of its own"]
    assert derive("(sum_i x_i) (sum_i y_i)", wrt="x").notes == []


@pytest.mark.parametrize(
    "text",
    [
        "sum_{i=1}^n (x)_i sum_{i=2}^n (x)_i",
        "sum_{i=1}^n (A x)_i prod_{i=1}^n y_i",
        "sum_{i=1}^{n - 1} x_{i+1} sum_{i=1}^n y_i",
        "sum_{i=1}^n A_ii sum_{i=1}^n y_i",
        "sum_{i=1}^n i sum_{i=1}^n y_i",
    ],
)
def test_an_outer_index_is_used_wherever_it_stands(text: str) -> None:
    read = parse(text, where="x, y: R^n; A: R^{n x n}")
    assert read.notes == ["the inner sum over i has an i of its own"]
    assert not reads_back(read.expr)


LIMITS = [
    ("sum_{i=1}^n (y_i - w·x_i)^2", "X: R^{N x n}; w: R^n; y: R^N", "w"),
    ("sum_{i=1}^n x_i^2", "x: R^m; A: R^{m x n}", "x"),
    ("sum_{j=1}^N A_{1,j}", "A: R^{N x n}", "A"),
    ("f(x)", "f(t) = sum_{i=1}^n t_i; x: R^m; A: R^{m x n}", "x"),
]


@pytest.mark.parametrize(("text", "where", "wrt"), LIMITS)
def test_a_sum_to_the_size_of_something_else_is_refused(text: str, where: str, wrt: str) -> None:
    with pytest.raises(Mistake, match="the limit of"):
        derive(text, wrt=wrt, where=where)


@pytest.mark.parametrize(
    ("text", "where", "notes"),
    [
        ("sum_{i=1}^N (y_i - w·x_i)^2", "X: R^{N x n}; w: R^n; y: R^N", 0),
        ("sum_{i=1}^{n-1} w_i w_{i+1}", "w: R^n", 0),
        ("sum_{i=1}^n w_i", "w: R^{n + m}", 0),
        ("sum_{i=1}^3 w_i", "w: R^n", 0),
        ("sum_{i=1}^k w_i", "w: R^n", 1),
        ("sum_{i=1}^k w_i y_i", "w: R^n; y: R^k", 1),
    ],
)
def test_a_sum_over_the_first_entries_is_noted_where_the_size_does_not_say_it(
    text: str, where: str, notes: int
) -> None:
    found = derive(text, wrt="w", where=where).notes
    assert len(found) == notes
    assert all(["goes over the first k" in note for note in found])
