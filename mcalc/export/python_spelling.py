"""How each operation on arrays is written in Python, in the words of a dialect."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.export.code import Code, Helper, is_number, is_trailing
from mcalc.export.code_words import (
    ARRAY_API,
    ATOM,
    CHOICE,
    COMPARE,
    INFIX,
    JAX,
    MATH,
    NUMPY,
    PLUS,
    POWER,
    SIGN,
    TIMES,
    TORCH,
    Dialect,
    number_text,
    size_text,
)
from mcalc.export.python_solutions import TRIANGULAR
from mcalc.export.python_writer import Writer

if TYPE_CHECKING:
    Text = tuple[str, int]


def _number(writer: Writer, node: Code) -> Text:
    if node.attr == math.pi:
        writer.needs.add("import math")
        return "math.pi", ATOM
    return number_text(node.attr)


def _logic(sign: str) -> Callable[[Writer, Code], Text]:
    return lambda writer, node: (sign.join([f"({writer.operand(arg)})" for arg in node.args]), TIMES - 3)


def _full(writer: Writer, node: Code) -> Text:
    xp, value, shape = writer.dialect.xp, node.args[0], writer.shape_of(node.shape)
    if is_number(value, 0) or is_number(value, 1):
        return f"{xp}.{'zeros' if is_number(value, 0) else 'ones'}({shape}{writer.like_of()})", ATOM
    if writer.dialect is TORCH and node.order == 1:
        shape = f"({shape},)"
    if value.is_scalar or not writer.dialect.typed:
        plain = is_number(value) and type(value.attr) is int and abs(value.attr) < 1e15
        text = repr(float(value.attr)) if plain else writer.operand(value)
        return f"{xp}.full({shape}, {text}{writer.like_of()})", ATOM
    return f"{xp}.ones({shape}{writer.like_of()}) * {writer.operand(value, SIGN)}", TIMES


def _eye(writer: Writer, node: Code) -> Text:
    return f"{writer.dialect.xp}.eye({writer.size_of(node.shape[0])}{writer.like_of()})", ATOM


def _where(writer: Writer, node: Code) -> Text:
    test, a, b = node.args
    xp = writer.dialect.xp
    if node in writer.conditions:
        return writer.texts[test]
    if writer.dialect is NUMPY and not test.shape:
        first, second = [_filled(writer, code, node) for code in (a, b)]
        return f"{first} if {writer.operand(test)} else {second}", CHOICE
    if a.is_scalar and b.is_scalar and writer.dialect.typed and writer.like is not None:
        cast = (
            f"{writer.operand(test, ATOM)}.to({writer.like}.dtype)"
            if writer.dialect is TORCH
            else f"xp.astype({writer.operand(test)}, {writer.like}.dtype)"
        )
        if is_number(a, 1) and is_number(b, 0):
            return cast, ATOM
        return f"{writer.operand(b, PLUS)} + ({writer.operand(a, PLUS)} - {writer.operand(b, SIGN)}) * {cast}", PLUS
    sides = [
        f"{number_text(float(code.attr))[0]}" if code.op == "number" and abs(code.attr) < 1e15 else writer.operand(code)
        for code in (a, b)
    ]
    return f"{xp}.where({writer.operand(test)}, {', '.join(sides)})", ATOM


def _filled(writer: Writer, code: Code, node: Code) -> str:
    """One side of a choice as an array of the shape of the whole."""
    if code.shape or not node.shape:
        return writer.operand(code)
    if is_number(code, 0) or is_number(code, 1):
        return f"np.{'zeros' if is_number(code, 0) else 'ones'}({writer.shape_of(node.shape)})"
    return f"np.full({writer.shape_of(node.shape)}, {writer.operand(code)})"


def _extreme(writer: Writer, node: Code) -> Text:
    a, b = node.args
    scalar = next((code for code in node.args if code.is_scalar), None)
    if writer.dialect is TORCH and scalar is not None:
        other = b if scalar is a else a
        side = "min" if node.op == "maximum" else "max"
        return f"torch.clamp({writer.operand(other)}, {side}={writer.operand(scalar)})", ATOM
    if writer.dialect is TORCH and a.shape != b.shape:
        return writer.call(f"torch.{node.op}", node.args)
    texts = [
        repr(float(code.attr)) if code.op == "number" and code.attr == 0 else writer.operand(code) for code in (a, b)
    ]
    return f"{writer.dialect.xp}.{node.op}({texts[0]}, {texts[1]})", ATOM


def _expand(writer: Writer, node: Code) -> Text:
    places = ", ".join([":" if axis in node.attr else "None" for axis in range(node.order)])
    return f"{writer.operand(node.args[0], ATOM)}[{places}]", ATOM


def _permute(writer: Writer, node: Code) -> Text:
    if node.order == 2:
        return f"{writer.operand(node.args[0], ATOM)}.T", ATOM
    axes = ", ".join([str(axis) for axis in node.attr])
    name = writer.dialect.function(writer.dialect.names.get("permute", "transpose"))
    return f"{name}({writer.operand(node.args[0])}, ({axes}))", ATOM


def _reshape(writer: Writer, node: Code) -> Text:
    if node.shape and all([dim.value == 1 for dim in node.shape]) and node.args[0].is_scalar:
        value = writer.operand(node.args[0])
        return f"{writer.dialect.xp}.full({writer.shape_of(node.shape)}, {value}{writer.like_of()})", ATOM
    shape = "(-1,)" if node.order == 1 else writer.shape_of(node.shape)
    return f"{writer.dialect.xp}.reshape({writer.operand(node.args[0])}, {shape})", ATOM


def _concat(writer: Writer, node: Code) -> Text:
    name, axis = writer.dialect.function("concat"), writer.dialect.axis
    return f"{name}([{writer.listed(node.args)}], {axis}={node.attr})", ATOM


def _take(writer: Writer, node: Code) -> Text:
    at = node.args[1]
    place = writer.operand(at)
    if writer.dialect is ARRAY_API and at.op in ("argmax", "argmin"):
        place = f"int({place})"  # an array of no axes is no place beside a slice
    rest = ", :" * node.order if writer.dialect is ARRAY_API and node.attr == 0 else ""
    return f"{writer.operand(node.args[0], ATOM)}[{':, ' * node.attr}{place}{rest}]", ATOM


def _cut(writer: Writer, node: Code) -> Text:
    of, first, last = node.args
    ends = f"{writer.operand(first)}:{writer.operand(last)}"
    behind = ", :" * (node.order - 1 - node.attr) if writer.dialect is ARRAY_API else ""  # it wants all axes
    return f"{writer.operand(of, ATOM)}[{':, ' * node.attr}{ends}{behind}]", ATOM


def _reduction(writer: Writer, node: Code) -> Text:
    of = node.args[0]
    text = writer.operand(of)
    name = writer.dialect.function(node.op)
    if writer.dialect is TORCH and node.op == "prod":
        return f"torch.prod({text})", ATOM
    if len(node.attr) == of.order:
        if writer.dialect is NUMPY and text.isidentifier():
            return f"{text}.{node.op}()", ATOM  # a method is called a microsecond faster
        return f"{name}({text})", ATOM
    axes = node.attr[0] if len(node.attr) == 1 else node.attr
    return f"{name}({text}, {writer.dialect.axis}={axes})", ATOM


def _diagonal(writer: Writer, node: Code) -> Text:
    if writer.dialect is ARRAY_API:
        return writer.call("xp.linalg.diagonal", node.args)
    axes = ", dim1=-2, dim2=-1" if writer.dialect is TORCH else ", axis1=-2, axis2=-1"
    return writer.call(f"{writer.dialect.xp}.diagonal", node.args, axes if node.args[0].order > 2 else "")


def _on_diagonal(writer: Writer, node: Code) -> Text:
    """A matrix with a diagonal added, where an array cannot be written into."""
    base, vector = node.args
    n, xp = writer.size_of(node.shape[0]), writer.dialect.xp
    if writer.dialect is JAX:
        at = f"{writer.operand(base, ATOM)}.at[jnp.diag_indices({n})]"
        return f"{at}.add({writer.operand(vector)})", ATOM
    wide = writer.operand(vector, ATOM) + ("[:, None]" if vector.shape else "")
    eye = f"{wide} * {xp}.eye({n}{writer.like_of()})"
    empty = base.op == "full" and is_number(base.args[0], 0)
    return (eye, TIMES) if empty else (f"{writer.operand(base, PLUS)} + {eye}", PLUS)


def _spread(writer: Writer, node: Code) -> Text:
    """Entries where pairs of axes are equal, zeros elsewhere, as a product with identities."""
    dropped = {second for _, second in node.attr}
    places = ", ".join(["None" if axis in dropped else ":" for axis in range(node.order)])
    of = node.args[0]
    parts = [f"{writer.operand(of, ATOM)}[{places}]" if of.shape else writer.operand(of, TIMES)]
    for first, second in node.attr:
        at = ", ".join([":" if axis in (first, second) else "None" for axis in range(node.order)])
        eye = f"{writer.dialect.xp}.eye({writer.size_of(node.shape[first])}{writer.like_of()})"
        parts.append(f"{eye}[{at}]")
    return " * ".join(parts), TIMES


def _linalg(name: str) -> Callable[[Writer, Code], Text]:
    return lambda writer, node: writer.call(f"{writer.dialect.xp}.linalg.{name}", node.args)


def _solution(writer: Writer, node: Code) -> Text:
    writer.needs.add(node.attr)
    if node.attr in TRIANGULAR and writer.dialect is NUMPY:
        writer.needs.add("solve_triangular")
    before = "np, " if node.attr in ("logm", "powm") else ""  # mcalc's own, which are told the library
    missing = ", None" if node.attr == "sylvester" and len(node.args) == 2 else ""
    return f"{node.attr}({before}{writer.listed(node.args)}{missing}{_namespace(writer)})", ATOM


def _namespace(writer: Writer) -> str:
    """Return the last argument of a function that stands before the code: the library, where it is not known."""
    return ", xp" if writer.dialect is ARRAY_API else ""


def _written_out(name: str) -> Callable[[Writer, Code], Text]:
    """A function of a matrix that stands before the code."""

    def spelled(writer: Writer, node: Code) -> Text:
        writer.needs.add(name)
        return writer.call(name, node.args, _namespace(writer))

    return spelled


def _expm(writer: Writer, node: Code) -> Text:
    if writer.dialect in (JAX, TORCH):
        return writer.call("jax.scipy.linalg.expm" if writer.dialect is JAX else "torch.linalg.matrix_exp", node.args)
    writer.needs.add("exponential")
    if writer.dialect is NUMPY:
        return writer.call("expm", node.args)
    return f"exponential(xp, {writer.listed(node.args)})", ATOM


def _erf(writer: Writer, node: Code) -> Text:
    if writer.dialect is NUMPY:
        writer.needs.add(node.op)
        return writer.call(node.op, node.args)
    return writer.call(f"{'jax.scipy.special' if writer.dialect is JAX else 'torch'}.{node.op}", node.args)


def _kron(writer: Writer, node: Code) -> Text:
    a, b = node.args
    if writer.dialect not in (ARRAY_API, TORCH):  # torch.kron refuses arrays that do not lie row by row
        return writer.call(f"{writer.dialect.xp}.kron", node.args)
    left, right = f"{writer.operand(a, ATOM)}[:, None, :, None]", f"{writer.operand(b, ATOM)}[None, :, None, :]"
    return f"{writer.dialect.xp}.reshape({left} * {right}, {writer.shape_of(node.shape)})", ATOM


def _places(writer: Writer, node: Code) -> Text:
    device = (
        f", device={writer.dialect.device(writer.like)}" if writer.dialect.typed and writer.like is not None else ""
    )
    return f"{writer.dialect.xp}.arange({writer.size_of(node.shape[0])}{device})", ATOM


def _cumsum(writer: Writer, node: Code) -> Text:
    return writer.call(writer.dialect.function("cumsum"), node.args, f", {writer.dialect.axis}={node.attr}")


LIBRARY: dict[Dialect, dict[str, str]] = {
    JAX: {
        "sigmoid": "jax.nn.sigmoid({})",
        "softplus": "jax.nn.softplus({})",
        "softmax": "jax.nn.softmax({}, axis=-1)",
        "logsoftmax": "jax.nn.log_softmax({}, axis=-1)",
        "logsumexp": "jax.scipy.special.logsumexp({}, axis=-1)",
    },
    TORCH: {
        "sigmoid": "torch.sigmoid({})",
        "softmax": "torch.softmax({}, dim=-1)",
        "logsoftmax": "torch.log_softmax({}, dim=-1)",
        "logsumexp": "torch.logsumexp({}, dim=-1)",
    },
}
"""Functions that a library has itself. PyTorch's softplus is not among them: beyond 20 it is only near."""


