package plan_test

import (
	"math"
	"slices"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
)

// A sumMaker draws sums of terms, which have much in common.
type sumMaker struct {
	*chainMaker
	sizes      []*expr.Dim
	rows, cols []int
	pool       []*plan.Value
	terms      []plan.Term
}

// name is a size, now and then one.
func (s *sumMaker) name() *expr.Dim {
	if s.rng.IntN(12) == 0 {
		return s.b.One()
	}
	return s.chainMaker.name()
}

func newSumMaker(seed uint64) *sumMaker {
	s := &sumMaker{chainMaker: newChainMaker(seed)}
	for range 2 + s.rng.IntN(3) {
		s.sizes = append(s.sizes, s.name())
	}
	for i := range s.sizes {
		switch s.rng.IntN(3) {
		case 0:
			s.rows = append(s.rows, i)
		case 1:
			s.cols = append(s.cols, i)
		}
	}
	if s.rows == nil {
		s.rows, s.cols = s.cols, nil
	}
	for range 2 + s.rng.IntN(4) {
		if s.rng.IntN(3) == 0 {
			s.pool = append(s.pool, s.param(expr.Vector, s.name(), s.b.One()))
			continue
		}
		s.pool = append(s.pool, s.param(expr.Matrix, s.name(), s.name()))
	}
	for range 1 + s.rng.IntN(5) {
		s.term()
	}
	return s
}

// term draws a term: of entries of the pool at indices that are there or new, or like
// another with other names for its indices and an entry left out or added.
func (s *sumMaker) term() {
	t := plan.Term{Coef: int64(1 + s.rng.IntN(3))}
	if s.rng.IntN(2) == 0 {
		t.Coef = -t.Coef
	}
	free := slices.Concat(s.rows, s.cols)
	local := slices.Clone(free)
	if len(s.terms) > 0 && s.rng.IntN(4) > 0 {
		o := s.terms[s.rng.IntN(len(s.terms))]
		names := map[int]int{}
		for k, list := range o.Indices {
			if s.rng.IntN(4) == 0 {
				continue
			}
			var to []int
			for _, i := range list {
				if slices.Contains(free, i) {
					names[i] = i
				} else if _, ok := names[i]; !ok {
					names[i] = len(s.sizes)
					s.sizes = append(s.sizes, s.sizes[i])
					local = append(local, names[i])
				}
				to = append(to, names[i])
			}
			t.Args, t.Indices = append(t.Args, o.Args[k]), append(t.Indices, to)
		}
	}
	at := func(d *expr.Dim) int {
		var fit []int
		for _, i := range local {
			if s.sizes[i] == d {
				fit = append(fit, i)
			}
		}
		if len(fit) > 0 && s.rng.IntN(4) > 0 {
			return fit[s.rng.IntN(len(fit))]
		}
		s.sizes = append(s.sizes, d)
		local = append(local, len(s.sizes)-1)
		return len(s.sizes) - 1
	}
	for range s.rng.IntN(4) {
		v := s.pool[s.rng.IntN(len(s.pool))]
		if s.rng.IntN(6) == 0 && len(local) > 0 {
			i := local[s.rng.IntN(len(local))]
			t.Args, t.Indices = append(t.Args, s.l.Eye(s.sizes[i])), append(t.Indices, []int{i, at(s.sizes[i])})
			continue
		}
		list := []int{at(v.Rows)}
		if v.Rank == 2 {
			list = append(list, at(v.Cols))
		}
		t.Args, t.Indices = append(t.Args, v), append(t.Indices, list)
	}
	s.terms = append(s.terms, t)
}

// apart is the sum by the definition of each term.
func (s *sumMaker) apart() *plan.Value {
	dims := func(list []int) *expr.Dim {
		d := s.b.One()
		for _, i := range list {
			d = s.b.Mul(d, s.sizes[i])
		}
		return d
	}
	var sum *plan.Value
	for _, t := range s.terms {
		spec := &plan.Spec{Result: slices.Concat(s.rows, s.cols), RowIndices: len(s.rows), Sizes: s.sizes, Operands: slices.Clone(t.Indices)}
		args := slices.Clone(t.Args)
		seen := slices.Concat(t.Indices...)
		for i, d := range s.sizes {
			if slices.Contains(spec.Result, i) && !slices.Contains(seen, i) {
				args, spec.Operands = append(args, s.l.FillVector(s.l.Int(1), d)), append(spec.Operands, []int{i})
			}
		}
		// Indices that do not occur are left out of sums.
		var names []int
		c := &plan.Spec{RowIndices: spec.RowIndices}
		number := func(list []int) (out []int) {
			for _, i := range list {
				if !slices.Contains(names, i) {
					names, c.Sizes = append(names, i), append(c.Sizes, s.sizes[i])
				}
				out = append(out, slices.Index(names, i))
			}
			return out
		}
		c.Result = number(spec.Result)
		for _, list := range spec.Operands {
			c.Operands = append(c.Operands, number(list))
		}
		v := s.l.Binary("mul", s.l.Int(t.Coef), s.l.Contract(c, dims(s.rows), dims(s.cols), args...))
		if sum == nil {
			sum = v
		} else {
			sum = s.l.Binary("add", sum, v)
		}
	}
	return sum
}

