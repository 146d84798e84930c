package eval

import (
	"math"

	"example.com/nabla/internal/expr"
)

// Scattered draws points of all orders of magnitude and signs that the facts allow, at the
// first choices of sizes, until accept takes one; nil if it takes none. The points lie in
// the domain of q.Domain. tries are those at each choice of sizes.
func (q *Drawing) Scattered(tries int, accept func(*Trial) bool) *Trial {
	inv := newInventory(q.Reg, append(append([]*expr.Node(nil), q.Domain...), q.Also...), q.More...)
	inv.nodes = newInventory(q.Reg, q.Domain).nodes
	for i, sizes := range inv.sizings(2) {
		if t := q.scatteredAt(inv, sizes, q.Seed+uint64(i)+1, tries, accept); t != nil {
			return t
		}
	}
	return nil
}

func (q *Drawing) scatteredAt(inv *inventory, sizes []int, seed uint64, tries int, accept func(*Trial) bool) *Trial {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return nil
	}
	t := &Trial{pt: pt, Region: "scattered"}
	if q.Family != nil {
		t.Member = int(seed) % max(1, pt.size(q.Family.Size))
	}
	programs := make([]*program, len(q.Domain))
	for i, n := range q.Domain {
		if programs[i], err = compile(n, pt, nil); err != nil {
			return nil
		}
		if f := q.Family; f != nil && f.Ordinal < len(programs[i].index) {
			programs[i].index[f.Ordinal] = t.Member
		}
	}
	s := newSampler(inv, seed)
	s.also = q.Facts
	tries = max(2, min(tries, 20*mostTrialWork/(1+q.cost(pt, programs))))
	for range tries {
		for i, v := range pt.vars {
			m := s.modes[i]
			switch s.rng.IntN(4) {
			case 0:
				m = plain
			case 1:
				m = negative
			}
			by := math.Exp2(s.uniform(-5, 3))
			for _, d := range v.vals {
				s.inv.limit.Step(1 + len(d.Data)/drawn)
				s.fill(d, v.sym, m)
				if c := inv.counts[i]; c >= 0 {
					d.Data[0] = float64(pt.sizes[c])
				} else if s.scales(v.sym) {
					for k := range d.Data {
						d.Data[k] *= by
					}
				}
			}
		}
		if reason, err := fits(programs); err != nil {
			return nil
		} else if reason == "" && accept(t) {
			return t
		}
	}
	return nil
}

// scales reports whether a positive multiple of a variable has its facts too.
func (s *sampler) scales(sym *expr.Symbol) bool {
	f := sym.Facts
	if s.also != nil {
		f = (f | s.also(sym)).Closure()
	}
	return f&(expr.Integer|expr.Onehot|expr.Simplex|expr.Orthogonal) == 0
}
