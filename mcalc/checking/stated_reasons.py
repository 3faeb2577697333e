"""What is stated behind a line: conditions under which it may be right, and the rule, if it is for anything in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.derivation import derive_in_steps
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, depends, walk
from mcalc.notation import read
from mcalc.notation.names.scope import Reading
from mcalc.notation.surface.characters import clean
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import ADD, AND, CONDITIONS, MUL, OR, POW
from mcalc.operators.leaves import NUMBER, is_number
from mcalc.operators.linear import DOT, ELEMENT, MATMUL, OUTER, SIGMA, SUM, TRACE, TRANSPOSE
from mcalc.patterns import pattern

STATED = pattern(r"(?i)\b(product|quotient|chain|power|sum|difference) rule\b|\b(linearity)\b")
PRODUCTS = frozenset((MUL, DOT, MATMUL, OUTER))
SUMS = frozenset((ADD, SUM, SIGMA, TRACE))
PLAIN = frozenset((ELEMENT, TRANSPOSE))
Touched = set[Expr]


def _product(node: Expr, touched: Touched) -> bool:
    if node.op is POW:
        return node.args[0] in touched and is_number(node.args[1])
    return node.op in PRODUCTS and sum([arg.op is not NUMBER for arg in node.args]) > 1


def _quotient(node: Expr, touched: Touched) -> bool:
    exponent = node.args[1] if node.op is POW else None
    return exponent is not None and is_number(exponent) and exponent.attr < 0 and node.args[0] in touched


def _power(node: Expr, touched: Touched) -> bool:
    return (node.op is POW and node.args[0] in touched) or node.op.name in ("sqrt", "norm") or _product(node, touched)


def _sum(node: Expr, touched: Touched) -> bool:
    linear = node.op in PRODUCTS and any([arg not in touched for arg in node.args])
    return linear or (node.op in SUMS and any([arg in touched for arg in node.args]))


def _chain(node: Expr, touched: Touched) -> bool:
    return any([arg in touched and arg.args and arg.op not in PLAIN for arg in node.args])


RULES: dict[str, Callable[[Expr, Touched], bool]] = {
    "product": _product,
    "quotient": _quotient,
    "power": _power,
    "sum": _sum,
    "difference": _sum,
    "linearity": _sum,
    "chain": _chain,
}
"""For each rule, whether a part of a function is one that it is for, given the parts that depend on the variable."""


def remark(reason: str, asked: Sequence[Expr], told: Sequence[Expr]) -> str:
    """Return what is to be said of the rule that is stated behind a line: nothing, where the line may be by it.

    `asked` are the derivatives that the line works out, as they are with all names put in, and `told` the same as they
    are written, in which a name stands for what it is.

    >>> from mcalc.operators.arithmetic import add, power
    >>> from mcalc.operators.leaves import number, symbol
    >>> from mcalc.operators.abstract import derivative
    >>> x = symbol("x")
    >>> asked = [derivative(add(x, number(1)), x)]
    >>> remark("product rule", asked, asked)
    'the reason is another: there is nothing that the product rule is for; it is the sum rule'
    >>> remark("sum rule", asked, asked), remark("see above", asked, asked)
    ('', '')
    """
    named = [(found[1] or found[2]).lower() for found in STATED.finditer(reason)]
    if not named or not asked:
        return ""
    if "chain" in named and any([node.op is DERIVATIVE for side in told[1:] for node in walk(side)]):
        named.remove("chain")
    missing = [name for name in named if not any([_fits(RULES[name], node) for node in asked])]
    if not missing:
        return ""
    said = f"{missing[0]} rule" if missing[0] != "linearity" else "linearity"
    used = _used(asked[0])
    rest = f"; it is the {used}" if used else ""
    return f"the reason is another: there is nothing that the {said} is for{rest}"


def _fits(rule: Callable[[Expr, Touched], bool], asked: Expr) -> bool:
    """Say whether a derivative has a part in its function that a rule is for."""
    body, *variables = asked.args
    for variable in variables:
        whole = variable.args[0] if variable.args else variable
        touched = depends(body, whole)
        if any([rule(node, touched) for node in walk(body) if node in touched]):
            return True
    return False


def _used(asked: Expr) -> str:
    """The rules by which mcalc works a derivative out; nothing where that is no single line of them."""
    body, *variables = asked.args
    try:
        result = derivative_of(body, variables)
        lines = derive_in_steps(body, variables[0], result).lines
    except (Mistake, ShapeError):
        return ""
    first = next((line.reasons[0].name for line in lines if line.section), "")
    return first if first.endswith("rule") else ""


CONDITION = pattern(
    r"(?i)[=<>≤≥≠]|\\neq?\b|symmetr|orthogonal|positive|one-?hot|sums|probabilit|distribution|unit|diagonal"
)
"""What stands in a condition, and in other reasons seldom."""
LEAD = pattern(r"^(?:for|if|when|where|given|with|provided|assuming|that|all|any|every)\s+")
RELATIONS = CONDITIONS - {AND, OR}
BETWEEN = r"(-?[\d.]*\d)\s*([<≤])\s*{}\s*([<≤])\s*(-?\d[\d.]*)"
BEYOND = r"(?<![\w.])(?<![<≤]\s)(?<![<≤]){}\s*([<>≤≥])\s*(-?\d[\d.]*)"
MARKUP = pattern(r"\\[()]|\\(?:text\w*|math(?:rm|bf|bb)|boldsymbol|bm|mbox|q?quad)(?![a-zA-Z])|[\\{}$]")
SAID_OF = (
    r"{0}(?:\s*(?:,|\band\b)\s*(?:and\s+)?\w+)*\s*(?:\b(?:is|are|be|both|all|an?|real)\b\s*)*\b(?i:{1})"
    r"|\b(?i:{1})\w*\s+(?:of\s+)?(?:(?:matri|vector)\w*\s+)?(?:\w+\s*(?:,|\band\b)\s*(?:and\s+)?)*{0}"
)
"""What says a word of one name or of several: A and B are symmetric, symmetric matrices A and B."""
DEFINITE = r"positive[- ](?:semi-?)?definite"
TURNED = r"{0} ?(?:ᵀ|\^? ?(?:t|T|top)\b)"
ADDED = r"(?:(?:sum|Σ|∑) ?(?:_ ?\w+(?: ?= ?\d)?(?: ?\^ ?\w+)?)?|1⃗?ᵀ|1 ?\^ ?(?:[tT]|top)) ?\(?{0}(?:_\w+)? ?\)?"
LENGTH = r"(?:‖|\|\||\|) ?{0} ?(?:‖|\|\||\|)(?:_?2|₂)? ?(?:²|\^2)?"
SAYINGS = (
    (r"(\w+) is symmetric", rf"symmetric|symmetry|{DEFINITE}|s?pd\b|psd\b|covariance",
     rf"{{0}} ?= ?{TURNED}|{TURNED} ?= ?{{0}}"),
    (r"(\w+) is diagonal", "diagonal", ""),
    (r"sum\((\w+)\) = (\d)", "one-? ?hot|probability|distribution", ADDED + " ?= ?{1}|{0} sums? to (?:1|one)"),
    (r"‖(\w+)‖ = 1", "unit", rf"(?:{LENGTH}|{TURNED} ?{{0}}|{{0}} ?(?:·|cdot) ?{{0}}) ?= ?1"),
    (r"(\w+) > 0", rf"(?!{DEFINITE})positive", "{0} ?> ?0"),
    (r"(\w+)ᵀ \1 = I", "orthogonal", rf"{TURNED} ?{{0}} ?= ?I"),
)  # fmt: skip
"""How conditions on a name are said, in words and as formulas."""
SAID_OF_NAMES = pattern(
    r"(?i)\b(?:symmetr|diagonal|orthogonal|positive|one-? ?hot|unit vector|probabilit|covariance|s?pd\b|psd\b)"
)
"""What says of names what holds for a whole page."""


class Stated(NamedTuple):
    """A condition that is stated beside a claim: as it was typed, and as a relation where it is one."""

    text: str
    relation: Expr | None = None


def stated(reading: Reading, *reasons: str) -> list[Stated]:
    """Return the conditions that stand behind a claim, which were left out when it was read, and in `reasons` for it.

    >>> from mcalc.notation import Scope, read
    >>> [found] = stated(read("d/dx |x y| = |y| for x > 0", Scope(), equation=True))
    >>> found.text, found.relation is not None
    ('for x > 0', True)
    """
    scope = reading.scope.copy()
    for name, variable in reading.names.items():
        if name not in scope.names():
            scope.assume(name, variable)
    found: list[Stated] = []
    for text in [*reading.conditions, *reasons]:
        try:
            relation = read(LEAD.sub("", text), scope, value=True).expr
        except Mistake:
            relation = None
        found.append(Stated(text, relation if relation is not None and relation.op in RELATIONS else None))
    return found


class Bound(NamedTuple):
    """A condition x > 2 or 0 < x < 1 on a name: what is said of it, and how values are changed to meet it."""

    said: str
    meet: Callable[[Any], Any]


def bounds(name: str, conditions: Sequence[str]) -> list[Bound]:
    """Return the bounds that are stated of a name.

    >>> [found.said.format("x") for found in bounds("x", ["for x > 0", "y < 1", "where 0 ≤ x <= 1"])]
    ['x > 0', '0 ≤ x ≤ 1']
    >>> bounds("x", ["x < 2"])[0].meet(5), bounds("x", ["0 < x < 1"])[0].meet(7.0)
    (-1.0, 0.875)
    """
    found: list[Bound] = []
    for condition in conditions:
        said = _cleaned(condition).replace("<=", "≤").replace(">=", "≥")
        for low, first, sign, high in pattern(BETWEEN.format(re.escape(name))).findall(said):
            found.append(Bound(f"{low} {first} {{}} {sign} {high}", _between(float(low), float(high))))
        if not found:
            for sign, end in pattern(BEYOND.format(re.escape(name))).findall(said):
                found.append(Bound(f"{{}} {sign} {end}", _beyond(float(end), -1 if sign in "<≤" else 1)))
    return found


def _cleaned(text: str) -> str:
    """Return words and signs in mcalc's characters; as they are where they have others."""
    try:
        return clean(text)[0]
    except Mistake:
        return text


