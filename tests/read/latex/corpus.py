"""Formulas as their authors type them, with how they are understood: LaTeX that says so, checked by eye."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """Formulas of one kind of author over one set of declarations: each as typed, and as it is understood."""

    name: str
    given: str
    formulas: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...] = ()
    defined: tuple[str, ...] = ()


SOURCES = (
    Source(
        "Matrix Cookbook",
        "X: m x n, Y: m x n, A: m x m, B: n x n, C: n x n, D: m x m, a: m, b: n, x: n, y: m, c: n, s: n, W: m x m",
        (
            (
                r"\partial(\mathbf{X}^{-1}) = -\mathbf{X}^{-1}(\partial \mathbf{X})\mathbf{X}^{-1}",
                r"\mathrm{d}(X^{-1}) = -X^{-1} (\mathrm{d}X) X^{-1}",
            ),
            (
                r"\partial (\ln(\det(\mathbf{X}))) = \mathrm{Tr}(\mathbf{X}^{-1}\partial\mathbf{X})",
                r"\mathrm{d}(\log(\det(X))) = \operatorname{tr}(X^{-1} \mathrm{d}X)",
            ),
            (r"\partial\mathbf{X}^T = (\partial\mathbf{X})^T", r"{\mathrm{d}X}^{T} = (\mathrm{d}X)^{T}"),
            (
                r"\frac{\partial \det(\mathbf{X})}{\partial \mathbf{X}} = \det(\mathbf{X})(\mathbf{X}^{-1})^T",
                r"\frac{\partial \det(X)}{\partial X} = \det(X) (X^{-1})^{T}",
            ),
            (
                (
                    r"\frac{\partial \det(\mathbf{AXB})}{\partial\mathbf{X}} = \det(\mathbf{AXB})(\mathbf{X}^{-1})^T = "
                    r"\det(\mathbf{AXB})(\mathbf{X}^T)^{-1}"
                ),
                r"\frac{\partial \det(A X B)}{\partial X} = \det(A X B) (X^{-1})^{T} = \det(A X B) (X^{T})^{-1}",
            ),
            (
                r"\frac{\partial \mathbf{a}^T\mathbf{X}\mathbf{b}}{\partial \mathbf{X}} = \mathbf{a}\mathbf{b}^T",
                r"\frac{\partial a^{T} X b}{\partial X} = a b^{T}",
            ),
            (
                r"\frac{\partial \mathbf{a}^T\mathbf{X}^T\mathbf{b}}{\partial \mathbf{X}} = \mathbf{b}\mathbf{a}^T",
                r"\frac{\partial a^{T} X^{T} b}{\partial X} = b a^{T}",
            ),
            (
                (
                    r"\frac{\partial}{\partial \mathbf{s}} (\mathbf{x}-\mathbf{A}"
                    r"\mathbf{s})^T\mathbf{W}(\mathbf{x}-\mathbf{A}\mathbf{s}) = "
                    r"-2\mathbf{A}^T\mathbf{W}(\mathbf{x}-\mathbf{A}\mathbf{s})"
                ),
                r"\frac{\partial (x - A s)^{T} W (x - A s)}{\partial s} = -2 A^{T} W (x - A s)",
            ),
            (
                r"\frac{\partial X_{kl}}{\partial X_{ij}} = \delta_{ik}\delta_{lj}",
                r"\frac{\partial X_{k, l}}{\partial X_{i, j}} = \delta_{i, k} \delta_{l, j}",
            ),
            (
                (
                    r"\frac{\partial}{\partial \mathbf{X}}\mathrm{Tr}(\mathbf{A}\mathbf{X}\mathbf{B}) = "
                    r"\mathbf{A}^T\mathbf{B}^T"
                ),
                r"\frac{\partial \operatorname{tr}(A X B)}{\partial X} = A^{T} B^{T}",
            ),
            (
                (
                    r"\frac{\partial}{\partial \mathbf{X}}\mathrm{Tr}(\mathbf{X}^T\mathbf{B}\mathbf{X}) = "
                    r"\mathbf{BX}+\mathbf{B}^T\mathbf{X}"
                ),
                r"\frac{\partial \operatorname{tr}(X^{T} B X)}{\partial X} = B X + B^{T} X",
            ),
            (
                (
                    r"\frac{\partial}{\partial \mathbf{X}}||\mathbf{X}||_{\rm F}^2 = \frac{\partial}{\partial \mathbf{X}} "
                    r"\mathrm{Tr}(\mathbf{X}\mathbf{X}^T) = 2\mathbf{X}"
                ),
                (
                    r"\frac{\partial \lVert X \rVert_{F}^{2}}{\partial X} = \frac{\partial \operatorname{tr}(X "
                    r"X^{T})}{\partial X} = 2 X"
                ),
            ),
            (
                (
                    r"\frac{\partial (\mathbf{X}^T\mathbf{B}\mathbf{X})_{kl}}{\partial X_{ij}} = \delta_{lj} "
                    r"(\mathbf{X}^T\mathbf{B})_{ki} + \delta_{kj} (\mathbf{BX})_{il}"
                ),
                (
                    r"\frac{\partial (X^{T} B X)_{k, l}}{\partial X_{i, j}} = \delta_{l, j} (X^{T} B)_{k, i} + \delta_{k, "
                    "j} (B X)_{i, l}"
                ),
            ),
            (
                (
                    r"\frac{\partial (\mathbf{X}^T\mathbf{B}\mathbf{X})}{\partial X_{ij}} = \mathbf{X}^T\mathbf{B}"
                    r"\mathbf{J}^{ij} + \mathbf{J}^{ji}\mathbf{B}\mathbf{X}"
                ),
                r"\frac{\partial (X^{T} B X)}{\partial X_{i, j}} = X^{T} B E_{i, j} + E_{j, i} B X",
            ),
            (
                r"\mathrm{vec}(\mathbf{A}\mathbf{X}\mathbf{B}) = (\mathbf{B}^T\otimes\mathbf{A})\mathrm{vec}(\mathbf{X})",
                r"\operatorname{vec}(A X B) = (B^{T} \otimes A) \operatorname{vec}(X)",
            ),
            (
                r"\mathrm{Tr}(\mathbf{A}^T\mathbf{B}) = \mathrm{vec}(\mathbf{A})^T\mathrm{vec}(\mathbf{B})",
                r"\operatorname{tr}(A^{T} B) = \operatorname{vec}(A)^{T} \operatorname{vec}(B)",
            ),
            (
                (
                    r"\frac{\partial \mathbf{b}^T\mathbf{X}^T\mathbf{X}\mathbf{c}}{\partial\mathbf{X}} = "
                    r"\mathbf{X}(\mathbf{b}\mathbf{c}^T + \mathbf{c}\mathbf{b}^T)"
                ),
                r"\frac{\partial b^{T} X^{T} X c}{\partial X} = X (b c^{T} + c b^{T})",
            ),
            (
                (
                    r"\frac{\partial}{\partial x} \| \mathbf{x}-\mathbf{a}\|_2 = "
                    r"\frac{\mathbf{x}-\mathbf{a}}{\|\mathbf{x}-\mathbf{a}\|_2}"
                ),
                r"\frac{\partial \lVert x - a \rVert_{2}}{\partial x} = \frac{x - a}{\lVert x - a \rVert_{2}}",
            ),
            (
                (
                    r"\frac{\partial}{\partial \mathbf{x}}\frac{\mathbf{x}-\mathbf{a}}{\|\mathbf{x}-\mathbf{a}\|_2} = "
                    r"\frac{\mathbf{I}}{\|\mathbf{x}-\mathbf{a}\|_2} - "
                    r"\frac{(\mathbf{x}-\mathbf{a})(\mathbf{x}-\mathbf{a})^T}{\|\mathbf{x}-\mathbf{a}\|_2^3}"
                ),
                (
                    r"\frac{\partial \frac{x - a}{\lVert x - a \rVert_{2}}}{\partial x} = \frac{I}{\lVert x - a "
                    r"\rVert_{2}} - \frac{(x - a) (x - a)^{T}}{\lVert x - a \rVert_{2}^{3}}"
                ),
            ),
        ),
    ),
    Source(
        "Magnus and Neudecker",
        "x: N, y: N, a: N, b: N, w: N, A: N x N, B: N x N, C: N x N, X: N x N, Y: N x N, S: N x N, W: N x N, "
        "Z: N x N, s: scalar, t: scalar, lambda_: scalar, mu: N, Sigma: N x N, theta: N, beta: N, alpha: "
        "scalar, sigma: scalar, n: scalar, m: scalar",
        (
            (
                r"\mathsf{d}\operatorname{tr}(X) = \operatorname{tr}(\mathsf{d}X)",
                r"\mathrm{d}\operatorname{tr}(X) = \operatorname{tr}(\mathrm{d}X)",
            ),
            (
                r"\mathrm{d}|X| = |X| \operatorname{tr}\, X^{-1}\mathrm{d}X",
                r"\mathrm{d}\lvert X \rvert = \lvert X \rvert \operatorname{tr} X^{-1} \mathrm{d}X",
            ),
            ("d(X^{-1}) = -X^{-1}(dX)X^{-1}", r"\mathrm{d}(X^{-1}) = -X^{-1} (\mathrm{d}X) X^{-1}"),
            (
                r"d \log |X| = \mathrm{tr}\, X^{-1} dX",
                r"\mathrm{d}\log{\lvert X \rvert} = \operatorname{tr} X^{-1} \mathrm{d}X",
            ),
            (
                r"d(X \otimes Y) = (dX) \otimes Y + X \otimes dY",
                r"\mathrm{d}(X \otimes Y) = (\mathrm{d}X) \otimes Y + X \otimes \mathrm{d}Y",
            ),
            (r"d\,\mathrm{vec}\, X = \mathrm{vec}\, dX", r"\mathrm{d}\operatorname{vec}{X} = \operatorname{vec}{\mathrm{d}X}"),
            (r"D\phi(x) = a'", r"D \phi(x) = a'"),
            (r"\partial \phi(x)/\partial x' = 2x'A", r"\frac{\partial \phi(x)}{\partial x^{\top}} = 2 x' A"),
            (
                r"\frac{\partial\,\mathrm{vec}\,F(X)}{\partial(\mathrm{vec}\,X)'} = (I_{n^2} + K_n)(I_n \otimes X')",
                (
                    r"\frac{\partial \operatorname{vec}{F(X)}}{\partial {\operatorname{vec}{X}}^{\top}} = (I_{n^{2}} + "
                    r"K_{n}) (I_{n} \otimes X')"
                ),
            ),
            (
                r"\operatorname{vec} ABC = (C'\otimes A)\operatorname{vec} B",
                r"\operatorname{vec}{A B C} = (C' \otimes A) \operatorname{vec}{B}",
            ),
            (r"K_{mn}\operatorname{vec} A = \operatorname{vec} A'", r"K_{m, n} \operatorname{vec}{A} = \operatorname{vec}{A'}"),
            ("x'(A+A')", "x' (A + A')"),
            (r"(dX)'A X + X'A\,dX", r"(\mathrm{d}X)' A X + X' A \mathrm{d}X"),
            (r"d\,x'Ax = x'(A+A')dx", r"\mathrm{d}(x' A x) = x' (A + A') \mathrm{d}x"),
            (
                r"\operatorname{tr} A'B = (\operatorname{vec} A)'\operatorname{vec} B",
                r"\operatorname{tr} A' B = (\operatorname{vec}{A})' \operatorname{vec}{B}",
            ),
        ),
    ),
    Source(
        "Stanford CS229",
        "X: m x n, y: m, theta: n, A: n x n, B: n x n, C: n x n, x: n, b: n, z: scalar, c: scalar, alpha: scalar",
        (
            (r"\nabla_A \mathrm{tr}AB = B^T", r"\nabla_{A} \operatorname{tr} A B = B^{T}"),
            (r"\nabla_{A^T} f(A) = (\nabla_A f(A))^T", r"\nabla_{A^{T}} f(A) = (\nabla_{A} f(A))^{T}"),
            (
                r"\nabla_A \mathrm{tr}ABA^TC = CAB + C^TAB^T",
                r"\nabla_{A} \operatorname{tr} A B A^{T} C = C A B + C^{T} A B^{T}",
            ),
            (r"\nabla_A |A| = |A|(A^{-1})^T.", r"\nabla_{A} \lvert A \rvert = \lvert A \rvert (A^{-1})^{T}"),
            (
                r"J(\theta) = \frac{1}{2}\sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})^2",
                r"J(\theta) = \frac{1}{2} \sum_{i=1}^{m} (\theta^{T} X_{i, :}^{T} - y_{i})^{2}",
            ),
            (
                r"\nabla_\theta J(\theta) = \nabla_\theta \frac{1}{2}(X\theta - \vec{y})^T(X\theta - \vec{y})",
                r"\nabla_{\theta} J(\theta) = \nabla_{\theta} \frac{1}{2} (X \theta - y)^{T} (X \theta - y)",
            ),
            (
                (
                    r"= \frac{1}{2}\nabla_\theta \mathrm{tr}\left(\theta^TX^TX\theta - \theta^TX^T\vec{y} - "
                    r"\vec{y}^TX\theta + \vec{y}^T\vec{y}\right)"
                ),
                (
                    r"= \frac{1}{2} \nabla_{\theta} \operatorname{tr}(\theta^{T} X^{T} X \theta - \theta^{T} X^{T} y - "
                    r"y^{T} X \theta + y^{T} y)"
                ),
            ),
            (r"\nabla_x x^T A x = 2Ax", r"\nabla_{x} x^{T} A x = 2 A x"),
            (r"\nabla_x^2 x^T A x = 2A", r"\nabla_{x}^{2} x^{T} A x = 2 A"),
            (r"\nabla_X \log|X| = X^{-1}", r"\nabla_{X} \log{\lvert X \rvert} = X^{-1}"),
            (r"\theta = (X^TX)^{-1}X^T\vec{y}", r"\theta = (X^{T} X)^{-1} X^{T} y"),
            ("g'(z) = g(z)(1 - g(z))", "g'(z) = g(z) (1 - g(z))"),
            (
                r"\frac{\partial}{\partial\theta_j} J(\theta) = \sum_{i=1}^m \left(h(x^{(i)}) - y^{(i)}\right)x^{(i)}_j",
                r"\frac{\partial J(\theta)}{\partial \theta_{j}} = \sum_{i=1}^{m} (h(X_{i, :}^{T}) - y_{i}) X_{i, j}",
            ),
        ),
        names=(("X", "x^{(i)} (rows)"),),
    ),
    Source(
        "Stanford CS224n",
        "U: N x M, vc: N, y: M, W: M x N, x: N, b: M, W1: M x N, W2: M x M, b1: M, b2: M, h: M, z: M, theta: M, delta: M",
        (
            (r"\frac{\partial J}{\partial v_c} = U(\hat{y} - y)", r"\frac{\partial J}{\partial vc} = U (\hat{y} - y)"),
            (
                r"\frac{\partial J}{\partial \boldsymbol{v}_c} = \boldsymbol{U}(\hat{\boldsymbol{y}} - \boldsymbol{y})",
                r"\frac{\partial J}{\partial vc} = U (\hat{y} - y)",
            ),
            (r"\frac{\partial \boldsymbol z}{\partial \boldsymbol x} = \boldsymbol W", r"\frac{\partial z}{\partial x} = W"),
            (
                r"\frac{\partial}{\partial \boldsymbol{x}}(\boldsymbol{Wx} + \boldsymbol{b}) = \boldsymbol{W}",
                r"\frac{\partial (W x + b)}{\partial x} = W",
            ),
            (r"\boldsymbol{\delta}\boldsymbol{x}^T", r"\delta x^{T}"),
            (r"\boldsymbol h = f(\boldsymbol{Wx} + \boldsymbol{b})", "h = f(W x + b)"),
            (r"\frac{\partial J}{\partial \theta} = \hat y - y", r"\frac{\partial J}{\partial \theta} = \hat{y} - y"),
            (r"\sigma(W^{(1)}x + b^{(1)})", r"\sigma(W_{1} x + b_{1})"),
            (r"W^{(2)}\mathrm{ReLU}(W^{(1)}x+b^{(1)})+b^{(2)}", r"W_{2} \operatorname{relu}(W_{1} x + b_{1}) + b_{2}"),
            (r"\mathrm{diag}(f'(\boldsymbol{z}))", r"\operatorname{diag}(f'(z))"),
            (
                r"\text{CE}(y, \hat{y}) = -\sum_i y_i \log(\hat{y}_i)",
                r"\operatorname{CE}(y, \hat{y}) = -\sum_{i} y_{i} \log(\hat{y}_{i})",
            ),
            (r"\frac{\partial s}{\partial W} = \delta x^{\top}", r"\frac{\partial s}{\partial W} = \delta x^{\top}"),
            (r"\boldsymbol{\delta}_2 = \boldsymbol{\delta}_1 \circ f'(\boldsymbol z)", r"\delta_{2} = \delta_{1} \circ f'(z)"),
        ),
        names=(("vc", "v_c"),),
        defined=(r"\hat{y}",),
    ),
    Source(
        "Goodfellow",
        "A: d x d, W: d x d, x: d, y: d, h: d, U: d x d, V: d x d, b: d, c: d, w: d, X: N x d, H: d x d, g: "
        "d, epsilon: scalar, lambda_: scalar, alpha: scalar",
        (
            (
                (
                    r"\nabla_{\boldsymbol{x}} f(\boldsymbol x) = \boldsymbol{A}^\top (\boldsymbol{A}\boldsymbol{x} - "
                    r"\boldsymbol{b})"
                ),
                r"\nabla_{x} f(x) = A^{\top} (A x - b)",
            ),
            (
                r"\boldsymbol{a} = \boldsymbol{b} + \boldsymbol{W}\boldsymbol{h} + \boldsymbol{U}\boldsymbol{x}",
                "a = b + W h + U x",
            ),
            (r"\boldsymbol{h}^{\top} \boldsymbol{W} \boldsymbol{x}", r"h^{\top} W x"),
            (r"\tanh(\boldsymbol{Wx}+\boldsymbol{b})", r"\tanh(W x + b)"),
            (r"\text{softmax}(\boldsymbol{c} + \boldsymbol{V}\boldsymbol{h})", r"\operatorname{softmax}(c + V h)"),
            (
                r"\frac{1}{2}\boldsymbol{w}^\top\boldsymbol{w} + \frac{\lambda}{2}\lVert\boldsymbol{w}\rVert_2^2",
                r"\frac{1}{2} w^{\top} w + \frac{\lambda}{2} \lVert w \rVert_{2}^{2}",
            ),
            (r"\text{diag}\left(1 - \left(\boldsymbol{h}\right)^2\right)", r"\operatorname{diag}(1 - (h)^{2})"),
            (
                r"\nabla_{\boldsymbol w} J(\boldsymbol{w}) = \alpha \boldsymbol{w} + \boldsymbol{g}",
                r"\nabla_{w} J(w) = \alpha w + g",
            ),
            (
                (
                    r"f(\boldsymbol{x} - \epsilon\boldsymbol{g}) = \epsilon\boldsymbol{g}^\top\boldsymbol{g} + \frac{1}{2}"
                    r"\epsilon^2\boldsymbol{g}^\top\boldsymbol{H}\boldsymbol{g}"
                ),
                r"f(x - \epsilon g) = \epsilon g^{\top} g + \frac{1}{2} \epsilon^{2} g^{\top} H g",
            ),
            (
                (
                    r"\frac{\partial y}{\partial x_i} = \sum_j \frac{\partial y}{\partial h_j}\frac{\partial "
                    r"h_j}{\partial x_i}"
                ),
                (
                    r"\frac{\partial y}{\partial x_{i}} = \sum_{j} \frac{\partial y}{\partial h_{j}} \frac{\partial "
                    r"h_{j}}{\partial x_{i}}"
                ),
            ),
        ),
    ),
    Source(
        "Bishop",
        "x: D, mu: D, Sigma: D x D, w: M, Phi: N x M, t: N, lambda_: scalar, beta: scalar, alpha: scalar, S: "
        "M x M, m_N: M, S_N: M x M, A: D x D, B: D x D, y: N, phi: M x N, X: N x D",
        (
            (
                (
                    r"-\frac{1}{2}(\mathbf{x}-\boldsymbol{\mu})^{\mathrm{T}}"
                    r"\boldsymbol{\Sigma}^{-1}(\mathbf{x}-\boldsymbol{\mu})"
                ),
                r"-\frac{1}{2} (x - \mu)^{T} \Sigma^{-1} (x - \mu)",
            ),
            (
                (
                    r"\mathbf{w}_{\mathrm{ML}} = \left(\boldsymbol{\Phi}^{\mathrm{T}}\boldsymbol{\Phi}\right)^{-1}"
                    r"\boldsymbol{\Phi}^{\mathrm{T}}\mathbf{t}"
                ),
                r"w_{\mathrm{ML}} = (\Phi^{T} \Phi)^{-1} \Phi^{T} t",
            ),
            (
                r"\mathbf{S}_N^{-1} = \alpha\mathbf{I} + \beta\boldsymbol{\Phi}^{\rm T}\boldsymbol{\Phi}",
                r"S_{N}^{-1} = \alpha I + \beta \Phi^{T} \Phi",
            ),
            (
                r"\mathbf{m}_N = \beta\mathbf{S}_N\boldsymbol{\Phi}^{\rm T}\mathbf{\mathsf{t}}",
                r"m_{N} = \beta S_{N} \Phi^{T} t",
            ),
            (
                r"\nabla E(\mathbf{w}) = \sum_{n=1}^{N}\left(y_n - t_n\right)\boldsymbol{\phi}_{:,n}",
                r"\nabla E(w) = \sum_{n=1}^{N} (y_{n} - t_{n}) \phi_{:, n}",
            ),
            (
                r"\frac{\partial}{\partial \mathbf{A}}\ln|\mathbf{A}| = \left(\mathbf{A}^{-1}\right)^{\mathrm{T}}",
                r"\frac{\partial \log{\lvert A \rvert}}{\partial A} = (A^{-1})^{T}",
            ),
            (
                (
                    r"\frac{\partial}{\partial x}\left(\mathbf{A}^{-1}\right) = -\mathbf{A}^{-1}"
                    r"\frac{\partial\mathbf{A}}{\partial x}\mathbf{A}^{-1}"
                ),
                r"\frac{\partial (A^{-1})}{\partial x} = -A^{-1} \frac{\partial A}{\partial x} A^{-1}",
            ),
            (
                (
                    r"\frac{\beta}{2}\|\mathbf{t}-\boldsymbol\Phi\mathbf{w}\|^2 + \frac{\alpha}{2}\mathbf{w}^{\mathrm T}"
                    r"\mathbf{w}"
                ),
                r"\frac{\beta}{2} \lVert t - \Phi w \rVert^{2} + \frac{\alpha}{2} w^{T} w",
            ),
            (r"\ln\left|\boldsymbol\Sigma\right|", r"\log{\lvert \Sigma \rvert}"),
            (
                r"\frac{\partial}{\partial A_{ij}}\operatorname{Tr}(\mathbf{A}\mathbf{B}) = B_{ji}",
                r"\frac{\partial \operatorname{tr}(A B)}{\partial A_{i, j}} = B_{j, i}",
            ),
            (
                (
                    r"\exp\left\{-\frac{1}{2}(\mathbf x-\boldsymbol\mu)^{\mathrm T}\boldsymbol\Sigma^{-1}(\mathbf "
                    r"x-\boldsymbol\mu)\right\}"
                ),
                r"\exp(-\frac{1}{2} (x - \mu)^{T} \Sigma^{-1} (x - \mu))",
            ),
        ),
        names=(("t", r"\mathbf{\mathsf{t}}"),),
    ),
    Source(
        "Murphy",
        "x: D, mu: D, Sigma: D x D, w: D, X: N x D, y: N, A: D x D, B: D x D, lambda_: scalar, a: D, b: D, sigma: scalar",
        (
            (
                r"\frac{\partial (\mathbf{b}^{\mathsf{T}} \mathbf{a})}{\partial \mathbf{a}} = \mathbf{b}",
                r"\frac{\partial (b^{\mathsf{T}} a)}{\partial a} = b",
            ),
            (
                (
                    r"\frac{\partial (\mathbf{a}^{\mathsf{T}} \mathbf{A} \mathbf{a})}{\partial \mathbf{a}} = (\mathbf{A} "
                    r"+ \mathbf{A}^{\mathsf{T}})\mathbf{a}"
                ),
                r"\frac{\partial (a^{\mathsf{T}} A a)}{\partial a} = (A + A^{\mathsf{T}}) a",
            ),
            (
                r"\frac{\partial}{\partial \mathbf{A}} \mathrm{tr}(\mathbf{BA}) = \mathbf{B}^{\mathsf{T}}",
                r"\frac{\partial \operatorname{tr}(B A)}{\partial A} = B^{\mathsf{T}}",
            ),
            (
                r"\frac{\partial}{\partial \mathbf{A}}\log|\mathbf{A}| = \mathbf{A}^{-\mathsf{T}}",
                r"\frac{\partial \log{\lvert A \rvert}}{\partial A} = A^{-T}",
            ),
            (
                (
                    r"\boldsymbol\nabla_{\mathbf w} L(\mathbf w) = \mathbf{X}^\mathsf{T}\mathbf{X}"
                    r"\mathbf{w}-\mathbf{X}^\mathsf{T}\mathbf{y}"
                ),
                r"\nabla_{w} L(w) = X^{\mathsf{T}} X w - X^{\mathsf{T}} y",
            ),
            (
                r"\hat{\mathbf{w}} = (\lambda\mathbf{I}_D + \mathbf{X}^{\top}\mathbf{X})^{-1}\mathbf{X}^{\top}\mathbf{y}",
                r"\hat{\mathbf{w}} = (\lambda I_{D} + X^{\top} X)^{-1} X^{\top} y",
            ),
            (r"\frac{1}{2\sigma^2}\|\mathbf{y}-\mathbf{Xw}\|_2^2", r"\frac{1}{2 \sigma^{2}} \lVert y - X w \rVert_{2}^{2}"),
            (
                r"\mathbf{X}^T\mathrm{diag}(\boldsymbol\mu\odot(1-\boldsymbol\mu))\mathbf{X}",
                r"X^{T} \operatorname{diag}(\mu \odot (1 - \mu)) X",
            ),
        ),
    ),
    Source(
        "Wikipedia",
        "x: N, y: N, a: N, b: N, w: N, A: N x N, B: N x N, C: N x N, X: N x N, Y: N x N, S: N x N, W: N x N, "
        "Z: N x N, s: scalar, t: scalar, lambda_: scalar, mu: N, Sigma: N x N, theta: N, beta: N, alpha: "
        "scalar, sigma: scalar, n: scalar, m: scalar, A1: N x N",
        (
            (
                (
                    r"\frac{\partial \mathbf{a}^\top\mathbf{x}}{\partial \mathbf{x}} = \frac{\partial "
                    r"\mathbf{x}^\top\mathbf{a}}{\partial \mathbf{x}} = \mathbf{a}^\top"
                ),
                r"\frac{\partial a^{\top} x}{\partial x} = \frac{\partial x^{\top} a}{\partial x} = a^{\top}",
            ),
            (
                (
                    r"\frac{\partial \mathbf{x}^\top\mathbf{A}\mathbf{x}}{\partial \mathbf{x}} = "
                    r"\mathbf{x}^\top\left(\mathbf{A} + \mathbf{A}^\top\right)"
                ),
                r"\frac{\partial x^{\top} A x}{\partial x} = x^{\top} (A + A^{\top})",
            ),
            (
                (
                    r"\frac{\partial^2 \mathbf{x}^\top\mathbf{A}\mathbf{x}}{\partial \mathbf{x}\partial\mathbf{x}^\top} = "
                    r"\mathbf{A} + \mathbf{A}^\top"
                ),
                r"\frac{\partial^{2} x^{\top} A x}{\partial x \partial x^{\top}} = A + A^{\top}",
            ),
            (
                (
                    r"\frac{\partial \|\mathbf{x}-\mathbf{a}\|}{\partial \mathbf{x}} = "
                    r"\frac{(\mathbf{x}-\mathbf{a})^\top}{\|\mathbf{x}-\mathbf{a}\|}"
                ),
                r"\frac{\partial \lVert x - a \rVert}{\partial x} = \frac{(x - a)^{\top}}{\lVert x - a \rVert}",
            ),
            (
                (
                    r"\frac{\partial \operatorname{tr}(\mathbf{AXBX^\top C})}{\partial \mathbf{X}} = "
                    r"\mathbf{BX}^\top\mathbf{CA} + \mathbf{B}^\top\mathbf{X}^\top\mathbf{A}^\top\mathbf{C}^\top"
                ),
                (
                    r"\frac{\partial \operatorname{tr}(A X B X^{\top} C)}{\partial X} = B X^{\top} C A + B^{\top} "
                    r"X^{\top} A^{\top} C^{\top}"
                ),
            ),
            (
                r"\frac{\partial \operatorname{tr}\left(\mathbf{X}^n\right)}{\partial\mathbf{X}} = n\mathbf{X}^{n-1}",
                r"\frac{\partial \operatorname{tr}(X^{n})}{\partial X} = n X^{n - 1}",
            ),
            (
                (
                    r"\frac{\partial |\mathbf{X}^\top\mathbf{A}\mathbf{X}|}{\partial \mathbf{X}} = "
                    r"2\left|\mathbf{X}^\top\mathbf{A}\mathbf{X}\right|\mathbf{X}^{-1}"
                ),
                r"\frac{\partial \lvert X^{\top} A X \rvert}{\partial X} = 2 \lvert X^{\top} A X \rvert X^{-1}",
            ),
            (
                r"\frac{\partial \ln|a\mathbf{X}|}{\partial\mathbf{X}} = \mathbf{X}^{-1}",
                r"\frac{\partial \log{\lvert a X \rvert}}{\partial X} = X^{-1}",
            ),
            (
                r"d(\mathbf{X} \circ \mathbf{Y}) = (d\mathbf{X})\circ\mathbf{Y} + \mathbf{X}\circ(d\mathbf{Y})",
                r"\mathrm{d}(X \circ Y) = (\mathrm{d}X) \circ Y + X \circ (\mathrm{d}Y)",
            ),
            (
                (
                    r"\frac{\partial (\mathbf{A}\mathbf{x}+\mathbf{b})^\top \mathbf{C} (\mathbf{A}"
                    r"\mathbf{x}+\mathbf{b})}{\partial\;\mathbf{x}} = (\mathbf{A}"
                    r"\mathbf{x}+\mathbf{b})^\top(\mathbf{C}+\mathbf{C}^\top)\mathbf{A}"
                ),
                r"\frac{\partial (A x + b)^{\top} C (A x + b)}{\partial x} = (A x + b)^{\top} (C + C^{\top}) A",
            ),
            (
                r"\nabla_{\mathbf{X}} y(\mathbf{X}) = \frac{\partial y(\mathbf{X})}{\partial \mathbf{X}}",
                r"\nabla_{X} y (X) = \frac{\partial y (X)}{\partial X}",
            ),
            (r"\mathbf{J}_{ij} = \frac{\partial f_i}{\partial x_j}", r"J_{i, j} = \frac{\partial f_{i}}{\partial x_{j}}"),
            (
                (
                    r"(\mathbf{A}+\mathbf{xy}^\mathsf{T})^{-1} = \mathbf{A}^{-1} - {\mathbf{A}^{-1}\mathbf{xy}^\mathsf{T}"
                    r"\mathbf{A}^{-1} \over 1 + \mathbf{y}^\mathsf{T}\mathbf{A}^{-1}\mathbf{x}}"
                ),
                (
                    r"(A + x y^{\mathsf{T}})^{-1} = A^{-1} - \frac{A^{-1} x y^{\mathsf{T}} A^{-1}}{1 + y^{\mathsf{T}} "
                    "A^{-1} x}"
                ),
            ),
            (r"{d \over dx} x^2", r"\frac{\mathrm{d} x^{2}}{\mathrm{d} x}"),
            (
                r"\langle\mathbf{A},\mathbf{B}\rangle_\mathrm{F} = \operatorname{Tr}\left(\mathbf{A}^{T}\mathbf{B}\right)",
                r"\langle A, B \rangle = \operatorname{tr}(A^{T} B)",
            ),
        ),
    ),
    Source(
        "math.SE",
        "x: N, y: N, a: N, b: N, w: N, A: N x N, B: N x N, C: N x N, X: N x N, Y: N x N, S: N x N, W: N x N, "
        "Z: N x N, s: scalar, t: scalar, lambda_: scalar, mu: N, Sigma: N x N, theta: N, beta: N, alpha: "
        "scalar, sigma: scalar, n: scalar, m: scalar, U: N x K, V: N x K, P: N x N, D: N x N, c: N, q: N",
        (
            (
                r"f(X) = \| AX-B\|_F^2 = \text{tr}\left((AX-B)^T(AX-B)\right)",
                r"f(X) = \lVert A X - B \rVert_{F}^{2} = \operatorname{tr}((A X - B)^{T} (A X - B))",
            ),
            (
                r"\frac{d}{dX}\mbox{tr}(AX^{-1}B) = -X^{-T}A^TB^TX^{-T}",
                r"\frac{\mathrm{d} \operatorname{tr}(A X^{-1} B)}{\mathrm{d} X} = -X^{-T} A^{T} B^{T} X^{-T}",
            ),
            (r"\nabla f(x) = A^T(Ax-b) + \lambda x", r"\nabla f(x) = A^{T} (A x - b) + \lambda x"),
            (
                r"df = 2(AX-B):A\,dX = 2A^T(AX-B):dX",
                r"\mathrm{d}f = 2 (A X - B) : A \mathrm{d}X = 2 A^{T} (A X - B) : \mathrm{d}X",
            ),
            (r"d\phi = -X^{-T}A^TX^{-T}:dX", r"\mathrm{d}\phi = -X^{-T} A^{T} X^{-T} : \mathrm{d}X"),
            (r"\frac{\partial\phi}{\partial X} = -X^{-T}A^TX^{-T}", r"\frac{\partial \phi}{\partial X} = -X^{-T} A^{T} X^{-T}"),
            (r"{\rm d}f = {\rm tr}\left(A^T {\rm d}X\right)", r"\mathrm{d}f = \operatorname{tr}(A^{T} \mathrm{d}X)"),
            (
                r"\frac{\partial |X|}{\partial X} = |X| X^{-T}",
                r"\frac{\partial \lvert X \rvert}{\partial X} = \lvert X \rvert X^{-T}",
            ),
            (
                r"{\rm vec}(AXB) = (B^T\otimes A)\,{\rm vec}(X)",
                r"\operatorname{vec}(A X B) = (B^{T} \otimes A) \operatorname{vec}(X)",
            ),
            (r"x^\top A x = \sum_{i,j} a_{ij}x_ix_j", r"x^{\top} A x = \sum_{i} \sum_{j} a_{i, j} x_{i} x_{j}"),
            (
                r"\frac{\partial (x^T A x)}{\partial x_k} = \sum_j a_{kj}x_j + \sum_i a_{ik}x_i",
                r"\frac{\partial (x^{T} A x)}{\partial x_{k}} = \sum_{j} a_{k, j} x_{j} + \sum_{i} a_{i, k} x_{i}",
            ),
            (
                r"\frac{\partial f}{\partial x_k}=\sum_{j=1}^n a_{kj} x_j + \sum_{i=1}^n a_{ik} x_i",
                r"\frac{\partial f}{\partial x_{k}} = \sum_{j=1}^{n} a_{k, j} x_{j} + \sum_{i=1}^{n} a_{i, k} x_{i}",
            ),
            ("x'A'Ax - 2b'Ax + b'b", "x' A' A x - 2 b' A x + b' b"),
            (r"\exp(-\tfrac{1}{2}\Vert x\Vert^2)", r"\exp(-\frac{1}{2} \lVert x \rVert^{2})"),
            (
                r"\nabla_x \left( \frac{x^TAx}{x^Tx}\right) = \frac{2}{x^Tx}\left(Ax - \frac{x^TAx}{x^Tx}x\right)",
                r"\nabla_{x} (\frac{x^{T} A x}{x^{T} x}) = \frac{2}{x^{T} x} (A x - \frac{x^{T} A x}{x^{T} x} x)",
            ),
            (r"Y = X \odot (A X B)", r"Y = X \odot (A X B)"),
            (r"\operatorname{Diag}(x) A \operatorname{Diag}(y)", r"\operatorname{diag}(x) A \operatorname{diag}(y)"),
            (r"\mathbb{1}^T X \mathbb{1}", r"\mathbf{1}^{T} X \mathbf{1}"),
            (r"\ln\det(X^TX)", r"\log{\det(X^{T} X)}"),
            (r"\|XX^T-A\|^2_F", r"\lVert X X^{T} - A \rVert_{F}^{2}"),
            ("4(XX^T-A)X", "4 (X X^{T} - A) X"),
            (r"\big(I\otimes X + (X^T \otimes I)K\big)", r"(I \otimes X + (X^{T} \otimes I) K)"),
            (r"\sum_{k} (X^TX)_{kk}", r"\sum_{k} (X^{T} X)_{k, k}"),
            (
                r"\frac{\partial \left(X^TX\right)_{ij}}{\partial X_{kl}} = \delta_{il}X_{kj} + \delta_{jl}X_{ki}",
                r"\frac{\partial (X^{T} X)_{i, j}}{\partial X_{k, l}} = \delta_{i, l} X_{k, j} + \delta_{j, l} X_{k, i}",
            ),
            (
                r"\left[\frac{\partial f}{\partial X}\right]_{ij} = 2 X_{ij}",
                r"[\frac{\partial f}{\partial X}]_{i, j} = 2 X_{i, j}",
            ),
            ("A^TA x", "A^{T} A x"),
            (
                r"-\frac{1}{2}\Sigma^{-1} + \frac12 \Sigma^{-1}(x-\mu)(x-\mu)^T\Sigma^{-1}",
                r"-\frac{1}{2} \Sigma^{-1} + \frac{1}{2} \Sigma^{-1} (x - \mu) (x - \mu)^{T} \Sigma^{-1}",
            ),
            (r"(X^{T}X+\lambda I)^{-1}X^{T}y", r"(X^{T} X + \lambda I)^{-1} X^{T} y"),
            (r"2x^TA, \quad \text{if } A \text{ is symmetric}", "2 x^{T} A"),
            (r"xy^T \circ A", r"x y^{T} \circ A"),
            (r"w^{\top}x", r"w^{\top} x"),
            (r"2X\cdot A", r"2 X \cdot A"),
            (r"A\times x", r"A \times x"),
            (r"\sqrt{x^Tx}", r"\sqrt{x^{T} x}"),
            (r"\frac{x}{\sqrt{x^T x}}", r"\frac{x}{\sqrt{x^{T} x}}"),
        ),
    ),
    Source(
        "neural network notes",
        "x: n, y: m, s: m, a: m, z: m, W1: h x n, b1: h, W2: m x h, b2: m, X: N x n, dZ2: m x N, A1: h x N, "
        "Z1: h x N, gamma: scalar",
        (
            ("z^{(1)} = W^{(1)}x + b^{(1)}", "z^{(1)} = W_{1} x + b_{1}"),
            (r"a^{(1)} = \sigma\left(z^{(1)}\right)", r"a^{(1)} = \sigma(z^{(1)})"),
            (r"\delta^{(2)} = (\hat y - y)\odot\sigma'(z^{(1)})", r"\delta^{(2)} = (\hat y - y) \odot \sigma'(z^{(1)})"),
            (
                r"\frac{\partial L}{\partial W^{(2)}} = \delta^{(2)} \left(a^{(1)}\right)^T",
                r"\frac{\partial L}{\partial W_{2}} = \delta^{(2)} (a^{(1)})^{T}",
            ),
            (
                r"\frac{\partial L}{\partial W^{(2)}} = \delta^{(2)} {a^{(1)}}^T",
                r"\frac{\partial L}{\partial W_{2}} = \delta^{(2)} {a^{(1)}}^{T}",
            ),
            (
                r"\delta^{(1)} = \left(W^{(2)}\right)^T\delta^{(2)} \odot \sigma'\left(z^{(1)}\right)",
                r"\delta^{(1)} = (W_{2})^{T} \delta^{(2)} \odot \sigma'(z^{(1)})",
            ),
            (r"\delta^{(1)} = W^{(2)T}\delta^{(2)}", r"\delta^{(1)} = W_{2}^{T} \delta^{(2)}"),
            (r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}", r"\mathrm{d}W_{2} = \frac{1}{m} dZ_{2} A_{1}^{T}"),
            ("dZ^{[1]} = W^{[2]T}dZ^{[2]} * g'(Z^{[1]})", "dZ^{[1]} = W_{2}^{T} dZ_{2} * g'(Z_{1})"),
            (r"W_2^\top(\hat{y}-y)\, x^\top", r"W_{2}^{\top} (\hat y - y) x^{\top}"),
            (r"W_2\,\mathrm{diag}\big(\sigma'(W_1x+b_1)\big)W_1", r"W_{2} \operatorname{diag}(\sigma'(W_{1} x + b_{1})) W_{1}"),
            (r"\mathrm{tanh}(W_1 x + b_1)", r"\tanh(W_{1} x + b_{1})"),
            (
                r"x^\top \otimes W_2 \operatorname{diag}\left(\tanh'(W_1x+b_1)\right)",
                r"x^{\top} \otimes W_{2} \operatorname{diag}(\tanh'(W_{1} x + b_{1}))",
            ),
            (r"W_2 \operatorname{ReLU}(W_1x)", r"W_{2} \operatorname{relu}(W_{1} x)"),
            (
                r"\frac{\partial \mathcal{L}}{\partial b_1} = \frac{\partial\mathcal{L}}{\partial z^{(1)}}",
                r"\frac{\partial L}{\partial b_{1}} = \frac{\partial L}{\partial z^{(1)}}",
            ),
            (
                r"\frac{\partial a_i}{\partial z_j} = a_i(\delta_{ij}-a_j)",
                r"\frac{\partial a_{i}}{\partial z_{j}} = a_{i} (\delta_{i, j} - a_{j})",
            ),
            (r"\sigma(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", r"\sigma(z)_{i} = \frac{\exp(z_{i})}{\sum_{j} \exp(z_{j})}"),
            (r"J = \mathrm{diag}(s) - s s^\top", r"J = \operatorname{diag}(s) - s s^{\top}"),
        ),
        names=(("dZ2", "dZ^{[2]}"),),
        defined=(
            "z^{(1)}",
            "a^{(1)}",
            r"\delta^{(2)}",
            r"\hat y",
        ),
    ),
    Source(
        "Kalman, control and statistics",
        "A: n x n, B: n x m, P: n x n, K: n x q, H: q x n, R: q x q, Q: n x n, x: n, u: m, z: q, V: q x q, X: "
        "N x p, y: N, beta: p, Omega: N x N, Sigma: p x p, mu: p, sigma: scalar, lam: scalar, W: N x N, e: N, "
        "P_pred: n x n, x_pred: n",
        (
            (r"(I - KH)P_{k|k-1}(I-KH)^{\!\top} + K R K^\top", r"(I - K H) P_{pred} (I - K H)^{\top} + K R K^{\top}"),
            (r"\hat{\mathbf x}_{k|k-1} + K(z - H\hat{\mathbf{x}}_{k|k-1})", "x_{pred} + K (z - H x_{pred})"),
            ("P_k^- H^T (H P_k^- H^T + R)^{-1}", "P_k^- H^{T} (H P_k^- H^{T} + R)^{-1}"),
            (r"\hat{\beta} = (X'X)^{-1}X'y", r"\hat\beta = (X' X)^{-1} X' y"),
            (
                r"\hat\beta = \left(X^\intercal\Omega^{-1}X\right)^{-1}X^\intercal\Omega^{-1}y",
                r"\hat\beta = (X^{\intercal} \Omega^{-1} X)^{-1} X^{\intercal} \Omega^{-1} y",
            ),
            (r"S(\beta) = (y-X\beta)'(y-X\beta)", r"S(\beta) = (y - X \beta)' (y - X \beta)"),
            (
                r"\frac{\partial S}{\partial\beta} = -2X'(y-X\beta) = -2X'y + 2X'X\beta",
                r"\frac{\partial S}{\partial \beta} = -2 X' (y - X \beta) = -2 X' y + 2 X' X \beta",
            ),
            (
                r"\frac{\partial^2 S}{\partial\beta\,\partial\beta'} = 2X'X",
                r"\frac{\partial^{2} S}{\partial \beta \partial \beta^{\top}} = 2 X' X",
            ),
            (r"e'e/\sigma^2", r"e' e / \sigma^{2}"),
            (
                r"-\frac N2\ln(2\pi\sigma^2) - \frac{1}{2\sigma^2}(y-X\beta)'(y-X\beta)",
                r"-\frac{N}{2} \log(2 \pi \sigma^{2}) - \frac{1}{2 \sigma^{2}} (y - X \beta)' (y - X \beta)",
            ),
            (
                r"\frac{1}{2}x^{\mathsf T}Qx + \frac{1}{2}u^{\mathsf T}B^{\mathsf T}Bu",
                r"\frac{1}{2} x^{\mathsf{T}} Q x + \frac{1}{2} u^{\mathsf{T}} B^{\mathsf{T}} B u",
            ),
            (r"A^\top P + PA - PBB^\top P + Q", r"A^{\top} P + P A - P B B^{\top} P + Q"),
            (
                r"\left(y - X\beta\right)^{\top} W \left(y - X\beta\right) + \lambda\left\|\beta\right\|_2^2",
                r"(y - X \beta)^{\top} W (y - X \beta) + \lambda \lVert \beta \rVert_{2}^{2}",
            ),
            (
                r"\operatorname{tr}\bigl(P - KHP - PH^TK^T + KVK^T\bigr)",
                r"\operatorname{tr}(P - K H P - P H^{T} K^{T} + K V K^{T})",
            ),
            (r"2X^TX\beta-2X^Ty+2\lambda\beta", r"2 X^{T} X \beta - 2 X^{T} y + 2 \lambda \beta"),
            (
                r"\log\det\Sigma + \mathrm{tr}(\Sigma^{-1}\mu\mu^\mathrm{T})",
                r"\log{\det \Sigma} + \operatorname{tr}(\Sigma^{-1} \mu \mu^{T})",
            ),
        ),
        names=(
            ("P_pred", "P_{k|k-1}"),
            ("x_pred", r"\hat{\mathbf{x}}_{k|k-1}"),
        ),
        defined=(
            r"\hat\beta",
            "P_k^-",
        ),
    ),
    Source(
        "blogs and READMEs",
        "x: n, y: n, A: n x n, B: n x n, X: m x n, w: n, W: m x n, b: m, t: m, eta: scalar, N: scalar, S: n x "
        "n, u: n, v: n, D: n x n",
        (
            (r"\vec{x}^T A \vec{x}", "x^{T} A x"),
            (r"A \cdot \vec{x}", r"A \cdot x"),
            (r"\vec x^{\,T} A\, \vec x", "x^{T} A x"),
            (r"\frac1N\sum_{i=1}^{N}(\hat{y}_i - t_i)^2", r"\frac{1}{N} \sum_{i=1}^{N} (\hat{y}_{i} - t_{i})^{2}"),
            (r"\frac{1}{N}||Xw-t||^2", r"\frac{1}{N} \lVert X w - t \rVert^{2}"),
            (r"(2/N)\,X^T(Xw - t)", "(2 / N) X^{T} (X w - t)"),
            (r"\sigma(Wx+b)\odot(1-\sigma(Wx+b))", r"\sigma(W x + b) \odot (1 - \sigma(W x + b))"),
            (r"\sigma(x)(1-\sigma(x))", r"\sigma(x) (1 - \sigma(x))"),
            ("softmax(Wx + b)", r"\operatorname{softmax}(W x + b)"),
            ("diag(u) - u u^T", r"\operatorname{diag}(u) - u u^{T}"),
            (r"\frac{e^{x_i}}{\sum_{j=1}^n e^{x_j}}", r"\frac{\exp(x_{i})}{\sum_{j=1}^{n} \exp(x_{j})}"),
            (r"u_i(\delta_{ij}-u_j)", r"u_{i} (\delta_{i, j} - u_{j})"),
            ("u v^T : A", "u v^{T} : A"),
            (r"u \otimes v", r"u \otimes v"),
            (r"\sum_i \sum_j A_{ij} B_{ij}", r"\sum_{i} \sum_{j} A_{i, j} B_{i, j}"),
            (r"\sum_{ij} A_{ij}^2", r"\sum_{i} \sum_{j} A_{i, j}^{2}"),
            ("A_{ij}x_j", "A_{i, j} x_{j}"),
            (r"\partial_{x_k} (A_{ij}x_j) = A_{ik}", r"\frac{\partial (A_{i, j} x_{j})}{\partial x_{k}} = A_{i, k}"),
            (r"[A B]_{ij} = \sum_k A_{ik}B_{kj}", r"[A B]_{i, j} = \sum_{k} A_{i, k} B_{k, j}"),
            ("x₁² + x₂²", "x_{1}^{2} + x_{2}^{2}"),
            ("xᵀAx", "x^{T} A x"),
            ("‖Xw − t‖²", r"\lVert X w - t \rVert^{2}"),
            ("∂f/∂x = (A + Aᵀ)x", r"\frac{\partial f}{\partial x} = (A + A^{T}) x"),
            ("∇f(x) = Aᵀ(Ax − y)", r"\nabla f(x) = A^{T} (A x - y)"),
            (r"\exp(-||x-y||^2/2)", r"\exp(-\lVert x - y \rVert^{2} / 2)"),
            ("(A^{-1})_{ij}", "(A^{-1})_{i, j}"),
            ("A^{-1}_{ij}", "A^{-1}_{i, j}"),
            (
                (
                    r"\begin{bmatrix} \frac{\partial f}{\partial x_1} \\ \frac{\partial f}{\partial x_2} \end{bmatrix} = "
                    r"\begin{bmatrix} 2x_1 \\ 2x_2 \end{bmatrix}"
                ),
                (
                    r"\begin{bmatrix} \frac{\partial f}{\partial x_{1}} \\ \frac{\partial f}{\partial x_{2}} "
                    r"\end{bmatrix} = \begin{bmatrix} 2 x_{1} \\ 2 x_{2} \end{bmatrix}"
                ),
            ),
            (
                r"\left(\begin{array}{cc|c} 1 & 0 & x_1 \\ 0 & 1 & x_2 \end{array}\right)",
                r"\begin{array}{c|c} 1 & 0 & x_{1} \\ 0 & 1 & x_{2} \end{array}",
            ),
            (
                r"J_{ij} = \begin{cases} 1, & \text{if } i = j, \\ 0, & \text{otherwise.} \end{cases}",
                r"J_{i, j} = \begin{cases} 1 & i = j \\ 0 & \text{otherwise} \end{cases}",
            ),
            (r"\|u\|\,\|v\|", r"\lVert u \rVert \lVert v \rVert"),
            ("|u^Tv|", r"\lvert u^{T} v \rvert"),
            ("W_{out}x", "W_{out} x"),
            ("1^TA1", "1^{T} A 1"),
            (r"\mathbf{1}^\top A \mathbf{1}_n", r"\mathbf{1}^{\top} A \mathbf{1}_{n}"),
            (r"I_n \otimes A + A^\top \otimes I_n", r"I_{n} \otimes A + A^{\top} \otimes I_{n}"),
            (r"K_{n,n}(A\otimes B)K_{n,n}", r"K_{n, n} (A \otimes B) K_{n, n}"),
            (r"(B^\top \otimes A)\text{vec}(X)", r"(B^{\top} \otimes A) \operatorname{vec}(X)"),
        ),
        names=(("x", r"\vec{x}"),),
        defined=(
            r"\hat{y}",
            "W_{out}",
        ),
    ),
)
