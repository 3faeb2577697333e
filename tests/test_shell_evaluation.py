"""`mcalc eval`: values and derivatives as numbers, sizes bound by data, and every mistake about data told by name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.expr import Expr
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import neg
from tests.conftest import Mcalc

RIDGE = "1/2 ‖X w - y‖² + λ/2 ‖w‖²"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with some data."""
    rng = np.random.default_rng(0)
    np.save(tmp_path / "X.npy", rng.normal(size=(5, 2)))
    np.savetxt(tmp_path / "y.csv", rng.normal(size=5), delimiter=",")
    np.savez(tmp_path / "data.npz", A=np.array([[2.0, 1.0], [1.0, 3.0]]), b=np.arange(4.0))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sets(*values: str) -> list[str]:
    """Return the options that give these values."""
    return [word for value in values for word in ("--set", value)]


GIVEN = sets("X=X.npy", "y=y.csv", "w=[0.3, -0.2]", "λ=0.1")


def test_value_and_derivative_are_printed_in_full_a_line_each(mcalc: Mcalc, folder: Path) -> None:
    x, y, w = np.load(folder / "X.npy"), np.loadtxt(folder / "y.csv"), np.array([0.3, -0.2])
    done = mcalc("eval", RIDGE, "--wrt", "w", *GIVEN)
    assert (done.code, done.err) == (0, "")
    value, gradient = [np.array(json.loads(line)) for line in done.lines]
    np.testing.assert_allclose(value, ((x @ w - y) ** 2).sum() / 2 + 0.05 * w @ w, rtol=1e-14)
    np.testing.assert_allclose(gradient, x.T @ (x @ w - y) + 0.1 * w, rtol=1e-14)


def test_a_record_has_numbers_formula_sizes_and_sources(mcalc: Mcalc) -> None:
    record = json.loads(mcalc("eval", RIDGE, "--wrt", "w", *GIVEN, "--to", "json", "--check").out)
    assert (record["ok"], record["kind"], record["text"]) == (True, "evaluation", "(X w - y)ᵀ X + λ wᵀ")
    assert len(record["derivative"]) == 2
    assert record["sizes"] == {"m": 5, "n": 2}
    assert record["given"][1] == {"name": "y", "shape": [5], "source": "y.csv"}
    assert record["check"]["ok"] is True
    assert record["notes"] == ["y (y.csv): 5×1, taken as a vector"]


