"""The words of `mcalc --help` and of the manual page: examples, commands, options, files and exit codes, each once."""

from __future__ import annotations

from collections.abc import Mapping

from mcalc.render.terminal import folded
from mcalc.shell.options import OPTIONS
from mcalc.shell.output import Output

EXAMPLES = (
    ('mcalc diff "max(0, w·x + b)" --wrt w', "the derivative by w"),
    ('mcalc diff "x^T A x" --wrt x --where "x: R^n; A: R^{n x n}"', ""),
    ('mcalc diff "sin(x^2)" --wrt x --steps', "the derivation, step by step"),
    ("mcalc statements.mc     mcalc -     ... | mcalc", "statements, one a line"),
)


BY_WORD = {row.word: row for row in OPTIONS.values()}


class Command:
    """A command: its operands and what it does, in a few words and in paragraphs, and the options that it `takes`.

    `operand` is what its help calls the operand: nothing where there is none, with dots where there may be several.
    `formats` are those of its results, where they are its own, each with the ending of a file that means it.
    """

    def __init__(
        self,
        operands: str,
        says: str,
        paragraphs: str,
        *,
        takes: str = "",
        operand: str = "",
        formats: Mapping[str, str] | None = None,
    ) -> None:
        self.operands = operands
        self.says = says
        self.paragraphs = paragraphs
        self.takes = [BY_WORD[word] for word in takes.split()]
        self.operand = operand
        self.formats = formats or {}


