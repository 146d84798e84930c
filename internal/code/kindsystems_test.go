package code

import (
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// systemCases are what is made of factorisations.
func systemCases() (list []kindCase) {
	for _, posdef := range []bool{false, true} {
		name, make := " by LU", (*kit).regular
		if posdef {
			name, make = " by Cholesky", (*kit).posdef
		}
		with := func(what string, f func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value)) {
			list = append(list, kindCase{name: what + name, make: func(k *kit) (*plan.Value, runner.Value) {
				a, t := make(k, "A", "n")
				return f(k, a, t)
			}})
		}
		for _, trans := range []bool{false, true} {
			side, turn := "", func(t table) table { return t }
			if trans {
				side, turn = " transposed", table.turned
			}
			with("a vector solved"+side, func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
				b, x := k.vector("b", "n")
				return k.m.Solve(k.m.Factor(a), b, trans), vectorOf(turn(t).inverse().times(column(x)).x)
			})
			with("a matrix solved"+side, func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
				b, x := k.matrix("B", "n", "p")
				return k.m.Solve(k.m.Factor(a), b, trans), matrixOf(turn(t).inverse().times(x))
			})
			with("an inverse"+side, func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
				return k.m.Inverse(k.m.Factor(a), trans), matrixOf(turn(t).inverse())
			})
			with("an inverse that is shared"+side, func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
				f := k.m.Factor(a)
				return k.m.Binary("mul", k.m.Det(f), k.m.Inverse(f, trans)),
					matrixOf(turn(t).inverse().each(func(x float64) float64 { return x * t.det() }))
			})
		}
		with("a determinant", func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
			return k.m.Det(k.m.Factor(a)), scalarOf(t.det())
		})
		with("a log-determinant", func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
			return k.m.LogDet(k.m.Factor(a)), scalarOf(math.Log(t.det()))
		})
		with("all of one factorisation", func(k *kit, a *plan.Value, t table) (*plan.Value, runner.Value) {
			f := k.m.Factor(a)
			b, x := k.vector("b", "n")
			c, y := k.matrix("C", "n", "p")
			s := k.m.Binary("add", k.m.LogDet(f), k.m.InnerProduct(b, k.m.Solve(f, b, false)))
			s = k.m.Binary("add", s, k.m.Binary("mul", k.m.Det(f), k.m.Trace(k.m.Inverse(f, false))))
			s = k.m.Binary("add", s, k.m.Sum(k.m.Solve(f, c, true)))
			inv := t.inverse()
			want := math.Log(t.det()) + column(x).turned().times(inv).times(column(x)).x[0] +
				t.det()*(inv.at(0, 0)+inv.at(1, 1)+inv.at(2, 2)+inv.at(3, 3)) + sumOf(inv.turned().times(y).x)
			return s, scalarOf(want)
		})
	}
	swap := []float64{0, 2, 0, 1, 0, 0, 0, 0, 3} // an odd permutation: determinant −6
	return append(list,
		kindCase{name: "a negative determinant", make: func(k *kit) (*plan.Value, runner.Value) {
			a, t := k.matrix("A", "m", "m", swap...)
			f := k.m.Factor(a)
			return k.m.Binary("mul", k.m.Det(f), k.m.Sum(k.m.Inverse(f, false))), scalarOf(t.det() * sumOf(t.inverse().x))
		}},
		kindCase{name: "a negative determinant alone", make: func(k *kit) (*plan.Value, runner.Value) {
			a, _ := k.matrix("A", "m", "m", swap...)
			return k.m.Det(k.m.Factor(a)), scalarOf(-6)
		}},
		kindCase{name: "a system by a transpose", make: func(k *kit) (*plan.Value, runner.Value) {
			a, t := k.regular("A", "n")
			b, x := k.vector("b", "n")
			return k.m.Solve(k.m.Factor(k.m.Transpose(a)), b, false), vectorOf(t.turned().inverse().times(column(x)).x)
		}},
		kindCase{name: "a system of a sum", make: func(k *kit) (*plan.Value, runner.Value) {
			a, t := k.regular("A", "n")
			b, x := k.vector("b", "n")
			f := k.m.Factor(k.m.Binary("add", a, k.m.Eye(k.dim("n"))))
			u := tabulate(4, 4, func(i, j int) float64 { return t.at(i, j) + indicator(i == j) })
			return k.m.Binary("add", k.m.Solve(f, b, true), k.m.Solve(f, b, false)),
				vectorOf(tabulate(4, 1, func(i, _ int) float64 {
					return u.turned().inverse().times(column(x)).x[i] + u.inverse().times(column(x)).x[i]
				}).x)
		}},
		kindCase{name: "a pseudoinverse of a tall matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			a, t := k.matrix("A", "q", "p")
			return k.m.Pinv(a), matrixOf(t.turned().times(t).inverse().times(t.turned()))
		}},
		kindCase{name: "a pseudoinverse of a wide matrix", make: func(k *kit) (*plan.Value, runner.Value) {
			a, t := k.matrix("A", "p", "q")
			return k.m.Pinv(a), matrixOf(t.turned().times(t.times(t.turned()).inverse()))
		}},
	)
}

