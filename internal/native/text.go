package native

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
)

// Formula writes what a value is: its name, or a formula in the language, in which what
// lies deep is an ellipsis.
func Formula(v *plan.Value) string {
	if v == nil {
		return "a constant"
	}
	for depth := 6; ; depth-- {
		s := formula(v, depth, 0, true)
		if len(s) <= 72 || depth == 1 {
			return s
		}
	}
}

// Precedence levels.
const (
	levelSum = iota + 1
	levelProduct
	levelUnary
	levelPower
	levelAtom
)

var calls = map[plan.Kind]string{plan.Sum: "sum", plan.Norm: "norm", plan.Softmax: "softmax", plan.LogSumExp: "logsumexp",
	plan.Trace: "tr", plan.Diagonal: "diag", plan.DiagMatrix: "diag", plan.Vec: "vec", plan.Unvec: "unvec", plan.Commute: "commute", plan.KronApply: "kronapply", plan.Contract: "contract",
	plan.Kron: "kron", plan.KhatriRao: "khatrirao", plan.Pinv: "pinv", plan.LogDet: "logdet", plan.Det: "det",
	plan.RowSum: "rowsum", plan.ColSum: "colsum", plan.Dot: "dot", plan.Inner: "dot"}

func formula(v *plan.Value, depth, level int, top bool) string {
	if v.Name != "" && !top {
		return v.Name
	}
	switch v.Kind {
	case plan.Param:
		return v.Sym.Name
	case plan.Number:
		return v.Num.String()
	case plan.Pi:
		return "pi"
	case plan.Size:
		return v.Dims[0].String()
	case plan.Counter:
		return v.Index.Name
	case plan.Member:
		return v.Args[0].Sym.Name + "[" + v.Index.Name + "]"
	case plan.UnitAt:
		return "basis(" + v.Rows.String() + ", " + v.Index.Name + ")"
	case plan.Eye:
		return "eye(" + v.Rows.String() + ")"
	case plan.Unit:
		return "basis(" + v.Rows.String() + ", " + strconv.Itoa(v.Order) + ")"
	}
	if depth == 0 {
		return "…"
	}
	arg := func(i, level int) string { return formula(v.Args[i], depth-1, level, false) }
	wrap := func(own int, s string) string {
		if own < level {
			return "(" + s + ")"
		}
		return s
	}
	switch v.Kind {
	case plan.Col, plan.Row, plan.Fill, plan.AsColumn, plan.AsRow, plan.Flatten, plan.Item, plan.LU, plan.Cholesky:
		return formula(v.Args[0], depth, level, false)
	case plan.Transpose:
		return wrap(levelPower, arg(0, levelAtom)+"'")
	case plan.MatMul, plan.MatVec:
		return wrap(levelProduct, arg(0, levelProduct)+"*"+arg(1, levelUnary))
	case plan.Outer:
		return wrap(levelProduct, arg(0, levelProduct)+"*"+arg(1, levelAtom)+"'")
	case plan.MatPow:
		return wrap(levelPower, arg(0, levelAtom)+"^"+arg(1, levelAtom))
	case plan.Solve, plan.Inverse:
		s := "inv(" + arg(0, 0) + ")"
		if v.Trans {
			s += "'"
		}
		if v.Kind == plan.Solve {
			return wrap(levelProduct, s+"*"+arg(1, levelUnary))
		}
		return s
	case plan.Unary:
		switch v.Fn {
		case "neg":
			return wrap(levelUnary, "-"+arg(0, levelPower))
		case "square":
			return wrap(levelPower, arg(0, levelAtom)+".^2")
		}
		return v.Fn + "(" + arg(0, 0) + ")"
	case plan.Apply:
		return v.Sym.Name + strings.Repeat("'", v.Order) + "(" + arg(0, 0) + ")"
	case plan.Binary:
		dot := "."
		if v.Args[0].Rank == 0 || v.Args[1].Rank == 0 {
			dot = ""
		}
		switch v.Fn {
		case "add":
			return wrap(levelSum, arg(0, levelSum)+" + "+arg(1, levelProduct))
		case "sub":
			return wrap(levelSum, arg(0, levelSum)+" - "+arg(1, levelProduct))
		case "mul":
			return wrap(levelProduct, arg(0, levelProduct)+dot+"*"+arg(1, levelUnary))
		case "div":
			return wrap(levelProduct, arg(0, levelProduct)+dot+"/"+arg(1, levelUnary))
		case "pow":
			return wrap(levelPower, arg(0, levelAtom)+dot+"^"+arg(1, levelAtom))
		}
		return v.Fn + "(" + arg(0, 0) + ", " + arg(1, 0) + ")"
	case plan.SumOver:
		return wrap(levelSum, "sum("+v.Index.Name+", "+arg(0, 0)+")")
	}
	name := calls[v.Kind]
	if name == "" {
		name = "…"
	}
	args := make([]string, len(v.Args))
	for i := range args {
		args[i] = arg(i, 0)
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}
