"""Definitions beside a formula, put in place before names and shapes are settled; they hold for one statement."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.around.behind import Definition
from mcalc.notation.names.resolve import inline, read_trees
from mcalc.notation.names.scope import Function, Reading, Scope
from mcalc.notation.statements.declare import not_a_size
from mcalc.notation.statements.equations import meanings_in
from mcalc.notation.surface.syntax import Name, Node, Token, walk_syntax
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import INDICES

TABLES = ("variables", "definitions", "functions", "maps", "outdated", "made_with")
MOST = 100_000
"""The most nodes that trees put in place one by one may bring a statement to."""


def put_in_place(
    text: str, formula: list[Token], definitions: Sequence[Definition], scope: Scope, words: Iterable[str],
    notes: list[str], *, one_by_one: bool,
) -> Scope:  # fmt: skip
    """Return a scope in which the definitions beside a formula hold; `words` are further names of the statement.

    What an index of the formula's sums runs through is put in place one by one, as is all of it where that is asked
    for. Raises a `Mistake` where a name is defined by itself, or twice.
    """
    inner = scope.copy()
    places = {d.name.full: d.at for d in definitions}
    names_of = {d.name.full: d.name for d in definitions}
    if len(places) < len(definitions):
        last = definitions[-1]
        raise Mistake("E-NAME", f"{clip(last.name.full)} is defined twice", [last.at], hint="define it once")
    for definition in definitions:
        not_a_size(definition.name.full, definition.at, scope)
        inner.forget(definition.name.full)
        if definition.parameters is not None:
            own = tuple([p.full for p in definition.parameters])
            inner.functions[definition.name.full] = Function(definition.name.full, own, Node("list", 0, 0), text, {})
    names = [name for name in places if name not in inner.functions]
    trees: dict[str, Node] = {}
    for definition in definitions:
        full = definition.name.full
        function = inner.functions.get(full)
        own = function.parameters if function is not None else ()
        others = [name for name in names if name != full]  # in q = W_q x the letter below W is a label
        [trees[full]] = read_trees(text, [definition.right], inner, [*words, *others, *own], notes)
        _start_values(trees[full], full)
    bound = {definition.name.full: running_in(definition.right) for definition in definitions}
    running = running_in(formula).union(*bound.values())
    for name in _in_order(trees, places, inner.functions):
        tree, function = trees[name], inner.functions.get(name)
        inline(tree, inner.inlined, inner.beside)
        runs = [n for n in walk_syntax(tree) if n.kind == "name" and not running.isdisjoint(_indices(n.value))]
        if function is not None:
            if any([n.value.full not in function.parameters and not bound[name] >= _indices(n.value) for n in runs]):
                said = f"an index of a sum runs in {clip(name)}, which is defined beside it"
                raise Mistake("E-UNSUPPORTED", said, [places[name]], "write what it stands for in its place")
            meanings = {n: meaning for n, meaning in meanings_in(tree, inner).items() if n not in function.parameters}
            inner.functions[name] = Function(name, function.parameters, tree, text, meanings)
        elif runs or one_by_one or names_of[name].sub in INDICES or not running.isdisjoint(_indices(names_of[name])):
            inner.inlined[name] = tree
        else:
            inner.beside[name] = tree
    return inner


def _start_values(tree: Node, full: str) -> None:
    """Take v_0 in v = v_0 e^{-t} for a name of its own, and for no entry of what it makes."""
    for node in walk_syntax(tree):
        if node.kind == "name" and node.value.base == full != node.value.full and node.value.sub not in INDICES:
            node.value = Name(node.value.full)


def taken_away(reading: Reading, scope: Scope, definitions: Sequence[Definition]) -> None:
    """Give a reading the scope without the definitions beside its formula, as it was before them."""
    after = reading.scope = reading.scope.copy()
    after.beside, after.inlined = {}, {}
    for definition in definitions:
        full = definition.name.full
        if full == reading.name:
            continue
        after.forget(full)
        for table in TABLES:
            if full in getattr(scope, table):
                getattr(after, table)[full] = getattr(scope, table)[full]
        for made in after.made_with.values():
            if full in made and scope.meaning(full) is not made[full]:
                after.made_with = {k: {n: m for n, m in v.items() if n != full} for k, v in after.made_with.items()}
                break


def running_in(formula: list[Token]) -> set[str]:
    """Return the letters that may be indices of a formula's sums and products."""
    found: set[str] = set()
    for place, token in enumerate(formula):
        if token.text in BIGS:
            for after in formula[place + 1 : place + 4]:
                if after.type == "SUB" or (after.type == "WORD" and after.text.isalpha() and len(after.text) == 1):
                    found.update(re.findall(r"[^\W\d_]", after.text.partition("=")[0]))
    return found


def _indices(name: Name) -> set[str]:
    """Return the letters in the subscript of a name."""
    return set(re.findall(r"[^\W\d_]", name.sub or ""))


def _in_order(trees: dict[str, Node], places: dict[str, Span], functions: Container[str]) -> list[str]:
    """Return the names so that each stands behind those that it is made of."""
    users: dict[str, list[str]] = {name: [] for name in trees}
    left: dict[str, int] = {}
    for name, tree in trees.items():
        named = [n.value for n in walk_syntax(tree) if n.kind in ("name", "call")]
        needs = {one.full if one.base in functions and (one.sub or "").isdecimal() else one.base for one in named}
        needs = {f for f in {*needs, *[one.full for one in named]} if f in trees}
        entries = {one.base for one in named if one.sub is not None and one.sub in INDICES}
        needs |= {f for f in trees if f[-2:-1] == "_" and f[-1] in INDICES and f[:-2] in entries and f != name}
        left[name] = len(needs)
        for need in needs:
            users[need].append(name)
    found: list[str] = []
    ready = [name for name, count in left.items() if not count]
    order = {name: place for place, name in enumerate(trees)}
    while ready:
        found += ready
        for user in [user for name in ready for user in users[name]]:
            left[user] -= 1
        free = {user for name in ready for user in users[name] if not left[user]}
        ready = sorted(free, key=order.__getitem__)
    if len(found) < len(trees):
        name = next(name for name in trees if left[name])
        raise Mistake("E-NAME", f"{clip(name)} is defined by itself", [places[name]])
    return found
