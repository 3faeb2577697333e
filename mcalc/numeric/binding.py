"""The values given to variables against their shapes: sizes learnt from data, conflicts told with both sides named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, closest
from mcalc.expr import Expr
from mcalc.limits import DATA, above, check_elements
from mcalc.numeric.data import Given, size_text
from mcalc.operators.structures import structure_of

NEARLY = 1e-10
"""How far from symmetric a matrix may be by rounding, relative to its largest entry."""


class Witness(NamedTuple):
    """What says how long a size is: an axis of a variable's value."""

    length: int
    given: Given
    axis: int

    def __str__(self) -> str:
        """Return it in words: ``2 by the columns of X (2×2, X.npy)``."""
        given = self.given
        axes = ("the rows of ", "the columns of ") if given.array.ndim == 2 else ("",)
        shape = f"{given.size}, " if given.array.ndim else ""
        return (
            f"{self.length} by {axes[self.axis] if self.axis < len(axes) else ''}{given.name} ({shape}{given.source})"
        )


class Binding:
    """Values for the variables of expressions: `values` for the evaluation, `notes` and `warnings` on the way there.

    `finite` says whether none of them has an entry that is NaN or infinite.

    Raises :class:`~mcalc.errors.Mistake`: ``E-NAME`` for a variable without a value, ``E-SHAPE`` where shapes and sizes
    are at odds, ``E-DATA`` where a value lacks a declared property, ``E-LIMIT`` where all together is too large.
    """

    def __init__(
        self, symbols: Sequence[Expr], needed: Sequence[Expr], sizes: Sequence[str], given: Mapping[str, Given],
        limits: Mapping[str, int] = DATA,
    ) -> None:  # fmt: skip
        """Bind the `symbols` that have values; those `needed` must have one, and the named `sizes` a length."""
        self.sizes: dict[str, Witness] = {}
        self.values: dict[str, Any] = {}
        self.notes: list[str] = [note for one in given.values() for note in one.notes]
        self.warnings: list[str] = [warning for one in given.values() for warning in one.warnings]
        self.limits = limits
        total = sum([one.array.nbytes for one in given.values()])
        if total > limits["bytes"]:
            raise above("bytes", f"all values together take {total} bytes", total, limits)
        bound = [node for node in dict.fromkeys([*symbols, *needed]) if node.attr[0] in given]
        known = {node.attr[0] for node in bound}
        unused = [name for name in given if name not in known and name not in sizes]
        _refuse_missing(needed, given, unused)
        for name in sizes:
            if name in given and name not in known:
                self._size_given(name, given[name])
        for node in bound:
            self.values[node.attr[0]] = self._fitted(node, given[node.attr[0]])
        for simple in (True, False):
            for node in bound:
                for axis, dim in enumerate(node.attr[1]):
                    if (len(dim.terms) == 1 and dim.terms[0][1] == 1 and len(dim.names) == 1) == simple:
                        self._learn(dim, given[node.attr[0]], axis, node)
        for node in bound:
            _check_properties(node, given[node.attr[0]])
        self.finite = all([given[node.attr[0]].is_finite for node in bound])
        self.values |= {name: witness.length for name, witness in self.sizes.items()}
        self.warnings += [f"{name} is given a value and does not occur" for name in unused]
        for name in sizes:
            if name not in self.sizes and name not in self.values:
                raise Mistake("E-NAME", f"the size {name} is not known", hint=f"say it: --set {name}=3")

    def _size_given(self, name: str, given: Given) -> None:
        """Take a number that is given for a size itself."""
        length = float(given.array) if not given.array.ndim else 0.0
        if length < 1 or length != int(length):
            raise Mistake("E-SHAPE", f"{name} is a size, and {given.size} ({given.source}) is none", hint=f"{name}=3")
        self.sizes[name] = Witness(int(length), given, 0)

    def _fitted(self, node: Expr, given: Given) -> Any:
        """Return the array with the axes that the variable has; a single row or column of a file may be a vector."""
        order, array = len(node.attr[1]), given.array
        if array.ndim != order and given.loose and order < 2 and (order or array.size == 1):
            what = "a number" if not order else "a vector"
            self.notes.append(f"{given.name} ({given.source}): {given.size}, taken as {what}")
            given.array = array = array.reshape((-1,) if order else ())
        if array.ndim != order:
            name, shape = node.attr[0], shape_text(node.attr[1])
            hint = f'say its shape: --where "{name}: {_space(array.ndim)}"' if array.ndim < 3 else "up to two axes"
            raise Mistake("E-SHAPE", f"{name} is a {shape}, its value has {given.size} ({given.source})", hint=hint)
        return array

    def _learn(self, dim: Dim, given: Given, axis: int, node: Expr) -> None:
        """Learn a size from an axis of a value, or compare it with what is known."""
        here = Witness(given.array.shape[axis], given, axis)
        unknown = [name for name in dim.names if name not in self.sizes]
        if unknown:
            found = _solved(dim, unknown, here.length)
            if found is not None:
                self.sizes[unknown[0]] = Witness(found, given, axis)
            elif len(dim.names) == 1 and len(dim.terms) <= 2:
                said = f"{given.name} is a {shape_text(node.attr[1])}, and no {unknown[0]} makes that {given.size}"
                raise Mistake("E-SHAPE", f"{said} ({given.source})", hint="sizes are whole numbers from 1 on")
            return
        want = self.length(dim)
        if want == here.length:
            return
        if dim.value is not None:
            said = f"{given.name} is a {shape_text(node.attr[1])}, its value has {given.size} ({given.source})"
            raise Mistake("E-SHAPE", said, hint="the shape that is declared, or the value, is another one")
        if len(dim.names) == 1 and dim.terms == ((dim.names, 1),):
            there = self.sizes[dim.names[0]]
            fits = _hint(there, here)
            raise Mistake("E-SHAPE", f"the size {dim} is {there}, and {here}", hint=fits)
        from_ = ", ".join([f"{name} is {self.sizes[name]}" for name in dim.names])
        said = f"the size {dim} is {want}, since {from_}; but it is {here}"
        raise Mistake("E-SHAPE", said, hint="what has one size has one length")

    def length(self, dim: Dim) -> int:
        """Return a size as a number; all its names must be known."""
        return dim.at(lambda name: self.sizes[name].length)

    def check_room(self, nodes: Sequence[Expr]) -> None:
        """Raise E-LIMIT where the array of one of some expressions would be too large."""
        for node in nodes:
            if all([name in self.sizes for dim in node.shape for name in dim.names]):
                count = 1
                for dim in node.shape:
                    count *= self.length(dim)
                check_elements(
                    count, f"an array of {size_text(tuple([self.length(d) for d in node.shape]))}", self.limits
                )


