"""An exported function as a Python module: imports, helpers, the function with its docstring, or an operator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mcalc.export.code import Code, Helper, walk
from mcalc.export.code_words import ARRAY_API, ATOM, JAX, TORCH, Dialect, plain_name, written
from mcalc.export.function import CLASS, Function
from mcalc.export.python_solutions import solution_texts
from mcalc.export.python_spelling import PythonWriter
from mcalc.export.python_writer import INDENT, helper_texts

LOGDET = """def logdet(a{xp}):
    sign, value = {ns}.linalg.slogdet(a)
    return {ns}.where(sign > 0, value, {ns}.nan)"""
ADJUGATE = """def adjugate(a{xp}):
    # det(a) inv(a), which a matrix without an inverse has as well{branch}
    left, values, right = {ns}.linalg.svd(a)
    one = {ns}.eye(values.shape[0]{like})
    others = {ns}.prod(one + (1 - one) * values, axis=1)  # of each singular value the product of all the others
    return {ns}.linalg.det(left) * {ns}.linalg.det(right) * ((right.T * others) @ left.T)"""
BY_INVERSE = """
    det = {ns}.linalg.det(a)
    if det != 0:
        return det * {ns}.linalg.inv(a)"""
"""What is faster where there is an inverse; JAX has no branches in code that it compiles."""
ERRORS = {name: f"{name} = np.vectorize(math.{name}, otypes=[float])" for name in ("erf", "erfc")}


def python_source(function: Function, dialect: Dialect) -> str:
    """Return the whole text: imports, helpers, and the function."""
    shaped = [v for v in function.variables if v.shape]
    typed = shaped or (function.variables if dialect.typed else [])
    like = function.names[typed[0].attr[0]] if typed else None
    inputs = {code: code.attr for code in function.inputs.values()}
    writer = PythonWriter(dialect, inputs, [*function.sizes.values()], like, function.sizes)
    opening = _opening(function, dialect, like)
    values = [_operator(function, writer)] if function.actions else writer.returned(function.codes)
    statements = [*writer.lines, f"{INDENT}return {', '.join(values)}"]
    body = [*opening, *_sizes_bound(function, statements), *statements]
    helpers = _helpers(function, writer, dialect)  # they may need more
    imports = [*(["import math"] if {"import math", *ERRORS} & writer.needs else []), *dialect.imports]
    if dialect is ARRAY_API:
        body, imports = _namespace_if_used(body, imports)
    free = [function.sizes[name] for name in function.free_sizes()]
    head = f"def {function.name}({', '.join([*function.arguments, *free])}):"
    doc = _docstring(function.about) if function.about else []
    parts = [*(["\n".join(imports)] if imports else []), *helpers, "\n".join([head, *doc, *body])]
    return "\n\n\n".join(parts) + "\n"


def _namespace_if_used(body: list[str], imports: list[str]) -> tuple[list[str], list[str]]:
    """Leave out the namespace, and what is imported for it, where operators alone do all."""
    words = {word for line in body[1:] for word in re.findall(r"\w+", line)}
    if "xp" not in words and body[0].lstrip().startswith("xp ="):
        return body[1:], [line for line in imports if "array_api_compat" not in line]
    if "device" not in words:
        imports = [line.replace(", device", "") for line in imports]
    return body, imports


def _opening(function: Function, dialect: Dialect, like: str | None) -> list[str]:
    """The first lines: the namespace of the arrays, and numbers as arrays where a library needs that."""
    scalars = [function.names[v.attr[0]] for v in function.variables if not v.shape]
    made = f", dtype={like}.dtype, device={dialect.device(like)}" if like and like not in scalars else ""
    if dialect is ARRAY_API:
        arrays = [name for name in function.arguments if name not in scalars] or function.arguments
        if not arrays:  # no argument says which library is meant
            return [f"{INDENT}import array_api_compat.numpy as xp"]
        lines = [f"{INDENT}xp = array_namespace({', '.join(arrays)})"]
        return lines + [f"{INDENT}{name} = xp.asarray({name}{made})" for name in scalars if made]
    if dialect is TORCH:
        return [f"{INDENT}{name} = torch.as_tensor({name}{made or ', dtype=torch.float64'})" for name in scalars]
    return []


def _sizes_bound(function: Function, statements: list[str]) -> list[str]:
    """Lines that take the sizes in use from the shapes of the arguments."""
    lines: list[str] = []
    for name, sizes, places in function.sizes_given(statements):
        own = ", ".join(sizes) if len(places) > 1 else sizes[places[0]]
        lines.append(f"{INDENT}{own} = {name}.shape{f'[{places[0]}]' if len(places) == 1 else ''}")
    return lines


def _operator(function: Function, writer: PythonWriter) -> str:
    """Write the actions of an operator as functions inside; what they share without the vector stands before."""
    vectors = {vector for _, vector, _ in function.actions if vector is not None}
    moving = {node for node in walk(*function.all_codes) if node in vectors}
    for node in walk(*function.all_codes):
        if any([arg in moving for arg in node.args]):
            moving.add(node)
    heavy = ("on_diagonal", "spread", "full", "eye")
    shared = [
        arg
        for _, vector, code in function.actions
        if vector is not None
        for node in walk(code)
        if node in moving
        for arg in node.args
        if arg not in moving and arg.args and arg.op not in heavy
    ]
    writer.returned(list(dict.fromkeys(shared)))
    for code in dict.fromkeys(shared):
        if not writer.is_short(code) and (writer.texts[code][1] < ATOM or "(" in writer.texts[code][0]):
            writer.named(code, 1)
    given: dict[str, str] = {}
    for action, vector, code in function.actions:
        argument = "" if vector is None else vector.attr
        inner = writer.inside({} if vector is None else {vector: argument})
        [value] = inner.returned([code], 2)
        writer.lines += ["", f"{INDENT}def {action}({argument}):", *inner.lines, f"{INDENT * 2}return {value}"]
        given[action] = action
    shape = writer.shape_of(function.all_codes[-1].shape)
    writer.lines.append("")
    return f"Operator({shape}, matvec, rmatvec, {given.get('diagonal', 'None')}, dense)"


def _helpers(function: Function, writer: PythonWriter, dialect: Dialect) -> list[str]:
    """The text of the functions that the code calls, each before those that call it."""

    def text_of(name: str, helper: Helper) -> tuple[str, Mapping[str, Helper]]:
        names = helper.arguments(function.sizes.values())
        inner = PythonWriter(dialect, names, [], names[helper.parameters[0]], function.sizes)
        inner.needs = writer.needs
        [value] = inner.returned([helper.result])
        bound = _bound_in(function, helper, names)
        arguments = list(names.values()) + (["xp"] if dialect is ARRAY_API else [])
        lines = [f"def {name}({', '.join(arguments)}):", *bound, *inner.lines, f"{INDENT}return {value}"]
        return "\n".join(lines), inner.helpers

    called = helper_texts(writer.helpers, text_of)  # they may need more
    ns = dialect.xp
    extra = ", xp" if dialect is ARRAY_API else ""
    texts = {"logdet": LOGDET, "adjugate": ADJUGATE}
    branch = "" if dialect is JAX else BY_INVERSE.format(ns=ns)
    like = ", dtype=a.dtype, device=a.device" if dialect is TORCH else ""
    own = [text.format(xp=extra, ns=ns, branch=branch, like=like) for key, text in texts.items() if key in writer.needs]
    own += solution_texts(writer.needs, ns)
    own += [CLASS] if function.actions else []
    return [*([line for name, line in ERRORS.items() if name in writer.needs]), *own, *called]


def _bound_in(function: Function, helper: Helper, names: Mapping[Code, str]) -> list[str]:
    """Lines that take sizes from a helper's own arguments."""
    open_sizes = written([helper.result])
    bound: list[str] = []
    for code in helper.parameters:
        for axis, dim in enumerate(code.shape):
            size = plain_name(dim)
            if size in open_sizes:
                open_sizes.discard(size)
                bound.append(f"{INDENT}{function.sizes[size]} = {names[code]}.shape[{axis}]")
    return bound


def _docstring(lines: Sequence[str]) -> list[str]:
    """Return lines as the docstring of a function."""
    first, *rest = [line.replace("\\", "\\\\").replace('"', "'") for line in lines]
    if not rest:
        return [f'{INDENT}"""{first}"""']
    return [f'{INDENT}"""{first}', *[f"{INDENT}{line}".rstrip() for line in rest], f'{INDENT}"""']
