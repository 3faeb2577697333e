"""--steps on the command line, `d.steps` in Python, and the records."""

from __future__ import annotations

import json

import pytest

from mcalc import derive
from mcalc.steps import Step
from tests.conftest import Mcalc


def test_steps_alone_is_brief_and_full_is_full(mcalc: Mcalc) -> None:
    brief = mcalc("diff", "max(0, w·x + b)", "--wrt", "w", "--steps")
    full = mcalc("diff", "max(0, w·x + b)", "--wrt", "w", "--steps", "full")
    assert brief.code == full.code == 0
    assert brief.lines[0] == "y = max(0, w · x + b)"
    assert brief.out == mcalc("diff", "max(0, w·x + b)", "--wrt", "w", "--steps=brief").out
    assert brief.out == mcalc("diff", "--steps", "max(0, w·x + b)", "--wrt", "w").out
    assert len(full.lines) > len(brief.lines)


def test_a_level_that_is_none_is_a_usage_error(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x^2", "--wrt", "x", "--steps=more")
    assert done.code == 2
    assert "there is no level of steps 'more'" in done.err
    assert "brief, full" in done.err


def test_a_pipe_gets_steps_without_colour_and_what_was_assumed_beside_them(mcalc: Mcalc) -> None:
    done = mcalc("diff", "sin(w·x)", "--wrt", "w", "--steps")
    assert "\x1b" not in done.out
    assert "assumed" not in done.out
    assert done.err == "assumed: w, x ∈ ℝⁿ\n"


def test_a_terminal_gets_colours_the_assumptions_and_the_result_in_two_dimensions(mcalc: Mcalc) -> None:
    done = mcalc("diff", "max(0, w·x + b)", "--wrt", "w", "--steps", terminal=True)
    assert "\x1b[2massumed: w, x ∈ ℝⁿ; b ∈ ℝ\x1b[0m" in done.out
    assert "assumed" not in done.err
    assert "⎧" in done.out
    assert "1×n, a row: numerator layout" in done.out


def test_the_theme_is_taken_from_the_environment(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    dark = mcalc("diff", "3x^2", "--wrt", "x", "--steps", terminal=True).out
    monkeypatch.setenv("MCALC_THEME", "light")
    light = mcalc("diff", "3x^2", "--wrt", "x", "--steps", terminal=True).out
    assert dark != light


def test_the_width_of_the_terminal_is_kept(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    done = mcalc("diff", "ln(sin(x^3)^2)", "--wrt", "x", "--steps", terminal=True)
    assert max([len(line) for line in done.lines]) <= 60


def test_statements_without_a_derivative_are_shown_as_ever(mcalc: Mcalc) -> None:
    assert mcalc("1 + x", "--steps").out == "1 + x\n"
    assert mcalc("d/dx x^2 + 1", "--steps").out == mcalc("d/dx x^2 + 1").out


def test_each_statement_of_a_stream_is_told(mcalc: Mcalc) -> None:
    done = mcalc("diff", "--wrt", "x", "--steps", stdin="x^2\nx^3\n")
    square, cube = "  d/dx x² = 2 x   power rule · §2", "  d/dx x³ = 3 x²   power rule · §2"
    assert done.lines == [square, "", "2 x", cube, "", "3 x²"]


def test_formats_of_the_same_steps(mcalc: Mcalc) -> None:
    assert (
        mcalc("diff", "x^3", "--wrt", "x", "--steps", "--to", "ascii").out
        == "  d/dx x^3 = 3 x^2   power rule, section 2\n\n3 x^2\n"
    )
    assert mcalc("diff", "x^3", "--wrt", "x", "--steps", "--to", "latex").lines == [
        r"\begin{align*}",
        r"\frac{d}{d x} x^{3} &= 3 x^{2} && \text{power rule $\cdot$ \S2}",
        r"\end{align*}",
    ]
    record = json.loads(mcalc("diff", "max(0, w·x + b)", "--wrt", "w", "--steps", "--to", "json").out)
    assert record["steps"][0] == {
        "name": "u₁", "rule": "", "section": "", "lhs": "u₁", "rhs": "w ⊗ x", "part": 1, "chain": ["w ⊗ x"], "wrt": "w",
        "order": 1,
    }  # fmt: skip
    first = next(step for step in record["steps"] if step["part"] == 2)
    assert (first["name"], first["rule"], first["section"]) == ("u₁", "element-wise product", "4.2")
    assert (first["lhs"], first["rhs"]) == ("∂u₁/∂w", "diag(x)")
    assert record["steps"][-1]["rhs"] == record["text"]


def test_there_are_no_steps_in_a_record_unless_asked_for(mcalc: Mcalc) -> None:
    assert "steps" not in json.loads(mcalc("diff", "x^3", "--wrt", "x", "--to", "json").out)


@pytest.mark.parametrize("mode", ["backward", "reverse"])
def test_the_story_can_be_told_backward(mcalc: Mcalc, mode: str) -> None:
    forward = mcalc("diff", "sin(sin(x^2))", "--wrt", "x", "--steps", "--mode", "forward")
    backward = mcalc("diff", "sin(sin(x^2))", "--wrt", "x", "--steps", "--mode", mode)
    assert "du₂/dx = du₂/du₁ du₁/dx" in forward.out
    assert "dy/du₁ = dy/du₂ du₂/du₁" in backward.out
    assert "dy/dx  = dy/du₁ du₁/dx" in backward.out


def test_steps_are_a_sequence_that_is_worked_out_when_it_is_looked_at() -> None:
    steps = derive("sin(x^2)", wrt="x").steps
    assert repr(steps) == "<Steps>"
    assert isinstance(steps[0], Step)
    assert [step.part for step in steps] == [1, 1, 2, 2, 3, 4]
    assert steps[-1].rhs == "2 x cos(x²)"
    assert steps[4].chain == ["dy/du₁ du₁/dx", "cos(u₁) (2 x)", "2 x cos(u₁)"]
    assert steps[2].latex == r"\frac{d u_{1}}{d x} = 2 x"
    assert steps[2].ascii == "du_1/dx = 2 x"
    assert (steps[2].name, steps[2].rule, steps[2].section) == ("u₁", "power rule", "2")
    assert len(steps[1:3]) == 2
    assert "y = sin(x²)" in str(steps)
    assert repr(steps[0]) == "<Step u₁ = x²>"
    assert repr(steps) == "<Steps: 6>"


def test_the_same_steps_are_kept() -> None:
    derivative = derive("x^2", wrt="x")
    assert derivative.steps is derivative.steps


def test_a_derivative_inside_the_body_is_worked_out_first() -> None:
    steps = derive("(d/dx x^3) y", wrt="y").steps
    assert steps[-1].rhs == "3 x²"


@pytest.mark.parametrize(
    ("body", "wrt", "named"),
    [
        ("||W x - y||^2", "W", "dL = tr(Gᵀ dW) means G = ∂L/∂W"),
        ("||W x - y||^2", "x", "= ∂L/∂u₂ ∂u₂/∂x"),
        ("[x_1 x_2; sin(x_2)]", "x", "L₁ = x₁ x₂, by x₁"),
    ],
)
def test_what_the_user_called_l_stays_l_however_it_is_told(mcalc: Mcalc, body: str, wrt: str, named: str) -> None:
    shapes = "W: R^{m x n}; y: R^m; " + ("x: R^2" if "[" in body else "x: R^n")
    told = mcalc("diff", f"L(x) = {body}", "--wrt", wrt, "--where", shapes, "--steps")
    session = mcalc("repl", stdin=f"{shapes}\nL = {body}\n∂L/∂{wrt}\nsteps full\n")
    assert (told.code, session.code) == (0, 0)
    assert named in told.out
    assert named in session.out


@pytest.mark.parametrize("asked", [["x", "--wrt", "x"], ["x^T A x", "--wrt", "x", "--order", "2"]])
def test_what_differentials_cannot_tell_is_refused_where_they_are_asked_for(mcalc: Mcalc, asked: list[str]) -> None:
    done = mcalc("diff", *asked, "--by", "differentials", "--steps")
    assert done.code == 1
    assert "leave out --by, and it is told by the chain rule" in done.err
