// Package ops has the rows of all operators, by family: what an operator is
// called, its shapes, meaning, differential, kernel, facts, printed forms, doc
// and examples. Rows hold text and plain functions only; phases receive the
// Registry as an argument. Call Registry.
package ops

import (
	"sync"

	"example.com/nabla/internal/expr"
)

// Registry returns the operators, checked and indexed once. A row with a field
// missing is a defect of the program, so it panics.
var Registry = sync.OnceValue(func() *expr.Registry {
	r, err := expr.NewRegistry(algebra, elementwise, products, matrix, reductions, constants, softmax)
	if err != nil {
		panic("ops: " + err.Error())
	}
	return r
})

// Facts that survive every function applied entry by entry to one operand, and
// those that survive one with f(0) = 0.
var (
	everywhere = []expr.Fact{expr.Symmetric, expr.Toeplitz}
	fixesZero  = []expr.Fact{expr.Symmetric, expr.Toeplitz, expr.Diagonal}
)

func unary(f func(float64) float64) func([]float64) float64 {
	return func(a []float64) float64 { return f(a[0]) }
}
