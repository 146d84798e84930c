package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Factor makes a factor of a product.
func Factor(v *Value, t bool) factor { return factor{v: v, t: t} }

// Product multiplies factors in the best order.
func (l *Lowerer) Product(list ...factor) *Value { return l.product(list) }

// InverseOf returns an inverse.
func (l *Lowerer) InverseOf(v *Value) *Value { return l.inverse(v) }

// Orders returns the product of factors without a scalar among them in every order, and
// with factors that need not be built applied as well as built.
func (l *Lowerer) Orders(list []factor) []*Value {
	if len(list) == 1 {
		if list[0].v.Rank == 1 {
			return []*Value{list[0].v}
		}
		return []*Value{l.dense(list[0])}
	}
	var out []*Value
	applied := func(f factor, with factor) bool {
		_, ok := l.applyCost(f, with.cols())
		return ok
	}
	last := list[len(list)-1]
	for k := 1; k < len(list); k++ {
		for _, y := range l.Orders(list[k:]) {
			if k == 1 && applied(list[0], last) {
				out = append(out, l.applyLeft(list[0], y))
			}
			for _, x := range l.Orders(list[:k]) {
				out = append(out, l.times(x, y))
			}
		}
		if k == len(list)-1 && applied(last.transposed(), list[0].transposed()) {
			for _, x := range l.Orders(list[:k]) {
				out = append(out, l.applyRight(x, last))
			}
		}
	}
	return out
}

// Factors returns a list of k factors.
func Factors(k int) []factor { return make([]factor, k) }

// ContractByProducts takes a Contract apart.
func (l *Lowerer) ContractByProducts(v *Value) *Value {
	return l.contract(v.Spec, v.Rows, v.Cols, v.Args...)
}

// A Term is a product of entries of values at indices with a coefficient.
type Term struct {
	Coef    int64
	Args    []*Value
	Indices [][]int
}

// SumOfTerms returns a sum of terms as IndexForm does; nested counts the sums that are
// operands of products.
func (l *Lowerer) SumOfTerms(sizes []*expr.Dim, rows, cols []int, terms []Term) (v *Value, nested int) {
	make := func() (*expansion, []*monomial) {
		e := &expansion{l: l, sizes: slices.Clone(sizes), result: slices.Concat(rows, cols)}
		var list []*monomial
		for _, t := range terms {
			m := &monomial{coef: rat.Int(t.Coef)}
			for k, a := range t.Args {
				m.entries = append(m.entries, entry{v: a, indices: slices.Clone(t.Indices[k])})
			}
			e.rename(m)
			list = append(list, m)
		}
		return e, list
	}
	var count func(list []*monomial)
	count = func(list []*monomial) {
		for _, m := range list {
			for _, f := range m.entries {
				if f.sum != nil {
					nested++
					count(f.sum)
				}
			}
		}
	}
	e, list := make()
	count(e.factor(list))
	e, list = make()
	return e.value(list, rows, cols), nested
}

// KnownPositive reports whether every entry is known to be positive.
func (v *Value) KnownPositive() bool { return v.positive }

// KnownNonnegative reports whether it is known that no entry is negative.
func (v *Value) KnownNonnegative() bool { return v.nonnegative }

// KnownSemidefinite reports whether the matrix is known to be positive semidefinite.
func (v *Value) KnownSemidefinite() bool { return v.semidefinite }
