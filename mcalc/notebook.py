"""``%load_ext mcalc`` in IPython and Jupyter: ``%mcalc`` runs a statement, ``%%mcalc`` a cell of them.

Names hold from cell to cell, as they do at the prompt.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from mcalc.choices import LEVELS
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.notation import split_statements
from mcalc.shell.batch import lines, statements
from mcalc.shell.checking import checked
from mcalc.shell.output import CODE
from mcalc.shell.session import Outcome, Session
from mcalc.shell.settings import is_directive

OPTIONS = "--steps, --steps full, --to latex, or --to with a language: numpy, jax, torch, julia, c"


class Code(str):
    """Source of a function, which a notebook shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Cells:
    """A session whose statements come from cells."""

    def __init__(self) -> None:
        self.session = Session()

    def run(self, text: str, steps: str | None = None, to: str | None = None) -> list[Any]:
        """Run statements, and return what each has to show; a mistake ends them.

        >>> Cells().run("x: R^n; ∂/∂x sum(x .* x)")
        [<Derivative 2 xᵀ>]
        """
        shown: list[Any] = []
        for line in statements(lines(BytesIO(text.encode()))):
            if line.mistake is not None:
                raise line.mistake
            if is_directive(line.text):
                continue
            for piece, _ in split_statements(line.text):
                try:
                    outcome = self.session.run(piece, line.number)
                except Mistake as mistake:
                    mistake.source = mistake.source or piece
                    raise
                shown += _shown(outcome, steps, to)
        return shown


def _shown(outcome: Outcome, steps: str | None, to: str | None) -> list[Any]:
    """Return what a notebook shows of an outcome: nothing for a declaration or a definition."""
    value = outcome.value
    if outcome.verdict is not None or outcome.solution is not None:
        return [outcome.verdict or outcome.solution]
    if value is None:
        return []
    checked(value, None, terminal=True)
    if isinstance(value, Derivative):
        if to in CODE:
            return [Code(value.to(str(to)))]
        if steps is not None:
            return [value.steps, value]
    return [Code(value.latex)] if to == "latex" else [value]


def _options(line: str) -> tuple[dict[str, str], str]:
    """Part the options at the beginning of a magic's line from the statement behind them.

    >>> _options("--steps d/dx x^2"), _options("--to numpy")
    (({'steps': 'brief'}, 'd/dx x^2'), ({'to': 'numpy'}, ''))
    """
    found: dict[str, str] = {}
    rest = line.strip()
    while rest.startswith("--"):
        word, _, rest = rest.partition(" ")
        rest = rest.lstrip()
        name, sign, value = word.partition("=")
        if name == "--steps":
            if not sign and rest.split(" ", 1)[0] in LEVELS:
                value, _, rest = rest.partition(" ")
            found["steps"] = value or LEVELS[0]
        elif name == "--to":
            if not sign:
                value, _, rest = rest.partition(" ")
            if value not in (*CODE, "latex"):
                raise Mistake("E-USAGE", f"there is no format {value[:30]} here", hint=OPTIONS)
            found["to"] = value
        else:
            raise Mistake("E-USAGE", f"there is no option {name[:30]} here", hint=OPTIONS)
        rest = rest.strip()
    return found, rest


def load_ipython_extension(shell: Any) -> None:
    """Register ``%mcalc`` and ``%%mcalc``: called by ``%load_ext mcalc``."""
    from IPython.display import display

    cells = Cells()

    def magic(line: str, cell: str | None = None) -> Any:
        """Run statements of mcalc: one behind %mcalc, or a cell below %%mcalc; --steps, --to numpy."""
        options, rest = _options(line)
        shown = cells.run(rest if cell is None else f"{rest}\n{cell}", **options)
        for value in shown[:-1]:
            display(value)
        return shown[-1] if shown else None

    shell.register_magic_function(magic, "line_cell", "mcalc")
