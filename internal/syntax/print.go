package syntax

import "strings"

// Text returns an expression in the language, with the brackets that it needs
// and ASCII operators where there are such. Parsing it gives the same tree,
// apart from spans.
func Text(x Expr) string {
	var b strings.Builder
	writeExpr(&b, x, PrecNone)
	return b.String()
}

// writeExpr writes x for a place where operators must bind at least as tight
// as min.
func writeExpr(b *strings.Builder, x Expr, min Prec) {
	if precOf(x) < min {
		b.WriteByte('(')
		writeExpr(b, x, PrecNone)
		b.WriteByte(')')
		return
	}
	switch x := x.(type) {
	case *Number:
		b.WriteString(x.Text)
	case *Name:
		b.WriteString(x.Name)
	case *Call:
		b.WriteString(x.Func.Name)
		b.WriteByte('(')
		for i, a := range x.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			writeExpr(b, a, PrecSum)
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
			b.WriteByte('\'')
		case InvTranspose:
			writeExpr(b, x.X, PrecPostfix)
			b.WriteString("^-T")
		default:
			b.WriteString(x.Op.String())
			writeExpr(b, x.X, PrecUnary)
		}
	case *Binary:
		writeBinary(b, x)
	case *Norm:
		b.WriteString("|| ") // spaces keep bars apart
		writeExpr(b, x.X, PrecSum)
		b.WriteString(" ||")
		b.WriteString(x.Kind.String())
	case *Bars:
		b.WriteString("| ")
		writeExpr(b, x.X, PrecSum)
		b.WriteString(" |")
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

func writeBinary(b *strings.Builder, x *Binary) {
	prec := x.Op.Symbol().Prec
	if prec == PrecPostfix {
		writeExpr(b, x.X, PrecPostfix)
		b.WriteString(x.Op.String())
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
	writeExpr(b, x.X, prec)
	spaced := prec == PrecSum
	if spaced {
		b.WriteByte(' ')
	}
	b.WriteString(x.Op.String())
	if spaced {
		b.WriteByte(' ')
	}
	writeExpr(b, x.Y, prec+1)
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
