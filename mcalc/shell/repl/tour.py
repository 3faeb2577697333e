"""`:tour`: the worked examples of the paper, one at a time, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.shell.repl.desk import Tour

if TYPE_CHECKING:
    from mcalc.shell.paper import Example
    from mcalc.shell.repl.desk import Desk


def tour(desk: Desk, operand: str) -> None:
    """Show the next example, or the first one of a section; an empty line goes on from there."""
    if desk.tour is None:
        desk.tour = Tour()
    if operand and operand != "next":
        desk.tour.go_to(operand)
    go_on(desk)


def go_on(desk: Desk) -> None:
    """Show the example that is next, and say how to go on."""
    there = desk.tour
    if there is None:
        return
    one = there.following
    if one is None:
        desk.tour = None
        desk.say("that was the paper; :tour begins again, :tour 4.5 goes to a section")
        return
    page = desk.page()
    before = there.all[there.place - 1].section if there.place else ""
    if one.section != before:
        page.line([(f"§{one.section} {one.title}", "message")])
    page.words(one.note)
    page.gap()
    page.line([("  you would type  ", "words"), (f"{one.where}; {_asked(one)}", "place")])
    page.gap()
    page.rows(one.derived().steps.rows("brief", unicode=page.unicode, width=page.width))
    there.place += 1
    left = len([other for other in there.all[there.place :] if other.section == one.section])
    desk.is_touring = True
    desk.say(f"{left} more in §{one.section}; Enter goes on, anything else is yours" if left else _end(there))


def _asked(one: Example) -> str:
    names = one.wrt.split(",")
    by = names[0] if len(names) == 1 else f"({', '.join(names)})"
    plain = one.expr.replace("_", "").isalnum()
    mark = "d" if one.where == f"{by}: R" else "∂"
    return f"{mark}/{mark}{by} {one.expr if plain else f'({one.expr})'}"


def _end(there: Tour) -> str:
    following = there.following
    if following is None:
        return "the last example of the paper; Enter ends the tour"
    return f"Enter goes on to §{following.section} {following.title}"
