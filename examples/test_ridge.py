"""Checks ridge.py against central differences, at one random point: python test_ridge.py"""
import numpy as np
from ridge import value_and_gradient


def value(X, w, y, lambda_):
    N = X.shape[0]
    t1 = X @ w - y
    return t1 @ t1 / N + lambda_ * (w @ w)


def differences(function, at, order):
    """Return a derivative of a function by one array, of order 0, 1 or 2, by central differences."""
    if order == 0:
        return np.asarray(function(at), dtype=float)
    step = 1e-5 if order == 1 else 1e-3
    columns = []
    for place in np.ndindex(at.shape):
        sides = []
        for sign in (1, -1):
            moved = at.copy()
            moved[place] += sign * step
            sides.append(differences(function, moved, order - 1))
        columns.append((sides[0] - sides[1]) / (2 * step))
    return np.reshape(np.stack(columns, axis=-1), (*columns[0].shape, *at.shape))


def test_value_and_gradient():
    rng = np.random.default_rng(0)
    arguments = {
        "X": rng.uniform(0.3, 0.9, size=(2, 3)),
        "w": rng.uniform(0.3, 0.9, size=3),
        "y": rng.uniform(0.3, 0.9, size=2),
        "lambda_": rng.uniform(0.3, 0.9),
    }
    results = value_and_gradient(**arguments)
    for found, order in zip(results, [0, 1]):
        wanted = []
        for name in ['w'] if order else ['w'][:1]:
            at = np.asarray(arguments[name], dtype=float)
            wanted.append(differences(lambda moved: value(**{**arguments, name: moved}), at, order))
        if len(wanted) > 1:
            wanted = [np.reshape(part, (*np.shape(value(**arguments)), -1)) for part in wanted]
        whole = wanted[0] if len(wanted) == 1 else np.concatenate(wanted, axis=-1)
        near = 1e-3 if order > 1 else 1e-5
        assert np.allclose(np.asarray(found), whole, rtol=near, atol=near), order


if __name__ == "__main__":
    test_value_and_gradient()
    print("ridge.py agrees with central differences")
