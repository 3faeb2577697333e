"""An exported function: its arguments, what it returns, and its source in one of the array languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcalc.calculus.sample_sums import with_matrices
from mcalc.export.code import Code, Helper, walk
from mcalc.export.dialects import ARRAY_API, DIALECTS, JAX, Dialect
from mcalc.export.lowering import Lowering
from mcalc.export.names import identifiers
from mcalc.export.operator import CLASS
from mcalc.export.python import INDENT, Writer
from mcalc.export.python_words import ATOM
from mcalc.export.stable import stable
from mcalc.expr import Dim, Expr
from mcalc.expr import walk as walk_expr
from mcalc.operators.leaves import SIZE

EXPM = """def expm(a{xp}):
    # Taylor series of a matrix scaled by a power of two, then squared back
    count = max(0, int(np.ceil(np.log2(max(1e-300, float({ns}.max({ns}.sum({ns}.abs(a), axis=1))))))) + 4)
    scaled = a / 2.0**count
    total = term = {ns}.eye(a.shape[0])
    for n in range(1, 20):
        term = term @ scaled / n
        total = total + term
    for _ in range(count):
        total = total @ total
    return total"""
LOGDET = """def logdet(a{xp}):
    sign, value = {ns}.linalg.slogdet(a)
    return {ns}.where(sign > 0, value, {ns}.nan)"""
ERF = """erf = np.vectorize(math.erf, otypes=[float])"""


SHAPED = frozenset({"full", "eye", "reshape", "on_diagonal", "spread", "places", "kron"})
"""Operations that write down the shape of their result."""


class Output:
    """One thing that a function returns: what it is called, and its expression."""

    __slots__ = ("expr", "name")

    def __init__(self, name: str, expr: Expr) -> None:
        self.name = name
        self.expr = expr


class Function:
    """A function of some variables that returns one or several expressions.

    `source(target)` is its text. Raises :class:`~mcalc.errors.Mistake` for what a target cannot do.
    """

    def __init__(
        self,
        name: str,
        variables: Sequence[Expr],
        outputs: Sequence[Output],
        about: Sequence[str] = (),
        *,
        actions: Sequence[tuple[str, Expr | None, Expr]] = (),
    ) -> None:
        self.name = name
        self.variables = list(variables)
        self.outputs = list(outputs)
        self.about = list(about)
        sizes = [n for v in self.variables for dim in v.shape for n in dim.names]
        nodes = list(walk_expr(*[out.expr for out in self.outputs]))
        dims = [dim for node in nodes for dim in (*node.shape, *([node.attr] if node.op is SIZE else []))]
        used = [name for dim in dims for name in dim.names]
        self.sizes = identifiers(dict.fromkeys([*sizes, *used]))
        arguments = [variable.attr[0] for variable in self.variables]
        self.names = identifiers(arguments, [*self.sizes.values(), name])
        inputs = {v: Code("input", (), self.names[v.attr[0]], v.shape) for v in self.variables}
        low = Lowering(inputs)
        self.codes = [low.code(stable(with_matrices(out.expr))) for out in self.outputs] if not actions else []
        self.inputs = inputs
        self.actions: list[tuple[str, Code | None, Code]] = []
        for action, vector, result in actions:
            formal = None
            if vector is not None:
                formal = Code("input", (), vector.attr[0], vector.shape)
                low.values[vector] = formal
            self.actions.append((action, formal, low.code(stable(result))))
        self.all_codes = [*self.codes, *[code for _, _, code in self.actions]]

    def source(self, target: str = "numpy") -> str:
        """Return the whole text: imports, helpers, and the function."""
        dialect = DIALECTS[target]
        arguments = [self.names[variable.attr[0]] for variable in self.variables]
        like = next((self.names[v.attr[0]] for v in self.variables if v.shape), None)
        inputs = {code: code.attr for code in self.inputs.values()}
        writer = Writer(dialect, inputs, [*self.sizes.values()], like, self.sizes)
        opening = self._opening(dialect, like, arguments)
        values = [self._operator(writer)] if self.actions else writer.returned(self.codes)
        body = [*opening, *self._sizes_bound(), *writer.lines, f"{INDENT}return {', '.join(values)}"]
        free = [self.sizes[name] for name in self.free_sizes()]
        head = f"def {self.name}({', '.join([*arguments, *free])}):"
        doc = _docstring(self.about) if self.about else []
        helpers = self._helpers(writer, dialect)
        imports = ([] if "import math" not in writer.needs and "erf" not in writer.needs else ["import math"]) + list(
            dialect.imports
        )
        if "expm" in writer.needs and dialect is ARRAY_API:
            imports.append("import numpy as np")
        parts = ["\n".join(imports), *helpers, "\n".join([head, *doc, *body])]
        return "\n\n\n".join(parts) + "\n"

    def _operator(self, writer: Writer) -> str:
        """Write the actions of an operator as functions inside; what they share without the vector stands before."""
        vectors = {vector for _, vector, _ in self.actions if vector is not None}
        moving = {node for node in walk(*self.all_codes) if node in vectors}
        for node in walk(*self.all_codes):
            if any([arg in moving for arg in node.args]):
                moving.add(node)
        heavy = ("on_diagonal", "spread", "full", "eye")
        shared = [
            arg
            for _, vector, code in self.actions
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
        for action, vector, code in self.actions:
            inner = Writer(writer.dialect, {}, [*writer.taken], writer.like, self.sizes)
            inner.texts = {**writer.texts, **({} if vector is None else {vector: (vector.attr, ATOM)})}
            inner.helpers, inner.needs, inner.count = writer.helpers, writer.needs, writer.count
            [value] = inner.returned([code], 2)
            argument = "" if vector is None else vector.attr
            writer.lines += ["", f"{INDENT}def {action}({argument}):", *inner.lines, f"{INDENT * 2}return {value}"]
            given[action] = action
        shape = writer.shape_of(self.all_codes[-1].shape)
        writer.lines.append("")
        return f"Operator({shape}, matvec, rmatvec, {given.get('diagonal', 'None')}, dense)"

    def _opening(self, dialect: Dialect, like: str | None, arguments: Sequence[str]) -> list[str]:
        """The first lines: the namespace of the arrays, and numbers as arrays where a library needs that."""
        lines: list[str] = []
        scalars = [self.names[v.attr[0]] for v in self.variables if not v.shape]
        if dialect is ARRAY_API:
            arrays = [name for name in arguments if name not in scalars] or arguments
            if not arrays:  # no argument says which library is meant
                return [f"{INDENT}import array_api_compat.numpy as xp"]
            lines.append(f"{INDENT}xp = array_namespace({', '.join(arrays)})")
            made = f", dtype={like}.dtype, device={like}.device" if like is not None else ""
            lines += [f"{INDENT}{name} = xp.asarray({name}{made})" for name in scalars if like is not None]
        elif dialect.xp == "torch":
            made = f", dtype={like}.dtype, device={like}.device" if like is not None else ", dtype=torch.float64"
            lines += [f"{INDENT}{name} = torch.as_tensor({name}{made})" for name in scalars]
        return lines

    def _used_sizes(self) -> set[str]:
        """The names of sizes that the code writes down."""
        found: set[str] = set()
        todo = list(self.all_codes)
        helpers: set[int] = set()
        while todo:
            for node in walk(todo.pop()):
                if node.op == "call" and id(node.attr) not in helpers:
                    helpers.add(id(node.attr))
                if node.op == "size":
                    found.update(node.attr.names)
                elif node.op in SHAPED or (node.op == "where" and not node.args[0].shape):
                    found.update([name for dim in node.shape for name in dim.names])
        if self.actions:
            found.update([name for dim in self.all_codes[-1].shape for name in dim.names])
        return found

    def _sizes_bound(self) -> list[str]:
        """Lines that take the sizes in use from the shapes of the arguments."""
        wanted = self._used_sizes()
        lines: list[str] = []
        for variable in self.variables:
            shape = variable.shape
            plain = [_plain(dim) for dim in shape]
            new = [name for name in plain if name in wanted]
            if not new:
                continue
            wanted -= set(new)
            name = self.names[variable.attr[0]]
            if len(shape) == 1:
                lines.append(f"{INDENT}{self.sizes[plain[0]]} = {name}.shape[0]")
            else:
                bound = [self.sizes[p] if p in new and p not in plain[:k] else "_" for k, p in enumerate(plain)]
                lines.append(f"{INDENT}{', '.join(bound)} = {name}.shape")
        return lines

    def free_sizes(self) -> list[str]:
        """Return the sizes in use that no argument has, by their names: they are arguments themselves, at the end."""
        known = {_plain(dim) for variable in self.variables for dim in variable.shape}
        return sorted(self._used_sizes() - known)

    def _helpers(self, writer: Writer, dialect: Dialect) -> list[str]:
        """The text of the functions that the code calls, each before those that call it."""
        done: dict[str, str] = {}
        waiting = dict(writer.helpers)
        while waiting:
            name, helper = waiting.popitem()
            names = {code: code.attr for code in helper.parameters}
            inner = Writer(dialect, names, [], helper.parameters[0].attr, self.sizes)
            inner.needs = writer.needs
            [value] = inner.returned([helper.result])
            bound = self._bound_in(helper)
            arguments = [code.attr for code in helper.parameters] + (["xp"] if dialect is ARRAY_API else [])
            done.pop(name, None)
            done[name] = "\n".join(
                [f"def {name}({', '.join(arguments)}):", *bound, *inner.lines, f"{INDENT}return {value}"]
            )
            waiting.update({key: one for key, one in inner.helpers.items() if key not in done})
        ns = dialect.xp
        extra = ", xp" if dialect is ARRAY_API else ""
        texts = {"expm": EXPM, "logdet": LOGDET}
        own = [text.format(xp=extra, ns=ns) for key, text in texts.items() if key in writer.needs]
        own += [CLASS] if self.actions else []
        return [*([ERF] if "erf" in writer.needs else []), *own, *list(done.values())[::-1]]

    def _bound_in(self, helper: Helper) -> list[str]:
        """Lines that take sizes from a helper's own arguments."""
        names = {name for node in walk(helper.result) if node.op == "size" for name in node.attr.names}
        bound: list[str] = []
        for code in helper.parameters:
            for axis, dim in enumerate(code.shape):
                if _plain(dim) in names:
                    names.discard(_plain(dim))
                    bound.append(f"{INDENT}{self.sizes[_plain(dim)]} = {code.attr}.shape[{axis}]")
        return bound

    def compiled(self, target: str = "numpy") -> Any:
        """Return the function itself, made from its source; with JAX it is compiled when it is first called."""
        space: dict[str, Any] = {}
        # The source is mcalc's own, made of checked names and operations: nothing that was typed is in it as it was.
        exec(compile(self.source(target), f"<{self.name} by mcalc>", "exec"), space)  # noqa: S102
        made = space[self.name]
        if DIALECTS[target] is not JAX or self.actions:
            return made
        return space["jax"].jit(made, static_argnames=[self.sizes[name] for name in self.free_sizes()])


def _docstring(lines: Sequence[str]) -> list[str]:
    """Return lines as the docstring of a function."""
    first, *rest = [line.replace("\\", "\\\\").replace('"', "'") for line in lines]
    if not rest:
        return [f'{INDENT}"""{first}"""']
    return [f'{INDENT}"""{first}', *[f"{INDENT}{line}".rstrip() for line in rest], f'{INDENT}"""']


def _plain(dim: Dim) -> str:
    """The name of a size that is a name alone, else nothing."""
    return dim.names[0] if len(dim.names) == 1 and dim is Dim.named(dim.names[0]) else ""
