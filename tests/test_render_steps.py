"""Derivations as text: the paper's four headings, marks, columns, widths, colours, LaTeX, and what is left out."""

from __future__ import annotations

import pytest

from mcalc import derive
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.notation import Scope, read_expression, read_where
from mcalc.render.equation_lines import Equation, broken, columns, laid_out, packed, wrapped
from mcalc.render.faces import ASCII, UNICODE
from mcalc.render.steps_text import remark
from mcalc.render.terminal import paint, plain
from mcalc.render.terminal import width as text_width
from mcalc.shell.paper import Example, examples

LOSS = "1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2"
WHERE = "w: R^n; b: R; X: R^{N x n}; y: R^N"


def told(expr: str, wrt: str, where: str | None = None, *, level: str = "brief", width: int | None = None) -> list[str]:
    """Return the lines of a derivation."""
    derivative = derive(expr, wrt=wrt, where=where)
    assumed = derivative.assumed if width is not None else ()
    return derivative.steps.text(level, width=width, assumed=assumed).split("\n")


def test_the_neuron_is_told_in_the_four_steps_of_the_paper() -> None:
    lines = told("max(0, w·x + b)", "w", width=80)
    assert lines[0] == "y = max(0, w · x + b)                         assumed: w, x ∈ ℝⁿ; b ∈ ℝ"
    assert [line for line in lines if line[:1].isdigit()] == [
        "1  Name the intermediate variables",
        "2  Differentiate each with respect to its own argument",
        "3  Combine: vector chain rule · §4.5.3",
        "4  Substitute z back",
    ]
    assert "     u₁ = w ⊗ x        u₂ = sum(u₁)        z = u₂ + b        y = max(0, z)" in lines
    assert "     ∂u₂/∂w = ∂u₂/∂u₁ ∂u₁/∂w = 1⃗ᵀ diag(x) = xᵀ" in lines
    assert lines[-2:] == [
        "  ∂y/∂w = ⎧ 0⃗ᵀ   if w · x + b ≤ 0",
        "          ⎩ xᵀ   if w · x + b > 0                   1×n, a row: numerator layout",
    ]


def test_equals_signs_and_remarks_stand_in_columns() -> None:
    lines = told("max(0, w·x + b)", "w", width=80)
    start = lines.index("2  Differentiate each with respect to its own argument") + 1
    assert len({line.index(" = ") for line in lines[start : start + 3]}) == 1
    names = ("element-wise product", "vector sum", "max(0, z)")
    found = [text_width(line[: line.index(name)]) for name, line in zip(names, lines[start : start + 3], strict=True)]
    assert len(set(found)) == 1


def test_a_short_derivation_stays_short() -> None:
    assert told("3x^2", "x") == [
        "  d/dx (3 x²) = 3 d/dx x²   multiplication by constant rule · §2",
        "              = 3 (2 x)     power rule · §2",
        "              = 6 x         multiply the numbers",
    ]
    assert len(told("3x^2", "x", width=80)) == 3
    assert told("x^3", "x", width=80) == ["  d/dx x³ = 3 x²   power rule · §2"]


@pytest.mark.parametrize(
    ("expr", "wrt", "where", "line"),
    [
        ("x^2", "x", None, "  d/dx x² = "),
        ("a x^2", "x", None, "  ∂/∂x (a x²) = "),
        ("sin(x^2)", "x", None, "     dy/dx = dy/du₁ du₁/dx = "),
        ("a sin(x^2)", "x", None, "     ∂y/∂x = ∂y/∂u₂ ∂u₂/∂u₁ ∂u₁/∂x = "),
        # the paper's 4.5.2: the total derivative on the left, the direct partial one on the right
        ("sin(x + x^2)", "x", None, "     du₂/dx = ∂u₂/∂x + ∂u₂/∂u₁ du₁/dx = "),
        ("a sin(x + x^2)", "x", None, "     du₂/dx = ∂u₂/∂x + ∂u₂/∂u₁ ∂u₁/∂x = "),
        ("w . x + b", "w", "w, x: R^n", "  ∂/∂w (w · x + b) = ∂/∂w (w · x) + ∂b/∂w"),
        (LOSS, "w", WHERE, "     ∂C/∂w  = 1/N Σ_{i=1}^{N} ∂/∂w vᵢ²"),
    ],
)
def test_one_scalar_variable_has_a_straight_d_and_a_partial_derivative_a_curly_one(
    expr: str, wrt: str, where: str | None, line: str
) -> None:
    assert any(found.startswith(line) for found in told(expr, wrt, where))


