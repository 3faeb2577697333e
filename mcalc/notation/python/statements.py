"""Statements of Python: an expression, a definition, a ``lambda`` and a ``def``, read to what mcalc reads them as.

A ``def`` may hold a docstring, assignments to local names, and at its end a ``return``.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from mcalc.dims import Shape
from mcalc.errors import Mistake, Span, clip
from mcalc.notation.meaning.expressions import elaborate, finish, reading_of
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.pastes.detect import aliases, is_import
from mcalc.notation.python import arrays  # noqa: F401 - it says what the nodes of arrays mean
from mcalc.notation.python.libraries import ENTRYWISE, REDUCTIONS
from mcalc.notation.python.syntax_trees import Source, Trees
from mcalc.notation.statements.asked import Asked, wanted_name, wanted_texts
from mcalc.notation.statements.declare import not_a_size
from mcalc.notation.statements.equations import define_function, define_value, without
from mcalc.notation.surface.characters import outside_brackets
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node

NOTE = "this is read as Python: * is entry by entry, @ the matrix product"
HARMLESS = frozenset(("jit", "jax.jit", "torch.jit.script", "torch.compile"))
"""Decorators that leave a function's values as they are."""
_SIGN = re.compile(r"(?<![=<>!+*/@-])==?(?!=)")
_HEAD = re.compile(r"\s*(?:[d∂]/[d∂]|(?:grad|∇)_)([^\W\d]\w*)(?=[\s(])")


class Read(NamedTuple):
    """What a text in Python says: a tree, with the name that it is given, and with parameters where it is a function.

    `by` is the variable of a derivative that stands before it.
    """

    tree: Node
    name: Name | None = None
    parameters: list[Name] | None = None
    by: tuple[Name, int, int] | None = None


def read_python(text: str, scope: Scope, asked: Asked) -> Reading:
    """Read one statement in Python; raise `Mistake` for what has no counterpart.

    >>> from mcalc.notation import read
    >>> read("np.sum((X @ w - y)**2)", Scope()).assumed
    ['X ∈ ℝ^{m×n}', 'w ∈ ℝⁿ', 'y ∈ ℝᵐ']
    """
    derived = _HEAD.match(text) is not None and not asked.value
    sign = _SIGN.search(_outside_brackets(text)) if asked.equation or derived else None
    if sign is not None and (derived or sign[0] == "=="):
        return _read_claim(text, sign, scope)
    found = _read(text, scope)
    if found is None:
        return Reading("empty", scope)
    notes = [NOTE, *[f"{name}. is taken as the name of a library" for name in aliases(text, scope)]]
    wanted = [wanted_name(t) for t in wanted_texts(asked.wrt)] if asked.wrt else []
    tree, name, own, by = found
    own = own or []
    tree = _derivative(found)
    if found.tree.kind == "relation":
        hint = "mcalc check tells whether two sides are equal; np.where(x > 0, a, b) is read"
        raise mistake_at("E-UNSUPPORTED", "a comparison has no derivative", tree, "not read", hint)
    made = _defined(text, found, scope, asked.shape) if name is not None and by is None else None
    if made is not None and not asked.value:
        return made
    inner = without(scope, [p.full for p in own])
    wanted += [p for p in own if p.full not in inner.variables and p.full not in inner.definitions]
    after = made.scope if made is not None else scope.copy()
    exprs, elaborator = elaborate(text, [tree], inner.copy(), {}, notes, wanted, [asked.shape])
    return reading_of(exprs[0], elaborator, after, notes, made.name if made is not None else None)


def _outside_brackets(text: str) -> str:
    """Return a text with blanks in place of what stands in brackets."""
    outside = {*outside_brackets(text)}
    return "".join([character if place in outside else " " for place, character in enumerate(text)])


