package code

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
)

// Precedence levels of MATLAB, loosest first.
const (
	mSum = iota + 1
	mProduct
	mUnary
	mPower
	mAtom // transposes too
)

// matlabReserved are the words of MATLAB and the functions that the source calls: a
// variable of the name would hide them.
var matlabReserved = words(`break case catch classdef continue else elseif end for function global if otherwise parfor
	persistent return spmd switch try while pi eps Inf NaN nargin nargout ans abs acos acosh asin asinh atan atanh
	cast cell chol class cosh cos det diag double erf erfc error exp expm1 eye floor full inv isfloat isreal iscolumn
	isscalar kron log log10 log1p log2 lu max min ndims norm numel ones permute pinv prod randn real reallog
	realpow realsqrt repmat reshape round setdiff sign sin sinh size sort sqrt sum tan tanh trace zeros
	argument sigmoid softplus softmax logsumexp logdet permutation_sign khatri_rao kron_apply commute commutation
	contract deviation worst trial trials tolerance step difference rows columns`)

// matlabGrammar has the forms of MATLAB; @T in a form is the class of the arguments after
// a comma.
var matlabGrammar = grammar{
	title: "MATLAB",
	unary: map[string]form{
		"neg": {"-~1", mUnary, ""}, "exp": mCall("exp"), "log": mCall("reallog"), "sqrt": mCall("realsqrt"),
		"square": {"#1 ^ 2", mPower, ""}, "sin": mCall("sin"), "cos": mCall("cos"), "tan": mCall("tan"),
		"asin": mCall("asin"), "acos": mCall("acos"), "atan": mCall("atan"),
		"sinh": mCall("sinh"), "cosh": mCall("cosh"), "tanh": mCall("tanh"),
		"asinh": mCall("asinh"), "acosh": mCall("acosh"), "atanh": mCall("atanh"),
		"sigmoid": {"sigmoid($1)", mAtom, mSigmoid}, "softplus": {"softplus($1)", mAtom, mSoftplus},
		"relu": {"max($1, 0)", mAtom, ""}, "step": {"max(sign($1), 0)", mAtom, ""},
		"abs": mCall("abs"), "sign": mCall("sign"), "erf": mCall("erf"), "erfc": mCall("erfc"),
		"log1p": mCall("log1p"), "expm1": mCall("expm1"), "log2": mCall("log2"), "log10": mCall("log10"),
	},
	binary: map[string]form{
		"add": {"~1 + ^2", mSum, ""}, "sub": {"~1 - ^2", mSum, ""}, "mul": {"~1 * ^2", mProduct, ""},
		"div": {"~1 / ^2", mProduct, ""}, "pow": {"#1 ^ #2", mPower, ""},
		"max": {"max($1, $2)", mAtom, ""}, "min": {"min($1, $2)", mAtom, ""},
	},
	spread: mEntrywise,
	forms: map[plan.Kind]form{
		plan.Pi:        {"pi", mAtom, ""},
		plan.Col:       {"repmat($1, 1, %C)", mAtom, ""},
		plan.RowSum:    {"sum($1, 2)", mAtom, ""},
		plan.ColSum:    {"sum($1, 1)'", mAtom, ""},
		plan.Trace:     mCall("trace"),
		plan.Diagonal:  mCall("diag"),
		plan.Unvec:     {"reshape($1, %R, %C)", mAtom, ""},
		plan.Kron:      {"kron($1, $2)", mAtom, ""},
		plan.KhatriRao: {"khatri_rao($1, $2)", mAtom, mKhatriRao},
		plan.Commute:   {"commute(%1, %2, $1)", mAtom, mCommute},
		plan.Flatten:   {"reshape($1, [], 1)", mAtom, ""},
		plan.MatMul:    {"~1 * ^2", mProduct, ""},
		plan.MatVec:    {"~1 * ^2", mProduct, ""},
		plan.MatPow:    {"#1 ^ #2", mPower, ""},
		plan.Pinv:      mCall("pinv"),
	},
	special: matlabSpecial,
	number:  numberAt(mProduct, mUnary, mAtom),
}

