kinds <- function(a, n, v, M, L, f) {
  list(s = a + n + sum(f(v)), row = t(v) %*% M, A = a * M, u = f(v), K = lapply(L, function(A) a * A + n))
}
