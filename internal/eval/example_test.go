package eval

import (
	"math"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

func alwaysReadable(*Board) (float64, bool) { return 0, true }

// The variables of an example have their facts, in integers of at most three, or four
// on the diagonal of a positive definite matrix.
func TestExamplesHaveFacts(t *testing.T) {
	w := newWorld()
	facts := map[expr.Fact]func(d expr.Dense) bool{
		expr.Symmetric: func(d expr.Dense) bool { return alike(d, dense.Transpose(d)) },
		expr.Posdef: func(d expr.Dense) bool {
			return alike(d, dense.Transpose(d)) && dense.Factor(d).Det() > 0 && d.At(0, 0) > 0
		},
		expr.Orthogonal: func(d expr.Dense) bool { return alike(dense.Mul(d, dense.Transpose(d)), identity(d.Rows)) },
		expr.Diagonal:   func(d expr.Dense) bool { return d.At(0, 1) == 0 && d.At(1, 0) == 0 },
		expr.Invertible: func(d expr.Dense) bool {
			return math.Abs(dense.Factor(d).Det()) > 0.5 && math.Abs(dense.Factor(d).Det()) < 2.5
		},
		expr.Positive: func(d expr.Dense) bool { return d.At(0, 0) >= 1 && d.At(0, 1) >= 1 },
		expr.Toeplitz: func(d expr.Dense) bool { return d.At(0, 0) == d.At(1, 1) },
		expr.Onehot:   func(d expr.Dense) bool { return d.At(0, 0)+d.At(1, 0) == 1 && d.At(0, 0)*d.At(1, 0) == 0 },
	}
	for f, holds := range facts {
		s := w.NewSymbol("F", expr.Matrix, expr.Shape{Rows: w.n, Cols: w.n}, f)
		n := w.Var(s)
		for seed := range uint64(20) {
			b, err := (&Example{Reg: w.Reg, Domain: []*expr.Node{n}, Cost: alwaysReadable, Seed: seed}).Board()
			if err != nil {
				t.Fatal(err)
			}
			d := b.Members(s)[0]
			if !holds(d) {
				t.Errorf("%v: %v", f.Names(), d)
			}
			for _, x := range d.Data {
				if x != math.Round(x) || math.Abs(x) > 4 {
					t.Errorf("%v: %v is no small integer", f.Names(), x)
				}
			}
		}
	}
}

func alike(a, b expr.Dense) bool { return Apart(a, b) < 1e-12 }

func identity(n int) expr.Dense {
	d := expr.NewDense(n, n)
	for i := range n {
		d.Set(i, i, 1)
	}
	return d
}

// Sizes of an example are 3, 2, 4 in the order of their names, 2 for a square matrix
// alone, and as large as they must be.
func TestExampleSizes(t *testing.T) {
	w := newWorld()
	size := func(q *Example) [2]int {
		q.Reg, q.Cost = w.Reg, alwaysReadable
		b, err := q.Board()
		if err != nil {
			t.Fatal(err)
		}
		return [2]int{b.Size(w.m), b.Size(w.n)}
	}
	if got := size(&Example{Domain: []*expr.Node{w.X}}); got != [2]int{3, 2} {
		t.Errorf("m, n = %v, want 3, 2", got)
	}
	if got := size(&Example{Domain: []*expr.Node{w.X}, Least: []LeastSize{{w.n, 5}}}); got != [2]int{3, 5} {
		t.Errorf("m, n = %v, want 3, 5", got)
	}
	if got := size(&Example{Domain: []*expr.Node{w.S}}); got[1] != 2 {
		t.Errorf("n = %v for a square matrix, want 2", got[1])
	}
	w.Count(w.p.Sym)
	if got := size(&Example{Domain: []*expr.Node{w.Node(expr.OpMPow, w.S, w.p)}}); got[1] != 2 {
		t.Errorf("n = %v beside an integer, want 2", got[1])
	}
	if got := size(&Example{Domain: []*expr.Node{w.x}}); got[1] != 3 {
		t.Errorf("n = %v for a vector, want 3", got[1])
	}
}

// The point that costs least is taken, with values in the domains.
func TestExampleIsTheCheapest(t *testing.T) {
	w := newWorld()
	f := w.f("sum", w.f("log", w.x))
	seen, least := 0, math.Inf(1)
	q := &Example{Reg: w.Reg, Domain: []*expr.Node{f}, Cost: func(b *Board) (float64, bool) {
		v, err := b.Values(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		cost := 1000 * math.Abs(v[0].Data[0]-2.4849)
		least = min(least, cost)
		return cost, true
	}}
	b, err := q.Board()
	if err != nil {
		t.Fatal(err)
	}
	v, _ := b.Values(f, nil)
	// What a variable's own values cost may tip the balance by less than 20.
	if got := 1000 * math.Abs(v[0].Data[0]-2.4849); got > least+20 || seen < 10 {
		t.Errorf("of %d points one with cost %v was taken, the least is %v", seen, got, least)
	}
	q.Cost = func(*Board) (float64, bool) { return 0, false }
	if _, err := q.Board(); err == nil {
		t.Error("there is an example though none can be shown")
	}
}

// Differences on a board give the derivative in its layout, and follow what is
// computed from the variable.
func TestByDifferences(t *testing.T) {
	w := newWorld()
	h := w.NewSymbol("h", expr.Vector, w.y.Shape, 0)
	body := w.mul(w.X, w.x) // h = X x
	f := w.f("sum", w.f("square", w.Var(h)))
	follow := []Assignment{{Sym: h, Node: body}}
	b, err := (&Example{Reg: w.Reg, Domain: []*expr.Node{f}, Moved: []*expr.Symbol{w.x.Sym}, Assigned: follow, Cost: alwaysReadable}).Board()
	if err != nil {
		t.Fatal(err)
	}
	before := clone(b.Members(h)[0])
	got, _, err := b.ByDifferences(&Problem{Reg: w.Reg, F: f, X: w.x.Sym}, follow)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := b.Values(w.mul(w.num(2), w.t(w.X), body), nil)
	if Apart(got[0], want[0]) > 1e-8 {
		t.Errorf("the gradient is %v, differences give %v", want, got)
	}
	if Apart(b.Members(h)[0], before) != 0 {
		t.Error("what follows is not as it was")
	}
	for _, denominator := range []bool{false, true} {
		got, _, err := b.ByDifferences(&Problem{Reg: w.Reg, F: body, X: w.x.Sym, Denominator: denominator}, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := w.X
		if denominator {
			n = w.t(w.X)
		}
		if want, _ := b.Values(n, nil); Apart(got[0], want[0]) > 1e-8 {
			t.Errorf("denominator %v: differences give %v, want %v", denominator, got, want)
		}
	}
}
