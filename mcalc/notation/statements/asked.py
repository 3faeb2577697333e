"""What is asked for: how a statement is to be read, and the variables beside it: `--wrt w`, `wrt="x_4"`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake, Span, clip
from mcalc.expr import Expr, walk
from mcalc.notation.around.rows import square_of
from mcalc.notation.meaning import forms, named
from mcalc.notation.meaning.assumed import assumed_text
from mcalc.notation.meaning.calls import LENGTH_OF
from mcalc.notation.meaning.elaborate import Elaborator
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.surface.characters import clean, outside_brackets
from mcalc.notation.surface.mistakes import shown
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import INDICES, apart, letters_of, plain_name, plain_script
from mcalc.operators.abstract import APPLY, MAP
from mcalc.operators.leaves import INDEX, SIZE, SYMBOL, symbol
from mcalc.operators.linear import ELEMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.latex.texts import Pasted


def read_variables(wanted: Sequence[str] | str, scope: Scope, reading: Reading) -> list[Expr]:
    """Return the variables to differentiate by, such as "w", "x_4" or "x, y", after an expression has been read.

    A name that does not occur there is a variable all the same, with a note.
    """
    found: list[Expr] = []
    after = reading.scope
    nodes = list(walk(reading.expr)) if reading.expr is not None else []
    present = dict.fromkeys([n for n in nodes if n.op is SYMBOL])
    beside = named.Standing(nodes)
    sizes = {size: Dim.named(size) for n in nodes if n.op is SIZE for size in n.attr.names}
    free = {index.attr[0]: index for index in reading.expr.free} if reading.expr is not None else {}
    levels: dict[str, int] = {}
    for node in nodes:
        if node.op is INDEX:
            levels[node.attr[0]] = max(levels.get(node.attr[0], 0), node.attr[1] + 1)
    taken = {*scope.names(), *reading.names}
    assumed = {k: v for k, v in reading.names.items() if k not in after.variables}
    for text in wanted_texts(wanted):
        name = wanted_name(text, taken)
        elaborator = Elaborator(text, after, reading.notes)
        elaborator.assumed, elaborator.local_sizes = assumed, sizes
        for letter in letters_of(name.sub, INDICES.union(levels)):
            if letter not in after.names() and letter not in reading.names:
                elaborator.free[letter] = free.get(letter)
                elaborator.levels[letter] = levels.get(letter, 0) + 1
        known = named.lookup(elaborator, name.full) or _samples(elaborator, name, reading)
        base = None if name.sub is None else named.lookup(elaborator, name.base) or named.sample(elaborator, name.base)
        if known is None and base is None:
            known = symbol(name.full)
            reading.symbols.append(known)
            reading.assumed[:] = assumed_text(reading.symbols)
        try:
            variable = known
            if variable is None or variable.op is not SYMBOL:
                variable = forms.variable(elaborator, (name, 0, len(text)))
        except Mistake as mistake:
            mistake.source = text
            raise
        of = variable.args[0] if variable.op is ELEMENT else variable
        unclear = named.unclear_part(name.full, of, beside, reading.names) if variable is of else None
        if of not in present:
            _not_present(name, text, present, unclear is not None, reading)
        if unclear is not None:
            code, said, hint = unclear
            raise Mistake(code, said, hint=hint)
        found.append(variable)
    return found


def _not_present(name: Name, text: str, present: dict[Expr, None], unclear: bool, reading: Reading) -> None:
    """Note that a name does not occur in an expression, where nothing else is to be said of that."""
    word = named.unknown_word(present, reading.names)
    if word:
        raise named.depends_on_word(name.full, word, Span(0, max(len(text), 1), "does not occur"), text)
    others = sorted({n.attr[0] for n in present})
    if unclear:
        return
    if LENGTH_OF.format(name.full) in reading.notes:
        said = f"|{name.full}| of a vector is its length to the paper, which does not change with {name.full}"
        hint = f"‖{name.full}‖ is the norm (in ASCII ||...||), abs(...) entry by entry"
        raise Mistake("E-AMBIG", said, hint=hint)
    inside = [*walk(reading.expr)] if reading.expr is not None else []
    called = [n for n in inside if n.op in (APPLY, MAP)]
    left = reading.scope.functions.get(reading.name or "")
    own = left.parameters if left is not None else ()
    hint = f"write {called[0].attr.name}(...) with what it is made of" if called else ""
    if name.full in own and called and not any([n.attr[0] in own for n in present]):
        said = f"{clip(name.full)} stands on the left alone: nothing says what on the right depends on it"
        raise Mistake("E-NAME", said, hint=hint)
    if (role := named.other_role(name.full, others, called)) is not None:
        raise Mistake("E-NAME", role[0], hint=role[1])
    close = [n for n in others if n in name.full or name.full in n] or others
    hint = f": did you mean {' or '.join(close[:3])}?" if close and len(close) <= 3 else ""
    reading.notes.append(f"{clip(name.full)} does not occur in the expression{hint}")


def _samples(e: Elaborator, name: Name, reading: Reading) -> Expr | None:
    """Return the matrix whose rows a sum goes over, where X, x and x_i all stand for it, with a note."""
    if reading.expr is None:
        return None
    indices = INDICES.union([node.attr[0] for node in walk(reading.expr) if node.op is INDEX])
    if name.sub is not None and not indices.issuperset(name.sub):
        return None
    if name.sub is not None and any([index.attr[0] == name.sub for index in reading.expr.free]):
        return None
    for base in (name.base, name.base.upper(), name.base.lower()):
        found = named.lookup(e, base) if len(base) == 1 else None
        if found is None or found.op is not SYMBOL or found.order != 2 or base == name.full:
            continue
        rows = [n.args[1] for n in walk(reading.expr) if n.op is ELEMENT and n.args[0] is found and n.order == 1]
        if any([name.sub is None or (at.op is INDEX and at.attr[0] == name.sub) for at in rows]):
            reading.notes.append(f"{clip(name.full)} is read as all samples, the rows of {base}")
            return found
    return None


def wanted_texts(wanted: Sequence[str] | str) -> list[str]:
    """Cut "x, y" at its commas, but not inside braces."""
    texts = [wanted] if isinstance(wanted, str) else wanted
    if "".join(texts).isalnum():
        return [*texts]
    found: list[str] = []
    for listed in texts:
        text = listed.strip()
        if text[:1] + text[-1:] in ("()", "[]", "{}"):
            text = text[1:-1]
        cuts = [place for place in outside_brackets(text) if text[place] == ","]
        found += [text[low + 1 : high] for low, high in pairwise([-1, *cuts, len(text)])]
    return [t.strip().strip("()").strip() for t in found]


def wanted_names(wanted: Sequence[str] | str, known: Container[str] = ()) -> list[Name]:
    """Return the names that are to be differentiated by, in what order they are given."""
    found = [wanted_name(text, known) for text in wanted_texts(wanted)] if wanted else []
    for name in found:
        if name.full == "π" and "π" not in known:
            hint = "where it is a variable, declare it: --where 'π: R^n' or --where 'π: R'"
            raise Mistake("E-NAME", "π is the number 3.14…, which nothing can be differentiated by", hint=hint)
    return found


def _tokens(text: str) -> list[Token]:
    r"""Return the tokens of a name, which LaTeX may spell: ``\mathbf{w}``, ``\hat{y}``, ``$\mu$``."""
    try:
        if not ("\\" in text or "$" in text or "^{" in text):
            return scan(clean(text)[0])
        from mcalc.notation.latex.texts import read_latex

        return read_latex(text, Scope()).tokens
    except Mistake as mistake:
        mistake.source = text
        raise


def wanted_name(text: str, known: Container[str] = ()) -> Name:
    """Return the name that a text such as ``x_4`` is; ``W1`` is W_1 unless it is `known` so."""
    if text.isascii() and text.isalpha():
        return Name(plain_name(text))
    raw = _tokens(text)
    if "_*" in text:
        from mcalc.notation.around.marks import with_marks

        raw = with_marks(text, raw, [])
    if len(raw) > 1 and raw[-1].type == "PRIME" and raw[-1].text in ("'", "′"):
        raw = [*raw[:-1], Token("SUB", "_prime", raw[-1].start, raw[-1].end)]  # V(k') by k'
    if (square := square_of(raw)) is not None:
        return square
    if not raw or raw[0].type != "WORD" or any([t.type != "SUB" for t in raw[1:]]) or len(raw) > 3:
        spans = [Span(0, max(len(text), 1), "not a name")]
        raise Mistake("E-SYNTAX", f"'{shown(text)}' is no variable", spans, "write w, x_4 or x,y", text)
    name = Name(plain_name(raw[0].text))
    if len(raw) == 1 and name.full not in known and (numbered := apart(raw[0].text)) is not None:
        name = Name(*numbered)
    for token in raw[1:]:
        name = Name(name.full, plain_script(token.text))
    return name


class Asked:
    """With `value` the right-hand side of a definition is meant, with `equation` an equation is a claim.

    `before` is the expression that a statement goes on from, `shape` that which its value is known to have, and `wrt`
    are further variables; `pasted` is what LaTeX says beside its tokens.
    """

    def __init__(
        self, *, value: bool = False, equation: bool = False, before: Expr | None = None,
        shape: Shape | None = None, wrt: Sequence[str] | str = (), pasted: Pasted | None = None,
    ) -> None:  # fmt: skip
        self.value = value
        self.equation = equation
        self.before = before
        self.shape = shape
        self.wrt = wrt
        self.pasted = pasted

    @property
    def is_typed(self) -> bool:
        """Whether the statement is in mcalc's own notation."""
        return self.pasted is None

    @property
    def words(self) -> list[str]:
        """The names of several letters that LaTeX sets upright."""
        return [] if self.pasted is None else self.pasted.words

    def wanted(self, known: Container[str]) -> list[Name]:
        """Return the names of the further variables."""
        return wanted_names(self.wrt, known)
