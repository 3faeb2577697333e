"""The 26 ambiguities of the notation, each read in one way, or refused with the ways it could be meant."""

from __future__ import annotations

import pytest

from mcalc import derive
from mcalc.errors import Mistake
from tests.outline import WORLD, mistake, outline, read_as, reading

READ = [
    # 1: letter runs
    ("1", "2zcos(z^2)", WORLD, "(mul 2 z (cos (pow z 2)))"),
    ("1", "xy", "", "(mul x y)"),
    ("1", "xy", "xy: R", "xy"),
    ("1", "lambda", "", "λ"),
    ("1", "loss", "loss: R", "loss"),
    ("1", "abc", "a, b, c: R", "(mul a b c)"),
    # 2: the exponent is one atom
    ("2", "z^2z", WORLD, "(mul (pow z 2) z)"),
    ("2", "3z^2b", WORLD, "(mul 3 (pow z 2) b)"),
    ("2", "z^10", WORLD, "(pow z 10)"),
    # 3: letter and digit
    ("3", "u1 u_1", "u1: R; u_1: R", "(mul u1 u_1)"),
    # 4: a name before a bracket
    ("4", "z(1+2z)", WORLD, "(mul z (add 1 (mul 2 z)))"),
    ("4", "9(z + z^2)", WORLD, "(mul 9 (add z (pow z 2)))"),
    ("4", "cos(z)(1+2z)", WORLD, "(mul (cos z) (add 1 (mul 2 z)))"),
    ("4", "f(z) f_i(z)", WORLD, "(mul (applyf (0,) z) (applyf_i (0,) z))"),
    # 5: element, sample, own name
    ("5", "x_1", WORLD, "(element x 1)"),
    ("5", "sum_i x_i", "X: R^{N x n}", "(sigma i=1..N (element X i))"),
    ("5", "u_1 + 1", "u_1: R", "(add u_1 1)"),
    # 6: the transpose
    ("6", "x^T A x", WORLD, "(matmul (row x) A x)"),
    ("6", "x^T A x", WORLD + "; v: R^T", "(matmul (row x) A x)"),
    ("6", "z^T", WORLD + "; T: R", "(pow z T)"),
    # 7: dots
    ("7", "w.x", WORLD, "(dot w x)"),
    ("7", "w.*x", WORLD, "(mul w x)"),
    ("7", "w./x", WORLD, "(mul w (pow x -1))"),
    ("7", "3.5z", WORLD, "(mul 7/2 z)"),
    # 8: a vector times a scalar
    ("8", "x z", WORLD, "(mul x z)"),
    # 9: products by type
    ("9", "z * c", WORLD, "(mul z c)"),
    ("9", "z × x", WORLD, "(mul z x)"),
    ("9", "A * B", WORLD, "(matmul A B)"),
    # 11: the body of a sum
    ("11", "sum_i^n w_i x_i + b", WORLD, "(add (sigma i=1..n (mul (element w i) (element x i))) b)"),
    ("11", "sum_i (x_i)^2", WORLD, "(sigma i=1..n (pow (element x i) 2))"),
    ("11", "1/N sum_i x_i", WORLD, "(mul (pow N -1) (sigma i=1..n (element x i)))"),
    # 12: limits
    ("12", "sum_{i=1}^{n} x_i", WORLD, "(sigma i=1..n (element x i))"),
    ("12", "sum_i^n x_i", WORLD, "(sigma i=1..n (element x i))"),
    ("12", "sum_i^{|x|} x_i", WORLD, "(sigma i=1..n (element x i))"),
    ("12", "sum(i=1..n, x_i)", WORLD, "(sigma i=1..n (element x i))"),
    ("12", "Σᵢ₌₂ⁿ xᵢ", WORLD, "(sigma i=2..n (element x i))"),
    ("12", "sum_x (w . x)", "w: R^n; X: R^{N x n}", "(sigma i=1..N (dot w (element X i)))"),
    # 13: quotients, from left to right
    ("13", "1/2w^T w", WORLD, "(mul 1/2 (matmul (row w) w))"),
    ("13", "z/b c", WORLD, "(mul z (pow b -1) c)"),
    # 14, 15: the derivative sign and its scope
    ("14", "d/dz z", "d: R; z: R", "(derivative z z)"),
    ("14", "z/sqrt(d)", "d: R; z: R", "(mul z (pow d -1/2))"),
    ("14", "df(z)/dz", WORLD, "(derivative (applyf (0,) z) z)"),
    ("15", "d/dz z + d/db b", WORLD, "(add (derivative z z) (derivative b b))"),
    ("15", "d/dw w . x + d/db b", WORLD, "(add (derivative (dot w x) w) (derivative b b))"),
    # 16: bars
    ("16", "|x|", WORLD, "n"),
    ("16", "|z|", WORLD, "(abs z)"),
    # 17: relations
    ("17", "w > x", WORLD, "(gt w x)"),
    ("17", "{b if z > 0; c if z <= 0}", WORLD, "(cases b (gt z 0) c (le z 0))"),
    # 18: max by shapes
    ("18", "max(0, x)", WORLD, "(max 0 x)"),
    ("18", "max(w, x)", WORLD, "(max w x)"),
    # 19: brackets
    ("19", "[b, c]", WORLD, "(block1x2 b c)"),
    ("19", "[b; c]", WORLD, "(block2x1 b c)"),
    ("19", "[b, c]^T", WORLD, "(row (block1x2 b c))"),
    ("19", "[[b, c], [c, b]]", WORLD, "(block2x2 b c c b)"),
    ("19", "[b, c; c, b]", WORLD, "(block2x2 b c c b)"),
    ("19", "d/dz [z, z^2]", WORLD, "(derivative (block2x1 z (pow z 2)) z)"),
    # 21: sizes from context
    ("21", "x + 1vec", WORLD, "(add x (onesn))"),
    ("21", "0vec^T A", WORLD, "(matmul (row (zerosn)) A)"),
    ("21", "A + I", WORLD, "(add A (eyen))"),
    ("21", "I x", WORLD + "; I: R^{n x n}", "(matmul I x)"),
    # 22: powers of calls
    ("22", "ln(z^2)", WORLD, "(ln (pow z 2))"),
    ("22", "sin(z^3)^2", WORLD, "(pow (sin (pow z 3)) 2)"),
    ("22", "sin^2(z)", WORLD, "(pow (sin z) 2)"),
    # 23: the sign
    ("22", "log det A", WORLD, "(ln (det A))"),
    ("22", "exp tr(A)", WORLD, "(exp (trace A))"),
    ("23", "-z^2", WORLD, "(mul -1 (pow z 2))"),
    ("23", "2^-z", WORLD, "(pow 2 (mul -1 z))"),
    # 26: straight and curly
    ("26", "∂/∂z z^2", WORLD, "(derivative (pow z 2) z)"),
    ("26", "pd/pd z z^2", WORLD, "(derivative (pow z 2) z)"),
]


