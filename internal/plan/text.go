package plan

import (
	"fmt"
	"strings"
)

var kindNames = map[Kind]string{
	Fill: "fill", Eye: "eye", Unit: "unit", UnitAt: "unitat", Columns: "columns", Stack: "stack", Commutation: "commutation", Col: "col", Row: "row", Sum: "sum", RowSum: "rowsum",
	ColSum: "colsum", Dot: "dot", Inner: "inner", Norm: "norm", Softmax: "softmax", LogSumExp: "logsumexp", Trace: "tr",
	Diagonal: "diagonal", DiagMatrix: "diag", Vec: "vec", Unvec: "unvec", Kron: "kron", KhatriRao: "khatrirao",
	KronApply: "kronapply", Commute: "commute", AsColumn: "column", AsRow: "row", Flatten: "flatten", Item: "item",
	MatPow: "matpow", LU: "lu", Cholesky: "cholesky", Inverse: "inv", Det: "det", LogDet: "logdet", Pinv: "pinv", Reshape: "reshape",
}

var infixes = map[string]string{"add": " + ", "sub": " - ", "mul": " .* ", "div": " ./ ", "pow": ".^"}

// String writes the value as an expression, for people who look for faults: A @ x is a
// product, A \ b a system.
func (v *Value) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *Value) write(b *strings.Builder) {
	infix := func(op string) {
		b.WriteByte('(')
		v.Args[0].write(b)
		b.WriteString(op)
		v.Args[1].write(b)
		b.WriteByte(')')
	}
	switch v.Kind {
	case Param:
		b.WriteString(v.Sym.Name)
	case Number:
		b.WriteString(v.Num.String())
	case Pi:
		b.WriteString("π")
	case Size:
		b.WriteString(v.Dims[0].String())
	case Counter:
		b.WriteString(v.Index.Name)
	case Member:
		fmt.Fprintf(b, "%s[%s]", v.Args[0].Sym.Name, v.Index.Name)
	case SumOver:
		fmt.Fprintf(b, "Σ_%s(", v.Index.Name)
		v.Args[0].write(b)
		b.WriteByte(')')
	case Transpose:
		v.Args[0].write(b)
		b.WriteByte('\'')
	case MatMul, MatVec:
		infix(" @ ")
	case Outer:
		infix(" ∘ ")
	case Solve:
		b.WriteByte('(')
		v.Args[0].write(b)
		if v.Trans {
			b.WriteByte('\'')
		}
		b.WriteString(` \ `)
		v.Args[1].write(b)
		b.WriteByte(')')
	case Binary:
		if op := infixes[v.Fn]; op != "" {
			infix(op)
			return
		}
		v.call(b, v.Fn)
	case Unary:
		v.call(b, v.Fn)
	case Apply:
		v.call(b, v.Sym.Name+strings.Repeat("'", v.Order))
	case Contract:
		v.call(b, "contract"+v.Spec.String())
	case Einsum:
		v.call(b, "einsum"+v.Spec.String())
	case Align:
		v.call(b, "align"+fmt.Sprint(v.Perm))
	case Softmax, LogSumExp:
		v.call(b, kindNames[v.Kind]+[]string{"", "rows", "cols"}[v.Axis])
	case Inverse:
		v.call(b, kindNames[v.Kind])
		if v.Trans {
			b.WriteByte('\'')
		}
	default:
		v.call(b, kindNames[v.Kind])
	}
}

func (v *Value) call(b *strings.Builder, name string) {
	b.WriteString(name)
	b.WriteByte('(')
	for i, a := range v.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		a.write(b)
	}
	switch v.Kind {
	case Eye:
		b.WriteString(v.Rows.String())
	case Unit:
		fmt.Fprintf(b, "%s, %d", v.Rows, v.Order)
	case Commutation, Commute:
		if len(v.Args) > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%s, %s", v.Dims[0], v.Dims[1])
	}
	b.WriteByte(')')
}

// String writes the indices with letters: [ij,jk->ik].
func (s *Spec) String() string {
	letters := func(list []int) string {
		t := make([]byte, len(list))
		for k, i := range list {
			t[k] = 'a' + byte(i%26)
		}
		return string(t)
	}
	var operands []string
	for _, list := range s.Operands {
		operands = append(operands, letters(list))
	}
	return "[" + strings.Join(operands, ",") + "->" + letters(s.Result) + "]"
}
