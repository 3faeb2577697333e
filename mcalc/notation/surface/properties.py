"""Words for what a variable is: symmetric, positive definite, upper triangular; and the words that say no more."""

from __future__ import annotations

from collections.abc import Sequence

PROPERTIES: dict[str, tuple[str, ...]] = {
    "symmetric": ("symmetric",), "sym": ("symmetric",), "posdef": ("posdef", "symmetric"),
    "pd": ("posdef", "symmetric"), "spd": ("posdef", "symmetric"), "positive definite": ("posdef", "symmetric"),
    "psd": ("symmetric",), "positive semidefinite": ("symmetric",), "positive semi definite": ("symmetric",),
    "semidefinite": ("symmetric",), "nonnegative definite": ("symmetric",), "positive": ("positive",),
    "pos": ("positive",), "skew": ("skew",), "skew symmetric": ("skew",), "antisymmetric": ("skew",),
    "anti symmetric": ("skew",), "diagonal": ("diagonal",), "diag": ("diagonal",), "lower": ("lower",),
    "lower triangular": ("lower",), "upper": ("upper",), "upper triangular": ("upper",), "toeplitz": ("toeplitz",),
    "orthogonal": ("orthogonal",), "stiefel": ("stiefel",), "simplex": ("simplex",), "square": ("square",),
    "invertible": ("square",), "nonsingular": ("square",),
}  # fmt: skip
"""What one word, or several, declare of a variable. Semidefinite matrices are symmetric, which is all that is used."""
SQUARE = frozenset([word for declared in PROPERTIES.values() for word in declared]) - {"positive", "stiefel", "simplex"}
"""Properties that only a square matrix has."""
IN_WORDS = {
    "posdef": "positive definite", "skew": "skew-symmetric", "lower": "lower triangular", "upper": "upper triangular",
    "toeplitz": "Toeplitz",
}  # fmt: skip
"""How a property is called in a sentence, where that is no word that declares it."""
SHORT = frozenset(("posdef", "pd", "spd", "psd", "sym", "pos", "diag"))
"""Those of the words that are no English."""
LONGEST = 3
FILLING = frozenset((
    "a", "an", "the", "some", "is", "are", "and", "be", "real", "constant", "fixed", "given", "known",
    "unknown", "column",
))  # fmt: skip
"""Words that say nothing that a derivative depends on, beside words that do."""
ENDLESS = frozenset(("a", "an", "the", "is", "are", "and", "be", "in", "∈", "some"))
"""Those that end nothing that is said."""
KINDS = {"scalar": 0, "number": 0, "integer": 0, "vector": 1, "matrix": 2}
"""How many axes has what is called so."""


def singular(noun: str) -> str:
    """Return a noun of linear algebra in the singular.

    >>> singular("matrices"), singular("vectors")
    ('matrix', 'vector')
    """
    return "matrix" if noun == "matrices" else noun.removesuffix("s")


def fills(word: str) -> bool:
    """Say whether a word may stand in a declaration, and is no property: a, real, vector, in."""
    return word in FILLING or singular(word) in KINDS or word in ("in", "∈")


def properties_in(words: Sequence[str]) -> tuple[frozenset[str], set[int]]:
    """Return the properties that some words declare, and the places of the words that say it.

    >>> sorted(properties_in(["real", "symmetric", "positive", "definite"])[0])
    ['posdef', 'symmetric']
    >>> properties_in(["skew", "symmetric", "matrix"])
    (frozenset({'skew'}), {0, 1})
    """
    found: set[str] = set()
    said: set[int] = set()
    place = 0
    lowered = [word.lower() for word in words]
    while place < len(words):
        for count in range(LONGEST, 0, -1):
            declared = PROPERTIES.get(" ".join(lowered[place : place + count]))
            if declared is not None:
                found.update(declared)
                said.update(range(place, min(place + count, len(words))))
                place += count - 1
                break
        place += 1
    return frozenset(found), said
