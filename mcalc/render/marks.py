"""The marks of the derivatives in a derivation: a straight d, a curly ∂, and which is which in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import walk

if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.calculus.lines import Derivation, Line
    from mcalc.expr import Expr


class Marks:
    """Says which mark each derivative in one side of an equation has.

    Where all is scalar and there is one variable in all, derivatives are straight, but for the partial ones of a function
    of several arguments. Elsewhere they are curly, but for a total derivative that stands in one derivation with the
    partial one of the same function by the same variable (the paper's 4.5.2).
    """

    __slots__ = ("everywhere", "partial_of", "single", "total", "variable")

    def __init__(
        self,
        variable: Expr,
        *,
        everywhere: bool = False,
        single: Collection[Expr] = (),
        total: Collection[Expr] = (),
        partial_of: Expr | None = None,
    ) -> None:
        self.variable = variable
        self.everywhere = everywhere
        self.single = single
        self.total = total
        self.partial_of = partial_of

    def of(self, node: Expr) -> tuple[bool, bool]:
        """Return whether a derivative's mark is straight, and whether it has to be told from another kind."""
        body, *variables = node.args
        if len(variables) > 1:
            return False, False
        partial = variables[0] is not self.variable or body is self.partial_of
        straight = self.everywhere and body in self.single if partial else self.everywhere or node in self.total
        return straight, bool(self.total)


def marks_of(derivation: Derivation, line: Line | None = None) -> tuple[Marks, Marks]:
    """Return the marks of both sides of a line, or, without one, of what stands outside the lines."""
    return LineMarks(derivation).of(line)


class LineMarks:
    """The marks in the lines of one derivation."""

    __slots__ = ("everywhere", "single", "total", "variable")

    def __init__(self, derivation: Derivation) -> None:
        self.variable = derivation.variable
        symbols = [node for node in walk(derivation.body) if node.op.name == "symbol"]
        scalar = not derivation.body.shape and not any([item.symbol.shape for item in derivation.listed])
        self.everywhere = scalar and not derivation.variable.shape and symbols in ([], [derivation.variable])
        arguments: dict[Expr, int] = {}
        self.total: set[Expr] = set()
        for line in derivation.lines:
            if line.lhs.op.name != "derivative":
                continue
            of = line.lhs.args[0]
            if line.part == 2:
                arguments[of] = arguments.get(of, 0) + 1
            elif line.part > 2 and _has(line.rhs[0], line.lhs):
                self.total.add(line.lhs)
        self.single = {of for of, count in arguments.items() if count == 1}

    def of(self, line: Line | None = None) -> tuple[Marks, Marks]:
        """Return the marks of the left and of the right side."""
        outer = Marks(self.variable, everywhere=self.everywhere, single=self.single, total=self.total)
        if line is None or line.part < 2 or line.lhs.op.name != "derivative":
            return outer, outer
        inner = Marks(
            self.variable,
            everywhere=self.everywhere,
            single=self.single,
            total=self.total,
            partial_of=line.lhs.args[0],
        )
        return (inner, inner) if line.part == 2 else (outer, inner)


def _has(shown: Expr, lhs: Expr) -> bool:
    """Say whether the chain rule in symbols has the derivative of its left side in it, there a partial one."""
    terms = shown.args if shown.op.name in {"add", "sigma"} else (shown,)
    return lhs in terms
