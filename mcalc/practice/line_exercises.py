"""Exercises made of the lines of a derivation: one that is missing, one that is wrong, the rule of one.

A wrong line has a slip as hands make them, and is proved wrong by value, that line and no other. The derivation must be
short enough to be shown at a prompt.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from mcalc.api import page_of, scope_of
from mcalc.calculus.stories.lines import DIFFERENTIATE, DIRECT, NAME, ByDifferentials, Derivation, Line
from mcalc.checking.edits import edits, without_parts
from mcalc.checking.misrules import derivatives
from mcalc.checking.verdict import Question
from mcalc.errors import Mistake, ShapeError, Span
from mcalc.expr import Expr, walk
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.leaves import symbols_in
from mcalc.practice.exercises import UNKNOWN, Entry, Exercise, Judged, judged_answer, shape_said, text_of, wrong
from mcalc.practice.topics import Task
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.equation_lines import Equation
from mcalc.render.steps_text import Writer, is_cited, remark
from mcalc.render.text import unicode

MOST_LINES = 14
"""A derivation of more lines is not shown."""
WIDEST = 110
"""Characters of a line that is shown."""

UNASKED = frozenset(("read off", "put in", "cancel", "collect terms", "simplify", "mask to the other side"))
"""Reasons in derivations by differentials that are no rules one knows by name."""


class Told:
    """The derivation of a task as one story of a few lines, and how its lines are written; `lines` is empty if not."""

    def __init__(self, task: Task) -> None:
        self.task = task
        value = task.derivative
        stories = value.steps.stories if value.order == 1 and len(value.variables) == 1 else []
        self.lines: list[Line] = []
        if len(stories) != 1:
            return
        self.derivation: Derivation = stories[0].derivation
        self.taken = value.taken
        lines = self.derivation.lines
        if len(lines) <= MOST_LINES and max([len(self.text(line)) for line in lines]) <= WIDEST:
            self.lines = lines

    def equation(self, line: Line, *, unicode: bool = True) -> Equation:
        """Return a line in pieces."""
        kind = DifferentialWriter if isinstance(self.derivation, ByDifferentials) else Writer
        return kind(self.derivation, unicode=unicode, level="full", taken=self.taken).equation(line)

    def text(self, line: Line) -> str:
        """Return a line as text."""
        return text_of(self.equation(line))

    def is_whole(self, line: Line) -> bool:
        """Say whether a line gives a derivative, and no derivative is left in what it comes to."""
        return line.lhs.op is DERIVATIVE and not line.lhs.free and not line.rhs[-1].has_kind("derivative")

    def may_be_missing(self, place: int) -> bool:
        """Say whether a line may be left out: it gives a derivative, and no line before it has come as far."""
        line = self.lines[place]
        before = [one for one in self.lines[:place] if one.lhs is line.lhs]
        if any([item.running or item.told.free for item in self.derivation.listed]):
            return False
        return bool(line.rule) and self.is_whole(line) and not any([self.is_whole(one) for one in before])

    def may_ask_rule(self, line: Line) -> bool:
        """Say whether the rule of a line has a name to ask for: one of the paper's, or one of differentials."""
        if line.part == NAME or line.lhs.free or ";" in line.rule:
            return False
        if isinstance(self.derivation, ByDifferentials):
            return line.rule not in UNASKED
        return line.lhs.op is DERIVATIVE and is_cited(line.section)

    def read_with(self, place: int) -> Sequence[Line]:
        """Return the lines that a line is to be read with: definitions, or what it goes on from."""
        line = self.lines[place]
        if line.part == DIRECT:
            before = self.lines[max(place - 1, 0) : place]
            return [one for one in before if one.lhs is line.lhs or isinstance(self.derivation, ByDifferentials)]
        names = [one for one in self.lines if one.part == NAME]
        return [one for one in names if one.lhs is line.lhs.args[0]] if line.part == DIFFERENTIATE else names


MOST_SLIPS = 60
"""Slips of a line among which one is chosen."""
TRIES = 6
"""Slips that are tried on a line before another line is."""
SHORTER, LONGER = 0.6, 1.5
"""A slip that makes a line so much shorter or longer is seen at a glance."""


