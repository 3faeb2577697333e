"""The words of `mcalc --help` and of the manual page: examples, commands, options, files and exit codes, each once."""

from __future__ import annotations

from mcalc.shell.output import CODE, FORMATS, Output

EXAMPLES = (
    ('mcalc diff "max(0, w·x + b)" --wrt w', "the derivative by w"),
    ('mcalc diff "x^T A x" --wrt x --where "x: R^n; A: R^{n x n}"', ""),
    ('mcalc diff "sin(x^2)" --wrt x --steps', "the derivation, step by step"),
    ("mcalc statements.mc     mcalc -     ... | mcalc", "statements, one a line"),
)

COMMANDS = {
    "diff": ("EXPR --wrt NAMES", "differentiate; grad and jac are the same, hess is --order 2"),
    "d": ("EXPR", "the differential: of tr(A X B) it is tr(A dX B)"),
    "check": ("CLAIM", "is an equation, a chain a = b = c, or a derivation right?"),
    "solve": ("STATEMENT", "the gradient set to zero, or an equation, solved"),
    "min": ("EXPR --over NAMES", "where it is least, with --subject under equations; max"),
    "max": ("EXPR --over NAMES", "where it is greatest"),
    "quiz": ("[TOPIC|FILE]", "practice: questions, answers judged, hints, what was missed again"),
    "run": ("FILE...", "run files of statements, those of -e before them"),
    "eval": ("EXPR --set NAME=VALUE", "numbers: the value, with --wrt the derivative too"),
    "graph": ("EXPR --wrt NAME", "the computation graph; also as svg, dot, mermaid"),
    "plot": ("EXPR", "a curve, a gradient field, a Jacobian's pattern, a descent"),
    "report": ("EXPR|FILE -o FILE", "a page of a derivation: .html, .tex, .md, .ipynb"),
    "serve": ("", "a page with a box for a formula, in the browser, on this machine alone"),
    "paper": ("[SECTION]", "the worked examples of the paper, with their steps"),
    "repl": ("", "answer line by line, as mcalc alone on a terminal does"),
    "rules": ("[NAME]", "the rules: formula, section of the paper, an example"),
    "explain": ("[CODE]", "what the code of a mistake means, such as E-SHAPE"),
    "config": ("[ACTION]", "show, path or init: the configuration"),
    "completion": ("[SHELL]", "the script that completes mcalc in bash, zsh, fish, powershell"),
}
"""Each command with its operands and what it does; `mcalc COMMAND --help` has its options."""
OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "grad": ("diff",),
    "gradient": ("diff",),
    "jac": ("diff",),
    "jacobian": ("diff",),
    "hess": ("diff", "--order", "2"),
    "hessian": ("diff", "--order", "2"),
}
"""Other words for a command, with the options that they imply."""
PARAGRAPHS = {
    "diff": (
        'Print the derivative of EXPR by the variable given with --wrt; or of a statement such as "∂/∂w (w · x)".\n\n'
        "Without EXPR, each statement of standard input is differentiated."
    ),
    "d": (
        "Print the differential of EXPR: what it changes by, to first order, when a variable changes by dX.\n\n"
        "--wrt says which variables move, else it is the only one there is, or the only one called as variables are: "
        'x, X, W. --order 2 is the second differential. A statement says the same: mcalc "d tr(A X B)".'
    ),
    "check": (
        'Say whether CLAIM holds: "∂/∂w (w · x) = xᵀ", any "E1 = E2", or a chain "a = b = c".\n\n'
        "A page of them is judged line by line: the name of a file stands for what is in it, and without CLAIM "
        "standard input is read. What one line defines is a variable to the others. Exit status: 0 they hold, 3 "
        "they do not."
    ),
    "solve": (
        'Solve "∇_w (½ ‖X w - y‖²) = 0", "A X + X B = C" with --for X, or a whole problem, "min_w ... s.t. ...".\n\n'
        "The solution is in closed form, proved by value; needed ranks and what the point is are said beside it.\n\n"
        "Without STATEMENT, those of standard input are solved. Exit status: 1 where there is no closed form."
    ),
    "min": (
        "Print where EXPR is least, by the names given with --over, under the equations given with --subject.\n\n"
        "Without EXPR, each statement of standard input is minimised."
    ),
    "max": "Print where EXPR is greatest; the rest as in mcalc min.",
    "run": "Run the statements of each FILE, or of standard input for -, one a line; all files share their names.",
    "eval": (
        'Print the value of EXPR and, with --wrt or of a statement such as "∂/∂w (w · x)", its derivative, as numbers.'
    ),
    "quiz": (
        "Ask questions and judge the answers, at a prompt or from a pipe: on a section of the paper, such as 4.5, on "
        "matrices or networks, on a file of statements or an expression of your own; without TOPIC, on the paper.\n\n"
        "A question asks for a derivative, its shape, the rule of a step, a line that is missing, or the one line that "
        "is wrong. Answers may be in LaTeX, and in any form that is equal. Right answers make the questions harder, "
        "skipped ones easier. :hint says which rule, then which shape, then line by line how it is done.\n\n"
        "With --keep, what was missed is kept in a file of text, and asked again after 1, 3, 7, 16 and 35 days."
    ),
    "graph": (
        "Draw the computation graph of EXPR, from the variable to the value, with the local Jacobian on each edge.\n\n"
        "Beside the steps stands what the chain rule has put together: backward from the value, or forward from the "
        "variable, with --mode. --to svg, dot, mermaid, or a file with such an ending, draws it elsewhere."
    ),
    "plot": (
        "Draw EXPR: of one number the curve and that of its derivative, with kinks marked; of two, --wrt x,y, the "
        "gradient as arrows; of a vector by a vector, which entries of the Jacobian are not 0; of a loss whose values "
        "are given with --set, the loss along its gradient.\n\n"
        "In a terminal curves take plotext, and SVG and PNG (-o curve.svg) matplotlib; where one is not installed, the "
        "message has the line that installs it."
    ),
    "report": (
        "Write a derivation as a file of its own, with names, steps, the computation graph, code, and the check by "
        "numbers: HTML without scripts, LaTeX, Markdown or a notebook, by the ending of the file or --to html, latex, "
        "markdown, notebook.\n\n"
        "Of a file of statements each derivative is reported. --open shows the page in a browser."
    ),
    "serve": (
        "Serve a page with one box for a formula: how it is read while it is typed, names whose shapes a click "
        "changes, the derivative, its steps, the check and code.\n\n"
        "It listens on 127.0.0.1 alone and answers who knows the token in the address that it prints; Ctrl-C ends it."
    ),
    "paper": "Show the worked examples of a section of the paper, derived now; without SECTION, all with results.",
    "repl": "Answer line by line, also where standard input is a pipe.",
    "rules": (
        "Show the rule of an operator or a function: formula, shapes, section of the paper, example; without NAME, all."
    ),
    "explain": (
        "Explain the code of a mistake, with an example that is run now; without CODE, all codes in a line each."
    ),
    "config": "Show what is configured; path: where the file lies; init: write one in which every line is a comment.",
    "completion": (
        "Print the script that makes SHELL, or the shell in use, complete mcalc: bash, zsh, fish or powershell."
    ),
}
"""What `mcalc COMMAND --help` says of each command; in texts of its own, since docstrings are not always there."""

