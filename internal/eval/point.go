package eval

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
)

// A Point is one choice of sizes and values for all variables of a DAG.
type Point struct {
	inv   *inventory
	sizes []int // of inv.names
	vars  []*variable
}

// A variable has one value, or one for each member of a family. The values keep
// their storage, so that programs see what is drawn later.
type variable struct {
	sym  *expr.Symbol
	vals []expr.Dense
}

// A Size is a size name and its value at a point.
type Size struct {
	Name  string
	Value int
}

// Sizes lists the size names and their values.
func (pt *Point) Sizes() []Size {
	out := make([]Size, len(pt.sizes))
	for i, n := range pt.inv.names {
		out[i] = Size{n, pt.sizes[i]}
	}
	return out
}

func (pt *Point) size(d *expr.Dim) int {
	if c, ok := d.Const(); ok {
		return clampSize(c)
	}
	return clampSize(d.Value(pt.named))
}

// named returns the value of a size name, 0 if it has none.
func (pt *Point) named(n *expr.SizeName) int64 {
	inv := pt.inv
	if i := n.Ordinal; i < len(inv.sizeAt) && inv.sizeAt[i] > 0 && inv.names[inv.sizeAt[i]-1] == n.Name {
		return int64(pt.sizes[inv.sizeAt[i]-1])
	}
	if i := slices.Index(inv.names, n.Name); i >= 0 {
		return int64(pt.sizes[i])
	}
	return 0
}

func clampSize(v int64) int { return int(min(max(v, -1), largestValue+1)) }

// variable returns the variable of a symbol; symbols of another Builder are
// found by name.
func (pt *Point) variable(s *expr.Symbol) *variable {
	if i := pt.inv.position(s); i >= 0 {
		return pt.vars[i]
	}
	return nil
}

// function returns the position of an unknown function, which chooses what stands
// for it.
func (pt *Point) function(s *expr.Symbol) int {
	return max(0, find(pt.inv.functions, s))
}

// newPoint allocates the variables of the inventory at the given sizes.
func (inv *inventory) newPoint(sizes []int) (*Point, error) {
	pt := &Point{inv: inv, sizes: sizes}
	total := 0
	for _, s := range inv.symbols {
		v := &variable{sym: s}
		members := 1
		if s.Family != nil {
			members = pt.size(s.Family.Size)
		}
		rows, cols := pt.size(s.Shape.Rows), pt.size(s.Shape.Cols)
		if rows < 1 || cols < 1 || members < 1 {
			return nil, errNoSize
		}
		if rows > largestValue || cols > largestValue || members > largestValue {
			return nil, ErrTooLarge
		}
		if total += rows * cols * members; rows*cols > largestValue || total > largestValue {
			return nil, ErrTooLarge
		}
		inv.limit.Fits(8 * total)
		for range members {
			v.vals = append(v.vals, expr.NewDense(rows, cols))
		}
		pt.vars = append(pt.vars, v)
	}
	return pt, nil
}

// An inventory is what occurs in some DAGs: variables and size names in order of
// their ordinals, and the nodes that have a domain.
type inventory struct {
	reg       expr.Operators
	limit     *limit.Budget
	symbols   []*expr.Symbol
	functions []*expr.Symbol
	names     []string
	dims      []*expr.Dim // of variables: sizes that should not be 1
	ranges    []*expr.Dim // of indices
	nodes     []*expr.Node
	counts    []int // by position in symbols: of an integer scalar that is a size, its place in names, or −1

	sizeAt    []int32          // position in names + 1, by ordinal
	byOrdinal []int32          // position in symbols + 1; of another symbol, where Builders mix
	byName    map[string]int32 // the same by name, once there are many

	polynomial bool // unknown functions are polynomials, for numbers that are shown
}

// few symbols are searched one by one.
const few = 16

