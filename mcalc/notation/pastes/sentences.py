"""Sentences in plain text that ask for a derivative, say what to find, or claim what it is.

They are tried only on what is no formula: gradient of x^T A x with respect to x; if y = x^2, find dy/dx.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mcalc.errors import Mistake, clip
from mcalc.notation.pastes.draft import Draft
from mcalc.notation.surface.characters import clean
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.words import apart, is_function, plain_name

_LABEL = re.compile(
    r"\s*(?:[a-z]\)|Q(?:uestion)?\s*\d+\s*[.:)]|(?:step|part|exercise|example|problem|case)\s+\w{1,3}\s*[.:)]"
    r"|(?:given|find|let|answer|solution|compute|question|task|hint|so|then|now)\s*:)\s+(?=\S)",
    re.IGNORECASE,
)
"""What stands before a question, or a step."""
_BY = r"\\?[^\W\d]\w*(?:_\{\w+\})?"
_VERBS = (
    r"\s*(?:how\s+(?:do|can|to|would)\s+(?:(?:i|we|you|one)\s+)?)?(?:(?:please|what\s+is|what[’']?s|find|compute|calculate|give|show"
    r"|determine|evaluate|take|me|the|is|does|verify|check|prove|that)\s+)*"
    r"(?:(?:first|partial|total|(?P<times>second|2nd|third|3rd|fourth|4th))\s+)*"
)
_WHAT = r"(?P<what>derivative|gradient|jacobian|hessian)(?:\s+(?:matrix|vector))?"
_WITH = (
    r"(?:with\s+respect\s+to|w\.?\s?r\.?\s?t\.?|by)\s+(?:the\s+)?[\[({]?"
    rf"(?P<by>{_BY}(?:(?:\s*,|\s+and)\s*{_BY})*)[\])}}]?"
)
_SENTENCES = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        (
            rf"{_VERBS}(?:{_WHAT}|differentiate|derive)\s*,?\s+{_WITH}\s*(?:(?:of|for)\b|:|,)\s*"
            r"(?P<formula>\S.*?)(?P<value>)(?P<side>)(?P<tail>)\s*[.?!]*\s*"
        ),
        *[
            rf"{_VERBS}(?:{_WHAT}\s+(?:of|for)|differentiate|derive)"
            rf"\s*:?\s+(?:the\s+function\s+)?(?P<formula>\S.*?){by}"
            r"(?:\s+(?:is|equal\s+to|equals?)\s+(?P<value>.+?)|\s*=\s*(?P<side>[^?]+?))?\s*[.?!]*\s*"
            for by in (
                (
                    rf",?\s+{_WITH}"
                    r"(?P<tail>(?:\s*,\s+|,?\s+(?:where|when|if|for|assuming|given|with)\s+)(?:\w+\s+)*\w*[a-z]{3}\w*)?"
                ),
                "(?P<by>)(?P<tail>)",
            )
        ],
    )
)
"""A sentence that asks for a derivative, or says what it is: what is the gradient of x^T A x with respect to x?

