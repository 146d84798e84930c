package plan

import (
	"maps"
	"math/bits"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/rat"
)

// Options are what a lowering is told.
type Options struct {
	// Size returns a given or estimated size, by which the order of products is
	// chosen; the default is DefaultSize.
	Size func(*expr.SizeName) int
	// Arrays says that values may be arrays of any rank: Align, Einsum and Reshape, and
	// Unary and Binary of more than two axes.
	Arrays bool
}

// A Lowerer makes values of the nodes of a matrix DAG. What it makes on the way to a
// value may be left over: programs consist of what their results are made of, not of
// Maker.Values.
type Lowerer struct {
	*Maker
	size   func(*expr.SizeName) float64
	arrays bool
	nodes  map[*expr.Node]*Value
	depth  int
	bound  map[*expr.Symbol]*Value // what stands for variables
	// members is what stands for the members of families.
	members map[*expr.Symbol]func(*expr.Index) *Value
	used    map[*Value]bool // what results so far are made of, which costs nothing
	made    map[string]*Value
	// bounded are quotients by sums of exponentials, whose exponentials do not overflow alone.
	bounded map[*Value]bool
	// exponential remembers what hasExponential found.
	exponential map[*Value]bool

	results []*Value

	// Costs and terms that have been asked for since the last result.
	costs  map[string]float64 // of products
	builds map[*Value]float64 // of the entries of sums
	terms  map[*Value][]leaf  // of sums
}

// NewLowerer returns a Lowerer that makes its values by m.
func NewLowerer(m *Maker, o Options) *Lowerer {
	l := &Lowerer{Maker: m, arrays: o.Arrays, nodes: map[*expr.Node]*Value{}, used: map[*Value]bool{}, made: map[string]*Value{}, bounded: map[*Value]bool{}, exponential: map[*Value]bool{},
		costs: map[string]float64{}, builds: map[*Value]float64{}, terms: map[*Value][]leaf{}}
	size := o.Size
	if size == nil {
		size = DefaultSize(m.B)
	}
	l.size = func(n *expr.SizeName) float64 { return float64(size(n)) }
	return l
}

// Bind has a value, of its rank and shape, stand for a variable that is no family. It is
// called before anything is lowered.
func (l *Lowerer) Bind(s *expr.Symbol, v *Value) {
	if l.bound == nil {
		l.bound = map[*expr.Symbol]*Value{}
	}
	l.bound[s] = v
}

// BindMembers has a value for each index, of the member's rank and shape, stand for the
// members of a family. It is called before anything is lowered.
func (l *Lowerer) BindMembers(s *expr.Symbol, member func(*expr.Index) *Value) {
	if l.members == nil {
		l.members = map[*expr.Symbol]func(*expr.Index) *Value{}
	}
	l.members[s] = member
}

// Node returns the value of n: a vector or row has rank 1.
func (l *Lowerer) Node(n *expr.Node) *Value {
	if v := l.nodes[n]; v != nil {
		return v
	}
	l.B.Limit.Step(4)
	l.depth++
	v := l.node(n)
	l.depth--
	rank := 2
	if n.Shape.IsScalar() {
		rank = 0
	} else if !n.Shape.IsMatrix() {
		rank = 1
	}
	if v.Rank != rank {
		panic("plan: operator " + n.Op.Name + " gave a value of another rank than its node")
	}
	l.nodes[n] = v
	if l.depth == 0 {
		l.use(v)
	}
	return v
}

// Result returns the value of n as it is returned: a row as a 1 × n matrix. What n is made
// of is looked at twice: a product that stands in one part can be had for nothing in
// another, which is known only when all of it has been lowered.
func (l *Lowerer) Result(n *expr.Node) *Value {
	before := maps.Clone(l.nodes)
	known := maps.Clone(l.used)
	v := l.Node(n)
	first := l.nodes
	l.nodes = before
	delete(l.nodes, n)
	if w := l.Node(n); w != v && l.work(w) < l.work(v) {
		v = w
	} else {
		l.nodes = first
	}
	l.used = known
	l.use(v)
	l.results = append(l.results, v)
	if n.Shape.IsRow() {
		return l.AsRow(v)
	}
	return v
}

