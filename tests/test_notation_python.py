"""Python in: what is read has the values, and the derivatives, that the text has when numpy runs it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from mcalc.notation import Scope, read, read_where, split_statements
from mcalc.shell.batch import lines, statements
from tests.values import agree

WHERE = "X, Z: R^{5 x 3}; W: R^{3 x 4}; A, B: R^{3 x 3}; w, v, p: R^3; y, q: R^5; b: R^4; lam, c: R"


def point() -> dict[str, Any]:
    rng = np.random.default_rng(7)
    shapes = {
        "X": (5, 3),
        "Z": (5, 3),
        "W": (3, 4),
        "A": (3, 3),
        "B": (3, 3),
        "w": (3,),
        "v": (3,),
        "y": (5,),
        "b": (4,),
    }
    values: dict[str, Any] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return values | {"p": rng.uniform(0.2, 0.8, 3), "q": rng.uniform(0.2, 0.8, 5), "lam": 0.7, "c": -1.3}


def softmax(x: Any, dim: int = -1) -> Any:
    return np.exp(x) / np.exp(x).sum(axis=dim, keepdims=True)


TORCH = SimpleNamespace(
    log=np.log, sum=lambda x, dim=None: np.sum(x, axis=dim), relu=lambda x: np.where(np.real(x) > 0, x, 0 * x),
    sigmoid=lambda x: 1 / (1 + np.exp(-x)), max=np.maximum, logsumexp=lambda x, dim: np.log(np.exp(x).sum(axis=dim)),
    mean=np.mean, exp=np.exp, linalg=np.linalg, trace=np.trace, square=np.square, pow=np.power,
)  # fmt: skip
LIBRARIES = {
    "np": np, "numpy": np, "jnp": np, "torch": TORCH, "len": len,
    "F": SimpleNamespace(softmax=softmax, relu=TORCH.relu, mse_loss=lambda x, y: np.mean((x - y) ** 2)),
}  # fmt: skip

SMOOTH = [
    ("np.sum((X @ w - y)**2)", "w"),
    ("np.mean((y - X @ w)**2)", "w"),
    ("np.sum((X @ w - y)**2)", "X"),
    ("X.T @ (X @ w - y) * np.exp(0)", "w"),
    ("w.dot(A @ w)", "w"),
    ("w @ A @ w + np.sum(w)", "w"),
    ("np.trace(np.swapaxes(A, 0, 1) @ B @ A)", "A"),
    ("w @ A @ B + np.sin(w)", "w"),
    ("v @ A @ B @ w * np.sum(w)", "A"),
    ("v.T @ A @ w + 0 * np.sum(w)", "w"),
    ("torch.log(p)", "p"),
    ("torch.sum(F.softmax(w, dim=-1) * v)", "w"),
    ("np.sum(F.softmax(X @ W, dim=1) * np.ones((5, 4)) * 2)", "W"),
    ("F.softmax(w, dim=0)", "w"),
    ("np.sum(F.softmax(A, dim=0) * B)", "A"),
    ("(w * v).sum()", "w"),
    ("(X * Z).mean()", "X"),
    ("np.mean(X * X) + X.mean()", "X"),
    ("np.linalg.norm(w)**2", "w"),
    ("np.linalg.norm(X @ w - y, 2) + np.linalg.norm(A, ord='fro')", "w"),
    ("np.trace(np.linalg.inv(A) @ B)", "A"),
    ("np.linalg.det(A)", "A"),
    ("np.linalg.solve(A, w) @ v", "w"),
    ("np.outer(w, y) @ y", "w"),
    ("np.trace(X.T @ X @ A) / len(y) + np.dot(w, v) / X.shape[1] / A.size", "X"),
    ("np.sum(w ** 2) / w.shape[-1] + np.sum(X) / X.shape[-1]", "w"),
    ("-np.sum(p * np.log(p) + (1 - p) * np.log1p(-p))", "p"),
    ("np.sum(X**2, axis=0) @ w", "X"),
    ("np.sum(X**2, axis=1) @ y", "X"),
    ("np.mean(X, axis=-1) @ y", "X"),
    ("(X**2).sum(0) @ w", "X"),
    ("np.var(X @ w) + np.std(w)", "w"),
    ("np.sum(np.tanh(X @ W + b), axis=0)", "b"),
    ("np.sum((X - w) ** 2 * p / v)", "w"),
    ("np.sum((X - X.mean(axis=0))**2)", "X"),
    ("w / v - v / w + w * v + 0 * np.sum(w)", "w"),
    ("np.power(p, 3) + np.square(p) + p**-0.5 + 2**p + p**p", "p"),
    ("np.expm1(w) + np.reciprocal(v) + np.arctan(w) + np.arcsinh(w)", "w"),
    ("np.subtract(np.multiply(w, v), np.divide(w, v)) + np.negative(w)", "w"),
    ("torch.logsumexp(w, dim=0)", "w"),
    ("jnp.exp(w * np.e) @ v + np.pi * lam**2", "lam"),
    ("np.diag(w) @ v + np.eye(3) @ w", "w"),
    ("np.prod(w) * c", "w"),
    ("np.array([c**2, c, 3.5]) @ w", "c"),
    ("lam * w @ w + np.sum(w)", "w"),
    ("p * A @ w + np.zeros(3)", "w"),
    ("np.linalg.slogdet(A)[1]", "A"),
]
ROUGH = [
    ("np.maximum(0, X @ w).sum()", "w"),
    ("torch.relu(X @ w).sum() + np.minimum(w, v) @ w", "w"),
    ("np.where(w > 0, w**2, v * w)", "w"),
    ("np.sum(np.abs(w)) + np.max(w) + np.clip(c, -1, 1)", "w"),
    ("np.max(A, axis=1) @ w", "A"),
    ("w @ v if c < 0 else np.sum(w)", "w"),
    ("torch.max(w, v)", "w"),
]


def slopes(text: str, name: str, step: complex) -> Any:
    """The derivative of what numpy makes of a text, one axis for each of the value and then of the variable."""
    start = point()
    at = np.asarray(start[name], dtype=type(step))
    columns = []
    for place in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[place] = step
        sides = [eval(text, LIBRARIES | start | {name: at + side * shift}) for side in (1, -1)]
        columns.append((sides[0] - sides[1]) / (2 * step))
    found = np.real(np.array(columns)).reshape((*at.shape, *np.shape(columns[0])))
    return np.moveaxis(found, range(at.ndim), range(-at.ndim, 0))


@pytest.mark.parametrize(("text", "name"), SMOOTH + ROUGH, ids=[text for text, _ in SMOOTH + ROUGH])
def test_value_and_derivative_are_those_that_numpy_has(text: str, name: str) -> None:
    value = parse(text, where=WHERE)
    assert np.allclose(value.evaluate(point()), eval(text, LIBRARIES | point()))
    assert any("read as Python" in note for note in value.notes)
    found = derive(text, wrt=name, where=WHERE)
    complex_is_fine = (text, name) in SMOOTH and not any(word in text for word in ("norm", "var", "std", "slogdet"))
    wanted = slopes(text, name, 1e-20j if complex_is_fine else 1e-6)
    given = np.asarray(found.evaluate(point()))
    if given.ndim == wanted.ndim == 2 and not value.shape:
        wanted = wanted.reshape(given.shape)
    assert given.shape == wanted.shape
    assert np.allclose(given, wanted, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("np.sum((X @ w - y)**2)", "X ∈ ℝ^{m×n}; w ∈ ℝⁿ; y ∈ ℝᵐ"),
        ("x.dot(A @ x)", "x ∈ ℝⁿ; A ∈ ℝ^{n×n}"),
        ("np.sum((X @ w - y)**2) + lam * w @ w", "X ∈ ℝ^{m×n}; w ∈ ℝⁿ; y ∈ ℝᵐ; lam ∈ ℝ"),
        ("np.sum(y * np.log(p))", "y, p ∈ ℝⁿ"),
        ("torch.relu(X @ W + b).sum()", "X ∈ ℝ^{m×n}; W ∈ ℝ^{n×k}; b ∈ ℝᵏ"),
        ("np.linalg.slogdet(X)[1]", "X ∈ ℝ^{n×n}"),
        ("np.sum(x_train * beta_1) / N", "x_train, β_1 ∈ ℝⁿ; N ∈ ℝ"),
    ],
)
def test_undeclared_names_get_the_shapes_that_the_code_needs(text: str, assumed: str) -> None:
    found = parse(text).assumed
    assert {part for line in found for part in line.split("; ")} == set(assumed.split("; ")) or len(found) == len(
        assumed.split("; ")
    )


DEF = '''def loss(w, lam):
    """Ridge, with $\\\\frac12$ of nothing; a docstring."""
    # residuals
    r = X @ w - y   # a comment; with a semicolon

    reg: float = lam * w @ w
    total = np.mean(r**2)
    total += reg
    return total
'''
FORMULA = "mean((X w - y).^2) + lam (w · w)"


@pytest.mark.parametrize(
    "text",
    [
        DEF,
        "import numpy as np\n\n" + DEF,
        DEF.replace("\n", "\r\n"),
        "def loss(w, lam): r = X @ w - y; return np.mean(r**2) + lam * w @ w",
        "lambda w, lam: np.mean((X @ w - y)**2) + lam * np.dot(w, w)",
        "loss = lambda w, lam: np.mean((X @ w - y)**2) + lam * np.dot(w, w)",
        "def loss(\n    w,\n    lam,\n):\n    return ((X @ w - y)**2).mean() + lam * w.dot(w)\n",
    ],
)
def test_function_is_differentiated_by_its_parameters(text: str) -> None:
    for name in ("w", "lam"):
        found = derive(text, wrt=name, where=WHERE)
        assert agree(found.evaluate(point()), derive(FORMULA, wrt=name, where=WHERE).evaluate(point()))


def test_def_is_one_statement_of_a_stream_and_defines_a_function() -> None:
    text = f"import numpy as np\nx: R^2\n{DEF}\n2 loss(w, c)\n"
    found = [s.text for s in statements(lines(io.BytesIO(text.encode())))]
    assert found == ["x: R^2", DEF.rstrip("\n"), "2 loss(w, c)"]
    assert [s for s, _ in split_statements(text)] == found
    scope = Scope()
    read_where(WHERE, scope)
    reading = read(found[1], scope)
    assert (reading.kind, reading.name) == ("function", "loss")
    assert reading.scope.functions["loss"].parameters == ("w", "lam")
    [of] = read("np.sum(loss(w, 2 * c))", reading.scope, value=True).notes
    assert "read as Python" in of


def test_local_name_is_what_it_was_assigned_when_it_was_used() -> None:
    found = derive("def f(x):\n  a = x * x\n  x = a + 1\n  a = a * x\n  return a + np.exp(x)", "x", where="x: R")
    assert found.evaluate({"x": 2.0}) == pytest.approx(4 * 8 + 2 * 2 + 4 * np.exp(5))


def test_method_of_a_declared_name_goes_along_its_axis() -> None:
    [by_rows, by_columns] = [read(f"X.sum({axis})", Scope(), wrt="X") for axis in (1, 0)]
    scope = Scope()
    read_where("X: R^{m x n}", scope)
    assert read("X.sum(1)", scope).expr is read("sum(X, rows)", scope).expr
    assert by_rows.expr is not by_columns.expr
    with pytest.raises(Mistake):
        read("X.norm(1)", scope)


def test_derivative_stands_before_code() -> None:
    found = parse("d/dw np.sum((X @ w - y)**2)", where=WHERE)
    assert agree(found.evaluate(point()), derive("np.sum((X @ w - y)**2)", wrt="w", where=WHERE).evaluate(point()))


@pytest.mark.parametrize(
    "text",
    ["x.exp(y)", "w * x", "lambda: R", "F.x", "x[1]", "sum(x)", "p.q + def", "sin(x).y"],
)
def test_text_that_reads_without_it_is_no_python(text: str) -> None:
    try:
        notes = read(text, Scope()).notes
    except Mistake as mistake:
        notes = [mistake.message]
    assert not any("Python" in note for note in notes)


def test_library_name_that_is_a_variable_is_none() -> None:
    scope = Scope()
    read_where("np, x: R^n", scope)
    assert not any("Python" in note for note in read("np.x", scope).notes)


REFUSED = [
    ("x[0] * np.sum(x)", "x[0]", "counts from 0", "x[1]"),
    ("np.exp(x)[1:3]", "np.exp(x)[1:3]", "counts from 0", "first:last"),
    ("np.sum(x)[-2]", "np.sum(x)[-2]", "counts from 0", "n - 1"),
    ("np.einsum('bij,bj->bi', A, x)", "np.einsum", "np.einsum", "'ij,j->i'"),
    ("np.foo(x)", "np.foo", "np.foo is not read", ""),
    ("np.sum(x.foo())", "foo", ".foo()", ""),
    ("np.linalg.svd(X)", "np.linalg.svd", "not read", ""),
    ("torch.var(x)", "torch.var", "torch.var", "n - 1"),
    ("x.var() + x.sum()", "var", ".var()", "n - 1"),
    ("torch.max(x, dim=0)", "torch.max", "along an axis", "torch.amax"),
    ("jax.nn.gelu(x)", "jax.nn.gelu", "jax.nn.gelu", "erf"),
    ("np.linalg.norm(x, 1)", "np.linalg.norm", "ord=", "np.sum(np.abs(x))"),
    ("np.sum(x, keepdims=True)", "keepdims=True", "keepdims=", ""),
    ("np.sum(x, axis=2)", "2", "axis", "-1"),
    ("np.prod(X, axis=0)", "np.prod", "along an axis", ""),
    ("np.exp(x, y)", "np.exp", "2 arguments", ""),
    ("np.sum(x % 2)", "x % 2", "%", ""),
    ("np.sum([a for a in x])", "[a for a in x]", "list comp", ""),
    ("np.sum(x", "(", "never closed", ""),
    ("def f(x): return f(x)", "f", "f is not read", ""),
    ("def f(x):\n  for i in x: pass\n  return x", "for i in x: pass", "for", "assignments"),
    ("def f(x):\n  y = x\n  y += 1\n  return x", "y += 1", "in place", "y = y + ..."),
    ("def f(x):\n  y = z\n  z = x\n  return y", "z", "before it is assigned", ""),
    ("def f(x): return x, x", "x, x", "tuple", ""),
    ("def f(x):\n  y = x", "y = x", "returns nothing", "return"),
    ("def f(x, *, k=2): return x", "k", "star", "plain"),
    ("np.sum(X.transpose(0, 1) @ y)", "transpose", "3 arguments", "numpy"),
    ("@jax.grad\ndef f(x): return np.sum(x)", "jax.grad", "decorator", ""),
    ("import os", "import", "", ""),
    ("np.sum(x); import os", "import os", "import", "numpy"),
    ("np.sum(x) + x_", "x_", "no name", "rename"),
]


@pytest.mark.parametrize(("text", "at", "said", "hint"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_has_no_counterpart_is_refused_by_name_with_a_caret(text: str, at: str, said: str, hint: str) -> None:
    if text == "import os":
        with pytest.raises(Mistake):
            parse(text)
        return
    with pytest.raises(Mistake) as raised:
        derive(text, wrt="x")
    mistake = raised.value
    place = mistake.spans[0]
    assert text[place.start : place.end] == at
    assert said in mistake.message
    assert hint in mistake.hint


def test_vector_times_transposed_vector_is_refused_with_both_readings() -> None:
    with pytest.raises(Mistake, match="two readings") as raised:
        parse("w @ v.T + np.sum(w)", where=WHERE)
    assert "np.outer(w, v)" in raised.value.hint
    with pytest.raises(Mistake, match="E-SHAPE"):
        parse("np.sum(X * y)", where=WHERE)
    with pytest.raises(Mistake, match="E-SHAPE"):
        parse("np.sum(w.T + v)", where=WHERE)


def test_places_are_right_behind_letters_of_several_bytes() -> None:
    text = "def f(β):\n  γ = β\n  return np.sum(γ) + np.foo(β)"
    with pytest.raises(Mistake) as raised:
        parse(text)
    place = raised.value.spans[0]
    assert text[place.start : place.end] == "np.foo"


def nested(count: int) -> list[str]:
    return [
        f"np.sum({'(' * count}x{')' * count})",
        f"np.sum(x{' + x' * count})",
        f"np.sum({'-' * count}x)",
        f"np.sum({'x**' * count}x)",
        f"np.sum(x){'.T' * count}",
        "def f(x):\n" + "  x = x * x\n" * count + "  return x",
        "def f(x):\n" + "  x = x + 1\n" * count + "  return np.sum(x)",
        f"np.sum({'lambda x: ' * count}x)",
        f"np.sum({'9' * count}{'9' * 4300} * x)",
        f"np.sum({'[' * count}",
    ]


@pytest.mark.parametrize("count", [50, 3000])
@pytest.mark.parametrize("which", range(10))
def test_deep_and_long_code_is_read_or_one_mistake(count: int, which: int) -> None:
    found = None
    try:
        parse(nested(count)[which], where="x: R^3")
    except Mistake as mistake:
        found = mistake
    assert found is None or (found.spans and found.code in ("E-SYNTAX", "E-LIMIT", "E-RANGE", "E-UNSUPPORTED"))


BROKEN = [
    "np.sum(x)\0", "\ud800np.sum(x)", "np.sum(x)\n\n +", "def f(x):\n\treturn x\n  y", "def f(", "x.sum().",
    "np.sum(*x)",
    "np.sum(**x)", "f'{np.sum(x)}'", "lambda x: ", "np.sum", "np.sum()", "@np.a\ndef f(x): pass", "np.sum(1j * x)",
    "np.sum(not x)", "np.sum(x) if x else y", "def f(x): return", "def f(x, x): return x", "def f(): return np.pi",
    "x, y = np.sum(x), 1", "np.sum(x).shape", "np.sum(x := 2)", "await np.sum(x)", "np.array([[1, 2], [3]]) @ x",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_broken_code_is_one_mistake(text: str) -> None:
    with pytest.raises(Mistake) as raised:
        derive(text, "x")
    assert raised.value.message


def test_nothing_is_run() -> None:
    for text in ("np.sum(__import__('os').abort())", "def f(x): return exec('1/0') + np.sum(x)", "np.exp(exit())"):
        with pytest.raises(Mistake):
            parse(text)


def test_reach_of_a_derivative_before_a_sum_is_refused_with_both_readings() -> None:
    with pytest.raises(Mistake, match="reach") as raised:
        parse("d/dw np.sum(w**2) + c", where=WHERE)
    assert "d/dw (np.sum(w**2) + c), or (d/dw np.sum(w**2)) + ..." in raised.value.hint
    assert parse("d/dw (np.sum(w**2) + c)", where=WHERE).text == "2 wᵀ"
    with pytest.raises(Mistake, match="reach"):
        parse("d/dw (np.sum(w**2)) + c", where=WHERE)


def test_function_of_the_users_does_not_stand_for_one_of_the_library() -> None:
    scope = read("sqrt(t) = t^2", read("exp(t) = t", Scope()).scope).scope
    for text in ("np.exp(c)", "torch.rsqrt(c)"):
        with pytest.raises(Mistake, match=r"of your own|is not read"):
            read(text, scope)


def test_variable_called_rows_is_no_axis() -> None:
    found = parse("np.maximum(X, rows)", where="X, rows: R^{5 x 3}")
    assert [str(size) for size in found.shape] == ["5", "3"]


def test_sentence_around_code_gets_the_formula_to_type() -> None:
    with pytest.raises(Mistake) as raised:
        parse("gradient of np.sum(x**2)")
    assert "np.sum(x**2)" in raised.value.hint


def test_numbers_in_a_matrix_product_stand_before_it() -> None:
    found = parse("np.exp(-0.5 * (w - v).T @ A @ (w - v))", where=WHERE)
    assert found.text == "exp(-1/2 (w - v)ᵀ A (w - v))"
