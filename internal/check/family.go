package check

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A boundIndex is an index inside its sum.
type boundIndex struct {
	name  string
	size  *expr.Dim
	index *expr.Index // nil during inference
}

// index returns the index of that name and size. Sums over it share it, so that
// equal sums are one node.
func (c *checker) index(name string, size *expr.Dim) *expr.Index {
	if c.flex != nil {
		return nil
	}
	for _, i := range c.indices {
		if i.Name == name && i.Size == size {
			return i
		}
	}
	i := c.b.NewIndex(name, size)
	c.indices = append(c.indices, i)
	return i
}

func (c *checker) boundIndex(name string) *boundIndex {
	for i := len(c.bound) - 1; i >= 0; i-- {
		if c.bound[i].name == name {
			return c.bound[i]
		}
	}
	return nil
}

// sumOver types a sum over an index. Its range is written at the sum or
// declared with the families inside it.
func (c *checker) sumOver(index syntax.Ident, from, to, body syntax.Expr) val {
	if c.boundIndex(index.Name) != nil {
		c.errorf(index.At, "the index %s is bound by an outer sum", index.Name)
		return val{}
	}
	if c.find(index.Name) != nil || c.isSize(index.Name) {
		c.errorf(index.At, "%s has a meaning already and cannot be an index", index.Name)
		return val{}
	}
	var size *expr.Dim
	if to != nil {
		size = c.rangeSize(from, to, index, c.prog.File)
	} else {
		size = c.indexSize(index, body)
	}
	if size == nil {
		return val{}
	}
	i := &boundIndex{name: index.Name, size: size, index: c.index(index.Name, size)}
	c.bound = append(c.bound, i)
	v := c.expr(body)
	c.bound = c.bound[:len(c.bound)-1]
	if v.bad() {
		return v
	}
	s := val{shape: v.shape}
	if c.build {
		s.node = c.b.SumOver(i.index, v.node)
	}
	return s
}

// hasMember reports whether x has a member of a family at the index of that name.
func hasMember(x syntax.Expr, name string) bool {
	found := false
	walkMembers(x, func(m *syntax.Index) {
		n, ok := m.Sub.(*syntax.Name)
		found = found || ok && n.Name == name
	})
	return found
}

// indexSize finds the number of values of an index whose range is not written
// at the sum: that which is declared, or where several are, that of the members inside.
func (c *checker) indexSize(index syntax.Ident, body syntax.Expr) *expr.Dim {
	var declared *expr.Dim
	several := false
	for _, r := range c.ranges {
		if r.name != index.Name {
			continue
		}
		switch d := c.size(r.to, r.file); {
		case declared == nil:
			declared = d
		case d != declared:
			several = true
		}
	}
	if declared != nil && (!several || !hasMember(body, index.Name)) {
		return declared
	}
	var size *expr.Dim
	members, unknown := 0, ""
	walkMembers(body, func(m *syntax.Index) {
		if n, ok := m.Sub.(*syntax.Name); !ok || n.Name != index.Name || size != nil {
			return
		}
		members++
		e := c.find(m.Family.Name)
		switch {
		case e != nil && e.decl != nil:
			c.variable(e, true)
			size = e.size
		case e != nil && e.def != nil && e.def.Index.Name != "":
			if e.sizing {
				if !c.circle {
					c.circle = true
					c.errorf(m.Family.At, "the definition of %s is cyclic", e.name)
				}
				return
			}
			e.sizing = true
			size = c.indexSize(e.def.Index, e.def.Body)
			e.sizing = false
		case e != nil:
			size = e.size
		default:
			unknown = m.Family.Name
			if g := c.guesses[unknown]; g.size != nil {
				size = c.guessed(g, g.size)
			}
		}
	})
	switch {
	case size != nil:
		return size
	case members > 0 && c.flex != nil:
		return c.fresh(roleFamily)
	case members > 0 && c.circle:
		return nil
	case unknown != "" && c.opts.Closed:
		c.unknownName(unknown, index.At)
		return nil
	}
	d := c.errorf(index.At, "the range of %s is unknown", index.Name)
	d.Hint = say("a family declares it, as in x[%s]: vector(n), %s = 1..N", index.Name, index.Name)
	return nil
}

