"""The table of reasons: all that a line of a derivation may be by, each an entry of `mcalc rules`.

A line takes its reasons from here, from the rows of the operators (:func:`of_row`, :func:`entrywise`), or from the
simplifications of the engine, and from nowhere else; so there is no name in a derivation that has no entry.
"""

from __future__ import annotations

from functools import cache, partial

from mcalc.calculus.basics.simplifications import IN_ORDER, Reason
from mcalc.expr import Operator
from mcalc.operators.arithmetic import MAX
from mcalc.operators.linear import DOT
from mcalc.operators.structures import STRUCTURES

BEYOND = "beyond the paper"
OF_THE_PAPER, ALGEBRA, OF_DIFFERENTIALS, OF_ENTRIES, OF_STRUCTURES = (
    "the paper", "algebra", "by differentials", "entry by entry", "structured variables",
)  # fmt: skip
TABLE: dict[str, dict[str, Reason]] = {}
"""The reasons under the heading of the reference that they stand under, by their names."""


def _row(heading: str, name: str, formula: str, example: str = "", where: str = "", **more: str) -> Reason:
    reason = Reason(name, formula, example, where, **more)
    TABLE.setdefault(heading, {})[name] = reason
    return reason


_paper, _algebra = partial(_row, OF_THE_PAPER), partial(_row, ALGEBRA)
_differentials, _entries = partial(_row, OF_DIFFERENTIALS), partial(_row, OF_ENTRIES)
NUMBER, TWO, VECTOR, VECTORS, SQUARE = "x: R", "x, y: R", "x: R^n", "w, x: R^n", "X, A, B: R^{n x n}"
LINEAR_MAP, LOSS = "A: R^{m x n}; x: R^n", "1/N sum_{i=1}^{N} (y_i - max(0, w · x_i + b))^2"
DATA, ANY = "X: R^{N x n}; w: R^n; y: R^N; b: R", "X: R^{m x n}; a: R^m; b: R^n"

