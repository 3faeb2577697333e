"""Each row of the operator table, line by line in golden/rows.txt: how it is typed, what it takes, what it gives.

`MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc.api import parse
from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import ADD, same_shape
from mcalc.operators.leaves import symbol
from mcalc.render.text import unicode

GOLDEN = Path(__file__).parent / "golden" / "rows.txt"
N, M, THREE = Dim.named("n"), Dim.named("m"), Dim.of(3)
GIVEN = {"1": (), "n": (N,), "3": (THREE,), "m×n": (M, N), "n×n": (N, N)}
"""The shapes that each row is given, in all ways."""
OPEN_SIGN = ("eigvec", "lsvec", "rsvec")
"""Rows whose value is open in its sign."""


def said(shape: tuple[Dim, ...]) -> str:
    return "×".join([str(dim) for dim in shape]) or "1"


def taken(shape: Callable[[tuple[Expr, ...], Any], tuple[Dim, ...]], arity: tuple[int, int | None]) -> str:
    """Return the shape of what a row makes of each choice of arguments, those that it takes."""
    least, most = arity
    found: dict[str, list[str]] = {}
    for count in range(max(least, 1), min(3 if most is None else most, 3) + 1):
        for names in product(GIVEN, repeat=count) if count < 3 else [(name,) * 3 for name in GIVEN]:
            args = tuple([symbol(f"a_{k}", GIVEN[name]) for k, name in enumerate(names)])
            try:
                made = said(shape(args, None))
            except ShapeError:
                continue
            except (TypeError, AttributeError, ValueError, AssertionError, IndexError):
                return "as its attribute says"
            found.setdefault(made, []).append(", ".join(names))
    return " ".join([f"({'; '.join(given)}) → {made}" for made, given in found.items()])


def shapes(row: Operator) -> str:
    """Return what a row takes and makes, in short where that is what any function of numbers does."""
    made = taken(row.shape, row.arity)
    return "entry by entry" if made and made == taken(same_shape, row.arity) else made


def value(row: Operator) -> str:
    """Return the value of a row of numbers, or of what it takes first of a vector and matrices; in four digits."""
    least, _ = row.arity
    if row.name.startswith(OPEN_SIGN) or not 0 < least < 4 or row.kind in ("spelling", "binder", "derivative"):
        return ""
    rng = np.random.default_rng(4)
    data = {key: rng.uniform(0.2, 0.9, [{N: 3, M: 2, THREE: 3}[dim] for dim in dims]) for key, dims in GIVEN.items()}
    data["n×n"] = data["n×n"] @ data["n×n"].T + np.eye(3)
    for key, dims in GIVEN.items():
        args: list[Expr] = [symbol(f"a_{k}", dims) for k in range(least)]
        values = {f"a_{k}": data[key] + 0.1 * k + ("> 1" in row.domain) for k in range(least)}
        try:
            found = evaluate(make(row, tuple(args)), {**values, "n": 3, "m": 2})
        except (ShapeError, Mistake, TypeError, AttributeError, ValueError, AssertionError, IndexError, KeyError):
            continue
        flat = np.ravel(np.asarray(found, float))
        return f"of {key}: {' '.join([f'{entry + 0.0:.4g}' for entry in (*flat[:3], *flat[3:][-2:])])}"
    return ""


def body(row: Operator) -> str:
    """Return what a row is composed of, or a spelling stands for, of the first arguments that it takes."""
    least, _ = row.arity
    for names in product(GIVEN, repeat=least) if row.body is not None and least < 4 else ():
        args = tuple([symbol(name, GIVEN[key]) for name, key in zip("abc", names, strict=False)])
        try:
            row.shape(args, None)
            assert row.body is not None
            made = row.body(*args)
        except (ShapeError, Mistake, TypeError, AttributeError, ValueError, AssertionError, IndexError, KeyError):
            continue
        return f"of {', '.join(names)}: {unicode(made)}"
    return ""


def line(row: Operator) -> str:
    least, most = row.arity
    arity = str(least) if least == most else f"{least}-{'' if most is None else most}"
    typed = " ".join(row.spellings) or "-"
    kink = row.kink and f"kink: {row.kink}"
    rest = [part for part in (shapes(row), value(row), body(row), row.latex, kink, row.domain) if part]
    return f"{row.name} | {row.kind} {arity} {row.layout} | {typed} | {' | '.join(rest)}"


if os.environ.get("MCALC_GOLDEN") == "write":
    HEAD = [text for text in GOLDEN.read_text("utf-8").split("\n") if text.startswith("#")]
    GOLDEN.write_text("\n".join([*HEAD, "", *[line(row) for row in TABLE.values()], ""]), "utf-8")
REFUSED = GOLDEN.parent / "rows_refused.txt"
WIDE = {**GIVEN, "k×m×n": (Dim.named("k"), M, N), "n×m": (N, M)}
NUMBERS = (-30.0, -7.5, -3.5, -3.0, -1.5, -1.0, -0.3, 0.0, 0.3, 1.0, 1.5, 3.0, 3.5, 6.5, 7.5, 30.0)


def refusals(row: Operator) -> list[str]:
    """Return why a row refuses which arguments, and which of them it names."""
    found: dict[str, list[str]] = {}
    least, most = row.arity
    for count in range(max(least, 1), min(3 if most is None else most, 3) + 1):
        for names in product(WIDE, repeat=count) if count < 3 else [(name,) * 3 for name in WIDE]:
            try:
                row.shape(tuple([symbol(name, WIDE[key]) for name, key in zip("abc", names, strict=False)]), None)
            except ShapeError as error:
                told = error.message
                for letter, key in zip("abc", names, strict=False):
                    told = told.replace(shape_text(WIDE[key]), letter, 1)
                why = f"{told} {error.places or ''} {error.hint and f'({error.hint})'}"
                found.setdefault(" ".join(why.split()), []).append(", ".join(names))
            except (TypeError, AttributeError, ValueError, AssertionError, IndexError):
                return []
    return [f"{'; '.join(given)}: {why}" for why, given in found.items()]


def of_numbers(row: Operator) -> list[str]:
    """Return the values of a function of numbers at some of them, and its derivatives."""
    if (
        row.kind not in ("elementwise", "defined")
        or row.name == "resolvent"
        or taken(row.shape, row.arity) != taken(same_shape, row.arity)
    ):
        return []
    args = tuple([symbol(name) for name in "abc"[: row.arity[0]]])
    node = make(row, args)
    said = []
    for other in (0.4, -1.5) if len(args) > 1 else (0.0,):
        with np.errstate(all="ignore"):
            made = [evaluate(node, {"a": number, "b": other, "c": 2.0}) for number in NUMBERS]
        said.append(" ".join([f"{complex(one).real + 0.0:.4g}" for one in made]))
    partials = [row.partial(node, k) for k in range(len(args))] if row.partial else []
    shown = [unicode(partial) if partial is not None else "none" for partial in partials]
    return [f"{row.name} at numbers: {'; '.join([*said, *shown])}"]


def more(row: Operator) -> list[str]:
    """Return the lines of golden/rows_refused.txt on a row."""
    refused = refusals(row)
    if row is not ADD and refused == refusals(ADD):
        refused = ["what add does"]
    return [*of_numbers(row), *[f"{row.name} of {text}" for text in refused]]


if os.environ.get("MCALC_GOLDEN") == "write":
    HEAD = [
        "# What each row refuses, why, and which arguments that names; and values and partial derivatives at numbers.",
        "",
    ]
    REFUSED.write_text("\n".join([*HEAD, *[text for row in TABLE.values() for text in more(row)], ""]), "utf-8")
WANTED = [text for text in GOLDEN.read_text("utf-8").split("\n") if text and not text.startswith("#")]


@pytest.mark.parametrize("text", WANTED, ids=lambda text: text.partition(" | ")[0])
def test_a_row_is_typed_takes_and_gives_what_its_line_says(text: str) -> None:
    assert line(TABLE[text.partition(" | ")[0]]) == text


SAID = [text for text in REFUSED.read_text("utf-8").split("\n") if text and not text.startswith("#")]


@pytest.mark.parametrize("name", TABLE)
def test_a_row_refuses_what_it_did_in_the_same_words_and_is_what_it_was_at_numbers(name: str) -> None:
    assert more(TABLE[name]) == [text for text in SAID if text.startswith((f"{name} of ", f"{name} at numbers"))]


def test_each_row_has_its_line() -> None:
    assert [text.partition(" | ")[0] for text in WANTED] == list(TABLE)


NOT_TAKEN = [
    ("lagmatrix(x, 4, circular)", "x: R^3", "of vectors of one length: 4 and 3 differ"),
    ("lagmatrix(x, 4, valid)", "x: R^3", "takes an h of at most the 3 entries of x, not 4"),
    ("convmatrix(h, 2, valid)", "h: R^3", "takes an h of at most the 2 entries of x, not 3"),
    ("conv(h, x, circular)", "h: R^2; x: R^3", "of vectors of one length: 2 and 3 differ"),
    ("conv(h, x, same)", "h: R^4; x: R^3", "takes an h of at most the 3 entries of x, not 4"),
    ("mahalanobis(x, m, S)", "x: R^3; m: R^2; S: R^{3 x 3}", "sizes 3 and 2 differ"),
    ("mahalanobis(x, m, S)", "x, m: R^3; S: R^{2 x 2}", "sizes 3 and 2 differ"),
    ("svdval(A, 3)", "A: R^{2 x 3}", "there is no svdval 3"),
    ("svdval(A, 3)", "A: R^{3 x 2}", "there is no svdval 3"),
    ("svdval(A, 3)", "A: R^{m x 2}", "there is no svdval 3"),
    ("lsvec(A, 3)", "A: R^{2 x n}", "there is no lsvec 3"),
    ("svdval(A, 0)", "A: R^{2 x 3}", "a place, counted from 1"),
    ("shifts(2, -3)", "n: R", "takes sizes"),
    ("pairing(2, 0)", "n: R", "takes two sizes"),
    ("halftril(-1)", "n: R", "takes a size"),
    ("eigval(A, 4)", "A: R^{3 x 3} symmetric", "there is no eigval 4"),
]


@pytest.mark.parametrize(("text", "where", "why"), NOT_TAKEN)
def test_arguments_whose_sizes_do_not_fit_are_refused(text: str, where: str, why: str) -> None:
    with pytest.raises(Mistake, match=why):
        parse(text, where=where)
