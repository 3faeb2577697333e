"""Cross products and convolutions: read in their notations, derivatives by value and as a person writes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from mcalc.numeric.evaluate import evaluate

STEP = 1e-30
VECTORS = "a, b, c, w: R^3; A, B: R^{3 x 3}"


def differences(d: Any, name: str, values: dict[str, Any]) -> Any:
    """The derivative of what a derivative is of by complex step, one entry at a time."""
    base = np.asarray(values[name], complex)
    columns = []
    for place in np.ndindex(base.shape):
        moved = base.copy()
        moved[place] += 1j * STEP
        columns.append(np.imag(evaluate(d.body, {**values, name: moved})) / STEP)
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *base.shape))


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("cross(a, b)", "a"),
        ("cross(a, b)", "b"),
        ("cross(a, cross(a, b))", "a"),
        ("cross(A a, B a)", "a"),
        ("‖cross(a, b)‖²", "a"),
        ("c · cross(a, b)", "b"),
        ("hat(w) a", "w"),
        ("tr(hat(w) A)", "w"),
        ("‖hat(w) A‖²", "w"),
        ("a' hat(w) hat(w) b", "w"),
        ("‖vee(A B)‖²", "A"),
        ("tr(expm(hat(w) + A))", "w"),
        ("‖cross(a, b)‖", "a"),
    ],
)
def test_derivatives_of_cross_products_have_the_right_values(text: str, wrt: str) -> None:
    d = derive(text, wrt=wrt, where=VECTORS)
    rng = np.random.default_rng(4)
    values = {name: rng.normal(size=3) for name in "abcw"} | {name: rng.normal(size=(3, 3)) for name in "AB"}
    assert np.allclose(evaluate(d.expr, values), differences(d, wrt, values))
    assert "levicivita" not in d.text
    assert d.check().ok


@pytest.mark.parametrize(
    ("text", "wrt"), [("‖cross(a, b)‖²", "a"), ("‖cross(a, cross(a, b))‖²", "a"), ("‖hat(w) A‖²", "w")]
)
def test_second_derivatives_of_cross_products_pass_the_check(text: str, wrt: str) -> None:
    assert derive(text, wrt=wrt, where=VECTORS, order=2).check().ok


def test_numpy_has_the_same_cross_product() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 3))
    assert np.allclose(parse("cross(a, b)", where=VECTORS).evaluate({"a": a, "b": b}), np.cross(a, b))
    assert np.allclose(parse("hat(a) b", where=VECTORS).evaluate({"a": a, "b": b}), np.cross(a, b))
    assert np.allclose(parse("vee(hat(a))", where=VECTORS).evaluate({"a": a}), a)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a × b", "cross(a, b)"),
        ("2 a × A b", "cross(2 a, A b)"),
        ("a × (b × c)", "cross(a, cross(b, c))"),
        ("a × b · c", "cross(a, b) · c"),
        ("c · a × b", "c · cross(a, b)"),
        ("[a]_× b", "hat(a) b"),
        (r"a \times b", "cross(a, b)"),
        ("A × B", "A B"),
        ("2 × a", "2 a"),
    ],
)
def test_the_cross_product_is_read_in_its_notations(text: str, meant: str) -> None:
    assert parse(text, where=VECTORS).expr is parse(meant, where=VECTORS).expr


def test_what_is_no_cross_product_or_may_be_another_is_refused() -> None:
    with pytest.raises(Mistake, match="two × in a row"):
        parse("a × b × c", where=VECTORS)
    with pytest.raises(Mistake, match="two readings"):
        parse("a × b")
    with pytest.raises(Mistake, match="vectors of 3"):
        parse("cross(x, y)", where="x, y: R^4")
    assert derive("ω × (ω × v)", wrt="ω").text == "-hat(cross(ω, v)) - hat(ω) hat(v)"


@pytest.mark.parametrize(
    ("text", "wrt", "want"),
    [
        ("‖cross(a, b)‖²", "a", "2 cross(b, cross(a, b))ᵀ"),
        ("cross(a, b)", "b", "hat(a)"),
        ("cross(a, b)", "a", "-hat(b)"),
        ("hat(w) a", "w", "-hat(a)"),
        ("c · cross(a, b)", "b", "cross(c, a)ᵀ"),
        ("hat(w)^2 a", "w", "-hat(cross(w, a)) - hat(w) hat(a)"),
        ("hat(w) A a", "w", "-hat(A a)"),
        ("hat(A w) a", "w", "-hat(a) A"),
        ("a + sin(t) hat(w) a + (1 - cos(t)) hat(w)^2 a", "t", "cos(t) cross(w, a) + sin(t) cross(w, cross(w, a))"),
    ],
)
def test_gradients_of_cross_products_are_cross_products(text: str, wrt: str, want: str) -> None:
    assert derive(text, wrt=wrt, where=VECTORS).text == want


def by_numpy(h: Any, x: Any, mode: str) -> Any:
    """The convolution by NumPy, the circular one by its discrete Fourier transform."""
    if mode == "circular":
        return np.real(np.fft.ifft(np.fft.fft(h) * np.fft.fft(x)))
    convolve: Any = np.convolve
    return convolve(x, h, mode)


LENGTHS = {
    "full": [(3, 5), (5, 2), (1, 1)],
    "same": [(3, 5), (4, 6), (1, 4), (2, 2)],
    "valid": [(3, 5), (4, 4), (1, 3)],
    "circular": [(4, 4), (1, 1), (5, 5)],
}


@pytest.mark.parametrize(("mode", "k", "n"), [(mode, *pair) for mode, pairs in LENGTHS.items() for pair in pairs])
def test_convolutions_have_the_values_of_numpy_and_their_derivatives_those_of_their_matrices(
    mode: str, k: int, n: int
) -> None:
    rng = np.random.default_rng([k, n])
    where = f"h: R^{'n' if mode == 'circular' else 'k'}; x: R^n; g: R^m"
    values: dict[str, Any] = {"h": rng.normal(size=k), "x": rng.normal(size=n), "k": k, "n": n}
    call = f"conv(h, x, {mode})"
    assert np.allclose(parse(call, where=where).evaluate(values), by_numpy(values["h"], values["x"], mode))
    for wrt, size in (("h", k), ("x", n)):
        d = derive(call, wrt=wrt, where=where)
        sides = [{**values, wrt: e} for e in np.eye(size)]
        columns = [by_numpy(side["h"], side["x"], mode) for side in sides]
        assert np.allclose(d.evaluate(values), np.stack(columns, axis=1))
        assert d.text.startswith(("convmatrix(", "lagmatrix("))
        assert derive(f"‖{call} - {call.replace('x', 'u')}‖²", wrt=wrt, where=f"{where}; u: R^n").check().ok


def test_convolutions_are_read_and_written_by_their_names() -> None:
    where = "h: R^k; x: R^n; y: R^{n + k - 1}"
    assert parse("h ∗ x", where=where).text == "conv(h, x)"
    assert parse("conv(h, x, full)", where=where).text == "conv(h, x)"
    assert parse("circconv(x, x)", where=where).text == "conv(x, x, circular)"
    assert derive("½ ‖h ∗ x - y‖²", wrt="x", where=where).text == "(conv(h, x) - y)ᵀ convmatrix(h, n)"
    assert parse("convmatrix(h, n) x", where=where).text == "convmatrix(h, n) x"
    with pytest.raises(Mistake, match="at most the 3 entries"):
        parse("conv(h, x, same)", where="h: R^4; x: R^3")
    with pytest.raises(Mistake, match="one length"):
        parse("conv(h, x, circular)", where="h: R^4; x: R^3")
