package nabla

import (
	"slices"
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// An expansion writes d(…) in a claim in the differentials of its names: sums, products,
// transposes and operators that are linear in each operand are taken apart. moving are the
// names that have differentials; all others are constants.
type expansion struct {
	v      *verifier
	moving func(name string) bool
}

// notLinear is the panic value for what has no differential by these rules.
type notLinear struct{ at source.Span }

// differentials replaces every d(…) in an expression.
func (e *expansion) differentials(x syntax.Expr) (out syntax.Expr, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case notLinear:
			err = e.v.text.fail(r.at, say("d of %s is not written out: d(…) is of sums, products, transposes and linear operators", e.v.text.file.Slice(r.at)), say("write this differential out, as in dl = exp(a) .* da"))
		default:
			panic(r)
		}
	}()
	return e.replace(x), nil
}

func (e *expansion) replace(x syntax.Expr) syntax.Expr {
	if c, ok := x.(*syntax.Call); ok && c.Func.Name == "d" && len(c.Args) == 1 {
		arg := e.replace(c.Args[0])
		if d := e.d(arg); d != nil {
			return d
		}
		return scaled("0", arg) // it has the shape still
	}
	return syntax.Map(x, e.replace)
}

func scaled(number string, x syntax.Expr) syntax.Expr {
	at := x.Span()
	return &syntax.Binary{At: at, Op: syntax.Mul, OpAt: at, X: &syntax.Number{At: at, Text: number}, Y: x}
}

// d returns the differential of x, nil where nothing in it moves.
func (e *expansion) d(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Name:
		if e.moving(x.Name) {
			return &syntax.Name{At: x.At, Name: "d" + x.Name}
		}
		return nil
	case *syntax.Index:
		if e.moving(x.Family.Name) {
			c := *x
			c.Family.Name = "d" + x.Family.Name
			return &c
		}
		return nil
	case *syntax.Number, *syntax.Fill:
		return nil
	case *syntax.Unary:
		d := e.d(x.X)
		switch {
		case d == nil:
			return nil
		case x.Op == syntax.InvTranspose:
			panic(notLinear{x.At})
		}
		c := *x
		c.X = d
		return &c
	case *syntax.SumOver:
		d := e.d(x.Body)
		if d == nil {
			return nil
		}
		c := *x
		c.Body = d
		return &c
	case *syntax.Binary:
		return e.binary(x)
	case *syntax.Call:
		return e.call(x)
	}
	if e.varies(x) {
		panic(notLinear{x.Span()})
	}
	return nil
}

func (e *expansion) varies(x syntax.Expr) bool {
	found := false
	syntax.Walk(x, func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Name:
			found = found || e.moving(x.Name)
		case *syntax.Index:
			found = found || e.moving(x.Family.Name)
		}
	})
	return found
}

func (e *expansion) binary(x *syntax.Binary) syntax.Expr {
	with := func(a, b syntax.Expr) syntax.Expr {
		c := *x
		c.X, c.Y = a, b
		return &c
	}
	switch x.Op {
	case syntax.Add, syntax.Sub:
		a, b := e.d(x.X), e.d(x.Y)
		switch {
		case a == nil && b == nil:
			return nil
		case a == nil && e.scalar(x.Y):
			return with(scaled("0", x.X), b) // it may be added to each entry
		case b == nil && e.scalar(x.X):
			return with(a, scaled("0", x.Y))
		case b == nil:
			return a
		case a == nil && x.Op == syntax.Sub:
			return &syntax.Unary{At: x.At, Op: syntax.Neg, OpAt: x.OpAt, X: b}
		case a == nil:
			return b
		}
		return with(a, b)
	case syntax.Mul, syntax.Hadamard, syntax.Kron:
		return e.sum(x.At, term(e.d(x.X), func(d syntax.Expr) syntax.Expr { return with(d, x.Y) }),
			term(e.d(x.Y), func(d syntax.Expr) syntax.Expr { return with(x.X, d) }))
	case syntax.Div, syntax.HadamardDiv:
		if !e.varies(x.Y) {
			return term(e.d(x.X), func(d syntax.Expr) syntax.Expr { return with(d, x.Y) })
		}
	case syntax.Pow, syntax.HadamardPow:
		n, ok := x.Y.(*syntax.Number)
		d := e.d(x.X)
		if d == nil && !e.varies(x.Y) {
			return nil
		}
		if k, whole := 0, false; ok {
			if k, whole = n.Int(); whole && k >= 1 && k <= 8 {
				return e.power(x, d, k)
			}
		}
	}
	if e.varies(x) {
		panic(notLinear{x.At})
	}
	return nil
}

// scalar reports whether x may be a scalar.
func (e *expansion) scalar(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Name:
		s := e.v.first.prog.Lookup(x.Name)
		return s == nil || s.Shape.IsScalar()
	case *syntax.Index:
		s := e.v.first.prog.Lookup(x.Family.Name)
		return s == nil || s.Shape.IsScalar()
	case *syntax.Unary:
		return e.scalar(x.X)
	case *syntax.Binary:
		if x.Op == syntax.Mul {
			t, transposed := x.X.(*syntax.Unary)
			return transposed && t.Op != syntax.Neg || e.scalar(x.X) && e.scalar(x.Y)
		}
		return e.scalar(x.X) && (x.Op != syntax.Add && x.Op != syntax.Sub || e.scalar(x.Y))
	}
	return true
}

// power is Σ_j x^j dx x^(k−1−j).
func (e *expansion) power(x *syntax.Binary, d syntax.Expr, k int) syntax.Expr {
	op := syntax.Mul
	if x.Op == syntax.HadamardPow {
		op = syntax.Hadamard
	}
	var out syntax.Expr
	for j := range k {
		t := d
		for _, side := range []struct {
			count int
			left  bool
		}{{j, true}, {k - 1 - j, false}} {
			if side.count == 0 {
				continue
			}
			p := x.X
			if side.count > 1 {
				c := *x
				c.Y = &syntax.Number{At: x.Y.Span(), Text: strconv.Itoa(side.count)}
				p = &c
			}
			b := &syntax.Binary{At: x.At, Op: op, OpAt: x.OpAt, X: t, Y: p}
			if side.left {
				b.X, b.Y = p, t
			}
			t = b
		}
		out = e.sum(x.At, out, t)
	}
	return out
}

func term(d syntax.Expr, f func(syntax.Expr) syntax.Expr) syntax.Expr {
	if d == nil {
		return nil
	}
	return f(d)
}

func (e *expansion) sum(at source.Span, a, b syntax.Expr) syntax.Expr {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return &syntax.Binary{At: at, Op: syntax.Add, OpAt: at, X: a, Y: b}
}

// call differentiates an operator that is linear in each operand.
func (e *expansion) call(x *syntax.Call) syntax.Expr {
	if !e.varies(x) {
		return nil
	}
	ops := e.v.first.eng.reg.Overloads(x.Func.Name)
	if len(ops) == 0 || slices.ContainsFunc(ops, func(o *expr.Op) bool { return o.Class != expr.Structural }) {
		panic(notLinear{x.At})
	}
	var out syntax.Expr
	for i, a := range x.Args {
		if d := e.d(a); d != nil {
			c := *x
			c.Args = slices.Clone(x.Args)
			c.Args[i] = d
			out = e.sum(x.At, out, &c)
		}
	}
	return out
}
