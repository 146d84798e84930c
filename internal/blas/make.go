package blas

// hugePage is the size from which on Make asks for large pages.
const hugePage = 2 << 20

// Make returns n zeros, as make does. Where the system lets it, a long slice lies in
// large pages: with small ones a walk through memory spends up to half of its time on
// finding the pages.
func Make(n int) []float64 {
	x := make([]float64, n)
	if 8*n >= 2*hugePage {
		adviseHuge(x)
	}
	return x
}
