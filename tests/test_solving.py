"""Where gradients are zero: closed forms by value, what the points are, what is declined, and how it is told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mcalc import minimise, solve
from mcalc.errors import Mistake
from mcalc.solving.problem_statement import cut, is_problem
from tests.conftest import Mcalc
from tests.solving import Problem, differing, exported, problems, residual

PROBLEMS = problems()


@pytest.mark.parametrize("problem", PROBLEMS, ids=[p.statement for p in PROBLEMS])
def test_a_problem_has_the_answer_the_nature_and_the_needs_that_are_known(problem: Problem) -> None:
    solution = problem.solve()
    assert bool(solution.declined) == problem.declined, solution.declined
    if problem.declined:
        return
    assert differing(problem, solution) == ""
    assert len(solution.points) > 1 or exported(solution) == ""
    told = [word for word in ("minimum", "maximum", "saddle") if word in solution.nature]
    wanted = {"both": ["minimum", "maximum"], "unknown": [], "": []}.get(problem.nature, [problem.nature])
    assert told == wanted
    if problem.needs:
        assert sorted(solution.needs) == sorted([need.strip() for need in problem.needs.split(";")])


def test_random_linear_and_sylvester_equations_are_solved_to_rounding() -> None:
    assert max(residual(seed) for seed in range(30)) < 1e-9


@pytest.mark.parametrize(
    ("text", "goal", "names", "constraints"),
    [
        (r"\hat{w} = \arg\min_w \|Xw-y\|^2", "minimise", ["w"], []),
        (r"\underset{x}{\text{minimize}}\ c^\top x \quad \text{subject to} \quad \|x\|^2 = 1", "minimise", ["x"],
         [r"\|x\|^2 = 1"]),
        (r"\begin{aligned}\min_{x}\quad & x^\top Q x \\ \text{s.t.}& A x = b \\ & C x = d\end{aligned}", "minimise",
         ["x"], ["A x = b", "C x = d"]),
        (r"\arg\max_{w:\ \|w\|=1} w^\top S w", "maximise", ["w"], [r"\|w\|=1"]),
        ("min over w of ||X w - y||^2", "minimise", ["w"], []),
        ("max x y over x, y s.t. x + y = 1 and x >= 0", "maximise", ["x", "y"], ["x + y = 1", "x >= 0"]),
        ("solve A X + X B = C for X", "solve", ["X"], []),
    ],
)  # fmt: skip
def test_a_statement_is_cut_into_its_pieces(text: str, goal: str, names: list[str], constraints: list[str]) -> None:
    assert is_problem(text)
    found = cut(text)
    assert (found.goal, found.names, found.constraints) == (goal, names, constraints)


@pytest.mark.parametrize(
    ("text", "over", "answer"),
    [
        ("x^2 + y^2 s.t. x + y = 1", "x, y", "x = 1/2\ny = 1/2"),
        ("x^T x subject to a^T x = b", "x", "x = b a / (a · a)"),
        (r"\|x\|^2 \quad \text{s.t.} \quad a^\top x = b", "x", "x = b a / (a · a)"),
        ("1/2 ‖x - z‖² over x such that A x = 0", None, "x = z - Aᵀ (A Aᵀ)⁻¹ A z"),
    ],
)
def test_what_stands_behind_an_objective_is_a_constraint(text: str, over: str | None, answer: str) -> None:
    assert minimise(text, over).text == answer


@pytest.mark.parametrize(
    "text", ["max(0, w · x + b)", "min_i x_i", "min_n a_n b_n", "max x", "∂/∂w (w · x)", "min(x) + 1"]
)
def test_what_asks_for_nothing_is_no_problem(text: str) -> None:
    assert not is_problem(text)


def test_a_solution_tells_its_steps_and_writes_itself_as_code_that_solves() -> None:
    found = minimise("½ ‖X w - y‖²", over="w", where="X: R^{N x n}; y: R^N; w: R^n")
    assert [str(step) for step in found.steps] == [
        "Xᵀ (X w - y) = 0⃗",
        "Xᵀ X w = Xᵀ y",
        "w = (Xᵀ X)⁻¹ Xᵀ y",
    ]
    assert found.latex == r"\mathbf{w} = (X^\top X)^{-1} X^\top \mathbf{y}"
    space: dict[str, object] = {}
    exec(found.to("numpy"), space)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    assert np.allclose(space["solve_w"](x, y), np.linalg.lstsq(x, y, rcond=None)[0])  # type: ignore[operator]
    assert "inv" not in found.to("numpy").split('"""')[-1]


