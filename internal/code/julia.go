package code

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
)

// Precedence levels of Julia, loosest first.
const (
	jlSum = iota + 1
	jlProduct
	jlUnary
	jlPower
	jlAtom // transposes too
)

// juliaReserved are the words of Julia and the functions that the source calls: a variable
// of the name would hide them.
var juliaReserved = words(`baremodule begin break catch const continue do else elseif end export false finally for function
	global if import let local macro module quote return struct true try using while where in isa pi π im ℯ NaN Inf
	I Symmetric Diagonal UniformScaling Matrix AbstractMatrix AbstractVector AbstractFloat Real Integer Int Float64
	DimensionMismatch ArgumentError throw error size length first all isempty div round oftype typeof float promote
	exp log sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh max min abs sign log1p expm1 log2 log10
	copysign eps ifelse one zero ones zeros fill repeat reshape permutedims vec view only copy sum maximum dot norm
	tr diag kron cholesky lu inv det logdet pinv randn eachcol
	_sigmoid _softplus _step _erf _erfc _softmax _logsumexp _khatri_rao _kron_apply _deviation
	worst results difference trials tolerance h`)

// juliaGrammar has the forms of Julia.
var juliaGrammar = grammar{
	title: "Julia",
	unary: juliaUnaries, binary: juliaBinaries, spread: jlBroadcast,
	forms: map[plan.Kind]form{
		plan.Col:       {"repeat($1, 1, %C)", jlAtom, ""},
		plan.Row:       {"repeat(permutedims($1), %R, 1)", jlAtom, ""},
		plan.RowSum:    {"vec(sum($1; dims = 2))", jlAtom, ""},
		plan.ColSum:    {"vec(sum($1; dims = 1))", jlAtom, ""},
		plan.Dot:       {"dot($1, $2)", jlAtom, ""},
		plan.Inner:     {"dot($1, $2)", jlAtom, ""},
		plan.Norm:      jlCall("norm"),
		plan.Trace:     jlCall("tr"),
		plan.Diagonal:  jlCall("diag"),
		plan.Unvec:     {"reshape($1, %R, %C)", jlAtom, ""},
		plan.KhatriRao: {"_khatri_rao($1, $2)", jlAtom, jlKhatriRao},
		plan.Item:      jlCall("only"),
		plan.MatMul:    {"~1 * ^2", jlProduct, ""},
		plan.MatVec:    {"~1 * ^2", jlProduct, ""},
		plan.MatPow:    {"#1^#2", jlPower, ""},
		plan.Pinv:      jlCall("pinv"),
	},
	special: juliaSpecial,
	number:  juliaNumber,
}

// The forms of functions of one and two operands.
var juliaUnaries = map[string]form{
	"exp": jlCall("exp"), "log": jlCall("log"), "sqrt": jlCall("sqrt"),
	"square": {"#1^2", jlPower, ""}, "sin": jlCall("sin"), "cos": jlCall("cos"), "tan": jlCall("tan"),
	"asin": jlCall("asin"), "acos": jlCall("acos"), "atan": jlCall("atan"),
	"sinh": jlCall("sinh"), "cosh": jlCall("cosh"), "tanh": jlCall("tanh"),
	"asinh": jlCall("asinh"), "acosh": jlCall("acosh"), "atanh": jlCall("atanh"),
	"sigmoid": {"_sigmoid($1)", jlAtom, jlSigmoid}, "softplus": {"_softplus($1)", jlAtom, jlSoftplus},
	"relu": {"max($1, 0)", jlAtom, ""}, "step": {"_step($1)", jlAtom, jlStep},
	"abs": jlCall("abs"), "sign": jlCall("sign"),
	"erf": {"_erf($1)", jlAtom, jlErf}, "erfc": {"_erfc($1)", jlAtom, jlErf},
	"log1p": jlCall("log1p"), "expm1": jlCall("expm1"), "log2": jlCall("log2"), "log10": jlCall("log10"),
}

var juliaBinaries = map[string]form{
	"add": {"~1 + ^2", jlSum, ""}, "sub": {"~1 - ^2", jlSum, ""}, "mul": {"~1 * ^2", jlProduct, ""},
	"div": {"~1 / ^2", jlProduct, ""}, "pow": {"#1^#2", jlPower, ""},
	"max": {"max($1, $2)", jlAtom, ""}, "min": {"min($1, $2)", jlAtom, ""},
}

func jlCall(name string) form { return form{name + "($1)", jlAtom, ""} }

