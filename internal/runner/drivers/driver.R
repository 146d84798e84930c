# Runs generated source for R: driver.R DIR FIRST LAST RESULTS. The files are described in
# protocol.go.
given <- commandArgs(trailingOnly = TRUE)
out <- file(given[4], open = "a", encoding = "UTF-8")

say <- function(kind, text = "") {
  text <- gsub("\n", "\\n", gsub("\\", "\\\\", text, fixed = TRUE), fixed = TRUE)
  writeLines(paste(kind, text), out)
  flush(out)
}

make_function <- function(c) {
  force(c)
  function(t) c[1] * sin(c[2] * t + c[3]) + c[4] * exp(c[5] * t)
}

read_args <- function(path) {
  words <- scan(path, what = "", quiet = TRUE)
  at <- 3
  take <- function(n) {
    force(n)
    at <<- at + n
    if (n == 0) numeric(0) else as.numeric(words[seq(at - n, at - 1)])
  }
  counts <- as.integer(words[1:2])
  lapply(seq_len(counts[1]), function(p) lapply(seq_len(counts[2]), function(k) {
    kind <- words[at]
    at <<- at + 1
    switch(kind,
      S = take(1),
      I = as.integer(take(1)),
      V = take(take(1)),
      M = {
        shape <- take(2)
        matrix(take(prod(shape)), shape[1], shape[2], byrow = TRUE)
      },
      L = {
        shape <- take(3)
        lapply(seq_len(shape[1]), function(i) matrix(take(shape[2] * shape[3]), shape[2], shape[3], byrow = TRUE))
      },
      F = make_function(take(5)))
  }))
}

entries <- function(m) if (is.null(dim(m))) m else as.vector(t(m))

write_value <- function(v) {
  if (is.list(v)) {
    if (!all(vapply(v, is.matrix, TRUE))) stop("a result that is a list of other things than matrices")
    shape <- c(length(v), if (length(v) > 0) dim(v[[1]]) else c(0, 0))
    x <- unlist(lapply(v, entries))
  } else {
    shape <- if (is.null(dim(v))) length(v) else dim(v)
    x <- entries(v)
  }
  if (!is.numeric(x)) stop("a result of type ", typeof(x))
  # A whole number is as good as a float: R turns one into the other.
  say("V", paste(c("float64", length(shape), shape, sprintf("%.17g", as.numeric(x))), collapse = " "))
}

run_job <- function(path) {
  set.seed(1) # what a check draws does not depend on other jobs
  job <- scan(file.path(path, "job"), what = "", quiet = TRUE)
  points <- read_args(file.path(path, "args"))
  space <- new.env(parent = globalenv())
  failed <- tryCatch({
    eval(parse(file.path(path, "source.R"), keep.source = FALSE, encoding = "UTF-8"), space)
    f <- get(job[1], space, mode = "function", inherits = FALSE)
    if (job[3] == "1") g <- get(paste0(job[1], "_check"), space, mode = "function", inherits = FALSE)
    FALSE
  }, error = function(e) {
    say("E", conditionMessage(e))
    TRUE
  })
  if (failed) return()
  for (args in points) {
    say("P")
    tryCatch({
      got <- do.call(f, args)
      if (job[2] == "1") got <- list(got)
      else if (!is.list(got) || is.null(names(got)) || any(names(got) == "")) stop("the results are no named list")
      for (v in got) write_value(v)
    }, error = function(e) say("X", conditionMessage(e)))
    if (job[3] == "1") {
      tryCatch(say("C", sprintf("%.17g", do.call(g, args))),
        error = function(e) say("Y", conditionMessage(e)))
    }
  }
}

options(warn = -1)
for (k in seq(as.integer(given[2]), as.integer(given[3]))) {
  say("J", k)
  run_job(file.path(given[1], k))
  say("D")
}
close(out)
