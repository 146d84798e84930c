package diagnose

import (
	"math"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/rat"
)

func TestSimple(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want rat.Rat
		ok   bool
	}{
		{2, rat.Int(2), true}, {-1.0 / 3, rat.New(-1, 3), true}, {0, rat.Zero, true}, {0.125, rat.New(1, 8), true},
		{math.Pi, rat.Rat{}, false}, {1e-9, rat.Rat{}, false}, {math.NaN(), rat.Rat{}, false}, {math.Inf(1), rat.Rat{}, false},
		{2 + 1e-6, rat.Rat{}, false},
	} {
		got, ok := Simple(c.x)
		if ok != c.ok || ok && !got.Equal(c.want) {
			t.Errorf("%v: %v, %v", c.x, got, ok)
		}
	}
}

// A world has square matrices A and B and a vector x.
func world() (b *expr.Builder, A, B, x *expr.Node) {
	b = expr.NewBuilder(ops.Registry())
	n := b.Sizes.Size("n")
	matrix := func(name string) *expr.Node {
		return b.Var(b.NewSymbol(name, expr.Matrix, expr.Shape{Rows: n, Cols: n}, 0))
	}
	A, B = matrix("A"), matrix("B")
	x = b.Var(b.NewSymbol("x", expr.Vector, expr.Shape{Rows: n, Cols: b.One()}, 0))
	return b, A, B, x
}

// Find names what is wrong with a claim beside (A + Aᵀ)B x.
func TestFind(t *testing.T) {
	b, A, B, x := world()
	T := func(n *expr.Node) *expr.Node { return b.Node(expr.OpT, n) }
	mul := func(n ...*expr.Node) *expr.Node { return b.Node(expr.OpMul, n...) }
	sum := func(n ...*expr.Node) *expr.Node { return b.Node(expr.OpAdd, n...) }
	neg := func(n *expr.Node) *expr.Node { return b.Node(expr.OpNeg, n) }
	two := b.Num(rat.Int(2))
	truth := mul(sum(A, T(A)), B, x)
	f := mul(T(x), A, B, x)
	for _, c := range []struct {
		claim *expr.Node
		kind  Kind
	}{
		{truth, ""},
		{mul(b.Num(rat.Int(1)), sum(T(A), A), B, x), ""},
		{T(truth), Transposed},
		{neg(truth), Sign},
		{mul(two, truth), WrongFactor},
		{T(neg(truth)), SignTransposed},
		{mul(T(truth), two), FactorTransposed},
		{mul(two, A, B, x), NeedsFact},
		{mul(A, B, x), MissingTerm},
		{mul(sum(A, neg(T(A))), B, x), TermSign},
		{sum(truth, x), SurplusTerm},
		{mul(sum(A, T(A)), x), MissingFactor},
		{mul(sum(A, T(A)), B, B, x), SurplusFactor},
		{mul(sum(A, T(A)), b.Node(expr.OpInv, B), x), SurplusInverse},
		{sum(mul(A, B, x), mul(B, T(A), x)), FactorOrder},
		{mul(B, B, B, x), Different},
		{mul(sum(A, T(A)), B), WrongShape},
		{b.Sized(expr.OpZeros, x.Shape.Rows), ZeroClaim},
	} {
		q := &Question{B: b, Domain: []*expr.Node{f}, Truth: truth, Claim: c.claim, Free: b.Symbols()}
		equal, defined, err := q.Compare()
		if err != nil || !defined {
			t.Errorf("%s: %v, defined %v", c.kind, err, defined)
			continue
		}
		if equal != (c.kind == "") {
			t.Errorf("%s: equal %v", c.kind, equal)
		}
		if c.kind == "" {
			continue
		}
		if got := q.Find(); got.Kind != c.kind {
			t.Errorf("want %s, got %s", c.kind, got.Kind)
		}
	}
}
