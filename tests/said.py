"""Golden files of what is said of each text: lines `> text`, each with its answer below, two blanks before a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def said_in(file: Path, key: Callable[[str], str] = str) -> dict[str, list[str]]:
    """Return the texts of a golden file, each with the lines said of it; `key` reads a text as it is written."""
    found: dict[str, list[str]] = {}
    for line in file.read_text("utf-8").split("\n"):
        if line.startswith("> "):
            lines = found.setdefault(key(line[2:]), [])
        elif line.startswith("  "):
            lines.append(line[2:])
    return found


def write(file: Path, head: str, said: dict[str, list[str]], shown: Callable[[str], str] = str) -> None:
    """Write a golden file: a head, and each text with what is said of it."""
    body = [line for text, lines in said.items() for line in ("", f"> {shown(text)}", *[f"  {one}" for one in lines])]
    file.write_text("\n".join([head, *body, ""]), "utf-8")
