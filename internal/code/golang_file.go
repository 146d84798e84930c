package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A goFile is a package of one file as it is written.
type goFile struct {
	prefix  string   // of error messages: the package, since variables may begin with a capital
	helpers []string // names, in order of first use
	fails   map[string]bool
}

// need notes that a function of the table of helpers is called; other names are ignored.
func (f *goFile) need(name string) {
	h, ok := goHelpers[name]
	if !ok || slices.Contains(f.helpers, name) {
		return
	}
	f.helpers = append(f.helpers, name)
	for _, n := range h.needs {
		f.need(n)
	}
}

// goImports are the packages that generated Go uses, in gofmt's order.
var goImports = []struct{ path, name string }{
	{"errors", "errors."}, {"fmt", "fmt."}, {"math", "math."}, {"math/rand/v2", "rand."}, {"slices", "slices."},
	{"gonum.org/v1/gonum/floats", "floats."}, {"gonum.org/v1/gonum/mat", "mat."},
}

func writeGo(p *plan.Program) []File {
	pkg := goPackage(p.Name)
	f := &goFile{prefix: pkg + ": ", fails: map[string]bool{}}
	var body strings.Builder
	body.WriteString(f.function(p, goName(p.Name), true))
	if p.Check != nil {
		body.WriteString("\n" + f.check(p))
	}
	for _, name := range f.helpers {
		body.WriteString("\n" + goHelpers[name].source)
	}
	var b strings.Builder
	b.WriteString("// Package " + pkg + " has the function " + goName(p.Name) + ".\npackage " + pkg + "\n")
	b.WriteString(goImportList(body.String()))
	b.WriteString("\n" + body.String())
	return []File{{pkg + ".go", b.String()}}
}

// goImportList declares the packages that the code mentions.
func goImportList(code string) string {
	var standard, others []string
	for _, p := range goImports {
		if !mentions(code, p.name) {
			continue
		}
		line := "\t\"" + p.path + "\"\n"
		if strings.HasPrefix(p.path, "gonum") {
			others = append(others, line)
		} else {
			standard = append(standard, line)
		}
	}
	switch {
	case len(standard)+len(others) == 0:
		return ""
	case len(standard)+len(others) == 1:
		return "\nimport " + strings.TrimPrefix(strings.Join(append(standard, others...), ""), "\t")
	case len(standard) > 0 && len(others) > 0:
		others[0] = "\n" + others[0]
	}
	return "\nimport (\n" + strings.Join(append(standard, others...), "") + ")\n"
}

