"""What a page leaves unsaid, or a copy of it lost, put in place: exponents, ∂, roots, limits of averages.

A sign is put back where the line has no other meaning, and a note tells it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from mcalc.checking.page_spellings import at_commas, sides_of
from mcalc.notation.surface.words import is_function
from mcalc.patterns import pattern

NAME = r"[^\W\d_](?:_\w|_\{\w+\}|[₀-₉])?"
LEFT_SIDE = pattern(rf"\s*({NAME})(?:\([^()=]*\))?\s*:?=(?!=)")
PLUS = pattern(r"\s*([a-zα-ω])(?:⁺|\^\+|\^\{\+\})\s*:?=")
"""The left side of a step: x⁺ = ..."""
COUNTED = pattern(r"\s*(?:[^\W\d_]|\\[a-z]+)_\{([i-n])\s*\+\s*1\}\s*:?=")
"""The left side of a step: x_{k+1} = ..."""
QUOTIENT = pattern(rf"\s*d({NAME})_?d({NAME})(?=\s*:?=)")
STARRED = pattern(rf"\s*({NAME})\s*\^?\{{?[*⋆]\}}?\s*:?=")
CURLY = pattern(rf"(?<![^\W_])([Oo0869aQ])\s?({NAME})\s*/\s*\1\s?({NAME})(?!\w)")
"""A fraction whose two lines begin with what ∂ is taken for."""
TURNED = pattern(rf"({NAME}|\)) ?T(?![_\dᵀ])(?=([a-z](?![a-z]))?)(?![a-z][a-z])")
RAISED = pattern(rf"(?<![^\W\d_])(\d*)({NAME})([2-9])(?![\w.])")
BEHIND = pattern(r"([)\]‖|])([2-9])(?![\w.])")

SUPERSCRIPTS = dict(zip("23456789", "²³⁴⁵⁶⁷⁸⁹", strict=True))
NAMED_SLOPE = pattern(
    r"\s*(?:[∂d]\s*([^\W\d_])\s*/\s*[∂d]\s*([^\W\d_])"
    r"|\\[dt]?frac\s*\{\s*(?:\\partial|d)\s*([^\W\d_]|\\\w+)\s*\}\s*\{\s*(?:\\partial|d)\s*([^\W\d_])\s*\})\s*"
)
"""The derivative of a name."""
NAMED_GRADIENT = pattern(
    r"\s*(?:∇|\\nabla)\s*_\s*\{?\s*([^\W\d_]|\\[a-z]+)\s*\}?\s*([^\W\d_]|\\ell|\\math(?:cal|scr)\{\w\})"
    r"(?:\([^()]*\))?\s*"
)
"""The gradient of a name, by a variable."""
GRADIENT_OF = pattern(r"\s*(?:∇|\\nabla)\s*_\s*\{?\s*([^\W\d_]|\\[a-z]+)\s*\}?")
"""What a gradient of a formula begins with."""
OF_FORMULA = pattern(
    r"\s*(?:[∂d]\s*/\s*[∂d]|\\[dt]?frac\s*\{\s*(?:\\partial|d)\s*\}\s*\{\s*(?:\\partial|d))\s*([^\W\d_])(?!\w)"
)
"""What a derivative of a formula begins with."""
LOGARITHM = pattern(r"\s*(\\?)(?:log|ln)\s*([^\W\d_](?:_\w)?|\\[a-z]+)\s*=(?!=)\s*([^=]+?)\s*")
FACTOR = pattern(r"[^\W\d_](?:'|′)*")
PRIMED_RUN = pattern(r"(?<![^\W\d])(?<!_\d)(?<![\\∂'′])(?=[^\W\d_]*['′])(?:[^\W\d_](?:'|′)*)+(?!\w)")
ALONE = pattern(r"(?<![^\W\d_])(?<!\\)([^\W\d_])(?![^\W\d_])")
"""A letter beside which no other one stands."""
SQUARED = pattern(r"\s*([^\W\d_]|\\[a-z]+)\s*(?:²|\^2|\^\{2\})\s*:?")
EULER = pattern(r"(?<![a-zA-Zα-ω_\\'.∂∇])(?<![a-z]\{)e(?![\w'’′^_ᵀ⁰¹²³⁴-⁹⁻₀-₉(\[{])")
"""An e that stands alone, without an exponent."""
OTHER_E = pattern(
    r"^\s*e\s*(?:\([^()=]*\))?\s*:?=(?!=)|[d∂]e(?!\w)|(?<![^\W\d])e\s*(?:ᵀ|'|_|\^\s*\{?\s*(?:T\b|\\top)|[·∈:∼~])"
)
"""An e that is a name: it is defined, declared, differentiated by, transposed, or has an index."""
EXPONENTIAL = pattern(r"(?<![a-zA-Z])\\?(?:ln|log|exp)(?![a-z])|(?<![a-zA-Z])e\s*(?:\^|[⁰-⁹⁻ˣ])")
AVERAGED = pattern(
    r"(/\s*\(?\s*\d*\s*|\\[dt]?frac\s*\{?\d\}?\s*\{?\d*\s*)([nNmMdDB])(\s*\)?\}?\s*)"
    r"((?:Σ|∑|\\sum)\s*(?:\\limits)?)_\s*\{?([a-z])\}?(?![\w=∈^{])(?!\s*(?:\^|=|∈|\\in))"
)
"""A sum without limits behind a fraction by a letter: 1/n Σ_i, in three parts and two."""


def restored(texts: Sequence[str], orders: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return lines with what a copy lost put back, and notes on it; `orders` are the numbers of axes of declared names.

    A sign is put back where the line has no other meaning: 8f/8w of two names, uT where u is a vector and nothing is
    called T, x2 where x is a number and nothing is called x_2. Exponents behind brackets follow where that was so.

    >>> restored(["f = uTu", "8f/8u = 2 uT", "y = (x2 + 1)2"], {"u": 1, "x": 0})[0]
    ['f = uᵀu', '∂f/∂u = 2 uᵀ', 'y = (x² + 1)²']
    >>> restored(["f = a T", "8 f/8 = 2"], {"a": 1, "T": 0})
    (['f = a T', '8 f/8 = 2'], [])
    """
    heads = {found[1] for text in texts if (found := LEFT_SIDE.match(text)) is not None}
    known = {*heads, *orders}
    notes: dict[str, None] = {}

    def curly(found: re.Match[str]) -> str:
        sign, above, below = found.groups()
        if not {above, below} <= known or (sign in known and not sign.isdigit()):
            return found[0]
        made = f"∂{above}/∂{below}"
        notes[f"{found[0]} is read as {made}"] = None
        return made

    def turned(found: re.Match[str]) -> str:
        if "T" in known or found[2] not in {None, *known}:
            return found[0]
        if found[1] != ")" and orders.get(found[1], 1 if found[1] in heads else 0) < 1:
            return found[0]
        notes[f"{found[0]} is read as {found[1]}ᵀ"] = None
        return f"{found[1]}ᵀ"

    def raised(found: re.Match[str]) -> str:
        factor, name, power = found.groups()
        if orders.get(name) != 0 or {f"{name}_{power}", f"{name}{power}"} & known:
            return found[0]
        notes[f"{name}{power} is read as {name}{SUPERSCRIPTS[power]}"] = None
        return f"{factor}{name}{SUPERSCRIPTS[power]}"

    def behind(found: re.Match[str]) -> str:
        return f"{found[1]}{SUPERSCRIPTS[found[2]]}"

    made = [CURLY.sub(curly, text) for text in texts]
    made = [RAISED.sub(raised, TURNED.sub(turned, text)) for text in made]
    if notes:
        made = [BEHIND.sub(behind, text) for text in made]
    return made, list(notes)


