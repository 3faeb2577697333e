"""Whatever may stand in a name is read back in every notation; what LaTeX would take for something else is refused."""

from __future__ import annotations

import pytest

import mcalc
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.operators.leaves import symbol
from tests.latex_reading import reads_back as reads_back_in_latex
from tests.reading import reads_back

BASES = ("x", "ℓ", "λ", "é", "loss", "x_hat", "λ_bar", "Σ", "X")
SUBSCRIPTS = (
    "1", "12", "1a", "a1", "ij", "train", "α", "αβ", "Ω", "ℓ", "é", "max", "T", "∞", "star", "+", "t+1", "t-1", "i,j",
    "a/b", "a.b", "a=b", "a<b", "a|b", "(1)", "a_b", "a(b)", "in",
)  # fmt: skip


def named(name: str) -> list[Expr]:
    """Return a scalar, a vector and a matrix of a name."""
    n = Dim.named("n")
    return [symbol(name), symbol(name, (n,)), symbol(name, (n, n))]


@pytest.mark.parametrize("base", BASES)
def test_a_name_with_any_subscript_is_read_back(base: str) -> None:
    names = [base, *[f"{base}_{sub}" if sub.isalnum() else f"{base}_{{{sub}}}" for sub in SUBSCRIPTS]]
    slips = [read(expr) for name in names for expr in named(name) for read in (reads_back, reads_back_in_latex)]
    assert [slip for slip in slips if slip] == []


@pytest.mark.parametrize("character", [*"%&$^~#;:@?\"'[`", "!", "±"])
def test_a_character_that_latex_takes_for_something_else_is_refused_in_a_name(character: str) -> None:
    for text, where in ((f"x_{{a{character}b}} + 1", None), ("x", f"x_{{a{character}b}}: R")):
        with pytest.raises(Mistake):
            mcalc.parse(text, where=where)


def test_a_greek_subscript_is_one_name_as_a_letter_and_as_a_word() -> None:
    where = "x_α, y_hat_π: R"
    assert mcalc.parse("x_alpha y_hat_pi", where=where).expr is mcalc.parse("x_α ŷ_π", where=where).expr
    assert (
        mcalc.derive("x_alpha^2", wrt="x_α", where=where).expr is mcalc.parse("d/dx_alpha x_alpha^2", where=where).expr
    )


def test_two_indices_that_spell_a_greek_letter_are_indices() -> None:
    text = "sum_{p=1}^n sum_{i=1}^n K_pi x_i"
    where = "K: R^{n x n}; x: R^n"
    assert mcalc.parse(text, where=where).text == "Σ_{p=1}^{n} Σ_{i=1}^{n} Kₚᵢ xᵢ"
    assert mcalc.parse(text, where=where).expr is mcalc.parse(mcalc.parse(text, where=where).ascii, where=where).expr


def test_a_name_that_is_an_entry_of_another_is_told_from_the_entry() -> None:
    where = "x: R^n; x_1: R"
    found = mcalc.parse("(x)_1 x_1", where=where)
    for printed in (found.text, found.ascii, found.latex):
        assert mcalc.parse(printed, where=where).expr is found.expr


@pytest.mark.parametrize(
    "text",
    ["sum_p sum_i x_p B_{pi}", "[sum_p x_p B_{pi}]_{i}", "[Σₚ xₚ Bₚᵢ]_{i}", "sum_{p=1}^n sum_{i=1}^m x_p (2 B)_{pi}"],
)
def test_indices_that_spell_a_greek_letter_are_indices_where_they_run(text: str) -> None:
    meant = mcalc.parse(text.replace("{pi}", "{p,i}").replace("ₚᵢ", "_{p,i}"), where="x: R^n; B: R^{n x m}")
    assert mcalc.parse(text, where="x: R^n; B: R^{n x m}").expr is meant.expr


def test_indices_are_printed_so_that_they_spell_no_greek_letter() -> None:
    result = mcalc.parse("sum_{p=1}^n sum_{i=1}^m x_p B_{p,i}", where="x: R^n; B: R^{n x m}")
    assert "_{p,i}" in result.ascii
    assert not reads_back(result.expr)
