"""A pasted text while it is rewritten, with the place that each character of it came from; the spellings of others.

Formulas come with Markdown's escapes, HTML, in Typst, AsciiMath or R, in Word's linear format, in letters of a PDF.
Each rule is a row: what it looks for, and what stands in its place. They change spelling alone, one sign for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from html import unescape
from typing import TYPE_CHECKING
from unicodedata import normalize

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.characters import outside_brackets
from mcalc.notation.surface.syntax import Noting

if TYPE_CHECKING:
    import re


class Draft(Noting):
    """What is left of a paste, where it came from, and what is to be said of it.

    `declared` are declarations that stood beside the formula, `is_latex` says that dollar signs or their like marked
    it as LaTeX, `derived` what the words ask of it: by what it is differentiated, where they say so, and how often;
    `claims` says that they tell what that is, behind an equals sign; `symmetric` are matrices that they say are so.

    >>> draft = Draft("a &lt; b")
    >>> draft.replace(2, 6, "<")
    >>> draft.text, draft.span(Span(4, 5)).start
    ('a < b', 7)
    """

    def __init__(self, text: str) -> None:
        self.source = text
        self.text = text
        self.places = [*range(len(text) + 1)]
        self.notes: list[str] = []
        self.declared: list[str] = []
        self.symmetric: list[str] = []
        self.derived: tuple[str, int] | None = None
        self.claims = False
        self.is_latex = False
        self.is_plain = False

    def replace(self, start: int, end: int, new: str) -> None:
        """Put a text in place of a part; all of it comes from where the part began."""
        self.text = self.text[:start] + new + self.text[end:]
        self.places[start:end] = [self.places[start]] * len(new)

    def keep(self, start: int, end: int) -> None:
        """Keep one part alone, without blanks around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        self.text = self.text[start:end]
        self.places = self.places[start : end + 1]

    def differentiate(self) -> None:
        """Write the derivative that the words ask for before the formula; a left side only names it."""
        assert self.derived is not None
        by, order = self.derived
        power = f"^{order}" if order > 1 else ""
        opened, closed = (rf"\frac{{\partial{power}}}{{\partial {by}{power}}}\left(", r"\right)")
        if not self.is_latex:
            opened, closed = f"d{power}/d{by}{power} (", ")"
        if not self.claims:
            self.keep(0, len(self.text.rstrip(" .,;")))
        signs = [place for place in outside_brackets(self.text) if self.text[place] == "="]
        end = signs.pop() if self.claims else len(self.text)
        self.replace(end, end, closed)
        self.keep(signs[0] + 1 if signs else 0, len(self.text))
        self.replace(0, 0, opened)

    def join(self, parts: list[tuple[int, int]], sign: str = ", ") -> None:
        """Keep some parts, with commas or another sign between them."""
        text, places = "", []
        for start, end in parts:
            if text:
                text += sign
                places += [self.places[start]] * len(sign)
            bare = self.text[start:end].strip(" .,;\n")
            begun = self.text.index(bare, start)
            text += bare
            places += self.places[begun : begun + len(bare)]
        self.text, self.places = text, [*places, self.places[parts[-1][1]]]

    def rewrite(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> bool:
        """Rewrite all that matches a pattern, in one pass; say whether anything has changed."""
        parts: list[str] = []
        places: list[int] = []
        end = 0
        for match in pattern.finditer(self.text):
            said = new(match)
            if said == match[0]:
                continue
            parts += [self.text[end : match.start()], said]
            places += [*self.places[end : match.start()], *[self.places[match.start()]] * len(said)]
            end = match.end()
        if not parts:
            return False
        self.text = "".join(parts) + self.text[end:]
        self.places = places + self.places[end:]
        return True

    def span(self, span: Span) -> Span:
        """Return the part of the paste that a part of the text came from."""
        last = len(self.places) - 1
        start = self.places[min(span.start, last)]
        end = self.places[min(max(span.end - 1, 0), last)] + 1
        return Span(start, max(end, start + 1), span.label)

    def back(self, mistake: Mistake) -> Mistake:
        """Move the places of a mistake from the text that was made into the paste."""
        mistake.spans = tuple([self.span(span) for span in mistake.spans])
        mistake.source = self.source
        return mistake


_WRAPPERS = frozenset(("bold", "upright", "italic", "bb", "cal"))
"""Functions of Typst and AsciiMath that set their argument in another font."""
_TAGS = {"sub": ("_{", "}"), "sup": ("^{", "}")}
_TAG = re.compile(
    r"<(sub|sup|i|b|em|strong|var|span|math|p|div|li|td|code|pre|h\d)(?:\s[^<>]*)?>([^<>]*)</\1\s*>", re.IGNORECASE
)
DEEPEST = 50
"""Tags in tags: no page has more."""
_INDENT = re.compile(r"^\s*:+\s*")
"""How Wikipedia indents a formula."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SCRIPT = re.compile(r"(?<=[\w)\]}'|‖∑∏])[_┬┴]\(")
_GOES_ON = re.compile(r"[\w\\]")
"""What a name goes on to the left with."""
_DOUBLED = re.compile(r"\\\\(?=[A-Za-z]{2}|[|{}])")
_PAIR = re.compile(r"\\\\")
_WORD_MATRIX = "■"


def _plain(new: str) -> Callable[[re.Match[str]], str]:
    return lambda match: new


ROWS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    # HTML: &lambda; &minus; &#955; &nbsp;
    (re.compile(r"&#?\w+;"), lambda match: unescape(match[0])),
    (_BREAK, _plain("\n")),
    # Markdown: \_ \* \^ \#
    (re.compile(r"\\(?:operatorname\*?|text\w*|math\w+)\s*\{[^{}]*\}|(?<!\\)\\([_*^#])"), lambda m: m[1] or m[0]),
    # the end of a proof, and ligatures, in a PDF
    (re.compile(r"\s*[∎□]\s*$"), _plain("")),
    (re.compile("[\ufb00-\ufb06]"), lambda match: normalize("NFKD", match[0])),
    # Word's linear format: ▒ before what is summed, 〖 〗 for brackets that are not shown, ├ ┤ for \left and \right
    (re.compile("[▒├┤]"), _plain("")),
    (re.compile("〖"), _plain("(")),
    (re.compile("〗"), _plain(")")),
    (re.compile(r"┬(?=\w)"), _plain("_")),
    (re.compile(r"┴(?=\w)"), _plain("^")),
    # Typst and AsciiMath: x^top, x^TT
    (re.compile(r"\^\s*(?:top|TT)\b"), _plain("^T")),
)  # fmt: skip
"""What stands for what, whatever is known."""
_INFIX = re.compile(r"(?<=[\w)])\s+(dot|times)\s+(?=[\w(])")
_INFIXES = {"dot": "·", "times": "*"}


def respell(draft: Draft, known: Container[str]) -> None:
    """Write what is spelled as in another program as mcalc or LaTeX spells it; what is `known` is left alone."""
    if is_doubled(draft.text):
        draft.rewrite(_PAIR, _plain("\\"))
    for pattern, new in ROWS:
        draft.rewrite(pattern, new)
    _brackets(draft, known)
    draft.rewrite(_INFIX, lambda match: match[0] if match[1] in known else f" {_INFIXES[match[1]]} ")


def is_doubled(text: str) -> bool:
    r"""Say whether all backslashes of a text are doubled.

    >>> is_doubled(r"\\frac{1}{2}"), is_doubled(r"\frac12 \\ x")
    (True, False)
    """
    return _DOUBLED.search(text) is not None and "\\" not in text.replace("\\\\", "")


def untag(draft: Draft) -> None:
    """Take off the tags of HTML around a text, those inside first; <sub> and <sup> are scripts."""
    for _ in range(DEEPEST):
        if "</" not in draft.text or not draft.rewrite(_TAG, lambda m: m[2].join(_TAGS.get(m[1].lower(), ("", "")))):
            return
        draft.rewrite(_INDENT, _plain(""))


def _brackets(draft: Draft, known: Container[str]) -> None:
    """Rewrite what stands before brackets, the innermost first, in one pass from the end of the text to its beginning.

    Places are counted from the end, since what is rewritten before them changes only what stands to the left.
    """
    closed: list[tuple[int, list[int]]] = []
    """Where each bracket closes whose beginning is still to come, and the commas in it."""
    place = len(draft.text)
    while place:
        place -= 1
        character, size = draft.text[place], len(draft.text)
        if character in ")]}":
            closed.append((size - place, []))
        elif character == "," and closed:
            closed[-1][1].append(size - place)
        elif character in "([{" and closed:
            end, commas = closed.pop()
            if character == "(":
                place = _rewritten(draft, known, place, size - end, [size - comma for comma in commas])


def _rewritten(draft: Draft, known: Container[str], opening: int, end: int, commas: list[int]) -> int:
    """Rewrite a bracket with what stands before it; return where that begins.

    Word's matrix ■(a&b@c&d) is [a, b; c, d]; sum_(i=1)^n has braces; frac(a, b) is a quotient, bold(w) is w, and
    norm(x)_2 has bars.
    """
    text = draft.text
    if text[opening - 1 : opening] == _WORD_MATRIX:
        bracketed = text[opening - 2 : opening - 1] in ("[", "(") and text[end + 1 : end + 2] in ("]", ")")
        inside = text[opening + 1 : end].replace("&", ",").replace("@", ";")
        first, last = (opening - 2, end + 2) if bracketed else (opening - 1, end + 1)
        draft.replace(first, last, f"[{inside}]")
        return first + bracketed  # a bracket around it is still to be met
    if opening > 1 and _SCRIPT.match(text, opening - 1):
        draft.replace(end, end + 1, "}")
        draft.replace(opening - 1, opening + 1, "^{" if text[opening - 1] == "┴" else "_{")
        return opening - 1
    start = opening
    while start and text[start - 1].isspace():
        start -= 1
    name_end = start
    while start and text[start - 1].isascii() and text[start - 1].isalpha():
        start -= 1
    name = text[start:name_end]
    if name in known or not (name in ("frac", "norm") or name in _WRAPPERS):
        return opening
    if start and _GOES_ON.match(text, start - 1):
        return opening
    if name in _WRAPPERS:
        new = "", ""
    elif name == "norm" and text[end + 1 : end + 2] == "_" and len(commas) != 1:
        new = "‖", "‖"
    elif name == "frac" and len(commas) == 1:
        new = "((", "))"
    else:
        return start
    draft.replace(end, end + 1, new[1])
    if name == "frac":
        draft.replace(commas[0], commas[0] + 1, ")/(")
    draft.replace(start, opening + 1, new[0])
    return start


def closing(text: str, opening: int) -> int:
    """Return the place of the bracket that closes one, or -1.

    >>> closing("f(a(b), [c]) d", 1)
    11
    """
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if not depth:
            return place
    return -1


_PRODUCT = "%*%"
"""R's sign of a matrix product."""
_CHAIN = re.compile(r"(?<=[*/])\s*(?=[\w.(])")
_OF_R = re.compile(r"(?<![\w.])(t|solve)\(")
_NAMED = re.compile(r"\s*[\w.]+|\s+(?=\()")
_FOLLOWED = re.compile(r"'?(?:\s*\^\s*[\w.]+)?(\s*%\*%)?")
_MOST = 500
"""As many brackets, or products, as a line of R may have."""
_ENTRYWISE = re.compile(r"(?<![\w.%])([A-Z])\s*\*(?![*%])")


def rewrite_products(draft: Draft) -> None:
    """Write R's ``t(x) %*% A %*% x`` as x' @ A @ x; %*% holds more tightly than the * and / before it."""
    if not 0 < draft.text.count(_PRODUCT) <= _MOST or draft.text.count("(") > _MOST:
        return
    place = 0
    while (found := _OF_R.search(draft.text, place)) is not None:
        end = closing(draft.text, found.end() - 1)
        if end < 0:
            return
        place = found.start() + 1
        if found[1] == "solve":
            several = "," in draft.text[found.end() : end]
            draft.replace(found.start(1), found.end(1), "solve" if several else "inv")
        else:
            draft.replace(end + 1, end + 1, "'")
            draft.replace(found.start(1), found.end(1), "")
    draft.rewrite(_ENTRYWISE, lambda match: f"{match[1]} .*")
    place = 0
    while (found := _CHAIN.search(draft.text, place)) is not None:
        place = found.end() + 1
        end = _chain_end(draft.text, found.end())
        if _PRODUCT in draft.text[found.end() : end]:
            draft.replace(end, end, ")")
            draft.replace(found.end(), found.end(), "(")
    draft.rewrite(re.compile(r"%\*%"), _plain("@"))
    draft.note("%*% is the matrix product, and * of a matrix is entry by entry, as in R")


def _chain_end(text: str, place: int) -> int:
    """Return where a chain of %*% ends that begins at a place: names and calls, with brackets, primes and powers."""
    while True:
        named = _NAMED.match(text, place)
        place = place if named is None else named.end()
        while text[place : place + 1] in ("(", "[") and (end := closing(text, place)) >= 0:
            place = end + 1
        following = _FOLLOWED.match(text, place)
        if following is None or not following[1]:
            return place if following is None else following.end()
        place = following.end()
