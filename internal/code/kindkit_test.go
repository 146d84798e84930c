package code

import (
	"fmt"
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// A kindCase is a program of one or a few kinds of values with what it returns.
type kindCase struct {
	name string
	// make makes the value on a kit and returns what it is, computed by other means.
	make func(k *kit) (*plan.Value, runner.Value)
	// wide says that the case needs the range or the digits of float64.
	wide bool
	// mayFail says that an error is as good as the value, which is NaN.
	mayFail bool
}

// A kit makes the variables of a case as they are asked for, with entries that are the
// same each time: sizes are m = 3, n = 4, p = 2, q = 5.
type kit struct {
	b    *expr.Builder
	m    *plan.Maker
	args map[*expr.Symbol]runner.Arg
	// functions counts unknown functions.
	functions int
}

func newKit() *kit {
	b := expr.NewBuilder(ops.Registry())
	return &kit{b: b, m: plan.NewMaker(b), args: map[*expr.Symbol]runner.Arg{}}
}

var kindSizes = map[string]int{"m": 3, "n": 4, "p": 2, "q": 5, "N": 7, "six": 6, "one": 1}

func (k *kit) dim(name string) *expr.Dim {
	if name == "one" {
		return k.b.One()
	}
	return k.b.Sizes.Size(name)
}

// entries are numbers between −1.5 and 1.5 that differ, none near 0.
func entries(seed, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		x := math.Sin(float64(7*seed+3*i) + 0.4*float64(i*i))
		list[i] = x + math.Copysign(0.5, x)
	}
	return list
}

func (k *kit) symbol(name string, kind expr.Kind, rows, cols string, facts expr.Fact) *expr.Symbol {
	return k.b.NewSymbol(name, kind, expr.Shape{Rows: k.dim(rows), Cols: k.dim(cols)}, facts)
}

// scalar is a variable with a value.
func (k *kit) scalar(name string, x float64) *plan.Value {
	s := k.symbol(name, expr.Scalar, "one", "one", 0)
	k.args[s] = runner.ScalarArg(name, x)
	return k.m.Param(s)
}

// integer is an integer variable with a value.
func (k *kit) integer(name string, n int) *expr.Symbol {
	s := k.symbol(name, expr.Scalar, "one", "one", expr.Integer)
	k.args[s] = runner.IntegerArg(name, n)
	return s
}

// vector is a variable and its entries: those given, or others.
func (k *kit) vector(name, size string, given ...float64) (*plan.Value, []float64) {
	s := k.symbol(name, expr.Vector, size, "one", 0)
	if given == nil {
		given = entries(s.Ordinal+1, kindSizes[size])
	}
	k.args[s] = runner.VectorArg(name, given...)
	return k.m.Param(s), given
}

// matrix is a variable and its entries: those given, or others.
func (k *kit) matrix(name, rows, cols string, given ...float64) (*plan.Value, table) {
	return k.matrixWith(name, rows, cols, 0, given...)
}

func (k *kit) matrixWith(name, rows, cols string, facts expr.Fact, given ...float64) (*plan.Value, table) {
	s := k.symbol(name, expr.Matrix, rows, cols, facts)
	t := newTable(kindSizes[rows], kindSizes[cols])
	if given == nil {
		given = entries(s.Ordinal+1, t.rows*t.cols)
	}
	copy(t.x, given)
	k.args[s] = runner.MatrixArg(name, t.rows, t.cols, given...)
	return k.m.Param(s), t
}

// regular is a matrix far from a singular one, not symmetric, with a positive
// determinant.
func (k *kit) regular(name, size string) (*plan.Value, table) {
	n := kindSizes[size]
	list := entries(9, n*n)
	for i := range n {
		list[i*n+i] = 3 + 0.5*float64(i)
	}
	if (table{n, n, list}).det() < 0 {
		panic("a negative determinant")
	}
	return k.matrix(name, size, size, list...)
}

// posdef is a positive definite matrix that is declared to be one.
func (k *kit) posdef(name, size string) (*plan.Value, table) {
	n := kindSizes[size]
	list := make([]float64, n*n)
	for i := range n {
		for j := range n {
			list[i*n+j] = 1 / float64(1+i+j)
			if i == j {
				list[i*n+j] += 2 + 0.3*float64(i)
			}
		}
	}
	return k.matrixWith(name, size, size, expr.Posdef, list...)
}

