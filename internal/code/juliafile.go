package code

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// writeJulia writes a file with the function and the one that compares it with differences.
func writeJulia(p *plan.Program) []File {
	var helpers []string
	function, _ := juliaFunction(p, p.Name, &helpers, nil)
	blocks := []string{"using LinearAlgebra\n", strings.Join(function, "\n") + "\n"}
	if p.Check != nil {
		blocks = append(blocks, strings.Join(juliaCheck(p, &helpers), "\n")+"\n")
	}
	return []File{{p.Name + ".jl", strings.Join(append(blocks, helpers...), "\n")}}
}

// juliaDoc writes lines of documentation as a docstring; those of the program are set as
// they stand, which Markdown does four blanks in.
func juliaDoc(head string, doc []string) []string {
	escape := strings.NewReplacer(`\`, `\\`, `$`, `\$`, `"""`, `\"\"\"`).Replace
	out := []string{`"""`, "    " + head}
	if len(doc) > 0 {
		out = append(out, "")
	}
	for _, line := range doc {
		out = append(out, strings.TrimRight(escape(line), " "))
	}
	return append(out, `"""`)
}

// juliaFunction writes a program as a function, and reports whether the type of the
// numbers is named in it. The one for users says what types its arguments have, and checks
// their sizes. One within another function has outer, whose names it does not assign to.
func juliaFunction(p *plan.Program, name string, helpers *[]string, outer *checker) ([]string, bool) {
	p, public := named(p, name), outer == nil
	w := NewWriter(juliaLanguage(p), p)
	if !public {
		for x := range outer.names.taken {
			w.Names.taken[x] = true
		}
	}
	body, values := w.Results(resultName(unicodeIdentifier))
	for i, r := range p.Results {
		values[i] = juliaReturned(w, r.Value, values[i])
	}
	var header []string
	if public {
		header = append(header, juliaTypes(w)...)
	}
	header = append(header, juliaSizes(w, public)...)
	merge(helpers, w.Helpers)
	params := parameters(p, w.Names, func(a plan.Parameter) string { return w.Names.Symbol(a.Sym) })
	var out []string
	head := "function " + name + "(" + strings.Join(params, ", ") + ")"
	if public {
		doc := docLines(p)
		for i, s := range doc {
			if s != "" {
				doc[i] = "    " + s
			}
		}
		out = juliaDoc(name+"("+strings.Join(params, ", ")+")", doc)
		head = juliaHead(w, name)
	}
	out = append(out, head)
	out = append(out, w.IndentLines(append(header, body...))...)
	return append(out, "    return "+strings.Join(values, ", "), "end"), w.typed
}

// juliaHead writes the first line of the function for users, or several if that is long.
func juliaHead(w *Writer, name string) string {
	var params []string
	arrays := false
	for _, q := range w.Prog.Params {
		switch {
		case q.Sym == nil:
			params = append(params, w.Names.Size(q.Size)+"::Integer")
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				params = append(params, w.Names.Function(q.Sym, k))
			}
		case isCount(q.Sym):
			params = append(params, w.Names.Symbol(q.Sym)+"::Integer")
		default:
			arrays = arrays || plan.ArgumentRank(q.Sym) > 0
			params = append(params, juliaSignature(q.Sym, w.Names.Symbol(q.Sym), w.Type))
		}
	}
	where := ""
	if arrays {
		where = " where {" + w.Type + "<:AbstractFloat}"
	}
	if line := "function " + name + "(" + strings.Join(params, ", ") + ")" + where; len(line) <= 110 {
		return line
	}
	return "function " + name + "(\n    " + strings.Join(params, ",\n    ") + ",\n)" + where
}

// juliaTypes converts numbers to the type of the arrays, or of one another if there are
// none.
func juliaTypes(w *Writer) []string {
	var scalars []string
	arrays := false
	for _, s := range arraysOf(w.Prog) {
		if plan.ArgumentRank(s) > 0 {
			arrays = true
		} else {
			scalars = append(scalars, w.Names.Symbol(s))
		}
	}
	var out []string
	switch {
	case arrays:
		for _, s := range scalars {
			out = append(out, s+" = "+w.Type+"("+s+")")
		}
		return out
	case len(scalars) > 1:
		list := strings.Join(scalars, ", ")
		out = append(out, list+" = promote(float("+strings.Join(scalars, "), float(")+"))")
	case len(scalars) == 1:
		out = append(out, scalars[0]+" = float("+scalars[0]+")")
	}
	if w.typed {
		if len(scalars) > 0 {
			out = append(out, w.Type+" = typeof("+scalars[0]+")")
		} else {
			out = append(out, w.Type+" = Float64")
		}
	}
	return out
}

// juliaReturned is the text of a result as it is returned: an Array, no view of an
// argument, and a number of the arguments' type.
func juliaReturned(w *Writer, v *plan.Value, text string) string {
	switch {
	case v.Rank == 0 && integral(v):
		return jlFloat(w, text)
	case v.Rank == 0, v.Kind == plan.AsColumn && v.Args[0].Rank == 0:
		return text
	case v.Kind == plan.Transpose, v.Kind == plan.Inverse && v.Trans:
		if s, ok := strings.CutSuffix(text, "'"); ok {
			return "permutedims(" + bare(s) + ")"
		}
		return "copy(" + text + ")"
	case view(v) && !(v.Kind == plan.MatPow || v.Kind == plan.AsRow || v.Kind == plan.Diagonal || v.Kind == plan.Vec && v.Args[0].Kind == plan.Transpose):
		return "copy(" + text + ")"
	}
	return text
}

// bare takes brackets off that enclose a whole text.
func bare(s string) string {
	if !strings.HasPrefix(s, "(") || !strings.HasSuffix(s, ")") {
		return s
	}
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 && i < len(s)-1 {
				return s
			}
		}
	}
	return s[1 : len(s)-1]
}

// juliaLength is the length of an axis of an argument.
func juliaLength(w *Writer, at plan.AxisOf) string {
	x, axis := w.Names.Symbol(at.Sym), at.Axis
	switch rank := plan.ArgumentRank(at.Sym); {
	case rank == 1, rank == 3 && axis == 0:
		return "length(" + x + ")"
	case rank == 3:
		return "size(first(" + x + "), " + itoa(axis) + ")"
	}
	return "size(" + x + ", " + itoa(axis+1) + ")"
}

// juliaSizes writes where sizes come from, and the comparison of the others with them.
func juliaSizes(w *Writer, checks bool) []string {
	var out []string
	if checks {
		for _, s := range arraysOf(w.Prog) {
			if x := w.Names.Symbol(s); plan.ArgumentRank(s) == 3 {
				out = append(out, "isempty("+x+`) && throw(ArgumentError("`+x+` has no members"))`,
					"all(M -> size(M) == size(first("+x+")), "+x+`) || throw(DimensionMismatch("the members of `+x+` differ in size"))`)
			}
		}
	}
	list := w.neededSizes(checks)
	for i := 0; i < len(list); i++ {
		s := &list[i]
		if pairOf(list, i) {
			out = append(out, w.Names.Size(s.Size)+", "+w.Names.Size(list[i+1].Size)+" = size("+w.Names.Symbol(s.From.Sym)+")")
			i++
			continue
		}
		text := juliaLength(w, s.From)
		if s.Minus != nil {
			text += " - " + w.Size(s.Minus, jlProduct)
		}
		if s.Negate {
			text = "-(" + text + ")"
		}
		if s.Over != nil {
			text = "div(" + text + ", " + w.Size(s.Over, 0) + ")"
		}
		if s.Root > 1 {
			text = fmt.Sprintf("round(Int, (%s)^(1 / %d))", text, s.Root)
		}
		out = append(out, w.Names.Size(s.Size)+" = "+text)
	}
	if checks {
		for _, c := range w.Prog.Checks {
			t := message(c, w.Names.Symbol)
			got, want := juliaLength(w, c.At), w.Size(c.Want, jlSum)
			out = append(out, got+" == "+want+" ||",
				fmt.Sprintf("    throw(DimensionMismatch(\"%s$(%s)%s$%s%s\"))", t.Before, got, t.Between, interpolated(want), t.After))
		}
	}
	return out
}

// interpolated is what follows $ within a string.
func interpolated(s string) string {
	if isIdentifier(s) {
		return s
	}
	return "(" + s + ")"
}

// juliaCheck writes the function that compares the results with differences.
func juliaCheck(p *plan.Program, helpers *[]string) []string {
	l := juliaLanguage(p)
	c := newChecker(l, p, "d_")
	var parts [][]string // inner functions
	var body []string
	line := func(depth int, s string) { body = append(body, strings.Repeat("    ", depth)+s) }
	typed := false
	part := func(q *plan.Program, name string) {
		text, names := juliaFunction(q, name, helpers, c)
		parts = append(parts, text)
		typed = typed || names
	}
	for k, q := range c.bases {
		part(q, "base"+itoa(k+1))
	}
	for k, q := range p.Check.Along {
		if q != nil {
			part(q, "along"+itoa(k+1))
		}
	}
	for _, s := range c.arrays() {
		x := c.names.Symbol(s)
		switch plan.ArgumentRank(s) {
		case 0:
			line(0, x+" = Float64("+x+")")
		case 3:
			line(0, x+" = [Float64.(M) for M in "+x+"]")
		default:
			line(0, x+" = Float64.("+x+")")
		}
	}
	line(0, "worst = 0.0")
	line(0, "for _ in 1:trials")
	for _, s := range directions(p) {
		d, x := c.direction[s], c.names.Symbol(s)
		switch plan.ArgumentRank(s) {
		case 0:
			line(1, d+" = randn()")
		case 3:
			line(1, d+" = [randn(size(M)) for M in "+x+"]")
		default:
			line(1, d+" = randn(size("+x+"))")
		}
		switch {
		case s.Facts.Has(expr.Diagonal) && s.Family != nil:
			line(1, d+" = [Matrix(Diagonal(M)) for M in "+d+"]")
		case s.Facts.Has(expr.Diagonal):
			line(1, d+" = Matrix(Diagonal("+d+"))")
		case s.Facts.Has(expr.Symmetric) && s.Family != nil:
			line(1, d+" = [M + M' for M in "+d+"]")
		case s.Facts.Has(expr.Symmetric):
			line(1, d+" = "+d+" + "+d+"'")
		}
	}
	line(1, "results = "+p.Name+"("+strings.Join(c.arguments(p, c.self), ", ")+")")
	for k, r := range p.Results {
		q := p.Check.Base[k]
		if q == nil {
			continue
		}
		x, d := c.names.Symbol(r.Wrt), c.direction[r.Wrt]
		result := "results"
		if len(p.Results) > 1 {
			result += "[" + itoa(k+1) + "]"
		}
		at := func(sign string) string {
			return "base" + itoa(c.base(q)) + "(" + strings.Join(c.arguments(q, c.moved(r.Wrt, x+" "+sign+" h * "+d)), ", ") + ")"
		}
		line(1, "h = 1e-6 * (1 + norm("+x+", Inf))")
		line(1, "difference = ("+at("+")+" - "+at("-")+") / 2h")
		predicted := "along" + itoa(k+1) + "(" + strings.Join(c.arguments(p.Check.Along[k], c.along(k, result)), ", ") + ")"
		line(1, "worst = max(worst, _deviation("+predicted+", difference))")
	}
	line(0, "end")
	line(0, "worst <= tolerance || error(\"the derivatives deviate from differences by $worst\")")
	line(0, "return worst")
	merge(helpers, []string{jlDeviation})
	name := p.Name + "_check"
	list := strings.Join(c.arguments(p, c.self), ", ")
	doc := []string{"Compares the derivatives with central differences in random directions."}
	if c.given() {
		doc = append(doc, "Directions are drawn, those given are not looked at.")
	}
	doc = append(doc, "Returns the largest relative deviation; throws an error above the tolerance.")
	out := juliaDoc(name+"("+list+"; trials = 3, tolerance = 1e-5)", doc)
	out = append(out, "function "+name+"("+list+"; trials = 3, tolerance = 1e-5)")
	var lines []string
	if typed {
		lines = append(lines, l.Type+" = Float64")
	}
	for _, group := range append(parts, body) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, group...)
	}
	for _, s := range lines {
		if s != "" {
			s = "    " + s
		}
		out = append(out, s)
	}
	return append(out, "end")
}
