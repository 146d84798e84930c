package native

import (
	"fmt"
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// Sizes finds the sizes of a program from the shapes of its arguments, one Array for
// each parameter, and compares all axes with them. Of arrays it reads those of integers
// that count something and of sizes that no variable shows; of a parameter that is a
// function nothing. Errors name the variables.
func Sizes(p *plan.Program, in []Array) (map[string]int, error) {
	if len(in) != len(p.Params) {
		return nil, fmt.Errorf("the program has %d parameters, %d arrays are given", len(p.Params), len(in))
	}
	b := &binder{p: p, in: in, at: map[*expr.Symbol]int{}, sizes: map[string]int{}}
	for k, q := range p.Params {
		if err := b.param(k, q); err != nil {
			return nil, err
		}
	}
	for i := range p.Sizes {
		if err := b.solve(&p.Sizes[i]); err != nil {
			return nil, err
		}
	}
	for _, c := range p.Checks {
		if err := b.check(c); err != nil {
			return nil, err
		}
	}
	return b.sizes, nil
}

type binder struct {
	p     *plan.Program
	in    []Array
	at    map[*expr.Symbol]int
	sizes map[string]int
}

var rankWords = []string{"a number", "a vector", "a matrix", "a stack of matrices"}

// param compares the rank of an argument and reads integers that are sizes.
func (b *binder) param(k int, q plan.Parameter) error {
	a := &b.in[k]
	if q.Sym == nil {
		n, err := count(q.Size.Name, a)
		b.sizes[q.Size.Name] = n
		return err
	}
	if q.Sym.Kind == expr.Function {
		return nil
	}
	b.at[q.Sym] = k
	if rank := plan.ArgumentRank(q.Sym); len(a.Shape) != rank {
		got := fmt.Sprintf("an array with %d axes", len(a.Shape))
		if len(a.Shape) < len(rankWords) {
			got = rankWords[len(a.Shape)]
		}
		return fmt.Errorf("%s must be %s, got %s", q.Sym.Name, rankWords[rank], got)
	}
	if c := q.Sym.Count; c != nil {
		n, err := count(q.Sym.Name, a)
		b.sizes[c.Name] = n
		return err
	}
	return nil
}

// count reads an integer that is a size.
func count(name string, a *Array) (int, error) {
	if len(a.Data) != 1 {
		return 0, fmt.Errorf("%s must be an integer", name)
	}
	v := a.Data[0]
	if v != math.Trunc(v) || v < 0 || v > 1<<31 {
		return 0, fmt.Errorf("%s must be an integer that counts something, got %g", name, v)
	}
	return int(v), nil
}

// length returns the length of an axis of an argument.
func (b *binder) length(at plan.AxisOf) int { return b.in[b.at[at.Sym]].Shape[at.Axis] }

func (b *binder) value(d *expr.Dim) int {
	return int(d.Value(func(n *expr.SizeName) int64 { return int64(b.sizes[n.Name]) }))
}

// solve finds one size.
func (b *binder) solve(d *plan.SizeDef) error {
	n := b.length(d.From)
	if d.Minus != nil {
		n -= b.value(d.Minus)
	}
	if d.Negate {
		n = -n
	}
	ok := true
	if d.Over != nil {
		over := b.value(d.Over)
		ok = over > 0 && n%over == 0
		n /= max(over, 1)
	}
	if ok && d.Root > 1 {
		r := int(math.Round(math.Pow(float64(n), 1/float64(d.Root))))
		p := 1
		for range d.Root {
			p *= r
		}
		ok, n = p == n, r
	}
	if !ok || n < 0 {
		return fmt.Errorf("%s has %d %s, and no size %s fits that", d.From.Sym.Name, b.length(d.From), d.From.Word(), d.Size.Name)
	}
	b.sizes[d.Size.Name] = n
	return nil
}

// check compares the length of an axis with its size.
func (b *binder) check(c plan.SizeCheck) error {
	got, want := b.length(c.At), b.value(c.Want)
	if got == want {
		return nil
	}
	name, word := c.At.Sym.Name, c.At.Word()
	switch {
	case c.Because != nil && c.Because.Sym == c.At.Sym:
		return fmt.Errorf("%s has %d %s and %d %s: both must be %s", name, got, word, want, c.Because.Word(), c.Want)
	case c.Because != nil:
		return fmt.Errorf("%s has %d %s, but %s has %d %s: both must be %s", name, got, word, c.Because.Sym.Name, want, c.Because.Word(), c.Want)
	}
	if _, ok := c.Want.Const(); ok {
		return fmt.Errorf("%s has %d %s, must have %d", name, got, word, want)
	}
	return fmt.Errorf("%s has %d %s, must have %s = %d", name, got, word, c.Want, want)
}
