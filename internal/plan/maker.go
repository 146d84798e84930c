package plan

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A Maker makes and interns values. Its methods see to shapes and to what is always
// better another way: x * 1 is x, (Aᵀ)ᵀ is A, a sum of products of two vectors is
// their dot product. They panic where operands do not fit, which is a fault of
// the caller.
type Maker struct {
	B      *expr.Builder
	values map[string]*Value
	list   []*Value
	key    []byte
}

// valueBytes is about what an interned value takes beside its key.
const valueBytes = 384

// NewMaker returns a Maker over the symbols and sizes of b.
func NewMaker(b *expr.Builder) *Maker {
	return &Maker{B: b, values: map[string]*Value{}}
}

func (m *Maker) intern(v Value) *Value {
	k := append(m.key[:0], byte(v.Kind), byte(v.Axis), byte(v.Order), byte(v.Order>>8))
	if v.Trans {
		k = append(k, 1)
	}
	k = append(k, v.Fn...)
	k = append(k, 0)
	for _, a := range v.Args {
		k = binary.AppendUvarint(k, uint64(a.ID))
	}
	k = append(k, 0xff, 0xff)
	k = binary.AppendUvarint(k, uint64(v.Rows.ID()))
	k = binary.AppendUvarint(k, uint64(v.Cols.ID()))
	for _, d := range v.Dims {
		k = binary.AppendUvarint(k, uint64(d.ID()))
	}
	for _, d := range v.Axes {
		k = binary.AppendUvarint(k, uint64(d.ID()))
	}
	for _, i := range v.Perm {
		k = append(k, byte(i))
	}
	if v.Kind == Number {
		k = v.Num.AppendKey(append(k, 0))
	}
	if v.Sym != nil {
		k = binary.AppendUvarint(append(k, 1), uint64(v.Sym.Ordinal))
	}
	if v.Index != nil {
		k = binary.AppendUvarint(append(k, 2), uint64(v.Index.Ordinal))
	}
	if s := v.Spec; s != nil {
		k = append(k, 3, byte(s.RowIndices))
		for _, list := range append(slices.Clone(s.Operands), s.Result) {
			for _, i := range list {
				k = append(k, byte(i))
			}
			k = append(k, 0xff)
		}
	}
	m.key = k
	m.B.Limit.Step(4)
	if w := m.values[string(k)]; w != nil {
		return w
	}
	switch {
	case v.Rows.IsOne() && v.Cols.IsOne() && v.Rank == 0:
	case v.Rank == 1 && v.Cols.IsOne(), v.Rank >= 2:
	default:
		panic("plan: a value of rank and shape that do not agree")
	}
	for _, a := range v.Args {
		v.Loops |= a.Loops
	}
	switch v.Kind {
	case Counter, Member, UnitAt:
		v.Loops |= LoopBit(v.Index)
	case SumOver, Columns, Stack:
		if v.Index.Ordinal < 63 {
			v.Loops &^= LoopBit(v.Index)
		}
	}
	if m.B.Limit != nil {
		m.B.Limit.Take(valueBytes + len(k))
	}
	v.ID = len(m.list)
	v.learn()
	w := &v
	m.values[string(k)] = w
	m.list = append(m.list, w)
	return w
}

func (m *Maker) scalar(v Value) *Value {
	v.Rank, v.Rows, v.Cols = 0, m.B.One(), m.B.One()
	return m.intern(v)
}

func (m *Maker) vector(n *expr.Dim, v Value) *Value {
	v.Rank, v.Rows, v.Cols = 1, n, m.B.One()
	return m.intern(v)
}

func (m *Maker) matrix(rows, cols *expr.Dim, v Value) *Value {
	v.Rank, v.Rows, v.Cols = 2, rows, cols
	return m.intern(v)
}

// like makes a value of the shape of x.
func (m *Maker) like(x *Value, v Value) *Value {
	v.Rank, v.Rows, v.Cols, v.Axes = x.Rank, x.Rows, x.Cols, x.Axes
	return m.intern(v)
}

// Param returns the variable as it is passed; see ArgumentRank.
func (m *Maker) Param(s *expr.Symbol) *Value {
	return m.intern(Value{Kind: Param, Rank: ArgumentRank(s), Rows: s.Shape.Rows, Cols: s.Shape.Cols, Sym: s}.family())
}

// family gives a family of scalars or vectors the shape of the vector or matrix that
// it is passed as.
func (v Value) family() Value {
	if f := v.Sym.Family; f != nil {
		switch v.Rank {
		case 1:
			v.Rows = f.Size
		case 2:
			v.Rows, v.Cols = f.Size, v.Rows
		}
	}
	return v
}

