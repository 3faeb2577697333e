r"""What statements do not have and pages do: L(w) for the L that is a variable, f'(x), (sin(x²))', |_{x=3}."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import groupby, pairwise

from mcalc.notation.surface.characters import outside_brackets
from mcalc.notation.surface.words import INDICES
from mcalc.patterns import pattern

HEAD = pattern(
    r"\s*(?!d\s*\()([^\W\d_](?:_\w|_\{[^{}]*\}|[₀-₉])?|\\[a-zA-Z]+|\\math(?:cal|scr|frak)\{\w\})\s*(?:\\left)?\(([^()=]*?)(?:\\right)?\)\s*:?=(?!=)"
)
"""The left side of a function's definition: its name, and its arguments."""
COMPUTED = pattern(r"(?<!\^)(?<!\^\{)[-+−*/·]|^\s*\d")
"""What no argument in the head of a function has: k(1 - p) = ... is a product."""
NAMED_CALL = pattern(r"\s*([^\W\d_](?:_\w|[₀-₉])?)\s*=\s*([^\W\d_]\([^\W\d_](?:_\w|[₀-₉])?\))\s*=")
"""What y = f(u) = sin(u) begins with: f(u) is another name of y."""
OPENING = r"\s*(?:\\left)?\(\s*"
CLOSING = r"\s*(?:\\right)?\)"
NO_LETTER = r"(?<![^\W\d_∂d])(?<!\\)"
"""Before a name stands no other letter but that of a derivative."""
PRIMED_CALL = pattern(
    NO_LETTER + r"(?:([^\W\d_](?:_\w|[₀-₉])?)(?:'|′)+" + OPENING + rf"|([fghFGHLJℓφψ])\()([^\W\d_]){CLOSING}"
)
"""f'(θ) and f(x), which say what f is made of."""
NUMBER = pattern(
    r"[-−]?\s*(?:\d|π|\\pi(?![a-z])|\\?ln ?\d|√ ?\d|\\sqrt\{?\d\}?)(?:[\d./*·\sπ]|\\pi(?![a-z])|√|\\sqrt\{\d\})*"
)
"""A number, such as -1/2, 2π, √2 and ln 2."""
AT = pattern(
    r"(?s)(?:\\left\.)?\s*(.*?)\s*(?:\\right|\\[bB]igg?[lr]?)?\s*(?:\||\\vert|\\rvert)\s*_\s*"
    r"(?:\{\s*([^{}=]+?)\s*=\s*((?:[^{}]|\{[^{}]*\})+?)\s*\}|([^\W\d_])\s*=\s*(\S+))\s*$"
)
SPOKEN_AT = pattern(r"(.*\S)\s+(?:\\text\{\s*)?(?:at|when|if|for)\s*\}?\s+([^\W\d_])\s*=\s*(\S+)\s*$")
VALUED = pattern(
    r"(\([∂][^()|]*\)|(?:^|(?<=[-+−*/·(=\[,;|\d)]))\s*[^\W\d_](?:_\w|[₀-₉])?) \|_\{([^{}=|]+=[^{}]*)\}"
    r"|\\left\.\s*(\\frac(?:\{(?:[^{}]|\{[^{}]*\})*\}){2}|\\?\w+)\\right\|_\{([^{}=|]+=[^{}]*)\}"
)
"""The value of a name or a derivative at a point, as these are spelled out of f(4) and f'(4)."""
TUPLE = pattern(
    r"\s*(?:\\left\s*)?(?:[(⟨<]|\\langle(?![a-z]))\s*(.*?\S)\s*(?:\\right\s*)?(?:[)⟩>]|\\rangle)\s*[.,]?\s*"
)
"""Components in brackets."""
BY_SEVERAL = pattern(r"\s*(?:∇|\\nabla)\s*_\s*\{([^{}]*,[^{}]*)\}")
"""A gradient by several variables."""
BOUND = pattern(
    r"(.*?[^\s<>=≤≥])\s*(<=|>=|[<>≤≥]|\\(?:leq?|geq?|lt|gt)(?:slant)?(?![a-zA-Z]))\s*([-−]?\d+(?:[./]\d+)?)"
    r"(\s*,?\s+(?:for|if|when|where)\s.*)?\s*[.,]?\s*"
)
"""What ends with a number that it is less or greater than."""
GRADIENT = pattern(r"(∇|\\nabla)(²|\^\{?2\}?)?\s*([^\W\d_](?:_\w|[₀-₉])?)(?![\w(])")
BARE_GRADIENT = pattern(r"(?:∇|\\nabla)(?=\s*(?:[(\[‖|]|\\left|\\\|))")
BY_GRADIENT = pattern(r"(?:∇|\\nabla)\s*_\s*\{?\s*([^\W\d_]|\\[a-z]+)\s*\}?")
LOWERED = pattern(NO_LETTER + r"([^\W\d_])_(?:([a-zα-ω]{1,3})(?![\w(])|\{([a-zα-ω]{1,3})\}(?!\())")
SPACED = pattern(r"\s*,\s*")
PRIMED = pattern(r"[)|]\s*(?:'|′|\^\{?\\prime\}?)")


