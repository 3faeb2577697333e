"""What a REPL is typed by people who mean it ill, or who try what other systems get wrong; each line on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

from tests.terminal import Terminal

pytestmark = pytest.mark.flaky(reruns=2)
"""A terminal or a signal may come late on a busy machine."""

DOUBLED = "; ".join(["a0: R", *[f"a{i + 1} = a{i}*a{i}" for i in range(60)], "∂/∂a0 a60"])
SWELLING = "; ".join(["x: R", "f0 = x", *[f"f{i + 1} = exp(f{i})*f{i}" for i in range(30)], "∂/∂x f30"])

CASES: list[tuple[str, list[str]]] = [
    # what is no mathematics is neither run nor echoed as anything but text
    ("import os", ["error[E-SYNTAX]", "this is no Python"]),
    (":load /etc/hosts", ["/etc/hosts:1:", "nothing of /etc/hosts was kept"]),
    (":!ls", ["mcalc runs no programs, and not ls"]),
    ("[link=file:///etc/hosts]x[/link]", ["error[E-SYNTAX]", "  | [link=file:///etc/hosts]x[/link]"]),
    ("__builtins__ = 4; export numpy", ["error[E-SYNTAX]", "what follows it was not run: 1 statement"]),
    ("np = 3; d/ds (np s^2); export numpy", ["import numpy as np", "return 6 * s"]),
    # growth is bounded by sharing
    (DOUBLED, ["1152921504606846976 a0¹¹⁵²⁹²¹⁵⁰⁴⁶⁰⁶⁸⁴⁶⁹⁷⁵", "checked at 8"]),
    (SWELLING, ["where u₁ = exp(x) x; ", "checked at 8"]),
    ("v: R^n; d^6/dv^6 sum(exp(v))", ["[(exp(v))ᵢ δᵢⱼ δᵢₖ δᵢₗ δᵢₚ δ_iq]_{ijklpq}", "6 axes"]),
    # nothing is guessed
    ("e = 3", ["note: e is a name from here on; Euler's number is exp(1)"]),
    ("I: R^{n x n}; v: R^n; I*v", ["I v", "n×1"]),
    ("f = f + 1", ["error[E-NAME]: f is defined by itself"]),
    # what other systems answer wrongly
    ("X: R^{m x n}; y: R^{m}; X + y", ["error[E-SHAPE]", "matrix m×n, declared", "vector of m, declared"]),
    ("A: R^{n x n}; ∂/∂A log(det(A))", ["A⁻ᵀ", "note: the derivative holds where det(A) > 0"]),
    ("A: R^{n x n}; ∂/∂A exp(tr(A))", ["exp(tr(A))"]),
    ("B: R^{n x m}; U: R^{n x k}; V: R^{k x m}; ∂/∂U (1/2 normF(B - U V)^2 + 1/2 normF(U)^2)", ["U + (U V - B) Vᵀ"]),
    ("C: R^{3 x 3}; ∂/∂C tr(eye(3) - C)^2", ["3×3", "checked at 8"]),
    ("v: R^n; ∂/∂v ‖v‖", ["note: ‖v‖ has no derivative where it is 0; in numbers 0 is taken there"]),
    ("∂/∂z max(0, z)", ["⎩ 1   if z > 0", "note: at z = 0 the derivative of max(0, z) is taken as 0"]),
    ("S: R^{n x n} symmetric; ∂/∂S log(det(S))", ["S⁻¹", "note: S is symmetric: the derivative is (G + Gᵀ)/2"]),
    ("∂/∂t t / t", ["note: the derivative holds where t ≠ 0"]),
    ("w: R^{0}; ∂/∂w sum(w)", ["error[E-SHAPE]: 0 is no size"]),
    ("w: R^{-3}", ["error[E-SHAPE]: -3 is no size"]),
    ("w: R^{2.5}", ["error[E-SHAPE]: 2.5 is no size"]),
]


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    home = str(tmp_path_factory.mktemp("home"))
    homes = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "NO_COLOR": "1", "LANG": "C.UTF-8"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MCALC", "PYTHONWARN"))}
    with Terminal({**kept, **homes, "PYTHONPATH": str(Path(__file__).parent.parent)}, columns=100, lines=50) as opened:
        opened.wait_prompt(1)
        yield opened


@pytest.mark.parametrize(("typed", "seen"), CASES, ids=[typed[:24] for typed, _ in CASES])
def test_each_has_an_answer_and_the_session_goes_on(terminal: Terminal, typed: str, seen: list[str]) -> None:
    count = terminal.prompts()
    terminal.paste(typed)
    terminal.keys("Enter")
    terminal.wait_prompt(count + 1)
    prompts = [place for place, row in enumerate(terminal.rows) if row.startswith("mcalc>")]
    said = " ".join(" ".join(terminal.rows[prompts[count - 1] :]).split())
    for text in seen:
        assert " ".join(text.split()) in said
    assert "bug" not in said
    assert "Traceback" not in said


def test_a_script_is_saved_where_it_is_told_and_replaces_nothing(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    there = tmp_path / "x.mc"
    terminal.line("q = 5")
    terminal.line(f":save {folder}/../../x.mc")
    assert "q = 5\n" in there.read_text("utf-8")
    there.write_text("mine", "utf-8")
    terminal.line(f":save {folder}/../../x.mc")
    assert "istherealready" in "".join(terminal.text.split())
    assert there.read_text("utf-8") == "mine"
