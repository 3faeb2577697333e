"""Pages as people write them: what holds, and the same with one slip, told apart line by line."""

from __future__ import annotations

import pytest

from mcalc.api import page_of, scope_of

RIGHT, WRONG, REFUSED = "=!?"


def signs(text: str, where: str | None) -> str:
    """Return a sign for each line that claims something: whether it holds, does not, or is not read."""
    found = [
        REFUSED if one.mistake is not None else RIGHT if one.verdict else WRONG
        for one in page_of(text, scope_of(where)).judged
        if one.mistake is not None or one.verdict is not None
    ]
    return "".join(found)


def judged(page: str, said: str, where: str | None = None) -> None:
    """Require the signs of a page whose lines are parted by semicolons."""
    assert signs(page.replace("; ", "\n"), where) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(x) = (x + 1)²; f(x) = x² + 2x + 1; f(x) = x² + x + 1; f'(x) = 2x + 2 = 0; x = -1", "=!=="),
        ("J(w) = ‖X w - y‖²; J = wᵀXᵀX w - yᵀX w + yᵀy; ∇J = 2XᵀX w - 2Xᵀy = 0; w = (XᵀX)⁻¹Xᵀy", "!=="),
    ],
)
def test_a_definition_told_again_wrongly_is_no_equation_for_the_solution_below(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said", "where"),
    [
        ("f = log det X; d²f = -tr(X⁻¹ dX X⁻¹ dX); d²f = tr(X⁻¹ dX X⁻¹ dX)", "=!", "X: R^{n x n}"),
        ("f(x) = x³; d²f = 6x dx²; d²f = 3x dx²", "=!", None),
        ("u = ‖x‖²; v = u²; d²v = 2 du² + 2 u d²u; d²v = 2 du² + u d²u", "=!", "x: R^n"),
        ("f = xᵀ A x; d²f = dxᵀ A dx; d(df) = 2 dxᵀ A dx; d(df) = dxᵀ A dx", "!=!", "A: R^{n x n}; x: R^n"),
    ],
)
def test_a_second_differential_of_a_name_is_that_of_its_form(page: str, said: str, where: str | None) -> None:
    judged(page, said, where)


SIZED = "X: R^{n x d}; W: R^{d x k}; Y: R^{n x k}"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("L = ‖X W - Y‖_F²; R = X W - Y; dL = 2 tr(Rᵀ dR); dR = X dW; dL = tr(Rᵀ X dW)", "==!"),
        ("d tr(XᵀX) = 2 tr(Xᵀ dX); d tr(XᵀX) = tr(Xᵀ dX)", "=!"),
        ("f(s) = d log s; f'(s) = d/s; f'(s) = 1/s", "=!"),
    ],
)
def test_a_size_called_d_leaves_differentials_what_they_are(page: str, said: str) -> None:
    judged(page, said, SIZED)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (r"log π = -(a - μ)²/(2σ²) - log σ; ∂ log π/∂μ = (a - μ)/σ²; ∂ log π/∂μ = (μ - a)/σ²", "=!"),
        (r"\log \pi = -\frac{(a-\mu)^2}{2\sigma^2}; \nabla_\mu \log \pi = \frac{a-\mu}{\sigma^2}", "="),
        ("π = exp(-x²); dπ/dx = -2x π; dπ/dx = 2x π", "=!"),
        ("A = π r²; dA/dr = 2 π r; π = 3", "=!"),
        ("log p = -β/2 ‖y - X w‖² - α/2 ‖w‖²; ∇_w log p = β Xᵀ(y - X w) - α w; ∇_w log p = β Xᵀ(X w - y) - α w", "=!"),
    ],
)
def test_a_page_may_define_pi_and_what_stands_behind_a_logarithm(page: str, said: str) -> None:
    judged(page, said, "X: R^{n x m}; w: R^m; y: R^n" if "X" in page else None)


