package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// An operand is an atom with an axis made of several classes, or with more than
// two classes: its node's row axis is the list rows, its column axis the list
// cols. The layout of an elementwise function or a group is open until the axes
// around it are known.
type operand struct {
	rows, cols []int
	n          *expr.Node

	open []int // classes in order of the open slots, while n is nil
	atom *index.Atom
	exp  rat.Rat
	fix  []*expr.Index
}

func (o *operand) has(c int) bool {
	return slices.Contains(o.rows, c) || slices.Contains(o.cols, c) || slices.Contains(o.open, c)
}

// layoutOf returns how many of an atom's slots make its row axis and how many its
// column axis; ok is false for an atom with a layout of its own choosing.
func layoutOf(a *index.Atom) (rows, cols int, ok bool) {
	n := len(a.Slots)
	switch {
	case a.Kind == index.VarAtom:
		cols = n - a.Core
		if a.Sym.Family != nil {
			cols--
		}
		return a.Core, cols, true
	case a.Kind != index.OpAtom || a.CoreIn == 0:
		return 0, 0, false
	}
	sig := a.Op.Signature()
	switch {
	case a.Core == 0:
		return 0, 0, true
	case sig == nil: // the power of a matrix
		rows = a.RowsIn
	case len(sig.Result.Cols) == 0:
		return a.Core, 0, true
	case slices.Equal(sig.Result.Rows, sig.Args[0].Rows):
		rows = a.RowsIn
	default:
		rows = a.CoreIn - a.RowsIn
	}
	return rows, a.Core - rows, true
}

// composite reports whether an atom has an axis made of several slots or more
// than two slots that are not fixed.
func composite(a *index.Atom, open int) bool {
	if open > 2 {
		return true
	}
	if len(a.Slots) < 2 {
		return false
	}
	rows, cols, ok := layoutOf(a)
	return ok && (rows > 1 || cols > 1)
}

// hyperFactor adds an operand. Its classes are taken out of the reduction.
func (g *graph) hyperFactor(f *index.Factor, fix []*expr.Index) bool {
	r := g.r
	a := f.Atom
	o := operand{atom: a, exp: f.Exp, fix: fix}
	rows, cols, ok := layoutOf(a)
	if ok && len(a.Slots) > rows+cols && (fix == nil || slices.Contains(fix[rows+cols:], nil)) {
		return false // a batch of matrices
	}
	for k, c := range f.Idx {
		if fix != nil && fix[k] != nil {
			continue
		}
		g.verts[c].free = true
		if slices.Contains(f.Idx[:k], c) {
			// A diagonal of the array: a class of its own, tied by an identity.
			g.verts = append(g.verts, vertex{dim: g.verts[c].dim, free: true})
			twin := len(g.verts) - 1
			g.add(edge{a: int(c), b: twin, chain: r.chain1(r.eye(g.verts[c].dim)), exp: rat.One})
			c = index.Ix(twin)
		}
		switch {
		case !ok:
			o.open = append(o.open, int(c))
		case k < rows:
			o.rows = append(o.rows, int(c))
		default:
			o.cols = append(o.cols, int(c))
		}
	}
	if ok {
		n, exp, done := r.atom(a, f.Exp, fix)
		if !done {
			return false
		}
		if len(o.rows) == 0 {
			if n.Shape.IsRow() {
				n = r.t(n)
			}
			o.rows, o.cols = o.cols, nil
		}
		o.n = r.power(n, exp)
	}
	g.hyper = append(g.hyper, o)
	return true
}

// raiseOpen raises an operand with open layout.
func (g *graph) raiseOpen(o *operand, rows, cols []int) bool {
	r := g.r
	var slots []int
	for k := range o.atom.Slots {
		if o.fix == nil || o.fix[k] == nil {
			slots = append(slots, k)
		}
	}
	at := func(classes []int) []int {
		var out []int
		seen := make([]bool, len(o.open))
		for _, c := range classes {
			for i, x := range o.open {
				if x == c && !seen[i] {
					seen[i] = true
					out = append(out, slots[i])
					break
				}
			}
		}
		return out
	}
	ax := Axes{at(rows), at(cols)}
	if len(ax.Rows)+len(ax.Cols) != len(slots) {
		return false
	}
	n, ok := r.atomWith(o.atom, ax, o.fix)
	if !ok {
		return false
	}
	o.rows, o.cols, o.n = rows, cols, r.power(n, o.exp)
	return true
}

