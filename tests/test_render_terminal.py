"""Two dimensions, colours and mistakes on a terminal, and text that cannot harm it."""

from __future__ import annotations

import os
import subprocess
import sys
from unicodedata import category

import pytest

from mcalc.dims import Dim
from mcalc.errors import Mistake, Span
from mcalc.expr import Expr, make
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import GT, LE, add, cases, div, mul, neg, power
from mcalc.operators.blocks import block
from mcalc.operators.leaves import index, number, ones, size, symbol, zeros
from mcalc.operators.linear import SIGMA, dot, transpose
from mcalc.render.mistake import render_mistake
from mcalc.render.terminal import safe, terminal_width, width
from mcalc.render.two_dimensional import two_dimensional

n, N = Dim.named("n"), Dim.named("N")
x, w = symbol("x", (n,)), symbol("w", (n,))
b, z, s, t = symbol("b"), symbol("z"), symbol("s"), symbol("t")
i = index("i", 0, number(1), size(N))
affine = add(dot(w, x), b)
relu = cases(transpose(zeros((n,))), make(LE, (affine, number(0))), transpose(x), make(GT, (affine, number(0))))
cost = mul(number(2), power(size(N), number(-1)), make(SIGMA, (i, relu)))


def shown(expr: Expr, **options: object) -> str:
    return two_dimensional(expr, **options)  # type: ignore[arg-type]


PICTURES = [
    (relu, """\
⎧ 0⃗ᵀ   if w · x + b ≤ 0
⎩ xᵀ   if w · x + b > 0""", """\
{ 0vec^T   if w . x + b <= 0
{ x^T      if w . x + b > 0"""),
    (cost, """\
 2   N
───  Σ  ⎧ 0⃗ᵀ   if w · x + b ≤ 0
 N  i=1 ⎩ xᵀ   if w · x + b > 0""", """\
 2   N
--- sum { 0vec^T   if w . x + b <= 0
 N  i=1 { x^T      if w . x + b > 0"""),
    (cases(s, make(GT, (z, number(1))), t, make(GT, (z, number(0))), number(0)), """\
⎧ s   if z > 1
⎨ t   if z > 0
⎩ 0   otherwise""", """\
{ s   if z > 1
{ t   if z > 0
{ 0   otherwise"""),
    (add(mul(cases(s, make(GT, (z, number(0))), number(2)), x), w), """\
⎧ s   if z > 0  ⎫ x + w
⎩ 2   otherwise ⎭""", """\
{ s   if z > 0  } x + w
{ 2   otherwise }"""),
    (power(div(s, add(t, number(1))), z), """\
⎛   s   ⎞
⎜───────⎟^z
⎝ t + 1 ⎠""", """\
/   s   \\
|-------|^z
\\ t + 1 /"""),
    (block(2, 2, s, mul(number(10), t), number(2), z), """\
⎡ s  10 t ⎤
⎣ 2   z   ⎦""", """\
[ s  10 t ]
[ 2   z   ]"""),
    (block(1, 2, s, t), "[s, t]", "[s, t]"),
    (make(TABLE["sin"], (add(s, t),)), "sin(s + t)", "sin(s + t)"),
    (block(3, 1, s, t, div(s, t)), """\
⎡  s  ⎤
⎢     ⎥
⎢  t  ⎥
⎢     ⎥
⎢  s  ⎥
⎢ ─── ⎥
⎣  t  ⎦""", """\
[  s  ]
[     ]
[  t  ]
[     ]
[  s  ]
[ --- ]
[  t  ]"""),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "glyphs", "plain"), PICTURES, ids=range(len(PICTURES)))
def test_two_dimensions_look_as_drawn(expr: Expr, glyphs: str, plain: str) -> None:
    assert shown(expr) == glyphs
    assert shown(expr, unicode=False) == plain


def test_the_left_side_stands_on_the_base_line() -> None:
    assert shown(relu, before="∂y/∂w = ").splitlines()[0] == "∂y/∂w = ⎧ 0⃗ᵀ   if w · x + b ≤ 0"
    assert shown(cost, before="∂C/∂w = ").splitlines()[1].startswith("∂C/∂w = ───  Σ  ⎧ ")


