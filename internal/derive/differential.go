package derive

import (
	"slices"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/syntax"
)

// A differential is what a symbol stands for: d of a node. Of a variable or a
// named intermediate it is a leaf, which no rule takes further.
type differential struct {
	of   *expr.Node // of a member x[i]: with the index it was met with first
	sym  *expr.Symbol
	leaf bool
	pass int // of the variables that move with it: see deriver.pass
	// index is the free index of a node that is no leaf, nil if it has none: the
	// symbol is a family then.
	index *expr.Index
}

// d returns the differential of n: zero if n does not depend on what varies.
func (p *deriver) d(n *expr.Node) *expr.Node {
	if !p.varies(n) {
		return p.m.zero(n.Shape)
	}
	switch n.Op.Name {
	case expr.OpT:
		if p.leaf(n.Args[0]) {
			return p.m.t(p.d(n.Args[0]))
		}
	case expr.OpVar, expr.OpMember:
		d := p.differentialOf(n)
		if n.Op.Name == expr.OpMember {
			return p.b.Member(d.sym, n.Index)
		}
		return p.b.Var(d.sym)
	}
	if c, rest := p.m.split(n); rest != nil && !c.IsOne() {
		return p.m.times(c, p.d(rest))
	}
	if len(p.freeIndices(n)) > 1 { // no symbol has two indices: it is taken further at once
		r, _ := p.apply(n)
		return r
	}
	d := p.differentialOf(n)
	if d.index != nil {
		return p.b.Member(d.sym, d.index)
	}
	return p.b.Var(d.sym)
}

// differentialOf returns what stands for dn.
func (p *deriver) differentialOf(n *expr.Node) *differential {
	key := diffKey{node: n}
	family := (*expr.Index)(nil)
	leaf := p.leaf(n)
	if leaf {
		key = diffKey{sym: n.Sym} // one family for all indices
		if n.Op.Name == expr.OpMember {
			family = n.Sym.Family
		}
	} else {
		family = p.freeIndex(n)
	}
	d := p.diffs[key]
	if d == nil {
		d = &differential{of: n, leaf: leaf, pass: p.pass}
		if !leaf {
			d.index = family
		}
		d.sym = p.newSymbol(n.Shape, family)
		p.diffs[key] = d
		p.diffOf[d.sym] = d
	}
	return d
}

type diffKey struct {
	node *expr.Node
	sym  *expr.Symbol
}

// freeIndex returns the index that n is one member of, or nil.
func (p *deriver) freeIndex(n *expr.Node) *expr.Index {
	free := p.freeIndices(n)
	switch len(free) {
	case 0:
		return nil
	case 1:
		return free[0]
	}
	panic(giveUp("a differential with two indices"))
}

func (p *deriver) freeIndices(n *expr.Node) []*expr.Index { return expr.FreeIndicesIn(n, p.free) }

// leaf reports whether n is a variable or a named intermediate.
func (p *deriver) leaf(n *expr.Node) bool {
	return (n.Op.Name == expr.OpVar || n.Op.Name == expr.OpMember) && !(p.inline && p.partOf(n.Sym) != nil)
}

// varies reports whether n depends on anything with a differential.
func (p *deriver) varies(n *expr.Node) bool {
	if v, ok := p.dep[n]; ok {
		return v
	}
	v := n.Sym != nil && (p.moving[n.Sym] || p.diffOf[n.Sym] != nil) || slices.ContainsFunc(n.Args, p.varies)
	p.dep[n] = v
	return v
}

