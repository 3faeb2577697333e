r"""A formula in a paragraph: between dollar signs, in ``\( \)`` or in a fence of Markdown, with words around it.

Of several formulas the one is kept that is more than a name, a number, a condition or a declaration; where two are,
the paragraph is refused. Brackets of displays that have lost their backslash are told by what stands in them.
"""

from __future__ import annotations

import re

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.pastes.detect import MATHEMATICAL
from mcalc.notation.pastes.draft import Draft, closing
from mcalc.notation.surface.characters import outside_brackets
from mcalc.notation.surface.mistakes import Offer
from mcalc.notation.surface.words import is_function, plain_name

_FENCED = re.compile(r"(?m)^[ \t]*(```|~~~)[ \t]*(\w*)[ \t]*$\n?(.*?)^[ \t]*\1[ \t]*$", re.DOTALL)
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<double>.+?)\$\$|(?<!\\)\$(?P<single>[^$]+?)(?<!\\)\$|\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)"
    r"|\\begin\{(?P<name>(?:equation|align|aligned|gather|multline|split|displaymath|math)\*?)\}.+?\\end\{(?P=name)\}"
    r"|:math:`(?P<role>[^`\n]+)`|(?<!`)`(?P<code>[^`\n]+)`(?!`)"
    r"|(?m:^[ \t]*)(?P<fence>```|~~~)[ \t]*(?:\w*)[ \t]*\n(?P<fenced>.*?)\n[ \t]*(?P=fence)",
    re.DOTALL,
)
_BARE = re.compile(r"(?<![\w\\^_}\])])[\[(][ \n](?P<bare>[^\n]*?|\n.*?\n)[ \n][\])](?!\w)", re.DOTALL)
_LOST = re.compile(r"(?<!\\)\|([^|]*)(?<!\\)\|(?=_\{?(?:[12F]|\\infty)\b)")
_DIRECTIVE = re.compile(r"(?m)^[ \t]*\.\.[ \t]+math::.*$")
"""What stands before a display in reStructuredText."""
_PROSE = re.compile(r"[\s\w.,;:!?()'’\"“”*#>–—/\u2700-\u27bf\U0001f300-\U0001faff-]*")
_TYPESET = re.compile(
    r"\\(?:text(?:bf|it|rm|sc|sf)?|emph|underline|(?:sub)*section\*?|paragraph\*?)\s*\{([^{}\\]*)\}"
    r"|\\(?:noindent|item|par|(?:small|med|big)skip|centering)(?![a-zA-Z])()"
)
_WORD = re.compile(r"[A-Za-z][a-z’']+")
_EQUATION = r"(?:Eq|Eqn|Equation)s?\.?\s*"
_LABEL = re.compile(
    rf"\s*(?:{_EQUATION}(?:\(\s*[\d.]+[a-z]?\s*\)|[\d.]*\d[a-z]?)\s*[:.]?|[(\[]\s*{_EQUATION}[\d.]+[a-z]?\s*[)\]]:?"
    r"|\(\s*\d[\d.]*[a-z]?\s*\)(?=\s*\S+.*=)|\d{1,2}[.)](?=\s+[^\s\d=])|[>•*](?=\s)|-(?=\s+(?:\$|\\\()))\s*",
    re.IGNORECASE,
)
"""The number of an equation before it, or the mark of an entry in a list."""
_LABELLED = re.compile(
    rf"\s*,?\s*(?:see\s*)?[(\[]\s*(?:see\s*)?{_EQUATION}\(?[\d.]+[a-z]?\)?\s*[)\]]\s*\.?\s*$", re.IGNORECASE
)
_QUOTED = re.compile(r"\s*(?P<mark>``?|\*\*|[\"“„'‘])(?P<inside>[^`\"“”„‘’]+)(?:(?P=mark)|[”’“])[.,]?\s*")
"""A formula as code, in bold, or in quotation marks."""
_NAME = re.compile(
    r"\s*(?!e\s*\^)(?:\\(?:mathbf|boldsymbol|bm|mathcal|mathrm|hat|bar|tilde|vec)\s*)?\{?\s*\\?\w+\s*\}?"
    r"(?:_(?:\{[^{}]*\}|\\?\w+)|\^(?:\{[^{}]*\}|\\[a-zA-Z]+|\w|\*)(?!\w)|\([^()=]*\))*\s*[.,]?\s*|\s*\w\s*\\times\s*\w\s*"
)
"""A name, an entry, a function of names, or the size of a matrix."""
_SQUARE = re.compile(r"\\?\w+\s*\^\s*\{?\d\}?")
"""A power of a name: a formula where there is no other."""
_DECLARES = re.compile(r"\\in\b|∈|^[\w\s,\\]+:\s*(?:R|ℝ)\b")
_CONDITION = re.compile(r"[<>≤≥≠∼]|\\(?:leq?|geq?|neq?|sim|gt|lt|subset|to|forall|approx|ll|gg|in)\b")