def _hint(there: Witness, here: Witness) -> str:
    """Say which axis of one of the two values would fit, where one does."""
    for one, other in ((there, here), (here, there)):
        array = one.given.array
        if array.ndim == 2 and array.shape[1 - one.axis] == other.length:
            return f"the {('rows', 'columns')[1 - one.axis]} of {one.given.name} would fit: is it to be transposed?"
    return "what has one size has one length"


def _solved(dim: Dim, unknown: Sequence[str], length: int) -> int | None:
    """Return the size that makes a sum with one unknown in it as long as a value, if there is one."""
    terms = dict(dim.terms)
    if len(unknown) != 1 or dim.names != tuple(unknown) or any([len(monomial) > 1 for monomial in terms]):
        return None
    found, left = divmod(length - terms.get((), 0), terms[unknown[0],])
    return found if not left and found > 0 else None


def _space(order: int) -> str:
    return ("R", "R^n", "R^{m x n}")[order]


def _refuse_missing(needed: Sequence[Expr], given: Mapping[str, Given], unused: Sequence[str]) -> None:
    """Raise E-NAME where a variable has no value; what is given and not used may be what was meant."""
    missing = [node for node in needed if node.attr[0] not in given]
    if not missing:
        return
    name, shape, _ = missing[0].attr
    said = f"{', '.join([node.attr[0] for node in missing])} {'has' if len(missing) == 1 else 'have'} no value"
    if unused:
        said += f"; {', '.join(unused)} {'is' if len(unused) == 1 else 'are'} not used"
    examples = ("0.1", "[1, 2]", "[1, 2; 3, 4]")
    used = [given[node.attr[0]] for node in needed if node not in missing]
    values = [f"{one.name}={float(one.array):g}" for one in used if not one.array.ndim]
    values += [f"{node.attr[0]}={examples[len(node.attr[1])]}" for node in missing]
    hint = f"{' '.join([f'--set {value}' for value in values])}: {name} is a {shape_text(shape)}"
    close = closest(name.lower(), [other.lower() for other in unused], 1, 0.5)
    if close:
        hint = f"did you mean {name} by {next(other for other in unused if other.lower() == close[0])}? {hint}"
    raise Mistake("E-NAME", said, hint=hint)


def _check_properties(node: Expr, given: Given) -> None:
    """Raise E-DATA where a value is not what its variable is declared to be: results are simplified by that."""
    import numpy as np

    name, _, properties = node.attr
    array = given.array
    if not properties or not given.is_finite:
        return
    hint = "leave the property out of the declaration, or give another value"
    if "positive" in properties and not np.all(array > 0):
        raise Mistake(
            "E-DATA", f"{name} is declared > 0, its value ({given.source}) has {np.min(array):.6g}", hint=hint
        )
    if "symmetric" in properties or "posdef" in properties:
        apart = np.abs(array - array.T)
        if np.max(apart) > NEARLY * max(float(np.max(np.abs(array))), 1e-300):
            i, j = np.unravel_index(int(np.argmax(apart)), apart.shape)
            entries = f"its entries {i + 1},{j + 1} and {j + 1},{i + 1} differ by {apart[i, j]:.3g}"
            raise Mistake("E-DATA", f"{name} is declared symmetric, and {entries} ({given.source})", hint=hint)
    structure = structure_of(node)
    if structure is not None and "symmetric" not in properties:
        apart = np.max(np.abs(array - structure.fit(np, array)), initial=0.0)
        if apart > NEARLY * max(float(np.max(np.abs(array))), 1e-300):
            said = f"{name} is declared {structure.said}, and its value ({given.source}) is off by {apart:.3g}"
            raise Mistake("E-DATA", said, hint=hint)
    if "posdef" in properties:
        least = float(np.min(np.linalg.eigvalsh(array)))
        if least <= 0:
            said = f"{name} is declared posdef, its value ({given.source}) has the eigenvalue {least:.6g}"
            raise Mistake("E-DATA", said, hint=hint)
