"""Names, once: the surface tree becomes the tree that the elaborator takes.

With what is declared, defined, differentiated by, bound by a sum, in the operator table and in the statement itself,
runs of letters are kept or taken apart, what stands before a bracket becomes a call or a factor, and derivatives, sums
and functions without brackets get their reach. Parts come before what they are part of, by loops only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mcalc.errors import clip
from mcalc.notation.names import applied, below_the_line, derivatives, differentials, refused, unbracketed
from mcalc.notation.names.letters_as_functions import norm_called
from mcalc.notation.names.operands import HEADS, Operands, is_letter
from mcalc.notation.names.running import limit, limit_of
from mcalc.notation.names.scope import Scope
from mcalc.notation.names.spines import SPINE, Found, chained, descend, name_of, power_of, rewrap, several
from mcalc.notation.names.undefined import put_in_brackets
from mcalc.notation.surface.lexer import lexed
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.parse import parse
from mcalc.notation.surface.syntax import MATRIX_BAR, Name, Node, Token, walk_syntax
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, GRADIENTS, indices_spelled, is_function, plain_name
from mcalc.operators.axes import LAST

OWNED = frozenset([*SPINE, "product", "run", "applied", "primed", "bracket", "ranged", "negative"])
"""Kinds that say nothing alone: the chain that they stand in decides what they are."""
OPERANDS = OWNED - {"product"}
UNTOUCHED = frozenset((
    "product", "applied", "primed", "transpose", "subscript", "number", "constant", "transpose_mark", "plus_mark",
))  # fmt: skip
REACHING = frozenset(("derivative", "differential", "big"))
"""What takes all that follows it in its chain."""


class Resolver(Operands):
    """Resolves the surface trees of one statement, the sides of an equation among them."""

    def run(self, roots: list[Node]) -> list[Node]:
        """Return the trees of the sides of a statement; names of the first are known in the others."""
        orders = [self.in_order(root) for root in roots]
        if "d" in self.alone and not self.d_is_name:
            self.d_is_name = any([differentials.names_d(node) for order in orders for node in order])
        for name in self.heads:
            if name in self.scope.maps or (name in ABSTRACT & self.called and name not in self.scope.variables):
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

    def _visit(self, node: Node) -> None:
        """Settle the parts of a node that stand alone; the parts of a chain wait for their chain."""
        kind = node.kind
        if kind in UNTOUCHED:
            return
        parts = node.parts
        if kind == "power":
            self._exponent(node)
        elif kind == "norm":
            node.parts = [self.single(part) for part in parts]
            norm_called(node)
        elif kind == "bars":
            node.parts = [self.single(part) for part in parts]
            if node.parts[0].kind == "name" and node.parts[0].value.base == "Σ":
                node.value = MATRIX_BAR  # |Σ| is a determinant to all
        elif kind == "sum":
            node.parts = [self.single(part, term=part is not parts[-1]) for part in parts]
            self._carry(node)
        elif kind == "negative" and parts[0].kind in OPERANDS:
            return
        elif kind in ("indexed", "ranged"):
            node.parts = [parts[0], *[self.single(part) for part in parts[1:]]]
        elif kind == "bracket":
            if len(parts) > 1 and parts[-1].kind == "run" and parts[-1].value[0] in LAST:
                axis = parts[-1]
                name = Node("name", axis.start, axis.end, (), Name(axis.value[0]))
                node.parts = [*[self.single(part) for part in parts[:-1]], name]
            elif not (len(parts) == 1 and below_the_line.may_stand_below(parts[0])):
                node.parts = [self.single(part) for part in parts]
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
        if base.kind == "bars":
            applied.bar_determinant(self, base, exponent)
        refused.refuse_energy(self, base, exponent)
        refused.refuse_below_exponent(self, base, exponent)
        head = descend(base)[1]
        big = head.kind == "run" and head.value[0] in BIGS and name_of(head).full not in self.variables
        spine, leaf = descend(exponent)
        first: list[Node] = []
        run = leaf.parts[0] if leaf.kind == "applied" else leaf
        word: str = run.value[0] if run.kind == "run" else ""
        unknown = len(word) > 1 and plain_name(word) not in self.known
        if big and unknown and word[1].isalpha() and not is_function(word):
            # sum_{i=1}^np_i, sum_{i=1}^nf(x_i): one letter is the limit
            rest = Node("run", run.start + 1, run.end, (), (word[1:], run.value[1]))
            behind = rest if leaf is run else Node("applied", rest.start, leaf.end, [rest, leaf.parts[1]], leaf.value)
            first = [Node("run", run.start, run.start + 1, (), (word[0], [])), behind]
        elif leaf is not run and (big or applied.is_factor(self, name_of(run))):
            first = [run, leaf.parts[1]]
        elif leaf is run and unknown:
            first = self.pieces(leaf)
            if len(first) == 1 and not (word.islower() or word.isupper() or word.istitle()):  # x^tAx
                first = [Node("name", leaf.start, leaf.start + 1, (), Name(letter)) for letter in word]
            if len(first) > 1:
                raise unbracketed.unclear_exponent(self, node, leaf, first)
        if len(first) > 1:
            # x^n(a + b), sum_i^nw_i x_i
            factor = rewrap(spine, leaf, several(first[1:]))
            exponent = Node("split", exponent.start, exponent.end, [self.single(first[0]), factor])
        else:
            exponent = self.single(exponent)
            refused.refuse_index_above(self, base, exponent)
        node.parts = [base, exponent]

    def _carry(self, node: Node) -> None:
        """Give a derivative or a sum at the end of a term the next term, with its sign: ∂/∂x - x²."""
        terms: list[Node] = [node.parts[0]]
        signs: list[Token] = []
        for sign, term in zip(node.value, node.parts[1:], strict=True):
            last = self._last_reaching(terms[-1])
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
        last = self._last_reaching(node)
        if last.kind == "open":
            raise refused.nothing_follows(self, last)
        if node.kind in REACHING:
            self.ended.add(node)
        return node

    def _last_reaching(self, node: Node) -> Node:
        """Return the last factor of a term, or the last one in the body of the derivative or the sum that it is."""
        last = node.parts[-1] if node.kind == "product" else node
        while last.kind in REACHING and len(last.parts) == 1 and last not in self.ended:
            last = last.parts[0].parts[-1] if last.parts[0].kind == "product" else last.parts[0]
        return last

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
            if part.kind == "number" and not minus and self._is_ones(parts, ops, place, out):
                part = parts[place] = Node("constant", part.start, part.end, (), 1)
            word = part.value[0] if part.kind == "run" else ""
            letter = len(word) == 1 and word not in HEADS
            found = None if letter else self.begins(parts, ops, place, part)
            sign = ops[place - 1] if place and not inside else None
            while frames and frames[-1][0].kind == "reach" and out:
                if not unbracketed.begins_function(self, part):
                    if sign is not None and sign.text:
                        raise unbracketed.unclear(self, frames[-1][0], sign.start, sign.end, parts[-1].end)
                    if descend(part)[1].value == "(" or unbracketed.is_ended_by(frames[-1][0], out[-1]):
                        raise unbracketed.unclear(self, frames[-1][0], part.start, part.start + 1, parts[-1].end)
                    break
                out, signs = self._close(frames.pop(), out, signs)
            if len(word) > 1:
                refused.refuse_word(self, part, sign, ops[place] if place < len(ops) else None)
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
                    raise refused.misplaced(self, frames[-1][0], sign)
            if frames and frames[-1][0].kind == "reach" and len(made) > 1 and part.kind == "applied":
                raise unbracketed.unclear(self, frames[-1][0], made[-1].start, made[-1].start + 1, parts[-1].end)
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

    def _is_ones(self, parts: list[Node], ops: list[Token], place: int, before: list[Node]) -> bool:
        """Say whether a 1 behind a name or a row, or before a row, is the vector of ones: nobody multiplies by 1 so."""
        if parts[place].value != 1 or (place and ops[place - 1].text):
            return False
        following = ops[place] if place < len(ops) else None
        behind = parts[place + 1] if following is not None and not following.text else None
        if behind is not None and behind.kind == "transpose":
            leaf = descend(behind)[1]
            if leaf.kind == "bracket" and any([node.kind == "relation" for node in walk_syntax(leaf)]):
                return False  # 1 (x == max(x))ᵀ, the entries that are the largest
            if place + 2 < len(parts) and not self.ones:
                if self.text[: parts[place].start].endswith(("-", "−")):
                    return False
                rest = self.text[behind.start : parts[-1].end].strip()
                hint = f"write 1vec {clip(rest)} for the vector, {clip(rest)} without it"
                said = f"1 before {clip(rest)} is the number, or the vector of ones"
                raise mistake_at("E-AMBIG", said, (parts[place], parts[-1]), "which?", hint)
            self.note("1 before a row is the vector of ones")
            return True
        if not before:
            return False
        spine, leaf = descend(parts[place - 1])
        row = parts[place - 1].kind == "transpose" or (bool(spine) and power_of(spine[0])[1] == -1)
        ends = self.ones or (row and place + 2 == len(parts))
        fraction = following is not None and following.value == "/" and not ends
        divides = following is not None and (not following.text or fraction)
        named = leaf.kind in ("run", "name") or (self.ones and leaf.kind in ("bracket", "applied"))
        if divides or not (row or named):
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
        if leaf.kind == "primed":
            raise refused.no_derivative(leaf.parts[0])
        run = leaf.parts[0] if leaf.kind == "applied" else leaf
        end = run.end
        upper: Node | None = None
        body: Node | None = None
        if leaf.kind == "applied":
            body = leaf.parts[1]
        elif spine and spine[-1].kind == "power":
            upper = spine[-1].parts[1]
            spine.pop()
        elif spine and spine[-1].kind == "subscript" and not run.value[1]:
            run.value = (run.value[0], [spine.pop().value])  # sum_
        if not run.value[1]:
            if run.value[0] in "∑∏":
                raise refused.no_derivative(run)
            refused.refuse_open_sum(self, run, parts[place:])
            return unbracketed.without_brackets(self, parts, ops, place) if leaf.kind == "run" else None
        if upper is not None and upper.kind == "split":
            upper, body = upper.parts
        if upper is not None:
            upper = limit_of(upper)
            end = upper.end
        big = self.below(run)
        big.upper, big.end = upper or big.upper, end
        opened = Node("big", run.start, end, (), big)
        if body is None:
            return [], [], place + 1, opened
        parts[place] = rewrap(spine, leaf, body)
        return [], [], place, opened


def _negated(minus: list[Node], made: Node) -> Node:
    for node in reversed(minus):
        node.parts, node.end = [made], made.end
        made = node
    return made


def read_trees(text: str, sides: list[list[Token]], scope: Scope, extra: Iterable[str], notes: list[str]) -> list[Node]:
    """Return the trees of the sides of a statement, each given by its raw tokens; `extra` are further names."""
    resolver = Resolver(text, scope, extra, notes)
    roots: list[Node] = []
    for raw in sides:
        by_t = "T" in resolver.variables or _by_t(raw)
        roots.append(parse(lexed(text, raw, resolver.known, t_is_variable=by_t)))
    found = resolver.run(roots)
    if resolver.from_zero or resolver.bases or resolver.running or "vec" in text:
        from mcalc.notation.names.settled import look_again

        look_again(resolver, found, extra)
    put_in_brackets(resolver, found)
    for tree in found if scope.inlined else ():
        inline(tree, scope.inlined, scope.beside)
    return found


def inline(tree: Node, trees: dict[str, Node], beside: Collection[str]) -> None:
    """Put trees in place of the names that they are defined for; names defined `beside` the formula stay.

    What is defined as p_i is so for every index: p_k is that with k in place of i.
    """
    for node in list(walk_syntax(tree)):
        if node.kind == "name" and (meant := trees.get(node.value.full)) is not None:
            node.kind, node.value, node.parts = "group", None, [meant]
        elif node.kind == "name" and node.value.full not in beside and (other := _other(node.value, trees)) is not None:
            from mcalc.notation.names.settled import for_index, is_index

            made = for_index(trees[other], other[-1], node.value.sub) if is_index(other, node.value) else None
            if made is not None:
                node.kind, node.value, node.parts = "group", None, [made]
                continue
            said = f"{clip(other)} is defined beside, {clip(node.value.full)} is not"
            raise mistake_at("E-UNSUPPORTED", said, node, "not defined", "write what it stands for in its place")


def _other(name: Name, trees: dict[str, Node]) -> str | None:
    """Return the name with another subscript that is defined, where this one is not."""
    rests = [(full, full.removeprefix(name.base + "_")) for full in trees] if name.sub else []
    return next((full for full, rest in rests if rest != full and (len(rest) < 3 or rest[0] == "{")), None)


BY_T = frozenset(("dT", "pdT", "_T", "_{T}"))


def _by_t(raw: list[Token]) -> bool:
    """Say whether a statement differentiates by T, which then is no transpose."""
    texts = {token.text for token in raw}
    if BY_T.isdisjoint(texts) and ("T" not in texts or texts.isdisjoint(("d", "pd", "∂"))):
        return False
    for k, token in enumerate(raw):
        if token.text in ("dT", "pdT") or (token.text == "T" and k and raw[k - 1].text in ("d", "pd", "∂")):
            if any([t.text in ("/", "÷", "∕", "⁄") for t in raw[max(k - 2, 0) : k]]):
                return True
        elif token.text in ("_T", "_{T}") and k and (raw[k - 1].type == "NABLA" or raw[k - 1].text in GRADIENTS):
            return True
    return False
