"""Runs the part of Julia that exported code is written in, from the syntax tree of a Julia grammar.

It is strict where Julia is: arrays are added without a dot only where their shapes are the same, broadcasting begins
at the first axis, reshape and vec count column by column, a condition is one truth value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

SKIPPED = {"(", ")", "[", "]", ",", ";", "for", "if", "function", "end", "return", "?", ":", "->"}


class Identity:
    """`I` times a number."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor


def wide(value: Any, order: int) -> Any:
    """Put axes of length 1 behind those of an array."""
    return np.reshape(value, np.shape(value) + (1,) * (order - np.ndim(value)))


def dotted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of numbers at all places of arrays, whose first axes are matched first."""

    def broadcast(*values: Any) -> Any:
        order = max(map(np.ndim, values))
        with np.errstate(all="ignore"):
            return function(*[wide(value, order) for value in values])

    return broadcast


def plus(a: Any, b: Any, sign: int = 1) -> Any:
    if isinstance(b, Identity):
        return a + sign * b.factor * np.eye(len(a))
    assert np.shape(a) == np.shape(b), "MethodError: + without a dot"
    return a + sign * b


def times(a: Any, b: Any) -> Any:
    if isinstance(b, Identity):
        return Identity(a * b.factor)
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(a) == 1:
        assert np.ndim(b) == 2
        assert b.shape[0] == 1, "DimensionMismatch"
        return a[:, None] @ b
    assert np.ndim(a) == 2
    return a @ b


def over(a: Any, b: Any) -> Any:
    assert not np.ndim(b), "/ is by a number"
    return np.divide(a, b)


def power(a: Any, b: Any) -> Any:
    assert not np.ndim(a)
    return float(a) ** b


COMPARISONS = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip


def of_numbers(compare: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: bool(compare(*scalars(a, b)))


PLAIN: dict[str, Callable[..., Any]] = {
    "+": plus, "-": lambda a, b: plus(a, b, -1), "*": times, "/": over, "^": power, "\\": np.linalg.solve,
    ".+": dotted(np.add), ".-": dotted(np.subtract), ".*": dotted(np.multiply), "./": dotted(np.divide),
    ".^": dotted(lambda a, b: np.asarray(a, dtype=float) ** b), ".&": dotted(np.logical_and),
    ".|": dotted(np.logical_or), **{sign: of_numbers(f) for sign, f in COMPARISONS.items()},
    **{f".{sign}": dotted(f) for sign, f in COMPARISONS.items()},
}  # fmt: skip
NUMBERS: dict[str, Callable[..., Any]] = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "log2": np.log2, "log10": np.log10,
    "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "asinh": np.arcsinh, "tanh": np.tanh, "sign": np.sign,
    "floor": np.floor, "abs": np.abs, "max": np.maximum, "min": np.minimum, "erf": np.vectorize(math.erf),
    "erfc": np.vectorize(math.erfc),
    "ifelse": np.where,
}  # fmt: skip


def scalars(*values: Any) -> tuple[Any, ...]:
    """Return some values, which must be numbers."""
    assert not any(np.ndim(value) for value in values), "MethodError: an array for a number"
    return values


def reduction(reduce: Callable[..., Any], combine: Callable[..., Any]) -> Callable[..., Any]:
    def reduced(of: Any, dims: Any = None, init: Any = None) -> Any:
        if isinstance(of, list):
            total = init
            for value in of:
                total = combine(total, value)
            return total
        if dims is None:
            return reduce(of)
        axes = [d - 1 for d in (dims if isinstance(dims, tuple) else (dims,)) if d <= of.ndim]
        return reduce(of, axis=tuple(axes), keepdims=True)

    return reduced


def of_vector(of: Any) -> Any:
    assert np.ndim(of) == 1, "the place in a matrix is a CartesianIndex"
    return of


def joined(axis: int) -> Callable[..., Any]:
    def join(*parts: Any) -> Any:
        if all(np.ndim(p) == 1 for p in parts) and axis == 0:
            return np.concatenate(parts)
        return np.concatenate([wide(part, 2) for part in parts], axis=axis)

    return join


def filled(value: Any, *shape: int) -> Any:
    return np.full(shape, value, dtype=float)


def reshaped(of: Any, *shape: Any) -> Any:
    return np.reshape(of, [-1 if length == ":" else length for length in shape], order="F")


def permuted(of: Any, axes: Any = None) -> Any:
    return np.transpose(of, [axis - 1 for axis in axes] if axes is not None else None)


def by_rows(of: Any, *shape: int) -> Any:
    turned = reshaped(np.transpose(of), *shape[::-1])
    return np.transpose(turned)


def log_absolute_determinant(a: Any) -> Any:
    sign, value = np.linalg.slogdet(a)
    return value, sign


def batched(a: Any, b: Any) -> Any:
    made = np.zeros((*a.shape[:-1], b.shape[-1]))
    for place in np.ndindex(a.shape[:-2]):
        made[place] = a[place] @ b[place]
    return made


def exponential(a: Any) -> Any:
    if not np.ndim(a):
        return np.exp(a)
    total = term = np.eye(len(a))
    for n in range(1, 80):
        term = term @ a / n
        total = total + term
    return total


def made_matrix(of: Any, *shape: int) -> Any:
    return of.factor * np.eye(shape[0], shape[1]) if isinstance(of, Identity) else np.array(of)


BASE: dict[str, Any] = {
    "-": lambda a: -a, "float": float,
    "sum": reduction(np.sum, lambda a, b: a + b), "prod": reduction(np.prod, lambda a, b: a * b),
    "maximum": reduction(np.max, max), "minimum": reduction(np.min, min),
    "argmax": lambda a: np.argmax(of_vector(a)) + 1, "argmin": lambda a: np.argmin(of_vector(a)) + 1,
    "dot": lambda a, b: float(np.dot(*(np.reshape(x, -1) for x in (a, b)))),
    "diag": np.diag, "Diagonal": np.diag, "Matrix": made_matrix, "inv": np.linalg.inv, "det": np.linalg.det,
    "logabsdet": log_absolute_determinant, "exp": exponential,
    "kron": lambda a, b: np.kron(wide(a, 2), wide(b, 2)), "tril": np.tril, "zeros": lambda *s: np.zeros(s),
    "cumsum": lambda a, dims=1: np.cumsum(a, axis=dims - 1), "ones": lambda *s: np.ones(s),
    "fill": filled, "reshape": reshaped, "permutedims": permuted,
    "vec": lambda a: np.reshape(a, -1, order="F"),
    "dropdims": lambda a, dims: np.squeeze(a, axis=tuple(d - 1 for d in dims)), "vcat": joined(0), "hcat": joined(1),
    "size": lambda a, axis=None: a.shape if axis is None else (a.shape + (1,) * axis)[axis - 1], "length": np.size,
    "axes": lambda a, axis: range(1, a.shape[axis - 1] + 1), "I": Identity(), "π": np.pi, "NaN": np.nan,
    "Inf": np.inf, "by_rows": by_rows, "batched": batched,
    "foldl": lambda f, of, init: reduction(np.sum, f)(of, init=init),
}  # fmt: skip


class Program:
    """The functions of a Julia file."""

    def __init__(self, source: str) -> None:
        import tree_sitter_julia
        from tree_sitter import Language, Parser

        root = Parser(Language(tree_sitter_julia.language())).parse(source.encode("utf-8")).root_node
        assert not root.has_error, source
        self.names: dict[str, Any] = {**{name: only_numbers(f) for name, f in NUMBERS.items()}, **BASE}
        for child in root.named_children:
            if child.type in ("function_definition", "assignment"):
                self.define(child, self.names, keep=("by_rows", "batched"))

    def __call__(self, name: str, *values: Any) -> Any:
        return self.names[name](*values)

    def define(self, node: Any, names: dict[str, Any], keep: tuple[str, ...] = ()) -> None:
        """Learn a function, long or on one line."""
        short = node.type == "assignment"
        signature = node.named_children[0] if short else node.named_children[0].named_children[0]
        name = text(signature.named_children[0])
        given = [text(child) for child in signature.named_children[1].named_children]
        body = node.named_children[2:] if short else node.named_children[1:]
        if name in keep:
            return

        def function(*values: Any) -> Any:
            inner = {**names, **dict(zip(given, values, strict=True))}
            result = None
            for statement in body:
                if statement.type == "function_definition":
                    self.define(statement, inner)
                elif statement.type == "assignment":
                    self.assign(statement, inner)
                elif statement.type == "return_statement":
                    return self.value(statement.named_children[0], inner)
                elif statement.type not in ("string_literal", "line_comment"):
                    result = self.value(statement, inner)
            return result

        names[name] = function

    def assign(self, node: Any, names: dict[str, Any]) -> None:
        target, _, value = node.named_children
        found = self.value(value, names)
        if target.type == "open_tuple":
            for name, part in zip(target.named_children, found, strict=True):
                names[text(name)] = part
        else:
            names[text(target)] = found

    def value(self, node: Any, names: Mapping[str, Any]) -> Any:
        """Return the value of an expression."""
        return getattr(self, f"of_{node.type}")(node, names)

    def of_identifier(self, node: Any, names: Mapping[str, Any]) -> Any:
        return names[text(node)]

    def of_integer_literal(self, node: Any, names: Mapping[str, Any]) -> Any:
        return int(text(node))

    def of_float_literal(self, node: Any, names: Mapping[str, Any]) -> Any:
        return float(text(node))

    def of_operator(self, node: Any, names: Mapping[str, Any]) -> Any:
        assert text(node) == ":"
        return ":"

    def of_parenthesized_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        if len(node.named_children) > 1:
            return self.generated(node.named_children, names)
        return self.value(node.named_children[0], names)

    def of_tuple_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        return tuple([self.value(child, names) for child in node.named_children])

    of_open_tuple = of_tuple_expression

    def of_juxtaposition_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        return times(*[self.value(child, names) for child in node.named_children])

    def of_unary_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        assert text(node.named_children[0]) == "-"
        return -self.value(node.named_children[1], names)

    def of_adjoint_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        of = self.value(node.named_children[0], names)
        assert np.ndim(of) in (1, 2)
        return of[None, :] if of.ndim == 1 else of.T

    def of_binary_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        left, sign, right = node.named_children
        if text(sign) in ("&&", "||"):
            first = self.value(left, names)
            assert isinstance(first, bool)
            stop = first if text(sign) == "||" else not first
            return first if stop else self.value(right, names)
        if text(sign) in ("^", ".^") and left.type == "call_expression" and text(left.named_children[0]) == "-":
            [base] = left.named_children[1].named_children  # -(a)^b is -(a^b), though the grammar has it otherwise
            return -PLAIN[text(sign)](self.value(base, names), self.value(right, names))
        return PLAIN[text(sign)](self.value(left, names), self.value(right, names))

    def of_ternary_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        test, first, second = node.named_children
        chosen = self.value(test, names)
        assert isinstance(chosen, bool), "TypeError: a condition is one truth value"
        return self.value(first if chosen else second, names)

    def of_range_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        first, last = [int(self.value(child, names)) for child in node.named_children if child.type != "operator"]
        return np.arange(first, last + 1)

    def of_index_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        of, places = node.named_children
        array = self.value(of, names)
        at: list[Any] = []
        for place in [self.value(child, names) for child in places.named_children]:
            if isinstance(place, str):
                at.append(slice(None))
            elif np.ndim(place):
                at.append(slice(int(place[0]) - 1, int(place[-1])))
            else:
                assert place >= 1, "BoundsError"
                at.append(int(place) - 1)
        assert not any(at[array.ndim :]), "BoundsError"
        return array[tuple(at[: array.ndim])]

    def of_arrow_function_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        given = [text(child) for child in node.named_children[0].named_children]
        return lambda *values: self.value(node.named_children[1], {**names, **dict(zip(given, values, strict=True))})

    def of_call_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        function, arguments = node.named_children
        positional, named = self.arguments(arguments, names)
        return names[text(function)](*positional, **named)

    def of_broadcast_call_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        name = text(node.named_children[0])
        positional, _ = self.arguments(node.named_children[1], names)
        if name in NUMBERS:
            return dotted(NUMBERS[name])(*positional)
        return dotted(np.vectorize(names[name], otypes=[float]))(*positional)

    def arguments(self, node: Any, names: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        parts = [child for child in node.named_children if child.type != "named_argument"]
        named = {
            text(child.named_children[0]): self.value(child.named_children[-1], names)
            for child in node.named_children if child.type == "named_argument"
        }  # fmt: skip
        if any(part.type == "for_clause" for part in parts):
            return [self.generated(parts, names)], named
        return [self.value(part, names) for part in parts], named

    def generated(self, parts: list[Any], names: Mapping[str, Any]) -> list[Any]:
        """Return the values of a generator of one index."""
        value, bindings, *conditions = parts
        [binding] = bindings.named_children
        name, *_, ranged = binding.named_children
        found: list[Any] = []
        for k in self.value(ranged, names):
            inner = {**names, text(name): int(k)}
            if all(self.value(condition.named_children[0], inner) for condition in conditions):
                found.append(self.value(value, inner))
        return found

    def of_comprehension_expression(self, node: Any, names: Mapping[str, Any]) -> Any:
        value, clause = node.named_children
        letters = [text(binding.named_children[0]) for binding in clause.named_children]
        ranges = [self.value(binding.named_children[-1], names) for binding in clause.named_children]
        made = np.zeros([len(r) for r in ranges])
        for place in np.ndindex(made.shape):
            at = {letter: int(r[k]) for letter, r, k in zip(letters, ranges, place, strict=True)}
            made[place] = self.value(value, {**names, **at})
        return made


def only_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*scalars(*values))

    return called


def text(node: Any) -> str:
    """Return what stands at a node."""
    found: str = node.text.decode("utf-8")
    return found