COMMANDS = {
    "diff": Command(
        "EXPR --wrt NAMES",
        "differentiate; grad and jac are the same, hess is --order 2",
        'Print the derivative of EXPR by the variable given with --wrt; or of a statement such as "∂/∂w (w · x)".\n\n'
        "Without EXPR, each statement of standard input is differentiated.",
        takes=(
            "wrt where order layout mode as structured steps by to latex with operator check from "
            "macros output force color limit fail-fast notes"
        ),
        operand="EXPR",
    ),
    "d": Command(
        "EXPR",
        "the differential: of tr(A X B) it is tr(A dX B)",
        "Print the differential of EXPR: what it changes by, to first order, when a variable changes by dX.\n\n"
        "--wrt says which variables move, else it is the only one there is, or the only one called as variables are: "
        'x, X, W. --order 2 is the second differential. A statement says the same: mcalc "d tr(A X B)".',
        takes="wrt where order steps to latex check from macros output force color limit fail-fast notes",
        operand="EXPR",
    ),
    "check": Command(
        "CLAIM",
        "is an equation, a chain a = b = c, or a derivation right?",
        'Say whether CLAIM holds: "∂/∂w (w · x) = xᵀ", any "E1 = E2", or a chain "a = b = c".\n\n'
        "A page of them is judged line by line: the name of a file stands for what is in it, and without CLAIM "
        "standard input is read. What one line defines is a variable to the others. Exit status: 0 they hold, 3 "
        "they do not.",
        takes="where layout to output force color limit fail-fast from macros",
        operand="CLAIM",
    ),
    "solve": Command(
        "STATEMENT",
        "the gradient set to zero, or an equation, solved",
        'Solve "∇_w (½ ‖X w - y‖²) = 0", "A X + X B = C" with --for X, or a whole problem, "min_w ... s.t. ...".\n\n'
        "The solution is in closed form, proved by value; needed ranks and what the point is are said beside it.\n\n"
        "Without STATEMENT, those of standard input are solved. Exit status: 1 where there is no closed form.",
        takes="for answer where steps to latex from macros output force color limit fail-fast notes",
        operand="STATEMENT",
    ),
    "min": Command(
        "EXPR --over NAMES",
        "where it is least, with --subject under equations; max",
        "Print where EXPR is least, by the names given with --over, under the equations given with --subject.\n\n"
        "Without EXPR, each statement of standard input is minimised.",
        takes="over subject answer where steps to latex from macros output force color limit fail-fast notes",
        operand="EXPR",
    ),
    "max": Command(
        "EXPR --over NAMES",
        "where it is greatest",
        "Print where EXPR is greatest; the rest as in mcalc min.",
        takes="over subject answer where steps to latex from macros output force color limit fail-fast notes",
        operand="EXPR",
    ),
    "quiz": Command(
        "[TOPIC|FILE]",
        "practice: questions, answers judged, hints, what was missed again",
        "Ask questions and judge the answers, at a prompt or from a pipe: on a section of the paper, such as 4.5, on "
        "matrices or networks, on a file of statements or an expression of your own; without TOPIC, on the paper.\n\n"
        "A question asks for a derivative, its shape, the rule of a step, a line that is missing, or the one line that "
        "is wrong. Answers may be in LaTeX, and in any form that is equal. Right answers make the questions harder, "
        "skipped ones easier. :hint says which rule, then which shape, then line by line how it is done.\n\n"
        "With --keep, what was missed is kept in a file of text, and asked again after 1, 3, 7, 16 and 35 days.",
        takes="count seed keep wrt where color limit",
        operand="TOPIC|FILE|EXPR",
    ),
    "run": Command(
        "FILE...",
        "run files of statements, those of -e before them",
        "Run the statements of each FILE, or of standard input for -, one a line; all files share their names.",
        takes="expression where layout to latex check from macros output force color limit fail-fast jobs notes",
        operand="[FILE]...",
    ),
    "eval": Command(
        "EXPR --set NAME=VALUE",
        "numbers: the value, with --wrt the derivative too",
        'Print the value of EXPR and, with --wrt or of a statement such as "∂/∂w (w · x)", its derivative, as numbers.',
        takes="set wrt where order layout to check from macros limit output force",
        operand="EXPR",
    ),
    "graph": Command(
        "EXPR --wrt NAME",
        "the computation graph; also as svg, dot, mermaid",
        "Draw the computation graph of EXPR, from the variable to the value, with the local Jacobian on each edge.\n\n"
        "Beside the steps stands what the chain rule has put together: backward from the value, or forward from the "
        "variable, with --mode. --to svg, dot, mermaid, or a file with such an ending, draws it elsewhere.",
        takes="wrt where mode to from macros output force color limit",
        operand="EXPR",
        formats={"text": ".txt", "unicode": "", "ascii": "", "svg": ".svg", "dot": ".dot", "mermaid": ".mmd"},
    ),
    "plot": Command(
        "EXPR",
        "a curve, a gradient field, a Jacobian's pattern, a descent",
        "Draw EXPR: of one number the curve and that of its derivative, with kinks marked; of two, --wrt x,y, the "
        "gradient as arrows; of a vector by a vector, which entries of the Jacobian are not 0; of a loss whose values "
        "are given with --set, the loss along its gradient.\n\n"
        "In a terminal curves take plotext, and SVG and PNG (-o curve.svg) matplotlib; where one is not installed, the "
        "message has the line that installs it.",
        takes="wrt where set range kind to from macros output force color limit",
        operand="EXPR",
        formats={"text": ".txt", "unicode": "", "ascii": "", "svg": ".svg", "png": ".png"},
    ),
    "report": Command(
        "EXPR|FILE -o FILE",
        "a page of a derivation: .html, .tex, .md, .ipynb",
        "Write a derivation as a file of its own, with names, steps, the computation graph, code, and the check by "
        "numbers: HTML without scripts, LaTeX, Markdown or a notebook, by the ending of the file or --to html, latex, "
        "markdown, notebook.\n\n"
        "Of a file of statements each derivative is reported. --open shows the page in a browser.",
        takes="wrt where order layout mode to from macros output force open limit",
        operand="EXPR|FILE",
        formats={"html": ".html", "latex": ".tex", "markdown": ".md", "notebook": ".ipynb"},
    ),
    "serve": Command(
        "",
        "a page with a box for a formula, in the browser, on this machine alone",
        "Serve a page with one box for a formula: how it is read while it is typed, names whose shapes a click "
        "changes, the derivative, its steps, the check and code.\n\n"
        "It listens on 127.0.0.1 alone and answers who knows the token in the address that it prints; Ctrl-C ends it.",
        takes="port open",
    ),
    "paper": Command(
        "[SECTION]",
        "the worked examples of the paper, with their steps",
        "Show the worked examples of a section of the paper, derived now; without SECTION, all with results. "
        "--to html is a page whose derivations fold.",
        takes="steps to latex",
        operand="SECTION",
        formats=dict.fromkeys(("text", "unicode", "ascii", "latex", "html", "json"), ""),
    ),
    "repl": Command(
        "",
        "answer line by line, as mcalc alone on a terminal does",
        "Answer line by line, also where standard input is a pipe.",
    ),
    "rules": Command(
        "[NAME]",
        "the rules: formula, section of the paper, an example",
        "Show an operator, a function, a reason that stands on a line of a derivation, or a formula of the tables, "
        '"tr(A X B)": what it says, its section of the paper, an example that is derived now; without NAME, all.',
        takes="to",
        operand="NAME",
        formats=dict.fromkeys(("text", "unicode", "ascii", "html", "json"), ""),
    ),
    "explain": Command(
        "[CODE]",
        "what the code of a mistake means, such as E-SHAPE",
        "Explain the code of a mistake, with an example that is run now; without CODE, all codes in a line each.",
        takes="color",
        operand="[CODE]",
    ),
    "config": Command(
        "[ACTION]",
        "show, path or init: the configuration",
        "Show what is configured; path: where the file lies; init: write one in which every line is a comment.",
        takes="init force",
        operand="[ACTION]",
    ),
    "completion": Command(
        "[SHELL]",
        "the script that completes mcalc in bash, zsh, fish, powershell",
        "Print the script that makes SHELL, or the shell in use, complete mcalc: bash, zsh, fish or powershell.",
        takes="install",
        operand="[SHELL]",
    ),
}
"""Each command; `mcalc COMMAND --help` has its options."""
STATEMENT = "statement"
"""What stands for no command: it takes what `diff` takes, and has the same help."""

