"""The way in for LaTeX, loaded when there is some: a formula, a file of macros, a paste cut into statements."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake
from mcalc.notation.around.behind import CONSTRAINING, JOINING
from mcalc.notation.latex.habits import habitual
from mcalc.notation.latex.macros import DEFINING, expand, put_in_place, read_macros, take_macros
from mcalc.notation.latex.parser import Parser
from mcalc.notation.latex.registry import ENVIRONMENTS, lookup, sign_of
from mcalc.notation.latex.structure import Structure, inside_of, outside
from mcalc.notation.names.scope import Macro, Scope
from mcalc.notation.surface.characters import clean
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.tex import Tex, after_group, fail, forbid, scan_tex

CLOSERS = {"$": "$", "$$": "$$", "[": "]", "(": ")"}
GOING_ON = frozenset("=<>≤≥≠≈")
ADDING = frozenset("+-−·×*/⊗⊘")
CONDITIONS = frozenset([phrase[0] for phrase in JOINING])
"""Words that a row of conditions begins with; it goes on with the row before."""
PUNCTUATION = frozenset(".,;:")


def split_latex(text: str) -> list[tuple[str, int]]:
    r"""Cut a paste into statements, each with the line it begins on; each is a part of the text as it stands.

    A row that begins with a sign goes on with the row before, so that ``a &= b \\ &= c`` is one chain; constraints stay
    with what they constrain, and a row that defines a name comes before those that use it.

    >>> split_latex(r"\begin{align} z &= w^\top x \\ L &= z^2 \\ &= (w^\top x)^2 \end{align}")
    [('z &= w^\\top x', 1), ('L &= z^2 \\\\ &= (w^\\top x)^2', 1)]
    >>> split_latex(r"$x \in \mathbb{R}^n$, $\frac12 \|x\|^2$.")
    [('x \\in \\mathbb{R}^n', 1), ('\\frac12 \\|x\\|^2', 1)]
    >>> split_latex(r"\begin{align} L &= r^2 \\ r &= x - 1 \end{align}")
    [('r &= x - 1', 1), ('L &= r^2', 1)]
    """
    try:
        paste = Paste(scan_tex(text))
    except Mistake:  # what is wrong is said where it is read
        bare = text.strip()
        return [(bare, 1 + text[: text.find(bare)].count("\n"))] if bare else []
    return [(text[first:last], 1 + text.count("\n", 0, first)) for first, last in paste.statements()]


MOST_ROWS = 50
"""Of more rows none is moved."""


def _uses(row: tuple[list[str], list[str]], name: list[str]) -> bool:
    """Say whether a row has a name on its right side that another row defines."""
    right, size = row[1], len(name)
    return bool(name) and any([right[k : k + size] == name for k in range(len(right) - size + 1)])


class Paste:
    """The tokens of a paste, with the partner of each bracket."""

    def __init__(self, tokens: list[Tex]) -> None:
        structure = Structure(tokens, whole=True)
        self.tokens = structure.tokens
        self.match = structure.match

    def statements(self) -> list[tuple[int, int]]:
        """Return where each statement begins and ends in the text."""
        begun = self._definitions()
        tokens = self.tokens
        rows: list[tuple[int, int]] = []
        for low, high in self._displays(begun):
            rows += self._defined_first([*self._rows(*self._unwrapped(low, high))])
        found = [(tokens[low].start, tokens[high].end) for low, high in rows]
        if begun:  # what defines macros stands before the first formula
            end = found[0][1] if len(found) > 1 else tokens[-1].end
            found = [(tokens[0].start, end), *found[1:]]
        return found

    def _defined_first(self, rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the rows of one display with the definition of a name before the rows that use it."""
        if not 1 < len(rows) <= MOST_ROWS:
            return rows
        parts = [self._sides(*row) for row in rows]
        found: list[int] = []
        left = [*range(len(rows))]
        while left:
            ready = next((k for k in left if not any([_uses(parts[k], parts[j][0]) for j in left if j != k])), left[0])
            found.append(ready)
            left.remove(ready)
        return [rows[k] for k in found]

    def _sides(self, low: int, high: int) -> tuple[list[str], list[str]]:
        """Return what stands before the first equals sign of a row, a name or nothing, and all behind it."""
        said = [t.text for t in self.tokens[low : high + 1] if t.kind not in ("cell", "open", "close", "quad")]
        sign = said.index("=") if "=" in said else 0
        name = said[:sign]
        return (name if 0 < len(name) < 4 else []), said[sign + 1 :]

    def _definitions(self) -> int:
        """Return where the definitions of macros at the beginning end."""
        tokens = self.tokens
        end = place = 0
        while place < len(tokens) and tokens[place].is_command(*DEFINING):
            place += 1
            while place < len(tokens) and not _begins(tokens[place]):
                place = after_group(tokens, place)
            end = place
        return end

    def _displays(self, place: int) -> list[tuple[int, int]]:
        """Return the formulas between dollar signs, brackets and the ends of environments; or all, without these."""
        tokens = self.tokens
        found: list[tuple[int, int]] = []
        marks = [k for k in outside(self.match, place, len(tokens)) if _opens(tokens[k])]
        while place < len(tokens):
            token = tokens[place]
            end = place
            if _opens(token):
                closer = CLOSERS[token.text]
                inside = outside(self.match, place + 1, len(tokens))
                end = next((k for k in inside if tokens[k].text == closer and tokens[k].kind != "right"), 0)
                if not end:
                    hint = f"close it with {closer}"
                    raise fail(f"'{token.shown}' without its end", token, label="opened here", hint=hint)
                found.append((place + 1, end))
            elif _is_lines(token):
                end = self.match[place]
                found.append((place, end + 1))
            elif not _is_nothing(token) and not token.is_other(*PUNCTUATION):
                if found or marks:
                    raise fail("text outside the formulas", token, label="no formula", hint="paste the formulas alone")
                return [(place, len(tokens))]
            place = end + 1
        return found

    def _unwrapped(self, low: int, high: int) -> tuple[int, int]:
        """Return what stands inside environments of lines that are all of a part."""
        tokens = self.tokens
        while low < high and _is_lines(tokens[low]):
            last = high - 1
            while last > low and (_is_nothing(tokens[last]) or tokens[last].is_other(*PUNCTUATION)):
                last -= 1
            if self.match[low] != last:
                break
            low, high = inside_of(tokens, self.match, low), last
        return low, high

    def _rows(self, low: int, high: int) -> list[tuple[int, int]]:
        """Return the first and the last token of each statement: rows, those that go on, what semicolons part."""
        tokens = self.tokens
        rows: list[tuple[int, int]] = []
        joins = constrained = False
        row: list[int] = []
        for place in [*outside(self.match, low, high), high]:
            ends = place == high or tokens[place].is_other(";") or tokens[place].is_command("\\", "cr")
            if not ends:
                row.append(place)
                continue
            seen = [k for k in row if not _is_nothing(tokens[k])]
            if seen:
                begins = sign_of(tokens[seen[0]])
                equals = any([sign_of(tokens[k]) in ("=", "∈") for k in seen[1:]])
                adds = begins in ADDING and (tokens[row[0]].kind == "cell" or not equals)
                word = self._word(seen[0]).partition(".")[0]
                constrained = constrained or word in CONSTRAINING
                last = self.match.get(seen[-1], seen[-1])
                if rows and (joins or constrained or word in CONDITIONS or begins in GOING_ON or adds):
                    rows[-1] = rows[-1][0], last
                else:
                    rows.append((seen[0], last))
                joins = sign_of(tokens[seen[-1]]) in GOING_ON | ADDING
            row = []
        return rows

    def _word(self, place: int) -> str:
        r"""Return the first letters of ``\text{subject to}``, or none."""
        if self.tokens[place].kind != "command" or lookup(self.tokens[place].text).kind not in ("text", "font"):
            return ""
        word = ""
        for token in self.tokens[place + 2 : self.match.get(place + 1, place)]:
            if word and not token.glued:
                break
            word += token.text.lower()
        return word


