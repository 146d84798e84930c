package eval

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"example.com/nabla/internal/expr"
)

// An Example says what point of small integers to choose for a worked example.
type Example struct {
	Reg expr.Operators
	// Domain are expressions that must have a value at the point, away from the edges
	// of their domains and from kinks that the symbols Moved could cross.
	Domain []*expr.Node
	Moved  []*expr.Symbol
	// Assigned are computed, in their order, before Domain is; More are further
	// symbols, which have storage and are not drawn.
	Assigned []Assignment
	More     []*expr.Symbol
	// Least are lower bounds of sizes.
	Least []LeastSize
	// Cost says how hard the numbers at a point are to read, or that they cannot be
	// shown (ok false).
	Cost func(*Board) (cost float64, ok bool)
	Seed uint64
}

// A LeastSize is a lower bound of a size.
type LeastSize struct {
	Dim *expr.Dim
	Min int
}

// Work of the search for an example: points at one choice of sizes, and
// multiplications, roughly, at all of them.
const (
	exampleTries = 32
	exampleWork  = 200_000
)

// Board chooses the point: sizes 3, 2, 4, … in the order of their names, variables
// of small integers that respect the facts (or simple fractions where facts or
// domains leave no integers), and of a number of such points the one of least cost.
// Unknown functions are the polynomials t² + t, t² + 2t, … It returns a *NoPoint where
// none is found.
func (q *Example) Board() (*Board, error) {
	all := slices.Clone(q.Domain)
	more := slices.Clone(q.More)
	for _, a := range q.Assigned {
		all = append(all, a.Node)
		more = append(more, a.Sym)
	}
	more = append(more, q.Moved...)
	inv := newInventory(q.Reg, all, more...)
	inv.polynomial = true
	var last error = &NoPoint{"no sizes make every shape positive"}
	for i, sizes := range inv.exampleSizings(q.Least) {
		b, err := q.board(inv, sizes, q.Seed+uint64(i)+1)
		var none *NoPoint
		switch {
		case err == nil:
			return b, nil
		case errors.Is(err, errNoSize), errors.Is(err, ErrTooLarge), errors.Is(err, ErrTooLong), errors.As(err, &none):
			last = err
		default:
			return nil, err
		}
	}
	return nil, last
}

// exampleSizings returns choices of sizes, the nicest first.
func (inv *inventory) exampleSizings(least []LeastSize) [][]int {
	k := len(inv.names)
	var out [][]int
	add := func(s []int) {
		pt := Point{inv: inv, sizes: s}
		for _, l := range least {
			if pt.size(l.Dim) >= l.Min {
				continue
			}
			for i, n := range inv.names {
				if l.Dim.String() == n {
					s[i] = l.Min
				}
			}
			if pt.size(l.Dim) < l.Min {
				return
			}
		}
		if inv.wide(s) && !slices.ContainsFunc(out, func(t []int) bool { return slices.Equal(s, t) }) {
			out = append(out, s)
		}
	}
	free := 0 // names that count nothing
	for i := range k {
		if !inv.isCount(i) {
			free++
		}
	}
	cycle := func(pattern ...int) {
		s := make([]int, k)
		at := 0
		for i := range s {
			if inv.isCount(i) {
				s[i] = 2
				continue
			}
			s[i] = pattern[at%len(pattern)]
			at++
		}
		add(s)
	}
	square := slices.ContainsFunc(inv.symbols, func(s *expr.Symbol) bool { return s.Shape.IsMatrix() && s.Shape.Rows == s.Shape.Cols })
	if free == 1 && square {
		cycle(2)
	}
	cycle(3, 2, 4)
	cycle(2, 3, 4)
	cycle(2)
	cycle(3)
	for _, s := range inv.sizings(12) {
		add(slices.Clone(s))
	}
	return out
}

