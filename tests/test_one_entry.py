"""A function is one entry in one file: those that CONTRIBUTING.md shows, taken alone, make all of mcalc know them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from mcalc.calculus.rules import table
from mcalc.export import exported
from mcalc.notation.surface import parse as reading
from mcalc.notation.surface.grammar import grammar
from mcalc.operators import FUNCTIONS, TABLE, network
from mcalc.operators import elementwise as functions
from mcalc.shell import output
from mcalc.shell.rule_entries import found
from mcalc.shell.rules_pages import record
from mcalc.shell.showing import line
from tests.conftest import Mcalc
from tests.generator import Generator
from tests.reading import reads_back
from tests.test_calculus_rules import value
from tests.values import agree, complex_step

ROOT = Path(__file__).resolve().parent.parent
MODULES = {"_composed": network, "_function": functions}
SIZES = {"n": 3, "m": 2}
SHAPES = {"": "x: R", "n": "x: R^n", "m,n": "x: R^{m x n}"}
"""The variable x of each order, by its sizes."""


def entries() -> dict[str, str]:
    """Return the Python blocks of CONTRIBUTING.md by the name of the function that they add."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    return {re.findall(r'"(\w+)"', block)[0]: block for block in blocks if not block.startswith("Rule(")}


def shown(language: str, beginning: str) -> str:
    """Return the block of CONTRIBUTING.md in a language that begins so."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    [found] = [block for block in blocks if block.startswith(beginning)]
    return str(found)


@pytest.fixture(params=sorted(entries()))
def fresh(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run one entry, under a name that no row has, where it would stand; the table takes it up, and is restored."""
    name: str = request.param
    new = f"{name}zz"
    entry = entries()[name].replace(f'"{name}"', f'"{new}"').replace(f"{name}(", f"{new}(")
    module = MODULES[re.findall(r"= (\w+)\(", entry)[0]]
    monkeypatch.setattr(module, "ROWS", [])
    exec(compile(entry, "CONTRIBUTING.md", "exec"), vars(module).copy() | {"__name__": module.__name__})
    [row] = module.ROWS
    assert row.name == new
    monkeypatch.setitem(TABLE, row.name, row)
    for spelling in row.spellings:
        monkeypatch.setitem(FUNCTIONS, spelling, row)
    return new


def call(name: str) -> str:
    """Return a call of the function by its number of arguments."""
    return f"{name}(x, y)" if TABLE[name].arity == (2, 2) else f"{name}(x)"


def places(name: str) -> list[str]:
    """Return the sizes of x that the function takes."""
    fitting = []
    for sizes, where in SHAPES.items():
        try:
            parse(call(name), where=where.replace("x:", "x, y:"))
        except Mistake:
            continue
        fitting.append(sizes)
    return fitting


def test_the_entries_shown_stand_in_the_table_as_they_are_shown() -> None:
    shown = entries()
    assert set(shown) == {"silu", "mse", "asinh"}
    for name, entry in shown.items():
        row = TABLE[name]
        module = network if "_composed" in entry else functions
        bare = re.sub(r"  #.*", "", entry).strip()
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert name in row.spellings
        assert bare.split("\n")[2].strip() in source


def test_an_entry_alone_is_read_and_printed(fresh: str) -> None:
    for sizes in places(fresh):
        where = SHAPES[sizes].replace("x:", "x, y:")
        e = parse(call(fresh), where=where)
        assert e.text == e.ascii == call(fresh)
        assert rf"\operatorname{{{fresh}}}" in e.latex
        assert not reads_back(e.expr)
    assert len(places(fresh)) == (2 if fresh == "msezz" else 3)
    assert call(fresh) in parse(call(fresh)).text
    with pytest.raises(Mistake, match="takes"):
        parse(f"{fresh}(x, y, z)")
    with pytest.raises(Mistake) as raised:
        parse(f"{fresh[:-1]}(x)")
    assert fresh in raised.value.hint


def test_an_entry_alone_has_right_first_and_second_derivative_value_and_steps(fresh: str) -> None:
    rng = np.random.default_rng(2)
    for sizes in places(fresh):
        where = SHAPES[sizes].replace("x:", "x, y:")
        shape = [SIZES[name] for name in sizes.split(",") if name]
        values = {"x": rng.uniform(0.2, 0.9, size=shape), "y": rng.uniform(0.2, 0.9, size=shape), **SIZES}
        assert np.all(np.isfinite(parse(call(fresh), where=where).evaluate(values)))
        for expr, order in ((call(fresh), 1), (call(fresh), 2), (f"sum({call(fresh)}^2)", 1)):
            if sizes == "m,n" and (order == 2 or "^2" in expr) and fresh != "msezz":
                expr = f"sum({call(fresh)})"
            d = derive(expr, wrt="x", where=where, order=order)
            function = d.body if order == 1 else derive(expr, wrt="x", where=where).expr
            assert agree(d.evaluate(values), complex_step(function, d.variables[0], values))
            assert not reads_back(d.expr)
            assert d.latex
            assert len(d.steps.text("full").splitlines()) >= 1
            assert d.steps.latex


def test_an_entry_alone_is_in_the_reference(fresh: str, mcalc: Mcalc) -> None:
    rule = found(fresh)
    assert rule.name == fresh
    assert record(rule)["derivative"]
    done = mcalc("rules", fresh)
    assert done.code == 0
    assert TABLE[fresh].formula in done.out
    assert "mcalc diff" in done.out
    assert json.loads(mcalc("rules", fresh, "--to", "json").out)["name"] == fresh


def test_an_entry_alone_occurs_in_random_expressions(fresh: str) -> None:
    for seed in range(5):
        expr = Generator(seed).featuring(TABLE[fresh], 1, scalar=True)
        assert expr.order == 0


def test_a_rule_shown_alone_is_applied_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = eval(shown("python", "Rule("), vars(table))
    monkeypatch.setattr(table, "TABLE", (rule, *table.TABLE))
    table.stages.cache_clear()
    try:
        d = derive("y sin(x) / tan(x)", wrt="y")
        assert d.text == "cos(x)"
        assert d.check()
        assert d.steps.text("full").splitlines()[-1].endswith(f"= cos(x)                   {rule.name.name}")
    finally:
        table.stages.cache_clear()
    for seed in range(3):
        left, right = [value(rule, side, 2, np.random.default_rng(seed)) for side in (0, 1)]
        assert np.allclose(left, right)


def test_a_sign_shown_alone_calls_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = re.findall(r'"(.)"', shown("lark", "  |"))[0]
    row = TABLE["kron"]
    monkeypatch.setattr(row, "spellings", (*row.spellings, sign))
    monkeypatch.setitem(FUNCTIONS, sign, row)
    text = grammar().replace('OP: "*"', f'OP: "{sign}" | "*"')
    assert text != grammar()
    monkeypatch.setattr(reading, "grammar", lambda: text)
    reading.table.cache_clear()
    try:
        where = "A: R^{2 x 3}; B: R^{3 x 4}; C: R^{5 x 6}; D: R^{10 x 24}"
        assert parse(f"A B {sign} C + D", where=where).text == "kron(A B, C) + D"
        assert parse(f"A {sign} B {sign} C", where=where).text == "kron(kron(A, B), C)"
        assert parse("A B", where=where).text == "A B"
    finally:
        reading.table.cache_clear()


def test_a_format_is_one_function_and_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        output.LINES, "plain", lambda: lambda expr, taken, brief: f"{expr.op.name} {sorted(taken)} {brief}"
    )
    assert line(derive("x^2", wrt="x"), "plain") == "mul [] True"
    assert set(output.LINES) - {"plain"} <= set(output.FORMATS)


def test_a_target_is_one_function_and_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (lambda function: f"{function.name}({', '.join(function.arguments)})", None)
    assert set(exported.TARGETS) == set(output.CODE)
    monkeypatch.setitem(exported.OTHERS, "plain", row)
    assert derive("w · x", wrt="w").to("julia").startswith('"""')
    monkeypatch.setattr(exported, "TARGETS", (*exported.TARGETS, "plain"))
    assert derive("w · x", wrt="w").to("plain") == "gradient(w, x)"
