package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Definite reports whether a square matrix, with one slot for each axis, is positive
// definite by its form and by the declared facts.
func Definite(s *index.Sum) bool { return definite(s) }

// definite reports whether a square matrix is positive definite by its form: a sum
// of matrices that are positive semidefinite, one of them definite. Definite are a
// variable declared so, its inverse, and the identity, times positive scalars;
// semidefinite are XXᵀ and xxᵀ.
func definite(s *index.Sum) bool {
	if len(s.Slots) != 2 || len(s.Terms) == 0 {
		return false
	}
	some := false
	for i := range s.Terms {
		strict, ok := semidefinite(&s.Terms[i])
		if !ok {
			return false
		}
		some = some || strict
	}
	return some
}

// semidefinite reports whether a term is positive semidefinite by its form, and
// whether it is definite.
func semidefinite(t *index.Term) (strict, ok bool) {
	if t.Coef.Sign() <= 0 {
		return false, false
	}
	var fs []*index.Factor
	for i := range t.Factors {
		f := &t.Factors[i]
		switch {
		case len(f.Idx) > 0:
			fs = append(fs, f)
		case !f.Atom.Positive:
			return false, false
		}
	}
	row, col := t.Slot[0], t.Slot[1]
	switch {
	case len(fs) == 0:
		return true, row == col // c I
	case row == col:
		return false, false
	case len(fs) == 1:
		f := fs[0]
		return true, f.Exp.IsOne() && len(f.Idx) == 2 && posdefAtom(f.Atom) &&
			slices.Contains(f.Idx, row) && slices.Contains(f.Idx, col)
	case len(fs) == 2:
		f, g := fs[0], fs[1]
		if f.Atom != g.Atom || !f.Exp.Equal(rat.One) || !g.Exp.Equal(rat.One) || len(f.Idx) > 2 {
			return false, false
		}
		// X[i,a] X[j,a], X[a,i] X[a,j] or x[i] x[j].
		for p := range f.Idx {
			same := true
			for q := range f.Idx {
				if q != p {
					same = same && f.Idx[q] == g.Idx[q] && t.Bound(f.Idx[q])
				}
			}
			if same && (f.Idx[p] == row && g.Idx[p] == col || f.Idx[p] == col && g.Idx[p] == row) {
				return false, true
			}
		}
	}
	return false, false
}

// posdefAtom reports whether a matrix atom is positive definite: a variable declared
// so, a group that is by its form, or the inverse of such.
func posdefAtom(a *index.Atom) bool {
	switch {
	case a.Kind == index.VarAtom:
		return a.Sym.Facts.Has(expr.Posdef)
	case a.Kind == index.GroupAtom:
		return definite(a.Args[0])
	case a.Kind == index.OpAtom && a.Sym == nil && slices.Contains(a.Op.Preserves, expr.Posdef) && a.Core == 2:
		return definite(a.Args[0])
	}
	return false
}
