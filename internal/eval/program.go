package eval

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/message"
)

// largestValue bounds the entries of one value, so that sizes given as large
// numbers are refused and do not fill the memory.
const largestValue = 1 << 20

// A program is a DAG made ready to run at one choice of sizes: instructions in
// order, every value in a slot that is allocated once. Sums over an index are
// loops with a list of their own; what does not depend on the index stands
// outside the loop.
type program struct {
	point   *Point
	limit   *limit.Budget
	bytes   int // of the values
	slots   []expr.Dense
	index   []int // current value of each index, by ordinal
	list    []instr
	dirty   []int // positions in list of what depends on the moved symbol
	root    int32
	cost    int    // multiplications of one run, roughly
	refused *unfit // why the last point was refused
}

type opcode uint8

const (
	opMember opcode = iota
	opFamily
	opAdd
	opNeg
	opMul
	opHadamard
	opDiv
	opElDiv
	opElPow
	opMPow
	opTranspose
	opStructural
	opScalar
	opKernel
	opAlong
	opSumOver
	opIndex
	opApply
)

type instr struct {
	code  opcode
	moved bool // depends on the moved symbol
	out   int32
	args  []int32
	node  *expr.Node
	temps []expr.Dense  // mul: partial products
	plan  *plan         // structural
	call  *expr.Call    // kernel
	vals  []float64     // scalar: arguments of one entry
	sym   *variable     // member
	fun   *testFunction // apply
	body  []instr       // sumover
	count int           // sumover: values of the index
	rows  bool          // along: slices are columns of the operand, that is, along its rows
}

// An unfit is why a program has no usable value at a point: the operator, its
// operand and what was required of it.
type unfit struct {
	node *expr.Node
	arg  *expr.Node
	why  string
}

func (u *unfit) Error() string { return fmt.Sprintf("%s: %s", u.node.Op.Name, u.why) }

// ErrTooLarge is returned where a value would have more than 2²⁰ entries.
var ErrTooLarge = message.Errorf("a value would have more than %d entries", largestValue)

// ErrTooLong is returned where one evaluation would take too long.
var ErrTooLong = message.Errorf("its value takes too many steps")

// mostWork bounds the multiplications of one evaluation, roughly.
const mostWork = 1 << 22

type scope struct {
	index *expr.Index
	list  []instr
	slots map[int]int32 // by node ID; the outermost scope has compiler.slots
}

type compiler struct {
	p      *program
	moved  []*expr.Symbol
	slots  []int32 // outermost scope, by node ID; −1: not yet
	known  []bool
	free   []uint64 // indices that a node depends on, a bit for each ordinal
	deps   []bool   // nodes that depend on the moved symbol
	scopes []scope
	err    error
}

// compile makes n ready to run with the values of pt. The symbols moved are those
// that differences change.
func compile(n *expr.Node, pt *Point, moved ...*expr.Symbol) (*program, error) {
	pt.inv.limit.Step(2 + n.ID/clearedNodes)
	c := &compiler{
		p: &program{point: pt, limit: pt.inv.limit}, moved: moved,
		slots: make([]int32, n.ID+1), known: make([]bool, n.ID+1),
		free: make([]uint64, n.ID+1), deps: make([]bool, n.ID+1),
		scopes: make([]scope, 1, 4),
	}
	for i := range c.slots {
		c.slots[i] = -1
	}
	c.analyse(n)
	if c.err != nil {
		return nil, c.err
	}
	c.p.root = c.emit(n)
	c.p.list = c.scopes[0].list
	for i := range c.p.list {
		if c.p.list[i].moved {
			c.p.dirty = append(c.p.dirty, i)
		}
	}
	return c.p, c.err
}