def test_an_entry_at_the_place_of_its_own_index_is_told_apart() -> None:
    page = "p_k = exp(θ_k)/Σ_j exp(θ_j); ∂ log p_k/∂θ_i = δ_ki - p_i; ∂ log p_k/∂θ_i = δ_ki - p_k"
    judged(page, "=!", "θ: R^n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("x + y = 10; A = x y; A = x(10 - x); A = x(10 + x); dA/dx = 10 - 2x; dA/dx = 10 - x", "=!=!"),
        ("V = x² h; x² + 4 x h = 12; V = x(12 - x²)/4; dV/dx = 3 - 3x²/4; dV/dx = 3 - x²/4", "==!"),
        ("y = 20 - x; A = x y; dA/dx = 20 - 2x = 0; x = 10; A = 100; A = 50", "===!"),
        ("2x + 2y = 20; L = x y + λ(20 - 2x - 2y); ∂L/∂x = y - 2λ; ∂L/∂x = y - λ", "=!"),
        ("(x + y)² = x² + y²; sin(2x) = 2 sin x", "!!"),
    ],
)
def test_what_an_equation_says_of_a_number_holds_for_total_derivatives_below(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize("made_of", ["s² C + v I", "C Cᵀ"])
def test_what_a_definition_is_made_of_has_the_sizes_of_a_declared_name(made_of: str) -> None:
    judged(f"K = {made_of}; f = yᵀ K y; ∂f/∂y = (K + Kᵀ) y; ∂f/∂y = 2 K yᵀ", "=!", "K: R^{n x n}; y: R^n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("L = ‖X w - y‖²; dw = 2 Xᵀ(X w - y); dw = Xᵀ(X w - y)", "?!"),
        ("z = W x; a = σ(z); L = 1/2 ‖a - y‖²; dz = (a - y) * a * (1 - a); dz = (a - y) ⊙ a", "?!"),
    ],
)
def test_a_derivative_that_code_calls_dz_is_asked_about(page: str, said: str) -> None:
    judged(page, said, "X, W: R^{n x m}; w, x: R^m; y: R^n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("Problem 1; f(x) = x²; f'(x) = 2x; Problem 2; f(x) = x³; f'(x) = 3x²; f'(x) = 2x", "==!"),
        ("Question 1: y = 3x; y' = 3; Question 2: y = 3x²; y' = 3x", "=!"),
        ("a) y = x²; y' = 2x; b) y = sin(3x); y' = cos(3x)", "=!"),
        ("(a) f(x) = x²; (b) g(x) = f(x) + 1; g'(x) = 2x", "="),
        ("f(x) = (x+1)²; (a) f(x) = x² + 2x + 1; (b) f(x) = x² + x + 1", "=!"),
    ],
)
def test_the_problems_of_a_page_have_names_of_their_own(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("The loss is L = (wᵀx - y)².; Its gradient is ∂L/∂w = 2(wᵀx - y) x.; The Hessian is ∂²L/∂w² = x xᵀ.", "=!"),
        ("**Step 1:** f(x) = x²; **Step 2.** Apply the power rule: f'(x) = 2x; Thus we obtain f'(x) = x", "=!"),
        ("Let m = y wᵀx be the margin.; f = log(1 + exp(-m)); ∂f/∂m = -σ(-m)", "="),
        ("The objective is J(w) = ‖w‖² and the constraint is g(w) = a·w - 1.; ∇J = 2 w; ∇g = w", "=!"),
        ("L = ‖X w - y‖²; Set this to zero: ∇L(w) = 0; Solving for w yields w = (XᵀX)⁻¹Xᵀ y", "="),
        ("f(x) = x² sin x; Factoring out x gives f'(x) = x(2 sin x + x cos x)", "="),
        ("f = 1/2 ‖x‖²; g(x) = yᵀx - f(x); ∇_x g = y - x; ∇_x g = y + x", "=!"),
        ("y = x² + 3x; Plugging in x = 2: y' = 7; At x = 2, we have y' = 6; When x = 0, y = 0", "=!="),
        ("f(x) = |x|; If x > 0, then f'(x) = 1; for x < 0, we have f'(x) = 1", "=!"),
        ("Consider the curve x² - x y + y² = 3.; 2x - y - x y' + 2y y' = 0; y' = (y - 2x)/(2y - x)", "=="),
        ("p = softmax(z); L = -Σ_k y_k log p_k; Because Σ_k y_k = 1, we get ∂L/∂z = p + y", "!"),
        ("f(w) = log(1 + exp(-y wᵀx)); m = y wᵀx; ∂f/∂m = -σ(-m); ∂f/∂m = σ(-m)", "=!"),
    ],
)
def test_words_before_and_behind_an_equation_are_left_out_or_heeded(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("y = u/v where u = sin x and v = x²; y' = (u'v - uv')/v²; y' = (u'v + uv')/v²", "=!"),
        ("x² + xy + y² = 7; 2x + y + xy' + 2yy' = 0; y' = -(2x + y)/(x + 2y)", "=="),
        ("ℓ = x log θ + (1 - x) log(1 - θ); ℓ'(θ) = x/θ - (1-x)/(1-θ); ℓ''(θ) = -x/θ² + (1-x)/(1-θ)²", "=!"),
        ("S = (y - Xβ)ᵀ (y - Xβ); dS/dβ = -2 Xᵀ (y - Xβ); dS/dβ = 2 Xᵀ (y - Xβ)", "=!"),
    ],
)
def test_primes_and_brackets_are_read_as_they_are_written(page: str, said: str) -> None:
    judged(page, said, "X: R^{n x m}; β: R^m; y: R^n" if "X" in page else None)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("u = x + y; v = x - y; x = (u + v)/2; y = (u + v)/2", "=!"),
        ("y = tan x; x = arctan y; x = arcsin y; dx/dy = 1/(1 + y²); dx/dy = 1/(1 - y²)", "=!=!"),
        ("p = σ(z); z = log(p/(1 - p)); z = log(p); dz/dp = 1/(p(1 - p))", "=!="),
        ("y = A x; x = A⁻¹ y; x = A y", "=!"),
        ("y = 2 x + c; x = (y + c)/2; c = y - 2x; c = y + 2x", "!=!"),
        ("s = 1/(1 + e^(-z)); e^(-z) = s/(1 - s); z = log(s/(1-s))", "!="),
    ],
)
def test_what_solves_a_definition_is_no_definition(page: str, said: str) -> None:
    judged(page, said, "A: R^{n x n}; x: R^n" if "A" in page else None)


