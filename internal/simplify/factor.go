package simplify

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Factors move over the border of a group where that is shorter: a factor that all
// terms of a group share comes out, and one that cancels inside goes in, so that
// c(1 + q/c) becomes c + q. Both are entrywise, so the factor has no index that the
// group does not show. Each step makes the sum shorter.

// tidy takes a step for one group of s after another until none changes s.
func (sh *shortener) tidy(s *index.Sum, step func(s *index.Sum, i, j int) *index.Sum) *index.Sum {
	for range maxRounds {
		next := s
	terms:
		for i := range s.Terms {
			fs := s.Terms[i].Factors
			for j := range fs {
				if open(fs[j].Atom) && fs[j].Exp.IsInt() && len(fs[j].Atom.Args[0].Terms) > 1 {
					if next = step(s, i, j); next != s {
						break terms
					}
				}
			}
		}
		if next == s {
			break
		}
		s = next
	}
	return s
}

// pull takes a common factor out of group j of term i.
func (sh *shortener) pull(s *index.Sum, i, j int) *index.Sum {
	g := &s.Terms[i].Factors[j]
	content := g.Atom.Args[0]
	f, ok := common(content)
	if !ok {
		return s
	}
	idx := pickIx(g.Idx, f.Idx)
	list := slices.Repeat([]edit{{-1, -1}}, len(s.Terms))
	list[i].group = j
	return sh.edited(s, list, sh.times(content, f.Atom, f.Idx, f.Exp.Neg()), func(r *index.Raw, m []index.Ix) {
		r.MulAtom(f.Atom, remap(idx, m), f.Exp.Mul(g.Exp))
	})
}

// absorb takes a factor of term i into group j. Other terms that have the group must
// give the same factor, so that it stays a factor of them all.
func (sh *shortener) absorb(s *index.Sum, i, j int) *index.Sum {
	t := &s.Terms[i]
	g := &t.Factors[j]
	content := g.Atom.Args[0]
	for k := range t.Factors {
		f := &t.Factors[k]
		if k == j || open(f.Atom) && len(f.Atom.Args[0].Terms) > 1 {
			continue
		}
		slots, ok := slotsOf(g.Idx, f.Idx)
		if !ok {
			continue
		}
		e := f.Exp.Div(g.Exp)
		gain := sh.gain(content, f, slots, e)
		if gain <= 0 {
			continue
		}
		list := make([]edit, len(s.Terms))
		for x := range s.Terms {
			if list[x], ok = editOf(&s.Terms[x], g.Atom, f.Atom, slots, e); !ok {
				break
			}
		}
		if ok {
			return sh.edited(s, list, sh.times(content, f.Atom, slots, e), nil)
		}
	}
	return s
}

// An edit replaces the content of factor group of a term and leaves out factor drop;
// −1 for neither.
type edit struct{ group, drop int }

// editOf finds group g in t and the factor f, at the given slots of the group, that
// goes into it. It reports false where the group stands without it.
func editOf(t *index.Term, g, f *index.Atom, slots []index.Ix, e rat.Rat) (edit, bool) {
	j := slices.IndexFunc(t.Factors, func(h index.Factor) bool { return h.Atom == g })
	if j < 0 {
		return edit{-1, -1}, true
	}
	at := pickIx(t.Factors[j].Idx, slots)
	want := e.Mul(t.Factors[j].Exp)
	k := slices.IndexFunc(t.Factors, func(h index.Factor) bool {
		return h.Atom == f && slices.Equal(h.Idx, at) && h.Exp.Equal(want)
	})
	twice := slices.ContainsFunc(t.Factors[j+1:], func(h index.Factor) bool { return h.Atom == g })
	return edit{j, k}, k >= 0 && !twice && t.Factors[j].Exp.IsInt()
}

