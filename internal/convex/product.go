package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// powerProduct proves the curvature of (Π u_k^e_k)^outer at positive u: concave where every
// e_k is positive and their sum at most one (the geometric mean), convex where every
// e_k is negative or one is positive and the sum at least one (x²/t).
func (a *analyser) powerProduct(t *index.Term, vary []int, outer rat.Rat, g goal) (*proof, bool) {
	p := &proof{}
	total, positive := rat.Zero, 0
	args := make([]*index.Sum, len(vary))
	exps := make([]rat.Rat, len(vary))
	norms := make([]bool, len(vary))
	for i, k := range vary {
		f := &t.Factors[k]
		args[i], exps[i] = a.atomSum(f.Atom), f.Exp.Mul(outer)
		if f.Atom.Kind == index.GroupAtom && !exps[i].IsInt() && exps[i].Sign() > 0 {
			// A power of a sum of squares is one of a norm.
			if q, ok := a.proveNorm(args[i], rat.Half, convex); ok {
				norms[i], exps[i] = true, exps[i].Add(exps[i])
				p.add(q)
			}
		}
		total = total.Add(exps[i])
		if exps[i].Sign() > 0 {
			positive++
		}
	}
	switch {
	case g == concave && positive == len(vary) && total.Cmp(rat.One) <= 0:
	case g == convex && positive == 0:
	case g == convex && positive == 1 && total.Cmp(rat.One) >= 0:
	default:
		return nil, false
	}
	for i := range vary {
		if norms[i] {
			if g == concave {
				return nil, false
			}
			continue
		}
		x, e := args[i], exps[i]
		_, integer := e.Int64()
		k, _ := e.Int64()
		falls := e.Sign() < 0
		switch {
		case !falls && integer && k%2 == 0 && a.isAffine(x):
			q, _ := a.prove(x, convex)
			p.add(q)
			continue
		}
		want := concave
		if !falls && g == convex {
			want = convex
		}
		q, ok := a.prove(x, want)
		if !ok || !a.convexSet(x, half(0, falls)) || !a.need(x, half(0, falls), !integer && outer.IsOne()) {
			return nil, false
		}
		p.add(q)
	}
	p.strict = nil
	rule := "power-product"
	if g == concave {
		rule = "geometric-mean"
	}
	whole := a.part(t, vary, shownClasses(t, vary), rat.One)
	if !outer.IsOne() {
		r := a.st.Raw(whole.Slots)
		r.MulSum(whole, r.Slot, outer)
		whole = a.st.SumOf(whole.Slots, r)
	}
	p.steps = append(p.steps, Step{Rule: rule, Sum: whole, Goal: g, Args: args})
	return p, true
}

// shownClasses are the classes of factors, at most two of them, so that what is
// shown of an entry can be written.
func shownClasses(t *index.Term, which []int) []index.Ix {
	if cs := classes(t, which); len(cs) <= 2 {
		return cs
	}
	return nil
}

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
		var vary, held []int
		for k := range t.Factors {
			if a.varies(t.Factors[k].Atom) {
				vary = append(vary, k)
			} else {
				held = append(held, k)
			}
		}
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
		if len(s.Terms) != 1 || s.Terms[0].Coef.Sign() < 0 {
			return false
		}
		t := &s.Terms[0]
		var vary, held []int
		for k := range t.Factors {
			if a.varies(t.Factors[k].Atom) {
				vary = append(vary, k)
			} else {
				held = append(held, k)
			}
			for _, c := range t.Factors[k].Idx {
				if t.Bound(c) {
					return false
				}
			}
		}
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

