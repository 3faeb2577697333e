"""One formula of a page, and a row cut into its formulas: at words, arrows, "where", "and", and between solutions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcalc.checking.stated_reasons import SAID_OF_NAMES
from mcalc.notation.surface.words import is_function
from mcalc.patterns import pattern

BULLET = pattern(
    r"\s*(?:[•◦▪*>]\s+|\(?(?:\d{1,2}|[a-h]|i{1,3}|iv)[.)]\s+|(?:[Ss]tep|[Pp]roblem|[Ee]xercise|[Qq]uestion|[Ee]xample|[Tt]ask|[Cc]ase)\s+\d+\s*[:.)]\s*|[A-Z][A-Za-z-]{2,}:\s+(?=[^:]*=))"
)
WORDS = pattern(
    r"(?i)\s*(?:(?:let|then|so|thus|hence|therefore|and|also|now|next|finally|first|second|we|get|have|obtain|find|with|"
    r"define|write|since|that|is|it|follows|this|gives|using|put|set|where|consider|answer|claim|result|recall|note|"
    r"solution|given|but|for|if|because|as|compute|differentiate|i\.e\.)\b[\s:,]*)+"
)
"""Words before a formula that say nothing of it."""
LABEL = pattern(r"\s*(?:\*\*|__)([^*_=]{1,60})(?:\*\*|__)\s*[:.]?\s*(?=\S)")
"""What stands in bold before a formula: **Step 1.**"""
SPOKEN_BEFORE = pattern(
    r"\s*((?:(?:(?=[A-Za-z]*[AEIOUYaeiouy])[A-Za-z][a-z]{2,}|(?i:an?(?=\s+[a-z]{3})|as|at|by|be|in|is|it|of|on|so|to|we))"
    r"(?:['’]s)?[,:]?\s+)+)(?=(?:[∂∇]|d[²2]?\w?/d|[^\W\d_](?:_\w|[₀-₉])?\d?['′]*(?:\([^()=]*\))?\s*:?=)[^=]*)"
)
"""Words before an equation that begins with a name or a derivative: the loss is L = ..."""
INTRODUCED = pattern(
    r"\s*((?:[A-Za-z][A-Za-z'’-]*[A-Za-z],?\s+)+[A-Za-z][A-Za-z'’-]*[A-Za-z]):\s+(?=[^:]*=)"
    r"|\s*([A-Z][a-z]{3,}\s[^=;:]{0,40}?)\s+(?:gives|yields)\s+(?=\S[^=]*=)"
)
"""What leads up to an equation: set this to zero: ..., factoring out x gives ..."""
TURNING = pattern(r"(?i)\b(?:if|when|where|since|because|as|for|assuming|suppose|provided|unless|with|not)\b")
"""What makes words before an equation more than a way to say it."""
FUNCTION_BEHIND = pattern(r"[^\W\d_](?:_\w)?\([^\W\d()=]\w*(?:\s*,\s*[^\W\d()=]\w*)*\)\s*:?=(?!\s*0\s*[.:]?$)")
LEADING_IN = pattern(r"(?i)\b(?:for|with|where|suppose)\s*$")
"""Before the definition of a function no condition: Newton's step for f(x) = ..."""
CONSIDERED = pattern(
    r"(?i)\s*(?:(?:consider|take|on|given|for|minimi[sz]e|maximi[sz]e)\s+)?(?:the|an?|our)\s+(?:[a-z]+\s+)?"
    r"(?:curve|circle|ellipse|function|equation|constraint|loss|objective|model|energy|cost|error|system)\s+(?=[^=]*=)"
)
CONDITIONED = pattern(
    r"(?i)(?:and|but|so)?\s*(?:for|if|when|where|assuming|provided)\s+([^,:=]*[<>≤≥≠][^,:=]*?|[i-n]\s*!?=\s*[i-n])\s*"
    r"(?:[,:]\s*(?:then\s+)?|\s+then\s+|\s+(?=we\s))(?:we\s+(?:get|have|obtain|find)\s+)?(?=[^<>≤≥≠;]*=[^;]*$)"
)
"""A condition before an equation: if x > 0, then ..."""
AT_VALUE = pattern(
    r"(?i)\s*(?:(?:plugging|plug|putting|put)\s+in|substituting|evaluating\s+at|at|when|setting)\s+"
    r"([^\W\d_]\s*=\s*[-−]?[\d./]*\d)\s*[:,]\s*(?:we\s+(?:get|have|find|obtain)\s+)?(?=[^=]*=)"
)
"""At x = 2, before an equation."""
NAMED_BEHIND = pattern(r"\s+(?:be|is|denotes?)\s+(?:the|an?|our)\s+[a-z\s-]+[.,]?\s*$")
"""What a name is called, behind its definition: let m = y w·x be the margin."""
SAID_BEFORE = pattern(
    r"[A-Za-zα-ω]\w?\s+(?:be|is|are)\b[^=]*?\b(?:and|with|,)\s+"
    r"(?=(?:[^\s=,]+(?:\([^()]*\))?|∇[^=]*|[∂d][²2]?\w?/[∂d][^=]*)\s*:?=)"
)
"""What is said of a name before a formula: A is symmetric and f(x) = ..."""
EXTREMUM = r"(?:(?:local|global|relative|absolute|strict)\s+)?(min|max)(?:imum|imi[sz]er|\b)(?:\s+point)?"
NATURE = pattern(
    rf"(?i)(?<=[\w)\]}}])(?:\s*(?:[,;:(]|=>|[⇒⟹→∴])\s*|\s+)(?:(?:is|gives|being|so|hence|thus|and|which|it)[\s,]+)*(?:(?:an?|the)\s+)?{EXTREMUM}\)?\s*[.,]?\s*$"
)
"""What stands behind a solution and says what it is: is a local minimum, (max)."""
NATURE_BEFORE = pattern(
    rf"(?i)\s*(?:(?!(?:no|not|nor|neither|if|when)\b)[a-z]+(?:\([^()]*\))?\s+){{0,5}}?{EXTREMUM}\s*(?::|\b(?:is\s+)?(?:at|when|where|for)\b)\s*(?=[^\W\d_]\w?\s*=)"
)
"""What stands before a solution and says what it is: f has a minimum at."""
SETTING = pattern(r"(?i)\s*(?:[a-z]+[,:]?\s+){0,5}?(?:set(?:ting)?|put|solv(?:e|ing)|require)\b(?=[^=]*=)")
"""Words before an equation that is no claim."""
HEADING = pattern(r"\s*(?:\d+[.)]?\s+)?[A-Z][a-z]+(?:[ ,:·].*)?$")
RULES = (
    "rule|product|chain|power|sum|quotient|linearity|definition|identity|trace|trick|cyclic|symmetric|symmetry|expand|"
    "factor|substitut|transpose|constant|derivative|jacobian|gradient|inside|back|terms|since|because|using|by|above|"
    "element|entry|layout|norm|scalar|multiply|merge|order|collect|simplif|cancel|elementwise|diagonal|inverse|plug|put"
)
"""Beginnings of words of which a reason has one."""
WORD = pattern(rf"(?i)\b(?:{RULES})|§|[^\W\d_]{{4,}}")
TAIL = pattern(
    r"(?i),?\s+(?:(?:since|because|by|as|using|due to|from|via|which follows|if|when|given|provided|assuming)\s+.*"
    rf"|[(\[](?=[^()\[\]]*(?:{RULES}|[a-z]{{3,}}\s+[a-z]{{3,}}))[a-z][a-z\s,'’§·.:\d-]*[)\]])\s*[.,;]?\s*$"
)
"""A reason at the end of a line: since ..., (chain rule), [product rule]."""
PIECES = pattern(r"(?i)\bif\b.*(?:\belse\b|\botherwise\b|,.*\bif\b)")
"""What no reason has: pieces, each with its condition."""
PLACE = pattern(r"(?i),?\s+(?:when|if|for)\s+[^\W\d_]\s*=\s*\S+")
"""What says where a line is so, x = 3, which is no reason."""
MEANING = pattern(r"\s*(?:Read off\b|\S+ changes by d)")
"""How mcalc begins a line that says what moves, or what is read off by names that stand for nothing."""
IN_WORDS = pattern(
    r"(?i)\b(?:gradient|hessian|(?<!partial )derivative|jacobian)\b[^=]*\b(?:is|equals|becomes)\s+"
    r"(?:(?:just|simply|then|thus|therefore|equal\s+to)\s+)*(?!(?-i:a\b)|[^\W\d_]{2,}(?![\w(^_²³ᵀ])|[^.;]*=)"
)
"""A claim that words make, the gradient is 2 x, not one as in: the gradient is linear."""
SPOKEN_WORD = pattern(r"[^\W\d_]{2,}")
WHERE = pattern(r",?\s+(?:where|with)\s+(?=[^\s=(]+(?:\([^()]*\))?\s*:?=)")
PLUS_MINUS = pattern(r"±|\\pm(?![a-zA-Z])")
SIGNED = pattern(r"\s*(?:[^\W\d_]|\\[a-z]+)(?:_\w)?\s*=[^=]*$")
NUMBERS = pattern(r"[-−]?\d+(?:[./]\d+)?")
NUMBER = rf"\s*{NUMBERS.pattern}\s*"
VALUES = pattern(
    r"((?:.*\s(?:at|when|if|for)\s+)?)([^\W\d_](?:_\w)?|\\[a-z]+)\s*=\s*"
    rf"({NUMBER}(?:(?:,|,?\s*\b(?:or|and)\b)\s*(?:\2\s*=)?{NUMBER})+)"
)
"""Several numbers that a variable is, or at which something is so."""
SEPARATE = pattern(
    r"\s*(?:,?\s+(?:and|or)\s+|,\s*(?:\\q?quad)?\s+|,?\s*\\q?quad\s*)(?!\s*(?:\\forall\s*)?[ijkln]\s*=\s*[01]\s*,)(?=(?:(?:\\\w+\s+)?[^\s=,(]{1,12}(?:\([^()]*\))?|(?:\\[dt]?frac|[∂d][²2^]*/[∂d])[^=]{1,80})\s*:?=)"
)
"""What stands between two equations in one line."""
BESIDE = pattern(
    rf"{SEPARATE.pattern}|,?\s+(?:and\s+)?(?=(?:[Σ∑‖|]|1ᵀ|\\sum|\\\|)[^=,]*=)|,?\s+and\s+(?=\S+\s+(?:is|are)\b)"
)
"""What stands between two definitions or conditions behind "where"."""
SENTENCE = pattern(
    r"\.\s+(?=[A-Z][a-z]*\b)|,?\s+then\s+(?=\S+.*=)|,\s+(?:the\s+)?[A-Za-z][a-z]{3,}:\s+(?=.*=)"
    r"|[,.]?\s+(?:and\s+)?(?:so(?:\s+that)?|hence|thus|therefore|whence|giving|yielding|i\.e\.)(?=[\s,:])[\s,:]*(?=.*(?:=|\bis\b))"
    r"|,?\s+we\s+(?:then\s+)?(?:get|have|obtain|find|conclude)\s+(?:that\s+)?(?=.*=)"
    r"|(?<=\w)\s+(?:gives|yields|implies|means)\s+(?=[^\s=]+\s*=)"
    r"|,?\s+(?:and|from)?\s*which\s+(?:gives|is|means|yields|implies)\s+(?:that\s+)?(?=[^\s=]+\s*=)"
    r"|,?\s+and\s+(?=(?:the|its)\s+[a-z]{3,}\s+(?:is|becomes)\s+\S+.*=)"
    r"|,?\s+and\s+(?=(?:the\s+)?(?:second\s+)?(?:gradient|[Hh]essian|derivative|[Jj]acobian)\b)"
)
"""What stands between two sentences, or two claims of which the second follows from the first."""
ARROW = pattern(r"\s*(?:→|⟹|⇒|⟸|⇔|⟺|=>|\\implies|\\Rightarrow|\\Longrightarrow|\\iff|\\therefore|∴)\s*")
NAMED = pattern(r"\s*([^\W\d][^\s=()]*)(?:\([^()]*\))?\s*:?=")
EDGE = pattern(r"(?:[\s,;]|\\(?:q?quad(?![a-zA-Z])|[,;:!> ]))*")
"""Spaces and commas before a formula."""
SPACES = ("\\quad", "\\qquad", "\\,", "\\;", "\\:", "\\!", "\\>", "\\ ")
RELATED = pattern(r"=|∈|\\in\b|:\s*(?:R\b|ℝ|symmetric|posdef)")
SET_TO_ZERO = "set to zero"
"""The reason of = 0, where words say that."""
OPENED, CLOSED = "([{", ")]}"


