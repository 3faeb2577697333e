"""What undeclared names are taken for: as people mean them, or refused with what would say it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mcalc
from mcalc import api
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.expr import walk
from mcalc.notation import Scope, read, read_expression
from mcalc.notation.shapes.oddities import ORDERS
from mcalc.notation.shapes.rules import fold, only
from tests.problems import problems
from tests.test_golden import rows

SPACES = ("R", "R^{q}", "R^{q x q}")
"""A space for each order, all sizes equal, in which the derivative of a reading is compared with that of another."""


def sections() -> list[tuple[str, int, list[tuple[str, str, dict[str, int]]]]]:
    """Return the sections of the file: the title, how many are read as meant, and the cases."""
    found: list[tuple[str, int, list[tuple[str, str, dict[str, int]]]]] = []
    for line in (Path(__file__).parent / "golden" / "undeclared.txt").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split(";;")]
        if line.startswith("## "):
            found.append((cells[0][3:], int(cells[1]), []))
        elif line and not line.startswith("#"):
            orders = [one.lstrip("!").split(":") for one in cells[2].split()]
            found[-1][2].append((cells[0], cells[1], {name: int(order) for name, order in orders}))
    return found


def orders(value: Derivative) -> dict[str, int]:
    return {symbol.attr[0]: symbol.order for symbol in value.symbols}


@pytest.mark.parametrize(("title", "count", "cases"), sections(), ids=[s[0][:12] for s in sections()])
def test_undeclared_statements_are_read_as_meant_or_refused(
    title: str, count: int, cases: list[tuple[str, str, dict[str, int]]]
) -> None:
    meant = 0
    for text, variable, wanted in cases:
        try:
            found = mcalc.derive(text, wrt=variable)
        except Mistake:
            continue
        if all(wanted.get(name, order) == order for name, order in orders(found).items()):
            meant += 1
        else:
            where = "; ".join([f"{name}: {SPACES[order]}" for name, order in wanted.items()])
            assert found.text == mcalc.derive(text, wrt=variable, where=where).text, text
    assert meant >= count, title


NOTHING_SAYS_VECTOR = re.compile(
    r"[wxzg]|[wxzg] *[-+]? *[wxzg]|(max|sin|tanh|softplus)\([^()]*\)(/x| exp\(z\))?|[^A-Z]*exp\(-?x\)\)"
)
"""Functions of numbers, in whose text nothing says that a name is a vector: they are read of numbers."""


def without_declarations(cases: list[tuple[str, list[str], str, int]]) -> tuple[int, int]:
    """Return how many are read without their declarations as with them, and how many refused; all else fails."""
    same = refused = 0
    for text, variables, where, order in cases:
        declared = read_expression(text, api.scope_of(where), wrt=variables)
        assert declared.expr is not None
        wanted = {n.attr[0]: n.order for n in walk(declared.expr) if n.op.name == "symbol"}
        defined = "; ".join([part for part in where.split(";") if "=" in part])
        try:
            found = mcalc.derive(text, wrt=variables, where=defined or None, order=order)
        except Mistake:
            refused += 1
            continue
        if (
            all(wanted.get(name, o) == o for name, o in orders(found).items())
            or found.text == mcalc.derive(text, wrt=variables, where=where, order=order).text
        ):
            same += 1
        else:
            assert not any(orders(found).values()), text
            assert NOTHING_SAYS_VECTOR.fullmatch(text), text
    return same, refused


def test_the_papers_results_are_read_without_declarations_as_with_them() -> None:
    cases = [(row[2], row[3].split(", "), row[1], 1) for row in rows("paper.txt") if not row[2].startswith("∂")]
    same, refused = without_declarations([case for case in cases if " = " not in case[0]])
    assert (same, refused) == (132, 2)  # w > x of numbers is refused, of vectors it is the paper's


def test_the_problems_are_read_without_declarations_as_with_them() -> None:
    cases = [(p.expr, [p.wrt[0]], p.where, len(p.wrt)) for p in problems() if len({*p.wrt}) == 1]
    same, refused = without_declarations(cases)
    assert (same, refused) == (253, 10)


def test_an_offered_declaration_can_be_pasted() -> None:
    for text, variable in (
        ("norm(X w + b - y)^2", "b"),
        ("norm(L (x - y))^2", "L"),
        ("G m M / r^2", "r"),
        ("A⁻¹ x²", "x"),
    ):
        with pytest.raises(Mistake) as refused:
            mcalc.derive(text, wrt=variable)
        assert refused.value.code == "E-AMBIG"
        offers = re.findall("--where '([^']*)'", refused.value.hint)
        assert offers, text
        for offer in offers:
            assert mcalc.derive(text, wrt=variable, where=offer).assumed == []


def test_a_second_reading_with_the_same_derivative_is_no_reason_to_refuse() -> None:
    assert mcalc.derive("norm(X w + b - y)^2", wrt="w").text == "2 (X w + b - y)ᵀ X"
    assert mcalc.derive("a b^T x", wrt="x").text == "a bᵀ"


@pytest.mark.parametrize("lines", ["f(x) = x^T A x\nd/dx f(x)", "f(x) = x^T A x\n∇f", "g(v) = v^T A v\nd/dx g(x)"])
def test_a_function_of_the_users_is_read_like_the_formula_itself(lines: str) -> None:
    scope = Scope()
    *made, asked = lines.split("\n")
    for line in made:
        scope = read(line, scope).scope
    value = api.worked_out(read(asked, scope))
    assert value.text == mcalc.parse("d/dx x^T A x").text == "xᵀ (A + Aᵀ)"


def test_a_loss_that_is_defined_first_has_the_derivative_of_least_squares() -> None:
    scope = read("L(w) = sum_i (y_i - w^T x_i)^2", Scope()).scope
    for asked in ("d/dw L(w)", "dL/dw"):
        value = api.worked_out(read(asked, scope))
        assert value.text == mcalc.parse("d/dw sum_i (y_i - w^T x_i)^2").text
        assert {s.attr[0]: s.order for s in value.symbols} == {"w": 1, "x": 2, "y": 1}


@pytest.mark.parametrize("where", [None, "X: R^{N x n}; y: R^N; w: R^n"])
def test_samples_go_by_the_name_of_the_matrix_of_a_row_and_of_all(where: str | None) -> None:
    found = [mcalc.derive("sum_i (y_i - w^T x_i)^2", wrt=name, where=where) for name in ("X", "x", "x_i")]
    assert len({value.text for value in found}) == 1
    assert all(value.expr.order == 2 for value in found)
    assert sum("all samples" in note for value in found for note in value.warnings) == 2


@pytest.mark.parametrize("text", ["(x - mu_k)^T S_k^{-1} (x - mu_k)", "||x - x_b||^2"])
def test_a_label_below_a_name_makes_another_name(text: str) -> None:
    found = mcalc.derive(text, wrt="x")
    assert all(order == (2 if name[0] in "ΣS" else 1) for name, order in orders(found).items())


def test_a_variable_that_does_not_occur_gives_0_with_a_note_but_beside_a_word_a_mistake() -> None:
    assert mcalc.derive("y^2", wrt="x").text == "0"
    assert "x does not occur" in mcalc.derive("y^2", wrt="x").warnings[0]
    assert "does not depend on x" in mcalc.parse("d/dx y^2").notes[0]
    for text in ("d/dx weight", "d/dx (weight + 1)"):
        with pytest.raises(Mistake, match="nothing says what weight is"):
            mcalc.parse(text)
    with pytest.raises(Mistake, match="nothing says what weight is"):
        mcalc.derive("weight^2", wrt="x")


def test_the_sign_of_kroneckers_product_is_read_by_the_sizes() -> None:
    fitting, other = "A, B: R^{m x n}", "A: R^{m x n}; B: R^{p x q}"
    assert mcalc.parse("A ⊗ B", where=fitting).expr is mcalc.parse("A .* B", where=fitting).expr
    assert mcalc.parse("A ⊗ B", where=other).expr is mcalc.parse("kron(A, B)", where=other).expr
    assert any("Kronecker" in note for note in mcalc.parse("A ⊗ B", where=other).notes)
    assert mcalc.parse("I_d ⊗ X").expr is mcalc.parse("kron(I(d), X)").expr
    assert mcalc.parse("x ⊗ y").text == "x ⊗ y"
    for text in ("A ⊗ B", r"A \otimes B"):
        with pytest.raises(Mistake, match="entry by entry, or Kronecker") as refused:
            mcalc.parse(text)
        assert "kron(A, B)" in refused.value.hint
    assert mcalc.parse(r"A \odot B").expr is mcalc.parse("A .* B").expr


def test_a_typeset_asterisk_between_vectors_is_a_convolution_and_else_a_product() -> None:
    found = mcalc.derive(r"\frac{1}{2} \| h \ast x - y \|_2^2", wrt="x")
    assert found.text == "(conv(h, x) - y)ᵀ convmatrix(h, m)"
    assert "h ∗ x is read as the convolution" in found.notes
    assert mcalc.parse(r"a \ast b + c").text == "a b + c"
    assert mcalc.parse(r"\| h \ast x \|^2", where="h: R; x: R^n").text == "‖h x‖²"


def test_e_to_a_matrix_is_the_matrix_exponential() -> None:
    assert mcalc.parse("tr(e^{A t})", where="A: R^{n x n}; t: R").text == "tr(expm(A t))"


def test_a_table_has_what_the_rule_of_a_node_gives() -> None:
    # a scalar beside a column in a sum, at the price of the label
    common, table, *_ = fold(("sum", None, (8, 0)), (only(0), only(1)))
    assert (common, [table.index(0)]) == (8, [1])
    assert fold(("product", False, (" ", " ")), (only(2), only(1)))[1][1] == 0
    assert len(ORDERS) == len(table)


@pytest.mark.parametrize("count", [300, 1_000])
def test_a_large_statement_is_settled_like_a_small_one(count: int) -> None:
    found = read_expression(" + ".join(["A x"] * count) + " + b", Scope())
    assert found.assumed == ["A ∈ ℝ^{m×n}", "x ∈ ℝⁿ", "b ∈ ℝᵐ"]


def test_where_bodies_grow_too_large_the_names_in_their_arguments_are_still_met() -> None:
    scope = read("f(v) = tanh(v) + tanh(v)", Scope()).scope
    found = read_expression("f(" * 11 + "W x" + ")" * 11 + " + b", scope)
    assert found.assumed == ["W ∈ ℝ^{m×n}", "x ∈ ℝⁿ", "b ∈ ℝᵐ"]


def test_a_deep_statement_is_settled_without_recursion() -> None:
    found = read_expression("tanh(" * 5_000 + "W x" + ")" * 5_000, Scope())
    assert found.assumed == ["W ∈ ℝ^{m×n}", "x ∈ ℝⁿ"]


def test_a_name_that_would_have_to_be_a_row_is_refused_with_its_declaration() -> None:
    with pytest.raises(Mistake, match="x would have to be a row") as caught:
        mcalc.derive("sigmoid(x W + b) A", wrt="x")
    assert "x: R^{1 x n}" in caught.value.hint


NODES = [
    ("⟨a, b⟩", "a, b ∈ ℝⁿ"), ("⟨a, b⟩ + ⟨A, B⟩", "a, b ∈ ℝⁿ; A, B ∈ ℝ^{k×m}"), ("c ⟨p, q⟩", "c ∈ ℝ; p, q ∈ ℝⁿ"),
    ("‖p‖² + q", "p ∈ ℝⁿ; q ∈ ℝ"), ("|p|", "p ∈ ℝ"), ("[p; q] · r", "p, q ∈ ℝ; r ∈ ℝ²"),
    ("q[1:3] r", "q ∈ ℝⁿ; r ∈ ℝ"), ("p_1 + p_2 p", "p, p_1, p_2 ∈ ℝ"), ("sum_i p_i q_i", "p, q ∈ ℝⁿ"),
    ("prod_i p_i", "p ∈ ℝⁿ"), ("{p if s > 0; q otherwise}", "p, s, q ∈ ℝ"), ("diag(p) q", "p, q ∈ ℝⁿ"),
    ("diag(X) q", "X ∈ ℝ^{n×n}; q ∈ ℝ"), ("p' q", "p, q ∈ ℝⁿ"), ("P^T q", "P ∈ ℝ^{n×m}; q ∈ ℝⁿ"),
    ("X^-T q", "X ∈ ℝ^{n×n}; q ∈ ℝⁿ"), ("X^+ q", "X ∈ ℝ^{n×m}; q ∈ ℝⁿ"), ("e^{X t}", "X ∈ ℝ^{n×n}; t ∈ ℝ"),
    ("X^2 p", "X ∈ ℝ^{n×n}; p ∈ ℝⁿ"), ("X^{1/2}", "X ∈ ℝ^{n×n}"), ("p .^ 2", "p ∈ ℝⁿ"), ("p^2", "p ∈ ℝ"),
    ("p .* q", "p, q ∈ ℝⁿ"), ("p ⊘ q", "p, q ∈ ℝⁿ"), ("X ⊗ I", "X ∈ ℝ^{m×n}"), ("∂(p · q)/∂p", "p, q ∈ ℝⁿ"),
    ("tr(X Y)", "X ∈ ℝ^{m×n}; Y ∈ ℝ^{n×m}"), ("det(X)", "X ∈ ℝ^{n×n}"), ("max(p)", "p ∈ ℝⁿ"),
    ("max(p, q)", "p, q ∈ ℝ"), ("norm(p)", "p ∈ ℝⁿ"), ("softmax(p)", "p ∈ ℝⁿ"), ("σ(X p)", "X ∈ ℝ^{m×n}; p ∈ ℝⁿ"),
    ("sin(p)", "p ∈ ℝ"), ("exp(p)", "p ∈ ℝ"), ("sum(p q)", "p ∈ ℝ; q ∈ ℝⁿ"), ("sum(p * q)", "p, q ∈ ℝⁿ"),
    ("sum(log(p))", "p ∈ ℝⁿ"), ("mean((p - m)^2)", "p ∈ ℝⁿ; m ∈ ℝ"), ("f(p)", "p ∈ ℝ"), ("f'(t)", "t ∈ ℝ"),
    ("∇f(p)", "p ∈ ℝ"), ("K(p, q)", "p, q ∈ ℝ"), ("x @ W", "x ∈ ℝⁿ; W ∈ ℝ^{n×m}"), ("h ∗ p", "h, p ∈ ℝ"),
    ("log|X|", "X ∈ ℝ^{n×n}"), ("1/p", "p ∈ ℝ"), ("p / sum(p)", "p ∈ ℝⁿ"), ("X / t", "X ∈ ℝ^{m×n}; t ∈ ℝ"),
    ("f(x) = x^T x", "x ∈ ℝⁿ"), ("p + 1", "p ∈ ℝ"), ("X p + b", "X ∈ ℝ^{m×n}; p ∈ ℝⁿ; b ∈ ℝᵐ"),
    ("X W + b", "X ∈ ℝ^{m×n}; W ∈ ℝ^{n×k}; b ∈ ℝ"), ("sum(X, rows)", "X ∈ ℝ^{m×n}"), ("trace(X)", "X ∈ ℝ^{n×n}"),
    ("p[1] + q", "p ∈ ℝⁿ; q ∈ ℝ"), ("x_i^T x_j", "x_i, x_j ∈ ℝⁿ"), ("w_1 x_1 + w_2 x_2", "w_1, x_1, w_2, x_2 ∈ ℝ"),
    ("‖X‖_F", "X ∈ ℝ^{m×n}"), ("‖X‖", "X ∈ ℝ^{m×n}"), ("‖p - q‖", "p, q ∈ ℝⁿ"), ("‖f(p)‖", "p ∈ ℝⁿ; f: ℝⁿ → ℝᵐ"),
    ("e_i", "e_i ∈ ℝ"), ("I_n p", "p ∈ ℝⁿ"), ("a b", "a, b ∈ ℝ"), ("t p", "t, p ∈ ℝ"), ("p t", "p, t ∈ ℝ"),
    ("X t", "X ∈ ℝ^{m×n}; t ∈ ℝ"), ("v^T w x", "v, w ∈ ℝⁿ; x ∈ ℝᵐ"), ("X · p", "X ∈ ℝ^{m×n}; p ∈ ℝⁿ"),
    ("outer(p, q)", "p ∈ ℝⁿ; q ∈ ℝᵐ"), ("kron(p, q)", "p ∈ ℝⁿ; q ∈ ℝᵐ"), ("cumsum(p)", "p ∈ ℝⁿ"),
    ("cross(p, q)", "p, q ∈ ℝ³"), ("vec(X)", "X ∈ ℝ^{m×n}"), ("p^T", "p ∈ ℝⁿ"), ("u v^T", "u ∈ ℝⁿ; v ∈ ℝᵐ"),
    ("W_1 x_1", "W_1 ∈ ℝ^{m×n}; x_1 ∈ ℝⁿ"), ("λ p", "λ, p ∈ ℝ"),
]  # fmt: skip
"""A statement of each kind of node, and what its names are taken for."""


@pytest.mark.parametrize(("text", "assumed"), NODES)
def test_the_names_in_each_kind_of_node_are_taken_for_what_it_is_written_of(text: str, assumed: str) -> None:
    assert "; ".join(mcalc.parse(text).assumed) == assumed


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("I S", "S: R^{p x p}", "I S"),
        ("I ⊗ S where S = softmax(A)", "A: R^{p x p}", "I ⊗ softmax(A)"),
        ("I S where S = T, T = 2 A", "A: R^{p x p}", "I(p) (2 A)"),
    ],
)
def test_the_letter_of_the_identity_is_one_beside_a_matrix(text: str, where: str, found: str) -> None:
    value = mcalc.parse(text, where=where)
    assert (value.text, value.assumed) == (found, [])


def test_the_letter_of_the_identity_is_a_number_beside_a_quantity() -> None:
    assert mcalc.parse("I V", where="V: R").assumed == ["I ∈ ℝ"]