// juliaNumber writes a number; what is no integer, or one that no float has, is of the
// arguments' type.
func juliaNumber(w *Writer, r rat.Rat) (string, int) {
	p, q, ok := r.Abs().Small()
	if ok && q == 1 && p < 1<<53 {
		if r.Sign() < 0 {
			return "-" + strconv.FormatInt(p, 10), jlUnary
		}
		return strconv.FormatInt(p, 10), jlAtom
	}
	return jlFloat(w, strings.Replace(r.String(), "/", "//", 1)), jlAtom
}

// jlFloat writes a conversion to the type of the arguments.
func jlFloat(w *Writer, text string) string {
	w.typed = true
	return w.Type + "(" + text + ")"
}

// jlBroadcast dots functions and operators of arrays.
func jlBroadcast(_ string, f form, _ *plan.Value) form {
	switch {
	case strings.HasPrefix(f.text, "#1^"):
		f.text = "#1 .^ " + f.text[3:]
	case f.level == jlAtom:
		f.text = strings.Replace(f.text, "(", ".(", 1)
	default: // an operator between blanks
		f.text = strings.Replace(f.text, " ", " .", 1)
	}
	return f
}

// juliaLanguage returns Julia for one program. A factorisation has a name where it is
// used again.
func juliaLanguage(p *plan.Program) *Language {
	users := usersOf(p)
	l := &Language{Reserved: map[string]bool{}, Identifier: unicodeIdentifier, Value: juliaGrammar.value, Cheap: juliaCheap,
		Indent: "    ", Product: jlProduct, Top: jlAtom, Type: juliaType(p)}
	for w := range juliaReserved {
		l.Reserved[w] = true
	}
	l.Reserved[l.Type] = true
	l.Named = func(v *plan.Value) bool {
		return (v.Kind == plan.LU || v.Kind == plan.Cholesky) && mKept(&plan.Value{Loops: v.Loops}, users[v])
	}
	l.Stem = func(v *plan.Value) string {
		return map[plan.Kind]string{plan.LU: "F", plan.Cholesky: "F"}[v.Kind]
	}
	l.Spread = func(w *Writer, v *plan.Value, min int) (string, bool) {
		if v.Kind == plan.Row {
			return mTurn(w.Arg(v.Args[0], jlAtom)), true
		}
		return w.Arg(v.Args[0], min), true
	}
	l.Assign = func(_ *Writer, name, text string, _ *plan.Value) []string { return []string{name + " = " + text} }
	l.Loop = func(w *Writer, v *plan.Value, total string, body []string, text string) []string {
		w.typed = true
		if v.Kind == plan.Stack {
			out := []string{total + " = map(1:" + w.Size(v.Dims[0], jlSum+1) + ") do " + w.Names.Index(v.Index)}
			return append(append(out, w.IndentLines(append(body, juliaReturned(w, v.Args[0], text)))...), "end")
		}
		start, plus := "zero("+w.Type+")", " += "
		switch v.Rank {
		case 1:
			start, plus = "zeros("+w.Type+", "+w.Size(v.Rows, 0)+")", " .+= "
		case 2:
			start, plus = "zeros("+w.Type+", "+w.Size(v.Rows, 0)+", "+w.Size(v.Cols, 0)+")", " .+= "
		}
		out := []string{total + " = " + start, "for " + w.Names.Index(v.Index) + " in 1:" + w.Size(v.Dims[0], jlSum+1)}
		out = append(out, w.IndentLines(body)...)
		if v.Kind == plan.Columns {
			return append(out, w.Indent+total+"[:, "+w.Names.Index(v.Index)+"] .= "+text, "end")
		}
		return append(out, w.Indent+total+plus+text, "end")
	}
	return l
}

// juliaType names the type parameter: no variable has the name.
func juliaType(p *plan.Program) string {
	for _, name := range []string{"T", "S", "R", "E", "Number_"} {
		free := true
		for _, s := range p.Builder.Symbols() {
			free = free && unicodeIdentifier(s.Name) != name
		}
		for _, i := range p.Builder.Indices() {
			free = free && unicodeIdentifier(i.Name) != name
		}
		if free {
			return name
		}
	}
	return "Real_"
}

// juliaCheap says what is written again rather than given a name.
func juliaCheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Member, plan.Col, plan.Row, plan.Eye:
		return true
	case plan.Transpose, plan.Item:
		return juliaCheap(v.Args[0])
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	}
	return false
}

