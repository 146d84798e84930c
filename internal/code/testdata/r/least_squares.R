#' f = ‖X w − y‖²
#'
#' ∂f/∂w = 2 Xᵀ(X w − y)
#' vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
least_squares <- function(X, w, y) {
  .argument(X, "X", 2)
  .argument(w, "w", 1)
  .argument(y, "y", 1)
  m <- nrow(X)
  n <- ncol(X)
  if (length(w) != n) {
    stop("w has ", length(w), " entries, but X has ", n, " columns: both must be n")
  }
  if (length(y) != m) {
    stop("y has ", length(y), " entries, but X has ", m, " rows: both must be m")
  }
  t1 <- drop(X %*% w) - y
  value <- sum(t1^2)
  grad_w <- 2 * drop(crossprod(X, t1))
  list(value = value, grad_w = grad_w)
}

#' Compares the derivatives with central differences in random directions.
#' Returns the largest relative deviation; stops where it is above the tolerance.
least_squares_check <- function(X, w, y, trials = 3, tolerance = 1e-5) {
  base1 <- function(X, w, y) {
    t1 <- drop(X %*% w) - y
    sum(t1^2)
  }
  along2 <- function(result, direction) {
    sum(result * direction)
  }
  worst <- 0
  for (trial in seq_len(trials)) {
    d_w <- rnorm(length(w))
    results <- least_squares(X, w, y)
    step <- 1e-6 * (1 + max(abs(w), 0))
    difference <- (base1(X, w + step * d_w, y) - base1(X, w - step * d_w, y)) / (2 * step)
    worst <- max(worst, .deviation(along2(results$grad_w, d_w), difference))
  }
  if (!isTRUE(worst <= tolerance)) {
    stop(sprintf("the derivatives deviate from differences by %.1e", worst))
  }
  worst
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

# Largest difference relative to the largest entry.
.deviation <- function(got, want) {
  if (!identical(dim(got), dim(want)) || length(got) != length(want)) {
    stop("a derivative has another shape than its differences")
  }
  max(abs(got - want), 0) / (1 + max(abs(want), 0))
}
