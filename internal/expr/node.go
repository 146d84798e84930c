// Package expr has the typed matrix expressions of nabla: sizes, shapes, facts,
// operators' rows (the type; the rows are in package ops) and the uniform,
// immutable, interned node of the matrix DAG.
//
// A Builder makes nodes; equal nodes of one Builder are one pointer. Check makes
// a DAG from syntax, lower turns it into index form, raise makes a DAG again,
// print writes it. Call NewBuilder first, then Symbol, Num and Node.
package expr

import (
	"encoding/binary"
	"slices"
	"sync"

	"example.com/nabla/internal/arena"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/rat"
)

// A Shape is rows × columns; a vector is a column (n × 1), a scalar is 1 × 1.
type Shape struct {
	Rows, Cols *Dim
}

// IsScalar reports whether the shape is 1 × 1.
func (s Shape) IsScalar() bool { return s.Rows.IsOne() && s.Cols.IsOne() }

// IsVector reports whether the shape is n × 1 with n ≠ 1.
func (s Shape) IsVector() bool { return s.Cols.IsOne() && !s.Rows.IsOne() }

// IsRow reports whether the shape is 1 × n with n ≠ 1.
func (s Shape) IsRow() bool { return s.Rows.IsOne() && !s.Cols.IsOne() }

// IsMatrix reports whether neither side is 1.
func (s Shape) IsMatrix() bool { return !s.Rows.IsOne() && !s.Cols.IsOne() }

// Kind is the kind of variable that has the shape: a row is a matrix.
func (s Shape) Kind() Kind {
	switch {
	case s.IsScalar():
		return Scalar
	case s.IsVector():
		return Vector
	}
	return Matrix
}

// ProductShape returns the shape of a product of one factor or more, where scalars may stand
// anywhere; ok is false where neighbours do not fit.
func ProductShape(factors []*Node) (s Shape, ok bool) {
	s = factors[0].Shape
	for _, f := range factors[1:] {
		switch {
		case s.IsScalar():
			s = f.Shape
		case f.Shape.IsScalar():
		case s.Cols != f.Shape.Rows:
			return Shape{}, false
		default:
			s.Cols = f.Shape.Cols
		}
	}
	return s, true
}

// T returns the transposed shape.
func (s Shape) T() Shape { return Shape{s.Cols, s.Rows} }

// A Fact is something known of a variable, as declared.
type Fact uint32

// Facts of variables; a set is a bit mask. Posdef implies Symmetric and
// Invertible, Diagonal implies Symmetric; Facts.Closure adds what follows.
const (
	Symmetric Fact = 1 << iota
	Posdef
	Diagonal
	Orthogonal
	Onehot
	Simplex
	Positive
	Invertible
	Integer
	Constant
	Toeplitz
)

// FactNames are the facts as written, in the order of the constants.
var FactNames = []string{"symmetric", "posdef", "diagonal", "orthogonal", "onehot",
	"simplex", "positive", "invertible", "integer", "constant", "toeplitz"}

// Has reports whether all of g is in f.
func (f Fact) Has(g Fact) bool { return f&g == g }

// Closure adds the facts that follow from f.
func (f Fact) Closure() Fact {
	if f.Has(Posdef) {
		f |= Symmetric | Invertible
	}
	if f.Has(Diagonal) {
		f |= Symmetric
	}
	if f.Has(Orthogonal) {
		f |= Invertible
	}
	return f
}

// AllPositive reports whether every entry is greater than zero: of a diagonal matrix that
// is declared positive, those on the diagonal are alone.
func (f Fact) AllPositive() bool { return f.Has(Positive) && f&(Diagonal|Onehot) == 0 }

