package plan

// Square takes a product apart that is symmetric by how it is made: a diag(d) aᵀ, or
// aᵀ diag(d) a if trans; diag(d)⁻¹ if inverse; without a scaling if d is nil.
func Square(v *Value) (a, d *Value, inverse, trans, ok bool) {
	if v.Kind != MatMul {
		return nil, nil, false, false, false
	}
	x, y := v.Args[0], v.Args[1]
	if a, trans, ok := mirrored(x, y); ok {
		return a, nil, false, trans, true
	}
	// (x diag(d)) y
	if m, d, inverse := scaledBy(x, Row); m != nil {
		if a, trans, ok := mirrored(m, y); ok {
			return a, d, inverse, trans, true
		}
	}
	// x (diag(d) y)
	if m, d, inverse := scaledBy(y, Col); m != nil {
		if a, trans, ok := mirrored(x, m); ok {
			return a, d, inverse, trans, true
		}
	}
	// (diag(d) y)ᵀ y
	if x.Kind == Transpose {
		if m, d, inverse := scaledBy(x.Args[0], Col); m == y {
			return y, d, inverse, true, true
		}
	}
	// x (x diag(d))ᵀ
	if y.Kind == Transpose {
		if m, d, inverse := scaledBy(y.Args[0], Row); m == x {
			return x, d, inverse, false, true
		}
	}
	return nil, nil, false, false, false
}

// mirrored reports whether y = xᵀ, and returns a with x y = a aᵀ, or aᵀ a if trans.
func mirrored(x, y *Value) (a *Value, trans, ok bool) {
	switch {
	case x.Kind == Transpose && x.Args[0] == y:
		return y, true, true
	case transposes(x, y):
		return x, false, true
	}
	return nil, false, false
}

// scaledBy returns M and v where m is the product of M and the spread vector v, or the
// quotient, which is inverse; else nil.
func scaledBy(m *Value, k Kind) (of, by *Value, inverse bool) {
	if m.Kind != Binary {
		return nil, nil, false
	}
	x, y := m.Args[0], m.Args[1]
	switch {
	case y.Kind == k && m.Fn == "mul":
		return x, y.Args[0], false
	case y.Kind == k && m.Fn == "div":
		return x, y.Args[0], true
	case x.Kind == k && m.Fn == "mul":
		return y, x.Args[0], false
	}
	return nil, nil, false
}

// transposes reports whether a = bᵀ.
func transposes(a, b *Value) bool {
	return a.Kind == Transpose && a.Args[0] == b || b.Kind == Transpose && b.Args[0] == a ||
		a == b && a.Symmetric()
}
