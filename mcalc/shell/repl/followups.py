"""What follows on the last function: its gradient, its Hessian, its number at the values behind ``at``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from mcalc.api import read_value, worked_out
from mcalc.choices import Manner
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, Span, clip
from mcalc.expr import Expr, walk
from mcalc.notation import read_expression
from mcalc.notation.statements.asked import wanted_name, wanted_names
from mcalc.notation.surface.words import is_function
from mcalc.numeric.binding import Binding
from mcalc.numeric.data import Given, read_given
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.values import Values
from mcalc.operators.leaves import symbols_in, variables_in
from mcalc.patterns import pattern
from mcalc.render.number_arrays import ALONE, WIDTH, columns, is_constant, number_text, one_line, size_words
from mcalc.results import Expression
from mcalc.shell.output import remarks
from mcalc.shell.repl.desk import Desk
from mcalc.shell.worksheet import Entry, function_of

_NAMES = pattern(r"[^\W\d]\w*(?:_\{[\w,]+\})?(?:\s*,\s*[^\W\d]\w*(?:_\{[\w,]+\})?)*")
_BEFORE = pattern(r"([^\W\d]\w*)\s+(?=[\w(\[|‖√\\])")
"""A name before something else without a sign: grad w ||w||^3."""
T = TypeVar("T")
_AT = pattern(r"(?<!\s)\s+at\s+(?=[^\W\d]\w*(?:_\{\w+\})?\s*=)|(?<!\s)\s+at\s+(?=\\)")
_VALUES = pattern(r"(?:where\s+|with\s+)?(?=[^\W\d]\w*\s*=(?!=))")
"""What begins values without ``at``, behind eval alone: where w = [1, 1]."""
_NEXT = pattern(r"(?:,|\band\b)\s*(?=[^\W\d]\w*(?:_\{\w+\})?\s*=|\\)")
_PLAIN = pattern(r"(?i)[-+−0-9.\[]|(?:nan|inf|infinity)\Z")
_FILE = pattern(r"(?i)\S+\.(?:npy|npz(?::\w*)?|csv|tsv|txt)\Z")


def grad(desk: Desk, operand: str) -> None:
    """Differentiate the last function, by the variables given or by the one it has."""
    text, lent, names, expr = _function(desk, operand, "grad")
    by = names[0] if len(names) == 1 else f"({', '.join(names)})"
    desk.made(with_marks(f"∂/∂{by} {text}", expr), lent)


def hess(desk: Desk, operand: str) -> None:
    """Differentiate the last function twice.

    Raises:
        Mistake: `E-USAGE`, without a function of one variable.
    """
    text, lent, names, expr = _function(desk, operand, "hess")
    if len(names) != 1:
        raise Mistake("E-USAGE", "a Hessian is by one variable", hint=f"hess {names[0]}")
    desk.made(with_marks(f"∂²/∂{names[0]}² {text}", expr), lent)


def _function(desk: Desk, operand: str, word: str) -> tuple[str, tuple[Expr, ...], list[str], Expr | None]:
    """Return the last function as it is written after ∂/∂x, what it is lent, its variables and its expression."""
    called = desk.sheet.scope.functions.get(operand)
    if called is not None:
        return f"{operand}({', '.join(called.parameters)})", (), list(called.parameters), None
    wanted = _names(operand)
    if operand and (not wanted or operand in desk.sheet.scope.definitions):
        return _typed(desk, operand, word)
    entry = desk.last(f"type a formula first, such as x^2, then {word}")
    text, names, lent = function_of(entry)
    made = desk.sheet.scope.functions.get(text)
    if made is not None:
        text, names = f"{text}({', '.join(made.parameters)})", list(made.parameters)
    elif not text.replace("_", "").isalnum():
        text = f"({text})"
    expr = expression_of(desk, entry)
    names = wanted or names
    if not names:
        names = [_only_variable(expr, f"{word} NAME")]
    return text, lent, names, expr


def _names(operand: str) -> list[str]:
    r"""Return the names that an operand is, spelled in any way, as \mathbf{w} and \mu are; none for a formula."""
    if _NAMES.fullmatch(operand):
        return [name.strip() for name in operand.split(",")]
    if "^" in operand:
        return []
    try:
        return [name.full for name in wanted_names(operand)]
    except Mistake:
        return []


def _typed(desk: Desk, formula: str, word: str) -> tuple[str, tuple[Expr, ...], list[str], Expr | None]:
    """Return a formula that was typed after the word, as if it had been the last function: `grad x^2`."""
    expr = read_expression(formula, desk.sheet.reading_scope(formula)).expr
    sign = "∂²/∂NAME²" if word == "hess" else "∂/∂NAME"
    name = _only_variable(expr, f"{sign} ({formula})")
    before = _BEFORE.match(formula)
    if before is not None and not is_function(before[1]):
        order, rest = "^2" * (word == "hess"), formula[before.end() :]
        hint = f"write d{order}/d{before[1]}{order} ({rest}), or {word} ({formula}) of the product"
        raise Mistake("E-AMBIG", f"{word} {clip(formula)} has two readings", hint=hint)
    return f"({formula})", (), [name], expr


def _only_variable(expr: Expr | None, example: str) -> str:
    """Return the one variable of an expression; raises Mistake where it has another number of them."""
    symbols = [] if expr is None else symbols_in(expr)
    names = list(dict.fromkeys([node.attr[0] for node in symbols]))
    if len(names) == 1:
        return str(names[0])
    hint = example.replace("NAME", names[0]) if names else ""
    said = f"it has the variables {', '.join(names[:6])}" if names else "it has no variable: its derivative is 0"
    raise Mistake("E-USAGE", f"by which variable? {said}", hint=hint)


def expression_of(desk: Desk, entry: Entry) -> Expr | None:
    """Return the function of a statement: of a derivative its body; None for a function with parameters."""
    outcome = entry.outcome
    if outcome is not None and isinstance(outcome.value, Derivative):
        return outcome.value.body
    if entry.number:
        return entry.expr
    return desk.sheet.scope.definitions.get(outcome.name or "") if outcome is not None else None


def with_marks(text: str, expr: Expr | None) -> str:
    """Return the text of an expression with a straight d for its derivatives where it has one variable, a scalar."""
    if expr is None:
        return text
    symbols = set(symbols_in(expr))
    return text.replace("∂", "d") if len(symbols) == 1 and not any([one.shape for one in symbols]) else text


def parted(text: str, desk: Desk) -> tuple[str, str | None]:
    """Part what was typed from the values behind ``at``; None where there are none.

    A name ``at`` of the user's own is a name.
    """
    found = None if "at" in desk.sheet.scope.names() else _AT.search(text)
    return (text, None) if found is None else (text[: found.start()], text[found.end() :])


def values_said(text: str, desk: Desk) -> dict[str, Given]:
    """Return the values that ``w = [1, 2], b = 3`` gives, by the plain names of their variables.

    Raises:
        Mistake: `E-SYNTAX`, where a part gives no value; `E-USAGE`, where one gives a second.
    """
    found: dict[str, Given] = {}
    starts = [0, *[match.end() for match in _NEXT.finditer(text) if _is_outside(text[: match.start()])]]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end].strip().removesuffix("and").rstrip(", ")
        written, sign, said = part.partition("=")
        if not sign or not said.strip():
            hint = "at w = [1, 2], b = 0.5, X = X.npy"
            raise Mistake("E-SYNTAX", f"at which values? {clip(part)} gives none", hint=hint)
        name = wanted_name(written.strip()).full
        if name in found:
            raise Mistake("E-USAGE", f"{name} is given two values", hint="once is enough")
        found[name] = _given(name, said.strip(), desk)
    return found


def _is_outside(before: str) -> bool:
    return before.count("[") == before.count("]") and before.count("(") == before.count(")")


def _given(name: str, said: str, desk: Desk) -> Given:
    """Return a value that is typed in place, is the name of a file, or is a formula without variables."""
    if _FILE.fullmatch(said):
        return _told(lambda: read_given(name, said))
    try:
        value = worked_out(read_value(said, desk.sheet.reading_scope(said)))
    except Mistake:
        if _PLAIN.match(said):
            return _told(lambda: read_given(name, said))
        raise
    if not is_constant(value.expr):
        missing = ", ".join([node.attr[0] for node in variables_in(value.expr)])
        raise Mistake("E-NAME", f"the value of {name} has {missing or 'a size'} in it", hint=f"at {name} = [1, 2]")
    return Given(name, Values(value.expr, None, {}, ()).value, f"given as {clip(said)}", loose=False)


def _told(read: Callable[[], T]) -> T:
    """Do something whose messages speak of options, and let them speak of what is typed here."""
    try:
        return read()
    except Mistake as mistake:
        mistake.hint = (
            mistake.hint.replace(" --set ", ", ").replace("--set ", "at ").replace('--where "', "declare ").rstrip('"')
        )
        raise


def evaluate(desk: Desk, operand: str) -> None:
    """Show the value of a formula, or of the last result: of variables with the values given now, or before."""
    formula, said = parted(f" {operand}", desk)
    if said is None and (values := _VALUES.match(operand)) is not None:
        formula, said = "", operand[values.end() :]
    given = {} if said is None else values_said(said, desk)
    text = formula.strip()
    if not text:
        entry = desk.last("type a formula first, then eval; or eval w·x at w = [1, 2], x = [3, 4]")
        assert entry.outcome is not None
        if entry.outcome.value is not None:
            show(desk, entry.outcome.value, given)
            return
        text = entry.outcome.name or ""
    if text in desk.sheet.scope.definitions:
        show_value(desk, desk.sheet.scope.definitions[text], given)
        return
    scope = desk.sheet.reading_scope(text).copy()
    scope.orders |= {name: one.array.ndim for name, one in {**desk.values, **given}.items()}
    value = worked_out(read_value(text, scope), Manner(desk.layout))
    show(desk, value, given)
    for said in remarks(value.assumed):
        desk.say(said)


def show(desk: Desk, value: Expression, given: Mapping[str, Given]) -> None:
    """Show the value of a result, and keep what was given for the next one."""
    show_value(desk, value.expr, given, value)


def show_value(desk: Desk, expr: Expr, given: Mapping[str, Given], of: Expression | None = None) -> None:
    """Show the value of an expression, of a result where it is `of` one, and what else was taken for its variables.

    A derivative may have a value where its formula fails: then the function is asked, too.
    """
    needed = variables_in(expr)
    sizes = names_of_sizes(expr)
    known = {**_defined(desk, [*[node.attr[0] for node in needed], *sizes]), **desk.values}
    wanted = {*sizes, *[node.attr[0] for node in needed]}
    before = {name: one for name, one in known.items() if name not in given and name in wanted}
    declared = needed if of is None else of.symbols
    binding = _told(lambda: Binding(declared, needed, sizes, {**before, **given}))
    binding.check_room(list(walk(expr)))
    function = of.function if isinstance(of, Derivative) else expr
    has_all = all([node.attr[0] in binding.values for node in variables_in(function)])
    is_derivative = isinstance(of, Derivative) and has_all
    result = expr if is_derivative else None
    found = Values(function if is_derivative else expr, result, binding.values, declared, finite=binding.finite)
    array = found.derivative if is_derivative else found.value
    desk.values = {**desk.values, **given}
    page = desk.page()
    lines = (
        [number_text(float(array), ALONE)]
        if not array.ndim
        else columns(array, (page.width or WIDTH) - 2, unicode=page.unicode)
    )
    shape = f"   {size_words(array.shape, is_row=of.expr.is_row)}" if isinstance(of, Derivative) and array.ndim else ""
    for place, line in enumerate(lines, 1):
        page.line([("  ", "space"), (line, "number"), (shape if place == len(lines) else "", "words")])
    if before:
        desk.say(f"with {', '.join([f'{name} = {_short(one)}' for name, one in before.items()])}")
    for warning in [*binding.warnings, *found.warnings]:
        desk.say(f"warning: {warning}")
    for note in binding.notes:
        desk.say(f"note: {note}")


def _defined(desk: Desk, names: Iterable[str]) -> dict[str, Given]:
    """Return the values of names that stand for numbers now, though a formula that was made before has them free."""
    found: dict[str, Given] = {}
    for name in names:
        expr = desk.sheet.scope.definitions.get(name)
        if expr is not None and is_constant(expr):
            found[name] = Given(name, Values(expr, None, {}, ()).value, f"{name} as it is defined", loose=False)
    return found


def _short(given: Given) -> str:
    """Return a value on part of a line."""
    return clip(one_line(given.array) if given.array.size < 50 else given.source)


def refuse_program(text: str) -> Mistake:
    """Return the mistake of ``!ls``: mcalc runs no programs."""
    start = text.index("!")
    return Mistake(
        "E-USAGE",
        f"mcalc runs no programs, and not {clip(text[start + 1 :].strip()) or 'this'}",
        [Span(start, len(text.rstrip()))],
        "for programs there is another terminal; :load FILE runs statements",
        text,
    )
