"""What is known on a page: names that it defines, which are variables to its lines, and what these are read with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.checking.page_names import Names
from mcalc.errors import Mistake
from mcalc.expr import shape_text, walk
from mcalc.notation import read
from mcalc.notation.meaning.moving import ON_PAGE
from mcalc.notation.surface.words import clip, is_function
from mcalc.operators.blocks import block
from mcalc.operators.derivative import DERIVATIVE
from mcalc.operators.leaves import SYMBOL, symbol
from mcalc.operators.linear import transpose

if TYPE_CHECKING:
    from mcalc.expr import Expr
    from mcalc.notation import Reading, Scope
    from mcalc.notation.surface.syntax import Name


class Known:
    """A scope, with the forms that the page gives its names, derivatives in some layout.

    `rows` are the names of rows, whose variable is the column; `assumed` are variables that nothing declares.
    """

    def __init__(self, scope: Scope, layout: str) -> None:
        self.scope = scope.copy()
        self.layout = layout
        self.names = Names()
        self.rows: set[str] = set()
        self.assumed: list[Expr] = []

    def is_known(self, name: Name) -> bool:
        """Say whether a name has a meaning on the page, or in the table of functions."""
        known = self.scope.names()
        return name.full in known or name.base in known or is_function(name.full) or not name.full.isalpha()

    def has_meaning(self, name: str) -> bool:
        """Say whether the page, or what was declared for it, gives a name a meaning."""
        return name in self.scope.variables or name in self.scope.definitions or name in self.scope.functions

    def only_variable(self, name: str) -> str | None:
        """The one variable that a name of the page depends on; None where it is no number, or depends on several."""
        symbol_ = self.scope.variables.get(name)
        if symbol_ is None or symbol_ not in self.names.forms or symbol_.shape:
            return None
        return _only_name(self.names.expanded(symbol_))

    def only_argument(self, name: str) -> str | None:
        """The one variable that a name of the page is made of; None where it is no name of the page.

        Raises:
            Mistake: `E-NAME`, where it is made of several.
        """
        variable = self.scope.variables.get(name)
        if variable is None or variable not in self.names.forms:
            return None
        made_of: list[str] = sorted({node.attr[0] for node in walk(self.names.expanded(variable)) if node.op is SYMBOL})
        if len(made_of) != 1:
            offers = " or ".join([f"∇_{one} {name}" for one in made_of[-3:]])
            raise Mistake("E-NAME", f"∇{name} by which variable?", hint=f"write {offers}" if offers else "")
        return made_of[0]

    def variable_in(self, text: str, notation: str) -> str | None:
        """The one variable in a text that is a number; None where it is no number, or has several."""
        try:
            expr = read(text, self.scope, notation=notation).expr
        except Mistake:
            return None
        return _only_name(self.names.expanded(expr)) if expr is not None and not expr.shape else None

    def keep(self, reading: Reading) -> None:
        """Keep the variables that a line was read with and nothing declares."""
        for name, variable in reading.names.items():
            if name not in self.scope.names():
                self.scope.assume(name, variable)
                self.assumed.append(variable)

    def is_open(self, name: str) -> bool:
        """Say whether a name is a variable that the page has given no meaning yet."""
        variable = self.scope.variables.get(name)
        return variable is not None and variable not in self.names.forms

    def define(self, name: str, expr: Expr, before: Expr | None = None) -> None:
        """Let a name be a variable that stands for an expression; of a row it is the column.

        Raises:
            Mistake: `E-SHAPE`, where the name has another shape already.
        """
        if any([node.op is DERIVATIVE for node in walk(expr)]):
            expr = self.names.settled(expr, layout=self.layout)
        row = expr.is_row and expr.order == 1
        form = transpose(expr) if row else expr
        if before is not None and before.shape != form.shape:
            shapes = [shape_text(value.shape) for value in (before, form)]
            raise Mistake("E-SHAPE", f"{clip(name)} is a {shapes[0]}, and this is a {shapes[1]}")
        variable = before if before is not None else symbol(name, form.shape)
        self.scope.variables[name] = variable
        self.scope.origins[name] = ON_PAGE
        for dim in variable.shape:
            for size in dim.names:
                self.scope.sizes.setdefault(size, type(dim).named(size))
        if row:
            self.rows.add(name)
            self.scope.definitions[name] = transpose(variable)
            del self.scope.variables[name]
        self.names.define(variable, form)

    def stack(self, used: set[str]) -> None:
        """Let f be [f₁; f₂], where it is used, the page defines its entries and nothing says what it is."""
        for name in sorted(used - self.scope.names()):
            parts = [self.scope.variables.get(f"{name}_{k}") for k in range(1, 10)]
            entries = [part for part in parts[: parts.index(None)] if part in self.names.forms and not part.shape]
            if name and len(entries) > 1 and len(entries) == parts.index(None):
                self.define(name, block(len(entries), 1, *entries))


def _only_name(expr: Expr) -> str | None:
    """Return the name of the one variable in an expression, if that is a number."""
    found = {node for node in walk(expr) if node.op is SYMBOL}
    return found.pop().attr[0] if len(found) == 1 and not next(iter(found)).shape else None
