"""What is looked at once names are settled: entries of functions, counts from 0, the bases of logarithms.

In a sum over i what is called ``g_i(x)`` is the entry i of g(x), a vector for each x. In ``Σ_{t=0}^{T-1} u_t`` the
entries are counted from 0; in mcalc they are counted from 1. log_2 and log_10 are functions of the table, log_b(x) is
ln(x)/ln(b).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from mcalc.errors import Mistake, clip
from mcalc.notation.names.running import Big, limit
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import descend, name_of
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Partial, Token, derived_by, walk_syntax, walk_trees
from mcalc.notation.surface.words import INDICES, is_function
from mcalc.patterns import pattern


def look_again(r: Names, trees: Sequence[Node], by: Iterable[str]) -> None:
    """Look at trees with counts from 0, with sums and functions, and with bases; they are differentiated `by` names."""
    if r.from_zero:
        refuse_other_counts(r, trees, by)
    if r.running:
        _look_at_sums(r, trees, {*by, *r.by})
    if r.bases:
        put_bases(r, trees)
    if "vec" in r.text:
        _put_kronecker(r, trees)


def _put_kronecker(r: Names, trees: Sequence[Node]) -> None:
    """Read ⊗ in brackets beside vec(X), (Bᵀ ⊗ A) vec(X), as Kronecker's product: nothing else has its sizes."""
    for node in walk_trees(trees):
        for part, other in pairwise(node.parts) if node.kind == "product" else ():
            for bracket, beside in ((part, other), (other, part)):
                of = descend(beside.parts[0] if beside.kind == "differential" else beside)[1]
                group = descend(bracket)[1]
                inner = group.parts[0] if group.kind == "group" else group
                if of.kind != "call" or of.value.full != "vec" or inner.kind != "product":
                    continue
                loose = [k for k, token in enumerate(inner.value, 1) if token.value in ("⊗", "⊘", "·")]
                if len(loose) != 1 or inner.value[loose[0] - 1].text != "⊗":
                    continue
                r.note("⊗ is read as the Kronecker product; entry by entry is .*")
                args = [_part(inner, 0, loose[0]), _part(inner, loose[0], len(inner.parts))]
                group.kind, group.value, group.parts = "call", Name("kron"), args


def _part(product: Node, start: int, end: int) -> Node:
    """Return some of the factors of a product."""
    parts = product.parts[start:end]
    made = Node("product", parts[0].start, parts[-1].end, parts, product.value[start : end - 1])
    return made if len(parts) > 1 else parts[0]


def _look_at_sums(r: Names, trees: Sequence[Node], by: Iterable[str]) -> None:
    """Look at what runs with a sum: entries of functions, rows of what a capital calls, how many there are.

    Undefined functions that run with it are entries: Σ_i λ_i g_i(x) is Σ_i λ_i g(x)_i. Raises a `Mistake` for
    ``f_i(x_i)``, where function and argument run together, and for ``v_{w_i}``, an entry that an entry names.
    """
    stack: list[tuple[Node, frozenset[str]]] = [(tree, frozenset()) for tree in trees]
    run: dict[str, Node] = {}
    capitals: set[str] = set()
    while stack:
        node, inside = stack.pop()
        of = node.value
        if node.kind == "big":
            inside = inside | {*of.names}
        elif node.kind == "call" and isinstance(of, Partial) and not any(of.counts):
            base, _, sub = of.full.rpartition("_")
            if sub in inside and base:
                _take(r, node, base, sub)
        elif node.kind == "name" and of.sub is None and of.base.isupper() and of.base.isascii():
            capitals.add(of.base)
        elif node.kind == "name" and of.sub is not None and not inside.isdisjoint(_BELOW.findall(of.sub)):
            said = f"{clip(of.full)} is not read: which entry it is, another entry says"
            raise mistake_at("E-UNSUPPORTED", said, node, "an index of an index", "write v_i for what belongs to i")
        elif node.kind == "name" and of.sub is not None and any([_runs(of.sub, index) for index in inside]):
            run.setdefault(of.base, node)
        elif node.kind == "bars" and node.parts[0].kind == "name" and node.parts[0].value.full in r.sets:
            name = node.parts[0].value.full
            r.note(f"|{clip(name)}| is how many {clip(name)} has, the number n_{clip(name)}")
            node.kind, node.value, node.parts = "name", Name("n", name), ()
        stack.extend([(part, inside) for part in node.parts])
    _refuse_small(r, run, capitals, {*by})


