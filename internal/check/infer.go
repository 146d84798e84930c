package check

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A guess is what inference found of an undeclared name. Its sizes belong to
// the inference.
type guess struct {
	kind  expr.Kind
	shape expr.Shape
	size  *expr.Dim // of a family
	names map[*expr.SizeName]string
}

// spellsGreek reports whether a name is a lower-case Greek letter, spelled, before any
// subscript.
func spellsGreek(name string) bool {
	end := 0
	for end < len(name) && 'a' <= name[end] && name[end] <= 'z' {
		end++
	}
	if end < len(name) && name[end] < utf8.RuneSelf && name[end] != '_' && (name[end] < '0' || name[end] > '9') {
		return false
	}
	letter, _ := utf8.DecodeRuneInString(syntax.Greek(name[:end]))
	return unicode.Is(unicode.Greek, letter)
}

// kindOf returns the kind of an undeclared name by its first letter, or −1 if
// the letter says nothing.
func kindOf(name string) expr.Kind {
	r, _ := utf8.DecodeRuneInString(name)
	switch {
	case spellsGreek(name):
		return expr.Scalar
	case 'a' <= r && r <= 'g':
		return expr.Scalar
	case 'h' <= r && r <= 'z':
		return expr.Vector
	case 'A' <= r && r <= 'Z' || unicode.Is(unicode.Greek, r) && unicode.IsUpper(r):
		return expr.Matrix
	case unicode.Is(unicode.Greek, r):
		return expr.Scalar
	}
	return -1
}

// kindOf returns the kind of an undeclared name: the one in the options, or else
// by its first letter.
func (c *checker) kindOf(name string) expr.Kind {
	if k := c.kind(name); k != nil {
		return kinds[k.Kind]
	}
	return kindOf(name)
}

// kind returns what the options say of an undeclared name, or nil.
func (c *checker) kind(name string) *NameKind {
	for i := range c.opts.Kinds {
		if k := &c.opts.Kinds[i]; k.Name == name {
			return k
		}
	}
	return nil
}

// freeSize returns the size of a name of Options.Free: a size variable during
// inference, later what was found; nil if nothing was asked of it.
func (c *checker) freeSize(name string) *expr.Dim {
	if c.flex == nil {
		if g, ok := c.guesses[name]; ok {
			return c.guessed(g, g.shape.Rows)
		}
		return nil
	}
	if d, ok := c.free[name]; ok {
		return d
	}
	if c.free == nil {
		c.free = map[string]*expr.Dim{}
	}
	d := c.fresh(roleVector)
	c.free[name] = d
	return d
}

// kindFacts adds the facts that the options state of an undeclared name, and
// reports those that do not fit.
func (c *checker) kindFacts(e *entity, k *NameKind) {
	if k == nil {
		return
	}
	for _, f := range k.Facts {
		if factOf(f.Name)&square != 0 && e.kind == expr.Matrix && c.flex != nil {
			c.equal(e.shape.Rows, e.shape.Cols, f.At)
		}
	}
	typed := *e
	typed.decl = &syntax.Decl{File: c.prog.File, Facts: k.Facts}
	c.declaredFacts(&typed, expr.Shape{Rows: c.resolved(e.shape.Rows), Cols: c.resolved(e.shape.Cols)})
	e.facts = typed.facts
}

// resolved is resolve, also where nothing is inferred.
func (c *checker) resolved(d *expr.Dim) *expr.Dim {
	if c.flex == nil {
		return d
	}
	return c.resolve(d)
}

// undeclared makes the variable of a name that nothing declares: with size
// variables during inference, later with the sizes that were found. index is
// not nil for a family.
func (c *checker) undeclared(name string, at source.Span, index *boundIndex) *entity {
	e := &entity{name: name, at: at, file: c.prog.File, typed: true, inferred: true}
	if c.flex == nil {
		if g, ok := c.guesses[name]; ok {
			e.kind = g.kind
			e.shape = expr.Shape{Rows: c.guessed(g, g.shape.Rows), Cols: c.guessed(g, g.shape.Cols)}
			if g.size != nil {
				e.size = c.guessed(g, g.size)
				e.family = c.index(index.name, e.size)
			}
		}
		c.kindFacts(e, c.kind(name))
		c.add(e)
		return e
	}
	e.kind = c.kindOf(name)
	if k, ok := c.as[name]; ok {
		e.kind = k
	}
	e.shape = expr.Shape{Rows: c.sz.One(), Cols: c.sz.One()}
	switch e.kind {
	case expr.Vector:
		e.shape.Rows = c.fresh(roleVector)
	case expr.Matrix:
		e.shape.Rows = c.fresh(roleRows)
		e.shape.Cols = c.fresh(roleCols)
	}
	if index != nil {
		e.size = index.size
	}
	c.kindFacts(e, c.kind(name))
	c.add(e)
	return e
}

// guessed returns a size of a guess as a size of the builder.
func (c *checker) guessed(g guess, d *expr.Dim) *expr.Dim {
	return translate(c.sz, d, func(n *expr.SizeName) string {
		if s, ok := g.names[n]; ok {
			return s
		}
		return n.Name
	})
}

// Printed names for size variables, in order of preference.
var sizePool = [...][]string{
	roleRows:   {"m", "p", "q", "k", "r", "s", "l", "u", "v"},
	roleCols:   {"n", "p", "q", "k", "r", "s", "l", "u", "v"},
	roleFamily: {"N", "M", "K", "L"},
}

// nameSizes gives each size variable that stands for itself a readable name
// that the program does not use: m and n for rows and columns of the first
// matrix, n for a vector or a square matrix.
func (c *checker) nameSizes() {
	c.sizeNames = map[*expr.SizeName]string{}
	f := c.flex
	root := func(i int) int { // the variable that i is equal to, or −1
		for f.vars[i].value != nil {
			_, pows, ok := f.vars[i].value.Monomial()
			if !ok || len(pows) != 1 {
				return -1
			}
			k, flex := f.number[pows[0].Name]
			if !flex || f.vars[i].value != c.sz.Size(pows[0].Name.Name) {
				return -1
			}
			i = k
		}
		return i
	}
	roles := make([]sizeRole, len(f.vars))
	for i, v := range f.vars {
		k := root(i)
		if k < 0 || roles[k] != roleVector {
			continue
		}
		switch v.role {
		case roleRows:
			roles[k] = roleRows
			if i+1 < len(f.vars) && f.vars[i+1].role == roleCols && root(i+1) == k {
				roles[k] = roleCols
			}
		case roleCols, roleFamily:
			roles[k] = v.role
		}
	}
	var taken names
	next := 1
	free := func(n string) bool { return !taken.has(n) && !c.isTaken(n) }
	for i, v := range f.vars {
		if v.value != nil {
			continue
		}
		role := roles[i]
		if role == roleVector {
			role = roleCols
		}
		name := ""
		for _, n := range sizePool[role] {
			if free(n) {
				name = n
				break
			}
		}
		for ; name == ""; next++ {
			if n := "n" + strconv.Itoa(next); free(n) {
				name = n
			}
		}
		taken.add(name)
		c.sizeNames[v.name] = name
	}
}

// isTaken reports whether the program uses a name.
func (c *checker) isTaken(name string) bool {
	if c.find(name) != nil || c.isSize(name) || c.unknown.has(name) || c.indexNames.has(name) {
		return true
	}
	for _, r := range c.ranges {
		if r.name == name {
			return true
		}
	}
	return false
}
