"""Commands and streams, from the text typed to the bytes that come out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mcalc.errors import Mistake
from mcalc.shell.command_line import commands
from mcalc.shell.session import Session
from tests.conftest import Mcalc

RELU = "max(0, w·x + b)"
ANSWER = "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}"


def test_diff_prints_the_derivative_alone_in_a_pipe_and_says_beside_it_what_was_assumed(mcalc: Mcalc) -> None:
    done = mcalc("diff", RELU, "--wrt", "w")
    assert (done.code, done.out) == (0, f"{ANSWER}\n")
    [line] = done.err.splitlines()
    assert line.startswith("assumed: w, x ∈ ℝⁿ; b ∈ ℝ; note: ")
    assert mcalc("diff", "w·x", "--wrt", "w", "--where", "w, x: R^n").err == ""
    assert "note: y² does not depend on x" in mcalc("d/dx y²").err


@pytest.mark.parametrize(
    ("text", "asked"), [("y = x^2", "dy/dx"), ("f(x, y) = x^2 y", "df/dx"), ("a = x; b = a^2", "db/dx")]
)
def test_a_lone_definition_says_how_its_derivative_is_asked_for(mcalc: Mcalc, text: str, asked: str) -> None:
    done = mcalc(text)
    assert done.out == ""
    assert done.err.endswith(f"for a derivative add ; {asked}\n")
    assert mcalc(f"{text}; {asked}").out


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("kron(X, B)", "dX ↦ kron(dX, B)"),
        ("kron(X, X)", "dX ↦ kron(dX, X) + kron(X, dX)"),
        ("vec(A X B)", "dX ↦ vec(A dX B)"),
        ("kron(A, X) b", "dX ↦ vec(dX unvec(b, m, n) Aᵀ)"),
    ],
)
def test_a_tensor_whose_entries_need_pairs_of_indices_is_a_linear_map_in_a_pipe(
    mcalc: Mcalc, text: str, want: str
) -> None:
    assert mcalc("diff", text, "--wrt", "X").out == f"{want}\n"
    assert "pairing" in mcalc("diff", text, "--wrt", "X", "--as", "index").out


def test_a_stream_says_what_was_assumed_where_it_is_asked_to(mcalc: Mcalc) -> None:
    lines = "∂/∂w (w·x)\n∂/∂w (w·x)\n"
    assert mcalc("run", "-", stdin=lines).err == ""
    done = mcalc("run", "-", "--notes", stdin=lines)
    assert done.lines == ["xᵀ", "xᵀ"]
    assert done.err.splitlines() == ["<stdin>:1: assumed: w, x ∈ ℝⁿ", "<stdin>:2: assumed: w, x ∈ ℝⁿ"]


@pytest.mark.parametrize(
    "statement", [f"∂/∂w {RELU}", f"d/dw {RELU}", f"z = w·x + b; ∂/∂w {RELU.replace('w·x + b', 'z')}"]
)
def test_a_bare_statement_is_run(mcalc: Mcalc, statement: str) -> None:
    assert mcalc(statement).out == f"{ANSWER}\n"
    assert mcalc("diff", statement).out == f"{ANSWER}\n"


def test_an_expression_alone_is_echoed_as_it_is_read(mcalc: Mcalc) -> None:
    assert mcalc("2 x^2y").out == "2 x² y\n"


@pytest.mark.parametrize(
    ("to", "shown"),
    [("text", "xᵀ"), ("unicode", "xᵀ"), ("ascii", "x^T")],
)
def test_each_face_is_one_line(mcalc: Mcalc, to: str, shown: str) -> None:
    assert mcalc("diff", "w·x", "--wrt", "w", "--to", to).out == f"{shown}\n"


def test_latex_is_one_line(mcalc: Mcalc) -> None:
    (line,) = mcalc("diff", RELU, "--wrt", "w", "--to", "latex").lines
    assert line.startswith("\\begin{cases}")


def test_order_layout_where_and_several_variables(mcalc: Mcalc) -> None:
    assert mcalc("diff", "x^3", "--wrt", "x", "--order", "2").out == "6 x\n"
    assert mcalc("diff", "w·x", "--wrt", "w", "--layout", "denominator").out == "x\n"
    assert mcalc("diff", "A x", "--wrt", "x", "--where", "A: R^{m x n}; x: R^n").out == "A\n"
    assert mcalc("diff", "w·x + b", "--wrt", "w,b").out == "[xᵀ, 1]\n"
    assert mcalc("diff", "x·x", "--wrt", "x_4").out == "2 x₄\n"


def test_the_shell_takes_a_leading_minus_for_an_expression(mcalc: Mcalc) -> None:
    assert mcalc("diff", "-x + 2", "--wrt", "x").out == "-1\n"
    assert mcalc("diff", "-sin(x)", "--wrt", "x").out == "-cos(x)\n"
    assert mcalc("diff", "-w*x", "--wrt", "w").out == "-x\n"


def test_without_a_variable_diff_asks_which(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x^2 + y")
    assert done.code == 1
    assert done.out == ""
    assert "which variable" in done.err
    assert "--wrt x" in done.err
    assert mcalc("diff", "-3").code == 1


def test_a_variable_that_does_not_occur_gives_zero_and_a_warning(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x^2", "--wrt", "y")
    assert (done.code, done.out) == (0, "0\n")
    assert done.err.startswith("warning: y does not occur")
    assert "did you mean x or y?" in mcalc("diff", "x^2 + y", "--wrt", "xy").err


def test_a_mistake_is_one_message_with_a_caret_and_exit_code_1(mcalc: Mcalc) -> None:
    done = mcalc("diff", "sqt(4)", "--wrt", "x")
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("error[E-NAME]: ")
    assert "^" in done.err
    assert "sqrt" in done.err


@pytest.mark.parametrize("text", ["", "   # just a comment", "(", "1/(3+", "sin(x,x", "2 +* 3"])
def test_what_is_no_expression_is_a_mistake(mcalc: Mcalc, text: str) -> None:
    done = mcalc("diff", text, "--wrt", "x")
    assert done.code == 1
    assert "error[E-SYNTAX]" in done.err


def test_mistakes_in_a_declaration_are_told(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x", "--wrt", "x", "--where", "x: R^")
    assert done.code == 1
    assert "error[E-" in done.err


STREAM = """\
# the unit of the paper
w, x : R^n
b : R
z = w · x + b               # a name
f(t) = max(0, t)

