r"""What encloses what: spacing dropped, ``\left`` and ``\begin`` paired, every bracket with its partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mcalc.errors import Mistake, Span
from mcalc.notation.around.around import HEADS
from mcalc.notation.latex.registry import SPECIFIED, entry_of, lookup
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.tex import Tex, after_group, fail, group_ends

OPENING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "|": "|", "‖": "‖", "floor(": "floor)", ".": "."}
ANGLES = {"<": "⟨", ">": "⟩"}
BRACED = {"eqalign": "aligned", "displaylines": "gathered", "cases": "cases", "matrix": "matrix", "pmatrix": "pmatrix"}
r"""Environments that plain TeX has as commands: ``\eqalign{a &= b \cr &= c}``."""


class Structure:
    """The tokens of a formula, with the partner of each bracket and the end of the group around each token.

    Brackets are tokens of the kinds "open" and "close" (braces that are not seen), "left" and "right" (those that are,
    whatever their size), "begin" and "end" (environments, whose text is the name). A half-open interval is a pair, too.
    """

    def __init__(self, tokens: list[Tex], *, whole: bool = False) -> None:
        """Pair the brackets of some tokens; of the `whole` text, spacing is kept."""
        self.tokens = _delimited(tokens) if whole else _divided(_delimited(_visible(tokens)))
        self.match: dict[int, int] = {}
        opened: list[int] = []
        self.outer: list[int] = []
        """The bracket that is open at each place, -1 without one."""
        for place, token in enumerate(self.tokens):
            self.outer.append(opened[-1] if opened else -1)
            if token.kind in ("open", "left", "begin"):
                opened.append(place)
            elif token.kind in ("close", "right", "end"):
                self._close(opened, place)
        if opened:
            raise _unclosed(self.tokens[opened[-1]])
        self.ends = [len(self.tokens) if opening < 0 else self.match[opening] for opening in self.outer]

    def _close(self, opened: list[int], place: int) -> None:
        token = self.tokens[place]
        if not opened:
            raise fail(f"'{written(token)}' closes nothing", token, label="nothing is open here", hint="delete it")
        first = self.tokens[opened[-1]]
        fits = token.kind == {"open": "close", "left": "right", "begin": "end"}[first.kind]
        if fits and first.kind == "begin":
            fits = first.text == token.text
        elif fits and first.kind == "left":
            interval = first.text in "([" and token.text in ")]"
            fits = first.sized == token.sized and (first.sized or interval or token.text == OPENING[first.text])
        if not fits:
            said, hint = f"'{written(token)}' does not close '{written(first)}'", f"close '{written(first)}' before it"
            spans = [Span(token.start, token.end, "closes"), Span(first.start, first.end, "opened here")]
            raise Mistake("E-LATEX", said, spans, hint)
        self.match[opened.pop()] = place


def outside(match: Mapping[int, int], start: int, end: int) -> Iterator[int]:
    """Yield the places from one to before another that stand in no bracket between them; of a bracket, its own."""
    while start < end:
        yield start
        start = match.get(start, start) + 1


def inside_of(tokens: list[Tex], match: Mapping[int, int], begin: int) -> int:
    """Return where the rows of an environment begin: behind where it stands on the line, and how its columns do."""
    place, name = begin + 1, tokens[begin].text
    if place < match[begin] and tokens[place].text == "[" and match.get(place) == place + 2:
        place += 3 if tokens[place + 1].text in "tbc" else 0
    if name in SPECIFIED and place < match[begin] and tokens[place].kind == "open":
        place = match[place] + 1
    return place


def written(token: Tex) -> str:
    r"""Return a bracket as it is written: ``\left(``, ``\begin{cases}``, ``(``."""
    if token.kind in ("begin", "end"):
        return rf"\{token.kind}{{{token.text}}}"
    return f"\\{token.kind}{token.text}" if token.sized else token.text


def _unclosed(token: Tex) -> Mistake:
    wanted = {"open": "'}'", "begin": rf"\end{{{token.text}}}"}.get(token.kind)
    if wanted is None:
        wanted = r"\right" if token.sized else f"'{OPENING.get(token.text, '')}'"
    return fail(f"'{written(token)}' without {wanted}", token, label="opened here", hint=f"add {wanted}")


def _visible(tokens: list[Tex]) -> list[Tex]:
    """Return the tokens without spacing, sizes, labels, tags and what explains a brace."""
    out: list[Tex] = []
    place = 0
    loose = False
    explained: set[int] = set()
    ends: dict[int, int] | None = None
    while place < len(tokens):
        while place in explained and tokens[place].kind in ("sub", "sup"):
            explained.add(place := _after(tokens, place + 1, 1, tokens[place]))
            if place == len(tokens):
                return out
        token = tokens[place]
        place += 1
        if token.kind == "command":
            entry = lookup(token.text)
            if token.text == "!" and out and out[-1].text == "[" and tokens[place].text in ("[", "left"):
                raise fail("⟦...⟧ is not read", out[-1], tokens[place], "not read", "write the sum that it stands for")
            if entry.kind == "quad":
                out.append(Tex("quad", token.text, token.start, token.end))
            elif entry.kind in ("drop", "passed"):
                place = _after(tokens, place, entry.arguments, token)
            elif entry.kind == "explained":
                ends = group_ends(tokens) if ends is None else ends  # these stand in each other
                explained.add(ends[place] if place in ends else _after(tokens, place, 1, token))
            elif entry.kind == "stack":
                middle = _after(tokens, place, entry.arguments - 1, token)
                end = _after(tokens, middle, 1, token)
                out += _stacked(token, tokens[place:middle], tokens[middle:end])
                place = end
            if entry.kind in ("quad", "drop", "passed", "explained", "space", "stack"):
                loose = True
                continue
        if loose and token.glued:
            token = Tex(token.kind, token.text, token.start, token.end, token.macros, glued=False)
        loose = False
        out.append(token)
    return out


def _after(tokens: list[Tex], place: int, count: int, command: Tex) -> int:
    for _ in range(count):
        if place >= len(tokens):
            raise fail(f"{command.shown} lacks its argument", command)
        place = after_group(tokens, place)
    return place


def _stacked(command: Tex, first: list[Tex], base: list[Tex]) -> list[Tex]:
    r"""Return ``\underset{w}{\min}`` as a head with its subscript, ``\stackrel{\text{def}}{=}`` as its sign."""
    inner = base[1:-1] if base and base[0].kind == "open" else base
    if command.text in ("underset", "mathop"):
        word = "".join([t.text for t in inner if t.kind == "letter" or lookup(t.text).kind in ("head", "big")])
        word = word if word == "E" else word.lower()
        if word in HEADS or word in ("sum", "prod", "E"):
            at = command.start, base[-1].end
            letters = [Tex("letter", letter, *at) for letter in word]
            named = [Tex("command", "operatorname", *at), Tex("open", "{", *at), *letters, Tex("close", "}", *at)]
            made = named if lookup(word).kind == "unknown" else [Tex("command", word, *at)]
            made = inner if word == "E" else made
            return [*made, Tex("sub", "_", command.start, command.end), *first] if first else made
        if command.text == "mathop":
            return base
    elif len(inner) == 1 and (inner[0].is_other("=") or lookup(inner[0].text).value == "="):
        return [Tex("other", "=", command.start, base[-1].end)]
    hint = "keep the expression that is differentiated"
    raise mistake_at("E-UNSUPPORTED", f"{command.shown} makes this more than mcalc reads", command, "not read", hint)


def _delimited(tokens: list[Tex]) -> list[Tex]:
    r"""Return the tokens with ``\left(``, ``(``, ``\{`` and ``\begin{...}`` as one token each."""
    out: list[Tex] = []
    place = 0
    closing: dict[int, str] = {}
    ends = group_ends(tokens) if any([t.is_command(*BRACED) for t in tokens]) else {}
    while place < len(tokens):
        token = tokens[place]
        place += 1
        entry = lookup(token.text) if token.kind == "command" else None
        if place in ends and token.kind == "command" and token.text in BRACED:
            out.append(
                Tex("begin", BRACED[token.text], token.start, tokens[place].end, token.macros, glued=token.glued)
            )
            closing[ends[place] - 1] = BRACED[token.text]
            place += 1
        elif place - 1 in closing and token.kind == "close":
            out.append(Tex("end", closing[place - 1], token.start, token.end))
        elif entry is None:
            if token.kind == "other" and token.text in "([])":
                token = _bracket(token, "left" if token.text in "([" else "right", token.text)
            out.append(token)
        elif entry.kind == "sized":
            if place >= len(tokens):
                raise fail(f"{token.shown} of nothing", token, hint=rf"write {token.shown}( or {token.shown}.")
            delimiter = tokens[place]
            place += 1
            text = entry_of(delimiter).value
            text = ANGLES.get(text, text)
            if text not in OPENING and text not in OPENING.values():
                raise fail(f"{token.shown} of no bracket", token, delimiter, "not a bracket")
            out.append(Tex(token.text, text, token.start, delimiter.end, token.macros, glued=token.glued, sized=True))
        elif entry.kind == "environment":
            close = after_group(tokens, place) if place < len(tokens) and tokens[place].kind == "open" else place
            if close < place + 3 or tokens[close - 1].kind != "close":
                raise fail(f"{token.shown} of what?", token, hint=rf"write {token.shown}{{cases}}")
            name = "".join([t.text for t in tokens[place + 1 : close - 1]])
            out.append(Tex(token.text, name, token.start, tokens[close - 1].end, token.macros, glued=token.glued))
            place = close
        elif entry.kind in ("open", "shut"):
            out.append(_bracket(token, "left" if entry.kind == "open" else "right", entry.value))
        else:
            out.append(token)
            if entry.kind == "text" and place < len(tokens) and tokens[place].kind == "open":
                end = after_group(tokens, place)  # brackets in words enclose no formula
                out += tokens[place:end]
                place = end
    return _with_norms(out)


def _with_norms(tokens: list[Tex]) -> list[Tex]:
    r"""Return the tokens with ``\left|\left| x \right|\right|`` as the norm of x, which it is typed for."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for k, token in enumerate(tokens):
        if token.sized and token.kind == "left":
            opened.append(k)
        elif token.sized and token.kind == "right" and opened:
            pairs[opened.pop()] = k
    dropped: set[int] = set()
    for k, closing in pairs.items():
        if tokens[k].text == tokens[closing].text == "|" and pairs.get(k + 1) == closing - 1 and k not in dropped:
            inner, outer = tokens[k + 1], tokens[closing - 1]
            if inner.text == outer.text == "|":
                start, glued = tokens[k].start, tokens[k].glued
                tokens[k] = Tex("left", "‖", start, inner.end, inner.macros, glued=glued, sized=True)
                tokens[closing] = Tex("right", "‖", outer.start, tokens[closing].end, outer.macros, sized=True)
                dropped |= {k + 1, closing - 1}
    return [token for k, token in enumerate(tokens) if k not in dropped] if dropped else tokens


def _bracket(token: Tex, kind: str, text: str) -> Tex:
    return Tex(kind, text, token.start, token.end, token.macros, glued=token.glued)


def _divided(tokens: list[Tex]) -> list[Tex]:
    r"""Return the tokens with each ``{a \over b}`` as a fraction."""
    if not any([t.is_command("over") for t in tokens]):
        return tokens
    out: list[Tex] = []
    begun = [0]
    closers: list[int] = [0]
    for token in tokens:
        if token.kind in ("close", "right", "end"):
            out += [Tex("close", "}", token.start, token.start)] * closers.pop()
            begun.pop()
        if token.is_command("over") and begun and not closers[-1]:
            brace = Tex("open", "{", token.start, token.start)
            out[begun[-1] : begun[-1]] = [Tex("command", "frac", token.start, token.end), brace]
            out += [Tex("close", "}", token.start, token.start), brace]
            closers[-1] = 1
            continue
        out.append(token)
        if token.kind in ("open", "left", "begin"):
            begun.append(len(out))
            closers.append(0)
    return [*out, *[Tex("close", "}", tokens[-1].end, tokens[-1].end)] * (closers[0] if closers else 0)]
