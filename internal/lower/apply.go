package lower

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
)

// elementwise applies an entrywise operator; operands are spread to one shape.
func (l *Lowerer) elementwise(ap index.Application, args []*expr.Node, e *env) Val {
	vs := l.values(args, e)
	if len(vs) == 1 {
		v := vs[0]
		inDomain(ap.Op, v.S)
		ap.Args = []*index.Sum{v.S}
		v.S = l.St.Apply(ap)
		return v
	}
	return l.applyEntrywise(ap, vs)
}

func (l *Lowerer) applyEntrywise(ap index.Application, vs []Val) Val {
	var f frame
	f.spread(vs)
	slots := f.slots()
	for _, v := range vs {
		b := l.St.Build(slots)
		b.AddSum(v.S, rat.One, f.place(v))
		ap.Args = append(ap.Args, b.Sum())
	}
	return f.view(l.St.Apply(ap))
}

// power is the scalar or entrywise power. A rational exponent becomes exponents of
// factors, any other an atom.
func (l *Lowerer) power(n *expr.Node, e *env) Val {
	base, exp := l.lower(n.Args[0], e), l.lower(n.Args[1], e)
	q, ok := exp.S.Const()
	if !ok {
		return l.applyEntrywise(index.Application{Op: l.B.Reg.Op(expr.OpElPow)}, []Val{base, exp})
	}
	r := l.St.Raw(base.S.Slots)
	r.MulSum(base.S, r.Slot, q)
	base.S = l.St.SumOf(base.S.Slots, r)
	return base
}

// maxFactors bounds the factors of a power of a product of matrices, as (X⁶⁴)⁶⁴ is: the
// time that equal factors take grows with their third power.
const maxFactors = 512

// matrixPower is a product of k factors, the identity for k = 0; the exponent may
// be an integer symbol.
func (l *Lowerer) matrixPower(n *expr.Node, e *env) Val {
	v, exp := l.lower(n.Args[0], e), l.lower(n.Args[1], e)
	q, ok := exp.S.Const()
	k, integer := q.Int64()
	switch {
	case !ok || !integer:
		return l.applyCore(n.Op, v, v.Rows, v.Cols, nil, exp)
	case k < 0:
		v, k = l.applyCore(l.B.Reg.Op(expr.OpInv), v, v.Rows, v.Cols, nil), -k
	}
	if len(v.S.Terms) == 1 {
		if n := int64(len(v.S.Terms[0].Factors)); n > 1 && k > maxFactors/n {
			panic(Unsupported{message.Say("a power that is a product of more than %d matrices", maxFactors)})
		}
	}
	var f frame
	f.rows, f.cols = dimsOf(v, v.Rows), dimsOf(v, v.Cols)
	f.addBatch(v)
	st := l.St
	r := st.Raw(nil)
	fresh := func(dims []*expr.Dim) []index.Ix {
		out := make([]index.Ix, len(dims))
		for i, d := range dims {
			out[i] = r.Class(d)
		}
		return out
	}
	batch := fresh(f.batchDims)
	rows := fresh(f.rows)
	cols := rows
	for range k {
		next := fresh(f.cols)
		idx := make([]index.Ix, len(v.S.Slots))
		for i, s := range v.Rows {
			idx[s] = cols[i]
		}
		for i, s := range v.Cols {
			idx[s] = next[i]
		}
		for i, b := range v.Batch {
			idx[b.Slot] = batch[i]
		}
		r.MulSum(v.S, idx, rat.One)
		cols = next
	}
	r.Slot = append(append(append(r.Slot[:0], rows...), cols...), batch...)
	return f.view(st.SumOf(f.slots(), r))
}

