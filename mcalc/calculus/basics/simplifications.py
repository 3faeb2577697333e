"""Reasons for a step of a derivation; and those that are simplifications, each with its algebra, in order.

Each simplification is applied in one place, which asks :func:`enabled` first and tells the log (:func:`note`) where it
changes something. A result is made with all of them; a derivation reads from the log which they were, and makes it
again with the first of those, the first two, and so on: so the reason on a line is the rule that made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Reasons = tuple["Reason", ...]


class Reason:
    """A rule by its name, with its formula, the paper's section, and an example whose derivation shows it.

    `where` has the shapes of the example, `wrt` its variables, the first one in it where that is empty, and `options`
    how it is told, as on the command line.
    """

    __slots__ = ("example", "formula", "name", "options", "section", "where", "wrt")

    def __init__(
        self,
        name: str,
        formula: str,
        example: str = "",
        where: str = "",
        *,
        section: str = "",
        wrt: str = "",
        options: str = "",
    ) -> None:
        self.name = name
        self.formula = formula
        self.example = example
        self.where = where
        self.section = section
        self.wrt = wrt
        self.options = options

    def at(self, section: str) -> Reason:
        """Return the same rule, as another section of the paper has it, or none."""
        return Reason(self.name, self.formula, self.example, self.where, section=section)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.formula}>"


def names_of(reasons: Reasons) -> str:
    """Return the names of some rules in a row.

    >>> names_of((Reason("sum rule", "(f + g)′ = f′ + g′"), Reason("power rule", "(xⁿ)′ = n xⁿ⁻¹")))
    'sum rule, power rule'
    """
    return ", ".join([reason.name for reason in reasons])


class Simplification(Reason):
    """A rule by which an expression becomes a simpler one of the same value."""

    __slots__ = ()


UNDER_CONDITION = Simplification(
    "use the condition", "where z > 0: max(0, z) = z, |z| = z", "(y - max(0, w · x + b))^2", "w, x: R^n; b, y: R"
)
OPEN_INVERSES = Simplification(
    "open det and inverse of a product", "det(A B) = det(A) det(B); (A B)⁻¹ = B⁻¹ A⁻¹", "det(X^2)", "X: R^{n x n}",
    options="--by chain",
)  # fmt: skip
APPLY_MAPS = Simplification(
    "apply the linear map", "Σ L_exp(A)_ijkl E_kl = L_exp(A, E)_ij; L_exp(A, A) = A expm(A)", "tr(sqrtm(X))",
    "X: R^{n x n}", options="--by chain",
)  # fmt: skip
CANCEL_INVERSES = Simplification("cancel inverses", "A⁻¹ A = I", "det(X^2)", "X: R^{n x n}", options="--by chain")
RECOGNISE = Simplification(
    "recognise functions",
    "exp(z) / sum(exp(z)) = softmax(z); 1 / (1 + exp(-u)) = σ(u); sinh(u) / cosh(u) = tanh(u); exp(ln(u)) = u",
    "ln(sum(exp(x)))", "x: R^n",
)  # fmt: skip
CLIPPED = Simplification(
    "max(0, u) is 0 where u is not positive", "max(0, u) [u > 0] = max(0, u)", "sum(relu(x)^2)", "x: R^n"
)
COMMON_DENOMINATOR = Simplification("put over one denominator", "a / d + b / d² = (a d + b) / d²", "x/(1 + x)", "x: R")
MERGE_POWERS = Simplification("merge powers of the same factor", "x x² = x³; x / x = 1", "x^2 x", "x: R")
FACE_ALIKE = Simplification(
    "write opposite differences alike", "(a - b) / (b - a) = -1", "(a - x)^3/(x - a)", "a, x: R", wrt="x"
)
NAME_ALIKE = Simplification(
    "give the indices one name", "Σ_j f_j = Σ_i f_i", "sum_i (x_i - y_i)^2 sum_j (x_j - y_j)^2", "x, y: R^n"
)
MERGE_LIKE_TERMS = Simplification("merge like terms", "2 A + A = 3 A; A - A = 0", "x^2 x", "x: R")
MULTIPLY_OUT = Simplification("multiply out", "a (b + c) = a b + a c", "9(x + x^2)", "x: R")
TURN_SIGN = Simplification(
    "turn the difference round", "-(a - b) = b - a", "norm(y - X w)^2", "X: R^{m x n}; w: R^n; y: R^m", wrt="w"
)
OUT_OF_SUM = Simplification(
    "move constants out of the sum", "Σ_i c f_i = c Σ_i f_i", "sum_i (a x_i + b - y_i)^2", "x, y: R^n; a, b: R", wrt="a"
)
BY_CASES = Simplification(
    "leave out what its case alone needs", "[u > 0] √u = {√u if u > 0; 0 otherwise}", "sum(sqrt(max(0, x)))", "x: R^n"
)
TAKE_OUT = Simplification("take out what the terms share", "X A + X B = X (A + B)", "x' B x", "x: R^n; B: R^{n x n}")

IN_ORDER = (
    UNDER_CONDITION,
    OPEN_INVERSES,
    APPLY_MAPS,
    CANCEL_INVERSES,
    RECOGNISE,
    CLIPPED,
    FACE_ALIKE,
    MERGE_POWERS,
    NAME_ALIKE,
    MERGE_LIKE_TERMS,
    COMMON_DENOMINATOR,
    MULTIPLY_OUT,
    TURN_SIGN,
    OUT_OF_SUM,
    TAKE_OUT,
    BY_CASES,
)

_disabled: ContextVar[frozenset[Simplification]] = ContextVar("disabled", default=frozenset())


def enabled(rule: Simplification) -> bool:
    """Say whether a simplification may be applied now."""
    return rule not in _disabled.get()


def disabled() -> frozenset[Simplification]:
    """Return the simplifications that may not be applied now."""
    return _disabled.get()


class Log:
    """The simplifications that have changed a result, and those that were tried on the way, in forms not taken too."""

    __slots__ = ("applied", "tried")

    def __init__(self) -> None:
        self.applied: set[Simplification] = set()
        self.tried: set[Simplification] = set()


_log: ContextVar[Log | None] = ContextVar("log", default=None)


def note(*rules: Simplification) -> None:
    """Note that simplifications have changed something, where a log is kept."""
    log = _log.get()
    if log is not None:
        log.applied.update(rules)
        log.tried.update(rules)


@contextmanager
def logged() -> Iterator[Log]:
    """Keep a log, in this thread; for the one around it, if any, what is noted was only tried.

    >>> with logged() as log:
    ...     with logged():
    ...         note(TAKE_OUT)
    ...     note(MULTIPLY_OUT)
    >>> log.applied, len(log.tried)
    ({<multiply out: a (b + c) = a b + a c>}, 2)
    """
    around, log = _log.get(), Log()
    token = _log.set(log)
    try:
        yield log
    finally:
        _log.reset(token)
        if around is not None:
            around.tried |= log.tried


@contextmanager
def only(rules: Collection[Simplification]) -> Iterator[None]:
    """Let no other simplifications be applied than these, in this thread.

    >>> with only([MERGE_LIKE_TERMS]):
    ...     enabled(MERGE_LIKE_TERMS), enabled(MULTIPLY_OUT)
    (True, False)
    >>> enabled(MULTIPLY_OUT)
    True
    """
    token = _disabled.set(frozenset([rule for rule in IN_ORDER if rule not in rules]))
    try:
        yield
    finally:
        _disabled.reset(token)