def _call(writer: Writer, node: Code) -> Text:
    helper: Helper = node.attr
    known = LIBRARY.get(writer.dialect, {}).get(helper.name)
    if known is not None:
        return known.format(writer.listed(node.args)), ATOM
    return writer.call(writer.called(helper), node.args, _namespace(writer))


SPELLED: dict[str, Callable[[Writer, Code], Text]] = {
    "number": _number,
    "size": lambda writer, node: size_text(node.attr, writer.sizes),
    "neg": lambda writer, node: (f"-{writer.operand(node.args[0], SIGN)}", SIGN),
    "pow": lambda writer, node: (writer.listed(node.args, "**", ATOM), POWER),
    "and": _logic(" & "),
    "or": _logic(" | "),
    "full": _full,
    "eye": _eye,
    "where": _where,
    **dict.fromkeys(("maximum", "minimum"), _extreme),
    "expand": _expand,
    "permute": _permute,
    "reshape": _reshape,
    "concat": _concat,
    "take": _take,
    "cut": _cut,
    **dict.fromkeys(("sum", "max", "min", "prod", "argmax", "argmin"), _reduction),
    "diagonal": _diagonal,
    "on_diagonal": _on_diagonal,
    "spread": _spread,
    "inv": _linalg("inv"),
    "adj": _written_out("adjugate"),
    "solve": _linalg("solve"),
    "solution": _solution,
    "det": _linalg("det"),
    "logdet": _written_out("logdet"),
    "expm": _expm,
    **dict.fromkeys(("erf", "erfc"), _erf),
    "kron": _kron,
    "places": _places,
    "cumsum": _cumsum,
    "call": _call,
}


