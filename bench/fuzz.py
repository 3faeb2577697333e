"""Random bytes, shuffled tokens and broken texts through each way into mcalc: never a traceback, never a hang.

    python bench/fuzz.py [--count 20000] [--seed 0] [--target NAME]

The ways in are those of `targets`, each with as many of the inputs. An input may end in an answer or a mistake; nothing
of it is shown raw, nothing is written but in a folder of its own, nothing is started, and none takes more than two
seconds of the processor. Tells every input for which that is not so, and exits with 1 where there is one. The same seed
gives the same inputs.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from mcalc.api import check, derive, parse
from mcalc.errors import Mistake
from mcalc.files import LONGEST_NAME
from mcalc.limits import DEFAULTS, set_limits
from mcalc.numeric.data import read_given
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.render.mistake import render_mistake
from mcalc.render.terminal import safe
from mcalc.shell.arguments import parted, said
from mcalc.shell.batch import lines, statements
from mcalc.shell.command_line.commands import prepared
from mcalc.shell.options import OPTIONS
from mcalc.shell.output import Output
from mcalc.shell.reference import EVERY
from mcalc.shell.repl.command_table import COMMANDS, make_desk, take
from mcalc.shell.run import Run
from mcalc.shell.settings import Preferences, Settings

FACES = ("unicode", "ascii", "latex", "mathml", "html", "json")
SLOW = 2
"""Seconds of the processor for an input."""
HUNG = 5
"""Seconds of the processor after which it is stopped; the clock of a run stops it sooner."""
LONGEST = 300
"""Characters of a page or paste that is changed."""
GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"

PLAIN = [
    *"xywAXbinNfg012,;:=()[]{}|‖⟨⟩+-*/^_'.·⊗⊙∘⊘×√∂∇∑∏Σ∈ℝᵀ²₁⁻½\\#\t \"`$%&@!?~<>≤≥≠…",
    " : R^n", " ∈ ℝⁿ", "d/dx ", "∂/∂w ", "∇_x ", "^T", "R^{n x n}", "sum_{i=1}^{n} ",
    "{x if x > 0; 0 otherwise}", " where ",
    "x_i", "lambda", "e-3", "1e400", "..", ":=", "==", "||", " = ", "\n", "\n= ", "\u200b", "\u202e",
    "\x00", "\x1b[31m", "é", "語", "а",
    *sorted(name for name in FUNCTIONS if name.isidentifier()),
]  # fmt: skip
TEX = [
    *"xyAWbi123^_{}&$%~()[]|=+-,.", r"\frac", r"\frac12", r"\sqrt[3]", r"\mathbf{x}", r"\left(", r"\right)",
    r"\left\|", r"\right\|",
    r"\begin{align}", r"\end{align}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\begin{cases}", r"\end{cases}", r"\\",
    r"\partial", r"\nabla_x ", r"\sum_{i=1}^{n}", r"\prod", r"\top", r"^{-1}", r"\text{if }", r"\operatorname{tr}",
    r"\hat y", r"\lambda",
    r"\newcommand{\R}{\mathbb{R}}", r"\def\a#1{#1 #1}", r"\a", r"\in", r"\mathbb{R}^{n \times n}", r"\cdot", r"\odot",
    r"\log", r"\exp", r"\max", r"\lVert", r"\rVert", r"\frac{\partial f}{\partial x}", r"\mathrm", r"\tag{1}",
    r"\label{e}", r"\,", r"\x",
]  # fmt: skip
PYTHON = [
    *"xyAWb()[]{},.:=+-*/%@'\"#\n", "def f(x):\n", "    return ", "\n    ", "lambda x: ", "np.", "torch.", ".T",
    ".sum(", "axis=0", "**2",
    "np.linalg.norm(", "import numpy as np\n", "for i in range(n):\n", " if x > 0 else ", "x[:, 0]", "x[i]",
    "__import__('os')",
    "@", " and ", "not ", "[x for x in y]", "f'{x}'", "1j", "0x10", "1_000", "None", "True", "...", ":=", "*args",
    "\\\n",
]  # fmt: skip
TOML = [
    *"abc=[]{}\"'#.,\n-_01e+: ", "to = ", '"latex"', "[limits]\n", "time = ", "[repl]\n", "1e400", "0x",
    "1979-05-27", "true", "inf",
    "'''", '"""', "\\u001b", "\\u202e", "\\x", "work = -1", "[[", "9" * 20, "\x1b", "\r", "é",
    *[f"{name} = " for name in OPTIONS],
]  # fmt: skip
DATA = [
    *"0123456789,;[]()+-.e/ \n\t'\"#:", "nan", "inf", "1e999", "−1", "0x1f", "1_0", "١", "\x93NUMPY",
    "\x01\x00v\x00", "{'descr': '<f8', ",
    "'fortran_order': False, ", "'shape': (2, 2), }", "|O", ",)", "<f4", "PK\x03\x04", "\x00", "\x1b[2J", "\\",
    "True", "4294967296, ",
]  # fmt: skip
WORDS = [
    *[name for row in OPTIONS.values() for name in row.spellings], *EVERY, "--", "-", "=", "x^2", "-sin(x)", "", "x",
    "w,b", "text", "json", "numpy",
    "1", "-1", "99999999999999999999", "1e9", "nan", "time=1", "time=1e15", "work=", "=", "x=1", "X=a.npy", "--x",
    "-x", "--to=", "--order=2",
    ".", "/dev/null", "\x1b[31m", "\u202e", "é", "x" * 300, "--stpes", "d/dx x^2", "x: R^n", "A x = b", "-3:3",
    "bash", "full", "brief",
]  # fmt: skip
ASKED = [
    *PLAIN, *[f":{name} " for one in COMMANDS for name in (one.name, *one.also)], "steps", "grad ", "hess", "check ",
    "eval ", " at x = 2",
    "a.mc", "/dev/full", "..", "?", "?sin", "!ls", "_1", "ans", "to latex", "set to ", "at w = [1, 2], b = 3", "3",
    "--force",
]  # fmt: skip


