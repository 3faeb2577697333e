"""Functions without brackets: ``sin x``, ``log det A``, ``√2``, ``sinx``; what has two readings is refused."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake, clip
from mcalc.notation.names import undefined
from mcalc.notation.names.applied import call_of, is_command
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import Found, descend, first_of, name_of, power_of, rewrap, several
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import PLANNED, apart, is_function, plain_name
from mcalc.operators import FUNCTIONS

REDUCTIONS = frozenset(("sum", "mean", "prod", "tr", "trace"))
"""Functions that reach over a product to many, whatever stands in it: sum p log p."""
_GLUED = 30
"""As many letters as a run may have in which a function is looked for."""


def without_brackets(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read ``sin^2(x)``, ``sin x``, ``sin x cos x``, ``log det A`` and ``√2``; refuse what has two readings."""
    last = place
    while _is_bare(r, parts[last]) and _is_beside(ops, last) and _is_beside(ops, last + 1):
        if not _is_bare(r, parts[last + 1]):
            break
        last += 1
    noted = len(r.notes)
    found = _by_itself(r, parts, ops, last)
    if found is None or last == place:
        return found if last == place else _by_itself(r, parts, ops, place)
    made, _, after, opened = found
    if opened is not None:  # log log Σ_k p_k
        run, power = power_of(parts[place])
        return [], [], place + 1, Node("reach", run.start, parts[place].end, (), (name_of(run), power))
    [whole] = made
    heads = [(part, *power_of(part)) for part in parts[place : last + 1]]
    meant = r.text[heads[-1][0].end : whole.end].strip()
    meant = meant[1:-1] if meant.startswith("(") else meant
    for part, run, power in reversed(heads):
        name = name_of(run)
        if part is not parts[last]:
            rest = (whole.end, parts[-1].end)
            if after < len(parts) and (name.full in REDUCTIONS or not _is_ended(r, parts, ops, after)):
                raise _two_reaches(r, name.full, run, r.text[part.end : whole.end].strip(), rest, whole.end)
            whole = _raised(Node("call", part.start, whole.end, [whole], name), power, run)
        meant = f"{name.full}({meant})" + (f"^{power}" if power is not None else "")
    r.notes[noted:] = [note for note in r.notes[noted:] if not note.startswith(name_of(heads[-1][1]).full)]
    r.note(f"{clip(' '.join(r.text[whole.start : whole.end].split()), 60)} is read as {clip(meant, 60)}")
    return [whole], [], after, None


def _is_beside(ops: list[Token], place: int) -> bool:
    """Say whether something stands right behind a part, with no sign between them."""
    return place < len(ops) and not ops[place].text


def _is_ended(r: Names, parts: list[Node], ops: list[Token], after: int) -> bool:
    """Say whether the reach of a function ends before a part: before another function that is a factor."""
    return ops[after - 1].value in ("", " ", "*", "·", ".") and begins_function(r, parts[after])


def _is_bare(r: Names, part: Node) -> bool:
    """Say whether a part is a function of the table, raised to a number or not, and no bracket behind it."""
    run = power_of(part)[0]
    if run.kind != "run" or len(run.value[0]) < 2 or run.value[1]:
        return False
    return not is_command(r, run) and _is_known_function(r, run.value[0])


