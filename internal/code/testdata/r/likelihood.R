likelihood <- function(A, x, beta, s) {
  .argument(A, "A", 2)
  .argument(x, "x", 2)
  .argument(beta, "beta", 1)
  .argument(s, "s", 0)
  n <- nrow(A)
  N <- nrow(x)
  if (ncol(A) != n) {
    stop("A has ", ncol(A), " columns and ", n, " rows: both must be n")
  }
  if (ncol(x) != n) {
    stop("x[i] has ", ncol(x), " entries, but A has ", n, " rows: both must be n")
  }
  if (length(beta) != n) {
    stop("beta has ", length(beta), " entries, but A has ", n, " rows: both must be n")
  }
  QR <- qr(A, LAPACK = TRUE)
  t1 <- 0
  for (i in seq_len(N)) {
    t1 <- t1 + sum(x[i, ] * qr.coef(QR, x[i, ]))
  }
  value <- .logdet(A) + t1 + sum(beta * .qr_solve_transposed(QR, beta)) + s * sum(beta^2)
  grad_A <- t(qr.solve(QR))
  list(value = value, grad_A = grad_A)
}

# Stops where an argument is not a number, vector or matrix as its rank says.
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

# log of a determinant, NaN where that is not positive.
.logdet <- function(a) {
  d <- determinant(a)
  if (d$sign > 0 && is.finite(d$modulus)) as.vector(d$modulus) else NaN
}

# Solves t(A) x = b with the QR factorisation of A.
.qr_solve_transposed <- function(factor, b) {
  y <- backsolve(qr.R(factor), as.matrix(b)[factor$pivot, , drop = FALSE], transpose = TRUE)
  x <- qr.qy(factor, y)
  if (is.matrix(b)) x else drop(x)
}
