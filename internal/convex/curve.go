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
	vary, held := a.split(t)
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
			q, ok := a.prove(s, g) // it is affine; but the steps may be spent
			if !ok {
				return nil, false
			}
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
