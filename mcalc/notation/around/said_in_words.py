"""What is said of names in words: A is symmetric, for vectors x."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mcalc.notation.around.rows import name_at
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.properties import (
    FILLING,
    IN_WORDS,
    KINDS,
    PROPERTIES,
    SHORT,
    properties_in,
    singular,
)
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import plain_name
from mcalc.operators import FUNCTIONS
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

VERBS = frozenset(("is", "are", "be", "denotes", "denote"))
"""The words between a name and what is said of it."""
PROSE = frozenset((
    *VERBS, *FILLING, *KINDS, *[word for said in PROPERTIES if said not in SHORT for word in said.split()],
    "all", "any", "column", "identity", "matrices", "nonsingular", "numbers", "row", "scalars", "unit", "vectors",
))  # fmt: skip
"""The words that say something of a name: A is symmetric."""
STATED = frozenset(("unit", "orthogonal"))
"""Words that say more of a name than what kind of thing it is."""
ABBREVIATED = SHORT - FUNCTIONS.keys()
"""Words for properties that are no English, and no functions."""
DECLARED = frozenset(("positive", "orthogonal", "square", "stiefel", "simplex"))
"""Properties that a variable has only where it is declared so."""
ORDERS = {"≻": "posdef", "⪰": "psd", "≽": "psd"}
"""What the order of symmetric matrices says of one that is above 0."""
DENYING = frozenset(("not", "no", "never", "nor", "neither", "can", "may", "might", "cannot", "non"))
"""Words by which nothing is said for sure."""
PREPOSITIONS = frozenset(("for", "from", "in", "of", "on", "that", "to", "which", "whose", "with"))
"""Words that end what a name is said to be: a vector of ones."""
INDEPENDENT = frozenset((
    "is independent of", "are independent of", "does not depend on", "do not depend on", "is not a function of",
    "is no function of",
))  # fmt: skip
"""What is said of a name and another that it does not hold."""
_WORD = pattern(r"[A-Za-z]+")
_SIZE = r"(\d+|[A-Za-z])"
_SIZED = pattern(
    r"(?P<lead>:\s*|(?:(?:is|are|be|has|have|of)\s+)?(?:an?\s+)?(?:(?:size|shape|dimensions?)\s+)?(?:of\s+)?)"
    r"(?P<said>(?:(?:real|square|symmetric|diagonal|invertible|orthogonal)\s+)*)"
    rf"(?P<open>\()?{_SIZE}(?P<by>\s*[x×*]\s*|\s+by\s+|-by-|\s*,\s*){_SIZE}(?(open)\))(?![\w^(\[{{])"
    r"(?P<kind>(?:[- ]+(?:real|column|row|matrix|matrices|vectors?))*)"
)
"""is a symmetric 3x3 matrix, are n×1 vectors, of size (m, n), : 2x3"""
BEFORE = frozenset(("where", "with", "for", "given", "when", "if", "here", "and", "let", "suppose", "assume"))
"""Words before what is said of names."""
_BEING = frozenset(("is", "are", "is a", "is an"))
_KINDS = frozenset(("real", "column", "matrix", "matrices", "vector", "vectors"))
"""Words behind a size."""
_COUNTS = frozenset("dhklmnpqrDKLMNT")
"""Letters of sizes."""


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
        kind = " ".join([IN_WORDS.get(word, word) for word in sorted(self.properties, reverse=True)])
        noun = next((noun for noun in ("scalar", "vector", "matrix") if KINDS[noun] == self.order), "")
        one = len(self.names) == 1
        kind = kind or (f"a {noun}" if one else "matrices" if self.order == 2 else f"{noun}s")
        return f"{' and '.join(self.names)} {'is' if one else 'are'} taken as {kind}"


def with_sizes(text: str, raw: list[Token]) -> list[Token]:
    """Return the tokens with sizes that are said of names as memberships: x is 3x1 as x ∈ R^3, A is m by n.

    >>> from mcalc.notation.surface.parse import scan
    >>> said = "A x where A is a 2x3 matrix"
    >>> " ".join([token.text for token in with_sizes(said, scan(said))])
    'A x where A ∈ R ^ { 2 x 3 }'
    """
    for place in [k for k in range(len(raw) - 1, 0, -1) if _may_say_size(raw, k)]:
        found = _SIZED.match(text, raw[place].start)
        end = next((k for k in range(place, len(raw)) if found and raw[k].end == found.end()), 0)
        first = _listed_from(raw, place, several="are" in found["lead"]) if found is not None and end else place
        if found is None or first == place or not _says_size(found, raw[max(first - 1, 0)]):
            continue
        mixed = found[4].isdecimal() and not found[6].isdecimal()
        if mixed and found["by"].strip() == "x" and "x" in [token.text for token in raw[:first]]:
            continue  # a x^2, a is 2 x k: a product as well
        said = [word for word in found["said"].split() if properties_in([word])[0]]
        raw = [*raw[:first], *_membership(raw, first, place, end, (found[4], found[6]), said), *raw[end + 1 :]]
    return raw


def with_sizes_set(raw: list[Token]) -> list[Token]:
    r"""Return the tokens of LaTeX with sizes that are said of names as memberships: A \text{ is } m\times n."""
    for k in [k for k in range(len(raw) - 1, 1, -1) if raw[k].type == "TEXT" and raw[k - 2].text == "×"]:
        words = raw[k].text.split()  # matrix and
        if words[0] in _KINDS:
            raw = [*raw[:k], *[Token("WORD", word, raw[k].start, raw[k].end) for word in words], *raw[k + 1 :]]
    for place in [k for k in range(len(raw) - 3, 0, -1) if raw[k].text in _BEING]:
        at = place + 1 + (raw[place + 1].text in ("a", "an"))
        sizes = [t.text for t in raw[at : at + 3]]
        first = _listed_from(raw, place, several=raw[place].text == "are")
        counts = len(sizes) == 3 and all([size.isdecimal() or size in _COUNTS for size in sizes[::2]])
        if first < place and counts and sizes[1] == "×":
            end = at + 2
            while end + 1 < len(raw) and raw[end + 1].text in _KINDS:
                end += 1
            raw = [*raw[:first], *_membership(raw, first, place, end, (sizes[0], sizes[2]), []), *raw[end + 1 :]]
    return raw


def _membership(
    raw: list[Token], first: int, place: int, end: int, sizes: tuple[str, str], said: list[str]
) -> list[Token]:
    """Return the tokens of x, y ∈ R^{m x n}: the names stand from `first` on, what is said of them up to `end`."""
    high, low = sizes
    size = [high] if low == "1" else [high, "x", low]
    power = [("POW", "^"), ("LBRACE", "{"), *[("WORD", part) for part in size], ("RBRACE", "}")]
    made = [("IN", "∈"), ("WORD", "R"), *(power if size != ["1"] else []), *[("WORD", word) for word in said]]
    names = [Token("COMMA", ",", t.start, t.end) if t.text == "and" else t for t in raw[first:place]]
    return [*names, *[Token(kind, word, raw[place].start, raw[end].end) for kind, word in made]]


def _may_say_size(raw: list[Token], place: int) -> bool:
    """Say whether a size may be said from a place on, of a name before it: most statements say none."""
    token = raw[place]
    if raw[place - 1].type not in ("WORD", "SUB"):
        return False
    if token.text == "(":
        return [t.text for t in raw[place + 2 : place + 3]] != [","]  # max(0, x)
    return token.text == ":" or token.text[0].isdecimal() or (token.text.isalpha() and token.text not in FUNCTIONS)


def _listed_from(raw: list[Token], place: int, *, several: bool) -> int:
    """Return where the name, or the list of several, begins that ends before a place; the place where none does."""
    begun: list[int] = []
    end = place
    while end > 0:
        name = end - 1
        while name > 0 and raw[name].type == "SUB":
            name -= 1
        if raw[name].type != "WORD" or raw[name].text.lower() in BEFORE:
            break
        begun.append(name)
        if not several or not name or (raw[name - 1].type != "COMMA" and raw[name - 1].text != "and"):
            break
        end = name - 1
    while begun and begun[-1] and not _parts(raw[begun[-1] - 1]):
        begun.pop()  # A x, y are 3x1: x is no name of the list
    return begun[-1] if begun else place


def _parts(before: Token) -> bool:
    """Say whether a token stands between a formula and what is said of names."""
    return before.type in ("COMMA", "SEMI", "LPAR") or before.text.lower() in BEFORE or before.text == "."


def _says_size(found: re.Match[str], before: Token) -> bool:
    """Say whether some words say a size for sure: with a verb, or behind a comma or a bracket and with numbers."""
    counts = all([size.isdecimal() or size in _COUNTS for size in (found[4], found[6])])
    worded = any([word in found["lead"] for word in ("size", "shape", "dim")])
    if not counts or (found["by"].strip() in (",", "*") and not (worded and found["open"])):
        return False
    if worded or found["lead"].split()[:1] in (["is"], ["are"], ["be"]):
        return True
    glued = "×" in found["by"] or " " not in found["by"]
    return _parts(before) and (glued or found["lead"].startswith(":")) and not found["lead"].startswith("of")


def said_of_names(part: list[Token], stands: Callable[[str], bool]) -> Said | None:
    """Return what is said in words of names that `stands` finds in the formula: A is symmetric, x is the weight vector.

    None where nothing is said for sure.
    """
    said: list[tuple[str, str]] = []
    for place, token in enumerate(part):
        name = name_at(part, place)[0]
        words = _WORD.findall(token.text) if name is None else [token.text if name.sub is None else name.full]
        said += [(word, token.type) for word in words if token.type in ("WORD", "TEXT")]
    verb = next((k for k, (word, _) in enumerate(said) if k and word in VERBS), 0)
    if any([word.lower() in DENYING for word, _ in said]):
        return None
    no_names = {word for word in (*PROSE, *ABBREVIATED) if not verb or len(word) > 1}  # a is a matrix
    listed = [word for word, kind in said[: verb or None] if kind == "WORD" and word not in no_names]
    names = [plain_name(word) for word in listed]
    if len(names) > 1 and verb and said[verb][0] in ("is", "denotes"):
        return None
    words = [word for word, kind in said[verb:] if verb or kind == "TEXT" or word in {*PROSE, *ABBREVIATED}]
    end = next((k for k, word in enumerate(words) if word in PREPOSITIONS), len(words))
    only = all([word in PROSE or word in ABBREVIATED or (verb and len(word) == 1) for word in words])
    kinds = [KINDS.get(singular(word)) for word in (words[end - 1 : end] if verb else words)]
    order = next((kind for kind in kinds if kind is not None), None) if only or verb else None
    properties = properties_in(words)[0] - DECLARED if only else frozenset()
    names = [name for name in names if stands(name)] if properties or order is not None else []
    if names and order == 1 and "row" in words:
        hint = f"declare it: {names[0]}: R^{{1 x n}}"
        raise mistake_at("E-UNSUPPORTED", "a row is not said in words", (part[0], part[-1]), "not read", hint)
    return Said(names, properties, order) if names else None


def cone_said(part: list[Token], sign: int) -> Said | None:
    """Return what X ∈ S^n_++ says, whose sign stands at a place; x ∈ S^{n-1} is of a sphere, and says nothing here."""
    name, place = name_at(part, 0)
    space = "".join([token.text for token in part[sign + 1 :]])
    raised = [t.type for t in part[sign + 1 :][1:2]] in (["POW"], ["SUB"]) and "-" not in space
    if name is None or place != sign or not name.base[0].isupper() or space[0] not in "S𝕊" or not raised:
        return None
    return Said([name.full], frozenset(("posdef", "symmetric") if "++" in space else ("symmetric",)), None)


def is_prose(part: list[Token], known: Collection[str]) -> bool:
    """Say whether a part says something of a name in words: A is symmetric; `known` names mean something."""
    if part[-1].type == "TEXT" or {" ".join([t.text for t in part[1:-1]]), *[t.text for t in part]} & INDEPENDENT:
        return True
    first = next((k for k, t in enumerate(part) if k and t.text in PROSE and t.text != "and"), 0)  # a and b are fixed
    if not first or any([t.type not in ("WORD", "SUB", "COMMA") for t in part[:first]]):
        return False
    said = part[first:]
    if all([t.text in PROSE for t in said]):
        return True
    words = [t.text for t in said if t.type == "WORD" and (len(t.text) > 1 or t.text in PROSE)]
    is_known = any([plain_name(word) in known for word in words])
    return said[0].text in VERBS and len(words) == len([t for t in said if t.text not in "-,."]) and not is_known


def is_capital(token: Token) -> bool:
    """Say whether a name is of a matrix by its letter."""
    return token.type == "WORD" and token.text[0].isupper()


def is_above_zero(part: list[Token]) -> bool:
    """Say whether a part says that a matrix is above 0, S ≻ 0; x ⪰ 0 is said of the entries of a vector."""
    return len(part) > 2 and part[-2].text in ORDERS and part[-1].text == "0" and is_capital(part[0])


def is_symmetry(left: list[Token], right: list[Token]) -> bool:
    """Say whether an equation is A = Aᵀ, or Aᵀ = A."""
    sides = ["".join([token.text for token in side]) for side in (left, right)]
    name, other = sorted(sides, key=len)
    is_name = [t.type for t in min(left, right, key=len)] in (["WORD"], ["WORD", "SUB"])
    return is_name and other in [name + mark for mark in ("^T", "^⊤", "ᵀ", "'", "⊤")]


def is_worded(token: Token) -> bool:
    """Say whether a token is one of the words that say what a name is."""
    return token.type == "WORD" and (token.text in PROSE or token.text in ABBREVIATED)


def is_listed(token: Token) -> bool:
    """Say whether a token may stand in a list of names; a is one as well."""
    return token.type in ("WORD", "SUB", "COMMA") and (token.text not in PROSE or token.text == "a")
