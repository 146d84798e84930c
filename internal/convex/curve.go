package convex

import (
	"math"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A proof is the chain of rules that shows that every entry of a sum has the
// curvature asked for. A sum with slots counts as the sum of its entries with
// positive weights where strictness is concerned.
type proof struct {
	steps []Step
	// strict lists the variables in which the sum is strictly curved, each under its
	// conditions.
	strict []strictness
}

// A strictness is that in one variable. It is strong if the curvature is bounded below.
type strictness struct {
	in     *expr.Symbol
	conds  []Condition
	strong bool
}

func (p *proof) add(q *proof) {
	p.steps = append(p.steps, q.steps...)
	for _, s := range q.strict {
		i := slices.IndexFunc(p.strict, func(o strictness) bool { return o.in == s.in })
		switch {
		case i < 0:
			p.strict = append(p.strict, s)
		case len(s.conds) < len(p.strict[i].conds),
			len(s.conds) == len(p.strict[i].conds) && s.strong && !p.strict[i].strong:
			p.strict[i] = s
		}
	}
}

// covers reports whether a proof is strict in all of the variables, whether strongly,
// and under which conditions.
func (p *proof) covers(vars []*expr.Symbol) (conds []Condition, strong, ok bool) {
	strong = true
	for _, v := range vars {
		i := slices.IndexFunc(p.strict, func(o strictness) bool { return o.in == v })
		if i < 0 {
			return nil, false, false
		}
		strong = strong && p.strict[i].strong
		for _, c := range p.strict[i].conds {
			if !slices.Contains(conds, c) {
				conds = append(conds, c)
			}
		}
	}
	return conds, strong, true
}

func (p *proof) setStrict(vars []*expr.Symbol, conds []Condition, strong bool) {
	p.strict = nil
	for _, v := range vars {
		p.strict = append(p.strict, strictness{v, conds, strong})
	}
}

// prove looks for a proof that every entry of s is convex or concave.
func (a *analyser) prove(s *index.Sum, g goal) (p *proof, ok bool) {
	a.steps++
	if a.steps > maxSteps || a.depth > maxDepth {
		return nil, false
	}
	a.depth++
	defer func() { a.depth-- }()
	p = &proof{}
	if !a.sumVaries(s) {
		return p, true
	}
	if a.isAffine(s) {
		if len(s.Terms) > 1 || len(s.Terms[0].Factors) > 1 {
			p.steps = append(p.steps, Step{Rule: "affine", Sum: s})
		}
		return p, true
	}
	ok = a.attempt(func() bool {
		for i := range s.Terms {
			t := &s.Terms[i]
			if !a.termVaries(t) || a.affineTerm(t) {
				continue
			}
			q, ok := a.proveTerm(s, t, g)
			if !ok {
				return false
			}
			p.add(q)
		}
		return true
	})
	if !ok {
		return a.proveSum(s, g)
	}
	if n := len(s.Terms); n > 1 {
		varying := 0
		for i := range s.Terms {
			if a.termVaries(&s.Terms[i]) {
				varying++
			}
		}
		if varying > 1 {
			p.steps = append(p.steps, Step{Rule: "sum", Sum: s, Goal: g})
		}
	}
	return p, true
}

func (a *analyser) affineTerm(t *index.Term) bool {
	n := 0
	for _, f := range t.Factors {
		if a.varies(f.Atom) {
			n++
			if n > 1 || !f.Exp.IsOne() || !a.affineAtom(f.Atom) {
				return false
			}
		}
	}
	return true
}

// proveTerm splits a term into what varies and a constant weight, whose sign decides
// what has to be proved of the rest.
func (a *analyser) proveTerm(s *index.Sum, t *index.Term, g goal) (*proof, bool) {
	var vary, held []int
	for i := range t.Factors {
		if a.varies(t.Factors[i].Atom) {
			vary = append(vary, i)
		} else {
			held = append(held, i)
		}
	}
	var out *proof
	if len(vary) > 1 || a.matrixAtom(t.Factors[vary[0]].Atom) {
		if a.attempt(func() (ok bool) {
			out, ok = a.proveSquare(s, t, vary, g)
			return ok
		}) {
			return out, true
		}
	}
	// The weight of each entry of what varies.
	all := classes(t, vary)
	var seen []index.Ix
	for _, c := range classes(t, held) {
		if slices.Contains(all, c) || !t.Bound(c) {
			seen = append(seen, c)
		}
	}
	weight := a.part(t, held, seen, t.Coef)
	r := a.rangeOf(weight)
	signs := []int{1, -1}
	switch {
	case r.Nonnegative():
		signs = signs[:1]
	case r.Nonpositive():
		signs = signs[1:]
	}
	for _, sign := range signs {
		if a.attempt(func() bool {
			rel := half(0, false)
			if sign < 0 {
				rel = negate(rel)
			}
			q, ok := a.proveProduct(t, vary, g*goal(sign))
			if !ok || !a.need(weight, rel, false) {
				return false
			}
			out = q
			return true
		}) {
			if r := a.rangeOf(weight); !r.Positive() && !r.Negative() {
				// Strict only where the weight is not zero.
				for i := range out.strict {
					rel := Positive
					if sign < 0 {
						rel = Negative
					}
					u, q := a.st.Unit(weight)
					if q.Sign() < 0 {
						rel = rel.opposite()
					}
					out.strict[i].conds = append(slices.Clone(out.strict[i].conds), Condition{Relation: rel, Operand: u})
				}
			}
			if len(vary) == 1 {
				idx := t.Factors[vary[0]].Idx
				for i, c := range idx {
					if slices.Contains(idx[:i], c) { // the diagonal alone
						out.strict = nil
					}
				}
			}
			if len(held) == 0 && t.Coef.Sign() > 0 && len(vary) == 1 && len(t.Slot) == 0 && len(t.Dims) > 0 {
				out.steps = append(out.steps, Step{Rule: "entries", Sum: a.termSum(s, t), Goal: g})
			} else if len(held) > 0 || t.Coef.Sign() < 0 && len(s.Terms) == 1 {
				out.steps = append(out.steps, Step{Rule: "weight", Sum: a.termSum(s, t), Goal: g,
					Args: []*index.Sum{weight, a.part(t, vary, nil, rat.One)}, Negative: sign < 0})
			}
			return out, true
		}
	}
	return nil, false
}

func (a *analyser) matrixAtom(at *index.Atom) bool {
	return at.Kind == index.OpAtom && at.Sym == nil && at.Core == 2 && slices.ContainsFunc(at.Op.Pieces(), func(p expr.Piece) bool { return p.Posdef })
}

// proveProduct proves the curvature of a product of varying factors, entry by entry.
func (a *analyser) proveProduct(t *index.Term, vary []int, g goal) (p *proof, ok bool) {
	if len(vary) == 1 {
		f := &t.Factors[vary[0]]
		return a.provePower(f.Atom, f.Exp, g)
	}
	if f, ok := a.oneModulus(t, vary); ok {
		return a.provePower(f.Atom, f.Exp, g)
	}
	rules := []func(*index.Term, []int, goal) (*proof, bool){
		func(t *index.Term, vary []int, g goal) (*proof, bool) { return a.powerProduct(t, vary, rat.One, g) },
		a.logConvexProduct, a.perspective}
	for _, rule := range rules {
		if a.attempt(func() bool {
			p, ok = rule(t, vary, g)
			return ok
		}) {
			return p, true
		}
	}
	return nil, false
}

// oneModulus reads |u|ᵃ u²ᵇ as |u|ᵃ⁺²ᵇ.
func (a *analyser) oneModulus(t *index.Term, vary []int) (index.Factor, bool) {
	if len(vary) != 2 {
		return index.Factor{}, false
	}
	f, u := t.Factors[vary[0]], t.Factors[vary[1]]
	abs := a.st.B.Reg.Op("abs")
	if u.Atom.Op == abs {
		f, u = u, f
	}
	k, integer := u.Exp.Int64()
	if f.Atom.Op != abs || !integer || k%2 != 0 || !isAtom(f.Atom.Args[0], u.Atom) || !slices.Equal(f.Idx, u.Idx) {
		return index.Factor{}, false
	}
	f.Exp = f.Exp.Add(u.Exp)
	return f, true
}

// powerPieces says how tᵉ is curved.
func powerPieces(e rat.Rat) []expr.Piece {
	k, integer := e.Int64()
	up, dn := half(0, false), negate(half(0, false))
	upOpen, dnOpen := half(0, true), negate(half(0, true))
	piece := func(on expr.Interval, b expr.Bend, tr expr.Trend) expr.Piece {
		return expr.Piece{On: on, Bend: b, Trend: tr, Strict: true}
	}
	switch {
	case integer && k > 0 && k%2 == 0:
		return []expr.Piece{piece(expr.Reals, expr.ConvexBend, expr.NoTrend),
			piece(up, expr.ConvexBend, expr.Rising), piece(dn, expr.ConvexBend, expr.Falling)}
	case integer && k > 0:
		return []expr.Piece{piece(up, expr.ConvexBend, expr.Rising), piece(dn, expr.ConcaveBend, expr.Rising)}
	case e.Sign() > 0 && e.Cmp(rat.One) > 0:
		return []expr.Piece{piece(up, expr.ConvexBend, expr.Rising)}
	case e.Sign() > 0:
		return []expr.Piece{piece(up, expr.ConcaveBend, expr.Rising)}
	case integer && k%2 == 0:
		return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling), piece(dnOpen, expr.ConvexBend, expr.Rising)}
	case integer:
		return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling), piece(dnOpen, expr.ConcaveBend, expr.Falling)}
	}
	return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling)}
}

