"""A derivation as it stands on a page: each line judged, with names that are variables to the lines that use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import mcalc
from mcalc import Mistake, check
from mcalc.api import derive, page_of, scope_of
from mcalc.checking.diagnosis import explained
from mcalc.checking.equality import Comparison
from mcalc.checking.page import Page
from mcalc.checking.verdict import Question, Verdict
from mcalc.expr import Expr
from tests.test_calculus_differential_story import blocks, by_differentials
from tests.test_golden import beyond, derivations

SIZES = "X: R^{m x n}; w: R^n; y: R^m"
PAGE = """
u = X w - y
f = u · u
∂f/∂u = 2 uᵀ
∂f/∂w = ∂f/∂u ∂u/∂w
= 2 uᵀ X
= 2 (X w - y)ᵀ X
"""


def verdicts(text: str, where: str | None = None) -> list[str]:
    """Return the verdict on each line that claims something; of what is not read, its code."""
    page = page_of(text, scope_of(where))
    found = [
        one.verdict.verdict if one.verdict is not None else one.mistake.code if one.mistake else ""
        for one in page.judged
    ]
    return [word for word in found if word]


def printed(head: str, told: str, *, latex: bool) -> Page:
    """Return the derivation of a golden file, as it is printed, judged as a page."""
    _, where, expr, wrt, *mode = [cell.strip() for cell in head.split(" | ")]
    if latex:
        told = derive(expr, wrt=wrt.split(", "), where=where, mode=mode[0] if mode else "auto").steps.latex
    return page_of(told, scope_of(where))


def holds(page: Page) -> None:
    """Require that every line of a page was read and holds, and that there is one."""
    assert page.claims
    assert not [(one.line, one.mistake) for one in page.mistakes]
    assert not [(one.line, one.verdict) for one in page.claims if not one.verdict]


@pytest.mark.parametrize(("head", "told"), derivations(), ids=lambda text: text[:60])
def test_a_derivation_as_mcalc_prints_it_passes_its_own_check(head: str, told: str) -> None:
    holds(printed(head, told, latex=False))


@pytest.mark.parametrize(("head", "told"), derivations()[::4], ids=lambda text: text[:60])
def test_a_derivation_in_latex_passes_the_check_too(head: str, told: str) -> None:
    holds(printed(head, told, latex=True))


@pytest.mark.slow
@pytest.mark.parametrize(("head", "told"), derivations(), ids=lambda text: text[:60])
def test_every_derivation_in_latex_passes_the_check_too(head: str, told: str) -> None:
    holds(printed(head, told, latex=True))


@pytest.mark.parametrize(("expr", "wrt", "where", "told"), blocks(), ids=lambda text: text[:40])
def test_a_derivation_by_differentials_passes_its_own_check(expr: str, wrt: str, where: str, told: str) -> None:
    holds(page_of(told, scope_of(where)))
    holds(page_of(by_differentials(expr, wrt, where).steps.latex, scope_of(where)))


@pytest.mark.parametrize(("topic", "words", "told"), beyond(), ids=[topic for topic, _, _ in beyond()])
def test_a_derivation_beyond_the_paper_passes_its_own_check(topic: str, words: list[str], told: str) -> None:
    _, expr, _, wrt, *more = words
    derivative = derive(expr, wrt=wrt, order=2 if "--order" in more else 1)
    scope = scope_of("; ".join(derivative.assumed))
    holds(page_of(told, scope))
    holds(page_of(derivative.steps.latex, scope))


def test_what_a_page_defines_is_a_variable_to_the_lines_that_use_it() -> None:
    assert verdicts(PAGE, SIZES) == ["equal"] * 4
    assert verdicts(PAGE) == ["equal"] * 4
    assert verdicts("f = u · u\nu = X w - y\n∂f/∂u = 2uᵀ\n∂f/∂w = 2uᵀ X", SIZES) == ["equal"] * 2
    found = mcalc.check(PAGE, where=SIZES)
    assert (found.verdict, found.headline) == ("equal", "equal: all 4 lines hold")


def test_a_wrong_middle_with_a_right_end_is_told_so() -> None:
    wrong = PAGE.replace("= 2 uᵀ X\n", "= uᵀ X\n")
    found = mcalc.check(wrong, where=SIZES)
    assert (found.verdict, found.wrong) == ("not-equal", 6)
    assert "likely slip: a factor" in found.text
    assert "your last line is right; line 6 does not hold" in found.text
    assert [link.verdict for link in found.links] == ["equal", "equal", "not-equal", "equal"]
    assert found.links[-1].headline == "right, though line 6 is not"


def test_what_follows_from_a_wrong_line_is_said_to_follow_from_it() -> None:
    found = mcalc.check("d/dx sin(x^2)\n= cos(x^2) 3x\n= 3x cos(x^2)\ny = x^2\ndy/dx = 2x")
    assert [link.verdict for link in found.links] == ["not-equal", "not-equal", "equal"]
    assert found.links[1].headline == "follows from line 2, which does not hold"


@pytest.mark.parametrize(
    "text",
    [
        "f(x) = x^2\nf'(x) = 2x\nf''(x) = 2\nf'(3) = 6",
        "f = x^3\ndf/dx|_{x=2} = 12\ndf/dx = 12 at x = 2",
        "f = u v; u = x^2; v = sin(x); u' = 2x; v' = cos(x); f' = u' v + u v'; = 2x sin(x) + x^2 cos(x)",
        "f(u) = sin(u)\nu(x) = x^2\ndf/du = cos(u)\ndu/dx = 2x\ndf/dx = df/du du/dx\n= 2x cos(x^2)",
        "y = f(u) = sin(u)\nu = g(x) = x^2\ndy/dx = dy/du du/dx = 2x cos(x^2)",
        "(sin(x²))' = 2x cos(x²)\n(x³)' = 3x²",
        "d/dx sin(x²) = cos(x²) d/dx x² ⟹ d/dx sin(x²) = 2x cos(x²)",
        "Let u = x^2 and y = sin(u).\nThen dy/du = cos(u)   (sine rule)\nso dy/dx = 2x cos(x²), since u = x^2",
        "y = x + u, u = x^2; dy/dx = ∂y/∂x + ∂y/∂u du/dx; = 1 + 2x; ∂y/∂x = 1",
        r"u = x^2 \\ y = \sin(u) \\ \frac{dy}{dx} &= \frac{dy}{du} \frac{du}{dx} && \text{chain rule} \\ &= 2x \cos(u)",
        r"Let $u = x^2$ and $y = \sin u$. Then \[ y' = \cos(u) \cdot 2x \implies \frac{dy}{dx} = 2x\cos(x^2) \]",
        r"f(x) = x^3 \\ f'(x) = 3x^2 \\ \left.\frac{df}{dx}\right|_{x=2} = 12",
    ],
)
def test_a_page_is_read_as_it_is_written(text: str) -> None:
    found = verdicts(text)
    assert found
    assert set(found) == {"equal"}


def test_gradients_may_be_columns_on_a_page() -> None:
    text = "z = W x + b\na = σ(z)\nL = ‖a - y‖²\n∂L/∂a = 2(a - y)\n∂L/∂z = ∂L/∂a ⊗ a ⊗ (1 - a)\nδ = ∂L/∂z\n∂L/∂W = δ xᵀ"
    assert verdicts(text, "W: R^{m x n}; x: R^n; b, y: R^m") == ["other-layout"] * 3
    text = "r = X w - y\nL = ½ r·r\n∂L/∂w = (∂r/∂w)ᵀ ∂L/∂r\n= Xᵀ r"
    assert verdicts(text, SIZES) == ["other-layout"] * 2
    assert verdicts(text.replace("(∂r/∂w)ᵀ", "∂r/∂w"), SIZES) == ["other-layout"] * 2


def test_a_partial_derivative_holds_where_the_page_uses_it_as_one() -> None:
    total = "u = x^2\ny = x + u\ndy/dx = ∂y/∂x + ∂y/∂u du/dx\n"
    assert verdicts(total + "∂y/∂x = 1") == ["equal", "equal"]
    assert verdicts("u = x^2\ny = x + u\n∂y/∂x = 1") == ["not-equal"]


def test_a_name_that_the_claimed_side_alone_has_is_asked_about() -> None:
    with pytest.raises(mcalc.Mistake, match="nothing says what Z is"):
        mcalc.check("u = X w - y\nf = u·u\n∂f/∂w = 2uᵀ Z", where=SIZES)
    with pytest.raises(mcalc.Mistake, match="nothing says what λ is"):
        mcalc.check("∂/∂w ‖X w - y‖² = 2(X w - y)ᵀ X + λ wᵀ", where=SIZES)


def test_what_depends_on_a_name_in_no_known_way_is_asked_about() -> None:
    assert verdicts("u = X w\nf = ‖w‖²\n∂f/∂u = 2uᵀ", SIZES) == ["E-NAME"]


def test_a_line_that_fits_no_shapes_is_wrong() -> None:
    assert verdicts(PAGE.replace("= 2 uᵀ X\n", "= 2 uᵀ Xᵀ\n"), SIZES) == ["equal", "equal", "not-equal", "equal"]


def test_what_cannot_be_read_is_said_of_its_line_and_the_others_are_judged() -> None:
    page = page_of("u = x^2\ndu/dx = 2 +) x\n= 2x\ndu/dx = 2x", scope_of(None))
    assert [one.line.number for one in page.mistakes] == [2, 3]
    assert page.summary == "the other line holds; lines 2 and 3 are not read"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("d/dx (x sin(x)) = sin(x) + x cos(x)  (quotient rule)", "quotient rule is for; it is the product rule"),
        ("d/dx sin(x) = cos(x)  by the product rule", "product rule is for"),
        ("d/dx (x sin(x)) = sin(x) + x cos(x)  (product rule)", ""),
        ("d/dx sin(x^2) = 2x cos(x^2)  by the chain rule", ""),
        ("d/dx (x^2 + x) = 2x + 1  (sum rule, power rule)", ""),
    ],
)
def test_the_rule_that_a_line_states_is_judged(line: str, said: str) -> None:
    found = mcalc.check(line, where="x: R")
    assert found.verdict == "equal"
    assert said in found.text
    assert ("the reason is another" in found.text) is bool(said)


def test_a_gradient_by_a_variable_that_nothing_says_is_asked_about() -> None:
    with pytest.raises(mcalc.Mistake, match="∇L by which variable"):
        mcalc.check("L = ‖X w - y‖²\n∇L = 2Xᵀ(X w - y)", where=SIZES)
    assert verdicts("f = x·x\n∇f = 2x", "x: R^n") == ["other-layout"]


def test_what_a_copy_lost_is_put_back_with_a_note() -> None:
    found = mcalc.check("f = u·u\n8f/8u = 2 uT\nOf/Ou = 2 uT", where="u: R^n")
    assert found.verdict == "equal"
    assert "8f/8u is read as ∂f/∂u" in found.notes
    assert verdicts("f = T u·u\n∂f/∂u = 2 T uᵀ", "u: R^n; T: R") == ["equal"]


def test_a_gradient_that_is_set_to_zero_is_no_claim_that_it_is_zero() -> None:
    text = "y = x^3 - 3x\ny' = 3x^2 - 3 = 0\nx = 1"
    assert verdicts(text) == ["equal", "equal"]
    assert "= 0 in line 2 is taken for the condition that it is 0" in page_of(text, scope_of(None)).notes
    assert verdicts("y = x^3 - 3x\ny' = 3x^2 = 0\nx = 0") == ["not-equal", "equal"]


@pytest.mark.parametrize(
    ("page", "verdicts"),
    [
        ("f = x^2 y + y^3, f_x = 2xy", [True]),
        ("f = x^2 y + y^3; f_x = 2xy; f_xy = 2x; f_yy = 6y", [True, True, True]),
        (r"f(x,y) = x^2 y + y^3, \frac{\partial f}{\partial x} = 2xy, f_{yx} = 3x", [True, False]),
        ("df = f_x dx + f_y dy where f = x y^2", [True]),
    ],
)
def test_a_subscript_of_a_name_of_the_page_is_a_derivative_by_it(page: str, verdicts: list[bool]) -> None:
    found = check(page)
    assert [bool(link) for link in found.links or [found]] == verdicts


@pytest.mark.parametrize(
    "page",
    [
        "ln L = -n ln σ - 1/(2σ²) Σ (x_i - μ)²\n∂ ln L/∂μ = 1/σ² Σ (x_i - μ)\n∂ ln L/∂σ = -n/σ + 1/σ³ Σ (x_i - μ)²",
        r"\ln L = -\frac{1}{2}\sum_i (x_i-\mu)^2;\frac{\partial\ln L}{\partial\mu}=\sum_i (x_i-\mu)",
    ],
)
def test_a_line_may_define_a_name_by_its_logarithm(page: str) -> None:
    assert check(page)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("z_i = w·x_i\nL = Σ_i (z_i - y_i)²\n∂L/∂w = (Σ_i 2 (z_i - y_i)) x_i", ["E-AMBIG"]),
        ("f_i = (w·x_i - y_i)²\nL = Σ_i (w·x_i - y_i)²\n∂L/∂w = (Σ_i 2 (w·x_i - y_i)) x_i", ["E-AMBIG"]),
        ("X: R^{m x n}\nw: R^n\nz_i = w·x_i\nL = Σ_i (z_i - y_i)²\n∂L/∂w = 2 Σ_i (z_i - y_i) x_iᵀ", ["equal"]),
        ("z_i = w·x_i + b, L = ½ Σ_i (z_i - y_i)²\n∂L/∂w = Σ_i (z_i - y_i) x_i\n∂z_i/∂w = x_i\n∂L/∂z_i = z_i - y_i",
         ["other-layout", "other-layout", "equal"]),
        ("L = Σ_i r_i²\nr_i = y_i - wᵀx_i\n∂L/∂w = -2 Σ_i r_i x_i\n∂L/∂w = 2 Σ_i r_i x_i",
         ["other-layout", "not-equal"]),
        ("ŷ_i = wᵀx_i\nL = 1/n Σ_{i=1}^n (y_i - ŷ_i)²\n∂L/∂w = -2/n Σ_i (y_i - ŷ_i) x_i", ["other-layout"]),
        ("p_i = σ(w·x_i)\nL = -Σ_i [y_i log p_i + (1 - y_i) log(1 - p_i)]\n∂L/∂w = Σ_i (p_i - y_i) x_i",
         ["other-layout"]),
        (r"z_i = w^T x_i \\ L = \frac12 \sum_i (z_i - y_i)^2 \\ \frac{\partial L}{\partial w} = \sum_i (z_i - y_i) x_i",
         ["other-layout"]),
        ("h_j = tanh(Σ_i W_ji x_i)\ny = Σ_j v_j h_j\n∂y/∂W_ji = v_j (1 - h_j²) x_i\n∂y/∂W_ji = v_j h_j x_i",
         ["equal", "not-equal"]),
    ],
)  # fmt: skip
def test_an_entry_that_one_line_defines_is_an_entry_in_a_sum_of_another(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    "link",
    [
        ", so",
        ". So",
        ", hence",
        ", thus",
        ", therefore",
        ", giving",
        " and hence",
        ", i.e.,",
        ", which gives",
        r" \quad",
    ],
)
def test_what_follows_in_the_same_row_is_judged_as_a_line_of_its_own(link: str) -> None:
    for value, verdict in (("9", "equal"), ("8", "not-equal")):
        assert verdicts(f"f(x) = x³ - 3x\nf'(x) = 3x² - 3{link} f'(2) = {value}") == ["equal", verdict]


def test_a_gradient_and_a_hessian_in_one_row_are_both_judged() -> None:
    page = "f(x) = ‖x‖²\ndf = 2 xᵀ dx, hence ∇f = 5 x\n∇f = 2 x, Hessian: ∇²f = 3 I\nHessian: ∇²f = 2 I"
    assert verdicts(page) == ["equal", "not-equal", "other-layout", "not-equal", "equal"]


@pytest.mark.parametrize(
    "row",
    [
        "so the gradient is 5 x",
        "Thus the gradient is 2 A x",
        "∇f = 2 x and the Hessian is A^T A",
        "The derivative is 3x² and the second derivative is 3x.",
        r"$\nabla f = 2 x$, \text{so the gradient is } 5 x",
        r"\text{so the gradient is } 5 x",
        "so the gradient is $5 x$",
    ],
)
def test_a_claim_in_words_is_said_not_to_be_judged(row: str) -> None:
    mistakes = page_of(f"f(x) = ‖x‖²\n{row}", scope_of(None)).mistakes
    assert mistakes
    assert all([one.mistake is not None and "is not judged" in one.mistake.message for one in mistakes])


def test_a_remark_on_a_derivative_is_no_claim() -> None:
    page = "f(x) = x³\nThe derivative is linear in x.\nThe gradient is a vector"
    page += "\nf'(x) = 3x², so the derivative is positive"
    assert verdicts(page) == ["equal"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("L(w) = ‖X w - y‖²; ∇L = 4 Xᵀ(X w - y) = 0; w = (XᵀX)⁻¹ Xᵀ y", ["not-equal", "equal"]),
        ("L(w) = ‖X w - y‖²; ∇L = 2 Xᵀ(X w - y) = 0; w = (XᵀX)⁻¹ Xᵀ y", ["other-layout", "equal"]),
        ("L(w) = ‖X w - y‖²; ∇L = 4 Xᵀ(X w - y); w = (XᵀX)⁻¹ Xᵀ y", ["not-equal"]),
        ("L = ‖X w - y‖²; ∇_w L = 2 Xᵀ(X w - y) = 0 ⇒ XᵀX w = Xᵀ y ⇒ w = 2 (XᵀX)⁻¹ Xᵀ y",
         ["other-layout", "equal", "not-equal"]),
        ("f(x) = x² - 4x; f'(x) = 2x - 4 = 0 ⇒ x = 2", ["equal", "equal"]),
        ("f(x) = x² - 4x; f'(x) = 2x - 4 = 0 ⇒ x = 3; f(2) = -4; f(2) = 5",
         ["equal", "not-equal", "equal", "not-equal"]),
        ("f(x) = x² - 4x; f'(x) = 0 ⇔ 2x - 4 = 0 ⇔ x = 2", ["equal", "equal"]),
        ("f(x) = x² - 4x; f'(x) = 0 ⇔ 2x - 5 = 0 ⇔ x = 5/2", ["E-UNSUPPORTED", "not-equal"]),
        ("f(x) = x² - 4x; f'(x) = 0", ["not-equal"]),
        ("A: R^{n x n} symmetric; L = xᵀ A x - λ (xᵀ x - 1); ∇_x L = 2 A x - 2 λ x = 0 ⇒ A x = λ x; so λ = xᵀ A x",
         ["other-layout", "equal", "E-UNSUPPORTED"]),
    ],
)  # fmt: skip
def test_what_follows_from_a_gradient_that_is_0_is_judged_or_said_not_to_be(page: str, said: list[str]) -> None:
    assert verdicts(page.replace("; ", "\n")) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("- d/dx cos(x) = -sin(x)", ["not-equal"]),
        ("- d/dx cos(x) = sin(x)", ["equal"]),
        ("- f = x²\n- df/dx = 2x\n- = 3x", ["equal", "not-equal"]),
        ("- d/dx cos(x) = sin(x)\n- d/dx sin(x) = -cos(x)", ["E-AMBIG", "E-AMBIG"]),
        ("- d/dx cos(x) = -sin(x)\n- d/dx sin(x) = 2 cos(x)", ["equal", "not-equal"]),
        ("f = xᵀ A x where A = Aᵀ\n∂f/∂x = 2 xᵀ A", ["equal"]),
        ("p = softmax(z), where z = W x and W is symmetric\n∂p/∂z = diag(p) - p pᵀ", ["equal"]),
        ("f(n) = 1/n Σ_i x_i\nf'(n) = -1/n² Σ_i x_i", ["equal"]),
        ("r² = x² + y²\nx = r cos θ\ny = r sin θ", ["equal"]),
        ("- d/dx cos(x) = sin(x)\n= sin(x)", ["equal", "equal"]),
        ("- $f = x^2$\n- $df/dx = 2x$", ["equal"]),
        ("d/dx x² = 2x      (x³)' = 3x", ["equal", "not-equal"]),
        ("f(x) = x²      g(x) = x³\nf'(x) = 2x      g'(x) = 2x²", ["equal", "not-equal"]),
        ("J = xᵀ Q x + xᵀ R x where Q, R symmetric\n∂J/∂x = 2 Q x + 2 R x", ["equal"]),
        ("J = xᵀ Q x + xᵀ R x where Q symmetric\n∂J/∂x = 2 Q x + 2 R x", ["not-equal"]),
        ("f = xᵀ A x + xᵀ B x\n∂f/∂x = 2 xᵀ A + 2 xᵀ B, since A and B are symmetric", ["equal"]),
        ("f = xᵀ D x, where D is diagonal\n∂f/∂x = 2 xᵀ D", ["equal"]),
        (
            "Ψ: R^{n x n}\nf = ‖Ψ x‖² where Ψ is diagonal\n∂f/∂x = 2 (Ψ Ψ x)ᵀ\n∂f/∂x = 3 (Ψ Ψ x)ᵀ",
            ["equal", "not-equal"],
        ),
    ],
)
def test_all_of_a_row_and_all_conditions_are_taken_in(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("L(w) = E[(y - wᵀ x)²]\n∇L = -E[(y - wᵀ x) x]", ["not-equal"]),
        ("L(w) = E[(y - wᵀ x)²]\n∇L = -2 E[(y - wᵀ x) x]", ["other-layout"]),
        ("L(w) = E[w·x]\n∂L/∂w = E[x] + w", ["not-equal"]),
        ("r = y - w·x\nL = E[r²]\n∇_w L = -2 E[r x]\n∇_w L = -2 E[r] x", ["other-layout", "not-equal"]),
        ("u = w·x\nL = E[(u - y)²]\n∂L/∂w = ∂L/∂u ∂u/∂w", ["not-equal"]),
        ("L(w, b) = E[(w·x + b)²]\n∂L/∂b = 2 E[w·x] + 2 b\n∂L/∂w = 2 E[(w·x) x] + 2 b E[x]", ["equal", "other-layout"]),
    ],
)
def test_what_is_random_in_an_expectation_that_a_page_defines_stays_random(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("p = softmax(z)\nL = -Σ_i y_i log(p_i)\n∂L/∂z = p - y where p = softmax(z), sum(y) = 1", ["equal", "equal"]),
        ("∂/∂z (-y·log(p)) = p - y where p = softmax(z), sum(y) = 1", ["equal"]),
        ("∂/∂z (-y·log(p)) = p - y where p = softmax(z)", ["not-equal"]),
        ("L = -y·log(p), where p = softmax(z) and Σ_i y_i = 1\n∂L/∂z = (p - y)ᵀ\n∂L/∂z = (p + y)ᵀ",
         ["equal", "not-equal"]),
        ("L = -y·log(p)\nwhere p = softmax(z) and 1ᵀy = 1\n∂L/∂z = (p - y)ᵀ", ["equal"]),
        ("L = -y·log(p) where p = +) softmax(z)\n∂L/∂p = -y/p", ["E-SYNTAX", "E-NAME", "E-NAME"]),
        ("p_i = +) z_i\nL = -y·log(p)\n∂L/∂y = -log(p)", ["E-SYNTAX", "E-NAME", "E-NAME"]),
    ],
)  # fmt: skip
def test_what_stands_behind_where_defines_or_is_a_condition(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("μ = 1/n Σ_i x_i\nσ² = 1/n Σ_i (x_i - μ)²\n∂σ²/∂x_j = 2/n (x_j - μ)\n∂σ²/∂x_j = 1/n (x_j - μ)",
         ["equal", "not-equal"]),
        (r"\mu=\frac1n \sum_i x_i\\\sigma^2=\frac1n \sum_i (x_i-\mu)^2\\\partial\sigma^2/\partial x_j=\frac2n(x_j-\mu)",
         ["equal"]),
        ("σ² = 1/n Σ_{i=1}^n (x_i - μ)²\n∂σ²/∂x_j = 2/n (x_j - μ)", ["equal"]),
        ("r² = x·x\n∂r/∂x = xᵀ/r\n∂r/∂x = 2xᵀ/r", ["equal", "not-equal"]),
        ("f(x) = x³ - 12 x\nf'(x) = 3x² - 12 = 0\nx² = 4", ["equal", "equal"]),
        ("L = 1/(2m) Σ_i (w·x_i - y_i)²\n∂L/∂w = 1/m Σ_i (w·x_i - y_i) x_i", ["other-layout"]),
    ],
)  # fmt: skip
def test_a_square_and_an_average_are_defined_as_they_are_written(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("x² + y² = 1\n2x + 2y dy/dx = 0\ndy/dx = -x/y", ["equal", "equal"]),
        ("x² + y² = 1\n2x + 2y y' = 0\ny' = -x/y", ["equal", "equal"]),
        (r"x^2 + y^2 = 25 \\ 2x + 2y \frac{dy}{dx} = 0 \\ \frac{dy}{dx} = -\frac{x}{y}", ["equal", "equal"]),
        ("x² + x y + y³ = 7\nd/dx (x² + x y + y³) = 0\ndy/dx = -(2x + y)/(x + 3y²)", ["equal", "equal"]),
        ("x² + y² = 1\ndy/dx = x/y", ["E-UNSUPPORTED"]),
        ("x² + y² = 1\ndy/dx = -x/y\nd²y/dx² = -1/y³", ["equal", "E-UNSUPPORTED"]),
        ("x² + y² = 1\nx = 2", ["E-UNSUPPORTED"]),
        ("x² = y\ndy/dx = 2x", ["equal"]),
        ("x² + y² = 1\ndy/dx = -x/y\nd/dx x³ = 2x²", ["equal", "not-equal"]),
        ("x² + y² = 25\n∂(x² + y²)/∂x = 2x\ndy/dx = -x/y", ["equal", "equal"]),
        ("x² + y² = 25\n∂y/∂x = 0", ["E-UNSUPPORTED"]),
    ],
)
def test_an_equation_defines_what_a_later_line_differentiates(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("∂L/∂w = ∂/∂w ‖X w - y‖²\n= 2 Xᵀ(X w - y)\n= 4 Xᵀ(X w - y)", ["other-layout", "not-equal"]),
        (r"\frac{\partial L}{\partial w} = \frac{\partial}{\partial w} \|X w - y\|^2 \\ = 2 X^T (X w - y)",
         ["other-layout"]),
        (r"\mathcal{L}(W) = \|X W - Y\|_F^2 \\ d\mathcal{L} = 2 \operatorname{tr}((XW - Y)^T X dW)", ["equal"]),
        (r"\mathcal{L}(W) = \|X W - Y\|_F^2 \\ d\mathcal{L} = \operatorname{tr}((XW - Y)^T X dW)", ["not-equal"]),
        (r"\mathcal{L}(w) = \|X w - y\|^2 \\ \nabla \mathcal{L}(w) = 2 X^T (X w - y)", ["other-layout"]),
    ],
)  # fmt: skip
def test_a_derivative_may_be_named_before_what_it_is_of(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


def test_two_entries_that_nothing_declares_are_of_one_vector() -> None:
    assert verdicts("∂(x_i²)/∂x_j = 2 x_i", "x: R^n") == ["not-equal"]
    assert mcalc.check("∂(x_i²)/∂x_j = 2 x_i").verdict == "not-equal"
    assert mcalc.check("∂(x_i²)/∂x_j = 2 x_i δ_ij").verdict == "equal"


def test_why_a_line_does_not_hold_is_looked_for_once_in_each_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other readings of its derivatives count only where it holds by them; of a line that holds nothing is asked."""
    looked: list[str] = []

    def seen(comparison: Comparison, question: Question | None, write: Callable[[Expr], str]) -> Verdict:
        looked.extend(["wrong"] if comparison.verdict == "not-equal" else [])
        return explained(comparison, question, write)

    monkeypatch.setattr("mcalc.checking.claims.explained", seen)
    page = "u = x - c\nk = exp(-(u·u)/(2 s²))\n∂k/∂u = -k/s² u\n∂k/∂x = -k/s² (x - c)\n∂k/∂x = -2k/s² (x - c)"
    found = verdicts(page, "x, c, s: R")
    assert found == ["equal", "equal", "not-equal"]
    assert 1 <= len(looked) <= 3


