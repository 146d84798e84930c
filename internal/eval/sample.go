package eval

import (
	"math"
	"math/rand/v2"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// A mode is the region that a variable is drawn from, within its facts.
type mode uint8

const (
	plain    mode = iota // U(−1.2, 1.2), moved away from zero by 0.15
	positive             // U(0.4, 1.8)
	spd                  // square: symmetric positive definite
	detpos               // square: 1.3 I + U(−0.6, 0.6)
	small                // U(−0.4, 0.4)
	big                  // U(1.2, 3)
	tiny                 // U(0.02, 0.2)
	modes                // the modes above are tried where points are refused

	wide     // U(−4, 4), moved away from zero by 0.15
	negative // U(−1.8, −0.4)
	detneg   // square: as detpos, with the first row negated
	spdpos   // square: symmetric positive definite with positive entries
)

// drawn is the number of entries drawn in a unit of work.
const drawn = 8

// A sampler draws points and learns from the points that were refused where to
// draw each variable.
type sampler struct {
	inv   *inventory
	modes []mode
	rng   *rand.Rand
	tries int
	// also are facts that hold besides the declared ones; nil for none.
	also func(*expr.Symbol) expr.Fact
}

func newSampler(inv *inventory, seed uint64) *sampler {
	s := &sampler{inv: inv, modes: make([]mode, len(inv.symbols)), rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
	for _, n := range inv.nodes {
		a := n.Args[0]
		if a.Sym == nil || a.Op.Name == expr.OpApply {
			continue
		}
		i := inv.position(a.Sym)
		if i < 0 {
			continue
		}
		domain := n.Op.Domain
		if n.Op.Class == expr.Special {
			domain = "" // it depends on the exponent
		}
		switch domain {
		case "positive":
			s.modes[i] = positive
		case "unit":
			s.modes[i] = small
		case "above1":
			s.modes[i] = big
		case "invertible", "posdet":
			s.modes[i] = detpos
		case "":
			if n.Op.Name == expr.OpMPow && n.Args[1].Op.Name == expr.OpNum && n.Args[1].Num.Sign() < 0 {
				s.modes[i] = detpos
			}
		}
		if n.Op.Name == expr.OpPow || n.Op.Name == expr.OpElPow {
			if e := n.Args[1]; e.Op.Name == expr.OpNum && !e.Num.IsInt() || moves(e) {
				s.modes[i] = positive
			}
		}
	}
	return s
}

// refused changes the modes of variables below the operand for which the last
// point was refused.
func (s *sampler) refused(u *unfit) {
	s.tries++
	if s.tries < 3 || u.arg == nil {
		return
	}
	seen := make([]bool, u.arg.ID+1)
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		if n.Sym != nil && s.rng.IntN(2) == 0 {
			if i := s.inv.position(n.Sym); i >= 0 {
				s.modes[i] = mode(s.rng.IntN(int(modes)))
			}
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(u.arg)
}

func (s *sampler) draw(pt *Point) {
	for i, v := range pt.vars {
		for _, d := range v.vals {
			s.inv.limit.Step(1 + len(d.Data)/drawn)
			s.fill(d, v.sym, s.modes[i])
			if c := pt.inv.counts[i]; c >= 0 {
				d.Data[0] = float64(pt.sizes[c])
			}
		}
	}
}

func (s *sampler) uniform(a, b float64) float64 { return a + (b-a)*s.rng.Float64() }

// fill draws one value. Facts come before the mode.
func (s *sampler) fill(d expr.Dense, sym *expr.Symbol, m mode) {
	f := sym.Facts
	if s.also != nil {
		f = (f | s.also(sym)).Closure()
	}
	square := d.Rows == d.Cols && d.Rows > 1
	switch {
	case f.Has(expr.Integer):
		for i := range d.Data {
			d.Data[i] = float64(2 + s.rng.IntN(3))
		}
		return
	case f.Has(expr.Onehot):
		s.onehot(d)
		return
	case f.Has(expr.Simplex):
		s.simplex(d)
		return
	case f.Has(expr.Orthogonal):
		s.orthogonal(d, f.Has(expr.Symmetric))
		return
	case f.Has(expr.Diagonal):
		s.diagonal(d, m, f.Has(expr.Posdef) || f.Has(expr.Positive))
		return
	case f.Has(expr.Posdef):
		m = spd
	case f.Has(expr.Positive):
		if m != big && m != tiny {
			m = positive
		}
	case f.Has(expr.Invertible) && m == plain:
		m = detpos
	}
	if f&(expr.Posdef|expr.Symmetric) != 0 && m == detneg {
		m = spd
	}
	if !square && (m == spd || m == detpos || m == detneg) {
		m = plain
		if f.Has(expr.Posdef) {
			m = positive // 1 × 1
		}
	}
	if f.Has(expr.Symmetric) && m == detpos {
		m = spd
	}
	if m == spd && f.Has(expr.Positive) {
		m = spdpos
	}
	s.region(d, m)
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

func (s *sampler) region(d expr.Dense, m mode) {
	low, high := -1.2, 1.2
	switch m {
	case positive:
		low, high = 0.4, 1.8
	case small:
		low, high = -0.4, 0.4
	case big:
		low, high = 1.2, 3
	case tiny:
		low, high = 0.02, 0.2
	case detpos, detneg:
		low, high = -0.6, 0.6
	case spdpos:
		low, high = 0.2, 1.2
	case wide:
		low, high = -4, 4
	case negative:
		low, high = -1.8, -0.4
	}
	for i := range d.Data {
		v := s.uniform(low, high)
		if m == plain || m == wide {
			v += math.Copysign(0.15, v)
		}
		d.Data[i] = v
	}
	n := d.Rows
	switch m {
	case detpos, detneg:
		for i := range n {
			d.Data[i*n+i] += 1.3
		}
		for j := 0; m == detneg && j < n; j++ {
			d.Data[j] = -d.Data[j]
		}
	case spd, spdpos:
		b := s.inv.work().Mul(d, dense.Transpose(d))
		for i, v := range b.Data {
			d.Data[i] = v / float64(n)
		}
		for i := range n {
			d.Data[i*n+i] += 0.6
		}
	}
}

// onehot makes each column a unit vector.
func (s *sampler) onehot(d expr.Dense) {
	clear(d.Data)
	for j := range d.Cols {
		d.Set(s.rng.IntN(d.Rows), j, 1)
	}
}

// simplex makes each column nonnegative with sum one.
func (s *sampler) simplex(d expr.Dense) {
	for j := range d.Cols {
		total := 0.0
		for i := range d.Rows {
			v := s.uniform(0.2, 1)
			d.Set(i, j, v)
			total += v
		}
		for i := range d.Rows {
			d.Set(i, j, d.At(i, j)/total)
		}
	}
}

func (s *sampler) diagonal(d expr.Dense, m mode, posdef bool) {
	clear(d.Data)
	low, high := 0.5, 2.0
	switch m {
	case small, tiny:
		low, high = 0.05, 0.4
	case big:
		low, high = 1.2, 3
	}
	for i := range min(d.Rows, d.Cols) {
		v := s.uniform(low, high)
		if m == plain && !posdef && s.rng.IntN(2) == 0 {
			v = -v
		}
		d.Set(i, i, v)
	}
}

// orthogonal draws orthonormal columns (rows, if there are fewer rows) by Gram
// and Schmidt; a symmetric one is a reflection I − 2uuᵀ.
func (s *sampler) orthogonal(d expr.Dense, symmetric bool) {
	s.region(d, plain)
	if symmetric {
		u := make([]float64, d.Rows)
		norm := 0.0
		for i := range u {
			u[i] = d.At(i, 0)
			norm += u[i] * u[i]
		}
		for i := range d.Rows {
			for j := range d.Cols {
				v := -2 * u[i] * u[j] / norm
				if i == j {
					v++
				}
				d.Set(i, j, v)
			}
		}
		return
	}
	at, set, count, length := d.At, d.Set, d.Cols, d.Rows
	if d.Rows < d.Cols {
		at = func(i, j int) float64 { return d.At(j, i) }
		set = func(i, j int, v float64) { d.Set(j, i, v) }
		count, length = d.Rows, d.Cols
	}
	for j := range count {
		s.inv.limit.Step(1 + j*length/drawn)
		for range 2 { // twice is enough
			for k := range j {
				dot := 0.0
				for i := range length {
					dot += at(i, j) * at(i, k)
				}
				for i := range length {
					set(i, j, at(i, j)-dot*at(i, k))
				}
			}
		}
		norm := 0.0
		for i := range length {
			norm += at(i, j) * at(i, j)
		}
		for i := range length {
			set(i, j, at(i, j)/math.Sqrt(norm))
		}
	}
}