// wideCases need the range and the digits of float64 and go wrong by the formulas of
// the textbook.
func wideCases() (list []kindCase) {
	ratio := func(name, fn string, x, over float64) {
		list = append(list, kindCase{name: fn + " " + name, wide: true, make: func(k *kit) (*plan.Value, runner.Value) {
			return k.m.Binary("mul", k.scalar("c", 1/over), k.m.Unary(fn, k.scalar("s", x))), scalarOf(1)
		}})
		list = append(list, kindCase{name: fn + " " + name + ", of a vector", wide: true, make: func(k *kit) (*plan.Value, runner.Value) {
			v, _ := k.vector("x", "p", x, x)
			return k.m.Binary("mul", k.scalar("c", 1/over), k.m.Unary(fn, v)), vectorOf([]float64{1, 1})
		}})
	}
	ratio("far below", "sigmoid", -600, math.Exp(-600))
	ratio("far above", "sigmoid", 800, 1)
	ratio("far below", "softplus", -600, math.Exp(-600))
	ratio("far above", "softplus", 1e5, 1e5)
	ratio("of a tiny number", "expm1", 1e-14, math.Expm1(1e-14))
	ratio("of a tiny number", "log1p", 1e-14, math.Log1p(1e-14))
	ratio("of a tiny number", "sinh", 1e-9, 1e-9)
	ratio("of a tiny number", "tanh", 1e-9, 1e-9)
	ratio("of a tiny number", "asinh", 1e-9, 1e-9)
	ratio("of a tiny number", "atanh", 1e-9, 1e-9)
	ratio("of a large number", "asinh", -1e200, math.Asinh(-1e200))
	ratio("of a large number", "acosh", 1e200, math.Acosh(1e200))
	ratio("of a tiny number", "erf", 1e-9, math.Erf(1e-9))
	ratio("far out", "erfc", 9, math.Erfc(9))
	whole := func(name string, f func(k *kit, x *plan.Value) *plan.Value, want runner.Value, x ...float64) {
		list = append(list, kindCase{name: name, wide: true, make: func(k *kit) (*plan.Value, runner.Value) {
			v, _ := k.vector("x", map[int]string{2: "p", 3: "m"}[len(x)], x...)
			return f(k, v), want
		}})
	}
	whole("a norm that overflows by squares", func(k *kit, x *plan.Value) *plan.Value {
		return k.m.Binary("div", k.m.Norm(x), k.scalar("c", 1e200))
	}, scalarOf(5), 3e200, -4e200)
	whole("a norm that underflows by squares", func(k *kit, x *plan.Value) *plan.Value {
		return k.m.Binary("div", k.m.Norm(x), k.scalar("c", 1e-200))
	}, scalarOf(5), 3e-200, -4e-200)
	whole("a norm of zero", func(k *kit, x *plan.Value) *plan.Value { return k.m.Norm(x) }, scalarOf(0), 0, 0)
	whole("a norm of an infinity", func(k *kit, x *plan.Value) *plan.Value {
		return k.m.Binary("div", k.scalar("c", 1), k.m.Norm(k.m.Binary("div", k.m.Int(1), x)))
	}, scalarOf(0), 0, 2)
	whole("a softmax far out", func(k *kit, x *plan.Value) *plan.Value { return k.m.Softmax(x, plan.Whole) },
		vectorOf([]float64{0.5, 0.5, 0}), 1000, 1000, -1000)
	whole("a logsumexp far above", func(k *kit, x *plan.Value) *plan.Value {
		return k.m.Binary("sub", k.m.LogSumExp(x, plan.Whole), k.m.Int(1000))
	}, scalarOf(math.Log(2)), 1000, 1000, -1000)
	whole("a logsumexp far below", func(k *kit, x *plan.Value) *plan.Value {
		return k.m.Binary("add", k.m.LogSumExp(x, plan.Whole), k.m.Int(1000))
	}, scalarOf(math.Log(2)), -1000, -1000, -2000)
	logdet := func(name string, want float64, entries ...float64) {
		for _, shared := range []bool{false, true} {
			list = append(list, kindCase{name: name + map[bool]string{true: ", shared"}[shared], wide: true, mayFail: math.IsNaN(want), make: func(k *kit) (*plan.Value, runner.Value) {
				a, _ := k.matrix("A", "p", "p", entries...)
				v := k.m.LogDet(k.m.Factor(a))
				if shared {
					b, _ := k.vector("b", "p", 0, 0)
					v = k.m.Binary("add", v, k.m.InnerProduct(b, k.m.Solve(k.m.Factor(a), b, false)))
				}
				return v, scalarOf(want)
			}})
		}
	}
	logdet("a log-determinant that overflows as a determinant", 2*math.Log(1e200), 1e200, 0, 0, 1e200)
	logdet("a log-determinant of a negative determinant", math.NaN(), 1, 0, 0, -3)
	logdet("a log-determinant of two negative pivots", math.Log(6), -2, 1, 0, -3)
	list = append(list, kindCase{name: "a log-determinant by Cholesky that underflows as a determinant", wide: true, make: func(k *kit) (*plan.Value, runner.Value) {
		a, _ := k.matrixWith("A", "p", "p", expr.Posdef, 4e-200, 0, 0, 1e-200)
		f := k.m.Factor(a)
		b, _ := k.vector("b", "p", 1e-200, 1e-200)
		return k.m.Binary("add", k.m.LogDet(f), k.m.Sum(k.m.Solve(f, b, false))), scalarOf(math.Log(2e-200)*2 + 1.25)
	}})
	return list
}
