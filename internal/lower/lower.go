package lower

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
)

// A Lowerer lowers nodes of one Builder into one Store.
type Lowerer struct {
	St   *index.Store
	B    *expr.Builder
	T    *Templates
	bare func(*expr.Symbol) bool
	leaf func(*expr.Node, bool) []*expr.Dim
	memo memo

	covers func(*expr.Node) bool
	// Counts are the integers up to which indices run in the differentials used so
	// far, each once: the differentials hold where none is negative.
	Counts []*expr.Dim
	at     *expr.Node
}

// At returns the node that was being lowered when a panic came, or nil.
func (l *Lowerer) At() *expr.Node { return l.at }

// New prepares to lower the given roots. bare says which variables lose the
// facts that a perturbation would break: those to be differentiated by. The
// error says that an axis is split in two ways.
func New(st *index.Store, t *Templates, bare func(*expr.Symbol) bool, roots ...*expr.Node) (*Lowerer, error) {
	leaf, covers, err := refineAxes(st, st.B, roots...)
	if err != nil {
		return nil, err
	}
	return &Lowerer{St: st, B: st.B, T: t, bare: bare, leaf: leaf, covers: covers, memo: make(memo, len(st.B.Nodes())/page+1)}, nil
}

// Covers reports whether n, which need not be one of the roots, can be lowered beside them:
// whether it is known into which its axes fall apart.
func (l *Lowerer) Covers(n *expr.Node) bool { return l.covers(n) }

// Lower returns the value of n, a root, a part of one, or what is covered.
func (l *Lowerer) Lower(n *expr.Node) Val {
	return l.lower(n, nil)
}

// An env binds the parameters and sizes of a template.
type env struct {
	params []Val // by symbol ordinal
	dims   func(*expr.Dim) *expr.Dim
	memo   []Val
}

func (l *Lowerer) lower(n *expr.Node, e *env) Val {
	if e != nil {
		if v := e.memo[n.ID]; v.S != nil {
			return v
		}
		v := l.node(n, e)
		e.memo[n.ID] = v
		return v
	}
	if v := l.memo.at(n.ID); v != nil && v.S != nil {
		return *v
	}
	l.St.Limit.Step(4)
	outer := l.at
	l.at = n
	v := l.node(n, e)
	l.at = outer
	*l.memo.make(n.ID) = v
	return v
}

// A memo has values by node ID, in pages that are made when they are needed: a root may
// reach few of a builder's nodes.
type memo [][]Val

// page is the number of values in a page.
const page = 16

// at returns the place of a value; nil if its page is not made.
func (m memo) at(id int) *Val {
	if k := id / page; k < len(m) && m[k] != nil {
		return &m[k][id%page]
	}
	return nil
}

// make returns the place of a value, also of a node made after the Lowerer.
func (m *memo) make(id int) *Val {
	k := id / page
	for k >= len(*m) {
		*m = append(*m, nil)
	}
	if (*m)[k] == nil {
		(*m)[k] = make([]Val, page)
	}
	return &(*m)[k][id%page]
}

func (l *Lowerer) node(n *expr.Node, e *env) Val {
	st := l.St
	switch n.Op.Name {
	case expr.OpNum:
		return Val{S: st.NumSum(n.Num)}
	case expr.OpVar:
		if e != nil {
			return e.params[n.Sym.Ordinal]
		}
		return l.variable(n.Sym, nil)
	case expr.OpMember:
		return l.variable(n.Sym, n.Index)
	case expr.OpSize:
		d := n.Sizes[0]
		if e != nil {
			d = e.dims(d)
		}
		return Val{S: st.SizeSum(d)}
	case expr.OpSumOver:
		return l.sumOver(n, e)
	case expr.OpIndex:
		return l.indexValue(n, e)
	case expr.OpAdd:
		return l.add(n, e)
	case expr.OpNeg:
		v := l.lower(n.Args[0], e)
		v.S = st.Scale(v.S, rat.MinusOne)
		return v
	case expr.OpMul:
		return l.mul(n, e)
	case expr.OpHadamard:
		return l.entrywise(n.Args, nil, e)
	case expr.OpDiv, expr.OpElDiv:
		return l.entrywise(n.Args[:1], n.Args[1:], e)
	case expr.OpPow, expr.OpElPow:
		return l.power(n, e)
	case expr.OpMPow:
		return l.matrixPower(n, e)
	case expr.OpT:
		v := l.lower(n.Args[0], e)
		v.Rows, v.Cols = v.Cols, v.Rows
		return v
	case expr.OpApply:
		return l.elementwise(index.Application{Op: n.Op, Fn: n.Sym, Order: n.Order}, n.Args, e)
	}
	switch n.Op.Class {
	case expr.Structural:
		return l.structural(n, e)
	case expr.Elementwise:
		return l.elementwise(index.Application{Op: n.Op}, n.Args, e)
	case expr.Core:
		return l.core(n, e)
	case expr.Defined:
		return l.defined(n, e)
	}
	return l.constant(n, e)
}

