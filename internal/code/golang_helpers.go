package code

// A goHelper is a function that a file has where it is needed, with others that it calls.
type goHelper struct {
	source string
	needs  []string
}

// goHelpers are as gofmt writes them.
var goHelpers = map[string]goHelper{
	"sigmoid": {source: `// sigmoid returns 1 / (1 + exp(-x)) without overflow.
func sigmoid(x float64) float64 {
	z := math.Exp(-math.Abs(x))
	if x < 0 {
		return z / (1 + z)
	}
	return 1 / (1 + z)
}
`},
	"softplus": {source: `// softplus returns log(1 + exp(x)) without overflow.
func softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
`},
	"sign": {source: `// sign returns -1, 0 or 1.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
`},
	"unitStep": {source: `// unitStep returns 1 for positive numbers, else 0.
func unitStep(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}
`},
	"softmax": {source: `// softmax returns exp(x) over its sum, without overflow.
func softmax(x []float64) []float64 {
	s := make([]float64, len(x))
	total := floats.LogSumExp(x)
	for i := range s {
		s[i] = math.Exp(x[i] - total)
	}
	return s
}
`},
	"softmaxRows": {source: `// softmaxRows returns the softmax of each row of a matrix.
func softmaxRows(a mat.Matrix) *mat.Dense {
	s := mat.DenseCopyOf(a)
	rows, _ := s.Dims()
	for i := range rows {
		copy(s.RawRowView(i), softmax(s.RawRowView(i)))
	}
	return s
}
`, needs: []string{"softmax"}},
	"softmaxCols": {source: `// softmaxCols returns the softmax of each column of a matrix.
func softmaxCols(a mat.Matrix) *mat.Dense {
	s := mat.DenseCopyOf(a)
	_, cols := s.Dims()
	for j := range cols {
		s.SetCol(j, softmax(mat.Col(nil, j, a)))
	}
	return s
}
`, needs: []string{"softmax"}},
	"symmetric": {source: `// symmetric returns the symmetric matrix with the upper triangle of a.
func symmetric(a mat.Matrix) *mat.SymDense {
	n, _ := a.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, a.At(i, j))
		}
	}
	return s
}
`},
	"singular": {source: `// singular reports whether err says that a matrix has no inverse. A result that may be
// inaccurate, since the matrix is ill-conditioned, is kept.
func singular(err error) bool {
	var cond mat.Condition
	return err != nil && (!errors.As(err, &cond) || math.IsInf(float64(cond), 1))
}
`},
	"logDet": {source: `// logDet returns the logarithm of a determinant, NaN where that is not positive.
func logDet(lu *mat.LU) float64 {
	value, sign := lu.LogDet()
	if sign <= 0 || math.IsInf(value, -1) {
		return math.NaN()
	}
	return value
}
`},
	"identity": {source: `// identity returns the n × n identity matrix.
func identity(n int) *mat.Dense {
	e := mat.NewDense(n, n, nil)
	for i := range n {
		e.Set(i, i, 1)
	}
	return e
}
`},
	"power": {source: `// power returns a to the power k, of the inverse if k is negative.
func power(a mat.Matrix, k int) (*mat.Dense, error) {
	var p mat.Dense
	var err error
	if k < 0 {
		err = p.Inverse(a)
		a, k = &p, -k
	}
	var result mat.Dense
	result.Pow(a, k)
	return &result, err
}
`},
	"pseudoInverse": {source: `// pseudoInverse returns the Moore-Penrose inverse.
func pseudoInverse(a mat.Matrix) (*mat.Dense, error) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil, errors.New("the singular values do not converge")
	}
	var u, v, p mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	values := svd.Values(nil)
	rows, cols := a.Dims()
	smallest := values[0] * float64(max(rows, cols)) * 0x1p-52
	for i := range cols {
		row := v.RawRowView(i)
		for k, s := range values {
			if s > smallest {
				row[k] /= s
			} else {
				row[k] = 0
			}
		}
	}
	p.Mul(&v, u.T())
	return &p, nil
}
`},
	"vec": {source: `// vec stacks the columns of a matrix.
func vec(a mat.Matrix) []float64 {
	rows, cols := a.Dims()
	v := make([]float64, 0, rows*cols)
	for j := range cols {
		for i := range rows {
			v = append(v, a.At(i, j))
		}
	}
	return v
}
`},
	"unvec": {source: `// unvec returns the matrix whose columns, stacked, are v.
func unvec(v []float64, rows, cols int) *mat.Dense {
	return mat.DenseCopyOf(mat.NewDense(cols, rows, v).T())
}
`},
	"kronVec": {source: `// kronVec returns the Kronecker product of two vectors.
func kronVec(x, y []float64) []float64 {
	k := make([]float64, 0, len(x)*len(y))
	for _, a := range x {
		for _, b := range y {
			k = append(k, a*b)
		}
	}
	return k
}
`},
	"kronLeft": {source: `// kronLeft returns (A kron I) X without the Kronecker product.
func kronLeft(a, x mat.Matrix) *mat.Dense {
	p, q := a.Dims()
	rows, cols := x.Dims()
	n := rows / q
	var y mat.Dense
	y.Mul(a, mat.NewDense(q, n*cols, mat.DenseCopyOf(x).RawMatrix().Data))
	return mat.NewDense(p*n, cols, y.RawMatrix().Data)
}
`},
	"kronRight": {source: `// kronRight returns (I kron B) X without the Kronecker product.
func kronRight(b, x mat.Matrix) *mat.Dense {
	p, q := b.Dims()
	rows, cols := x.Dims()
	from := mat.DenseCopyOf(x)
	y := mat.NewDense(rows/q*p, cols, nil)
	for k := range rows / q {
		y.Slice(k*p, k*p+p, 0, cols).(*mat.Dense).Mul(b, from.Slice(k*q, k*q+q, 0, cols))
	}
	return y
}
`},
	"khatriRao": {source: `// khatriRao returns the Kronecker product of each column of a with that of b.
func khatriRao(a, b mat.Matrix) *mat.Dense {
	p, cols := a.Dims()
	q, _ := b.Dims()
	k := mat.NewDense(p*q, cols, nil)
	for i := range p * q {
		for j := range cols {
			k.Set(i, j, a.At(i/q, j)*b.At(i%q, j))
		}
	}
	return k
}
`},
	"commutation": {source: `// commutation returns the matrix K with K vec(A) = vec(Aᵀ) for A of p × q.
func commutation(p, q int) *mat.Dense {
	k := mat.NewDense(p*q, p*q, nil)
	for i := range p * q {
		k.Set(i, i%q*p+i/q, 1)
	}
	return k
}
`},
	"commute": {source: `// commute returns K X for K with K vec(A) = vec(Aᵀ), A of p × q: rows in another order.
func commute(p, q int, x mat.Matrix) *mat.Dense {
	rows, cols := x.Dims()
	y := mat.NewDense(rows, cols, nil)
	for i := range p * q {
		mat.Row(y.RawRowView(i), i%q*p+i/q, x)
	}
	return y
}
`},
	"entries": {source: `// entries lists the entries of matrices, row by row.
func entries(list ...*mat.Dense) []float64 {
	var all []float64
	for _, m := range list {
		rows, _ := m.Dims()
		for i := range rows {
			all = append(all, m.RawRowView(i)...)
		}
	}
	return all
}
`},
	"deviation": {source: `// deviation returns how far derivatives along a direction are from (up - down)/(2 step),
// relative to the largest of these.
func deviation(along, up, down []float64, step float64) float64 {
	if len(along) != len(up) {
		return math.Inf(1)
	}
	worst, scale := 0.0, 1.0
	for i, d := range along {
		slope := (up[i] - down[i]) / (2 * step)
		worst = max(worst, math.Abs(d-slope))
		scale = max(scale, 1+math.Abs(slope))
	}
	return worst / scale
}
`},
	"randomVector": {source: `// randomVector draws n entries from the normal distribution.
func randomVector(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}
`},
	"randomMatrix": {source: `// randomMatrix draws a matrix of the shape of a.
func randomMatrix(rng *rand.Rand, a *mat.Dense) *mat.Dense {
	rows, cols := a.Dims()
	return mat.NewDense(rows, cols, randomVector(rng, rows*cols))
}
`, needs: []string{"randomVector"}},
	"randomMatrices": {source: `// randomMatrices draws matrices of the shapes of those in list.
func randomMatrices(rng *rand.Rand, list []*mat.Dense) []*mat.Dense {
	drawn := make([]*mat.Dense, len(list))
	for i, a := range list {
		drawn[i] = randomMatrix(rng, a)
	}
	return drawn
}
`, needs: []string{"randomMatrix"}},
	"movedVector": {source: `// movedVector returns x + step d.
func movedVector(x []float64, step float64, d []float64) []float64 {
	return floats.AddScaledTo(make([]float64, len(x)), x, step, d)
}
`},
	"movedMatrix": {source: `// movedMatrix returns a + step d.
func movedMatrix(a *mat.Dense, step float64, d *mat.Dense) *mat.Dense {
	var moved mat.Dense
	moved.Scale(step, d)
	moved.Add(a, &moved)
	return &moved
}
`},
	"movedMatrices": {source: `// movedMatrices returns each matrix of list, plus step times that of d.
func movedMatrices(list []*mat.Dense, step float64, d []*mat.Dense) []*mat.Dense {
	moved := make([]*mat.Dense, len(list))
	for i, a := range list {
		moved[i] = movedMatrix(a, step, d[i])
	}
	return moved
}
`, needs: []string{"movedMatrix"}},
	"copies": {source: `// copies returns copies of matrices.
func copies(list []*mat.Dense) []*mat.Dense {
	c := make([]*mat.Dense, len(list))
	for i, a := range list {
		c[i] = mat.DenseCopyOf(a)
	}
	return c
}
`},
	"onDiagonal": {source: `// onDiagonal returns a with zeros beside the diagonal.
func onDiagonal(a *mat.Dense) *mat.Dense {
	n, _ := a.Dims()
	d := mat.NewDense(n, n, nil)
	for i := range n {
		d.Set(i, i, a.At(i, i))
	}
	return d
}
`},
}
