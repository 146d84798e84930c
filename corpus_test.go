package nabla_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/check"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

// Limits that the answers to the published corpus keep.
const (
	medianLength = 1.0  // of answer over formula, in tokens
	p90Length    = 1.15 // the same at the 90th percentile
	matrixShare  = 0.99 // of answers in matrix or Kronecker form
)

func readCorpus(t testing.TB) []corpus.Case {
	t.Helper()
	cases, err := corpus.Read("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// request asks the question of a case.
func request(c *corpus.Case) nabla.Request {
	req := nabla.Request{Program: c.Expr, Closed: true, Wrt: []string{c.Wrt}, Order: c.Order, Layout: nabla.Layout(c.Layout)}
	for _, n := range c.Names() {
		req.Vars = append(req.Vars, nabla.Declaration{Name: n, Decl: c.Vars[n]})
	}
	return req
}

// TestCorpus differentiates every published case: the answer has the value of
// the formula and reads back, and as a whole the answers are as short as the
// formulas.
func TestCorpus(t *testing.T) {
	cases := readCorpus(t)
	var ratios []float64
	readable := 0
	for i := range cases {
		c := &cases[i]
		req := request(c)
		res, err := nabla.Differentiate(req)
		if err != nil {
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		d := &res.Derivatives[0]
		if d.Form != nabla.IndexForm {
			readable++
		}
		if c.Expected == nil {
			continue
		}
		if err := agree(c, d.Language, *c.Expected); err != nil {
			t.Errorf("%s: %s by %s: %v\n  answer  %s\n  formula %s", c.ID, c.Expr, c.Wrt, err, d.Text, *c.Expected)
			continue
		}
		ratios = append(ratios, float64(corpus.CountTokens(d.Text, c.IsVariable))/float64(c.ExpectedNodes))
	}
	if len(ratios) == 0 {
		t.Fatal("no answer")
	}
	sort.Float64s(ratios)
	median, p90 := quantile(ratios, 0.5), quantile(ratios, 0.9)
	share := float64(readable) / float64(len(cases))
	t.Logf("%d cases: length %.3f in the median, %.3f at the 90th percentile; %.1f %% in matrix or Kronecker form",
		len(cases), median, p90, 100*share)
	if median > medianLength {
		t.Errorf("length is %.3f times the formula's in the median, want at most %v", median, medianLength)
	}
	if p90 > p90Length {
		t.Errorf("length is %.3f times the formula's at the 90th percentile, want at most %v", p90, p90Length)
	}
	if share < matrixShare {
		t.Errorf("%.1f %% of the answers are in matrix or Kronecker form, want %v %%", 100*share, 100*matrixShare)
	}
}

// quantile interpolates between the two nearest of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// agree compares two formulas over the variables of a case by value, at the
// sizes and in the domain that the case states.
func agree(c *corpus.Case, a, b string) error {
	builder := expr.NewBuilder(ops.Registry())
	na, err := read(builder, c, a)
	if err != nil {
		return fmt.Errorf("the answer does not read back: %w", err)
	}
	nb, err := read(builder, c, b)
	if err != nil {
		return fmt.Errorf("the formula cannot be read: %w", err)
	}
	for i, sizes := range c.Dims {
		env, err := point(builder, c, sizes, uint64(i+1), na, nb)
		if err != nil {
			return err
		}
		va, err := eval.Evaluate(builder.Reg, na, env)
		if err != nil {
			return err
		}
		vb, err := eval.Evaluate(builder.Reg, nb, env)
		if err != nil {
			return err
		}
		if err := near(va, vb, 1e-9); err != nil {
			return fmt.Errorf("%w at sizes %v", err, sizes)
		}
	}
	return nil
}

// point draws the variables of a case at which all nodes have values.
func point(b *expr.Builder, c *corpus.Case, sizes map[string]int, seed uint64, nodes ...*expr.Node) (*eval.Env, error) {
	env, _, err := eval.Draw(b.Reg, nodes, sizes, seed)
	if err != nil {
		return nil, err
	}
	for name, v := range env.Vars {
		for i := range v.Data {
			switch c.Domain[name] {
			case "pm1":
				v.Data[i] = 1 - 2*float64(i%2)
			case "binary":
				v.Data[i] = float64(i % 2)
			case "symmetric-simplex":
				row, col := i/v.Cols, i%v.Cols
				v.Data[i] = float64(2+(row+col)%3+row*col) / 100
			}
		}
		if c.Domain[name] == "symmetric-simplex" {
			total := 0.0
			for _, x := range v.Data {
				total += x
			}
			for i := range v.Data {
				v.Data[i] /= total
			}
		}
	}
	return env, nil
}

// near compares two values to an error relative to the largest entry.
func near(a, b expr.Dense, tolerance float64) error {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		return fmt.Errorf("the shape is %d × %d, not %d × %d", a.Rows, a.Cols, b.Rows, b.Cols)
	}
	scale := 1e-3
	for i := range a.Data {
		scale = math.Max(scale, math.Max(math.Abs(a.Data[i]), math.Abs(b.Data[i])))
	}
	for i := range a.Data {
		if d := math.Abs(a.Data[i] - b.Data[i]); !(d <= tolerance*scale) {
			return fmt.Errorf("entry (%d, %d) is %.12g, not %.12g", i/a.Cols+1, i%a.Cols+1, a.Data[i], b.Data[i])
		}
	}
	return nil
}

// read checks a formula over the variables of a case, declared with what the
// case says of the points it holds at.
func read(b *expr.Builder, c *corpus.Case, text string) (*expr.Node, error) {
	prog, list := syntax.ParseProgram(text, syntax.Options{IsVariable: c.IsVariable})
	if len(list) > 0 {
		return nil, errors.New(list.Render(prog.File))
	}
	opts := check.Options{Closed: true}
	for _, n := range c.Names() {
		d, list := syntax.ParseType(n, c.Vars[n]+domainFacts(c, n), syntax.Options{})
		if len(list) > 0 {
			return nil, list
		}
		opts.Decls = append(opts.Decls, d)
	}
	p, list := check.Check(b, prog, opts)
	if len(list) > 0 {
		return nil, errors.New(list.Render(prog.File))
	}
	return p.Result, nil
}

// domainFacts are facts that hold for the points of a case but are not declared
// in its question.
func domainFacts(c *corpus.Case, name string) string {
	facts := strings.Fields(c.Vars[name])
	add := ""
	for _, f := range strings.Fields(map[string]string{
		"spd": "symmetric posdef", "positive": "positive", "det>0": "invertible",
	}[c.Domain[name]]) {
		if !slices.Contains(facts, f) {
			add += " " + f
		}
	}
	return add
}