// Num returns the number r.
func (m *Maker) Num(r rat.Rat) *Value { return m.scalar(Value{Kind: Number, Num: r}) }

// Int returns the number n.
func (m *Maker) Int(n int64) *Value { return m.Num(rat.Int(n)) }

// Pi returns π.
func (m *Maker) Pi() *Value { return m.scalar(Value{Kind: Pi}) }

// Size returns a size as a scalar.
func (m *Maker) Size(d *expr.Dim) *Value {
	if c, ok := d.Const(); ok {
		return m.Int(c)
	}
	return m.scalar(Value{Kind: Size, Dims: []*expr.Dim{d}})
}

// Counter returns the value of a loop index.
func (m *Maker) Counter(i *expr.Index) *Value { return m.scalar(Value{Kind: Counter, Index: i}) }

// FillVector returns n entries s.
func (m *Maker) FillVector(s *Value, n *expr.Dim) *Value {
	return m.vector(n, Value{Kind: Fill, Args: []*Value{s}})
}

// FillMatrix returns a rows × cols matrix with entries s.
func (m *Maker) FillMatrix(s *Value, rows, cols *expr.Dim) *Value {
	return m.matrix(rows, cols, Value{Kind: Fill, Args: []*Value{s}})
}

// Eye returns the n × n identity matrix.
func (m *Maker) Eye(n *expr.Dim) *Value { return m.matrix(n, n, Value{Kind: Eye}) }

// Unit returns the k-th unit vector of n entries, counted from 1.
func (m *Maker) Unit(n *expr.Dim, k int) *Value { return m.vector(n, Value{Kind: Unit, Order: k}) }

// Commutation returns K with K vec(A) = vec(Aᵀ) for A of p × q.
func (m *Maker) Commutation(p, q *expr.Dim) *Value {
	n := m.B.Mul(p, q)
	return m.matrix(n, n, Value{Kind: Commutation, Dims: []*expr.Dim{p, q}})
}

// Unary returns fn of each entry.
func (m *Maker) Unary(fn string, x *Value) *Value {
	switch {
	case fn == "neg":
		return m.Neg(x)
	case x.Kind == Fill:
		return m.refill(x, m.Unary(fn, x.Args[0]))
	}
	return m.like(x, Value{Kind: Unary, Fn: fn, Args: []*Value{x}})
}

// refill returns a Fill of the shape of x with entries s.
func (m *Maker) refill(x, s *Value) *Value {
	return m.like(x, Value{Kind: Fill, Args: []*Value{s}})
}

// Neg returns −x.
func (m *Maker) Neg(x *Value) *Value {
	switch {
	case x.Kind == Number:
		return m.Num(x.Num.Neg())
	case x.Kind == Unary && x.Fn == "neg":
		return x.Args[0]
	case x.Kind == Binary && x.Fn == "sub":
		return m.Binary("sub", x.Args[1], x.Args[0])
	case x.Kind == Fill:
		return m.refill(x, m.Neg(x.Args[0]))
	}
	return m.like(x, Value{Kind: Unary, Fn: "neg", Args: []*Value{x}})
}

// Apply returns a derivative of an unknown function at each entry.
func (m *Maker) Apply(f *expr.Symbol, order int, x *Value) *Value {
	return m.like(x, Value{Kind: Apply, Sym: f, Order: order, Args: []*Value{x}})
}

// Col returns the matrix of cols columns v, for Binary.
func (m *Maker) Col(v *Value, cols *expr.Dim) *Value {
	return m.matrix(v.Rows, cols, Value{Kind: Col, Args: []*Value{v}})
}

// Row returns the matrix of rows rows v, for Binary.
func (m *Maker) Row(v *Value, rows *expr.Dim) *Value {
	return m.matrix(rows, v.Rows, Value{Kind: Row, Args: []*Value{v}})
}

// Binary returns fn of each pair of entries; a scalar stands for a matrix or vector of
// equal entries.
func (m *Maker) Binary(fn string, x, y *Value) *Value {
	shape := x
	if x.Rank == 0 {
		shape = y
	} else if y.Rank != 0 && (x.Rank != y.Rank || x.Rows != y.Rows || x.Cols != y.Cols || !slices.Equal(x.Axes, y.Axes)) {
		panic("plan: " + fn + " of values of different shapes")
	}
	if v := m.trivial(fn, x, y); v != nil {
		return v
	}
	// A Fill is a scalar to be spread, where the other operand has the shape.
	if x.Kind == Fill && (y.Rank > 0 && y.Kind != Col && y.Kind != Row && !y.spreads()) {
		return m.Binary(fn, x.Args[0], y)
	}
	if y.Kind == Fill && x.Rank > 0 && x.Kind != Col && x.Kind != Row && !x.spreads() {
		return m.Binary(fn, x, y.Args[0])
	}
	return m.like(shape, Value{Kind: Binary, Fn: fn, Args: []*Value{x, y}})
}