// provePower proves the curvature of an atom to a power.
func (a *analyser) provePower(at *index.Atom, e rat.Rat, g goal) (p *proof, ok bool) {
	if e.IsOne() {
		return a.proveAtom(at, g)
	}
	if at.Kind == index.GroupAtom {
		if a.attempt(func() bool {
			p, ok = a.proveNorm(at.Args[0], e, g)
			return ok
		}) {
			return p, true
		}
		if a.attempt(func() bool {
			p, ok = a.powerOfProduct(at.Args[0], e, g)
			return ok
		}) {
			return p, true
		}
	}
	if p, ok = a.proveRoot(at, a.st.NumSum(e), a.powered(at, e), g); ok {
		return p, true
	}
	_, integer := e.Int64()
	natural := expr.Reals
	if !integer {
		natural = half(0, e.Sign() < 0)
	}
	if p, ok = a.compose(powerPieces(e), []*index.Sum{a.atomSum(at)}, natural, g, a.powered(at, e)); ok {
		return p, true
	}
	return a.logRule(at, e, g)
}

// powerOfProduct takes a power of a product factor by factor.
func (a *analyser) powerOfProduct(s *index.Sum, e rat.Rat, g goal) (*proof, bool) {
	if len(s.Terms) != 1 || s.Terms[0].Coef.Sign() < 0 {
		return nil, false
	}
	t := &s.Terms[0]
	var vary, held []int
	for k := range t.Factors {
		for _, c := range t.Factors[k].Idx {
			if t.Bound(c) {
				return nil, false
			}
		}
		if a.varies(t.Factors[k].Atom) {
			vary = append(vary, k)
		} else {
			held = append(held, k)
		}
	}
	if !a.need(a.part(t, held, classes(t, held), rat.One), half(0, true), false) {
		return nil, false
	}
	return a.powerProduct(t, vary, e, g)
}