@pytest.mark.parametrize(
    ("page", "said", "where"),
    [
        ("J = Σ_k N_k log p_k + λ(1 - Σ_k p_k); ∂J/∂p_k = N_k/p_k - λ = 0; p_k = N_k/λ; Σ_k p_k = 1; λ = Σ_k N_k",
         "===", "N, p: R^m"),
        ("L = Σ_i (λ p_i - p_i log p_i); ∂L/∂p_i = 0; p_i = exp(λ - 1); p_i = exp(1 - λ)", "=!", "p: R^n"),
        ("L = 1/2 ‖w‖² - λ (w·a - 1); ∂L/∂w = w - λ a = 0; w = λ a; w·a = 1; λ = 1/‖a‖²", "===", "a: R^n"),
    ],
)  # fmt: skip
def test_entries_and_multipliers_solve_conditions(page: str, said: str, where: str) -> None:
    judged(page, said, where)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("T = T_a + (T_0 - T_a) e^(-k t); dT/dt = -k (T - T_a); dT/dt = -k T", "=!"),
        ("V = V_s e^(-t/τ); dV/dt = -V/τ; dV/dt = V/τ", "=!"),
    ],
)
def test_a_label_makes_a_name_of_its_own(page: str, said: str) -> None:
    judged(page, said)