// trivial returns x fn y where no work is needed, or nil.
func (m *Maker) trivial(fn string, x, y *Value) *Value {
	// whole reports whether v has the shape of the result and is no view.
	whole := func(v, other *Value) bool {
		return v.Rank >= other.Rank && v.Kind != Col && v.Kind != Row && !v.spreads()
	}
	if x.Kind == Number && y.Kind == Number {
		switch fn {
		case "add":
			return m.Num(x.Num.Add(y.Num))
		case "sub":
			return m.Num(x.Num.Sub(y.Num))
		case "mul":
			return m.Num(x.Num.Mul(y.Num))
		case "div":
			if !y.Num.IsZero() {
				return m.Num(x.Num.Div(y.Num))
			}
		}
	}
	one := func(v *Value) bool { return v.IsNumber(1, 1) || v.Kind == Fill && v.Args[0].IsNumber(1, 1) }
	zero := func(v *Value) bool { return v.IsNumber(0, 1) || v.Kind == Fill && v.Args[0].IsNumber(0, 1) }
	neg := func(v *Value) bool { return v.Kind == Unary && v.Fn == "neg" }
	switch fn {
	case "mul":
		switch {
		case one(y) && whole(x, y):
			return x
		case one(x) && whole(y, x):
			return y
		case y.IsNumber(-1, 1) && whole(x, y):
			return m.Neg(x)
		case x.IsNumber(-1, 1) && whole(y, x):
			return m.Neg(y)
		}
	case "div":
		if one(y) && whole(x, y) {
			return x
		}
	case "add":
		switch {
		case zero(y) && whole(x, y):
			return x
		case zero(x) && whole(y, x):
			return y
		case neg(y):
			return m.Binary("sub", x, y.Args[0])
		case neg(x):
			return m.Binary("sub", y, x.Args[0])
		}
	case "sub":
		switch {
		case zero(y) && whole(x, y):
			return x
		case zero(x) && whole(y, x):
			return m.Neg(y)
		case neg(y):
			return m.Binary("add", x, y.Args[0])
		}
	case "pow":
		switch {
		case one(y) && whole(x, y):
			return x
		case y.IsNumber(2, 1):
			return m.Unary("square", x)
		case y.IsNumber(1, 2):
			return m.Unary("sqrt", x)
		case y.IsNumber(-1, 1):
			return m.Binary("div", m.Int(1), x)
		case y.IsNumber(-1, 2):
			return m.Binary("div", m.Int(1), m.Unary("sqrt", x))
		}
	}
	return nil
}

// Sum returns the sum of all entries.
func (m *Maker) Sum(x *Value) *Value {
	switch {
	case x.Rank == 0:
		return x
	case x.Kind == Fill:
		return m.Binary("mul", m.Size(m.B.Mul(x.Rows, x.Cols)), x.Args[0])
	case x.Kind == Unary && x.Fn == "neg":
		return m.Neg(m.Sum(x.Args[0]))
	case x.Kind == Unary && x.Fn == "square":
		return m.InnerProduct(x.Args[0], x.Args[0])
	case x.Kind == Transpose || x.Kind == Vec || x.Kind == Unvec:
		return m.Sum(x.Args[0])
	case x.Kind == Col:
		return m.Binary("mul", m.Size(x.Cols), m.Sum(x.Args[0]))
	case x.Kind == Row:
		return m.Binary("mul", m.Size(x.Rows), m.Sum(x.Args[0]))
	case x.Kind == Binary && x.Fn == "mul":
		if a, b := x.Args[0], x.Args[1]; a.Rank == 0 {
			return m.Binary("mul", a, m.Sum(b))
		} else if b.Rank == 0 {
			return m.Binary("mul", m.Sum(a), b)
		} else if a.Kind != Col && a.Kind != Row && b.Kind != Col && b.Kind != Row {
			return m.InnerProduct(a, b)
		}
	case x.Kind == Binary && x.Fn == "div" && x.Args[1].Rank == 0:
		return m.Binary("div", m.Sum(x.Args[0]), x.Args[1])
	}
	return m.scalar(Value{Kind: Sum, Args: []*Value{x}})
}

