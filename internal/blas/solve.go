package blas

import "sync"

// triMax is the order up to which a triangular system is solved in one piece, and the
// leading dimension of its triangle. The kernels in assembly know it.
const triMax = 64

// smallSolve solves T X = B for a lower triangle T of order at most triMax: every variant
// becomes this one when T and B are copied.
type smallSolve struct {
	// t is the triangle, filled up with zeros to a multiple of the height of a tile, and
	// inverse has the reciprocals of its diagonal.
	t       [triMax * triMax]float64
	inverse [triMax]float64
	x, turn buffer // nr columns of X at a time
	tile    tile
}

var smallSolves = sync.Pool{New: func() any { return new(smallSolve) }}

// set copies op(T), with rows and columns in reverse order if it is upper triangular.
// Entries above the diagonal are of any value.
func (s *smallSolve) set(f Tri, m int, t []float64, ldt int) {
	ri, ci := ldt, 1
	if f&Trans != 0 {
		ri, ci = 1, ldt
	}
	switch {
	case !f.forward():
		for i := range m {
			from := (m-1-i)*ri + (m-1)*ci
			row := s.t[i*triMax:][:i+1]
			for j := range row {
				row[j] = t[from]
				from -= ci
			}
		}
	case f&Trans != 0:
		for i := 0; i < m; i += use.lanes {
			// Rows of T on and right of the diagonal become columns.
			use.strip(s.t[i*triMax+i:], triMax, t[i*ldt+i:], ldt, min(use.lanes, m-i), m-i)
		}
	default:
		for i := range m {
			copy(s.t[i*triMax:][:i+1], t[i*ldt:])
		}
	}
	for i := range m {
		s.inverse[i] = 1
		if f&Unit == 0 {
			s.inverse[i] = 1 / s.t[i*triMax+i]
		}
	}
	for i := m; i < (m+use.mr-1)/use.mr*use.mr; i++ {
		clear(s.t[i*triMax:][:i+1])
		s.inverse[i] = 1
	}
}

// solve overwrites the first n columns of X, of which row i begins at x[i*nr].
func (s *smallSolve) solve(m, n int, x []float64) {
	nr, mr := use.nr, use.mr
	t := &s.tile
	*t = tile{b: x, rsb: nr, csa: 1, rsa: triMax, ldc: nr, alpha: -1, beta: 1, m: mr, n: n}
	for i := 0; i < m; i += mr {
		if i > 0 {
			t.a, t.c, t.k = s.t[i*triMax:], x[i*nr:], i
			use.tile(t)
		}
		use.solve(x[i*nr:], s.t[i*triMax+i:], s.inverse[i:], n)
	}
	*t = tile{}
}

// left solves op(T) X = B in place.
func (s *smallSolve) left(f Tri, m, n int, t []float64, ldt int, b []float64, ldb int) {
	s.set(f, m, t, ldt)
	nr := use.nr
	s.x.grow((m + use.mr) * nr)
	x := s.x.s
	clear(x[m*nr:])
	for j := 0; j < n; j += nr {
		cols := min(nr, n-j)
		if f.forward() {
			use.copyRows(x, nr, b[j:], ldb, m, cols)
			s.solve(m, cols, x)
			use.copyRows(b[j:], ldb, x, nr, m, cols)
			continue
		}
		for i := range m {
			copy(x[i*nr:][:cols], b[(m-1-i)*ldb+j:])
		}
		s.solve(m, cols, x)
		for i := range m {
			copy(b[(m-1-i)*ldb+j:][:cols], x[i*nr:])
		}
	}
}

// right solves X op(T) = B, that is op(T)ᵀ Xᵀ = Bᵀ, in place.
func (s *smallSolve) right(f Tri, m, n int, t []float64, ldt int, b []float64, ldb int) {
	f ^= Trans
	s.set(f, n, t, ldt)
	nr := use.nr
	s.x.grow((n + use.mr) * nr)
	s.turn.grow(n * nr)
	x, turn := s.x.s, s.turn.s
	clear(x[n*nr:])
	for i := 0; i < m; i += nr {
		rows := min(nr, m-i)
		to := x
		if !f.forward() {
			to = turn
		}
		for q := 0; q < rows; q += use.lanes {
			use.strip(to[q:], nr, b[(i+q)*ldb:], ldb, min(use.lanes, rows-q), n)
		}
		if !f.forward() {
			reverseRows(x, turn, n, nr)
		}
		s.solve(n, rows, x)
		if !f.forward() {
			reverseRows(turn, x, n, nr)
		}
		for j := 0; j < n; j += use.lanes {
			use.strip(b[i*ldb+j:], ldb, to[j*nr:], nr, min(use.lanes, n-j), rows)
		}
	}
}

// reverseRows copies rows of the given width in reverse order.
func reverseRows(dst, src []float64, rows, width int) {
	for i := range rows {
		copy(dst[i*width:][:width], src[(rows-1-i)*width:])
	}
}

// solveGo solves for the first n columns of X with a lower triangle of order four.
func solveGo(x, t, inverse []float64, n int) {
	const width = 4
	for i := range 4 {
		row := x[i*width:][:n]
		for j := range i {
			f := t[i*triMax+j]
			for c, v := range x[j*width:][:n] {
				row[c] -= f * v
			}
		}
		for c := range row {
			row[c] *= inverse[i]
		}
	}
}
