package bind

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"example.com/nabla/internal/data"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// fitted returns the array with as many axes as the variable has. Axes of length 1 are
// left out; a column is added to a table of one column and where the declaration says
// that there is one.
func fitted(s *expr.Symbol, src source) (*data.Array, error) {
	a := src.array
	want := plan.ArgumentRank(s)
	have := len(a.Shape)
	if have == want {
		return a, nil
	}
	if have > want {
		if b, ok := a.WithRank(want); ok {
			return b, nil
		}
		return nil, rankError(s, src)
	}
	one := func(d *expr.Dim) bool { return d.IsOne() }
	dims := plan.ArgumentShape(s)
	if have == want-1 {
		switch last := dims[want-1]; {
		case one(last), a.Columns != nil, s.Kind == expr.Matrix && isTable(a.File):
			b, _ := a.WithRank(want)
			return b, nil
		case want == 2 && s.Kind == expr.Matrix && one(dims[0]):
			values, err := a.Values()
			if err != nil {
				return nil, err
			}
			b, err := data.New(a.Name, []int{1, len(values)}, values)
			if err == nil {
				b.File, b.Type = a.File, a.Type
			}
			return b, err
		}
	}
	if !slices.ContainsFunc(dims, func(d *expr.Dim) bool { return !one(d) }) {
		b, _ := a.WithRank(want)
		return b, nil
	}
	return nil, rankError(s, src)
}

func isTable(file string) bool {
	f := strings.TrimSuffix(strings.ToLower(file), ".gz")
	return strings.HasSuffix(f, ".csv") || strings.HasSuffix(f, ".tsv")
}

// rankError says that an array has the wrong number of axes.
func rankError(s *expr.Symbol, src source) error {
	a := src.array
	_, decl, _ := strings.Cut(Declaration(s), ": ")
	name := s.Name
	if s.Family != nil {
		name = fmt.Sprintf("%s[%s]", s.Name, s.Family.Name)
	}
	e := &Error{Message: fmt.Sprintf("%s is %s, which takes %s; %s is %s", name, decl, rankText(plan.ArgumentRank(s)), src.text, shapeText(a.Shape))}
	switch {
	case s.Family != nil:
		e.Hint = "the first axis counts the members"
	case a.Columns != nil && s.Kind != expr.Matrix:
		e.Hint = fmt.Sprintf("one column of the table is a vector: %s=%s:%s", s.Name, a.File, a.Columns[len(a.Columns)-1])
	case len(a.Shape) == 0:
		e.Hint = fmt.Sprintf("%s=zeros or %s=ones fills in a number; or declare --var '%s: scalar'", s.Name, s.Name, s.Name)
	case s.Inferred && (len(a.Shape) == 1 || len(a.Shape) == 2 && a.Shape[1] == 1):
		e.Hint = fmt.Sprintf("it can be declared: --var '%s: vector(%s)'", s.Name, sizeLetter(s))
	case s.Inferred && len(a.Shape) == 2:
		e.Hint = fmt.Sprintf("it can be declared: --var '%s: matrix(…, …)'", s.Name)
	}
	return e
}

func sizeLetter(s *expr.Symbol) string {
	if names := s.Shape.Rows.Names(nil); names != nil {
		return s.Shape.Rows.String()
	}
	return "n"
}

func rankText(rank int) string {
	switch rank {
	case 0:
		return "a number"
	case 1:
		return "a vector"
	case 2:
		return "a matrix"
	}
	return fmt.Sprintf("an array with %d axes", rank)
}

func shapeText(shape []int) string {
	switch len(shape) {
	case 0:
		return "a number"
	case 1:
		return fmt.Sprintf("a vector of %d", shape[0])
	}
	return data.ShapeText(shape)
}

// An axis is an axis of an array with the size that it must have.
type axis struct {
	v      *Variable
	k      int
	size   *expr.Dim
	length int
}

// text is "X has 442 rows".
func (x *axis) what() string {
	s := x.v.Sym
	if s.Family != nil {
		if x.k == 0 {
			return "members"
		}
		return [...]string{"entries", "rows", "columns"}[x.k-1+len(x.v.Array.Shape)-2]
	}
	if s.Kind == expr.Vector {
		return "entries"
	}
	return [...]string{"rows", "columns"}[x.k]
}

// A reason is why a size has its value.
type reason struct {
	axis *axis  // the length of an axis
	text string // or else what gave it
}

