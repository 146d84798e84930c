package nabla

import (
	"strings"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/latex"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/syntax"
)

// readBack prints a node as LaTeX, reads that, and returns the text and the node it is
// in the same builder.
func readBack(t *testing.T, p *problem, n *expr.Node) (string, *expr.Node) {
	t.Helper()
	text := print.LaTeX(n, &print.Options{Builder: p.b}).String()
	opts := latex.Options{IsFunction: func(name string) bool { return p.eng.reg.Overloads(name) != nil }}
	checked := check.Options{LargePowers: true}
	for _, v := range p.prog.Vars {
		d, list := syntax.ParseDecl(v.Declaration(), syntax.Options{})
		if len(list) > 0 {
			t.Fatalf("%s: %v", v.Declaration(), list)
		}
		opts.Decls = append(opts.Decls, d)
	}
	for _, s := range p.b.Symbols() {
		checked.Names = append(checked.Names, check.Binding{Name: s.Name, Node: p.b.Var(s)})
	}
	r, list := latex.Read(text, opts)
	if len(list) > 0 {
		t.Errorf("%s", list.Render(opts.File(text)))
		return text, nil
	}
	checked.Free = r.Free
	var sizes []*expr.SizeName
	for _, d := range p.b.Dims() {
		sizes = d.Names(sizes)
	}
	for _, s := range sizes {
		if p.b.Symbols() != nil && p.prog.Lookup(s.Name) == nil {
			checked.Sizes = append(checked.Sizes, check.SizeBinding{Name: s.Name, Dim: p.b.Sizes.Size(s.Name)})
		}
	}
	back, list := check.Check(p.b, r.Program, checked)
	if len(list) > 0 {
		t.Errorf("%s", list.Render(opts.File(text)))
		return text, nil
	}
	return text, back.Result
}

// canonical reports whether two nodes have one canonical form.
func canonical(t *testing.T, p *problem, a, b *expr.Node) bool {
	t.Helper()
	st := index.NewStore(p.b, p.eng.rules.For())
	low, err := lower.New(st, p.eng.templates, func(*expr.Symbol) bool { return false }, a, b)
	if err != nil {
		t.Errorf("lower: %v", err)
		return false
	}
	x, y := low.Lower(a), low.Lower(b)
	return x.S == y.S
}

