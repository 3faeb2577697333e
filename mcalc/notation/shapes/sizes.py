"""Sizes that the text leaves open: placeholders, what they turn out to be, and their names in the end.

`I`, `1vec` and undeclared names get a placeholder ``?1``, ``?2``, ... for each size; where two sizes must agree and one
has a placeholder in it, the placeholder is bound.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import count

from mcalc.dims import Dim, Shape
from mcalc.expr import Expr, make, rebuild
from mcalc.operators.abstract import MAP, Undefined
from mcalc.operators.blocks import SLICE, slice_
from mcalc.operators.leaves import size
from mcalc.patterns import pattern

LETTERS = "nmkpqrsthl"
_PLACEHOLDER = pattern(r"\?\d+")
_LETTER = pattern(r"\b[a-z]\b")
_PLACEHOLDERS: list[Dim] = []
"""The placeholders, made once and used by every statement."""


def _alone(dim: Dim) -> str | None:
    """Return the placeholder that a size is, or None where it is something else."""
    names = dim.names
    return names[0] if len(names) == 1 and names[0][0] == "?" and dim.terms == ((names, 1),) else None


class Sizes:
    """The placeholders of one statement.

    >>> sizes = Sizes()
    >>> a = sizes.fresh()
    >>> sizes.equate(a + 1, Dim.of(3)), sizes.settle(a)
    (True, Dim(2))
    """

    def __init__(self) -> None:
        self.bound: dict[str, Dim] = {}
        self.count = 0

    def fresh(self) -> Dim:
        """Return a size of its own."""
        self.count += 1
        while len(_PLACEHOLDERS) <= self.count:
            _PLACEHOLDERS.append(Dim.named(f"?{len(_PLACEHOLDERS)}"))
        return _PLACEHOLDERS[self.count]

    def settle(self, dim: Dim) -> Dim:
        """Return a size with all that is known of it put in."""
        bound = self.bound
        name = _alone(dim)
        while name in bound:
            dim = bound[name]
            name = _alone(dim)
        if name is None:
            while not bound.keys().isdisjoint(dim.names):
                dim = dim.substitute(bound)
        return dim

    def is_open(self, shape: Iterable[Dim]) -> bool:
        """Say whether a shape has a placeholder in it."""
        return any([name[0] == "?" for dim in shape for name in dim.names])

    def equate(self, left: Dim, right: Dim) -> bool:
        """Make two sizes equal by binding a placeholder; say whether they are equal now."""
        left, right = self.settle(left), self.settle(right)
        if left is right:
            return True
        a, b = _alone(left), _alone(right)
        # The youngest first, so that what is bound is mostly a leaf nobody has used yet.
        if b is not None and (a is None or int(b[1:]) > int(a[1:])):
            return self._bind(b, left) or self._solve(left, right)
        if a is not None:
            return self._bind(a, right) or self._solve(left, right)
        return self._solve(left, right)

    def _bind(self, name: str, value: Dim) -> bool:
        number = value.value
        if (number is not None and number < 1) or name in value.names:
            return False
        self.bound[name] = value
        return True

    def _solve(self, left: Dim, right: Dim) -> bool:
        """Bind a placeholder that stands in the difference of two sizes once, on its own."""
        difference = left - right
        open_names = [name for name in difference.names if name[0] == "?"]
        for name in sorted(open_names, key=lambda n: -int(n[1:])):
            holding = [(monomial, c) for monomial, c in difference.terms if name in monomial]
            if len(holding) == 1 and holding[0][0] == (name,) and abs(holding[0][1]) == 1:
                return self._bind(name, (difference - Dim(holding)) * -holding[0][1])
        return self._divided(left, right)

    def _divided(self, left: Dim, right: Dim) -> bool:
        """Make two products equal by what is left without a factor that both have: m n and k n are, if m is k."""
        if len(left.terms) != 1 or len(right.terms) != 1:
            return False
        [(first, a)], [(second, b)] = left.terms, right.terms
        shared = next((name for name in first if name in second), None)
        if shared is None:
            return False
        rest = [[*first], [*second]]
        for names in rest:
            names.remove(shared)
        return self.equate(Dim([(tuple(rest[0]), a)]), Dim([(tuple(rest[1]), b)]))

    def equate_shapes(self, left: Shape, right: Shape) -> bool:
        """Make two shapes of one order equal; say whether they are."""
        return len(left) == len(right) and all([self.equate(a, b) for a, b in zip(left, right, strict=True)])

    def resolve(self, root: Expr) -> Expr:
        """Return an expression with all known sizes put in."""
        return rebuild(root, self._change) if self.bound else root

    def _change(self, node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        kind = node.op.kind
        if kind == "leaf":
            return self._changed(node, args) if node.attr else None
        if node.op is SLICE:
            cuts = [part and (self.settle(part[0]), self.settle(part[1])) for part in node.attr]
            return slice_(args[0], tuple(cuts))
        if node.op is MAP:
            name, counts, out, *rest = node.attr
            return make(MAP, args, Undefined(name, counts, tuple([self.settle(d) for d in out]), *rest))
        return None

    def _changed(self, node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        """Return a leaf with all that is known of its sizes put in."""
        name, attr = node.op.name, node.attr
        if name == "symbol":
            shape = tuple([self.settle(d) for d in attr[1]])
            return node if shape == attr[1] else make(node.op, (), (attr[0], shape, attr[2]))
        if name == "size":
            return size(self.settle(attr))
        if name in ("eye", "unit"):
            return make(node.op, args, self.settle(attr))
        if name in ("ones", "zeros", "selection"):
            return make(node.op, args, tuple([self.settle(d) for d in attr]))
        return None

    def name_rest(self, shapes: Iterable[Shape], used: Container[str]) -> None:
        """Give the placeholders that are left their names: n, m, k, ..., the columns of a matrix before its rows."""
        letters = self._letters(used)
        for shape in shapes:
            for dim in reversed(shape):
                for name in self.settle(dim).names:
                    if name[0] == "?" and name not in self.bound:
                        self.bound[name] = Dim.named(next(letters))

    def name_all(self, used: Container[str]) -> None:
        """Name what no shape of a variable shows."""
        letters = self._letters(used)
        for number in range(1, self.count + 1):
            if f"?{number}" not in self.bound:
                self.bound[f"?{number}"] = Dim.named(next(letters))

    def _letters(self, used: Container[str]) -> Iterator[str]:
        taken = {name for dim in self.bound.values() for name in dim.names}
        names = (f"{letter}_{number}" if number else letter for number in count() for letter in LETTERS)
        return (name for name in names if name not in taken and name not in used)

    def text(self, message: str) -> str:
        """Return a message with the placeholders in it named."""
        names: dict[str, str] = {}
        taken = set(_LETTER.findall(message))
        for found in _PLACEHOLDER.findall(message):
            if found not in names:
                names[found] = next((c for c in LETTERS if c not in taken), found.replace("?", "n_"))
                taken.add(names[found])
        return _PLACEHOLDER.sub(lambda m: names[m[0]], message)
