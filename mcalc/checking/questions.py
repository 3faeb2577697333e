"""Questions for practice: derivatives of the kinds that each section of the paper works out, made up anew.

Source: sections 2 to 6 of "The Matrix Calculus You Need For Deep Learning".
"""

from __future__ import annotations

import random

from mcalc.errors import Mistake

LEVELS = 3
"""Easy, middling, and as hard as the section gets."""


class Question:
    """One question: a function, the variable to differentiate it by, and the shapes of its names."""

    __slots__ = ("expression", "section", "where", "wrt")

    def __init__(self, section: str, expression: str, wrt: str, where: str) -> None:
        self.section = section
        self.expression = expression
        self.wrt = wrt
        self.where = where

    @property
    def statement(self) -> str:
        """The derivative that is asked for, as it is typed."""
        mark = "d" if self.where == f"{self.wrt}: R" else "∂"
        return f"{mark}/{mark}{self.wrt} ({self.expression})"


SCALARS = "x: R; y: R"
VECTORS = "w, x: R^n"
NEURON = "w, x: R^n; b: R"
LOSS = "X: R^{N x n}; w: R^n; y: R^N; b: R"

# Each template is a function, its variable and its shapes; {a} to {d} are small numbers, {n} and {m} exponents, {f} and
# {g} functions. Those of a section go from easy to hard, as many at each of the three levels as there are.
TEMPLATES: dict[str, tuple[tuple[tuple[str, str, str], ...], ...]] = {
    "2": (
        (("{a}x^{n}", "x", "x: R"), ("x^{n} + {a}x", "x", "x: R"), ("{a}x^2 - {b}x + {c}", "x", "x: R")),
        (("x^{n} {f}(x)", "x", "x: R"), ("{a}(x + x^{n})", "x", "x: R"), ("{f}(x) - {a}/x", "x", "x: R")),
        (("x^{n} {f}({a}x)", "x", "x: R"), ("{f}(x)/x^{m}", "x", "x: R"), ("(x^2 + {a})^{n}", "x", "x: R")),
    ),
    "3": (
        (("{a}x^{n} y", "x", SCALARS), ("{a}x + {b}y^{n}", "y", SCALARS), ("x y^{n}", "y", SCALARS)),
        (("{a}x^{n} y + {f}(y)", "y", SCALARS), ("x {f}(y) + y", "y", SCALARS), ("{a}x y - y^{n}/x", "x", SCALARS)),
        (("{f}(x y^2)", "y", SCALARS), ("(x + {a}y)^{n}", "y", SCALARS), ("x^{n} {f}({a}x + y)", "x", SCALARS)),
    ),
    "4.1": (
        (("A x", "x", "A: R^{m x n}; x: R^n"), ("{a}x", "x", "x: R^n"), ("x + b", "x", "x, b: R^n")),
        (
            ("A x + b", "x", "A: R^{m x n}; x: R^n; b: R^m"),
            ("[{a}x_1 + x_2^{n}; x_1 x_2]", "x", "x: R^2"),
            ("A^T x", "x", "A: R^{n x m}; x: R^n"),
        ),
        (
            ("A (x - {a}b)", "x", "A: R^{m x n}; x, b: R^n"),
            ("[x_1^{n} x_2; {f}(x_1) + {a}x_2]", "x", "x: R^2"),
            ("A B x", "x", "A: R^{m x k}; B: R^{k x n}; x: R^n"),
        ),
    ),
    "4.2": (
        (("w + x", "w", VECTORS), ("w - {a}x", "x", VECTORS), ("w .* x", "w", VECTORS)),
        (("w .* x", "x", VECTORS), ("w ./ x", "w", VECTORS), ("{f}(x)", "x", VECTORS)),
        (("w ./ x", "x", VECTORS), ("w .* {f}(x)", "x", VECTORS), ("{a}w .* x + x .* x", "x", VECTORS)),
    ),
    "4.3": (
        (("x + z", "x", "x: R^n; z: R"), ("x + z", "z", "x: R^n; z: R"), ("x z", "x", "x: R^n; z: R")),
        (("x z", "z", "x: R^n; z: R"), ("{a}z x + z", "x", "x: R^n; z: R"), ("z^{n} x", "z", "x: R^n; z: R")),
        (("{f}(z) x", "z", "x: R^n; z: R"), ("{a}x/z", "z", "x: R^n; z: R"), ("{f}(x) + z x", "x", "x: R^n; z: R")),
    ),
    "4.4": (
        (("sum(x)", "x", "x: R^n"), ("sum({a}x)", "x", "x: R^n"), ("sum(x + z)", "x", "x: R^n; z: R")),
        (("sum(w .* x)", "w", VECTORS), ("sum(x z)", "z", "x: R^n; z: R"), ("sum(x .* x)", "x", "x: R^n")),
        (("sum({f}(x))", "x", "x: R^n"), ("sum(A x)", "x", "A: R^{m x n}; x: R^n"), ("sum(x)^{n}", "x", "x: R^n")),
    ),
    "4.5.1": (
        (("{f}(x^{n})", "x", "x: R"), ("{f}({a}x)", "x", "x: R"), ("(x^2 + {a})^{n}", "x", "x: R")),
        (("{f}({a}x^{n} + x)", "x", "x: R"), ("{f}(x)^{n}", "x", "x: R"), ("ln({f}(x) + {a})", "x", "x: R")),
        (("{f}(x^{n})^2", "x", "x: R"), ("{f}({g}(x^2))", "x", "x: R"), ("exp({f}({a}x^2))", "x", "x: R")),
    ),
    "4.5.2": (
        (("x + x^{n}", "x", "x: R"), ("{f}(x + x^2)", "x", "x: R"), ("x {f}(x)", "x", "x: R")),
        (("{f}(x + x^{n})", "x", "x: R"), ("x^2 {f}(x^2)", "x", "x: R"), ("{f}(x) {g}(x)", "x", "x: R")),
        (("{f}(x {g}(x))", "x", "x: R"), ("x {f}(x + x^{n})", "x", "x: R"), ("({f}(x) + x)^{n}", "x", "x: R")),
    ),
    "4.5.3": (
        (("[ln(x^2); {f}({a}x)]", "x", "x: R"), ("sum(w .* x)", "x", VECTORS), ("{f}(w . x)", "w", VECTORS)),
        (("{f}(A x)", "x", "A: R^{m x n}; x: R^n"), ("(w . x)^{n}", "w", VECTORS), ("||x||^2", "x", "x: R^n")),
        (
            ("||A x - b||^2", "x", "A: R^{m x n}; x: R^n; b: R^m"),
            ("x^T A x", "x", "A: R^{n x n}; x: R^n"),
            ("{f}(w . x) x", "w", VECTORS),
        ),
    ),
    "5": (
        (("w . x + b", "w", NEURON), ("w . x + b", "b", NEURON), ("max(0, z)", "z", "z: R")),
        (("max(0, w . x + b)", "w", NEURON), ("max(0, w . x + b)", "b", NEURON), ("sigmoid(w . x)", "w", VECTORS)),
        (
            ("sigmoid(w . x + b)", "w", NEURON),
            ("max(0, w . x + b)^2", "w", NEURON),
            ("max(0, A x)", "x", "A: R^{m x n}; x: R^n"),
        ),
    ),
    "6": (
        (("(y - w . x)^2", "w", "w, x: R^n; y: R"), ("(y - (w . x + b))^2", "b", "w, x: R^n; y, b: R")),
        (
            ("1/N ||X w - y||^2", "w", LOSS),
            ("1/2 ||X w - y||^2", "w", LOSS),
            ("(y - max(0, w . x))^2", "w", "w, x: R^n; y: R"),
        ),
        (
            ("1/2 ||X w - y||^2 + λ/2 ||w||^2", "w", f"{LOSS}; λ: R"),
            ("1/N sum_{{i=1}}^{{N}} (y_i - w . x_i)^2", "w", LOSS),
            ("1/N sum_{{i=1}}^{{N}} (y_i - max(0, w . x_i + b))^2", "w", LOSS),
        ),
    ),
}