// work is what a value takes beside the results so far.
func (l *Lowerer) work(v *Value) float64 {
	return TotalFlops(append(slices.Clone(l.results), v), func(n *expr.SizeName) int { return int(l.size(n)) })
}

// Name gives the value of n a name, unless it has one or is a parameter. It is no result
// by that.
func (l *Lowerer) Name(n *expr.Node, name string) {
	l.depth++
	v := l.Node(n)
	l.depth--
	if v.Name == "" && v.Kind != Param {
		v.Name = name
	}
}

// use notes that v is computed.
func (l *Lowerer) use(v *Value) {
	clear(l.costs)
	clear(l.builds)
	clear(l.terms)
	l.mark(v)
}

func (l *Lowerer) mark(v *Value) {
	if l.used[v] {
		return
	}
	l.used[v] = true
	for _, a := range v.Args {
		l.mark(a)
	}
}

func (l *Lowerer) node(n *expr.Node) *Value {
	arg := func(i int) *Value { return l.Node(n.Args[i]) }
	switch n.Op.Name {
	case expr.OpNum:
		return l.Num(n.Num)
	case expr.OpVar:
		return l.variable(n.Sym)
	case expr.OpSize:
		return l.Size(n.Sizes[0])
	case expr.OpMember:
		if member := l.members[n.Sym]; member != nil {
			return member(n.Index)
		}
		return l.declared(l.Member(l.Param(n.Sym), n.Index))
	case expr.OpSumOver:
		return l.sumOver(n.Index, arg(0))
	case expr.OpIndex:
		return l.Counter(n.Index)
	case expr.OpApply:
		return l.Apply(n.Sym, n.Order, arg(0))
	case expr.OpMul, expr.OpDiv, expr.OpNeg, expr.OpT:
		p := newFactors()
		l.collect(n, false, p)
		return l.finish(p, n.Shape)
	case expr.OpAdd:
		return l.sum(n)
	case expr.OpHadamard, expr.OpElDiv:
		return l.entrywise(n)
	case expr.OpPow, expr.OpElPow:
		return l.pow(arg(0), arg(1))
	case expr.OpMPow:
		return l.matrixPower(arg(0), arg(1))
	case expr.OpZeros:
		return l.fill(l.Int(0), n.Shape)
	case "ones":
		return l.fill(l.Int(1), n.Shape)
	case "eye":
		if n.Shape.IsScalar() {
			return l.Int(1)
		}
		return l.Eye(n.Shape.Rows)
	case "basis":
		if n.Shape.IsScalar() {
			return l.Int(1)
		}
		return l.Unit(n.Shape.Rows, n.Order)
	case "commutation":
		return l.commutation(n)
	case "pi":
		return l.Pi()
	}
	if v := l.reduction(n); v != nil {
		return v
	}
	if v := l.system(n); v != nil {
		return v
	}
	if v := l.arrangement(n); v != nil {
		return v
	}
	return l.function(n)
}

// variable returns a variable; a family is the matrix whose columns are its members,
// or the vector of scalar members. Of one declared diagonal only the diagonal is used.
func (l *Lowerer) variable(s *expr.Symbol) *Value {
	if v := l.bound[s]; v != nil {
		return v
	}
	p := l.Param(s)
	if s.Family != nil {
		switch {
		case p.Rank == 3:
			return l.declared(l.thinMembers(p))
		case p.Rank == 1, p.Rows.IsOne(), p.Cols.IsOne(): // one member, or members of one entry
			return l.declared(p)
		}
		return l.Transpose(p)
	}
	if s.Facts.Has(expr.Diagonal) && s.Shape.IsMatrix() {
		return l.DiagMatrix(l.Diagonal(p))
	}
	return l.declared(p)
}

