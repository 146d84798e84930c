package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"example.com/nabla/internal/expr"
)

// A transform makes the entries x of a variable from free parameters u, so that what
// its declaration says holds for every u:
//
//	symmetric, diagonal, toeplitz   entries share parameters, or are 0
//	positive                        x = exp(u)
//	simplex                         x = softmax(u), of a matrix each column
//	posdef                          X = L Lᵀ, L lower triangular with exp(u) on its diagonal
type transform struct {
	kind       kind
	rows, cols int   // of a member
	members    int   // of a family; else 1
	at         []int // entries: the parameter of each entry, −1 for one that is 0
	size       int   // parameters of a member
}

type kind uint8

const (
	entries  kind = iota
	exps          // exp of entries
	softmax       // of each column
	cholesky      // lower triangles, row after row
)

// facts are those that are handled; the others are refused.
const handled = expr.Symmetric | expr.Posdef | expr.Diagonal | expr.Toeplitz | expr.Positive | expr.Simplex | expr.Invertible | expr.Constant

// newTransform returns the transform for a variable whose array has the shape.
func newTransform(s *expr.Symbol, shape []int) (*transform, error) {
	f := s.Facts
	if f.Has(expr.Constant) {
		return nil, &Error{Message: fmt.Sprintf("%s is declared constant", s.Name)}
	}
	if bad := f &^ handled; bad != 0 {
		return nil, &Error{Message: fmt.Sprintf("%s is declared %s, which fitting does not keep", s.Name, strings.Join(factNames(bad), ", ")),
			Hint: "fitted are free variables and those that are symmetric, diagonal, toeplitz, posdef, positive or simplex"}
	}
	t := &transform{rows: 1, cols: 1, members: 1}
	if s.Family != nil {
		t.members, shape = shape[0], shape[1:]
	}
	if len(shape) > 0 {
		t.rows = shape[0]
	}
	if len(shape) > 1 {
		t.cols = shape[1]
	}
	switch {
	case f.Has(expr.Simplex) && f&^(expr.Simplex|expr.Positive) == 0:
		t.kind, t.size = softmax, t.rows*t.cols
		return t, nil
	case f.Has(expr.Posdef) && !f.Has(expr.Diagonal):
		if f&(expr.Toeplitz|expr.Positive|expr.Simplex) != 0 {
			break
		}
		t.kind, t.size = cholesky, t.rows*(t.rows+1)/2
		return t, nil
	case f.Has(expr.Simplex), f.Has(expr.Diagonal) && f.Has(expr.Positive):
	default:
		if f.Has(expr.Positive) || f.Has(expr.Posdef) {
			t.kind = exps
		}
		t.share(f)
		return t, nil
	}
	return nil, &Error{Message: fmt.Sprintf("%s is declared %s, which fitting does not keep together", s.Name, strings.Join(factNames(f&^expr.Invertible), ", "))}
}

func factNames(f expr.Fact) []string {
	var list []string
	for k, name := range expr.FactNames {
		if f.Has(1 << k) {
			list = append(list, name)
		}
	}
	return list
}

// share says which parameter each entry is.
func (t *transform) share(f expr.Fact) {
	t.at = make([]int, t.rows*t.cols)
	symmetric := f&(expr.Symmetric|expr.Posdef) != 0
	known := map[[2]int]int{}
	for i := range t.rows {
		for j := range t.cols {
			a, b := i, j
			if symmetric && a < b {
				a, b = b, a
			}
			if f.Has(expr.Toeplitz) {
				a, b = a-min(a, b), b-min(a, b)
			}
			if f.Has(expr.Diagonal) && i != j {
				t.at[i*t.cols+j] = -1
				continue
			}
			k, ok := known[[2]int{a, b}]
			if !ok {
				k = len(known)
				known[[2]int{a, b}] = k
			}
			t.at[i*t.cols+j] = k
		}
	}
	t.size = len(known)
}

// free is the number of parameters.
func (t *transform) free() int { return t.members * t.size }

// linear reports whether x is a linear function of u.
func (t *transform) linear() bool { return t.kind == entries }

// each calls f for each member with its parameters and entries.
func (t *transform) each(f func(u, x []float64), u, x []float64) {
	n := t.rows * t.cols
	for k := range t.members {
		f(u[k*t.size:(k+1)*t.size], x[k*n:(k+1)*n])
	}
}

// apply sets x from u.
func (t *transform) apply(u, x []float64) {
	t.each(func(u, x []float64) {
		switch t.kind {
		case entries, exps:
			for i, k := range t.at {
				switch {
				case k < 0:
					x[i] = 0
				case t.kind == exps:
					x[i] = math.Exp(u[k])
				default:
					x[i] = u[k]
				}
			}
		case softmax:
			for j := range t.cols {
				most, sum := math.Inf(-1), 0.0
				for i := range t.rows {
					most = math.Max(most, u[i*t.cols+j])
				}
				for i := range t.rows {
					x[i*t.cols+j] = math.Exp(u[i*t.cols+j] - most)
					sum += x[i*t.cols+j]
				}
				for i := range t.rows {
					x[i*t.cols+j] /= sum
				}
			}
		case cholesky:
			n := t.rows
			for i := range n {
				for j := range i + 1 {
					s := 0.0
					for k := range j + 1 {
						s += t.lower(u, i, k) * t.lower(u, j, k)
					}
					x[i*n+j], x[j*n+i] = s, s
				}
			}
		}
	}, u, x)
}

