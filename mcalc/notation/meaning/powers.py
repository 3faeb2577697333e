"""Powers, inverses and transposes: what an exponent means is decided by the shapes and by what is declared."""

from __future__ import annotations

from mcalc.errors import Span
from mcalc.expr import Expr, make, walk
from mcalc.limits import beyond, limit
from mcalc.notation.meaning.elaborate import BUILDERS, SPECIAL, Elaborator
from mcalc.notation.meaning.named import lookup
from mcalc.notation.names.refused import TURNED
from mcalc.notation.surface.syntax import Node
from mcalc.operators.arithmetic import power
from mcalc.operators.elementwise import ABS, EXP
from mcalc.operators.leaves import EYE, SYMBOL, eye, is_number, is_zero, number, symbols_in
from mcalc.operators.linear import ELEMENT, SUM, matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.matrix_functions import EXPM, powm
from mcalc.operators.solutions import pinv

_EXPONENTS = ("p", "q")
"""Letters that above a vector raise its entries, as in sum(x^p); others count steps or say which it is: x^k, a^L."""
_LAYERS = ("L", "l")
"""Letters that above an entry say of which layer it is: a_j^L."""
REDUCTIONS = frozenset({"sum", "mean", "trace"})
"""Operators that make a number of many, after which people leave a space before what they reach over."""


def begin_power(e: Elaborator, node: Node) -> bool:
    """Read ``e^x`` as Euler's number to a power where e is not a name of the user's."""
    base = node.parts[0]
    raised = node.parts[1]
    if raised.kind == "power" and e.text[raised.start - 1] == "^" and e.text[raised.start] == "(":
        low, inner = e.source(base) or "e", e.text[raised.start : raised.parts[0].end]
        high = e.text[raised.parts[0].end : raised.end]
        hint = f"write {low}^({inner}{high}) or ({low}^{inner}){high}"
        raise e.fail("E-AMBIG", f"{low}^{inner}{high} has two readings", node, "which power first?", hint)
    if base.kind == "name" and base.value.full == "e" and node.value != ".^" and node.parts[1].kind != "transpose_mark":
        found = lookup(e, "e")
        if found is None or ("e" in e.assumed and "e" not in e.frame):
            return e.after(node.parts[1:], _euler, node)
    if node.parts[1].kind in ("transpose_mark", "plus_mark"):
        made = _inverse_transpose if node.parts[1].kind == "transpose_mark" else _pseudoinverse
        return e.after(node.parts[:1], made, node)
    return False


def _euler(e: Elaborator, node: Node) -> None:
    """Make e^x; of a square matrix it is the matrix exponential, as everybody writes it."""
    value = e.square(e.values.pop())
    if value.is_square:
        e.note("e^A of a square matrix is the matrix exponential, expm(A); exp(A) is entry by entry")
        e.values.append(make(EXPM, (value,)))
        return
    e.note("e with an exponent is Euler's number: e^x is exp(x)")
    if value.order == 2:
        e.note("e^A of a matrix that is not square is entry by entry")
    e.values.append(make(EXP, (value,)))


def _pseudoinverse(e: Elaborator, node: Node) -> None:
    """Make A⁺; of what is no matrix it is the positive part to most, and so refused with that."""
    value = e.values.pop()
    if value.order != 2:
        shown = e.source(node.parts[0]) or "x"
        inner = shown[1:-1] if shown[:1] == "(" and shown[-1:] == ")" else shown
        said = f"{shown}⁺ of what is no matrix is no pseudoinverse"
        raise e.fail("E-AMBIG", said, node, "the positive part?", f"max(0, {inner}) is the positive part")
    e.values.append(e.attempt(pinv, (value,), node.parts))


def _inverse_transpose(e: Elaborator, node: Node) -> None:
    value = e.values.pop()
    if not value.shape:
        e.values.append(power(value, number(-1)))
        return
    e.values.append(transpose(e.attempt(inv, (e.square(value),), node.parts)))


