package eval

import (
	"errors"
	"fmt"
	"math"

	"example.com/nabla/internal/expr"
)

// A Difference says where two expressions differ in value.
type Difference struct {
	Row, Col int // from 1; 0 where the shapes differ
	A, B     float64
	Sizes    []Size
	What     string
}

func (d *Difference) Error() string {
	if d.What != "" {
		return d.What
	}
	return fmt.Sprintf("values differ at entry (%d, %d): %.12g and %.12g", d.Row, d.Col, d.A, d.B)
}

// Equal compares two DAGs at random points at two choices of sizes, to a relative
// error of 1e-9. Nodes of different Builders are compared by the names of their
// symbols and sizes. It returns nil where they agree, a *Difference where they do
// not and a *NoPoint where no point was found at which both have a value.
func Equal(reg expr.Operators, a, b *expr.Node, seed uint64) error {
	inv := newInventory(reg, []*expr.Node{a, b})
	return inv.equal(a, seed, func(pt *Point) (func() (expr.Dense, error), error) {
		p, err := compile(b, pt)
		if err != nil {
			return nil, err
		}
		return func() (expr.Dense, error) { return p.run(true) }, nil
	})
}

// EqualView compares a DAG with an index form as Equal does. Every variable of
// the view occurs in the DAG.
func EqualView(reg expr.Operators, a *expr.Node, v *View, seed uint64) error {
	inv := newInventory(reg, []*expr.Node{a})
	return inv.equal(a, seed, func(pt *Point) (func() (expr.Dense, error), error) {
		return func() (expr.Dense, error) { return newTensors(pt).matrix(v, 0) }, nil
	})
}

// A maker prepares the other side of a comparison for a choice of sizes.
type maker func(*Point) (func() (expr.Dense, error), error)

func (inv *inventory) equal(a *expr.Node, seed uint64, other maker) error {
	good := 0
	var last error = &NoPoint{"no sizes make every shape positive"}
	wanted := 2
	if len(inv.names) == 0 {
		wanted = 1
	}
	for i, sizes := range inv.sizings(24) {
		err := inv.equalAt(sizes, a, seed+uint64(i)+1, other)
		var none *NoPoint
		switch {
		case err == nil:
			if good++; good == wanted {
				return nil
			}
		case errors.Is(err, errNoSize) || errors.As(err, &none):
			last = err
		default:
			return err
		}
	}
	if good > 0 {
		return nil
	}
	return last
}

func (inv *inventory) equalAt(sizes []int, a *expr.Node, seed uint64, other maker) error {
	pt, err := inv.newPoint(sizes)
	if err != nil {
		return err
	}
	pa, err := compile(a, pt)
	if err != nil {
		return err
	}
	value, err := other(pt)
	if err != nil {
		return err
	}
	s := newSampler(inv, seed)
	reason := ""
	done := 0
	for try := 0; try < 80 && done < 2; try++ {
		s.draw(pt)
		var va, vb expr.Dense
		if va, err = pa.run(true); err == nil {
			vb, err = value()
		}
		if err != nil {
			reason = err.Error()
			if u, ok := err.(*unfit); ok {
				s.refused(u)
			}
			continue
		}
		if va.Rows != vb.Rows || va.Cols != vb.Cols {
			return &Difference{Sizes: pt.Sizes(), What: fmt.Sprintf("shapes differ: %d × %d and %d × %d", va.Rows, va.Cols, vb.Rows, vb.Cols)}
		}
		scale := floor
		for i := range va.Data {
			scale = math.Max(scale, math.Max(math.Abs(va.Data[i]), math.Abs(vb.Data[i])))
		}
		if !(scale < 1e9) || !finite(va.Data) || !finite(vb.Data) {
			reason = "value is too large or not finite"
			s.refused(&unfit{node: a, arg: a})
			continue
		}
		for i, v := range va.Data {
			if math.Abs(v-vb.Data[i]) > 1e-9*scale {
				return &Difference{Row: i/va.Cols + 1, Col: i%va.Cols + 1, A: v, B: vb.Data[i], Sizes: pt.Sizes()}
			}
		}
		done++
	}
	if done == 0 {
		return &NoPoint{reason}
	}
	return nil
}
