package code

import (
	"strconv"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A checkText is the message of a SizeCheck in pieces: Got and Want are put between
// them as numbers. "w has " got " entries, but X has " want " columns: both are n".
type checkText struct{ Before, Between, After string }

// message returns the pieces of the message that an axis does not have its size; name
// gives the names of variables as the caller knows them.
func message(c plan.SizeCheck, name func(*expr.Symbol) string) checkText {
	owner := func(at plan.AxisOf) string { // x, or x[i] where each member has the axis
		if f := at.Sym.Family; f != nil && at.Axis > 0 {
			return name(at.Sym) + "[" + f.Name + "]"
		}
		return name(at.Sym)
	}
	t := checkText{Before: owner(c.At) + " has ", Between: " " + c.At.Word()}
	if c.Because != nil && owner(*c.Because) == owner(c.At) {
		t.Between += " and "
		t.After = " " + c.Because.Word() + ": both must be " + c.Want.String()
		return t
	}
	if c.Because != nil {
		t.Between += ", but " + owner(*c.Because) + " has "
		t.After = " " + c.Because.Word() + ": both must be " + c.Want.String()
		return t
	}
	if _, ok := c.Want.Const(); ok {
		t.Between += ", must have "
		return t
	}
	t.Between += ", must have " + c.Want.String() + " = "
	return t
}

// isCount reports whether a variable is an integer scalar.
func isCount(s *expr.Symbol) bool { return s.Kind == expr.Scalar && s.Facts.Has(expr.Integer) }

// resultName is the identifier of a result: value, grad_w, mixed_w_b.
func resultName(identifier func(string) string) func(plan.Result) string {
	return func(r plan.Result) string {
		if r.Wrt == nil {
			return string(r.What)
		}
		name := string(r.What)
		if r.First != nil {
			name += "_" + identifier(r.First.Name)
		}
		return name + "_" + identifier(r.Wrt.Name)
	}
}

// directions lists the variables that results are by, each once, in order.
func directions(p *plan.Program) []*expr.Symbol {
	var list []*expr.Symbol
	for _, r := range p.Results {
		if r.Wrt == nil {
			continue
		}
		known := false
		for _, s := range list {
			known = known || s == r.Wrt
		}
		if !known {
			list = append(list, r.Wrt)
		}
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

// formula writes a matrix for a person, in the language, or "a matrix" where that takes
// more than sums, products and functions of entries.
func formula(v *plan.Value) string {
	text, _, ok := shortFormula(v)
	if !ok || len(text) > 60 {
		return "a matrix"
	}
	return text
}

// shortFormula writes sums (level 1), products (2) and what binds more (3).
func shortFormula(v *plan.Value) (text string, level int, ok bool) {
	at := func(i, min int) string {
		s, level, fine := shortFormula(v.Args[i])
		ok = ok && fine
		if level < min {
			s = "(" + s + ")"
		}
		return s
	}
	ok = true
	switch v.Kind {
	case plan.Param:
		return v.Sym.Name, 3, true
	case plan.Member:
		return v.Args[0].Sym.Name + "[" + v.Index.Name + "]", 3, true
	case plan.Number:
		return v.Num.String(), 3, v.Num.Sign() >= 0
	case plan.Size:
		return v.Dims[0].String(), 1, true
	case plan.Eye:
		return "eye(" + v.Rows.String() + ")", 3, true
	case plan.DiagMatrix:
		return "diag(" + at(0, 0) + ")", 3, ok
	case plan.Transpose:
		return at(0, 3) + "'", 3, ok
	case plan.MatMul, plan.MatVec:
		a := at(0, 2)
		return a + "*" + at(1, 3), 2, ok
	case plan.Outer:
		a := at(0, 2)
		return a + "*" + at(1, 3) + "'", 2, ok
	case plan.Dot:
		a := at(0, 3)
		return a + "'*" + at(1, 3), 2, ok
	case plan.Unary:
		switch v.Fn {
		case "neg":
			return "-" + at(0, 2), 1, ok
		case "square":
			return at(0, 3) + map[bool]string{true: "^2", false: ".^2"}[v.Rank == 0], 3, ok
		}
		return v.Fn + "(" + at(0, 0) + ")", 3, ok
	case plan.Binary:
		x, y := v.Args[0], v.Args[1]
		scaled := x.Rank == 0 || y.Rank == 0
		switch {
		case v.Fn == "add" || v.Fn == "sub":
			a := at(0, 1)
			return a + map[string]string{"add": " + ", "sub": " - "}[v.Fn] + at(1, 2), 1, ok
		case v.Fn == "mul" && scaled:
			a := at(0, 2)
			return a + "*" + at(1, 3), 2, ok
		case v.Fn == "div" && y.Rank == 0:
			a := at(0, 2)
			return a + "/" + at(1, 3), 2, ok
		}
	}
	return "", 0, false
}
