"""Derivations in LaTeX: what pdflatex takes, for every derivation of the paper and for what is beyond it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mcalc.api import derive
from mcalc.calculus.stories.reasons import TABLE as REASONS
from mcalc.operators import TABLE
from mcalc.render.latex_text import escaped

HEADS = [
    line.removeprefix("## ").split(" | ")
    for line in (Path(__file__).parent / "golden" / "derivations.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith("## ")
]
MORE = [
    ("", "W: R^{k x n}; x: R^n; y: R^k", "-(y . log(softmax(W x)))", "W"),
    ("", "X: R^{m x n}", "log(det(X^T X))", "X"),
    ("", "λ, x_hat: R", "λ x_hat^2 + sin(λ x_hat)", "λ, x_hat"),
    ("", "A: R^{m x n}; x: R^n", "sum((A x)^2)", "A", "forward"),
    ("", "z, δ: R", "{z^2/2 if |z| <= δ; δ (|z| - δ/2) otherwise}", "z"),
]


def outside_math(text: str) -> str:
    return re.sub(r"\$[^$]*\$", "", text)


@pytest.mark.parametrize("head", [*HEADS, *MORE], ids=lambda head: f"{head[2]} by {head[3]}")
def test_a_derivation_is_latex_that_compiles(head: list[str]) -> None:
    _, where, expr, wrt, *mode = [cell.strip() for cell in head]
    found = derive(expr, wrt=wrt.split(", "), where=where, mode=mode[0] if mode else "auto").steps.latex
    assert found.isascii()
    bare = re.sub(r"\\[{}]", "", found)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert "$$" not in found
    assert "^{} ^" not in found
    open_ones: list[str] = []
    for way, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", found):
        if way == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []
    for body in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", found, re.DOTALL):
        for row in body.split(" \\\\\n"):
            own = re.sub(r"\\begin\{(\w+)\}.*?\\end\{\1\}", "", row)
            assert own.count("&") - own.count(r"\&") in (1, 3), row


def test_every_reason_and_rule_can_be_written_in_text_mode() -> None:
    words = [*[name for rows in REASONS.values() for name in rows], *[row.rule for row in TABLE.values()]]
    for text in words:
        found = escaped(text)
        assert found.isascii(), text
        assert not set(outside_math(found).replace(r"\_", "").replace(r"\S", "")) & set("_^&#%"), text