def test_a_recurrence_is_read_as_one() -> None:
    page = "h_1 = tanh(W h_0 + U x_1)\nh_2 = tanh(W h_1 + U x_2)\nL = ‖h_2 - y‖²"
    right = "2 (h_2 - y)ᵀ diag(1 - h_2²) W"
    assert verdicts(f"{page}\n∂L/∂h_2 = 2 (h_2 - y)ᵀ\n∂L/∂h_1 = {right}\n∂L/∂h_1 = {right}ᵀ") == [
        "equal",
        "equal",
        "not-equal",
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(x) = x²; f'(x) = 2x = 0; f(x) = x² + 2x", ["equal", "not-equal"]),
        ("f(x) = x² - 4; f'(x) = 2x = 0; x = 0; g(x) = f(x) + 1; g'(x) = 3x", ["equal", "equal", "not-equal"]),
        ("f(x) = x³ - 12x; f'(x) = 3x² - 12 = 0; x = 2; f''(x) = 6x; x = -2; x = 3",
         ["equal", "equal", "equal", "equal", "not-equal"]),
        ("f(x) = x² + a x; f'(x) = 2x + a = 0; x = -a/2; a = 4; x = -2; x = 2",
         ["equal", "equal", "equal", "not-equal"]),
        ("ℓ = Σ_{i=1}^n (x_i - μ)²; ∂ℓ/∂μ = -2 Σ_{i=1}^n (x_i - μ) = 0; Σ_{i=1}^n x_i = n μ; Σ_{i=1}^n x_i = μ",
         ["equal", "equal", "E-UNSUPPORTED"]),
        ("r = y - X w; L = rᵀ r; ∂L/∂w = -2 rᵀ X = 0; XᵀX w = Xᵀ y; w = (XᵀX)⁻¹ Xᵀ y", ["equal", "equal", "equal"]),
    ],
)  # fmt: skip
def test_a_condition_holds_for_what_solves_it_and_not_for_a_definition_that_is_restated(
    page: str, said: list[str]
) -> None:
    assert verdicts(page.replace("; ", "\n")) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("ℓ(p) = k log p + (n-k) log(1-p); dℓ/dp = k/p - (n-k)/(1-p) = 0; k(1-p) = (n-k) p; k = n p; p = k/n",
         ["equal", "equal", "equal", "equal"]),
        ("f(x) = x/(1 + x²); f'(x) = (1 - x²)/(1+x²)² = 0; x² = 1; 1 - x = 0", ["equal", "equal", "E-UNSUPPORTED"]),
        ("ℓ(σ) = -n log σ - S/(2σ²); ℓ'(σ) = -n/σ + S/σ³ = 0; σ² = S/n", ["equal", "equal"]),
    ],
)  # fmt: skip
def test_a_condition_may_be_multiplied_by_its_denominators(page: str, said: list[str]) -> None:
    assert verdicts(page.replace("; ", "\n")) == said


