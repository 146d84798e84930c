package nabla

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// An Answered is the derivatives of a request before they are written as text.
type Answered struct {
	B     *expr.Builder
	F     *expr.Node         // the expression
	Nodes []*expr.Node       // nil for one without matrix notation
	Forms []*print.IndexForm // the same in index notation; nil for one that has none
	Whole []*expr.Node       // the same with families as matrices; nil for one without matrix notation
}

// Answer answers a request as Differentiate does, for tests that work on nodes.
func Answer(req Request) (a *Answered, err error) {
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			if err = p.fault(r); err == nil {
				panic(r)
			}
		}
	}()
	req.defaults()
	req.NoCheck, req.TextOnly = true, true
	if p, err = open(&req); err != nil {
		return nil, err
	}
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	a = &Answered{B: p.b, F: p.prog.Result}
	for _, d := range p.all {
		n, form := p.rs.Raise(d.view.sum, d.view.axes)
		if form == raise.Index {
			n = nil
		}
		x, _ := p.indexForm(d.view)
		whole, form := raise.New(p.b, raise.Options{Family: raise.FamilyMatrix}).Raise(d.view.sum, d.view.axes)
		if form == raise.Index {
			whole = nil
		}
		a.Nodes, a.Forms, a.Whole = append(a.Nodes, n), append(a.Forms, x), append(a.Whole, whole)
	}
	return a, nil
}

// Variables returns the names of the variables of a program that it can be
// differentiated by.
func Variables(program string) (names []string, err error) {
	p, err := open(&Request{Program: program})
	if err != nil {
		return nil, err
	}
	for _, v := range p.prog.Vars {
		if v.Occurs && v.Symbol.Kind != expr.Function && v.Symbol.Family == nil && !v.Symbol.Facts.Has(expr.Integer) {
			names = append(names, v.Symbol.Name)
		}
	}
	return names, nil
}
