"""Sentences and commands where a formula is expected: refused as such, with the formula that was found in them."""

from __future__ import annotations

from collections.abc import Collection

from mcalc.errors import clip
from mcalc.notation.surface.mistakes import CLOSING, OPENING, Offer, mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.words import GRADIENTS, GREEK, OTHER_NAMES, is_function, plain_name
from mcalc.patterns import pattern

ENGLISH = frozenset((
    "a", "an", "are", "as", "at", "be", "by", "calculate", "can", "compute", "derivative", "derive", "determine",
    "diff", "differentiate", "does", "equals", "evaluate", "expand", "factor", "find", "for", "from", "function",
    "given", "gradient", "have", "help", "hessian", "how", "integral", "integrate", "is", "it", "its", "jacobian",
    "let", "maximize", "me", "minimize", "my", "of", "on", "please", "plot", "respect", "show", "simplify", "solve",
    "such", "take", "that", "the", "then", "this", "times", "to", "undo", "using", "want", "we", "what", "when",
    "where", "with", "wrt",
))  # fmt: skip
"""Words of sentences, and of the commands of the session and of other systems; no names where nothing makes them so."""
_PROSE = ENGLISH - {"a"}
_BY = frozenset(("by", "wrt"))
_INTEGRALS = frozenset(("integral", "integrate"))
_GRADIENTS = frozenset(("grad", "gradient", "jacobian"))
_SLOPES = frozenset(("derivative", "differentiate", "slope", "gradient", "tangent"))
_SECOND = frozenset(("hessian", "second"))
_HEAD = pattern(r"(?<!\w)[d∂]/[d∂](\w+)(?=\s+of\b)")
"""d/dx of ..."""
_SUM = pattern(r"\bsum\s+from\s+(\w)\s*=\s*(\w)\s+to\s+(\w)(?:\s+of\b)?\s*")
"""sum from i = 1 to n of ..."""
_POINT = r"\w+\s*=\s*-?[\d.]+"
_AT = pattern(
    r"\s+(?:evaluated\s+)?at\s+(?:(?:the\s+)?point\s+)?"
    rf"(\(?-?[\d.]+(?:\s*,\s*-?[\d.]+)*\)?|{_POINT}(?:(?:\s*,\s*|\s+and\s+){_POINT})*)\s*[.?]*\s*$"
)
"""... at x = 3, at (1, 2), at x = 1 and y = 2"""
_VALUE = pattern(r"(?:(\w+)\s*=\s*)?(-?[\d.]*\d)")
_FUNCTION = pattern(r"\s*function\s*\(\s*(\w+)\s*\)\s*(.+)")
"""function(x) x^2, as in R"""
_WITH = pattern(r"\s+(?:by|wrt|with respect to)\s+")
_IN = pattern(r"\w+ in( \w+)?")
"""What stands behind the `for` of a Python generator."""
_ENDING = frozenset(("OP", "SIGN", "POW", "COMMA", "COLON", "SEMI", "EQUALS", "RELATION"))
_BESIDE = frozenset(("WORD", "NUMBER", "LPAR", "NORM", "BAR"))


def refuse_prose(
    text: str, raw: list[Token], known: Collection[str], words: Collection[str], *, typed: bool = True
) -> None:
    """Raise for words of English that stand beside something else without a sign, as in ``gradient of x^T A x``.

    `known` are the names that mean something, and `words` are further names of the statement. What is not `typed` came
    in LaTeX.
    """
    if _PROSE.isdisjoint(map(str.lower, [token.text for token in raw])):
        return
    places = [k for k, t in enumerate(raw) if t.type == "WORD" and t.text.lower() in _PROSE]
    known = {*known, *words}
    places = [k for k in places if plain_name(raw[k].text) not in known and not _is_called(raw, k)]
    found = [k for k in places if _stands_beside(raw, k)]
    if not found:
        return
    first = raw[found[0]]
    said = f"'{clip(first.text)}' is a word of a sentence or a command, and no part of a formula"
    hint = _offer(text, raw, {*places}, known) if typed else r"give the formula alone, or put words in \text{...}"
    raise mistake_at("E-SYNTAX", said, first, "not read", hint)


def refuse_alone(tree: Node, known: Collection[str]) -> None:
    """Refuse a word that nothing declares where it is all of a statement, as a command is that there is not."""
    name: Name = tree.value
    word = name.full
    if name.sub is not None or len(word) < 3 or not (word.isascii() and word.isalpha() and word.islower()):
        return
    if word not in known:
        said = f"'{clip(word)}' alone is no formula, and nothing says what it is"
        hint = "type a formula, such as d/dx x^2" + f", or declare it: {clip(word)}: R" * (word not in ENGLISH)
        raise mistake_at("E-NAME", said, tree, "not known", hint)


def _is_called(raw: list[Token], place: int) -> bool:
    """Say whether a function of the table stands there with its bracket: where(c, a, b)."""
    following = raw[place + 1] if place + 1 < len(raw) else None
    word = raw[place].text
    called = is_function(word) or word in OTHER_NAMES or word in GRADIENTS
    return called and following is not None and following.type == "LPAR"


def _stands_beside(raw: list[Token], place: int) -> bool:
    before, after = raw[max(place - 1, 0)], raw[min(place + 1, len(raw) - 1)]
    if before.type == "NUMBER" and before.end == raw[place].start:
        return False  # 1/2at^2
    if place and len(raw[place].text) == 2 and raw[place].text.istitle() and before.text not in ".?!:":
        return False  # exp(At): a word has a capital where a sentence begins
    return (place > 0 and before.type in {*_BESIDE, "RPAR"}) or (place + 1 < len(raw) and after.type in _BESIDE)


