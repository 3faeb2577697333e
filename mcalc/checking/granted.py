"""Conditions that are stated behind a line: under them a line may be right that is not right without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.surface.characters import clean
from mcalc.patterns import pattern

if TYPE_CHECKING:
    from mcalc.checking.verdict import Verdict

FOUND = pattern(r"likely slip: right only where (.*?)(?:: then declare it so)?$")
"""What a verdict says where it knows the condition under which a wrong line is right."""
SYMMETRIC = pattern(r"(\w+) is symmetric")
SUM = pattern(r"sum\((\w+)\) = (\d)")
LENGTH = pattern(r"‖(\w+)‖ = 1")
POSITIVE = pattern(r"(\w+) > 0")
ORTHOGONAL = pattern(r"(\w+)ᵀ \1 = I")


def granted(verdict: Verdict, reason: str) -> bool:
    """Let a line hold that is right under the condition that is stated as its reason; say whether that is so.

    >>> from mcalc import check
    >>> found = check("∂/∂x (xᵀ A x) = 2 xᵀ A", where="A: R^{n x n}; x: R^n")
    >>> granted(found, "by the chain rule"), granted(found, "since A = Aᵀ"), found.text
    (False, True, 'equal, given that A is symmetric')
    """
    if verdict.verdict != "not-equal" or not reason:
        return False
    condition = next((found[1] for one in verdict.details if (found := FOUND.match(one)) is not None), None)
    if condition is None or not is_stated(condition, reason):
        return False
    verdict.verdict, verdict.headline = "equal", f"equal, given that {condition}"
    verdict.details, verdict.slip, verdict.difference, verdict.point = [], None, None, None
    verdict.agreeing, verdict.evidence = [], []
    return True


def is_stated(condition: str, reason: str) -> bool:
    """Say whether a reason in words or signs states a condition.

    >>> is_stated("sum(y) = 1", "as Σ_i y_i = 1"), is_stated("sum(y) = 1", "y is one-hot"), is_stated("‖w‖ = 1", "")
    (True, True, False)
    """
    said = clean(reason)[0].replace("\\", "").lower().replace(" ", "").replace("{", "").replace("}", "")
    for form, words in (
        (SYMMETRIC, "{0}(is)?symmetric|symmetric{0}|symmetryof{0}|{0}=({0}ᵀ|{0}\\^?(t|top))|({0}ᵀ|{0}\\^t)={0}"),
        (SUM, "(sum|σ|∑)[^=]*{0}[^=]*={1}|{0}sumsto(1|one)|{0}is(aone-hot|one-hot|onehot|aprobability|adistribution)"),
        (LENGTH, "(‖|\\|\\|){0}(‖|\\|\\|)(_?2)?=1|{0}isaunit|{0}ᵀ{0}=1|unitvector{0}|{0}·{0}=1"),
        (POSITIVE, "{0}>0|{0}is(positive|>0)|positive{0}"),
        (ORTHOGONAL, "{0}isorthogonal|orthogonal{0}|{0}ᵀ{0}=i|{0}\\^?t{0}=i"),
    ):  # fmt: skip
        found = form.fullmatch(condition)
        if found is not None:
            return pattern(words.format(*[part.lower() for part in found.groups()])).search(said) is not None
    return clean(condition)[0].lower().replace(" ", "") in said
