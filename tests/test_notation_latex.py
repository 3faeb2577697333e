"""LaTeX as people paste it: each idiom reads as the same formula in mcalc's notation, or is refused by name."""

from __future__ import annotations

import random
import re

import pytest

from mcalc.api import derive, parse, scope_of
from mcalc.errors import Mistake
from mcalc.notation import Scope, read, split_statements, take_macros
from mcalc.notation.latex.macros import put_in_place, read_macros
from mcalc.operators import FUNCTIONS
from mcalc.render.text import unicode
from tests.questions import questions

SHAPES = "w, x, y: R^n; A, B: R^{n x n}; X: R^{N x n}; t: R^N; a, b, c, s, z: R; α, λ: R"

SAME = [
    # fonts
    (r"\bm{w}^\top\boldsymbol{x}", "w^T x"),
    (r"{\bf w}^T{\bf x}", "w^T x"),
    (r"\vec{w}\cdot\vec{x}", "w . x"),
    (r"\mathbf{w+x}", "w + x"),
    (r"\mathbf{A}\mathbf{w}", "A w"),
    # transposes and inverses
    (r"w^\top x", "w^T x"),
    (r"w^{\mathsf{T}} x", "w^T x"),
    (r"w^{\mathsf T} x", "w^T x"),
    (r"w^\intercal x", "w^T x"),
    (r"w^{\rm T} x", "w^T x"),
    (r"w^{\text{T}} x", "w^T x"),
    (r"w^\prime x", "w^T x"),
    (r"w' x", "w^T x"),
    (r"A^{-\top} x", "A^{-T} x"),
    (r"A^{-1}x", "inv(A) x"),
    (r"(A+B)^\top x", "(A + B)^T x"),
    (r"x^Tx", "x^T x"),
    # norms
    (r"\|w\|_2^2", "||w||^2"),
    (r"\left\|w\right\|^2", "||w||^2"),
    (r"\lVert w\rVert_2", "||w||"),
    (r"\Vert w\Vert_1", "norm1(w)"),
    (r"||w||^2_2", "||w||^2"),
    (r"\|A\|_F^2", "normF(A)^2"),
    (r"\|A\|_{\mathrm{F}}^{2}", "normF(A)^2"),
    (r"\bigl\|w\bigr\|", "||w||"),
    (r"\|w\|_\infty", "norminf(w)"),
    # fractions, roots, powers
    (r"\frac12 a", "1/2 a"),
    (r"\frac1{2}a", "1/2 a"),
    (r"\tfrac{a+b}{c}", "(a + b)/c"),
    (r"\dfrac{a}{b}\,c", "a/b c"),
    (r"c\frac{a}{b}", "c a/b"),
    (r"a/\frac{b}{c}", "a/(b/c)"),
    (r"\frac{a}{b}^2", "(a/b)^2"),
    (r"e^{\frac{a}{b}}", "exp(a/b)"),
    (r"\sqrt{a}", "sqrt(a)"),
    (r"\sqrt a", "sqrt(a)"),
    (r"\sqrt[3]{a+b}", "(a + b)^{1/3}"),
    (r"a^{1/2}", "sqrt(a)"),
    (r"a^{b+1}", "a^(b + 1)"),
    (r"2^a", "2^a"),
    (r"{a}^2", "a^2"),
    # functions
    (r"\operatorname{tr}(A)", "tr(A)"),
    (r"\operatorname{Tr}\left(A^\top B\right)", "tr(A^T B)"),
    (r"\mathrm{tr}\,A", "tr(A)"),
    (r"\text{ReLU}(z)", "relu(z)"),
    (r"\mathrm{softmax}(x)", "softmax(x)"),
    (r"\operatorname*{diag}(x)", "diag(x)"),
    (r"\log\det A", "logdet(A)"),
    (r"\log|A|", "logdet(A)"),
    (r"\ln a", "ln(a)"),
    (r"\log 2a", "ln(2 a)"),
    (r"\log_2 a", "log2(a)"),
    (r"\log_{10}(a)", "log10(a)"),
    (r"\sin^2 a + \cos^2(a)", "sin(a)^2 + cos(a)^2"),
    (r"\sin a \cos b", "sin(a) cos(b)"),
    (r"\exp\left\{-a\right\}", "exp(-a)"),
    (r"\exp[-a]", "exp(-a)"),
    (r"\log{a}", "ln(a)"),
    (r"\max\{0,a\}", "max(0, a)"),
    (r"\max(0, Xw)", "max(0, X w)"),
    (r"\log\sigma(a)", "ln(sigmoid(a))"),
    (r"\sigma\left(Xw\right)", "sigmoid(X w)"),
    (r"y_1\log x_1 + (1 - y_1)\log(1 - x_1)", "y_1 ln(x_1) + (1 - y_1) ln(1 - x_1)"),
    (r"2zcos(z^2)", "2 z cos(z^2)"),
    # products
    (r"w\odot x", "w .* x"),
    (r"w\circ x", "w .* x"),
    (r"w\oslash x", "w ./ x"),
    (r"a\times b", "a b"),
    (r"a\cdot b", "a b"),
    (r"\langle w, x\rangle", "w . x"),
    (r"\left\langle w, x\right\rangle", "w . x"),
    (r"ab", "a b"),
    (r"Ax", "A x"),
    # brackets and spaces
    (r"a\left(b + c\right)", "a*(b + c)"),
    (r"\Bigl(a + b\Bigr)c", "(a + b) c"),
    (r"a\,\bigl[b + c\bigr]", "a*(b + c)"),
    (r"a\{b+c\}", "a*(b + c)"),
    (r"a\;b\quad + \!c~", "a b + c"),
    (r"|a|", "abs(a)"),
    (r"\left|a\right|", "abs(a)"),
    (r"[a - b]_+", "max(0, a - b)"),
    (r"\left(w^\top x\right)_+", "max(0, w^T x)"),
    # sums and products over an index
    (r"\sum_{i=1}^{n}w_ix_i", "sum_{i=1}^{n} w_i x_i"),
    (r"\sum_i w_i x_i", "sum_i w_i x_i"),
    (r"\sum\limits_{i=1}^n w_i", "sum_{i=1}^{n} w_i"),
    (r"\sum_{ij} A_{ij}", "sum_{i,j} A_ij"),
    (r"\sum_{i,j=1}^{n} A_{ij}", "sum_{i=1}^{n} sum_{j=1}^{n} A_ij"),
    (r"\sum_{i}\sum_{j\neq i}A_{ij}", "sum_i sum_{j != i} A_ij"),
    (r"\prod_{i=1}^n w_i", "prod_{i=1}^{n} w_i"),
    (r"\sum_{i=1}^N (w^\top x^{(i)} - t^{(i)})^2", "sum_{i=1}^{N} (w^T x_i - t_i)^2"),
    # constants
    (r"\mathbf{1}^\top x", "1vec^T x"),
    (r"\mathbf 1_n^\top x", "1vec^T x"),
    (r"\mathbb{1}^\top x", "1vec^T x"),
    (r"\mathbf{0} + x", "0vec + x"),
    (r"A + \lambda\mathbf{I}", "A + λ I"),
    (r"A + \lambda I_n", "A + λ I"),
    (r"\pi a", "π a"),
    (r"e^{-a}", "exp(-a)"),
    # braces with cases, matrices
    (r"\begin{cases}a & a > 0\\b & a \le 0\end{cases}", "{a if a > 0; b if a <= 0}"),
    (r"\begin{cases}a, & \text{if } a > 0, \\ b, & \text{otherwise.}\end{cases}", "{a if a > 0; b otherwise}"),
    (r"\left\{\begin{matrix}a & a \geq 0\\ b & \text{else}\end{matrix}\right.", "{a if a >= 0; b otherwise}"),
    (r"\mathbb{1}[a > 0]\,b", "{1 if a > 0; 0 otherwise} b"),
    (r"\mathbf{1}\{a = b\}", "{1 if a == b; 0 otherwise}"),
    (r"\mathbb{1}_{a>0}", "{1 if a > 0; 0 otherwise}"),
    (r"\begin{pmatrix}a\\b\end{pmatrix}", "[a; b]"),
    (r"\begin{bmatrix}a&b\\c&s\end{bmatrix}", "[a, b; c, s]"),
    (r"\begin{bmatrix}\operatorname{min}(x)\\s\end{bmatrix}", "[min(x); s]"),
    (r"\left[\begin{array}{cc}a&b\\c&s\end{array}\right]", "[a, b; c, s]"),
    (r"\begin{vmatrix}a&b\\c&s\end{vmatrix}", "det([a, b; c, s])"),
    (r"[a, b]^T", "[a, b]^T"),
    # derivatives
    (r"\frac{\partial}{\partial w}w^\top x", "grad_w (w^T x)"),
    (r"\frac{\partial\, w^\top x}{\partial w}", "grad_w (w^T x)"),
    (r"\frac{\mathrm{d}}{\mathrm{d}a}a^2", "d/da a^2"),
    (r"\frac{d^2}{da^2}a^3", "d^2/da^2 a^3"),
    (r"\frac{\partial^2 (ab)}{\partial a\,\partial b}", "d/da d/db (a b)"),
    (r"\nabla_w \|w\|^2", "grad_w ||w||^2"),
    (r"\nabla^2_{\mathbf{w}} \mathbf{w}^\top\mathbf{w}", "hess_w (w^T w)"),
    (r"\partial_a a^2", "d/da a^2"),
    (r"\frac{\partial^2 (w^\top A w)}{\partial w\,\partial w^\top}", "hess_w (w^T A w)"),
    (r"\partial (a^2)/\partial a", "d/da a^2"),
    # what stands around a formula
    (r"$a^2$", "a^2"),
    (r"$$ a^2. $$", "a^2"),
    (r"\[ a^2, \]", "a^2"),
    (r"\begin{equation}\label{eq:1} a^2 \tag{1}\end{equation}", "a^2"),
    (r"\begin{align*} a &+ b \\ &+ c \nonumber \end{align*}", "a + b + c"),
    (r"a + b % the sum", "a + b"),
    (r"\displaystyle a^2", "a^2"),
    (r"\min_w \quad \|w\|^2 \quad \text{s.t.} \quad A w = 1", "||w||^2"),
    (r"\operatorname*{arg\,min}_w \|w\|^2", "||w||^2"),
    (r"\begin{array}{ll} \mbox{minimize} & \|w\|^2 \\ \mbox{subject to} & w \ge 0 \end{array}", "||w||^2"),
    (r"\begin{aligned} \min_w & \|w\|^2 \\ \text{s.t.} \quad & Aw = 1 \\ & w \ge 0 \end{aligned}", "||w||^2"),
    (r"a^2 \qquad (3)", "a^2"),
    (r"a^2, \quad (a > 0)", "a^2"),
    (r"a^2 \text{ (the loss)}", "a^2"),
    (r"{a + b \over c}", "(a + b)/c"),
    (r"(A x)_{2:d_{\text{in}}}", "(A x)[2:d_in]"),
    (r"\theta^{[1]} a", "theta_1 a"),
    (r"\text{arg min}_w \|w\|^2", "||w||^2"),
    (r"c \left(|a| - \frac12 c\right)", "c (abs(a) - 1/2 c)"),
    (r"a^2, \text{ where } b \text{ is the bias}", "a^2"),
    (r"\langle A, B \rangle_F", "A . B"),
    (r"\frac{\mathrm{d}^2}{\mathrm{d}a^2} a^3", "d/da (d/da a^3)"),
    (r"\sum_{t=0}^{T-1} x_t^2", "sum_{t=1}^T x_t^2"),
    (r"\sum_{k=0}^{T-1} b^k x_k", "sum_{k=1}^T b^(k-1) x_k"),
    (r"\underbrace{w^\top x}_{\text{score}} + \textcolor{blue}{b}", "w^T x + b"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "plain"), SAME, ids=[pasted for pasted, _ in SAME])