// family is a family of N members, of which N are the entries by member.
func (k *kit) family(name string, rank int, rows, cols string) (*plan.Value, *expr.Index, []table) {
	s := k.symbol(name, []expr.Kind{expr.Scalar, expr.Vector, expr.Matrix}[rank], rows, cols, 0)
	s.Family = k.b.NewIndex("i", k.dim("N"))
	var members []table
	r, c, count := kindSizes[rows], kindSizes[cols], kindSizes["N"]
	var all []float64
	for i := range count {
		t := table{r, c, entries(20+i, r*c)}
		if r == c {
			for j := range r {
				t.x[j*r+j] = 3 + 0.2*float64(i+j)
			}
		}
		members = append(members, t)
		all = append(all, t.x...)
	}
	switch rank {
	case 0:
		k.args[s] = runner.VectorArg(name, all...)
	case 1:
		k.args[s] = runner.MatrixArg(name, count, r, all...)
	default:
		k.args[s] = runner.Arg{Name: name, Kind: runner.Matrices, Value: runner.Value{Shape: []int{count, r, c}, Data: all}}
	}
	return k.m.Param(s), s.Family, members
}

// function is an unknown function with the function that is passed for it.
func (k *kit) function(name string) (*expr.Symbol, runner.Function) {
	s := k.symbol(name, expr.Function, "one", "one", 0)
	k.functions++
	return s, runner.TestFunction(k.functions - 1)
}

// program makes the program of a value and the arguments to run it with.
func (k *kit) program(name string, v *plan.Value) (*plan.Program, []runner.Arg) {
	shape := expr.Shape{Rows: v.Rows, Cols: v.Cols}
	p := plan.Assemble(k.b, name, nil, []plan.Result{{Name: "value", What: plan.ValueOf, Value: v, Shape: shape}})
	p.Doc = []string{"f"}
	var args []runner.Arg
	functions := 0
	for _, q := range p.Params {
		switch {
		case q.Sym == nil:
			args = append(args, runner.IntegerArg(q.Size.Name, kindSizes[q.Size.Name]))
		case q.Sym.Kind == expr.Function:
			for _, order := range q.Orders {
				args = append(args, runner.FuncArg(q.Sym.Name, runner.TestFunction(functions).Derivative(order)))
			}
			functions++
		default:
			args = append(args, k.args[q.Sym])
		}
	}
	return p, args
}

// A table is a matrix of numbers, row by row.
type table struct {
	rows, cols int
	x          []float64
}

func newTable(rows, cols int) table { return table{rows, cols, make([]float64, rows*cols)} }

func (t table) at(i, j int) float64 { return t.x[i*t.cols+j] }

// tabulate makes a table by its entries.
func tabulate(rows, cols int, f func(i, j int) float64) table {
	t := newTable(rows, cols)
	for i := range rows {
		for j := range cols {
			t.x[i*cols+j] = f(i, j)
		}
	}
	return t
}

func (t table) turned() table {
	return tabulate(t.cols, t.rows, func(i, j int) float64 { return t.at(j, i) })
}

func (t table) times(u table) table {
	if t.cols != u.rows {
		panic(fmt.Sprintf("product of %d columns and %d rows", t.cols, u.rows))
	}
	return tabulate(t.rows, u.cols, func(i, j int) float64 {
		s := 0.0
		for l := range t.cols {
			s += t.at(i, l) * u.at(l, j)
		}
		return s
	})
}

func (t table) each(f func(float64) float64) table {
	return tabulate(t.rows, t.cols, func(i, j int) float64 { return f(t.at(i, j)) })
}

// power is the product of k factors t; of −k inverses where k is negative.
func (t table) power(k int) table {
	if k < 0 {
		return t.inverse().power(-k)
	}
	p := tabulate(t.rows, t.rows, func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	})
	for range k {
		p = p.times(t)
	}
	return p
}

// det is the determinant by expansion along the first row.
func (t table) det() float64 {
	if t.rows == 0 {
		return 1
	}
	s, sign := 0.0, 1.0
	for j := range t.cols {
		s += sign * t.at(0, j) * t.minor(0, j).det()
		sign = -sign
	}
	return s
}

func (t table) minor(row, col int) table {
	return tabulate(t.rows-1, t.cols-1, func(i, j int) float64 {
		if i >= row {
			i++
		}
		if j >= col {
			j++
		}
		return t.at(i, j)
	})
}

// inverse is the adjugate over the determinant.
func (t table) inverse() table {
	d := t.det()
	return tabulate(t.rows, t.rows, func(i, j int) float64 {
		c := t.minor(j, i).det() / d
		if (i+j)%2 == 1 {
			return -c
		}
		return c
	})
}

// Results of the ranks.

func scalarOf(x float64) runner.Value { return runner.Value{Data: []float64{x}} }

func vectorOf(x []float64) runner.Value { return runner.Value{Shape: []int{len(x)}, Data: x} }

func matrixOf(t table) runner.Value {
	return runner.Value{Shape: []int{t.rows, t.cols}, Data: t.x}
}

// column is a vector as a table of one column.
func column(x []float64) table { return table{len(x), 1, x} }

func sumOf(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
