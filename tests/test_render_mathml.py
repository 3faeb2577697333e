"""MathML: well formed for every row of the table, and nothing in it acts in a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

import mcalc
from mcalc.expr import Expr, make
from mcalc.operators import TABLE
from mcalc.operators.leaves import number, symbol
from mcalc.render.html_page import head
from mcalc.render.mathml import NAMESPACE, assemble, leaf, mathml, paragraph, preformatted
from tests.conftest import Mcalc

MATH = {
    "math", "mi", "mn", "mo", "mtext", "mrow", "msup", "msub", "mfrac", "msqrt", "munderover", "mtable", "mtr", "mtd",
    "mover", "mspace",
}  # fmt: skip


def tags(text: str) -> list[str]:
    return [node.tag.removeprefix(f"{{{NAMESPACE}}}") for node in ET.fromstring(text).iter()]


EXAMPLES = sorted({op.example for op in TABLE.values() if op.example})


def read(text: str) -> mcalc.Expression:
    """Return an example as it is read, with capitals declared as matrices where its text alone does not say enough."""
    names = dict.fromkeys(re.findall(r"(?<![\w_])[A-Z](?![\w_])", text))
    try:
        return mcalc.parse(text)
    except mcalc.Mistake:
        return mcalc.parse(text, where="; ".join([f"{name}: R^{{n x n}}" for name in names]) or "q: R^{m x n}")


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_table_is_well_formed_and_has_known_elements(text: str) -> None:
    assert set(tags(read(text).mathml)) <= MATH


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        ("(x + y)^2", '<mi>x</mi><mo>+</mo><mi>y</mi><mo stretchy="false">)</mo></mrow><mn>2</mn></msup>'),
        ("x^(a+b)", "<msup><mi>x</mi><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></msup>"),
        ("a/b", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        ("1/2", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        ("sqrt(x)", "<msqrt><mi>x</mi></msqrt>"),
        ("x_4", "<msub><mi>x</mi><mn>4</mn></msub>"),
        ("inv(A)^T", '<msup><mi>A</mi><mrow><mo form="prefix">−</mo><mi>⊤</mi></mrow></msup>'),
        ("-x + y - 2", '<mo form="prefix">−</mo><mi>x</mi><mo>+</mo><mi>y</mi><mo>−</mo><mn>2</mn>'),
        ("x_total", "<msub><mi>x</mi><mi>total</mi></msub>"),
        ("x y", '<mi>x</mi><mspace width="0.17em"></mspace><mi>y</mi>'),
        ("‖A x‖^2", '<mo stretchy="false">‖</mo></mrow><mn>2</mn></msup>'),
        ("w . x", "<mi>𝐰</mi><mo>·</mo><mi>𝐱</mi>"),
        (r"\hat{y}", '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
    ],
)
def test_constructions_are_built_of_their_parts(text: str, element: str) -> None:
    assert element in mcalc.parse(text).mathml


def test_braces_and_sums_are_built() -> None:
    relu = mcalc.derive("max(0, w·x + b)", wrt="w").mathml
    assert relu.count("<mtr>") == 2
    assert "<munderover><mo>Σ</mo>" in mcalc.parse("sum_{i=1}^{n} x_i y_i").mathml


def test_what_is_no_mathematics_is_escaped() -> None:
    assert leaf("<script>&", "words") == "<mtext>&lt;script&gt;&amp;</mtext>"
    assert "<script" not in paragraph("", ["<script>alert(1)</script>"]) + preformatted("<script>")
    assert assemble([("²", "superscript")]).startswith("<msup><mrow></mrow>")


def test_a_name_with_many_subscripts_is_one_text_and_no_recursion() -> None:
    text = leaf("x" + "_x" * 5000, "name")
    assert text.startswith("<mi>x_x")
    assert ET.fromstring(leaf("x" + "_x" * 99, "name")).tag == "msub"


def test_a_deep_or_long_expression_is_one_text_and_no_recursion() -> None:
    deep: Expr = symbol("x")
    for _ in range(5000):
        deep = make(TABLE["sin"], (deep,))
    assert set(tags(mathml(deep))) == {"math", "mtext"}
    assert mathml(number(3)).endswith("<mn>3</mn></math>")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_page_has_a_policy_and_no_script_link_or_handler(mcalc: Mcalc) -> None:
    done = mcalc("--to", "html", stdin="d/dx x^2\nw · x\n(((\nd/dw max(0, w·x)\n")
    page = _Page()
    page.feed(done.out)
    assert done.out.startswith("<!DOCTYPE html>")
    assert done.out.count("<!DOCTYPE") == 1
    assert {tag for tag, _ in page.found} <= {"html", "head", "meta", "title", "style", "p", "br", *MATH}
    policies = [attrs.get("content") for tag, attrs in page.found if attrs.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not any(re.match("on|href|src|style", name) for _, attrs in page.found for name in attrs)
    assert head("mcalc") in done.out


def test_mathml_is_one_line_for_each_result(mcalc: Mcalc) -> None:
    done = mcalc("--to", "mathml", stdin="d/dx x^2\nw · x\n")
    assert [set(tags(line)) <= MATH for line in done.lines] == [True, True]
    assert mcalc("diff", "x^2", "--wrt", "x", "--steps", "--to", "mathml").code == 1
    assert '<div class="eqs">' in mcalc("diff", "x^2", "--wrt", "x", "--steps", "--to", "html").out
