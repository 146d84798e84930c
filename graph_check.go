package nabla

import (
	"errors"
	"math"
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
)

// localTolerance is the largest deviation of what consumers contribute from the adjoint
// that was found by itself, relative to its largest entry.
const localTolerance = 1e-8

// checkFlow sees that the contributions of consumers add up to the adjoints: at a random
// point they are computed from the result down. Where an adjoint was not found by itself
// its sum is compared with differences; in a large graph those of the variables are.
func (g *grapher) checkFlow(large bool) error {
	p := g.p
	if p.req.NoCheck || !p.prog.Result.Shape.IsScalar() {
		return nil
	}
	assigned, moved := g.assignments()
	var more []*expr.Symbol
	for _, n := range g.nodes {
		if n.adj != nil {
			more = append(more, n.adj)
		}
	}
	board, err := eval.NewBoard(p.b, []*expr.Node{p.prog.Result}, nil, assigned, more, moved, 1)
	if err != nil {
		return nil // no point: then no adjoint could be compared with differences either
	}
	known := map[*gnode]bool{}
	for _, n := range slices.Backward(g.nodes) {
		if n.users == nil {
			known[n] = true
			continue
		}
		if n.local == nil || slices.ContainsFunc(n.users, func(c *gnode) bool { return !known[c] }) {
			continue
		}
		got, err := board.Values(n.local, n.index)
		if err != nil {
			continue
		}
		known[n] = true
		if n.adj != nil {
			if err := board.Assign([]eval.Assignment{{Sym: n.adj, Node: n.local, Index: n.index}}); err != nil {
				return err
			}
		}
		var want []expr.Dense
		tolerance, scale := localTolerance, 1e-3
		switch {
		case n.answer != nil:
			if want, err = board.Answer(g.problem(n)); err != nil {
				continue
			}
		case !large || n.node == nil:
			var slack float64
			pr := &eval.Problem{Reg: p.b, F: g.cut(n).prog.Result, X: n.sym, Index: n.index, Denominator: true}
			if want, slack, err = board.ByDifferences(pr, nil); err != nil {
				continue
			}
			tolerance = instanceTolerance
			scale = math.Max(scale, slack/tolerance)
			n.out.Adjoint.Check = &GraphCheck{Points: 1}
		default:
			continue
		}
		worst, ok := farApart(got, want, scale)
		if !ok || !(worst <= tolerance) {
			return &InternalError{"the contributions to " + n.out.Adjoint.Symbol + " do not add up to it"}
		}
		if n.answer == nil {
			n.out.Adjoint.Check.MaxError = worst
		}
	}
	return nil
}

// assignments compute the nodes in their order; moved are the variables.
func (g *grapher) assignments() (assigned []eval.Assignment, moved []*expr.Symbol) {
	for _, n := range g.nodes {
		switch {
		case n.node != nil:
			assigned = append(assigned, eval.Assignment{Sym: n.sym, Node: n.body, Index: n.index})
		case n.out.Kind == GraphVariable:
			moved = append(moved, n.sym)
		}
	}
	return assigned, moved
}

// farApart is the largest difference of entries, relative to the largest entry and at
// least scale; ok is false where shapes differ.
func farApart(got, want []expr.Dense, scale float64) (worst float64, ok bool) {
	if len(got) != len(want) {
		return 0, false
	}
	for k, d := range got {
		if d.Rows != want[k].Rows || d.Cols != want[k].Cols {
			return 0, false
		}
		scale = math.Max(scale, math.Max(eval.Magnitude(d), eval.Magnitude(want[k])))
	}
	for k, d := range got {
		for i, v := range d.Data {
			worst = math.Max(worst, math.Abs(v-want[k].Data[i]))
		}
	}
	return worst / scale, true
}

// problem is that of comparing a node's adjoint with differences.
func (g *grapher) problem(n *gnode) *eval.Problem {
	a := n.answer
	pr := &eval.Problem{Reg: g.p.b, F: n.above, D: a.node, X: n.sym, Index: n.index,
		Denominator: g.p.req.Layout == Denominator, ByRows: g.p.req.Vec == Rows}
	if pr.D == nil {
		pr.DView = &eval.View{Sum: a.view.sum, Rows: a.view.axes.Rows, Cols: a.view.axes.Cols}
	}
	return pr
}

// compare sees that the numbers of an adjoint are those that differences give. Where
// differences do not settle there is nothing to compare.
func (g *grapher) compare(b *eval.Board, n *gnode, got []expr.Dense) error {
	want, slack, err := b.ByDifferences(g.problem(n), nil)
	var none *eval.NoPoint
	if errors.As(err, &none) || errors.Is(err, eval.ErrTooLarge) || errors.Is(err, eval.ErrTooLong) {
		return nil
	}
	if err != nil {
		return err
	}
	if worst, ok := farApart(got, want, math.Max(1e-3, slack/instanceTolerance)); !ok || !(worst < instanceTolerance) {
		return &InternalError{n.out.Adjoint.Symbol + " differs from differences in the instance"}
	}
	return nil
}