def _refuse_small(r: Names, run: dict[str, Node], capitals: set[str], by: set[str]) -> None:
    """Refuse ``Σ_i (y_i - u_i · v)² + ‖U‖²`` by U or u: nothing says whether u_i is a row of U."""
    for base, node in run.items():
        capital = base.upper()
        asked = not by.isdisjoint((base, capital, node.value.full))
        known = not {base, capital}.isdisjoint([*r.scope.variables, *r.scope.definitions])
        if capital in capitals - NO_MATRICES and base.islower() and asked and not known:
            said = f"{clip(node.value.full)} may be a row or an entry of {capital}, or a name of its own"
            hint = f"write {capital}_{node.value.sub} for what is of {capital}; else give it another letter"
            raise mistake_at("E-AMBIG", said, node, "which?", hint)


NO_MATRICES = frozenset("NMKTPCLJE")
"""Capitals of counts, constants and losses."""
_BELOW = pattern(r"_\{?([^\W_])(?!\w)")
"""What stands below a name in a subscript: i of w_i."""


def _take(r: Names, node: Node, base: str, index: str) -> None:
    of: Partial = node.value
    for inner in [inner for inner in walk_trees(node.parts) if inner.kind == "name"]:
        if inner.value.full == index or index in (inner.value.sub or ""):
            said = f"{clip(of.full)} is another function for each {index}, of another argument"
            hint = f"if it is one function, write {clip(base)}(...) without the index"
            raise mistake_at("E-UNSUPPORTED", said, node, "which function?", hint)
    r.note(f"{clip(of.full)} is the entry {index} of {clip(base)}")
    node.parts = [Node("call", node.start, node.end, node.parts, Partial(base, of.counts, of.behind, of.mark))]
    node.kind, node.value = "subscript", index


def count_from_one(r: Names, node: Node) -> None:
    """Let a sum or a product from 0 run from 1, where what it runs through is counted from 0; say so.

    A subscript stays as it is, and the index as a number is one less: Σ_{k=0}^n a_k x^k is Σ_{k=1}^{n+1} a_k x^{k-1}.
    """
    big: Big = node.value
    if len(big.indices) != 1 or big.upper is None or big.order is not None:
        return
    name, low, excluded = big.indices[0]
    if low is None or low.kind != "number" or low.value != 0 or excluded:
        return
    bases: set[str] = set()
    numbers: list[Node] = []
    for n in walk_syntax(node.parts[0]):
        if n.kind == "name" and n.value.full == name:
            numbers.append(n)
        elif n.kind == "name" and n.value.sub and n.value.full not in r.known and _runs(n.value.sub, name):
            bases.add(n.value.base)
        elif n.kind == "big":
            inner: Big = n.value
            if inner.order is not None or any([name == i or name in other for i, _, other in inner.indices]):
                return
            limits = [*[limit for _, limit, _ in inner.indices], inner.upper]
            numbers += [m for tree in limits if tree for m in walk_syntax(tree) if m.kind == "name"]
    if not bases:
        return
    for n in numbers:
        if n.value.full == name:
            own = Node("name", n.start, n.end, (), n.value)
            less = Node("negative", n.start, n.end, (_one(n),))
            n.kind, n.value, n.parts = "group", None, [_sum(n, own, less)]
    big.indices = [(name, _one(low), ())]
    upper = big.upper
    last = upper.parts[-1] if upper.kind == "sum" and len(upper.parts) == 2 else upper
    if last.kind == "negative" and last.parts[0].kind == "number" and last.parts[0].value == 1:
        big.upper = upper.parts[0]
    else:
        big.upper = _sum(upper, upper, _one(upper))
    r.from_zero |= bases
    r.shifted.add(node)
    r.note(f"{', '.join(sorted(bases))} is counted from 0, as {name} is: its first entry is that of {name} = 0")


def refuse_other_counts(r: Names, trees: Sequence[Node], by: Iterable[str]) -> None:
    """Refuse x_1 beside a sum that counts x from 0, or as what is differentiated `by`, and a sum that counts from 1."""
    wanted = next((name for name in by if name.rpartition("_")[0] in r.from_zero and name[-1:].isdecimal()), None)
    if wanted is not None:
        raise _counted_twice(wanted.rpartition("_")[0], trees[0])
    stack: list[tuple[Node, bool]] = [(tree, False) for tree in trees]
    while stack:
        node, counted = stack.pop()
        if node.kind == "big":
            counted = counted or node in r.shifted
        elif node.kind == "name" and not counted and node.value.base in r.from_zero:
            sub = node.value.sub or "+"  # k_+ and x_max are no entries
            if sub not in ("+", "-", "star") and not (len(sub) > 2 and sub.isalpha()):
                raise _counted_twice(node.value.base, node)
        elif node.kind in ("derivative", "quotient"):
            for name in derived_by(node):
                if name.base in r.from_zero and name.sub and name.sub.isdecimal():
                    raise _counted_twice(name.base, node)
        stack.extend([(part, counted) for part in node.parts])


def _counted_twice(base: str, at: Node) -> Mistake:
    said = f"{clip(base)} is counted from 0 in one sum, and not everywhere"
    hint = "let all that has an index begin at the same place, such as 1"
    return mistake_at("E-AMBIG", said, at, "which entry?", hint)


