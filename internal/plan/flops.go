package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// functionFlops is what an elementary function of one entry counts.
const functionFlops = 10

// TotalFlops returns about how many operations everything takes that the roots need, each
// value once, or once for each value of the loop indices that it depends on: one for a sum,
// product or comparison of two numbers, one for each entry that is stored, ten for an
// elementary function. Transposes, Vec, Col and the like are views and take none.
func TotalFlops(roots []*Value, size func(*expr.SizeName) int) float64 {
	return totalFlops(roots, func(n *expr.SizeName) float64 { return float64(size(n)) })
}

func totalFlops(roots []*Value, size func(*expr.SizeName) float64) float64 {
	list := Schedule(roots)
	var loops []*expr.Index
	for _, v := range list {
		if v.IsLoop() && !slices.Contains(loops, v.Index) {
			loops = append(loops, v.Index)
		}
	}
	total := 0.0
	for _, v := range list {
		total += trips(v.Loops, loops, size) * flops(v, size)
	}
	return total
}

// trips is how often a value is computed that depends on loop indices.
func trips(bits uint64, loops []*expr.Index, size func(*expr.SizeName) float64) float64 {
	times := 1.0
	for _, i := range loops {
		if bits&LoopBit(i) != 0 {
			times *= dimValue(i.Size, size)
		}
	}
	return times
}

// dimValue returns the value of a size, at least one.
func dimValue(d *expr.Dim, size func(*expr.SizeName) float64) float64 {
	total := 0.0
	d.Terms(func(c int64, pows []expr.DimPow) {
		p := float64(c)
		for _, w := range pows {
			for range w.Exp {
				p *= size(w.Name)
			}
		}
		total += p
	})
	return max(total, 1)
}

func flops(v *Value, size func(*expr.SizeName) float64) float64 {
	dim := func(d *expr.Dim) float64 { return dimValue(d, size) }
	switch v.Kind {
	case Param, Number, Pi, Size, Counter, Col, Row, Transpose, Vec, Unvec, AsColumn, AsRow, Flatten, Item, Member, Align:
		return 0
	}
	return dim(v.Rows)*dim(v.Cols) + arithmetic(v, dim)
}

// arithmetic is what a value takes besides the stores of its entries.
func arithmetic(v *Value, dim func(*expr.Dim) float64) float64 {
	entries := func(v *Value) float64 { return dim(v.Rows) * dim(v.Cols) }
	n := entries(v)
	switch v.Kind {
	case Stack:
		return n * (dim(v.Dims[0]) - 1)
	case Fill, Eye, Unit, UnitAt, Columns, Commutation, Diagonal, DiagMatrix, Commute, Reshape:
		return 0
	case Kron, KhatriRao, Outer:
		return n
	case Unary:
		return n * functionCost(v.Fn)
	case Binary:
		if v.Fn == "pow" {
			return n * functionFlops
		}
		return n
	case Apply:
		return n * functionFlops
	case Sum, RowSum, ColSum:
		return entries(v.Args[0])
	case Trace:
		return dim(v.Args[0].Rows)
	case Dot, Inner, Norm:
		return 2 * entries(v.Args[0])
	case Softmax, LogSumExp:
		return (functionFlops + 3) * entries(v.Args[0])
	case KronApply:
		a, b := v.Args[0], v.Args[1]
		return kronFlops(a.Kind == Eye, b.Kind == Eye, dim(a.Rows), dim(a.Cols), dim(b.Rows), dim(b.Cols), dim(v.Cols))
	case MatMul, MatVec:
		return 2 * n * dim(v.Args[0].Cols)
	case MatPow:
		return powerFlops(v.Args[1], dim(v.Rows))
	case LU:
		return n * dim(v.Rows) * 2 / 3
	case Cholesky:
		return n * dim(v.Rows) / 3
	case Solve:
		return 2 * n * dim(v.Rows)
	case Inverse:
		return inverseFlops(v, dim(v.Rows))
	case Det, LogDet:
		return dim(v.Args[0].Rows)
	case Pinv:
		return 20 * n * min(dim(v.Rows), dim(v.Cols))
	case SumOver:
		return n * dim(v.Dims[0])
	case Einsum:
		total := float64(len(v.Args))
		for _, d := range v.Spec.Sizes {
			total *= dim(d)
		}
		return total
	case Contract:
		return v.contractFlops(dim)
	}
	panic("plan: a kind without a cost")
}

func functionCost(fn string) float64 {
	switch fn {
	case "neg", "square", "relu", "step", "abs", "sign", "sqrt":
		return 1
	}
	return functionFlops
}

// kronFlops is what (A ⊗ B) X takes for A of m × n, B of p × q and X of c columns, with
// A or B first.
func kronFlops(eyeA, eyeB bool, m, n, p, q, c float64) float64 {
	switch {
	case eyeA:
		return 2 * n * p * q * c
	case eyeB:
		return 2 * m * n * q * c
	}
	return min(2*n*p*q*c+2*m*n*p*c, 2*m*n*q*c+2*m*p*q*c)
}

// powerFlops is what an n × n matrix to the power k takes by repeated squaring.
func powerFlops(k *Value, n float64) float64 {
	products := 6.0
	if k.Kind == Number {
		if e, ok := k.Num.Int64(); ok {
			products = 0
			if e < 0 {
				products, e = 1, -e
			}
			for ; e > 1; e >>= 1 {
				products++
				if e&1 != 0 {
					products++
				}
			}
		}
	}
	return products * 2 * n * n * n
}

// inverseFlops is what an inverse takes beyond the factorisation.
func inverseFlops(v *Value, n float64) float64 {
	if v.Args[0].Kind == Cholesky {
		return n * n * n * 2 / 3
	}
	return n * n * n * 4 / 3
}

// Entries returns how many entries a value has.
func Entries(v *Value, size func(*expr.SizeName) int) float64 {
	at := func(n *expr.SizeName) float64 { return float64(size(n)) }
	return dimValue(v.Rows, at) * dimValue(v.Cols, at)
}
