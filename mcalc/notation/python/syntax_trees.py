"""Expressions of Python: from the nodes of the standard library's `ast` to the tree that the elaborator takes.

Nothing of the text is run. It keeps the meaning that it has in Python: ``*`` is entry by entry, ``@`` the matrix
product. Loops only: each kind of Python's nodes has a generator here, which asks for the trees of its parts.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.names.scope import Scope
from mcalc.notation.pastes.detect import aliases
from mcalc.notation.python.libraries import REDUCTIONS, SIZED, Called, Make, function, known
from mcalc.notation.statements.asked import wanted_name
from mcalc.notation.surface.lexer import ATTRIBUTES
from mcalc.notation.surface.mistakes import mistake_at, shown
from mcalc.notation.surface.syntax import Name, Node, Token, exact, walk_syntax
from mcalc.notation.surface.words import LIBRARIES
from mcalc.operators.axes import AXES
from mcalc.operators.leaves import MAX_DIGITS

if TYPE_CHECKING:
    Asked: TypeAlias = Generator[tuple[ast.expr, int], Node, Node]

MAX_NODES = 100_000
"""The most nodes of a tree, with the values of local names put in place."""
_COMPARISONS = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "==", ast.NotEq: "≠"}
_ARRAYS = frozenset(("array", "asarray", "tensor"))
_CHAINS: dict[type[ast.operator], tuple[str, dict[type[ast.operator], str]]] = {
    ast.Add: ("array +", {ast.Add: "+", ast.Sub: "-"}),
    ast.Sub: ("array +", {ast.Add: "+", ast.Sub: "-"}),
    ast.Mult: ("array *", {ast.Mult: "*", ast.Div: "/"}),
    ast.Div: ("array *", {ast.Mult: "*", ast.Div: "/"}),
    ast.MatMult: ("array @", {ast.MatMult: "@"}),
}
"""The operators that stand on one level, each with the kind of its chain."""


_ON_PAGES = {0xA0: " ", **dict.fromkeys(range(0x2000, 0x200B), " "), 0x202F: " ", ord("\r"): "\n", ord("−"): "-"}
"""What stands on pages for blanks, ends of lines and minus signs."""


class Source:
    """A text in Python: its statements, and where their parts stand in it."""

    def __init__(self, text: str, begin: int) -> None:
        self.text = text
        self.begin = begin + len(text[begin:]) - len(text[begin:].lstrip())
        code = text[self.begin :].replace("\r\n", " \n").translate(_ON_PAGES).rstrip()
        self.lines = code.split("\n")
        self.starts = [self.begin]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self._columns: dict[int, list[int]] = {}
        self.body = self._parsed(code)

    def _parsed(self, code: str) -> list[ast.stmt]:
        """Return the statements; whatever Python cannot take apart is one mistake."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(code).body
        except SyntaxError as trouble:
            row = min(max(trouble.lineno or 1, 1), len(self.lines))
            at = min(self.starts[row - 1] + max((trouble.offset or 1) - 1, 0), self.begin + len(code))
            said = (trouble.msg or "invalid syntax").partition(". Perhaps")[0]
            raise mistake_at("E-SYNTAX", f"as Python this has no meaning: {shown(said)}", (at, at + 1)) from None
        except (RecursionError, MemoryError):
            spans = [Span(self.begin, self.begin + len(code))]
            hint = "give its parts names, or write it in mcalc's own notation, which has no such limit"
            raise Mistake("E-LIMIT", "this is nested too deeply for Python", spans, hint) from None
        except ValueError:
            raise mistake_at("E-CHAR", "this holds a character that Python does not take", (self.begin, 1)) from None

    def place(self, row: int, column: int) -> int:
        """Return the place in the text of a column of bytes."""
        line = self.lines[row - 1]
        if not line.isascii():
            if row not in self._columns:
                self._columns[row] = [k for k, c in enumerate(line) for _ in c.encode()] + [len(line)]
            column = self._columns[row][column]
        return self.starts[row - 1] + column

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node of Python's stands."""
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def mistake(self, code: str, message: str, node: Any, hint: str = "", label: str = "") -> Mistake:
        """Return a mistake at a node of Python's."""
        return mistake_at(code, message, self.span(node), label, hint)


