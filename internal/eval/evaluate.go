// Package eval has the numbers of nabla: it evaluates a matrix DAG at given
// values, draws random points that respect the variables' facts and the
// operators' domains, proves a derivative against differences that know no
// rule, and compares two DAGs by value.
//
// Check is the proof that every answer passes; Equal compares two expressions;
// Evaluate computes one value.
package eval

import (
	"fmt"

	"example.com/nabla/internal/expr"
)

// An Env gives the values at which to evaluate. A scalar is 1 × 1, a vector a
// column; a family has one value for each member, in order of its index.
type Env struct {
	Sizes    map[string]int
	Vars     map[string]expr.Dense
	Families map[string][]expr.Dense
}

// Evaluate returns the value of n. It is an error when a variable or size has no
// value, a shape differs from the declared one, a kernel refuses its operand or
// the result is not finite.
func Evaluate(reg expr.Operators, n *expr.Node, env *Env) (expr.Dense, error) {
	inv := newInventory(reg, []*expr.Node{n})
	sizes := make([]int, len(inv.names))
	for i, name := range inv.names {
		v, ok := env.Sizes[name]
		if d, counts := env.Vars[name]; !ok && counts && len(d.Data) == 1 {
			v, ok = int(d.Data[0]), true // an integer scalar that an index runs up to
		}
		if !ok {
			return expr.Dense{}, fmt.Errorf("size %s has no value", name)
		}
		sizes[i] = v
	}
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return expr.Dense{}, err
	}
	for _, v := range pt.vars {
		given := env.Families[v.sym.Name]
		if v.sym.Family == nil {
			d, ok := env.Vars[v.sym.Name]
			if !ok {
				return expr.Dense{}, fmt.Errorf("%s has no value", v.sym.Name)
			}
			given = []expr.Dense{d}
		}
		if len(given) != len(v.vals) {
			return expr.Dense{}, fmt.Errorf("%s must have %d values, not %d", v.sym.Name, len(v.vals), len(given))
		}
		for i, d := range given {
			if d.Rows != v.vals[i].Rows || d.Cols != v.vals[i].Cols {
				return expr.Dense{}, fmt.Errorf("%s must be %d × %d, not %d × %d", v.sym.Name, v.vals[i].Rows, v.vals[i].Cols, d.Rows, d.Cols)
			}
			copy(v.vals[i].Data, d.Data)
		}
	}
	p, err := compile(n, pt)
	if err != nil {
		return expr.Dense{}, err
	}
	out, err := p.run(false)
	if err != nil {
		return expr.Dense{}, err
	}
	if !finite(out.Data) {
		return expr.Dense{}, fmt.Errorf("the value is not finite")
	}
	return clone(out), nil
}

func clone(d expr.Dense) expr.Dense {
	return expr.Dense{Rows: d.Rows, Cols: d.Cols, Data: append([]float64(nil), d.Data...)}
}

func finite(d []float64) bool {
	for _, v := range d {
		if v-v != 0 {
			return false
		}
	}
	return true
}
