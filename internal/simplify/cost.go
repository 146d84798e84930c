package simplify

import "example.com/nabla/internal/index"

// Costs are rough lengths in tokens of what would be printed: names, numbers and
// operators.

func (sh *shortener) sumCost(s *index.Sum) int {
	c := 0
	for i := range s.Terms {
		c += sh.termCost(&s.Terms[i]) + 1
	}
	return max(c, 1)
}

// termCost leaves the sign aside.
func (sh *shortener) termCost(t *index.Term) int {
	c := 0
	for j := range t.Factors {
		c += sh.factorCost(&t.Factors[j]) + 1
	}
	if !t.Coef.Abs().IsOne() || len(t.Factors) == 0 {
		c += 2
	}
	return c - 1
}

func (sh *shortener) factorCost(f *index.Factor) int {
	c := sh.atomCost(f.Atom)
	if !f.Exp.IsOne() {
		c += 2
	}
	return c
}

func (sh *shortener) atomCost(a *index.Atom) int {
	if a.ID < len(sh.cost) && sh.cost[a.ID] > 0 {
		return int(sh.cost[a.ID])
	}
	sh.st.Limit.Step(4)
	c := 1
	for _, s := range a.Args {
		c = min(c+sh.sumCost(s), 1<<20)
	}
	if a.ID >= len(sh.cost) {
		sh.cost = append(sh.cost, make([]int32, a.ID+16-len(sh.cost))...)
	}
	sh.cost[a.ID] = int32(c)
	return c
}
