package code

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
)

// Precedence levels of R, loosest first.
const (
	rSum = iota + 1
	rProduct
	rSpecial // %*%
	rUnary
	rPower
	rAtom
)

// rReserved are the words of R, and functions that the source calls and that an
// unknown function of the program may not hide.
var rReserved = words(`if else repeat while function for next break TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_
	NA_complex_ NA_character_ in T F pi c t drop crossprod tcrossprod outer sum rowSums colSums diag solve det determinant
	chol chol2inv backsolve qr exp log sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh plogis pnorm
	pchisq abs sign log1p expm1 log2 log10 pmax pmin max min rep matrix array aperm numeric nrow ncol length list stop
	seq_len vector norm as svd kronecker rnorm trials tolerance trial worst step difference results`)

// rGrammar has the forms of R.
var rGrammar = grammar{
	title: "R",
	unary: map[string]form{
		"neg": {"-~1", rUnary, ""}, "exp": rCall("exp"), "log": rCall("log"), "sqrt": rCall("sqrt"),
		"square": {"#1^2", rPower, ""}, "sin": rCall("sin"), "cos": rCall("cos"), "tan": rCall("tan"),
		"asin": rCall("asin"), "acos": rCall("acos"), "atan": rCall("atan"),
		"sinh": rCall("sinh"), "cosh": rCall("cosh"), "tanh": rCall("tanh"),
		"asinh": rCall("asinh"), "acosh": rCall("acosh"), "atanh": rCall("atanh"),
		"sigmoid": rCall("plogis"), "softplus": {"-plogis($1, lower.tail = FALSE, log.p = TRUE)", rUnary, ""},
		"relu": {"pmax($1, 0)", rAtom, ""}, "step": {"($1 > 0) * 1", rProduct, ""},
		"abs": rCall("abs"), "sign": rCall("sign"),
		"erf": {".erf($1)", rAtom, rErf}, "erfc": {"2 * pnorm(sqrt(2) * ^1, lower.tail = FALSE)", rProduct, ""},
		"log1p": rCall("log1p"), "expm1": rCall("expm1"), "log2": rCall("log2"), "log10": rCall("log10"),
	},
	binary: rBinaries,
	forms: map[plan.Kind]form{
		plan.Pi:          {"pi", rAtom, ""},
		plan.Eye:         {"diag(%R)", rAtom, ""},
		plan.Commutation: {"diag(%R)[c(t(matrix(seq_len(%R), %1, %2))), , drop = FALSE]", rAtom, ""},
		plan.Col:         {"matrix($1, %R, %C)", rAtom, ""},
		plan.Row:         {"matrix($1, %R, %C, byrow = TRUE)", rAtom, ""},
		plan.Sum:         rCall("sum"),
		plan.RowSum:      rCall("rowSums"),
		plan.ColSum:      rCall("colSums"),
		plan.Trace:       {"sum(diag($1))", rAtom, ""},
		plan.Transpose:   rCall("t"),
		plan.Diagonal:    rCall("diag"),
		plan.Vec:         rCall("as.vector"),
		plan.Unvec:       {"matrix($1, %R, %C)", rAtom, ""},
		plan.KhatriRao:   {".khatri_rao($1, $2)", rAtom, rKhatriRao},
		plan.Commute:     {"#1[c(t(matrix(seq_len(%R), %1, %2))), , drop = FALSE]", rAtom, ""},
		plan.AsColumn:    {"matrix($1, ncol = 1)", rAtom, ""},
		plan.AsRow:       {"matrix($1, nrow = 1)", rAtom, ""},
		plan.Flatten:     rCall("as.vector"),
		plan.Item:        {"#1[1]", rAtom, ""},
		plan.Outer:       {"outer($1, $2)", rAtom, ""},
		plan.MatPow:      {".matrix_power($1, $2)", rAtom, rMatrixPower},
		plan.Pinv:        {".pinv($1)", rAtom, rPinv},
	},
	special: rSpecialForms,
	number:  numberAt(rProduct, rUnary, rAtom),
}

// rBinaries are the forms of two operands.
var rBinaries = map[string]form{
	"add": {"~1 + ^2", rSum, ""}, "sub": {"~1 - ^2", rSum, ""}, "mul": {"~1 * ^2", rProduct, ""},
	"div": {"~1 / ^2", rProduct, ""}, "pow": {"#1^#2", rPower, ""},
	"max": {"pmax($1, $2)", rAtom, ""}, "min": {"pmin($1, $2)", rAtom, ""},
}

func rCall(name string) form { return form{name + "($1)", rAtom, ""} }

// numberAt writes numbers for a language with these levels of quotients, signs and
// names.
func numberAt(product, unary, atom int) func(w *Writer, r rat.Rat) (string, int) {
	levels := map[int]int{pyProduct: product, pyUnary: unary, pyAtom: atom}
	return func(_ *Writer, r rat.Rat) (string, int) {
		text, level := pyNumber(r)
		return text, levels[level]
	}
}