@pytest.mark.parametrize("f", ["relu", "tanh"])
def test_what_a_definition_is_made_of_has_the_shape_that_its_use_needs(f: str) -> None:
    page = f"h = {f}(z)\nL = 1/2 ‖W h - y‖²\ndL/dz = dL/dh ⊙ {f}'(z)\ndL/dz = 2 dL/dh ⊙ {f}'(z)"
    assert verdicts(page) == ["other-layout", "not-equal"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("x = cos t\ny = cos t + sin t\ndy/dx = 1\ndy/dx = 1 - cot t", ["not-equal", "equal"]),
        ("u = x²\nf = x² + x\ndf/du = 1\ndf/du = 1 + 1/(2x)", ["not-equal", "equal"]),
        ("u = A x\nf = ‖A x‖² + x·x\n∂f/∂u = 2 uᵀ", ["E-NAME"]),
        ("u = w·x\nf = (w·x)² + b\ndf/du = 2u", ["equal"]),
    ],
)
def test_what_moves_with_a_name_in_another_way_too_is_not_held_fixed(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


CURVE = "x = cos t, y = sin t\n"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("dy/dx = -cot t", "equal"),
        ("dy/dx = cot t", "not-equal"),
        ("dy/dx = (dy/dt)/(dx/dt)", "equal"),
        ("d²y/dx² = -1/sin³ t", "equal"),
        ("d²y/dx² = 1/sin³ t", "not-equal"),
    ],
)
def test_a_curve_that_a_parameter_runs_along_has_a_slope(claim: str, said: str) -> None:
    assert verdicts(CURVE + claim) == [said]