class Spellings:
    """The functions of a page that are written with their own arguments alone, under the names that they go by."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = list(texts)
        self.arguments: dict[str, str] = {}
        self.other_names: dict[str, str] = {}
        for text in texts:
            named = NAMED_CALL.match(text)
            if named is not None:
                self.other_names[named[2]] = named[1]
        heads = [found for text in texts if (found := HEAD.match(text)) is not None and found[1] != "d"]
        heads = [found for found in heads if COMPUTED.search(found[2]) is None]
        for found in heads:
            name, arguments = found[1], SPACED.sub(", ", " ".join(found[2].split()))
            directed = re.compile(re.escape(name) + r"(?:'|′)*" + OPENING + r"[^()]*?" + CLOSING + r"(?:\\left)?\[")
            if any([directed.search(text) for text in texts]):
                continue  # f'(X)[H], Df(X)[H]: the derivative at X, applied to H
            calls = re.compile(NO_LETTER + re.escape(name) + r"(?:'|′)*" + OPENING + r"([^()]*?)" + CLOSING)
            given = {SPACED.sub(", ", " ".join(call[1].split())) for text in texts for call in calls.finditer(text)}
            if all([one == arguments or len(_numbers(one)) == arguments.count(",") + 1 for one in given]):
                self.arguments.setdefault(name, arguments)
        called = [found for text in texts for found in PRIMED_CALL.finditer(text)]
        for name, by in [(found[1] or found[2], found[3]) for found in called]:
            alone = [text for text in texts if re.match(rf"\s*{re.escape(name)}\s*:?=", text)]
            if alone and name not in self.arguments and any([re.search(rf"(?<![^\W\d_]){by}", text) for text in alone]):
                self.arguments[name] = by

    def shortened(self, text: str, *, latex: bool) -> str:
        r"""Return a text with functions of their own arguments as names, and what is primed as derivatives.

        >>> Spellings(["f(x) = x^2"]).shortened("f'(x) = 2x f(x)", latex=False)
        '(∂f/∂x) = 2x f'
        >>> Spellings([r"f(x) = x^2"]).shortened(r"f''(3)", latex=True)
        '\\left.\\frac{\\partial^{2} f}{\\partial x^{2}}\\right|_{x=3}'
        """
        for call, other in self.other_names.items():
            text = text.replace(f"{other} = {call} =", f"{other} =").replace(call, other)
        for name, arguments in self.arguments.items():
            if "," in arguments:
                text = _at_several(text, name, arguments)
            own = OPENING + re.escape(arguments).replace(r"\ ", r"\s*").replace(",", r",\s*") + CLOSING
            gradient = re.compile(rf"(∇|\\nabla\s*)(²|\^\{{?2\}}?)?\s*{re.escape(name)}(?:{own}|(?![\w(]))")
            text = gradient.sub(
                lambda found, name=name, by=arguments: f"{found[1].strip()}{found[2] or ''}_{{{by}}} {name}",  # type: ignore[misc]
                text,
            )
            if "," not in arguments:
                behind = rf"('+|′+|\^\{{?(?:\\prime)+\}}?)(?:{own}|{OPENING}({NUMBER.pattern}){CLOSING})?"
                primes = re.compile(NO_LETTER + re.escape(name) + behind)

                def put(found: re.Match[str], name: str = name, by: str = arguments) -> str:
                    return derivative_text(name, by, count_of(found[1]), latex=latex, at=found[2])

                text = primes.sub(put, text)
                called = re.compile(rf"{NO_LETTER}{re.escape(name)}{OPENING}({NUMBER.pattern}){CLOSING}")
                text = called.sub(
                    lambda found, name=name, by=arguments: value_text(name, by, found[1], latex=latex),  # type: ignore[misc]
                    text,
                )
            text = re.sub(NO_LETTER + re.escape(name) + own, lambda _, name=name: name, text)  # type: ignore[misc]
        return text


def _numbers(text: str) -> list[str]:
    """Return the numbers in a list of them; none where it is another list."""
    parts = text.split(",")
    return parts if all([NUMBER.fullmatch(part.strip()) for part in parts]) else []


def _at_several(text: str, name: str, arguments: str) -> str:
    """Return a text in which f(1, 2), ∇f(1, 2), f_x(1, 2) and |_{(1,2)} are taken at values of the arguments of f.

    >>> _at_several("∇f(1,2) = [4; 13], ∂f/∂x(1,2) = 4", "f", "x,y")
    '∇f(x,y) |_{x=1,y=2} = [4; 13], ∂f/∂x |_{x=1,y=2} = 4'
    """
    listed = rf"\(\s*({NUMBER.pattern}(?:,\s*{NUMBER.pattern})+)\s*\)"
    of = re.escape(name)
    slope = rf"(?:[∂d]\S*\s*{of}\s*/\s*[∂d][^\s(|_]+|\\[dt]?frac\s*\{{[^{{}}]*{of}\s*\}}\s*\{{[^{{}}]*\}})"
    forms = rf"((?:∇|\\nabla\s*)(?:²|\^\{{?2\}}?)?\s*{of}|{slope}|{NO_LETTER}{of}(?:_\w+|_\{{\w+\}})?)\s*{listed}"

    def put(found: re.Match[str]) -> str:
        pairs = zip(arguments.split(","), found[2].split(","), strict=False)
        where = ",".join([f"{by.strip()}={value.strip()}" for by, value in pairs])
        own = f"({arguments})" if found[1] and re.match(r"∇|\\nabla", found[1]) else ""
        return f"{found[1] or ''}{own} |_{{{where}}}"

    text = re.sub(forms, put, text)
    return re.sub(rf"()(?:\\(?:right|[bB]igg?[lr]?)\s*)?(?:\||\\vert)\s*_\s*\{{?{listed}\}}?", put, text)


def count_of(primes: str) -> int:
    """Return how many primes some text has."""
    return primes.count("'") + primes.count("′") + primes.count(r"\prime")


def derivative_text(name: str, by: str, order: int, *, latex: bool, at: str | None = None) -> str:
    """Return the derivative of a name as text, at a value of its variable where one is given."""
    if latex:
        power = f"^{{{order}}}" if order > 1 else ""
        found = rf"\frac{{\partial{power} {name}}}{{\partial {by}{power}}}"
        return rf"\left.{found}\right|_{{{by}={at}}}" if at is not None else found
    power = f"^{order}" if order > 1 else ""
    found = f"(∂{power}{name}/∂{by}{power})" if not power else f"(∂{power}/∂{by}{power} {name})"
    return f"{found} |_{{{by}={at}}}" if at is not None else found


def taken_at_numbers(
    text: str, by: Callable[[str], str | None], parameter: Callable[[str], str | None], *, latex: bool
) -> str:
    """Return a text in which f(0) and f'(0) are taken at a number, of names with one variable, which `by` says.

    Of functions, whose `parameter` is known, so are derivatives.

    >>> taken_at_numbers("f'(0) = 1, g(2) = 3, h'(1) = h(1)", {"f": "x"}.get, {"h": "t"}.get, latex=False)
    '(∂f/∂x) |_{x=0} = 1, g(2) = 3, (∂h/∂t) |_{t=1} = h(1)'
    """
    called = pattern(NO_LETTER + r"([^\W\d_](?:_\w|[₀-₉])?)('*|′*)" + OPENING + rf"({NUMBER.pattern})" + CLOSING)

    def put(found: re.Match[str]) -> str:
        variable = by(found[1]) or (parameter(found[1]) if found[2] else None)
        if variable is None:
            return found[0]
        if found[2]:
            return derivative_text(found[1], variable, count_of(found[2]), latex=latex, at=found[3])
        return value_text(found[1], variable, found[3], latex=latex)

    return called.sub(put, text)


def value_text(name: str, by: str, at: str, *, latex: bool) -> str:
    """Return a name, taken at a value of its variable, as text."""
    return rf"\left. {name}\right|_{{{by}={at}}}" if latex else f"{name} |_{{{by}={at}}}"


def primed_names(text: str, by: Callable[[str], str | None], *, latex: bool) -> str:
    """Return a text in which u' is the derivative of a name by its one variable, which `by` says, if there is one."""
    name = pattern(NO_LETTER + r"([^\W\d_](?:_\w|[₀-₉])?)('+|′+)(?!\w)")

    def put(found: re.Match[str]) -> str:
        variable = by(found[1])
        return found[0] if variable is None else derivative_text(found[1], variable, count_of(found[2]), latex=latex)

    return name.sub(put, text)


