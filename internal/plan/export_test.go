package plan

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
