"""An exported function: its arguments, what it returns, and its source in one of the target languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcalc.calculus.adjugates import with_adjugates
from mcalc.calculus.sample_sums import with_matrices
from mcalc.errors import Mistake
from mcalc.export.c import c_source
from mcalc.export.code import Code, as_number, walk
from mcalc.export.dialects import DIALECTS, JAX
from mcalc.export.inverses import solved
from mcalc.export.julia import julia_source
from mcalc.export.lowering import Lowering
from mcalc.export.names import identifiers
from mcalc.export.python_function import python_source
from mcalc.export.sizes import plain_name, written
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

    `about` is its docstring, line by line. `source(target)` is its text. Raises :class:`~mcalc.errors.Mistake` for
    what a target cannot do.
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

    def source(self, target: str = "numpy") -> str:
        """Return the whole text: imports, helpers, and the function."""
        solves = next((code for code in walk(*self.all_codes) if code.op == "solution"), None)
        if solves is not None and target not in ("numpy", "jax"):
            raise Mistake("E-UNSUPPORTED", f"{target} has no {solves.attr}", hint="--to numpy or jax")
        if target in DIALECTS:
            return python_source(self, DIALECTS[target])
        if self.actions:
            raise Mistake("E-UNSUPPORTED", f"{target} has no operators", hint="--to numpy, jax or torch")
        return OTHERS[target](self)

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

    def compiled(self, target: str = "numpy") -> Any:
        """Return the function itself, made from its source; with JAX it is compiled when it is first called."""
        if target not in DIALECTS:
            raise Mistake("E-UNSUPPORTED", f"{target} is not run from Python", hint=f"one of {', '.join(DIALECTS)}")
        space: dict[str, Any] = {}
        # The source is mcalc's own, made of checked names and operations: nothing that was typed is in it as it was.
        exec(compile(self.source(target), f"<{self.name} by mcalc>", "exec"), space)  # noqa: S102 - see above
        made = space[self.name]
        if DIALECTS[target] is not JAX or self.actions:
            return made
        return space["jax"].jit(made, static_argnames=[self.sizes[name] for name in self.free_sizes()])


OTHERS: dict[str, Callable[[Function], str]] = {"julia": julia_source, "c": c_source}
"""The targets that are not Python, and what writes them."""
