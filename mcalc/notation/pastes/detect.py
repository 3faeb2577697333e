"""Telling what a text is by a look at its characters: Python, LaTeX, a paste.

Light enough to be loaded with every statement: nothing here knows a command, or rewrites anything.
"""

from __future__ import annotations

from functools import lru_cache

from mcalc.choices import NOTATIONS, one_of
from mcalc.notation.around.prose import ENGLISH
from mcalc.notation.names.scope import Scope
from mcalc.notation.surface.words import LIBRARIES, plain_name
from mcalc.operators import FUNCTIONS
from mcalc.patterns import pattern

_NAMES = "|".join(sorted(LIBRARIES))
_DEF = r"(?:@[\w.]+\s*)?def\s+[^\W\d]\w*\s*\("
_LAMBDA = r"(?:\w+\s*=\s*)?lambda\s+[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*:"
_IMPORT = rf"(?:import\s+(?:{_NAMES})\b|from\s+(?:{_NAMES})[\w.]*\s+import\b)[^\n;]*"
_BEGINS = pattern(rf"\s*(?:{_DEF}|{_LAMBDA}|{_IMPORT})")
_BLOCK = pattern(rf"(?m)^{_DEF}[^\n]*(?:\n(?:[ \t]+[^\n]*|\)[^\n]*|[ \t]*(?=\n)))*")
_BEGINS_BLOCK = pattern(_DEF)
_IMPORTS = pattern(rf"\s*{_IMPORT}\s*")
_LIBRARY = pattern(rf"(?<![\w.])({_NAMES})\.[A-Za-z_]")
_NETWORK = pattern(r"(?<![\w.])(F|nn)\.(?:functional\.)?[a-z]\w\w+\(")
_ALIAS = pattern(r"(?<![\w.])([A-Za-z][A-Za-z]+)\.(?:[a-z]+\.)?([a-z]\w*)\((?!\)|-?\d+\)|axis|dim)")
_METHOD = pattern(r"[\w)\]]\.(?:[a-z_]+\(|size\b|shape\[)")
_PLAINLY_METHOD = pattern(r"[\w)\]]\.[a-z_]+\((?:-?\d*\)|(?:axis|dim)\s*=)")


def begins_python(text: str) -> bool:
    """Say whether a text begins as nothing but Python does: with def, lambda, or the import of a library.

    >>> begins_python("lambda w: w @ w"), begins_python("lambda: R"), begins_python("def f(x): return x")
    (True, False, True)
    """
    may = "def" in text or "lambda" in text or "import" in text
    return may and _BEGINS.match(text) is not None


def names_library(text: str, scope: Scope) -> bool:
    """Say whether a text is Python for certain, as it has a function of a library: ``np.sum``.

    A library whose name means something in the scope is none.

    >>> from mcalc.notation.names.scope import Scope
    >>> names_library("np.sum(x)", Scope()), names_library("F.softmax(z, dim=-1)", Scope())
    (True, True)
    """
    if "." not in text:
        return False
    found = [match[1] for marks in (_LIBRARY, _NETWORK) for match in marks.finditer(text)]
    return not scope.names().issuperset(found) or bool(aliases(text, scope))


def aliases(text: str, scope: Scope) -> list[str]:
    """Return the names that nothing declares before functions of one argument, which libraries are imported as.

    >>> from mcalc.notation.names.scope import Scope
    >>> aliases("la.norm(x) + th.exp(x) + err.norm() + mu.exp(x) + np.exp(x)", Scope())
    ['la', 'th']
    """
    unary = [name for name, of in _ALIAS.findall(text) if of in FUNCTIONS and FUNCTIONS[of].arity == (1, 1)]
    return [
        name for name in dict.fromkeys(unary) if name not in {*LIBRARIES, *scope.names()} and plain_name(name) == name
    ]


def calls_method(text: str, *, surely: bool = False) -> bool:
    """Say whether a text may call a method, as ``x.dot(y)`` does; `surely` as only Python does: ``X.sum(1)``."""
    return "." in text and (_PLAINLY_METHOD if surely else _METHOD).search(text) is not None


def is_import(text: str) -> bool:
    """Say whether a line imports from a library whose functions are read, which needs nothing done.

    >>> is_import("import numpy as np"), is_import("import os")
    (True, False)
    """
    return "import" in text and _IMPORTS.fullmatch(text) is not None


def begins_block(line: str) -> bool:
    """Say whether a line begins a function of Python's, which goes on with the lines that are indented."""
    return "def" in line and _BEGINS_BLOCK.match(line) is not None