def test_an_idiom_reads_as_the_formula_it_is(pasted: str, plain: str) -> None:
    [(statement, _)] = split_statements(pasted, "latex")
    got = read(statement, scope_of(SHAPES), notation="latex").expr
    assert got is read(plain, scope_of(SHAPES)).expr


REFUSED = [
    (r"\lamda x", "E-LATEX", r"\lamda"),
    (r"\left( a + 1", "E-LATEX", r"\left("),
    (r"\frac{a}{b", "E-LATEX", "{"),
    (r"a}", "E-LATEX", "}"),
    (r"\begin{cases} a", "E-LATEX", r"\begin{cases}"),
    (r"(a]", "E-LATEX", "(a]"),
    (r"\frac{a}", "E-LATEX", r"\frac"),
    (r"\input{/etc/passwd}", "E-LATEX", r"\input"),
    (r"\write18{id}", "E-LATEX", r"\write"),
    (r"\catcode`\@=11", "E-LATEX", r"\catcode"),
    (r"\csname x\endcsname", "E-LATEX", r"\csname"),
    (r"\def\x#2{a}\x", "E-LATEX", r"\def"),
    (r"\newcommand{\x}{\x}\x", "E-LATEX", r"\x"),
    (r"\newcommand{\x}[12]{a}\x", "E-LATEX", r"\newcommand"),
    (r"x^10", "E-AMBIG", "^10"),
    (r"{a+b}^2", "E-AMBIG", "{a+b}^"),
    (r"\log a (b + c)", "E-AMBIG", r"\log a ("),
    (r"\log w \cdot x", "E-AMBIG", r"\log w \cdot"),
    (r"\sigma^2(a)", "E-AMBIG", r"\sigma^2("),
    (r"\sin^{-1} a", "E-AMBIG", r"\sin^{-1}"),
    (r"\mathbb{E} a", "E-UNSUPPORTED", r"\mathbb{E}"),
    (r"\int a\,da", "E-UNSUPPORTED", r"\int"),
    (r"a \mid b", "E-UNSUPPORTED", r"\mid"),
    (r"a \approx b", "E-UNSUPPORTED", r"\approx"),
    (r"x_1 + \ldots + x_n", "E-UNSUPPORTED", r"\ldots"),
    (r"\sum_{i<j<k} A_{ij}", "E-UNSUPPORTED", r"\sum_{i<j<k}"),
    (r"\sum_{i\in N(j)} x_i", "E-UNSUPPORTED", r"\sum_{i\in N(j)}"),
    (r"\sum_{j\neq y_i} w_j", "E-UNSUPPORTED", r"\sum_{j\neq y_i}"),
    (r"\mathbf{q} + q", "E-AMBIG", r"\mathbf"),
    (r"\mathbf{w}^\top \mathbf{X}", "E-SHAPE", r"\mathbf{w}^\top"),
    (r"\hat{a+b}", "E-LATEX", r"\hat{a+b"),
    (r"\{a, b\}", "E-LATEX", r"\{a, b\}"),
]


