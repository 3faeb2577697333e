"""What decomposes a matrix or solves an equation and is no function of an array library, written out in Python."""

from __future__ import annotations

ORDERED = """def eigenvectors(a, b=None):
    # of a v = λ b v with vᵀ b v = 1, in order of λ; the largest entry of each is positive
    if b is None:
        vectors = {ns}.linalg.eigh((a + a.T) / 2)[1]
    else:
        root = {ns}.linalg.inv({ns}.linalg.cholesky((b + b.T) / 2))
        inner = root @ a @ root.T
        vectors = root.T @ {ns}.linalg.eigh((inner + inner.T) / 2)[1]
    tops = {ns}.take_along_axis(vectors, {ns}.abs(vectors).argmax(axis=0)[None, :], axis=0)
    return vectors * {ns}.where(tops < 0, -1.0, 1.0)"""
SIGN = """def sign_of(v{xp}):
    # 1 or -1, such that the largest entry of the vector becomes positive
    size = {ns}.abs(v)
    return {ns}.sign({ns}.sum({ns}.where(size == {ns}.max(size), v, 0 * v)))"""
EIG = """def eigenpair_of(a, place):
    # by falling real parts; one that is not real is NaN
    values, vectors = {ns}.linalg.eig(a)
    order = {ns}.argsort(-{ns}.real(values))
    value, v = values[order[place]], {ns}.real(vectors[:, order[place]])
    v = v / {ns}.sqrt(v @ v)
    real = {ns}.abs({ns}.imag(value)) <= 1e-12 * {ns}.abs(value)
    return {ns}.where(real, {ns}.real(value), {ns}.nan), {ns}.where(real, v * sign_of(v), {ns}.nan)"""
TEXTS = {
    "eigenvectors": ORDERED,
    "sign_of": SIGN,
    "eigenpair_of": EIG,
    "eigenvalue": """def eigenvalue(a, place{xp}):
    return {ns}.linalg.eigvalsh((a + a.T) / 2)[place]""",
    "eigenvector": """def eigenvector(a, place{xp}):
    v = {ns}.linalg.eigh((a + a.T) / 2)[1][:, place]
    return v * sign_of(v{pass})""",
    "eigenvalue_of": """def eigenvalue_of(a, place):
    return eigenpair_of(a, place)[0]""",
    "eigenvector_of": """def eigenvector_of(a, place):
    return eigenpair_of(a, place)[1]""",
    "generalised": """def generalised(a, b, place):
    return eigenvectors(a, b)[:, place]""",
    "eigvecs_max": """def eigvecs_max(a, *rest):
    return eigenvectors(a, *rest[:-1])[:, ::-1][:, : rest[-1]]""",
    "eigvecs_min": """def eigvecs_min(a, *rest):
    return eigenvectors(a, *rest[:-1])[:, : rest[-1]]""",
    "singular_value": """def singular_value(x, place{xp}):
    return {ns}.linalg.svd(x, full_matrices=False)[1][place]""",
    "left_vector": """def left_vector(x, place{xp}):
    u, _, v = {ns}.linalg.svd(x, full_matrices=False)
    return u[:, place] * sign_of(v[place, :]{pass})""",
    "right_vector": """def right_vector(x, place{xp}):
    v = {ns}.linalg.svd(x, full_matrices=False)[2][place, :]
    return v * sign_of(v{pass})""",
    "polar": """def polar(a{xp}):
    # u vᵀ of the singular value decomposition a = u diag(s) vᵀ
    u, s, v = {ns}.linalg.svd(a, full_matrices=False)
    return (u * {ns}.where(s > 1e-12 * s[0], 1.0, 0.0 * s)) @ v""",
    "schatten": """def schatten(a, p{xp}):
    return {ns}.sum({ns}.linalg.svd(a, full_matrices=False)[1] ** p) ** (1 / p)""",
    "nuclear": """def nuclear(a{xp}):
    return {ns}.sum({ns}.linalg.svd(a, full_matrices=False)[1])""",
    "pinv": """def pinv(a{xp}):
    u, s, v = {ns}.linalg.svd(a, full_matrices=False)
    counts = s > 1e-12 * s[0]
    return (v.T * ({ns}.where(counts, 1.0, 0.0 * s) / {ns}.where(counts, s, 1.0 + 0.0 * s))) @ u.T""",
    "chol": """def chol(a{xp}):
    return {ns}.linalg.cholesky(a)""",
    "sylvester": """def sylvester(a, b, c{xp}):
    # x with a x + x b = c; without a c, None, the array t with x_ij = sum of t_ijkl c_kl
    m, n = a.shape[0], b.shape[0]
    whole = {ns}.reshape(a[:, None, :, None] * {ns}.eye(n{like})[None, :, None, :], (m * n, m * n))
    whole = whole + {ns}.reshape({ns}.eye(m{like})[:, None, :, None] * b.T[None, :, None, :], (m * n, m * n))
    if c is None:
        return {ns}.reshape({ns}.linalg.inv(whole), (m, n, m, n))
    return {ns}.reshape({ns}.linalg.solve(whole, {ns}.reshape(c, (m * n, 1))), (m, n))""",
    "unvec": """def unvec(v, m, n{xp}):
    # the matrix whose columns v stacks
    return {ns}.reshape(v, (n, m)).T""",
}
NEEDS = {
    "eigenvector": ("sign_of",), "left_vector": ("sign_of",), "right_vector": ("sign_of",),
    "eigenpair_of": ("sign_of",), "eigenvalue_of": ("sign_of", "eigenpair_of"),
    "eigenvector_of": ("sign_of", "eigenpair_of"), "generalised": ("eigenvectors",),
    "eigvecs_max": ("eigenvectors",), "eigvecs_min": ("eigenvectors",),
}  # fmt: skip
"""What the functions call themselves."""
ONLY = {
    "generalised": ("numpy", "jax"), "eigvecs_max": ("numpy", "jax"), "eigvecs_min": ("numpy", "jax"),
    "eigenvalue_of": ("numpy", "jax"), "eigenvector_of": ("numpy", "jax"),
}  # fmt: skip
"""The targets that have what a function is made of, where not all libraries of Python have."""
PYTHON = ("numpy", "jax", "torch", "array-api")


def targets(name: str) -> tuple[str, ...]:
    """Return the targets that a function is written for."""
    return ONLY.get(name, PYTHON)


def solution_texts(needs: set[str], namespace: str) -> list[str]:
    """Return the functions that code needs, each after those that it calls."""
    wanted = {name for name in needs if name in TEXTS} | {inner for name in needs for inner in NEEDS.get(name, ())}
    passed = namespace == "xp"
    like = ", dtype=a.dtype, device=a.device" if namespace in ("torch", "xp") else ""
    return [
        text.replace("{ns}", namespace)
        .replace("{xp}", ", xp" * passed)
        .replace("{pass}", ", xp" * passed)
        .replace("{like}", like)
        for name, text in TEXTS.items()
        if name in wanted
    ]
