"""Objective functions and gradients as their authors typeset them, each with its source and what it says.

`latex` is what one would paste, `where` the shapes that the text around the formula gives, and `plain` the same formula
written down apart in mcalc's own notation. Where `plain` is None the formula is refused, or read otherwise with a note,
and `named` is what the message or the note must name.
"""

from __future__ import annotations

from typing import NamedTuple


class Objective(NamedTuple):
    """A formula, where it stands, and what it says."""

    source: str
    latex: str
    where: str
    plain: str | None
    named: str = ""


REGRESSION = [
    Objective(
        "Hastie, Tibshirani, Friedman, ESL (3.3)",
        r"\mathrm{RSS}(\beta) = (\mathbf{y} - \mathbf{X}\beta)^T(\mathbf{y} - \mathbf{X}\beta).",
        "y: R^N; X: R^{N x p}; β: R^p",
        "(y - X β)^T (y - X β)",
    ),
    Objective(
        "ESL (3.2)",
        r"\mathrm{RSS}(\beta) = \sum_{i=1}^{N}\biggl(y_i - \beta_0 - \sum_{j=1}^p x_{ij}\beta_j\biggr)^2.",
        "y: R^N; X: R^{N x p}; β: R^p; β_0: R",
        "sum_{i=1}^{N} (y_i - β_0 - sum_{j=1}^{p} (X_{i,j} β_j))^2",
    ),
    Objective(
        "ESL (3.4)",
        r"\frac{\partial \mathrm{RSS}}{\partial \beta} = -2\mathbf{X}^T(\mathbf{y} - \mathbf{X}\beta)",
        "y: R^N; X: R^{N x p}; β: R^p; RSS = ||y - X β||^2",
        "dRSS/dβ = -2 X^T (y - X β)",
    ),
    Objective(
        "ESL (3.43), ridge",
        r"\mathrm{RSS}(\lambda) = (\mathbf{y}-\mathbf{X}\beta)^T(\mathbf{y}-\mathbf{X}\beta) + "
        r"\lambda\beta^T\beta,",
        "y: R^N; X: R^{N x p}; β: R^p; λ: R",
        "||y - X β||^2 + λ ||β||^2",
    ),
    Objective(
        "ESL (3.52), lasso",
        r"\frac{1}{2}\sum_{i=1}^{N}\left(y_i - \beta_0 - \sum_{j=1}^{p}x_{ij}\beta_j\right)^2 + "
        r"\lambda\sum_{j=1}^{p}|\beta_j|",
        "y: R^N; X: R^{N x p}; β: R^p; β_0: R; λ: R",
        "1/2 sum_{i=1}^{N} (y_i - β_0 - sum_{j=1}^{p} (X_{i,j} β_j))^2 + λ norm1(β)",
    ),
    Objective(
        "ESL (3.54), elastic net penalty",
        r"\lambda\sum_{j=1}^{p}\bigl(\alpha\beta_j^2 + (1-\alpha)|\beta_j|\bigr)",
        "β: R^p; λ: R; α: R",
        "λ (α β^T β + (1 - α) norm1(β))",
    ),
    Objective(
        "Zou and Hastie 2005, elastic net",
        r"L(\lambda_1,\lambda_2,\beta) = |\mathbf{y}-\mathbf{X}\beta|^2 + \lambda_2|\beta|^2 + "
        r"\lambda_1|\beta|_1",
        "y: R^n; X: R^{n x p}; β: R^p",
        None,
        "bars",
    ),
    Objective(
        "Tibshirani 1996, in the form of the textbooks",
        r"\frac{1}{2n}\left\|y-X\beta\right\|_2^2+\lambda\|\beta\|_1",
        "y: R^n; X: R^{n x p}; β: R^p; λ: R",
        "1/(2 n) ||y - X β||^2 + λ norm1(β)",
    ),
    Objective(
        "scikit-learn, ElasticNet",
        r"\frac{1}{2n_{\text{samples}}} ||X w - y||_2 ^ 2 + \alpha \rho ||w||_1 + \frac{\alpha(1-\rho)}{2} "
        "||w||_2 ^ 2",
        "y: R^n; X: R^{n x p}; w: R^p; α: R; ρ: R; n_samples: R",
        "1/(2 n_samples) ||X w - y||^2 + α ρ norm1(w) + α (1 - ρ)/2 ||w||^2",
    ),
    Objective(
        "Bishop, PRML (3.12)",
        r"E_D(\mathbf{w}) = \frac{1}{2}\sum_{n=1}^{N}\{t_n - "
        r"\mathbf{w}^{\mathrm{T}}\boldsymbol{\phi}(\mathbf{x}_n)\}^2.",
        "t: R^N; X: R^{N x d}; w: R^d; φ(v) = v",
        "1/2 sum_{n=1}^{N} (t_n - w^T x_n)^2",
    ),
    Objective(
        "PRML (3.27)",
        r"\frac{1}{2}\sum_{n=1}^{N}\{t_n - \mathbf{w}^{\mathrm{T}}\mathbf{x}_n\}^2 + "
        r"\frac{\lambda}{2}\mathbf{w}^{\mathrm{T}}\mathbf{w}",
        "t: R^N; X: R^{N x d}; w: R^d; λ: R",
        "1/2 ||t - X w||^2 + λ/2 w^T w",
    ),
    Objective(
        "PRML (3.55), log posterior up to a constant",
        r"-\frac{\beta}{2}\sum_{n=1}^{N}\{t_n - \mathbf{w}^{\rm T}\mathbf{x}_n\}^2 - "
        r"\frac{\alpha}{2}\mathbf{w}^{\rm T}\mathbf{w} + \text{const.}",
        "t: R^N; X: R^{N x d}; w: R^d; α, β: R; const: R",
        "-β/2 ||t - X w||^2 - α/2 w^T w + const",
    ),
    Objective(
        "Murphy, PML1 (11.4)",
        r"\mathrm{NLL}(\boldsymbol{w},\sigma^2) = \frac{1}{2\sigma^2}\sum_{n=1}^{N}(y_n - "
        r"\boldsymbol{w}^{\mathsf{T}}\boldsymbol{x}_n)^2 + \frac{N}{2}\log(2\pi\sigma^2)",
        "y: R^N; X: R^{N x D}; w: R^D; σ: R > 0",
        "||y - X w||^2/(2 σ^2) + N/2 ln(2 π σ^2)",
    ),
    Objective(
        "PML1, the same without its name",
        r"\frac{1}{2\sigma^2}\sum_{n=1}^{N}(y_n - \boldsymbol{w}^{\mathsf{T}}\boldsymbol{x}_n)^2 + "
        r"\frac{N}{2}\log(2\pi\sigma^2)",
        "y: R^N; X: R^{N x D}; w: R^D; σ: R > 0",
        "||y - X w||^2 / (2 σ^2) + N/2 ln(2 π σ^2)",
    ),
    Objective(
        "Boyd and Vandenberghe, Convex Optimization, Tikhonov",
        r"\|Ax-b\|_2^2 + \delta \|x\|_2^2",
        "A: R^{m x n}; x: R^n; b: R^m; δ: R",
        "||A x - b||^2 + δ x^T x",
    ),
    Objective(
        "Huber 1964, as in ESL (10.23)",
        r"L(y, f) = \begin{cases} (y-f)^2 & \text{for } |y-f| \le \delta, \\ 2\delta|y-f| - \delta^2 & "
        r"\text{otherwise}. \end{cases}",
        "y, f, δ: R",
        "{(y - f)^2 if |y - f| <= δ; 2 δ |y - f| - δ^2 otherwise}",
    ),
    Objective(
        "Huber loss, d2l and Wikipedia",
        r"L_\delta(a) = \begin{cases} \frac{1}{2}{a^2} & \text{for } |a| \le \delta, \\ "
        r"\delta\cdot\left(|a|-\frac{1}{2}\delta\right), & \text{otherwise.} \end{cases}",
        "a, δ: R",
        "{a^2/2 if |a| <= δ; δ (|a| - δ/2) otherwise}",
    ),
    Objective(
        "Girshick 2015, Fast R-CNN (3)",
        r"\mathrm{smooth}_{L_1}(x) = \begin{cases} 0.5x^2 & \text{if } |x| < 1 \\ |x| - 0.5 & "
        r"\text{otherwise}, \end{cases}",
        "x: R",
        "{0.5 x^2 if |x| < 1; |x| - 0.5 otherwise}",
    ),
    Objective(
        "Koenker and Bassett 1978, pinball loss",
        r"\rho_\tau(u) = \max\{\tau u, (\tau - 1)u\}",
        "u, τ: R",
        "max(τ u, (τ - 1) u)",
    ),
    Objective(
        "log-cosh loss",
        r"\sum_{i=1}^n \log\bigl(\cosh(\hat y_i - y_i)\bigr)",
        "y, y_hat: R^n",
        "sum(ln(cosh(y_hat - y)))",
    ),
    Objective(
        "weighted least squares, normal equations' residual",
        r"\mathbf{X}^\top \mathbf{W}(\mathbf{X}\boldsymbol\beta - \mathbf{y})",
        "X: R^{n x p}; W: R^{n x n}; β: R^p; y: R^n",
        "X^T W (X β - y)",
    ),
    Objective(
        "Matrix calculus course, least squares derived",
        r"\begin{aligned} f(x) &= \tfrac12 (Ax-b)^\top (Ax-b) \end{aligned}",
        "A: R^{m x n}; x: R^n; b: R^m",
        "1/2 ||A x - b||^2",
    ),
    Objective(
        "mean squared error, Goodfellow, Bengio, Courville (5.4)",
        r"\mathrm{MSE}_{\mathrm{test}} = \frac{1}{m}\sum_i (\hat{\boldsymbol{y}}^{(\mathrm{test})} - "
        r"\boldsymbol{y}^{(\mathrm{test})})_i^2",
        "",
        None,
        "i",
    ),
    Objective(
        "Goodfellow, Bengio, Courville (5.5)",
        r"\frac{1}{m}\left\| \hat{\boldsymbol{y}} - \boldsymbol{y} \right\|_2^2",
        "y_hat, y: R^m",
        "||y_hat - y||^2 / m",
    ),
    Objective(
        "Andrew Ng, CS229 notes 1",
        r"J(\theta) = \frac{1}{2}\sum_{i=1}^{m}(h_\theta(x^{(i)}) - y^{(i)})^2.",
        "X: R^{m x n}; y: R^m; θ: R^n; h_θ(v) = θ^T v",
        "1/2 ||X θ - y||^2",
    ),
    Objective(
        "CS229, logistic regression",
        r"\ell(\theta) = \sum_{i=1}^{m} y^{(i)} \log h(x^{(i)}) + (1 - y^{(i)}) \log (1 - h(x^{(i)}))",
        "X: R^{m x n}; y: R^m; θ: R^n; h(v) = sigmoid(θ^T v)",
        None,
        "i",
    ),
    Objective(
        "CS229, with brackets around the summand",
        r"\ell(\theta) = \sum_{i=1}^{m} \left[ y^{(i)} \log h(x^{(i)}) + (1 - y^{(i)}) \log (1 - h(x^{(i)})) "
        r"\right]",
        "X: R^{m x n}; y: R^m; θ: R^n; h(v) = sigmoid(θ^T v)",
        "y^T ln(sigmoid(X θ)) + sum((1 - y) .* ln(1 - sigmoid(X θ)))",
    ),
]

