package plan_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
)

// A factMaker draws values from values: matrices of m × n, n × m, n × n and m × m with what
// is known of them.
type factMaker struct {
	rng  *rand.Rand
	b    *expr.Builder
	m    *plan.Maker
	env  *eval.Env
	pool []*plan.Value
}

func newFactMaker(seed uint64) *factMaker {
	c := &factMaker{rng: rand.New(rand.NewPCG(seed, 6)), b: expr.NewBuilder(ops.Registry()),
		env: &eval.Env{Sizes: map[string]int{"m": 2, "n": 3}, Vars: map[string]expr.Dense{}}}
	c.m = plan.NewMaker(c.b)
	m, n, one := c.b.Sizes.Size("m"), c.b.Sizes.Size("n"), c.b.One()
	c.param("X", expr.Matrix, n, m, 0)
	c.param("A", expr.Matrix, n, n, 0)
	c.param("T", expr.Matrix, n, n, expr.Symmetric)
	c.param("S", expr.Matrix, n, n, expr.Symmetric|expr.Posdef)
	c.param("d", expr.Vector, n, one, expr.Positive)
	c.param("u", expr.Vector, n, one, 0)
	c.param("s", expr.Vector, m, one, expr.Simplex)
	c.param("a", expr.Scalar, one, one, 0)
	c.param("p", expr.Scalar, one, one, expr.Positive)
	return c
}

func (c *factMaker) param(name string, kind expr.Kind, rows, cols *expr.Dim, facts expr.Fact) {
	s := c.b.NewSymbol(name, kind, expr.Shape{Rows: rows, Cols: cols}, facts)
	at := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(c.env.Sizes[n.Name]) }))
	}
	d := expr.NewDense(at(rows), at(cols))
	sum := 0.0
	for i := range d.Data {
		d.Data[i] = c.rng.NormFloat64()
		if facts&(expr.Positive|expr.Simplex) != 0 {
			d.Data[i] = math.Abs(d.Data[i])
		}
		sum += d.Data[i]
	}
	switch {
	case facts.Has(expr.Posdef):
		d = dense.Mul(d, dense.Transpose(d))
		for i := range d.Rows {
			d.Data[i*d.Cols+i] += 0.1
		}
	case facts.Has(expr.Symmetric):
		for i := range d.Rows {
			for j := range i {
				d.Data[i*d.Cols+j] = d.Data[j*d.Cols+i]
			}
		}
	case facts.Has(expr.Simplex):
		for i := range d.Data {
			d.Data[i] /= sum
		}
	}
	c.env.Vars[s.Name] = d
	c.pool = append(c.pool, c.m.Param(s))
}

func (c *factMaker) draw() *plan.Value { return c.pool[c.rng.IntN(len(c.pool))] }

// step puts a value of some that are there into the pool, if they fit.
func (c *factMaker) step() {
	m, x, y := c.m, c.draw(), c.draw()
	square := x.Rank == 2 && x.Rows == x.Cols
	alike := x.Rank == y.Rank && x.Rows == y.Rows && x.Cols == y.Cols
	pick := func(names ...string) string { return names[c.rng.IntN(len(names))] }
	var v *plan.Value
	switch c.rng.IntN(14) {
	case 0, 1:
		if x.Rank == 2 {
			v = m.Transpose(x)
		}
	case 2, 3, 4:
		switch {
		case x.Rank == 2 && y.Rank == 2 && x.Cols == y.Rows:
			v = m.MatMul(x, y)
		case x.Rank == 2 && y.Rank == 1 && x.Cols == y.Rows:
			v = m.MatVec(x, y)
		}
	case 5, 6:
		if square && y.Rank > 0 && y.Rows == x.Rows {
			v = m.Solve(m.Factor(x), y, c.rng.IntN(2) == 0)
		}
	case 7:
		if square {
			v = m.Inverse(m.Factor(x), c.rng.IntN(2) == 0)
		}
	case 8:
		if alike || x.Rank == 0 || y.Rank == 0 {
			v = m.Binary(pick("add", "sub", "mul", "max", "min"), x, y)
		}
	case 9:
		if x.Rank == 2 && y.Rank == 1 && y.Rows == x.Cols {
			v = m.Binary(pick("mul", "add"), x, m.Row(y, x.Rows))
		}
		if x.Rank == 2 && y.Rank == 1 && y.Rows == x.Rows {
			v = m.Binary(pick("mul", "add"), m.Col(y, x.Cols), x)
		}
	case 10:
		v = m.Unary(pick("square", "tanh", "sigmoid", "abs", "neg", "relu"), x)
	case 11:
		if x.Rank == 1 && y.Rank == 1 {
			v = m.Outer(x, y)
			if alike && c.rng.IntN(2) == 0 {
				v = m.InnerProduct(x, y)
			}
		}
	case 12:
		switch {
		case x.Rank == 1:
			v = m.DiagMatrix(x)
		case square:
			v = pickValue(c.rng, m.Diagonal, m.Trace)(x)
		}
	case 13:
		if x.Rank > 0 {
			v = m.Sum(x)
			if x.Rank == 2 {
				v = pickValue(c.rng, m.RowSum, m.ColSum)(x)
			}
		}
	}
	if v != nil {
		c.pool = append(c.pool, v)
	}
}