def test_without_a_closed_form_newtons_iteration_is_written_and_converges() -> None:
    text = r"\min_w \sum_{i=1}^{N} \ln(1 + \exp(-y_i w^\top x_i)) + \frac12 \|w\|^2"
    found = solve(text, where="X: R^{N x n}; y: R^N; w: R^n")
    assert found.declined
    space: dict[str, object] = {}
    exec(found.to("numpy"), space)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    w = space["newton"](y, np.zeros(3), x)  # type: ignore[operator]
    assert np.allclose(w, x.T @ (y / (1 + np.exp(y * (x @ w)))))


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("min x^2 + y^2", "x, y: R", "E-USAGE"),
        ("min_x A x", "A: R^{n x n}; x: R^n", "E-SHAPE"),
        ("solve A x = b for x", "A: R^{m x n}; x: R^n; b: R^m", "E-SHAPE"),
        ("solve A x = b for z", "A: R^{n x n}; x, b: R^n", "E-NAME"),
        ("solve A x for x", "A: R^{n x n}; x: R^n", "E-SYNTAX"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_mistake(text: str, where: str, code: str) -> None:
    with pytest.raises(Mistake) as told:
        solve(text, where=where)
    assert told.value.code == code


def test_many_solutions_are_told_as_a_ridge() -> None:
    told = solve("min_x (a · x - b)^2", where="a, x: R^n; b: R").declined
    assert told == "no single point, but a ridge of solutions: every x with 2 (a · x) a = 2 b a"


def test_an_inequality_that_the_point_meets_is_no_obstacle_and_one_that_it_breaks_is_told() -> None:
    where = "y, p: R^n > 0"
    assert solve("max_p sum(y .* log(p)) s.t. sum(p) = 1, p >= 0", where=where).solution
    told = solve("min_w ‖X w - y‖² s.t. w >= 0", where="X: R^{N x n}; y: R^N; w: R^n")
    assert "w >= 0" in told.declined


def test_the_command_line_solves_notes_and_declines(mcalc: Mcalc) -> None:
    where = ("--where", "X: R^{N x n}; y: R^N; w: R^n")
    done = mcalc("min", "½ ‖X w - y‖²", "--over", "w", "--subject", "sum(w) = 1", *where)
    assert done.code == 0
    assert done.out.startswith("w = (Xᵀ X)⁻¹ ")
    assert "X has full column rank" in done.err
    record = json.loads(mcalc("solve", "∇_w ‖X w - y‖² = 0", "--to", "json", *where).out)
    assert record["solution"]["w"]["text"] == "(Xᵀ X)⁻¹ Xᵀ y"
    assert record["needs"] == ["X has full column rank"]
    declined = mcalc("min", "x^2 + exp(x)", "--over", "x")
    assert (declined.code, declined.out) == (1, "")
    assert "error[E-CLOSED]: no closed form" in declined.err


SQUARES = ("min_w ‖X w - y‖²",)
NORMAL = ("min_σ n log σ + S/(2σ²)", "--where", "S: R > 0; σ: R > 0; n: R > 0")


def test_an_answer_is_held_against_the_solution(mcalc: Mcalc) -> None:
    asked = ("min", "½ ‖X w - y‖² + λ/2 ‖w‖²", "--over", "w", "--where", "λ: R > 0")
    assert mcalc(*asked, "--answer", "w = inv(X' X + λ I) X' y").code == 0
    wrong = mcalc(*asked, "--answer", "inv(X' X + 2 λ I) X' y")
    assert (wrong.code, wrong.out.split(":")[0]) == (3, "not equal")


@pytest.mark.parametrize(
    ("problem", "answer", "code"),
    [
        (NORMAL, "σ² = S/n", 0),
        (NORMAL, "σ² = sqrt(S/n)", 3),
        (NORMAL, "σ = sqrt(S/n)", 0),
        (NORMAL, "σ = S/n", 3),
        (NORMAL, "σ = σ", 1),
        (SQUARES, "XᵀX w = Xᵀy", 0),
        (SQUARES, "2 w = (XᵀX)⁻¹Xᵀy", 3),
        (SQUARES, "y = (XᵀX)⁻¹Xᵀy", 1),
        (("x^2 = 4",), "x = 2, x = -2", 0),
        (("x^2 = 4",), "x = ±2", 0),
        (("x^2 = 4",), "x = 2", 3),
        (("x^2 = 4",), "x = 2, x = 3", 3),
        (("max x y s.t. x + y = 10 over x, y",), "x = 5, y = 5", 0),
        (("max x y s.t. x + y = 10 over x, y",), "x = 4, y = 6", 3),
        (("max x y s.t. x + y = 10 over x, y",), "z = 5", 1),
        (("x + y = 3, x y = 2 for x, y",), "x = 1, y = 2; x = 2, y = 1", 0),
        (("x + y = 3, x y = 2 for x, y",), "x = 1, y = 2", 3),
        (("A x = b for x",), "x = A^-1 b", 0),
        *[(SQUARES, f"{name} = (XᵀX)⁻¹Xᵀy", 0) for name in ("w", "w*", "ŵ", "w_opt", r"\hat{w}")],
    ],
)
def test_both_sides_of_an_answer_are_judged(mcalc: Mcalc, problem: tuple[str, ...], answer: str, code: int) -> None:
    assert mcalc("solve", *problem, "--answer", answer).code == code


@pytest.mark.parametrize(("problem", "code"), [("min_x x^3", 1), ("max_x x^3", 1), ("min_x x^4", 0)])
def test_a_point_of_inflection_is_no_minimum(mcalc: Mcalc, problem: str, code: int) -> None:
    assert mcalc("solve", problem).code == code


def test_the_slip_of_an_answer_is_told_of_the_answer(mcalc: Mcalc) -> None:
    assert "the right side is twice the left side" in mcalc("solve", *SQUARES, "--answer", "w = 2 (XᵀX)⁻¹Xᵀy").out


def test_a_session_solves_and_goes_on_with_what_it_found(mcalc: Mcalc) -> None:
    lines = ["solve A x = b for x", "∂/∂b ans", "min_x (x - a)^2", "steps", "min_x x^2 + exp(x)", "min(3, 4)"]
    done = mcalc("repl", stdin="\n".join(lines))
    assert [line.removeprefix("mcalc> ") for line in done.lines][:3] == ["x = A⁻¹ b", "A⁻¹", "x = a"]
    assert "set the gradient by x to zero" in done.out
    assert "error[E-CLOSED]" in done.err


def test_several_constraints_make_one_system_where_that_is_shorter() -> None:
    where = "Q: R^{n x n} posdef; A: R^{m x n}; b: R^m; c, x: R^n"
    found = minimise("½ x' Q x + c · x", over="x", subject=["A x = b", "sum(x) = 1"], where=where)
    assert found.text.startswith("x = ([[Q, Aᵀ, ones(n)], [A, zeros(m, m), zeros(m)], [ones(n)ᵀ, zeros(m)ᵀ, 0]]⁻¹ ")


def test_a_terminal_of_sixty_columns_is_kept_to(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    done = mcalc("min", "½ ‖X w - y‖²", "--over", "w", "--subject", "C w = d", "--steps", terminal=True)
    assert done.code == 0
    assert max(map(len, done.lines)) <= 60


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x + y = 5, x - y = 1", {"x": "3", "y": "2"}),
        ("x + y + z = 6, x - y = 1, z = 3", {"x": "2", "y": "1", "z": "3"}),
    ],
)
def test_as_many_equations_as_numbers_are_solved_for_all_of_them(text: str, values: dict[str, str]) -> None:
    told = str(solve(text))
    assert {line.partition(" = ")[0]: line.partition(" = ")[2] for line in told.split("\n") if " = " in line} == values