// lower is the entry (i, j), j ≤ i, of the triangle that u has.
func (t *transform) lower(u []float64, i, j int) float64 {
	v := u[i*(i+1)/2+j]
	if i == j {
		return math.Exp(v)
	}
	return v
}

// pull sets gu, the gradient by u, from that by x, g, at u and x.
func (t *transform) pull(u, x, g, gu []float64) {
	n := t.rows * t.cols
	for m := range t.members {
		u, x, g, gu := u[m*t.size:(m+1)*t.size], x[m*n:(m+1)*n], g[m*n:(m+1)*n], gu[m*t.size:(m+1)*t.size]
		clear(gu)
		switch t.kind {
		case entries, exps:
			for i, k := range t.at {
				switch {
				case k < 0:
				case t.kind == exps:
					gu[k] += g[i] * x[i]
				default:
					gu[k] += g[i]
				}
			}
		case softmax:
			for j := range t.cols {
				dot := 0.0
				for i := range t.rows {
					dot += x[i*t.cols+j] * g[i*t.cols+j]
				}
				for i := range t.rows {
					gu[i*t.cols+j] = x[i*t.cols+j] * (g[i*t.cols+j] - dot)
				}
			}
		case cholesky: // the lower triangle of (G + Gᵀ) L
			n := t.rows
			for i := range n {
				for j := range i + 1 {
					s := 0.0
					for k := j; k < n; k++ {
						s += (g[i*n+k] + g[k*n+i]) * t.lower(u, k, j)
					}
					if i == j {
						s *= t.lower(u, i, i)
					}
					gu[i*(i+1)/2+j] = s
				}
			}
		}
	}
}

// invert sets u so that apply gives x, or returns what is wrong with x.
func (t *transform) invert(x, u []float64) error {
	var bad error
	t.each(func(u, x []float64) {
		if bad != nil {
			return
		}
		switch t.kind {
		case entries, exps:
			seen := make([]bool, t.size)
			for i, k := range t.at {
				v := x[i]
				switch {
				case k < 0:
					if v != 0 {
						bad = fmt.Errorf("entry (%d, %d) is %v, not 0", i/t.cols+1, i%t.cols+1, v)
					}
					continue
				case t.kind == exps && !(v > 0):
					bad = fmt.Errorf("it has the entry %v, which is not positive", v)
				case t.kind == exps:
					v = math.Log(v)
				}
				if seen[k] && math.Abs(u[k]-v) > 1e-8*(math.Abs(u[k])+math.Abs(v)) {
					bad = fmt.Errorf("entries that are the same differ: entry (%d, %d) is %v", i/t.cols+1, i%t.cols+1, x[i])
				}
				u[k], seen[k] = v, true
			}
		case softmax:
			for j := range t.cols {
				sum := 0.0
				for i := range t.rows {
					v := x[i*t.cols+j]
					if !(v > 0) {
						bad = fmt.Errorf("it has the entry %v; a start lies inside, where all are positive", v)
					}
					sum += v
					u[i*t.cols+j] = math.Log(v)
				}
				if math.Abs(sum-1) > 1e-6 {
					bad = fmt.Errorf("its entries sum to %v, not to 1", sum)
				}
			}
		case cholesky:
			n := t.rows
			l := make([]float64, n*n)
			for i := range n {
				for j := range i + 1 {
					if a, b := x[i*n+j], x[j*n+i]; math.Abs(a-b) > 1e-8*(math.Abs(a)+math.Abs(b)) {
						bad = fmt.Errorf("it is not symmetric: entries (%d, %d) and (%d, %d) are %v and %v", i+1, j+1, j+1, i+1, a, b)
						return
					}
					s := x[i*n+j]
					for k := range j {
						s -= l[i*n+k] * l[j*n+k]
					}
					if i != j {
						l[i*n+j] = s / l[j*n+j]
						u[i*(i+1)/2+j] = l[i*n+j]
						continue
					}
					if !(s > 0) {
						bad = fmt.Errorf("it is not positive definite: its leading minor of order %d is not positive", i+1)
						return
					}
					l[i*n+i] = math.Sqrt(s)
					u[i*(i+1)/2+i] = math.Log(l[i*n+i])
				}
			}
		}
	}, u, x)
	return bad
}

// start sets u to the start that is taken where none is given: 0, which is 1 for what is
// positive, the identity for what is positive definite and uniform for a simplex; for a
// matrix without facts small random numbers, so that the units of a network differ.
func (t *transform) start(u []float64, matrix bool, r *rand.Rand) {
	clear(u)
	if matrix && t.kind == entries {
		t.random(u, r)
	}
}

// random sets u to normal numbers of variance 2/(rows + columns), of a vector or
// scalar of variance 1.
func (t *transform) random(u []float64, r *rand.Rand) {
	scale := 1.0
	if t.cols > 1 || t.kind == cholesky {
		scale = math.Sqrt(2 / float64(t.rows+t.cols))
	}
	for i := range u {
		u[i] = scale * r.NormFloat64()
	}
}
