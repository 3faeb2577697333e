"""What a derivative is exported as: which functions, under which names, and a test that goes with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.export.dialects import DIALECTS
from mcalc.export.function import OTHERS, Function, Output
from mcalc.export.operator import actions
from mcalc.export.selftest import selftest
from mcalc.expr import Expr, walk

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS = (*DIALECTS, *OTHERS)
PARTS = ("value", "grad", "hess")


def kind_of(body: Expr, variables: Sequence[Expr], order: int) -> str:
    """Return what a derivative is called: gradient, Jacobian, Hessian."""
    if order > 1:
        return "hessian" if order == 2 and not body.shape else f"derivative_{order}"
    if not body.shape:
        return "gradient" if len(variables) > 1 or variables[0].shape else "derivative"
    return "jacobian"


class Exporter:
    """Writes the code of one derivative; `write` prints an expression in the docstrings.

    `symbols` are the arguments in their order of appearance; those that nothing needs are left out.
    """

    def __init__(
        self,
        body: Expr,
        variables: Sequence[Expr],
        order: int,
        result: Expr,
        symbols: Sequence[Expr],
        write: Callable[[Expr], str],
    ) -> None:
        self.body = body
        self.variables = variables
        self.order = order
        self.result = result
        self.symbols = symbols
        self.write = write

    def function(self, parts: Sequence[str] = (), *, as_operator: bool = False) -> Function:
        """Return the function for some parts: ``value``, ``grad``, ``hess``; without any, the derivative itself."""
        wrong = next((part for part in parts if part not in PARTS), None)
        if wrong is not None:
            raise Mistake("E-USAGE", f"there is no part {wrong!r}", hint=f"one of {', '.join(PARTS)}")
        kind = kind_of(self.body, self.variables, self.order)
        outputs = [Output(part, self.part(part)) for part in parts] or [Output(kind, self.result)]
        used = {node for out in outputs for node in walk(out.expr) if node.op.name == "symbol"}
        used |= {node for node in walk(self.body) if node.op.name == "symbol"}
        arguments = [s for s in self.symbols if s in used]
        name = "_and_".join([{"grad": "gradient", "hess": "hessian"}.get(part, part) for part in parts]) or kind
        about = self.about(outputs)
        if as_operator:
            if parts:
                raise Mistake("E-USAGE", "an operator is of the derivative alone", hint="leave out the parts")
            taken = {s.attr[0] for s in arguments}
            made = actions(self.result, taken)
            return Function(f"{kind}_operator", arguments, outputs, about, actions=made)
        return Function(name, arguments, outputs, about)

    def part(self, part: str) -> Expr:
        """Return the value, its first or its second derivative."""
        if part == "value":
            return self.body
        wanted = 1 if part == "grad" else 2
        if wanted == self.order:
            return self.result
        found = self.body
        for _ in range(wanted):
            found = derivative_of(found, self.variables)
        return found

    def about(self, outputs: Sequence[Output]) -> list[str]:
        """Return the docstring: the formulas, what the arguments are, and how the result is laid out."""
        by = ", ".join([self.write(variable) for variable in self.variables])
        lines: list[str] = []
        for out in outputs:
            of = self.write(self.body)
            name = {"value": "value", "grad": "gradient", "hess": "hessian"}.get(out.name, out.name)
            said = f"{of}" if out.name == "value" else f"of {of} by {by}: {self.write(out.expr)}"
            lines.append(f"{name.capitalize()} {said}" if out.name != "value" else f"Value: {said}")
        shapes = [" × ".join([str(dim) for dim in out.expr.shape]) or "a number" for out in outputs]
        if len(outputs) > 1:
            lines.append(f"Returns a tuple of shapes {'; '.join(shapes)}, axes of the output first (numerator layout).")
        else:
            lines.append(f"Returns {shapes[0]}, axes of the output first, then of the variable (numerator layout).")
        return [lines[0], "", *lines[1:]]

    def source(self, target: str, parts: Sequence[str] = (), *, as_operator: bool = False) -> str:
        """Return the code in a target language.

        Raises :class:`~mcalc.errors.Mistake` for a target that is not known, or lacks what the code needs.
        """
        if target not in TARGETS:
            raise Mistake("E-USAGE", f"there is no target {target!r}", hint=f"one of {', '.join(TARGETS)}")
        return self.function(parts, as_operator=as_operator).source(target)

    def test_source(self, target: str, module: str, parts: Sequence[str] = ()) -> str:
        """Return a program that checks the code of a module against differences of the value."""
        function = self.function(parts)
        value = Function("value", function.variables, [Output("value", self.body)])
        orders = [("value", "grad", "hess").index(part) for part in parts] or [self.order]
        by = [function.names[variable.attr[0]] for variable in self.variables if variable.op.name == "symbol"]
        return selftest(function, value, target, module, by, orders)