def test_a_terminal_shows_numbers_in_columns_with_the_formula_and_the_check(
    mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    done = mcalc("eval", RIDGE, "--wrt", "w", *GIVEN, terminal=True)
    assert done.lines == ["value", "  3.3572", "∂/∂w = (X w - y)ᵀ X + λ wᵀ", "  [ -1.27895  -0.572117 ]   1×2"]
    assert "sizes: m = 5, n = 2\n" in done.err
    assert "checked at 8 points by complex step" in done.err
    wide = mcalc("eval", "x xᵀ", "--set", f"x=[{','.join(map(str, range(100)))}]", terminal=True)
    assert len(wide.lines) == 7
    assert max(len(line) for line in wide.lines) <= 60
    assert wide.lines[3].count("…") == 7


@pytest.mark.parametrize(
    ("argv", "want"),
    [
        (["x^2 + y", *sets("x=3", "y=1/2")], ["9.5"]),
        (["∂/∂x sum(x^2)", *sets("x=[1,2]")], ["5", "[2, 4]"]),
        (["d/dx x^3", *sets("x=2")], ["8", "12"]),
        (["sum(x^3)", "--wrt", "x", "--order", "2", *sets("x=[1,2]")], ["9", "[6, 0; 0, 12]"]),
        (["w·x + b", "--wrt", "w,b", *sets("w=[1,2]", "x=[3,4]", "b=1")], ["12", "[3, 4, 1]"]),
        (["L(w) = w·x", "--wrt", "w", *sets("w=[1,2]", "x=[3,4]")], ["11", "[3, 4]"]),
        (
            ["A x", "--wrt", "x", "--layout", "denominator", *sets("A=[1 2; 3 4; 5 6]", "x=[1,1]")],
            ["[3, 7, 11]", "[1, 3, 5; 2, 4, 6]"],
        ),
        (["A x", *sets("A=data.npz:A", "x=[1,2]")], ["[4, 7]"]),
        (["x^2", *sets("x=[1,2]")], ["[1, 4]"]),
        (
            ["r·r", "--where", "r = X w - y; w: R^n", "--wrt", "w", *sets("X=[1 0; 0 2]", "w=[1,1]", "y=[0,0]")],
            ["5", "[2, 8]"],
        ),
        (["sum_{i=1}^{n} i x_i", *sets("x=[1,2,3]")], ["14"]),
        (["sum_{i=1}^{n} i^2", *sets("n=3")], ["14"]),
        (["ones(n) · x", *sets("x=[1,2]")], ["3"]),
        (["lambda x_1", *sets("lambda=2", "x=[5,7]")], ["10"]),
        (
            ["inv(A) x", "--wrt", "x", "--where", "A: R^{n x n} posdef", *sets("A=[4 0; 0 2]", "x=[1,1]")],
            ["[0.25, 0.5]", "[0.25, 0; 0, 0.5]"],
        ),
        (["x yᵀ", *sets("x=[1,2]", "y=[3]")], ["[[3], [6]]"]),
    ],
)
def test_statements_of_every_kind_are_evaluated(mcalc: Mcalc, argv: list[str], want: list[str]) -> None:
    done = mcalc("eval", *argv)
    assert (done.code, done.lines, done.err) == (0, want, "")


def test_ascii_terminals_get_ascii(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("NO_COLOR", "1")
    done = mcalc("eval", "A x", "--wrt", "x", *sets("A=[1 2; 3 4]", "x=[1,1]"), terminal=True)
    assert done.out.isascii()
    assert "d/dx = A" in done.out


def test_a_file_of_one_row_or_column_is_a_vector_or_a_matrix_as_the_expression_needs(
    mcalc: Mcalc, folder: Path
) -> None:
    for name, text in (("row.csv", "1,2,3\n"), ("column.csv", "1\n2\n3\n")):
        (folder / name).write_text(text)
        assert mcalc("eval", "x·x", "--set", f"x={name}").lines == ["14"]
        assert mcalc("eval", "x^2", "--set", f"x={name}").lines == ["[1, 4, 9]"]
        done = mcalc("eval", "2x", "--where", "x: R^{1 x n}", "--set", f"x={name}")
        assert done.lines == (["[[2, 4, 6]]"] if name == "row.csv" else [])
    (folder / "one.csv").write_text("2.5\n")
    assert mcalc("eval", "b^2", "--set", "b=one.csv").lines == ["6.25"]
    assert mcalc("eval", "sum(b)", "--where", "b: R^n", "--set", "b=one.csv").lines == ["2.5"]


def fails(mcalc: Mcalc, code: str, *argv: str, status: int = 1) -> str:
    """Run what must fail with a code, as text and as a record, and return the message."""
    done = mcalc("eval", *argv)
    assert (done.code, done.out, done.err.startswith(f"error[{code}]: ")) == (status, "", True), done
    assert "= hint: " in done.err
    record = json.loads(mcalc("eval", *argv, "--to", "json").out)
    assert (record["ok"], record["error"]["code"]) == (False, code)
    return done.err


def test_sizes_at_odds_name_both_variables_and_both_sources(mcalc: Mcalc, folder: Path) -> None:
    np.save(folder / "Z.npy", np.ones((4, 3)))
    said = fails(mcalc, "E-SHAPE", "‖X w - y‖²", "--wrt", "w", *sets("X=X.npy", "y=data.npz:b", "w=[1,2]"))
    assert "5 by the rows of X (5×2, X.npy), and 4 by y (4 entries, data.npz:b)" in said
    said = fails(mcalc, "E-SHAPE", "Z w", *sets("Z=Z.npy", "w=[1,2,3,4]"))
    assert "the rows of Z would fit: is it to be transposed?" in said
    said = fails(mcalc, "E-SHAPE", "X w", "--set", "X=[1 2;3 4]", "--set", "w=[1,2,3]")
    assert "2×2" in said
    assert "3 entries" in said
    assert "2 by the rows of A (2×3" in fails(mcalc, "E-SHAPE", "tr(A)", "--set", "A=[1 2 3; 4 5 6]")
    assert "x is a vector of 3" in fails(mcalc, "E-SHAPE", "sum(x)", "--where", "x: R^3", "--set", "x=[1,2]")
    assert "x is a scalar" in fails(mcalc, "E-SHAPE", "x^2", "--where", "x: R", "--set", "x=[1,2]")
    assert "no n makes" in fails(mcalc, "E-SHAPE", "sum(x)", "--where", "x: R^{2n}", "--set", "x=[1,2,3]")
    assert mcalc("eval", "sum(x)", "--where", "x: R^{2n}", "--set", "x=[1,2,3,4]").lines == ["10"]
    where = "x: R^{n+1}; y: R^n"
    said = fails(mcalc, "E-SHAPE", "sum(x) sum(y)", "--where", where, *sets("x=[1,2]", "y=[1,2]"))
    assert "the size n + 1 is 3, since n is 2 by y" in said
    fails(mcalc, "E-SHAPE", "sum_{i=1}^{n} i", "--set", "n=2.5")


def test_names_without_a_value_and_values_without_a_name_are_told(mcalc: Mcalc) -> None:
    assert "x has no value; y is not used" in fails(mcalc, "E-NAME", "x", "--set", "y=1")
    assert "did you mean X by x?" in fails(
        mcalc, "E-NAME", "sum(X)", "--where", "X: R^{m x n}", "--set", "x=[1 2; 3 4]"
    )
    assert "the size n is not known" in fails(mcalc, "E-NAME", "sum(ones(n))")
    done = mcalc("eval", "x^2", *sets("x=2", "y=1"))
    assert (done.code, done.out, done.err) == (0, "4\n", "warning: y is given a value and does not occur\n")


def test_values_must_have_the_properties_that_results_are_simplified_by(mcalc: Mcalc) -> None:
    said = fails(
        mcalc,
        "E-DATA",
        "xᵀ A x",
        "--wrt",
        "x",
        "--where",
        "A: R^{n x n} symmetric; x: R^n",
        *sets("A=[1 2; 3 4]", "x=[1,2]"),
    )
    assert "1,2 and 2,1 differ by 1" in said
    assert "eigenvalue -1" in fails(
        mcalc, "E-DATA", "logdet(A)", "--where", "A: R^{n x n} posdef", "--set", "A=[1 0; 0 -1]"
    )
    assert "> 0" in fails(mcalc, "E-DATA", "ln(s)", "--where", "s: R > 0", "--set", "s=-1")


def test_the_nasty_cases_about_data(mcalc: Mcalc, folder: Path) -> None:
    np.save(folder / "evil.npy", np.array([{}], dtype=object), allow_pickle=True)
    assert "pickle" in fails(mcalc, "E-DATA", "sum(X)", "--set", "X=evil.npy")
    (folder / "short.npy").write_bytes((folder / "X.npy").read_bytes()[:-8])
    assert "80 bytes of numbers, and 72 follow" in fails(mcalc, "E-DATA", "sum(X)", "--set", "X=short.npy")
    (folder / "b.csv.gz").write_bytes(gzip.compress(b"1,2\n"))
    assert "gunzip" in fails(mcalc, "E-DATA", "sum(X)", "--set", "X=b.csv.gz")
    (folder / "ragged.csv").write_text("1,2\n3,4\n5\n")
    assert "line 3 of ragged.csv" in fails(mcalc, "E-DATA", "sum(X)", "--set", "X=ragged.csv")
    assert "fetched" in fails(mcalc, "E-DATA", "sum(X)", "--set", "X=http://127.0.0.1:8765/x.csv")
    long = f"x=[{'1 ' * 5000}]"
    assert "5000×5000" in fails(mcalc, "E-LIMIT", "sum(x xᵀ)", "--where", "x: R^n", "--set", long, status=4)
    assert sorted(path.name for path in folder.iterdir()) == [
        "X.npy",
        "b.csv.gz",
        "data.npz",
        "evil.npy",
        "ragged.csv",
        "short.npy",
        "y.csv",
    ]


def test_nan_is_taken_with_a_warning_and_the_record_is_json(mcalc: Mcalc) -> None:
    done = mcalc("eval", "x^2", "--set", "x=nan")
    assert (done.code, done.out, done.err) == (0, "nan\n", "warning: x (given as nan): its value is NaN or infinite\n")
    record = json.loads(
        mcalc("eval", "[x, -1/y]", *sets("x=nan", "y=0"), "--to", "json").out, parse_constant=pytest.fail
    )
    assert record["value"] == ["NaN", "-Infinity"]


def test_the_derivative_of_a_norm_at_0_is_0_with_a_warning_and_not_nan(mcalc: Mcalc) -> None:
    done = mcalc("eval", "‖x‖ + y", "--wrt", "x", *sets("x=[0,0]", "y=1"))
    assert done.lines == ["1", "[0, 0]"]
    assert done.err == "warning: a norm is 0 here, where it has no derivative: 0 is taken\n"
    assert mcalc("eval", "‖x‖^(1/2)", "--wrt", "x", *sets("x=[0,0]")).lines == ["0", "[nan, nan]"]
    assert mcalc("eval", "1/‖x‖", "--wrt", "x", *sets("x=[0,0]")).lines == ["inf", "[nan, nan]"]
    assert derive("‖A x - b‖", wrt="x").evaluate({"A": np.eye(2), "x": [1, 2], "b": [1, 2]}).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["ln(x)", "--set", "x=-1"], "the value is NaN or infinite here: x > 0 does not hold"),
        (["sum(1/x)", "--set", "x=[0,1]"], "the value is NaN or infinite here: a division by 0"),
    ],
)
def test_values_outside_the_domain_are_warned_of(mcalc: Mcalc, argv: list[str], said: str) -> None:
    done = mcalc("eval", *argv)
    assert (done.code, done.err) == (0, f"warning: {said}\n")