@pytest.mark.parametrize(("pasted", "code", "shown"), REFUSED, ids=[pasted for pasted, _, _ in REFUSED])
def test_what_is_not_read_is_refused_with_its_place_in_the_paste(pasted: str, code: str, shown: str) -> None:
    with pytest.raises(Mistake) as caught:
        read(pasted, scope_of(SHAPES), notation="latex")
    mistake = caught.value
    assert mistake.code == code
    assert mistake.source == pasted
    span = mistake.spans[0]
    assert pasted[span.start : span.end] == shown


def test_a_number_is_no_variable() -> None:
    with pytest.raises(Mistake, match="π is the number"):
        derive(r"\pi r^2", wrt=r"\pi")
    assert derive(r"\pi r^2", wrt=r"\pi", where="π: R").text == "r²"


def test_a_refused_command_says_what_to_do() -> None:
    for pasted, hint in ((r"\lamda a", r"\lambda"), (r"\int \|Xw - t\|^2", r"keep what follows it: \|Xw - t\|^2")):
        with pytest.raises(Mistake) as caught:
            parse(pasted)
        assert hint in caught.value.hint


def test_mistakes_of_the_formula_point_into_the_paste() -> None:
    pasted = r"\left\lVert \mathbf{X}\mathbf{y} - \mathbf{t}\right\rVert_2^2"
    with pytest.raises(Mistake) as caught:
        parse(pasted, where="X: R^{N x n}; y: R^m; t: R^N")
    places = [pasted[span.start : span.end] for span in caught.value.spans]
    assert places == [r"\mathbf{X}", r"\mathbf{y}"]


