package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// check writes the function that compares the results with differences.
func (d *pythonDialect) check(p *plan.Program, helpers *[]string) string {
	w := NewWriter(d.language(), p) // for the names
	var b strings.Builder
	bases := []*plan.Program{}
	baseName := func(q *plan.Program) string {
		k := slices.Index(bases, q)
		if k < 0 {
			k = len(bases)
			bases = append(bases, q)
		}
		return "_base" + itoa(k+1)
	}
	// names lists the arguments of a program of the check.
	names := func(q *plan.Program, with func(a plan.Parameter) string) string {
		var list []string
		for _, a := range q.Params {
			switch {
			case a.Sym == nil:
				list = append(list, w.Names.Size(a.Size))
			case a.Sym.Kind == expr.Function:
				for _, k := range a.Orders {
					list = append(list, w.Names.Function(a.Sym, k))
				}
			default:
				list = append(list, with(a))
			}
		}
		return strings.Join(list, ", ")
	}
	// A direction that is a parameter is drawn in its name.
	directionOf := map[*expr.Symbol]string{}
	for _, q := range p.Params {
		if q.Direction != nil {
			directionOf[q.Direction] = w.Names.Symbol(q.Sym)
		}
	}
	for _, s := range directions(p) {
		if directionOf[s] == "" {
			directionOf[s] = w.Names.Fresh("d_" + w.Names.Symbol(s))
		}
	}
	direction := func(s *expr.Symbol) string { return directionOf[s] }
	var params, arrays []string
	for _, q := range p.Params {
		switch {
		case q.Sym == nil:
			params = append(params, w.Names.Size(q.Size))
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				params = append(params, w.Names.Function(q.Sym, k))
			}
		default:
			params = append(params, w.Names.Symbol(q.Sym))
			if !isCount(q.Sym) && q.Direction == nil {
				arrays = append(arrays, w.Names.Symbol(q.Sym))
			}
		}
	}
	inner := 0 // 1 within a context
	line := func(depth int, s string) {
		if depth > 0 && s != "" {
			depth += inner
		}
		b.WriteString(strings.Repeat("    ", depth) + s + "\n")
	}
	c := &d.checks
	if c.decorator != "" {
		line(0, c.decorator)
	}
	line(0, "def check_"+p.Name+"("+strings.Join(append(slices.Clone(params), "*", "trials=3", "seed=0", "tolerance=1e-5"), ", ")+"):")
	line(1, `"""Compares the derivatives with central differences in random directions.`)
	if slices.ContainsFunc(p.Params, func(q plan.Parameter) bool { return q.Direction != nil }) {
		line(0, "")
		line(1, "Directions are drawn, those given are not looked at.")
	}
	line(0, "")
	line(1, "Returns the largest relative deviation; raises AssertionError above the tolerance.")
	line(1, `"""`)
	if c.within != "" {
		line(1, c.within)
		merge(helpers, []string{c.helper})
		inner = 1
	}
	line(1, "rng = "+c.rng)
	for _, s := range arrays {
		line(1, s+" = "+c.double(s))
	}
	line(1, "worst = 0.0")
	line(1, "for _ in range(trials):")
	for _, s := range directions(p) {
		line(2, direction(s)+" = "+c.random(w.Names.Symbol(s)))
		d := direction(s)
		switch {
		case s.Facts.Has(expr.Diagonal) && s.Family != nil:
			line(2, d+" = "+d+" * "+c.eye(d+"[0]"))
		case s.Facts.Has(expr.Diagonal):
			line(2, d+" = "+d+" * "+c.eye(d))
		case s.Facts.Has(expr.Symmetric) && s.Family != nil:
			line(2, d+" = "+d+" + "+d+".swapaxes(1, 2)")
		case s.Facts.Has(expr.Symmetric):
			line(2, d+" = "+d+" + "+d+".T")
		}
	}
	call := p.Name + "(" + names(p, func(a plan.Parameter) string { return w.Names.Symbol(a.Sym) }) + ")"
	if len(p.Results) == 1 {
		call = "(" + call + ",)"
	}
	line(2, "results = "+call)
	if c.results != "" {
		line(2, "results = "+c.results)
	}
	var along strings.Builder
	for k, r := range p.Results {
		q := p.Check.Base[k]
		if q == nil {
			continue
		}
		s := r.Wrt
		at := func(sign string) string {
			return baseName(q) + "(" + names(q, func(a plan.Parameter) string {
				if a.Sym == s {
					return w.Names.Symbol(s) + " " + sign + " step * " + direction(s)
				}
				return w.Names.Symbol(a.Sym)
			}) + ")"
		}
		name := "_along" + itoa(k+1)
		along.WriteString("\n\n" + d.function(p.Check.Along[k], name, helpers, plainArguments))
		line(2, "step = 1e-6 * (1 + "+c.largest(w.Names.Symbol(s))+")")
		line(2, "difference = ("+at("+")+" - "+at("-")+") / (2 * step)")
		predicted := name + "(" + names(p.Check.Along[k], func(a plan.Parameter) string {
			switch {
			case a.Result:
				return "results[" + itoa(k) + "]"
			case a.Direction != nil:
				return direction(s)
			}
			return w.Names.Symbol(a.Sym)
		}) + ")"
		line(2, "worst = max(worst, _deviation("+predicted+", difference))")
	}
	line(1, "if not worst <= tolerance:")
	line(2, `raise AssertionError(f"the derivatives deviate from differences by {worst:.1e}")`)
	inner = 0
	line(1, "return worst")
	merge(helpers, []string{c.deviation})
	var out strings.Builder
	for k := 0; k < len(bases); k++ {
		out.WriteString(d.function(bases[k], "_base"+itoa(k+1), helpers, plainArguments) + "\n\n")
	}
	return out.String() + b.String() + along.String()
}
