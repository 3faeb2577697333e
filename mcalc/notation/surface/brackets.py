"""Brackets as they are taken, bars among them, and what is told apart by those around it."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.mistakes import CLOSERS, PAIRS, mistake_at, syntax_mistake, unclosed
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.taking import RELATIONS
from mcalc.notation.surface.words import plain_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.surface.taking import Taking


def opening(x: Taking, token: Token) -> None:
    """Take an opening bracket: one behind a name may be that of a call, a glued ``[`` is an index."""
    if token.value.__class__ is Mistake:
        raise token.value
    if x.ended:
        last = x.out[-1]
        if token.type == "LPAR" and last.type == "RUN":
            token = Token("CALL", "(", token.start, token.end)
        elif token.type == "LSQB" and last.type == "RUN" and last.text == "E" and "E" not in x.known:
            token = Token("INDEX", "[", token.start, token.end)  # an expectation
        elif token.type == "LSQB" and last.end == token.start and last.type not in ("NUMBER", "VEC"):
            token = Token("INDEX", "[", token.start, token.end)
    elif token.type == "LPAR" and x.out and x.out[-1].type == "DASH":
        token = Token("CALL", "(", token.start, token.end)
    x.emit(token)
    x.stack.append(token)


def closing(x: Taking, token: Token) -> None:
    """Take a closing bracket, which must close the last one opened."""
    stack = x.stack
    if not stack or PAIRS[stack[-1].type] != token.text.replace("⟩", ">"):
        if stack and any([PAIRS[t.type] == token.text for t in stack]):
            raise unclosed(stack[-1], token.start)
        if stack:
            opened = stack[-1]
            raise Mistake(
                "E-SYNTAX",
                f"'{token.text}' does not close the '{opened.text}' of column {opened.start + 1}",
                [
                    Span(token.start, token.end, f"'{PAIRS[opened.type]}' expected"),
                    Span(opened.start, opened.end, "opened here"),
                ],
                hint=f"add a '{PAIRS[opened.type]}' before it",
            )
        hint = f"delete it, or add a '{CLOSERS[token.type]}' before"
        raise mistake_at("E-SYNTAX", f"'{token.text}' closes nothing", token, "no bracket is open here", hint)
    stack.pop()
    x.emit(token)
    if token.type == "RANGLE" and x.peek().text == "_F":
        x.place += 1  # <A, B>_F, of which there is one


def is_behind(x: Taking, place: int) -> bool:
    """Say whether a sign stands before the parameters of a function: the one ; or bar in its brackets."""
    if x.behind is None:
        x.behind = set()
        opened: list[tuple[int, list[int]]] = []
        for at, token in enumerate(x.raw):
            if token.type in ("LPAR", "LSQB", "LBRACE"):
                opened.append((at, []))
            elif token.type in ("RPAR", "RSQB", "RBRACE") and opened:
                begun, signs = opened.pop()
                called = begun and token.type == "RPAR" and x.raw[begun - 1].type in ("WORD", "SUB")
                if called and len(signs) == 1 and begun + 1 < signs[0] < at - 1:
                    x.behind.add(signs[0])
            elif opened and (token.type in ("BAR", "SEMI") or token.text == "\\mid"):
                opened[-1][1].append(at)
    return place in x.behind


def semicolon(x: Taking, token: Token) -> None:
    """Take a semicolon, which in the brackets of a function stands before its parameters."""
    if is_behind(x, x.place - 1):
        token = Token("BEHIND", token.text, token.start, token.end, ";")
    elif x.stack and x.stack[-1].type == "CALL":
        token = Token("COMMA", token.text, token.start, token.end)
    x.emit(token)


def bar(x: Taking, token: Token) -> None:
    """Tell opening from closing bars: one that follows an operand closes what is open."""
    kind = token.type
    if kind == "BAR" and x.stack and x.stack[-1].type == "CALL" and is_behind(x, x.place - 1):
        x.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
        return
    opened = x.stack[-1].type if x.stack else ""
    if kind == "NORM" and x.ended and opened == "BAR_OPEN" and token.text == "||":
        # |x||y|: two single bars
        middle = token.start + 1
        x.stack.pop()
        x.emit(Token("BAR_CLOSE", "|", token.start, middle))
        token = Token("BAR", "|", middle, token.end)
        kind, opened = "BAR", x.stack[-1].type if x.stack else ""
    if x.ended and opened == kind + "_OPEN":
        x.stack.pop()
        closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
        following = x.peek()
        star = x.peek(1)
        if kind == "NORM" and following.type == "UNDERSCORE" and star.text in "*∗" and star.start == following.end:
            closing.value, closing.end = "star", star.end
            x.place += 2
        if kind == "NORM" and following.type == "SUB" and following.start == token.end:
            closing.value = plain_script(following.text)
            closing.end = following.end
            x.place += 1
        x.emit(closing)
        return
    token = Token(kind + "_OPEN", token.text, token.start, token.end)
    x.emit(token)
    x.stack.append(token)


def relation(x: Taking, token: Token) -> None:
    """Take a comparison; ``<a, b>`` is an inner product where an operand is expected."""
    stack = x.stack
    if token.text == "<" and not x.ended:
        token = Token("LANGLE", "<", token.start, token.end)
        x.emit(token)
        stack.append(token)
    elif token.text == ">" and stack and stack[-1].type == "LANGLE" and stack[-1].value:
        stack.pop()
        x.emit(Token("RANGLE", ">", token.start, token.end))
    else:
        if token.text == "==" and not stack:
            raise syntax_mistake(x.raw, token, ())
        token.value = RELATIONS[token.text]
        x.emit(token)


def equals(x: Taking, token: Token) -> None:
    """Take an equals sign; inside braces it compares, and in the brackets of sum(i=1..n, x_i) it gives a limit."""
    stack = x.stack
    ranged = stack and stack[-1].type == "CALL" and [t.type for t in x.out[-2:]] == ["CALL", "RUN"]
    if x.script or any([t.type == "LBRACE" for t in stack]):
        x.emit(Token("RELATION", "=", token.start, token.end, "=="))
    elif stack and not (ranged and x.out[-3].text in ("sum", "prod")):
        raise mistake_at("E-SYNTAX", "'=' inside brackets", token, "unexpected", "compare with ==")
    else:
        x.emit(token)


def comma(x: Taking, token: Token) -> None:
    """Take a comma; the one of an inner product is remembered."""
    if x.stack and x.stack[-1].type == "LANGLE":
        x.stack[-1].value = True
    x.emit(token)


def colon(x: Taking, token: Token) -> None:
    """Take a colon: between two matrices it is the Frobenius product, tr(AᵀB)."""
    inside = bool(x.stack) and x.stack[-1].type in ("LSQB", "INDEX")
    if not inside and is_frobenius(x.raw, x.place - 1):
        token = Token("OP", ":", token.start, token.end, "·")
    x.emit(token)


def is_frobenius(raw: list[Token], place: int) -> bool:
    """Say whether a colon stands between two matrices, capitals or brackets, as in ``A : B``; ℝ declares."""
    if not 0 < place < len(raw) - 1:
        return False
    left, right = raw[place - 1], raw[place + 1]
    before = left.type in ("RPAR", "PRIME", "SUP") or _is_matrix(left)
    after = right.type == "LPAR" or _is_matrix(right)
    if right.text == "d" and place + 2 < len(raw):
        after = raw[place + 2].type == "LPAR" or _is_matrix(raw[place + 2])
    return before and after and right.text not in ("R", "ℝ")


def _is_matrix(token: Token) -> bool:
    """Say whether a word is a capital, or the differential of one."""
    name = token.text.removeprefix("d")
    return token.type == "WORD" and len(name) == 1 and name.isupper()