def test_fonts_are_hints_for_what_nothing_declares() -> None:
    read_ = parse(r"\mathbf{w}^\top \boldsymbol{\Sigma} \mathbf{w} + \lambda \mathbf{b}_1^\top\mathbf{c}")
    assert read_.assumed == ["w ∈ ℝⁿ", "Σ ∈ ℝ^{n×n}", "λ ∈ ℝ", "b_1, c ∈ ℝᵐ"]


@pytest.mark.parametrize(
    ("pasted", "note"),
    [
        (r"\frac12\mathbf{x}^\top\mathbf{x}.", "read as 1/2 xᵀ x"),
        (r"\frac12\mathbf{x}^\top\mathbf{x}.", "the final '.' is left out"),
        (r"\sigma(z)", "σ(...) is read as the sigmoid"),
        (r"\log|\mathbf{A}|", r"|\mathbf{A}| of a matrix is read as its determinant"),
        (r"\log 2\pi", r"log reaches over 2\pi"),
        (r"W^{(1)}\mathbf{x}", "W^{(1)} is read as W_1"),
        (r"\theta^* + 1", r"\theta^* is read as θ_{star}"),
        (r"w^\top x \in \mathbb{R}", r"\in \mathbb{R} is left out"),
    ],
)
def test_what_was_decided_is_said(pasted: str, note: str) -> None:
    assert note in parse(pasted).notes