By what is left out where the formula has one name; it may stand before the formula."""
_NAME = r"[^\W\d_](?:\d|_\w|_\{\w+\})?"
_DEFINED = re.compile(rf"{_NAME}\s*(?:\((?P<names>\s*{_NAME}(?:\s*,\s*{_NAME})*\s*)\))?")
"""What an equals sign defines, where words only ask for its derivative: f(x), y."""
_CLAIMS = re.compile(r"\s*(?:is|does|verify|check|prove)\b", re.IGNORECASE)
_TIMES = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_CALL = re.compile(
    r"\s*(derivative|gradient|grad|jacobian|hessian)\((?P<formula>.+?),\s*[\[({]?\s*(?P<by>\w+(?:\s*,\s*\w+)*)\s*[\])}]?\s*\)\s*",
    re.IGNORECASE,
)
"""gradient(x^2 y, [x, y]), as other systems have it"""
_VERB = (
    r"(?:please\s+|then\s+|how\s+(?:do|can|would)\s+(?:you|i|we)\s+|use\s+implicit\s+differentiation\s+to\s+)*"
    r"(?:find|compute|calculate|determine|evaluate|get|what\s+is|what[’']?s)\s+"
)
_KNOWN = r"(?P<known>\\?[^\W\d]\w*(?:\([^()=]*\))?\s*=.*?)"
_WANTED = (
    r"(?P<wanted>(?:[d∂]\S*\s*/\s*[d∂]|\\[dt]?frac\s*\{\s*(?:d|\\partial|\\mathrm\s*\{?d)|∇|\\nabla(?![A-Za-z])|[^\W\d]\w*['′]"
    r"|[^\W\d]_).*?)"
)
_TASKS = tuple(
    re.compile(rf"\s*{form}[\s.?!]*", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?:(?:if|given|let|suppose|for)\s+(?:that\s+)?)?{_KNOWN}(?:\s*[,.;]\s*(?:{_VERB}|then\s+)|\s+{_VERB}){_WANTED}(?:\s*=)?",
        rf"(?:if|given|let|suppose)\s+{_KNOWN}\s+then\s+(?:{_VERB})?{_WANTED}(?:\s*=)?",
        rf"{_KNOWN}\s*(?:=>|→|⇒|⟹|∴|\\(?:Rightarrow|implies|therefore)\b)\s*{_WANTED}",
        rf"(?:{_VERB})?{_WANTED}\s*,?\s*(?:if|given|where|when|for)\s+{_KNOWN}",
        rf"{_VERB}{_WANTED}",
        r"(?P<wanted>(?:[d∂]\S*\s*/\s*[d∂]|∇)[^=?]+=[^=?]+)(?=\?)",
        r"(?:is|does|verify|check|show|prove)\s+(?:that\s+)?(?P<wanted>(?!the\b)\S[^=]*=.*?)",
    )
)
"""Sentences that say what to find: if f(x) = x^2, find f'(x); find dy/dx where y = x^2; find d/dx x^2."""
_SLOPE = r"(?P<slope>[d∂]\w+\s*/\s*[d∂]\w+|\([d∂]\w+\)\s*/\s*\([d∂]\w+\))"
_EQUATION = r"(?P<equation>[^\s=][^=]*=[^=,;?]+?)"
_IMPLICIT = tuple(
    re.compile(rf"\s*{form}[\s.?!]*", re.IGNORECASE)
    for form in (
        rf"{_EQUATION}(?:\s*,\s*(?:{_VERB})?|\s+{_VERB}){_SLOPE}",
        rf"(?:{_VERB})?{_SLOPE}\s*,?\s*(?:if|given|when|for|from)\s+(?:that\s+)?{_EQUATION}",
        rf"(?P<slope>)(?:how\s+(?:do|can)\s+(?:you|i|we)\s+)?implicit(?:ly)?\s+differentiat(?:e|ion\s+of)\s*:?\s+{_EQUATION}",
    )
)
"""x^2 + y^2 = 25, dy/dx: by an equation that is no definition; implicitly differentiated it is y by x that is meant."""
_BRACKETED = re.compile(r"\(\s*([d∂]\w+)\s*\)\s*/\s*\(\s*([d∂]\w+)\s*\)")
_OF_WHAT = re.compile(r"^([d∂]\S*/[d∂]\S+) of\b")
_ORDERS = re.compile(r"\bd(?:\^?([2-4])|([²³]))(\w?)\s*/\s*d(?:(\w)(?:\1|\2)|(\w)d(\w))\b")
"""d2y/dx2 and d²f/dxdy, which lack a sign."""
_FUNCTION_OF = re.compile(r"^(?:the\s+)?(\w+)\s+of\s+(.*)$", re.DOTALL)
"""trace of X^T A X"""
_JOINS = re.compile(r"^,?\s*(?:where|when|if|for|assuming|given|with)?\s+")
_AND = re.compile(r"\s*,\s*|\s+and\s+")


def sentence(text: str, wanted: Sequence[str] = ()) -> Draft | None:
    """Return the formula of a sentence that asks for a derivative in words, and what it asks; None for other texts.

    A label before it, as Q1. or Step 2:, is left out. `wanted` are the names that are differentiated by where the
    words do not say by what.

    >>> draft = sentence("Find the gradient of x^T A x with respect to x.")
    >>> draft.text, draft.derived
    ('x^T A x', ('x', 1))
    >>> sentence("If f(x) = x^2, find f'(x).").text
    "f(x) = x^2, f'(x)"
    """
    draft = Draft(text)
    draft.is_latex = "\\" in text
    draft.is_plain = not draft.is_latex
    label = _LABEL.match(text)
    begun = label.end() if label is not None else 0
    if label is not None:
        draft.note(f"{clip(label[0].strip())} is left out")
    tasks = [found for form in _TASKS if (found := form.fullmatch(text, begun)) is not None]
    task = next((found for found in tasks if not is_function(_head(found)) or _head(found) in found["wanted"]), None)
    curve = _curve(text, begun) or (_IMPLICIT[0].fullmatch(text, begun) if task is None else None)
    if task is not None and curve is None:
        draft.join([task.span(part) for part in ("known", "wanted") if part in task.groupdict()])
        draft.rewrite(_OF_WHAT, lambda match: match[1])
    elif curve is not None:
        draft.replace(0, len(text), f"{curve['slope'] or 'dy/dx'} where {curve['equation']}")
    elif (found := _CALL.fullmatch(text, begun)) is not None:
        draft.derived = f"({found['by']})" if "," in found["by"] else found["by"], 1 + (found[1].lower() == "hessian")
        draft.keep(*found.span("formula"))
        return draft
    elif (asked := next(filter(None, [form.fullmatch(text, begun) for form in _SENTENCES]), None)) is not None:
        return _asked(draft, asked, wanted)
    else:
        draft.keep(begun, len(text))
    means = task is not None or curve is not None
    draft.rewrite(_BRACKETED, lambda match: f"{match[1]}/{match[2]}")
    draft.rewrite(_ORDERS, _with_order)
    if means or draft.text != text[begun:]:
        draft.note(f"read as {clip(draft.text, 60)}")
    return draft if means or draft.text != text else None


