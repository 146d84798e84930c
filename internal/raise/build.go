package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

func (r *Raiser) num(k int64) *expr.Node { return r.b.Num(rat.Int(k)) }

func (r *Raiser) make(op *expr.Op, args ...*expr.Node) *expr.Node {
	return r.b.Make(op, args, nil, 0)
}

func (r *Raiser) eye(d *expr.Dim) *expr.Node {
	if d.IsOne() {
		return r.one
	}
	return r.b.Make(r.op.eye, nil, []*expr.Dim{d}, 0)
}

// ones returns the m × n matrix of ones; a vector if n is 1.
func (r *Raiser) ones(m, n *expr.Dim) *expr.Node {
	switch {
	case m.IsOne() && n.IsOne():
		return r.one
	case n.IsOne():
		return r.b.Make(r.op.ones, nil, []*expr.Dim{m}, 0)
	case m.IsOne():
		return r.t(r.b.Make(r.op.ones, nil, []*expr.Dim{n}, 0))
	}
	return r.b.Make(r.op.ones, nil, []*expr.Dim{m, n}, 0)
}

func (r *Raiser) isOnes(n *expr.Node) bool { return r.code(n) == opOnes }

// neg returns −n.
func (r *Raiser) neg(n *expr.Node) *expr.Node {
	switch r.code(n) {
	case opNeg:
		return n.Args[0]
	case opNum:
		return r.b.Num(n.Num.Neg())
	}
	return r.make(r.op.neg, n)
}

// power returns n^k: entrywise unless n is a scalar.
func (r *Raiser) power(n *expr.Node, k rat.Rat) *expr.Node {
	if k.IsOne() {
		return n
	}
	op := r.op.elpow
	if n.Shape.IsScalar() {
		op = r.op.pow
	}
	if c := r.code(n); c == opNum && k.IsInt() {
		if e, ok := k.Int64(); ok && !n.Num.IsZero() {
			return r.b.Num(n.Num.Pow(int(e)))
		}
	}
	if _, den, ok := k.Small(); ok && den == 2 {
		return r.power(r.make(r.op.sqrt, n), k.Mul(rat.Int(2)))
	}
	return r.make(op, n, r.b.Num(k))
}

// diag returns the diagonal matrix of the vector v.
func (r *Raiser) diag(v *expr.Node) *expr.Node {
	if r.isOnes(v) {
		return r.eye(v.Shape.Rows)
	}
	return r.make(r.op.diagmat, v)
}

// mul returns the product of a chain of conforming factors.
func (r *Raiser) mul(chain []*expr.Node) *expr.Node {
	if len(chain) == 1 {
		return chain[0]
	}
	return r.b.Make(r.op.mul, chain, nil, 0)
}

// kron returns a ⊗ b; neighbouring identities are one identity.
func (r *Raiser) kron2(a, b *expr.Node) *expr.Node {
	switch {
	case a.Shape.IsScalar():
		return b
	case b.Shape.IsScalar():
		return a
	}
	ca, cb := r.code(a), r.code(b)
	switch {
	case ca == opEye && cb == opEye:
		return r.eye(r.b.Mul(a.Sizes[0], b.Sizes[0]))
	case ca == opEye && cb == opKron && r.code(b.Args[0]) == opEye:
		return r.kron2(r.eye(r.b.Mul(a.Sizes[0], b.Args[0].Sizes[0])), b.Args[1])
	case cb == opKron:
		return r.kron2(r.kron2(a, b.Args[0]), b.Args[1])
	case cb == opEye && ca == opKron && r.code(a.Args[1]) == opEye:
		return r.kron2(a.Args[0], r.eye(r.b.Mul(a.Args[1].Sizes[0], b.Sizes[0])))
	case ca == opOnes && cb == opOnes && len(a.Sizes) == 1 && len(b.Sizes) == 1:
		return r.ones(r.b.Mul(a.Sizes[0], b.Sizes[0]), r.b.One())
	case ca == opT && cb == opT && r.isOnes(a.Args[0]) && r.isOnes(b.Args[0]):
		return r.t(r.kron2(a.Args[0], b.Args[0]))
	}
	r.form = max(r.form, Kronecker)
	return r.make(r.op.kron, a, b)
}

// commute returns the matrix with row axes [m, n] and column axes [n, m] that
// exchanges them; it is the identity when either is 1.
func (r *Raiser) commute(m, n *expr.Dim) *expr.Node {
	r.form = max(r.form, Kronecker)
	return r.b.Make(r.op.commutation, nil, []*expr.Dim{m, n}, 0)
}