def test_in_ascii_a_partial_derivative_beside_a_total_one_is_marked() -> None:
    text = derive("sin(x + x^2)", wrt="x").steps.text(unicode=False)
    assert "du_2/dx = pd u_2/pd x + pd u_2/pd u_1 du_1/dx = " in text
    assert "single-variable total-derivative chain rule, section 4.5.2" in text
    assert text.isascii()
    assert "pd" not in derive("sin(x^2)", wrt="x").steps.text("full", unicode=False)


@pytest.mark.parametrize("one", examples(), ids=lambda one: f"{one.section} {one.expr}")
def test_every_side_of_every_equation_is_read_again(one: Example) -> None:
    steps = one.derived().steps
    for face in (UNICODE, ASCII):
        for step in steps:
            for side in (step._line.lhs, *step._line.rhs):
                text = step._text(side, face)
                if side.free or (face is UNICODE and text.count("∂") + text.count("d") > 2):
                    continue  # an index bound by a sum elsewhere; two derivatives side by side
                scope = Scope()
                read_where(one.where, scope)
                for story in steps.stories:
                    scope.variables.update({item.symbol.attr[0]: item.symbol for item in story.derivation.listed})
                try:
                    read_expression(text, scope)
                except Mistake as mistake:
                    pytest.fail(f"{text}: {mistake}")


@pytest.fixture(scope="module")
def wide() -> list[Derivative]:
    """Return derivatives with long lines in what is told of them, and those of the paper."""
    nest, mixed = "x", "x"
    for k in range(60):
        nest = f"sin({nest})"
        mixed = f"sin({mixed} + {k} x^2)"
    cases: list[tuple[str, str, str | None]] = [
        (nest, "x", None),
        (mixed, "x", None),
        (" + ".join([f"{k} x^{k}" for k in range(2, 90)]), "x", None),
        ("sum(sigmoid(W2 sigmoid(W1 x)))", "W1", "W1: R^{m x n}; W2: R^{k x m}; x: R^n"),
        *[(one.expr, one.wrt, one.where) for one in examples()],
    ]
    return [derive(expr, wrt=wrt.split(","), where=where) for expr, wrt, where in cases]


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("level", ["brief", "full"])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(width: int, level: str, unicode: bool, wide: list[Derivative]) -> None:
    for derivative in wide:
        text = derivative.steps.text(level, width=width, unicode=unicode, assumed=derivative.assumed)
        for line in text.split("\n"):
            assert text_width(line) <= width, line


def test_a_line_is_broken_at_its_equals_signs() -> None:
    lines = told("ln(sin(x^3)^2)", "x", width=60)
    assert "     dy/dx = dy/du₃ du₃/du₂ du₂/du₁ du₁/dx" in lines
    assert "           = 1/u₃ (2 u₂) cos(u₁) (3 x²)" in lines


def test_an_expression_too_wide_for_a_line_is_broken_in_the_fewest_brackets() -> None:
    pieces = [("f(", "function"), ("a", "name"), (" + ", "operator"), ("b", "name"), (")", "bracket")]
    pieces = [("f", "function"), ("(", "bracket"), *pieces[1:], (" + ", "operator"), ("c", "name")]
    assert plain(broken(pieces, 9, 2)) == "f(a + b)\n  + c"
    assert (
        plain(broken([("{", "bracket"), ("aaaa", "name"), ("; ", "bracket"), ("bbbb", "name")], 8, 2))
        == "{aaaa;\n  bbbb"
    )
    assert plain(broken([("a", "name")] * 12, 5, 0)) == "aaaaa\naaaaa\naa"


def test_lines_of_a_pipe_are_never_broken() -> None:
    lines = told(LOSS, "w", WHERE)
    assert max([len(line) for line in lines]) > 150
    assert lines[-3].endswith("= " + derive(LOSS, wrt="w", where=WHERE).text + "   move constants out of the sum")


def test_brief_fits_a_screen_and_full_has_every_line() -> None:
    nest = "x"
    for _ in range(200):
        nest = f"sin({nest})"
    steps = derive(nest, wrt="x").steps
    brief, full = steps.text("brief"), steps.text("full")
    assert brief.count("\n") < 40
    assert "… 180 more intermediate variables: --steps full" in brief
    assert "… 190 more lines: --steps full" in brief
    assert "…" not in full
    assert full.count("\n") > 590


def test_names_given_to_parts_of_a_long_result_are_not_those_of_the_derivation() -> None:
    nest = "x"
    for _ in range(200):
        nest = f"sin({nest})"
    last = derive(nest, wrt="x").steps.text("full").split("\n")[-1]
    assert " where v₁ = " in last


def test_full_repeats_what_brief_leaves_out() -> None:
    brief, full = told("max(0, w·x + b)", "w"), told("max(0, w·x + b)", "w", level="full")
    assert len(full) > len(brief)
    assert "     z  = u₂ + b" in full