def _beyond(end: float, way: int) -> Callable[[Any], Any]:
    return lambda value: end + way * abs(value - end)


def _between(low: float, high: float) -> Callable[[Any], Any]:
    return lambda value: low + (high - low) * abs(value) / (1 + abs(value))


def is_stated(condition: str, reason: str) -> bool:
    """Say whether a reason in words or signs states a condition.

    >>> is_stated("sum(y) = 1", "as Σ_i y_i = 1"), is_stated("sum(y) = 1", "y is one-hot"), is_stated("‖w‖ = 1", "")
    (True, True, False)
    """
    said = _without_markup(reason)
    for form, words, formula in SAYINGS:
        found = pattern(form).fullmatch(condition)
        if found is not None:
            name, *values = _names_alone(found.groups())
            written = f"|{formula.format(name, *values)}" if formula else ""
            return re.search(SAID_OF.format(name, words) + written, said) is not None
    return "".join(_cleaned(condition).lower().split()) in "".join(said.lower().split())


def is_condition(text: str, names: Iterable[str]) -> bool:
    r"""Say whether a formula as a whole is one of the conditions that are stated of one of some names.

    >>> is_condition(r"\sum_{k=1}^K y_k = 1", ["y"]), is_condition("A = Aᵀ", ["A"]), is_condition("x² = 1", ["x"])
    (True, True, False)
    """
    said = _without_markup(text)
    formulas = [formula for _, _, formula in SAYINGS if formula]
    alone = [_names_alone((name, r"1"))[0] for name in names]
    return any([re.fullmatch(formula.format(name, "1"), said) for formula in formulas for name in alone])


def _without_markup(text: str) -> str:
    return " ".join(MARKUP.sub(" ", _cleaned(text)).split())


def _names_alone(names: Sequence[str]) -> list[str]:
    """Return patterns of a name, that no letter stands beside, and of values behind it."""
    name, *values = map(re.escape, names)
    return [rf"(?<![^\W_ᵀ]){name}(?![^\W_ᵀ])", *values]