func mCall(name string) form { return form{name + "($1)", mAtom, ""} }

// mEntrywise puts a dot before the operators between arrays.
func mEntrywise(fn string, f form, v *plan.Value) form {
	arrays := func(k int) bool { return len(v.Args) > k && v.Args[k].Rank > 0 }
	switch {
	case fn == "mul" && arrays(0) && arrays(1), fn == "div" && arrays(1), fn == "pow", fn == "square":
		f.text = strings.NewReplacer(" *", " .*", " /", " ./", " ^ ", " .^ ").Replace(f.text)
	}
	return f
}

// mTurn transposes the text of a name or brackets.
func mTurn(s string) string {
	if t, ok := strings.CutSuffix(s, "'"); ok {
		return t
	}
	return s + "'"
}

// matlabLanguage returns MATLAB for one program. A factorisation has a name where it is
// used again, or where its factors are needed.
func matlabLanguage(p *plan.Program) *Language {
	users := usersOf(p)
	kept := func(v *plan.Value) bool { return mKept(v, users[v]) }
	l := &Language{Reserved: matlabReserved, Identifier: asciiIdentifier, Value: matlabGrammar.value, Cheap: matlabCheap,
		Indent: "  ", Product: mProduct, Top: mAtom, NameAll: true}
	l.Named = func(v *plan.Value) bool {
		switch v.Kind {
		case plan.LU, plan.Cholesky:
			return kept(v)
		}
		return mByIndex(v) && kept(v.Args[0])
	}
	l.Stem = func(v *plan.Value) string {
		return map[plan.Kind]string{plan.LU: "L", plan.Cholesky: "R"}[v.Kind]
	}
	l.Spread = func(w *Writer, v *plan.Value, min int) (string, bool) {
		if v.Kind == plan.Row {
			return mTurn(w.Arg(v.Args[0], mAtom)), true
		}
		return w.Arg(v.Args[0], min), true
	}
	l.Assign = func(w *Writer, name, text string, v *plan.Value) []string {
		switch {
		case v.Kind == plan.LU:
			u, p := w.Names.numbered("U"), w.Names.numbered("p")
			w.parts[v] = []string{name, u, p}
			return []string{"[" + name + ", " + u + ", " + p + "] = " + text + ";"}
		case mByIndex(v) && kept(v.Args[0]) && text != w.text[v] && !(v.Trans && v.Kind == plan.Inverse && w.inverse(v) != nil):
			p := w.parts[v.Args[0]][2]
			at := "(" + p + ", :)"
			if v.Rank == 1 {
				at = "(" + p + ", 1)"
			} else if v.Kind == plan.Inverse && !v.Trans {
				at = "(:, " + p + ")"
			}
			return []string{name + at + " = " + text + ";"}
		}
		return []string{name + " = " + text + ";"}
	}
	l.Loop = func(w *Writer, v *plan.Value, total string, body []string, text string) []string {
		start := "0"
		switch v.Rank {
		case 1:
			start = "zeros(" + w.Size(v.Rows, 0) + ", 1" + mType(w) + ")"
		case 2:
			start = "zeros(" + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + mType(w) + ")"
		case 3:
			start = "zeros(" + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ", " + w.Size(v.Dims[0], 0) + mType(w) + ")"
		}
		out := []string{total + " = " + start + ";", "for " + w.Names.Index(v.Index) + " = 1:" + w.Size(v.Dims[0], mSum+1)}
		out = append(out, w.IndentLines(body)...)
		switch v.Kind {
		case plan.Columns:
			return append(out, w.Indent+total+"(:, "+w.Names.Index(v.Index)+") = "+text+";", "end")
		case plan.Stack:
			return append(out, w.Indent+total+"(:, :, "+w.Names.Index(v.Index)+") = "+text+";", "end")
		}
		return append(out, w.Indent+total+" = "+total+" + "+text+";", "end")
	}
	return l
}

// mKept reports whether a factorisation is kept in variables: it is used more than once,
// or by its factors.
func mKept(factor *plan.Value, users []*plan.Value) bool {
	return len(users) > 1 || slices.ContainsFunc(users, func(u *plan.Value) bool {
		return u.Loops != factor.Loops || factor.Kind == plan.LU && u.Kind == plan.LogDet
	})
}

