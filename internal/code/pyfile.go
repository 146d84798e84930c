package code

import (
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// write writes the module: helpers, the function, and the function that compares it
// with differences.
func (d *pythonDialect) write(p *plan.Program) []File {
	var helpers []string
	body := d.function(p, p.Name, &helpers, checkedArguments)
	if p.Check != nil {
		body += "\n\n" + d.check(p, &helpers)
	}
	return []File{{p.Name + ".py", d.source(helpers, body)}}
}

// Bare writes a program for NumPy as one function that takes arguments as they come,
// without a look at their sizes: what stands beside an answer.
func Bare(p *plan.Program) string {
	var helpers []string
	body := numpy.function(p, p.Name, &helpers, convertedArguments)
	return numpy.source(helpers, body)
}

// source is a module with helpers before its functions.
func (d *pythonDialect) source(helpers []string, body string) string {
	rest := ""
	for _, h := range helpers {
		rest += "\n\n" + h
	}
	rest += "\n\n" + body
	var b strings.Builder
	for _, name := range []string{"dataclasses", "functools", "math", "operator"} {
		if usesModule(rest, name) {
			b.WriteString("import " + name + "\n")
		}
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	for _, line := range d.imports {
		if strings.HasPrefix(line, "from ") || usesModule(rest, line[strings.LastIndexByte(line, ' ')+1:]) {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString(rest)
	return b.String()
}

// usesModule reports whether source has name with a dot after it.
func usesModule(source, name string) bool {
	for {
		before, after, ok := strings.Cut(source, name+".")
		if !ok {
			return false
		}
		if before == "" || strings.IndexByte(" (-[{@", before[len(before)-1]) >= 0 {
			return true
		}
		source = after
	}
}

// What a function makes of its arguments.
const (
	plainArguments     = iota // nothing: it is called by others of the module
	convertedArguments        // arrays of doubles
	checkedArguments          // arrays of one type, of the ranks and sizes that they must have
)

// merge adds the helpers that are not yet listed.
func merge(list *[]string, more []string) {
	for _, h := range more {
		known := false
		for _, g := range *list {
			known = known || g == h
		}
		if !known {
			*list = append(*list, h)
		}
	}
}

// function writes a program as a function.
func (d *pythonDialect) function(p *plan.Program, name string, helpers *[]string, arguments int) string {
	l := d.language()
	if arguments == convertedArguments {
		l.Reserved = pyWords
	}
	w := NewWriter(l, p)
	body, values := w.Results(resultName(unicodeIdentifier))
	var params, arrays, header []string
	for _, q := range p.Params {
		switch {
		case q.Sym == nil:
			params = append(params, w.Names.Size(q.Size))
			header = append(header, integerArgument(w.Names.Size(q.Size), arguments, helpers))
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				params = append(params, w.Names.Function(q.Sym, k))
			}
		case isCount(q.Sym):
			s := w.Names.Symbol(q.Sym)
			params = append(params, s)
			header = append(header, integerArgument(s, arguments, helpers))
		default:
			s := w.Names.Symbol(q.Sym)
			params = append(params, s)
			arrays = append(arrays, s)
		}
	}
	for _, i := range p.Free {
		s := w.Names.Index(i)
		params = append(params, s)
		header = append(header, integerArgument(s, arguments, helpers))
	}
	if arguments == convertedArguments {
		for _, q := range arraysOf(p) {
			s := w.Names.Symbol(q)
			if plan.ArgumentRank(q) == 0 {
				header = append(header, s+" = np.float64("+s+")")
			} else {
				header = append(header, s+" = np.asarray("+s+", dtype=float)")
			}
		}
	}
	if len(arrays) > 0 && arguments == checkedArguments {
		merge(helpers, d.arguments)
		text := strings.Join(arrays, ", ") + " = _arguments("
		for i, q := range arraysOf(p) {
			if i > 0 {
				text += ", "
			}
			s := w.Names.Symbol(q)
			text += fmt.Sprintf("%s=(%s, %d)", s, s, plan.ArgumentRank(q))
		}
		header = append(header, text+")")
	}
	header = append(header, d.sizes(w, arguments == checkedArguments)...)
	merge(helpers, w.Helpers)

	var b strings.Builder
	b.WriteString("def " + name + "(" + strings.Join(params, ", ") + "):\n")
	if doc := p.Doc; len(doc) > 0 {
		if d.notes != nil && arguments == checkedArguments {
			doc = append(slices.Clone(doc), d.notes(w)...)
		}
		b.WriteString(docString(doc))
	}
	for _, line := range w.IndentLines(append(header, body...)) {
		b.WriteString(line + "\n")
	}
	for i, r := range p.Results {
		values[i] = d.returned(w, r, values[i])
	}
	b.WriteString("    return " + strings.Join(values, ", ") + "\n")
	return b.String()
}

// integerArgument makes an integer of an argument.
func integerArgument(name string, arguments int, helpers *[]string) string {
	if arguments != checkedArguments {
		return name + " = int(" + name + ")"
	}
	merge(helpers, []string{pyInteger})
	return fmt.Sprintf("%s = _integer(%q, %s)", name, name, name)
}

// returned is the text of a result as it is returned: not a view of an argument, and a
// number of the library where the text is one of Python.
func (d *pythonDialect) returned(w *Writer, r plan.Result, text string) string {
	switch v := r.Value; {
	case d.isNumber(v):
		return strings.NewReplacer("$", text, "@T", d.typeOf(w)).Replace(d.number)
	case d.copied != "" && view(v) && (v.Rank > 0 || d.module == "torch"):
		return text + d.copied
	}
	return text
}

// view reports whether the entries of v may be an argument's own.
func view(v *plan.Value) bool {
	switch v.Kind {
	case plan.Param:
		return true
	case plan.Member, plan.Transpose, plan.Diagonal, plan.Vec, plan.Unvec, plan.Flatten, plan.Item, plan.AsColumn, plan.AsRow, plan.MatPow,
		plan.Align, plan.Reshape:
		return view(v.Args[0])
	case plan.Einsum: // of one array it may be a permutation or a diagonal
		return len(v.Args) == 1 && view(v.Args[0])
	}
	return false
}

// arraysOf lists the arguments that are arrays or numbers, not counts and functions.
func arraysOf(p *plan.Program) []*expr.Symbol {
	var list []*expr.Symbol
	for _, q := range p.Params {
		if q.Sym != nil && q.Sym.Kind != expr.Function && !isCount(q.Sym) {
			list = append(list, q.Sym)
		}
	}
	return list
}

// sizes writes where sizes come from, and the comparison of the others with them.
func (d *pythonDialect) sizes(w *Writer, checks bool) []string {
	var out []string
	length := func(at plan.AxisOf) string {
		return w.Names.Symbol(at.Sym) + ".shape[" + itoa(at.Axis) + "]"
	}
	var checked []string
	if checks {
		for _, c := range w.Prog.Checks {
			t := message(c, w.Names.Symbol)
			want := w.Size(c.Want, 0)
			checked = append(checked,
				"if "+length(c.At)+" != "+want+":",
				fmt.Sprintf("    raise ValueError(f\"%s{%s}%s{%s}%s\")", t.Before, length(c.At), t.Between, want, t.After))
		}
	}
	// A size may need another, which comes before it.
	for i := len(w.Prog.Sizes) - 1; i >= 0; i-- {
		s := w.Prog.Sizes[i]
		if w.UsesSize(s.Size) {
			for _, e := range []*expr.Dim{s.Minus, s.Over} {
				if e != nil {
					w.Size(e, 0)
				}
			}
		}
	}
	skip := map[int]bool{}
	for i, s := range w.Prog.Sizes {
		if !w.UsesSize(s.Size) || skip[i] {
			continue
		}
		// m, n = X.shape where both are X's.
		if i+1 < len(w.Prog.Sizes) {
			t := w.Prog.Sizes[i+1]
			if s.Plain() && t.Plain() && s.From.Sym == t.From.Sym && s.From.Axis == 0 && t.From.Axis == 1 &&
				plan.ArgumentRank(s.From.Sym) == 2 && w.UsesSize(t.Size) {
				out = append(out, w.Names.Size(s.Size)+", "+w.Names.Size(t.Size)+" = "+w.Names.Symbol(s.From.Sym)+".shape")
				skip[i+1] = true
				continue
			}
		}
		text := length(s.From)
		if s.Minus != nil {
			text += " - " + w.Size(s.Minus, pyProduct)
		}
		if s.Negate {
			text = "-(" + text + ")"
		}
		if s.Over != nil {
			if s.Minus != nil && !s.Negate {
				text = "(" + text + ")"
			}
			text += " // " + w.Size(s.Over, pyAtom)
		}
		if s.Root > 1 {
			text = fmt.Sprintf("round((%s) ** (1 / %d))", text, s.Root)
		}
		out = append(out, w.Names.Size(s.Size)+" = "+text)
	}
	return append(out, checked...)
}

// docString writes the docstring of a function.
func docString(doc []string) string {
	var b strings.Builder
	b.WriteString(`    """` + docLine(doc[0]))
	for _, line := range doc[1:] {
		b.WriteByte('\n')
		if line != "" {
			b.WriteString("    " + docLine(line))
		}
	}
	if len(doc) > 1 {
		b.WriteString("\n    ")
	}
	b.WriteString("\"\"\"\n")
	return b.String()
}

// docLine makes a line safe inside a docstring.
func docLine(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"""`, `\"\"\"`)
}

const pyInteger = `def _integer(name, value):
    """The value of an argument that must be an integer."""
    try:
        return operator.index(value)
    except TypeError as error:
        raise TypeError(f"{name} must be an integer: {error}") from None
`
