import numpy as np


def kinds(a, n, v, M, L, f):
    return a + n + np.sum(f(v)), (v @ M)[None, :], a * M, f(v), a * L + n
