"""Claims on the command line: statements, the check command, streams, records, exit codes."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Mcalc


def test_a_claim_is_a_statement_with_exit_code_0_or_3(mcalc: Mcalc) -> None:
    right = mcalc("∂/∂w (w · x) = xᵀ")
    assert (right.code, right.out) == (0, "equal: the normal forms meet\n")
    wrong = mcalc("d/dx x^2 = 3x")
    assert wrong.code == 3
    assert wrong.out.startswith("not equal: yours - mcalc's = x; likely slip: ")
    assert len(wrong.lines) == 1


def test_the_check_command_takes_any_equation(mcalc: Mcalc) -> None:
    assert mcalc("check", "(A B)^T = B^T A^T", "--where", "A: R^{m x n}; B: R^{n x k}").code == 0
    assert mcalc("check", "d/dx sin(x^2)\n = cos(x^2) d/dx x^2\n = 2x cos(x^2)").lines == ["equal: all 2 steps hold"]
    nothing = mcalc("check", "z = w . x")
    assert nothing.code == 1
    assert "claims nothing" in nothing.err
    assert mcalc("check", "∂/∂w (w·x) = x", "--layout", "denominator").lines == ["equal: the normal forms meet"]
    assert mcalc("check", stdin="d/dx x^2 = 2x\n(x + 1)^2 = x^2 + 2x + 1\n").code == 0


def test_on_a_terminal_each_reason_has_a_line(mcalc: Mcalc) -> None:
    done = mcalc("check", "d/dx x^2 = 3x", terminal=True)
    assert done.lines == [
        "not equal: yours - mcalc's = x",
        "  likely slip: a factor: yours is 3/2 times mcalc's",
        "  at x = 2: yours 6, mcalc's 4",
    ]


def test_on_a_narrow_terminal_reasons_are_folded_between_words(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcalc.shell.showing.terminal_width", lambda _stream: 60)
    done = mcalc("check", "∂/∂w ‖w‖² = wᵀ w wᵀ", "--where", "w: R^n", terminal=True)
    assert max([len(line) for line in done.lines]) <= 60


def test_a_line_that_begins_with_an_equals_sign_goes_on_from_the_one_before(mcalc: Mcalc) -> None:
    stream = "∂/∂w (w·x)\n = xᵀ\n = 2xᵀ\n∂/∂w (w·x)\n = xᵀ\nw: R^n\n = w\n"
    done = mcalc("-", stdin=stream)
    assert done.code == 1
    assert [line.partition(":")[0] for line in done.lines] == ["xᵀ", "equal", "not equal", "xᵀ", "equal"]
    assert "nothing stands before the '='" in done.err
    assert "1 of 3 claims does not hold" in done.err


def test_a_wrong_claim_in_a_stream_gives_3_unless_there_was_a_mistake(mcalc: Mcalc) -> None:
    assert mcalc("-", stdin="d/dx x^2 = 3x\nd/dx x^2\n").code == 3
    assert mcalc("-", stdin="d/dx x^2 = 3x\nd/dx (\n").code == 1
    assert mcalc("-", stdin="d/dx x^2 = 3x\n" * 3).err == "mcalc: 3 of 3 claims do not hold\n"


def test_a_record_of_a_claim_has_its_verdict_and_reasons(mcalc: Mcalc) -> None:
    done = mcalc("check", "d/dx x^2 = 3x", "--to", "json")
    record = json.loads(done.out)
    assert (record["kind"], record["ok"], record["verdict"], record["slip"]) == ("claim", True, "not-equal", "factor")
    assert record["difference"] == "x"
    assert record["point"] == {"at": "x = 2", "left": "4", "right": "6"}
    chain = json.loads(mcalc("check", "d/dx x^2 = x + x = 3x", "--to", "json").out)
    assert chain["wrong"] == 2
    assert [link["verdict"] for link in chain["links"]] == ["equal", "not-equal"]


def test_in_ascii_a_verdict_is_spelled_in_ascii(mcalc: Mcalc) -> None:
    done = mcalc("check", "∂/∂w ‖w‖² = wᵀ", "--where", "w: R^n", "--to", "ascii")
    assert done.out.isascii()
    assert "w^T" in done.out


def test_an_equation_is_no_answer_to_diff_with_a_variable(mcalc: Mcalc) -> None:
    done = mcalc("diff", "d/dx x^2 = 2x", "--wrt", "x")
    assert done.code == 1
    assert "mcalc check" in done.err
