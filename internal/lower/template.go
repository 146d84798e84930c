package lower

import (
	"fmt"
	"slices"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// Compile parses and checks the texts in the operators' rows. An error names the
// row.
func Compile(reg *expr.Registry) (*Templates, error) {
	ts := &Templates{Definition: map[*expr.Op]*Template{}, Differential: map[*expr.Op]*Template{}, Tied: map[*expr.Op]*Template{}}
	for _, op := range reg.Ops() {
		for _, part := range []struct {
			text string
			into map[*expr.Op]*Template
			diff bool
		}{{op.Definition, ts.Definition, false}, {op.Differential, ts.Differential, true}, {op.Tied, ts.Tied, true}} {
			if part.text == "" {
				continue
			}
			t, err := compile(reg, op, part.text, part.diff)
			if err != nil {
				return nil, fmt.Errorf("operator %s: %q: %w", op.Name, part.text, err)
			}
			part.into[op] = t
		}
	}
	return ts, nil
}

func compile(reg *expr.Registry, op *expr.Op, text string, diff bool) (*Template, error) {
	b := expr.NewBuilder(reg)
	t := &Template{}
	var names []check.Binding
	var sizes []check.SizeBinding
	sig := op.Signature()
	var letters []*expr.Dim
	if sig != nil {
		for i := range len(op.Sig) {
			c := op.Sig[i]
			if c < 'a' || c > 'z' || slices.Contains([]byte(op.Sig[:i]), c) {
				continue
			}
			d := b.Sizes.Size(string(c))
			letters = append(letters, d)
			t.Letters = append(t.Letters, b.SizeName(string(c)))
			sizes = append(sizes, check.SizeBinding{Name: string(c), Dim: d})
		}
	}
	axis := func(ls []int) *expr.Dim {
		p := b.One()
		for _, l := range ls {
			p = b.Mul(p, letters[l])
		}
		return p
	}
	declare := func(name string, k int) *expr.Symbol {
		shape := expr.Shape{Rows: b.One(), Cols: b.One()}
		if sig != nil {
			shape = expr.Shape{Rows: axis(sig.Args[k].Rows), Cols: axis(sig.Args[k].Cols)}
		}
		s := b.NewSymbol(name, expr.Matrix, shape, 0)
		if slices.Contains(op.Integers, name) {
			s.Facts = expr.Integer
		}
		names = append(names, check.Binding{Name: name, Node: b.Var(s)})
		return s
	}
	for k, p := range op.Params {
		t.Params = append(t.Params, declare(p, k))
	}
	if diff {
		for k, p := range op.Params {
			t.DParams = append(t.DParams, declare("d"+p, k))
		}
	}
	declared := func(name string) bool {
		return slices.ContainsFunc(names, func(n check.Binding) bool { return n.Name == name })
	}
	x, file, errs := syntax.ParseExpr(text, syntax.Options{IsVariable: declared})
	if len(errs) > 0 {
		return nil, errs
	}
	root, errs := check.Instantiate(b, file, x, names, sizes)
	if len(errs) > 0 {
		return nil, errs
	}
	t.Root = root
	return t, nil
}
