"""Brackets, bars and what is told apart by them: which bar opens, what a comma or a ``<`` is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import slices
from mcalc.notation.limits import plain_script
from mcalc.notation.mistakes import CLOSERS, PAIRS, syntax_mistake, unclosed
from mcalc.notation.syntax import Token

if TYPE_CHECKING:
    from mcalc.notation.prepare import Prepare

RELATIONS = {
    "<": "<", ">": ">", "<=": "≤", "≤": "≤", "⩽": "≤", ">=": "≥", "≥": "≥", "⩾": "≥", "!=": "≠", "≠": "≠", "==": "==",
    "∧": "and", "&": "and", "&&": "and", "and": "and", "∨": "or", "or": "or",
}  # fmt: skip


def open_(p: Prepare, token: Token) -> None:
    """Read an opening bracket."""
    if token.type == "LSQB" and slices.begin(p, token):
        return
    p.place += 1
    if token.type == "LSQB" and p.ended and p.out[-1].type == "NAME" and p.out[-1].end == token.start:
        name = p.out[-1].text
        variable = p.scope.variables.get(name)
        one = p.peek().type in ("NUMBER", "WORD") and p.peek(1).type == "RSQB"
        if (variable is not None and variable.order) or (variable is None and one):
            raise Mistake(
                "E-SYNTAX",
                "an element is written with a subscript",
                [Span(token.start, token.end, "not an index")],
                hint=f"write {name}_1 or {name}_i, counted from 1; a slice is {name}[2:n]",
            )
    p.emit(token)
    p.stack.append(token)


def close_(p: Prepare, token: Token) -> None:
    """Read a closing bracket, which must close the last one opened."""
    p.place += 1
    if not p.stack or PAIRS[p.stack[-1].type] != token.text.replace("⟩", ">"):
        if p.stack and any([PAIRS[t.type] == token.text for t in p.stack]):
            raise unclosed(p.stack[-1], token.start)
        if p.stack:
            opened = p.stack[-1]
            raise Mistake(
                "E-SYNTAX",
                f"'{token.text}' does not close the '{opened.text}' of column {opened.start + 1}",
                [
                    Span(token.start, token.end, f"'{PAIRS[opened.type]}' expected"),
                    Span(opened.start, opened.end, "opened here"),
                ],
                hint=f"add a '{PAIRS[opened.type]}' before it",
            )
        raise Mistake(
            "E-SYNTAX",
            f"'{token.text}' closes nothing",
            [Span(token.start, token.end, "no bracket is open here")],
            hint=f"delete it, or add a '{CLOSERS[token.type]}' before",
        )
    opening = p.stack.pop()
    p.emit(token)
    if opening.type == "LPAR" and opening.value:
        for moved in opening.value:
            p.emit(moved)


def bar_(p: Prepare, token: Token) -> None:
    """Tell opening from closing bars: one that follows an operand closes what is open."""
    kind = "BAR" if token.type == "BAR" else "NORM"
    opened = p.stack[-1].type if p.stack else ""
    if kind == "NORM" and p.ended and opened == "BAR_OPEN" and token.text == "||":
        # |x||y|: two single bars
        middle = token.start + 1
        p.raw[p.place] = Token("BAR", "|", middle, token.end)
        p.stack.pop()
        p.emit(Token("BAR_CLOSE", "|", token.start, middle))
        return
    p.place += 1
    if p.ended and opened == kind + "_OPEN":
        p.stack.pop()
        closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
        following = p.peek()
        if kind == "NORM" and following.type == "SUB" and following.start == token.end:
            closing.value = plain_script(following.text)
            closing.end = following.end
            p.place += 1
        p.emit(closing)
        return
    opening = Token(kind + "_OPEN", token.text, token.start, token.end)
    p.emit(opening)
    p.stack.append(opening)


def relation_(p: Prepare, token: Token) -> None:
    """Read a comparison; ``<a, b>`` is an inner product where an operand is expected."""
    p.place += 1
    if token.text == "<" and not p.ended:
        opening = Token("LANGLE", "<", token.start, token.end)
        p.emit(opening)
        p.stack.append(opening)
    elif token.text == ">" and p.stack and p.stack[-1].type == "LANGLE" and p.stack[-1].value:
        p.stack.pop()
        p.emit(Token("RANGLE", ">", token.start, token.end))
    else:
        if token.text == "==" and not p.stack:
            raise syntax_mistake(p.raw, token, ())
        token.value = RELATIONS[token.text]
        p.emit(token)


def equals_(p: Prepare, token: Token) -> None:
    """Read an equals sign; inside braces it compares."""
    p.place += 1
    if any([t.type == "LBRACE" for t in p.stack]):
        p.emit(Token("RELATION", "=", token.start, token.end, "=="))
    elif p.stack:
        raise Mistake(
            "E-SYNTAX", "'=' inside brackets", [Span(token.start, token.end, "unexpected")], hint="compare with =="
        )
    else:
        p.emit(token)


def comma_(p: Prepare, token: Token) -> None:
    """Read a comma; the one of an inner product is remembered."""
    p.place += 1
    if p.stack and p.stack[-1].type == "LANGLE":
        p.stack[-1].value = True
    p.emit(token)
