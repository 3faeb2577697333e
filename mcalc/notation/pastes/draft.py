"""A pasted text while it is rewritten, with the place that each character of it came from; the spellings of others.

Formulas come with Markdown's escapes, HTML, in Typst and AsciiMath, in Word's linear format, in the letters of a PDF.
Each rule is a row: what it looks for, and what stands in its place. They change spelling alone, one sign for another.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from unicodedata import normalize

from mcalc.errors import Span
from mcalc.notation.surface.syntax import Noting

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Container

    from mcalc.errors import Mistake


class Draft(Noting):
    """What is left of a paste, where it came from, and what is to be said of it.

    `declared` are declarations that stood beside the formula, `is_latex` says that dollar signs or their like marked
    it as LaTeX, `derived` what the words ask of it: by what it is differentiated, where they say so, and how often;
    `claims` says that they tell what that is, behind an equals sign.

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
        end = self.text.rfind("=") if self.claims else len(self.text)
        self.replace(end, end, closed)
        self.keep(self.text.find("=", 0, end) + 1, len(self.text))
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
_INDENT = re.compile(r"^\s*:+\s*")
"""How Wikipedia indents a formula."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_GROUP = re.compile(r"(?<=[\w)\]}'|‖∑∏])([_┬┴])\(")
_CALL = re.compile(r"(?<![\w\\])([A-Za-z]+)\s*\(")
_DOUBLED = re.compile(r"\\\\(?=[A-Za-z]{2}|[|{}])")
_PAIR = re.compile(r"\\\\")
_WORD_MATRIX = "■("


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
    _undouble(draft)
    for pattern, new in ROWS:
        draft.rewrite(pattern, new)
    _matrices(draft)
    _groups(draft)
    _calls(draft, known)
    draft.rewrite(_INFIX, lambda match: match[0] if match[1] in known else f" {_INFIXES[match[1]]} ")


def _undouble(draft: Draft) -> None:
    r"""Make single backslashes of the doubled ones of a string in a program: ``\\frac{1}{2}``."""
    if is_doubled(draft.text):
        draft.rewrite(_PAIR, _plain("\\"))


def is_doubled(text: str) -> bool:
    r"""Say whether all backslashes of a text are doubled.

    >>> is_doubled(r"\\frac{1}{2}"), is_doubled(r"\frac12 \\ x")
    (True, False)
    """
    return _DOUBLED.search(text) is not None and "\\" not in text.replace("\\\\", "")


def untag(draft: Draft) -> None:
    """Take off the tags of HTML around a text, those inside first; <sub> and <sup> are scripts."""
    while "</" in draft.text and draft.rewrite(_TAG, _untagged):
        draft.rewrite(_INDENT, _plain(""))


def _untagged(match: re.Match[str]) -> str:
    opening, closing = _TAGS.get(match[1].lower(), ("", ""))
    return f"{opening}{match[2]}{closing}"


def _matrices(draft: Draft) -> None:
    """Write Word's matrix ■(a&b@c&d) as [a, b; c, d]."""
    while (start := draft.text.find(_WORD_MATRIX)) >= 0:
        end = closing(draft.text, start + 1)
        if end < 0:
            return
        bracketed = draft.text[start - 1 : start] in ("[", "(") and draft.text[end + 1 : end + 2] in ("]", ")")
        inside = draft.text[start + 2 : end].replace("&", ",").replace("@", ";")
        first, last = (start - 1, end + 2) if bracketed else (start, end + 1)
        draft.replace(first, last, f"[{inside}]")


def _groups(draft: Draft) -> None:
    """Write sum_(i=1)^n and x_(i j) with braces."""
    place = 0
    while (found := _GROUP.search(draft.text, place)) is not None:
        place = found.end()
        end = closing(draft.text, found.end() - 1)
        if end < 0:
            return
        draft.replace(end, end + 1, "}")
        draft.replace(found.start(1), found.end(), "^{" if found[1] == "┴" else "_{")


def _calls(draft: Draft, known: Container[str]) -> None:
    """Write frac(a, b) as a quotient, bold(w) as w, and norm(x)_2 with bars."""
    place = 0
    while (found := _CALL.search(draft.text, place)) is not None:
        place = found.end()
        name, opening = found[1], found.end() - 1
        if name in known or not (name in ("frac", "norm") or name in _WRAPPERS):
            continue
        end = closing(draft.text, opening)
        if end < 0:
            return
        if name == "norm":
            if draft.text[end + 1 : end + 2] == "_" and _comma(draft.text, opening, end) < 0:
                draft.replace(end, end + 1, "‖")
                draft.replace(found.start(), opening + 1, "‖")
                place = found.start()
            continue
        place = found.start()
        if name in _WRAPPERS:
            draft.replace(end, end + 1, "")
            draft.replace(found.start(), opening + 1, "")
            continue
        comma = _comma(draft.text, opening, end)
        if comma < 0:
            place = found.end()
            continue
        draft.replace(end, end + 1, "))")
        draft.replace(comma, comma + 1, ")/(")
        draft.replace(found.start(), opening + 1, "((")


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


def _comma(text: str, opening: int, end: int) -> int:
    """Return the place of the only comma between two brackets, or -1."""
    depth, found = 0, -1
    for place in range(opening + 1, end):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if text[place] == "," and not depth:
            if found >= 0:
                return -1
            found = place
    return found
