"""Mutants are what a person would call a small mistake, never what no test should notice; and one is noticed."""

from __future__ import annotations

import ast

import pytest

from tests.mutants import sites
from tests.mutation import chosen, compiled, differing, mutants_of, unnoticed

CHANGED = [
    ("a < b", ["a < b → a <= b"]),
    ("a is None", ["a is None → a is not None"]),
    ("a and b", ["a and b → a or b"]),
    ("a + 1", ["a + 1 → a - 1", "1 → 2"]),
    ("not a", ["not a → a"]),
    ("-a", ["-a → a"]),
    ("b if a else c", ["b if a else c → c if a else b"]),
    ("f(a, b)", ["f(a, b) → pass", "f(a, b) → f(b, a)"]),
    ("add(a, b)", ["add(a, b) → pass"]),
    ("a = 'silu'", ["'silu' → 'sil'"]),
    ("a[0] = b", ["a[0] = b → pass", "0 → 1"]),
    ("a = [b for b in c if b]", ["for b in c if b → for b in c"]),
    ("if a:\n    b = c", ["if a: b = c → if not a: b = c", "if a: b = c → pass"]),
    ("raise f('x', a)", ["raise f('x', a) → pass"]),
    ("def f(a):\n    return a", ["return a → return None"]),
    ("a = True", ["True → False"]),
]
UNCHANGED = [
    '"""What it is."""', "a: int = b", "def f(a: 'int') -> 'int': ...", "def f(a):\n    return None", "assert a > 0",
    "import a", "__slots__ = ('a', 'b')", "if TYPE_CHECKING:\n    a = 1", "a = 'a message'", "a = f'{b} is {c}'",
    "class A:\n    def __repr__(self):\n        return 'A'", "a = Operator(rule='product')", "a = cast('int', b)",
    "@cache\ndef f(): ...",
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes"), CHANGED)
def test_a_program_is_changed_in_one_small_thing(text: str, changes: list[str]) -> None:
    assert [site.said for site in sites(ast.parse(text))] == changes
    for place in range(len(changes)):
        tree = ast.parse(text)
        [*sites(tree)][place].change()
        compile(tree, "changed", "exec")
        assert ast.dump(tree) != ast.dump(ast.parse(text))


@pytest.mark.parametrize("text", UNCHANGED)
def test_what_is_written_for_people_or_checkers_is_not_changed(text: str) -> None:
    assert [site.said for site in sites(ast.parse(text))] == []


@pytest.mark.parametrize("area", ["differentiate", "rules"])
def test_a_mutant_differs_in_the_function_or_module_that_its_line_is_of(area: str) -> None:
    for mutant in chosen(mutants_of(area), 20, ""):
        old = compiled(mutant.path, mutant._replace(place=-1).tree())
        [*changed] = differing(old, mutant.compiled())
        assert changed or mutant.site.kind == "constant", mutant.key
        assert all([code.co_firstlineno <= mutant.site.line for code, _ in changed])


def test_what_a_run_did_not_notice_is_found_again() -> None:
    mutants = mutants_of("differentiate")[:40]
    printed = "".join([f"unnoticed: line {m.site.line}\n{m.key}\n" for m in mutants[::3]])
    assert unnoticed(printed + "4 of 5 mutants noticed\n", mutants) == mutants[::3]


def test_what_a_module_is_given_is_used_where_a_function_names_it_or_a_table_in_which_it_stands() -> None:
    first = {mutant.text.partition(" ")[0]: mutant for mutant in reversed(mutants_of("operators", "structures.py"))}
    assert first['"upper",'].around() == [
        "return next((STRUCTURES[word] for word in sorted(whole.attr[2]) if word in STRUCTURES), None)"
    ]
    assert first["found"].around()[1:3] == ["found = np.zeros(np.shape(a))", "n = len(a)"]
    assert first["moves:"].around()[-1] == "self.said = said or name"
