package code

import (
	"maps"
	"strings"

	"example.com/nabla/internal/plan"
)

// Precedence levels of C++, loosest first.
const (
	cppSum = iota + 1
	cppProduct
	cppUnary
	cppAtom
)

// cppReserved are the words of C++, macros of its library, and what the header declares.
var cppReserved = words(`alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
	char32_t class compl concept const consteval constexpr constinit const_cast continue co_await co_return co_yield
	decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline
	int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register
	reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this
	thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor
	xor_eq final override std Eigen main assert errno major minor linux unix
	Scalar Vector Matrix Number Result result evaluate check rng worst step up down normal trial trials tolerance member
	sigmoid softplus sign unit_step softmax softmax_rows softmax_cols log_sum_exp log_sum_exp_rows log_sum_exp_cols
	log_determinant require_regular power kron kron_left kron_right khatri_rao commutation commute
	random_matrix random_matrices moved largest deviation record cast_all square half`)

// A cppWriter writes values as expressions of Eigen. A text is an expression of matrices,
// never one of arrays: what is computed entry by entry ends with .matrix(), which
// falls away again where arrays are wanted.
type cppWriter struct {
	// arrays has, for each text of that form, the array inside with its level.
	arrays map[string]cppText
}

type cppText struct {
	text  string
	level int
}

func cppLanguage(p *plan.Program) *Language { return newCppWriter().language(p) }

func newCppWriter() *cppWriter { return &cppWriter{arrays: map[string]cppText{}} }

func (c *cppWriter) language(p *plan.Program) *Language {
	reserved := cppReserved
	if p.Check == nil && len(p.Results) == 1 {
		reserved = maps.Clone(cppReserved)
		delete(reserved, "result")
	}
	l := &Language{Reserved: reserved, Identifier: asciiIdentifier, Cheap: cppCheap, Indent: "  ", Product: cppProduct, Top: cppAtom,
		Value: c.value, Assign: c.assign, Loop: c.loop, Statements: c.statements}
	// Eigen 3.4 solves a transposed system only where that is assigned, not as an operand.
	l.Named = func(v *plan.Value) bool {
		return v.Kind == plan.LU || v.Kind == plan.Cholesky || v.Kind == plan.Solve && v.Trans
	}
	l.Stem = func(v *plan.Value) string {
		return map[plan.Kind]string{plan.LU: "lu", plan.Cholesky: "llt"}[v.Kind]
	}
	return l
}

// cppCheap says what is written again rather than given a name: scalars that cost
// nothing, views, and matrices that Eigen does not build.
func cppCheap(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param, plan.Number, plan.Pi, plan.Size, plan.Counter, plan.Member, plan.Col, plan.Row, plan.Eye, plan.Unit, plan.UnitAt,
		plan.Transpose, plan.AsColumn, plan.AsRow, plan.Flatten:
		return true
	case plan.Item:
		return cppCheap(v.Args[0])
	case plan.Fill:
		return v.Args[0].Kind == plan.Number
	}
	return false
}

// cppType is the type of values of a rank.
func cppType(rank int, scalar string) string {
	switch rank {
	case 0:
		return scalar
	case 1:
		return "Vector<" + scalar + ">"
	case 2:
		return "Matrix<" + scalar + ">"
	}
	return "std::vector<Matrix<" + scalar + ">>"
}

// cppProductOf reports whether v is a product, which assigned to what it does not
// contain needs no temporary.
func cppProductOf(v *plan.Value) bool {
	return v.Kind == plan.MatMul || v.Kind == plan.MatVec || v.Kind == plan.Outer
}

