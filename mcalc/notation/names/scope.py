"""What is declared and defined, what is known of the names of a statement, and what reading one gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake, Span
from mcalc.expr import Expr, walk
from mcalc.notation.names.spines import Found
from mcalc.notation.surface.syntax import Node, Noting, Token
from mcalc.operators.abstract import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.surface.tex import Tex


class Macro:
    """A macro: how many arguments it takes, what the first is where it is left out, and what it stands for."""

    def __init__(self, name: str, count: int, default: list[Tex] | None, body: list[Tex]) -> None:
        self.name = name
        self.count = count
        self.default = default
        self.body = body


class Signature:
    """The shapes of a function's arguments and of its value, and the properties of that."""

    def __init__(self, arguments: tuple[Shape, ...], out: Shape = (), properties: frozenset[str] = NOTHING) -> None:
        self.arguments = arguments
        self.out = out
        self.properties = properties

    @property
    def is_of_numbers(self) -> bool:
        """Whether all its arguments and its value are numbers."""
        return not self.out and not any(self.arguments)


class Function:
    """A function that the user defined: its parameters, its body as it was written, and what it looked like.

    `meanings` are those that the names in its body had when it was defined, which they keep in it; `fonts` are the
    orders that bold letters of its parameters hint at.
    """

    def __init__(
        self, name: str, parameters: tuple[str, ...], body: Node, text: str, meanings: Mapping[str, Expr | Function]
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.text = text
        self.meanings = meanings
        self.fonts: dict[str, int] = {}

    def hides(self, name: str) -> bool:
        """Say whether a name in its body means nothing outside: a parameter, or what had a meaning already."""
        return name in self.parameters or name in self.meanings

    def function(self, name: str) -> Function | None:
        """Return the function that a name in its body calls, if that is one of the user's."""
        found = self.meanings.get(name)
        return found if isinstance(found, Function) else None


ON_PAGE = "defined on this page"
"""Where a name comes from that another line of a page defines, which says what its differential is."""


class Scope:
    """The names that a statement may use: variables, sizes, definitions and functions, in order of appearance.

    `outdated` are definitions, each with the name in it that has another meaning by now; `made_with` are the
    meanings that the names in a definition had. `maps` are functions of which only shapes are known. `orders` are
    the numbers of axes of names that nothing declares, where values given for them, or words, say it, and `properties`
    what is said of such in words: that they are symmetric. `beside` are the trees of what is defined beside the
    statement being read, each after those that it is made of; `inlined` are trees that stand in place of their
    names. `macros` are those that were defined in LaTeX, and `fonts` the names that LaTeX had in some font: bold,
    of the order it hints at, or 0. `line` is the line of the statement being read, which a declaration remembers in
    `origins` for messages; `copy` gives a scope to try a statement on. `layout` is how the derivatives in a
    statement are laid out that make one with what stands beside them: "numerator", or "columns", where gradients
    alone are columns, or "denominator"; `moving` are names whose differentials stand on other lines of a page.

    >>> from mcalc.operators.leaves import symbol
    >>> scope = Scope()
    >>> scope.variables["x"] = symbol("x")
    >>> "x" in scope.names(), "x" in Scope().names()
    (True, False)
    """

    def __init__(self) -> None:
        self.variables: dict[str, Expr] = {}
        self.sizes: dict[str, Dim] = {}
        self.definitions: dict[str, Expr] = {}
        self.functions: dict[str, Function] = {}
        self.maps: dict[str, Signature] = {}
        self.origins: dict[str, str] = {}
        self.outdated: dict[str, str] = {}
        self.made_with: dict[str, Mapping[str, Expr | Function]] = {}
        self.orders: dict[str, int] = {}
        self.properties: dict[str, frozenset[str]] = {}
        self.line: int | None = None
        self.layout = "numerator"
        self.moving: frozenset[str] = frozenset()
        self.macros: dict[str, Macro] = {}
        self.fonts: dict[str, int] = {}
        self.beside: dict[str, Node] = {}
        self.inlined: dict[str, Node] = {}

    def copy(self) -> Scope:
        """Return a scope with the same names, which may go its own way."""
        other = Scope.__new__(Scope)
        vars(other).update({name: value.copy() if type(value) is dict else value for name, value in vars(self).items()})
        return other

    def on_line(self, line: int | None) -> Scope:
        """Return this scope for a statement on a line; it has the same tables, which reading leaves as they are."""
        other = Scope.__new__(Scope)
        vars(other).update(vars(self))
        other.line = line
        return other

    def names(self) -> set[str]:
        """Return all names that mean something."""
        return {*self.variables, *self.sizes, *self.definitions, *self.functions, *self.maps}

    def said(self) -> list[str]:
        """Return the names of which a declaration said what they are, and no size."""
        return list(dict.fromkeys([*self.properties, *self.orders]))

    def assume(self, name: str, variable: Expr) -> None:
        """Take in a variable that nothing declares, with the sizes in its shape."""
        self.variables[name] = variable
        self.origins[name] = "assumed"
        for dim in variable.shape:
            for size in dim.names:
                self.sizes.setdefault(size, Dim.named(size))

    def forget(self, name: str) -> None:
        """Take a name out, whatever it was, to give it another meaning; sizes stay."""
        for table in (self.variables, self.definitions, self.functions, self.maps, self.outdated, self.made_with):
            table.pop(name, None)

    def meaning(self, name: str) -> Expr | Function | None:
        """Return the definition, the variable or the function of a name; None where it has no meaning, or is a size."""
        return self.definitions.get(name) or self.variables.get(name) or self.functions.get(name)

    def earlier(self, meanings: Mapping[str, Expr | Function]) -> str:
        """Return the first name that has another meaning now than it has among some; "" where none has."""
        return next((name for name, meaning in meanings.items() if self.meaning(name) is not meaning), "")

    def outdate(self, variable: Expr) -> None:
        """Remember which definitions were made with a variable whose name means something else from now on."""
        for name, value in self.definitions.items():
            if any([node is variable for node in walk(value)]):
                self.outdated[name] = variable.attr[0]


class Reading:
    """What a statement says: its kind and, by kind, an expression, a name, or the sides of a claim.

    `kind` is "expression", "derivative", "definition", "function", "declaration", "claim" or "empty". `assumed` are the
    shapes that were assumed, as text and, in `symbols`, as variables; `notes` are the choices made in reading, and
    `conditions` what stands behind the formula and is left out, which a note says. `scope` is the scope after it,
    `names` what each name of the statement stands for, and `maps` what its undefined functions take and give. `pasted`
    is what a statement in LaTeX says in mcalc's own notation; `entrywise` are the functions that were applied to the
    entries of a square matrix and have another meaning for the matrix as a whole, such as exp, with their places.
    Where there is a second reading about as likely, `doubt` has it, after the mistake that is to be raised where the
    answer by it is another. `implicit` is a variable in it that an equation defines, and what that says to be 0.
    `twice` says that words around the formula ask for its second derivative.
    """

    def __init__(self, kind: str, scope: Scope) -> None:
        self.kind = kind
        self.scope = scope
        self.expr: Expr | None = None
        self.name: str | None = None
        self.sides: list[Expr] = []
        self.assumed: list[str] = []
        self.symbols: list[Expr] = []
        self.notes: list[str] = []
        self.conditions: list[str] = []
        self.names: dict[str, Expr] = {}
        self.maps: dict[str, Signature] = {}
        self.misfit: Mistake | None = None
        self.pasted: str | None = None
        self.doubt: tuple[Mistake, Reading] | None = None
        self.entrywise: list[tuple[str, Span]] = []
        self.implicit: tuple[Expr, Expr] | None = None
        self.twice = False

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or ''}{self.expr!r}>"


