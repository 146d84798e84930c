package bind

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// chunk is how many samples are looked at together.
const chunk = 4096

// Arises says where the first NaN or infinity arises in a run of the machine: in an entry
// of a value whose operands are finite. It returns "" if there is none, or none in a
// value that can be looked at.
func (b *Bound) Arises(prog *plan.Program, m *Machine) string {
	if m.Stream == "" {
		return arises(prog, m.Args, b.Sizes)
	}
	// What varies over the samples has for a few of them the values that it has among all.
	for from := 0; from < m.Count; from += chunk {
		to := min(m.Count, from+chunk)
		args, err := part(prog, m, from, to)
		if err != nil {
			return ""
		}
		sizes := maps.Clone(b.Sizes)
		sizes[m.Stream] = to - from
		if s := arises(prog, args, sizes); s != "" {
			if m.Count > chunk {
				s += fmt.Sprintf(" (%s from %d on)", m.Stream, from+1)
			}
			return s
		}
	}
	return ""
}

// part returns the arguments with some of the samples alone.
func part(prog *plan.Program, m *Machine, from, to int) ([]native.Array, error) {
	args := slices.Clone(m.Args)
	for k, q := range prog.Params {
		if q.Sym == nil || !along(q.Sym, m.Stream) {
			continue
		}
		a := args[k]
		first, width := a.Shape[0], 1
		for _, n := range a.Shape[1:] {
			width *= n
		}
		axis := slices.IndexFunc(plan.ArgumentShape(q.Sym), func(d *expr.Dim) bool { return d.String() == m.Stream })
		shape := slices.Clone(a.Shape)
		shape[axis] = to - from
		b := native.Array{Shape: shape}
		if axis == 0 {
			b.Data = make([]float64, (to-from)*width)
			if a.Source == nil {
				copy(b.Data, a.Data[from*width:])
			} else if err := a.Source.Block(from, to, 0, width, b.Data); err != nil {
				return nil, err
			}
		} else {
			b.Data = make([]float64, first*(to-from))
			for r := 0; r < first && a.Source == nil; r++ {
				copy(b.Data[r*(to-from):(r+1)*(to-from)], a.Data[r*width+from:])
			}
			if a.Source != nil {
				if err := a.Source.Block(0, first, from, to, b.Data); err != nil {
					return nil, err
				}
			}
		}
		args[k] = b
	}
	return args, nil
}

func arises(prog *plan.Program, args []native.Array, sizes map[string]int) string {
	var roots []*plan.Value
	for _, r := range prog.Results {
		roots = append(roots, r.Value)
	}
	var list []*plan.Value
	for _, v := range plan.Schedule(roots) {
		if v.Kind != plan.Param && v.Kind != plan.LU && v.Kind != plan.Cholesky && v.Loops == 0 && v.Rank < 3 {
			list = append(list, v)
		}
	}
	m, err := native.Compile(list, prog.Params, native.Options{Sizes: sizes, Threads: 1, Whole: true})
	if err != nil {
		return ""
	}
	out := make([]native.Array, len(list))
	if m.Run(args, out) != nil {
		return ""
	}
	bad := map[*plan.Value]bool{}
	for k, v := range list {
		i := notFinite(out[k].Data)
		if i < 0 {
			continue
		}
		if bad[v] = true; slices.ContainsFunc(v.Args, func(a *plan.Value) bool { return bad[a] }) {
			continue
		}
		what := "NaN"
		if math.IsInf(out[k].Data[i], 0) {
			what = "infinity"
		}
		_, cols := m.Size(k)
		s := fmt.Sprintf("%s first arises in %s%s", what, entryText(v.Rank, i, cols), native.Formula(v))
		for _, a := range v.Args {
			if j := slices.Index(list, a); j >= 0 && a.Rank == v.Rank && v.Rank > 0 && len(out[j].Data) == len(out[k].Data) {
				s += fmt.Sprintf(", where %s is %.6g", called(a), out[j].Data[i])
			} else if p := slices.IndexFunc(prog.Params, func(q plan.Parameter) bool { return a.Kind == plan.Param && q.Sym == a.Sym }); p >= 0 && len(args[p].Data) == len(out[k].Data) {
				s += fmt.Sprintf(", where %s is %.6g", a.Sym.Name, args[p].Data[i])
			}
		}
		if inputs := Inputs(v); len(inputs) > 0 {
			s += "; it is computed from " + strings.Join(inputs, ", ")
		}
		return s
	}
	return ""
}

// called is the name of a value, or its formula.
func called(v *plan.Value) string {
	if v.Name != "" {
		return v.Name
	}
	return native.Formula(v)
}

// entryText names an entry, counted from 1.
func entryText(rank, i, cols int) string {
	switch rank {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("entry %d of ", i+1)
	}
	return fmt.Sprintf("entry (%d, %d) of ", i/cols+1, i%cols+1)
}
