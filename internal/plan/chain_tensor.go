package plan

// tensor returns (A₁ ⊗ A₂) diag(d) (B₁ ⊗ B₂) as a sum of products of entries; ok is
// false for all else. With A₁ = B₁ = I the product has the blocks A₂ diag(d_k) B₂ on its
// diagonal, and the Kronecker products would be mostly zeros.
func (l *Lowerer) tensor(f, g, h factor) (s *Spec, args []*Value, ok bool) {
	if f.v == nil || g.v == nil || h.v == nil || f.v.Kind != Kron || f.v.Rank != 2 || g.v.Kind != DiagMatrix || h.v.Kind != Kron || h.v.Rank != 2 {
		return nil, nil, false
	}
	part := func(f factor, k int) factor { return factor{v: f.v.Args[k], t: f.t} }
	a := [2]factor{part(f, 0), part(f, 1)}
	b := [2]factor{part(h, 0), part(h, 1)}
	if a[0].cols() != b[0].rows() || a[1].cols() != b[1].rows() {
		return nil, nil, false
	}
	eye := func(f factor) bool { return f.v.Kind == Eye }
	s = &Spec{Result: []int{0, 1, 2, 3}, RowIndices: 2}
	// Indices 0 and 1 are those of the rows, 2 and 3 of the columns.
	s.Sizes = append(s.Sizes, a[0].rows(), a[1].rows(), b[0].cols(), b[1].cols())
	put := func(x *Value, indices ...int) {
		args = append(args, x)
		s.Operands = append(s.Operands, indices)
	}
	var at [2]int // indices of the diagonal
	for k := range 2 {
		switch {
		case eye(a[k]):
			at[k] = k
			put(l.dense(b[k]), at[k], 2+k)
		case eye(b[k]):
			at[k] = 2 + k
			put(l.dense(a[k]), k, at[k])
		default:
			at[k] = len(s.Sizes)
			s.Sizes = append(s.Sizes, a[k].cols())
			put(l.dense(a[k]), k, at[k])
			put(l.dense(b[k]), at[k], 2+k)
		}
	}
	put(l.Unvec(g.v.Args[0], a[1].cols(), a[0].cols()), at[1], at[0])
	return s, args, true
}

// contracted returns the value of a sum of products whose result has four indices.
func (l *Lowerer) contracted(s *Spec, args []*Value) *Value {
	rows, cols := l.B.Mul(s.Sizes[0], s.Sizes[1]), l.B.Mul(s.Sizes[2], s.Sizes[3])
	return l.contract(s, rows, cols, args...)
}