class Names(Noting, ABC):
    """What is known of the names of one statement, whose trees are resolved by `single`, `pieces` and the like."""

    def __init__(self, text: str, scope: Scope, extra: Iterable[str], notes: list[str]) -> None:
        self.text = text
        self.scope = scope
        self.notes = notes
        self.by = {*extra}
        """What is differentiated by, and other names that are known to be variables."""
        self.variables = {*scope.variables, *scope.definitions, *self.by}
        """The declared and defined variables, and those that the statement differentiates by."""
        self.known = {*self.variables, *scope.sizes, *scope.functions, *scope.maps}
        if scope.moving and "d" not in {*self.variables, *scope.functions, *scope.maps}:
            self.known.discard("d")  # the name of a size alone, beside differentials
        self.heads: set[str] = set()
        """What stands before a bracket."""
        self.called: set[str] = set()
        """What stands before a bracket that no factor has: around a name, or several arguments."""
        self.undefined: set[str] = set()
        """Functions that nobody defined."""
        self.labels: set[str] = set()
        """Subscripts."""
        self.d_is_name = "d" in self.known
        """Whether d is a variable, as it is beside one that nothing follows: d (|r| - d/2)."""
        self.running: set[str] = set()
        self.sets: set[str] = set()
        """The sets that sums run over, as they are called."""
        self.alone: set[str] = set()
        self.bases: dict[int, tuple[str, Node]] = {}
        """The bases of logarithms, as text and as trees, by where their names begin."""
        self.greek: list[Node] = []
        self.from_zero: set[str] = set()
        self.carried: list[int] = []
        """Where the terms end that a derivative at the end of the term before has taken: ∂/∂x - x²."""
        self.ones = False
        """Whether the vector of ones stands somewhere as 1ᵀ."""
        self.shifted: set[Node] = set()
        """What has a subscript that is a Greek letter, or two indices that spell one: pi."""
        self.runs: list[str] = []
        self.bracketed: list[str] = []
        """The runs of letters, as often as each stands somewhere, and as often as alone in brackets."""
        self.used: set[str] = set()
        self.lone: set[str] = set()
        """Letters that are functions before a bracket, and stand without one, too."""
        self.longest = 0
        self.ended: set[Node] = set()
        """The derivatives and sums over something, as has been seen."""

    @abstractmethod
    def pieces(self, run: Node, *, call: bool = False) -> list[Node]:
        """Return the names that a run of letters is made of."""

    @abstractmethod
    def single(self, node: Node, *, term: bool = False) -> Node:
        """Return a part that stands alone, resolved."""

    @abstractmethod
    def grouped(self, bracket: Node) -> Node:
        """Return what a bracket around one thing holds, resolved."""

    @abstractmethod
    def settle(self, bracket: Node) -> None:
        """Resolve the arguments in a bracket."""

    @abstractmethod
    def element(self, node: Node) -> tuple[list[Node], Sequence[Token]]:
        """Return a part of a chain that begins nothing, resolved, with the signs between its pieces."""

    @abstractmethod
    def begins(self, parts: list[Node], ops: list[Token], place: int, part: Node) -> Found | None:
        """Return what a derivative, a sum or a function without brackets that begins at a place is, if one does."""
