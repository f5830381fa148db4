"""Claims in the text language: claim, function, variable, declarations; the layout is a letter for each, N or D."""

from __future__ import annotations

LINEAR = "A: M x N, x: N, b: M"
QUADRATIC = "A: N x N, x: N"
SYMMETRIC = "A: N x N symmetric, x: N"
MATRIX = "A: M x N"
SQUARE = "X: N x N"
REGRESSION = "X: N x P, y: N, w: P, c: scalar positive"
NETWORK = "W: M x N, x: N, b: M, V: P x M, c: P"
ROWS = "X: N x N, r: 1 x N"
PAIR = "A: P x M, X: M x N, B: N x P"

CLAIMS = [
    ("A", "A*x + b", "x", LINEAR, "N", "correct"),
    ("A.T", "A*x + b", "x", LINEAR, "N", "convention"),
    ("A.T", "A*x + b", "x", LINEAR, "D", "correct"),
    ("2*A", "A*x + b", "x", LINEAR, "N", "wrong"),
    ("A*x", "A*x + b", "x", LINEAR, "N", "wrong"),
    ("A", "A*x", "x", QUADRATIC, "N", "correct"),
    ("A.T", "A*x", "x", QUADRATIC, "N", "convention"),
    ("kron(x.T, eye(M))", "A*x", "A", LINEAR, "N", "correct"),
    ("kron(eye(M), x.T)", "A*x", "A", LINEAR, "N", "convention"),
    ("kron(eye(M), x)", "A*x", "A", LINEAR, "N", "convention"),
    ("kron(x, eye(M))", "A*x", "A", LINEAR, "N", "convention"),
    ("kron(x.T, ones(M, M))", "A*x", "A", LINEAR, "N", "wrong"),
    ("x.T*(A + A.T)", "x.T*A*x", "x", QUADRATIC, "N", "correct"),
    ("(A + A.T)*x", "x.T*A*x", "x", QUADRATIC, "N", "convention"),
    ("(A + A.T)*x", "x.T*A*x", "x", QUADRATIC, "D", "correct"),
    ("2*A*x", "x.T*A*x", "x", QUADRATIC, "D", "wrong"),
    ("2*A*x", "x.T*A*x", "x", SYMMETRIC, "D", "correct"),
    ("2*x.T*A", "x.T*A*x", "x", SYMMETRIC, "N", "correct"),
    ("A*x", "x.T*A*x", "x", SYMMETRIC, "D", "wrong"),
    ("x*x.T", "x.T*A*x", "A", QUADRATIC, "D", "correct"),
    ("x*x.T", "x.T*A*x", "A", QUADRATIC, "N", "correct"),
    ("vec(x*x.T).T", "x.T*A*x", "A", QUADRATIC, "N", "correct"),
    ("kron(x, x)", "x.T*A*x", "A", QUADRATIC, "D", "correct"),
    ("2*x*x.T", "x.T*A*x", "A", QUADRATIC, "D", "wrong"),
    ("(eye(N**2) + K(N, N))*kron(eye(N), A.T)", "A.T*A", "A", MATRIX, "N", "correct"),
    ("kron(eye(N), A.T)", "A.T*A", "A", MATRIX, "N", "wrong"),
    ("(eye(N**2) + K(N, N))*kron(A.T, eye(N))", "A.T*A", "A", MATRIX, "N", "convention"),
    ("kron(A.T, eye(N)) + kron(eye(N), A.T)*K(M, N)", "A.T*A", "A", MATRIX, "N", "wrong"),
    ("(eye(M**2) + K(M, M))*kron(A, eye(M))", "A*A.T", "A", MATRIX, "N", "correct"),
    ("2*kron(A, eye(M))", "A*A.T", "A", MATRIX, "N", "wrong"),
    ("kron(eye(N), X) + kron(X.T, eye(N))", "X*X", "X", SQUARE, "N", "correct"),
    ("kron(eye(N), X) + kron(X, eye(N))", "X*X", "X", SQUARE, "N", "wrong"),
    ("2*kron(eye(N), X)", "X*X", "X", SQUARE, "N", "wrong"),
    ("-kron(inv(X).T, inv(X))", "inv(X)", "X", SQUARE, "N", "correct"),
    ("kron(inv(X).T, inv(X))", "inv(X)", "X", SQUARE, "N", "wrong"),
    ("-kron(inv(X), inv(X))", "inv(X)", "X", SQUARE, "N", "wrong"),
    ("-kron(inv(X), inv(X).T)", "inv(X)", "X", SQUARE, "N", "convention"),
    ("K(M, N)", "A.T", "A", MATRIX, "N", "correct"),
    ("eye(M*N)", "A.T", "A", MATRIX, "N", "convention"),
    ("kron(B.T, A)", "A*X*B", "X", PAIR, "N", "correct"),
    ("kron(B, A)", "A*X*B", "X", PAIR, "N", "wrong"),
    ("A.T*B.T", "trace(A*X*B)", "X", PAIR, "D", "correct"),
    ("B*A", "trace(A*X*B)", "X", PAIR, "N", "correct"),
    ("B*A", "trace(A*X*B)", "X", PAIR, "D", "convention"),
    ("A*B", "trace(A*B*B*A)", "A", "A, B: N x N", "D", "wrong"),
    ("inv(X).T", "log(det(X))", "X", "X: N x N posdef", "D", "correct"),
    ("inv(X)", "log(det(X))", "X", SQUARE, "D", "convention"),
    ("det(X)*inv(X).T", "det(X)", "X", SQUARE, "D", "correct"),
    ("det(X)*inv(X)", "det(X)", "X", SQUARE, "N", "correct"),
    ("inv(X).T", "det(X)", "X", SQUARE, "D", "wrong"),
    ("2*X", "norm(X)**2", "X", "X: M x N", "D", "correct"),
    ("X/norm(X)", "norm(X)", "X", "X: M x N", "D", "correct"),
    ("X/norm(X)**2", "norm(X)", "X", "X: M x N", "D", "wrong"),
    ("2*X.T*(X*w - y) + 2*c*w", "norm(X*w - y)**2 + c*norm(w)**2", "w", REGRESSION, "D", "correct"),
    ("2*X.T*(y - X*w) + 2*c*w", "norm(X*w - y)**2 + c*norm(w)**2", "w", REGRESSION, "D", "wrong"),
    ("2*X.T*(X*w - y) + c*w", "norm(X*w - y)**2 + c*norm(w)**2", "w", REGRESSION, "D", "wrong"),
    ("2*(X*w - y)*w.T", "norm(X*w - y)**2", "X", REGRESSION, "D", "correct"),
    ("(X*w - y).T*X/norm(X*w - y)", "norm(X*w - y)", "w", REGRESSION, "N", "correct"),
    ("diag(ones(M) - hadamard_power(tanh(W*x + b), 2))*W", "tanh(W*x + b)", "x", NETWORK, "N", "correct"),
    ("(eye(N) - x*x.T/norm(x)**2)/norm(x)", "x/norm(x)", "x", "x: N", "N", "correct"),
    ("(eye(N) - x*x.T)/norm(x)", "x/norm(x)", "x", "x: N", "N", "wrong"),
    ("diag(softmax(x)) - softmax(x)*softmax(x).T", "softmax(x)", "x", "x: N", "N", "correct"),
    ("diag(softmax(x))", "softmax(x)", "x", "x: N", "N", "wrong"),
    ("softmax(x)", "log(sum(exp(x)))", "x", "x: N", "D", "correct"),
    ("exp(x)/sum(exp(x))", "log(sum(exp(x)))", "x", "x: N", "D", "correct"),
    ("exp(x)", "log(sum(exp(x)))", "x", "x: N", "D", "wrong"),
    ("hadamard_power(x, -1)", "sum(log(x))", "x", "x: N positive", "D", "correct"),
    ("diag(hadamard_power(x, -1))", "log(x)", "x", "x: N", "N", "correct"),
    ("A", "A*c", "c", "A: M x N, c: scalar", "N", "correct"),
    ("vec(A)", "A*c", "c", "A: M x N, c: scalar", "N", "correct"),
    ("A.T", "A*c", "c", "A: M x N, c: scalar", "N", "convention"),
    ("diag(vec(B))", "hadamard(A, B)", "A", "A, B: M x N", "N", "correct"),
    ("diag(vec(B.T))", "hadamard(A, B)", "A", "A, B: M x N", "N", "convention"),
    ("diag(vec(A))", "hadamard(A, B)", "A", "A, B: M x N", "N", "wrong"),
    ("A", "A*A.T", "x", "A: M x N, x: N", "N", "wrong"),
    ("r*(X + X.T)", "r*X*r.T", "r", ROWS, "D", "correct"),
    ("(X + X.T)*r.T", "r*X*r.T", "r", ROWS, "N", "correct"),
    ("2*r*X", "r*X*r.T", "r", ROWS, "D", "wrong"),
    ("X.T", "r*X", "r", ROWS, "N", "correct"),
    ("X", "r*X", "r", ROWS, "N", "convention"),
]

LENIENT = [
    ("diag(1 - tanh(W*x + b)**2)*W", "tanh(W*x + b)", "x", NETWORK, "N", "correct"),
    ("W*diag(ones(M) - hadamard_power(tanh(W*x + b), 2))", "tanh(W*x + b)", "x", NETWORK, "N", "wrong"),
    ("0", "A*A.T", "x", "A: M x N, x: N", "N", "correct"),
]
"""Claims that the text language alone would refuse: for their shapes, or a bare 0."""
