"""What is declared and defined, and what reading one statement gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Dim, walk

if TYPE_CHECKING:
    from mcalc.expr import Expr
    from mcalc.notation.latex.macros import Macro
    from mcalc.notation.syntax import Node


class Function:
    """A function that the user defined: its parameters, its body as it was written, and what it looked like."""

    __slots__ = ("body", "name", "parameters", "text")

    def __init__(self, name: str, parameters: tuple[str, ...], body: Node, text: str) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.text = text


class Scope:
    """The names that a statement may use: variables, sizes, definitions and functions, in order of appearance.

    `outdated` are definitions, each with the name in it that has another meaning by now. `orders` are the numbers of
    axes of names that nothing declares, where the values given for them say it. `macros` are those that were defined
    in LaTeX. `line` is the line of the statement being read, which a declaration remembers in `origins` for messages;
    `copy` gives a scope to try a statement on.

    >>> from mcalc.operators.leaves import symbol
    >>> scope = Scope()
    >>> scope.variables["x"] = symbol("x")
    >>> "x" in scope.names(), "x" in Scope().names()
    (True, False)
    """

    __slots__ = ("definitions", "functions", "line", "macros", "orders", "origins", "outdated", "sizes", "variables")

    def __init__(self) -> None:
        self.variables: dict[str, Expr] = {}
        self.sizes: dict[str, Dim] = {}
        self.definitions: dict[str, Expr] = {}
        self.functions: dict[str, Function] = {}
        self.origins: dict[str, str] = {}
        self.outdated: dict[str, str] = {}
        self.orders: dict[str, int] = {}
        self.line: int | None = None
        self.macros: dict[str, Macro] = {}

    def copy(self) -> Scope:
        """Return a scope with the same names, which may go its own way."""
        other = Scope()
        other.variables = self.variables.copy()
        other.sizes = self.sizes.copy()
        other.definitions = self.definitions.copy()
        other.functions = self.functions.copy()
        other.origins = self.origins.copy()
        other.outdated = self.outdated.copy()
        other.orders = self.orders.copy()
        other.line = self.line
        other.macros = self.macros.copy()
        return other

    def names(self) -> set[str]:
        """Return all names that mean something."""
        return {*self.variables, *self.sizes, *self.definitions, *self.functions}

    def assume(self, name: str, variable: Expr) -> None:
        """Take in a variable that nothing declares, with the sizes in its shape."""
        self.variables[name] = variable
        self.origins[name] = "assumed"
        for dim in variable.shape:
            for size in dim.names:
                self.sizes.setdefault(size, Dim.named(size))

    def forget(self, name: str) -> None:
        """Take a name out, whatever it was, to give it another meaning; sizes stay."""
        for table in (self.variables, self.definitions, self.functions, self.outdated):
            table.pop(name, None)

    def outdate(self, variable: Expr) -> None:
        """Remember which definitions were made with a variable whose name means something else from now on."""
        for name, value in self.definitions.items():
            if any([node is variable for node in walk(value)]):
                self.outdated[name] = variable.attr[0]


class Reading:
    """What a statement says: its kind and, by kind, an expression, a name, or the sides of a claim.

    `kind` is "expression", "derivative", "definition", "function", "declaration", "claim" or "empty". `assumed` are the
    shapes that were assumed, as text and, in `symbols`, as variables; `notes` are the choices made in reading. `scope`
    is the scope after the statement, and `names` what each name of the statement stands for. `pasted` is what a
    statement in LaTeX says in mcalc's own notation.
    """

    __slots__ = ("assumed", "expr", "kind", "name", "names", "notes", "pasted", "scope", "sides", "symbols")

    def __init__(self, kind: str, scope: Scope) -> None:
        self.kind = kind
        self.scope = scope
        self.expr: Expr | None = None
        self.name: str | None = None
        self.sides: list[Expr] = []
        self.assumed: list[str] = []
        self.symbols: list[Expr] = []
        self.notes: list[str] = []
        self.names: dict[str, Expr] = {}
        self.pasted: str | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or ''}{self.expr!r}>"
