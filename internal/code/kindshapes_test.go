package code

import (
	"math"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/runner"
)

// rowsOf and columnsOf are the rows and columns of a table.
func rowsOf(t table) (list [][]float64) {
	for i := range t.rows {
		list = append(list, t.x[i*t.cols:(i+1)*t.cols])
	}
	return list
}

func columnsOf(t table) [][]float64 { return rowsOf(t.turned()) }

// overEach applies f to each of the lists.
func overEach(lists [][]float64, f func([]float64) float64) []float64 {
	out := make([]float64, len(lists))
	for i, l := range lists {
		out[i] = f(l)
	}
	return out
}

func logSumExp(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += math.Exp(v)
	}
	return math.Log(s)
}

// reductionCases are sums, norms, softmax and the like, along each axis.
func reductionCases() []kindCase {
	vector := func(name string, f func(*plan.Maker, *plan.Value) *plan.Value, g func([]float64) float64) kindCase {
		return kindCase{name: name + " of a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "n")
			return f(k.m, v), scalarOf(g(x))
		}}
	}
	matrix := func(name string, f func(*plan.Maker, *plan.Value) *plan.Value, g func(table) runner.Value) kindCase {
		return kindCase{name: name + " of a matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "n")
			return f(k.m, v), g(x)
		}}
	}
	norm := func(x []float64) float64 {
		s := 0.0
		for _, v := range x {
			s += v * v
		}
		return math.Sqrt(s)
	}
	softmax := func(t table, l [][]float64, byRow bool) table {
		return tabulate(t.rows, t.cols, func(i, j int) float64 {
			if byRow {
				return math.Exp(t.at(i, j) - logSumExp(l[i]))
			}
			return math.Exp(t.at(i, j) - logSumExp(l[j]))
		})
	}
	whole := func(f func(*plan.Maker, *plan.Value, plan.Axis) *plan.Value, a plan.Axis) func(*plan.Maker, *plan.Value) *plan.Value {
		return func(m *plan.Maker, v *plan.Value) *plan.Value { return f(m, v, a) }
	}
	sm, lse := (*plan.Maker).Softmax, (*plan.Maker).LogSumExp
	return []kindCase{
		vector("sum", (*plan.Maker).Sum, sumOf), matrix("sum", (*plan.Maker).Sum, func(t table) runner.Value { return scalarOf(sumOf(t.x)) }),
		matrix("row sums", (*plan.Maker).RowSum, func(t table) runner.Value { return vectorOf(overEach(rowsOf(t), sumOf)) }),
		matrix("column sums", (*plan.Maker).ColSum, func(t table) runner.Value { return vectorOf(overEach(columnsOf(t), sumOf)) }),
		vector("norm", (*plan.Maker).Norm, norm), matrix("norm", (*plan.Maker).Norm, func(t table) runner.Value { return scalarOf(norm(t.x)) }),
		vector("logsumexp", whole(lse, plan.Whole), logSumExp),
		matrix("logsumexp by rows", whole(lse, plan.EachRow), func(t table) runner.Value { return vectorOf(overEach(rowsOf(t), logSumExp)) }),
		matrix("logsumexp by columns", whole(lse, plan.EachCol), func(t table) runner.Value { return vectorOf(overEach(columnsOf(t), logSumExp)) }),
		{name: "softmax of a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "n")
			return k.m.Softmax(v, plan.Whole), vectorOf(column(x).each(func(t float64) float64 { return math.Exp(t - logSumExp(x)) }).x)
		}},
		matrix("softmax by rows", whole(sm, plan.EachRow), func(t table) runner.Value { return matrixOf(softmax(t, rowsOf(t), true)) }),
		matrix("softmax by columns", whole(sm, plan.EachCol), func(t table) runner.Value { return matrixOf(softmax(t, columnsOf(t), false)) }),
		{name: "a dot product", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "n")
			w, y := k.vector("y", "n")
			return k.m.InnerProduct(v, w), scalarOf(column(x).turned().times(column(y)).x[0])
		}},
		{name: "an inner product", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "n")
			w, y := k.matrix("Y", "m", "n")
			return k.m.InnerProduct(v, w), scalarOf(column(x.x).turned().times(column(y.x)).x[0])
		}},
		{name: "an inner product with a transpose", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "n")
			w, y := k.matrix("Y", "n", "m")
			return k.m.InnerProduct(v, k.m.Transpose(w)), scalarOf(column(x.x).turned().times(column(y.turned().x)).x[0])
		}},
		{name: "a trace", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "m")
			return k.m.Trace(v), scalarOf(x.at(0, 0) + x.at(1, 1) + x.at(2, 2))
		}},
	}
}

