package code

import (
	"math"
	"slices"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/runner"
)

// kindCases is a case for each function and each kind of values, and for what goes
// wrong easily. Every language passes them.
func kindCases() []kindCase {
	return slices.Concat(unaryCases(), binaryCases(), leafCases(), reductionCases(), arrangementCases(),
		productCases(), systemCases(), loopCases(), contractCases(), wideCases())
}

// unaryValues are the functions of plan.Functions with what math makes of them and an
// interval to take numbers from.
var unaryValues = map[string]struct {
	f      func(float64) float64
	lo, hi float64
}{
	"neg": {func(x float64) float64 { return -x }, -2, 2}, "exp": {math.Exp, -2, 2}, "log": {math.Log, 0.2, 3},
	"sqrt": {math.Sqrt, 0.2, 3}, "square": {func(x float64) float64 { return x * x }, -2, 2},
	"sin": {math.Sin, -2, 2}, "cos": {math.Cos, -2, 2}, "tan": {math.Tan, -1.2, 1.2},
	"asin": {math.Asin, -0.9, 0.9}, "acos": {math.Acos, -0.9, 0.9}, "atan": {math.Atan, -2, 2},
	"sinh": {math.Sinh, -2, 2}, "cosh": {math.Cosh, -2, 2}, "tanh": {math.Tanh, -2, 2},
	"asinh": {math.Asinh, -2, 2}, "acosh": {math.Acosh, 1.2, 3}, "atanh": {math.Atanh, -0.9, 0.9},
	"sigmoid":  {func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, -3, 3},
	"softplus": {func(x float64) float64 { return math.Log1p(math.Exp(x)) }, -3, 3},
	"relu":     {func(x float64) float64 { return math.Max(x, 0) }, -2, 2},
	"step":     {func(x float64) float64 { return indicator(x > 0) }, -2, 2},
	"abs":      {math.Abs, -2, 2}, "sign": {func(x float64) float64 { return indicator(x > 0) - indicator(x < 0) }, -2, 2},
	"erf": {math.Erf, -2, 2}, "erfc": {math.Erfc, -2, 2}, "log1p": {math.Log1p, -0.5, 2},
	"expm1": {math.Expm1, -2, 2}, "log2": {math.Log2, 0.2, 3}, "log10": {math.Log10, 0.2, 3},
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// between are n numbers of an interval, both ends and, if it has one, zero among them.
func between(lo, hi float64, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = lo + (hi-lo)*float64(i)/float64(n-1)
	}
	if lo == -hi {
		list[n/2] = 0
	}
	return list
}

// unaryCases applies each function to scalars, vectors and matrices, and to numbers.
func unaryCases() (list []kindCase) {
	for _, fn := range plan.Functions {
		u, ok := unaryValues[fn]
		if !ok {
			panic("no values of " + fn)
		}
		scalar := kindCase{name: fn + " of a scalar", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Unary(fn, k.scalar("s", u.hi)), scalarOf(u.f(u.hi))
		}}
		vector := kindCase{name: fn + " of a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			x, given := k.vector("x", "q", between(u.lo, u.hi, 5)...)
			return k.m.Unary(fn, x), vectorOf(column(given).each(u.f).x)
		}}
		matrix := kindCase{name: fn + " of a matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			x, given := k.matrix("X", "m", "n", between(u.lo, u.hi, 12)...)
			return k.m.Unary(fn, x), matrixOf(given.each(u.f))
		}}
		list = append(list, scalar, vector, matrix)
		if fn == "atanh" || fn == "asin" || fn == "acos" {
			continue // not defined at sizes
		}
		list = append(list, kindCase{name: fn + " of a size", make: func(k *kit) (*plan.Value, runner.Value) {
			x, given := k.vector("x", "n")
			number := k.m.Unary(fn, k.m.Size(k.dim("n")))
			return k.m.Binary("mul", number, x), vectorOf(column(given).each(func(x float64) float64 { return u.f(4) * x }).x)
		}})
	}
	return list
}

// binaryValues are the functions of plan.BinaryFunctions.
var binaryValues = map[string]func(x, y float64) float64{
	"add": func(x, y float64) float64 { return x + y }, "sub": func(x, y float64) float64 { return x - y },
	"mul": func(x, y float64) float64 { return x * y }, "div": func(x, y float64) float64 { return x / y },
	"pow": math.Pow, "max": math.Max, "min": math.Min,
}

