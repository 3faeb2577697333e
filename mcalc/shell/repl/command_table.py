"""The commands of the REPL: one table, which help, completion and dispatch share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span, closest
from mcalc.shell.repl import actions, followups, help_pages
from mcalc.shell.repl.command import Command
from mcalc.shell.repl.numbers import evaluate
from mcalc.shell.repl.tour import tour

if TYPE_CHECKING:
    from mcalc.shell.repl.desk import Desk

COMMANDS = (
    Command("grad", "[NAMES]", "derivative of the last function; hess", followups.grad,
            completes="names", bare=True, also=("diff",)),
    Command("hess", "[NAME]", "its second derivative", followups.hess,
            completes="names", bare=True, also=("hessian",), is_listed=False),
    Command("steps", "[full]", "how the last derivative comes about", actions.steps,
            completes="levels", bare=True),
    Command("check", "[ANSWER]", "test it, or compare an answer with it", actions.check, bare=True),
    Command("eval", "[FORMULA]", "numbers: eval L at x = 2; x stays 2", evaluate, bare=True),
    Command("to", "FORMAT", "the result as latex, numpy, torch...", actions.to,
            completes="formats", bare=True, also=("export",)),
    Command("plot", "[A:B]", "the last function and its derivative, as curves", actions.plot, is_listed=False),
    Command("graph", "[forward]", "the computation graph of the last derivative", actions.graph, is_listed=False),
    Command("copy", "[FORMAT]", "the result to the clipboard", actions.copy, completes="formats"),
    Command("vars", "", "all names and what they are", actions.variables, also=("who", "names")),
    Command("history", "", "statements, with the numbers of results", actions.history, is_listed=False),
    Command("undo", "[N]", "take back statements; :redo repeats", actions.undo),
    Command("redo", "[N]", "do again what was undone", actions.redo, is_listed=False),
    Command("save", "FILE", "write a script with the same results", actions.save,
            completes="files", also=("write", "w")),
    Command("load", "FILE", "run a script, all of it or nothing", actions.load,
            completes="files", also=("run",)),
    Command("open", "[FILE]", "the last derivation as a page in the browser; of a file, :load", actions.open_page,
            completes="files", is_listed=False),
    Command("set", "[NAME VALUE]", "how results are shown", actions.set_preference,
            completes="preferences"),
    Command("rules", "[NAME]", "the rules of differentiation", help_pages.rules, completes="topics"),
    Command("tour", "[SECTION]", "the paper, example by example", tour, completes="sections", also=("paper",)),
    Command("help", "[TOPIC]", "this page; ?sin or ?norm about a name", help_pages.show,
            completes="topics", bare=True, also=("h", "explain")),
    Command("clear", "", "clear the screen; names stay", actions.clear, bare=True, also=("cls",), is_listed=False),
    Command("quit", "", "leave; so does Ctrl-D", actions.leave, bare=True, also=("exit", "q")),
)  # fmt: skip
_BARE = re.compile(r"\s*([A-Za-z]+)(?:\s+(?![=:∈+*/^_.])(.*\S))?\s*$", re.DOTALL)


def command_of(word: str) -> Command | None:
    """Return the command of a name, or None.

    >>> command_of("q").name, command_of("nonsense")
    ('quit', None)
    """
    return next((one for one in COMMANDS if word == one.name or word in one.also), None)


def bare_command(text: str, desk: Desk) -> tuple[Command, str] | None:
    """Return the command that a line without a colon is, and its operand; None where it is a statement.

    A name of the user's own comes first, and so does what goes on as a formula: ``check = 3``.
    """
    match = _BARE.match(text)
    if match is None or match[1] in desk.sheet.scope.names():
        return None
    command = command_of(match[1])
    if command is not None and command.bare:
        return command, match[2] or ""
    if match[1] in desk.formats and match[2] is None:
        return next(one for one in COMMANDS if one.name == "to"), match[1]
    return None


def run_command(desk: Desk, text: str) -> None:
    """Run a line that begins with a colon; raises Mistake for a command that there is not."""
    match = re.match(r"\s*:\s*(\S*)\s*(.*?)\s*$", text, re.DOTALL)
    assert match is not None
    command = command_of(match[1])
    if command is None:
        raise unknown(match[1], text, match.start(1))
    command.action(desk, match[2])


def unknown(word: str, text: str, start: int) -> Mistake:
    """Return the mistake of a command that there is not."""
    if not word:
        return Mistake("E-SYNTAX", "a colon begins a command", [Span(start - 1, start)], ":help lists them", text)
    known = {name: one for one in COMMANDS for name in (one.name, *one.also) if len(name) > 1}
    begun = [one.name for one in COMMANDS if len(word) > 1 and one.name.startswith(word)]
    close = begun or [known[name].name for name in closest(word.lower()[:20], known, 1, 0.6)]
    hint = f"did you mean :{close[0]}?" if close else ":help lists them"
    return Mistake("E-NAME", f"there is no command :{word[:30]}", [Span(start, start + len(word))], hint, text)