// composite returns the differentials in n that rules take further, in the order
// in which they are written.
func (p *deriver) composite(n *expr.Node) []*differential {
	var out []*differential
	seen := map[*expr.Node]bool{}
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if n.Sym != nil {
			if d := p.diffOf[n.Sym]; d != nil && !d.leaf && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
	return out
}

// A step is a node with the notes that say how it came from the one before.
type step struct {
	node  *expr.Node
	notes []paper.Note
	// define is a symbol that the node is given to as a name; the step is no
	// continuation of the others then.
	define *expr.Symbol
}

// differentials takes the differentials in n further, rule by rule, until only
// those of variables and intermediates are left.
func (p *deriver) differentials(n *expr.Node) []step {
	var out []step
	for range maxSteps {
		open := p.composite(n)
		if len(open) == 0 {
			return out
		}
		first, id := p.rule(open[0].of)
		with := map[*expr.Symbol]*expr.Node{open[0].sym: first}
		notes := []paper.Note{id}
		for _, d := range open[1:] {
			// Rules of one kind, of several functions perhaps, make one line.
			if r, other := p.rule(d.of); other.Name == id.Name {
				with[d.sym] = r
				notes = together(notes, other)
			}
		}
		n = p.substitute(n, with)
		out = append(out, step{node: n, notes: p.once(notes)})
	}
	panic(giveUp("more steps than a reader can follow"))
}

// substitute puts nodes for symbols. A node put for a family's member has the
// family's index already.
func (p *deriver) substitute(n *expr.Node, with map[*expr.Symbol]*expr.Node) *expr.Node {
	return p.m.rewrite(n, func(n *expr.Node) *expr.Node {
		if n.Sym == nil || n.Op.Name == expr.OpApply {
			return nil
		}
		return with[n.Sym]
	}, map[*expr.Node]*expr.Node{})
}

func noteOf(id string) paper.Note { return ruleByID[id].note() }

// rule is apply with what the rule asks of its operands.
func (p *deriver) rule(n *expr.Node) (*expr.Node, paper.Note) {
	r, note := p.apply(n)
	note.Needs = append(slices.Clone(note.Needs), p.needs(n)...)
	return r, note
}

// apply differentiates n by the rule for its operator.
func (p *deriver) apply(n *expr.Node) (*expr.Node, paper.Note) {
	m := p.m
	moving := 0
	for _, a := range n.Args {
		if p.varies(a) {
			moving++
		}
	}
	switch n.Op.Name {
	case expr.OpVar, expr.OpMember:
		q := p.partOf(n.Sym)
		if q.index != n.Index {
			panic(giveUp("an intermediate under another index"))
		}
		return p.d(q.body), noteOf("d-intermediate")
	case expr.OpAdd:
		var args []*expr.Node
		for _, a := range n.Args {
			if p.varies(a) {
				da := p.d(a)
				if a.Shape.IsScalar() && !n.Shape.IsScalar() {
					da = m.mul(da, m.ones(n.Shape.Rows, n.Shape.Cols))
				}
				args = append(args, da)
			}
		}
		return m.add(args...), noteOf("d-sum")
	case expr.OpNeg:
		return m.neg(p.d(n.Args[0])), noteOf("d-constant-factor")
	case expr.OpMul, expr.OpHadamard:
		var terms []*expr.Node
		for k, a := range n.Args {
			if p.varies(a) {
				args := slices.Clone(n.Args)
				args[k] = p.d(a)
				terms = append(terms, m.remake(n, args))
			}
		}
		switch {
		case moving == 1 && n.Op.Name == expr.OpHadamard:
			return terms[0], noteOf("d-constant-hadamard")
		case moving == 1:
			return terms[0], noteOf("d-constant-factor")
		case n.Op.Name == expr.OpHadamard:
			return m.add(terms...), noteOf("d-hadamard")
		}
		return m.add(terms...), noteOf("d-product")
	case expr.OpDiv, expr.OpElDiv:
		x, s := n.Args[0], n.Args[1]
		if !p.varies(s) {
			rule := "d-constant-divisor"
			if !s.Shape.IsScalar() {
				rule = "d-constant-entrywise"
			}
			return m.remake(n, []*expr.Node{p.d(x), s}), noteOf(rule)
		}
		var square *expr.Node
		if s.Shape.IsScalar() {
			square = p.b.Node(expr.OpPow, s, m.num(2))
		} else {
			square = p.b.Node(expr.OpElPow, s, m.num(2))
		}
		part := m.neg(m.remake(n, []*expr.Node{p.pair(n, x, p.d(s)), square}))
		if !p.varies(x) {
			return part, noteOf("d-quotient")
		}
		return m.add(m.remake(n, []*expr.Node{p.d(x), s}), part), noteOf("d-quotient")
	case expr.OpPow, expr.OpElPow:
		return p.power(n)
	case expr.OpT:
		return m.t(p.d(n.Args[0])), noteOf("d-transpose")
	case expr.OpSumOver:
		return m.sumOver(n.Index, p.d(n.Args[0])), noteOf("d-sum-over")
	case expr.OpApply:
		return p.entrywise(p.b.Apply(n.Sym, n.Order+1, n.Args[0]), n.Args[0]), noteOf("d-elementwise")
	case expr.OpMPow:
		if k, ok := n.Args[1].Num.Int64(); ok && n.Args[1].Op.Name == expr.OpNum {
			switch {
			case k < -maxPower: // powers of the inverse
				return p.apply(p.b.Node(expr.OpMPow, p.b.Node(expr.OpInv, n.Args[0]), m.num(-k)))
			case k <= maxPower:
				return p.matrixPower(n.Args[0], k), noteOf("d-matrix-power")
			}
		}
	}
	if n.Op.Class == expr.Defined {
		body := p.definition(n)
		c, rest := p.m.split(body)
		r, _ := p.apply(rest)
		return m.times(c, r), p.rowRule(n)
	}
	if n.Op.Differential != "" {
		if n.Op.Kink && len(n.Args) == 2 && isZero(m.add(n.Args[0], m.neg(n.Args[1]))) {
			panic(giveUp("an operator where it is not differentiable: " + p.text(n)))
		}
		return p.byRow(n), p.rowRule(n)
	}
	if n.Op.Class == expr.Structural {
		var terms []*expr.Node
		for k, a := range n.Args {
			if p.varies(a) {
				args := slices.Clone(n.Args)
				args[k] = p.d(a)
				c, r := m.split(args[k])
				if r != nil {
					args[k] = r
					terms = append(terms, m.times(c, m.remake(n, args)))
				}
			}
		}
		switch {
		case len(terms) == 0: // what moves is a multiple by zero
			return m.zero(n.Shape), p.linearRule(n)
		case moving == 1:
			return terms[0], p.linearRule(n)
		}
		return m.add(terms...), noteOf("d-product")
	}
	panic(giveUp("no differential of " + n.Op.Name))
}

// pair is the product of x and a differential as the quotient n has it.
func (p *deriver) pair(n, x, d *expr.Node) *expr.Node {
	if n.Op.Name == expr.OpElDiv && !x.Shape.IsScalar() && !d.Shape.IsScalar() {
		return p.m.hadamard(x, d)
	}
	return p.m.mul(x, d)
}

// entrywise is c ⊙ dx.
func (p *deriver) entrywise(c, x *expr.Node) *expr.Node {
	if x.Shape.IsScalar() {
		return p.m.mul(c, p.d(x))
	}
	return p.m.hadamard(c, p.d(x))
}

// power differentiates xᵖ of scalars or entry by entry.
func (p *deriver) power(n *expr.Node) (*expr.Node, paper.Note) {
	x, e := n.Args[0], n.Args[1]
	if p.varies(e) {
		// xᵉ = exp(e log x)
		inner := p.m.add(p.pair2(e, p.pair2(p.d(x), p.inverse(x))), p.pair2(p.b.Node("log", x), p.d(e)))
		return p.pair2(n, inner), noteOf("d-power")
	}
	var lower *expr.Node
	if e.Op.Name == expr.OpNum {
		k := e.Num.Sub(rat.One)
		switch {
		case k.IsOne():
			lower = x
		case k.Add(k).Equal(rat.MinusOne):
			lower = p.inverse(p.b.Node("sqrt", x))
		default:
			lower = p.b.Node(n.Op.Name, x, p.b.Num(k))
		}
	} else {
		lower = p.b.Node(n.Op.Name, x, p.m.add(e, p.m.num(-1)))
	}
	return p.pair2(p.pair2(e, lower), p.d(x)), noteOf("d-power")
}

// pair2 is the entrywise product of two operands, each perhaps a scalar.
func (p *deriver) pair2(a, b *expr.Node) *expr.Node {
	if a.Shape.IsScalar() || b.Shape.IsScalar() {
		return p.m.mul(a, b)
	}
	return p.m.hadamard(a, b)
}

func (p *deriver) inverse(x *expr.Node) *expr.Node {
	if x.Shape.IsScalar() {
		return p.m.div(p.m.num(1), x)
	}
	return p.m.eldiv(p.m.num(1), x)
}

// maxPower is the highest power of a matrix whose differential is written out; of
// others it is the sum over an index in the row.
const maxPower = 8

// matrixPower is Σ Xᵃ dX Xᵇ over a + b = k − 1.
func (p *deriver) matrixPower(x *expr.Node, k int64) *expr.Node {
	pow := func(j int64) *expr.Node {
		switch j {
		case 0:
			return p.m.eye(x.Shape.Rows)
		case 1:
			return x
		case -1:
			return p.b.Node(expr.OpInv, x)
		}
		return p.b.Node(expr.OpMPow, x, p.m.num(j))
	}
	if k == 0 {
		return p.m.zero(x.Shape)
	}
	var terms []*expr.Node
	for a := range max(k, -k) {
		if k > 0 {
			terms = append(terms, p.m.mul(pow(a), p.d(x), pow(k-1-a)))
		} else {
			terms = append(terms, p.m.neg(p.m.mul(pow(-a-1), p.d(x), pow(k+a))))
		}
	}
	return p.m.add(terms...)
}

// definition is what the row of a defined operator says that n is.
func (p *deriver) definition(n *expr.Node) *expr.Node {
	var names []check.Binding
	for k, x := range n.Op.Params {
		names = append(names, check.Binding{Name: x, Node: n.Args[k]})
	}
	return p.instantiate(n, n.Op.Definition, names)
}

// rowRule is the note for the differential in the row of n's operator.
func (p *deriver) rowRule(n *expr.Node) paper.Note {
	op := n.Op
	if op.Class == expr.Elementwise && opWords[op.Name].En == "" {
		note := noteOf("d-elementwise")
		note.ID = "d-" + op.Name
		note.Rule = p.rowFormula(op, rowDifferential)
		return note
	}
	note := paper.Note{ID: "d-" + op.Name, Name: opWords[op.Name]}
	if op.Class == expr.Defined && op.Scalar == nil {
		note.ID = "definition-of-" + op.Name
		note.Name = paper.Words{En: "definition of " + op.Name, Zh: op.Name + " 的定义"}
		note.Rule = p.rowFormula(op, rowDefinition)
		return note
	}
	if op.Class == expr.Defined {
		note = noteOf("d-elementwise")
		note.ID = "d-" + op.Name
		note.Rule = p.rowFormula(op, rowDerived)
		return note
	}
	if note.Name.En == "" {
		note.Name = paper.Words{En: "differential of " + op.Name, Zh: op.Name + " 的微分"}
	}
	note.Rule = p.rowFormula(op, rowDifferential)
	return note
}

// linearRule is the note for an operator that is linear in one operand.
func (p *deriver) linearRule(n *expr.Node) paper.Note {
	note := noteOf("d-linear")
	note.Rule = paper.Formula{}
	if len(n.Op.Params) == 1 {
		note.Rule = p.rowFormula(n.Op, rowLinear)
	}
	return note
}

// byRow instantiates the differential in the operator's row.
func (p *deriver) byRow(n *expr.Node) *expr.Node {
	var names []check.Binding
	var sizes []check.SizeBinding
	for k, x := range n.Op.Params {
		if v, ok := n.Args[k].Num.Int64(); ok && n.Args[k].Op.Name == expr.OpNum && slices.Contains(n.Op.Integers, x) {
			sizes = append(sizes, check.SizeBinding{Name: x, Dim: p.b.Const(v)})
			continue
		}
		names = append(names, check.Binding{Name: x, Node: n.Args[k]})
	}
	for k, x := range n.Op.Params {
		if !slices.Contains(n.Op.Integers, x) {
			names = append(names, check.Binding{Name: "d" + x, Node: p.d(n.Args[k])})
		}
	}
	return p.tidy(p.instantiate(n, n.Op.Differential, names, sizes...))
}

// instantiate reads a text of a row with its names bound to nodes and its letters
// to the sizes of n's operands.
func (p *deriver) instantiate(n *expr.Node, text string, names []check.Binding, sizes ...check.SizeBinding) *expr.Node {
	if sig := n.Op.Signature(); sig != nil {
		letter := 0
		for i := range len(n.Op.Sig) {
			c := n.Op.Sig[i]
			if c < 'a' || c > 'z' || slices.Contains([]byte(n.Op.Sig[:i]), c) {
				continue
			}
			d := p.b.One()
			for k, ax := range sig.Args {
				if k >= len(n.Args) {
					break
				}
				if slices.Equal(ax.Rows, []int{letter}) {
					d = n.Args[k].Shape.Rows
				} else if slices.Equal(ax.Cols, []int{letter}) {
					d = n.Args[k].Shape.Cols
				}
			}
			sizes = append(sizes, check.SizeBinding{Name: string(c), Dim: d})
			letter++
		}
	}
	return p.read(text, names, sizes)
}

func (p *deriver) read(text string, names []check.Binding, sizes []check.SizeBinding) *expr.Node {
	x, file, errs := syntax.ParseExpr(text, syntax.Options{IsVariable: func(name string) bool {
		return slices.ContainsFunc(names, func(b check.Binding) bool { return b.Name == name })
	}})
	if len(errs) == 0 {
		var n *expr.Node
		if n, errs = check.Instantiate(p.b, file, x, names, sizes); len(errs) == 0 {
			return n
		}
	}
	panic(giveUp(text + ": " + errs.Error()))
}

// tidy makes a node anew in the maker's manner: zeros and ones go.
func (p *deriver) tidy(n *expr.Node) *expr.Node {
	changes := func(n *expr.Node) bool { return hasOperands(n) && (p.varies(n) || p.hasZero(n)) }
	return remade(n, changes, func(n *expr.Node, args []*expr.Node) *expr.Node {
		r := p.m.remake(n, args)
		if n.Op.Class == expr.Structural && !slices.ContainsFunc(args, func(a *expr.Node) bool { return !isZero(a) }) {
			return p.m.zero(n.Shape)
		}
		return r
	})
}

func (p *deriver) hasZero(n *expr.Node) bool {
	return isZero(n) || slices.ContainsFunc(n.Args, p.hasZero)
}
