"""What names and constants mean: variables, sizes, definitions, elements, running indices."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, ShapeError, Span, clip, closest
from mcalc.expr import Expr, make
from mcalc.notation.meaning.elaborate import LEAVES, Elaborator
from mcalc.notation.names.operands import is_word
from mcalc.notation.names.running import read_limit
from mcalc.notation.names.scope import ON_PAGE, Function
from mcalc.notation.surface.syntax import Name, Node
from mcalc.notation.surface.words import INDICES, SIZES_OF_I, is_multiple
from mcalc.operators.arithmetic import add, div, mul, neg
from mcalc.operators.leaves import NUMBER, PI, SIZE, SYMBOL, eye, index, is_number, number, ones, size, to_dim, zeros
from mcalc.operators.linear import ELEMENT, element
from mcalc.patterns import pattern

PI_NODE = make(PI)
_LETTERS = pattern(r"Δ?.")


def lookup(e: Elaborator, name: str) -> Expr | None:
    """Return what a whole name stands for: a parameter or index, a definition, a variable, a size, or nothing."""
    found = e.frame.get(name) or e.free.get(name)
    if found is not None:
        return found
    scope = e.scope
    bound = e.within.meanings.get(name) if e.within is not None else None
    if isinstance(bound, Expr):
        return bound
    found = e.beside.get(name) or scope.definitions.get(name) or scope.variables.get(name)
    if found is not None:
        return found
    dim = scope.sizes.get(name) or e.local_sizes.get(name)
    return e.assumed.get(name) if dim is None else size(dim)


def user_function(e: Elaborator, name: str) -> Function | None:
    """Return the user's function of a name; inside the body of another, the one meant when that was defined."""
    return e.scope.functions.get(name) if e.within is None else e.within.function(name)


def sample(e: Elaborator, base: str) -> Expr | None:
    """Return the declared matrix whose rows a letter names: X for x."""
    if len(base) == 1 and base.islower():
        found = e.within.meanings.get(base.upper()) if e.within is not None else None
        found = e.scope.variables.get(base.upper()) if found is None else found
        if isinstance(found, Expr) and found.op is SYMBOL and found.order == 2:
            return found
    return None


def _refuse_glued_size(e: Elaborator, identity: Node) -> None:
    """Refuse an identity with a letter of sizes glued behind it, as λIn is pasted for λ I_n."""
    glued = e.text[identity.end : identity.end + 2]
    if glued[:1] in SIZES_OF_I and not glued[1:].isalnum():
        hint = f"write I_{glued[0]} for the identity of that size, I {glued[0]} for a product"
        raise e.fail("E-AMBIG", f"I{glued[0]} has two readings", identity, "of this size?", hint)


def name_leaf(e: Elaborator, node: Node) -> Expr:
    """Return what a name with its subscript stands for."""
    name: Name = node.value
    full = name.full
    found = e.frame.get(full)
    if found is not None:
        return found
    if full in e.free:
        return free_at(e, full, None, node)
    scope = e.scope
    if name.sub is None and e.within is None and full not in e.beside and full not in scope.definitions:
        found = scope.variables.get(full)  # most are declared
        if found is not None:
            return found
    found = lookup(e, full)
    if found is not None:
        _refuse_outdated(e, name.full, found, node)
        if name.sub is not None:
            _note_running(e, name, name.sub, node)
            _refuse_spent(e, name, name.sub, node)
        if e.within is not None and full not in e.within.meanings and found is scope.definitions.get(full):
            e.note(f"{clip(full)} in {clip(e.within.name)} is what was defined after it")
        return found
    if name.sub is None:
        if name.base == "π":
            return PI_NODE
        if name.base == "I":
            _refuse_glued_size(e, node)
            return eye(e.sizes.fresh())
        function = user_function(e, name.base)
        if function is not None:
            hint = f"write {name.base}({', '.join(function.parameters)})"
            raise e.fail("E-NAME", f"{name.base} is a function", node, "of what?", hint)
        if name.base in e.scope.maps:
            raise e.fail("E-NAME", f"{name.base} is a function", node, "of what?", f"write {name.base}(x)")
        raise unknown(e, name.full, node)
    base = lookup(e, name.base) or sample(e, name.base)
    if base is None and name.base == "δ":
        letters = [*name.sub.replace(",", "")]
        if len(letters) == 2 and all([letter in e.frame or letter in e.free for letter in letters]):
            return _delta(e, letters, node)
    if base is None:
        if name.base != "I":
            raise unknown(e, name.full, node)
        sized = _sized_identity(e, name, name.sub, node)
        if sized is not None:
            return sized
        base = eye(e.sizes.fresh())
    _refuse_outdated(e, name.base, base, node)
    if name.base in e.assumed and name.sub in e.frame:
        defined = next((full for c in INDICES if (full := f"{name.base}_{c}") in e.scope.definitions), None)
        if defined is not None:
            raise _defined_for_one(e, name, defined, node)
    return subscripted(e, base, name.sub, node, name.base)


