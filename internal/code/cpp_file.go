package code

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// cppIncludes are the headers with words by which code tells that it needs them.
var cppIncludes = []struct {
	header string
	words  []string
}{
	{"algorithm", []string{"std::max", "std::min"}}, {"cmath", []string{"std::exp", "std::log", "std::sqrt", "std::pow", "std::abs",
		"std::sin", "std::cos", "std::tan", "std::asin", "std::acos", "std::atan", "std::erf", "std::expm1", "std::isfinite", "std::round"}},
	{"cstddef", []string{"std::size_t"}}, {"functional", []string{"std::function"}}, {"limits", []string{"std::numeric_limits"}},
	{"random", []string{"std::mt19937"}}, {"sstream", []string{"std::ostringstream"}},
	{"stdexcept", []string{"std::invalid_argument", "std::domain_error", "std::runtime_error"}},
	{"string", []string{"std::string", "std::to_string"}}, {"type_traits", []string{"std::is_same"}}, {"vector", []string{"std::vector"}},
}

// writeCpp writes a header with the function, its results and the check.
func writeCpp(p *plan.Program) []File {
	var helpers []string
	body := cppFunction(p, "evaluate", &helpers, true)
	body = strings.Join(append(slices.Clone(helpers), body), "\n")
	if p.Check != nil {
		known := len(helpers)
		check := cppCheck(p, &helpers)
		body = strings.Join(append(append([]string{body}, helpers[known:]...), check), "\n")
	}
	var b strings.Builder
	b.WriteString("#pragma once\n\n#include <Eigen/Dense>\n")
	for _, h := range cppIncludes {
		for _, word := range h.words {
			if strings.Contains(body, word) {
				b.WriteString("#include <" + h.header + ">\n")
				break
			}
		}
	}
	b.WriteString("\nnamespace " + p.Name + " {\n" + `
template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
`)
	if strings.Contains(body, "Number<") {
		b.WriteString(`/// The scalar type where it is not deduced: other arguments say what it is.
template <typename Scalar>
using Number = typename Eigen::NumTraits<Scalar>::Real;
`)
	}
	b.WriteString("\n" + body + "\n}  // namespace " + p.Name + "\n")
	return []File{{p.Name + ".hpp", b.String()}}
}

