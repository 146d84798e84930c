package nabla_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
)

// TestRandomNumPy runs the source generated for random programs in Python and
// compares with the value of the answer as text.
func TestRandomNumPy(t *testing.T) {
	py := python(t)
	count := 1000
	if testing.Short() {
		count = 100
	}
	questions := rapid.Custom(func(t *rapid.T) question { return generator{t}.question() })
	var jobs []numpyJob
	for i := range count {
		q := questions.Example(i)
		q.req.NoCheck = true
		res, err := nabla.Differentiate(q.req)
		if err != nil || res.Derivatives[0].Form == nabla.IndexForm {
			continue // TestRandom reports it; index notation does not read back
		}
		job, err := randomJob(&q, &res.Derivatives[0])
		var none *eval.NoPoint
		if errors.As(err, &none) {
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", &q, err)
			continue
		}
		jobs = append(jobs, job)
	}
	if len(jobs) < count*3/4 {
		t.Errorf("%d of %d programs can be run", len(jobs), count)
	}
	runNumPy(t, py, jobs)
}

func randomJob(q *question, d *nabla.Derivative) (numpyJob, error) {
	j := numpyJob{ID: q.String(), Source: d.NumPy}
	b, p, err := poolProgram(familyDecl + d.Language)
	if err != nil {
		return j, err
	}
	for i, sizes := range []map[string]int{{"n": 3, "m": 4, "p": 2, "N": 5}, {"n": 2, "m": 5, "p": 3, "N": 4}} {
		env, values, err := eval.Draw(b.Reg, []*expr.Node{p.Result}, sizes, uint64(i+1))
		if err != nil {
			return j, err
		}
		c := numpyCase{Args: map[string]any{}, Sizes: sizes, Want: rows(values[0]), NDim: len(d.Dims)}
		if len(d.Dims) == 1 && values[0].Rows == 1 {
			c.NDim = 2
		}
		for k, v := range pool {
			value, ok := env.Vars[v.name]
			if !ok {
				value = expr.NewDense(sizeOf(v.r, sizes), sizeOf(v.c, sizes))
			}
			c.Args[v.name] = pythonValue(poolDecl(k), value)
		}
		var family [][]float64
		for _, m := range env.Families["χ"] {
			family = append(family, m.Data)
		}
		if family == nil {
			for range sizes["N"] {
				family = append(family, make([]float64, sizes["n"]))
			}
		}
		c.Args["χ"] = family
		j.Cases = append(j.Cases, c)
	}
	return j, nil
}

func sizeOf(name string, sizes map[string]int) int {
	if name == "1" {
		return 1
	}
	return sizes[name]
}
