package eval

import (
	"errors"
	"math"
	"slices"

	"example.com/nabla/internal/expr"
)

// An Assignment says that a symbol has the value of a node: with Index, each
// member of the symbol's family that of the node at this value of the index.
type Assignment struct {
	Sym   *expr.Symbol
	Node  *expr.Node
	Index *expr.Index
}

// A Board is a random point at which the lines of a derivation are compared.
// Symbols have values that are drawn, or computed from others, or found by
// differences.
type Board struct {
	pt    *Point
	moved []*expr.Symbol
	progs map[*expr.Node]*program
}

// NewBoard draws a point at which all nodes have a value. The assigned symbols,
// each computed from those before it and from variables, are not drawn; others in
// more are, besides the variables that occur, also in lines, which are evaluated later. The
// point keeps away from kinks that the moved symbols could cross. It returns a *NoPoint
// where none is found.
func NewBoard(reg expr.Operators, nodes, lines []*expr.Node, assigned []Assignment, more, moved []*expr.Symbol, seed uint64) (*Board, error) {
	all := slices.Concat(nodes, lines)
	for _, a := range assigned {
		all = append(all, a.Node)
		more = append(more[:len(more):len(more)], a.Sym)
	}
	inv := newInventory(reg, all, more...)
	var last error = &NoPoint{"no sizes make every shape positive"}
	for i, sizes := range inv.sizings(24) {
		b, err := inv.board(sizes, nodes, assigned, moved, seed+uint64(i)+1)
		var none *NoPoint
		switch {
		case err == nil:
			return b, nil
		case errors.Is(err, errNoSize) || errors.As(err, &none):
			last = err
		default:
			return nil, err
		}
	}
	return nil, last
}

func (inv *inventory) board(sizes []int, nodes []*expr.Node, assigned []Assignment, moved []*expr.Symbol, seed uint64) (*Board, error) {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil, err
	}
	b := &Board{pt: pt, moved: moved, progs: map[*expr.Node]*program{}}
	s := newSampler(inv, seed)
	reason := ""
	for range 40 {
		s.draw(pt)
		err := b.assign(assigned, true)
		for _, n := range nodes {
			if err != nil {
				break
			}
			err = b.each(n, nil, true, func(int, expr.Dense) {})
		}
		if err == nil {
			return b, nil
		}
		var u *unfit
		if !errors.As(err, &u) {
			return nil, err
		}
		s.refused(u)
		reason = err.Error()
	}
	return nil, &NoPoint{reason}
}

// each runs n at each value of index, or once if it is nil.
func (b *Board) each(n *expr.Node, index *expr.Index, guard bool, f func(member int, v expr.Dense)) error {
	p := b.progs[n]
	if p == nil {
		var err error
		if p, err = compile(n, b.pt, b.moved...); err != nil {
			return err
		}
		b.progs[n] = p
	}
	count := 1
	if index != nil {
		count = b.pt.size(index.Size)
	}
	for i := range count {
		if index != nil && index.Ordinal < len(p.index) {
			p.index[index.Ordinal] = i
		}
		v, err := p.run(guard)
		if err == nil && !finite(v.Data) {
			err = unfitted(n, errNotFinite)
		}
		if err != nil {
			return err
		}
		f(i, v)
	}
	return nil
}

func (b *Board) assign(list []Assignment, guard bool) error {
	for _, a := range list {
		vals := b.pt.variable(a.Sym).vals
		if err := b.each(a.Node, a.Index, guard, func(i int, v expr.Dense) { copy(vals[i].Data, v.Data) }); err != nil {
			return err
		}
	}
	return nil
}

// Assign computes the assigned symbols in their order.
func (b *Board) Assign(list []Assignment) error { return b.assign(list, false) }

// Values returns the value of n, at each value of index if that is not nil.
func (b *Board) Values(n *expr.Node, index *expr.Index) ([]expr.Dense, error) {
	var out []expr.Dense
	err := b.each(n, index, false, func(_ int, v expr.Dense) { out = append(out, clone(v)) })
	return out, err
}