def with_logarithms(texts: Sequence[str]) -> list[str]:
    """Return the lines of a page with L = exp(u) for ln L = u, where no line before says what L is and one has ∂ ln L.

    >>> with_logarithms(["ln L = -s/2", "d ln L/ds = -1/2"])
    ['L = exp(-s/2)', 'd ln L/ds = -1/2']
    """
    made: list[str] = []
    for place, text in enumerate(texts):
        found = LOGARITHM.fullmatch(text)
        name = re.escape(found[2]) if found is not None else ""
        derived = rf"(?:[∂d]|\\partial|(?:∇|\\nabla)(?:_\S+)?)\s*\\?(?:log|ln)\s*{name}(?!\w)"
        known = found and any([re.match(rf"\s*{name}\s*=", one) for one in texts])
        if found is None or known or not any([re.search(derived, one) for one in texts[place + 1 :]]):
            made.append(text)
        elif found[1]:
            made.append(rf"{found[2]} = \exp\left({found[3]}\right)")
        else:
            made.append(f"{found[2]} = exp({found[3]})")
    return made


def with_roots(texts: Sequence[str], known: Container[str]) -> list[str]:
    """Return the lines of a page with r = sqrt(u) for r² = u, where nothing says what r is and no line has it before.

    Where a line differentiates by r, or defines something in u by r, it is no function of what stands in u.

    >>> with_roots(["r² = x·x", "r² = 4 + x·x"], ())
    ['r = sqrt(x·x)', 'r² = 4 + x·x']
    """
    made = [*texts]
    for place, text in enumerate(texts):
        left, *right = sides_of(text)
        found = SQUARED.fullmatch(left)
        goes_on = texts[place + 1 : place + 2] and texts[place + 1].lstrip().startswith("=")
        if found is None or len(right) != 1 or re.search(r"[^\W\d_]", right[0]) is None or goes_on:
            continue
        name = rf"(?<![a-zA-Zα-ω]){re.escape(found[1])}(?![a-zA-Zα-ω])"
        others = [*right, *texts[:place], *[one for one in texts if re.match(rf"\s*{name}\s*:?=", one)]]
        by = re.compile(rf"(?:/|\}}\s*\{{)\s*(?:[d∂]|\\partial)\s*{re.escape(found[1])}(?![a-zA-Zα-ω])")
        heads = [(LEFT_SIDE.match(one), one) for one in texts[place + 1 :]]
        others += [one[head.end() :] for head, one in heads if head is not None and head[1] in right[0]]
        taken = any([re.search(name, one) for one in others]) or any([by.search(one) for one in texts])
        if found[1].lstrip("\\") not in known and not taken:
            inside, *said = at_commas(right[0]) or [right[0].strip()]
            root = rf"\sqrt{{{inside}}}" if "\\" in text else f"sqrt({inside})"
            made[place] = ", ".join([f"{found[1]} = {root}", *said])
    return made


