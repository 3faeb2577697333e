"""The computation graph of a function: what it goes through from the variable to its value, and the local Jacobians."""

from __future__ import annotations

from typing import NamedTuple

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.intermediates import Intermediate, intermediates, used_in
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, rebuild

DIRECTIONS = ("forward", "backward")


class Edge(NamedTuple):
    """That one step uses another: `local` is the derivative of the step's definition by what it uses, all else fixed.

    It is None where a step sums what runs with an index, of which there is one derivative for each.
    """

    source: Expr
    target: Expr
    local: Expr | None


class Graph:
    """The steps from a variable to a value, innermost first, with an edge wherever one uses another.

    `gathered` has, for each name, what the chain rule has put together when it gets there: in ``forward`` direction the
    derivative of that step by the variable, in ``backward`` direction that of the value by that step.

    >>> from mcalc.operators.elementwise import SIN
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.expr import make
    >>> graph = Graph(make(SIN, (make(SIN, (symbol("x"),)),)), symbol("x"))
    >>> [edge.source.attr[0] for edge in graph.edges], graph.output.attr[0]
    (['x', 'u_1'], 'y')
    """

    __slots__ = ("body", "direction", "edges", "gathered", "steps", "variable")

    def __init__(self, body: Expr, variable: Expr, direction: str = "backward") -> None:
        self.body = body
        self.variable = variable
        self.direction = direction
        self.steps: list[Intermediate] = intermediates(body, variable)
        names = {variable: False, **{step.symbol: step.running for step in self.steps}}
        self.edges = [
            Edge(source, step.symbol, None if names[source] and not step.running else _slope(step.definition, source))
            for step in self.steps
            for source in used_in(step.definition, names)
        ]
        self.gathered: dict[Expr, Expr | None] = {}
        for place, step in enumerate(self.steps[:-1] if direction == "backward" else self.steps):
            if direction == "forward":
                self.gathered[step.symbol] = _slope(step.told, variable)
            else:
                later = self.steps[place + 1 :]
                summed = any([step.running and not one.running for one in later])
                self.gathered[step.symbol] = None if summed else _slope(_from(later), step.symbol)

    @property
    def output(self) -> Expr:
        """The name of the value; the variable itself, where nothing is done to it."""
        return self.steps[-1].symbol if self.steps else self.variable

    def before(self, symbol: Expr) -> set[Expr]:
        """Return all that a step depends on, and the step itself."""
        found: set[Expr] = set()
        waiting = [symbol]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += [edge.source for edge in self.into(one)]
        return found

    def into(self, target: Expr) -> list[Edge]:
        """Return the edges that end in a step."""
        return [edge for edge in self.edges if edge.target is target]


def _slope(expr: Expr, by: Expr) -> Expr | None:
    """Return a derivative; None where it has none that can be written."""
    try:
        return derivative_of(expr, [by])
    except (Mistake, ShapeError):
        return None


def _from(steps: list[Intermediate]) -> Expr:
    """Return the last of some steps as a function of what comes before the first of them."""
    values: dict[Expr, Expr] = {}
    for step in steps:
        values[step.symbol] = rebuild(step.definition, lambda node, args: values.get(node))
    return values[steps[-1].symbol]