// arrangementCases are other orders of the same entries, and Kronecker products.
func arrangementCases() []kindCase {
	matrix := func(name, rows, cols string, f func(k *kit, v *plan.Value) *plan.Value, g func(table) runner.Value) kindCase {
		return kindCase{name: name, make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", rows, cols)
			return f(k, v), g(x)
		}}
	}
	vector := func(name, size string, f func(k *kit, v *plan.Value) *plan.Value, g func([]float64) runner.Value) kindCase {
		return kindCase{name: name, make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", size)
			return f(k, v), g(x)
		}}
	}
	kron := func(a, b table) table {
		return tabulate(a.rows*b.rows, a.cols*b.cols, func(i, j int) float64 {
			return a.at(i/b.rows, j/b.cols) * b.at(i%b.rows, j%b.cols)
		})
	}
	applied := func(name string, eyeA, eyeB bool) kindCase {
		return kindCase{name: name, make: func(k *kit) (*plan.Value, runner.Value) {
			a, at := k.matrix("A", "m", "p")
			b, bt := k.matrix("B", "n", "q")
			if eyeA {
				a, at = k.m.Eye(k.dim("p")), table{2, 2, make([]float64, 4)}.power(0)
			}
			if eyeB {
				b, bt = k.m.Eye(k.dim("q")), table{5, 5, make([]float64, 25)}.power(0)
			}
			// 10 × 3 by way of a matrix that shows its sizes.
			y, yt := k.matrix("Y", "p", "m")
			z, zt := k.matrix("Z", "q", "m")
			x, xt := k.m.KhatriRao(y, z), khatriRao(yt, zt)
			return k.m.KronApply(a, b, x), matrixOf(kron(at, bt).times(xt))
		}}
	}
	one := func(x table) runner.Value { return vectorOf(x.x) }
	return []kindCase{
		matrix("a transpose", "m", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Transpose(v) },
			func(t table) runner.Value { return matrixOf(t.turned()) }),
		matrix("a diagonal", "m", "m", func(k *kit, v *plan.Value) *plan.Value { return k.m.Diagonal(v) },
			func(t table) runner.Value { return vectorOf([]float64{t.at(0, 0), t.at(1, 1), t.at(2, 2)}) }),
		vector("a diagonal matrix", "m", func(k *kit, v *plan.Value) *plan.Value { return k.m.DiagMatrix(v) },
			func(x []float64) runner.Value {
				return matrixOf(tabulate(3, 3, func(i, j int) float64 { return indicator(i == j) * x[i] }))
			}),
		matrix("stacked columns", "m", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Vec(v) },
			func(t table) runner.Value { return vectorOf(t.turned().x) }),
		matrix("stacked rows", "m", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Vec(k.m.Transpose(v)) }, one),
		matrix("stacked columns of what is computed", "m", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Vec(k.m.Unary("exp", v)) },
			func(t table) runner.Value { return vectorOf(t.turned().each(math.Exp).x) }),
		{name: "unstacked columns", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "p")
			w, y := k.vector("y", "m")
			both := column(y).times(column(x).turned()) // 3 × 2, its columns stacked are x ⊗ y
			return k.m.Binary("mul", k.m.Unvec(k.m.Kron(v, w), k.dim("m"), k.dim("p")), k.scalar("s", 2)), matrixOf(both.each(func(t float64) float64 { return 2 * t }))
		}},
		{name: "a Kronecker product of vectors", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "p")
			w, y := k.vector("y", "m")
			return k.m.Kron(v, w), vectorOf(kron(column(x), column(y)).x)
		}},
		{name: "a Kronecker product", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "p")
			w, y := k.matrix("Y", "n", "q")
			return k.m.Kron(v, w), matrixOf(kron(x, y))
		}},
		{name: "a Kronecker product of transposes", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "p")
			w, y := k.matrix("Y", "n", "q")
			return k.m.Binary("mul", k.scalar("s", 2), k.m.Kron(k.m.Transpose(v), k.m.Transpose(w))),
				matrixOf(kron(x.turned(), y.turned()).each(func(t float64) float64 { return 2 * t }))
		}},
		{name: "a Kronecker product with an identity matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "p")
			eye := table{2, 2, make([]float64, 4)}.power(0)
			return k.m.Binary("add", k.m.Kron(k.m.Eye(k.dim("p")), v), k.m.Kron(v, k.m.Eye(k.dim("p")))),
				matrixOf(tabulate(6, 4, func(i, j int) float64 { return kron(eye, x).at(i, j) + kron(x, eye).at(i, j) }))
		}},
		{name: "a Khatri-Rao product", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.matrix("X", "m", "p")
			w, y := k.matrix("Y", "n", "p")
			return k.m.KhatriRao(v, w), matrixOf(khatriRao(x, y))
		}},
		applied("a Kronecker product applied", false, false), applied("a Kronecker product with I first applied", true, false),
		applied("a Kronecker product with I last applied", false, true),
		matrix("commuted rows", "six", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Commute(k.dim("m"), k.dim("p"), v) },
			func(t table) runner.Value { return matrixOf(commutation(3, 2).times(t)) }),
		vector("a commuted vector", "six", func(k *kit, v *plan.Value) *plan.Value {
			return k.m.Commute(k.dim("m"), k.dim("p"), v)
		}, func(x []float64) runner.Value { return vectorOf(commutation(3, 2).times(column(x)).x) }),
		vector("a vector as a column", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.AsColumn(v) },
			func(x []float64) runner.Value { return matrixOf(column(x)) }),
		vector("a vector as a row", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.AsRow(v) },
			func(x []float64) runner.Value { return matrixOf(column(x).turned()) }),
		{name: "a scalar as a matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.AsColumn(k.scalar("s", 1.5)), matrixOf(table{1, 1, []float64{1.5}})
		}},
		matrix("a column as a vector", "n", "one", func(k *kit, v *plan.Value) *plan.Value { return k.m.Flatten(v) }, one),
		matrix("a row as a vector", "one", "n", func(k *kit, v *plan.Value) *plan.Value { return k.m.Flatten(v) }, one),
		matrix("an only entry", "one", "one", func(k *kit, v *plan.Value) *plan.Value { return k.m.Item(v) },
			func(t table) runner.Value { return scalarOf(t.x[0]) }),
		vector("an only entry of a vector", "one", func(k *kit, v *plan.Value) *plan.Value { return k.m.Item(v) },
			func(x []float64) runner.Value { return scalarOf(x[0]) }),
		{name: "columns and rows spread", make: func(k *kit) (*plan.Value, runner.Value) {
			v, x := k.vector("x", "m")
			w, y := k.vector("y", "n")
			return k.m.MatMul(k.m.Col(v, k.dim("n")), k.m.Transpose(k.m.Row(w, k.dim("m")))),
				matrixOf(tabulate(3, 3, func(i, j int) float64 { return x[i] * sumOf(y) }))
		}},
		vector("a column spread alone", "m", func(k *kit, v *plan.Value) *plan.Value { return k.m.Col(v, k.dim("p")) },
			func(x []float64) runner.Value {
				return matrixOf(tabulate(3, 2, func(i, j int) float64 { return x[i] }))
			}),
		vector("a row spread alone", "m", func(k *kit, v *plan.Value) *plan.Value { return k.m.Row(v, k.dim("p")) },
			func(x []float64) runner.Value {
				return matrixOf(tabulate(2, 3, func(i, j int) float64 { return x[j] }))
			}),
	}
}