def test_the_right_hand_side_is_taken_and_the_name_kept() -> None:
    for sign in ("=", ":=", r"\triangleq", r"\coloneqq", r"\stackrel{\text{def}}{=}"):
        got = derive(rf"\mathcal{{L}}(w) {sign} \frac12 \|w\|^2", wrt="w", where="w: R^n")
        assert got.text == "wᵀ"
    noted = derive(r"-\log p(y \mid x) = \frac12 (y - x)^2", wrt="x")
    assert any("only names what follows" in note for note in noted.notes)
    assert noted.text == "x - y"


def test_names_are_one_in_latex_and_in_plain_text() -> None:
    names = {
        r"\lambda": "λ", r"\hat{y}": "y_hat", r"\bar x": "x_bar", r"\tilde{\theta}": "θ_tilde",
        r"w_{\text{train}}": "w_train", r"d_{model}": "d_model", r"\pi_k": "π_k", r"c_{t-1}": "c_{t-1}",
        r"m^{+}": "m_{+}", r"\mathrm{loss}": "loss", r"\dot{x}": "x_dot", r"\ell": "ℓ", r"\varepsilon": "ε",
        r"\widehat{\mathbf{w}}_1": "w_hat_1", r"\mathcal{L}": "L", r"\theta_{\mathrm{old}}": "θ_old",
    }  # fmt: skip
    for pasted, name in names.items():
        scope = scope_of(f"{name}: R")
        assert read(f"{pasted} + 1", scope, notation="latex").expr is read(f"{name} + 1", scope).expr, pasted


def test_a_word_below_a_name_or_on_it_is_part_of_it_also_beside_the_bare_name() -> None:
    read_ = parse(r"y\log\hat{y} + (w - w^{*})^2 + \theta_{\text{old}} - \theta")
    assert read_.assumed == ["y, y_hat, w, w_star, θ_old, θ ∈ ℝ"]


def test_declarations_are_read() -> None:
    scope = Scope()
    for pasted in (r"\mathbf{x}, w \in \mathbb{R}^n", r"X \in \mathbb{R}^{N \times n}", r"\lambda \in \mathbb{R}_+"):
        scope = read(pasted, scope).scope
    assert [[str(d) for d in value.shape] for value in scope.variables.values()] == [["n"], ["n"], ["N", "n"], []]
    assert derive(r"\lambda \|Xw\|^2", wrt="w", where=r"X \in \mathbb{R}^{N \times n}; w: R^n; λ: R").text == (
        "2 λ wᵀ Xᵀ X"
    )


def test_macros_from_a_preamble_and_from_the_paste_are_expanded() -> None:
    scope = Scope()
    take_macros(
        r"\usepackage{amsmath} \newcommand{\norm}[1]{\left\lVert#1\right\rVert} % a norm"
        "\n"
        r"\newcommand\T{^\top} \DeclareMathOperator{\trace}{tr} \newcommand{\half}[1][2]{\frac{1}{#1}}",
        scope,
    )
    for made, plain in ((r"\half\norm{x}^2 + \half[3] x\T x", "1/2 ‖x‖² + 1/3 xᵀ x"), (r"\trace(A)", "tr(A)")):
        assert read(made, scope).expr is read(plain, scope).expr
    [(statement, _)] = split_statements(r"\newcommand{\v}[1]{\mathbf{#1}} $\v{w}^\top\v{x}$")
    reading = read(statement, Scope())
    assert reading.assumed == ["w, x ∈ ℝⁿ"]
    assert read(r"\v{w}", reading.scope).expr is not None