// solve finds the sizes from the axes of the data, and compares them.
func (b *Bound) solve(req *Request) error {
	builder := req.Program.Builder
	because := map[string]reason{}
	var axes []*axis
	var names []*expr.SizeName
	for _, v := range b.Variables {
		dims := plan.ArgumentShape(v.Sym)
		for k, d := range dims {
			names = d.Names(names)
			if v.Array != nil {
				axes = append(axes, &axis{v, k, d, v.Array.Shape[k]})
			}
		}
	}
	for _, q := range req.Program.Params {
		if q.Size != nil && !slices.Contains(names, q.Size) {
			names = append(names, q.Size)
		}
	}
	for _, r := range req.Program.Results {
		for _, v := range plan.Schedule([]*plan.Value{r.Value}) {
			for _, d := range append([]*expr.Dim{v.Rows, v.Cols}, v.Dims...) {
				if d != nil {
					names = d.Names(names)
				}
			}
		}
	}
	slices.SortFunc(names, func(x, y *expr.SizeName) int { return x.Ordinal - y.Ordinal })
	if err := b.integers(because); err != nil {
		return err
	}
	// What an axis shows by itself goes before what the caller says, so that a
	// disagreement names both.
	for _, x := range axes {
		if n := alone(x.size); n != nil {
			if _, ok := b.Sizes[n.Name]; !ok {
				b.Sizes[n.Name], because[n.Name] = x.length, reason{axis: x}
			}
		}
	}
	given := make([]string, 0, len(req.Sizes))
	for name := range req.Sizes {
		given = append(given, name)
	}
	sort.Strings(given)
	for _, name := range given {
		n := req.Sizes[name]
		if builder.LookupSize(name) == nil {
			e := &Error{Message: fmt.Sprintf("--size %s=%d: the program has no size %s", name, n, name)}
			if len(names) > 0 {
				e.Hint = "it has " + joinNames(names)
			}
			return e
		}
		if have, ok := b.Sizes[name]; ok && have != n {
			return &Error{Message: fmt.Sprintf("--size %s=%d: %s is %d, as %s", name, n, name, have, because[name].String())}
		}
		if _, ok := b.Sizes[name]; !ok {
			b.Sizes[name], because[name] = n, reason{text: fmt.Sprintf("--size says %s = %d", name, n)}
		}
	}
	for again := true; again; {
		again = false
		for _, x := range axes {
			n, ok := b.unknown(x.size)
			if !ok {
				continue
			}
			value, ok := b.invert(x.size, n, x.length)
			if !ok {
				return &Error{Message: fmt.Sprintf("%s has %d %s, which is not %s for any whole %s ≥ 1", x.v.Sym.Name, x.length, x.what(), x.size, n.Name),
					Notes: b.lines(because, x)}
			}
			b.Sizes[n.Name], because[n.Name] = value, reason{axis: x}
			again = true
		}
	}
	for _, x := range axes {
		if len(b.missing(x.size)) > 0 {
			continue
		}
		if want := b.value(x.size); want != x.length {
			return b.mismatch(x, want, because)
		}
	}
	for _, n := range names {
		if _, ok := b.Sizes[n.Name]; !ok {
			e := &Error{Message: fmt.Sprintf("the size %s is not known: no data show it", n.Name), Hint: fmt.Sprintf("--size %s=N", n.Name)}
			for _, v := range b.Variables {
				for _, d := range plan.ArgumentShape(v.Sym) {
					if slices.Contains(d.Names(nil), n) && e.Notes == nil {
						e.Notes = []string{Declaration(v.Sym)}
					}
				}
			}
			return e
		}
	}
	return nil
}

func joinNames(names []*expr.SizeName) string {
	var list []string
	for _, n := range names {
		list = append(list, n.Name)
	}
	return strings.Join(list, ", ")
}

// integers takes the values of integer scalars as those of the sizes of their names.
func (b *Bound) integers(because map[string]reason) error {
	for _, v := range b.Variables {
		s := v.Sym
		if !s.Facts.Has(expr.Integer) || s.Family != nil || v.Array == nil || s.Kind != expr.Scalar {
			continue
		}
		values, err := v.Array.Values()
		if err != nil {
			return err
		}
		x := values[0]
		if x != math.Trunc(x) || math.Abs(x) > 1<<31 {
			return &Error{Message: fmt.Sprintf("%s is declared integer; it is %v", s.Name, x)}
		}
		if b.prog.Builder.LookupSize(s.Name) == nil {
			continue
		}
		if x < 1 {
			return &Error{Message: fmt.Sprintf("%s counts something and is 1 or more; it is %v", s.Name, x)}
		}
		b.Sizes[s.Name] = int(x)
		because[s.Name] = reason{text: fmt.Sprintf("%s is %v", s.Name, x)}
	}
	return nil
}

