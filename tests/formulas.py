"""More formulas of papers and books as their authors typeset them, each with what it says as a function of arrays.

`latex` is what one would paste, `where` the shapes that the text around the formula gives, and `meaning` its value,
computed apart from mcalc with NumPy. Where `meaning` is None the formula is refused, or read with a note, and `named`
is what the message or the note must name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy import abs as mag
from numpy import cos, diag, exp, eye, log, maximum, minimum, sqrt, tanh, trace
from numpy import sum as total
from numpy.linalg import det, inv, norm


class Formula(NamedTuple):
    """A formula, where it stands, and its value at the values of its names."""

    source: str
    latex: str
    where: str
    meaning: Callable[[Any], Any] | None
    named: str = ""


def sig(z: Any) -> Any:
    """Return the logistic function."""
    return 1 / (1 + exp(-z))


def soft(z: Any) -> Any:
    """Return the softmax of a vector."""
    return exp(z) / total(exp(z))


def pairs(count: int) -> list[tuple[int, int]]:
    """Return the pairs i < j."""
    return [(i, j) for i in range(count) for j in range(i + 1, count)]


LEARNING = [
    Formula(
        "Shalev-Shwartz and Ben-David, Understanding Machine Learning (13.2), ridge",
        r"\lambda \|\mathbf{w}\|_2^2 + \frac{1}{m} \sum_{i=1}^m \frac{1}{2}\left(\langle \mathbf{w},\mathbf{x}_i"
        r"\rangle - y_i\right)^2",
        "X: R^{m x d}; y: R^m; w: R^d; λ: R",
        lambda v: v.λ * v.w @ v.w + total((v.X @ v.w - v.y) ** 2) / 2 / v.m,
    ),
    Formula(
        "Mohri, Rostamizadeh, Talwalkar, Foundations (11.22)",
        r"F(\mathbf w) = \lambda\left\|\mathbf w\right\|^2 + \sum_{i=1}^{m}\left(\mathbf w\cdot\mathbf x_i - y_i"
        r"\right)^2\;,",
        "X: R^{m x d}; y: R^m; w: R^d; λ: R",
        lambda v: v.λ * v.w @ v.w + total((v.X @ v.w - v.y) ** 2),
    ),
    Formula(
        "Hoerl and Kennard 1970, the estimator",
        r"\hat{\boldsymbol\beta}^{*} = \left[\mathbf{X}'\mathbf{X} + k\mathbf{I}\right]^{-1}\mathbf{X}'\mathbf{Y}",
        "X: R^{n x p}; Y: R^n; k: R",
        lambda v: inv(v.X.T @ v.X + v.k * eye(v.p)) @ v.X.T @ v.Y,
    ),
    Formula(
        "weighted least squares, Greene, Econometric Analysis",
        r"\hat{\beta}_{\mathrm{WLS}} = (X^{\mathsf T} W X)^{-1} X^{\mathsf T} W y",
        "X: R^{n x q}; W: R^{n x n}; y: R^n",
        lambda v: inv(v.X.T @ v.W @ v.X) @ v.X.T @ v.W @ v.y,
    ),
    Formula(
        "hat matrix, its last part",
        r"\mathbf{X}(\mathbf{X}^T\mathbf{X})^{-1}\mathbf{X}^T\mathbf{y}",
        "X: R^{n x q}; y: R^n",
        lambda v: v.X @ inv(v.X.T @ v.X) @ v.X.T @ v.y,
    ),
    Formula(
        "Yuan and Lin 2006, group lasso of two groups",
        r"\tfrac1{2}\Bigl\|Y-\sum_{j=1}^{J}X_j\beta_j\Bigr\|^2",
        "Y: R^n; X: R^{J x n}; β: R^J",
        lambda v: norm(v.Y - v.X.T @ v.β) ** 2 / 2,
    ),
    Formula(
        "Tibshirani et al. 2005, fused lasso",
        r"\tfrac12\|y-X\beta\|_2^2+\lambda_1\|\beta\|_1+\lambda_2\sum_{j=2}^{p}|\beta_j-\beta_{j-1}|",
        "y: R^n; X: R^{n x p}; β: R^p; λ_1, λ_2: R",
        lambda v: (
            norm(v.y - v.X @ v.β) ** 2 / 2 + v["λ_1"] * total(mag(v.β)) + v["λ_2"] * total(mag(v.β[1:] - v.β[:-1]))
        ),
    ),
    Formula(
        "Zou 2006, adaptive lasso",
        r"\left\|\mathbf{y}-\sum_{j=1}^{p}\mathbf{x}_j\beta_j\right\|^2+\lambda\sum_{j=1}^{p}\hat{w}_j|\beta_j|",
        "y: R^n; X: R^{p x n}; β, w_hat: R^p; λ: R",
        lambda v: norm(v.y - v.X.T @ v.β) ** 2 + v.λ * total(v.w_hat * mag(v.β)),
    ),
    Formula(
        "smoothing spline, ESL (5.11)",
        r"\mathrm{RSS}(\theta,\lambda) = (\mathbf{y}-\mathbf{N}\theta)^T(\mathbf{y}-\mathbf{N}\theta) + \lambda"
        r"\theta^T\boldsymbol{\Omega}_N\theta,",
        "y: R^n; N: R^{n x p}; θ: R^p; λ: R; Ω_N: R^{p x p}",
        lambda v: norm(v.y - v.N @ v.θ) ** 2 + v.λ * v.θ @ v["Ω_N"] @ v.θ,
    ),
    Formula(
        "logistic log likelihood, ESL (4.20)",
        r"\ell(\beta) = \sum_{i=1}^{N}\Big\{ y_i\beta^Tx_i - \log\big(1+e^{\beta^Tx_i}\big)\Big\}.",
        "X: R^{N x p}; y: R^N; β: R^p",
        lambda v: v.y @ v.X @ v.β - total(log(1 + exp(v.X @ v.β))),
    ),
    Formula(
        "Vapnik 1998, support vector regression, epsilon-insensitive",
        r"\frac{1}{2}\|w\|^2 + C\sum_{i=1}^{l}\max\bigl\{0,\,|y_i-\langle w,x_i\rangle-b|-\varepsilon\bigr\}",
        "w: R^d; X: R^{l x d}; y: R^l; b, C, ε: R",
        lambda v: v.w @ v.w / 2 + v.C * total(maximum(0, mag(v.y - v.X @ v.w - v.b) - v.ε)),
    ),
    Formula(
        "Rosset and Zhu, huberised squared hinge",
        r"\phi(r)=\begin{cases}0,& r>1,\\ (1-r)^2,& -1< r\le 1,\\ -4r,& r\leqslant -1.\end{cases}",
        "r: R",
        lambda v: 0 if v.r > 1 else (1 - v.r) ** 2 if v.r > -1 else -4 * v.r,
    ),
    Formula(
        "Friedman 2001, binomial deviance",
        r"L(y,F)=\log\left(1+\exp(-2yF)\right),\quad y\in\{-1,1\}",
        "y, F: R",
        lambda v: log(1 + exp(-2 * v.y * v.F)),
    ),
    Formula(
        "Chen and Guestrin 2016, XGBoost (6), of one leaf",
        r"-\frac{1}{2}\frac{\left(\sum_{i=1}^{n} g_i\right)^2}{\sum_{i=1}^{n} h_i+\lambda}+\gamma T",
        "g, h: R^n; λ, γ, T: R",
        lambda v: -(total(v.g) ** 2) / (total(v.h) + v.λ) / 2 + v.γ * v.T,
    ),
    Formula(
        "Chen and Guestrin 2016, XGBoost (2)",
        r"\Omega(f)=\gamma T+\frac12\lambda\|w\|^2",
        "γ, T, λ: R; w: R^d",
        lambda v: v.γ * v.T + v.λ * v.w @ v.w / 2,
    ),
    Formula(
        "Bradley and Terry 1952, log likelihood over pairs",
        r"\sum_{i<j} \left[ w_{ij}\log p_i - w_{ij}\log(p_i+p_j)\right]",
        "W: R^{n x n}; p: R^n",
        lambda v: total([v.W[i, j] * (log(v.p[i]) - log(v.p[i] + v.p[j])) for i, j in pairs(v.n)]),
    ),
    Formula(
        "Kruskal 1964, stress over pairs",
        r"\sqrt{\frac{\sum_{i<j}(d_{ij}-\hat d_{ij})^2}{\sum_{i<j}d_{ij}^2}}",
        "D, D_hat: R^{n x n}",
        lambda v: sqrt(
            total([(v.D[i, j] - v.D_hat[i, j]) ** 2 for i, j in pairs(v.n)])
            / total([v.D[i, j] ** 2 for i, j in pairs(v.n)])
        ),
    ),
    Formula(
        "Sammon 1969",
        r"E=\frac{1}{\sum_{i<j}d_{ij}^{*}}\sum_{i<j}\frac{\left(d_{ij}^{*}-d_{ij}\right)^2}{d_{ij}^{*}}",
        "D, D_star: R^{n x n}",
        lambda v: (
            total([(v.D_star[i, j] - v.D[i, j]) ** 2 / v.D_star[i, j] for i, j in pairs(v.n)])
            / total([v.D_star[i, j] for i, j in pairs(v.n)])
        ),
    ),
    Formula(
        "pairwise ranking, Burges et al. 2005, of all pairs",
        r"C=\sum_{1\le i<j\le n}\log\bigl(1+e^{-\sigma(s_i-s_j)}\bigr)",
        "s: R^n; σ: R",
        lambda v: total([log(1 + exp(-v.σ * (v.s[i] - v.s[j]))) for i, j in pairs(v.n)]),
    ),
    Formula(
        "Vandermonde determinant",
        r"\prod_{1\leq i<j\leq n}(x_j-x_i)",
        "x: R^n",
        lambda v: np.prod([v.x[j] - v.x[i] for i, j in pairs(v.n)]),
    ),
    Formula(
        "Coulomb energy of n charges",
        r"U=\sum_{i<j}\frac{q_iq_j}{\lVert\mathbf{r}_i-\mathbf{r}_j\rVert}",
        "q: R^n; R: R^{n x d}",
        lambda v: total([v.q[i] * v.q[j] / norm(v.R[i] - v.R[j]) for i, j in pairs(v.n)]),
    ),
    Formula(
        "Ising energy with all pairs",
        r"E(s)=-\sum_{i<j}J_{ij}s_is_j-\sum_i h_is_i",
        "J: R^{n x n}; s, h: R^n",
        lambda v: -total([v.J[i, j] * v.s[i] * v.s[j] for i, j in pairs(v.n)]) - v.h @ v.s,
    ),
    Formula(
        "Hopfield 1982",
        r"E=-\frac{1}{2}\mathop{\sum\sum}_{i\neq j}T_{ij}V_iV_j",
        "T: R^{n x n}; V: R^n",
        lambda v: -(v.V @ (v.T - diag(diag(v.T))) @ v.V) / 2,
    ),
    Formula(
        "Hopfield 1982, as it is written since",
        r"E=-\tfrac12\sum_{i\ne j}w_{ij}s_is_j+\sum_i\theta_is_i",
        "W: R^{n x n}; s, θ: R^n",
        lambda v: -(v.s @ (v.W - diag(diag(v.W))) @ v.s) / 2 + v.θ @ v.s,
    ),
    Formula(
        "Ramsauer et al. 2021, modern Hopfield energy",
        r"E=-\beta^{-1}\log\Bigl(\sum_{i=1}^{N}\exp(\beta\,\boldsymbol{x}_i^{T}\boldsymbol{\xi})\Bigr)+\frac12"
        r"\boldsymbol{\xi}^{T}\boldsymbol{\xi}",
        "β: R; X: R^{N x d}; ξ: R^d",
        lambda v: -log(total(exp(v.β * v.X @ v.ξ))) / v.β + v.ξ @ v.ξ / 2,
    ),
    Formula(
        "restricted Boltzmann machine, Hinton 2012 (1)",
        r"E(\mathbf v,\mathbf h) = -\sum_{i} a_iv_i-\sum_{j}b_jh_j-\sum_{i,j}v_ih_jw_{ij}",
        "a, v: R^m; b, h: R^n; W: R^{m x n}",
        lambda v: -(v.a @ v.v) - v.b @ v.h - v.v @ v.W @ v.h,
    ),
    Formula(
        "free energy of a restricted Boltzmann machine",
        r"\mathcal{F}(v)=-b^\top v-\sum_{i}\log\left(1+e^{c_i+W_iv}\right)",
        "b, v: R^n; c: R^m; W: R^{m x n}",
        None,
        "two vectors",
    ),
    Formula(
        "contrastive loss over negatives, Chopra et al. 2005",
        r"(1-Y)\tfrac{1}{2}(D_W)^2+(Y)\tfrac12\left\{\max(0,m-D_W)\right\}^2",
        "Y, D_W, m: R",
        lambda v: (1 - v.Y) * v.D_W**2 / 2 + v.Y * maximum(0, v.m - v.D_W) ** 2 / 2,
    ),
]

NETWORKS = [
    Formula(
        "He et al. 2016, residual block",
        r"\mathbf{y}=W_2\,\sigma(W_1\mathbf{x})+\mathbf{x}",
        "W_2: R^{d x h}; W_1: R^{h x d}; x: R^d",
        lambda v: v.W_2 @ sig(v.W_1 @ v.x) + v.x,
    ),
    Formula(
        "Highway layer with the element-wise product",
        r"\mathbf{y}=\mathbf{h}\odot\mathbf{t}+\mathbf{x}\odot(\mathbf{1}-\mathbf{t})",
        "h, t, x: R^n",
        lambda v: v.h * v.t + v.x * (1 - v.t),
    ),
    Formula(
        "Vaswani et al. 2017 (2), feed-forward",
        r"\mathrm{FFN}(x)=\max(0,xW_1+b_1)W_2+b_2",
        "x: R^{1 x d}; W_1: R^{d x h}; b_1: R^{1 x h}; W_2: R^{h x d}; b_2: R^{1 x d}",
        lambda v: maximum(0, v.x @ v.W_1 + v.b_1) @ v.W_2 + v.b_2,
    ),
    Formula(
        "scaled dot-product attention, of a query",
        r"\mathrm{softmax}\!\left(\frac{q^{\top}K^{\top}}{\sqrt{d_k}}\right)V",
        "q: R^d; K: R^{n x d}; d_k: R; V: R^{n x k}",
        lambda v: soft(v.K @ v.q / sqrt(v.d_k)) @ v.V,
    ),
    Formula(
        "Shazeer 2020, GLU variants, bilinear",
        r"\bigl(xW+b\bigr)\otimes\bigl(xV+c\bigr)",
        "x: R^{1 x d}; W, V: R^{d x h}; b, c: R^{1 x h}",
        lambda v: (v.x @ v.W + v.b) * (v.x @ v.V + v.c),
    ),
    Formula(
        "Dauphin et al. 2017 (1)",
        r"h(\mathbf{X})=(\mathbf{X}*\mathbf{W}+\mathbf{b})\otimes\sigma(\mathbf{X}*\mathbf{V}+\mathbf{c})",
        "X: R^{1 x d}; W, V: R^{d x h}; b, c: R^{1 x h}",
        lambda v: (v.X @ v.W + v.b) * sig(v.X @ v.V + v.c),
    ),
    Formula(
        "Zhang and Sennrich 2019, RMSNorm, its root",
        r"\mathrm{RMS}(\mathbf{a})=\sqrt{\frac{1}{n}\sum_{i=1}^{n}a_i^2}",
        "a: R^n",
        lambda v: sqrt(np.mean(v.a**2)),
    ),
    Formula(
        "Zhang and Sennrich 2019, RMSNorm (4), one entry written as a vector",
        r"\frac{\mathbf{a}}{\sqrt{\tfrac1n\sum_{i=1}^n a_i^2}}\odot\mathbf{g}",
        "a, g: R^n",
        lambda v: v.a / sqrt(np.mean(v.a**2)) * v.g,
    ),
    Formula(
        "Salimans and Kingma 2016, weight normalisation (2)",
        r"\mathbf{w}=\frac{g}{\|\mathbf{v}\|}\mathbf{v}",
        "g: R; v: R^n",
        lambda v: v.g / norm(v.v) * v.v,
    ),
    Formula(
        "Salimans and Kingma 2016 (3), gradient by g",
        r"\nabla_g L=\frac{\nabla_{\mathbf w}L\cdot\mathbf v}{\|\mathbf v\|}",
        "v: R^n; w: R^n; g: R; L: R",
        None,
        "depend",
    ),
    Formula(
        "Elman 1990, in today's notation",
        r"h_t=\tanh\left(W_{hh}h_{t-1}+W_{xh}x_t+b_h\right)",
        "W_hh: R^{h x h}; h_{t-1}, b_h: R^h; W_xh: R^{h x d}; x_t: R^d",
        lambda v: tanh(v.W_hh @ v["h_{t-1}"] + v.W_xh @ v.x_t + v.b_h),
    ),
    Formula(
        "Misra 2019, mish",
        r"f(x)=x\cdot\tanh(\operatorname{softplus}(x))",
        "x: R",
        lambda v: v.x * tanh(log(1 + exp(v.x))),
    ),
    Formula(
        "Klambauer et al. 2017, SELU (2)",
        r"\mathrm{selu}(x)=\lambda\begin{cases}x&\text{if }x>0\\\alpha e^{x}-\alpha&\text{if }x\leqslant0\end{cases}",
        "x, λ, α: R",
        lambda v: v.λ * (v.x if v.x > 0 else v.α * exp(v.x) - v.α),
    ),
    Formula(
        "tanh approximation of GELU, Hendrycks and Gimpel",
        r"0.5x\left(1+\tanh\left[\sqrt{2/\pi}\left(x+0.044715x^3\right)\right]\right)",
        "x: R",
        lambda v: 0.5 * v.x * (1 + tanh(sqrt(2 / np.pi) * (v.x + 0.044715 * v.x**3))),
    ),
    Formula(
        "Sabour et al. 2017, capsule's squashing (1)",
        r"\mathbf{v}_j=\frac{\|\mathbf{s}\|^2}{1+\|\mathbf{s}\|^2}\frac{\mathbf{s}}{\|\mathbf{s}\|}",
        "s: R^n",
        lambda v: v.s @ v.s / (1 + v.s @ v.s) * v.s / norm(v.s),
    ),
    Formula(
        "Sabour et al. 2017, margin loss of a present class",
        r"L_k=T_k\,\max(0,m^{+}-\|\mathbf{v}_k\|)^2+\lambda\,(1-T_k)\,\max(0,\|\mathbf{v}_k\|-m^{-})^2",
        "T_k, λ, m_{+}, m_{-}: R; v_k: R^d",
        lambda v: (
            v.T_k * maximum(0, v["m_{+}"] - norm(v.v_k)) ** 2
            + v.λ * (1 - v.T_k) * maximum(0, norm(v.v_k) - v["m_{-}"]) ** 2
        ),
    ),
    Formula(
        "Wen et al. 2016, centre loss (2) with fixed centres",
        r"\mathcal{L}_C=\frac{1}{2}\sum_{i=1}^{m}\lVert\boldsymbol{x}_i-\boldsymbol{c}_i\rVert_2^2",
        "X, C: R^{m x d}",
        lambda v: norm(v.X - v.C) ** 2 / 2,
    ),
    Formula(
        "Deng et al. 2019, ArcFace of one sample",
        r"-\log\frac{e^{s\cos(\theta_{y}+m)}}{e^{s\cos(\theta_{y}+m)}+\sum_{j=1}^{n}e^{s\cos\theta_j}}",
        "s, m, θ_y: R; θ: R^n",
        lambda v: -log(exp(v.s * cos(v.θ_y + v.m)) / (exp(v.s * cos(v.θ_y + v.m)) + total(exp(v.s * cos(v.θ))))),
    ),
    Formula(
        "Grill et al. 2020, BYOL (2)",
        r"2-2\cdot\frac{\langle q,z'\rangle}{\|q\|_2\cdot\|z'\|_2}",
        "q, z_prime: R^d",
        lambda v: 2 - 2 * (v.q @ v.z_prime) / (norm(v.q) * norm(v.z_prime)),
    ),
    Formula(
        "Chen and He 2021, SimSiam (1)",
        r"\mathcal{D}(p_1,z_2)=-\frac{p_1}{\left\lVert p_1\right\rVert_2}\cdot"
        r"\frac{z_2}{\left\lVert z_2\right\rVert_2}",
        "p_1, z_2: R^d",
        lambda v: -(v.p_1 @ v.z_2) / norm(v.p_1) / norm(v.z_2),
    ),
    Formula(
        "Bardes et al. 2022, VICReg, invariance",
        r"s(Z,Z')=\frac{1}{n}\sum_{i}\|z_i-z_i'\|_2^2",
        "Z, Z_prime: R^{n x d}",
        lambda v: norm(v.Z - v.Z_prime) ** 2 / v.n,
    ),
    Formula(
        "VICReg's covariance term of the matrix",
        r"\frac{1}{d}\sum_{i\neq j}[\mathbf{C}]_{i,j}^2",
        "C: R^{d x d}",
        lambda v: total((v.C - diag(diag(v.C))) ** 2) / v.d,
    ),
    Formula(
        "largest entry minus the others, top-one margin",
        r"\max_{i} x_i - \frac{1}{n}\sum_{i=1}^{n} x_i",
        "x: R^n",
        lambda v: np.max(v.x) - np.mean(v.x),
    ),
    Formula(
        "Boyd and Vandenberghe 3.1.5, max function",
        r"f(x)=\max_{1\le i\le n} x_i",
        "x: R^n",
        lambda v: np.max(v.x),
    ),
    Formula(
        "Boyd and Vandenberghe 4.3.1, Chebyshev approximation",
        r"\max_{i=1,\ldots,m}|a_i^Tx-b_i|",
        "A: R^{m x n}; x: R^n; b: R^m",
        None,
        r"\ldots",
    ),
    Formula(
        "the same with limits",
        r"\max_i\,\left|a_i^Tx-b_i\right|",
        "A: R^{m x n}; x: R^n; b: R^m",
        None,
        r"\max",
    ),
    Formula(
        "Crammer and Singer 2001 for one sample",
        r"\ell(\mathbf{s})=\max_{j}(1+s_j)-s_1",
        "s: R^K",
        None,
        r"\max",
    ),
    Formula(
        "FaceNet (1) over the triplets",
        r"\sum_i^N\Bigl[\left\|x_i^a-x_i^p\right\|_2^2-\left\|x_i^a-x_i^n\right\|_2^2+\alpha\Bigr]_+",
        "X_a, X_p, X_n: R^{N x d}; α: R",
        lambda v: total(maximum(0, norm(v.X_a - v.X_p, axis=1) ** 2 - norm(v.X_a - v.X_n, axis=1) ** 2 + v.α)),
    ),
    Formula(
        "FaceNet with the roles in text",
        r"\sum_{i=1}^{N}\left[\bigl\|x_i^{\text{anchor}}-x_i^{\text{pos}}\bigr\|_2^2-\bigl\|x_i^{\text{anchor}}-"
        r"x_i^{\text{neg}}\bigr\|_2^2+\alpha\right]_{+}",
        "X_anchor, X_pos, X_neg: R^{N x d}; α: R",
        lambda v: total(
            maximum(
                0,
                norm(v.X_anchor - v.X_pos, axis=1) ** 2 - norm(v.X_anchor - v.X_neg, axis=1) ** 2 + v.α,
            )
        ),
    ),
]

PROBABILITY = [
    Formula(
        "Casella and Berger, normal log likelihood",
        r"\log L(\mu,\sigma^2\mid\mathbf{x})=-\frac n2\log 2\pi-\frac n2\log\sigma^2-\frac{1}{2\sigma^2}\sum_{i=1}^n"
        r"(x_i-\mu)^2",
        "x: R^n; μ, σ: R",
        lambda v: -v.n / 2 * log(2 * np.pi) - v.n / 2 * log(v.σ**2) - total((v.x - v.μ) ** 2) / (2 * v.σ**2),
    ),
    Formula(
        "Anderson, multivariate log likelihood",
        r"-\tfrac{1}{2}N\log|\Sigma|-\tfrac12\sum_{\alpha=1}^{N}(x_\alpha-\mu)'\Sigma^{-1}(x_\alpha-\mu)",
        "Σ: R^{p x p}; X: R^{N x p}; μ: R^p",
        lambda v: -v.N * log(det(v.Σ)) / 2 - total([(x - v.μ) @ inv(v.Σ) @ (x - v.μ) for x in v.X]) / 2,
    ),
    Formula(
        "beta-binomial's kernel in logs",
        r"(\alpha-1)\log p+(\beta-1)\log(1-p)",
        "α, β, p: R",
        lambda v: (v.α - 1) * log(v.p) + (v.β - 1) * log(1 - v.p),
    ),
    Formula(
        "Laplace likelihood, Bishop exercise 1.",
        r"\sum_{n=1}^{N}\frac{|x_n-\mu|}{b}+N\ln(2b)",
        "x: R^N; μ, b: R",
        lambda v: total(mag(v.x - v.μ)) / v.b + v.N * log(2 * v.b),
    ),
    Formula(
        "Cauchy negative log likelihood",
        r"n\ln\pi\gamma+\sum_{i=1}^n\ln\Bigl(1+\bigl(\tfrac{x_i-x_0}{\gamma}\bigr)^2\Bigr)",
        "x: R^n; γ, x_0: R",
        lambda v: v.n * log(np.pi * v.γ) + total(log(1 + ((v.x - v.x_0) / v.γ) ** 2)),
    ),
    Formula(
        "von Mises concentration term",
        r"\kappa\sum_{i=1}^{n}\cos(\theta_i-\mu)",
        "κ, μ: R; θ: R^n",
        lambda v: v.κ * total(cos(v.θ - v.μ)),
    ),
    Formula(
        "Weibull log likelihood",
        r"n\log k-nk\log\lambda+(k-1)\sum_{i=1}^{n}\log x_i-\sum_{i=1}^{n}\left(\frac{x_i}{\lambda}\right)^{\!k}",
        "x: R^n; λ, k: R",
        lambda v: v.n * log(v.k) - v.n * v.k * log(v.λ) + (v.k - 1) * total(log(v.x)) - total((v.x / v.λ) ** v.k),
    ),
    Formula(
        "Cover and Thomas (2.1)",
        r"H=-\sum_{i=1}^{n}p_i\log_2 p_i",
        "p: R^n",
        lambda v: -total(v.p * np.log2(v.p)),
    ),
    Formula(
        "Jensen and Shannon of two vectors",
        r"\tfrac12\sum_i p_i\log\frac{2p_i}{p_i+q_i}+\tfrac12\sum_i q_i\log\frac{2q_i}{p_i+q_i}",
        "p, q: R^n",
        lambda v: total(v.p * log(2 * v.p / (v.p + v.q))) / 2 + total(v.q * log(2 * v.q / (v.p + v.q))) / 2,
    ),
    Formula(
        "Renyi 1961",
        r"\frac{1}{1-\alpha}\log\left(\sum_{k=1}^{n}p_k^{\alpha}\right)",
        "α: R; p: R^n",
        lambda v: log(total(v.p**v.α)) / (1 - v.α),
    ),
    Formula(
        "Kalman 1960, updated covariance",
        r"\mathbf{P}_{k|k}=\left(\mathbf{I}-\mathbf{K}\mathbf{H}\right)\mathbf{P}_{k|k-1}",
        "K: R^{n x m}; H: R^{m x n}; P_{k|k-1}: R^{n x n}",
        lambda v: (eye(v.n) - v.K @ v.H) @ v["P_{k|k-1}"],
    ),
    Formula(
        "Joseph form",
        r"(I-KH)P(I-KH)^\top+KRK^\top",
        "K: R^{n x m}; H: R^{m x n}; P: R^{n x n}; R: R^{m x m}",
        lambda v: (eye(v.n) - v.K @ v.H) @ v.P @ (eye(v.n) - v.K @ v.H).T + v.K @ v.R @ v.K.T,
    ),
    Formula(
        "Kalman gain",
        r"\mathbf{K}=\mathbf{P}\mathbf{H}^{\mathrm{T}}\left(\mathbf{H}\mathbf{P}\mathbf{H}^{\mathrm{T}}+\mathbf{R}"
        r"\right)^{-1}",
        "P: R^{n x n}; H: R^{m x n}; R: R^{m x m}",
        lambda v: v.P @ v.H.T @ inv(v.H @ v.P @ v.H.T + v.R),
    ),
    Formula(
        "Titsias 2009, trace term",
        r"-\frac{1}{2\sigma^2}\operatorname{Tr}\bigl(K_{nn}-K_{nm}K_{mm}^{-1}K_{mn}\bigr)",
        "K_nn: R^{n x n}; K_nm: R^{n x m}; K_mm: R^{m x m}; K_mn: R^{m x n}; σ: R",
        lambda v: -trace(v.K_nn - v.K_nm @ inv(v.K_mm) @ v.K_mn) / (2 * v.σ**2),
    ),
    Formula(
        "predictive mean, Rasmussen and Williams (2.25)",
        r"\bar{f}_*=\mathbf{k}_*^\top\left(K+\sigma_n^2 I\right)^{-1}\mathbf{y}",
        "K: R^{n x n}; σ_n: R; k_star, y: R^n",
        lambda v: v.k_star @ inv(v.K + v.σ_n**2 * eye(v.n)) @ v.y,
    ),
    Formula(
        "squared exponential kernel with lengths, Rasmussen and Williams (5.1)",
        r"\sigma_f^2\exp\left(-\tfrac{1}{2}(\mathbf{x}_p-\mathbf{x}_q)^\top M(\mathbf{x}_p-\mathbf{x}_q)\right)",
        "σ_f: R; x_p, x_q: R^d; M: R^{d x d}",
        lambda v: v.σ_f**2 * exp(-(v.x_p - v.x_q) @ v.M @ (v.x_p - v.x_q) / 2),
    ),
    Formula(
        "rational quadratic kernel",
        r"\left(1+\frac{\lVert x-x'\rVert^2}{2\alpha\ell^2}\right)^{-\alpha}",
        "x, x_prime: R^d; α, ℓ: R",
        lambda v: (1 + norm(v.x - v.x_prime) ** 2 / (2 * v.α * v["ℓ"] ** 2)) ** -v.α,
    ),
    Formula(
        "Gretton et al. 2012, squared discrepancy of means",
        r"\left\|\frac1m\sum_{i=1}^m x_i-\frac1n\sum_{j=1}^n y_j\right\|^2",
        "X: R^{m x d}; Y: R^{n x d}",
        lambda v: norm(np.mean(v.X, 0) - np.mean(v.Y, 0)) ** 2,
    ),
    Formula(
        "sample covariance",
        r"S=\frac{1}{n-1}\sum_{i=1}^{n}(x_i-\bar{x})(x_i-\bar{x})^{\top}",
        "X: R^{n x p}; x_bar: R^p",
        lambda v: (v.X - v.x_bar).T @ (v.X - v.x_bar) / (v.n - 1),
    ),
    Formula(
        "Girolami: Metropolis-adjusted Langevin's squared drift",
        r"\frac{1}{2\epsilon}\left\|\theta^*-\theta-\frac{\epsilon}{2}g\right\|_2^2",
        "θ_star, θ, g: R^d; ϵ: R",
        lambda v: norm(v.θ_star - v.θ - v["ε"] / 2 * v.g) ** 2 / (2 * v["ε"]),
    ),
    Formula(
        "Hamiltonian of a particle, Neal 2011",
        r"H(q,p)=\tfrac12 q^{\mathrm T}\Sigma^{-1}q+\tfrac12p^{\mathrm T}M^{-1}p",
        "q, p: R^d; Σ, M: R^{d x d}",
        lambda v: v.q @ inv(v.Σ) @ v.q / 2 + v.p @ inv(v.M) @ v.p / 2,
    ),
]

OPTIMISATION = [
    Formula(
        "Nocedal and Wright (2.11), quadratic model",
        r"m(p)=f+g^{T}p+\tfrac12p^{T}Bp",
        "f: R; g, p: R^n; B: R^{n x n}",
        lambda v: v.f + v.g @ v.p + v.p @ v.B @ v.p / 2,
    ),
    Formula(
        "Nocedal and Wright (2.12) with the gradient",
        r"f(x)+\nabla f(x)^{\top}p",
        "x, p: R^n; f(x) = ||x||^2",
        None,
        r"\nabla",
    ),
    Formula(
        "BFGS, Nocedal and Wright (6.19)",
        r"B_{k+1}=B_k-\frac{B_ks_ks_k^TB_k}{s_k^TB_ks_k}+\frac{y_ky_k^T}{y_k^Ts_k}",
        "B_k: R^{n x n}; s_k, y_k: R^n",
        lambda v: (
            v.B_k
            - np.outer(v.B_k @ v.s_k, v.s_k @ v.B_k) / (v.s_k @ v.B_k @ v.s_k)
            + np.outer(v.y_k, v.y_k) / (v.y_k @ v.s_k)
        ),
    ),
    Formula(
        "symmetric rank one, Nocedal and Wright (6.24)",
        r"B+\frac{(y-Bs)(y-Bs)^T}{(y-Bs)^Ts}",
        "B: R^{n x n}; y, s: R^n",
        lambda v: v.B + np.outer(v.y - v.B @ v.s, v.y - v.B @ v.s) / ((v.y - v.B @ v.s) @ v.s),
    ),
    Formula(
        "Sherman and Morrison",
        r"A^{-1}-\frac{A^{-1}uv^{\mathsf{T}}A^{-1}}{1+v^{\mathsf{T}}A^{-1}u}",
        "A: R^{n x n}; u, v: R^n",
        lambda v: inv(v.A) - np.outer(inv(v.A) @ v.u, v.v @ inv(v.A)) / (1 + v.v @ inv(v.A) @ v.u),
    ),
    Formula(
        "Woodbury",
        r"\left(A+UCV\right)^{-1}=A^{-1}-A^{-1}U\left(C^{-1}+VA^{-1}U\right)^{-1}VA^{-1}",
        "A: R^{n x n}; U: R^{n x k}; C: R^{k x k}; V: R^{k x n}",
        lambda v: inv(v.A + v.U @ v.C @ v.V),
    ),
    Formula(
        "Householder reflection of real vectors",
        r"\mathbf{I}_n-2\frac{\mathbf{v}\mathbf{v}^{\intercal}}{\mathbf{v}^{\intercal}\mathbf{v}}",
        "v: R^n",
        lambda v: eye(v.n) - 2 * np.outer(v.v, v.v) / (v.v @ v.v),
    ),
    Formula(
        "steepest descent's exact step",
        r"\alpha_k=\frac{r_k^Tr_k}{r_k^TAr_k}",
        "r_k: R^n; A: R^{n x n}",
        lambda v: v.r_k @ v.r_k / (v.r_k @ v.A @ v.r_k),
    ),
    Formula(
        "Kingma and Ba 2015, Adam's step with its corrections",
        r"\theta_{t-1}-\alpha\cdot\hat{m}_t/(\sqrt{\hat{v}_t}+\epsilon)",
        "θ_{t-1}, α, ε: R; m_hat_t, v_hat_t: R",
        lambda v: v["θ_{t-1}"] - v.α * v.m_hat_t / (sqrt(v.v_hat_t) + v.ε),
    ),
    Formula(
        "Kingma and Ba 2015, bias correction",
        r"\widehat{m}_t=\frac{m_t}{1-\beta_1^t}",
        "m_t, β_1, t: R",
        lambda v: v.m_t / (1 - v["β_1"] ** v.t),
    ),
    Formula(
        "Polyak's momentum",
        r"x_{k+1}=x_k-\alpha\nabla f(x_k)+\beta(x_k-x_{k-1})",
        "x_k, x_{k-1}: R^n; α, β: R; f(z) = ||z||^2",
        None,
        "row",
    ),
    Formula(
        "Boyd et al. 2011, scaled augmented Lagrangian (3.5)",
        r"\frac{\rho}{2}\left\|Ax+Bz-c+u\right\|_2^2-\frac{\rho}{2}\|u\|_2^2",
        "ρ: R; A: R^{p x n}; x: R^n; B: R^{p x m}; z: R^m; c, u: R^p",
        lambda v: v.ρ / 2 * norm(v.A @ v.x + v.B @ v.z - v.c + v.u) ** 2 - v.ρ / 2 * v.u @ v.u,
    ),
    Formula(
        "Parikh and Boyd 2014, Moreau envelope of the square",
        r"\frac12x^2+\frac{1}{2\lambda}(x-v)^2",
        "x, v, λ: R",
        lambda v: v.x**2 / 2 + (v.x - v.v) ** 2 / (2 * v.λ),
    ),
    Formula(
        "soft thresholding",
        r"S_\lambda(x)=\operatorname{sign}(x)\max\{|x|-\lambda,\,0\}",
        "x, λ: R",
        lambda v: np.sign(v.x) * maximum(mag(v.x) - v.λ, 0),
    ),
    Formula(
        "soft thresholding with a plus",
        r"\operatorname{sgn}(\hat\beta)\left(|\hat\beta|-\gamma\right)_+",
        "β_hat, γ: R",
        lambda v: np.sign(v["β_hat"]) * maximum(mag(v["β_hat"]) - v.γ, 0),
    ),
    Formula(
        "Nesterov, the worst function in the world",
        r"\frac{L}{4}\left\{\frac12\left[x_1^2+\sum_{i=1}^{k-1}(x_i-x_{i+1})^2+x_k^2\right]-x_1\right\}",
        "L: R; x: R^k",
        lambda v: v.L / 4 * ((v.x[0] ** 2 + total((v.x[:-1] - v.x[1:]) ** 2) + v.x[-1] ** 2) / 2 - v.x[0]),
    ),
    Formula(
        "Rosenbrock without its words",
        r"\sum_{i=1}^{n-1}\bigl[100(x_{i+1}-x_i^2)^2+(1-x_i)^2\bigr]",
        "x: R^n",
        lambda v: total(100 * (v.x[1:] - v.x[:-1] ** 2) ** 2 + (1 - v.x[:-1]) ** 2),
    ),
    Formula(
        "Rastrigin 1974",
        r"An+\sum_{i=1}^n\left[x_i^2-A\cos(2\pi x_i)\right]",
        "A: R; x: R^n",
        lambda v: v.A * v.n + total(v.x**2 - v.A * cos(2 * np.pi * v.x)),
    ),
    Formula(
        "Ackley 1987, its first term",
        r"-20\exp\left[-0.2\sqrt{0.5\left(x^{2}+y^{2}\right)}\right]",
        "x, y: R",
        lambda v: -20 * exp(-0.2 * sqrt(0.5 * (v.x**2 + v.y**2))),
    ),
    Formula(
        "Lagrangian of equality constraints",
        r"\mathcal{L}(x,\nu)=\tfrac12x^\top Px+q^\top x+r+\nu^\top(Ax-b)",
        "P: R^{n x n}; q, x: R^n; r: R; ν, b: R^m; A: R^{m x n}",
        lambda v: v.x @ v.P @ v.x / 2 + v.q @ v.x + v.r + v.ν @ (v.A @ v.x - v.b),
    ),
    Formula(
        "Boyd and Vandenberghe (9.4), analytic centre",
        r"f(x)=-\sum_{i=1}^{m}\log(b_i-a_i^Tx)",
        "A: R^{m x n}; b: R^m; x: R^n",
        lambda v: -total(log(v.b - v.A @ v.x)),
    ),
    Formula(
        "Levenberg and Marquardt step",
        r"\delta=\left(J^{T}J+\lambda\,\mathrm{diag}(J^{T}J)\right)^{-1}J^{T}\left[y-f\right]",
        "J: R^{m x n}; λ: R; y, f: R^m",
        None,
        "vector",
    ),
]

MATRICES = [
    Formula(
        "Magnus and Neudecker, quadratic form in a matrix",
        r"\phi(X)=\operatorname{tr}X'AXB",
        "X: R^{n x q}; A: R^{n x n}; B: R^{q x q}",
        lambda v: trace(v.X.T @ v.A @ v.X @ v.B),
    ),
    Formula(
        "Magnus and Neudecker, log determinant of a Gram matrix",
        r"\log\left|X'X\right|",
        "X: R^{n x q}",
        lambda v: log(det(v.X.T @ v.X)),
    ),
    Formula(
        "Golub and Van Loan, total least squares residual",
        r"\frac{\left\|Ax-b\right\|_2^2}{1+\|x\|_2^2}",
        "A: R^{m x n}; x: R^n; b: R^m",
        lambda v: norm(v.A @ v.x - v.b) ** 2 / (1 + v.x @ v.x),
    ),
    Formula(
        "orthogonal Procrustes, Schonemann 1966",
        r"\lVert\boldsymbol{\Omega}A-B\rVert_F^2",
        "Ω: R^{n x n}; A, B: R^{n x k}",
        lambda v: norm(v.Ω @ v.A - v.B) ** 2,
    ),
    Formula(
        "Kabsch with a translation",
        r"\sum_{i=1}^{N}\left\lVert R\,\mathbf{p}_i+\mathbf{t}-\mathbf{q}_i\right\rVert^{2}",
        "R: R^{d x d}; P, Q: R^{N x d}; t: R^d",
        lambda v: norm(v.P @ v.R.T + v.t - v.Q) ** 2,
    ),
    Formula(
        "Hu et al. 2008, implicit feedback (3)",
        r"\sum_{u,i}c_{ui}(p_{ui}-x_u^Ty_i)^2+\lambda\left(\sum_u\|x_u\|^2+\sum_i\|y_i\|^2\right)",
        "C, P: R^{m x n}; X: R^{m x f}; Y: R^{n x f}; λ: R",
        lambda v: total(v.C * (v.P - v.X @ v.Y.T) ** 2) + v.λ * (norm(v.X) ** 2 + norm(v.Y) ** 2),
    ),
    Formula(
        "Mnih and Salakhutdinov 2008, PMF (4)",
        r"E=\frac12\sum_{i=1}^{N}\sum_{j=1}^{M}I_{ij}\left(R_{ij}-U_i^TV_j\right)^2+\frac{\lambda_U}{2}\sum_{i=1}^{N}"
        r"\lVert U_i\rVert_{Fro}^2+\frac{\lambda_V}{2}\sum_{j=1}^{M}\lVert V_j\rVert_{Fro}^2",
        "I, R: R^{N x M}; U: R^{N x D}; V: R^{M x D}; λ_U, λ_V: R",
        lambda v: (
            total(v.I * (v.R - v.U @ v.V.T) ** 2) / 2 + v["λ_U"] / 2 * norm(v.U) ** 2 + v["λ_V"] / 2 * norm(v.V) ** 2
        ),
    ),
    Formula(
        "Candes and Recht, singular value relaxation as a trace",
        r"\tfrac{1}{2}\bigl(\operatorname{trace}(W_1)+\operatorname{trace}(W_2)\bigr)",
        "W_1: R^{m x m}; W_2: R^{n x n}",
        lambda v: (trace(v.W_1) + trace(v.W_2)) / 2,
    ),
    Formula(
        "Shi and Malik 2000, quotient of normalised cut",
        r"\frac{y^T(D-W)y}{y^TDy}",
        "y: R^n; D, W: R^{n x n}",
        lambda v: v.y @ (v.D - v.W) @ v.y / (v.y @ v.D @ v.y),
    ),
    Formula(
        "He and Niyogi, graph smoothness",
        r"\frac12\sum_{i,j=1}^{n}W_{ij}\left\|\frac{f_i}{\sqrt{d_i}}-\frac{f_j}{\sqrt{d_j}}\right\|^2",
        "W: R^{n x n}; F: R^{n x k}; d: R^n",
        lambda v: (
            total(
                [
                    v.W[i, j] * norm(v.F[i] / sqrt(v.d[i]) - v.F[j] / sqrt(v.d[j])) ** 2
                    for i in range(v.n)
                    for j in range(v.n)
                ]
            )
            / 2
        ),
    ),
    Formula(
        "graph convolution with the normalised matrix",
        r"Z=\mathrm{ReLU}\bigl(\hat{A}XW^{(0)}\bigr)W^{(1)}",
        "A_hat: R^{n x n}; X: R^{n x c}; W_0: R^{c x h}; W_1: R^{h x f}",
        lambda v: maximum(0, v.A_hat @ v.X @ v.W_0) @ v.W_1,
    ),
    Formula(
        "Tucker's core of order two",
        r"\left\|\mathbf{X}-\mathbf{A}\mathbf{G}\mathbf{B}^{\top}\right\|_{\mathrm{F}}^{2}",
        "X: R^{m x n}; A: R^{m x k}; G: R^{k x k}; B: R^{n x k}",
        lambda v: norm(v.X - v.A @ v.G @ v.B.T) ** 2,
    ),
    Formula(
        "Olshausen and Field, sparse code of one patch",
        r"\frac{1}{2}\|\mathbf{x}-\boldsymbol{\Phi}\mathbf{a}\|_2^2+\lambda\sum_{i}\log\!\left(1+\frac{a_i^2}{\sigma^2}"
        r"\right)",
        "x: R^n; Φ: R^{n x k}; a: R^k; λ, σ: R",
        lambda v: norm(v.x - v.Φ @ v.a) ** 2 / 2 + v.λ * total(log(1 + v.a**2 / v.σ**2)),
    ),
    Formula(
        "linear quadratic regulator, one stage",
        r"x_t^\top Qx_t+u_t^\top Ru_t+2x_t^\top Nu_t",
        "x_t: R^n; u_t: R^m; Q: R^{n x n}; R: R^{m x m}; N: R^{n x m}",
        lambda v: v.x_t @ v.Q @ v.x_t + v.u_t @ v.R @ v.u_t + 2 * v.x_t @ v.N @ v.u_t,
    ),
    Formula(
        "Riccati equation's right-hand side",
        r"A^{T}PA-(A^{T}PB)(R+B^{T}PB)^{-1}(B^{T}PA)+Q",
        "A, P, Q: R^{n x n}; B: R^{n x m}; R: R^{m x m}",
        lambda v: v.A.T @ v.P @ v.A - (v.A.T @ v.P @ v.B) @ inv(v.R + v.B.T @ v.P @ v.B) @ (v.B.T @ v.P @ v.A) + v.Q,
    ),
    Formula(
        "Charbonnier penalty of a residual",
        r"\sum_{i=1}^{n}\left(\sqrt{r_i^2+\epsilon^2}-\epsilon\right)",
        "r: R^n; ε: R",
        lambda v: total(sqrt(v.r**2 + v.ε**2) - v.ε),
    ),
    Formula(
        "Geman and McClure",
        r"\rho(x;c)=\frac{2\bigl(x/c\bigr)^{2}}{\bigl(x/c\bigr)^{2}+4}",
        "x, c: R",
        lambda v: 2 * (v.x / v.c) ** 2 / ((v.x / v.c) ** 2 + 4),
    ),
    Formula(
        "Barron 2019 (1)",
        r"\rho\left(x,\alpha,c\right)=\frac{\left|\alpha-2\right|}{\alpha}\left(\left(\frac{\left(x/c\right)^2}{\left|"
        r"\alpha-2\right|}+1\right)^{\alpha/2}-1\right)",
        "x, α, c: R",
        lambda v: mag(v.α - 2) / v.α * (((v.x / v.c) ** 2 / mag(v.α - 2) + 1) ** (v.α / 2) - 1),
    ),
    Formula(
        "Tukey's biweight",
        r"\rho(x)=\begin{cases}\dfrac{c^2}{6}\Bigl\{1-\Bigl[1-\bigl(\tfrac{x}{c}\bigr)^2\Bigr]^3\Bigr\} & |x|\leq c,\\"
        r"[6pt] \dfrac{c^2}{6} & |x|>c\end{cases}",
        "x, c: R",
        lambda v: v.c**2 / 6 * (1 - (1 - (v.x / v.c) ** 2) ** 3) if mag(v.x) <= v.c else v.c**2 / 6,
    ),
    Formula(
        "smooth minimum",
        r"-\frac1k\ln\left(e^{-ka}+e^{-kb}\right)",
        "k, a, b: R",
        lambda v: -log(exp(-v.k * v.a) + exp(-v.k * v.b)) / v.k,
    ),
    Formula(
        "clipped ratio's lower envelope",
        r"\min\bigl(r\hat{A},\;\min(\max(r,1-\epsilon),1+\epsilon)\hat{A}\bigr)",
        "r, A_hat, ε: R",
        lambda v: minimum(v.r * v.A_hat, minimum(maximum(v.r, 1 - v.ε), 1 + v.ε) * v.A_hat),
    ),
    Formula(
        "Black and Scholes, discounted payoff's exponent",
        r"\frac{\ln\left(\frac{S_0}{K}\right)+\left(r+\frac{\sigma^2}{2}\right)T}{\sigma\sqrt{T}}",
        "S_0, K, r, σ, T: R",
        lambda v: (log(v.S_0 / v.K) + (v.r + v.σ**2 / 2) * v.T) / (v.σ * sqrt(v.T)),
    ),
    Formula(
        "constant elasticity of substitution, Arrow et al. 1961",
        r"Q=F\cdot\left(\sum_{i=1}^na_i^{\frac{1}{s}}X_i^{\frac{s-1}{s}}\right)^{\frac{s}{s-1}}",
        "F, s: R; a, X: R^n",
        lambda v: v.F * total(v.a ** (1 / v.s) * v.X ** ((v.s - 1) / v.s)) ** (v.s / (v.s - 1)),
    ),
    Formula(
        "mean-variance utility",
        r"\mathbf{w}^{\prime}\boldsymbol{\mu}-\frac{\gamma}{2}\mathbf{w}^{\prime}\boldsymbol{\Sigma}\mathbf{w}",
        "w, μ: R^n; γ: R; Σ: R^{n x n}",
        lambda v: v.w @ v.μ - v.γ / 2 * v.w @ v.Σ @ v.w,
    ),
    Formula(
        "Sharpe ratio",
        r"\frac{\mathbf{w}^\top\boldsymbol\mu-r_f}{\sqrt{\mathbf{w}^\top\boldsymbol\Sigma\,\mathbf{w}}}",
        "w, μ: R^n; r_f: R; Σ: R^{n x n}",
        lambda v: (v.w @ v.μ - v.r_f) / sqrt(v.w @ v.Σ @ v.w),
    ),
    Formula(
        "risk parity over pairs of assets",
        r"\sum_{i=1}^{n}\sum_{j=1}^{n}\left(w_i(\Sigma w)_i-w_j(\Sigma w)_j\right)^2",
        "w: R^n; Σ: R^{n x n}",
        lambda v: total((v.w * (v.Σ @ v.w) - (v.w * (v.Σ @ v.w))[:, None]) ** 2),
    ),
    Formula(
        "align with a number and a name",
        r"\begin{align}\mathcal{J}(\bm{\theta})&=\frac{1}{2n}\left\|\bm{X}\bm{\theta}-\bm{y}\right\|_2^2\tag{7}"
        r"\label{eq:loss}\end{align}",
        "X: R^{n x d}; θ: R^d; y: R^n",
        lambda v: norm(v.X @ v.θ - v.y) ** 2 / (2 * v.n),
    ),
    Formula(
        "space of the variable after the formula",
        r"\frac12\|x\|_2^2+\mathbf{1}^{\top}x,\quad x\in\mathbb{R}^n",
        "",
        lambda v: v.x @ v.x / 2 + total(v.x),
    ),
    Formula(
        "words and a space after the formula",
        r"\|Ax-b\|^2\;\;\text{where}\;\;A\in\mathbb{R}^{m\times n},\ x\in\mathbb{R}^n,\ b\in\mathbb{R}^m",
        "",
        lambda v: norm(v.A @ v.x - v.b) ** 2,
    ),
]

FURTHER = [
    Formula(
        "Bottou, Curtis, Nocedal 2018, empirical risk of a linear model with squares",
        r"R_n(w)=\frac1n\sum_{i=1}^n\tfrac12\left(w^{\mathsf T}x_i-y_i\right)^{2}+\tfrac\lambda2\left\|w\right\|^{2}",
        "X: R^{n x d}; y: R^n; w: R^d; λ: R",
        lambda v: total((v.X @ v.w - v.y) ** 2) / 2 / v.n + v.λ / 2 * v.w @ v.w,
    ),
    Formula(
        "Bottou et al. 2018, logistic loss of one sample with an offset",
        r"\log\!\left(1+\exp\left\{-y\,(w^{T}x+b)\right\}\right)",
        "w, x: R^d; y, b: R",
        lambda v: log(1 + exp(-v.y * (v.w @ v.x + v.b))),
    ),
    Formula(
        "Rumelhart, Hinton, Williams 1986 (3)",
        r"E=\frac{1}{2}\sum_{c}\sum_{j}\left(y_{j,c}-d_{j,c}\right)^{2}",
        "Y, D: R^{m x n}",
        lambda v: total((v.Y - v.D) ** 2) / 2,
    ),
    Formula(
        "LeCun et al. 1998, scaled tangent",
        r"f(a)=A\tanh(Sa)",
        "a, A, S: R",
        lambda v: v.A * tanh(v.S * v.a),
    ),
    Formula(
        "Strang, projection onto the columns",
        r"P=A\left(A^{\mathrm T}A\right)^{-1}A^{\mathrm T}",
        "A: R^{n x q}",
        lambda v: v.A @ inv(v.A.T @ v.A) @ v.A.T,
    ),
    Formula(
        "Trefethen and Bau, Rayleigh quotient (27.1)",
        r"r(x)=\frac{x^{T}Ax}{x^{T}x}",
        "A: R^{n x n}; x: R^n",
        lambda v: v.x @ v.A @ v.x / (v.x @ v.x),
    ),
    Formula(
        "Barber, Bayesian Reasoning, log of a Gaussian with a precision",
        r"-\tfrac12(\mathbf x-\boldsymbol\mu)^{\mathsf T}\boldsymbol\Lambda(\mathbf x-\boldsymbol\mu)+\tfrac12\log\det"
        r"\boldsymbol\Lambda",
        "x, μ: R^n; Λ: R^{n x n}",
        lambda v: -(v.x - v.μ) @ v.Λ @ (v.x - v.μ) / 2 + log(det(v.Λ)) / 2,
    ),
    Formula(
        "Scholkopf and Smola, kernel ridge in its coefficients",
        r"\left\|\mathbf{y}-\mathbf{K}\boldsymbol{\alpha}\right\|^2+\lambda\boldsymbol{\alpha}^{\!\top}\mathbf{K}"
        r"\boldsymbol{\alpha}",
        "y, α: R^n; K: R^{n x n}; λ: R",
        lambda v: norm(v.y - v.K @ v.α) ** 2 + v.λ * v.α @ v.K @ v.α,
    ),
    Formula(
        "Cortes and Vapnik 1995, dual (19)",
        r"W(\Lambda)=\Lambda^T\mathbf{1}-\frac12\Lambda^T\mathbf{D}\Lambda",
        "Λ: R^n; D: R^{n x n}",
        lambda v: total(v.Λ) - v.Λ @ v.D @ v.Λ / 2,
    ),
    Formula(
        "Hastie and Stuetzle: reconstruction along a direction",
        r"\sum_{i=1}^{n}\bigl\|\mathbf x_i-(\mathbf u^{\top}\mathbf x_i)\,\mathbf u\bigr\|^{2}",
        "X: R^{n x d}; u: R^d",
        lambda v: norm(v.X - np.outer(v.X @ v.u, v.u)) ** 2,
    ),
    Formula(
        "van der Maaten and Hinton 2008, divergence of affinities",
        r"C=\sum_{i}\sum_{j}p_{ij}\log\frac{p_{ij}}{q_{ij}}",
        "P, Q: R^{n x n}",
        lambda v: total(v.P * log(v.P / v.Q)),
    ),
    Formula(
        "Arjovsky, penalty on the norm alone",
        r"\lambda\bigl(\lVert g\rVert_2-1\bigr)^2",
        "λ: R; g: R^d",
        lambda v: v.λ * (norm(v.g) - 1) ** 2,
    ),
    Formula(
        "Loshchilov and Hutter 2019, cosine schedule",
        r"\eta_{\min}+\frac{1}{2}(\eta_{\max}-\eta_{\min})\left(1+\cos\left(\frac{T_{cur}}{T_i}\pi\right)\right)",
        "η_min, η_max, T_cur, T_i: R",
        lambda v: v.η_min + (v.η_max - v.η_min) * (1 + cos(v.T_cur / v.T_i * np.pi)) / 2,
    ),
    Formula(
        "Gelman, log posterior of a normal mean",
        r"-\frac{1}{2\tau_0^2}(\theta-\mu_0)^2-\frac{1}{2\sigma^2}\sum_{i=1}^{n}(y_i-\theta)^2",
        "τ_0, θ, μ_0, σ: R; y: R^n",
        lambda v: -((v.θ - v.μ_0) ** 2) / (2 * v.τ_0**2) - total((v.y - v.θ) ** 2) / (2 * v.σ**2),
    ),
    Formula(
        "Sutton and Barto (13.), soft-max preference of one action",
        r"\frac{e^{h_1}}{\sum_{b=1}^{k}e^{h_b}}",
        "h: R^k",
        lambda v: exp(v.h[0]) / total(exp(v.h)),
    ),
    Formula(
        "Tikhonov with an operator",
        r"\left\|\mathbf{A}\mathbf{x}-\mathbf{b}\right\|_{2}^{2}+\left\|\boldsymbol{\Gamma}\mathbf{x}\right\|_{2}^{2}",
        "A: R^{m x n}; x: R^n; b: R^m; Γ: R^{k x n}",
        lambda v: norm(v.A @ v.x - v.b) ** 2 + norm(v.Γ @ v.x) ** 2,
    ),
    Formula(
        "Rudin, Osher, Fatemi in one dimension, smoothed",
        r"\frac{1}{2}\sum_{i=1}^{n}(u_i-f_i)^2+\lambda\sum_{i=1}^{n-1}\sqrt{(u_{i+1}-u_i)^2+\varepsilon^2}",
        "u, f: R^n; λ, ε: R",
        lambda v: total((v.u - v.f) ** 2) / 2 + v.λ * total(sqrt((v.u[1:] - v.u[:-1]) ** 2 + v.ε**2)),
    ),
    Formula(
        "Lennard-Jones of all pairs",
        r"4\epsilon\sum_{i<j}\left[\left(\frac{\sigma}{r_{ij}}\right)^{12}-\left(\frac{\sigma}{r_{ij}}\right)^{6}\right]",
        "ε, σ: R; R: R^{n x n}",
        lambda v: 4 * v.ε * total([(v.σ / v.R[i, j]) ** 12 - (v.σ / v.R[i, j]) ** 6 for i, j in pairs(v.n)]),
    ),
    Formula(
        "harmonic chain",
        r"\frac{k}{2}\sum_{i=1}^{N-1}(x_{i+1}-x_i-\ell)^2",
        "k, ℓ: R; x: R^N",
        lambda v: v.k / 2 * total((v.x[1:] - v.x[:-1] - v["ℓ"]) ** 2),
    ),
]

BESIDE = [
    Formula(
        "Mikolov et al. 2013 (4), one pair and its negatives",
        r"\log\sigma\bigl({v'_{w_O}}^{\top}v_{w_I}\bigr)",
        "v: R^d",
        None,
        "w",
    ),
    Formula(
        "hat matrix, ESL (3.7)",
        r"\hat{\mathbf y} = \mathbf{X}\hat{\beta} = \mathbf{X}(\mathbf{X}^T\mathbf{X})^{-1}\mathbf{X}^T\mathbf{y}",
        "X: R^{n x p}; β_hat: R^p; y: R^n",
        None,
        "only names what follows",
    ),
    Formula(
        "score of logistic regression, ESL (4.21)",
        r"\frac{\partial\ell(\beta)}{\partial\beta} = \sum_{i=1}^N x_i(y_i - p(x_i;\beta))",
        "X: R^{N x p}; y: R^N; β: R^p",
        None,
        "ℓ",
    ),
    Formula(
        "Srivastava et al. 2015, highway layer (2)",
        r"\mathbf{y}=H(\mathbf{x},\mathbf{W_H})\cdot T(\mathbf{x},\mathbf{W_T})"
        r"+\mathbf{x}\cdot(1-T(\mathbf{x},\mathbf{W_T}))",
        "x: R^n",
        None,
        "T",
    ),
    Formula(
        "Hinton et al. 2015 (1), one output",
        r"q_i=\frac{\exp(z_i/T)}{\sum_j\exp(z_j/T)}",
        "z: R^n; T: R",
        None,
        "i",
    ),
    Formula(
        "Wen et al. 2016 (2), as printed",
        r"\mathcal{L}_C=\frac{1}{2}\sum_{i=1}^{m}\left\|\boldsymbol{x}_i-\boldsymbol{c}_{y_i}\right\|_2^2",
        "X, C: R^{m x d}",
        None,
        "y_i",
    ),
    Formula(
        "Bardes et al. 2022, VICReg, covariance (4)",
        r"c(Z)=\frac{1}{d}\sum_{i\neq j}[C(Z)]_{i,j}^2",
        "C: R^{d x d}",
        None,
        "C",
    ),
    Formula(
        "Mnih et al. 2015, squared error of deep Q-learning, one step",
        r"\left(r+\gamma\max_{a'}Q(s',a';\theta_i^-)-Q(s,a;\theta_i)\right)^2",
        "r, γ: R",
        None,
        r"\max",
    ),
    Formula(
        "numerically safe softmax's shift",
        r"m=\max_k z_k,\qquad\text{LSE}=m+\log\sum_k e^{z_k-m}",
        "z: R^n",
        None,
        "=",
    ),
    Formula(
        "Sohn 2016, N-pair loss",
        r"\log\Bigl(1+\sum_{i=1}^{N-1}\exp(f^{\top}f_i-f^{\top}f^{+})\Bigr)",
        "f, f_plus: R^d",
        None,
        "f",
    ),
    Formula(
        "FaceNet, Schroff et al. 2015, the loss of one triplet",
        r"\left[\|x^a-x^p\|_2^2-\|x^a-x^n\|_2^2+\alpha\right]_+",
        "x: R^d; α: R",
        None,
        "power",
    ),
    Formula(
        "Dempster et al.: exponential family in natural form, one count",
        r"y\theta-e^{\theta}-\log\Gamma(y+1)",
        "y, θ: R",
        None,
        r"\Gamma",
    ),
    Formula(
        "probit of a Gaussian latent, with Phi",
        r"\sum_i\log\Phi(y_i\mathbf{x}_i^{\mathsf T}\mathbf{w})",
        "X: R^{n x d}; y: R^n; w: R^d",
        None,
        r"\Phi",
    ),
    Formula(
        "Hyvarinen 2005, squared score part",
        r"\sum_{i=1}^{n}\left[\partial_i\psi_i+\frac12\psi_i^2\right]",
        "ψ: R^n",
        None,
        r"\partial",
    ),
    Formula(
        "predictive variance, Rasmussen and Williams (2.26)",
        r"\mathbb{V}[f_*]=k(\mathbf{x}_*,\mathbf{x}_*)-\mathbf{k}_*^\top(K+\sigma_n^2I)^{-1}\mathbf{k}_*",
        "K: R^{n x n}; σ_n: R; k_star: R^n",
        None,
        "k",
    ),
    Formula(
        "Householder reflection",
        r"\mathbf{H}=\mathbf{I}-2\,\frac{\mathbf{v}\mathbf{v}^{\mathsf H}}{\mathbf{v}^{\mathsf H}\mathbf{v}}",
        "v: R^n",
        None,
        "H",
    ),
    Formula(
        "Rosenbrock in n variables",
        r"f(\mathbf{x})=\sum_{i=1}^{n-1}\left[100\left(x_{i+1}-x_i^2\right)^2+\left(1-x_i\right)^2\right],\quad\text{where}"
        r"\quad\mathbf{x}=(x_1,\ldots,x_n)\in\mathbb{R}^n",
        "x: R^n",
        None,
        r"\ldots",
    ),
    Formula(
        "Styblinski and Tang",
        r"f(x)=\frac{\sum_{i=1}^{n}x_i^4-16x_i^2+5x_i}{2}",
        "x: R^n",
        None,
        "x_i",
    ),
    Formula(
        "Gauss and Newton, in the gradient",
        r"\nabla f(x)=J(x)^Tr(x)",
        "x: R^n",
        None,
        "J",
    ),
    Formula(
        "argmin in two words",
        r"\hat\theta=\operatorname*{argmin}_{\theta}\;\|y-X\theta\|_2^2",
        "y: R^n; X: R^{n x p}; θ: R^p",
        None,
        "argmin",
    ),
    Formula(
        "subject to",
        r"\text{minimize}\quad\tfrac12x^\top Px+q^\top x\quad\text{subject to}\quad Gx\preceq h",
        "P: R^{n x n}; q, x: R^n; G: R^{m x n}; h: R^m",
        None,
        "minimize",
    ),
    Formula(
        "Kipf and Welling 2017 (2), one layer",
        r"H^{(l+1)}=\sigma\!\left(\tilde{D}^{-\frac12}\tilde{A}\tilde{D}^{-\frac12}H^{(l)}W^{(l)}\right)",
        "A_tilde, D_tilde: R^{n x n}",
        None,
        "D",
    ),
    Formula(
        "a condition on the labels under the sum",
        r"\sum_{i:\,y_i=1}\log p_i",
        "p, y: R^n",
        None,
        "condition",
    ),
    Formula(
        "a sum over a set",
        r"\frac{1}{|\mathcal{B}|}\sum_{i\in\mathcal{B}}\ell_i",
        "ℓ: R^n",
        None,
        "set",
    ),
]
"""What papers print beside them: statements, names that nothing defines, and functions that mcalc has not."""

FORMULAS = [*LEARNING, *NETWORKS, *PROBABILITY, *OPTIMISATION, *MATRICES, *FURTHER]