// binaryCases applies each function to all pairs of operands that are allowed.
func binaryCases() (list []kindCase) {
	type operand struct {
		name string
		make func(k *kit, name string) (*plan.Value, table)
	}
	positive := func(seed, n int) []float64 {
		x := entries(seed, n)
		for i := range x {
			x[i] = math.Abs(x[i]) + 0.1
		}
		return x
	}
	spread := func(size string, f func(k *kit, v *plan.Value) *plan.Value, at func(x []float64) table) func(*kit, string) (*plan.Value, table) {
		return func(k *kit, name string) (*plan.Value, table) {
			v, x := k.vector(name, size, positive(int(name[0]), kindSizes[size])...)
			return f(k, v), at(x)
		}
	}
	scalar := operand{"a scalar", func(k *kit, name string) (*plan.Value, table) {
		return k.scalar(name, 1.3), tabulate(3, 4, func(i, j int) float64 { return 1.3 })
	}}
	number := operand{"a number", func(k *kit, name string) (*plan.Value, table) {
		return k.m.Num(rat.New(7, 3)), tabulate(3, 4, func(i, j int) float64 { return 7.0 / 3 })
	}}
	size := operand{"a size", func(k *kit, name string) (*plan.Value, table) {
		return k.m.Size(k.dim("m")), tabulate(3, 4, func(i, j int) float64 { return 3 })
	}}
	matrix := operand{"a matrix", func(k *kit, name string) (*plan.Value, table) {
		return k.matrix(name, "m", "n", positive(int(name[0]), 12)...)
	}}
	col := operand{"a column", spread("m", func(k *kit, v *plan.Value) *plan.Value { return k.m.Col(v, k.dim("n")) },
		func(x []float64) table { return tabulate(3, 4, func(i, j int) float64 { return x[i] }) })}
	row := operand{"a row", spread("n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Row(v, k.dim("m")) },
		func(x []float64) table { return tabulate(3, 4, func(i, j int) float64 { return x[j] }) })}
	fill := operand{"equal entries", func(k *kit, name string) (*plan.Value, table) {
		return k.m.FillMatrix(k.scalar(name, 1.7), k.dim("m"), k.dim("n")), tabulate(3, 4, func(i, j int) float64 { return 1.7 })
	}}
	vector := operand{"a vector", func(k *kit, name string) (*plan.Value, table) {
		v, x := k.vector(name, "m", positive(int(name[0]), 3)...)
		return v, tabulate(3, 4, func(i, j int) float64 { return x[i] })
	}}
	pairs := [][2]operand{{scalar, scalar}, {scalar, number}, {number, scalar}, {vector, vector}, {vector, scalar}, {scalar, vector},
		{vector, number}, {size, vector}, {matrix, matrix}, {matrix, scalar}, {scalar, matrix}, {number, matrix}, {matrix, size},
		{matrix, col}, {col, matrix}, {matrix, row}, {row, matrix}, {col, row}, {row, col}, {col, scalar}, {scalar, row},
		{col, col}, {number, row}, {fill, row}, {col, fill}, {size, scalar}}
	for _, fn := range plan.BinaryFunctions {
		f, ok := binaryValues[fn]
		if !ok {
			panic("no values of " + fn)
		}
		for _, p := range pairs {
			list = append(list, kindCase{name: fn + " of " + p[0].name + " and " + p[1].name, make: func(k *kit) (*plan.Value, runner.Value) {
				x, xs := p[0].make(k, "a")
				y, ys := p[1].make(k, "b")
				v := k.m.Binary(fn, x, y)
				all := tabulate(3, 4, func(i, j int) float64 { return f(xs.at(i, j), ys.at(i, j)) })
				switch v.Rank {
				case 0:
					return v, scalarOf(all.x[0])
				case 1:
					return v, vectorOf([]float64{all.at(0, 0), all.at(1, 0), all.at(2, 0)})
				}
				return v, matrixOf(all)
			}})
		}
	}
	// Numbers alone, which are made before arrays are.
	for _, fn := range plan.BinaryFunctions {
		list = append(list, kindCase{name: fn + " of sizes", make: func(k *kit) (*plan.Value, runner.Value) {
			x, given := k.matrix("X", "m", "n")
			c := k.m.Binary(fn, k.m.Size(k.dim("m")), k.m.Size(k.dim("n")))
			return k.m.Binary("mul", x, c), matrixOf(given.each(func(x float64) float64 { return x * binaryValues[fn](3, 4) }))
		}})
	}
	return list
}

