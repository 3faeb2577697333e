"""The target languages: which there are, the text of an exported function in each, and the test that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from keyword import iskeyword
from sys import stdlib_module_names
from typing import Any

from mcalc.errors import Mistake
from mcalc.export.c import c_selftest, c_source
from mcalc.export.code import walk
from mcalc.export.function import Function, is_symmetric
from mcalc.export.identifiers import in_quotes
from mcalc.export.julia import julia_selftest, julia_source
from mcalc.export.python_function import python_source
from mcalc.export.python_solutions import targets
from mcalc.export.python_words import DIALECTS, JAX

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
    call = {
        "numpy": "**arguments",
        "jax": "**arguments",
        "torch": "**{name: torch.as_tensor(array) for name, array in arguments.items()}",
        "array-api": "**arguments",
    }[target]
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
        call=call,
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
