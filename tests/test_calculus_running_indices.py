from __future__ import annotations

import pytest

from mcalc import derive, parse
from mcalc.calculus.basics.running_indices import anonymous, named_alike
from mcalc.calculus.matrix.chains import with_powers
from mcalc.derivative import Derivative
from mcalc.expr import Expr, walk
from mcalc.render.text import unicode
from mcalc.shell.session import Session

WHERE = "A, B: R^{n x n}; X: R^{N x n}; x, y, w: R^n; z: R^N"


def read(text: str) -> Expr:
    return parse(text, where=WHERE).expr


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sum_i x_i^2", "sum_j x_j^2"),
        ("sum_i sum_j A_ij x_i", "sum_k sum_l A_kl x_k"),
        ("sum_i sum_j A_ij x_i", "sum_j sum_i A_ji x_j"),
        ("prod_{i=1}^n x_i", "prod_{k=1}^n x_k"),
    ],
)
def test_sums_that_differ_by_the_name_of_an_index_are_one(one: str, other: str) -> None:
    assert anonymous(read(one)) is anonymous(read(other))
    both = named_alike(read(f"({one}) + exp({other})"))
    assert len({node for node in walk(both) if node.op.kind == "binder" and not node.free}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sum_i x_i y_i", "sum_j x_j^2"),
        ("sum_i sum_j A_ij x_i", "sum_i sum_j A_ij x_j"),
        ("sum_{i=1}^{n-1} x_i", "sum_j x_j"),
        ("sum_i x_i", "prod_{j=1}^n x_j"),
    ],
)
def test_other_sums_stay_apart(one: str, other: str) -> None:
    assert anonymous(read(one)) is not anonymous(read(other))


def test_a_sum_inside_one_over_the_other_name_keeps_its_own() -> None:
    text = "sum_i x_i^2 + sum_j (x_j - sum_i x_i^2)"
    assert derive(text, wrt="x", where=WHERE).text == "(2 x + 1 - 2 n x)ᵀ"


def test_a_chain_repeats_three_times_before_it_is_a_power() -> None:
    for text, shown in [
        ("A A", "A²"),
        ("A' A'", "Aᵀ Aᵀ"),
        ("A' A' A'", "(A³)ᵀ"),
        ("A B A B", "A B A B"),
        ("A B A B A B", "(A B)³"),
        ("B A B A B A B x", "(B A)³ B x"),
        ("A' B' A' B' A' B' A'", "(A (B A)³)ᵀ"),
        ("x x' A' A' A' A'", "x xᵀ (A⁴)ᵀ"),
    ]:
        assert unicode(with_powers(read(text))) == shown


@pytest.mark.parametrize(
    "lines",
    [
        ("p_i = exp(z_i)/Σ_j exp(z_j)", "L = -Σ_i y_i log(p_i)", "∂L/∂z_i"),
        ("p_i = z_i^2/Σ_j z_j^2", "L = Σ_k y_k p_k^2", "∂L/∂z_i"),
        ("L = Σ_i z_i Σ_j a_ij z_j", "∂L/∂z_i"),
    ],
)
def test_an_entry_at_i_is_not_one_that_a_sum_over_i_runs_through(lines: tuple[str, ...]) -> None:
    session = Session()
    for line in lines:
        outcome = session.run(line)
    assert isinstance(outcome.value, Derivative)
    assert outcome.value.check(8).ok
