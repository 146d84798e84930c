// Package diff differentiates in index form, by reverse mode over atoms.
//
// The differential of a term follows from the product rule; the adjoint of an
// atom is the coefficient of its differential, read off. That is the trace trick:
// in df = tr((∂f/∂X)ᵀ dX) the gradient is what stands before dX. Rules for
// operators are the texts in their rows; none is known here by name. Call Reverse.
package diff

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
)

// longTerm is the number of factors past which an adjoint of one term becomes a
// factor of its own, so that a chain of n layers costs n and not n².
const longTerm = 24

// Reverse returns, for each variable atom, the derivative of s by it. The slots
// of a derivative are those of s followed by the atom's. One backward pass
// serves all variables. trace, if not nil, is told the adjoint of each atom on the
// way, the last made first.
func Reverse(l *lower.Lowerer, s *index.Sum, wrt []*index.Atom, trace func(a *index.Atom, adjoint *index.Sum)) []*index.Sum {
	p := &pass{l: l, st: l.St, out: s.Slots, wrt: wrt}
	p.depends = make([]int8, len(p.st.Atoms()))
	p.adjoint = make([]*index.SumBuilder, len(p.st.Atoms()))
	p.push(s, nil)
	for id := len(p.adjoint) - 1; id >= 0; id-- {
		b := p.adjoint[id]
		if b == nil {
			continue
		}
		a := p.st.Atoms()[id]
		if slices.Contains(wrt, a) {
			continue
		}
		p.adjoint[id] = nil
		adj := b.Sum()
		if trace != nil {
			trace(a, adj)
		}
		p.through(a, adj)
	}
	result := make([]*index.Sum, len(wrt))
	for i, a := range wrt {
		if b := p.adjoint[a.ID]; b != nil {
			result[i] = b.Sum()
			p.adjoint[a.ID] = nil
			for k := i + 1; k < len(wrt); k++ {
				if wrt[k] == a {
					result[k] = result[i]
				}
			}
		} else if result[i] == nil {
			result[i] = p.st.SumOf(append(slices.Clone(s.Slots), a.Slots...))
		}
	}
	return result
}

type pass struct {
	l       *lower.Lowerer
	st      *index.Store
	out     []*expr.Dim // slots of what is differentiated
	wrt     []*index.Atom
	depends []int8              // by atom ID: 0 unknown, 1 yes, 2 no
	adjoint []*index.SumBuilder // by atom ID: coefficient of the atom's differential
}

// through passes the adjoint of an atom on to what it is made of.
func (p *pass) through(a *index.Atom, adj *index.Sum) {
	if adj.IsZero() {
		return
	}
	if len(adj.Terms) == 1 && len(adj.Terms[0].Factors) > longTerm {
		adj = p.st.Wrap(adj)
	}
	if a.Kind == index.GroupAtom {
		p.push(a.Args[0], adj)
		return
	}
	for i, arg := range a.Args {
		if i < len(a.Op.Params) && slices.Contains(a.Op.Integers, a.Op.Params[i]) && p.sumDepends(arg) {
			panic(lower.Unsupported{What: message.Say("the derivative of a power of a matrix by its exponent")})
		}
	}
	d := p.l.Differential(a, p.several(a))
	for i, arg := range a.Args {
		if !p.sumDepends(arg) {
			continue
		}
		tangent := p.st.Tangent(i, arg.Slots)
		b := p.st.Build(append(slices.Clone(p.out), arg.Slots...))
		for k := range d.Terms {
			t := &d.Terms[k]
			for j := range t.Factors {
				if t.Factors[j].Atom == tangent {
					p.contribute(b, t, j, adj, arg.Slots)
				}
			}
		}
		inner := b.Sum()
		if inner.IsZero() {
			continue
		}
		if len(inner.Terms) == 1 && len(inner.Terms[0].Factors) > longTerm {
			inner = p.st.Wrap(inner)
		}
		p.push(arg, inner)
	}
}

