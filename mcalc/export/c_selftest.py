"""The test that goes with an exported function in C: central differences of the value, at one random point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.export.c import c_parts
from mcalc.export.c_words import count_text
from mcalc.export.selftest import is_symmetric

if TYPE_CHECKING:
    from mcalc.export.function import Function

TEXT = """/* Checks {file} against central differences, at one random point:
   cc -o selftest "test_{file}" -lm && ./selftest */
#include <stdio.h>
#include <stdlib.h>
#include "{file}"

{value}

enum {{ {sizes}OUTPUTS = {outputs}, INPUTS = {inputs}{mirror} }};
{arrays}
static double *const variables[] = {{{by}}};
static const ptrdiff_t lengths[] = {{{lengths}}};

static double uniform(void) {{
    return 0.3 + 0.6 * rand() / RAND_MAX;
}}

/* A derivative of the value, of order 0, 1 or 2, by central differences; axes of the output first. */
static void differences(int order, double *result) {{
    if (order == 0) {{
        {call_value};
        return;
    }}
    const double step = order == 1 ? 1e-5 : 1e-3;
    ptrdiff_t rows = OUTPUTS, column = 0;
    for (int k = 1; k < order; k++)
        rows *= INPUTS;
    double *sides[] = {{malloc(rows * sizeof(double)), malloc(rows * sizeof(double))}};
    for (size_t v = 0; v < sizeof variables / sizeof *variables; v++)
        for (ptrdiff_t at = 0; at < lengths[v]; at++, column++) {{
            const double kept = variables[v][at];
            for (int side = 0; side < 2; side++) {{
                {moved};
                differences(order - 1, sides[side]);
            }}
            {restored};
            for (ptrdiff_t i = 0; i < rows; i++)
                result[i * INPUTS + column] = (sides[0][i] - sides[1][i]) / (2 * step);
        }}
    free(sides[0]);
    free(sides[1]);
}}

static int differ(const char *name, int order, const double *found) {{
    ptrdiff_t count = OUTPUTS;
    for (int k = 0; k < order; k++)
        count *= INPUTS;
    double *wanted = malloc(count * sizeof(double));
    const double near = order > 1 ? 1e-3 : 1e-5;
    int wrong = 0;
    differences(order, wanted);
    for (ptrdiff_t i = 0; i < count; i++)
        if (!(fabs(found[i] - wanted[i]) <= near * (1 + fabs(wanted[i]))))
            wrong = 1;
    free(wanted);
    if (wrong)
        printf("%s is not what central differences give\\n", name);
    return wrong;
}}

int main(void) {{
{filled}
{results}
    if ({calls})
        return 1;
    printf("%s agrees with central differences\\n", "{file}");
    return 0;
}}
"""


MIRRORED = """    for (ptrdiff_t i = 0; i < {n}; i++)
        for (ptrdiff_t j = 0; j < i; j++)
            {name}[i * {n} + j] = {name}[j * {n} + i];"""


def _filled(function: Function, counts: dict[str, str]) -> list[str]:
    """Return the loops that fill the arguments: square matrices far from singular, symmetric ones mirrored."""
    filled: list[str] = []
    for name, variable in zip(function.arguments, function.variables, strict=True):
        filled.append(f"    for (ptrdiff_t i = 0; i < {counts[name]}; i++)\n        {name}[i] = uniform();")
        if len(variable.shape) == 2 and variable.shape[0] is variable.shape[1]:
            n = count_text(variable.shape[:1], function.sizes)
            filled.append(f"    for (ptrdiff_t i = 0; i < {n}; i++)\n        {name}[i * {n} + i] += 4;")
            if is_symmetric(variable):
                filled.append(MIRRORED.format(name=name, n=n))
    return filled


def c_selftest(function: Function, value: Function, file: str, by: Sequence[str], orders: Sequence[int]) -> str:
    """Return the text of the test of a C file that has an exported function in it.

    Raises:
        Mistake: `E-FILE`, where C cannot include a file of that name.
    """
    if not file.isprintable() or not {'"', "\\"}.isdisjoint(file):
        raise Mistake("E-FILE", "C cannot include a file of that name", hint="letters, digits, _ and - will do")
    sizes = {name: k for k, name in enumerate(dict.fromkeys(function.sizes.values()), 2)}
    named = list(zip(function.arguments, function.variables, strict=True))
    counts = {name: count_text(variable.shape, function.sizes) for name, variable in named}
    signature, own = c_parts(function)
    value_signature, parts = c_parts(value)
    arguments = [*signature.sizes, *[name if shaped else f"*{name}" for name, shaped in signature.inputs]]
    *helpers, text = [part for part in parts if part not in own]
    results, checks = [], []
    for order, result, out in zip(orders, signature.results, function.outputs, strict=True):
        length = " * ".join(["OUTPUTS", *["INPUTS"] * order])
        results.append(f"    static double {result}[{length}];")
        checks.append(f'differ("{out.name}", {order}, {result})')
    call = f"{function.name}({', '.join([*arguments, *([] if signature.returns else signature.results)])})"
    if signature.returns:
        results.append(f"    {signature.results[0]}[0] = {call};")
        calls = checks
    else:
        calls = [f"{call} != 0", *checks]
    inner = ", ".join([*value_signature.sizes, *[a for a in arguments if a.lstrip("*") in value.arguments]])
    called = (
        f"result[0] = value({inner})"
        if value_signature.returns
        else f"if (value({inner}, result) != 0)\n            exit(1)"
    )
    side = next((count_text(v.shape[:1], function.sizes) for name, v in named if name in by and is_symmetric(v)), "")
    turned = "at % SIDE * SIDE + at / SIDE"
    moved = "variables[v][at] = kept + (side ? -step : step)"
    if side:  # a symmetric matrix stays one
        moved = f"variables[v][at] = variables[v][{turned}] = kept + (side ? -step : step) / (at % (SIDE + 1) ? 2 : 1)"
    return TEXT.format(
        file=file,
        mirror=f", SIDE = {side}" if side else "",
        moved=moved,
        restored=f"variables[v][at] = variables[v][{turned}] = kept" if side else "variables[v][at] = kept",
        value="\n\n".join([*helpers, f"static {text}"]),
        sizes="".join([f"{name} = {k}, " for name, k in sizes.items()]),
        outputs=count_text(value.outputs[0].expr.shape, function.sizes),
        inputs=" + ".join([counts[name] for name in by]),
        arrays="\n".join([f"static double {name}[{count}];" for name, count in counts.items()]),
        by=", ".join(by),
        lengths=", ".join([counts[name] for name in by]),
        call_value=called,
        filled="\n".join(_filled(function, counts)),
        results="\n".join(results),
        calls=" || ".join(calls),
    )
