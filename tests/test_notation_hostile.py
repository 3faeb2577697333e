"""Whatever is typed gives a reading or a mistake: hostile characters, deep nesting, noise."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from mcalc.api import derive, parse
from mcalc.errors import Mistake
from mcalc.notation import Reading, Scope, read, read_where, split_statements
from mcalc.notation.meaning.expressions import _may_have_indices
from mcalc.notation.surface.syntax import exact
from mcalc.operators import FUNCTIONS
from mcalc.operators.leaves import ratio
from mcalc.render.mistake import render_mistake
from mcalc.shell.batch import lines, statements
from mcalc.shell.output import Output
from mcalc.shell.run import Run
from mcalc.shell.settings import Settings
from tests.outline import WORLD, mistake, outline
from tests.work import LINEAR, growth

ROUNDS = 10_000
"""As many random statements are read."""
DEPTH = 100_000
"""The most that a statement of that depth may take, on a slow machine; a quadratic step would take far longer."""

TOKENS = [
    "x",
    "y",
    "w",
    "A",
    "X",
    "b",
    "i",
    "n",
    "N",
    "1",
    "2",
    "0.5",
    "3e2",
    "+",
    "-",
    "*",
    "/",
    ".*",
    "./",
    ".",
    "·",
    "⊗",
    "⊘",
    "^",
    "**",
    ".^",
    "'",
    "ᵀ",
    "²",
    "⁻¹",
    "_i",
    "_1",
    "_{i+1}",
    "_{ij}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "||",
    "‖",
    "<",
    ">",
    "<=",
    "==",
    "!=",
    "=",
    ":=",
    ":",
    ";",
    ",",
    "sin(",
    "max(",
    "sum(",
    "f(",
    "exp",
    "sum_{i=1}^{n}",
    "Σ_i",
    "prod_{j!=i}",
    "d/dx",
    "∂/∂w",
    "d^2/dx^2",
    "dy/dx",
    "∂/∂(w,b)",
    "grad_x",
    "∇_w",
    "∇",
    "hess_w",
    "e",
    "½",
    "√",
    "1vec",
    "0vec",
    "I",
    "I(n)",
    "R^n",
    "R",
    "∈",
    "if",
    "otherwise",
    "else",
    "and",
    "or",
    "T",
    ".T",
    "...",
    "..",
    "@",
    "&",
    "λ",
    "lambda",
    "σ(",
    "Δx",
    "x̂",
    "δ_ij",
    "#",
    "_",
    "_3",
    "\\",
    '"',
    "$",
    "d",
    "df/dx",
    "u1",
    "x2x",
    "|x|",
    "inv(",
    "diag(",
    "[x;",
]
ALPHABET = "xyzwAX012+-*/^_'.(){}[]|=<>:;, ∂∇Σᵀ²₁ᵢ·⊗⊘∈ℝ‖√½λ\t\n\\#\"$%&@!~`?é\u0302\u20d7\u200b\u202e\x00\x1bа"


def check(text: str, where: str) -> None:
    scope = Scope()
    read_where(where, scope)
    try:
        found: Reading | Mistake = read(text, scope)
    except Mistake as caught:
        found = caught
    if isinstance(found, Mistake):
        assert all([0 <= span.start < span.end for span in found.spans]), text
        shown = found.message + found.hint + "".join([span.label for span in found.spans])
        assert all([c.isprintable() for c in shown]), text


@pytest.mark.parametrize("text", [r"\\", r"\newcommand{\R}{\mathbb{R}}\\", r"\(\)"])
def test_latex_without_a_formula_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake):
        parse(text, notation="latex")


@pytest.mark.parametrize("seed", range(10))
def test_shuffled_tokens_give_a_reading_or_a_mistake(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS // 20):
        text = "".join([rng.choice(TOKENS) + rng.choice(("", " ")) for _ in range(rng.randint(1, 14))])
        check(text, rng.choice(("", WORLD)))


@pytest.mark.parametrize("seed", range(10))
def test_random_characters_give_a_reading_or_a_mistake(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS // 20):
        check("".join([rng.choice(ALPHABET) for _ in range(rng.randint(1, 20))]), "")
        raw = bytes([rng.randrange(256) for _ in range(rng.randint(1, 20))])
        check(raw.decode("utf-8", "surrogateescape"), "")


GOOD = (
    "1/N sum_{i=1}^{N} (y_i - max(0, w . X_i + b))^2",
    "∂/∂w {0vec^T if w · x + b ≤ 0; x^T otherwise}",
    "∇²_x ‖A x - w‖²",
    "d(w + x)/dw + [b, c; c, b] w'",
    "[Σ_p A_ip B_pj]_{ij}",
    "sin^2(z) + √(z) - e^{-z}",
    "f(t) = t^2 + b",
    "S: R^{n x n} symmetric",
)


@pytest.mark.parametrize("text", GOOD)
def test_every_piece_left_out_doubled_or_cut_off_gives_a_reading_or_a_mistake(text: str) -> None:
    for k in range(len(text)):
        for changed in (text[:k] + text[k + 1 :], text[:k] + text[k] + text[k:], text[:k], text[k:]):
            check(changed, WORLD)


DEEP: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "(" * n + "x" + ")" * n,
    "calls": lambda n: "sin(" * n + "x" + ")" * n,
    "calls that begin like a differential": lambda n: "diag(" * (n // 10) + "x" + ")" * (n // 10),
    "signs": lambda n: "-" * n + "x",
    "powers": lambda n: "x^" * n + "x",
    "quotients": lambda n: "x/" * n + "x",
    "bars": lambda n: "|" * n + "x" + "|" * n,
    "terms": lambda n: "+".join(["x"] * n),
    "factors": lambda n: " ".join(["x"] * n),
    "blocks": lambda n: "[a;" * (n // 4) + "x" + "]" * (n // 4),
    "identities": lambda n: "+".join(["I"] * (n // 4)),
    "sums": lambda n: "sum_{i=1}^{3} " * (n // 100) + "x_i",
    "derivatives": lambda n: "d/dx " * (n // 100) + "x",
    "derivatives of derivatives": lambda n: "d/dx (" * (n // 10) + "x" + ")" * (n // 10),
    "norms": lambda n: "norm(" * (n // 10) + "x" + ")" * (n // 10),
    "fractions as calls": lambda n: "frac(1, " * (n // 10) + "x" + ")" * (n // 10),
    "explained braces": lambda n: r"\underbrace{" * (n // 10) + "x" + "}_{a}" * (n // 10),
    "commands that explain": lambda n: r"\underbrace" * (n // 10) + "x",
    "subscripts in brackets": lambda n: "x_(" * (n // 10) + "i" + ")" * (n // 10),
    "matrices": lambda n: " @ ".join([f"A_{k}" for k in range(1, n // 10)]),
    "arguments": lambda n: f"f({', '.join(['x'] * (n // 4))})",
    "words": lambda n: "xyz" * (n // 3),
    "cases": lambda n: "{x if x > 0; " * (n // 10) + "x otherwise}",
    "definitions": lambda n: (
        f"a_{n // 20} where " + "; ".join([f"a_{k} = x + a_{k - 1}" for k in range(1, n // 20 + 1)])
    ),
    "assignments": lambda n: (
        "def f(x):\n y0 = x\n"
        + "".join([f" y{k} = y{k - 1} + x\n" for k in range(1, n // 20 + 1)])
        + f" return y{n // 20}"
    ),
}
"""Texts of so many levels or terms, or a part of these where one of them takes more to read."""


def attempt(text: str) -> None:
    with contextlib.suppress(Mistake):
        read(text, Scope())


@pytest.mark.parametrize("name", DEEP)
def test_reading_takes_work_in_line_with_the_length(name: str) -> None:
    assert growth(lambda n: attempt(DEEP[name](n)), 2_000) < LINEAR


def test_the_readings_of_many_arguments_are_as_few_as_those_of_one() -> None:
    letters = "abcghjklmnopqrstuvwyz"
    assert growth(lambda n: attempt(f"A f({', '.join(letters[:n])})"), 10) < LINEAR


def test_a_pattern_meets_each_character_once() -> None:
    assert _may_have_indices("x" + "_" * DEPTH) is False
    assert _may_have_indices("x_a, b_" + "a" * DEPTH + "i") is True


def test_a_size_as_long_as_its_formula_is_limited() -> None:
    nest = 3_000
    with pytest.raises(Mistake, match="E-LIMIT: this takes more than"):
        parse("kron(A, " * nest + "A" + ")" * nest)


@pytest.mark.parametrize("statement", ["x_{}: R^n", "name{} = y^2 + 1", "f_{}(t) = t^2"])
def test_many_definitions_take_work_in_line_with_their_number(statement: str) -> None:
    def define(count: int) -> None:
        read_where("; ".join([statement.format(k) for k in range(count)]), Scope())

    assert growth(define, 50) < LINEAR


@pytest.mark.slow
@pytest.mark.parametrize("name", ["brackets", "signs", "quotients", "bars"])
def test_a_hundred_thousand_levels_are_read(name: str) -> None:
    read(DEEP[name](DEPTH), Scope())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["calls", "powers"])
def test_levels_that_take_more_to_read_are_read_without_recursion(name: str) -> None:
    read(DEEP[name](DEPTH // 4), Scope())


def test_an_open_bracket_among_many_is_found_at_once() -> None:
    found = mistake("(" * DEPTH, "")
    assert f"column {DEPTH}" in found.message
    assert render_mistake(found).count("^ opened here") == 1
    assert growth(lambda n: mistake("(" * n, ""), 2_000) < LINEAR


REFUSED = [
    ("x\x1b[31m", "E-CHAR", "U+001B", 1),
    ("x + \x00", "E-CHAR", "U+0000", 4),
    ("x\u202e2", "E-CHAR", "RIGHT-TO-LEFT OVERRIDE", 1),
    ("x\u200b + y", "E-CHAR", "ZERO WIDTH SPACE", 1),
    ("a\u00adb", "E-CHAR", "SOFT HYPHEN", 1),
    ("a — b", "E-CHAR", "EM DASH", 2),
    ("x\ud800", "E-CHAR", "U+D800", 1),
    ("\u0430 + 1", "E-CONFUSABLE", "CYRILLIC", 0),
    ("Αx", "E-CONFUSABLE", "GREEK CAPITAL LETTER ALPHA", 0),
    ("x" + "\u0301" * 10_000, "E-CHAR", "COMBINING ACUTE", 1),
    ("١ + 1", "E-CHAR", "ARABIC", 0),
]


@pytest.mark.parametrize(("text", "code", "said", "start"), REFUSED)
def test_a_character_that_is_not_read_is_named_with_its_place_and_never_shown(
    text: str, code: str, said: str, start: int
) -> None:
    found = mistake(text, "")
    assert (found.code, found.spans[0].start) == (code, start)
    assert said in found.message
    assert all([c.isprintable() for c in found.message + found.hint])


SAME = [
    ("a − b – c ‐ d", "a - b - c - d"),
    ("x ＋ y ＊ （z）", "x + y * (z)"),
    ("2\u2062x \u2061", "2 x"),
    ("3 × 4", "12"),
    ("A⁻¹ x", "A^-1 x"),
    ("3 x⁻²", "3 x^-2"),
    ("𝑥 + 1", "x + 1"),
    ("ϵ + 1", "ε + 1"),
    ("x\u00a0+\u2009y", "x + y"),
    ("⟨x, y⟩ + 〈x, y〉", "<x, y> + <x, y>"),
    ("A ⊙ B + A ∘ B", "A .* B + A .* B"),
    (["x", "∈", "ℝⁿ"][0], "x"),
    ("ŵ", "w_hat"),
    ("x≤1", "x <= 1"),
    ("x₁₀", "x_10"),
]


@pytest.mark.parametrize(("passed", "refused"), [("f: R → R", "x → y"), ("f: R ⟶ R", "⟶"), ("é\r\n+ é", "é + \rx")])
def test_a_character_that_is_read_in_some_places_is_refused_in_others_whatever_was_read_before(
    passed: str, refused: str
) -> None:
    read(passed, Scope())
    with pytest.raises(Mistake) as found:
        read(refused, Scope())
    assert found.value.code == "E-CHAR"


@pytest.mark.parametrize(("glyphs", "plain"), SAME)
def test_glyphs_and_their_spellings_are_read_alike(glyphs: str, plain: str) -> None:
    one, other = read(glyphs, Scope()).expr, read(plain, Scope()).expr
    assert one is not None
    assert one is other, (outline(one), other)


def test_bold_letters_hint_at_shapes() -> None:
    assert read("𝐰 + 1", Scope()).assumed == ["w ∈ ℝⁿ"]
    assert mistake("𝐱 + x", "").code == "E-AMBIG"


def test_statements_are_cut_outside_brackets_only() -> None:
    assert split_statements("x: R^n;  y: R\n# nothing\n\n[1;\n2] # two\na + \\\n b\n(((\nx") == [
        ("x: R^n", 1),
        ("y: R", 1),
        ("[1;\n2]", 4),
        ("a + \\\n b", 6),
        ("(((\nx", 8),
    ]


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if name.isidentifier()))
@pytest.mark.parametrize("arguments", ["", "x", "x, y", "x, y, z", "A", "A, x", "3", "[1; 2]", "x, rows"])
def test_a_function_of_any_number_of_arguments_is_read_or_refused(name: str, arguments: str) -> None:
    for text in (f"{name}({arguments})", f"x.{name}({arguments})"):
        with suppress(Mistake):
            parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("trase(A)", "did you mean trace?"),
        ("hadamard(A, B)", "did you mean a .* b?"),
        ("T(x)", "write T*(x) for a product, for a function declare it: --where 'T: R^n -> R^m'"),
    ],
)
def test_words_of_other_languages_get_what_to_write_here(text: str, hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert caught.value.hint == hint


@pytest.mark.parametrize("text", ["[A_ij x_j]_jii", "[A_ij]_{iij}", "d/dA [A_ij x_j]_jii"])
def test_an_index_that_stands_twice_after_the_bracket_is_refused(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert caught.value.code == "E-UNSUPPORTED"


def test_blanks_are_read_up_to_a_number_between_words_and_any_number_around_them() -> None:
    for text in (" " * 9000 + "x^2" + "\t" * 9000, "x" + " " * 500 + "+ x", "x +" + "\n" * 900 + "x"):
        assert parse(text).expr is not None
    for gap in (" " * 501, " \t" * 300, "\u2009" * 501):
        with pytest.raises(Mistake, match="E-LIMIT: more than 500 blanks in a row") as refused:
            parse(f"x +{gap}x")
        assert refused.value.spans[0].start == 3


def test_a_number_of_too_many_digits_is_not_even_made() -> None:
    assert [exact(text, 100) for text in ("1e100", "1e-100", "25e-2")] == [10**100, ratio(1, 10**100), ratio(1, 4)]
    for text in ("1e101", "1e-101", "1" + "0" * 100 + "1e1", "1.5e9999999", "1e" + "9" * 10_000):
        assert exact(text, 100) is None


@pytest.mark.parametrize("letter", ["ɑ", "ɡ", "ı", "а", "ᴀ", "ʀ"])
def test_letters_that_look_like_others_are_refused(letter: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(f"2 {letter}")
    assert caught.value.code == "E-CONFUSABLE"


@pytest.mark.parametrize("letter", ["é", "ẋ", "ŵ", "ø", "ß", "α", "ẑ"])
def test_letters_of_languages_are_names(letter: str) -> None:
    assert parse(f"2 {letter}").shape == ()


@pytest.mark.parametrize(
    "text",
    [
        "dx()", "dx_1(2, 3)", "f×(x)", "sin sum_{i=1}^n", "relu prod_i", r"leaky_relu\sum_i", r"\log \sum_i",
        r"\alpha .0.5", r"\alpha 3.4.5",
        "sum_i sum_{j != i} (1 - C_ii)^2 + C_iii^2",
        r"\text{\end{cases}where}", r"\text{\left(x\right)}", r"\mbox{\langle x \rangle}",
    ],
)  # fmt: skip
def test_what_is_cut_off_or_stands_where_nothing_is_read_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake):
        parse(text)


def test_a_number_that_cannot_be_written_is_a_limit() -> None:
    with pytest.raises(Mistake) as caught:
        parse("(" * 20_000 + "x" + ")^2" * 20_000)
    assert caught.value.code == "E-LIMIT"


MANY: dict[str, Callable[[int], str]] = {
    "mistakes in a line": lambda n: "\x1b[0m;" * n,
    "subscripts": lambda n: "x" + "_" * n,
    "displays": lambda n: "$" * n,
}
"""Streams in which a step for each of so many that looks at all would be quadratic."""


@pytest.mark.parametrize("name", MANY)
def test_a_stream_takes_work_in_line_with_its_length(name: str) -> None:
    def run(count: int) -> None:
        out, err = io.BytesIO(), io.BytesIO()
        job = Run(Settings(), Output(out, err))
        for line in statements(lines(io.BytesIO(MANY[name](count).encode()))):
            job.line(line, "<stdin>")

    assert growth(run, 2_000) < LINEAR


def test_a_function_that_nobody_defined_has_a_bounded_number_of_arguments() -> None:
    assert derive(f"f({', '.join(['x'] * 40)})", wrt="x").text
    with pytest.raises(Mistake, match="may have 1024"):
        derive(f"f({','.join(['x'] * 1025)})", wrt="x")
