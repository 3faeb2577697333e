"""An exported function as C99: plain loops over arrays stored row by row, sizes as arguments, nothing but libm.

Results are written to where the last arguments point; what is kept in between lies in one block of memory, so the
function returns 0, or -1 where there is no memory. A single number that needs no memory is returned itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.export.c_entries import ENTRIES
from mcalc.export.c_helpers import texts
from mcalc.export.c_loops import INDENT, Loops
from mcalc.export.c_storage import REDUCED, WHOLE, is_entrywise, without_calls
from mcalc.export.c_words import ATOM, HELPERS, count_text
from mcalc.export.code import Code, walk
from mcalc.export.identifiers import identifiers
from mcalc.export.python_words import size_text
from mcalc.expr import Dim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.export.code import Helper
    from mcalc.export.function import Function
    from mcalc.expr import Shape


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
    loops = Loops(inputs, taken, function.sizes, ENTRIES)
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
    total, level = size_text(_total(loops.memory), sizes)
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


def _total(memory: Sequence[tuple[str, Shape]]) -> Dim:
    """How many numbers are kept in between."""
    total = Dim.of(0)
    for _, shape in memory:
        count = Dim.of(1)
        for dim in shape:
            count = count * dim
        total = total + count
    return total


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
        inner = Loops({single.get(code, code): code.attr for code in helper.parameters}, [], loops.sizes, ENTRIES)
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
