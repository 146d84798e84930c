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

// Flat looks for a direction in which the expression is not curved at all: it takes
// the second differences at one point along a basis of the directions that random
// points span, and returns the least eigenvalue over the largest, both in absolute
// value. ok is false where no figure was found.
func (c *Chords) Flat() (ratio float64, ok bool) {
	n := c.Dim()
	if n > 20 || c.Draw() != nil {
		return 0, false
	}
	base := c.flatten(c.x)
	// Directions: differences of random points, orthonormalised; what adds none is
	// left out, as the space of symmetric matrices is smaller than n.
	var dirs [][]float64
	for range 3*n + 6 {
		if !c.Turn() {
			continue
		}
		d := c.flatten(c.y)
		size := 0.0
		for k := range d {
			d[k] -= base[k]
			size += d[k] * d[k]
		}
		for range 2 {
			for _, e := range dirs {
				dot := 0.0
				for k := range d {
					dot += d[k] * e[k]
				}
				for k := range d {
					d[k] -= dot * e[k]
				}
			}
		}
		norm := 0.0
		for _, x := range d {
			norm += x * x
		}
		if norm <= 1e-12*size {
			continue
		}
		for k := range d {
			d[k] /= math.Sqrt(norm)
		}
		dirs = append(dirs, d)
	}
	if len(dirs) == 0 {
		return 0, false
	}
	const h = 2e-3
	top := 0.0 // the largest of the values
	at := func(i, j int, si, sj float64) (float64, bool) {
		p := slices.Clone(base)
		for k := range p {
			p[k] += h * (si*dirs[i][k] + sj*dirs[j][k])
		}
		c.unflatten(p)
		v, err := c.f.run(true)
		if err != nil || !finite(v.Data) {
			return 0, false
		}
		top = max(top, math.Abs(v.Data[0]))
		return v.Data[0], true
	}
	m := expr.NewDense(len(dirs), len(dirs))
	for i := range dirs {
		for j := range i + 1 {
			a, ok1 := at(i, j, 1, 1)
			b, ok2 := at(i, j, 1, -1)
			d, ok3 := at(i, j, -1, 1)
			e, ok4 := at(i, j, -1, -1)
			if !ok1 || !ok2 || !ok3 || !ok4 {
				return 0, false
			}
			x := (a - b - d + e) / (4 * h * h)
			m.Set(i, j, x)
			m.Set(j, i, x)
		}
	}
	values, vectors := eigen(m)
	least, largest, flattest := math.Inf(1), 0.0, 0
	for k, v := range values {
		if v = math.Abs(v); v < least {
			least, flattest = v, k
		}
		largest = math.Max(largest, math.Abs(v))
	}
	// Where a step changes the value by a good part of itself, as that of x⁴⁰⁰, the entries
	// of the point decide which directions are seen at all.
	if largest*h*h > top/200 {
		return 0, false
	}
	if largest == 0 {
		// A value of zero all around may be one that is too small for a number, such as
		// that of x to the power 10⁹.
		c.unflatten(base)
		return 0, c.value() == nil && c.f.slots[c.f.root].Data[0] != 0
	}
	// What is much less curved than the rest, as exp(8 x) where x is small, still bends on a
	// long way: by as much as the rest where it gets as far.
	along := make([]float64, len(base))
	for j := range dirs {
		for k := range along {
			along[k] += vectors.At(j, flattest) * dirs[j][k]
		}
	}
	for _, step := range []float64{0.25, 0.5, 1, 2, 4, 8} {
		visible := 1e-9
		if step > 1 {
			visible = 1e-6 // the direction itself is not exact
		}
		if c.bends(base, along, step, visible) {
			return 1, true
		}
	}
	return least / largest, true
}

// bends reports whether the expression is no straight line between x − h d, x and x + h d,
// by more than a part visible of the values.
func (c *Chords) bends(x, d []float64, h, visible float64) bool {
	var f [3]float64
	for i := range f {
		p := slices.Clone(x)
		for k := range p {
			p[k] += h * float64(i-1) * d[k]
		}
		c.unflatten(p)
		v, err := c.f.run(true)
		if err != nil || !finite(v.Data) {
			return false
		}
		f[i] = v.Data[0]
	}
	return math.Abs(f[0]-2*f[1]+f[2]) > visible*max(math.Abs(f[0]), math.Abs(f[1]), math.Abs(f[2]))
}

func (c *Chords) flatten(from [][]float64) []float64 {
	var out []float64
	for i := range c.pt.vars {
		if c.wrt[i] {
			out = append(out, from[i]...)
		}
	}
	return out
}

func (c *Chords) unflatten(p []float64) {
	for i, v := range c.pt.vars {
		from := c.x[i]
		if c.wrt[i] {
			from, p = p[:len(from)], p[len(from):]
		}
		k := 0
		for _, d := range v.vals {
			k += copy(d.Data, from[k:])
		}
	}
}

// eigen returns the eigenvalues of a symmetric matrix, and its eigenvectors as columns,
// by Jacobi's rotations. m is used up.
func eigen(m expr.Dense) (values []float64, vectors expr.Dense) {
	n := m.Rows
	vectors = expr.NewDense(n, n)
	for i := range n {
		vectors.Set(i, i, 1)
	}
	for range 40 {
		off := 0.0
		for p := range n {
			for q := range p {
				off += m.At(p, q) * m.At(p, q)
				if m.At(p, q) == 0 {
					continue
				}
				theta := (m.At(q, q) - m.At(p, p)) / (2 * m.At(p, q))
				t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				if theta < 0 {
					t = -t
				}
				co := 1 / math.Sqrt(t*t+1)
				si := t * co
				for k := range n {
					a, b := m.At(k, p), m.At(k, q)
					m.Set(k, p, co*a-si*b)
					m.Set(k, q, si*a+co*b)
				}
				for k := range n {
					a, b := vectors.At(k, p), vectors.At(k, q)
					vectors.Set(k, p, co*a-si*b)
					vectors.Set(k, q, si*a+co*b)
				}
				for k := range n {
					a, b := m.At(p, k), m.At(q, k)
					m.Set(p, k, co*a-si*b)
					m.Set(q, k, si*a+co*b)
				}
			}
		}
		if off < 1e-30 {
			break
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = m.At(i, i)
	}
	return values, vectors
}
