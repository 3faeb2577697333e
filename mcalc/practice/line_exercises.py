"""Exercises made of the lines of a derivation: one that is missing, one that is wrong, the rule of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.api import scope_of
from mcalc.calculus.stories.lines import Line
from mcalc.errors import Mistake, Span
from mcalc.practice.exercises import UNKNOWN, Exercise, Judged, judged_answer, shape_said, text_of, wrong
from mcalc.practice.spoiled import spoiled
from mcalc.render.equation_lines import Equation
from mcalc.render.steps_text import is_cited, remark

if TYPE_CHECKING:
    import random

    from mcalc.practice.exercises import Entry
    from mcalc.practice.told import Told

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