def _sized_identity(e: Elaborator, name: Name, sub: str, node: Node) -> Expr | None:
    """Return the identity whose subscript is its size, I_d and I_3; None of an entry of one."""
    if sub.isalpha() and e.frame.keys().isdisjoint((sub, *sub)):
        return eye(e.scope.sizes.get(sub) or Dim.named(sub))
    if sub.isdecimal() and int(sub):
        e.note(f"{name.full} is read as the identity of {sub} rows")
        return eye(Dim.of(int(sub)))
    places = [e.frame.get(letter) for letter in sub.replace(",", "")]
    if len(places) == 2 and all([place is not None and place.op.name == "index" for place in places]):
        said = f"{name.full} may be an entry of the identity, or of a mask of zeros and ones"
        hint = f"write δ_{sub} for the identity, declare I: R^{{m x n}} for a mask"
        raise e.fail("E-AMBIG", said, node, "which?", hint)
    return None


def _delta(e: Elaborator, letters: list[str], node: Node) -> Expr:
    """Return Kronecker's δ_ij, an entry of the identity."""
    known = [e.frame.get(letter) or e.free[letter] for letter in letters]
    runs = [to_dim(place.args[1]) for place in known if place is not None and place.op.name == "index"]
    dim = next((dim for dim in runs if dim is not None), None) or e.sizes.fresh()
    places = [place if place is not None else free_at(e, letter, dim, node) for letter, place in
              zip(letters, known, strict=True)]  # fmt: skip
    return make(ELEMENT, (eye(dim), *places))


def _note_running(e: Elaborator, name: Name, sub: str, node: Node) -> None:
    """Note a variable of its own whose subscript is an index that runs: it is the same at each step.

    One that was defined so, or taken so in an earlier line of a page, was meant for every index: it is refused.
    """
    running = [e.frame.get(part) for part in ([sub] if sub in e.frame else sub.replace(",", ""))]
    if all([found is not None and found.op.name == "index" for found in running]):
        base = clip(name.base)
        if name.full in e.scope.definitions or e.scope.origins.get(name.full) in ("assumed", ON_PAGE):
            raise _defined_for_one(e, name, name.full, node)
        e.note(f"{clip(name.full)} is one variable, the same for every {clip(sub)}; for elements declare {base}: R^n")


def _defined_for_one(e: Elaborator, name: Name, defined: str, node: Node) -> Exception:
    """Return the mistake of p_i² in a sum where p_i was defined as a number, and nothing said that p has entries."""
    taken = "taken for" if e.scope.origins.get(defined) == "assumed" else "defined as"
    said = f"{clip(defined)} was {taken} one variable, and no vector {clip(name.base)}"
    hint = f"before {clip(defined)} = ..., declare what has entries in it, as in z: R^n; so it makes {clip(name.base)}"
    return e.fail("E-AMBIG", said, node, "an entry?", hint)


def _refuse_spent(e: Elaborator, name: Name, sub: str, node: Node) -> None:
    """Refuse what nothing declares and has the index of a sum that has ended: it may belong into the sum."""
    if name.full in e.assumed and _is_spent(e, sub) and sub not in e.frame:
        full, own = clip(name.full), clip(sub)
        said = f"{full} stands after the sum over {own}, which has ended before it"
        hint = f"brackets take it in: sum_{own} (... + {full}); beside it, it is a variable of its own: "
        hint += f"declare {full}: R"
        raise e.fail("E-AMBIG", said, node, "in the sum or beside it?", hint)


def _is_spent(e: Elaborator, sub: str | None) -> bool:
    """Say whether a subscript is made of indices of sums that have ended."""
    return bool(sub) and (sub in e.spent or set((sub or "").replace(",", "")) <= e.spent)


