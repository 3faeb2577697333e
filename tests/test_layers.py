"""The import order is a straight line, and this is the only copy of the list."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "mcalc"
ORDER = [
    "errors",
    "choices",
    "files",
    "limits",
    "patterns",
    "dims",
    "expr",
    "fresh",
    "operators",
    "notation",
    "calculus",
    "numeric",
    "export",
    "render",
    "telling",
    "steps",
    "checking",
    "results",
    "derivative",
    "differential",
    "api",
    "solving",
    "practice",
    "shell",
    "notebook",
    "__init__",
    "__main__",
]
"""A file imports only from its own layer and from those before it."""

LATE: dict[str, str | tuple[str, ...]] = {
    "lark": "notation/surface/grammar.py",
    "mcalc.notation.surface.frozen": "notation/surface/parse.py",
    "numpy": ("numeric", "checking", "solving/"),
    "rich": "shell/command_line/jobs.py",
    "prompt_toolkit": "shell/repl/editor.py",
    "csv": "numeric/array_files.py",
    "zipfile": "numeric/array_files.py",
    "termios": "shell/repl/first_prompt.py",
    "mcalc.shell.repl.editor": "shell/repl/loop.py",
    "mcalc.shell.repl.loop": "shell/repl/start.py",
    "mcalc.shell.repl.start": ("shell/command_line/commands.py", "shell/command_line/entry.py"),
    "IPython": "notebook.py",
    "platformdirs": "files.py",
    "select": "files.py",
    "tomllib": "shell/settings.py",
    "multiprocessing": "shell/command_line/jobs.py",
    "wcwidth": "render/terminal.py",
    "difflib": "errors.py",
    "json": ("shell/record.py", "shell/repl/", "shell/report.py", "shell/serve.py"),
    "textwrap": ("render/mistake.py", "export/exported.py"),
    "mcalc.shell.configuring": "shell/command_line/commands.py",
    "mcalc.shell.explain": ("shell/command_line/", "shell/manual.py", "shell/repl/"),
    "mcalc.shell.command_line.entry": "__main__.py",
    "mcalc.shell.command_line.commands": ("shell/command_line/entry.py", "shell/command_line/cli.py"),
    "mcalc.shell.command_line.completion": ("shell/command_line/entry.py", "shell/command_line/commands.py"),
    "mcalc.shell.command_line.jobs": "shell/command_line/commands.py",
    "mcalc.render.mathml": (
        "results.py",
        "derivative.py",
        "render/html_page.py",
        "shell/output.py",
        "shell/paper.py",
        "shell/showing.py",
        "shell/streams.py",
        "shell/report",
        "shell/serve",
    ),
    "mcalc.render.html_page": (
        "steps.py",
        "shell/streams.py",
        "shell/report",
        "shell/paper.py",
        "shell/rules_pages.py",
    ),
    "mcalc.shell.command_line.cli": "shell/command_line/entry.py",
    "mcalc.steps": ("results.py", "derivative.py", "differential.py"),
    "mcalc.checking.claims": ("api.py", "checking/page"),
    "mcalc.checking.page": ("api.py", "shell/command_line/commands.py"),
    "mcalc.checking.page_lines": ("api.py", "checking/page"),
    "mcalc.notation.latex.texts": ("notation/", "checking/page_prepared.py", "checking/page_lines.py"),
    "mcalc.notation.pastes.pasted": ("notation/", "shell/batch.py"),
    "mcalc.notation.python.statements": "notation/",
    "mcalc.shell.evaluation": ("shell/command_line/commands.py", "shell/plot.py"),
    "mcalc.export.exported": ("results.py", "derivative.py", "solving/solution_code.py", "shell/report"),
    "mcalc.shell.rules_pages": ("shell/command_line/commands.py", "shell/quiz.py", "shell/repl/"),
    "mcalc.shell.paper": ("shell/command_line/commands.py", "shell/command_line/completion.py", "shell/repl/"),
    "mcalc.shell.quiz": "shell/command_line/commands.py",
    "readline": "shell/quiz.py",
    "mcalc.shell.plot": ("shell/command_line/commands.py", "shell/repl/actions.py"),
    "tempfile": "shell/repl/actions.py",
    "mcalc.shell.serve": "shell/command_line/commands.py",
    "mcalc.shell.report": ("shell/command_line/commands.py", "shell/repl/", "shell/serve.py"),
    "webbrowser": "shell/report.py",
    "plotext": "render/plots.py",
    "matplotlib": "render/plots.py",
    "mcalc.render.plots": "shell/plot.py",
    "mcalc.solving.problem_statement": ("shell/session.py", "solving/"),
    "mcalc.solving.public": ("__init__.py", "shell/session.py", "shell/explain.py"),
    "mcalc.solving.solution_code": "solving/solution.py",
}
"""What is slow to load, and the places that may: in the middle of a file, when it is needed."""

SELDOM = frozenset({
    "fractions", "re", "mcalc.checking.stated_reasons",
    "mcalc.calculus.accumulate.special_variables", "mcalc.calculus.basics.entries",
    "mcalc.calculus.closing_forms", "mcalc.calculus.matrix.constant_tensors", "mcalc.calculus.matrix.factoring",
    "mcalc.calculus.rules.linear_maps", "mcalc.calculus.rules.of_sums",
    "mcalc.calculus.other_forms", "mcalc.calculus.singular_points", "mcalc.calculus.stories.graph",
    "mcalc.differential", "mcalc.notation.around.labels", "mcalc.notation.around.marks", "mcalc.notation.around.rates",
    "mcalc.notation.around.wheres",
    "mcalc.notation.meaning.comprehension",
    "mcalc.notation.meaning.free_indices", "mcalc.notation.meaning.moving", "mcalc.notation.meaning.ranges",
    "mcalc.notation.names.settled", "mcalc.notation.statements.beside",
    "mcalc.notation.statements.declare", "mcalc.notation.statements.equations", "mcalc.numeric.judging",
    "mcalc.numeric.values", "mcalc.numeric.verify", "mcalc.render.graph_pictures", "mcalc.render.latex_face",
    "mcalc.render.mistake", "mcalc.render.latex_text", "mcalc.render.two_dimensional", "mcalc.shell.checking",
    "mcalc.shell.record", "mcalc.shell.rule_entries",
})  # fmt: skip
"""What some answers need and a plain derivative does not: any file may load it where it is met.