// rLanguage returns R for one program: a factorisation has a name where it is used
// again.
func rLanguage(p *plan.Program) *Language {
	users := usersOf(p)
	shared := func(factor *plan.Value) bool { return factor.Kind == plan.LU && rShared(factor, users[factor]) }
	l := &Language{Reserved: rReserved, Identifier: asciiIdentifier, Value: rGrammar.value, Indent: "  ", Product: rProduct, Top: rAtom}
	l.Cheap = func(v *plan.Value) bool { return rCheap(v) || v.Kind == plan.LU && !shared(v) }
	l.Named = func(v *plan.Value) bool {
		switch v.Kind {
		case plan.LU:
			return shared(v)
		case plan.Cholesky:
			return slices.ContainsFunc(users[v], func(u *plan.Value) bool { return u.Kind == plan.Solve })
		}
		// The matrix is needed beside its factorisation.
		return !l.Cheap(v) && slices.ContainsFunc(users[v], func(u *plan.Value) bool {
			return shared(u) && slices.ContainsFunc(users[u], func(w *plan.Value) bool { return w.Kind == plan.Det || w.Kind == plan.LogDet })
		})
	}
	l.Stem = func(v *plan.Value) string {
		return map[plan.Kind]string{plan.LU: "QR", plan.Cholesky: "R"}[v.Kind]
	}
	l.Spread = func(w *Writer, v *plan.Value, min int) (string, bool) {
		if v.Kind == plan.Row {
			return "rep(" + w.Arg(v.Args[0], 0) + ", each = " + w.Size(v.Rows, 0) + ")", true
		}
		return w.Arg(v.Args[0], min), true
	}
	l.Assign = func(_ *Writer, name, text string, _ *plan.Value) []string { return []string{name + " <- " + text} }
	l.Loop = func(w *Writer, v *plan.Value, total string, body []string, text string) []string {
		start := "0"
		switch v.Rank {
		case 1:
			start = "numeric(" + w.Size(v.Rows, 0) + ")"
		case 2:
			start = "matrix(0, " + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
		case 3:
			start = `vector("list", ` + w.Size(v.Dims[0], 0) + ")"
		}
		out := []string{total + " <- " + start, "for (" + w.Names.Index(v.Index) + " in seq_len(" + w.Size(v.Dims[0], 0) + ")) {"}
		out = append(out, w.IndentLines(body)...)
		switch v.Kind {
		case plan.Columns:
			return append(out, w.Indent+total+"[, "+w.Names.Index(v.Index)+"] <- "+text, "}")
		case plan.Stack:
			return append(out, w.Indent+total+"[["+w.Names.Index(v.Index)+"]] <- "+text, "}")
		}
		return append(out, w.Indent+total+" <- "+total+" + "+text, "}")
	}
	return l
}

// rShared reports whether systems with one matrix are solved more than once: then a QR
// factorisation is kept, as base R keeps no other of a general matrix.
func rShared(factor *plan.Value, users []*plan.Value) bool {
	systems := 0
	for _, u := range users {
		if u.Kind == plan.Solve || u.Kind == plan.Inverse {
			systems++
			if u.Loops != factor.Loops {
				systems++
			}
		}
	}
	return systems > 1
}

// rCheap says what is written again rather than given a name.
func rCheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Member, plan.Col, plan.Row:
		return true
	case plan.Item:
		return rCheap(v.Args[0])
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	case plan.Transpose:
		return v.Args[0].Kind == plan.Param
	}
	return false
}

