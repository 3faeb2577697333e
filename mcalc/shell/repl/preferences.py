"""What `:set` can change: how results are shown and what the prompt does, for this session."""

from __future__ import annotations

from mcalc.api import LAYOUTS, WAYS
from mcalc.operators.structures import CONVENTIONS
from mcalc.render.letters import STYLES
from mcalc.render.styles import THEMES

SWITCH = ("on", "off")
CHOICES: dict[str, tuple[tuple[str, ...], str]] = {
    "steps": (("off", "brief", "full"), "show the derivation with each result"),
    "to": (("text", "unicode", "ascii", "latex"), "the format of results"),
    "layout": (LAYOUTS, "of derivatives by vectors"),
    "as": (WAYS, "matrix, sum (over samples) or index notation"),
    "structured": (CONVENTIONS, "what a derivative by a symmetric matrix and its like is"),
    "latex": (STYLES, "its letters: as the input has them, bold or plain"),
    "mode": (("auto", "forward", "backward"), "the order of the chain rule"),
    "check": (SWITCH, "compare each derivative with numbers before it is shown"),
    "banner": (SWITCH, "three lines at the start, from the next start on if config.toml says so"),
    "preview": (SWITCH, "the reading below the line while it is typed"),
    "history": (SWITCH, "keep what is typed in the history file"),
    "vi": (SWITCH, "the keys of vi in the line"),
    "theme": (tuple(THEMES), "colours for a dark or a light background"),
}
"""Each preference with its values and what it is for."""


class Preferences:
    """What `:set` can change.

    >>> Preferences().values["preview"]
    'on'
    """

    def __init__(self) -> None:
        self.values = {
            "steps": "off",
            "to": "text",
            "layout": "numerator",
            "as": "auto",
            "structured": "projected",
            "latex": "auto",
            "mode": "auto",
            "check": "on",
            "banner": "on",
            "preview": "on",
            "history": "on",
            "vi": "off",
            "theme": "dark",
        }

    def is_on(self, name: str) -> bool:
        """Say whether a switch is on."""
        return self.values[name] == "on"
