"""Runs exported functions in every target at hand: the Python libraries in this process, C through the compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mcalc.export.function import Function, Output
from mcalc.expr import Expr, walk

COMPILER = shutil.which("gcc") or shutil.which("cc")


def symbols_in(expr: Expr) -> list[Expr]:
    """Return the variables of an expression in order of first appearance."""
    return [node for node in walk(expr) if node.op.name == "symbol" and not node.args]


def function_of(expr: Expr, name: str = "f") -> Function:
    """Return an expression as a function of its variables."""
    return Function(name, symbols_in(expr), [Output("value", expr)])


def arrays_of(function: Function, values: Mapping[str, Any]) -> list[Any]:
    """Return the arguments of a function as arrays of doubles, and then its free sizes as they are."""
    arrays = [np.asarray(values[v.attr[0]], dtype=float) for v in function.variables]
    return [*arrays, *[values[name] for name in function.free_sizes()]]


class Numpy:
    """NumPy, which must give no warning where the value is finite."""

    target = "numpy"

    def __call__(self, function: Function, values: Mapping[str, Any]) -> Any:
        """Return what the exported function gives."""
        with np.errstate(all="ignore"):
            return np.asarray(self.back(self.made(function)(*self.arguments(function, values))))

    def made(self, function: Function) -> Any:
        """Return the function, ready to be called."""
        return function.compiled(self.target)

    def arguments(self, function: Function, values: Mapping[str, Any]) -> list[Any]:
        """Return what it is called with."""
        return [self.array(a) if isinstance(a, np.ndarray) else a for a in arrays_of(function, values)]

    def array(self, array: Any) -> Any:
        """Return an array of the library."""
        return array

    def back(self, value: Any) -> Any:
        """Return an array of NumPy."""
        return value


class Strict(Numpy):
    """array-api-strict, which has nothing but the standard."""

    target = "array-api"

    def array(self, array: Any) -> Any:
        import array_api_strict

        return array_api_strict.asarray(array)


class C:
    """Many functions compiled into one library: `add` them, then call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.functions: dict[str, Function] = {}
        self.library: Any = None

    def add(self, expr: Expr) -> str:
        """Return the name under which an expression will be called."""
        name = f"f{len(self.functions)}_"
        function = function_of(expr, name)
        function.source("c")
        self.functions[name] = function
        return name

    def build(self, options: Sequence[str] = ("-O0",)) -> None:
        """Compile all of them, without a warning; helpers that several have stand once."""
        parts: dict[str, None] = dict.fromkeys(["#include <math.h>\n#include <stddef.h>\n#include <stdlib.h>"])
        for function in self.functions.values():
            parts.update(
                dict.fromkeys(part for part in blocks(function.source("c")) if not part.startswith("#include"))
            )
        source, library = self.folder / "all.c", self.folder / "all.so"
        source.write_text("\n\n".join(parts), encoding="utf-8")
        strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pedantic"]
        assert COMPILER is not None
        command = [COMPILER, *strict, *options, "-shared", "-fPIC", "-o", str(library), str(source), "-lm"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert not done.returncode, done.stderr[:2000]
        self.library = ctypes.CDLL(str(library))

    def __call__(self, name: str, values: Mapping[str, Any], shape: Sequence[int]) -> Any:
        """Return what a function gives."""
        return called(self.library, self.functions[name], values, shape)


def blocks(source: str) -> list[str]:
    """Return the functions of a C file; a comment belongs to what stands after it."""
    return source.strip().replace("\n\n   ", "\n   ").split("\n\n")


def called(library: Any, function: Function, values: Mapping[str, Any], shape: Sequence[int]) -> Any:
    """Call a function of a library with arrays; its result has a shape that is known."""
    lengths: dict[str, int] = {}
    arrays = [np.array(values[v.attr[0]], dtype=float, order="C") for v in function.variables]
    for variable, array in zip(function.variables, arrays, strict=True):
        for dim, length in zip(variable.shape, array.shape, strict=True):
            if len(dim.names) == 1 and str(dim) == dim.names[0]:
                lengths[dim.names[0]] = length
    made = getattr(library, function.name)
    sizes = [ctypes.c_ssize_t(lengths.get(name, values.get(name, 0))) for name in function.sizes]
    given = [ctypes.c_double(float(a)) if a.ndim == 0 else a.ctypes.data_as(ctypes.c_void_p) for a in arrays]
    if f"double {function.name}(" in function.source("c"):
        made.restype = ctypes.c_double
        return np.asarray(made(*sizes, *given))
    result = np.full(shape, np.nan)
    assert made(*sizes, *given, result.ctypes.data_as(ctypes.c_void_p)) == 0
    return result