RIDGE = "f(w) = ‖X w - y‖² + λ‖w‖²; ∇f(w) = 2Xᵀ(Xw - y) + 2λw = 0; "
MEAN = r"\ell(\mu) = -\frac{1}{2v}\sum_{i=1}^n (x_i - \mu)^2; \frac{d\ell}{d\mu} = \frac{1}{v}\sum_{i=1}^n (x_i - \mu)"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (RIDGE + "w* = (XᵀX + λI)⁻¹ Xᵀ y", "equal"),
        (RIDGE + "w^* = (XᵀX - λI)⁻¹ Xᵀ y", "not-equal"),
        (RIDGE + "ŵ = (XᵀX + λI)⁻¹ Xᵀ y", "equal"),
        (MEAN + r" = 0; \hat{\mu} = \frac1n \sum_{i=1}^n x_i", "equal"),
        (MEAN + r"; = 0; \mu^* = \frac1n \sum_{i=1}^n x_i", "equal"),
        (MEAN + r" = 0; \mu^* = \frac2n \sum_{i=1}^n x_i", "not-equal"),
        ("f(x) = a x² + b x + c; f'(x) = 2 a x + b = 0; x* = -b/(2a); f(x*) = c - b²/(4a)", "equal"),
        ("f(x) = a x² + b x + c; f'(x) = 2 a x + b = 0; x* = -b/(2a); f(x*) = c + b²/(4a)", "not-equal"),
    ],
)
def test_a_solution_may_have_a_star_or_a_hat(page: str, said: str) -> None:
    assert verdicts(page.replace("; ", "\n"))[-1] == said


