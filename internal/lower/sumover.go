package lower

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
)

// indexValue is the vector of the values of an index, along that index.
func (l *Lowerer) indexValue(n *expr.Node, e *env) Val {
	d := e.size(n.Index.Size)
	slots := []*expr.Dim{d}
	a := l.St.Const(n.Op, slots, 0, slots)
	return Val{S: l.St.AtomSum(a, slots, count(1)), Batch: []Batch{{e.batchID(n.Index), 0}}}
}

// size returns a size of the program that e belongs to.
func (e *env) size(d *expr.Dim) *expr.Dim {
	if e != nil {
		return e.dims(d)
	}
	return d
}

// batchID keeps the indices of a template apart from those of its operands.
func (e *env) batchID(i *expr.Index) int {
	if e != nil {
		return 1<<20 + i.Ordinal
	}
	return i.Ordinal
}

func (l *Lowerer) sumOver(n *expr.Node, e *env) Val {
	for _, s := range e.size(n.Index.Size).Names(nil) {
		if s.Symbol != nil && l.bare != nil && l.bare(s.Symbol) {
			panic(Unsupported{message.Say("the derivative by %s, up to which an index runs,", s.Name)})
		}
	}
	v := l.lower(n.Args[0], e)
	slot := v.batchSlot(e.batchID(n.Index))
	st := l.St
	if slot < 0 {
		// Nothing depends on the index: N times the operand.
		r := st.Raw(v.S.Slots)
		r.MulSum(v.S, r.Slot, rat.One)
		r.MulSize(e.size(n.Index.Size), rat.One)
		v.S = st.SumOf(v.S.Slots, r)
		return v
	}
	slots := slices.Delete(slices.Clone(v.S.Slots), slot, slot+1)
	b := st.Build(slots)
	for i := range v.S.Terms {
		r := st.Raw(slots)
		r.MulTerm(&v.S.Terms[i], slices.Insert(slices.Clone(r.Slot), slot, r.Class(v.S.Slots[slot])))
		b.Add(r)
	}
	shift := func(list []int) []int {
		out := slices.Clone(list)
		for i := range out {
			if out[i] > slot {
				out[i]--
			}
		}
		return out
	}
	out := Val{S: b.Sum(), Rows: shift(v.Rows), Cols: shift(v.Cols)}
	for _, x := range v.Batch {
		if x.Slot != slot {
			out.Batch = append(out.Batch, Batch{x.ID, shift([]int{x.Slot})[0]})
		}
	}
	return out
}
