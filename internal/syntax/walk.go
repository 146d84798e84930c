package syntax

import "example.com/nabla/internal/limit"

// Walk calls f for x and every expression in it that stands for a value, outermost
// first: not for sizes and the ranges of indices.
func Walk(x Expr, f func(Expr)) { walk(x, f, 0) }

// Walk calls f for the expressions of all statements, as the function Walk does.
func (p *Program) Walk(f func(Expr)) {
	for _, s := range p.Stmts {
		switch s := s.(type) {
		case *Definition:
			Walk(s.Body, f)
		case *ExprStmt:
			Walk(s.X, f)
		case *Equation:
			Walk(s.X, f)
			Walk(s.Y, f)
		}
	}
}

func walk(x Expr, f func(Expr), depth int) {
	limit.Rest(depth)
	f(x)
	switch x := x.(type) {
	case *Unary:
		walk(x.X, f, depth+1)
	case *Binary:
		walk(x.X, f, depth+1)
		walk(x.Y, f, depth+1)
	case *Norm:
		walk(x.X, f, depth+1)
	case *Bars:
		walk(x.X, f, depth+1)
	case *SumOver:
		walk(x.Body, f, depth+1)
	case *Call:
		for _, a := range x.Args {
			walk(a, f, depth+1)
		}
	}
}

// Map returns a copy of x with f applied to each of its operands that stands for a value, or
// x itself if it has none: as Walk, but not further down, which f may do.
func Map(x Expr, f func(Expr) Expr) Expr {
	switch x := x.(type) {
	case *Call:
		c := *x
		c.Args = nil
		for _, a := range x.Args {
			c.Args = append(c.Args, f(a))
		}
		return &c
	case *Unary:
		c := *x
		c.X = f(x.X)
		return &c
	case *Binary:
		c := *x
		c.X, c.Y = f(x.X), f(x.Y)
		return &c
	case *Norm:
		c := *x
		c.X = f(x.X)
		return &c
	case *Bars:
		c := *x
		c.X = f(x.X)
		return &c
	case *SumOver:
		c := *x
		c.Body = f(x.Body)
		return &c
	}
	return x
}
