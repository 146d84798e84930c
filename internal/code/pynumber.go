package code

import "example.com/nabla/internal/plan"

// number reports whether v is a number of Python, which no library sees: made of
// numbers and sizes alone. What is made of it keeps the type of the arrays.
func (d *pythonDialect) number(v *plan.Value) bool {
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
		if !d.number(a) {
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

// integer writes an integer, such as an exponent: of numbers, sizes, counters and
// integer arguments.
func (d *pythonDialect) integer(w *Writer, v *plan.Value, min int) string {
	text, level := "", pyAtom
	switch {
	case v.Kind == plan.Counter:
		text, level = w.Names.Index(v.Index)+" + 1", pySum
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