def test_several_points_are_told_in_the_same_order_each_time() -> None:
    told = solve("x y = 0, x + y = 2", "x, y").text
    assert told == "x = 0, y = 2\nx = 2, y = 0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x^2 + 1 = 0", "no real solution"),
        ("x^2 + y^2 = 1, x + y = 2", "no real solution"),
        ("x^3 + x + 1 = 0", "no closed form that mcalc knows"),
        ("min_x exp(x)", "no stationary point"),
        ("min_{x,y} x^2 + y^3", "no minimum: the stationary point is a saddle point"),
    ],
)
def test_why_there_is_no_answer_is_told(text: str, said: str) -> None:
    assert solve(text).declined == said


@pytest.mark.parametrize(
    "text", ["min_w (w·a)^2 s.t. w·w = 1", "min_x (x·a)^2 / (x^T x)", "min_w (a·w)^2 / (‖w‖² + (b·w)²)"]
)
def test_where_not_all_stationary_points_are_found_no_minimum_is_denied(text: str) -> None:
    assert solve(text).declined == "no closed form that mcalc knows: the stationary point found is a maximum"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2^x = 8", ["3"]),
        ("exp(-x^2) = 1/2", ["sqrt(ln(2))", "-sqrt(ln(2))"]),
        ("x^4 - 4 x^2 + 2 = 0", ["sqrt(2 + sqrt(2))", "-sqrt(2 + sqrt(2))", "sqrt(2 - sqrt(2))", "-sqrt(2 - sqrt(2))"]),
        ("8 x^2 = 1", ["sqrt(2) / 4", "-sqrt(2) / 4"]),
        ("ln(x^2) = 2", ["exp(1)", "-exp(1)"]),
        ("x^4 - x^3 - 7 x^2 + x + 6 = 0", ["3", "1", "-1", "-2"]),
    ],
)
def test_a_number_is_written_as_short_as_it_is(text: str, values: list[str]) -> None:
    found = solve(text).solution
    points = found if isinstance(found, list) else [found]
    assert [point["x"].text for point in points] == values


def test_under_constraints_too_a_minimum_is_told_where_the_objective_is_less_elsewhere() -> None:
    nearby = solve("min_{x,y,z} x + y + z s.t. x y z = 27").nature
    assert nearby.endswith("a minimum nearby only: the objective is less elsewhere")
    assert "nearby" not in solve("max_{x,y} x y s.t. x + y = 10").nature