def _begins(token: Tex) -> bool:
    """Say whether a formula begins, or another definition of a macro."""
    return token.kind in ("math", "letter", "begin") or token.is_command("[", "(", *DEFINING)


def _opens(token: Tex) -> bool:
    return token.kind == "math" or token.is_command("[", "(")


def _is_lines(token: Tex) -> bool:
    return token.kind == "begin" and ENVIRONMENTS.get(token.text, ("",))[0] == "lines"


def _is_nothing(token: Tex) -> bool:
    return token.kind == "cell" or (token.kind == "command" and lookup(token.text).kind in ("space", "quad"))


__all__ = ["Pasted", "put_in_place", "read_latex", "read_macros", "split_latex"]
DISPLAYS = frozenset("()[]")
"""The commands that begin and end a formula in a text."""


class Pasted:
    """The tokens of a formula in LaTeX, and what its fonts say beside them.

    `fonts` are the orders that bold names hint at, `words` the names that upright letters make, `macros` those that
    the text defines.
    """

    def __init__(self, text: str, parser: Parser, hints: dict[str, int], macros: dict[str, Macro]) -> None:
        self.text = text
        self.tokens: list[Token] = parser.run()
        self.notes = parser.notes
        self.fonts = {**hints, **parser.met.orders(parser.known)}
        self.words = parser.met.words
        self.macros = macros


def read_latex(text: str, scope: Scope, wanted: Sequence[str] = ()) -> Pasted:
    r"""Return one formula as the tokens of mcalc's grammar; `wanted` are further names that are known.

    >>> from mcalc.notation.names.scope import Scope
    >>> " ".join([t.text for t in read_latex(r"\frac12 \lVert \mathbf{X}\mathbf{w} - y \rVert_2^2", Scope()).tokens])
    '1 / { 2 } ‖ X w - y ‖ _2 ^ 2'
    """
    cleaned, hints = clean(text)
    scanned = scan_tex(cleaned)
    tokens, macros = take_macros(scanned)
    forbid([token for token in scanned if not token.is_command("def")])
    notes: list[str] = []
    macros_ = {**scope.macros, **macros}
    tokens = expand(tokens, {**macros_, **habitual(tokens, macros_, notes)})
    tokens = [t for t in tokens if t.kind != "math" and not t.is_command(*DISPLAYS)]
    forbid(tokens)
    parser = Parser(cleaned, tokens, scope, wanted)
    parser.notes += notes
    return Pasted(cleaned, parser, hints, macros)
