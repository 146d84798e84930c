package code

// Functions that R source needs beside its own.

const rArgument = `# Stops where an argument is not a number, vector or matrix as its rank says.
.argument <- function(x, name, rank) {
  fits <- switch(rank + 1,
    is.numeric(x) && length(x) == 1,
    is.numeric(x) && is.null(dim(x)),
    is.numeric(x) && is.matrix(x),
    is.list(x) && length(x) > 0 && all(vapply(x, function(m) is.numeric(m) && is.matrix(m), NA)) &&
      length(unique(lapply(x, dim))) == 1)
  if (!fits) {
    what <- c("a number", "a vector of numbers without dim", "a matrix of numbers",
      "a list of matrices of numbers of one size")[rank + 1]
    form <- if (is.null(dim(x))) paste("length", length(x)) else paste("dim", paste(dim(x), collapse = " x "))
    type <- if (is.numeric(x)) class(x)[1] else paste(unique(c(typeof(x), class(x)[1])), collapse = " ")
    stop(name, " must be ", what, ", got ", type, " with ", form, call. = FALSE)
  }
}
`

const rErf = `# The error function: P(|Z| <= x sqrt(2)) for a normal Z, which has no cancellation at 0.
.erf <- function(x) sign(x) * pchisq(2 * x^2, 1)
`

const rSoftmax = `# exp(x) over its sum, without overflow.
.softmax <- function(x) {
  z <- exp(x - max(x))
  z / sum(z)
}
`

const rSoftmaxRows = `# exp(x) over the sum of its row, without overflow.
.softmax_rows <- function(x) {
  z <- exp(x - apply(x, 1, max))
  z / rowSums(z)
}
`

const rLogSumExp = `# log of the sum of exp(x), without overflow.
.logsumexp <- function(x) {
  top <- max(x)
  top + log(sum(exp(x - top)))
}
`

const rLogSumExpRows = `# log of the sum of exp(x) of each row, without overflow.
.logsumexp_rows <- function(x) {
  top <- apply(x, 1, max)
  top + log(rowSums(exp(x - top)))
}
`

const rLogDet = `# log of a determinant, NaN where that is not positive.
.logdet <- function(a) {
  d <- determinant(a)
  if (d$sign > 0 && is.finite(d$modulus)) as.vector(d$modulus) else NaN
}
`

const rSolveTransposed = `# Solves t(A) x = b with the QR factorisation of A.
.qr_solve_transposed <- function(factor, b) {
  y <- backsolve(qr.R(factor), as.matrix(b)[factor$pivot, , drop = FALSE], transpose = TRUE)
  x <- qr.qy(factor, y)
  if (is.matrix(b)) x else drop(x)
}
`

const rKhatriRao = `# Columns kronecker(a[, j], b[, j]).
.khatri_rao <- function(a, b) {
  a[rep(seq_len(nrow(a)), each = nrow(b)), , drop = FALSE] * b[rep(seq_len(nrow(b)), nrow(a)), , drop = FALSE]
}
`

const rKronApply = `# kronecker(a, b) %*% x without the Kronecker product; NULL is an identity matrix.
.kron_apply <- function(a, b, x) {
  k <- ncol(x)
  if (!is.null(b)) x <- matrix(b %*% matrix(x, ncol(b)), ncol = k)
  if (!is.null(a)) {
    q <- nrow(x) / ncol(a)
    x <- a %*% matrix(aperm(array(x, c(q, ncol(a), k)), c(2, 1, 3)), ncol(a))
    x <- matrix(aperm(array(x, c(nrow(a), q, k)), c(2, 1, 3)), ncol = k)
  }
  x
}
`

const rMatrixPower = `# a to the power k, an integer, by squaring.
.matrix_power <- function(a, k) {
  if (k < 0) return(.matrix_power(solve(a), -k))
  y <- diag(nrow(a))
  while (k > 0) {
    if (k %% 2 == 1) y <- y %*% a
    k <- k %/% 2
    if (k > 0) a <- a %*% a
  }
  y
}
`

const rPinv = `# The Moore-Penrose inverse.
.pinv <- function(a) {
  s <- svd(a)
  keep <- s$d > max(dim(a)) * .Machine$double.eps * s$d[1]
  s$v[, keep, drop = FALSE] %*% (t(s$u[, keep, drop = FALSE]) / s$d[keep])
}
`

const rContraction = `# The sum of products of arrays over the indices that are not in result, as a vector with
# the first index of result fastest; array k has the indices indices[[k]].
.contract <- function(arrays, indices, result) {
  size <- integer(0)
  for (k in seq_along(arrays)) {
    d <- dim(arrays[[k]])
    size[indices[[k]]] <- if (is.null(d)) length(arrays[[k]]) else d
  }
  # x with indices own, repeated along the others of all.
  spread <- function(x, own, all) {
    other <- setdiff(all, own)
    aperm(array(x, size[c(own, other)]), match(all, c(own, other)))
  }
  total <- 1
  at <- integer(0)
  for (k in seq_along(arrays)) {
    all <- union(at, indices[[k]])
    total <- spread(total, at, all) * spread(arrays[[k]], indices[[k]], all)
    at <- intersect(all, c(unlist(indices[-seq_len(k)]), result))
    total <- aperm(total, match(c(at, setdiff(all, at)), all))
    total <- rowSums(matrix(total, prod(size[at])))
  }
  if (length(at) > 1) total <- aperm(array(total, size[at]), match(result, at))
  as.vector(total)
}
`

const rDeviation = `# Largest difference relative to the largest entry.
.deviation <- function(got, want) {
  if (!identical(dim(got), dim(want)) || length(got) != length(want)) {
    stop("a derivative has another shape than its differences")
  }
  max(abs(got - want), 0) / (1 + max(abs(want), 0))
}
`