def _runs(sub: str, name: str) -> bool:
    """Say whether an index is one of those of a subscript: t of u_t, u_{it}, u_{i,t}."""
    return name in sub.split(",") or (sub.isalpha() and len(name) == 1 and name in sub)


def _one(at: Node) -> Node:
    return Node("number", at.start, at.end, (), 1)


def _sum(at: Node, *parts: Node) -> Node:
    return Node("sum", at.start, at.end, list(parts), [Token("SIGN", "+", at.start, at.end, "+")])


NAMED = {"2": "log2", "10": "log10", "e": "ln"}


def took_base(r: Names, run: Node) -> bool:
    """Take the base off the name of a logarithm, which then reaches as any other function; say whether there is one.

    log_softmax is a function, and log_w a name that is declared.
    """
    full = name_of(run).full
    if full in r.known or is_function(full):
        return False
    base = run.value[1][0]
    if base not in NAMED:
        r.bases[run.start] = (base, limit(base, run.start, run.end))
    run.value = (NAMED.get(base, "log"), [])
    return True


def put_bases(r: Names, trees: Sequence[Node]) -> None:
    """Put ln(x)/ln(b) in place of each logarithm of x whose base b was taken off."""
    calls = [n for n in walk_trees(trees) if n.kind == "call" and n.value.full == "log"]
    for place, (said, base) in r.bases.items():
        around = [node for node in calls if node.start <= place < node.end]  # its own may begin at a bracket before it
        if not around:
            hint = f"write ln(x)/ln({clip(said)})"
            raise mistake_at("E-UNSUPPORTED", f"log_{clip(said)} is not read here", (place, place + 1), "", hint)
        node = min(around, key=lambda node: node.end - node.start)
        start, end = node.start, node.end
        top, bottom = (Node("call", start, end, of, Name("ln")) for of in (node.parts, [base]))
        r.note(f"the logarithm to the base {clip(said)} is read as ln(x)/ln({clip(said)})")
        quotient = Node("product", start, end, [top, bottom], [Token("OP", "/", start, end, "/")])
        node.kind, node.value, node.parts = "group", None, [quotient]


def is_index(defined: str, name: Name) -> bool:
    """Say whether a name differs from one that is defined in its index alone: p_k of p_i."""
    return defined == f"{name.base}_{defined[-1]}" and defined[-1] in INDICES and name.sub in INDICES


def for_index(tree: Node, index: str, other: str) -> Node | None:
    """Return a tree with another index in place of one; a sum over that other one gets a letter of its own.

    None where it cannot be said: of p_{i+1}, and where the index is bound, or stands in a limit.
    """
    made = _copied(tree)
    nodes = [*walk_syntax(made)]
    used = {other, *[c for node in nodes if node.kind == "name" for c in node.value.sub or node.value.full]}
    used |= {c for node in nodes if node.kind == "subscript" for c in node.value}
    for node in walk_syntax(made):
        if node.kind != "big":
            continue
        big: Big = node.value
        bound = {*big.names}
        limits = [limit for limit in (*[low for _, low, _ in big.indices], big.upper) if limit is not None]
        named = {n.value.full for n in walk_trees(limits) if n.kind == "name"}
        if index in bound | named or other in named:
            return None
        if other in bound:
            fresh = next((letter for letter in "klmijpqrst" if letter not in used | bound), None)
            if fresh is None or len(bound) > 1 or big.order is not None or not _reindex(node.parts[0], other, fresh):
                return None
            used.add(fresh)
            node.value = Big(big.op, [(fresh, big.indices[0][1], ())], big.upper, big.start, big.end)
    return made if _reindex(made, index, other) else None


def _reindex(tree: Node, index: str, other: str) -> bool:
    """Put an index in place of another one in a tree; say whether that was all there is of it."""
    for node in walk_syntax(tree):
        if node.kind == "subscript" and index in node.value:
            return False
        if node.kind != "name":
            continue
        sub: str | None = node.value.sub
        if sub is None:
            node.value = Name(other) if node.value.full == index else node.value
            continue
        parts = sub.split(",") if "," in sub else [*sub] if INDICES.issuperset(sub) else [sub]
        if index in parts:
            renamed = [other if part == index else part for part in parts]
            node.value = Name(node.value.base, ("," if "," in sub else "").join(renamed))
        elif re.search(rf"(?<![^\W_]){index}(?![^\W_])", sub):
            return False
    return True


def _copied(tree: Node) -> Node:
    made = Node(tree.kind, tree.start, tree.end, tree.parts, tree.value)
    stack = [made]
    while stack:
        node = stack.pop()
        node.parts = [Node(part.kind, part.start, part.end, part.parts, part.value) for part in node.parts]
        stack.extend(node.parts)
    return made
