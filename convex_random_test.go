package nabla_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/convex"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
	"example.com/nabla/internal/syntax"
)

// An analysis is a problem and what was said of it.
type analysis struct {
	convex.Problem
	rep *convex.Report
}

// parts are what analyses share: the compiled templates and rules.
type parts struct {
	templates *lower.Templates
	rules     *simplify.Engine
}

func newParts(t testing.TB) *parts {
	t.Helper()
	templates, err := lower.Compile(ops.Registry())
	if err != nil {
		t.Fatal(err)
	}
	rules, err := simplify.New(ops.Registry(), templates)
	if err != nil {
		t.Fatal(err)
	}
	return &parts{templates, rules}
}

// analyse asks for the curvature of a program in variables; nil for a program that is
// refused.
func (x *parts) analyse(program string, decls []*syntax.Decl, wrt []string, isVariable func(string) bool) (*analysis, error) {
	b := expr.NewBuilder(ops.Registry())
	prog, list := syntax.ParseProgram(program, syntax.Options{IsVariable: isVariable})
	if len(list) > 0 {
		return nil, errors.New(list.Render(prog.File))
	}
	p, list := check.Check(b, prog, check.Options{Closed: true, Decls: decls, Wrt: wrt})
	if len(list) > 0 {
		return nil, errors.New(list.Render(prog.File))
	}
	if !p.Result.Shape.IsScalar() {
		return nil, nil
	}
	for _, s := range p.Wrt {
		if s.Facts&(expr.Onehot|expr.Orthogonal|expr.Integer) != 0 {
			return nil, nil
		}
	}
	st := index.NewStore(b, x.rules.For())
	low, err := lower.New(st, x.templates, func(s *expr.Symbol) bool { return slices.Contains(p.Wrt, s) }, p.Result)
	if err != nil {
		return nil, err
	}
	a := &analysis{Problem: convex.Problem{Node: p.Result, F: low.Lower(p.Result).S, Low: low, Wrt: p.Wrt,
		Raiser: raise.New(b, raise.Options{Family: raise.FamilySum}), Print: &print.Options{Builder: b}}}
	a.rep, err = convex.Analyse(&a.Problem)
	return a, err
}

// refuted searches for chords that contradict a verdict, on long and on short
// segments, and for directions in which a strict one is flat.
func (a *analysis) refuted(v *convex.Verdict, seed uint64, tries int) string {
	where, ok := convex.Requirements(v.Conditions, v.Domain)
	if !ok {
		return ""
	}
	for choice := range 2 {
		c, err := eval.NewChords(a.Low.B.Reg, a.Node, a.Wrt, where, choice, seed)
		if err != nil {
			continue
		}
		for range tries {
			if c.Draw() != nil {
				break
			}
			for _, s := range [][2]float64{{0, 1}, {0.2, 0.4}, {0.5, 0.53}} {
				f0, ok0 := c.At(s[0])
				f1, ok1 := c.At((s[0] + s[1]) / 2)
				f2, ok2 := c.At(s[1])
				gap := f0 + f2 - 2*f1
				slack := 1e-8 * math.Max(1e-3, math.Max(math.Abs(f0), math.Max(math.Abs(f1), math.Abs(f2))))
				if ok0 && ok1 && ok2 && (v.Curvature != convex.Concave && gap < -slack || v.Curvature != convex.Convex && gap > slack) {
					return fmt.Sprintf("second difference %g at %v", gap, c.Sizes())
				}
			}
		}
	}
	return ""
}

// TestConvexRandom looks at random programs: no verdict is refuted by a search.
func TestConvexRandom(t *testing.T) {
	x := newParts(t)
	counts := map[convex.Curvature]int{}
	rapid.Check(t, func(t *rapid.T) {
		g := generator{t}
		q := g.expr(shape{"1", "1"}, 1+g.below(3))
		switch g.below(6) {
		case 0:
			q = both("(%s + norm2(%s)^2)", q, g.expr(shape{"n", "1"}, 1))
		case 1:
			q = both("sum(max(%s, %s))", g.expr(shape{"n", "1"}, 1), g.expr(shape{"n", "1"}, 2))
		case 2:
			q = both("(-%s)", q)
		}
		var occur []string
		for _, v := range pool {
			if strings.Contains(q.a, v.name) {
				occur = append(occur, v.name)
			}
		}
		if len(occur) == 0 {
			return
		}
		wrt := []string{occur[g.below(len(occur))]}
		if o := occur[g.below(len(occur))]; o != wrt[0] && g.below(3) == 0 {
			wrt = append(wrt, o)
		}
		defer ignoreInput(t, q.a, wrt)
		a, err := x.analyse(familyDecl+q.a, poolDecls(), wrt, isPool)
		if err != nil {
			t.Fatalf("%s by %v: %v", q.a, wrt, err)
		}
		if a == nil {
			return
		}
		counts[a.rep.Curvature]++
		for i := range a.rep.Verdicts {
			if why := a.refuted(&a.rep.Verdicts[i], 99, 12); why != "" {
				t.Fatalf("%s by %v is said to be %s: %s", q.a, wrt, a.rep.Verdicts[i].Curvature, why)
			}
		}
	})
	t.Logf("%v", counts)
	for _, c := range []convex.Curvature{convex.Affine, convex.Convex, convex.Concave, convex.Neither, convex.Conditional} {
		if counts[c] < 10 && !testing.Short() {
			t.Errorf("%d programs are %s: too few for a test", counts[c], c)
		}
	}
}