_ASKED = re.compile(
    r"\b(second\s+)?(derivative|gradient|jacobian|hessian|differentiate)s?(?:\s+(?:of|for|the|this|following|matrix|loss"
    r"|cost|scalar|function|expression))*\s*:?\s*[$`(\\]*\s*$",
    re.IGNORECASE,
)
"""Words right before a formula that ask for its derivative."""
_BY = re.compile(
    r"(?:with\s+respect\s+to|w\.?\s?r\.?\s?t\.?)\s+(?:(?:the|a|matrix|vector|variable|scalar)\s+)*[$`(\\]*?\s*"
    r"(\\?\w+(?:\{\\?\w+\})?(?:_\{?\w+\}?)?)(?!\w)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:\b(?:is|be|equals?|equal\s+to|becomes|given\s+by)(?:\s+(?:simply|just|the))?|=)\s*:?\s*[$`(\\]*\s*$",
    re.IGNORECASE,
)
"""Words between a formula and what its derivative is said to be."""
_QUOTIENT = re.compile(
    r"\\[dt]?frac\s*\{\s*(?:d|\\partial|\\mathrm\s*\{\s*d\s*\})\s*\\?\w+(?:\([^()=]*\))?\s*\}\s*\{[^{}=]*(?:\{\w+\}[^{}=]*)?\}"
    r"|[d∂]\w+\s*/\s*[d∂]\w+|(?:\\nabla|∇)(?:_\{?\\?\w+\}?)?\s*\\?\w+(?:\([^()=]*\))?"
)
"""The derivative of a name, as in ``Find dy/dx if y = ...``."""
_OF = re.compile(r"\s*\w+\s*\(\s*(\\?\w+(?:\{\\?\w+\})?)\s*\)\s*:?=")
"""A left side that says of what it is a function: f(x) = ..."""
_DERIVATIVE = re.compile(r"\\partial|\\nabla|∂|∇|\bd\w*\s*/\s*d|frac\s*\{\s*(?:\\mathrm\s*\{?)?d")


_ONE = r"\\?\w+(?:\s*\{\s*\\?\w+\s*\})?(?:_\{?\w+\}?)?"
_NAMES = rf"\$\s*(?P<%s>{_ONE}(?:\s*,\s*{_ONE})*)\s*(?:(?:\\in|∈)[^$]*)?\$"
_SYMMETRIC = re.compile(
    _NAMES % "name" + r"(?:\s+(?:is|are|be|being)(?:\s+(?!not\b)\w+){0,3}?)?\s+(?:symmetric|positive[\s-]+definite)\b"
    r"|(?<!not )\b(?:symmetric|positive[\s-]+definite)\s+(?:(?:positive|definite|semi-?definite|matrix)\s+)*"
    + _NAMES
    % "other",
    re.IGNORECASE,
)
"""Words that say of a matrix between dollar signs that it is symmetric."""


