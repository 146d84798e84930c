package nabla

import (
	"errors"
	"strconv"

	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// instance adds a worked example with numbers to a derivation. Where there is none, the
// block says why.
func (p *problem) instance(req *DeriveRequest, pap *paper.Paper, entries []*entry) error {
	q := &derive.Instance{Builder: p.b, Name: p.res.Name, Result: p.prog.Result, Trail: req.trail}
	for _, v := range p.prog.Vars {
		if v.Occurs {
			q.Variables = append(q.Variables, v.Symbol)
		}
	}
	for k := range p.all {
		a := &p.all[k]
		if a.check.F == nil {
			continue // nothing could be compared
		}
		out := derive.InstanceAnswer{Problem: &a.check, Name: a.named}
		if k < len(entries) {
			out.Entries = entries[k].numbers
			q.Least = append(q.Least, entries[k].least...)
		}
		q.Answers = append(q.Answers, out)
	}
	blk, err := q.Work(pap.Inline)
	var none *derive.NoInstance
	var wrong *derive.Mistake
	switch {
	case errors.As(err, &none):
		blk = &paper.Block{ID: "instance", Heading: paper.Words{En: "An example with numbers", Zh: "数值例子"},
			After: []paper.Words{{En: "No point of small numbers was found at which all of this has a value.", Zh: "没有找到使上面各量都有值的小数字。"}}}
	case errors.As(err, &wrong):
		return &InternalError{wrong.Message}
	case err != nil:
		return err
	}
	pap.Blocks = append(pap.Blocks, *blk)
	return nil
}

// named is the symbol of a derivative, by a member of a family with its number.
func (a *answered) named(member int) paper.Formula {
	s := a.sym
	if member > 0 {
		s.wrt = nil
		for range a.sym.wrt {
			s.wrt = append(s.wrt, memberNumber(a.check.X, member))
		}
	}
	return paper.Formula{Text: s.text(), LaTeX: s.latex()}
}

// memberNumber is the name of a member of a family by its number, x[2].
func memberNumber(s *expr.Symbol, k int) string { return s.Name + "[" + strconv.Itoa(k) + "]" }
