"""How far a derivative in a sum reaches: to the next + or -, which is said where it may have been meant further."""

from __future__ import annotations

from mcalc.expr import Expr, walk

NOTE = "a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets"


def reach(expr: Expr) -> list[str]:
    """Return a note where a term of a sum is a derivative, and another one, which is not, has its variable.

    >>> from mcalc import parse
    >>> parse("3x + d/dx x^2").notes
    ['a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets']
    >>> parse("d/dx x^2 + d/dx 3x").notes
    []
    """
    if expr.op.name != "add":
        return []
    derived: set[Expr] = set()
    others: set[Expr] = set()
    for term in expr.args:
        nodes = list(walk(term))
        variables = {variable for node in nodes if node.op.name == "derivative" for variable in node.args[1:]}
        if variables:
            derived |= variables
        else:
            others.update(nodes)
    return [NOTE] if derived & others else []
