def loss(w, lam):
    r = y - X @ w
    return np.mean(r**2) + lam * w @ w