// atomWith raises an elementwise function or a group with the given axes.
func (r *Raiser) atomWith(a *index.Atom, ax Axes, fix []*expr.Index) (*expr.Node, bool) {
	args := make([]*expr.Node, len(a.Args))
	for i, s := range a.Args {
		p, ok := r.sum(s, ax, fix)
		if !ok {
			return nil, false
		}
		if a.Kind == index.GroupAtom {
			return r.node(p), true
		}
		args[i] = r.argument(p)
	}
	if a.Sym != nil {
		return r.b.Apply(a.Sym, a.Order, args[0]), true
	}
	return r.make(a.Op, args...), true
}

// lay chooses the layout of the operands that are open: row classes of the
// result in rows, column classes in columns, the others as another operand has
// them, or in order of the slots, half and half.
func (g *graph) lay(rows, cols []int) bool {
	for i := range g.hyper {
		o := &g.hyper[i]
		if o.n != nil {
			continue
		}
		// The axes of the result and of the operands laid out so far, as
		// patterns: a list of different classes, all of which the operand has.
		var hr, hc []int
		left := slices.Clone(o.open)
		claim := func(list []int) bool {
			if len(list) == 0 {
				return false
			}
			for k, c := range list {
				if !slices.Contains(left, c) || slices.Contains(list[:k], c) {
					return false
				}
			}
			if len(hr) == 0 {
				hr = slices.Clone(list)
			} else if len(hc) == 0 {
				hc = slices.Clone(list)
			} else {
				return false
			}
			left = slices.DeleteFunc(left, func(c int) bool { return slices.Contains(list, c) })
			return true
		}
		claim(rows)
		claim(cols)
		for k := range g.hyper {
			if p := &g.hyper[k]; p.n != nil {
				claim(p.rows)
				claim(p.cols)
			}
		}
		switch {
		case len(hr) == 0:
			k := (len(left) + 1) / 2
			hr, hc = left[:k], left[k:]
		case len(hc) == 0:
			hc = left
		case len(left) > 0:
			hc = append(hc, left...)
		}
		if !g.raiseOpen(o, hr, hc) {
			return false
		}
	}
	return true
}

// around returns the matrix with the given axes of one component: the
// first operand in the middle, what is joined to its rows on one side, what is
// joined to its columns on the other.
func (g *graph) around(rows, cols []int, links []link, hyper []operand) *expr.Node {
	if len(hyper) == 0 {
		return g.component(rows, cols, links)
	}
	r := g.r
	h := hyper[0]
	// Links between its rows and its columns, and operands within it, are
	// Hadamard factors of it.
	var across, rest []link
	for _, l := range links {
		if l.b >= 0 && (slices.Contains(h.rows, l.a) && slices.Contains(h.cols, l.b) ||
			slices.Contains(h.rows, l.b) && slices.Contains(h.cols, l.a)) {
			across = append(across, l)
		} else {
			rest = append(rest, l)
		}
	}
	n := h.n
	if len(across) > 0 {
		list := [2]entry{{n, one, 0}, {g.kron(h.rows, h.cols, across), one, 1}}
		n = r.entrywise(list[:])
	}
	var others []operand
	for _, o := range hyper[1:] {
		all, onRows, onCols := true, false, false
		for _, c := range slices.Concat(o.rows, o.cols) {
			all = all && h.has(c)
			onRows = onRows || slices.Contains(h.rows, c)
			onCols = onCols || slices.Contains(h.cols, c)
		}
		if all && onRows && onCols {
			list := [2]entry{{n, one, 0}, {g.kronOf(h.rows, h.cols, nil, []operand{o}), one, 1}}
			n = r.entrywise(list[:])
		} else {
			others = append(others, o)
		}
	}
	hr, hc := h.rows, h.cols
	if g.conflict(rows, cols, hr, hc, rest, others) {
		if !g.conflict(rows, cols, hc, hr, rest, others) {
			n, hr, hc = r.t(n), hc, hr
		} else {
			// As a vector over all its classes.
			s := append(slices.Clone(hc), hr...)
			v := r.vec(n)
			switch {
			case len(cols) == 0:
				return r.mul(r.concat(r.chainOf(g.kronOf(rows, s, rest, others)), r.chainOf(v)))
			case len(rows) == 0:
				return r.t(r.mul(r.concat(r.chainOf(g.kronOf(cols, s, rest, others)), r.chainOf(v))))
			}
			left, right, lo, ro, extra := g.separate(rows, cols, s, rest, others)
			for _, c := range extra {
				s = append(s, c)
				v = r.kron2(v, r.ones(g.verts[c].dim, r.b.One()))
			}
			chain := r.concat(r.chainOf(g.kronOf(rows, s, left, lo)), r.chain1(r.diag(v)))
			return r.mul(r.concat(chain, r.chainOf(g.kronOf(s, cols, right, ro))))
		}
	}
	left, right, lo, ro := g.sides(rows, hr, rest, others)
	chain := r.chainOf(n)
	if len(rows) > 0 || len(hr) > 0 {
		chain = r.product(g.kronOf(rows, hr, left, lo), chain, true)
	}
	if len(cols) > 0 || len(hc) > 0 {
		chain = r.product(g.kronOf(hc, cols, right, ro), chain, false)
	}
	return r.mul(chain)
}

