package raise

import (
	"sync/atomic"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// code numbers the operators that raise treats by name.
type code uint8

const (
	opOther code = iota
	opNum
	opVar
	opSize
	opMember
	opSumOver
	opIndex
	opApply
	opAdd
	opNeg
	opMul
	opDiv
	opHadamard
	opElDiv
	opPow
	opElPow
	opMPow
	opT
	opInv
	opEye
	opOnes
	opCommutation
	opKron
	opDiagMat
	opVec
	opNorm
	opSym // an operator whose value is symmetric where its operand is
	opElementwise
	opAlong // a core operator along one axis of a matrix
)

// operators are the rows that raise makes nodes of.
type operators struct {
	reg   *expr.Registry
	codes map[*expr.Op]code
	along map[*expr.Op][2]*expr.Op // a core operator's variants along columns and along rows

	add, neg, mul, div, hadamard, eldiv, pow, elpow, mpow, t *expr.Op
	inv, eye, ones, zeros, commutation, kron, khatrirao      *expr.Op
	diagmat, diagvec, vec, tr, sum, norm1, norm2, sqrt, abs  *expr.Op
}

// resolved is the last registry seen; a program has one.
var resolved atomic.Pointer[operators]

func operatorsOf(reg *expr.Registry) *operators {
	o := resolved.Load()
	if o == nil || o.reg != reg {
		o = &operators{reg: reg}
		o.resolve(reg)
		resolved.Store(o)
	}
	return o
}

func (o *operators) resolve(reg *expr.Registry) {
	o.codes = make(map[*expr.Op]code, 64)
	for _, x := range reg.Ops() {
		if x.Class == expr.Elementwise {
			o.codes[x] = opElementwise
		}
	}
	o.along = map[*expr.Op][2]*expr.Op{}
	for _, x := range reg.Ops() {
		if x.Base == "" {
			continue
		}
		base := reg.Op(x.Base)
		v := o.along[base]
		// Along the letter of the operand's row axis: one core vector a column.
		k := 0
		if x.Along == x.Sig[:1] {
			k = 1
		}
		v[k] = x
		o.along[base] = v
		o.codes[x] = opAlong
	}
	for _, x := range []struct {
		to   **expr.Op
		name string
		code code
	}{
		{nil, expr.OpNum, opNum}, {nil, expr.OpVar, opVar}, {nil, expr.OpSize, opSize},
		{nil, expr.OpMember, opMember}, {nil, expr.OpSumOver, opSumOver}, {nil, expr.OpIndex, opIndex}, {nil, expr.OpApply, opApply},
		{&o.add, expr.OpAdd, opAdd}, {&o.neg, expr.OpNeg, opNeg}, {&o.mul, expr.OpMul, opMul},
		{&o.div, expr.OpDiv, opDiv}, {&o.hadamard, expr.OpHadamard, opHadamard}, {&o.eldiv, expr.OpElDiv, opElDiv},
		{&o.pow, expr.OpPow, opPow}, {&o.elpow, expr.OpElPow, opElPow}, {&o.mpow, expr.OpMPow, opMPow},
		{&o.t, expr.OpT, opT}, {&o.inv, "inv", opInv}, {&o.eye, "eye", opEye}, {&o.ones, "ones", opOnes},
		{&o.zeros, "zeros", opOther}, {&o.commutation, "commutation", opCommutation}, {&o.kron, "kron", opKron},
		{&o.khatrirao, "khatrirao", opOther}, {&o.diagmat, "diagmat", opDiagMat}, {&o.diagvec, "diagvec", opOther},
		{&o.vec, "vec", opVec}, {&o.tr, "tr", opOther}, {&o.sum, "sum", opOther}, {&o.norm1, "norm1", opNorm},
		{&o.norm2, "norm2", opNorm}, {&o.sqrt, "sqrt", opElementwise}, {&o.abs, "abs", opElementwise},
		{nil, "pinv", opSym}, {nil, "adj", opSym},
	} {
		op := reg.Op(x.name)
		if x.to != nil {
			*x.to = op
		}
		o.codes[op] = x.code
	}
}

// infoBytes is about what a nodeInfo takes.
const infoBytes = 32

// nodeInfo is what raise remembers of a node.
type nodeInfo struct {
	code      code
	symmetric int8       // 1 yes, −1 no, 0 not asked yet
	cost      int32      // 0: not asked yet
	t         *expr.Node // the transpose, once asked for
	ord       int32      // least ordinal of a variable in it, plus 2; 0: not asked yet
}

func (r *Raiser) info(n *expr.Node) *nodeInfo {
	if n.ID >= len(r.stats) {
		// Nodes come in order: twice the room keeps the copying linear.
		r.b.Limit.Fits(infoBytes * 2 * n.ID)
		grown := make([]nodeInfo, 2*n.ID+32)
		copy(grown, r.stats)
		r.stats = grown
	}
	in := &r.stats[n.ID]
	if in.cost == 0 {
		in.cost = -1
		in.code = r.op.codes[n.Op]
	}
	return in
}

func (r *Raiser) code(n *expr.Node) code { return r.info(n).code }

// maxCost is where counting stops: the DAG's tree may be exponentially larger.
const maxCost = 1 << 20

// Cost returns the number of tokens of n as printed in paper notation: names,
// numbers and operators count one each, so do a superscript, a transpose and a
// pair of norm bars; brackets and commas count nothing.
func (r *Raiser) Cost(n *expr.Node) int {
	in := r.info(n)
	if in.cost > 0 {
		return int(in.cost)
	}
	c := min(r.count(n, in.code), maxCost)
	r.stats[n.ID].cost = int32(c)
	return c
}

func (r *Raiser) count(n *expr.Node, c code) int {
	args := 0
	for _, a := range n.Args {
		args += r.Cost(a)
	}
	switch c {
	case opNum:
		return numCost(n.Num)
	case opVar, opIndex:
		return 1
	case opSize:
		return dimCost(n.Sizes[0])
	case opMember:
		return 2
	case opSumOver:
		return args + 1
	case opApply:
		return args + 1 + min(n.Order, 1)
	case opAdd:
		for i, a := range n.Args {
			if i > 0 && !r.signed(a) {
				args++
			}
		}
		return args
	case opMul, opHadamard, opKron:
		return args + len(n.Args) - 1
	case opElDiv, opDiv:
		return args + 1
	case opPow, opMPow:
		if k := n.Args[1]; r.code(k) == opNum && k.Num.IsInt() {
			if r.code(n.Args[0]) == opInv {
				return args - r.Cost(k) // (X⁻¹)² is X⁻²
			}
			return args - r.Cost(k) + 1
		}
		return args + 1
	case opElPow:
		return args + 1
	case opT:
		if r.code(n.Args[0]) == opInv {
			return args
		}
		return args + 1
	case opEye, opOnes:
		if len(n.Sizes) == 1 && subscript(n.Sizes[0]) {
			return 1
		}
	}
	for _, d := range n.Sizes {
		args += dimCost(d)
	}
	return args + 1
}

// signed reports whether n is written with a leading minus sign, which in a sum
// is the operator itself.
func (r *Raiser) signed(n *expr.Node) bool {
	switch r.code(n) {
	case opNeg:
		return true
	case opNum:
		return n.Num.Sign() < 0
	}
	return false
}

func numCost(q rat.Rat) int {
	c := 1
	if !q.IsInt() {
		c = 3
	}
	if q.Sign() < 0 {
		c++
	}
	return c
}

func dimCost(d *expr.Dim) int {
	c := 0
	d.Terms(func(coef int64, pows []expr.DimPow) {
		if c > 0 || coef < 0 {
			c++
		}
		factors := len(pows)
		for _, p := range pows {
			if p.Exp > 1 {
				c++
			}
		}
		if coef != 1 && coef != -1 || len(pows) == 0 {
			factors++
		}
		c += 2*factors - 1
	})
	return max(c, 1)
}

// subscript reports whether a size is one name or number, which is written as a
// subscript: Iₙ, 1ₙ. That some letters lack a subscript in Unicode is left aside:
// an answer must not depend on names.
func subscript(d *expr.Dim) bool {
	if _, ok := d.Const(); ok {
		return true
	}
	coef, pows, ok := d.Monomial()
	return ok && coef == 1 && len(pows) == 1 && pows[0].Exp == 1
}

func (r *Raiser) costs(chain []*expr.Node) int {
	c := len(chain) - 1
	for _, n := range chain {
		c += r.Cost(n)
	}
	return c
}

// order returns where the first variable of n stands in the order of first
// occurrence; constants come first.
func (r *Raiser) order(n *expr.Node) int32 {
	in := r.info(n)
	if in.ord != 0 {
		return in.ord - 2
	}
	const none = 1 << 30
	o := int32(none)
	if n.Sym != nil && in.code != opApply {
		o = int32(n.Sym.Ordinal)
	}
	for _, a := range n.Args {
		if x := r.order(a); x >= 0 && x < o {
			o = x
		}
	}
	if o == none {
		o = -1
	}
	r.stats[n.ID].ord = o + 2
	return o
}
