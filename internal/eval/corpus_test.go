package eval

import (
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

// Each published case in index form: the lowered expression has the value of the
// matrix form, and its derivative passes the numeric check, before anything is
// simplified or turned into notation.
func TestCorpusInIndexForm(t *testing.T) {
	cases, err := corpus.Read("../../testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := lower.Compile(ops.Registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) { indexForm(t, templates, &c) })
	}
}

func indexForm(t *testing.T, templates *lower.Templates, c *corpus.Case) {
	var decls []*syntax.Decl
	for _, n := range c.Names() {
		d, list := syntax.ParseType(n, c.Vars[n], syntax.Options{})
		if len(list) > 0 {
			t.Fatal(list)
		}
		decls = append(decls, d)
	}
	proveInIndexForm(t, templates, c.Expr, check.Options{Decls: decls, Wrt: []string{c.Wrt}, Closed: true})
}

// Each example of each operator's row, differentiated by each of its variables.
func TestExamplesInIndexForm(t *testing.T) {
	templates, err := lower.Compile(ops.Registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range ops.Registry().Ops() {
		for _, e := range o.Examples {
			b := expr.NewBuilder(ops.Registry())
			prog, list := syntax.ParseProgram(e, syntax.Options{})
			if len(list) > 0 {
				t.Fatalf("%s: %s: %v", o.Name, e, list)
			}
			p, list := check.Check(b, prog, check.Options{})
			if len(list) > 0 {
				t.Errorf("%s: %s: %v", o.Name, e, list)
				continue
			}
			for _, v := range p.Vars {
				t.Run(o.Name+": "+e+" by "+v.Symbol.Name, func(t *testing.T) {
					proveInIndexForm(t, templates, e, check.Options{Wrt: []string{v.Symbol.Name}})
				})
			}
		}
	}
}

func proveInIndexForm(t *testing.T, templates *lower.Templates, text string, opts check.Options) {
	b := expr.NewBuilder(ops.Registry())
	prog, list := syntax.ParseProgram(text, syntax.Options{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	p, list := check.Check(b, prog, opts)
	if len(list) > 0 {
		t.Fatal(list)
	}
	x := p.Wrt[0]
	st := index.NewStore(b, nil)
	l, err := lower.New(st, templates, func(s *expr.Symbol) bool { return s == x }, p.Result)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case lower.Unsupported:
			t.Errorf("unsupported: %s", r.What)
		default:
			panic(r)
		}
	}()
	f := l.Lower(p.Result)
	if err := EqualView(b.Reg, p.Result, &View{Sum: f.S, Rows: f.Rows, Cols: f.Cols}, 1); err != nil {
		t.Fatalf("lowered: %v\n%v", err, f.S)
	}
	d := derivativeView(st, l, f, x)
	rep, err := Check(&Problem{Reg: b.Reg, F: p.Result, DView: d, X: x})
	if err != nil {
		t.Fatalf("%v\n%v", err, d.Sum)
	}
	if rep.Points < 2 || rep.MaxError > 1e-6 {
		t.Errorf("%+v", rep)
	}
}
