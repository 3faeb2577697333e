"""What a refusal offers to type instead is read itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcalc import Mistake, derive, parse
from mcalc.notation.surface.mistakes import Offer
from tests.test_notation_around import MARGINS, REFUSED

GOLDEN = Path(__file__).parent / "golden"
SENTENCES = [
    "Find the derivative of x^2",
    "differentiate x^2 by x",
    "what is the derivative of w.w with respect to w?",
    "The gradient of f(x) = x^T A x",
    "min ||X w - y||^2",
    r"\min_x \max_y x^\top \frac{1}{2} A y",
    r"\frac{1}{2} x^2 \geq 0",
    r"\frac{1}{2} x^2 \quad y^{2} + 1",
]


def texts() -> list[str]:
    """Return texts of which many are refused."""
    pastes = [block.partition("\n--\n")[2] for block in (GOLDEN / "pastes.txt").read_text("utf-8").split("\n== ")]
    named = [
        line.strip()
        for block in (GOLDEN / "objectives.txt").read_text("utf-8").split("\n\n")
        if "\n  names " in block
        for line in block.split("\n")[1:2]
    ]
    return [*[text for text, *_ in (*REFUSED, *MARGINS)], *SENTENCES, *pastes, *named]


def hints() -> list[str]:
    """Return the hints of the texts that are refused."""
    found: list[str] = []
    for text in texts():
        try:
            derive(text, wrt="x")
        except Mistake as mistake:
            found.append(mistake.hint)
    return found


def test_every_offer_of_every_refusal_is_read() -> None:
    offered = 0
    for hint in hints():
        for offer in hint.parts[1::2] if isinstance(hint, Offer) else ():
            if offer:
                assert "…" not in offer
                parse(offer)
                offered += 1
    assert offered > 20


def test_a_square_of_vectors_is_offered_as_that_of_their_length() -> None:
    for text, offer in (("(y - Xw)^2", "‖y - Xw‖^2"), ("1/n (Y - X w)^2", "‖Y - X w‖^2")):
        with pytest.raises(Mistake) as found:
            derive(text, wrt="w")
        assert f"write {offer};" in (found.value.hint or "")
        assert derive(offer, wrt="w").text.startswith("2 (X w - ")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("slope of x^3 at x = -1.5", "'x^3' --wrt x --set x=-1.5"),
        ("gradient of x^2 y at (1, 2)", "'x^2 y' --wrt x,y --set x=1 --set y=2"),
        ("derivative of x^2 y wrt x at x=1 and y=2", "'x^2 y' --wrt x --set x=1 --set y=2"),
        ("hessian of x^2 y at the point (1,2)", "'x^2 y' --wrt x,y --order 2 --set x=1 --set y=2"),
    ],
)
def test_what_is_asked_at_a_point_is_offered_there(text: str, typed: str) -> None:
    with pytest.raises(Mistake) as found:
        derive(text, wrt="x")
    assert found.value.hint == f"the value there: mcalc eval {typed}"


def test_a_logarithm_of_a_call_is_offered_with_that_call() -> None:
    with pytest.raises(Mistake) as found:
        derive("log π(a|s; θ) A", wrt="θ")
    assert found.value.hint == "write log(π(a|s; θ)) A, or log(π(a|s; θ) A)"


def test_a_matrix_applied_to_a_vector_is_offered_by_the_vector() -> None:
    with pytest.raises(Mistake) as found:
        parse("gradient of ||Ax-b||^2")
    assert (found.value.hint or "").endswith("its derivative is d/dx (||Ax-b||^2)")


@pytest.mark.parametrize(("text", "offer"), [("y = e^(2x), y''", "d^2/dx^2 y"), ("y = sin t, y‴", "d^3/dt^3 y")])
def test_primes_behind_a_defined_name_are_offered_as_a_derivative(text: str, offer: str) -> None:
    with pytest.raises(Mistake) as found:
        derive(text)
    assert found.value.hint == f"write {offer}"
    assert derive(f"{text.partition(',')[0]}, {offer}").text
