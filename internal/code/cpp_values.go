package code

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
)

func cppQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// cppForms are the forms of the other kinds.
var cppForms = map[plan.Kind]form{
	plan.Pi:          {"Scalar(EIGEN_PI)", cppAtom, ""},
	plan.Eye:         {"Matrix<Scalar>::Identity(%R, %C)", cppAtom, ""},
	plan.Commutation: {"commutation<Scalar>(%1, %2)", cppAtom, cppCommutation},
	plan.Col:         {"#1.replicate(1, %C)", cppAtom, ""},
	plan.Row:         {"#1.transpose().replicate(%R, 1)", cppAtom, ""},
	plan.Sum:         {"#1.sum()", cppAtom, ""},
	plan.RowSum:      {"#1.rowwise().sum()", cppAtom, ""},
	plan.ColSum:      {"#1.colwise().sum().transpose()", cppAtom, ""},
	plan.Norm:        {"#1.stableNorm()", cppAtom, ""},
	plan.Trace:       {"#1.trace()", cppAtom, ""},
	plan.Transpose:   {"#1.transpose()", cppAtom, ""},
	plan.Diagonal:    {"#1.diagonal()", cppAtom, ""},
	plan.Vec:         {"#1.reshaped()", cppAtom, ""},
	plan.Unvec:       {"#1.reshaped(%R, %C)", cppAtom, ""},
	plan.KhatriRao:   {"khatri_rao<Scalar>($1, $2)", cppAtom, cppKhatriRao},
	plan.Commute:     {"commute<Scalar>(%1, %2, $1)", cppAtom, cppCommute},
	plan.MatVec:      {"~1 * ^2", cppProduct, ""},
	plan.MatMul:      {"~1 * ^2", cppProduct, ""},
	plan.Outer:       {"~1 * #2.transpose()", cppProduct, ""},
	plan.Pinv:        {"#1.completeOrthogonalDecomposition().pseudoInverse()", cppAtom, ""},
}

// cppNumber writes r: an integer, a decimal where that is exact and short, or p / q in
// floating point. Numbers take the type of what they are combined with.
func cppNumber(r rat.Rat) (string, int) {
	if r.Sign() < 0 {
		text, level := cppNumber(r.Abs())
		return "-" + text, min(level, cppUnary)
	}
	p, q, small := r.Small()
	switch {
	case small && q == 1 && p < 1<<31:
		return strconv.FormatInt(p, 10), cppAtom
	case small && (q == 2 || q == 4 || q == 5 || q == 8 || q == 10):
		return strconv.FormatFloat(float64(p)/float64(q), 'g', -1, 64), cppAtom
	}
	num, den, ok := strings.Cut(r.Abs().String(), "/")
	if !ok {
		return num + ".0", cppAtom
	}
	if !small || q >= 1<<31 {
		den += ".0"
	}
	return num + ".0 / " + den, cppProduct
}

// wrap makes a matrix of an array.
func (c *cppWriter) wrap(text string, level int) (string, int) {
	matrix := text + ".matrix()"
	if level < cppAtom {
		matrix = "(" + text + ").matrix()"
	}
	c.arrays[matrix] = cppText{text, level}
	return matrix, cppAtom
}

// bare returns a text as it is assigned or returned: an array becomes a matrix by itself.
func (c *cppWriter) bare(text string) string {
	if a, ok := c.arrays[text]; ok {
		return a.text
	}
	return text
}

// isArray reports whether a text is an array inside.
func (c *cppWriter) isArray(text string) bool { _, ok := c.arrays[text]; return ok }

// array returns an operand as an array.
func (c *cppWriter) array(text string, level, min int) string {
	if a, ok := c.arrays[text]; ok {
		text, level = a.text, a.level
		if level < min {
			return "(" + text + ")"
		}
		return text
	}
	if level < cppAtom {
		text = "(" + text + ")"
	}
	return text + ".array()"
}

