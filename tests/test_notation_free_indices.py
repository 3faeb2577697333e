"""Free indices: a statement for each of their values, answered by an entry, right by value, and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mcalc import Mistake, check, derive, parse
from mcalc.notation.meaning.assumed import where_text
from mcalc.shell.session import Session
from tests.reading import reads_back

GOLDEN = Path(__file__).parent / "golden" / "free_indices.txt"
CASES = [
    [part.strip() for part in line.split("::")]
    for line in GOLDEN.read_text("utf-8").splitlines()
    if line and line[0] != "#"
]
DERIVED = [case for case in CASES if case[1] not in ("check", "refused")]
CLAIMS = [case for case in CASES if case[1] == "check"]
REFUSED = [case for case in CASES if case[1] == "refused"]


def names(cases: list[list[str]]) -> list[str]:
    return [f"{text} by {by}" for text, by, *_ in cases]


@pytest.mark.parametrize(("text", "by", "where", "printed"), DERIVED, ids=names(DERIVED))
def test_a_derivative_with_free_indices_is_an_entry(text: str, by: str, where: str, printed: str) -> None:
    found = derive(text, wrt=by or None, where=where or None)
    assert found.text == printed
    assert found.check().ok
    assert reads_back(found.expr) == ""
    declared = where_text([symbol for symbol in found.symbols if symbol.shape])
    assert parse(found.latex, where=declared or None).expr.free == found.expr.free


@pytest.mark.parametrize(("text", "_", "where", "verdict"), CLAIMS, ids=names(CLAIMS))
def test_a_claim_with_free_indices_is_judged_for_all_of_them(text: str, _: str, where: str, verdict: str) -> None:
    assert check(text, where=where or None).verdict == verdict


@pytest.mark.parametrize(("text", "_", "where", "said"), REFUSED, ids=names(REFUSED))
def test_an_index_of_which_it_is_not_said_what_it_runs_through_is_refused(
    text: str, _: str, where: str, said: str
) -> None:
    with pytest.raises(Mistake, match=said) as raised:
        parse(text, where=where or None)
    assert raised.value.spans
    assert raised.value.hint


def test_values_are_those_of_all_entries_by_index_in_alphabetical_order() -> None:
    x = np.array([0.5, -1.0, 2.0])
    s = np.exp(x) / np.exp(x).sum()
    jacobian = derive("∂/∂x_j softmax(x)_i").evaluate({"x": x})
    assert np.allclose(jacobian, np.diag(s) - np.outer(s, s))
    assert np.isclose(derive("∂/∂x_j softmax(x)_i").evaluate({"x": x, "i": 2, "j": 3}), -s[1] * s[2])
    given = np.arange(6.0).reshape(2, 3)
    assert np.allclose(
        parse("A_ij + A_ik", where="A: R^{2 x 3}").evaluate({"A": given}), given[:, :, None] + given[:, None]
    )


def test_it_is_said_for_which_values_of_an_index_something_holds() -> None:
    assert "for every i and j from 1 to n" in derive("∂/∂x_j softmax(x)_i").notes
    assert "for every j from 1 to n" in derive("sum(x)^2", wrt="x_j").notes
    point = check("∂/∂x_j softmax(x)_i = softmax(x)_j").point
    assert point is not None
    assert point["at"].startswith("i = ")


def test_what_is_defined_with_an_index_has_entries_from_then_on() -> None:
    session = Session()
    session.run("x: R^n")
    session.run("p_i = exp(x_i)/sum_k exp(x_k)")
    assert session.run("d/dx p").value.text == "diag(softmax(x)) - softmax(x) softmax(x)ᵀ"  # type: ignore[union-attr]
    assert session.run("d/dx_j p_i").value.text == "softmax(x)ᵢ (δᵢⱼ - softmax(x)ⱼ)"  # type: ignore[union-attr]
    for text in ("q = softmax(x)_i", "f(t) = softmax(x)_i"):
        with pytest.raises(Mistake, match="bound by no sum"):
            session.run(text)


@pytest.mark.parametrize(
    ("texts", "printed"),
    [
        (["z_i = sum_j W_ij x_j + b_i"], "W x + b"),
        (["z_i = sum_j W_ij x_j", "a_i = sigma(z_i)"], "σ(W x)"),
        (["C_ij = sum_k A_ik B_kj"], "A B"),
        (["p_i = exp(z_i)/sum_j exp(z_j)"], "softmax(z)"),
        (["K_ij = exp(-(x_i - x_j)^2)"], "exp(-(x 1⃗ᵀ - 1⃗ xᵀ).^2)"),
        (["D_ij = ‖a_i - b_j‖"], "Σ_{i=1}^{m} Σ_{j=1}^{k} ‖aᵢ - bⱼ‖ unit(i, m) unit(j, k)ᵀ"),
    ],
)
def test_what_is_defined_entry_by_entry_is_told_as_a_whole_where_it_has_a_form(texts: list[str], printed: str) -> None:
    session = Session()
    for text in texts:
        session.run(text)
    name = texts[-1].partition("_")[0]
    value = session.run(name).value
    assert value is not None
    assert value.text == printed


def test_code_for_a_free_index_is_refused() -> None:
    with pytest.raises(Mistake, match="k is free"):
        derive("x^T x", wrt="x_k").to("numpy")
