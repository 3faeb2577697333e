"""An exported function: its arguments, and the array code of what it returns, or of what an operator does.

An operator is a structured Jacobian as what it does: products with a vector from either side, its diagonal, the whole
array. Nothing n×n is made until `dense` asks for it; what does not depend on the vector is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from mcalc.calculus.basics.orientation import transposed
from mcalc.calculus.other_forms import with_matrices
from mcalc.calculus.singular_points import with_adjugates
from mcalc.dims import shape_text
from mcalc.errors import Mistake
from mcalc.export.code import Code, as_number
from mcalc.export.code_words import identifiers, plain_name, written
from mcalc.export.lowering import Lowering
from mcalc.export.stable import solved, stable
from mcalc.expr import Expr
from mcalc.expr import walk as walk_expr
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, add, mul, multiple
from mcalc.operators.leaves import SIZE, symbol
from mcalc.operators.linear import DIAG, MATMUL, diag, matmul


class Output(NamedTuple):
    """One thing that a function returns: what it is called, and its expression."""

    name: str
    expr: Expr


class Function:
    """A function of some variables that returns one or several expressions.

    `about` is its docstring, line by line; :func:`~mcalc.export.exported.source` is its text.
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

    def sizes_given(self, texts: Iterable[str]) -> Iterator[tuple[str, list[str], list[int]]]:
        """Yield what tells the sizes that some lines use: an argument, the names of its axes, and those that are new.

        An axis that tells nothing new is called ``_``.
        """
        words = {word for text in texts for word in re.findall(r"\w+", text)}
        wanted = {name for name, own in self.sizes.items() if own in words}
        for variable in self.variables:
            plain = [plain_name(dim) for dim in variable.shape]
            new = [name in wanted and name not in plain[:k] for k, name in enumerate(plain)]
            wanted -= set(plain)
            if any(new):
                bound = [self.sizes[name] if is_new else "_" for name, is_new in zip(plain, new, strict=True)]
                yield self.names[variable.attr[0]], bound, [k for k, is_new in enumerate(new) if is_new]


CLASS = '''class Operator:
    """A matrix known by what it does; `operator @ v` is its product with a vector."""

    def __init__(self, shape, matvec, rmatvec, diagonal, dense):
        self.shape = shape
        self.matvec = matvec
        self.rmatvec = rmatvec
        self.diagonal = diagonal
        self.dense = dense

    def __matmul__(self, v):
        return self.matvec(v)'''


def actions(matrix: Expr, taken: Collection[str]) -> list[tuple[str, Expr | None, Expr]]:
    """Return what an operator is made of: the name of each action, the vector it takes, and its result.

    Raises :class:`~mcalc.errors.Mistake` for what is no matrix.
    """
    if matrix.order != 2:
        raise Mistake(
            "E-UNSUPPORTED",
            f"an operator is of a matrix, not of a {shape_text(matrix.shape)}",
            hint="a vector by a vector, or a Hessian by a vector",
        )
    name = next(free_names({*names_in(matrix), *taken}, "vuz"))
    v, u = symbol(name, matrix.shape[1:]), symbol(name, matrix.shape[:1])
    found: list[tuple[str, Expr | None, Expr]] = [
        ("matvec", v, applied(matrix, v)),
        ("rmatvec", u, applied(transposed(matrix), u)),
    ]
    if matrix.shape[0] is matrix.shape[1]:
        found.append(("diagonal", None, matrix.args[0] if matrix.op is DIAG else diag(matrix)))
    found.append(("dense", None, matrix))
    return found


def applied(matrix: Expr, v: Expr) -> Expr:
    """Return A v with sums opened, so that no part of a sum has to be made as a whole.

    Algebra: (A + B) v = A v + B v; (c A) v = c (A v). Opens one sum or product, so it ends.
    """
    terms = matrix.args if matrix.op is ADD else (matrix,)
    if any([not term.shape for term in terms]):
        return matmul(matrix, v)
    parts: list[Expr] = []
    for term in terms:
        scalars, tensor = multiple(term)
        factors = tensor.args if tensor.op is MATMUL else (tensor,)
        parts.append(mul(*scalars, matmul(*factors, v)))
    return add(*parts)


def is_symmetric(variable: Expr) -> bool:
    """Say whether a variable is declared to be a symmetric matrix."""
    return variable.order == 2 and bool({"symmetric", "posdef"} & variable.attr[2])
