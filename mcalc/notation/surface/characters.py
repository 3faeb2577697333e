"""Text in: which characters are read, which stand for others, and which are refused by name.

Nothing is normalised wholesale, since NFKC changes meaning (``x²`` would become ``x2``): a table says what stands for
what. Every replacement is one character for one character, so a place in the cleaned text is a place in the original.
"""

from __future__ import annotations

from unicodedata import category, decomposition, name, normalize

from mcalc.errors import Mistake, Span
from mcalc.operators import FUNCTIONS
from mcalc.patterns import LOWERED, RAISED, pattern

LAST_LATIN = "\u024f"
"""The last of the Latin letters of languages; those of phonetics, such as ɑ and ɡ, look like others."""
MAX_ACCENTS = 2
"""As many accents as one letter may carry."""
LONGEST_GAP = 500
"""Blanks in a row: what looks for words behind blanks takes squares of their number."""
_GAP = pattern(rf"[^\S\n]{{{LONGEST_GAP + 1}}}")

ACCENTS = {
    "\u0302": "_hat", "\u0304": "_bar", "\u0305": "_bar", "\u0303": "_tilde", "\u0307": "_dot", "\u0308": "_ddot",
    "\u20d7": "",
}  # fmt: skip
"""What an accent adds to a name; the arrow of a vector adds nothing, and vowels with two dots are letters."""
_VOWELS = frozenset("aeiouyAEIOUY")

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_TWINS = {
    "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "ϱ": "ρ", "ϖ": "π", "ϰ": "κ", "µ": "μ", "\u2126": "Ω", "\u2206": "Δ", "\u212b": "Å",
    "ſ": "s", "ℓ": "ℓ", "ℎ": "h", "ℏ": "ħ", "𝟎": "𝟎", "𝟏": "𝟏", "𝟙": "1", "\u2061": " ", "\u2062": "*", "\u2063": ",",
    "\u223c": "~", "∙": "·", "〈": "⟨", "〉": "⟩", "\u2329": "⟨", "\u232a": "⟩", "\u2035": "'", "\u2019": "'",
    "ⅆ": "d", "ⅇ": "e", "〖": "(", "〗": ")",
}  # fmt: skip
_LETTERLIKE = "ℒℋℱℳℛℬℰℐℊℯℴℑℜℨℭ"
"""Script and Gothic letters that stand outside the block of mathematical ones."""
_GREEK_LOOKALIKES = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_SYMBOLS = frozenset((
    *RAISED, *LOWERED,
    *"⊤⊺∞·⋅•∙×∗⁎÷∕⁄⊗⊙∘⊘⊕⊖−‐‑–≤⩽≥⩾≠≜≔∈∀ℝℕ∂∇∑∏√‖∥ǁ∣⟨⟩′″‴…⋯½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞∧∨𝟎𝟏ℓ¬≻⪰≽",
))  # fmt: skip
_REFUSED = {
    "\u2014": "write - for a minus sign",
    "\u2015": "write - for a minus sign",
    "\u2064": "write + between the two",
    "𝟙": "write {1 if x > 0; 0 otherwise} for an indicator, 1vec for the vector of ones",
    "⊥": "ᵀ, ^T and ' are the transpose",
    "÷": "",
    "∫": "no integrals are taken; differentiate what is integrated",
    "∛": "write x^(1/3) for the cube root",
    "∜": "write x^(1/4) for the fourth root",
    "→": "write f(x) = x^2 for a function, f: R^n -> R to declare one",
    "↦": "write f(x) = x^2 for a function",
    "±": "write + or -: one of the two",
    "∓": "write + or -: one of the two",
    "≈": "write = for a definition, or for a claim",
    "∝": "write = for a definition, with the factor",
}
_CONTROL = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n|$)")
_PLAIN = {
    **{ord(letter): normalize("NFKC", letter) for letter in _LETTERLIKE},
    0x210E: "h",
    **{ord(source): target for source, target in _TWINS.items()},
    **{ord(space): " " for space in _SPACES},
}
_LETTERS_FROM = "\uff01"
"""The first of the many that are entered when one is met."""
_BOLD: dict[str, str] = {}
_known: set[str] = set()
"""Characters met before and found to need no replacement: a whole text of them is passed on at once."""