// core applies a core operator, or one along an axis of a matrix.
func (l *Lowerer) core(n *expr.Node, e *env) Val {
	v := l.lower(n.Args[0], e)
	op := n.Op
	if op.Base == "" {
		return l.applyCore(op, v, v.Rows, v.Cols, nil)
	}
	sig := op.Signature()
	along := alongLetter(op)
	core, other := v.Rows, v.Cols
	if !slices.Contains(sig.Args[0].Rows, along) {
		core, other = v.Cols, v.Rows
	}
	// The other axis runs along as a batch with identifiers of its own.
	w := Val{S: v.S, Rows: core, Batch: v.Batch}
	out := l.applyCore(l.B.Reg.Op(op.Base), w, core, nil, other)
	kept := out.Cols // applyCore returns the other axis there
	if slices.Contains(sig.Result.Rows, along) || !slices.Contains(sig.Result.Cols, along) && len(sig.Result.Rows) == 0 {
		return out // the core axis, or nothing, is the row axis
	}
	out.Rows, out.Cols = kept, out.Rows
	return out
}

func alongLetter(op *expr.Op) int {
	// Letters are numbered in order of first occurrence in the signature.
	seen := 0
	for i := range len(op.Sig) {
		c := op.Sig[i]
		if c < 'a' || c > 'z' || slices.Contains([]byte(op.Sig[:i]), c) {
			continue
		}
		if c == op.Along[0] {
			return seen
		}
		seen++
	}
	panic("operator " + op.Name + ": no letter " + op.Along)
}

// applyCore applies op to the axes rows and cols of v; other axes, if any, run
// along and come back as the result's column axis. more are further operands,
// scalars.
func (l *Lowerer) applyCore(op *expr.Op, v Val, rows, cols, other []int, more ...Val) Val {
	st := l.St
	v = l.spreadBatch(v, more)
	sig := op.Signature()
	var result expr.Axes
	letters := map[int][]*expr.Dim{}
	result = sig.Result
	for _, x := range sig.Args[0].Rows {
		letters[x] = dimsOf(v, rows)
	}
	for _, x := range sig.Args[0].Cols {
		letters[x] = dimsOf(v, cols)
	}
	dims := func(axis []int) (out []*expr.Dim) {
		for _, x := range axis {
			out = append(out, letters[x]...)
		}
		return out
	}
	outRows, outCols := dims(result.Rows), dims(result.Cols)
	ap := index.Application{Op: op, CoreIn: len(rows) + len(cols), RowsIn: len(rows)}

	order := append(append(slices.Clone(rows), cols...), other...)
	for _, b := range v.Batch {
		order = append(order, b.Slot)
	}
	// A transposed operand needs no transposing: the operator commutes with it.
	swapped := len(rows) == 1 && len(cols) == 1 && rows[0] == 1 && cols[0] == 0 &&
		(len(outRows)+len(outCols) == 2 || op.TransposeInvariant)
	if swapped {
		order[0], order[1] = 0, 1
		outRows, outCols = outCols, outRows
	}
	s := v.S
	inDomain(op, s)
	if !slices.Equal(order, count(len(order))) {
		perm := make([]int, len(order))
		for k, o := range order {
			perm[o] = k
		}
		s = st.Permute(s, perm)
	}
	ap.CoreOut = append(slices.Clone(outRows), outCols...)
	ap.Args = []*index.Sum{s}
	for _, w := range more {
		ap.Args = append(ap.Args, l.parameter(w, v))
	}
	out := Val{S: st.Apply(ap), Rows: count(len(outRows)), Cols: span(len(outRows), len(outCols))}
	if swapped {
		out.Rows, out.Cols = out.Cols, out.Rows
	}
	at := len(ap.CoreOut)
	if len(other) > 0 {
		out.Cols = span(at, len(other))
		at += len(other)
	}
	for k, b := range v.Batch {
		out.Batch = append(out.Batch, Batch{b.ID, at + k})
	}
	return out
}

