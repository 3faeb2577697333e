"""What a derivative is exported as: which functions, in which languages, and a test that goes with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from keyword import iskeyword
from sys import stdlib_module_names
from typing import Any

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.remarks import remarks
from mcalc.calculus.singular_points import taken_at_zero
from mcalc.choices import one_of
from mcalc.dims import Shape
from mcalc.errors import Mistake
from mcalc.export.c import c_selftest, c_source
from mcalc.export.code import walk
from mcalc.export.code_words import DIALECTS, JAX, in_quotes
from mcalc.export.function import Function, Output, actions, is_symmetric
from mcalc.export.julia import julia_selftest, julia_source
from mcalc.export.python_function import python_source
from mcalc.export.python_solutions import targets
from mcalc.expr import Expr
from mcalc.expr import walk as walk_expr
from mcalc.operators.leaves import symbols_in
from mcalc.operators.structures import SYMMETRIC, structure_of

PARTS = ("value", "grad", "hess")
CALLED = {"grad": "gradient", "hess": "Hessian", "hessian": "Hessian", "jacobian": "Jacobian"}
LIBRARIES = frozenset({"array_api_compat", "jax", "numpy", "torch"})
WIDTH = 100
"""Of a line of a docstring."""


def kind_of(body: Expr, variables: Sequence[Expr], order: int) -> str:
    """Return what a derivative is called: gradient, Jacobian, Hessian."""
    if order > 1:
        return "hessian" if order == 2 and not body.shape else f"derivative_{order}"
    if not body.shape:
        return "gradient" if len(variables) > 1 or variables[0].shape else "derivative"
    return "jacobian"


def _shape_words(shape: Shape) -> str:
    """What is said of a shape: a number, a vector of n, a matrix of N × n."""
    if not shape:
        return "a number"
    sizes = " × ".join([f"({dim})" if len(shape) > 1 and " " in str(dim) else str(dim) for dim in shape])
    return f"{('a vector', 'a matrix')[len(shape) - 1] if len(shape) < 3 else 'an array'} of {sizes}"


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
        structured: str = "projected",
    ) -> None:
        self.body = body
        self.variables = variables
        self.order = order
        self.result = result
        self.symbols = symbols
        self.write = write
        self.structured = structured

    def function(self, parts: Sequence[str] = (), *, as_operator: bool = False) -> Function:
        """Return the function for some parts: ``value``, ``grad``, ``hess``; without any, the derivative itself.

        Raises:
            Mistake: `E-USAGE`, for an unknown part, or an operator of more than the derivative.
        """
        for part in parts:
            one_of(PARTS, "part", part)
        kind = kind_of(self.body, self.variables, self.order)
        shown = [Output(part, self.part(part)) for part in parts] or [Output(kind, self.result)]
        outputs = [Output(out.name, out.expr if out.name == "value" else self.numbers(out.expr)) for out in shown]
        used = {node for out in outputs for node in walk_expr(out.expr) if node.op.name == "symbol"}
        used |= set(symbols_in(self.body))
        arguments = [s for s in self.symbols if s in used]
        name = "_and_".join([{"grad": "gradient", "hess": "hessian"}.get(part, part) for part in parts]) or kind
        if as_operator:
            if parts:
                raise Mistake("E-USAGE", "an operator is of the derivative alone", hint="leave out the parts")
            made = actions(outputs[0].expr, {s.attr[0] for s in arguments})
            function = Function(f"{kind}_operator", arguments, outputs, actions=made)
        else:
            function = Function(name, arguments, outputs)
        function.about = self.about(function, shown)
        return function

    def part(self, part: str) -> Expr:
        """Return the value, its first or its second derivative.

        Raises:
            Mistake: `E-UNSUPPORTED`, for a Hessian by several variables.
        """
        if part == "value":
            return self.body
        wanted = 1 if part == "grad" else 2
        if wanted == self.order:
            return self.result
        if wanted > 1 and len(self.variables) > 1:
            raise Mistake(
                "E-UNSUPPORTED", "the Hessian is by one variable", hint=f"--wrt {self.write(self.variables[0])}"
            )
        found = self.body
        for _ in range(wanted):
            found = derivative_of(found, self.variables, structured=self.structured)
        return found

    def numbers(self, derivative: Expr) -> Expr:
        """Return a derivative as it is worked out in numbers: 0 where it is said to be taken as 0."""
        return taken_at_zero(self.body, derivative)[0]

    def about(self, function: Function, outputs: Sequence[Output]) -> list[str]:
        """Return the docstring: the formulas, what the arguments are, how the result is laid out, and the kinks."""
        called = [CALLED.get(out.name, out.name) for out in outputs]
        what = f"{', '.join(called[:-1])} and {called[-1]}" if len(called) > 1 else called[0]
        what = what.replace("derivative_", "derivative of order ")
        by = "" if called == ["value"] else f" by {', '.join([self.write(variable) for variable in self.variables])}"
        lines = [f"{what[0].upper()}{what[1:]} of {self.write(self.body)}{by}.", ""]
        if len(outputs) > 1:
            lines += [f"{name} = {self.write(out.expr)}" for name, out in zip(called, outputs, strict=True)]
        elif by:
            lines.append(f"It is {self.write(outputs[0].expr)}.")
        given = [f"{function.names[v.attr[0]]}, {_shape_words(v.shape)}" for v in function.variables]
        lines += ([""] if lines[-1] else []) + ([f"Arguments: {'; '.join(given)}."] if given else [])
        layout = ""
        if any([out.name != "value" and out.expr.shape for out in outputs]):
            layout = "; axes of the output first, then of the variable (numerator layout)"
            if len(self.variables) > 1:
                layout = "; axes of the output first, then one with the variables side by side"
        lines.append(f"Returns {', '.join([_shape_words(out.expr.shape) for out in outputs])}{layout}.")
        lines += [f"{note[0].upper()}{note[1:]}." for note in remarks(self.body, self.variables, self.write)]
        from textwrap import wrap

        return [part for line in lines for part in (wrap(line, WIDTH, subsequent_indent="    ") or [""])]

    def source(self, target: str, parts: Sequence[str] = (), *, as_operator: bool = False) -> str:
        """Return the code in a target language.

        Raises :class:`~mcalc.errors.Mistake` for a target that is not known, or lacks what the code needs.
        """
        one_of(TARGETS, "target", target)
        return source(self.function(parts, as_operator=as_operator), target)

    def compiled(self, target: str = "numpy", parts: Sequence[str] = (), *, as_operator: bool = False) -> Any:
        """Return the function itself, ready to be called."""
        return compiled(self.function(parts, as_operator=as_operator), target)

    def test_source(self, target: str, file: str, parts: Sequence[str] = ()) -> str:
        """Return a program that checks the code in a file, by its name, against differences of the value.

        Raises:
            Mistake: `E-FILE`, where no program can load a file of that name; `E-UNSUPPORTED`, where there is no test.
        """
        module, _, ending = file.rpartition(".")
        if ending == "py" and (module in stdlib_module_names or module in LIBRARIES):
            said = f"{file} would hide the module {module} from all code beside it"
            raise Mistake("E-FILE", said, hint=f"another name, such as {module}_gradient.py")
        for structure in [found for v in self.variables if (found := structure_of(v)) is not None]:
            if structure is not SYMMETRIC or self.structured != "projected":
                said = f"a test by differences is not written where a variable is {structure.said}"
                hint = "--structured projected, by a symmetric matrix" if structure is SYMMETRIC else "the code is"
                raise Mistake("E-UNSUPPORTED", said, hint=hint)
        function = self.function(parts)
        value = Function("value", function.variables, [Output("value", self.body)])
        orders = [("value", "grad", "hess").index(part) for part in parts] or [self.order]
        by = [function.names[variable.attr[0]] for variable in self.variables if variable.op.name == "symbol"]
        if target in OTHERS:
            written = OTHERS[target][1]
            if written is None:
                raise Mistake("E-UNSUPPORTED", f"no test is written in {target}", hint="the code is")
            return written(function, value, file, by, orders)
        return selftest(function, value, target, file, by, orders)


OTHERS: dict[str, tuple[Callable[[Function], str], Callable[..., str] | None]] = {
    "julia": (julia_source, julia_selftest),
    "c": (c_source, c_selftest),
}
"""The targets that are not Python: what writes a function, and the test that goes with it, if there is one."""
TARGETS = (*DIALECTS, *OTHERS)


def source(function: Function, target: str = "numpy") -> str:
    """Return the whole text of a function: imports, helpers, and the function.

    Raises :class:`~mcalc.errors.Mistake` for what a target cannot do.
    """
    for code in walk(*function.all_codes):
        if code.op == "solution" and target not in targets(code.attr):
            hint = "--to " + " or ".join(targets(code.attr)[:2])
            raise Mistake("E-UNSUPPORTED", f"{target} has no {code.attr}", hint=hint)
    if target in DIALECTS:
        return python_source(function, DIALECTS[target])
    if function.actions:
        raise Mistake("E-UNSUPPORTED", f"{target} has no operators", hint="--to numpy, jax or torch")
    return OTHERS[target][0](function)


def compiled(function: Function, target: str = "numpy") -> Any:
    """Return the function itself, made from its source; with JAX it is compiled when it is first called.

    Raises:
        Mistake: `E-UNSUPPORTED`, for a target that is not run from Python.
    """
    if target not in DIALECTS:
        raise Mistake("E-UNSUPPORTED", f"{target} is not run from Python", hint=f"one of {', '.join(DIALECTS)}")
    space: dict[str, Any] = {}
    # The source is mcalc's own, made of checked names and operations: nothing that was typed is in it as it was.
    exec(compile(source(function, target), f"<{function.name} by mcalc>", "exec"), space)  # noqa: S102 - see above
    made = space[function.name]
    if DIALECTS[target] is not JAX or function.actions:
        return made
    return space["jax"].jit(made, static_argnames=[function.sizes[name] for name in function.free_sizes()])


TEXT = '''"""Checks {shown} against central differences, at one random point: python {test}"""
{imports}
{loaded}


{value}

def differences(function, at, order):
    """Return a derivative of a function by one array, of order 0, 1 or 2, by central differences."""
    if order == 0:
        return np.asarray(function(at), dtype=float)
    step = 1e-5 if order == 1 else 1e-3
    columns = []
    for place in np.ndindex(at.shape):
        sides = []
        for sign in (1, -1):
            moved = at.copy()
{moving}
            sides.append(differences(function, moved, order - 1))
        columns.append((sides[0] - sides[1]) / (2 * step))
    return np.reshape(np.stack(columns, axis=-1), (*columns[0].shape, *at.shape))


def test_{name}():
    rng = np.random.default_rng(0)
    arguments = {{
{arguments}
    }}
    results = {name}({call})
    for found, order in zip({results}, {orders}):
        wanted = []
        for name in {by} if order else {by}[:1]:
            at = np.asarray(arguments[name], dtype=float)
            wanted.append(differences(lambda moved: value(**{{**arguments, name: moved}}), at, order))
        if len(wanted) > 1:
            wanted = [np.reshape(part, (*np.shape(value(**arguments)), -1)) for part in wanted]
        whole = wanted[0] if len(wanted) == 1 else np.concatenate(wanted, axis=-1)
        near = 1e-3 if order > 1 else 1e-5
        assert np.allclose(np.asarray(found), whole, rtol=near, atol=near), order


if __name__ == "__main__":
    test_{name}()
    print("{shown} agrees with central differences")
'''
LOADED = """
{name} = runpy.run_path(str(Path(__file__).with_name("{shown}")))["{name}"]"""


MOVING = ("            moved[place] += sign * step",)
MOVING_BOTH = (
    "            moved[place] += sign * step / 2  # a symmetric matrix stays one",
    "            moved[place[::-1]] += sign * step / 2",
)


def selftest(
    function: Function, value: Function, target: str, file: str, by: Sequence[str], orders: Sequence[int]
) -> str:
    """Return the text of the test of a file that has an exported function in it."""
    body = source(value, "numpy")
    imports = [line for line in body.split("\n") if line.startswith("import ")]
    rest = body.split("\n\n\n", 1)[1]
    lines: list[str] = []
    sizes = {name: k for k, name in enumerate(dict.fromkeys(function.sizes.values()), 2)}
    for variable in function.variables:
        name = function.names[variable.attr[0]]
        lengths = [dim.at(lambda name: sizes[function.sizes[name]]) for dim in variable.shape]
        lines.append(f'        "{name}": {_sample(lengths, variable.attr[2])},')
    if target == "torch":
        imports.append("import torch")
    if target == "jax":
        imports += ["import jax", "", 'jax.config.update("jax_enable_x64", True)']
    module = file.removesuffix(".py")
    plain = module != file and module.isidentifier() and not iskeyword(module) and module not in stdlib_module_names
    if not plain:
        imports = ["import runpy", "from pathlib import Path", "", *imports]
    mirrored = any(
        [v.op.name == "symbol" and is_symmetric(v) for v in function.variables if function.names[v.attr[0]] in by]
    )
    return TEXT.format(
        shown=in_quotes(file),
        test=in_quotes(f"test_{file}"),
        loaded=f"from {module} import {function.name}"
        if plain
        else LOADED.format(shown=in_quotes(file), name=function.name),
        moving="\n".join(MOVING_BOTH if mirrored else MOVING),
        name=function.name,
        imports="\n".join(dict.fromkeys(["import numpy as np", *imports])),
        value=rest,
        arguments="\n".join(lines),
        call="**{name: torch.as_tensor(array) for name, array in arguments.items()}"
        if target == "torch"
        else "**arguments",
        results="results" if len(orders) > 1 else "[results]",
        orders=list(orders),
        by=list(by),
    )


def _sample(lengths: Sequence[int], properties: frozenset[str]) -> str:
    """A random array well inside every domain: positive, square matrices near a multiple of the identity."""
    if not lengths:
        return "rng.uniform(0.3, 0.9)"
    size = lengths[0] if len(lengths) == 1 else tuple(lengths)
    text = f"rng.uniform(0.3, 0.9, size={size})"
    if len(lengths) == 2 and lengths[0] == lengths[1]:
        text += f" + 4 * np.eye({lengths[0]})"
        if {"symmetric", "posdef", "diagonal"} & properties:
            return f"(lambda a: a @ a.T)({text})"
    return text
