package nabla

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"example.com/nabla/internal/diagnose"
	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
)

// differential is the claim that the differential of a quantity is what it says. The
// variable moves, and so does every variable whose differential the claim mentions
// anywhere.
func (v *verifier) differential(c *claim) (*question, error) {
	p, node, err := v.open(c, c.of, v.req.by(), 1, nil)
	if err != nil {
		return nil, err
	}
	q := &question{p: p, claim: node, by: p.prog.Wrt[0], moves: true}
	name := p.resultName()
	q.symbol, q.latex = "d"+name, `\mathrm{d}`+print.LaTeXName(name)
	if s := v.text.file.Slice(c.lhs); c.kind == differentialClaim && s != "" {
		q.symbol = s // as the user writes it
	}
	var from, to []*expr.Symbol
	var substitutes []differential
	for _, d := range v.moving {
		if d.def {
			substitutes = append(substitutes, d)
			continue
		}
		x, dx := p.prog.Lookup(d.of), p.prog.Lookup("d"+d.of)
		if x == nil || dx == nil {
			continue
		}
		from, to = append(from, x), append(to, dx)
		// X and dX have the same axes.
		p.beside = append(p.beside, p.b.Node(expr.OpAdd, p.variable(x), p.variable(dx)))
	}
	if err := p.prepare(from); err != nil {
		return nil, err
	}
	p.describe()
	total, ok := p.total(p.f, from, to)
	if !ok {
		return nil, v.text.fail(c.rhs, say("the differential cannot be compared: its axes are split in another way than the claim's"), none)
	}
	q.moving(v, from, to)
	truth, form := p.rs.Raise(total.sum, total.axes)
	if form == raise.Index {
		return nil, v.text.fail(c.lhs, say("the differential has no matrix notation"), none)
	}
	truth = p.abbreviate(truth)
	q.replaced = map[*expr.Node]*expr.Node{}
	for _, d := range substitutes {
		name := p.prog.Lookup("d" + d.of)
		if name == nil {
			continue
		}
		for _, def := range p.prog.Defs {
			if def.Name != d.of || def.Node == nil || !mentionsAny(q.claim, p.b.Var(name), map[*expr.Node]bool{}) {
				continue
			}
			val := p.low.Lower(def.Node)
			inner, ok := p.total(view{val.S, raise.Axes{Rows: val.Rows, Cols: val.Cols}}, from, to)
			n, form := p.rs.Raise(inner.sum, inner.axes)
			if !ok || form == raise.Index {
				return nil, v.text.fail(c.rhs, say("d%s has no matrix notation", d.of), none)
			}
			q.replaced[p.b.Var(name)] = n
		}
	}
	q.truth, q.view = truth, &total
	if c.kind == vecClaim {
		q.symbol, q.latex = "vec("+q.symbol+")", `\operatorname{vec}(`+q.latex+")"
		if !truth.Shape.IsMatrix() {
			return nil, v.text.fail(c.lhs, say("vec is of a matrix, %s is %s", q.symbol[4:len(q.symbol)-1], shapeString(truth.Shape)), none)
		}
		if p.req.Vec == Rows {
			q.truth = p.b.Node(expr.OpT, q.truth)
		}
		q.truth, q.view = p.b.Node("vec", q.truth), nil
	}
	q.true_ = p.formula(q.truth, q.symbol)
	q.true_.SymbolLaTeX = q.latex
	return q, nil
}

// variable is a variable or the first member of a family, as a node.
func (p *problem) variable(s *expr.Symbol) *expr.Node {
	if s.Family != nil {
		return p.b.Member(s, s.Family)
	}
	return p.b.Var(s)
}

// moving remembers the directions for differences.
func (q *question) moving(v *verifier, from, to []*expr.Symbol) {
	q.from, q.to = from, to
	q.diff.More = append(append(q.diff.More, from...), to...)
}

// total returns the total differential of a view: for each variable its derivative,
// contracted with the direction that it moves in.
func (p *problem) total(f view, from, to []*expr.Symbol) (view, bool) {
	atoms := make([]*index.Atom, len(from))
	for k, s := range from {
		atoms[k] = p.st.Var(s, true)
	}
	b := p.st.Build(f.sum.Slots)
	for k, d := range diff.Reverse(p.low, f.sum, atoms, nil) {
		a, dx := atoms[k], p.st.Var(to[k], false)
		if !slices.Equal(a.Slots, dx.Slots) {
			return view{}, false
		}
		for i := range d.Terms {
			r := p.st.Raw(f.sum.Slots)
			idx := slices.Clone(r.Slot)
			for _, s := range a.Slots {
				idx = append(idx, r.Class(s))
			}
			r.MulTerm(&d.Terms[i], idx)
			r.MulAtom(dx, idx[len(f.sum.Slots):], rat.One)
			b.Add(r)
		}
	}
	return p.simplify(view{b.Sum(), f.axes}), true
}

// restored returns a Lowerer under which every declared fact holds.
func (p *problem) restored() *lower.Lowerer {
	roots := append([]*expr.Node{p.prog.Result}, p.beside...)
	low, err := lower.New(p.st, p.eng.templates, func(*expr.Symbol) bool { return false }, roots...)
	if err != nil {
		return nil
	}
	return low
}

