package code

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// TestKinds runs a program of each kind of values and each function in every language.
func TestKinds(t *testing.T) {
	for _, target := range Targets() {
		t.Run(target.Name, func(t *testing.T) { runKinds(t, target.Name, false, runner.Plain) })
	}
}

// TestKindsFloat32 passes float32 where a language has it: the results are float32.
func TestKindsFloat32(t *testing.T) {
	for _, target := range Targets() {
		if runner.Lang(target.Name).Float32() {
			t.Run(target.Name, func(t *testing.T) { runKinds(t, target.Name, true, runner.Plain) })
		}
	}
}

// runKinds writes the cases in a language, runs them and compares.
func runKinds(t *testing.T, target string, float32s bool, via runner.Via) {
	lang := runner.Lang(target)
	runner.Need(t, lang)
	if !lang.Runs() {
		via = runner.Values
	}
	var jobs []runner.Job
	var cases []kindCase
	var want []runner.Value
	list := kindCases()
	if Find(target).Arrays {
		list = append(list, arrayCases()...)
	}
	for i, c := range list {
		slow := target == "jax" || target == "cpp" // which compile each
		if float32s && c.wide || slow && testing.Short() && i%8 != 0 || slow && float32s && i%4 != 0 {
			continue // JAX compiles each operation, C++ takes its time
		}
		k := newKit()
		v, w := c.make(k)
		p, args := k.program("kind", v)
		if float32s && !slices.ContainsFunc(args, func(a runner.Arg) bool { return len(a.Value.Shape) > 0 }) {
			continue // a float of the language tells no type
		}
		if via == runner.VMap && !slices.ContainsFunc(args, func(a runner.Arg) bool { return a.Kind != runner.Integer && a.Kind != runner.Func }) {
			continue // there is nothing to map over
		}
		files, err := Write(target, p)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, runner.Job{ID: c.name, Source: files[0].Source, Func: "kind", Ranks: []int{v.Rank},
			Points: [][]runner.Arg{args}, Float32: float32s, Via: via})
		cases, want = append(cases, c), append(want, w)
	}
	outcomes, err := runner.Run(lang, jobs)
	if err != nil {
		t.Fatal(err)
	}
	tol := 1e-12
	if float32s {
		tol = 1e-4
	}
	for i, o := range outcomes {
		f := o.Failure()
		if f == "" {
			if err := runner.Compare(o.Points[0].Values[0], want[i], tol); err != nil {
				f = err.Error()
			}
		} else if cases[i].mayFail {
			continue
		}
		if f != "" {
			t.Errorf("%s: %s\n%s", o.ID, f, jobs[i].Source)
		}
	}
	t.Logf("%d cases", len(jobs))
}

// TestKindsAll demands a case for each kind.
func TestKindsAll(t *testing.T) {
	seen := map[plan.Kind]bool{}
	for _, c := range append(kindCases(), arrayCases()...) {
		k := newKit()
		v, _ := c.make(k)
		for _, u := range plan.Schedule([]*plan.Value{v}) {
			seen[u.Kind] = true
		}
	}
	for kind := plan.Param; kind <= plan.Reshape; kind++ {
		if !seen[kind] {
			t.Errorf("no case of kind %d", kind)
		}
	}
}

// TestTables sees that the tables' own arithmetic is right.
func TestTables(t *testing.T) {
	_, a := newKit().regular("A", "n")
	for i, x := range a.times(a.inverse()).x {
		if want := indicator(i%5 == 0); math.Abs(x-want) > 1e-14 {
			t.Errorf("entry %d of A A⁻¹ is %v", i, x)
		}
	}
	if d := (table{3, 3, []float64{0, 2, 0, 1, 0, 0, 0, 0, 3}}).det(); d != -6 {
		t.Error(fmt.Sprint("determinant ", d))
	}
}

// TestKindsJAX compiles and maps the functions.
func TestKindsJAX(t *testing.T) {
	t.Run("jit", func(t *testing.T) { runKinds(t, "jax", false, runner.Jit) })
	t.Run("vmap", func(t *testing.T) { runKinds(t, "jax", false, runner.VMap) })
}
