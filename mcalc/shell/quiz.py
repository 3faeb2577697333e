"""Practice: asks, judges each answer, gives hints, and sums up; with --keep what was missed is asked again."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from mcalc.derivative import Derivative
from mcalc.errors import Mistake, Span, closest
from mcalc.files import folder
from mcalc.operators.leaves import variables_in
from mcalc.practice.boxes import NAME, Boxes
from mcalc.practice.exercises import Exercise
from mcalc.practice.rounds import AT_ONCE, GIVEN_UP, LATER, Round
from mcalc.practice.topics import LEVELS, TEMPLATES, Task, Topics, topics
from mcalc.render.equation_lines import wrapped
from mcalc.render.text import ascii as as_ascii
from mcalc.shell import batch
from mcalc.shell.arguments import is_file
from mcalc.shell.checking import declaration
from mcalc.shell.reference_page import Page
from mcalc.shell.rule_entries import found as rule_found
from mcalc.shell.settings import Settings
from mcalc.shell.signals import Clock, end_by_raising
from mcalc.shell.streams import asked_for, asked_in_file

PROMPT = "> "
SEEDS = 10_000
"""Seeds that are drawn where none is given, short enough to be typed again."""
MOST_TEXT = 4_000
"""Characters of an answer that is judged."""
COMMANDS = ("hint", "answer", "skip", "help", "quit")
ALSO = {"h": "help", "exit": "quit", "q": "quit"}
HELP = (
    "Type an answer, in mcalc's notation or in LaTeX, in any form that is equal. "
    ":hint gives a hint (which rule, which shape, then line by line), :answer tells the answer, "
    ":skip goes on, :quit ends the round."
)
SECTION = re.compile(r"§?\d+(\.\d+)*\.?")


def quiz(text: str | None, count: int, seed: int | None, settings: Settings, *, keep: bool) -> Callable[[], int]:
    """Return the practice of a topic, or of one's own derivatives, ready to be run; raises Mistake for a wrong use."""
    if count < 1:
        raise Mistake("E-USAGE", f"--count is 1 or more, not {count}")
    settings.layout = "numerator"  # what is asked for; an answer may be in the other one
    place = folder("state")
    if keep and place is None:
        raise Mistake("E-FILE", "there is no home folder to keep what was missed in", hint="set MCALC_STATE_DIR")
    word = (text or "").strip()
    own = text is not None and word not in TEMPLATES and not SECTION.fullmatch(word) and not word.isalpha()
    path = os.path.join(place, NAME) if keep and place is not None else None
    return partial(practise, str(text) if own else topics(text), count, seed, settings, path)


def practise(about: str | Sequence[str], count: int, seed: int | None, settings: Settings, path: str | None) -> int:
    """Ask questions until they are answered or the input ends; return the exit code."""
    output = settings.output()
    try:
        source = own_tasks(about, settings) if isinstance(about, str) else Topics(about)
        boxes = None if path is None else Boxes(path, date.today())  # noqa: DTZ011 - the user's own day is meant
    except Mistake as mistake:
        output.mistake(mistake, text=about if isinstance(about, str) else None)
        return mistake.exit_code
    end_by_raising()  # so that no unfinished file stays
    typed = sys.stdin is not None and sys.stdin.isatty()
    if seed is None:
        seed = random.SystemRandom().randrange(SEEDS) if typed else 0
    due = [] if boxes is None else boxes.due
    practice = Practice(Round(source, seed, rule_called, due), count, Page(output), boxes)
    if typed:
        practice.say(HELP)
        practice.say(f"The same questions again: --seed {seed}")
    return practice.run(_typed(practice) if typed else _piped())


def own_tasks(text: str, settings: Settings) -> list[Task]:
    """Return the derivatives of a file, or the one that a statement asks for, each complete in itself."""
    values = [value for _, value, _ in asked_in_file(text, settings)] if is_file(text) else [asked_for(text, settings)]
    return [own_task(value) for value in values]


def own_task(value: Derivative) -> Task:
    """Return a derivative as a task whose statement needs no other one: definitions are written out in it.

    Raises:
        Mistake: `E-UNSUPPORTED`, where that asks for something else: it is a differential, or by an equation.
    """
    asked = value.asked
    names = variables_in(asked)
    task = Task("", as_ascii(asked, value.taken), "; ".join([declaration(node) for node in names]))
    if task.derivative.text != value.text:
        said = f"{value.written(asked)} is no question by itself"
        raise Mistake("E-UNSUPPORTED", said, hint="derivatives of functions are asked, in the numerator layout")
    return task


def rule_called(name: str) -> str | None:
    """Return the rule that a name stands for in `mcalc rules`; None where it stands for none."""
    try:
        return rule_found(name).rule
    except Mistake:
        return None


def _typed(practice: Practice) -> Iterator[str]:
    """Yield what is typed at a prompt, until the end of the input."""
    import_editing()
    while True:
        try:
            yield input(PROMPT)
        except UnicodeDecodeError:
            yield "�"
        except EOFError:
            practice.say("")
            return


def import_editing() -> None:
    """Let a line be edited while it is typed; nothing is completed, and no line of before comes back."""
    try:
        import readline
    except ImportError:
        return
    readline.set_auto_history(False)
    readline.set_completer(lambda text, state: None)


def _piped() -> Iterator[str]:
    """Yield the lines of standard input; one that is no text is an empty one."""
    if sys.stdin is not None:
        for line in batch.lines(sys.stdin.buffer):
            yield line.text


