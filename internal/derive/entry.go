package derive

import (
	"fmt"
	"math"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
)

// EntryValue returns the value of an index form at its free indices, which are the
// first len(at) and count from 0.
func EntryValue(b *eval.Board, x *print.IndexForm, at []int) (float64, error) {
	w := &entryValuer{board: b}
	v := w.value(x, at)
	return v, w.err
}

type entryValuer struct {
	board *eval.Board
	err   error
}

func (w *entryValuer) value(x *print.IndexForm, at []int) float64 {
	b := w.board
	values := map[*expr.Node][]expr.Dense{}
	index := make([]int, len(x.Sizes))
	copy(index, at)
	total := 0.0
	for _, t := range x.Terms {
		var bound []int
		used := map[int]bool{}
		for _, f := range t.Factors {
			for _, i := range f.Indices {
				if i >= len(at) && !used[i] {
					used[i] = true
					bound = append(bound, i)
				}
			}
			if f.Node == nil || f.Inner != nil || values[f.Node] != nil {
				continue
			}
			if f.IsFamily() {
				values[f.Node] = b.Members(f.Node.Sym)
				continue
			}
			v, err := b.Values(f.Node, nil)
			if err != nil {
				w.err = err
				return 0
			}
			values[f.Node] = v
		}
		var sum func(k int) float64
		sum = func(k int) float64 {
			if k == len(bound) {
				return w.product(t.Factors, values, index)
			}
			s := 0.0
			for i := range b.Size(x.Sizes[bound[k]]) {
				index[bound[k]] = i
				s += sum(k + 1)
			}
			return s
		}
		total += t.Coef.Float64() * sum(0)
	}
	return total
}

func (w *entryValuer) product(factors []print.IndexFactor, values map[*expr.Node][]expr.Dense, index []int) float64 {
	p := 1.0
	for _, f := range factors {
		v := 0.0
		if f.Inner != nil {
			var at []int
			for _, k := range f.Indices {
				at = append(at, index[k])
			}
			p *= math.Pow(w.value(f.Inner, at), f.Exp.Float64())
			continue
		}
		if f.Node == nil {
			if index[f.Indices[0]] != index[f.Indices[1]] {
				return 0
			}
			continue
		}
		d, at := values[f.Node][0], f.Indices
		if f.IsFamily() {
			d, at = values[f.Node][index[at[len(at)-1]]], at[:len(at)-1]
		}
		switch len(at) {
		case 0:
			v = d.Data[0]
		case 1:
			v = d.Data[index[at[0]]]
		default:
			v = d.At(index[at[0]], index[at[1]])
		}
		if k := f.Exp.Float64(); k != 1 {
			v = math.Pow(v, k)
		}
		p *= v
	}
	return p
}

// EachFactor calls f with every factor of a form, also of the sums among its factors.
func EachFactor(x *print.IndexForm, f func(*print.IndexFactor)) {
	for i := range x.Terms {
		for k := range x.Terms[i].Factors {
			g := &x.Terms[i].Factors[k]
			f(g)
			if g.Inner != nil {
				EachFactor(g.Inner, f)
			}
		}
	}
}

// CheckEntries compares an index form, at every value of its free indices, with what
// differences give for the derivative that a problem states; place is the row and
// column of an entry. It returns the largest deviation, relative to the largest entry;
// a *Mistake where it is too large, and an *Unchecked where nothing could be compared.
func CheckEntries(reg expr.Operators, x *print.IndexForm, free int, pr *eval.Problem, place func(b *eval.Board, at []int) (row, col int)) (float64, error) {
	nodes, more := []*expr.Node{pr.F}, []*expr.Symbol{pr.X}
	EachFactor(x, func(f *print.IndexFactor) {
		switch {
		case f.Node == nil:
		case f.IsFamily():
			more = append(more, f.Node.Sym)
		default:
			nodes = append(nodes, f.Node)
		}
	})
	b, err := eval.NewBoard(reg, nodes, nil, nil, more, []*expr.Symbol{pr.X}, 17)
	if err != nil {
		return 0, &Unchecked{err.Error()}
	}
	want, slack, err := b.ByDifferences(pr, nil)
	if err != nil {
		return 0, &Unchecked{err.Error()}
	}
	scale := math.Max(slack/exampleTolerance, math.Max(1e-3, eval.Magnitude(want[0])))
	worst := 0.0
	at := make([]int, free)
	for {
		v, err := EntryValue(b, x, at)
		if err != nil {
			return 0, &Unchecked{err.Error()}
		}
		row, col := place(b, at)
		worst = math.Max(worst, math.Abs(v-want[0].At(row, col))/scale)
		if !(worst < exampleTolerance) {
			return worst, &Mistake{fmt.Sprintf("the formula of an entry fails its check by %.1e", worst)}
		}
		k := free - 1
		for ; k >= 0; k-- {
			if at[k]++; at[k] < b.Size(x.Sizes[k]) {
				break
			}
			at[k] = 0
		}
		if k < 0 {
			return worst, nil
		}
	}
}