// product puts n before or after the chain; a scalar is no factor of a chain, but
// may stand in front.
func (r *Raiser) product(n *expr.Node, chain []*expr.Node, before bool) []*expr.Node {
	if n == r.one {
		return chain
	}
	if before {
		return r.concat(r.chainOf(n), chain)
	}
	return r.concat(chain, r.chainOf(n))
}

// conflict reports whether something is joined to both sides of an operand.
func (g *graph) conflict(rows, cols, hr, hc []int, links []link, others []operand) bool {
	side := g.sideOf(slices.Concat(rows, hr), slices.Concat(cols, hc), nil, links, others)
	return slices.Contains(side, 3)
}

// sideOf returns for each class 1 if it is joined to one of the left classes, 2
// if to one of the right ones, 3 if to both. Nothing is joined through stop.
func (g *graph) sideOf(lefts, rights, stop []int, links []link, others []operand) []int8 {
	side := make([]int8, len(g.verts))
	for _, c := range lefts {
		side[c] |= 1
	}
	for _, c := range rights {
		side[c] |= 2
	}
	for changed := true; changed; {
		changed = false
		spread := func(classes ...int) {
			var s int8
			for _, c := range classes {
				if c >= 0 && !slices.Contains(stop, c) {
					s |= side[c]
				}
			}
			for _, c := range classes {
				if c >= 0 && side[c]|s != side[c] && !slices.Contains(stop, c) {
					side[c] |= s
					changed = true
				}
			}
		}
		for _, l := range links {
			spread(l.a, l.b)
		}
		for _, o := range others {
			spread(slices.Concat(o.rows, o.cols)...)
		}
	}
	return side
}

// sides divides links and operands into those joined to the first two lists and
// the rest.
func (g *graph) sides(rows, hr []int, links []link, others []operand) (left, right []link, lo, ro []operand) {
	side := g.sideOf(slices.Concat(rows, hr), nil, nil, links, others)
	for _, l := range links {
		if side[l.a]&1 != 0 {
			left = append(left, l)
		} else {
			right = append(right, l)
		}
	}
	for _, o := range others {
		if len(o.rows) > 0 && side[o.rows[0]]&1 != 0 {
			lo = append(lo, o)
		} else {
			ro = append(ro, o)
		}
	}
	return left, right, lo, ro
}

// separate divides links and operands at the classes s, those of a diagonal
// matrix in the middle: what is joined to columns goes to the right. What is
// joined to both sides goes to the left, and its column classes are returned as
// extra classes of the middle.
func (g *graph) separate(rows, cols, s []int, links []link, others []operand) (left, right []link, lo, ro []operand, extra []int) {
	side := g.sideOf(rows, cols, s, links, others)
	sideAt := func(classes []int) (x int8) {
		for _, c := range classes {
			if c >= 0 && !slices.Contains(s, c) {
				x |= side[c]
			}
		}
		return x
	}
	cross := func(classes []int) {
		for _, c := range classes {
			if c >= 0 && slices.Contains(cols, c) && !slices.Contains(s, c) && !slices.Contains(extra, c) {
				extra = append(extra, c)
			}
		}
	}
	for _, c := range rows {
		if slices.Contains(cols, c) && !slices.Contains(s, c) && !slices.Contains(extra, c) {
			extra = append(extra, c)
		}
	}
	for _, l := range links {
		switch sideAt([]int{l.a, l.b}) {
		case 2:
			right = append(right, l)
		case 3:
			cross([]int{l.a, l.b})
			left = append(left, l)
		default:
			left = append(left, l)
		}
	}
	for _, o := range others {
		classes := slices.Concat(o.rows, o.cols)
		switch sideAt(classes) {
		case 2:
			ro = append(ro, o)
		case 3:
			cross(classes)
			lo = append(lo, o)
		default:
			lo = append(lo, o)
		}
	}
	return left, right, lo, ro, extra
}
