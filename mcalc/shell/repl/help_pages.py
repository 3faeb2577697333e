"""`:help`, `:rules` and `?name`: the commands on one screen, and what is known about a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, closest
from mcalc.shell.explain import explained
from mcalc.shell.rules import found, listed, page, table

if TYPE_CHECKING:
    from mcalc.shell.repl.command import Command
    from mcalc.shell.repl.desk import Desk

EXAMPLES = (
    ("∂/∂w max(0, w·x)", "a derivative; also d/dw, grad_w, hess_w"),
    ("w, x: R^n", "what names are, if not as assumed"),
    ("L = ½‖X w - y‖²", "a name for a formula; then grad w"),
    ("∂/∂w (w·x) = xᵀ", "is this right?"),
    ("ans, _3", "the last result, and the third"),
)
KEYS = (
    (r"\alpha Tab", r"α, as in LaTeX; also \partial \otimes"),
    ("Tab, Up, Ctrl-R", "complete, find what began so, search"),
    ("Alt-Enter, Ctrl-C", "a new line; clear, or stop the work"),
)

WIDE = 19
"""Columns of what is typed, before what is said of it."""


def show(desk: Desk, operand: str) -> None:
    """Show the page of help, or what is known about a topic."""
    if not operand:
        overview(desk)
        return
    command = desk.command(operand.lstrip(":")) if operand not in desk.sheet.scope.names() else None
    if command is None:
        about(desk, operand)
        return
    out = desk.page()
    out.line([(command.usage, "keyword"), (f"  {command.says}", "text")])
    if command.also:
        out.line([("  also ", "words"), (", ".join([f":{name}" for name in command.also]), "text")])


def overview(desk: Desk) -> None:
    """Show all commands on one screen."""
    out = desk.page()
    for text, says in EXAMPLES:
        out.line([("  ", "space"), (text.ljust(WIDE), "place"), (says, "words")])
    for one in desk.commands:
        if one.is_listed:
            out.line([("  ", "space"), (one.usage.ljust(WIDE), "keyword"), (one.says, "words")])
    for text, says in KEYS:
        out.line([("  ", "space"), (text.ljust(WIDE), "place"), (says, "words")])


def about(desk: Desk, name: str) -> None:
    """Show what a name is: one of the session's, else a function, a sign or a rule."""
    if name in desk.sheet.scope.names():
        desk.page().line([(name, "place"), (f"  {desk.meaning(name)}", "text")])
        return
    if name == "ans" or (name.startswith("_") and name[1:].isdigit()):
        desk.statements(name)
        return
    if name[:2].upper() == "E-":
        explained(name, desk.output)
        return
    try:
        rule = found(name)
    except Mistake as mistake:
        close = closest(name, [one.name for one in desk.commands], 1, 0.7)
        hint = f"did you mean {close[0]}?" if close else mistake.hint.replace("mcalc rules", ":rules")
        raise Mistake("E-NAME", f"there is nothing called {name[:40]}", hint=hint) from None
    page(desk.page(), rule)


def rules(desk: Desk, operand: str) -> None:
    """Show the rule of a name, or a line for each rule."""
    if operand:
        about(desk, operand)
    else:
        listed(desk.page(), table())


def one_line(command: Command) -> str:
    """Return a command with what it does, for the line below the prompt."""
    return f"{command.usage}: {command.says}"