class PythonWriter(Writer):
    """Writes one function body in Python, for an array library."""

    def spelled(self, node: Code) -> Text:
        """Return the text of one operation, and how tightly it binds.

        Raises:
            Mistake: `E-UNSUPPORTED`, where the array API standard has no such operation.
        """
        if node.op in INFIX:
            return self._infix(node)
        if node.op in MATH and node.args[0].is_scalar:
            self.needs.add("import math")
            return self.call(f"math.{MATH[node.op]}", node.args)
        if node.op in self.dialect.lacks:
            raise Mistake("E-UNSUPPORTED", f"the array API standard has no {node.op}", hint="--to numpy, jax or torch")
        spell = SPELLED.get(node.op)
        return spell(self, node) if spell is not None else self.call(self.dialect.function(node.op), node.args)

    def _infix(self, node: Code) -> Text:
        sign, level = INFIX[node.op]
        a, b = node.args
        if node.op != "matmul" and a.order == b.order:  # axes are matched from the last on: x stands for x[None, :]
            if is_trailing(a) and not is_trailing(b):
                a = a.args[0]
            elif is_trailing(b) and not is_trailing(a):
                b = b.args[0]
        return f"{self.operand(a, level + (level == COMPARE))}{sign}{self.operand(b, level + 1)}", level
