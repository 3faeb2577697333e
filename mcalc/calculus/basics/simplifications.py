"""The simplifications by name, each with its algebra, in the order in which a derivation shows them.

Each is applied in one place, which asks :func:`enabled` first and tells the log (:func:`note`) where it changes
something. A result is made with all of them; a derivation reads from the log which they were, and makes it again with
the first of those, the first two, and so on: so the reason on a line is the rule that made it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Simplification:
    """A rule by which an expression becomes a simpler one of the same value: its name and its algebra."""

    __slots__ = ("algebra", "name")

    def __init__(self, name: str, algebra: str) -> None:
        self.name = name
        self.algebra = algebra

    def __repr__(self) -> str:
        return f"<{self.name}: {self.algebra}>"


UNDER_CONDITION = Simplification("use the condition", "where z > 0: max(0, z) = z, |z| = z")
OPEN_INVERSES = Simplification("open det and inverse of a product", "det(A B) = det(A) det(B); (A B)⁻¹ = B⁻¹ A⁻¹")
APPLY_MAPS = Simplification("apply the linear map", "Σ L_exp(A)_ijkl E_kl = L_exp(A, E)_ij; L_exp(A, A) = A expm(A)")
CANCEL_INVERSES = Simplification("cancel inverses", "A⁻¹ A = I")
RECOGNISE = Simplification(
    "recognise functions",
    "exp(z) / sum(exp(z)) = softmax(z); 1 / (1 + exp(-u)) = σ(u); sinh(u) / cosh(u) = tanh(u); exp(ln(u)) = u",
)
CLIPPED = Simplification("max(0, u) is 0 where u is not positive", "max(0, u) [u > 0] = max(0, u)")
COMMON_DENOMINATOR = Simplification("put over one denominator", "a / d + b / d² = (a d + b) / d²")
MERGE_POWERS = Simplification("merge powers of the same factor", "x x² = x³; x / x = 1")
FACE_ALIKE = Simplification("write opposite differences alike", "(a - b) / (b - a) = -1")
NAME_ALIKE = Simplification("give the indices one name", "Σ_j f_j = Σ_i f_i")
MERGE_LIKE_TERMS = Simplification("merge like terms", "2 A + A = 3 A; A - A = 0")
MULTIPLY_OUT = Simplification("multiply out", "a (b + c) = a b + a c")
TURN_SIGN = Simplification("turn the difference round", "-(a - b) = b - a")
OUT_OF_SUM = Simplification("move constants out of the sum", "Σ_i c f_i = c Σ_i f_i")
BY_CASES = Simplification("leave out what its case alone needs", "[u > 0] √u = {√u if u > 0; 0 otherwise}")
TAKE_OUT = Simplification("take out what the terms share", "X A + X B = X (A + B)")

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
