package syntax

import (
	"strings"

	"example.com/nabla/internal/source"
)

// Text returns an expression in the language, with the brackets that it needs
// and ASCII operators where there are such. Parsing it gives the same tree,
// apart from spans.
func Text(x Expr) string {
	var b printer
	writeExpr(&b, x, PrecNone)
	return b.String()
}

// A Mark says where a part of a tree stands in a text: At is its range in the
// text that is written, Of its span in the text that was read.
type Mark struct{ At, Of source.Span }

// ProgramText returns the statements in the language, one a line, as
// [ParseProgram] reads them, and a mark for each of their parts, outer parts
// after the parts inside them.
func ProgramText(stmts []Stmt) (string, []Mark) {
	var marks []Mark
	b := printer{marks: &marks}
	for i, s := range stmts {
		if i > 0 {
			b.WriteByte('\n')
		}
		from := b.Len()
		writeStmt(&b, s)
		b.mark(from, s.Span())
	}
	return b.String(), marks
}

// MarkedText returns the text of an expression with its marks.
func MarkedText(x Expr) (string, []Mark) {
	var marks []Mark
	b := printer{marks: &marks}
	writeExpr(&b, x, PrecNone)
	return b.String(), marks
}

// A printer is text under way, and the marks of its parts if they are asked for.
type printer struct {
	strings.Builder
	marks *[]Mark
}

// mark notes that what was written from the offset on has the given span.
func (b *printer) mark(from int, of source.Span) {
	if b.marks != nil {
		*b.marks = append(*b.marks, Mark{source.Span{Start: from, End: b.Len()}, of})
	}
}

// ident writes a name.
func (b *printer) ident(n Ident) {
	from := b.Len()
	b.WriteString(n.Name)
	b.mark(from, n.At)
}

// op writes an operator sign.
func (b *printer) op(text string, at source.Span) {
	from := b.Len()
	b.WriteString(text)
	b.mark(from, at)
}

func writeStmt(b *printer, s Stmt) {
	switch s := s.(type) {
	case *Decl:
		writeDecl(b, s)
	case *Definition:
		b.ident(s.Name)
		if s.Index.Name != "" {
			b.WriteByte('[')
			b.ident(s.Index)
			b.WriteByte(']')
		}
		b.WriteString(" = ")
		writeExpr(b, s.Body, PrecNone)
	case *ExprStmt:
		writeExpr(b, s.X, PrecNone)
	case *Equation:
		writeExpr(b, s.X, PrecNone)
		b.WriteByte(' ')
		b.op("=", s.Equal)
		b.WriteByte(' ')
		writeExpr(b, s.Y, PrecNone)
	}
}

func writeDecl(b *printer, d *Decl) {
	for i, n := range d.Names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.ident(n)
		if d.Index.Name != "" {
			b.WriteByte('[')
			b.ident(d.Index)
			b.WriteByte(']')
		}
	}
	b.WriteString(": ")
	from := b.Len()
	b.WriteString(d.Type.Kind.String())
	if len(d.Type.Sizes) > 0 {
		b.WriteByte('(')
		for i, x := range d.Type.Sizes {
			if i > 0 {
				b.WriteString(", ")
			}
			writeExpr(b, x, PrecSum)
		}
		b.WriteByte(')')
	}
	b.mark(from, d.Type.At)
	for _, f := range d.Facts {
		b.WriteByte(' ')
		b.ident(f)
	}
	if r := d.Range; r != nil {
		b.WriteString(", ")
		b.ident(r.Index)
		b.WriteString(" = ")
		writeExpr(b, r.From, PrecSum)
		b.WriteString("..")
		writeExpr(b, r.To, PrecSum)
	}
}

