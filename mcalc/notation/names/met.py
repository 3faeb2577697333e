"""What the surface trees of a statement say of its names, before any of them is settled."""

from __future__ import annotations

from mcalc.notation.names import applied, below_the_line, running
from mcalc.notation.names.running import Big
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import descend, name_of
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, GRADIENTS, GREEK, OTHER_NAMES, in_any_case, is_function, plain_name
from mcalc.patterns import GREEK as WORDS


class Met(Names):
    """Meets the names of the trees of one statement."""

    def in_order(self, root: Node) -> list[Node]:
        """List the nodes of a tree, each before its parts, and meet the names that it says something of."""
        order: list[Node] = []
        stack = [root]
        behind: set[int] = set()
        while stack:
            node = stack.pop()
            kind = node.kind
            if kind == "run":
                self._meet_run(node)
                continue
            if not node.parts:
                continue
            order.append(node)
            if kind in ("applied", "primed"):
                word = node.parts[0].value[0]
                full = name_of(node.parts[0]).full
                self.heads.add(full)
                if len(node.parts[1].parts) != 1 or node.parts[1].parts[0].kind not in ("sum", "number"):
                    self.called.add(full)
                if len(word) == 1:
                    self.alone.add(word)
                elif "norm" in (word, in_any_case(word)) and word not in self.known:
                    applied.name_norm(node)
                elif word in ("sum", "mean", "dot") and word not in self.known:
                    applied.name_julia(node)
                elif word in ("diff", "Derivative") and word not in self.known:
                    self._meet([by for part in node.parts[1].parts[1:] if (by := below_the_line.variable_of(part))])
                if node.parts[0].value[1]:
                    self._meet_run(node.parts[0], called=True)
                stack.extend(node.parts[1:])
                continue
            if kind == "product":
                self._meet_product(node)
            elif kind == "bracket" and len(node.parts) == 1 and node.parts[0].kind == "run":
                self.bracketed.append(node.parts[0].value[0])
            elif kind == "ranged":
                self.running.add(plain_name(node.parts[0].value[0]))
            elif kind == "transpose" and node.parts[0].kind == "number":
                self.ones = True
            elif kind == "subscript":
                if node.start not in behind:  # the outermost of those on one operand
                    behind.add(node.start)
                    self._meet_behind(node)
                if node.value in WORDS:
                    self.greek.append(node)
            stack.extend(node.parts)
        return order

    def _meet_run(self, node: Node, *, called: bool = False) -> None:
        """Meet a run of letters with its subscripts: a name, a sum over an index, a gradient."""
        word, subs = node.value
        self.runs.append(word)
        if GREEK.get(word, word) in applied.LETTERS and not subs:
            self.lone.add(GREEK.get(word, word))
        if word == "J" and subs and subs[-1] in self.scope.functions and f"J_{subs[-1]}" not in self.known:
            said = f"J_{subs[-1]} of a function that is defined is not read"
            raise mistake_at("E-UNSUPPORTED", said, node, "a Jacobian", f"write d/dx {subs[-1]}(x)")
        if subs and word == "log":
            from mcalc.notation.names.settled import took_base
        if subs and not (word == "log" and took_base(self, node)):
            self.labels.add(subs[-1])
            if subs[-1] in WORDS:
                self.greek.append(node)
        if len(word) == 1 and word not in "∇∑∏ΣΠ":
            self.alone.add(word)
            if not (called and word in ABSTRACT):
                self.used.add(name_of(node).full if word in ABSTRACT else word)
        elif word in GREEK:
            self.used.add(GREEK[word])
        elif len(word) == 2 and word[0] != "d":
            self.used |= ABSTRACT.intersection(word)  # h (1 - z) + zh
        elif subs and word in BIGS:
            if node.end - node.start == len(word):
                what = "sum" if BIGS[word] == "sum" else "product"
                self.note(f"{word} is read as the {what} over {subs[-1]}")
            below = self.below(node)
            self.running.update(below.names)
            self.sets.add(below.of)
        elif subs and (word == "∇" or word in GRADIENTS):
            self._meet(below_the_line.names_in(node))

    def _meet_product(self, node: Node) -> None:
        """Meet what is differentiated by below the lines of a chain, and the functions in it under other names."""
        derived, looked = False, 0
        for k, op in enumerate(node.value):
            if op.value == "/":
                derived = derived or any([below_the_line.begins_with_d(part) for part in node.parts[looked : k + 1]])
                looked = k + 1
                if derived:
                    self._meet(below_the_line.variables_below(self, node, k + 1))
            elif not op.text:
                self._call(descend(node.parts[k])[1])

    def _call(self, leaf: Node) -> None:
        """Let a function have its own name where something stands beside it: COS x, Sin x, tg x."""
        word, subs = leaf.value if leaf.kind == "run" else ("", [])
        if len(word) > 1 and word not in self.known and not self.known.issuperset(word):
            called = OTHER_NAMES.get(word) or in_any_case(word)
            known = is_function(called) and called.isalpha()  # Vmax is no v_max
            leaf.value = (called if known else word, subs)

    def _meet_behind(self, node: Node) -> None:
        """Meet what the subscripts name that stand behind an order: ∇²_w f."""
        spine, leaf = descend(node)
        if leaf.kind != "run" or leaf.value[1]:
            return
        word = leaf.value[0]
        for outer in [part for part in spine if part.kind == "subscript"]:
            if word == "∇" or word in GRADIENTS:
                self._meet(below_the_line.names_in(Node("run", outer.start, outer.end, (), (word, [outer.value]))))

    def _meet(self, variables: list[tuple[Name, int, int]]) -> None:
        for variable in variables:
            name, _, _ = below_the_line.numbered(self, variable)
            self.by.add(name.full)
            self.variables.add(name.full)
            self.known.add(name.full)

    def know_names(self, tree: Node) -> None:
        """Let the names of a tree be known to those that follow."""
        self.longest = 0
        stack = [tree]
        while stack:
            node = stack.pop()
            stack.extend(node.parts)
            if node.kind == "name" and not is_function(node.value.full):
                self.variables.add(node.value.full)
                self.known.add(node.value.full)

    def is_whole(self, run: Node) -> bool:
        """Say whether a run with its subscript is a name: a variable, or Σ_θ where θ is differentiated by."""
        word, subs = run.value
        return bool(subs) and (name_of(run).full in self.variables or (word in "ΣΠ" and subs[-1] in self.by))

    def longest_name(self) -> int:
        """Return as many letters as a name that is known may have where it is written, as a Greek one in words."""
        if not self.longest:
            self.longest = max([len(name) if name.isascii() else max(len(name), 8) for name in self.known], default=1)
        return self.longest

    def below(self, run: Node) -> Big:
        """Return what stands below a sum or a product."""
        word, subs = run.value
        if plain_name(word) in self.known or self.is_whole(run):
            return Big("", [], None, run.start, run.end)
        return running.below(subs[0], BIGS[word], run.start, run.end)