func (q *Example) board(inv *inventory, sizes []int, seed uint64) (*Board, error) {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil, err
	}
	b := &Board{pt: pt, moved: q.Moved, progs: map[*expr.Node]*program{}}
	computed := make([]bool, len(pt.vars))
	for i, v := range pt.vars {
		computed[i] = slices.Contains(q.More, v.sym) || slices.ContainsFunc(q.Assigned, func(a Assignment) bool { return a.Sym == v.sym })
	}
	s := newSampler(inv, seed)
	var best [][]expr.Dense
	least := math.Inf(1)
	reason := ""
	tries := exampleTries
	for try := 0; try < tries; try++ {
		if best != nil && try >= 4 {
			work := 1
			for _, p := range b.progs {
				work += p.cost
			}
			if try*work > exampleWork {
				break
			}
		}
		for i, v := range pt.vars {
			if computed[i] {
				continue
			}
			for _, d := range v.vals {
				s.inv.limit.Step(1 + len(d.Data)/drawn)
				s.fillExample(d, v.sym, s.modes[i], 1+try%3)
				if c := inv.counts[i]; c >= 0 {
					d.Data[0] = float64(pt.sizes[c])
				}
			}
		}
		err := b.assign(q.Assigned, true)
		for _, n := range q.Domain {
			if err != nil {
				break
			}
			err = b.each(n, nil, true, func(int, expr.Dense) {})
		}
		var u *unfit
		switch {
		case errors.As(err, &u):
			s.refused(u)
			reason = err.Error()
			continue
		case err != nil:
			return nil, err
		}
		cost, ok := q.Cost(b)
		if !ok {
			reason = "its numbers cannot be shown"
			continue
		}
		for i, v := range pt.vars {
			if !computed[i] {
				cost += plainness(v)
			}
		}
		if cost < least {
			least, best = cost, best[:0]
			for _, v := range pt.vars {
				var kept []expr.Dense
				for _, d := range v.vals {
					kept = append(kept, clone(d))
				}
				best = append(best, kept)
			}
		}
	}
	if best == nil {
		return nil, &NoPoint{reason}
	}
	for i, v := range pt.vars {
		for k, d := range v.vals {
			copy(d.Data, best[i][k].Data)
		}
	}
	return b, b.assign(q.Assigned, false)
}

// fillExample is fillSmall, with matrices that must have an inverse drawn so that it
// has few digits: their determinant is small.
func (s *sampler) fillExample(d expr.Dense, sym *expr.Symbol, m mode, most int) {
	square := d.Rows == d.Cols && d.Rows > 1
	f := sym.Facts
	if m == big {
		most = 1 // 2 and 3
	}
	const own = expr.Integer | expr.Onehot | expr.Simplex | expr.Orthogonal | expr.Diagonal | expr.Posdef | expr.Toeplitz | expr.Symmetric | expr.Positive
	if !square || f&own != 0 || !(m == detpos || f.Has(expr.Invertible)) {
		s.fillSmall(d, sym, m, most)
		return
	}
	n := d.Rows
	l, u := expr.NewDense(n, n), expr.NewDense(n, n)
	for i := range n {
		l.Set(i, i, 1)
		u.Set(i, i, 1)
		for j := range i {
			l.Set(i, j, s.integer(-1, 1))
			u.Set(j, i, s.integer(-1, 1))
		}
	}
	u.Set(n-1, n-1, s.integer(1, 2))
	copy(d.Data, s.inv.work().Mul(l, u).Data)
}

// plainness is what speaks against the value of a variable in an example: zeros, and
// entries that are all alike.
func plainness(v *variable) float64 {
	const structural = expr.Onehot | expr.Simplex | expr.Diagonal | expr.Orthogonal
	if v.sym.Facts&structural != 0 {
		return 0
	}
	cost := 0.0
	for _, d := range v.vals {
		zeros, alike, large, broken := 0, 0, 0, 0
		for _, x := range d.Data {
			switch {
			case x == 0:
				zeros++
			case math.Abs(x) > 1:
				large++
			}
			if x != math.Round(x) {
				broken++
			}
			if x == d.Data[0] {
				alike++
			}
		}
		n := float64(len(d.Data))
		cost += (4*float64(zeros) + 6*float64(broken)) / n
		switch {
		case zeros == len(d.Data):
			cost += 20
		case len(d.Data) > 1 && alike == len(d.Data):
			cost += 15
		case large == 0:
			cost += 6
		}
	}
	return cost
}

// Named returns the values of the variables by name, in the order of the program;
// with those that are computed.
func (b *Board) Named() []NamedValue { return (&Trial{pt: b.pt}).Named() }

// A Polynomial says that an unknown function is t² + Linear·t at the board.
type Polynomial struct {
	Symbol *expr.Symbol
	Linear int
}