@pytest.mark.parametrize("room", [10, 20, 27, 28, 29, 80])
def test_what_is_too_wide_for_the_screen_is_printed_on_one_line(room: int) -> None:
    lines = two_dimensional(relu, width=room).splitlines()
    if len(lines) > 1:
        assert max(width(line) for line in lines) <= room
    else:
        assert lines == ["{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}"]


def test_named_parts_stand_on_lines_of_their_own() -> None:
    f = z
    for _ in range(20):
        f = mul(f, make(TABLE["exp"], (f,)))
    lines = two_dimensional(f).splitlines()
    assert lines[:3] == ["u₁₉ exp(u₁₉)", "  where u₁ = z exp(z)", "        u₂ = u₁ exp(u₁)"]


def test_the_shape_in_words_stands_at_the_right() -> None:
    text = two_dimensional(relu, words="1×n, a row: numerator layout", width=64, before="∂y/∂w = ")
    assert [width(line) for line in text.splitlines()][1] == 64
    assert text.endswith("⎩ xᵀ   if w · x + b > 0     1×n, a row: numerator layout")
    narrow = two_dimensional(relu, words="1×n, a row: numerator layout", width=40).splitlines()
    assert narrow[-1].strip() == "1×n, a row: numerator layout"


def test_colours_are_only_added_never_needed() -> None:
    plain = two_dimensional(cost, width=80)
    painted = two_dimensional(cost, width=80, color=True)
    assert "\x1b[" in painted
    assert "\x1b[" not in plain
    from rich.text import Text

    assert Text.from_ansi(painted).plain == plain


shape_mistake = Mistake(
    "E-SHAPE",
    "cannot multiply X (N×n) by y (N): inner sizes n and N differ",
    [Span(1, 2, "matrix N×n, declared on line 1"), Span(3, 4, "vector of N, declared on line 1")],
    "Xᵀ y fits (n×N times N gives n)",
    "‖X y - w‖²",
)


def test_a_mistake_is_the_picture_of_the_interface() -> None:
    assert (
        render_mistake(shape_mistake)
        == """\
error[E-SHAPE]: cannot multiply X (N×n) by y (N): inner sizes n and N differ
  | ‖X y - w‖²
  |  ^ ^
  |  | vector of N, declared on line 1
  |  matrix N×n, declared on line 1
  = hint: Xᵀ y fits (n×N times N gives n)"""
    )


def test_a_mistake_in_a_stream_begins_with_its_place() -> None:
    assert render_mistake(shape_mistake, "<stdin>:4").startswith("<stdin>:4:2: error[E-SHAPE]: cannot ")


def test_a_mistake_in_ascii_spells_its_glyphs() -> None:
    text = render_mistake(shape_mistake, unicode=False)
    assert "X (Nxn) by y" in text
    assert "hint: X^T y fits" in text


def test_columns_are_counted_by_what_is_seen() -> None:
    source = "x\u0302 + 語 + q"
    text = render_mistake(Mistake("E-NAME", "unknown", [Span(9, 10)], source=source)).splitlines()
    assert width(text[1].partition("q")[0]) == text[2].index("^")


def test_tabs_hidden_characters_and_escapes_are_spelled_out() -> None:
    source = "\ta \x1b[31m\u202e b\x07"
    mistake = Mistake("E-CHAR", f"bad {source}", [Span(3, 4, "here\x1b]0;x\x07")], f"{source}", source)
    text = render_mistake(mistake, "f\x1b")
    assert all(c == "\n" or category(c)[0] != "C" for c in text)
    assert "  |     a <U+001B>[31m<U+202E> b" in text
    line, carets = text.splitlines()[1:3]
    assert line[carets.index("^") :].startswith("<U+001B>")
    assert carets.count("^") == len("<U+001B>")


@pytest.mark.parametrize("place", [0, 5, 40, 199, 300, 590])
@pytest.mark.parametrize("letter", ["x", "語", "1⃗"])
def test_long_lines_are_cut_around_the_first_caret(place: int, letter: str) -> None:
    source = f"{letter} + " * 150
    place = min(place, len(source) - 1)
    rows = render_mistake(Mistake("E-NAME", "unknown", [Span(place, place + 1)], source=source), room=50).splitlines()
    assert width(rows[1]) <= 50
    assert "…" in rows[1]
    at = rows[2].index("^")
    seen, k = 0, 0
    while seen < at:
        seen += width(rows[1][k])
        k += 1
    assert rows[1][k] in {source[place], "…"} or width(source[place]) == 0


