r"""What is asked: a head such as ``min_w``, an objective, constraints behind ``s.t.``, or an equation with unknowns.

Only the text is cut here, plain or LaTeX; each piece is then read as any statement is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mcalc.errors import Mistake, Span

MINIMISE, MAXIMISE, SOLVE = "minimise", "maximise", "solve"
SPACE = r"(?:\s|\\[,;:! ]|\\quad|\\qquad|~|&|\{\})*"
WORDED = re.compile(r"\\(?:text|textrm|textnormal|mathrm|operatorname\*?|mbox)\s*\{([^{}]*)\}")
"""Words that LaTeX sets upright."""
WORD_IN = re.compile(
    r"^(?:arg(?:\\,|\s)*)?(?:min|max|minimi[sz]e|maximi[sz]e)$|^argmin$|^argmax$"
    r"|^(?:s\.?\s*t\.?|subject\s+to|such\s+that|over|for|and|with)$"
)
HEAD = re.compile(
    r"(?:\\underset" + SPACE + r"\{(?P<under>(?:[^{}]|\{[^{}]*\})*)\}" + SPACE + r"\{?" + SPACE + r")?"
    r"(?P<word>(?:\\arg|arg)(?:\\,|\s)*\\?(?:min|max)|\\?argmin|\\?argmax|\\?(?:min|max)|minimi[sz]e|maximi[sz]e)"
    r"(?:\\limits)?(?![A-Za-z])" + SPACE + r"\}?"
)
SUBSCRIPT = re.compile(
    r"\s*_\s*(?:\{(?P<braced>(?:[^{}]|\{[^{}]*\})*)\}|\((?P<bracketed>[^()]*)\)|(?P<one>\\?\w+(?:\s*,\s*\\?\w(?=\s))*))"
)
LEFT = re.compile(r"^[^=∈]{1,40}?(?:=|:=|∈|\\in)" + SPACE + r"(?=(?:\\arg|\\?argm|\\underset|\\min|\\max|min|max|arg))")
OVER_FIRST = re.compile(r"^over\s+(?P<names>[^:]+?)\s*(?::|\bof\b)", re.IGNORECASE)
SUBJECT = re.compile(
    r"(?<![\w\\])(?:s\.\s?t\.?|s\.t|subject\s+to|subj\.\s*to|such\s+that|under|with)(?![\w(])", re.IGNORECASE
)
OVER = re.compile(r"(?<![\w\\])(?:over|with\s+respect\s+to|w\.r\.t\.|for)\s+(?P<names>[^=<>≥≤]*)$", re.IGNORECASE)
RELATION = re.compile(r"[=<>≤≥∈]|\\\\(?:le|ge|leq|geq|in)\\b")
FONT = re.compile(r"\\(?:mathbf|boldsymbol|bm|bold|mathrm|mathit|mathcal|mathsf|textbf|vec)\s*\{?\s*(\\?\w+)\s*\}?")
"""The fonts that LaTeX sets names in."""
NAME = r"\\?[^\W\d_]+\d*(?:_(?:\w|\{\w+\}))?(?:\{[^{}]*\})?"
ENVIRONMENT = re.compile(
    r"^\\begin\{(?P<name>aligned|align\*?|equation\*?|gather\*?|gathered|split|array|alignat\*?)\}"
    r"(?:\[[^\]]*\])?(?:\{[^{}]*\})?(?P<body>.*)\\end\{(?P=name)\}$",
    re.DOTALL,
)
FENCES = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))


class Cut(NamedTuple):
    """A statement in pieces: what is asked (minimise, maximise, solve), of what, for which names, under what."""

    goal: str
    body: str
    names: list[str]
    constraints: list[str]


def is_problem(text: str) -> bool:
    """Say whether a statement asks for a solution: it begins with solve, or with min, max and a name below or behind.

    >>> [is_problem(t) for t in ("min_w ‖X w - y‖²", "solve A x = b for x", "max(0, x)", "min_i x_i", "∂/∂w (w · x)")]
    [True, True, False, False, False]
    """
    bare = _unwrapped(text)
    if re.match(r"solve\s+\S", bare):
        return True
    head = _head(bare)
    if head is None:
        return False
    _, names, _, rest = head
    if not rest or rest[0] in "=,)":
        return False
    if not names:
        if OVER_FIRST.match(rest):
            return True
        return SUBJECT.search(rest) is not None or _over(rest)[1] != []
    return not (len(names) == 1 and _only_counts(names[0], rest))


def _only_counts(name: str, text: str) -> bool:
    """Say whether a name stands in subscripts only: min_i x_i is the least of some numbers."""
    below = re.search(rf"_\{{?\w*{re.escape(name)}", text)
    bare = re.sub(r"_(?:\{[^{}]*\}|\w)", " ", re.sub(r"\\[A-Za-z]+", " ", text))
    alone = re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", bare)
    return below is not None and alone is None and len(name) == 1


def cut(text: str, goal: str = SOLVE) -> Cut:
    """Return a statement in pieces; `goal` is that of one that does not begin with what is asked.

    >>> c = cut("min ½ ‖x - z‖² over x subject to ‖x‖² = 1")
    >>> c.goal, c.body, c.names, c.constraints
    ('minimise', '½ ‖x - z‖²', ['x'], ['‖x‖² = 1'])
    >>> cut("xᵀ x s.t. A x = b", MINIMISE).constraints
    ['A x = b']
    """
    bare = _unwrapped(text)
    head = _head(bare)
    if head is None and goal != SOLVE:
        head = goal, [], [], bare
    if head is None:
        body = re.sub(r"^solve\s+", "", bare)
        body, names = _over(body)
        return Cut(SOLVE, body, names, [])
    goal, names, within, rest = head
    first = OVER_FIRST.match(rest)
    if first and not names:
        names, rest = _names(first["names"]), rest[first.end() :]
    rest, *behind = SUBJECT.split(rest, maxsplit=1)
    constraints = [*within]
    if behind:
        condition, more = _over(behind[0])
        names = names or more
        constraints += _split(condition)
    rest, more = _over(rest)
    rest, *conditions = _split(rest) or [""]
    if all([RELATION.search(part) for part in conditions]):
        constraints = [*conditions, *constraints]
    else:
        rest = ", ".join([rest, *conditions])
    return Cut(goal, rest, names or more, constraints)


def _unwrapped(text: str) -> str:
    """Return a statement without what LaTeX puts around it: dollar signs, environments, words set upright."""
    bare = re.sub(r"\s+", " ", text.strip())
    while True:
        before = bare
        for start, end in FENCES:
            if bare.startswith(start) and bare.endswith(end) and len(bare) > len(start) + len(end):
                bare = bare[len(start) : -len(end)].strip()
                break
        last = len(bare)
        while last and bare[last - 1] in ".,; " and not bare.endswith("t.", 0, last):
            last -= 1
        bare = bare[:last]
        found = ENVIRONMENT.match(bare)
        if found:
            bare = _one_line(found["body"])
        if bare == before:
            break

    def bared(match: re.Match[str]) -> str:
        inner = re.sub(r"\\[,; ]|~", " ", match[1]).strip()
        return f" {inner} " if WORD_IN.match(inner) else match[0]

    return re.sub(r"\b(min|max)\s+_", r"\1_", WORDED.sub(bared, bare)).strip()


def _one_line(body: str) -> str:
    """Return the lines of an environment as one, but for those of matrices in it."""
    parts, depth = [], 0
    for token in re.split(r"(\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\\\(?:\[[^\]]*\])?|(?<!\\)&)", body):
        depth += token.startswith("\\begin") - token.startswith("\\end")
        if depth == 0 and token.startswith("\\\\"):
            parts.append(" ;; ")
        elif not (depth == 0 and token == "&"):
            parts.append(token)
    return re.sub(r"^\s*(;;\s*)+|(\s*;;)+\s*$", "", "".join(parts)).strip()


def _head(bare: str) -> tuple[str, list[str], list[str], str] | None:
    """Return the goal of a head, the names and the constraints that stand below it, and what follows; None without."""
    left = LEFT.match(bare)
    start = left.end() if left else 0
    head = HEAD.match(bare, start)
    if head is None:
        return None
    goal = MAXIMISE if "max" in head["word"] else MINIMISE
    end = head.end()
    below = head["under"]
    sub = SUBSCRIPT.match(bare, end) or SUBSCRIPT.match(bare, head.end("word"))
    if below is None and sub is not None:
        below, end = next(g for g in sub.groups() if g is not None), sub.end()
    rest = _trimmed(bare[end:])
    if rest.startswith("("):
        called = below is None and not re.match(r"\s", bare[head.end("word") : head.end("word") + 1])
        if called and head["word"] in ("min", "max", "\\min", "\\max"):
            return None
    names, within = _below(below) if below is not None else ([], [])
    return goal, names, within, rest


def _below(text: str) -> tuple[list[str], list[str]]:
    """Take apart what stands below min: w; w ∈ R^n; W, b; x: ‖x‖ = 1; ‖x‖ = 1."""
    names, *conditions = re.split(r":|(?<!\\)\||\\mid|\\colon|\\text\{[^{}]*\}|\bs\.t\.", _trimmed(text), maxsplit=1)
    if re.search(r"[=<>≤≥]|\\le|\\ge", names):
        return _names(_alone(names)), [_trimmed(text)]
    return _names(re.split(r"∈|\\in\b", names)[0]), [c for part in conditions for c in _split(part)]


def _alone(condition: str) -> str:
    """Return the one name in a condition such as ‖x‖ = 1, xᵀ x = 1, or nothing where there are several."""
    found = {*re.findall(r"(?<![\\\w])[^\W\d_]", re.sub(r"\\[A-Za-z]+|ᵀ|\^T", " ", condition))} - {"I"}
    return found.pop() if len(found) == 1 else ""


def _over(text: str) -> tuple[str, list[str]]:
    """Take ``over a, b`` or ``for x`` off an end; return the rest and the names."""
    found = OVER.search(_trimmed(text))
    if found is None:
        return _trimmed(text), []
    names = _names(found["names"])
    parts = [p for p in re.split(r",|\band\b", found["names"]) if p.strip()]
    if not names or len(names) != len(parts):
        return _trimmed(text), []
    return _trimmed(_trimmed(text)[: found.start()]), names


def _names(text: str) -> list[str]:
    """Return the names of a list of them."""
    bare = FONT.sub(r"\1", text)
    parts = [_trimmed(re.split(r"∈|\\in\b|:", part)[0]) for part in re.split(r",|;|\band\b", bare)]
    return [part for part in parts if re.fullmatch(NAME, part)]


def _split(text: str) -> list[str]:
    """Cut constraints apart at commas, lines and the word and, outside brackets."""
    parts, depth, current = [], 0, ""
    for token in re.split(r"(\\left|\\right|\\[{}]|[()\[\]{}]|;;|;|,|\band\b|\\\\)", text):
        if token in ("(", "[", "{", "\\{"):
            depth += 1
        elif token in (")", "]", "}", "\\}"):
            depth -= 1
        if depth == 0 and token in (";;", ";", ",", "and", "\\\\"):
            parts.append(current)
            current = ""
        else:
            current += token
    return [trimmed for part in [*parts, current] if (trimmed := _trimmed(part))]


def _trimmed(text: str) -> str:
    """Return a text without spaces, breaks and commas at its ends."""
    ends = r"(?:\s|\\[,;:!]|\\ |\\quad|\\qquad|~|,|;)+"
    return re.sub(rf"^{ends}|{ends}$", "", text).strip()


def equations_of(text: str) -> list[str]:
    """Return the equations of a statement, cut at commas and lines.

    >>> equations_of("A x = b, B x = c")
    ['A x = b', 'B x = c']
    """
    parts = _split(text)
    if len(parts) > 1 and all([part.count("=") == 1 for part in parts]):
        return parts
    return [text]


def no_names(text: str, names: Sequence[str], *, objective: bool = False) -> Mistake:
    """Return the mistake of a statement that does not say what is not known, of the `names` in it.

    An `objective` alone is given to another command than a whole problem.
    """
    first, option = names[0] if names else "w", f"--{'over' if objective else 'for'}"
    said = f"say it: min_{first} ..., solve ... for {first}, or {option} {first}"
    several = f"; for all of them {option} {','.join(names)}" if 1 < len(names) < 5 else ""
    return Mistake("E-USAGE", "for which variable?", [Span(0, len(text))], said + several, text)
