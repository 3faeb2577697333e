"""Completion in shells: what a word may become, as the pre-pass of arguments would judge it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mcalc.shell.command_line.completion import candidates
from mcalc.shell.output import FORMATS
from mcalc.shell.reference import COMMANDS, SHELLS
from tests.conftest import ROOT, Mcalc


@pytest.mark.parametrize(
    ("words", "unfinished", "wanted"),
    [
        ([], "di", ["diff"]),
        ([], "", list(COMMANDS)),
        (["diff", "x^2"], "--wr", ["--wrt"]),
        (["diff", "-sin(x)"], "--ord", ["--order"]),
        (["∂/∂w w"], "--lay", ["--layout"]),
        (["diff", "x", "--to"], "la", ["latex"]),
        (["diff", "x", "--to"], "", list(FORMATS)),
        (["diff", "x", "--to", "="], "la", ["latex"]),
        (["diff", "x", "--to"], "=", list(FORMATS)),
        (["diff", "x"], "--to=js", ["--to=json"]),
        (["diff", "x", "--steps"], "fu", ["full"]),
        (["diff", "x", "--steps"], "--wr", ["--wrt"]),
        (["diff", "x", "--wrt"], "", ["x"]),
        (["diff", "'w·x + b'", "-w"], "", ["w", "x", "b"]),
        (["diff", '"A x"', "--where", "A: R^{n x n}", "--wrt"], "", ["x", "A"]),
        (["diff", "x +", "--wrt"], "", []),
        ([], "hes", ["hess", "hessian"]),
        (["graph", "x^2", "--to"], "s", ["svg"]),
        (["report", "x^2", "--to"], "", ["html", "latex", "markdown", "notebook"]),
        (["plot", "x^2", "--kind"], "f", ["field"]),
        (["diff", "x", "--wrt", "x"], "y", []),
        (["run", "--limit"], "ti", ["time="]),
        (["explain"], "E-SH", ["E-SHAPE"]),
        (["rules"], "softm", ["softmax", "softmax cols", "softmax rows"]),
        (["paper"], "4.5.", ["4.5.1", "4.5.2", "4.5.3"]),
        (["quiz"], "4.5.", ["4.5.1", "4.5.2", "4.5.3"]),
        (["quiz"], "m", ["matrices"]),
        (["quiz"], "x^2", []),
        (["rules", "sin", "--to"], "h", ["html"]),
        (["paper", "--to"], "h", ["html"]),
        (["config"], "", ["show", "path", "init"]),
        (["completion"], "", list(SHELLS)),
        (["run"], "a", []),
    ],
)
def test_a_word_becomes_what_the_line_allows(words: list[str], unfinished: str, wanted: list[str]) -> None:
    assert list(candidates(words, unfinished)) == wanted


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script_and_an_answer(shell: str, mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "_MCALC_COMPLETE" in mcalc("completion", shell).out
    monkeypatch.setenv("_MCALC_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", "mcalc diff x --to la")
    monkeypatch.setenv("COMP_CWORD", "4")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "mcalc diff x --to la")
    monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", "la")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    assert "latex" in mcalc().out
    monkeypatch.setenv("_MCALC_COMPLETE", "nothing")
    assert mcalc().code == 1


def test_another_shell_is_refused_by_name(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mcalc("completion", "tcsh").code == 2
    monkeypatch.setenv("SHELL", "")
    assert "which shell?" in mcalc("completion").err
    monkeypatch.setenv("SHELL", "/bin/zsh")
    assert "compdef" in mcalc("completion").out


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_a_line_that_is_typed(tmp_path: Path, environment: dict[str, str]) -> None:
    program = tmp_path / "mcalc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mcalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = (
        f'PATH="{tmp_path}:$PATH"; eval "$(mcalc completion bash)"\n'
        "COMP_WORDS=(mcalc diff \"'-sin(x)'\" --to la); COMP_CWORD=4\n"
        '_mcalc_completion mcalc; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, env=environment, check=True, encoding="utf-8", cwd=ROOT
    )
    assert done.stdout == "latex\n"
    assert not done.stderr


def test_completion_loads_no_heavy_package(environment: dict[str, str]) -> None:
    code = (
        "import os, sys\nos.environ |= {'_MCALC_COMPLETE': 'complete_bash', 'COMP_CWORD': '1'}\n"
        "os.environ['COMP_WORDS'] = 'mcalc di'\n"
        "sys.argv = ['mcalc']\nfrom mcalc.__main__ import main\nassert main() == 0\n"
        "sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True, encoding="utf-8"
    )
    assert done.stdout == "diff\n"
    assert not {"numpy", "lark", "rich"} & set(done.stderr.split())


def test_formats_that_are_completed_are_those_that_are_there() -> None:
    own = [name for name, command in COMMANDS.items() if command.formats]
    assert own == ["graph", "plot", "report", "paper", "rules"]
    for name in own:
        assert list(candidates([name, "x", "--to"], "")) == [*COMMANDS[name].formats]


def test_completion_says_what_words_are(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    assert candidates([], "gra") == {
        "graph": "the computation graph; also as svg, dot, mermaid", "grad": "diff", "gradient": "diff",
    }  # fmt: skip
    assert candidates(["diff", "w·x + b", "--wrt"], "w") == {"w": "vector of n"}
    assert candidates(["explain"], "E-SH")["E-SHAPE"]
    monkeypatch.setenv("_MCALC_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "mcalc ch")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    assert "is an equation" in mcalc().out
