"""From expressions to array code: products in a good order, structure kept, each shared part once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.calculus.basics.positive import is_nonnegative
from mcalc.export.code import (
    TRUTH,
    Code,
    Helper,
    as_number,
    entrywise,
    expand,
    full,
    is_mask,
    is_number,
    matmul,
    number,
    permute,
    reduce,
    size,
    total,
)
from mcalc.export.code_words import helper_name, plain_name
from mcalc.export.contraction import contracted
from mcalc.export.row_code import RULES
from mcalc.export.structured import (
    Item,
    Matrix,
    Value,
    added,
    as_matrix,
    dense,
    diagonal_of,
    hadamard,
    in_best_order,
    scaled,
    sum_of,
    trace_of,
    transposed,
    with_arrays,
)
from mcalc.export.tracing import traced
from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import POW, negate
from mcalc.operators.leaves import NUMBER
from mcalc.operators.linear import DIAG, TRANSPOSE
from mcalc.operators.solutions import RESOLVENT

if TYPE_CHECKING:
    from mcalc.expr import Labels

LARGEST_EXPONENT = 700
"""The exponential of more overflows."""


class Lowering:
    """Turns expressions into code; what two of them share is worked out once.

    `inputs` gives the code of each variable. Raises :class:`~mcalc.errors.Mistake` for what cannot be exported.
    """

    def __init__(self, inputs: dict[Expr, Code]) -> None:
        self.values: dict[Expr, Value] = dict(inputs)
        self.helpers: dict[tuple[Any, ...], Helper] = {}

    def value(self, root: Expr) -> Value:
        """Return the value of an expression, a matrix in parts where it has any."""
        for node in walk(root):
            if node not in self.values:
                self.values[node] = self._lowered(node)
        return self.values[root]

    def code(self, root: Expr) -> Code:
        """Return an expression as one array."""
        return dense(self.value(root))

    def _lowered(self, node: Expr) -> Value:
        name = node.op.name
        if name in STRUCTURED:
            found: Value = STRUCTURED[name](self, node)
            return found
        args = [as_number(dense(self.values[arg])) for arg in node.args]
        return RULES[name](node, args) if name in RULES else self._called(node, args)

    def _called(self, node: Expr, args: Sequence[Code]) -> Value:
        """Return one operation as it is, a function of more as a call of a helper named as the row is."""
        key = (node.op, node.attr, tuple([arg.shape for arg in args]))
        if any([dim.names and not plain_name(dim) for arg in args for dim in arg.shape]):
            return as_matrix(traced(node, args))  # no shape of an argument tells n where it is n + 1 long
        if key not in self.helpers:
            formal = tuple([Code("input", (), f"x{k}" if k else "x", arg.shape) for k, arg in enumerate(args)])
            self.helpers[key] = Helper(helper_name(node.op.name), formal, traced(node, formal))
        helper = self.helpers[key]
        if all([arg in helper.parameters or arg.op == "number" for arg in helper.result.args]):
            return as_matrix(traced(node, args))
        return as_matrix(Code("call", tuple(args), helper, helper.result.shape))

    def add(self, node: Expr) -> Value:
        """Terms are added, those with a minus subtracted."""
        values = [self.values[arg] for arg in node.args]
        if any([isinstance(value, Matrix) for value in values]):
            return added([self.matrix(value, node) for value in values])
        codes = [as_number(dense(value)) for value in values]
        powers = [code for code in codes if code.op == "exp"]
        if len(codes) == 2 and powers and any([is_number(code, -1) for code in codes]):
            return entrywise("expm1", powers[0].args[0])  # exp(x) - 1 loses a small x
        return total("add", _positive_first(codes))

    def matrix(self, value: Value, node: Expr) -> Matrix:
        """Return a value as a matrix of the shape of a node; a scalar stands at all places."""
        if isinstance(value, Matrix):
            return value
        value = as_number(value)
        return Matrix(node.shape, array=value if value.shape else full(value, node.shape))

    def mul(self, node: Expr) -> Value:
        """Scalars are multiplied first; what has a negative power divides."""
        over: list[Code] = []
        under: list[Code] = []
        matrices: list[Matrix] = []
        for arg in node.args:
            value = self.values[arg]
            if isinstance(value, Matrix):
                matrices.append(value)
            elif arg.op is POW and _negative(arg.args[1]) and isinstance(self.values[arg.args[0]], Code):
                under.append(self.power_of(arg, -1))
            else:
                over.append(as_number(value))
        if matrices:
            found = matrices[0]
            for matrix in matrices[1:]:
                found = hadamard(found, matrix)
            scalars = [code for code in over if not code.shape]
            found = with_arrays(found, [code for code in over if code.shape])
            factor = _quotient(scalars, [code for code in under if not code.shape])
            below = [code for code in under if code.shape]
            if below:
                found = Matrix(found.shape, array=entrywise("div", found.dense(), total("mul", below)))
            return found if is_number(factor, 1) else scaled(found, factor)
        plain = _quotient([c for c in over if not c.shape], [c for c in under if not c.shape])
        arrays = [c for c in over if c.shape]
        below = [c for c in under if c.shape]
        if not arrays and not below:
            return plain
        whole = total("mul", arrays) if arrays else plain
        if below:
            whole = entrywise("div", whole, total("mul", below))
        if not arrays:
            return whole
        if plain.op == "div" and (is_number(plain.args[0], 1) or is_number(plain.args[0], -1)):
            divided = entrywise("div", whole, plain.args[1])
            return divided if plain.args[0].attr > 0 else entrywise("neg", divided)
        return entrywise("mul", plain, whole)

    def power_of(self, node: Expr, sign: int = 1) -> Code:
        """A power with a numeric exponent, or with `sign` -1 its reciprocal."""
        base, exponent = as_number(dense(self.values[node.args[0]])), node.args[1]
        if exponent.op is not NUMBER:
            return entrywise("pow", base, as_number(dense(self.values[exponent])))
        p = exponent.attr * sign
        if p < 0:
            return entrywise("div", number(1), self.power_of(node, -sign))
        if is_mask(base):
            return base
        if base.op == "sqrt" and p % 2 == 0:
            return entrywise("pow", base.args[0], number(p // 2)) if p > 2 else base.args[0]
        if 2 * p == 1:
            return entrywise("sqrt", base)
        if p == 1:
            return base
        if p == 2 and base.op in ("input", "call"):
            return entrywise("mul", base, base)
        return entrywise("pow", base, number(p))

    def choice(self, op: str, node: Expr) -> Code:
        """Fold max and min of several arguments."""
        return total(op, [as_number(dense(self.values[arg])) for arg in node.args])

    def comparison(self, op: str, node: Expr) -> Code:
        """A comparison entry by entry, as truth values."""
        a, b = [as_number(dense(self.values[arg])) for arg in node.args]
        return Code(op, (a, b), None, node.shape) if not is_number(a) or not is_number(b) else entrywise(op, a, b)

    def condition(self, op: str, node: Expr) -> Code:
        """Conditions joined by and, or."""
        tests = [_as_truth(dense(self.values[arg])) for arg in node.args]
        found = tests[0]
        for test in tests[1:]:
            found = Code(op, (found, test), None, node.shape)
        return found

    def cases(self, node: Expr) -> Code:
        """Braces: the last piece first, each of the others where its condition holds."""
        values = [dense(self.values[arg]) for arg in node.args]
        otherwise = as_number(values[-1]) if len(values) % 2 else None
        pairs = list(zip(values[0::2], values[1::2], strict=False))
        if otherwise is None:
            otherwise = as_number(pairs.pop()[0]) if _covers(node) else number(float("nan"))
        found = otherwise
        for value, test in reversed(pairs):
            found = entrywise("where", _as_truth(test), as_number(value), found)
        return found if found.shape == node.shape else entrywise("mul", full(number(1), node.shape), found)

    def chain(self, node: Expr) -> Value:
        """A matrix product, in the order that costs least."""
        squared = self.square(node)
        if squared is not None:
            return squared
        items = [Item.of(arg, self.values[arg]) for arg in node.args]
        return in_best_order(items)

    def square(self, node: Expr) -> Value | None:
        """Aᵀ diag(d) A with d ≥ 0 is BᵀB with B = diag(√d) A, which takes half the time."""
        if len(node.args) != 3 or node.order != 2:
            return None
        left, middle, right = node.args
        turned = left.op is TRANSPOSE and left.args[0] is right
        if not turned or middle.op is not DIAG or middle.order != 2 or not is_nonnegative(middle.args[0]):
            return None
        d, array = self.values[middle], self.values[right]
        if not isinstance(d, Matrix) or d.diagonal is None or isinstance(array, Matrix):
            return None
        weight = d.diagonal if is_mask(d.diagonal) else entrywise("sqrt", d.diagonal)
        root = entrywise("mul", expand(weight, (0,), 2), array)
        return matmul(permute(root, (1, 0)), root)

    def dot(self, node: Expr) -> Code:
        """A dot product of vectors, or of matrices entry by entry."""
        a, b = [self.values[arg] for arg in node.args]
        if node.args[0].order == 1:
            return matmul(as_number(dense(a)), as_number(dense(b)))
        return sum_of(hadamard(self.matrix(a, node.args[0]), self.matrix(b, node.args[1])))

    def diag(self, node: Expr) -> Value:
        """A vector onto the diagonal, or the diagonal of a matrix."""
        value = self.values[node.args[0]]
        if node.order == 2:
            vector = as_number(dense(value))
            return Matrix(node.shape, diagonal=vector.args[0] if vector.op == "full" else vector)
        return diagonal_of(self.matrix(value, node.args[0]))

    def sum(self, node: Expr) -> Code:
        """The sum of all entries."""
        value = self.values[node.args[0]]
        if isinstance(value, Matrix):
            return sum_of(value)
        return reduce("sum", as_number(value), tuple(range(value.order)))

    def outer(self, node: Expr) -> Matrix:
        """Keep u vᵀ as its two vectors."""
        u, v = [as_number(dense(self.values[arg])) for arg in node.args]
        return Matrix(node.shape, outers=[(u, v)])

    def einsum(self, node: Expr) -> Value:
        """Index notation; pairs of result labels that an identity ties are spread at the end."""
        subscripts, out = node.attr
        factors: list[tuple[Code, Labels]] = []
        name: dict[int, int] = {}
        ties: list[tuple[int, int]] = []
        for arg, labels in zip(node.args, subscripts, strict=True):
            if arg.op.name == "eye" and labels[0] != labels[1] and set(labels) <= set(out):
                first, second = sorted(labels, key=out.index)
                if second not in name and first not in name:
                    name[second] = first
                    ties.append((out.index(first), out.index(second)))
                    continue
            factors.append((as_number(dense(self.values[arg])), labels))
        sizes = {
            x: d for arg, xs in zip(node.args, subscripts, strict=True) for x, d in zip(xs, arg.shape, strict=True)
        }
        factors = [(code, tuple([name.get(label, label) for label in labels])) for code, labels in factors]
        kept = tuple([label for label in out if label not in name])
        have = tuple([label for label in kept if any([label in labels for _, labels in factors])])
        found = contracted(factors, have)
        if not ties:
            axes = [kept.index(label) for label in have]
            wide = full(number(1), tuple([sizes[label] for label in kept]))
            return found if have == kept else entrywise("mul", wide, expand(found, axes, len(kept)))
        if node.order == 2:
            return Matrix(node.shape, diagonal=found)
        found = expand(found, [kept.index(label) for label in have], len(kept))
        return Code("spread", (found,), tuple(ties), node.shape)

    def binder(self, node: Expr) -> Code:
        """A sum or product over an index that is no axis: a loop."""
        index, body = node.args
        limits = [dense(self.values[limit]) for limit in index.args]
        value = as_number(dense(self.values[body]))
        kind = "sum" if node.op.name == "sigma" else "prod"
        if index not in body.free and not index.args[2:]:
            count = entrywise("add", entrywise("sub", limits[1], limits[0]), number(1))
            return entrywise("mul", count, value) if kind == "sum" else entrywise("pow", value, count)
        return Code("loop", (dense(self.values[index]), value, *limits), kind, node.shape)


def _positive_first(codes: list[Code]) -> list[Code]:
    """Begin a sum with a term that has no minus."""
    first = next((k for k, code in enumerate(codes) if code.op != "neg" and not is_number(code)), 0)
    return [codes[first], *codes[:first], *codes[first + 1 :]]


def _quotient(over: Sequence[Code], under: Sequence[Code]) -> Code:
    top = total("mul", over) if over else number(1)
    return entrywise("div", top, total("mul", under)) if under else top


def _negative(exponent: Expr) -> bool:
    return exponent.op is NUMBER and exponent.attr < 0


def _as_truth(code: Code) -> Code:
    return code if code.op in TRUTH else Code("ne", (code, number(0)), None, code.shape)


def _covers(node: Expr) -> bool:
    """Say whether the last condition of braces holds wherever none of the others does."""
    tests = node.args[1::2]
    return len(tests) == 2 and negate(tests[0]) is tests[1]


def _sigmoid(low: Lowering, node: Expr) -> Value:
    """1 / (1 + exp(-x)), which is right for every x; only exp must not overflow."""
    x = as_number(dense(low.values[node.args[0]]))
    formal = Code("input", (), "x", x.shape)
    power = entrywise("exp", entrywise("minimum", entrywise("neg", formal), number(LARGEST_EXPONENT)))
    key = ("sigmoid", x.shape)
    if key not in low.helpers:
        low.helpers[key] = Helper("sigmoid", (formal,), entrywise("div", number(1), entrywise("add", number(1), power)))
    return Code("call", (x,), low.helpers[key], x.shape)


def _polygamma(low: Lowering, node: Expr) -> Value:
    """A helper for each order, which is a number."""
    order, x = [as_number(dense(low.values[arg])) for arg in node.args]
    formal = Code("input", (), "x", x.shape)
    key = (node.op, order.attr, x.shape)
    if key not in low.helpers:
        low.helpers[key] = Helper(f"polygamma_{order.attr}", (formal,), traced(node, (order, formal)))
    return Code("call", (x,), low.helpers[key], x.shape)


def _silu(low: Lowering, node: Expr) -> Value:
    """Return x σ(x), with the σ that does not overflow."""
    return entrywise("mul", as_number(dense(low.values[node.args[0]])), dense(_sigmoid(low, node)))


def _transpose(low: Lowering, node: Expr) -> Value:
    value = low.values[node.args[0]]
    return transposed(value) if isinstance(value, Matrix) else permute(value, (1, 0))


STRUCTURED: dict[str, Callable[[Lowering, Expr], Any]] = {
    "number": lambda low, node: number(node.attr),
    "size": lambda low, node: size(node.attr),
    "index": lambda low, node: Code("index", (), node.attr),
    "eye": lambda low, node: Matrix(node.shape, diagonal=number(1)),
    "ones": lambda low, node: full(number(1), node.shape),
    "zeros": lambda low, node: full(number(0), node.shape),
    "add": Lowering.add,
    "mul": Lowering.mul,
    "pow": Lowering.power_of,
    "max": lambda low, node: low.choice("maximum", node),
    "min": lambda low, node: low.choice("minimum", node),
    **dict.fromkeys(("gt", "ge", "lt", "le", "eq", "ne"), lambda low, node: low.comparison(node.op.name, node)),
    "and": lambda low, node: low.condition("and", node),
    "or": lambda low, node: low.condition("or", node),
    "cases": Lowering.cases,
    "matmul": Lowering.chain,
    "transpose": _transpose,
    "row": lambda low, node: low.values[node.args[0]],
    "dot": Lowering.dot,
    "diag": Lowering.diag,
    "sum": Lowering.sum,
    "trace": lambda low, node: trace_of(low.matrix(low.values[node.args[0]], node.args[0])),
    "outer": Lowering.outer,
    "einsum": Lowering.einsum,
    "sigma": Lowering.binder,
    "product": Lowering.binder,
    "sigmoid": _sigmoid,
    "silu": _silu,
    "polygamma": _polygamma,
    "resolvent": lambda low, node: low.code(RESOLVENT.body(*node.args)),  # type: ignore[misc]  # it has one
}
"""Rows that keep structure, or need more than the codes of their arguments. What is in neither table is traced."""
