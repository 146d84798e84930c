// Package blas has the dense float64 kernels of the native evaluator: products of
// matrices and vectors, triangular solves, Cholesky and LU factors, and functions of
// slices entry by entry.
//
// # Storage
//
// A matrix is a slice with a leading dimension: entry (i, j) is a[i*lda+j], row after
// row, with lda at least the number of columns. A vector is a slice without gaps; a
// column of a matrix is passed to Gemm as a matrix with one column. Slices may be longer
// than needed. A slice that is too short, a leading dimension that is too small and a
// negative size are errors of the caller and panic.
//
// # Aliasing
//
// An output must not overlap an input unless the function's documentation allows it.
// Functions of slices entry by entry allow dst to be one of the inputs, that is, to
// begin at the same entry; they do not allow slices shifted against each other.
//
// # Not-a-number, zero factors
//
// As in the reference BLAS, beta = 0 means that the output is only written, whatever it
// holds, and alpha = 0 that the inputs of that product are not read. Otherwise NaN and
// infinity propagate: a product is not skipped because one factor is zero.
//
// # Threads, memory
//
// Operations that are worth it are methods of Threads. Everything is safe for concurrent
// use on separate outputs. Scratch memory comes from a pool: in the steady state nothing
// is allocated. Results depend on the instruction set and on the number of threads by
// rounding only, and are the same in each run with the same ones.
package blas

import "fmt"

// Threads is how many goroutines an operation may use, the caller's among them. Values
// below 2 mean the caller's alone.
type Threads int

// checkMatrix panics unless a holds a matrix of the given shape and leading dimension.
func checkMatrix(name string, rows, cols int, a []float64, lda int) {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("blas: matrix %s has the shape %d × %d", name, rows, cols))
	}
	if rows == 0 || cols == 0 {
		return
	}
	if lda < cols {
		panic(fmt.Sprintf("blas: matrix %s has %d columns, but the leading dimension %d", name, cols, lda))
	}
	if need := (rows-1)*lda + cols; len(a) < need {
		panic(fmt.Sprintf("blas: matrix %s needs %d entries, but has %d", name, need, len(a)))
	}
}

// checkVector panics unless x has n entries.
func checkVector(name string, n int, x []float64) {
	if n < 0 || len(x) < n {
		panic(fmt.Sprintf("blas: vector %s needs %d entries, but has %d", name, n, len(x)))
	}
}

// sameLength panics unless two slices have the same length.
func sameLength(n, m int) {
	if n != m {
		panic(fmt.Sprintf("blas: slices of %d and %d entries", n, m))
	}
}