// value writes how v is computed.
func (c *cppWriter) value(w *Writer, v *plan.Value) (string, int) {
	switch v.Kind {
	case plan.Param:
		if isCount(v.Sym) {
			return "Scalar(" + w.Names.Symbol(v.Sym) + ")", cppAtom
		}
		return w.Names.Symbol(v.Sym), cppAtom
	case plan.Number:
		return cppNumber(v.Num)
	case plan.Size:
		return "Scalar(" + w.Size(v.Dims[0], 0) + ")", cppAtom
	case plan.Counter:
		return "Scalar(" + w.Names.Index(v.Index) + " + 1)", cppAtom
	case plan.Member:
		x, i := w.Names.Symbol(v.Args[0].Sym), w.Names.Index(v.Index)
		return x + []string{"(" + i + ")", ".row(" + i + ").transpose()", "[" + i + "]"}[v.Rank], cppAtom
	case plan.Fill:
		return c.fill(w, v), cppAtom
	case plan.Unit:
		return "Vector<Scalar>::Unit(" + w.Size(v.Rows, 0) + ", " + itoa(v.Order-1) + ")", cppAtom
	case plan.UnitAt:
		return "Vector<Scalar>::Unit(" + w.Size(v.Rows, 0) + ", " + w.Names.Index(v.Index) + ")", cppAtom
	case plan.Unary:
		return c.unary(w, v)
	case plan.Binary:
		if v.Rank == 0 {
			return c.scalarBinary(w, v)
		}
		return c.binary(w, v)
	case plan.Apply:
		f := w.Names.Function(v.Sym, v.Order)
		if v.Rank == 0 {
			return f + "(" + w.Arg(v.Args[0], 0) + ")", cppAtom
		}
		return c.each(w, v, f)
	case plan.Dot:
		if v.Args[0] == v.Args[1] {
			return w.Arg(v.Args[0], cppAtom) + ".squaredNorm()", cppAtom
		}
		x := w.Arg(v.Args[0], cppAtom)
		return x + ".dot(" + w.Arg(v.Args[1], 0) + ")", cppAtom
	case plan.Inner:
		if v.Args[0] == v.Args[1] {
			return w.Arg(v.Args[0], cppAtom) + ".squaredNorm()", cppAtom
		}
		x := w.Arg(v.Args[0], cppAtom)
		return x + ".cwiseProduct(" + w.Arg(v.Args[1], 0) + ").sum()", cppAtom
	case plan.Sum:
		x := w.Arg(v.Args[0], cppAtom)
		if c.isArray(x) {
			x = c.array(x, cppAtom, cppAtom)
		}
		return x + ".sum()", cppAtom
	case plan.Softmax:
		return c.along(w, v, "softmax", [3]string{cppSoftmax, cppSoftmaxRows, cppSoftmaxCols}), cppAtom
	case plan.LogSumExp:
		return c.along(w, v, "log_sum_exp", [3]string{cppLogSumExp, cppLogSumExpRows, cppLogSumExpCols}), cppAtom
	case plan.Item:
		return c.stored(w, v.Args[0]) + []string{"", "(0)", "(0, 0)"}[v.Args[0].Rank], cppAtom
	case plan.AsColumn, plan.AsRow:
		switch {
		case v.Args[0].Rank == 0:
			return "Matrix<Scalar>::Constant(1, 1, " + w.Arg(v.Args[0], 0) + ")", cppAtom
		case v.Kind == plan.AsRow:
			return w.Arg(v.Args[0], cppAtom) + ".transpose()", cppAtom
		}
		return w.Arg(v.Args[0], cppAtom), cppAtom
	case plan.Flatten:
		x := w.Arg(v.Args[0], cppAtom)
		if v.Args[0].Cols.IsOne() {
			return x + ".col(0)", cppAtom
		}
		return x + ".row(0).transpose()", cppAtom
	case plan.DiagMatrix:
		if x := v.Args[0]; x.Kind == plan.Fill {
			n := w.Size(v.Rows, 0)
			return w.Arg(x.Args[0], cppProduct) + " * Matrix<Scalar>::Identity(" + n + ", " + n + ")", cppProduct
		}
		return "Matrix<Scalar>(" + w.Arg(v.Args[0], cppAtom) + ".asDiagonal())", cppAtom
	case plan.Kron:
		if v.Rank == 1 { // vec(y x')
			y := w.Arg(v.Args[1], cppProduct)
			return "(" + y + " * " + w.Arg(v.Args[0], cppAtom) + ".transpose()).reshaped()", cppAtom
		}
		w.Helper(cppKron)
		x := w.Arg(v.Args[0], 0)
		return "kron<Scalar>(" + x + ", " + w.Arg(v.Args[1], 0) + ")", cppAtom
	case plan.KronApply:
		return c.kronApply(w, v), cppAtom
	case plan.MatMul:
		return c.product(w, v)
	case plan.LU, plan.Cholesky:
		return w.Arg(v.Args[0], 0), cppAtom
	case plan.Solve, plan.Inverse, plan.Det, plan.LogDet:
		return c.system(w, v)
	case plan.MatPow:
		w.Helper(cppPower)
		x := w.Arg(v.Args[0], 0)
		k, _ := c.integer(w, v.Args[1])
		return "power<Scalar>(" + x + ", " + k + ")", cppAtom
	}
	f, ok := cppForms[v.Kind]
	if !ok {
		panic("code: C++ has no form of kind " + itoa(int(v.Kind)))
	}
	return w.Form(f, v)
}

// fill writes a vector or matrix of equal entries.
func (c *cppWriter) fill(w *Writer, v *plan.Value) string {
	s := v.Args[0]
	text := cppType(v.Rank, "Scalar")
	sizes := w.Size(v.Rows, 0)
	if v.Rank == 2 {
		sizes += ", " + w.Size(v.Cols, 0)
	}
	switch {
	case s.IsNumber(1, 1):
		return text + "::Ones(" + sizes + ")"
	case s.IsNumber(0, 1):
		return text + "::Zero(" + sizes + ")"
	}
	return text + "::Constant(" + sizes + ", " + w.Arg(s, 0) + ")"
}