def power_(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a power: of a matrix by products, of a vector entry by entry."""
    base, exponent = args
    if base.op is EYE and node.parts[0].kind == "name" and node.value != ".^":
        said = f"{e.source(node)} is a power of the identity unless I is declared"
        raise e.fail("E-AMBIG", said, node, "a number?", "for a variable declare it: --where 'I: R'")
    if base.op.name == "pnorm" and base.args[1] is exponent:
        return make(SUM, (power(make(ABS, (base.args[0],)), exponent),))
    if base.op.name == "σ_max" and is_number(exponent, 2) and node.parts[0].kind == "norm":
        _refuse_spectral(e, node, base)
    if is_zero(base) and is_number(exponent) and exponent.attr < 0:
        raise e.fail("E-DOMAIN", "0 has no negative powers", node)
    layer = exponent.attr[0] if base.op is ELEMENT and exponent.op is SYMBOL else ""
    if layer in _LAYERS and layer in e.assumed and not e.text[: node.parts[1].start].rstrip("^{* ").endswith(")"):
        shown = e.source(node.parts[0]) or "a_j"
        hint = f"write ({shown})^{layer} for the power, another letter for each layer"
        raise e.fail("E-AMBIG", f"{layer} above an entry is a power, or says of which layer", node, "which?", hint)
    if not base.shape and not exponent.shape:
        if _is_t(node):
            e.note("T is a variable here, so ^T is a power")
        if base.op.name in REDUCTIONS and node.parts[0].kind == "call":
            _say_reduction(e, node, base)
        return power(base, exponent)
    if node.value == ".^":
        return e.attempt(power, args, node.parts)
    if _is_t(node) and base.shape:
        if exponent.order == 2:
            return transpose(base)
        hint = f"write {e.source(node.parts[0]) or 'x'}' for the transpose, .^ for a power entry by entry"
        raise e.fail("E-AMBIG", "T is a variable here: is ^T a power or the transpose?", node, "two readings", hint)
    if exponent.op is SYMBOL and exponent.attr[0] == "H" and "H" in e.assumed:
        a = e.source(node.parts[0]) or "A"
        hint = f"for a real {a} write {a}ᵀ; 2 .^ H is entry by entry"
        raise e.fail("E-UNSUPPORTED", f"{a}^H is the conjugate transpose, or a power", node, "matrices are real", hint)
    if exponent.order == 2:
        raise e.fail("E-UNSUPPORTED", "a power with a matrix as exponent", node, "", "2 .^ A is entry by entry")
    if base.order == 2 and node.value == "pow":
        said, shown = "a power of a matrix is entry by entry in code", e.source(node.parts[0]) or "A"
        raise e.fail("E-AMBIG", said, node, "of which?", f"write {shown} .^ n for that of the entries, {shown}^n else")
    if base.order == 2:
        return _matrix_power(e, node, base, exponent)
    shown = e.source(node)
    above = [n.attr[0] for n in walk(exponent) if n.op is SYMBOL]
    of = base.attr[0] if base.op is SYMBOL else ""
    iterate = of in e.assumed and not any([letter in _EXPONENTS or not letter.isascii() for letter in above])
    if (above or exponent.free) and (iterate or "_" in of) and all([name in e.assumed for name in above]):
        label = (e.source(node.parts[1]) or "k").strip("^{}()")
        if label == "t":
            raise e.fail("E-AMBIG", f"{shown} has two readings", node, "transposed, or a power?", TURNED)
        hint = f"write {of} .^ ({label}) for the power entry by entry, or put it below: {of}_{{{label}}}"
        raise e.fail("E-AMBIG", f"{label} above a vector is a power or a part of the name", node, "which?", hint)
    e.note(f"{shown or 'a power of a vector'} is entry by entry")
    return e.attempt(power, args, node.parts)


def _refuse_spectral(e: Elaborator, node: Node, norm: Expr) -> None:
    """Refuse ‖A - B‖₂² of matrices that nothing declares: many mean the Frobenius norm."""
    if not any([n.op.name == "symbol" and n.attr[0] in e.assumed for n in walk(norm)]):
        return
    inside = e.source(node.parts[0].parts[0]) or "A"
    hint = f"write ‖{inside}‖_F^2 for the sum of squares, σ_max({inside})^2 for the spectral norm, or declare vectors"
    raise e.fail("E-AMBIG", f"‖{inside}‖₂² of a matrix has two readings", node, "which norm?", hint)


def _say_reduction(e: Elaborator, node: Node, base: Expr) -> None:
    """Refuse ``sum (y - a)^2``, in which the bracket stands apart, and note ``sum(y - a)^2``: many mean the squares."""
    typed = e.text[node.parts[0].start : node.parts[0].end]
    raised = e.text[node.parts[0].end : node.end]
    name, _, inside = typed.partition(" ")
    inside = inside.lstrip()
    if typed[-1:] == ")" and base.args[0].op.name == "add":
        e.note(f"{typed}{raised} is read as ({typed}){raised}")
    if name.isalpha() and inside[:1] == "(":
        hint = f"write {name}({inside}{raised}) for the {name} of the power, ({name}{inside}){raised} for its power"
        raise e.fail("E-AMBIG", f"{name} (...){raised} has two readings", node, "what is raised?", hint)


def _is_t(node: Node) -> bool:
    return node.parts[1].kind == "name" and node.parts[1].value.full == "T"


def _matrix_power(e: Elaborator, node: Node, base: Expr, exponent: Expr) -> Expr:
    shown = e.source(node.parts[0]) or "A"
    if node in e.summed and not (is_number(exponent) and exponent.attr < 0):
        undeclared = any([n.op is SYMBOL and n.attr[0] in e.assumed for n in walk(base)])
        base = base if undeclared and e.summed[node] else e.square(base)
        if base.shape[0] is not base.shape[1]:
            e.note(f"{e.source(node) or 'a power of a matrix'} is entry by entry in a sum of all entries")
            return e.attempt(power, (base, exponent), node.parts)
        above = e.source(node.parts[1]) or "p"
        if undeclared:
            matrix = f"{shown} {shown}" if is_number(exponent, 2) else f"declare {shown}, a square matrix,"
            hint = f"write {shown} .^ {above} for the power entry by entry; {matrix} for that of the matrix"
            raise e.fail("E-AMBIG", f"{e.source(node) or 'this'} in a sum has two readings", node, "of entries?", hint)
        e.note(f"{e.source(node) or 'this'} is the power of the matrix; {shown} .^ {above} is entry by entry")
    base = e.square(base)
    if base.shape[0] is not base.shape[1]:
        said = f"only a square matrix has powers: sizes {base.shape[0]} and {base.shape[1]} differ"
        hint = f"{shown} .^ {e.source(node.parts[1]) or 'p'} is entry by entry"
        raise e.fail("E-SHAPE", said, node, e.label(node.parts[0], base), hint)
    if not is_number(exponent) or type(exponent.attr) is not int:
        of = e.source(node) or "A^p"
        if exponent.op is SYMBOL and exponent.attr[0] == "t" and "t" in e.assumed:
            raise e.fail("E-AMBIG", f"{of} has two readings", node, "transposed, or a power?", TURNED)
        e.note(f"{of} is a power of the matrix, the principal one; {shown} .^ p is entry by entry")
        return powm(base, exponent)
    n: int = exponent.attr
    if n == 1 and base.op is SYMBOL and base.attr[0] in e.assumed:
        hint = f"write {shown}_1 for a matrix of its own, {shown} for the power"
        raise e.fail("E-AMBIG", f"{e.source(node)} may be one of several matrices", node, "the first power?", hint)
    if abs(n) > limit("power"):
        raise beyond("power", f"a matrix power of {n}", [Span(node.start, node.end, "too high")])
    if n == 0:
        return eye(base.shape[0])
    factor = base if n > 0 else inv(base)
    return matmul(*[factor] * abs(n))


def transposed(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a transpose; of a scalar it is refused where an apostrophe may mean a derivative."""
    value = args[0]
    if (len(node.value) > 1 and node.value[0] == "'") or node.value in ("″", "‴"):
        shown = e.source(node.parts[0]) or "f"
        said = f"{shown}{node.value} is a derivative, and {shown} is no function"
        hint = f"where it is one, write {shown}{node.value}(t)"
        if len(symbols := symbols_in(value)) == 1 and value.op not in (SYMBOL, ELEMENT):
            by, times = symbols[0].attr[0], "″‴".find(node.value) + 2 if node.value in "″‴" else len(node.value)
            hint = f"write d^{times}/d{by}^{times} {shown}"
        raise e.fail("E-SYNTAX", said, node, "by what?", hint)
    if not value.shape:
        if node.value in ("'", "′"):
            shown = e.source(node.parts[0]) or "f"
            by = next((symbol.attr[0] for symbol in symbols_in(value)), "x")
            said, hint = f"{shown}' of a scalar is no transpose", f"write d/d{by} {shown}"
            raise e.fail("E-SYNTAX", said, node, "a derivative?", hint)
        return value
    return e.attempt(transpose, args, node.parts)


BUILDERS.update({"power": power_, "transpose": transposed})
SPECIAL["power"] = begin_power
