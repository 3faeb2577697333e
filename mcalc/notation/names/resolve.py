"""Names, once: the surface tree becomes the tree that the elaborator takes.

With what is declared, defined, differentiated by, bound by a sum, in the operator table and in the statement itself,
runs of letters are kept or taken apart, what stands before a bracket becomes a call or a factor, and derivatives, sums
and functions without brackets get their reach. Parts come before what they are part of, by loops only.
"""

from __future__ import annotations

from mcalc.notation.names import applied, derivatives, differentials, refused, unbracketed
from mcalc.notation.names.letters_as_functions import EXPECTED, expectation, norm_called
from mcalc.notation.names.met import Met
from mcalc.notation.names.running import Big, limit, no_limit, small_tree
from mcalc.notation.names.spines import SPINE, chained, descend, name_of, rewrap, several, side_by_side
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, GREEK, apart, clip, indices_spelled, is_function, plain_name, split
from mcalc.operators.axes import LAST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.notation.names.spines import Found

OWNED = frozenset([*SPINE, "product", "run", "applied", "primed", "bracket", "ranged", "negative"])
"""Kinds that say nothing alone: the chain that they stand in decides what they are."""
OPERANDS = OWNED - {"product"}
UNTOUCHED = frozenset(
    ("product", "applied", "primed", "transpose", "subscript", "number", "constant", "transpose_mark", "plus_mark")
)
REACHING = frozenset(("derivative", "differential", "big"))
"""What takes all that follows it in its chain."""
HEADS = frozenset("dD∂∇∑∏ΣΠ√")
"""The single letters that may begin something; all other letters are names."""


