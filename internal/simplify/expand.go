package simplify

import (
	"math/bits"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Shorten returns s with groups multiplied out where like terms then merge or
// cancel so that the whole gets shorter: −y(1 − σ) + (1 − y)σ becomes σ − y. What
// does not get shorter keeps the structure that the user wrote. Operands of
// operators stay as they are.
//
// Which products merge is foreseen by signatures: a signature adds up over the
// factors of a product, so that the terms of a product multiplied out need not be
// built to see whether another term is like one of them.
func Shorten(st *index.Store, s *index.Sum) *index.Sum {
	sh := &shortener{st: st}
	return sh.sum(s)
}

const (
	maxTerms    = 64 // terms of a sum that is looked at
	maxRounds   = 8  // expansions of one sum, one after another
	maxProducts = 32 // terms that a product may be multiplied out to
	maxVariants = 48 // ways of multiplying out terms of one sum that are tried in pairs
	maxGroups   = 3  // groups of a term that are multiplied out together
)

type shortener struct {
	st   *index.Store
	done []*index.Sum // by sum ID
	cost []int32      // by atom ID, 0 unknown

	partners []partner
	divisors []divisor
}

func (sh *shortener) sum(s *index.Sum) *index.Sum {
	if s.ID < len(sh.done) && sh.done[s.ID] != nil {
		return sh.done[s.ID]
	}
	// From outside in: what merges outside is not seen any more when the inside
	// has been multiplied out.
	out := sh.tidy(sh.inside(sh.tidy(sh.rounds(s), sh.pull)), sh.absorb)
	if out != s {
		out = sh.rounds(out)
	}
	if s.ID >= len(sh.done) {
		sh.done = append(sh.done, make([]*index.Sum, s.ID+16-len(sh.done))...)
	}
	sh.done[s.ID] = out
	return out
}

func (sh *shortener) rounds(s *index.Sum) *index.Sum {
	for range maxRounds {
		next := sh.round(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// inside shortens the groups of s.
func (sh *shortener) inside(s *index.Sum) *index.Sum {
	changed := false
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			if a := s.Terms[i].Factors[j].Atom; open(a) && sh.sum(a.Args[0]) != a.Args[0] {
				changed = true
			}
		}
	}
	if !changed {
		return s
	}
	b := sh.st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		r, m := product(sh.st, s, t)
		for j := range t.Factors {
			f := &t.Factors[j]
			if open(f.Atom) && sh.sum(f.Atom.Args[0]) != f.Atom.Args[0] {
				r.MulSum(sh.sum(f.Atom.Args[0]), remap(f.Idx, m), f.Exp)
			} else {
				r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		b.Add(r)
	}
	return b.Sum()
}

func open(a *index.Atom) bool { return a.Kind == index.GroupAtom && !a.Opaque }

// A variant is a term with some of its groups multiplied out: a bit of groups for
// each factor that is.
type variant struct {
	term     int
	groups   uint64
	products []foreseen
	alone    bool // products of its own merge
}

// foreseen is a term that multiplying out would make.
type foreseen struct {
	sig  uint64
	coef rat.Rat
	cost int
	uses uint64 // a bit for each class of the term that a factor has
}

// round multiplies out what shortens s most, or returns s.
func (sh *shortener) round(s *index.Sum) *index.Sum {
	if len(s.Terms) > maxTerms {
		return s
	}
	sh.partners, sh.divisors = sh.partners[:0], sh.divisors[:0]
	plain := make([]foreseen, len(s.Terms))
	for i := range s.Terms {
		sh.lookFor(&s.Terms[i])
	}
	var vs []variant
	for i := range s.Terms {
		t := &s.Terms[i]
		plain[i] = foreseen{sig: sh.termSig(t), coef: t.Coef, cost: sh.termCost(t)}
		vs = sh.variants(vs, i, t, plain[i])
	}
	if len(vs) == 0 {
		return s
	}
	best, gain := [2]int{-1, -1}, 0
	for a := range vs {
		if vs[a].alone || meets(plain, &vs[a]) {
			if g := saving(plain, &vs[a], nil); g > gain {
				best, gain = [2]int{a, -1}, g
			}
		}
		if len(vs) > maxVariants {
			continue
		}
		for b := range vs[:a] {
			if vs[b].term == vs[a].term || !meet(&vs[a], &vs[b]) {
				continue
			}
			if g := saving(plain, &vs[a], &vs[b]); g > gain {
				best, gain = [2]int{a, b}, g
			}
		}
	}
	if gain == 0 {
		return s
	}
	b := sh.st.Build(s.Slots)
	for i := range s.Terms {
		groups := uint64(0)
		for _, k := range best {
			if k >= 0 && vs[k].term == i {
				groups = vs[k].groups
			}
		}
		sh.multiply(b, s, &s.Terms[i], groups)
	}
	out := b.Sum()
	if sh.sumCost(out) >= sh.sumCost(s) {
		return s // the terms did not merge after all
	}
	return out
}

// variants lists the ways of multiplying out term i.
func (sh *shortener) variants(vs []variant, i int, t *index.Term, p foreseen) []variant {
	var at [maxGroups]int
	n := 0
	for j := range t.Factors {
		f := &t.Factors[j]
		if n < maxGroups && j < 64 && sh.content(f) != nil {
			at[n] = j
			n++
		}
	}
	for set := 1; set < 1<<n; set++ {
		v := variant{term: i}
		count := 1
		rest := p
		for k := range n {
			if set&(1<<k) != 0 {
				f := &t.Factors[at[k]]
				v.groups |= 1 << at[k]
				count *= len(sh.content(f).Terms)
				rest.sig -= sh.factorSig(f)
				rest.cost -= sh.factorCost(f) + 1
				if more, ok := left(f); ok {
					rest.sig += sh.factorSig(&more)
					rest.cost += sh.factorCost(&more) + 1
				}
			}
		}
		if count > maxProducts {
			continue
		}
		rest.uses = uses(t, v.groups)
		v.products = append(v.products, rest)
		for k := range n {
			if set&(1<<k) == 0 {
				continue
			}
			f := &t.Factors[at[k]]
			inner := sh.content(f)
			var next []foreseen
			for _, q := range v.products {
				for x := range inner.Terms {
					u := &inner.Terms[x]
					sh.st.Limit.Step(1 + len(u.Factors)/4)
					next = append(next, foreseen{q.sig + sh.termSig(u), q.coef.Mul(u.Coef), q.cost + sh.termCost(u) + 1,
						q.uses | usesOf(u, f.Idx)})
				}
			}
			v.products = next
		}
		// A class summed over that no factor has left counts its size.
		for x := range v.products {
			q := &v.products[x]
			for c, d := range t.Dims {
				if c < 64 && q.uses&(1<<c) == 0 {
					q.sig += sizeSig(d)
					q.cost += 2
				}
			}
			for y := range x {
				v.alone = v.alone || v.products[y].sig == q.sig
			}
		}
		vs = append(vs, v)
	}
	return vs
}

// uses has a bit for each class of t that a slot shows or a factor outside of the
// groups has.
func uses(t *index.Term, groups uint64) uint64 {
	u := uint64(0)
	for _, c := range t.Slot {
		u |= 1 << uint(c)
	}
	for j := range t.Factors {
		if j >= 64 || groups&(1<<j) == 0 {
			for _, c := range t.Factors[j].Idx {
				u |= 1 << uint(c)
			}
		}
	}
	return u
}

// usesOf has a bit for each class of idx that a factor of u has, or that an identity
// ties to another.
func usesOf(u *index.Term, idx []index.Ix) uint64 {
	set := uint64(0)
	for k, c := range u.Slot {
		used := false
		for j := range u.Factors {
			used = used || slices.Contains(u.Factors[j].Idx, c)
		}
		for l, d := range u.Slot {
			used = used || l != k && d == c
		}
		if used {
			set |= 1 << uint(idx[k])
		}
	}
	return set
}

// sizeSig is the signature of a size as a factor.
func sizeSig(d *expr.Dim) uint64 {
	_, pows, ok := d.Monomial()
	if !ok {
		return mix(uint64(d.ID()) + 1<<40)
	}
	h := uint64(0)
	for _, p := range pows {
		h += mix(uint64(p.Name.Ordinal)+1<<41) * scale(rat.Int(int64(p.Exp)))
	}
	return h
}

// meet reports whether two variants have like products.
func meet(a, b *variant) bool {
	for i := range a.products {
		for j := range b.products {
			if a.products[i].sig == b.products[j].sig {
				return true
			}
		}
	}
	return false
}

// meets reports whether a variant has a product like another term.
func meets(plain []foreseen, v *variant) bool {
	for i := range plain {
		if i == v.term {
			continue
		}
		for j := range v.products {
			if v.products[j].sig == plain[i].sig {
				return true
			}
		}
	}
	return false
}

// saving foresees by how much a sum gets shorter.
func saving(plain []foreseen, a, b *variant) int {
	before, after := 0, 0
	var list [2*maxProducts + 64]foreseen
	all := list[:0]
	for i := range plain {
		before += plain[i].cost + 1
		if a.term != i && (b == nil || b.term != i) {
			all = append(all, plain[i])
		}
	}
	all = append(all, a.products...)
	if b != nil {
		all = append(all, b.products...)
	}
	for i := range all {
		if all[i].cost < 0 {
			continue // merged into an earlier one
		}
		c := all[i].coef
		for j := i + 1; j < len(all); j++ {
			if all[j].sig == all[i].sig && all[j].cost >= 0 {
				c = c.Add(all[j].coef)
				all[j].cost = -1
			}
		}
		if !c.IsZero() {
			after += all[i].cost + 1
		}
	}
	return before - after
}

// multiply adds t to b with some of its groups multiplied out.
func (sh *shortener) multiply(b *index.SumBuilder, s *index.Sum, t *index.Term, groups uint64) {
	pick := make([]int, bits.OnesCount64(groups))
	for {
		r, m := product(sh.st, s, t)
		k := 0
		for j := range t.Factors {
			f := &t.Factors[j]
			if j < 64 && groups&(1<<j) != 0 {
				r.MulTerm(&sh.content(f).Terms[pick[k]], remap(f.Idx, m))
				if more, ok := left(f); ok {
					r.MulAtom(f.Atom, remap(f.Idx, m), more.Exp)
				}
				k++
			} else {
				r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		b.Add(r)
		k = 0
		for j := range t.Factors {
			if j >= 64 || groups&(1<<j) == 0 {
				continue
			}
			if pick[k]++; pick[k] < len(sh.content(&t.Factors[j]).Terms) {
				break
			}
			pick[k] = 0
			k++
		}
		if k == len(pick) {
			return
		}
	}
}

// scale makes an exponent a whole number, so that signatures add up.
func scale(e rat.Rat) uint64 {
	n, d, _ := e.Small()
	if 5040%d == 0 {
		return uint64(n * (5040 / d))
	}
	return uint64(n) * (uint64(d)*0x9e3779b97f4a7c15 | 1)
}

func (sh *shortener) termSig(t *index.Term) uint64 {
	h := uint64(0)
	for j := range t.Factors {
		h += sh.factorSig(&t.Factors[j])
	}
	return h
}

// factorSig hashes a factor; a group of one term, which may stand inline as well,
// has the signature of its factors.
func (sh *shortener) factorSig(f *index.Factor) uint64 {
	switch a := f.Atom; {
	case open(a) && len(a.Args[0].Terms) == 1 && f.Exp.IsInt():
		k, _ := f.Exp.Int64()
		return sh.termSig(&a.Args[0].Terms[0]) * uint64(k)
	case a.Kind == index.SizeAtom:
		return mix(uint64(a.Size.Ordinal)+1<<41) * scale(f.Exp)
	default:
		return mix(uint64(a.ID)+1) * scale(f.Exp)
	}
}

func mix(h uint64) uint64 {
	h *= 0x9e3779b97f4a7c15
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}
