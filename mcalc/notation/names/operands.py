"""The operands of a chain: a run of letters is taken apart into names, a bracket is a call's, or a factor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mcalc.errors import clip
from mcalc.notation.names import applied, below_the_line, derivatives, differentials, refused, unbracketed
from mcalc.notation.names.letters_as_functions import EXPECTED, expectation
from mcalc.notation.names.met import Met
from mcalc.notation.names.running import Big, limit_of
from mcalc.notation.names.spines import descend, name_of, rewrap, side_by_side
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, GREEK, IN_WORDS, VOWELS, apart, is_function, plain_name, split

HEADS = frozenset("dD∂∇∑∏ΣΠ√")
"""The single letters that may begin something; all other letters are names."""


_PRODUCT = 3
"""A run of as many letters at most is a product where it has what is differentiated by in it."""
SHORTENED = frozenset((
    "acc", "avg", "bce", "cov", "den", "dim", "elu", "eps", "err", "kld", "len", "lik", "low", "mae", "mse", "net",
    "neg", "new", "nll", "num", "obs", "old", "opt", "out", "pos", "ref", "reg", "res", "ret", "rss", "sse", "std",
    "pdf", "pmf", "cdf", "sup", "tgt", "tmp", "top", "tot", "tss", "val", "vol",
))  # fmt: skip
"""Runs of three letters that are words for all that."""


ELEMENTARY = frozenset(("log", "ln", "exp", "sin", "cos", "tan", "sqrt", "sinh", "cosh", "tanh", "det"))
"""Functions that behind a letter end no name: ylog * p, where y log p was meant."""


class Operands(Met):
    """Resolves the operands of chains."""

    def element(self, node: Node) -> tuple[list[Node], Sequence[Token]]:
        """Return a part of a chain that begins nothing: a run taken apart, a bracket behind it a call or a product."""
        made: list[Node] = []
        while True:
            spine, leaf = descend(node)
            if not spine:
                break
            cut = len(spine) - 1
            while cut >= 0 and spine[cut].parts[-1].kind != "split":
                cut -= 1
            if cut < 0:
                break
            # x^n(a + b): what is glued behind the exponent is a factor of its own, with all signs that follow it
            power = spine[cut]
            base, (exponent, rest) = power.parts[0], power.parts[1].parts
            power.parts, power.end = [base, exponent], exponent.end
            made.extend(self._operand(power, *descend(power)))
            node = rewrap(spine[:cut], power, rest) if cut else rest
        if node.kind == "product":
            for part in node.parts:
                made.extend(self._operand(part, *descend(part)))
        else:
            made.extend(self._operand(node, spine, leaf))
        return made, side_by_side(made) if len(made) > 1 else ()

    def _operand(self, node: Node, spine: list[Node], leaf: Node) -> list[Node]:
        kind = leaf.kind
        if spine:
            innermost, made, before = spine[-1], None, False
            if innermost.kind == "indexed":
                made = expectation(self, leaf, innermost) if kind == "run" and leaf.value[0] in EXPECTED else None
                made = made or differentials.applied_to(self, leaf, spine)
                if made is None and kind == "run":
                    made = applied.factor(self, leaf, innermost)
                    before = made is not None
            elif innermost.kind == "transpose" and kind == "run":
                made = applied.primed_alone(self, leaf, innermost)
                spine = [part for part in spine if made is None or part is innermost or part.end != innermost.end]
            for part in spine if made is None else spine[:-1]:
                if part.kind == "indexed":
                    applied.index(self, part)
            if made is not None:
                return [*(self.pieces(leaf) if before else ()), rewrap(spine[:-1], innermost, made)]
        if kind == "run":
            pieces = self.pieces(leaf)
            if pieces[-1].kind == "call" and spine and spine[-1].kind == "power":
                raise unbracketed.unclear_raised(self, pieces[-1], spine[-1])
            if pieces[-1].kind == "differential":
                pieces[-1], spine = differentials.raised(self, pieces[-1], spine)
            elif pieces[-1].kind == "name":
                refused.refuse_operator(self, pieces[-1])
        elif kind == "applied":
            pieces = applied.applied(self, leaf)
        elif kind == "primed":
            pieces = applied.primed(self, leaf)
        elif kind == "bracket":
            pieces = [self.grouped(leaf)]
        elif kind == "ranged":
            pieces = [self._ranged(leaf)]
        elif kind == "number" and leaf.value == 1 and spine and spine[-1].kind == "transpose":
            self.note("1ᵀ is that of the vector of ones")
            pieces = [Node("constant", leaf.start, leaf.end, (), 1)]
        else:
            kept = differentials.frobenius(spine, leaf)
            return [node if kept is spine else rewrap(kept, spine[-1], leaf)]
        if not spine:
            return pieces
        return [*pieces[:-1], rewrap(spine, leaf, pieces[-1])]

    def grouped(self, bracket: Node) -> Node:
        """Return what stands in brackets that are no call's; a list there is a mistake."""
        if len(bracket.parts) != 1:
            at = bracket.parts[0].end if bracket.parts else bracket.start
            said = "',' cannot stand here" if bracket.parts else "something is missing here"
            raise mistake_at("E-SYNTAX", said, (at, at + 1), "unexpected", self._listed(bracket.parts))
        self.settle(bracket)
        inner = bracket.parts[0]
        if inner.kind in ("power", "number", "name", "product"):
            return Node("group", bracket.start, bracket.end, (inner,))
        inner.start, inner.end = bracket.start, bracket.end
        return inner

    def _listed(self, parts: Sequence[Node]) -> str:
        """Return what to write for a list in round brackets: a vector, or of two the inner product."""
        texts = [self.text[part.start : part.end].strip() for part in parts]
        if not parts or any([not text or len(text) > 60 for text in texts]):
            return "a list stands in brackets: [a; b] is a vector, [a, b] a row"
        inner = f", of an inner product ({texts[0]}) · ({texts[1]})" if len(texts) == 2 else ""
        return f"write the components of a vector as [{'; '.join(texts)}]{inner}"

    def settle(self, bracket: Node) -> None:
        """Settle what waited in brackets that were not below the line of a derivative after all."""
        if len(bracket.parts) == 1 and below_the_line.may_stand_below(bracket.parts[0]):
            bracket.parts = [self.single(bracket.parts[0])]

    def _ranged(self, node: Node) -> Node:
        """Return sum(i=1..n, x_i)."""
        index, low, high, body = node.parts
        op = BIGS.get(node.value.value[0], "sum")
        big = Big(op, [(name_of(index).full, limit_of(low), ())], limit_of(high), index.start, high.end)
        return Node("big", node.start, node.end, (body,), big)

    def pieces(self, run: Node, *, call: bool = False) -> list[Node]:
        """Return the names that a run of letters is made of; the last has the subscripts. `call`: brackets follow."""
        word, subs = run.value
        slope = derivatives.lowered(self, run) if subs and not call else None
        if slope is not None:
            return [slope]
        if len(subs) < 2 and word.isascii() and len(word) == 1:
            return [Node("name", run.start, run.end, (), Name(word, subs[0] if subs else None))]
        whole = plain_name(word)
        if len(word) == 2:
            refused.refuse_lost_entry(self, run)
        if len(subs) == 2:
            # x_hat_i, u_1_i: the first subscript belongs to the name
            name = Name(Name(whole, subs[0]).full, subs[1])
            return [Node("name", run.start, run.end, (), name)]
        name = Name(whole, subs[0] if subs else None)
        one = len(word) == 1 or whole in self.known or word in GREEK or is_function(whole) or word[0] == "_"
        one = one or self._is_alike(word)
        if word == "Pi" and whole not in self.known:
            return [Node("name", run.start, run.end, (), Name(refused.number_pi(self, run)))]
        if one or (subs and name.full in self.known):
            return [Node("name", run.start, run.end, (), name)]
        moved = differentials.glued(self, run)
        if moved is not None:
            return [moved]
        refused.refuse_lost_sign(self, run)
        numbered = apart(word)
        if numbered is not None:
            # W1 is W₁: nobody writes a product so
            base, digits = numbered
            self.note(f"{clip(word)} is read as {clip(base)}_{clip(digits)}")
            name = Name(Name(base, digits).full, subs[0]) if subs else Name(base, digits)
            return [Node("name", run.start, run.end, (), name)]
        if call and _is_factor_before_function(word, self.heads):
            first = Node("name", run.start, run.start + 1, (), Name(word[0]))
            refused.refuse_change(self, first, run, Name(word[1]))
            self.note(f"{word} is read as {word[0]} {word[1]}")  # λg(x); γV(s') beside V(s)
            return [first, Node("name", run.start + 1, run.end, (), Name(word[1], name.sub))]
        found = split(word, run.start, self.known, self.longest_name(), self.alone, call=call and not subs)
        if len(found) > 1:
            refused.refuse_difference(self, run)
            if found[0].name == "δ":
                refused.refuse_variation(self, run.start, run, found[1].name)
            self.note(f"{clip(word)} is read as {clip(' '.join([p.name for p in found]), 60)}")
            last = found.pop()
            names = [Node("name", p.start, p.end, (), Name(p.name)) for p in found]
            return [*names, Node("name", last.start, run.end, (), Name(last.name, name.sub))]
        single = found[0].name
        glued = unbracketed.glued(self, run) if not call else None
        if glued is not None:
            return glued
        if single not in self.known and any([c.isdigit() for c in single]):
            raise refused.unclear_digits(word, run)
        if not call and single not in self.known and word[1:] in ELEMENTARY and self._is_factor(word[0]):
            said = f"{clip(word)} may be {word[0]} {word[1:]} of something, or a name"
            hint = f"write {word[0]} {word[1:]}(...), or declare {clip(word)}: R"
            raise mistake_at("E-AMBIG", said, run, f"{word[1:]} of what?", hint)
        if not call and single not in self.known and word.isalpha() and self.by.intersection(word):
            return self._with_variable(run, Name(single, name.sub))
        return [Node("name", run.start, run.end, (), Name(single, name.sub))]

    def _is_alike(self, word: str) -> bool:
        """Say whether a word is one as what is differentiated by is: FP beside TP, Pr beside Re, sy beside sx."""
        alike = [by for by in self.by if len(by) == len(word) > 1 and by.isalpha() and by.isascii()]
        looks = word.isascii(), word.isupper(), word.istitle()
        return any([looks == (True, by.isupper(), by.istitle()) for by in alike])

    def _is_factor(self, letter: str) -> bool:
        """Say whether a letter stands elsewhere, or is one of the letters of variables."""
        return letter in self.known or letter in self.used or letter in "uvwxyz"

    def _with_variable(self, run: Node, name: Name) -> list[Node]:
        """Take a run apart that has what is differentiated by in it: bxy by x is b x y; pred by p is a word."""
        word: str = run.value[0]
        by = next(letter for letter in word if letter in self.by)
        product = " ".join(word)
        if is_word(word) or name.sub is not None:
            self.note(f"{clip(name.full)} is a name of its own, in which no {by} is meant")
            return [Node("name", run.start, run.end, (), name)]
        if len(word) > _PRODUCT or [c in VOWELS for c in word] == [False, True, False]:  # tax by x
            said = f"{clip(word)} may be a product with {by} in it, or a name"
            hint = f"write {clip(_spaced(word))} for the product, or declare {clip(word)}"
            raise mistake_at("E-AMBIG", said, run, "which?", hint)
        refused.refuse_difference(self, run)
        self.note(f"{word} is read as {product}")
        return [Node("name", run.start + k, run.start + k + 1, (), Name(c)) for k, c in enumerate(word)]


