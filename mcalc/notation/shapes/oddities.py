"""What reads oddly, and how much: one table of weights with a reason beside each, and what letters are used for.

A reading's oddity is the sum of what its names and nodes cost. The weights are whole numbers, settled on the statements
of tests/golden/undeclared.txt; halving or doubling one changes few of them.
"""

from __future__ import annotations

from functools import cache

from mcalc.notation.surface.words import INDICES

S, C, M, R = 0, 1, 2, 3
"""The orders of values: a scalar, a column, a matrix, a row."""
ORDERS = (S, C, M, R)
NEVER = 10**6
MARGIN = 2
"""A runner-up by less than this makes a statement ambiguous."""
ODD_NODE = 16
"""A node of the best reading that is as odd as this is refused, with the reading as an offer."""
ODD_NAME = 12
"""So is a name."""

ODDITY = {
    # marks of vectors and matrices, around scalars
    "transposed scalar": 25,  # nobody transposes a number
    "primed scalar": 40,  # x' of a scalar is a derivative, which is refused: never the reading
    "norm of a scalar name": 25,  # ‖x‖ says that x is a vector
    "norm of a scalar": 15,  # ‖wᵀa - wᵀb‖ is written by some who mean |·|
    "reduced scalar": 25,  # sum, mean, softmax, diag ... of a scalar do nothing
    "dot of a scalar": 20,  # ⟨a, b⟩ of scalars; a scalar in · beside a vector is "dot of scalars" when both are
    "dot of scalars": 12,  # · and ⟨⟩ mark vectors, but a plain product is written so, too
    "dot of a gate": 12,  # x · σ(x) is the product of numbers, as in an activation
    "second dot of scalars": 16,  # x · y · z is a product of numbers to all, and no (x · y) z of vectors: refused
    "dot before a row": 16,  # y · wᵀ x is a number times a product: of vectors y · w would do; x · ∇f is fine
    "element of a scalar": 12,  # refused; (A x)_i and softmax(x)_i are of vectors
    "@ scalar": 25,  # @ is a matrix product
    "entrywise scalar": 12,  # ⊗, ⊙, .* between a scalar and a vector
    "entrywise scalars": 20,  # ⊗, ⊙, .* mark vectors
    "scalar over vector": 3,  # 1 ./ x
    # sums
    "scalar added": 10,  # a scalar expression spread over a vector: λ(Ax - b), xᵀy + z
    "inner product added": 16,  # ‖y - wᵀ x‖² is of a number y, or of a matrix w: refused; so is A x + bᵀ x
    "scalar name added": 8,  # a scalar name spread over a vector: x + z is in the paper (4.3)
    "bias": 4,  # ... and b, c are often just that
    "bias of data": 1,  # X w + b: one b for all samples, where W x + b has one for each row of W
    "scalar name in a sum": 4,  # sum((x - m)^2): code spreads scalars
    "added to a matrix": 4,  # on top, where it is spread over a matrix: XW + b means a row b
    "number beside a power": 8,  # X² + 3 X - 5 is of a number, unless it says - 5 I
    "number added to a row": 10,  # 7 + xᵀ: u vᵀ + 7 is of a matrix
    "broadcast": 8,  # a vector added to a matrix, which is refused: so that XW + b is not silently a scalar b
    "shapes that differ": 30,  # a column and a row added, a column before a matrix: refused by the shape rules
    "sum of vectors": 1,  # Σ_i of what is no scalar
    # products
    "side by side": 14,  # x y of two columns has no product: refused, not silently a scalar
    "side by side *": 4,  # x * y of two columns: NumPy's
    "side by side in a sum": 3,  # sum(y log p): dot and entry by entry are the same there
    "side by side of a function in a sum": 1,  # ... and this is how it is mostly written
    "side by side * in a sum": 0,  # sum(y * log(p)) is code, and entry by entry
    "scalar * vector in a sum": 6,  # in code the factor would stand outside: c * sum(x)
    "scalar behind": 4,  # scalars stand before vectors and matrices: A b is no matrix times a number
    "scalar behind a row": 14,  # θᵀ x of a number x: in softmax(θᵀ x) θ is a matrix
    "number in a form": 17,  # xᵀ a x: a number would stand before
    "vector in a form": 15,  # ... and a vector leaves a number times x; a small matrix is about as odd: refused
    "scalar behind a table": 8,  # least of all behind a matrix that is written out
    "scalar letter behind": 1,  # ... but t, λ and their like do: e^{At}
    "entry of the same": 20,  # xᵀ x_i, x - x_i: samples x_i beside another x, and no entries of that
    "number before a matrix": 10,  # x W is a row times a matrix: data times weights
    "outer": 3,  # x yᵀ is rarer than xᵀ y; keeps y wᵀx a number times a vector
    "convolution": 3,  # h ∗ x of two vectors, as \ast is typeset
    "∗": 16,  # ... of a vector and something else is neither that nor a product
    "cross product": 3,  # a × b of letters; of numbers it is written a b
    "× of numbers": 6,  # numbers stand side by side
    "×": 40,  # ... of a vector or a matrix and something else: refused
    "dot of matrices": 3,  # A · B as tr(AᵀB), or as A B: refused
    "matrix · vector": 3,  # A · x, which is A x
    "Kronecker": 1,  # ⊗ with an identity is never entry by entry
    "matrix over a formula": 3,  # G m M/r² is physics; matrices are divided by numbers and names
    "divided by a vector": 12,  # x / y of vectors; free inside sum( )
    "ratio in a logarithm": 1,  # p log(p/q) is of numbers as often as of vectors
    "number over a name": 16,  # 1/x, k_i/τ of vectors x, τ are written 1 ./ x
    "divided by a matrix": 10,  # A/B is refused: so that it is not read as scalars
    # powers and functions
    "vector power": 12,  # x² of a vector: people write x .^ 2 or ‖x‖²
    "vector to a letter": 5,  # x_i^a: a label above, or a power entry by entry, with a note
    "vector exponent": 10,  # 2^x, x^y of vectors
    "matrix to a letter": 3,  # A^k is not read, but k is no reason to make A a scalar
    "root of a matrix": 16,  # A^{1/2} is not entry by entry: refused; so A^α is a number's
    "inverse root of a matrix": 2,  # D^{-1/2} A D^{-1/2}: of a number it is written 1/√d
    "exp of a vector": 3,  # e^x of a vector
    "exp of a matrix": 1,  # e^{At} is the matrix exponential
    "vector through a function": 3,  # log(p), exp(Xw): usual in code, rarer in formulas; free inside sum( )
    "angles through a function": 8,  # sin, cos of a vector: the angle is a number
    "matrix through a function": 6,  # sin(AXB) is usual for some; exp, log and √ are refused besides, as two readings
    "matrix activated": 2,  # σ, tanh, relu of a matrix: batches; of vectors they are neural networks, and free
    "matrices compared": 16,  # min(r A, c A) is of numbers, whatever their letters
    # functions that nobody defined
    "function of a tensor": 1,  # f(x) alone takes a number; where x is a vector for another reason, f takes that
    "function of vectors": 3,  # f(x) is a number unless something needs a vector
    "curve of vectors": 1,  # x(t) is one where something needs a vector; λᵀh(x) is of a vector as a rule
    "matrix of a vector": 8,  # Σ(θ), A(t) are of a number; A(x) of a vector only where x is one for another reason
    "matrix of several": 5,  # K(x, y) is a kernel
    "capital function": 7,  # F(x), K(x, y) as numbers; A(t), Σ(θ) are matrices
    "capital function of vectors": 8,  # ... as vectors
    # bars, norms, blocks
    "bars of a vector": 5,  # |x| of a vector is its length in the paper, a norm elsewhere
    "bars of a matrix": 4,  # |X| is a determinant: free in LaTeX and under log, else refused
    "norm of a matrix": 1,  # ‖X‖ without F
    "vector in F": 3,  # ‖X w - y‖_F
    "vector name in F": 15,  # ‖a‖_F says that a is a matrix
    "block of tensors": 2,  # [x; y] of vectors: entries are scalars as a rule
    "rows of tensors": 6,  # [[x, 1], [2, 3]] is of numbers
    # the function that is differentiated
    "vector alone": 1,
    "matrix alone": 3,
    "row alone": 4,  # xᵀA is rare, aᵀX b with a scalar b is not meant
    "tensors at all": 2,  # where nothing needs a vector, all are scalars: x² + y, w + x
    # names
    "capital scalar": 12,  # A B H M Q U W X and Σ Λ Φ Ψ Θ Ω are matrices: a number is refused rather than taken
    "capital symbol": 5,  # other capitals (V, R, S, G, F ...) are matrices, or quantities of physics
    "capital count": 3,  # C D K M N P T are counts and constants, too
    "loss as matrix": 1,  # L, J, E are losses and energies, seldom matrices
    "capital vector": 14,  # a capital as a column is not mathematics' custom
    "response vector": 5,  # ... but Y, the responses, is statistics' custom
    "capital row": 20,
    "capital entry": 5,  # X_i in a sum as an entry of a vector
    "capital sample": 4,  # X_i in a sum as a row of X
    "family": 6,  # X_i in a sum as one of several matrices
    "matrix of a family": 3,  # A_i in a sum is a matrix for each i, where A itself stands nowhere
    "entry of a family": 12,  # ... and no number, which is as odd as a scalar A
    "sample of a family": 8,  # ... nor a vector
    "weights as numbers": 6,  # W_i x + b_i is a layer; Σ_i W_i x_i may be a sum of numbers
    "three axes": 8,  # x_ij as a row of a family
    "small matrix": 16,  # a lower-case letter is no matrix: above the limit, so refused rather than taken
    "matrix word": 4,  # weight @ x: a word may be a matrix
    "sample": 2,  # x_i in a sum as a vector, the row of a matrix x: only where an entry does not do
    "scalar x": 4,  # x w u v θ β μ ω ... as scalars in a statement that has vectors
    "scalar y": 1,  # y and z are targets and margins: numbers as often as vectors
    "vector t": 5,  # i j k l m n t d and α γ λ σ ... are scalars
    "row": 8,  # a name that is a row: λ(Ax - b), x @ W + b are refused by it rather than misread
    "bias row": 4,  # ... and where x is a row its bias is one
}

