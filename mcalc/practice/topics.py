"""What there is to practise: derivatives of the kinds of each section of the paper, of matrices and of networks.

Source: sections 2 to 6 of "The Matrix Calculus You Need For Deep Learning"; the Matrix Cookbook, sections 2.1 to 2.5.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from mcalc.api import derive
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, closest

LEVELS = 3
"""Easy, middling, and as hard as the section gets."""


class Task:
    """A derivative to practise on: the topic it is of, the statement that asks for it, and the shapes of its names."""

    __slots__ = ("_derivative", "statement", "template", "topic", "where")

    def __init__(self, topic: str, statement: str, where: str, template: str = "") -> None:
        self.topic = topic
        self.statement = statement
        self.where = where
        self.template = template
        self._derivative: Derivative | None = None

    @property
    def derivative(self) -> Derivative:
        """The derivative, worked out when it is first asked for; raises Mistake where the statement asks for none."""
        if self._derivative is None:
            self._derivative = derive(self.statement, where=self.where)
        return self._derivative

    @property
    def place(self) -> str:
        """Where it is from: a section of the paper, another topic, or nothing."""
        return f"§{self.topic}" if self.topic[:1].isdigit() else self.topic


SCALARS = "x: R; y: R"
VECTORS = "w, x: R^n"
NEURON = "w, x: R^n; b: R"
LOSS = "X: R^{N x n}; w: R^n; y: R^N; b: R"
SQUARE = "A, X: R^{n x n}"
BILINEAR = "X: R^{m x n}; a: R^m; b: R^n"
LAYER = "W: R^{m x n}; x: R^n; b: R^m"

# Each template is a function, its variable and its shapes; {a} to {d} are small numbers, {n} and {m} exponents, {f} and
# {g} functions. Those of a topic go from easy to hard, as many at each of the three levels as there are.
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
    "matrices": (
        (
            ("tr(A X)", "X", SQUARE),
            ("{a} tr(X)", "X", SQUARE),
            ("sum(X)", "X", "X: R^{m x n}"),
            ("a^T X b", "X", BILINEAR),
        ),
        (
            ("tr(A X B)", "X", "A: R^{k x m}; X: R^{m x n}; B: R^{n x k}"),
            ("normF(X)^2", "X", "X: R^{m x n}"),
            ("tr(X^T A)", "X", "X, A: R^{m x n}"),
            ("a^T X^T b", "X", "X: R^{m x n}; a: R^n; b: R^m"),
        ),
        (
            ("normF(A X - B)^2", "X", "A: R^{k x m}; X: R^{m x n}; B: R^{k x n}"),
            ("tr(X^T A X)", "X", "A: R^{m x m}; X: R^{m x n}"),
            ("ln(det(X))", "X", "X: R^{n x n}"),
            ("a^T inv(X) b", "X", "X: R^{n x n}; a, b: R^n"),
            ("||X b - a||^2", "X", BILINEAR),
            ("sum(exp(X))", "X", "X: R^{m x n}"),
        ),
    ),
    "networks": (
        (("sigmoid(z)", "z", "z: R"), ("max(0, z)", "z", "z: R"), ("tanh({a}z)", "z", "z: R"), ("W x + b", "x", LAYER)),
        (
            ("sigmoid(w . x + b)", "w", NEURON),
            ("tanh(W x + b)", "x", LAYER),
            ("softmax(z)", "z", "z: R^n"),
            ("logsumexp(z)", "z", "z: R^n"),
            ("ln(1 + exp(-z))", "z", "z: R"),
        ),
        (
            ("1/2 ||W x - y||^2", "W", "W: R^{m x n}; x: R^n; y: R^m"),
            ("1/2 ||tanh(W x) - y||^2", "x", "W: R^{m x n}; x: R^n; y: R^m"),
            ("logsumexp(z) - y . z", "z", "y, z: R^n"),
            ("softmax(W x)", "x", "W: R^{m x n}; x: R^n"),
            ("v . max(0, W x)", "x", "W: R^{m x n}; x: R^n; v: R^m"),
        ),
    ),
}
BEYOND = {"matrices": "traces, norms, determinants and inverses, by a matrix", "networks": "layers, softmax, losses"}
"""Topics that are no sections of the paper, with what is in them."""

FUNCTIONS = ("sin", "cos", "exp", "ln", "tanh")
"""What a question may have a function for; where another one stands, it differs from this one."""


def topics(wanted: str | None) -> list[str]:
    """Return the topics that a word names: a section, with those inside it, or another one; without one the paper's.

    Raises :class:`~mcalc.errors.Mistake` where there is no such topic.

    >>> topics("4.5"), topics("matrices")
    (['4.5.1', '4.5.2', '4.5.3'], ['matrices'])
    """
    if wanted is None:
        return [topic for topic in TEMPLATES if topic not in BEYOND]
    name = wanted.removeprefix("§").strip().lower()
    found = [topic for topic in TEMPLATES if topic == name or topic.startswith(f"{name}.")]
    if not found:
        close = closest(name, TEMPLATES, 1, 0.6) if name.isalpha() else []
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(TEMPLATES)}"
        raise Mistake("E-USAGE", f"there are no questions on {wanted}", hint=hint)
    return found


class Topics:
    """An endless row of tasks of some topics, the same for the same numbers of chance.

    >>> Topics(["2"]).task(0, random.Random(1)).statement
    'd/dx (6x^5)'
    """

    def __init__(self, chosen: Sequence[str]) -> None:
        self.chosen = chosen
        self.used: Counter[str] = Counter()

    def task(self, level: int, rng: random.Random) -> Task:
        """Return a task of a level from 0 to `LEVELS` - 1, made of the templates that are `used` least."""
        templates = [(topic, one) for topic in self.chosen for one in TEMPLATES[topic][level]]
        fewest = min([self.used[one[0]] for _, one in templates])
        topic, (expression, wrt, where) = rng.choice([pair for pair in templates if self.used[pair[1][0]] == fewest])
        f, g = rng.sample(FUNCTIONS, 2)
        numbers = {letter: rng.randint(2, 9) for letter in "abcd"}
        filled = expression.format(**numbers, n=rng.randint(2, 5), m=rng.randint(2, 3), f=f, g=g)
        mark = "d" if where == f"{wrt}: R" else "∂"
        return Task(topic, f"{mark}/{mark}{wrt} ({filled})", where, expression)
