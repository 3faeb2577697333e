"""Differentials: d tr(A X B), d(X⁻¹), dX, d²f, and a derivative applied to a direction: f'(X)[H], D f(X)[H].

A name behind a d that is a variable moves, and dX is the direction in which it does. All else behind a d stays a
differential until it is known, of the whole statement, which variables move: those that carry a d somewhere in it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise

from mcalc.errors import Mistake, clip
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import SPINE, Found, descend, name_of, power_of, rewrap, side_by_side
from mcalc.notation.names.undefined import is_undefined
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token, walk_trees
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import GREEK, apart, is_function, plain_name, plain_script

OPENING = frozenset("∇∂∑∏")
MAX_ORDER = 100


def begin(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read ``d f``, ``d tr(X)``, ``d ln det(X)``, ``d² f``: the differential of one operand, or of all of a sum.

    Raises `E-AMBIG` where more factors follow than one.
    """
    if r.d_is_name:
        return None
    head, order = power_of(parts[place])
    leaf = descend(parts[place])[1]
    if leaf.kind == "applied" and not run.value[1] and run.end < leaf.parts[1].start and place < len(ops):
        whole = leaf.parts[1].start, parts[place].end  # d (A X) B
        raise _unclear(r, (run.start, whole[0]), whole, parts[-1].end)
    if head is not run or run.value[1] or place >= len(ops) or ops[place].text:
        return None
    if order is not None and not 0 < order <= MAX_ORDER:
        return None
    order, start = order or 1, parts[place].start
    first = place + 1
    while first < len(ops) and _is_run(parts[first], "d") and not ops[first].text:
        order, first = order + 1, first + 1  # d d f
    last = first
    while last < len(ops) and parts[last].kind == "number" and ops[last].value in ("", " ", "/"):
        last += 1  # d 1/2 ‖x‖²
    leaf = descend(parts[last])[1]
    inner = leaf.parts[0] if leaf.kind == "applied" else leaf
    opened = Node("differential", start, parts[first - 1].end, (), order)
    is_sum = inner.kind == "run" and inner.value[0] in BIGS and (inner.value[0] not in "ΣΠ" or bool(inner.value[1]))
    if leaf.kind == "run" and (is_sum or inner.value[0][0] in OPENING):
        return [], [], first, opened
    found = r.begins(parts, ops, last, parts[last])
    if found is not None and found[3] is not None:
        return [], [], first, opened
    after = last + 1 if found is None else found[2]
    glued = ops[place].value == "" and first == place + 1 == last
    spine: list[Node] = []
    if glued and leaf.kind == "run":
        spine = _outside(r, descend(parts[last])[0], leaf)
        parts[last] = rewrap([], leaf, _within(descend(parts[last])[0], spine, leaf))
    numbers = parts[first:last]
    made = found[0] if found is not None else r.element(parts[last])[0]
    if glued and len(made) > 1 and made[0].kind == "name" and not numbers:  # dX (A + B) in LaTeX, which has no word dX
        moved = Node("differential", start, made[0].end, (made[0],), order)
        return [moved, *made[1:]], side_by_side([moved, *made[1:]]), after, None
    if len(made) > 1 or (after < len(parts) and ops[place].value != ""):
        end = parts[-1].end if after < len(parts) else made[-1].end
        raise _unclear(r, (start, parts[first].start), (made[0].start, made[0].end), end)
    body = made[0]
    if numbers:
        body = Node("product", numbers[0].start, body.end, [*numbers, body], ops[first:last])
    node = Node("differential", start, body.end, (body,), order)
    return [rewrap(spine, leaf, node) if spine else node], [], after, None