// mByIndex reports whether a value is assigned to permuted rows or columns, if the LU
// factors are kept.
func mByIndex(v *plan.Value) bool {
	return (v.Kind == plan.Inverse || v.Kind == plan.Solve && v.Trans) && v.Args[0].Kind == plan.LU
}

// matlabCheap says what is written again rather than given a name.
func matlabCheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Member, plan.Col, plan.Row:
		return true
	case plan.Transpose, plan.Item, plan.AsColumn, plan.AsRow:
		return matlabCheap(v.Args[0])
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	}
	return false
}

// mType is the class of the arguments as a last argument, with its comma.
func mType(w *Writer) string {
	if s := w.likeArgument(); s != "" {
		return ", class(" + s + ")"
	}
	return ""
}

// matlabSpecial writes what depends on the operands.
func matlabSpecial(w *Writer, v *plan.Value) (string, int, bool) {
	arg := func(k int) string { return w.Arg(v.Args[k], 0) }
	atom := func(k int) string { return w.Arg(v.Args[k], mAtom) }
	switch v.Kind {
	case plan.Apply:
		return w.Names.Function(v.Sym, v.Order) + "(" + arg(0) + ")", mAtom, true
	case plan.Unary:
		if (v.Fn == "log" || v.Fn == "sqrt") && v.Args[0].Nonnegative() {
			return v.Fn + "(" + arg(0) + ")", mAtom, true
		}
	case plan.Binary:
		if y := v.Args[1]; v.Fn == "pow" && !(y.Kind == plan.Number && y.Num.IsInt()) && !integral(y) && !v.Args[0].Nonnegative() {
			s := "realpow(" + w.Operand(v, 0, 0)
			return s + ", " + w.Operand(v, 1, 0) + ")", mAtom, true
		}
	case plan.Member:
		f, i := atom(0), w.Names.Index(v.Index)
		return f + []string{"(" + i + ")", "(" + i + ", :)'", "(:, :, " + i + ")"}[v.Rank], mAtom, true
	case plan.Fill:
		return matlabFill(w, v)
	case plan.Eye:
		return matlabFull(w, v, "eye("+w.Size(v.Rows, 0)+mType(w)+")"), mAtom, true
	case plan.DiagMatrix:
		if f := v.Args[0]; f.Kind == plan.Fill {
			s := w.Arg(f.Args[0], mProduct)
			return s + " * " + matlabFull(w, v, "eye("+w.Size(v.Rows, 0)+mType(w)+")"), mProduct, true
		}
		return matlabFull(w, v, "diag("+arg(0)+")"), mAtom, true
	case plan.Unit, plan.UnitAt:
		like, at := w.likeArgument(), strconv.Itoa(v.Order)
		if v.Kind == plan.UnitAt {
			at = w.Names.Index(v.Index)
		}
		s := "(1:" + w.Size(v.Rows, mSum+1) + ")' == " + at
		if like == "" {
			return "double(" + s + ")", mAtom, true
		}
		return "cast(" + s + ", class(" + like + "))", mAtom, true
	case plan.Commutation:
		w.Helper(mCommutation)
		return "commutation(" + w.Size(v.Dims[0], 0) + ", " + w.Size(v.Dims[1], 0) + mType(w) + ")", mAtom, true
	case plan.Row:
		return "repmat(" + mTurn(atom(0)) + ", " + w.Size(v.Rows, 0) + ", 1)", mAtom, true
	case plan.Sum:
		if v.Args[0].Rank == 1 {
			return "sum(" + arg(0) + ")", mAtom, true
		}
		return "sum(sum(" + arg(0) + "))", mAtom, true
	case plan.Dot:
		s := mTurn(atom(0))
		return s + " * " + w.Arg(v.Args[1], mProduct+1), mProduct, true
	case plan.Inner:
		s := "sum(sum(" + w.Arg(v.Args[0], mProduct)
		return s + " .* " + w.Arg(v.Args[1], mProduct+1) + "))", mAtom, true
	case plan.Norm:
		if v.Args[0].Rank == 1 {
			return "norm(" + arg(0) + ")", mAtom, true
		}
		return "norm(" + arg(0) + ", 'fro')", mAtom, true
	case plan.Softmax:
		w.Helper(mSoftmax)
		return "softmax(" + arg(0) + mAxis[v.Axis] + ")", mAtom, true
	case plan.LogSumExp:
		w.Helper(mLogSumExp)
		s := "logsumexp(" + arg(0) + mAxis[v.Axis] + ")"
		if v.Axis == plan.EachCol {
			s += "'"
		}
		return s, mAtom, true
	case plan.Transpose:
		return mTurn(atom(0)), mAtom, true
	case plan.Vec:
		if s := arg(0); isIdentifier(s) {
			return s + "(:)", mAtom, true
		} else {
			return "reshape(" + s + ", [], 1)", mAtom, true
		}
	case plan.Item, plan.AsColumn:
		return atom(0), mAtom, true
	case plan.AsRow:
		if v.Args[0].Rank == 0 {
			return atom(0), mAtom, true
		}
		return mTurn(atom(0)), mAtom, true
	case plan.KronApply:
		w.Helper(mKronApply)
		text := "kron_apply("
		for k, a := range v.Args {
			if k < 2 && a.Kind == plan.Eye {
				text += "[], "
			} else {
				text += arg(k) + ", "
			}
		}
		return strings.TrimSuffix(text, ", ") + ")", mAtom, true
	case plan.Outer:
		s := w.Arg(v.Args[0], mProduct)
		return s + " * " + mTurn(atom(1)), mProduct, true
	case plan.LU, plan.Cholesky, plan.Solve, plan.Inverse, plan.Det, plan.LogDet:
		return matlabSystems(w, v)
	case plan.Contract:
		return matlabContract(w, v)
	}
	return "", 0, false
}