def _curve(text: str, begun: int) -> re.Match[str] | None:
    """Return an equation that is no definition, and the slope that is asked for before it; None for other texts."""
    found = next(filter(None, [form.fullmatch(text, begun) for form in _IMPLICIT[1:]]), None)
    if found is None or _DEFINED.fullmatch(found["equation"].partition("=")[0].strip()):
        return None
    return found if found["slope"] or {"x", "y"} <= {*found["equation"]} else None


def _head(task: re.Match[str]) -> str:
    """Return the name on the left of what is known; of sin(x y) = x that is no name which it defines."""
    return (task.groupdict().get("known") or "").partition("(")[0].strip()


def _asked(draft: Draft, found: re.Match[str], wanted: Sequence[str]) -> Draft | None:
    """Return the formula of a sentence with what its words ask or claim; None where they may mean something else."""
    text = draft.text
    said = "value" if found["value"] else "side" if found["side"] else ""
    if not said and _CLAIMS.match(text, found.start()):
        return None  # is the derivative of tan x sec^2 x?
    formula = found.start("formula"), found.end("formula")
    head = _DEFINED.fullmatch(found["formula"]) if not found["by"] and said == "side" else None
    if head is not None:
        formula, said = (formula[0], found.end("side")), ""  # the derivative of f(x) = x^2
    called = head or (_DEFINED.fullmatch(found["formula"]) if not said else None)
    listed = found["by"] or (called["names"] or "" if called is not None else "")
    names = _AND.split(listed.strip()) if listed else _variables(text[slice(*formula)].rpartition("=")[2])
    at_a_point = " at " in found["formula"]
    names = names or ([] if said or found["tail"] or at_a_point else [*wanted])
    if not names or not all([_stands_in(text[slice(*formula)], name) for name in names]):
        return None  # the derivative of x^2 by hand
    by = names[0] if len(names) == 1 else f"({', '.join(names)})"
    times = _TIMES.get((found["times"] or "").lower(), 1 + ((found["what"] or "").lower() == "hessian"))
    power = f"^{times}" if times > 1 else ""
    if not said:
        draft.keep(*formula)
        draft.rewrite(_FUNCTION_OF, lambda match: f"{match[1]}({match[2]})" if is_function(match[1]) else match[0])
        if not found["tail"]:
            alone = not found["by"] and draft.text.strip() == by  # the gradient of f, which a definition may tell
            draft.derived = "" if alone else by, times
            return draft
        draft.replace(len(draft.text), len(draft.text), f") where {_JOINS.sub('', found['tail'])}")
        draft.replace(0, 0, f"d{power}/d{by}{power} (")
        draft.note(f"read as {clip(draft.text, 60)}")
        return draft
    draft.keep(found.start("formula"), found.end(said))
    begun = found.start("formula")
    draft.replace(found.end("formula") - begun, found.start(said) - begun, ") = ")
    draft.replace(0, 0, f"d{power}/d{by}{power} (")
    draft.note(f"read as {clip(draft.text, 60)}")
    return draft


def _variables(formula: str) -> list[str]:
    """Return the one letter that a formula has for a name, and nothing where it has others: by it is meant then."""
    try:
        words = {token.text for token in scan(clean(formula)[0]) if token.type == "WORD"}
    except Mistake:
        return []
    names = [word for word in words if word not in ("e", "π", "pi") and not is_function(word)]
    return names if len(names) == 1 and re.fullmatch(_NAME, names[0]) else []


def _with_order(found: re.Match[str]) -> str:
    """Return a derivative with its order raised, and with a space between two variables."""
    order = found[1] or {"²": "2", "³": "3"}[found[2]]
    below = f"d{found[4]}^{order}" if found[4] else f"(d{found[5]} d{found[6]})"
    return f"d^{order}{found[3]}/{below}"


def _stands_in(formula: str, name: str) -> bool:
    """Say whether a name stands in a formula, in one of its spellings: theta as θ, W_1 as W1."""
    found = apart(name)
    spelled = {name, name.replace("_", ""), plain_name(name), *(["_".join(found)] if found is not None else [])}
    return any([one in formula for one in spelled])
