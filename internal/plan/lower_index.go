package plan

import (
	"slices"

	"example.com/nabla/internal/print"
	"example.com/nabla/internal/rat"
)

// IndexForm returns the value of a sum of terms in index notation: a matrix whose rows
// and columns run over the free indices, or a vector if there are none for columns, or
// a scalar if there are none.
func (l *Lowerer) IndexForm(x *print.IndexForm) *Value {
	l.depth++
	e, list := l.expansion(x)
	v := e.value(list, x.Rows, x.Cols)
	l.depth--
	if l.depth == 0 {
		l.use(v)
	}
	return v
}

// value returns the sum of monomials as a matrix, vector or scalar of the free indices.
func (e *expansion) value(list []*monomial, rows, cols []int) *Value {
	l := e.l
	if l.arrays && len(list) > 0 && !slices.ContainsFunc(list, e.large) {
		return e.arrays(list, rows, cols)
	}
	var terms []term
	for _, m := range e.factor(list) {
		v := e.arranged(m, rows, cols)
		terms = append(terms, term{m.coef.Sign() < 0, l.scale(l.Num(m.coef.Abs()), v)})
	}
	switch {
	case terms != nil:
		return l.addUp(terms)
	case len(rows)+len(cols) == 0:
		return l.Int(0)
	case len(cols) == 0:
		return l.FillVector(l.Int(0), e.dims(rows))
	}
	return l.FillMatrix(l.Int(0), e.dims(rows), e.dims(cols))
}

// arranged returns the value of a monomial, without its coefficient, as a matrix or vector
// of the free indices.
func (e *expansion) arranged(m *monomial, rows, cols []int) *Value {
	if e.whole(m) {
		return e.contract(m, rows, cols)
	}
	l := e.l
	c, scalar, n := e.contraction(m, slices.Concat(rows, cols))
	v := l.scale(scalar, c.value(c.path(), n.of(rows), n.of(cols)))
	switch {
	case len(cols) == 0 || v.Rank == 2:
	case e.dims(rows).IsOne():
		v = l.AsRow(v)
	default:
		v = l.AsColumn(v)
	}
	return v
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
