"""Array code as Python, for NumPy, JAX, PyTorch, and any library of the Array API standard.

One printer: a dialect says how it spells the few operations in which they differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.export.code import Code, Helper, is_number, walk

if TYPE_CHECKING:
    from mcalc.expr import Dim, Shape

    Text = tuple[str, int]

ATOM, POWER, SIGN, TIMES, PLUS, COMPARE, LOOSE = 9, 8, 7, 6, 5, 4, 0
INFIX = {
    "add": (" + ", PLUS), "sub": (" - ", PLUS), "mul": (" * ", TIMES), "div": (" / ", TIMES), "matmul": (" @ ", TIMES),
    "lt": (" < ", COMPARE), "le": (" <= ", COMPARE), "gt": (" > ", COMPARE), "ge": (" >= ", COMPARE),
    "eq": (" == ", COMPARE), "ne": (" != ", COMPARE),
}  # fmt: skip
MATH = {
    "abs": "fabs", **{op: op for op in (
        "log", "log1p", "exp", "expm1", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
        "floor", "erf",
    )},
}  # fmt: skip
"""Functions of numbers alone, by Python's own names."""
LONG = 88
"""An operation whose text is longer than this gets a name."""
INDENT = "    "


class Dialect:
    """How one array library spells what the others spell differently.

    `xp` is the name of its namespace, `names` its spellings of functions, `lacks` what it has no way to do.
    """

    def __init__(
        self,
        xp: str,
        imports: Sequence[str],
        *,
        axis: str = "axis",
        names: dict[str, str] | None = None,
        lacks: Sequence[str] = (),
        typed: bool = False,
        in_place: bool = False,
    ) -> None:
        self.xp = xp
        self.imports = tuple(imports)
        self.axis = axis
        self.names = names or {}
        self.lacks = frozenset(lacks)
        self.typed = typed
        self.in_place = in_place

    def function(self, op: str) -> str:
        """Return the name of a function."""
        return f"{self.xp}.{self.names.get(op, op)}"


INVERSES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
NUMPY = Dialect("np", ["import numpy as np"], in_place=True, names={**INVERSES, "concat": "concatenate"})
JAX = Dialect("jnp", ["import jax", "import jax.numpy as jnp"], names={**INVERSES, "concat": "concatenate"})
TORCH = Dialect(
    "torch", ["import torch"], axis="dim", typed=True, in_place=True,
    names={"concat": "cat", "max": "amax", "min": "amin", "permute": "permute"},
)  # fmt: skip
ARRAY_API = Dialect(
    "xp", ["from array_api_compat import array_namespace"], typed=True, lacks=("erf",),
    names={"permute": "permute_dims", "cumsum": "cumulative_sum"},
)  # fmt: skip
DIALECTS = {"numpy": NUMPY, "jax": JAX, "torch": TORCH, "array-api": ARRAY_API}