// vec returns the columns of n stacked.
func (r *Raiser) vec(n *expr.Node) *expr.Node {
	if n.Shape.Cols.IsOne() {
		return n
	}
	if n.Shape.Rows.IsOne() {
		return r.t(n)
	}
	if r.isOnes(n) {
		return r.ones(r.b.Mul(n.Shape.Rows, n.Shape.Cols), r.b.One())
	}
	r.form = max(r.form, Kronecker)
	return r.make(r.op.vec, n)
}

// symmetric reports whether n is known to equal its transpose.
func (r *Raiser) symmetric(n *expr.Node) bool {
	in := r.info(n)
	if in.symmetric == 0 {
		in.symmetric = -1
		if n.Shape.Rows == n.Shape.Cols && r.isSymmetric(n, in.code) {
			r.stats[n.ID].symmetric = 1
		}
	}
	return r.stats[n.ID].symmetric > 0
}

func (r *Raiser) isSymmetric(n *expr.Node, c code) bool {
	all := func() bool {
		for _, a := range n.Args {
			if !a.Shape.IsScalar() && !r.symmetric(a) {
				return false
			}
		}
		return true
	}
	switch c {
	case opNum, opEye, opDiagMat:
		return true
	case opVar, opMember:
		return n.Sym.Facts.Has(expr.Symmetric)
	case opOnes:
		return len(n.Sizes) == 2
	case opCommutation:
		return n.Sizes[0] == n.Sizes[1]
	case opAdd:
		// All are, or each has its transpose among the others: M + Mᵀ.
		for _, a := range n.Args {
			if !a.Shape.IsScalar() && !r.symmetric(a) && !slices.Contains(n.Args, r.t(a)) {
				return false
			}
		}
		return true
	case opHadamard, opElDiv, opElPow, opElementwise, opNeg, opInv, opSym, opT, opApply, opSumOver, opKron:
		return all()
	case opMPow, opDiv:
		return r.symmetric(n.Args[0])
	case opMul:
		i, j := 0, len(n.Args)-1
		for i <= j {
			switch {
			case n.Args[i].Shape.IsScalar():
				i++
				continue
			case n.Args[j].Shape.IsScalar():
				j--
				continue
			case n.Args[i] != r.t(n.Args[j]):
				return false
			}
			i++
			j--
		}
		return true
	}
	return false
}

// markSymmetric records what the index form knows of n.
func (r *Raiser) markSymmetric(n *expr.Node) {
	r.info(n).symmetric = 1
	r.stats[n.ID].t = n
}

// t returns the transpose of n in its shortest form.
func (r *Raiser) t(n *expr.Node) *expr.Node {
	if n.Shape.IsScalar() {
		return n
	}
	in := r.info(n)
	if in.t == nil {
		t := r.transpose(n, in.code)
		r.stats[n.ID].t = t
		r.info(t).t = n
		return t
	}
	return in.t
}

func (r *Raiser) transpose(n *expr.Node, c code) *expr.Node {
	switch c {
	case opT:
		return n.Args[0]
	case opEye, opDiagMat:
		return n
	case opOnes:
		if len(n.Sizes) == 2 {
			return r.ones(n.Sizes[1], n.Sizes[0])
		}
	case opCommutation:
		return r.commute(n.Sizes[1], n.Sizes[0])
	case opVar:
		if r.symmetric(n) {
			return n
		}
	case opKron, opAdd, opHadamard, opElDiv, opElPow, opElementwise, opApply, opNeg, opDiv, opMul:
		if r.symmetric(n) {
			return n
		}
		// Inside, if it costs no more than the transpose of the whole.
		if t := r.inside(n, c); t != nil {
			return t
		}
	case opAlong:
		// softmaxcols(X)ᵀ is softmaxrows(Xᵀ).
		base := r.op.along[r.b.Reg.Op(n.Op.Base)]
		other := base[0]
		if other == n.Op {
			other = base[1]
		}
		if x := r.t(n.Args[0]); other != nil && r.Cost(x) <= r.Cost(n.Args[0])+1 {
			return r.make(other, x)
		}
	case opMPow:
		if r.symmetric(n) {
			return n
		}
		if x := n.Args[0]; r.Cost(r.t(x)) <= r.Cost(x) {
			return r.make(r.op.mpow, r.t(x), n.Args[1])
		}
	default:
		if r.symmetric(n) {
			return n
		}
	}
	return r.make(r.op.t, n)
}

