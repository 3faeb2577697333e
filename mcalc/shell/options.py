"""The options: one table, which says of each what it is on the command line, in config.toml, for `:set`, in a script.

An option is an attribute of :class:`Said`, whose type is what the rest of mcalc gets of it. Help, completion, the
manual page, both readers of command lines, the configuration, `:set` and directives are made of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mcalc.choices import BYS, CONVENTIONS, LAYOUTS, LETTERS, LEVELS, MODES, NOTATIONS, WAYS, one_of
from mcalc.render.terminal import THEMES
from mcalc.shell.output import CODE, COLORS, FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, dataclass_transform
else:

    def dataclass_transform(**_: object) -> object:
        """Return what leaves a class as it is: for type checkers it has an `__init__` by its attributes."""
        return lambda kind: kind


KINDS = ("curve", "field", "sparsity", "descent")
"""What `plot` draws."""
SWITCH = ("on", "off")


class Option:
    """A row of the table.

    `name` is ``--wrt``, or a word without dashes of what is no option of a command line. `value` stands behind it:
    nothing for a switch, N for a whole number, something in brackets where it may be left out. It `says` what it does;
    it is one of the `words`, if there are any, and `what` is what a message calls it. `config` is what config.toml and
    the manual say of it, `prompt` what `:set` says, which takes the words in `prompted`; without them it has no place
    there. A `directed` one may stand in a script, as in ``# mcalc: layout denominator``.
    """

    def __init__(
        self,
        name: str,
        value: str = "",
        says: str = "",
        *,
        default: Any,
        short: str = "",
        what: str = "",
        words: tuple[str, ...] = (),
        config: str = "",
        prompt: str = "",
        prompted: tuple[str, ...] = (),
        directed: bool = False,
    ) -> None:
        self.name = name
        self.word = name.removeprefix("--").partition("/")[0]
        self.declarations = [*([short] if short else []), name] if name.startswith("--") else []
        self.spellings = [one for spelled in self.declarations for one in spelled.split("/")]
        self.value = value
        self.says = says
        self.default = default
        self.is_whole = value == "N"
        self.is_repeated = default == ()
        self.what = what
        self.words = words
        self.config = config
        self.prompt = prompt
        self.prompted = prompted or words
        self.prompted_default: str = default if default in self.prompted else next(iter(self.prompted), "")
        self.directed = directed
        self.keyword = ""

    def __set_name__(self, owner: type, keyword: str) -> None:
        self.keyword = keyword


def option(*words: str, default: Any, **more: Any) -> Any:
    """Return a row of the table, as the default of the attribute that has the option."""
    return Option(*words, default=default, **more)


@dataclass_transform(kw_only_default=True, field_specifiers=(option,))
class Table:
    """What is said by keyword, each by the row of its attribute; raises `E-USAGE` for a word that cannot be said."""

    def __init__(self, **said: Any) -> None:
        for keyword, row in ROWS.items():
            value = said.get(keyword)
            if value is not None and row.words:
                one_of(row.words, row.what, value, hint="; did you mean --to latex?" if keyword == "latex" else "")
            setattr(self, keyword, row.default if value is None else value)
        assert said.keys() <= ROWS.keys()
        self.settle({keyword for keyword, value in said.items() if value is not None})

    def settle(self, said: Collection[str]) -> None:
        """See to what follows from all that is said; `said` are the keywords of it."""


class Said(Table):
    """What a command line says, or a program: an attribute for each option, with what holds where nothing is said.

    >>> Said(order=2).order, Said().layout
    (2, 'numerator')
    """

    wrt: str | None = option("--wrt", "NAMES", "the variable: w, x_4, or several: w,b", default=None, short="-w")
    where: str | None = option(
        "--where", "DECLS", 'shapes: "w, x: R^n; b: R"; what is not declared is inferred', default=None
    )
    over: str | None = option("--over", "NAMES", "what min and max may choose: w, or several: w,b", default=None)
    unknowns: str | None = option("--for", "NAMES", "what solve is to find: X, or several: x,y", default=None)
    subject: Sequence[str] = option("--subject", "EQUATION", 'a constraint: "A x = b"; may be repeated', default=())
    answer: str | None = option("--answer", "EXPR", "is this the solution? Exit status 0 yes, 3 no", default=None)
    order: int = option("--order", "N", "2 for the Hessian", default=1)
    steps: str | None = option(
        "--steps", "[LEVEL]", "the derivation: brief (default) or full", default=None, what="level of steps",
        words=LEVELS, prompt="show the derivation with each result", prompted=("off", *LEVELS),
    )  # fmt: skip
    to: str = option(
        "--to", "FORMAT",
        f"text (default), {', '.join([name for name in FORMATS[1:] if name not in CODE])}; code: {', '.join(CODE)}",
        default=FORMATS[0], what="format", words=FORMATS, config="the format of results",
        prompt="the format of results", prompted=FORMATS[:4],
    )  # fmt: skip
    layout: str = option(
        "--layout", "NAME", "numerator (default) or denominator", default=LAYOUTS[0], what="layout", words=LAYOUTS,
        config="the layout of derivatives", prompt="of derivatives by vectors", directed=True,
    )  # fmt: skip
    mode: str = option(
        "--mode", "NAME", "auto (default), forward or backward", default=MODES[0], what="mode", words=MODES,
        config="the order of differentiation", prompt="the order of the chain rule",
        prompted=tuple([mode for mode in MODES if mode != "reverse"]), directed=True,
    )  # fmt: skip
    way: str = option(
        "--as", "WAY", "matrix, sum (over samples), index; of a tensor map (dX ↦ ...) or vec; else as the input is",
        default=WAYS[0], what="way of writing", words=WAYS, config="how sums over samples are written",
        prompt="matrix, sum (over samples) or index notation", directed=True,
    )  # fmt: skip
    by: str = option(
        "--by", "WAY", "steps by differentials (default by a matrix), chain (the paper's), entries (index notation)",
        default=BYS[0], what="way to tell a derivation", words=BYS,
        config="how a derivation is told: by differentials where the variable is a matrix, else by the chain rule",
    )  # fmt: skip
    structured: str = option(
        "--structured", "CONVENTION", "by a symmetric matrix and its like: projected (default), free or ignore",
        default=CONVENTIONS[0], what="convention", words=CONVENTIONS,
        config="what a derivative by a symmetric matrix and its like is",
        prompt="what a derivative by a symmetric matrix and its like is", directed=True,
    )  # fmt: skip
    latex: str = option(
        "--latex", "STYLE", "letters of LaTeX: auto (default; as the input has them), bold or plain",
        default=LETTERS[0], what="style of LaTeX", words=LETTERS,
        config="the letters of LaTeX: as the input has them, bold for vectors and matrices, or plain",
        prompt="its letters: as the input has them, bold or plain",
    )  # fmt: skip
    parts: str | None = option("--with", "PARTS", "code for several at once: value,grad,hess", default=None)
    as_operator: bool = option(
        "--operator", "", "code for a structured Jacobian as products with vectors", default=False
    )
    check: bool | None = option(
        "--check/--no-check", "", "compare with numbers first, or not; a terminal does", default=None,
        prompt="compare each derivative with numbers before it is shown", prompted=SWITCH,
    )  # fmt: skip
    sets: Sequence[str] = option(
        "--set", "NAME=VALUE", "a value for eval: 0.1, [1, 2], [1 2; 3 4], X.npy, data.npz:X, X.csv", default=()
    )
    port: int = option("--port", "N", "where to listen; 0, the default, is any port that is free", default=0)
    opened: bool = option("--open", "", "show the page in a browser", default=False)
    extent: str | None = option("--range", "A:B", "where plot draws: -3:3; of two variables -3:3,0:5", default=None)
    kind: str | None = option(
        "--kind", "NAME", "what plot draws: curve, field, sparsity or descent; else what fits", default=None,
        what="kind", words=KINDS,
    )  # fmt: skip
    notation: str = option(
        "--from", "NOTATION", "plain or latex; else as the input shows: a backslash or $ is LaTeX",
        default=NOTATIONS[0], what="notation", words=NOTATIONS,
    )  # fmt: skip
    macros: str | None = option("--macros", "FILE", r"a file with \newcommand definitions for LaTeX", default=None)
    into: str | None = option(
        "--output", "FILE", "write results to a file, all or none; --force replaces it", default=None, short="-o"
    )
    force: bool = option("--force", "", "let -o replace a file", default=False)
    count: int = option("--count", "N", "how many questions to ask: 10", default=10)
    seed: int | None = option("--seed", "N", "the same questions again", default=None)
    keep: bool = option("--keep", "", "keep what was missed, and ask it again when it is due", default=False)
    script: Sequence[str] = option(
        "--expression", "TEXT", "a statement, as a line of a script; may be repeated", default=(), short="-e"
    )
    fail_fast: bool = option("--fail-fast", "", "stop at the first mistake", default=False)
    notes: bool = option("--notes", "", "say of each statement of a stream what was assumed and noted", default=False)
    jobs: int = option("--jobs", "N", "spread files over N processes; the output is the same", default=1)
    color: str = option(
        "--color", "WHEN", "auto (default), always or never", default=COLORS[0], what="choice of colours", words=COLORS,
        config="when there are colours",
    )  # fmt: skip
    limits: Sequence[str] = option(
        "--limit", "NAME=N", "another limit, such as time=60, or elements and bytes of data for eval; 0 is none",
        default=(),
    )  # fmt: skip
    init: bool = option("--init", "", "write a file to begin with", default=False)
    install: bool = option("--install", "", "put it where the shell finds it", default=False)
    banner: str = option(
        "banner", default="on", words=SWITCH,
        prompt="three lines at the start, from the next start on if config.toml says so",
    )  # fmt: skip
    preview: str = option("preview", default="on", words=SWITCH, prompt="the reading below the line while it is typed")
    history: str = option("history", default="on", words=SWITCH, prompt="keep what is typed in the history file")
    vi: str = option("vi", default="off", words=SWITCH, prompt="the keys of vi in the line")
    theme: str = option(
        "theme", default="dark", what="theme", words=tuple(THEMES), config="colours for a dark or a light background",
        prompt="colours for a dark or a light background",
    )  # fmt: skip


ROWS: dict[str, Option] = {row.keyword: row for row in vars(Said).values() if isinstance(row, Option)}
"""The rows by the attributes that have them."""
OPTIONS = {row.name: row for row in ROWS.values() if row.spellings}
"""Those of command lines, by name."""
CONFIGURED = {row.word: row for row in ROWS.values() if row.config}
"""What config.toml may say, beside its tables, and a variable MCALC_NAME of the environment."""
PROMPTED = {row.word: row for row in ROWS.values() if row.prompt}
"""What `:set` can change: how results are shown and what the prompt does."""
DIRECTED = {row.word: row for row in ROWS.values() if row.directed}
"""What a script may say of the results after it."""
