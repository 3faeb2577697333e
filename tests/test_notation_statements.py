"""Statements: declarations, definitions, functions, claims, variables asked for, and what is wrong with a text."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from mcalc import derive, parse
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.notation import Scope, read, read_expression, read_variables, read_where
from mcalc.notation.surface import frozen
from mcalc.notation.surface.grammar import code_of, compiled, grammar, mark, scanner
from mcalc.notation.surface.grammar import write as write_table
from mcalc.notation.surface.parse import Table
from mcalc.shell.session import Session
from tests.outline import WORLD, mistake, outline, reading


def after(*statements: str) -> Scope:
    scope = Scope()
    for statement in statements:
        scope = read(statement, scope).scope
    return scope


DECLARED = [
    ("x: R", "x", ""),
    ("x: R^n", "x", "n"),
    ("x : R^3", "x", "3"),
    ("X: R^{N x n}", "X", "N,n"),
    ("X: R^(N x n)", "X", "N,n"),
    ("X ∈ ℝ^{N×n}", "X", "N,n"),
    ("w, x ∈ ℝⁿ", "x", "n"),
    ("A: R^nxm", "A", "n,m"),
    ("A: R^3x3", "A", "3,3"),
    ("A: R^n x m", "A", "n,m"),
    ("A: R^{nxm}", "A", "n,m"),
    ("A: S^n", "A", "n,n"),
    ("A ∈ S^n_{++}", "A", "n,n"),
    ("what: R^{n+1}", "what", "n + 1"),
    ("x: R^T", "x", "T"),
    ("d_{model}: R", "d_model", ""),
    ("u_{n+1}: R", "u_{n+1}", ""),
    ("lambda: R", "λ", ""),
    ("ŵ: R^n", "w_hat", "n"),
    ("W1: R^{2n x 3}", "W1", "2 n,3"),
]


@pytest.mark.parametrize(("text", "name", "sizes"), DECLARED)
def test_a_declaration_gives_a_shape(text: str, name: str, sizes: str) -> None:
    variable = after(text).variables[name]
    assert ",".join([str(d) for d in variable.shape]) == sizes


def test_a_declaration_gives_properties() -> None:
    scope = after("S: R^{n x n} symmetric posdef", "s: R > 0", "P: R^{n x n} posdef", "Q ∈ S^n_{++}", "C: S^n_+")
    for name in "SPQ":
        assert scope.variables[name].attr[2] == {"symmetric", "posdef"}
    assert scope.variables["C"].attr[2] == {"symmetric"}
    assert scope.variables["s"].attr[2] == {"positive"}
    assert scope.sizes == {"n": Dim.named("n")}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x: R^{-3}", "E-SHAPE"),
        ("x: R^{2.5}", "E-SHAPE"),
        ("x: R^{0}", "E-SHAPE"),
        ("S: R^{m x n} symmetric", "E-SHAPE"),
        ("x: Q", "E-SYNTAX"),
        ("x: R^n sideways", "E-SYNTAX"),
        ("x y: R", "E-SYNTAX"),
        ("2: R", "E-SYNTAX"),
        (": R", "E-SYNTAX"),
        ("x,: R", "E-SYNTAX"),
        ("i: 1..N", "E-UNSUPPORTED"),
        ("f: R^n -> Q", "E-SYNTAX"),
        ("f: R^n positive -> R", "E-UNSUPPORTED"),
        ("f: R^{n x n} -> R^{m x n} symmetric", "E-SHAPE"),
        ("K: R^{n x n x n x n}", "E-UNSUPPORTED"),
        ("a:smile:b", "E-SYNTAX"),
    ],
)
def test_a_wrong_declaration_is_refused(text: str, code: str) -> None:
    assert mistake(text, "").code == code


def test_a_definition_stands_for_its_expression_and_keeps_what_it_assumed() -> None:
    scope = after("z = w . x + b")
    found = read("d/dw z", scope)
    assert found.expr is not None
    assert outline(found.expr) == "(derivative (add (dot w x) b) w)"
    assert found.assumed == []


def test_a_function_is_put_in_its_place_with_any_shape() -> None:
    scope = after("x: R^n", "f(t) = max(0, t)", "g(a, c) = f(a) + c")
    assert outline(read("g(x, 1)", scope).expr) == "(add (max 0 x) 1)"  # type: ignore[arg-type]
    assert outline(read("d/dx f(x)", scope).expr) == "(derivative (max 0 x) x)"  # type: ignore[arg-type]


def test_a_parameter_hides_a_variable_and_a_free_name_is_that_of_the_session() -> None:
    scope = after("x: R^n", "b: R", "f(x) = b x^2")
    assert outline(read("f(2)", scope).expr) == "(mul b 4)"  # type: ignore[arg-type]


def test_the_derivative_of_a_function_by_its_name_goes_by_its_parameters() -> None:
    scope = after("x, y: R", "f(x, y) = 3x^2y")
    assert outline(read("∇f", scope).expr) == "(derivative (mul 3 (pow x 2) y) x y)"  # type: ignore[arg-type]
    assert outline(read("df/dx", scope).expr) == "(derivative (mul 3 (pow x 2) y) x)"  # type: ignore[arg-type]


def test_definitions_share_and_do_not_expand() -> None:
    statements = ["a0: R", *[f"a{k + 1} = a{k}*a{k}" for k in range(60)]]
    assert read("∂/∂a0 a60", after(*statements)).kind == "derivative"


@pytest.mark.parametrize(
    "text", ["f = f + 1", "f(t) = f(t) + 1", "f(t, t) = t", "w . x = 3", "x = ", "3 = x", "f(t) = sqt(t)"]
)
def test_a_wrong_definition_is_refused(text: str) -> None:
    assert mistake(text).code in ("E-NAME", "E-SYNTAX")


def test_a_definition_may_use_the_old_value_of_its_name() -> None:
    assert outline(read("f = f + 1", after("x: R", "f = x")).expr) == "(add x 1)"  # type: ignore[arg-type]


def test_a_statement_leaves_the_scope_as_it_was() -> None:
    scope = Scope()
    read("x: R^n", scope)
    read("z = 3", scope)
    read("x . y", scope)
    assert scope.names() == set()


def test_variables_asked_for_need_not_occur() -> None:
    found = read_expression("x^2", Scope(), wrt="y")
    assert [v.attr[0] for v in read_variables("y", Scope(), found)] == ["y"]
    assert any(["y does not occur" in note and "x" in note for note in found.notes])


def test_variables_asked_for_may_be_elements_or_several() -> None:
    scope = after("x: R^4", "b: R")
    found = read_expression("x_1 b", scope)
    assert [outline(v) for v in read_variables("x_4, b", scope, found)] == ["(element x 4)", "b"]
    assert [outline(v) for v in read_variables(["x", "b"], scope, found)] == ["x", "b"]


@pytest.mark.parametrize("text", ["k^2 + sum_{i=1}^{k} x_i", "sum_{i=1}^{2k} x_i"])
def test_a_size_that_an_expression_has_is_no_variable_that_does_not_occur(text: str) -> None:
    for statement in (text, f"({text})^2"):
        with pytest.raises(Mistake, match="k is a size, not a variable") as caught:
            read_variables("k", Scope(), read_expression(statement, Scope()))
        assert caught.value.hint == "declare k: R"


def test_a_variable_asked_for_is_a_variable_before_a_bracket() -> None:
    assert outline(read_expression("x(1+2x)", Scope(), wrt="x").expr) == "(mul x (add 1 (mul 2 x)))"  # type: ignore[arg-type]


def test_an_expected_shape_settles_open_sizes() -> None:
    k = Dim.named("k")
    assert outline(read("I", Scope(), shape=(k, k)).expr) == "(eyek)"  # type: ignore[arg-type]


SYNTAX = [
    ("1/(3+", "column 3", "')'"),
    ("sin(x,x", "column 4", "')'"),
    ("2 +* 3", "'*'", "between"),
    ("x +", "'+'", ""),
    ("x == y", "'=='", "check"),
    ("1,5 * x", "','", "decimal point"),
    ("1_000 x", "elements", "1000"),
    ("d/d3 y", "no variable", "d/dx"),
    ("d^0/dx^0 x^2", "order 0", "1 or more"),
    ("d^0/dx x^2", "order 0", "d^2/dx^2"),
    ("∇^0_x x", "order 0", "1 or more"),
    ("∂⁰/∂x⁰ x^2", "order 0", "1 or more"),
    ("0/0", "divides by 0", ""),
    ("y/(1 - 1)", "divides by 0", ""),
    ("x ./ 0vec", "divides by 0", ""),
    ("0^-1", "negative powers", ""),
    ("import os", "import", "no Python"),
    ("np.ex(x)", "np.ex", ""),
    ("x)", "')'", ""),
    ("(x]", "'('", "')'"),
    ("|x", "'|'", "'|'"),
    ("", None, None),
    ("d/dx", "'d/dx'", "d/dx x^2"),
    ("∂²/∂x x", "order", ""),
    ("x .5", "two readings", "0.5"),
    ("x _3", "earlier", ""),
    ('f"{1}"', "'\"'", "Python"),
    ("`id`", "'`'", ""),
    ("{x if z > 0; b}", "condition", "otherwise"),
    ("[x, ]", "']'", ""),
    ("sin()", "takes", ""),
    ("x $ y", "'$'", ""),
    ("a ... b", "'...'", "dots"),
]


@pytest.mark.parametrize(("text", "said", "offered"), SYNTAX)
def test_a_slip_is_said_with_its_place_and_a_hint(text: str, said: str | None, offered: str | None) -> None:
    if said is None:
        assert reading(text, "").kind == "empty"
        return
    found = mistake(text, WORLD)
    assert said in found.message
    assert (offered or "") in found.hint
    assert found.spans[0].start < max(len(text), 1) + 1


def test_a_mistake_brings_its_source() -> None:
    with pytest.raises(Mistake) as caught:
        read_where("x: R^n; y: R^{-1}", Scope())
    assert caught.value.source == "y: R^{-1}"


def test_the_frozen_table_is_that_of_the_grammar_which_has_no_conflict() -> None:
    # by `python hatch_build.py` after an edit
    made = compiled(grammar())
    kept = {name: value for name, value in vars(frozen).items() if name.isupper()}
    code = kept.pop("CODE")
    assert made == kept
    fresh = code_of(made["TOKENS"])
    assert code == fresh or code[0] != fresh[0], (
        "the code is that of another version of Python's re, or of these tokens"
    )
    assert scanner({**made, "CODE": fresh}) == re.compile(made["TOKENS"], re.DOTALL) == scanner(made)


def test_an_edited_grammar_is_read_by_a_table_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    edited = grammar().replace('SIGN: "+" |', 'SIGN: "+" | "¤" |')
    monkeypatch.setattr("mcalc.notation.surface.parse.grammar", lambda: edited)
    assert mark(edited) != frozen.MARK
    assert [match.lastgroup for match in Table().scanner.finditer("x ¤ y")] == ["WORD", "SIGN", "WORD"]


@pytest.mark.parametrize("text", ["(f o g)(x)", "(f ∘ g)(x)"])
def test_a_composition_is_refused_with_the_call_to_write_instead(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        read(text, Scope())
    assert (caught.value.code, caught.value.hint) == ("E-UNSUPPORTED", "write f(g(x))")


def session_of(*lines: str) -> Session:
    session = Session()
    for line in lines:
        session.run(line)
    return session


@pytest.mark.parametrize("change", ["w: R^m", "w = 3 x", "x: R", "w: R^n symmetric > 0", "w: R^n > 0"])
@pytest.mark.parametrize("use", ["d/dw z", "d/dx z", "z", "2 z + 1", "y = z^2", "dz/dx"])
def test_a_definition_made_with_an_earlier_variable_is_refused(change: str, use: str) -> None:
    session = session_of("w, x: R^n", "z = w . x")
    if "symmetric" in change:
        with pytest.raises(Mistake):
            session.run(change)
        session.run(use)
        return
    session.run(change)
    with pytest.raises(Mistake, match=r"earlier [wx]") as raised:
        session.run(use)
    assert raised.value.code == "E-NAME"
    assert "define it again: z = ..." in raised.value.hint


def test_a_definition_made_again_after_a_new_declaration_is_current() -> None:
    session = session_of("w, x: R^n", "z = w . x", "w: R^n", "z")
    session = session_of("w, x: R^n", "z = w . x", "w, x: R^m", "z = w . x")
    value = session.run("d/dw z").value
    assert value is not None
    assert value.text == "xᵀ"
    assert value.shape == ("m",)


@pytest.mark.parametrize("text", ["L(w) = w . x + b", "L(w, b) = w . x + b", "L = w . x + b", "L(w) := w . x + b"])
def test_the_right_side_of_a_definition_is_derived_and_its_name_kept(text: str) -> None:
    assert derive(text, wrt="w", where="w, x: R^n; b: R").text == "xᵀ"
    assert derive(text, wrt="w").text == "xᵀ"
    session = Session(wrt="w", must_derive=True)
    outcome = session.run(text, last=True)
    assert outcome.value is not None
    assert outcome.value.text == "xᵀ"
    assert outcome.name == "L"
    assert outcome.kind == "derivative"
    assert "L" in session.scope.names()


def test_a_definition_before_the_last_statement_is_only_a_definition() -> None:
    session = Session(wrt="w", must_derive=True)
    assert session.run("z = w . x").value is None
    outcome = session.run("L = z^2", last=True)
    assert outcome.value is not None
    assert outcome.value.text == "2 (w · x) xᵀ"


def test_what_has_a_running_index_somewhere_is_no_name_of_its_own_elsewhere() -> None:
    assert read("sum_{i=1}^{n} x_i + x_k", Scope()).assumed == ["x ∈ ℝⁿ"]
    assert read("∂/∂w_i sum_{j=1}^{n} w_j x_j", Scope()).assumed == ["w, x ∈ ℝⁿ"]


def test_a_letter_and_its_accent_apart_are_the_composed_letter() -> None:
    apart, composed = (read(f"{letter}^2", Scope()) for letter in ("e\u0301", "\u00e9"))
    assert apart.assumed == composed.assumed == ["\u00e9 ∈ ℝ"]


@pytest.mark.parametrize("text", ["∂/∂s ∂₁h(t, s)", "∂/∂s ∂₁ h(t, s)", "d/ds d1 h(t, s)", "∂/∂s (∂₁h(t, s))"])
def test_a_partial_derivative_of_a_function_may_follow_the_sign_of_another(text: str) -> None:
    assert parse(text, where="s, t: R").text == "∂₁∂₂h(t, s)"


def test_the_grammar_lies_in_the_package_or_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "mcalc"
    for folder, text in ((tmp_path / "grammar", "beside"), (package / "grammar", "inside")):
        folder.mkdir(parents=True)
        for name in ("tokens.lark", "mcalc.lark"):
            (folder / name).write_text(f"{text} {name}", "utf-8")
        monkeypatch.setattr("mcalc.notation.surface.grammar.PACKAGE", str(package))
        assert grammar() == f"{text} tokens.lark\n{text} mcalc.lark"


def test_the_table_is_written_where_it_is_not_that_of_the_grammar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notation" / "surface" / "frozen.py"
    file.parent.mkdir(parents=True)
    shutil.copytree(Path(frozen.__file__).parents[3] / "grammar", tmp_path / "grammar")
    monkeypatch.setattr("mcalc.notation.surface.grammar.PACKAGE", str(tmp_path))
    for before in (None, "of another grammar"):
        if before is not None:
            file.write_text(before, "utf-8")
        write_table()
        assert file.read_bytes() == Path(frozen.__file__).read_bytes()
    os.utime(file, (0, 0))
    write_table()  # it is frozen already
    assert file.stat().st_mtime == 0
