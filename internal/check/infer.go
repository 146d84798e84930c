package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"
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

// softScalar reports whether an undeclared name is a scalar by its letter, a to g
// or lower-case Greek, which is only a guess: it is a vector where a scalar does
// not fit, as the bias in W1*X + b1*ones(N)'.
func softScalar(name string) bool { return kindOf(name) == expr.Scalar }

// maxSoft bounds the names that are tried as vectors.
const maxSoft = 4

// An attempt is inference with some names of another kind than their letter says.
type attempt struct {
	kinds map[string]expr.Kind
	found map[string]guess
	errs  source.List
	// scalar: the result is one. shifted are the names that stand for a scalar taken from
	// the entries of a vector, or the other way round, as c in x - c.
	scalar  bool
	shifted []string
}

func (a *attempt) ok() bool { return len(a.errs) == 0 }

// with makes an attempt with further names of a kind.
func (a *attempt) with(c *checker, k expr.Kind, names ...string) *attempt {
	kinds := map[string]expr.Kind{}
	maps.Copy(kinds, a.kinds)
	for _, n := range names {
		kinds[n] = k
	}
	return inferWith(c, kinds)
}

// infer types the undeclared names of the program of c by their letters, which are a guess:
// another reading is taken where that one does not fit, or means what hardly anybody means.
// The errors reported are those of the letters.
func infer(c *checker) (map[string]guess, source.List) {
	var soft, loose []string
	for _, n := range c.unknown.list {
		switch {
		case c.kind(n) != nil || slices.Contains(soft, n) || slices.Contains(loose, n):
		case softScalar(n):
			soft = append(soft, n)
		case kindOf(n) == expr.Vector:
			loose = append(loose, n)
		}
	}
	families := c.members(loose)
	a := inferWith(c, nil)
	// A scalar is not transposed: θᵀx is an inner product.
	if turned := turnedRound(c.prog, soft); len(turned) > 0 {
		if b := a.with(c, expr.Vector, turned...); b.ok() {
			a = b
		}
	}
	if !a.ok() {
		b := a.mended(c, soft, loose, families)
		if b == nil {
			return nil, a.errs
		}
		a = b
	}
	// From a vector a vector is taken, as in A*x - b: one number from all entries is written
	// with the names of small numbers, or declared.
	if len(a.shifted) > 0 {
		if b := a.with(c, expr.Vector, a.shifted...); b.ok() {
			a = b
		}
	}
	// x'*b and a'*X*b are inner products; what goes with vectors in a sum over samples and
	// makes it no number is a label.
	if !a.scalar {
		if b := a.only(c, expr.Vector, soft); b != nil && b.scalar {
			a = b
		} else if len(families) > 1 {
			if b := a.only(c, expr.Scalar, families); b != nil && b.scalar {
				a = b
			}
		}
	}
	return a.found, nil
}

// mended returns an attempt that fits, or nil: sets of names that are scalars by their letter
// are tried as vectors, small sets first, then a name as a scalar if just one does, a family
// or t in A + t*B.
func (a *attempt) mended(c *checker, soft, loose, families []string) *attempt {
	if len(soft) <= maxSoft {
		for size := 1; size <= len(soft); size++ {
			for set := 1; set < 1<<len(soft); set++ {
				var vectors []string
				for i, n := range soft {
					if set&(1<<i) != 0 {
						vectors = append(vectors, n)
					}
				}
				if len(vectors) != size {
					continue
				}
				if b := a.with(c, expr.Vector, vectors...); b.ok() {
					return b
				}
			}
		}
	}
	var numbers []string
	for _, n := range loose {
		if slices.Contains(families, n) || 'h' <= n[0] && n[0] <= 't' {
			numbers = append(numbers, n)
		}
	}
	return a.only(c, expr.Scalar, numbers)
}

// only returns the attempt in which one of the names is of another kind, if there is just one
// that fits and has a scalar as result where another has, or nil.
func (a *attempt) only(c *checker, k expr.Kind, names []string) *attempt {
	var one *attempt
	for _, n := range names {
		if _, set := a.kinds[n]; set || len(names) > maxSoft {
			continue
		}
		b := a.with(c, k, n)
		switch {
		case !b.ok():
		case one == nil || b.scalar && !one.scalar:
			one = b
		case b.scalar == one.scalar:
			return nil
		}
	}
	return one
}

