package expr

import (
	"slices"
	"strconv"
)

// A Dim is a size: a polynomial with integer coefficients in size names, such
// as n, 3, m*n or n + m - 1. Dims are interned by their Builder, so two Dims of
// one Builder are equal sizes exactly when the pointers are equal.
type Dim struct {
	id    int
	terms []dimTerm // sorted; the zero polynomial has none
	key   string
}

type dimTerm struct {
	coef int64
	pows []DimPow // sorted by name ordinal, exponents ≥ 1
}

// A DimPow is a size name raised to a positive power.
type DimPow struct {
	Name *SizeName
	Exp  int
}

// A SizeName is a name used as a size. Ordinal counts size names of a Builder in
// order of first occurrence, so that nothing depends on the spelling.
type SizeName struct {
	Name    string
	Ordinal int
	Symbol  *Symbol // the integer scalar that the size is the value of, or nil
}

// ID numbers the Dims of a Builder in order of first occurrence.
func (d *Dim) ID() int { return d.id }

// IsOne reports whether d is the number 1 (the size of the missing axis of a
// vector or scalar).
func (d *Dim) IsOne() bool { c, ok := d.Const(); return ok && c == 1 }

// Const returns the number that d is, if it has no names.
func (d *Dim) Const() (int64, bool) {
	switch {
	case len(d.terms) == 0:
		return 0, true
	case len(d.terms) == 1 && len(d.terms[0].pows) == 0:
		return d.terms[0].coef, true
	}
	return 0, false
}

// Monomial returns the coefficient and powers of d if d is a single product.
func (d *Dim) Monomial() (coef int64, pows []DimPow, ok bool) {
	if len(d.terms) != 1 {
		return 0, nil, false
	}
	return d.terms[0].coef, d.terms[0].pows, true
}

// Terms calls f for each product of the polynomial.
func (d *Dim) Terms(f func(coef int64, pows []DimPow)) {
	for _, t := range d.terms {
		f(t.coef, t.pows)
	}
}

// Value evaluates d with sizes for its names. The result is exact unless it
// overflows, which sizes of matrices do not.
func (d *Dim) Value(size func(*SizeName) int64) int64 {
	total := int64(0)
	for _, t := range d.terms {
		p := t.coef
		for _, w := range t.pows {
			for range w.Exp {
				p *= size(w.Name)
			}
		}
		total += p
	}
	return total
}

// Names appends the size names of d that are not yet in list.
func (d *Dim) Names(list []*SizeName) []*SizeName {
	for _, t := range d.terms {
		for _, w := range t.pows {
			if !slices.Contains(list, w.Name) {
				list = append(list, w.Name)
			}
		}
	}
	return list
}

// String writes d in the language: "m*n", "n + m - 1", "2*k^2".
func (d *Dim) String() string {
	if len(d.terms) == 0 {
		return "0"
	}
	var b []byte
	for i, t := range d.terms {
		c := t.coef
		switch {
		case i > 0 && c < 0:
			b, c = append(b, " - "...), -c
		case i > 0:
			b = append(b, " + "...)
		case c < 0:
			b, c = append(b, '-'), -c
		}
		star := false
		if c != 1 || len(t.pows) == 0 {
			b, star = strconv.AppendInt(b, c, 10), true
		}
		for _, w := range t.pows {
			if star {
				b = append(b, '*')
			}
			b, star = append(b, w.Name.Name...), true
			if w.Exp > 1 {
				b = strconv.AppendInt(append(b, '^'), int64(w.Exp), 10)
			}
		}
	}
	return string(b)
}

// Sizes interns Dims. The zero value is ready to use. A Builder embeds one.
type Sizes struct {
	dims  map[string]*Dim
	list  []*Dim
	names map[string]*SizeName
	small [4]*Dim
}

// reset forgets everything; the sizes made so far stay valid but are no longer
// interned.
func (s *Sizes) reset() {
	clear(s.dims)
	clear(s.names)
	clear(s.list)
	s.list, s.small = s.list[:0], [4]*Dim{}
}

// SizeNames returns how many size names there are.
func (s *Sizes) SizeNames() int { return len(s.names) }

// Dims returns every Dim made so far, by ID.
func (s *Sizes) Dims() []*Dim { return s.list }

// LookupSize returns the size name, or nil.
func (s *Sizes) LookupSize(name string) *SizeName { return s.names[name] }

