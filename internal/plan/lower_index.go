package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/rat"
)

// IndexForm returns the value of a sum of terms in index notation: a matrix whose rows
// and columns run over the free indices, or a vector if there are none for columns, or
// a scalar if there are none.
func (l *Lowerer) IndexForm(x *print.IndexForm) *Value {
	l.depth++
	dims := func(list []int) *expr.Dim {
		d := l.B.One()
		for _, i := range list {
			d = l.B.Mul(d, x.Sizes[i])
		}
		return d
	}
	rows, cols := dims(x.Rows), dims(x.Cols)
	var terms []term
	for i := range x.Terms {
		t := &x.Terms[i]
		if t.Coef.IsZero() {
			continue
		}
		v := l.indexTerm(x, t, rows, cols)
		terms = append(terms, term{t.Coef.Sign() < 0, l.scale(l.Num(t.Coef.Abs()), v)})
	}
	var v *Value
	switch {
	case terms != nil:
		v = l.addUp(terms)
	case len(x.Rows)+len(x.Cols) == 0:
		v = l.Int(0)
	case len(x.Cols) == 0:
		v = l.FillVector(l.Int(0), rows)
	default:
		v = l.FillMatrix(l.Int(0), rows, cols)
	}
	l.depth--
	if l.depth == 0 {
		l.use(v)
	}
	return v
}

// indexTerm returns a term without its coefficient.
func (l *Lowerer) indexTerm(x *print.IndexForm, t *print.IndexTerm, rows, cols *expr.Dim) *Value {
	s := &Spec{Result: slices.Concat(x.Rows, x.Cols), RowIndices: len(x.Rows), Sizes: x.Sizes}
	var operands []*Value
	scalar := l.Int(1)
	for i := range t.Factors {
		f := &t.Factors[i]
		v := l.indexFactor(x, f)
		if len(f.Indices) == 0 {
			scalar = l.mul(scalar, v)
			continue
		}
		operands = append(operands, v)
		indices := slices.Clone(f.Indices)
		if f.IsFamily() { // members along the first axis
			indices = l.familyIndices(s, f)
		}
		s.Operands = append(s.Operands, indices)
	}
	for _, i := range s.Result { // an index of no factor: ones
		if !slices.ContainsFunc(s.Operands, func(list []int) bool { return slices.Contains(list, i) }) {
			operands = append(operands, l.FillVector(l.Int(1), x.Sizes[i]))
			s.Operands = append(s.Operands, []int{i})
		}
	}
	if len(operands) == 0 {
		return scalar
	}
	return l.scale(scalar, l.contract(compact(s), rows, cols, operands...))
}

// familyIndices returns the indices of a family's parameter, that of the member first.
// Axes of one entry have an index of their own.
func (l *Lowerer) familyIndices(s *Spec, f *print.IndexFactor) []int {
	k := len(f.Indices) - 1
	out, rest := []int{f.Indices[k]}, f.Indices[:k]
	shape := f.Node.Sym.Shape
	for _, d := range []*expr.Dim{shape.Rows, shape.Cols}[:ArgumentRank(f.Node.Sym)-1] {
		if d.IsOne() {
			s.Sizes = append(slices.Clone(s.Sizes), d)
			out = append(out, len(s.Sizes)-1)
			continue
		}
		out, rest = append(out, rest[0]), rest[1:]
	}
	return out
}

// compact leaves out indices that occur nowhere.
func compact(s *Spec) *Spec {
	at := make([]int, len(s.Sizes))
	for i := range at {
		at[i] = -1
	}
	out := &Spec{RowIndices: s.RowIndices}
	put := func(list []int) []int {
		c := make([]int, len(list))
		for k, i := range list {
			if at[i] < 0 {
				at[i] = len(out.Sizes)
				out.Sizes = append(out.Sizes, s.Sizes[i])
			}
			c[k] = at[i]
		}
		return c
	}
	out.Result = put(s.Result)
	for _, list := range s.Operands {
		out.Operands = append(out.Operands, put(list))
	}
	return out
}

// indexFactor returns a factor's array: a delta is the identity, a family of matrices
// its parameter.
func (l *Lowerer) indexFactor(x *print.IndexForm, f *print.IndexFactor) *Value {
	if f.Node == nil {
		return l.Eye(x.Sizes[f.Indices[0]])
	}
	var v *Value
	if f.IsFamily() {
		v = l.Param(f.Node.Sym)
	} else {
		v = l.Node(f.Node)
	}
	if !f.Exp.Equal(rat.One) && f.Exp != (rat.Rat{}) {
		v = l.pow(v, l.Num(f.Exp))
	}
	if v.Rank == 1 && len(f.Indices) == 2 { // n × 1 or 1 × n
		v = l.two(v, f.Node.Shape)
	}
	return v
}
