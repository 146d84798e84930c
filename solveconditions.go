package nabla

import (
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
	"example.com/nabla/internal/solve"
)

// gram reports whether a node is AᵀA or AᵀWA, and returns A; rows says that it is
// AAᵀ with a transpose last, whose rows count.
func gram(n *expr.Node) (a *expr.Node, rows, ok bool) {
	if n.Op.Name != expr.OpMul || len(n.Args) < 2 || len(n.Args) > 3 {
		return nil, false, false
	}
	x, y := n.Args[0], n.Args[len(n.Args)-1]
	if x.Shape.IsScalar() {
		return nil, false, false
	}
	switch {
	case x.Op.Name == expr.OpT && x.Args[0] == y:
		a = y
	case y.Op.Name == expr.OpT && y.Args[0] == x:
		a, rows = x, true
	default:
		return nil, false, false
	}
	if len(n.Args) == 3 {
		w := n.Args[1]
		if w.Op.Name == expr.OpInv {
			w = w.Args[0]
		}
		if w.Sym == nil || !w.Sym.Facts.Has(expr.Posdef) {
			return nil, false, false
		}
	}
	return a, rows, true
}

// conditions says what a part takes for granted.
func (q *stationary) conditions(part *solve.Part) {
	add := func(id string, nodes ...*expr.Node) {
		var texts, inline []string
		for _, n := range nodes {
			texts, inline = append(texts, q.text(n)), append(inline, q.inline(n))
		}
		p := phrase(id, texts...)
		if !slices.Contains(q.out.Conditions, p) {
			q.out.Conditions = append(q.out.Conditions, p)
			q.conditionWords = append(q.conditionWords, paper.Words(phrase(id, inline...)))
		}
	}
	s := part.Unknown.Sym
	value, sum := part.Value, part.Sum
	if full := q.values()[part.Unknown.Atom]; full != nil && full != sum {
		if n, form := q.rs.Raise(full, part.Unknown.Axes); form != raise.Index {
			value, sum = n, full
		}
	}
	if s.Facts.Has(expr.Posdef) && !part.Vec && !simplify.Definite(sum) {
		if of := q.inverted(part, sum); of != nil {
			value = of // an inverse is definite where what it is of is
		}
		add("posdef-value", value)
	}
	positive := s.Facts.Has(expr.Positive) && !part.Vec && !sum.Positive()
	for _, c := range part.Conditions {
		if (c.Node == part.Value || c.Node == value) && (s.Facts.Has(expr.Posdef) && c.Kind == solve.Invertible || positive && c.Kind == solve.Nonzero) {
			continue // said by what follows
		}
		if c.Node = q.known(c); c.Node == nil {
			continue
		}
		scalar := c.Node.Shape.IsScalar()
		switch c.Kind {
		case solve.Invertible:
			a, rows, ok := gram(c.Node)
			switch {
			case ok && rows:
				add("row-rank", c.Node, a)
			case ok:
				add("column-rank", c.Node, a)
			case sylvester(c.Node):
				add("sylvester", c.Node)
			default:
				if s := ridge(c.Node); s != nil {
					add("invertible-if", c.Node, s)
					break
				}
				add("invertible", c.Node)
			}
		case solve.Nonzero:
			if scalar {
				add("nonzero", c.Node)
			} else {
				add("nonzero-entries", c.Node)
			}
		case solve.Positive:
			if scalar {
				add("positive-value", c.Node)
			} else {
				add("positive-matrix", c.Node)
			}
		}
	}
	switch {
	case !positive:
	case value.Shape.IsScalar():
		add("positive-value", value)
	default:
		add("positive-matrix", value)
	}
}

// inverted returns what a value is the inverse of, times a positive number, if a
// condition asks that it be invertible; else nil.
func (q *stationary) inverted(part *solve.Part, sum *index.Sum) *expr.Node {
	unit, sign := q.st.Unit(sum)
	for _, c := range part.Conditions {
		if c.Kind != solve.Invertible {
			continue
		}
		other, s := q.st.Unit(q.low.Lower(q.b.Node(expr.OpInv, c.Node)).S)
		if other == unit && s.Sign() == sign.Sign() {
			return c.Node
		}
	}
	return nil
}

// values returns the values of the unknowns, with those of others put in; none before
// all are solved for.
func (q *stationary) values() map[*index.Atom]*index.Sum {
	if q.fail != nil {
		return nil
	}
	by := map[*index.Atom]*index.Sum{}
	for k, p := range q.joint.Parts {
		if !p.Vec {
			sum := q.solver.Back(q.joint, k, func(int) bool { return true })
			by[q.st.Var(p.Unknown.Sym, false)], by[q.st.Var(p.Unknown.Sym, true)] = sum, sum
		}
	}
	return by
}

// put returns a sum with the values of the unknowns put in, simplified; changed says
// whether there was something to put in.
func (q *stationary) put(s *index.Sum) (out *index.Sum, changed bool) {
	if out = solve.Substitute(q.st, s, q.values()); out == s {
		return s, false
	}
	return simplify.Shorten(q.st, out), true
}

