package check

import (
	"strings"

	"example.com/nabla/internal/expr"
)

// Understood says what each variable is: "X: m × n, w: n, y: m". Families show
// their range and declared facts follow the shape.
func (p *Program) Understood() string {
	parts := make([]string, len(p.Vars))
	for i, v := range p.Vars {
		parts[i] = v.String()
	}
	return strings.Join(parts, ", ")
}

// String writes a variable with its shape: "S: n × n symmetric", "c: scalar",
// "x[i]: n, i = 1..N".
func (v Var) String() string {
	switch shape := v.Symbol.Shape; v.Symbol.Kind {
	case expr.Vector:
		return v.text(shape.Rows.String())
	case expr.Matrix:
		return v.text(side(shape.Rows.String()) + " × " + side(shape.Cols.String()))
	}
	return v.Declaration()
}

// Declaration writes a variable as a declaration in the language:
// "S: matrix(n, n) symmetric", "x[i]: vector(n), i = 1..N".
func (v Var) Declaration() string {
	switch shape := v.Symbol.Shape; v.Symbol.Kind {
	case expr.Function:
		return v.text("function")
	case expr.Scalar:
		return v.text("scalar")
	case expr.Vector:
		return v.text("vector(" + shape.Rows.String() + ")")
	default:
		return v.text("matrix(" + shape.Rows.String() + ", " + shape.Cols.String() + ")")
	}
}

// text writes a variable with what it is, its facts and its range.
func (v Var) text(what string) string {
	s := v.Symbol
	var b strings.Builder
	b.WriteString(s.Name)
	if s.Family != nil {
		b.WriteString("[" + s.Family.Name + "]")
	}
	b.WriteString(": " + what)
	for _, f := range v.Facts.Names() {
		b.WriteString(" " + f)
	}
	if s.Family != nil {
		b.WriteString(", " + s.Family.Name + " = 1.." + s.Family.Size.String())
	}
	return b.String()
}
