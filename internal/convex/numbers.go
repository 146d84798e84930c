package convex

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// numbers decides about a function of several variables all of whose second
// derivatives are numbers times the identity: it is convex where the matrix of these
// numbers is positive semidefinite, by exact elimination.
func (p *Problem) numbers() (Verdict, bool) {
	n := len(p.Wrt)
	if len(p.blocks) != n*n {
		return Verdict{}, false
	}
	for _, s := range p.Wrt {
		if s.Family != nil || s.Facts&(expr.Symmetric|expr.Diagonal|expr.Toeplitz|expr.Simplex) != 0 {
			return Verdict{}, false
		}
	}
	c := make([][]rat.Rat, n)
	for i := range n {
		for j := range n {
			k, ok := timesIdentity(p.blocks[i*n+j])
			if !ok {
				return Verdict{}, false
			}
			c[i] = append(c[i], k)
		}
	}
	v := Verdict{Curvature: Convex, Method: "hessian"}
	pivots, ok := eliminate(c, 1)
	if !ok {
		if pivots, ok = eliminate(c, -1); !ok {
			return Verdict{}, false
		}
		v.Curvature = Concave
	}
	v.Strict, v.Strong = true, true
	var text, names []string
	for _, s := range p.Wrt {
		names = append(names, s.Name)
	}
	for _, d := range pivots {
		if d.IsZero() {
			v.Strict, v.Strong = false, false
		}
		text = append(text, d.String())
	}
	var rows []string
	for i := range c {
		var row []string
		for j := range c {
			row = append(row, c[i][j].String())
		}
		rows = append(rows, strings.Join(row, ", "))
	}
	h, d, by := "["+strings.Join(rows, "; ")+"]", strings.Join(text, ", "), strings.Join(names, ", ")
	line := Line{Rule: "hessian-numbers",
		English: "the Hessian by " + by + " is " + h + ", each number times the identity; elimination has the pivots " + d,
		Chinese: "关于 " + by + " 的 Hessian 矩阵是 " + h + "，每个数乘以单位矩阵；消元得主元 " + d}
	scalars := true
	for _, s := range p.Wrt {
		scalars = scalars && s.Shape.IsScalar()
	}
	if scalars {
		line.English = "the Hessian by " + by + " is " + h + "; elimination has the pivots " + d
		line.Chinese = "关于 " + by + " 的 Hessian 矩阵是 " + h + "；消元得主元 " + d
	}
	if max(width(line.English), width(line.Chinese)) > maxLine {
		return Verdict{}, false
	}
	line.Formula = p.write(p.facts, nil)
	v.Lines = []Line{line}
	return v, true
}

// timesIdentity reads a second derivative as a number times the identity.
func timesIdentity(h *index.Sum) (rat.Rat, bool) {
	if h.IsZero() {
		return rat.Zero, true
	}
	t := &h.Terms[0]
	half := len(t.Slot) / 2
	if len(h.Terms) > 1 || len(t.Factors) > 0 || len(t.Slot) != 2*half || len(t.Dims) != half {
		return rat.Zero, false
	}
	for k := range half {
		if t.Slot[k] != t.Slot[half+k] {
			return rat.Zero, false
		}
	}
	return t.Coef, true
}

// eliminate returns the pivots of a symmetric matrix, which times sign are all at least
// zero if the matrix times sign is positive semidefinite; ok is false if it is not.
func eliminate(c [][]rat.Rat, sign int) (pivots []rat.Rat, ok bool) {
	n := len(c)
	m := make([][]rat.Rat, n)
	for i := range m {
		m[i] = append([]rat.Rat(nil), c[i]...)
	}
	for k := range n {
		d := m[k][k]
		pivots = append(pivots, d)
		if d.Sign()*sign < 0 {
			return nil, false
		}
		for i := k + 1; i < n; i++ {
			if d.IsZero() {
				if !m[i][k].IsZero() {
					return nil, false
				}
				continue
			}
			f := m[i][k].Div(d)
			for j := k; j < n; j++ {
				m[i][j] = m[i][j].Sub(f.Mul(m[k][j]))
			}
		}
	}
	return pivots, true
}
