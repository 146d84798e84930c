package code

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// isNumber reports whether v is a number of Python, which no library sees: made of
// numbers and sizes alone. What is made of it keeps the type of the arrays.
func (d *pythonDialect) isNumber(v *plan.Value) bool {
	switch v.Kind {
	case plan.Number, plan.Pi, plan.Size:
		return true
	case plan.Param:
		return isCount(v.Sym)
	case plan.Counter, plan.SumOver:
		if d.traced {
			return false
		}
	case plan.Unary, plan.Binary:
	default:
		return false
	}
	for _, a := range v.Args {
		if !d.isNumber(a) {
			return false
		}
	}
	return true
}

// pyUnaryNumber are the forms of functions of numbers of Python.
var pyUnaryNumber = map[string]form{
	"neg": {"-~1", pyUnary, ""}, "exp": call("math.exp"), "log": call("math.log"), "sqrt": call("math.sqrt"),
	"square": {"#1 ** 2", pyPower, ""}, "sin": call("math.sin"), "cos": call("math.cos"), "tan": call("math.tan"),
	"asin": call("math.asin"), "acos": call("math.acos"), "atan": call("math.atan"),
	"sinh": call("math.sinh"), "cosh": call("math.cosh"), "tanh": call("math.tanh"),
	"asinh": call("math.asinh"), "acosh": call("math.acosh"), "atanh": call("math.atanh"),
	"sigmoid":  {"math.exp(min($1, 0)) / (1 + math.exp(-abs($1)))", pyProduct, ""},
	"softplus": {"max($1, 0) + math.log1p(math.exp(-abs($1)))", pySum, ""},
	"relu":     {"max($1, 0)", pyAtom, ""}, "step": {"float($1 > 0)", pyAtom, ""},
	"abs": call("abs"), "sign": {"float($1 > 0) - float($1 < 0)", pySum, ""},
	"erf": call("math.erf"), "erfc": call("math.erfc"), "log1p": call("math.log1p"), "expm1": call("math.expm1"),
	"log2": call("math.log2"), "log10": call("math.log10"),
}

// pair writes a Binary.
func (d *pythonDialect) pair(w *Writer, v *plan.Value) (string, int) {
	if v.Fn == "max" || v.Fn == "min" {
		x, y := d.isNumber(v.Args[0]), d.isNumber(v.Args[1])
		switch {
		case x && y:
			return w.Form(call2(v.Fn), v)
		case d.clamp == nil:
		case y:
			return w.Form(d.clamp[v.Fn], v)
		case x:
			f := d.clamp[v.Fn]
			f.text = strings.NewReplacer("$1", "$2", "$2", "$1").Replace(f.text)
			return w.Form(f, v)
		}
	}
	if text, ok := d.less(w, v); ok {
		return text, pyAtom
	}
	return w.Form(d.binary[v.Fn], v)
}

// less writes A - B, for NumPy, in the memory of B where that has no name: new memory takes
// longer than to compute where arrays are large. Left operands that have no name lend theirs
// in NumPy without being asked, right ones in sums and products alone.
func (d *pythonDialect) less(w *Writer, v *plan.Value) (string, bool) {
	a, b := v.Args[0], v.Args[1]
	if d.module != "np" || v.Fn != "sub" || v.Rank != 2 || b.Rank != 2 || a.Kind != plan.Param && a.Rank > 0 {
		return "", false
	}
	switch b.Kind {
	case plan.MatMul, plan.Outer, plan.Unary, plan.Binary, plan.Softmax:
	default:
		return "", false
	}
	text := w.Arg(b, 0)
	if isIdentifier(text) {
		return "", false
	}
	w.Helper(numpyLess)
	return "_less(" + w.Arg(a, 0) + ", " + text + ")", true
}

// size writes a size as a scalar. A product of sizes may be larger than the integers of
// a library that traces.
func (d *pythonDialect) size(w *Writer, n *expr.Dim) (string, int) {
	if _, pows, ok := n.Monomial(); d.traced && !(ok && len(pows) == 1 && pows[0].Exp == 1) {
		return "float(" + w.Size(n, 0) + ")", pyAtom
	}
	return w.Size(n, pyAtom), pyAtom
}

// power writes a power of a matrix, whose exponent is an integer.
func (d *pythonDialect) power(w *Writer, v *plan.Value) (string, int) {
	f := d.forms[plan.MatPow]
	if d.traced && v.Args[1].Loops != 0 {
		f = jaxPower
	}
	f.text = strings.Replace(f.text, "$2", d.integer(w, v.Args[1], 0), 1)
	return w.Form(f, v)
}

// integer writes an integer, such as an exponent: of numbers, sizes, counters and
// integer arguments.
func (d *pythonDialect) integer(w *Writer, v *plan.Value, min int) string {
	text, level := "", pyAtom
	switch {
	case v.Kind == plan.Counter:
		text, level = w.Names.Index(v.Index)+" + 1", pySum
	case v.Kind == plan.Size:
		return w.Size(v.Dims[0], min)
	case v.Kind == plan.Unary && v.Fn == "neg":
		text, level = "-"+d.integer(w, v.Args[0], pyUnary), pyUnary
	case v.Kind == plan.Binary && v.Fn == "add":
		text, level = d.integer(w, v.Args[0], pySum)+" + "+d.integer(w, v.Args[1], pyProduct), pySum
	case v.Kind == plan.Binary && v.Fn == "sub":
		text, level = d.integer(w, v.Args[0], pySum)+" - "+d.integer(w, v.Args[1], pyProduct), pySum
	case v.Kind == plan.Binary && v.Fn == "mul":
		text, level = d.integer(w, v.Args[0], pyProduct)+" * "+d.integer(w, v.Args[1], pyUnary), pyProduct
	default:
		return w.Arg(v, min)
	}
	if level < min {
		return "(" + text + ")"
	}
	return text
}
