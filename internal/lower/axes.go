package lower

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
)

// An axis of size m*n may be one index, or two where kron, vec, khatrirao or
// commutation made it. axes finds, over a whole DAG, which axes are the same and
// into what they fall apart, so that X in kron(a', eye(n))*X gets the row axis
// [p, n] from the start. It is needed only where such an operator occurs.
type axes struct {
	parent []int
	parts  [][]int // by root: the axes that this one is made of, outer first
	dim    []*expr.Dim
	rows   map[*expr.Node]int // −1: size 1
	cols   map[*expr.Node]int
	bySym  map[*expr.Symbol][2]int
	err    error
}

func (a *axes) find(x int) int {
	for a.parent[x] != x {
		a.parent[x] = a.parent[a.parent[x]]
		x = a.parent[x]
	}
	return x
}

func (a *axes) fresh(d *expr.Dim) int {
	if d.IsOne() {
		return -1
	}
	a.parent = append(a.parent, len(a.parent))
	a.parts = append(a.parts, nil)
	a.dim = append(a.dim, d)
	return len(a.parent) - 1
}

func (a *axes) union(x, y int) {
	if x < 0 || y < 0 {
		return
	}
	x, y = a.find(x), a.find(y)
	if x == y {
		return
	}
	px, py := a.flatten(x), a.flatten(y)
	a.parent[y] = x
	switch {
	case a.parts[y] == nil:
	case a.parts[x] == nil:
		a.parts[x] = a.parts[y]
	default:
		if len(px) != len(py) {
			a.fail(x, px, py)
			return
		}
		for i := range px {
			if a.dim[px[i]] != a.dim[py[i]] {
				a.fail(x, px, py)
				return
			}
		}
		for i := range px {
			a.union(px[i], py[i])
		}
	}
}

func (a *axes) fail(x int, p, q []int) {
	if a.err == nil {
		a.err = message.Errorf("an axis of size %v is split into %s and into %s; only one way of splitting an axis is supported",
			a.dim[x], a.sizes(p), a.sizes(q))
	}
}

func (a *axes) sizes(p []int) string {
	s := ""
	for i, x := range p {
		if i > 0 {
			s += " · "
		}
		s += a.dim[x].String()
	}
	return s
}

// flatten returns the elementary axes of x, outer first.
func (a *axes) flatten(x int) []int {
	x = a.find(x)
	if a.parts[x] == nil {
		return []int{x}
	}
	var out []int
	for _, p := range a.parts[x] {
		out = append(out, a.flatten(p)...)
	}
	return out
}

func (a *axes) dims(x int) []*expr.Dim {
	if x < 0 {
		return nil
	}
	var out []*expr.Dim
	for _, p := range a.flatten(x) {
		out = append(out, a.dim[p])
	}
	return out
}

// composite reports whether the DAG has an operator that makes an axis of several.
func composite(n *expr.Node, seen map[*expr.Node]bool) bool {
	if seen[n] {
		return false
	}
	seen[n] = true
	if sig := n.Op.Signature(); sig != nil && (len(sig.Result.Rows) > 1 || len(sig.Result.Cols) > 1) {
		return true
	}
	for _, a := range n.Args {
		if composite(a, seen) {
			return true
		}
	}
	return false
}

// solveAxes runs over the DAG below n.
func (a *axes) visit(b *expr.Builder, n *expr.Node) {
	if _, done := a.rows[n]; done {
		return
	}
	for _, x := range n.Args {
		a.visit(b, x)
	}
	row, col := -1, -1
	sig := n.Op.Signature()
	switch {
	case n.Op.Name == expr.OpVar || n.Op.Name == expr.OpMember:
		ax, ok := a.bySym[n.Sym]
		if !ok {
			ax = [2]int{a.fresh(n.Shape.Rows), a.fresh(n.Shape.Cols)}
			a.bySym[n.Sym] = ax
		}
		row, col = ax[0], ax[1]
	case n.Op.Name == expr.OpMul:
		row, col = a.rows[n.Args[0]], a.cols[n.Args[0]]
		for _, x := range n.Args[1:] {
			switch {
			case row < 0 && col < 0:
				row, col = a.rows[x], a.cols[x]
			case a.rows[x] < 0 && a.cols[x] < 0:
			default:
				a.union(col, a.rows[x])
				col = a.cols[x]
			}
		}
	case sig == nil || n.Op.Class == expr.Elementwise || n.Op.Spread:
		for _, x := range n.Args {
			if row < 0 && col < 0 {
				row, col = a.rows[x], a.cols[x]
			} else {
				a.union(row, a.rows[x])
				a.union(col, a.cols[x])
			}
		}
		if n.Op.Name == expr.OpMPow {
			a.union(row, col)
		}
		if len(n.Args) == 0 {
			row, col = a.fresh(n.Shape.Rows), a.fresh(n.Shape.Cols)
		}
	default:
		letter := make([]int, sig.Letters)
		for i := range letter {
			letter[i] = -1
			if len(n.Args) == 0 && i < len(n.Sizes) {
				letter[i] = a.fresh(n.Sizes[i])
			}
		}
		bind := func(axis []int, x int) {
			if len(axis) != 1 || x < 0 {
				return
			}
			if letter[axis[0]] < 0 {
				letter[axis[0]] = x
			} else {
				a.union(letter[axis[0]], x)
			}
		}
		for i, ax := range sig.Args {
			bind(ax.Rows, a.rows[n.Args[i]])
			bind(ax.Cols, a.cols[n.Args[i]])
		}
		join := func(axis []int, d *expr.Dim) int {
			var parts []int
			for _, l := range axis {
				if letter[l] >= 0 {
					parts = append(parts, letter[l])
				}
			}
			switch len(parts) {
			case 0:
				return -1
			case 1:
				return parts[0]
			}
			x := a.fresh(d)
			a.parts[x] = parts
			return x
		}
		row, col = join(sig.Result.Rows, n.Shape.Rows), join(sig.Result.Cols, n.Shape.Cols)
	}
	a.rows[n], a.cols[n] = row, col
}

// refineAxes solves the axes of the DAGs and tells the store about the variables
// whose axes are made of several. leaf gives the axes of eye, ones, … afterwards; covers
// reports whether those of a whole DAG are known.
func refineAxes(st *index.Store, b *expr.Builder, roots ...*expr.Node) (leaf func(*expr.Node, bool) []*expr.Dim, covers func(*expr.Node) bool, err error) {
	seen := map[*expr.Node]bool{}
	any := false
	for _, n := range roots {
		any = composite(n, seen) || any
	}
	if !any {
		return nil, func(n *expr.Node) bool { return !composite(n, map[*expr.Node]bool{}) }, nil
	}
	a := &axes{rows: map[*expr.Node]int{}, cols: map[*expr.Node]int{}, bySym: map[*expr.Symbol][2]int{}}
	for _, n := range roots {
		a.visit(b, n)
	}
	if a.err != nil {
		return nil, nil, a.err
	}
	for _, s := range b.Symbols() {
		ax, ok := a.bySym[s]
		if !ok {
			continue
		}
		for k, x := range ax {
			if d := a.dims(x); len(d) > 1 {
				st.RefineAxis(s, k == 1, d)
			}
		}
	}
	return func(n *expr.Node, cols bool) []*expr.Dim {
			if cols {
				return a.dims(a.cols[n])
			}
			return a.dims(a.rows[n])
		}, func(n *expr.Node) bool {
			_, known := a.rows[n]
			return known
		}, nil
}
