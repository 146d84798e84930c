package eval

import (
	"errors"
	"math"
	"slices"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// Small draws points of small integers at small sizes, or of simple fractions where
// facts or domains leave no integers, until accept takes one; nil if it takes none.
// The points lie in the domain of q.Domain. tries are those at each choice of sizes; the
// integers grow from ±1 to ±3 meanwhile.
func (q *Drawing) Small(tries int, accept func(*Trial) bool) *Trial {
	inv := newInventory(q.Reg, append(append([]*expr.Node(nil), q.Domain...), q.Also...), q.More...)
	inv.nodes = newInventory(q.Reg, q.Domain).nodes
	sets := inv.sizings(4)
	total := func(s []int) (sum int) {
		for _, v := range s {
			sum += v
		}
		return sum
	}
	slices.SortStableFunc(sets, func(a, b []int) int { return total(a) - total(b) })
	for i, sizes := range sets {
		if t := q.smallAt(inv, sizes, q.Seed+uint64(i)+1, tries, accept); t != nil {
			return t
		}
	}
	return nil
}

func (q *Drawing) smallAt(inv *inventory, sizes []int, seed uint64, tries int, accept func(*Trial) bool) *Trial {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil
	}
	t := &Trial{pt: pt, Region: "small"}
	programs := make([]*program, len(q.Domain))
	for i, n := range q.Domain {
		if programs[i], err = compile(n, pt, nil); err != nil {
			return nil
		}
	}
	s := newSampler(inv, seed)
	s.also = q.Facts
	tries = max(2, min(tries, 20*mostTrialWork/(1+q.cost(pt, programs))))
	for try := range tries {
		most := 1 + 3*try/tries
		for i, v := range pt.vars {
			m := s.modes[i]
			if try%4 == 3 {
				m = plain
			}
			for _, d := range v.vals {
				s.inv.limit.Step(1 + len(d.Data)/drawn)
				s.fillSmall(d, v.sym, m, most)
				if c := inv.counts[i]; c >= 0 {
					d.Data[0] = float64(pt.sizes[c])
				}
			}
		}
		if reason, err := fits(programs); err != nil {
			return nil
		} else if reason == "" {
			if accept(t) {
				return t
			}
			continue
		}
		if u := lastUnfit(programs); u != nil {
			s.refused(u)
		}
	}
	return nil
}

func (s *sampler) integer(low, high int) float64 { return float64(low + s.rng.IntN(high-low+1)) }

// fillSmall draws one value as fill does, in integers up to most or simple fractions.
func (s *sampler) fillSmall(d expr.Dense, sym *expr.Symbol, m mode, most int) {
	f := sym.Facts
	if s.also != nil {
		f = (f | s.also(sym)).Closure()
	}
	square := d.Rows == d.Cols && d.Rows > 1
	low, high, unit := -most, most, 1.0
	switch m {
	case positive:
		low = 1
	case big:
		low, high = 2, 2+most
	case small:
		low, high, unit = -1, 1, 0.25
	case tiny:
		low, high, unit = 1, 1, 0.125
	}
	switch {
	case f.Has(expr.Integer):
		for i := range d.Data {
			d.Data[i] = s.integer(2, 3)
		}
		return
	case f.Has(expr.Onehot):
		s.onehot(d)
		return
	case f.Has(expr.Simplex):
		for j := range d.Cols { // parts of 1, none of them 0
			parts := 1 << (bitsFor(d.Rows))
			rest := parts
			for i := range d.Rows {
				v := rest
				if after := d.Rows - i - 1; after > 0 {
					v = 1 + s.rng.IntN(rest-after)
				}
				d.Set(i, j, float64(v)/float64(parts))
				rest -= v
			}
		}
		return
	case f.Has(expr.Orthogonal):
		s.signedPermutation(d, f.Has(expr.Symmetric))
		return
	case f.Has(expr.Diagonal):
		clear(d.Data)
		for i := range min(d.Rows, d.Cols) {
			v := s.integer(1, 1+most)
			if f&(expr.Posdef|expr.Positive) == 0 && m != positive && s.rng.IntN(2) == 0 {
				v = -v
			}
			d.Set(i, i, v)
		}
		return
	case square && (f.Has(expr.Posdef) || m == spd || m == detpos && f.Has(expr.Symmetric)):
		least := -1
		if f.Has(expr.Positive) {
			least = 1
		}
		for i := range d.Data {
			d.Data[i] = s.integer(least, least+2)
		}
		b := s.inv.work().Mul(d, dense.Transpose(d))
		copy(d.Data, b.Data)
		for i := range d.Rows {
			d.Data[i*d.Cols+i]++
		}
		return
	case f.Has(expr.Posdef), f.Has(expr.Positive):
		low, high, unit = max(low, 1), max(high, 1), 1
	case square && (m == detpos || f.Has(expr.Invertible)):
		low, high = -1, 1
	}
	for i := range d.Data {
		d.Data[i] = unit * s.integer(low, high)
	}
	if square && low == -1 && unit == 1 {
		for i := range d.Rows {
			d.Data[i*d.Cols+i] += 2
		}
	}
	if f.Has(expr.Toeplitz) {
		for i := 1; i < d.Rows; i++ {
			for j := 1; j < d.Cols; j++ {
				d.Set(i, j, d.At(i-1, j-1))
			}
		}
	}
	if f.Has(expr.Symmetric) {
		for i := range d.Rows {
			for j := range i {
				d.Set(i, j, d.At(j, i))
			}
		}
	}
}

