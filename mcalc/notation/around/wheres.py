"""What stands behind `where`: definitions inside brackets, and what an equation defines.

``(2 u where u = x + 1) y`` is (2 (x + 1)) y: so the body of a sum is printed where it is long. In
``u*(p) where (K + diag(p)) u = f`` the equation defines u.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.errors import Mistake, Span
from mcalc.notation.around.rows import EQUALS, closes, given_name, name_at, parted, top_level
from mcalc.notation.surface.mistakes import CLOSING, OPENING
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import is_function, plain_script

PARTING = frozenset(("SEMI",))
MOST = 100_000
"""The most tokens that definitions put in place may bring a statement to."""


def with_inner_wheres(raw: list[Token]) -> list[Token]:
    """Return the tokens of a statement with what is defined inside brackets in its place, the innermost first."""
    raw = [*raw[:1], *[token for before, token in pairwise(raw) if token.type != "QUAD" or before.text != "where"]]
    while len(raw) <= MOST and any([token.text == "where" for token in raw]):
        depth, opened, found = 0, [0], None
        for place, token in enumerate(raw):
            depth += (token.type in OPENING) - (token.type in CLOSING)
            if token.type in OPENING:
                opened.append(place)
            elif token.type in CLOSING and len(opened) > 1:
                opened.pop()
            elif depth > 0 and token.text == "where" and _defines(raw, place + 1):
                found = opened[-1], place
        if found is None:
            break
        opening, where = found
        closing = opening + closes(raw[opening:])
        if closing < where:
            break
        body = raw[opening + 1 : where]
        for part in reversed(parted(raw[where + 1 : closing], PARTING)):
            if _defines(part, 0):
                after = name_at(part, 0)[1]
                body = _replaced(body, part[:after], part[after + 1 :])
        raw = [*raw[: opening + 1], *body, *raw[closing:]]
    return raw


def _defines(raw: Sequence[Token], place: int) -> bool:
    """Say whether a name and an equals sign stand at a place."""
    name, after = name_at(list(raw[place : place + 6]), 0)
    return name is not None and place + after < len(raw) and raw[place + after].type == "EQUALS"


def _replaced(body: list[Token], name: list[Token], value: list[Token]) -> list[Token]:
    """Return some tokens with a value in brackets wherever a name stands."""
    wanted = [token.text for token in name]
    made: list[Token] = []
    place = 0
    while place < len(body):
        here = body[place : place + len(name)]
        goes_on = body[place + len(name) : place + len(name) + 1]
        if [t.text for t in here] == wanted and not (goes_on and goes_on[0].type == "SUB" and here):
            first, last = here[0], here[-1]
            opening, closing = Token("LPAR", "(", first.start, first.start), Token("RPAR", ")", first.start, last.end)
            made += [opening, *value, closing]
            place += len(name)
        else:
            made.append(body[place])
            place += 1
    return made


STARS = frozenset(("*", "∗"))
NO_FACTOR = frozenset(("·", ",", ")", "‖", "|", "❘"))
"""What stands behind a star that is no product."""
ZEROS = (["0"], ["0vec"], ["0", "vec"])
LISTED = frozenset(("WORD", "SUB", "COMMA"))


class Implicit:
    """A formula, the name in it that an equation defines, what that says to be 0, and the equation as it was typed."""

    def __init__(self, formula: list[Token], unknown: str, residual: list[Token], said: str) -> None:
        self.formula = formula
        self.unknown = unknown
        self.residual = residual
        self.said = said


def implicit(text: str, raw: list[Token], wanted: Sequence[str]) -> Implicit | None:
    """Return a formula with a name that the equation behind `where` defines; None where nothing is defined so.

    Where only the equation has what is differentiated by, `wanted`, it must define something.

    Raises:
        Mistake: `E-UNSUPPORTED`, where more names than one have a star; `E-AMBIG`, where none has that should.
    """
    outside = top_level(raw)
    where = next((k for k in outside if k and raw[k].text == "where"), len(raw))
    signs = [k for k, token in enumerate(raw) if k > where and token.type in EQUALS]
    if len(signs) != 1 or signs[0] not in outside or raw[signs[0]].type == "DEFINE":
        return None
    body, left, right = raw[:where], raw[where + 1 : signs[0]], raw[signs[0] + 1 :]
    zero = [token.text for token in right] in ZEROS
    if not left or not right:
        return None
    slope, place = _slope(body)
    name, after = name_at(slope, place)
    begun = name_at(left, 0)[1]
    called = begun < len(left) and left[begun].type == "LPAR" and closes(left[begun:]) == len(left) - begun - 1
    named = given_name(left) is not None or (begun > 0 and (begun == len(left) or called))
    starred = dict.fromkeys([_said(body[k:end]) for k, end, _ in _stars(body)])
    fixed = bool(starred) and _names(left) <= _names(right)  # x* where x = tanh(W x + θ)
    defines = fixed or (zero and left[-1].type == "RPAR")
    if named and not defines and not _is_made(left, right, name, below(slope)):
        return None  # u = x + 1 says what u is
    span = Span(body[0].start, body[-1].end)
    if len(starred) > 1:
        raise Mistake("E-UNSUPPORTED", "one name is defined by an equation", [span])
    body = slope
    said, last = " ".join(text[left[0].start : right[-1].end].split()), right[-1].end
    if starred:
        [star] = starred
        name = next(name_at(body[k:end], 0)[0] for k, end, _ in _stars(body))
        body, left, right = (_without_stars(part, star) for part in (body, left, right))
    elif name is None or after < len(body):
        inside, by = _names(raw[where + 1 :]), {*wanted, *below(body)}
        shared = (_names(body) - by - {"T"}) & inside
        if by & inside and (shared if below(body) else _names(body).isdisjoint(wanted)):
            hint = f"write a star behind that name, as in u* where {said}"
            raise Mistake("E-AMBIG", "which name does the equation define?", [span], hint)
        return None
    assert name is not None
    if not zero and name.full in _names(right) - _names(left):
        left, right = right, left
    sign = raw[signs[0]]
    opening, closing = Token("LPAR", "(", sign.end, sign.end), Token("RPAR", ")", last, last)
    residual = left if zero else [*left, Token("SIGN", "-", sign.start, sign.end), opening, *right, closing]
    return Implicit(body, name.full, residual, said)


def below(body: list[Token], signs: str = "d") -> set[str]:
    """Return the names below the lines of derivatives with some signs: the x of d/dx."""
    texts = [token.text for token in body]
    behind = zip(texts, texts[1:], [*texts[2:], ""], strict=False)
    return {under[1:] or name for line, under, name in behind if line == "/" and under and under[0] in signs} - {""}


def _slope(body: list[Token]) -> tuple[list[Token], int]:
    """Return ``d/dx y`` for ``dy/dx`` and itself, and where the name begins that it is the derivative of; else 0."""
    texts = [token.text for token in body]
    line = texts.index("/") if "/" in texts[:3] else 0
    above, below = texts[:line], texts[line + 1 : line + 3]
    sign = above[0][:1] if above else ""
    width = 1 if sign == "d" else 2
    if sign not in ("d", "∂") or not below or not below[0].startswith(sign) or len("".join(below[:width])) < 2:
        return body, 0
    end = line + 1 + width
    if "".join(above) == sign:
        return body, end
    name = Token("WORD", "".join(above)[1:], body[0].start + 1, body[line - 1].end)
    head = Token(body[0].type, sign, body[0].start, body[0].start + 1)
    return ([head, *body[line:end], name], 1 + end - line) if end == len(body) else (body, 0)


def _is_made(left: list[Token], right: list[Token], name: Name | None, by: set[str]) -> bool:
    """Say whether an equation whose left side is a name or a call defines another: xy = 1 and x = tan y with dy/dx."""
    word = left[0].text
    if name is None or not by:
        return False
    if len(left) == 1 and word in (name.full, *by):
        words = {token.text for token in right if token.type == "WORD"}
        return any([said == name.full or (name.full in said and {*said} <= {name.full, *by}) for said in words])
    return is_function(word) or (len(left) == 1 and len(word) < 5 and {name.full, *by} <= {*word})


def _stars(part: list[Token]) -> list[tuple[int, int, int]]:
    """Return where names with a star begin and end, and the place after the star with the arguments behind it."""
    found: list[tuple[int, int, int]] = []
    place = 0
    while place < len(part):
        end = name_at(part, place)[1]
        after = _after_star(part, end) if end > place else 0
        if after:
            found.append((place, end - _is_star(part[end - 1]), after))
        place = max(end, after, place + 1)
    return found


def _is_star(token: Token) -> bool:
    """Say whether a token is a star as LaTeX has it, part of the name."""
    return token.type == "SUB" and plain_script(token.text) == "star"


def _after_star(part: list[Token], place: int) -> int:
    """Return the place after the star of a name that ends at a place, and after its arguments, or 0."""
    if _is_star(part[place - 1]):
        return place + _arguments(part, place)
    glued = place < len(part) and part[place].text in STARS and part[place].start == part[place - 1].end
    if glued:
        star, following = part[place], part[place + 1] if place + 1 < len(part) else None
        count = _arguments(part, place + 1)
        spaced = following is not None and following.type == "SIGN" and following.start > star.end
        if count or following is None or following.text in NO_FACTOR or spaced:
            return place + 1 + count
        return 0
    braced = place + 1 < len(part) and part[place + 1].type == "LBRACE"
    star_at = place + 1 + braced
    if place < len(part) and part[place].text == "^" and star_at < len(part) and part[star_at].text in STARS:
        return star_at + 1 + braced + _arguments(part, star_at + 1 + braced)
    return 0


def _arguments(part: list[Token], place: int) -> int:
    """Return how many tokens a bracket at a place has that holds nothing but names and commas, or 0."""
    if place >= len(part) or part[place].type != "LPAR":
        return 0
    end = closes(part[place:])
    return end + 1 if end > 1 and all([token.type in LISTED for token in part[place + 1 : place + end]]) else 0


def _said(name: list[Token]) -> str:
    return "".join([token.text for token in name])


def _without_stars(part: list[Token], name: str) -> list[Token]:
    """Return some tokens with u for u*(p), where u is the name."""
    made: list[Token] = []
    end = 0
    for start, stop, after in _stars(part):
        if _said(part[start:stop]) == name:
            made += [*part[end:stop]]
            end = after
    return [*made, *part[end:]]


def _names(tokens: list[Token]) -> set[str]:
    """Return the names that stand among some tokens."""
    names = [name_at(tokens, place)[0] for place in range(len(tokens))]
    return {said for name in names if name is not None for said in (name.full, name.base)}
