package print

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/rat"
)

// A writer writes expressions in one notation.
type writer struct {
	*notation
	options *Options
	limit   *limit.Budget
	names   map[*expr.Node]string
	root    *expr.Node // written by its body even if it has a name

	out      []byte
	pending  bool     // a product sign is due before the next thing
	paperOps bool     // an operator outside ASCII was written
	numeral  bool     // the last thing written is a numeral
	sizeName bool     // the last thing written is the name of a size
	fill     bool     // the numeral that comes next is 1ₙ
	joints   []int    // where a product was written as juxtaposition
	tall     int      // fractions and sums written, in LaTeX
	bars     bool     // norm bars are open: another norm needs brackets
	num, den []factor // stacks of products under way
	depth    int      // of the node that is being written
	marking  bool     // factors are marked with their shapes
	marks    []span
	thin     int // where a differential ended that was written in LaTeX
}

// whole writes n alone.
func (w *writer) whole(n *expr.Node) string {
	w.out, w.joints, w.paperOps = w.out[:0], w.joints[:0], false
	w.num, w.den, w.pending, w.bars, w.tall = w.num[:0], w.den[:0], false, false, 0
	w.thin = 0
	w.numeral, w.sizeName = false, false
	w.marking, w.marks = w.options.Shapes && (w.paper || w.latex), nil
	w.node(n, levelSum)
	if w.paper && !w.paperOps && len(w.joints) > 0 && !w.options.forPeople() {
		return string(w.dotted())
	}
	return string(w.out)
}

// dotted returns what was written with a dot for each product. The parser takes
// juxtaposition only in a text that has an operator outside ASCII, or after a
// numeral.
func (w *writer) dotted() []byte {
	b := make([]byte, 0, len(w.out)+len(w.joints)*len(w.cdot))
	from := 0
	for _, at := range w.joints {
		b = append(append(b, w.out[from:at]...), w.cdot...)
		if from = at; from < len(w.out) && w.out[from] == ' ' {
			from++
		}
	}
	return append(b, w.out[from:]...)
}

// str writes s, and the product sign that is due before it.
func (w *writer) str(s string) {
	if w.pending && s != "" {
		w.join(s[0])
	}
	w.numeral, w.sizeName = false, false
	w.out = append(w.out, s...)
}

// join writes the product sign before a thing that starts with the byte first.
func (w *writer) join(first byte) {
	w.pending = false
	digit := '0' <= first && first <= '9' && !w.fill
	switch {
	case w.latex && w.thin == len(w.out) && w.thin > 0:
		w.out = append(w.out, ` \, `...)
		return
	case !w.paper:
		if digit {
			w.out = append(w.out, w.cdot...)
		} else {
			w.out = append(w.out, w.times...)
		}
		return
	case digit, first == '(' && w.sizeName: // n (x) would call a function n
		w.out, w.paperOps = append(w.out, w.cdot...), true
		return
	}
	if !w.numeral {
		w.joints = append(w.joints, len(w.out))
	}
	if first != '(' || !w.closed() {
		w.out = append(w.out, ' ')
	}
}

// closed reports whether what was written ends with a bracket or a superscript,
// so that an opening bracket may follow without a space.
func (w *writer) closed() bool {
	r, _ := utf8.DecodeLastRune(w.out)
	switch r {
	case ')', 'ᵀ', '¹', '²', '³', '⁰', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹':
		return true
	}
	return false
}

// op writes an operator sign, which may have a space before it.
func (w *writer) op(s string) {
	w.str(s)
	w.paperOps = w.paperOps || s[0] >= utf8.RuneSelf || len(s) > 1 && s[1] >= utf8.RuneSelf
}

// A bracket is one that is open.
type bracket struct {
	at, tall int
	bars     bool // around it, norm bars were open
}

// open writes ( if it is needed; close writes its partner. In LaTeX the pair
// grows when what it holds is tall.
func (w *writer) open(needed bool) bracket {
	if !needed {
		return bracket{at: -1}
	}
	w.str("(")
	b := bracket{at: len(w.out) - 1, tall: w.tall, bars: w.bars}
	w.bars = false
	return b
}