// newInventory takes stock of the DAGs of roots and of further symbols.
func newInventory(reg expr.Operators, roots []*expr.Node, more ...*expr.Symbol) *inventory {
	inv := &inventory{reg: reg, limit: reg.Budget()}
	for _, s := range more {
		inv.symbol(s)
	}
	var sizes []*expr.SizeName
	for _, r := range roots {
		inv.limit.Step(1 + r.ID/clearedNodes)
		seen := make([]bool, r.ID+1)
		inv.walk(r, seen, &sizes)
	}
	slices.SortStableFunc(inv.symbols, func(a, b *expr.Symbol) int { return a.Ordinal - b.Ordinal })
	for i, s := range inv.symbols {
		inv.byOrdinal[s.Ordinal] = int32(i + 1)
	}
	inv.indexNames(true)
	slices.SortStableFunc(inv.functions, func(a, b *expr.Symbol) int { return a.Ordinal - b.Ordinal })
	for _, s := range inv.symbols {
		if s.Count != nil && !slices.Contains(sizes, s.Count) {
			sizes = append(sizes, s.Count)
		}
		dims := []*expr.Dim{s.Shape.Rows, s.Shape.Cols}
		if s.Family != nil {
			dims = append(dims, s.Family.Size)
		}
		for _, d := range dims {
			if !d.IsOne() && !slices.Contains(inv.dims, d) {
				inv.dims = append(inv.dims, d)
			}
			sizes = d.Names(sizes)
		}
	}
	slices.SortStableFunc(sizes, func(a, b *expr.SizeName) int { return a.Ordinal - b.Ordinal })
	for _, s := range sizes {
		for len(inv.sizeAt) <= s.Ordinal {
			inv.sizeAt = append(inv.sizeAt, 0)
		}
		if i := inv.sizeAt[s.Ordinal]; i > 0 && inv.names[i-1] == s.Name {
			continue
		}
		if !slices.Contains(inv.names, s.Name) {
			inv.names = append(inv.names, s.Name)
			inv.sizeAt[s.Ordinal] = int32(len(inv.names))
		}
	}
	inv.counts = make([]int, len(inv.symbols))
	for i, s := range inv.symbols {
		inv.counts[i] = -1
		if s.Facts.Has(expr.Integer) && s.Shape.IsScalar() {
			inv.counts[i] = slices.Index(inv.names, s.Name)
		}
	}
	return inv
}

func (inv *inventory) symbol(s *expr.Symbol) {
	if s.Kind == expr.Function {
		if find(inv.functions, s) < 0 {
			inv.functions = append(inv.functions, s)
		}
		return
	}
	if inv.position(s) >= 0 {
		return
	}
	for len(inv.byOrdinal) <= s.Ordinal {
		inv.byOrdinal = append(inv.byOrdinal, 0)
	}
	inv.symbols = append(inv.symbols, s)
	inv.byOrdinal[s.Ordinal] = int32(len(inv.symbols))
	if len(inv.symbols) > few {
		inv.indexNames(inv.byName == nil)
	}
}

// position returns where a symbol stands in symbols, or −1. The ordinal gives it
// at once; symbols of another Builder are found by name.
func (inv *inventory) position(s *expr.Symbol) int {
	if s.Ordinal < len(inv.byOrdinal) {
		if i := inv.byOrdinal[s.Ordinal]; i > 0 && inv.symbols[i-1] == s {
			return int(i) - 1
		}
	}
	if inv.byName != nil {
		return int(inv.byName[s.Name]) - 1
	}
	return find(inv.symbols, s)
}

// indexNames enters the last symbol, or all of them, in byName.
func (inv *inventory) indexNames(all bool) {
	n := len(inv.symbols)
	if n <= few {
		return
	}
	if inv.byName == nil {
		inv.byName = make(map[string]int32, 2*n)
	}
	for i := n - 1; i >= 0; i-- {
		inv.byName[inv.symbols[i].Name] = int32(i + 1)
		if !all {
			return
		}
	}
}

func find(list []*expr.Symbol, s *expr.Symbol) int {
	return slices.IndexFunc(list, func(t *expr.Symbol) bool { return t == s || t.Name == s.Name })
}

func (inv *inventory) walk(n *expr.Node, seen []bool, sizes *[]*expr.SizeName) {
	if seen[n.ID] {
		return
	}
	seen[n.ID] = true
	inv.limit.Step(2)
	if n.Sym != nil {
		inv.symbol(n.Sym)
	}
	for _, d := range n.Sizes {
		*sizes = d.Names(*sizes)
	}
	if n.Index != nil {
		*sizes = n.Index.Size.Names(*sizes)
		for _, s := range n.Index.Size.Names(nil) {
			if s.Symbol != nil {
				inv.symbol(s.Symbol)
			}
		}
		if !slices.Contains(inv.ranges, n.Index.Size) {
			inv.ranges = append(inv.ranges, n.Index.Size)
		}
	}
	switch n.Op.Name {
	case expr.OpPow, expr.OpElPow, expr.OpDiv, expr.OpElDiv, expr.OpMPow:
		inv.nodes = append(inv.nodes, n)
	default:
		if n.Op.Domain != "" {
			inv.nodes = append(inv.nodes, n)
		}
	}
	for _, a := range n.Args {
		inv.walk(a, seen, sizes)
	}
}