// powered is atomᵉ as a sum over the atom's slots.
func (a *analyser) powered(at *index.Atom, e rat.Rat) *index.Sum {
	r := a.st.Raw(at.Slots)
	r.MulAtom(at, r.Slot, e)
	return a.st.SumOf(at.Slots, r)
}

// proveAtom proves the curvature of every entry of an atom.
func (a *analyser) proveAtom(at *index.Atom, g goal) (p *proof, ok bool) {
	switch at.Kind {
	case index.VarAtom:
		return &proof{}, true
	case index.GroupAtom:
		return a.prove(at.Args[0], g)
	case index.OpAtom:
		if at.Sym != nil {
			return nil, false
		}
	default:
		return nil, false
	}
	self := a.atomSum(at)
	if at.Op.Name == expr.OpElPow {
		return a.provePowerOf(at, g)
	}
	if at.Op.Class == expr.Elementwise || !slices.ContainsFunc(at.Op.Pieces(), func(p expr.Piece) bool { return p.Posdef }) {
		if len(at.Args) == 1 && at.Op.Class == expr.Elementwise {
			// The logarithm of what is log-convex.
			if p, ok = a.logOf(at, g); ok {
				return p, true
			}
		}
		natural := naturalDomain(at.Op)
		return a.compose(at.Op.Pieces(), at.Args, natural, g, self)
	}
	return a.proveMatrixAtom(at, g)
}

