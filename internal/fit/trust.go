package fit

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// A trust is Newton's method as an optimize.Method: each step goes to where the quadratic
// model is least within a radius, which shrinks where the function does not follow the
// model. Every step decreases the function, whatever the signs of the curvature; the
// radius is without bound as long as steps succeed, so that on convex functions the steps
// are Newton's.
type trust struct {
	s      *second
	status optimize.Status
	err    error

	at       []float64 // where the model is
	model    model
	indef    bool    // negative curvature was found in the last model
	gradient float64 // the norm at the start
}

const (
	accepted = 1e-4  // a step with this part of the decrease of its model, at least
	rounding = 1e-12 // of the value: a smaller change is no change
)

// Init implements optimize.Method.
func (t *trust) Init(dim, tasks int) int {
	t.status, t.err = optimize.NotTerminated, nil
	return 1
}

// Uses implements optimize.Method.
func (t *trust) Uses(has optimize.Available) (optimize.Available, error) {
	if !has.Grad {
		return optimize.Available{}, optimize.ErrMissingGrad
	}
	return optimize.Available{Grad: true}, nil
}

// Status implements optimize.Statuser.
func (t *trust) Status() (optimize.Status, error) { return t.status, t.err }

// Run implements optimize.Method: one task at a time, until PostIteration ends it or no
// step decreases the function.
func (t *trust) Run(operation chan<- optimize.Task, result <-chan optimize.Task, tasks []optimize.Task) {
	defer close(operation)
	task := tasks[0]
	do := func(op optimize.Operation) bool {
		task.Op = op
		operation <- task
		task = <-result
		return task.Op != optimize.PostIteration
	}
	if do(optimize.FuncEvaluation|optimize.GradEvaluation) && do(optimize.MajorIteration) {
		radius := math.Inf(1)
		for t.advance(&task, &radius, do) {
		}
		if t.err != nil {
			t.status = optimize.Failure
			task.Op = optimize.MethodDone
			operation <- task
		}
	}
	for range result { // until Minimize closes it
	}
}

// advance takes one step from where the task is. It returns false if the run ends.
func (t *trust) advance(task *optimize.Task, radius *float64, do func(optimize.Operation) bool) bool {
	x, f, size := slices.Clone(task.X), task.F, norm(task.Gradient)
	if t.gradient == 0 {
		t.gradient = size
	}
	m := t.modelAt(x, f, task.Gradient)
	s := make([]float64, len(x))
	for {
		decrease, length, bounded := m.step(*radius, s)
		if far := t.s.p.excess(s); far > 1.01 {
			*radius = length / far
			continue
		}
		t.indef = !m.convex()
		moved := false
		for i, v := range s {
			task.X[i] = x[i] + v
			moved = moved || task.X[i] != x[i]
		}
		if !moved || !(decrease > 0) {
			t.err = optimize.ErrNoProgress
			return false
		}
		if !do(optimize.FuncEvaluation | optimize.GradEvaluation) {
			return false
		}
		followed := (f - task.F) / decrease
		switch noise := rounding * math.Abs(f); {
		case decrease <= noise && math.Abs(f-task.F) <= noise:
			// The value no longer tells steps apart; the gradient does.
			if !(norm(task.Gradient) < size) {
				t.err = optimize.ErrNoProgress
				return false
			}
			followed = 1
		case !(followed >= accepted) || !finite(task.Gradient):
			*radius = math.Min(*radius, length) / 4
			continue
		}
		switch {
		case followed < 0.25:
			*radius = length / 4
		case followed > 0.75 && bounded:
			*radius = math.Max(3*length, *radius)
		case bounded:
			*radius = math.Max(length, *radius)
		}
		if bounded && math.IsInf(*radius, 1) {
			*radius = 3 * length
		}
		return do(optimize.MajorIteration)
	}
}

// modelAt returns the model at x.
func (t *trust) modelAt(x []float64, f float64, g []float64) model {
	if t.model != nil && equal(x, t.at) {
		return t.model
	}
	t.at = slices.Clone(x)
	n := len(x)
	ok := t.s.at(x)
	if t.s.dense {
		h := mat.NewSymDense(n, nil)
		if !ok || !t.s.hessian(h) {
			size := math.Max(norm(g), 1e-300)
			for i := range n {
				for j := range i + 1 {
					h.SetSym(i, j, 0)
				}
				h.SetSym(i, i, size)
			}
		}
		t.model = newMatrixModel(f, g, h)
		return t.model
	}
	tol := 0.5
	if t.gradient > 0 {
		tol = math.Min(tol, math.Sqrt(norm(g)/t.gradient))
	}
	t.model = &productModel{s: t.s, g: slices.Clone(g), tol: tol}
	return t.model
}

// saddle reports whether x, where the gradient is small, is no minimum: the matrix of
// second derivatives has negative curvature there. It is looked at where the last
// step met such curvature, or there was no step.
func (t *trust) saddle(loc *optimize.Location) bool {
	if !t.s.dense || t.model != nil && !t.indef {
		return false
	}
	return !t.modelAt(loc.X, loc.F, loc.Gradient).convex()
}
