"""An exported function in Julia: arrays with the same axes, functions of numbers with dots, LinearAlgebra.

The test that goes with it takes central differences of the value, at one random point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mcalc.export.c_storage import is_entrywise_call
from mcalc.export.code import Code, Helper, unlike, walk
from mcalc.export.code_words import Dialect, in_quotes, plain_name, size_text
from mcalc.export.function import Function, is_symmetric
from mcalc.export.julia_spelling import JuliaWriter
from mcalc.export.python_writer import INDENT, helper_texts
from mcalc.expr import Expr

JULIA = Dialect("", [])
HELPERS = {
    "batched": """# matrix products over the axes before the last two
function batched(a, b)
    made = similar(a, size(a)[1:end-1]..., size(b)[end])
    for i in CartesianIndices(size(a)[1:end-2])
        made[i, :, :] = a[i, :, :] * b[i, :, :]
    end
    return made
end""",
    "by_rows": """# the same entries in another shape, counted row by row: the last axis runs fastest
by_rows(a, shape...) =
    permutedims(reshape(permutedims(a, ndims(a):-1:1), reverse(shape)...), length(shape):-1:1)""",
    "log_determinant": """function log_determinant(a)
    value, sign = logabsdet(a)
    return sign > 0 ? value : NaN
end""",
    "adjugate": """function adjugate(a)
    whole = det(a)
    n = size(a, 1)
    return whole != 0 ? whole .* inv(a) :
        [det([r == j ? (c == i ? 1.0 : 0.0) : a[r, c] for r in 1:n, c in 1:n]) for i in 1:n, j in 1:n]
end""",
}
LINEAR = frozenset({"diagonal", "on_diagonal", "eye", "inv", "adj", "solve", "det", "logdet", "expm", "kron", "tril"})
"""Operations that are LinearAlgebra's; a dot product is one too."""


def julia_source(function: Function) -> str:
    """Return the whole text: the packages used, helpers, and the function with its docstring."""
    inputs = {code: code.attr for code in function.inputs.values()}
    writer = JuliaWriter(JULIA, inputs, [*function.sizes.values()], None, function.sizes)
    values = writer.returned(function.codes)
    free = [function.sizes[name] for name in function.free_sizes()]
    head = f"{function.name}({', '.join([*function.arguments, *free])})"
    helpers = _helpers(function, writer)
    body = [*_sizes_bound(function, [*values, *writer.lines]), *writer.lines, f"{INDENT}return {', '.join(values)}"]
    text = "\n".join([*_docstring(function, head), f"function {head}", *body, "end"])
    parts = [*helpers, text]
    nodes = list(walk(*function.codes))
    nodes += [node for helper in {n.attr for n in nodes if n.op == "call"} for node in walk(helper.result)]
    linear = any([node.op in LINEAR or (node.op == "matmul" and not node.shape) for node in nodes])
    uses = ["using LinearAlgebra"] if linear else []
    special = sorted({"erf", "erfc"} & writer.needs)
    uses += [f"using SpecialFunctions: {', '.join(special)}"] if special else []
    return "\n\n".join([*(["\n".join(uses)] if uses else []), *parts]) + "\n"


def _sizes_bound(function: Function, texts: list[str]) -> list[str]:
    """Lines that take the sizes that are used from the arguments."""
    lines: list[str] = []
    for name, sizes, places in function.sizes_given(texts):
        own = ", ".join(sizes) if len(places) > 1 else sizes[places[0]]
        of = f"length({name})" if len(sizes) == 1 else f"size({name}{f', {places[0] + 1}' if len(places) == 1 else ''})"
        lines.append(f"{INDENT}{own} = {of}")
    return lines


def _helpers(function: Function, writer: JuliaWriter) -> list[str]:
    """The functions that the code calls, each after those that it calls itself."""

    def text_of(name: str, helper: Helper) -> tuple[str, Mapping[str, Helper]]:
        of_numbers = is_entrywise_call(Code("call", helper.parameters, helper, helper.result.shape))
        new: dict[Code, Code] = {}
        for node in walk(helper.result):
            shape = () if of_numbers else node.shape
            new[node] = Code(node.op, [new[arg] for arg in node.args], node.attr, shape)
        arguments = helper.arguments(function.sizes.values())
        names = {new.get(code, code): own for code, own in arguments.items()}
        inner = JuliaWriter(JULIA, names, [], None, function.sizes)
        inner.needs = writer.needs
        [value] = inner.returned([new[helper.result]])
        head = f"{name}({', '.join(arguments.values())})"
        sizes: list[str] = []
        for word in re.findall(r"\w+", " ".join([value, *inner.lines])):
            at = [
                (own, axis) for code, own in arguments.items() for axis, dim in enumerate(code.shape)
                if function.sizes.get(plain_name(dim)) == word
            ]  # fmt: skip
            line = f"{INDENT}{word} = size({at[0][0]}, {at[0][1] + 1})" if at else ""
            sizes += [line] if line and line not in sizes else []
        short = not sizes and not inner.lines
        lines = [f"function {head}", *sizes, *inner.lines, f"{INDENT}return {value}", "end"]
        return f"{head} = {value}" if short else "\n".join(lines), inner.helpers

    called = helper_texts(writer.helpers, text_of)  # they may need more
    return [*[HELPERS[need] for need in HELPERS if need in writer.needs], *called]