// push adds to the adjoints of the atoms in s, given the adjoint of s itself: a
// sum over (output slots, slots of s). No adjoint: s is the output.
func (p *pass) push(s *index.Sum, adj *index.Sum) {
	for k := range s.Terms {
		t := &s.Terms[k]
		for j := range t.Factors {
			a := t.Factors[j].Atom
			if !p.atomDepends(a) {
				continue
			}
			b := p.builder(a)
			if adj != nil {
				p.contribute(b, t, j, adj, a.Slots)
				continue
			}
			r := p.st.Raw(p.out)
			out := r.Slot[:len(p.out):len(p.out)]
			p.removeFactor(r, t, j, out, a.Slots)
			b.Add(r)
		}
	}
}

func (p *pass) builder(a *index.Atom) *index.SumBuilder {
	if p.adjoint[a.ID] == nil {
		p.adjoint[a.ID] = p.st.Build(append(slices.Clone(p.out), a.Slots...))
	}
	return p.adjoint[a.ID]
}

// contribute adds adj · ∂t/∂(factor j) to b, whose slots are the output's and the
// factor's. An adjoint of several terms stays one factor if it has at most two
// slots, otherwise it is multiplied out.
func (p *pass) contribute(b *index.SumBuilder, t *index.Term, j int, adj *index.Sum, slots []*expr.Dim) {
	n := len(p.out)
	one := func(mul func(r *index.Raw, idx []index.Ix)) {
		r := p.st.Raw(p.out)
		idx := make([]index.Ix, n, len(adj.Slots))
		copy(idx, r.Slot)
		for _, d := range adj.Slots[n:] {
			idx = append(idx, r.Class(d))
		}
		mul(r, idx)
		p.removeFactor(r, t, j, idx[n:], slots)
		b.Add(r)
	}
	if len(adj.Terms) == 1 || len(adj.Slots) <= 2 {
		one(func(r *index.Raw, idx []index.Ix) { r.MulSum(adj, idx, rat.One) })
		return
	}
	for k := range adj.Terms {
		one(func(r *index.Raw, idx []index.Ix) { r.MulTerm(&adj.Terms[k], idx) })
	}
}

// removeFactor multiplies r by the derivative of t by its factor j: the exponent
// comes down, and the factor's classes are shown as further slots. idx are the
// classes of t's slots.
func (p *pass) removeFactor(r *index.Raw, t *index.Term, j int, idx []index.Ix, slots []*expr.Dim) {
	f := &t.Factors[j]
	r.Coef = r.Coef.Mul(t.Coef).Mul(f.Exp)
	m := r.Inline(t, idx, j)
	at := make([]index.Ix, len(f.Idx))
	for i, c := range f.Idx {
		at[i] = m[c]
	}
	if !f.Exp.IsOne() {
		r.MulAtom(f.Atom, at, f.Exp.Sub(rat.One))
	}
	r.Slot = append(r.Slot, at...)
}

// several reports whether more than one operand of a depends on the variables.
func (p *pass) several(a *index.Atom) bool {
	n := 0
	for _, s := range a.Args {
		if p.sumDepends(s) {
			n++
		}
	}
	return n > 1
}

func (p *pass) sumDepends(s *index.Sum) bool {
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			if p.atomDepends(s.Terms[i].Factors[j].Atom) {
				return true
			}
		}
	}
	return false
}

func (p *pass) atomDepends(a *index.Atom) bool {
	if a.ID >= len(p.depends) {
		return false // made during the pass, for adjoints
	}
	if p.depends[a.ID] == 0 {
		p.st.Limit.Step(1)
		p.depends[a.ID] = 2
		if slices.Contains(p.wrt, a) || slices.ContainsFunc(a.Args, p.sumDepends) {
			p.depends[a.ID] = 1
		}
	}
	return p.depends[a.ID] == 1
}
