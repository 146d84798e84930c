package eval

import (
	"errors"
	"math"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
)

// chunk is the number of entries of a loop between two counts of its work, perUnit the
// number of multiplications in a unit of work, entryWork the work of a function of one
// entry.
const (
	chunk     = 1024
	perUnit   = 32
	entryWork = 1
)

// tick counts the work of entry i of a loop over entries.
func (p *program) tick(i int) {
	if p.limit != nil && i%chunk == chunk-1 {
		p.limit.Step(chunk * entryWork)
	}
}

func (p *program) work() dense.Work { return dense.Work{Limit: p.limit} }

func (inv *inventory) work() dense.Work { return dense.Work{Limit: inv.limit} }

// run evaluates everything at the point's present values and returns the root's
// value, which stays valid until the next run. With guard set it refuses points
// at or beside the edge of an operator's domain, and beside a kink where the
// moved symbol could cross it.
func (p *program) run(guard bool) (expr.Dense, error) {
	if err := p.runList(p.list, guard); err != nil {
		return expr.Dense{}, err
	}
	return p.slots[p.root], nil
}

// rerun evaluates again only what depends on the moved symbol.
func (p *program) rerun() (expr.Dense, error) {
	for _, i := range p.dirty {
		if err := p.step(&p.list[i], false); err != nil {
			return expr.Dense{}, err
		}
	}
	return p.slots[p.root], nil
}

func (p *program) runList(list []instr, guard bool) error {
	for i := range list {
		if err := p.step(&list[i], guard); err != nil {
			return err
		}
		if guard && !finite(p.slots[list[i].out].Data) {
			return unfitted(list[i].node, errNotFinite)
		}
	}
	return nil
}

var errNotFinite = errors.New("value is not finite")

func (p *program) step(in *instr, guard bool) error {
	if guard {
		if err := p.guard(in); err != nil {
			return err
		}
	}
	out := p.slots[in.out]
	if p.limit != nil {
		p.limit.Step(1 + min(len(out.Data), chunk)/perUnit)
	}
	switch in.code {
	case opMember:
		p.slots[in.out] = in.sym.vals[p.index[in.node.Index.Ordinal]]
	case opFamily:
		n := len(in.sym.vals)
		for i, d := range in.sym.vals {
			for k, v := range d.Data {
				out.Data[k*n+i] = v
			}
		}
	case opIndex:
		out.Data[0] = float64(p.index[in.node.Index.Ordinal] + 1)
	case opAdd:
		a := p.slots[in.args[0]].Data
		if len(a) == len(out.Data) {
			copy(out.Data, a)
		} else {
			fill(out.Data, a[0])
		}
		for _, k := range in.args[1:] {
			b := p.slots[k].Data
			if len(b) == len(out.Data) {
				for i, v := range b {
					out.Data[i] += v
				}
			} else {
				for i := range out.Data {
					out.Data[i] += b[0]
				}
			}
		}
	case opNeg:
		for i, v := range p.slots[in.args[0]].Data {
			out.Data[i] = -v
		}
	case opMul:
		acc := p.slots[in.args[0]]
		if len(in.args) == 1 {
			copy(out.Data, acc.Data)
		}
		for i, k := range in.args[1:] {
			to := out
			if i < len(in.temps) {
				to = in.temps[i]
			}
			multiply(p.limit, to, acc, p.slots[k])
			acc = to
		}
	case opHadamard:
		fill(out.Data, 1)
		for _, k := range in.args {
			b := p.slots[k].Data
			if len(b) == len(out.Data) {
				for i, v := range b {
					out.Data[i] *= v
				}
			} else {
				for i := range out.Data {
					out.Data[i] *= b[0]
				}
			}
		}
	case opDiv, opElDiv:
		a, da, b, db := p.two(in, len(out.Data))
		for i := range out.Data {
			out.Data[i] = a[i*da] / b[i*db]
		}
	case opElPow:
		a, da, b, db := p.two(in, len(out.Data))
		for i := range out.Data {
			p.tick(i)
			out.Data[i] = power(a[i*da], b[i*db])
		}
	case opMPow:
		v, err := matrixPower(p.work(), p.slots[in.args[0]], p.slots[in.args[1]].Data[0])
		if err != nil {
			return &unfit{in.node, in.node.Args[0], err.Error()}
		}
		p.slots[in.out] = v
	case opTranspose:
		a := p.slots[in.args[0]]
		if a.Rows == 1 || a.Cols == 1 {
			copy(out.Data, a.Data)
			break
		}
		for i := range a.Rows {
			for j := range a.Cols {
				out.Data[j*a.Rows+i] = a.Data[i*a.Cols+j]
			}
		}
	case opStructural:
		var args [8]expr.Dense
		for i, k := range in.args {
			args[i] = p.slots[k]
		}
		in.plan.run(p.limit, out.Data, args[:len(in.args)])
	case opScalar:
		f := in.node.Op.Scalar
		for i := range out.Data {
			p.tick(i)
			for k, a := range in.args {
				if d := p.slots[a].Data; len(d) == 1 {
					in.vals[k] = d[0]
				} else {
					in.vals[k] = d[i]
				}
			}
			out.Data[i] = f(in.vals)
		}
	case opKernel:
		for i, k := range in.args {
			in.call.Args[i] = p.slots[k]
		}
		v, err := in.node.Op.Kernel(in.call)
		if err != nil {
			return unfitted(in.node, err)
		}
		p.slots[in.out] = v
	case opAlong:
		return p.along(in, out)
	case opSumOver:
		k := in.node.Index.Ordinal
		saved := p.index[k]
		clear(out.Data)
		for i := range in.count {
			p.index[k] = i
			if err := p.runList(in.body, guard); err != nil {
				p.index[k] = saved
				return err
			}
			for j, v := range p.slots[in.args[0]].Data {
				out.Data[j] += v
			}
		}
		p.index[k] = saved
	case opApply:
		for i, v := range p.slots[in.args[0]].Data {
			p.tick(i)
			out.Data[i] = in.fun.at(v)
		}
	}
	return nil
}