@pytest.mark.parametrize(("item", "text", "where", "expected"), READ)
def test_a_reading_with_one_meaning(item: str, text: str, where: str, expected: str) -> None:
    assert read_as(text, where) == expected, item


REFUSED = [
    ("3", "u2u", "", "E-AMBIG", "u_2"),
    ("3", "z2z", WORLD, "E-AMBIG", "z^2 z"),
    ("4", "v(1 + z)", WORLD, "E-NAME", "v*("),
    ("4", "sqt(4)", "", "E-NAME", "sqrt"),
    ("6", "x^T A x", WORLD + "; T: R", "E-AMBIG", "'"),
    ("7", "2.x", WORLD, "E-SYNTAX", "2.0"),
    ("8", "w x", WORLD, "E-AMBIG", "w .* x"),
    ("9", "w * x", WORLD, "E-AMBIG", "w . x"),
    ("10", "w . x .* w", WORLD, "E-AMBIG", "brackets"),
    ("10", "z (w . 1 - 1)", WORLD, "E-AMBIG", "w · 1vec for the sum"),
    ("13", "1/2z", WORLD, "E-AMBIG", "1/(2 z), or (1/2) z"),
    ("13", "z/2b^2", WORLD, "E-AMBIG", "z/(2 b^2), or (z/2) b^2"),
    ("13", "z/2(b + c)", WORLD, "E-AMBIG", "z/(2 (b + c))"),
    ("16", "|A|", WORLD, "E-AMBIG", "det(A)"),
    ("22", "sum (w - x)^2", WORLD, "E-AMBIG", "sum((w - x)^2)"),
    ("20", "(f ○ g)(x)", "", "E-CHAR", ""),
    ("22", "sin^-1 z", WORLD, "E-AMBIG", "asin"),
    ("22", "log w'x", WORLD, "E-AMBIG", "log(w"),
    ("22", "sqrt x'x", WORLD, "E-AMBIG", "sqrt(x"),
    ("22", "tr A'A", WORLD, "E-AMBIG", "tr(A"),
    ("22", "log det A B", WORLD, "E-AMBIG", "det(A B)"),
    ("22", "log |z| b", WORLD, "E-AMBIG", "log(|z| b)"),
    ("4", "sinc(z)", WORLD, "E-UNSUPPORTED", ""),
    ("4", "slogdet(A)", WORLD, "E-NAME", "logdet"),
    ("25", "z = b = c", WORLD, "E-SYNTAX", "one part alone"),
]


