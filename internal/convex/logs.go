package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// logConvexProduct proves that a product of log-convex factors is convex.
func (a *analyser) logConvexProduct(t *index.Term, vary []int, g goal) (*proof, bool) {
	if g != convex {
		return nil, false
	}
	p, ok := a.logFactors(t, vary, convex)
	if !ok {
		return nil, false
	}
	p.steps = append(p.steps, Step{Rule: "log-convex", Sum: a.part(t, vary, shownClasses(t, vary), rat.One), Goal: g})
	return p, true
}

// logFactors proves that Σ e_k log(F_k) is convex or concave.
func (a *analyser) logFactors(t *index.Term, vary []int, g goal) (*proof, bool) {
	p := &proof{}
	for _, k := range vary {
		f := &t.Factors[k]
		want := g
		if f.Exp.Sign() < 0 {
			want = -g
		}
		q, ok := a.logAtom(f.Atom, want)
		if !ok {
			return nil, false
		}
		p.add(q)
	}
	p.strict = nil
	return p, true
}

// logRule proves that the power of an atom whose logarithm has the right curvature is
// convex.
func (a *analyser) logRule(at *index.Atom, e rat.Rat, g goal) (*proof, bool) {
	if g != convex {
		return nil, false
	}
	want := convex
	if e.Sign() < 0 {
		want = concave
	}
	var p *proof
	if !a.attempt(func() (ok bool) {
		p, ok = a.logAtom(at, want)
		return ok
	}) {
		return nil, false
	}
	p.strict = nil
	p.steps = append(p.steps, Step{Rule: "log-convex", Sum: a.powered(at, e), Goal: g})
	return p, true
}

// logAtom proves that the logarithm of every entry of an atom is convex or concave.
func (a *analyser) logAtom(at *index.Atom, g goal) (p *proof, ok bool) {
	if at.Kind == index.OpAtom && at.Sym == nil {
		// The rules for the logarithm know log(exp(x)), log(det(X)) and their like.
		log := a.st.B.Reg.Op("log")
		self := a.atomSum(at)
		if s := a.st.Apply(index.Application{Op: log, Args: []*index.Sum{self}}); !headed(s, log) {
			if a.attempt(func() bool {
				p, ok = a.prove(s, g)
				return ok
			}) {
				p.steps = append(p.steps, Step{Rule: "logarithm", Sum: self, Goal: g, Args: []*index.Sum{s}})
				return p, true
			}
		}
		for _, piece := range at.Op.Pieces() {
			if piece.Bend == expr.LogConvexBend && g == convex || piece.Bend == expr.LogConcaveBend && g == concave {
				if !piece.Posdef && len(at.Args) == 1 && a.isAffine(at.Args[0]) && piece.On.Holds(a.rangeOf(at.Args[0])) {
					q, _ := a.prove(at.Args[0], g)
					q.steps = append(q.steps, Step{Rule: "log-row", Sum: self, Goal: g, Args: at.Args})
					return q, true
				}
			}
		}
	}
	s := a.atomSum(at)
	if g == convex && at.Kind == index.GroupAtom {
		if a.attempt(func() bool {
			p, ok = a.logSum(s)
			return ok
		}) {
			return p, true
		}
	}
	if g == concave {
		if p, ok = a.prove(s, concave); ok && a.need(s, half(0, true), false) {
			return p, true
		}
	}
	return nil, false
}

// headed reports whether s is one application of op.
func headed(s *index.Sum, op *expr.Op) bool {
	return len(s.Terms) == 1 && len(s.Terms[0].Factors) == 1 && s.Terms[0].Factors[0].Atom.Op == op
}

// logSum proves that a sum is log-convex: every term is positive and log-convex.
func (a *analyser) logSum(s *index.Sum) (*proof, bool) {
	p := &proof{}
	for i := range s.Terms {
		t := &s.Terms[i]
		if !a.termVaries(t) {
			if !a.termRange(t).Nonnegative() && !a.need(a.termSum(s, t), half(0, false), false) {
				return nil, false
			}
			continue
		}
		vary, held := a.split(t)
		if !a.need(a.part(t, held, classes(t, held), t.Coef), half(0, false), false) {
			return nil, false
		}
		q, ok := a.logFactors(t, vary, convex)
		if !ok {
			return nil, false
		}
		p.add(q)
	}
	p.strict = nil
	p.steps = append(p.steps, Step{Rule: "log-convex-sum", Sum: s, Goal: convex})
	return p, true
}

