package nabla_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
)

// TestNativeCorpus runs every published case and its answer and compares with values by
// definition.
func TestNativeCorpus(t *testing.T) {
	cases := readCorpus(t)
	var r nativeRuns
	for i := range cases {
		c := &cases[i]
		a, err := nabla.Answer(request(c))
		if err != nil {
			continue // TestCorpus reports it
		}
		for k, sizes := range c.Dims {
			env, err := point(a.B, c, sizes, uint64(k+1), roots(a)...)
			if err != nil {
				continue
			}
			if err := r.compare(a, env); err != nil {
				t.Errorf("%s: %s by %s at %v: %v", c.ID, c.Expr, c.Wrt, sizes, err)
			}
		}
	}
	r.log(t, 500)
}

// TestNativeRandom does the same for random programs.
func TestNativeRandom(t *testing.T) {
	count := 1500
	if testing.Short() {
		count = 200
	}
	questions := rapid.Custom(func(t *rapid.T) question { return generator{t}.question() })
	var r nativeRuns
	for i := range count {
		q := questions.Example(i)
		a, err := nabla.Answer(q.req)
		if err != nil {
			continue // TestRandom reports it
		}
		env, _, err := eval.Draw(a.B.Reg, roots(a), map[string]int{"n": 3, "m": 4, "p": 2, "N": 5}, uint64(i))
		if err != nil {
			continue
		}
		if err := r.compare(a, env); err != nil {
			t.Errorf("%v: %v", &q, err)
		}
	}
	r.log(t, count)
}

// TestNativePrograms does the same for the examples of operators and for programs that
// show every kind of value.
func TestNativePrograms(t *testing.T) {
	programs := slices.Clone(planPrograms)
	for _, o := range ops.Registry().Ops() {
		programs = append(programs, o.Examples...)
	}
	var r nativeRuns
	for _, text := range programs {
		names, err := nabla.Variables(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			for order := 1; order <= 2; order++ {
				a, err := nabla.Answer(nabla.Request{Program: text, Wrt: []string{name}, Order: order})
				if err != nil {
					continue // TestPlanPrograms reports it
				}
				var dims []*expr.SizeName
				for _, d := range a.B.Dims() {
					dims = d.Names(dims)
				}
				// An axis of length 1 is one whose memory has no direction.
				for _, least := range []int{2, 1} {
					sizes := map[string]int{}
					for i, n := range dims {
						if n.Symbol == nil {
							sizes[n.Name] = least + i%4
						}
					}
					env, _, err := eval.Draw(a.B.Reg, roots(a), sizes, 7)
					if err != nil {
						continue
					}
					if err := r.compare(a, env); err != nil {
						t.Errorf("%s by %s, order %d, at %v: %v", text, name, order, sizes, err)
					}
				}
			}
		}
	}
	r.log(t, 500)
}

// nativeRuns counts runs, and those in blocks.
type nativeRuns struct{ runs, blocks, refused int }

func (r *nativeRuns) log(t *testing.T, least int) {
	t.Logf("%d runs, %d in blocks, %d refused", r.runs, r.blocks, r.refused)
	if r.runs < least || r.blocks < least/4 {
		t.Errorf("only %d runs, %d in blocks", r.runs, r.blocks)
	}
}