def _read_claim(text: str, sign: re.Match[str], scope: Scope) -> Reading:
    """Read ``d/dw np.sum(w**2) == 2 * w``, of which each side is an expression."""
    notes = [NOTE]
    sides = [_read(text[: sign.start()], scope), _read(text, scope, sign.end())]
    trees: list[Node] = []
    for side in sides:
        if side is None or side.name is not None or side.parameters is not None:
            raise mistake_at("E-SYNTAX", "a claim has an expression on each side", sign.span(), "equal to what?")
        trees.append(_derivative(side))
    reading = Reading("claim", scope.copy())
    reading.sides, elaborator = elaborate(text, trees, reading.scope, {}, notes, [], [None, None])
    reading.expr = reading.sides[0]
    finish(reading, elaborator, notes)
    return reading


def _derivative(found: Read) -> Node:
    """Return what was read, behind the derivative that stands before it."""
    tree, by = found.tree, found.by
    return tree if by is None else Node("derivative", by[1], tree.end, (tree,), [[by]])


def _defined(text: str, found: Read, scope: Scope, shape: Shape | None) -> Reading:
    """Give a name the value, or a function the body, that was read."""
    assert found.name is not None
    tree, full = found.tree, found.name.full
    at = Span(tree.start, tree.end, "defined here")
    not_a_size(full, at, scope)
    if found.parameters is None:
        return define_value(text, tree, full, at, scope, {}, [NOTE], shape)
    own = tuple([p.full for p in found.parameters])
    return define_function(text, tree, full, own, at, scope, {}, [NOTE])


def _read(text: str, scope: Scope, begin: int = 0) -> Read | None:
    """Return what a text says from a place on; None where it only imports."""
    head = _HEAD.match(text, begin)
    source = Source(text, head.end() if head is not None else begin)
    body = [s for s in source.body if not _is_harmless_import(source, s)]
    if not body:
        return None
    if len(body) > 1:
        raise source.mistake("E-SYNTAX", "one statement of Python at a time", body[1], "a line each, in a file or pipe")
    found = _statement(source, body[0], scope)
    if head is None:
        return found
    if found.name is not None or found.parameters is not None:
        hint = "define it first, then d/dw loss(w)"
        raise source.mistake("E-SYNTAX", "the derivative of a definition", body[0], hint)
    value = body[0].value if isinstance(body[0], ast.Expr) else None
    is_sum = isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub))
    if isinstance(value, ast.BinOp) and is_sum and source.span(value)[0] == source.begin:
        head_text = text[: head.end()].strip()
        first, last = source.span(value)
        _, term = source.span(value.left)
        hint = f"write {head_text} ({clip(text[first:last], 60)}), or ({head_text} {clip(text[first:term], 60)}) + ..."
        raise source.mistake("E-AMBIG", f"how far does {head_text} reach?", value, hint)
    return found._replace(by=(wanted_name(head[1]), head.start(1), head.end(1)))


def _is_harmless_import(source: Source, statement: ast.stmt) -> bool:
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False
    start, end = source.span(statement)
    if is_import(source.text[start:end]):
        return True
    raise source.mistake("E-UNSUPPORTED", "this import is not read", statement, "numpy, torch, jax and scipy are known")


def _statement(source: Source, statement: ast.stmt, scope: Scope) -> Read:
    if isinstance(statement, ast.FunctionDef):
        return _function(source, statement, scope)
    if isinstance(statement, ast.Expr):
        return _value(source, statement.value, scope)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            found = _value(source, statement.value, scope)
            return found._replace(name=Trees(source, scope).name(target.id, target))
    raise _no(source, statement)


def _no(source: Source, statement: ast.stmt) -> Mistake:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(statement).__name__).lower()
    hint = "a function is read as assignments to names and a return at its end"
    start, end = source.span(statement)
    end = min(end, start + len(source.text[start:].partition("\n")[0]))
    return mistake_at("E-UNSUPPORTED", f"this statement of Python ({words}) is not read", (start, end), "", hint)