class PageLine:
    """One formula of a page, as it stands there, with the number of its line and the reason that is given for it.

    `spelled` is the formula as it is read; it `follows` from the one before where an arrow stands between them. Its
    `nature` is what it says that a solution is: a minimum, a maximum, or nothing. Words before it may say that
    it `sets` something.
    """

    __slots__ = ("follows", "nature", "notation", "number", "reason", "sets", "spelled", "text")

    def __init__(self, number: int, text: str, reason: str = "", notation: str = "plain") -> None:
        self.number = number
        self.text = self.spelled = text
        self.reason = reason
        self.notation = notation
        self.follows = False
        self.nature = ""
        self.sets = False

    def __repr__(self) -> str:
        return f"PageLine({self.number}, {self.text!r}, {self.reason!r})"


def is_heading(row: str) -> bool:
    """Say whether a row is made of words, and of no formula that claims or defines something."""
    if MEANING.match(row) is not None:
        return True
    if RELATED.search(row) is not None or IN_WORDS.search(row) is not None:
        return False
    if SAID_OF_NAMES.search(row) is not None:
        return True
    words = [word for word in SPOKEN_WORD.findall(row) if not is_function(word)]
    if HEADING.match(row) is None:
        return len([word for word in words if word.isascii() and word.islower() and len(word) > 2]) > 1
    return WORD.search(row) is not None or len(words) > 1


