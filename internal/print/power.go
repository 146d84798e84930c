package print

import (
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// power writes a ^ b of scalars, x .^ y of entries, or X ^ p of a matrix.
func (w *writer) power(n *expr.Node, min int) {
	k := n.Args[1]
	if k.Op.Name != expr.OpNum {
		w.powerNode(n, min)
		return
	}
	if k.Num.Sign() < 0 {
		switch n.Op.Name {
		case expr.OpPow:
			w.product(n, min)
			return
		case expr.OpElPow:
			w.entrywise(n, min)
			return
		}
	}
	w.powerOf(n, k.Num, min)
}

// powerOf writes the base of the power n with the exponent k instead of its own.
func (w *writer) powerOf(n *expr.Node, k rat.Rat, min int) {
	base := n.Args[0]
	if k.Equal(rat.Half) && n.Op.Name != expr.OpMPow {
		w.root2(base)
		return
	}
	e, integer := k.Int64()
	if n.Op.Name == expr.OpMPow && integer && base.Op.Name == expr.OpInv {
		if _, ok := w.named(base); !ok {
			base, e = base.Args[0], -e
		}
	}
	b := w.open(min > levelPostfix)
	w.node(base, levelAtom)
	w.superscript(n.Op.Name == expr.OpElPow && !base.Shape.IsScalar(), integer, e, k)
	w.close(b)
}

// superscript writes an exponent that is a number.
func (w *writer) superscript(entries, integer bool, e int64, k rat.Rat) {
	switch {
	case w.latex:
		if entries {
			w.str(w.elementPower)
		} else {
			w.str("^{")
		}
		w.out = append(w.out, k.String()...)
		if integer {
			w.out = strconv.AppendInt(w.out[:len(w.out)-len(k.String())], e, 10)
		}
		w.out = append(w.out, '}')
	case w.paper && integer && !entries:
		w.paperOps = true
		w.out = appendSuper(w.out, e)
	default:
		if entries {
			w.str(w.elementPower)
		} else {
			w.str("^")
		}
		negative := k.Sign() < 0
		if integer {
			negative = e < 0
			k = rat.Int(e).Abs()
		} else {
			k = k.Abs()
		}
		b := w.open(negative || !integer)
		if negative {
			w.op(w.sign)
		}
		w.number(k)
		w.close(b)
	}
	w.numeral, w.sizeName = false, false
}

// powerNode writes a power whose exponent is no number.
func (w *writer) powerNode(n *expr.Node, min int) {
	b := w.open(min > levelPostfix)
	w.node(n.Args[0], levelAtom)
	entries := n.Op.Name == expr.OpElPow && !n.Shape.IsScalar()
	switch {
	case w.latex && entries:
		w.str(w.elementPower)
	case w.latex:
		w.str("^{")
	case entries:
		w.str(w.elementPower)
	default:
		w.str("^")
	}
	if w.latex {
		w.node(n.Args[1], levelSum)
		w.str("}")
	} else {
		w.node(n.Args[1], levelAtom)
	}
	w.numeral = false
	w.close(b)
}

// root2 writes the square root of each entry.
func (w *writer) root2(x *expr.Node) {
	if w.latex {
		w.tall++
		w.str(`\sqrt{`)
		w.node(x, levelSum)
		w.str("}")
		return
	}
	w.str("sqrt")
	b := w.open(true)
	w.node(x, levelSum)
	w.close(b)
}

var superDigits = [...]string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}

// appendSuper appends k in superscript digits.
func appendSuper(b []byte, k int64) []byte {
	var buf [20]byte
	for _, c := range strconv.AppendInt(buf[:0], k, 10) {
		if c == '-' {
			b = append(b, "⁻"...)
		} else {
			b = append(b, superDigits[c-'0']...)
		}
	}
	return b
}

// transposed writes xᵀ, and X⁻ᵀ for the transpose of an inverse.
func (w *writer) transposed(n *expr.Node, min int) {
	x := n.Args[0]
	if _, ok := w.named(x); !ok && x.Op.Name == expr.OpInv && (w.paper || w.latex) {
		w.postfix(x.Args[0], w.inverseTranspose, min)
		return
	}
	w.postfix(x, w.transpose, min)
}

// inverse writes X⁻¹, and X⁻ᵀ for the inverse of a transpose.
func (w *writer) inverse(n *expr.Node, min int) {
	x := n.Args[0]
	_, named := w.named(x)
	switch {
	case !w.paper && !w.latex:
		w.form(n, min)
	case named:
		w.form(n, min)
	case x.Op.Name == expr.OpT:
		w.postfix(x.Args[0], w.inverseTranspose, min)
	case x.Op.Name == expr.OpMPow && x.Args[1].Op.Name == expr.OpNum:
		w.powerOf(x, x.Args[1].Num.Neg(), min)
	default:
		w.form(n, min)
	}
}

func (w *writer) postfix(x *expr.Node, mark string, min int) {
	b := w.open(min > levelPostfix)
	if x.Op.Name == expr.OpT && w.latex { // X^\top^\top is no LaTeX
		q := w.open(true)
		w.node(x, levelSum)
		w.close(q)
	} else {
		w.node(x, levelAtom)
	}
	w.op(mark)
	w.close(b)
}

func appendInt(b []byte, k int) []byte { return strconv.AppendInt(b, int64(k), 10) }
