"""Expressions as short prefix text, which shows every node, for tests of reading."""

from __future__ import annotations

from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import Reading, Scope, read, read_where

WORLD = "w, x: R^n; b, c, z: R; X: R^{N x n}; y: R^N; A, B: R^{n x n}"
"""What most tests declare."""


def outline(expr: Expr) -> str:
    """Return the nodes of an expression in prefix order (small expressions only: this recurses)."""
    name = expr.op.name
    if name in ("number", "size"):
        return str(expr.attr)
    if name == "symbol":
        return str(expr.attr[0])
    if name == "index":
        more = f" but {' '.join([a.attr[0] for a in expr.args[2:]])}" if len(expr.args) > 2 else ""
        return f"{expr.attr[0]}={outline(expr.args[0])}..{outline(expr.args[1])}{more}"
    attr = {"eye": str(expr.attr), "ones": "", "zeros": "", "block": "", "apply": ""}.get(name, "")
    if name in ("ones", "zeros"):
        attr = ",".join([str(d) for d in expr.attr])
    elif name == "block":
        attr = "x".join([str(k) for k in expr.attr])
    elif name == "apply":
        attr = f"{expr.attr[0]} {expr.attr[1]}"
    inner = []
    for place, arg in enumerate(expr.args):
        # the index of a sum is shown with its limits once, and by its name inside
        inner.append(
            outline(arg) if arg.op.name != "index" or (expr.op.kind == "binder" and place == 0) else str(arg.attr[0])
        )
    return f"({' '.join([name + attr, *inner])})"


def reading(text: str, where: str = WORLD, wrt: str = "") -> Reading:
    """Read a statement after some declarations."""
    scope = Scope()
    read_where(where, scope)
    return read(text, scope, wrt=wrt)


def read_as(text: str, where: str = WORLD) -> str:
    """Return the outline of what a statement is read as."""
    expr = reading(text, where).expr
    assert expr is not None
    return outline(expr)


def mistake(text: str, where: str = WORLD) -> Mistake:
    """Return the mistake of a statement that must have one."""
    try:
        found = reading(text, where)
    except Mistake as caught:
        return caught
    raise AssertionError(f"{text!r} was read as {found!r}")