// member types x[i].
func (c *checker) member(family syntax.Ident, index string, at source.Span) val {
	i := c.boundIndex(index)
	if i == nil {
		d := c.errorf(at, "the index %s is not bound here", index)
		d.Hint = say("members stand inside a sum, as in sum(%s, %s[%s])", index, family.Name, index)
		return val{}
	}
	e := c.find(family.Name)
	if e == nil {
		switch {
		case c.opts.Closed:
			return c.unknownName(family.Name, family.At)
		case c.kindOf(family.Name) < 0:
			c.errorf(family.At, "the first letter of %s does not tell its type", family.Name).Hint =
				say("declare it, as in %s[%s]: vector(n), %s = 1..N", family.Name, index, index)
			return val{}
		}
		e = c.undeclared(family.Name, family.At, i)
	}
	if e.def != nil && e.def.Index.Name != "" {
		return c.memberOfDefinition(e, i, at)
	}
	if e.bound == nil && e.def == nil {
		c.variable(e, true)
		if e.shape.Rows == nil {
			return val{}
		}
	}
	if e.size == nil {
		d := c.errorf(family.At, "%s is no family", family.Name)
		d.Hint = say("a family is declared as in %s[%s]: vector(n), %s = 1..N", family.Name, index, index)
		return val{}
	}
	if !c.equal(e.size, i.size, at) {
		c.errorf(at, "%s has %s members, but %s runs from 1 to %s", e.name, c.dimText(e.size), index, c.dimText(i.size))
		return val{}
	}
	v := val{shape: e.shape, integer: e.facts.Has(expr.Integer)}
	if c.build {
		v.node = c.b.Member(e.sym, i.index)
	}
	return v
}

// memberOfDefinition is the body of a[i] = …, with the index of the definition
// standing for i.
func (c *checker) memberOfDefinition(e *entity, i *boundIndex, at source.Span) val {
	if e.open {
		return c.cyclic(e, at)
	}
	if e.cut {
		return c.cutMember(e, i, at)
	}
	for _, m := range e.members {
		if m.index == i.index && m.size == i.size && (m.v.node != nil || !c.build) {
			return m.v
		}
	}
	v := c.memberBodyFor(e, i)
	e.members = append(e.members, memberBody{i.index, i.size, v})
	return v
}

func (c *checker) memberBodyFor(e *entity, i *boundIndex) val {
	e.open = true
	c.opened = append(c.opened, e)
	bound := c.bound
	c.bound = []*boundIndex{{name: e.def.Index.Name, size: i.size, index: i.index}}
	v := c.expr(e.def.Body)
	c.bound = bound
	c.opened = c.opened[:len(c.opened)-1]
	e.open = false
	return v
}

// cutMember is the member of a family that is defined and differentiated by: a
// variable with as many members as the families in its body.
func (c *checker) cutMember(e *entity, i *boundIndex, at source.Span) val {
	if !e.typed {
		e.typed = true
		build := c.build
		c.build = false
		v := c.memberBodyFor(e, i)
		c.build = build
		if v.bad() {
			return v
		}
		e.shape, e.kind = v.shape, v.shape.Kind()
		e.size, e.family = i.size, i.index
	}
	if e.shape.Rows == nil {
		return val{}
	}
	c.variable(e, true)
	if !c.equal(e.size, i.size, at) {
		c.errorf(at, "%s has %s members, but %s runs from 1 to %s", e.name, c.dimText(e.size), i.name, c.dimText(i.size))
		return val{}
	}
	v := val{shape: e.shape}
	if c.build {
		v.node = c.b.Member(e.sym, i.index)
	}
	return v
}

// memberBody types the body of a family's definition that nothing has used,
// for its errors.
func (c *checker) memberBody(e *entity) {
	if len(e.members) > 0 || e.typed {
		return
	}
	size := c.indexSize(e.def.Index, e.def.Body)
	if size == nil {
		return
	}
	i := &boundIndex{name: e.def.Index.Name, size: size, index: c.index(e.def.Index.Name, size)}
	c.memberOfDefinition(e, i, e.at)
}
