"""Products that many read another way: how they were read is said, or both readings are offered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.errors import clip
from mcalc.expr import Expr, walk
from mcalc.notation.meaning.elaborate import Elaborator
from mcalc.notation.shapes.oddities import MATRICES, SCALARS
from mcalc.notation.surface.syntax import Node, walk_syntax
from mcalc.operators import FUNCTIONS
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, MUL, POW
from mcalc.operators.leaves import EYE, SYMBOL
from mcalc.operators.linear import MATMUL

SLASHES = frozenset("/÷∕⁄")
BARS = frozenset(("norm", "bars"))
BRACKETS = "(", "\\left(", "\\big", "\\Big"
WEIGHTS = frozenset("WX")
"""Matrices that stand before an exponential of a vector, where other capitals may be amplitudes."""
WHOLE = {
    "exp": "expm(A) is the matrix exponential",
    "ln": "logm(A) is the matrix logarithm",
    "sqrt": "A^(1/2) is the matrix root",
}
"""What is written for the function of a square matrix as a whole."""


def say_quotients(e: Elaborator, node: Node, args: list[Expr], ops: list[str]) -> None:
    """Say how ``a/b c`` and ``1/2vᵀv`` were read, from left to right; refuse ``1/2x``, which may be 1/(2x)."""
    _refuse_variation(e, node, ops)
    for power, slash, below in zip(node.parts, node.value, node.parts[1:], strict=False):
        glued = power.end == slash.start and slash.end == below.start
        if e.assumed and power.kind == "power" and slash.text == "/" and glued:
            _refuse_signed(e, power, below)
    for k in range(len(ops) - 1):
        if ops[k] == "/" and ops[k + 1] == " " and node.parts[k + 2].kind not in ("big", "derivative"):
            slash, glued = node.value[k], _touches(e, node, k + 1)
            above, below = node.parts[k : k + 2]
            if e.text[slash.start : slash.end] not in SLASHES:
                continue  # the bar of a fraction
            wide = above.end < slash.start and slash.end < below.start and above.kind != "number"
            if glued or below.kind in BARS or (wide and below.kind == "number" and e.assumed):
                _refuse_glued(e, node, args, ops, k)
            if not glued and (below.kind == "number" or e.text[below.start] == "{"):
                continue
            left = e.text[above.start : below.end].strip()
            if args[k + 1].is_row and args[k + 2].shape:
                _refuse_row(e, node, ops, k)
            right = e.source(node.parts[k + 2])
            if right and len(left) < 30:
                e.note(f"{left}{node.value[k + 1].value}{right} is read as ({left}) {right}")


def refuse_pointless(e: Elaborator, node: Node) -> None:
    """Refuse ``x/x+1`` and ``e^x/1+e^x``: nobody divides by the same or by 1, so what follows may be below, too."""
    for part, sign, following in zip(node.parts, node.value, node.parts[1:], strict=False):
        glued = part.kind == "product" and part.parts[0].end == part.value[0].start
        if glued and [token.text for token in part.value] == ["/"]:
            above, below = [e.text[factor.start : factor.end] for factor in part.parts]
            rest = f"{sign.text} {e.text[following.start : following.end]}"
            if below in (above, "1"):
                hint = f"write {above}/({below} {rest}), or ({above}/{below}) {rest}"
                said = f"{above}/{below} {rest} has two readings"
                raise e.fail("E-AMBIG", said, node, "how much is divided by?", hint)


def _refuse_signed(e: Elaborator, power: Node, below: Node) -> None:
    """Refuse ``e^-t/τ`` and ``e^-x²/2``, in which most see one exponent."""
    base, exponent = power.parts
    sign, last = e.text[exponent.start], exponent.parts[0] if exponent.kind == "negative" else exponent
    if exponent.kind == "negative" and last.kind != "number" and sign in "-−" and e.text[exponent.start - 1] == "^":
        low, high = e.text[base.start : exponent.start], e.text[exponent.start : power.end]
        under, between = e.text[below.start : below.end], Node("segment", base.start, below.end)
        hint = f"write {low}({high}/{under}), or {low}({high}) / {under}"
        said = f"{low}{high}/{under} has two readings"
        raise e.fail("E-AMBIG", said, between, "how far does the exponent reach?", hint)


def _refuse_variation(e: Elaborator, node: Node, ops: list[str]) -> None:
    """Refuse ``δF/δx``: a δ above a line and below it is no factor to anyone."""
    for k in [k for k, op in enumerate(ops) if op == "/" and "δ" in e.assumed]:
        below = [n.value.full for n in walk_syntax(node.parts[k + 1]) if n.kind == "name"][:1]
        if "δ" in below and any([n.kind == "name" and n.value.full == "δ" for n in node.parts[: k + 1]]):
            hint = "write ∂F/∂x for a derivative; for the quotient of two small numbers name them: δ_F/δ_x"
            raise e.fail("E-AMBIG", "δ above and below a line has two readings", node, "a derivative?", hint)


def say_exponents(e: Elaborator, node: Node) -> None:
    """Refuse ``e^2x`` and ``2^3x``, of which many mean e^(2x); say how ``(1 + x)^2n`` was read."""
    for power, factor, token in zip(node.parts, node.parts[1:], node.value, strict=False):
        if power.kind != "power" or power.value not in ("^", "**", ".^") or token.text or power.end != factor.start:
            continue
        base, exponent = power.parts
        sign = exponent.parts[0] if exponent.kind == "negative" else exponent
        if sign.kind != "number" or e.text[exponent.start] in "({":
            continue
        first = factor.parts[0] if factor.kind == "power" else factor
        if first.kind != "name" or e.text[first.start] == "\\":
            continue
        low, high = (e.text[part.start : part.end] for part in (base, exponent))
        rest = e.text[factor.start : factor.end]
        whole = e.text[base.start : factor.end]
        if base.kind == "number" or (base.kind == "name" and base.value.full == "e"):
            hint = f"write {low}^({high} {rest}), or {low}^({high}) {rest}"
            between = Node("segment", base.start, factor.end)
            raise e.fail("E-AMBIG", f"{whole} has two readings", between, "how far does the exponent reach?", hint)
        if base.kind not in ("name", "number"):
            e.note(f"{whole} is read as {low}^{high} {rest}")


def refuse_numbers_behind(e: Elaborator, node: Node) -> None:
    """Refuse ``2 x 10^3``, in which x may be the sign of multiplication, and ``x 2 + 3x``, a copy of x^2 + 3x."""
    for place, (letter, number, token) in enumerate(zip(node.parts, node.parts[1:], node.value, strict=False)):
        last = number.parts[0] if number.kind == "power" else number
        if last.kind != "number" or letter.kind != "name" or token.text:
            continue
        before = node.parts[place - 1] if place else letter
        left, name, right = [e.text[part.start : part.end] for part in (before, letter, number)]
        if before.kind == "number" and letter.value.full == "x":
            between = Node("segment", before.start, number.end)
            hint = f"write {left}*{right} for the product, {left} x*{right} with the variable"
            raise e.fail("E-AMBIG", "x between two numbers has two readings", between, "times, or a variable?", hint)
        if last is number and letter.value.full in e.assumed:
            said = f"the {right} behind {name} may be a power, as a copy loses it, or a factor"
            raise e.fail("E-AMBIG", said, number, "which?", f"write {name}^{right} or {right} {name}")


def _touches(e: Elaborator, node: Node, k: int) -> bool:
    r"""Say whether nothing stands between two factors; a blank between names is nothing in LaTeX: x/\alpha \beta."""
    latex = "\\" in e.text and node.parts[k].kind != "number" and e.text[node.parts[k + 1].start - 1] != "{"
    return latex or node.value[k].value != " "


def _refuse_glued(e: Elaborator, node: Node, args: list[Expr], ops: list[str], k: int) -> None:
    """Refuse what is glued to a denominator: the names of x/2y and 1/ab, the bracket of x/2(a + b).

    Behind a number a vector or a matrix is none of it, as in 1/2xᵀx; one that nothing declares may be a number. The
    bracket of 1/2(a + b) is none, that of 1/x(x + 1) and 1/(1 + x)(1 + y) may be. Behind a number with a wide sign, as
    in q / 4 π r, and between two norms, a space is no end.
    """
    parts, last = node.parts, k + 1
    below = parts[k + 1]
    glued = _touches(e, node, last)
    named = "name" in (parts[k].kind, below.kind)
    names = {n.value.full for n in walk_syntax(below) if n.kind == "name"}
    while last < len(ops) and ops[last] == " " and (not glued or _touches(e, node, last)):
        if args[last + 1].shape and not (named and _undeclared(e, args[last + 1])):
            break
        head = parts[last + 1].parts[0] if parts[last + 1].kind == "power" else parts[last + 1]
        shared = below.kind == "sum" or any([n.kind == "name" and n.value.full in names for n in walk_syntax(head)])
        is_bracket = glued and e.text[head.start] == "(" and (parts[k].kind != "number" or shared)
        rooted = head.kind == "call" and head.value.full == "sqrt" and below.kind != "number"
        alike = head.kind in BARS if below.kind in BARS else head.kind == "name"
        if not (is_bracket or rooted or alike):
            break
        last += 1
    if last == k + 1:
        return
    above, under = e.text[parts[k].start : parts[k].end], e.text[below.start : below.end]
    rest = e.text[parts[k + 2].start : parts[last].end]
    said = f"{e.text[parts[k].start : parts[last].end]} has two readings"
    hint = f"write {above}/({under} {rest}), or ({above}/{under}) {rest}"
    raise e.fail("E-AMBIG", said, Node("segment", parts[k].start, parts[last].end), "how much is divided by?", hint)


def _refuse_row(e: Elaborator, node: Node, ops: list[str], k: int) -> None:
    """Refuse xᵀ A x / xᵀ x, which from left to right divides by the row alone."""
    first = max([j + 1 for j in range(k) if ops[j] == "/"], default=0)
    last = next((j for j in range(k + 1, len(ops)) if ops[j] == "/"), len(ops))
    above = e.text[node.parts[first].start : node.parts[k].end]
    below = e.text[node.parts[k + 1].start : node.parts[last].end]
    said = f"only {e.source(node.parts[k + 1]) or 'the row'} would divide here"
    raise e.fail("E-AMBIG", said, node, "how much is divided by?", f"write ({above})/({below})")


def refuse_cross(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Refuse r × F and u(t) × m v(t) of what nothing declares: numbers or vectors; m × a has a number's letter."""
    for k, token in enumerate(node.value):
        if token.text != "×":
            continue
        behind = [(j, _of_anything(e, arg)) for j, arg in enumerate(args) if j > k]
        last, right = next(((j, name) for j, name in behind if name and name[0] not in SCALARS), (k, ""))
        left = _of_anything(e, args[k])
        if not left or left[0] in SCALARS or not right or any([node.value[j].text for j in range(k + 1, last)]):
            continue
        between = Node("segment", node.parts[k].start, node.parts[last].end)
        said = f"{e.source(between) or f'{left} × {right}'} has two readings"
        if left in e.maps or right in e.maps:
            heads = [f"{name}: {'R -> ' * (name in e.maps)}" for name in dict.fromkeys((left, right))]
            both = ["; ".join([head + space for head in heads]) for space in ("R^3", "R")]
        else:
            both = [f"{left}, {right}: R^3", f"{left}, {right}: R"]
        hint = f"declare what is meant: --where '{both[0]}' or --where '{both[1]}'"
        raise e.fail("E-AMBIG", said, between, "of numbers or of vectors?", hint)