DESCENT = "L(w) = 1/2 ‖X w - y‖²; "
NEWTON = "f(x) = x^3 - 2; "


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (DESCENT + "w_new = w - η ∇L(w); w_new = w - η Xᵀ(X w - y); w_new = w + η Xᵀ(X w - y)", "=!"),
        (DESCENT + "w_{k+1} = w_k - η ∇L(w_k); w_{k+1} = w_k - η Xᵀ(X w_k - y); w_{k+1} = w_k - Xᵀ(X w_k - y)", "=!"),
        (DESCENT + "g = ∇L(w); w⁺ = w - η g; w⁺ = w - η Xᵀ(X w - y); w⁺ = w - η (X w - y)", "=!"),
        (NEWTON + "x_new = x - f(x)/f'(x); x_new = (2x^3 + 2)/(3x^2); x_new = (2x^3 - 2)/(3x^2)", "=!"),
        (NEWTON + "x_{n+1} = x_n - f(x_n)/f'(x_n); x_{n+1} = 2/3 x_n + 2/(3 x_n^2); x_{n+1} = 2/3 x_n", "=!"),
    ],
)
def test_a_step_of_an_iteration_defines_the_next_value(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(w) = ‖Xw - y‖²; ∇f = ∇ (Xw - y)ᵀ(Xw - y); = 2XᵀXw - 2Xᵀy; = 2XᵀXw - Xᵀy", "==!"),
        ("∇_w L = ∇_w ‖Xw - y‖²; = 2Xᵀ(Xw - y); = Xᵀ(Xw - y)", "=!"),
    ],
)
def test_a_gradient_is_by_what_the_line_is_by(page: str, said: str) -> None:
    judged(page, said, "X: R^{n x m}; w: R^m; y: R^n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(x) = ln(x)/x; f'(x) = (1 - ln x)/x² = 0; x = e; f(e) = 1/e; f(e) = e", "===!"),
        ("f(x) = x ln x; f'(x) = ln x + 1 = 0; x = 1/e; f(1/e) = -1/e", "==="),
        ("y = x e^x; y'(1) = 2e; y'(1) = e", "=!"),
        ("e = y - x; L = e² + ln y; ∂L/∂x = -2 e; ∂L/∂x = 2 e", "=!"),
    ],
)
def test_a_lone_e_beside_logarithms_and_exponentials_is_eulers_number(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("∂ℓ/∂σ = -N/σ + 1/σ³ Σ_i (x_i - μ)²; σ² = 1/N Σ_i (x_i - μ)²", "="),
        ("∂ℓ/∂σ = -N/σ + 1/σ³ Σ_i (x_i - μ)² = 0; σ² = 1/N Σ_i (x_i - μ)²", "=="),
        ("∂ℓ/∂σ = -N/σ + 1/σ³ Σ_i (x_i - μ)² = 0; σ² = N Σ_i (x_i - μ)²", "=!"),
    ],
)
def test_what_the_square_of_a_variable_is_is_judged_by_what_is_set_to_0(page: str, said: str) -> None:
    judged(f"ℓ(μ, σ) = -N log σ - 1/(2σ²) Σ_i (x_i - μ)²; {page}", said, "x: R^N; μ, σ: R")


HELD = "L(x, y, λ) = x y + λ (10 - x - y); ∂L/∂x = y - λ = 0; ∂L/∂y = x - λ = 0"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("x = y = λ; x + y = 10; x = y = 5; λ = 5", "==="),
        ("x = λ; y = λ; x + y = 10; x = y = 5", "==="),
        ("x = y; x + y = 10; x = 5", "=="),
        ("x + y = 10; x = 6", "!"),
        ("x = y = 2λ", "!"),
        ("x + y = 10; x = y = 4; λ = 5", "!="),
        ("x = 2y; x + y = 10; x = 5; y = 5", "?=="),
    ],
)
def test_a_constraint_gives_its_multiplier_and_what_is_linear_in_it(page: str, said: str) -> None:
    judged(f"{HELD}; {page}", f"=={said}")


def test_a_number_is_told_as_no_multiple_of_another() -> None:
    [wrong] = [one for one in page_of("f(t) = 6t - 12\nf(2) = 1", scope_of(None)).judged if one.verdict is not None]
    assert wrong.verdict is not None
    assert "likely slip" not in wrong.verdict.reason


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("A = π r²; dA/dt = 2 π r dr/dt; dA/dt = 3 π r dr/dt", "=!"),
        ("A = π r²; dr/dt = 3; dA/dt = 6 π r; dA/dt = 3 π r", "=!"),
        ("A = π r²; dA/dt = 6; dr/dt = 3/(π r); dr/dt = 3/r", "=!"),
        ("V = π r² h; dV/dt = 2 π r h dr/dt + π r² dh/dt; dV/dt = 2 π r dr/dt + π r² dh/dt", "=!"),
        ("x² + y² = 25; 2x dx/dt + 2y dy/dt = 0; 2x dx/dt + y dy/dt = 0", "=?"),
        ("E = 1/2 m v² + 1/2 k x²; dE/dt = m v dv/dt + k x dx/dt; dE/dt = m v dv/dt + 2 k x dx/dt", "=!"),
        ("y = x³; dy/dt = 3x² dx/dt; dy/dt = 3x²; dy/dx = 3x²", "=!="),
    ],
)
def test_what_changes_with_time_that_stands_below_derivatives_alone_has_a_rate(page: str, said: str) -> None:
    judged(page, said)