// members returns those of the names that are families.
func (c *checker) members(names []string) []string {
	var out []string
	c.prog.Walk(func(x syntax.Expr) {
		name := ""
		switch x := x.(type) {
		case *syntax.Index:
			name = x.Family.Name
		case *syntax.Name:
			if base, _, ok := syntax.SplitSubscript(x.Name); ok {
				name = base
			}
		}
		if slices.Contains(names, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	})
	return out
}

// centres are the letters of what is taken from a vector: scalars by their letter that are no
// usual names of small numbers.
const centres = "abcdfgβθμξ"

// shifts notes a name among the operands of a difference that is a scalar by its letter where
// the other operand is a vector.
func (c *checker) shifts(b *syntax.Binary, x, y val) {
	left, right := b.X, b.Y
	if l, ok := left.(*syntax.Binary); ok && (l.Op == syntax.Add || l.Op == syntax.Sub) {
		left = l.Y // x - a - b
	}
	for _, one := range []struct {
		x     syntax.Expr
		v, by val
	}{{left, x, y}, {right, y, x}} {
		var name string
		switch x := one.x.(type) {
		case *syntax.Name:
			name = x.Name
		case *syntax.Index:
			name = x.Family.Name
		}
		if one.v.shape.IsScalar() && one.by.shape.IsVector() && isCentre(name) && c.kind(name) == nil && c.unknown.has(name) {
			c.shifted = append(c.shifted, name)
		}
	}
}

// isCentre reports whether a name is one of the letters centres, with any subscript.
func isCentre(name string) bool {
	base, _, _ := syntax.SplitSubscript(name)
	base = strings.TrimRight(base, "0123456789′")
	if g := syntax.Greek(base); g != "" {
		base = g
	}
	r, n := utf8.DecodeRuneInString(base)
	return n > 0 && n == len(base) && strings.ContainsRune(centres, r)
}

// turnedRound returns those of the names that the program transposes.
func turnedRound(prog *syntax.Program, names []string) []string {
	var out []string
	prog.Walk(func(x syntax.Expr) {
		if u, ok := x.(*syntax.Unary); ok && u.Op == syntax.Transpose {
			if n, ok := u.X.(*syntax.Name); ok && slices.Contains(names, n.Name) && !slices.Contains(out, n.Name) {
				out = append(out, n.Name)
			}
		}
	})
	return out
}

// inferWith makes one attempt, with names of the given kinds.
func inferWith(from *checker, as map[string]expr.Kind) *attempt {
	var diags source.List
	var sizes expr.Sizes
	c := &checker{
		b: from.b, sz: &sizes, prog: from.prog, opts: from.opts, diags: &diags,
		sizes: from.sizes, ranges: from.ranges, unknown: from.unknown, indexNames: from.indexNames, as: as,
		flex: &flexible{number: map[*expr.SizeName]int{}},
	}
	same := func(n *expr.SizeName) string { return n.Name }
	for _, e := range from.entities {
		f := &entity{name: e.name, at: e.at, file: e.file, decl: e.decl, def: e.def, bound: e.bound, cut: e.cut, used: e.used}
		if e.bound != nil {
			f.shape = expr.Shape{Rows: translate(&sizes, e.shape.Rows, same), Cols: translate(&sizes, e.shape.Cols, same)}
		}
		c.add(f)
	}
	c.program()
	if len(diags) > 0 {
		diags.Sort()
		return &attempt{kinds: as, errs: diags}
	}
	found := make(map[string]guess, len(c.unknown.list))
	c.nameSizes()
	for _, e := range c.entities {
		if !e.inferred {
			continue
		}
		g := guess{kind: e.kind, names: c.sizeNames,
			shape: expr.Shape{Rows: c.resolve(e.shape.Rows), Cols: c.resolve(e.shape.Cols)}}
		if e.size != nil {
			g.size = c.resolve(e.size)
		}
		found[e.name] = g
	}
	for _, n := range c.opts.Free {
		if d, ok := c.free[n]; ok {
			found[n] = guess{names: c.sizeNames, shape: expr.Shape{Rows: c.resolve(d)}}
		}
	}
	return &attempt{kinds: as, found: found, scalar: c.result.IsScalar(), shifted: c.shifted}
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
