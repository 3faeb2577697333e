"""The test that goes with an exported function in Julia: central differences of the value, at one random point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcalc.export.julia import julia_source
from mcalc.export.python_words import size_text
from mcalc.export.selftest import in_quotes, is_symmetric

if TYPE_CHECKING:
    from mcalc.export.function import Function
    from mcalc.expr import Expr

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
    names: list[str] = []
    for out in function.outputs:
        name = f"found_{out.name}"
        while name in taken:
            name += "_"
        names.append(name)
    return names


def _differences(variable: str, named: dict[str, Expr], value: Function, order: int) -> str:
    """The differences of the value by one variable, the others held."""
    shaped = bool(named[variable].shape)
    moved = "moved"
    while moved in named:
        moved += "_"
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
    if variable.order == 2 and variable.shape[0] is variable.shape[1]:
        text = f"{text} .+ 4 .* (1:{lengths.split(',')[0]} .== (1:{lengths.split(',')[0]})')"
        return f"(a -> a * a')({text})" if is_symmetric(variable) else text
    return text
