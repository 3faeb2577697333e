"""Computation graphs: the Jacobians on their edges, by value, and the forms in which they are drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from mcalc import Derivative, Mistake, derive
from mcalc.calculus.stories.graph import DIRECTIONS, Graph
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from tests.conftest import Mcalc

Values = dict[str, np.ndarray]
FUNCTIONS: dict[str, tuple[str, str, dict[str, tuple[int, ...]]]] = {
    "max(0, w·x + b)": ("w", "w, x: R^n; b: R", {"w": (3,), "x": (3,), "b": ()}),
    "½ ‖X w - y‖² + c/2 ‖w‖²": ("w", "X: R^{m x n}; y: R^m; c: R", {"X": (4, 3), "w": (3,), "y": (4,), "c": ()}),
    "sin(x^2) + x cos(x^2)": ("x", "x: R", {"x": ()}),
    "log det(A) + tr(A B)": ("A", "A, B: R^{n x n}", {"A": (2, 2), "B": (2, 2)}),
    "mean((y - max(0, X w + b))^2)": ("w", "X: R^{N x n}; y: R^N; b: R", {"X": (5, 2), "w": (2,), "y": (5,), "b": ()}),
    "softmax(A tanh(B x))": ("x", "A: R^{k x m}; B: R^{m x n}", {"A": (3, 4), "B": (4, 2), "x": (2,)}),
    "x": ("x", "x: R", {"x": ()}),
}
"""Functions with the variable, declarations, and sizes at which they are evaluated."""


def derived(text: str) -> tuple[Derivative, Values]:
    wrt, where, shapes = FUNCTIONS[text]
    rng = np.random.default_rng(3)
    values = {name: np.asarray(rng.uniform(0.3, 1.5, shape)) for name, shape in shapes.items()}
    if "det" in text:
        values["A"] += 3 * np.eye(2)
    return derive(text, wrt=wrt, where=where), values


def value(expr: Expr, values: Values, d: Derivative) -> np.ndarray:
    return np.asarray(evaluate(expr, values, d.symbols), dtype=float)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_the_jacobians_on_the_edges_multiply_to_the_derivative(text: str) -> None:
    d, values = derived(text)
    graph = Graph(d.function, d.variables[0])
    at = dict(values)
    for step in graph.steps:
        at[step.symbol.attr[0]] = value(step.told, values, d)
    variable = values[graph.variable.attr[0]]
    total = {graph.variable: np.eye(variable.size).reshape(variable.shape * 2)}
    for step in graph.steps:
        size = at[step.symbol.attr[0]].shape
        found = np.zeros(size + variable.shape)
        for edge in graph.into(step.symbol):
            assert edge.local is not None
            local = value(edge.local, at, d).reshape(size + at[edge.source.attr[0]].shape)
            found = found + np.tensordot(local, total[edge.source], len(edge.source.shape))
        total[step.symbol] = found
    np.testing.assert_allclose(total[graph.output], np.asarray(d.evaluate(values)), rtol=1e-9)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_what_is_gathered_forward_ends_in_the_derivative_and_backward_begins_with_it(text: str) -> None:
    d, values = derived(text)
    forward = Graph(d.function, d.variables[0], "forward")
    if forward.steps:
        last = forward.gathered[forward.output]
        assert last is not None
        np.testing.assert_allclose(value(last, values, d), d.evaluate(values), rtol=1e-9)
    backward = Graph(d.function, d.variables[0], "backward")
    assert backward.output not in backward.gathered


def test_a_step_that_is_used_twice_is_drawn_once() -> None:
    tree = str(derive("sin(x^2) + x cos(x^2)", wrt="x").graph("forward"))
    assert tree.count("u₁ = x²") == 1
    assert "u₁ (above)" in tree
    assert "∂u₄/∂x = u₃" in tree, "where x counts twice, the partial derivative is told from the total one"
    assert "du₄/dx = cos(x²) - 2 x² sin(x²)" in tree


def test_a_sum_over_an_index_has_no_jacobian_for_all_of_it() -> None:
    tree = str(derive("1/N sum_{i=1}^{N} log(1 + exp(-y_i w·x_i))", wrt="w").graph())
    assert "∂C/∂vᵢ\n" in tree


def test_pictures_are_well_formed_and_fetch_nothing() -> None:
    d = derive("½ ‖X w - y‖² + λ/2 ‖w‖²", wrt="w")
    picture = d.graph()
    root = ET.fromstring(picture.svg)
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "w ∈ ℝⁿ" in texts
    assert "∂u₁/∂w = X" in texts
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|href", picture.svg)
    assert picture._repr_svg_().startswith("<svg")
    boxes = [{name: float(node.get(name, "0")) for name in ("x", "y", "width", "height")}
             for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("height") != "100%"]  # fmt: skip
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            apart = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
            assert apart or one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]


def test_the_languages_of_graphs_are_quoted() -> None:
    picture = derive("log det(A) + tr(A B)", wrt="A").graph()
    assert picture.dot.startswith("digraph mcalc {")
    assert 'n1 [label="u₁ = det(A)\\n∂y/∂u₁ = 1/u₁"];' in picture.dot
    assert '["A ∈ ℝ^#123;n×n#125;"]' in picture.mermaid


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_command_draws_in_each_form(direction: str, mcalc: Mcalc, tmp_path: Path) -> None:
    argv = ("graph", "max(0, w·x + b)", "-w", "w", "--mode", direction)
    assert mcalc(*argv).lines[0].startswith("y = max(0, z)")
    assert mcalc(*argv, "--to", "ascii").out.isascii()
    for to, begins in (("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart")):
        assert mcalc(*argv, "--to", to).out.startswith(begins)
    file = tmp_path / "graph.svg"
    assert mcalc(*argv, "-o", str(file)).code == 0
    ET.fromstring(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("argv", "said", "code"),
    [
        (("graph",), "of which function?", 2),
        (("graph", "x", "--to", "pdf"), "one of text, unicode, ascii, svg, dot, mermaid", 2),
        (("graph", "a b"), "by which variable? it has the variables a, b", 2),
        (("graph", "a b", "-w", "a,b"), "a graph is drawn for one variable", 2),
        (("graph", "sqt(x)"), "did you mean sqrt?", 1),
        (("graph", "2"), "it has no variable", 2),
    ],
)
def test_what_has_no_graph_is_told(argv: tuple[str, ...], said: str, code: int, mcalc: Mcalc) -> None:
    done = mcalc(*argv)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_direction_that_there_is_not_is_refused() -> None:
    with pytest.raises(Mistake):
        derive("x^2", wrt="x").graph("sideways")


def test_a_box_without_an_edge_is_drawn() -> None:
    picture = derive("{1 if x > 0; 0 otherwise}", wrt="x").graph()
    root = ET.fromstring(picture.svg)
    assert [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("class")]