BOTH = "f = x² + y² + x y - 3 y; ∂f/∂x = 2x + y = 0; ∂f/∂y = x + 2y - 3 = 0; "


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (BOTH + "y = 2; x = -1", ["equal", "equal"]),
        (BOTH + "y = 0; x = 3", ["not-equal", "not-equal"]),
        (BOTH + "y = -2x; x = -1; y = 2", ["equal", "equal", "equal"]),
        (BOTH + "y = -2x; x = 1", ["equal", "not-equal"]),
        (BOTH + "y = 2", ["equal"]),
    ],
)
def test_a_solution_has_to_meet_all_conditions(page: str, said: list[str]) -> None:
    assert verdicts(page.replace("; ", "\n"))[2:] == said


LAGRANGE = "L(x, y, λ) = x² + y² + λ(1 - x - y)\nL_x = 2x - λ = 0\nL_y = 2y - λ = 0\nx + y = 1\n"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("2x - 4 = 0, x = 2", ["equal"]),
        ("2x - 4 = 0, x = 3", ["not-equal"]),
        ("2x = 4\nx = 2", ["equal"]),
        (LAGRANGE + "x = 1/2, y = 1/2\nλ = 1", ["equal"] * 5),
        (LAGRANGE + "x = 1/3, y = 2/3\nλ = 1", [*["equal"] * 4, "not-equal"]),
        ("2x + y = 5\nx - y = 1\nx = 2\ny = 1", ["equal", "equal"]),
        ("2x + y = 5\nx - y = 1\nx = 2\ny = 2", ["equal", "not-equal"]),
        ("2x - 4 = 0", ["not-equal"]),
        ("2x - 4 = 0\nx = 2\n3x - 9 = 0\nx = 3\nx = 4", ["equal", "equal", "not-equal"]),
        ("x² = x\nx = 0 or x = 1", ["equal", "equal"]),
        ("f(x) = 80x - x²\nf'(x) = 0\nx = 40", ["equal"]),
        ("f(x) = 80x - x²\nf'(x) = 0\nx = 30", ["not-equal"]),
        ("L(x,y) = x y\n∂L/∂x - λ = 0\n∂L/∂y - λ = 0\nx + y = 10\nx = 5\ny = 5\nλ = 5", ["equal"] * 3),
        (
            "f(w) = ‖X w - y‖² + λ‖w‖²\n∇f(w) = 2Xᵀ(Xw - y) + 2λw = 0\n(XᵀX + λ) w = Xᵀy\nw = (XᵀX + λI)⁻¹ Xᵀ y",
            ["other-layout", "E-UNSUPPORTED", "equal"],
        ),
    ],
)
def test_an_equation_that_later_lines_solve_is_no_claim(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("h = tanh(z)\nL = 1/2 ‖W h - y‖²\ndL/dz = dL/dh * (1 - h²)", ["E-AMBIG"]),
        ("h = tanh(z)\nL = 1/2 ‖W h - y‖²\ndL/dz = (1 - h²) * (Wᵀ (W h - y))", ["E-AMBIG"]),
        ("h = tanh(z)\nL = 1/2 ‖W h - y‖²\ndL/dz = dL/dh * (1 - h)", ["not-equal"]),
        ("∂/∂z sum(tanh(z) ⊗ y) = y * (1 - tanh(z)²)", ["E-AMBIG"]),
    ],
)
def test_a_star_that_would_be_right_entry_by_entry_is_asked_about(page: str, said: list[str]) -> None:
    assert verdicts(page, "z: R^n; W: R^{m x n}; y: R^m" if "W" in page else "z, y: R^n") == said


