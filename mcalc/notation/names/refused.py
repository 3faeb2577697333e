"""Names that are refused where they stand: words beside something, operators without brackets, digits inside."""

from __future__ import annotations

import re
from itertools import zip_longest

from mcalc.errors import Mistake
from mcalc.notation.names.derivatives import GRADIENTS
from mcalc.notation.names.spines import descend, name_of
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.taking import BIGS
from mcalc.notation.surface.words import ABSTRACT, ALIASES, clip, is_function, plain_name, suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names
    from mcalc.notation.surface.syntax import Name, Node, Token

NO_NAMES = frozenset(("min", "max", "argmin", "argmax", "lim", "sup", "inf", "mod", "int"))
"""Operators that are no variables where nobody declared them so: min_w f says no function to differentiate."""


def refuse_operator(r: Names, node: Node) -> None:
    """Refuse ``min_w f``, ``lim f``, ``x mod 2``, ``int_0^1 f dx``, which would else be products with a name."""
    name: Name = node.value
    if name.base not in NO_NAMES or name.full in r.known:
        return
    hint = {
        "mod": "",
        "int": "integrals are not read; sum_{i=1}^{n} is a sum",
        "min": "differentiate what follows it; min(x) is the least element of x",
    }.get(name.base, "differentiate what follows it" if name.base != "max" else "max(x) is the greatest element of x")
    raise mistake_at("E-UNSUPPORTED", f"{name.full} is not supported", node, "not read", hint)


def refuse_power(r: Names, part: Node, following: Node) -> None:
    """Refuse ``f^2(x)`` of a function that nothing defines: it would be a product with a power of f."""
    leaf, bracket = descend(part)[1], descend(following)[1]
    if leaf.kind != "run" or bracket.kind != "bracket" or bracket.value != "(":
        return
    name = name_of(leaf).full
    if name != "σ" and leaf.value[0] not in ABSTRACT:
        return
    if name in r.known and name not in r.scope.functions:
        return
    power, inside = r.text[leaf.end : part.end], r.text[bracket.start : bracket.end]
    said = f"a power of {name} before a bracket has two readings"
    hint = f"write ({name}{inside}){power} for the function, {name}{power} * {inside} for a product"
    raise mistake_at("E-AMBIG", said, (part, bracket.start + 1), "the function or a product?", hint)


def unclear_digits(word: str, run: Node) -> Mistake:
    """Return the mistake of a name with digits inside that nobody declared: x2x may be x_2 x or x*2*x."""
    parts = re.findall(r"[^\W\d]+|\d+", word)
    name = "*".join([a + ("_" + b if b else "") for a, b in zip_longest(parts[::2], parts[1::2], fillvalue="")])
    product = "*".join(parts)
    hint = f"write {clip(name)} for a name, {clip(product)} for a product, or declare {clip(word)}"
    return mistake_at("E-AMBIG", f"{clip(word)} has two readings", run, "a name or a product?", hint)


def refuse_word(r: Names, run: Node, before: Token | None, after: Token | None) -> None:
    """Refuse an undeclared word beside something else without a sign: no word becomes a factor silently."""
    word: str = run.value[0]
    whole = plain_name(word)
    if (
        word in GRADIENTS
        or word in BIGS
        or len(whole) < 2
        or not whole.isascii()
        or not whole.isalpha()
        or whole in r.known
        or (is_function(whole) and not run.value[1])
    ):
        return
    if not ((before is not None and not before.text) or (after is not None and not after.text)):
        return
    if is_function(whole) and whole not in NO_NAMES and name_of(run).full not in r.known:
        said = f"{clip(name_of(run).full)} stands where a function would, and is none"
        hint = f"the function is {whole}(x); for a product with a variable of this name write *"
        raise mistake_at("E-NAME", said, run, "not known", hint)
    if len(whole) == 2:
        if whole in ALIASES and not whole.isupper() and after is not None and not after.text:
            raise mistake_at("E-NAME", f"unknown function {whole}", run, "", suggestion(whole))
        return
    if name_of(run).full in r.known or word in NO_NAMES:
        return
    pieces = r.pieces(run)
    if len(pieces) > 1 or pieces[0].kind in ("call", "differential"):
        return
    said = f"nothing says what {clip(word)} is, and it stands beside something without a sign"
    hint = f"declare it, {clip(word)}: R or {clip(word)}: R^n; for a product of it write *, of its letters spaces"
    raise mistake_at("E-NAME", said, run, "a name?", hint)