# the paper, section by section
CONSTANT = _paper("constant rule", "dc/dx = 0", "x + c", "x, c: R", section="2")
CONSTANT_FACTOR = _paper("multiplication by constant rule", "d(c f)/dx = c df/dx", "3x", NUMBER, section="2")
POWER = _paper("power rule", "dxⁿ/dx = n xⁿ⁻¹", "x^3", NUMBER, section="2")
SUM_RULE = _paper("sum rule", "d(f + g)/dx = df/dx + dg/dx", "x^2 + 3x", NUMBER, section="2")
DIFFERENCE = _paper("difference rule", "d(f - g)/dx = df/dx - dg/dx", "x^2 - 3x", NUMBER, section="2")
PRODUCT_RULE = _paper("product rule", "d(fg)/dx = f dg/dx + df/dx g", "x^2 x", NUMBER, section="2")
CHAIN = _paper("chain rule", "d f(g(x))/dx = df(u)/du du/dx, u = g(x)", "ln(x^2)", NUMBER, section="2")
ITSELF = _paper("derivative of a variable by itself", "dx/dx = 1", "3x", NUMBER, section="2")
IN_ONE_ROW = _paper("the partial derivatives in one row", "∇f = [∂f/∂x, ∂f/∂y]", "3x^2y", TWO, section="3", wrt="x, y")
GRADIENTS = _paper(
    "stack the gradients, one row for each function", "J = [∇f; ∇g]", "[3x^2y; 2x + y^8]", TWO, section="4", wrt="x, y"
)
TRANSPOSED = _paper(
    "denominator layout", "the transpose of the numerator layout, a column for a gradient", "w · x", VECTORS,
    section="4", options="--layout denominator",
)  # fmt: skip
STACKED = _paper(
    "stack the derivatives, one row for each function", "∂[f; g]/∂x = [∂f/∂x; ∂g/∂x]", "[sin(x); x^2]", NUMBER,
    section="4.1",
)  # fmt: skip
IDENTITY = _paper("identity", "∂x/∂x = I", "x", VECTOR, section="4.1")
OTHERS = _paper("the other terms are constants", "∂/∂xⱼ Σᵢ f(xᵢ) = ∂/∂xⱼ f(xⱼ)", "sum(sin(x))", VECTOR, section="4.1")
ENTRY_SUM = _paper("element-wise sum", "∂(w + x)/∂w = I", "w + x", VECTORS, section="4.2")
ENTRY_DIFFERENCE = _paper(
    "element-wise difference", "∂(w - x)/∂w = I, ∂(w - x)/∂x = -I", "w - x", VECTORS, section="4.2", wrt="x"
)
ENTRY_PRODUCT = _paper("element-wise product", "∂(w ⊗ x)/∂w = diag(x)", "w .* x", VECTORS, section="4.2")
ENTRY_QUOTIENT = _paper("element-wise division", "∂(w ⊘ x)/∂w = diag(1 ⊘ x)", "w ./ x", VECTORS, section="4.2")
ENTRY_POWER = _paper("element-wise power", "∂x^k/∂x = diag(k x^(k - 1))", "x^3", VECTOR, section="4.2")
DIAGONAL = _paper(
    "diagonal condition", "∂yᵢ/∂xⱼ = 0 where i ≠ j, so ∂y/∂x is diag(∂yᵢ/∂xᵢ)", "w .* x", VECTORS, section="4.2"
)
EXPANSION = _paper(
    "scalar expansion", "x + z = x + 1⃗ z: ∂(x + z)/∂z = 1⃗, ∂(x z)/∂z = x", "x + z", "x: R^n; z: R", section="4.3",
    wrt="z",
)  # fmt: skip
WRITTEN_OUT = _paper(
    "write the sum out", "sum(f(x)) = Σᵢ f(xᵢ), w · x = Σᵢ wᵢ xᵢ", "sum(sin(x))", VECTOR, section="4.4"
)
INSIDE = _paper("move the derivative inside the sum", "∂/∂x Σᵢ fᵢ = Σᵢ ∂fᵢ/∂x", "sum(sin(x))", VECTOR, section="4.4")
SINGLE = _paper("single-variable chain rule", "dy/dx = dy/du du/dx", "sin(x^2)", NUMBER, section="4.5.1")
BACKWARD = _paper(
    "chain rule, backward", "∂y/∂u = Σ ∂y/∂v ∂v/∂u over the v that u goes into, from y to x", "norm(A x - b)^2",
    f"{LINEAR_MAP}; b: R^m", section="4.5.1", wrt="x", options="--mode backward",
)  # fmt: skip
TOTAL = _paper(
    "single-variable total-derivative chain rule", "df/dx = ∂f/∂x + Σᵢ ∂f/∂uᵢ duᵢ/dx", "sin(x + x^2)", NUMBER,
    section="4.5.2",
)  # fmt: skip
CHAIN_OF_VECTORS = _paper("vector chain rule", "∂f(g(x))/∂x = ∂f/∂g ∂g/∂x", "sum(x .* x)", VECTOR, section="4.5.3")
ERROR_TERM = _paper("name the error term", "eᵢ = w · xᵢ + b - yᵢ", LOSS, DATA, section="6.1", wrt="w")

# beyond it
QUOTIENT = _row(
    BEYOND, "quotient rule", "d(f/g)/dx = (g df/dx - f dg/dx)/g²", "(x · a)/(x · x)", "x, a: R^n", section=BEYOND
)
LINEARITY = _row(BEYOND, "linearity", "d(a f + b g)/dx = a df/dx + b dg/dx", "2 sin(x) + 3 x^2", NUMBER)
EXPONENTIAL = _row(BEYOND, "exponential rule", "da^x/dx = a^x ln(a)", "2^x", NUMBER, section=BEYOND)

