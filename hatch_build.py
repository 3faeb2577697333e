"""Freezes the grammar into the package: at each build of it, and after an edit by hand, `python hatch_build.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def freeze() -> None:
    """Write the parser's table that Lark makes of the grammar."""
    sys.path.insert(0, str(Path(__file__).parent))
    from mcalc.notation.surface.grammar import write

    write()


class Freeze(BuildHookInterface[Any]):
    """The hook that hatchling runs before it packs a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Freeze the grammar."""
        freeze()


if __name__ == "__main__":
    freeze()