def spoiled(told: Told, rng: random.Random) -> tuple[int, Line] | None:
    """Return a place and the line with a slip in it; None where none can be proved to be the only one that is wrong."""
    if not told.lines or _wrong_lines(told, told.lines) != []:
        return None
    places = [place for place, line in enumerate(told.lines) if told.is_whole(line) and line.rule]
    rng.shuffle(places)
    for place in places:
        line = told.lines[place]
        usual = len(told.text(line))
        for slip in _slips(told, line, rng)[:TRIES]:
            made = Line(line.part, line.lhs, [*line.rhs[:-1], slip], line.reasons, line.detail, line.name)
            text = told.text(made)
            if text == told.text(line) or not SHORTER * usual < len(text) < LONGER * usual:
                continue
            lines = [*told.lines[:place], made, *told.lines[place + 1 :]]
            if _wrong_lines(told, lines) == [place]:
                return place, made
    return None


def _slips(told: Told, line: Line, rng: random.Random) -> list[Expr]:
    """Return what slips make of a line, one of each kind in turn, in an order of chance."""
    kinds: dict[str, list[Expr]] = {}
    for kind, slip in islice(_made(told, line), MOST_SLIPS):
        if slip.shape == line.rhs[-1].shape and slip.is_row == line.rhs[-1].is_row:
            kinds.setdefault(kind, []).append(slip)
    found: list[Expr] = []
    groups = list(kinds.values())
    rng.shuffle(groups)
    while groups:
        found += [group.pop(rng.randrange(len(group))) for group in groups]
        groups = [group for group in groups if group]
    return found


