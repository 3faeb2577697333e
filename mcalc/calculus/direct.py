"""Short derivations, told as the paper's section 2 tells them: the operator d/dx moves inward, one rule a line.

Each line is an expression with derivatives still to be taken in it; the next line applies one rule to each of them. A
derivative goes to smaller expressions at every step, so this ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, MUL, POW, mul, neg
from mcalc.operators.derivative import DERIVATIVE
from mcalc.operators.leaves import is_number, number

if TYPE_CHECKING:
    Applied = tuple[Expr, str, str]

CONSTANT = ("constant rule", "2")


def is_direct(body: Expr, variable: Expr) -> bool:
    """Say whether the rules of section 2 are enough: scalars, and every function is of the variable itself.

    Then no intermediate variable is needed; sin(x²) needs one, x² sin(x) does not.
    """
    if body.shape or variable.shape:
        return False
    touched = depends(body, variable)
    if variable.op.name != "symbol":
        return False
    for node in touched:
        if node is variable or node.op in (ADD, MUL):
            continue
        if node.op is POW and node.args[0] is variable and node.args[1] not in touched:
            continue
        if node.op.kind == "elementwise" and len(node.args) == 1 and node.args[0] is variable:
            continue
        return False
    return True


def apply_one_rule(node: Expr) -> Applied:
    """Return what one rule makes of a derivative, the rule's name, and the paper's section.

    The rule is told from the shape of the expression under d/dx; what is left to do stays a derivative.
    """
    body, x = node.args
    touched = depends(body, x)
    if body not in touched:
        return number(0), *CONSTANT
    if body is x:
        return number(1), "derivative of a variable by itself", "2"
    if body.op is ADD:
        terms = [
            make(DERIVATIVE, (term, x)) if not _is_minus(term) else neg(make(DERIVATIVE, (neg(term), x)))
            for term in body.args
        ]
        minus = any([_is_minus(term) for term in body.args])
        return make(ADD, tuple(terms)), "difference rule" if minus and len(terms) == 2 else "sum rule", "2"
    if body.op is MUL:
        return _of_product(body, x, touched)
    if body.op is POW and body.args[0] is x:
        return derivative_of(body, [x]), "power rule", "2"
    return derivative_of(body, [x]), body.op.rule, body.op.section


def _of_product(body: Expr, x: Expr, touched: set[Expr]) -> Applied:
    constants = [f for f in body.args if f not in touched]
    moving = [f for f in body.args if f in touched]
    if constants:
        rest = moving[0] if len(moving) == 1 else make(MUL, tuple(moving))
        return mul(*constants, make(DERIVATIVE, (rest, x))), "multiplication by constant rule", "2"
    first, *others = moving
    rest = others[0] if len(others) == 1 else make(MUL, tuple(others))
    by_parts = (mul(first, make(DERIVATIVE, (rest, x))), mul(make(DERIVATIVE, (first, x)), rest))
    return make(ADD, by_parts), "product rule", "2"


def _is_minus(term: Expr) -> bool:
    leading = term.args[0] if term.op is MUL else term
    return is_number(leading) and leading.attr < 0


def next_line(line: Expr) -> tuple[Expr, list[tuple[str, str]]] | None:
    """Apply one rule to each derivative in a line; return the new line and the rules used, or None when done.

    The zeros and ones that the rules leave stay in the line, as the paper shows them.
    """
    used: dict[tuple[str, str], None] = {}

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is MUL and is_number(args[0], -1) and args != node.args and len(args) == 2:
            return neg(args[1])
        if node.op is not DERIVATIVE:
            return None
        made, rule, section = apply_one_rule(node)
        used[rule, section] = None
        return made

    if not any([node.op is DERIVATIVE for node in walk(line)]):
        return None
    return rebuild(line, change), list(used)