// writeExpr writes x for a place where operators must bind at least as tight
// as min.
func writeExpr(b *printer, x Expr, min Prec) {
	from := b.Len()
	if precOf(x) < min {
		b.WriteByte('(')
		writeExpr(b, x, PrecNone)
		b.WriteByte(')')
		return
	}
	defer func() { b.mark(from, x.Span()) }()
	switch x := x.(type) {
	case *Number:
		b.WriteString(x.Text)
	case *Name:
		b.WriteString(x.Name)
	case *Call:
		b.ident(x.Func)
		b.WriteByte('(')
		for i, a := range x.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			if _, ok := a.(*SumOver); ok {
				writeExpr(b, a, PrecNone) // its end is that of the operand
			} else {
				writeExpr(b, a, PrecSum)
			}
		}
		b.WriteByte(')')
	case *Index:
		b.WriteString(x.Family.Name)
		b.WriteByte('[')
		writeExpr(b, x.Sub, PrecSum)
		b.WriteByte(']')
	case *Unary:
		switch x.Op {
		case Transpose:
			writeExpr(b, x.X, PrecPostfix)
			b.op("'", x.OpAt)
		case InvTranspose:
			writeExpr(b, x.X, PrecPostfix)
			b.op("^-T", x.OpAt)
		default:
			b.op(x.Op.String(), x.OpAt)
			writeExpr(b, x.X, PrecUnary)
		}
	case *Binary:
		writeBinary(b, x)
	case *Norm:
		b.WriteString("‖")
		writeExpr(b, x.X, PrecSum)
		b.WriteString("‖")
		b.WriteString(x.Kind.String())
	case *Bars:
		apart := ""
		if hasBars(x.X) {
			apart = " " // two bars side by side would be a norm
		}
		b.WriteString("|" + apart)
		writeExpr(b, x.X, PrecSum)
		b.WriteString(apart + "|")
	case *SumOver:
		b.WriteString("∑_{")
		b.WriteString(x.Index.Name)
		if x.From != nil {
			b.WriteString(" = ")
			writeExpr(b, x.From, PrecSum)
		}
		b.WriteByte('}')
		if x.To != nil {
			b.WriteString("^{")
			writeExpr(b, x.To, PrecSum)
			b.WriteByte('}')
		}
		b.WriteByte(' ')
		writeExpr(b, x.Body, PrecProduct)
	case *Fill:
		digit := byte('0')
		if x.One {
			digit = '1'
		}
		b.WriteByte(digit)
		b.WriteString("_{")
		for i, s := range x.Sizes {
			if i > 0 {
				b.WriteString(", ")
			}
			writeExpr(b, s, PrecSum)
		}
		b.WriteByte('}')
	}
}

func writeBinary(b *printer, x *Binary) {
	prec := x.Op.Symbol().Prec
	if prec == PrecPostfix {
		writeExpr(b, x.X, PrecPostfix)
		b.op(x.Op.String(), x.OpAt)
		u, signed := x.Y.(*Unary)
		signed = signed && (u.Op == Neg || u.Op == Plus)
		if namedT(x.Y) || signed && namedT(u.X) {
			b.WriteString("((") // ^T, ^(T) and ^(-T) are transposes
			writeExpr(b, x.Y, PrecNone)
			b.WriteString("))")
			return
		}
		if signed && precOf(u.X) == PrecAtom {
			b.WriteString(u.Op.String())
			writeExpr(b, u.X, PrecAtom)
			return
		}
		writeExpr(b, x.Y, PrecAtom)
		return
	}
	left := prec
	if y, ok := x.X.(*Binary); ok && prec == PrecProduct && byEntries(y.Op) != byEntries(x.Op) && y.Op.Symbol().Prec == prec {
		left++ // they group to the left, which not everybody knows
	}
	writeExpr(b, x.X, left)
	spaced := prec == PrecSum
	if spaced {
		b.WriteByte(' ')
	}
	b.op(x.Op.String(), x.OpAt)
	if spaced {
		b.WriteByte(' ')
	}
	writeExpr(b, x.Y, prec+1)
}

// byEntries reports whether a product is one entry by entry or of Kronecker.
func byEntries(op Op) bool { return op == Hadamard || op == HadamardDiv || op == Kron }

// hasBars reports whether bars stand in x.
func hasBars(x Expr) bool {
	found := false
	Walk(x, func(x Expr) {
		if _, ok := x.(*Bars); ok {
			found = true
		}
	})
	return found
}

// namedT reports whether x is T or starts with it, as T(x) does.
func namedT(x Expr) bool {
	switch x := x.(type) {
	case *Name:
		return x.Name == "T"
	case *Call:
		return x.Func.Name == "T"
	case *Index:
		return x.Family.Name == "T"
	}
	return false
}

// precOf returns how tight the outermost form of x binds. The body of a sum
// reaches as far right as a product goes, so a sum is bracketed in any
// product or tighter place.
func precOf(x Expr) Prec {
	switch x := x.(type) {
	case *Unary:
		return x.Op.Symbol().Prec
	case *Binary:
		return x.Op.Symbol().Prec
	case *SumOver:
		return PrecNone
	}
	return PrecAtom
}