CLASSIFICATION = [
    Objective(
        "PRML (4.90)",
        r"E(\mathbf{w}) = -\sum_{n=1}^{N}\bigl\{ t_n \ln y_n + (1-t_n)\ln(1-y_n) \bigr\}",
        "t, y: R^N",
        "-sum_{n=1}^{N} (t_n ln(y_n) + (1 - t_n) ln(1 - y_n))",
    ),
    Objective(
        "PRML (4.108)",
        r"-\sum_{n=1}^{N}\sum_{k=1}^{K} t_{nk}\ln y_{nk}",
        "T, Y: R^{N x K}",
        "-sum(T .* ln(Y))",
    ),
    Objective(
        "binary cross-entropy as everybody writes it",
        r"-\left[y\log\hat{y} + (1-y)\log(1-\hat{y})\right]",
        "y, y_hat: R",
        "-(y ln(y_hat) + (1 - y) ln(1 - y_hat))",
    ),
    Objective(
        "binary cross-entropy of vectors",
        r"-\frac{1}{N}\sum_{i=1}^{N}\Big[y_i\log(\hat y_i)+(1-y_i)\log(1-\hat y_i)\Big]",
        "y, y_hat: R^N",
        "-1/N sum_{i=1}^{N} (y_i ln(y_hat_i) + (1 - y_i) ln(1 - y_hat_i))",
    ),
    Objective(
        "logistic regression with labels ±1, ESL and Boyd",
        r"\frac{1}{n}\sum_{i=1}^n \log\left(1 + \exp(-y_i w^\top x_i)\right) + \frac{\lambda}{2}\|w\|^2",
        "X: R^{n x d}; y: R^n; w: R^d; λ: R",
        "1/n sum(ln(1 + exp(-y .* (X w)))) + λ/2 w^T w",
    ),
    Objective(
        "Murphy, PML1 (10.6)",
        r"-\frac{1}{N}\sum_{n=1}^{N}\left[y_n\log\sigma(\boldsymbol w^{\top}\boldsymbol x_n) + "
        r"(1-y_n)\log\bigl(1-\sigma(\boldsymbol w^{\top}\boldsymbol x_n)\bigr)\right]",
        "X: R^{N x D}; y: R^N; w: R^D",
        "-1/N sum_{n=1}^{N} (y_n ln(sigmoid(w^T x_n)) + (1 - y_n) ln(1 - sigmoid(w^T x_n)))",
    ),
    Objective(
        "gradient of logistic regression, PML1 (10.21)",
        r"\frac{1}{N}\mathbf{X}^{\mathsf{T}}(\sigma(\mathbf{X}\mathbf{w}) - \mathbf{y})",
        "X: R^{N x D}; y: R^N; w: R^D",
        "1/N X^T (sigmoid(X w) - y)",
    ),
    Objective(
        "Hessian of logistic regression, PML1 (10.23)",
        r"\frac{1}{N}\mathbf{X}^{\mathsf{T}}\operatorname{diag}\left(\sigma(\mathbf{X}\mathbf{w}) \odot "
        r"(\mathbf{1} - \sigma(\mathbf{X}\mathbf{w}))\right)\mathbf{X}",
        "X: R^{N x D}; w: R^D",
        "1/N X^T diag(sigmoid(X w) .* (1 - sigmoid(X w))) X",
    ),
    Objective(
        "softmax cross-entropy of logits, d2l (4.1.10)",
        r"l(\mathbf{y}, \hat{\mathbf{y}}) = \log \sum_{k=1}^q \exp(o_k) - \sum_{j=1}^q y_j o_j",
        "y, o: R^q",
        "logsumexp(o) - y^T o",
    ),
    Objective(
        "cross-entropy with softmax in full",
        r"-\sum_{j=1}^q y_j \log \frac{\exp(o_j)}{\sum_{k=1}^q \exp(o_k)}",
        "y, o: R^q",
        "-sum_{j=1}^{q} y_j ln(exp(o_j) / sum(exp(o)))",
    ),
    Objective(
        "cross-entropy in vectors",
        r"-\mathbf{y}^\top \log(\operatorname{softmax}(\mathbf{W}\mathbf{x} + \mathbf{b}))",
        "y, b: R^K; W: R^{K x D}; x: R^D",
        "-y^T ln(softmax(W x + b))",
    ),
    Objective(
        "log-sum-exp, Boyd and Vandenberghe 3.1.5",
        r"f(x) = \log(e^{x_1} + e^{x_2} + e^{x_3})",
        "x: R^3",
        "logsumexp(x)",
    ),
    Objective(
        "support vector machine, hinge loss, ESL (12.25)",
        r"\sum_{i=1}^{N}[1-y_i f(x_i)]_+ + \frac{\lambda}{2}\|\beta\|^2",
        "X: R^{N x p}; y: R^N; β: R^p; β_0: R; λ: R; f(v) = β^T v + β_0",
        "sum(max(0, 1 - y .* (X β + β_0))) + λ/2 ||β||^2",
    ),
    Objective(
        "SVM, Shalev-Shwartz Pegasos (1)",
        r"\frac{\lambda}{2}\|\mathbf{w}\|^2 + \frac{1}{m}\sum_{i=1}^m \max\{0, 1 - y_i \langle\mathbf{w}, "
        r"\mathbf{x}_i\rangle\}",
        "X: R^{m x d}; y: R^m; w: R^d; λ: R",
        "λ/2 ||w||^2 + 1/m sum(max(0, 1 - y .* (X w)))",
    ),
    Objective(
        "SVM primal with slack, PRML (7.21)",
        r"C\sum_{n=1}^{N}\xi_n + \frac{1}{2}\|\mathbf{w}\|^2",
        "ξ: R^N; w: R^d; C: R",
        "C sum(ξ) + 1/2 ||w||^2",
    ),
    Objective(
        "SVM dual, PRML (7.32)",
        r"\widetilde{L}(\mathbf{a}) = \sum_{n=1}^{N}a_n - \frac{1}{2}\sum_{n=1}^{N}\sum_{m=1}^{N}a_n a_m t_n "
        "t_m k_{nm}",
        "a, t: R^N; K: R^{N x N}",
        "sum(a) - 1/2 (a .* t)^T K (a .* t)",
    ),
    Objective(
        "multi-class SVM, Weston and Watkins; CS231n",
        r"L_i = \sum_{j\neq y_i} \max(0, s_j - s_{y_i} + \Delta)",
        "s: R^K; Δ: R",
        None,
        "y_i",
    ),
    Objective(
        "squared hinge",
        r"\sum_{i=1}^n \max(0,\, 1 - y_i\, \mathbf{w}^{T}\mathbf{x}_i)^2",
        "X: R^{n x d}; y: R^n; w: R^d",
        "sum(max(0, 1 - y .* (X w))^2)",
    ),
    Objective(
        "perceptron criterion, PRML (4.54), for all samples",
        r"-\sum_{n=1}^N \min(0, \mathbf{w}^{\mathrm T}\mathbf{x}_n t_n)",
        "X: R^{N x d}; t: R^N; w: R^d",
        "-sum(min(0, (X w) .* t))",
    ),
    Objective(
        "Lin et al. 2017, focal loss (5)",
        r"\mathrm{FL}(p_{\mathrm{t}}) = -\alpha_{\mathrm{t}}(1-p_{\mathrm{t}})^{\gamma}\log(p_{\mathrm{t}}).",
        "p_t, α_t, γ: R",
        "-α_t (1 - p_t)^γ ln(p_t)",
    ),
    Objective(
        "label smoothing",
        r"-\sum_{k=1}^{K}\left((1-\epsilon)y_k + \frac{\epsilon}{K}\right)\log p_k",
        "y, p: R^K; ε: R",
        "-sum_{k=1}^{K} ((1 - ε) y_k + ε/K) ln(p_k)",
    ),
    Objective(
        "exponential loss, ESL (10.8)",
        r"\sum_{i=1}^{N}\exp[-y_i f(x_i)]",
        "X: R^{N x p}; y: R^N; β: R^p; f(v) = β^T v",
        "sum(exp(-y .* (X β)))",
    ),
    Objective(
        "Fisher's criterion, PRML (4.26)",
        r"J(\mathbf{w}) = \frac{\mathbf{w}^{\mathrm{T}}\mathbf{S}_{\mathrm{B}}\mathbf{w}}{\mathbf{w}^{"
        r"\mathrm{T}}\mathbf{S}_{\mathrm{W}}\mathbf{w}}",
        "w: R^d; S_B, S_W: R^{d x d}",
        "(w^T S_B w) / (w^T S_W w)",
    ),
    Objective(
        "Rayleigh quotient",
        r"R(A,x) = \frac{x^{\top}Ax}{x^\top x}",
        "A: R^{n x n} symmetric; x: R^n",
        "x^T A x / (x^T x)",
    ),
    Objective(
        "linear discriminant, ESL (4.10)",
        r"\delta_k(x) = x^T\mathbf{\Sigma}^{-1}\mu_k - \frac{1}{2}\mu_k^T\mathbf{\Sigma}^{-1}\mu_k + \log\pi_k",
        "x, μ_k: R^p; Σ: R^{p x p}; π_k: R",
        "x^T Σ^-1 μ_k - 1/2 μ_k^T Σ^-1 μ_k + ln(π_k)",
    ),
    Objective(
        "quadratic discriminant, ESL (4.12)",
        r"\delta_k(x) = -\frac{1}{2}\log|\mathbf{\Sigma}_k| - "
        r"\frac{1}{2}(x-\mu_k)^T\mathbf{\Sigma}_k^{-1}(x-\mu_k) + \log\pi_k.",
        "x, μ_k: R^p; Σ_k: R^{p x p}; π_k: R",
        "-1/2 ln(det(Σ_k)) - 1/2 (x - μ_k)^T inv(Σ_k) (x - μ_k) + ln(π_k)",
    ),
    Objective(
        "kernel logistic regression",
        r"-\mathbf{y}^\top \mathbf{K}\boldsymbol{\alpha} + \mathbf{1}^\top\ln(1 + "
        r"e^{\mathbf{K}\boldsymbol{\alpha}}) + \frac{\lambda}{2}\boldsymbol{\alpha}^\top\mathbf{K}"
        r"\boldsymbol{\alpha}",
        "y, α: R^n; K: R^{n x n}; λ: R",
        "-y^T K α + sum(ln(1 + exp(K α))) + λ/2 α^T K α",
    ),
]

