package nabla

import (
	"example.com/nabla/internal/code"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/print"
)

// numpy writes an answer, a node or else a sum in index notation, as a Python function
// named derivative. Its parameters are the variables that occur and those that show a
// size; a size that no variable shows is a parameter of its own name, and so is the index of
// the member that it is the derivative by.
func (p *problem) numpy(d *Derivative, n *expr.Node, tensor *print.IndexForm) string {
	low := plan.NewLowerer(plan.NewMaker(p.b), plan.Options{Arrays: true})
	var r plan.Result
	if n != nil {
		r.Value = low.Result(n)
	} else {
		r.Value = low.IndexForm(tensor)
	}
	var spare []*expr.Symbol
	for _, v := range p.prog.Vars {
		if v.Symbol.Kind != expr.Function {
			spare = append(spare, v.Symbol)
		}
	}
	prog := plan.Assemble(p.b, "derivative", nil, []plan.Result{r}, spare...)
	if n != nil {
		prog.Free = expr.FreeIndices(n)
	}
	prog.Doc = []string{d.Symbol + " = " + d.Text, d.Shape + ", " + string(d.Layout) + " layout: " + d.Identity}
	return code.Bare(prog)
}
