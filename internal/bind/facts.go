package bind

import (
	"fmt"
	"math"
	"slices"

	"example.com/nabla/internal/expr"
)

// What a declaration says of a variable is what formulas rest on: |y| is y where y is declared
// positive, A' is A where A is declared symmetric. Data of which it is not true have no right
// answer, so they are refused.

// factTolerance bounds how far data may be from what is declared of them, relative to their
// largest entry: rounding to float32, or to the digits of a text file, is no fault.
const factTolerance = 1e-5

// CheckFacts returns an error that says where the data that are in memory are not what their
// declaration says. Those that stay in their files are looked at as they are read. NaN is not
// looked at. Whether a matrix is invertible or positive definite is seen where that is used.
func (b *Bound) CheckFacts() error {
	for _, v := range b.Variables {
		if v.Array == nil || !v.Array.InMemory() || v.Sym.Facts == 0 {
			continue
		}
		values, err := v.Array.Values()
		if err != nil {
			return err
		}
		if err := v.checkFacts(values); err != nil {
			return err
		}
	}
	return nil
}

// checkFacts looks at all entries.
func (v *Variable) checkFacts(values []float64) error {
	rows, cols := v.member()
	size := max(rows*cols, 1)
	for k := 0; k+size <= len(values); k += size {
		if err := v.checkMember(k/size, values[k:k+size], rows, cols); err != nil {
			return err
		}
	}
	return v.checkPositive(0, values)
}

// positive reports whether all entries are declared to be.
func (v *Variable) positive() bool { return v.Sym.Facts.AllPositive() }

// member returns the rows and columns of a variable or of each member of a family.
func (v *Variable) member() (rows, cols int) {
	shape := v.Shape
	if v.Sym.Family != nil {
		shape = shape[1:]
	}
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return shape[0], 1
	}
	return shape[0], shape[1]
}

// checkPositive looks for entries that are not positive where all are declared to be; the first
// has the number from.
func (v *Variable) checkPositive(from int, values []float64) error {
	if !v.positive() {
		return nil
	}
	if i := slices.IndexFunc(values, func(x float64) bool { return x <= 0 }); i >= 0 {
		return v.notPositive(from+i, values[i])
	}
	return nil
}

func (v *Variable) notPositive(i int, x float64) error {
	return v.notDeclared("positive", fmt.Sprintf("%s is %v", v.place(i), x))
}