// mentions reports whether code, outside of comments, has a word that begins a name.
func mentions(code, word string) bool {
	for line := range strings.Lines(code) {
		line, _, _ = strings.Cut(line, "//")
		for rest := line; ; {
			k := strings.Index(rest, word)
			if k < 0 {
				break
			}
			if k == 0 || !isWordByte(rest[k-1]) && rest[k-1] != '.' && rest[k-1] != '"' {
				return true
			}
			rest = rest[k+1:]
		}
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// goResultName is what a result is called: value, gradW.
func goResultName(r plan.Result) string { return goIdentifier(resultName(asciiIdentifier)(r)) }

// goResult is how a result is returned.
type goResult struct {
	name string
	rank int
}

// function writes a program as a function. Only the one for users checks its arguments,
// and always returns an error; others where something can fail.
func (f *goFile) function(p *plan.Program, name string, public bool) string {
	g := newGolang(p, goLanguage(p), f)
	var results []goResult
	zeros := ""
	several := len(p.Results) > 1
	for _, r := range p.Results {
		id := g.Names.Fresh(goResultName(r))
		results = append(results, goResult{id, r.Value.Rank})
		if r.Value.Rank == 0 {
			zeros += "0, "
		} else {
			zeros += "nil, "
		}
		if !goCheap(r.Value) && g.wanted[r.Value] == "" {
			g.wanted[r.Value] = id
			g.given[id] = several
		}
	}
	g.failure = zeros
	var values []string
	for k, r := range p.Results {
		values = append(values, g.result(r.Value, k))
	}
	body := g.blocks[0].lines
	g.blocks[0].lines = nil
	var members, checks []string
	if public {
		g.families()
		members, g.blocks[0].lines = g.blocks[0].lines, nil
		g.checks()
		checks = g.blocks[0].lines
	}
	header := append(append(members, g.header()...), checks...)
	fails := public || g.fails
	f.fails[name] = fails

	var b strings.Builder
	if public {
		b.WriteString(goDoc(name, docLines(p)))
	}
	b.WriteString("func " + name + "(" + g.params() + ") " + goResults(results, several, fails) + " {\n")
	if fails {
		values = append(values, "nil")
	}
	for _, line := range append(append(header, body...), "return "+strings.Join(values, ", ")) {
		b.WriteString("\t" + line + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// result computes result k and returns what is returned for it: no memory of an
// argument or of another result.
func (g *golang) result(v *plan.Value, k int) string {
	before := false
	for _, r := range g.Prog.Results[:k] {
		before = before || r.Value == v
	}
	var x goExpr
	switch {
	case v.Rank == 0 && len(g.Prog.Results) == 1 && !goCheap(v):
		x = g.scalarText(v)
		if s, ok := g.text[v]; ok {
			x = goID(s)
		}
	case v.Rank == 0:
		x = g.scalar(v)
	case v.Rank == 1 && (before || v.Kind == plan.Param):
		x = goFn("slices.Clone", g.slice(v))
	case v.Rank == 1:
		x = g.slice(v)
	case v.Rank == 3 && before:
		g.file.need("copies")
		x = goFn("copies", g.receiver(v))
	case before || v.Kind == plan.Param:
		x = goFn("mat.DenseCopyOf", g.matrix(v))
	default:
		x = g.operand(g.receiver(v))
	}
	return x.String()
}

// goResults is the list of results in a signature: with names if there are several.
func goResults(list []goResult, several, fails bool) string {
	var names, types []string
	for _, r := range list {
		names, types = append(names, r.name), append(types, goType(r.rank))
	}
	if fails {
		names, types = append(names, "err"), append(types, "error")
	}
	switch {
	case several:
		return "(" + goDeclarations(names, types) + ")"
	case len(types) == 1:
		return types[0]
	}
	return "(" + strings.Join(types, ", ") + ")"
}

// params is the list of parameters in a signature.
func (g *golang) params() string {
	var names, types []string
	add := func(name, t string) { names, types = append(names, name), append(types, t) }
	for _, q := range g.Prog.Params {
		switch {
		case q.Sym == nil:
			add(g.Names.Size(q.Size), "int")
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				add(g.Names.Function(q.Sym, k), goParamType(q.Sym))
			}
		default:
			add(g.Names.Symbol(q.Sym), goParamType(q.Sym))
		}
	}
	return goDeclarations(names, types)
}

// goDeclarations writes "a, b float64, X *mat.Dense".
func goDeclarations(names, types []string) string {
	s := ""
	for k, name := range names {
		if k > 0 {
			s += ", "
		}
		s += name
		if k+1 == len(names) || types[k+1] != types[k] {
			s += " " + types[k]
		}
	}
	return s
}

// goDoc writes the comment of the function: formulas and shapes, indented, so that gofmt
// leaves their lines as they are.
func goDoc(name string, doc []string) string {
	var b strings.Builder
	b.WriteString("// " + name + " returns a function and its derivatives, or an error if arguments do not fit.\n")
	last := ""
	for k, line := range doc {
		if k == 0 {
			b.WriteString("//\n")
		}
		line = strings.TrimRight(line, " \t")
		if line == "" {
			if last != "" {
				b.WriteString("//\n")
			}
		} else {
			b.WriteString("//\t" + line + "\n")
		}
		last = line
	}
	return b.String()
}