// thinMembers returns the matrix whose columns are the members of a family of n × 1 or
// 1 × n matrices, or the vector of those of 1 × 1.
func (l *Lowerer) thinMembers(p *Value) *Value {
	members, rows, cols := p.Sym.Family.Size, p.Rows, p.Cols
	s := &Spec{Operands: [][]int{{0, 1, 2}}, Result: []int{1, 0}, RowIndices: 1, Sizes: []*expr.Dim{members, rows, cols}}
	switch {
	case rows.IsOne() && cols.IsOne():
		s.Result = []int{0}
		return l.Contract(s, members, l.B.One(), p)
	case rows.IsOne():
		s.Result = []int{2, 0}
		return l.Contract(s, cols, members, p)
	case cols.IsOne():
		return l.Contract(s, rows, members, p)
	}
	panic("plan: a family of matrices stands for its members only")
}

// declared returns a vector or matrix of that rank in the form that its shape has.
func (l *Lowerer) declared(v *Value) *Value {
	switch {
	case v.Rank > 0 && v.Rows.IsOne() && v.Cols.IsOne():
		return l.Item(v)
	case v.Rank == 2 && (v.Rows.IsOne() || v.Cols.IsOne()):
		return l.Flatten(v)
	}
	return v
}

// fill returns a value of that shape with equal entries.
func (l *Lowerer) fill(s *Value, shape expr.Shape) *Value {
	switch {
	case shape.IsScalar():
		return s
	case shape.IsMatrix():
		return l.FillMatrix(s, shape.Rows, shape.Cols)
	case shape.IsRow():
		return l.FillVector(s, shape.Cols)
	}
	return l.FillVector(s, shape.Rows)
}

func (l *Lowerer) commutation(n *expr.Node) *Value {
	switch p, q := n.Sizes[0], n.Sizes[1]; {
	case n.Shape.IsScalar():
		return l.Int(1)
	case p.IsOne() || q.IsOne():
		return l.Eye(n.Shape.Rows)
	default:
		return l.Commutation(p, q)
	}
}

// sumOver returns the sum of a value over an index, out of which factors go that do
// not depend on it.
func (l *Lowerer) sumOver(i *expr.Index, body *Value) *Value {
	bit := LoopBit(i)
	if body.Kind == Unary && body.Fn == "neg" {
		return l.neg(l.sumOver(i, body.Args[0]))
	}
	if body.Kind == Binary && body.Loops&bit != 0 {
		x, y := body.Args[0], body.Args[1]
		switch {
		case body.Fn == "mul" && x.Rank == 0 && x.Loops&bit == 0:
			return l.scale(x, l.sumOver(i, y))
		case body.Fn == "mul" && y.Rank == 0 && y.Loops&bit == 0:
			return l.scale(y, l.sumOver(i, x))
		case body.Fn == "div" && y.Rank == 0 && y.Loops&bit == 0:
			return l.div(l.sumOver(i, x), y)
		}
	}
	// What multiplies from the left or right every time does so once.
	free := func(v *Value) bool { return v.Loops&bit == 0 && body.Loops&bit != 0 }
	switch body.Kind {
	case Transpose:
		return l.Transpose(l.sumOver(i, body.Args[0]))
	case Solve:
		if free(body.Args[0]) {
			return l.Solve(body.Args[0], l.sumOver(i, body.Args[1]), body.Trans)
		}
	case MatVec, MatMul:
		x, y := body.Args[0], body.Args[1]
		switch {
		case free(x):
			return l.product([]factor{column(x), {v: l.sumOver(i, y), whole: true}})
		case free(y):
			return l.product([]factor{{v: l.sumOver(i, x), whole: true}, column(y)})
		}
	case Dot:
		x, y := body.Args[0], body.Args[1]
		switch {
		case free(x):
			return l.InnerProduct(x, l.sumOver(i, y))
		case free(y):
			return l.InnerProduct(l.sumOver(i, x), y)
		}
	case Outer:
		x, y := body.Args[0], body.Args[1]
		switch {
		case free(x):
			return l.Outer(x, l.sumOver(i, y))
		case free(y):
			return l.Outer(l.sumOver(i, x), y)
		}
	}
	return l.SumOver(i, body)
}