def _enter_letters() -> None:
    """Fill the tables with mathematical letters and full-width forms, from their Unicode decompositions."""
    for code in (*range(0x1D400, 0x1D7CC), *range(ord(_LETTERS_FROM), 0xFF5F)):
        form = decomposition(chr(code)).split()
        if len(form) != 2:
            continue
        plain = chr(int(form[1], 16))
        again = decomposition(plain).split()
        if again and again[0] == "<compat>":
            plain = chr(int(again[1], 16))
        _PLAIN.setdefault(code, plain)
        if code >= 0x1D400 and "BOLD" in name(chr(code), ""):
            _BOLD[chr(code)] = plain


def code_point(character: str) -> str:
    """Return how a message names a character that it must not show.

    >>> code_point(chr(27)), code_point(chr(0x202E))
    ('U+001B (escape)', 'U+202E (RIGHT-TO-LEFT OVERRIDE)')
    """
    code = ord(character)
    known = {0: "null", 7: "bell", 8: "backspace", 9: "tab", 13: "carriage return", 27: "escape", 127: "delete"}
    words = known.get(code) or name(character, "")
    return f"U+{code:04X}" + (f" ({words})" if words else " (control character)" if category(character) == "Cc" else "")


_ARROWS = "→⟶"
_ARROW = "\u20d7"
"""The arrow above the letter of a vector."""
_BY_PLACE = frozenset((*_ARROWS, "\r", _ARROW))
"""Characters that are read in some places only: a text in which they are says nothing of the next one."""
_QUOTED = pattern(r"(,\s*)(['\"])(fro|inf|nuc)\2")
"""The name of a norm as code has it: norm(A, 'fro')."""


def refuse_gaps(text: str) -> None:
    """Refuse a text in which too many blanks stand in a row, but for those around it.

    Raises:
        Mistake: `E-LIMIT`, where there are more than are read.
    """
    if len(text) > LONGEST_GAP and (gap := _GAP.search(text := text.strip())) is not None:
        said = f"more than {LONGEST_GAP} blanks in a row"
        raise Mistake("E-LIMIT", said, [Span(gap.start(), gap.start() + 1)], "leave some of them out", text)


def clean(text: str) -> tuple[str, dict[str, int]]:
    """Return the text with stand-ins replaced, and the orders that bold letters hint at: 1 for lower case, 2 for upper.

    Raises `E-CHAR` or `E-CONFUSABLE` for a character that is not read.

    >>> clean("𝐰 ＋ ２"), clean("x² − 1")
    (('w + 2', {'w': 1}), ('x² − 1', {}))
    """
    if "\t" in text:
        text = text.replace("\t", " ")
    if "norm(" in text:
        text = _QUOTED.sub(r"\1 \3 ", text)
    if text.isascii():
        found = None if text.isprintable() else _CONTROL.search(text)
        if found:
            raise _refused(found.group()[0], found.start())
        return text, {}
    hints: dict[str, int] = {}
    present = set(text)
    if not _BOLD and max(present) >= _LETTERS_FROM:
        _enter_letters()
    if not present <= _known:
        _check(text, present, hints)
        fresh = {c for c in present if ord(c) not in _PLAIN and (c in ACCENTS or category(c) != "Mn")}
        _known.update(fresh - _BY_PLACE)
    if present.isdisjoint(ACCENTS):
        if not hints and _PLAIN.keys().isdisjoint({ord(c) for c in present}):
            return text, hints
    else:
        _check_accents(text)
    return text.translate(_PLAIN), hints


def _check(text: str, present: set[str], hints: dict[str, int]) -> None:
    for place, character in enumerate(text):
        if character == _ARROW and place:
            letter = _PLAIN.get(ord(text[place - 1]), text[place - 1])
            hints.update({letter: 1} if letter.isalpha() else {})
        if character in _known or character in _SYMBOLS or character in FUNCTIONS:
            continue
        if character in _BOLD:
            plain = _BOLD[character]
            if plain in present and plain.isalpha():
                other = text.index(plain)
                raise bold_and_plain(plain, Span(place, place + 1), Span(other, other + 1))
            if plain.isalpha():
                hints[plain] = 2 if plain.isupper() else 1
            continue
        if ord(character) in _PLAIN or character in ACCENTS:
            continue
        if character.isascii() and (character.isprintable() or not _CONTROL.match(text, place)):
            continue
        if character in _ARROWS and (":" in text[:place] or "∈" in text[:place]):
            continue  # f: ℝⁿ → ℝ
        if place and category(character) == "Mn" and len(normalize("NFC", text[place - 1 : place + 1])) == 1:
            _check_letter(normalize("NFC", text[place - 1 : place + 1]), place)  # é in two characters
            continue
        _check_letter(character, place)


