"""Forms that do not overflow or cancel, put in the place of those that do, before code is written.

Each rule puts one row for several, so this ends: ln(sum(exp(z))) is logsumexp(z), ln(1 + exp(z)) is softplus(z),
ln(softmax(z)) is logsoftmax(z), ln(σ(z)) is -softplus(-z), 1 - σ(z) is σ(-z), ln(det(A)) is logdet(A).
"""

from __future__ import annotations

from mcalc.expr import Expr, make, rebuild
from mcalc.operators.arithmetic import ADD, LN, MUL, neg
from mcalc.operators.functions import EXP, SIGMOID, SOFTPLUS
from mcalc.operators.leaves import is_number
from mcalc.operators.linear import SUM
from mcalc.operators.matrix import DET, LOGDET
from mcalc.operators.network import LOGSOFTMAX, LOGSUMEXP, SOFTMAX


def stable(expr: Expr) -> Expr:
    """Return an equal expression that can be evaluated for large arguments.

    >>> from mcalc import parse
    >>> stable(parse("log(sum(exp(x)))", where="x: R^n").expr) is parse("logsumexp(x)", where="x: R^n").expr
    True
    """
    return rebuild(expr, _stable_node)


def _stable_node(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is LN:
        return _logarithm(args[0])
    if node.op is ADD and len(args) == 2:
        one, other = args if is_number(args[0], 1) else args[::-1]
        bare = neg(other)
        if is_number(one, 1) and bare.op is SIGMOID and other.op is MUL and len(other.args) == 2:
            return make(SIGMOID, (neg(bare.args[0]),))
    return None


def _logarithm(of: Expr) -> Expr | None:
    if of.op is SUM and of.args[0].op is EXP and of.args[0].order == 1:
        return make(LOGSUMEXP, of.args[0].args)
    if of.op is ADD and len(of.args) == 2 and any([is_number(part, 1) for part in of.args]):
        [power] = [part for part in of.args if not is_number(part, 1)] or [of]
        if power.op is EXP:
            return make(SOFTPLUS, power.args)
    if of.op is SOFTMAX:
        return make(LOGSOFTMAX, of.args)
    if of.op is SIGMOID:
        return neg(make(SOFTPLUS, (neg(of.args[0]),)))
    return make(LOGDET, of.args) if of.op is DET else None
