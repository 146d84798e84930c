package check

import (
	"slices"
	"unicode"

	"example.com/nabla/internal/syntax"
)

// scan walks the expressions once, before anything is typed, to find the names
// that stand where a size is required and those that nothing declares.
func (c *checker) scan() {
	s := scanner{c: c}
	for _, st := range c.prog.Stmts {
		switch st := st.(type) {
		case *syntax.Definition:
			if st.Index.Name != "" {
				s.c.indexNames.add(st.Index.Name)
				s.binders = append(s.binders, st.Index.Name)
			}
			s.expr(st.Body)
			if st.Index.Name != "" {
				s.binders = s.binders[:len(s.binders)-1]
			}
		case *syntax.ExprStmt:
			s.expr(st.X)
		case *syntax.Equation:
			s.expr(st.X)
			s.expr(st.Y)
		}
	}
	for _, e := range c.opts.Side {
		s.expr(e.X)
		s.expr(e.Y)
	}
	for _, n := range s.used {
		if !c.isSize(n) && len(c.functions(n)) == 0 {
			c.unknown.add(n)
		}
	}
	for _, n := range c.opts.Wrt {
		if n = familyName(n); c.find(n) == nil && !c.isSize(n) {
			c.unknown.add(n)
		}
	}
}

type scanner struct {
	c       *checker
	used    []string // names used as values that are no entity
	binders []string
}

func (s *scanner) name(n string) {
	if s.bindsIndex(n) {
		return
	}
	if e := s.c.find(n); e != nil {
		e.used = true
		return
	}
	base, sub, ok := syntax.SplitSubscript(n)
	switch {
	case ok && base == "I" && !s.bindsIndex(sub):
		if isPlain(sub) {
			s.c.sizes.add(sub)
		}
	case ok && s.bindsIndex(sub):
		if e := s.c.find(base); e != nil {
			e.used = true
		} else {
			s.c.unknown.add(base)
		}
	default:
		s.used = append(s.used, n)
	}
}

func (s *scanner) bindsIndex(name string) bool { return slices.Contains(s.binders, name) }

// isPlain reports whether the text of a subscript is a name.
func isPlain(sub string) bool {
	for i, r := range sub {
		if !unicode.IsLetter(r) && (i == 0 || r != '_' && !unicode.IsDigit(r)) {
			return false
		}
	}
	return sub != ""
}

func (s *scanner) expr(x syntax.Expr) {
	s.c.b.Limit.Step(1)
	switch x := x.(type) {
	case *syntax.Name:
		s.name(x.Name)
	case *syntax.Index:
		if e := s.c.find(x.Family.Name); e != nil {
			e.used = true
		} else {
			s.c.unknown.add(x.Family.Name)
		}
	case *syntax.Unary:
		s.expr(x.X)
	case *syntax.Binary:
		s.expr(x.X)
		s.expr(x.Y)
	case *syntax.Norm:
		s.expr(x.X)
	case *syntax.Bars:
		s.expr(x.X)
	case *syntax.SumOver:
		if x.To != nil {
			s.c.addSizes(x.To)
		}
		s.c.indexNames.add(x.Index.Name)
		s.binders = append(s.binders, x.Index.Name)
		s.expr(x.Body)
		s.binders = s.binders[:len(s.binders)-1]
	case *syntax.Fill:
		for _, n := range x.Sizes {
			s.c.addSizes(n)
		}
	case *syntax.Call:
		s.call(x)
	}
}

func (s *scanner) call(x *syntax.Call) {
	if index := s.c.sumIndex(x); index != "" {
		s.c.indexNames.add(index)
		s.binders = append(s.binders, index)
		s.expr(x.Args[1])
		s.binders = s.binders[:len(s.binders)-1]
		return
	}
	if ops := s.c.b.Reg.Overloads(x.Func.Name); len(ops) > 0 && len(ops[0].Sizes) > 0 {
		for i, a := range x.Args {
			if !ops[0].IntArg || i < len(ops[0].Sizes)-1 {
				s.c.addSizes(a)
			}
		}
		return
	}
	for _, a := range x.Args {
		s.expr(a)
	}
}

// addSizes records the names in an expression that stands for a size. A name
// that is declared otherwise is reported where the size is used.
func (c *checker) addSizes(x syntax.Expr) {
	switch x := x.(type) {
	case *syntax.Name:
		c.sizes.add(x.Name)
	case *syntax.Unary:
		c.addSizes(x.X)
	case *syntax.Binary:
		c.addSizes(x.X)
		c.addSizes(x.Y)
	}
}

// isSize reports whether a name stands for a size somewhere.
func (c *checker) isSize(name string) bool {
	if c.sizes.has(name) {
		return true
	}
	for _, s := range c.opts.Sizes {
		if s.Name == name {
			return true
		}
	}
	return false
}

// sumIndex returns the index of a call sum(i, x), or "" if the call is none:
// its first operand is a name that has a declared range or is no value, and
// that occurs as the subscript of a member.
func (c *checker) sumIndex(x *syntax.Call) string {
	if x.Func.Name != "sum" || len(x.Args) != 2 {
		return ""
	}
	n, ok := x.Args[0].(*syntax.Name)
	if !ok {
		return ""
	}
	for _, r := range c.ranges {
		if r.name == n.Name {
			return n.Name
		}
	}
	if c.find(n.Name) == nil && subscripted(x.Args[1], n.Name) != nil {
		return n.Name
	}
	return ""
}

// subscripted returns a member x[i] inside x, for the index of that name, or nil.
func subscripted(x syntax.Expr, index string) (found *syntax.Index) {
	walkMembers(x, func(m *syntax.Index) {
		if n, ok := m.Sub.(*syntax.Name); ok && n.Name == index && found == nil {
			found = m
		}
	})
	return found
}

// walkMembers calls f for the members of families in x, and for names with a
// subscript as if they were members: x_i as x[i].
func walkMembers(x syntax.Expr, f func(*syntax.Index)) {
	syntax.Walk(x, func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Index:
			f(x)
		case *syntax.Name:
			if base, sub, ok := syntax.SplitSubscript(x.Name); ok {
				f(&syntax.Index{At: x.At, Family: syntax.Ident{Name: base, At: x.At}, Sub: &syntax.Name{At: x.At, Name: sub}})
			}
		}
	})
}
