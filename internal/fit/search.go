package fit

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// guarded is a line search that takes a shorter step where the function is not finite, and
// ends where it has come to nothing after many.
type guarded struct {
	optimize.Linesearcher
	value, slope float64 // at the start
	step         float64
	tried        int
}

// mostTried bounds the steps of a search: halving as often comes to the distance of
// numbers from one another.
const mostTried = 60

// Init implements optimize.Linesearcher.
func (g *guarded) Init(value, derivative, step float64) optimize.Operation {
	g.value, g.slope, g.step, g.tried = value, derivative, step, 0
	return g.Linesearcher.Init(value, derivative, step)
}

// Iterate implements optimize.Linesearcher.
func (g *guarded) Iterate(value, derivative float64) (optimize.Operation, float64, error) {
	if g.tried++; g.tried > mostTried {
		return optimize.NoOperation, 0, optimize.ErrNoProgress
	}
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
