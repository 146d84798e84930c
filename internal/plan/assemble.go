package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// Assemble makes a program of results. Its parameters are the variables listed and
// those that occur besides, in the order of the program (directions come last by their
// ordinals), then each size that is needed and that no argument shows; spare variables
// become parameters where they show one. All sizes of the arguments are found and
// compared.
func Assemble(b *expr.Builder, name string, variables []*expr.Symbol, results []Result, spare ...*expr.Symbol) *Program {
	p := &Program{Builder: b, Name: name, Results: results}
	var roots []*Value
	for _, r := range results {
		roots = append(roots, r.Value)
	}
	use := inventory(roots)
	for _, s := range variables {
		use.symbols[s] = true
	}
	a := &assembler{p: p, spare: spare, found: map[*expr.SizeName]bool{}, under: map[*expr.SizeName]bool{}, because: map[*expr.SizeName]AxisOf{}}
	for _, s := range b.Symbols() {
		if !use.symbols[s] {
			continue
		}
		q := Parameter{Sym: s}
		if s.Kind == expr.Function {
			for k := range maxOrder {
				if use.orders[s]&(1<<k) != 0 {
					q.Orders = append(q.Orders, k)
				}
			}
			if q.Orders == nil {
				q.Orders = []int{0}
			}
		}
		p.Params = append(p.Params, q)
	}
	a.axes = p.Axes()
	for _, n := range a.names(use.sizes) {
		a.find(n)
	}
	a.checks()
	return p
}

// maxOrder bounds the derivatives of an unknown function.
const maxOrder = 64

// used is what occurs in values.
type used struct {
	symbols map[*expr.Symbol]bool
	orders  map[*expr.Symbol]uint64 // of functions: a bit for each derivative
	sizes   []*expr.Dim
}

func inventory(roots []*Value) *used {
	u := &used{symbols: map[*expr.Symbol]bool{}, orders: map[*expr.Symbol]uint64{}}
	for _, v := range Schedule(roots) {
		if v.Sym != nil {
			u.symbols[v.Sym] = true
			if v.Kind == Apply {
				u.orders[v.Sym] |= 1 << v.Order
			}
		}
		u.sizes = append(u.sizes, v.Rows, v.Cols)
		u.sizes = append(u.sizes, v.Dims...)
	}
	return u
}

// Schedule returns the values that the roots need and the roots themselves, operands
// first, in the order of first need.
func Schedule(roots []*Value) []*Value {
	seen := map[*Value]bool{}
	var list []*Value
	var walk func(v *Value)
	walk = func(v *Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		for _, a := range v.Args {
			walk(a)
		}
		list = append(list, v)
	}
	for _, r := range roots {
		walk(r)
	}
	return list
}

// Axes lists the axes of the arguments with their sizes, in order.
func (p *Program) Axes() []ArgumentAxis {
	var list []ArgumentAxis
	for _, q := range p.Params {
		if q.Sym == nil {
			continue
		}
		for k, d := range ArgumentShape(q.Sym) {
			list = append(list, ArgumentAxis{AxisOf{q.Sym, k}, d})
		}
	}
	return list
}

// An ArgumentAxis is an axis of an argument with the size it must have.
type ArgumentAxis struct {
	AxisOf
	Size *expr.Dim
}

// ArgumentShape returns the sizes of the array that is passed for a variable.
func ArgumentShape(s *expr.Symbol) []*expr.Dim {
	var list []*expr.Dim
	if s.Family != nil {
		list = append(list, s.Family.Size)
	}
	switch s.Kind {
	case expr.Vector:
		list = append(list, s.Shape.Rows)
	case expr.Matrix:
		list = append(list, s.Shape.Rows, s.Shape.Cols)
	}
	return list
}

// An assembler finds where the values of sizes come from.
type assembler struct {
	p       *Program
	axes    []ArgumentAxis
	spare   []*expr.Symbol
	found   map[*expr.SizeName]bool
	under   map[*expr.SizeName]bool // being found
	because map[*expr.SizeName]AxisOf
}

// names lists the sizes that occur in the arguments' axes and in others, by ordinal.
func (a *assembler) names(others []*expr.Dim) []*expr.SizeName {
	var list []*expr.SizeName
	for _, x := range a.axes {
		list = x.Size.Names(list)
	}
	for _, d := range others {
		list = d.Names(list)
	}
	slices.SortFunc(list, func(x, y *expr.SizeName) int { return x.Ordinal - y.Ordinal })
	return list
}