// perspective proves the curvature of t φ(s) where t s is affine and t positive: with
// u = t s it is t φ(u/t), the perspective of φ, which is curved as φ is. For the
// logarithm, −t log(u/t) = t log(t/u) is taken besides, where t/s is affine.
func (a *analyser) perspective(t *index.Term, vary []int, g goal) (*proof, bool) {
	for _, k := range vary {
		f := &t.Factors[k]
		at := f.Atom
		if at.Kind != index.OpAtom || at.Sym != nil || at.Op.Class != expr.Elementwise || len(at.Args) != 1 || !f.Exp.IsOne() {
			continue
		}
		var rest []int
		for _, j := range vary {
			if j != k {
				rest = append(rest, j)
			}
		}
		if len(rest) != 1 || !t.Factors[rest[0]].Exp.IsOne() || !a.affineAtom(t.Factors[rest[0]].Atom) {
			continue
		}
		ways := []rat.Rat{rat.One}
		log := at.Op == a.st.B.Reg.Op("log")
		if log {
			ways = append(ways, rat.MinusOne)
		}
		for _, e := range ways {
			want := g
			if e.Sign() < 0 {
				want = -g // −log(1/s)
			}
			i := slices.IndexFunc(at.Op.Pieces(), func(p expr.Piece) bool {
				return bends(&p, want) && (p.On == expr.Reals || log && p.On == half(0, true))
			})
			if i < 0 {
				continue
			}
			cs := classes(t, vary)
			u := a.times(t, rest[0], at.Args[0], f.Idx, cs, e)
			if !a.isAffine(u) {
				continue
			}
			x := a.atomSum(t.Factors[rest[0]].Atom)
			// t log(u/t) has values where both are negative, too, t log(t) has not.
			natural := log && !a.sumVaries(u) && a.rangeOf(u).Positive()
			if !a.attempt(func() bool {
				return a.need(x, half(0, true), natural) && (!log || a.need(u, half(0, true), false))
			}) {
				continue
			}
			p := &proof{}
			q, _ := a.prove(x, g)
			p.add(q)
			rule := "perspective"
			if !a.sumVaries(u) && log {
				rule = "entropy"
				if conds, ok := a.injectiveMap(x); ok {
					p.setStrict(a.variables(x, nil), conds, false)
				}
			}
			p.steps = append(p.steps, Step{Rule: rule, Sum: a.part(t, vary, shownClasses(t, vary), rat.One), Goal: g,
				Args: []*index.Sum{x, u}})
			return p, true
		}
	}
	return nil, false
}

// times returns factor k of a term times s[idx]^e, with the given classes as slots.
func (a *analyser) times(t *index.Term, k int, s *index.Sum, idx []index.Ix, cs []index.Ix, e rat.Rat) *index.Sum {
	slots := make([]*expr.Dim, len(cs))
	place := make([]index.Ix, len(t.Dims))
	for i, c := range cs {
		slots[i] = t.Dims[c]
	}
	r := a.st.Raw(slots)
	for i, c := range cs {
		place[c] = r.Slot[i]
	}
	at := func(idx []index.Ix) []index.Ix {
		out := make([]index.Ix, len(idx))
		for i, c := range idx {
			out[i] = place[c]
		}
		return out
	}
	f := &t.Factors[k]
	r.MulAtom(f.Atom, at(f.Idx), f.Exp)
	if len(s.Terms) > 1 && e.IsOne() {
		// Multiplied out, so that t u/t is u.
		b := a.st.Build(slots)
		for i := range s.Terms {
			r := a.st.Raw(slots)
			for i, c := range cs {
				place[c] = r.Slot[i]
			}
			r.MulAtom(f.Atom, at(f.Idx), f.Exp)
			r.MulTerm(&s.Terms[i], at(idx))
			b.Add(r)
		}
		return b.Sum()
	}
	r.MulSum(s, at(idx), e)
	return a.st.SumOf(slots, r)
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
	changed := false
	b := a.st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		k := slices.IndexFunc(t.Factors, func(f index.Factor) bool {
			return f.Atom.Kind == index.GroupAtom && f.Exp.IsOne() && slices.ContainsFunc(f.Atom.Args[0].Terms, func(t index.Term) bool {
				return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return f.Atom.Op == op })
			})
		})
		if k < 0 {
			r := a.st.Raw(s.Slots)
			r.MulTerm(t, r.Slot)
			b.Add(r)
			continue
		}
		changed = true
		g := t.Factors[k].Atom.Args[0]
		for j := range g.Terms {
			r := a.st.Raw(s.Slots)
			r.Coef = t.Coef
			m := r.Inline(t, r.Slot, k)
			idx := make([]index.Ix, len(t.Factors[k].Idx))
			for i, c := range t.Factors[k].Idx {
				idx[i] = m[c]
			}
			r.MulTerm(&g.Terms[j], idx)
			b.Add(r)
		}
	}
	out := b.Sum()
	if !changed {
		return s
	}
	return out
}