// rSpecialForms writes what depends on the operands.
func rSpecialForms(w *Writer, v *plan.Value) (string, int, bool) {
	arg := func(k int) string { return w.Arg(v.Args[k], 0) }
	switch v.Kind {
	case plan.Apply:
		return w.Names.Function(v.Sym, v.Order) + "(" + arg(0) + ")", rAtom, true
	case plan.Binary:
		return rBinary(w, v)
	case plan.Member:
		f, i := w.Arg(v.Args[0], rAtom), w.Names.Index(v.Index)
		return f + []string{"[" + i + "]", "[" + i + ", ]", "[[" + i + "]]"}[v.Rank], rAtom, true
	case plan.Fill:
		s := "rep(" + arg(0) + ", " + w.Size(v.Rows, 0) + ")"
		if v.Rank == 2 {
			s = "matrix(" + arg(0) + ", " + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
		}
		return s, rAtom, true
	case plan.DiagMatrix:
		x := v.Args[0]
		if x.Kind == plan.Fill {
			x = x.Args[0]
		}
		return "diag(" + w.Arg(x, 0) + ", " + w.Size(v.Rows, 0) + ")", rAtom, true
	case plan.Unit:
		return "as.numeric(seq_len(" + w.Size(v.Rows, 0) + ") == " + strconv.Itoa(v.Order) + ")", rAtom, true
	case plan.UnitAt:
		return "as.numeric(seq_len(" + w.Size(v.Rows, 0) + ") == " + w.Names.Index(v.Index) + ")", rAtom, true
	case plan.Dot, plan.Inner:
		if v.Args[0] == v.Args[1] {
			return "sum(" + w.Arg(v.Args[0], rAtom) + "^2)", rAtom, true
		}
		s := "sum(" + w.Arg(v.Args[0], rProduct) + " * "
		return s + w.Arg(v.Args[1], rProduct+1) + ")", rAtom, true
	case plan.Norm:
		if v.Args[0].Rank == 1 {
			return "norm(as.matrix(" + arg(0) + `), "F")`, rAtom, true
		}
		return "norm(" + arg(0) + `, "F")`, rAtom, true
	case plan.Softmax, plan.LogSumExp:
		return rAlong(w, v)
	case plan.Kron:
		if v.Rank == 1 {
			s := "as.vector(outer(" + arg(1)
			return s + ", " + arg(0) + "))", rAtom, true
		}
		return "kronecker(" + arg(0) + ", " + arg(1) + ")", rAtom, true
	case plan.KronApply:
		w.Helper(rKronApply)
		text := ".kron_apply("
		for k, a := range v.Args {
			if k < 2 && a.Kind == plan.Eye {
				text += "NULL, "
			} else {
				text += arg(k) + ", "
			}
		}
		return strings.TrimSuffix(text, ", ") + ")", rAtom, true
	case plan.MatMul, plan.MatVec:
		return rProducts(w, v)
	case plan.LU, plan.Cholesky, plan.Solve, plan.Inverse, plan.Det, plan.LogDet:
		return rSystems(w, v)
	case plan.Contract:
		return rContract(w, v)
	}
	return "", 0, false
}

// rBinary writes what R does not recycle as it should: a column with a row, and the
// maximum with a matrix that comes second.
func rBinary(w *Writer, v *plan.Value) (string, int, bool) {
	a, b := v.Args[0], v.Args[1]
	if a.Kind == plan.Row && b.Kind == plan.Col {
		u := *v
		u.Args = []*plan.Value{b, a}
		if v.Fn != "add" && v.Fn != "mul" && v.Fn != "max" && v.Fn != "min" {
			x := w.Arg(a.Args[0], 0)
			return "t(outer(" + x + ", " + w.Arg(b.Args[0], 0) + rOperator[v.Fn] + "))", rAtom, true
		}
		v, a, b = &u, b, a
	}
	if a.Kind == plan.Col && b.Kind == plan.Row {
		x := w.Arg(a.Args[0], 0)
		return "outer(" + x + ", " + w.Arg(b.Args[0], 0) + rOperator[v.Fn] + ")", rAtom, true
	}
	if v.Fn == "max" || v.Fn == "min" {
		u := *v
		if a.Rank < v.Rank || spreads(v, 0) { // pmax gives the dim of its first argument
			u.Args = []*plan.Value{b, a}
		}
		s, level := w.Form(rBinaries[v.Fn], &u)
		return s, level, true
	}
	return "", 0, false
}

// rOperator is the third argument of outer.
var rOperator = map[string]string{"add": `, "+"`, "sub": `, "-"`, "mul": "", "div": `, "/"`, "pow": `, "^"`, "max": ", pmax", "min": ", pmin"}

// rAlong writes softmax and logsumexp: of columns as of the rows of the transpose.
func rAlong(w *Writer, v *plan.Value) (string, int, bool) {
	name, vector, rows := ".softmax", rSoftmax, rSoftmaxRows
	if v.Kind == plan.LogSumExp {
		name, vector, rows = ".logsumexp", rLogSumExp, rLogSumExpRows
	}
	x := w.Arg(v.Args[0], 0)
	if v.Axis == plan.Whole {
		w.Helper(vector)
		return name + "(" + x + ")", rAtom, true
	}
	w.Helper(rows)
	switch {
	case v.Axis == plan.EachRow:
		return name + "_rows(" + x + ")", rAtom, true
	case v.Kind == plan.LogSumExp:
		return name + "_rows(t(" + x + "))", rAtom, true
	}
	return "t(" + name + "_rows(t(" + x + ")))", rAtom, true
}