def blocks(text: str) -> dict[int, int]:
    r"""Return where functions of Python's begin in a text, each with its end.

    >>> blocks("x: R\ndef f(x):\n  y = x\n\n  return y\n2 f(x)")
    {5: 34}
    """
    return {match.start(): match.end() for match in _BLOCK.finditer(text)} if "def" in text else {}


_COMMAND = pattern(r"\\(?:[A-Za-z]|[\[\](){}|,;:!\\%&$])|^\s*\$|&=|\^\{[(\[]|[)\]]_\{?\+")
_DECLARED = pattern(r":(?!=)")
_DISPLAY = pattern(r"(?s)\\.|\$\$?|%[^\n]*")
_OPENING = {r"\[": r"\]", r"\(": r"\)", "$": "$", "$$": "$$"}
_ESCAPED = pattern(r"(?s)\\.")
_COMMENT = pattern(r"(?<!\\)((?:\\\\)*)(?:%|\s#(?!\d)).*")


def is_latex(text: str, notation: str = "auto") -> bool:
    r"""Say whether a text is LaTeX: it is called so, or has a command, a dollar sign where a formula begins, ``&=``.

    So it is where a label stands above a name, as in ``x^{(i)}``, which else would be a power, and of ``[x]_+``.

    >>> is_latex(r"\frac12 x"), is_latex("x^{2}"), is_latex("x^{2}", "latex"), is_latex("$x$"), is_latex("x^{(i)}")
    (True, False, True, True, True)
    """
    return _has_commands(text) if notation == "auto" else one_of(NOTATIONS, "notation", notation) == "latex"


@lru_cache(maxsize=4)  # each statement of a line asks for the whole line
def _has_commands(text: str) -> bool:
    if not ("\\" in text or "$" in text or "&=" in text or "^{" in text or "_" in text):
        return False
    if "def" in text:
        text = _BLOCK.sub("", text)  # the docstring of a function of Python's may hold anything
    return _COMMAND.search(text) is not None


def notation_of(part: str, whole: str, notation: str = "auto") -> str:
    r"""Return the notation of a part of a text: LaTeX where the whole is, unless it declares a name as mcalc does.

    >>> notation_of("L &= z^2", r"z &= w^\top x \\ L &= z^2"), notation_of("y: R", r"x \in \mathbb{R}; y: R")
    ('latex', 'plain')
    """
    if not is_latex(whole, notation):
        return "plain"
    return "plain" if _DECLARED.search(part) is not None and "\\" not in part else "latex"


def is_unfinished(text: str) -> bool:
    r"""Say whether a formula goes on: a dollar sign, ``\[`` or ``\begin`` has no end yet, or a row of it ends here.

    >>> is_unfinished(r"\begin{align} a &= b \\"), is_unfinished("$$ x"), is_unfinished("$x$")
    (True, True, False)
    """
    wanted = ""
    for match in _DISPLAY.finditer(text):
        mark = match[0]
        wanted = ("" if mark == wanted else wanted) if wanted else _OPENING.get(mark, "")
    braces = _ESCAPED.sub("", text)
    opened = text.count(r"\begin{") > text.count(r"\end{") or braces.count("{") > braces.count("}")
    return bool(wanted) or opened or text.rstrip().endswith(r"\\")


def without_comment(line: str) -> str:
    r"""Return a line of LaTeX without its comment, from a per cent sign on, or mcalc's own from a ``#`` on.

    >>> without_comment(r"x^2 % square"), without_comment(r"50\% x")
    ('x^2 ', '50\\% x')
    """
    return _COMMENT.sub(r"\1", line)


