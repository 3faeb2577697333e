"""What is known of the names of a statement while its trees are resolved, and what resolving them offers."""

from __future__ import annotations

from abc import ABC, abstractmethod

from mcalc.notation.surface.syntax import Noting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mcalc.notation.names.scope import Scope
    from mcalc.notation.names.spines import Found
    from mcalc.notation.surface.syntax import Node, Token


class Names(Noting, ABC):
    """What is known of the names of one statement, whose trees are resolved by `single`, `pieces` and the like."""

    def __init__(self, text: str, scope: Scope, extra: Iterable[str], notes: list[str]) -> None:
        self.text = text
        self.scope = scope
        self.notes = notes
        self.by = {*extra}
        """What is differentiated by, and other names that are known to be variables."""
        self.variables = {*scope.variables, *scope.definitions, *self.by}
        self.known = {*self.variables, *scope.sizes, *scope.functions, *scope.maps}
        self.heads: set[str] = set()
        """What stands before a bracket."""
        self.undefined: set[str] = set()
        """Functions that nobody defined."""
        self.labels: set[str] = set()
        """Subscripts."""
        self.d_is_name = "d" in self.known
        """Whether d is a variable, as it is beside one that nothing follows: d (|r| - d/2)."""
        self.running: set[str] = set()
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
        self.used: set[str] = set()
        self.longest = 0

    def is_variable(self, name: str) -> bool:
        """Say whether a name is a declared or defined variable, or one that the statement differentiates by."""
        return name in self.variables

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
