"""Names: the Greek alphabet, functions, scripts as plain text, and how a run of letters is taken apart.

A subscript is a label until it is known what is bound and declared: ``w_{t+1}`` may be one name, ``x_{i+1}`` an
element. Where it is an index, the grammar reads it, as it reads everything else (`names/running.py`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from mcalc.errors import closest
from mcalc.notation.surface.characters import canonical, code_point, mixed
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.patterns import GREEK as WORDS
from mcalc.patterns import LOWERED, RAISED

GREEK = {
    **{word: letter for letter, word in WORDS.items()},
    "varepsilon": "ε", "vartheta": "θ", "varrho": "ρ", "varphi": "φ",
}  # fmt: skip
VOWELS = frozenset("aeiou")
ABSTRACT = frozenset("fghφψℓ")
"""Names that are functions before a bracket when nobody declared them, alone or with a subscript: f, g, h, f_1, g_i."""
BUILT_IN = frozenset({"I", "eye", "ones", "zeros", "unit", "transpose", "diff", "δ"})
"""Functions that are no rows of the table: they make constants, or are spellings of other notation."""
PYTHON = frozenset(
    {"import", "from", "def", "class", "return", "print", "while", "for", "exec", "eval", "lambda:", "yield"}
)
LIBRARIES = frozenset({"np", "numpy", "torch", "tf", "jnp", "jax", "math", "scipy", "sp", "sympy"})
PLANNED = frozenset((
    "argmax", "argmin", "cov", "sort", "round", "mod", "ceil", "rank", "eig",
    "eigh", "svdvals",
    "svd", "qr", "cosm", "sinm", "median", "trunc", "sinc", "argsort",
    "erfinv", "probit", "zeta", "expi", "gammainc",
    "vech", "toeplitz", "hankel", "circulant", "div", "curl",
))  # fmt: skip
"""Functions that readers of papers know and that no row of the table has yet: refused as such, not as misspelt."""
OTHER_NAMES = {
    **{name: row.spellings[0] for row in TABLE.values() for name in row.also},
    "Transpose": "transpose", "Derivative": "diff",
}  # fmt: skip
"""What functions of the table are called elsewhere, beside by their own names in capitals; they are read so."""
ALIASES = {
    **OTHER_NAMES,
    "hadamard": "a .* b", "elementwise": "a .* b", "odot": "a .* b", "multiply": "a .* b", "divide": "a ./ b",
    "power": "x^n", "pow": "x^n", "square": "x^2", "absolute": "abs", "adjoint": "x^T", "ctranspose": "x^T",
    "identity": "I(n)", "einsum": "sum_{j=1}^{n} A_{ij} x_j", "bmm": "A B", "vdot": "dot", "tensordot": "dot",
    "nansum": "sum", "reducesum": "sum", "reducemean": "mean", "nanmean": "mean", "amax": "max", "amin": "min",
    "negative": "-x", "reciprocal": "1/x", "subtract": "a - b", "add": "a + b", "rsqrt": "1/sqrt(x)",
    "crossentropyloss": "cross_entropy", "mseloss": "mse",
    "rectifier": "relu", "summation": "sum_{i=1}^{n}", "mul": "a * b", "matmult": "A B", "lg": "log10",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "cth": "coth", "ctg": "cot", "arctg": "arctan", "sgn": "sign",
    "arcsec": "acos(1/x)", "arccsc": "asin(1/x)", "arccot": "atan(1/x)",
    "length": "n, the number of entries", "numel": "n, the number of entries", "nrow": "n, the number of rows",
    "crossprod": "t(X) %*% X", "tcrossprod": "X %*% t(X)", "quadform": "x' P x", "sumsquares": "norm(x)^2",
    "cbrt": "x^(1/3)", "heaviside": "step", "slogdet": "logdet", "frobenius": "normF", "fro": "normF", "l2": "norm2",
    "l1": "norm1", "gradient": "grad_x", "hessian": "hess_x", "derivative": "d/dx", "D": "d/dx", "jacobian": "grad_x",
}  # fmt: skip
"""What may be meant by a name that is none here: the function, or what to write; those of `OTHER_NAMES` are read."""
_ELSEWHERE = (
    ("c", "exp log sqrt sin cos tan abs"), ("f", "abs max min"), ("p", "max min"),
    ("pqr", "norm exp gamma beta"), ("d", "norm"), ("e", "tr"),
)  # fmt: skip
ELSEWHERE = frozenset(
    [letter + name for letters, names in _ELSEWHERE for letter in letters for name in names.split()]
) - {*FUNCTIONS}
"""Functions that look like a letter times a function: of C and R cexp, fabs, pmax, of distributions dnorm and etr."""
LOWER = {name.lower().replace("_", ""): name for name in FUNCTIONS if name.isascii()}
"""The functions by their names without capitals and underscores."""
_ALONE = frozenset("uvwxyz")
_CAPITALS = 3
"""A run with capitals in it, of as many letters at most, is a product: AXB, ABx. A longer one is a word."""
IN_WORDS = frozenset("EIJLO")
"""Letters of ELBO, LOSS, RMSE, which no product of matrices has."""
GRADIENTS = {"grad": 1, "nabla": 1, "gradient": 1, "jac": 1, "jacobian": 1, "hess": 2, "hessian": 2}
"""Words that begin a derivative, with its order."""


def is_function(name: str) -> bool:
    """Say whether a name is a function that mcalc knows."""
    return name in FUNCTIONS or name in BUILT_IN


def suggestion(name: str, known: Iterable[str] = ()) -> str:
    """Return "did you mean ...?" for an unknown function, or nothing.

    >>> suggestion("sqt"), suggestion("determinant")
    ('did you mean sqrt?', 'did you mean det?')
    """
    for spelled in (name, name.lower(), name.replace("_", "").lower()):
        if spelled in ALIASES or is_function(spelled):
            return f"did you mean {ALIASES.get(spelled, spelled)}?"
    close = closest(name[:40], [*FUNCTIONS, *BUILT_IN, *known], cutoff=0.7)
    return f"did you mean {close[0]}?" if close else ""


def in_any_case(word: str) -> str:
    """Return the function that a word with capitals is, such as ReLU; not of ``Acos``, which is A times cos.

    >>> in_any_case("Relu"), in_any_case("LogSumExp"), in_any_case("Acos"), in_any_case("relu"), in_any_case("loss")
    ('ReLU', 'logsumexp', '', '', '')
    """
    if len(word) < 3 or word.islower() or is_function(word) or (word[0] == "A" and is_function(word[1:].lower())):
        return ""
    lower = word.lower()
    return lower if lower in PLANNED else LOWER.get(lower, "")


class Piece:
    """A part of a run of letters: where it stands, its name, and whether that name is known."""

    def __init__(self, start: int, end: int, name: str, *, known: bool) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.known = known


def plain_name(word: str) -> str:
    """Return the one name of a whole word: Greek words as letters, accents spelled out.

    >>> plain_name("lambda"), plain_name("ŵ"), plain_name("loss")
    ('λ', 'w_hat', 'loss')
    """
    found = GREEK.get(word)
    if found is not None:
        return found
    return word if word.isascii() else canonical(word)


def apart(word: str) -> tuple[str, str] | None:
    """Return a letter and the number that is glued to it, as in ``W1``; None where a word is something else.

    >>> apart("W1"), apart("theta12"), apart("x2x"), apart("loss1")
    (('W', '1'), ('θ', '12'), None, None)
    """
    letters = word.rstrip("0123456789")
    if letters == word or not letters:
        return None
    base = plain_name(letters)
    return (base, word[len(letters) :]) if len(base) == 1 else None


def split(
    word: str, start: int, names: Container[str], longest: int, alone: Container[str], *, call: bool
) -> list[Piece]:
    """Take a run of letters and digits apart: declared names first, longest first, then functions, then letters.

    `names` are the names that are known, none longer than `longest`, `alone` the letters that stand alone elsewhere
    in the statement, and `call` says that a bracket follows. A run that is made of nothing known is one name, or, of
    two letters or of letters from u to z, a product (notation.md 4.1 and 6).
    """
    found = mixed(word)
    if found:
        said = f"{code_point(found)} looks like a Latin letter and stands beside one"
        hint = "type the letter again on a Latin keyboard, or write a space between the two"
        at = start, start + len(word)
        raise mistake_at("E-CONFUSABLE", said, at, "Greek and Latin letters that look alike", hint)
    if len(word) == 2 and _is_change(word, 0, names):
        return [Piece(start, start + 2, word, known=False)]
    if call and word not in names and (word in PLANNED or (word in ALIASES and not word.isupper())):
        return [Piece(start, start + len(word), word, known=False)]
    if call and word not in names and (function := in_any_case(word)):
        return [Piece(start, start + len(word), function, known=True)]
    pieces = _cut(word, start, names, longest, call=call)
    unknown = [p for p in pieces if not p.known]
    if not unknown:
        return pieces
    matrices = word.isupper() and len(unknown) < len(pieces) and IN_WORDS.isdisjoint(word)  # AXBX by X
    short = len(word) <= _CAPITALS or matrices
    capital = short and any([p.name.isupper() for p in unknown])
    letters = [p for p in pieces if p.name[:1].isalpha()]  # no accent alone
    if len(letters) == len(pieces) and (not call or is_function(pieces[-1].name)):
        if _is_product_in_greek(word):
            return pieces
        few = len(pieces) == 2 and len(unknown) <= 2 and all([p.name.find("_") in (-1, 1) for p in unknown])
        if few or all([_stands(p.name, alone, capital=capital) for p in unknown]):
            return pieces
    if call and len(pieces) == 2 and pieces[-1].known and len(letters) == 2:
        return pieces
    return [Piece(start, start + len(word), plain_name(word), known=False)]


def _stands(name: str, alone: Container[str], *, capital: bool) -> bool:
    """Say whether a letter of a run is a factor: one that stands elsewhere, a capital of a run like AXB, or Δx."""
    if name in alone or name in _ALONE or (len(name) == 2 and name[0] == "Δ"):
        return True
    return capital and len(name) == 1 and name.isupper()


def _is_product_in_greek(word: str) -> bool:
    """Say whether Greek letters stand in a run with no word of Latin ones, as in πrh: a product."""
    if len(word) > 5 or word[0] == "Δ":
        return False
    kinds = "".join(["g" if "α" <= c <= "ω" else "l" if c.isascii() else "?" for c in word])
    pair = kinds.find("ll")
    return "g" in kinds and "?" not in kinds and "lll" not in kinds and not is_function(word[pair : pair + 2])


def _is_change(word: str, place: int, names: Container[str]) -> bool:
    """Say whether Δ and a letter are one symbol there, a change."""
    two = word[place : place + 2]
    return len(two) == 2 and two[0] == "Δ" and two[1].isalpha() and not (two[0] in names and two[1] in names)


def _cut(word: str, start: int, names: Container[str], longest: int, *, call: bool) -> list[Piece]:
    pieces: list[Piece] = []
    place = 0
    while place < len(word):
        end = min(len(word), place + longest)
        while end > place and plain_name(word[place:end]) not in names:
            end -= 1
        rest = word[place : place + 41]
        if call and end < len(word) and 1 < len(rest) <= 40 and is_function(plain_name(rest)):
            pieces.append(Piece(start + place, start + len(word), plain_name(rest), known=True))
            break
        if end == place:
            end = place + 1 + _is_change(word, place, names)
            while end < len(word) and not word[end].isalnum():
                end += 1
            pieces.append(Piece(start + place, start + end, canonical(word[place:end]), known=False))
        else:
            pieces.append(Piece(start + place, start + end, plain_name(word[place:end]), known=True))
        place = end
    return pieces


_GLYPHS = str.maketrans({**LOWERED, **RAISED, "⊤": "T", "⊺": "T", "−": "-"})


def plain_script(text: str) -> str:
    """Return a subscript or superscript as plain text without spaces.

    >>> plain_script("_{i + 1}"), plain_script("ᵢ₊₁"), plain_script("_hat"), plain_script("_pi"), plain_script("ₚᵢ")
    ('i+1', 'i+1', 'hat', 'π', 'pi')
    """
    if text[0] == "_":
        text = text[1:]
        if text[:1] == "{":
            text = text[1:-1]
    if text == "*":
        return "star"
    if " in " in text:
        text = text.replace(" in ", "∈")
    if not text.isascii():
        glyphs = text.translate(_GLYPHS)
        if glyphs.isascii():
            return "".join(glyphs.split())
        text = glyphs
    return GREEK.get(text, text) if text.isalnum() else "".join([GREEK.get(word, word) for word in text.split()])


SIZES_OF_I = frozenset("nmkpqdrNMKDPQT")
"""Letters below I that say how large the identity is; others tell quantities apart, as in I_z."""
INDICES = frozenset("ijklmn")
"""Letters that are indices below a name; another is a label, as in x_b beside x."""


def is_label(sub: str | None) -> bool:
    """Say whether a subscript makes a name of its own, a start or a label, beside one that has none: x_0, T_a, v_max.

    >>> is_label("0"), is_label("a"), is_label("max"), is_label("i"), is_label("1"), is_label(None)
    (True, True, True, False, False, False)
    """
    return sub is not None and (sub == "0" or (sub.isalpha() and not INDICES.issuperset(sub)))


def indices_spelled(sub: str, bound: Container[str]) -> str:
    """Return the indices whose letters spell a Greek one, where they are bound and it is not; else the subscript.

    >>> indices_spelled("π", {"p", "i"}), indices_spelled("π", {"p", "i", "π"}), indices_spelled("π", {"i"})
    ('pi', 'π', 'π')
    """
    word = WORDS.get(sub, "")
    return word if word and sub not in bound and all([letter in bound for letter in word]) else sub


def letters_of(sub: str | None, among: frozenset[str] = INDICES) -> list[str]:
    """Return the letters of a subscript that is made of nothing but indices; none of any other.

    >>> letters_of("ij"), letters_of("i,j"), letters_of("1,j"), letters_of("hat"), letters_of("i+1"), letters_of(None)
    (['i', 'j'], ['i', 'j'], ['j'], [], [], [])
    """
    if not sub:
        return []
    parts = sub.split(",") if "," in sub else list(sub) if len(sub) <= 2 or {*sub} <= {*"ijkl"} else [sub]
    if not all([part in among or part.isdecimal() for part in parts]):
        return []
    return [part for part in parts if part in among]


def is_multiple(text: str) -> bool:
    """Say whether a subscript is a number times an index: x_{2i} of a vector. Of a matrix, A_{2i} is an entry.

    >>> is_multiple("2i"), is_multiple("ij"), is_multiple("2")
    (True, False, False)
    """
    return text[-1:].isalpha() and text[:-1].isdecimal()


def exponent_of(text: str, start: int, end: int) -> Node:
    """Return the node of an exponent in superscript glyphs."""
    return simple(text, start, end) or Node("script", start, end, (), text)


def simple(text: str, start: int, end: int) -> Node | None:
    """Return the node of a name or a whole number, which most scripts are."""
    if text.isalpha():
        return Node("name", start, end, (), Name(plain_name(text)))
    if text.isdecimal() and len(text) < 100:
        return Node("number", start, end, (), int(text))
    return None


def entries_of(name: str) -> str:
    """Return the name of what has an entry of this name; of any other name that itself.

    >>> entries_of("p_i"), entries_of("w_0")
    ('p', 'w_0')
    """
    base, _, sub = name.rpartition("_")
    return base if base and sub in INDICES else name