// analyse finds the free indices of n and whether it depends on the moved symbol.
func (c *compiler) analyse(n *expr.Node) {
	if c.known[n.ID] {
		return
	}
	c.known[n.ID] = true
	c.p.limit.Step(2)
	free, dep := uint64(0), n.Sym != nil && slices.Contains(c.moved, n.Sym)
	for _, a := range n.Args {
		c.analyse(a)
		free |= c.free[a.ID]
		dep = dep || c.deps[a.ID]
	}
	if n.Index != nil {
		if n.Index.Ordinal >= 64 {
			c.err = fmt.Errorf("more than 64 indices")
			return
		}
		for len(c.p.index) <= n.Index.Ordinal {
			c.p.index = append(c.p.index, 0)
		}
		bit := uint64(1) << n.Index.Ordinal
		if n.Op.Name == expr.OpSumOver {
			free &^= bit
		} else {
			free |= bit
		}
	}
	c.free[n.ID], c.deps[n.ID] = free, dep
}

// depth is the innermost open loop whose index n depends on.
func (c *compiler) depth(n *expr.Node) int {
	for d := len(c.scopes) - 1; d > 0; d-- {
		if c.free[n.ID]&(1<<c.scopes[d].index.Ordinal) != 0 {
			return d
		}
	}
	return 0
}

// emit appends the instructions for n, unless they are there, and returns its slot.
func (c *compiler) emit(n *expr.Node) int32 {
	d := c.depth(n)
	if d == 0 {
		if s := c.slots[n.ID]; s >= 0 {
			return s
		}
	} else if s, ok := c.scopes[d].slots[n.ID]; ok {
		return s
	}
	slot := c.compileNode(n, d)
	if d == 0 {
		c.slots[n.ID] = slot
	} else {
		c.scopes[d].slots[n.ID] = slot
	}
	return slot
}

func (c *compiler) value(d expr.Dense) int32 {
	c.p.slots = append(c.p.slots, d)
	return int32(len(c.p.slots) - 1)
}

func (c *compiler) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *compiler) compileNode(n *expr.Node, depth int) int32 {
	pt := c.p.point
	switch n.Op.Name {
	case expr.OpNum:
		return c.value(scalar(n.Num.Float64()))
	case expr.OpSize:
		return c.value(scalar(float64(pt.size(n.Sizes[0]))))
	case expr.OpVar:
		v := pt.variable(n.Sym)
		if v == nil {
			c.fail(fmt.Errorf("%s has no value", n.Sym.Name))
			return c.value(expr.Dense{})
		}
		if n.Sym.Family == nil {
			return c.value(v.vals[0])
		}
	}
	c.p.limit.Step(8)
	in := instr{node: n, moved: c.deps[n.ID]}
	rows, cols := pt.size(n.Shape.Rows), pt.size(n.Shape.Cols)
	if rows < 1 || cols < 1 {
		c.fail(fmt.Errorf("a size is %d", min(rows, cols)))
		return c.value(expr.Dense{})
	}
	if rows > largestValue || cols > largestValue || rows*cols > largestValue {
		c.fail(ErrTooLarge)
		return c.value(expr.Dense{})
	}
	if n.Op.Name == expr.OpSumOver {
		c.scopes = append(c.scopes, scope{index: n.Index, slots: map[int]int32{}})
		before := c.p.cost
		body := c.emit(n.Args[0])
		in.args = []int32{body}
		in.body = c.scopes[len(c.scopes)-1].list
		c.scopes = c.scopes[:len(c.scopes)-1]
		in.count = pt.size(n.Index.Size)
		if c.p.cost += (c.p.cost - before) * max(in.count-1, 0); c.p.cost > mostWork {
			c.fail(ErrTooLong)
		}
	} else {
		in.args = make([]int32, len(n.Args))
		for i, a := range n.Args {
			in.args[i] = c.emit(a)
		}
	}
	if c.err != nil {
		return c.value(expr.Dense{})
	}
	c.fits(rows * cols)
	out := expr.NewDense(rows, cols)
	in.out = c.value(out)
	c.operation(&in)
	c.p.cost += c.costOf(&in)
	c.scopes[depth].list = append(c.scopes[depth].list, in)
	return in.out
}