// matlabFull makes a matrix full that is added to rows or columns: Octave keeps diagonal
// matrices as such, and does not spread what is added to them.
func matlabFull(w *Writer, v *plan.Value, text string) string {
	for _, u := range w.Users(v) {
		if u.Kind == plan.Binary && (spreads(u, 0) || spreads(u, 1)) {
			return "full(" + text + ")"
		}
	}
	return text
}

// mAxis is the dimension that is reduced.
var mAxis = []string{plan.Whole: ", 1", plan.EachRow: ", 2", plan.EachCol: ", 1"}

// matlabFill writes a vector or matrix of equal entries.
func matlabFill(w *Writer, v *plan.Value) (string, int, bool) {
	shape := w.Size(v.Rows, 0) + ", 1"
	if v.Rank == 2 {
		shape = w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0)
	}
	s := v.Args[0]
	switch {
	case s.IsNumber(0, 1):
		return "zeros(" + shape + mType(w) + ")", mAtom, true
	case s.IsNumber(1, 1):
		return "ones(" + shape + mType(w) + ")", mAtom, true
	case constant(s):
		return w.Arg(s, mProduct) + " * ones(" + shape + mType(w) + ")", mProduct, true
	}
	return "repmat(" + w.Arg(s, 0) + ", " + shape + ")", mAtom, true
}

