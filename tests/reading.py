"""Reading back what was printed."""

from __future__ import annotations

from collections.abc import Iterable

from mcalc.expr import Dim, Expr, walk
from mcalc.notation import Scope, read_expression
from mcalc.render.text import ascii as ascii_text
from mcalc.render.text import unicode as unicode_text


def scope_of(expr: Expr) -> Scope:
    """Return a scope in which the variables of an expression are declared."""
    scope = Scope()
    for node in walk(expr):
        if node.op.name == "symbol":
            scope.variables[node.attr[0]] = node
        scope.sizes.update(
            {
                name: Dim.named(name)
                for dim in (*node.shape, *([node.attr] if node.op.name == "size" else []))
                for name in dim.names
            }
        )
    return scope


def misread(expr: Expr, texts: Iterable[str], notation: str = "auto") -> str:
    """Return what goes wrong where one of the texts is not read as this very object, else ""."""
    scope = scope_of(expr)
    for text in dict.fromkeys(texts):
        try:
            reading = read_expression(text, scope, shape=expr.shape, notation=notation)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is reported with its text
            return f"{text!r} is not read back: {type(problem).__name__} {problem}"
        if reading.expr is not expr:
            again = "nothing" if reading.expr is None else unicode_text(reading.expr)
            return f"{text!r} is read back as {again!r}"
    return ""


def reads_back(expr: Expr) -> str:
    """Return "" where both printed forms, long and brief, are read as the same object, else what went wrong."""
    return misread(expr, [write(expr, brief=brief) for write in (unicode_text, ascii_text) for brief in (False, True)])