def test_macros_are_bounded() -> None:
    for body, code in ((r"\a\a", "E-LATEX"), ("x" * 1000, "E-LIMIT")):
        with pytest.raises(Mistake) as caught:
            read(rf"\newcommand{{\a}}{{{body}}}" + r"\a" * 100, Scope())
        assert caught.value.code == code
    with pytest.raises(Mistake) as caught:
        read(r"\newcommand{\a}{x}" + r"\a+" * 1001 + "1", Scope())
    assert caught.value.code == "E-LIMIT"
    doubling = "".join(
        [rf"\newcommand{{\{c}}}{{\{d}\{d}}}" for c, d in zip("abcdefghijkl", "bcdefghijklm", strict=True)]
    )
    with pytest.raises(Mistake):
        read(doubling + r"\newcommand{\m}{x}\a", Scope())


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("\\def\\g#1{\\nabla #1}\n$\\g{f} = 2x$", "\n$\\nabla f = 2x$"),
        ("\\newcommand{\\v}[1]{\n\\mathbf{#1}}\na \\v x % \\v\nb", "\n\na \\mathbf{ x} % \\v\nb"),
        ("\\both{a +\n b}{c}\nd", "a +\n b,c\nd"),
        ("\\DeclareMathOperator{\\tr}{tr} \\tr A", " \\operatorname{tr} A"),
        ("\\newcommand{\\a}{b} {", "\\newcommand{\\a}{b} {"),  # what is wrong is said where it is read
        ("\\both{a}", "\\both{a}"),
        ("\\half x\\half\\half y", "\\frac12 x\\frac12\\frac12 y"),
        ("\\up x", "\\mathrm x"),
    ],
)
def test_macros_are_put_in_place_in_a_text_whose_lines_keep_their_numbers(text: str, put: str) -> None:
    others = read_macros(r"\newcommand{\both}[2]{#1, #2} \newcommand{\half}{\frac12} \newcommand{\up}{\mathrm}")
    assert put_in_place(text, others) == put


def test_macros_of_a_page_are_bounded() -> None:
    with pytest.raises(Mistake, match="E-LIMIT"):
        put_in_place(r"\newcommand{\a}{x}" + r"\a " * 1001, {})


def outcome(pasted: str) -> str:
    """Return the code of the mistake that a paste has, or "read"; anything else is raised."""
    try:
        for statement, _ in split_statements(pasted, "latex"):
            read(statement, scope_of(SHAPES), notation="latex")
    except Mistake as mistake:
        for span in mistake.spans:
            assert 0 <= span.start < span.end
        return mistake.code
    return "read"


OWN = frozenset({"dot", "vec", "sum", "prod", "sqrt"})
"""Commands of LaTeX that are something else than the function of their name."""
COMMANDS = [name for name in FUNCTIONS if name.isascii() and name.isalpha() and len(name) > 1 and name not in OWN]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_function_of_the_table_is_a_command_and_an_upright_word(name: str) -> None:
    plain = outcome(f"{name}(A)")
    for pasted in (rf"\operatorname{{{name}}}(A)", rf"\mathrm{{{name}}}(A)"):
        assert outcome(pasted) == plain
    if name not in ("exp", "ln", "log", "hat", "vee"):  # of a square matrix these have two readings, or are TeX's own
        assert outcome(rf"\{name}(A)") == plain


