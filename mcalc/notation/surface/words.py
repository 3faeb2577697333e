"""Names: the Greek alphabet, the functions, and how a run of letters is taken apart."""

from __future__ import annotations

from mcalc.alphabet import GREEK as WORDS
from mcalc.errors import Mistake, Span, closest
from mcalc.notation.surface.characters import canonical, code_point, mixed
from mcalc.operators import FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable

GREEK = {
    **{word: letter for letter, word in WORDS.items()},
    "varepsilon": "ε", "vartheta": "θ", "varrho": "ρ", "varphi": "φ",
}  # fmt: skip
ABSTRACT = frozenset("fghφψℓ")
"""Names that are functions before a bracket when nobody declared them, alone or with a subscript: f, g, h, f_1, g_i."""
BUILT_IN = frozenset({"I", "eye", "ones", "zeros", "unit", "transpose", "diff", "δ"})
"""Functions that are no rows of the table: they make constants, or are spellings of other notation."""
PYTHON = frozenset(
    {"import", "from", "def", "class", "return", "print", "while", "for", "exec", "eval", "lambda:", "yield"}
)
LIBRARIES = frozenset({"np", "numpy", "torch", "tf", "jnp", "jax", "math", "scipy", "sp"})
PLANNED = frozenset((
    "argmax", "argmin", "cov", "sort", "round", "mod", "ceil", "selu", "rank", "eig",
    "eigvals", "eigh",
    "svd", "qr", "cosm", "sinm", "median", "trunc", "sinc", "argsort",
    "erfinv", "probit", "zeta", "expi", "gammainc",
    "vech", "toeplitz", "hankel", "circulant",
))  # fmt: skip
"""Functions that readers of papers know and that no row of the table has yet: refused as such, not as misspelt."""
ALIASES = {
    "Tr": "tr", "determinant": "det", "Det": "det", "hadamard": "a .* b", "elementwise": "a .* b", "odot": "a .* b",
    "multiply": "a .* b", "divide": "a ./ b",
    "power": "x^n", "pow": "x^n", "square": "x^2", "maximum": "max", "minimum": "min",
    "absolute": "abs", "inverse": "inv", "T": "x^T", "adjoint": "x^T", "ctranspose": "x^T", "identity": "I(n)",
    "einsum": "sum_{j=1}^{n} A_{ij} x_j", "bmm": "A B", "vdot": "dot", "tensordot": "dot",
    "nansum": "sum", "reducesum": "sum", "reducemean": "mean", "nanmean": "mean", "amax": "max", "amin": "min",
    "negative": "-x", "reciprocal": "1/x", "subtract": "a - b", "add": "a + b", "clamp": "min(max(x, a), b)",
    "clip": "min(max(x, a), b)", "rsqrt": "1/sqrt(x)",
    "crossentropyloss": "cross_entropy", "mseloss": "mse", "rectifier": "relu",
    "summation": "sum_{i=1}^{n}", "mul": "a * b", "matmult": "A B", "average": "mean", "lg": "log10",
    "cbrt": "x^(1/3)", "sgn": "sign", "Max": "max", "Diag": "diag",
    "heaviside": "step", "expit": "sigmoid",
    "slogdet": "logdet", "frobenius": "normF", "fro": "normF", "l2": "norm2", "l1": "norm1", "tg": "tan",
    "arctg": "atan",
    "gradient": "grad_x", "hessian": "hess_x", "derivative": "d/dx", "D": "d/dx", "jacobian": "grad_x",
}  # fmt: skip
LOWER = {name.lower().replace("_", ""): name for name in FUNCTIONS if name.isascii()}
"""The functions by their names without capitals and underscores."""
_ALONE = frozenset("uvwxyz")
_CAPITALS = 3
"""A run with capitals in it, of as many letters at most, is a product: AXB, ABx. A longer one is a word."""


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


def clip(name: str, width: int = 30) -> str:
    """Return a name cut to a length that fits into a message."""
    return name if len(name) <= width else name[: width - 1] + "…"


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

    __slots__ = ("end", "known", "name", "start")

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
        raise Mistake(
            "E-CONFUSABLE",
            f"{code_point(found)} looks like a Latin letter and stands beside one",
            [Span(start, start + len(word), "Greek and Latin letters that look alike")],
            hint="type the letter again on a Latin keyboard, or write a space between the two",
        )
    if word[0] == "Δ" and len(word) == 2 and not (word[0] in names and word[1] in names):
        # Δx is one symbol, a change in x
        return [Piece(start, start + 2, word, known=False)]
    if call and word not in names and (word in PLANNED or word in ALIASES):
        return [Piece(start, start + len(word), word, known=False)]
    if call and word not in names and (function := in_any_case(word)):
        return [Piece(start, start + len(word), function, known=True)]
    pieces = _cut(word, start, names, longest, call=call)
    unknown = [p for p in pieces if not p.known]
    if not unknown:
        return pieces
    capital = len(word) <= _CAPITALS and any([p.name.isupper() for p in unknown])
    letters = [p for p in pieces if p.name[0].isalpha()]
    if len(letters) == len(pieces) and (not call or is_function(pieces[-1].name)):
        few = len(pieces) == 2 and len(unknown) <= 2 and all([len(p.name) == 1 for p in unknown])
        if few or all([_stands(p.name, alone, capital=capital) for p in unknown]):
            return pieces
    if call and len(pieces) == 2 and pieces[-1].known and len(letters) == 2:
        return pieces
    return [Piece(start, start + len(word), plain_name(word), known=False)]


def _stands(name: str, alone: Container[str], *, capital: bool) -> bool:
    """Say whether a letter of a run is a factor: one that stands elsewhere, or a capital of a run like AXB."""
    return name in alone or name in _ALONE or (capital and len(name) == 1 and name.isupper())


def _cut(word: str, start: int, names: Container[str], longest: int, *, call: bool) -> list[Piece]:
    pieces: list[Piece] = []
    place = 0
    while place < len(word):
        end = min(len(word), place + longest)
        while end > place and plain_name(word[place:end]) not in names:
            end -= 1
        rest = word[place : place + 40]
        if (
            call
            and end < len(word)
            and len(rest) > 1
            and place + len(rest) == len(word)
            and is_function(plain_name(rest))
        ):
            pieces.append(Piece(start + place, start + len(word), plain_name(rest), known=True))
            break
        if end == place:
            end = place + 1
            while end < len(word) and not word[end].isalnum():
                end += 1
            pieces.append(Piece(start + place, start + end, canonical(word[place:end]), known=False))
        else:
            pieces.append(Piece(start + place, start + end, plain_name(word[place:end]), known=True))
        place = end
    return pieces
