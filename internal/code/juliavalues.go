package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// juliaIntegers writes functions and operators where integers would become Float64, and
// sums with a multiple of the identity.
func juliaIntegers(w *Writer, v *plan.Value) (string, int, bool) {
	x := v.Args[0]
	if v.Fn == "neg" {
		s, minus := w.Arg(x, jlUnary), "-"
		if v.Rank > 0 {
			minus = ".-"
		}
		if strings.HasPrefix(s, "(") && bare(s) == s { // -(a + b)^2 reads as a call of - with one argument
			s = "(" + s + ")"
		}
		return minus + s, jlUnary, true
	}
	if v.Kind == plan.Unary {
		if v.Rank > 0 || !integral(x) {
			return "", 0, false
		}
		f := juliaUnaries[v.Fn]
		if f.helper != "" {
			w.Helper(f.helper)
		}
		text := jlFloat(w, w.Arg(x, 0))
		return strings.NewReplacer("$1", text, "#1", text).Replace(f.text), f.level, true
	}
	y := v.Args[1]
	if v.Rank == 2 && (v.Fn == "add" || v.Fn == "sub") {
		return juliaIdentity(w, v)
	}
	if v.Rank > 0 {
		return "", 0, false
	}
	switch {
	case v.Fn == "div" && integral(x) && integral(y):
		s := jlFloat(w, w.Arg(x, 0))
		return s + " / " + w.Arg(y, jlProduct+1), jlProduct, true
	case v.Fn == "pow" && integral(x):
		s := jlFloat(w, w.Arg(x, 0))
		return s + "^" + w.Arg(y, jlAtom), jlPower, true
	case v.Fn == "mul" && x.Kind == plan.Number && x.Num.Num().IsOne() && !x.Num.IsOne() && integral(y):
		number, _ := juliaNumber(w, x.Num.Den())
		return jlFloat(w, w.Arg(y, 0)) + " / " + number, jlProduct, true
	}
	return "", 0, false
}

// juliaIdentity writes A + λ I, which builds no identity matrix.
func juliaIdentity(w *Writer, v *plan.Value) (string, int, bool) {
	// scaled returns the text of a multiple of the identity.
	scaled := func(x *plan.Value) string {
		switch {
		case x.Kind == plan.Eye:
			return "I"
		case x.Kind == plan.DiagMatrix && x.Args[0].Kind == plan.Fill && w.text[x] == "" && w.uses[x] == 1 && x.Name == "":
			return w.Arg(x.Args[0].Args[0], jlProduct) + " * I"
		case x.Kind != plan.Binary || w.text[x] != "" || w.uses[x] > 1 || x.Name != "":
		case x.Fn == "mul" && x.Args[0].Rank == 0 && x.Args[1].Kind == plan.Eye:
			return w.Arg(x.Args[0], jlProduct) + " * I"
		case x.Fn == "mul" && x.Args[1].Rank == 0 && x.Args[0].Kind == plan.Eye:
			return w.Arg(x.Args[1], jlProduct) + " * I"
		case x.Fn == "div" && x.Args[1].Rank == 0 && x.Args[0].Kind == plan.Eye:
			return "I / " + w.Arg(x.Args[1], jlProduct+1)
		}
		return ""
	}
	// A diagonal matrix, row or column is no full matrix.
	full := func(x *plan.Value) bool {
		return x.Rank == 2 && x.Kind != plan.Col && x.Kind != plan.Row && scaled(x) == ""
	}
	x, y := v.Args[0], v.Args[1]
	operator := map[string]string{"add": " + ", "sub": " - "}[v.Fn]
	switch {
	case full(x) && y.Rank == 2 && scaled(y) != "":
		s := w.Arg(x, jlSum)
		return s + operator + scaled(y), jlSum, true
	case full(y) && x.Rank == 2 && scaled(x) != "":
		s := scaled(x)
		return s + operator + w.Arg(y, jlSum+1), jlSum, true
	}
	return "", 0, false
}

// juliaFill writes a vector or matrix of equal entries.
func juliaFill(w *Writer, v *plan.Value) string {
	shape := w.Size(v.Rows, 0)
	if v.Rank == 2 {
		shape += ", " + w.Size(v.Cols, 0)
	}
	s := v.Args[0]
	switch {
	case s.IsNumber(0, 1):
		w.typed = true
		return "zeros(" + w.Type + ", " + shape + ")"
	case s.IsNumber(1, 1):
		w.typed = true
		return "ones(" + w.Type + ", " + shape + ")"
	case integral(s):
		return "fill(" + jlFloat(w, w.Arg(s, 0)) + ", " + shape + ")"
	}
	return "fill(" + w.Arg(s, 0) + ", " + shape + ")"
}

// juliaDiagonal writes a diagonal matrix: built where it is more than a factor or a term
// beside full matrices.
func juliaDiagonal(w *Writer, v *plan.Value) string {
	text := "Diagonal(" + w.Arg(v.Args[0], 0) + ")"
	lazy := !slices.ContainsFunc(w.Prog.Results, func(r plan.Result) bool { return r.Value == v }) &&
		!slices.ContainsFunc(w.Users(v), func(u *plan.Value) bool {
			if u.Kind != plan.MatMul && !(u.Kind == plan.Binary && (u.Fn == "add" || u.Fn == "sub")) {
				return true
			}
			return slices.ContainsFunc(u.Args, func(a *plan.Value) bool {
				return a != v && (a.Rank != 2 || a.Kind == plan.DiagMatrix || a.Kind == plan.Eye || a.Kind == plan.Binary)
			}) || u.Args[0] == u.Args[1]
		})
	if lazy {
		return text
	}
	return "Matrix(" + text + ")"
}

