"""Practice: asks for derivatives, judges each answer, gives the next step as a hint, and keeps nothing."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from functools import partial

from mcalc.api import derive, judged, scope_of
from mcalc.checking.questions import LEVELS, Question, Questions, sections
from mcalc.errors import Mistake, Span
from mcalc.notation import read
from mcalc.render.glyphs import spell_ascii
from mcalc.render.safe import terminal_width
from mcalc.results import Derivative
from mcalc.shell import batch
from mcalc.shell.folding import folded
from mcalc.shell.output import Output

PROMPT = "> "
SEEDS = 10_000
"""Seeds that are drawn where none is given, short enough to be typed again."""
HELP = "an answer, such as 2 x; or hint, skip, answer, quit"


def quiz(section: str | None, count: int, seed: int | None) -> partial[int]:
    """Return the practice of some sections, ready to be run; raises Mistake where there is no such section."""
    if count < 1:
        raise Mistake("E-USAGE", f"--count is 1 or more, not {count}")
    return partial(practise, sections(section), count, seed)


def practise(chosen: list[str], count: int, seed: int | None) -> int:
    """Ask questions until they are answered or the input ends; return the exit code."""
    typed = sys.stdin is not None and sys.stdin.isatty()
    if seed is None:
        seed = random.SystemRandom().randrange(SEEDS) if typed else 0
    practice = Practice(Questions(chosen, seed), count, Output.of_process())
    if typed:
        practice.say(f"{HELP}. The same questions again: --seed {seed}")
    practice.run(_typed(practice.output) if typed else _piped())
    return 0


def _typed(output: Output) -> Iterator[str]:
    """Yield what is typed at a prompt, until the end of the input."""
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            output.result("")
            return


def _piped() -> Iterator[str]:
    """Yield the lines of standard input; one that is no text is an empty one."""
    if sys.stdin is not None:
        for line in batch.lines(sys.stdin.buffer):
            yield line.text


class Practice:
    """A row of questions and what came of them: those right at once, after a try, skipped; and the hints given."""

    def __init__(self, questions: Questions, count: int, output: Output) -> None:
        self.questions = questions
        self.count = count
        self.output = output
        self.width = terminal_width(output.out) if output.on_terminal else None
        self.at_once = self.later = self.skipped = self.hints = 0
        self.tries = 0
        self.hint = 0
        self.question: Question | None = None
        self.derivative: Derivative | None = None

    def say(self, text: str) -> None:
        """Write lines, in ASCII where the stream has nothing else."""
        for line in text.splitlines():
            self.output.result(folded(line if self.output.unicode else spell_ascii(line), self.width))

    @property
    def done(self) -> int:
        """How many questions are over."""
        return self.at_once + self.later + self.skipped

    def run(self, answers: Iterator[str]) -> None:
        """Ask, read and judge, until enough questions were asked, `quit`, or the end of the input; then sum up."""
        self.ask()
        for typed in answers:
            text = typed.strip().removeprefix(":")
            word = text.lower()
            if word in ("quit", "exit", "q"):
                break
            if not text or text.startswith("#"):
                continue
            {"hint": self.next_hint, "skip": self.skip, "answer": self.tell, "help": self.help}.get(
                word, partial(self.judge, text)
            )()
            if self.question is None:
                if self.done == self.count:
                    break
                self.ask()
        self.say(self.summary)

    def ask(self) -> None:
        """Put the next question; the more were answered, the harder."""
        level = min((self.at_once + self.later) * LEVELS // max(self.count, LEVELS), LEVELS - 1)
        self.question = question = self.questions.next(level)
        self.derivative = derive(question.expression, wrt=question.wrt, where=question.where)
        self.tries = self.hint = 0
        self.say(f"{self.done + 1}  §{question.section}  {question.statement} = ?     {question.where}")

    def judge(self, answer: str) -> None:
        """Judge an answer; one that is right, in either layout, is followed by the next question."""
        question, derivative = self.question, self.derivative
        assert question is not None
        assert derivative is not None
        before = f"{question.statement} = "
        text = before + answer.lstrip("= ")
        try:
            reading = read(text, scope_of(question.where))
            verdict = judged(reading)
        except Mistake as mistake:
            moved = [Span(max(s.start - len(before), 0), max(s.end - len(before), 1), s.label) for s in mistake.spans]
            self.output.mistake(Mistake(mistake.code, mistake.message, moved, mistake.hint, answer))
            return
        self.tries += 1
        if not verdict:
            self.say("\n".join(["not right yet", *[f"  {detail}" for detail in verdict.details]]))
            return
        self.say(f"right: {derivative.text}" if verdict.verdict == "equal" else f"right; {verdict.headline}")
        if self.tries == 1 and not self.hint:
            self.at_once += 1
        else:
            self.later += 1
        self.question = None

    def next_hint(self) -> None:
        """Show the next step of the derivation; after the last one there is the answer."""
        assert self.derivative is not None
        steps = list(self.derivative.steps)
        if self.hint == len(steps):
            self.say("that was the last step; answer shows the result")
            return
        step = steps[self.hint]
        rule = f"     {step.rule}, §{step.section}" if step.section else f"     {step.rule}"
        self.say(f"  {step}{rule}" if step.rule else f"  {step}")
        self.hint += 1
        self.hints += 1

    def tell(self) -> None:
        """Show the answer, which counts as a question skipped."""
        assert self.question is not None
        assert self.derivative is not None
        self.say(f"{self.question.statement} = {self.derivative.text}")
        self._leave()

    def skip(self) -> None:
        """Go on to the next question."""
        self._leave()

    def _leave(self) -> None:
        self.skipped += 1
        self.question = None

    def help(self) -> None:
        """Say what may be typed."""
        self.say(HELP)

    @property
    def summary(self) -> str:
        """One line on how it went."""
        parts = [(self.at_once, "right at once"), (self.later, "right later"), (self.skipped, "skipped")]
        counts = ", ".join([f"{count} {words}" for count, words in parts if count]) or "none answered"
        hints = f"; {self.hints} hint{'s' * (self.hints != 1)}" if self.hints else ""
        return f"{self.done} question{'s' * (self.done != 1)}: {counts}{hints}"