// counter returns the integer scalar whose value a size is, or nil.
func (a *assembler) counter(n *expr.SizeName) *expr.Symbol {
	for _, s := range a.p.Builder.Symbols() {
		if s.Name == n.Name && s.Kind == expr.Scalar && s.Facts.Has(expr.Integer) {
			return s
		}
	}
	return nil
}

// find makes the value of n known: as the length of an axis, else solved from one,
// else as a parameter. The value of an integer scalar is known.
func (a *assembler) find(n *expr.SizeName) {
	if a.found[n] {
		return
	}
	if s := a.counter(n); s != nil {
		a.found[n] = true
		a.add(s)
		return
	}
	a.under[n] = true
	defer delete(a.under, n)
	for _, simple := range []bool{true, false} {
		for _, x := range a.axes {
			d, others, ok := a.solve(n, x)
			if !ok || simple != d.Plain() {
				continue
			}
			for _, o := range others {
				a.find(o)
			}
			a.p.Sizes = append(a.p.Sizes, d)
			a.found[n] = true
			a.because[n] = x.AxisOf
			return
		}
	}
	for _, s := range a.spare {
		for k, d := range ArgumentShape(s) {
			x := ArgumentAxis{AxisOf{s, k}, d}
			if _, _, ok := a.solve(n, x); ok && a.add(s) {
				a.axes = a.p.Axes()
				a.find(n)
				return
			}
		}
	}
	a.found[n] = true
	a.p.Params = append(a.p.Params, Parameter{Size: n})
}

// add makes a variable a parameter, in its place, and reports whether it was none.
func (a *assembler) add(s *expr.Symbol) bool {
	if slices.ContainsFunc(a.p.Params, func(q Parameter) bool { return q.Sym == s }) {
		return false
	}
	at := slices.IndexFunc(a.p.Params, func(q Parameter) bool { return q.Sym == nil || q.Sym.Ordinal > s.Ordinal })
	if at < 0 {
		at = len(a.p.Params)
	}
	a.p.Params = slices.Insert(a.p.Params, at, Parameter{Sym: s})
	return true
}

// solve solves the size of an axis for n: c nᵏ times other sizes, or a sum in which n
// is linear with coefficient ±1.
func (a *assembler) solve(n *expr.SizeName, x ArgumentAxis) (d SizeDef, others []*expr.SizeName, ok bool) {
	for _, o := range x.Size.Names(nil) {
		switch {
		case o == n:
			ok = true
		case a.under[o]:
			return d, nil, false
		default:
			others = append(others, o)
		}
	}
	if !ok {
		return d, nil, false
	}
	b := a.p.Builder
	d = SizeDef{Size: n, From: x.AxisOf, Root: 1}
	if c, pows, mono := x.Size.Monomial(); mono {
		over := b.Sizes.Const(c)
		for _, w := range pows {
			if w.Name == n {
				d.Root = w.Exp
				continue
			}
			for range w.Exp {
				over = b.Mul(over, b.Sizes.Size(w.Name.Name))
			}
		}
		if !over.IsOne() {
			d.Over = over
		}
		return d, others, c > 0
	}
	sign := int64(0)
	x.Size.Terms(func(c int64, pows []expr.DimPow) {
		has := slices.ContainsFunc(pows, func(w expr.DimPow) bool { return w.Name == n })
		switch {
		case has && len(pows) == 1 && pows[0].Exp == 1 && (c == 1 || c == -1) && sign == 0:
			sign = c
		case has:
			ok = false
		default:
			t := b.Sizes.Const(c)
			for _, w := range pows {
				for range w.Exp {
					t = b.Mul(t, b.Sizes.Size(w.Name.Name))
				}
			}
			if d.Minus == nil {
				d.Minus = t
			} else {
				d.Minus = b.Sizes.Add(d.Minus, t)
			}
		}
	})
	d.Negate = sign < 0
	return d, others, ok && sign != 0
}

// checks lists the axes whose length does not follow.
func (a *assembler) checks() {
	for _, x := range a.axes {
		gives := slices.ContainsFunc(a.p.Sizes, func(d SizeDef) bool { return d.From == x.AxisOf && d.Plain() })
		if gives {
			continue
		}
		c := SizeCheck{At: x.AxisOf, Want: x.Size}
		if _, pows, mono := x.Size.Monomial(); mono && len(pows) == 1 && pows[0].Exp == 1 {
			if at, ok := a.because[pows[0].Name]; ok && x.Size == a.p.Builder.Sizes.Size(pows[0].Name.Name) {
				c.Because = &at
			}
		}
		a.p.Checks = append(a.p.Checks, c)
	}
}
