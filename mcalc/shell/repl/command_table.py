"""The commands of the REPL: one table, which help and completion share; and what a line that was typed is for."""

from __future__ import annotations

from mcalc.errors import Mistake, Span, closest
from mcalc.notation import split_statements
from mcalc.numeric.data import Given
from mcalc.patterns import pattern
from mcalc.shell.checking import bug, quoted
from mcalc.shell.output import Output
from mcalc.shell.repl import actions, followups, help_pages
from mcalc.shell.repl.desk import Command, Desk
from mcalc.shell.repl.followups import evaluate, parted, refuse_program, show, values_said
from mcalc.shell.repl.help_pages import about, go_on, overview, tour

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
_COLON = pattern(r"(?s)\s*:\s*(\S*)\s*(.*)$")
_BARE = pattern(r"(?s)([A-Za-z]+)(?:\s+(?![\s=:∈+*/^_.])(.+))?$")


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
    match = _BARE.match(text.strip())
    if match is None or match[1] in desk.sheet.scope.names():
        return None
    command = command_of(match[1])
    if command is not None and command.bare:
        return command, match[2] or ""
    if command is not None and match[2] is None and len(match[1]) > 1:
        return command._replace(action=_without_colon), match[1]
    if match[1] in desk.formats and match[2] is None:
        return next(one for one in COMMANDS if one.name == "to"), match[1]
    return None


def _without_colon(desk: Desk, word: str) -> None:
    command = command_of(word)
    takes = command.operands if command is not None else ""
    raise Mistake("E-NAME", f"{word} alone is no formula", hint=f"the command is :{word} {takes}".rstrip())


def run_command(desk: Desk, text: str) -> None:
    """Run a line that begins with a colon; raises Mistake for a command that there is not."""
    match = _COLON.match(text)
    assert match is not None
    command = command_of(match[1])
    if command is None:
        raise unknown(match[1], text, match.start(1))
    command.action(desk, match[2].rstrip())


def unknown(word: str, text: str, start: int) -> Mistake:
    """Return the mistake of a command that there is not."""
    if not word:
        return Mistake("E-SYNTAX", "a colon begins a command", [Span(start - 1, start)], ":help lists them", text)
    known = {name: one for one in COMMANDS for name in (one.name, *one.also) if len(name) > 1}
    begun = [one.name for one in COMMANDS if len(word) > 1 and one.name.startswith(word)]
    close = begun or [known[name].name for name in closest(word.lower()[:20], known, 1, 0.6)]
    hint = f"did you mean :{close[0]}?" if close else ":help lists them"
    return Mistake("E-NAME", f"there is no command :{word[:30]}", [Span(start, start + len(word))], hint, text)


_QUESTION = pattern(r"(?s)\s*(?:\?\s*(?P<first>.*?)|(?P<after>[^\W\d]\w*)\s*\?)\s*$")


def make_desk(output: Output) -> Desk:
    """Return a desk that knows all commands."""
    return Desk(output, COMMANDS)


def take(desk: Desk, text: str) -> None:
    """Answer one line; whatever is wrong with it is told, and the session goes on."""
    try:
        _take(desk, text)
    except Mistake as mistake:
        desk.told(mistake)
    except Exception as trouble:  # noqa: BLE001 - nothing that is typed ends the session
        desk.output.message(bug(trouble, f"printf '%s\\n' {quoted(text)} | mcalc repl"))


def _take(desk: Desk, text: str) -> None:
    touring, desk.is_touring = desk.is_touring, False
    if not text.strip():
        if touring:
            go_on(desk)
        return
    if text.lstrip(" :").startswith("!"):
        raise refuse_program(text)
    question = _QUESTION.match(text)
    line, said = parted(text, desk)
    bare = bare_command(text, desk)
    if text.lstrip().startswith(":"):
        run_command(desk, text)
    elif question:
        topic = question["first"] or question["after"]
        if topic:
            about(desk, topic)
        else:
            overview(desk)
    elif said is not None and (bare is None or bare[0].name != "eval") and len(split_statements(text)) == 1:
        _take_at(desk, line, values_said(said, desk))
    elif bare is not None:
        command, operand = bare
        command.action(desk, operand)
    else:
        desk.statements(text, follow=lambda piece: _followed(desk, piece))


def _take_at(desk: Desk, line: str, given: dict[str, Given]) -> None:
    """Answer a line, and then show the number that its result has at some values."""
    before = len(desk.sheet.entries)
    _take(desk, line)
    made = desk.sheet.last if len(desk.sheet.entries) > before else None
    if made is not None and made.outcome is not None and made.outcome.value is not None:
        show(desk, made.outcome.value, given)


def _followed(desk: Desk, piece: str) -> bool:
    """Do what one of several statements of a line says if it is a command: ``x^2; grad``."""
    line, said = parted(piece, desk)
    bare = bare_command(piece, desk)
    if said is not None and (bare is None or bare[0].name != "eval"):
        _take_at(desk, line, values_said(said, desk))
        return True
    if bare is not None:
        command, operand = bare
        command.action(desk, operand)
    return bare is not None
