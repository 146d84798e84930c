package code

import (
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

func goQuote(s string) string { return strconv.Quote(s) }

// scalar returns a value of rank 0.
func (g *golang) scalar(v *plan.Value) goExpr {
	if s, ok := g.text[v]; ok {
		return goID(s)
	}
	if goCheap(v) {
		return g.scalarText(v)
	}
	outer := g.depth(v) < len(g.blocks)-1
	var x goExpr
	g.outside(v, func() {
		x = g.scalarText(v)
		if _, ok := g.text[v]; !ok && (outer || g.uses[v] > 1 || v.Name != "" || g.given[g.wanted[v]] || x.len() > maxLine) {
			x = g.declare(v, x)
		}
	})
	return x
}

// constant returns a scalar that is used in a loop over entries.
func (g *golang) constant(v *plan.Value) goExpr {
	x := g.scalar(v)
	if _, ok := g.text[v]; ok || x.cheap() {
		return x
	}
	g.outside(v, func() { x = g.declare(v, x) })
	return x
}

// scalarText writes how a scalar is computed; where that takes a loop, v has a name then.
func (g *golang) scalarText(v *plan.Value) goExpr {
	arg := func(i int) goExpr { return g.scalar(v.Args[i]) }
	switch v.Kind {
	case plan.Param:
		if isCount(v.Sym) {
			return goFn("float64", goID(g.Names.Symbol(v.Sym)))
		}
		return goID(g.Names.Symbol(v.Sym))
	case plan.Number:
		return goRat(v.Num)
	case plan.Pi:
		return goID("math.Pi")
	case plan.Size:
		return goFn("float64", g.dim(v.Dims[0]))
	case plan.Counter:
		return goFn("float64", goBin("+", goID(g.Names.Index(v.Index)), goInt(1)))
	case plan.Member:
		return g.slice(v.Args[0]).at(goID(g.Names.Index(v.Index)))
	case plan.Unary:
		return g.unary(v.Fn, arg(0), func(x goExpr) goExpr {
			a := v.Args[0]
			g.outside(a, func() { x = g.declare(a, x) })
			return x
		})
	case plan.Binary:
		x := arg(0)
		return binaryGo(v.Fn, x, arg(1))
	case plan.Apply:
		return goFn(g.Names.Function(v.Sym, v.Order), arg(0))
	case plan.Item:
		if a := v.Args[0]; a.Rank == 1 {
			return g.slice(a).at(goInt(0))
		} else {
			return g.receiver(a).method("At", goInt(0), goInt(0))
		}
	case plan.Sum, plan.Dot, plan.Inner:
		return g.total(v)
	case plan.Norm:
		if a := v.Args[0]; a.Rank == 1 {
			return goFn("floats.Norm", g.slice(a), goInt(2))
		} else {
			return goFn("mat.Norm", g.matrix(a), goInt(2))
		}
	case plan.LogSumExp:
		return goFn("floats.LogSumExp", g.slice(v.Args[0]))
	case plan.Trace:
		return goFn("mat.Trace", g.matrix(v.Args[0]))
	case plan.Det:
		return goID(g.factor(v.Args[0])).method("Det")
	case plan.LogDet:
		f := goID(g.factor(v.Args[0]))
		if v.Args[0].Kind == plan.Cholesky {
			return f.method("LogDet")
		}
		g.file.need("logDet")
		return goFn("logDet", goAddr(f))
	case plan.SumOver:
		return goID(g.sumOver(v))
	case plan.Contract:
		return goID(g.contract(v))
	}
	panic("code: Go has no form of a scalar of kind " + itoa(int(v.Kind)))
}

// slice returns a vector to read.
func (g *golang) slice(v *plan.Value) goExpr {
	if s, ok := g.text[v]; ok {
		return goID(s)
	}
	if v.Kind == plan.Param {
		return goID(g.Names.Symbol(v.Sym))
	}
	g.outside(v, func() { g.makeVector(v) })
	return goID(g.text[v])
}

// vector returns a vector as an operand of gonum.
func (g *golang) vector(v *plan.Value) goExpr {
	return goFn("mat.NewVecDense", g.dim(v.Rows), g.slice(v))
}

// matrix returns a matrix as an operand of gonum.
func (g *golang) matrix(v *plan.Value) goExpr {
	if _, ok := g.text[v]; !ok {
		switch v.Kind {
		case plan.Transpose:
			return g.receiver(v.Args[0]).method("T")
		case plan.Inverse:
			if u := g.turned(v); u != nil {
				return g.receiver(u).method("T")
			}
		case plan.AsColumn:
			if v.Args[0].Rank == 1 {
				return g.vector(v.Args[0])
			}
		case plan.AsRow:
			if v.Args[0].Rank == 1 {
				return g.vector(v.Args[0]).method("T")
			}
		case plan.DiagMatrix:
			return goFn("mat.NewDiagDense", g.dim(v.Rows), g.slice(v.Args[0]))
		}
	}
	x := g.receiver(v)
	if g.plain[x.text] {
		return goAddr(x)
	}
	return x
}

// turned returns the inverse of which v, a transposed one, is the transpose, if the program
// has both.
func (g *golang) turned(v *plan.Value) *plan.Value {
	if !v.Trans {
		return nil
	}
	return g.inverse(v)
}

// receiver returns a matrix of which methods can be called.
func (g *golang) receiver(v *plan.Value) goExpr {
	if s, ok := g.text[v]; ok {
		return goID(s)
	}
	switch v.Kind {
	case plan.Param:
		return goID(g.Names.Symbol(v.Sym))
	case plan.Member:
		return goID(g.Names.Symbol(v.Args[0].Sym)).at(goID(g.Names.Index(v.Index)))
	}
	g.outside(v, func() { g.makeMatrix(v) })
	return goID(g.text[v])
}

// newSlice declares the vector v, zero so far.
func (g *golang) newSlice(v *plan.Value) goExpr {
	return g.declare(v, goFn("make", goID("[]float64"), g.dim(v.Rows)))
}

// newDense declares the matrix v, empty so far: a method gives it its shape.
func (g *golang) newDense(v *plan.Value) goExpr {
	name := g.pick(v)
	if g.given[name] {
		g.emit(name + " = new(mat.Dense)")
	} else {
		g.emit("var " + name + " mat.Dense")
		g.plain[name] = true
	}
	g.bind(v, name)
	return goID(name)
}

// newZeros declares the matrix v, zero so far.
func (g *golang) newZeros(v *plan.Value) goExpr {
	return g.declare(v, goFn("mat.NewDense", g.dim(v.Rows), g.dim(v.Cols), goID("nil")))
}

// helper declares v as what a helper returns.
func (g *golang) helper(v *plan.Value, name string, args ...goExpr) {
	g.file.need(name)
	g.declare(v, goFn(name, args...))
}

// makeVector writes the statements that compute a vector.
func (g *golang) makeVector(v *plan.Value) {
	var a *plan.Value
	if len(v.Args) > 0 {
		a = v.Args[0]
	}
	switch v.Kind {
	case plan.Param:
		g.declare(v, goFn("slices.Clone", goID(g.Names.Symbol(v.Sym))))
	case plan.Member:
		x := g.receiver(a).method("RawRowView", goID(g.Names.Index(v.Index)))
		name := g.Names.Fresh(g.Names.Symbol(a.Sym) + g.Names.Index(v.Index))
		g.define(name, x)
		g.bind(v, name)
	case plan.MatVec:
		m, x := g.matrix(a), g.vector(v.Args[1])
		d := g.newSlice(v)
		g.emit(goFn("mat.NewVecDense", g.dim(v.Rows), d).method("MulVec", m, x).String())
	case plan.Unary, plan.Binary, plan.Apply:
		g.entryVector(v)
	case plan.Fill:
		s := g.constant(a)
		d := g.newSlice(v)
		if !a.IsNumber(0, 1) {
			i := g.index()
			g.emit(goBlock("for "+i.text+" := range "+d.text, []string{d.at(i).String() + " = " + s.String()})...)
			g.looping--
		}
	case plan.Unit:
		d := g.newSlice(v)
		g.emit(d.at(goInt(int64(v.Order-1))).String() + " = 1")
	case plan.UnitAt:
		d := g.newSlice(v)
		g.emit(d.at(goID(g.Names.Index(v.Index))).String() + " = 1")
	case plan.RowSum, plan.ColSum:
		g.lineSums(v)
	case plan.Softmax:
		g.helper(v, "softmax", g.slice(a))
	case plan.LogSumExp:
		m := g.receiver(a)
		d, i := g.newSlice(v), g.index()
		line := m.method("RawRowView", i)
		if v.Axis == plan.EachCol {
			line = goFn("mat.Col", goID("nil"), i, g.matrix(a))
		}
		g.emit(goBlock("for "+i.text+" := range "+d.text, []string{d.at(i).String() + " = " + goFn("floats.LogSumExp", line).String()})...)
		g.looping--
	case plan.Diagonal:
		m := g.receiver(a)
		d, i := g.newSlice(v), g.index()
		g.emit(goBlock("for "+i.text+" := range "+d.text, []string{d.at(i).String() + " = " + m.method("At", i, i).String()})...)
		g.looping--
	case plan.Vec:
		g.helper(v, "vec", g.matrix(a))
	case plan.Kron:
		g.helper(v, "kronVec", g.slice(a), g.slice(v.Args[1]))
	case plan.Flatten:
		line := "mat.Col"
		if a.Rows.IsOne() {
			line = "mat.Row"
		}
		g.declare(v, goFn(line, goID("nil"), goInt(0), g.matrix(a)))
	case plan.Solve:
		g.solveVector(v)
	case plan.SumOver:
		g.sumOver(v)
	case plan.Contract:
		g.contract(v)
	default:
		panic("code: Go has no form of a vector of kind " + itoa(int(v.Kind)))
	}
}

// makeMatrix writes the statements that compute a matrix, which is not a view.
func (g *golang) makeMatrix(v *plan.Value) {
	var a, b *plan.Value
	if len(v.Args) > 0 {
		a = v.Args[0]
	}
	if len(v.Args) > 1 {
		b = v.Args[1]
	}
	switch v.Kind {
	case plan.Param, plan.Transpose:
		g.declare(v, goFn("mat.DenseCopyOf", g.matrix(v)))
	case plan.MatMul:
		x, y := g.matrix(a), g.matrix(b)
		g.emit(g.newDense(v).method("Mul", x, y).String())
	case plan.Outer:
		x, y := g.vector(a), g.vector(b)
		g.emit(g.newDense(v).method("Outer", goInt(1), x, y).String())
	case plan.Unary, plan.Binary, plan.Apply, plan.Col, plan.Row, plan.Fill:
		g.entryMatrix(v)
	case plan.Eye:
		g.helper(v, "identity", g.dim(v.Rows))
	case plan.DiagMatrix:
		c := g.entries(a)
		x := c.diagonalEntry(v)
		d := g.newZeros(v)
		g.emit(goBlock("for "+c.i.text+" := range "+g.dim(v.Rows).String(), []string{d.method("Set", c.i, c.i, x).String()})...)
		g.done(a)
	case plan.Commutation:
		g.helper(v, "commutation", g.dim(v.Dims[0]), g.dim(v.Dims[1]))
	case plan.Softmax:
		name := map[plan.Axis]string{plan.EachRow: "softmaxRows", plan.EachCol: "softmaxCols"}[v.Axis]
		g.helper(v, name, g.matrix(a))
	case plan.Unvec:
		g.helper(v, "unvec", g.slice(a), g.dim(v.Rows), g.dim(v.Cols))
	case plan.Kron:
		x, y := g.matrix(a), g.matrix(b)
		g.emit(g.newDense(v).method("Kronecker", x, y).String())
	case plan.KhatriRao:
		g.helper(v, "khatriRao", g.matrix(a), g.matrix(b))
	case plan.KronApply:
		g.kronApply(v)
	case plan.Commute:
		g.helper(v, "commute", g.dim(v.Dims[0]), g.dim(v.Dims[1]), g.matrix(a))
	case plan.AsColumn, plan.AsRow:
		var x goExpr
		if a.Rank == 0 {
			x = goID("[]float64{" + g.scalar(a).String() + "}")
		} else if x = goFn("slices.Clone", g.slice(a)); g.owned(a) {
			x = x.args[1]
		}
		g.declare(v, goFn("mat.NewDense", g.dim(v.Rows), g.dim(v.Cols), x))
	case plan.MatPow, plan.Solve, plan.Inverse, plan.Pinv:
		g.system(v)
	case plan.SumOver, plan.Columns, plan.Stack:
		g.sumOver(v)
	case plan.Contract:
		g.contract(v)
	default:
		panic("code: Go has no form of a matrix of kind " + itoa(int(v.Kind)))
	}
}

// owned reports whether nothing but its one use sees the memory of a vector or matrix
// that has been computed.
func (g *golang) owned(v *plan.Value) bool {
	return g.uses[v] == 1 && g.wanted[v] == "" && v.Kind != plan.Param && v.Kind != plan.Member
}

// kronApply writes (A ⊗ B) X as two products, without identity matrices.
func (g *golang) kronApply(v *plan.Value) {
	x := g.matrix(v.Args[2])
	if b := v.Args[1]; b.Kind != plan.Eye {
		g.file.need("kronRight")
		x = goFn("kronRight", g.matrix(b), x)
	}
	if a := v.Args[0]; a.Kind != plan.Eye {
		g.file.need("kronLeft")
		x = goFn("kronLeft", g.matrix(a), x)
	}
	g.declare(v, x)
}

// goType is the type of an argument or result of that rank.
func goType(rank int) string {
	return []string{"float64", "[]float64", "*mat.Dense", "[]*mat.Dense"}[rank]
}

// goParamType is the type of a parameter.
func goParamType(s *expr.Symbol) string {
	switch {
	case s.Kind == expr.Function:
		return "func(float64) float64"
	case isCount(s):
		return "int"
	}
	return goType(plan.ArgumentRank(s))
}