func (w *writer) close(b bracket) {
	if b.at < 0 {
		return
	}
	w.numeral, w.bars = false, b.bars
	if w.latex && w.tall > b.tall {
		w.out = append(w.out, `\left`...)
		copy(w.out[b.at+len(`\left`):], w.out[b.at:])
		copy(w.out[b.at:], `\left`)
		w.out = append(w.out, `\right)`...)
		return
	}
	w.out = append(w.out, ')')
}

// named returns the name that n is written as, if it has one.
func (w *writer) named(n *expr.Node) (string, bool) {
	if len(w.names) == 0 || n == w.root {
		return "", false
	}
	name, ok := w.names[n]
	return name, ok
}

// opIndex is the operator whose value is that of an index.
const opIndex = "index"

// node writes n; it puts brackets around what binds less than min.
func (w *writer) node(n *expr.Node, min int) {
	w.depth++
	limit.Rest(4*w.depth + 3) // many calls lie between a node and its operands
	if w.marking && !n.Shape.IsScalar() {
		w.marked(n, min)
	} else {
		w.bare(n, min)
	}
	w.depth--
}

// bare is node without a mark for n itself.
func (w *writer) bare(n *expr.Node, min int) {
	if w.limit != nil {
		w.limit.Fits(cap(w.out))
		w.limit.Step(6)
	}
	if name, ok := w.named(n); ok {
		w.str(w.name(name))
		return
	}
	switch n.Op.Name {
	case expr.OpVar:
		if !w.spelled(n.Sym, nil, min) {
			w.str(w.name(n.Sym.Name))
		}
	case expr.OpNum, expr.OpMul, expr.OpDiv, expr.OpNeg:
		w.product(n, min)
	case expr.OpAdd:
		w.sum(n, min, false)
	case expr.OpHadamard, expr.OpElDiv:
		w.entrywise(n, min)
	case expr.OpPow, expr.OpElPow, expr.OpMPow:
		w.power(n, min)
	case expr.OpT:
		w.transposed(n, min)
	case "inv":
		w.inverse(n, min)
	case expr.OpSize:
		w.size(n.Sizes[0], min)
	case expr.OpMember:
		if !w.spelled(n.Sym, n.Index, min) {
			w.member(n)
		}
	case opIndex:
		w.str(w.name(n.Index.Name))
		w.sizeName = true // k (A) would call a function k
	case expr.OpSumOver:
		w.sumOver(n, min)
	case expr.OpApply:
		w.apply(n)
	case "abs":
		if !w.latex || n.Shape.IsScalar() {
			w.form(n, min)
			return
		}
		w.str(`\operatorname{abs}`) // bars around a matrix are its determinant
		w.arguments(n.Args, nil)
	case "eye":
		w.identity(n)
	case "ones":
		w.filled(n, '1', `\mathbf{1}_{`)
	case "zeros":
		w.filled(n, '0', `\mathbf{0}_{`)
	default:
		w.form(n, min)
	}
}

// sum writes x + y − z, or with flip its negative. The first term that is not
// negative comes first, which saves a sign.
func (w *writer) sum(n *expr.Node, min int, flip bool) {
	b := w.open(min > levelSum)
	first := w.firstPositive(n, flip)
	wrote := first != nil
	if wrote {
		w.term(first, true, flip)
	}
	skipped := !wrote
	w.terms(n, first, flip, &skipped, &wrote)
	w.close(b)
}

// firstPositive returns the first term of a sum that is written without a sign,
// or nil.
func (w *writer) firstPositive(n *expr.Node, flip bool) *expr.Node {
	for _, a := range n.Args {
		if w.isSum(a) {
			if f := w.firstPositive(a, flip); f != nil {
				return f
			}
		} else if w.negative(a) == flip {
			return a
		}
	}
	return nil
}

func (w *writer) isSum(n *expr.Node) bool {
	return n.Op.Name == expr.OpAdd && w.unnamed(n)
}

// terms writes the terms of a sum but for the one called skip, once.
func (w *writer) terms(n, skip *expr.Node, flip bool, skipped, wrote *bool) {
	for _, a := range n.Args {
		switch {
		case w.isSum(a):
			w.terms(a, skip, flip, skipped, wrote)
		case a == skip && !*skipped:
			*skipped = true
		default:
			w.term(a, !*wrote, flip)
			*wrote = true
		}
	}
}