// compose is the rule of composition: φ(u) is convex where φ is convex and u affine,
// φ convex and rising and u convex, or φ convex and falling and u concave. natural
// is the domain of φ.
func (a *analyser) compose(pieces []expr.Piece, args []*index.Sum, natural expr.Interval, g goal, self *index.Sum) (p *proof, ok bool) {
	for _, taking := range [2]bool{false, true} {
		for i := range pieces {
			if a.attempt(func() bool {
				p, ok = a.composePiece(&pieces[i], args, natural, g, self, taking)
				return ok
			}) {
				return p, true
			}
		}
	}
	return nil, false
}

// bends reports whether a piece has the curvature asked for.
func bends(p *expr.Piece, g goal) bool {
	return p.Bend == expr.AffineBend || p.Bend == expr.ConvexBend && g == convex || p.Bend == expr.ConcaveBend && g == concave
}

func (a *analyser) composePiece(piece *expr.Piece, args []*index.Sum, natural expr.Interval, g goal, self *index.Sum, taking bool) (*proof, bool) {
	if piece.Posdef || !bends(piece, g) {
		return nil, false
	}
	p := &proof{}
	how := "" // of the operand
	for _, s := range args {
		affine := a.isAffine(s)
		inside := piece.On.Holds(a.rangeOf(s))
		forced := piece.On == natural
		switch {
		case inside:
		case !taking && !forced:
			return nil, false
		case !a.convexSet(s, piece.On):
			return nil, false
		case !a.need(s, piece.On, forced):
			return nil, false
		}
		want := goal(piece.Trend) * g
		switch {
		case affine && piece.Bend != expr.AffineBend || !a.sumVaries(s):
			q, _ := a.prove(s, g)
			p.add(q)
			if how == "" && a.sumVaries(s) {
				how = "affine"
			}
		case want == 0:
			return nil, false
		default:
			q, ok := a.prove(s, want)
			if !ok {
				return nil, false
			}
			p.add(q)
			how = "convex"
			if want == concave {
				how = "concave"
			}
		}
	}
	vars := a.variables(self, nil)
	switch {
	case len(args) == 1 && piece.Strict && a.isAffine(args[0]):
		p.strict = nil
		if conds, ok := a.injectiveMap(args[0]); ok {
			square, _ := squareExponent(self)
			p.setStrict(vars, conds, square)
		}
	case len(args) == 1 && piece.Strict:
		conds, _, ok := p.covers(vars)
		if p.strict = nil; ok {
			p.setStrict(vars, conds, false)
		}
	default:
		p.strict = nil
	}
	p.steps = append(p.steps, Step{Rule: "compose-" + how, Sum: self, Goal: g, Args: args, Piece: piece})
	return p, true
}

// squareExponent reports whether s is the square of one factor.
func squareExponent(s *index.Sum) (is, ok bool) {
	if len(s.Terms) != 1 || len(s.Terms[0].Factors) != 1 {
		return false, false
	}
	return s.Terms[0].Factors[0].Exp.Equal(rat.Int(2)), true
}

// convexSet reports whether the points where s lies in an interval are a convex set.
func (a *analyser) convexSet(s *index.Sum, i expr.Interval) bool {
	if !a.sumVaries(s) || a.isAffine(s) || i.Holds(a.rangeOf(s)) {
		return true
	}
	ok := true
	if !math.IsInf(i.Lo, -1) && a.rangeOf(s).Lo <= i.Lo {
		_, ok = a.prove(s, concave)
	}
	if ok && !math.IsInf(i.Hi, 1) && a.rangeOf(s).Hi >= i.Hi {
		_, ok = a.prove(s, convex)
	}
	return ok
}