def lowered_partials(text: str, is_partial: Callable[[str, str], bool], *, latex: bool) -> str:
    """Return a text in which f_x and f_xy are derivatives, of names for which `is_partial` says so.

    >>> lowered_partials("f_x = 2 x y, f_xx = 2 y", lambda name, letters: name == "f", latex=False)
    '(∂f/∂x) = 2 x y, (∂^2/∂x^2 f) = 2 y'
    """

    def put(found: re.Match[str]) -> str:
        name, letters = found[1], found[2] or found[3]
        if not is_partial(name, letters):
            return found[0]
        made = name
        for letter, group in groupby(letters):
            made = derivative_text(made, letter, len([*group]), latex=latex)
        return made

    return LOWERED.sub(put, text)


def gradients(text: str, by: Callable[[str], str | None]) -> str:
    """Return a text in which ∇L of a name says what it is by; `by` says that, or None where the name is none of a page.

    >>> gradients("∇L = 2Xᵀ r", {"L": "w"}.get), gradients("∇_w L + ∇f(x)", {"L": "w"}.get)
    ('∇_{w} L = 2Xᵀ r', '∇_w L + ∇f(x)')
    """

    def put(found: re.Match[str]) -> str:
        variable = by(found[3])
        return found[0] if variable is None else f"{found[1]}{found[2] or ''}_{{{variable}}} {found[3]}"

    return GRADIENT.sub(put, text)


