package nabla

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// A view is a sum seen as a matrix: which slots make its row and column axis.
type view struct {
	sum  *index.Sum
	axes raise.Axes
}

func (v view) scalar() bool { return len(v.axes.Rows) == 0 && len(v.axes.Cols) == 0 }

// vec lists the slots of a matrix as one axis, the slower first.
func vec(ax raise.Axes, order VecOrder) []int {
	if order == Rows {
		return slices.Concat(ax.Rows, ax.Cols)
	}
	return slices.Concat(ax.Cols, ax.Rows)
}

// arrange gives the axes of ∂F/∂X in a layout, from those of F and of X.
//
// A scalar's derivative has the shape of X. A derivative by a scalar has the shape
// of F, transposed in denominator layout. Any other has an axis for vec(F) and one
// for vec(X): rows belong to F in numerator layout, to X in denominator layout.
func arrange(f, x raise.Axes, layout Layout, order VecOrder) raise.Axes {
	none := func(a raise.Axes) bool { return len(a.Rows) == 0 && len(a.Cols) == 0 }
	switch {
	case none(f):
		return x
	case none(x) && layout == Numerator:
		return f
	case none(x):
		return raise.Axes{Rows: f.Cols, Cols: f.Rows}
	case layout == Numerator:
		return raise.Axes{Rows: vec(f, order), Cols: vec(x, order)}
	}
	return raise.Axes{Rows: vec(x, order), Cols: vec(f, order)}
}

// usesVec reports whether arranging needs vec of a matrix at all.
func usesVec(f, x raise.Axes) bool {
	matrix := func(a raise.Axes) bool { return len(a.Rows) > 0 && len(a.Cols) > 0 }
	none := func(a raise.Axes) bool { return len(a.Rows) == 0 && len(a.Cols) == 0 }
	return !none(f) && !none(x) && (matrix(f) || matrix(x))
}

// names of the derivative and of what it is taken of, for one order.
type symbol struct {
	f     string   // the function's name
	wrt   []string // the variables, outermost derivative last
	kinds []expr.Shape
	shape expr.Shape // of the function
}

func superscript(n int) string {
	digits := []string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}
	s := ""
	for _, c := range strconv.Itoa(n) {
		s += digits[c-'0']
	}
	return s
}

// text writes ∂l/∂w, ∂²l/∂w∂wᵀ, ∂²l/∂vec(X)∂vec(X)ᵀ, ∂²l/∂t².
func (s symbol) text() string {
	n := len(s.wrt)
	if n == 1 {
		return "∂" + s.f + "/∂" + s.wrt[0]
	}
	top := "∂" + superscript(n) + s.f
	same := !slices.ContainsFunc(s.wrt, func(w string) bool { return w != s.wrt[0] })
	if same && s.kinds[0].IsScalar() {
		return top + "/∂" + s.wrt[0] + superscript(n)
	}
	var b strings.Builder
	b.WriteString(top + "/")
	for i, w := range s.wrt {
		if s.kinds[i].IsMatrix() {
			w = "vec(" + w + ")"
		}
		b.WriteString("∂" + w)
		if i == 1 && n == 2 && !s.kinds[1].IsScalar() {
			b.WriteString("ᵀ")
		}
	}
	return b.String()
}

// latex writes the same as text does, as a fraction.
func (s symbol) latex() string {
	n := len(s.wrt)
	power := ""
	if n > 1 {
		power = "^{" + strconv.Itoa(n) + "}"
	}
	top := `\partial` + power + " " + print.LaTeXName(s.f)
	same := !slices.ContainsFunc(s.wrt, func(w string) bool { return w != s.wrt[0] })
	if same && s.kinds[0].IsScalar() {
		return `\frac{` + top + `}{\partial ` + print.LaTeXName(s.wrt[0]) + power + `}`
	}
	var b strings.Builder
	for i, w := range s.wrt {
		w = print.LaTeXName(w)
		if n > 1 && s.kinds[i].IsMatrix() {
			w = `\operatorname{vec}(` + w + ")"
		}
		if i > 0 {
			b.WriteString(` \, `)
		}
		b.WriteString(`\partial ` + w)
		if i == 1 && n == 2 && !s.kinds[1].IsScalar() {
			b.WriteString(`^\top`)
		}
	}
	return `\frac{` + top + "}{" + b.String() + "}"
}