// SizeName returns the size of that name, made at first use.
func (s *Sizes) SizeName(name string) *SizeName {
	if n := s.names[name]; n != nil {
		return n
	}
	if s.names == nil {
		s.names = make(map[string]*SizeName, 8)
	}
	n := &SizeName{Name: name, Ordinal: len(s.names)}
	s.names[name] = n
	return n
}

// Size returns the Dim that is the size name alone.
func (s *Sizes) Size(name string) *Dim {
	return s.intern([]dimTerm{{1, []DimPow{{s.SizeName(name), 1}}}})
}

// Const returns the Dim that is the number n.
func (s *Sizes) Const(n int64) *Dim {
	if n >= 0 && n < int64(len(s.small)) {
		if s.small[n] == nil {
			s.small[n] = s.intern(constTerms(n))
		}
		return s.small[n]
	}
	return s.intern(constTerms(n))
}

func constTerms(n int64) []dimTerm {
	if n == 0 {
		return nil
	}
	return []dimTerm{{n, nil}}
}

// One returns the Dim 1.
func (s *Sizes) One() *Dim { return s.Const(1) }

func (s *Sizes) intern(terms []dimTerm) *Dim {
	var buf [64]byte
	k := buf[:0]
	for _, t := range terms {
		k = strconv.AppendInt(k, t.coef, 10)
		for _, w := range t.pows {
			k = strconv.AppendInt(append(k, 'n'), int64(w.Name.Ordinal), 10)
			k = strconv.AppendInt(append(k, '^'), int64(w.Exp), 10)
		}
		k = append(k, ';')
	}
	if d := s.dims[string(k)]; d != nil {
		return d
	}
	if s.dims == nil {
		s.dims = make(map[string]*Dim, 8)
	}
	d := &Dim{id: len(s.list), terms: terms, key: string(k)}
	s.dims[d.key] = d
	s.list = append(s.list, d)
	return d
}

func comparePows(a, b []DimPow) int {
	degree := func(p []DimPow) (n int) {
		for _, w := range p {
			n += w.Exp
		}
		return n
	}
	if c := degree(b) - degree(a); c != 0 {
		return c // higher degree first
	}
	for i := range min(len(a), len(b)) {
		if c := a[i].Name.Ordinal - b[i].Name.Ordinal; c != 0 {
			return c
		}
		if c := b[i].Exp - a[i].Exp; c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

func normalTerms(terms []dimTerm) []dimTerm {
	slices.SortStableFunc(terms, func(a, b dimTerm) int { return comparePows(a.pows, b.pows) })
	out := terms[:0]
	for _, t := range terms {
		if k := len(out); k > 0 && comparePows(out[k-1].pows, t.pows) == 0 {
			out[k-1].coef += t.coef
		} else {
			out = append(out, t)
		}
	}
	return slices.DeleteFunc(out, func(t dimTerm) bool { return t.coef == 0 })
}

// Add returns a + b.
func (s *Sizes) Add(a, b *Dim) *Dim {
	return s.intern(normalTerms(append(slices.Clone(a.terms), b.terms...)))
}

// Sub returns a − b.
func (s *Sizes) Sub(a, b *Dim) *Dim { return s.Add(a, s.Mul(s.Const(-1), b)) }

// Mul returns a b.
func (s *Sizes) Mul(a, b *Dim) *Dim {
	if a.IsOne() {
		return b
	}
	if b.IsOne() {
		return a
	}
	var terms []dimTerm
	for _, t := range a.terms {
		for _, u := range b.terms {
			pows := append(slices.Clone(t.pows), u.pows...)
			slices.SortStableFunc(pows, func(v, w DimPow) int { return v.Name.Ordinal - w.Name.Ordinal })
			merged := pows[:0]
			for _, w := range pows {
				if k := len(merged); k > 0 && merged[k-1].Name == w.Name {
					merged[k-1].Exp += w.Exp
				} else {
					merged = append(merged, w)
				}
			}
			terms = append(terms, dimTerm{t.coef * u.coef, merged})
		}
	}
	return s.intern(normalTerms(terms))
}

// Product returns the product of dims (1 for none).
func (s *Sizes) Product(dims ...*Dim) *Dim {
	p := s.One()
	for _, d := range dims {
		p = s.Mul(p, d)
	}
	return p
}