`tests/test_startup.py` holds that a start does not."""

THEMSELVES = (
    "shell/repl/",
    "shell/plot.py",
    "shell/quiz.py",
    "shell/report",
    "shell/serve",
    "shell/manual.py",
    "shell/command_line/cli.py",
    "shell/command_line/completion.py",
    "solving/",
    "checking/page",
    "render/html_page.py",
)
"""Files that are loaded late themselves, or made into a page of their own, may need what is slow to load."""

FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]


@cache
def tree_of(path: Path) -> ast.Module:
    """Return what a file says."""
    return ast.parse(path.read_text("utf-8"))


def layer(path: Path) -> str:
    """Return the layer a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(tree: ast.Module) -> list[tuple[ast.stmt, str]]:
    """Return each import statement of a file with each module it names; of `from mcalc import x`, mcalc.x."""
    every: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            every += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            module = node.module or ""
            found = [f"{module}.{alias.name}" for alias in node.names if is_module(f"{module}.{alias.name}")]
            every += [(node, name) for name in found or [module]]
    return every


@cache
def is_module(name: str) -> bool:
    """Say whether a dotted name is a file or a folder of the package."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def for_checkers(tree: ast.Module) -> set[ast.stmt]:
    """Return the statements under `if TYPE_CHECKING:`, which never run."""
    return {
        inner
        for node in tree.body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in node.body
    }


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_imports_only_from_its_own_layer_and_those_before_it(path: Path) -> None:
    tree = tree_of(path)
    skipped = for_checkers(tree) if path.name == "__init__.py" and path.parent == PACKAGE else set()
    for node, name in imports(tree):
        if name.split(".")[0] != "mcalc" or node in skipped or name == "mcalc":
            continue
        place = name.split(".")[1]
        assert ORDER.index(place) <= ORDER.index(layer(path)), (
            f"line {node.lineno}: {layer(path)} must not import {name}"
        )


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_imports_stand_at_the_top_but_for_the_heavy_ones_in_their_homes(path: Path) -> None:
    tree = tree_of(path)
    at_top = {*tree.body, *for_checkers(tree)}
    where = str(path.relative_to(PACKAGE))
    for node, name in imports(tree):
        heavy = name if name in LATE else name.split(".")[0]
        if heavy in LATE:
            assert where.startswith(LATE[heavy]), f"line {node.lineno}: {heavy} belongs to {LATE[heavy]}"
            late = where.startswith(THEMSELVES) or node not in tree.body
            assert late, f"line {node.lineno}: {heavy} is loaded when it is needed, not before"
        elif name not in SELDOM:
            assert node in at_top, f"line {node.lineno}: {name} is imported in the middle of the file"


def test_no_file_is_part_of_a_circle_of_imports_those_for_type_checkers_too() -> None:
    names = {
        path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
    }
    graph = {
        names[path]: {name for _, name in imports(tree_of(path)) if name in names.values() and name != "mcalc"}
        for path in FILES
    }
    graph.pop("mcalc")
    settled: set[str] = set()
    while left := {name for name in graph if name not in settled}:
        free = {name for name in left if graph[name] <= settled}
        assert free, f"these import each other: {sorted(left)}"
        settled |= free


def test_no_folder_is_part_of_a_circle_of_imports() -> None:
    def folder(name: str) -> str:
        return name if (PACKAGE.parent.joinpath(*name.split("."), "__init__.py")).is_file() else name.rpartition(".")[0]

    needs: dict[str, set[str]] = {}
    for path in FILES:
        own = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        used = {folder(name) for _, name in imports(tree_of(path)) if name.startswith("mcalc.")} - {"mcalc"}
        needs.setdefault(folder(own), set()).update(used - {folder(own)})
    del needs["mcalc"]
    settled: set[str] = set()
    while left := set(needs) - settled:
        free = {one for one in left if needs[one] <= settled}
        assert free, f"these need each other: {sorted(left)}"
        settled |= free


def test_no_two_files_have_one_name() -> None:
    rooms: dict[str, list[str]] = {}
    for name in NAMES:
        rooms.setdefault(Path(name).name, []).append(name)
    twice = {name: places for name, places in rooms.items() if len(places) > 1 and name != "__init__.py"}
    assert not twice


def test_every_layer_of_the_order_exists() -> None:
    assert {layer(path) for path in FILES} == set(ORDER)


LONG: dict[str, str] = {}
"""Functions of more than sixty lines, each with its reason; that none is too complex is held by ruff (C901)."""


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_function_has_at_most_sixty_lines(path: Path) -> None:
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60}
    where = path.relative_to(PACKAGE)
    assert long == {name.split()[1] for name in LONG if name.split()[0] == str(where)}


def test_the_architecture_names_no_file_that_is_not_there() -> None:
    root = PACKAGE.parent
    text = (root / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"(\w+\.(?:py|txt))\b", text))
    there = {path.name for folder in ("mcalc", "tests", "bench") for path in (root / folder).rglob("*.*")}
    there |= {path.name for path in root.glob("*.py")}
    assert named
    assert sorted(named - there) == []
