"""The check behind test_practice_rounds, and the long run: `python -m tests.quiz 500`.

Rounds of practice are made, with answers of chance. Each question must take its own answer and no question back, tell
nothing of it before the third hint, and stand once in its round; of a wrong line, values say that it is the only one.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

import numpy as np

from mcalc.api import scope_of
from mcalc.calculus.stories.lines import Line
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import read
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import Draws
from mcalc.practice.exercises import DERIVATIVES, SHAPES, Exercise
from mcalc.practice.line_exercises import MISSING, SLIPS, Told
from mcalc.practice.rounds import AT_ONCE, GIVEN_UP, KINDS, LATER, Round
from mcalc.practice.topics import TEMPLATES, Topics
from mcalc.render.latex_face import latex
from mcalc.render.text import ascii as as_ascii
from mcalc.shell.quiz import rule_called
from tests.derivations import POSITION, at_positions

COUNT = 12
FEWEST = 8
"""Questions that each topic has, if not more."""
POINTS, MORE, APART = 6, 200, 1e-6
"""Points at which a line is looked at, and where it has to be wrong at one of them: a branch may be small."""


def plain(text: str) -> str:
    """Return a text without blanks, in which another text is looked for."""
    return "".join(text.split()).casefold()


def faults(exercise: Exercise) -> list[str]:
    """Return what is wrong with an exercise, in words."""
    found: list[str] = []
    answer = exercise.answer
    if not accepts(exercise, answer):
        found.append("its own answer is not taken")
    if len(exercise.hints) < 3 or not all(exercise.hints):
        found.append("there are not three hints")
    if len(answer.split()) > 1 or len(answer) > 3:
        found += [
            f"the answer {answer} is told: {text}"
            for text in (exercise.question, *exercise.hints[:2])
            if plain(answer) in plain(text)
        ]
    value = exercise.task.derivative
    if exercise.kind == DERIVATIVES:
        for text in (
            as_ascii(value.expr, value.taken),
            latex(value.expr, value.taken),
            f"{exercise.task.statement} = {answer}",
        ):
            if not accepts(exercise, text):
                found.append(f"{text} is not taken")
        asked = as_ascii(value.asked, value.taken)
        for text in (exercise.task.statement, asked, f"1 ({asked})", f"= {asked}"):
            if accepts(exercise, text):
                found.append(f"the question typed back is taken: {text}")
    if exercise.kind == MISSING:
        lines = exercise.question.splitlines()
        if accepts(exercise, lines[-1].partition(" = ")[0]):
            found.append("the left side typed back is taken")
    if exercise.kind in (MISSING, SHAPES) and accepts(exercise, "17"):
        found.append("17 is taken")
    return found + (of_slip(exercise) if exercise.kind == SLIPS else [])


def accepts(exercise: Exercise, text: str) -> bool:
    """Say whether an answer is taken for right."""
    try:
        return exercise.judge(text).is_right
    except Mistake:
        return False


def of_slip(exercise: Exercise) -> list[str]:
    """Return what is wrong with a derivation with one wrong line: which one is, is worked out by values here."""
    told = Told(exercise.task)
    shown = ["".join([text for text, _ in one.members[-1]]) for one in exercise.shown(True)]
    scope = scope_of(exercise.task.where)
    for item in told.derivation.listed:
        scope.definitions[item.symbol.attr[0]] = item.told
    found: list[str] = []
    right = int(exercise.answer.split()[1])
    for number, (line, text) in enumerate(zip(told.lines, shown, strict=True), 1):
        is_told = text == told.text(line).rpartition(" = ")[2] or text in told.text(line)
        if number != right:
            if not is_told or accepts(exercise, str(number)) or apart(told, line, line.rhs[-1]):
                found.append(f"line {number} is wrong, too: {text}")
            continue
        spoiled = read(text, scope, shape=line.rhs[-1].shape).expr
        if spoiled is None or not apart(told, line, spoiled, MORE):
            found.append(f"line {number} is not wrong: {text}")
    return found


def apart(told: Told, line: Line, side: Expr, points: int = POINTS) -> bool:
    """Say whether the sides of a line differ at some point, in whatever layout; `side` is the right one."""
    sides = [told.derivation.settled(one) for one in (line.lhs, side)]
    draws = Draws([*sides, told.derivation.body])
    seen = 0
    for seed in range(points):
        values = draws.at(np.random.default_rng([7, seed]), seed)
        positions = {index: POSITION for one in sides for index in one.free}
        try:
            left, right = [np.atleast_1d(evaluate(at_positions(one, positions), values)) for one in sides]
        except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError, Mistake):
            continue
        seen += 1
        faces = [face for face in (right, right.T) if face.shape == left.shape]
        if all([np.max(np.abs(face - left)) > APART * (1 + np.max(np.abs(left))) for face in faces]):
            return True
    assert seen, f"no point says anything of {told.text(line)}"
    return False


def judge_seed(seed: int, kinds: Counter[str]) -> list[str]:
    """Return what is wrong with a round; `kinds` counts the questions of each kind."""
    rng = random.Random(seed)
    topics = rng.choice([list(TEMPLATES), [rng.choice(list(TEMPLATES))]])
    round_ = Round(Topics(topics), seed, rule_called)
    asked: set[str] = set()
    found: list[str] = []
    for _ in range(COUNT):
        exercise = round_.next()
        if exercise is None:
            found += [f"seed {seed}: nothing is left to ask of {topics}"] if len(asked) < FEWEST else []
            break
        kinds[exercise.kind] += 1
        said = f"seed {seed}, {exercise.kind}, {exercise.task.statement}"
        found += [f"{said}: {fault}" for fault in faults(exercise)]
        if exercise.task.statement in asked:
            found.append(f"{said}: asked twice")
        asked.add(exercise.task.statement)
        round_.note(rng.choice([AT_ONCE, AT_ONCE, LATER, GIVEN_UP]))
    return found


def main(count: int, first: int = 0) -> int:
    """Judge so many rounds; return how many faults were found."""
    start = time.perf_counter()
    kinds: Counter[str] = Counter()
    found: list[str] = []
    for seed in range(first, first + count):
        try:
            found += judge_seed(seed, kinds)
        except Exception as trouble:  # noqa: BLE001 - the run goes on, and tells of it
            found.append(f"seed {seed}: {type(trouble).__name__}: {trouble}")
    asked = ", ".join([f"{kinds[kind]} {kind}" for kind in KINDS])
    print(f"{count} rounds, {asked}; {len(found)} faults, {time.perf_counter() - start:.0f} s")
    for line in found[:40]:
        print(line[:400])
    return len(found)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