// Names lists the facts as written.
func (f Fact) Names() []string {
	var out []string
	for i, n := range FactNames {
		if f&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// A Kind is what a symbol was declared as.
type Kind int

// Kinds of symbols. A matrix declared n × 1 has a vector's shape but stays a
// two-dimensional array in generated code.
const (
	Scalar Kind = iota
	Vector
	Matrix
	Function // unknown elementwise function
)

// A Symbol is a variable. Ordinal counts symbols by first occurrence in the
// program, so that nothing depends on names.
type Symbol struct {
	Name     string
	Ordinal  int
	Kind     Kind
	Shape    Shape
	Facts    Fact
	Family   *Index // not nil: a family x[i] with one member for each value of the index
	Inferred bool   // type or sizes were not declared
	// Count is the size name of an integer scalar that counts something, such as
	// the terms of a sum; nil for all others. See Builder.Count.
	Count *SizeName
}

// An Index is the index of a family or sum: i = 1..N.
type Index struct {
	Name    string
	Size    *Dim
	Ordinal int
}

// A Node is one node of the DAG. Everything is immutable after Builder made it.
type Node struct {
	ID    int // counts the nodes of a Builder; arguments have smaller IDs
	Op    *Op
	Args  []*Node
	Shape Shape

	Num   rat.Rat // num: the number
	Sym   *Symbol // var, member: the variable; apply: the function
	Sizes []*Dim  // eye, ones, …: size arguments; size: the size used as a value
	Index *Index  // member, sumover, index: the index
	Order int     // apply: how often the function is differentiated; basis: the position (from 1)

	depth int32 // of the tree below
}

// Names of the operators that are the algebra itself. Every registry has them.
//
// add, mul and hadamard are n-ary. mul multiplies from left to right, and where a
// side is 1 × 1 it scales; add, hadamard, eldiv and elpow spread scalars.
const (
	OpNum      = "num"      // a rational number
	OpVar      = "var"      // a variable
	OpSize     = "size"     // a size used as a number
	OpMember   = "member"   // x[i] of a family
	OpSumOver  = "sumover"  // Σ_i of its operand
	OpIndex    = "index"    // the value of an index, 1 … N
	OpApply    = "apply"    // σ(x), σ′(x), … of an unknown elementwise function
	OpAdd      = "add"      // n-ary sum
	OpNeg      = "neg"      // −x
	OpMul      = "mul"      // n-ary product
	OpDiv      = "div"      // x / scalar
	OpHadamard = "hadamard" // n-ary entrywise product
	OpElDiv    = "eldiv"    // entrywise quotient
	OpPow      = "pow"      // scalar ^ scalar
	OpElPow    = "elpow"    // entrywise power
	OpMPow     = "mpow"     // square matrix ^ integer (a number or an integer symbol)
	OpT        = "t"        // transpose
	OpInv      = "inv"      // inverse, the power −1 of a matrix
	OpZeros    = "zeros"    // zero vector or matrix, the empty sum
)

// nodeBytes is about what an interned node takes beside its operands.
const nodeBytes = 320

// A Builder interns nodes, sizes and symbols. It is used by one goroutine.
type Builder struct {
	Sizes
	Reg *Registry
	// Limit is what the request may take, nil if nothing is bounded. Whatever works for
	// a Builder counts its work and its memory there.
	Limit   *limit.Budget
	nodes   map[string]*Node
	list    []*Node
	symbols []*Symbol
	indices []*Index
	key     []byte
	slab    arena.Slab[Node]
	deepest int32
}

var builders = sync.Pool{New: func() any { return &Builder{nodes: make(map[string]*Node, 64)} }}

// NewBuilder returns an empty Builder over the operators of reg.
func NewBuilder(reg *Registry) *Builder {
	b := builders.Get().(*Builder)
	b.Reg = reg
	return b
}

// Release gives the Builder's memory back. Neither it nor any node, size or
// symbol of it may be used afterwards. A Builder need not be released.
func (b *Builder) Release() {
	clear(b.nodes)
	clear(b.list)
	clear(b.symbols)
	clear(b.indices)
	b.Sizes.reset()
	b.Limit, b.deepest = nil, 0
	b.slab.Reset()
	b.Reg, b.list, b.symbols, b.indices = nil, b.list[:0], b.symbols[:0], b.indices[:0]
	builders.Put(b)
}

// Find returns the operator of that name, or nil.
func (b *Builder) Find(name string) *Op { return b.Reg.Find(name) }

// Budget returns the Limit.
func (b *Builder) Budget() *limit.Budget { return b.Limit }

// NewSymbol adds a variable; the caller does so in order of first occurrence.
func (b *Builder) NewSymbol(name string, kind Kind, shape Shape, facts Fact) *Symbol {
	s := &Symbol{Name: name, Ordinal: len(b.symbols), Kind: kind, Shape: shape, Facts: facts.Closure()}
	b.symbols = append(b.symbols, s)
	return s
}

// Symbols returns the variables by ordinal.
func (b *Builder) Symbols() []*Symbol { return b.symbols }

// NewIndex adds a family index.
func (b *Builder) NewIndex(name string, size *Dim) *Index {
	i := &Index{name, size, len(b.indices)}
	b.indices = append(b.indices, i)
	return i
}

// Indices returns the indices by ordinal.
func (b *Builder) Indices() []*Index { return b.indices }

// Nodes returns every node by ID.
func (b *Builder) Nodes() []*Node { return b.list }

// Intern returns the node equal to n, which it keeps if it is new. The caller
// has set everything but ID, and the shape is right.
func (b *Builder) Intern(n Node) *Node {
	b.key = n.appendKey(b.key[:0])
	b.Limit.Step(4)
	if m := b.nodes[string(b.key)]; m != nil {
		return m
	}
	if b.Limit != nil {
		b.Limit.Take(nodeBytes + len(b.key) + 8*len(n.Args))
	}
	for _, a := range n.Args {
		n.depth = max(n.depth, a.depth+1)
	}
	if n.depth > b.deepest {
		b.deeper(n.depth)
	}
	n.ID = len(b.list)
	m := b.slab.New()
	*m = n
	b.nodes[string(b.key)] = m
	b.list = append(b.list, m)
	return m
}

// deeper counts the stack of those who walk a node deeper than all others.
func (b *Builder) deeper(depth int32) {
	if depth > limit.NodeDepth {
		panic(limit.ErrTooDeep)
	}
	b.Limit.Take(int(depth-b.deepest) * levelBytes)
	b.deepest = depth
}

// levelBytes is about what a level takes on the stack.
const levelBytes = 2048

// appendKey appends what equal nodes have in common and others have not.
func (n *Node) appendKey(k []byte) []byte {
	k = append(k, n.Op.Name...)
	k = append(k, 0)
	for _, a := range n.Args {
		k = binary.AppendUvarint(k, uint64(a.ID))
	}
	k = append(k, 0xff)
	if n.Op.Name == OpNum {
		return n.Num.AppendKey(k)
	}
	if n.Sym != nil {
		k = binary.AppendUvarint(append(k, 1), uint64(n.Sym.Ordinal))
	}
	for _, d := range n.Sizes {
		k = binary.AppendUvarint(append(k, 2), uint64(d.ID()))
	}
	if n.Index != nil {
		k = binary.AppendUvarint(append(k, 3), uint64(n.Index.Ordinal))
	}
	if n.Order != 0 {
		k = binary.AppendUvarint(append(k, 4), uint64(n.Order))
	}
	return k
}

// Reorder gives the variables new ordinals: order lists all of them. Nodes stay what
// they are. Whatever has been made of ordinals, such as index form, is void.
func (b *Builder) Reorder(order []*Symbol) {
	if len(order) != len(b.symbols) {
		panic("expr: Reorder wants every symbol")
	}
	copy(b.symbols, order)
	for i, s := range b.symbols {
		s.Ordinal = i
	}
	clear(b.nodes)
	for _, n := range b.list {
		b.key = n.appendKey(b.key[:0])
		b.nodes[string(b.key)] = n
	}
}

// Num returns the number r as a scalar node.
func (b *Builder) Num(r rat.Rat) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpNum), Shape: b.scalar(), Num: r})
}

