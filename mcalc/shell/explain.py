"""`mcalc explain CODE`: a page about a code or a topic, with an example that is run as the page is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import NamedTuple

from mcalc.api import parse
from mcalc.errors import Mistake, closest
from mcalc.limits import DEFAULTS
from mcalc.numeric.data import read_given
from mcalc.render.mistake import lay_out_mistake
from mcalc.shell.batch import Line, lines
from mcalc.shell.output import Output
from mcalc.shell.reference_page import Page
from mcalc.shell.session import Session
from mcalc.shell.settings import Settings
from mcalc.shell.showing import Showing
from mcalc.shell.streams import File


def explain(code: str | None, settings: Settings) -> int:
    """Show the page of a code, with or without its E-; without one, the titles of all."""
    output = settings.output()
    if code is None:
        page = Page(output)
        for name, explanation in PAGES.items():
            page.line([(f"{name:16}", "error"), (explanation.title, "text")])
    else:
        explained(code, output)
    return 0


def explained(code: str, output: Output) -> None:
    """Show the page of one code."""
    page = Page(output)
    name = found(code)
    explanation = PAGES[name]
    page.line([(name, "error"), (f": {explanation.title}", "message")])
    page.gap()
    for place, part in enumerate(explanation.text.split("\n\n")):
        if place:
            page.gap()
        page.words(part)
    mistake = explanation.met()
    if explanation.command:
        page.gap()
        page.line([("  $ ", "margin"), (explanation.command, "text")])
    if mistake is not None:
        for row in lay_out_mistake(mistake, room=(page.width or 80) - 2, unicode=page.unicode):
            page.rows([[("  ", "space"), *row]])
    page.gap()
    page.words(explanation.remedy)


def found(code: str) -> str:
    """Return a code or a topic as it is spelled; raises `E-USAGE` for what is none.

    >>> found("shape"), found("e-name"), found("layouts")
    ('E-SHAPE', 'E-NAME', 'layout')
    """
    word, name = code.lower().removesuffix("s"), code.upper()
    name = name if name.startswith("E-") else f"E-{name}"
    for one in (word, name):
        if one in PAGES:
            return one
    close = closest(name, PAGES, 1, 0.65)
    hint = f"did you mean {close[0]}?" if close else ", ".join(PAGES)
    raise Mistake("E-USAGE", f"there is no page about {code}", hint=hint)


class Explanation(NamedTuple):
    """What a code means: a title, a paragraph, a command that meets it, the same as a call, and what to do."""

    title: str
    text: str
    command: str
    meet: Callable[[], object]
    remedy: str

    def met(self) -> Mistake | None:
        """Return the mistake that the example makes, made now."""
        try:
            self.meet()
        except Mistake as mistake:
            return mistake
        return None


def _read(text: str, where: str | None = None) -> tuple[str, Callable[[], object]]:
    """Return a command that reads a statement, and that reading."""
    options = f' --where "{where}"' if where else ""
    return f'mcalc "{text}"{options}', partial(parse, text, where)


def _run(*statements: str) -> tuple[str, Callable[[], object]]:
    def run() -> None:
        session = Session()
        for number, text in enumerate(statements, 1):
            session.run(text, number)

    return " ".join(["mcalc", *[f'-e "{text}"' for text in statements]]), run


def _first(source: Iterable[Line]) -> None:
    for line in source:
        if line.mistake is not None:
            raise line.mistake


def _no_closed_form() -> None:
    from mcalc.solving.public import minimise

    Showing(Settings(), Settings().output()).solved(minimise("x^2 + exp(x)", over="x"))


EXPLANATIONS = {
    "E-SYNTAX": Explanation(
        "this is no formula",
        "The text cannot be read from beginning to end: a bracket is not closed, an operator has nothing beside it, "
        "or a word stands where none can. mcalc never closes a bracket or leaves a part out by itself.",
        *_read("2 +* 3"),
        "Look at what is above the carets, and just before it.",
    ),
    "E-CHAR": Explanation(
        "a character that is not read",
        "Formulas that are pasted bring invisible characters along: zero-width spaces, marks of direction, control "
        "characters. They are named and refused, never dropped, since what you see would not be what is read.",
        "printf 'x\\u200b + 1' | mcalc",
        partial(parse, "x\u200b + 1"),
        "Delete the character in the column that is named; the hint says what to write for a sign that has another "
        "spelling here.",
    ),
    "E-CONFUSABLE": Explanation(
        "a letter that looks like another",
        "Some letters of other alphabets look like Latin ones. Two names that look alike and are not would give a "
        "derivative of 0 that nobody could explain.",
        "printf '\\u0430 + a' | mcalc        (the first letter is Cyrillic)",
        partial(parse, "\u0430 + a"),
        "Type the letter again. Greek letters alone are fine: α, Σ, λ.",
    ),
    "E-ENCODING": Explanation(
        "the input is not UTF-8",
        "Statements are read as UTF-8. A line with other bytes is refused, alone; the lines around it are run.",
        "printf 'caf\\351\\n' | mcalc",
        lambda: _first(lines(BytesIO(b"caf\xe9\n"))),
        "Save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 FILE | mcalc",
    ),
    "E-NAME": Explanation(
        "a name that means nothing here",
        "A function that is not known, or a name that is used before it has a meaning. Variables need no declaration; "
        "functions do, since their derivatives have to be known: f(t) = max(0, t) defines one.",
        *_read("sqt(x)"),
        "mcalc rules lists all functions; mcalc rules NAME shows one.",
    ),
    "E-SHAPE": Explanation(
        "sizes that do not fit",
        "Two things are added, multiplied or compared whose sizes differ. Nothing is stretched to fit, unlike in "
        "NumPy: a sum of a matrix and a vector is refused. Sizes are equal when they have the same name or number.",
        *_run("X: R^{N x n}", "y: R^N", "X y"),
        "The labels say what has which size, and where it got it. A transpose often helps; where the sizes were "
        'inferred, a declaration does: --where "X: R^{n x n}".',
    ),
    "E-AMBIG": Explanation(
        "there are two readings",
        "Each statement has one reading or none. Where people read a formula in different ways, mcalc asks instead of "
        "guessing.",
        *_read("A / B", "A, B: R^{n x n}"),
        "Write one of the readings that the message names.",
    ),
    "E-UNSUPPORTED": Explanation(
        "understood, and not possible here",
        "The formula is clear, and there is nothing in mcalc that could differentiate or print it.",
        *_read("A^B", "A, B: R^{n x n}"),
        "The hint names what comes nearest.",
    ),
    "E-DOMAIN": Explanation(
        "there is no value here",
        "The expression is not defined for what stands in it: a sum that has no terms, a logarithm of a negative "
        "number.",
        *_read("sum_{i=3}^{1} x_i"),
        "Look at the part above the carets; mcalc rules NAME says where a function is defined.",
    ),
    "E-RANGE": Explanation(
        "a number beyond all bounds",
        "Numbers are exact, however long, but not without end: one with thousands of digits, or an exponent beyond "
        "those of double precision, is refused rather than turned into infinity.",
        *_read("1e999"),
        "Give the number a name, and leave it symbolic.",
    ),
    "E-LIMIT": Explanation(
        "a limit was met",
        "Limits keep one statement from taking all of a machine. They are counted, so that the same input meets the "
        "same limit everywhere; only time is measured, as the last resort. The exit status is 4. "
        + " ".join([f"{name}: {words} ({value})." for name, (value, words) in DEFAULTS.items()]),
        'mcalc diff "sin(x)" --wrt x --order 11',
        lambda: Settings(order=11),
        "--limit NAME=N sets another limit, 0 none; so does [limits] in config.toml.",
    ),
    "E-USAGE": Explanation(
        "the command line is not understood",
        "An option that does not exist, a value that it cannot have, or a command that lacks something. The exit "
        "status is 2, unless a statement was the reason.",
        'mcalc diff "x^2" --wrt x --to docx',
        lambda: Settings(to="docx"),
        "mcalc --help, and mcalc COMMAND --help for the options of one command.",
    ),
    "E-FILE": Explanation(
        "a file cannot be read or written",
        "It is not there, it is a folder, you may not, or -o would replace it. Results are written to another name "
        "first and moved when all are there: a file is whole or it is not touched.",
        "mcalc run nothing.mc",
        lambda: _first(File(os.path.join(os.curdir, "nothing", "nothing.mc"))),
        "Look at the name; --force lets -o replace a file.",
    ),
    "E-DATA": Explanation(
        "values that are not what they should be",
        "A file of values or a list of numbers cannot be read: it is cut off, its rows differ in length, or it holds "
        "something else than numbers. Nothing in such a file is ever run.",
        'mcalc eval "sum(x)" --set x=[1,',
        lambda: read_given("x", "[1,"),
        ".npy, .npz and text files with numbers are read, and lists such as [1, 2] or [1 2; 3 4].",
    ),
    "E-LATEX": Explanation(
        "LaTeX that is not read",
        "Formulas are read in LaTeX, too: what stands for mathematics, and nothing that TeX would execute. Commands "
        "that read or write files or change how TeX reads are refused by name.",
        r"mcalc '\input{x}'",
        partial(parse, r"\input{x}"),
        "Take the formula alone, without the commands around it.",
    ),
    "E-CLOSED": Explanation(
        "no closed form",
        "What is asked for has no solution that can be written down with the functions that mcalc knows, or none at "
        "all: the equation is told. A solution that does not hold at random data is never shown.",
        'mcalc min "x^2 + exp(x)" --over x',
        _no_closed_form,
        "mcalc min ... --to numpy writes Newton's iteration as code, where that applies.",
    ),
    "E-BUG": Explanation(
        "a bug in mcalc",
        "Something went wrong inside mcalc, and no result was shown. In a stream the other statements are run; the "
        "exit status is 70.",
        "",
        lambda: None,
        "Please report the line of the message that makes it happen again.",
    ),
}
"""The page of each code."""

LAYOUT = Explanation(
    "how derivatives are laid out, and why books differ",
    "The derivative of a function with m entries by a vector of n is an m×n matrix in numerator layout: a row for each "
    "entry of the function, a column for each variable. So the gradient of a number is a row, and ∂(A x)/∂x = A. It is "
    "the layout of the paper, in which the chain rule multiplies from left to right.\n\n"
    "In denominator layout all of that is transposed: the gradient is a column, as optimisers use it, and "
    "∂(A x)/∂x = Aᵀ. A number by a matrix has the shape of the matrix in both; a Hessian, and whatever else is "
    "symmetric, is the same in both. There nothing is said of a layout.",
    'mcalc diff "x^T A x" --wrt x --layout denominator',
    lambda: None,
    "--layout denominator, MCALC_LAYOUT, config.toml and :set layout choose. mcalc check takes an answer in either "
    "layout and says which it is; in Python, d.evaluate has the axes of the function first in both.",
)
"""The page about layouts."""
PAGES = {**EXPLANATIONS, "layout": LAYOUT}
"""All pages: those of codes, and those of other topics."""