class Trees:
    """Makes the trees of expressions, with local names replaced by what they were assigned before."""

    def __init__(self, source: Source, scope: Scope, parameters: Sequence[str] = ()) -> None:
        self.source = source
        self.scope = scope
        self.parameters = set(parameters)
        self.aliases = aliases(source.text, scope)
        self.assigned: dict[str, list[tuple[int, ast.expr]]] = {}
        self.own: set[Node] = set()
        self.count = 0

    def tree(self, root: ast.expr, at: int = 0) -> Node:
        """Return the tree of an expression that stands in a line of a function's body."""
        asked: list[Asked] = [self._begin(root, at)]
        made: Node | None = None
        while asked:
            try:
                following = next(asked[-1]) if made is None else asked[-1].send(made)
            except StopIteration as done:
                asked.pop()
                made = done.value
                continue
            made = None
            asked.append(self._begin(*following))
        assert made is not None
        for node in walk_syntax(made):
            if node.kind == "call" and node.value.full in self.scope.functions and node not in self.own:
                name = clip(node.value.full)
                spans = [Span(node.start, node.end, f"takes {name} of the table")]
                hint = f"give your own function {name} another name"
                raise Mistake("E-NAME", f"{name} is a function of your own by now", spans, hint)
        return made

    def _begin(self, node: ast.expr, at: int) -> Asked:
        self.count += 1
        if self.count > MAX_NODES:
            hint = "define the parts as functions of their own"
            raise self.source.mistake("E-LIMIT", "with all local names put in place this is too long", node, hint)
        reader = self._READERS.get(type(node))
        if reader is None:
            raise self.no(node)
        return reader(self, node, at)

    def no(self, node: Any, what: str = "") -> Mistake:
        """Return the mistake of a part of Python that has no counterpart."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).lower()
        return self.source.mistake("E-UNSUPPORTED", f"{what or f'this part of Python ({words})'} is not read", node)

    def _number(self, node: Any, at: int) -> Asked:
        start, end = self.source.span(node)
        if type(node.value) not in (int, float):
            raise self.no(node, "a complex number" if type(node.value) is complex else "what is no number")
        written = self.source.text[start:end].replace("_", "")
        value = node.value if written[:2].lower() in ("0x", "0o", "0b") else exact(written, MAX_DIGITS)
        if value is None or len(str(node.value)) > MAX_DIGITS:
            raise self.source.mistake("E-RANGE", "the number is out of range", node, "", "too large or too long")
        return Node("number", start, end, (), value)
        yield

    def _name(self, node: Any, at: int) -> Asked:
        start, end = self.source.span(node)
        values = self.assigned.get(node.id)
        if values is not None:
            last = bisect_left(values, at, key=lambda found: found[0]) - 1
            if last >= 0:
                made = yield values[last][1], values[last][0]
                return Node("group", made.start, made.end, (made,))
            if node.id not in self.parameters:
                raise self.source.mistake("E-NAME", f"{clip(node.id)} is used before it is assigned", node)
        if node.id in self.scope.functions:
            raise self.source.mistake(
                "E-NAME", f"{clip(node.id)} is a function", node, f"write {node.id}(x)", "of what?"
            )
        made = Node("name", start, end, (), self.name(node.id, node))
        return Node("group", start, end, (made,)) if node.id in AXES else made  # max(A, rows) is no axis here

    def name(self, written: str, node: Any) -> Name:
        """Return the name that an identifier is, as one whole: x_1 is no element of x."""
        try:
            return Name(wanted_name(written).full)
        except Mistake:
            hint = "rename it: letters, then digits, and after one _ letters or digits"
            raise self.source.mistake("E-NAME", f"{clip(written)} is no name in mcalc", node, hint) from None

    def _unary(self, node: Any, at: int) -> Asked:
        if not isinstance(node.op, (ast.USub, ast.UAdd)):
            raise self.no(node, "'not'" if isinstance(node.op, ast.Not) else "~")
        made = yield node.operand, at
        return Node("negative", *self.source.span(node), (made,)) if isinstance(node.op, ast.USub) else made

    def _binary(self, node: Any, at: int) -> Asked:
        start, end = self.source.span(node)
        if isinstance(node.op, ast.Pow):
            base = yield node.left, at
            exponent = yield node.right, at
            return Node("array **", start, end, [base, exponent])
        if type(node.op) not in _CHAINS:
            sign = self.source.text[self.source.span(node.left)[1] : self.source.span(node.right)[0]].strip(" ()\n\t")
            raise self.no(node, f"the operator {sign or 'here'}")
        kind, signs = _CHAINS[type(node.op)]
        operands, ops = [], []
        first = node
        while isinstance(first, ast.BinOp) and type(first.op) in signs:
            operands.append(first.right)
            ops.append(signs[type(first.op)])
            first = first.left
        parts = yield from _each([first, *reversed(operands)], at)
        ops.reverse()
        return Node(kind, start, end, parts, ops)

    def _compare(self, node: Any, at: int) -> Asked:
        sign = _COMPARISONS.get(type(node.ops[0]))
        if sign is None or len(node.ops) > 1:
            raise self.no(node, "this comparison")
        left = yield node.left, at
        right = yield node.comparators[0], at
        sign_token = Token("RELATION", sign, left.end, right.start, sign)
        return Node("relation", *self.source.span(node), [left, right], [sign_token])

    def _either(self, node: Any, at: int) -> Asked:
        parts = yield from _each([node.test, node.body, node.orelse], at)
        return Node("call", *self.source.span(node), parts, Name("where"))

    def path(self, node: ast.expr) -> list[str]:
        """Return the parts of the name of a library's function, such as np, linalg, inv; none where it is no such."""
        found: list[str] = []
        while isinstance(node, ast.Attribute):
            found.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.assigned or node.id in self.parameters:
            return []
        library = node.id in LIBRARIES or node.id in ("F", "nn", "special", "linalg", *self.aliases)
        return [node.id, *reversed(found)] if library and node.id not in self.scope.names() else []

    def _attribute(self, node: Any, at: int) -> Asked:
        start, end = self.source.span(node)
        make = Make(start, end)
        path = self.path(node)
        if path:
            if path[1:] == ["pi"]:
                return Node("name", start, end, (), Name("π"))
            if path[1:] == ["e"]:
                return make.call("exp", make.number(1))
            raise Called(path, False, start, end).refused()
        if node.attr not in (*ATTRIBUTES, "size") or node.attr in self.scope.names():
            left = clip(self.source.text[slice(*self.source.span(node.value))], 20)
            said = f"{left}.{clip(node.attr)} is an attribute in Python, a dot product here"
            raise self.source.mistake("E-AMBIG", said, node, f"write {left} . {clip(node.attr)} for the dot product")
        value = yield node.value, at
        if node.attr == "size":
            return Node("array length", start, end, [value])
        return make.call("inv", value) if ATTRIBUTES[node.attr] == "-1" else make.transposed(value)

    def _subscript(self, node: Any, at: int) -> Asked:
        of, index = node.value, _integer(node.slice)
        start, end = self.source.span(node)
        if isinstance(of, ast.Attribute) and of.attr == "shape" and index in (0, 1, -1):
            value = yield of.value, at
            return Node("array length", start, end, [value], index)
        called = self.path(of.func) if isinstance(of, ast.Call) else []
        if called and called[-1] == "slogdet" and index == 1 and len(of.args) == 1:
            make = Make(start, end)
            value = yield of.args[0], at
            return make.call("ln", make.call("abs", make.call("det", value)))
        first, last = self.source.span(of)
        what = clip(" ".join(self.source.text[first:last].split()), 20)
        place = "first:last"
        if index is not None:
            place = str(index + 1) if index >= 0 else "n" if index == -1 else f"n - {-index - 1}"
        hint = f"in mcalc's own notation, which counts from 1, it is {what}[{place}]"
        raise self.source.mistake("E-AMBIG", "an index of Python, which counts from 0, is not read", node, hint)

    def _call(self, node: Any, at: int) -> Asked:
        called, given = self._called(node)
        name = called.path[-1]
        if name == "einsum" and given and not called.is_method:
            spec = given[0].value if isinstance(given[0], ast.Constant) else None
            parts = yield from _each(given[1:], at)
            return Node("array einsum", *self.source.span(node), parts, _einsum(called, spec, len(parts)))
        own = len(called.path) == 1 and not called.is_method and name in self.scope.functions
        if name in _ARRAYS and len(called.path) > 1:
            given, lengths = self._entries(node, called)
        elif not own:
            known(called)
        if name in SIZED and given and isinstance(given[0], (ast.Tuple, ast.List)):
            given[:1] = given[0].elts
        parts = yield from _each(given, at)
        start, end = self.source.span(node)
        if own:
            made = Node("call", start, end, parts, Name(name))
            self.own.add(made)
            return made
        if name in _ARRAYS and len(called.path) > 1:
            return Node("block", start, end, parts, lengths)
        return function(called, parts, start, end)

    def _called(self, node: Any) -> tuple[Called, list[ast.expr]]:
        """Return what is called, and its arguments; that of a method is the first of them."""
        func = node.func
        path = self.path(func)
        method = isinstance(func, ast.Attribute) and not path
        start, end = self.source.span(func)
        if method:
            path, start = [func.attr], end - len(func.attr)
        elif isinstance(func, ast.Name) and func.id not in self.assigned and func.id not in self.parameters:
            path = [func.id]
        if not path:
            raise self.no(func, "the call of this")
        called = Called(path, method, start, end)
        given = [func.value, *node.args] if method else list(node.args)
        name = path[-1]
        if name in self.scope.functions and (method or len(path) > 1):
            raise called.refused(f"{clip(name)} is a function of your own by now: give that another name")
        if name in BOUNDED and len(given) == 1 and {*BOUNDS} >= {k.arg for k in node.keywords} != set():
            bounds = {keyword.arg: keyword.value for keyword in node.keywords}
            path = path if len(bounds) == 2 else [*path[:-1], "maximum" if "min" in bounds else "minimum"]
            return called._replace(path=path), [*given, *[bounds[side] for side in BOUNDS if side in bounds]]
        swapped = [_integer(axis) for axis in given[1:]] if name in SWAPPED else []
        both = name == "swapaxes" or "torch" in path  # numpy's transpose(0, 1) leaves the axes of a matrix
        if swapped in ([1, 0], [-1, -2], [-2, -1]) or (swapped == [0, 1] and both):
            given = given[:1]
        axes, kind = self._keywords(node, called)
        place = _integer(given[1]) if len(given) == 2 and name in REDUCTIONS and axes is None else None
        constant = given[1].value if len(given) == 2 and isinstance(given[1], ast.Constant) else None
        if name == "norm" and kind is None and constant is not None:
            kind, given = constant, given[:1]
        elif place is not None and (method or len(path) > 1):
            if place not in (0, 1, -1):
                raise self.source.mistake("E-UNSUPPORTED", "this axis is not read", given[1], "0, 1 and -1 are")
            axes, given = (place,), given[:1]
        return called._replace(axes=axes, kind=kind), given

    def _keywords(self, node: Any, called: Called) -> tuple[tuple[int | None] | None, object]:
        """Return the axis, where one is given, and the kind of norm."""
        axes: tuple[int | None] | None = None
        kind: object = None
        for keyword in node.keywords:
            value = keyword.value
            constant = value.value if isinstance(value, ast.Constant) else "?"
            if keyword.arg in ("axis", "dim"):
                place = _integer(value)
                if place not in (0, 1, -1) and constant is not None:
                    raise self.source.mistake("E-UNSUPPORTED", "this axis is not read", value, "0, 1 and -1 are")
                axes = (place,)
            elif keyword.arg in ("ord", "p") and constant is not None:
                kind = constant
            elif not (keyword.arg in ("keepdims", "keepdim") and constant is False):
                said = f"{keyword.arg or '**'}= of {called.said} is not read"
                raise self.source.mistake("E-UNSUPPORTED", said, keyword)
        return axes, kind

    def _entries(self, node: Any, called: Called) -> tuple[list[ast.expr], list[int]]:
        """Return the entries of np.array([a, b]), row after row, and how many each row has."""
        outer = node.args[0] if len(node.args) == 1 else None
        if not isinstance(outer, (ast.List, ast.Tuple)) or not outer.elts:
            raise called.refused("a variable needs no np.array around it", "of this is not read")
        rows = [row.elts if isinstance(row, (ast.List, ast.Tuple)) else [row] for row in outer.elts]
        return [entry for row in rows for entry in row], [len(row) for row in rows]

    _READERS: ClassVar[dict[type[ast.expr], Callable[[Trees, Any, int], Asked]]] = {
        ast.Constant: _number, ast.Name: _name, ast.UnaryOp: _unary, ast.BinOp: _binary, ast.Compare: _compare,
        ast.IfExp: _either, ast.Attribute: _attribute, ast.Subscript: _subscript, ast.Call: _call,
    }  # fmt: skip