def bare_gradients(text: str, by: str | None) -> str:
    """Return a text in which a ∇ of a formula is by what another ∇ in it is by, or by the variable that is given.

    >>> bare_gradients("∇_{w} f = ∇ ‖w‖² + ∇(w·x)", None), bare_gradients("= ∇(w·x)", "w")
    ('∇_{w} f = ∇_{w} ‖w‖² + ∇_{w}(w·x)', '= ∇_{w}(w·x)')
    """
    found = BY_GRADIENT.search(text)
    by = found[1] if found is not None else by
    return text if by is None else BARE_GRADIENT.sub(lambda sign: f"{sign[0]}_{{{by}}}", text)


def primed_brackets(text: str, by: Callable[[str], str | None], *, latex: bool) -> str:
    """Return a text in which (sin(x²))' is a derivative by the one variable in it, which `by` says, if there is one."""
    found = PRIMED.search(text)
    while found is not None:
        depth, start = 0, found.start()
        if text[start] == "|":
            start = text.rfind("|", 0, start)
            if start < 0:
                return text
        else:
            for start in range(found.start(), -1, -1):
                depth += (text[start] == ")") - (text[start] == "(")
                if not depth:
                    break
        inside = text[start + 1 : found.start()].removesuffix("\\right")
        inside = f"|{inside}|" if text[start] == "|" else inside
        before = text[:start].removesuffix("\\left")
        variable = by(inside) if not depth and not before[-1:].isalnum() else None
        if variable is None:
            return text
        sign = rf"\frac{{d}}{{d{variable}}}" if latex else f"d/d{variable}"
        text = f"{before}({sign} ({inside})){text[found.end() :]}"
        found = PRIMED.search(text)
    return text


