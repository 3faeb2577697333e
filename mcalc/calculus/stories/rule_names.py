"""The names of rules, in the paper's words, with the section that has them."""

from __future__ import annotations

from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import ADD, MAX, MUL, POW, has_minus
from mcalc.operators.leaves import NUMBER, is_number
from mcalc.operators.linear import ROW

CONSTANT = ("constant rule", "2")
STACKED = ("stack the derivatives, one row for each function", "4.1")
SINGLE = ("single-variable chain rule", "4.5.1")
TOTAL = ("single-variable total-derivative chain rule", "4.5.2")
VECTOR = ("vector chain rule", "4.5.3")
EXPONENTIAL = ("exponential rule", "beyond the paper")


def rule_of(definition: Expr, moving: int = 0, by: Expr | None = None) -> tuple[str, str]:
    """Return the rule by which one operator is differentiated, in the paper's words.

    `moving` is how many of its arguments depend on the variable, and `by` is the variable, where that is known.
    """
    while definition.op is ROW:
        [definition] = definition.args
    op = definition.op
    if op is POW and by is not None and by in set(walk(definition.args[1])):
        return EXPONENTIAL
    expanded = bool(definition.shape) and any([not arg.shape and arg.op is not NUMBER for arg in definition.args])
    if op is ADD:
        rule, section = sum_rule(definition), "2"
    elif op is MUL and (moving == 1 or sum([arg.op is not NUMBER for arg in definition.args]) == 1):
        rule, section = "multiplication by constant rule", "2"
    else:
        rule, section = scalar_rule(definition), op.section
    if not definition.shape or op.kind != "elementwise":
        return rule, section
    named = op.name if "(" in op.rule else op.rule
    words = {ADD: "element-wise sum", MUL: "element-wise product", POW: "element-wise power"}.get(
        op, f"element-wise {named}"
    )
    if rule == "difference rule":
        words = "element-wise difference"
    elif op is MUL and any([arg.op is POW and is_number(arg.args[1], -1) for arg in definition.args]):
        words = "element-wise division"
    return (f"{words}, scalar expansion", "4.3") if expanded and op in (ADD, MUL) else (words, "4.2")


def scalar_rule(body: Expr) -> str:
    """Return the name of the rule of a scalar operator; that of max(0, z) tells of 0, which another maximum has not."""
    if body.op is MAX and not any([is_number(arg, 0) for arg in body.args]):
        return "max"
    return body.op.rule


def sum_rule(definition: Expr) -> str:
    """Return the name of the rule for a sum, or for the difference of two terms."""
    minus = any([has_minus(arg) for arg in definition.args])
    return "difference rule" if minus and len(definition.args) == 2 else "sum rule"
