"""Array code as Python, for NumPy, JAX, PyTorch, and any library of the Array API standard.

One printer: statements in order, what is used twice or is long under a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

from mcalc.dims import Dim, Shape
from mcalc.export.code import (
    Code,
    Helper,
    as_length,
    full,
    is_mask,
    is_number,
    is_trailing,
    needed_by,
    number,
    unlike,
    walk,
    without_ones,
)
from mcalc.export.code_words import ARRAY_API, ATOM, COMPARE, LOOSE, NUMPY, PLUS, TORCH, Dialect, size_text
from mcalc.expr import in_order

Text = tuple[str, int]

LONG = 88
"""An operation whose text is longer than this gets a name."""
INDENT = "    "
WHOLE = frozenset({
    "input", "size", "index", "add", "sub", "mul", "neg", "maximum", "minimum", "abs", "sign", "matmul", "sum", "prod",
    "max", "min", "full", "expand", "permute", "reshape", "concat", "take", "cut", "diagonal", "tril", "kron",
    "cumsum", "places", "argmax", "argmin",
})  # fmt: skip
"""Operations that make whole numbers of whole numbers."""


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
        self.sizes: dict[str, str] = sizes or {}
        self.texts: dict[Code, Text] = {code: (name, ATOM) for code, name in names.items()}
        self.taken = set(taken) | set(names.values())
        self.like = like
        self.lines: list[str] = []
        self.count = 0
        self.helpers: dict[str, Helper] = {}
        self.needs: set[str] = set()
        self.conditions: set[Code] = set()

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
        order = list(in_order(outputs, lambda node: () if node in self.texts else needed_by(node)))
        self.conditions |= _conditions(order, outputs) if self.dialect is not ARRAY_API else set()
        uses: dict[Code, int] = {}
        for node in order:
            for arg in needed_by(node):
                uses[arg] = uses.get(arg, 0) + (2 if node.op == "loop" and arg not in node.args[2:] else 1)
        for code in outputs:
            uses[code] = uses.get(code, 0) + 1
        for node in reversed(order):
            if is_trailing(node):  # is not written: what it puts axes in front of is used instead
                uses[node.args[0]] += uses.get(node, 1) - 1
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
                self.texts[node] = self.spelled(node)
                shared = uses.get(node, 0) > 1 and not self.is_short(node)
            if shared or (len(self.texts[node][0]) > LONG and node not in outputs):
                self.named(node, depth)

    def is_short(self, node: Code) -> bool:
        """Say whether a node costs nothing to be written and worked out again: a name, a number, a size, a view."""
        if node.op in ("input", "number", "size", "index"):
            return True
        view = node.op in ("expand", "permute") and (node.order <= 2 or is_trailing(node))
        return view and self.texts[node.args[0]][0].isidentifier()

    def named(self, node: Code, depth: int) -> None:
        """Give a node a name, on a line of its own."""
        name = self.fresh_name()
        self.lines.append(f"{INDENT * depth}{name} = {self.texts[node][0]}")
        self.texts[node] = name, ATOM

    def inside(self, names: dict[Code, str]) -> Self:
        """Return what writes the body of a function inside this one, which knows all that is known here, and names."""
        inner = type(self)(self.dialect, names, [*self.taken], self.like, self.sizes)
        inner.texts = {**self.texts, **inner.texts}
        inner.helpers, inner.needs, inner.count = self.helpers, self.needs, self.count
        return inner

    def called(self, helper: Helper) -> str:
        """Return the name of a helper, which gets one that no other has."""
        name = unlike(helper.name, {name for name, other in self.helpers.items() if other is not helper})
        self.helpers[name] = helper
        return name

    def _loop(self, node: Code, depth: int) -> str:
        """Write the body of a sum or product over an index as a function of it; return the text that adds it up."""
        index, body, first, last, *excluded = node.args
        name = unlike(str(index.attr[0]), self.taken)
        term = self.fresh_name("term")
        inner = self.inside({index: name})
        [value] = inner.returned([body], depth + 1)
        self.lines += [f"{INDENT * depth}def {term}({name}):", *inner.lines, f"{INDENT * (depth + 1)}return {value}"]
        self.count = inner.count
        steps = f"range({self.texts[first][0]}, {self.operand(last, PLUS)} + 1)"
        but = " and ".join([f"{name} != {self.operand(code, COMPARE)}" for code in excluded])
        each = f"{term}({name}) for {name} in {steps}{f' if {but}' if but else ''}"
        if node.attr == "sum":
            start = "" if not node.shape or has_terms(node) else f", {self.spelled(full(number(0), node.shape))[0]}"
            return f"sum([{each}]{start})"
        self.needs.add("import math")
        return f"math.prod([{each}])"

    def _write_in_place(self, node: Code, uses: dict[Code, int], depth: int) -> None:
        """A diagonal added to an array, and entries spread to where axes are equal, are written into the array."""
        if node.op not in ("on_diagonal", "spread") or not self.dialect.in_place:
            return
        pad = INDENT * depth
        if node.op == "on_diagonal":
            base, vector = node.args
            own = not may_be_shared(base) and uses.get(base, 0) <= 1
            if self.dialect is NUMPY and may_be_whole(base):
                text = f"{self.operand(base, PLUS)} + 0.0"  # an array of whole numbers would cut off what is added
            else:
                text = self.operand(base) if own else f"{self.operand(base, ATOM)}.{self.word('copy')}()"
            name = text if text.isidentifier() else self.fresh_name()
            if name != text:
                self.lines.append(f"{pad}{name} = {text}")
            value = self.operand(vector)
            if self.dialect is TORCH:
                self.lines.append(f"{pad}{name}.diagonal().add_({value})")
            else:
                step = self.size_of(node.shape[0], PLUS)
                sign = "=" if base.op == "full" and is_number(base.args[0], 0) else "+="
                self.lines.append(f"{pad}{name}.flat[:: {step} + 1] {sign} {value}")
            self.texts[node] = name, ATOM
        elif self.dialect is NUMPY:
            name = self.fresh_name()
            self.lines.append(f"{pad}{name} = np.zeros({self.shape_of(node.shape)})")
            letters = self.tied(node)
            kept = "".join(dict.fromkeys(letters))
            inner = without_ones(node.args[0])
            inner = inner.args[0] if is_trailing(inner) else inner
            self.lines.append(f'{pad}np.einsum("{letters}->{kept}", {name})[...] = {self.operand(inner)}')
            self.texts[node] = name, ATOM

    @staticmethod
    def tied(node: Code) -> str:
        """A letter for each axis, the same where axes are tied."""
        letters = list("ijklmnpqrstuvw"[: node.order])
        for first, second in node.attr:
            letters[second] = letters[first]
        return "".join(letters)

    def word(self, what: str) -> str:
        """The name of a method that PyTorch calls otherwise."""
        return {"copy": "clone"}.get(what, what) if self.dialect is TORCH else what

    def operand(self, code: Code, level: int = LOOSE) -> str:
        """Return the text of an operand, in brackets where it binds less than what it stands in."""
        text, own = self.texts[code]
        return f"({text})" if own < level else text

    def listed(self, codes: Sequence[Code], sign: str = ", ", level: int = LOOSE) -> str:
        """Return the texts of operands with a sign between them."""
        return sign.join([self.operand(code, level) for code in codes])

    def call(self, name: str, args: Sequence[Code], more: str = "") -> Text:
        """Return a call of a function, with what follows the operands."""
        return f"{name}({self.listed(args)}{more})", ATOM

    def spelled(self, node: Code) -> Text:
        """Return the text of one operation, and how tightly it binds: in a language's own writer."""
        raise NotImplementedError

    def size_of(self, dim: Dim, level: int = LOOSE) -> str:
        """Return the length of an axis."""
        text, own = size_text(dim, self.sizes)
        return f"({text})" if own < level else text

    def shape_of(self, shape: Shape) -> str:
        """Return a shape: one length as it is, several as a tuple."""
        sizes = [self.size_of(dim) for dim in shape]
        return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"

    def like_of(self) -> str:
        """Return how an array that is made says its type and place, where the library does not choose well itself."""
        if not self.dialect.typed or self.like is None:
            return ", dtype=torch.float64" if self.dialect is TORCH else ""
        return f", dtype={self.like}.dtype, device={self.dialect.device(self.like)}"