// bitsFor is the least k with 2ᵏ > n.
func bitsFor(n int) int {
	k := 0
	for 1<<k <= n {
		k++
	}
	return k
}

// signedPermutation has one entry 1 or −1 in each row, at most one in each column.
func (s *sampler) signedPermutation(d expr.Dense, symmetric bool) {
	clear(d.Data)
	n := max(d.Rows, d.Cols)
	at := s.rng.Perm(n)
	sign := func() float64 { return float64(1 - 2*s.rng.IntN(2)) }
	if symmetric {
		for i := range at {
			at[i] = i
		}
		if n > 1 {
			at[0], at[1] = 1, 0
		}
	}
	first := sign()
	for i, j := range at {
		if i >= d.Rows || j >= d.Cols {
			continue
		}
		v := sign()
		if symmetric && i != j {
			v = first
		}
		d.Set(i, j, v)
	}
}

// A Move is a direction in which a variable (a family's member) moves.
type Move struct {
	Symbol *expr.Symbol
	Member int
	By     expr.Dense
}

// Along returns the derivative of f along a direction, by central differences of
// order 6. at is the index that stands for the trial's member. It is an error where f
// is not smooth at the point or differences do not settle.
func (t *Trial) Along(f *expr.Node, at *expr.Index, moves []Move) (expr.Dense, error) {
	for _, m := range moves { // kinks are seen for one moved symbol at a time
		p, err := compile(f, t.pt, m.Symbol)
		if err != nil {
			return expr.Dense{}, err
		}
		p.place(at, t.Member)
		if _, err := p.run(true); err != nil {
			return expr.Dense{}, err
		}
	}
	p, err := compile(f, t.pt, nil)
	if err != nil {
		return expr.Dense{}, err
	}
	p.place(at, t.Member)
	v, err := p.run(false)
	if err != nil {
		return expr.Dense{}, err
	}
	coarse, fine := expr.NewDense(v.Rows, v.Cols), expr.NewDense(v.Rows, v.Cols)
	const h = 1e-3
	for w := range order6 {
		for _, sign := range [2]float64{1, -1} {
			back := t.move(moves, sign*float64(w+1)*h)
			v, err := p.run(false)
			if err == nil {
				for i, x := range v.Data {
					fine.Data[i] += sign * order6[w] / h * x
					if w < len(order4) {
						coarse.Data[i] += sign * order4[w] / h * x
					}
				}
			}
			back()
			if err != nil {
				return expr.Dense{}, err
			}
		}
	}
	if !finite(fine.Data) || !settled(coarse.Data, fine.Data, 1e-6) {
		return expr.Dense{}, errUnsettled
	}
	return fine, nil
}

var errUnsettled = errors.New("differences do not settle")

func (p *program) place(at *expr.Index, member int) {
	if at != nil && at.Ordinal < len(p.index) {
		p.index[at.Ordinal] = member
	}
}

// move moves the variables by step in the direction and returns what moves them back.
func (t *Trial) move(moves []Move, step float64) (back func()) {
	var kept [][]float64
	for _, m := range moves {
		d := t.pt.variable(m.Symbol).vals[m.Member]
		kept = append(kept, slices.Clone(d.Data))
		for i := range d.Data {
			d.Data[i] += step * m.By.Data[i]
		}
	}
	return func() {
		for k, m := range moves {
			copy(t.pt.variable(m.Symbol).vals[m.Member].Data, kept[k])
		}
	}
}

// Difference returns what differences give for the entry (row, col), counted from 1,
// of the derivative that the problem is about.
func (t *Trial) Difference(pr *Problem, row, col int) (float64, error) {
	base, err := t.Value(pr.F, pr.Index)
	if err != nil {
		return 0, err
	}
	x := t.pt.variable(pr.X)
	k := &checker{Problem: pr, pt: t.pt, x: x, base: base}
	members := 1
	if k.whole() {
		members = len(x.vals)
	}
	n := len(x.vals[0].Data)
	for j := range base.Data {
		for e := range members * n {
			if r, c := k.place(j, e); r != row-1 || c != col-1 {
				continue
			}
			m := Move{pr.X, e / n, expr.NewDense(x.vals[0].Rows, x.vals[0].Cols)}
			if pr.Index != nil {
				m.Member = t.Member
			}
			m.By.Data[e%n] = 1
			if pr.Structure == SymmetricEntries {
				m.By.Set(e%n%m.By.Cols, e%n/m.By.Cols, 1)
			}
			v, err := t.Along(pr.F, pr.Index, []Move{m})
			if err != nil {
				return 0, err
			}
			return v.Data[j], nil
		}
	}
	return math.NaN(), errors.New("there is no such entry")
}