class Hung(BaseException):
    """An input took too long. Not an Exception, so that nothing on the way takes it for one of its own."""


class Target(NamedTuple):
    """A way in: texts that are right, the tokens that are mixed in, and what is shown of an input, which it returns."""

    seeds: list[str]
    tokens: list[str]
    take: Callable[[bytes, int], str]


def stream(data: bytes, number: int) -> str:
    """Return what a stream is answered, in a format that turns by turn is each of them."""
    out, err = io.BytesIO(), io.BytesIO()
    to = FACES[number % len(FACES)]
    settings = Settings(to=to)
    settings.equations = number % 5 == 4
    run = Run(settings, Output(out, err, to=to))
    for line in statements(lines(io.BytesIO(data))):
        run.line(line, "<stdin>")
    run.end(summary=True)
    assert not run.tally.bugs, err.getvalue().decode()
    return (out.getvalue() + err.getvalue()).decode("utf-8")


def formula(notation: str) -> Callable[[bytes, int], str]:
    """Return what reads and differentiates a text in a notation, and what is said of it."""

    def take_formula(data: bytes, number: int) -> str:
        text = data.decode("utf-8", "surrogateescape")
        if number % 3:
            return parse(text, notation=notation).text
        macros = r"\newcommand{\R}{\mathbb{R}}" if number % 2 else None
        return derive(text, wrt="x", notation=notation, macros=macros).text

    return take_formula


def page(data: bytes, number: int) -> str:
    """Return the verdict on a page of derivations."""
    return check(data.decode("utf-8", "surrogateescape"), layout=("numerator", "denominator")[number % 2]).text


def data_file(data: bytes, number: int) -> str:
    """Return what is said of a value, or of a file of one, written before; an archive has it as a member."""
    ending = (".npy", ".npz", ".csv", ".txt", "")[number % 5]
    name = data.decode("utf-8", "surrogateescape")
    if ending:
        name = f"a{ending}"
        if ending == ".npz" and number % 2:
            with zipfile.ZipFile(name, "w") as archive:
                archive.writestr("X.npy", data)
        else:
            Path(name).write_bytes(data)
    given = read_given("X", name)
    return safe("; ".join([given.size, given.source, *given.notes, *given.warnings]))