EVERY = {STATEMENT: COMMANDS["diff"], **COMMANDS}
OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "grad": ("diff",),
    "gradient": ("diff",),
    "jac": ("diff",),
    "jacobian": ("diff",),
    "hess": ("diff", "--order", "2"),
    "hessian": ("diff", "--order", "2"),
}
"""Other words for a command, with the options that they imply."""
LISTED = ("wrt", "where", "order", "steps", "layout", "to", "check", "output", "expression")
"""The options that the page of all commands has room for."""

EXITS = {
    0: "all right",
    1: "a mistake in an expression",
    2: "usage",
    3: "a claim does not hold",
    4: "a limit was hit",
    70: "a bug in mcalc",
    130: "interrupted",
    141: "the reader closed the pipe",
}

ENVIRONMENT = {
    "NO_COLOR": "no colours, where it is not empty",
    "FORCE_COLOR": "colours, where it is not empty, also in a pipe",
    "COLUMNS": "the width of the terminal",
    "MCALC_LIMIT_NAME": "another limit, as --limit NAME=N",
    "MCALC_CONFIG_DIR": "the folder of the configuration; MCALC_STATE_DIR likewise",
}
FILES = {
    "~/.config/mcalc/config.toml": "the configuration; mcalc config path says where it lies on other systems",
    "~/.config/mcalc/init.mc": "statements that the REPL runs when it starts",
    "~/.local/state/mcalc": "the history of the REPL; quiz.txt, what quiz --keep asks again",
}

ACTIONS = ("show", "path", "init")
"""What `mcalc config` can do."""
SHELLS = ("bash", "zsh", "fish", "powershell")
"""The shells that mcalc completes lines for."""

TITLE = "a calculator for the derivatives of matrix calculus"
QUOTING = "In a shell, put formulas in double quotes; x' and $ and ! and * need them. -x^2 is no option."
WIDTH = 99


def help_text() -> str:
    """Return the page of `mcalc --help`, which fits a screen: examples first."""
    lines = [f"mcalc, {TITLE}", ""]
    lines += [f"  {command:50}  {words}".rstrip() for command, words in EXAMPLES]
    lines += ["", "Commands (mcalc COMMAND --help has the options of each)"]
    lines += [f"  {f'{name} {one.operands}':22}  {one.says}" for name, one in COMMANDS.items()]
    lines += ["", "Options, the most used; also --version and --help"]
    for word in LISTED:
        row = BY_WORD[word]
        first, *more = folded(row.says, WIDTH - 23, 0).split("\n")
        shown = f"{', '.join(row.spellings[: 2 - row.name.count('/')])} {row.value}"
        lines += [f"  {shown:19}  {first}", *[" " * 23 + line for line in more]]
    lines += [QUOTING]
    said = "Exit status: " + ", ".join([f"{code} {words}" for code, words in EXITS.items()]) + "."
    return "\n".join([*lines, folded(said, WIDTH, 0)])


def help_page(*, asked: bool = True) -> int:
    """Show the page of help: as a result where it was asked for, else as a message of wrong usage."""
    output = Output.of_process()
    text = help_text()
    if not (output.unicode if asked else output.err_unicode):
        text = text.translate({ord("∂"): "d", ord("·"): "."})
    (output.result if asked else output.message)(text)
    return 0 if asked else 2