def note_beside_sums(e: Elaborator) -> None:
    """Note the variables that stand before a sum with its index in their names: no sum binds it."""
    for name in e.assumed:
        sub = name.partition("_")[2]
        if _is_spent(e, sub):
            e.note(f"{clip(name)} is a variable of its own: no sum binds its {clip(sub)}")


def _refuse_outdated(e: Elaborator, name: str, found: Expr, node: Node) -> None:
    """Refuse a definition made with a variable that was declared anew since: it holds the earlier one.

    Printed, the two would look the same, and the derivative by the new one would be a silent 0.
    """
    changed = e.scope.outdated.get(name)
    if changed is None and name in e.scope.made_with and found is e.scope.definitions.get(name):
        note_earlier(e, name, e.scope.made_with[name])
    if changed is not None and found is e.scope.definitions.get(name):
        said = f"{clip(name)} was defined with an earlier {clip(changed)}, which has another meaning now"
        hint = f"define it again: {clip(name)} = ..."
        raise e.fail("E-NAME", said, node, f"made with the earlier {clip(changed)}", hint)


def note_earlier(e: Elaborator, name: str, meanings: Mapping[str, Expr | Function]) -> None:
    """Note that a name was defined with another one that was defined again since, and keeps what that was."""
    again = e.scope.earlier(meanings)
    if again and e.scope.meaning(again) is not None:
        e.note(f"{clip(name)} keeps the {clip(again)} that it was defined with: {clip(again)} was defined again since")