DENSITIES = [
    Objective(
        "PRML (2.43), exponent of the Gaussian",
        r"\Delta^2 = (\mathbf{x}-\boldsymbol{\mu})^{\mathrm{T}}\boldsymbol{\Sigma}^{-1}(\mathbf{x}-"
        r"\boldsymbol{\mu})",
        "x, μ: R^D; Σ: R^{D x D}",
        "(x - μ)^T inv(Σ) (x - μ)",
    ),
    Objective(
        "PRML (2.118), log likelihood of the Gaussian",
        r"\ln p(\mathbf{X}|\boldsymbol\mu,\boldsymbol\Sigma) = -\frac{ND}{2}\ln(2\pi) - "
        r"\frac{N}{2}\ln|\boldsymbol\Sigma| - \frac{1}{2}\sum_{n=1}^{N}(\mathbf{x}_n - "
        r"\boldsymbol\mu)^{\mathrm{T}}\boldsymbol\Sigma^{-1}(\mathbf{x}_n-\boldsymbol\mu).",
        "X: R^{N x D}; μ: R^D; Σ: R^{D x D}",
        "-N D/2 ln(2 π) - N/2 ln(det(Σ)) - 1/2 sum_{n=1}^{N} (x_n - μ)^T inv(Σ) (x_n - μ)",
    ),
    Objective(
        "Gaussian process marginal likelihood, Rasmussen and Williams (2.30)",
        r"\log p(\mathbf{y}|X) = -\tfrac{1}{2}\mathbf{y}^\top(K+\sigma_n^2 I)^{-1}\mathbf{y} - "
        r"\tfrac{1}{2}\log|K+\sigma_n^2I| - \tfrac{n}{2}\log 2\pi",
        "y: R^n; K: R^{n x n}; σ_n: R",
        "-1/2 y^T inv(K + σ_n^2 I) y - 1/2 ln(det(K + σ_n^2 I)) - n/2 ln(2 π)",
    ),
    Objective(
        "Rasmussen and Williams (5.8)",
        r"-\frac{1}{2}\mathbf{y}^{\top}K^{-1}\mathbf{y} - \frac{1}{2}\log\det K",
        "y: R^n; K: R^{n x n}",
        "-1/2 y^T K^-1 y - 1/2 logdet(K)",
    ),
    Objective(
        "Rasmussen and Williams (5.9), gradient",
        r"\frac{1}{2}\operatorname{tr}\left((\boldsymbol\alpha\boldsymbol\alpha^\top - K^{-1})\frac{\partial "
        r"K}{\partial\theta}\right)",
        "α: R^n; K_0: R^{n x n}; θ: R; K = θ K_0",
        "1/2 tr((α α^T - inv(K)) K_0)",
    ),
    Objective(
        "Gaussian NLL with a learnt variance, Kendall and Gal 2017 (5)",
        r"\mathcal{L}(\theta) = \frac{1}{2\sigma^2}\|\mathbf{y} - \mathbf{f}\|^2 + \frac{1}{2}\log\sigma^2",
        "y, f: R^D; σ: R > 0",
        "||y - f||^2 / (2 σ^2) + 1/2 ln(σ^2)",
    ),
    Objective(
        "Kendall and Gal 2017 (8)",
        r"\frac{1}{D}\sum_i \frac{1}{2}\exp(-s_i)\|\mathbf{y}_i - \hat{\mathbf{y}}_i\|^2 + \frac{1}{2}s_i",
        "s: R^D; Y, Y_hat: R^{D x K}",
        None,
        "i",
    ),
    Objective(
        "Gaussian mixture, PRML (9.14)",
        r"\sum_{n=1}^{N}\ln\left\{\sum_{k=1}^{K}\pi_k "
        r"\exp\left(-\frac{1}{2}\|\mathbf{x}_n-\boldsymbol{\mu}_k\|^2\right)\right\}",
        "X: R^{N x D}; μ: R^{K x D}; π: R^K",
        "sum_{n=1}^{N} ln(sum_{k=1}^{K} (π_k exp(-1/2 ||x_n - μ_k||^2)))",
    ),
    Objective(
        "Poisson regression, Wikipedia",
        r"\ell(\theta\mid X,Y) = \sum_{i=1}^m \left( y_i \theta' x_i - e^{\theta' x_i} \right).",
        "X: R^{m x n}; y: R^m; θ: R^n",
        "sum_{i=1}^{m} (y_i θ^T x_i - exp(θ^T x_i))",
    ),
    Objective(
        "Poisson negative log-likelihood, PyTorch's manual",
        r"\sum_{i=1}^{n} \exp(z_i) - y_i z_i",
        "z, y: R^n",
        None,
        "i",
    ),
    Objective(
        "Cox partial likelihood, Cox 1972 without ties",
        r"\sum_{i=1}^n\Bigl[\beta^\top x_i - \log\sum_{j=i}^n \exp(\beta^\top x_j)\Bigr]",
        "X: R^{n x p}; β: R^p",
        "sum_{i=1}^{n} (β^T x_i - ln(sum_{j=i}^{n} exp(β^T x_j)))",
    ),
    Objective(
        "Kingma and Welling 2014 (10), divergence of two Gaussians",
        r"-D_{KL} = \frac12 \sum_{j=1}^J \left(1 + \log(\sigma_j^2) - \mu_j^2 - \sigma_j^2\right)",
        "σ, μ: R^J",
        "1/2 sum_{j=1}^{J} (1 + ln(σ_j^2) - μ_j^2 - σ_j^2)",
    ),
    Objective(
        "Kingma and Welling 2014, the objective of one sample",
        r"\frac{1}{2}\sum_{j=1}^{J}\left(1+\log((\sigma_j)^2)-(\mu_j)^2-(\sigma_j)^2\right) - "
        r"\frac12\|\mathbf{x}-\hat{\mathbf{x}}\|^2",
        "σ, μ: R^J; x, x_hat: R^D",
        "1/2 sum_{j=1}^{J} (1 + ln(σ_j^2) - μ_j^2 - σ_j^2) - 1/2 ||x - x_hat||^2",
    ),
    Objective(
        "Kullback and Leibler, discrete",
        r"D_{\text{KL}}(P\parallel Q) = \sum_{i} p_i \log\frac{p_i}{q_i}",
        "p, q: R^n",
        "sum_{i=1}^{n} p_i ln(p_i/q_i)",
    ),
    Objective(
        "Kullback and Leibler, without its name",
        r"\sum_{i=1}^{n} p_i \log \frac{p_i}{q_i}",
        "p, q: R^n",
        "sum_{i=1}^{n} p_i ln(p_i/q_i)",
    ),
    Objective(
        "divergence of two multivariate Gaussians",
        r"\frac{1}{2}\left[\operatorname{Tr}\left(\Sigma_1^{-1}\Sigma_0\right) + (\mu_1-\mu_0)^{\mathsf "
        r"T}\Sigma_1^{-1}(\mu_1-\mu_0) - k + \ln\left(\frac{\det\Sigma_1}{\det\Sigma_0}\right)\right]",
        "Σ_0, Σ_1: R^{k x k}; μ_0, μ_1: R^k",
        "1/2 (tr(inv(Σ_1) Σ_0) + (μ_1 - μ_0)^T inv(Σ_1) (μ_1 - μ_0) - k + ln(det(Σ_1) / det(Σ_0)))",
    ),
    Objective(
        "graphical lasso, Friedman et al. 2008 (1)",
        r"\log\det\Theta - \mathrm{tr}(S\Theta) - \rho\|\Theta\|_1",
        "Θ, S: R^{p x p}; ρ: R",
        "logdet(Θ) - tr(S Θ) - ρ norm1(Θ)",
    ),
    Objective(
        "sparse inverse covariance of Boyd's examples",
        r"\operatorname*{\mathbf{tr}}(SX) - \log\det X + \lambda \left\| X \right\|_1",
        "X, S: R^{n x n}; λ: R",
        "tr(S X) - logdet(X) + λ norm1(X)",
    ),
    Objective(
        "Student's t, negative log-likelihood of residuals",
        r"\frac{\nu+1}{2}\sum_{i=1}^n\log\left(1+\frac{(y_i-x_i^\top\beta)^2}{\nu\sigma^2}\right)",
        "X: R^{n x p}; y: R^n; β: R^p; ν, σ: R",
        "(ν + 1)/2 sum_{i=1}^{n} ln(1 + (y_i - x_i^T β)^2/(ν σ^2))",
    ),
    Objective(
        "softplus, Dugas et al. 2001",
        r"\zeta(x) = \log(1 + \exp(x))",
        "x: R",
        "ln(1 + exp(x))",
    ),
    Objective(
        "Stein's score of a Gaussian",
        r"\nabla_{\mathbf{x}}\left(-\frac{1}{2\sigma^2}\|\mathbf{x}-\boldsymbol\mu\|^2\right)",
        "x, μ: R^d; σ: R",
        "grad_x (-1/(2 σ^2) ||x - μ||^2)",
    ),
    Objective(
        "Vincent 2011, denoising score matching of one sample",
        r"\frac12\left\lVert \mathbf{s} + \frac{\tilde{\mathbf{x}}-\mathbf{x}}{\sigma^2} \right\rVert_2^2",
        "s, x_tilde, x: R^d; σ: R",
        "1/2 ||s + (x_tilde - x)/σ^2||^2",
    ),
    Objective(
        "Ho et al. 2020, simple loss of diffusion",
        r"L_{\mathrm{simple}} := \left\| \boldsymbol\epsilon - \boldsymbol\epsilon_\theta \right\|^2",
        "ε, ε_θ: R^d",
        "||ε - ε_θ||^2",
    ),
    Objective(
        "Naive Bayes and counts: multinomial log-likelihood",
        r"\sum_{k=1}^{K} m_k \ln \mu_k + \lambda\left(\sum_{k=1}^{K}\mu_k - 1\right)",
        "m, μ: R^K; λ: R",
        "sum_{k=1}^{K} m_k ln(μ_k) + λ (sum(μ) - 1)",
    ),
    Objective(
        "Wishart prior's log density up to a constant",
        r"\frac{\nu-D-1}{2}\ln|\mathbf{W}| - \frac{1}{2}\operatorname{Tr}(\mathbf{V}^{-1}\mathbf{W})",
        "W, V: R^{D x D}; ν: R",
        "(ν - D - 1)/2 ln(det(W)) - 1/2 tr(inv(V) W)",
    ),
]