func (l *Lowerer) variable(s *expr.Symbol, i *expr.Index) Val {
	a := l.St.Var(s, l.bare != nil && l.bare(s))
	v := Val{S: l.St.AtomSum(a, a.Slots, count(len(a.Slots))), Rows: count(a.RowAxes())}
	n := len(a.Slots) - len(v.Rows)
	if s.Family != nil {
		n--
		if i == nil {
			i = s.Family
		}
		v.Batch = []Batch{{i.Ordinal, len(a.Slots) - 1}}
	}
	v.Cols = span(len(v.Rows), n)
	return v
}

// constant lowers operators without operands: eye and ones are structure, zeros
// is the empty sum, the rest are atoms.
func (l *Lowerer) constant(n *expr.Node, e *env) Val {
	rows, cols := l.leafAxes(n, e)
	slots := append(slices.Clone(rows), cols...)
	v := Val{Rows: count(len(rows)), Cols: span(len(rows), len(cols))}
	if n.Op.Name == expr.OpZeros {
		v.S = l.St.SumOf(slots)
		return v
	}
	if n.Op.IntArg && len(slots) > 1 {
		v.S = l.splitBasis(n, slots)
		return v
	}
	a := l.St.Const(n.Op, n.Sizes, n.Order, slots)
	v.S = l.St.AtomSum(a, slots, count(len(slots)))
	return v
}

// splitBasis is a unit vector along several axes, outer first: the product of one along
// each. Which they are is known where the inner sizes are numbers, and of the first vector.
func (l *Lowerer) splitBasis(n *expr.Node, slots []*expr.Dim) *index.Sum {
	r := l.St.Raw(slots)
	rest := int64(n.Order - 1)
	for k := len(slots) - 1; k >= 0; k-- {
		at := rest
		if size, ok := slots[k].Const(); ok && k > 0 {
			at, rest = rest%size, rest/size
		} else if k > 0 && rest > 0 {
			panic(Unsupported{message.Say("%s, an axis of which is split into one of size %s and another", n.Op.Name, slots[k])})
		}
		d := slots[k]
		a := l.St.Const(n.Op, []*expr.Dim{d}, int(at)+1, []*expr.Dim{d})
		r.MulAtom(a, []index.Ix{r.Slot[k]}, rat.One)
	}
	b := l.St.Build(slots)
	b.Add(r)
	return b.Sum()
}

func (l *Lowerer) leafAxes(n *expr.Node, e *env) (rows, cols []*expr.Dim) {
	if l.leaf != nil && e == nil {
		return l.leaf(n, false), l.leaf(n, true)
	}
	r, c := n.Shape.Rows, n.Shape.Cols
	if e != nil {
		r, c = e.dims(r), e.dims(c)
	}
	if !r.IsOne() {
		rows = []*expr.Dim{r}
	}
	if !c.IsOne() {
		cols = []*expr.Dim{c}
	}
	return rows, cols
}

func (l *Lowerer) values(args []*expr.Node, e *env) []Val {
	vs := make([]Val, len(args))
	for i, a := range args {
		vs[i] = l.lower(a, e)
	}
	return vs
}

