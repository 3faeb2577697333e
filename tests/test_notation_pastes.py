"""What people paste with a formula is left out with a note; the formula is read, or the paste is refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mcalc import Mistake, derive, parse
from mcalc.notation.pastes.pasted import unwrapped
from tests.conftest import Mcalc

GOLDEN = Path(__file__).parent / "golden" / "pastes.txt"


class Paste:
    """A paste: what it is, what it says, and what is expected of it, by the words of the file."""

    def __init__(self, block: str) -> None:
        head, _, text = block.partition("\n--\n")
        self.name, *lines = head.split("\n")
        self.said = dict(line.split(" ", 1) for line in lines)
        self.text = text.rstrip("\n")

    def __repr__(self) -> str:
        return self.name


PASTES = [Paste(block) for block in re.split(r"(?m)^== ", GOLDEN.read_text("utf-8"))[1:]]


@pytest.mark.parametrize("way", ["arg", "pipe"])
@pytest.mark.parametrize("paste", PASTES, ids=repr)
def test_a_paste_is_the_formula_in_it(mcalc: Mcalc, paste: Paste, way: str) -> None:
    if paste.said.get("way", way) != way:
        pytest.skip("its lines cannot be told from statements in a stream")
    options = [
        "--wrt",
        paste.said["by"],
        *[o for w in ("where",) if w in paste.said for o in (f"--{w}", paste.said[w])],
    ]
    done = mcalc("diff", *options, paste.text) if way == "arg" else mcalc("diff", *options, stdin=paste.text + "\n")
    if "reads" in paste.said:
        meant = derive(paste.said["reads"], wrt=paste.said["by"], where=paste.said.get("where"))
        assert (done.code, done.out) == (0, f"{meant.text}\n"), done.err
    else:
        assert (done.code, done.out) == (1, "")
        assert paste.said["refused"] in done.err


NOTES = [
    ("The loss is $x^2$.", "the words around the formula are left out"),
    ("Eq. (2.7): x^2", "Eq. (2.7): is left out"),
    ("Let $x > 0$ and minimize $x^2$.", "x > 0 is left out"),
    (r"f ( x ) = x 2 {\displaystyle f(x)=x^{2}}", "the LaTeX is read, and what the page shows of it is left out"),
    ("f(x) = x^2 (convex)", "(convex) is left out"),
    ("f(x) = x^2 by the power rule", "by the power rule is left out"),
    ("let f(x) = x^2", "let is left out"),
]


@pytest.mark.parametrize(("text", "note"), NOTES)
def test_what_is_left_out_is_said(text: str, note: str) -> None:
    assert note in derive(text, wrt="x").notes


FORMULAS = [
    "sum_{i=1}^{n} (x_i - y_i)^2", r"\frac{1}{2} \|w\|^2", "(x^2 + 1)", "[x^2; y]", "x & y", r"a \\ b", "x times y = 2",
    "(a = b)", "f(x where x = 2)", r"\operatorname{leaky\_relu}(x)", "x' (x - y)", "a_(b", "|x|_2", "x ⊗ y",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_bare_formula_stays_as_it_is(text: str) -> None:
    assert unwrapped(text, {"times"}) is None


@pytest.mark.parametrize(
    "text",
    [
        r"(a + b) \sqrt{(a + b)}", r"abc \cdot abc", r"xyz \frac{x}{yz}", r"2 a b \, 2 a b", r"f(x) f(x) \alpha \alpha",
        r"\alpha x \alpha x",
    ],
)  # fmt: skip
def test_a_product_is_no_formula_that_was_copied_twice(text: str) -> None:
    draft = unwrapped(text)
    assert draft is None or draft.text == text


def test_the_place_of_a_mistake_is_that_in_the_paste() -> None:
    text = "The loss is $x^2 + sqt(y)$ as above."
    with pytest.raises(Mistake) as caught:
        derive(text.replace("$", "`"), wrt="x")
    (span, *_) = caught.value.spans
    assert text[span.start : span.end].startswith("sqt")
    assert caught.value.source == text.replace("$", "`")


def test_of_too_many_formulas_none_is_chosen_and_too_many_tags_are_left() -> None:
    with pytest.raises(Mistake, match="101 formulas stand in this text: which is meant"):
        parse("The gradient of " + "$x^2$ and " * 100 + "is $2x$.")
    assert parse("<b>" * 50 + "x^2" + "</b>" * 50).expr is parse("x^2").expr
    with pytest.raises(Mistake):
        parse("<b>" * 51 + "x^2" + "</b>" * 51)