// rProducts writes products of matrices: those with a transpose by crossprod.
func rProducts(w *Writer, v *plan.Value) (string, int, bool) {
	a, b := v.Args[0], v.Args[1]
	cross := func(name string, x, y *plan.Value) (string, int, bool) {
		s := name + "(" + w.Arg(x, 0)
		if x != y {
			s += ", " + w.Arg(y, 0)
		}
		s += ")"
		if v.Kind == plan.MatVec {
			s = "drop(" + s + ")"
		}
		return s, rAtom, true
	}
	if a.Kind == plan.Transpose && w.text[a] == "" {
		return cross("crossprod", a.Args[0], b)
	}
	if b.Kind == plan.Transpose && w.text[b] == "" {
		return cross("tcrossprod", a, b.Args[0])
	}
	s := w.Arg(a, rSpecial)
	s += " %*% " + w.Arg(b, rSpecial+1)
	if v.Kind == plan.MatVec {
		return "drop(" + s + ")", rAtom, true
	}
	return s, rSpecial, true
}

// rSystems writes factorisations and what is computed with them.
func rSystems(w *Writer, v *plan.Value) (string, int, bool) {
	if v.Kind == plan.LU {
		return "qr(" + w.Arg(v.Args[0], 0) + ", LAPACK = TRUE)", rAtom, true
	}
	if v.Kind == plan.Cholesky {
		return "chol(" + w.Arg(v.Args[0], 0) + ")", rAtom, true
	}
	factor := v.Args[0]
	matrix := func() string { return w.Arg(factor.Args[0], 0) }
	if factor.Kind == plan.Cholesky {
		f := w.Arg(factor, 0)
		switch v.Kind {
		case plan.Solve:
			return "backsolve(" + f + ", backsolve(" + f + ", " + w.Arg(v.Args[1], 0) + ", transpose = TRUE))", rAtom, true
		case plan.Inverse:
			return "chol2inv(" + f + ")", rAtom, true
		case plan.Det:
			return "prod(diag(" + f + "))^2", rPower, true
		}
		return "2 * sum(log(diag(" + f + ")))", rProduct, true
	}
	shared := w.Named(factor)
	switch {
	case v.Kind == plan.Det:
		return "det(" + matrix() + ")", rAtom, true
	case v.Kind == plan.LogDet:
		w.Helper(rLogDet)
		return ".logdet(" + matrix() + ")", rAtom, true
	case v.Kind == plan.Inverse:
		s := ""
		if v.Trans && w.inverse(v) != nil {
			return "t(" + w.Name(w.inverse(v)) + ")", rAtom, true
		}
		if shared {
			s = "qr.solve(" + w.Arg(factor, 0) + ")"
		} else {
			s = "solve(" + matrix() + ")"
		}
		if v.Trans {
			s = "t(" + s + ")"
		}
		return s, rAtom, true
	case shared && v.Trans:
		w.Helper(rSolveTransposed)
		f := w.Arg(factor, 0)
		return ".qr_solve_transposed(" + f + ", " + w.Arg(v.Args[1], 0) + ")", rAtom, true
	case shared:
		f := w.Arg(factor, 0)
		return "qr.coef(" + f + ", " + w.Arg(v.Args[1], 0) + ")", rAtom, true
	}
	a := matrix()
	if v.Trans {
		a = "t(" + a + ")"
	}
	return "solve(" + a + ", " + w.Arg(v.Args[1], 0) + ")", rAtom, true
}

// rContract writes a sum of products over indices.
func rContract(w *Writer, v *plan.Value) (string, int, bool) {
	w.Helper(rContraction)
	c := contractionOf(v, false)
	pairs := c.distinct()
	var arrays, indices []string
	list := func(l []int) string {
		if len(l) == 1 {
			return itoa(l[0] + 1)
		}
		return "c(" + numbersFrom1(l) + ")"
	}
	for k, a := range c.args {
		text, of := w.Arg(a, 0), c.operands[k]
		if a.Rank == 3 { // a list of matrices: the members become the last axis
			text = "array(unlist(" + text + "), c(dim(" + text + "[[1]]), length(" + text + ")))"
			of = []int{of[1], of[2], of[0]}
		}
		arrays = append(arrays, text)
		indices = append(indices, list(of))
	}
	for _, p := range pairs {
		arrays = append(arrays, "diag("+w.Size(c.sizes[p[0]], 0)+")")
		indices = append(indices, list(p[:]))
	}
	text := ".contract(list(" + strings.Join(arrays, ", ") + "), list(" + strings.Join(indices, ", ") + "), " + list(c.result) + ")"
	if v.Rank == 2 {
		text = "matrix(" + text + ", " + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
	}
	return text, rAtom, true
}

// rRandom writes a random direction of the shape of an argument.
func rRandom(s *expr.Symbol, name string) string {
	switch plan.ArgumentRank(s) {
	case 0:
		return "rnorm(1)"
	case 1:
		return "rnorm(length(" + name + "))"
	case 2:
		return "matrix(rnorm(length(" + name + ")), nrow(" + name + "))"
	}
	return "lapply(" + name + ", function(m) matrix(rnorm(length(m)), nrow(m)))"
}