func unfitted(n *expr.Node, err error) *unfit {
	u := &unfit{node: n, why: err.Error()}
	if len(n.Args) > 0 {
		u.arg = n.Args[0]
	}
	return u
}

// two returns both operands of a binary operator with the step that spreads a
// scalar over n entries.
func (p *program) two(in *instr, n int) (a []float64, da int, b []float64, db int) {
	a, b = p.slots[in.args[0]].Data, p.slots[in.args[1]].Data
	da, db = 1, 1
	if len(a) == 1 && n > 1 {
		da = 0
	}
	if len(b) == 1 && n > 1 {
		db = 0
	}
	return a, da, b, db
}

func (p *program) along(in *instr, out expr.Dense) error {
	a, x := p.slots[in.args[0]], in.call.Args[0]
	count := a.Rows
	if in.rows {
		count = a.Cols
	}
	for s := range count {
		start, step := s*a.Cols, 1
		if in.rows {
			start, step = s, a.Cols
		}
		for i := range x.Data {
			x.Data[i] = a.Data[start+i*step]
		}
		v, err := in.plan.kernel(in.call)
		if err != nil {
			return unfitted(in.node, err)
		}
		if len(out.Data) == count && len(v.Data) == 1 {
			out.Data[s] = v.Data[0]
			continue
		}
		for i, w := range v.Data {
			out.Data[start+i*step] = w
		}
	}
	return nil
}

func fill(d []float64, v float64) {
	for i := range d {
		d[i] = v
	}
}

// multiply sets c to the product ab, where a 1 × 1 side scales.
func multiply(lim *limit.Budget, c, a, b expr.Dense) {
	if len(a.Data) == 1 {
		a, b = b, a
	}
	if len(b.Data) == 1 {
		s := b.Data[0]
		for i, v := range a.Data {
			c.Data[i] = v * s
		}
		return
	}
	clear(c.Data)
	n := b.Cols
	for i := range a.Rows {
		row := c.Data[i*n : (i+1)*n]
		for k := range a.Cols {
			if lim != nil {
				lim.Step(1 + n/perUnit)
			}
			v := a.Data[i*a.Cols+k]
			for j, w := range b.Data[k*n : (k+1)*n] {
				row[j] += v * w
			}
		}
	}
}

func power(x, e float64) float64 {
	switch e {
	case 1:
		return x
	case 2:
		return x * x
	case 3:
		return x * x * x
	case -1:
		return 1 / x
	case 0.5:
		return math.Sqrt(x)
	case -0.5:
		return 1 / math.Sqrt(x)
	}
	return math.Pow(x, e)
}

type notInteger struct{}

func (notInteger) Error() string { return "exponent of a matrix must be an integer" }

// largestPower bounds the exponents of matrices, so that they are exact.
const largestPower = 1 << 40

// matrixPower returns x^e for an integer e; x^0 is the identity.
func matrixPower(w dense.Work, x expr.Dense, e float64) (expr.Dense, error) {
	k := int(math.Round(e))
	if math.Abs(e-float64(k)) > 1e-9 || math.Abs(e) > largestPower {
		return x, notInteger{}
	}
	if k < 0 {
		y, err := w.Factor(x).Inverse()
		if err != nil {
			return y, err
		}
		x, k = y, -k
	}
	r := dense.Identity(x.Rows)
	for ; k > 0; k >>= 1 {
		if k&1 != 0 {
			r = w.Mul(r, x)
		}
		if k > 1 {
			x = w.Mul(x, x)
		}
	}
	return r, nil
}