class Practice:
    """A round at a prompt and what came of it: exercises right at once, after a try or a hint, skipped; and hints."""

    def __init__(self, questions: Round, count: int, page: Page, boxes: Boxes | None = None) -> None:
        self.questions = questions
        self.count = count
        self.page = page
        self.boxes = boxes
        self.clock = Clock()
        self.came: dict[str, int] = dict.fromkeys((AT_ONCE, LATER, GIVEN_UP), 0)
        self.hints = 0
        self.tries = 0
        self.hint = 0
        self.exercise: Exercise | None = None

    def say(self, text: str, indent: int = 0) -> None:
        """Write a sentence, wrapped for a terminal."""
        later = indent + 2 * (indent > 0)
        self.page.rows(wrapped([(self.page.said(text), "text")], self.page.width, indent, later))

    @property
    def has_levels(self) -> bool:
        """Whether questions are made up, easier and harder ones; one's own are there to be asked once."""
        return isinstance(self.questions.source, Topics)

    @property
    def done(self) -> int:
        """How many exercises are over."""
        return sum(self.came.values())

    def run(self, answers: Iterator[str]) -> int:
        """Ask, read and judge until all was asked, `:quit`, the end of the input or an interrupt; then sum up."""
        code = 0
        try:
            if self.ask():
                for text in answers:
                    if not self.take(text):
                        break
        except KeyboardInterrupt:
            self.say("")
            code = 130
        if self.exercise is not None and (self.tries or self.hint):
            self.keep(missed=True)
        self.say(self.summary)
        return code

    def take(self, typed: str) -> bool:
        """Take one line; say whether the round goes on."""
        text = typed.strip()
        if not text or text.startswith("#"):
            return True
        try:
            command = self.command(text)
            if command == "quit":
                return False
            if command is None:
                self.judge(text)
            else:
                {"hint": self.tell_hint, "skip": self.give_up, "answer": self.tell, "help": self.help}[command]()
        except Mistake as mistake:
            self.page.output.mistake(mistake)
        return self.exercise is not None or (self.done < self.count and self.ask())

    def command(self, text: str) -> str | None:
        """Return the command that a line is, with a colon or, where no variable is called so, without."""
        assert self.exercise is not None
        word = text.removeprefix(":").strip().lower()
        name = ALSO.get(word, word)
        if text.startswith(":"):
            if name not in COMMANDS:
                close = closest(word[:20], COMMANDS, 1, 0.5)
                hint = f"did you mean :{close[0]}?" if close else ", ".join([f":{one}" for one in COMMANDS])
                raise Mistake("E-NAME", f"there is no command :{word[:30]}", [Span(0, len(text))], hint, text)
            return name
        return name if name in COMMANDS and word not in self.exercise.task.derivative.taken else None

    def ask(self) -> bool:
        """Put the next question; say whether there was one."""
        try:
            self.exercise = self.clock.within(self.questions.next)
        except Mistake as mistake:
            self.page.output.mistake(mistake)
        self.tries = self.hint = 0
        if self.exercise is None:
            return False
        task = self.exercise.task
        place = [task.place] if task.place else []
        again = ["again"] if self.questions.is_due else []
        number = f"{self.done + 1} of {self.count}" if self.has_levels else str(self.done + 1)
        head = " · ".join([number, *again, *place, "; ".join(self.exercise.names)])
        self.page.gap()
        self.page.rows(wrapped([(self.page.said(head), "place")], self.page.width, 0, 2))
        self.say(self.exercise.sentence, 2)
        self.page.rows(self.exercise.rows(self.page.width, unicode=self.page.unicode))
        return True

    def judge(self, text: str) -> None:
        """Judge an answer; one that is right is followed by the next question."""
        assert self.exercise is not None
        if len(text) > MOST_TEXT:
            raise Mistake("E-LIMIT", f"an answer has up to {MOST_TEXT} characters")
        found = self.clock.within(partial(self.exercise.judge, text))
        self.say(found.said)
        for detail in found.details:
            self.say(detail, 2)
        if found.is_right:
            self.close(AT_ONCE if not self.tries and not self.hint else LATER)
        else:
            self.tries += found.counts

    def tell_hint(self) -> None:
        """Tell the next hint."""
        assert self.exercise is not None
        if self.hint == len(self.exercise.hints):
            self.say("that was the last hint; :answer tells the answer", 2)
            return
        self.say(self.exercise.hints[self.hint], 2)
        self.hint += 1
        self.hints += 1

    def tell(self) -> None:
        """Tell the answer, which counts as an exercise skipped."""
        assert self.exercise is not None
        self.say(self.exercise.whole, 2)
        self.give_up()

    def give_up(self) -> None:
        """Go on to the next question."""
        self.close(GIVEN_UP)

    def help(self) -> None:
        """Say what may be typed."""
        self.say(HELP)

    def close(self, came: str) -> None:
        """Take down what came of a question."""
        self.came[came] += 1
        self.questions.note(came)
        self.keep(missed=came != AT_ONCE)
        self.exercise = None

    def keep(self, *, missed: bool) -> None:
        """Keep what was missed; where that fails, say so, and keep nothing more."""
        if self.boxes is None or self.exercise is None:
            return
        try:
            self.boxes.note(self.exercise.kind, self.exercise.task, missed=missed)
        except Mistake as mistake:
            self.page.output.mistake(mistake)
            self.boxes = None

    @property
    def summary(self) -> str:
        """One line on how it went, and on what comes again."""
        counts = ", ".join([f"{count} {words}" for words, count in self.came.items() if count]) or "none answered"
        said = [f"{self.done} question{'s' * (self.done != 1)}: {counts}"]
        said += [f"{self.hints} hint{'s' * (self.hints != 1)}"] if self.hints else []
        said += [f"level {self.questions.level + 1} of {LEVELS}"] if self.has_levels else []
        if self.boxes is not None:
            cards = self.boxes.cards
            said.append(f"{len(cards)} to come again, the first on {cards[0].due}" if cards else "none to come again")
        return "; ".join(said)
