package code

import "example.com/nabla/internal/plan"

// cppScalars are the functions of a number.
var cppScalars = map[string]form{
	"neg": {"-~1", cppUnary, ""}, "square": {"#1 * #1", cppProduct, ""},
	"sigmoid": {"sigmoid<Scalar>($1)", cppAtom, cppSigmoid}, "softplus": {"softplus<Scalar>($1)", cppAtom, cppSoftplus},
	"relu": {"std::max<Scalar>($1, 0)", cppAtom, ""}, "step": {"unit_step<Scalar>($1)", cppAtom, cppUnitStep},
	"sign": {"sign<Scalar>($1)", cppAtom, cppSign},
}

// cppArrays are the functions that arrays have as methods; those of the first kind are
// methods of matrices too, by another name.
var cppArrays = map[string][2]string{
	"exp": {"exp()"}, "log": {"log()"}, "sqrt": {"sqrt()", "cwiseSqrt()"}, "square": {"square()", "cwiseAbs2()"},
	"sin": {"sin()"}, "cos": {"cos()"}, "tan": {"tan()"}, "asin": {"asin()"}, "acos": {"acos()"}, "atan": {"atan()"},
	"sinh": {"sinh()"}, "cosh": {"cosh()"}, "tanh": {"tanh()"}, "asinh": {"asinh()"}, "acosh": {"acosh()"}, "atanh": {"atanh()"},
	"abs": {"abs()", "cwiseAbs()"}, "sign": {"sign()", "cwiseSign()"}, "relu": {"max(0)", "cwiseMax(0)"},
	"log1p": {"log1p()"}, "expm1": {"expm1()"}, "log2": {"log2()"}, "log10": {"log10()"},
}

// cppEach are the functions of a number that are called for each entry.
var cppEach = map[string]cppHelperCall{"sigmoid": {"&sigmoid<Scalar>", cppSigmoid}, "softplus": {"&softplus<Scalar>", cppSoftplus},
	"step": {"&unit_step<Scalar>", cppUnitStep}, "erf": {"[](Scalar t) { return std::erf(t); }", ""},
	"erfc": {"[](Scalar t) { return std::erfc(t); }", ""}}

type cppHelperCall struct{ text, helper string }

// unary writes a function of a number or of each entry.
func (c *cppWriter) unary(w *Writer, v *plan.Value) (string, int) {
	if v.Rank == 0 {
		if v.Fn == "square" {
			x := w.Arg(v.Args[0], cppAtom)
			if !isIdentifier(x) {
				x = w.Name(v.Args[0])
			}
			return x + " * " + x, cppProduct
		}
		if f, ok := cppScalars[v.Fn]; ok {
			return w.Form(f, v)
		}
		return "std::" + v.Fn + "(" + w.Arg(v.Args[0], 0) + ")", cppAtom
	}
	if v.Fn == "neg" {
		x := w.Arg(v.Args[0], cppUnary)
		if c.isArray(x) {
			return c.wrap("-"+c.array(x, cppAtom, cppUnary), cppUnary)
		}
		return "-" + x, cppUnary
	}
	if f, ok := cppEach[v.Fn]; ok {
		if f.helper != "" {
			w.Helper(f.helper)
		}
		return c.each(w, v, f.text)
	}
	f, ok := cppArrays[v.Fn]
	if !ok {
		panic("code: C++ has no form of " + v.Fn)
	}
	x := w.Arg(v.Args[0], cppAtom)
	if f[1] != "" && !c.isArray(x) {
		return x + "." + f[1], cppAtom
	}
	return c.wrap(c.array(x, cppAtom, cppAtom)+"."+f[0], cppAtom)
}

// each calls a function for each entry.
func (c *cppWriter) each(w *Writer, v *plan.Value, f string) (string, int) {
	x := w.Arg(v.Args[0], cppAtom)
	if c.isArray(x) {
		return c.wrap(c.array(x, cppAtom, cppAtom)+".unaryExpr("+f+")", cppAtom)
	}
	return x + ".unaryExpr(" + f + ")", cppAtom
}

// scalarBinary writes a function of two numbers.
func (c *cppWriter) scalarBinary(w *Writer, v *plan.Value) (string, int) {
	switch v.Fn {
	case "pow":
		x := w.Arg(v.Args[0], 0)
		return "std::pow(" + x + ", " + w.Arg(v.Args[1], 0) + ")", cppAtom
	case "max", "min":
		x := w.Arg(v.Args[0], 0)
		return "std::" + v.Fn + "<Scalar>(" + x + ", " + w.Arg(v.Args[1], 0) + ")", cppAtom
	}
	op := cppOperators[v.Fn]
	x := w.Arg(v.Args[0], op.level)
	if v.Args[0].Kind == plan.Number && v.Args[1].Kind == plan.Number {
		x = "Scalar(" + x + ")"
	}
	return x + op.text + w.Arg(v.Args[1], op.level+1), op.level
}

