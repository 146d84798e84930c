//go:build !amd64

package blas

// available are the kernels that this processor can run, the fastest last.
func available() []*kernels { return []*kernels{&portable} }
