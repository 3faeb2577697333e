"""What a start loads: a pipe pays for nothing that it does not use."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_layers import SELDOM

PACKAGE = Path(__file__).resolve().parent.parent / "mcalc"

HEAVY = {
    "numpy", "rich", "prompt_toolkit", "asyncio", "importlib.metadata", "pydantic", "lark", "wcwidth", "json",
    "difflib", "shutil", "textwrap", "hashlib", "random", "threading", "pathlib", "dataclasses", "inspect",
    "decimal", "enum", "typing",  # a file says TYPE_CHECKING = False, which checkers know, rather than to import it
    *SELDOM,
}  # fmt: skip
"""Never loaded for a derivative in a pipe."""
BULKY = {"numpy", "rich", "prompt_toolkit", "asyncio", "importlib.metadata", "pydantic", "lark"}
"""Nor for a derivation."""


def loaded(code: str, environment: dict[str, str], *argv: str, stdin: str = "") -> set[str]:
    """Return the modules a process has loaded after running some code with these arguments."""
    code = f"import sys\nsys.argv[1:] = {list(argv)!r}\n{code}\nsys.stderr.write('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=stdin, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return set(done.stderr.split())


MAIN = "from mcalc.__main__ import main\nassert main() == 0"


@pytest.mark.parametrize(
    ("argv", "stdin"),
    [
        (["diff", "max(0, w·x + b)", "--wrt", "w"], ""),
        (["∂/∂w max(0, w·x + b)"], ""),
        ([], "∂/∂w max(0, w·x + b)\n"),
    ],
)
def test_a_derivative_in_a_pipe_loads_no_heavy_package(
    argv: list[str], stdin: str, environment: dict[str, str]
) -> None:
    modules = loaded(MAIN, environment, *argv, stdin=stdin)
    assert not modules & HEAVY


def test_what_every_start_loads_makes_nothing_that_takes_long(environment: dict[str, str]) -> None:
    # a named tuple takes a tenth of a millisecond, the first one ten times that; a pattern as much (mcalc/patterns.py)
    for name in loaded(MAIN, environment, "∂/∂w max(0, w·x + b)"):
        file = PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")
        if name.startswith("mcalc.") and file.is_file():
            tree = ast.parse(file.read_text("utf-8"))
            made = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
            calls = {ast.unparse(node.func) for one in made for node in ast.walk(one) if isinstance(node, ast.Call)}
            bases = {ast.unparse(base) for node in tree.body if isinstance(node, ast.ClassDef) for base in node.bases}
            assert "re.compile" not in calls, name
            assert "namedtuple" not in calls, name
            assert "NamedTuple" not in bases, name


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["∂/∂w (w · x)"],
        ["diff", "w·x", "--wrt", "w", "--to", "json", "--no-check"],
        ["check", "d/dx x^2 = 2x"],
        ["-e", "x"],
    ],
)
def test_what_nothing_is_wrong_with_does_not_load_the_parser_of_options(
    argv: list[str], environment: dict[str, str]
) -> None:
    assert "typer" not in loaded(MAIN, environment, *argv, stdin="∂/∂w (w · x)\n")


@pytest.mark.parametrize("argv", [["--version"], ["--help"]])
def test_the_version_and_the_help_load_no_calculator(argv: list[str], environment: dict[str, str]) -> None:
    modules = loaded(MAIN, environment, *argv)
    assert not modules & {"typer", "mcalc.api", "mcalc.expr", "mcalc.operators", "mcalc.notation", "mcalc.calculus"}


def test_the_first_prompt_waits_for_no_calculator(environment: dict[str, str]) -> None:
    modules = loaded("import mcalc.shell.command_line.entry, mcalc.shell.repl.start", environment)
    assert not modules & (HEAVY | {"mcalc.api", "mcalc.expr", "mcalc.operators", "mcalc.notation", "mcalc.calculus"})


STEPS = {
    "mcalc.steps", "mcalc.render.steps_text", "mcalc.render.steps_latex", "mcalc.render.equation_lines",
    "mcalc.calculus.stories.lines",
    "mcalc.calculus.stories.derivation", "mcalc.calculus.stories.direct",
    "mcalc.calculus.stories.intermediates",
    "mcalc.shell.paper", "mcalc.shell.rules_pages",
}  # fmt: skip
"""Loaded when a derivation, an example or a rule is asked for, and not before."""


@pytest.mark.parametrize(
    "argv", [["diff", "w·x", "--wrt", "w"], ["diff", "w·x", "--wrt", "w", "--to", "json"], ["∂/∂w (w·x)"]]
)
def test_a_result_loads_nothing_of_derivations(argv: list[str], environment: dict[str, str]) -> None:
    assert not loaded(MAIN, environment, *argv) & STEPS


def test_only_a_problem_loads_what_solves_it(environment: dict[str, str]) -> None:
    assert "mcalc.solving.public" not in loaded(MAIN, environment, "∂/∂w max(0, w·x + b)")
    assert "mcalc.solving.public" not in loaded(MAIN, environment, stdin="max(0, x)\n")
    assert "mcalc.solving.public" in loaded(MAIN, environment, "min_x (x - a)^2")


def test_a_derivation_loads_what_it_needs(environment: dict[str, str]) -> None:
    modules = loaded(MAIN, environment, "diff", "w·x", "--wrt", "w", "--steps")
    assert modules >= {name for name in STEPS if not name.startswith("mcalc.shell")}
    assert not modules & {*BULKY, "mcalc.shell.paper", "mcalc.shell.rules_pages"}
    assert "mcalc.steps" not in loaded("import mcalc\nmcalc.derive('x^2', wrt='x').text", environment)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_mcalc_itself_imports_neither_dataclasses_nor_inspect(path: Path) -> None:
    if path.name == "cli.py":  # typer has loaded inspect already
        return
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not names & {"dataclasses", "inspect", "importlib", "importlib.metadata", "logging"}


@pytest.mark.parametrize(("command", "threads"), [("diff", "1"), ("eval", "None")])
def test_numpy_has_one_thread_but_for_values_of_data(command: str, threads: str, environment: dict[str, str]) -> None:
    code = (
        f"import os, sys\nfrom mcalc import __main__ as start\nsys.argv[1:] = [{command!r}]\n"
        "start.main = lambda: print(os.environ.get('OPENBLAS_NUM_THREADS')) or 0\nstart.program()"
    )
    given = {name: value for name, value in environment.items() if name != "OPENBLAS_NUM_THREADS"}
    assert subprocess.check_output([sys.executable, "-c", code], env=given, encoding="utf-8") == f"{threads}\n"


def test_importing_mcalc_loads_next_to_nothing(environment: dict[str, str]) -> None:
    modules = loaded(
        "before = set(sys.modules)\nimport mcalc\nfor name in before - {'sys'}: del sys.modules[name]", environment
    )
    assert {name for name in modules if name.startswith("mcalc")} == {"mcalc"}
    assert len(modules) <= 4


def test_the_names_of_the_facade_are_all_there() -> None:
    import mcalc

    assert {"derive", "parse", "Mistake"} <= set(dir(mcalc))
    for name in mcalc.__all__:
        assert getattr(mcalc, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        mcalc.nothing  # noqa: B018
