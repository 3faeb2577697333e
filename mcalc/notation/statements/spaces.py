"""What a declaration says that a name is: ``R^n``, ``R^{m x n} symmetric``, ``S^n_++``, ``n x n``, ``a vector``."""

from __future__ import annotations

import re

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake, Span, clip
from mcalc.notation.surface.mistakes import mistake_at, shown
from mcalc.notation.surface.properties import ENDLESS, KINDS, SQUARE, fills, properties_in, singular
from mcalc.notation.surface.words import plain_name, plain_script
from mcalc.patterns import pattern

SEVERAL = "symmetric, posdef, skew, diagonal, lower, upper, toeplitz, orthogonal, stiefel, simplex and > 0"
_FIELD = pattern(r"(?<!\S)(R|ℝ|Real|reals?|ℕ)(?![A-Za-z0-9_])\s*")
_HALF = pattern(r"(?:_\{?\s*|(?<=[Rℝ])\^?\{?)(\+\+?|>=?\s*0|≥\s*0)\s*\}?(?![\w(])")
"""ℝ_+ and ℝ^n_{>0}: the numbers that are not negative, and those that are positive."""
_SIZES = pattern(
    r"\^\s*(\{([^{}]*)\}|\(([^()]*)\)|([A-Za-zͰ-Ͽ0-9.]\w*(?:\s*×\s*(?![Rℝ])\w+|\s+x\s+\w+)?|-?[0-9.]+))|([⁰¹²³⁴-⁹ᴬ-ᵂᵃ-ᶻˡʳˢʷˣʸʰʲⁿ⁺ˣ]+)"
)
_CONE = pattern(r"\s*[S𝕊]\s*(?:_\{?(\+\+?)\}?)?\^(?:\{(\w+)\}|([^\W_]+))(?:_\{?(\+\+?)\}?)?\s*$")
"""S^n and S^n_{++}, the symmetric matrices and the positive definite ones."""
_AXES = pattern(r"\s*[×*]\s*|\s+x\s+|(?<=\b\w)x(?=\w\b)|(?<=[0-9}])\s*x\s*(?=[0-9])|\s*,\s*")
_BARE = pattern(
    r"(?<![\w^(])(?:\(\s*(?P<rows>\w+)\s*(?:,|×|x|by)\s*(?P<columns>\w*)\s*\)"
    r"|(?P<high>\w+?)(?:\s*×\s*|\s+x\s+|\s+by\s+|-by-|(?<=\d)x(?=\d)|(?<=\b[a-z])x(?=[a-z]\b))(?P<wide>\w+)(?!\w)"
    r"|(?P<of>\w+)-(?:dimensional\s+)?(?=vector))"
    r"|(?<=vector)s?\s+of\s+(?:length|size|dimension)\s+(?P<length>\w+)"
)
"""Sizes in words, without a space: m x n, 3x3, (n, n), n-vector, vector of length n."""
_SIZE_TERM = pattern(r"\s*([+-]?)\s*([0-9]+(?:\.[0-9]+)?)?\s*([A-Za-zͰ-Ͽ]\w*(?:(?:\s*·\s*|\s+)[A-Za-zͰ-Ͽ]\w*)*)?\s*")
_WORD = pattern(r"[^\s,.()-]+|\((?!\w)|(?<!\w)\)|(?<!\w)-(?!\w)")
_POSITIVE = pattern(r"\s*>\s*0(?![\w.])")


class Space:
    """What a name is declared to be; where only the number of its axes is said, or only properties, `shape` is None."""

    __slots__ = ("order", "properties", "shape")

    def __init__(self, shape: Shape | None, properties: frozenset[str], order: int | None = None) -> None:
        self.shape = shape
        self.properties = properties
        self.order = order if shape is None else len(shape)


def space_at(text: str, offset: int) -> Space:
    """Return the space that follows a place of a text, which a comment may end.

    >>> space_at("S: symmetric R^{n x n}", 2).shape, sorted(space_at("a positive definite matrix", 0).properties)
    ((Dim(n), Dim(n)), ['posdef', 'symmetric'])
    """
    rest = text[offset:].split("#", 1)[0].rstrip()
    if (cone := _CONE.match(rest)) is not None:
        size = cone[2] or cone[3]
        rest = f"R^{{{size} x {size}}} {'posdef' if '++' in (cone[1], cone[4]) else 'symmetric'}"
    positive = False
    if "_" in rest or "+" in rest:
        halves = {found[1].replace(" ", "") for found in _HALF.finditer(rest)}
        rest = _HALF.sub(lambda found: " " * len(found[0]), rest)
        positive = not halves.isdisjoint(("++", ">0"))
    field = next((found for found in _FIELD.finditer(rest) if _is_space(rest, found)), None)
    shape: Shape | None
    if field is not None:
        shape, at = _shape(rest, field.end(), offset)
        before = rest[: field.start()]
    else:
        bare = _BARE.search(rest)
        shape, at = (None, len(rest)) if bare is None else (_bare(bare, offset), bare.end())
        before = rest if bare is None else rest[: bare.start()]
    if ">" in rest and (sign := _POSITIVE.match(rest, at)) is not None:
        positive, at = True, sign.end()
    space = _said(before, rest, at, shape, offset)
    if space is None:
        start = offset + len(rest) - len(rest.lstrip())
        hint = "write x: R, x: R^n or X: R^{m x n}"
        if re.match(r"\s*\d+\s*\.\.", rest):
            hint = "write sum_{i=1}^{n} x_i"
            raise mistake_at("E-UNSUPPORTED", "index variables are bound by sums", (start, start + 1), "", hint)
        end = max(offset + len(rest), start + 1)
        raise mistake_at("E-SYNTAX", "this is no shape", (offset - 1, end), "not read", hint)
    if positive:
        space.properties |= {"positive"}
    return space