var cppOperators = map[string]cppText{"add": {" + ", cppSum}, "sub": {" - ", cppSum}, "mul": {" * ", cppProduct}, "div": {" / ", cppProduct}}

// binary writes a function of each pair of entries.
func (c *cppWriter) binary(w *Writer, v *plan.Value) (string, int) {
	if s, level, ok := c.spread(w, v); ok {
		return s, level
	}
	a, b := v.Args[0], v.Args[1]
	op, infix := cppOperators[v.Fn]
	x, xLevel := w.arg(a)
	y, yLevel := w.arg(b)
	scaled := a.Rank == 0 || b.Rank == 0
	arrays := c.isArray(x) || c.isArray(y)
	switch {
	case v.Fn == "max" || v.Fn == "min":
		if a.Rank == 0 {
			a, b, x, y, xLevel = b, a, y, x, yLevel
		}
		if b.Rank == 0 && b.Kind != plan.Number {
			y = "Scalar(" + y + ")"
		}
		return cppBrackets(x, xLevel, cppAtom) + map[string]string{"max": ".cwiseMax(", "min": ".cwiseMin("}[v.Fn] + y + ")", cppAtom
	case v.Fn == "pow" && a.Rank == 0:
		return c.wrap("Eigen::pow(Scalar("+x+"), "+c.array(y, yLevel, 0)+")", cppAtom)
	case v.Fn == "pow" && b.Rank == 0:
		if b.Kind != plan.Number {
			y = "Scalar(" + y + ")"
		}
		return c.wrap(c.array(x, xLevel, cppAtom)+".pow("+y+")", cppAtom)
	case v.Fn == "pow":
		return c.wrap("Eigen::pow("+c.array(x, xLevel, 0)+", "+c.array(y, yLevel, 0)+")", cppAtom)
	case !infix:
		panic("code: C++ has no form of " + v.Fn)
	case !arrays && !scaled && v.Fn == "mul":
		return cppBrackets(x, xLevel, cppAtom) + ".cwiseProduct(" + y + ")", cppAtom
	case !arrays && !scaled && v.Fn == "div":
		return cppBrackets(x, xLevel, cppAtom) + ".cwiseQuotient(" + y + ")", cppAtom
	case !arrays && (!scaled && (v.Fn == "add" || v.Fn == "sub") || scaled && v.Fn == "mul" || b.Rank == 0 && v.Fn == "div"):
		return cppBrackets(x, xLevel, op.level) + op.text + cppBrackets(y, yLevel, op.level+1), op.level
	}
	if a.Rank > 0 {
		x = c.array(x, xLevel, op.level)
	} else {
		x = cppBrackets(x, xLevel, op.level)
	}
	if b.Rank > 0 {
		y = c.array(y, yLevel, op.level+1)
	} else {
		y = cppBrackets(y, yLevel, op.level+1)
	}
	return c.wrap(x+op.text+y, op.level)
}

// cppBrackets puts a text in brackets where it binds less than min.
func cppBrackets(s string, level, min int) string {
	if level < min {
		return "(" + s + ")"
	}
	return s
}

// spread writes a matrix combined with a vector along its columns or rows.
func (c *cppWriter) spread(w *Writer, v *plan.Value) (string, int, bool) {
	k := 0
	if !spreads(v, 0) {
		if k = 1; !spreads(v, 1) {
			return "", 0, false
		}
	}
	a, m := v.Args[k], v.Args[1-k]
	if m.Kind == plan.Col || m.Kind == plan.Row {
		return "", 0, false
	}
	col := a.Kind == plan.Col
	along := map[bool]string{true: ".colwise()", false: ".rowwise()"}[col]
	vector := func() string {
		x := w.Arg(a.Args[0], cppAtom)
		if !col {
			x += ".transpose()"
		}
		return x
	}
	switch {
	case v.Fn == "mul": // the vector is read once for each entry
		var d string
		if cppCheap(a.Args[0]) {
			d = w.Arg(a.Args[0], cppAtom)
		} else {
			d = w.Name(a.Args[0])
		}
		if col {
			return d + ".asDiagonal() * " + w.Arg(m, cppUnary), cppProduct, true
		}
		return w.Arg(m, cppProduct) + " * " + d + ".asDiagonal()", cppProduct, true
	case v.Fn == "add", v.Fn == "sub" && k == 1:
		x := w.Arg(m, cppAtom)
		return x + along + cppOperators[v.Fn].text + vector(), cppSum, true
	case v.Fn == "sub":
		x := w.Arg(m, cppUnary)
		return "(-" + x + ")" + along + " + " + vector(), cppSum, true
	case v.Fn == "div" && k == 1:
		x := c.array(w.Arg(m, cppAtom), cppAtom, cppAtom)
		s, level := c.wrap(x+along+" / "+c.array(vector(), cppAtom, cppAtom), cppProduct)
		return s, level, true
	}
	return "", 0, false
}