// checkMember looks at a matrix, vector or scalar; k counts the members of a family.
func (v *Variable) checkMember(k int, x []float64, rows, cols int) error {
	f := v.Sym.Facts
	at := func(i, j int) float64 { return x[i*cols+j] }
	entry := func(i, j int) string { return v.place(k*rows*cols + i*cols + j) }
	largest := 0.0
	for _, a := range x {
		if a = math.Abs(a); a > largest && !math.IsInf(a, 0) {
			largest = a
		}
	}
	tol := factTolerance * largest
	differ := func(fact string, i, j, p, q int) error {
		return v.notDeclared(fact, fmt.Sprintf("%s is %v, %s is %v", entry(i, j), at(i, j), entry(p, q), at(p, q)))
	}
	square := rows == cols
	if square && rows > 1 {
		symmetric := f&(expr.Symmetric|expr.Posdef) != 0 && !f.Has(expr.Diagonal)
		fact := "symmetric"
		if f.Has(expr.Posdef) {
			fact = "posdef"
		}
		for i := range rows {
			for j := range cols {
				switch {
				case f.Has(expr.Diagonal) && i != j && math.Abs(at(i, j)) > tol:
					return v.notDeclared("diagonal", fmt.Sprintf("%s is %v", entry(i, j), at(i, j)))
				case symmetric && j < i && math.Abs(at(i, j)-at(j, i)) > tol:
					return differ(fact, j, i, i, j)
				case f.Has(expr.Toeplitz) && i > 0 && j > 0 && math.Abs(at(i, j)-at(i-1, j-1)) > tol:
					return differ("toeplitz", i-1, j-1, i, j)
				}
			}
		}
	}
	if square && f.Has(expr.Posdef) || square && f.Has(expr.Diagonal) && f.Has(expr.Positive) {
		for i := range rows {
			if at(i, i) <= 0 {
				fact := "posdef"
				if !f.Has(expr.Posdef) {
					fact = "positive"
				}
				return v.notDeclared(fact, fmt.Sprintf("%s is %v", entry(i, i), at(i, i)))
			}
		}
	}
	if f.Has(expr.Orthogonal) {
		if off := notOrthogonal(x, rows, cols); off > factTolerance {
			return v.notDeclared("orthogonal", fmt.Sprintf("the product of %s and its transpose deviates from the identity by %.2g", v.name(k), off))
		}
	}
	if f&(expr.Onehot|expr.Simplex) == 0 {
		return nil
	}
	for j := range cols {
		sum := 0.0
		for i := range rows {
			a := at(i, j)
			switch sum += a; {
			case f.Has(expr.Onehot) && math.Min(math.Abs(a), math.Abs(a-1)) > factTolerance:
				return v.notDeclared("onehot", fmt.Sprintf("%s is %v, neither 0 nor 1", entry(i, j), a))
			case f.Has(expr.Simplex) && a < -factTolerance:
				return v.notDeclared("simplex", fmt.Sprintf("%s is %v", entry(i, j), a))
			}
		}
		if math.Abs(sum-1) > factTolerance*math.Max(1, math.Sqrt(float64(rows))) {
			fact := "simplex"
			if f.Has(expr.Onehot) {
				fact = "onehot"
			}
			what := "its entries"
			switch {
			case v.Sym.Kind == expr.Matrix && v.Sym.Family == nil:
				what = fmt.Sprintf("column %d", j+1)
			case v.Sym.Family != nil:
				what = fmt.Sprintf("member %d", k+1)
			}
			return v.notDeclared(fact, fmt.Sprintf("the sum of %s is %v, not 1", what, sum))
		}
	}
	return nil
}

// name is a variable's name, or that of a member.
func (v *Variable) name(k int) string {
	if v.Sym.Family != nil {
		return fmt.Sprintf("%s[%d]", v.Sym.Name, k+1)
	}
	return v.Sym.Name
}

// checkRows looks at rows as they are read: at the members of a family, else entry by entry.
func (v *Variable) checkRows(from int, values []float64) error {
	size := v.Array.RowLen()
	if v.Sym.Family != nil && v.Sym.Facts != 0 {
		rows, cols := v.member()
		for k := 0; (k+1)*size <= len(values); k++ {
			if err := v.checkMember(from+k, values[k*size:(k+1)*size], rows, cols); err != nil {
				return err
			}
		}
	}
	return v.checkPositive(from*size, values)
}

// notDeclared says which fact is not true of the data.
func (v *Variable) notDeclared(fact, what string) error {
	return &Error{Message: fmt.Sprintf("%s is declared %s, but in %s %s", v.Sym.Name, fact, v.From, what),
		Hint: "without facts it is declared " + Declaration(v.Sym)}
}

// notOrthogonal returns how far QᵀQ is from the identity by what it makes of two vectors: of
// a matrix that is not orthogonal no more than a null set is left where it is.
func notOrthogonal(q []float64, rows, cols int) float64 {
	worst := 0.0
	for trial := range 2 {
		v := make([]float64, cols)
		for j := range v {
			v[j] = math.Sin(float64(1+j)*(1.3+float64(trial))) + 0.1
		}
		w := make([]float64, rows)
		for i := range w {
			for j, x := range v {
				w[i] += q[i*cols+j] * x
			}
		}
		for j, x := range v {
			y := 0.0
			for i := range w {
				y += q[i*cols+j] * w[i]
			}
			worst = math.Max(worst, math.Abs(y-x))
		}
	}
	return worst
}
