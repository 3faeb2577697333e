"""Values of matrix functions and of decompositions, right for complex arguments near the real axis too.

A derivative is checked by complex step, so each value is an analytic function of its matrix: eigenvalues and singular
values, which LAPACK finds for real matrices, are carried to complex ones by Newton's method, and functions of a matrix
are made of products and inverses. `np` is NumPy; where it says so, matrices may be a stack in the last two axes.

Source: Higham, Functions of Matrices (2008): 3.2 (derivatives), 6.3 (roots), 10.3 (exponential), 11.5 (logarithm).
"""

from __future__ import annotations

from math import factorial
from typing import Any

REACH = {3: 0.0149558521795829, 5: 0.253939833006323, 7: 0.950417899616293, 9: 2.09784796125706, 13: 5.37192035114815}
"""How large a matrix may be for a Padé approximant of e^A of this degree to have all digits."""
PADE = {m: [float(factorial(2 * m - k) // (factorial(m - k) * factorial(k))) for k in range(m + 1)] for m in REACH}
"""The coefficients of its numerator, those of odd powers change sign in the denominator."""
MOST_HALVINGS = 1100
SWEEPS = 40
"""Most steps of an iteration that doubles its digits."""
NEAR_ONE = 0.2
"""The logarithm is taken of a root whose distance from the identity is at most this."""
NODES = 9
"""Points of the quadrature that is the logarithm of such a root to all digits."""
NO_RANK = 1e-12
"""Singular values below this part of the largest count as 0."""


def exponential(np: Any, a: Any) -> Any:
    """Return e^A, of each of a stack: a Padé approximant of the matrix, or of one halved so often, squared back.

    Source: Higham, The scaling and squaring method for the matrix exponential revisited (2005), algorithm 2.3.
    """
    size = float(np.max(np.sum(np.abs(a), axis=-2)))
    degree = next((d for d, most in REACH.items() if size <= most), 13)
    halvings = 0
    while size > REACH[13] and halvings < MOST_HALVINGS:
        size, halvings = size / 2, halvings + 1
    a = a * 2.0**-halvings
    c = PADE[degree]
    one = np.eye(a.shape[-1]) + 0 * a
    squared = a @ a
    even = [one, squared]
    while 2 * len(even) <= min(degree, 7):
        even.append(even[-1] @ squared)
    odd = sum([c[2 * k + 1] * part for k, part in enumerate(even[:4])])
    plain = sum([c[2 * k] * part for k, part in enumerate(even[:4])])
    if degree > 7:
        more = range(1, (degree - 5) // 2)
        odd = odd + even[3] @ sum([c[2 * k + 7] * even[k] for k in more])
        plain = plain + even[3] @ sum([c[2 * k + 6] * even[k] for k in more])
    odd = a @ odd
    total = np.linalg.solve(plain - odd, plain + odd)
    for _ in range(halvings):
        total = total @ total
    return total


def is_plain(np: Any, a: Any) -> bool:
    """Say whether a matrix is one, real and its own transpose."""
    return a.ndim == 2 and not np.iscomplexobj(a) and bool(np.all(a == a.T))


def by_eigenvalues(np: Any, a: Any, function: Any) -> Any:
    """Return a function of a real symmetric matrix: that of its eigenvalues."""
    values, vectors = np.linalg.eigh(a)
    return (vectors * function(values)) @ vectors.T


def without_root(np: Any, a: Any) -> bool:
    """Say whether a matrix has an eigenvalue that is negative or 0, where roots and logarithms have no one value."""
    values = np.linalg.eigvals(np.real(a))
    least = 1e-13 * np.max(np.abs(values), initial=1e-300)
    return bool(np.any((np.real(values) <= least) & (np.abs(np.imag(values)) <= least)))


def square_root(np: Any, a: Any) -> Any:
    """Return the principal square root, of each of a stack, by Denman and Beavers' iteration."""
    root, inverse = a, np.eye(a.shape[-1]) + 0 * a
    for sweep in range(SWEEPS):
        back, turned = np.linalg.inv(root), np.linalg.inv(inverse)
        size = np.abs(np.real(np.linalg.det(root) * np.linalg.det(inverse)))
        scale = size ** (-0.5 / a.shape[-1]) if sweep < 5 else np.ones_like(size)
        scale = scale[..., None, None]
        before = root
        root, inverse = (scale * root + turned / scale) / 2, (scale * inverse + back / scale) / 2
        if sweep > 5 and np.max(np.abs(root - before)) <= 1e-15 * np.max(np.abs(root)):
            break
    return root


def logarithm(np: Any, a: Any) -> Any:
    """Return the principal logarithm, of each of a stack: that of a 2^k-th root near I, times 2^k."""
    one, halvings = np.eye(a.shape[-1]), 0
    while np.max(np.abs(a - one).sum(axis=-1)) > NEAR_ONE and halvings < SWEEPS:
        a, halvings = square_root(np, a), halvings + 1
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    x = a - one
    total = sum([w / 2 * np.linalg.solve(one + (t + 1) / 2 * x, x) for t, w in zip(nodes, weights, strict=True)])
    return total * 2.0**halvings


def logm(np: Any, a: Any) -> Any:
    """Return the principal logarithm of a matrix; NaN where it has none."""
    if is_plain(np, a):
        return by_eigenvalues(np, a, np.log)
    return np.full(a.shape, np.nan) if without_root(np, a) else logarithm(np, a)


def powm(np: Any, a: Any, p: Any) -> Any:
    """Return the principal power A^p of a matrix; NaN where it has none."""
    if is_plain(np, a) and not np.iscomplexobj(p):
        return by_eigenvalues(np, a, lambda values: values**p)
    return np.full(a.shape, np.nan) if without_root(np, a) else exponential(np, p * logarithm(np, a))


FUNCTIONS: dict[str, Any] = {
    "exp": exponential,
    "log": logarithm,
    "pow": lambda np, a, p: exponential(np, p * logarithm(np, a)),
}
"""Functions of a stack of matrices, by the names that their derivatives have."""


def frechet(np: Any, name: str, a: Any, parameters: Any, directions: Any, free: int) -> Any:
    """Return a Fréchet derivative along some directions and, in two axes more each, along `free` ones left open.

    It is the upper right block of the function of [[A, E], [0, A]], nested for higher derivatives.

    Source: Mathias, A chain rule for matrix functions and applications (1996); Higham and Relton, Higher order Fréchet
    derivatives of matrix functions (2014), 3.
    """
    n = a.shape[0]
    if name != "exp" and without_root(np, a):
        return np.full((n, n) * (1 + free), np.nan)
    blocks = a[None]
    for direction in [*[d[None] for d in directions], *[np.eye(n * n).reshape(n * n, n, n)] * free]:
        size, count = blocks.shape[-1], len(blocks)
        kind = np.result_type(blocks, direction)
        made = np.zeros((count, len(direction), 2 * size, 2 * size), kind)
        made[:, :, :size, :size] = made[:, :, size:, size:] = blocks[:, None]
        for place in range(0, size, n):
            made[:, :, place : place + n, size + place : size + place + n] = direction
        blocks = made.reshape(-1, 2 * size, 2 * size)
    return np.moveaxis(FUNCTIONS[name](np, blocks, *parameters)[:, :n, -n:], 0, -1).reshape((n, n) * (1 + free))


def sylvester(np: Any, a: Any, b: Any, c: Any = None) -> Any:
    """Return X with A X + X B = C; without a C the tensor T with X_ij = Σ_kl T_ijkl C_kl."""
    m, n = len(a), len(b)
    whole = np.kron(a, np.eye(n)) + np.kron(np.eye(m), b.T)
    return (np.linalg.inv(whole) if c is None else np.linalg.solve(whole, c.reshape(-1))).reshape(
        (m, n) * (2 if c is None else 1)
    )


def _signed(np: Any, v: Any) -> float:
    """The sign that makes the largest entry of a vector positive."""
    return -1.0 if v[np.abs(v).argmax()] < 0 else 1.0


def _polished(np: Any, a: Any, value: Any, v: Any) -> tuple[Any, Any]:
    """Newton's method for A v = λ v and vᵀ v = 1, from those of the real part: two steps give all digits."""
    n = len(v)
    for _ in range(2):
        whole = np.zeros((n + 1, n + 1), complex)
        whole[:n, :n], whole[:n, n], whole[n, :n] = a - value * np.eye(n), -v, v
        step = np.linalg.solve(whole, np.append(value * v - a @ v, (1 - v @ v) / 2))
        v, value = v + step[:n], value + step[n]
    return value, v


def eigenpair(np: Any, a: Any, place: int, *, symmetric: bool) -> tuple[Any, Any]:
    """Return the eigenvalue at a place, counted from 0 from the largest down or from -1 from the least up, and v.

    The unit vector has its largest entry positive. Of a matrix that is not symmetric eigenvalues go by their real
    parts, and one that is not real is NaN, as is one beyond the last.
    """
    real = np.real(a)
    if symmetric:
        values, vectors = np.linalg.eigh((real + real.T) / 2)
        a, order = (a + a.T) / 2, np.arange(len(a))[::-1]
    else:
        values, vectors = np.linalg.eig(real)
        order = np.argsort(-np.real(values), kind="stable")
    if not -len(a) <= place < len(a):
        return np.nan, np.full(len(a), np.nan)
    value, v = values[order[place]], vectors[:, order[place]]
    if abs(np.imag(value)) > 1e-12 * max(abs(value), 1e-300):
        return np.nan, np.full(len(a), np.nan)
    value, v = float(np.real(value)), np.real(v) * _signed(np, np.real(v))
    return _polished(np, a, value, v) if np.iscomplexobj(a) else (value, v)


def singular_triple(np: Any, x: Any, place: int) -> tuple[Any, Any, Any]:
    """Return the singular value at a place, with its left and right vector.

    The largest entry of the right one is positive.
    """
    left, values, right = np.linalg.svd(np.real(x), full_matrices=False)
    if not -len(values) <= place < len(values):
        return np.nan, np.full(x.shape[0], np.nan), np.full(x.shape[1], np.nan)
    value, u, v = values[place], left[:, place], right[place]
    u, v = u * _signed(np, v), v * _signed(np, v)
    if not np.iscomplexobj(x):
        return value, u, v
    square, v = _polished(np, x.T @ x, value**2, v)
    value = np.sqrt(square)
    return value, x @ v / value, v


def _range(np: Any, x: Any) -> tuple[Any, Any]:
    """An orthonormal basis C of the rows of a complex matrix of the rank of its real part, and √(CᵀXᵀX C)."""
    _, values, right = np.linalg.svd(np.real(x), full_matrices=False)
    gram = x.T @ x
    basis = gram @ right[values > NO_RANK * values.max(initial=0.0)].T
    basis = basis @ np.linalg.inv(square_root(np, basis.T @ basis))
    return basis, square_root(np, basis.T @ gram @ basis)


def polar(np: Any, x: Any) -> Any:
    """Return U Vᵀ where X = U diag(σ) Vᵀ with σ > 0: the nearest matrix with orthonormal columns, or rows."""
    if not np.iscomplexobj(x):
        left, values, right = np.linalg.svd(x, full_matrices=False)
        return (left * (values > NO_RANK * values.max(initial=0.0))) @ right
    basis, length = _range(np, x)
    return x @ basis @ np.linalg.inv(length) @ basis.T


def schatten(np: Any, x: Any, p: int) -> Any:
    """Return (Σ σᵖ)^(1/p) of the singular values."""
    if not np.iscomplexobj(x):
        return (np.linalg.svd(x, compute_uv=False) ** p).sum() ** (1 / p)
    return np.linalg.matrix_power(_range(np, x)[1], p).trace() ** (1 / p)


def pinv(np: Any, a: Any) -> Any:
    """Return A⁺; of a complex matrix that of the same rank as its real part, which is an analytic function.

    Source: Ben-Israel and Greville, Generalized Inverses (2003): A⁺ = Aᵀ (Aᵀ A Aᵀ)⁻ Aᵀ with any inner inverse.
    """
    if not np.iscomplexobj(a):
        return np.linalg.pinv(a, NO_RANK)
    left, values, right = np.linalg.svd(np.real(a), full_matrices=False)
    rank = int((values > NO_RANK * values.max(initial=0.0)).sum())
    left, right, turned = left[:, :rank], right[:rank].T, a.T
    return turned @ left @ np.linalg.inv(right.T @ turned @ a @ turned @ left) @ right.T @ turned


def cholesky(np: Any, a: Any) -> Any:
    """Return the lower L with a positive diagonal and L Lᵀ = A; NaN where A is not positive definite."""
    if not np.iscomplexobj(a):
        try:
            return np.linalg.cholesky((a + a.T) / 2)
        except np.linalg.LinAlgError:
            return np.full(a.shape, np.nan)
    a, lower = (a + a.T) / 2, np.zeros(a.shape, complex)
    for j in range(len(a)):
        lower[j, j] = np.sqrt(a[j, j] - lower[j, :j] @ lower[j, :j])
        lower[j + 1 :, j] = (a[j + 1 :, j] - lower[j + 1 :, :j] @ lower[j, :j]) / lower[j, j]
    return lower
