"""Glyphs: superscripts, subscripts, Greek letters and accents, each with its ASCII and LaTeX spelling."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from mcalc.choices import LETTERS, one_of
from mcalc.patterns import GREEK, LOWERED, RAISED, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


SUPERSCRIPTS = {plain: glyph for glyph, plain in RAISED.items() if plain in "0123456789n"}
SUBSCRIPTS = {plain: glyph for glyph, plain in LOWERED.items() if plain.isascii() and plain.isalnum()}

ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308"}
"""The combining character of each accent that a name can end in, as in `x_hat`."""
_UMLAUTS = frozenset("aeiouyAEIOUY")
"""Letters on which two dots make another letter."""

SPELLED = {
    **GREEK,
    **{mark: f"_{accent}" for accent, mark in ACCENTS.items()},
    "×": "x", "·": ".", "⊗": ".*", "⊘": "./", "ᵀ": "^T", "⁻": "^-", "⁺": "^+", "⟨": "<", "⟩": ">",
    "\u20d7": "vec", "‖": "||", "≤": "<=", "≥": ">=",
    "≠": "!=", "ℝ": "R", "∈": "in", "∂": "d", "∇": "grad", "Σ": "sum", "Π": "prod", "√": "sqrt", "…": "...",
    "′": "_prime", "→": "->", "↦": "->", "½": "1/2", "−": "-", "§": "section ", "“": '"', "”": '"', "’": "'",
}  # fmt: skip
"""What a message says in ASCII for a glyph."""
COMPARISONS = {"≥": ">=", "≤": "<=", "≠": "!=", ">": ">", "<": "<", "==": "=="}


def subscript(text: str) -> str | None:
    """Return the text in subscript glyphs, or None where one of them does not exist.

    >>> subscript("ij"), subscript("w")
    ('ᵢⱼ', None)
    """
    glyphs = [SUBSCRIPTS.get(c) for c in text]
    return None if None in glyphs else "".join([g for g in glyphs if g])


def ascii_subscript(text: str) -> str:
    """Return indices below something in ASCII, with commas where their letters would spell a Greek one.

    >>> ascii_subscript("ij"), ascii_subscript("i+1"), ascii_subscript("pi")
    ('_ij', '_{i+1}', '_{p,i}')
    """
    if text in GREEK.values():
        text = ",".join(text)
    return f"_{text}" if text.isalnum() else f"_{{{text}}}"


def superscript(text: str) -> str | None:
    """Return the text in superscript glyphs, or None where one of them does not exist or reads as something else.

    >>> superscript("12"), superscript("-2"), superscript("p")
    ('¹²', '⁻²', None)
    """
    glyphs = ["⁻" if c == "-" else SUPERSCRIPTS.get(c) for c in text]
    return None if None in glyphs else "".join([g for g in glyphs if g])


def split_name(name: str) -> tuple[str, str, str]:
    """Return the letters of a name, its accent and its subscript.

    >>> split_name("x_hat"), split_name("w_train"), split_name("y_hat_1")
    (('x', 'hat', ''), ('w', '', 'train'), ('y', 'hat', '1'))
    """
    base, _, rest = name.partition("_")
    if rest:
        first, _, more = rest.partition("_")
        if first in ACCENTS and len(base) == 1 and not (first == "ddot" and base in _UMLAUTS):
            return base, first, more
    return base, "", rest


def _below(sub: str) -> str:
    """A subscript as text, in braces where it would not end by itself."""
    if sub[:1] == "{" or sub.isdecimal() or (sub[:1].isalpha() and sub.isalnum()) or sub == "∞":
        return f"_{sub}"
    return f"_{{{sub}}}" if sub.isalnum() else f"_{sub}"


def unicode_name(name: str) -> str:
    """Return a name as the Unicode face spells it.

    >>> unicode_name("u_1"), unicode_name("x_hat"), unicode_name("w_train"), unicode_name("d_k"), unicode_name("x_1a")
    ('u₁', 'x̂', 'w_train', 'dₖ', 'x_{1a}')
    """
    if "_" not in name:
        return name
    base, accent, sub = split_name(name)
    spelled = normalize("NFC", base + ACCENTS[accent]) if accent else base
    if not sub:
        return spelled
    glyphs = subscript(sub) if len(sub) == 1 or sub.isdecimal() else None
    return spelled + (glyphs or _below(sub))


def ascii_name(name: str) -> str:
    """Return a name as the ASCII face spells it: Greek letters as words, several of them with spaces.

    >>> ascii_name("λ_1"), ascii_name("x_hat"), ascii_name("w_α"), ascii_name("w_αβ")
    ('lambda_1', 'x_hat', 'w_alpha', 'w_{alpha beta}')
    """
    base, accent, rest = split_name(name)
    base = "".join([GREEK.get(c, c) for c in base]) + (f"_{accent}" if accent else "")
    if not rest:
        return base
    if rest in GREEK:
        return f"{base}_{GREEK[rest]}"
    if rest.isascii():
        return base + _below(rest)
    spaced = "".join([f" {GREEK[c]} " if c in GREEK else c for c in rest.removeprefix("{").removesuffix("}")])
    return f"{base}_{{{' '.join(spaced.split())}}}" if spaced != rest else f"{base}_{rest}"


TEX = {
    **{glyph: f"\\{word}" for glyph, word in GREEK.items()},
    "ℓ": r"\ell", "∞": r"\infty", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "×": r"\times", "·": r"\cdot",
    "−": "-", "…": r"\dots", "∈": r"\in",
}  # fmt: skip
"""The command of each glyph that a name may have."""


def latex_name(name: str, bold: bool = False) -> str:
    r"""Return a name as LaTeX; `bold` is the mark of a vector.

    >>> latex_name("π_w_ref"), latex_name("π_{w_ref}")
    ('{\\pi_{w}^{\\text{ref}}}', '\\pi_{w_{\\text{ref}}}')
    >>> latex_name("x", bold=True), latex_name("λ_1"), latex_name("w_train"), latex_name("target"), latex_name("ℓ")
    ('\\mathbf{x}', '\\lambda_{1}', 'w_{\\text{train}}', '\\mathrm{target}', '\\ell')
    """
    base, accent, sub = split_name(name)
    if base in TEX:
        spelled = rf"\boldsymbol{{{TEX[base]}}}" if bold else TEX[base]
    elif not base.isascii():
        spelled = rf"\textbf{{{base}}}" if bold else rf"\text{{{base}}}"
    elif bold:
        spelled = rf"\mathbf{{{base}}}"
    else:
        spelled = base if len(base) == 1 else rf"\mathrm{{{base}}}"
    if accent:
        spelled = rf"\{accent}{{{spelled}}}"
    below, _, label = sub.rpartition("_")
    if below and "{" not in sub and label.isalpha() and len(label) > 1:
        return rf"{{{spelled}_{{{_below_in_latex(below)}}}^{{\text{{{label}}}}}}}"
    if below and name.isascii() and "{" not in sub and not accent:
        escaped = name.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}"
    return f"{spelled}_{{{_below_in_latex(sub)}}}" if sub else spelled


_WORD_BELOW = pattern(r"_(\w\w+)")


def _below_in_latex(sub: str) -> str:
    braced = sub.startswith("{") and sub.endswith("}")
    if braced or any([c in TEX for c in sub]):
        inner = _WORD_BELOW.sub(r"_{\\text{\1}}", sub[1:-1]) if braced else sub
        return "".join([f"{TEX[c]} " if c in TEX else c for c in inner]).strip()
    return sub if (len(sub) == 1 and sub.isascii()) or sub.isdecimal() else rf"\text{{{sub}}}"


def spell_ascii(text: str) -> str:
    """Return a message in ASCII, each glyph in its ASCII spelling.

    >>> spell_ascii("Xᵀ y fits (n×N), w ∈ ℝⁿ, u₁₂ ≤ x²")
    'X^T y fits (nxN), w in R^n, u_12 <= x^2'
    """
    if text.isascii():
        return text
    out: list[str] = []
    script = ""
    for c in text:
        mark = "_" if c in _DOWN else "^" if c in _UP else ""
        plain = _DOWN.get(c) or _UP.get(c) or SPELLED.get(c, c)
        out.append(mark + plain if mark != script and not (mark == "^" and script == "^-") else plain)
        script = "^-" if c == "⁻" else mark
    return "".join(out)


_DOWN = {glyph: plain for plain, glyph in SUBSCRIPTS.items()}
_UP = {glyph: plain for plain, glyph in SUPERSCRIPTS.items()}


LONG = 4000
"""Digits written at a time: Python refuses to turn whole numbers of more than 4,300 digits into text at once."""


def digits(value: int) -> str:
    """Return a whole number that is not negative in decimal digits, however many they are.

    >>> digits(10**5000) == "1" + "0" * 5000
    True
    """
    if value.bit_length() < LONG:
        return str(value)
    parts: list[str] = []
    base = 10**LONG
    while value >= base:
        value, low = divmod(value, base)
        parts.append(str(low).zfill(LONG))
    return str(value) + "".join(reversed(parts))


def is_negative(value: Number) -> bool:
    """Say whether a number is written with a minus; so is the float -0.0.

    >>> is_negative(-0.0), is_negative(0)
    (True, False)
    """
    return value < 0 or (type(value) is float and repr(value)[0] == "-")


class Letters:
    """Which names are bold: those of vectors, of matrices, and `given` ones with what each of them is.

    The identity is as bold as matrices are. With `modern` vectors of ones and zeros are bold digits, without an arrow.

    >>> PAPER.is_bold("x", 1), PAPER.is_bold("A", 2)
    (True, False)
    """

    __slots__ = ("given", "matrices", "modern", "vectors")

    def __init__(
        self,
        *,
        vectors: bool = True,
        matrices: bool = False,
        modern: bool = False,
        given: frozenset[tuple[str, bool]] = frozenset(),
    ) -> None:
        self.vectors = vectors
        self.matrices = matrices
        self.modern = modern
        self.given = given

    def is_bold(self, name: str, order: int) -> bool:
        """Say whether the name of something with this many axes is bold."""
        if not order or (name, False) in self.given:
            return False
        return (name, True) in self.given or (self.vectors if order == 1 else self.matrices)


PAPER = Letters()
"""Bold vectors, as in the paper."""
BOLD = Letters(matrices=True, modern=True)
PLAIN = Letters(vectors=False)


def letters(style: str, fonts: Mapping[str, int]) -> Letters:
    """Return the letters of a style; `fonts` are the names of the input, each bold of some order or, with 0, not bold.

    Raises :class:`~mcalc.errors.Mistake` where there is no such style.

    >>> letters("auto", {}) is PAPER, letters("auto", {"w": 0}).vectors, letters("auto", {"W": 2}).modern
    (True, False, True)
    """
    if one_of(LETTERS, "style of LaTeX", style) != "auto" or not fonts:
        return {"bold": BOLD, "plain": PLAIN}.get(style, PAPER)
    orders = {order for order in fonts.values() if order}
    given = frozenset([(name, order > 0) for name, order in fonts.items()])
    return Letters(vectors=bool(orders), matrices=2 in orders, modern=bool(orders), given=given)