def cut_out(draft: Draft) -> None:
    """Keep the formula of a paragraph; a text without words beside its formulas is left as it is."""
    draft.rewrite(_DIRECTIVE, lambda match: "")
    _whole_fence(draft)
    _label(draft)
    if (quoted := _QUOTED.fullmatch(draft.text)) is not None and not quoted["inside"].isidentifier():
        draft.keep(*quoted.span("inside"))
    found = list(_FORMULA.finditer(draft.text))
    if not found and any([_is_display(m["bare"]) for m in _BARE.finditer(draft.text)]):
        # A chat that loses the backslash of \[ loses that of \|, too.
        draft.rewrite(_LOST, lambda match: rf"\|{match[1]}\|")
        found = [m for m in _BARE.finditer(draft.text) if _is_display(m["bare"])]
    text = draft.text
    if not found:
        return
    outside = _outside(text, found)
    if len(found) == 1 and not outside.strip():
        plain = _is_plain(text[slice(*_inside(found[0]))])
        if plain or text != draft.source:  # 1. $x^2$
            draft.keep(*_inside(found[0]))
            draft.is_plain, draft.is_latex = plain, draft.is_latex or not plain
            return
    if not outside.strip(" \n\t.,;:") and len(found) > 1:
        return  # several displays and no word: statements of one text
    if not _PROSE.fullmatch(outside) or not (_WORD.search(outside) or "bare" in found[0].re.groupindex):
        return
    _choose(draft, found, outside)


def has_words(text: str) -> bool:
    """Say whether words stand beside the formulas of a text, so that it is read as a whole.

    >>> has_words("The loss is $x^2$."), has_words("$x^2$; $y^2$"), has_words("r = x - 1; $r^2$")
    (True, False, False)
    """
    found = list(_FORMULA.finditer(text))
    outside = _outside(text, found)
    return bool(found) and _PROSE.fullmatch(outside) is not None and _WORD.search(outside) is not None


def is_words(text: str) -> bool:
    """Say whether a text is one formula between dollar signs that is written in words, as in Typst."""
    found = list(_FORMULA.finditer(text))
    return len(found) == 1 and found[0][0] == text.strip() and _is_plain(text[slice(*_inside(found[0]))])


def _outside(text: str, found: list[re.Match[str]]) -> str:
    """Return what stands outside some formulas, without the commands of LaTeX that typeset words."""
    parts, end = [], 0
    for match in found:
        parts.append(text[end : match.start()])
        end = match.end()
    return _TYPESET.sub(r" \1 ", " ".join([*parts, text[end:]]))


def _whole_fence(draft: Draft) -> None:
    """Take off a fence around all of a text; what it says of the language is kept."""
    found = _FENCED.fullmatch(draft.text.strip())
    if found is None:
        return
    start = draft.text.index(draft.text.strip())
    draft.keep(start + found.start(3), start + found.end(3))
    draft.is_latex = found[2].lower() in MATHEMATICAL


def _label(draft: Draft) -> None:
    """Leave out the number of an equation beside it: Eq. 3:, Equation (2.1):, [eq. 4], and the mark of a list."""
    found = _LABEL.match(draft.text)
    if found is not None and found.end() < len(draft.text):
        draft.note(f"{clip(found[0].strip())} is left out")
        draft.keep(found.end(), len(draft.text))
    found = _LABELLED.search(draft.text)
    if found is not None and found.start():
        draft.note(f"{clip(found[0].strip())} is left out")
        draft.keep(0, found.start())


def _inside(match: re.Match[str]) -> tuple[int, int]:
    """Return where the formula stands in what marks it."""
    for name in ("double", "single", "display", "inline", "fenced", "role", "code", "bare"):
        if name in match.re.groupindex and match[name] is not None:
            return match.start(name), match.end(name)
    return match.start(), match.end()