// juliaSum writes a sum; that of a function of each entry builds no array.
func juliaSum(w *Writer, v *plan.Value) (string, int, bool) {
	u := v.Args[0]
	if u.Kind == plan.Unary && w.text[u] == "" && w.uses[u] == 1 && u.Name == "" && u.Loops == v.Loops {
		f := juliaUnaries[u.Fn]
		if name, ok := strings.CutSuffix(f.text, "($1)"); ok {
			if f.helper != "" {
				w.Helper(f.helper)
			}
			return "sum(" + name + ", " + w.Arg(u.Args[0], 0) + ")", jlAtom, true
		}
	}
	return "sum(" + w.Arg(u, 0) + ")", jlAtom, true
}

// juliaSystems writes factorisations and what is computed with them.
func juliaSystems(w *Writer, v *plan.Value) (string, int, bool) {
	switch v.Kind {
	case plan.LU:
		return "lu(" + w.Arg(v.Args[0], 0) + ")", jlAtom, true
	case plan.Cholesky:
		return "cholesky(Symmetric(" + w.Arg(v.Args[0], 0) + "))", jlAtom, true
	}
	factor := v.Args[0]
	f, min := "", 0
	if v.Kind == plan.Solve {
		min = jlAtom
	}
	switch {
	case v.Kind == plan.Inverse && v.Trans && w.inverse(v) != nil:
		return w.Name(w.inverse(v)) + "'", jlAtom, true
	case w.Named(factor) || factor.Kind == plan.Cholesky:
		f = w.Arg(factor, min)
	default: // of the matrix itself: \, inv, det and logdet factorise it
		f = w.Arg(factor.Args[0], min)
	}
	switch v.Kind {
	case plan.Solve:
		if v.Trans {
			f = mTurn(f)
		}
		return f + ` \ ` + w.Arg(v.Args[1], jlProduct+1), jlProduct, true
	case plan.Inverse:
		f = "inv(" + f + ")"
		if v.Trans {
			f += "'"
		}
	case plan.Det:
		f = "det(" + f + ")"
	case plan.LogDet:
		f = "logdet(" + f + ")"
	}
	return f, jlAtom, true
}

// juliaContract writes a sum of products over indices: an array by its entries.
func juliaContract(w *Writer, v *plan.Value) (string, int, bool) {
	c := contractionOf(v, true)
	name := func(i int) string {
		for len(w.indices) <= i {
			k := len(w.indices)
			stem := "i"
			if k < len("ijklpqrs") {
				stem = "ijklpqrs"[k : k+1]
			}
			w.indices = append(w.indices, w.Names.numbered(stem))
		}
		return w.indices[i]
	}
	// Indices of the result are named first.
	order := append(slices.Clone(c.result), c.summed...)
	at := func(i int) string { return name(slices.Index(order, i)) }
	var factors []string
	for k, a := range c.args {
		if text := juliaEntry(w, a, c.operands[k], at); text != "" {
			factors = append(factors, text)
		}
	}
	w.typed = true
	text := strings.Join(factors, " * ")
	if len(factors) == 0 {
		text = "one(" + w.Type + ")"
	}
	loops := func(list []int) string {
		var out []string
		for _, i := range list {
			out = append(out, at(i)+" in 1:"+w.Size(c.sizes[i], jlSum+1))
		}
		return strings.Join(out, ", ")
	}
	if len(c.summed) > 0 {
		text = "sum(" + text + " for " + loops(c.summed) + "; init = zero(" + w.Type + "))"
	}
	if len(c.result) == 0 {
		return text, jlAtom, true
	}
	text = "[" + text + " for " + loops(c.result) + "]"
	switch {
	case v.Rank == 1 && len(c.result) > 1:
		text = "vec(" + text + ")"
	case v.Rank == 2 && (len(c.result) != 2 || v.Spec.RowIndices != 1):
		text = "reshape(" + text + ", " + w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0) + ")"
	}
	return text, jlAtom, true
}

// juliaEntry writes an entry of an operand of a Contract; "" for one.
func juliaEntry(w *Writer, a *plan.Value, of []int, at func(int) string) string {
	switch a.Kind {
	case plan.Eye:
		if of[0] == of[1] {
			return ""
		}
		return "(" + at(of[0]) + " == " + at(of[1]) + ")"
	case plan.Fill:
		if a.Args[0].IsNumber(1, 1) {
			return ""
		}
		return w.Arg(a.Args[0], jlAtom)
	case plan.Transpose:
		return juliaEntry(w, a.Args[0], []int{of[1], of[0]}, at)
	}
	text := w.Name(a) + "["
	for k, i := range of {
		switch {
		case a.Rank == 3 && k == 1:
			text += "]["
		case k > 0:
			text += ", "
		}
		text += at(i)
	}
	return text + "]"
}

// juliaSignature writes the type of a parameter.
func juliaSignature(s *expr.Symbol, name, t string) string {
	switch plan.ArgumentRank(s) {
	case 0:
		return name + "::Real"
	case 1:
		return name + "::AbstractVector{" + t + "}"
	case 2:
		return name + "::AbstractMatrix{" + t + "}"
	}
	return name + "::AbstractVector{<:AbstractMatrix{" + t + "}}"
}