// matlabSystems writes factorisations and what is computed with them: A(p, :) = L U with
// LU factors, A = R' R with a Cholesky factor.
func matlabSystems(w *Writer, v *plan.Value) (string, int, bool) {
	switch v.Kind {
	case plan.LU:
		return "lu(" + w.Arg(v.Args[0], 0) + ", 'vector')", mAtom, true
	case plan.Cholesky:
		return "chol(" + w.Arg(v.Args[0], 0) + ")", mAtom, true
	}
	factor := v.Args[0]
	if !w.Named(factor) {
		return matlabSingle(w, v)
	}
	if v.Kind == plan.Inverse && v.Trans && w.inverse(v) != nil {
		return mTurn(w.Name(w.inverse(v))), mAtom, true
	}
	f := w.Arg(factor, 0)
	eye := "eye(" + w.Size(factor.Rows, 0) + mType(w) + ")"
	if factor.Kind == plan.Cholesky {
		switch v.Kind {
		case plan.Solve:
			return f + ` \ (` + f + `' \ ` + w.Arg(v.Args[1], mProduct+1) + ")", mProduct, true
		case plan.Inverse:
			return f + ` \ (` + f + `' \ ` + eye + ")", mProduct, true
		case plan.Det:
			return "prod(diag(" + f + ")) ^ 2", mPower, true
		}
		return "2 * sum(log(diag(" + f + ")))", mProduct, true
	}
	u, p := w.parts[factor][1], w.parts[factor][2]
	switch v.Kind {
	case plan.Solve:
		if v.Trans {
			return f + `' \ (` + u + `' \ ` + w.Arg(v.Args[1], mProduct+1) + ")", mProduct, true
		}
		return u + ` \ (` + f + ` \ ` + matlabPermuted(w, v.Args[1], p) + ")", mProduct, true
	case plan.Inverse:
		if v.Trans {
			return f + `' \ (` + u + `' \ ` + eye + ")", mProduct, true
		}
		return u + ` \ (` + f + ` \ ` + eye + ")", mProduct, true
	case plan.Det:
		w.Helper(mPermutationSign)
		return "permutation_sign(" + p + ") * prod(diag(" + u + "))", mProduct, true
	}
	w.Helper(mLogDet)
	w.Helper(mPermutationSign)
	return "logdet(" + u + ", " + p + ")", mAtom, true
}

// matlabSingle writes what is computed with a factorisation that nothing else needs.
func matlabSingle(w *Writer, v *plan.Value) (string, int, bool) {
	factor := v.Args[0]
	switch v.Kind {
	case plan.Solve:
		a := w.Arg(factor.Args[0], mAtom)
		if v.Trans {
			a = mTurn(a)
		}
		return a + ` \ ` + w.Arg(v.Args[1], mProduct+1), mProduct, true
	case plan.Inverse:
		s := "inv(" + w.Arg(factor.Args[0], 0) + ")"
		if v.Trans {
			s += "'"
		}
		return s, mAtom, true
	case plan.Det:
		return "det(" + w.Arg(factor.Args[0], 0) + ")", mAtom, true
	}
	return "2 * sum(log(diag(" + w.Arg(factor, 0) + ")))", mProduct, true // of a Cholesky factor
}

// matlabPermuted writes a vector or matrix with its rows in the order of p.
func matlabPermuted(w *Writer, b *plan.Value, p string) string {
	if b.Kind == plan.Transpose && w.text[b] == "" {
		if s := w.Arg(b.Args[0], 0); isIdentifier(s) {
			return s + "(:, " + p + ")'"
		}
	}
	if b.Rank == 1 {
		return w.Name(b) + "(" + p + ")"
	}
	return w.Name(b) + "(" + p + ", :)"
}

// matlabContract writes a sum of products over indices.
func matlabContract(w *Writer, v *plan.Value) (string, int, bool) {
	w.Helper(mContract)
	c := contractionOf(v, false)
	pairs := c.distinct()
	var arrays, indices []string
	list := func(l []int) string {
		if len(l) == 1 {
			return itoa(l[0] + 1)
		}
		return "[" + numbersFrom1(l) + "]"
	}
	for k, a := range c.args {
		of := c.operands[k]
		if a.Rank == 3 { // the members are along the last axis
			of = []int{of[1], of[2], of[0]}
		}
		arrays = append(arrays, w.Arg(a, 0))
		indices = append(indices, list(of))
	}
	for _, p := range pairs {
		arrays = append(arrays, "eye("+w.Size(c.sizes[p[0]], 0)+")")
		indices = append(indices, list(p[:]))
	}
	text := "contract({" + strings.Join(arrays, ", ") + "}, {" + strings.Join(indices, ", ") + "}, " + list(c.result) + ")"
	switch v.Rank {
	case 1:
		text = "reshape(" + text + ", [], 1)"
	case 2:
		text = "reshape(" + text + ", " + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
	}
	return text, mAtom, true
}