def _is_space(rest: str, field: re.Match[str]) -> bool:
    """Say whether the name of a field begins a space: of what stands before it each word says something, or fills."""
    if field[1] not in ("R", "ℝ", "ℕ") and (rest[field.end() :].strip(" ,.") and rest[field.end()] != "^"):
        return False  # real symmetric
    before = rest[: field.start()].strip()
    if not before:
        return True
    words = _WORD.findall(before)
    known = properties_in(words)[1]
    return all([place in known or fills(word) for place, word in enumerate(words)])


def _shape(rest: str, at: int, offset: int) -> tuple[Shape, int]:
    """Return the shape whose sizes stand at a place, behind the name of a field, and the place behind them."""
    sizes = _SIZES.match(rest, at)
    if sizes is None:
        if rest[at : at + 1] == "^":
            hint = "write R^n, R^3 or R^{m x n}"
            raise mistake_at("E-SYNTAX", "this is no size", (offset + at, offset + at + 1), "of what size?", hint)
        return (), at
    inside = next((g for g in (sizes[2], sizes[3], sizes[4]) if g is not None), None)
    where = sizes.start() + offset
    if inside is None:
        inside = plain_script(sizes[5].replace("ˣ", "×"))
    shape = tuple([_dim(part, where, sizes.end() + offset) for part in _AXES.split(inside.strip())])
    if len(shape) > 3:  # three are a family: a matrix A_i for each i
        said = f"a variable of {len(shape)} axes"
        hint = "vectors, matrices and families of matrices are declared"
        raise mistake_at("E-UNSUPPORTED", said, (where, sizes.end() + offset), "", hint)
    return shape, sizes.end()


def _bare(found: re.Match[str], offset: int) -> Shape:
    """Return the shape that sizes without a field say; n x 1 is a vector."""
    parts = [found["rows"] or found["high"] or found["of"] or found["length"], found["columns"] or found["wide"]]
    parts = parts[: 1 if parts[1] in (None, "", "1") else 2]
    return tuple([_dim(part, found.start() + offset, found.end() + offset) for part in parts])


def _dim(text: str, start: int, end: int) -> Dim:
    """Return a size: a positive whole number, a name, or a sum of products of them."""
    if text.isascii() and text.isidentifier():
        return Dim.named(plain_name(text))
    span = [Span(start, end, "not a size")]
    total = Dim.of(0)
    at = 0
    text = text.replace("−", "-").strip()
    if text[:1] + text[-1:] == "()":
        text = text[1:-1]
    if not text.strip():
        raise Mistake("E-SHAPE", "a size is missing", span, hint="write R^n, R^3 or R^{m x n}")
    while at < len(text):
        term = _SIZE_TERM.match(text, at)
        names = term[3].replace("·", " ").split() if term is not None and term[3] else []
        if term is None or not (term[2] or names) or (at and not term[1]) or ("x" in names and len(names) > 1):
            hint = "sizes are positive whole numbers, names, or sums of products of them"
            raise Mistake("E-SHAPE", f"'{clip(text)}' is no size", span, hint)
        if term[2] and "." in term[2]:
            raise Mistake("E-SHAPE", f"{clip(text)} is no size", span, hint="sizes are positive whole numbers or names")
        part = Dim.of(1)
        for name in names:
            part = part * Dim.named(plain_name(name))
        if term[2]:
            if len(term[2]) > 19:
                raise Mistake("E-LIMIT", "a size beyond 2⁶³", span)
            part = part * int(term[2])
        total = total + part * (-1 if term[1] == "-" else 1)
        at = term.end()
    if total.value is not None and total.value < 1:
        raise Mistake("E-SHAPE", f"{total.value} is no size", span, hint="sizes are positive whole numbers or names")
    return total


def _said(before: str, rest: str, at: int, shape: Shape | None, offset: int) -> Space | None:
    """Return the space that words before and behind a shape say more of; None where nothing says what it is."""
    if at == len(rest) and shape is not None and not before.strip():
        return Space(shape, frozenset())
    places = [(word[0], word.start()) for word in _WORD.finditer(before)]
    places += [(word[0], at + word.start()) for word in _WORD.finditer(rest[at:])]
    words = [word for word, _ in places]
    properties, said = properties_in(words)
    kinds = {KINDS[singular(word)] for word in words if singular(word) in KINDS}
    if shape is None and properties & SQUARE:
        kinds.add(2)
    kinds |= {order for word, order in (("stiefel", 2), ("simplex", 1)) if shape is None and word in properties}
    if shape is None and not kinds and not properties:
        return None
    for place, (word, start) in enumerate(places):
        if place in said or (fills(word) and not (word in ENDLESS and place == len(words) - 1 and start >= at)):
            continue
        span = offset + start, offset + start + len(word)
        hint = f"{SEVERAL} may follow a shape; ; separates declarations"
        hint = "a row is declared x: R^{1 x n}" if word == "row" else hint
        raise mistake_at("E-SYNTAX", f"'{shown(word)}' is no property", span, "not read", hint)
    order = len(shape) if shape is not None else min(kinds, default=None)
    if kinds - {order}:
        noun = next(noun for noun, axes in KINDS.items() if axes in kinds - {order})
        said_to_be = "this" if shape is None else "what has this shape"
        span = offset, offset + len(rest)
        raise mistake_at("E-SHAPE", f"{said_to_be} is no {noun}", span, "two kinds", "say one: R, R^n or R^{m x n}")
    return Space(() if order == 0 else shape, properties, order)
