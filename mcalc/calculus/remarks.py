"""Where a derivative does not exist, or does not hold, and which value is taken there: the notes beside a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.positive import is_definite, is_nonnegative, is_positive, vanishes_flatly
from mcalc.calculus.rules.case_split import inside_their_domain
from mcalc.errors import Mistake
from mcalc.expr import Expr, Operator, nodes_of, walk
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, AND, CASES, CONDITIONS, MAX, MIN, MUL, OR, POW
from mcalc.operators.blocks import BLOCK
from mcalc.operators.elementwise import ABS, RELU, SIGN
from mcalc.operators.leaves import is_number, is_zero
from mcalc.operators.linear import DIAG, ELEMENT, SIGMA
from mcalc.operators.matrix import NORM, ONE_HOT
from mcalc.operators.singular import VECTORS
from mcalc.operators.solutions import RESOLVENT
from mcalc.operators.spectral import EIGENVECTORS
from mcalc.operators.structures import structure_of
from mcalc.patterns import pattern

Write = Callable[[Expr], str]

LONGEST = 40
"""An argument whose text is longer than this is not written out in a note."""
MOST_PARTS = 4 * LONGEST
"""An argument of more parts than this is surely longer."""
LETTER = pattern(r"(?<!\w)[^\W\d_](?!\w)")
CALLED = pattern(r"\w\(([^\W\d_](?:, [^\W\d_])*)\)")
"""The letters of an operator's arguments in its row of the table."""


def remarks(
    body: Expr, variables: Sequence[Expr], write: Write, result: Expr | None = None, structured: str = "projected"
) -> list[str]:
    """Return what has to be said of points where the derivative of a body does not exist or does not hold, each once.

    Only of what depends on the variables, and nothing where it cannot happen: the logarithm of an exponential, the
    inverse of a positive definite matrix. A norm that is only ever squared has a derivative everywhere. A divisor is
    told of where the `result` divides by nothing, and so does not show it; what a hardmax in it is, is said. `write`
    prints an expression.

    >>> from mcalc.operators.leaves import symbol
    >>> x = symbol("x")
    >>> from mcalc.expr import make
    >>> remarks(make(ABS, (x,)), [x], lambda argument: argument.attr[0])
    ['at x = 0 the derivative of |x| is taken as 0']
    """
    nodes = nodes_of(body)
    masked = result is not None and result.has(*ONE_HOT)
    if not masked and not any([_may_tell(node.op) for node in nodes]):
        return _structure(variables, write, structured)
    whole = {variable.args[0] if variable.args else variable for variable in variables}
    depends: set[Expr] = set()
    for node in nodes:
        if node in whole or node.op is DERIVATIVE or not depends.isdisjoint(node.args):
            depends.add(node)
    bare = {body}.union(*[node.args for node in nodes if not _is_even_power(node)]) if body.has(NORM) else {body}
    conditions = _conditions(nodes) if body.has(CASES) else set[Expr]()
    said: dict[str, None] = {}
    divides, inside = _divided_by(body, nodes), inside_their_domain(body)
    for node in nodes:
        if node not in depends or node in inside or not _may_tell(node.op):
            continue
        if (node.op is NORM and node not in bare) or (node in conditions and node.op in CONDITIONS):
            continue  # one that is only ever squared, a comparison that is asked
        holds = f"the derivative holds where {node.op.domain}"
        text = _about(node, holds, write) if node in divides else _remark(node, write)
        if text:
            said.setdefault(text)
    poles = [node for node in nodes if node in depends and _is_quotient(node) and not is_positive(node.args[0])]
    if poles and result is not None and not (result.has(POW) and any([_is_quotient(node) for node in walk(result)])):
        said |= dict.fromkeys([_about(node, "the derivative holds where x ≠ 0", write) for node in poles])
    if result is not None and masked:
        said |= dict.fromkeys([_about(node, node.op.formula, write) for node in walk(result) if node.op in ONE_HOT])
    kept = [text for text in said if text.replace("≠ 0", "> 0") not in said or "≠ 0" not in text]
    return [*kept, *_structure(variables, write, structured)]


def _conditions(nodes: Sequence[Expr]) -> set[Expr]:
    """Return the conditions of braces, and those that they are made of."""
    found = {condition for node in nodes if node.op is CASES for condition in node.args[1::2]}
    for node in reversed(nodes):
        if node in found and node.op in (AND, OR):
            found.update(node.args)
    return found