∂/∂w f(z)
∂/∂b f(z); f(z)
"""


def test_a_stream_gives_one_line_for_each_result(mcalc: Mcalc, tmp_path: Path) -> None:
    wanted = [ANSWER, "{0 if w · x + b ≤ 0; 1 if w · x + b > 0}", "max(0, w · x + b)"]
    file = tmp_path / "unit.mc"
    file.write_text(STREAM, encoding="utf-8")
    for argv in ([], ["-"], ["run", "-"], ["run", str(file)], [str(file)]):
        done = mcalc(*argv, stdin=STREAM)
        assert (done.code, done.lines, done.err) == (0, wanted, "")


def test_a_bad_line_is_told_in_its_place_and_the_rest_goes_on(mcalc: Mcalc) -> None:
    done = mcalc(stdin="x^2\n(((\nx^3\ny: R; 2 +* y\n")
    assert done.code == 1
    assert done.lines == ["x²", "x³"]
    assert "<stdin>:2:" in done.err
    assert "<stdin>:4:10: error[E-SYNTAX]" in done.err
    assert done.err.splitlines()[-1] == "mcalc: 2 of 5 statements had a mistake"


@pytest.mark.parametrize(
    ("failing", "after", "mended"),
    [
        ("A = [1 2; 3 4]", "x' A x", "A = [1, 2; 3, 4]"),
        ("y = x^2 + )", "y^3", "y = x^2"),
        ("n = 3\nx: R^n", "sum(x)", "x: R^3"),
        ("W1 = 1/2x", "norm(W1 x)", "W_1: R^{m x n}"),
        ("f(t) = sin(", "d/dx f(x)", "f(t) = sin(t)"),
        ("f(t) = sin(", "d/dx f(x)", "f: R^n -> R"),
        ("f(t) = sin(", "d/dt f(t) = cos(t)", "f(t) = sin(t)"),
        ("a = sin(", "min over x of x^2 - 2 a x", "a = sin(1)"),
    ],
)
def test_what_uses_a_name_whose_definition_failed_is_refused_until_it_has_a_meaning(
    mcalc: Mcalc, failing: str, after: str, mended: str
) -> None:
    refused = mcalc("run", "-", stdin=f"{failing}\n{after}\n")
    assert refused.code == 1
    assert "was to be defined before, and that had a mistake" in refused.err
    assert refused.out == ""
    again = mcalc("run", "-", stdin=f"{failing}\n{mended}\n{after}\n")
    assert again.out
    assert "was to be defined before" not in again.err


def test_what_follows_from_functions_whose_definition_failed_is_refused_as_well(mcalc: Mcalc) -> None:
    count = 30
    made = [f"f_{k}(t) = f_{k - 1}(f_{k - 1}(t))" for k in range(1, count)]
    text = "\n".join(["f_0(t) = t^2", *made, f"d/dx f_{count - 1}(x)"])
    done = mcalc("run", "-", "--limit", "calls=50", stdin=text)
    first = 5  # which calls 62 functions
    assert (done.code, done.out) == (1, "")
    assert done.err.count("E-LIMIT") == 1
    assert f"<stdin>:{first + 1}:" in done.err.splitlines()[0]
    for k in range(first, count):
        assert f"<stdin>:{k + 2}: error[E-NAME]: f_{k} was to be defined before, and that had a mistake" in done.err


def test_a_statement_that_fails_changes_nothing() -> None:
    session = Session()
    session.run("x: R^n")
    before = session.scope
    for text in ("x = y = z", "y = nothing(x)", "sqt(x)"):
        with pytest.raises(Mistake):
            session.run(text)
    assert session.scope is before


def test_streams_with_bad_bytes_and_empty_streams(mcalc: Mcalc) -> None:
    done = mcalc(stdin=b"x^2\n\xff\xfe\x80\nx^3\n")
    assert (done.code, done.lines) == (1, ["x²", "x³"])
    assert "<stdin>:2:1: error[E-ENCODING]" in done.err or "<stdin>:2: error[E-ENCODING]" in done.err
    assert (mcalc(stdin=b"").code, mcalc(stdin=b"").out) == (0, "")
    assert mcalc(stdin=b"\n\n# only comments\n").code == 0
    assert mcalc(stdin="x^2".encode("utf-16")).code == 1


def test_a_stream_of_expressions_can_be_differentiated(mcalc: Mcalc) -> None:
    assert mcalc("diff", "--wrt", "x", stdin="x^2\nx^3\n").lines == ["2 x", "3 x²"]


def test_a_statement_beyond_the_limit_is_refused_and_the_next_is_read(mcalc: Mcalc) -> None:
    done = mcalc(stdin=b"x + 1 " * 300_000 + b"\nx^2\n")
    assert (done.code, done.lines) == (4, ["x²"])
    assert "E-LIMIT" in done.err


def test_an_argument_beyond_the_limit_is_refused_at_once(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x" * 65537, "--wrt", "x")
    assert (done.code, done.out) == (4, "")
    assert "E-LIMIT" in done.err
    assert max(len(line) for line in done.err.splitlines()) <= 100


def test_many_signs_and_many_levels_are_within_the_limit(mcalc: Mcalc) -> None:
    assert mcalc(stdin="-" * 60_000 + "x").out == "x\n"
    assert mcalc(stdin="(" * 100_000 + "x" + ")" * 100_000).out == "x\n"


def test_records_come_in_order_one_for_each_statement(mcalc: Mcalc) -> None:
    done = mcalc("--to", "json", stdin="w, x: R^n\n∂/∂w w·x\n(((\nz = 2\nz x\n")
    records = [json.loads(line) for line in done.lines]
    assert [r["ok"] for r in records] == [True, True, False, True, True]
    assert [r["line"] for r in records] == [1, 2, 3, 4, 5]
    assert [r.get("kind") for r in records] == ["declaration", "derivative", None, "definition", "expression"]
    derivative = records[1]
    assert derivative["schema"] == 1
    assert derivative["input"] == "∂/∂w w·x"
    assert (derivative["expr"], derivative["wrt"], derivative["order"]) == ("w · x", ["w"], 1)
    assert (derivative["text"], derivative["ascii"], derivative["latex"]) == ("xᵀ", "x^T", derivative["latex"])
    assert (derivative["shape"], derivative["display_shape"]) == (["n"], "1×n")
    assert (derivative["form"], derivative["layout"]) == ("matrix", "numerator")
    assert records[2]["error"]["code"] == "E-SYNTAX"
    assert records[2]["error"]["column"] >= 1
    assert done.code == 1


def test_a_record_says_what_was_assumed_and_noted(mcalc: Mcalc) -> None:
    (line,) = mcalc("diff", RELU, "--wrt", "w", "--to", "json").lines
    record = json.loads(line)
    assert record["assumed"] == ["w, x ∈ ℝⁿ", "b ∈ ℝ"]
    assert record["notes"]


def test_the_same_input_gives_the_same_bytes_whatever_came_before(mcalc: Mcalc) -> None:
    alone = mcalc("--to", "json", stdin="∂/∂w (w·x)^2\n").lines
    after = mcalc("--to", "json", stdin="∂/∂x (x·w)^2 # first\n∂/∂w (w·x)^2\n").lines
    assert alone[0] == after[1].replace('"line":2', '"line":1')


def test_a_terminal_is_told_the_shape_and_what_was_assumed(mcalc: Mcalc) -> None:
    done = mcalc("diff", RELU, "--wrt", "w", terminal=True)
    assert "⎧" in done.out
    assert "1×n, a row: numerator layout" in done.out
    assert "assumed: w, x ∈ ℝⁿ; b ∈ ℝ" in done.err
    assert "note: " in done.err


def test_files_that_cannot_be_read_are_told(mcalc: Mcalc, tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "nothing.mc")):
        done = mcalc("run", name)
        assert done.code == 1
        assert "error[E-FILE]" in done.err
        assert name in done.err


def test_output_goes_to_a_file_whole_or_not_at_all(mcalc: Mcalc, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    assert mcalc("diff", "x^2", "--wrt", "x", "-o", str(file)).out == ""
    assert file.read_text("utf-8") == "2 x\n"
    done = mcalc("diff", "x^3", "--wrt", "x", "-o", str(file))
    assert done.code == 1
    assert "--force" in done.err
    assert file.read_text("utf-8") == "2 x\n"
    assert mcalc("diff", "x^3", "--wrt", "x", "-o", str(file), "--force").code == 0
    assert file.read_text("utf-8") == "3 x²\n"
    assert mcalc("diff", "x", "--wrt", "x", "-o", str(tmp_path / "no" / "f")).code == 1
    assert mcalc("diff", "x", "--wrt", "x", "-o", "/dev/null").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_force_keeps_a_link_and_the_mode_of_what_it_leads_to(mcalc: Mcalc, tmp_path: Path) -> None:
    file, link = tmp_path / "result.txt", tmp_path / "link.txt"
    file.write_text("old\n", "utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    assert mcalc("diff", "x^3", "--wrt", "x", "-o", str(link), "--force").code == 0
    assert link.is_symlink()
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == ("3 x²\n", 0o640)


def test_options_that_contradict_each_other_are_told(mcalc: Mcalc) -> None:
    done = mcalc("diff", "x^3", "--wrt", "x", "--to", "json", "--to=latex")
    assert done.code == 2
    assert "--to json and --to latex contradict each other" in done.err
    assert mcalc("diff", "x^3", "--wrt", "x", "--to", "ascii", "--to=ascii").code == 0


def test_a_limit_of_time_beyond_any_clock_is_none(mcalc: Mcalc) -> None:
    assert mcalc("d/dx x^2", "--limit", "time=999999999999999").code == 0


def test_a_dash_for_the_output_is_standard_output(mcalc: Mcalc) -> None:
    assert mcalc("diff", "x^2", "--wrt", "x", "-o", "-").out == "2 x\n"


def test_a_bug_is_one_message_with_a_line_that_reproduces_it(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Session, text: str, line: int | None = None, **how: object) -> None:
        raise ZeroDivisionError("it's broken")

    monkeypatch.setattr(Session, "run", broken)
    done = mcalc("diff", "x'", "--wrt", "x")
    assert done.code == 70
    assert "ZeroDivisionError: it's broken" in done.err
    assert "mcalc 'diff' 'x'\\''' '--wrt' 'x'" in done.err
    assert "Traceback" not in done.err
    done = mcalc("--to", "json", stdin="x\n")
    assert done.code == 70
    assert "printf '%s\\n' 'x' | mcalc -" in done.err
    assert json.loads(done.out)["error"]["code"] == "E-BUG"


def test_a_bug_outside_a_statement_is_told_the_same_way(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "default", broken)
    done = mcalc()
    assert done.code == 70
    assert "bug in mcalc" in done.err


def test_memory_that_runs_out_is_a_limit(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    def large(self: Session, text: str, line: int | None = None, **how: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Session, "run", large)
    done = mcalc("x")
    assert done.code == 4
    assert "E-LIMIT" in done.err


def test_an_interrupt_ends_with_130(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Session, text: str, line: int | None = None, **how: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "run", interrupted)
    for argv in (["x"], ["diff", "x", "--wrt", "x"]):
        done = mcalc(*argv)
        assert (done.code, done.err) == (130, "")


def test_a_statement_that_comes_again_after_a_new_definition_has_the_new_result(mcalc: Mcalc) -> None:
    done = mcalc(stdin="x: R\nz = x^2\nd/dx z\nd/dx z\nz = x^3\nd/dx z\n")
    assert done.lines == ["2 x", "2 x", "3 x²"]


@pytest.mark.parametrize("text", ["∂/∂w x^T + x", "∂/∂w x^T^2 + 3x", "2 (∂/∂w x^T) - x"])
def test_a_derivative_that_turns_out_not_to_fit_what_it_is_added_to_is_a_mistake(text: str, mcalc: Mcalc) -> None:
    done = mcalc(text)
    assert done.code == 1
    assert done.err.startswith("error[E-SHAPE]: a row and a column vector do not add")


def test_a_result_that_would_fill_a_terminal_is_cut_and_a_pipe_has_all_of_it(mcalc: Mcalc) -> None:
    text = " + ".join([f"x_{n}^2" for n in range(1, 60)])
    done = mcalc(text, "--limit", "output=100", terminal=True)
    assert "more characters; -o FILE writes all" in done.out
    assert len(done.out) < 300
    assert "more characters" not in mcalc(text, "--limit", "output=100").out
