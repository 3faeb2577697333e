"""Numbers for expressions: NumPy values of every node, with sizes bound by the arrays given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake
from mcalc.expr import Expr, in_order, nodes_of
from mcalc.operators import matrix_values
from mcalc.operators.leaves import symbols_in
from mcalc.operators.linear import PRODUCT, SIGMA

if TYPE_CHECKING:
    from mcalc.expr import Labels, Number


MOST_TERMS = 1_000_000
"""Terms of a sum over an index, which are worked out one by one."""


class Environment:
    """What the rows need to evaluate themselves: NumPy, functions of matrices, the values of variables, their sizes."""

    def __init__(self, np: Any, values: Mapping[str, Any]) -> None:
        self.np = np
        self.matrices = matrix_values
        self.values: dict[str, Any] = {name: np.asarray(value) for name, value in values.items()}
        self.sizes: dict[str, int] = {}
        self.products: list[tuple[Dim, int]] = []
        self.bound: dict[Expr, int] = {}

    def bind(self, node: Expr) -> None:
        """Check the array of a variable against its declared shape, and learn sizes from it.

        Raises :class:`~mcalc.errors.Mistake` where a variable has no value, or one of another shape.
        """
        name, shape, _ = node.attr
        if name not in self.values:
            raise Mistake("E-NAME", f"{name} has no value", hint=f"give one: {name} is a {shape_text(shape)}")
        value = self.values[name]
        if value.ndim != len(shape):
            raise Mistake("E-SHAPE", f"{name} is a {shape_text(shape)}, its value has {value.ndim} axes {value.shape}")
        for dim, length in zip(shape, value.shape, strict=True):
            self._learn(name, dim, int(length))

    def _learn(self, name: str, dim: Dim, length: int) -> None:
        unknown = [size for size in dim.names if size not in self.sizes]
        if len(unknown) == 1 and dim.names == tuple(unknown) and max(len(m) for m, _ in dim.terms) == 1:
            coefficient = dict(dim.terms)[(unknown[0],)]
            rest = length - dict(dim.terms).get((), 0)
            if rest % coefficient == 0:
                self.sizes[unknown[0]] = rest // coefficient
        elif unknown and len(dim.terms) == 1:
            self.products.append((dim, length))
        for product, whole in self.products:
            self._divide(product, whole)
        if not any([size not in self.sizes for size in dim.names]) and self.size(dim) != length:
            raise Mistake("E-SHAPE", f"the size {dim} of {name} is {self.size(dim)} elsewhere, its value has {length}")

    def _divide(self, dim: Dim, length: int) -> None:
        """Learn the one unknown factor of a product of sizes, such as m n where m is known."""
        [(monomial, part)] = dim.terms
        unknown = [name for name in monomial if name not in self.sizes]
        for name in monomial:
            part *= self.sizes.get(name, 1)
        if len(unknown) == 1 and part > 0 and length % part == 0:
            self.sizes[unknown[0]] = length // part

    def size(self, dim: Dim) -> int:
        """Return a size as a number.

        Raises:
            Mistake: `E-NAME`, where a name in it has no value.
        """
        return dim.at(self._named)

    def _named(self, name: str) -> int:
        if name not in self.sizes and name in self.values and self.values[name].ndim == 0:
            self.sizes[name] = int(self.values[name])
        if name not in self.sizes:
            raise Mistake("E-NAME", f"the size {name} is not known", hint=f"give a value to a variable of size {name}")
        return self.sizes[name]

    def length(self, dim: Dim) -> int:
        """Return the size of an axis as a number; there is no axis of fewer than no places.

        Raises:
            Mistake: `E-SHAPE`, where it is negative.
        """
        value = self.size(dim)
        if value < 0:
            raise Mistake("E-SHAPE", f"there is no axis of size {dim} here: it is {value}", hint="give larger arrays")
        return value

    def number(self, value: Number) -> Any:
        """Return a number as a float, a whole number as it is while it is small enough to be exact."""
        if type(value) is int and abs(value) < 2**53:
            return value
        try:
            return float(value)
        except OverflowError:
            return self.np.inf if value > 0 else -self.np.inf

    def value(self, node: Expr) -> Any:
        """Return the array of a variable."""
        return self.values[node.attr[0]]

    def index(self, node: Expr) -> int:
        """Return where a running index stands."""
        return self.bound[node]

    def position(self, at: Any, dim: Dim) -> int:
        """Return a subscript, which counts from 1, as NumPy counts.

        Raises:
            Mistake: `E-SHAPE`, where there is no such place.
        """
        k = int(self.np.real(at))
        if not 1 <= k <= self.size(dim):
            raise Mistake("E-SHAPE", f"there is no element {k}: the size is {self.size(dim)}, counted from 1")
        return k - 1

    def einsum(self, subscripts: Sequence[Labels], out: Labels, values: Sequence[Any]) -> Any:
        """Return an einsum, two factors at a time; labels that no later factor needs are summed on the way."""
        np = self.np
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        names: dict[int, str] = {}

        def spell(labels: Sequence[int]) -> str:
            return "".join([names.setdefault(label, letters[len(names) % 52]) for label in labels])

        until = {label: place for place, labels in enumerate(subscripts) for label in labels}
        until.update(dict.fromkeys(out, len(subscripts)))
        total: Any = None
        have: list[int] = []
        for place, (labels, value) in enumerate(zip(subscripts, values, strict=True)):
            keep = [label for label in dict.fromkeys([*have, *labels]) if until[label] > place]
            last = place == len(subscripts) - 1
            keep = list(out) if last else keep
            names.clear()
            if total is None:
                total = np.einsum(f"{spell(labels)}->{spell(keep)}", value)
            else:
                total = np.einsum(f"{spell(have)},{spell(labels)}->{spell(keep)}", total, value)
            have = keep
        return total


def evaluate(
    expr: Expr,
    values: Mapping[str, Any],
    declared: Iterable[Expr] = (),
    watch: Callable[[Expr, Sequence[Any]], None] | None = None,
    common: dict[Expr, Any] | None = None,
) -> Any:
    """Return the value of an expression as a NumPy array; sizes are bound by the arrays of the variables.

    Axes are those of the expression; before them, in alphabetical order, one for each free index that has no value of
    its own. A size may also be given by its name, or by the array of a `declared` variable
    that does not occur in the expression. `watch` sees every operator with the values of its arguments. In `common` are
    nodes that another expression has, too, at the same point: what has a value there is not worked out again, and what
    has none, but None, gets its own.
    Raises :class:`~mcalc.errors.Mistake` for missing values and sizes at odds.
    """
    import numpy as np

    env = Environment(np, values)
    for node in declared:
        if node.attr[0] in env.values:
            env.bind(node)
    for node in symbols_in(expr):
        env.bind(node)
    free = sorted(expr.free, key=lambda index: str(index.attr[0]))
    for node in free:
        if node.attr[0] in env.values:
            env.bound[node] = int(env.values[node.attr[0]])
    open_ = [node for node in free if node not in env.bound]
    with np.errstate(all="ignore"):
        return np.asarray(_over(open_, expr, env, watch) if open_ else _run(expr, env, watch, common))


def _over(
    free: Sequence[Expr], expr: Expr, env: Environment, watch: Callable[[Expr, Sequence[Any]], None] | None
) -> Any:
    """Return the values for all values of free indices, the first axis that of the first index."""
    limits = [[int(env.np.real(_run(limit, env, None))) for limit in index.args[:2]] for index in free]
    counts = [last - first + 1 for first, last in limits]
    parts = []
    for place in env.np.ndindex(*counts):
        env.bound.update({index: first + k for index, (first, _), k in zip(free, limits, place, strict=True)})
        parts.append(env.np.asarray(_run(expr, env, watch)))
    return env.np.stack(parts).reshape((*counts, *parts[0].shape)) if parts else env.np.zeros(counts)


def is_finite(array: Any) -> bool:
    """Say whether an array has neither NaN nor infinite entries."""
    import numpy as np

    return bool(np.all(np.isfinite(array)))


class _Frame:
    """One level of evaluation: the nodes of a body in order, their values, and the sum or product it is the body of.

    Nodes that do not run with the index stand first in `order` and are worked out once; `again` is where the others
    begin. Values in which the index is free belong to an outer sum over the same index and are not taken over.
    """

    __slots__ = ("again", "binder", "order", "outer", "place", "positions", "total", "values")

    def __init__(self, root: Expr, known: dict[Expr, Any], binder: Expr | None = None) -> None:
        self.binder = binder
        index = binder.args[0] if binder is not None else None
        self.values = {node: value for node, value in known.items() if index not in node.free}
        order = _open_nodes(root, self.values)
        still = [node for node in order if index not in node.free]
        self.order = still + [node for node in order if index in node.free]
        self.again = len(still)
        self.place = 0
        self.positions: list[int] = []
        self.outer: int | None = None
        self.total: Any = None


def _open_nodes(root: Expr, known: dict[Expr, Any]) -> list[Expr]:
    """The nodes to evaluate for a root: not those known, nor what lies inside a sum and depends on its index."""
    if not known and not root.free and not root.has_kind("binder"):
        return nodes_of(root)

    def needs(node: Expr) -> tuple[Expr, ...]:
        return node.args[0].args if node.op.kind == "binder" else () if node.op.name == "index" else node.args

    return list(in_order([root], needs, known))


def _run(
    root: Expr,
    env: Environment,
    watch: Callable[[Expr, Sequence[Any]], None] | None,
    common: dict[Expr, Any] | None = None,
) -> Any:
    """Evaluate node by node; a sum over an index pushes a frame for its body, once for each value of the index."""
    common = {} if common is None else common
    frames = [_Frame(root, {node: value for node, value in common.items() if value is not None})]
    while True:
        frame = frames[-1]
        if frame.place < len(frame.order):
            node = frame.order[frame.place]
            if node.op.kind == "binder":
                index = node.args[0]
                inner = _Frame(node.args[1], frame.values, node)
                inner.positions = _positions(index, frame.values, env)[::-1]
                if inner.positions:
                    inner.outer = env.bound.get(index)
                    env.bound[index] = inner.positions.pop()
                    frames.append(inner)
                    continue
                frame.values[node] = _empty(node, env)
            else:
                assert node.op.numpy is not None
                args = () if node.op.name == "index" else [frame.values[a] for a in node.args]
                if watch is not None:
                    watch(node, args)
                frame.values[node] = node.op.numpy(env, node, *args)
            frame.place += 1
            continue
        if frame.binder is None:
            common.update({node: frame.values.get(node) for node in common})
            return frame.values[root]
        value = frame.values[frame.binder.args[1]]
        if frame.total is None:
            frame.total = value
        else:
            frame.total = frame.total + value if frame.binder.op is SIGMA else frame.total * value
        index = frame.binder.args[0]
        if frame.positions:
            env.bound[index] = frame.positions.pop()
            frame.place = frame.again
            for node in frame.order[frame.again :]:
                del frame.values[node]
            continue
        if frame.outer is not None:
            env.bound[index] = frame.outer
        frames.pop()
        frames[-1].values[frame.binder] = frame.total
        frames[-1].place += 1


def _positions(index: Expr, values: dict[Expr, Any], env: Environment) -> list[int]:
    first, last, *excluded = [int(env.np.real(values[limit])) for limit in index.args]
    if last - first >= MOST_TERMS:
        hint = f"up to {MOST_TERMS} terms are added one by one; products of vectors have no such bound"
        raise Mistake("E-LIMIT", f"a sum or product of {last - first + 1} terms", hint=hint)
    return [k for k in range(first, last + 1) if k not in excluded]


def _empty(node: Expr, env: Environment) -> Any:
    shape = [env.length(dim) for dim in node.shape]
    return env.np.ones(shape) if node.op is PRODUCT else env.np.zeros(shape)