def _may_tell(op: Operator) -> bool:
    """Say whether anything may have to be said of an operator."""
    return bool(op.kink or op.domain) or op is POW or op is MAX or op is MIN


def _divided_by(body: Expr, nodes: Sequence[Expr]) -> set[Expr]:
    """The norms and standard deviations that a body divides by, or takes the logarithm of."""
    found = {node for node in nodes if node.op.kink and node.op.domain}
    if not found:
        return found
    from mcalc.calculus.singular_points import lengths

    return found & lengths(body)[1]


def _is_even_power(node: Expr) -> bool:
    if node.op is not POW or not is_number(node.args[1]):
        return False
    exponent = node.args[1].attr
    return type(exponent) is int and exponent % 2 == 0 and exponent > 0


def _is_quotient(node: Expr) -> bool:
    return node.op is POW and is_number(node.args[1]) and node.args[1].attr < 0


def _remark(node: Expr, write: Write) -> str:
    """What is to be said of one operator; nothing where its argument never comes there."""
    op = node.op
    if op in (MAX, MIN) and len(node.args) == 2 and any([is_zero(arg) for arg in node.args]):
        inner = node.args[0] if is_zero(node.args[1]) else node.args[1]
        if is_positive(inner):
            return ""
        argument = _short(inner, write)
        if argument:
            return f"at {argument} = 0 the derivative of {op.name}(0, {argument}) is taken as 0"
    if op.kink:
        sure = op in (ABS, RELU, SIGN, NORM) and is_positive(node.args[0])
        return "" if sure else _about(node, op.kink, write)
    if op is POW:
        base, exponent = node.args
        if is_number(exponent) and type(exponent.attr) is int:
            return ""
        if is_number(exponent, 0.5) and not is_positive(base) and vanishes_flatly(base):
            argument = _short(node, write)
            where = (
                f"{argument} has no derivative where it is 0" if argument else "a root has no derivative where it is 0"
            )
            return f"{where}; in numbers 0 is taken there"
        flat = is_number(exponent) and exponent.attr > 1 and is_nonnegative(base)
        clipped = base.op is RELU or (base.op is MAX and any([is_zero(arg) for arg in base.args]))
        told = is_positive(base) or flat or (clipped and is_number(exponent) and exponent.attr > 0)
        root = is_number(exponent) and not told
        return _about(node, "the derivative holds where x > 0", write) if root else ""
    if not op.domain:
        return ""
    shaped = [arg for arg in node.args if arg.shape] if len(node.args) > 1 else node.args
    if len(shaped) != 1 or _never_outside(node, shaped[0]):
        return ""
    return _about(node, f"the derivative holds where {op.domain}", write)


def _never_outside(node: Expr, argument: Expr) -> bool:
    if argument.order == 2 and any([word in node.op.domain for word in ("det(", "definite", "negative or 0")]):
        return is_definite(argument)
    return is_positive(argument)


def _about(node: Expr, text: str, write: Write) -> str:
    """A text of the table, of these arguments; one that is long is called the argument of the operator."""
    if not node.args:
        return text
    called = CALLED.search(f"{node.op.formula} {node.op.example}")
    names = called[1].split(", ") if called is not None else []
    one = dict.fromkeys("xA", node.args[0]) if len(node.args) == 1 or not names else {}
    meant = {**one, **dict(zip(names, node.args, strict=False))}
    what = "the base" if node.op is POW else f"the argument of {node.op.name}"

    def said(name: str) -> str:
        return name if name not in meant else _short(meant[name], write) or what

    return LETTER.sub(lambda found: said(found[0]), text)


def _short(argument: Expr, write: Write) -> str:
    if written_size(argument) > MOST_PARTS:
        return ""
    text = write(argument)
    return text if len(text) <= LONGEST and " where " not in text else ""


def _structure(variables: Sequence[Expr], write: Write, convention: str) -> list[str]:
    """Of a structured variable: what its derivative is made of, and what it would be by the entries left free."""
    said: dict[str, None] = {}
    for variable in variables:
        structure = structure_of(variable)
        if structure is None:
            continue
        name = write(variable.args[0] if variable.args else variable)
        if convention == "ignore":
            said[f"{name} is {structure.said}, and the derivative takes its entries as independent"] = None
        elif not variable.args:
            projected = structure.projection.replace("X", name)
            rule, other = f"the derivative is {projected}, of the derivative G by independent entries", ""
            counted = f"where {structure.free_words} counts as one variable, it is {structure.by_free}"
            if convention == "free" and structure.free:
                rule = f"{counted}, of the derivative G by independent entries"
            elif structure.free and structure.by_free != structure.projection:
                other = f"; {counted} (--structured free)"
            said[f"{name} is {structure.said}: {rule}{other}"] = None
        elif len(variable.args) < 3 or variable.args[1] is not variable.args[2]:
            said[f"{name} is {structure.said}: {write(variable)} counts {structure.of_entry}"] = None
    return list(said)


