package nabla

import (
	"slices"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// reread parses an answer's text and checks it as any input is, so that what the
// numeric check compares is the text that the user sees and not the DAG that it
// was printed from. An answer that does not read back is an internal error.
//
// Members of families and unknown functions cannot be bound from outside; an
// answer with one is compared as the DAG itself.
func (p *problem) reread(text string, n *expr.Node) (*expr.Node, error) {
	opts := check.Options{Closed: true, LargePowers: true}
	for _, s := range p.b.Symbols() {
		if s.Family != nil || s.Kind == expr.Function {
			return n, nil
		}
		opts.Names = append(opts.Names, check.Binding{Name: s.Name, Node: p.b.Var(s)})
	}
	for _, d := range p.named {
		opts.Names = append(opts.Names, check.Binding{Name: p.po.Names[d], Node: d})
	}
	var sizes []*expr.SizeName
	for _, d := range p.b.Dims() {
		sizes = d.Names(sizes)
	}
	for _, s := range sizes {
		if !slices.ContainsFunc(opts.Names, func(b check.Binding) bool { return b.Name == s.Name }) {
			opts.Sizes = append(opts.Sizes, check.SizeBinding{Name: s.Name, Dim: p.b.Sizes.Size(s.Name)})
		}
	}
	tree, list := syntax.ParseProgram(text, syntax.Options{
		Juxtapose: true,
		MaxBytes:  64 << 20,

		LongNumbers: true,
		Limit:       p.req.Limits.budget,
		IsVariable: func(name string) bool {
			return slices.ContainsFunc(opts.Names, func(b check.Binding) bool { return b.Name == name })
		},
		IsFunction: p.eng.isFunction,
	})
	if len(list) > 0 {
		return nil, &InternalError{"the answer does not read back: " + list.Error()}
	}
	back, list := check.Check(p.b, tree, opts)
	if len(list) > 0 {
		return nil, &InternalError{"the answer does not read back: " + list.Error()}
	}
	if back.Result.Shape != n.Shape {
		return nil, &InternalError{"the answer reads back as " + shapeString(back.Result.Shape) + ", not " + shapeString(n.Shape)}
	}
	return back.Result, nil
}