def helper_texts(
    helpers: Mapping[str, Helper], write: Callable[[str, Helper], tuple[str, Mapping[str, Helper]]]
) -> list[str]:
    """Return the text of some helpers and of those that they call, each after those that it calls itself.

    `write` gives the text of one, and the helpers that it calls.
    """
    done: dict[str, str] = {}
    waiting = dict(helpers)
    while waiting:
        name, helper = waiting.popitem()
        text, called = write(name, helper)
        done.pop(name, None)
        done[name] = text
        waiting.update({key: one for key, one in called.items() if key not in done})
    return list(done.values())[::-1]


def has_terms(loop: Code) -> bool:
    """Say whether a sum or product over an index has a term whatever the sizes are."""
    _, _, *limits = loop.args
    lengths = [length for length in [as_length(code) for code in limits] if length is not None]
    least = (lengths[1] - lengths[0]).least if len(lengths) == len(limits) == 2 else None
    return least is not None and least >= 0


def may_be_shared(code: Code) -> bool:
    """Say whether an array may be that of an argument, or a part of it: what is written there would change both."""
    chosen = code.op == "where" and not code.args[0].shape
    return chosen or code.op in ("input", "permute", "expand", "reshape", "cut", "take", "diagonal", "call")


def may_be_whole(code: Code) -> bool:
    """Say whether an array is one of whole numbers where its arguments are, which NumPy then keeps.

    One number at all places of an array is written as a float.
    """
    nodes = [node for node in walk(code) if not (node.op == "full" and is_number(node.args[0]))]
    kept = all([node.op in WHOLE or (node.op == "number" and type(node.attr) is int) for node in nodes])
    return kept and any([node.op in ("input", "size", "index") for node in nodes])


def _conditions(order: Sequence[Code], outputs: Sequence[Code]) -> set[Code]:
    """The masks of zeros and ones that are only multiplied with numbers: there the condition itself will do."""
    users: dict[Code, list[Code]] = {}
    if any([node.op == "loop" for node in order]):
        return set()  # what its body does is not seen here
    for node in order:
        for arg in node.args:
            users.setdefault(arg, []).append(node)
    found: set[Code] = set()
    for node in reversed(order):
        plain = is_mask(node) and node.shape
        moved = node.op in ("expand", "permute") and node.order <= 2
        if (
            (plain or moved)
            and node not in outputs
            and all([_takes(user, node, found) for user in users.get(node, [])])
        ):
            found.add(node)
    return {node for node in found if is_mask(node)}


def _takes(user: Code, node: Code, found: set[Code]) -> bool:
    """Say whether a mask may be truth values where it is used."""
    if user.op != "mul":
        return user in found
    [other] = [arg for arg in user.args if arg is not node] or [node]
    while other.op in ("expand", "permute"):
        other = other.args[0]
    return not is_mask(other) and other.op not in ("number", "size")
