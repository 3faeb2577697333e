"""What is said of names in words: A is symmetric, for vectors x."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise

from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import plain_name
from mcalc.patterns import pattern

VERBS = frozenset(("is", "are", "be", "denotes", "denote"))
"""The words between a name and what is said of it."""
PROSE = frozenset((
    *VERBS, "a", "all", "an", "and", "any", "antisymmetric", "column", "constant", "definite", "diagonal", "fixed",
    "given", "identity", "invertible", "known", "matrices", "matrix", "nonsingular", "number", "numbers", "orthogonal",
    "positive", "real", "row", "scalar", "scalars", "semidefinite", "skew", "square", "symmetric", "the", "unit",
    "unknown", "vector", "vectors",
))  # fmt: skip
"""The words that say something of a name: A is symmetric."""
KINDS = {"scalar": 0, "number": 0, "vector": 1, "matrix": 2}
"""How many axes has what is called so."""
STATED = frozenset(("unit", "orthogonal"))
"""Words that say more of a name than what kind of thing it is."""
DENYING = frozenset(("not", "no", "never", "nor", "neither", "can", "may", "might", "cannot", "non"))
"""Words by which nothing is said for sure."""
PREPOSITIONS = frozenset(("for", "from", "in", "of", "on", "that", "to", "which", "whose", "with"))
"""Words that end what a name is said to be: a vector of ones."""
SHORT = frozenset(("posdef", "spd", "psd", "sym"))
"""Words for properties of matrices that are no English."""
_WORD = pattern(r"[A-Za-z]+")


class Said:
    """What some words say of `names`: the properties of matrices, and how many axes they have, None where not said."""

    __slots__ = ("names", "order", "properties")

    def __init__(self, names: list[str], properties: frozenset[str], order: int | None) -> None:
        self.names = names
        self.properties = properties
        self.order = order

    @property
    def note(self) -> str:
        """What is said of it."""
        kind = " ".join(sorted(self.properties, reverse=True)).replace("posdef", "positive definite")
        noun = next((noun for noun in ("scalar", "vector", "matrix") if KINDS[noun] == self.order), "")
        one = len(self.names) == 1
        kind = kind or (f"a {noun}" if one else "matrices" if self.order == 2 else f"{noun}s")
        return f"{' and '.join(self.names)} {'is' if one else 'are'} taken as {kind}"


def said_of_names(part: list[Token], stands: Callable[[str], bool]) -> Said | None:
    """Return what is said in words of names that `stands` finds in the formula: A is symmetric, x is the weight vector.

    None where nothing is said for sure.
    """
    plain = [t for t, after in pairwise([*part, part[-1]]) if t.type in ("WORD", "TEXT") and after.type != "SUB"]
    said = [(word, t.type) for t in plain for word in _WORD.findall(t.text)]
    verb = next((k for k, (word, _) in enumerate(said) if k and word in VERBS), 0)
    if any([word.lower() in DENYING for word, _ in said]):
        return None
    no_names = {word for word in (*PROSE, *SHORT) if not verb or len(word) > 1}  # a is a matrix
    listed = [word for word, kind in said[: verb or None] if kind == "WORD" and word not in no_names]
    names = [plain_name(word) for word in listed]
    if len(names) > 1 and verb and said[verb][0] in ("is", "denotes"):
        return None
    words = [word for word, kind in said[verb:] if verb or kind == "TEXT" or word in {*PROSE, *SHORT}]
    end = next((k for k, word in enumerate(words) if word in PREPOSITIONS), len(words))
    only = all([word in PROSE or word in SHORT or (verb and len(word) == 1) for word in words])
    kinds = [KINDS.get(singular(word)) for word in (words[end - 1 : end] if verb else words)]
    order = next((kind for kind in kinds if kind is not None), None) if only or verb else None
    properties = property_said(words) if only else frozenset()
    names = [name for name in names if stands(name)] if properties or order is not None else []
    if names and order == 1 and "row" in words:
        hint = f"declare it: {names[0]}: R^{{1 x n}}"
        raise mistake_at("E-UNSUPPORTED", "a row is not said in words", (part[0], part[-1]), "not read", hint)
    return Said(names, properties, order) if names else None


def is_prose(part: list[Token], known: Collection[str]) -> bool:
    """Say whether a part says something of a name in words: A is symmetric; `known` names mean something."""
    if part[-1].type == "TEXT":
        return True
    first = next((k for k, t in enumerate(part) if k and t.text in PROSE), 0)  # a is constant
    if not first or any([t.type not in ("WORD", "SUB", "COMMA") for t in part[:first]]):
        return False
    said = part[first:]
    if all([t.text in PROSE for t in said]):
        return True
    words = [t.text for t in said if t.type == "WORD" and (len(t.text) > 1 or t.text in PROSE)]
    is_known = any([plain_name(word) in known for word in words])
    return said[0].text in VERBS and len(words) == len([t for t in said if t.text not in "-,."]) and not is_known


def singular(noun: str) -> str:
    """Return a noun of linear algebra in the singular.

    >>> singular("matrices"), singular("vectors")
    ('matrix', 'vector')
    """
    return "matrix" if noun == "matrices" else noun.removesuffix("s")


def property_said(words: Collection[str]) -> frozenset[str]:
    """Return the properties of a matrix that some words say.

    >>> sorted(property_said(["positive", "definite"])), sorted(property_said(["a", "symmetric", "matrix"]))
    (['posdef', 'symmetric'], ['symmetric'])
    """
    if {"spd", "posdef"} & {*words} or {"positive", "definite"} <= {*words}:
        return frozenset(("posdef", "symmetric"))
    if {"diagonal", "skew", "antisymmetric"} & {*words}:
        return frozenset(("diagonal" if "diagonal" in words else "skew",))
    return frozenset(("symmetric",) if {"symmetric", "sym", "psd", "semidefinite"} & {*words} else ())


def is_listed(token: Token) -> bool:
    """Say whether a token may stand in a list of names."""
    return token.type in ("WORD", "SUB", "COMMA") and token.text not in PROSE
