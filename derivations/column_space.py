"""A matrix times a vector is a combination of the matrix's columns.

    Wx = x₁w₁ + … + x_Nw_N:    ∂(Wx)/∂x_j = w_j,  the column j

So Wx lies in the column space of W, and adding it as a column leaves the rank as it is. Its entries are the products of the
rows of W with x: rows are filters, they say how much of each is in x. x itself need not be a combination of the rows.
"""

import numpy as np

from symjac import declare, jacobian, plots

W, x = declare("W: M x N, x: N")

by_hand = W
derivation = jacobian(W * x, x)
evaluate = derivation.lambdify()

A, v, other = np.array([[1, 2], [0, 1], [1, 0]]), np.array([3, -1]), np.array([-1, 2, 2])
rank = np.linalg.matrix_rank
numbers = {
    "Wx": (A @ v, [1, -1, 3]),
    "3 · column 1 − 1 · column 2": (3 * A[:, 0] - A[:, 1], [1, -1, 3]),
    "rank of W": (rank(A), 2),
    "rank of W with Wx as a column more": (rank(np.column_stack([A, A @ v])), 2),
    "rank of W with (−1, 2, 2) as a column more": (rank(np.column_stack([A, other])), 3),
    "products of the rows with x": ([int(row @ v) for row in A], [1, -1, 3]),
}


def figure():
    return plots.column_space(A, v, {"$(-1, 2, 2)$": other})
