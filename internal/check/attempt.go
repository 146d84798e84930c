package check

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

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
	a := &attempt{}
	// A scalar is not transposed: θᵀx is an inner product.
	turned := turnedRound(c.prog, soft)
	if len(turned) > 0 {
		a = a.with(c, expr.Vector, turned...)
	}
	if len(turned) == 0 || !a.ok() {
		a = inferWith(c, nil)
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