class Resolver(Met):
    """Resolves the surface trees of one statement, the sides of an equation among them."""

    def run(self, roots: list[Node]) -> list[Node]:
        """Return the trees of the sides of a statement; names of the first are known in the others."""
        orders = [self.in_order(root) for root in roots]
        if "d" in self.alone and not self.d_is_name:
            self.d_is_name = any([differentials.names_d(node) for order in orders for node in order])
        for name in self.heads:
            if name in self.scope.maps or (name in ABSTRACT and name not in self.scope.variables):
                self.by.discard(name)  # ∂f/∂g beside g(x): g is a function
                self.variables.discard(name)
        for node in self.greek:
            if node.kind == "run":
                word, subs = node.value
                node.value = (word, [*subs[:-1], indices_spelled(subs[-1], self.running)])
            else:
                node.value = indices_spelled(node.value, self.running)
        found: list[Node] = []
        for root, order in zip(roots, orders, strict=True):
            for node in reversed(order):
                self._visit(node)
            found.append(self.single(root))
            differentials.refuse_power(self, found[-1])
            if len(roots) > 1 and len(found) == 1:
                self.know_names(found[0])
        return found

    # nodes -----------------------------------------------------------------------------------------------------------

    def _visit(self, node: Node) -> None:
        """Settle the parts of a node that stand alone; the parts of a chain wait for their chain."""
        kind = node.kind
        if kind in UNTOUCHED:
            return
        parts = node.parts
        if kind in ("power", "superscript"):
            self._exponent(node)
        elif kind == "norm":
            node.parts = [self.single(part) for part in parts]
            norm_called(node)
        elif kind == "sum":
            node.parts = [self.single(part, term=part is not parts[-1]) for part in parts]
            self._carry(node)
        elif kind == "negative" and parts[0].kind in OPERANDS:
            return
        elif kind == "indexed":
            node.parts = [parts[0], *[self.single(part) for part in parts[1:]]]
        elif kind == "bracket":
            if len(parts) > 1 and parts[-1].kind == "run" and parts[-1].value[0] in LAST:
                axis = parts[-1]
                name = Node("name", axis.start, axis.end, (), Name(axis.value[0]))
                node.parts = [*[self.single(part) for part in parts[:-1]], name]
            elif not (len(parts) == 1 and derivatives.may_stand_below(parts[0])):
                node.parts = [self.single(part) for part in parts]
        elif kind == "ranged":
            node.parts = [parts[0], *[self.single(part) for part in parts[1:]]]
        elif kind == "block" and any([part.kind == "span" for part in parts]):
            at = next(part for part in parts if part.kind == "span")
            hint = "a slice stands right behind what it cuts"
            raise mistake_at("E-SYNTAX", "':' cannot stand here", at, "unexpected", hint)
        else:
            node.parts = [self.single(part) for part in parts]

    def _exponent(self, node: Node) -> None:
        """Settle an exponent: the limit of a sum, or one name or number; what is glued behind it is a factor."""
        base, exponent = node.parts
        if exponent.kind in ("transpose_mark", "plus_mark"):
            return
        if exponent.kind == "script":
            node.parts = [base, limit(exponent.value, exponent.start, exponent.end)]
            return
        head = descend(base)[1]
        big = head.kind == "run" and head.value[0] in BIGS and not self.is_variable(name_of(head).full)
        spine, leaf = descend(exponent)
        first: list[Node] = []
        if leaf.kind == "applied" and (big or applied.is_factor(self, name_of(leaf.parts[0]))):
            first = [leaf.parts[0], leaf.parts[1]]
        elif leaf.kind == "run" and len(leaf.value[0]) > 1 and plain_name(leaf.value[0]) not in self.known:
            if big:
                letter = Node("run", leaf.start, leaf.start + 1, (), (leaf.value[0][0], []))
                first = [letter, Node("run", leaf.start + 1, leaf.end, (), (leaf.value[0][1:], leaf.value[1]))]
            else:
                first = self.pieces(leaf)
        if len(first) > 1:
            # x^n(a + b), x^nw, sum_i^nw_i x_i
            rest = several(first[1:])
            exponent = Node("split", exponent.start, exponent.end, [self.single(first[0]), rewrap(spine, leaf, rest)])
        else:
            exponent = self.single(exponent)
            refused.refuse_index_above(self, exponent)
        node.parts = [base, exponent]

    def _carry(self, node: Node) -> None:
        """Give a derivative or a sum at the end of a term the next term, with its sign: ∂/∂x - x²."""
        terms: list[Node] = [node.parts[0]]
        signs: list[Token] = []
        for sign, term in zip(node.value, node.parts[1:], strict=True):
            last = _last_reaching(terms[-1])
            if last.kind == "open":
                last.kind, last.value = last.value
                body = term if sign.value == "+" else Node("negative", sign.start, term.end, (term,))
                last.parts, last.end = [body], term.end
                self.carried.append(term.end)
            else:
                terms.append(term)
                signs.append(sign)
        node.parts, node.value = terms, signs

    def single(self, node: Node, *, term: bool = False) -> Node:
        """Return a part that stands alone; in a `term` a derivative may wait for what follows the sign."""
        kind = node.kind
        if kind == "run" and is_letter(node):
            return self.pieces(node)[0]
        if kind == "sum" and len(node.parts) == 1:
            return node.parts[0]
        if kind not in OWNED:
            return node
        if kind == "negative":
            inner = node
            while inner.parts[0].kind == "negative":
                inner = inner.parts[0]
            inner.parts = [self.single(inner.parts[0])]
            return node
        parts, ops = (list(node.parts), node.value) if kind == "product" else ([node], [])
        out, signs = self.chain(parts, ops)
        made = out[0] if len(out) == 1 else chained(node.start, out, signs)
        return made if term else self._ended(made)

    def _ended(self, node: Node) -> Node:
        """Return what nothing follows; a derivative or a sum at its end would be one of nothing."""
        last = _last_reaching(node)
        if last.kind == "open":
            raise derivatives.nothing_follows(self, last)
        return node

    # chains ----------------------------------------------------------------------------------------------------------

    def chain(self, parts: list[Node], ops: list[Token]) -> tuple[list[Node], list[Token]]:
        """Resolve the parts of a chain from left to right; derivatives and sums take all that follows them."""
        frames: list[tuple[Node, list[Node], list[Token]]] = []
        out: list[Node] = []
        signs: list[Token] = []
        place = 0
        inside = False  # a bracket that was glued to the head of a derivative or a sum comes next
        while place < len(parts):
            part = parts[place]
            minus: list[Node] = []
            while part.kind == "negative" and part.parts[0].kind in OPERANDS:
                minus.append(part)
                part = parts[place] = part.parts[0]
            if part.kind == "number" and out and self._is_ones(parts, ops, place):
                part = parts[place] = Node("constant", part.start, part.end, (), 1)
            letter = part.kind == "run" and is_letter(part)
            found = None if letter else self.begins(parts, ops, place, part)
            sign = ops[place - 1] if place and not inside else None
            while frames and frames[-1][0].kind == "reach" and out:
                if not unbracketed.begins_function(self, part):
                    if sign is not None and sign.text:
                        raise unbracketed.unclear(self, frames[-1][0], sign.start, sign.end)
                    if descend(part)[1].value == "(":
                        raise unbracketed.unclear(self, frames[-1][0], part.start, part.start + 1)
                    break
                out, signs = self._close(frames.pop(), out, signs)
            if part.kind == "run" and len(part.value[0]) > 1:
                applied.refuse_word(self, part, sign, ops[place] if place < len(ops) else None)
            inside = False
            if found is None:
                if place < len(ops) and not ops[place].text:
                    refused.refuse_before(self, part, parts[place + 1])
                made, between = (self.pieces(part), ()) if letter else self.element(part)
                place += 1
                opened = None
            else:
                made, between, after, opened = found
                inside = after == place
                place = after
            if sign is not None:
                if out:
                    signs.append(sign)
                elif frames and sign.text:
                    raise derivatives.misplaced(self, frames[-1][0], sign)
            if frames and frames[-1][0].kind == "reach" and len(made) > 1 and part.kind == "applied":
                raise unbracketed.unclear(self, frames[-1][0], made[-1].start, made[-1].start + 1)
            if minus and made:
                made[0] = _negated(minus, made[0])
            out.extend(made)
            signs.extend(between)
            for sign_node in minus if opened is not None else ():
                frames.append((sign_node, out, signs))
                out, signs = [], []
            if opened is not None:
                frames.append((opened, out, signs))
                out, signs = [], []
        while frames:
            out, signs = self._close(frames.pop(), out, signs)
        return out, signs

    def _is_ones(self, parts: list[Node], ops: list[Token], place: int) -> bool:
        """Say whether a 1 right behind a name is the vector of ones, as in 1ᵀ X 1: nobody multiplies by 1 so."""
        following = ops[place] if place < len(ops) else None
        divides = following is not None and (not following.text or (following.value == "/" and not self.ones))
        if parts[place].value != 1 or ops[place - 1].text or divides or descend(parts[place - 1])[1].kind != "run":
            return False
        self.note("1 right behind a name is the vector of ones")
        return True

    def _close(
        self, frame: tuple[Node, list[Node], list[Token]], out: list[Node], signs: list[Token]
    ) -> tuple[list[Node], list[Token]]:
        """Give a derivative, a sum or a function what followed it; return what stands around it, with it."""
        opened, before, outer = frame
        if out:
            body = out[0] if len(out) == 1 else chained(out[0].start, out, signs)
            if opened.kind == "reach":
                return [*before, unbracketed.reached(self, opened, self._ended(body))], outer
            opened.parts, opened.end = [body], body.end
            if opened.kind == "big":
                from mcalc.notation.names.settled import count_from_one

                count_from_one(self, opened)
        else:
            opened.value = (opened.kind, opened.value)
            opened.kind = "open"
        return [*before, opened], outer

    def begins(self, parts: list[Node], ops: list[Token], place: int, part: Node) -> Found | None:
        """Return what a derivative, a sum or a function without brackets is, with the place after it; else None."""
        leaf = part
        while leaf.kind in SPINE:
            leaf = leaf.parts[0]
        run = leaf.parts[0] if leaf.kind in ("applied", "primed") else leaf
        if run.kind != "run":
            return None
        word: str = run.value[0]
        if leaf.kind != "run" or word == "D":
            found = differentials.at_direction(self, parts, ops, place)
            if found is not None:
                return found
        if len(word) == 1 and word not in HEADS:
            return None
        known = plain_name(word) in self.known or self.is_whole(run)
        if not known or word == "d":
            found = derivatives.begin(self, parts, ops, place, run)
            if found is not None:
                return found
        if not known:
            if word in BIGS:
                return self._big(parts, ops, place, leaf)
            if leaf.kind == "run":
                return unbracketed.without_brackets(self, parts, ops, place)
        return None

    def _big(self, parts: list[Node], ops: list[Token], place: int, leaf: Node) -> Found | None:
        """Read sum_{i=1}^{n} and its short forms."""
        spine = descend(parts[place])[0]
        run = leaf.parts[0] if leaf.kind == "applied" else leaf
        sub: str | None = None
        end = run.end
        upper: Node | None = None
        body: Node | None = None
        if leaf.kind == "applied":
            body = leaf.parts[1]
        elif spine and spine[-1].kind in ("power", "superscript"):
            upper = spine[-1].parts[1]
            end = spine.pop().end
            if spine and spine[-1].kind == "subscript" and not run.value[1]:
                sub, end = spine[-1].value, spine.pop().end
        elif spine and spine[-1].kind == "subscript" and not run.value[1]:
            sub, end = spine[-1].value, spine.pop().end
        if not run.value[1] and sub is None:
            if run.value[0] in "∑∏":
                raise derivatives.no_derivative(run)
            refused.refuse_open_sum(self, run, parts[place:])
            return unbracketed.without_brackets(self, parts, ops, place) if leaf.kind == "run" else None
        if upper is not None and upper.kind == "split":
            upper, body = upper.parts
        if upper is not None:
            found = small_tree(upper, lambda node: (node.start, node.end))
            if found is None:
                raise no_limit(upper.start, upper.end)
            end, upper = found.end, found
        big = self.below(run, sub, run.end if sub is None else end)
        big.upper, big.end = upper or big.upper, end
        opened = Node("big", run.start, end, (), big)
        if body is None:
            return [], [], place + 1, opened
        parts[place] = rewrap(spine, leaf, body)
        return [], [], place, opened

    # operands --------------------------------------------------------------------------------------------------------

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
            innermost = spine[-1]
            if innermost.kind == "indexed":
                made = expectation(self, leaf, innermost) if kind == "run" and leaf.value[0] in EXPECTED else None
                made = made or differentials.applied_to(self, leaf, spine)
                if made is not None:
                    return [rewrap(spine[:-1], innermost, made)]
            for part in spine:
                if part.kind == "indexed":
                    applied.index(self, part)
        if kind == "run":
            pieces = self.pieces(leaf)
            if pieces[-1].kind == "call" and spine and spine[-1].kind in ("power", "superscript"):
                raise unbracketed.unclear_raised(self, pieces[-1], spine[-1])
            if pieces[-1].kind == "differential":
                pieces[-1], spine = differentials.raised(self, pieces[-1], spine)
            else:
                applied.refuse_operator(self, pieces[-1])
        elif kind == "applied":
            pieces = applied.applied(self, leaf)
        elif kind == "primed":
            pieces = applied.primed(self, leaf, spine)
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
            hint = self._listed(bracket.parts)
            raise mistake_at("E-SYNTAX", said, (at, at + 1), "unexpected", hint)
        self.settle(bracket)
        inner = bracket.parts[0]
        if inner.kind in ("power", "number", "name", "superscript", "product"):
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
        if len(bracket.parts) == 1 and derivatives.may_stand_below(bracket.parts[0]):
            bracket.parts = [self.single(bracket.parts[0])]

    def _ranged(self, node: Node) -> Node:
        """Return sum(i=1..n, x_i)."""
        index, low, high, body = node.parts
        limits = [small_tree(part, lambda n: (n.start, n.end)) for part in (low, high)]
        if None in limits:
            raise no_limit(low.start, high.end)
        op = BIGS.get(node.value.value[0], "sum")
        big = Big(op, [(name_of(index).full, limits[0], ())], limits[1], index.start, high.end)
        return Node("big", node.start, node.end, (body,), big)

    def pieces(self, run: Node, *, call: bool = False) -> list[Node]:
        """Return the names that a run of letters is made of; the last has the subscripts. `call`: brackets follow."""
        word, subs = run.value
        if len(subs) < 2 and word.isascii() and len(word) == 1:
            return [Node("name", run.start, run.end, (), Name(word, subs[0] if subs else None))]
        whole = plain_name(word)
        if len(subs) == 2:
            # x_hat_i, u_1_i: the first subscript belongs to the name
            name = Name(Name(whole, subs[0]).full, subs[1])
            return [Node("name", run.start, run.end, (), name)]
        name = Name(whole, subs[0] if subs else None)
        one = len(word) == 1 or whole in self.known or word in GREEK or is_function(whole) or word[0] == "_"
        if one or (subs and name.full in self.known):
            return [Node("name", run.start, run.end, (), name)]
        moved = differentials.glued(self, run)
        if moved is not None:
            return [moved]
        numbered = apart(word)
        if numbered is not None:
            # W1 is W₁: nobody writes a product so
            base, digits = numbered
            self.note(f"{clip(word)} is read as {clip(base)}_{clip(digits)}")
            name = Name(Name(base, digits).full, subs[0]) if subs else Name(base, digits)
            return [Node("name", run.start, run.end, (), name)]
        found = split(word, run.start, self.known, self.longest_name(), self.alone, call=call and not subs)
        if len(found) > 1:
            self.note(f"{clip(word)} is read as {clip(' '.join([p.name for p in found]), 60)}")
            last = found.pop()
            names = [Node("name", p.start, p.end, (), Name(p.name)) for p in found]
            return [*names, Node("name", last.start, run.end, (), Name(last.name, name.sub))]
        single = found[0].name
        glued = unbracketed.glued(self, run) if not call else None
        if glued is not None:
            return glued
        if single not in self.known and any([c.isdigit() for c in single]):
            raise applied.unclear_digits(word, run)
        return [Node("name", run.start, run.end, (), Name(single, name.sub))]


def is_letter(run: Node) -> bool:
    """Say whether a run is a single letter that begins nothing, as most are."""
    word = run.value[0]
    return len(word) == 1 and word not in HEADS


def _last_reaching(node: Node) -> Node:
    """Return the last factor of a term, or the last one in the body of the derivative or the sum that it is."""
    last = node.parts[-1] if node.kind == "product" else node
    while last.kind in REACHING and len(last.parts) == 1:
        last = last.parts[0].parts[-1] if last.parts[0].kind == "product" else last.parts[0]
    return last


def _negated(minus: list[Node], made: Node) -> Node:
    for node in reversed(minus):
        node.parts, node.end = [made], made.end
        made = node
    return made
