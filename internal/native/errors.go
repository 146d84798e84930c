package native

import (
	"fmt"
	"math"

	"example.com/nabla/internal/plan"
)

// A SingularError says that a system of equations has no unique solution to rounding.
type SingularError struct {
	Value     *plan.Value // the matrix
	Text      string      // the matrix in words
	Condition float64     // an estimate of its condition number, +∞ if it is exactly singular
}

func (e *SingularError) Error() string {
	if math.IsInf(e.Condition, 1) {
		return fmt.Sprintf("%s is singular: its condition number is infinite", e.Text)
	}
	return fmt.Sprintf("%s is singular to rounding: its condition number is about %.1g", e.Text, e.Condition)
}

// An IndefiniteError says that a matrix that must be positive definite is not.
type IndefiniteError struct {
	Value *plan.Value
	Text  string
	Minor int // the order of the first leading minor that is not positive
}

func (e *IndefiniteError) Error() string {
	return fmt.Sprintf("%s is not positive definite: its leading minor of order %d is not positive", e.Text, e.Minor)
}

// A RankError says that a matrix that must have full rank has not.
type RankError struct {
	Value     *plan.Value
	Text      string
	Condition float64 // an estimate of its condition number, +∞ if columns depend on one another exactly
}

func (e *RankError) Error() string {
	if math.IsInf(e.Condition, 1) {
		return fmt.Sprintf("%s has not full rank: its condition number is infinite", e.Text)
	}
	return fmt.Sprintf("%s has not full rank to rounding: its condition number is about %.1g", e.Text, e.Condition)
}

// A NotFiniteError says where the first NaN or infinity arises that no operand has.
type NotFiniteError struct {
	Value *plan.Value
	Text  string
	What  string // "NaN" or "infinity"
	// Row and Col are the entry, counted from 1.
	Row, Col int
	// Given says that it does not arise but is in an argument.
	Given bool
}

func (e *NotFiniteError) Error() string {
	at := fmt.Sprintf("entry (%d, %d)", e.Row, e.Col)
	if e.Value.Rank == 1 {
		at = fmt.Sprintf("entry %d", max(e.Row, e.Col))
	}
	switch {
	case e.Given && e.Value.Rank == 0:
		return fmt.Sprintf("%s is %s", e.Text, e.What)
	case e.Given:
		return fmt.Sprintf("%s has %s in %s", e.Text, e.What, at)
	case e.Value.Rank == 0:
		return fmt.Sprintf("%s first arises in %s", e.What, e.Text)
	}
	return fmt.Sprintf("%s first arises in %s of %s", e.What, at, e.Text)
}

func (w *worker) text(v *plan.Value) string { return w.memory.program.text(v) }

func (w *worker) singularError(v *plan.Value, rcond float64) error {
	return &SingularError{v, w.text(v), 1 / rcond}
}

func (w *worker) indefinite(v *plan.Value, pivot int) error {
	return &IndefiniteError{v, w.text(v), pivot + 1}
}

func (w *worker) rankDeficient(v *plan.Value, rcond float64) error {
	return &RankError{v, w.text(v), 1 / rcond}
}
