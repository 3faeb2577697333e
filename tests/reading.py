"""Reading back what was printed."""

from __future__ import annotations

import random
from collections.abc import Iterable

from mcalc.calculus.basics.running_indices import told_apart
from mcalc.dims import Dim
from mcalc.expr import Expr, rebuild, walk
from mcalc.notation import Scope, read_expression
from mcalc.notation.meaning.assumed import of_functions
from mcalc.notation.shapes.sizes import Sizes
from mcalc.operators.leaves import symbol
from mcalc.render.quotients import gathered
from mcalc.render.text import ascii as ascii_text
from mcalc.render.text import unicode as unicode_text


def scope_of(expr: Expr) -> Scope:
    """Return a scope in which the variables and the undefined functions of an expression are declared."""
    scope = Scope()
    for node in walk(expr):
        if node.op.name == "symbol":
            scope.variables[node.attr[0]] = node
        elif node.op.layout == "apply":
            scope.maps.update(of_functions([node], [node.attr.name]))
        scope.sizes.update(
            {
                name: Dim.named(name)
                for dim in (*node.shape, *([node.attr] if node.op.name == "size" else []))
                for name in dim.names
            }
        )
    return scope


def misread(expr: Expr, texts: Iterable[str], notation: str = "auto") -> str:
    """Return what goes wrong where one of the texts is not read as this very object, quotients gathered, else ""."""
    scope = scope_of(expr)
    expr = told_apart(gathered(expr, bars=False, slashes=notation != "latex"), scope.names())
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


SIZE_NAMES = ("i", "j", "k", "q", "T", "I", "N", "K", "d_in", "x")
VARIABLE_NAMES = (
    *"ijklpqstuvcdhITNCDGKRSVZδσλθΣℓ", "i_1", "j_k", "x_i", "y_j", "u_ij", "x_hat", "y_hat_k", "w_train",
    "θ_old", "λ_1", "loss", "S_n", "a_k", "X", "x_1",
)  # fmt: skip


def under_other_names(expr: Expr, seed: int) -> Expr:
    """Return an expression in which variables and sizes have names that indices have too, or that mean something else.

    Only names of sizes that the generator uses are replaced, so none of the new ones is replaced again.
    """
    choose = random.Random(seed)
    sizes = Sizes()
    new_sizes = choose.sample(SIZE_NAMES, 3)
    sizes.bound.update({old: Dim.named(new) for old, new in zip(("n", "m", "p"), new_sizes, strict=True)})
    letters = choose.sample([name for name in VARIABLE_NAMES if name not in new_sizes], len(VARIABLE_NAMES) - 3)
    called: dict[Expr, str] = {}

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op.name != "symbol":
            return None
        name = called.setdefault(node, letters[len(called) % len(letters)])
        return symbol(name, node.attr[1], node.attr[2])

    return sizes.resolve(rebuild(expr, change))
