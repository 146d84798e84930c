package code

import "example.com/nabla/internal/plan"

// factor returns the name of a factorisation, which all that solve with it share.
func (g *golang) factor(v *plan.Value) string {
	if s, ok := g.text[v]; ok {
		return s
	}
	g.outside(v, func() {
		a := v.Args[0]
		m := g.matrix(a)
		if v.Kind == plan.LU {
			name := g.Names.numbered("lu")
			g.emit("var "+name+" mat.LU", goID(name).method("Factorize", m).String())
			g.bind(v, name)
			return
		}
		g.file.need("symmetric")
		name := g.Names.numbered("chol")
		g.emit("var " + name + " mat.Cholesky")
		g.fail("!"+goID(name).method("Factorize", goFn("symmetric", m)).String(), formula(a)+" is not positive definite")
		g.bind(v, name)
	})
	return g.text[v]
}

// checked calls what returns an error, and fails where that says that a is singular.
func (g *golang) checked(call goExpr, a *plan.Value) {
	g.file.need("singular")
	g.fail("err := "+call.String()+"; singular(err)", formula(a)+" is singular")
}

// solveVector writes the solution of a system with one right-hand side.
func (g *golang) solveVector(v *plan.Value) {
	f := v.Args[0]
	name := goID(g.factor(f))
	b := g.vector(v.Args[1])
	d := goFn("mat.NewVecDense", g.dim(v.Rows), g.newSlice(v))
	if f.Kind == plan.Cholesky {
		g.checked(name.method("SolveVecTo", d, b), f.Args[0])
		return
	}
	g.checked(name.method("SolveVecTo", d, goBool(v.Trans), b), f.Args[0])
}

func goBool(b bool) goExpr {
	if b {
		return goID("true")
	}
	return goID("false")
}

// operand returns a destination as an operand.
func (g *golang) operand(x goExpr) goExpr {
	if g.plain[x.text] {
		return goAddr(x)
	}
	return x
}

// system writes a matrix that solves a system, an inverse or a power.
func (g *golang) system(v *plan.Value) {
	f := v.Args[0]
	switch v.Kind {
	case plan.Solve:
		name := goID(g.factor(f))
		b := g.matrix(v.Args[1])
		d := g.operand(g.newDense(v))
		if f.Kind == plan.Cholesky {
			g.checked(name.method("SolveTo", d, b), f.Args[0])
		} else {
			g.checked(name.method("SolveTo", d, goBool(v.Trans), b), f.Args[0])
		}
	case plan.Inverse:
		g.invert(v, f)
	case plan.MatPow:
		g.power(v)
	case plan.Pinv:
		g.file.need("pseudoInverse")
		m := g.matrix(f)
		name := g.pick(v)
		g.emit(name + g.defineErr(name) + goFn("pseudoInverse", m).String())
		g.bind(v, name)
		g.fail("err != nil", "the singular values of "+formula(f)+" do not converge")
	}
}

// defineErr is the operator that declares a name and err.
func (g *golang) defineErr(name string) string {
	if g.given[name] {
		return ", err = "
	}
	return ", err := "
}

func (g *golang) invert(v, f *plan.Value) {
	a := f.Args[0]
	_, known := g.text[f]
	switch {
	case g.turned(v) != nil:
		g.declare(v, goFn("mat.DenseCopyOf", g.matrix(v)))
	case f.Kind == plan.Cholesky:
		name := goID(g.factor(f))
		sym := g.Names.numbered("inv")
		g.emit("var " + sym + " mat.SymDense")
		g.checked(name.method("InverseTo", goAddr(goID(sym))), a)
		g.declare(v, goFn("mat.DenseCopyOf", goAddr(goID(sym))))
	case !known && g.uses[f] <= 1:
		m := g.receiver(a)
		if v.Trans {
			m = m.method("T")
		} else {
			m = g.matrix(a)
		}
		g.checked(g.newDense(v).method("Inverse", m), a)
	default:
		g.file.need("identity")
		name := goID(g.factor(f))
		d := g.operand(g.newDense(v))
		g.checked(name.method("SolveTo", d, goBool(v.Trans), goFn("identity", g.dim(v.Rows))), a)
	}
}

// power writes a matrix to the power of an integer.
func (g *golang) power(v *plan.Value) {
	a, k := v.Args[0], v.Args[1]
	m := g.matrix(a)
	n := g.integer(k)
	if k.Kind == plan.Counter || k.Kind == plan.Size || k.Kind == plan.Number && k.Num.Sign() >= 0 {
		g.emit(g.newDense(v).method("Pow", m, n).String())
		return
	}
	g.file.need("power")
	name := g.pick(v)
	g.emit(name + g.defineErr(name) + goFn("power", m, n).String())
	g.bind(v, name)
	g.file.need("singular")
	g.fail("singular(err)", formula(a)+" is singular")
}

// integer returns an integer scalar as an int.
func (g *golang) integer(v *plan.Value) goExpr {
	switch v.Kind {
	case plan.Number:
		if x := goRat(v.Num); x.isWhole() {
			return x
		}
	case plan.Size:
		return g.dim(v.Dims[0])
	case plan.Counter:
		return goBin("+", goID(g.Names.Index(v.Index)), goInt(1))
	case plan.Param:
		if isCount(v.Sym) {
			return goID(g.Names.Symbol(v.Sym))
		}
	case plan.Unary:
		if v.Fn == "neg" {
			return goNeg(g.integer(v.Args[0]))
		}
	case plan.Binary:
		if op := map[string]string{"add": "+", "sub": "-", "mul": "*"}[v.Fn]; op != "" {
			x := g.integer(v.Args[0])
			return goBin(op, x, g.integer(v.Args[1]))
		}
	}
	return goFn("int", goFn("math.Round", g.scalar(v)))
}
