package lower

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

// frame collects the axes and batch indices of a result over its operands.
type frame struct {
	rows, cols []*expr.Dim
	batch      []int
	batchDims  []*expr.Dim
}

func (f *frame) slots() []*expr.Dim {
	out := make([]*expr.Dim, 0, len(f.rows)+len(f.cols)+len(f.batch))
	return append(append(append(out, f.rows...), f.cols...), f.batchDims...)
}

func (f *frame) addBatch(v Val) {
	for _, b := range v.Batch {
		if !slices.Contains(f.batch, b.ID) {
			f.batch = append(f.batch, b.ID)
			f.batchDims = append(f.batchDims, v.S.Slots[b.Slot])
		}
	}
}

// spread makes the frame of operands of one shape among scalars.
func (f *frame) spread(vs []Val) {
	for _, v := range vs {
		if len(f.rows) == 0 && len(f.cols) == 0 {
			f.rows, f.cols = dimsOf(v, v.Rows), dimsOf(v, v.Cols)
		}
		f.addBatch(v)
	}
}

func dimsOf(v Val, slots []int) []*expr.Dim {
	if len(slots) == 0 {
		return nil
	}
	out := make([]*expr.Dim, len(slots))
	for i, s := range slots {
		out[i] = v.S.Slots[s]
	}
	return out
}

// view is the value of a sum whose slots are the frame's, in order.
func (f *frame) view(s *index.Sum) Val {
	v := Val{S: s, Rows: count(len(f.rows)), Cols: span(len(f.rows), len(f.cols))}
	for k, id := range f.batch {
		v.Batch = append(v.Batch, Batch{id, len(f.rows) + len(f.cols) + k})
	}
	return v
}

// place gives, for each slot of v, the slot of the frame that it is.
func (f *frame) place(v Val) []int {
	p := make([]int, len(v.S.Slots))
	for i, s := range v.Rows {
		p[s] = i
	}
	for i, s := range v.Cols {
		p[s] = len(f.rows) + i
	}
	for _, b := range v.Batch {
		p[b.Slot] = len(f.rows) + len(f.cols) + slices.Index(f.batch, b.ID)
	}
	return p
}
