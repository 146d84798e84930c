package eval

import (
	"fmt"
	"slices"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/limit"
)

// A View is an index-form sum seen as a matrix: the slots that make its rows and
// its columns, the outer first. Member lists the slot of a family's index, if
// the value is one of a member.
type View struct {
	Sum                *index.Sum
	Rows, Cols, Member []int
}

// tensors evaluates index form at a point. A sum's value has its entries in the
// order of its slots, the last fastest; terms are contracted one bound index at a
// time, the cheapest first, so that long products stay cheap.
type tensors struct {
	pt    *Point
	limit *limit.Budget
	sums  map[*index.Sum][]float64
	atoms map[*index.Atom][]float64
}

func newTensors(pt *Point) *tensors {
	return &tensors{pt: pt, limit: pt.inv.limit, sums: map[*index.Sum][]float64{}, atoms: map[*index.Atom][]float64{}}
}

// matrix returns the value of a view, of one member where it has a family's slot.
func (t *tensors) matrix(v *View, member int) (d expr.Dense, err error) {
	if len(v.Rows)+len(v.Cols)+len(v.Member) != len(v.Sum.Slots) {
		return d, fmt.Errorf("view shows %d of %d slots", len(v.Rows)+len(v.Cols)+len(v.Member), len(v.Sum.Slots))
	}
	data, err := t.sum(v.Sum)
	if err != nil {
		return d, err
	}
	strides := t.strides(v.Sum.Slots)
	p := &plan{}
	var from []int
	rows, cols := 1, 1
	for _, s := range slices.Concat(v.Rows, v.Cols) {
		p.sizes = append(p.sizes, t.pt.size(v.Sum.Slots[s]))
		from = append(from, strides[s])
	}
	for i, n := range p.sizes {
		if i < len(v.Rows) {
			rows *= n
		} else {
			cols *= n
		}
	}
	p.result = make([]int, len(p.sizes))
	unit := 1
	for i := len(p.sizes) - 1; i >= 0; i-- {
		p.result[i] = unit
		unit *= p.sizes[i]
	}
	p.strides = [][]int{from}
	for _, s := range v.Member {
		data = data[member*strides[s]:]
	}
	d = expr.NewDense(rows, cols)
	p.run(t.limit, d.Data, []expr.Dense{{Data: data}})
	return d, nil
}

func (t *tensors) strides(slots []*expr.Dim) []int {
	out := make([]int, len(slots))
	unit := 1
	for i := len(slots) - 1; i >= 0; i-- {
		out[i] = unit
		unit *= t.pt.size(slots[i])
	}
	return out
}

func (t *tensors) count(slots []*expr.Dim) (int, error) {
	n := 1
	for _, d := range slots {
		if n *= t.pt.size(d); n > largestValue || n < 1 {
			return 0, ErrTooLarge
		}
	}
	if t.limit != nil {
		t.limit.Fits(8 * n)
	}
	return n, nil
}

func (t *tensors) sum(s *index.Sum) ([]float64, error) {
	if v, ok := t.sums[s]; ok {
		return v, nil
	}
	n, err := t.count(s.Slots)
	if err != nil {
		return nil, err
	}
	out := make([]float64, n)
	strides := t.strides(s.Slots)
	for i := range s.Terms {
		if err := t.term(&s.Terms[i], strides, out); err != nil {
			return nil, err
		}
	}
	t.sums[s] = out
	return out, nil
}

// An operand is a factor of a term under contraction: its classes, each once, and
// its entries, the last class fastest.
type operand struct {
	classes []int
	data    []float64
}

