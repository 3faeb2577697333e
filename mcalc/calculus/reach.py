"""How far a derivative in a sum reaches: to the next + or -, which is said where it may have been meant further."""

from __future__ import annotations

from mcalc.expr import Expr, walk

NOTE = "a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets"


def reach(expr: Expr) -> list[str]:
    """Return a note where a sum follows a derivative, or another term of a sum with a derivative has its variable.

    >>> from mcalc import parse
    >>> parse("3x + d/dx x^2").notes == parse("d/dx sin(x) + c").notes
    True
    >>> parse("d/dx sin(x) + c").notes
    ['a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets']
    >>> parse("d/dx x^2 + d/dx 3x").notes, parse("c + d/dx sin(x)").notes
    ([], [])
    """
    if expr.op.name != "add":
        return []
    derived: set[Expr] = set()
    others: set[Expr] = set()
    follows = False
    for term in expr.args:
        nodes = list(walk(term))
        variables = {variable for node in nodes if node.op.name == "derivative" for variable in node.args[1:]}
        if variables:
            derived |= variables
        else:
            others.update(nodes)
            follows = follows or bool(derived)
    return [NOTE] if follows or derived & others else []
