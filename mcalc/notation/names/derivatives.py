"""Derivatives in a chain: d/dx, ∂²/∂x∂y, dy/dx, d(w + x)/dw, ∇_w, hess_w, ∂₁f(x, y).

A derivative's value is a list of steps, innermost last, each a list of (name, start, end); an empty list stands for all
variables, as in ``∇f``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.notation.names import differentials, refused, undefined
from mcalc.notation.names.below_the_line import (
    CURLY,
    ENTRY,
    ORDERS,
    below_line,
    by_formula,
    first_word,
    fits_below,
    is_twice,
    names_in,
    numbered,
    variable_of,
    without_letters,
)
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import Found, descend, name_of, power_of, rewrap
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Steps, Token, walk_syntax
from mcalc.notation.surface.words import GRADIENTS, is_function, plain_name
from mcalc.operators.leaves import SYMBOL, variables_in

_OF = frozenset(("run", "applied", "bracket", "block", "number", "norm", "bars", "primed", "angle", "ranged"))


def begin(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read a derivative that begins at a place of a chain with this run of letters; None where there is none."""
    word: str = run.value[0]
    if word[0] == "d" and run.value[1] and name_of(run).full in r.known:
        return None
    if word in CURLY or word[0] == "d":
        found = undefined.partial_of(r, parts, place) or _derivative(r, parts, ops, place, run)
        if found is not None:
            return differentials.behind(r, found, parts, ops)
        _refuse_order(r, parts, ops, place, run)
        _refuse_boxed(r, parts, ops, place, run)
        if word == "∂":
            raise refused.no_derivative(run)
        _refuse_power_above(r, parts, ops, place, run)
        if word == "d" and word not in r.known and (found := differentials.begin(r, parts, ops, place, run)):
            return found
    elif word == "∇" or word in GRADIENTS:
        return _gradient(r, parts, ops, place, run)
    return None