def names_d(node: Node) -> bool:
    """Say whether a node has a d in it that nothing follows, so that it is a name: ``x + d``, ``d/2``, ``d · x``.

    So is what divides a number and a space sets apart: ``1/d Σ_i x_i``.
    """
    if node.kind in ("applied", "primed", *SPINE):
        return False
    for place, part in enumerate(node.parts):
        spine, leaf = descend(part) if part.kind in SPINE else ([], part)
        if node.kind == "product" and place > 0 and node.parts[place - 1].kind == "number":
            run = leaf.parts[0] if leaf.kind == "applied" else leaf
            rest = leaf.parts[1] if leaf.kind == "applied" else next(iter(node.parts[place + 1 :]), run)
            if node.value[place - 1].value == "/" and _is_run(run, "d") and run.end < rest.start:
                return True
        if not _is_run(leaf, "d") or any([outer.kind != "power" for outer in spine]):
            continue
        sign = node.value[place] if node.kind == "product" and place < len(node.value) else None
        if sign is None or (sign.text and sign.value != "/"):
            return True
        if sign.value == "/":
            below = descend(node.parts[place + 1])[1]
            below = below.parts[0] if below.kind in ("applied", "bracket") and below.parts else below
            below = descend(below.parts[0] if below.kind == "product" else below)[1]
            if below.kind != "run" or below.value[0][:1] not in ("d", "∂"):
                return True
    return False


def _is_run(part: Node, word: str) -> bool:
    return part.kind == "run" and part.value[0] == word and not part.value[1]


def _unclear(r: Names, sign: tuple[int, int], one: tuple[int, int], end: int) -> Mistake:
    d, first, whole = [r.text[start:stop].strip() for start, stop in (sign, one, (one[0], end))]
    rest = r.text[one[1] : end].strip()
    said = f"how far does {d} reach?"
    hint = f"write {d}({whole}), or ({d} {first}) {rest}"
    return mistake_at("E-AMBIG", said, (sign[0], end), "of the first factor, or of the product?", hint)


def glued(r: Names, run: Node) -> Node | None:
    """Read ``dX``, ``dz_1``, ``dθ``: the differential of a name; None where the run is another word."""
    word, subs = run.value
    rest = word[1:]
    if word[0] != "d" or not rest or not rest[0].isalpha() or "d" in r.known or len(subs) > 1:
        return None
    if r.d_is_name:
        hint = f"write d*{rest} for a product; or give the other d another name"
        raise mistake_at("E-AMBIG", f"{clip(word)} is a differential, or d times {clip(rest)}", run, "", hint)
    numbered = apart(rest)
    known = plain_name(rest) in r.known or (plain_name(rest) in r.used and rest in GREEK)
    if len(rest) == 1 or (known and not is_function(rest)):
        name = Name(plain_name(rest), subs[0] if subs else None)
    elif numbered is not None and not subs and len(numbered[0]) == 1:
        name = Name(*numbered)
    else:
        return None
    return Node("differential", run.start, run.end, (Node("name", run.start + 1, run.end, (), name),), 1)


def is_moved(word: str, known: Container[str] | None) -> bool:
    """Say whether a word may be a d and the name that it is of: one that is `known`, or a single letter.

    >>> is_moved("dX", None), is_moved("dX", ()), is_moved("det", None)
    (True, False, False)
    """
    rest = word[1:].partition("_")[0]
    if word[0] != "d" or not rest:
        return False
    if known is not None:
        return word[1:] in known or rest in known
    return rest[0].isalpha() and (len(rest) == 1 or rest[1:].isdecimal())


def moved_names(tokens: Sequence[Token]) -> set[str]:
    """Return the names that carry a d among some tokens: X of dX, in LaTeX of d X too."""
    words = [token for token in tokens if token.type in ("WORD", "SUB")]
    found: set[str] = set()
    for place, token in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        sub = following.text if following is not None and following.type == "SUB" else ""
        if token.type == "WORD" and is_moved(token.text, None):
            found.add(plain_name(token.text[1:]))
            found.update([Name(*parts).full for parts in [apart(token.text[1:])] if parts is not None])
            found.add(Name(plain_name(token.text[1:]), plain_script(sub) if sub else None).full)
        elif token.text == "d" and following is not None and following.type == "WORD" and token.end == following.start:
            after = words[place + 2].text if place + 2 < len(words) and words[place + 2].type == "SUB" else ""
            found.add(Name(plain_name(following.text), plain_script(after) if after else None).full)
    return found


def are_moved(sides: Sequence[Sequence[Token]]) -> bool:
    """Say whether each side of an equation has a d as differentials have it, and some of them the dX of a name."""
    glued = [any([t.type == "WORD" and is_moved(t.text, None) for t in side]) for side in sides]
    before = [
        any([d.text == "d" and (t.text[:1] in "(‖|" or is_function(t.text)) for d, t in pairwise(side)])
        for side in sides
    ]
    return len(sides) > 1 and any(glued) and all([one or other for one, other in zip(glued, before, strict=True)])


