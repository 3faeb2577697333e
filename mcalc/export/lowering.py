"""From expressions to array code: products in a good order, structure kept, each shared part once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.calculus.basics.positive import is_nonnegative
from mcalc.export.chain_order import Item, as_matrix, dense, in_best_order, with_arrays
from mcalc.export.code import (
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
    reshape,
    size,
    taken,
    total,
)
from mcalc.export.contraction import contracted
from mcalc.export.identifiers import helper_name
from mcalc.export.structured import (
    Matrix,
    added,
    diagonal_of,
    hadamard,
    scaled,
    sum_of,
    trace_of,
    transposed,
)
from mcalc.export.tracing import traced
from mcalc.expr import Dim, Expr, walk
from mcalc.operators.arithmetic import POW, negate
from mcalc.operators.convolution import CONVOLUTIONS
from mcalc.operators.cross import SIGNS, THREE
from mcalc.operators.leaves import NUMBER
from mcalc.operators.linear import DIAG, TRANSPOSE
from mcalc.operators.matrix_functions import FRECHET
from mcalc.operators.singular import VALUES, VECTORS
from mcalc.operators.solutions import RESOLVENT
from mcalc.operators.spectral import EIGENVALUES, EIGENVECTORS
from mcalc.operators.toeplitz import diagonals

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Value = Code | Matrix

TURNS = ((1, 2), (2, 0), (0, 1))
"""The two places beside each entry of a vector of 3, in the order of a cross product."""
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
        rule = RULES.get(node.op.name)
        if rule is not None:
            found: Value = rule(self, node)
            return found
        return self._called(node, [as_number(dense(self.values[arg])) for arg in node.args])

    def _called(self, node: Expr, args: Sequence[Code]) -> Value:
        """Return one operation as it is, a function of more as a call of a helper named as the row is."""
        key = (node.op, node.attr, tuple([arg.shape for arg in args]))
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

    def element(self, node: Expr) -> Code:
        """One place of each of the first axes, counted from 1."""
        found = as_number(dense(self.values[node.args[0]]))
        for at in node.args[1:]:
            position = as_number(dense(self.values[at]))
            found = taken(found, 0, entrywise("sub", position, number(1)))
        return found

    def unit(self, node: Expr) -> Code:
        """A unit vector: where the places are the one wanted."""
        at = entrywise("sub", as_number(dense(self.values[node.args[0]])), number(1))
        places = Code("places", (), None, node.shape)
        return entrywise("where", Code("eq", (places, at), None, node.shape), number(1), number(0))

    def slice(self, node: Expr) -> Code:
        """The part of each axis from one place to another."""
        found = as_number(dense(self.values[node.args[0]]))
        for axis, part in enumerate(node.attr):
            if part is not None:
                before, own = part
                shape = (*found.shape[:axis], own, *found.shape[axis + 1 :])
                found = Code("cut", (found, size(before), size(before + own)), axis, shape)
        return found

    def block(self, node: Expr) -> Code:
        """Parts side by side and one above the other."""
        rows, columns = node.attr
        lines: list[Code] = []
        for r in range(rows):
            parts = node.args[r * columns : (r + 1) * columns]
            lines.append(_joined([_two_axes(part, dense(self.values[part])) for part in parts], 1))
        whole = _joined(lines, 0)
        return reshape(whole, node.shape)

    def selection(self, node: Expr) -> Code:
        """Some columns of the identity."""
        before, own, whole = node.attr
        eye = Code("eye", (), None, (whole, whole))
        return Code("cut", (eye, size(before), size(before + own)), 1, node.shape)

    def pairing(self, node: Expr) -> Code:
        """The tensor that counts pairs: an identity with its columns in two axes."""
        whole = node.shape[0]
        return reshape(Code("eye", (), None, (whole, whole)), node.shape)

    def unvec(self, node: Expr) -> Code:
        """A vector laid out column by column."""
        flat = as_number(dense(self.values[node.args[0]]))
        return permute(reshape(flat, node.shape[::-1]), (1, 0))

    def blocks(self, node: Expr) -> Code:
        """Products with the blocks of a matrix, which has four axes for them."""
        whole, other = [as_number(dense(self.values[arg])) for arg in node.args]
        outer, inner = (node.shape, other.shape) if node.op.name == "blockdot" else (other.shape, node.shape)
        axes = reshape(whole, (outer[0], inner[0], outer[1], inner[1]))
        own, out = ((1, 3), (0, 2)) if node.op.name == "blockdot" else ((0, 2), (1, 3))
        return contracted([(axes, (0, 1, 2, 3)), (other, own)], out)

    def shifts(self, node: Expr) -> Code:
        """The tensor that says where h_j x_p is a term of the entry i of a convolution, counted from 0."""
        mode = node.op.name.removeprefix("shifts").strip() or "full"
        i, j, p = [expand(Code("places", (), None, (dim,)), (axis,), 3) for axis, dim in enumerate(node.shape)]
        k, met = size(node.shape[1]), entrywise("add", j, p)
        before = entrywise("sub", k, number(1))
        if mode == "same":
            before = entrywise("floor", entrywise("div", before, number(2)))
        at = entrywise("add", i, before) if mode in ("same", "valid") else i
        where = Code("eq", (as_number(met), as_number(at)), None, node.shape)
        if mode == "circular":
            again = Code("eq", (as_number(met), as_number(entrywise("add", i, k))), None, node.shape)
            where = Code("or", (where, again), None, node.shape)
        return as_number(where)

    def convolution(self, node: Expr) -> Code:
        """A convolution, or the matrix of one, by that tensor."""
        name, *mode = node.op.name.split()
        rows = next(one for one in CONVOLUTIONS if one.mode == (mode[0] if mode else "full"))
        first, second = [as_number(dense(self.values[arg])) for arg in node.args]
        factors: list[tuple[Code, Labels]] = [(first, (1,) if name != "lagmatrix" else (2,))]
        out: Labels = {"conv": (0,), "convmatrix": (0, 2), "lagmatrix": (0, 1)}[name]
        if name == "conv":
            factors.append((second, (2,)))
            sizes = (node.args[0].shape[0], node.args[1].shape[0])
        elif name == "convmatrix":
            sizes = (node.args[0].shape[0], node.shape[1])
        else:
            sizes = (node.shape[1], node.args[0].shape[0])
        return contracted([(self.shifts(rows.shifts(*sizes)), (0, 1, 2)), *factors], out)

    def entries(self, node: Expr) -> Code:
        """What is made of the entries of vectors of 3, entry by entry."""
        values = [as_number(dense(self.values[arg])) for arg in node.args]
        flat = [reshape(value, (THREE,)) for value in values if value.order == 1]
        places = [[taken(value, 0, number(k)) for k in range(3)] for value in flat]
        made: list[Code]
        if node.op.name == "levicivita":
            made = [number(entry) for table in SIGNS for row in table for entry in row]
        elif node.op.name == "vee":
            at = [[taken(taken(values[0], 0, number(i)), 0, number(j)) for j in range(3)] for i in range(3)]
            made = [entrywise("div", entrywise("sub", at[k][j], at[j][k]), number(2)) for j, k in TURNS]
        elif node.op.name == "cross":
            a, b = places
            made = [entrywise("sub", entrywise("mul", a[j], b[k]), entrywise("mul", a[k], b[j])) for j, k in TURNS]
        else:
            [(x, y, z)] = places
            minus = [entrywise("neg", one) for one in (x, y, z)]
            made = [number(0), minus[2], y, z, number(0), minus[0], minus[1], x, number(0)]
        parts = [Code("reshape", (one,), None, (Dim.of(1), Dim.of(1))) for one in made]
        return reshape(_joined(parts, 0), node.shape)

    def diagonals(self, node: Expr) -> Code:
        """The tensor that says on which diagonal an entry lies: k + i = j + n - 1, counted from 0."""
        all_places = [expand(Code("places", (), None, (dim,)), (k,), 3) for k, dim in enumerate(node.shape)]
        above, row, column = all_places
        ends = entrywise("add", column, size(node.shape[1] - 1))
        return as_number(Code("eq", (entrywise("add", above, row), ends), None, node.shape))

    def along_diagonals(self, node: Expr, *, mean: bool) -> Code:
        """The sum or the mean of each diagonal, put on it."""
        of = as_number(dense(self.values[node.args[0]]))
        where = self.diagonals(diagonals(node.shape[0]))
        found = contracted([(where, (0, 1, 2)), (of, (1, 2))], (0,))
        if mean:
            found = entrywise("div", found, reduce("sum", where, (1, 2)))
        return contracted([(where, (0, 1, 2)), (found, (0,))], (1, 2))

    def commutation(self, node: Expr) -> Code:
        """An identity whose rows, counted by pairs, are counted by the pairs turned round."""
        m, n = [arg.attr if arg.op.name == "size" else Dim.of(arg.attr) for arg in node.args]
        whole = m * n
        by_pairs = reshape(Code("eye", (), None, (whole, whole)), (n, m, whole))
        return reshape(permute(by_pairs, (1, 0, 2)), node.shape)

    def kron(self, node: Expr) -> Code:
        """A Kronecker product; a vector is a matrix of one column, or of one row."""
        parts = [_two_axes(arg, dense(self.values[arg])) for arg in node.args]
        shape = tuple([a * b for a, b in zip(parts[0].shape, parts[1].shape, strict=True)])
        return reshape(Code("kron", parts, None, shape), node.shape)

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
    if code.op in ("lt", "le", "gt", "ge", "eq", "ne", "and", "or"):
        return code
    return Code("ne", (code, number(0)), None, code.shape)


def _covers(node: Expr) -> bool:
    """Say whether the last condition of braces holds wherever none of the others does."""
    tests = node.args[1::2]
    return len(tests) == 2 and negate(tests[0]) is tests[1]


def _two_axes(part: Expr, code: Code) -> Code:
    code = as_number(code)
    if part.order == 2:
        return code
    if part.order == 1:
        return expand(code, (1,) if part.is_row else (0,), 2)
    return Code("reshape", (code,), None, (Dim.of(1), Dim.of(1)))


def _joined(parts: Sequence[Code], axis: int) -> Code:
    if len(parts) == 1:
        return parts[0]
    along = Dim.of(0)
    for part in parts:
        along = along + part.shape[axis]
    shape = (along, parts[0].shape[1]) if axis == 0 else (parts[0].shape[0], along)
    return Code("concat", tuple(parts), axis, shape)


def _index_code(low: Lowering, node: Expr) -> Code:
    return Code("index", (), node.attr)


def _solution(name: str) -> Callable[[Lowering, Expr], Value]:
    """A function that is written out under this name."""
    return lambda low, node: Code("solution", tuple([low.code(arg) for arg in node.args]), name, node.shape)


def _at_place(name: str, end: str, *, falling: bool) -> Callable[[Lowering, Expr], Value]:
    """An eigenvalue or a vector by its place: of those that rise, or, where they are `falling`, fall."""

    def lowered(low: Lowering, node: Expr) -> Value:
        a, *rest = [low.code(arg) for arg in node.args]
        of = name
        if rest and end:
            of, place = "generalised", number(-1 if end == "max" else 0)
            return Code("solution", (a, *rest, place), of, node.shape)
        down = falling or not (node.args[0].is_symmetric or falling)
        of = name if falling or node.args[0].is_symmetric else f"{name}_of"
        if end:
            place = number(0 if (end == "max") == down else -1)
        else:
            place = entrywise("sub", rest[0], number(1)) if down else entrywise("neg", rest[0])
        return Code("solution", (a, place), of, node.shape)

    return lowered


def _of_matrix(name: str) -> Callable[[Lowering, Expr], Value]:
    """The logarithm or a power of a matrix, by its eigenvalues where it is surely symmetric."""

    def lowered(low: Lowering, node: Expr) -> Value:
        by = f"{name}_symmetric" if node.args[0].is_symmetric else name
        return Code("solution", tuple([low.code(arg) for arg in node.args]), by, node.shape)

    return lowered


def _frechet(name: str) -> Callable[[Lowering, Expr], Value]:
    """A Fréchet derivative: that of e^A along directions is a block of e^[A, E; 0, A], which every language has."""

    def lowered(low: Lowering, node: Expr) -> Value:
        args = [low.code(arg) for arg in node.args]
        if name == "exp" and node.order == 2:
            return _block_of_exponential(args, node.shape[0])
        return Code("solution", (*args, number(node.order // 2 - 1)), f"L_{name}", node.shape)

    return lowered


def _block_of_exponential(args: list[Code], n: Dim) -> Code:
    whole, count = args[0], 1
    for direction in args[1:]:
        zero = full(number(0), whole.shape)
        one = Code("full", (number(0),), None, (n, n))
        rows = [_joined([direction if r == c else one for c in range(count)], 1) for r in range(count)]
        corner = _joined(rows, 0)
        whole = _joined([_joined([whole, corner], 1), _joined([zero, whole], 1)], 0)
        count *= 2
    found = Code("expm", (whole,), None, whole.shape)
    found = Code("cut", (found, number(0), size(n)), 0, (n, whole.shape[1]))
    return Code("cut", (found, size(whole.shape[1] - n), size(whole.shape[1])), 1, (n, n))


def _halves(low: Lowering, node: Expr) -> Value:
    """Ones below the diagonal, halves on it."""
    lower = Code("tril", (full(number(1), node.shape),), None, node.shape)
    return entrywise("sub", lower, dense(Matrix(node.shape, diagonal=number(Fraction(1, 2)))))


def _matrix_function(op: str) -> Callable[[Lowering, Expr], Value]:
    def lowered(low: Lowering, node: Expr) -> Value:
        return Code(op, (as_number(dense(low.values[node.args[0]])),), None, node.shape)

    return lowered


def _function(op: str) -> Callable[[Lowering, Expr], Value]:
    return lambda low, node: entrywise(op, as_number(dense(low.values[node.args[0]])))


def _comparison(op: str) -> Callable[[Lowering, Expr], Value]:
    return lambda low, node: low.comparison(op, node)


def _norm(low: Lowering, node: Expr) -> Code:
    value = low.values[node.args[0]]
    array = as_number(dense(value))
    if array.order == 1:
        return entrywise("sqrt", matmul(array, array))
    return entrywise("sqrt", reduce("sum", entrywise("mul", array, array), (0, 1)))


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


def _extreme(op: str, axis: int | None = None, *, absolute: bool = False) -> Callable[[Lowering, Expr], Value]:
    """The largest or least entry: of all, or of each row or column, whose other axis is `axis`."""

    def lowered(low: Lowering, node: Expr) -> Value:
        array = as_number(dense(low.values[node.args[0]]))
        return reduce(
            op, entrywise("abs", array) if absolute else array, range(array.order) if axis is None else [axis]
        )

    return lowered


def _hot(op: str, axis: int | None = None) -> Callable[[Lowering, Expr], Value]:
    """Ones at the first largest or least entry: of all, or of each row or column, whose other axis is `axis`."""

    def lowered(low: Lowering, node: Expr) -> Value:
        array = as_number(dense(low.values[node.args[0]]))
        if axis is None:
            array = reshape(array, (math.prod(array.shape, start=Dim.of(1)),))
        places = Code("places", (), None, array.shape if axis is None else array.shape[axis : axis + 1])
        at = reduce(op, array, (0,) if axis is None else (axis,))
        if axis is not None:
            places, at = expand(places, (axis,), 2), expand(at, (1 - axis,), 2)
        return reshape(as_number(Code("eq", (places, at), None, array.shape)), node.shape)

    return lowered


def _silu(low: Lowering, node: Expr) -> Value:
    """Return x σ(x), with the σ that does not overflow."""
    return entrywise("mul", as_number(dense(low.values[node.args[0]])), dense(_sigmoid(low, node)))


def _log(low: Lowering, node: Expr) -> Value:
    """The logarithm, of 1 + x so that a small x is not lost."""
    of = as_number(dense(low.values[node.args[0]]))
    if of.op == "add" and is_number(of.args[0], 1):
        return entrywise("log1p", of.args[1])
    return entrywise("log", of)


def _transpose(low: Lowering, node: Expr) -> Value:
    value = low.values[node.args[0]]
    return transposed(value) if isinstance(value, Matrix) else permute(value, (1, 0))


SOLUTIONS = ("sylvester", "pinv", "chol", "polar", "nuclear", "schatten", "eigvecs_max", "eigvecs_min")
"""Rows that are functions written out in each language that has them."""
AXES = (("rows", 1), ("cols", 0))
"""Reductions of each row and of each column, with the axis that they go along."""
RULES: dict[str, Callable[[Lowering, Expr], Any]] = {
    "number": lambda low, node: number(node.attr),
    "size": lambda low, node: size(node.attr),
    "index": _index_code,
    "eye": lambda low, node: Matrix(node.shape, diagonal=number(1)),
    "ones": lambda low, node: full(number(1), node.shape),
    "zeros": lambda low, node: full(number(0), node.shape),
    "unit": Lowering.unit,
    "add": Lowering.add,
    "mul": Lowering.mul,
    "pow": Lowering.power_of,
    "max": lambda low, node: low.choice("maximum", node),
    "min": lambda low, node: low.choice("minimum", node),
    **{op: _comparison(op) for op in ("gt", "ge", "lt", "le", "eq", "ne")},
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
    "element": Lowering.element,
    "block": Lowering.block,
    "slice": Lowering.slice,
    "selection": Lowering.selection,
    "pairing": Lowering.pairing,
    "commutation": Lowering.commutation,
    "kron": Lowering.kron,
    "diagonals": Lowering.diagonals,
    "unvec": Lowering.unvec,
    "blockdot": Lowering.blocks,
    "blocksum": Lowering.blocks,
    **{one.constant.name: Lowering.shifts for one in CONVOLUTIONS},
    **{row.name: Lowering.convolution for one in CONVOLUTIONS for row in (one.conv, one.matrix, one.lags)},
    **dict.fromkeys(("levicivita", "hat", "vee", "cross"), Lowering.entries),
    "diagmean": lambda low, node: low.along_diagonals(node, mean=True),
    "diagsum": lambda low, node: low.along_diagonals(node, mean=False),
    "sigma": Lowering.binder,
    "product": Lowering.binder,
    **{op: _function(op) for op in ("acos", "log2", "log10")},
    "sigmoid": _sigmoid,
    "silu": _silu,
    "polygamma": _polygamma,
    "ln": _log,
    "norm": _norm,
    "maximum": _extreme("max"),
    "minimum": _extreme("min"),
    "norminf": _extreme("max", absolute=True),
    **{f"hard{op}": _hot(f"arg{op}") for op in ("max", "min")},
    **{f"hard{op} {each}": _hot(f"arg{op}", axis) for op in ("max", "min") for each, axis in AXES},
    **{f"{op} {each}": _extreme(op, axis) for op in ("max", "min") for each, axis in AXES},
    "inv": _matrix_function("inv"),
    "det": _matrix_function("det"),
    "adj": _matrix_function("adj"),
    "logdet": _matrix_function("logdet"),
    "expm": _matrix_function("expm"),
    **{name: _solution(name) for name in SOLUTIONS},
    **{row.name: _at_place("eigenvalue", end, falling=False) for end, row in EIGENVALUES.items()},
    **{row.name: _at_place("eigenvector", end, falling=False) for end, row in EIGENVECTORS.items()},
    **{row.name: _at_place("singular_value", end, falling=True) for end, row in VALUES.items()},
    **{
        row.name: _at_place(name, end, falling=True)
        for end, pair in VECTORS.items()
        for row, name in zip(pair, ("left_vector", "right_vector"), strict=True)
    },
    "resolvent": lambda low, node: low.code(RESOLVENT.body(*node.args)),  # type: ignore[misc]  # it has one
    "logm": _of_matrix("logm"),
    "matrix power": _of_matrix("powm"),
    **{f"L_{name}": _frechet(name) for name in FRECHET},
    "halftril": _halves,
}
"""Rows that have a better code than their own value traced; any other row is traced."""
