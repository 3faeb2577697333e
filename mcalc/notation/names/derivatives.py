"""Derivatives in a chain: d/dx, ∂²/∂x∂y, dy/dx, d(w + x)/dw, ∇_w, hess_w, ∂₁f(x, y).

A derivative's value is a list of steps, innermost last, each a list of (name, start, end); an empty list stands for all
variables, as in ``∇f``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.errors import Mistake, clip
from mcalc.notation.names import differentials, refused, undefined
from mcalc.notation.names.running import small_tree
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import Found, descend, juxtaposed, name_of, power_of, rewrap
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Steps, Token, Variable, walk_syntax
from mcalc.notation.surface.words import GRADIENTS, apart, is_function, plain_name, plain_script
from mcalc.operators.leaves import SYMBOL, variables_in

ORDERS = "the order is 1 or more: d^2/dx^2"
MAX_ORDER = 1000
CURLY = frozenset(("∂", "pd"))
ENTRY = frozenset(("subscript", "indexed"))
"""What takes an entry of what stands before it."""
ROOTS = frozenset(("negative", "bracket", "group", "script", "name", "run", "number"))
"""Exponents below a line that are no order: ∂/∂X^-1, ∂/∂X^(1/2)."""
_OF = frozenset(("run", "applied", "bracket", "block", "number", "norm", "bars", "primed", "angle", "ranged"))


def begin(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read a derivative that begins at a place of a chain with this run of letters; None where there is none."""
    word: str = run.value[0]
    if word[0] == "d" and run.value[1] and name_of(run).full in r.known:
        return None
    if word in CURLY or word[0] == "d":
        found = undefined.partial_of(r, parts, ops, place) or _derivative(r, parts, ops, place, run)
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
    raised = run.value[0] in ("d", "∂") and sign.kind in ("power", "superscript") and power_of(sign)[1] is None
    line = raised and place < len(ops) and ops[place].value == "/"
    if line and _fits_below(r, parts[place + 1], curly=run.value[0] == "∂"):
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
        raise _by_formula(r, run, sign.end, box.parts[0].end)


def _by_formula(r: Names, sign: Node, start: int, end: int) -> Mistake:
    """Return the mistake of a derivative by what is no variable: log x, w · x, Σ⁻¹."""
    said = clip(r.text[start:end].strip())
    hint = "call it u, and differentiate by u"
    return mistake_at("E-UNSUPPORTED", f"a derivative by {said} is not read", (sign, end), "no variable", hint)


