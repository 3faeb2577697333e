"""Exported functions: right on every target at hand, plain to read, nothing structured written out."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mcalc.api import derive, parse
from mcalc.errors import Mistake
from mcalc.export.code_words import DIALECTS, identifiers
from mcalc.export.exported import compiled
from mcalc.numeric.evaluate import evaluate
from tests.exported import Case, Python, function_of, julia, symbols_in
from tests.test_golden import point
from tests.values import agree

STRUCTURED = [
    ("w .* sin(x)", "x", 1, "w, x: R^n", ["t1 = np.zeros((n, n))", "t1.flat[:: n + 1] = w * np.cos(x)"]),
    ("sum(log(1 + exp(-y .* (X w))))", "w", 2, "X: R^{N x n}; y: R^N; w: R^n", ["return t2.T @ t2"]),
    ("norm(A B C x)^2", "x", 1, "A, B, C: R^{n x n}; x: R^n", ["return 2 * (x @ C.T @ B.T @ A.T @ A @ B @ C)"]),
    ("x' A x", "x", 2, "A: R^{n x n}; x: R^n", ["return A + A.T"]),
    ("max(0, w . x + b)", "w", 1, "w, x: R^n; b: R", ["return np.zeros(n) if w @ x + b <= 0 else x"]),
    (
        "normF(Y - U V')^2",
        "U",
        2,
        "Y: R^{m x n}; U: R^{m x k}; V: R^{n x k}",
        ['np.einsum("ijil->ijl", t1)[...] = 2 * (V.T @ V)'],
    ),
    (
        "norm(relu(X W) v - y)^2",
        "W",
        2,
        "W: R^{n x h}; v: R^h; X: R^{N x n}; y: R^N",
        ["t1 = np.reshape(X[:, :, None] * ((X @ W > 0) * v)[:, None, :], (N, h * n))", "(t1.T @ t1, (n, h, n, h))"],
    ),
]
"""An expression, and lines of its code: no diagonal is multiplied as a matrix, and vectors come first."""


@pytest.mark.parametrize(("expr", "wrt", "order", "where", "lines"), STRUCTURED)
def test_structure_is_kept_and_products_are_ordered(
    expr: str, wrt: str, order: int, where: str, lines: list[str]
) -> None:
    source = derive(expr, wrt=wrt, where=where, order=order).to("numpy")
    for line in lines:
        assert line in source
    assert "np.diag(" not in source


LOGISTIC = "X: R^{N x n}; y: R^N; w: R^n"


def test_value_gradient_and_hessian_share_what_they_have_in_common() -> None:
    d = derive("sum(log(1 + exp(-y .* (X w)))) + lambda/2 norm(w)^2", wrt="w", where=LOGISTIC)
    source = d.to("numpy", ["value", "grad", "hess"])
    assert source.count("X @ w") == 1
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=(7, 3)), rng.choice([-1.0, 1.0], size=7), rng.normal(size=3), 0.3
    assert "def value_and_gradient_and_hessian(y, X, w, lambda_):" in source
    value, gradient, hessian = d.compile("numpy", ["value", "grad", "hess"])(
        **dict(zip(("X", "y", "w", "lambda_"), arrays, strict=True))
    )
    values = dict(zip(("X", "y", "w", "λ"), arrays, strict=True))
    assert agree(value, evaluate(d.body, values))
    assert agree(gradient, d.evaluate(values))
    assert agree(hessian, derive(
        "sum(log(1 + exp(-y .* (X w)))) + lambda/2 norm(w)^2", wrt="w", where=LOGISTIC, order=2
    ).evaluate(values))  # fmt: skip


@pytest.mark.parametrize(
    ("expr", "wrt", "order", "where"),
    [
        ("w .* sin(x)", "x", 1, "w, x: R^n"),
        ("log(sum(exp(x)))", "x", 2, "x: R^n"),
        ("max(0, X w + b)", "w", 1, "X: R^{N x n}; w: R^n; b: R"),
        ("sum(log(1 + exp(-y .* (X w)))) + b norm(w)^2", "w", 2, "X: R^{N x n}; y: R^N; w: R^n; b: R"),
    ],
)
def test_an_operator_does_what_its_matrix_does(expr: str, wrt: str, order: int, where: str) -> None:
    d = derive(expr, wrt=wrt, where=where, order=order)
    values = point(d.body, np.random.default_rng(3))
    symbols = {s.attr[0] for s in symbols_in(d.body)}
    values = {name: value for name, value in values.items() if name in symbols}
    arguments = {identifiers([name])[name]: array for name, array in values.items()}
    wanted = d.evaluate(values)
    names = d.compile("numpy", as_operator=True).__code__.co_varnames
    operator = d.compile("numpy", as_operator=True)(**{k: v for k, v in arguments.items() if k in names})
    rows, columns = wanted.shape
    rng = np.random.default_rng(1)
    u, v = rng.normal(size=rows), rng.normal(size=columns)
    assert operator.shape == wanted.shape
    assert agree(operator @ v, wanted @ v)
    assert agree(operator.rmatvec(u), u @ wanted)
    assert agree(operator.dense(), wanted)
    if rows == columns:
        assert agree(operator.diagonal(), np.diagonal(wanted))


def test_an_operator_of_ten_thousand_makes_no_matrix() -> None:
    x = np.linspace(0, 1, 10_000)
    operator = derive("w .* sin(x)", wrt="x", where="w, x: R^n").compile(as_operator=True)(x, x)
    assert agree(operator @ x, x * np.cos(x) * x)


LARGE = [
    ("log(sum(exp(x)))", "x: R^n", {"x": np.array([1000.0, 999.0])}, 1000.3132616875182),
    ("log(1 + exp(x))", "x: R", {"x": 1000.0}, 1000.0),
    ("log(sigmoid(x))", "x: R", {"x": -1000.0}, -1000.0),
]


@pytest.mark.parametrize(("expr", "where", "values", "want"), LARGE)
def test_what_overflows_is_written_so_that_it_does_not(
    expr: str, where: str, values: dict[str, object], want: float
) -> None:
    value, gradient = derive(expr, wrt="x", where=where).compile("numpy", ["value", "grad"])(**values)
    assert value == pytest.approx(want)
    assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize(
    "expr",
    ["(diag(z) - 3) x", "(diag(z) + 2) x", "(diag(z) - s) x", "(diag(z) + n) x", "(diag(z) + A) x",
     "(diag(z) + A^T A) x", "(A + s I) x", "(A^T - diag(z)/2) x", "(s 1⃗ 1⃗^T + diag(z)) x", "(diag(z) + abs(A)) x"],
)  # fmt: skip
def test_what_is_added_to_whole_numbers_in_place_is_not_cut_off(expr: str) -> None:
    where = "A: R^{n x n}; x, z: R^n; s: R"
    derivative = derive(expr, wrt="x", where=where)
    function = derivative.compile()
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    for s in (2, 0.25):
        values = {"A": np.array([[1, -2], [3, 4]]), "x": np.array([1, 2]), "z": np.array([0.5, 1.25]), "s": s}
        assert agree(function(*[values[name] for name in names]), derivative.evaluate(values))
        assert np.array_equal(values["A"], [[1, -2], [3, 4]])


@pytest.mark.parametrize("target", ["numpy", "jax", "torch", "array-api"])
@pytest.mark.parametrize("expr", ["sum_{i=2}^{m} X_i", "sum_{i=1}^{m - 1} sin(X_i) X_i^T"])
def test_a_sum_of_no_arrays_has_their_axes(expr: str, target: str) -> None:
    module = {"numpy": "numpy", "jax": "jax.numpy", "torch": "torch", "array-api": "numpy"}[target]
    library = pytest.importorskip(module)
    read = parse(expr, where="X: R^{m x n}")
    function = compiled(function_of(read.expr), target)
    for m in (1, 2, 3):
        data = np.random.default_rng(m).normal(size=(m, 3))
        given = library.asarray(data) if target != "torch" else library.tensor(data)
        assert agree(np.asarray(function(given)), read.evaluate({"X": data}), 1e-5)


@pytest.mark.parametrize(
    "expr",
    [
        "{A if s > 0; B otherwise} + I",
        "A + I",
        "A^T + s I",
        "C[1:2, 1:2] + I",
        "C[1:2, 2:3] + diag(x)",
        "{A if s > 0; B otherwise}^T - 3 I",
        "(A + I) (A + 2 I)",
    ],
)
@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_an_exported_function_leaves_its_arguments_as_they_are(expr: str, target: str) -> None:
    library = pytest.importorskip(target)
    read = parse(expr, where="A, B: R^{2 x 2}; C: R^{3 x 3}; x: R^2; s: R")
    rng = np.random.default_rng(0)
    data = {"A": rng.normal(size=(2, 2)), "B": rng.normal(size=(2, 2)), "C": rng.normal(size=(3, 3)), "x": np.ones(2)}
    function = function_of(read.expr)
    given = [
        library.asarray(data[v.attr[0]]) if v.shape else 0.5 for v in function.variables
    ]  # what torch makes of an array shares its memory
    kept = {name: array.copy() for name, array in data.items()}
    found = np.asarray(compiled(function, target)(*given))
    assert agree(found, read.evaluate({**kept, "s": 0.5}))
    assert all([np.array_equal(data[name], array) for name, array in kept.items()])


@pytest.mark.parametrize(
    "expr",
    [
        "{2 1⃗ x^T if s > 0; y x^T otherwise}",
        "{y x^T if s > 0; 2 1⃗ x^T otherwise}",
        "{y 1⃗^T if s > 0; 1⃗ x^T otherwise}",
        "{y x^T if s > 0; 3 otherwise}",
        "{y x^T if s > 2; 1⃗ x^T if s > 0; 0 otherwise}",
        "{1⃗ x^T if s > 0; 0 otherwise} + y x^T",
    ],
)
@pytest.mark.parametrize("run", [Python("numpy", np.asarray), julia], ids=["numpy", "julia"])
def test_a_choice_by_one_condition_has_the_shape_of_both_sides(expr: str, run: Python) -> None:
    read = parse(expr, where="x: R^m; y: R^n; s: R")
    for s in (-1.0, 1.0, 3.0):
        data = {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 4.0, 5.0]), "s": s, "n": 3, "m": 2}
        case = Case(expr, read.expr, data, read.evaluate(data))
        found = run(case)
        assert found.shape == case.want.shape
        assert agree(found, case.want)


@pytest.mark.parametrize("expr", ["std(X_i + x)", "max(0, std(X_i + x))", "norm(X_i + x)", "max(0, norm(X_i + x) - 1)"])
@pytest.mark.parametrize("target", ["numpy", "array-api"])
def test_a_sum_over_samples_of_which_some_have_a_norm_of_0_is_exported_as_it_is_evaluated(
    expr: str, target: str
) -> None:
    derivative = derive(f"sum_{{i=1}}^n {expr}", wrt="x", where="X: R^{n x p}; x: R^p")
    data = {"X": np.array([[1.0, 1.0], [0.0, 2.0], [-1.0, -1.0]]), "x": np.array([1.0, 1.0])}
    want = derivative.evaluate(data)
    assert np.all(np.isfinite(want))
    assert agree(np.asarray(derivative.compile(target)(**data)), want)


def test_names_become_identifiers_that_mean_nothing_else() -> None:
    source = derive("λ np^2 + x_1 sum", wrt="np", where="λ, np, x_1, sum: R").to("numpy")
    assert "def derivative(lambda_, np_" in source


def test_a_target_says_by_name_what_it_lacks() -> None:
    with pytest.raises(Mistake, match="has no erf"):
        derive("gelu(x)", wrt="x").to("array-api")
    with pytest.raises(Mistake, match="no target 'fortran'"):
        derive("x^2", wrt="x").to("fortran")


@pytest.mark.parametrize("target", sorted(DIALECTS))
def test_source_of_every_target_is_python(target: str) -> None:
    compile(derive("log(det(A)) + sum(softmax(A x))", wrt="x", where="A: R^{n x n}").to(target), target, "exec")


def test_a_module_and_its_self_test_are_written_side_by_side(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "mcalc", "diff", "sum((X w - y).^2) + s norm(w)^2", "--wrt", "w", "--to", "numpy"]
    made = [*command, "--with", "value,grad,hess", "-o", str(tmp_path / "ridge.py")]
    subprocess.run(made, check=True, cwd=root)
    said = subprocess.run(
        [sys.executable, "test_ridge.py"], check=True, cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert said.stdout == "ridge.py agrees with central differences\n"


@pytest.mark.parametrize("name", ["my file.py", "2nd.py", "class.py", 'a"b\\.py', "a\nb.py", "{x}.py", "ridge.txt"])
def test_a_self_test_loads_a_file_of_any_name(tmp_path: Path, name: str) -> None:
    d = derive("sum((X w - y).^2)", wrt="w")
    (tmp_path / name).write_text(d.to("numpy"), "utf-8")
    source = d.test_source(name)
    program = tmp_path / "program.py"
    program.write_text(source, "utf-8")
    runpy.run_path(str(program), run_name="__main__")


def test_a_file_that_would_hide_a_library_is_not_written() -> None:
    with pytest.raises(Mistake, match="hide the module random"):
        derive("x^2", wrt="x").test_source("random.py")
    with pytest.raises(Mistake, match="cannot include"):
        derive("x^2", wrt="x").test_source('a"b.c', "c")
