"""`:help`, `:rules`, `?name` and `:tour`, and the glyphs that are typed by their names after a backslash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, closest
from mcalc.notation.statements.asked import wanted_name
from mcalc.notation.surface.words import GREEK
from mcalc.operators import FUNCTIONS
from mcalc.patterns import pattern
from mcalc.render.glyphs import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS
from mcalc.shell.options import PROMPTED
from mcalc.shell.repl.actions import set_preference
from mcalc.shell.repl.desk import Command, Desk

if TYPE_CHECKING:
    from mcalc.shell.paper import Example, Tour

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

WORDS = {
    "I": "the identity matrix, of the size that fits; eye(n) says its size",
    "eye": "eye(n): the identity matrix",
    "ones": "ones(n), ones(m, n), 1⃗: all entries are 1",
    "zeros": "zeros(n), zeros(m, n), 0⃗: all entries are 0",
    "unit": "unit(k, n): 1 in entry k, else 0; also e_k",
    "δ": "δ_ij: 1 where i = j, else 0",
    "diff": "diff(f, x) is ∂f/∂x",
    "at": "values behind a formula: grad w at w = [0.3, -0.2]",
    "T": "x^T and xᵀ transpose, where T is no name of yours",
    "R": "the real numbers: w: R^n declares a vector, A: R^{m x n} a matrix",
    "ℝ": "the real numbers: w ∈ ℝⁿ declares a vector, A ∈ ℝ^{m×n} a matrix",
    "∈": "w ∈ ℝⁿ declares what a name is; also w: R^n",
    ":": "w: R^n declares what a name is",
    "=": "z = w·x gives a formula a name; a derivative = a formula asks whether that holds",
    "1⃗": "a vector of ones; also ones(n)",
    "0⃗": "a vector of zeros; also zeros(n)",
    "e": "a name like any other; exp(x) is the exponential",
    "E": "E[f(x)] is an expectation; alone a name like any other",
}
"""What is said of words and signs that are no rows of the table."""
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
    commands = [(one.usage, one.says, "keyword") for one in desk.commands if one.is_listed]
    examples, keys = [[(text, says, "place") for text, says in rows] for rows in (EXAMPLES, KEYS)]
    for text, says, role in [*examples, *commands, *keys]:
        out.line([("  ", "space"), (text.ljust(WIDE), role), (says, "words")])


def about(desk: Desk, name: str) -> None:
    """Show what a name is: one of the session's, else a function, a sign or a rule."""
    from mcalc.shell.explain import PAGES, explained

    own = _own(name, desk)
    command = desk.command(name.lstrip(":")) if len(name) > 1 else None
    if own is not None:
        desk.page().line([(desk.spelled(own), "place"), (f"  {desk.meaning(own)}", "text")])
    elif name == "ans" or (name.startswith("_") and (name[1:].isdigit() or name == "_")):
        desk.statements(name)
    elif name[:2].upper() == "E-" or name.lower() in PAGES:
        explained(name, desk.output)
    elif command is not None and (name.startswith(":") or name not in FUNCTIONS):
        show(desk, name)
    elif name in WORDS:
        desk.page().line([(name, "place"), (f"  {WORDS[name]}", "text")])
    elif name in PROMPTED:
        set_preference(desk, name)
    elif name in desk.formats:
        desk.page().line([(name, "place"), ("  a format: to ", "text"), (name, "text")])
    else:
        _about_rule(name, desk)


def _own(name: str, desk: Desk) -> str | None:
    """Return a name of the session as it is kept, however it is spelled, as Greek letters are."""
    known = desk.sheet.scope.names()
    if name in known:
        return name
    try:
        full = wanted_name(name).full
    except Mistake:
        return None
    return full if full in known else None


def _about_rule(name: str, desk: Desk) -> None:
    """Show the rule of a name; of a letter that is no name yet, what it would be."""
    from mcalc.shell.rule_entries import all_found
    from mcalc.shell.rules_pages import page

    try:
        rules = all_found(name)
    except Mistake as mistake:
        plain = name.removeprefix("\\")
        glyph = TABLE.get(plain) or (name if len(name) == 1 and name.isalpha() else None)
        if glyph is not None:
            says = f"{'typed ' + chr(92) + plain + ' Tab; ' if glyph != name else ''}no name of this session yet"
            desk.page().line([(glyph, "place"), (f"  {says}", "text")])
            return
        close = closest(name, [one.name for one in desk.commands], 1, 0.7)
        hint = f"did you mean {close[0]}?" if close else mistake.hint.replace("mcalc rules", ":rules")
        raise Mistake("E-NAME", f"there is nothing called {name[:40]}", hint=hint) from None
    for rule in rules:
        page(desk.page(), rule)


def rules(desk: Desk, operand: str) -> None:
    """Show the rule of a name, or a line for each rule."""
    if operand:
        about(desk, operand)
        return
    from mcalc.shell.rule_entries import table
    from mcalc.shell.rules_pages import listed

    listed(desk.page(), table())


def one_line(command: Command) -> str:
    """Return a command with what it does, for the line below the prompt."""
    return f"{command.usage}: {command.says}"


def tour(desk: Desk, operand: str) -> None:
    """Show the next example, or the first one of a section; an empty line goes on from there."""
    if desk.tour is None:
        from mcalc.shell.paper import Tour

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


SIGNS = {
    "partial": "∂", "nabla": "∇", "cdot": "·", "times": "×", "otimes": "⊗", "odot": "⊙", "circ": "∘", "oslash": "⊘",
    "top": "ᵀ", "T": "ᵀ", "intercal": "ᵀ", "norm": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "in": "∈", "R": "ℝ",
    "bbR": "ℝ", "sum": "Σ", "prod": "Π", "sqrt": "√", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "half": "½", "ones": "1⃗", "zeros": "0⃗", "vec": "\u20d7", "inv": "⁻¹",
    "langle": "⟨", "rangle": "⟩", "div": "÷", "prime": "′",
}  # fmt: skip
TABLE = {
    **GREEK,
    **SIGNS,
    **ACCENTS,
    **{f"^{plain}": glyph for plain, glyph in SUPERSCRIPTS.items()},
    **{f"_{plain}": glyph for plain, glyph in SUBSCRIPTS.items()},
}
"""Each name with its glyph; an accent is a mark that goes on the letter before it."""
_TYPED = pattern(r"\\([A-Za-z]*|[\^_][0-9A-Za-z]?)$")


def typed(before: str) -> str | None:
    r"""Return the name of a glyph that stands before the cursor, perhaps not all of it yet; None where there is none.

    >>> typed("x + \\alph"), typed("x_\\"), typed("alpha")
    ('alph', '', None)
    """
    found = _TYPED.search(before)
    return found[1] if found else None


def glyphs(name: str) -> list[tuple[str, str]]:
    r"""Return the names that begin so, each with its glyph: the one that is just that name comes first.

    Upper and lower case are told apart, unless nothing begins so.

    >>> glyphs("alpha"), glyphs("Sig"), glyphs("OTIM"), glyphs("in")[0]
    ([('alpha', 'α')], [('Sigma', 'Σ')], [('otimes', '⊗')], ('in', '∈'))
    """
    found = [(full, glyph) for full, glyph in TABLE.items() if full.startswith(name)]
    if not found:
        found = [(full, glyph) for full, glyph in TABLE.items() if full.lower().startswith(name.lower())]
    return sorted(found, key=lambda pair: pair[0] != name)