def bold_and_plain(letter: str, bold: Span, plain: Span) -> Mistake:
    """Return the mistake of a letter that stands in bold at one place and in no font at another."""
    spans = [Span(bold.start, bold.end, "bold"), Span(plain.start, plain.end, "plain")]
    said = f"both a bold and a plain {letter} stand here: are they one variable?"
    return Mistake("E-AMBIG", said, spans, "write them alike, or give one another name")


def _check_letter(character: str, place: int) -> None:
    """Pass a Latin or Greek letter; raise for anything else."""
    kind = category(character)
    words = name(character, "")
    if character not in _REFUSED and kind in ("Lu", "Ll"):
        if words.startswith(("GREEK SMALL LETTER", "GREEK CAPITAL LETTER")):
            return
        plain = character <= LAST_LATIN or normalize("NFD", character)[0].isascii()
        if words.startswith("LATIN") and character != "ı" and plain:
            return
        if words.startswith("LATIN") and not plain:
            spans = [Span(place, place + 1, "a letter of phonetics or a ligature")]
            hint = "type the letter again on a Latin or Greek keyboard"
            raise Mistake("E-CONFUSABLE", f"{code_point(character)} looks like another letter", spans, hint)
        if words.startswith(("CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")) or character == "ı":
            said = f"{code_point(character)} looks like a Latin letter and is not one"
            spans = [Span(place, place + 1, "not a Latin letter")]
            raise Mistake("E-CONFUSABLE", said, spans, "type the letter again on a Latin keyboard")
    raise _refused(character, place)


def _refused(character: str, place: int) -> Mistake:
    hint = _REFUSED.get(character, "")
    if not hint and category(character) in ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp"):
        hint = "delete it: it is invisible, and was probably pasted along"
    hint = hint or "delete it, or write what it means in letters and signs of the keyboard"
    said = f"the character {code_point(character)} in column {place + 1} is not read"
    return Mistake("E-CHAR", said, [Span(place, place + 1, code_point(character))], hint)


def _check_accents(text: str) -> None:
    """Refuse a heap of accents on one letter."""
    run = 0
    for place, character in enumerate(text):
        run = run + 1 if category(character) == "Mn" else 0
        if run > MAX_ACCENTS:
            said = f"too many accents on the letter in column {place - run + 1}"
            raise Mistake("E-CHAR", said, [Span(place, place + 1, "an accent")])


def canonical(word: str) -> str:
    """Return a name with its accents spelled out: ``ŵ`` and ``w`` with a circumflex above are ``w_hat``.

    >>> canonical("ŵ"), canonical("x"), canonical("é")
    ('w_hat', 'x', 'é')
    """
    if word.isascii():
        return word
    parts: list[str] = []
    suffix = ""
    for character in normalize("NFC", word):
        letters = normalize("NFD", character)
        umlaut = letters[1:] == "\u0308" and letters[0] in _VOWELS
        if len(letters) > 1 and all([mark in ACCENTS for mark in letters[1:]]) and not umlaut:
            parts.append(letters[0])
            suffix += "".join([ACCENTS[mark] for mark in letters[1:]])
        elif character in ACCENTS:
            suffix += ACCENTS[character]
        else:
            parts.append(character)
    return "".join(parts) + suffix


def outside_brackets(text: str) -> list[int]:
    """Return the places of the characters of a text that stand in no brackets.

    >>> [place for place in outside_brackets("y = sum_{i=1}^n x_i") if "y = sum_{i=1}^n x_i"[place] == "="]
    [2]
    """
    found: list[int] = []
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth <= 0:
            found.append(place)
    return found


def mixed(word: str) -> str | None:
    """Return a Greek letter of the word that looks like a Latin one, where Latin letters stand beside it."""
    if word.isascii() or len(word) == 1 or not any([c.isascii() and c.isalpha() for c in word]):
        return None
    return next((c for c in word if c in _GREEK_LOOKALIKES), None)
