"""What decomposes a matrix or solves an equation and is no function of an array library, written out in Python."""

from __future__ import annotations

import re

from mcalc.operators import matrix_values

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
    return v * sign_of(v{xp})""",
    "eigenvalue_of": """def eigenvalue_of(a, place):
    return eigenpair_of(a, place)[0]""",
    "eigenvector_of": """def eigenvector_of(a, place):
    return eigenpair_of(a, place)[1]""",
    "eigvals": """def eigvals(a{xp}):
    return -{ns}.linalg.eigvalsh(-(a + a.T) / 2)""",
    "eigvecs": """def eigvecs(a{xp}):
    v = {ns}.linalg.eigh(-(a + a.T) / 2)[1]
    return {ns}.stack([v[:, place] * sign_of(v[:, place]{xp}) for place in range(a.shape[0])]).T""",
    "eigvals_of": """def eigvals_of(a):
    return {ns}.stack([eigenpair_of(a, place)[0] for place in range(a.shape[0])])""",
    "eigvecs_of": """def eigvecs_of(a):
    return {ns}.stack([eigenpair_of(a, place)[1] for place in range(a.shape[0])], axis=1)""",
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
    return u[:, place] * sign_of(v[place, :]{xp})""",
    "right_vector": """def right_vector(x, place{xp}):
    v = {ns}.linalg.svd(x, full_matrices=False)[2][place, :]
    return v * sign_of(v{xp})""",
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
    "logm_symmetric": """def logm_symmetric(a{xp}):
    values, vectors = {ns}.linalg.eigh((a + a.T) / 2)
    return (vectors * {ns}.log(values)) @ vectors.T""",
    "powm_symmetric": """def powm_symmetric(a, p{xp}):
    values, vectors = {ns}.linalg.eigh((a + a.T) / 2)
    return (vectors * values**p) @ vectors.T""",
    **{
        f"L_{name}": f"""def L_{name}(a, {given}*rest):
    # the Fréchet derivative along some directions; the last argument says how many are left open
    return frechet(np, "{name}", a, ({given.rstrip()}), rest[:-1], rest[-1])"""
        for name, given in (("exp", ""), ("log", ""), ("pow", "p, "))
    },
    "unvec": """def unvec(v, m, n{xp}):
    # the matrix whose columns v stacks
    return {ns}.reshape(v, (n, m)).T""",
}
SCIPY = """try:
    from scipy.linalg import solve_triangular
except ImportError:  # NumPy has no solver of its own for triangular matrices

    def solve_triangular(a, b, trans=0, lower=True):
        return np.linalg.solve(a.T if trans else a, b)"""
EXPM = """try:
    from scipy.linalg import expm
except ImportError:

    def expm(a):
        return exponential(np, a)"""
