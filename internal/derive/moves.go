package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// moves brings the differentials in a scalar to the end.
func (p *deriver) moves(n *expr.Node) []step {
	var out []step
	shown := n
	emit := func(n *expr.Node, notes ...paper.Note) {
		if n == shown {
			return
		}
		shown = n
		out = append(out, step{node: n, notes: notes})
	}
	terms := p.merge(p.terms(n))
	if p.colon {
		emit(p.writeAll(terms), noteOf("colon"))
	}
	for range maxSteps {
		for p.tooWide(p.writeAll(terms)) {
			d := p.nameLongestTerm(terms)
			if d == nil {
				break
			}
			shown = nil
			out = append(out, *d)
		}
		at := slices.IndexFunc(terms, func(t *term) bool { return !p.done(t) })
		if at < 0 {
			return append(out, p.collect(terms, shown)...)
		}
		rule, _ := p.advance(terms[at])
		var next []*term
		notes := []paper.Note{noteOf(rule)}
		for _, t := range terms {
			if !p.done(t) {
				if r, become := p.advance(t); r == rule {
					// In the colon notation factors change sides visibly.
					if p.colon && len(notes) == 1 && rule != "colon-product" && slices.ContainsFunc(become, func(u *term) bool { return len(u.l)+len(u.r) > len(t.l)+len(t.r) }) {
						notes = append(notes, noteOf("colon-product"))
					}
					next = append(next, become...)
					continue
				}
			}
			next = append(next, t)
		}
		terms = p.merge(next)
		emit(p.writeAll(terms), notes...)
	}
	panic(giveUp("the moves do not end"))
}

// nameLongestTerm gives the longest of the factors before the differentials a name.
func (p *deriver) nameLongestTerm(terms []*term) *step {
	var body *expr.Node
	width := 12
	for _, t := range terms {
		if len(t.l) == 0 || len(t.outer) > 0 {
			continue
		}
		if m := p.m.mul(t.l...); p.width(m) > width && p.freeIndex(m) == nil {
			body, width = m, p.width(m)
		}
	}
	if body == nil {
		return nil
	}
	s := p.nameFor(body)
	for _, t := range terms {
		if len(t.l) > 0 && p.m.mul(t.l...) == body {
			t.l = []*expr.Node{p.b.Var(s)}
		}
	}
	return &step{node: body, notes: []paper.Note{noteOf("name")}, define: s}
}

func (p *deriver) writeAll(terms []*term) *expr.Node {
	list := []*expr.Node{p.m.num(0)}
	for _, t := range terms {
		list = append(list, p.write(t))
	}
	return p.m.add(list...)
}

// merge adds up terms that are alike but for their number.
func (p *deriver) merge(terms []*term) []*term {
	var out []*term
	at := map[*expr.Node]int{}
	for _, t := range terms {
		unit := t.clone()
		unit.coef = one
		n := p.write(unit)
		k, ok := at[n]
		if !ok {
			at[n] = len(out)
			out = append(out, t)
			continue
		}
		sum := out[k].clone()
		sum.coef = sum.coef.Add(t.coef)
		out[k] = sum
	}
	return slices.DeleteFunc(out, func(t *term) bool { return t.coef.IsZero() })
}

// A reading is the coefficient of one differential: M in tr(M dX).
type reading struct {
	d     *differential
	node  *expr.Node // the differential as an operand
	index *expr.Index
	coef  *expr.Node // M; a row for a vector, the derivative itself for a row
}

