package code

import (
	"math"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/runner"
)

// loopCases are sums over families, one in another, and over a number of terms.
func loopCases() []kindCase {
	m := func(k *kit) *plan.Maker { return k.m }
	return []kindCase{
		{name: "columns", make: func(k *kit) (*plan.Value, runner.Value) {
			a, x := k.matrix("A", "m", "n")
			i := k.b.NewIndex("j", k.dim("n"))
			c := m(k).MatVec(a, m(k).UnitAt(k.dim("n"), i))
			return m(k).Columns(i, m(k).Binary("mul", m(k).Counter(i), m(k).Unary("exp", c))),
				matrixOf(tabulate(3, 4, func(i, j int) float64 { return float64(j+1) * math.Exp(x.at(i, j)) }))
		}},
		{name: "matrices one by one", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("A", 2, "m", "n")
			b, y := k.matrix("B", "n", "p")
			want := runner.Value{Shape: []int{7, 3, 2}}
			for t, a := range all {
				want.Data = append(want.Data, a.times(y).each(func(x float64) float64 { return math.Exp(x) * float64(t+1) }).x...)
			}
			product := m(k).MatMul(m(k).Member(f, i), b)
			return m(k).Stack(i, m(k).Binary("mul", m(k).Counter(i), m(k).Unary("exp", product))), want
		}},
		{name: "transposes one by one", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("A", 2, "m", "n")
			want := runner.Value{Shape: []int{7, 4, 3}}
			for _, a := range all {
				want.Data = append(want.Data, a.turned().x...)
			}
			return m(k).Stack(i, m(k).Transpose(m(k).Member(f, i))), want
		}},
		{name: "members as they are", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("A", 2, "m", "n")
			want := runner.Value{Shape: []int{7, 3, 4}}
			for _, a := range all {
				want.Data = append(want.Data, a.x...)
			}
			return m(k).Stack(i, m(k).Member(f, i)), want
		}},
		{name: "one matrix several times", make: func(k *kit) (*plan.Value, runner.Value) {
			x, given := k.matrix("X", "m", "n")
			i := k.b.NewIndex("i", k.dim("N"))
			want := runner.Value{Shape: []int{7, 3, 3}}
			for range 7 {
				want.Data = append(want.Data, given.times(given.turned()).x...)
			}
			return m(k).Stack(i, m(k).MatMul(x, m(k).Transpose(x))), want
		}},
		{name: "outer products one by one", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("x", 1, "m", "one")
			v, y := k.vector("w", "n")
			want := runner.Value{Shape: []int{7, 3, 4}}
			for _, a := range all {
				want.Data = append(want.Data, a.times(column(y).turned()).x...)
			}
			return m(k).Stack(i, m(k).Outer(m(k).Member(f, i), v)), want
		}},
		{name: "a sum over a family of scalars", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("s", 0, "one", "one")
			want := 0.0
			for _, t := range all {
				want += math.Exp(t.x[0])
			}
			return m(k).SumOver(i, m(k).Unary("exp", m(k).Member(f, i))), scalarOf(want)
		}},
		{name: "a sum over a family of vectors", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("x", 1, "m", "one")
			w, y := k.vector("w", "m")
			want := newTable(3, 1)
			for _, t := range all {
				d := column(y).turned().times(t).x[0]
				for j := range 3 {
					want.x[j] += math.Tanh(d) * t.x[j]
				}
			}
			x := m(k).Member(f, i)
			return m(k).SumOver(i, m(k).Binary("mul", m(k).Unary("tanh", m(k).InnerProduct(x, w)), x)), vectorOf(want.x)
		}},
		{name: "a sum over a family of matrices", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("A", 2, "m", "m")
			b, y := k.vector("b", "m")
			want := newTable(3, 3)
			for _, t := range all {
				u := t.inverse().times(column(y))
				v := u.times(u.turned())
				for j := range want.x {
					want.x[j] += v.x[j] * t.det()
				}
			}
			factor := m(k).Factor(m(k).Member(f, i))
			u := m(k).Solve(factor, b, false)
			return m(k).SumOver(i, m(k).Binary("mul", m(k).Det(factor), m(k).Outer(u, u))), matrixOf(want)
		}},
		{name: "a sum within a sum", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("x", 1, "m", "one")
			j := k.b.NewIndex("j", k.dim("N"))
			want := 0.0
			for _, s := range all {
				inner := 0.0
				for _, t := range all {
					inner += math.Exp(0.1 * s.turned().times(t).x[0])
				}
				want += math.Log(inner)
			}
			body := m(k).Unary("exp", m(k).Binary("mul", m(k).Num(rat.New(1, 10)), m(k).InnerProduct(m(k).Member(f, i), m(k).Member(f, j))))
			return m(k).SumOver(i, m(k).Unary("log", m(k).SumOver(j, body))), scalarOf(want)
		}},
		{name: "two sums that share what is outside", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("s", 0, "one", "one")
			w, y := k.vector("w", "m")
			c, e := sumOf(column(y).each(math.Exp).x), 0.0
			for _, t := range all {
				e += math.Sin(t.x[0]*c) + math.Cos(t.x[0]*c)*math.Sin(t.x[0]*c)
			}
			total := m(k).Sum(m(k).Unary("exp", w))
			x := m(k).Binary("mul", m(k).Member(f, i), total)
			sin := m(k).Unary("sin", x)
			one := m(k).SumOver(i, sin)
			two := m(k).SumOver(i, m(k).Binary("mul", m(k).Unary("cos", x), sin))
			return m(k).Binary("add", one, two), scalarOf(e)
		}},
		{name: "a sum that needs another", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("s", 0, "one", "one")
			sum, want, square := 0.0, 0.0, 0.0
			for _, t := range all {
				sum += t.x[0]
			}
			for _, t := range all {
				want += math.Exp(t.x[0] - sum/7)
				square += t.x[0] * t.x[0]
			}
			x := m(k).Member(f, i)
			mean := m(k).Binary("div", m(k).SumOver(i, x), m(k).Size(i.Size))
			away := m(k).SumOver(i, m(k).Unary("exp", m(k).Binary("sub", x, mean)))
			return m(k).Binary("add", away, m(k).SumOver(i, m(k).Unary("square", x))), scalarOf(want + square)
		}},
		{name: "two sums within two sums", make: func(k *kit) (*plan.Value, runner.Value) {
			f, i, all := k.family("s", 0, "one", "one")
			j := k.b.NewIndex("j", k.dim("N"))
			product, quotient := 0.0, 0.0
			for _, s := range all {
				a, b := 0.0, 0.0
				for _, t := range all {
					a += math.Sin(s.x[0] + t.x[0])
					b += 2 + math.Cos(s.x[0]+t.x[0])
				}
				product += a * b
				quotient += a / b
			}
			d := m(k).Binary("add", m(k).Member(f, i), m(k).Member(f, j))
			a := m(k).SumOver(j, m(k).Unary("sin", d))
			b := m(k).SumOver(j, m(k).Binary("add", m(k).Int(2), m(k).Unary("cos", d)))
			return m(k).Binary("sub", m(k).SumOver(i, m(k).Binary("mul", a, b)), m(k).SumOver(i, m(k).Binary("div", a, b))), scalarOf(product - quotient)
		}},
		{name: "a sum over a counter", make: func(k *kit) (*plan.Value, runner.Value) {
			i := k.b.NewIndex("k", k.b.Count(k.integer("K", 5)))
			v, x := k.vector("x", "m")
			want := newTable(3, 1)
			for t := 1; t <= 5; t++ {
				for j := range 3 {
					want.x[j] += math.Pow(x[j], float64(t)) / float64(t)
				}
			}
			c := m(k).Counter(i)
			return m(k).SumOver(i, m(k).Binary("div", m(k).Binary("pow", v, c), c)), vectorOf(want.x)
		}},
		{name: "a sum of numbers alone", make: func(k *kit) (*plan.Value, runner.Value) {
			i := k.b.NewIndex("k", k.b.Count(k.integer("K", 5)))
			c := m(k).Counter(i)
			h := m(k).SumOver(i, m(k).Binary("add", m(k).Binary("div", m(k).Int(1), c), m(k).Unary("sqrt", c)))
			v, x := k.vector("x", "m")
			want := 0.0
			for t := 1.0; t <= 5; t++ {
				want += 1/t + math.Sqrt(t)
			}
			return m(k).Binary("mul", h, v), vectorOf(column(x).each(func(x float64) float64 { return want * x }).x)
		}},
		{name: "powers in a sum", make: func(k *kit) (*plan.Value, runner.Value) {
			count := k.integer("K", 4)
			i := k.b.NewIndex("k", k.b.Count(count))
			a, x := k.regular("A", "m")
			b, y := k.matrix("B", "m", "m")
			want := newTable(3, 3)
			for t := 1; t <= 4; t++ {
				for j, v := range x.power(t - 1).times(y).times(x.power(4 - t)).x {
					want.x[j] += v
				}
			}
			c := m(k).Counter(i)
			left := m(k).MatPow(a, m(k).Binary("sub", c, m(k).Int(1)))
			right := m(k).MatPow(a, m(k).Binary("sub", m(k).Param(count), c))
			return m(k).SumOver(i, m(k).MatMul(m(k).MatMul(left, b), right)), matrixOf(want)
		}},
		{name: "negative powers in a sum", make: func(k *kit) (*plan.Value, runner.Value) {
			count := k.integer("K", 3)
			i := k.b.NewIndex("k", k.b.Count(count))
			a, x := k.regular("A", "m")
			want := newTable(3, 3)
			for t := 1; t <= 3; t++ {
				for j, v := range x.power(-t).x {
					want.x[j] += v
				}
			}
			return m(k).SumOver(i, m(k).MatPow(a, m(k).Neg(m(k).Counter(i)))), matrixOf(want)
		}},
	}
}
