package syntax

// Walk calls f for x and every expression in it that stands for a value, outermost
// first: not for sizes and the ranges of indices.
func Walk(x Expr, f func(Expr)) {
	f(x)
	switch x := x.(type) {
	case *Unary:
		Walk(x.X, f)
	case *Binary:
		Walk(x.X, f)
		Walk(x.Y, f)
	case *Norm:
		Walk(x.X, f)
	case *Bars:
		Walk(x.X, f)
	case *SumOver:
		Walk(x.Body, f)
	case *Call:
		for _, a := range x.Args {
			Walk(a, f)
		}
	}
}