@pytest.mark.parametrize(
    ("pasted", "statements"),
    [
        (r"\begin{align} z &= w^\top x \\ L &= z^2 \end{align}", ["z &= w^\\top x", "L &= z^2"]),
        (r"\begin{align} a &= b \\ &= c \end{align}", [r"a &= b \\ &= c"]),
        (r"\begin{align} a &= b \\ &\quad + c \end{align}", [r"a &= b \\ &\quad + c"]),
        (r"\begin{equation}\begin{split} a &= b + \\ & c \end{split}\end{equation}", [r"a &= b + \\ & c"]),
        (r"\begin{gather} a = 1 \\ b = 2 \end{gather}", ["a = 1", "b = 2"]),
        (r"$x \in \mathbb{R}^n$, $\|x\|^2$", [r"x \in \mathbb{R}^n", r"\|x\|^2"]),
        (r"x \in \mathbb{R}^n;\; \|x\|^2", [r"x \in \mathbb{R}^n", r"\|x\|^2"]),
        (r"\[ \begin{cases} a & b > 0 \\ c & b \le 0 \end{cases} \]",
         [r"\begin{cases} a & b > 0 \\ c & b \le 0 \end{cases}"]),
    ],
)  # fmt: skip
def test_a_paste_is_cut_into_its_statements(pasted: str, statements: list[str]) -> None:
    assert [text for text, _ in split_statements(pasted)] == statements


def test_a_paragraph_with_a_formula_in_it_is_one_statement() -> None:
    text = r"The loss $\|x\|^2$ is convex"
    assert split_statements(text) == [(text, 1)]
    with pytest.raises(Mistake) as caught:
        split_statements(r"2 + $\|x\|^2$ + y")
    assert caught.value.code == "E-LATEX"


@pytest.mark.parametrize("place", range(0, len(SAME), 6))
def test_a_paste_that_is_cut_off_anywhere_is_read_or_refused(place: int) -> None:
    pasted, _ = SAME[place]
    for end in range(len(pasted)):
        outcome(pasted[:end])


def test_pastes_with_pieces_taken_out_doubled_or_swapped_are_read_or_refused() -> None:
    chance = random.Random(7)
    for _ in range(500):
        pieces = list(chance.choice(SAME)[0]) + list(chance.choice(SAME)[0])
        for _ in range(chance.choice((1, 2, 3))):
            one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
            what = chance.randrange(4)
            if what == 0:
                del pieces[one]
            elif what == 1:
                pieces.insert(one, pieces[other])
            elif what == 2:
                pieces[one], pieces[other] = pieces[other], pieces[one]
            else:
                pieces.insert(
                    one, chance.choice((r"\frac", "{", "}", r"\left(", r"\\", "&", "^", "_", "$", r"\sum", "|"))
                )
        outcome("".join(pieces))


@pytest.mark.parametrize(
    "pasted",
    [
        "{" * 20_000 + "a" + "}" * 20_000,
        "(" * 20_000 + "a" + ")" * 20_000,
        r"\sqrt{" * 5_000 + "a" + "}" * 5_000,
        r"\frac{1}{" * 3_000 + "a" + "}" * 3_000,
        r"\left(" * 5_000 + "a" + r"\right)" * 5_000,
        "a^{" * 5_000 + "a" + "}" * 5_000,
        r"\hat{" * 5_000 + "a" + "}" * 5_000,
        r"\log" * 5_000 + " a",
        "{" * 100_000,
        "}" * 100_000,
        r"\begin{cases}" * 5_000,
        "|" * 20_000,
        "a_" * 20_000,
        "'" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_deep_nesting_is_read_or_refused_in_time(pasted: str) -> None:
    assert outcome(pasted) in {
        "read",
        "E-LATEX",
        "E-SYNTAX",
        "E-LIMIT",
        "E-AMBIG",
        "E-NAME",
        "E-DOMAIN",
        "E-UNSUPPORTED",
    }


@pytest.mark.parametrize(
    ("text", "where", "plain"),
    [
        (r"\sum_{1 \le i < j \le n} x_i x_j", "x: R^n", "sum_{i=1}^{n} sum_{j=i+1}^{n} x_i x_j"),
        (r"\sum_{i} \sum_{j<i} x_i x_j", "x: R^n", "sum_{i=1}^{n} sum_{j=1}^{i-1} x_i x_j"),
        (r"\sum_{i \leq j} x_i x_j", "x: R^n", "sum_{i=1}^{n} sum_{j=i}^{n} x_i x_j"),
        (r"\max_i x_i", "x: R^n", "max(x)"),
        (r"\frac12 \|x\|^2, \quad x \in \mathbb{R}^n", "", "1/2 ||x||^2"),
        (r"\|A x\|^2 \text{ where } A \in \mathbb{R}^{m \times n},\ x \in \mathbb{R}^n", "", "||A x||^2"),
        (r"\sum_i \|z_i' - z_i\|^2", "Z, Z_prime: R^{n x d}", "sum_{i=1}^{n} ||Z_prime_i - z_i||^2"),
        (r"\sum_{i \ne j} [A]_{ij}", "A: R^{n x n}", "sum_{i != j} A_{i,j}"),
    ],
)
def test_idioms_of_papers_are_read_as_their_long_forms(text: str, where: str, plain: str) -> None:
    reading = read(text, scope_of(where), notation="latex")
    shapes = where or "A: R^{m x n}; x: R^n"
    assert unicode(reading.expr) == unicode(read(plain, scope_of(shapes)).expr)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [r"\nabla f(x)^\top d", r"\nabla f(x) \cdot d", r"\nabla^2 f(x)^{-1} d"])
def test_a_gradient_of_a_function_before_more_factors_has_two_readings(text: str) -> None:
    with pytest.raises(Mistake, match="how far does") as caught:
        read(text, scope_of("x, d: R^n; f(z) = z . z"))
    assert r"f(x)" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"y_i = \sum_{j \ne i} A_{ij} x_j", "i stands on the left too"),
        (r"y_j = \sum_{i < j} A_{ij} x_i", "j stands on the left too"),
        (r"\sum_{j < i} A_{ij} x_j", "does the sum run over i too"),
        (r"\sum_{i : x_i > 0} x_i", "condition"),
        (r"\|x\|^2 \text{ minus } x", "words"),
        (r"x^k + x", "power or a part of the name"),
    ],
)
def test_what_leaves_open_which_values_are_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        read(text, scope_of("x: R^n; A: R^{n x n}"), value=True, notation="latex")