def _is_word(token: Token, known: Collection[str]) -> bool:
    """Say whether a token is a word that no formula has: of several letters, and nothing known."""
    text = token.text
    if token.type != "WORD" or len(text) < 3 or not text.isalpha():
        return False
    return not (plain_name(text) in known or text in GREEK or is_function(text))


def _offer(text: str, raw: list[Token], words: set[int], known: Collection[str]) -> str:
    """Return what to type: the longest part without words, and what the sentence differentiates by."""
    placed, asked = _AT.search(text), set[str]()
    if placed is not None:
        raw, asked = [t for t in raw if t.end <= placed.start()], {t.text.lower() for t in raw}
        words = {k for k in words if k < len(raw)}
    if (function := _FUNCTION.fullmatch(text)) is not None:
        return f"type f({function[1]}) = {function[2]}"
    summed = _SUM.search(text)
    if summed is not None:
        of = _WITH.split(text[summed.end() :].strip(" .?"))
        formula = f"sum_{{{summed[1]}={summed[2]}}}^{{{summed[3]}}} {of[0]}"
        return _typed(f"d/d{of[1]} ({formula})" if len(of) > 1 else formula)
    if any([raw[k].text.lower() in _INTEGRALS for k in words]):
        return "no integrals are taken; type a formula without one"
    parts: list[str] = []
    head = _HEAD.search(text)
    variable = head[1] if head is not None else ""
    start = 0
    for place in range(len(raw) + 1):
        if place < len(raw) and place not in words and not _is_word(raw[place], known):
            continue
        part = [t for t in raw[start:place] if t.text not in "?!"]
        before = [t.text for t in raw[max(start - 2, 0) : start]]  # by, wrt, with respect to
        follows = before == ["respect", "to"] or not _BY.isdisjoint(before[-1:])
        if follows and len(part) == 1 and part[0].type == "WORD":
            variable = part[0].text
        elif part and not (head is not None and part[0].start == head.start()):
            parts.append(_formula(text, part))
        start = place + 1
    formula = max(parts, key=len, default="")
    if not formula or formula.isalnum() or _IN.fullmatch(formula):
        return "type a formula, such as d/dx x^2"
    letters = list(dict.fromkeys([t.text for t in raw if t.type == "WORD" and t.text in "xyz" and t.text in formula]))
    if placed is not None and (point := _point(placed[1], letters)):
        by = f" --wrt {variable.strip('()').replace(' ', '') or ','.join(point)}" * bool(asked & (_SLOPES | _SECOND))
        by += " --order 2" * bool(asked & _SECOND)
        return f"the value there: mcalc eval '{formula}'{by} " + " ".join([f"--set {n}={v}" for n, v in point.items()])
    said = {raw[k].text.lower() for k in range(len(raw)) if raw[k].type == "WORD"}
    if not variable and len(letters) > 1 and not said.isdisjoint(_GRADIENTS):
        variable = f"({', '.join(letters)})"
    letters = [t.text for t in raw if t.type == "WORD" and len(t.text) == 1 and t.text in formula]
    applied = {t.text[1] for t in raw if t.type == "WORD" and len(t.text) == 2 and t.text[0].isupper()}  # x of Ax
    by = variable or next((letter for letter in "xwz" if letter in letters or letter in applied), "")
    by = by or (letters[0] if letters else "x")
    twice = any([t.text.lower() in _SECOND for t in raw])
    derivative = f"d^2/d{by}^2 ({formula})" if twice else f"d/d{by} ({formula})"
    if variable:
        return _typed(derivative)
    return Offer("type the formula alone: ", formula, "type the formula alone", "; its derivative is ", derivative)


def _typed(formula: str) -> Offer:
    return Offer("type ", formula, "type a formula, such as d/dx x^2")


def _point(said: str, letters: list[str]) -> dict[str, str]:
    """Return a point as values of names, those that it says or the letters of the formula; else nothing.

    >>> _point("(1, 2)", ["x", "y"]), _point("a = 1 and b = -2", []), _point("3", ["x", "y"])
    ({'x': '1', 'y': '2'}, {'a': '1', 'b': '-2'}, {})
    """
    values = _VALUE.findall(said)
    names = [name for name, _ in values] if all([name for name, _ in values]) else sorted(letters)
    return {n: v for n, (_, v) in zip(names, values, strict=True)} if len(names) == len(values) else {}


def _formula(text: str, part: list[Token]) -> str:
    """Return the formula that a part of a sentence is: of an equation its right side, without what is left open."""
    sign = next((k for k in range(len(part) - 1, -1, -1) if part[k].type in ("EQUALS", "DEFINE")), -1)
    part = part[sign + 1 :]
    opened = sum([t.type in OPENING for t in part]) - sum([t.type in CLOSING for t in part])
    while part and ((opened > 0 and part[-1].type in OPENING) or part[-1].type in _ENDING):
        opened -= part[-1].type in OPENING
        part = part[:-1]
    while part and opened < 0 and part[-1].type in CLOSING:
        part, opened = part[:-1], opened + 1
    while part and (part[0].type in ("COMMA", "COLON") or part[0].text in (".", ":")):
        part = part[1:]
    return text[part[0].start : part[-1].end].strip(" ,.?") if part and not opened else ""