OPTIONS = {
    "--wrt": ("NAMES", "the variable: w, x_4, or several: w,b"),
    "--where": ("DECLS", 'shapes: "w, x: R^n; b: R"; what is not declared is inferred'),
    "--over": ("NAMES", "what min and max may choose: w, or several: w,b"),
    "--for": ("NAMES", "what solve is to find: X, or several: x,y"),
    "--subject": ("EQUATION", 'a constraint: "A x = b"; may be repeated'),
    "--answer": ("EXPR", "is this the solution? Exit status 0 yes, 3 no"),
    "--order": ("N", "2 for the Hessian"),
    "--steps": ("[LEVEL]", "the derivation: brief (default) or full"),
    "--by": ("WAY", "steps by differentials (default by a matrix), chain (the paper's), entries (index notation)"),
    "--mode": ("NAME", "auto (default), forward or backward"),
    "--layout": ("NAME", "numerator (default) or denominator"),
    "--structured": ("CONVENTION", "by a symmetric matrix and its like: projected (default), free or ignore"),
    "--as": ("WAY", "matrix, sum (over samples), index; of a tensor map (dX ↦ ...) or vec; else as the input is"),
    "--to": (
        "FORMAT",
        f"text (default), {', '.join([name for name in FORMATS[1:] if name not in CODE])}; code: {', '.join(CODE)}",
    ),
    "--latex": ("STYLE", "letters of LaTeX: auto (default; as the input has them), bold or plain"),
    "--with": ("PARTS", "code for several at once: value,grad,hess"),
    "--operator": ("", "code for a structured Jacobian as products with vectors"),
    "--check/--no-check": ("", "compare with numbers first, or not; a terminal does"),
    "--set": ("NAME=VALUE", "a value for eval: 0.1, [1, 2], [1 2; 3 4], X.npy, data.npz:X, X.csv"),
    "--port": ("N", "where to listen; 0, the default, is any port that is free"),
    "--open": ("", "show the page in a browser"),
    "--range": ("A:B", "where plot draws: -3:3; of two variables -3:3,0:5"),
    "--kind": ("NAME", "what plot draws: curve, field, sparsity or descent; else what fits"),
    "--from": ("NOTATION", "plain or latex; else as the input shows: a backslash or $ is LaTeX"),
    "--macros": ("FILE", r"a file with \newcommand definitions for LaTeX"),
    "--output": ("FILE", "write results to a file, all or none; --force replaces it"),
    "--force": ("", "let -o replace a file"),
    "--count": ("N", "how many questions to ask: 10"),
    "--seed": ("N", "the same questions again"),
    "--keep": ("", "keep what was missed, and ask it again when it is due"),
    "--expression": ("TEXT", "a statement, as a line of a script; may be repeated"),
    "--fail-fast": ("", "stop at the first mistake"),
    "--notes": ("", "say of each statement of a stream what was assumed and noted"),
    "--jobs": ("N", "spread files over N processes; the output is the same"),
    "--color": ("WHEN", "auto (default), always or never"),
    "--limit": ("NAME=N", "another limit, such as time=60, or elements and bytes of data for eval; 0 is none"),
}
"""Each option with the name of its value and what it does."""