func khatriRao(a, b table) table {
	return tabulate(a.rows*b.rows, a.cols, func(i, j int) float64 { return a.at(i/b.rows, j) * b.at(i%b.rows, j) })
}

// productCases are products of matrices and vectors, and powers.
func productCases() (list []kindCase) {
	list = []kindCase{
		{name: "a matrix product", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "n", "q")
			return k.m.MatMul(a, b), matrixOf(x.times(y))
		}},
		{name: "a product of transposes", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "q", "m")
			return k.m.MatMul(k.m.Transpose(a), k.m.Transpose(b)), matrixOf(x.turned().times(y.turned()))
		}},
		{name: "a matrix by a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.vector("b", "n")
			return k.m.MatVec(a, b), vectorOf(x.times(column(y)).x)
		}},
		{name: "a transpose by a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.vector("b", "m")
			return k.m.MatVec(k.m.Transpose(a), b), vectorOf(x.turned().times(column(y)).x)
		}},
		{name: "an outer product", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.vector("a", "m")
			b, y := k.vector("b", "n")
			return k.m.Outer(a, b), matrixOf(column(x).times(column(y).turned()))
		}},
		{name: "products in brackets", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "n", "m")
			c := k.m.Binary("sub", k.m.Unary("neg", k.m.MatMul(a, k.m.MatMul(b, a))), k.m.Binary("sub", a, k.m.Binary("mul", a, a)))
			return c, matrixOf(tabulate(3, 4, func(i, j int) float64 {
				return -x.times(y).times(x).at(i, j) - (x.at(i, j) - x.at(i, j)*x.at(i, j))
			}))
		}},
	}
	for _, p := range []int64{0, 1, 2, 3, 7, -1, -2} {
		list = append(list, kindCase{name: "a matrix to the power " + rat.Int(p).String(), make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.regular("A", "m")
			return k.m.MatPow(a, k.m.Int(p)), matrixOf(x.power(int(p)))
		}})
		list = append(list, kindCase{name: "a matrix to the power of an argument that is " + rat.Int(p).String(), make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.regular("A", "m")
			c := k.m.Param(k.integer("c", int(p)))
			return k.m.Binary("add", k.m.MatPow(a, c), k.m.MatPow(a, k.m.Binary("sub", c, k.m.Int(1)))), matrixOf(tabulate(3, 3, func(i, j int) float64 {
				return x.power(int(p)).at(i, j) + x.power(int(p)-1).at(i, j)
			}))
		}})
	}
	return append(list, kindCase{name: "a power of a matrix alone", make: func(k *kit) (*plan.Value, runner.Value) {
		a, x := k.regular("A", "m")
		return k.m.MatPow(a, k.m.Param(k.integer("c", 1))), matrixOf(x)
	}})
}

