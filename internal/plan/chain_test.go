package plan_test

import (
	"fmt"
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

// A chainMaker draws products.
type chainMaker struct {
	rng     *rand.Rand
	b       *expr.Builder
	l       *plan.Lowerer
	sizes   map[string]int // by which products are ordered
	env     *eval.Env      // at which they are evaluated
	symbols int
}

func newChainMaker(seed uint64) *chainMaker {
	c := &chainMaker{rng: rand.New(rand.NewPCG(seed, 5)), b: expr.NewBuilder(ops.Registry()), sizes: map[string]int{},
		env: &eval.Env{Sizes: map[string]int{}, Vars: map[string]expr.Dense{}}}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		c.sizes[name] = 1 + int(math.Exp(c.rng.Float64()*6))
		c.env.Sizes[name] = 2 + c.rng.IntN(3)
	}
	c.l = plan.NewLowerer(plan.NewMaker(c.b), plan.Options{Size: c.size})
	return c
}

func (c *chainMaker) size(n *expr.SizeName) int { return c.sizes[n.Name] }

func (c *chainMaker) name() *expr.Dim {
	return c.b.Sizes.Size([]string{"a", "b", "c", "d", "e"}[c.rng.IntN(5)])
}

func (c *chainMaker) param(kind expr.Kind, rows, cols *expr.Dim) *plan.Value {
	c.symbols++
	s := c.b.NewSymbol(fmt.Sprintf("x%d", c.symbols), kind, expr.Shape{Rows: rows, Cols: cols}, 0)
	at := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(c.env.Sizes[n.Name]) }))
	}
	d := expr.NewDense(at(rows), at(cols))
	for i := range d.Data {
		d.Data[i] = c.rng.Float64() - 0.5
		if d.Rows == d.Cols && i%(d.Cols+1) == 0 {
			d.Data[i] += 2
		}
	}
	c.env.Vars[s.Name] = d
	return c.l.Param(s)
}

// A side is the size between two factors: a product of two where a Kronecker product
// may stand.
type side struct{ p, q *expr.Dim }

func (c *chainMaker) side() side {
	if c.rng.IntN(3) == 0 {
		return side{c.name(), c.name()}
	}
	return side{c.name(), c.b.One()}
}

func (c *chainMaker) dim(s side) *expr.Dim { return c.b.Mul(s.p, s.q) }

// matrix draws a factor of a product with its value in kind and shape.
func (c *chainMaker) matrix(r, s side) (v *plan.Value, trans bool) {
	l := c.l
	rows, cols := c.dim(r), c.dim(s)
	if rows == cols {
		switch c.rng.IntN(6) {
		case 0:
			return l.DiagMatrix(c.param(expr.Vector, rows, c.b.One())), false
		case 1:
			return l.InverseOf(c.param(expr.Matrix, rows, cols)), c.rng.IntN(2) == 0
		case 2:
			return l.MatPow(c.param(expr.Matrix, rows, cols), l.Int(20)), c.rng.IntN(2) == 0
		}
	}
	if !r.q.IsOne() && !s.q.IsOne() && c.rng.IntN(3) > 0 {
		if c.rng.IntN(2) == 0 {
			return l.Kron(c.param(expr.Matrix, s.p, r.p), c.param(expr.Matrix, s.q, r.q)), true
		}
		return l.Kron(c.param(expr.Matrix, r.p, s.p), c.param(expr.Matrix, r.q, s.q)), false
	}
	if c.rng.IntN(2) == 0 {
		return c.param(expr.Matrix, cols, rows), true
	}
	return c.param(expr.Matrix, rows, cols), false
}

// The order that is chosen is the best there is, and the product has the value of the
// factors multiplied from the left.
func TestChainOrder(t *testing.T) {
	count := 1000
	if testing.Short() {
		count = 100
	}
	optimal := 0
	for seed := range uint64(count) {
		c := newChainMaker(seed)
		k := 2 + c.rng.IntN(6)
		sides := make([]side, k+1)
		for i := range sides {
			sides[i] = c.side()
			if i > 0 && c.rng.IntN(3) == 0 {
				sides[i] = sides[i-1]
			}
		}
		one := side{c.b.One(), c.b.One()}
		if c.rng.IntN(3) == 0 {
			sides[0] = one
		}
		if c.rng.IntN(2) == 0 {
			sides[k] = one
		}
		list := plan.Factors(k)
		var naive expr.Dense
		for i := range k {
			v, trans := (*plan.Value)(nil), false
			switch {
			case sides[i] == one:
				v, trans = c.param(expr.Vector, c.dim(sides[i+1]), c.b.One()), true
			case sides[i+1] == one:
				v = c.param(expr.Vector, c.dim(sides[i]), c.b.One())
			default:
				v, trans = c.matrix(sides[i], sides[i+1])
			}
			list[i] = plan.Factor(v, trans)
			d, err := plantest.Evaluate(c.env, v)
			if err != nil {
				t.Fatal(err)
			}
			if trans {
				d[0] = dense.Transpose(d[0])
			}
			if i == 0 {
				naive = d[0]
			} else {
				naive = dense.Mul(naive, d[0])
			}
		}
		v := c.l.Product(list...)
		got, err := plantest.Evaluate(c.env, v)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range naive.Data {
			if math.Abs(got[0].Data[i]-x) > 1e-9*(1+math.Abs(x)) {
				t.Fatalf("seed %d: %v is %v, not %v", seed, v, got[0], naive)
			}
		}
		best := math.Inf(1)
		var what *plan.Value
		for _, w := range c.l.Orders(list) {
			if f := plan.TotalFlops([]*plan.Value{w}, c.size); f < best {
				best, what = f, w
			}
		}
		if f := plan.TotalFlops([]*plan.Value{v}, c.size); f > best*(1+1e-12) {
			t.Errorf("seed %d: %v takes %g, %v takes %g\nsizes %v", seed, v, f, what, best, c.sizes)
		} else {
			optimal++
		}
	}
	t.Logf("%d products", optimal)
}
