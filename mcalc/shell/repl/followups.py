"""Follow-ups that make a statement of the last function: its gradient, its Hessian."""

from __future__ import annotations

from mcalc.derivative import Derivative
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr
from mcalc.notation import read_expression
from mcalc.notation.statements.asked import wanted_names
from mcalc.notation.surface.words import is_function
from mcalc.operators.leaves import symbols_in
from mcalc.patterns import pattern
from mcalc.shell.repl.desk import Desk
from mcalc.shell.worksheet import Entry, function_of

_NAMES = pattern(r"[^\W\d]\w*(?:_\{[\w,]+\})?(?:\s*,\s*[^\W\d]\w*(?:_\{[\w,]+\})?)*")
_BEFORE = pattern(r"([^\W\d]\w*)\s+(?=[\w(\[|‖√\\])")
"""A name before something else without a sign: grad w ||w||^3."""


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