MATRICES = [
    Objective(
        "Matrix Cookbook (69)",
        r"\frac{\partial \mathbf{x}^T\mathbf{a}}{\partial\mathbf{x}}",
        "x, a: R^n",
        "grad_x (x^T a)",
    ),
    Objective(
        "Matrix Cookbook (70)",
        r"\frac{\partial \mathbf{a}^T\mathbf{X}\mathbf{b}}{\partial\mathbf{X}}",
        "a: R^m; X: R^{m x n}; b: R^n",
        "grad_X (a^T X b)",
    ),
    Objective(
        "Matrix Cookbook (81)",
        r"\frac{\partial \mathbf{x}^T\mathbf{B}\mathbf{x}}{\partial \mathbf{x}} = "
        r"(\mathbf{B}+\mathbf{B}^T)\mathbf{x}",
        "x: R^n; B: R^{n x n}",
        "grad_x (x^T B x) = (B + B^T) x",
    ),
    Objective(
        "Matrix Cookbook (49)",
        r"\frac{\partial\det(\mathbf{X})}{\partial\mathbf{X}}",
        "X: R^{n x n}",
        "grad_X det(X)",
    ),
    Objective(
        "Matrix Cookbook (57)",
        r"\frac{\partial\ln|\det(\mathbf{X})|}{\partial\mathbf{X}}",
        "X: R^{n x n}",
        "grad_X ln(abs(det(X)))",
    ),
    Objective(
        "Matrix Cookbook (103)",
        r"\frac{\partial}{\partial\mathbf{X}}\operatorname{Tr}(\mathbf{AXB})",
        "A: R^{k x m}; X: R^{m x n}; B: R^{n x k}",
        "grad_X tr(A X B)",
    ),
    Objective(
        "Matrix Cookbook (116)",
        r"\frac{\partial}{\partial\mathbf{X}}\mathrm{Tr}(\mathbf{X}^T\mathbf{B}\mathbf{X}\mathbf{C})",
        "X: R^{m x n}; B: R^{m x m}; C: R^{n x n}",
        "grad_X tr(X^T B X C)",
    ),
    Objective(
        "Matrix Cookbook (119)",
        r"\frac{\partial}{\partial \mathbf{X}}\mathrm{Tr}\left[(\mathbf{A}\mathbf{X}\mathbf{B}+\mathbf{C})("
        r"\mathbf{A}\mathbf{X}\mathbf{B}+\mathbf{C})^T\right]",
        "A: R^{k x m}; X: R^{m x n}; B: R^{n x p}; C: R^{k x p}",
        "grad_X tr((A X B + C) (A X B + C)^T)",
    ),
    Objective(
        "Matrix Cookbook (129)",
        r"\frac{\partial}{\partial\mathbf{x}}\|\mathbf{x}-\mathbf{a}\|_2",
        "x, a: R^n",
        "grad_x ||x - a||",
    ),
    Objective(
        "Matrix Cookbook (132)",
        r"\frac{\partial}{\partial\mathbf{X}}\|\mathbf{X}\|_{\mathrm{F}}^2",
        "X: R^{m x n}",
        "grad_X normF(X)^2",
    ),
    Objective(
        "Petersen's weighted least squares (84)",
        r"\frac{\partial}{\partial \mathbf{s}}(\mathbf{x}-\mathbf{As})^T\mathbf{W}(\mathbf{x}-\mathbf{As})",
        "x: R^m; A: R^{m x n}; s: R^n; W: R^{m x m} symmetric",
        "grad_s ((x - A s)^T W (x - A s))",
    ),
    Objective(
        "matrix factorisation, Koren et al. 2009 (2), all entries",
        r"\sum_{u=1}^{m}\sum_{i=1}^{n}(r_{ui}-q_i^Tp_u)^2+\lambda(\|Q\|_F^2+\|P\|_F^2)",
        "R: R^{m x n}; Q: R^{n x k}; P: R^{m x k}; λ: R",
        "normF(R - P Q^T)^2 + λ (normF(Q)^2 + normF(P)^2)",
    ),
    Objective(
        "matrix completion with a mask",
        r"\frac{1}{2}\left\|\mathbf{M}\odot(\mathbf{Y}-\mathbf{U}\mathbf{V}^{\top})\right\|_{F}^{2}+\frac{"
        r"\lambda}{2}\left(\|\mathbf{U}\|_F^2+\|\mathbf{V}\|_F^2\right)",
        "M, Y: R^{m x n}; U: R^{m x k}; V: R^{n x k}; λ: R",
        "1/2 normF(M .* (Y - U V^T))^2 + λ/2 (normF(U)^2 + normF(V)^2)",
    ),
    Objective(
        "Lee and Seung 2001, NMF",
        r"\left\|V - WH\right\|^2 = \sum_{ij}\left(V_{ij} - (WH)_{ij}\right)^2",
        "V: R^{m x n}; W: R^{m x k}; H: R^{k x n}",
        "normF(V - W H)^2",
    ),
    Objective(
        "NMF's objective alone",
        r"\frac12\lVert X - WH\rVert_F^2",
        "X: R^{m x n}; W: R^{m x k}; H: R^{k x n}",
        "1/2 normF(X - W H)^2",
    ),
    Objective(
        "Lee and Seung 2001, divergence",
        r"\sum_{i,j} \left(V_{ij}\log\frac{V_{ij}}{(WH)_{ij}} - V_{ij} + (WH)_{ij}\right)",
        "V: R^{m x n}; W: R^{m x k}; H: R^{k x n}",
        "sum_{i,j} (V_ij ln(V_ij/(W H)_{ij}) - V_ij + (W H)_{ij})",
    ),
    Objective(
        "PCA, reconstruction error, PML1 (20.1)",
        r"\mathcal{L}(\mathbf{W},\mathbf{Z}) = \frac{1}{N}\|\mathbf{X}-\mathbf{Z}\mathbf{W}^{\mathsf{T}}\|_F^2",
        "X: R^{N x D}; Z: R^{N x L}; W: R^{D x L}",
        "1/N normF(X - Z W^T)^2",
    ),
    Objective(
        "PCA, variance maximised, PRML (12.4)",
        r"\mathbf{u}_1^{\mathrm{T}}\mathbf{S}\mathbf{u}_1 + \lambda_1\left(1 - "
        r"\mathbf{u}_1^{\mathrm{T}}\mathbf{u}_1\right)",
        "u_1: R^D; S: R^{D x D}; λ_1: R",
        "u_1^T S u_1 + λ_1 (1 - u_1^T u_1)",
    ),
    Objective(
        "tied autoencoder, d'Aspremont's notes",
        r"\|\mathbf{X} - \mathbf{X}\mathbf{W}\mathbf{W}^\intercal\|_F^2",
        "X: R^{n x d}; W: R^{d x k}",
        "normF(X - X W W^T)^2",
    ),
    Objective(
        "canonical correlation",
        r"\rho = \frac{w_x^\top \Sigma_{xy} w_y}{\sqrt{w_x^\top\Sigma_{xx}w_x}\,\sqrt{w_y^\top\Sigma_{yy}w_y}}",
        "w_x: R^p; w_y: R^q; Σ_xy: R^{p x q}; Σ_xx: R^{p x p}; Σ_yy: R^{q x q}",
        "(w_x^T Σ_xy w_y) / (sqrt(w_x^T Σ_xx w_x) sqrt(w_y^T Σ_yy w_y))",
    ),
    Objective(
        "k-means with centres, one sample",
        r"J = \sum_{n=1}^{N}\sum_{k=1}^{K} r_{nk}\|\mathbf{x}_n - \boldsymbol{\mu}_k\|^2",
        "R: R^{N x K}; X: R^{N x D}; μ: R^{K x D}",
        "sum_{n=1}^{N} sum_{k=1}^{K} R_{n,k} ||x_n - μ_k||^2",
    ),
    Objective(
        "dictionary learning, Mairal et al. 2009",
        r"\frac{1}{2}||\mathbf{x}-\mathbf{D}\boldsymbol{\alpha}||_2^2+\lambda||\boldsymbol{\alpha}||_1",
        "x: R^m; D: R^{m x k}; α: R^k; λ: R",
        "1/2 ||x - D α||^2 + λ norm1(α)",
    ),
    Objective(
        "orthogonality penalty, Bansal et al. 2018",
        r"\lambda\left\|\mathbf{W}^{T}\mathbf{W}-\mathbf{I}\right\|_{F}^{2}",
        "W: R^{m x n}; λ: R",
        "λ normF(W^T W - I)^2",
    ),
    Objective(
        "metric learning: Mahalanobis distance",
        r"d_M(x,y) = \sqrt{(x-y)^{\top}M(x-y)}",
        "x, y: R^n; M: R^{n x n}",
        "sqrt((x - y)^T M (x - y))",
    ),
    Objective(
        "Gatys et al. 2016, style loss of one layer",
        r"E_l = \frac{1}{4N_l^2M_l^2}\sum_{i,j}\left(G_{ij}-A_{ij}\right)^2",
        "G, A: R^{n x n}; N_l, M_l: R",
        "1/(4 N_l^2 M_l^2) normF(G - A)^2",
    ),
    Objective(
        "Levina's trace norm ridge in traces",
        r"\mathrm{tr}\left\{(\mathbf{Y}-\mathbf{X}\mathbf{B})^{\prime}(\mathbf{Y}-\mathbf{X}\mathbf{B})\right"
        r"\}+\lambda\,\mathrm{tr}(\mathbf{B}^{\prime}\mathbf{B})",
        "Y: R^{n x q}; X: R^{n x p}; B: R^{p x q}; λ: R",
        "tr((Y - X B)^T (Y - X B)) + λ tr(B^T B)",
    ),
    Objective(
        "Laplacian eigenmaps, Belkin and Niyogi 2003",
        r"\frac12\sum_{i,j}(y_i-y_j)^2W_{ij}",
        "y: R^n; W: R^{n x n}",
        "1/2 sum_{i=1}^{n} sum_{j=1}^{n} (y_i - y_j)^2 W_ij",
    ),
    Objective(
        "total variation in one dimension, Rudin, Osher and Fatemi 1992",
        r"\frac12\sum_{i=1}^{n}(x_i-y_i)^2+\lambda\sum_{i=1}^{n-1}|x_{i+1}-x_i|",
        "x, y: R^n; λ: R",
        "1/2 ||x - y||^2 + λ sum_{i=1}^{n-1} abs(x_{i+1} - x_i)",
    ),
    Objective(
        "multidimensional scaling, raw stress",
        r"\sum_{i<j}\left(\|z_i-z_j\|-d_{ij}\right)^2",
        "Z: R^{n x k}; D: R^{n x n}",
        "sum_{i=1}^{n} sum_{j=i+1}^{n} (||z_i - z_j|| - D_{i,j})^2",
    ),
]

