package fit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Methods are the names of methods.
var Methods = []string{"lbfgs", "newton", "gd"}

// Options say how to minimise.
type Options struct {
	Method        string // one of Methods
	Tolerance     float64
	MaxIterations int
	// Report is called after each iteration.
	Report func(Iteration)
}

// An Iteration is how far a run is.
type Iteration struct {
	Number   int // 0 is the start
	Value    float64
	Gradient float64 // the norm, by the free parameters
}

// A Reason says why a run ended.
type Reason string

// Why a run ends.
const (
	SmallGradient Reason = "the gradient is small"
	SmallDecrease Reason = "the value hardly decreases"
	NoDecrease    Reason = "no step decreases the value further"
	NotSmooth     Reason = "the gradient is not finite there"
	Limit         Reason = "the limit of iterations is reached"
	Interrupted   Reason = "interrupted"
)

// A Result is where a run ended.
type Result struct {
	First, Last Iteration
	Evaluations int
	Reason      Reason
	Converged   bool
}

// A DivergedError says that the value falls without bound.
type DivergedError struct{ Value, Start, Norm float64 }

// Error is the message and what to try.
func (e *DivergedError) Error() string {
	return fmt.Sprintf("the fit diverges: the value falls from %.3g at the start to %.3g, where the free parameters have the norm %.3g\n"+
		"hint: the function seems to be unbounded below; a penalty such as + c*norm2(w)^2 bounds it", e.Start, e.Value, e.Norm)
}

// watch follows a run: it keeps the best place, and says when it has converged.
type watch struct {
	p     *Problem
	o     *Options
	best  []float64
	first *Iteration
	last  Iteration
	past  []float64 // values of the last iterations
	most  float64   // the largest norm of a gradient so far
	why   Reason
	// saddle reports whether a place with a small gradient is no minimum; nil if that
	// is not known.
	saddle func(*optimize.Location) bool
}

// window is over how many iterations the decrease of the value is looked at.
const window = 10

// Init implements optimize.Converger.
func (w *watch) Init(int) {}

// Converged implements optimize.Converger, at each iteration.
func (w *watch) Converged(loc *optimize.Location) optimize.Status {
	it := Iteration{w.last.Number + 1, loc.F, norm(loc.Gradient)}
	if w.first == nil {
		it.Number = 0
		w.first = &it
	} else if equal(loc.X, w.best) {
		return optimize.NotTerminated // the start of another attempt
	}
	copy(w.best, loc.X)
	w.last = it
	if w.o.Report != nil {
		w.o.Report(it)
	}
	w.past = append(w.past, it.Value)
	tol := w.o.Tolerance
	scale := w.first.Gradient
	if w.most = math.Max(w.most, it.Gradient); scale == 0 {
		scale = w.most // the start is a saddle
	}
	switch {
	case it.Gradient <= tol*scale && (w.saddle == nil || !w.saddle(loc)):
		w.why = SmallGradient
		return optimize.GradientThreshold
	case len(w.past) > window && w.past[len(w.past)-1-window]-it.Value <= 1e-3*tol*math.Max(math.Abs(it.Value), 1e-300):
		w.why = SmallDecrease
		return optimize.FunctionConvergence
	case it.Number >= w.o.MaxIterations:
		w.why = Limit
		return optimize.IterationLimit
	}
	return optimize.NotTerminated
}

// moved goes on from a better place that no step led to.
func (w *watch) moved(u []float64) {
	value, g := w.p.evaluate(u)
	copy(w.best, u)
	w.last.Value, w.last.Gradient = value, norm(g)
	w.past, w.why = nil, ""
}