# the algebra between two lines: the simplifications of the engine, and what products alone settle
TABLE[ALGEBRA] = {rule.name: rule for rule in IN_ORDER}
PUT_BACK = _algebra("substitute", "y = f(u), u = g(x): y = f(g(x))", "ln(sin(x^3)^2)", NUMBER)
ALL_PUT_BACK = _algebra(
    "substitute the intermediate variables back", "y = f(u), u = g(x): y = f(g(x))", "sin(x^2)", NUMBER
)
PUT_IN = _algebra("put in what is known", "dy/du du/dx = (cos(u)) (2 x)", "sin(x^2)", NUMBER)
PUT_IN_LOCAL = _algebra("put in the local derivatives", "Σᵢ (∂/∂vᵢ vᵢ²) ∂vᵢ/∂w = Σᵢ 2 vᵢ ∂vᵢ/∂w", LOSS, DATA, wrt="w")
REORDERED = _algebra("put the factors in order", "x 2 = 2 x", "sin(x) x^2", NUMBER, options="--mode backward")
CANCELLED = _algebra("multiply out and cancel", "x (1/x + y) = 1 + x y", "ln(det(X' X))", "X: R^{n x n}")
INTO_SUM = _algebra(
    "move constants into the sum", "c Σᵢ fᵢ = Σᵢ c fᵢ", "sum_i (a x_i + b - y_i)^2", "x, y: R^n; a, b: R", wrt="a"
)
AS_PRODUCT = _algebra("write the sum as a product", "Σᵢ aᵢ xᵢ = Xᵀ a", "sum_i x_i^2/(1 + x_i^2)", VECTOR)
AS_SUM = _algebra("Σᵢ xᵢ = sum(x)", "Σ_{i=1}^{n} xᵢ = sum(x)", "sum(x z)", "x: R^n; z: R", wrt="z")
AS_ROW = _algebra("write it as a row", "∂y/∂x = gᵀ: a gradient is a row", "x' x", VECTOR)
JOINED = _algebra(
    "join braces of the same conditions",
    "{a if c; b otherwise} + {d if c; e otherwise} = {a + d if c; b + e otherwise}",
    "relu(x) - relu(-x)", NUMBER,
)  # fmt: skip
MULTIPLIED = _algebra("multiply the numbers", "3 y (2 x) = 6 y x", "3x^2y", TWO)
ONES_DIAGONAL = _algebra(
    "1⃗ᵀ diag(v) = vᵀ", "the sum of each column of a diagonal matrix is its diagonal", "w · x", VECTORS
)
ROW_DIAGONAL = _algebra("vᵀ diag(d) = (v ⊗ d)ᵀ", "a row scaled entry by entry", "norm(relu(x))^2", VECTOR)
DIAGONALS = _algebra(
    "diag(a) diag(b) = diag(a ⊗ b)", "diagonal matrices multiply entry by entry", "sin(x .* x)", VECTOR
)
DIAGONAL_ONES = _algebra(
    "diag(v) 1⃗ = v", "the sum of each row of a diagonal matrix is its diagonal", "sum(max(0, 1 - y .* (X w + b)))",
    DATA, wrt="b",
)  # fmt: skip
SUM_TRANSPOSED = _algebra(
    "aᵀ + bᵀ = (a + b)ᵀ", "the transpose of a sum is the sum of the transposes", "logsumexp(z) - y · z", "y, z: R^n",
    wrt="z",
)  # fmt: skip
OF_ROW = _algebra("(Aᵢ)ⱼ = A_ij", "the entry of a row is an entry of the matrix", "A x", LINEAR_MAP, wrt="x")
AS_BRACES = _algebra(
    "a condition as braces", "[u > 0] = {0 if u ≤ 0; 1 if u > 0}", "max(0, a - x^2)", "a, x: R", wrt="x",
    options="--mode backward",
)  # fmt: skip
OF_ONES = _algebra("diag(1⃗) = I", "ones on a diagonal are the identity, diag(z 1⃗) = z I", "w + x", VECTORS)
UNIT = _algebra("I A = A", "the identity leaves a matrix as it is", "sum(w + x)", VECTORS)
TIMES_ZERO = _algebra("a · 0 = 0", "a product with a zero is zero", "x z", "x: R^n; z: R")
TIMES_ONE = _algebra("a · 1 = a", "a factor 1 is left out", "3x", NUMBER)
PLUS_ZERO = _algebra("a + 0 = a", "a term 0 is left out", "x^2 + c", "x, c: R")
PIECEWISE = _algebra(
    "braces piece by piece", "a {b if c; d otherwise} = {a b if c; a d otherwise}", "max(0, w · x + b)",
    "w, x: R^n; b: R",
)  # fmt: skip
ROWS_COLUMNS = _algebra("rows times columns", "[a, b] [c; d] = a c + b d", "[ln(x^2); sin(3x)]", NUMBER)
LISTED = _algebra("entry by entry", "2 [a; b] = [2 a; 2 b]", "[sin(x^2); 3x^2]", NUMBER)
AS_DOT = _algebra("a · b for aᵀ b", "a row times a column is a dot product", "(a' x)^2", "a, x: R^n", wrt="x")
SYMMETRIC = _algebra(
    "Sᵀ = S", "a symmetric matrix is its own transpose", "x' inv(A) x", "x: R^n; A: R^{n x n} posdef", wrt="A"
)
TURNED = _algebra("(A B)ᵀ = Bᵀ Aᵀ", "a transposed product is turned round", "x' B x", "x: R^n; B: R^{n x n}")
POWER_OF_PRODUCT = _algebra(
    "(a b)ⁿ = aⁿ bⁿ", "the power of a product is the product of the powers", "(2 x)^3 x", NUMBER
)
OPENED = _algebra("open brackets", "a + (b + c) = a + b + c", "max(0, x) + x max(0, x)", NUMBER)
SCALARS_FIRST = _algebra("scalars in front", "A (c B) = c A B", "norm(x - a)", "x, a: R^n")
SIMPLIFY = _algebra("simplify", "the same, shorter, in one line where many rules meet", "det(X)^2", "X: R^{n x n}")
BY_SUM = _algebra(
    "the matrix product as a sum over samples", "Xᵀ v = Σᵢ vᵢ xᵢ", "norm(X w - y)^2", DATA, wrt="w", options="--as sum"
)
BY_MATRIX = _algebra(
    "the sum over samples as a matrix product", "Σᵢ vᵢ xᵢ = Xᵀ v", LOSS, DATA, wrt="w", options="--as matrix"
)
BY_INDEX = _algebra("in index notation", "A x = [Σⱼ A_ij xⱼ]ᵢ", "sum(A x)", LINEAR_MAP, wrt="x", options="--as index")

