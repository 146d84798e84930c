package lower

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// structural evaluates a signature: one class for each letter's axes.
func (l *Lowerer) structural(n *expr.Node, e *env) Val {
	sig := n.Op.Signature()
	vs := l.values(n.Args, e)
	st := l.St
	if len(vs) == 1 && len(vs[0].S.Terms) != 1 {
		return l.linear(sig, vs[0])
	}
	var f frame
	for _, v := range vs {
		f.addBatch(v)
	}
	r := st.Raw(nil)
	batch := make([]index.Ix, len(f.batch))
	for k, d := range f.batchDims {
		batch[k] = r.Class(d)
	}
	letters := l.letters(sig, n, vs, e, r)
	for k, v := range vs {
		r.MulSum(v.S, l.operand(sig.Args[k], v, &f, batch, letters), rat.One)
	}
	return l.result(sig, &f, batch, letters, r, func(slots []*expr.Dim) *index.Sum { return st.SumOf(slots, r) })
}

// linear evaluates a structural operator of one operand term by term.
func (l *Lowerer) linear(sig *expr.Sig, v Val) Val {
	var f frame
	f.addBatch(v)
	var sum *index.SumBuilder
	var out Val
	if len(v.S.Terms) == 0 {
		r := l.St.Raw(nil)
		batch := make([]index.Ix, len(f.batch))
		for k, d := range f.batchDims {
			batch[k] = r.Class(d)
		}
		letters := l.letters(sig, nil, []Val{v}, nil, r)
		return l.result(sig, &f, batch, letters, r, func(slots []*expr.Dim) *index.Sum { return l.St.SumOf(slots) })
	}
	for i := range v.S.Terms {
		r := l.St.Raw(nil)
		batch := make([]index.Ix, len(f.batch))
		for k, d := range f.batchDims {
			batch[k] = r.Class(d)
		}
		letters := l.letters(sig, nil, []Val{v}, nil, r)
		r.MulTerm(&v.S.Terms[i], l.operand(sig.Args[0], v, &f, batch, letters))
		g := f
		out = l.result(sig, &g, batch, letters, r, func(slots []*expr.Dim) *index.Sum {
			if sum == nil {
				sum = l.St.Build(slots)
			}
			sum.Add(r)
			return nil
		})
	}
	out.S = sum.Sum()
	return out
}

// letters allocates the classes of each letter's axes.
func (l *Lowerer) letters(sig *expr.Sig, n *expr.Node, vs []Val, e *env, r *index.Raw) [][]index.Ix {
	letters := make([][]index.Ix, sig.Letters)
	done := make([]bool, sig.Letters)
	bind := func(axis []int, v Val, slots []int) {
		if len(axis) != 1 || done[axis[0]] || len(slots) == 0 {
			return
		}
		done[axis[0]] = true
		for _, s := range slots {
			letters[axis[0]] = append(letters[axis[0]], r.Class(v.S.Slots[s]))
		}
	}
	for k, v := range vs {
		bind(sig.Args[k].Rows, v, v.Rows)
		bind(sig.Args[k].Cols, v, v.Cols)
	}
	if len(vs) == 0 {
		l.leafLetters(sig, n, e, r, letters)
	}
	return letters
}

// leafLetters gives the letters of eye, ones, commutation their axes.
func (l *Lowerer) leafLetters(sig *expr.Sig, n *expr.Node, e *env, r *index.Raw, letters [][]index.Ix) {
	if l.leaf != nil && e == nil && len(sig.Result.Rows) <= 1 && len(sig.Result.Cols) <= 1 {
		set := func(axis []int, dims []*expr.Dim) {
			if len(axis) == 1 && letters[axis[0]] == nil {
				for _, d := range dims {
					letters[axis[0]] = append(letters[axis[0]], r.Class(d))
				}
			}
		}
		set(sig.Result.Rows, l.leaf(n, false))
		set(sig.Result.Cols, l.leaf(n, true))
		return
	}
	for i := range letters {
		if i >= len(n.Sizes) {
			break
		}
		d := n.Sizes[i]
		if e != nil {
			d = e.dims(d)
		}
		if !d.IsOne() {
			letters[i] = []index.Ix{r.Class(d)}
		}
	}
}

// operand gives the class of each slot of v.
func (l *Lowerer) operand(ax expr.Axes, v Val, f *frame, batch []index.Ix, letters [][]index.Ix) []index.Ix {
	idx := make([]index.Ix, len(v.S.Slots))
	for _, b := range v.Batch {
		idx[b.Slot] = batch[slices.Index(f.batch, b.ID)]
	}
	set := func(axis, slots []int) {
		for i, s := range slots {
			idx[s] = letters[axis[0]][i]
		}
	}
	set(ax.Rows, v.Rows)
	set(ax.Cols, v.Cols)
	return idx
}

// result shows the result's letters and the batch as slots. An axis shown twice
// (diag) is two slots of one class.
func (l *Lowerer) result(sig *expr.Sig, f *frame, batch []index.Ix, letters [][]index.Ix, r *index.Raw,
	sum func(slots []*expr.Dim) *index.Sum) Val {
	r.Slot = r.Slot[:0]
	axis := func(ls []int) (dims []*expr.Dim) {
		for _, x := range ls {
			for _, c := range letters[x] {
				r.Slot = append(r.Slot, c)
				dims = append(dims, r.Dim(c))
			}
		}
		return dims
	}
	f.rows, f.cols = axis(sig.Result.Rows), axis(sig.Result.Cols)
	r.Slot = append(r.Slot, batch...)
	return f.view(sum(f.slots()))
}