def parted(number: int, text: str, reason: str) -> Iterator[PageLine]:
    """Yield the formulas that signs of implication, semicolons and "where" part."""
    for begins, sign in ((CONDITIONED, "for"), (AT_VALUE, "at")):
        given = begins.match(text)
        if given is not None:
            text = f"{text[given.end() :].rstrip(' .')} {sign} {given[1]}"
    text, said_last = _without_nature(text)
    parts = split(text)
    for part in parts:
        body, own = part, reason
        follows = ARROW.match(part) is not None
        for mark in (ARROW, LABEL, BULLET, WORDS, SAID_BEFORE, CONSIDERED):
            begun = mark.match(body)
            if begun is not None and body[begun.end() :].strip():
                body = body[begun.end() :]
        setting = SETTING.match(body)
        sets = setting is not None or SETTING.match(part) is not None
        body = body if setting is None else body[setting.end() :].lstrip()
        body, last = _without_nature(body)
        last = last or (said_last if part is parts[-1] else "")
        body = _unspoken(body)
        tail = TAIL.search(body)
        fits = tail is not None and not PIECES.search(tail[0]) and not PLACE.fullmatch(tail[0])
        before = body[: tail.start()] if tail is not None and fits else ""
        if tail is not None and "=" in before and _is_whole(before):
            own = own or tail[0].strip(" \t,.;()[]")
            body = before
        where = WHERE.search(body)
        conditions: list[str] = []
        if where is not None:
            for beside in BESIDE.split(body[where.end() :]):
                named = NAMED.match(beside)
                if named is None or is_function(named[1]) or _is_of_itself(named, beside):
                    conditions.append(beside)
                else:
                    yield PageLine(number, beside.strip(" \t.,;"))
            body = body[: where.start()]
        pieces = [one for solution in _solutions(body) for piece in _beside(solution) for one in _solutions(piece)]
        pieces[-1] += f" where {', '.join(conditions)}" if conditions else ""
        for place, one in enumerate(pieces, 1):
            piece, nature = _without_nature(one)
            said = _trimmed(_trimmed(piece).rstrip(" :").removesuffix("."))
            if said and not is_heading(said):
                line = PageLine(number, said, own)
                line.follows = follows
                line.sets = sets
                line.nature = last if place == len(pieces) else nature
                yield line