def taken_at(text: str) -> tuple[str, dict[int, dict[str, str]]]:
    r"""Return an equation without the places that its sides are taken at, and these, by side: the values of variables.

    >>> taken_at(r"\left. \frac{dy}{dx} \right|_{x=3} = 6"), taken_at("f |_{x=1,y=2} = 6")
    (('\\frac{dy}{dx} = 6', {0: {'x': '3'}}), ('f = 6', {0: {'x': '1', 'y': '2'}}))
    >>> taken_at("df/dx = 6 at x = 3"), taken_at("|x| = 3")
    (('df/dx = 6', {0: {'x': '3'}, 1: {'x': '3'}}), ('|x| = 3', {}))
    """
    places: dict[int, dict[str, str]] = {}
    spoken = SPOKEN_AT.fullmatch(text)
    if spoken is not None and not {spoken[2], spoken[3].strip()} <= INDICES:
        return spoken[1], dict.fromkeys(range(len(sides_of(spoken[1]))), values_in(f"{spoken[2]}={spoken[3]}"))
    if "_" not in text or not ("|" in text or "vert" in text):
        return text, places
    sides = sides_of(text)
    for place, side in enumerate(sides):
        found = AT.fullmatch(side)
        if found is not None and found[1]:
            places[place] = values_in(f"{found[2] or found[4]}={found[3] or found[5]}")
            sides[place] = found[1]
    return " = ".join([side.strip() for side in sides]) if places else text, places


def values_in(text: str) -> dict[str, str]:
    """Return the values of variables that a text gives, x=1,y=2."""
    pairs = [part.partition("=") for part in re.split(r",(?=\s*[^\W\d_]\w*\s*=)", text)]
    return {name.strip(): value.strip() for name, _, value in pairs}


def with_components(text: str, count: int, *, latex: bool) -> str:
    """Return a text in which a side (a, b) or ⟨a, b⟩ of so many parts is the vector [a; b].

    >>> with_components("∇_{x, y} f = ⟨2x, f(1, 2)⟩", 2, latex=False), with_components("f = (1, 2)", 3, latex=False)
    ('∇_{x, y} f = [2x; f(1, 2)]', 'f = (1, 2)')
    """
    sides = sides_of(text)
    for place, side in enumerate(sides):
        found = TUPLE.fullmatch(side)
        parts = at_commas(found[1]) if found is not None else []
        if len(parts) == count > 1:
            inside = " \\\\ ".join(parts)
            sides[place] = rf" \begin{{bmatrix}} {inside} \end{{bmatrix}}" if latex else f" [{'; '.join(parts)}]"
    return "=".join(sides)


def at_commas(text: str) -> list[str]:
    """Cut a text at commas outside brackets; nothing where these are not closed, or nothing stands between two."""
    parts = [part.strip() for part in _cut_at(text, ",")]
    return parts if all(parts) and all([part.count("(") == part.count(")") for part in parts]) else []


def bounded(text: str) -> tuple[str, str, Fraction] | None:
    """Return an equation without the number that its last side is said to be less or greater than, the sign, and it.

    >>> bounded("f'' = 6 x > 0"), bounded("(x = 1 > 0)")
    (("f'' = 6 x", '>', Fraction(0, 1)), None)
    """
    found = BOUND.fullmatch(text)
    if found is None or any([found[1].count(a) != found[1].count(b) for a, b in ("()", "[]", "{}")]):
        return None
    sign = found[2].lstrip("\\")
    sign = {"lt": "<", "gt": ">", "<": "<", ">": ">"}.get(sign) or ("≤" if sign[0] in "l<≤" else "≥")
    return f"{found[1]}{found[4] or ''}", sign, Fraction(found[3].replace("−", "-"))


def sides_of(text: str) -> list[str]:
    """Return the sides of an equation, cut at equals signs outside brackets and braces."""
    return _cut_at(text, "=")


def _cut_at(text: str, sign: str) -> list[str]:
    """Return the parts of a text, cut at a sign outside brackets and braces."""
    signs = [place for place in outside_brackets(text) if text[place] == sign]
    return [text[before + 1 : place] for before, place in pairwise([-1, *signs, len(text)])]