// identity writes the identity that defines the derivative in its layout.
func (s symbol) identity(layout Layout) string {
	return s.defining(layout, identityNotation{
		name: func(x string) string { return x }, derivative: symbol.text,
		d: "d", open: "(", close: ")", transpose: "ᵀ", tr: "tr(", vec: "vec(", space: " ",
	})
}

// identityLaTeX writes the same in LaTeX.
func (s symbol) identityLaTeX(layout Layout) string {
	return s.defining(layout, identityNotation{
		name: print.LaTeXName, derivative: symbol.latex,
		d: `\mathrm{d}`, open: `\left(`, close: `\right)`, transpose: `^\top`,
		tr: `\operatorname{tr}\left(`, vec: `\operatorname{vec}(`, space: ` \, `,
	})
}

// An identityNotation is how the parts of an identity are written. tr and vec end
// with an opening bracket; that of tr is closed by close.
type identityNotation struct {
	name                                      func(string) string
	derivative                                func(symbol) string
	d, open, close, transpose, tr, vec, space string
}

func (s symbol) defining(layout Layout, w identityNotation) string {
	n := len(s.wrt)
	xs := s.kinds[n-1]
	f, fs := w.name(s.f), s.shape
	if n > 1 {
		// The function is the derivative of one order less.
		inner := symbol{s.f, s.wrt[:n-1], s.kinds[:n-1], s.shape}
		f = w.open + w.derivative(inner) + w.close
		fs = s.innerShape()
	}
	df, dx := w.d+f, w.d+w.name(s.wrt[n-1])
	bracket := w.open + w.derivative(s) + w.close
	t := bracket + w.transpose
	if layout == Numerator {
		t = bracket
	}
	switch {
	case fs.IsScalar() && xs.IsScalar():
		return df + " = " + bracket + w.space + dx
	case fs.IsScalar() && xs.IsMatrix():
		return df + " = " + w.tr + bracket + w.transpose + w.space + dx + w.close
	case fs.IsScalar() && xs.IsRow():
		return df + " = " + bracket + w.space + dx + w.transpose
	case fs.IsScalar():
		return df + " = " + bracket + w.transpose + w.space + dx
	case xs.IsScalar():
		return df + " = " + t + w.space + dx
	}
	if !fs.IsVector() {
		df = w.vec + df + ")"
	}
	if !xs.IsVector() {
		dx = w.vec + dx + ")"
	}
	return df + " = " + t + w.space + dx
}

// innerShape is the shape of the derivative of one order less, as far as scalar,
// vector or matrix.
func (s symbol) innerShape() expr.Shape {
	if s.shape.IsScalar() && len(s.wrt) == 2 {
		return s.kinds[0]
	}
	scalars := !slices.ContainsFunc(s.kinds[:len(s.kinds)-1], func(k expr.Shape) bool { return !k.IsScalar() })
	if scalars {
		return s.shape
	}
	matrix := &expr.Dim{}
	return expr.Shape{Rows: matrix, Cols: matrix}
}

// shapeString writes a shape as a declaration would.
func shapeString(s expr.Shape) string {
	switch {
	case s.IsScalar():
		return "scalar"
	case s.IsVector():
		return "vector(" + s.Rows.String() + ")"
	case s.IsRow():
		return "row(" + s.Cols.String() + ")"
	}
	return "matrix(" + s.Rows.String() + ", " + s.Cols.String() + ")"
}