// leafCases are values without operands, and the unknown functions.
func leafCases() []kindCase {
	eye := func(n int) table { return table{n, n, make([]float64, n*n)}.power(0) }
	return []kindCase{
		{name: "a scalar as it is", make: func(k *kit) (*plan.Value, runner.Value) { return k.scalar("s", 1.25), scalarOf(1.25) }},
		{name: "a vector as it is", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "n")
			return v, vectorOf(x)
		}},
		{name: "a matrix as it is", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "n")
			return v, matrixOf(x)
		}},
		{name: "a number", make: func(k *kit) (*plan.Value, runner.Value) { return k.m.Num(rat.New(-7, 3)), scalarOf(-7.0 / 3) }},
		{name: "a decimal", make: func(k *kit) (*plan.Value, runner.Value) { return k.m.Num(rat.New(3, 4)), scalarOf(0.75) }},
		{name: "pi", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Binary("mul", k.m.Pi(), k.scalar("s", 2)), scalarOf(2 * math.Pi)
		}},
		{name: "pi alone", make: func(k *kit) (*plan.Value, runner.Value) { return k.m.Pi(), scalarOf(math.Pi) }},
		{name: "a size that no argument shows", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Binary("mul", k.m.Size(k.b.Mul(k.dim("p"), k.dim("q"))), k.scalar("s", 2)), scalarOf(20)
		}},
		{name: "an integer argument", make: func(k *kit) (*plan.Value, runner.Value) {
			c := k.m.Param(k.integer("c", 3))
			return k.m.Binary("pow", k.scalar("s", 2), c), scalarOf(8)
		}},
		{name: "ones", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "n")
			return k.m.Outer(v, k.m.FillVector(k.m.Int(1), k.dim("p"))), matrixOf(tabulate(4, 2, func(i, j int) float64 { return x[i] }))
		}},
		{name: "ones alone", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.FillMatrix(k.m.Int(1), k.dim("p"), k.dim("q")), matrixOf(tabulate(2, 5, func(i, j int) float64 { return 1 }))
		}},
		{name: "zeros", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.FillVector(k.m.Int(0), k.dim("p")), vectorOf([]float64{0, 0})
		}},
		{name: "a filled vector", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.FillVector(k.scalar("s", 1.5), k.dim("p")), vectorOf([]float64{1.5, 1.5})
		}},
		{name: "a filled matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.FillMatrix(k.m.Num(rat.New(5, 3)), k.dim("p"), k.dim("q")), matrixOf(tabulate(2, 5, func(i, j int) float64 { return 5.0 / 3 }))
		}},
		{name: "an identity matrix", make: func(k *kit) (*plan.Value, runner.Value) { return k.m.Eye(k.dim("n")), matrixOf(eye(4)) }},
		{name: "an identity matrix in a sum", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "n", "n")
			return k.m.Binary("add", a, k.m.Binary("mul", k.scalar("s", 2), k.m.Eye(k.dim("n")))),
				matrixOf(tabulate(4, 4, func(i, j int) float64 { return x.at(i, j) + 2*eye(4).at(i, j) }))
		}},
		{name: "a unit vector", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Unit(k.dim("n"), 3), vectorOf([]float64{0, 0, 1, 0})
		}},
		{name: "a commutation matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Commutation(k.dim("m"), k.dim("p")), matrixOf(commutation(3, 2))
		}},
		{name: "an unknown function", make: func(k *kit) (*plan.Value, runner.Value) {
			f, given := k.function("f")
			x, xs := k.vector("x", "n")
			return k.m.Apply(f, 0, x), vectorOf(column(xs).each(given.At).x)
		}},
		{name: "derivatives of unknown functions", make: func(k *kit) (*plan.Value, runner.Value) {
			f, given := k.function("f")
			g, other := k.function("σ")
			x, xs := k.matrix("X", "m", "n")
			v := k.m.Binary("mul", k.m.Apply(f, 1, x), k.m.Apply(g, 2, x))
			return v, matrixOf(xs.each(func(x float64) float64 { return given.Derivative(1).At(x) * other.Derivative(2).At(x) }))
		}},
		{name: "an unknown function of a scalar", make: func(k *kit) (*plan.Value, runner.Value) {
			f, given := k.function("f")
			return k.m.Apply(f, 0, k.scalar("s", 0.7)), scalarOf(given.At(0.7))
		}},
	}
}

// commutation is K with K vec(A) = vec(Aᵀ) for A of p × q.
func commutation(p, q int) table {
	t := newTable(p*q, p*q)
	for i := range p {
		for j := range q {
			t.x[(i*q+j)*p*q+j*p+i] = 1
		}
	}
	return t
}