// assign gives a value a name of a concrete type: an expression could outlive what it
// refers to.
func (c *cppWriter) assign(w *Writer, name, text string, v *plan.Value) []string {
	text = c.bare(text)
	switch {
	case v.Kind == plan.Cholesky:
		return []string{"const Eigen::LLT<Matrix<Scalar>> " + name + "(" + text + ");",
			"if (" + name + ".info() != Eigen::Success) {",
			"  throw std::domain_error(" + cppQuote(formula(v.Args[0])+" is not positive definite") + ");", "}"}
	case v.Kind == plan.LU:
		out := []string{"const Eigen::PartialPivLU<Matrix<Scalar>> " + name + "(" + text + ");"}
		for _, u := range w.Users(v) {
			if u.Kind == plan.Solve || u.Kind == plan.Inverse {
				w.Helper(cppRequireRegular)
				return append(out, "require_regular<Scalar>("+name+", "+cppQuote(formula(v.Args[0]))+");")
			}
		}
		return out
	case strings.HasPrefix(name, "result."):
		if cppProductOf(v) {
			name += ".noalias()"
		}
		return []string{name + " = " + text + ";"}
	}
	return []string{"const " + cppType(v.Rank, "Scalar") + " " + name + " = " + text + ";"}
}

// loop writes a sum over an index, a matrix column by column, or matrices one by one.
func (c *cppWriter) loop(w *Writer, v *plan.Value, total string, body []string, text string) []string {
	if a, ok := c.arrays[text]; ok {
		text = "(" + a.text + ").matrix()"
	}
	i := w.Names.Index(v.Index)
	out := []string{c.zero(w, v, total), "for (Eigen::Index " + i + " = 0; " + i + " < " + w.Size(v.Dims[0], cppSum) + "; ++" + i + ") {"}
	out = append(out, w.IndentLines(body)...)
	op := " += "
	switch v.Kind {
	case plan.Columns:
		total, op = total+".col("+i+")", " = "
	case plan.Stack:
		total, op = total+"["+i+"]", " = "
	}
	if cppProductOf(v.Args[0]) && w.text[v.Args[0]] == "" {
		total += ".noalias()"
	}
	return append(out, w.Indent+total+op+text+";", "}")
}

// zero declares a total, or what the parts of follow.
func (c *cppWriter) zero(w *Writer, v *plan.Value, name string) string {
	t, sizes := cppType(v.Rank, "Scalar"), ""
	switch v.Rank {
	case 1:
		sizes = w.Size(v.Rows, 0)
	case 2:
		sizes = w.Size(v.Rows, 0) + ", " + w.Size(v.Cols, 0)
	case 3:
		sizes = w.Size(v.Dims[0], 0)
	}
	result := strings.HasPrefix(name, "result.")
	switch {
	case result && (v.Kind == plan.Columns || v.Kind == plan.Stack):
		return name + ".resize(" + sizes + ");"
	case v.Kind == plan.Columns || v.Kind == plan.Stack:
		return t + " " + name + "(" + sizes + ");"
	case result && v.Rank == 0:
		return name + " = 0;"
	case result:
		return name + " = " + t + "::Zero(" + sizes + ");"
	case v.Rank == 0:
		return "Scalar " + name + "(0);"
	}
	return t + " " + name + " = " + t + "::Zero(" + sizes + ");"
}

// statements writes a contraction as nested loops, and the sum with a diagonal matrix on
// the diagonal alone.
func (c *cppWriter) statements(w *Writer, v *plan.Value) func(name string) []string {
	if v.Kind == plan.Contract {
		return func(name string) []string { return c.contract(w, v, name) }
	}
	if v.Kind != plan.Binary || v.Fn != "add" && v.Fn != "sub" || v.Rank != 2 {
		return nil
	}
	x, d := v.Args[0], v.Args[1]
	if cppDiagonal(w, x) && v.Fn == "add" {
		x, d = d, x
	}
	if !cppDiagonal(w, d) || cppDiagonal(w, x) || x.Rank != 2 || x.Kind == plan.Col || x.Kind == plan.Row {
		return nil
	}
	return func(name string) []string {
		text, _ := w.arg(x)
		out := []string{"Matrix<Scalar> " + name + " = " + c.bare(text) + ";"}
		if strings.HasPrefix(name, "result.") {
			out = []string{name + " = " + c.bare(text) + ";"}
		}
		text, _ = w.arg(d.Args[0])
		return append(out, name+".diagonal()"+map[string]string{"add": " += ", "sub": " -= "}[v.Fn]+text+";") // of arrays a matrix: Eigen adds no array to it
	}
}