def _value(source: Source, value: ast.expr, scope: Scope) -> Read:
    if not isinstance(value, ast.Lambda):
        return Read(Trees(source, scope).tree(value))
    parameters = _parameters(source, value.args, value)
    trees = Trees(source, without(scope, parameters), parameters)
    return Read(trees.tree(value.body), None, [trees.name(p, value) for p in parameters])


def _parameters(source: Source, arguments: ast.arguments, at: ast.AST) -> list[str]:
    """Return the names of a function's parameters, which a default leaves open; those with a star are refused."""
    odd = [*arguments.kwonlyargs, *[a for a in (arguments.vararg, arguments.kwarg) if a is not None]]
    if odd:
        hint = "give each as a plain parameter"
        raise source.mistake("E-UNSUPPORTED", "a parameter with a star is not read", odd[0], hint)
    found = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    if not found:
        raise source.mistake("E-SYNTAX", "a function without parameters is none of mathematics", at)
    if len({*found}) < len(found):
        raise source.mistake("E-SYNTAX", "two parameters have one name", at)
    return found


def _function(source: Source, made: ast.FunctionDef, scope: Scope) -> Read:
    """Read a whole function: its local names stand for what they were assigned."""
    for decorator in made.decorator_list:
        start, end = source.span(decorator)
        if source.text[start:end] not in HARMLESS:
            raise source.mistake("E-UNSUPPORTED", "this decorator is not read", decorator, "leave it out")
    parameters = _parameters(source, made.args, made.args.args[0] if made.args.args else made)
    trees = Trees(source, without(scope, parameters), parameters)
    lines = made.body[1:] if ast.get_docstring(made, clean=False) is not None else made.body
    for place, line in enumerate(lines):
        if isinstance(line, ast.Return):
            if line.value is None:
                raise _no(source, line)
            if place + 1 < len(lines):
                raise source.mistake("E-SYNTAX", "nothing is done after the return", lines[place + 1], "delete it")
            names = [trees.name(p, made.args.args[0] if made.args.args else made) for p in parameters]
            return Read(trees.tree(line.value, place), trees.name(made.name, made), names)
        _assign(source, trees, line, place)
    raise source.mistake("E-SYNTAX", f"{clip(made.name)} returns nothing", made.body[-1], "end it with return ...")


def _assign(source: Source, trees: Trees, line: ast.stmt, place: int) -> None:
    """Take what a line of a function's body assigns to a local name."""
    value: ast.expr | None = None
    target: ast.expr | None = None
    if isinstance(line, ast.Assign) and len(line.targets) == 1:
        target, value = line.targets[0], line.value
    elif isinstance(line, ast.AnnAssign):
        target, value = line.target, line.value
    elif isinstance(line, ast.AugAssign) and isinstance(line.target, ast.Name):
        # x += y changes an array in place, and with it every other name that the array has
        before = trees.assigned.get(line.target.id)
        if not before or not _is_fresh(before[-1][1]):
            name = line.target.id
            sign = source.text[source.span(line.target)[1] : source.span(line.value)[0]].strip(" =(")
            hint = f"write {clip(name)} = {clip(name)} {sign} ..."
            raise source.mistake("E-UNSUPPORTED", "an array may not be changed in place", line, hint)
        target = line.target
        value = ast.BinOp(ast.Name(target.id), line.op, line.value)
        ast.copy_location(value.left, target)
        ast.copy_location(value, line)
    if isinstance(value, ast.Lambda) or not isinstance(target, ast.Name) or value is None:
        if isinstance(line, (ast.Import, ast.ImportFrom)) and _is_harmless_import(source, line):
            return
        raise _no(source, line)
    trees.assigned.setdefault(target.id, []).append((place, value))


def _is_fresh(value: ast.expr) -> bool:
    """Say whether a value is a new array or number, which nothing else has a name for."""
    if isinstance(value, ast.Call):
        func = value.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        return name in REDUCTIONS or name in ENTRYWISE
    return isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Constant))
