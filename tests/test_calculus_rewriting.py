"""Simplifications have names, and a derivation shows what each of them does."""

from __future__ import annotations

import pytest

from mcalc.api import derive
from mcalc.calculus.basics.simplifications import IN_ORDER
from mcalc.render.text import unicode

NAMED = [
    ("det(X^3)", "X", "X: R^{n x n}", [
        "open det and inverse of a product", "cancel inverses", "merge powers of the same factor", "merge like terms",
    ]),
    ("log(sum(exp(x)))", "x", "x: R^n", ["recognise functions"]),
    ("(x - s)' W (x - s)", "s", "x, s: R^n; W: R^{n x n} symmetric", ["turn the difference round"]),
    ("tr((X' X)^-1 A)", "X", "X: R^{m x n}; A: R^{n x n} symmetric", ["Sᵀ = S", "merge like terms"]),
    ("(y - max(0, w . x + b))^2", "w", "w, x: R^n; b, y: R", ["use the condition", "turn the difference round"]),
    ("9(x + x^2)", "x", "x: R", ["multiply out"]),
    ("2x + y^8", "x", "x, y: R", ["a · 1 = a, a + 0 = a"]),
]  # fmt: skip
"""An expression, and the simplifications at the end of its derivation, in order."""


@pytest.mark.parametrize(("text", "wrt", "where", "names"), NAMED)
def test_each_simplification_has_a_line_with_its_name(text: str, wrt: str, where: str, names: list[str]) -> None:
    d = derive(text, wrt=wrt, where=where)
    d.by = "chain"
    steps = d.steps
    last = [step.rule for step in steps if step.part in (0, 4)]
    assert last[-len(names) :] == names


def test_nothing_is_called_simplify_where_a_rule_did_it() -> None:
    for text, wrt, where, _ in NAMED:  # however it is told
        assert "simplify" not in [step.rule for step in derive(text, wrt=wrt, where=where).steps]


def test_a_product_of_jacobians_is_told_member_by_member() -> None:
    step = next(step for step in derive("w . x", wrt="w", where="w, x: R^n").steps if step.part == 3)
    assert step.rewritings == [
        ("∂y/∂u₁ ∂u₁/∂w", ""),
        ("1⃗ᵀ diag(x)", "put in what is known"),
        ("xᵀ", "1⃗ᵀ diag(v) = vᵀ"),
    ]


def test_full_has_a_row_for_each_member_and_brief_one_for_the_line() -> None:
    steps = derive("w . x", wrt="w", where="w, x: R^n").steps
    assert "∂y/∂w = ∂y/∂u₁ ∂u₁/∂w = 1⃗ᵀ diag(x) = xᵀ" in steps.text("brief")
    assert "           = 1⃗ᵀ diag(x)   put in what is known\n" in steps.text("full")


def test_every_simplification_has_a_name_and_a_formula_of_its_own() -> None:
    assert len({rule.name for rule in IN_ORDER}) == len({rule.formula for rule in IN_ORDER}) == len(IN_ORDER)


def test_what_a_step_changed_is_marked_on_a_terminal() -> None:
    d = derive("det(X^2)", wrt="X", where="X: R^{n x n}")
    d.by = "chain"
    steps = d.steps
    changed = [
        "".join([text for text, role in row if role.endswith(" changed")]) for row in steps.rows("full", width=90)
    ]
    assert any(["X X⁻² + X⁻²" in text for text in changed])
    assert unicode(steps.result) == "2 det(X)² X⁻ᵀ"
