package code

import "example.com/nabla/internal/plan"

// pythonSystem writes what one function of a library's module linalg does with a matrix,
// by a factorisation of its own.
func pythonSystem(w *Writer, v *plan.Value, module, logdet string) (string, int) {
	a := v.Args[0].Args[0]
	switch v.Kind {
	case plan.Solve:
		matrix := ""
		switch {
		case !v.Trans:
			matrix = w.Arg(a, 0)
		case a.Kind == plan.Transpose:
			matrix = w.Arg(a.Args[0], 0)
		default:
			matrix = w.Arg(a, pyAtom) + ".T"
		}
		return module + ".linalg.solve(" + matrix + ", " + w.Arg(v.Args[1], 0) + ")", pyAtom
	case plan.Inverse:
		s := module + ".linalg.inv(" + w.Arg(a, 0) + ")"
		if v.Trans {
			s += ".T"
		}
		return s, pyAtom
	case plan.Det:
		return module + ".linalg.det(" + w.Arg(a, 0) + ")", pyAtom
	case plan.LogDet:
		w.Helper(logdet)
		return "_logdet(" + w.Arg(a, 0) + ")", pyAtom
	}
	panic("code: " + module + " has no form of a value")
}

// factorStem is what a factorisation is called: lu_A, chol_A, or lu and chol.
func factorStem(v *plan.Value) string {
	stem := ""
	switch v.Kind {
	case plan.LU:
		stem = "lu"
	case plan.Cholesky:
		stem = "chol"
	default:
		return ""
	}
	if a := v.Args[0]; a.Kind == plan.Param {
		stem += "_" + unicodeIdentifier(a.Sym.Name)
	}
	return stem
}