def test_rule_names_are_dimmed_and_what_changed_is_bold() -> None:
    text = derive("3x^2", wrt="x").steps.text(color=True)
    assert "\x1b[2mpower rule · §2\x1b[0m" in text
    assert "\x1b[1;36m" in text or "\x1b[1m" in text
    light = derive("3x^2", wrt="x").steps.text(color=True, theme="light")
    assert "\x1b[36m" not in light
    assert "\x1b[34m" in light
    assert paint([[("2", "number")]], color=True, theme="no such theme") == "\x1b[36m2\x1b[0m"


def test_latex_has_an_align_for_the_function_each_step_and_the_result() -> None:
    latex = derive("max(0, w·x + b)", wrt="w").steps.latex
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") == 6
    assert latex.startswith(
        "\\begin{align*}\ny &= \\max(0, \\mathbf{w} \\cdot \\mathbf{x} + b)\n\\end{align*}\n1. Name"
    )
    assert latex.endswith("\\mathbf{w} \\cdot \\mathbf{x} + b > 0 \\end{cases}\n\\end{align*}")
    assert (
        r"\frac{\partial u_{2}}{\partial \mathbf{w}} &= \frac{\partial u_{2}}{\partial \mathbf{u}_{1}} \frac" in latex
    )
    assert r"&& \text{vector sum reduction $\cdot$ \S4.4}" in latex
    assert r"\frac{d u_{2}}{d x} &= \frac{\partial u_{2}}{\partial x} + " in derive("sin(x + x^2)", wrt="x").steps.latex


def test_several_variables_are_told_one_after_the_other_and_then_in_a_row() -> None:
    lines = told("w . x + b", "w,b", "w, x: R^n")
    assert [line for line in lines if line and line[0].isalpha() and " = " not in line] == [
        "By w",
        "By b",
        "In one row",
    ]
    row = "[∂/∂w (w · x + b), ∂/∂b (w · x + b)] = [xᵀ, 1]"
    assert lines[-1] == f"  ∂/∂(w, b) (w · x + b) = {row}   the partial derivatives in one row · §3"


def test_the_second_order_is_told_after_the_first() -> None:
    derivative = derive("x^3", wrt="x", order=2)
    assert derivative.steps.text().split("\n") == [
        "First derivative",
        "  d/dx x³ = 3 x²   power rule · §2",
        "",
        "Second derivative",
        "  d/dx (3 x²) = 3 d/dx x²   multiplication by constant rule · §2",
        "              = 3 (2 x)     power rule · §2",
        "              = 6 x         multiply the numbers",
    ]
    assert [step.order for step in derivative.steps] == [1, 2, 2, 2]


def test_denominator_layout_ends_with_the_transpose() -> None:
    lines = derive("w . x", wrt="w", where="w, x: R^n", layout="denominator").steps.text().split("\n")
    assert lines[-1] == "  (∂/∂w (w · x))ᵀ = x   denominator layout: the transpose · §4" or lines[-1].startswith(
        "  (∂y/∂w)ᵀ = x"
    )


def test_remarks_name_the_section_where_it_is_the_papers() -> None:
    assert remark("power rule, sum rule", "2, 4.2") == "power rule, sum rule · §2, §4.2"
    assert remark("softmax", "beyond the paper") == "softmax · beyond the paper"


def test_equations_without_lines_and_words_without_a_width() -> None:
    assert laid_out([]) == []
    assert plain(wrapped([("a b c", "text")], None)) == "a b c"
    assert plain(wrapped([("a b c", "text")], 3, 0, 1)) == "a b\n c"
    assert columns([("1⃗", "constant")]) == 1


def test_short_definitions_stand_side_by_side_and_long_ones_in_columns() -> None:
    short = [[("a = b", "name")]] * 3
    assert plain(packed(short, 60)) == "     a = b        a = b        a = b"
    assert plain(packed(short * 4, 60)).count("\n") == 1
    row = laid_out([Equation([("aaa", "name")], [[("b" * 30, "name")]], "why")], 45)
    assert plain(row) == "     aaa = " + "b" * 30 + "\n" + " " * 42 + "why"


@pytest.mark.parametrize("text", ["L(w) = ‖X w - y‖²", "J = 1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2"])
def test_a_function_keeps_the_name_that_its_author_gave_it(text: str) -> None:
    steps = derive(text, wrt="w").steps
    name = text[0]
    assert steps.text().startswith(f"{name} = ")
    assert steps[-1].lhs == f"∂{name}/∂w"
    assert f"{name} &= " in steps.latex