NETWORKS = [
    Objective(
        "Parr and Howard, section 5",
        r"activation(\mathbf{x}) = max(0, \mathbf{w} \cdot \mathbf{x} + b)",
        "w, x: R^n; b: R",
        "max(0, w . x + b)",
    ),
    Objective(
        "Parr and Howard, section 6",
        r"C(\mathbf{w},b,X,\mathbf{y}) = \frac{1}{N}\sum_{i=1}^{N}(y_i - max(0, "
        r"\mathbf{w}\cdot\mathbf{x}_i+b))^2",
        "w: R^n; b: R; X: R^{N x n}; y: R^N",
        "1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2",
    ),
    Objective(
        "two-layer network, Goodfellow, Bengio, Courville (6.3)",
        r"f(\boldsymbol{x}; \boldsymbol{W}, \boldsymbol{c}, \boldsymbol{w}, b) = \boldsymbol{w}^\top \max\{0, "
        r"\boldsymbol{W}^\top\boldsymbol{x}+\boldsymbol{c}\} + b.",
        "x: R^n; W: R^{n x m}; c, w: R^m; b: R",
        "w^T max(0, W^T x + c) + b",
    ),
    Objective(
        "d2l (5.1.3)",
        r"\begin{aligned} \mathbf{H} & = \sigma(\mathbf{X} \mathbf{W}^{(1)} + \mathbf{B}^{(1)}) \end{aligned}",
        "X: R^{n x d}; W_1: R^{d x h}; B_1: R^{n x h}",
        "sigmoid(X W_1 + B_1)",
    ),
    Objective(
        "two layers and a squared error",
        r"\frac{1}{2}\left\| W_2\,\sigma(W_1 x + b_1) + b_2 - y\right\|_2^2",
        "W_1: R^{h x d}; b_1: R^h; W_2: R^{k x h}; b_2, y: R^k; x: R^d",
        "1/2 ||W_2 sigmoid(W_1 x + b_1) + b_2 - y||^2",
    ),
    Objective(
        "deep network with ReLU in words",
        r"\mathbf{w}^{T}\,\mathrm{ReLU}(\mathbf{W}\mathbf{x}+\mathbf{b})",
        "w, b: R^h; W: R^{h x d}; x: R^d",
        "w^T relu(W x + b)",
    ),
    Objective(
        "LSTM's cell, Hochreiter and Schmidhuber in today's notation",
        r"c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t",
        "f_t, c_{t-1}, i_t, c_tilde_t: R^h",
        "f_t .* c_{t-1} + i_t .* c_tilde_t",
    ),
    Objective(
        "LSTM's gate",
        r"\mathbf{f}_t = \sigma\left(\mathbf{W}_f \mathbf{x}_t + \mathbf{U}_f \mathbf{h}_{t-1} + "
        r"\mathbf{b}_f\right)",
        "W_f: R^{h x d}; U_f: R^{h x h}; x_t: R^d; h_{t-1}, b_f: R^h",
        "sigmoid(W_f x_t + U_f h_{t-1} + b_f)",
    ),
    Objective(
        "GRU's state, Cho et al. 2014 (7)",
        r"\mathbf{h}_t = \mathbf{z}_t\odot\mathbf{h}_{t-1} + (1-\mathbf{z}_t)\odot\tilde{\mathbf{h}}_t",
        "z_t, h_{t-1}, h_tilde_t: R^h",
        "z_t .* h_{t-1} + (1 - z_t) .* h_tilde_t",
    ),
    Objective(
        "Vaswani et al. 2017 (1)",
        r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}(\frac{QK^T}{\sqrt{d_k}})V",
        "Q: R^{n x k}; K: R^{m x k}; V: R^{m x v}; d_k: R",
        "softmax(Q K^T / sqrt(d_k)) V",
    ),
    Objective(
        "attention of one query",
        r"\sum_{j=1}^{n} \frac{\exp(\mathbf{q}^\top\mathbf{k}_j/\sqrt{d})}{\sum_{l=1}^{n}\exp(\mathbf{q}^\top"
        r"\mathbf{k}_l/\sqrt{d})} \mathbf{v}_j",
        "q: R^p; K: R^{n x p}; V: R^{n x r}; d: R",
        "sum_{j=1}^{n} (exp(q^T k_j/sqrt(d)) / sum_{l=1}^{n} exp(q^T k_l/sqrt(d))) v_j",
    ),
    Objective(
        "additive attention, Bahdanau et al. 2015",
        r"\mathbf{v}_a^\top\tanh(\mathbf{W}_a\mathbf{s}_{i-1}+\mathbf{U}_a\mathbf{h}_j)",
        "v_a: R^p; W_a: R^{p x n}; U_a: R^{p x m}; s_{i-1}: R^n; h_j: R^m",
        "v_a^T tanh(W_a s_{i-1} + U_a h_j)",
    ),
    Objective(
        "layer normalisation, Ba et al. 2016",
        r"\frac{\mathbf{x}-\mu}{\sqrt{\sigma^2+\epsilon}}\odot\boldsymbol{\gamma}+\boldsymbol{\beta}",
        "x, γ, β: R^n; μ, σ, ε: R",
        "(x - μ)/sqrt(σ^2 + ε) .* γ + β",
    ),
    Objective(
        "batch normalisation, Ioffe and Szegedy 2015, variance",
        r"\sigma_{\mathcal{B}}^2 = \frac{1}{m}\sum_{i=1}^{m}(x_i-\mu_{\mathcal{B}})^2",
        "x: R^m; μ_B: R",
        "1/m sum((x - μ_B)^2)",
    ),
    Objective(
        "batch normalisation, normalised value",
        r"\widehat{x} = \frac{x-\mu_{\mathcal{B}}}{\sqrt{\sigma_{\mathcal{B}}^2+\epsilon}}",
        "x, μ_B, σ_B, ε: R",
        "(x - μ_B)/sqrt(σ_B^2 + ε)",
    ),
    Objective(
        "GELU, Hendrycks and Gimpel 2016",
        r"0.5x\left(1+\tanh\left[\sqrt{2/\pi}\,(x+0.044715x^3)\right]\right)",
        "x: R",
        "0.5 x (1 + tanh(sqrt(2/π) (x + 0.044715 x^3)))",
    ),
    Objective(
        "swish, Ramachandran et al. 2017",
        r"f(x) = x \cdot \sigma(\beta x)",
        "x, β: R",
        "x sigmoid(β x)",
    ),
    Objective(
        "leaky rectifier, Maas et al. 2013",
        r"h(z) = \begin{cases} z & z > 0 \\ 0.01z & \text{else} \end{cases}",
        "z: R",
        "{z if z > 0; 0.01 z otherwise}",
    ),
    Objective(
        "ELU, Clevert et al. 2016 (15)",
        r"f(x) = \left\{ \begin{array}{ll} x & \text{if } x > 0 \\ \alpha\left(\exp(x)-1\right) & \text{if } "
        r"x \le 0 \end{array} \right.",
        "x, α: R",
        "{x if x > 0; α (exp(x) - 1) if x <= 0}",
    ),
    Objective(
        "maxout of two pieces",
        r"\max\left(\mathbf{w}_1^T\mathbf{x}+b_1,\, \mathbf{w}_2^T\mathbf{x}+b_2\right)",
        "w_1, w_2, x: R^n; b_1, b_2: R",
        "max(w_1 . x + b_1, w_2 . x + b_2)",
    ),
    Objective(
        "discriminator's loss over a batch, Goodfellow et al. 2014, algorithm 1",
        r"\frac{1}{m}\sum_{i=1}^{m}\left[\log D\left(\boldsymbol{x}^{(i)}\right)+\log\left(1-D\left(G\left("
        r"\boldsymbol{z}^{(i)}\right)\right)\right)\right]",
        "X: R^{m x d}; Z: R^{m x k}; w: R^d; A: R^{d x k}; D(v) = sigmoid(w^T v); G(u) = A u",
        "1/m sum_{i=1}^{m} (ln(sigmoid(w^T x_i)) + ln(1 - sigmoid(w^T A z_i)))",
    ),
    Objective(
        "gradient penalty, Gulrajani et al. 2017, of a linear critic",
        r"\lambda\left(\left\|\mathbf{w}\right\|_2-1\right)^2",
        "w: R^d; λ: R",
        "λ (||w|| - 1)^2",
    ),
    Objective(
        "negative sampling with the samples drawn, Goldberg and Levy 2014",
        r"\log\sigma(\mathbf{v}_c\cdot\mathbf{v}_w) + \sum_{i=1}^{k}\log\sigma(-\mathbf{u}_i\cdot\mathbf{v}_w)",
        "v_c, v_w: R^d; U: R^{k x d}",
        "ln(sigmoid(v_c . v_w)) + sum_{i=1}^{k} ln(sigmoid(-u_i . v_w))",
    ),
    Objective(
        "GloVe, Pennington et al. 2014 (8)",
        r"J = \sum_{i,j=1}^{V} f\left(X_{ij}\right)\left(w_i^T\tilde{w}_j+b_i+\tilde{b}_j-\log X_{ij}\right)^2",
        "W: R^{V x d}; w_tilde: R^{V x d}; X: R^{V x V}; b, b_tilde: R^V; f(t) = t^0.75",
        "sum_{i=1}^{V} sum_{j=1}^{V} X_ij^0.75 (w_i^T w_tilde_j + b_i + b_tilde_j - ln(X_ij))^2",
    ),
    Objective(
        "GloVe with the weights as a matrix and the vectors in rows",
        r"\sum_{i=1}^{V}\sum_{j=1}^{V} F_{ij}\left(\mathbf{w}_i^{\top}\mathbf{u}_j+b_i+c_j-\log "
        r"X_{ij}\right)^2",
        "W, U: R^{V x d}; X, F: R^{V x V}; b, c: R^V",
        "sum_{i=1}^{V} sum_{j=1}^{V} F_ij (w_i^T u_j + b_i + c_j - ln(X_ij))^2",
    ),
    Objective(
        "Hadsell et al. 2006, contrastive loss",
        r"(1-Y)\frac{1}{2}(D_W)^2+(Y)\frac{1}{2}\{\max(0,m-D_W)\}^2",
        "Y, D_W, m: R",
        "(1 - Y)/2 D_W^2 + Y/2 max(0, m - D_W)^2",
    ),
    Objective(
        "Schroff et al. 2015, FaceNet (3)",
        r"\sum_{i=1}^N\left[\|x_i^a-x_i^p\|_2^2-\|x_i^a-x_i^n\|_2^2+\alpha\right]_+",
        "",
        None,
        "entry by entry",
    ),
    Objective(
        "triplet loss of one triplet",
        r"\max\left\{\|\mathbf{a}-\mathbf{p}\|_2^2-\|\mathbf{a}-\mathbf{n}\|_2^2+\text{margin},0\right\}",
        "a, p, n: R^d; margin: R",
        "max(||a - p||^2 - ||a - n||^2 + margin, 0)",
    ),
    Objective(
        "InfoNCE, van den Oord et al. 2018, with dot products",
        r"-\log\frac{\exp(\mathbf{q}\cdot\mathbf{k}_+/\tau)}{\sum_{i=1}^{K}\exp(\mathbf{q}\cdot\mathbf{k}_i/"
        r"\tau)}",
        "q, k_{+}: R^d; k: R^{K x d}; τ: R",
        "-ln(exp(q . k_{+}/τ)/sum_{i=1}^{K} exp(q . k_i/τ))",
    ),
    Objective(
        "InfoNCE with the keys as rows of a matrix",
        r"-\frac{\mathbf{q}^\top\mathbf{p}}{\tau}+\log\sum_{i=1}^{n}\exp\left(\frac{\mathbf{q}^\top"
        r"\mathbf{k}_i}{\tau}\right)",
        "q, p: R^d; K: R^{n x d}; τ: R",
        "-q^T p/τ + ln(sum(exp(K q/τ)))",
    ),
    Objective(
        "CLIP, Radford et al. 2021, one direction",
        r"-\frac1N\sum_{i=1}^N\log\frac{e^{S_{ii}/\tau}}{\sum_{j=1}^N e^{S_{ij}/\tau}}",
        "S: R^{N x N}; τ: R",
        "-1/N sum_{i=1}^{N} ln(exp(S_{i,i}/τ) / sum_{j=1}^{N} exp(S_ij/τ))",
    ),
    Objective(
        "Barlow twins, Zbontar et al. 2021 (1)",
        r"\mathcal{L_{BT}} \triangleq \sum_i (1-\mathcal{C}_{ii})^2 + \lambda\sum_{i}\sum_{j\neq "
        r"i}{\mathcal{C}_{ij}}^2",
        "C: R^{d x d}; λ: R",
        "sum_{i=1}^{d} (1 - C_{i,i})^2 + λ sum_{i=1}^{d} sum_{j != i} C_ij^2",
    ),
    Objective(
        "DPO of one pair, ratios as numbers",
        r"-\log\sigma\left(\beta\log\frac{\pi_w}{\pi_{w}^{\text{ref}}}-\beta\log\frac{\pi_l}{\pi_l^{"
        r"\text{ref}}}\right)",
        "β, π_w, π_l, π_w_ref, π_l_ref: R > 0",
        "-ln(sigmoid(β ln(π_w/π_w_ref) - β ln(π_l/π_l_ref)))",
    ),
    Objective(
        "Bradley and Terry, reward model of Ouyang et al. 2022",
        r"-\log\left(\sigma\left(r_\theta - r_{\theta'}\right)\right)",
        "",
        "-ln(sigmoid(r_θ - r_θprime))",
    ),
    Objective(
        "reward model of linear rewards",
        r"-\frac{1}{n}\sum_{i=1}^{n}\log\sigma\left(\mathbf{w}^{\top}(\mathbf{x}_i-\mathbf{z}_i)\right)",
        "w: R^d; X, Z: R^{n x d}",
        "-1/n sum_{i=1}^{n} ln(sigmoid(w^T (x_i - z_i)))",
    ),
    Objective(
        "policy gradient surrogate of a softmax policy",
        r"-\frac{1}{T}\sum_{t=1}^{T}A_t\left(\boldsymbol\theta^\top\mathbf{x}_t-\log\sum_{s=1}^{T}\exp("
        r"\boldsymbol\theta^\top\mathbf{x}_s)\right)",
        "A: R^T; X: R^{T x d}; θ: R^d",
        "-1/T sum_{t=1}^{T} A_t (θ^T x_t - ln(sum_{s=1}^{T} exp(θ^T x_s)))",
    ),
    Objective(
        "PPO, Schulman et al. 2017 (7), of one step",
        r"\min\left(r\hat{A},\,\max(1-\epsilon,\min(1+\epsilon,r))\hat{A}\right)",
        "r, A_hat, ε: R",
        "min(r A_hat, max(1 - ε, min(1 + ε, r)) A_hat)",
    ),
    Objective(
        "temporal difference error, Sutton and Barto",
        r"\frac12\left(r+\gamma\,\mathbf{w}^{\top}\mathbf{x}'-\mathbf{w}^{\top}\mathbf{x}\right)^2",
        "r, γ: R; w, x, x_prime: R^d",
        "1/2 (r + γ w^T x_prime - w^T x)^2",
    ),
    Objective(
        "Hinton et al. 2015, distillation",
        r"-T^2\sum_{i=1}^{K}q_i\log\frac{\exp(z_i/T)}{\sum_{j=1}^{K}\exp(z_j/T)}",
        "q, z: R^K; T: R",
        "-T^2 sum_{i=1}^{K} q_i ln(exp(z_i/T) / sum_{j=1}^{K} exp(z_j/T))",
    ),
    Objective(
        "distillation mixed with labels",
        r"\alpha\,\mathcal{L}_{\mathrm{CE}}+(1-\alpha)T^2\,\mathcal{L}_{\mathrm{KD}}",
        "α, L_CE, L_KD: R; T: R",
        "α L_CE + (1 - α) T^2 L_KD",
    ),
    Objective(
        "weight decay, Krogh and Hertz 1992",
        r"\tilde{J}(\theta) = \frac{1}{N}\sum_{i=1}^{N}\left(\theta^\top "
        r"x^{(i)}-y^{(i)}\right)^2+\frac{\lambda}{2}\lVert\theta\rVert^{2}",
        "X: R^{N x d}; y: R^N; θ: R^d; λ: R",
        "1/N ||X θ - y||^2 + λ/2 θ^T θ",
    ),
    Objective(
        "elastic weight consolidation with one old optimum",
        r"\frac{\lambda}{2}\sum_{i=1}^{n}F_i\left(\theta_i-\theta^{*}_{i}\right)^2",
        "F, θ, θ_star: R^n; λ: R",
        "λ/2 sum_{i=1}^{n} F_i (θ_i - θ_star_i)^2",
    ),
    Objective(
        "perplexity of a unigram model",
        r"\exp\left(-\frac{1}{N}\sum_{i=1}^N\ln p_i\right)",
        "p: R^N",
        "exp(-1/N sum_{i=1}^{N} ln(p_i))",
    ),
    Objective(
        "cosine similarity, in words of a manual",
        r"\frac{x_1\cdot x_2}{\max(\Vert x_1\Vert_2\cdot\Vert x_2\Vert_2,\epsilon)}",
        "x_1, x_2: R^n; ε: R",
        "x_1 . x_2 / max(||x_1|| ||x_2||, ε)",
    ),
    Objective(
        "radial basis function kernel",
        r"k(\mathbf{x},\mathbf{x}')=\exp\left(-\frac{\|\mathbf{x}-\mathbf{x}'\|^2}{2\ell^2}\right)",
        "x, x_prime: R^n; ℓ: R",
        "exp(-||x - x_prime||^2/(2 ℓ^2))",
    ),
    Objective(
        "factorisation machine, Rendle 2010 (1), pairwise term by the trick",
        r"\frac12\sum_{f=1}^{k}\left(\left(\sum_{i=1}^{n}v_{i,f}x_i\right)^2-\sum_{i=1}^{n}v_{i,f}^2x_i^2"
        r"\right)",
        "V: R^{n x k}; x: R^n",
        "1/2 sum_{f=1}^{k} ((sum_{i=1}^{n} V_{i,f} x_i)^2 - sum_{i=1}^{n} V_{i,f}^2 x_i^2)",
    ),
    Objective(
        "TransE, Bordes et al. 2013, one pair",
        r"[\gamma+\|\mathbf{h}+\boldsymbol\ell-\mathbf{t}\|_2-\|\mathbf{h}'+\boldsymbol\ell-\mathbf{t}'\|_2]_+",
        "h, ℓ, t, h_prime, t_prime: R^d; γ: R",
        "max(0, γ + ||h + ℓ - t|| - ||h_prime + ℓ - t_prime||)",
    ),
    Objective(
        "Dice loss, Milletari et al. 2016",
        r"D = \frac{2\sum_i^N p_ig_i}{\sum_i^N p_i^2+\sum_i^N g_i^2}",
        "p, g: R^N",
        "2 p^T g / (p^T p + g^T g)",
    ),
    Objective(
        "physics-informed residual, linear",
        r"\frac{1}{N}\sum_{i=1}^{N}|f_i|^2",
        "f: R^N",
        "f^T f/N",
    ),
    Objective(
        "mixup, Zhang et al. 2018",
        r"\tilde{x}=\lambda x_i+(1-\lambda)x_j,",
        "λ, x_i, x_j: R",
        "λ x_i + (1 - λ) x_j",
    ),
    Objective(
        "Newton step's objective",
        r"f(\mathbf{x}_k)+\mathbf{g}^{\mathsf T}\mathbf{p}+\tfrac{1}{2}\mathbf{p}^{\mathsf "
        r"T}\mathbf{H}\mathbf{p}",
        "x_k, g, p: R^n; H: R^{n x n} symmetric; f(v) = ||v||^2",
        "||x_k||^2 + g^T p + 1/2 p^T H p",
    ),
    Objective(
        "augmented Lagrangian, Boyd et al. 2011 (2.6)",
        r"L_\rho(x,y) = f(x) + y^T(Ax-b) + (\rho/2)\|Ax-b\|_2^2",
        "x: R^n; A: R^{m x n}; y, b: R^m; ρ: R; f(v) = norm1(v)",
        "norm1(x) + y^T (A x - b) + ρ/2 ||A x - b||^2",
    ),
    Objective(
        "log barrier, Boyd and Vandenberghe 11.2",
        r"\phi(x) = -\sum_{i=1}^m\log(b_i-a_i^Tx)",
        "A: R^{m x n}; b: R^m; x: R^n",
        "-sum(ln(b - A x))",
    ),
    Objective(
        "entropic transport with the entropy in full",
        r"\sum_{i,j}P_{ij}M_{ij}+\varepsilon\sum_{i,j}P_{ij}(\log P_{ij}-1)",
        "P, M: R^{n x m}; ε: R",
        "sum(P .* M) + ε sum(P .* (ln(P) - 1))",
    ),
    Objective(
        "Cobb and Douglas, log-linear",
        r"Y = A L^{\beta} K^{\alpha}",
        "A, L, K, α, β: R > 0",
        "A L^β K^α",
    ),
    Objective(
        "portfolio, Markowitz in Boyd",
        r"\mu^T w-\gamma w^T\Sigma w",
        "μ, w: R^n; Σ: R^{n x n}; γ: R",
        "μ^T w - γ w^T Σ w",
    ),
    Objective(
        "gradient of the SVM's smooth part",
        r"\begin{equation} \lambda\mathbf{w}-\frac{1}{m}\sum_{i=1}^m\mathbb{1}\left[y_i\mathbf{w}^\top"
        r"\mathbf{x}_i<1\right]y_i\mathbf{x}_i \label{eq:grad} \end{equation}",
        "X: R^{m x d}; y: R^m; w: R^d; λ: R",
        "λ w - 1/m sum_{i=1}^{m} {1 if y_i w^T x_i < 1; 0 otherwise} y_i x_i",
    ),
    Objective(
        "softmax's Jacobian",
        r"\operatorname{diag}(\mathbf{s}) - \mathbf{s}\mathbf{s}^\top",
        "s: R^n",
        "diag(s) - s s^T",
    ),
    Objective(
        "gradient of GloVe's bilinear term",
        r"2\left(\mathbf{X}^\top\mathbf{X}\mathbf{W}-\mathbf{X}^\top\mathbf{Y}\right)+2\lambda\mathbf{W}",
        "X: R^{n x d}; W: R^{d x k}; Y: R^{n x k}; λ: R",
        "2 (X^T X W - X^T Y) + 2 λ W",
    ),
]