# by differentials
HELD = _differentials("constant", "d(A) = 0", "A X B", SQUARE, wrt="X")
LINEAR = _differentials("trace and transpose", "d tr(X) = tr(dX), d(Xᵀ) = dXᵀ", "tr(A X')", SQUARE, wrt="X")
ENTRYWISE = _differentials("element-wise function", "d f(X) = f′(X) ⊗ dX", "sum(exp(X))", ANY, wrt="X")
FROBENIUS = _differentials("Frobenius norm", "d‖R‖² = 2 tr(Rᵀ dR), d‖r‖ = rᵀ dr/‖r‖", "norm(X b)", ANY, wrt="X")
OF_SOFTMAX = _differentials(
    "softmax and logsumexp", "d lse(z) = pᵀ dz, dp = p ⊗ (dz - p · dz), p = softmax(z)", "logsumexp(X b)", ANY, wrt="X"
)
CYCLIC = _differentials("cyclic trace", "tr(P Q) = tr(Q P)", "tr(A X B)", SQUARE, wrt="X")
OF_TRANSPOSE = _differentials("trace of a transpose", "tr(M) = tr(Mᵀ)", "tr(X' A X)", SQUARE, wrt="X")
OWN_TRACE = _differentials("a number is its own trace", "aᵀ dX b = tr(b aᵀ dX)", "a' X b", ANY, wrt="X")
OWN_TRANSPOSE = _differentials(
    "a number is its own transpose", "dxᵀ g = gᵀ dx", "norm(X b - a)^2", ANY, wrt="b", options="--by differentials"
)
MASK = _differentials("mask to the other side", "aᵀ (m ⊗ b) = (m ⊗ a)ᵀ b", "a' relu(X b)", ANY, wrt="X")
LOG_SOFTMAX = _differentials(
    "logarithm of softmax", "ln(softmax(z)) = z - logsumexp(z) 1⃗", "-a' ln(softmax(X b))", ANY, wrt="X"
)
ROW_SUMS = _differentials(
    "row sums", "(A ⊗ (B Cᵀ)) 1⃗ = (B ⊗ (A C)) 1⃗", "softmax(Q K'/s) V",
    "Q: R^{m x n}; K: R^{k x n}; V: R^{k x p}; s: R", wrt="Q",
)  # fmt: skip
CANCEL = _differentials("cancel", "a / a = 1", "ln(det(X))", SQUARE, wrt="X")
COLLECT = _differentials("collect terms", "tr(P dX) + tr(Q dX) = tr((P + Q) dX)", "tr(X' A X)", SQUARE, wrt="X")
PUT_IN_DIFFERENTIALS = _differentials("put in", "dy = g du, du = h dx: dy = g h dx", "norm(A X)^2", SQUARE, wrt="X")
READ_OFF = _differentials("read off", "dy = tr(Gᵀ dX): ∂y/∂X = G", "tr(A X)", SQUARE, wrt="X")