def _without_nature(text: str) -> tuple[str, str]:
    """Return a text without what it says that a solution is, and that.

    >>> _without_nature("x = 1 is a local minimum."), _without_nature("f has a max at x = -1")
    (('x = 1', 'minimum'), ('x = -1', 'maximum'))
    """
    found = NATURE.search(text) if re.search("[=<>]", text) else None
    before = NATURE_BEFORE.match(text) if found is None else None
    said = found or before
    if said is None:
        return text, ""
    return text[: said.start()] or text[said.end() :], f"{said[1].lower()}imum"


def _unspoken(text: str) -> str:
    """Return an equation without the words around it that say nothing of it.

    >>> _unspoken("The loss is L = x²"), _unspoken("m = 2 x be the slope")
    ('L = x²', 'm = 2 x')
    """
    led = INTRODUCED.match(text)
    if led is not None and (led[2] or TURNING.search(led[1]) is None):
        text = text[led.end() :]
    spoken = SPOKEN_BEFORE.match(text)
    if spoken is not None:
        defines = FUNCTION_BEHIND.match(text, spoken.end()) is not None
        said, leads = LEADING_IN.subn("", spoken[1]) if defines else (spoken[1], 0)
        words = said.replace(",", " ").replace(":", " ").split()
        if TURNING.search(said) is None and (leads or not any([is_function(word) for word in words])):
            text = text[spoken.end() :]
    named = NAMED_BEHIND.search(text)
    return text[: named.start()] if named is not None and "=" in text[: named.start()] else text