class Writer:
    """Writes one function body: statements in order, what is used twice or is long under a name of its own."""

    def __init__(
        self,
        dialect: Dialect,
        names: dict[Code, str],
        taken: Sequence[str],
        like: str | None,
        sizes: dict[str, str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.sizes = sizes or {}
        self.texts: dict[Code, Text] = {code: (name, ATOM) for code, name in names.items()}
        self.taken = set(taken) | set(names.values())
        self.like = like
        self.lines: list[str] = []
        self.count = 0
        self.helpers: dict[str, Helper] = {}
        self.needs: set[str] = set()
        self.fresh: set[Code] = set()

    def fresh_name(self, stem: str = "t") -> str:
        """Return a name that nothing else has."""
        while True:
            self.count += 1
            name = f"{stem}{self.count}"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def returned(self, outputs: Sequence[Code], depth: int = 1) -> list[str]:
        """Write all that the outputs need; return the text of each."""
        self.scope(outputs, depth)
        return [self.texts[code][0] for code in outputs]

    def scope(self, outputs: Sequence[Code], depth: int) -> None:
        """Write the nodes of one scope, arguments first; the body of a loop is a function inside."""
        order = self._order(outputs)
        uses: dict[Code, int] = {}
        for node in order:
            for arg in self._inner(node):
                uses[arg] = uses.get(arg, 0) + (2 if node.op == "loop" and arg not in node.args[2:] else 1)
        for code in outputs:
            uses[code] = uses.get(code, 0) + 1
        for node in order:
            if node in self.texts:
                continue
            if node.op == "loop":
                self.texts[node] = self._loop(node, depth), ATOM
                shared = uses.get(node, 0) > 1
            else:
                self._write_in_place(node, uses, depth)
                if node in self.texts:
                    continue
                self.texts[node] = self._spelled(node)
                shared = uses.get(node, 0) > 1 and not self._is_short(node)
            if shared or (len(self.texts[node][0]) > LONG and node not in outputs):
                self._name(node, depth)

    def _inner(self, node: Code) -> list[Code]:
        """What a node needs in its own scope: of a loop, its limits and what does not run in its body."""
        if node.op != "loop":
            return list(node.args)
        _, body, *limits = node.args
        inside = list(walk(body))
        used = {arg for inner in inside if not inner.free <= node.free for arg in inner.args} | {body}
        return [*limits, *[inner for inner in inside if inner.free <= node.free and inner in used]]

    def _order(self, outputs: Sequence[Code]) -> list[Code]:
        seen: set[Code] = set()
        order: list[Code] = []
        stack = list(reversed(outputs))
        while stack:
            node = stack[-1]
            if node in seen:
                stack.pop()
                continue
            waiting = [] if node in self.texts else [arg for arg in self._inner(node) if arg not in seen]
            if waiting:
                stack.extend(reversed(waiting))
            else:
                stack.pop()
                seen.add(node)
                order.append(node)
        return order

    def _is_short(self, node: Code) -> bool:
        """What costs nothing to write and work out again: names, numbers, sizes, views."""
        if node.op in ("input", "number", "size", "index"):
            return True
        return node.op in ("expand", "permute") and node.order <= 2 and self.texts[node.args[0]][1] == ATOM

    def _name(self, node: Code, depth: int) -> None:
        name = self.fresh_name()
        self.lines.append(f"{INDENT * depth}{name} = {self.texts[node][0]}")
        self.texts[node] = name, ATOM

    def _loop(self, node: Code, depth: int) -> str:
        """Write the body of a sum or product over an index as a function of it; return the text that adds it up."""
        index, body, first, last, *excluded = node.args
        name = str(index.attr[0])
        while name in self.taken:
            name += "_"
        term = self.fresh_name("term")
        inner = Writer(self.dialect, {}, [*self.taken, name], self.like, self.sizes)
        inner.texts = {**self.texts, index: (name, ATOM)}
        inner.helpers, inner.needs, inner.count = self.helpers, self.needs, self.count
        [value] = inner.returned([body], depth + 1)
        self.lines += [f"{INDENT * depth}def {term}({name}):", *inner.lines, f"{INDENT * (depth + 1)}return {value}"]
        self.count = inner.count
        steps = f"range({self.texts[first][0]}, {self._at(last, PLUS)} + 1)"
        but = " and ".join([f"{name} != {self._at(code, COMPARE)}" for code in excluded])
        each = f"{term}({name}) for {name} in {steps}{f' if {but}' if but else ''}"
        if node.attr == "sum":
            return f"sum([{each}])"
        self.needs.add("import math")
        return f"math.prod([{each}])"

    def _write_in_place(self, node: Code, uses: dict[Code, int], depth: int) -> None:
        """A diagonal added to an array, and entries spread to where axes are equal, are written into the array."""
        if node.op not in ("on_diagonal", "spread") or not self.dialect.in_place:
            return
        pad = INDENT * depth
        if node.op == "on_diagonal":
            base, vector = node.args
            name = self.fresh_name()
            own = base.op not in ("input", "permute", "expand", "reshape") and uses.get(base, 0) <= 1
            text = self._at(base, LOOSE) if own else f"{self._at(base, ATOM)}.{self._word('copy')}()"
            self.lines.append(f"{pad}{name} = {text}")
            value = self._at(vector, LOOSE)
            if self.dialect is TORCH:
                self.lines.append(f"{pad}{name}.diagonal().add_({value})")
            else:
                step = self._size(node.shape[0], PLUS)
                sign = "=" if base.op == "full" and is_number(base.args[0], 0) else "+="
                self.lines.append(f"{pad}{name}.flat[:: {step} + 1] {sign} {value}")
            self.texts[node] = name, ATOM
        elif self.dialect is NUMPY:
            name = self.fresh_name()
            self.lines.append(f"{pad}{name} = np.zeros({self._shape(node.shape)})")
            letters = self._tied(node)
            kept = "".join(dict.fromkeys(letters))
            self.lines.append(f'{pad}np.einsum("{letters}->{kept}", {name})[...] = {self._at(node.args[0], LOOSE)}')
            self.texts[node] = name, ATOM

    @staticmethod
    def _tied(node: Code) -> str:
        """A letter for each axis, the same where axes are tied."""
        letters = list("ijklmnpqrstuvw"[: node.order])
        for first, second in node.attr:
            letters[second] = letters[first]
        return "".join(letters)

    def _word(self, what: str) -> str:
        return {"copy": "clone"}.get(what, what) if self.dialect is TORCH else what

    def _at(self, code: Code, level: int) -> str:
        """The text of an operand, in brackets where it binds less than what it stands in."""
        text, own = self.texts[code]
        return f"({text})" if own < level else text

    def _spelled(self, node: Code) -> Text:
        """Return the text of one operation, and how tightly it binds."""
        if node.op in INFIX:
            return self._infix(node)
        if node.op in MATH and is_scalar(node.args[0]):
            self.needs.add("import math")
            return f"math.{MATH[node.op]}({self._at(node.args[0], LOOSE)})", ATOM
        if node.op in self.dialect.lacks:
            raise Mistake("E-UNSUPPORTED", f"the array API standard has no {node.op}", hint="--to numpy, jax or torch")
        spell = SPELLED.get(node.op)
        if spell is not None:
            return spell(self, node)
        inner = ", ".join([self._at(arg, LOOSE) for arg in node.args])
        return f"{self.dialect.function(node.op)}({inner})", ATOM

    def _infix(self, node: Code) -> Text:
        sign, level = INFIX[node.op]
        a, b = node.args
        left = self._at(a, level if node.op not in ("lt", "le", "gt", "ge", "eq", "ne") else level + 1)
        return f"{left}{sign}{self._at(b, level + 1)}", level

    def _size(self, dim: Dim, level: int = LOOSE) -> str:
        text, own = size_text(dim, self.sizes)
        return f"({text})" if own < level else text

    def _shape(self, shape: Shape) -> str:
        sizes = [self._size(dim) for dim in shape]
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"

    def _like(self) -> str:
        """How an array that is made says its type and place, where the library does not choose well itself."""
        if not self.dialect.typed or self.like is None:
            return ""
        return f", dtype={self.like}.dtype, device={self.like}.device"


def is_scalar(code: Code) -> bool:
    """Say whether a node is made of numbers and sizes alone, and so is a number of Python, not an array."""
    return not code.shape and all([node.op in SCALARS for node in walk(code)])


SCALARS = frozenset({"number", "size", "index", "add", "sub", "mul", "div", "pow", "neg", *MATH})


def size_text(dim: Dim, names: dict[str, str]) -> Text:
    """Return the length of an axis in terms of named sizes, which code may call otherwise."""
    parts: list[str] = []
    for monomial, c in dim.terms:
        name = " * ".join([names.get(one, one) for one in monomial])
        part = f"{abs(c)} * {name}" if name and abs(c) != 1 else name or str(abs(c))
        parts.append(part if not parts and c > 0 else f"-{part}" if not parts else f" {'-' if c < 0 else '+'} {part}")
    plain = len(dim.terms) == 1 and len(dim.terms[0][0]) <= 1 and dim.terms[0][1] == 1
    text = "".join(parts) or "0"
    return text, ATOM if plain or dim.value is not None else PLUS


def number_text(value: int | Fraction | float) -> Text:
    """Return a number as Python writes it."""
    if isinstance(value, Fraction):
        exact = float(value)
        if Fraction(exact) == value:
            return repr(exact), ATOM if value >= 0 else SIGN
        return f"{value.numerator} / {value.denominator}", TIMES
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")', ATOM
    if isinstance(value, int) and abs(value) > 2**53:
        return repr(float(value)) if abs(value) < 10**300 else 'float("inf")', ATOM
    return repr(value), ATOM if value >= 0 else SIGN


def _number(writer: Writer, node: Code) -> Text:
    if node.attr == math.pi:
        writer.needs.add("import math")
        return "math.pi", ATOM
    return number_text(node.attr)


def _neg(writer: Writer, node: Code) -> Text:
    return f"-{writer._at(node.args[0], SIGN)}", SIGN


def _pow(writer: Writer, node: Code) -> Text:
    return f"{writer._at(node.args[0], ATOM)}**{writer._at(node.args[1], ATOM)}", POWER


def _logic(sign: str) -> Callable[[Writer, Code], Text]:
    return lambda writer, node: (sign.join([f"({writer._at(arg, LOOSE)})" for arg in node.args]), TIMES - 3)


def _full(writer: Writer, node: Code) -> Text:
    xp, value, shape = writer.dialect.xp, node.args[0], writer._shape(node.shape)
    if is_number(value, 0) or is_number(value, 1):
        return f"{xp}.{'zeros' if is_number(value, 0) else 'ones'}({shape}{writer._like()})", ATOM
    if is_scalar(value) or not writer.dialect.typed:
        return f"{xp}.full({shape}, {writer._at(value, LOOSE)}{writer._like()})", ATOM
    return f"{xp}.ones({shape}{writer._like()}) * {writer._at(value, SIGN)}", TIMES


def _eye(writer: Writer, node: Code) -> Text:
    return f"{writer.dialect.xp}.eye({writer._size(node.shape[0])}{writer._like()})", ATOM


def _where(writer: Writer, node: Code) -> Text:
    test, a, b = node.args
    xp = writer.dialect.xp
    if is_scalar(a) and is_scalar(b) and writer.dialect.typed and writer.like is not None:
        cast = (
            f"{writer._at(test, ATOM)}.to({writer.like}.dtype)"
            if writer.dialect is TORCH
            else f"xp.astype({writer._at(test, LOOSE)}, {writer.like}.dtype)"
        )
        if is_number(a, 1) and is_number(b, 0):
            return cast, ATOM
        return f"{writer._at(b, PLUS)} + ({writer._at(a, PLUS)} - {writer._at(b, SIGN)}) * {cast}", PLUS
    sides = [
        f"{number_text(float(code.attr))[0]}"
        if code.op == "number" and abs(code.attr) < 1e15
        else writer._at(code, LOOSE)
        for code in (a, b)
    ]
    return f"{xp}.where({writer._at(test, LOOSE)}, {', '.join(sides)})", ATOM


def _extreme(writer: Writer, node: Code) -> Text:
    a, b = node.args
    scalar = next((code for code in node.args if is_scalar(code)), None)
    if writer.dialect is TORCH and scalar is not None:
        other = b if scalar is a else a
        side = "min" if node.op == "maximum" else "max"
        return f"torch.clamp({writer._at(other, LOOSE)}, {side}={writer._at(scalar, LOOSE)})", ATOM
    if writer.dialect is TORCH and a.shape != b.shape:
        made = [writer._at(code, LOOSE) for code in node.args]
        return f"torch.{node.op}({made[0]}, {made[1]})", ATOM
    texts = [
        repr(float(code.attr)) if code.op == "number" and code.attr == 0 else writer._at(code, LOOSE) for code in (a, b)
    ]
    return f"{writer.dialect.xp}.{node.op}({texts[0]}, {texts[1]})", ATOM


def _expand(writer: Writer, node: Code) -> Text:
    places = ", ".join([":" if axis in node.attr else "None" for axis in range(node.order)])
    return f"{writer._at(node.args[0], ATOM)}[{places}]", ATOM


def _permute(writer: Writer, node: Code) -> Text:
    if node.order == 2:
        return f"{writer._at(node.args[0], ATOM)}.T", ATOM
    axes = ", ".join([str(axis) for axis in node.attr])
    name = writer.dialect.function(writer.dialect.names.get("permute", "transpose"))
    return f"{name}({writer._at(node.args[0], LOOSE)}, ({axes}))", ATOM


def _reshape(writer: Writer, node: Code) -> Text:
    if node.shape and all([dim.value == 1 for dim in node.shape]) and is_scalar(node.args[0]):
        return (
            f"{writer.dialect.xp}.full({writer._shape(node.shape)}, {writer._at(node.args[0], LOOSE)}{writer._like()})",
            ATOM,
        )
    return f"{writer.dialect.xp}.reshape({writer._at(node.args[0], LOOSE)}, {writer._shape(node.shape)})", ATOM


def _concat(writer: Writer, node: Code) -> Text:
    parts = ", ".join([writer._at(arg, LOOSE) for arg in node.args])
    return f"{writer.dialect.function('concat')}([{parts}], {writer.dialect.axis}={node.attr})", ATOM


def _take(writer: Writer, node: Code) -> Text:
    at = node.args[1]
    place = writer._at(at, LOOSE)
    rest = ", :" * node.order if writer.dialect is ARRAY_API and node.attr == 0 else ""
    return f"{writer._at(node.args[0], ATOM)}[{':, ' * node.attr}{place}{rest}]", ATOM


def _cut(writer: Writer, node: Code) -> Text:
    of, first, last = node.args
    return f"{writer._at(of, ATOM)}[{':, ' * node.attr}{writer._at(first, LOOSE)}:{writer._at(last, LOOSE)}]", ATOM


def _reduction(writer: Writer, node: Code) -> Text:
    of = node.args[0]
    text = writer._at(of, LOOSE)
    name = writer.dialect.function(node.op)
    if writer.dialect is TORCH and node.op == "prod":
        return f"torch.prod({text})", ATOM
    if len(node.attr) == of.order:
        return f"{name}({text})", ATOM
    axes = node.attr[0] if len(node.attr) == 1 else node.attr
    return f"{name}({text}, {writer.dialect.axis}={axes})", ATOM


def _diagonal(writer: Writer, node: Code) -> Text:
    text, order = writer._at(node.args[0], LOOSE), node.args[0].order
    if writer.dialect is ARRAY_API:
        return f"xp.linalg.diagonal({text})", ATOM
    if order == 2:
        return f"{writer.dialect.xp}.diagonal({text})", ATOM
    axes = "dim1=-2, dim2=-1" if writer.dialect is TORCH else "axis1=-2, axis2=-1"
    return f"{writer.dialect.xp}.diagonal({text}, {axes})", ATOM


def _on_diagonal(writer: Writer, node: Code) -> Text:
    """A matrix with a diagonal added, where an array cannot be written into."""
    base, vector = node.args
    n, xp = writer._size(node.shape[0]), writer.dialect.xp
    if writer.dialect is JAX:
        at = f"{writer._at(base, ATOM)}.at[jnp.diag_indices({n})]"
        return f"{at}.add({writer._at(vector, LOOSE)})", ATOM
    wide = writer._at(vector, ATOM) + ("[:, None]" if vector.shape else "")
    eye = f"{wide} * {xp}.eye({n}{writer._like()})"
    empty = base.op == "full" and is_number(base.args[0], 0)
    return (eye, TIMES) if empty else (f"{writer._at(base, PLUS)} + {eye}", PLUS)


def _spread(writer: Writer, node: Code) -> Text:
    """Entries where pairs of axes are equal, zeros elsewhere, as a product with identities."""
    dropped = {second for _, second in node.attr}
    places = ", ".join(["None" if axis in dropped else ":" for axis in range(node.order)])
    of = node.args[0]
    parts = [f"{writer._at(of, ATOM)}[{places}]" if of.shape else writer._at(of, TIMES)]
    for first, second in node.attr:
        at = ", ".join([":" if axis in (first, second) else "None" for axis in range(node.order)])
        eye = f"{writer.dialect.xp}.eye({writer._size(node.shape[first])}{writer._like()})"
        parts.append(f"{eye}[{at}]")
    return " * ".join(parts), TIMES


def _linalg(name: str) -> Callable[[Writer, Code], Text]:
    def spelled(writer: Writer, node: Code) -> Text:
        inner = ", ".join([writer._at(arg, LOOSE) for arg in node.args])
        return f"{writer.dialect.xp}.linalg.{name}({inner})", ATOM

    return spelled


def _logdet(writer: Writer, node: Code) -> Text:
    writer.needs.add("logdet")
    return f"logdet({writer._at(node.args[0], LOOSE)}{', xp' if writer.dialect is ARRAY_API else ''})", ATOM


def _expm(writer: Writer, node: Code) -> Text:
    text = writer._at(node.args[0], LOOSE)
    if writer.dialect is JAX:
        return f"jax.scipy.linalg.expm({text})", ATOM
    if writer.dialect is TORCH:
        return f"torch.linalg.matrix_exp({text})", ATOM
    writer.needs.add("expm")
    return f"expm({text}{', xp' if writer.dialect is ARRAY_API else ''})", ATOM


def _erf(writer: Writer, node: Code) -> Text:
    text = writer._at(node.args[0], LOOSE)
    if writer.dialect is JAX:
        return f"jax.scipy.special.erf({text})", ATOM
    if writer.dialect is NUMPY:
        writer.needs.add("erf")
        return f"erf({text})", ATOM
    return f"torch.erf({text})", ATOM


def _kron(writer: Writer, node: Code) -> Text:
    a, b = node.args
    if writer.dialect is not ARRAY_API:
        return f"{writer.dialect.xp}.kron({writer._at(a, LOOSE)}, {writer._at(b, LOOSE)})", ATOM
    left, right = f"{writer._at(a, ATOM)}[:, None, :, None]", f"{writer._at(b, ATOM)}[None, :, None, :]"
    return f"xp.reshape({left} * {right}, {writer._shape(node.shape)})", ATOM


def _places(writer: Writer, node: Code) -> Text:
    device = f", device={writer.like}.device" if writer.dialect.typed and writer.like is not None else ""
    return f"{writer.dialect.xp}.arange({writer._size(node.shape[0])}{device})", ATOM


def _cumsum(writer: Writer, node: Code) -> Text:
    name = writer.dialect.function("cumsum")
    return f"{name}({writer._at(node.args[0], LOOSE)}, {writer.dialect.axis}={node.attr})", ATOM


def _call(writer: Writer, node: Code) -> Text:
    helper: Helper = node.attr
    name = helper.name
    while name in writer.helpers and writer.helpers[name] is not helper:
        name += "_"
    writer.helpers[name] = helper
    inner = ", ".join([writer._at(arg, LOOSE) for arg in node.args])
    return f"{name}({inner}{', xp' if writer.dialect is ARRAY_API else ''})", ATOM


SPELLED: dict[str, Callable[[Writer, Code], Text]] = {
    "number": _number,
    "size": lambda writer, node: size_text(node.attr, writer.sizes),
    "neg": _neg,
    "pow": _pow,
    "and": _logic(" & "),
    "or": _logic(" | "),
    "full": _full,
    "eye": _eye,
    "where": _where,
    "maximum": _extreme,
    "minimum": _extreme,
    "expand": _expand,
    "permute": _permute,
    "reshape": _reshape,
    "concat": _concat,
    "take": _take,
    "cut": _cut,
    "sum": _reduction,
    "max": _reduction,
    "min": _reduction,
    "prod": _reduction,
    "diagonal": _diagonal,
    "on_diagonal": _on_diagonal,
    "spread": _spread,
    "inv": _linalg("inv"),
    "solve": _linalg("solve"),
    "det": _linalg("det"),
    "logdet": _logdet,
    "expm": _expm,
    "erf": _erf,
    "kron": _kron,
    "places": _places,
    "cumsum": _cumsum,
    "call": _call,
}