// InnerProduct returns Σ of the products of the entries of two vectors or matrices.
func (m *Maker) InnerProduct(x, y *Value) *Value {
	if x.Rank == 0 {
		return m.Binary("mul", x, y)
	}
	if x.Rank != y.Rank || x.Rows != y.Rows || x.Cols != y.Cols {
		panic("plan: inner product of values of different shapes")
	}
	// Scalars leave the sum.
	for _, p := range [][2]*Value{{x, y}, {y, x}} {
		a, b := p[0], p[1]
		switch {
		case a.Kind == Fill:
			return m.Binary("mul", a.Args[0], m.Sum(b))
		case a.Kind == Unary && a.Fn == "neg":
			return m.Neg(m.InnerProduct(a.Args[0], b))
		case a.Kind == Binary && a.Fn == "mul" && a.Args[0].Rank == 0:
			return m.Binary("mul", a.Args[0], m.InnerProduct(a.Args[1], b))
		case a.Kind == Binary && (a.Fn == "mul" || a.Fn == "div") && a.Args[1].Rank == 0:
			return m.Binary(a.Fn, m.InnerProduct(a.Args[0], b), a.Args[1])
		}
	}
	if x.Rank == 1 {
		if y.ID < x.ID {
			x, y = y, x
		}
		return m.scalar(Value{Kind: Dot, Args: []*Value{x, y}})
	}
	switch {
	case x.Kind == Transpose && (y.Kind == Transpose || y.Symmetric()):
		x, y = x.Args[0], m.Transpose(y)
	case x.Kind == Eye:
		return m.Trace(y)
	case y.Kind == Eye:
		return m.Trace(x)
	}
	if y.ID < x.ID {
		x, y = y, x
	}
	return m.scalar(Value{Kind: Inner, Args: []*Value{x, y}})
}

// RowSum returns the sum of each row of a matrix.
func (m *Maker) RowSum(x *Value) *Value {
	switch x.Kind {
	case Transpose:
		return m.ColSum(x.Args[0])
	case Fill:
		return m.FillVector(m.Binary("mul", m.Size(x.Cols), x.Args[0]), x.Rows)
	case Outer:
		return m.Binary("mul", x.Args[0], m.Sum(x.Args[1]))
	case Eye:
		return m.FillVector(m.Int(1), x.Rows)
	}
	return m.vector(x.Rows, Value{Kind: RowSum, Args: []*Value{x}})
}

// ColSum returns the sum of each column of a matrix.
func (m *Maker) ColSum(x *Value) *Value {
	switch x.Kind {
	case Transpose:
		return m.RowSum(x.Args[0])
	case Fill:
		return m.FillVector(m.Binary("mul", m.Size(x.Rows), x.Args[0]), x.Cols)
	case Outer:
		return m.Binary("mul", m.Sum(x.Args[0]), x.Args[1])
	case Eye:
		return m.FillVector(m.Int(1), x.Rows)
	}
	return m.vector(x.Cols, Value{Kind: ColSum, Args: []*Value{x}})
}

// Norm returns the Euclidean norm of a vector or the Frobenius norm of a matrix.
func (m *Maker) Norm(x *Value) *Value {
	switch {
	case x.Rank == 0:
		return m.Unary("abs", x)
	case x.Kind == Transpose, x.Kind == Vec, x.Kind == Unvec, x.Kind == Unary && x.Fn == "neg":
		return m.Norm(x.Args[0])
	}
	return m.scalar(Value{Kind: Norm, Args: []*Value{x}})
}

// Softmax returns the softmax of a vector, or of each row or column of a matrix.
func (m *Maker) Softmax(x *Value, axis Axis) *Value {
	if x.Kind == Transpose {
		return m.Transpose(m.Softmax(x.Args[0], axis.turned()))
	}
	return m.like(x, Value{Kind: Softmax, Args: []*Value{x}, Axis: axis})
}

// LogSumExp returns the logarithm of the sum of exponentials of a vector, or of each
// row or column of a matrix.
func (m *Maker) LogSumExp(x *Value, axis Axis) *Value {
	switch axis {
	case Whole:
		return m.scalar(Value{Kind: LogSumExp, Args: []*Value{x}})
	case EachRow, EachCol:
		if x.Kind == Transpose {
			return m.LogSumExp(x.Args[0], axis.turned())
		}
		if axis == EachRow {
			return m.vector(x.Rows, Value{Kind: LogSumExp, Args: []*Value{x}, Axis: axis})
		}
	}
	return m.vector(x.Cols, Value{Kind: LogSumExp, Args: []*Value{x}, Axis: axis})
}

func (a Axis) turned() Axis {
	switch a {
	case EachRow:
		return EachCol
	case EachCol:
		return EachRow
	}
	return a
}
