"""From the tokens of the sides of a statement to trees with names."""

from __future__ import annotations

from mcalc.notation.names.derivatives import GRADIENTS
from mcalc.notation.names.resolve import Resolver
from mcalc.notation.names.undefined import put_in_brackets
from mcalc.notation.surface.lexer import Lexer
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.parse import parse
from mcalc.notation.surface.syntax import walk_syntax
from mcalc.notation.surface.words import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mcalc.notation.names.scope import Scope
    from mcalc.notation.surface.syntax import Name, Node, Token


def read_trees(text: str, sides: list[list[Token]], scope: Scope, extra: Iterable[str], notes: list[str]) -> list[Node]:
    """Return the trees of the sides of a statement, each given by its raw tokens; `extra` are further names."""
    resolver = Resolver(text, scope, extra, notes)
    roots: list[Node] = []
    for raw in sides:
        by_t = "T" in resolver.variables or _by_t(raw)
        roots.append(parse(Lexer(text, raw, resolver.known, t_is_variable=by_t).run()))
    found = resolver.run(roots)
    if resolver.from_zero or resolver.bases or (resolver.running and "(" in text):
        from mcalc.notation.names.settled import look_again

        look_again(resolver, found, extra)
    put_in_brackets(resolver, found)
    for tree in found if scope.inlined else ():
        inline(tree, scope.inlined, scope.beside)
    return found


def inline(tree: Node, trees: dict[str, Node], beside: Collection[str]) -> None:
    """Put trees in place of the names that they are defined for; names defined `beside` the formula stay."""
    for node in list(walk_syntax(tree)):
        if node.kind == "name" and (meant := trees.get(node.value.full)) is not None:
            node.kind, node.value, node.parts = "group", None, [meant]
        elif node.kind == "name" and node.value.full not in beside and (other := _other(node.value, trees)) is not None:
            said = f"{clip(other)} is defined beside, {clip(node.value.full)} is not"
            hint = "write what it stands for in its place"
            raise mistake_at("E-UNSUPPORTED", said, node, "not defined", hint)


def _other(name: Name, trees: dict[str, Node]) -> str | None:
    """Return the name with another subscript that is defined, where this one is not."""
    rests = [(full, full.removeprefix(name.base + "_")) for full in trees] if name.sub else []
    return next((full for full, rest in rests if rest != full and (len(rest) < 3 or rest[0] == "{")), None)


BY_T = frozenset(("T", "dT", "pdT", "_T", "_{T}"))


def _by_t(raw: list[Token]) -> bool:
    """Say whether a statement differentiates by T, which then is no transpose."""
    if BY_T.isdisjoint([token.text for token in raw]):
        return False
    for k, token in enumerate(raw):
        if token.text in ("dT", "pdT") or (token.text == "T" and k and raw[k - 1].text in ("d", "pd", "∂")):
            if any([t.text in ("/", "÷", "∕", "⁄") for t in raw[max(k - 2, 0) : k]]):
                return True
        elif token.text in ("_T", "_{T}") and k and (raw[k - 1].type == "NABLA" or raw[k - 1].text in GRADIENTS):
            return True
    return False
