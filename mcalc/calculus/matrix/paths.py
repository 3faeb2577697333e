"""Products of matrices that are not multiplied out yet: joined and turned round at once, however long they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import transposed
from mcalc.calculus.matrix.chains import chain

if TYPE_CHECKING:
    from mcalc.expr import Expr


class Path:
    """A matrix, or paths one behind another; `turned` says that its transpose is meant.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import matmul, transpose
    >>> n = Dim.named("n")
    >>> a, b = symbol("A", (n, n)), symbol("B", (n, n))
    >>> joined(Path(a), joined(Path(b), Path(a)).transposed()).matrix() is matmul(a, transpose(a), transpose(b))
    True
    """

    __slots__ = ("factor", "parts", "turned")

    def __init__(self, factor: Expr | None, parts: tuple[Path, ...] = (), *, turned: bool = False) -> None:
        self.factor = factor
        self.parts = parts
        self.turned = turned

    def transposed(self) -> Path:
        """Return its transpose."""
        return Path(self.factor, self.parts, turned=not self.turned)

    def matrix(self) -> Expr:
        """Return the product. Each factor is looked at once."""
        if self.factor is not None:
            return transposed(self.factor) if self.turned else self.factor
        factors: list[Expr] = []
        stack = [(self, False)]
        while stack:
            path, around = stack.pop()
            turned = path.turned is not around
            if path.factor is not None:
                factors.append(transposed(path.factor) if turned else path.factor)
            else:
                stack.extend([(part, turned) for part in (path.parts if turned else path.parts[::-1])])
        return chain(*factors)


def joined(*paths: Path) -> Path:
    """Return the product of some paths."""
    return Path(None, paths)