// along writes a function of a vector, or of the rows or columns of a matrix.
func (c *cppWriter) along(w *Writer, v *plan.Value, name string, helpers [3]string) string {
	name += [...]string{plan.Whole: "", plan.EachRow: "_rows", plan.EachCol: "_cols"}[v.Axis]
	if v.Axis != plan.Whole {
		w.Helper(helpers[0])
	}
	w.Helper(helpers[v.Axis])
	return name + "<Scalar>(" + w.Arg(v.Args[0], 0) + ")"
}

// kronApply writes (A ⊗ B) X as two products, without identity matrices.
func (c *cppWriter) kronApply(w *Writer, v *plan.Value) string {
	a, b := v.Args[0], v.Args[1]
	text := w.Arg(v.Args[2], 0)
	if b.Kind != plan.Eye {
		w.Helper(cppKronRight)
		text = "kron_right<Scalar>(" + w.Arg(b, 0) + ", " + text + ")"
	}
	if a.Kind != plan.Eye {
		w.Helper(cppKronLeft)
		text = "kron_left<Scalar>(" + w.Arg(a, 0) + ", " + text + ")"
	}
	return text
}

// product writes a product of matrices; a diagonal one is not built.
func (c *cppWriter) product(w *Writer, v *plan.Value) (string, int) {
	side := func(k, min int) string {
		if a := v.Args[k]; a.Kind == plan.DiagMatrix && a.Args[0].Kind != plan.Fill && w.text[a] == "" && w.uses[a] == 1 {
			return w.Name(a.Args[0]) + ".asDiagonal()"
		}
		return w.Arg(v.Args[k], min)
	}
	if a, d, _, trans, ok := plan.Square(v); ok && d == nil {
		w.Helper(cppSquare)
		m := w.Arg(a, cppAtom)
		if trans {
			m += ".transpose()"
		}
		return "square<Scalar>(" + m + ")", cppAtom
	}
	x := side(0, cppProduct)
	return x + " * " + side(1, cppProduct+1), cppProduct
}

// system writes what is computed with a factorisation.
func (c *cppWriter) system(w *Writer, v *plan.Value) (string, int) {
	factor := v.Args[0]
	f := w.Arg(factor, cppAtom)
	positive := factor.Kind == plan.Cholesky
	switch v.Kind {
	case plan.Solve:
		if v.Trans {
			f += ".transpose()"
		}
		return f + ".solve(" + w.Arg(v.Args[1], 0) + ")", cppAtom
	case plan.Inverse:
		switch {
		case positive:
			n := w.Size(v.Rows, 0)
			return f + ".solve(Matrix<Scalar>::Identity(" + n + ", " + n + "))", cppAtom
		case v.Trans:
			if u := w.inverse(v); u != nil {
				return w.Name(u) + ".transpose()", cppAtom
			}
			return f + ".inverse().transpose()", cppAtom
		}
		return f + ".inverse()", cppAtom
	case plan.Det:
		if positive {
			return "std::pow(" + f + ".matrixLLT().diagonal().prod(), 2)", cppAtom
		}
		return f + ".determinant()", cppAtom
	}
	if positive {
		return "2 * " + f + ".matrixLLT().diagonal().array().log().sum()", cppProduct
	}
	w.Helper(cppLogDeterminant)
	return "log_determinant<Scalar>(" + f + ")", cppAtom
}

// integer writes an integer scalar as an int.
func (c *cppWriter) integer(w *Writer, v *plan.Value) (string, int) {
	switch v.Kind {
	case plan.Number:
		if p, q, ok := v.Num.Small(); ok && q == 1 {
			return strconv.FormatInt(p, 10), cppUnary
		}
	case plan.Size:
		return w.Size(v.Dims[0], cppAtom), cppAtom
	case plan.Counter:
		return w.Names.Index(v.Index) + " + 1", cppSum
	case plan.Param:
		if isCount(v.Sym) {
			return w.Names.Symbol(v.Sym), cppAtom
		}
	case plan.Unary:
		if v.Fn == "neg" {
			x, level := c.integer(w, v.Args[0])
			if level <= cppUnary {
				x = "(" + x + ")"
			}
			return "-" + x, cppUnary
		}
	case plan.Binary:
		if op, ok := cppOperators[v.Fn]; ok && v.Fn != "div" {
			x, level := c.integer(w, v.Args[0])
			if level < op.level {
				x = "(" + x + ")"
			}
			y, level := c.integer(w, v.Args[1])
			if level <= op.level {
				y = "(" + y + ")"
			}
			return x + op.text + y, op.level
		}
	}
	return "static_cast<Eigen::Index>(std::round(" + w.Arg(v, 0) + "))", cppAtom
}