def configuration(data: bytes, number: int) -> str:
    """Return the warnings of a configuration, and of variables of the environment, and all that holds then."""
    text = data.decode("utf-8", "replace")
    names = [*OPTIONS, *[f"limit_{name}" for name in DEFAULTS]]
    environ = {f"MCALC_{names[number % len(names)].upper()}": text}
    found = Preferences("" if number % 4 == 0 else text, environ)
    return safe("; ".join([*found.warnings, repr(found.words), repr(found.limits)]))


def arguments(data: bytes, number: int) -> str:
    """Return what a command line asks for, each word of it on a line of the input; nothing of it is done."""
    argv = data.decode("utf-8", "surrogateescape").split("\n")
    command, chosen, operands = parted(argv)
    options = said(chosen)
    if options is not None and len(operands) < 2:
        prepared(command, operands, options)
    return command


def session(data: bytes, number: int) -> str:
    """Return what a session shows that is given lines to answer."""
    screen = io.BytesIO()
    desk = make_desk(Output(screen, screen))
    desk.statements("w: R^n; y = sum(w)^2; d/dw y")
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if desk.is_open:
            take(desk, line)
    return screen.getvalue().decode("utf-8")


def texts(*names: str) -> list[str]:
    """Return the lines of golden files that are no comments, cell by cell."""
    found = [line for name in names for line in (GOLDEN / name).read_text("utf-8").splitlines()]
    return [cell.strip() for line in found if line[:1] not in ("", "#") for cell in line.split(" | ") if len(cell) > 3]


def blocks(name: str) -> list[str]:
    """Return the pieces of a golden file that blank lines part."""
    return [block for block in (GOLDEN / name).read_text("utf-8").split("\n\n") if 0 < len(block) < LONGEST]


def targets() -> dict[str, Target]:
    """Return the ways in, by name."""
    examples = [op.example for op in TABLE.values() if op.example]
    latex = [text for text in texts("formulas.txt", "objectives.txt") if "\\" in text]
    code = [
        "def f(x):\n    y = x @ x\n    return np.sum(y ** 2)",
        "lambda x: np.exp(-x.T @ A @ x)",
        "((X @ w - y) ** 2).mean()",
    ]
    values = ["[1, 2; 3, 4]", "1/2", "[[1, 2], [3, 4]]", "1,2\n3,4\n", "a;b\n1;2\n", array((2, 2)), array(())]
    settings = [
        'to = "latex"\n[limits]\ntime = 5\n[repl]\nbanner = false\n',
        'color = "never" # x\n',
        "[limits]\nwork = 0",
    ]
    argv = [
        "diff\nx^2\n--wrt\nx\n--to\nlatex",
        "eval\nx\n--set\nx=1",
        "check\nd/dx x = 1",
        "run\n-\n--jobs\n2",
        "quiz\n--count\n3",
    ]
    asked = [
        ":save a.mc\n:load a.mc",
        "x^2\ngrad\nsteps full",
        "eval y at w = [1, 2]\n:vars\n:undo 2\n:redo",
        ":set to latex\n?norm",
    ]
    return {
        "stream": Target([*examples, *texts("paper.txt")], PLAIN, stream),
        "latex": Target(latex, [*TEX, *PLAIN[:40]], formula("latex")),
        "python": Target([*code, *examples], [*PYTHON, *PLAIN[:40]], formula("auto")),
        "pastes": Target(
            blocks("pastes.txt"), [*PLAIN, *TEX, "```math\n", "```\n", "$$", "The gradient of ", " is\n", "> "], stream
        ),
        "pages": Target(blocks("pages.txt"), [*PLAIN, "\n= ", "\nso ", " by the chain rule", "dy/dx = ", "∴ "], page),
        "data": Target(values, DATA, data_file),
        "configuration": Target(settings, TOML, configuration),
        "arguments": Target(argv, [word + end for word in WORDS for end in ("\n", "")], arguments),
        "session": Target([*asked, *examples], ASKED, session),
    }


