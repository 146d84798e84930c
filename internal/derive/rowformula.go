package derive

import (
	"sync"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/syntax"
)

// rowFormulas keeps the formulas of rows as they were first written.
var rowFormulas sync.Map

// A rowText says which formula of a row is meant.
type rowText int

const (
	rowDifferential rowText = iota
	rowDefinition
	rowLinear  // that the operator commutes with d
	rowDerived // the differential that follows from the definition
)

type rowKey struct {
	op   *expr.Op
	text rowText
}

// rowFormula writes the differential of an operator as its row has it, such as
// d(X⁻¹) = −X⁻¹ dX X⁻¹, its definition, or d tr(X) = tr(dX).
func (p *deriver) rowFormula(op *expr.Op, which rowText) paper.Formula {
	key := rowKey{op, which}
	if f, ok := rowFormulas.Load(key); ok {
		return f.(paper.Formula)
	}
	f := writeRow(p.b.Reg, op, which)
	rowFormulas.Store(key, f)
	return f
}

func writeRow(reg *expr.Registry, op *expr.Op, which rowText) paper.Formula {
	b := expr.NewBuilder(reg)
	var names []check.Binding
	var sizes []check.SizeBinding
	letters := map[int]*expr.Dim{}
	sig := op.Signature()
	size := func(axis []int) *expr.Dim {
		d := b.One()
		for _, l := range axis {
			if letters[l] == nil {
				letters[l] = b.Sizes.Size(string(rune('i' + l)))
			}
			d = b.Mul(d, letters[l])
		}
		return d
	}
	var args, dargs []*expr.Node
	diffs := map[*expr.Symbol]string{}
	for k, name := range op.Params {
		s := b.NewSymbol(name, expr.Matrix, expr.Shape{Rows: size(sig.Args[k].Rows), Cols: size(sig.Args[k].Cols)}, 0)
		d := b.NewSymbol("d"+name, expr.Matrix, s.Shape, 0)
		diffs[d] = name
		args, dargs = append(args, b.Var(s)), append(dargs, b.Var(d))
		names = append(names, check.Binding{Name: name, Node: b.Var(s)}, check.Binding{Name: "d" + name, Node: b.Var(d)})
	}
	for l, d := range letters {
		sizes = append(sizes, check.SizeBinding{Name: string(rune('i' + l)), Dim: d})
	}
	var rhs *expr.Node
	switch which {
	case rowLinear:
		rhs = b.Make(op, dargs, nil, 0)
	case rowDerived:
		d := newDeriver(&Request{Builder: b})
		d.moving[args[0].Sym] = true
		d.diffs[diffKey{sym: args[0].Sym}] = &differential{of: args[0], sym: dargs[0].Sym, leaf: true}
		c, body := d.m.split(d.definition(b.Make(op, args, nil, 0)))
		rhs, _ = d.apply(body)
		rhs = d.m.times(c, rhs)
	default:
		text := op.Definition
		if which == rowDifferential {
			text = op.Differential
		}
		x, file, errs := syntax.ParseExpr(text, syntax.Options{IsVariable: func(name string) bool { return len(name) == 2 && name[0] == 'd' }})
		if len(errs) > 0 {
			return paper.Formula{}
		}
		if rhs, errs = check.Instantiate(b, file, x, names, sizes); len(errs) > 0 {
			return paper.Formula{}
		}
	}
	o := &print.Options{Builder: b, MaxTokens: -1, Spell: func(s *expr.Symbol, _ *expr.Index, latex bool) (string, bool, bool) {
		name, ok := diffs[s]
		if latex {
			return `\mathrm{d}` + print.LaTeXName(name), true, ok
		}
		return "d" + name, true, ok
	}}
	var p deriver
	lhs := b.Make(op, args, nil, 0)
	l := paper.Formula{Text: print.Text(lhs, o).Result, LaTeX: print.LaTeX(lhs, o).Result}
	if which != rowDefinition {
		l = paper.Formula{Text: p.dOfText(l.Text, l.LaTeX, false), LaTeX: p.dOfText(l.Text, l.LaTeX, true)}
	}
	return paper.Formula{
		Text:  l.Text + " = " + print.Text(rhs, o).Result,
		LaTeX: l.LaTeX + " = " + print.LaTeX(rhs, o).Result,
	}
}