// logOf proves the curvature of a logarithm by that of its operand's factors.
func (a *analyser) logOf(at *index.Atom, g goal) (p *proof, ok bool) {
	if at.Op != a.st.B.Reg.Op("log") {
		return nil, false
	}
	s := at.Args[0]
	ok = a.attempt(func() bool {
		if g == convex {
			p, ok = a.logSum(s)
			return ok
		}
		if len(s.Terms) != 1 || s.Terms[0].Coef.Sign() < 0 || a.isAffine(s) {
			return false // composition says where the logarithm of an affine sum has values
		}
		t := &s.Terms[0]
		if sums(t) {
			return false
		}
		vary, held := a.split(t)
		if !a.need(a.part(t, held, classes(t, held), t.Coef), half(0, true), true) {
			return false
		}
		p, ok = a.logFactors(t, vary, g)
		return ok
	})
	if !ok {
		return nil, false
	}
	p.steps = append(p.steps, Step{Rule: "logarithm-of", Sum: a.atomSum(at), Goal: g, Args: []*index.Sum{s}})
	return p, true
}

// proveSum proves the curvature of a sum whose terms have none alone: differences of
// logarithms with one factor are the logarithm of a quotient.
func (a *analyser) proveSum(s *index.Sum, g goal) (*proof, bool) {
	m := a.mergeLogs(s)
	if m == s {
		return nil, false
	}
	p, ok := a.prove(m, g)
	if !ok {
		return nil, false
	}
	return p, true
}

// mergeLogs writes Σ c log(s_c) with one factor before all logarithms as that factor
// times the logarithm of a product. It returns s if there is nothing to merge.
func (a *analyser) mergeLogs(s *index.Sum) *index.Sum {
	log := a.st.B.Reg.Op("log")
	flat := a.distribute(s, log)
	type part struct {
		unit *index.Sum // the factor, with the logarithm's indices as slots
		arg  *index.Raw
		args int
		term *index.Term
		at   *index.Factor
	}
	var parts []part
	b := a.st.Build(s.Slots)
	merged := false
	var rest []*index.Term
	for i := range flat.Terms {
		t := &flat.Terms[i]
		k := slices.IndexFunc(t.Factors, func(f index.Factor) bool { return f.Atom.Op == log && f.Exp.IsOne() })
		if k < 0 || len(t.Slot) > 0 {
			rest = append(rest, t)
			continue
		}
		f := &t.Factors[k]
		var others []int
		covered := true
		for j := range t.Factors {
			if j != k {
				others = append(others, j)
			}
		}
		for c := range t.Dims {
			covered = covered && slices.Contains(f.Idx, index.Ix(c))
		}
		for j, c := range f.Idx {
			covered = covered && !slices.Contains(f.Idx[:j], c)
		}
		if !covered {
			rest = append(rest, t)
			continue
		}
		unit, q := a.st.Unit(a.part(t, others, f.Idx, t.Coef))
		j := slices.IndexFunc(parts, func(p part) bool { return p.unit == unit })
		if j < 0 {
			parts = append(parts, part{unit: unit, arg: a.st.Raw(f.Atom.Slots), term: t, at: f})
			j = len(parts) - 1
		}
		x := &parts[j]
		x.args++
		merged = merged || x.args > 1
		x.arg.MulSum(f.Atom.Args[0], x.arg.Slot, q)
	}
	if !merged {
		return s
	}
	for _, t := range rest {
		r := a.st.Raw(s.Slots)
		r.MulTerm(t, r.Slot)
		b.Add(r)
	}
	for _, x := range parts {
		arg := a.st.SumOf(x.at.Atom.Slots, x.arg)
		value := a.st.Apply(index.Application{Op: log, Args: []*index.Sum{arg}})
		r := a.st.Raw(s.Slots)
		idx := make([]index.Ix, len(x.at.Idx))
		for i := range idx {
			idx[i] = r.Class(x.at.Atom.Slots[i])
		}
		r.MulSum(x.unit, idx, rat.One)
		r.MulSum(value, idx, rat.One)
		b.Add(r)
	}
	return b.Sum()
}

// distribute multiplies out groups that hold an application of op.
func (a *analyser) distribute(s *index.Sum, op *expr.Op) *index.Sum {
	out, _ := a.st.Open(s, func(f *index.Factor) bool {
		return slices.ContainsFunc(f.Atom.Args[0].Terms, func(t index.Term) bool {
			return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return f.Atom.Op == op })
		})
	})
	return out
}
