package print

import (
	"strconv"

	"example.com/nabla/internal/expr"
)

// A sizer finds where the values of sizes come from: an axis of an argument, the
// length of a family, or else a parameter.
type sizer struct {
	g     *generator
	done  map[*expr.SizeName]bool
	under map[*expr.SizeName]bool // being found
	lines []string
	extra []*expr.SizeName // parameters
}

// An axis is a size that an argument shows.
type axis struct {
	s    *expr.Symbol
	d    *expr.Dim
	text string
}

// axes lists the axes of the arguments: first those that occur.
func (z *sizer) axes() []axis {
	var list []axis
	add := func(s *expr.Symbol) {
		name := z.g.py.symbol(s)
		member := name
		if s.Family != nil {
			if s.Family.Size != nil {
				list = append(list, axis{s, s.Family.Size, "len(" + name + ")"})
			}
			member += "[0]"
		}
		switch s.Kind {
		case expr.Vector:
			list = append(list, axis{s, s.Shape.Rows, member + ".shape[0]"})
		case expr.Matrix:
			list = append(list, axis{s, s.Shape.Rows, member + ".shape[0]"}, axis{s, s.Shape.Cols, member + ".shape[1]"})
		}
	}
	symbols := z.g.b.Symbols()
	for _, s := range symbols {
		if z.g.symbols[s] {
			add(s)
		}
	}
	for _, s := range symbols {
		if !z.g.symbols[s] {
			add(s)
		}
	}
	return list
}

// find makes the value of n known.
func (z *sizer) find(n *expr.SizeName) {
	if z.done[n] {
		return
	}
	z.under[n] = true
	defer delete(z.under, n)
	axes := z.axes()
	for _, simple := range []bool{true, false} {
		for _, occurs := range []bool{true, false} {
			for _, a := range axes {
				if z.g.symbols[a.s] != occurs {
					continue
				}
				text, others, ok := z.solveFor(n, a)
				if !ok || simple != (len(others) == 0 && text == a.text) {
					continue
				}
				for _, o := range others {
					z.find(o)
				}
				z.g.symbols[a.s] = true
				z.lines = append(z.lines, z.g.py.sizes[n]+" = "+text)
				z.done[n] = true
				return
			}
		}
	}
	z.done[n] = true
	z.extra = append(z.extra, n)
}

// solveFor solves the axis' size for n: c n^k with known factors, or a sum in
// which n is linear with coefficient ±1.
func (z *sizer) solveFor(n *expr.SizeName, a axis) (text string, others []*expr.SizeName, ok bool) {
	for _, o := range a.d.Names(nil) {
		if o == n {
			ok = true
		} else if c := counts(z.g.b, o); c != nil {
			z.g.symbols[c] = true
		} else if z.under[o] {
			return "", nil, false
		} else {
			others = append(others, o)
		}
	}
	if !ok {
		return "", nil, false
	}
	if c, pows, mono := a.d.Monomial(); mono {
		text = a.text
		for _, p := range pows {
			if p.Name != n {
				for range p.Exp {
					text += " // " + z.g.py.sizes[p.Name]
				}
			}
		}
		if c != 1 {
			text += " // " + strconv.FormatInt(c, 10)
		}
		for _, p := range pows {
			if p.Name == n && p.Exp > 1 {
				text = "round((" + text + ") ** (1 / " + strconv.Itoa(p.Exp) + "))"
			}
		}
		return text, others, true
	}
	sign := int64(0)
	text = a.text
	a.d.Terms(func(c int64, pows []expr.DimPow) {
		has := false
		for _, p := range pows {
			has = has || p.Name == n
		}
		switch {
		case has && len(pows) == 1 && pows[0].Exp == 1 && (c == 1 || c == -1) && sign == 0:
			sign = c
		case has:
			ok = false
		case c < 0:
			text += " + " + z.g.py.monomial(-c, pows)
		default:
			text += " - " + z.g.py.monomial(c, pows)
		}
	})
	if sign < 0 {
		text = "-(" + text + ")"
	}
	return text, others, ok && sign != 0
}

// monomial writes c times powers of sizes.
func (p *pyNames) monomial(c int64, pows []expr.DimPow) string {
	text := ""
	if c != 1 || len(pows) == 0 {
		text = strconv.FormatInt(c, 10)
	}
	for _, w := range pows {
		for range w.Exp {
			if text != "" {
				text += " * "
			}
			text += p.sizes[w.Name]
		}
	}
	return text
}

// size writes a size.
func (p *pyNames) size(d *expr.Dim) string {
	text := ""
	d.Terms(func(c int64, pows []expr.DimPow) {
		switch {
		case c < 0 && text == "":
			text, c = "-", -c
		case c < 0:
			text, c = text+" - ", -c
		case text != "":
			text += " + "
		}
		text += p.monomial(c, pows)
	})
	if text == "" {
		return "0"
	}
	return text
}