// edited returns s with the edits carried out, and more multiplied into the edited
// terms.
func (sh *shortener) edited(s *index.Sum, list []edit, content *index.Sum, more func(r *index.Raw, m []index.Ix)) *index.Sum {
	b := sh.st.Build(s.Slots)
	for x := range s.Terms {
		t := &s.Terms[x]
		r, m := product(sh.st, s, t)
		for y := range t.Factors {
			f := &t.Factors[y]
			switch y {
			case list[x].group:
				r.MulSum(content, remap(f.Idx, m), f.Exp)
			case list[x].drop:
			default:
				r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		if list[x].group >= 0 && more != nil {
			more(r, m)
		}
		b.Add(r)
	}
	return b.Sum()
}

// times returns s times a[slots]^e, entry by entry.
func (sh *shortener) times(s *index.Sum, a *index.Atom, slots []index.Ix, e rat.Rat) *index.Sum {
	b := sh.st.Build(s.Slots)
	for i := range s.Terms {
		r := sh.st.Raw(s.Slots)
		r.MulTerm(&s.Terms[i], r.Slot)
		r.MulAtom(a, pickIx(r.Slot, slots), e)
		b.Add(r)
	}
	return b.Sum()
}

// common returns an entrywise factor that all terms of s share, its indices being
// slots.
func common(s *index.Sum) (index.Factor, bool) {
	first := &s.Terms[0]
	for j := range first.Factors {
		f := &first.Factors[j]
		slots, ok := slotsOf(first.Slot, f.Idx)
		if !ok || tied(first) {
			continue
		}
		least := f.Exp
		for i := 1; ok && i < len(s.Terms); i++ {
			t := &s.Terms[i]
			var e rat.Rat
			if e, ok = power1(t, f.Atom, slots); ok {
				if ok = e.Sign() == least.Sign(); e.Abs().Cmp(least.Abs()) < 0 {
					least = e
				}
			}
		}
		if ok {
			return index.Factor{Atom: f.Atom, Exp: least, Idx: slots}, true
		}
	}
	return index.Factor{}, false
}

func tied(t *index.Term) bool { return distinct(t.Slot) < len(t.Slot) }

// power1 returns the exponent of a at the given slots in t.
func power1(t *index.Term, a *index.Atom, slots []index.Ix) (rat.Rat, bool) {
	if tied(t) {
		return rat.Zero, false
	}
	for j := range t.Factors {
		f := &t.Factors[j]
		if f.Atom != a {
			continue
		}
		same := true
		for p, c := range f.Idx {
			same = same && t.Slot[slots[p]] == c
		}
		if same || a.Symmetric && len(slots) == 2 && f.Idx[0] == t.Slot[slots[1]] && f.Idx[1] == t.Slot[slots[0]] {
			return f.Exp, true
		}
	}
	return rat.Zero, false
}

// slotsOf returns where each class of idx is first shown.
func slotsOf(shown, idx []index.Ix) ([]index.Ix, bool) {
	out := make([]index.Ix, len(idx))
	for p, c := range idx {
		k := slices.Index(shown, c)
		if k < 0 {
			return nil, false
		}
		out[p] = index.Ix(k)
	}
	return out, true
}

func pickIx(m, idx []index.Ix) []index.Ix {
	out := make([]index.Ix, len(idx))
	for p, c := range idx {
		out[p] = m[c]
	}
	return out
}

// gain foresees by how much a term gets shorter when its factor f goes into a group
// of the given content as f.Atom^e.
func (sh *shortener) gain(content *index.Sum, f *index.Factor, slots []index.Ix, e rat.Rat) int {
	gain := sh.factorCost(f) + 1
	cancels := false
	for i := range content.Terms {
		t := &content.Terms[i]
		if tied(t) {
			return 0
		}
		after := index.Factor{Atom: f.Atom, Exp: e}
		x, ok := power1(t, f.Atom, slots)
		if !ok {
			x = rat.Zero
		}
		if left := x.Add(e); left.Sign() < 0 && left.Cmp(x) < 0 && !f.Atom.Positive {
			return 0 // 2 x / (1 + x²) is not 2 / (1/x + x), which has no value at 0
		}
		switch {
		case ok && x.Equal(e.Neg()):
			cancels = true
			gain += sh.factorCost(&index.Factor{Atom: f.Atom, Exp: x}) + 1
			if len(t.Factors) == 1 {
				gain -= 2 // the number 1 stays
			}
		case ok:
			cancels = cancels || x.Sign() != e.Sign()
			after.Exp = x.Add(e)
			gain += sh.factorCost(&index.Factor{Atom: f.Atom, Exp: x}) - sh.factorCost(&after)
		case len(t.Factors) == 0 && t.Coef.Abs().IsOne():
			gain -= sh.factorCost(&after) - 1
		default:
			gain -= sh.factorCost(&after) + 1
		}
	}
	if !cancels {
		return 0
	}
	return gain
}