// A sum that is factored has the value of its terms.
func TestFactorSums(t *testing.T) {
	count := 20000
	if testing.Short() {
		count = 2000
	}
	nested := 0
	for seed := range uint64(count) {
		s := newSumMaker(seed)
		got, n := s.l.SumOfTerms(s.sizes, s.rows, s.cols, s.terms)
		if n > 0 {
			nested++
		}
		s.check(t, seed, got)
		l := plan.NewLowerer(s.l.Maker, plan.Options{Size: s.size, Arrays: true})
		got, _ = l.SumOfTerms(s.sizes, s.rows, s.cols, s.terms)
		s.check(t, seed, got)
	}
	if nested < count/20 {
		t.Errorf("%d of %d sums are factored", nested, count)
	}
}

// check compares a value with the sum by definition.
func (s *sumMaker) check(t *testing.T, seed uint64, got *plan.Value) {
	t.Helper()
	values, err := plantest.Evaluate(s.env, s.apart(), got)
	if err != nil {
		t.Fatal(err)
	}
	want, have := values[0], values[1]
	if want.Rows != have.Rows || want.Cols != have.Cols {
		t.Fatalf("seed %d: %v is %d × %d, not %d × %d", seed, got, have.Rows, have.Cols, want.Rows, want.Cols)
	}
	for i, x := range want.Data {
		if math.Abs(have.Data[i]-x) > 1e-9*(1+math.Abs(x)) {
			t.Fatalf("seed %d: %v of %v\nis %v, not %v\nby %v", seed, s.terms, s.sizes, have, want, got)
		}
	}
}

// deep returns the Hessian by the first layer of a network of linear layers with a scaling
// of the samples between them: a sum over layers, each of which passes through all below.
func deep(c *chainMaker, layers int) (*plan.Value, int) {
	d, n := c.b.Sizes.Size("d"), c.b.Sizes.Size("b")
	x := c.param(expr.Matrix, d, n)
	var w, scales, bends []*plan.Value
	for range layers {
		w = append(w, c.param(expr.Matrix, d, d))
		scales = append(scales, c.param(expr.Matrix, d, n))
		bends = append(bends, c.param(expr.Matrix, d, n))
	}
	sizes := []*expr.Dim{d, d, d, d} // j, i, j', i'
	index := func(d *expr.Dim) int {
		sizes = append(sizes, d)
		return len(sizes) - 1
	}
	var terms []plan.Term
	for top := range layers {
		s, i, k := index(n), 1, 3
		t := plan.Term{Coef: 1, Args: []*plan.Value{x, x}, Indices: [][]int{{0, s}, {2, s}}}
		put := func(v *plan.Value, list ...int) { t.Args, t.Indices = append(t.Args, v), append(t.Indices, list) }
		for layer := range top + 1 {
			a, b := index(d), index(d)
			if layer == top {
				b = a
			}
			put(scales[layer], i, s)
			put(scales[layer], k, s)
			put(w[layer], a, i)
			put(w[layer], b, k)
			i, k = a, b
		}
		put(bends[top], i, s)
		terms = append(terms, t)
	}
	return c.l.SumOfTerms(sizes, []int{0, 1}, []int{2, 3}, terms)
}

// Each layer is passed once: the work grows with the layers and not with their square.
func TestFactorLayers(t *testing.T) {
	work := func(layers int) float64 {
		c := newChainMaker(1)
		c.sizes = map[string]int{"d": 20, "b": 200}
		v, nested := deep(c, layers)
		if nested != layers-1 {
			t.Errorf("%d layers: %d sums are operands, want %d", layers, nested, layers-1)
		}
		return plan.TotalFlops([]*plan.Value{v}, c.size)
	}
	layer := work(4) - work(3)
	if ten := work(10) - work(9); ten > 1.05*layer || ten < 0.95*layer {
		t.Errorf("the tenth layer takes %.3g, the fourth %.3g", ten, layer)
	}
	if want := 10.0 * 20 * 20 * 20 * 200; layer > want {
		t.Errorf("a layer takes %.3g, want at most %.3g", layer, want)
	}
}
