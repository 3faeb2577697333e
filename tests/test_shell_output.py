"""What goes out: faces, colours, and nothing that acts on a terminal."""

from __future__ import annotations

import io

import pytest

from mcalc.errors import Mistake, Span
from mcalc.shell.output import CannotWrite, Output, speaks_unicode, visible, wants_color


class _Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class _Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


class _Closed(io.BytesIO):
    def write(self, data: object) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u200b", "\u2066", "\ufeff"])
def test_characters_that_act_on_a_terminal_are_spelled_out(character: str) -> None:
    assert visible(f"x{character}y\n") == f"x<U+{ord(character):04X}>y\n"


def test_mathematics_is_shown_as_it_is() -> None:
    text = "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0} x̂ ‖A⁻ᵀ‖₁ [bold] :smile: \\sigma"
    assert visible(text) == text


@pytest.mark.parametrize(
    ("encoding", "environ", "unicode"),
    [
        ("utf-8", {}, True),
        ("utf-8", {"LANG": "de_DE.UTF-8"}, True),
        ("utf-8", {"LANG": "C.UTF-8"}, True),
        ("utf-8", {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ("utf-8", {"LC_ALL": "POSIX"}, False),
        ("utf-8", {"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, True),
        ("ascii", {}, False),
        ("cp1252", {"LANG": "de_DE.UTF-8"}, False),
        ("no such encoding", {}, False),
    ],
)
def test_text_is_unicode_where_it_can_be_shown(encoding: str, environ: dict[str, str], unicode: bool) -> None:
    assert speaks_unicode(encoding, environ) is unicode
    assert Output(None, None, encoding=encoding, environ=environ).face == ("unicode" if unicode else "ascii")


def test_colour_is_for_terminals_unless_told_otherwise() -> None:
    terminal, pipe = _Terminal(), io.BytesIO()
    assert wants_color(terminal, {})
    assert not wants_color(pipe, {})
    assert not wants_color(None, {})
    assert not wants_color(terminal, {"NO_COLOR": "1"})
    assert not wants_color(terminal, {"TERM": "dumb"})
    assert wants_color(pipe, {"FORCE_COLOR": "1"})
    assert not Output(terminal, None, to="json").color


def test_formats_that_are_named_are_the_same_bytes_everywhere() -> None:
    out = io.BytesIO()
    Output(out, None, to="unicode", encoding="ascii", environ={"LANG": "C"}).result("xᵀ")
    assert out.getvalue() == "xᵀ\n".encode()


def test_a_terminal_gets_what_it_can_take() -> None:
    out = _Terminal()
    Output(out, None, to="unicode", encoding="ascii").result("xᵀ")
    assert out.getvalue() == b"x\\u1d40\n"


def test_a_full_disk_and_a_closed_stream_are_told() -> None:
    with pytest.raises(CannotWrite, match="No space left"):
        Output(_Full(), None).result("x")
    with pytest.raises(CannotWrite, match="closed"):
        Output(None, None).result("x")
    with pytest.raises(BrokenPipeError):
        Output(_Closed(), None).result("x")
    with pytest.raises(BrokenPipeError):
        Output(None, _Closed()).message("x")


def test_messages_that_cannot_be_written_are_no_reason_to_stop() -> None:
    output = Output(None, _Full())
    output.message("x")
    output.message("y")
    Output(None, None).message("x")


def test_a_mistake_is_shown_with_its_place_and_nothing_acts_on_the_terminal() -> None:
    err = io.BytesIO()
    mistake = Mistake("E-CHAR", "ESC (U+001B) is not allowed", [Span(1, 2)], "leave it out", source="x\x1b[31m")
    Output(None, err).mistake(mistake, "<stdin>:4")
    text = err.getvalue().decode()
    assert text.startswith("<stdin>:4:2: error[E-CHAR]: ")
    assert "\x1b" not in text