// scalars draws an expression in three scalars, two vectors and a definite matrix
// that is made of what the rules of composition know: quotients, roots, powers,
// logarithms, quadratic forms.
func (g generator) scalars(depth int) string {
	if depth == 0 || g.below(10) == 0 {
		return []string{"α", "α", "β", "2", "(1/2)", "(γ'*γ)", "(δ'*γ)", "(γ'*λ*γ)", "sum(γ)"}[g.below(9)]
	}
	x := func() string { return g.scalars(depth - 1) }
	switch g.below(9) {
	case 0:
		return "(" + x() + " + " + x() + ")"
	case 1:
		return "(" + x() + " - " + x() + ")"
	case 2:
		return "(" + x() + " * " + x() + ")"
	case 3:
		return "(" + x() + " / " + x() + ")"
	case 4:
		return "((" + x() + ")^" + []string{"2", "3", "(-1)", "(-2)", "(1/2)", "(-1/2)", "(3/2)"}[g.below(7)] + ")"
	case 5:
		return []string{"exp", "log", "tanh", "abs", "relu", "sigmoid", "softplus", "atan", "cosh", "sqrt"}[g.below(10)] + "(" + x() + ")"
	case 6:
		return []string{"max", "min"}[g.below(2)] + "(" + x() + ", " + x() + ")"
	case 7:
		return fmt.Sprintf([]string{"sqrt(1 + norm2(γ - δ*%s)^2)", "norm2(A*γ - %s)^2", "log(exp(%s) + exp(sum(γ)))", "(δ'*log(1 + exp(γ)) + %s)"}[g.below(4)],
			x())
	}
	return fmt.Sprintf([]string{"logdet(λ + κ'*κ*(%s))", "(δ'*inv(λ)*δ*(%s))", "(γ'*inv(λ)*γ + %s)", "(tr(inv(λ + eye(n)))*(%s))"}[g.below(4)], x())
}

// TestConvexScalars is TestConvexRandom for such expressions.
func TestConvexScalars(t *testing.T) {
	x := newParts(t)
	counts := map[convex.Curvature]int{}
	rapid.Check(t, func(t *rapid.T) {
		g := generator{t}
		if g.below(3) > 0 {
			return // the search is slower than others
		}
		q := strings.ReplaceAll(g.scalars(1+g.below(4)), "A", "κ")
		var choices [][]string
		for _, w := range [][]string{{"α"}, {"β"}, {"γ"}, {"α", "β"}, {"α", "γ"}, {"λ"}, {"γ", "λ"}, {"δ"}, {"δ", "λ"}} {
			if !slices.ContainsFunc(w, func(name string) bool { return !strings.Contains(q, name) }) {
				choices = append(choices, w)
			}
		}
		if len(choices) == 0 {
			return
		}
		wrt := choices[g.below(len(choices))]
		defer ignoreInput(t, q, wrt)
		a, err := x.analyse(familyDecl+q, poolDecls(), wrt, isPool)
		if err != nil {
			t.Fatalf("%s by %v: %v", q, wrt, err)
		}
		if a == nil {
			return
		}
		counts[a.rep.Curvature]++
		for i := range a.rep.Verdicts {
			if why := a.refuted(&a.rep.Verdicts[i], 99, 12); why != "" {
				t.Fatalf("%s by %v is said to be %s: %s", q, wrt, a.rep.Verdicts[i].Curvature, why)
			}
		}
	})
	t.Logf("%v", counts)
}

// ignoreInput takes the panics that the input is to blame for.
func ignoreInput(t *rapid.T, program string, wrt []string) {
	switch p := recover().(type) {
	case nil:
	case runtime.Error:
		t.Fatalf("%s by %v: %v", program, wrt, p)
	case lower.DomainError, lower.Unsupported:
	case error:
		if !errors.Is(p, index.ErrZeroDivision) && !errors.Is(p, index.ErrNegativeRoot) {
			panic(p)
		}
	default:
		panic(p)
	}
}

// TestConvexCorpus looks at the scalars of the public corpus in each of their
// variables: no verdict is refuted, and no line of a certificate is too long.
func TestConvexCorpus(t *testing.T) {
	x := newParts(t)
	cases := readCorpus(t)
	counts := map[convex.Curvature]int{}
	total, asked := 0, 0
	for i := range cases {
		c := &cases[i]
		for _, name := range c.Names() {
			a, err := x.ofCase(c, name)
			if err != nil {
				t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, name, err)
				continue
			}
			if a == nil {
				continue
			}
			asked++
			counts[a.rep.Curvature]++
			for k := range a.rep.Verdicts {
				v := &a.rep.Verdicts[k]
				if why := a.refuted(v, 7, 10); why != "" {
					t.Errorf("%s: %s by %s is said to be %s: %s", c.ID, c.Expr, name, v.Curvature, why)
				}
				for _, l := range v.Lines {
					total++
					if n := len([]rune(l.English)); n > 150 {
						t.Errorf("%s: a line of %d characters: %s", c.ID, n, l.English)
					}
				}
			}
		}
	}
	t.Logf("%d questions, %d lines: %v", asked, total, counts)
	if asked < 300 && !testing.Short() {
		t.Errorf("only %d questions", asked)
	}
}

func (x *parts) ofCase(c *corpus.Case, name string) (a *analysis, err error) {
	var decls []*syntax.Decl
	for _, n := range c.Names() {
		if strings.Contains(c.Vars[n], "function") && n == name {
			return nil, nil
		}
		d, list := syntax.ParseType(n, c.Vars[n], syntax.Options{})
		if len(list) > 0 {
			return nil, list
		}
		decls = append(decls, d)
	}
	return x.analyse(c.Expr, decls, []string{name}, c.IsVariable)
}
