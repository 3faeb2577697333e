"""A derivation as text: the paper's four numbered steps, or a chain of equalities where these are not needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, NAME, PARTS, SUBSTITUTE, Derivation, Line, Marks
from mcalc.calculus.stories.reasons import PUT_BACK, PUT_IN, PUT_IN_LOCAL
from mcalc.calculus.stories.rewriting import in_full
from mcalc.expr import Expr, walk
from mcalc.operators.abstract import DERIVATIVE
from mcalc.render.equation_lines import EQUALS, Equation, blank, broken, columns, laid_out, packed, wrapped
from mcalc.render.faces import ASCII, UNICODE, Face, Piece
from mcalc.render.glyphs import spell_ascii, unicode_name
from mcalc.render.text import lay_out, shape_words
from mcalc.render.two_dimensional import result_lines

LEVELS = ("brief", "full")
MOST = 10
"""Brief: lines in one step of the process; what is more is cut out of the middle."""
TWO = 2
LONGEST = 240
"""Brief: columns of a member of an equation; what is longer is left out."""

CONTENT = frozenset({"name", "number", "function", "constant", "index"})
"""Roles of what can be seen to have changed; signs and brackets alone are too little."""


def is_cited(section: str) -> bool:
    """Say whether a section is one of the paper's."""
    return section[:1].isdigit()


def remark(rule: str, section: str) -> str:
    """Return the rule of a line and where the paper has it.

    >>> remark("sum rule", "2"), remark("norm", "beyond the paper"), remark("simplify", "")
    ('sum rule · §2', 'norm · beyond the paper', 'simplify')
    """
    parts = [f"§{part}" if is_cited(part) else part for part in section.split(", ") if part]
    return " · ".join([part for part in (rule, ", ".join(parts)) if part])


def all_taken(derivation: Derivation, taken: Collection[str] = ()) -> set[str]:
    """Return the names that the parts of a long result must not be given: those of the derivation are others."""
    return {*taken, *[item.symbol.attr[0] for item in derivation.listed]}


def chief_rule(lines: Sequence[Line]) -> tuple[str, str] | None:
    """Return the rule that the third step is headed by: the most general of the chain rules used, or the only rule."""
    rules = {(line.rule, line.section) for line in lines}
    chains = [rule for rule in rules if "chain rule" in rule[0]]
    if chains:
        return max(chains, key=lambda rule: rule[1])
    return next(iter(rules)) if len(rules) == 1 else None


def heading(number: int, lines: Sequence[Line]) -> str:
    """Return the heading of a step of the paper's process; nothing in a derivation that needs none."""
    rule = chief_rule(lines) if number == COMBINE else None
    return f"{number}. {PARTS[number]}{f': {remark(*rule)}' if rule else ''}" if number else ""