def of_call(r: Names, node: Node) -> list[Node] | None:
    """Read ``d(X^-1)``, ``df(X)``, ``dX (A + B)``: a run that begins with d, and the bracket behind it."""
    run, bracket = node.parts
    word, subs = run.value
    if word[0] != "d" or subs or r.d_is_name or plain_name(word) in r.known or is_function(word):
        return None
    if "d" in r.scope.functions or "d" in r.scope.maps or len(bracket.parts) != 1 or bracket.value != "(":
        return None
    rest = word[1:]
    if not rest:
        return [Node("differential", run.start, node.end, (r.grouped(bracket),), 1)]
    if (is_function(rest) and len(rest) > 1) or rest in r.scope.functions:
        of = Node("run", run.start + 1, run.end, (), (rest, subs))
        call = r.element(Node("applied", of.start, node.end, [of, bracket]))[0]
        return [Node("differential", run.start, node.end, call, 1)]
    made = glued(r, run)
    return None if made is None else [made, r.grouped(bracket)]


def raised(r: Names, node: Node, spine: list[Node]) -> tuple[Node, list[Node]]:
    """Return what a glued dX⁻¹ is of, and the signs left around it: an inverse is inside, a power outside."""
    inner = node.parts[0]
    outside = _outside(r, spine, inner)
    if len(outside) == len(spine):
        return node, spine
    body = _within(spine, outside, inner)
    return Node("differential", node.start, body.end, (body,), node.value), outside


def _outside(r: Names, spine: list[Node], leaf: Node) -> list[Node]:
    """Return the signs behind dX that stand outside of the differential: (dx)², but d(X⁻¹)."""
    inside = 0
    for outer in reversed(spine):
        power = power_of(outer)[1] if outer.kind == "power" else 1
        said = r.text[leaf.start : leaf.end]
        if power is None or power < 0:
            r.note(f"d{said}{r.text[leaf.end : outer.end]} is read as d({r.text[leaf.start : outer.end]})")
            inside = len(spine) - spine.index(outer)
        elif power > 1:
            r.note(f"d{said}{r.text[leaf.end : outer.end]} is read as (d{said}){r.text[leaf.end : outer.end]}")
            break
    return spine[: len(spine) - inside]


def _within(spine: list[Node], outside: list[Node], made: Node) -> Node:
    return rewrap(spine[len(outside) :], spine[-1], made) if spine else made


def refuse_power(r: Names, root: Node) -> None:
    """Refuse ``dx²`` alone, which may be d(x²) or (dx)²; beside something else it is the second."""
    base = root.parts[0] if root.kind == "power" else root
    if base is root or base.kind != "differential" or base.parts[0].kind != "name" or r.text[base.end - 1] == ")":
        return
    name, power = r.text[base.parts[0].start : base.parts[0].end], r.text[base.end : root.end]
    said = f"d{name}{power} alone has two readings"
    hint = f"write d({name}{power}), or (d{name}){power}"
    raise mistake_at("E-AMBIG", said, root, "the differential of the power, or a power of the differential?", hint)


def applied_to(r: Names, leaf: Node, spine: list[Node], start: int | None = None) -> Node | None:
    """Read ``f'(X)[H]``, and ``Df(X)[H]`` where the D stands before at `start`; None where it is no such thing."""
    if not spine or spine[-1].kind != "indexed" or leaf.kind not in ("applied", "primed"):
        return None
    run, bracket = leaf.parts
    word = run.value[0]
    if leaf.kind == "primed":
        mark = bracket.value[0] if type(bracket.value) is tuple else bracket.value
        if getattr(mark, "text", mark) not in ("'", "′"):
            return None
    elif start is None:
        if word[0] != "D" or len(word) == 1 or "D" in r.known or plain_name(word) in r.known:
            return None
        start, run = run.start, Node("run", run.start + 1, run.end, (), (word[1:], run.value[1]))
    full = name_of(run).full
    direction = one_entry(spine[-1])
    if direction is None or len(bracket.parts) != 1 or not (full in r.scope.functions or is_function(full)):
        return None
    argument = r.single(bracket.parts[0])
    own = Node("bracket", bracket.start, bracket.end, bracket.parts, "(")
    body = r.element(Node("applied", run.start, leaf.end, [run, own]))[0][0]
    begin_at = leaf.start if start is None else start
    return Node("directional", begin_at, spine[-1].end, (body, argument, r.single(direction)))


