"""An exported function: its arguments, and the array code of what it returns."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.adjugates import with_adjugates
from mcalc.calculus.sample_sums import with_matrices
from mcalc.export.code import Code, as_number
from mcalc.export.identifiers import identifiers, plain_name, written
from mcalc.export.inverses import solved
from mcalc.export.lowering import Lowering
from mcalc.export.stable import stable
from mcalc.expr import Expr
from mcalc.expr import walk as walk_expr
from mcalc.operators.leaves import SIZE


class Output:
    """One thing that a function returns: what it is called, and its expression."""

    __slots__ = ("expr", "name")

    def __init__(self, name: str, expr: Expr) -> None:
        self.name = name
        self.expr = expr


class Function:
    """A function of some variables that returns one or several expressions.

    `about` is its docstring, line by line; :func:`~mcalc.export.languages.source` is its text.
    """

    def __init__(
        self,
        name: str,
        variables: Sequence[Expr],
        outputs: Sequence[Output],
        about: Sequence[str] = (),
        *,
        actions: Sequence[tuple[str, Expr | None, Expr]] = (),
    ) -> None:
        self.name = name
        self.variables = list(variables)
        self.outputs = list(outputs)
        self.about = list(about)
        sizes = [n for v in self.variables for dim in v.shape for n in dim.names]
        nodes = list(walk_expr(*[out.expr for out in self.outputs]))
        dims = [dim for node in nodes for dim in (*node.shape, *([node.attr] if node.op is SIZE else []))]
        used = [name for dim in dims for name in dim.names]
        self.sizes = identifiers(dict.fromkeys([*sizes, *used]))
        arguments = [variable.attr[0] for variable in self.variables]
        self.names = identifiers(arguments, [*self.sizes.values(), name])
        inputs = {v: Code("input", (), self.names[v.attr[0]], v.shape) for v in self.variables}
        low = Lowering(inputs)
        self.codes = (
            [as_number(low.code(stable(with_adjugates(with_matrices(out.expr))))) for out in self.outputs]
            if not actions
            else []
        )
        self.inputs = inputs
        self.actions: list[tuple[str, Code | None, Code]] = []
        for action, vector, result in actions:
            formal = None
            if vector is not None:
                formal = Code("input", (), vector.attr[0], vector.shape)
                low.values[vector] = formal
            self.actions.append((action, formal, as_number(low.code(stable(with_adjugates(result))))))
        self.codes = solved(self.codes)
        self.all_codes = [*self.codes, *[code for _, _, code in self.actions]]

    @property
    def arguments(self) -> list[str]:
        """The names of the arguments in code."""
        return [self.names[variable.attr[0]] for variable in self.variables]

    def written_sizes(self) -> set[str]:
        """Return the names of sizes that the code writes down."""
        found = written(self.all_codes)
        if self.actions:
            found.update([name for dim in self.all_codes[-1].shape for name in dim.names])
        return found

    def free_sizes(self) -> list[str]:
        """Return the sizes in use that no argument has, by their names: they are arguments themselves, at the end."""
        known = {plain_name(dim) for variable in self.variables for dim in variable.shape}
        return sorted(self.written_sizes() - known)
