"""The REPL on a terminal of its own: keys, the toolbar, interrupts, small and odd terminals, the history file."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import termios

from tests.terminal import Terminal

pytestmark = pytest.mark.flaky(reruns=2)
"""A terminal or a signal may come late on a busy machine."""

Opened = Callable[..., Terminal]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def opened(environment: dict[str, str], state: Path, tmp_path: Path) -> Opened:
    """Start the REPL on a terminal, and wait for its first prompt."""
    (tmp_path / "home").mkdir()

    def start(columns: int = 80, lines: int = 24, **more: str) -> Terminal:
        homes = {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(state)}
        terminal = Terminal({**environment, **homes, **more}, columns=columns, lines=lines)
        terminal.wait_prompt(1)
        return terminal

    return start


def test_keys_of_a_session(opened: Opened, state: Path) -> None:
    with opened() as t:
        t.see("Tab completes")
        # a glyph, completion, the preview of a line that is not complete yet, and the result
        t.keys(r"\partial", "Tab", "/", r"\par", "Tab")
        t.see("mcalc> ∂/∂")
        t.keys("w logsum", "Tab")
        t.see("logsumexp(")
        t.keys("C-u")
        t.keys("∂/∂w max(0, w·x + b")
        t.see("= {0⃗ᵀ if w · x + b ≤ 0")
        t.keys("Enter")
        t.see("  ...>")
        t.keys(")", "Enter")
        t.see("_1")
        t.see("assumed: w, x ∈ ℝⁿ; b ∈ ℝ")
        # a mistake, with its caret under what was typed
        t.line("sqt(x)")
        assert "  | sqt(x)\n  | ^^^" in t.text
        # Up finds what began like this
        t.line("d/dx x^3")
        t.line("1 + 1")
        t.keys("d/", "Up")
        t.see("mcalc> d/dx x^3", 2)
        t.keys("C-c")
        t.wait_prompt(5)
        # a line of several lines from the history
        t.keys("Up", "Up", "Up", "Up")
        t.see("  ...> )", 2)
        t.keys("C-c")
        t.wait_prompt(5)
        # what was pasted runs statement by statement, after it could be looked at
        t.paste("p: R\r\nd/dp p^4")
        t.see("  ...> d/dp p^4")
        t.keys("Enter")
        t.see("4 p³")
        # a leading blank keeps it out of the history; Ctrl-C on an empty line says how to leave, and does not
        t.line(" secret = 3")
        t.keys("C-c")
        t.see("Ctrl-D or :quit leaves")
        t.keys("C-c")
        t.see("Ctrl-D or :quit leaves", 2)
        t.line(":vars")
        t.see("secret")
        assert t.leave() == 0
    history = state / "mcalc" / "history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert stat.S_IMODE(history.parent.stat().st_mode) == 0o700
    kept = history.read_text("utf-8")
    assert '"∂/∂w max(0, w·x + b\\n)"' in kept
    assert "secret" not in kept


def test_what_is_typed_or_pasted_at_the_first_prompt_is_read_by_the_editor(opened: Opened) -> None:
    with opened() as t:
        t.keys("d/dx x^2", "Enter", "\\alpha", "Tab")
        t.see("_1")
        t.see("mcalc> α")
        assert t.text.count("mcalc> d/dx x^2") == 1
    with opened() as t:
        t.paste("p: R\r\nd/dp p^4")
        t.see("  ...> d/dp p^4")
        assert "_1" not in t.text


def test_control_keys_at_the_first_prompt_do_what_they_do_at_every_other(opened: Opened) -> None:
    with opened() as t:
        t.keys("ab", "C-c", "c")
        t.see("mcalc> c")
        assert t.prompts() == 1
    with opened() as t:
        t.keys("C-d")
        assert t.ended() == 0


def test_an_interrupt_at_the_first_prompt_says_how_to_leave(opened: Opened) -> None:
    with opened() as t:
        t.interrupt()
        t.see("Ctrl-D or :quit leaves")
        t.wait_prompt(2)
        assert t.leave() == 0


def echoes(terminal: Terminal) -> bool:
    """Say whether a terminal shows what is typed and waits for whole lines, as it does where nobody has changed it."""
    mode: int = termios.tcgetattr(terminal.child.child_fd)[3]
    return bool(mode & termios.ECHO and mode & termios.ICANON)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_first_prompt_leaves_the_terminal_as_it_was(number: int, opened: Opened) -> None:
    with opened() as t:
        assert not echoes(t)
        t.child.kill(number)
        while t.read():
            pass
        assert echoes(t)
        assert "mcalc>" not in t.text
        t.child.close()
        assert t.child.signalstatus == number


def test_an_editor_that_cannot_be_loaded_leaves_the_terminal_as_it_was(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "prompt_toolkit.py").write_text("raise RuntimeError('broken')\n", "utf-8")
    path = f"{tmp_path}{os.pathsep}{environment.get('PYTHONPATH', '')}"
    with Terminal({**environment, "HOME": str(tmp_path), "PYTHONPATH": path}) as t:
        t.see("broken")
        while t.read():
            pass
        assert echoes(t)
        assert "mcalc>" not in t.text


SLOW = "d/dx " * 20 + "exp(sin(x) exp(cos(x) x^x))"
"""A line that takes minutes."""


def test_an_interrupt_stops_the_work_and_changes_nothing(opened: Opened) -> None:
    with opened() as t:
        t.line("x: R; z = x")
        for end in ("", ":set preview off"):
            if end:
                t.line(end)
            count = t.prompts()
            t.keys(f"big = 3; {SLOW}", "Enter")
            t.see("big = 3", 4 if end else 2)
            assert echoes(t)
            t.interrupt()
            t.see("stopped; names and results are as they were", 2 if end else 1)
            t.wait_prompt(count + 1)
        assert t.line("d/dz z^2").rstrip().endswith("mcalc>")
        assert "_1" in t.text
        # the line is still in the history
        t.keys("Up", "Up")
        t.see("exp(sin(x)", 3)


def test_the_terminal_may_be_small_and_change_its_size(opened: Opened) -> None:
    with opened(columns=20, lines=10) as t:
        t.line("∂/∂w (w·x)")
        t.see("_1")
        t.resize(24, 60)
        t.line("∂/∂w (w·x + 1)")
        t.matches(r"^xᵀ {20,}1×n, a row: numerator layout   _2$")
        assert t.leave() == 0


@pytest.mark.parametrize("name", ["dumb", "unknown"])
def test_a_dumb_terminal_gets_plain_lines(opened: Opened, name: str) -> None:
    with opened(TERM=name) as t:
        t.line("d/dx x^2")
        t.keys("[1,", "Enter")
        t.see("  ...>")
        t.keys("2]", "Enter")
        t.see("_2")
        t.wait_prompt(3)
        t.keys("C-c")
        t.matches("^Ctrl-D or :quit leaves")
        t.line("_1 + 1")
        t.see("_3")
        assert "\x1b" not in t.text
        assert t.leave() == 0


def test_a_locale_without_unicode_gets_ascii(opened: Opened) -> None:
    with opened(LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") as t:
        t.keys("d/dw (w . x)")
        t.see("= x^T")
        t.keys("Enter")
        t.see("_1")
        t.see("assumed: w, x in R^n")
        assert t.leave() == 0
        assert t.text.isascii()


def test_two_at_once_share_the_history_file(opened: Opened, state: Path) -> None:
    with opened() as one, opened() as other:
        one.line("1 + 1")
        other.line("2 + 2")
        one.line("3 + 3")
        for t in (one, other):
            assert t.leave() == 0
    assert (state / "mcalc" / "history").read_text("utf-8").splitlines() == ['"1 + 1"', '"2 + 2"', '"3 + 3"']


def test_a_history_that_is_a_link_is_left_alone(opened: Opened, state: Path, tmp_path: Path) -> None:
    (state / "mcalc").mkdir(parents=True)
    (tmp_path / "other").write_text("mine\n", encoding="utf-8")
    (state / "mcalc" / "history").symlink_to(tmp_path / "other")
    with opened() as t:
        t.line("d/dx x^2")
        t.keys(":quit", "Enter")
        assert t.ended() == 0
    assert (tmp_path / "other").read_text("utf-8") == "mine\n"


def test_the_keys_of_vi_when_asked_for(opened: Opened) -> None:
    with opened() as t:
        t.line(":set vi on")
        t.keys("d/dx x^2", "Esc")
        t.keys("r3", "Enter")
        t.see("3 x²")


def test_the_startup_script_is_run_at_the_start(opened: Opened, state: Path) -> None:
    script = state / "mcalc" / "init.mc"
    script.parent.mkdir(parents=True)
    script.write_text("# mine\nw, x: R^n\n# mcalc: layout denominator\nd/dx (w · x)\n", "utf-8")
    with opened() as t:
        t.line("d/dx (x · x)")
        t.matches(r"^2 x +n×1, a column: denominator layout +_2")
        assert t.leave() == 0
    script.write_text("w: R^n\nsqt(x)\n", "utf-8")
    with opened() as t:
        assert "init.mc:2:1:error[E-NAME]" in "".join(t.text.split())
        t.line(":vars")
        t.see("no names yet")
        assert t.leave() == 0