// provePowerOf proves the curvature of xʸ where x or y is constant: with x > 0 the
// exponential exp(y log x), with y in an interval a power.
func (a *analyser) provePowerOf(at *index.Atom, g goal) (p *proof, ok bool) {
	x, y := at.Args[0], at.Args[1]
	self := a.atomSum(at)
	positive := half(0, true)
	if !a.sumVaries(x) {
		if !a.need(x, positive, false) || g != convex || !a.isAffine(y) {
			return nil, false
		}
		q, _ := a.prove(y, convex)
		q.steps = append(q.steps, Step{Rule: "exponential", Sum: self, Goal: g, Args: []*index.Sum{y}})
		return q, true
	}
	if a.sumVaries(y) {
		return nil, false
	}
	if len(x.Terms) == 1 && len(x.Terms[0].Factors) == 1 && isAtom(x, x.Terms[0].Factors[0].Atom) {
		if a.attempt(func() bool {
			p, ok = a.proveRoot(x.Terms[0].Factors[0].Atom, a.unspread(y), self, g)
			return ok
		}) {
			return p, true
		}
	}
	type option struct {
		in    expr.Interval
		piece expr.Piece
	}
	options := []option{
		{half(1, false), expr.Piece{On: positive, Bend: expr.ConvexBend, Trend: expr.Rising}},
		{expr.Interval{Lo: 0, Hi: 1}, expr.Piece{On: positive, Bend: expr.ConcaveBend, Trend: expr.Rising}},
		{negate(half(0, false)), expr.Piece{On: positive, Bend: expr.ConvexBend, Trend: expr.Falling}},
	}
	for _, taking := range [2]bool{false, true} {
		for _, o := range options {
			if a.attempt(func() bool {
				if !o.in.Holds(a.rangeOf(y)) {
					if !taking {
						return false
					}
					if o.in.Hi == 1 {
						if !a.need(y, half(0, false), false) || !a.assume(AtMostOne, y, false) {
							return false
						}
					} else if !a.need(y, o.in, false) {
						return false
					}
				}
				p, ok = a.compose([]expr.Piece{o.piece}, []*index.Sum{x}, positive, g, self)
				return ok
			}) {
				return p, true
			}
		}
	}
	return nil, false
}

// injectiveMap reports whether an affine sum takes different values at any two
// points, under conditions of rank.
func (a *analyser) injectiveMap(s *index.Sum) ([]Condition, bool) {
	var of *index.Term
	for i := range s.Terms {
		if a.termVaries(&s.Terms[i]) {
			if of != nil {
				return nil, false
			}
			of = &s.Terms[i]
		}
	}
	if of == nil {
		return nil, false
	}
	return a.injectiveTerm(of, nil)
}

// injectiveTerm is injectiveMap for a linear term whose values are shown by its
// slots and the given classes.
func (a *analyser) injectiveTerm(t *index.Term, shown []index.Ix) ([]Condition, bool) {
	x := -1
	for i := range t.Factors {
		if a.varies(t.Factors[i].Atom) {
			x = i
		}
	}
	f := &t.Factors[x]
	visible := func(c index.Ix) bool { return !t.Bound(c) || slices.Contains(shown, c) }
	if f.Atom.Kind == index.GroupAtom {
		// Everything else must leave the group's entries apart.
		for i := range t.Factors {
			if i != x {
				return nil, false
			}
		}
		for _, c := range f.Idx {
			if !visible(c) {
				return nil, false
			}
		}
		return a.injectiveMap(f.Atom.Args[0])
	}
	at := slices.Clone(f.Idx)
	for i, c := range at {
		if slices.Contains(at[:i], c) {
			return nil, false
		}
	}
	used := make([]bool, len(t.Factors))
	used[x] = true
	var conds []Condition
	count := func(c index.Ix) (n int) {
		for i := range t.Factors {
			if !used[i] && slices.Contains(t.Factors[i].Idx, c) {
				n++
			}
		}
		return n
	}
	for again := true; again; {
		again = false
		for k := range t.Factors {
			l := &t.Factors[k]
			if used[k] || len(l.Idx) != 2 || !l.Exp.IsOne() || l.Idx[0] == l.Idx[1] {
				continue
			}
			for p := range 2 {
				from, to := l.Idx[p], l.Idx[1-p]
				i := slices.Index(at, from)
				if i < 0 || visible(from) || slices.Contains(at, to) || count(from) != 1 {
					continue
				}
				rel := FullColumnRank
				if p == 0 {
					rel = FullRowRank
				}
				if !a.invertible(l.Atom) {
					conds = append(conds, Condition{Relation: rel, Operand: a.atomSum(l.Atom)})
				}
				at[i] = to
				used[k], again = true, true
				break
			}
		}
	}
	var weights []int
	for k := range t.Factors {
		if !used[k] {
			weights = append(weights, k)
			for _, c := range t.Factors[k].Idx {
				if !visible(c) {
					return nil, false
				}
			}
		}
	}
	for _, c := range at {
		if !visible(c) {
			return nil, false
		}
	}
	if len(weights) > 0 {
		w := a.part(t, weights, classes(t, weights), rat.One)
		if r := a.rangeOf(w); !r.Positive() && !r.Negative() {
			u, _ := a.st.Unit(w)
			conds = append(conds, Condition{Relation: NonZero, Operand: u})
		}
	}
	// A class that nothing but the variable shows in another slot would repeat it;
	// that is no loss.
	return conds, true
}