def refuse_dot(e: Elaborator, node: Node, args: Sequence[Expr], ops: Sequence[str]) -> None:
    """Refuse a·b x of names that nothing declares: (a·b) x to some, a·(b x) to others; and f(x)·g(x), x·f(x)."""
    for k in [k for k, op in enumerate(ops) if op == "·"]:
        functions = [arg for arg in args[k : k + 2] if arg.op.layout == "apply" and _of_anything(e, arg)]
        others = [arg for arg in args[k : k + 2] if arg not in functions]
        of = {arg.args for arg in functions} | {(arg,) for arg in others if _undeclared(e, arg)}
        if functions and len(of) == 1 and args[k].order == args[k + 1].order == 1:
            f, g = [e.source(part) for part in node.parts[k : k + 2]]
            between = Node("segment", node.parts[k].start, node.parts[k + 1].end)
            hint = f"write {f} {g} for a product of numbers, ({f})ᵀ {g} for that of vectors"
            raise e.fail("E-AMBIG", f"{f}·{g} has two readings", between, "of numbers or of vectors?", hint)
    for k, signs in enumerate(pairwise(ops)):
        a, b, x = ["", "", ""] if signs != ("·", " ") else [_undeclared(e, arg) for arg in args[k : k + 3]]
        if a and b and x and b[0] not in SCALARS and [arg.order for arg in args[k : k + 3]] == [1, 0, 1]:
            between = Node("segment", node.parts[k].start, node.parts[k + 2].end)
            hint = f"write ({a}·{b}) {x}, or {a}·({b} {x})"
            raise e.fail("E-AMBIG", f"{e.source(between)} has two readings", between, "how far does · reach?", hint)


