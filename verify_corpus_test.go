package nabla_test

import (
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/syntax"
)

// claimRequest asks whether a formula answers the question of a case.
func claimRequest(c *corpus.Case, claim string) nabla.VerifyRequest {
	req := request(c)
	return nabla.VerifyRequest{Program: req.Program, Closed: true, Wrt: c.Wrt, Order: c.Order, Layout: req.Layout,
		Vars: req.Vars, Claim: claim}
}

// TestVerifyCorpus finds every published answer to be right.
func TestVerifyCorpus(t *testing.T) {
	cases := readCorpus(t)
	arguments := map[nabla.Argument]int{}
	var spent time.Duration
	n := 0
	for i := range cases {
		c := &cases[i]
		if c.Expected == nil {
			continue
		}
		begin := time.Now()
		v, err := nabla.Verify(claimRequest(c, *c.Expected))
		spent += time.Since(begin)
		n++
		if err != nil {
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		if !v.Equal && slices.Contains(mapValues(c.Domain), "pm1") {
			continue // right for entries 1 and −1 only, which the question does not say
		}
		if !v.Equal {
			t.Errorf("%s: %s by %s: %v %s (%s)\n  claim %s\n  true  %s", c.ID, c.Expr, c.Wrt, c.Vars, v.Message, v.Kind, *c.Expected, v.True.Text)
			continue
		}
		arguments[v.Argument]++
	}
	t.Logf("%d claims, %v, %v each", n, arguments, spent/time.Duration(n))
}

// A mutant is a published answer with a mistake put in, and the kinds that name it.
type mutant struct {
	mistake string
	req     nabla.VerifyRequest
	kinds   []string
	loose   bool // what is left may be no expression
	fact    bool // the mistake is a fact that is not declared
}

var everyMutant = flag.Bool("mutants", false, "put mistakes into every published answer, not into each third")

// TestVerifyMutants puts mistakes into the published answers, one at a time. What the
// oracle, which knows no more than the values of two formulas, finds different is
// never called equal, and nearly always the mistake is named.
func TestVerifyMutants(t *testing.T) {
	cases := readCorpus(t)
	type tally struct{ right, all int }
	by := map[string]*tally{}
	var names []string
	total := tally{}
	for i := range cases {
		c := &cases[i]
		if i%3 != 0 && !*everyMutant {
			continue
		}
		if c.Expected == nil || c.Order != 1 {
			continue
		}
		for _, m := range mutants(t, c) {
			v, verr := nabla.Verify(m.req)
			var input *nabla.InputError
			if errors.As(verr, &input) && m.loose {
				continue // what is left is no expression
			}
			err := agreeAsAsked(c, &m.req)
			if verr != nil {
				t.Errorf("%s, %s: %s by %s, claim %s: %v", c.ID, m.mistake, m.req.Program, c.Wrt, m.req.Claim, verr)
				continue
			}
			if err == nil {
				if !v.Equal {
					t.Errorf("%s, %s: %s by %s, claim %s: the oracle sees no difference, found %s", c.ID, m.mistake, m.req.Program, c.Wrt, m.req.Claim, v.Message)
				}
				continue // the mistake makes no difference
			}
			if v.Equal {
				t.Errorf("%s, %s: %s by %s, claim %s is called equal (%s); oracle: %v", c.ID, m.mistake, m.req.Program, c.Wrt, m.req.Claim, v.Argument, err)
				continue
			}
			if by[m.mistake] == nil {
				by[m.mistake] = &tally{}
				names = append(names, m.mistake)
			}
			by[m.mistake].all++
			total.all++
			if slices.Contains(m.kinds, v.Kind) || m.fact && len(v.HoldsIf) > 0 {
				by[m.mistake].right++
				total.right++
			} else {
				t.Logf("%s, %s: %s by %s, claim %s: %s: %s", c.ID, m.mistake, m.req.Program, c.Wrt, m.req.Claim, v.Kind, v.Message)
			}
		}
	}
	for _, n := range names {
		t.Logf("%-24s %3d of %3d", n, by[n].right, by[n].all)
	}
	rate := float64(total.right) / float64(total.all)
	t.Logf("%d wrong claims, the mistake is named in %d: %.1f %%", total.all, total.right, 100*rate)
	if total.all < 200 {
		t.Errorf("only %d wrong claims", total.all)
	}
	if rate < 0.95 {
		t.Errorf("the mistake is named in %.1f %%, want 95 %%", 100*rate)
	}
}

// agreeAsAsked compares the claim of a mutant with the published answer by value, at
// points that know only the declarations of the mutant's question.
func agreeAsAsked(c *corpus.Case, req *nabla.VerifyRequest) error {
	asked := *c
	asked.Domain, asked.Vars = nil, map[string]string{}
	for _, d := range req.Vars {
		asked.Vars[d.Name] = d.Decl
	}
	truth := *c.Expected
	if req.Program != c.Expr || len(req.Vars) != len(c.Vars) {
		return errors.New("another question")
	}
	for _, d := range req.Vars {
		if d.Decl != c.Vars[d.Name] { // a fact is dropped: the published answer rests on it
			res, err := nabla.Differentiate(nabla.Request{Program: req.Program, Vars: req.Vars, Wrt: []string{req.Wrt},
				Layout: req.Layout, NoCheck: true, NoNumPy: true})
			if err != nil {
				return err
			}
			truth = res.Derivatives[0].Language
		}
	}
	// A kink may hide a mistake at a few points.
	for range 4 {
		if err := agree(&asked, req.Claim, truth); err != nil {
			return err
		}
		asked.Dims = append(asked.Dims, asked.Dims...)
	}
	return nil
}

// mutants puts each kind of mistake into the answer of a case where there is a place
// for it.
func mutants(t *testing.T, c *corpus.Case) []mutant {
	answer := *c.Expected
	var out []mutant
	add := func(mistake, claim string, kinds ...string) {
		out = append(out, mutant{mistake, claimRequest(c, claim), kinds, strings.HasPrefix(mistake, "dropped"), false})
	}
	tree, _, list := syntax.ParseExpr(answer, syntax.Options{IsVariable: c.IsVariable})
	if len(list) > 0 {
		t.Fatal(list)
	}
	asked := request(c)
	asked.NoCheck, asked.NoNumPy = true, true
	res, err := nabla.Differentiate(asked)
	if err != nil {
		t.Fatal(err)
	}
	scalarF, scalar := res.Shape == "scalar", res.Derivatives[0].Shape == "scalar"
	add("sign", "-("+answer+")", "sign")
	add("factor 2", "2*("+answer+")", "factor")
	add("factor 2/3", "2/3*("+answer+")", "factor")
	add("factor a size", "("+answer+")*"+size(c), "factor")
	zero := res.Derivatives[0].Zero
	if zero {
		return nil // every arrangement and multiple of zero is zero
	}
	if !scalar {
		kind := "transposed"
		if !scalarF {
			kind = "other-layout"
		}
		add("transposed", "("+answer+")'", kind)
		if agree(c, answer, "("+answer+")'") != nil { // else the transpose is no mistake
			add("sign and transposed", "-("+answer+")'", "sign-and-transposed")
			add("factor and transposed", "2*("+answer+")'", "factor-and-transposed")
		}
	}
	if !scalarF {
		req := request(c)
		req.Layout, req.NoCheck, req.NoNumPy = nabla.Denominator, true, true
		if res, err := nabla.Differentiate(req); err == nil {
			add("other layout", res.Derivatives[0].Language, "other-layout")
		}
		req.Layout, req.Vec = nabla.Numerator, nabla.Rows
		if res, err := nabla.Differentiate(req); err == nil && res.Derivatives[0].Form != nabla.IndexForm {
			add("other vec order", res.Derivatives[0].Language, "other-vec-order", "other-layout")
		}
	}
	// Each place in the tree where a term, a sign or a factor can be lost.
	for _, e := range damage(tree) {
		add(e.mistake, syntax.Text(e.tree), e.kinds...)
	}
	if scalarF && !scalar {
		add("a term too many", answer+" + "+c.Wrt, "surplus-term")
	}
	for _, n := range c.Names() {
		kind, facts, _ := strings.Cut(c.Vars[n], ") ")
		if facts == "" || facts == "constant" {
			continue
		}
		m := mutant{"fact of " + strings.Fields(facts)[0] + " dropped", claimRequest(c, answer), []string{"needs-fact"}, false, true}
		m.req.Vars = slices.Clone(m.req.Vars)
		for i := range m.req.Vars {
			if m.req.Vars[i].Name == n {
				m.req.Vars[i].Decl = kind + ")"
			}
		}
		out = append(out, m)
	}
	return out
}

// size is a size name of a case as a factor.
func size(c *corpus.Case) string {
	var names []string
	for n := range c.Dims[0] {
		names = append(names, n)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "3"
	}
	return names[0]
}

// A damaged tree has one mistake.
type damaged struct {
	mistake string
	tree    syntax.Expr
	kinds   []string
}

// damage returns the trees in which a term is dropped or its sign turned, or a
// transpose, an inverse or a factor is lost, once in each place of the tree. Trees that
// are no expression any more are left to the caller, who cannot read them.
func damage(x syntax.Expr) []damaged {
	var out []damaged
	var walk func(x syntax.Expr, put func(syntax.Expr) syntax.Expr)
	walk = func(x syntax.Expr, put func(syntax.Expr) syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Binary:
			if x.Op == syntax.Add || x.Op == syntax.Sub {
				out = append(out, damaged{"dropped term", put(x.X), []string{"missing-term"}})
				turned := *x
				turned.Op = syntax.Add + syntax.Sub - x.Op
				out = append(out, damaged{"sign of a term", put(&turned), []string{"term-sign"}})
			}
			if x.Op == syntax.Hadamard {
				out = append(out, damaged{"dropped factor", put(x.X), []string{"missing-factor", "exponent"}})
			}
			walk(x.X, func(y syntax.Expr) syntax.Expr { z := *x; z.X = y; return put(&z) })
			walk(x.Y, func(y syntax.Expr) syntax.Expr { z := *x; z.Y = y; return put(&z) })
		case *syntax.Unary:
			walk(x.X, func(y syntax.Expr) syntax.Expr { z := *x; z.X = y; return put(&z) })
		case *syntax.Call:
			if x.Func.Name == "inv" {
				out = append(out, damaged{"dropped inverse", put(x.Args[0]), []string{"missing-inverse"}})
			}
			if len(x.Args) == 1 {
				walk(x.Args[0], func(y syntax.Expr) syntax.Expr { z := *x; z.Args = []syntax.Expr{y}; return put(&z) })
			}
		}
	}
	walk(x, func(y syntax.Expr) syntax.Expr { return y })
	return out
}

func mapValues(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