OBJECTIVES = [*REGRESSION, *CLASSIFICATION, *DENSITIES, *MATRICES, *NETWORKS]

OUTSIDE = [
    Objective(
        "Boyd and Vandenberghe (1.4)",
        r"\begin{array}{ll} \mbox{minimize} & \|Ax - b\|_2^2 \end{array}",
        "A: R^{m x n}; x: R^n; b: R^m",
        None,
        "minimize",
    ),
    Objective(
        "Goodfellow, Bengio, Courville (7.2)",
        r"\tilde J(\boldsymbol w; \boldsymbol X, \boldsymbol y) = \frac{\alpha}{2}\boldsymbol w^\top "
        r"\boldsymbol w + J(\boldsymbol w; \boldsymbol X, \boldsymbol y)",
        "",
        None,
        "J",
    ),
    Objective(
        "PRML (4.91)",
        r"\nabla E(\mathbf{w}) = \sum_{n=1}^{N}(y_n - t_n)\boldsymbol{\phi}_n",
        "Φ: R^{N x M}; t, y: R^N",
        None,
        "E",
    ),
    Objective(
        "Boyd and Vandenberghe, log-sum-exp with dots",
        r"f(x) = \log(e^{x_1} + \cdots + e^{x_n})",
        "x: R^n",
        None,
        r"\cdots",
    ),
    Objective(
        "evidence lower bound as an expectation",
        r"\mathcal{L} = \mathbb{E}_{q_\phi(z|x)}[\log p_\theta(x|z)] - D_{\mathrm{KL}}(q_\phi(z|x)\,\|\,p(z))",
        "",
        None,
        r"\mathbb{E}",
    ),
    Objective(
        "entropy, PRML (1.98)",
        r"\mathrm{H}[p] = -\sum_i p(x_i)\ln p(x_i)",
        "p: R^n",
        None,
        "p",
    ),
    Objective(
        "Ho et al. 2020, with its expectation",
        r"\mathbb{E}_{t,\mathbf{x}_0,\boldsymbol{\epsilon}}\left[\left\|\boldsymbol\epsilon - "
        r"\boldsymbol\epsilon_\theta\right\|^2\right]",
        "",
        None,
        r"\mathbb{E}",
    ),
    Objective(
        "Koren et al. 2009 (2) over the known ratings",
        r"\min_{q^*,p^*}\sum_{(u,i)\in\kappa}(r_{ui}-q_i^Tp_u)^2+\lambda(\|q_i\|^2+\|p_u\|^2)",
        "",
        None,
        "^",
    ),
    Objective(
        "Parr and Howard, section 1",
        r"z(\mathbf{x}) = \sum_i^n w_i x_i + b = \mathbf{w} \cdot \mathbf{x} + b",
        "w, x: R^n; b: R",
        None,
        "only names what follows",
    ),
    Objective(
        "Goodfellow et al. 2014 (1)",
        r"\min_G \max_D V(D,G) = \mathbb{E}_{x\sim p_{\text{data}}(x)}[\log D(x)] + \mathbb{E}_{z\sim "
        r"p_z(z)}[\log(1-D(G(z)))]",
        "",
        None,
        r"\mathbb{E}",
    ),
    Objective(
        "Mikolov et al. 2013 (4), negative sampling",
        r"\log\sigma({v'_{w_O}}^\top v_{w_I}) + \sum_{i=1}^{k}\mathbb{E}_{w_i\sim "
        r"P_n(w)}\left[\log\sigma(-{v'_{w_i}}^\top v_{w_I})\right]",
        "",
        None,
        r"\mathbb{E}",
    ),
    Objective(
        "SimCLR, Chen et al. 2020 (1)",
        r"\ell_{i,j}=-\log\frac{\exp(\mathrm{sim}(\boldsymbol z_i,\boldsymbol "
        r"z_j)/\tau)}{\sum_{k=1}^{2N}\mathbb{1}_{[k\neq i]}\exp(\mathrm{sim}(\boldsymbol z_i,\boldsymbol "
        r"z_k)/\tau)}",
        "",
        None,
        "sim",
    ),
    Objective(
        "DPO, Rafailov et al. 2023 (7)",
        r"\mathcal{L}_{\text{DPO}}(\pi_\theta;\pi_{\text{ref}}) = "
        r"-\mathbb{E}_{(x,y_w,y_l)\sim\mathcal{D}}\left[\log\sigma\left(\beta\log\frac{\pi_\theta(y_w\mid "
        r"x)}{\pi_{\text{ref}}(y_w\mid x)}-\beta\log\frac{\pi_\theta(y_l\mid x)}{\pi_{\text{ref}}(y_l\mid "
        r"x)}\right)\right]",
        "",
        None,
        r"\mathbb{E}",
    ),
    Objective(
        "PPO with its expectation and clip",
        r"L^{CLIP}(\theta) = \hat{\mathbb{E}}_t\left[\min(r_t(\theta)\hat{A}_t, "
        r"\mathrm{clip}(r_t(\theta),1-\epsilon,1+\epsilon)\hat{A}_t)\right]",
        "",
        None,
        r"\hat",
    ),
    Objective(
        "elastic weight consolidation, Kirkpatrick et al. 2017 (3)",
        r"\mathcal{L}_B(\theta)+\sum_i\frac{\lambda}{2}F_i(\theta_i-\theta_{A,i}^*)^2",
        "",
        None,
        "L_B",
    ),
    Objective(
        "Sinkhorn's entropic transport, Cuturi 2013",
        r"\langle P,M\rangle-\frac{1}{\lambda}h(P)",
        "P, M: R^{n x m}; λ: R",
        None,
        "h",
    ),
]
"""What papers print beside them: statements that are no expression, or use functions defined elsewhere."""
