"""Streams: lines, encodings, continuation, limits."""

from __future__ import annotations

import io

import pytest

from mcalc.errors import Mistake
from mcalc.limits import limit
from mcalc.shell.batch import Line, Tally, lines, statements, unclosed
from tests.conftest import Mcalc


def read(data: bytes, limit: int = 1 << 20) -> list[tuple[int, str]]:
    """Return the statements of a stream, the code of the mistake in place of a text."""
    source = statements(lines(io.BytesIO(data), limit), limit)
    return [(s.number, s.mistake.code if s.mistake else s.text.strip()) for s in source]


def test_lines_end_at_newlines_alone_and_are_counted_from_one() -> None:
    assert read("a\x0bb\u2028c\r\n\nd".encode()) == [(1, "a\x0bb\u2028c"), (3, "d")]


def test_comments_and_blank_lines_are_no_statements() -> None:
    assert read(b"\n\n# only comments\n") == []
    assert read(b"x # + 1\n  # y\n") == [(1, "x")]


def test_a_byte_order_mark_and_a_missing_last_newline_are_accepted() -> None:
    assert read(b"\xef\xbb\xbfx^2\r\ny: R\r\ny^3") == [(1, "x^2"), (2, "y: R"), (3, "y^3")]


def test_bytes_that_are_not_utf8_spoil_their_own_line_alone() -> None:
    assert read(b"x^2\n\xff\xfe\x80\nx^3\n") == [(1, "x^2"), (2, "E-ENCODING"), (3, "x^3")]


def test_an_encoding_mistake_says_which_byte_and_where() -> None:
    mistake = [s.mistake for s in lines(io.BytesIO(b"\xef\xbb\xbfx\nab\xe9\n"))][1]
    assert mistake is not None
    assert "0xe9 at offset 7" in mistake.message


@pytest.mark.parametrize("data", ["x^2\ny".encode("utf-16"), "x\nxé".encode("utf-16-le")])
def test_utf16_is_recognised(data: bytes) -> None:
    mistakes = [s.mistake for s in lines(io.BytesIO(data)) if s.mistake]
    assert "utf-16" in mistakes[0].hint


def test_a_line_goes_on_after_a_backslash_and_inside_a_bracket() -> None:
    assert read("∂/∂x ‖x - \\\n y‖² \n (1 +\n 2)".encode()) == [(1, "∂/∂x ‖x -   y‖²"), (3, "(1 +  2)")]
    assert read(b"[1,  # one (\n # nothing\n 2]") == [(1, "[1,      2]")]


def test_a_bracket_that_is_never_closed_spoils_its_own_line_alone() -> None:
    assert read(b"x^2\n(((\nx^3") == [(1, "x^2"), (2, "((("), (3, "x^3")]
    assert read(b"(((\n\n)\nx") == [(1, "((("), (3, ")"), (4, "x")]
    assert read(b"x + \\") == [(1, "x +")]
    assert read(b"(\n\xff\nx") == [(1, "("), (2, "E-ENCODING"), (3, "x")]


def test_many_open_brackets_are_read_in_linear_time_and_lose_nothing() -> None:
    count = 5 * limit("lines")
    assert read(b"(\n" * count) == [(n + 1, "(") for n in range(count)]


def test_a_line_that_is_too_long_is_skipped_and_the_next_is_read() -> None:
    assert read(b"x" * 50 + b"\nx^2\n", limit=20) == [(1, "E-LIMIT"), (2, "x^2")]
    assert read(b"x" * 50, limit=20) == [(1, "E-LIMIT")]
    assert read(b"x" * 20 + b"\ny", limit=20) == [(1, "x" * 20), (2, "y")]
    assert read(b"(" + b"x" * 15 + b"\n" + b"x" * 15 + b")\ny", limit=20) == [
        (1, "(" + "x" * 15),
        (2, "x" * 15 + ")"),
        (3, "y"),
    ]


def test_offsets_count_what_was_skipped() -> None:
    found = list(lines(io.BytesIO(b"x" * 50 + b"\n\xff"), 20))
    assert found[1].mistake is not None
    assert "offset 51" in found[1].mistake.message


def test_a_closing_bracket_too_many_continues_nothing() -> None:
    assert unclosed("a)) + (b") < 0
    assert read(b"a)\nb") == [(1, "a)"), (2, "b")]


def test_the_exit_code_tells_the_worst() -> None:
    tally = Tally()
    assert (tally.code, tally.summary) == (0, "")
    tally.statements = 3
    tally.add(Mistake("E-LIMIT", "too long"))
    assert tally.code == 4
    tally.add(Mistake("E-NAME", "unknown"))
    assert tally.code == 1
    assert tally.summary == "mcalc: 2 of 3 statements had a mistake"
    tally.bugs += 1
    assert tally.code == 70


def test_a_line_shows_what_it_holds() -> None:
    assert repr(Line(3, "x")) == "Line(3, 'x')"


def test_a_part_of_a_line_in_latex_is_not_remembered_for_the_same_text_in_plain_notation(mcalc: Mcalc) -> None:
    done = mcalc(stdin="\\alpha a; net + 1\nnet + 1\nnet + 1\n")
    assert done.out.splitlines() == ["α a", "n e t + 1", "net + 1", "net + 1"]