def meet_capitals(e: Elaborator, node: Node) -> None:
    """Remember each capital that is a number here and has a bracket right behind it: V(w - c)."""
    for name, bracket in pairwise(node.parts):
        inner = bracket.parts[0] if bracket.kind == "power" else bracket
        full = name.value.full if name.kind == "name" else ""
        bracketed = name.end == inner.start and e.text.startswith(BRACKETS, name.end)
        if bracketed and len(full) == 1 and full.isupper() and full in e.assumed:
            e.capitals.setdefault(full, {})[e.text[inner.start : inner.end]] = name


def refuse_capitals(e: Elaborator) -> None:
    """Refuse u(c) + V(w - c) and F(x + h) - F(x): beside a function, or before two brackets, they are functions."""
    for name, behind in e.capitals.items():
        if name not in MATRICES and (e.maps or len(behind) > 1):
            [bracket, *_] = behind
            hint = f"write {name}*{bracket} for a product, for a function declare it: --where '{name}: R -> R'"
            said = f"{name}{clip(bracket, 30)} has two readings"
            raise e.fail("E-AMBIG", said, behind[bracket], "a product or a function?", hint)


def refuse_projection(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Refuse u - π(K x), a number times a vector by what stands there: a projection to those who write so."""
    number, bracket = node.parts[0], node.parts[1]
    is_pi = number.kind == "name" and number.value.full == "π" and args[1].order == 1
    if is_pi and number.end == bracket.start and e.text.startswith(BRACKETS, bracket.start):
        inside, whole = e.text[bracket.start : bracket.end], Node("segment", number.start, bracket.end)
        hint = f"write π*{inside} for the number times it, for a function declare it: --where 'π: R^n -> R^m'"
        raise e.fail("E-AMBIG", "π(...) of a vector has two readings", whole, "a product or a function?", hint)


def refuse_adjoint(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Refuse A* B of matrices, where the star stands at the first as the mark of an adjoint does."""
    for k, token in enumerate(node.value):
        left, right = node.parts[k], node.parts[k + 1]
        if token.text == "*" and args[k].order == 2 and token.start == left.end and token.end < right.start:
            a, b = e.source(left) or "A", e.source(right) or "B"
            between = Node("segment", left.start, right.end)
            hint = f"write {a}ᵀ {b} for the adjoint of a real matrix, {a} {b} for the product"
            raise e.fail("E-AMBIG", f"{a}* {b} has two readings", between, "an adjoint or a product?", hint)


def refuse_amplitude(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Refuse A e^(k x) and A cos(k t), where nothing but its capital makes A a matrix: it may be an amplitude."""
    for k in range(1, len(args)):
        matrix, exponential = _undeclared(e, args[k - 1]), args[k]
        orders, op = (args[k - 1].order, exponential.order), exponential.op
        wave = orders == (2, 0) and op.kind == "elementwise" and op is not POW and not node.value[k - 1].text
        if matrix and matrix[0] not in WEIGHTS and (wave or (orders == (2, 1) and op.name == "exp")):
            names = list(dict.fromkeys([n.attr[0] for n in walk(exponential) if n.op is SYMBOL]))
            if names and all([name in e.assumed for name in names]):
                numbers, vectors = ", ".join([matrix, *names]), [n for n in names if e.assumed[n].order]
                rest = "; ".join([f"{n}: R^n" if n in vectors else f"{n}: R" for n in names])
                hint = f"declare what is meant: --where '{numbers}: R' or --where '{matrix}: R^{{m x n}}; {rest}'"
                raise e.fail("E-AMBIG", f"{matrix} may be a number or a matrix", node, "which product?", hint)


def refuse_row_taken(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Refuse X[i,:] w, in which nothing says what w is: the slice is a vector here, and a row of X to many."""
    for left, right, sign, value in zip(node.parts, node.parts[1:], node.value, args[1:], strict=False):
        is_row = left.kind == "slice" and [part.is_range for part in left.value] == [False, True]
        if is_row and not sign.text and not value.order and (name := _undeclared(e, value)):
            row, shown = e.source(left) or "x", e.source(right) or name
            hint = f"write {row}ᵀ {shown} for the inner product; for a number declare {name}: R"
            between = Node("segment", left.start, right.end)
            raise e.fail("E-AMBIG", f"{row} {shown} has two readings", between, "which product?", hint)


def refuse_capital_vector(e: Elaborator, node: Node, values: Sequence[Expr]) -> None:
    """Refuse F · d, in which F is a vector to many; a letter of matrices, as in W · x, is one."""
    for pair in pairwise(values):
        matrix, vector = sorted(pair, key=lambda value: -value.order)
        capital = _undeclared(e, matrix)
        if matrix.order == 2 and capital[:1].isupper() and capital[0] not in MATRICES:
            beside = _undeclared(e, vector)
            both = f"{capital}, {beside}: R^n" if beside else f"{capital}: R^n"
            tail = f"; {beside}: R^n" if beside else ""
            said = f"{capital} may be a vector, of a dot product, or a matrix"
            hint = f"declare what is meant: --where '{both}' or --where '{capital}: R^{{m x n}}{tail}'"
            raise e.fail("E-AMBIG", said, node, "which product?", hint)


def is_of_whole(e: Elaborator, whole: Expr, value: Expr) -> bool:
    """Say whether a function of a matrix, taken entry by entry, may be of the matrix as a whole, which is square.

    Or nothing declares it, it may be square, and its function is a factor of a matrix product: exp(t A) x.
    """
    rows, columns = [e.sizes.settle(dim) for dim in value.shape]
    if rows is columns or (rows - columns).value is not None or not _open_matrices(e, value):
        return rows is columns
    matrix = e.sizes.resolve(value)
    nodes = list(walk(whole))
    made = {n for n in nodes if n.args[:1] == (matrix,) and (n.op.name in WHOLE or n.op is POW)}
    factors = [arg for n in nodes if n.op is MATMUL for arg in n.args]
    return any([n in made or not made.isdisjoint(n.args) for n in factors])


def _called(node: Node) -> str:
    full: str = node.value.full
    return "sqrt" if full == "√" else full


def _open_matrices(e: Elaborator, value: Expr) -> list[str]:
    """Return the names of the matrices in an expression that nothing declares."""
    return [n.attr[0] for n in walk(value) if n.op is SYMBOL and n.attr[0] in e.assumed and n.order == 2]


def refuse_entries(e: Elaborator, node: Node, value: Expr) -> None:
    """Refuse tr(log A) of a square matrix that nothing declares: to most it is the logarithm of the matrix."""
    names = _open_matrices(e, value)
    function, whole = _called(node), WHOLE[FUNCTIONS[node.value.full].name]
    if names and e.text[node.start] != "\\":
        said = f"{function} of a square matrix has two readings"
        hint = f"{whole}; for {function} entry by entry declare {names[0]}: R^{{n x n}}"
        raise e.fail("E-AMBIG", said, node, "entry by entry, or of the matrix?", hint)


def refuse_quantities(e: Elaborator, node: Node, value: Expr) -> None:
    """Refuse sqrt(2 G M/r), in which capitals that nothing declares, and no letters of matrices, are quantities."""
    names = _open_matrices(e, value)
    if not all([name[0] in MATRICES for name in names]):
        listed = ", ".join(names)
        said = f"{listed} may be numbers, or matrices of which {_called(node)} is taken"
        hint = f"declare what is meant: --where '{listed}: R' or --where '{names[0]}: R^{{m x n}}'"
        raise e.fail("E-AMBIG", said, node, "of numbers or of matrices?", hint)


def say_identity(e: Elaborator, node: Node, args: Sequence[Expr]) -> None:
    """Say that I in wᵀ I w is the identity, which does nothing there: it may be a matrix of inertia."""
    named = any([part.kind == "name" and part.value.full == "I" for part in node.parts])
    if named and any([arg.op is EYE for arg in args]) and any([arg.order == 1 for arg in args]):
        e.note("I is the identity; a matrix of that name is declared, I: R^{n x n}")


def refuse_unclear_identity(e: Elaborator, node: Node, value: Expr) -> None:
    """Refuse 1/2 I w^2 and 1/2 m v^2 + 1/2 I w^2, where I may be a number, as a moment of inertia is.

    The first is a number times the identity, the second would add a number to every entry of that.
    """
    named = [n.value for n in walk_syntax(node) if n.kind == "name" and n.value.base == "I"]
    if not any([name.sub is None or name.sub not in e.scope.sizes for name in named]):
        return
    value = value.args[0] if value.op is DERIVATIVE else value
    scaled = value.op is MUL and any([arg.op is EYE for arg in value.args])
    first = node.kind == "product" and node.parts[0].kind == "name" and node.parts[0].value.full == "I"
    scaled = scaled and (first or any([n.op is POW for n in walk(value)]))  # I α, 1/2 I ω^2
    if scaled or any([n.op is ADD and n.order == 2 and _is_spread_over_identity(e, n) for n in walk(value)]):
        hint = f"write I(n) for the identity matrix; for a number declare it: --where '{named[0].full}: R'"
        raise e.fail("E-AMBIG", f"{named[0].full} may be a number or the identity matrix", node, "which?", hint)


def _is_spread_over_identity(e: Elaborator, total: Expr) -> bool:
    """Say whether a sum is one of numbers that nothing declares and of multiples of the identity alone."""
    numbers = [arg for arg in total.args if not arg.order]
    multiples = [arg for arg in total.args if arg.op is EYE or (arg.op is MUL and any([a.op is EYE for a in arg.args]))]
    unsaid = any([_undeclared(e, n) for arg in numbers for n in walk(arg)])
    return unsaid and bool(multiples) and len(numbers) + len(multiples) == len(total.args)


def _of_anything(e: Elaborator, value: Expr) -> str:
    """Return the name of a variable, or of a function whose value it is, that nothing declares; else an empty text."""
    function = value.attr.name if value.op.layout == "apply" else ""
    return function if function in e.maps and function not in e.scope.maps else _undeclared(e, value)


def _undeclared(e: Elaborator, value: Expr) -> str:
    """Return the name of a variable that nothing declares; an empty text for all else."""
    return value.attr[0] if value.op is SYMBOL and value.attr[0] in e.assumed else ""
