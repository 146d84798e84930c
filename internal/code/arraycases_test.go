package code

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
	"example.com/nabla/internal/runner"
)

// arrayCases are random programs of arrays: sums, differences and products of vectors and
// matrices spread along each other's axes, products over axes of two of those, in another
// order of axes and as a vector or matrix.
func arrayCases() []kindCase {
	var list []kindCase
	for seed := range uint64(96) {
		list = append(list, kindCase{name: fmt.Sprintf("arrays %d", seed), make: func(k *kit) (*plan.Value, runner.Value) {
			a := &arrayKit{kit: k, rng: rand.New(rand.NewPCG(seed, 11))}
			v := a.program()
			env := &eval.Env{Sizes: kindSizes, Vars: map[string]expr.Dense{}}
			for s, arg := range k.args {
				d := expr.Dense{Rows: len(arg.Value.Data), Cols: 1, Data: arg.Value.Data}
				if n := arg.Value.Shape; len(n) == 2 {
					d.Rows, d.Cols = n[0], n[1]
				}
				env.Vars[s.Name] = d
			}
			values, err := plantest.Evaluate(env, v)
			if err != nil {
				panic(err)
			}
			return v, runner.ValueOf(values[0], v.Rank)
		}})
	}
	return list
}

// An arrayKit draws arrays with an index for each axis.
type arrayKit struct {
	*kit
	rng   *rand.Rand
	names int
}

var arraySizes = []string{"m", "n", "p", "m", "q"} // of the indices

func (a *arrayKit) dims(axes []int) []*expr.Dim {
	var out []*expr.Dim
	for _, i := range axes {
		out = append(out, a.dim(arraySizes[i]))
	}
	return out
}

// some draws k indices.
func (a *arrayKit) some(k int) []int { return a.rng.Perm(len(arraySizes))[:k] }

// leaf is a variable of one axis or two.
func (a *arrayKit) leaf() (*plan.Value, []int) {
	a.names++
	name := fmt.Sprintf("x%d", a.names)
	axes := a.some(1 + a.rng.IntN(2))
	if len(axes) == 1 {
		v, _ := a.vector(name, arraySizes[axes[0]])
		return v, axes
	}
	v, _ := a.matrix(name, arraySizes[axes[0]], arraySizes[axes[1]])
	return v, axes
}

// spread combines leaves entry by entry until there are so many axes.
func (a *arrayKit) spread(rank int) (*plan.Value, []int) {
	v, axes := a.leaf()
	for len(axes) < rank {
		w, more := a.leaf()
		all := slices.Clone(axes)
		for _, i := range more {
			if !slices.Contains(all, i) {
				all = append(all, i)
			}
		}
		if len(all) == len(axes) {
			continue
		}
		a.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		fn := []string{"mul", "add", "sub"}[a.rng.IntN(3)]
		v, axes = a.m.Binary(fn, a.align(v, axes, all), a.align(w, more, all)), all
	}
	return v, axes
}

func (a *arrayKit) align(v *plan.Value, from, to []int) *plan.Value {
	perm := make([]int, len(to))
	for k, i := range to {
		perm[k] = slices.Index(from, i)
	}
	return a.m.Align(v, perm, a.dims(to))
}

func (a *arrayKit) program() *plan.Value {
	var args []*plan.Value
	var operands [][]int
	for range 1 + min(1, a.rng.IntN(5)) {
		v, axes := a.spread(1 + a.rng.IntN(4))
		if a.rng.IntN(2) == 0 {
			v = a.m.Unary("tanh", v)
		}
		args, operands = append(args, v), append(operands, axes)
	}
	var result []int
	all := slices.Concat(operands...)
	slices.Sort(all)
	for _, i := range slices.Compact(all) {
		if a.rng.IntN(3) > 0 || len(result) == 0 {
			result = append(result, i)
		}
	}
	if a.rng.IntN(3) == 0 { // as a product of stacks comes
		s := slices.Clone(result)
		slices.SortStableFunc(s, func(i, j int) int {
			return inBoth(operands, j) - inBoth(operands, i)
		})
		result = s
	} else if a.rng.IntN(2) == 0 {
		a.rng.Shuffle(len(result), func(i, j int) { result[i], result[j] = result[j], result[i] })
	}
	var number [8]int
	spec := &plan.Spec{}
	for i := range number {
		number[i] = -1
	}
	put := func(list []int) (out []int) {
		for _, i := range list {
			if number[i] < 0 {
				number[i] = len(spec.Sizes)
				spec.Sizes = append(spec.Sizes, a.dim(arraySizes[i]))
			}
			out = append(out, number[i])
		}
		return out
	}
	for _, list := range operands {
		spec.Operands = append(spec.Operands, put(list))
	}
	spec.Result = put(result)
	v := a.m.Einsum(spec, args...)
	order := slices.Clone(result)
	if a.rng.IntN(2) == 0 {
		a.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		v = a.align(v, result, order)
	}
	return a.m.Reshape(v, 1+a.rng.IntN(len(order)))
}

func inBoth(operands [][]int, i int) int {
	n := 0
	for _, list := range operands {
		if slices.Contains(list, i) {
			n++
		}
	}
	return n
}

// Products of arrays are written as what computes them best.
func TestArrayProducts(t *testing.T) {
	for _, c := range []struct {
		operands [][]int
		result   []int
		want     string
	}{
		{[][]int{{0, 1, 2}, {2, 3}}, []int{0, 1, 3}, "x @ y"},
		{[][]int{{1, 2}, {0, 2, 3}}, []int{0, 1, 3}, "x @ y"},
		{[][]int{{0, 1, 2}, {0, 2, 3}}, []int{0, 1, 3}, "x @ y"},
		{[][]int{{0, 1, 2}, {2}}, []int{0, 1}, "x @ y"},
		{[][]int{{0, 1, 2}, {0, 3, 1}}, []int{2, 3}, "np.tensordot(x, y, ((0, 1), (0, 2)))"},
		{[][]int{{0, 1, 2}, {0, 3, 1}}, []int{3, 2}, "np.einsum("},
		{[][]int{{0, 1, 2}, {0, 3}}, []int{1, 2, 3}, "np.tensordot(x, y, (0, 0))"},
		{[][]int{{0, 1, 2}, {0, 2}}, []int{0, 1}, "np.einsum("},
		{[][]int{{0, 1, 2}}, []int{1}, "np.sum(x, axis=(0, 2))"},
		{[][]int{{0, 1, 2}}, []int{2, 1}, "np.einsum("},
	} {
		k := newKit()
		spec := &plan.Spec{Operands: c.operands, Result: c.result}
		for range 4 {
			spec.Sizes = append(spec.Sizes, k.dim("m"))
		}
		var args []*plan.Value
		for n, list := range c.operands {
			name := string(rune('x' + n))
			if len(list) == 2 {
				v, _ := k.matrix(name, "m", "m")
				args = append(args, v)
				continue
			}
			v, _ := k.vector(name, "m")
			perm, axes := make([]int, len(list)), make([]*expr.Dim, len(list))
			for i := range perm {
				perm[i], axes[i] = -1, k.dim("m")
			}
			perm[len(perm)-1] = 0
			args = append(args, k.m.Align(v, perm, axes))
		}
		v := k.m.Einsum(spec, args...)
		p, _ := k.program("kind", v)
		w := NewWriter(numpy.language(), p)
		if got, _ := numpy.einsum(w, v); !strings.HasPrefix(got, c.want) {
			t.Errorf("%v -> %v is %s, want %s", c.operands, c.result, got, c.want)
		}
	}
}
