"""`mcalc paper` and `mcalc rules`: the worked examples and the table, live."""

from __future__ import annotations

import json

import pytest

from mcalc.operators import TABLE
from mcalc.shell.paper import chosen, examples
from mcalc.shell.rule_entries import PLACES, found, table
from tests.conftest import Mcalc


def test_the_contents_have_every_section_and_every_result(mcalc: Mcalc) -> None:
    done = mcalc("paper")
    assert done.code == 0
    assert [line.split("  ")[0] for line in done.lines if line[:1].isdigit()] == [
        "2", "3", "4", "4.1", "4.2", "4.3", "4.4", "4.5.1", "4.5.2", "4.5.3", "5", "6", "6.1", "6.2", "8.1", "8.2",
        "8.3", "8.4", "8.5",
    ]  # fmt: skip
    assert "     ∂/∂w max(0, w · x + b) = {0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}" in done.lines
    assert done.out.count(" = ") >= len(examples())


def test_a_section_is_shown_with_what_to_notice_the_steps_and_the_result(mcalc: Mcalc) -> None:
    done = mcalc("paper", "4.5.2")
    assert done.lines[0] == "4.5.2  Single-variable total-derivative chain rule"
    assert '$ mcalc diff "sin(x + x^2)" --wrt x --where "x: R" --steps' in done.lines
    assert any("two ways" in line for line in done.lines)
    assert any(line.startswith("     du₂/dx = ∂u₂/∂x + ∂u₂/∂u₁ du₁/dx = ") for line in done.lines)


def test_a_section_brings_those_below_it_and_may_be_called_by_its_title() -> None:
    assert {one.section for one in chosen("4.5")} == {"4.5.1", "4.5.2", "4.5.3"}
    assert {one.section for one in chosen("§6")} == {"6", "6.1", "6.2"}
    assert {one.section for one in chosen("scalar expansion")} == {"4.3", "8.3"}


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["paper", "7"], "there are 2, 3, 4"),
        (["paper", "4.5.5"], "did you mean 4.5"),
        (["rules", "sgimoid"], "did you mean sigmoid?"),
        (["rules", "qqqqq"], "mcalc rules lists them all"),
        (["paper", "2", "--to", "numpy"], "one of text, unicode, ascii, latex, html, json"),
        (["rules", "--to", "latex"], "one of text, unicode, ascii, html, json"),
    ],
)
def test_what_is_not_there_is_a_usage_error_with_a_suggestion(mcalc: Mcalc, argv: list[str], hint: str) -> None:
    done = mcalc(*argv)
    assert done.code == 2
    assert done.err.startswith("error[E-USAGE]")
    assert hint in done.err
    assert not done.out


def test_every_example_can_be_typed_as_it_is_shown(mcalc: Mcalc) -> None:
    for one in examples():
        done = mcalc("diff", one.expr, "--wrt", one.wrt, "--where", one.where)
        assert done.code == 0, one.expr
        assert done.out.strip() == one.derived().text
        assert one.note.endswith((".", ")"))


@pytest.mark.parametrize(("width", "rules"), [("60", [*TABLE]), ("100", ["softmax", "max"])])
def test_pages_keep_to_the_width_of_the_terminal(
    mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch, width: str, rules: list[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", width)
    for argv in (["paper"], ["paper", "4.5"], ["rules"], *[["rules", name] for name in rules]):
        for line in mcalc(*argv, terminal=True).lines:
            assert len(line.replace("\u20d7", "").replace("\u0302", "")) <= int(width), line


def test_pages_in_ascii_and_as_records(mcalc: Mcalc) -> None:
    assert mcalc("paper", "5", "--to", "ascii").out.isascii()
    assert mcalc("rules", "--to", "ascii").out.isascii()
    records = [json.loads(line) for line in mcalc("paper", "4.4", "--to", "json").lines]
    assert [record["text"] for record in records] == ["1⃗ᵀ", "z 1⃗ᵀ", "sum(x)"]
    assert records[0]["steps"][-1]["rhs"] == "1⃗ᵀ"
    rules = [json.loads(line) for line in mcalc("rules", "--to", "json").lines]
    assert len(rules) == len(table())
    assert {"name", "rule", "section", "formula", "shapes", "domain", "kink", "example", "derivative"} <= set(rules[0])


def test_a_rule_says_its_formula_shapes_section_kink_domain_and_an_example(mcalc: Mcalc) -> None:
    page = mcalc("rules", "max").out
    assert "max(0, z); 0 chosen at z = 0 · §5" in page
    assert "d max(0, z)/dz = {0 if z ≤ 0; 1 if z > 0}" in page
    assert "kink" in page
    assert "takes" in page
    assert "d/dz max(0, z) = {0 if z ≤ 0; 1 if z > 0}   max(0, z)" in page
    assert "where   x > 0" in mcalc("rules", "log").out
    assert "takes   matrix n×n → scalar" in mcalc("rules", "tr").out


@pytest.mark.parametrize(
    "name", [*TABLE, "⊗", "product rule", "chain rule", "vector chain", "total derivative", "arcsin"]
)
def test_every_rule_has_a_page(mcalc: Mcalc, name: str) -> None:
    done = mcalc("rules", name)
    assert done.code == 0
    assert found(name).formula in done.out


def test_the_rules_follow_the_sections_of_the_paper(mcalc: Mcalc) -> None:
    heads = [line for line in mcalc("rules").lines if line and not line.startswith(" ")]
    assert heads[0] == "§2"
    sections = [head for head in heads if head.startswith("§")]
    assert heads == [*sorted(sections), *PLACES]


def test_a_section_is_typeset_in_latex(mcalc: Mcalc) -> None:
    done = mcalc("paper", "4.5", "--to", "latex")
    assert done.code == 0
    assert done.out.isascii()
    assert done.lines[0] == r"\section*{4.5.1  Single-variable chain rule}"
    assert done.out.count(r"\begin{align*}") == done.out.count(r"\end{align*}") > 20


def test_the_list_of_rules_is_wrapped_between_words(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    wide = " ".join(mcalc("rules").out.split())
    assert " ".join(mcalc("rules", terminal=True).out.split()) == wide