// inside returns the transpose of n with the operands transposed, unless that is
// longer than n with one transpose around it. A sum stays a unit on a tie.
func (r *Raiser) inside(n *expr.Node, c code) *expr.Node {
	limit := 0
	if c == opMul && n.Shape.Rows.IsOne() || c == opKron || c == opNeg || c == opDiv || c == opMul {
		limit = 1 // xᵀAᵀ rather than (A x)ᵀ costs as much
	}
	if c == opMul && n.Shape.Cols.IsOne() {
		limit = 0
	}
	extra := 0
	for _, a := range n.Args {
		extra += r.Cost(r.t(a)) - r.Cost(a)
	}
	if extra > limit {
		return nil
	}
	args := make([]*expr.Node, len(n.Args))
	for i, a := range n.Args {
		args[i] = r.t(a)
	}
	if c == opMul {
		// Scalars stay in front.
		out := make([]*expr.Node, 0, len(args))
		for _, a := range args {
			if a.Shape.IsScalar() {
				out = append(out, a)
			}
		}
		for i := len(args) - 1; i >= 0; i-- {
			if !args[i].Shape.IsScalar() {
				out = append(out, args[i])
			}
		}
		args = out
	}
	return r.b.Intern(expr.Node{Op: n.Op, Args: args, Shape: n.Shape.T(), Sym: n.Sym, Order: n.Order})
}

// entry is a base with an entrywise exponent.
type entry struct {
	n   *expr.Node
	exp rat.Rat
	ord int32
}

// entrywise returns the Hadamard product of powers, which all have one shape.
func (r *Raiser) entrywise(list []entry) *expr.Node {
	sortEntries(list)
	shape := r.one.Shape // of the whole: a scalar among the entries is spread
	for _, e := range list {
		if !e.n.Shape.IsScalar() {
			shape = e.n.Shape
		}
	}
	for i := 0; i < len(list); i++ {
		for k := len(list) - 1; k > i; k-- {
			if list[k].n == list[i].n {
				list[i].exp = list[i].exp.Add(list[k].exp)
				list = slices.Delete(list, k, k+1)
			}
		}
		if list[i].exp.IsZero() {
			list[i] = entry{r.one, rat.One, -1}
		}
	}
	if !shape.IsScalar() && !slices.ContainsFunc(list, func(e entry) bool { return !e.n.Shape.IsScalar() || r.code(e.n) != opNum || !e.n.Num.IsOne() }) {
		return r.ones(shape.Rows, shape.Cols) // everything has cancelled
	}
	if e := list[0].exp; len(list) > 1 && !e.Abs().IsOne() && e.IsInt() && sameExponent(list) {
		// x.^2 ⊙ y.^2 is (x ⊙ y).^2.
		for i := range list {
			list[i].exp = rat.One
		}
		base := [1]entry{{r.entrywise(list), e, 0}}
		return r.entrywise(base[:])
	}
	var buf, buf2 [4]*expr.Node
	num, den := buf[:0], buf2[:0]
	for _, e := range list {
		if e.exp.Sign() > 0 {
			num = append(num, r.power(e.n, e.exp))
		}
	}
	for _, e := range list {
		if e.exp.Sign() < 0 {
			if len(num) == 0 && len(list) == 1 && !e.exp.Equal(rat.MinusOne) {
				if _, d, ok := e.exp.Small(); ok && d != 2 {
					return r.power(e.n, e.exp)
				}
			}
			den = append(den, r.power(e.n, e.exp.Neg()))
		}
	}
	var n *expr.Node
	switch len(num) {
	case 0:
		n = r.one
	case 1:
		n = num[0]
	default:
		n = r.make(r.op.hadamard, num...)
	}
	switch len(den) {
	case 0:
		return n
	case 1:
		return r.make(r.op.eldiv, n, den[0])
	}
	return r.make(r.op.eldiv, n, r.make(r.op.hadamard, den...))
}

func sameExponent(list []entry) bool {
	for _, e := range list[1:] {
		if !e.exp.Equal(list[0].exp) {
			return false
		}
	}
	return true
}

// sortEntries sorts by ord, stably; lists are short.
func sortEntries(list []entry) {
	for i := 1; i < len(list); i++ {
		for k := i; k > 0 && list[k].ord < list[k-1].ord; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
}