def _trimmed(text: str) -> str:
    """Return a formula without spaces and commas around it."""
    begun = EDGE.match(text)
    text = text[begun.end() if begun is not None else 0 :]
    while True:
        if text.endswith(SPACES):
            text = text[: text.rfind("\\")]
        elif text.endswith((",", ";")):
            text = text[:-1]
        elif text[-1:].isspace():
            text = text.rstrip()
        else:
            return text


def _is_of_itself(named: re.Match[str], text: str) -> bool:
    """Say whether an equation has the name on its left in its other side as well, as A = Aᵀ has."""
    return re.search(rf"(?<![^\W_ᵀ]){re.escape(named[1])}(?![^\W_ᵀ])", text[named.end() :]) is not None


def _is_whole(text: str) -> bool:
    """Say whether every bracket of a text is closed."""
    return all([text.count(a) == text.count(b) for a, b in ("()", "[]", "{}")])


def _beside(text: str) -> list[str]:
    """Cut equations that stand beside each other apart: u = x², v = sin(x)."""
    found: list[str] = []
    start = 0
    for mark in SEPARATE.finditer(text):
        before = text[start : mark.start()]
        if "=" in before and _is_whole(before):
            found.append(before)
            start = mark.end()
    return [*found, text[start:]]


def _solutions(text: str) -> list[str]:
    """Cut several solutions apart: x = ±2, x = 2 or 3; as they are where a text is none of these.

    >>> _solutions("x = 1 ± √2"), _solutions("x = 2, 3"), _solutions("y = 0 at x = 1 and x = 2")
    (['x = 1 + √2', 'x = 1 - √2'], ['x = 2', 'x = 3'], ['y = 0 at x = 1', 'y = 0 at x = 2'])
    """
    if SIGNED.match(text) and len(PLUS_MINUS.findall(text)) == 1:
        both = [PLUS_MINUS.sub(lambda _, sign=sign: sign, text) for sign in ("+", "-")]  # type: ignore[misc]
        return [re.sub(r"(=\s*)\+\s*", r"\1", one) for one in both]
    listed = VALUES.fullmatch(text)
    if listed is None:
        return [text]
    return [f"{listed[1]}{listed[2]} = {value}" for value in NUMBERS.findall(listed[3].replace(listed[2], ""))]


def split(text: str) -> list[str]:
    """Cut a text at semicolons and arrows outside brackets; a part that an arrow leads to begins with it."""
    found: list[str] = []
    depth = start = 0
    marks = {match.start(): match.end() for match in SENTENCE.finditer(text)}
    for match in ARROW.finditer(text):
        if "→" not in match[0] or ("=" in text[: match.start()] and "=" in text[match.end() :]):
            marks[match.start()] = match.start()
    for place, character in enumerate(text):
        depth += (character in OPENED) - (character in CLOSED)
        if depth <= 0 and place in marks and place >= start:
            found.append(text[start:place])
            start = marks[place]
        elif depth <= 0 and character == ";" and text[place - 1 : place] != "\\":
            found.append(text[start:place])
            start = place + 1
    return [part for part in [*found, text[start:]] if part.strip()]