// Members returns the value of a variable: one, or one for each member of a family.
func (b *Board) Members(s *expr.Symbol) []expr.Dense { return b.pt.variable(s).vals }

// Functions lists what stands for the unknown functions of an example.
func (b *Board) Functions() []Polynomial {
	var out []Polynomial
	for i, s := range b.pt.inv.functions {
		out = append(out, Polynomial{s, i + 1})
	}
	return out
}

// Size returns the value of a size.
func (b *Board) Size(d *expr.Dim) int { return b.pt.size(d) }

// Magnitude is the largest entry of a value in absolute terms.
func Magnitude(d expr.Dense) float64 {
	most := 0.0
	for _, x := range d.Data {
		most = math.Max(most, math.Abs(x))
	}
	return most
}

// Answer returns the derivative that a problem states at the board's point: one
// value, or one for each member of the family that it is by.
func (b *Board) Answer(pr *Problem) ([]expr.Dense, error) {
	if pr.D != nil {
		return b.Values(pr.D, pr.Index)
	}
	members := 1
	if pr.Index != nil {
		members = b.pt.size(pr.Index.Size)
	}
	var out []expr.Dense
	for m := range members {
		d, err := newTensors(b.pt).matrix(pr.DView, m)
		if err != nil {
			return nil, err
		}
		if !finite(d.Data) {
			return nil, errNotFinite
		}
		out = append(out, d)
	}
	return out, nil
}

// ByDifferences returns the derivative that a problem asks for at the board's point, by
// central differences of order six of its function: one value, or one for each
// member. It returns a *NoPoint where differences do not settle or a kink is near.
// The symbols of follow are computed anew, in their order, wherever the variable moves.
// slack is what the rounding of the function's value makes of an entry at most.
func (b *Board) ByDifferences(pr *Problem, follow []Assignment) (values []expr.Dense, slack float64, err error) {
	x := b.pt.variable(pr.X)
	if x == nil {
		return nil, 0, &NoPoint{pr.X.Name + " has no value"}
	}
	k := &checker{Problem: pr, pt: b.pt, x: x}
	if len(follow) > 0 {
		k.follow = func() error { return b.assign(follow, false) }
		defer k.follow()
	}
	if k.f, err = compile(pr.F, b.pt, pr.X); err != nil {
		return nil, 0, err
	}
	k.directions(&sampler{rng: rand.New(rand.NewPCG(1, 2))})
	members := 1
	if pr.Index != nil {
		members = len(x.vals)
	}
	for m := range members {
		if o := pr.Index; o != nil && o.Ordinal < len(k.f.index) {
			k.f.index[o.Ordinal] = m
		}
		if k.follow != nil {
			k.follow()
		}
		base, err := k.function(m)
		if err != nil {
			var u *unfit
			if errors.As(err, &u) {
				err = &NoPoint{err.Error()}
			}
			return nil, 0, err
		}
		k.base = clone(base)
		if pr.Structure == FreeEntries && len(k.dirs) < k.entries() {
			return nil, 0, &NoPoint{"the variable has too many entries"}
		}
		v, loss, err := k.settle(m)
		if err != nil {
			return nil, 0, err
		}
		slack = math.Max(slack, loss)
		values = append(values, v)
	}
	return values, slack, nil
}

// settle returns the derivative by differences of two orders that agree.
func (k *checker) settle(m int) (out expr.Dense, slack float64, err error) {
	size := len(k.base.Data)
	k.pt.inv.limit.Fits(2 * 8 * len(k.dirs) * size)
	coarse, fine := make([]float64, len(k.dirs)*size), make([]float64, len(k.dirs)*size)
	for _, h := range []float64{2e-3, 5e-4, 1e-4, 1e-5, 1e-6} {
		if k.difference(m, h, coarse, order4) != nil || k.difference(m, h, fine, order6) != nil || !settled(coarse, fine, 1e-7) {
			continue
		}
		rows, cols := k.resultShape()
		out = expr.NewDense(rows, cols)
		for i, d := range k.dirs {
			for _, e := range d.entries {
				for j := range size {
					row, col := k.place(j, e)
					out.Set(row, col, fine[i*size+j])
				}
			}
		}
		return out, rounding * Magnitude(k.base) / h, nil
	}
	return out, 0, &NoPoint{(&unsteady{}).Error()}
}
