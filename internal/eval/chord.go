package eval

import (
	"errors"
	"math"
	"slices"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// A Requirement restricts the points of Chords: the entries of Node lie in In; or it
// is a symmetric matrix whose eigenvalues times Definite are not negative; or its columns
// or rows are linearly independent; or no entry is zero.
type Requirement struct {
	Node     *expr.Node
	Members  *expr.Symbol // not nil: instead of Node, the matrix whose columns are the members of a family
	In       *expr.Interval
	Definite int  // 1 or −1
	Strictly bool // with Definite: no eigenvalue is zero
	Columns  bool // they are linearly independent
	Rows     bool // they are linearly independent
	NonZero  bool
}

// Chords draws segments in the domain of a scalar expression, with the other
// variables held, along which the expression can be compared with its chord. The
// ends respect the variables' facts and the requirements; where these describe a
// convex set, so does every point between.
type Chords struct {
	s     *sampler
	pt    *Point
	f     *program
	where []Requirement
	tests []*program
	wrt   []bool // by position in the inventory
	sign  []int  // of each variable, 0: as drawn
	x, y  [][]float64
}

// NewChords prepares segments for f. choice numbers the choices of sizes, from 0.
func NewChords(reg expr.Operators, f *expr.Node, wrt []*expr.Symbol, where []Requirement, choice int, seed uint64) (*Chords, error) {
	nodes := []*expr.Node{f}
	for _, r := range where {
		if r.Members == nil {
			nodes = append(nodes, r.Node)
		}
	}
	inv := newInventory(reg, nodes, wrt...)
	sizes := inv.sizings(choice + 1)
	if len(sizes) == 0 {
		return nil, &NoPoint{"no sizes"}
	}
	pt, err := inv.newPoint(sizes[min(choice, len(sizes)-1)])
	if err != nil {
		return nil, err
	}
	c := &Chords{s: newSampler(inv, seed), pt: pt, where: where, wrt: make([]bool, len(pt.vars)), sign: make([]int, len(pt.vars))}
	if c.f, err = compile(f, pt, nil); err != nil {
		return nil, err
	}
	for _, r := range where {
		if r.Members != nil {
			c.tests = append(c.tests, nil)
			if i := inv.position(r.Members); i >= 0 {
				c.suit(&r, i)
			}
			continue
		}
		p, err := compile(r.Node, pt, nil)
		if err != nil {
			return nil, err
		}
		c.tests = append(c.tests, p)
		if i := inv.positionOf(r.Node); i >= 0 {
			c.suit(&r, i)
		}
	}
	for i, v := range pt.vars {
		c.wrt[i] = slices.Contains(wrt, v.sym)
		n := 0
		for _, d := range v.vals {
			n += len(d.Data)
		}
		c.x, c.y = append(c.x, make([]float64, n)), append(c.y, make([]float64, n))
	}
	return c, nil
}

// positionOf is the position of the variable that a node is, or −1.
func (inv *inventory) positionOf(n *expr.Node) int {
	if n.Sym == nil || len(n.Args) > 0 {
		return -1
	}
	return inv.position(n.Sym)
}

// suit sets how a variable is drawn so that it fulfils a requirement.
func (c *Chords) suit(r *Requirement, i int) {
	switch {
	case r.Definite != 0:
		c.s.modes[i], c.sign[i] = spd, r.Definite
	case r.In == nil:
	case r.In.Lo >= 1:
		c.s.modes[i] = big
	case r.In.Lo >= 0 && r.In.Hi <= 1:
		c.s.modes[i] = tiny
	case r.In.Lo >= 0:
		c.s.modes[i] = positive
	case r.In.Hi <= 0:
		c.s.modes[i], c.sign[i] = positive, -1
	case r.In.Hi <= 1:
		c.s.modes[i] = small
	}
}

// vary changes at random how the variables of a node are drawn.
func (c *Chords) vary(n *expr.Node) {
	seen := make([]bool, n.ID+1)
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		if i := c.pt.inv.positionOf(n); i >= 0 && c.s.rng.IntN(2) == 0 {
			c.s.modes[i] = mode(c.s.rng.IntN(int(modes)))
			if c.s.modes[i] != plain && c.s.rng.IntN(3) == 0 {
				c.sign[i] = -1
			} else {
				c.sign[i] = 0
			}
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
}

// Draw draws the held variables and the ends of a segment. It returns a *NoPoint
// where none is found.
func (c *Chords) Draw() error {
	reason := "the conditions hold nowhere"
	for try := range 120 {
		c.fill(false)
		if i := c.unmet(); i >= 0 {
			if n := c.where[i].Node; try%4 == 3 && n != nil {
				c.vary(n)
			}
			continue
		}
		if err := c.value(); err != nil {
			reason = err.Error()
			var u *unfit
			if errors.As(err, &u) {
				c.s.refused(u)
			}
			continue
		}
		c.keep(c.x)
		for range 8 {
			if c.Turn() {
				return nil
			}
		}
	}
	return &NoPoint{reason}
}

// Turn draws another end for the segment from its first end.
func (c *Chords) Turn() bool {
	c.fill(true)
	if c.unmet() >= 0 || c.value() != nil {
		return false
	}
	c.keep(c.y)
	return true
}

// fill draws all variables, or those that move. Where facts and requirements allow
// it the scale varies, too.
func (c *Chords) fill(moving bool) {
	for i, v := range c.pt.vars {
		if moving && !c.wrt[i] {
			continue
		}
		scale := 1.0
		if v.sym.Facts&(expr.Onehot|expr.Simplex|expr.Orthogonal|expr.Integer) == 0 && (c.s.modes[i] == plain || c.s.modes[i] == positive || c.s.modes[i] == spd) {
			scale = [5]float64{1, 1, 1, 0.25, 3}[c.s.rng.IntN(5)]
		}
		if c.sign[i] < 0 && v.sym.Facts&(expr.Positive|expr.Posdef|expr.Onehot|expr.Simplex|expr.Orthogonal|expr.Integer) == 0 {
			scale = -scale
		}
		for _, d := range v.vals {
			c.s.inv.limit.Step(1 + len(d.Data)/drawn)
			c.s.fill(d, v.sym, c.s.modes[i])
			for k := range d.Data {
				d.Data[k] *= scale
			}
			if n := c.pt.inv.counts[i]; n >= 0 {
				d.Data[0] = float64(c.pt.sizes[n])
			}
		}
	}
}

func (c *Chords) keep(to [][]float64) {
	for i, v := range c.pt.vars {
		at := to[i][:0]
		for _, d := range v.vals {
			at = append(at, d.Data...)
		}
	}
}

func (c *Chords) value() error {
	v, err := c.f.run(true)
	if err == nil && !finite(v.Data) {
		err = errNotFinite
	}
	return err
}

// unmet returns the first requirement that does not hold, or −1.
func (c *Chords) unmet() int {
	for i, p := range c.tests {
		if s := c.where[i].Members; s != nil {
			if !c.where[i].holds(c.s.inv.work(), c.columns(s)) {
				return i
			}
			continue
		}
		v, err := p.run(false)
		if err != nil || !finite(v.Data) || !c.where[i].holds(c.s.inv.work(), v) {
			return i
		}
	}
	return -1
}

// columns is the matrix whose columns are the members of a family.
func (c *Chords) columns(s *expr.Symbol) expr.Dense {
	vals := c.pt.variable(s).vals
	d := expr.NewDense(len(vals[0].Data), len(vals))
	for j, v := range vals {
		for i, x := range v.Data {
			d.Set(i, j, x)
		}
	}
	return d
}

func (r *Requirement) holds(w dense.Work, v expr.Dense) bool {
	if r.In != nil && slices.ContainsFunc(v.Data, func(x float64) bool { return !r.In.Has(x) }) {
		return false
	}
	if r.NonZero && slices.ContainsFunc(v.Data, func(x float64) bool { return math.Abs(x) < zeroMargin }) {
		return false
	}
	if r.Columns || r.Rows {
		g := dense.Transpose(v)
		if r.Columns {
			g = w.Mul(g, v)
		} else {
			g = w.Mul(v, g)
		}
		if g.Rows > min(v.Rows, v.Cols) || !(w.Factor(g).Condition() > pivotMargin) {
			return false
		}
	}
	slack := 1e-9
	if r.Strictly {
		slack = -1e-4
	}
	return r.Definite == 0 || semidefinite(w, v, float64(r.Definite), slack)
}

// semidefinite reports whether sign times a matrix is symmetric and has no eigenvalue
// below −slack times its largest entry, by Cholesky's factorisation.
func semidefinite(w dense.Work, v expr.Dense, sign, slack float64) bool {
	if v.Rows != v.Cols {
		return false
	}
	n, scale := v.Rows, 0.0
	for _, x := range v.Data {
		scale = math.Max(scale, math.Abs(x))
	}
	if slack < 0 && scale == 0 {
		return false // definite, but zero
	}
	l := expr.NewDense(n, n)
	for i := range n {
		for j := range i + 1 {
			if math.Abs(v.At(i, j)-v.At(j, i)) > 1e-9*scale {
				return false
			}
			w.Limit.Step(1 + j/perUnit)
			x := sign * v.At(i, j)
			if i == j {
				x += slack * scale
			}
			for k := range j {
				x -= l.At(i, k) * l.At(j, k)
			}
			if i != j {
				if l.At(j, j) > 0 {
					l.Set(i, j, x/l.At(j, j))
				}
				continue
			}
			if x < 0 {
				return false
			}
			l.Set(i, i, math.Sqrt(x))
		}
	}
	return true
}

// At returns the value at x + t (y − x), where x and y are the ends. ok is false
// where the point is at the edge of the domain or outside.
func (c *Chords) At(t float64) (value float64, ok bool) {
	for i, v := range c.pt.vars {
		if !c.wrt[i] {
			k := 0
			for _, d := range v.vals {
				k += copy(d.Data, c.x[i][k:])
			}
			continue
		}
		k := 0
		for _, d := range v.vals {
			for e := range d.Data {
				d.Data[e] = (1-t)*c.x[i][k] + t*c.y[i][k]
				k++
			}
		}
	}
	v, err := c.f.run(true)
	if err != nil || !finite(v.Data) || c.unmet() >= 0 {
		return 0, false
	}
	return v.Data[0], true
}

// Env returns all values at x + t (y − x).
func (c *Chords) Env(t float64) *Env {
	c.At(t)
	sizes := map[string]int{}
	for _, s := range c.pt.Sizes() {
		sizes[s.Name] = s.Value
	}
	return c.pt.env(sizes)
}

// Sizes lists the sizes.
func (c *Chords) Sizes() []Size { return c.pt.Sizes() }

// Dim is the number of entries of the variables that move, which bounds the
// dimension of the space in which they do.
func (c *Chords) Dim() int {
	n := 0
	for i := range c.pt.vars {
		if c.wrt[i] {
			n += len(c.x[i])
		}
	}
	return n
}