// Differences gives each assigned symbol the derivative of its node where the
// symbols of moved change at the rate of the symbols that they are paired with,
// by central differences of order six; the symbols of computed follow what moves.
// Rates of large values are made as large, so that a step moves them. Where two steps do
// not agree or move a value by less than its rounding it returns a *NoPoint.
func (b *Board) Differences(assigned []Assignment, moved map[*expr.Symbol]*expr.Symbol, computed []Assignment) error {
	base := map[*expr.Symbol][]expr.Dense{}
	for s, rate := range moved {
		rates := b.pt.variable(rate).vals
		for i, v := range b.pt.variable(s).vals {
			base[s] = append(base[s], clone(v))
			if m := largest(v.Data); m > largeValue {
				for j := range rates[i].Data {
					rates[i].Data[j] *= m
				}
			}
		}
	}
	move := func(h float64) {
		for s, rate := range moved {
			vals, rates := b.pt.variable(s).vals, b.pt.variable(rate).vals
			for i, v := range base[s] {
				for j, x := range v.Data {
					vals[i].Data[j] = x
					if h != 0 {
						vals[i].Data[j] += h * rates[i].Data[j]
					}
				}
			}
		}
	}
	defer func() {
		move(0)
		b.assign(computed, false)
	}()
	size := make([]float64, len(assigned)) // the largest entries
	run := func(h float64) ([][]expr.Dense, error) {
		out := make([][]expr.Dense, len(assigned))
		for w, weight := range order6 {
			for _, sign := range [2]float64{1, -1} {
				move(sign * float64(w+1) * h)
				if err := b.assign(computed, false); err != nil {
					return nil, err
				}
				for k, a := range assigned {
					err := b.each(a.Node, a.Index, false, func(i int, v expr.Dense) {
						if len(out[k]) <= i {
							out[k] = append(out[k], expr.NewDense(v.Rows, v.Cols))
						}
						for j, x := range v.Data {
							out[k][i].Data[j] += sign * weight / h * x
						}
						size[k] = math.Max(size[k], largest(v.Data))
					})
					if err != nil {
						return nil, err
					}
				}
			}
		}
		return out, nil
	}
	for _, h := range []float64{2e-3, 2e-4} {
		first, err := run(h)
		if err != nil {
			continue
		}
		second, err := run(h / 2)
		if err != nil {
			continue
		}
		worst := 0.0
		for k := range first {
			for i := range first[k] {
				worst = math.Max(worst, Deviation(first[k][i], second[k][i]))
				if size[k]*0x1p-50/h > math.Max(floor, largest(second[k][i].Data)) {
					worst = math.Inf(1) // both are what rounding leaves
				}
			}
		}
		if worst > 1e-8 {
			continue
		}
		for k, a := range assigned {
			vals := b.pt.variable(a.Sym).vals
			for i, v := range second[k] {
				copy(vals[i].Data, v.Data)
			}
		}
		return nil
	}
	return &NoPoint{"differences do not settle"}
}

// largeValue is from where on a rate is made as large as the value that it moves.
const largeValue = 1e3

// largest is the largest absolute value of the entries.
func largest(v []float64) float64 {
	m := 0.0
	for _, x := range v {
		m = math.Max(m, math.Abs(x))
	}
	return m
}

// Sizes lists the size names and their values.
func (b *Board) Sizes() []Size { return b.pt.Sizes() }

// Deviation is the largest difference of two values of one shape, relative to
// their largest entry; small values are compared absolutely. Values of different
// shapes deviate by infinity.
func Deviation(a, b expr.Dense) float64 {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		return math.Inf(1)
	}
	scale, gap := floor, 0.0
	for i, x := range a.Data {
		scale = math.Max(scale, math.Max(math.Abs(x), math.Abs(b.Data[i])))
		gap = math.Max(gap, math.Abs(x-b.Data[i]))
		if math.IsNaN(x) || math.IsNaN(b.Data[i]) {
			return math.Inf(1)
		}
	}
	return gap / scale
}
