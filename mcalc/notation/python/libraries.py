"""The functions of numpy, torch, JAX and scipy: those of the operator table under their names, and a few spellings.

A function of the table is read under the name it has there where that has one meaning in all libraries. `RENAMED` are
other names of the same, `COMPOSED` what is made of several; everything else is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mcalc.errors import Mistake, clip
from mcalc.notation.names import derivatives
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node
from mcalc.operators import FUNCTIONS

RENAMED = {
    "absolute": "abs", "fabs": "abs", "amax": "max", "amin": "min", "arcsinh": "asinh", "expit": "sigmoid",
    "inverse": "inv", "matrix_exp": "expm", "log_softmax": "logsoftmax", "swish": "silu", "clamp": "clip",
    "cholesky": "chol",
    "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "gammaln": "lgamma", "loggamma": "lgamma",
    "psi": "digamma", "ndtr": "normcdf", "gamma": "Γ", "beta": "β", "betaln": "lbeta", "log_sigmoid": "logsigmoid",
    "reduce_sum": "sum", "reduce_mean": "mean", "reduce_prod": "prod", "reduce_max": "max", "reduce_min": "min",
    "reduce_logsumexp": "logsumexp",
}  # fmt: skip
ENTRYWISE = frozenset(
    [name for name, row in FUNCTIONS.items() if row.kind == "elementwise" and row.arity == (1, 1)]
) - {"ln", "σ", "step", "logistic", "ReLU"}
OTHERS = frozenset((
    "sqrt", "trace", "outer", "det", "inv", "logdet", "kron", "tril", "cumsum", "diag", "expm", "logm", "sqrtm", "pinv",
    "chol", "silu", "elu", "gelu", "logaddexp", "hypot", "atan2", "β", "lbeta", "mish", "logsigmoid", "hardsigmoid",
    "hardswish", "softsign", "tanhshrink", "clip",
))  # fmt: skip
REDUCTIONS = frozenset(
    ("sum", "mean", "prod", "max", "min", "var", "std", "norm", "softmax", "logsoftmax", "logsumexp")
)
"""Functions that may go along an axis."""
METHODS = (
    ENTRYWISE
    | (REDUCTIONS - {"logsoftmax"})
    | frozenset((
        "sqrt", "trace", "dot", "matmul", "mm", "mv", "outer", "t", "transpose", "swapaxes", "inverse", "det", "logdet",
        "square", "pow", "log_softmax", "amax", "amin", "absolute", "reciprocal", "log1p", "expm1", "rsqrt", "clip",
        "clamp", "maximum", "minimum", "mul", "add", "sub", "div", "neg",
    ))
)  # fmt: skip
SIZED = frozenset(("ones", "zeros"))
BY_ROWS = frozenset(("softmax", "logsoftmax"))
"""Functions of ``nn`` and ``F`` that take a matrix row by row where no axis is given."""
NETWORKS = frozenset(("F", "nn", "functional"))


DERIVED = frozenset(("diff", "Derivative"))
"""Derivatives in SymPy; those of numpy are differences."""
KINDS = {"-": "array +", "/": "array *"}
"""The kinds of the chains in which an operator stands, where it is not named after itself."""


class Make:
    """Makes the nodes of one call, all with its place in the text."""

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def chain(self, op: str, *parts: Node) -> Node:
        """Return a chain of one operator: + - * / ** @."""
        return Node(KINDS.get(op, f"array {op}"), self.start, self.end, list(parts), [op] * (len(parts) - 1))

    def call(self, name: str, *parts: Node) -> Node:
        """Return a call of a function of the table."""
        return Node("call", self.start, self.end, list(parts), Name(name))

    def number(self, value: int) -> Node:
        """Return a number."""
        return Node("number", self.start, self.end, (), value)

    def along(self, name: str, value: Node, axis: int | None) -> Node:
        """Return a reduction along an axis; None is that of all entries of a vector."""
        return Node("array along", self.start, self.end, [value], (name, axis))

    def transposed(self, value: Node) -> Node:
        """Return the transpose."""
        return Node("transpose", self.start, self.end, (value,), "T")

    def negative(self, value: Node) -> Node:
        """Return the negative."""
        return Node("negative", self.start, self.end, (value,))


class Called(NamedTuple):
    """What is called: its name with the library's before it, the place of the name, and what is said by keywords.

    `axes` holds the axis, where one is given; `kind` is the ord= of a norm.
    """

    path: Sequence[str]
    is_method: bool
    start: int
    end: int
    axes: tuple[int | None] | None = None
    kind: object = None

    @property
    def said(self) -> str:
        """The name as it was written."""
        return clip("." * self.is_method + ".".join(self.path) + "()" * self.is_method, 40)

    def refused(self, hint: str = "", said: str = "is not read") -> Mistake:
        """Return the mistake of a function that has no counterpart."""
        return mistake_at("E-UNSUPPORTED", f"{self.said} {said}", (self.start, self.end), "no counterpart", hint)

    def counted(self, parts: Sequence[Node], *counts: int) -> None:
        """Refuse another number of arguments, and an axis where there is none."""
        if len(parts) not in counts:
            said = f"with {len(parts)} argument{'s' * (len(parts) != 1)} is not read"
            raise self.refused(HINTS.get(self.path[-1], ""), said)
        if self.axes is not None or self.kind is not None:
            raise self.refused("", f"with {'an axis' if self.axes is not None else 'ord='} is not read")


def _cross_entropy(m: Make, p: Node, y: Node) -> Node:
    """Return the mean of -(y log(p) + (1 - y) log(1 - p))."""
    one = m.number(1)
    other = m.chain("*", m.chain("-", one, y), m.call("log", m.chain("-", one, p)))
    return m.negative(m.call("mean", m.chain("+", m.chain("*", y, m.call("log", p)), other)))


MADE: tuple[tuple[str, int, Callable[..., Node]], ...] = (
    ("dot matmul mm mv matvec", 2, lambda m, x, y: m.chain("@", x, y)),
    ("add", 2, lambda m, x, y: m.chain("+", x, y)),
    ("subtract sub", 2, lambda m, x, y: m.chain("-", x, y)),
    ("multiply mul", 2, lambda m, x, y: m.chain("*", x, y)),
    ("divide div true_divide", 2, lambda m, x, y: m.chain("/", x, y)),
    ("power pow", 2, lambda m, x, y: m.chain("**", x, y)),
    ("vdot", 2, lambda m, x, y: m.call("sum", m.chain("*", x, y))),
    ("square", 1, lambda m, x: m.chain("**", x, m.number(2))),
    ("reciprocal", 1, lambda m, x: m.chain("/", m.number(1), x)),
    ("negative neg", 1, lambda m, x: m.negative(x)),
    ("rsqrt", 1, lambda m, x: m.chain("/", m.number(1), m.call("sqrt", x))),
    ("solve", 2, lambda m, a, b: m.chain("@", m.call("inv", a), b)),
    ("maximum", 2, lambda m, x, y: m.call("max", x, y)),
    ("minimum", 2, lambda m, x, y: m.call("min", x, y)),
    ("where", 3, lambda m, c, a, b: m.call("where", c, a, b)),
    ("mse_loss", 2, lambda m, x, y: m.call("mean", m.chain("**", m.chain("-", x, y), m.number(2)))),
    ("l1_loss", 2, lambda m, x, y: m.call("mean", m.call("abs", m.chain("-", x, y)))),
    ("binary_cross_entropy", 2, _cross_entropy),
    ("binary_cross_entropy_with_logits", 2, lambda m, z, y: _cross_entropy(m, m.call("sigmoid", z), y)),
    ("transpose t swapaxes", 1, lambda m, x: m.transposed(x)),
    ("eye identity", 1, lambda m, n: m.call("eye", n)),
    ("len", 1, lambda m, x: Node("array length", m.start, m.end, [x], 0)),
)
"""What functions are made of, with how many arguments they take."""
COMPOSED = {name: (count, made) for names, count, made in MADE for name in names.split()}


def known(called: Called) -> None:
    """Raise `E-UNSUPPORTED` for a function that has no counterpart of the same meaning."""
    written = called.path[-1]
    name = RENAMED.get(written, written)
    if called.is_method and written not in METHODS:
        raise called.refused()
    if written in DERIVED and called.path[0] in ("sp", "sympy"):
        return
    if not any([name in some for some in (REDUCTIONS, ENTRYWISE, OTHERS, SIZED)]) and written not in COMPOSED:
        raise called.refused(HINTS.get(written, ""))
    if written == "gelu" and "jax" in called.path:
        raise called.refused("it is an approximation by tanh; write x * (1 + erf(x / sqrt(2))) / 2 for the function")


def function(called: Called, parts: list[Node], start: int, end: int) -> Node:
    """Return what a call of a known function means; raise `E-UNSUPPORTED` where that depends on the library."""
    written = called.path[-1]
    name = RENAMED.get(written, written)
    make = Make(start, end)
    if name in REDUCTIONS:
        return _reduced(make, called, name, parts)
    if written in DERIVED and called.path[0] in ("sp", "sympy"):
        return derivatives.of_call(start, end, parts)
    if written in COMPOSED:
        count, made = COMPOSED[written]
        called.counted(parts, count)
        return made(make, *parts)
    if written in SIZED:
        called.counted(parts, 1, 2)
        return make.call(written, *parts)
    called.counted(parts, FUNCTIONS[name].arity[0])
    return make.call(name, *parts)


HINTS = {
    "transpose": "write X.T: transpose(0, 1) swaps the axes in torch, and not in numpy",
    "inner": "write x @ y of vectors, A @ B.T of matrices",
    "grad": "name the variable: mcalc diff EXPR --wrt w",
    "flatten": "vec(X) in mcalc's own notation stacks the columns",
    "ravel": "vec(X) in mcalc's own notation stacks the columns",
    "cross_entropy": "write -torch.sum(y * torch.log_softmax(z, dim=-1))",
    "abs_": "write abs", "slogdet": "its logarithm is slogdet(X)[1]",
}  # fmt: skip


def _reduced(make: Make, called: Called, name: str, parts: list[Node]) -> Node:
    """Return a reduction: of all entries, or along an axis."""
    bare = not called.is_method and len(called.path) == 1
    torch = "torch" in called.path
    if name in ("max", "min") and len(parts) == 2 and called.axes is None and (bare or torch or called.is_method):
        return make.call(name, *parts)
    if len(parts) != 1:
        raise called.refused("", f"with {len(parts)} argument{'s' * (len(parts) != 1)} is not read")
    if name in ("var", "std") and (torch or called.is_method):
        raise called.refused(f"torch divides by n - 1, numpy by n: np.{name}(x), or spell it out with mean")
    if called.path[-1] in ("max", "min") and torch and called.axes is not None:
        raise called.refused(f"it is a pair there: torch.a{name} has the values", "along an axis is not read")
    if called.kind is not None:
        return _norm(make, called, parts[0])
    axis = called.axes[0] if called.axes is not None else None
    if axis is not None:
        if f"{name} rows" not in FUNCTIONS:
            raise called.refused("", "along an axis is not read")
        return make.along(name, parts[0], axis)
    if name == "logsumexp" or (name == "sum" and bare) or name in BY_ROWS:
        if name in BY_ROWS and called.axes is None and (bare or not NETWORKS.isdisjoint(called.path)):
            return make.call(name, parts[0])
        return make.along(name, parts[0], None)
    return make.call(name, parts[0])


def _norm(make: Make, called: Called, value: Node) -> Node:
    """Return a norm by its ord=."""
    if called.path[-1] != "norm" or called.kind not in (2, "fro"):
        hint = "np.sum(np.abs(x)) and np.max(np.abs(x)) are those of a vector, np.linalg.norm(x) is the Euclidean one"
        raise called.refused(hint, "of this ord= is not read")
    if called.axes is None:
        return make.call("norm2" if called.kind == 2 else "normF", value)
    if called.kind != 2 or called.axes[0] is None:
        raise called.refused("", "of this ord= along an axis is not read")
    return make.along("norm", value, called.axes[0])