// spreadBatch gives v the batch indices of further operands, on which it does not
// depend.
func (l *Lowerer) spreadBatch(v Val, more []Val) Val {
	var f frame
	f.addBatch(v)
	n := len(f.batch)
	for _, w := range more {
		f.addBatch(w)
	}
	if len(f.batch) == n {
		return v
	}
	slots := append(slices.Clone(v.S.Slots), f.batchDims[n:]...)
	b := l.St.Build(slots)
	b.AddSum(v.S, rat.One, count(len(v.S.Slots)))
	out := Val{S: b.Sum(), Rows: v.Rows, Cols: v.Cols, Batch: slices.Clone(v.Batch)}
	for k, id := range f.batch[n:] {
		out.Batch = append(out.Batch, Batch{id, len(v.S.Slots) + k})
	}
	return out
}

// parameter returns the scalar w as a sum with the batch slots of v, without any
// if it has none.
func (l *Lowerer) parameter(w, v Val) *index.Sum {
	if len(w.Batch) == 0 {
		return w.S
	}
	slots := make([]*expr.Dim, len(v.Batch))
	place := make([]int, len(w.S.Slots))
	for k, b := range v.Batch {
		slots[k] = v.S.Slots[b.Slot]
		if s := w.batchSlot(b.ID); s >= 0 {
			place[s] = k
		}
	}
	b := l.St.Build(slots)
	b.AddSum(w.S, rat.One, place)
	return b.Sum()
}

// defined lowers the text of a defined operator with the operands put in.
func (l *Lowerer) defined(n *expr.Node, e *env) Val {
	t := l.T.Definition[n.Op]
	vs := l.values(n.Args, e)
	return l.lower(t.Root, l.templateEnv(t, n.Op, vs, nil))
}

// templateEnv binds the parameters, their differentials and the sizes.
func (l *Lowerer) templateEnv(t *Template, op *expr.Op, vs, ds []Val) *env {
	n := 0
	for _, s := range append(slices.Clone(t.Params), t.DParams...) {
		n = max(n, s.Ordinal+1)
	}
	e := &env{params: make([]Val, n), memo: make([]Val, t.Root.ID+1)}
	for i, s := range t.Params {
		e.params[s.Ordinal] = vs[i]
	}
	for i, s := range t.DParams {
		e.params[s.Ordinal] = ds[i]
	}
	sizes := &l.B.Sizes
	letter := func(name *expr.SizeName) *expr.Dim {
		if p := name.Symbol; p != nil {
			d, ok := l.St.DimOf(vs[slices.Index(t.Params, p)].S)
			if !ok {
				panic(Unsupported{message.Say("the derivative of a power of a matrix whose exponent is no fixed integer")})
			}
			if !slices.Contains(l.Counts, d) {
				l.Counts = append(l.Counts, d)
			}
			return d
		}
		k := slices.Index(t.Letters, name)
		for i, ax := range op.Signature().Args {
			if slices.Contains(ax.Rows, k) {
				return sizes.Product(dimsOf(vs[i], vs[i].Rows)...)
			}
			if slices.Contains(ax.Cols, k) {
				return sizes.Product(dimsOf(vs[i], vs[i].Cols)...)
			}
		}
		return sizes.One()
	}
	e.dims = func(d *expr.Dim) *expr.Dim {
		out := sizes.Const(0)
		d.Terms(func(coef int64, pows []expr.DimPow) {
			p := sizes.Const(coef)
			for _, w := range pows {
				for range w.Exp {
					p = sizes.Mul(p, letter(w.Name))
				}
			}
			out = sizes.Add(out, p)
		})
		return out
	}
	return e
}