NOTE = "a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets"


def reach(expr: Expr) -> list[str]:
    """Return a note where a sum follows a derivative, or another term of a sum with a derivative has its variable.

    >>> from mcalc import parse
    >>> parse("3x + d/dx x^2").notes == parse("d/dx sin(x) + c").notes
    True
    >>> parse("d/dx sin(x) + c").notes
    ['a derivative reaches to the next + or -; for that of the whole sum put the sum into brackets']
    >>> parse("d/dx x^2 + d/dx 3x").notes, parse("c + d/dx sin(x)").notes
    ([], [])
    """
    if expr.op.name != "add":
        return []
    derived: set[Expr] = set()
    others: set[Expr] = set()
    follows = False
    for term in expr.args:
        nodes = list(walk(term))
        variables = {variable for node in nodes if node.op.name == "derivative" for variable in node.args[1:]}
        if variables:
            derived |= variables
        else:
            others.update(nodes)
            follows = follows or bool(derived)
    return [NOTE] if follows or derived & others else []


ODD = frozenset({"sin", "tan", "tanh", "atan", "asin", "sinh", "asinh", "erf", "sign"})
EVEN = frozenset({"cos", "cosh", "abs", "norm", "norm1", "norminf"})
SIDES = [row for pair in VECTORS.values() for row in pair]
"""Singular vectors: the left and the right one change their signs together."""
OPEN = (*EIGENVECTORS.values(), *SIDES)
"""What may have either sign."""


def refuse_open_signs(body: Expr, variable: Expr) -> None:
    """Raise E-UNSUPPORTED where a vector of either sign stands in a function of a variable that is not even in it.

    >>> from mcalc import parse
    >>> S = parse("S", where="S: R^{n x n} symmetric").expr
    >>> even = parse("(a · v_max(S))^2", where="S: R^{n x n} symmetric; a: R^n").expr
    >>> refuse_open_signs(even, S)
    """
    if not body.has(*OPEN):
        return
    groups: dict[object, list[Expr]] = {}
    for node in walk(body):
        if node.op in EIGENVECTORS.values():
            groups.setdefault(node, []).append(node)
        elif node.op in SIDES:
            end = next(end for end, pair in VECTORS.items() if node.op in pair)
            groups.setdefault((end, node.args), []).append(node)
    for flipped in groups.values():
        if any([variable in walk(node) for node in flipped]) and _parity(body, flipped) != 1:
            name = flipped[0].op.name
            raise Mistake(
                "E-UNSUPPORTED",
                f"the sign of {name} is open, and this depends on it",
                hint=f"a function that is the same for v and -v has a derivative: (a · v)^2, v v'; v is {name}(...)",
            )


def _parity(body: Expr, flipped: Sequence[Expr]) -> int:
    """Return 1 where an expression stays when these vectors change their sign, -1 where it does too, 0 for neither."""
    known: dict[Expr, int] = dict.fromkeys(flipped, -1)
    for node in walk(body):
        if node not in known:
            known[node] = _of(node, [known[arg] for arg in node.args])
    return known[body]


def _of(node: Expr, inner: Sequence[int]) -> int:
    if all([sign == 1 for sign in inner]):
        return 1
    if 0 in inner:
        return 0
    op = node.op
    if op is RESOLVENT:
        return 1 if inner[:2] == [1, 1] else 0
    if op in (ADD, BLOCK):
        return inner[0] if len({*inner}) == 1 else 0
    if op is POW:
        exponent = node.args[1]
        whole = is_number(exponent) and type(exponent.attr) is int
        return (1 if exponent.attr % 2 == 0 else inner[0]) if whole else 0
    if op is MUL or op.kind == "linear":
        product = 1
        for sign in inner:
            product *= sign
        return product
    if op in (SIGMA, ELEMENT, DIAG):
        return inner[1] if op is SIGMA else inner[0]
    if op.name in EVEN or op.name in ODD:
        return 1 if op.name in EVEN else -1
    return 0