// compare runs an expression and its derivatives in several ways.
func (r *nativeRuns) compare(a *nabla.Answered, env *eval.Env) error {
	l := plan.NewLowerer(plan.NewMaker(a.B), plan.Options{})
	values := []*plan.Value{l.Result(a.F)}
	for i, n := range a.Nodes {
		if n != nil {
			values = append(values, l.Result(n))
		}
		if x := a.Whole[i]; x != nil {
			values = append(values, l.Result(x))
		}
		if x := a.Forms[i]; x != nil {
			values = append(values, l.IndexForm(x))
		}
	}
	want, err := plantest.Evaluate(env, values...)
	if err != nil {
		return nil // TestPlanCorpus compares these
	}
	params, in, o := nativeArguments(a.B, env, values)
	try := func(o native.Options, what string) error {
		m, err := native.Compile(values, params, o)
		var not *native.NotStreamableError
		if errors.As(err, &not) && o.Stream != "" {
			r.refused++
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		out := make([]native.Array, len(values))
		for range 2 {
			if err := m.Run(in, out); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
		for k, v := range values {
			got := expr.Dense{Rows: want[k].Rows, Cols: want[k].Cols, Data: out[k].Data}
			if err := near(want[k], got, 1e-7); err != nil {
				return fmt.Errorf("%s: result %d, %s: %w", what, k, native.Formula(v), err)
			}
		}
		r.runs++
		if m.Passes() > 0 {
			r.blocks++
		}
		return nil
	}
	with := func(change func(o *native.Options)) native.Options {
		p := o
		change(&p)
		return p
	}
	if err := try(with(func(o *native.Options) { o.Whole = true }), "whole"); err != nil {
		return err
	}
	if err := try(with(func(o *native.Options) { o.Whole, o.Thrifty, o.Threads = true, true, 2 }), "thrifty"); err != nil {
		return err
	}
	if err := try(with(func(o *native.Options) { o.Whole, o.Trace = true, true }), "traced"); err != nil {
		return err
	}
	names := make([]string, 0, len(env.Sizes))
	for n := range env.Sizes {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if env.Sizes[n] < 2 {
			continue
		}
		for _, block := range []int{1, 2, 3, 100} {
			for _, serial := range []bool{false, true} {
				what := fmt.Sprintf("in blocks of %d along %s, serial: %t", block, n, serial)
				if err := try(with(func(o *native.Options) {
					o.Along, o.Block, o.Threads, o.Serial, o.Thrifty = n, block, 3, serial, serial
				}), what); err != nil {
					return err
				}
			}
		}
		if err := try(with(func(o *native.Options) { o.Stream, o.Block = n, 2 }), "streamed along "+n); err != nil {
			return err
		}
	}
	return nil
}

// nativeArguments returns the variables that values depend on and their data.
func nativeArguments(b *expr.Builder, env *eval.Env, values []*plan.Value) ([]plan.Parameter, []native.Array, native.Options) {
	used := map[*expr.Symbol]bool{}
	var functions []*expr.Symbol
	seen := map[*plan.Value]bool{}
	var visit func(v *plan.Value)
	visit = func(v *plan.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		if v.Kind == plan.Param {
			used[v.Sym] = true
		}
		if v.Kind == plan.Apply && !slices.Contains(functions, v.Sym) {
			functions = append(functions, v.Sym)
		}
		for _, a := range v.Args {
			visit(a)
		}
	}
	for _, v := range values {
		visit(v)
	}
	slices.SortFunc(functions, func(a, b *expr.Symbol) int { return a.Ordinal - b.Ordinal })
	var params []plan.Parameter
	var in []native.Array
	o := native.Options{Sizes: map[string]int{}, Functions: map[string][]func(float64) float64{}}
	for n, v := range env.Sizes {
		o.Sizes[n] = v
	}
	for _, s := range b.Symbols() {
		if s.Count != nil {
			o.Sizes[s.Count.Name] = int(env.Vars[s.Name].Data[0])
		}
		if !used[s] {
			continue
		}
		params = append(params, plan.Parameter{Sym: s})
		var data []float64
		if s.Family != nil {
			for _, d := range env.Families[s.Name] {
				data = append(data, d.Data...)
			}
		} else {
			data = env.Vars[s.Name].Data
		}
		in = append(in, native.Array{Data: data})
	}
	for k, f := range functions {
		for order := range 5 {
			o.Functions[f.Name] = append(o.Functions[f.Name], eval.StandIn(k, order))
		}
	}
	return params, in, o
}

func TestNativeFormula(t *testing.T) {
	a, err := nabla.Answer(nabla.Request{Program: "norm2(X*w - y)^2 + c*norm2(w)^2", Wrt: []string{"w"}})
	if err != nil {
		t.Fatal(err)
	}
	l := plan.NewLowerer(plan.NewMaker(a.B), plan.Options{})
	got := native.Formula(l.Result(a.Nodes[0]))
	if !strings.Contains(got, "X'*(X*w - y)") {
		t.Errorf("the gradient is called %s", got)
	}
}