// Differential lowers the differential of an atom's operator. The parameters are
// the atom's operands; their differentials are TangentAtoms with the operands'
// slots. The result's slots are returned in the order of the atom's. several says that
// more than one operand varies.
func (l *Lowerer) Differential(a *index.Atom, several bool) *index.Sum {
	if a.Sym != nil {
		return l.unknown(a)
	}
	t := l.T.Differential[a.Op]
	if tied := l.T.Tied[a.Op]; several && tied != nil {
		t = tied
	}
	if t == nil {
		panic(Unsupported{message.Say("the derivative of %s", a.Op.Name)})
	}
	vs := make([]Val, len(a.Args))
	ds := make([]Val, len(a.Args))
	for i, s := range a.Args {
		v := Val{S: s}
		if i == 0 {
			v.Rows, v.Cols = count(a.RowsIn), span(a.RowsIn, a.CoreIn-a.RowsIn)
		}
		own := len(v.Rows) + len(v.Cols)
		for k := own; k < len(s.Slots); k++ {
			v.Batch = append(v.Batch, Batch{-1 - (k - own), k})
		}
		d := l.St.Tangent(i, s.Slots)
		vs[i], ds[i] = v, v
		ds[i].S = l.St.AtomSum(d, s.Slots, count(len(s.Slots)))
	}
	out := l.lower(t.Root, l.templateEnv(t, a.Op, vs, ds))
	// Arrange: rows, columns, batch in the atom's order; a batch index on which
	// the differential does not depend is spread.
	place := make([]int, len(out.S.Slots))
	for i, s := range out.Rows {
		place[s] = i
	}
	for i, s := range out.Cols {
		place[s] = len(out.Rows) + i
	}
	for _, b := range out.Batch {
		place[b.Slot] = a.Core + (-1 - b.ID)
	}
	b := l.St.Build(a.Slots)
	b.AddSum(l.expandTangents(out.S), rat.One, place)
	return b.Sum()
}

// expandTangents multiplies out the groups that hold a tangent, so that every
// term has one as a factor.
func (l *Lowerer) expandTangents(s *index.Sum) *index.Sum {
	for {
		next, opened := l.St.Open(s, func(f *index.Factor) bool { return hasTangent(f.Atom.Args[0]) })
		if !opened {
			return s
		}
		s = next
	}
}

func hasTangent(s *index.Sum) bool {
	for i := range s.Terms {
		for _, f := range s.Terms[i].Factors {
			if f.Atom.Kind == index.TangentAtom || f.Atom.Kind == index.GroupAtom && hasTangent(f.Atom.Args[0]) {
				return true
			}
		}
	}
	return false
}

// unknown is dσ(x) = σ′(x) ⊙ dx for an unknown function.
func (l *Lowerer) unknown(a *index.Atom) *index.Sum {
	r := l.St.Raw(a.Slots)
	d := l.St.Apply(index.Application{Op: a.Op, Fn: a.Sym, Order: a.Order + 1, Args: a.Args})
	r.MulSum(d, r.Slot, rat.One)
	r.MulAtom(l.St.Tangent(0, a.Slots), r.Slot, rat.One)
	return l.St.SumOf(a.Slots, r)
}

// A DomainError is the panic value for an operator applied to a number outside its
// domain: the expression has no value anywhere.
type DomainError struct {
	Op    *expr.Op
	Value rat.Rat
}

// inDomain panics if s is a number at which op has no value.
func inDomain(op *expr.Op, s *index.Sum) {
	if op.Domain == "" || len(s.Terms) > 1 || len(s.Terms) == 1 && len(s.Terms[0].Factors) > 0 {
		return
	}
	q := rat.Zero
	if len(s.Terms) == 1 {
		if len(s.Slots) > 0 && op.Class == expr.Core || len(s.Terms[0].Dims) < len(s.Slots) {
			return // an identity or a constant matrix
		}
		q = s.Terms[0].Coef
	}
	out := false
	switch op.Domain {
	case "positive", "posdet":
		out = q.Sign() <= 0
	case "nonzero":
		out = q.IsZero()
	case "invertible":
		out = q.IsZero() && len(op.Signature().Result.Rows) > 0 // |0| has a value
	case "unit":
		out = q.Abs().Cmp(rat.One) > 0
	case "above1":
		out = q.Cmp(rat.One) < 0
	}
	if out {
		panic(DomainError{op, q})
	}
}

// Unsupported is the panic value for what index form cannot express; the root
// package turns it into a diagnostic.
type Unsupported struct{ What message.Text }