// sumOver writes Σ_i x. What follows the sign as a product belongs to the sum,
// so brackets are needed but for a whole term.
func (w *writer) sumOver(n *expr.Node, min int) {
	i := n.Index
	switch {
	case w.latex:
		b := w.open(min > levelProduct)
		w.tall++
		w.str(`\sum_{`)
		w.out = append(w.out, w.name(i.Name)...)
		if i.Size != nil {
			w.out = append(w.out, "=1}^{"...)
			w.size(i.Size, levelSum)
		}
		w.out = append(w.out, "} "...)
		w.node(n.Args[0], levelProduct)
		w.close(b)
	case w.paper:
		b := w.open(min > levelProduct)
		w.paperOps = true
		if w.ofFamily(i) {
			w.str("Σ_" + i.Name + " ")
		} else if limit := i.Size.String(); isWord(limit) {
			w.str("Σ_{" + i.Name + "=1}^" + limit + " ")
		} else {
			w.str("Σ_{" + i.Name + "=1}^{")
			w.size(i.Size, levelSum)
			w.str("} ")
		}
		w.node(n.Args[0], levelProduct)
		w.close(b)
	default:
		w.str("sum")
		b := w.open(true)
		w.str(i.Name)
		if !w.ofFamily(i) {
			w.str(" = 1.." + i.Size.String())
		}
		w.str(", ")
		w.node(n.Args[0], levelSum)
		w.close(b)
	}
}

// ofFamily reports whether i is the index of a family, whose declaration gives
// its range: it does not where another family has this letter with another range.
func (w *writer) ofFamily(i *expr.Index) bool {
	if i.Size == nil || w.options.Builder == nil {
		return true
	}
	of := false
	for _, s := range w.options.Builder.Symbols() {
		switch {
		case s.Family == i:
			of = true
		case s.Family != nil && s.Family.Name == i.Name:
			return false
		}
	}
	return of
}

// isWord reports whether s is one name or number.
func isWord(s string) bool { return !strings.ContainsAny(s, "+-*^ ") }

// differential is how a symbol in LaTeX starts that stands apart in a product.
const differential = `\mathrm{d}`

// spelled writes a symbol as the caller spells it, and reports whether he does.
func (w *writer) spelled(s *expr.Symbol, i *expr.Index, min int) bool {
	if w.options.Spell == nil || !w.paper && !w.latex {
		return false
	}
	text, tight, ok := w.options.Spell(s, i, w.latex)
	if !ok {
		return false
	}
	most := levelProduct // of what needs no brackets around text that is not tight
	if w.latex {
		most = levelPostfix
	}
	b := w.open(!tight && min > most)
	if strings.Contains(text, `\frac`) {
		w.tall++
	}
	thin := b.at < 0 && strings.HasPrefix(text, differential)
	if thin && w.pending {
		w.pending = false
		w.out = append(w.out, ` \, `...)
	}
	w.str(text)
	w.close(b)
	if thin {
		w.thin = len(w.out)
	}
	return true
}

func (w *writer) member(n *expr.Node) {
	if w.latex {
		w.str(indexedName(n.Sym.Name, n.Index.Name))
		return
	}
	w.str(n.Sym.Name)
	w.str("[")
	w.str(n.Index.Name)
	w.str("]")
}

func (w *writer) apply(n *expr.Node) {
	w.str(w.name(n.Sym.Name))
	prime := "′"
	if w.latex {
		prime = "'"
	}
	for range n.Order {
		w.str(prime)
	}
	w.arguments(n.Args, nil)
}

// arguments writes nodes and sizes as the operands of a call.
func (w *writer) arguments(args []*expr.Node, sizes []*expr.Dim) {
	b := w.open(true)
	for i, a := range args {
		if i > 0 {
			w.str(", ")
		}
		w.node(a, levelSum)
	}
	for i, d := range sizes {
		if i > 0 || len(args) > 0 {
			w.str(", ")
		}
		w.sizeArgument(d)
	}
	w.close(b)
}

// number writes r; its sign is written by the caller.
func (w *writer) number(r rat.Rat) {
	if n, ok := r.Int64(); ok {
		var buf [20]byte
		w.digits(strconv.AppendInt(buf[:0], n, 10))
		return
	}
	w.digits([]byte(r.String()))
}

func (w *writer) digits(b []byte) {
	if w.pending {
		w.join(b[0])
	}
	w.out = append(w.out, b...)
	w.numeral = bytes.IndexByte(b, '/') < 0
}
