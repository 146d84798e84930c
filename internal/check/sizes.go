package check

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Sizes are bounded so that their polynomials stay small and their
// coefficients exact.
const (
	maxSizeCoef   = 1_000_000_000
	maxSizeDegree = 64
	maxSizeTerms  = 64
)

// size turns the expression of a size into a Dim, or reports why it is none and
// returns nil. file is the text that x points into.
func (c *checker) size(x syntax.Expr, file *source.File) *expr.Dim {
	d := c.sizeValue(x, file)
	if d == nil {
		return nil
	}
	if n, ok := d.Const(); ok && n < 1 {
		c.inFile(file, c.errorf(x.Span(), "a size must be at least 1, got %d", n))
		return nil
	}
	return d
}

func (c *checker) sizeValue(x syntax.Expr, file *source.File) *expr.Dim {
	switch x := x.(type) {
	case *syntax.Number:
		if n, ok := x.Int(); ok {
			return c.sz.Const(int64(n))
		}
	case *syntax.Name:
		return c.sizeName(x, file)
	case *syntax.Unary:
		if x.Op == syntax.Plus {
			return c.sizeValue(x.X, file)
		}
		if x.Op == syntax.Neg {
			if d := c.sizeValue(x.X, file); d != nil {
				return c.sz.Sub(c.sz.Const(0), d)
			}
			return nil
		}
	case *syntax.Binary:
		if x.Op == syntax.Pow {
			if n, ok := x.Y.(*syntax.Number); ok {
				if k, ok := n.Int(); ok && k <= maxSizeDegree {
					return c.sizePower(x, file, k)
				}
			}
			break
		}
		if x.Op != syntax.Add && x.Op != syntax.Sub && x.Op != syntax.Mul {
			break
		}
		a, b := c.sizeValue(x.X, file), c.sizeValue(x.Y, file)
		if a == nil || b == nil {
			return nil
		}
		var d *expr.Dim
		switch x.Op {
		case syntax.Add:
			d = c.sz.Add(a, b)
		case syntax.Sub:
			d = c.sz.Sub(a, b)
		default:
			d = c.sz.Mul(a, b)
		}
		return c.bounded(d, x.Span(), file)
	}
	c.inFile(file, c.errorf(x.Span(), "a size is made of names and integers by + - * ^, got %s", file.Slice(x.Span())))
	return nil
}

func (c *checker) sizePower(x *syntax.Binary, file *source.File, k int) *expr.Dim {
	a := c.sizeValue(x.X, file)
	if a == nil {
		return nil
	}
	d := c.sz.One()
	for range k {
		if d = c.bounded(c.sz.Mul(d, a), x.Span(), file); d == nil {
			return nil
		}
	}
	return d
}

// bounded reports a size that is too large and returns nil for it.
func (c *checker) bounded(d *expr.Dim, at source.Span, file *source.File) *expr.Dim {
	terms, ok := 0, true
	d.Terms(func(coef int64, pows []expr.DimPow) {
		terms++
		degree := 0
		for _, p := range pows {
			degree += p.Exp
		}
		ok = ok && -maxSizeCoef <= coef && coef <= maxSizeCoef && degree <= maxSizeDegree
	})
	if !ok || terms > maxSizeTerms {
		c.inFile(file, c.errorf(at, "the size is too large"))
		return nil
	}
	return d
}

func (c *checker) sizeName(x *syntax.Name, file *source.File) *expr.Dim {
	for _, s := range c.opts.Sizes {
		if s.Name == x.Name {
			return s.Dim
		}
	}
	if slices.Contains(c.opts.Free, x.Name) {
		d := c.freeSize(x.Name)
		if d == nil {
			c.inFile(file, c.errorf(x.At, "nothing says what size this has"))
		}
		return d
	}
	if e := c.find(x.Name); e != nil {
		if d := c.count(e); d != nil {
			return d
		}
		what := say("a definition")
		if e.decl != nil {
			what = kindText(e.decl.Type.Kind)
		}
		d := c.inFile(file, c.errorf(x.At, "%s is %s and cannot be a size", x.Name, what))
		d.Hint = say("a size is a name that is not declared")
		return nil
	}
	for _, i := range c.bound {
		if i.name == x.Name {
			c.inFile(file, c.errorf(x.At, "%s is an index and cannot be a size", x.Name))
			return nil
		}
	}
	return c.sz.Size(x.Name)
}