@pytest.mark.parametrize("source", ["", "x", "a\nb", "a\n\nb\n"])
@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 1), (1, 1), (2, 9), (50, 60)])
def test_any_span_can_be_shown(source: str, start: int, end: int) -> None:
    text = render_mistake(Mistake("E-SYNTAX", "no", [Span(start, end, "here")], source=source))
    assert "^" in text
    assert "here" in text


def test_a_span_over_two_lines_is_marked_on_both() -> None:
    rows = render_mistake(Mistake("E-SYNTAX", "no", [Span(2, 7, "all this")], source="ab cd\nef gh")).splitlines()
    assert rows[1:] == ["  | ab cd", "  |   ^^^ all this", "  | ef gh", "  | ^"]


def test_safe_text_keeps_what_mathematics_needs() -> None:
    assert safe("1⃗ᵀ ‖x̂‖ ≤ ℝⁿ é") == "1⃗ᵀ ‖x̂‖ ≤ ℝⁿ é"
    assert safe("\u200b\u2066\ufeff\ue000\x7f\x85") == "<U+200B><U+2066><U+FEFF><U+E000><U+007F><U+0085>"


def test_printing_in_a_pipe_loads_no_rich() -> None:
    program = (
        "import sys; from mcalc.render import latex_face, mistake, text, two_dimensional;"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_signs_stand_on_the_base_line() -> None:
    assert shown(neg(div(s, t))) == "  s\n-───\n  t"
    assert shown(mul(z, transpose(ones((n,))))) == "z 1⃗ᵀ"


def test_every_mark_of_a_long_line_is_shown_with_dots_between_them() -> None:
    source = "a + " * 60 + "BAD + " + "c + " * 60 + "WORSE" + " + d" * 40
    spans = [
        Span(source.index("WORSE"), source.index("WORSE") + 5, "second"),
        Span(source.index("BAD"), source.index("BAD") + 3, "first"),
    ]
    rows = render_mistake(Mistake("E-SHAPE", "they differ", spans, source=source), room=60).splitlines()
    assert all(width(row) <= 60 for row in rows)
    line, carets = rows[1], rows[2]
    assert line.count("…") == 3
    for word in ("BAD", "WORSE"):
        assert carets[line.index(word) :].startswith("^" * len(word))


def test_marks_that_have_no_room_beside_each_other_leave_the_first() -> None:
    source = "x" * 400
    spans = [Span(n * 20, n * 20 + 10, f"part {n}") for n in range(12)]
    rows = render_mistake(Mistake("E-SHAPE", "they differ", spans, source=source), room=30).splitlines()
    assert all(width(row) <= 30 for row in rows[1:3])
    assert "part 0" in rows[2]


@pytest.mark.parametrize("source", ["\tx̂ + 語 + y", "1⃗ᵀ\t+ 한 + y", "가나 y"])
def test_carets_stand_below_what_they_mean_whatever_the_width_of_characters(source: str) -> None:
    place = source.index("y")
    rows = render_mistake(Mistake("E-NAME", "unknown", [Span(place, place + 1)], source=source)).splitlines()
    before = rows[1][: rows[1].index("y")]
    assert width(before) == rows[2].index("^")


def test_sentences_are_broken_on_a_narrow_terminal_and_never_in_a_pipe() -> None:
    mistake = Mistake("E-SHAPE", "a message of some length " * 6, [], "a hint of some length " * 6)
    narrow = render_mistake(mistake, room=40, wrapped=True).splitlines()
    assert all(width(row) <= 40 for row in narrow)
    assert narrow[0].startswith("error[E-SHAPE]: a message")
    assert len(render_mistake(mistake, room=40).splitlines()) == 2


def test_a_terminal_that_says_it_has_no_columns_has_80(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda *_: os.terminal_size((0, 0)))
    with open(os.devnull, "rb") as stream:
        assert terminal_width(stream) == terminal_width() == 80