def _is_factor_before_function(word: str, heads: Collection[str]) -> bool:
    """Say whether two letters before a bracket are a factor and a function: γV(s') beside V(s), λg(x)."""
    if len(word) != 2 or word[0] in ABSTRACT:
        return False
    return word[1] in heads or (word[1] in ABSTRACT and not word[0].isascii())


def _spaced(word: str) -> str:
    """Return what a run of letters is most likely a product of.

    >>> _spaced("nlnλ"), _spaced("mcΔT"), _spaced("trAX"), _spaced("pqrx")
    ('n ln(λ)', 'm c ΔT', 'tr(A X)', 'p q r x')
    """
    cuts = [(k, end) for k in range(min(3, len(word))) for end in range(len(word) - 1, k + 1, -1)]
    begin, end = next(((k, end) for k, end in cuts if is_function(word[k:end])), (len(word), len(word)))
    inner = f" {word[begin:end]}({_spaced(word[end:])})" if end < len(word) else ""
    return (" ".join(word[:begin]).replace("Δ ", "Δ") + inner).strip()


def is_word(run: str) -> bool:
    """Say whether a run of letters is a word, whatever is differentiated by, and no product of them."""
    begins = any([is_function(run[:end]) for end in range(max(len(run) - 2, 2), len(run))])  # costg
    vowels = IN_WORDS if run.isupper() else VOWELS
    spoken = len(run) > _PRODUCT and not begins and not vowels.isdisjoint(run)
    return run in SHORTENED or run[0] == "Δ" or spoken


def is_letter(run: Node) -> bool:
    """Say whether a run is a single letter that begins nothing, as most are."""
    word = run.value[0]
    return len(word) == 1 and word not in HEADS