func pickValue(rng *rand.Rand, list ...func(*plan.Value) *plan.Value) func(*plan.Value) *plan.Value {
	return list[rng.IntN(len(list))]
}

// What is taken to be known of a value is true of its entries.
func TestRandomFacts(t *testing.T) {
	count := 4000
	if testing.Short() {
		count = 400
	}
	known := map[string]int{}
	for seed := range uint64(count) {
		c := newFactMaker(seed)
		for range 40 {
			c.step()
		}
		for _, v := range c.pool {
			list, err := plantest.Evaluate(c.env, v)
			if err != nil {
				continue // singular, or not what Cholesky is for
			}
			d := list[0]
			scale := 0.0
			for _, x := range d.Data {
				scale = max(scale, math.Abs(x))
			}
			if !(scale < 1e6) { // the rounding of what is nearly singular
				continue
			}
			tol := 1e-7 * (1 + scale)
			least := math.Inf(1)
			for _, x := range d.Data {
				least = min(least, x)
			}
			claim := func(name string, is, holds bool) {
				if !is {
					return
				}
				known[name]++
				if !holds {
					t.Fatalf("seed %d: %v is taken to be %s:\n%v", seed, v, name, d)
				}
			}
			claim("positive", v.KnownPositive(), least > -tol)
			claim("nonnegative", v.KnownNonnegative(), least > -tol)
			if v.Rank == 2 {
				claim("symmetric", v.Symmetric(), asymmetry(d) <= tol)
				claim("positive semidefinite", v.KnownSemidefinite(), semidefinite(d, tol))
				claim("positive definite", v.Posdef(), semidefinite(d, tol))
			}
		}
	}
	for _, name := range []string{"positive", "nonnegative", "symmetric", "positive semidefinite", "positive definite"} {
		if known[name] < count/10 {
			t.Errorf("%s: known of %d values alone", name, known[name])
		}
	}
	t.Logf("known: %v", known)
}

func asymmetry(d expr.Dense) float64 {
	worst := math.Inf(1)
	if d.Rows == d.Cols {
		worst = 0
		for i := range d.Rows {
			for j := range d.Cols {
				worst = max(worst, math.Abs(d.Data[i*d.Cols+j]-d.Data[j*d.Cols+i]))
			}
		}
	}
	return worst
}

// semidefinite reports whether a matrix is symmetric with no eigenvalue below −tol: with a
// little more on its diagonal it is definite.
func semidefinite(d expr.Dense, tol float64) bool {
	if asymmetry(d) > tol {
		return false
	}
	s := expr.NewDense(d.Rows, d.Cols)
	for i := range d.Rows {
		for j := range d.Cols {
			s.Data[i*d.Cols+j] = (d.Data[i*d.Cols+j] + d.Data[j*d.Cols+i]) / 2
		}
		s.Data[i*d.Cols+i] += 2 * float64(d.Rows) * tol
	}
	return plantest.CheckPosdef(s) == nil
}
