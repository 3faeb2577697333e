"""The REPL without a terminal: transcripts, commands, completion, colours, the history file, the preview."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from mcalc.notation.surface.parse import scan
from mcalc.shell.output import Output
from mcalc.shell.repl.background import Background
from mcalc.shell.repl.command_table import COMMANDS, make_desk, take
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.first_prompt import FirstPrompt
from mcalc.shell.repl.help_pages import TABLE
from mcalc.shell.repl.loop import LONGEST, MOST_LINES, line_editor, loop
from mcalc.shell.repl.typed_lines import MOST, HistoryFile, line_pieces
from mcalc.shell.repl.typing_aids import candidates, previews
from tests import transcripts
from tests.conftest import Mcalc


class Session:
    """A desk with what it has written."""

    def __init__(self) -> None:
        self.written = io.BytesIO()
        self.desk: Desk = make_desk(Output(self.written, self.written))

    def type(self, *lines: str) -> str:
        """Type lines, and return what was written since."""
        start = len(self.written.getvalue())
        for line in lines:
            take(self.desk, line)
        return self.written.getvalue()[start:].decode()


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.mark.parametrize("path", sorted(transcripts.FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_session_comes_out_as_it_did(path: Path) -> None:
    text = path.read_text("utf-8")
    assert transcripts.transcript(transcripts.typed(text), transcripts.columns_of(path)) == text


def test_each_command_has_one_name_a_bare_page_of_help_fits_a_screen(session: Session) -> None:
    names = [name for one in COMMANDS for name in (one.name, *one.also)]
    assert len(names) == len(set(names))
    page = session.type("help")
    assert len(page.splitlines()) <= 23
    assert all(one.usage in page for one in COMMANDS if one.is_listed)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_can_be_typed_first_of_all(session: Session, command: Any) -> None:
    said = session.type(f":{command.name}", f":help {command.name}")
    assert "bug" not in said
    assert command.says in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (":hlep", "did you mean :help?"),
        (":st", "did you mean :steps?"),
        (":qiut", "did you mean :quit?"),
        (":!ls", "mcalc runs no programs"),
        (":set layuot", "did you mean layout?"),
        (":set = _", "there is nothing called _ to set"),
        (":set layout up", "one of numerator, denominator"),
        (":to pdf", "one of text"),
        (":undo x", "how many statements?"),
        (":steps half", "one of brief, full"),
        (":tour 99", "no worked example"),
        ("?sni", "did you mean sin?"),
        ("steps", "there is no result yet"),
        ("grad x y", "hint: ∂/∂x (x y)"),
        ("grad x sin(x)", "hint: write d/dx (sin(x)), or grad (x sin(x)) of the product"),
        ("undo", "hint: the command is :undo"),
        ("simplify", "alone is no formula"),
        ("?E-SHPAE", "did you mean E-SHAPE?"),
        ("hess", "there is no result yet"),
        (":save", "save to which file?"),
        (":load", "load which file?"),
    ],
)
def test_a_command_that_is_wrong_says_what_is_right(session: Session, typed: str, said: str) -> None:
    assert said in session.type(typed)
    assert not session.desk.sheet.entries


@pytest.mark.parametrize("line", ["check = 3", "to: R", "steps(t) = t^2", "hess_x = 2"])
def test_a_formula_that_begins_like_a_follow_up_is_a_formula(session: Session, line: str) -> None:
    assert "error" not in session.type(line)
    assert len(session.desk.sheet.entries) == 1


def test_a_name_of_the_users_own_comes_before_a_follow_up(session: Session) -> None:
    session.type("steps = 3")
    assert session.type("steps") == "3\n"


@pytest.mark.parametrize(
    ("lines", "made"),
    [
        (("d/dx x^3", "hess"), "6 x"),
        (("grad x^3",), "3 x²"),
        (("hess x^3",), "6 x"),
        (("A: R^{n x n}", "diff tr(A A)"), "2 Aᵀ"),
        (("d/dx x^3", "grad"), "3 x²"),
        (("x^3", "grad"), "3 x²"),
        (("x^3", "grad y^2"), "2 y"),
        (("y^2", "hess x^3"), "6 x"),
        (("f(t) = t^3", "grad"), "3 t²"),
        (("x: R^n", "L = x·x", "hess"), "2 I"),
        (("∂/∂w (w·x + b)", "grad b"), "1"),
        (("∂/∂w (w·x + b)", "grad w, b"), "[xᵀ, 1]"),
        (("∂/∂w (w·x)", "latex"), r"\mathbf{x}^\top"),
        (("∂/∂w (w·x)", "to ascii"), "x^T"),
        (("d/dx x^2", "d/dx x^3", "_1"), "2 x"),
    ],
)
def test_a_follow_up_acts_on_the_last_function(session: Session, lines: tuple[str, ...], made: str) -> None:
    assert made in session.type(*lines).splitlines()


def test_statements_of_a_paste_run_one_by_one_until_one_is_wrong(session: Session) -> None:
    said = session.type("x: R\nd/dx x^2\nsqt(x)\nd/dx x^3; 3")
    assert "2 x\n" in said
    assert "what follows it was not run: 2 statements" in said
    assert [entry.text for entry in session.desk.sheet.entries] == ["x: R", "d/dx x^2"]


def test_what_is_saved_and_loaded_has_the_same_names_and_results(
    session: Session, tmp_path: Path, mcalc: Mcalc
) -> None:
    file = tmp_path / "session.mc"
    said = session.type("w, x: R^n", "z = w·x", "f(t) = max(0, t)", "∂/∂w f(z)", "hess", "ans", "_1 + _1", "[1,\n2]")
    results = [line for line in said.splitlines() if not line.startswith(("note:", "∂"))]
    assert "saved 8 statements" in session.type(f":save {file}")
    done = mcalc(str(file))
    assert (done.code, done.lines) == (0, results)
    other = Session()
    other.type(f":load {file}")
    assert other.type(":vars") == session.type(":vars")
    assert [entry.expr for entry in other.desk.sheet.entries] == [entry.expr for entry in session.desk.sheet.entries]


def test_saving_never_replaces_a_file_unless_told_to(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("mine\n", encoding="utf-8")
    assert f":save --force {file} replaces it" in session.type("d/dx x^2", f":save {file}")
    assert file.read_text("utf-8") == "mine\n"
    session.type(f":save --force {file}")
    assert file.read_text("utf-8") == "d/dx x^2\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"y: R\nsqt(y)\nz = 3\n", ":2:1: error[E-NAME]"),
        (b"root:x:0:0:root:/root:/bin/bash\n", ":1:"),
        (b"\x1b]0;pwned\x07 + 1\n", "<U+001B>"),
        (b"y: R\n\xff\n", "is not UTF-8"),
        (b"y: R\n((\n", ":2:"),
    ],
)
def test_loading_keeps_all_or_nothing(session: Session, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "it.mc"
    file.write_bytes(content)
    session.type("x: R", "d/dx x^2", ":undo")
    before = session.type(":vars"), len(session.desk.sheet.entries), len(session.desk.sheet.undone)
    wrong = session.type(f":load {file}")
    assert said in wrong
    assert "\x1b" not in wrong
    assert before == (session.type(":vars"), len(session.desk.sheet.entries), len(session.desk.sheet.undone))


def test_an_interrupt_while_a_result_is_shown_leaves_all_as_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.type("x: R")

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session.desk, "_shown", interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.type("y = x^2")
    assert session.type(":vars") == "  x  ∈ ℝ\n"


def test_a_bug_of_mcalc_is_told_and_the_session_goes_on(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(session.desk.sheet, "attempt", broken)
        assert "this is a bug in mcalc: RuntimeError: broken" in session.type("x^2")
    assert session.type("x^2").startswith("x²\n")


@pytest.mark.parametrize("line", ["\x1b[31mred", "x\x00", "\u202ex", "[/]", "a:smile:b", "?\x1b[1m", ":\x1b[1m"])
def test_nothing_that_is_typed_acts_on_the_terminal(session: Session, line: str) -> None:
    said = session.type(line)
    assert not any(character in said for character in "\x1b\x00\u202e")


def test_a_code_has_its_page(session: Session) -> None:
    assert session.type("help E-SHAPE").startswith("E-SHAPE: ")


def test_the_tour_goes_through_the_paper_with_empty_lines(session: Session) -> None:
    said = session.type(":tour 4.3", "", "d/dx x^2", "", ":tour")
    assert said.startswith("§4.3 Scalar expansion")
    assert said.count("you would type") == 3


def test_a_preference_changes_what_is_shown(session: Session) -> None:
    session.type("w, x: R^n", ":set layout denominator")
    assert session.type("∂/∂w (w·x)") == "x\n"
    session.type(":set to latex")
    assert session.type("∂/∂w (w·x)") == "\\mathbf{x}\n"


# completion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (r"x \alp", "α"),
        (r"\otim", "⊗"),
        (r"\par", "∂"),
        (r"x\_1", "₁"),
        (r"x\^2", "²"),
        ("d/dx si", "sin("),
        ("los", "loss"),
        ("gai", "gain("),
        (":und", ":undo"),
        (":set lay", "layout"),
        (":set layout d", "layout denominator"),
        ("to la", "latex"),
        ("to nu", "numpy"),
        (":tour 4.5", "4.5.1"),
        ("?softm", "softmax"),
        ("ste", "steps"),
        ("grad lo", "loss"),
        (":help und", "undo"),
    ],
)
def test_tab_completes(session: Session, before: str, wanted: str) -> None:
    session.type("loss = x^2", "gain(t) = t")
    assert wanted in [found.text for found in candidates(before, session.desk)]


def test_tab_completes_files(session: Session, tmp_path: Path) -> None:
    (tmp_path / "session.mc").touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").touch()
    found = [one.text for one in candidates(f":load {tmp_path}/", session.desk)]
    assert found == ["session.mc", "sub/"]
    assert [one.text for one in candidates(f":save {tmp_path}/su", session.desk)] == ["sub/"]


def test_a_backslash_alone_lists_all_glyphs(session: Session) -> None:
    assert len(candidates("x + \\", session.desk)) == len(TABLE)


@pytest.mark.parametrize("name", [name for name, glyph in TABLE.items() if glyph != "ℝ"])
def test_each_glyph_is_one_that_mcalc_reads(name: str) -> None:
    assert "OTHER" not in [token.type for token in scan(f"x{TABLE[name]}")]


@pytest.mark.parametrize("text", ["", "∂/∂w max(0, w·x_1 + 2.5) # so", ":set x", "?sin", "f(t)\n+ \\alpha", "½ x̂ \x1b"])
def test_colours_leave_the_text_as_it_is(text: str) -> None:
    assert "".join([piece for piece, _ in line_pieces(text)]) == text


# the preview ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("w·x", "w · x   a scalar   assumed: w, x ∈ ℝⁿ"),
        ("d/dx x^2", "d/dx x² = 2 x   a scalar"),
        ("d/dx sin(x", "d/dx sin(x) = cos(x)   a scalar"),
        ("x: R^n; d/dx (x·x)", "∂/∂x (x · x) = 2 xᵀ   1×n, a row"),
        ("y: R^m", "y ∈ ℝᵐ"),
        ("L = 2 a", "L = 2 a   a scalar   assumed: a ∈ ℝ"),
        (":undo", ":undo [N]: take back statements; :redo repeats"),
        ("steps", "steps [full]: how the last derivative comes about"),
        ("sqt(x)", "unknown function sqt"),
    ],
)
def test_the_preview_says_how_a_line_is_read_and_what_it_gives(session: Session, text: str, said: str) -> None:
    assert list(previews(text, session.desk))[-1][0] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x + ", "x ..."),
        ("∂/∂w (w · x + ", "∂/∂w (w · x) ..."),
        ("sum_i (y_i - w^T x_i)^", "Σ_{i=1}^{n} (yᵢ - wᵀ xᵢ) ..."),
        ("γ x^2 (3)", "will be refused: (3) may be the number of the equation or a factor"),
        ("d/dx x^2 + 3x", "will be refused: "),
    ],
)
def test_the_preview_shows_the_reading_as_it_forms_and_what_will_be_refused(
    session: Session, text: str, said: str
) -> None:
    assert list(previews(text, session.desk))[-1][0].startswith(said)


@pytest.mark.parametrize("text", ["d/dx", "(", "\x1b", "∂/∂", "x = "])
def test_the_preview_of_a_line_that_is_not_complete_says_nothing_wrong(session: Session, text: str) -> None:
    assert list(previews(text, session.desk)) == [[]]


def test_the_newest_request_wins_and_older_work_is_stopped() -> None:
    found: list[object] = []
    begun, seen = Event(), Event()

    def work(request: int) -> Any:
        if request == 1:
            begun.set()
            while True:
                pass
        yield request

    def publish(what: object) -> None:
        found.append(what)
        if what == 3:  # between two requests the earlier may be answered
            seen.set()

    background = Background(work, publish)
    background.ask(1)
    assert begun.wait(30)
    background.ask(2)
    background.ask(3)
    assert seen.wait(30)
    assert found[-1] == 3
    assert 1 not in found
    background.ask(1)
    assert background.rest(30)


def test_what_is_being_published_is_published_whole() -> None:
    # what the line editor is asked to draw is marked as asked for, and then drawn: half of it would be neither
    whole: list[Any] = []
    begun, asked = Event(), Event()

    def publish(what: Any) -> None:
        begun.set()
        assert asked.wait(30)
        for _ in range(1000):
            str(what)
        whole.append(what)

    background = Background(lambda request: [request], publish)
    background.ask(1)
    assert begun.wait(30)
    background.ask(2)
    asked.set()
    assert background.rest(30)
    assert whole[:1] == [1]


# the history file -------------------------------------------------------------------------------------------------


def test_the_history_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "mcalc" / "history"
    before = os.umask(0)
    try:
        HistoryFile(str(path)).add("x^2")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    HistoryFile(str(path)).add("x^3")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_history_keeps_lines_of_several_lines_and_of_any_characters(tmp_path: Path) -> None:
    entries = ["[1,\n 2]", "½ ‖X w‖²", "\\alpha", '"\\n"', "a\u2028b"]
    file = HistoryFile(str(tmp_path / "history"))
    for entry in [*entries, " not this", "", "  "]:
        file.add(entry)
    assert HistoryFile(str(tmp_path / "history")).load() == entries


def test_the_history_is_never_written_through_a_link(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine\n", encoding="utf-8")
    (tmp_path / "history").symlink_to(other)
    file = HistoryFile(str(tmp_path / "history"))
    assert file.load() == []
    file.add("x^2")
    assert other.read_text("utf-8") == "mine\n"
    assert "symbolic link" in file.trouble


def test_the_history_keeps_the_newest_lines(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join([f'"{i}"\n' for i in range(MOST + 5)]), encoding="utf-8")
    file = HistoryFile(str(path))
    assert len(file.load()) == MOST
    file.add("newest")
    kept = HistoryFile(str(path)).load()
    assert len(kept) <= MOST
    assert kept[-2:] == [str(MOST + 4), "newest"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b'"good"\nnot json\n\xff\n{"a": 1}\n\n"last"\n')
    assert HistoryFile(str(path)).load() == ["good", "last"]


# a pipe and a dumb terminal ---------------------------------------------------------------------------------------


def test_in_a_pipe_it_answers_without_an_editor(mcalc: Mcalc) -> None:
    done = mcalc("repl", stdin="w, x: R^n\n∂/∂w (w·x)\n[1,\n2]\nsqt(x)\n:quit\n3\n")
    assert done.code == 0
    assert done.lines == ["xᵀ", "[1, 2]"]
    assert "did you mean sqrt?" in done.err


def test_an_entry_that_is_too_long_is_told_and_not_kept(mcalc: Mcalc) -> None:
    open_brackets = "(a\n" * (MOST_LINES + 1)
    done = mcalc("repl", stdin="x" * (3 * LONGEST) + "\n1 + 1\n" + open_brackets + "\n2 + 2\n")
    assert done.code == 0
    assert re.findall(r"error\[(.*?)\]", done.err)[:2] == ["E-LIMIT", "E-SYNTAX"]
    assert {"2", "4"} <= {line.removeprefix("mcalc> ").strip(" .>") for line in done.out.split("\n")}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_session_saved_to_a_full_disk_is_a_mistake(session: Session) -> None:
    said = session.type("d/dx x^2", ":save /dev/full", "1 + 1")
    assert "error[E-FILE]: cannot write /dev/full: No space left on device" in said
    assert said.rstrip().endswith("2")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such devices here")
def test_a_session_is_not_read_from_a_device_or_from_nothing(environment: dict[str, str]) -> None:
    for stdin in ("</dev/zero", "<&-"):
        command = ["sh", "-c", f'"$0" -m mcalc repl {stdin}', sys.executable]
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(b"error[E-FILE]: cannot read <stdin>: it is ")


def test_a_format_that_is_asked_for_has_no_colours() -> None:
    session = Session()
    session.desk.output.color = True
    assert "[36m" in session.type("x: R^n", "d/dx x · x")
    assert session.type("to latex") == "2 \\mathbf{x}^\\top\n"
    assert session.type("to ascii") == "2 x^T\n"


def test_code_of_no_derivative_says_what_to_type() -> None:
    session = Session()
    assert "= hint: grad, then to numpy" in session.type("x · x", "to numpy")


def test_commands_stand_among_the_statements_of_a_line(session: Session) -> None:
    assert session.type("x^2; grad; to latex").splitlines()[-1] == "2 x"
    said = session.type("np = 3; z = np x^2; grad x; export numpy")
    assert "return 6 * x" in said
    compile(said[said.index("import numpy") :], "exported", "exec")
    said = session.type("x^2; to nonsense; x; 1")
    assert "no format nonsense" in said
    assert "what follows it was not run: 2 statements" in said


def test_an_editor_that_fails_is_replaced_and_the_line_is_read(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[Any] = []

    class Failing:
        def __init__(self, *_: Any) -> None:
            made.append(self)

        def ask(self) -> str:
            if len(made) < 2:
                raise RuntimeError("Event loop is closed")
            return "x^2"

    monkeypatch.setattr("mcalc.shell.repl.editor.Editor", Failing)
    monkeypatch.setattr("mcalc.shell.repl.loop.folder", lambda _: tmp_path)
    ask = line_editor(session.desk, FirstPrompt(session.desk.output))
    assert (ask(), len(made)) == ("x^2", 2)


def test_an_interrupt_while_one_is_told_of_is_told_of_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    answers = iter([KeyboardInterrupt, EOFError])

    def ask() -> str:
        raise next(answers)

    def say(text: str) -> None:
        said.append(text)
        if len(said) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(session.desk, "say", say)
    loop(session.desk, ask)
    assert said == ["Ctrl-D or :quit leaves"] * 2


def test_the_gradient_is_by_what_latex_calls_the_variable(session: Session) -> None:
    session.type(r"f = -\frac{1}{2} (x - \mu)^T (x - \mu)")
    assert "(x - μ)ᵀ" in session.type(r"grad \mu")


def test_what_was_pasted_in_bold_stays_a_vector(session: Session) -> None:
    session.type(r"h(\mathbf x) = \sin(\mathbf x)")
    assert "diag(cos(x))" in session.type("grad x")