SHORT = {"--wrt": "-w", "--output": "-o", "--expression": "-e"}
UNLISTED = frozenset((
    "--force", "--over", "--answer", "--with", "--operator", "--mode", "--as", "--structured", "--by", "--fail-fast",
    "--notes", "--jobs", "--color", "--latex", "--limit", "--set", "--for", "--subject", "--from", "--macros",
    "--count", "--seed", "--keep", "--range", "--kind", "--open", "--port",
))  # fmt: skip
"""Options that the page of all commands has no room for."""

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

TITLE = "a calculator for the derivatives of matrix calculus"
QUOTING = "In a shell, put formulas in double quotes; x' and $ and ! and * need them. -x^2 is no option."
WIDTH = 99


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines, broken at blanks; to load textwrap would take longer than to write the page."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def help_text() -> str:
    """Return the page of `mcalc --help`, which fits a screen: examples first."""
    lines = [f"mcalc, {TITLE}", ""]
    lines += [f"  {command:50}  {words}".rstrip() for command, words in EXAMPLES]
    lines += ["", "Commands (mcalc COMMAND --help has the options of each)"]
    lines += [f"  {f'{name} {operands}':22}  {words}" for name, (operands, words) in COMMANDS.items()]
    lines += ["", "Options, the most used; also --version and --help"]
    for name, (value, words) in OPTIONS.items():
        if name not in UNLISTED:
            spelled = f"{SHORT[name]}, {name}" if name in SHORT else name.partition("/")[0]
            first, *more = _wrapped(words, WIDTH - 23)
            lines += [f"  {f'{spelled} {value}':19}  {first}", *[" " * 23 + line for line in more]]
    lines += [QUOTING]
    said = "Exit status: " + ", ".join([f"{code} {words}" for code, words in EXITS.items()]) + "."
    return "\n".join([*lines, *_wrapped(said, WIDTH)])


def help_page(*, asked: bool = True) -> int:
    """Show the page of help: as a result where it was asked for, else as a message of wrong usage."""
    output = Output.of_process()
    text = help_text()
    if not (output.unicode if asked else output.err_unicode):
        text = text.translate({ord("∂"): "d", ord("·"): "."})
    (output.result if asked else output.message)(text)
    return 0 if asked else 2