// Whatever is printed as LaTeX is read as the same node: the expressions of the corpus,
// the published derivatives, and the answers.
func TestLaTeXOfCorpusReadsBack(t *testing.T) {
	cases, err := corpus.Read("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	same, total := 0, 0
	compare := func(c *corpus.Case, program, what string) {
		req := &Request{Program: program, Closed: true}
		req.defaults()
		for _, n := range c.Names() {
			req.Vars = append(req.Vars, Declaration{Name: n, Decl: c.Vars[n]})
		}
		p, err := open(req)
		if err != nil {
			t.Errorf("%s, %s: %v", c.ID, what, err)
			return
		}
		text, n := readBack(t, p, p.prog.Result)
		if n == nil {
			t.Errorf("%s, %s: %s", c.ID, what, program)
			return
		}
		total++
		if n == p.prog.Result {
			same++
			return
		}
		if !canonical(t, p, n, p.prog.Result) {
			t.Errorf("%s, %s: %s\n is printed as %s\n and read as %s", c.ID, what, program, text, print.Language(n, &print.Options{Builder: p.b}))
		}
	}
	for i := range cases {
		c := &cases[i]
		compare(c, c.Expr, "expression")
		if c.Expected != nil {
			compare(c, *c.Expected, "published derivative")
		}
		req := Request{Program: c.Expr, Closed: true, Wrt: []string{c.Wrt}, Order: c.Order, Layout: Layout(c.Layout), NoCheck: true, NoNumPy: true}
		for _, n := range c.Names() {
			req.Vars = append(req.Vars, Declaration{Name: n, Decl: c.Vars[n]})
		}
		res, err := Differentiate(req)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		for _, d := range res.Derivatives {
			if d.Form != IndexForm {
				compare(c, d.Language, "answer")
			}
		}
	}
	t.Logf("%d formulas, %d of them the same node before any rule", total, same)
}

// The formulas of derivations are read from LaTeX as they are from text: a line such as
// 2 (X w − y)ᵀ X dw has one canonical form.
func TestLaTeXOfDerivationsReadsBack(t *testing.T) {
	cases, err := corpus.Read("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines, skipped, numbers := 0, 0, 0
	for i := range cases {
		if testing.Short() && i%8 != 0 {
			continue
		}
		c := &cases[i]
		req := Request{Program: c.Expr, Closed: true, Wrt: []string{c.Wrt}, NoCheck: true, NoNumPy: true}
		for _, n := range c.Names() {
			req.Vars = append(req.Vars, Declaration{Name: n, Decl: c.Vars[n]})
		}
		d, err := Derive(DeriveRequest{Request: req})
		if err != nil {
			continue
		}
		req.defaults()
		p, err := open(&req)
		if err != nil {
			t.Fatal(err)
		}
		var decls []*syntax.Decl
		for _, v := range p.prog.Vars {
			for _, name := range []string{"", "d"} {
				if d, list := syntax.ParseDecl(name+v.Declaration(), syntax.Options{}); len(list) == 0 && (name == "" || p.prog.Lookup("d"+v.Symbol.Name) == nil) {
					if name == "d" {
						d.Facts = nil
					}
					decls = append(decls, d)
				}
			}
		}
		isVariable := func(name string) bool {
			for _, d := range decls {
				if declares(d, name) {
					return true
				}
			}
			return false
		}
		isFunction := func(name string) bool { return p.eng.reg.Overloads(name) != nil }
		for _, b := range d.Paper.Blocks {
			for _, l := range b.Lines {
				f := l.Rhs
				if f.Text == "" || strings.ContainsAny(f.Text, "∂…⋯") {
					continue
				}
				x, file, list := syntax.ParseExpr(f.Text, syntax.Options{Juxtapose: true, IsVariable: isVariable, IsFunction: isFunction})
				if len(list) > 0 {
					skipped++ // it has d(…) or a name of ours
					continue
				}
				alone := &syntax.Program{File: file, Stmts: []syntax.Stmt{&syntax.ExprStmt{X: x}}}
				if _, list := check.Check(p.b, alone, check.Options{Decls: decls, Closed: true}); len(list) > 0 {
					skipped++ // it has names of ours
					continue
				}
				opts := latex.Options{Decls: decls, IsFunction: isFunction}
				claims, free, _, list := latex.ReadClaims(f.LaTeX, opts)
				if len(list) > 0 {
					if isVariable("d") && list[0].Message.En == "the differential of an expression is not read" {
						skipped++ // d(…) is a product in the language
						continue
					}
					t.Errorf("%s: %s", c.ID, list.Render(opts.File(f.LaTeX)))
					continue
				}
				ofExpression := false
				syntax.Walk(claims[0].X, func(x syntax.Expr) {
					f, ok := x.(*syntax.Call)
					ofExpression = ofExpression || ok && f.Func.Name == "d"
				})
				if ofExpression {
					skipped++ // verify writes it out
					continue
				}
				prog := &syntax.Program{File: file, Stmts: []syntax.Stmt{
					&syntax.Definition{Name: syntax.Ident{Name: "text′"}, Body: x},
					&syntax.Definition{Name: syntax.Ident{Name: "latex′"}, Body: claims[0].X}}}
				both, list := check.Check(p.b, prog, check.Options{Decls: decls, Free: free})
				if len(list) > 0 {
					t.Errorf("%s: %s and %s: %v", c.ID, f.Text, f.LaTeX, list)
					continue
				}
				lines++
				if m, n := both.Defs[0].Node, both.Defs[1].Node; m != n && !canonical(t, p, m, n) {
					numbers++ // the fraction stands elsewhere, and softmax is found in one form alone
					if err := eval.Equal(p.eng.reg, m, n, 1); err != nil {
						t.Errorf("%s: %s is not %s: %v", c.ID, f.Text, f.LaTeX, err)
					}
				}
			}
		}
	}
	t.Logf("%d lines, %d of them equal by numbers alone; %d have no form in the language", lines, numbers, skipped)
	if lines < 100 {
		t.Errorf("%d lines", lines)
	}
}