// term adds the value of a term to out, whose slots have the given strides.
func (t *tensors) term(m *index.Term, strides []int, out []float64) error {
	sizes := make([]int, len(m.Dims))
	for c, d := range m.Dims {
		sizes[c] = t.pt.size(d)
	}
	coef := m.Coef.Float64()
	var ops []operand
	for i := range m.Factors {
		o, err := t.factor(&m.Factors[i], sizes)
		if err != nil {
			return err
		}
		if len(o.classes) == 0 {
			coef *= o.data[0]
			continue
		}
		ops = append(ops, o)
	}
	shown := make([]bool, len(sizes))
	for _, c := range m.Slot {
		shown[c] = true
	}
	for {
		t.limit.Step(len(sizes) * (1 + len(ops)))
		best, least := -1, 0
		for c := range sizes {
			if shown[c] {
				continue
			}
			n := 1
			for _, k := range union(ops, c) {
				n *= sizes[k]
			}
			if best < 0 || n < least {
				best, least = c, n
			}
		}
		if best < 0 {
			break
		}
		shown[best] = true // done with
		var with, rest []operand
		for _, o := range ops {
			if slices.Contains(o.classes, best) {
				with = append(with, o)
			} else {
				rest = append(rest, o)
			}
		}
		if len(with) == 0 {
			coef *= float64(sizes[best])
			continue
		}
		if least > largestValue {
			return ErrTooLarge
		}
		o := operand{classes: union(with, best), data: make([]float64, least)}
		contract(t.limit, o, append(slices.Clone(o.classes), best), with, sizes)
		if len(o.classes) == 0 {
			coef *= o.data[0]
			ops = rest
		} else {
			ops = append(rest, o)
		}
	}
	var loop []int
	for _, c := range m.Slot {
		if !slices.Contains(loop, int(c)) {
			loop = append(loop, int(c))
		}
	}
	p := newLoop(loop, ops, sizes)
	p.result = make([]int, len(loop))
	for k, c := range m.Slot {
		p.result[slices.Index(loop, int(c))] += strides[k]
	}
	args := append(denses(ops), scalar(coef))
	p.strides = append(p.strides, make([]int, len(loop)))
	p.add(t.limit, out, args)
	return nil
}

// factor returns the value of atom[idx…]^exp as an operand.
func (t *tensors) factor(f *index.Factor, sizes []int) (operand, error) {
	data, err := t.atom(f.Atom)
	if err != nil {
		return operand{}, err
	}
	o := operand{data: data}
	for _, c := range f.Idx {
		if !slices.Contains(o.classes, int(c)) {
			o.classes = append(o.classes, int(c))
		}
	}
	if len(o.classes) < len(f.Idx) {
		n := 1
		for _, c := range o.classes {
			n *= sizes[c]
		}
		o.data = make([]float64, n)
		p := newLoop(o.classes, []operand{o}, sizes)
		p.result = p.strides[0]
		from := make([]int, len(o.classes))
		for k, s := range t.strides(f.Atom.Slots) {
			from[slices.Index(o.classes, int(f.Idx[k]))] += s
		}
		p.strides = [][]int{from}
		p.run(t.limit, o.data, []expr.Dense{{Data: data}})
	}
	if !f.Exp.IsOne() {
		e := f.Exp.Float64()
		raised := make([]float64, len(o.data))
		for i, v := range o.data {
			if t.limit != nil && i%chunk == chunk-1 {
				t.limit.Step(chunk * entryWork)
			}
			raised[i] = power(v, e)
		}
		o.data = raised
	}
	return o, nil
}