def at_direction(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read ``D f(X)[H]`` with a space behind the D, and what LaTeX has in brackets of its own: ``f'(X)[H]``."""
    start, first = None, place
    if _is_run(parts[place], "D") and "D" not in r.known and place < len(ops) and not ops[place].text:
        start, first = parts[place].start, place + 1
    spine, leaf = descend(parts[first])
    after = first + 1
    if leaf.kind not in ("applied", "primed"):
        return None
    if not spine and after < len(parts) and (entry := _in_latex(r, parts[after])) and not ops[first].text:
        rows = Node("list", parts[after].start, parts[after].end, [entry])
        spine, after = [Node("indexed", leaf.start, parts[after].end, [leaf, rows])], after + 1
    elif start is None:
        return None
    made = applied_to(r, leaf, spine, start)
    if made is None and start is not None and not place:
        _refuse_operator(r, parts[first], leaf, start)
    return None if made is None else ([rewrap(spine[:-1], spine[-1], made)], [], after, None)


def _refuse_operator(r: Names, part: Node, leaf: Node, start: int) -> None:
    """Refuse ``D f(x)`` of a function that the user has or means: its derivative to some, a product to others."""
    run, bracket = leaf.parts
    name = name_of(run)
    if leaf.kind == "applied" and (name.full in r.scope.functions or is_undefined(r, name, bracket)):
        of = clip(r.text[part.start : part.end], 40)
        hint = f"write d/dx {of} for the derivative, D*{of} for the product, or declare D"
        raise mistake_at("E-AMBIG", f"D {of} has two readings", (start, start + 1), "a derivative or a factor?", hint)


def _in_latex(r: Names, part: Node) -> Node | None:
    """Return what stands in square brackets that LaTeX has as any others."""
    square = part.kind == "bracket" and len(part.parts) == 1 and r.text[part.start : part.start + 1] == "["
    return part.parts[0] if square else None


def one_entry(indexed: Node) -> Node | None:
    """Return the only entry in the brackets behind something; None where that is a place, or there are several."""
    if indexed.kind == "block":
        entries = indexed.parts if len(indexed.value) == 1 else ()
    else:
        entries = indexed.parts[1].parts if len(indexed.parts) == 2 else ()
    return entries[0] if len(entries) == 1 and entries[0].kind not in ("span", "number") else None


def behind(r: Names, found: Found, parts: list[Node], ops: list[Token]) -> Found:
    """Return a derivative with the direction that it is applied to: ``∂f/∂X [H]``, ``∂f/∂X[H]``."""
    made, between, after, opened = found
    node = made[0] if len(made) == 1 and made[0].kind in ("derivative", "quotient") else None
    if node is None or len(node.value) != 1 or len(node.value[0]) != 1:
        return found
    last = parts[after - 1]
    direction = one_entry(last) if last.kind == "indexed" else None
    if direction is None and after < len(parts) and not ops[after - 1].text:
        block = parts[after] if parts[after].kind == "block" else None
        direction = one_entry(block) if block is not None else _in_latex(r, parts[after])
        after += 1
    if direction is None:
        return found
    name, start, end = node.value[0][0]
    by = Node("name", start, end, (), name)
    whole = Node("directional", node.start, parts[after - 1].end, (node.parts[0], by, r.single(direction)))
    return [whole], between, after, opened


def frobenius(spine: list[Node], leaf: Node) -> list[Node]:
    """Return the signs around ⟨A, B⟩_F and ⟨x, y⟩_2 without what says which it is."""
    if leaf.kind == "angle" and spine and spine[-1].kind == "subscript" and spine[-1].value.strip("{}") in ("F", "2"):
        return spine[:-1]
    return spine


def moved_in(trees: Sequence[Node]) -> list[Name]:
    """Return the names that carry a d in some trees."""
    nodes = [node for node in walk_trees(trees) if node.kind == "differential"]
    return [node.parts[0].value for node in nodes if node.parts[0].kind == "name"]
