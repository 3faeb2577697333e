"""Runs exported functions in every target at hand: the Python libraries in this process, C through the compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mcalc.calculus.derive import derivative_of
from mcalc.derivative import Derivative
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.export.exported import compiled, source
from mcalc.export.function import Function, Output
from mcalc.expr import Expr, make, walk
from mcalc.numeric.values import value_of
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import mul
from mcalc.operators.blocks import selection
from mcalc.operators.kronecker import commutation
from mcalc.operators.leaves import size, symbol
from mcalc.operators.linear import matmul, transpose
from tests.generator import DIFFERENTIABLE, DIMS, Generator
from tests.julia import Program
from tests.reading import SIZE_NAMES, under_other_names
from tests.values import agree, random_values, variables

LARGEST = 1e8
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


def exported(derivative: Derivative, values: Mapping[str, Any]) -> Any:
    """Return the value of a derivative by the NumPy function that it is exported as."""
    made = derivative.compile()
    return made(*[values[name] for name in made.__code__.co_varnames[: made.__code__.co_argcount]])


class Case:
    """An expression, values for its variables, and what it is worth by the tree's evaluation."""

    def __init__(self, label: str, expr: Expr, values: dict[str, Any], want: Any) -> None:
        self.label = label
        self.expr = expr
        self.values = values
        self.want = want


def case_of(label: str, expr: Expr, values: dict[str, Any], function: Expr | None = None) -> Case | None:
    """Return a case, or None where the value is not finite, or so large that rounding is all there is to compare."""
    want = value_of(expr, label, values, symbols_in(expr), function)
    fits = np.all(np.isfinite(want)) and np.max(np.abs(want), initial=0) < LARGEST
    return Case(label, expr, values, want) if fits else None


def with_derivative(label: str, expr: Expr, seed: int, variable: Expr | None) -> list[Case]:
    """Return an expression and its derivative by a variable as cases."""
    values = random_values(expr, np.random.default_rng(seed))
    cases = [case_of(label, expr, values)]
    if variable is not None:
        cases.append(case_of(label, derivative_of(expr, [variable]), values, expr))
    return [case for case in cases if case is not None]


def table_cases(seeds: int) -> list[Case]:
    """Return cases for every row of the operator table that has a value: a few expressions with it, and derivatives."""
    cases: list[Case] = []
    for row in DIFFERENTIABLE:
        for seed in range(seeds):
            generator = Generator(seed)
            expr = generator.featuring(row, 1, scalar=False)
            choices = variables(expr)
            by = choices[0] if choices else None
            cases += with_derivative(row.name, expr, seed, by)
    m, n = DIMS["m"], DIMS["n"]
    matrix, vector = symbol("A_mn", (m, n)), symbol("x_n", (n,))
    turned = matmul(commutation(m, n), make(TABLE["vec"], (matrix,)))
    part = matmul(transpose(selection(Dim.of(1), n - 1, n)), vector)
    cases += [*with_derivative("commutation", turned, 0, matrix), *with_derivative("selection", part, 0, vector)]
    halves = mul(make(TABLE["halftril"], (size(n),)), symbol("A_nn", (n, n)))
    return [*cases, *with_derivative("halftril", halves, 0, symbol("A_nn", (n, n)))]


def random_cases(count: int) -> list[Case]:
    """Return random expressions of at most two axes, and the derivative of each by one of its variables."""
    cases: list[Case] = []
    done = seed = 0
    while done < count:
        seed += 1
        generator = Generator(seed)
        expr = generator.expression(2 + seed % 3)
        choices = variables(expr)
        if choices and expr.order < 3:
            done += 1
            cases += with_derivative(f"seed {seed}", expr, seed, generator.random.choice(choices))
    return cases


def clashing_cases(count: int) -> list[Case]:
    """Return derivatives by matrices and vectors under names that loops and temporary arrays have too."""
    cases: list[Case] = []
    sizes = dict.fromkeys(SIZE_NAMES, 3)
    for seed in range(count):
        generator = Generator(seed)
        expr = under_other_names(generator.of(generator.random.choice((("n",), ("m", "n"))), 1), seed)
        shaped = [variable for variable in variables(expr) if variable.shape]
        if shaped:
            values = random_values(expr, np.random.default_rng(seed), sizes)
            made = case_of(f"seed {seed}", derivative_of(expr, [generator.random.choice(shaped)]), values)
            cases += [made] if made is not None else []
    return cases


class Python:
    """A library of Python: makes functions from exported code, calls them, and gives back what NumPy can read."""

    def __init__(self, target: str, array: Callable[[Any], Any]) -> None:
        self.target = target
        self.array = array

    def __call__(self, case: Case) -> Any:
        """Return what the exported function of a case gives."""
        function = function_of(case.expr)
        given = [self.array(a) if isinstance(a, np.ndarray) else a for a in arrays_of(function, case.values)]
        with np.errstate(all="ignore"):
            return np.asarray(compiled(function, self.target)(*given))


def differing(run: Callable[[Case], Any], cases: Sequence[Case]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the labels of cases that a target gets wrong, and what it says that it lacks, with the labels."""
    wrong: list[str] = []
    lacking: dict[str, list[str]] = {}
    for case in cases:
        try:
            found = run(case)
        except Mistake as mistake:
            lacking.setdefault(mistake.message, []).append(case.label)
            continue
        except (AttributeError, NotImplementedError, ValueError) as trouble:  # a library says what it has not
            lacking.setdefault(str(trouble)[:90], []).append(case.label)
            continue
        if not agree(found, case.want):
            wrong.append(case.label)
    return wrong, lacking


def julia(case: Case) -> Any:
    """Return what the exported Julia function gives, run by the reader of Julia in these tests."""
    function = function_of(case.expr)
    given = [float(a) if np.ndim(a) == 0 and not isinstance(a, int) else a for a in arrays_of(function, case.values)]
    return Program(source(function, "julia"))("f", *given)


class C:
    """Many functions compiled into one library: `add` them, then call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.functions: dict[str, Function] = {}
        self.names: dict[Case, str] = {}
        self.library: Any = None

    def add(self, case: Case) -> None:
        """Take a case in."""
        name = f"f{len(self.functions)}_"
        self.functions[name] = function_of(case.expr, name)
        self.names[case] = name

    def build(self, options: Sequence[str] = ("-O0",)) -> None:
        """Compile all of them, without a warning; helpers that several have stand once."""
        parts: dict[str, None] = dict.fromkeys(["#include <math.h>\n#include <stddef.h>\n#include <stdlib.h>"])
        for function in self.functions.values():
            parts.update(
                dict.fromkeys(part for part in blocks(source(function, "c")) if not part.startswith("#include"))
            )
        text, library = self.folder / "all.c", self.folder / "all.so"
        text.write_text("\n\n".join(parts), encoding="utf-8")
        strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pedantic"]
        assert COMPILER is not None
        command = [COMPILER, *strict, *options, "-shared", "-fPIC", "-o", str(library), str(text), "-lm"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert not done.returncode, done.stderr[:2000]
        self.library = ctypes.CDLL(str(library))

    def __call__(self, case: Case) -> Any:
        """Return what the function of a case that was added gives."""
        return called(self.library, self.functions[self.names[case]], case.values, case.want.shape)


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
    if f"double {function.name}(" in source(function, "c"):
        made.restype = ctypes.c_double
        return np.asarray(made(*sizes, *given))
    result = np.full(shape, np.nan)
    assert made(*sizes, *given, result.ctypes.data_as(ctypes.c_void_p)) == 0
    return result
