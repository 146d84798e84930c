package simplify

import (
	"strings"

	"example.com/nabla/internal/index"
)

// Limits of rewriting. Rules that end stay far below; past a limit what is there
// stands as it is, which is never wrong.
const (
	maxDepth    = 2000 // rules fired inside one another
	maxRewrites = 500  // rewrites of one product
)

// onLoop is called with a report when a limit is passed; tests make it panic.
var onLoop = func(string) {}

// Rules are the rules at work in one problem. They implement index.Rules and
// keep account of what was taken for granted. A Rules is used by one goroutine.
type Rules struct {
	e        *Engine
	matchers []*matcher // by depth
	depth    int
	starts   []starts // by atom ID
	assumed  []Assumption
	fired    [8]string // the last ones
	count    int
	trace    func(string)
}

// starts are the rules that can start from an atom.
type starts struct {
	known bool
	rules []*rule
}

// For returns the rules for one problem's Store.
func (e *Engine) For() *Rules { return e.rules() }

func (e *Engine) rules() *Rules { return &Rules{e: e} }

// Trace calls f with the name of each rule as it is used.
func (rs *Rules) Trace(f func(name string)) { rs.trace = f }

// Atom is called by the Store for each application of an operator.
func (rs *Rules) Atom(st *index.Store, ap *index.Application) (*index.Sum, bool) {
	if list := rs.e.atom[ap.Op]; len(list) > 0 && rs.enter() {
		for _, r := range list {
			if !r.may(st, ap) {
				continue
			}
			m := rs.matcher(st, r)
			if s := m.apply(ap); s != nil {
				rs.note(r.Name)
				rs.depth--
				return s, true
			}
		}
		rs.depth--
	}
	return rs.powers(st, ap)
}

// may rejects at once most of the applications that the rule does not match.
func (r *rule) may(st *index.Store, ap *index.Application) bool {
	arg := ap.Args[0]
	switch {
	case r.atom.CoreIn != ap.CoreIn, r.terms > 0 && r.terms != len(arg.Terms), r.has != nil && !hasOp(arg, r.has):
		return false
	case r.composed && len(arg.Terms) == 1:
		t := &arg.Terms[0]
		return len(t.Factors) != 1 || !t.Coef.IsOne() || tied(t)
	case r.alone == nil:
		return true
	}
	v := r.alone
	if v.negative {
		_, q := st.Unit(arg)
		return q.Sign() < 0
	}
	return (!v.positive || arg.Positive()) && (!v.nonnegative || nonnegative(arg)) && (v.facts == 0 || hasFacts(arg, v.facts))
}

// Term is called by the Store for each product.
func (rs *Rules) Term(st *index.Store, raw *index.Raw) bool {
	for i := range raw.Factors {
		for _, r := range rs.startsFrom(raw.Factors[i].Atom) {
			if raw.Rewrites > maxRewrites {
				rs.report()
				return false
			}
			if !rs.enter() {
				return false
			}
			m := rs.matcher(st, r)
			ok := m.product(raw, i)
			rs.depth--
			if ok {
				raw.Rewrites++
				rs.note(r.Name)
				return true
			}
		}
	}
	return false
}

func (rs *Rules) startsFrom(a *index.Atom) []*rule {
	if a.ID >= len(rs.starts) {
		rs.starts = append(rs.starts, make([]starts, a.ID+16-len(rs.starts))...)
	}
	s := &rs.starts[a.ID]
	if !s.known {
		s.known, s.rules = true, rs.e.startsFrom(a)
	}
	return s.rules
}

func (e *Engine) startsFrom(a *index.Atom) []*rule {
	switch a.Kind {
	case index.OpAtom:
		if a.Sym == nil {
			return e.ops[a.Op]
		}
	case index.VarAtom:
		if a.Bare || a.Sym.Facts&e.known == 0 {
			return nil
		}
		var out []*rule
		for _, r := range e.facts {
			f := r.lhs.Terms[0].Factors[r.order[0]].Atom
			if a.Sym.Facts.Has(r.vars[f.Sym.Ordinal].facts) && len(a.Slots) >= len(f.Slots) {
				out = append(out, r)
			}
		}
		return out
	case index.GroupAtom:
		if a.Opaque {
			return nil
		}
		var out []*rule
		for _, r := range e.group {
			g := r.lhs.Terms[0].Factors[r.order[0]].Atom
			if len(g.Args[0].Terms) == len(a.Args[0].Terms) && (r.inner == nil || hasOp(a.Args[0], r.inner)) {
				out = append(out, r)
			}
		}
		return out
	}
	return nil
}

func (rs *Rules) enter() bool {
	if rs.depth >= maxDepth {
		rs.report()
		return false
	}
	rs.depth++
	return true
}

func (rs *Rules) matcher(st *index.Store, r *rule) *matcher {
	for len(rs.matchers) < rs.depth {
		rs.matchers = append(rs.matchers, &matcher{})
	}
	m := rs.matchers[rs.depth-1]
	m.reset(rs, st, r)
	return m
}

func (rs *Rules) note(name string) {
	rs.fired[rs.count%len(rs.fired)] = name
	rs.count++
	if rs.trace != nil {
		rs.trace(name)
	}
}

func (rs *Rules) report() {
	onLoop("rules go round in a circle: " + strings.Join(rs.fired[:], ", "))
}
