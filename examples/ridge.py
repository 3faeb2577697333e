import numpy as np


def value_and_gradient(X, w, y, lambda_):
    """Value and gradient of sum((X w - y)²) / N + λ ‖w‖² by w.

    value = sum((X w - y)²) / N + λ ‖w‖²
    gradient = 2 ((X w - y)ᵀ X / N + λ wᵀ)

    Arguments: X, a matrix of N × n; w, a vector of n; y, a vector of N; lambda_, a number.
    Returns a number, a vector of n; axes of the output first, then of the variable (numerator layout).
    """
    N = X.shape[0]
    t1 = X @ w - y
    return t1 @ t1 / N + lambda_ * (w @ w), 2 * (t1 @ X / N + lambda_ * w)