def test_a_singular_matrix_is_a_mistake_with_a_hint(mcalc: Mcalc) -> None:
    assert "no inverse" in fails(mcalc, "E-DOMAIN", "inv(X)", "--set", "X=[1 1; 1 1]")


def test_limits_can_be_raised_and_the_message_says_how(mcalc: Mcalc) -> None:
    said = fails(mcalc, "E-LIMIT", "sum(X)", "--set", "X=X.npy", "--limit", "elements=4", status=4)
    assert "--limit elements=10" in said
    assert mcalc("eval", "sum(X)", "--set", "X=X.npy", "--limit", "elements=10").code == 0
    assert mcalc("eval", "sum(X)", "--set", "X=X.npy", "--limit", "elements=0").code == 0


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["x", "--set", "x"],
        ["x", "--set", "=1"],
        ["x", *sets("x=1", "x=2")],
        ["x", "--set", "x=1", "--to", "latex"],
        ["x", "--set", "x=1", "--limit", "elements=-1"],
        ["x", "--set", "x=1", "--limit", "time=3"],
        ["x", "--set"],
    ],
)
def test_options_that_say_nothing_are_wrong_usage(mcalc: Mcalc, argv: list[str]) -> None:
    done = mcalc("eval", *argv)
    assert (done.code, done.out, "error[E-USAGE]" in done.err) == (2, "", True)


