package plan

import "slices"

// covariance returns Mᵀ (diag(s) − s sᵀ) M, s a softmax, as Cᵀ diag(s) C with the rows of M
// less their mean, C = M − 1 (Mᵀs)ᵀ; nil for other products. That is the covariance of the
// rows of M, which are drawn with probabilities s. Half of it says all, and where one
// probability is next to one, nothing cancels but in C.
func (l *Lowerer) covariance(list []factor) *Value {
	at := len(list) / 2
	if len(list)%2 == 0 || at == 0 {
		return nil
	}
	s := variance(list[at])
	left, right := list[:at], list[at+1:]
	if s == nil || !slices.Equal(reversed(left), right) {
		return nil
	}
	m := l.product(right)
	if m.Rank == 1 {
		c := l.sub(m, l.InnerProduct(s, m))
		return l.InnerProduct(l.mul(s, c), c)
	}
	mean := l.product([]factor{{v: m, t: true, whole: true}, column(s)})
	c := l.sub(m, l.Outer(l.FillVector(l.Int(1), m.Rows), mean))
	return l.product([]factor{{v: c, t: true, whole: true}, column(l.DiagMatrix(s)), {v: c, whole: true}})
}

// variance returns s where the factor is diag(s) − s sᵀ with s a softmax, else nil.
func variance(f factor) *Value {
	if f.v == nil || f.whole || !f.v.is("sub") {
		return nil
	}
	d, o := f.v.Args[0], f.v.Args[1]
	if d.Kind == DiagMatrix && o.Kind == Outer && o.Args[0] == d.Args[0] && o.Args[1] == d.Args[0] && d.Args[0].Kind == Softmax {
		return d.Args[0]
	}
	return nil
}