func (b *Builder) scalar() Shape { return Shape{b.One(), b.One()} }

// Var returns the node of a variable (not of a family's member).
func (b *Builder) Var(s *Symbol) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpVar), Shape: s.Shape, Sym: s})
}

// Member returns x[i].
func (b *Builder) Member(s *Symbol, i *Index) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpMember), Shape: s.Shape, Sym: s, Index: i})
}

// SumOver returns Σ_i body.
func (b *Builder) SumOver(i *Index, body *Node) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpSumOver), Args: []*Node{body}, Shape: body.Shape, Index: i})
}

// IndexValue returns the index i as a number.
func (b *Builder) IndexValue(i *Index) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpIndex), Shape: b.scalar(), Index: i})
}

// Count returns the integer scalar s as a size, so that an index can run up to
// it. The size and the variable have one name and one value.
func (b *Builder) Count(s *Symbol) *Dim {
	d := b.Sizes.Size(s.Name)
	s.Count = b.SizeName(s.Name)
	s.Count.Symbol = s
	return d
}

// Size returns the size d as a number.
func (b *Builder) Size(d *Dim) *Node {
	if c, ok := d.Const(); ok {
		return b.Num(rat.Int(c))
	}
	return b.Intern(Node{Op: b.Reg.Op(OpSize), Shape: b.scalar(), Sizes: []*Dim{d}})
}

