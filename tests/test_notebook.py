"""Notebooks: what results, steps, verdicts and mistakes look like there, the magics, and the notebook of the paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

import mcalc
from mcalc.errors import Mistake
from mcalc.notebook import Cells, load_ipython_extension


def latex_of(value: Any, *more: str) -> str:
    found = value._repr_mimebundle_()
    assert set(found) == {"text/plain", "text/latex", *more}, "of more forms a notebook would choose another one"
    assert not hasattr(value, "_repr_html_")
    latex = str(found["text/latex"])
    assert len(re.findall(r"(?<!\\)\$", latex)) % 2 == 0
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    assert latex.count(r"\begin") == latex.count(r"\end")
    return latex


def test_a_result_has_its_shape_and_what_was_assumed_below_it() -> None:
    d = mcalc.derive("max(0, w·x + b)", wrt="w")
    latex = latex_of(d)
    assert d.latex in latex
    assert r"\text{1$\times$n, a row: numerator layout}" in latex
    assert r"\text{assumed: w, x $\in$ $\mathbb{R}^{n}$; b $\in$ $\mathbb{R}$}" in latex
    plain = d._repr_mimebundle_()["text/plain"].split("\n")
    assert plain[:3] == [d.text, "  1×n, a row: numerator layout", "  assumed: w, x ∈ ℝⁿ; b ∈ ℝ"]
    assert d._repr_latex_() == latex


def test_spaces_of_several_letters_are_formulas() -> None:
    assert r"X $\in$ $\mathbb{R}^{m \times n}$" in latex_of(mcalc.parse("X w"))
    assert "ᵐ" not in latex_of(mcalc.parse("X w - y"))


def test_a_derivation_has_its_equations_between_dollar_signs() -> None:
    latex = latex_of(mcalc.derive("max(0, w·x + b)", wrt="w").steps, "text/markdown")
    assert r"\begin{align" not in latex.replace(r"\begin{aligned}", "")
    assert "3. Combine: vector chain rule" in latex
    outside = re.sub(r"\$\$.*?\$\$", "", latex, flags=re.DOTALL)
    assert "§4.5.3" in outside
    assert "\\S" not in outside


def test_a_derivation_in_markdown_has_steps_that_fold_and_reasons_that_are_dim() -> None:
    for expr, where in (("max(0, w·x + b)", "w, x: R^n; b: R"), ("sin(w^2)", "w: R"), ("tr(A w)", "A, w: R^{n x n}")):
        found = mcalc.derive(expr, wrt="w", where=where).steps._repr_mimebundle_()["text/markdown"]
        blocks = found.split("\n\n")
        heads = [block for block in blocks if block.startswith("<details open><summary>")]
        assert len(heads) == blocks.count("</details>") == (0 if expr.startswith("tr") else 4)
        displays = [block for block in blocks if block.startswith("$$")]
        assert all([block.endswith("$$") and "\n\n" not in block for block in displays])
        assert found.count("$$") == 2 * len(displays)
        assert r"\textcolor{gray}{\text{" in found
        outside = "".join([block for block in blocks if block not in displays])
        assert "\\" not in outside
        for line in found.splitlines():
            assert line.count(r"\text{") <= line.count(r"\textcolor{gray}{\text{") + line.count(r"\quad\text{"), line


def test_verdicts_and_solutions_are_shown() -> None:
    verdict = mcalc.check("∂/∂w ‖w‖² = w", where="w: R^n")
    assert verdict.lines[0] in verdict._repr_mimebundle_()["text/plain"]
    assert r"\text{not equal" in latex_of(verdict)
    solution = mcalc.minimise("½ ‖X w - y‖²", over="w", where="X: R^{N x n}; y: R^N; w: R^n")
    assert solution.latex in latex_of(solution)
    assert "column rank" in latex_of(solution)
    assert "no closed form" in latex_of(mcalc.minimise("x^2 + exp(x)", over="x"))


def test_a_mistake_has_carets_and_no_traceback() -> None:
    with pytest.raises(Mistake) as caught:
        mcalc.parse("sqt(4)")
    assert caught.value._render_traceback_() == [
        "error[E-NAME]: unknown function sqt",
        "  | sqt(4)",
        "  | ^^^ not known",
        "  = hint: did you mean sqrt?",
    ]


class Shell:
    """What registers magics, as IPython does."""

    def __init__(self) -> None:
        self.magics: dict[str, Any] = {}

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:
        assert kind == "line_cell"
        self.magics[name] = function


def test_statements_hold_from_cell_to_cell() -> None:
    cells = Cells()
    assert cells.run("w, x: R^n\nb: R  # a remark\n\nz = w · x + b") == []
    [found] = cells.run("∂/∂w z")
    assert found.text == "xᵀ"
    assert [value.text for value in cells.run("∂/∂w z; ∂/∂b z")] == ["xᵀ", "1"]
    [verdict] = cells.run("∂/∂w z = x")
    assert verdict.verdict == "other-layout"
    with pytest.raises(Mistake) as caught:
        cells.run("A: R^{m x k}\nA x")
    assert caught.value.source == "A x"


def test_options_of_a_cell_ask_for_steps_and_code() -> None:
    pytest.importorskip("IPython", reason="IPython is in the extra notebook")
    shell = Shell()
    load_ipython_extension(shell)
    magic = shell.magics["mcalc"]
    assert magic("d/dx x^3").text == "3 x²"
    assert magic("", "x: R\n") is None
    assert magic("--to latex d/dx x^3") == "3 x^{2}"
    assert "def derivative" in magic("--to numpy", "d/dx x^3")
    assert magic("--steps full", "d/dx x^3").text == "3 x²"
    for line in ("--to pdf x", "--nothing x"):
        with pytest.raises(Mistake):
            magic(line)


@pytest.mark.slow
def test_the_notebook_of_the_paper_runs_and_shows_what_it_holds() -> None:
    nbformat: Any = pytest.importorskip("nbformat", reason="nbformat is in the extra notebook")
    pytest.importorskip("nbclient", reason="nbclient is in the extra notebook")
    pytest.importorskip("ipykernel", reason="ipykernel is in the extra notebook")
    from docs.notebook import FILE, executed, notebook

    kept = nbformat.read(FILE, 4)
    now = executed(notebook())
    assert [cell.source for cell in kept.cells] == [cell.source for cell in now.cells]
    for before, after in zip(kept.cells, now.cells, strict=True):
        if before.cell_type == "code":
            assert _shown(before) == _shown(after), before.source
            kinds = [output.output_type for output in after.outputs]
            assert ("error" in kinds) == ("raises-exception" in after.metadata.get("tags", [])), before.source


def _shown(cell: Any) -> list[Any]:
    """Return what a cell shows, without the digits of an error, which are the machine's."""
    found = [output.get("data", output.get("traceback")) for output in cell.outputs]
    said = [str(sorted(one.items()) if hasattr(one, "items") else one) for one in found]
    return [re.sub(r"[\d.]+e-\d+|0x\w+", "…", one) for one in said]
