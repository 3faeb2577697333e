"""Texts of any size and kind: each ends, in ten seconds and half a gibibyte, with an answer or a mistake.

`python -m tests.anything 65536` gives mcalc a text of so many bytes of every kind, with each of some commands, as
standard input of a process of its own; `python -m tests.anything 65536 sums check` only those of a kind or a command
with such a name. Tells each that takes more, ends with another status than promised, or shows what it may not.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEMORY = 10, 512 << 20
"""What a text may take of the processor, and of memory."""
STATUS = frozenset((0, 1, 2, 3, 4))
COMMANDS: dict[str, list[str]] = {
    "run": ["-"],
    "diff": ["diff", "--wrt", "x"],
    "steps": ["run", "-", "--steps", "full", "--to", "latex"],
    "check": ["check"],
    "min": ["min", "--over", "x"],
    "latex": ["run", "-", "--from", "latex", "--to", "html"],
    "numpy": ["diff", "--wrt", "x", "--to", "numpy", "--check"],
    "json": ["run", "-", "--to", "json", "--notes"],
    "session": ["repl"],
}


def _repeated(head: str, part: str, tail: str = "", close: str = "") -> Callable[[int], str]:
    """Return what makes a text of so many bytes: parts between a head and a tail, each closed at the end."""

    def make(size: int) -> str:
        count = max((size - len(head) - len(tail)) // (len(part.encode()) + len(close.encode())), 1)
        return head + part * count + tail + close * count

    return make


def _numbered(part: str, head: str = "", tail: str = "", between: str = "") -> Callable[[int], str]:
    """Return what makes a text of parts in which {} is a number and {0m} the one before it."""

    def make(size: int) -> str:
        parts: list[str] = []
        length = len(head)
        while length < size - len(tail) - len(part):
            k = len(parts) + 1
            parts.append(part.replace("{-}", str(k - 1)).replace("{}", str(k)))
            length += len(parts[-1]) + len(between)
        last = str(len(parts))
        return head.replace("{}", last) + between.join(parts) + tail.replace("{}", last)

    return make


def _drawn(characters: str) -> Callable[[int], str]:
    """Return what makes a text of random characters of some."""
    return lambda size: "".join(random.Random(size).choices(characters, k=size // max(len(characters[-1].encode()), 1)))


def _lines(make: Callable[[int], str], length: int) -> Callable[[int], str]:
    """Return what makes many lines of a shorter text."""
    return lambda size: "\n".join([make(length)] * (size // length))


KINDS: dict[str, Callable[[int], str]] = {
    # characters
    "zeros": _repeated("", "\x00"),
    "control characters": _drawn("".join(map(chr, range(1, 32)))),
    "escapes": _repeated("", "\x1b[31m\x1b]0;a\x07"),
    "printable ASCII": _drawn("".join(map(chr, range(32, 127)))),
    "letters": _drawn("abcdefghijklmnopqrstuvwxyzABCDEFGH"),
    "Greek": _drawn("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"),
    "signs": _drawn("∂∇∑∏√‖⟨⟩·⊗⊙∘∈ℝᵀ²⁻¹₁ᵢ×÷½∞≤≥≠"),
    "bidirectional": _repeated("x", "\u202e\u2066"),
    "combining marks": _repeated("x", "\u0301"),
    "words of other scripts": _drawn("語数微分行列漢字"),
    "emoji": _drawn("😀🚀🔥"),
    "blanks": _repeated("", " "),
    "tabs and line ends": _repeated("", "\t\n"),
    "carriage returns": _repeated("x", "\r"),
    "no-break spaces": _repeated("x", "\u00a0"),
    # one sign
    "digits": _repeated("", "7"),
    "a decimal": _repeated("0.", "3"),
    "exponents": _repeated("1e", "9"),
    "opening brackets": _repeated("", "("),
    "closing brackets": _repeated("", ")"),
    "mixed brackets": _drawn("([{}])"),
    "square brackets": _repeated("", "["),
    "braces": _repeated("", "{"),
    "bars": _repeated("", "|"),
    "double bars": _repeated("", "‖"),
    "primes": _repeated("x", "'"),
    "minus": _repeated("", "-", "x"),
    "not": _repeated("", "!", "x"),
    "factorials": _repeated("x", "!"),
    "carets": _repeated("x", "^"),
    "underscores": _repeated("x", "_"),
    "commas": _repeated("x", ","),
    "semicolons": _repeated("x", ";"),
    "colons": _repeated("x", ":"),
    "equals signs": _repeated("x", "="),
    "backslashes": _repeated("", "\\"),
    "dollars": _repeated("", "$"),
    "hashes": _repeated("", "#"),
    "percents": _repeated(r"\alpha", "%"),
    "ampersands": _repeated(r"\begin{align}", "&"),
    "quotes": _repeated("", "\"'"),
    "dots": _repeated("", "."),
    "question marks": _repeated("", "?"),
    "at signs": _repeated("x", "@"),
    "nablas": _repeated("", "∇", "x"),
    "partials": _repeated("", "∂", "x"),
    "one letter": _repeated("", "x"),
    "one name": _repeated("a", "b1"),
    "superscripts": _repeated("x", "²"),
    "subscripts": _repeated("x", "₁"),
    "transposes": _repeated("A", "ᵀ"),
    # nests
    "nested brackets": _repeated("", "(", "x", ")"),
    "nested rows": _repeated("", "[", "x", "]"),
    "nested sines": _repeated("", "sin(", "x", ")"),
    "nested exponentials": _repeated("", "exp(", "x", ")"),
    "nested roots": _repeated("", "sqrt(", "x", ")"),
    "nested tanh": _repeated("", "tanh(", "x", ")"),
    "nested maxima": _repeated("", "max(0, ", "x", ")"),
    "nested norms": _repeated("", "norm(", "x", ")"),
    "nested softmax": _repeated("", "softmax(", "x", ")"),
    "nested sums": _repeated("", "sum(", "x", ")"),
    "nested inverses": _repeated("", "inv(", "A", ")"),
    "nested determinants": _repeated("", "det(", "A", ")"),
    "nested diagonals": _repeated("", "diag(", "x", ")"),
    "nested absolute values": _repeated("", "abs(", "x", ")"),
    "nested gammas": _repeated("", "gamma(", "x", ")"),
    "nested vec": _repeated("", "vec(", "A", ")"),
    "nested kron": _repeated("", "kron(A, ", "A", ")"),
    "nested expm": _repeated("", "expm(", "A", ")"),
    "nested cases": _repeated("", "{x if x > 0; ", "x otherwise", "}"),
    "nested undefined functions": _repeated("", "f(", "x", ")"),
    "nested fractions": _repeated("", "1/(1+", "x", ")"),
    "nested powers": _repeated("", "(", "x", ")^2"),
    "nested products": _repeated("", "x(", "x", ")"),
    "nested derivatives": _repeated("", "d/dx (", "x^9", ")"),
    "nested expectations": _repeated("", "E[", "x", "]"),
    # long ones
    "a long sum": _repeated("x", "+x"),
    "a long difference": _repeated("x", "-y"),
    "a sum of products": _repeated("x", "+x*y"),
    "a sum of powers": _numbered("x^{}", between="+"),
    "a sum of names": _numbered("a_{}", between="+"),
    "a sum of sines": _numbered("sin({}x)", between="+"),
    "a sum of quotients": _numbered("1/(x+{})", between="+"),
    "a long product": _repeated("x", "*x"),
    "a product of sums": _numbered("(x+{})", between="*"),
    "a product of names": _numbered("a_{}", between="*"),
    "a product of sines": _numbered("sin({}x)", between="*"),
    "a quotient of quotients": _repeated("x", "/x"),
    "a product of matrices": _repeated("A", "@A"),
    "a product of other matrices": _numbered("A_{}", between=" @ "),
    "a product of transposes": _repeated("A", "*A'"),
    "a product of Kronecker": _repeated("A", "⊗A"),
    "a tower": _repeated("x", "^x"),
    "a tower of numbers": _repeated("9", "^9"),
    "a chain of dots": _repeated("x", "·x"),
    "a chain of element-wise": _repeated("x", "⊙x"),
    "a chain of comparisons": _repeated("x", "<x"),
    "a chain of equals": _repeated("x", "=x"),
    "a chain of claims": _repeated("d/dx x^2 = 2x", " = 2x"),
    "a claim of sums": _repeated("d/dx (x", "+x^2", ") = 1"),
    "a row": _numbered("{}", "[", "]", ", "),
    "a column": _numbered("x^{}", "[", "]", "; "),
    "a matrix": _repeated("[1,2", ";3,4", "]"),
    "a matrix with parts": _repeated("[x,2", ";x,x", "]"),
    "arguments": _repeated("f(x", ",x", ")"),
    "a maximum of many": _numbered("x^{}", "max(", ")", ", "),
    "cases of many": _numbered("{} if x > {}", "{", "; 0 otherwise}", "; "),
    "calls": _repeated("", "f(x)"),
    "derivatives": _repeated("", "d/dx ", "x"),
    "gradients": _repeated("", "∇_x ", "x"),
    "signs of sums": _repeated("", "sum_{i=1}^{n} ", "x_i"),
    "bare limits": _repeated("", "sum_i=1^n x_i + ", "x"),
    "heads in brackets": _repeated("", "(d/dx)", "x"),
    "glued names": _numbered("x{}y{}", between=" + "),
    "primes of a function": _repeated("f(x) = x^2; f'", " + f'"),
    "signs of products": _repeated("", "prod_{i=1}^{n} ", "x_i"),
    "a long name": _repeated("a_", "b", " + x"),
    "a large order": _repeated("d^", "9", "/dx^9 x"),
    "a large power": _repeated("x^", "9"),
    "a product of differentials": _repeated("d(x", " x", ")"),
    # statements
    "definitions": _numbered("a_{} = a_{-} + x", "a_0 = x; ", "; d/dx a_{}", "; "),
    "squares": _numbered("a_{} = a_{-}^2", "a_0 = x; ", "; d/dx a_{}", "; "),
    "products of two before": _numbered("a_{} = a_{-} a_{-}", "a_0 = x\n", "\nd/dx a_{}", "\n"),
    "functions": _numbered("f_{}(t) = t + {}", between="; "),
    "functions of functions": _numbered("f_{}(t) = f_{-}(f_{-}(t))", "f_0(t) = t^2\n", "\nd/dx f_{}(x)", "\n"),
    "declarations": _numbered("x_{}: R^n", between="; "),
    "a declaration of many": _numbered("x_{}", "", ": R^n", ", "),
    "a declared product": _repeated("x: R^{n", "*n", "}"),
    "behind where": _numbered("a_{} = a_{-} + 1", "a_{} where a_0 = x; ", "", "; "),
    "statements": _lines(lambda _: "d/dx (sin(x)^2 + exp(x))", 24),
    "other statements": _numbered("d/dx (sin({} x) exp(x))", between="\n"),
    "mistakes": _lines(lambda _: "sin(", 8),
    "continued lines": _repeated("x", " +\n x"),
    "backslashed lines": _repeated("x", " + \\\n x"),
    "a page": _numbered("y_{} = y_{-}^2 + x", "y_0 = x\n", "\ndy_{}/dx = 0", "\n"),
    "steps of a page": _repeated("d/dx x^2", "\n= 2x"),
    "constraints": _numbered("x_{} >= 0", "min x^2 subject to ", "", ", "),
    "a problem": _repeated("minimize over x ", "x^2 + ", "1"),
    "directives": _repeated("", "# mcalc: layout denominator\n"),
    "commands": _repeated("", ":undo 3\n:vars\n"),
    "at": _repeated("x at x = ", "1, y = "),
    # LaTeX
    "towers of fractions": _repeated("", r"\frac{1}{1+", "x", "}"),
    "bare fractions": _repeated("", r"\frac1", "x"),
    "roots": _repeated("", r"\sqrt{", "x", "}"),
    "braces of TeX": _repeated(r"\alpha", "{", "x", "}"),
    "left and right": _repeated("", r"\left(", "x", r"\right)"),
    "unclosed left": _repeated("", r"\left("),
    "scripts": _repeated("x", "^{x", "", "}"),
    "subscripts of subscripts": _repeated("x", "_{x", "", "}"),
    "fonts": _repeated("", r"\mathbf{", "x", "}"),
    "accents": _repeated("", r"\hat{", "x", "}"),
    "texts": _repeated("x ", r"\text{ if }", "x"),
    "words in texts": _repeated(r"\text{", "for all ", "}"),
    "an array": _repeated(r"\begin{pmatrix}1", r" & 2 \\ 3", r"\end{pmatrix}"),
    "nested arrays": _repeated("", r"\begin{pmatrix}", "x", r"\end{pmatrix}"),
    "an alignment": _repeated(r"\begin{align} y", r" &= x \\", r" &= x \end{align}"),
    "cases of LaTeX": _repeated(r"\begin{cases}", r"x & x > 0 \\", r"\end{cases}"),
    "macros": _numbered(r"\newcommand{\a{}}{\a{-}}", r"\newcommand{\a0}{x}", "x"),
    "macros that double": lambda size: (
        r"\def\a{x}"
        + "".join([rf"\def\{chr(98 + k % 24)}{{\{chr(97 + k % 24)}\{chr(97 + k % 24)}}}" for k in range(24)])
        + r"\y" * max((size - 400) // 2, 1)
    ),
    "unknown commands": _repeated("", r"\foo "),
    "spaces in a row of TeX": _repeated("$x", r"\,", "= x$"),
    "cells of a row of TeX": _repeated("$x", " & ", "= x$"),
    "alignments that stay open": _repeated("", r"\begin{align}"),
    "spaces of TeX": _repeated("x", r"\,\;\!\quad"),
    "sums of TeX": _repeated("", r"\sum_{i=1}^n ", "x_i"),
    "partials of TeX": _repeated("", r"\frac{\partial}{\partial x}", "x"),
    "underbraces": _repeated("", r"\underbrace{", "x", r"}_{a}"),
    # other notations
    "a function of Python": _numbered("    y{} = y{-} + x\n", "def f(x):\n    y0 = x\n", "    return y{}\n"),
    "calls of NumPy": _repeated("", "np.exp(", "x", ")"),
    "methods": _repeated("x", ".T"),
    "more methods": _repeated("x", ".sum()"),
    "subscripts of Python": _repeated("x", "[0]"),
    "lambdas": _repeated("", "lambda x: ", "x"),
    "conditions of Python": _repeated("x", " if x > 0 else x"),
    "Markdown": _repeated("The gradient of ", "$x^2$ and ", "is $2x$."),
    "a fence": _repeated("```math\n", "x + ", "x\n```"),
    "fences": _repeated("", "```math\nx^2\n```\n"),
    "quoted": _repeated("", "> ", "x^2"),
    "tags": _repeated("", "<b>", "x", "</b>"),
    "entities": _repeated("", "&lambda;"),
    "blanks between words": _repeated("The gradient", " ", "of x^2 is 2x."),
    "blanks behind a statement": _repeated("x = x", " "),
    "blanks before then": _repeated("x = 1", " ", "then y = 2"),
    "points": _repeated("x = 1", " .", " y"),
    "a sentence": _repeated("What is the derivative of ", "x squared plus "),
    "words": _repeated("", "lorem ipsum "),
    "JSON": _repeated("", '{"a": ', "1", "}"),
    "CSV": _repeated("", "1,2,3\n"),
}


def texts(size: int) -> Iterator[tuple[str, bytes]]:
    """Yield a text of each kind, and of bytes that are none."""
    for name, make in KINDS.items():
        yield name, make(size).encode()[: 2 * size]
    yield "random bytes", random.Random(size).randbytes(size)
    yield "bytes above ASCII", bytes([random.Random(size).randrange(128, 256)]) * size
    yield "UTF-16", ("x^2 + " * (size // 12)).encode("utf-16")


LIMITED = f'ulimit -t {3 * SECONDS}; ulimit -v {8 * MEMORY >> 10}; exec "$@"'
ENVIRON = {**os.environ, "MCALC_CONFIG_DIR": os.devnull, "MCALC_STATE_DIR": os.devnull}


def wrong(argv: list[str], data: bytes) -> str:
    """Return what is not as promised of a command that reads a text, if anything."""
    words = ["sh", "-c", LIMITED, "sh", sys.executable, "-m", "mcalc", *argv]
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as shown_in:
        stdin.write(data)
        stdin.seek(0)
        child = subprocess.Popen(words, stdin=stdin, stdout=shown_in, stderr=shown_in, cwd=ROOT, env=ENVIRON)
        _, waited, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(waited)
        shown_in.seek(0)
        shown = shown_in.read().decode("utf-8", "replace")
    took, memory = used.ru_utime + used.ru_stime, used.ru_maxrss << 10
    problems = []
    if took > SECONDS:
        problems.append(f"{took:.1f} s of the processor")
    if memory > MEMORY:
        problems.append(f"{memory >> 20} MiB of memory")
    if child.returncode not in STATUS:
        problems.append(f"status {child.returncode}")
    if "Traceback" in shown or "bug in mcalc" in shown:
        problems.append(shown[shown.find("bug in mcalc") :][:300] if "bug in" in shown else shown[-300:])
    if bad := [c for c in shown if (c < " " and c != "\n") or c in "\x7f\u202e\u2066"]:
        problems.append(f"a control character was shown: {bad[0]!r}")
    return "; ".join(problems)


def main(size: int, wanted: list[str]) -> int:
    """Try every text with every command; tell of what is not as promised."""
    count = found = 0
    kinds = [
        pair for pair in texts(size) if not wanted or any([word in pair[0] for word in wanted if word not in COMMANDS])
    ]
    commands = [word for word in wanted if word in COMMANDS] or [*COMMANDS]
    for name, data in kinds or texts(size):
        for command in commands:
            count += 1
            problem = wrong(COMMANDS[command], data)
            if problem:
                found += 1
                print(f"{name}, {command}: {problem}", flush=True)
    print(f"{count} texts of {size} bytes, {found} not as promised", flush=True)
    return found


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()] or [1 << 16]
    sys.exit(bool(main(numbers[0], [word for word in sys.argv[1:] if not word.isdecimal()])))
