"""Names before brackets: calls of known, defined and undefined functions, or products; functions without brackets."""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest

from mcalc.errors import Mistake, Span
from mcalc.notation.names import differentials, spectra, undefined
from mcalc.notation.names.derivatives import GRADIENTS
from mcalc.notation.names.spines import descend, juxtaposed, name_of, power_of, rewrap
from mcalc.notation.names.sum_limits import no_limit, small_tree
from mcalc.notation.surface.lexer import BIGS
from mcalc.notation.surface.syntax import MATRIX_BAR, Name, Node, Part, Token, walk_syntax
from mcalc.notation.surface.words import ABSTRACT, ALIASES, PLANNED, clip, is_function, plain_name, suggestion
from mcalc.operators import FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.names_known import Names
    from mcalc.notation.names.spines import Found

_GLUED = 30
"""As many letters as a run may have in which a function is looked for."""
NO_NAMES = frozenset(("min", "max", "argmin", "argmax", "lim", "sup", "inf", "mod", "int"))
"""Operators that are no variables where nobody declared them so: min_w f says no function to differentiate."""


NORMS = {"1": "norm1", "2": "norm2", "inf": "norminf", "∞": "norminf", "fro": "normF", "nuc": "nuclear"}
"""What a norm is called by its second argument."""
OF_SIZES = frozenset(("I", "eye", "δ", "ones", "zeros"))
"""Constants that take their size in brackets."""
OTHER_NAMES = {
    "Tr": "tr", "Trace": "tr", "Det": "det", "determinant": "det", "Diag": "diag", "Exp": "exp", "Log": "ln",
    "Ln": "ln", "Sin": "sin", "Cos": "cos", "Max": "max", "Min": "min", "maximum": "max", "minimum": "min",
    "inverse": "inv", "Inv": "inv", "expit": "sigmoid", "sgn": "sign", "average": "mean", "tg": "tan",
    "arctg": "atan", "Softmax": "softmax", "KL": "kl",
}  # fmt: skip
"""What functions of the table are called elsewhere; a name that the user gave comes before."""


def is_call(r: Names, name: Name) -> bool:
    """Say whether a name before a bracket is a function, rather than a factor."""
    full = name.full
    entry = name.sub is not None and not is_function(full) and _has_elements(r, name.base)
    if r.is_variable(full) or full == "π" or entry:
        return False
    if full in r.scope.functions or full in r.scope.maps:
        return True
    running = full in r.running and full not in ABSTRACT and not is_function(full)
    return not running and full not in r.known


def _has_elements(r: Names, base: str) -> bool:
    """Say whether what has a subscript is a variable, the rows of a declared matrix (x_i of X), or δ."""
    return (
        r.is_variable(base) or base == "δ" or (len(base) == 1 and base.islower() and base.upper() in r.scope.variables)
    )


def name_norm(node: Node) -> None:
    """Let ``norm(x, 1)``, ``norm(x, inf)`` and ``norm(A, fro)`` be the functions that these are."""
    run, bracket = node.parts
    if len(bracket.parts) != 2 or run.value[1]:
        return
    which = bracket.parts[1]
    said = str(which.value) if which.kind == "number" else which.value[0] if which.kind == "run" else ""
    if said in NORMS:
        run.value, bracket.parts = (NORMS[said], []), bracket.parts[:1]
    elif which.kind == "number":
        raise Mistake(
            "E-UNSUPPORTED",
            f"norm(..., {clip(said)}) is not supported",
            [Span(which.start, which.end, "which norm?")],
            hint="norm(x, 1), norm(x, 2), norm(x, inf), norm(A, fro) and norm(A, nuc) are",
        )