// count returns an integer scalar as a size, nil for anything else.
func (c *checker) count(e *entity) *expr.Dim {
	switch {
	case e.bound != nil:
		if s := e.bound.Sym; s == nil || !s.Facts.Has(expr.Integer) || !s.Shape.IsScalar() {
			return nil
		}
	case e.decl == nil || e.decl.Type.Kind != syntax.ScalarKind || e.decl.Range != nil ||
		!slices.ContainsFunc(e.decl.Facts, func(f syntax.Ident) bool { return factOf(f.Name) == expr.Integer }):
		return nil
	}
	if !c.build {
		return c.sz.Size(e.name)
	}
	if e.bound != nil {
		return c.b.Count(e.bound.Sym)
	}
	c.variable(e, true)
	return c.b.Count(e.sym)
}

// kinds maps the kinds of declarations.
var kinds = [...]expr.Kind{
	syntax.ScalarKind: expr.Scalar, syntax.VectorKind: expr.Vector, syntax.MatrixKind: expr.Matrix, syntax.FunctionKind: expr.Function,
}

// typeOf types a declared variable. Its shape stays without Rows if the
// declaration has an error, which is reported once.
func (c *checker) typeOf(e *entity) {
	d := e.decl
	e.kind = kinds[d.Type.Kind]
	shape := expr.Shape{Rows: c.sz.One(), Cols: c.sz.One()}
	for i, x := range d.Type.Sizes {
		n := c.size(x, d.File)
		if n == nil {
			return
		}
		if i == 0 {
			shape.Rows = n
		} else {
			shape.Cols = n
		}
	}
	if !c.declaredFacts(e, shape) {
		return
	}
	if d.Range != nil {
		n := c.rangeSize(d.Range.From, d.Range.To, d.Range.Index, d.File)
		if n == nil {
			return
		}
		e.size = n
		e.family = c.index(d.Range.Index.Name, n)
	}
	e.shape = shape
}

// rangeSize returns the number of values of an index that runs from 1.
func (c *checker) rangeSize(from, to syntax.Expr, index syntax.Ident, file *source.File) *expr.Dim {
	if n, ok := from.(*syntax.Number); !ok || n.Text != "1" {
		c.inFile(file, c.errorf(from.Span(), "the range of %s must start at 1, got %s", index.Name, file.Slice(from.Span())))
		return nil
	}
	return c.size(to, file)
}

// square are the facts of square matrices alone.
const square = expr.Symmetric | expr.Posdef | expr.Diagonal | expr.Orthogonal | expr.Invertible

// declaredFacts reads the facts of a declaration and checks that they fit its
// shape.
func (c *checker) declaredFacts(e *entity, shape expr.Shape) bool {
	ok := true
	for _, f := range e.decl.Facts {
		fact := factOf(f.Name)
		need, fits := "", true
		switch {
		case fact == 0:
			d := c.inFile(e.file, c.errorf(f.At, "unknown fact %s", f.Name))
			d.Hint = suggest(f.Name, expr.FactNames)
			ok = false
			continue
		case e.kind == expr.Function:
			need, fits = "a variable", false
		case fact&square != 0:
			need, fits = "a square matrix", shape.Rows == shape.Cols && e.kind == expr.Matrix
		case fact == expr.Toeplitz:
			need, fits = "a matrix", e.kind == expr.Matrix
		case fact&(expr.Onehot|expr.Simplex) != 0:
			need, fits = "a vector or a matrix of such columns", e.kind == expr.Vector || e.kind == expr.Matrix
		case fact == expr.Integer:
			need, fits = "a scalar", e.kind == expr.Scalar
		}
		if !fits {
			got := c.shapeText(shape)
			switch e.kind {
			case expr.Function:
				got = say("a function")
			case expr.Scalar:
				got = say("a scalar")
			}
			c.inFile(e.file, c.errorf(f.At, "%s needs %s, but %s is %s", f.Name, say(need), e.name, got))
			ok = false
			continue
		}
		e.facts |= fact
	}
	return ok
}

func factOf(name string) expr.Fact {
	for i, n := range expr.FactNames {
		if n == name {
			return 1 << i
		}
	}
	return 0
}
