package index

import (
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

func newStore(t *testing.T) (*Store, *expr.Dim) {
	t.Helper()
	reg, err := expr.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	b := expr.NewBuilder(reg)
	return NewStore(b, nil), b.Sizes.Size("n")
}

func matrixAtom(st *Store, name string, n *expr.Dim, facts expr.Fact) *Atom {
	return st.Var(st.B.NewSymbol(name, expr.Matrix, expr.Shape{Rows: n, Cols: n}, facts), false)
}

func vectorAtom(st *Store, name string, n *expr.Dim) *Atom {
	return st.Var(st.B.NewSymbol(name, expr.Vector, expr.Shape{Rows: n, Cols: st.B.One()}, 0), false)
}

// A product is one node whatever the order of its factors, the numbering of its
// indices and, for a symmetric atom, the order of its two indices.
func TestCanonicalUnderRelabelling(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	for trial := range 4000 {
		st, n := newStore(t)
		atoms := []*Atom{matrixAtom(st, "A", n, 0), matrixAtom(st, "X", n, 0), matrixAtom(st, "S", n, expr.Symmetric),
			vectorAtom(st, "x", n), vectorAtom(st, "y", n)}
		slots := make([]*expr.Dim, rng.IntN(3))
		for i := range slots {
			slots[i] = n
		}
		classes := len(slots) + 1 + rng.IntN(5)
		type factor struct {
			a   *Atom
			idx []int
		}
		var fs []factor
		for range 1 + rng.IntN(6) {
			f := factor{a: atoms[rng.IntN(len(atoms))]}
			for range f.a.Slots {
				f.idx = append(f.idx, rng.IntN(classes))
			}
			fs = append(fs, f)
		}
		build := func() *Sum {
			r := st.Raw(slots)
			label := rng.Perm(classes)
			class := make([]Ix, classes)
			for range classes {
				r.Class(n)
			}
			for i, l := range label {
				class[i] = Ix(len(slots) + l)
			}
			for i := range slots {
				r.Union(r.Slot[i], class[i])
			}
			for _, k := range rng.Perm(len(fs)) {
				idx := make([]Ix, len(fs[k].idx))
				for p, c := range fs[k].idx {
					idx[p] = class[c]
				}
				if fs[k].a.Symmetric && rng.IntN(2) == 0 {
					idx[0], idx[1] = idx[1], idx[0]
				}
				r.MulAtom(fs[k].a, idx, rat.One)
			}
			return st.SumOf(slots, r)
		}
		first := build()
		for range 4 {
			if again := build(); again != first {
				t.Fatalf("trial %d: %v and %v are the same product", trial, first, again)
			}
		}
	}
}

func one(st *Store, slots []*expr.Dim, coef rat.Rat, a *Atom, at ...int) *Raw {
	r := st.Raw(slots)
	r.Coef = coef
	idx := make([]Ix, len(at))
	for i, k := range at {
		idx[i] = r.Slot[k]
	}
	r.MulAtom(a, idx, rat.One)
	return r
}

func TestGroups(t *testing.T) {
	st, n := newStore(t)
	x, y, a := vectorAtom(st, "x", n), vectorAtom(st, "y", n), matrixAtom(st, "A", n, 0)
	v := []*expr.Dim{n}
	difference := st.SumOf(v, one(st, v, rat.One, x, 0), one(st, v, rat.MinusOne, y, 0))
	reversed := st.SumOf(v, one(st, v, rat.Int(-2), x, 0), one(st, v, rat.Int(2), y, 0))
	g, q, _ := st.Group(difference)
	h, p, _ := st.Group(reversed)
	if g != h || !q.Equal(rat.One) || !p.Equal(rat.Int(-2)) {
		t.Errorf("x − y and 2y − 2x: groups %v, %v with factors %v, %v", g, h, q, p)
	}
	m := []*expr.Dim{n, n}
	asym := st.SumOf(m, one(st, m, rat.One, a, 0, 1), one(st, m, rat.Int(3), a, 1, 0))
	ga, _, pa := st.Group(asym)
	gt, _, pt := st.Group(st.Transpose(asym))
	if ga != gt || pa[0] == pt[0] {
		t.Errorf("a group and its transpose: %v %v, %v %v", ga, pa, gt, pt)
	}
	sym := st.SumOf(m, one(st, m, rat.One, a, 0, 1), one(st, m, rat.One, a, 1, 0))
	if gs, _, _ := st.Group(sym); !gs.Symmetric {
		t.Errorf("%v is symmetric", gs)
	}
	quarter := st.SumOf(v, one(st, v, rat.One, x, 0), one(st, v, rat.New(1, 4), y, 0))
	if u, q := st.Unit(quarter); u != quarter || !q.IsOne() {
		t.Errorf("denominators were cleared: %v · %v", q, u)
	}
}

func TestScalarComponents(t *testing.T) {
	st, n := newStore(t)
	x, y := vectorAtom(st, "x", n), vectorAtom(st, "y", n)
	dot := func(r *Raw) {
		c := r.Class(n)
		r.MulAtom(x, []Ix{c}, rat.One)
		r.MulAtom(y, []Ix{c}, rat.One)
	}
	r := st.Raw(nil)
	dot(r)
	dot(r)
	square := st.SumOf(nil, r)
	if got := square.String(); got != "1 {1 x[a] y[a]}^2" {
		t.Errorf("(xᵀy)(yᵀx) is %s", got)
	}
	r = st.Raw(nil)
	dot(r)
	single := st.SumOf(nil, r)
	r = st.Raw(nil)
	r.MulSum(square, nil, rat.One)
	r.MulSum(single, nil, rat.MinusOne)
	if got := st.SumOf(nil, r); got != single {
		t.Errorf("(xᵀy)² / xᵀy is %v", got)
	}
	r = st.Raw(nil)
	r.Class(n)
	r.Class(n)
	if got := st.SumOf(nil, r).String(); got != "1 n^2" {
		t.Errorf("sum over two unused indices is %s", got)
	}
}

// A group times an identity is its diagonal, not the group itself.
func TestGroupOnTheDiagonal(t *testing.T) {
	st, n := newStore(t)
	a := matrixAtom(st, "A", n, 0)
	m := []*expr.Dim{n, n}
	sum := st.SumOf(m, one(st, m, rat.One, a, 0, 1), st.Raw(m))
	r := st.Raw(m)
	r.Union(r.Slot[0], r.Slot[1])
	r.MulSum(sum, r.Slot, rat.One)
	if got := st.SumOf(m, r).String(); got != "1 δ[i,j] {1 + 1 A[i,j]}[i,i]" && got != "1 δ[i,j] {1 + 1 A[i,j]}[j,j]" {
		t.Errorf("(A + 1) ⊙ I is %s", got)
	}
}

// Multiples of a sum have one unit: the form met first.
func TestUnitOfMultiples(t *testing.T) {
	st, n := newStore(t)
	x, y := vectorAtom(st, "x", n), vectorAtom(st, "y", n)
	v := []*expr.Dim{n}
	sum := func(a, b rat.Rat) *Sum { return st.SumOf(v, one(st, v, a, x, 0), one(st, v, b, y, 0)) }
	first := sum(rat.One, rat.New(-1, 4))
	for _, q := range []rat.Rat{rat.One, rat.Int(4), rat.Int(-4), rat.New(1, 3), rat.New(-5, 7)} {
		s := sum(q, q.Mul(rat.New(-1, 4)))
		if u, got := st.Unit(s); u != first || !got.Equal(q) {
			t.Errorf("%v is %v times %v, want %v times %v", s, got, u, q, first)
		}
	}
	st2, n2 := newStore(t)
	st, n = st2, n2
	x, y, v = vectorAtom(st, "x", n), vectorAtom(st, "y", n), []*expr.Dim{n}
	first = sum(rat.Int(-6), rat.Int(4))
	u, q := st.Unit(first)
	if u.String() != "-3 x[i] + 2 y[i]" || !q.Equal(rat.Int(2)) {
		t.Errorf("−6 x + 4 y is %v times %v", q, u)
	}
	if w, q := st.Unit(sum(rat.Int(1), rat.New(-2, 3))); w != u || !q.Equal(rat.New(-1, 3)) {
		t.Errorf("x − 2/3 y is %v times %v", q, w)
	}
}
