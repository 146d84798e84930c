package eval

import (
	"errors"
	"slices"

	"example.com/nabla/internal/expr"
)

// Draw returns a random point at which every one of the nodes has a value, and
// the values. sizes has the value of each size name; variables respect their
// facts. It returns a *NoPoint where none is found.
func Draw(reg expr.Operators, nodes []*expr.Node, sizes map[string]int, seed uint64) (*Env, []expr.Dense, error) {
	inv := newInventory(reg, nodes)
	at := make([]int, len(inv.names))
	for i, name := range inv.names {
		v, ok := sizes[name]
		if !ok && inv.isCount(i) {
			v, ok = 2+int((seed+uint64(i))%3), true
		}
		if !ok {
			return nil, nil, &NoPoint{"size " + name + " has no value"}
		}
		at[i] = v
	}
	pt, err := inv.newPoint(at)
	if err != nil {
		return nil, nil, err
	}
	programs := make([]*program, len(nodes))
	for i, n := range nodes {
		if programs[i], err = compile(n, pt); err != nil {
			return nil, nil, err
		}
	}
	s := newSampler(inv, seed)
	values := make([]expr.Dense, len(nodes))
	reason := ""
	for range 80 {
		s.draw(pt)
		good := true
		for i, p := range programs {
			v, err := p.run(true)
			if err != nil {
				var u *unfit
				if errors.As(err, &u) {
					s.refused(u)
				}
				reason, good = err.Error(), false
				break
			}
			if !finite(v.Data) {
				reason, good = "value is not finite", false
				break
			}
			values[i] = clone(v)
		}
		if good {
			return pt.env(sizes), values, nil
		}
	}
	return nil, nil, &NoPoint{reason}
}

// isCount reports whether the size at place i of names is an integer scalar.
func (inv *inventory) isCount(i int) bool { return slices.Contains(inv.counts, i) }

// env returns a copy of the point by names.
func (pt *Point) env(sizes map[string]int) *Env {
	e := &Env{Sizes: sizes, Vars: map[string]expr.Dense{}, Families: map[string][]expr.Dense{}}
	for _, v := range pt.vars {
		if v.sym.Family == nil {
			e.Vars[v.sym.Name] = clone(v.vals[0])
			continue
		}
		for _, d := range v.vals {
			e.Families[v.sym.Name] = append(e.Families[v.sym.Name], clone(d))
		}
	}
	return e
}