def unknown(e: Elaborator, name: str, node: Node) -> Exception:
    """Return the mistake of a name that means nothing."""
    known = [known for known in (*e.frame, *e.scope.names(), *e.assumed) if known != name]
    close = closest(name[:40], known, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else f"declare it: {clip(name)}: R^n"
    of, _, by = name.partition("_")
    function = user_function(e, of)
    if function is not None and by in function.parameters:
        hint = f"for the derivative write ∂{of}/∂{by}"
    return e.fail("E-NAME", f"{clip(name)} is not declared", node, "not known", hint)


def undeclared_in(e: Elaborator) -> set[str]:
    """Return the names that nobody declared, here or in the statements before."""
    return {*e.assumed, *[name for name, origin in e.scope.origins.items() if origin == "assumed"]}


def unknown_word(present: Iterable[Expr], assumed: Container[str]) -> str:
    """Return a word that stands in an expression and that nothing declares, which may be a formula; else nothing."""
    words = [n.attr[0] for n in present if n.attr[0] in assumed]
    return next((word for word in words if len(word.partition("_")[0]) > 1), "")


def other_role(full: str, names: Iterable[str], called: Sequence[Expr]) -> tuple[str, str] | None:
    """Return what to say of a name that stands in an expression as something else: a function, a label; with a hint.

    Also where a density of nobody's, π(a | s), may depend on it.
    """
    if any([n.attr.name == full for n in called]):
        return f"{clip(full)} is a function here, no variable", f"name its value, as in u = {clip(full)}(x)"
    label = next((n for n in names if len(n.partition("_")[2]) > 1 and n[-1] == full), "")
    if label:
        return f"{full} stands in the name {label} alone", f"write {label[:-1]} {full} for a product"
    given = next((n.attr.name for n in called if n.attr.behind[0] == "|"), "")
    if given:
        said = f"{clip(full)} does not occur, and nothing says that {given}(...|...) does not depend on it"
        return said, f"put it behind the bar, as in {given}(y | x, {clip(full)})"
    return None


def depends_on_word(variable: str, word: str, span: Span, source: str | None = None) -> Mistake:
    """Return the mistake of a derivative by what does not occur, beside a word that may be a formula of it."""
    said = f"{clip(variable)} does not occur, and nothing says what {clip(word)} is"
    hint = f"define it: {clip(word)} = ..., or declare it: {clip(word)}: R"
    if word.isalpha() and len(word) < 5 and word[0] != "Δ":
        hint = f"write {' '.join(_LETTERS.findall(word))} for a product, or {hint}"
    return Mistake("E-NAME", said, [span], hint, source)


def product_by(variable: str, present: Iterable[Expr], e: Elaborator) -> str:
    """Return a run of letters that was taken for one name before anything was differentiated by one of them: bxy."""
    runs = [n.attr[0] for n in present if n.op is SYMBOL and n.attr[0].isalpha() and variable in n.attr[0]]
    own = [run for run in runs if len(run) > 1 and e.scope.origins.get(run) == "assumed"]
    return next((run for run in own if not is_word(run)), "")


class Standing:
    """What stands in an expression, sorted once, to be asked about one name after the other.

    `subscripted` are the names of symbols with subscripts, each under what stands before an underscore in it; `taken`
    are the entries and rows at a number, each under what they are taken of.
    """

    def __init__(self, nodes: Iterable[Expr]) -> None:
        self.nodes = dict.fromkeys(nodes)
        self.subscripted: dict[str, set[str]] = {}
        self.taken: dict[Expr, list[Expr]] = {}
        for node in self.nodes:
            if node.op is SYMBOL:
                name = node.attr[0]
                for place in [k for k, c in enumerate(name) if c == "_"]:
                    self.subscripted.setdefault(name[:place], set()).add(name)
            elif node.op is ELEMENT and is_number(node.args[1]):
                self.taken.setdefault(node.args[0], []).append(node)


def unclear_part(name: str, whole: Expr, beside: Standing, assumed: Container[str]) -> tuple[str, str, str] | None:
    """Return what is unclear of a name that is differentiated by beside names with subscripts: code, message, hint.

    β_0 beside β_1 is no entry of β, v_x is an entry of v or a name of its own, and X_1 a row of X or one. What is
    declared is clear.
    """
    others = sorted(beside.subscripted.get(name, ()))
    shown = clip(name)
    if whole not in beside.nodes:
        base, _, sub = name.partition("_")
        alike = beside.subscripted.get(base, set()) - {name} if sub else ()
        glued = [other for other in alike if other.startswith(name) and other[len(name) + 1 : len(name) + 2] == "_"]
        if glued and min(glued) in assumed:  # x_ax_b
            hint = f"write {shown} {clip(min(glued)[len(name) :])} for a product, or declare {clip(min(glued))}: R"
            return "E-NAME", f"{shown} does not occur in the expression, {clip(min(glued))} does", hint
        accented = [other for other in alike if other.endswith(f"_{sub}")]
        entry = next((other for other in (*others, *sorted(accented)) if other in assumed), "")
        hint = f"name {clip(entry)}, or declare {shown}: R^n where that is one of its entries"
        return ("E-NAME", f"{shown} does not occur in the expression, {clip(entry)} does", hint) if entry else None
    taken = beside.taken.get(whole, [])
    if taken and f"{name}_0" in others:
        hint = f"name each, as in {shown}_0, {shown}_1"
        return "E-AMBIG", f"{shown}_0 is no entry of {shown}, whose entries count from 1", hint
    row = next((n for n in taken if n.order == 1 and name in assumed), None)
    if row is None:
        return None
    at = row.args[1].attr
    hint = f"write {shown}[{at},:] for the row, for a name of its own declare {shown}_{at}: R^{{m x n}}"
    return "E-AMBIG", f"{shown}_{at} may be a row of {shown}, or a name of its own", hint


def subscripted(e: Elaborator, base: Expr, sub: str, node: Node, shown: str) -> Expr:
    """Return an element, or a row of a matrix as a vector."""
    if base.order == 0:
        hint = f"{shown} is a scalar; declare {shown}: R^n, or {shown}_{sub}: R for a name of its own"
        raise e.fail("E-NAME", f"{clip(shown)}_{clip(sub)} is not declared", node, shape_text(()), hint)
    at = positions(e, base, sub, node, shown)
    try:
        found = element(base, *at)
    except ShapeError as error:
        raise e.mistake(error, [node], [base]) from None
    e.elements.append((found, node))
    return found


def positions(e: Elaborator, base: Expr, sub: str, node: Node, shown: str) -> list[Expr]:
    """Return the expressions of a subscript such as i, ij, i+1 or i,j."""
    single = e.frame.get(sub)
    if single is not None:
        e.runs_through(single, base.shape[0])
        return [single]
    if sub in e.free:
        return [free_at(e, sub, base.shape[0], node)]
    if sub.isdecimal():
        rows = base.shape[0].value if base.order == 2 and len(sub) == 2 else 0
        if rows is None or 0 < rows < int(sub[:2]):
            e.note(f"{shown}_{sub} is the entry in row {sub[0]} and column {sub[1]}")
            return [number(int(sub[0])), number(int(sub[1]))]
        if rows:
            hint = f"write {shown}_{{{sub[0]},{sub[1]}}} for the entry; the rows go by {shown}_{{i}}"
            raise e.fail("E-AMBIG", f"{shown}_{sub} has two readings", node, "a row or an entry?", hint)
        return [number(int(sub[:30]))]
    parts = sub.split(",")
    several = not (base.order == 1 and is_multiple(sub))
    if several and len(parts) == 1 and len(sub) > 1 and sub.isalnum() and lookup(e, sub) is None:
        parts = list(sub)
        open_ = [c for c in parts if c not in e.frame and c not in e.free and not c.isdecimal()]
        if open_:
            free = open_[0]
            if len(parts) > 2 or len(open_) == len(parts):
                hint = f"declare {shown}_{clip(sub)}, or bind its indices with sum_{{{','.join(parts[:2])}}}"
                raise e.fail("E-NAME", f"{shown}_{clip(sub)} is not declared", node, "not known", hint)
            raise free_index(e, free, node, shown)
    found: list[Expr] = []
    for axis, part in enumerate(parts):
        tree = read_limit(part, node.start, node.end)
        if tree is None:
            hint = f"write {shown}_i, {shown}_{{i+1}} or {shown}_1"
            raise e.fail("E-SYNTAX", f"'{clip(part)}' is no subscript", node, "not read", hint)
        found.append(small(e, tree, shown, base.shape[axis] if axis < base.order else None))
    return found


def free_at(e: Elaborator, letter: str, dim: Dim | None, node: Node) -> Expr:
    """Return a free index where it stands at an axis of this size; it has one size wherever it stands."""
    known = e.free[letter]
    if known is None:
        level = e.levels.get(letter, 1) - 1
        known = e.free[letter] = index(letter, level, number(1), size(dim if dim is not None else e.sizes.fresh()))
    elif dim is not None:
        runs = to_dim(known.args[1])
        if runs is not None and runs is not dim and not e.sizes.equate(runs, dim):
            said = f"the index {letter} runs through sizes {e.sizes.settle(runs)} and {e.sizes.settle(dim)}"
            raise e.fail("E-SHAPE", said, node, f"{e.sizes.settle(dim)} entries", "give one of the two another letter")
    return known


def free_index(e: Elaborator, index: str, node: Node, shown: str) -> Exception:
    """Return the mistake of an index that no sum binds."""
    if index in e.spent:
        said = f"{clip(index)} runs in a sum, and stands beside that sum, too"
        hint = f"put brackets around all that the sum over {clip(index)} goes over, or give its index another letter"
        return e.fail("E-AMBIG", said, node, "in the sum or beside it?", hint)
    any_one = "" if index in INDICES else f", {shown}_k for any"
    hint = f"write sum_{{{index}=1}}^{{n}} ..., or {shown}_1 for one element{any_one}"
    return e.fail("E-NAME", f"the index {clip(index)} is bound by no sum", node, "a free index", hint)


def small(e: Elaborator, tree: Node, shown: str, dim: Dim | None = None) -> Expr:
    """Return the value of a limit or subscript: sums of products of names and numbers, nested no deeper.

    `dim` is the size of the axis where it is a subscript.
    """
    kind = tree.kind
    if kind == "number":
        return number(tree.value)
    if kind == "name":
        name = tree.value.full
        if name in e.frame:
            if dim is not None:
                e.runs_through(e.frame[name], dim)
            return e.frame[name]
        if name in e.free:
            return free_at(e, name, dim, tree)
        found = lookup(e, name)
        if found is None or (shown and found.op not in (SIZE, NUMBER)):
            raise free_index(e, name, tree, shown or "x")
        return found
    if kind == "bars":
        of = lookup(e, tree.parts[0].value.full) or sample(e, tree.parts[0].value.full)
        if of is None:
            raise unknown(e, tree.parts[0].value.full, tree)
        if not of.shape:
            name = clip(tree.parts[0].value.full)
            hint = f"write n for how many there are, or declare {name}: R^n"
            raise e.fail("E-NAME", f"|{name}| says no size: {name} is a number", tree, "not a size", hint)
        return size(of.shape[0])
    parts = [small(e, part, shown) for part in tree.parts]
    if kind in ("negative", "group"):
        return neg(parts[0]) if kind == "negative" else parts[0]
    if kind == "sum":
        return add(*parts)
    total = parts[0]
    for op, part in zip(tree.value, parts[1:], strict=True):
        total = div(total, part) if op.value == "/" else mul(total, part)
    return total


LEAVES["name"] = name_leaf
LEAVES["constant"] = lambda e, node: (ones if node.value else zeros)((e.sizes.fresh(),))
LEAVES["number"] = lambda e, node: number(node.value)
