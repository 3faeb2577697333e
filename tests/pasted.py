"""Formulas as their authors typeset them, with what each says, read from golden/objectives.txt and formulas.txt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

FOLDER = Path(__file__).parent / "golden"
BESIDE = "## Beside them"
"""The head of the section with what papers print beside their formulas."""


class Formula(NamedTuple):
    """A formula, where it stands, and what it says; or what a message or a note about it must name."""

    source: str
    latex: str
    where: str
    meaning: str | None
    named: str


def _formula(block: str) -> Formula:
    source, latex, *rest = [line.strip() for line in block.splitlines()]
    where, meaning, named = "", None, ""
    for line in rest:
        mark, _, text = line.partition(" ")
        match mark:
            case "where":
                where = text
            case "=":
                meaning = text
            case "names":
                named = text
            case _:
                raise ValueError(line)
    return Formula(source, latex, where, meaning, named)


def formulas(name: str) -> tuple[list[Formula], list[Formula]]:
    """Return the formulas of a file, and what papers print beside them."""
    text, beside = (FOLDER / name).read_text(encoding="utf-8").split(BESIDE)
    return _formulas(text), _formulas(beside)


def _formulas(text: str) -> list[Formula]:
    return [_formula(block) for block in text.split("\n\n") if block.strip() and not block.strip().startswith("#")]


OBJECTIVES, OUTSIDE = formulas("objectives.txt")
FORMULAS, UNREAD = formulas("formulas.txt")

FUNCTIONS = ("cos", "diag", "exp", "eye", "log", "maximum", "minimum", "sqrt", "tanh", "trace")
NAMES: dict[str, Any] = {
    "np": np,
    "mag": np.abs,
    "total": np.sum,
    **{name: getattr(np, name) for name in FUNCTIONS},
    **{name: getattr(np.linalg, name) for name in ("det", "inv", "norm")},
    "sig": lambda z: 1 / (1 + np.exp(-z)),
    "soft": lambda z: np.exp(z) / np.sum(np.exp(z)),
    "pairs": lambda count: [(i, j) for i in range(count) for j in range(i + 1, count)],
}
"""What the values in formulas.txt are written with; `pairs` are those of i < j."""


def value(meaning: str, at: Mapping[str, Any]) -> Any:
    """Return what a formula of formulas.txt is at the values of its names."""
    return eval(meaning, {**NAMES, **at, "at": at})