def _refuse_power_above(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> None:
    """Refuse ``d x^2/dx`` and ``dx^2/dx``, which are no quotients of differentials to their writer."""
    line = place + (run.value[0] == "d")
    if line >= len(ops) or ops[line].value != "/" or (line > place and ops[place].text):
        return
    raised = parts[line].kind in ("power", "superscript") and descend(parts[line])[1].kind == "run"
    if raised and _fits_below(r, parts[line + 1], curly=False):
        at, hint = (run, parts[line + 1]), "write d/dx (...), or d(...)/dx"
        raise mistake_at("E-SYNTAX", "a power above a d", at, "no derivative, and no quotient", hint)


def names_in(run: Node) -> list[Variable]:
    """Return the variables of a subscript such as ``_w`` or ``_{w, b}``."""
    found: list[Variable] = []
    for part in ",".join(run.value[1]).split(","):
        base, _, sub = part.partition("_")
        if base:
            found.append((Name(plain_name(base), plain_script("_" + sub) if sub else None), run.start, run.end))
    return found


def numbered(r: Names, variable: Variable) -> Variable:
    """Return the variable that ``dL/dW1`` names: W_1, as everywhere, but where W1 itself is a name."""
    name, start, end = variable
    found = apart(name.base) if name.sub is None and name.full not in r.known else None
    if found is None or any([name.base in function.parameters for function in r.scope.functions.values()]):
        return variable
    return Name(*found), start, end


def variables_below(r: Names, chain: Node, place: int) -> list[Variable]:
    """Return the variables of a derivative whose line stands before a place of a chain, before anything is known."""
    part = chain.parts[place]
    if part.kind == "bracket":
        if len(part.parts) != 1 or not may_stand_below(part.parts[0]):
            return []
        inner = part.parts[0]
        chain, place = (inner, 0) if inner.kind == "product" else (Node("product", 0, 0, [inner], []), 0)
    order = MAX_ORDER if part.kind == "bracket" else 0
    steps = _below(r, chain.parts, chain.value, place, order, trial=True)[0]
    return [variable for group in steps for variable in group]


def begins_with_d(part: Node) -> bool:
    """Say whether a part of a chain may be what stands above the line of a derivative: d, dy, ∂², d(x y)."""
    leaf = descend(part)[1]
    run = leaf.parts[0] if leaf.kind == "applied" else leaf
    return run.kind == "run" and (run.value[0] in CURLY or run.value[0][:1] in ("d", "∂"))


def may_stand_below(node: Node) -> bool:
    """Say whether what stands in brackets may be the ∂x ∂y below the line of a derivative."""
    parts = node.parts if node.kind == "product" else (node,)
    first = power_of(parts[0])[0]
    sign = first.parts[0] if first.kind == "applied" else first  # ∂(x, y)
    if sign.kind != "run" or not (sign.value[0] in CURLY or sign.value[0][0] == "d"):
        return False
    if node.kind == "product" and any([op.text for op in node.value]):
        return False
    return all([part is first or descend(part)[1].kind == "run" for part in parts])


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


def _without_letters(run: Node, letters: int = 1) -> Node:
    return Node("run", run.start + letters, run.end, (), (run.value[0][letters:], run.value[1]))


def variable_of(node: Node) -> Variable | None:
    """Return the variable that a name is, or a run of letters; None of anything else."""
    if node.kind == "name":
        return node.value, node.start, node.end
    return (name_of(node), node.start, node.end) if node.kind == "run" and node.value[0] else None


def _entry(spine: Sequence[Node], leaf: Node) -> Variable | None:
    """Return the entry of a variable that brackets with numbers say: the x_2 of ∂f/∂x[2]."""
    rows = spine[0].parts[1:] if len(spine) == 1 and spine[0].kind == "indexed" and leaf.kind == "run" else ()
    if len(rows) != 1 or any([part.kind != "number" for part in rows[0].parts]):
        return None
    return Name(name_of(leaf).full, ",".join([str(part.value) for part in rows[0].parts])), leaf.start, spine[0].end


def _squared(bracket: Node) -> list[Variable | None]:
    """Return the variable in ∂ℓ/∂(σ²); nothing where something else stands in the brackets."""
    head, power = power_of(bracket.parts[0]) if len(bracket.parts) == 1 else (bracket, None)
    return [variable_of(head)] if power == 2 and head.kind in ("run", "name") else []


def _in_brackets(spine: Sequence[Node], bracket: Node, order: int) -> list[Variable | None]:
    """Return the variables in brackets below a line, or the entry that a subscript behind them says: ∂f/∂(x_p)_j."""
    inner = ([] if order else _squared(bracket)) or [variable_of(part) for part in bracket.parts]
    below = [node for node in spine if node.kind in ENTRY]
    if not below:
        return inner
    whole = inner[0] if len(inner) == 1 else None
    if whole is None or len(below) > 1 or below[0].kind != "subscript":
        return [None]
    return [(Name(whole[0].full, below[0].value.strip("{}")), bracket.start, below[0].end)]


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
            body = Node("applied", head.start + 1, head.end, [_without_letters(run), body], head.value)
    elif head is not run or (run.value[1] and alone):
        return None
    elif not alone:
        body = _without_letters(run) if order is None and len(word) > 1 else None
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
        barred = leaf.kind in ("bars", "norm") and all([n.kind in ("power", "superscript", "subscript") for n in spine])
        if not barred and (leaf.kind not in ("run", "applied", "bracket") or any([n.kind not in ENTRY for n in spine])):
            return None
    if line >= len(ops) or ops[line].value != "/" or not _fits_below(r, parts[line + 1], curly=curly):
        return None
    if body is not None and not alone and _first_word(parts[line + 1]) in r.variables:
        return None
    steps, after, total = _below_line(r, parts, ops, line + 1, order or 0)
    if not steps:
        _refuse_formula(r, parts[place], parts[line + 1], alone=alone and body is None)
        return None
    start = parts[place].start
    end = max([v[2] for group in steps for v in group] + [parts[after - 1].end if after > line + 1 else start])
    if order is not None and order != total:
        said = f"a derivative of order {order} above the line and {total} below it"
        hint = "write d^2/dx^2 or ∂²/∂x∂y"
        raise mistake_at("E-SYNTAX", said, (start, end), "the orders differ", hint)
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
    names = [name for group in steps for name, _, _ in group]
    if len(steps) != 2 or len(names) != 2 or names[0].full != names[1].full:
        return [], []
    full = names[0].full
    text = r.text[slice(*at)].rstrip()
    if text.count(full.partition("_")[0]) > 1 and names[0].base != "σ":
        return [], []  # ∂∂f/∂x∂x
    if names[0].base != "σ" and not text.endswith(")"):
        said = f"d/d{full}^2 has two readings"
        hint = f"write d^2/d{full}^2 for the second derivative, 1/(2 {full}) d/d{full} for that by {full}^2"
        raise mistake_at("E-AMBIG", said, at, "of the second order, or by the square?", hint)
    del steps[1:]
    r.note(f"the derivative by {full}^2 is that by {full}, over 2 {full}")
    times, over = (Token("OP", sign.strip(), *at, sign) for sign in (" ", "/"))
    below = Node("product", *at, [Node("number", *at, (), 2), Node("name", *at, (), names[0])], [times])
    half = Node("product", *at, [Node("number", *at, (), 1), Node("group", *at, (below,))], [over])
    return [Node("group", *at, (half,))], [times]


def _refuse_formula(r: Names, above: Node, below: Node, *, alone: bool) -> None:
    """Refuse ``d/d(2x)``: a formula is no variable, and a d above a line with one below is no factor."""
    leaf = descend(below)[1]
    if alone and leaf.kind == "applied" and leaf.parts[0].value[0] in ("d", *CURLY) and "d" not in r.variables:
        raise _by_formula(r, above, leaf.parts[1].start, leaf.parts[1].end)


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
    first = _first_word(parts[place + 1]) if place + 1 < len(parts) else ""
    if not curly and (len(first) < 2 or not is_function(first) or ops[place].text):
        return 0
    line = next((k for k in range(place, len(ops)) if ops[k].value == "/"), 0)
    few = line == place + 1 and parts[line].kind not in ("power", "superscript", "transpose")
    return line if line > place and not few and _fits_below(r, parts[line + 1], curly=curly) else 0


def _entry_above(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Node | None:
    """Return the entry above a line, (A x)_i in ∂(A x)_i/∂x_j; None where something else stands there."""
    word: str = run.value[0]
    spine, leaf = descend(parts[place])
    if not spine or leaf.kind != "applied" or any([node.kind not in ENTRY for node in spine]):
        return None
    alone = word in CURLY or word == "d"
    below = place < len(ops) and ops[place].value == "/" and _fits_below(r, parts[place + 1], curly=word in CURLY)
    if not below or (not alone and is_function(plain_name(word))):
        return None
    body = leaf.parts[1]
    if not alone:
        body = Node("applied", leaf.start + 1, leaf.end, [_without_letters(run), body], leaf.value)
    return rewrap(spine, leaf, body)


def _first_word(node: Node) -> str:
    leaf = descend(node)[1]
    leaf = leaf.parts[0] if leaf.kind == "applied" else leaf
    return plain_name(leaf.value[0]) if leaf.kind == "run" else ""


def _fits_below(r: Names, node: Node, *, curly: bool) -> bool:
    """Say whether the sign below the line fits the one above it."""
    if node.kind == "bracket" and "d" not in r.variables:
        if len(node.parts) != 1 or not may_stand_below(node.parts[0]):
            return False
        node = node.parts[0].parts[0] if node.parts[0].kind == "product" else node.parts[0]
    leaf = descend(node)[1]
    called = leaf.kind == "applied"
    leaf = leaf.parts[0] if called else leaf
    if leaf.kind != "run":
        return False
    word: str = leaf.value[0]
    if word == "∂":
        return True
    if called and len(word) > 1 and is_function(word):
        return False
    if curly:
        return word[:2] == "pd"
    return word[0] == "d" and (word == "d" or plain_name(word) not in r.variables)


def _below_line(r: Names, parts: list[Node], ops: list[Token], place: int, order: int) -> tuple[Steps, int, int]:
    """Return what stands below the line, also in brackets: ∂²/(∂x ∂y), d^2/(dx dy)."""
    part = parts[place]
    if part.kind != "bracket":
        return _below(r, parts, ops, place, order)
    inner = part.parts[0]
    own, signs = (list(inner.parts), list(inner.value)) if inner.kind == "product" else ([inner], [])
    steps, after, total = _below(r, own, signs, 0, order or MAX_ORDER)
    return (steps, place + 1, total) if after == len(own) else ([], place, 0)


def _below(
    r: Names, parts: Sequence[Node], ops: list[Token], place: int, order: int, *, trial: bool = False
) -> tuple[Steps, int, int]:
    """Return the steps that stand below a line, from a place on, the place after them, and their order.

    A bracket that is glued to the last variable is not below the line: it takes that place in the chain.
    """
    steps: Steps = []
    total = 0
    while place < len(parts):
        if steps and ops[place - 1].text:
            break
        spine, leaf = _unboxed(parts, place)
        called = leaf.kind == "applied"
        run = leaf.parts[0] if called else leaf
        if run.kind != "run":
            break
        word: str = run.value[0]
        after = place + 1
        rest: Node | None = None
        times: int | None = None
        if word in CURLY or word == "d":
            if steps and (word == "d" or run.value[1] or total >= MAX_ORDER):  # ∂₁h is no ∂x
                break
            if called:
                group = _in_brackets(spine, leaf.parts[1], order)
                times = power_of(parts[place])[1] or 1 + len(_squared(leaf.parts[1]))
            elif after < len(parts) and not ops[place].text and not spine:
                spine, leaf = _unboxed(parts, after, "")
                times = power_of(parts[after])[1] if leaf.kind != "applied" else None
                group, rest = _behind_sign(r, spine, leaf)
                after += 1
            else:
                break
        elif word[0] == "d" or (word[:2] == "pd" and len(word) > 2):
            if (called and is_function(word)) or (steps and (plain_name(word) in r.variables or order <= total)):
                break
            group = [variable_of(_without_letters(run, 1 if word[0] == "d" else 2))]
            times = power_of(parts[place])[1]
            if called:
                rest, times = leaf, None
        else:
            break
        beside = after < len(parts) and not ops[after - 1].text
        applied_to = rest or (parts[after] if beside else None)
        if not group or None in group or (applied_to and _is_value(r, group[0], run, applied_to, trial=trial)):
            break
        power = parts[after - 1]
        raised = rest is None and power.kind in ("power", "superscript") and power_of(power)[1] is None
        if raised and power.parts[1].kind in ROOTS:
            raise _by_formula(r, run, min([v[1] for v in group if v is not None]), power.end)
        if steps and after <= len(ops) and ops[after - 1].value == "/":
            # ∂u₂/∂u₁ ∂u₁/∂x: the second sign begins a derivative of its own
            break
        times = _order_within_limits(times, run, parts[after - 1].end)
        steps.extend([[numbered(r, v) for v in group if v is not None]] * times)
        total += times
        place = after
        if rest is not None:
            place -= 1
            if not trial:
                _put_rest(parts, ops, place, rewrap(spine, leaf, leaf.parts[1]))
            break
        if word[0] == "d" and not _goes_on(parts, place):
            break
    return steps, place, total


def _unboxed(parts: Sequence[Node], place: int, sign: str = "d") -> tuple[list[Node], Node]:
    """Descend into a part of a chain; the ``dx[x^2]`` of ``d/dx[x^2]``, with no index in it, is made ``dx(x^2)``."""
    spine, leaf = descend(parts[place])
    boxed = spine[-1] if spine else leaf
    if leaf.kind != "run" or not leaf.value[0].startswith(sign) or boxed.kind != "indexed" or len(boxed.parts) != 2:
        return spine, leaf
    entries = boxed.parts[1].parts
    if len(entries) != 1 or small_tree(entries[0]) is not None:
        return spine, leaf
    assert isinstance(parts, list)
    bracket = Node("bracket", boxed.value, boxed.end, entries, "(")
    parts[place] = rewrap(spine[:-1], boxed, Node("applied", leaf.start, boxed.end, [leaf, bracket]))
    return descend(parts[place])


def _is_value(r: Names, by: Variable | None, sign: Node, called: Node, *, trial: bool) -> bool:
    """Say whether a variable is the value of a function, as in ∂f/∂vec(X); that is refused, but on trial."""
    name, start = (by[0].full, by[1]) if by is not None else ("", 0)
    if len(name) < 2 or not is_function(name) or name in r.known:
        return False
    if not trial:
        refusal = _by_formula(r, sign, start, called.end)
        of = r.text[start : called.end]
        refusal.hint += f"; by one number x it is (d/dx ...)/(d/dx {clip(of)})"
        if name == "vec":
            refusal.hint = "write ∂vec(F)/∂X; check takes the matrix between the vecs for it"
        raise refusal
    return True


def _put_rest(parts: Sequence[Node], ops: list[Token], place: int, rest: Node) -> None:
    """Put what is glued to a variable below a line into the chain, at its place."""
    assert isinstance(parts, list)
    parts[place] = rest
    if place:
        ops[place - 1] = juxtaposed(rest, rest)


def _behind_sign(r: Names, spine: list[Node], leaf: Node) -> tuple[list[Variable | None], Node | None]:
    """Return the variables behind a ∂ that stands apart, and what is glued to the last of them."""
    if leaf.kind == "bracket":
        return _in_brackets(spine, leaf, 1), None
    if leaf.kind == "applied":
        return [variable_of(leaf.parts[0])], leaf
    if leaf.kind == "number":
        return [(Name(r.text[leaf.start : leaf.end]), leaf.start, leaf.end)], None
    return [_entry(spine, leaf) or variable_of(leaf)], None


def _order_within_limits(times: int | None, run: Node, end: int) -> int:
    """Return how often is differentiated by a variable, once where nothing is said; refuse 0, and too often."""
    if times is not None and times < 1:
        raise mistake_at("E-SYNTAX", "a derivative of order 0", (run, end), "", ORDERS)
    if times is not None and times > MAX_ORDER:
        raise mistake_at("E-LIMIT", f"a derivative of order {times}", run, "too high")
    return 1 if times is None else times


def _goes_on(parts: Sequence[Node], place: int) -> bool:
    """Say whether a further dy may follow dx: where it begins with d."""
    if place >= len(parts):
        return False
    leaf = descend(parts[place])[1]
    leaf = leaf.parts[0] if leaf.kind == "applied" else leaf
    return leaf.kind == "run" and leaf.value[0][:1] == "d"


def _gradient(r: Names, parts: list[Node], ops: list[Token], place: int, run: Node) -> Found | None:
    """Read ∇_w, ∇²_w, grad_w, hess_w, and ∇ alone, which means all variables."""
    word: str = run.value[0]
    spine, leaf = descend(parts[place])
    group = [numbered(r, v) for v in names_in(run)]
    power: int | None = None
    end = run.end
    if leaf.kind == "run":
        while spine:
            outer = spine.pop()
            if outer.kind == "subscript" and not group:
                named = names_in(Node("run", outer.start, outer.end, (), ("", [outer.value])))
                group = [numbered(r, v) for v in named]
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
    order = max(GRADIENTS.get(word, 1), power or 1)
    if not group and after == place + 1 and after < len(parts) and not ops[place].text:
        spine, leaf = descend(parts[after])
        found = undefined.gradient(r, leaf, order, run.start) if leaf.kind == "applied" else None
        if found is not None:
            return [rewrap(spine, leaf, found)], [], after + 1, None
    if word == "∇":
        refused.refuse_open_reach(r, parts, after, run, end)
    return [], [], after, Node("derivative", run.start, end, (), [group] * order)