// cppFunction writes a program as a function template. Only the one for users checks
// its arguments.
func cppFunction(p *plan.Program, name string, helpers *[]string, public bool) string {
	c := newCppWriter()
	w := NewWriter(c.language(p), p)
	several := len(p.Results) > 1
	resultOf := resultName(asciiIdentifier)
	body, values := w.Results(func(r plan.Result) string { return "result." + resultOf(r) })
	header := c.sizes(w, public)
	merge(helpers, w.Helpers)
	returned := cppType(p.Results[0].Value.Rank, "Scalar")
	var out strings.Builder
	if several {
		returned = "Result<Scalar>"
		header = append(header, "Result<Scalar> result;")
		body = append(body, "return result;")
		out.WriteString("/// What evaluate returns.\ntemplate <typename Scalar>\nstruct Result {\n")
		for k, r := range p.Results {
			field := strings.TrimPrefix(values[k], "result.")
			out.WriteString("  " + cppType(r.Value.Rank, "Scalar") + " " + field + ";\n")
		}
		out.WriteString("};\n\n")
	} else {
		body = append(body, "return "+c.bare(values[0])+";")
	}
	if public {
		for _, line := range docLines(p) {
			out.WriteString(strings.TrimRight("/// "+strings.TrimRight(line, `\`), " ") + "\n")
		}
		if len(p.Doc) > 0 {
			out.WriteString("///\n")
		}
		out.WriteString("/// Throws std::invalid_argument where sizes do not agree")
		if strings.Contains(strings.Join(body, "\n"), "std::domain_error") || slices.Contains(*helpers, cppRequireRegular) || slices.Contains(*helpers, cppPower) {
			out.WriteString(", std::domain_error where a matrix has no\n/// inverse or is not positive definite")
		}
		out.WriteString(".\n")
	}
	all := append(header, body...)
	params := cppParams(p, w.Names, func(name string) bool {
		for _, line := range all {
			if mentionsWord(line, name) {
				return true
			}
		}
		return false
	})
	out.WriteString(cppHead(p, returned+" "+name, params))
	for _, line := range all {
		out.WriteString("  " + line + "\n")
	}
	out.WriteString("}\n")
	return out.String()
}

// mentionsWord reports whether code has a word.
func mentionsWord(code, word string) bool {
	for rest := code; ; {
		k := strings.Index(rest, word)
		if k < 0 {
			return false
		}
		end := k + len(word)
		if (k == 0 || !isWordByte(rest[k-1])) && (end == len(rest) || !isWordByte(rest[end])) {
			return true
		}
		rest = rest[k+1:]
	}
}

// cppHead writes the head of a function template, with a line for each parameter if it
// is long.
func cppHead(p *plan.Program, name string, params []string) string {
	template := "template <typename Scalar>\n"
	if !cppDeduced(p) {
		template = "template <typename Scalar = double>\n"
	}
	one := name + "(" + strings.Join(params, ", ") + ") {\n"
	if len(one) <= 110 {
		return template + one
	}
	indent := strings.Repeat(" ", len(name)+1)
	lines := []string{name + "("}
	for k, s := range params {
		if k < len(params)-1 {
			s += ", "
		}
		last := &lines[len(lines)-1]
		if len(*last)+len(s) > 110 && k > 0 {
			*last = strings.TrimRight(*last, " ")
			lines = append(lines, indent+s)
		} else {
			*last += s
		}
	}
	return template + strings.Join(lines, "\n") + ") {\n"
}

// cppDeduced reports whether a parameter tells the scalar type.
func cppDeduced(p *plan.Program) bool {
	for _, q := range p.Params {
		if q.Sym != nil && q.Sym.Kind != expr.Function && !isCount(q.Sym) {
			return true
		}
	}
	return false
}

// cppParams lists the parameters. The type of scalars is deduced from one of them: of the
// arrays if there is one.
func cppParams(p *plan.Program, names *Names, used func(name string) bool) []string {
	arrays := false
	for _, q := range p.Params {
		arrays = arrays || q.Sym != nil && q.Sym.Kind != expr.Function && plan.ArgumentRank(q.Sym) > 0
	}
	var list []string
	add := func(t, name string) {
		if !used(name) {
			name = "/* " + name + " */"
		}
		list = append(list, t+" "+name)
	}
	deduced := arrays
	for _, q := range p.Params {
		switch {
		case q.Sym == nil:
			add("int", names.Size(q.Size))
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				add("const std::function<Number<Scalar>(Number<Scalar>)>&", names.Function(q.Sym, k))
			}
		case isCount(q.Sym):
			add("int", names.Symbol(q.Sym))
		case plan.ArgumentRank(q.Sym) == 0:
			t := "Number<Scalar>"
			if !deduced {
				t, deduced = "Scalar", true
			}
			add(t, names.Symbol(q.Sym))
		default:
			add("const "+cppType(plan.ArgumentRank(q.Sym), "Scalar")+"&", names.Symbol(q.Sym))
		}
	}
	return list
}

// length is the length of an axis of an argument.
func (c *cppWriter) length(w *Writer, at plan.AxisOf) string {
	x, axis := w.Names.Symbol(at.Sym), at.Axis
	switch rank := plan.ArgumentRank(at.Sym); {
	case rank == 1:
		return x + ".size()"
	case rank == 3 && axis == 0:
		return "static_cast<Eigen::Index>(" + x + ".size())"
	case rank == 3:
		x, axis = x+"[0]", axis-1
	}
	return x + []string{".rows()", ".cols()"}[axis]
}

// sizes writes where sizes come from, and the comparison of the others with them.
func (c *cppWriter) sizes(w *Writer, checks bool) []string {
	var out []string
	families := map[*expr.Symbol]bool{}
	for _, q := range w.Prog.Params {
		if checks && q.Sym != nil && q.Sym.Kind != expr.Function && plan.ArgumentRank(q.Sym) == 3 {
			x := w.Names.Symbol(q.Sym)
			out = append(out, "if ("+x+".empty()) {", "  throw std::invalid_argument("+cppQuote(x+" is empty")+");", "}")
			families[q.Sym] = true
		}
	}
	list := w.neededSizes(checks)
	if checks {
		for _, q := range w.Prog.Params {
			if families[q.Sym] {
				shape := plan.ArgumentShape(q.Sym)
				w.Size(shape[1], 0)
				w.Size(shape[2], 0)
			}
		}
		list = w.neededSizes(checks)
	}
	for i := range list {
		s := &list[i]
		text := c.length(w, s.From)
		if s.Minus != nil {
			text += " - " + w.Size(s.Minus, cppProduct)
		}
		if s.Negate {
			text = "-(" + text + ")"
		}
		if s.Over != nil {
			if s.Minus != nil && !s.Negate {
				text = "(" + text + ")"
			}
			text += " / " + w.Size(s.Over, cppAtom)
		}
		if s.Root > 1 {
			text = fmt.Sprintf("static_cast<Eigen::Index>(std::round(std::pow(%s, 1.0 / %d)))", text, s.Root)
		}
		out = append(out, "const Eigen::Index "+w.Names.Size(s.Size)+" = "+text+";")
	}
	if !checks {
		return out
	}
	for _, k := range w.Prog.Checks {
		if families[k.At.Sym] && k.At.Axis > 0 {
			continue // with all members
		}
		t := message(k, w.Names.Symbol)
		got, want := c.length(w, k.At), w.Size(k.Want, cppSum)
		text := "  throw std::invalid_argument(" + cppQuote(t.Before) + " + std::to_string(" + got + ") +"
		rest := cppQuote(t.Between) + " + std::to_string(" + want + ")"
		if t.After != "" {
			rest += " + " + cppQuote(t.After)
		}
		out = append(out, "if ("+got+" != "+want+") {", text, strings.Repeat(" ", len("  throw std::invalid_argument("))+rest+");", "}")
	}
	for _, q := range w.Prog.Params {
		if !families[q.Sym] {
			continue
		}
		shape := plan.ArgumentShape(q.Sym)
		x := w.Names.Symbol(q.Sym)
		out = append(out, "for (const Matrix<Scalar>& member : "+x+") {",
			"  if (member.rows() != "+w.Size(shape[1], cppSum)+" || member.cols() != "+w.Size(shape[2], cppSum)+") {",
			"    throw std::invalid_argument("+cppQuote("the matrices in "+x+" have different shapes")+");", "  }", "}")
	}
	return out
}