MATRICES = frozenset("XABWMQUHΣΛΦΨΘΩ")
MATRIX_LETTERS = frozenset("XZWABUΣΘΦΨΛΩ")
"""Capitals that are matrices to all, where others may be quantities, too."""
COUNTS = frozenset("NMKTDPC")
LOSSES = frozenset("LJEℒ")
FAMILIES = frozenset("ABQΣΛ")
ROWS = frozenset("xhzuvqy")
"""Letters of vectors that stand as rows before matrices of weights."""
VECTORS = frozenset("xyzwuvθβμωξφψ")
SCALARS = frozenset("nmkijtdlαγδεληκντρζπσι")
FRACTIONAL = frozenset("αβγδθνρσ")
BIASES = frozenset("bc")
DATA = frozenset("XΦ")
TRACED = (0, NEVER, 1, NEVER)
"""ρ in tr(ρ A) is a density matrix, or a number that should stand before the trace."""
ALONE = (0, ODDITY["vector alone"], ODDITY["matrix alone"], ODDITY["row alone"])


@cache
def of_function(base: str) -> tuple[int, ...]:
    """Return the oddity of the value of an undefined function being a scalar, a column, a matrix; it is no row."""
    odd = ODDITY
    if base[0] in LOSSES:
        return 0, odd["capital function of vectors"], odd["loss as matrix"], NEVER
    if base[0].isupper():
        return odd["capital function"], odd["capital function of vectors"], 0, NEVER
    return 0, odd["function of vectors"], odd["small matrix"], NEVER


