"""The target languages: which there are, and the text of an exported function in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.export.c import c_selftest, c_source
from mcalc.export.code import walk
from mcalc.export.julia import julia_selftest, julia_source
from mcalc.export.python_function import python_source
from mcalc.export.python_solutions import targets
from mcalc.export.python_words import DIALECTS, JAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcalc.export.function import Function

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