FUNCTIONS = ("sin", "cos", "exp", "ln", "tanh")
"""What a question may have a function for; where another one stands, it differs from this one."""


def sections(wanted: str | None) -> list[str]:
    """Return the sections that a number names, itself or those inside it; all without one.

    Raises :class:`~mcalc.errors.Mistake` where the paper has no questions there.

    >>> sections("4.5")
    ['4.5.1', '4.5.2', '4.5.3']
    """
    if wanted is None:
        return list(TEMPLATES)
    number = wanted.removeprefix("§").strip()
    found = [section for section in TEMPLATES if section == number or section.startswith(f"{number}.")]
    if not found:
        raise Mistake("E-USAGE", f"there are no questions on section {wanted!r}", hint=f"one of {', '.join(TEMPLATES)}")
    return found


class Questions:
    """An endless row of questions of some sections, harder with each that was answered, the same for the same seed.

    >>> questions = Questions(["2"], seed=1)
    >>> questions.next(0).statement == Questions(["2"], seed=1).next(0).statement
    True
    """

    def __init__(self, chosen: list[str], seed: int) -> None:
        self.chosen = chosen
        self.rng = random.Random(seed)  # noqa: S311 - for practice, and the same each time
        self.asked: set[str] = set()

    def next(self, level: int) -> Question:
        """Return another question, of a level from 0 to `LEVELS` - 1, not asked before if that can be."""
        question = self._made(level)
        for _ in range(20):
            if question.statement not in self.asked:
                break
            question = self._made(level)
        self.asked.add(question.statement)
        return question

    def _made(self, level: int) -> Question:
        rng = self.rng
        section = rng.choice(self.chosen)
        expression, wrt, where = rng.choice(TEMPLATES[section][min(level, LEVELS - 1)])
        f, g = rng.sample(FUNCTIONS, 2)
        numbers = {letter: rng.randint(2, 9) for letter in "abcd"}
        filled = expression.format(**numbers, n=rng.randint(2, 5), m=rng.randint(2, 3), f=f, g=g)
        return Question(section, filled, wrt, where)