// Minimize runs until the norm of the gradient is tol times that at the start, or the
// value decreases in ten iterations by less than 10⁻³ tol of itself. The variables
// have the best values then, also if the context ends the run. Errors are of type
// *[Error], *[NotFiniteError] or *[DivergedError], or what the machine returns.
func (p *Problem) Minimize(ctx context.Context, o Options) (*Result, error) {
	p.ctx = ctx
	start := slices.Clone(p.u)
	value, grad := p.evaluate(start)
	interrupted := func() bool { return ctx.Err() != nil }
	if p.err != nil && !interrupted() {
		return nil, p.err
	}
	if !interrupted() && (math.IsNaN(value) || math.IsInf(value, 0)) {
		return nil, &NotFiniteError{fmt.Sprintf("the value at the start is %v", value)}
	}
	if !interrupted() && !finite(grad) {
		return nil, &NotFiniteError{"the gradient at the start is not finite"}
	}
	p.least = -1e15 * (1 + math.Abs(value))
	p.start = value
	w := &watch{p: p, o: &o, best: slices.Clone(start)}
	problem := optimize.Problem{
		Func: func(u []float64) float64 {
			f, _ := p.evaluate(u)
			return f
		},
		Grad: func(g, u []float64) {
			_, gu := p.evaluate(u)
			copy(g, gu)
		},
		Status: func() (optimize.Status, error) {
			if err := ctx.Err(); err != nil {
				return optimize.Failure, err
			}
			if p.err != nil {
				return optimize.Failure, p.err
			}
			return optimize.NotTerminated, nil
		},
	}
	var err error
	for attempt := 0; ; attempt++ {
		if interrupted() {
			err = ctx.Err()
			break
		}
		before := w.last.Value
		p.lowValue = math.Inf(1)
		method := p.method(o.Method)
		if t, ok := method.(*trust); ok {
			w.saddle = t.saddle
		}
		_, err = optimize.Minimize(problem, w.best, &optimize.Settings{Converger: w}, method)
		if p.err != nil || interrupted() || w.why == Limit {
			break
		}
		if _, g := p.evaluate(w.best); p.err == nil && !finite(g) {
			w.why, err = NotSmooth, nil
			break
		}
		if attempt < 10 {
			if next, ok := p.leave(w.best); ok {
				w.moved(next)
				continue
			}
		}
		if err == nil || p.err != nil {
			break
		}
		// A search may end without a step as it finds none with the slope that it wants, at
		// a kink for instance, and has been where the value is lower.
		if p.lowValue < w.last.Value-1e-12*math.Abs(w.last.Value) {
			w.moved(slices.Clone(p.low))
			w.last.Number++
			if w.o.Report != nil {
				w.o.Report(w.last)
			}
			if w.last.Number < o.MaxIterations {
				continue
			}
			w.why, err = Limit, nil
			break
		}
		// A search that fails may do so because of the curvature it remembers: once more
		// from here without, as long as that helps.
		if attempt > 0 && !(w.last.Value < before-1e-12*math.Abs(before)) || attempt >= 10 {
			break
		}
		w.past = nil
	}
	p.known = false
	p.set(w.best)
	copy(p.u, w.best)
	r := &Result{Last: w.last, Evaluations: p.evals, Reason: w.why}
	if w.first != nil {
		r.First = *w.first
	}
	switch {
	case interrupted():
		r.Reason = Interrupted
		return r, nil
	case p.err != nil:
		return r, p.err
	case err != nil && !failedSearch(err):
		return r, &Error{Message: err.Error()}
	case err != nil:
		r.Reason = NoDecrease
	}
	r.Converged = r.Reason == SmallGradient || r.Reason == SmallDecrease ||
		r.Reason == NoDecrease && r.Last.Gradient <= math.Sqrt(o.Tolerance)*math.Max(r.First.Gradient, math.Abs(r.Last.Value))
	return r, nil
}

// A NotFiniteError says that the function cannot be evaluated where it starts.
type NotFiniteError struct{ What string }

func (e *NotFiniteError) Error() string { return e.What }

// failedSearch reports whether an error says that a line search has found no step.
func failedSearch(err error) bool {
	for _, e := range []error{optimize.ErrLinesearcherFailure, optimize.ErrNonDescentDirection, optimize.ErrNoProgress, optimize.ErrLinesearcherBound} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// method makes a method of that name.
func (p *Problem) method(name string) optimize.Method {
	wolfe := func() optimize.Linesearcher {
		return &guarded{Linesearcher: &optimize.MoreThuente{DecreaseFactor: 1e-4, CurvatureFactor: 0.9}}
	}
	switch name {
	case "gd":
		return &optimize.GradientDescent{Linesearcher: &guarded{Linesearcher: &optimize.Backtracking{}}, GradStopThreshold: math.NaN()}
	case "newton":
		return &trust{s: p.second}
	}
	return &optimize.LBFGS{Linesearcher: wolfe(), GradStopThreshold: math.NaN()}
}