BOUNDED, BOUNDS = frozenset(("clip", "clamp")), ("min", "max")
SWAPPED = frozenset(("transpose", "swapaxes"))


_SPEC = re.compile(r"([a-zA-Z]{1,2}(?:,[a-zA-Z]{1,2})*)(?:->([a-zA-Z]{0,2}))?")


def _einsum(called: Called, spec: object, count: int) -> tuple[list[str], str]:
    """Return the letters of each operand of an einsum, and those of its value; without ``->`` those that stand once."""
    found = _SPEC.fullmatch(spec.replace(" ", "")) if isinstance(spec, str) else None
    of = found[1].split(",") if found is not None else []
    if found is None or len(of) != count or not set(found[2] or "") <= {*"".join(of)}:
        raise called.refused("its first argument is a text such as 'ij,j->i', of at most two letters for each operand")
    letters = "".join(of)
    out = found[2] if found[2] is not None else "".join(sorted([c for c in {*letters} if letters.count(c) == 1]))
    if len(out) > 2 or len({*out}) < len(out):
        raise called.refused("its value is a number, a vector or a matrix")
    return of, out


def _each(asked: Sequence[ast.expr], at: int) -> Generator[tuple[ast.expr, int], Node, list[Node]]:
    """Ask for the trees of several expressions."""
    made: list[Node] = []
    for part in asked:
        made.append((yield part, at))  # noqa: PERF401 - a comprehension cannot ask
    return made


def _integer(node: Any) -> int | None:
    """Return a whole number that is written out, with its sign; else None."""
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if minus else node
    if not isinstance(inner, ast.Constant) or type(inner.value) is not int:
        return None
    return -inner.value if minus else inner.value
