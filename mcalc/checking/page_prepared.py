"""A page made ready to be judged: its lines as they are read, what each of them defines and uses, and their order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from mcalc.checking.page_lines import page_lines, without_dashes
from mcalc.checking.page_names import Known
from mcalc.checking.page_parts import PageLine
from mcalc.checking.page_repairs import (
    LEFT_SIDE,
    restored,
    with_euler,
    with_gaps,
    with_limits,
    with_logarithms,
    with_quotients,
    with_roots,
    with_stars,
    with_steps,
    without_names,
)
from mcalc.checking.page_spellings import Spellings, sides_of
from mcalc.checking.stated_reasons import SAID_OF_NAMES, Stated
from mcalc.errors import Mistake, ShapeError
from mcalc.notation import read
from mcalc.notation.around.rows import given_name, name_at, parted
from mcalc.notation.names.differentials import are_moved, is_moved, moved_names
from mcalc.notation.statements.beside import running_in
from mcalc.notation.surface.characters import clean
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import INDICES, entries_of, is_function, is_label, plain_name
from mcalc.operators.leaves import symbol
from mcalc.patterns import pattern

EQUALS = ("EQUALS", "DEFINE")
DECLARED = pattern(r"\s*([\w\s,]+?)\s*(?::|∈)\s*(?:R|ℝ)(\s*\^.*|[ⁿᵐ^{].*)?$")
"""The declaration of some names, of numbers or of anything else."""
ZEROS = frozenset(("0", "0⃗", "\\mathbf{0}", "\\vec{0}", "\\boldsymbol{0}"))
VALUE = pattern(r"=\s*[-−]?[\d./]+\s*$")
"""The end of a line that gives a number as a value."""
STEP = pattern(r"(?<![^\W\d_])([α-ω]|\\(?:eta|alpha|gamma|lambda|mu|tau|epsilon))\s*(?=∇|\\nabla)")
"""A Greek letter, right before a gradient."""
NAMED = "{} is taken for a name of the derivative behind it: nothing else says what it is of"
LENGTH = "what an average divides by is taken for how many there are: Σ_i behind 1/n goes to n"
EULER = "e is Euler's number: nothing else says what it is"
ROOT = "{} is taken for the square of a number that is not negative"
LIST = "the dashes that begin all lines are taken for those of a list, not for minus signs"

SHAPED = pattern(r"([^=:∈]*?)(?:∈|\\in(?![a-zA-Z]))\s*(?:ℝ|R\b|\\mathbb)[^=]*")
"""A declaration, which holds for a whole page: where X ∈ ℝ^{m×n}."""
IDENTITY = pattern(r"(?<![\w\\])I(?![\w'])[^.\n]*\bidentity\b")
"""What says that I is the identity, where its shape is declared."""
MOST_JOINED = 64
"""Lines of a page that are read as one, at most."""


class Prepared:
    """The lines of a page as they are read, with the names that they may give a meaning, as `heads`.

    `said` are the rows that tell in words what its names are; `notes` tell what was put back or assumed. What
    lines say of entries is made `known`.

    >>> from mcalc.notation import Scope
    >>> made = Prepared("f(x) = x²; f'(x) = 2x", "auto", Known(Scope(), "numerator"))
    >>> [line.spelled for line in made.lines], made.heads
    (['f = x²', '(∂f/∂x) = 2x'], [('f', False), None])
    """

    def __init__(self, text: str, notation: str, known: Known) -> None:
        self.known = known
        rows = without_dashes(text)
        self.lines = page_lines(rows, notation)
        self.is_list = rows != text
        self.names_identity = IDENTITY.search(text) is not None
        self.notes = [*([LIST] if self.is_list else []), *self._restore()]
        texts = with_gaps(with_steps(with_stars([line.spelled for line in self.lines])))
        texts = with_quotients(texts, known.scope.names())
        spellings = Spellings(texts)
        told = zip(texts, self.lines, strict=True)
        shortened = [spellings.shortened(text, latex=line.notation == "latex") for text, line in told]
        arguments = {by.strip() for own in spellings.arguments.values() for by in own.split(",")}
        whole = self._completed(with_logarithms(shortened), arguments)
        for line, spelled in zip(self.lines, whole, strict=True):
            line.spelled = spelled
        every = [self.tokens(line) for line in self.lines]
        if "d" not in known.scope.sizes or any([are_moved(parted(tokens, frozenset(EQUALS))) for tokens in every]):
            known.names.moving = {name for tokens in every for name in moved_names(tokens)}
        known.names.fixed = arguments
        known.scope.moving = frozenset(known.names.moving)
        self.heads = [self._head(line) for line in self.lines]
        self._take_steps()
        claims = [line for line, head in zip(self.lines, self.heads, strict=True) if head is None]
        reasons = {line.number for line in claims if SAID_OF_NAMES.search(line.reason)}  # for their own lines alone
        said = [row for number, row in enumerate(rows.split("\n"), 1) if number not in reasons]
        self.said = [Stated(row) for row in said if SAID_OF_NAMES.search(row)]
        self._take_entries()
        found = [(k, SHAPED.fullmatch(line.text)) for k, line in enumerate(self.lines)]
        shaped = {k: names[1] for k, names in found if names is not None}
        self.declaring = {*shaped} if len({*shaped.values()}) == len(shaped) else set()

    def _restore(self) -> list[str]:
        """Put back what a copy of the page lost, as far as that is sure; return the notes on it."""
        plain = [line for line in self.lines if line.notation == "plain"]
        orders = {name: variable.order for name, variable in self.known.scope.variables.items()}
        for line in plain:
            declared = DECLARED.match(line.text)
            for name in declared[1].split(",") if declared is not None else ():
                orders[name.strip()] = 0 if declared is None or declared[2] is None else 1
        made, notes = restored([line.text for line in plain], orders)
        for line, text in zip(plain, made, strict=True):
            line.spelled = text
        return notes

    def _completed(self, texts: list[str], arguments: Collection[str]) -> list[str]:
        """Return the lines with r = sqrt(u) for r² = u and the limits of averages, with notes on them."""
        heads = {found[1] for text in texts for found in [LEFT_SIDE.match(text)] if found is not None}
        given = {*heads, *arguments, *self.known.scope.names()}
        made = [without_names(text, given) for text in texts]
        self.notes += [NAMED.format(sides_of(o)[0].strip()) for o, n in zip(texts, made, strict=True) if o != n]
        texts = made
        declared = [variable.shape for variable in self.known.scope.variables.values()]
        lines = [found for line in self.lines for found in [DECLARED.match(line.text)]]
        if not any(declared) and not any([found and found[2] for found in lines]):
            made = [with_limits(text, given) for text in texts]
            self.notes += [LENGTH] * (made != texts)
            texts = made
        made = with_euler(texts, given)
        self.notes += [EULER] * (made != texts)
        texts = made
        made = with_roots(texts, self.known.scope.names())
        self.notes += [ROOT.format(sides_of(o)[0].strip()) for o, n in zip(texts, made, strict=True) if o != n]
        return made

    def _take_steps(self) -> None:
        """Take a Greek letter right before a gradient for a number, where nothing says what it is: w - η ∇L."""
        heads = {head[0] for head in self.heads if head is not None}
        found = {letter[1] for line in self.lines for letter in STEP.finditer(line.spelled)}
        for name in sorted({plain_name(letter.lstrip(chr(92))) for letter in found} - heads - self.known.scope.names()):
            self.known.scope.assume(name, symbol(name))
            self.known.assumed.append(symbol(name))

    def _take_entries(self) -> None:
        """Let what z_i = w · x_i + b is made of be what it is in a sum of another line: x_i a row, y_i an entry.

        So h_1 = W h_0 and h_2 = W h_1 are read as one: W is square.
        """
        defined = {head[0]: k for k, head in enumerate(self.heads) if head is not None}
        entries: dict[str, tuple[Name, int]] = {}
        for full, place in defined.items():
            name = name_at(self.tokens(self.lines[place]), 0)[0]
            if name is not None and name.sub and not self.known.has_meaning(full):
                entries[full] = name, place
        for place, line in enumerate(self.lines):
            letters = running_in(self.tokens(line)) & INDICES
            said = self.mentioned(place)
            own = self._parts_of(line) - defined.keys()
            met = [(name, at) for name, at in entries.values() if (name.sub or "").isdigit() and name.full in said]
            chain = [name.base for name, at in met if own & self._parts_of(self.lines[at])]
            head = entries.get((self.heads[place] or ("",))[0])
            recurs = head is not None and chain.count(head[0].base) > 1
            if not recurs and all([name.sub not in letters or at == place for name, at in entries.values()]):
                continue
            used = [place]
            for one in used:
                used_by = sorted({entries[name][1] for name in self.mentioned(one) & entries.keys()})
                used += [at for at in used_by if at not in used]
            self._keep_joint(used, {*defined, *[name.base for name, _ in entries.values()]})

    def take_jointly(self, place: int) -> None:
        """Let what a line and all that it is made of are made of be what it is in them together.

        So z is a vector in h = relu(z) where L = ‖W h‖².
        """
        used = [place]
        for one in used:
            said = self.mentioned(one)
            used += [k for k, head in enumerate(self.heads) if head is not None and head[0] in said and k not in used]
        self._keep_joint(used, {head[0] for head in self.heads if head is not None})

    def _keep_joint(self, used: Sequence[int], defined: Collection[str]) -> None:
        """Keep what the names of a line are beside the definitions of what it uses, if it has a meaning with these.

        Raises:
            Mistake: `E-LIMIT`, where that takes more than a statement may.
        """
        if len(used) > MOST_JOINED:
            return
        line = self.lines[used[0]]
        beside = "; ".join([self.lines[k].spelled.rstrip(" .,;") for k in used[1:]])
        where = r"\text{ where }" if line.notation == "latex" else "where"
        text = f"{line.spelled} {where} {beside}" if beside else line.spelled
        try:
            reading = read(text, self.known.scope, notation=line.notation)
        except (Mistake, ShapeError) as trouble:
            if isinstance(trouble, Mistake) and trouble.code == "E-LIMIT":
                raise
            return
        reading.names = {name: one for name, one in reading.names.items() if name not in defined}
        self.known.keep(reading, self._indices())

    def tokens(self, line: PageLine) -> list[Token]:
        """The tokens of a line; none where it has what is no token."""
        try:
            if line.notation == "latex":
                from mcalc.notation.latex.texts import read_latex

                return read_latex(line.spelled, self.known.scope).tokens
            return scan(clean(line.spelled)[0])
        except Mistake:
            return []

    def _head(self, line: PageLine) -> tuple[str, bool] | None:
        """The name that a line may give a meaning, and whether it is a function's; None where there is none."""
        tokens = self.tokens(line)
        sign = next((k for k, token in enumerate(tokens) if token.type in EQUALS), 0)
        head = given_name(tokens[:sign]) if sign else None
        names = [name_at(tokens, k)[0] for k in range(sign, len(tokens))] if head is not None else []
        if head is not None and head[0].full in {name.full for name in names if name is not None}:
            return None  # A = Aᵀ is a condition, θ := θ - α ∇L an update
        if head is not None and head[1] is not None and (is_function(head[0].full) or head[0].full == "d"):
            return None  # softmax(z) = exp(z)/sum(exp(z)) claims something, and d(df) = ... too
        if head is None or (is_moved(head[0].full, None) and head[0].full not in self.known.scope.names()):
            return None
        return head[0].full, head[1] is not None

    def updates(self, line: PageLine, *, alone: bool = False) -> bool:
        """Say whether a line gives a name a new value, made of the old one: θ := θ - α ∇L, which claims nothing.

        It may go on with a claim, = θ - α Xᵀ r, unless it is to stand `alone`.
        """
        made, given, value = line.spelled.partition(":=")
        names = [name.full for name in self.names_in(line)]
        after = self.lines[self.lines.index(line) + 1 :]
        goes_on = "=" in value or bool(after and after[0].text.startswith("="))
        return (
            bool(given) and "=" not in made and names.count(names[0] if names else "") > 1 and not (alone and goes_on)
        )

    def _indices(self) -> set[str]:
        """The letters that run on the page, or stand below a name, and are no names."""
        names = [name for line in self.lines for name in self.names_in(line)]
        running = {letter for line in self.lines for letter in running_in(self.tokens(line))}
        return {*"".join([name.sub or "" for name in names]), *running} - {name.full for name in names}

    def mentioned(self, place: int) -> set[str]:
        """The names that may be meant in a line; with a d or ∂ before one it is a derivative of it or by it."""
        names = self.names_in(self.lines[place])
        said = {full for name in names for full in (name.full, *([name.base] if not is_label(name.sub) else []))}
        return said | {full[1:] for full in said if full[:1] in ("d", "∂")}

    def _parts_of(self, line: PageLine) -> set[str]:
        return {name.full for name in self.names_in(line) if not is_function(name.full)}

    def names_in(self, line: PageLine) -> list[Name]:
        """The names in a line, with their subscripts."""
        tokens = self.tokens(line)
        return [name for k in range(len(tokens)) if (name := name_at(tokens, k)[0]) is not None]

    def needed(self, place: int, done: Collection[int]) -> list[int]:
        """The later lines that define what a line uses, and what these use, in the order to take them in."""
        found: list[int] = []
        waiting = [place]
        taken = 0  # definitions may go round in a circle
        while waiting and taken < 2 * len(self.lines):
            taken += 1
            one = waiting.pop()
            if one in found:
                found.remove(one)
            found.append(one)
            head = self.heads[one]
            for name in sorted(self.mentioned(one) - ({head[0]} if head is not None else set())):
                later = next((k for k, other in enumerate(self.heads) if other is not None and other[0] == name), None)
                valued = later is not None and VALUE.search(self.lines[later].spelled) is not None
                valued = valued or (later is not None and self._is_solved(name, place, later))
                if later is None or valued or later <= place or later in done or name in self.known.scope.names():
                    continue
                if self._turns(name, later, place):
                    continue
                if later not in waiting:
                    waiting.append(later)
        return found[:0:-1]

    def _turns(self, name: str, later: int, place: int) -> bool:
        """Say whether a later line tells a name by what earlier ones make of it: x = arctan y, behind y = tan x."""
        said = self.mentioned(later)
        heads = [(k, head[0]) for k, head in enumerate(self.heads[: place + 1]) if head is not None and head[0] in said]
        return any([name in self.mentioned(k) for k, head in heads if head != name])

    def leads(self, line: PageLine) -> bool:
        """Say whether an arrow leads from a line to the next one."""
        after = self.lines[self.lines.index(line) + 1 :]
        return bool(after) and after[0].follows

    def _is_solved(self, name: str, place: int, later: int) -> bool:
        """Say whether a line gives a solution: the name is the argument of a function, or something was set to 0."""
        head = pattern(rf"\s*[^\W\d]\w*\s*\((?:[^()]*,)?\s*{re.escape(name)}\s*(?:,[^()]*)?\)\s*:?=")
        before = [line.text for line in self.lines[: place + 1]]
        zero = any([sides_of(line.spelled)[-1].strip(" .") in ZEROS for line in self.lines[place:later]])
        return zero or any([head.match(text) for text in before])

    def solver(self, line: PageLine, names: Collection[str]) -> dict[str, PageLine]:
        """The lines behind one that say what some of these names are, each name with the first that does."""
        place = self.lines.index(line)
        found: dict[str, PageLine] = {}
        for later in range(place + 1, len(self.lines)):
            head = self.heads[later]
            solved = solved_name(head[0]) if head is not None else ""
            for name in {solved, entries_of(solved)} & {*names} - found.keys():
                if not self._turns(name, later, place):
                    found[name] = self.lines[later]
        return found


def solved_name(name: str) -> str:
    """Return the name of what a name stands for a solution of: μ of μ̂ and μ*; of any other that itself."""
    return name.removesuffix("_hat").removesuffix("_star")