def _made(told: Told, line: Line) -> Iterator[tuple[str, Expr]]:
    """Yield each slip with its kind: a rule that is misremembered, a part left out, a small change."""
    right = line.rhs[-1]
    of, *by = line.lhs.args
    body = next((item.definition for item in told.derivation.listed if item.symbol is of), of)
    if len(by) == 1 and by[0] in set(walk(body)):
        misremembered = derivatives(Question(body, by, 1, right), unicode)
        yield from islice(((f"rule {kind}", made) for kind, _, made in misremembered), MOST_SLIPS // 3)
    variables = symbols_in(right)
    for edit in chain(without_parts(right), edits(right, variables)):
        yield edit.kind, edit.whole


def _wrong_lines(told: Told, lines: list[Line]) -> list[int] | None:
    """Return the places of the lines that do not hold, by value; None where one cannot be judged."""
    try:
        page = page_of("\n".join([told.text(line) for line in lines]), scope_of(told.task.where))
    except (Mistake, ShapeError):
        return None
    if page.mistakes:
        return None
    verdicts = [(one.line.number - 1, one.verdict) for one in page.judged if one.verdict is not None]
    wrong = [(place, verdict) for place, verdict in verdicts if not verdict]
    by_value = all([verdict.verdict == "not-equal" and verdict.method.startswith("values") for _, verdict in wrong])
    return [place for place, _ in wrong] if by_value else None


MISSING, SLIPS, RULES = "line", "wrong", "rule"
LEAST_LINES = 3
"""Lines of a derivation in which a wrong one is looked for."""
NUMBER = re.compile(r"(?i)(?:line\s*|no\.?\s*|#)?(\d{1,3})[.)]?")
ARTICLE = re.compile(r"(?i)^(?:(?:by|with)\s+)?(?:the\s+)?|\s+rule$")
CHAIN = "chain"
OTHER_NAMES = {"constant multiple": "multiplication by constant", "constant factor": "multiplication by constant"}
"""What rules are called elsewhere, and what the paper calls them."""


def of_line(told: Told, rng: random.Random) -> Exercise | None:
    """Return the exercise that asks for a missing line; None where no line is missed without being seen elsewhere."""
    places = [place for place in range(1, len(told.lines)) if told.may_be_missing(place)]
    if not places:
        return None
    place = rng.choice(places)
    line = told.lines[place]
    wanted = told.derivation.settled(line.lhs)
    answer = text_of(Equation([], told.equation(Line(line.part, line.lhs, line.rhs[-1:])).members))[3:]

    def shown(unicode: bool) -> list[Equation]:
        before = [told.equation(one, unicode=unicode) for one in told.lines[:place]]
        return [*before, Equation(told.equation(line, unicode=unicode).lhs, [[UNKNOWN]])]

    def judge(text: str) -> Judged:
        scope = scope_of(told.task.where)
        for item in told.derivation.listed:
            scope.definitions[item.symbol.attr[0]] = item.told
        return judged_answer(text, wanted, scope, answer)

    hints = [f"its reason is: {remark(line.rule, line.section)}", f"it is {shape_said(line.rhs[-1])}", told.text(line)]
    sentence = "What belongs where the question mark stands?"
    return Exercise(MISSING, sentence, told.task, shown, answer, hints, judge, told.text(line))


def of_slip(told: Told, rng: random.Random) -> Exercise | None:
    """Return the exercise that asks which line is wrong; None where no slip can be proved to make exactly one wrong."""
    found = spoiled(told, rng) if len(told.lines) >= LEAST_LINES else None
    if found is None:
        return None
    place, slip = found
    right = told.lines[place]
    lines = [*told.lines[:place], slip, *told.lines[place + 1 :]]
    whole = f"line {place + 1}; it should be {told.text(right)}"

    def shown(unicode: bool) -> list[Equation]:
        made = [told.equation(line, unicode=unicode) for line in lines]
        wide = len(str(len(made)))
        heads = [(f"{number:{wide}}  ", "place") for number in range(1, len(made) + 1)]
        return [Equation([head, *one.lhs], one.members) for head, one in zip(heads, made, strict=True)]

    def judge(text: str) -> Judged:
        match = NUMBER.fullmatch(text.strip())
        if match is None or not 1 <= int(match[1]) <= len(lines):
            said = f"a number from 1 to {len(lines)} is asked for"
            raise Mistake("E-USAGE", said, [Span(0, max(len(text), 1))], "that of the line that does not hold", text)
        if int(match[1]) == place + 1:
            return Judged(f"right: {whole}", is_right=True)
        return wrong(f"line {int(match[1])} holds")

    hints = [
        f"its reason is: {remark(right.rule, right.section)}",
        f"its right side is {shape_said(right.rhs[-1])}",
        f"line {place + 1}",
    ]
    sentence = "One line is wrong. Which? Type its number."
    return Exercise(SLIPS, sentence, told.task, shown, f"line {place + 1}", hints, judge, whole)


def of_rule(told: Told, rng: random.Random, entry: Entry) -> Exercise | None:
    """Return the exercise that asks for the rule of a line; None where no rule has a name that its line does not show.

    Of rules there are those that the paper has, and those of differentials.
    """
    made = [
        _rule_of(told, place, entry)
        for place, line in enumerate(told.lines)
        if told.may_ask_rule(line) and entry(line.rule)
    ]
    silent = [one for one in made if not one.leaks]
    return rng.choice(silent) if silent else None


def _rule_of(told: Told, place: int, entry: Entry) -> Exercise:
    line = told.lines[place]
    lines = [*told.read_with(place), Line(line.part, line.lhs, line.rhs[:1])]

    def shown(unicode: bool) -> list[Equation]:
        return [told.equation(one, unicode=unicode) for one in lines]

    def judge(text: str) -> Judged:
        said, meant = plain_rule(text), plain_rule(line.rule)
        entries = {entry(text.strip()), entry(said)} - {None}
        if said == meant or (said == CHAIN and meant.endswith(CHAIN)) or line.rule in entries:
            return Judged(f"right: {line.rule}", is_right=True)
        if not entries:
            hint = "mcalc rules lists them all"
            raise Mistake("E-NAME", "there is no rule of this name", [Span(0, max(len(text), 1))], hint, text or " ")
        return wrong()

    section = remark("", line.section)
    where = f"the paper has it in {section}" if is_cited(line.section) else "the paper does not have it"
    hints = [where, f"the right side is {shape_said(line.rhs[0])}", line.rule]
    sentence = "Which rule gives the right side of the last line? Type its name."
    return Exercise(RULES, sentence, told.task, shown, line.rule, hints, judge)


def plain_rule(text: str) -> str:
    """Return the name of a rule without what may be left out.

    >>> plain_rule("by the Product Rule"), plain_rule("constant multiple rule")
    ('product', 'multiplication by constant')
    """
    name = ARTICLE.sub("", " ".join(text.lower().split())).strip(" .")
    return OTHER_NAMES.get(name, name)