SOFTMAX = r"$$p_i = \frac{\exp(z_i)}{\sum_j \exp(z_j)}, \quad L = -\sum_i y_i \log p_i$$"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (r"If $i = k$, $$D = p_k (1 - p_k)$$", "="),
        (r"For \(k \ne i\): $$D = -p_k p_i = p_k p_i$$", "!"),
        (r"If $i \neq k$ $$D = -p_k p_i$$ Now $$-p_i p_k = D$$", "=!"),
        (r"$$D = -p_k p_i \quad \text{if } i \neq k$$", "="),
        (r"$$D = p_k (1 - p_i) \quad \text{if } i = k$$", "="),
        (r"$$\frac{\partial L}{\partial z_k} = -y_k (1 - p_k) + \sum_{i \neq k} y_i p_k$$", "="),
        (r"$$D = \begin{cases} 1 - p_k & \text{if }\; i = k \\ -p_k & \text{else} \end{cases}$$", "!"),
    ],
)  # fmt: skip
def test_what_is_said_of_two_indices_holds_for_what_follows_it_alone(page: str, said: str) -> None:
    page = page.replace("D", r"\frac{\partial p_i}{\partial z_k}")
    assert signs(f"{SOFTMAX}\n{page}", None) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (r"$$\frac{\partial \ell_j}{\partial p_j} = \frac{\partial}{\partial p_j}(-y_j \log p_j)$$", "?"),
        (r"$$Y_{ij} = A_{ip} X_{pr} B_{rj}$$ $$\frac{\partial Y_{ij}}{\partial X_{km}} = A_{ik} B_{mj}$$", "??"),
        (r"\def\g#1#2{\frac{\partial #1}{\partial #2}} $$f = u^T u$$ $$\g{f}{u} = 2 u^T$$ $$\g{f}{u} = u^T$$", "=!"),
        (r"$$\eqalign{ f &= u^T A u \cr \frac{\partial f}{\partial u} &= u^T (A + A^T) \cr &= 2 u^T A \cr }$$", "=!"),
    ],
)
def test_a_published_identity_is_right_or_not_judged(page: str, said: str) -> None:
    assert signs(page, None) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (r"\( Q \) and \( S \) are symmetric. \[ L = u^T Q u + u^T S u \] \[ \nabla_u L = 2 (Q + S) u \]", "="),
        (r"$$J = tr(K C)$$ $K \in \mathbb{R}^{n \times q}, \ C \in \mathbb{R}^{q \times n}$ $$\nabla_K J = C^T$$", "="),
        (r"$$J = tr(I - A B)$$ and $I \in \mathbb{R}^{n \times n}$ is the identity. $$\nabla_A J = -B^T$$", "="),
        (r"$$L = \|X b - y\|^2$$ which leads to $$X^T y = X^T X b$$", "?"),
        (r"$$L = b^T X b$$ $$\text{minimize } L \\ \text{s.t. } b^T c = 1 \\ c = b$$ $$\nabla_b L = b^T X$$", "!"),
        (r"$$f = a^T X b = a : X b$$ $$df = a : dX b = a b^T : dX$$ $$df = b a^T : dX$$", "==!"),
        (r"$$f = v^T B v, \quad g = f^2$$ $$\frac{\partial g}{\partial v} \,=\, 2 f v^T (B + B^T) \,. \quad$$", "="),
        (r"$$\mathrm{lse}(u) := e^{u_1} + u_2$$ $$\nabla_u \mathrm{lse}(u) = u$$", "??"),
        (r"$$g = \frac{1}{u^2}$$ $$g' = -\frac{\frac{d}{du}u^2}{u^4}$$ $$g' = \frac{\frac{d}{du}u^2}{u^4}$$", "=!"),
    ],
)  # fmt: skip
def test_what_a_page_says_of_names_and_constraints_is_no_slip(page: str, said: str) -> None:
    assert signs(page, None) == said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("f(S) = ln det S; ∂f/∂S = S^{-1}, S symmetric; ∂f/∂S = -S^{-1}, S symmetric", "=!"),
        ("f(S) = xᵀ S⁻¹ x; ∂f/∂S = -S⁻¹ x xᵀ S⁻¹ for symmetric S", "="),
        ("f(S) = ln det S, S symmetric; ∂f/∂S = 2 S⁻¹ - diag(diag(S⁻¹))", "="),
        ("S is symmetric.; f(S) = ln det S; ∂f/∂S = S⁻¹ - diag(diag(S⁻¹))", "!"),
        ("f(A) = tr(A B); ∂f/∂A = B + Bᵀ - diag(diag(B)), A symmetric", "="),
        ("f(S) = ln det S; ∂f/∂S = 2 S⁻¹ - diag(diag(S⁻¹))", "!"),
    ],
)
def test_a_matrix_that_a_page_says_is_symmetric_is_differentiated_by_in_either_convention(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("J(w) = ‖X w - y‖²; ∇J = 2 Xᵀ(X w - y); Setting ∇J = 0:; Xᵀ X w = Xᵀ y", "=="),
        ("Newton step for f(x) = x⁴ - 3x² + 2:; f'(x) = 4x³ - 6x; f'(x) = 4x³ - 3x", "=!"),
        ("GLS: S(β) = (y - Xβ)ᵀ V⁻¹ (y - Xβ), V symmetric; ∂S/∂β = -2 Xᵀ V⁻¹ (y - Xβ)", "="),
        ("d² = (x - μ)ᵀ C⁻¹ (x - μ), C symmetric; ∂d²/∂μ = -2 C⁻¹(x - μ); ∂d²/∂μ = 2 C⁻¹(x - μ)", "=!"),
    ],
)
def test_what_leads_up_to_a_formula_and_stands_behind_it_is_no_part_of_it(page: str, said: str) -> None:
    judged(page, said)