// cppDiagonal reports whether v is a diagonal matrix that is not yet computed and no
// multiple of the identity, which Eigen does not build.
func cppDiagonal(w *Writer, v *plan.Value) bool {
	return v.Kind == plan.DiagMatrix && v.Args[0].Kind != plan.Fill && w.text[v] == "" && w.uses[v] <= 1 && v.Name == ""
}

// contract writes nested loops. An identity matrix makes two indices one.
func (c *cppWriter) contract(w *Writer, v *plan.Value, total string) []string {
	s := v.Spec
	same := sameIndices(v)
	name := make([]string, len(s.Sizes))
	var outer, inner []int
	begin := func(i int, list *[]int) {
		if i = same[i]; name[i] == "" {
			name[i] = w.Names.numbered("k")
			*list = append(*list, i)
		}
	}
	for _, i := range s.Result {
		begin(i, &outer)
	}
	for i := range same {
		begin(i, &inner)
	}
	at := func(list []int) string {
		var names []string
		for _, i := range list {
			names = append(names, name[same[i]])
		}
		return "(" + strings.Join(names, ", ") + ")"
	}
	var factors []string
	for k, a := range v.Args {
		ix := s.Operands[k]
		switch {
		case a.Kind == plan.Eye:
		case a.Rank == 0:
			factors = append(factors, w.Arg(a, cppProduct))
		case a.Rank == 3:
			factors = append(factors, w.Name(a)+"["+name[same[ix[0]]]+"]"+at(ix[1:]))
		case a.Kind == plan.Transpose:
			factors = append(factors, c.stored(w, a.Args[0])+at([]int{ix[1], ix[0]}))
		default:
			factors = append(factors, c.stored(w, a)+at(ix))
		}
	}
	if len(factors) == 0 {
		factors = []string{"Scalar(1)"}
	}
	position := func(indices []int) string {
		p := "0"
		for k, i := range indices {
			switch k {
			case 0:
				p = name[same[i]]
			case 1:
				p += " * " + w.Size(s.Sizes[i], cppAtom) + " + " + name[same[i]]
			default:
				p = "(" + p + ") * " + w.Size(s.Sizes[i], cppAtom) + " + " + name[same[i]]
			}
		}
		return p
	}
	entry := total
	switch v.Rank {
	case 1:
		entry += "(" + position(s.Result) + ")"
	case 2:
		entry += "(" + position(s.Result[:s.RowIndices]) + ", " + position(s.Result[s.RowIndices:]) + ")"
	}
	body := []string{entry + " += " + strings.Join(factors, " * ") + ";"}
	all := append(outer, inner...)
	for k := len(all) - 1; k >= 0; k-- {
		i := name[all[k]]
		body = append(append([]string{"for (Eigen::Index " + i + " = 0; " + i + " < " + w.Size(s.Sizes[all[k]], cppSum) + "; ++" + i + ") {"},
			w.IndentLines(body)...), "}")
	}
	return append([]string{c.zero(w, v, total)}, body...)
}

// stored returns a vector or matrix whose entries can be read one by one.
func (c *cppWriter) stored(w *Writer, v *plan.Value) string {
	if v.Kind == plan.Member && v.Rank == 2 {
		return w.Arg(v, cppAtom)
	}
	return w.Name(v)
}

// sameIndices returns for each index of a contraction the one that identity matrices
// make it equal to.
func sameIndices(v *plan.Value) []int {
	same := make([]int, len(v.Spec.Sizes))
	for i := range same {
		same[i] = i
	}
	for k, a := range v.Args {
		if a.Kind != plan.Eye {
			continue
		}
		x, y := same[v.Spec.Operands[k][0]], same[v.Spec.Operands[k][1]]
		for i := range same {
			if same[i] == max(x, y) {
				same[i] = min(x, y)
			}
		}
	}
	return same
}
