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
	s := v.Symbol
	var b strings.Builder
	b.WriteString(s.Name)
	if s.Family != nil {
		b.WriteString("[" + s.Family.Name + "]")
	}
	b.WriteString(": ")
	switch s.Kind {
	case expr.Function:
		b.WriteString("function")
	case expr.Scalar:
		b.WriteString("scalar")
	case expr.Vector:
		b.WriteString(s.Shape.Rows.String())
	default:
		b.WriteString(side(s.Shape.Rows.String()) + " × " + side(s.Shape.Cols.String()))
	}
	for _, f := range v.Facts.Names() {
		b.WriteString(" " + f)
	}
	if s.Family != nil {
		b.WriteString(", " + s.Family.Name + " = 1.." + s.Family.Size.String())
	}
	return b.String()
}

// Declaration writes a variable as a declaration in the language:
// "S: matrix(n, n) symmetric", "x[i]: vector(n), i = 1..N".
func (v Var) Declaration() string {
	s := v.Symbol
	var b strings.Builder
	b.WriteString(s.Name)
	if s.Family != nil {
		b.WriteString("[" + s.Family.Name + "]")
	}
	b.WriteString(": ")
	switch s.Kind {
	case expr.Function:
		b.WriteString("function")
	case expr.Scalar:
		b.WriteString("scalar")
	case expr.Vector:
		b.WriteString("vector(" + s.Shape.Rows.String() + ")")
	default:
		b.WriteString("matrix(" + s.Shape.Rows.String() + ", " + s.Shape.Cols.String() + ")")
	}
	for _, f := range v.Facts.Names() {
		b.WriteString(" " + f)
	}
	if s.Family != nil {
		b.WriteString(", " + s.Family.Name + " = 1.." + s.Family.Size.String())
	}
	return b.String()
}
