# ‖X w − y‖² and its gradient 2 Xᵀ(X w − y).
least_squares <- function(X, w, y) {
  if (nrow(X) != length(y) || ncol(X) != length(w)) {
    stop(sprintf("X is %d × %d, but y has %d entries and w %d", nrow(X), ncol(X), length(y), length(w)))
  }
  r <- drop(X %*% w) - y
  list(value = sum(r * r), gradient = drop(2 * crossprod(X, r)))
}

least_squares_check <- function(X, w, y, h = 1e-6) {
  g <- least_squares(X, w, y)$gradient
  v <- cos(seq_along(w) - 1)
  slope <- (least_squares(X, w + h * v, y)$value - least_squares(X, w - h * v, y)$value) / (2 * h)
  err <- abs(sum(g * v) - slope) / max(1, abs(slope))
  if (!(err < 1e-6)) stop(sprintf("the gradient is off by %.2g", err))
  err
}