def applied(r: Names, node: Node) -> list[Node]:
    """Return a call, or a product of a name and a bracket, with the names that stand glued before it."""
    run, bracket = node.parts
    moved = differentials.of_call(r, node)
    if moved is not None:
        return moved
    pieces = r.pieces(run, call=True)
    last = pieces[-1]
    spectrum = spectra.placed(r, last, bracket, node.end)
    if spectrum is not None:
        return [*pieces[:-1], spectrum]
    jacobian = undefined.jacobian_of(r, last.value)
    if jacobian:
        last.value = Name(jacobian)
        return [*pieces[:-1], undefined.call(r, last, bracket, node.end, (1,), "J")]
    if undefined.is_undefined(r, last.value, bracket, whole=len(pieces) == 1):
        return [*pieces[:-1], undefined.call(r, last, bracket, node.end)]
    if not is_call(r, last.value) or _multiplies(r, last, bracket):
        if last.value.full.isupper() and len(bracket.parts) == 1 and bracket.parts[0].kind in ("name", "run"):
            name, inner = last.value.full, r.text[bracket.start + 1 : bracket.end - 1].strip()
            r.note(f"{clip(name)}({clip(inner)}) is the product of {clip(name)} and {clip(inner)}")
        return [*pieces, r.grouped(bracket)]
    r.settle(bracket)
    return [*pieces[:-1], _call(r, last, bracket, node.end)]


def _multiplies(r: Names, at: Node, bracket: Node) -> bool:
    """Say whether a name that nothing declares is a factor: a capital or a Greek letter, or one that stands elsewhere.

    A capital before a lone name may be a function of it, too: ``A(t)`` is refused with both readings.
    """
    name: Name = at.value
    base = name.base
    if (
        name.full == "δ"
        and name.full not in r.known
        and any([n.kind in ("bars", "power") for n in walk_syntax(bracket)])
    ):
        return True  # no size: δ (|x| - δ/2)
    if name.full in r.scope.functions or len(bracket.parts) != 1:
        return False
    if is_function(name.full) and not (name.full in FUNCTIONS and len(name.full) == 1 < FUNCTIONS[name.full].arity[0]):
        return False  # β(x - μ) is a product, β(a, b) the beta function
    if name.full in r.used:
        return True
    if bracket.parts[0].kind not in ("name", "run") and (_is_running_entry(r, name) or _runs_inside(name, bracket)):
        return True  # Σ_i y_i (w · x_i + b)
    if len(base) != 1 or not (base.isupper() or (not base.isascii() and base not in "φψℓΦΨΓζ")):
        return False
    if bracket.parts[0].kind in ("name", "run"):
        if name.full in ALIASES:
            return False
        text = r.text[bracket.start : bracket.end]
        raise Mistake(
            "E-AMBIG",
            f"{name.full}{text} has two readings",
            [Span(at.start, bracket.end, "a product or a function?")],
            hint=f"write {name.full}*{text} for a product, for a function declare it: --where "
            f"'{name.full}: R^n -> R^m'",
        )
    return True


def _refuse_size(r: Names, at: Node, bracket: Node) -> None:
    """Refuse δ(x) by x: what is differentiated by is no size."""
    for part in bracket.parts:
        size = part.value if part.kind == "name" else name_of(part) if part.kind == "run" else None
        if size is not None and size.full in r.by:
            said = f"{at.value.full}({size.full})"
            raise Mistake(
                "E-AMBIG",
                f"{said} would have the size {size.full}, which is differentiated by",
                [Span(at.start, bracket.end, "a size or a variable?")],
                hint=f"{at.value.full}(n) has a size in its brackets; for a function of {size.full} take another name",
            )


def _is_running_entry(r: Names, name: Name) -> bool:
    """Say whether a name is one letter with the running indices of sums below it."""
    return len(name.base) == 1 and name.sub is not None and all([c in r.running for c in name.sub if c not in ",{}"])


def _runs_inside(name: Name, bracket: Node) -> bool:
    """Say whether the index of an entry stands below a name in the bracket, too: y_i (w · x_i + b)."""
    if len(name.base) != 1 or name.base in ABSTRACT or name.sub is None or len(name.sub) != 1 or name.sub.isdigit():
        return False
    return any([node.kind == "name" and node.value.sub == name.sub for node in walk_syntax(bracket)])


LETTERS = {"σ": "the sigmoid", "Φ": "the normal distribution function", "Γ": "the gamma function"}
"""Functions called by a letter that is a name, too."""


