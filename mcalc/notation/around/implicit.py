"""What an equation defines: ``u*(p) where (K + diag(p)) u = f``."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.words import plain_name
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_WHERE = pattern(r"\s+where\s+|\s*\\(?:text|mathrm)\s*\{\s*where\s*\}\s*")
_STAR = r"(?:\*|\\ast|\\star)"
_WORD = pattern(r"[^\W\d_]+(?:_\w+)?")
_OF = r"\(\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*\)"
_ENDS = rf"\*(?=\s*{_OF}|\s*$|\s*[·,)‖|]|\s+[-+])"
"""A star that is no product: nothing follows, or a bracket with names alone; x*(y + 1) and x*-y are products."""
_STARRED = pattern(rf"\b([^\W\d_]+(?:_\w+)?)(?:{_ENDS}|\s*\^\s*(?:\{{\s*{_STAR}\s*\}}|{_STAR}))")
_ARGUMENTS = pattern(_OF)
_NAME = pattern(r"\s*\\?[^\W\d_]+(?:_\w+)?\s*")
_DEFINES = pattern(r"\s*&?\s*(?:\\\w+\s*\{\s*)?\\?[^\W\d]\w*\s*\}?(?:_\w|_\{[^{}]*\})?\s*(?:\([^()]*\))?\s*")


class Implicit:
    """A formula, the name in it that an equation defines, and the two sides of that equation."""

    __slots__ = ("formula", "left", "right", "unknown")

    def __init__(self, formula: str, unknown: str, left: str, right: str) -> None:
        self.formula = formula
        self.unknown = plain_name(unknown.strip().lstrip("\\"))
        self.left = left.strip()
        self.right = right.strip()

    def __repr__(self) -> str:
        return f"<{self.formula}: {self.unknown} with {self.left} = {self.right}>"


def implicit(text: str, wrt: Sequence[str] | str = ()) -> Implicit | None:
    """Return a formula with a name that the equation behind `where` defines; None where nothing is defined so.

    Where only the equation has what is differentiated by, `wrt`, it must define something.

    >>> implicit("u*(p) where (K + diag(p)) u = f")
    <u: u with (K + diag(p)) u = f>
    >>> implicit("x + u where u = 2 x") is implicit("x^2") is None
    True

    Raises:
        Mistake: `E-UNSUPPORTED`, where more names than one have a star; `E-AMBIG`, where none has that should.
    """
    found = _WHERE.search(text)
    if found is None or text.count("=", found.end()) != 1:
        return None
    left, _, right = text[found.end() :].partition("=")
    if _DEFINES.fullmatch(left) is not None and left.strip() != "0" and not (_is_zero(right) and "(" in left):
        return None  # u = x + 1 says what u is
    if left.rstrip()[-1:] in ("<", ">", "!", ":", "") or right[:1] == "=":
        return None
    body = text[: found.start()]
    starred = list(dict.fromkeys([match[1] for match in _STARRED.finditer(body)]))
    if len(starred) > 1:
        raise Mistake("E-UNSUPPORTED", "one name is defined by an equation", [Span(0, len(body))], source=text)
    if starred:
        return Implicit(*[_without_stars(part, starred[0]) for part in (body, starred[0], left, right)])
    if _NAME.fullmatch(body) is not None:
        return Implicit(body.strip(), body, left, right)
    wanted = {*_WORD.findall(wrt if isinstance(wrt, str) else " ".join(wrt))}
    if wanted & {*_WORD.findall(text[found.end() :])} and wanted.isdisjoint(_WORD.findall(body)):
        hint = f"write a star behind that name, as in u* where {left.strip()} = {right.strip()}"
        raise Mistake("E-AMBIG", "which name does the equation define?", [Span(0, len(body))], hint, text)
    return None


def _is_zero(side: str) -> bool:
    return side.strip() in ("0", "0vec", "\\mathbf{0}", "\\vec{0}")


def _without_stars(text: str, name: str) -> str:
    """The text with u for u*(p), where u is the name."""
    found: list[str] = []
    end = 0
    for match in _STARRED.finditer(text):
        if match[1] == name and match.start() >= end:
            found.append(text[end : match.start()] + name)
            arguments = _ARGUMENTS.match(text, match.end())
            end = arguments.end() if arguments is not None else match.end()
    return "".join([*found, text[end:]]).strip()
