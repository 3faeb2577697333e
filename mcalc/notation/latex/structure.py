r"""What encloses what: spacing dropped, ``\left`` and ``\begin`` paired, every bracket with its partner."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.latex.commands import DROPPED, PASSED, SIZES, SPACING, TEXTUAL
from mcalc.notation.latex.tokens import Tex, after_group, fail

OPENING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "|": "|", "‖": "‖", "floor(": ")", ".": "."}
_DELIMITERS = {
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|",
    "lvert": "|", "rvert": "|", "langle": "⟨", "rangle": "⟩", "lbrack": "[", "rbrack": "]", "lfloor": "floor(",
    "rfloor": ")", "lceil": "⌈", "rceil": "⌉",
}  # fmt: skip


class Structure:
    """The tokens of a formula, with the partner of each bracket and the end of the group around each token.

    Brackets are tokens of the kinds "open" and "close" (braces that are not seen), "left" and "right" (those that are,
    whatever their size), "begin" and "end" (environments, whose text is the name).
    """

    __slots__ = ("ends", "match", "tokens")

    def __init__(self, tokens: list[Tex]) -> None:
        self.tokens = _delimited(_visible(tokens))
        self.match: dict[int, int] = {}
        self.ends: list[int] = []
        self._pair()

    def _pair(self) -> None:
        tokens = self.tokens
        opened: list[int] = []
        count = len(tokens)
        outer: list[int] = []
        for place, token in enumerate(tokens):
            kind = token.kind
            outer.append(opened[-1] if opened else -1)
            if kind in ("open", "left", "begin"):
                opened.append(place)
            elif kind in ("close", "right", "end"):
                self._close(opened, place)
        if opened:
            raise unclosed(tokens[opened[-1]])
        self.ends = [count if opening < 0 else self.match[opening] for opening in outer]

    def _close(self, opened: list[int], place: int) -> None:
        token = self.tokens[place]
        if not opened:
            raise fail(f"'{written(token)}' closes nothing", token, label="nothing is open here", hint="delete it")
        first = self.tokens[opened[-1]]
        wanted = {"open": "close", "left": "right", "begin": "end"}[first.kind]
        fits = token.kind == wanted
        if fits and first.kind == "begin":
            fits = first.text == token.text
        elif fits and first.kind == "left":
            fits = first.sized == token.sized and (first.sized or token.text == OPENING[first.text])
        if not fits:
            raise Mistake(
                "E-LATEX",
                f"'{written(token)}' does not close '{written(first)}'",
                [Span(token.start, token.end, "closes"), Span(first.start, first.end, "opened here")],
                hint=f"close '{written(first)}' before it",
            )
        self.match[opened.pop()] = place


def written(token: Tex) -> str:
    r"""Return a bracket as it is written: ``\left(``, ``\begin{cases}``, ``(``."""
    if token.kind in ("begin", "end"):
        return rf"\{token.kind}{{{token.text}}}"
    if token.sized:
        return f"\\{token.kind}{token.text}"
    return token.text


def unclosed(token: Tex) -> Mistake:
    """Return the mistake of a bracket without its partner."""
    name = written(token)
    wanted = {"open": "'}'", "begin": rf"\end{{{token.text}}}"}.get(token.kind)
    if wanted is None:
        wanted = r"\right" if token.sized else f"'{OPENING.get(token.text, '')}'"
    return fail(f"'{name}' without {wanted}", token, label="opened here", hint=f"add {wanted}")


def _visible(tokens: list[Tex]) -> list[Tex]:
    """Return the tokens without spacing, sizes, labels and tags."""
    out: list[Tex] = []
    place = 0
    count = len(tokens)
    loose = False
    explained: set[int] = set()
    while place < count:
        if place in explained:
            while place < count and tokens[place].kind in ("sub", "sup"):
                place = _after_arguments(tokens, place + 1, 1, tokens[place])
            explained.discard(place)
            if place == count:
                break
        token = tokens[place]
        place += 1
        if token.kind == "command":
            name = token.text
            if name in ("quad", "qquad"):
                out.append(Tex("quad", name, token.start, token.end))
                loose = True
                continue
            if name in SPACING or name in SIZES:
                loose = True
                continue
            if name in PASSED:
                place = _after_arguments(tokens, place, PASSED[name], token)
                if name.endswith("brace"):
                    explained.add(_after_arguments(tokens, place, 1, token))
                loose = True
                continue
            if name in DROPPED:
                place = _after_arguments(tokens, place, DROPPED[name], token)
                loose = True
                continue
        if loose and token.glued:
            token = Tex(token.kind, token.text, token.start, token.end, token.macros, glued=False)
        loose = False
        out.append(token)
    return out


def _after_arguments(tokens: list[Tex], place: int, count: int, command: Tex) -> int:
    for _ in range(count):
        if place >= len(tokens):
            raise fail(f"{command.shown} lacks its argument", command)
        place = after_group(tokens, place)
    return place


def _delimited(tokens: list[Tex]) -> list[Tex]:
    r"""Return the tokens with ``\left(``, ``(``, ``\{`` and ``\begin{...}`` as one token each."""
    out: list[Tex] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token.is_command("left", "right"):
            if place >= len(tokens):
                raise fail(f"{token.shown} of nothing", token, hint=rf"write {token.shown}( or {token.shown}.")
            delimiter = tokens[place]
            place += 1
            text = _DELIMITERS.get(delimiter.text, "") if delimiter.kind == "command" else delimiter.text
            if text not in OPENING and text not in OPENING.values():
                raise fail(f"{token.shown} of no bracket", token, delimiter, "not a bracket")
            out.append(Tex(token.text, text, token.start, delimiter.end, token.macros, glued=token.glued, sized=True))
        elif token.is_command("begin", "end"):
            name, place = _environment(tokens, place, token)
            last = tokens[place - 1]
            out.append(Tex(token.text, name, token.start, last.end, token.macros, glued=token.glued))
        elif token.kind == "other" and token.text in "([])":
            out.append(_bracket(token, "left" if token.text in "([" else "right", token.text))
        elif token.is_command("{", "lbrace", "langle", "lbrack", "lfloor"):
            out.append(_bracket(token, "left", _DELIMITERS[token.text]))
        elif token.is_command("}", "rbrace", "rangle", "rbrack", "rfloor"):
            out.append(_bracket(token, "right", _DELIMITERS[token.text]))
        elif token.is_command("lceil", "rceil"):
            raise fail(f"{token.shown} is not read", token)
        else:
            out.append(token)
            if (
                token.kind == "command"
                and token.text in TEXTUAL
                and place < len(tokens)
                and tokens[place].kind == "open"
            ):
                place = _words(tokens, place, out)
    return out


def _words(tokens: list[Tex], place: int, out: list[Tex]) -> int:
    """Take the brackets in words as they stand there: they enclose no formula."""
    depth = 0
    while place < len(tokens):
        token = tokens[place]
        depth += (token.kind == "open") - (token.kind == "close")
        out.append(token)
        place += 1
        if depth <= 0:
            break
    return place


def _bracket(token: Tex, kind: str, text: str) -> Tex:
    return Tex(kind, text, token.start, token.end, token.macros, glued=token.glued)


def _environment(tokens: list[Tex], place: int, token: Tex) -> tuple[str, int]:
    if place >= len(tokens) or tokens[place].kind != "open":
        raise fail(f"{token.shown} of what?", token, hint=rf"write {token.shown}{{cases}}")
    name = ""
    place += 1
    while place < len(tokens) and tokens[place].kind != "close":
        name += tokens[place].text
        place += 1
    if place >= len(tokens):
        raise fail(f"{token.shown} of what?", token, hint=rf"write {token.shown}{{cases}}")
    return name, place + 1