def with_euler(texts: Sequence[str], known: Container[str]) -> list[str]:
    """Return lines with exp(1) for a lone e on a page with logarithms or exponentials that nowhere says what e is.

    >>> with_euler(["f'(x) = (1 - ln x)/x²", "x = e", "y = 2e"], ()), with_euler(["e = y - ln x", "L = e²"], ())
    (["f'(x) = (1 - ln x)/x²", 'x = exp(1)', 'y = 2exp(1)'], ['e = y - ln x', 'L = e²'])
    """
    named = any([OTHER_E.search(text) for text in texts])
    if "e" in known or named or not any([EXPONENTIAL.search(text) for text in texts]):
        return [*texts]
    return [EULER.sub(r"\\exp(1)" if "\\" in text else "exp(1)", text) for text in texts]


def with_quotients(texts: Sequence[str], known: Container[str]) -> list[str]:
    """Return lines with du/dx for dudx on the left, as in code, where u and x are known or u stands on a left side.

    >>> with_quotients(["u = x²", "dudx = 2x", "dadb = 2"], ())
    ['u = x²', 'du/dx = 2x', 'dadb = 2']
    """
    heads = {found[1] for text in texts if (found := LEFT_SIDE.match(text)) is not None}

    def put(found: re.Match[str]) -> str:
        name = re.compile(rf"(?<![a-zA-Zα-ω]){re.escape(found[2])}(?![a-zA-Zα-ω])")
        said = any([name.search(text) for text in texts])
        meant = (found[1] in heads or found[1] in known) and (found[2] in known or said)
        return f"d{found[1]}/d{found[2]}" if meant else found[0]

    return [QUOTIENT.sub(put, text, count=1) for text in texts]