def test_two_formulas_of_one_line_that_do_not_hold_are_one_line() -> None:
    page = page_of("f(x) = x⁴ - 3x²\nf'(x) = 4x³ - 6x = 0\nx = 0 or x = ±√(2/3)", scope_of(None))
    assert page.verdict.details[-1] == "line 3 does not hold"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("g(θ) = a cos θ + b sin θ; g'(θ) = -a sin θ + b cos θ = 0; tan θ = b/a", "=="),
        ("g(θ) = a cos θ + b sin θ; g'(θ) = -a sin θ + b cos θ = 0; tan θ = a/b", "=!"),
        ("J(w) = ‖X w - y‖² + λ ‖w‖²; ∇J = 2 Xᵀ(X w - y) + 2 λ w = 0; (Xᵀ X - λ I) w = Xᵀ y", "=!"),
        ("L(a, b) = Σ_i (y_i - a - b x_i)²; ∂L/∂a = -2 Σ_i (y_i - a - b x_i) = 0; Σ_i (y_i - a - b x_i) x_i = 0", "=?"),
        ("f(x, y) = x² + x y + y²; ∂f/∂x = 2 x + y = 0; 2 y + x = 0", "=?"),
    ],
)
def test_an_equation_in_the_names_of_a_condition_follows_from_it_or_is_wrong(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("J(θ) = ½‖Xθ - y‖²; ∇J = Xᵀ(Xθ - y); θ := θ - η ∇J", "="),
        ("θ := θ - η ∇J; J(θ) = ½‖Xθ - y‖²; ∇J = Xᵀ(Xθ + y)", "!"),
        ("J(θ) = ½‖Xθ - y‖²; θ := θ - η ∇J; = θ - η Xᵀ(Xθ - y); = θ - η Xᵀ(Xθ + y)", "=!"),
        ("J(θ) = ½‖Xθ - y‖²; θ := θ - η ∇J = θ - η Xᵀ(Xθ + y)", "!"),
    ],
)
def test_an_update_claims_nothing_but_what_its_step_is(page: str, said: str) -> None:
    judged(page, said)


@pytest.mark.parametrize("call", ["k(x,y)", "k(x, y)"])
def test_a_function_is_its_name_however_its_arguments_are_spaced(call: str) -> None:
    judged(f"k(x, y) = exp(-‖x - y‖²/(2ℓ²)); ∂k/∂ℓ = {call} ‖x - y‖²/ℓ³; ∂k/∂ℓ = {call} ‖x - y‖²/ℓ²", "=!")