// contractCases are sums of products by indices.
func contractCases() []kindCase {
	spec := func(k *kit, rowIndices int, result []int, sizes []string, operands ...[]int) *plan.Spec {
		s := &plan.Spec{Operands: operands, Result: result, RowIndices: rowIndices}
		for _, d := range sizes {
			s.Sizes = append(s.Sizes, k.dim(d))
		}
		return s
	}
	return []kindCase{
		{name: "a contraction to a scalar", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.vector("b", "m")
			c, z := k.vector("c", "n")
			return k.m.Contract(spec(k, 0, nil, []string{"m", "n"}, []int{0, 1}, []int{0}, []int{1}), k.b.One(), k.b.One(), a, b, c),
				scalarOf(column(y).turned().times(x).times(column(z)).x[0])
		}},
		{name: "a contraction to a vector", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "n", "m")
			want := make([]float64, 3)
			for i := range 3 {
				for j := range 4 {
					want[i] += x.at(i, j) * y.at(j, i)
				}
			}
			return k.m.Contract(spec(k, 1, []int{0}, []string{"m", "n"}, []int{0, 1}, []int{1, 0}), k.dim("m"), k.b.One(), a, b), vectorOf(want)
		}},
		{name: "a contraction to a stacked vector", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.vector("b", "p")
			var want []float64
			for j := range 4 {
				for i := range 3 {
					for l := range 2 {
						want = append(want, x.at(i, j)*y[l])
					}
				}
			}
			return k.m.Contract(spec(k, 3, []int{1, 0, 2}, []string{"m", "n", "p"}, []int{0, 1}, []int{2}),
				k.b.Mul(k.b.Mul(k.dim("n"), k.dim("m")), k.dim("p")), k.b.One(), a, b), vectorOf(want)
		}},
		{name: "a contraction to a matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "n", "m")
			c, z := k.vector("c", "n")
			return k.m.Contract(spec(k, 1, []int{2, 0}, []string{"m", "n", "m"}, []int{0, 1}, []int{1, 2}, []int{1}), k.dim("m"), k.dim("m"), a, b, c),
				matrixOf(tabulate(3, 3, func(i, j int) float64 {
					s := 0.0
					for l := range 4 {
						s += x.at(j, l) * y.at(l, i) * z[l]
					}
					return s
				}))
		}},
		{name: "a contraction to a matrix of blocks", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.matrix("B", "p", "m")
			rows, cols := k.b.Mul(k.dim("n"), k.dim("p")), k.b.Mul(k.dim("m"), k.dim("n"))
			// R[(j,l),(i,t)] = A_it B_li A_ij
			return k.m.Contract(spec(k, 2, []int{1, 2, 0, 3}, []string{"m", "n", "p", "n"}, []int{0, 3}, []int{2, 0}, []int{0, 1}), rows, cols, a, b, a),
				matrixOf(tabulate(8, 12, func(r, c int) float64 {
					j, l, i, t := r/2, r%2, c/4, c%4
					return x.at(i, t) * y.at(l, i) * x.at(i, j)
				}))
		}},
		{name: "a contraction with a diagonal", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "m")
			b, y := k.vector("b", "n")
			return k.m.Contract(spec(k, 1, []int{0, 1}, []string{"m", "n"}, []int{0, 0}, []int{1}), k.dim("m"), k.dim("n"), a, b),
				matrixOf(tabulate(3, 4, func(i, j int) float64 { return x.at(i, i) * y[j] }))
		}},
		{name: "a matrix and a diagonal that is computed entry by entry", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "m")
			b, y := k.vector("b", "m")
			d := k.m.DiagMatrix(k.m.Binary("mul", k.scalar("c", 3), k.m.Binary("add", b, k.m.Int(2))))
			return k.m.Binary("add", a, d), matrixOf(tabulate(3, 3, func(i, j int) float64 { return x.at(i, j) + 3*(y[i]+2)*indicator(i == j) }))
		}},
		{name: "a contraction with a delta", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			rows, cols := k.b.Mul(k.dim("m"), k.dim("p")), k.b.Mul(k.dim("n"), k.dim("p"))
			return k.m.Contract(spec(k, 2, []int{0, 2, 1, 3}, []string{"m", "n", "p", "p"}, []int{0, 1}, []int{2, 3}), rows, cols, a, k.m.Eye(k.dim("p"))),
				matrixOf(tabulate(6, 8, func(r, c int) float64 { return x.at(r/2, c/2) * indicator(r%2 == c%2) }))
		}},
		{name: "a contraction with an axis that nothing else has", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			b, y := k.vector("b", "p")
			return k.m.Contract(spec(k, 1, []int{0}, []string{"m", "n", "p"}, []int{0, 1}, []int{2}), k.dim("m"), k.b.One(), a, b),
				vectorOf(overEach(rowsOf(x), func(r []float64) float64 { return sumOf(r) * sumOf(y) }))
		}},
	}
}