def test_one_claim_asks_about_its_stars_as_well() -> None:
    with pytest.raises(mcalc.Mistake, match="entry by entry"):
        check("∂/∂z sum(tanh(z) ⊗ y) = y * (1 - tanh(z)²)", where="z, y: R^n")
    assert check("A * B = A ⊗ B'", where="A, B: R^{n x n}").verdict == "not-equal"


FORM = "f(x) = xᵀ A x\n∇f = 2 A x"
ENTROPY = "p = softmax(z)\nL = -Σ_k y_k log p_k\n∂L/∂z = p - y"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("Assume A is symmetric.\n" + FORM, ["other-layout"]),
        ("Let A be a symmetric matrix and f(x) = xᵀ A x. Then ∇f = 2 A x.", ["other-layout"]),
        ("f(x) = xᵀ A x (A symmetric)\n∇f = 2 A x", ["other-layout"]),
        (r"Let $f(x) = x^T A x$ with $A$ symmetric. Then $\nabla f(x) = 2Ax$.", ["other-layout"]),
        ("A is positive definite\n" + FORM, ["other-layout"]),
        ("A is not symmetric\n" + FORM, ["not-equal"]),
        ("B is symmetric\n" + FORM, ["not-equal"]),
        ("A = Aᵀ\n" + FORM, ["other-layout"]),
        (FORM, ["not-equal"]),
        ("Σ_k y_k = 1\n" + ENTROPY, ["equal"]),
        ("y is one-hot\n" + ENTROPY, ["equal"]),
        ("Σ_k y_k = 2\n" + ENTROPY, ["not-equal", "not-equal"]),
        (ENTROPY, ["not-equal"]),
        ("L(θ) = θ²\nθ := θ - 2 θ\nL'(θ) = 2 θ", ["equal"]),
    ],
)
def test_what_a_page_says_of_a_name_anywhere_holds_for_its_lines(page: str, said: list[str]) -> None:
    found = verdicts(page)
    assert ["equal" if word == "other-layout" else word for word in found] == [
        "equal" if word == "other-layout" else word for word in said
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(x) = log(x)/x\nf'(x) = (1 - log x)/x²\n= 0 when x = e", ["equal", "equal"]),
        ("f(x) = log(x)/x\nf'(x) = 0 for x = e\nf'(x) = 1 if x = e", ["equal", "not-equal"]),
        ("u = tanh(x)\ndudx = 1 - u²\ndu_dx = 1 + u²", ["equal", "not-equal"]),
        ("F(x,y) = x² + y² - 1\ndy/dx = -x/y", ["E-NAME"]),
        ("A = 2\ndAdt = 3", []),
    ],
)
def test_places_quotients_of_code_and_dependence_are_read_or_asked_for(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("x² = 4\nx = ±2", ["equal", "equal"]),
        ("x² = 4\nx = ±3", ["not-equal", "not-equal"]),
        ("x² - 5x + 6 = 0\nx = 2, 3", ["equal", "equal"]),
        ("x² - 5x + 6 = 0\nx = 2 or 4", ["equal", "not-equal"]),
        (r"a x^2 + b x + c = 0 \\ x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", ["equal", "equal"]),
        ("f(x) = x³ - 3x\nf'(x) = 0 → x = ±1\nf(1) = -2", ["equal", "equal", "equal"]),
        ("f(x) = x³ - 3x\nf'(x) = 0 at x = 1 and x = -1\nf'(x) = 0 at x = 1, 2", ["equal"] * 3 + ["not-equal"]),
    ],
)
def test_several_solutions_in_a_line_are_judged_each(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [("f(0) = 0", "equal"), ("f'(0) = 1", "equal"), ("f'(0) = 0", "not-equal"), ("f'''(0) = -1", "equal")],
)
def test_a_name_of_one_variable_is_taken_at_a_number(claim: str, said: str) -> None:
    assert verdicts(f"f = sin x\n{claim}") == [said]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("y = x² and x = 3 then y = 9", ["equal"]),
        ("y = x² and x = 3 then y = 6", ["not-equal"]),
        ("y = x² and x = 2\ny' = 4\ny' = x + 2", ["equal", "not-equal"]),
        ("u = 2x + 1\ny = u³\nx = 1 → u = 3\ndy/dx = 6u² = 54\ndy/dx = 5u²", ["equal", "equal", "not-equal"]),
        ("f(x) = e^x\nf'(0) = f(0) = 1\nf(ln 2) = 2\nf(0) = 0", ["equal", "equal", "not-equal"]),
        ("f(x) = sin x\nf'(π) = -1\nf(π/2) = 0", ["equal", "not-equal"]),
        ("f(w) = w·x + 1\nf(0) = 1\nf(0) = 0", ["equal", "not-equal"]),
    ],
)
def test_values_that_a_page_gives_are_put_in(page: str, said: list[str]) -> None:
    assert verdicts(page) == said