// juliaSpecial writes what depends on the operands.
func juliaSpecial(w *Writer, v *plan.Value) (string, int, bool) {
	arg := func(k int) string { return w.Arg(v.Args[k], 0) }
	atom := func(k int) string { return w.Arg(v.Args[k], jlAtom) }
	atomic := func(s string) (string, int, bool) { return s, jlAtom, true }
	switch v.Kind {
	case plan.Pi:
		return atomic(jlFloat(w, "π"))
	case plan.Apply:
		f := w.Names.Function(v.Sym, v.Order)
		switch {
		case v.Rank > 0:
			f += "."
		case integral(v.Args[0]):
			return atomic(f + "(" + jlFloat(w, arg(0)) + ")")
		}
		return atomic(f + "(" + arg(0) + ")")
	case plan.Unary, plan.Binary:
		return juliaIntegers(w, v)
	case plan.Member:
		f, i := atom(0), w.Names.Index(v.Index)
		if v.Rank == 1 {
			return atomic("view(" + f + ", " + i + ", :)")
		}
		return atomic(f + "[" + i + "]")
	case plan.Fill:
		return atomic(juliaFill(w, v))
	case plan.Eye:
		w.typed = true
		n := w.Size(v.Rows, 0)
		return atomic("Matrix{" + w.Type + "}(I, " + n + ", " + n + ")")
	case plan.Unit, plan.UnitAt:
		w.typed = true
		i, at := "i", strconv.Itoa(v.Order)
		if v.Kind == plan.UnitAt {
			if at = w.Names.Index(v.Index); at == i {
				i = "j"
			}
		}
		return atomic(w.Type + "[" + i + " == " + at + " for " + i + " in 1:" + w.Size(v.Rows, jlSum+1) + "]")
	case plan.Commutation:
		w.typed = true
		n := w.Size(v.Rows, 0)
		return atomic("Matrix{" + w.Type + "}(I, " + n + ", " + n + ")" + juliaCommuted(w, v))
	case plan.Commute:
		return atomic(atom(0) + juliaCommuted(w, v))
	case plan.DiagMatrix:
		return atomic(juliaDiagonal(w, v))
	case plan.Sum:
		return juliaSum(w, v)
	case plan.Softmax, plan.LogSumExp:
		name, helper := "_softmax(", jlSoftmax
		if v.Kind == plan.LogSumExp {
			name, helper = "_logsumexp(", jlLogSumExp
		}
		w.Helper(helper)
		return atomic(name + arg(0) + []string{plan.Whole: "", plan.EachRow: "; dims = 2", plan.EachCol: "; dims = 1"}[v.Axis] + ")")
	case plan.Transpose:
		return atomic(mTurn(atom(0)))
	case plan.Vec, plan.Flatten:
		return atomic("vec(" + juliaPlain(w, v.Args[0]) + ")")
	case plan.AsColumn, plan.AsRow:
		switch {
		case v.Args[0].Rank == 0:
			return atomic("fill(" + arg(0) + ", 1, 1)")
		case v.Kind == plan.AsRow:
			return atomic("permutedims(" + arg(0) + ")")
		}
		return atomic("reshape(" + arg(0) + ", :, 1)")
	case plan.Kron:
		operand := func(k int) string {
			if v.Args[k].Kind == plan.Eye {
				return "I(" + w.Size(v.Args[k].Rows, 0) + ")"
			}
			return arg(k)
		}
		s := "kron(" + operand(0)
		return atomic(s + ", " + operand(1) + ")")
	case plan.KronApply:
		w.Helper(jlKronApply)
		text := "_kron_apply("
		for k, a := range v.Args[:2] {
			if a.Kind == plan.Eye {
				text += "I, "
			} else {
				text += arg(k) + ", "
			}
		}
		return atomic(text + juliaPlain(w, v.Args[2]) + ")")
	case plan.Outer:
		s := w.Arg(v.Args[0], jlProduct)
		return s + " * " + mTurn(atom(1)), jlProduct, true
	case plan.LU, plan.Cholesky, plan.Solve, plan.Inverse, plan.Det, plan.LogDet:
		return juliaSystems(w, v)
	case plan.Contract:
		return juliaContract(w, v)
	}
	return "", 0, false
}

// juliaPlain writes an operand that must not be a lazy transpose, whose reshape is slow.
func juliaPlain(w *Writer, v *plan.Value) string {
	if v.Kind == plan.Transpose && w.text[v] == "" {
		return "permutedims(" + w.Arg(v.Args[0], 0) + ")"
	}
	return w.Arg(v, 0)
}

// juliaCommuted is the index by which rows come in the order of the commutation matrix.
func juliaCommuted(w *Writer, v *plan.Value) string {
	p, q := w.Size(v.Dims[0], 0), w.Size(v.Dims[1], 0)
	return "[vec(permutedims(reshape(1:" + w.Size(v.Rows, jlUnary) + ", " + p + ", " + q + "))), :]"
}