func (l *Lowerer) add(n *expr.Node, e *env) Val {
	// Sums nested on the left are one sum.
	first := n
	for first.Args[0].Op.Name == expr.OpAdd {
		first = first.Args[0]
	}
	var args []*expr.Node
	for m := n; ; m = m.Args[0] {
		for i := len(m.Args) - 1; i > 0; i-- {
			args = append(args, m.Args[i])
		}
		if m == first {
			args = append(args, m.Args[0])
			break
		}
	}
	slices.Reverse(args)
	vs := l.values(args, e)
	var f frame
	f.spread(vs)
	b := l.St.Build(f.slots())
	for _, v := range vs {
		b.AddSum(v.S, rat.One, f.place(v))
	}
	return f.view(b.Sum())
}

// entrywise multiplies and divides operands of one shape.
func (l *Lowerer) entrywise(num, den []*expr.Node, e *env) Val {
	vs := append(l.values(num, e), l.values(den, e)...)
	var f frame
	f.spread(vs)
	slots := f.slots()
	if len(vs) == 2 && len(den) == 1 {
		// A sum over a number keeps its terms: (x + y)/2 is x/2 + y/2.
		if q, ok := vs[1].S.Const(); ok && !q.IsZero() {
			v := vs[0]
			v.S = l.St.Scale(v.S, q.Inv())
			return v
		}
	}
	r := l.St.Raw(slots)
	for i, v := range vs {
		exp := rat.One
		if i >= len(num) {
			exp = rat.MinusOne
		}
		r.MulSum(v.S, pick(r.Slot, f.place(v)), exp)
	}
	return f.view(l.St.SumOf(slots, r))
}

func pick(classes []index.Ix, place []int) []index.Ix {
	out := make([]index.Ix, len(place))
	for i, p := range place {
		out[i] = classes[p]
	}
	return out
}

// mul multiplies from left to right; products nested on the left are one product.
func (l *Lowerer) mul(n *expr.Node, e *env) Val {
	var args []*expr.Node
	for m := n; ; m = m.Args[0] {
		for i := len(m.Args) - 1; i > 0; i-- {
			args = append(args, m.Args[i])
		}
		if m.Args[0].Op.Name != expr.OpMul {
			args = append(args, m.Args[0])
			break
		}
	}
	slices.Reverse(args)
	vs := l.values(args, e)
	if len(vs) == 2 {
		// A number times a sum keeps its terms: 2 (x + y) is 2 x + 2 y.
		for k, v := range vs {
			if q, ok := v.S.Const(); ok {
				w := vs[1-k]
				w.S = l.St.Scale(w.S, q)
				return w
			}
		}
	}
	var f frame
	for _, v := range vs {
		f.addBatch(v)
	}
	// The frame's axes are known once the product is folded; classes come first.
	st := l.St
	r := st.Raw(nil)
	batch := make([]index.Ix, len(f.batch))
	for k, d := range f.batchDims {
		batch[k] = r.Class(d)
	}
	var rows, cols []index.Ix
	for _, v := range vs {
		idx := make([]index.Ix, len(v.S.Slots))
		for _, b := range v.Batch {
			idx[b.Slot] = batch[slices.Index(f.batch, b.ID)]
		}
		axis := func(slots []int) []index.Ix {
			var out []index.Ix
			for _, s := range slots {
				idx[s] = r.Class(v.S.Slots[s])
				out = append(out, idx[s])
			}
			return out
		}
		switch {
		case v.Scalar():
		case len(rows) == 0 && len(cols) == 0:
			rows, cols = axis(v.Rows), axis(v.Cols)
		default:
			for i, s := range v.Rows {
				idx[s] = cols[i]
			}
			cols = axis(v.Cols)
		}
		r.MulSum(v.S, idx, rat.One)
	}
	for _, c := range rows {
		f.rows = append(f.rows, r.Dim(c))
	}
	for _, c := range cols {
		f.cols = append(f.cols, r.Dim(c))
	}
	r.Slot = append(append(append(r.Slot[:0], rows...), cols...), batch...)
	return f.view(st.SumOf(f.slots(), r))
}
