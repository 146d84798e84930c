package derive

import (
	"slices"
	"sync"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// A pattern is the left-hand side of a preparation as a DAG whose variables stand
// for operands.
type pattern struct{ root *expr.Node }

// compiled keeps the patterns of a registry.
var compiled sync.Map

// patterns returns the patterns of the preparations.
func patterns(reg *expr.Registry) map[*preparation]pattern {
	if m, ok := compiled.Load(reg); ok {
		return m.(map[*preparation]pattern)
	}
	out := map[*preparation]pattern{}
	for k := range preparations {
		r := &preparations[k]
		b := expr.NewBuilder(reg)
		var names []check.Binding
		for _, name := range []string{"u", "z", "U", "Z"} {
			shape := expr.Shape{Rows: b.Sizes.Size("m"), Cols: b.One()}
			if name < "a" {
				shape.Cols = b.Sizes.Size("n")
			}
			names = append(names, check.Binding{Name: name, Node: b.Var(b.NewSymbol(name, expr.Matrix, shape, 0))})
		}
		x, file, errs := syntax.ParseExpr(r.lhs, syntax.Options{})
		if len(errs) > 0 {
			panic(errs.Error())
		}
		n, errs := check.Instantiate(b, file, x, names, nil)
		if len(errs) > 0 {
			panic(errs.Error())
		}
		out[r] = pattern{n}
	}
	compiled.Store(reg, out)
	return out
}

// match binds the variables of a pattern so that it is n.
func match(pat, n *expr.Node, bound map[string]*expr.Node) bool {
	if pat.Op.Name == expr.OpVar {
		fits := !n.Shape.IsScalar() && pat.Shape.IsMatrix() == n.Shape.IsMatrix() && !n.Shape.IsRow()
		if b := bound[pat.Sym.Name]; b != nil {
			return b == n
		}
		bound[pat.Sym.Name] = n
		return fits
	}
	if pat.Op.Name != n.Op.Name || len(pat.Args) != len(n.Args) || pat.Op.Name == expr.OpNum && !pat.Num.Equal(n.Num) {
		return false
	}
	return !slices.ContainsFunc(seq(len(pat.Args)), func(i int) bool { return !match(pat.Args[i], n.Args[i], bound) })
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
