"""How each operation on arrays is written in Julia: dots for what works entry by entry, places counted from 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice

from mcalc.dims import Shape
from mcalc.errors import Mistake
from mcalc.export.c_storage import is_entrywise_call
from mcalc.export.code import Code, is_number
from mcalc.export.code_words import ATOM, CHOICE, COMPARE, INFIX, PLUS, POWER, SIGN, TIMES, number_text, size_text
from mcalc.export.python_writer import INDENT, Writer
from mcalc.fresh import free_names

Text = tuple[str, int]

FUNCTIONS = {
    op: op for op in (
        "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
        "cosh", "asinh", "tanh", "sign", "floor", "abs", "erf", "erfc",
    )
} | {"maximum": "max", "minimum": "min"}  # fmt: skip
REDUCTIONS = {"sum": "sum", "prod": "prod", "max": "maximum", "min": "minimum"}
OVERFLOWING = 700
"""The bound of an exponent that NumPy needs to keep silent; Julia gives infinity without a word."""


def _number(writer: JuliaWriter, node: Code) -> Text:
    value = node.attr
    if isinstance(value, float) and not math.isfinite(value):
        return ("NaN", ATOM) if math.isnan(value) else ("Inf", ATOM) if value > 0 else ("-Inf", SIGN)
    if value == math.pi:
        return "π", ATOM
    text, level = number_text(value)
    return text.replace('float("inf")', "Inf"), level


def infix(writer: JuliaWriter, node: Code) -> Text:
    """Return a sum, product, or comparison; a dot says entry by entry."""
    sign, level = INFIX[node.op]
    a, b = node.args
    dotted = f" .{sign[1:]}" if a.shape or b.shape else sign
    return f"{writer.operand(a, level + (level == COMPARE))}{dotted}{writer.operand(b, level + 1)}", level


def _product(writer: JuliaWriter, node: Code) -> Text:
    a, b = node.args
    if a.order == b.order == 1:
        return writer.call("dot", node.args)
    if a.order > 2:
        writer.needs.add("batched")
        return writer.call("batched", node.args)
    if a.order == 1:
        matrix = writer.operand(b.args[0], TIMES) if b.op == "permute" else f"{writer.operand(b, ATOM)}'"
        return f"{matrix} * {writer.operand(a, TIMES + 1)}", TIMES
    return f"{writer.operand(a, TIMES)} * {writer.operand(b, TIMES + 1)}", TIMES


def _pow(writer: JuliaWriter, node: Code) -> Text:
    a, b = node.args
    exponent = writer.operand(b, ATOM)
    sign = " .^ " if node.shape else "^" if exponent[0] != "(" else " ^ "
    base = writer.operand(a, ATOM)
    if not is_number(b) and a.op in ("number", "size"):  # a whole number has no negative powers
        base = f"float({base})"
    return f"{base}{sign}{exponent}", POWER


def _logic(sign: str, dotted: str) -> Callable[[JuliaWriter, Code], Text]:
    def spelled(writer: JuliaWriter, node: Code) -> Text:
        return (dotted if node.shape else sign).join([f"({writer.operand(arg)})" for arg in node.args]), PLUS - 2

    return spelled


def _where(writer: JuliaWriter, node: Code) -> Text:
    test, a, b = node.args
    sides = [
        repr(float(code.attr)) if code.op == "number" and type(code.attr) is int else writer.operand(code, CHOICE + 1)
        for code in (a, b)
    ]
    if test.shape:
        return f"ifelse.({writer.operand(test)}, {', '.join(sides)})", ATOM
    if node.shape:
        sides = [
            f"fill({side}, {writer.lengths(node.shape)})" if not code.shape else side
            for side, code in zip(sides, (a, b), strict=True)
        ]
    return f"{writer.operand(test)} ? {sides[0]} : {sides[1]}", CHOICE


def function(writer: JuliaWriter, node: Code) -> Text:
    """Return a function of numbers, with a dot at the places of an array."""
    [*args] = node.args
    if node.op == "exp" and args[0].op == "minimum" and is_number(args[0].args[1], OVERFLOWING):
        args = [args[0].args[0]]
    if node.op in ("erf", "erfc"):
        writer.needs.add(node.op)
    return writer.call(f"{FUNCTIONS[node.op]}{'.' if node.shape else ''}", args)


def _full(writer: JuliaWriter, node: Code) -> Text:
    value, lengths = node.args[0], writer.lengths(node.shape)
    if is_number(value, 0) or is_number(value, 1):
        return f"{'zeros' if is_number(value, 0) else 'ones'}({lengths})", ATOM
    return f"fill({writer.operand(value)}, {lengths})", ATOM


def _expand(writer: JuliaWriter, node: Code) -> Text:
    """A vector is a column as it is; a row is its transpose; else axes of length 1 are put in."""
    [of] = node.args
    if of.op in REDUCTIONS and writer.is_unnamed(of) and {*node.attr, *of.attr} == {*range(of.args[0].order)}:
        return _kept_reduction(writer, of), ATOM
    if of.order == 1 and node.attr == (0,):
        return writer.operand(of), writer.texts[of][1]
    if of.order == 1 and node.order == 2:
        return f"{writer.operand(of, ATOM)}'", ATOM
    sizes = ["1"] * node.order
    for axis, dim in zip(node.attr, of.shape, strict=True):
        sizes[axis] = ":" if of.order == 1 else writer.size_of(dim)
    return f"reshape({writer.operand(of)}, {', '.join(sizes)})", ATOM


def _permute(writer: JuliaWriter, node: Code) -> Text:
    if node.order == 2:
        return f"{writer.operand(node.args[0], ATOM)}'", ATOM
    axes = ", ".join([str(axis + 1) for axis in node.attr])
    return f"permutedims({writer.operand(node.args[0])}, ({axes}))", ATOM


def _reshape(writer: JuliaWriter, node: Code) -> Text:
    [of] = node.args
    text = writer.operand(of)
    if not of.shape:
        return f"fill({text}, {writer.lengths(node.shape)})", ATOM
    lasting = [[dim for dim in shape if dim.value != 1] for shape in (of.shape, node.shape)]
    if lasting[0] == lasting[1]:
        return f"reshape({text}, {writer.lengths(node.shape)})", ATOM
    writer.needs.add("by_rows")
    return f"by_rows({text}, {writer.lengths(node.shape)})", ATOM


def _concat(writer: JuliaWriter, node: Code) -> Text:
    if node.attr < 2:
        return writer.call(f"{'vh'[node.attr]}cat", node.args)
    return writer.call("cat", node.args, f"; dims={node.attr + 1}")


def _take(writer: JuliaWriter, node: Code) -> Text:
    of, at = node.args
    if at.op == "sub" and is_number(at.args[1], 1) and at not in writer.named_codes:
        place = writer.operand(at.args[0])
    elif at.op in ("argmax", "argmin") and at not in writer.named_codes:
        place = f"{at.op}({writer.operand(at.args[0])})"
    else:
        place = str(at.attr + 1) if type(at.attr) is int and at.op == "number" else f"{writer.operand(at, PLUS)} + 1"
    places = [":"] * of.order
    places[node.attr] = place
    return f"{writer.operand(of, ATOM)}[{', '.join(places)}]", ATOM


def _cut(writer: JuliaWriter, node: Code) -> Text:
    of, first, last = node.args
    start = str(first.attr + 1) if first.op == "number" else f"{writer.operand(first, PLUS)} + 1"
    places = [":"] * of.order
    places[node.attr] = f"{start}:{writer.operand(last, PLUS)}"
    return f"{writer.operand(of, ATOM)}[{', '.join(places)}]", ATOM


def _kept_reduction(writer: JuliaWriter, node: Code) -> str:
    """A reduction that keeps axes of length 1."""
    axes = [str(axis + 1) for axis in node.attr]
    dims = axes[0] if len(axes) == 1 else f"({', '.join(axes)})"
    return f"{REDUCTIONS[node.op]}({writer.operand(node.args[0])}; dims={dims})"


def _reduction(writer: JuliaWriter, node: Code) -> Text:
    of = node.args[0]
    if len(node.attr) == of.order:
        return f"{REDUCTIONS[node.op]}({writer.operand(of)})", ATOM
    text = _kept_reduction(writer, node)
    if node.order == 1:
        return f"vec({text})", ATOM
    axes = ", ".join([str(axis + 1) for axis in node.attr])
    return f"dropdims({text}; dims=({axes}{',' if len(node.attr) == 1 else ''}))", ATOM


def _place(writer: JuliaWriter, node: Code) -> Text:
    """The place of an extreme entry, counted from 0: of a vector, or of each row or column."""
    of = node.args[0]
    if of.order == 1:
        return f"{node.op}({writer.operand(of)}) - 1", PLUS
    name = writer.name_of(of)
    [i] = _running(writer, 1)
    line = f"{i}, :" if node.attr == (1,) else f":, {i}"
    return f"[{node.op}({name}[{line}]) - 1 for {i} in axes({name}, {2 - node.attr[0]})]", ATOM


def _running(writer: JuliaWriter, count: int) -> list[str]:
    """Names of indices over the axes of an array: free, since what is written inside uses the names outside."""
    return list(islice(free_names({*writer.taken, *writer.sizes.values()}), count))


def _diagonal(writer: JuliaWriter, node: Code) -> Text:
    of = node.args[0]
    if of.order == 2:
        return f"diag({writer.operand(of)})", ATOM
    name = writer.name_of(of)
    letters = _running(writer, node.order)
    places = ", ".join([*letters, letters[-1]])
    ranges = ", ".join([f"{letter} in axes({name}, {axis + 1})" for axis, letter in enumerate(letters)])
    return f"[{name}[{places}] for {ranges}]", ATOM


def _on_diagonal(writer: JuliaWriter, node: Code) -> Text:
    base, vector = node.args
    empty = base.op == "full" and is_number(base.args[0], 0)
    if vector.shape:
        diagonal = f"Diagonal({writer.operand(vector)})"
        return (f"Matrix({diagonal})", ATOM) if empty else (f"{writer.operand(base, PLUS)} + {diagonal}", PLUS)
    multiple = f"{writer.operand(vector, TIMES)} * I"
    if empty:
        return f"Matrix({multiple}, {writer.lengths(node.shape)})", ATOM
    return f"{writer.operand(base, PLUS)} + {multiple}", PLUS


def _spread(writer: JuliaWriter, node: Code) -> Text:
    """Entries where pairs of axes are equal, zeros elsewhere."""
    [of] = node.args
    dropped = {second for _, second in node.attr}
    letters = _running(writer, node.order)
    kept = [letter for axis, letter in enumerate(letters) if axis not in dropped]
    inner = ", ".join(["1" if dim.value == 1 else letter for letter, dim in zip(kept, of.shape, strict=False)])
    entry = f"{writer.name_of(of)}[{inner}]" if of.shape else writer.operand(of, CHOICE + 1)
    test = " && ".join([f"{letters[first]} == {letters[second]}" for first, second in node.attr])
    ranges = ", ".join(
        [f"{letter} in 1:{writer.size_of(dim, PLUS)}" for letter, dim in zip(letters, node.shape, strict=True)]
    )
    return f"[{test} ? {entry} : 0.0 for {ranges}]", ATOM


def _called(name: str, need: str = "") -> Callable[[JuliaWriter, Code], Text]:
    def spelled(writer: JuliaWriter, node: Code) -> Text:
        if need:
            writer.needs.add(need)
        return writer.call(name, node.args)

    return spelled


def _cumsum(writer: JuliaWriter, node: Code) -> Text:
    return writer.call("cumsum", node.args, f"; dims={node.attr + 1}" if node.order > 1 else "")


def _call(writer: JuliaWriter, node: Code) -> Text:
    dot = "." if node.shape and is_entrywise_call(node) else ""
    return writer.call(f"{writer.called(node.attr)}{dot}", node.args)


SPELLED: dict[str, Callable[[JuliaWriter, Code], Text]] = {
    "number": _number,
    "matmul": _product,
    "neg": lambda writer, node: (f"-{writer.operand(node.args[0], SIGN)}", SIGN),
    "pow": _pow,
    "and": _logic(" && ", " .& "),
    "or": _logic(" || ", " .| "),
    "where": _where,
    "full": _full,
    "eye": lambda writer, node: (f"Matrix(1.0I, {writer.lengths(node.shape)})", ATOM),
    "expand": _expand,
    "permute": _permute,
    "reshape": _reshape,
    "concat": _concat,
    "take": _take,
    "cut": _cut,
    "argmax": _place,
    "argmin": _place,
    "diagonal": _diagonal,
    "on_diagonal": _on_diagonal,
    "spread": _spread,
    "inv": _called("inv"),
    "det": _called("det"),
    "adj": _called("adjugate", "adjugate"),
    "logdet": _called("log_determinant", "log_determinant"),
    "expm": _called("exp"),
    "kron": _called("kron"),
    "tril": _called("tril"),
    "solve": lambda writer, node: (writer.listed(node.args, " \\ ", TIMES + 1), TIMES),
    "places": lambda writer, node: (f"(0:{writer.size_of(node.shape[0], PLUS)} - 1)", ATOM),
    "cumsum": _cumsum,
    "call": _call,
    **dict.fromkeys(REDUCTIONS, _reduction),
    **{op: infix for op in INFIX if op != "matmul"},
    **dict.fromkeys(FUNCTIONS, function),
}


class JuliaWriter(Writer):
    """Writes one function body in Julia."""

    def spelled(self, node: Code) -> Text:
        """Return the text of one operation, and how tightly it binds.

        Raises:
            Mistake: `E-UNSUPPORTED`, where Julia has no such operation.
        """
        if node.op == "size":
            return size_text(node.attr, self.sizes)
        spell = SPELLED.get(node.op)
        if spell is None:
            raise Mistake("E-UNSUPPORTED", f"Julia has no {node.op}", hint="--to numpy, jax or torch")
        return spell(self, node)

    @property
    def named_codes(self) -> set[Code]:
        """The operations that have a name, or are one."""
        return {code for code, (text, _) in self.texts.items() if text.isidentifier()}

    def is_unnamed(self, code: Code) -> bool:
        """Say whether an operation is written where it is used."""
        return not self.texts[code][0].isidentifier()

    def name_of(self, code: Code) -> str:
        """Return the name of an operation, which gets one if it has none."""
        if self.is_unnamed(code):
            self.named(code, 1)
        return self.texts[code][0]

    def lengths(self, shape: Shape) -> str:
        """Return the lengths of axes, as arguments."""
        return ", ".join([self.size_of(dim) for dim in shape])

    def _loop(self, node: Code, depth: int) -> str:
        """Write the body of a sum or product over an index as a function of it; return the text that adds it up."""
        index, body, first, last, *excluded = node.args
        name = str(index.attr[0])
        while name in self.taken or not name.isidentifier():
            name += "_"
        term = self.fresh_name("term")
        inner = self.inside({index: name})
        [value] = inner.returned([body], depth + 1)
        pad = INDENT * depth
        self.lines += [f"{pad}function {term}({name})", *inner.lines, f"{pad}{INDENT}return {value}", f"{pad}end"]
        self.count = inner.count
        steps = f"{self.operand(first, PLUS)}:{self.operand(last, PLUS)}"
        but = " && ".join([f"{name} != {self.operand(code, COMPARE)}" for code in excluded])
        over = f"{term}({name}) for {name} in {steps}{f' if {but}' if but else ''}"
        if not node.shape:
            kind = node.attr
            return f"{kind}({over}; init={'0.0' if kind == 'sum' else '1.0'})"
        start = f"{'zeros' if node.attr == 'sum' else 'ones'}({self.lengths(node.shape)})"
        return f"foldl((a, b) -> a .{'+' if node.attr == 'sum' else '*'} b, ({over}); init={start})"

    def _write_in_place(self, node: Code, uses: dict[Code, int], depth: int) -> None:
        """Nothing is written in place: a diagonal is added as a Diagonal."""