def _is_display(inside: str) -> bool:
    """Say whether what stands in bare brackets is a formula of its own: it has a command, or an equals sign."""
    return "\\" in inside or _is_equation(inside)


MOST_FORMULAS = 100
"""Formulas of a paragraph among which the one that is meant is looked for."""


def _several(draft: Draft, parts: list[tuple[int, int]]) -> Mistake:
    """Return the mistake of a text in which several formulas may be meant."""
    said = f"{'two' if len(parts) == 2 else len(parts)} formulas stand in this text: which is meant?"
    spans = [draft.span(Span(*part, label)) for part, label in zip(parts, ("the first", "the second"), strict=False)]
    first, *rest = [clip(" ".join(draft.text[a:b].split()), 60) for a, b in parts[:3]]
    hint = Offer("give one alone: ", first, "give one alone", " or ", " or ".join(rest))
    return Mistake("E-SYNTAX", said, spans, hint, draft.source)


def _choose(draft: Draft, found: list[re.Match[str]], outside: str) -> None:
    """Keep the one formula that is more than a name or a condition, with the declarations beside it."""
    text = draft.text
    parts = [_inside(match) for match in found]
    if len(parts) > MOST_FORMULAS:
        raise _several(draft, parts)
    draft.symmetric = [said["name"] or said["other"] for said in _SYMMETRIC.finditer(text)]
    meant = [(a, b) for a, b in parts if not _is_aside(text[a:b])]
    meant = meant or [(a, b) for a, b in parts if _ASKED.search(text[:a])]
    meant = meant or [(a, b) for a, b in parts if _SQUARE.fullmatch(text[a:b].strip(" .,"))]
    told = next(((one, two) for one in meant[:1] for two in parts if two > one and _is_told(text, one, two)), None)
    if told is not None and {*meant} <= {*told}:
        (low, high), (first, last) = told
        draft.derived = _derived(text[:low], text[low:high], text[high:first] + text[last:])
        draft.claims = draft.is_latex = True
        draft.note("the words around the formula are left out")
        draft.join([*told], " = ")
        return
    asked = [(a, b) for a, b in meant if _QUOTIENT.fullmatch(text[a:b].strip(" .,?"))]
    rest = [part for part in meant if part not in asked]
    if len(asked) < 2 and 1 + (not asked) <= len(rest) <= 3 and all([_is_equation(text[a:b]) for a, b in rest]):
        for low, high in rest[1:]:
            _refuse_stated(draft, low, high)
        draft.join([*rest, *asked])  # definitions, and what they are used in
        draft.note("the words around the formula are left out")
        draft.is_latex = True
        return
    if len(meant) > 1:
        raise _several(draft, meant)
    if not meant and (len(found) > 1 or _WORD.search(outside)):
        _only_asides(draft, [text[a:b].strip(" .,") for a, b in parts])
        return
    low, high = meant[0] if meant else parts[0]
    if _WORD.search(outside):
        draft.note("the words around the formula are left out")
    for said in [text[a:b].strip(" .,") for a, b in parts if (a, b) != (low, high)]:
        if _DECLARES.search(said):
            draft.declared.append(said)
        elif _CONDITION.search(said):
            draft.note(f"{clip(said)} is left out")
    marked = next(match for match in found if _inside(match) == (low, high))
    bare = "bare" in marked.re.groupindex or marked["code"] is not None
    draft.is_plain = _is_plain(text[low:high]) or (bare and "\\" not in text[low:high])
    draft.is_latex = draft.is_latex or not draft.is_plain
    draft.derived = _derived(text[:low], text[low:high], text[high:])
    draft.keep(low, high)


def _refuse_stated(draft: Draft, low: int, high: int) -> None:
    """Refuse a derivative that a text states of what it defines: differentiated again, it answers another question."""
    left = draft.text[low:high].partition("=")[0]
    if "'" in left or _DERIVATIVE.search(left):
        said = f"{clip(' '.join(left.split()))} is stated here, and not asked for"
        hint = "mcalc check tells whether it holds, of the two formulas on lines of their own; or give the first alone"
        raise Mistake("E-USAGE", said, [draft.span(Span(low, high, "a claim"))], hint=hint, source=draft.source)


