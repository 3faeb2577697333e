"""Arguments: which tokens are options and which are expressions, and what is said of wrong usage."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from mcalc.errors import Mistake
from mcalc.limits import set_limits
from mcalc.shell.arguments import arrange, is_option_like
from mcalc.shell.command_line.cli import app
from mcalc.shell.command_line.entry import quick
from mcalc.shell.options import OPTIONS, ROWS, Said
from mcalc.shell.reference import COMMANDS, EVERY
from mcalc.shell.session import Asks
from mcalc.shell.settings import Settings
from tests.conftest import ROOT, Mcalc

PACKAGE = ROOT / "mcalc"


@pytest.mark.parametrize(
    ("argv", "arranged"),
    [
        (["diff", "-x + 2", "--wrt", "x"], ["diff", "--wrt", "x", "--", "-x + 2"]),
        (["diff", "-sin(x)", "--wrt", "x"], ["diff", "--wrt", "x", "--", "-sin(x)"]),
        (["diff", "-w*x", "--wrt=w"], ["diff", "--wrt=w", "--", "-w*x"]),
        (["--wrt", "w", "diff", "w"], ["diff", "--wrt", "w", "--", "w"]),
        (["diff", "--wrt", "w", "--", "--order"], ["diff", "--wrt", "w", "--", "--order"]),
        (["diff", "-3"], ["diff", "--", "-3"]),
        (["diff", "-o", "out", "-out"], ["diff", "-o", "out", "--", "-out"]),
        (["diff", "--x + 2", "--wrt", "x"], ["diff", "--wrt", "x", "--", "--x + 2"]),
        (["diff", "x", "--where", "-1"], ["diff", "--where", "-1", "--", "x"]),
        (["∂/∂w w", "--to", "ascii"], ["statement", "--to", "ascii", "--", "∂/∂w w"]),
        (["-x^2", "--to=ascii"], ["statement", "--to=ascii", "--", "-x^2"]),
        (["--to", "json"], ["run", "--to", "json", "--", "-"]),
        (["a.mc", "b.mc"], ["run", "--", "a.mc", "b.mc"]),
        (["-", "--to", "json"], ["run", "--to", "json", "--", "-"]),
        (["run", "x"], ["run", "--", "x"]),
        (["diff", "-h"], ["diff", "-h", "--"]),
    ],
)
def test_only_known_options_are_options(argv: list[str], arranged: list[str]) -> None:
    assert arrange(argv) == arranged


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["diff", "x", "--wtr", "x"], "did you mean --wrt?"),
        (["diff", "x", "--ordr=2"], "did you mean --order?"),
        (["diff", "--nothing-like-it"], 'if it is an expression: mcalc -- "--nothing-like-it"'),
        (["run", "a.mc", "--wrt", "x"], "diff has it: mcalc diff --wrt ..."),
        (["--plot", "x"], ""),
        (["diff", "x", "--wrt"], "mcalc --help"),
        (["diff", "x", "--force=1"], "mcalc --help"),
    ],
)
def test_an_unknown_option_is_refused_with_a_suggestion(argv: list[str], hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        arrange(argv)
    assert caught.value.code == "E-USAGE"
    assert hint in caught.value.hint


def test_a_token_is_option_like_where_it_can_be_nothing_else() -> None:
    assert is_option_like("--steps")
    assert is_option_like("--no-check=1")
    assert not any(is_option_like(token) for token in ("--x + 2", "-steps", "--x", "--2", "---", "--ξη"))


def test_usage_errors_exit_with_2_and_one_message(mcalc: Mcalc) -> None:
    for argv in (
        ["diff", "x", "--wtr", "x"],
        ["diff", "x", "y", "--wrt", "x"],
        ["diff", "x", "--wrt", "x", "--order", "two"],
        ["diff", "x", "--wrt", "x", "--order", "0"],
        ["diff", "x", "--wrt", "x", "--to", "[red]foo[/"],
        ["diff", "x", "--wrt", "x", "--layout", "sideways"],
        ["diff", "x", "--wrt", "x", "--mode", "sideways"],
        ["run"],
    ):
        done = mcalc(*argv)
        assert done.code == 2, argv
        assert done.out == ""
        assert done.err.startswith("error[E-USAGE]: "), done.err


def test_an_unknown_format_is_answered_with_the_list(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x", "--wrt", "x", "--to", "[red]foo[/")
    assert "[red]foo[/" in done.err
    assert "text, unicode, ascii, latex, mathml, html, json" in done.err


def test_an_order_beyond_the_limit_is_refused_at_once(mcalc: Mcalc) -> None:
    done = mcalc("diff", "sin(x)", "--wrt", "x", "--order", "1000000")
    assert done.code == 4
    assert "E-LIMIT" in done.err


def test_help_fits_a_screen_and_shows_examples_first(mcalc: Mcalc) -> None:
    done = mcalc("--help")
    assert done.code == 0
    assert len(done.lines) <= 42
    assert max(len(line) for line in done.lines) <= 100
    assert "mcalc diff" in "".join(done.lines[:4])
    assert mcalc("-h").out == mcalc("help").out == done.out
    assert mcalc("--help", encoding="ascii").out.isascii()


@pytest.mark.parametrize("command", ["diff", "run"])
def test_each_command_has_help_of_its_own(mcalc: Mcalc, command: str) -> None:
    done = mcalc(command, "--help")
    assert done.code == 0


def test_the_version_is_one_line(mcalc: Mcalc) -> None:
    done = mcalc("--version")
    assert (done.code, len(done.lines)) == (0, 1)
    assert done.out.startswith("mcalc ")


def test_on_a_terminal_nothing_to_do_shows_the_help_as_a_usage_error(mcalc: Mcalc) -> None:
    for argv in (["diff"], ["diff", "--wrt", "x"]):
        done = mcalc(*argv, stdin=None)
        assert done.code == 2
        assert done.out == ""
        assert "mcalc diff" in done.err


def test_a_file_that_merely_has_the_name_of_a_variable_changes_nothing(
    mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x").write_text("2\n", encoding="utf-8")
    assert mcalc("x").out == "x\n"
    Path("two.txt").write_text("2\n", encoding="utf-8")
    assert mcalc("two.txt").out == "2\n"


def test_files_are_read_in_the_notation_and_with_the_macros_of_the_options(mcalc: Mcalc, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(r"\newcommand{\sq}[1]{\lVert #1 \rVert_2^2}", "utf-8")
    (tmp_path / "s.mc").write_text("\\nabla_{\\mathbf{x}} \\sq{\\mathbf{x}}\n", "utf-8")
    done = mcalc("run", str(tmp_path / "s.mc"), "--macros", str(tmp_path / "paper.tex"))
    assert (done.code, done.out) == (0, "2 xᵀ\n")
    assert mcalc("run", str(tmp_path / "s.mc"), "--from", "plain").code == 1


TREE: Any = get_command(app)


def test_a_row_of_the_options_says_all_of_an_option() -> None:
    kinds = {"bool": "", "bool | None": "", "int": "N", "int | None": "N"}
    assert all(row.value == kinds.get(Said.__annotations__[row.keyword], row.value) for row in OPTIONS.values())
    for row in ROWS.values():
        assert row.is_repeated is Said.__annotations__[row.keyword].startswith("Sequence"), row.name
        assert bool(row.what) is bool(row.words) or not row.spellings, row.name
        assert not row.config or (row.default == row.words[0] and row.what), row.name
        assert not row.prompt or row.prompted_default in row.prompted, row.name
    assert set(OPTIONS.values()) == {row for command in COMMANDS.values() for row in command.takes}


SPECIAL = {
    "shell/options.py": "the table",
    "shell/arguments.py": "what a slip may mean, and a script among the arguments",
    "shell/command_line/completion.py": "limits by name, and what --where declares",
    "shell/reference.py": "words for a command with an option",
    "shell/rule_entries.py": "what the examples of rules are typed with, as one types it",
    "shell/repl/actions.py": ":save --force",
    "notebook.py": "the two options of a cell",
    "shell/streams.py": "-e, as the name of a script among the arguments",
}
"""Files that may speak of single options, each with what is special about them there."""


def test_an_option_is_declared_in_one_place_alone() -> None:
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        texts = {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)}
        for row in OPTIONS.values():
            if texts & {row.name, *row.spellings}:
                found.setdefault(str(path.relative_to(PACKAGE)), set()).add(row.name)
    assert found.keys() == SPECIAL.keys()
    assert found.pop("shell/options.py") == set(OPTIONS)
    assert max(map(len, found.values())) < 8


def test_typer_knows_the_options_as_they_are_read_without_it() -> None:
    assert TREE.commands.keys() == EVERY.keys()
    for name, command in TREE.commands.items():
        declared = [param for param in command.params if param.param_type_name == "option"]
        for param, row in zip(declared, EVERY[name].takes, strict=True):
            assert [*param.opts, *param.secondary_opts] == row.spellings
            assert param.is_flag is not bool(row.value), row.name
            assert param.multiple is row.is_repeated, row.name
            assert (param.type.name == "int") is row.is_whole, row.name
            assert param.name == row.keyword


SAMPLE = {"--wrt": "x", "--steps": "full", "--order": "2", "--to": "text", "--limit": "time=5", "--jobs": "2"}
SAMPLE["--structured"] = "free"


def lines() -> list[list[str]]:
    """Return command lines: of each command each option alone, and some with all that is odd."""
    found = [["x^2"], ["-x^2"], ["--", "--wrt"], ["-"], ["diff", "x", "--wrt="], ["diff", "x", "--wrt", "--"]]
    found += [["diff", "x", "--wrt", "x", "--wrt", "x"], ["run", "a", "b", "-e", "x"], ["x", "--steps"], ["eval", "2"]]
    found += [
        ["diff", "x", "--check", "--no-check"],
        ["x", "--limit", "time=1", "--limit", "order=3"],
        ["--to", "json"],
        ["eval", "x", "--limit", "bytes=9", "--set", "x=1", "--set", "y=2"],
    ]
    for command in ("statement", "diff", "d", "check", "run", "eval", "min", "solve"):
        for row in EVERY[command].takes:
            value = [SAMPLE.get(row.name, row.words[0] if row.words else "auto")] if row.value else []
            if row.name not in ("--macros", "--set", "--with", "--operator", "--limit"):
                found += [[*([command] * (command != "statement")), "x", one, *value] for one in row.spellings]
    return found


def shown(job: Any) -> list[object]:
    """Return what a prepared command is: its function, and its arguments with all settings."""
    seen: list[object] = [job.func]
    for arg in job.args:
        if isinstance(arg, Settings):
            asks = arg.asks and [getattr(arg.asks, name) for name in arg.asks.__slots__]
            seen.append({**vars(arg), "asks": asks})
        elif isinstance(arg, Asks):
            seen.append([getattr(arg, name) for name in arg.__slots__])
        else:
            seen.append(arg if arg is None or isinstance(arg, str) else [*arg])
    return seen


@pytest.fixture
def _limits_as_they_were() -> Iterator[None]:
    before = set_limits({})
    yield
    set_limits(before)


@pytest.mark.usefixtures("_limits_as_they_were")
@pytest.mark.parametrize("argv", lines(), ids=" ".join)
def test_what_is_read_without_typer_is_what_typer_reads(argv: list[str]) -> None:
    job = quick(argv)
    assert job is not None
    assert shown(job) == shown(TREE(arrange(argv), prog_name="mcalc", standalone_mode=False))


@pytest.mark.parametrize(
    "argv",
    [
        ["diff", "x", "y"],
        ["diff", "--help"],
        ["diff", "x", "--order", "two"],
        ["x", "--force=1"],
        ["serve", "x"],
        ["run"],
    ],
)
def test_what_is_wrong_or_asks_for_help_is_left_to_typer(argv: list[str]) -> None:
    assert quick(argv) is None


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["dif", "x^2", "--wrt", "x"], "did you mean mcalc diff?"),
        (["dif"], "did you mean mcalc diff? If it is a name: mcalc -e dif"),
        (["Diff", "x"], "did you mean mcalc diff?"),
        (["x", "^", "2"], 'put it into quotes: mcalc "x ^ 2"'),
        (["diff", "x^2", "--latex"], "did you mean --to latex?"),
        (["diff", "x^2", "--latex", "--wrt", "x"], "did you mean --to latex?"),
        (["diff", "x^2", "--numpy"], "did you mean --to numpy?"),
        (["diff", "-w", "--wrt", "w"], "if it is an expression, write (-w)"),
        (["hess", "x", "--order", "3"], "mcalc diff --order 3"),
    ],
)
def test_a_slip_of_a_command_or_an_option_is_told_as_one(mcalc: Mcalc, argv: list[str], hint: str) -> None:
    done = mcalc(*argv)
    assert (done.code, done.out) == (2, "")
    assert hint in done.err


def test_other_words_for_diff_give_what_diff_gives(mcalc: Mcalc) -> None:
    assert mcalc("grad", "x^2", "-w", "x").out == mcalc("jac", "x^2", "--wrt", "x").out == "2 x\n"
    assert mcalc("hess", "x^3", "-w", "x").out == mcalc("diff", "x^3", "-w", "x", "--order", "2").out == "6 x\n"
    assert mcalc("phi").out == "φ\n"


def test_a_layout_is_said_only_where_the_other_one_is_written_otherwise(mcalc: Mcalc) -> None:
    for argv, said in (
        (["diff", "x^T A x", "--wrt", "x"], "1×n, a row: numerator layout"),
        (["diff", "x^T A x", "--wrt", "x", "--layout", "denominator"], "n×1, a column: denominator layout"),
        (["diff", "A x", "--wrt", "x"], "m×n: numerator layout"),
        (["diff", "x^T A x", "--wrt", "x", "--order", "2"], "  n×n\n"),
        (["diff", "a^T X b", "--wrt", "X"], " n×m\n"),
        (["diff", "sin(x) .* y", "--wrt", "x"], " n×n\n"),
        (["A: R^{m x n}; x: R^n; A x"], " m×1, a column"),
    ):
        shown = mcalc(*argv, *(["--color", "never"] if argv[0] == "diff" else []), "--no-check", terminal=True).out
        assert said in shown.replace("\x1b[2m", "").replace("\x1b[0m", ""), argv
