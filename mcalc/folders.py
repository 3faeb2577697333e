"""Where mcalc keeps what is not a result: the platform's folders for configuration and state."""

from __future__ import annotations

import os
import sys

BASES = {"config": ".config", "state": ".local/state"}
"""The kinds of folders, and where each lies in a home that says nothing else."""


def folder(kind: str) -> str | None:
    """Return the folder of a kind, config or state; None where there is no home. It need not exist.

    ``MCALC_CONFIG_DIR`` and so on say it outright. On Linux it is what the XDG rules say, spelled out here since
    loading platformdirs would cost every start more than reading a statement; platformdirs knows all other systems.

    >>> folder("state") != folder("config")
    True
    """
    said = os.environ.get(f"MCALC_{kind.upper()}_DIR")
    if said:
        return said
    if sys.platform != "linux":
        import platformdirs

        return str(getattr(platformdirs, f"user_{kind}_dir")("mcalc", appauthor=False))
    base = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
    if not base.startswith("/"):
        home = os.path.expanduser("~")
        if home == "~":
            return None
        base = os.path.join(home, BASES[kind])
    return os.path.join(base, "mcalc")
