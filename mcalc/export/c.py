"""An exported function as C99: plain loops over arrays stored row by row, sizes as arguments, nothing but libm.

Results are written to where the last arguments point; what is kept in between lies in one block of memory, so the
function returns 0, or -1 where there is no memory. A single number that needs no memory is returned itself. The test
that goes with a function takes central differences of the value, at one random point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.export.c_loops import INDENT, Loops
from mcalc.export.c_spelling import ENTRIES, FILLS
from mcalc.export.c_storage import REDUCED, WHOLE, is_entrywise, without_calls
from mcalc.export.c_words import ATOM, HELPERS, count_text, texts
from mcalc.export.code import Code, Helper, walk
from mcalc.export.code_words import identifiers, size_text
from mcalc.export.function import Function, is_symmetric

WIDTH = 110
MADE = REDUCED | WHOLE


class Signature:
    """The arguments of an exported function in C: sizes, then variables, then where the results go."""

    def __init__(self, function: Function, *, returns: bool) -> None:
        self.sizes = list(dict.fromkeys(function.sizes.values()))
        self.inputs = [(name, bool(v.shape)) for name, v in zip(function.arguments, function.variables, strict=True)]
        names = [out.name for out in function.outputs] if len(function.outputs) > 1 else ["result"]
        short = {"gradient": "grad", "hessian": "hess"}
        away = [*self.sizes, *function.arguments]
        self.results = list(identifiers([short.get(name, name) for name in names], away).values())
        self.returns = returns

    def text(self, name: str) -> str:
        """Return the head of the function."""
        sizes = [f"ptrdiff_t {size}" for size in self.sizes]
        given = [f"const double *restrict {name}" if shaped else f"double {name}" for name, shaped in self.inputs]
        made = [] if self.returns else [f"double *restrict {result}" for result in self.results]
        head = f"{'double' if self.returns else 'int'} {name}("
        lines = [head]
        arguments = [*sizes, *given, *made] or ["void"]
        for place, argument in enumerate(arguments):
            text = argument + (")" if place == len(arguments) - 1 else ",")
            if len(lines[-1]) + len(text) > WIDTH:
                lines.append(f"{INDENT * 2}{text}")
            else:
                lines[-1] += text if lines[-1].endswith("(") else f" {text}"
        return "\n".join(lines)


def c_source(function: Function) -> str:
    """Return the whole text: includes, helpers, and the function."""
    _, parts = c_parts(function)
    return "\n\n".join(parts) + "\n"


def c_parts(function: Function) -> tuple[Signature, list[str]]:
    """Return the signature, and the text in parts: includes, helpers each, the function."""
    codes = without_calls(function.codes)
    inputs = dict(zip(without_calls(list(function.inputs.values())), function.arguments, strict=True))
    single = len(codes) == 1 and not codes[0].shape
    signature = Signature(function, returns=False)
    taken = [*function.sizes.values(), *function.arguments, *signature.results]
    loops = Loops(inputs, taken, function.sizes, ENTRIES, FILLS)
    loops.scope(codes, _targets(codes, signature.results))
    returned = ""
    for code, name in zip(codes, signature.results, strict=True):
        if single:
            returned = loops.entry(code, ())[0]
        elif not code.shape:
            loops.line(f"*{name} = {loops.entry(code, ())[0]};")
        elif loops.places.get(code) != name:
            loops.copy(code, name)
    signature.returns = single and not loops.memory
    body = _body(loops, function.sizes, signature, returned)
    head = "\n".join([*_comment(function, signature), f"{signature.text(function.name)} {{"])
    includes = "#include <math.h>\n#include <stddef.h>" + ("\n#include <stdlib.h>" if loops.memory else "")
    return signature, [includes, *_helpers(loops), "\n".join([head, *body, "}"])]


def _targets(codes: Sequence[Code], results: Sequence[str]) -> dict[Code, str]:
    """What is written to where a result belongs: the result, and the one array of it that is only scaled or shifted."""
    uses: dict[Code, int] = {}
    for node in walk(*codes):
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + 1
    found: dict[Code, str] = {}
    for code, name in zip(codes, results, strict=True):
        if not code.shape or code in found:
            continue
        found[code] = name
        for arg in code.args if is_entrywise(code) else ():
            if arg.shape == code.shape and uses[arg] == 1 and arg.op in MADE and arg not in codes:
                found[arg] = name
                break
    return found


def _body(loops: Loops, sizes: dict[str, str], signature: Signature, returned: str) -> list[str]:
    """The statements, with the memory they need before and after them."""
    if signature.returns:
        return [*loops.lines, f"{INDENT}return {returned};"]
    lines = list(loops.lines)
    if returned:
        lines.append(f"{INDENT}*{signature.results[0]} = {returned};")
    if not loops.memory:
        return [*lines, f"{INDENT}return 0;"]
    counts = [count_text(shape, sizes) for _, shape in loops.memory]
    kept = sum([math.prod(shape, start=Dim.of(1)) for _, shape in loops.memory], start=Dim.of(0))
    total, level = size_text(kept, sizes)
    opening = [
        f"{INDENT}double *work = malloc({total if level == ATOM else f'({total})'} * sizeof *work);",
        f"{INDENT}if (work == NULL)",
        f"{INDENT * 2}return -1;",
    ]
    before = "work"
    for (name, _), count in zip(loops.memory, counts, strict=True):
        opening.append(f"{INDENT}double *{name} = {before};")
        before = f"{name} + {count}"
    return [*opening, *lines, f"{INDENT}free(work);", f"{INDENT}return 0;"]


def _helpers(loops: Loops) -> list[str]:
    """The functions that the statements call, of one number at a time, each after those that it calls itself."""
    done: dict[str, str] = {}
    waiting: list[Helper] = list(loops.helpers.values())
    needs = list(loops.needs)
    while waiting:
        helper = waiting.pop()
        single: dict[Code, Code] = {}
        for node in walk(helper.result):
            single[node] = Code(node.op, [single[arg] for arg in node.args], node.attr)
        inner = Loops(
            {single.get(code, code): code.attr for code in helper.parameters}, [], loops.sizes, ENTRIES, FILLS
        )
        inner.scope([single[helper.result]], {})
        text = inner.entry(single[helper.result], ())[0]
        given = ", ".join([f"double {code.attr}" for code in helper.parameters])
        done.pop(helper.name, None)
        head = f"static double {helper.name}({given}) {{"
        done[helper.name] = "\n".join([head, *inner.lines, f"{INDENT}return {text};", "}"])
        waiting += inner.helpers.values()
        needs += [need for need in inner.needs if need not in needs]
    return [*[HELPERS[need] for need in needs if need in HELPERS], *texts(needs), *list(done.values())[::-1]]


def _comment(function: Function, signature: Signature) -> list[str]:
    """The docstring as a comment, with what a caller in C has to know beside it."""
    if not function.about:
        return []
    sizes = f"Sizes first: {', '.join(signature.sizes)}. " if signature.sizes else ""
    arrays = "Arrays lie row by row and do not overlap. " if signature.sizes else ""
    status = "" if signature.returns else f"Writes {', '.join(signature.results)}; returns 0, or -1 without memory."
    said = [*function.about, *([f"{sizes}{arrays}{status}".rstrip()] if sizes or status else [])]
    lines = [line.replace("*/", "* /").replace("/*", "/ *") for line in said]
    return [f"/* {lines[0]}", *[f"   {line}".rstrip() for line in lines[1:-1]], f"   {lines[-1]} */"]


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
        if variable.is_square:
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
    # ??/ is a backslash to old compilers
    if not file.isprintable() or not {'"', "\\"}.isdisjoint(file) or "??" in file:
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