def _refuse_order(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> None:
    """Refuse ``d^n/dx^n``: how often is differentiated must be a number."""
    sign = parts[place]
    raised = run.value[0] in ("d", "∂") and sign.kind == "power" and power_of(sign)[1] is None
    line = raised and place < len(ops) and ops[place].value == "/"
    if line and fits_below(r, parts[place + 1], curly=run.value[0] == "∂"):
        said = "the order of a derivative is a number"
        raise mistake_at("E-UNSUPPORTED", said, (run, parts[place + 1]), "how often?", "write d^2/dx^2")


def _refuse_boxed(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> None:
    """Refuse what stands below the line of a fraction of LaTeX, and is more than one variable: d/d(log x)."""
    line = next((k for k in range(place, len(ops)) if ops[k].value == "/"), None)
    box = parts[line + 1] if line is not None else run
    if box.value != "{":
        return
    sign = box.parts[0]
    while sign.kind in ("product", "applied"):
        sign = sign.parts[0]
    if sign.value == (run.value[0], []):
        raise by_formula(r, run, sign.end, box.parts[0].end)


def _refuse_power_above(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> None:
    """Refuse ``d x^2/dx`` and ``dx^2/dx``, which are no quotients of differentials to their writer."""
    line = place + (run.value[0] == "d")
    if line >= len(ops) or ops[line].value != "/" or (line > place and ops[place].text):
        return
    raised = parts[line].kind == "power" and descend(parts[line])[1].kind == "run"
    if raised and fits_below(r, parts[line + 1], curly=False):
        at, hint = (run, parts[line + 1]), "write d/dx (...), or d(...)/dx"
        raise mistake_at("E-SYNTAX", "a power above a d", at, "no derivative, and no quotient", hint)


def of_call(start: int, end: int, parts: Sequence[Node]) -> Node:
    """Return the derivative that diff(E, x), diff(E, x, 2) and diff(E, x, y) are, by each name in turn."""
    steps: Steps = []
    for before, part in pairwise(parts):
        by = variable_of(part)
        if by is not None:
            steps.append([by])
        elif steps and variable_of(before) and type(part.value) is int and 1 <= part.value <= 100:
            steps += steps[-1:] * (part.value - 1)
        else:
            steps = []
            break
    if not steps:
        hint = "write diff(x^2, x) or diff(x^2, x, 2)"
        raise mistake_at("E-SYNTAX", "diff takes an expression and variables", (start, end), "", hint)
    return Node("quotient", start, end, (parts[0],), steps[::-1])


def _derivative(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read d/dx, ∂²/∂x², dy/dx, d(w+x)/dw."""
    head, order = power_of(parts[place])
    word: str = run.value[0]
    curly = word in CURLY
    alone = curly or word == "d"
    body: Node | None = None
    line = place
    entry = _entry_above(r, parts, ops, place, run)
    if entry is not None:
        body = entry
    elif head.kind == "applied":
        if not alone and (order is not None or is_function(word)):
            return None
        body = head.parts[1]
        if not alone:
            body = Node("applied", head.start + 1, head.end, [without_letters(run), body], head.value)
    elif head is not run or (run.value[1] and alone):
        return None
    elif not alone:
        body = without_letters(run) if order is None and len(word) > 1 else None
        if body is None:
            return None
    elif order is None and (far := _far_line(r, parts, ops, place, curly=curly)):
        # ∂ xᵀ A x/∂x, d sin x/dx
        line = far
        above, signs = parts[place + 1 : line + 1], ops[place + 1 : line]
        body = above[0] if not signs else Node("product", above[0].start, above[-1].end, above, signs)
    elif place < len(ops) and not ops[place].text:
        line = place + 1
        body = parts[line]
        spine, leaf = descend(body)
        barred = leaf.kind in ("bars", "norm") and all([n.kind in ("power", "subscript") for n in spine])
        if not barred and (leaf.kind not in ("run", "applied", "bracket") or any([n.kind not in ENTRY for n in spine])):
            return None
    if line >= len(ops) or ops[line].value != "/" or not fits_below(r, parts[line + 1], curly=curly):
        return None
    if body is not None and not alone and first_word(parts[line + 1]) in r.variables:
        return None
    steps, after, total = below_line(r, parts, ops, line + 1, order or 0)
    if not steps:
        bare = body is None if alone else body is not None and body.kind == "run" and word[1:] not in r.known
        _refuse_formula(r, parts[place], parts[line + 1], alone=bare)
        return None
    start = parts[place].start
    end = max([v[2] for group in steps for v in group] + [parts[after - 1].end if after > line + 1 else start])
    if order is not None and order != total:
        said = f"a derivative of order {order} above the line and {total} below it"
        raise mistake_at("E-SYNTAX", said, (start, end), "the orders differ", "write d^2/dx^2 or ∂²/∂x∂y")
    for name, at, stop in [variable for group in steps for variable in group]:
        if name.base[:1].isdigit():
            raise mistake_at("E-SYNTAX", f"{name.full} is no variable", (at, stop), "not a name", "write d/dx, d/dx_3")
    before, signs = ([], []) if order is not None else _by_square(r, steps, (start, end))
    if body is None:
        return before, signs, after, Node("derivative", start, end, (), steps)
    own = Node("name", start, end, (), name_of(body)) if body.kind == "run" else r.single(body)
    made = Node("quotient" if body.kind == "run" else "derivative", start, end, (own,), steps)
    return [*before, made], signs, after, None


def _by_square(r: Names, steps: Steps, at: tuple[int, int]) -> tuple[list[Node], list[Token]]:
    """Return 1/(2 σ) before what is differentiated by σ, and the sign between them, where ∂ℓ/∂σ² is by σ².

    No order stands above the line, so none is meant below it: of σ the square is a variance. Of another name it may be
    a second derivative all the same, which is refused with both readings.
    """
    below = [variable for group in steps for variable in group]
    if len(steps) != 2 or len(below) != 2 or below[0] != below[1]:  # ∂∂f/∂x∂x has them at two places
        return [], []
    names = [name for name, _, _ in below]
    full = names[0].full
    text = r.text[slice(*at)].rstrip()
    if names[0].base != "σ" and not text.endswith(")"):
        said = f"d/d{full}^2 has two readings"
        hint = f"write d^2/d{full}^2 for the second derivative, 1/(2 {full}) d/d{full} for that by {full}^2"
        raise mistake_at("E-AMBIG", said, at, "of the second order, or by the square?", hint)
    del steps[1:]
    r.note(f"the derivative by {full}^2 is that by {full}, over 2 {full}")
    times, over = (Token("OP", sign.strip(), *at, sign) for sign in (" ", "/"))
    twice = Node("product", *at, [Node("number", *at, (), 2), Node("name", *at, (), names[0])], [times])
    half = Node("product", *at, [Node("number", *at, (), 1), Node("group", *at, (twice,))], [over])
    return [Node("group", *at, (half,))], [times]


def _refuse_formula(r: Names, above: Node, below: Node, *, alone: bool) -> None:
    """Refuse ``d/d(2x)``: a formula is no variable, and a d above a line with one below is no factor."""
    leaf = descend(below)[1]
    if alone and leaf.kind == "applied" and leaf.parts[0].value[0] in ("d", *CURLY) and "d" not in r.variables:
        raise by_formula(r, above, leaf.parts[1].start, leaf.parts[1].end)


def lowered(r: Names, run: Node) -> Node | None:
    """Return f_x or f_xy, where f is defined and made of variables of these letters: its partial derivative."""
    word, subs = run.value
    letters = subs[-1]
    full = f"{word}_{letters}"
    if len(subs) != 1 or not letters.isalpha() or full in r.known or not {*letters} <= _made_of(r, word) - r.running:
        return None
    at = (run.start, run.end)
    order = f"^{len(letters)}" if len(letters) > 1 else ""
    r.note(f"{full} is read as ∂{order}{word}/{' '.join(['∂' + letter for letter in letters])}")
    own = Node("name", *at, (), Name(word))
    return Node("quotient", *at, (own,), [[(Name(letter), *at)] for letter in reversed(letters)])


def _made_of(r: Names, word: str) -> set[str]:
    """Return the variables that a number or a function of the user's is made of; none of another name."""
    scope = r.scope
    defined, function = scope.definitions.get(word), scope.functions.get(word)
    tree = scope.beside.get(word) or scope.inlined.get(word)
    if function is not None:
        return {*function.parameters}
    if tree is not None:
        return {node.value.full for node in walk_syntax(tree) if node.kind == "name"}
    if defined is None or defined.shape or defined.op is SYMBOL:
        return set()
    return {variable.attr[0] for variable in variables_in(defined)}


def _far_line(r: Names, parts: list[Node], ops: list[Token], place: int, *, curly: bool) -> int:
    """Return where what stands above a line ends: behind a ∂ a product or a power, behind a d a function; 0 without."""
    first = first_word(parts[place + 1]) if place + 1 < len(parts) else ""
    if not curly and (len(first) < 2 or not is_function(first) or ops[place].text):
        return 0
    line = next((k for k in range(place, len(ops)) if ops[k].value == "/"), 0)
    few = line == place + 1 and parts[line].kind not in ("power", "transpose")
    return line if line > place and not few and fits_below(r, parts[line + 1], curly=curly) else 0


def _entry_above(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Node | None:
    """Return the entry above a line, (A x)_i in ∂(A x)_i/∂x_j; None where something else stands there."""
    word: str = run.value[0]
    spine, leaf = descend(parts[place])
    if not spine or leaf.kind != "applied" or any([node.kind not in ENTRY for node in spine]):
        return None
    alone = word in CURLY or word == "d"
    below = place < len(ops) and ops[place].value == "/" and fits_below(r, parts[place + 1], curly=word in CURLY)
    if not below or (not alone and is_function(plain_name(word))):
        return None
    body = leaf.parts[1]
    if not alone:
        body = Node("applied", leaf.start + 1, leaf.end, [without_letters(run), body], leaf.value)
    return rewrap(spine, leaf, body)


def _gradient(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read ∇_w, ∇²_w, grad_w, hess_w, and ∇ alone, which means all variables."""
    word: str = run.value[0]
    spine, leaf = descend(parts[place])
    group = [numbered(r, v) for v in names_in(run)]
    power: int | None = None
    end = run.end
    twice = any(map(is_twice, run.value[1]))
    if leaf.kind == "run":
        while spine:
            outer = spine.pop()
            if outer.kind == "subscript" and not group:
                named = names_in(Node("run", outer.start, outer.end, (), ("", [outer.value])))
                group = [numbered(r, v) for v in named]
                twice = is_twice(outer.value)
            elif power_of(outer)[1] is not None and power is None:
                power = power_of(outer)[1]
            else:
                return None
            end = outer.end
        after = place + 1
        followed = after < len(parts) and not ops[place].text and descend(parts[after])[1].kind in _OF
        if word != "∇" and not group and not followed:
            return None
    else:
        parts[place] = rewrap(spine, leaf, leaf.parts[1])
        after = place
    if power == 0:
        raise mistake_at("E-SYNTAX", "a derivative of order 0", (run, end), "", ORDERS)
    order = max(GRADIENTS.get(word, 1), power or 1, 2 if twice else 1)
    if not group and after == place + 1 and after < len(parts) and not ops[place].text:
        spine, leaf = descend(parts[after])
        found = undefined.gradient(r, leaf, order, run.start) if leaf.kind == "applied" else None
        if found is not None:
            return [rewrap(spine, leaf, found)], [], after + 1, None
    if word == "∇":
        refused.refuse_open_reach(r, parts, after, run, end)
    return [], [], after, Node("derivative", run.start, end, (), [group] * order)
