package code

import (
	"maps"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A checker has what the functions that compare results with differences are made of,
// in the names of a language.
type checker struct {
	p     *plan.Program
	names *Names
	bases []*plan.Program // the functions that are differenced, each once
	// direction has the name of the direction for each variable that results are by: the
	// parameter's, if it is one.
	direction map[*expr.Symbol]string
}

// newChecker prepares the check of a program. A direction of x that is no parameter is
// called prefix and x. No variable is called base1, along1, … in it, as the functions are
// that it calls.
func newChecker(l *Language, p *plan.Program, prefix string) *checker {
	own := *l
	own.Reserved = maps.Clone(l.Reserved)
	for k := range p.Results {
		own.Reserved["base"+itoa(k+1)], own.Reserved["along"+itoa(k+1)] = true, true
	}
	c := &checker{p: p, names: newNames(&own, p), direction: map[*expr.Symbol]string{}}
	for _, q := range p.Check.Base {
		if q != nil && !slices.Contains(c.bases, q) {
			c.bases = append(c.bases, q)
		}
	}
	for _, q := range p.Params {
		if q.Direction != nil {
			c.direction[q.Direction] = c.names.Symbol(q.Sym)
		}
	}
	for _, s := range directions(p) {
		if c.direction[s] == "" {
			c.direction[s] = c.names.Fresh(prefix + c.names.Symbol(s))
		}
	}
	return c
}

// base numbers the function that is differenced for a result, from 1.
func (c *checker) base(q *plan.Program) int { return slices.Index(c.bases, q) + 1 }

// given reports whether directions are parameters: they are drawn all the same.
func (c *checker) given() bool {
	return slices.ContainsFunc(c.p.Params, func(q plan.Parameter) bool { return q.Direction != nil })
}

// arrays lists the parameters that are turned into arrays of doubles.
func (c *checker) arrays() []*expr.Symbol {
	var list []*expr.Symbol
	for _, q := range c.p.Params {
		if q.Sym != nil && q.Sym.Kind != expr.Function && !isCount(q.Sym) && q.Direction == nil {
			list = append(list, q.Sym)
		}
	}
	return list
}

// arguments lists the arguments of a program that is part of the check; with gives the
// text of a variable.
func (c *checker) arguments(q *plan.Program, with func(a plan.Parameter) string) []string {
	return parameters(q, c.names, with)
}

// self is the text of a variable under its own name.
func (c *checker) self(a plan.Parameter) string { return c.names.Symbol(a.Sym) }

// moved is the text of the variables where s is replaced by text.
func (c *checker) moved(s *expr.Symbol, text string) func(plan.Parameter) string {
	return func(a plan.Parameter) string {
		if a.Sym == s {
			return text
		}
		return c.self(a)
	}
}

// along is the text of the arguments that predict a difference: result k and the
// direction of its variable.
func (c *checker) along(k int, result string) func(plan.Parameter) string {
	return func(a plan.Parameter) string {
		switch {
		case a.Result:
			return result
		case a.Direction != nil:
			return c.direction[c.p.Results[k].Wrt]
		}
		return c.self(a)
	}
}

// parameters lists the parameters of a program by name; with gives the text of a
// variable.
func parameters(p *plan.Program, names *Names, with func(a plan.Parameter) string) []string {
	var list []string
	for _, a := range p.Params {
		switch {
		case a.Sym == nil:
			list = append(list, names.Size(a.Size))
		case a.Sym.Kind == expr.Function:
			for _, k := range a.Orders {
				list = append(list, names.Function(a.Sym, k))
			}
		default:
			list = append(list, with(a))
		}
	}
	return list
}

// named returns the program under another name.
func named(p *plan.Program, name string) *plan.Program {
	q := *p
	q.Name = name
	return &q
}

// docLines lists the lines of the documentation of a program.
func docLines(p *plan.Program) []string {
	var out []string
	for _, line := range p.Doc {
		out = append(out, strings.Split(line, "\n")...)
	}
	return out
}

// neededSizes lists the sizes that occur in what was written, each after those that it
// is found from. The wants of the checks count if they are written.
func (w *Writer) neededSizes(checks bool) []plan.SizeDef {
	if checks {
		for _, c := range w.Prog.Checks {
			w.Size(c.Want, 0)
		}
	}
	for i := len(w.Prog.Sizes) - 1; i >= 0; i-- {
		s := &w.Prog.Sizes[i]
		if !w.UsesSize(s.Size) {
			continue
		}
		for _, d := range []*expr.Dim{s.Minus, s.Over} {
			if d != nil {
				w.Size(d, 0)
			}
		}
	}
	var list []plan.SizeDef
	for _, s := range w.Prog.Sizes {
		if w.UsesSize(s.Size) {
			list = append(list, s)
		}
	}
	return list
}

// pairOf reports whether sizes i and i + 1 of the list are the rows and columns of one
// matrix, so that they are found at once.
func pairOf(list []plan.SizeDef, i int) bool {
	if i+1 >= len(list) {
		return false
	}
	s, t := &list[i], &list[i+1]
	return s.Plain() && t.Plain() && s.From.Sym == t.From.Sym && s.From.Axis == 0 && t.From.Axis == 1 &&
		s.From.Sym.Family == nil && plan.ArgumentRank(s.From.Sym) == 2
}
