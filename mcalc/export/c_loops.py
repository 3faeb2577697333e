"""Array code as loops of C: what is stored is filled entry by entry, everything else is fused into those loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake
from mcalc.export.c_storage import VIEWS, is_entrywise, stored
from mcalc.export.c_words import ATOM, CHOICE, FUNCTIONS, INFIX, LOOSE, PLUS, SIGN, TIMES, count_text, place_text
from mcalc.export.code import SINGLE, Code, Helper, is_mask, is_number, needed_by
from mcalc.export.code_words import identifiers, size_text
from mcalc.expr import in_order
from mcalc.fresh import free_names

Text = tuple[str, int]
At = Sequence[str]
Entry = Callable[["Loops", Code, At], Text]
Fill = Callable[["Loops", Code, str], None]

INDENT = "    "
STARTS = {"sum": "0", "matmul": "0", "prod": "1", "max": "-INFINITY", "min": "INFINITY", "argmax": "0", "argmin": "0"}


class Loops:
    """Writes the statements of one function body.

    `entries` say what an entry of each operation is, `fills` how arrays are made that are not made entry by entry.
    `places` are the names of nodes that have memory; `memory` lists the temporary arrays with their shapes; `helpers`
    and `needs` are what the statements call.
    """

    def __init__(
        self,
        places: dict[Code, str],
        taken: Sequence[str],
        sizes: dict[str, str],
        entries: Mapping[str, Entry],
        fills: Mapping[str, Fill],
    ) -> None:
        self.entries = entries
        self.fills = fills
        self.places = dict(places)
        self.taken = {*taken, *places.values()}
        self.sizes = sizes
        self.lines: list[str] = []
        self.depth = 1
        self.memory: list[tuple[str, Shape]] = []
        self.helpers: dict[str, Helper] = {}
        self.needs: list[str] = []
        self.open: list[str] = []
        self.count = 0

    def line(self, text: str) -> None:
        """Write one line."""
        self.lines.append(f"{INDENT * self.depth}{text}")

    def fresh(self) -> str:
        """Return a name that nothing else has."""
        while True:
            self.count += 1
            if f"t{self.count}" not in self.taken:
                self.taken.add(f"t{self.count}")
                return f"t{self.count}"

    def array(self, shape: Shape) -> str:
        """Return the name of a new temporary array."""
        name = self.fresh()
        self.memory.append((name, shape))
        return name

    def need(self, helper: str) -> None:
        """Ask for a helper function, once."""
        if helper not in self.needs:
            self.needs.append(helper)

    # -- scopes ---------------------------------------------------------------------------------------------------

    def scope(self, outputs: Sequence[Code], targets: dict[Code, str]) -> None:
        """Write what some outputs need, each array into the memory that `targets` name for it."""
        order = list(in_order(outputs, lambda node: () if node in self.places else needed_by(node)))
        kept = stored(order, set(outputs), self.places)
        for node in order:
            if node in kept and node not in self.places:
                self.store(node, targets.get(node))

    def store(self, node: Code, into: str | None = None) -> None:
        """Give a node memory and fill it; a scalar is a variable."""
        if not node.shape:
            self._store_number(node)
            return
        name = into or self.array(node.shape)
        self.fills.get(node.op, Loops.fill)(self, node, name)
        self.places[node] = name

    def _store_number(self, node: Code) -> None:
        if node.op == "loop":
            name = self.fresh()
            self.line(f"double {name} = {'0' if node.attr == 'sum' else '1'};")
            self.running(node, lambda value: self.line(f"{name} {sign_of(node)} {self.entry(value, ())[0]};"))
        elif node.op in STARTS:
            name = self._added_up(node, ())
        elif node.op in ("det", "logdet"):
            name = self.fresh()
            copy = self.copied(node.args[0])
            helper = {"det": "determinant", "logdet": "log_determinant"}[node.op]
            self.need(helper)
            self.line(f"const double {name} = {helper}({self.length(node.args[0].shape[0])}, {copy});")
        else:
            text = self.entry(node, ())[0]
            name = self.fresh()
            self.line(f"const double {name} = {text};")
        self.places[node] = name

    def copy(self, node: Code, name: str) -> None:
        """Write an array to where a result belongs, entry by entry."""
        self.fills.get(node.op, Loops.fill)(self, node, name) if node not in self.places else self.fill(node, name)

    # -- filling --------------------------------------------------------------------------------------------------

    def fill(self, node: Code, name: str) -> None:
        """Write each entry of an array."""
        self.over(node.shape, lambda at: self.put(name, node.shape, at, "=", self.entry(node, at)[0]))

    def put(self, name: str, shape: Shape, at: At, sign: str, text: str) -> None:
        """Write one entry."""
        self.line(f"{name}[{place_text(at, shape, self.sizes)}] {sign} {text};")

    def over(self, shape: Shape, body: Callable[[list[str]], None], order: Sequence[int] | None = None) -> None:
        """Write nested loops over the axes of a shape, in an order; `body` gets the index of each axis."""
        at = ["0"] * len(shape)
        started: list[int] = []
        axes = [axis for axis in (order if order is not None else range(len(shape))) if shape[axis] is not SINGLE]
        for axis in axes:
            name = next(free_names({*self.taken, *self.open}))
            started.append(len(self.lines))
            self.line(f"for (ptrdiff_t {name} = 0; {name} < {self.length(shape[axis])}; {name}++) {{")
            self.open.append(name)
            self.depth += 1
            at[axis] = name
        body(at)
        for first in reversed(started):
            self.open.pop()
            self.depth -= 1
            self._close(first)

    def _close(self, first: int) -> None:
        """End the loop that begins at a line; one statement needs no braces."""
        inside = INDENT * (self.depth + 1)
        statements = [
            line for line in self.lines[first + 1 :] if line.startswith(inside) and line[len(inside)] not in " }"
        ]
        if len(statements) == 1:
            self.lines[first] = self.lines[first].removesuffix(" {")
        else:
            self.line("}")

    def length(self, dim: Dim) -> str:
        """Return the length of an axis."""
        return size_text(dim, self.sizes)[0]

    def zeros(self, shape: Shape, name: str, value: str = "0") -> None:
        """Write zeros, or another number, at all places."""
        flat = count_text(shape, self.sizes)
        letter = next(free_names({*self.taken, *self.open}))
        self.line(f"for (ptrdiff_t {letter} = 0; {letter} < {flat}; {letter}++)")
        self.line(f"{INDENT}{name}[{letter}] = {value};")

    def copied(self, of: Code) -> str:
        """Return the name of a copy of a matrix that may be written over."""
        name = self.array(of.shape)
        self.fill(of, name)
        return name

    def product(self, a: Code, left: At, b: Code, right: At) -> str:
        """Return the text of the product of two entries."""
        return f"{self.operand(a, left, TIMES)} * {self.operand(b, right, TIMES + 1)}"

    def running(self, node: Code, body: Callable[[Code], None]) -> None:
        """Write a loop over a running index; what does not run with it was worked out before."""
        index, value, first, last, *excluded = node.args
        name = next(iter(identifiers([str(index.attr[0])], [*self.taken, *self.open]).values()))
        start, end = self.integer(first), self.integer(last)
        self.line(f"for (ptrdiff_t {name} = {start}; {name} <= {end}; {name}++) {{")
        self.depth += 1
        self.open.append(name)
        for code in excluded:
            self.line(f"if ({name} == {self.integer(code)})")
            self.line(f"{INDENT}continue;")
        outside = dict(self.places)
        self.places[index] = name
        self.scope([value], {})
        body(value)
        self.places = outside
        self.open.pop()
        self.depth -= 1
        self.line("}")

    # -- entries --------------------------------------------------------------------------------------------------

    def operand(self, code: Code, at: At, level: int) -> str:
        """Return the text of an entry, in brackets where it binds less than what it stands in."""
        text, own = self.entry(code, at)
        return f"({text})" if own < level else text

    def entry(self, node: Code, at: At) -> Text:
        """Return the text of one entry; sums inside it are added up by statements written before.

        Raises:
            Mistake: `E-UNSUPPORTED`, where C has no such operation.
        """
        name = self.places.get(node)
        if node.op == "index":
            return f"(double){name}", SIGN
        if name is not None:
            return (f"{name}[{place_text(at, node.shape, self.sizes)}]" if node.shape else name), ATOM
        if is_entrywise(node):
            return self._worked_out(node, at)
        spell = self.entries.get(node.op)
        if spell is not None:
            return spell(self, node, at)
        if node.op in STARTS:
            return self._added_up(node, at), ATOM
        raise Mistake("E-UNSUPPORTED", f"C has no {node.op}", hint="--to numpy, jax or torch")

    def _worked_out(self, node: Code, at: At) -> Text:
        parts = [(arg, _aligned(arg, at)) for arg in node.args]
        if node.op in INFIX:
            sign, level = INFIX[node.op]
            (a, left), (b, right) = parts
            first = self.operand(a, left, level)
            if node.op == "div" and not self._is_double(a) and not self._is_double(b):
                first = f"{first}.0" if is_number(a) else f"(double){self.operand(a, left, SIGN)}"
            tight = not (node.op == "mul" and b.op == "pow")  # a product of powers needs no brackets
            return f"{first}{sign}{self.operand(b, right, level + tight)}", level
        if node.op == "neg":
            return f"-{self.operand(*parts[0], SIGN)}", SIGN
        if node.op == "pow":
            return self._power(parts)
        if is_mask(node):
            return self.entry(*parts[0])
        if node.op == "where":
            test, one, other = [self.operand(code, places, CHOICE + 1) for code, places in parts]
            return f"{test} ? {one} : {other}", CHOICE
        if node.op == "call":
            helper: Helper = node.attr
            self.helpers.setdefault(helper.name, helper)
            name = helper.name
        else:
            name = FUNCTIONS[node.op]
            if node.op in ("maximum", "minimum", "sign"):
                self.need(node.op)
        return f"{name}({', '.join([self.operand(code, places, LOOSE) for code, places in parts])})", ATOM

    def _is_double(self, code: Code) -> bool:
        """Say whether an operand is surely written as a double: whole numbers are divided without a rest in C."""
        todo = [code]
        while todo:
            node = todo.pop()
            if node.op in ("add", "sub", "mul", "neg") and node not in self.places:
                todo += node.args
            elif node.op == "where" and node not in self.places:
                todo += node.args[1:]
            elif node.op in VIEWS or node.op == "full":
                todo += node.args[:1]
            elif node.op == "number":
                if type(node.attr) is not int:
                    return True
            elif node.op not in ("size", "eye", "tril", "spread", "on_diagonal"):
                return True
        return False

    def _power(self, parts: Sequence[tuple[Code, At]]) -> Text:
        (base, left), (exponent, right) = parts
        if exponent.op == "number" and exponent.attr in (2, 3):
            text, level = self.entry(base, left)
            if level < ATOM or not text.replace("_", "a").isalnum():
                name = self.fresh()
                self.line(f"const double {name} = {text};")
                text = name
            first = text if self._is_double(base) else f"(double){text}"
            return " * ".join([first, *[text] * (exponent.attr - 1)]), TIMES
        return f"pow({self.operand(base, left, LOOSE)}, {self.operand(exponent, right, LOOSE)})", ATOM

    def _added_up(self, node: Code, at: At) -> str:
        """Write a sum, product, or extreme of one place; return the variable that holds it."""
        name = self.fresh()
        self.line(f"double {name} = {STARTS[node.op]};")
        if node.op == "matmul":
            a, b = node.args

            def body(inner: list[str]) -> None:
                [k] = inner
                left = (*at[: a.order - 1], k)
                right = (k,) if b.order == 1 else (*at[: b.order - 2], k, at[-1])
                self.line(f"{name} += {self.product(a, left, b, right)};")

            self.over(a.shape[-1:], body)
            return name
        [of] = node.args
        kept = [axis for axis in range(of.order) if axis not in node.attr]
        best = now = ""
        if node.op in ("argmax", "argmin"):
            best, now = self.fresh(), self.fresh()
            self.line(f"double {best} = {STARTS[node.op.removeprefix('arg')]};")

        def step(inner: list[str]) -> None:
            place = list(inner)
            for axis, index in zip(kept, at, strict=True):
                place[axis] = index
            text = self.entry(of, place)[0]
            if best:
                self.line(f"const double {now} = {text};")
                self.line(f"if ({now} {'>' if node.op == 'argmax' else '<'} {best}) {{")
                self.line(f"{INDENT}{best} = {now};")
                self.line(f"{INDENT}{name} = (double){inner[node.attr[0]]};")
                self.line("}")
            elif node.op in ("max", "min"):
                self.need({"max": "maximum", "min": "minimum"}[node.op])
                self.line(f"{name} = {node.op}imum({name}, {text});")
            else:
                self.line(f"{name} {'+=' if node.op == 'sum' else '*='} {text};")

        shape = tuple([SINGLE if axis in kept else dim for axis, dim in enumerate(of.shape)])
        self.over(shape, step)
        return name

    def integer(self, node: Code) -> str:
        """Return a place or a limit as a whole number."""
        text, level = self._integer(node)
        return text if level >= PLUS else f"({text})"

    def _integer(self, node: Code) -> Text:
        if node.op == "size":
            return size_text(node.attr, self.sizes)
        if node.op == "index":
            return self.places[node], ATOM
        if node.op == "number" and type(node.attr) is int:
            return str(node.attr), ATOM
        if node.op in ("add", "sub", "mul", "neg") and node not in self.places:
            parts = [self._integer(arg) for arg in node.args]
            if node.op == "neg":
                return f"-{_bracketed(parts[0], SIGN)}", SIGN
            sign, level = INFIX[node.op]
            return f"{_bracketed(parts[0], level)}{sign}{_bracketed(parts[1], level + 1)}", level
        return f"(ptrdiff_t){self.operand(node, (), SIGN)}", SIGN


def _bracketed(text: Text, level: int) -> str:
    return f"({text[0]})" if text[1] < level else text[0]


def sign_of(node: Code) -> str:
    """Return what adds to the result of a loop, or multiplies it."""
    return "+=" if node.attr == "sum" else "*="


def _aligned(arg: Code, at: At) -> At:
    """The place of an operand's entry: of an axis of length 1 the only one."""
    if not arg.shape:
        return ()
    return ["0" if dim is SINGLE else index for dim, index in zip(arg.shape, at, strict=True)]
