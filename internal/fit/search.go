package fit

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// guarded is a line search that takes a shorter step where the function is not finite.
type guarded struct {
	optimize.Linesearcher
	value, slope float64 // at the start
	step         float64
}

// Init implements optimize.Linesearcher.
func (g *guarded) Init(value, derivative, step float64) optimize.Operation {
	g.value, g.slope, g.step = value, derivative, step
	return g.Linesearcher.Init(value, derivative, step)
}

// Iterate implements optimize.Linesearcher.
func (g *guarded) Iterate(value, derivative float64) (optimize.Operation, float64, error) {
	if math.IsNaN(value) || math.IsInf(value, 1) {
		if g.step *= 0.2; g.step < 1e-30 {
			return optimize.NoOperation, 0, optimize.ErrNoProgress
		}
		return g.Linesearcher.Init(g.value, g.slope, g.step), g.step, nil
	}
	op, step, err := g.Linesearcher.Iterate(value, derivative)
	g.step = step
	return op, step, err
}

// steps is an optimize.Method that searches along the directions of its Directions.
type steps struct {
	optimize.LinesearchMethod
	status optimize.Status
	err    error
}

// Init implements optimize.Method.
func (s *steps) Init(dim, tasks int) int {
	s.status, s.err = optimize.NotTerminated, nil
	return 1
}

// Uses implements optimize.Method.
func (s *steps) Uses(has optimize.Available) (optimize.Available, error) {
	if !has.Grad {
		return optimize.Available{}, optimize.ErrMissingGrad
	}
	return optimize.Available{Grad: true}, nil
}

// Status implements optimize.Statuser.
func (s *steps) Status() (optimize.Status, error) { return s.status, s.err }

// Run implements optimize.Method: one task at a time, until PostIteration ends it or the
// search fails.
func (s *steps) Run(operation chan<- optimize.Task, result <-chan optimize.Task, tasks []optimize.Task) {
	defer close(operation)
	drain := func() {
		for range result {
		}
	}
	do := func(t optimize.Task) (optimize.Task, bool) {
		operation <- t
		t = <-result
		return t, t.Op != optimize.PostIteration
	}
	task := tasks[0]
	task.Op = optimize.FuncEvaluation | optimize.GradEvaluation
	task, ok := do(task)
	if ok {
		task.Op = optimize.MajorIteration
		task, ok = do(task)
	}
	if !ok {
		drain()
		return
	}
	op, err := s.LinesearchMethod.Init(task.Location)
	for {
		if err != nil {
			s.status, s.err = optimize.Failure, err
			task.Op = optimize.MethodDone
			operation <- task
			drain()
			return
		}
		task.Op = op
		if task, ok = do(task); !ok {
			drain()
			return
		}
		op, err = s.Iterate(task.Location)
	}
}
