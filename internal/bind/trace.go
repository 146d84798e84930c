package bind

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// Arises says where the first NaN or infinity arises in a run on the data, which must be
// in memory: in an entry of a value whose operands are finite. It returns "" if there is
// none, or none in a value that can be looked at.
func (b *Bound) Arises(prog *plan.Program, args []native.Array) string {
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
	m, err := native.Compile(list, prog.Params, native.Options{Sizes: b.Sizes, Threads: 1, Whole: true})
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