# entry by entry
ENTRIES_WRITTEN = _entries(
    "entries written out", "tr(A X) = Σᵢ Σⱼ A_ij X_ji", "tr(A X)", SQUARE, wrt="X", options="--by entries"
)
BY_ENTRY = _entries("each entry by each", "∂X_ij/∂X_kl = δ_ik δ_jl", "tr(A X)", SQUARE, wrt="X", options="--by entries")
CONTRACTED = _entries("δ picks an entry", "Σⱼ δ_ij a_j = a_i", "tr(A X)", SQUARE, wrt="X", options="--by entries")
AS_MATRIX = _entries("matrix form", "Σⱼ A_ij B_jk = (A B)_ik", "tr(A X B)", SQUARE, wrt="X", options="--by entries")

# structured variables
EXAMPLES = {
    "simplex": ("a · x", "a: R^n; x: R^n simplex"),
    "stiefel": ("tr(A' X)", "A: R^{m x n}; X: R^{m x n} stiefel"),
}
OF_STRUCTURE = {
    one.said: _row(
        OF_STRUCTURES, one.said, f"{one.projection}, of the derivative by independent entries",
        *EXAMPLES.get(one.name, ("tr(A X)", f"A: R^{{n x n}}; X: R^{{n x n}} {one.name}")),
        wrt="x" if one.name == "simplex" else "X",
    )
    for one in dict.fromkeys(STRUCTURES.values())
}  # fmt: skip
"""The rule of each structure, by what the structure is called in words."""


@cache
def of_row(operator: Operator) -> Reason:
    """Return the rule of an operator. Section 2 of the paper has none of functions such as sin."""
    section = "" if operator.kind == "elementwise" and operator.rule == operator.name else operator.section
    return Reason(operator.rule, operator.formula, operator.example, section=section)


@cache
def entrywise(operator: Operator) -> Reason:
    """Return the rule of a function of numbers that is applied entry by entry."""
    name = operator.name if "(" in operator.rule else operator.rule
    formula = f"∂y/∂x = diag(y′), where {operator.formula}"
    return Reason(f"element-wise {name}", formula, operator.example, VECTOR, section="4.2")


@cache
def definition(operator: Operator) -> Reason:
    """Return the rule that puts what an operator is defined as for it."""
    return Reason(f"definition of {operator.name}", operator.formula, operator.example)


MAXIMUM = Reason("max", MAX.formula, MAX.example, section=MAX.section)
"""The rule of another maximum than max(0, z)."""
DOT_PRODUCT = of_row(DOT)