// operation fills in what an instruction does. Only the algebra is known by name;
// every other operator by its class and its row.
func (c *compiler) operation(in *instr) {
	n := in.node
	switch n.Op.Name {
	case expr.OpMember, expr.OpVar:
		in.code = opMember
		if n.Op.Name == expr.OpVar {
			in.code = opFamily // the members as columns of a matrix
		}
		if in.sym = c.p.point.variable(n.Sym); in.sym == nil {
			c.fail(fmt.Errorf("%s has no value", n.Sym.Name))
		}
	case expr.OpSumOver:
		in.code = opSumOver
	case expr.OpIndex:
		in.code = opIndex
	case expr.OpApply:
		in.code, in.fun = opApply, c.p.point.testFunction(n.Sym, n.Order)
	case expr.OpAdd:
		in.code = opAdd
	case expr.OpNeg:
		in.code = opNeg
	case expr.OpMul:
		in.code = opMul
		c.products(in)
	case expr.OpHadamard:
		in.code = opHadamard
	case expr.OpDiv:
		in.code = opDiv
	case expr.OpElDiv:
		in.code = opElDiv
	case expr.OpPow, expr.OpElPow:
		in.code = opElPow
	case expr.OpMPow:
		in.code = opMPow
	case expr.OpT:
		in.code = opTranspose
	default:
		c.row(in)
	}
}

func (c *compiler) row(in *instr) {
	o := in.node.Op
	switch {
	case o.Base != "":
		base := c.p.point.inv.reg.Find(o.Base)
		left, _, _ := strings.Cut(o.Sig, "|")
		in.code, in.rows = opAlong, strings.Contains(left, o.Along)
		a := c.p.slots[in.args[0]]
		length := a.Cols
		if in.rows {
			length = a.Rows
		}
		in.call = &expr.Call{Args: []expr.Dense{expr.NewDense(length, 1)}, Limit: c.p.limit}
		in.plan = &plan{kernel: base.Kernel}
	case o.Class == expr.Structural:
		in.code, in.plan = opStructural, c.newPlan(in)
	case o.Scalar != nil:
		in.code, in.vals = opScalar, make([]float64, len(in.args))
	case o.Kernel != nil:
		in.code, in.call = opKernel, &expr.Call{Args: make([]expr.Dense, len(in.args)), Limit: c.p.limit}
		for _, d := range in.node.Sizes {
			in.call.Sizes = append(in.call.Sizes, c.p.point.size(d))
		}
		if o.IntArg {
			if k := in.node.Order; len(in.call.Sizes) > 0 && k > in.call.Sizes[0] {
				c.fail(fmt.Errorf("%s: position %d of %d entries", o.Name, k, in.call.Sizes[0]))
			}
			in.call.Sizes = append(in.call.Sizes, in.node.Order)
		}
	default:
		c.fail(fmt.Errorf("operator %s has no kernel", o.Name))
	}
}

// fits counts a value of so many entries. All are there at once; how many programs are
// is not known.
func (c *compiler) fits(entries int) {
	if c.p.limit != nil {
		c.p.bytes += 8*entries + instrBytes
		c.p.limit.Fits(c.p.bytes)
	}
}

// clearedNodes is the number of nodes whose notes are cleared in a unit of work.
const clearedNodes = 32

// instrBytes is about what an instruction takes beside its value.
const instrBytes = 256

// products allocates the partial products of an n-ary product but the last.
func (c *compiler) products(in *instr) {
	acc := c.p.slots[in.args[0]]
	for _, a := range in.args[1 : len(in.args)-1] {
		b := c.p.slots[a]
		rows, cols := acc.Rows, b.Cols
		switch {
		case len(acc.Data) == 1:
			rows = b.Rows
		case len(b.Data) == 1:
			cols = acc.Cols
		}
		c.fits(rows * cols)
		acc = expr.NewDense(rows, cols)
		in.temps = append(in.temps, acc)
	}
}

func (c *compiler) costOf(in *instr) int {
	cost := len(c.p.slots[in.out].Data)
	switch in.code {
	case opMul:
		entries := cost
		for _, a := range in.args[1:] {
			cost += c.p.slots[a].Rows * entries
		}
	case opKernel, opMPow:
		for _, a := range in.args {
			d := c.p.slots[a]
			cost += len(d.Data) * d.Cols
		}
	case opStructural:
		n := 1
		for _, s := range in.plan.sizes {
			n *= s
		}
		cost += n
	case opSumOver:
		cost *= in.count
	}
	return cost
}
