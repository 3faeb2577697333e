"""What each kind of node makes of the orders of its parts, and each name is taken for: golden/orders.txt, line by line.

It shows what a rule or a weight that is changed does to all that it stands for; which statements are read otherwise
by it is in golden/undeclared.txt.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from mcalc.notation.shapes.oddities import NEVER, C, M, R, S, of_function, of_name
from mcalc.notation.shapes.rules import ACTIVATIONS, ANGULAR, REDUCING, fold, only
from mcalc.operators import FUNCTIONS, TABLE

GOLDEN = Path(__file__).parent / "golden" / "orders.txt"
LETTERS = "SCMR"
OPERATORS = {
    "A B": " ", "A t": ",", "x A": "x", "A f(B)": "f", "A [B]": "[", "A * B": "*", "A / B": "/", "A / (B)": "÷",
    "A @ B": "@", "A ∗ B": "∗", "A × B": "×", "A × (B × C)": "⨯", "A · B": "·", "A ⊙ B": "⊗", "A ⊘ B": "⊘",
    "A ⊗ I": "⊠",
}  # fmt: skip
POWERS = {
    "A^2": (False, 2, False), "A^{1/2}": (False, 0.5, False), "A^k": (False, None, False), "A .^ 2": (True, 2, False),
    "sum A^2": (False, 2, True), "sum A^k": (False, None, True),
}  # fmt: skip
NORMS = {"‖f(A)‖": (None, False), "‖A‖": (None, True), "‖A‖_F": ("F", True), "‖f(A)‖_F": ("F", False)}
CALLED = sorted({*REDUCING, *ACTIVATIONS, *ANGULAR, "inv", "exp", "kron", "cross", "atan2"})
UNDEFINED = {
    "f(A)": (((0,), "", None), 2), "f'(A)": (((1,), "", None), 2), "∇f(A)": (((1,), "∇", None), 2),
    "Jf(A)": (((1,), "J", None), 2), "f''(A)": (((2,), "", None), 2), "f(A, B)": (((0, 0), "", None), 3),
    "f: R^n → R": (((0,), "", ((C,), S)), 1), "f: R → R": (((0,), "", ((S,), S)), 1),
    "f': R → R": (((1,), "", ((S,), S)), 1), "f: R^n → R^m": (((0,), "", ((C,), C)), 1),
}  # fmt: skip


def nodes() -> dict[str, tuple[str, Any, tuple[Any, ...]]]:
    """Return the signature of each node that golden/orders.txt has, by what it is called there."""
    found: dict[str, tuple[str, Any, tuple[Any, ...]]] = {}
    for said, op in OPERATORS.items():
        found[said] = ("product", False, (" ", op))
        if op in " f*/÷":
            found[f"sum {said}"] = ("product", True, (" ", op))
    for said, power in POWERS.items():
        found[said] = ("power", power, (None, None))
    for said, norm in NORMS.items():
        found[said] = ("norm", norm, (None,))
    for name in CALLED:
        row = TABLE[name] if name in ("maximum", "minimum") else FUNCTIONS[name]
        for summed in (False, True) if row.kind == "elementwise" else (False,):
            found[f"{'sum ' * summed}{name}( )"] = ("call", (row, name, summed), (None,) * row.arity[0])
    for said, (undefined, count) in UNDEFINED.items():
        found[said] = ("undefined", undefined, (None,) * count)
    return {
        **found,
        "Aᵀ": ("transpose", "ᵀ", (None,)), "A'": ("transpose", "'", (None,)),
        "A^{-T}": ("inverse transpose", None, (None,)),
        "|A|": ("bars", False, (None,)), "log |A|": ("bars", True, (None,)), "⟨A, B⟩": ("angle", None, (None, None)),
        "e^A": ("euler", None, (None,)), "diag( )": ("diag", None, (None,)), "(A)_i": ("element", 1, (None,)),
        "(A)_ij": ("element", 2, (None,)), "A[i]": ("slice", (1, 0), (None,)), "A[1:2]": ("slice", (1, 1), (None,)),
        "A[1:2, :]": ("slice", (2, 2), (None,)), "A[1, :]": ("slice", (2, 1), (None,)), "Σ_i": ("big", "sum", (None,)),
        "Π_i": ("big", "prod", (None,)), "over i": ("over", 1, (None,)), "over i, j": ("over", 2, (None,)),
        "[A]_{i}": ("indexed", 1, (None,)), "A + B": ("sum", None, (5, 7)), "A + 1": ("sum", None, (5, 0)),
        "∂A/∂B": ("derivative", None, ("body", "by")), "∂²A/∂B∂B": ("derivative", None, ("body", "by", "by")),
        "[A, B]": ("block", R, (None, None)), "[A; B]": ("block", C, (None, None)),
        "[A, B; C, D]": ("block", M, (None,) * 4),
        "same": ("same", None, (None,)), "g(A)": ("anything", None, (None,)),
        "D_B C(A)": ("directional", None, (None,) * 3),
    }  # fmt: skip


def line(signature: tuple[str, Any, tuple[Any, ...]]) -> str:
    """Return what a node makes of each choice of orders of its parts: `CR M3` for a matrix at an oddity of 3."""
    found: dict[str, list[str]] = {}
    for orders in product(range(4), repeat=min(len(signature[2]), 3)):
        given = (*orders, *[S] * (len(signature[2]) - len(orders)))
        common, table, *_ = fold(signature, tuple([only(order) for order in given]))
        made = " ".join([f"{LETTERS[order]}{common + odd}" for order, odd in enumerate(table) if odd < NEVER]) or "-"
        found.setdefault(made, []).append("".join([LETTERS[order] for order in orders]))
    return "; ".join([f"{' '.join(orders)}: {made}" for made, orders in found.items()])


ALPHABET = (
    *"abcdefghijklmnopqrstuvwxyz", *"αβγδεζηθικλμνξπρσςτυφχψω", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"ΓΔΘΛΞΠΣΦΨΩℒ",
    "weight", "b_1", "x_1",
)  # fmt: skip


def oddities(table: tuple[int, ...]) -> str:
    return " ".join([f"{LETTERS[order]}{odd}" for order, odd in enumerate(table) if odd < NEVER])


def names() -> list[str]:
    """Return which names are alike in how odd each order of them is, by themselves, with an index, and as functions."""
    found: dict[tuple[str, str], list[str]] = {}
    for base in ALPHABET:
        each = {
            "": of_name(base, 0, False), "_i": of_name(base, 1, False), "_i beside it": of_name(base, 1, True),
            "_ij": of_name(base, 2, False), "(x)": of_function(base),
        }  # fmt: skip
        for said, table in each.items():
            found.setdefault((said, oddities(table)), []).append(base)
    return [f"{' '.join(bases)} | {said}: {made}" for (said, made), bases in found.items()]


WANTED = [text for text in GOLDEN.read_text("utf-8").split("\n") if text and not text.startswith("#")]


@pytest.mark.parametrize("text", WANTED, ids=lambda text: text[:30])
def test_a_node_makes_of_its_parts_and_a_name_is_taken_for_what_the_line_says(text: str) -> None:
    signature = nodes().get(text.partition(" | ")[0])
    if signature is None:
        assert text in names()
    else:
        assert line(signature) == text.partition(" | ")[2]


def test_each_line_is_there() -> None:
    assert [text for text in WANTED if text.partition(" | ")[0] not in nodes()] == names()
    assert [text.partition(" | ")[0] for text in WANTED][: len(nodes())] == list(nodes())