def _call(r: Names, at: Node, bracket: Node, end: int) -> Node:
    """Return a call; an unknown name before a bracket is a mistake, never a product."""
    name: Name = at.value
    full = name.full
    if full not in r.scope.functions:
        if name.sub is None and full in OTHER_NAMES:
            name = Name(OTHER_NAMES[full])
            full = name.full
        if not is_function(full):
            if full in PLANNED:
                spans = [Span(at.start, at.end, "not supported")]
                raise Mistake("E-UNSUPPORTED", f"{full} is not supported yet", spans)
            hint = suggestion(full, list(r.scope.functions)) or _declared(full, len(bracket.parts))
            raise Mistake("E-NAME", f"unknown function {clip(full)}", [Span(at.start, at.end, "not known")], hint=hint)
    if full in OF_SIZES and full not in r.scope.functions:
        _refuse_size(r, at, bracket)
    if full in LETTERS and (full != "σ" or is_command(r, at)):
        r.note(f"{full}(...) is read as {LETTERS[full]}")
    if full in ("ln", "log") and len(bracket.parts) == 1 and bracket.parts[0].kind == "bars":
        bracket.parts[0].value = MATRIX_BAR  # the logarithm of a length makes no sense, that of a determinant does
    if type(bracket.value) is tuple and bracket.value[0] == "|":
        raise Mistake(
            "E-SYNTAX",
            f"{clip(full)} takes no parameters",
            [Span(bracket.start, bracket.end, "unexpected")],
            hint="arguments are separated by commas",
        )
    return Node("call", at.start, end, bracket.parts, name)


def _declared(full: str, count: int) -> str:
    """Return what to type for a name before a bracket of so many entries: a product, a declared function."""
    takes = ", ".join(["R^n"] * min(count, 5))
    product = f"for a product write {clip(full)}*(...), for a function " if count == 1 else ""
    return f"{product}declare it: {clip(full)}: {takes} -> R"


def primed(r: Names, node: Node, spine: list[Node]) -> list[Node]:
    """Read f′(x) and f'(x) of a function that nobody defined; of a variable x' is a transpose."""
    run, bracket = node.parts
    mark, bracket.value = bracket.value
    pieces = r.pieces(run)
    last = pieces[-1]
    name: Name = last.value
    full = name.full
    if undefined.is_undefined(r, name, bracket, whole=len(pieces) == 1):
        return [*pieces[:-1], undefined.primed(r, last, bracket, mark, node.end)]
    known = is_function(full) or full in r.scope.functions
    if r.is_variable(full) or (name.sub is not None and _has_elements(r, name.base)) or not known:
        return [*pieces[:-1], Node("transpose", last.start, mark.end, (last,), mark.text), r.grouped(bracket)]
    raise Mistake(
        "E-SYNTAX",
        f"{full}' is no derivative here",
        [Span(last.start, mark.end, "which variable?")],
        hint=f"write d/dx {full}(x)",
    )


# without brackets ----------------------------------------------------------------------------------------------------