class Writer:
    """Writes one derivation in a face, brief or in full, for a terminal of some width or for a pipe (None)."""

    def __init__(
        self,
        derivation: Derivation,
        *,
        unicode: bool = True,
        level: str = "brief",
        width: int | None = None,
        taken: Collection[str] = (),
        layout: str = "",
    ) -> None:
        self.derivation = derivation
        self.face: Face = UNICODE if unicode else ASCII
        self.unicode = unicode
        self.brief = level == "brief"
        self.width = width
        self.taken = taken
        self.more_taken = all_taken(derivation, taken)
        self.layout = layout
        self.marks = Marks(derivation)
        self.parts = derivation.parts

    def pieces(self, expr: Expr, *, long: bool = False, alone: bool = False) -> list[Piece]:
        """Return one side of an equation; `long` where it may be given names for its parts, `alone` as a definition."""
        taken = self.more_taken if long else self.taken
        return lay_out(expr, self.face, taken, marks=self.marks, alone=alone).pieces(self.face)

    def equation(self, line: Line, said: str = "", members: Sequence[Expr] | None = None) -> Equation:
        """Return a line as an equation in pieces."""
        long = line.part == SUBSTITUTE
        told = line.rhs if members is None else members
        shown = [self.pieces(member, long=long, alone=line.part == NAME) for member in told]
        if self.brief:
            shown = [self.shortened(member) for member in shown]
        return Equation(self.pieces(line.lhs), shown, self.said(said))

    def shortened(self, member: list[Piece]) -> list[Piece]:
        """Leave out what is too long to be read on a screen."""
        wide = columns(member)
        if wide <= LONGEST:
            return member
        return [(self.said(f"… ({wide} characters, --steps full shows all)"), "words")]

    def said(self, text: str) -> str:
        """Return words in the glyphs of the face."""
        return text if self.unicode else spell_ascii(text.replace(" · ", ", "))

    def heading(self, number: int, text: str) -> list[list[Piece]]:
        """Return the heading of a step."""
        return wrapped([(f"{number}  ", "place"), (self.said(text), "message")], self.width, later=3)

    def rows(self, assumed: Sequence[str] = ()) -> list[list[Piece]]:
        """Return all lines."""
        if not self.derivation.listed or NAME not in self.parts:
            return self.told_directly()
        rows = [*self.opening(assumed), []]
        rows += [*self.heading(1, PARTS[NAME]), *self.definitions()]
        if DIFFERENTIATE in self.parts:
            rows += [*self.heading(2, PARTS[DIFFERENTIATE]), *self.differentiated()]
        rows += self.combined()
        rows += self.substituted()
        return rows

    def opening(self, assumed: Sequence[str]) -> list[list[Piece]]:
        """Return the expression by its name, and what was assumed to read it."""
        last = self.parts[NAME][-1].lhs
        body = self.pieces(self.derivation.body, long=True)
        row = [*self.pieces(last), EQUALS, *(self.shortened(body) if self.brief else body)]
        words = self.said(f"assumed: {'; '.join(assumed)}") if assumed else ""
        rows = [row] if self.width is None else broken(row, self.width, 4)
        if not words:
            return rows
        gap = 46 - columns(row)
        if self.width is not None and columns(rows[-1]) + max(gap, 3) + len(words) > self.width:
            gap = 3
            if columns(rows[-1]) + gap + len(words) > self.width:
                return [*rows, *wrapped([(words, "words")], self.width, 4, 4)]
        return [*rows[:-1], [*rows[-1], blank(max(gap, 3)), (words, "words")]]

    def definitions(self) -> list[list[Piece]]:
        """Return the names: in one line or in columns where that fits, in full one a line."""
        lines = self.parts[NAME]
        if not self.brief:
            return laid_out([self.equation(line, remark(line.rule, line.section)) for line in lines], self.width)
        if lines[0].rule:
            first = laid_out([self.equation(lines[0], remark(lines[0].rule, lines[0].section))], self.width)
            return [*first, *self.side_by_side(lines[1:])]
        return self.side_by_side(lines)

    def side_by_side(self, lines: Sequence[Line]) -> list[list[Piece]]:
        """Return short definitions in one line or in columns, without the middle of very many."""
        cut, left_out = _cut(lines, MOST * 2)
        made = [self.equation(line) for line in cut]
        room = (78 if self.width is None else self.width) - 5
        items = [[*one.lhs, EQUALS, *one.members[0]] for one in made]
        if any([columns(item) > room for item in items]):
            rows = laid_out(made, self.width)
            return self.with_gap(rows, len(rows) // 2, left_out, "intermediate variable")
        if not left_out:
            return packed(items, self.width)
        half = len(items) // 2
        rows = packed(items[:half], self.width)
        return self.with_gap([*rows, *packed(items[half:], self.width)], len(rows), left_out, "intermediate variable")

    def with_gap(self, rows: list[list[Piece]], at: int, left_out: int, what: str) -> list[list[Piece]]:
        """Put a word on what was left out between two lines."""
        if not left_out:
            return rows
        plural = "s" if left_out > 1 else ""
        words = self.said(f"… {left_out} more {what}{plural}: --steps full")
        return [*rows[:at], [blank(5), (words, "words")], *rows[at:]]

    def listed(self, lines: Sequence[tuple[Line, str]]) -> list[list[Piece]]:
        """Return lines with their remarks; brief, without what was shown before and without the middle of many."""
        if not self.brief:
            told = [self.member_by_member(line, said) for line, said in lines]
            return laid_out([one for part in self.going_on(lines, told) for one in part], self.width)
        cut, left_out = _cut(lines, MOST)
        made = [one for [one] in self.going_on(cut, [[self.equation(line, said)] for line, said in cut])]
        if not left_out:
            return laid_out(made, self.width)
        # Both halves are laid out as one, so that they stand in the same columns.
        rows = laid_out(made, self.width)
        half = len(laid_out(made[: len(made) // 2], self.width))
        return self.with_gap(rows, min(half, len(rows)), left_out, "line")

    def going_on(self, lines: Sequence[tuple[Line, str]], told: list[list[Equation]]) -> list[list[Equation]]:
        """Leave out the left side of each line that goes on from the one before."""
        for (before, _), (after, _), part in zip(lines, lines[1:], told[1:], strict=False):
            if before.lhs is after.lhs:
                part[0].lhs = []
        return told

    def member_by_member(self, line: Line, said: str) -> list[Equation]:
        """Return a line with a row for each member of its right side, and the reason for each; what changed is marked.

        A line of two members with nothing between them stays in one row.
        """
        told = in_full(line)
        short = line.part == DIFFERENTIATE or (len(told) == 2 and told[1][1] in ((PUT_IN,), (PUT_IN_LOCAL,)))
        if len(told) < 2 or (len(told) == 2 and short):
            return [self.equation(line, said)]
        made = [self.equation(line, said, [told[0][0]])]
        made += [Equation([], [self.pieces(member)], self.said(names_of(reasons))) for member, reasons in told[1:]]
        return with_changes(made)

    def differentiated(self) -> list[list[Piece]]:
        """Return the derivative of each intermediate variable by its own arguments."""
        return self.listed([(line, remark(line.rule, line.section)) for line in self.parts.get(DIFFERENTIATE, [])])

    def combined(self) -> list[list[Piece]]:
        """Return the chain rule, named in the heading; a line by another rule names that."""
        lines = self.parts.get(COMBINE, [])
        chief = chief_rule(lines)
        shown: set[tuple[Expr, Expr]] = set()
        for line in self.parts.get(DIFFERENTIATE, []):
            shown.add((line.lhs, line.rhs[-1]))
        kept: list[tuple[Line, str]] = []
        for line in lines:
            key = (line.lhs, line.rhs[-1])
            if self.brief and len(line.rhs) == 1 and key in shown:
                continue
            shown.add(key)
            own = (line.rule, line.section)
            kept.append((line, "" if own == chief else remark(*own)))
        title = PARTS[COMBINE] + (f": {remark(*chief)}" if chief else "")
        return [*self.heading(3, title), *self.listed(kept)]

    def substituted(self) -> list[list[Piece]]:
        """Return the last step: the names put back, what becomes of it, the result, and what is named in that."""
        lines = self.parts.get(SUBSTITUTE, [])
        ending = self.derivation.ending
        place = lines.index(ending) + 1 if ending in lines else len(lines)
        lines, behind = lines[:place], [(line, line.rhs, self.reason(line)) for line in lines[place:]]
        if not lines:
            result = self.result(None) if self.width is not None else []
            return self.with_shape([]) if len(result) < TWO else [[], *result]
        rows = self.heading(4, self.substitution(lines))
        if self.brief:
            lines = [line for line, after in zip(lines, [*lines[1:], None], strict=True) if not _goes_on(line, after)]
        *before, last = lines
        shown = [*[(line, line.rhs) for line in before], *([(last, last.rhs[:-1])] if len(last.rhs) > 1 else [])]
        if self.width is None:
            shown = [(line, line.rhs) for line in lines]
        made = self.chain([(line, members, self.reason(line)) for line, members in shown])
        if self.width is None and made:
            made[-1].members = self.equation_in_full(last).members
        if made and lines[0].rule.startswith("substitute"):
            made[0].remark = ""  # the heading says it
        made = with_changes(made)
        if self.width is None:
            return [*rows, *laid_out([*made, *self.chain(behind)], self.width)]
        rows += laid_out(made, self.width)
        why = wrapped([(self.said(f"and {last.rule}:"), "words")], self.width, 5, 5) if before else []
        return [
            *rows,
            [],
            *why,
            *self.result(last),
            *([[]] if behind else []),
            *laid_out(self.chain(behind), self.width),
        ]

    def reason(self, line: Line) -> str:
        """Return the rule of a line, with the name that it puts back."""
        said = remark(line.rule, line.section)
        return f"{said} {unicode_name(line.name)}" if PUT_BACK in line.reasons else said

    def equation_in_full(self, line: Line) -> Equation:
        """Return a line as an equation without shortening it: the result is always shown whole."""
        return Equation(self.pieces(line.lhs), [self.pieces(member, long=True) for member in line.rhs])

    def chain(self, lines: Sequence[tuple[Line, Sequence[Expr], str]]) -> list[Equation]:
        """Return equations of which each after the first with the same left side leaves it out."""
        made: list[Equation] = []
        before: Expr | None = None
        for line, members, said in lines:
            one = self.equation(line, said, members)
            if line.lhs is before:
                one.lhs = []
            before = line.lhs
            made.append(one)
        return made

    def substitution(self, lines: Sequence[Line]) -> str:
        """Return the heading of the last step, with the names that are put back."""
        combined = self.parts.get(COMBINE) or self.parts.get(DIFFERENTIATE, [])
        last = combined[-1].rhs[-1] if combined else None
        if last is not None and last.has(DERIVATIVE):
            return "Substitute all of them back"
        inside = set(walk(last)) if last is not None else set()
        put_back = [line.name for line in lines if PUT_BACK in line.reasons]
        listed = self.derivation.listed
        symbols = [item.symbol for item in listed if item.symbol in inside]
        if put_back:
            symbols = [item.symbol for name in put_back for item in listed if item.symbol.attr[0] == name]
        names = ["".join([text for text, _ in self.pieces(one)]) for one in symbols]
        if not names:
            return "Simplify"
        if len(names) > 6:
            names = [*names[:3], "…", names[-1]]
        return f"Substitute {', '.join(names)} back"

    def result(self, line: Line | None) -> list[list[Piece]]:
        """Return the result in two dimensions, with its shape in words."""
        of = line.lhs if line is not None else self.derivation.lines[-1].lhs
        left = self.pieces(of)
        above: list[list[Piece]] = []
        if self.width is not None and columns(left) > self.width // 2:
            above, left = broken([blank(2), *left], self.width, 4), [blank(2)]
        before = "".join([text for text, _ in left])
        rows = result_lines(
            self.derivation.result,
            unicode=self.unicode,
            width=self.width,
            before=f"  {before} = ",
            words=self.said(shape_words(self.derivation.result, self.layout)),
            taken=self.more_taken,
            brief=True,
        )
        if self.width is None:
            return rows
        return [*above, *[part for row in rows for part in broken(row, self.width, 6)]]

    def told_directly(self) -> list[list[Piece]]:
        """Return a chain of equalities, one rule a line; what a rule changed is marked."""
        lines = self.derivation.lines
        if self.brief:
            lines = [line for line in lines if line.lhs is lines[-1].lhs]
        made = self.folded(self.chain([(line, line.rhs, remark(line.rule, line.section)) for line in lines]))
        if made:
            made[-1].members = self.equation_in_full(self.derivation.lines[-1]).members
        made = with_changes(made)
        if self.width is None:
            return laid_out(made, self.width, indent=2)
        result = self.result(None)
        if len(result) == 1:
            return self.with_shape(laid_out(made, self.width, indent=2))
        # The result stands below in two dimensions, and not in the chain as well.
        *before, last = made
        if len(last.members) > 1:
            before.append(Equation(last.lhs, last.members[:-1], last.remark))
            last.remark = ""
        why = self.why(last.remark, "and" if before else "by")
        return [*laid_out(before, self.width, indent=2), *([[]] if before else []), *why, *result]

    def why(self, reason: str, word: str) -> list[list[Piece]]:
        """Return the reason for the result that follows."""
        return wrapped([(self.said(f"{word} {reason}:"), "words")], self.width, 2, 4) if reason else []

    def folded(self, made: list[Equation]) -> list[Equation]:
        """Brief: leave out the middle of a long chain."""
        if not self.brief or len(made) <= 2 * MOST:
            return made
        gap = Equation([], [[(self.said(f"… {len(made) - 2 * MOST + 1} more lines: --steps full"), "words")]])
        return [*made[:MOST], gap, *made[1 - MOST :]]

    def with_shape(self, rows: list[list[Piece]]) -> list[list[Piece]]:
        """Put the shape of the result in words under the last line, where it is more than a scalar."""
        if not self.derivation.result.shape or self.width is None:
            return rows
        words = self.said(shape_words(self.derivation.result, self.layout))
        return [*rows, [blank(self.width - columns([(words, "words")])), (words, "words")]]


def _goes_on(line: Line, after: Line | None) -> bool:
    """Say whether a line puts back one of several names, and the next line another."""
    return PUT_BACK in line.reasons and after is not None and PUT_BACK in after.reasons


def _cut(lines: Sequence[Any], most: int) -> tuple[Sequence[Any], int]:
    """Return the first and the last of many lines, and how many are left out between them."""
    if len(lines) <= most + 1:
        return lines, 0
    half = most // 2
    return [*lines[:half], *lines[-half:]], len(lines) - 2 * half


def with_changes(made: list[Equation]) -> list[Equation]:
    """Mark, in each equation that goes on from the one before, what is not as it was there."""
    members = [one.members[-1] for one in made]
    for place, (before, after) in enumerate(pairwise(members), 1):
        if not made[place].lhs:
            made[place].members = [*made[place].members[:-1], _changed(before, after)]
    return made


def _changed(before: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
    """Mark what stands between the common beginning and the common end of two members.

    Where something only went away, what stands around the gap is marked.
    """
    most = min(len(before), len(after))
    start = next((k for k in range(most) if before[k] != after[k]), most)
    end = next((k for k in range(most - start) if before[-1 - k] != after[-1 - k]), most - start)
    stop = len(after) - end
    if not any([role in CONTENT for _, role in after[start:stop]]):
        start = next((k for k in reversed(range(start)) if after[k][1] in CONTENT), start)
        stop = next((k + 1 for k in range(stop, len(after)) if after[k][1] in CONTENT), stop)
    return [
        (text, f"{role} changed") if start <= place < stop else (text, role) for place, (text, role) in enumerate(after)
    ]
