"""Exercises: what is asked of a derivative, three grades of hints, and how an answer is judged.

What is told before it is asked for is kept apart: neither a question nor its first two hints have the answer in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from mcalc.api import judged, scope_of
from mcalc.calculus.basics.orientation import depends_on_layout
from mcalc.calculus.stories.lines import NAME
from mcalc.calculus.stories.reasons import ALGEBRA
from mcalc.calculus.stories.reasons import TABLE as REASONS
from mcalc.checking.equality import flat_shape
from mcalc.checking.verdict import Verdict
from mcalc.derivative import Derivative
from mcalc.dims import Dim
from mcalc.errors import Mistake, Span
from mcalc.expr import Expr
from mcalc.notation import Scope, assumed_text, read, read_where
from mcalc.operators.leaves import SYMBOL
from mcalc.operators.structures import STRUCTURES
from mcalc.practice.topics import Task
from mcalc.render.equation_lines import Equation, blank, broken, laid_out
from mcalc.render.faces import ASCII, UNICODE, Piece
from mcalc.render.steps_text import remark
from mcalc.render.text import lay_out, shape_words

Entry = Callable[[str], str | None]
"""The rule that a name stands for, of those that have an entry in the reference."""

DERIVATIVES, SHAPES = "derivative", "shape"
AGAIN = "that is the question again, or a part of it: the answer has no derivative left in it"
UNKNOWN = ("?", "words")
MOST_RULES = 4
"""As many rules are named in a hint."""
YOURS = {"the right side": "yours", "the left side": "mcalc's", " on the right only": " in yours only"}
"""What a verdict on two sides says, and what is said of an answer."""
WORD = re.compile(r"[^\W_]+|[^\w\s]")
SPACE = re.compile(r"\\mathbb\s*\{?R\}?|ℝ|\bR(?=\s*[\^{])")
BETWEEN = re.compile(r"\s*(?:×|\\times|\*|,|\bby\b|\bx\b|(?<=\d)x(?=\d))\s*")
ENCLOSED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
SHAPE_HINT = "rows x columns, with the sizes that the question has, or scalar"
ROW_OF = re.compile(r"(?i)^(?:an? )?(row|column|vector|matrix)(?: vector)?(?: (?:of|with))?\b(.*?)(?:entries)?$")


def leaks(answer: str, text: str) -> bool:
    """Say whether an answer stands in a text, in either layout; a single letter or number, as a word of its own.

    >>> leaks("2 x", "d/dx (2x y)"), leaks("wᵀ", "x should be w"), leaks("x", "max")
    (True, True, False)
    """
    answer, text = answer.replace("ᵀ", ""), text.replace("ᵀ", "")
    words = WORD.findall(answer)
    if len(words) == 1:
        return words[0].lower() in [word.lower() for word in WORD.findall(text)]
    return "".join(answer.lower().split()) in "".join(text.lower().split())


class Judged:
    """What became of an answer: what is said of it, whether it is right, and whether it counts as a try."""

    __slots__ = ("counts", "details", "is_right", "said")

    def __init__(self, said: str, details: Sequence[str] = (), *, is_right: bool = False, counts: bool = True) -> None:
        self.said = said
        self.details = list(details)
        self.is_right = is_right
        self.counts = counts


def wrong(*details: str) -> Judged:
    """Return what is said of a wrong answer."""
    return Judged("not right yet", details)


class Exercise:
    """A question: its kind, the sentence that asks it, the answer, and hints of three grades.

    The first hint says which rule, the second which shape, the others are the lines that lead to the answer. `shown`
    gives the equations that stand below the sentence, in Unicode or not; `judge` judges an answer, and raises Mistake
    for one that cannot be read; `whole` is the answer as it is told.
    """

    __slots__ = ("answer", "hints", "judge", "kind", "sentence", "shown", "task", "whole")

    def __init__(
        self,
        kind: str,
        sentence: str,
        task: Task,
        shown: Callable[[bool], Sequence[Equation]],
        answer: str,
        hints: Sequence[str],
        judge: Callable[[str], Judged],
        whole: str = "",
    ) -> None:
        self.kind = kind
        self.sentence = sentence
        self.task = task
        self.shown = shown
        self.answer = answer
        self.hints = list(hints)
        self.judge = judge
        self.whole = whole or answer

    @property
    def names(self) -> list[str]:
        """What the names stand for."""
        symbols = [node for node in self.task.derivative.symbols if node.op is SYMBOL and not node.args]
        known = [(node.attr[0], said_of(node)) for node in symbols]
        return [*assumed_text(symbols), *[f"{name} is {said}" for name, said in known if said]]

    @property
    def question(self) -> str:
        """All that is shown before an answer is given, as text."""
        return "\n".join([*self.names, self.sentence, *[text_of(one) for one in self.shown(True)]])

    @property
    def leaks(self) -> bool:
        """Whether the question or one of the first two hints tells the answer; a lone letter the question may have."""
        lone = len(WORD.findall(self.answer.replace("ᵀ", ""))) == 1
        return any([leaks(self.answer, text) for text in [*([] if lone else [self.question]), *self.hints[:2]]])

    def rows(self, width: int | None, *, unicode: bool) -> list[list[Piece]]:
        """Return what is shown as lines of pieces, for a terminal of some width or for a pipe."""
        made = self.shown(unicode)
        if made[0].members:
            return laid_out(made, width, 2)
        row = [blank(2), *made[0].lhs]
        return [row] if width is None else broken(row, width, 6)


def of_derivative(task: Task, entry: Entry) -> Exercise:
    """Return the exercise that asks for the derivative."""
    value = task.derivative
    names = dict.fromkeys([name for step in value.steps for name in step.rule.split(", ")])
    rules = [name for name in names if entry(name) and name not in REASONS[ALGEBRA]]
    by = f"by these rules: {', '.join(rules[:MOST_RULES])}" if rules else "straight from the definition"
    hints = [by, f"it is {shape_said(value.expr)}", *steps_of(value)]
    whole = text_of(asked_equation(value, [(value.text, "text")]))

    def judge(text: str) -> Judged:
        return judged_answer(text, value.asked, scope_of(task.where), value.text)

    shown = partial(_asked, value, [UNKNOWN])
    return Exercise(DERIVATIVES, "What is the derivative?", task, shown, value.text, hints, judge, whole)


def of_shape(task: Task) -> Exercise:
    """Return the exercise that asks for the shape of the derivative."""
    value = task.derivative
    wanted = flat_shape(value.expr)
    by, of = value.variables[0].shape, value.body.shape
    rule = "it has the shape of the variable"
    if len(by) < 2:
        rule = "a row for each entry of the function, a column for each entry of the variable"
    sizes = f"the function is {space_said(of)}, the variable {space_said(by)}"

    def judge(text: str) -> Judged:
        found = shape_in(text, scope_of(task.where))
        if found in (wanted, tuple([size for size in wanted if size.value != 1])):
            return Judged(f"right: {sized(wanted)}", is_right=True)
        if found == wanted[::-1] and depends_on_layout(value.expr, value.body, value.variables, value.order):
            return wrong("that is its shape in the other layout, the denominator layout")
        return wrong()

    sentence = "What is its shape, rows by columns, in the numerator layout?"
    hints = [rule, sizes, sized(wanted)]
    return Exercise(SHAPES, sentence, task, partial(_asked, value, None), sized(wanted), hints, judge)


def judged_answer(text: str, asked: Expr, scope: Scope, right: str) -> Judged:
    """Return what becomes of an answer to what is asked, an expression or a derivative; `right` is how it is told.

    Raises:
        Mistake: where it cannot be read, or has names that the question does not have.
    """
    answer = text.strip().lstrip("=").lstrip()
    try:
        reading = read(f"= {answer}", scope, equation=True, before=asked)
        if reading.kind != "claim" or reading.sides[-1].has_kind("derivative"):
            return Judged(AGAIN, counts=False)
        verdict = judged(reading, asking=False, of_derivative=True)
    except Mistake as mistake:
        spans = [Span(max(s.start - 2, 0), max(s.end - 2, 1), s.label) for s in mistake.spans]
        hint = "" if leaks(right, mistake.hint) else mistake.hint
        raise Mistake(mistake.code, mistake.message, spans, hint, answer or " ") from None
    strange = [node.attr[0] for node in reading.symbols if node.attr[0] not in scope.names()]
    if strange and not verdict:
        raise Mistake("E-NAME", f"the question has no {' and no '.join(strange)}", source=answer)
    return told(verdict, right)


def told(verdict: Verdict, right: str) -> Judged:
    """Return what is said of an answer by its verdict; of one that is not right, nothing that tells what is."""
    if verdict:
        turned = verdict.verdict == "other-layout"
        return Judged(f"right, in the other layout; here it is {right}" if turned else f"right: {right}", is_right=True)
    said = list(verdict.details)
    for words, other in YOURS.items():
        said = [detail.replace(words, other) for detail in said]
    silent = [detail for detail in said if not leaks(right, detail) and not detail.startswith("mcalc's is ")]
    if verdict.verdict == "undecided":
        return Judged("undecided: write it in another form", silent, counts=False)
    return wrong(*(["it should have another shape"] if verdict.method == "shapes" else []), *silent)


def asked_equation(value: Derivative, right: Sequence[Piece] | None, *, unicode: bool = True) -> Equation:
    """Return the derivative that is asked for as an equation, or alone."""
    face = UNICODE if unicode else ASCII
    left = lay_out(value.asked, face, value.taken, marks=value.steps.marks).pieces(face)
    return Equation(left, [] if right is None else [right])


def _asked(value: Derivative, right: Sequence[Piece] | None, unicode: bool) -> list[Equation]:
    return [asked_equation(value, right, unicode=unicode)]


def text_of(equation: Equation) -> str:
    """Return an equation as text."""
    return " = ".join(["".join([text for text, _ in side]) for side in (equation.lhs, *equation.members)])


def steps_of(value: Derivative) -> Iterator[str]:
    """Yield the lines that lead to a derivative, each with its reason; the names of intermediate variables in one."""
    names = "; ".join([str(step) for step in value.steps if step.part == NAME])
    if names:
        yield names
    for step in value.steps:
        if step.part != NAME:
            reason = remark(step.rule, step.section)
            yield f"{step}   {reason}" if reason else str(step)


def shape_said(expr: Expr) -> str:
    """Return a shape in words, without the layout: a scalar; 1×n, a row; m×n."""
    return shape_words(expr).partition(":")[0]


def said_of(name: Expr) -> str:
    """Return what is known of a variable beside its shape: symmetric, positive."""
    known = name.attr[2]
    words = [word for word in STRUCTURES if word in known][:1] if "posdef" not in known else ["positive definite"]
    return " and ".join([*words, *(["positive"] if "positive" in known else [])])


def sized(shape: Sequence[Dim]) -> str:
    """Return the rows and columns of a shape."""
    return "×".join([f"({size})" if " " in str(size) else str(size) for size in shape])


def space_said(shape: Sequence[Dim]) -> str:
    """Return a shape in words that name rows and columns one by one."""
    if not shape:
        return "a scalar"
    return f"a vector of {shape[0]}" if len(shape) == 1 else f"a matrix of {' rows and '.join(map(str, shape))} columns"


def shape_in(text: str, scope: Scope) -> tuple[Dim, ...]:
    """Return the shape that is typed: m x n, 1×n, n, ℝ^{m×n}, a row of n, scalar.

    Raises:
        Mistake: `E-SHAPE`, where it is none.

    >>> [str(size) for size in shape_in("a row of n", scope_of("x: R^n"))]
    ['1', 'n']
    """
    plain = " ".join(text.split()).strip("$ .")
    if plain.lower().removeprefix("a ") in ("scalar", "number", "r", "ℝ", "1"):
        return (Dim.of(1), Dim.of(1))
    first, last = "", ""
    match = ROW_OF.fullmatch(plain)
    if match is not None:
        plain = match[2]
        first, last = {"row": ("1 x ", ""), "column": ("", " x 1")}.get(match[1].lower(), ("", ""))
    plain = SPACE.sub("", plain).strip("^{} ")
    parts = [part.strip("() ") for part in BETWEEN.split(plain[1:-1] if ENCLOSED.fullmatch(plain) else plain)]
    found = scope.copy()
    mistake = Mistake("E-SHAPE", "this is no shape", [Span(0, max(len(text), 1))], SHAPE_HINT, text or " ")
    try:
        read_where(f"answer: R^{{{first}{' x '.join(parts)}{last}}}", found)
    except Mistake:
        raise mistake from None
    if "answer" not in found.variables or not set(found.sizes) <= set(scope.sizes):
        raise mistake
    return tuple(found.variables["answer"].shape)