def _derived(before: str, formula: str, behind: str) -> tuple[str, int] | None:
    """Return by what the words around a formula want it differentiated, and how often; None where they do not."""
    asked = _ASKED.search(before)
    if asked is None or _DERIVATIVE.search(formula):
        return None
    by = _BY.search(behind) or _BY.search(before) or _OF.match(formula)
    return by[1] if by is not None else "", 2 if asked[1] or asked[2].lower() == "hessian" else 1


def _only_asides(draft: Draft, said: list[str]) -> None:
    """Keep nothing but the declarations of a paragraph that only says what names are."""
    draft.declared += [one for one in said if _DECLARES.search(one)]
    draft.note(f"{clip(' '.join(draft.text.split()), 60)} is left out: no formula stands in it")
    draft.keep(0, 0)


def _is_aside(text: str) -> bool:
    """Say whether a formula in a paragraph is no more than a name, a number, a condition or a declaration."""
    bare = text.strip()
    if _NAME.fullmatch(bare) or re.fullmatch(r"[\d.]+", bare) or all([*map(_NAME.fullmatch, bare.split(","))]):
        return True
    return "=" not in bare and (_CONDITION.search(bare) is not None or _DECLARES.search(bare) is not None)


def _is_told(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether words tell what a derivative is: the gradient of ... is ..., is the derivative of ... equal to ..."""
    asked = _ASKED.search(text[: one[0]]) is not None and _DERIVATIVE.search(text[slice(*one)]) is None
    return asked and _TELLS.search(text[one[1] : other[0]]) is not None and "=" not in text[slice(*other)]


def _is_plain(text: str) -> bool:
    """Say whether what dollar signs mark is in words, as Typst writes it: sum_(i=1)^n norm(x)."""
    if "\\" in text:
        return False
    words = re.findall(r"[A-Za-z]{3,}", text)
    return any([is_function(word) or plain_name(word) != word or word in ("sum", "prod", "frac") for word in words])


def bare_display(draft: Draft) -> None:
    r"""Take off brackets around all of a formula that has a left side, or a command: those of ``\[`` without ``\``."""
    text = draft.text.strip()
    if text[:1] not in ("[", "(") or closing(text, 0) != len(text) - 1:
        return
    inside = text[1:-1]
    spaced = inside[:1].isspace() and inside[-1:].isspace()
    if spaced and (_is_equation(inside) or (text[0] == "[" and "\\" in inside and ";" not in inside)):
        start = draft.text.index(text)
        draft.is_latex = "\\" in inside
        draft.keep(start + 1, start + len(text) - 1)


def _is_equation(text: str) -> bool:
    """Say whether an equals sign stands outside all brackets, which no bracket of a formula has in it."""
    signs = [place for place in outside_brackets(text) if text[place] == "="]
    lone = any([text[place - 1] not in "<>!=" and text[place + 1 : place + 2] != "=" for place in signs])
    return lone and not (";" in text or "where" in text)


def without_fences(text: str) -> str:
    r"""Return a text with blanks in place of fences; what a fence marks as LaTeX is one line.

    >>> without_fences("x: R\n```\nx^2\n```")
    'x: R\n   \nx^2\n   '
    """

    def blanked(match: re.Match[str]) -> str:
        inside = match[3].replace("\n", " ") if match[2].lower() in MATHEMATICAL else match[3]
        before = match.start(3) - match.start() - 1
        after = match.end() - match.end(3)
        return " " * before + "\n" + inside[:-1] + "\n" * (inside != "") + " " * after

    text = _DIRECTIVE.sub(lambda match: " " * len(match[0]), text)
    return _FENCED.sub(blanked, text)
