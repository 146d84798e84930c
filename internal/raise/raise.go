// Package raise turns the index form into matrix notation.
//
// A term is a hypergraph whose vertices are index classes and whose edges are
// vectors (one class) and matrices (two). Reduction contracts the classes that
// are summed over, by one rule at a time, until only those of the result are
// left; the rules are dot product, matrix–vector product, product, trace,
// Hadamard product and diag, in that order of preference. What is left between
// the classes of the result is a matrix, an outer product, or, where an axis is
// made of several, a Kronecker or Khatri–Rao product. The terms of a sum are then
// factored: (A + Aᵀ) x. Of several ways to write the same thing the one with the
// fewest tokens is taken; ties go by the order in which variables first occur.
//
// Call New, then Raise.
package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

// Axes say which slots of a sum make the row axis and which the column axis of
// the result, outer (slower) first; none for an axis of size 1.
type Axes struct{ Rows, Cols []int }

// A Form is the notation that an answer needs.
type Form int

const (
	// Matrix notation: products, transposes, Hadamard products, diag, tr.
	Matrix Form = iota
	// Kronecker notation: kron, commutation, khatrirao or vec besides.
	Kronecker
	// Index notation: no matrix expression was found.
	Index
)

// String returns the form's name in the interfaces.
func (f Form) String() string { return [...]string{"matrix", "kronecker", "index"}[f] }

// FamilyMode says how a sum over the members of a family is written.
type FamilyMode int

const (
	// FamilyMatrix writes the members of x[i] as the columns of one matrix X.
	FamilyMatrix FamilyMode = iota
	// FamilySum keeps Σ_i with the members x[i].
	FamilySum
)

// Options of a Raiser.
type Options struct {
	Family FamilyMode
}

// A Raiser raises the sums of one Store into nodes of one Builder. What it has
// raised it remembers, so that shared parts stay shared and are raised once.
type Raiser struct {
	b      *expr.Builder
	opts   Options
	op     *operators
	stats  []nodeInfo // by node ID
	sums   []*product // by sum ID: the sum with its slots in natural order
	atoms  []*expr.Node
	orders []int32 // by atom ID: its place in a product

	fixed    map[fixKey]*product     // sums with family slots fixed
	familyAt map[slotKey]*expr.Index // the family that a sum's slot is the index of
	spare    []*expr.Index           // further indices of families

	form     Form
	weighted bool // prefer diag(vec(·)) to Khatri–Rao products
	tries    int  // how often factor may still try
	base     int  // nodes with a smaller ID are the user's own
	one      *expr.Node
	sumForm  *Raiser // for what has no form in FamilyMatrix mode
	arena    []*expr.Node
	free     []*graph
}

// New returns a Raiser that makes nodes in b.
func New(b *expr.Builder, opts Options) *Raiser {
	r := &Raiser{b: b, opts: opts, op: operatorsOf(b.Reg)}
	r.base = len(b.Nodes())
	r.one = r.num(1)
	return r
}

// Raise returns s as a matrix expression whose rows and columns are the given
// slots. The form says what notation it needs; for Index the node is nil.
func (r *Raiser) Raise(s *index.Sum, ax Axes) (*expr.Node, Form) {
	fixed := r.member(s, ax)
	for k, i := range fixed {
		for t := range s.Terms {
			if i != nil && !r.separable(&s.Terms[t], s.Terms[t].Slot[k]) {
				return nil, Index // the entry of a softmax along the members has no notation
			}
		}
	}
	r.form = Matrix
	p, ok := r.sum(s, ax, fixed)
	if !ok {
		if r.opts.Family == FamilyMatrix && r.families() {
			// A family of matrices is no matrix: its sum form is.
			if r.sumForm == nil {
				r.sumForm = New(r.b, Options{Family: FamilySum})
				r.sumForm.base = r.base
			}
			return r.sumForm.Raise(s, ax)
		}
		return nil, Index
	}
	n := r.node(r.positive(p))
	if r.form == Kronecker && len(s.Terms) > 1 {
		// The same way for every term can have more in common.
		form := r.form
		r.form, r.weighted = Matrix, true
		p, _ = r.sum(s, ax, fixed)
		if m := r.node(r.positive(p)); r.Cost(m) < r.Cost(n) {
			n = m
		} else {
			r.form = form
		}
		r.weighted = false
	}
	return r.distinct(n, fixed), r.form
}

// families reports whether any variable is a family.
func (r *Raiser) families() bool {
	for _, s := range r.b.Symbols() {
		if s.Family != nil {
			return true
		}
	}
	return false
}

// positive absorbs the minus sign of a whole answer into a difference among its
// factors, unless the user wrote that difference.
func (r *Raiser) positive(p *product) *product {
	if p.coef.Sign() > 0 {
		return p
	}
	turn := func(n *expr.Node) *expr.Node {
		if r.code(n) != opAdd || n.ID < r.base {
			return nil
		}
		first := -1
		for i, a := range n.Args {
			if r.signed(a) {
				first = i
				break
			}
		}
		if first < 0 {
			return nil
		}
		args := make([]*expr.Node, 0, len(n.Args))
		args = append(args, r.neg(n.Args[first]))
		for i, a := range n.Args {
			if i != first {
				args = append(args, r.neg(a))
			}
		}
		return r.b.Intern(expr.Node{Op: n.Op, Args: args, Shape: n.Shape})
	}
	q := *p
	q.coef = p.coef.Neg()
	for i, e := range p.scalars {
		if m := turn(e.n); m != nil && e.exp.IsOne() {
			q.scalars = append([]entry(nil), p.scalars...)
			q.scalars[i].n = m
			return &q
		}
	}
	for i, n := range p.chain {
		if m := turn(n); m != nil {
			q.chain = append([]*expr.Node(nil), p.chain...)
			q.chain[i] = m
			return &q
		}
	}
	return p
}