// Apply returns the order-th derivative of the unknown function f at x, entrywise.
func (b *Builder) Apply(f *Symbol, order int, x *Node) *Node {
	return b.Intern(Node{Op: b.Reg.Op(OpApply), Args: []*Node{x}, Shape: x.Shape, Sym: f, Order: order})
}

// Node returns op applied to args. The operands fit (check and raise see to it);
// the result's shape is computed here from the algebra or the signature.
func (b *Builder) Node(op string, args ...*Node) *Node {
	return b.Make(b.Reg.Op(op), args, nil, 0)
}

// Sized returns an operator with size arguments: eye(n), ones(m, n).
func (b *Builder) Sized(op string, sizes ...*Dim) *Node {
	return b.Make(b.Reg.Op(op), nil, sizes, 0)
}

// Make is the general form of Node and Sized.
func (b *Builder) Make(op *Op, args []*Node, sizes []*Dim, order int) *Node {
	return b.Intern(Node{Op: op, Args: slices.Clone(args), Shape: b.ResultShape(op, args, sizes), Sizes: sizes, Order: order})
}

// ResultShape computes the shape of op applied to fitting operands.
func (b *Builder) ResultShape(op *Op, args []*Node, sizes []*Dim) Shape {
	switch op.Name {
	case OpMul:
		s := args[0].Shape
		for _, a := range args[1:] {
			switch {
			case s.IsScalar():
				s = a.Shape
			case !a.Shape.IsScalar():
				s = Shape{s.Rows, a.Shape.Cols}
			}
		}
		return s
	case OpNeg, OpDiv, OpPow, OpMPow:
		return args[0].Shape
	}
	if len(args) == 0 && op.sig == nil {
		return b.scalar()
	}
	if op.sig == nil || op.Spread || op.Class == Special && len(args) > 0 {
		for _, a := range args {
			if !a.Shape.IsScalar() {
				return a.Shape
			}
		}
		return args[0].Shape
	}
	letters := make([]*Dim, op.sig.Letters)
	for i, ax := range op.sig.Args {
		if i >= len(args) {
			break
		}
		b.bind(letters, ax.Rows, args[i].Shape.Rows)
		b.bind(letters, ax.Cols, args[i].Shape.Cols)
	}
	if len(op.sig.Args) == 0 {
		// Letters without operands are the size arguments, in order; a missing
		// optional one is 1.
		for i := range letters {
			letters[i] = b.One()
			if i < len(sizes) {
				letters[i] = sizes[i]
			}
		}
	}
	size := func(axis []int) *Dim {
		p := b.One()
		for _, l := range axis {
			if letters[l] != nil {
				p = b.Mul(p, letters[l])
			}
		}
		return p
	}
	return Shape{size(op.sig.Result.Rows), size(op.sig.Result.Cols)}
}

func (b *Builder) bind(letters []*Dim, axis []int, d *Dim) {
	if len(axis) == 1 && (letters[axis[0]] == nil || letters[axis[0]].IsOne()) {
		letters[axis[0]] = d
	}
}