// readings gathers the coefficients of final terms.
func (p *deriver) readings(terms []*term) []reading {
	var out []reading
	for _, t := range terms {
		n := p.final(t)
		d := p.diffOf[n.Sym]
		coef := p.left(t)
		if n.Shape.IsScalar() {
			coef = p.m.num(1)
			if len(t.l)+len(t.r) > 0 {
				panic(giveUp("factors beside a scalar differential"))
			}
		}
		coef = t.frame.wrap(p.m, coef)
		var index *expr.Index
		for _, f := range slices.Backward(t.outer) {
			if n.Op.Name == expr.OpMember && n.Index == f.index {
				index = f.index
				coef = f.wrap(p.m, coef)
				continue
			}
			coef = f.wrap(p.m, p.m.sumOver(f.index, coef))
		}
		k := slices.IndexFunc(out, func(r reading) bool { return r.d == d && (r.index == nil) == (index == nil) })
		if k < 0 {
			out = append(out, reading{d, n, index, coef})
			continue
		}
		if index != out[k].index { // Σ_j u_j dx_j is Σ_i u_i dx_i
			coef = p.exchange(coef, index, out[k].index)
		}
		out[k].coef = p.m.add(out[k].coef, coef)
	}
	return out
}

// exchange exchanges two indices in n, free and bound.
func (p *deriver) exchange(n *expr.Node, i, j *expr.Index) *expr.Node {
	all := func(*expr.Node) bool { return true }
	return remade(n, all, func(n *expr.Node, args []*expr.Node) *expr.Node {
		c := *n
		c.Args = args
		switch n.Index {
		case nil:
		case i:
			c.Index = j
		case j:
			c.Index = i
		}
		return p.b.Intern(c)
	})
}

// collect takes the sums inside and gathers terms with one differential.
func (p *deriver) collect(terms []*term, shown *expr.Node) []step {
	list := p.readings(terms)
	all := []*expr.Node{p.m.num(0)}
	for _, r := range list {
		all = append(all, p.applied(r))
	}
	n := p.m.add(all...)
	if n == shown {
		return nil
	}
	var notes []paper.Note
	out := slices.ContainsFunc(terms, func(t *term) bool {
		d := p.final(t)
		return slices.ContainsFunc(t.outer, func(f frame) bool { return d.Op.Name != expr.OpMember || d.Index != f.index })
	})
	switch {
	case out && p.colon:
		notes = append(notes, noteOf("colon-sum"))
	case out && slices.ContainsFunc(list, func(r reading) bool { return r.node.Shape.IsMatrix() }):
		notes = append(notes, noteOf("trace-sum"))
	case out:
		notes = append(notes, noteOf("sum-out"))
	}
	if len(list) < len(terms) {
		id := "collect"
		switch {
		case p.colon:
			id = "colon-collect"
		case !slices.ContainsFunc(list, func(r reading) bool { return r.node.Shape.IsMatrix() }):
			id = "collect-vector"
		}
		notes = append(notes, noteOf(id))
	}
	if len(notes) == 0 {
		notes = append(notes, noteOf("gather"))
	}
	return []step{{node: n, notes: notes}}
}

// applied writes tr(M dX), uᵀdx, g dxᵀ or c dt.
func (p *deriver) applied(r reading) *expr.Node {
	n := r.node
	switch {
	case n.Shape.IsScalar():
		n = p.m.mul(r.coef, n)
	case p.colon:
		g := r.coef
		if !n.Shape.IsRow() {
			g = p.m.t(g)
		}
		n = p.inner(g, n)
	case n.Shape.IsRow():
		n = p.m.mul(r.coef, p.m.t(n))
	case n.Shape.IsVector():
		n = p.m.mul(r.coef, n)
	default:
		n = p.m.tr(p.m.mul(r.coef, n))
	}
	if r.index != nil {
		n = p.m.sumOver(r.index, n)
	}
	return n
}

// final1 takes a node that the moves have finished apart again.
func (p *deriver) final1(n *expr.Node) []*term {
	terms := p.terms(n)
	for range maxSteps {
		at := slices.IndexFunc(terms, func(t *term) bool { return !p.done(t) })
		if at < 0 {
			return terms
		}
		_, become := p.advance(terms[at])
		terms = slices.Concat(terms[:at], become, terms[at+1:])
	}
	panic(giveUp("the moves do not end"))
}