_MARKS = ("$", "`", "~~~", "math::", "&", "</", "[ ", " dot ", " times ", "^top", "^TT", "%*%")
_MARKS_WITH = {
    "(": ("_(", "( ", "frac(", "norm(", "bold(", "upright(", "italic(", "cal(", "bb("),
    "\\": (r"\_", r"\*", r"\^", r"\#", r"\(", r"\[", r"{\displaystyle", r"{\textstyle"),
}
"""Marks that are looked for where a sign stands that they all have in them."""
_GLYPHS = frozenset("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06▒█■├┤┬┴〖〗∎□")
"""Ligatures, the end of a proof, and what Word's linear format writes."""
_DOUBLED = pattern(r"\\\\(?:[A-Za-z]{2}|[|{}])")
_BEGINNINGS = ("[", "(", "`", '"', "“", "„", "'", "‘", ">", "•", "*", "Eq", "eq", "EQ")
_ITEM = pattern(r"\d{1,2}[.)]\s")
_NUMBERED = pattern(r"[(\[]\s*(?:see\s+)?[Ee][Qq]")
_FENCE = pattern(r"\s*(?:(?:```|~~~)\s*(\w*)|\.\.\s+math::)\s*$")
MATHEMATICAL = frozenset(("math", "latex", "tex"))
"""What a fence says that holds LaTeX."""
_SENTENCE = pattern(r"\s*[A-Z]?[a-z'’]+(?:[,!]?\s+[A-Za-z][a-z'’-]*){2,}\s*[:.,!]?\s*")
_MARKED = frozenset("*#>—✅🎯👉➡")
_MARKUP = pattern(r"^\s*(?:[>#]+|[*-](?=\s))\s*|\*\*(?=\S)|(?<=\S)\*\*|[✅🎯👉➡]")
_HEADING = pattern(r"\s*\*\*[A-Z][a-z]*(?: [A-Za-z]+)*(?::\*\*|\*\*:|\*\*)\s*")
"""Markdown around words: entries of a list, quotations, bold; and a line that is bold."""
_RULE = pattern(r"(?m)^[ \t]*-{3,}[ \t]*$")
_ADDED = pattern(r"[ \t]*(?:[+·⋅×⊙⊗](?!\s*$)|[-−–]\s|(?:subject to|s\.t\.|such that|where)\s)")
_CALL = pattern(r"\s*[^\W\d_]\w*\s*\([^()=]*\)\s*")


def is_marked(text: str) -> bool:
    r"""Say whether something may stand around a formula, or be spelled as elsewhere; a bare formula is not marked.

    >>> is_marked("x^2 + 1"), is_marked("sum_(i=1)^n x_i"), is_marked("the loss is $x^2$")
    (False, True, True)
    """
    begun = text.lstrip()
    return (
        any([mark in text for mark in _MARKS])
        or any([sign in text and any([mark in text for mark in marks]) for sign, marks in _MARKS_WITH.items()])
        or begun.startswith(_BEGINNINGS)
        or (begun[:1].isdecimal() and _ITEM.match(begun) is not None)
        or (("q" in text or "Q" in text) and _NUMBERED.search(text) is not None)
        or ("\\" in text and (not text.isascii() or text.count("=") > 1))
        or ("\\\\" in text and _DOUBLED.search(text) is not None)
        or not _GLYPHS.isdisjoint(text)
    )


def without_rules(text: str) -> str:
    """Return a text without the lines of Markdown that are a rule: three dashes or more."""
    return _RULE.sub("", text) if "---" in text else text


def fence(line: str) -> str | None:
    """Return the language that a fence of Markdown says, "" where it says none; None where the line is no fence.

    >>> fence("```math"), fence("```"), fence("x")
    ('math', '', None)
    """
    found = _FENCE.match(line) if line.lstrip()[:1] in ("`", "~", ".") else None
    return None if found is None else found[1] or ""


def begins_sentence(line: str) -> bool:
    """Say whether a line is made of words of a sentence, as before a formula that is displayed.

    >>> begins_sentence("The loss is"), begins_sentence("log det X"), begins_sentence("derivative of x")
    (True, False, True)
    """
    if "**" in line and _HEADING.fullmatch(line) is not None:
        return True
    line, bare = without_markup(line), line
    words = line.lower().replace(",", " ").rstrip(" .:,!\r\n").split()
    common = sum([len(word) > 1 and word in ENGLISH for word in words])
    return common > 1 - (line.rstrip().endswith(":") or "—" in bare) and _SENTENCE.fullmatch(line) is not None


def without_markup(line: str) -> str:
    """Return a line of prose without the signs of Markdown around its words, dashes and pictures.

    >>> without_markup("### **Step:** the loss — done"), without_markup("A * B")
    ('Step: the loss   done', 'A * B')
    """
    return _MARKUP.sub("", line).replace("—", " ").strip() if not _MARKED.isdisjoint(line) else line


def goes_on(line: str, before: str = "") -> bool:
    """Say whether a line goes on from the line before it: it begins with what no statement begins with.

    A sign of equality goes on from a left side alone; from anything else it makes a claim.

    >>> goes_on(" + x"), goes_on("- x"), goes_on("-x"), goes_on("where r = x"), goes_on("= x", "L(x)")
    (True, True, False, True, True)
    >>> goes_on("= x", "d/dx x^2")
    False
    """
    if line.lstrip(" \t")[:1] == "=" and line.lstrip(" \t")[:2] != "==":
        return _CALL.fullmatch(before) is not None
    return _ADDED.match(line) is not None