def with_stars(texts: Sequence[str]) -> list[str]:
    """Return lines with x_star for x* and x^*, and x_new for x⁺, where a line begins with that and an equals sign.

    >>> with_stars(["w* = b/a", "f(w*) = 2 w * b"])
    ['w_star = b/a', 'f(w_star) = 2 w * b']
    """
    heads = {found[1] for text in texts if (found := STARRED.match(text)) is not None}
    for name in heads:
        starred = re.compile(rf"(?<![\w\\]){re.escape(name)}\s*\^?\{{?[*⋆]\}}?(?=\s*(?:[)\],;:=+]|$))")
        texts = [starred.sub(f"{name}_star", text) for text in texts]
    for name in {found[1] for text in texts if (found := PLUS.match(text)) is not None}:
        after = re.compile(rf"(?<![\w\\]){re.escape(name)}(?:⁺|\^\+|\^\{{\+\}})")
        texts = [after.sub(f"{name}_new", text) for text in texts]
    return [*texts]


def with_steps(texts: Sequence[str]) -> list[str]:
    """Return lines with t for the letter that counts steps, x_{k+1} = x_k - ..., where no sum runs over it.

    >>> with_steps(["x_{k+1} = x_k - f(x_k)", "p_i = 3 x_k"]), with_steps(["x_{k+1} = Σ_k x_k"])
    (['x_{t+1} = x_t - f(x_t)', 'p_i = 3 x_t'], ['x_{k+1} = Σ_k x_k'])
    """
    for letter in {found[1] for text in texts if (found := COUNTED.match(text)) is not None}:
        if not any([re.search(rf"(?:Σ|∑|\\sum|sum)\s*_\s*\{{?{letter}", text) for text in texts]):
            texts = [re.sub(rf"_(\{{?){letter}(?=[}}+\-−]|(?![\w]))", r"_\1t", text) for text in texts]
    return [*texts]


def without_names(text: str, known: Container[str]) -> str:
    """Return a text without the derivative of a name at its beginning that one of a formula follows.

    >>> without_names("∂L/∂w = ∂/∂w ‖w‖² = 2w", ()), without_names("∂L/∂w = ∂/∂w ‖w‖²", {"L"})
    ('∂/∂w ‖w‖² = 2w', '∂L/∂w = ∂/∂w ‖w‖²')
    >>> without_names("∇_w L = ∇_w ‖w‖² = 2w", ())
    '∇_w ‖w‖² = 2w'
    """
    left, *others = sides_of(text)
    gradient = NAMED_GRADIENT.fullmatch(left)
    again = GRADIENT_OF.match(others[0]) if others and gradient is not None else None
    if gradient is not None and again is not None and gradient[2] not in known and gradient[1] == again[1]:
        return "=".join(others).lstrip()
    found = NAMED_SLOPE.fullmatch(left)
    formula = OF_FORMULA.match(others[0]) if others else None
    if found is None or formula is None or (found[1] or found[3]) in known or formula[1] != (found[2] or found[4]):
        return text
    return "=".join(others).lstrip()


def with_gaps(texts: Sequence[str]) -> list[str]:
    """Return lines with the factors of u'v and uv' apart, where each of them stands alone somewhere.

    >>> with_gaps(["u = x²", "v = sin x", "y' = u'v + uv' + sin'(x)"])
    ['u = x²', 'v = sin x', "y' = u' v + u v' + sin'(x)"]
    """
    alone = {letter for text in texts for letter in ALONE.findall(text)}

    def put(found: re.Match[str]) -> str:
        factors = FACTOR.findall(found[0])
        letters = [factor[0] for factor in factors]
        if len(factors) < 2 or is_function("".join(letters)) or not alone.issuperset(letters):
            return found[0]
        return " ".join(factors)

    return [PRIMED_RUN.sub(put, text) for text in texts]


def with_limits(text: str, known: Container[str]) -> str:
    """Return a text in which a sum without limits behind a fraction by n goes to n, where nothing says what n is.

    >>> with_limits("μ = 1/n Σ_i x_i", ()), with_limits("μ = 1/n Σ_i x_i", {"n"})
    ('μ = 1/n Σ_{i=1}^{n} x_i', 'μ = 1/n Σ_i x_i')
    """
    return AVERAGED.sub(lambda f: f[0] if f[2] in known else f"{f[1]}{f[2]}{f[3]}{f[4]}_{{{f[5]}=1}}^{{{f[2]}}}", text)