def _docstring(function: Function, head: str) -> list[str]:
    if not function.about:
        return []
    lines = [line.replace("\\", "\\\\").replace('"', "'").replace("$", "\\$") for line in function.about]
    return ['"""', f"{INDENT}{head}", "", *lines, '"""']


TEXT = """# Checks {shown} against central differences, at one random point: julia {test}
include("{shown}")

{value}
flat(x) = vec(collect(x))

# A derivative of a function by the entries of one array, of order 0, 1 or 2, by central differences.
function differences(f, at, order)
    if order == 0
        return flat(f(at))
    end
    step = order == 1 ? 1e-5 : 1e-3
    columns = Vector{{Float64}}[]
    for place in CartesianIndices(at)
        sides = Vector{{Float64}}[]
        for sign in (1, -1)
            moved = copy(at)
{moved}
            push!(sides, differences(f, moved, order - 1))
        end
        push!(columns, (sides[1] - sides[2]) / (2 * step))
    end
    return reduce(vcat, columns)
end

function check(found, order, wanted)
    near = order > 1 ? 1e-3 : 1e-5
    if !isapprox(flat(found), wanted; rtol=near, atol=near)
        error("the derivative of order $order is not what central differences give")
    end
end

{arguments}
{call}
{checks}
println("{shown} agrees with central differences")
"""


def julia_selftest(function: Function, value: Function, file: str, by: Sequence[str], orders: Sequence[int]) -> str:
    """Return the text of the test of a Julia file that has an exported function in it."""
    sizes = {name: k for k, name in enumerate(dict.fromkeys(function.sizes.values()), 2)}
    named = dict(zip(function.arguments, function.variables, strict=True))
    lines = [f"{name} = {k}" for name, k in sizes.items()]
    lines += [f"{name} = {_sample(variable, function.sizes)}" for name, variable in named.items()]
    free = [function.sizes[name] for name in function.free_sizes()]
    names = _result_names(function)
    call = f"{', '.join(names)} = {function.name}({', '.join([*function.arguments, *free])})"
    checks: list[str] = []
    for order, name in zip(orders, names, strict=True):
        parts = [_differences(variable, named, value, order) for variable in (by if order else by[:1])]
        wanted = parts[0] if len(parts) == 1 else f"[{'; '.join(parts)}]"
        checks.append(f"check({name}, {order}, {wanted})")
    mirrored = any([is_symmetric(named[variable]) for variable in by])
    return TEXT.format(
        shown=in_quotes(file),
        test=in_quotes(f"test_{file}"),
        value=julia_source(value),
        moved="\n".join([
            f"            moved[place] += sign * step{' / 2  # a symmetric matrix stays one' if mirrored else ''}",
            *(["            moved[place[2], place[1]] += sign * step / 2"] if mirrored else []),
        ]),
        arguments="\n".join(lines),
        call=call,
        checks="\n".join(checks),
    )  # fmt: skip


def _result_names(function: Function) -> list[str]:
    """Names for the results that no argument has."""
    taken = {*function.arguments, *function.sizes.values()}
    return [unlike(f"found_{out.name}", taken) for out in function.outputs]


def _differences(variable: str, named: dict[str, Expr], value: Function, order: int) -> str:
    """The differences of the value by one variable, the others held."""
    shaped = bool(named[variable].shape)
    moved = unlike("moved", named)
    entry = moved if shaped else f"{moved}[1]"
    given = [entry if name == variable else name for name in value.arguments]
    given += [value.sizes[name] for name in value.free_sizes()]
    start = variable if shaped else f"[{variable}]"
    return f"differences({moved} -> value({', '.join(given)}), {start}, {order})"


def _sample(variable: Expr, names: dict[str, str]) -> str:
    """A random array well inside every domain: positive, square matrices near a multiple of the identity."""
    if not variable.shape:
        return "0.3 + 0.6 * rand()"
    lengths = ", ".join([size_text(dim, names)[0] for dim in variable.shape])
    text = f"0.3 .+ 0.6 .* rand({lengths})"
    if variable.is_square:
        text = f"{text} .+ 4 .* (1:{lengths.split(',')[0]} .== (1:{lengths.split(',')[0]})')"
        return f"(a -> a * a')({text})" if is_symmetric(variable) else text
    return text
