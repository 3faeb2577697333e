"""Reasons: what leads from one line of a derivation to the next, each with what the reference says of it."""

from __future__ import annotations

Reasons = tuple["Reason", ...]


class Reason:
    """A rule by its name, with its formula, the paper's section, and an example whose derivation shows it.

    `where` has the shapes of the example, `wrt` its variables, the first one in it where that is empty, and `options`
    how it is told, as on the command line.
    """

    __slots__ = ("example", "formula", "name", "options", "section", "where", "wrt")

    def __init__(
        self,
        name: str,
        formula: str,
        example: str = "",
        where: str = "",
        *,
        section: str = "",
        wrt: str = "",
        options: str = "",
    ) -> None:
        self.name = name
        self.formula = formula
        self.example = example
        self.where = where
        self.section = section
        self.wrt = wrt
        self.options = options

    def at(self, section: str) -> Reason:
        """Return the same rule, as another section of the paper has it, or none."""
        return Reason(self.name, self.formula, self.example, self.where, section=section)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.formula}>"


def names_of(reasons: Reasons) -> str:
    """Return the names of some rules in a row.

    >>> names_of((Reason("sum rule", "(f + g)′ = f′ + g′"), Reason("power rule", "(xⁿ)′ = n xⁿ⁻¹")))
    'sum rule, power rule'
    """
    return ", ".join([reason.name for reason in reasons])
