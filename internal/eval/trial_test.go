package eval

import (
	"math"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// Trials lie where the domain says, whatever else is evaluated there, and everywhere
// in it: at negative values, far out, at matrices of negative determinant.
func TestTrials(t *testing.T) {
	w := newWorld()
	draw := func(domain, also *expr.Node) []*Trial {
		t.Helper()
		trials, err := (&Drawing{Reg: w.Reg, Domain: []*expr.Node{domain}, Also: []*expr.Node{also}}).Draw()
		if err != nil {
			t.Fatal(err)
		}
		return trials
	}
	sizes := map[int]bool{}
	negative, far, undefined := false, false, false
	for _, p := range draw(w.f("sum", w.x), w.f("log", w.x)) {
		v, err := p.Value(w.x, nil)
		if err != nil {
			t.Fatal(err)
		}
		sizes[v.Rows] = true
		for _, x := range v.Data {
			negative, far = negative || x < 0, far || math.Abs(x) > 2
		}
		if _, err := p.Value(w.f("log", w.x), nil); err != nil {
			undefined = true
		}
	}
	if !negative || !far || !undefined || len(sizes) < 3 {
		t.Errorf("negative %v, far %v, outside of the other's domain %v, sizes %v", negative, far, undefined, sizes)
	}
	for _, p := range draw(w.f("sum", w.f("log", w.x)), w.x) {
		v, _ := p.Value(w.x, nil)
		for _, x := range v.Data {
			if x <= 0 {
				t.Fatalf("%v is outside of the domain of log", v.Data)
			}
		}
	}
	signs := map[bool]bool{}
	for _, p := range draw(w.f("tr", w.f("inv", w.S)), w.S) {
		v, _ := p.Value(w.S, nil)
		signs[dense.Factor(v).Det() > 0] = true
	}
	if len(signs) != 2 {
		t.Error("all determinants have one sign")
	}
}

// Facts that are asked for besides the declared ones hold at every point.
func TestTrialsHaveFacts(t *testing.T) {
	w := newWorld()
	for _, f := range []expr.Fact{expr.Symmetric, expr.Posdef, expr.Diagonal, expr.Orthogonal, expr.Simplex, expr.Positive} {
		n := w.S
		if f == expr.Simplex {
			n = w.x
		}
		q := &Drawing{Reg: w.Reg, Domain: []*expr.Node{n}, Facts: func(s *expr.Symbol) expr.Fact {
			if s == n.Sym {
				return f
			}
			return 0
		}}
		trials, err := q.Draw()
		if err != nil {
			t.Fatal(err)
		}
		if s := q.Small(10, func(*Trial) bool { return true }); s != nil {
			trials = append(trials, s)
		} else {
			t.Errorf("no small point with %v", f.Names())
		}
		for _, p := range trials {
			if v, err := p.Value(n, nil); err != nil || !has(f, v) {
				t.Errorf("%v: %v is not %v (%v)", p.Region, v, f.Names(), err)
			}
		}
	}
}

// Small points are of integers, and of simple fractions where the domain leaves none.
func TestSmall(t *testing.T) {
	w := newWorld()
	q := &Drawing{Reg: w.Reg, Domain: []*expr.Node{w.mul(w.X, w.x), w.f("logdet", w.P)}}
	seen := 0
	q.Small(20, func(p *Trial) bool {
		for _, n := range p.Named() {
			for _, d := range n.Values {
				for _, v := range d.Data {
					if seen++; v != math.Round(v) || math.Abs(v) > 9 {
						t.Fatalf("%v", n)
					}
				}
			}
		}
		return false
	})
	if seen == 0 {
		t.Error("no points")
	}
	if p := (&Drawing{Reg: w.Reg, Domain: []*expr.Node{w.f("atanh", w.x)}}).Small(20, func(*Trial) bool { return true }); p == nil {
		t.Error("no small point between −1 and 1")
	}
}

// Differences along a direction and for one entry agree with what is known.
func TestAlongAndDifference(t *testing.T) {
	w := newWorld()
	f := w.f("sum", w.f("hadamard", w.mul(w.X, w.x), w.y)) // xᵀ Xᵀ y
	trials, err := (&Drawing{Reg: w.Reg, Domain: []*expr.Node{f}}).Draw()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range trials {
		g, _ := p.Value(w.mul(w.t(w.X), w.y), nil)
		x, _ := p.Value(w.x, nil)
		value, _ := p.Value(f, nil)
		along, err := p.Along(f, nil, []Move{{Symbol: w.x.Sym, By: x}})
		if err != nil || math.Abs(along.Data[0]-value.Data[0]) > 1e-6*(1+math.Abs(value.Data[0])) {
			t.Fatalf("along x: %v, want %v (%v)", along.Data, value.Data, err)
		}
		d, err := p.Difference(&Problem{Reg: w.Reg, F: f, X: w.x.Sym}, 2, 1)
		if err != nil || math.Abs(d-g.Data[1]) > 1e-6*(1+math.Abs(d)) {
			t.Fatalf("entry 2: %v, want %v (%v)", d, g.Data[1], err)
		}
		if again, _ := p.Value(w.x, nil); !near(again, x) {
			t.Fatal("the point has moved")
		}
	}
	kink := w.f("sum", w.f("abs", w.sub(w.x, w.x)))
	if _, err := trials[0].Along(kink, nil, []Move{{Symbol: w.x.Sym, By: expr.NewDense(trials[0].Size(w.n), 1)}}); err == nil {
		t.Error("differences across a kink are no error")
	}
}

func TestApart(t *testing.T) {
	a := matrixOf(2, 1, 2, 3, 4)
	for _, c := range []struct {
		b    expr.Dense
		want float64
	}{
		{a, 0}, {matrixOf(2, 1, 2, 5, 4), 0.4}, {matrixOf(1, 1, 2, 3, 4), inf}, {matrixOf(2, 1, 2, math.NaN(), 4), inf},
	} {
		if d := Apart(a, c.b); d != c.want {
			t.Errorf("%v and %v: %v, want %v", a, c.b, d, c.want)
		}
	}
}
