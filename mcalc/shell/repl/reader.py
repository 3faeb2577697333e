"""Where in the paper a reader of `:tour` is."""

from __future__ import annotations

from mcalc.shell.paper import Example, chosen, examples


class Tour:
    """Where in the paper a reader is."""

    def __init__(self) -> None:
        self.all = examples()
        self.place = 0

    @property
    def following(self) -> Example | None:
        """The example that comes next; None at the end of the paper."""
        return self.all[self.place] if self.place < len(self.all) else None

    def go_to(self, section: str) -> None:
        """Go to the first example of a section; raises Mistake where there is none."""
        first = chosen(section)[0]
        self.place = next(
            at for at, one in enumerate(self.all) if (one.section, one.expr) == (first.section, first.expr)
        )