def array(shape: tuple[int, ...]) -> str:
    """Return a right file of an array, a character a byte."""
    count = 1
    for length in shape:
        count *= length
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return f"\x93NUMPY\x01\x00v\x00{header}" + "\x00" * (8 * count)


def mutated(rng: random.Random, target: Target, *, raw: bool) -> bytes:
    """Return an input: bytes, tokens, or a text in which tokens are left out, doubled, moved or cut off."""
    code = "latin-1" if raw else "utf-8"
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 80))
    if kind == 1:
        return "".join(rng.choices(target.tokens, k=rng.randrange(1, 14))).encode(code, "replace")
    text = rng.choice(target.seeds)
    if kind == 2:
        return text.encode(code, "replace")[: rng.randrange(len(text) + 1)]
    parts = list(text)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(parts) + 1)
        change = rng.randrange(4)
        if change == 0 and place < len(parts):
            del parts[place]
        elif change == 1 and place < len(parts):
            parts.insert(place, parts[place])
        elif change == 2:
            parts.insert(place, rng.choice(target.tokens))
        elif len(parts) > 1:
            other = rng.randrange(len(parts))
            place = min(place, len(parts) - 1)
            parts[place], parts[other] = parts[other], parts[place]
    return "".join(parts).encode(code, "replace")


def tried(target: Target, data: bytes, number: int) -> tuple[str, float]:
    """Return what is wrong with what came of an input, if anything, and the seconds of the processor that it took."""
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, HUNG)
    try:
        shown = target.take(data, number)
    except Mistake as mistake:
        shown = render_mistake(mistake)
    except Hung:
        return f"it did not end within {HUNG} s", HUNG
    except Exception as trouble:  # noqa: BLE001 - this is what is looked for
        return f"{type(trouble).__name__}: {trouble}", time.process_time() - begun
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    took = time.process_time() - begun
    bad = [c for c in shown if (c < " " and c != "\n") or c in "\u202e\u200b\x7f"]
    if bad:
        return f"a control character was shown: {bad[0]!r}", took
    return ("a bug was told: " + shown[-300:] if "bug in mcalc" in shown else ""), took


def guard(folder: str) -> None:
    """Refuse, from here on, to write outside a folder, to start a program or to reach a network; tell of the latter."""
    real = os.path.realpath(folder)

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            path = os.path.realpath(args[0])
            if not path.startswith((real, os.devnull, "/dev/full")) and len(args[0]) < LONGEST_NAME:
                raise PermissionError(13, "outside of the folder")
        elif event in (
            "os.system",
            "os.exec",
            "os.posix_spawn",
            "subprocess.Popen",
            "socket.connect",
            "webbrowser.open",
        ):
            print(f"{event}: {args!r}", flush=True)
            raise PermissionError(13, "nothing is started")

    sys.addaudithook(audit)


def main() -> int:
    """Try random inputs, and tell of those that fail."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=[*targets()])
    options = parser.parse_args()
    chosen = {name: one for name, one in targets().items() if options.target in (None, name)}

    def ring(number: int, frame: FrameType | None) -> None:
        raise Hung

    signal.signal(signal.SIGVTALRM, ring)
    set_limits({"time": SLOW})
    rng = random.Random(options.seed)
    wrong = 0
    spent = dict.fromkeys(chosen, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder, TMPDIR=folder, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder)
        os.chdir(folder)
        guard(folder)
        for number in range(options.count):
            name = [*chosen][number % len(chosen)]
            data = mutated(rng, chosen[name], raw=name == "data")
            problem, took = tried(chosen[name], data, number // len(chosen))
            spent[name] += took
            if problem or took > SLOW:
                wrong += 1
                print(f"{name} {number}: {data!r}: {problem or f'{took:.1f} s'}", flush=True)
    rates = ", ".join([f"{name} {1e6 * took * len(chosen) / options.count:.0f}" for name, took in spent.items()])
    print(
        f"{wrong} of {options.count} inputs ended in a bug or took more than {SLOW} s; µs an input: {rates}", flush=True
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