// lowered lowers a node and simplifies it; ok is false where index form cannot express
// it. The slots are rows, columns, and the index of a family's member.
func lowered(p *problem, low *lower.Lowerer, n *expr.Node) (out view, ok bool) {
	if low == nil || p.beside == nil {
		return view{}, false
	}
	defer func() {
		if r := recover(); r != nil {
			if p.fault(r) == nil {
				panic(r)
			}
			out, ok = view{}, false
		}
	}()
	val := low.Lower(n)
	x := view{val.S, raise.Axes{Rows: val.Rows, Cols: val.Cols}}
	if len(val.Batch) > 1 {
		return view{}, false
	}
	return p.simplify(x), true
}

// canonical reports whether the claim and the truth are one sum.
func (q *question) canonical() bool {
	p := q.p
	if q.view == nil {
		return false
	}
	c, ok := lowered(p, p.restored(), q.claim)
	if !ok {
		return false
	}
	q.lowered = &c
	t := q.view
	perm := make([]int, len(c.sum.Slots))
	if len(perm) != len(t.sum.Slots) || len(c.axes.Rows) != len(t.axes.Rows) || len(c.axes.Cols) != len(t.axes.Cols) {
		return false
	}
	used := make([]bool, len(perm))
	pair := func(from, to []int) {
		for k, s := range from {
			perm[s], used[to[k]] = to[k], true
		}
	}
	pair(c.axes.Rows, t.axes.Rows)
	pair(c.axes.Cols, t.axes.Cols)
	for s := range perm { // the index of a member, where there is one
		if !slices.Contains(c.axes.Rows, s) && !slices.Contains(c.axes.Cols, s) {
			perm[s] = slices.Index(used, false)
		}
	}
	for s, to := range perm {
		if to < 0 || c.sum.Slots[s] != t.sum.Slots[to] {
			return false
		}
	}
	sum := p.st.Permute(c.sum, perm)
	if sum == t.sum {
		return true
	}
	d := simplify.Shorten(p.st, p.st.AddSums([]*index.Sum{t.sum, sum}, []rat.Rat{rat.One, rat.MinusOne}))
	q.difference = &view{d, t.axes}
	return d.IsZero()
}

// faint reports whether claim and truth differ by so little that no comparison of
// their values shows it: the terms of their difference do not cancel.
func (q *question) faint() bool {
	if q.difference == nil || q.diff.Family != nil || len(q.difference.sum.Terms) > 40 {
		return false
	}
	p, seen := q.p, 0
	for _, t := range q.diff.Trials() {
		whole, err := t.ViewValue(p.evalView(*q.difference))
		if err != nil {
			continue
		}
		truth, err := t.Value(q.claim, nil)
		if err != nil {
			continue
		}
		terms, scale := 0.0, 0.0
		for i := range q.difference.sum.Terms {
			r := p.st.Raw(q.difference.sum.Slots)
			r.MulTerm(&q.difference.sum.Terms[i], r.Slot)
			v, err := t.ViewValue(p.evalView(view{p.st.SumOf(q.difference.sum.Slots, r), q.difference.axes}))
			if err != nil {
				return false
			}
			terms += largest(v)
		}
		scale = largest(truth)
		if w := largest(whole); w <= 1e-13*scale || w < 0.01*terms {
			return false
		}
		if seen++; seen == 4 {
			break
		}
	}
	return seen > 0
}

// unresolved reports whether a claim that agrees by value would agree as well with
// another number in the place of one of its unusual ones: then values do not tell
// whether the number is right.
func (q *question) unresolved() bool {
	var odd []*expr.Node
	someNode(q.claim, map[*expr.Node]bool{}, func(n *expr.Node) bool {
		if n.Op.Name == expr.OpNum && !usual(n.Num) {
			odd = append(odd, n)
		}
		return false
	})
	for _, n := range odd {
		c := n.Num.Float64()
		round, _ := diagnose.Simple(math.Round(c*1000) / 1000)
		for _, other := range []rat.Rat{n.Num.Mul(rat.New(3, 2)), round} {
			if other == (rat.Rat{}) || other.Equal(n.Num) {
				continue
			}
			m := q.p.b.Replace(q.claim, map[*expr.Node]*expr.Node{n: q.p.b.Num(other)})
			if q.diff.Agrees(m) {
				return true
			}
		}
	}
	return false
}

// usual reports whether a number is one that its effect on values shows.
func usual(r rat.Rat) bool {
	x := math.Abs(r.Float64())
	_, den, small := r.Small()
	return r.IsZero() || small && den <= 1000 && x >= 1e-3 && x <= 1e4
}

// proves compares a differential with differences along the directions at a trial.
func (q *question) proves() error {
	if len(q.from) == 0 {
		return nil
	}
	for i, t := range q.diff.Trials() {
		if i == 3 {
			break
		}
		got, err := t.Value(q.truth, nil)
		if err != nil {
			continue
		}
		want, err := q.along(t)
		if err != nil {
			continue
		}
		if want.Cols*want.Rows == len(got.Data) && got.Cols == 1 && want.Cols > 1 {
			continue // vec
		}
		if d := eval.Apart(got, want); !(d <= 1e-5) {
			return &InternalError{fmt.Sprintf("the differential %s fails the numeric check: relative deviation %.1e", q.true_.Text, d)}
		}
	}
	return nil
}

// along is the differential at a point by differences.
func (q *question) along(t *eval.Trial) (expr.Dense, error) {
	var moves []eval.Move
	for _, named := range t.Named() {
		for k, dx := range q.to {
			if named.Symbol == dx {
				for m, d := range named.Values {
					moves = append(moves, eval.Move{Symbol: q.from[k], Member: m, By: d})
				}
			}
		}
	}
	if len(moves) == 0 {
		return expr.Dense{}, errors.New("nothing moves")
	}
	return t.Along(q.p.prog.Result, nil, moves)
}