NEVER_RUN = (
    *("input", "include", "includeonly", "write", "immediate", "openin", "openout", "read", "catcode", "csname"),
    *("endcsname", "edef", "gdef", "xdef", "let", "futurelet", "expandafter", "noexpand", "loop", "special"),
    *("directlua", "usepackage", "documentclass", "newenvironment", "lowercase", "uppercase", "everypar", "jobname"),
    *("verb", "href", "url", "includegraphics", "shell", "font", "makeatletter", "makeatother", "newcount", "newread"),
)


@pytest.mark.parametrize("command", NEVER_RUN)
def test_commands_that_no_formula_needs_are_named_and_not_run(command: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(rf"x^2 + \{command} y")
    assert caught.value.message == rf"\{command} is not allowed"


RESPELLED = (
    lambda text: re.sub(r"\\left(?![a-z])|\\right(?![a-z])", "", text),
    lambda text: text.replace(r"^\top", r"^{\mathsf{T}}").replace(r"\frac", r"\tfrac"),
    lambda text: re.sub(r"_([a-z0-9])(?![a-z0-9{}])", r"_{\1}", text.replace(r"^\top", "^T")),
    lambda text: re.sub(r" (?=[a-zA-Z\\(])", lambda _: r"\, ", re.sub(r"\^\{([0-9])\}", r"^\1", text)),
    lambda text: f"\\begin{{equation}}\n{text.replace(' ', '~')}\n\\end{{equation}}",
)
"""Other spellings of what mcalc prints."""
DECLARED = sorted({(q.by, *q.meant[0]) for q in questions() if q.meant and "d/d" not in q.meant[0][0] and q.by})


@pytest.mark.parametrize(("by", "text", "where"), DECLARED[::4])
def test_a_derivative_in_latex_is_read_however_it_is_spelled(by: str, text: str, where: str) -> None:
    printed = derive(text, wrt=by, where=where).latex
    if "\\" in printed and r"\_" not in printed and "T:" not in where:
        meant = parse(printed, where=where).expr
        for respelled in RESPELLED:
            assert parse(respelled(printed), where=where).expr is meant, respelled(printed)


def test_raised_and_lowered_glyphs_that_stand_together_are_one_script() -> None:
    for text, meant in ((r"\alpha x²³", "α x²³"), (r"\frac{1}{2} x⁻¹⁰", "1/(2 x¹⁰)"), (r"\sum_i x₁₂ yᵢ²", "x₁₂")):
        assert meant in parse(text).text
    assert parse(r"\frac12 xⁿ⁻¹", where="x, n: R").text == "1/2 x^(n - 1)"