// alone returns the name that a size is, nil for what is no single name.
func alone(d *expr.Dim) *expr.SizeName {
	c, pows, ok := d.Monomial()
	if ok && c == 1 && len(pows) == 1 && pows[0].Exp == 1 {
		return pows[0].Name
	}
	return nil
}

func (b *Bound) missing(d *expr.Dim) []*expr.SizeName {
	var list []*expr.SizeName
	for _, n := range d.Names(nil) {
		if _, ok := b.Sizes[n.Name]; !ok {
			list = append(list, n)
		}
	}
	return list
}

// unknown returns the only name in a size that has no value yet.
func (b *Bound) unknown(d *expr.Dim) (*expr.SizeName, bool) {
	list := b.missing(d)
	if len(list) != 1 {
		return nil, false
	}
	return list[0], true
}

func (b *Bound) value(d *expr.Dim) int {
	return int(d.Value(func(n *expr.SizeName) int64 { return int64(b.Sizes[n.Name]) }))
}

// invert returns n ≥ 1 such that the size d is length: sizes are monotone in each of
// their names.
func (b *Bound) invert(d *expr.Dim, n *expr.SizeName, length int) (int, bool) {
	at := func(v int) int64 {
		return d.Value(func(m *expr.SizeName) int64 {
			if m == n {
				return int64(v)
			}
			return int64(b.Sizes[m.Name])
		})
	}
	lo, hi := 1, 1
	sign := int64(1)
	if at(2) < at(1) {
		sign = -1
	}
	want := sign * int64(length)
	for sign*at(hi) < want && hi < 1<<30 {
		hi *= 2
	}
	for lo < hi {
		mid := (lo + hi) / 2
		if sign*at(mid) < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, at(lo) == int64(length)
}

// String says why: X has 442 rows.
func (r reason) String() string {
	if r.axis == nil {
		return r.text
	}
	return fmt.Sprintf("%s has %d %s", r.axis.v.Sym.Name, r.axis.length, r.axis.what())
}

// mismatch says that an axis has another length than it must have.
func (b *Bound) mismatch(x *axis, want int, because map[string]reason) error {
	size := x.size.String()
	if _, isConst := x.size.Const(); !isConst {
		size += " = " + strconv.Itoa(want)
	}
	e := &Error{Notes: b.lines(because, x)}
	var reasons []string
	for _, n := range x.size.Names(nil) {
		reasons = append(reasons, because[n.Name].String())
	}
	if reasons == nil {
		reasons = []string{"it is declared " + strings.SplitN(Declaration(x.v.Sym), ": ", 2)[1]}
	}
	what := x.what()
	if want == 1 {
		what = map[string]string{"entries": "entry", "rows": "row", "columns": "column", "members": "member"}[what]
	}
	e.Message = fmt.Sprintf("%s must have %s %s, as %s; it has %d", x.v.Sym.Name, size, what, strings.Join(reasons, " and "), x.length)
	if s := x.v.Array.Shape; len(s) == 2 && x.v.Sym.Kind == expr.Matrix && x.v.Sym.Family == nil {
		dims := plan.ArgumentShape(x.v.Sym)
		if len(b.missing(dims[0]))+len(b.missing(dims[1])) == 0 && (s[1] == b.value(dims[0]) && because[firstName(dims[0])].axis != nil && because[firstName(dims[0])].axis.v != x.v) {
			e.Hint = fmt.Sprintf("the transpose of %s would fit", x.v.From)
		}
	}
	return e
}

func firstName(d *expr.Dim) string {
	for _, n := range d.Names(nil) {
		return n.Name
	}
	return ""
}

// lines has the declaration and shape of the axis' variable and of those that its size
// rests on.
func (b *Bound) lines(because map[string]reason, x *axis) []string {
	var list []string
	add := func(v *Variable) {
		line := fmt.Sprintf("%s is %s in %s", Declaration(v.Sym), data.ShapeText(v.Array.Shape), v.From)
		if !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	for _, n := range x.size.Names(nil) {
		if r := because[n.Name]; r.axis != nil {
			add(r.axis.v)
		}
	}
	add(x.v)
	return list
}

// shape returns the lengths of a variable's axes.
func (b *Bound) shape(s *expr.Symbol) []int {
	var list []int
	for _, d := range plan.ArgumentShape(s) {
		list = append(list, b.value(d))
	}
	return list
}