def test_a_wrong_derivative_is_not_evaluated(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    right = TABLE["cos"].partial
    assert right is not None

    def wrong(node: Expr, place: int) -> Expr:
        made = right(node, place)
        assert made is not None
        return neg(made)

    monkeypatch.setattr(TABLE["cos"], "partial", wrong)
    for terminal, more in ((True, []), (False, ["--check"])):
        done = mcalc("eval", "cos(x)", "--wrt", "x", "--set", "x=1", *more, terminal=terminal)
        assert (done.code, done.out) == (70, "")
        assert "mcalc diff 'cos(x)' --wrt x --where 'x: R' --check" in done.err
    record = json.loads(mcalc("eval", "cos(x)", "--wrt", "x", "--set", "x=1", "--check", "--to", "json").out)
    assert (record["ok"], record["error"]["code"]) == (False, "E-BUG")


def test_nothing_given_can_act_on_the_terminal(mcalc: Mcalc) -> None:
    for value in ("x=\x1b[31m", "x=[\x1b[31m]", "x=\x1b]0;t\x07.npy", "x=a\u202eb.csv"):
        done = mcalc("eval", "x", "--set", value)
        assert done.code == 1
        assert not any(mark in done.err for mark in "\x1b\x07\u202e")


def test_latex_is_evaluated_with_the_macros_of_a_file(mcalc: Mcalc, folder: Path) -> None:
    (folder / "paper.tex").write_text(r"\newcommand{\sq}[1]{\lVert #1 \rVert_2^2}", "utf-8")
    argv = ("--macros", "paper.tex", "--wrt", "w", "--set", "w=[3, 4]")
    assert mcalc("eval", r"\frac{1}{2}\sq{\mathbf{w}}", *argv).lines == ["12.5", "[3, 4]"]
    assert "E-SYNTAX" in mcalc("eval", r"\frac{1}{2} w", "--from", "plain", "--set", "w=1").err