@cache
def of_name(base: str, axes: int, whole: bool) -> tuple[int, ...]:
    """Return the oddity of a name being a scalar, a column, a matrix, a row.

    Of a name with `axes` running subscripts it is that of the base having no, one, two or three axes: x_i as an entry,
    as a sample, as one of a family, which is not called by its letter alone, as a `whole` is.
    """
    odd, letter = ODDITY, base[base[0] == "Δ" and len(base) == 2]
    row = odd["bias row"] if letter == "b" else odd["row"]
    if axes > 1:
        return NEVER, NEVER, 0, odd["three axes"]
    if letter.isupper():
        vector = odd["response vector"] if letter == "Y" else odd["capital vector"]
        if axes and whole:
            return NEVER, vector, 0, odd["family"]
        if axes:
            if letter in FAMILIES and not whole:
                return NEVER, odd["entry of a family"], odd["sample of a family"], odd["matrix of a family"]
            if letter == "W" and not whole:
                return NEVER, odd["weights as numbers"], odd["weights as numbers"], odd["family"]
            return NEVER, odd["capital entry"], odd["capital sample"], odd["family"]
        below = base.partition("_")[2].strip("{}").replace(",", "")
        if len(below) == 2 and INDICES.issuperset(below) and letter + below != "Win":  # the weights of the input
            return 0, vector, odd["matrix word"], odd["capital row"]  # X_ij is an entry, or a block
        if letter in LOSSES or base == "I" or (base[:2] == "I_" and base[2:].isdecimal()):
            return 0, vector, odd["loss as matrix"], odd["capital row"]
        kind = "capital count" if letter in COUNTS else "capital scalar" if letter in MATRICES else "capital symbol"
        return odd[kind], vector, 0, odd["capital row"]
    if axes:
        return NEVER, 0, odd["small matrix" if whole else "sample"], odd["small matrix"]
    if len(base.partition("_")[0]) > 1:
        return 0, 0, odd["matrix word"], row
    if letter in VECTORS and base.partition("_")[2].isdecimal():
        return 0, 0, odd["small matrix"], row  # x_1, x_2: numbers as often as vectors
    if letter in VECTORS:
        return odd["scalar y"] if letter in "yz" else odd["scalar x"], 0, odd["small matrix"], row
    if letter in SCALARS:
        return 0, odd["vector t"], odd["small matrix"], row + odd["vector t"]
    return 0, 0, odd["small matrix"], row