@pytest.mark.parametrize(("item", "text", "where", "code", "offered"), REFUSED)
def test_what_has_more_than_one_meaning_is_refused_with_an_offer(
    item: str, text: str, where: str, code: str, offered: str
) -> None:
    found = mistake(text, where)
    assert (found.code, offered in found.hint) == (code, True), (item, found, found.hint)


NOTED = [
    ("1", "xy", "", "x y"),
    ("13", "1/2w^T w", WORLD, "(1/2) w"),
    ("22", "sum(w - x)^2", WORLD, "(sum(w - x))^2"),
    ("16", "|x|", WORLD, "length"),
    ("19", "d/dz [z, z^2]", WORLD, "vertical"),
    ("6", "z^T", WORLD + "; T: R", "variable"),
    ("22", "sin^2(z)", WORLD, "sin(x)^2"),
    ("e", "e^z", WORLD, "Euler"),
    ("7.7", "x^2", WORLD, "entry by entry"),
    ("7.7", "w / x", WORLD, "entry by entry"),
    ("7.7", "||A||", WORLD, "Frobenius"),
    ("6", "softmax(A)", WORLD, "row by row"),
    ("6", "exp(A)", WORLD, "expm"),
]


@pytest.mark.parametrize(("item", "text", "where", "said"), NOTED)
def test_a_choice_is_noted(item: str, text: str, where: str, said: str) -> None:
    assert any([said in note for note in reading(text, where).notes]), item


def test_shapes_that_are_not_declared_are_inferred_and_said() -> None:
    # 24: bold is invisible
    found = reading("max(0, w . x + b)", "")
    assert found.assumed == ["w, x ∈ ℝⁿ", "b ∈ ℝ"]


def test_an_equals_sign_defines_or_claims() -> None:
    # 25
    assert reading("y = sum(x)").kind == "definition"
    claim = reading("d/dx x . x = 2 x^T")
    assert claim.kind == "claim"
    assert [outline(side) for side in claim.sides[1:]] == ["(mul 2 (row x))"]


def test_a_name_of_its_own_with_a_running_index_is_noted() -> None:
    said = "β_g is one variable, the same for every g; for elements declare β: R^n"
    assert said in reading("sum_{g=1}^{G} ||β_g||^2", "β_g: R^n; G: R").notes
    assert said not in reading("sum_{g=1}^{G} ||β_g||^2", "β: R^{G x n}").notes


@pytest.mark.parametrize("text", ["sum(|x|)", "|x|^2", "sum(|x|^3) + |x|", "mean(|x|)"])
def test_bars_around_a_vector_are_no_length_where_that_leaves_nothing_to_differentiate(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        derive(text, wrt="x", where="x: R^n")
    assert caught.value.code == "E-AMBIG"
    assert "abs(" in caught.value.hint


def test_the_length_of_a_vector_divides_a_sum_over_it() -> None:
    assert derive("1/|x| sum(x^2)", wrt="x", where="x: R^n").text == "2 xᵀ / n"
