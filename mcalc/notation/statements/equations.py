"""Equations that are to be checked: the sides of a claim, or of a chain of equalities."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.meaning.expressions import elaborate, finish
from mcalc.notation.meaning.free_indices import stacked
from mcalc.notation.meaning.products import NO_PRODUCT
from mcalc.notation.names.differentials import moved_in
from mcalc.notation.names.scope import Reading
from mcalc.notation.names.trees import read_trees
from mcalc.notation.shapes.doubts import undeclared
from mcalc.notation.shapes.unknowns import DERIVED
from mcalc.notation.surface.mistakes import CLOSING, OPENING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Expr
    from mcalc.notation.names.scope import Scope
    from mcalc.notation.surface.syntax import Node, Token


def read_claim(
    text: str, raw: list[Token], scope: Scope, hints: dict[str, int], notes: list[str], before: Expr | None,
    words: list[str], *, any_equation: bool,
) -> Reading:  # fmt: skip
    """Read ``a = b``, ``a = b = c`` or, going on from what stands `before` it, ``= b``; each side is a tree of its own.

    Without `any_equation` the first side must have a derivative in it, or be what stands before. Where all is declared,
    and the second of two sides fits no shapes, the claim is wrong: its `misfit` says why.
    """
    pieces, signs = _sides(raw)
    goes_on = not pieces[0]
    if goes_on and before is None:
        raise Mistake(
            "E-SYNTAX",
            "nothing stands before the '='",
            [Span(signs[0].start, signs[0].end, "equal to what?")],
            hint="a line that begins with = goes on from the line before it, an expression or a claim",
        )
    for piece, sign in zip(pieces[1:], signs, strict=True):
        if not piece:
            raise Mistake("E-SYNTAX", "nothing follows the '='", [Span(sign.start, sign.end, "what is it?")])
    trees = read_trees(text, [piece for piece in pieces if piece], scope, words, notes)
    if not (any_equation or goes_on or _has_derivative(trees[0])):
        raise Mistake(
            "E-SYNTAX",
            "an equation defines a name, or claims a derivative",
            [Span(trees[0].start, trees[0].end, "neither a name nor a derivative")],
            hint=f"mcalc check tells whether two sides are equal; write d/dx ... {signs[0].text} ... for a claim",
        )
    after = scope.copy()
    known = [before.shape if before is not None and goes_on else None] * len(trees)
    reading = Reading("claim", after)
    try:
        found, elaborator = elaborate(text, trees, after, hints, notes, [], known)
    except Mistake as mistake:
        fits = mistake.code != "E-SHAPE" and mistake.message != NO_PRODUCT
        if fits or len(trees) != 2 or undeclared(trees, after, hints, []) is not None:
            raise
        moved = moved_in(trees)
        found, elaborator = elaborate(text, trees[:1], after, hints, notes, moved, known[:1])
        reading.misfit = mistake
    found = _as_wholes(found, notes)
    reading.sides = [before, *found] if goes_on and before is not None else found
    reading.expr = reading.sides[0]
    finish(reading, elaborator, notes)
    return reading


def _as_wholes(sides: list[Expr], notes: list[str]) -> list[Expr]:
    """Return sides that give the entries of another one as wholes: ∂/∂x xᵀAx = Σ_j (A_ij + A_ji) x_j, over i."""
    bare = next((side for side in sides if side.order and not side.free), None)
    if bare is None:
        return sides
    made: list[Expr] = []
    for side in sides:
        indices = sorted(side.free, key=lambda index: str(index.attr[0]))
        whole = stacked(side, indices) if len(indices) == bare.order and not side.order else None
        if whole is not None:
            names = " and ".join([str(index.attr[0]) for index in indices])
            notes.append(f"a side with {names} free is taken for the entries of the other over {names}")
        made.append(side if whole is None else whole)
    return made


def _sides(raw: list[Token]) -> tuple[list[list[Token]], list[Token]]:
    """Cut the tokens of an equation at the equals signs that stand in no brackets."""
    pieces: list[list[Token]] = [[]]
    signs: list[Token] = []
    depth = 0
    for token in raw:
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if token.type in ("EQUALS", "DEFINE") and depth <= 0:
            signs.append(token)
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces, signs


def _has_derivative(tree: Node) -> bool:
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.kind in DERIVED or (node.kind == "call" and node.value.full == "diff"):
            return True
        stack.extend(node.parts)
    return False