// Cheaper returns the value of a result as it is returned: that of its node, or that of
// its index form where it takes less than half of the work.
func (l *Lowerer) Cheaper(n *expr.Node, x *print.IndexForm) *Value {
	known := maps.Clone(l.used)
	l.depth++
	v := l.Result(n)
	l.used = known
	if cost := l.pending(v); cost > cheapEntry*l.entries(v) {
		least := cost / 2
		if l.arrays && l.stacked(v) { // which costs more than its operations to arrange
			least = 1.25 * cost
		}
		if w := l.IndexForm(x); l.pending(w) < least && v.Rank == w.Rank {
			v = w
		}
	}
	l.depth--
	l.results[len(l.results)-1] = v
	l.use(v)
	return v
}

// NestsLoops reports whether the value of a node is computed by a loop within a loop.
func (l *Lowerer) NestsLoops(n *expr.Node) bool {
	known := maps.Clone(l.used)
	l.depth++
	v := l.Node(n)
	l.depth--
	l.used = known
	return slices.ContainsFunc(Schedule([]*Value{v}), func(w *Value) bool { return bits.OnesCount64(w.Loops) > 1 })
}

// stacked reports whether a value is made by matrices whose rows or columns are pairs, which
// arrays of more axes do without.
func (l *Lowerer) stacked(v *Value) bool {
	return slices.ContainsFunc(Schedule([]*Value{v}), func(w *Value) bool {
		switch w.Kind {
		case Kron, KhatriRao, KronApply, Commute, Commutation, Unvec:
			return !l.used[w]
		}
		return false
	})
}

// cheapEntry is what an entry may cost without a look for another way.
const cheapEntry = 4

// pending is what it takes to have a value beside the results so far.
func (l *Lowerer) pending(v *Value) float64 {
	total := totalFlops([]*Value{v}, l.size)
	for _, w := range Schedule([]*Value{v}) {
		if l.used[w] {
			total -= trips(w.Loops, l.B.Indices(), l.size) * flops(w, l.size)
		}
	}
	return total
}

// pow returns x to the power of k entry by entry.
func (l *Lowerer) pow(x, k *Value) *Value {
	if k.Kind == Number && k.Num.Sign() < 0 && !k.Num.Equal(rat.MinusOne) {
		return l.div(l.Int(1), l.pow(x, l.Num(k.Num.Neg())))
	}
	switch {
	case k.IsNumber(0, 1):
		return l.filled(x, l.Int(1))
	case k.IsNumber(1, 1):
		return x
	case k.IsNumber(2, 1):
		return l.unary("square", x)
	case k.IsNumber(1, 2):
		return l.unary("sqrt", x)
	case k.IsNumber(-1, 1):
		return l.div(l.Int(1), x)
	}
	return l.binary("pow", x, k)
}

// filled returns s in the shape of x.
func (l *Lowerer) filled(x, s *Value) *Value {
	switch x.Rank {
	case 1:
		return l.FillVector(s, x.Rows)
	case 2:
		return l.FillMatrix(s, x.Rows, x.Cols)
	}
	return s
}

// matrixPower returns A to an integer power.
func (l *Lowerer) matrixPower(a, k *Value) *Value {
	switch {
	case a.Rank == 0:
		return l.pow(a, k)
	case a.Kind == Eye || k.IsNumber(0, 1):
		return l.Eye(a.Rows)
	case a.Kind == DiagMatrix:
		return l.DiagMatrix(l.pow(a.Args[0], k))
	case a.Kind == Transpose:
		return l.Transpose(l.matrixPower(a.Args[0], k))
	case k.IsNumber(-1, 1):
		return l.inverse(a)
	}
	return l.MatPow(a, k)
}