TRIANGULAR = {
    "solve_lower": {
        "np": """def solve_lower(l, b):
    return solve_triangular(l, b, lower=True)""",
        "jnp": """def solve_lower(l, b):
    return jax.scipy.linalg.solve_triangular(l, b, lower=True)""",
        "torch": """def solve_lower(l, b):
    return torch.linalg.solve_triangular(l, b.reshape(b.shape[0], -1), upper=False).reshape(b.shape)""",
        "xp": """def solve_lower(l, b, xp):
    return xp.linalg.solve(l, b)""",
    },
    "solve_raised": {
        "np": """def solve_raised(l, b):
    # lᵀ x = b
    return solve_triangular(l, b, trans=1, lower=True)""",
        "jnp": """def solve_raised(l, b):
    # lᵀ x = b
    return jax.scipy.linalg.solve_triangular(l, b, trans=1, lower=True)""",
        "torch": """def solve_raised(l, b):
    # lᵀ x = b
    return torch.linalg.solve_triangular(l.T, b.reshape(b.shape[0], -1), upper=True).reshape(b.shape)""",
        "xp": """def solve_raised(l, b, xp):
    # lᵀ x = b
    return xp.linalg.solve(l.T, b)""",
    },
}
"""Systems of a triangular matrix, by each library's namespace."""
NEEDS = {
    "eigenvector": ("sign_of",), "left_vector": ("sign_of",), "right_vector": ("sign_of",),
    "eigenpair_of": ("sign_of",), "eigenvalue_of": ("sign_of", "eigenpair_of"),
    "eigenvector_of": ("sign_of", "eigenpair_of"), "generalised": ("eigenvectors",),
    **dict.fromkeys(("eigvals_of", "eigvecs_of"), ("sign_of", "eigenpair_of")), "eigvecs": ("sign_of",),
    "eigvecs_max": ("eigenvectors",), "eigvecs_min": ("eigenvectors",),
}  # fmt: skip
"""What the functions call themselves."""
ONLY: dict[str, tuple[str, ...]] = {
    "generalised": ("numpy", "jax"), "eigvecs_max": ("numpy", "jax"), "eigvecs_min": ("numpy", "jax"),
    **dict.fromkeys(("eigenvalue_of", "eigenvector_of", "eigvals_of", "eigvecs_of"), ("numpy", "jax")),
}  # fmt: skip
EVALUATED = ("logm", "powm", "L_exp", "L_log", "L_pow")
"""What NumPy has no function for, and mcalc evaluates itself: its own code is written out."""
OWN = (
    "exponential", "is_plain", "by_eigenvalues", "without_root", "square_root", "logarithm", "logm", "powm", "frechet",
)  # fmt: skip
"""The functions of that code."""
FUNCTIONS = """FUNCTIONS = {
    "exp": exponential,
    "log": logarithm,
    "pow": lambda np, a, p: exponential(np, p * logarithm(np, a)),
}"""
ONLY |= dict.fromkeys(EVALUATED, ("numpy",))
"""The targets that have what a function is made of, where not all libraries of Python have."""
PYTHON = ("numpy", "jax", "torch", "array-api")


def targets(name: str) -> tuple[str, ...]:
    """Return the targets that a function is written for."""
    return ONLY.get(name, PYTHON)


def solution_texts(needs: set[str], namespace: str) -> list[str]:
    """Return the functions that code needs, each after those that it calls."""
    wanted = {inner for name in needs for inner in (name, *NEEDS.get(name, ()))}
    like = ", dtype=a.dtype, device=a.device" if namespace in ("torch", "xp") else ""
    before = (
        _own_code() if not needs.isdisjoint(EVALUATED) else _own_code("exponential") if "exponential" in needs else []
    )
    before += [EXPM] if "exponential" in needs and namespace == "np" else []
    before += [SCIPY] if "solve_triangular" in needs else []
    before += [texts[namespace] for name, texts in TRIANGULAR.items() if name in wanted]
    alone = r"svdvals(\1)" if namespace in ("torch", "xp") else r"svd(\1, compute_uv=False)"  # without the vectors
    return before + [
        re.sub(r"svd\((\w), full_matrices=False\)\[1\]", alone, text)
        .replace("{ns}", namespace)
        .replace("{xp}", ", xp" * (namespace == "xp"))
        .replace("{like}", like)
        for name, text in TEXTS.items()
        if name in wanted
    ]


def _own_code(*names: str) -> list[str]:
    """The functions of matrices as mcalc evaluates them, without the types: these, or all."""
    loader = matrix_values.__loader__
    assert loader is not None
    source: str = loader.get_source(matrix_values.__name__)  # type: ignore[attr-defined]  # that of a file has it
    parts = {part.split("(")[0].removeprefix("def "): part.rstrip() for part in source.split("\n\n\n")}
    texts = [re.sub(r": (Any|str|int|bool|float)\b| -> \w+(?=:)", "", parts[name]) for name in names or OWN]
    constants = ("REACH", "PADE", "MOST_HALVINGS", *(() if names else ("SWEEPS", "NEAR_ONE", "NODES")))
    said = "\n".join([f"{name} = {getattr(matrix_values, name)}" for name in constants])
    return [said, *texts, *([] if names else [FUNCTIONS])]
