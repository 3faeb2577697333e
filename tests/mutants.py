"""Mutants: a program with one small thing in it changed, which its tests should notice.

What no test should have to notice is not changed: annotations, assertions, messages and what else is written for
people, `__slots__`, imports, and what stands under `if TYPE_CHECKING`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
}  # fmt: skip
SAME = frozenset(("add", "mul", "max", "min", "gcd", "lcm", "maximum", "minimum", "cast", "equate", "equate_shapes"))
"""Calls that mean the same with their arguments exchanged, or say nothing at run time."""
WORDS = frozenset(("rule", "section", "formula", "example", "hint", "about", "strict", "key", "maxsize"))
"""Arguments that are written for people, or say nothing about what comes out."""
NAMES = frozenset(("__slots__", "__all__", "TYPE_CHECKING"))
TYPES = {
    ("arg", "annotation"), ("AnnAssign", "annotation"), ("FunctionDef", "returns"), ("FunctionDef", "decorator_list"),
    ("ClassDef", "decorator_list"), ("ClassDef", "bases"), ("Attribute", "ctx"), ("MatchClass", "cls"),
}  # fmt: skip
UNCHANGED = (ast.Assert, ast.Import, ast.ImportFrom, ast.JoinedStr, ast.expr_context)


class Site(NamedTuple):
    """A place where a program can be changed: the line, what is done there, and what does it to the tree."""

    line: int
    kind: str
    before: ast.AST
    after: ast.AST
    change: Callable[[], None]

    @property
    def said(self) -> str:
        """The change as a person would show it."""
        return f"{shown(self.before)} → {shown(self.after)}"


def shown(node: ast.AST) -> str:
    """Return what a node is in a program, on one line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else f"{text[:40]} … {text[-27:]}"


def sites(tree: ast.AST) -> Iterator[Site]:
    """Yield each place where a tree can be changed, always in the same order."""
    for field, value in ast.iter_fields(tree):
        if (type(tree).__name__, field) in TYPES:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or is_unchanged(tree, child):
                continue
            for kind, made in changes(tree, child):
                line = getattr(child.target if isinstance(child, ast.comprehension) else child, "lineno", 0)
                yield Site(line, kind, child, made, _putting(tree, field, place, made))
            if not isinstance(child, ast.Raise):
                yield from sites(child)


def _putting(parent: ast.AST, field: str, place: int | None, made: ast.AST) -> Callable[[], None]:
    def put() -> None:
        if place is None:
            setattr(parent, field, made)
        else:
            getattr(parent, field)[place] = made
        ast.fix_missing_locations(parent)

    return put


def is_unchanged(parent: ast.AST, node: ast.AST) -> bool:
    """Say whether a part of a program is left alone, with all that is in it."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name in NAMES or (isinstance(node, ast.AnnAssign) and node.value is None)
        case ast.FunctionDef(name=name):
            return name == "__repr__"
        case ast.keyword(arg=name):
            return name in WORDS
        case ast.Constant(value=str() as text):
            return " " in text or (isinstance(parent, ast.Call) and called(parent) == "cast")
    return isinstance(node, UNCHANGED)


def called(node: ast.AST) -> str:
    """Return the last word of what a call calls."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def changes(parent: ast.AST, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a node is changed to, each with a word for the kind of change."""
    match node:
        case ast.Compare(ops=[op]):
            yield "comparison", with_(node, ops=[COMPARED[type(op)]()])
        case ast.BoolOp(op=op):
            yield "boolean", with_(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.BinOp(op=op) if type(op) in CALCULATED:
            yield "arithmetic", with_(node, op=CALCULATED[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            yield "sign", operand
        case ast.IfExp(body=body, orelse=orelse):
            yield "branches", with_(node, body=orelse, orelse=body)
        case ast.Constant(value=value):
            yield from constants(node, value)
        case ast.Call(args=[first, second, *rest]) if called(node) not in SAME:
            starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
            if not starred and ast.dump(first) != ast.dump(second):
                yield "arguments", with_(node, args=[second, first, *rest])
        case ast.Return(value=ast.expr() as value):
            if not (isinstance(value, ast.Constant) and not value.value):
                yield "result", with_(node, value=ast.Constant(None))
        case ast.Raise() | ast.Continue() | ast.Break() | ast.Delete() | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield "statement", ast.copy_location(ast.Pass(), node)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "statement", ast.copy_location(ast.Pass(), node)
        case ast.If(test=test, orelse=orelse):
            if isinstance(test, (ast.Name, ast.Call, ast.Attribute)):
                yield "condition", with_(node, test=ast.copy_location(ast.UnaryOp(ast.Not(), test), test))
            if not orelse:
                yield "statement", ast.copy_location(ast.Pass(), node)
        case ast.comprehension(ifs=[_, *rest]):
            yield "filter", with_(node, ifs=rest)


def constants(node: ast.Constant, value: Any) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a constant is changed to: a number to the next, a word to one that lacks its last letter."""
    match value:
        case bool():
            yield "constant", with_(node, value=not value)
        case int() | float():
            yield "constant", with_(node, value=value + 1)
        case str():
            yield "constant", with_(node, value=value[:-1] if len(value) > 1 else f"{value}_")


def with_(node: Any, **fields: object) -> Any:
    """Return a copy of a node with some fields changed."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made
