package print

import (
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// size writes a size used as a number.
func (w *writer) size(d *expr.Dim, min int) {
	terms := 0
	level := levelAtom
	d.Terms(func(c int64, pows []expr.DimPow) {
		terms++
		factors := len(pows)
		if c < 0 {
			level = levelUnary
			c = -c
		}
		if c != 1 && factors > 0 {
			factors++
		}
		if factors > 1 {
			level = levelProduct
		} else if factors == 1 && level == levelAtom && pows[0].Exp > 1 {
			level = levelPostfix
		}
	})
	if terms > 1 {
		level = levelSum
	}
	b := w.open(level < min)
	if terms == 0 {
		w.number(rat.Zero)
	}
	first := true
	d.Terms(func(c int64, pows []expr.DimPow) {
		switch {
		case c < 0 && first:
			w.op(w.sign)
		case c < 0:
			w.op(w.minus)
		case !first:
			w.str(w.plus)
		}
		first = false
		if c = max(c, -c); c != 1 || len(pows) == 0 {
			w.number(rat.Int(c))
			w.pending = len(pows) > 0
		}
		for i, p := range pows {
			if i > 0 {
				w.pending = true
			}
			w.str(w.name(p.Name.Name))
			w.sizeName = true
			if p.Exp > 1 {
				w.superscript(false, true, int64(p.Exp), rat.Int(int64(p.Exp)))
			}
		}
	})
	w.close(b) // n (x) is written n·(x), see join
}

// sizeArgument writes a size between the brackets of a call, always in the
// language's own characters, where a product of sizes is written m*n.
func (w *writer) sizeArgument(d *expr.Dim) {
	if w.latex {
		w.size(d, levelSum)
		return
	}
	w.str(d.String())
}

// identity writes Iₙ where the size is one letter or a number and no variable's
// name starts with I; else eye(n).
func (w *writer) identity(n *expr.Node) {
	d := n.Sizes[0]
	switch {
	case w.latex:
		w.str("I_{")
		w.size(d, levelSum)
		w.str("}")
		return
	case w.paper && !w.initialI():
		if s, ok := subscript(d); ok {
			w.str("I")
			w.out = append(w.out, s...)
			return
		}
		if s := d.String(); len(s) == 1 {
			w.str("I_")
			w.out = append(w.out, s...)
			return
		}
	}
	w.form(n, levelAtom)
}

// initialI reports whether a name of the program starts with I, so that Iₙ could
// be taken for it.
func (w *writer) initialI() bool {
	b := w.options.Builder
	if b != nil {
		for _, s := range b.Symbols() {
			if s.Name[0] == 'I' {
				return true
			}
		}
	}
	for _, name := range w.names {
		if name[0] == 'I' {
			return true
		}
	}
	return false
}

// filled writes 1ₙ for the vector of n ones, 0ₙ for that of zeros, where the size
// has a subscript form.
func (w *writer) filled(n *expr.Node, digit byte, latex string) {
	vector := len(n.Sizes) == 1 || n.Sizes[1].IsOne()
	if w.latex {
		w.str(latex)
		w.size(n.Sizes[0], levelSum)
		if !vector {
			w.str(` \times `)
			w.size(n.Sizes[1], levelSum)
		}
		w.str("}")
		return
	}
	if w.paper && vector {
		if s, ok := subscript(n.Sizes[0]); ok {
			if w.pending {
				w.fill = true
				w.join(digit)
				w.fill = false
			}
			w.out = append(append(w.out, digit), s...)
			w.numeral = false
			return
		}
	}
	w.form(n, levelAtom)
}

// subscriptLetters are the letters that have a subscript form.
var subscriptLetters = map[byte]string{'a': "ₐ", 'e': "ₑ", 'h': "ₕ", 'i': "ᵢ", 'j': "ⱼ", 'k': "ₖ", 'l': "ₗ", 'm': "ₘ",
	'n': "ₙ", 'o': "ₒ", 'p': "ₚ", 'r': "ᵣ", 's': "ₛ", 't': "ₜ", 'u': "ᵤ", 'v': "ᵥ", 'x': "ₓ"}

var subDigits = [...]string{"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"}

// subscript returns a size that is one letter or a number in subscript
// characters.
func subscript(d *expr.Dim) (string, bool) {
	if c, ok := d.Const(); ok && c >= 0 {
		if c < 10 {
			return subDigits[c], true
		}
		var b []byte
		for _, c := range strconv.FormatInt(c, 10) {
			b = append(b, subDigits[c-'0']...)
		}
		return string(b), true
	}
	if c, pows, ok := d.Monomial(); ok && c == 1 && len(pows) == 1 && pows[0].Exp == 1 && len(pows[0].Name.Name) == 1 {
		s, ok := subscriptLetters[pows[0].Name.Name[0]]
		return s, ok
	}
	return "", false
}