// union lists the classes of the operands that have class c, but for c.
func union(ops []operand, c int) []int {
	var out []int
	for _, o := range ops {
		if !slices.Contains(o.classes, c) {
			continue
		}
		for _, k := range o.classes {
			if k != c && !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// contract sets o to the product of ops, summed over the classes of loop that o
// lacks.
func contract(lim *limit.Budget, o operand, loop []int, ops []operand, sizes []int) {
	p := newLoop(loop, append(slices.Clone(ops), o), sizes)
	p.result = p.strides[len(ops)]
	p.strides = p.strides[:len(ops)]
	p.run(lim, o.data, denses(ops))
}

// newLoop makes a plan over the given classes with the strides of each operand.
func newLoop(loop []int, ops []operand, sizes []int) *plan {
	p := &plan{sizes: make([]int, len(loop))}
	for i, c := range loop {
		p.sizes[i] = sizes[c]
	}
	for _, o := range ops {
		s := make([]int, len(loop))
		unit := 1
		for i := len(o.classes) - 1; i >= 0; i-- {
			s[slices.Index(loop, o.classes[i])] = unit
			unit *= sizes[o.classes[i]]
		}
		p.strides = append(p.strides, s)
	}
	return p
}

func denses(ops []operand) []expr.Dense {
	out := make([]expr.Dense, len(ops), len(ops)+1)
	for i, o := range ops {
		out[i].Data = o.data
	}
	return out
}

func (t *tensors) atom(a *index.Atom) ([]float64, error) {
	if v, ok := t.atoms[a]; ok {
		return v, nil
	}
	v, err := t.atomValue(a)
	if err != nil {
		return nil, err
	}
	if n, err := t.count(a.Slots); err != nil || len(v) != n {
		return nil, fmt.Errorf("atom has %d entries for %d of its slots", len(v), n)
	}
	t.atoms[a] = v
	return v, nil
}

func (t *tensors) atomValue(a *index.Atom) ([]float64, error) {
	switch a.Kind {
	case index.VarAtom:
		v := t.pt.variable(a.Sym)
		if v == nil {
			return nil, fmt.Errorf("%s has no value", a.Sym.Name)
		}
		if a.Sym.Family == nil {
			return v.vals[0].Data, nil
		}
		n := len(v.vals)
		out := make([]float64, n*len(v.vals[0].Data))
		for i, d := range v.vals {
			for e, x := range d.Data {
				out[e*n+i] = x
			}
		}
		return out, nil
	case index.SizeAtom:
		return []float64{float64(t.pt.named(a.Size))}, nil
	case index.NumAtom:
		return []float64{a.Num.Float64()}, nil
	case index.GroupAtom:
		return t.sum(a.Args[0])
	case index.ConstAtom:
		c := &expr.Call{Limit: t.limit}
		for _, d := range a.Sizes {
			c.Sizes = append(c.Sizes, t.pt.size(d))
		}
		if a.Op.IntArg {
			c.Sizes = append(c.Sizes, a.Order)
		}
		v, err := a.Op.Kernel(c)
		return v.Data, err
	case index.OpAtom:
		args := make([][]float64, len(a.Args))
		for i, s := range a.Args {
			v, err := t.sum(s)
			if err != nil {
				return nil, err
			}
			args[i] = v
		}
		if a.CoreIn > 0 {
			return t.core(a, args)
		}
		return t.entrywise(a, args)
	}
	return nil, fmt.Errorf("atom of kind %d has no value", a.Kind)
}

func (t *tensors) entrywise(a *index.Atom, args [][]float64) ([]float64, error) {
	out := make([]float64, len(args[0]))
	var f func([]float64) float64
	switch {
	case a.Op == nil || a.Op.Name == expr.OpApply:
		g := t.pt.testFunction(a.Sym, a.Order)
		f = func(x []float64) float64 { return g.at(x[0]) }
	case a.Op.Scalar != nil:
		f = a.Op.Scalar
	case len(args) == 2:
		f = func(x []float64) float64 { return power(x[0], x[1]) }
	default:
		return nil, fmt.Errorf("operator %s has no function of an entry", a.Op.Name)
	}
	x := make([]float64, len(args))
	for i := range out {
		if t.limit != nil && i%chunk == chunk-1 {
			t.limit.Step(chunk * entryWork)
		}
		for k, v := range args {
			x[k] = v[min(i, len(v)-1)]
		}
		out[i] = f(x)
	}
	return out, nil
}

// core applies the kernel to the operand's own axes, for each value of the batch
// slots, which come last in operand and result.
func (t *tensors) core(a *index.Atom, args [][]float64) ([]float64, error) {
	rows, cols := 1, 1
	for k, d := range a.Args[0].Slots[:a.CoreIn] {
		if k < a.RowsIn {
			rows *= t.pt.size(d)
		} else {
			cols *= t.pt.size(d)
		}
	}
	batch := len(args[0]) / (rows * cols)
	var out []float64
	x := expr.NewDense(rows, cols)
	for b := range batch {
		for e := range x.Data {
			x.Data[e] = args[0][e*batch+b]
		}
		var v expr.Dense
		var err error
		if a.Op.Kernel != nil {
			v, err = a.Op.Kernel(&expr.Call{Args: []expr.Dense{x}, Limit: t.limit})
		} else {
			v, err = matrixPower(dense.Work{Limit: t.limit}, x, args[1][min(b, len(args[1])-1)])
		}
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = make([]float64, len(v.Data)*batch)
		}
		for e, y := range v.Data {
			out[e*batch+b] = y
		}
	}
	return out, nil
}
