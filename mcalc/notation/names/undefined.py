"""Functions that nobody defined: which names before brackets are such, and how their derivatives are written.

f, g, h, φ, ψ, ℓ are functions as soon as a bracket follows; another single letter is one where what stands in the
bracket says so: several arguments, a bar or a semicolon, or a lone name, as in p(x | θ), k(x, y), u(x), A(t).
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import clip
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import Found, descend, name_of, power_of, rewrap
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Partial, Token, derived_by, walk_syntax, walk_trees
from mcalc.notation.surface.words import ABSTRACT, is_function

NUMBERS = frozenset("tτsθαβγλκρωνε")
"""Letters of numbers: in a bracket alone, behind a capital or a Greek letter, they make it a curve, as in A(t)."""
TIMES = frozenset("tτ")
"""Nobody multiplies by these in brackets, whatever is differentiated by."""
NEVER = frozenset("deijπδΓΦΨζ")
PRIMES = "'′″‴"


def is_undefined(r: Names, name: Name, bracket: Node, *, whole: bool = True) -> bool:
    """Say whether a name before a bracket is a function that nobody defined; `whole` that it is no part of a run."""
    full, base, parts = name.full, name.base, bracket.parts
    if full in r.scope.maps or base in r.scope.maps:
        return True
    known = full in r.scope.functions or full in r.scope.sizes or is_function(full)
    if not parts or known or full in r.variables or base in r.variables:
        return False
    if base.partition("_")[0] in ABSTRACT:
        return full not in r.used or (base.isascii() and full in r.called)
    if base == "π" and (name.sub or len(parts) > 1):
        return True  # a policy: π_θ(a | s)
    if not whole or len(base) != 1 or base in NEVER or full in r.used or full in r.running:
        return False
    before = r.text[: bracket.start].rstrip().removesuffix(base).rstrip() if base.isupper() else ""
    if before[-1:].isalpha() and before[-1:].isupper():
        return False  # CE(p, y) in LaTeX, whose letters stand apart
    if len(parts) > 1:
        return any([part.kind != "number" for part in parts])
    return parts[0].kind == "name" and ((base.islower() and base.isascii()) or _is_number(r, parts[0].value))


def _is_number(r: Names, name: Name) -> bool:
    """Say whether the argument behind a capital is a number, declared so or by its letter: then it is a curve."""
    variable = r.scope.variables.get(name.full)
    if variable is not None:
        return not variable.shape
    return name.base in TIMES or (name.base in NUMBERS and name.full in r.variables)


def call(r: Names, at: Node, bracket: Node, end: int, counts: tuple[int, ...] = (), mark: str = "") -> Node:
    """Return the call of an undefined function; a subscript that is a variable is a parameter of it."""
    name: Name = at.value
    if name.sub is not None and name.sub.startswith("prime") and (name.sub[5:] or "1").isdecimal():
        counts, name = (int(name.sub[5:] or 1),), Name(name.base)
    r.settle(bracket)
    parts = [*bracket.parts]
    _refuse_labels(r, parts)
    behind: tuple[str, int] = bracket.value if type(bracket.value) is tuple else ("", 0)
    full = name.full
    below = _parameters(r, name, at)
    if below:
        inside = [node.value.full for node in walk_trees(parts) if node.kind == "name"]
        again = next((p.value.full for p in below if p.value.full in inside), "")
        if again:
            hint = f"write d/d{again} {name.base}(...) for the derivative by {again}, f_1 for a name of its own"
            raise mistake_at("E-AMBIG", f"{full}(...) has two readings", at, "a derivative or a parameter?", hint)
        full, behind = name.base, behind if behind[0] else (";", len(parts))
        parts += below
        listed = ", ".join([p.value.full for p in below])
        r.note(f"{clip(name.full)}(...) is read as {full}(...{behind[0]} {listed})")
    elif len(parts) == 1 and full not in r.scope.maps and (name.base not in ABSTRACT or _may_multiply(r, full, parts)):
        text = r.text[bracket.start : bracket.end]
        r.note(f"{full}{text} is read as a function of {text[1:-1].strip()}; a product is {full}*{text}")
    elif behind[0] and full not in r.scope.maps and full not in r.undefined:
        said = f"{clip(full)} is taken as a function that nobody defined"
        r.note(f"{said}, of what stands before its {behind[0]} and behind")
    r.undefined.add(full)
    return Node("call", at.start, end, parts, Partial(full, counts, behind, mark))


def _refuse_labels(r: Names, parts: list[Node]) -> None:
    """Refuse ``f(x_i^a) - f(x_i^p)``: a letter above that nothing declares may be a power, or say which sample."""
    for part in [part for part in parts if (part.kind, part.value) == ("power", "^") and part.parts[0].kind == "name"]:
        base, above = part.parts
        above = above.parts[0] if above.kind == "group" else above
        letter = above.value.full if above.kind == "name" else ""
        if letter and letter not in r.known | r.by | r.running:
            full = base.value.full
            named = rf"{full}^{{\text{{{letter}}}}}" if "\\" in r.text else f"{full}_{letter}"
            hint = f"write {named} for the name, declare {letter}: R for the power"
            said = f"{letter} above may be a power, or part of the name, in {clip(full)}^{letter}"
            raise mistake_at("E-AMBIG", said, part, "which?", hint)


def _may_multiply(r: Names, full: str, parts: list[Node]) -> bool:
    """Say whether f, g or h may be a factor: before nothing but sums, with another of these letters as a number."""
    if full in r.called:
        return False
    return any(node.kind == "name" and node.value.full in ABSTRACT for node in walk_syntax(parts[0]))


def _parameters(r: Names, name: Name, at: Node) -> list[Node]:
    """Return the variables that a subscript is made of, as in f_θ and f_{w,b}; none where it is a label or an index."""
    if name.sub is None or name.full in r.scope.maps:
        return []
    parts = name.sub.split(",")
    if not all([part in r.variables or part in r.used for part in parts]) or not r.running.isdisjoint(parts):
        return []
    return [Node("name", at.start, at.end, (), Name(part)) for part in parts]


def primes(mark: Token) -> int:
    """Return how many primes a mark is."""
    return len(mark.text) if mark.text[0] == "'" else PRIMES.index(mark.text[0])


def primed(r: Names, at: Node, bracket: Node, mark: Token, end: int) -> Node:
    """Return the derivative that primes say: f′(x), f''(x)."""
    times = primes(mark)
    if len(bracket.parts) > 1:
        hint = f"∂₁{at.value.full}(...) is the derivative by the first, in ASCII d1 {at.value.full}(...)"
        raise mistake_at("E-AMBIG", f"{at.value.full}' by which of its arguments?", (at, mark), "by which?", hint)
    return call(r, at, bracket, end, (times,))


def jacobian_of(r: Names, name: Name) -> str:
    """Return the function whose Jacobian a name before a bracket is: f of J_f; else nothing."""
    sub = name.sub
    if name.base != "J" or sub is None or "J" in r.variables or name.full in r.variables:
        return ""
    return sub if sub in r.scope.maps or sub.partition("_")[0] in ABSTRACT or sub in r.heads else ""


def partial_of(r: Names, parts: list[Node], place: int) -> Found | None:
    """Read ∂₁f(x, y), in ASCII ``d1 f(x, y)``: how a derivative of an undefined function prints."""
    counts: list[int] = []
    start = parts[place].start
    while place < len(parts):
        head, times = power_of(parts[place])
        if head.kind != "run":
            break
        word, subs = head.value
        which = subs[0] if word == "∂" and len(subs) == 1 else word[1:] if word[0] == "d" and not subs else ""
        if not which.isdecimal() or len(which) > 3 or not int(which) or word in r.variables:
            break
        counts.extend([0] * (int(which) - len(counts)))
        counts[int(which) - 1] += max(times or 1, 1)
        place += 1
    if not counts or place >= len(parts):
        return None
    spine, leaf = descend(parts[place])
    if leaf.kind != "applied":
        return None
    at = Node("name", start, leaf.parts[0].end, (), name_of(leaf.parts[0]))
    made = call(r, at, leaf.parts[1], leaf.end, tuple(counts))
    return [rewrap(spine, leaf, made)], [], place + 1, None


def gradient(r: Names, leaf: Node, order: int, start: int) -> Node | None:
    """Return ∇f(x) and ∇²f(x) of an undefined function of one argument: its derivative by that, where it stands."""
    run, bracket = leaf.parts
    pieces = r.pieces(run, call=True)
    if leaf.kind != "applied" or len(pieces) > 1 or len(bracket.parts) > 1 or order > 2:
        return None
    name: Name = pieces[0].value
    if not is_undefined(r, name, bracket) or _parameters(r, name, pieces[0]):
        return None
    found = call(r, pieces[0], bracket, leaf.end, (order,), "∇")
    found.start = start
    return found


def put_in_brackets(r: Names, trees: Sequence[Node]) -> None:
    """Put the arguments to functions that stand without them: f in ∂f/∂g is the f(g(x)) of the statement.

    A name with a subscript that is differentiated by and stands nowhere else is a function of that: Σ_θ is Σ(θ).
    """
    labels = r.labels & r.by - r.running if r.labels else frozenset()
    if not (labels or r.undefined or r.scope.maps):
        return
    nodes = [*walk_trees(trees)]
    subscripted = [node for node in nodes if node.kind == "name" and node.value.sub] if labels else []
    entered = {node.value.base for node in subscripted if node.value.sub in r.running}  # h_a beside Σ_b h_b
    for node in subscripted:
        if node.value.sub in labels and node.value.base not in entered:
            _as_function(r, node)
    calls: dict[str, list[Node]] = {}
    for node in nodes:
        if node.kind == "call" and type(node.value) is Partial:
            calls.setdefault(node.value.full, []).append(node)
    for node in nodes:
        if node.kind in ("quotient", "derivative") and len(node.parts) == 1 and node.parts[0].kind == "name":
            name = node.parts[0].value.full
            if (name in calls or name in r.scope.maps) and name not in r.variables and node.value[0]:
                _quotient(r, node, calls)


def _as_function(r: Names, node: Node) -> None:
    name: Name = node.value
    sub, scope = name.sub or "", r.scope
    known = {*scope.variables, *scope.definitions, *scope.beside}
    entry = name.base in r.by and not r.used.isdisjoint((name.base, name.full))
    if name.full in r.by or entry or not known.isdisjoint((name.full, name.base)):
        return  # \Sigma of LaTeX is known to be a letter, and used nowhere
    if sub in r.used:
        r.note(f"{clip(name.full)} is a name of its own, no function of {sub}")
        return
    r.note(f"{clip(name.full)} is read as {name.base}({sub}), a function of {sub}")
    r.undefined.add(name.base)
    node.kind, node.value = "call", Partial(name.base)
    node.parts = [Node("name", node.start, node.end, (), Name(sub))]


def _quotient(r: Names, node: Node, calls: dict[str, list[Node]]) -> None:
    """Read ∂f/∂g as a partial derivative of f by the argument that is g(...), dA/dt as a derivative of A(t)."""
    body = node.parts[0]
    function = body.value.full
    by = [name.full for name in derived_by(node)]
    found = {_said(r, c): c for c in calls.get(function, ()) if not any(c.value.counts)}
    if len(found) > 1:
        fitting = {said: c for said, c in found.items() if any([_head(part) in by for part in c.parts])}
        found = fitting if len(fitting) == 1 else found
    if len(found) > 1:
        said = f"{function} of what? It stands with several arguments"
        hint = f"write the arguments: d/d{by[0]} {next(iter(found))}"
        raise mistake_at("E-AMBIG", said, body, " or ".join(list(found)[:2]), hint)
    if found:
        [of] = found.values()
    else:
        names = [Node("name", body.start, body.end, (), group[0][0]) for group in node.value[:1]]
        of = Node("call", body.start, body.end, names, Partial(function))
    places = [[k for k, part in enumerate(of.parts) if _head(part) == name] for name in by]
    once = all([len(place) == 1 for place in places])
    text = r.text[node.start : node.end]
    curly = text[:1] == "∂" or text[:2] == "pd" or "\\partial" in text  # by an argument, whatever the others depend on
    if any([name in calls for name in by]) or (once and len(of.parts) > 1 and curly):
        if not once:
            hint = f"write d/dx {_said(r, of)}, by a variable"
            raise mistake_at("E-NAME", f"{by[0]} is no argument of {function}", node, "by what?", hint)
        counts = [0] * len(of.parts)
        for [place] in places:
            counts[place] += 1
        node.kind, node.value, node.parts = "call", Partial(function, tuple(counts), of.value.behind), of.parts
    else:
        node.kind = "derivative"
        node.parts = [of]


def _said(r: Names, node: Node) -> str:
    return " ".join(r.text[node.start : node.end].split())


def _head(part: Node) -> str:
    """Return the name of an argument, or of the function that it is the value of."""
    derived = type(part.value) is Partial and any(part.value.counts)
    return str(part.value.full) if part.kind == "name" or (part.kind == "call" and not derived) else ""
