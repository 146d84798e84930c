package plantest

import (
	"math"
	"slices"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// compute returns the value of v by the definition of its kind.
func (e *evaluator) compute(v *plan.Value) expr.Dense {
	switch v.Kind {
	case plan.Param:
		return e.param(v)
	case plan.SumOver:
		return e.sumOver(v)
	case plan.Columns:
		return e.columns(v)
	case plan.Stack:
		return e.stack(v)
	}
	args := make([]expr.Dense, len(v.Args))
	for i, a := range v.Args {
		args[i] = e.value(a)
	}
	if e.err != nil {
		return expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	}
	var a, b expr.Dense
	if len(args) > 0 {
		a = args[0]
	}
	if len(args) > 1 {
		b = args[1]
	}
	switch v.Kind {
	case plan.Number:
		return dense.Scalar(v.Num.Float64())
	case plan.Pi:
		return dense.Scalar(math.Pi)
	case plan.Size:
		return dense.Scalar(float64(e.size(v.Dims[0])))
	case plan.Counter:
		return dense.Scalar(float64(e.index[v.Index]))
	case plan.Member:
		rows, cols := e.size(v.Rows), e.size(v.Cols)
		n := rows * cols
		at := (e.index[v.Index] - 1) * n
		return expr.Dense{Rows: rows, Cols: cols, Data: a.Data[at : at+n]}
	case plan.Fill:
		return e.build(v, func(i, j int) float64 { return a.Data[0] })
	case plan.Eye:
		return e.build(v, func(i, j int) float64 { return indicator(i == j) })
	case plan.UnitAt:
		return e.build(v, func(i, j int) float64 { return indicator(i == e.index[v.Index]-1) })
	case plan.Unit:
		return e.build(v, func(i, j int) float64 { return indicator(i == v.Order-1) })
	case plan.Commutation:
		p, q := e.size(v.Dims[0]), e.size(v.Dims[1])
		return e.build(v, func(i, j int) float64 { return indicator(commuted(i, p, q) == j) })

	case plan.Unary:
		f := function(v.Fn)
		return e.build(v, func(i, j int) float64 { return f(a.At(i, j)) })
	case plan.Binary:
		f := binary[v.Fn]
		return e.build(v, func(i, j int) float64 { return f(spread(a, i, j), spread(b, i, j)) })
	case plan.Apply:
		position := 0
		for k, s := range e.functions {
			if s == v.Sym {
				position = k
			}
		}
		f := eval.StandIn(position, v.Order)
		return e.build(v, func(i, j int) float64 { return f(a.At(i, j)) })
	case plan.Col:
		return e.build(v, func(i, j int) float64 { return a.Data[i] })
	case plan.Row:
		return e.build(v, func(i, j int) float64 { return a.Data[j] })

	case plan.Sum:
		s := 0.0
		for _, x := range a.Data {
			s += x
		}
		return dense.Scalar(s)
	case plan.RowSum:
		return dense.Mul(a, ones(a.Cols))
	case plan.ColSum:
		return dense.Mul(dense.Transpose(a), ones(a.Rows))
	case plan.Dot, plan.Inner:
		s := 0.0
		for i, x := range a.Data {
			s += x * b.Data[i]
		}
		return dense.Scalar(s)
	case plan.Norm:
		s := 0.0
		for _, x := range a.Data {
			s = math.Hypot(s, x)
		}
		return dense.Scalar(s)
	case plan.Softmax:
		m, s := logSumExp(a, v.Axis)
		return e.build(v, func(i, j int) float64 {
			k := line(v.Axis, i, j)
			return math.Exp(a.At(i, j)-m[k]) / s[k]
		})
	case plan.LogSumExp:
		m, s := logSumExp(a, v.Axis)
		return e.build(v, func(i, j int) float64 { return m[i] + math.Log(s[i]) })
	case plan.Trace:
		s := 0.0
		for i := range a.Rows {
			s += a.At(i, i)
		}
		return dense.Scalar(s)
	case plan.Contract, plan.Einsum:
		return e.contract(v, args)
	case plan.Align:
		return e.align(v, a)
	case plan.Reshape:
		return expr.Dense{Rows: e.size(v.Rows), Cols: e.size(v.Cols), Data: a.Data}
	}
	return e.arrange(v, args)
}

// arrange computes arrangements, products and systems.
func (e *evaluator) arrange(v *plan.Value, args []expr.Dense) expr.Dense {
	a := args[0]
	var b expr.Dense
	if len(args) > 1 {
		b = args[1]
	}
	switch v.Kind {
	case plan.Transpose:
		return dense.Transpose(a)
	case plan.Diagonal:
		return e.build(v, func(i, j int) float64 { return a.At(i, i) })
	case plan.DiagMatrix:
		return e.build(v, func(i, j int) float64 { return indicator(i == j) * a.Data[i] })
	case plan.Vec:
		return e.build(v, func(i, j int) float64 { return a.At(i%a.Rows, i/a.Rows) })
	case plan.Unvec:
		rows := e.size(v.Rows)
		return e.build(v, func(i, j int) float64 { return a.Data[j*rows+i] })
	case plan.Kron:
		return kron(a, b)
	case plan.KhatriRao:
		return e.build(v, func(i, j int) float64 { return a.At(i/b.Rows, j) * b.At(i%b.Rows, j) })
	case plan.KronApply:
		return dense.Mul(kron(a, b), args[2])
	case plan.Commute:
		p, q := e.size(v.Dims[0]), e.size(v.Dims[1])
		return e.build(v, func(i, j int) float64 { return a.At(commuted(i, p, q), j) })
	case plan.AsColumn, plan.AsRow, plan.Flatten, plan.Item:
		return expr.Dense{Rows: e.size(v.Rows), Cols: e.size(v.Cols), Data: a.Data}

	case plan.MatMul, plan.MatVec:
		return dense.Mul(a, b)
	case plan.Outer:
		return dense.Mul(a, dense.Transpose(b))
	case plan.MatPow:
		return e.power(a, int(b.Data[0]))
	case plan.LU:
		return a
	case plan.Cholesky:
		e.fail(CheckPosdef(a))
		return a
	case plan.Solve:
		return e.solve(a, b, v.Trans)
	case plan.Inverse:
		return e.solve(a, dense.Identity(a.Rows), v.Trans)
	case plan.Det:
		return dense.Scalar(dense.Factor(a).Det())
	case plan.LogDet:
		log, sign := dense.Factor(a).LogDet()
		if sign <= 0 {
			log = math.NaN()
		}
		return dense.Scalar(log)
	case plan.Pinv:
		t := dense.Transpose(a)
		if a.Rows >= a.Cols {
			return e.solve(dense.Mul(t, a), t, false)
		}
		return dense.Transpose(e.solve(dense.Mul(a, t), a, false))
	}
	panic("plantest: no definition of a kind")
}

func (e *evaluator) solve(a, b expr.Dense, trans bool) expr.Dense {
	if trans {
		a = dense.Transpose(a)
	}
	x, err := dense.Factor(a).Solve(b)
	e.fail(err)
	if err != nil {
		return expr.NewDense(b.Rows, b.Cols)
	}
	return x
}

func (e *evaluator) power(a expr.Dense, k int) expr.Dense {
	if k < 0 {
		a, k = e.solve(a, dense.Identity(a.Rows), false), -k
	}
	p := dense.Identity(a.Rows)
	for range k {
		p = dense.Mul(p, a)
	}
	return p
}

// contract runs over the values of all indices.
func (e *evaluator) contract(v *plan.Value, args []expr.Dense) expr.Dense {
	sizes := make([]int, len(v.Spec.Sizes))
	for i, d := range v.Spec.Sizes {
		sizes[i] = e.size(d)
	}
	position := func(indices, at []int) int {
		p := 0
		for _, i := range indices {
			p = p*sizes[i] + at[i]
		}
		return p
	}
	out := expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	at := make([]int, len(sizes))
	for {
		x := 1.0
		for k, indices := range v.Spec.Operands {
			x *= args[k].Data[position(indices, at)]
		}
		out.Data[position(v.Spec.Result, at)] += x
		k := len(at) - 1
		for ; k >= 0; k-- {
			if at[k]++; at[k] < sizes[k] {
				break
			}
			at[k] = 0
		}
		if k < 0 {
			return out
		}
	}
}

// align spreads an array along its new axes. Arrays have their last axis fastest.
func (e *evaluator) align(v *plan.Value, a expr.Dense) expr.Dense {
	steps := make([]int, v.Args[0].Rank)
	n := 1
	for k, d := range slices.Backward(v.Args[0].Shape()) {
		steps[k] = n
		n *= e.size(d)
	}
	shape := v.Shape()
	out := expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	for i := range out.Data {
		at, rest := 0, i
		for k, p := range slices.Backward(v.Perm) {
			d := e.size(shape[k])
			if p >= 0 {
				at += rest % d * steps[p]
			}
			rest /= d
		}
		out.Data[i] = a.Data[at]
	}
	return out
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// spread returns entry (i, j) of an operand of which a scalar has one.
func spread(a expr.Dense, i, j int) float64 {
	if len(a.Data) == 1 {
		return a.Data[0]
	}
	return a.At(i, j)
}

// commuted returns which row of x row i of K x is: entry i of vec(Aᵀ) in vec(A) for A
// of p × q.
func commuted(i, p, q int) int { return i%q*p + i/q }

func ones(n int) expr.Dense { return build(n, 1, func(i, j int) float64 { return 1 }) }

func kron(a, b expr.Dense) expr.Dense {
	return build(a.Rows*b.Rows, a.Cols*b.Cols, func(i, j int) float64 {
		return a.At(i/b.Rows, j/b.Cols) * b.At(i%b.Rows, j%b.Cols)
	})
}

// line returns the number of the line along an axis that holds entry (i, j).
func line(axis plan.Axis, i, j int) int {
	switch axis {
	case plan.EachRow:
		return i
	case plan.EachCol:
		return j
	}
	return 0
}

// logSumExp returns for each line its largest entry m and Σ exp(x − m).
func logSumExp(a expr.Dense, axis plan.Axis) (m, s []float64) {
	count := map[plan.Axis]int{plan.Whole: 1, plan.EachRow: a.Rows, plan.EachCol: a.Cols}[axis]
	m, s = make([]float64, count), make([]float64, count)
	for k := range m {
		m[k] = math.Inf(-1)
	}
	for i := range a.Rows {
		for j := range a.Cols {
			k := line(axis, i, j)
			m[k] = math.Max(m[k], a.At(i, j))
		}
	}
	for i := range a.Rows {
		for j := range a.Cols {
			k := line(axis, i, j)
			s[k] += math.Exp(a.At(i, j) - m[k])
		}
	}
	return m, s
}
