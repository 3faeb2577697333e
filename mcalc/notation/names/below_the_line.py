"""What stands below the line of a derivative: the x of d/dx, the x and y of ∂²/(∂x ∂y), the entry of ∂f/∂x_j.

The variables of a derivative are a list of steps, innermost last, each a list of (name, start, end).
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake, clip
from mcalc.notation.names.running import small_tree
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import descend, first_of, juxtaposed, name_of, power_of, rewrap
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Steps, Token, Variable
from mcalc.notation.surface.words import apart, is_function, plain_name, plain_script

ORDERS = "the order is 1 or more: d^2/dx^2"
MAX_ORDER = 1000
CURLY = frozenset(("∂", "pd"))
ENTRY = frozenset(("subscript", "indexed"))
"""What takes an entry of what stands before it."""
ROOTS = frozenset(("negative", "bracket", "group", "script", "name", "run", "number"))
"""Exponents below a line that are no order: ∂/∂X^-1, ∂/∂X^(1/2)."""


def names_in(run: Node) -> list[Variable]:
    """Return the variables of a subscript such as ``_w`` or ``_{w, b}``; that of ``_{xx}`` is x."""
    found: list[Variable] = []
    for part in ",".join(run.value[1]).split(","):
        base, _, sub = part.partition("_")
        base = base[0] if is_twice(part) else base
        if base:
            found.append((Name(plain_name(base), plain_script("_" + sub) if sub else None), run.start, run.end))
    return found


def is_twice(below: str) -> bool:
    """Say whether what stands below ∇ is one letter twice, as in ∇²_{xx} and ∇_{xx}: these are of the second order."""
    return len(below) == 2 and below[0] == below[1] and below.isalpha()


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
    run = first_of(part)
    return run.kind == "run" and (run.value[0] in CURLY or run.value[0][:1] in ("d", "∂"))


def may_stand_below(node: Node) -> bool:
    """Say whether what stands in brackets may be the ∂x ∂y below the line of a derivative."""
    parts = node.parts if node.kind == "product" else (node,)
    first = power_of(parts[0])[0]
    sign = first.parts[0] if first.kind == "applied" else first  # ∂(x, y)
    if first.kind == "applied" and any([descend(part)[1].kind == "applied" for part in first.parts[1].parts]):
        return False
    if sign.kind != "run" or not (sign.value[0] in CURLY or sign.value[0][0] == "d"):
        return False
    if node.kind == "product" and any([op.text for op in node.value]):
        return False
    return all([part is first or descend(part)[1].kind == "run" for part in parts])


def variable_of(node: Node) -> Variable | None:
    """Return the variable that a name is, or a run of letters; None of anything else."""
    if node.kind == "name":
        return node.value, node.start, node.end
    return (name_of(node), node.start, node.end) if node.kind == "run" and node.value[0] else None


def without_letters(run: Node, letters: int = 1) -> Node:
    """Return a run without its first letters: y of dy."""
    return Node("run", run.start + letters, run.end, (), (run.value[0][letters:], run.value[1]))


def first_word(node: Node) -> str:
    """Return the name that a part of a chain begins with; an empty text where it begins with none."""
    run = first_of(node)
    return plain_name(run.value[0]) if run.kind == "run" else ""


def by_formula(r: Names, sign: Node, start: int, end: int) -> Mistake:
    """Return the mistake of a derivative by what is no variable: log x, w · x, Σ⁻¹."""
    said = clip(r.text[start:end].strip())
    hint = "call it u, and differentiate by u"
    return mistake_at("E-UNSUPPORTED", f"a derivative by {said} is not read", (sign, end), "no variable", hint)


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


def fits_below(r: Names, node: Node, *, curly: bool) -> bool:
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


def below_line(r: Names, parts: list[Node], ops: list[Token], place: int, order: int) -> tuple[Steps, int, int]:
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
    while place < len(parts) and not (steps and ops[place - 1].text):
        begun = _variables_below(r, parts, ops, place, order, (len(steps), total))
        if begun is None:
            break
        word, group, rest, times, after = begun
        beside = after < len(parts) and not ops[after - 1].text
        applied_to = rest[1] if rest is not None else parts[after] if beside else None
        if None in group or (applied_to and _is_value(r, group[0], parts[place], applied_to, trial=trial)):
            break
        power = parts[after - 1]
        if rest is None and power.kind == "transpose" and beside and _goes_with(power, parts[after]):
            raise by_formula(r, parts[place], power.start, parts[after].end)  # ∂/∂wᵀx
        raised = rest is None and power.kind == "power" and power_of(power)[1] is None
        if raised and power.parts[1].kind in ROOTS:
            raise by_formula(r, parts[place], min([v[1] for v in group if v is not None]), power.end)
        if steps and after <= len(ops) and ops[after - 1].value == "/":
            # ∂u₂/∂u₁ ∂u₁/∂x: the second sign begins a derivative of its own
            break
        times = _order_within_limits(times, parts[place], parts[after - 1].end)
        steps.extend([[numbered(r, v) for v in group if v is not None]] * times)
        total += times
        place = after
        if rest is not None:
            place -= 1
            if not trial:
                _put_rest(parts, ops, place, rewrap(*rest, rest[1].parts[1]))
            break
        if word[0] == "d" and not _goes_on(parts, place):
            break
    return steps, place, total


def _variables_below(
    r: Names, parts: Sequence[Node], ops: list[Token], place: int, order: int, before: tuple[int, int]
) -> tuple[str, list[Variable | None], tuple[list[Node], Node] | None, int | None, int] | None:
    """Return the variables that one sign at a place below a line has, with its word; None where none stands there.

    Beside them stand the signs around what is glued to the last of them, with that, how often is differentiated, and
    the place behind; `before` is how many steps there are already, and their order.
    """
    spine, leaf = _unboxed(parts, place)
    called = leaf.kind == "applied"
    run = leaf.parts[0] if called else leaf
    if run.kind != "run":
        return None
    steps, total = before
    word: str = run.value[0]
    after = place + 1
    rest: Node | None = None
    times: int | None
    if word in CURLY or word == "d":
        if steps and (word == "d" or run.value[1] or total >= MAX_ORDER):  # ∂₁h is no ∂x
            return None
        if called:
            group = _in_brackets(spine, leaf.parts[1], order)
            times = power_of(parts[place])[1] or 1 + len(_squared(leaf.parts[1]))
        elif after < len(parts) and not ops[place].text and not spine:
            spine, leaf = _unboxed(parts, after, "")
            times = power_of(parts[after])[1] if leaf.kind != "applied" else None
            group, rest = _behind_sign(r, spine, leaf)
            after += 1
        else:
            return None
    elif word[0] == "d" or (word[:2] == "pd" and len(word) > 2):
        if (called and is_function(word)) or (steps and (plain_name(word) in r.variables or order <= total)):
            return None
        group = [variable_of(without_letters(run, 1 if word[0] == "d" else 2))]
        times = None if called else power_of(parts[place])[1]
        rest = leaf if called else None
    else:
        return None
    return (word, group, (spine, rest) if rest is not None else None, times, after) if group else None


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
        refusal = by_formula(r, sign, start, called.end)
        of = r.text[start : called.end]
        refusal.hint += f"; by one number x it is (d/dx ...)/(d/dx {clip(of)})"
        if name == "vec":
            refusal.hint = "write ∂vec(F)/∂X; check takes the matrix between the vecs for it"
        raise refusal
    return True


def _goes_with(row: Node, following: Node) -> bool:
    """Say whether a name behind a row is one product with it: the x of ∂/∂wᵀx, but not that of ∂/∂xᵀ xᵀ A x."""
    leaf = descend(following)[1]
    return following.kind in ("run", "subscript") or (following.start == row.end and leaf.kind in ("run", "applied"))


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
    run = first_of(parts[place]) if place < len(parts) else None
    return run is not None and run.kind == "run" and run.value[0][:1] == "d"