def without_brackets(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read ``sin^2(x)``, ``sin x``, ``sin x cos x`` and ``√2``; refuse what has two readings."""
    head, power = power_of(parts[place])
    if head.kind != "run":
        head, power = parts[place], None
    run = descend(head)[1]
    word = run.value[0]
    name = Name("sqrt") if word == "√" else name_of(run)
    full = name.full
    if word == "√":
        return _root(r, parts, ops, place)
    if len(full) == 1 or full in r.known or not is_function(full):
        return None
    around = descend(parts[place])[0]
    if around and around[-1].kind == "indexed" and len(around[-1].parts) == 2:
        # tr[A B], log[x]: brackets of any kind close a function of the table
        entries = around[-1].parts[1]
        if all([entry.kind != "span" for entry in entries.parts]):
            at = Node("name", run.start, run.end, (), name)
            return [rewrap(around[:-1], around[-1], _call(r, at, entries, around[-1].end))], [], place + 1, None
    raised = parts[place].kind in ("power", "superscript") and parts[place].parts[0] is run
    if not raised and parts[place] is not run:
        raise _of_what(full, run)
    if raised and not power:
        raise Mistake(
            "E-AMBIG",
            f"{full}^-1 has two readings",
            [Span(run.start, parts[place].end, "inverse or power?")],
            hint=f"a{full}(x) is the inverse function, 1/{full}(x) the power",
        )
    if place >= len(ops) or ops[place].text:
        raise _of_what(full, run)
    inner = parts[place + 1]
    outer, leaf = descend(inner)
    if is_command(r, run) and not (raised and leaf.kind == "bracket" and leaf.value == "("):
        return [], [], place + 1, Node("reach", run.start, parts[place].end, (), (name, power))
    if not raised and leaf.kind == "run" and leaf.value[0] in BIGS and (leaf.value[1] or outer):
        # log Σ_k p_k
        r.note(f"{full} {leaf.value[0]} ... is read as {full}({leaf.value[0]} ...)")
        return [], [], place + 1, Node("reach", run.start, parts[place].end, (), (name, power))
    if leaf.kind == "bracket" and (raised or leaf.value == "{"):
        call: Node | None = _call(r, Node("name", run.start, run.end, (), name), leaf, leaf.end)
        after = place + 2
        if raised:
            r.note(f"{full}^{power}(x) is read as {full}(x)^{power}")
    else:
        call, after = _argument(r, parts, ops, place, name, power)
        outer = []
    if call is None:
        raise _unclear(r, full, run, inner)
    if raised:
        number = Node("number", run.start, parts[place].end, (), power)
        call = Node("power", run.start, call.end, (call, number), "^")
    return [rewrap(outer, leaf, call) if outer else call], [], after, None


def is_command(r: Names, run: Node) -> bool:
    r"""Say whether a function is a command of LaTeX, which reaches over the factors that follow it: \\log x y."""
    return r.text[run.start : run.start + 1] == "\\"


def begins_function(r: Names, part: Node) -> bool:
    """Say whether a part of a chain begins with a function of the table, where the reach of one before it ends."""
    leaf = descend(part)[1]
    run = leaf.parts[0] if leaf.kind == "applied" else leaf
    if run.kind != "run":
        return False
    full = name_of(run).full
    return is_function(full) and (len(full) > 1 or full == "σ") and full not in r.known


def unclear(r: Names, opened: Node, start: int, end: int) -> Mistake:
    """Return the mistake of a function whose reach has two readings, behind which a sign or a bracket follows."""
    name: Name = opened.value[0]
    argument = r.text[opened.end : start].strip()
    return Mistake(
        "E-AMBIG",
        f"{name.full} without brackets has two readings",
        [Span(opened.start, end, "how far does it reach?")],
        hint=f"write \\{name.full}({argument}) ..., or \\{name.full}({argument} ...)",
    )


def reached(r: Names, opened: Node, body: Node) -> Node:
    """Return the call of a command by all that it reaches over."""
    name, power = opened.value
    if body.kind == "product":
        r.note(f"{name.full} reaches over {clip(' '.join(r.text[body.start : body.end].split()), 60)}")
    at = Node("name", opened.start, opened.end, (), name)
    call = _call(r, at, Node("bracket", body.start, body.end, [body]), body.end)
    if power is None:
        return call
    return Node("power", opened.start, body.end, (call, Node("number", opened.start, opened.end, (), power)), "^")


def _argument(
    r: Names, parts: list[Node], ops: list[Token], place: int, name: Name, power: int | None
) -> tuple[Node | None, int]:
    """Return the call of a function by what stands beside it, where nothing follows that could belong to it too."""
    start = parts[place].start
    inner = parts[place + 1]
    full = name.full
    spine, leaf = descend(inner)
    primes = all([node.kind == "transpose" for node in spine])
    after = place + 2
    if leaf.kind == "number" and inner is leaf and _is_glued_name(parts, ops, place + 1):
        inner = leaf = Node("product", leaf.start, parts[after].end, [leaf, parts[after]], [ops[place + 1]])
        after += 1
    last = after == len(parts) or (
        ops[after - 1].value in ("", " ", "*", "·", ".") and begins_function(r, parts[after])
    )
    text = r.text[leaf.start : leaf.end]
    if leaf.kind == "product":
        if not last:
            return None, 0
        if power is None:
            r.note(f"{full} {text} is read as {full}({text})")
        return Node("call", start, leaf.end, [r.single(leaf)], name), after
    if leaf.kind in ("run", "number") and not (leaf.kind == "run" and _is_known_function(r, leaf.value[0])):
        if not (last and primes):
            return None, 0
        if power is None:
            r.note(f"{full} {text} is read as {full}({text})")
        argument = _several(r.pieces(leaf)) if leaf.kind == "run" else leaf
        call = Node("call", start, leaf.end, [argument], name)
        return rewrap(spine, leaf, call) if spine else call, place + 2
    below = all([node.kind in ("subscript", "indexed") for node in spine])
    if leaf.kind == "applied" and last and below and _is_function(r, leaf):
        said, entry = leaf.parts[0].value[0], r.text[leaf.end : inner.end]
        if power is None:
            r.note(f"{full} {said}(...){entry} is read as {full}({said}(...){entry})")
        return Node("call", start, leaf.end, [r.single(inner)], name), place + 2
    if leaf.kind in ("bars", "norm") and inner is leaf and last:
        if power is None:
            r.note(f"{full}{text} is read as {full}({text})")
        at = Node("name", start, inner.start, (), name)
        return _call(r, at, Node("bracket", leaf.start, leaf.end, [leaf]), leaf.end), place + 2
    if leaf.kind == "run" and inner is leaf and place + 3 == len(parts) and not ops[place + 1].text:
        # log det A
        argument = parts[place + 2]
        if argument.kind == "run" and not is_function(argument.value[0]):
            said = plain_name(leaf.value[0])
            if power is None:
                shown = argument.value[0]
                r.note(f"{full} {said} {shown} is read as {full}({said}({shown}))")
            made = Node("call", leaf.start, argument.end, [_several(r.pieces(argument))], Name(said))
            return Node("call", start, argument.end, [made], name), place + 3
    return None, 0


def _is_glued_name(parts: list[Node], ops: list[Token], place: int) -> bool:
    """Say whether a name is glued to the number at a place, as in sin 2x."""
    if place + 1 >= len(parts) or ops[place].text or ops[place].value == " ":
        return False
    return parts[place + 1].kind == "run" and parts[place].end == parts[place + 1].start


def _is_function(r: Names, leaf: Node) -> bool:
    run, bracket = leaf.parts
    return _is_known_function(r, run.value[0]) or undefined.is_undefined(r, name_of(run), bracket)


def _is_known_function(r: Names, word: str) -> bool:
    name = plain_name(word)
    return is_function(name) and name not in r.known


def _several(pieces: list[Node]) -> Node:
    if len(pieces) == 1:
        return pieces[0]
    ops = [juxtaposed(p, q) for p, q in pairwise(pieces)]
    return Node("product", pieces[0].start, pieces[-1].end, pieces, ops)


def _root(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read √x, √2, √(x)."""
    spine, leaf = descend(parts[place])
    sign = leaf.parts[0] if leaf.kind == "applied" else leaf
    if leaf.kind == "applied":
        r.settle(leaf.parts[1])
        call = Node("call", sign.start, leaf.end, leaf.parts[1].parts, Name("sqrt"))
        return [rewrap(spine, leaf, call) if spine else call], [], place + 1, None
    if place < len(ops) and not ops[place].text and not spine:
        spine, leaf = descend(parts[place + 1])
        if leaf.kind == "applied" and not is_call(r, name_of(leaf.parts[0])):
            spine, leaf = [], Node("none", 0, 0)
        if leaf.kind in ("run", "number"):
            argument = _several(r.pieces(leaf)) if leaf.kind == "run" else leaf
            call = Node("call", sign.start, leaf.end, [argument], Name("sqrt"))
            return [rewrap(spine, leaf, call) if spine else call], [], place + 2, None
    raise Mistake("E-SYNTAX", "√ of what?", [Span(sign.start, sign.end)], hint="write √(x)")


def _of_what(full: str, run: Node) -> Mistake:
    spans = [Span(run.start, run.end, "of what?")]
    return Mistake("E-SYNTAX", f"{full} is a function", spans, hint=f"write {full}(x)")


def _unclear(r: Names, full: str, run: Node, inner: Node) -> Mistake:
    leaf = descend(inner)[1]
    end = leaf.end
    if leaf.kind == "applied":
        end = leaf.parts[0].end
        text = f"{leaf.parts[0].value[0]}(...)"
    elif leaf.kind in ("bars", "norm"):
        bar = "|" if leaf.kind == "bars" else "‖"
        text = f"{bar}...{bar}"
    elif leaf.kind in ("run", "number"):
        text = leaf.value[0] if leaf.kind == "run" else r.text[leaf.start : leaf.end]
    elif leaf.kind in ("block", "indexed"):
        text = "["
    else:
        return _of_what(full, run)
    return Mistake(
        "E-AMBIG",
        f"{full} without brackets has two readings",
        [Span(run.start, end, "how far does it reach?")],
        hint=f"write {full}({text}) ..., or {full}({text} ...)",
    )


# names that are refused ----------------------------------------------------------------------------------------------


def refuse_operator(r: Names, node: Node) -> None:
    """Refuse ``min_w f``, ``lim f``, ``x mod 2``, ``int_0^1 f dx``, which would else be products with a name."""
    name: Name = node.value
    if name.base not in NO_NAMES or name.full in r.known:
        return
    hint = {
        "mod": "",
        "int": "integrals are not read; sum_{i=1}^{n} is a sum",
        "min": "differentiate what follows it; min(x) is the least element of x",
    }.get(name.base, "differentiate what follows it" if name.base != "max" else "max(x) is the greatest element of x")
    spans = [Span(node.start, node.end, "not read")]
    raise Mistake("E-UNSUPPORTED", f"{name.full} is not supported", spans, hint=hint)


def refuse_power(r: Names, part: Node, following: Node) -> None:
    """Refuse ``f^2(x)`` of a function that nothing defines: it would be a product with a power of f."""
    leaf, bracket = descend(part)[1], descend(following)[1]
    if leaf.kind != "run" or bracket.kind != "bracket" or bracket.value != "(":
        return
    name = name_of(leaf).full
    if name != "σ" and leaf.value[0] not in ABSTRACT:
        return
    if name in r.known and name not in r.scope.functions:
        return
    power, inside = r.text[leaf.end : part.end], r.text[bracket.start : bracket.end]
    raise Mistake(
        "E-AMBIG",
        f"a power of {name} before a bracket has two readings",
        [Span(part.start, bracket.start + 1, "the function or a product?")],
        hint=f"write ({name}{inside}){power} for the function, {name}{power} * {inside} for a product",
    )


def unclear_digits(word: str, run: Node) -> Mistake:
    """Return the mistake of a name with digits inside that nobody declared: x2x may be x_2 x or x*2*x."""
    parts = re.findall(r"[^\W\d]+|\d+", word)
    name = "*".join([a + ("_" + b if b else "") for a, b in zip_longest(parts[::2], parts[1::2], fillvalue="")])
    product = "*".join(parts)
    return Mistake(
        "E-AMBIG",
        f"{clip(word)} has two readings",
        [Span(run.start, run.end, "a name or a product?")],
        hint=f"write {clip(name)} for a name, {clip(product)} for a product, or declare {clip(word)}",
    )


def refuse_word(r: Names, run: Node, before: Token | None, after: Token | None) -> None:
    """Refuse an undeclared word beside something else without a sign: no word becomes a factor silently."""
    word: str = run.value[0]
    whole = plain_name(word)
    if (
        word in GRADIENTS
        or word in BIGS
        or len(whole) < 2
        or not whole.isascii()
        or not whole.isalpha()
        or whole in r.known
        or (is_function(whole) and not run.value[1])
    ):
        return
    if not ((before is not None and not before.text) or (after is not None and not after.text)):
        return
    if is_function(whole) and whole not in NO_NAMES and name_of(run).full not in r.known:
        raise Mistake(
            "E-NAME",
            f"{clip(name_of(run).full)} stands where a function would, and is none",
            [Span(run.start, run.end, "not known")],
            hint=f"the function is {whole}(x); for a product with a variable of this name write *",
        )
    if len(whole) == 2:
        if whole in ALIASES and after is not None and not after.text:
            raise Mistake("E-NAME", f"unknown function {whole}", [Span(run.start, run.end)], hint=suggestion(whole))
        return
    if name_of(run).full in r.known or word in NO_NAMES:
        return
    pieces = r.pieces(run)
    if len(pieces) > 1 or pieces[0].kind in ("call", "differential"):
        return
    raise Mistake(
        "E-NAME",
        f"nothing says what {clip(word)} is, and it stands beside something without a sign",
        [Span(run.start, run.end, "a name?")],
        hint=f"declare it, {clip(word)}: R or {clip(word)}: R^n; for a product of it write *, of its letters spaces",
    )


def glued(r: Names, run: Node) -> list[Node] | None:
    """Read ``sinx`` and ``xlnx``: a function glued to a letter that stands elsewhere, or to x, y, z."""
    word, subs = run.value
    if word in PLANNED or len(word) > _GLUED:
        return None
    for begin in range(min(len(word) - 2, 3)):
        prefix = word[:begin]
        if not all([_is_letter(r, c) for c in prefix]):
            break
        for end in range(len(word) - 1, begin + 1, -1):
            function, rest = word[begin:end], plain_name(word[end:])
            if function not in FUNCTIONS or function in r.known or not _is_letter(r, rest):
                continue
            name = Node("name", run.start + end, run.end, (), Name(rest, subs[0] if subs else None))
            call = Node("call", run.start + begin, run.end, [name], Name(function))
            r.note(f"{clip(word)} is read as {(prefix + ' ') * bool(prefix)}{function}({word[end:]})")
            letters = [Node("name", run.start + k, run.start + k + 1, (), Name(c)) for k, c in enumerate(prefix)]
            return [*letters, call]
    return None


def _is_letter(r: Names, name: str) -> bool:
    """Say whether a name is one of the statement: known, standing alone in it, or one of the letters of variables."""
    return name in r.known or name in r.used or name in ("u", "v", "w", "x", "y", "z")


# brackets behind something -------------------------------------------------------------------------------------------


def index(r: Names, node: Node) -> None:
    """Turn ``x[2]``, ``W[i, j]``, ``x[2:n]`` into a slice: what stands in brackets behind something counts from 1."""
    rows = node.parts[1:]
    if len(rows) != 1:
        raise Mistake(
            "E-SYNTAX",
            "a bracket right behind something is an index",
            [Span(node.value, node.end, "not an index")],
            hint="write a space or a sign before a vector in brackets; an element is x[2], a part x[2:n]",
        )
    parts: list[Part] = []
    for entry in rows[0].parts:
        is_range = entry.kind == "span"
        if is_range and len(entry.parts) > 2:
            raise Mistake(
                "E-UNSUPPORTED",
                "a slice has no step",
                [Span(entry.parts[2].start, entry.end, "not read")],
                hint="write x[first:last], both included",
            )
        written: list[Node | None] = []
        for place in entry.parts if is_range else (entry,):
            found = small_tree(place, lambda n: (n.start, n.end))
            if found is None:
                raise no_limit(place.start, place.end)
            written.append(found)
        first = written[0] if not is_range or entry.value == 1 else None
        last = written[-1] if is_range and len(written) > entry.value else None
        parts.append(Part(entry.start, entry.end, first, last, is_range=is_range))
    node.kind, node.value, node.parts = "slice", parts, [node.parts[0]]