// known returns the node of a condition with the values of the unknowns put in, nil
// where it holds whatever the data. A condition that does not hold there is left out
// as well: it was sufficient for a line, and the solution is checked without it.
func (q *stationary) known(c solve.Condition) *expr.Node {
	if !slices.ContainsFunc(q.unknowns, func(u solve.Unknown) bool { return mentions(c.Node, u.Sym) }) {
		return c.Node
	}
	v := q.low.Lower(c.Node)
	s, changed := q.put(v.S)
	if !changed {
		return c.Node
	}
	if c.Kind == solve.Invertible && simplify.Definite(s) || c.Kind != solve.Invertible && q.plain(s, c.Kind == solve.Positive) {
		return nil
	}
	if len(s.Terms) == 1 && c.Kind != solve.Invertible {
		// A number in front says nothing, but for its sign.
		by := s.Terms[0].Coef
		if c.Kind == solve.Positive {
			by = by.Abs()
		}
		s = q.st.Scale(s, rat.One.Div(by))
	}
	n, form := q.rs.Raise(s, raise.Axes{Rows: v.Rows, Cols: v.Cols})
	if form == raise.Index {
		return c.Node
	}
	return n
}

// plain reports whether a value is positive, or not zero, whatever the data: it is a
// number, or of one sign wherever it has a value.
func (q *stationary) plain(s *index.Sum, positive bool) bool {
	_, number := s.Const()
	return number || s.Positive() || !positive && q.st.Scale(s, rat.MinusOne).Positive()
}

// assumed returns an assumption on the function's domain with the values of the
// unknowns put in, zero where it holds whatever the data.
func (q *stationary) assumed(text message.Text) message.Text {
	a, ok := q.meant[text.En]
	if !ok {
		return text
	}
	s, changed := q.put(a.Operand)
	if !changed {
		return text
	}
	switch a.Kind {
	case "posdet", "invertible":
		if simplify.Definite(s) {
			return none
		}
	case "positive", "nonzero", "nonnull":
		if q.plain(s, a.Kind == "positive") {
			return none
		}
	}
	a.Operand = s
	// Where the value is long the unknown says it better.
	if list := q.assume(nil, a); len(list) == 1 && utf8.RuneCountInString(list[0].En) <= 2*utf8.RuneCountInString(text.En) {
		return list[0]
	}
	return text
}

// weaker takes out conditions that others imply: E ≠ 0 where there is E > 0.
func (q *stationary) weaker() {
	var said []Phrase
	var words []paper.Words
	for k, c := range q.out.Conditions {
		base, ok := strings.CutSuffix(strings.TrimSuffix(c.En, " in each entry"), " ≠ 0")
		if ok && slices.ContainsFunc(q.out.Conditions, func(d Phrase) bool {
			return strings.TrimSuffix(d.En, " in each entry") == base+" > 0"
		}) {
			continue
		}
		said, words = append(said, c), append(words, q.conditionWords[k])
	}
	q.out.Conditions, q.conditionWords = said, words
}

// domains adds what the gradients take for granted of the variables solved for.
func (q *stationary) domains() {
	for _, g := range q.out.Gradients {
		for k, a := range g.Assumptions {
			if base, ok := strings.CutSuffix(a, " is invertible"); ok && slices.Contains(g.Assumptions, "det("+base+") > 0") {
				continue
			}
			if base, ok := strings.CutSuffix(a, " ≠ 0"); ok && slices.Contains(g.Assumptions, base+" > 0") {
				continue
			}
			p := Phrase(q.assumed(message.Text{En: a, Zh: g.AssumptionsZH[k]}))
			if p.En == "" {
				continue
			}
			if !slices.ContainsFunc(q.out.Conditions, func(c Phrase) bool { return c.En == p.En || strings.HasPrefix(c.En, p.En+",") }) {
				q.out.Conditions = append(q.out.Conditions, p)
				q.conditionWords = append(q.conditionWords, paper.Words(p))
			}
		}
	}
}

// sylvester reports whether a node is I ⊗ A + B ⊗ I.
func sylvester(n *expr.Node) bool {
	if n.Op.Name != expr.OpAdd || len(n.Args) != 2 {
		return false
	}
	at := [2]int{-1, -1} // which factor is the identity
	for k, a := range n.Args {
		if a.Op.Name != "kron" || len(a.Args) != 2 {
			return false
		}
		for i, f := range a.Args {
			if f.Op.Name == "eye" {
				at[k] = i
			}
		}
	}
	return at[0] >= 0 && at[1] >= 0 && at[0] != at[1]
}

// ridge returns the scalar c of a sum AᵀA + c I, or nil.
func ridge(n *expr.Node) *expr.Node {
	if n.Op.Name != expr.OpAdd || len(n.Args) != 2 {
		return nil
	}
	var c *expr.Node
	grams := 0
	for _, a := range n.Args {
		if _, _, ok := gram(a); ok {
			grams++
		} else if a.Op.Name == expr.OpMul && len(a.Args) == 2 && a.Args[0].Op.Name == expr.OpVar && a.Args[0].Shape.IsScalar() &&
			a.Args[1].Op.Name == "eye" {
			c = a.Args[0]
		}
	}
	if grams != 1 {
		return nil
	}
	return c
}