@pytest.mark.parametrize("claim", ["y' = k y", "y(0) = a", "y'(0) = k a"])
def test_a_prime_of_several_variables_is_asked_about(claim: str) -> None:
    assert verdicts(f"y = a e^{{k x}}\n{claim}") == ["E-AMBIG"]
    assert verdicts(f"y(x) = a e^{{k x}}\n{claim}") == ["equal"]


def test_a_start_value_is_another_name_than_what_moves() -> None:
    page = "x(t) = x_0 + v_0 t + 1/2 a t²\nv(t) = x'(t) = v_0 + a t\nx''(t) = a\nx''(t) = v_0"
    assert verdicts(page) == ["equal", "equal", "not-equal"]


def test_a_page_longer_than_any_that_a_person_writes_is_refused() -> None:
    with pytest.raises(Mistake, match="more than 512 lines"):
        check("\n".join([f"y_{k} = x + {k}; dy_{k}/dx = 1" for k in range(300)]))
    with pytest.raises(Mistake, match="more than 4096 characters"):
        check(f"y = x^2\ndy/dx = {'x + ' * 1100}x")


def test_what_may_rest_on_a_line_that_is_not_read_is_not_called_wrong() -> None:
    assert verdicts("L = w:S w\n1ᵀw = 1\nw·a = 2") == ["E-SYNTAX", "E-NAME"]
    assert verdicts("f(x) = x^2 !!\n2x = 4\nd/dx x^2 = x") == ["E-SYNTAX", "E-NAME", "not-equal"]
    assert verdicts("S = S:S\nL = w^T S w\n∂L/∂w = 2 S w") == ["E-UNSUPPORTED", "E-NAME"]
    assert verdicts("a = w:S w\n∂/∂w (w·w) = w") == ["E-SYNTAX", "not-equal"]


def test_a_name_that_may_be_an_entry_is_asked_about() -> None:
    assert verdicts("L = -z_c + log Σ_j exp(z_j)\n∂L/∂z_i = softmax(z)_i") == ["E-AMBIG"]
    assert verdicts("z_c = 2\nL = -z_c + log Σ_j exp(z_j)\n∂L/∂z_i = softmax(z)_i") == ["equal"]


def test_a_transposed_gradient_beside_columns_is_told() -> None:
    page = page_of("z = W a\nL = ½‖z - y‖²\nδ = ∂L/∂z = z - y\n∂L/∂W = δ aᵀ\n∂L/∂W = a δᵀ", scope_of(None))
    said = [one.verdict.text for one in page.claims if one.verdict is not None]
    assert ["it would be the transpose" in text for text in said] == [False, False, True]