def _by_itself(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read one function without brackets, by what stands beside it."""
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
    raised = parts[place].kind == "power" and parts[place].parts[0] is run
    if not raised and parts[place] is not run:
        raise _of_what(r, full, run)
    if raised and not power:
        hint = f"a{full}(x) is the inverse function, 1/{full}(x) the power"
        raise mistake_at("E-AMBIG", f"{full}^-1 has two readings", (run, parts[place]), "inverse or power?", hint)
    if not _is_beside(ops, place):
        raise _of_what(r, full, run)
    inner = parts[place + 1]
    outer, leaf = descend(inner)
    if is_command(r, run) and not (raised and leaf.kind == "bracket" and leaf.value == "("):
        return [], [], place + 1, Node("reach", run.start, parts[place].end, (), (name, power))
    if not raised and leaf.kind == "run" and leaf.value[0] in BIGS and (leaf.value[1] or outer):
        # log Σ_k p_k
        r.note(f"{full} {leaf.value[0]} ... is read as {full}({leaf.value[0]} ...)")
        return [], [], place + 1, Node("reach", run.start, parts[place].end, (), (name, power))
    if leaf.kind == "bracket" and (raised or leaf.value == "{"):
        call: Node | None = call_of(r, Node("name", run.start, run.end, (), name), leaf, leaf.end)
        after = place + 2
        if raised:
            r.note(f"{full}^{power}(x) is read as {full}(x)^{power}")
    else:
        call, after = _argument(r, parts, ops, place, name, power)
        outer = []
    if call is None:
        raise _unclear(r, full, run, parts[place + 1 :])
    return [rewrap(outer, leaf, _raised(call, power, parts[place]) if raised else call)], [], after, None


def _raised(call: Node, power: int | None, at: Node) -> Node:
    """Return a call to the power that stands behind the name of its function; the call where none does."""
    if power is None:
        return call
    return Node("power", at.start, call.end, (call, Node("number", at.start, at.end, (), power)), "^")


def unclear_exponent(r: Names, power: Node, run: Node, pieces: list[Node]) -> Mistake:
    """Return the mistake of letters glued to an exponent: x^ab may be x^(a b), or x^a b."""
    base = r.text[power.parts[0].start : power.parts[0].end]
    names = [piece.value.full if piece.kind == "name" else r.text[piece.start : piece.end] for piece in pieces]
    said = f"{clip(r.text[power.start : run.end])} has two readings"
    hint = f"write {clip(base)}^({' '.join(names)}), or {clip(base)}^{names[0]} {' '.join(names[1:])}"
    return mistake_at("E-AMBIG", said, (power.start, run.end), "how far does the exponent reach?", hint)


def begins_function(r: Names, part: Node) -> bool:
    """Say whether a part of a chain begins with a function of the table, where the reach of one before it ends."""
    run = first_of(part)
    full = name_of(run).full if run.kind == "run" else ""
    return is_function(full) and (len(full) > 1 or full == "σ") and full not in r.known


def is_ended_by(opened: Node, last: Node) -> bool:
    r"""Say whether a function may reach to a call and no further: \\log p(x) y, but not \\operatorname{tr} f(X) A."""
    return descend(last)[1].kind == "call" and opened.value[0].full not in REDUCTIONS


def unclear(r: Names, opened: Node, start: int, end: int, last: int) -> Mistake:
    """Return the mistake of a function whose reach has two readings, behind which a sign or a bracket follows.

    `last` is where the chain ends in which it stands.
    """
    name: Name = opened.value[0]
    return _two_reaches(r, f"\\{name.full}", opened, r.text[opened.end : start].strip(), (start, last), end)


def _two_reaches(r: Names, full: str, at: Node, argument: str, rest: tuple[int, int], end: int) -> Mistake:
    """Return the mistake of a function without brackets, with both readings: of its argument, and of the rest, too."""
    following = r.text[slice(*rest)].strip()
    glued = "" if following.startswith(("(", "[")) else " "
    if not following or len(following) > 60:
        following, glued = "...", " "
    said = f"{full.removeprefix(chr(92))} without brackets has two readings"
    hint = f"write {full}({argument}) {following}, or {full}({argument}{glued}{following})"
    return mistake_at("E-AMBIG", said, (at, end), "how far does it reach?", hint)


def unclear_raised(r: Names, call: Node, power: Node) -> Mistake:
    """Return the mistake of sinx^2, which is sin(x)^2 to some and sin(x^2) to more."""
    argument, exponent = r.text[call.parts[0].start : call.end], r.text[call.end : power.end]
    full = call.value.full
    said = f"{r.text[call.start : power.end]} has two readings"
    hint = f"write {full}({argument}{exponent}), or {full}({argument}){exponent}"
    return mistake_at("E-AMBIG", said, (call, power), "what is raised?", hint)


def reached(r: Names, opened: Node, body: Node) -> Node:
    """Return the call of a command by all that it reaches over."""
    name, power = opened.value
    if body.kind == "product":
        r.note(f"{name.full} reaches over {clip(' '.join(r.text[body.start : body.end].split()), 60)}")
    at = Node("name", opened.start, opened.end, (), name)
    return _raised(call_of(r, at, Node("bracket", body.start, body.end, [body]), body.end), power, opened)


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
    glued = inner is leaf and after < len(parts) and not ops[place + 1].text and ops[place + 1].value != " "
    if leaf.kind == "number" and glued and parts[after].kind == "run" and leaf.end == parts[after].start:  # sin 2x
        inner = leaf = Node("product", leaf.start, parts[after].end, [leaf, parts[after]], [ops[place + 1]])
        after += 1
    last = after == len(parts) or (full not in REDUCTIONS and _is_ended(r, parts, ops, after))
    # a letter without brackets of its own, as σ, is a name
    is_call = leaf.kind == "run" and len(leaf.value[0]) > 1 and _is_known_function(r, leaf.value[0])
    below = all([node.kind in ("subscript", "indexed") for node in spine])
    said, space = r.text[leaf.start : leaf.end], " "
    if leaf.kind == "product" or (leaf.kind in ("run", "number") and not is_call):
        if not (last and (primes or leaf.kind == "product")):
            return None, 0
    elif leaf.kind == "applied" and last and below and (of := leaf.parts[0].value[0]) and _is_called(r, leaf):
        said = f"{of}(...){r.text[leaf.end : inner.end]}"
    elif leaf.kind in ("bars", "norm") and inner is leaf and last:
        space = ""
    else:
        return None, 0
    if power is None:
        r.note(f"{full}{space}{said} is read as {full}({said})")
    if not space:
        at = Node("name", start, inner.start, (), name)
        return call_of(r, at, Node("bracket", leaf.start, leaf.end, [leaf]), leaf.end), after
    whole = inner if leaf.kind == "applied" else leaf
    argument = several(r.pieces(leaf)) if leaf.kind == "run" else r.single(whole)
    call = Node("call", start, leaf.end, [argument], name)
    return rewrap(spine, leaf, call) if whole is leaf else call, after


def _is_known_function(r: Names, word: str) -> bool:
    name = plain_name(word)
    return is_function(name) and name not in r.known


def _is_called(r: Names, applied: Node) -> bool:
    """Say whether a name before a bracket is a function there, of the table or that nobody defined."""
    run, bracket = applied.parts
    return _is_known_function(r, run.value[0]) or undefined.is_undefined(r, name_of(run), bracket)


def _root(r: Names, parts: list[Node], ops: list[Token], place: int) -> Found | None:
    """Read √x, √2, √x[1] and √E[x]; √(x) is a call."""
    spine, sign = descend(parts[place])
    if place < len(ops) and not ops[place].text and not spine:
        spine, leaf = descend(parts[place + 1])
        if leaf.kind in ("run", "number"):
            bracketed = next((place for place, node in enumerate(spine) if node.kind == "indexed"), None)
            if bracketed is not None:
                leaf, spine = spine[bracketed], spine[:bracketed]
                argument = r.single(leaf)
            else:
                argument = several(r.pieces(leaf)) if leaf.kind == "run" else leaf
            call = Node("call", sign.start, leaf.end, [argument], Name("sqrt"))
            following = parts[place + 2] if place + 2 < len(parts) else None
            if spine and spine[-1].kind in ("power", "transpose"):
                raise unclear_raised(r, call, spine[-1])
            if leaf.kind == "number" and following is not None and following.start == leaf.end:
                number, rest = r.text[leaf.start : leaf.end], r.text[following.start : following.end]
                hint = f"write √({number} {rest}), or √({number}) {rest}"
                said = f"√{number}{rest} has two readings"
                raise mistake_at("E-AMBIG", said, (sign.start, following.end), "how far does it reach?", hint)
            return [rewrap(spine, leaf, call)], [], place + 2, None
        barred = leaf.kind in ("bars", "norm")  # √|x|
        if not spine and (barred or (leaf.kind == "applied" and _is_called(r, leaf))):  # √det(X)
            return [Node("call", sign.start, leaf.end, [r.single(leaf)], Name("sqrt"))], [], place + 2, None
    raise mistake_at("E-SYNTAX", "√ of what?", sign, "", "write √(x)")


def _of_what(r: Names, full: str, run: Node) -> Mistake:
    sign = r.text[run.end :].lstrip()[:1]
    hint = f"write {full}({sign if sign in ('-', '−') else ''}x)"
    return mistake_at("E-SYNTAX", f"{full} is a function", run, "of what?", hint)


def _unclear(r: Names, full: str, run: Node, behind: Sequence[Node]) -> Mistake:
    if len(behind) == 1 and _is_bare(r, behind[0]):
        return _of_what(r, name_of(power_of(behind[0])[0]).full, behind[0])
    spine, leaf = descend(behind[0])
    end = leaf.end
    if spine and spine[-1].kind == "power" and leaf.kind in ("run", "number"):
        text, raised = r.text[leaf.start : end], r.text[end : spine[-1].end]
        hint = f"write {full}({text}{raised}), or {full}({text}){raised}"
        said = f"{full} without brackets has two readings"
        return mistake_at("E-AMBIG", said, (run.start, end), "how far does it reach?", hint)
    if leaf.kind == "applied":
        end = leaf.end if _is_called(r, leaf) else leaf.parts[0].end
    elif leaf.kind == "run" and spine and all([node.kind == "transpose" for node in spine]):
        end = behind[0].end
    elif leaf.kind not in ("bars", "norm", "run", "number", "block", "indexed"):
        return _of_what(r, full, run)
    elif leaf.kind == "number" and len(behind) > 1 and behind[1].kind == "run" and behind[1].start == end:
        end = behind[1].end  # sin 3x/x
    return _two_reaches(r, full, run, r.text[leaf.start : end], (end, behind[-1].end), end)


def glued(r: Names, run: Node) -> list[Node] | None:
    """Read ``sinx``, ``xlnx``, ``detA``: a function glued to letters that stand elsewhere, to x, y, z or a capital."""
    word, subs = run.value
    if word in PLANNED or len(word) > _GLUED:
        return None
    for begin in range(min(len(word) - 2, 3)):
        prefix = word[:begin]
        if not all([_is_letter(r, c) for c in prefix]):
            break
        for end in range(len(word) - 1, begin + 1, -1):
            function, rest = word[begin:end], plain_name(word[end:])
            if function not in FUNCTIONS or function in r.known:
                continue
            argument = _glued_argument(r, word, run, end) or _glued_numbered(r, word, run, end)
            if _is_letter(r, rest) or (len(rest) == 1 and (rest.isupper() or not rest.isascii())):
                argument = Node("name", run.start + end, run.end, (), Name(rest, subs[0] if subs else None))
            elif argument is None or subs:
                continue
            call = Node("call", run.start + begin, run.end, [argument], Name(function))
            r.note(f"{clip(word)} is read as {(prefix + ' ') * bool(prefix)}{function}({word[end:]})")
            letters = [Node("name", run.start + k, run.start + k + 1, (), Name(c)) for k, c in enumerate(prefix)]
            return [*letters, call]
    return None


def _glued_argument(r: Names, word: str, run: Node, end: int) -> Node | None:
    """Return the product of a whole number and letters behind a function that is glued to them; None without."""
    letters = word[end:].lstrip("0123456789")
    digits = word[end : len(word) - len(letters)]
    greek = all([_is_letter(r, c) or "α" <= c <= "ω" for c in letters])
    if not (0 < len(letters) <= 3 and greek and len(digits) < 4 and _is_letter(r, letters[-1])):
        return None
    if word[:end] + digits[:2] in FUNCTIONS and digits:
        return None  # log2x is log2(x)
    at = run.start + end
    parts = [Node("number", at, at + len(digits), (), int(digits))] if digits else []
    at += len(digits)
    parts += [Node("name", at + k, at + k + 1, (), Name(c)) for k, c in enumerate(letters)]
    return several(parts)


def _glued_numbered(r: Names, word: str, run: Node, end: int) -> Node | None:
    """Return the letter with a number behind a function that is glued to it, cosθ1, hardly a power of the letter."""
    numbered = apart(word[end:])
    if numbered is None or run.value[1]:
        return None
    letter, digits = numbered
    if digits in ("2", "3") and f"{letter}1" not in r.text and f"{letter}_1" not in r.text:
        return None
    return Node("name", run.start + end, run.end, (), Name(letter, digits))


def _is_letter(r: Names, name: str) -> bool:
    """Say whether a name is one of the statement: known, standing alone in it, or one of the letters of variables."""
    return name in r.known or name in r.used or name in ("u", "v", "w", "x", "y", "z")
