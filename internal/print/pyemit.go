package print

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
)

// maxLine is the length of an operand above which it gets a line of its own. It
// also bounds how deep brackets nest, which Python limits to 200.
const maxLine = 60

// An emitter writes expressions as statements.
type emitter struct {
	g      *generator
	text   map[*ir]string // of those that have a name
	blocks []*block
	temps  int
	sizes  map[*expr.SizeName]bool
}

// A block is the body of the function or of a loop.
type block struct {
	index *expr.Index // nil for the function
	lines []string
	named []*ir
}

// source writes the function.
func (g *generator) source(f Function, results []*ir) string {
	for _, r := range results {
		countUses(r.source())
	}
	e := &emitter{g: g, text: map[*ir]string{}, blocks: []*block{{}}, sizes: map[*expr.SizeName]bool{}}
	var values []string
	for _, r := range results {
		values = append(values, e.root(r))
	}
	body := e.blocks[0].lines

	z := &sizer{g: g, done: map[*expr.SizeName]bool{}, under: map[*expr.SizeName]bool{}}
	for _, n := range e.sizeNames() {
		z.find(n)
	}
	var params, header []string
	for _, s := range g.b.Symbols() {
		if !g.symbols[s] {
			continue
		}
		name := g.py.symbol(s)
		switch {
		case s.Kind == expr.Function:
			for k := range g.orders[s] + 1 {
				if p := g.py.function(s, k); k > 0 || g.usesFunction(p) {
					params = append(params, p)
				}
			}
			continue
		case s.Family != nil:
			header = append(header, name+" = [np.asarray(v, dtype=float) for v in "+name+"]")
		case s.Kind != expr.Scalar:
			header = append(header, name+" = np.asarray("+name+", dtype=float)")
		case s.Facts.Has(expr.Integer):
			header = append(header, name+" = int("+name+")")
		default:
			header = append(header, name+" = np.float64("+name+")")
		}
		params = append(params, name)
	}
	for _, n := range z.extra {
		params = append(params, g.py.sizes[n])
	}

	var b strings.Builder
	b.WriteString("import numpy as np\n\n\n")
	for _, p := range g.preludes {
		b.WriteString(p)
		b.WriteString("\n\n")
	}
	name := f.Name
	if name == "" {
		name = "derivative"
	}
	b.WriteString("def " + name + "(" + strings.Join(params, ", ") + "):\n")
	if len(f.Doc) > 0 {
		b.WriteString(`    """` + docLine(f.Doc[0]))
		for _, line := range f.Doc[1:] {
			b.WriteByte('\n')
			if line != "" {
				b.WriteString("    " + docLine(line))
			}
		}
		if len(f.Doc) > 1 {
			b.WriteString("\n    ")
		}
		b.WriteString("\"\"\"\n")
	}
	for _, list := range [][]string{header, z.lines, body} {
		for _, line := range list {
			b.WriteString("    " + line + "\n")
		}
	}
	b.WriteString("    return " + strings.Join(values, ", ") + "\n")
	if g.py.module == "np" {
		return b.String()
	}
	s := strings.ReplaceAll(b.String(), "import numpy as np", "import numpy as "+g.py.module)
	return renameModule(s, g.py.module)
}

// renameModule replaces np. where a variable is called np.
func renameModule(s, module string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "np.")
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		if i > 0 && (s[i-1] == '_' || s[i-1] == '.' || s[i-1] >= '0' && s[i-1] <= '9' || s[i-1] >= 'A' && s[i-1] <= 'Z' || s[i-1] >= 'a' && s[i-1] <= 'z') {
			b.WriteString("np.")
		} else {
			b.WriteString(module + ".")
		}
		s = s[i+3:]
	}
}

// docLine makes a line safe inside a docstring.
func docLine(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"""`, `\"\"\"`)
}

func (g *generator) usesFunction(name string) bool {
	return slices.ContainsFunc(g.list, func(n *ir) bool { return strings.HasPrefix(n.pattern, name+"(") })
}

// countUses counts how often each value is needed.
func countUses(n *ir) {
	n.uses++
	if n.uses > 1 {
		return
	}
	for _, a := range n.args {
		countUses(a.source())
	}
}

// sizeNames returns the sizes that the statements use.
func (e *emitter) sizeNames() []*expr.SizeName {
	var list []*expr.SizeName
	for n := range e.sizes {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *expr.SizeName) int { return a.Ordinal - b.Ordinal })
	return list
}

func (e *emitter) size(d *expr.Dim) string {
	for _, n := range d.Names(nil) {
		if c := counts(e.g.b, n); c != nil {
			e.g.symbols[c] = true
		} else {
			e.sizes[n] = true
		}
	}
	return e.g.py.size(d)
}

// expression returns the source of n, with brackets where it binds less than min.
func (e *emitter) expression(n *ir, min int) string {
	n = n.source()
	if s, ok := e.text[n]; ok {
		return s
	}
	if n.loop != nil {
		return e.loop(n)
	}
	blocks := e.blocks
	e.blocks = blocks[:e.depth(n)+1]
	s := e.expand(n)
	moved := len(e.blocks) < len(blocks) && !n.cheap
	if moved || e.deserves(n, s) {
		s = e.name(n, s)
		e.blocks = blocks
		return s
	}
	e.blocks = blocks
	if n.level < min {
		return "(" + s + ")"
	}
	return s
}

// depth returns the outermost block where n can stand.
func (e *emitter) depth(n *ir) int {
	at := len(e.blocks) - 1
	for at > 0 && n.loops&loopBit(e.blocks[at].index) == 0 {
		at--
	}
	return at
}

// root returns the source of a result, which needs no name for its length.
func (e *emitter) root(n *ir) string {
	if n = n.source(); n.uses > 1 || n.loop != nil || n.cheap {
		return e.expression(n, pySum)
	}
	return e.expand(n)
}

// deserves reports whether n, with source s, gets a line of its own: it is needed
// again or it is long.
func (e *emitter) deserves(n *ir, s string) bool {
	if n.cheap {
		return false
	}
	return n.uses > 1 || len(s) > maxLine && strings.HasPrefix(n.pattern, "np.") || len(s) > 2*maxLine
}

// name writes n as a statement.
func (e *emitter) name(n *ir, s string) string {
	name := e.fresh()
	b := e.blocks[len(e.blocks)-1]
	b.lines = append(b.lines, name+" = "+s)
	b.named = append(b.named, n)
	e.text[n] = name
	return name
}

func (e *emitter) fresh() string {
	for {
		e.temps++
		name := "t" + strconv.Itoa(e.temps)
		if !e.g.py.taken[name] {
			return name
		}
	}
}

// expand fills in the pattern of n.
func (e *emitter) expand(n *ir) string {
	if len(n.args) == 0 && len(n.dims) == 0 {
		return n.pattern
	}
	args := make([]string, len(n.args))
	var b strings.Builder
	p := n.pattern
	for i := 0; i < len(p); i++ {
		c := p[i]
		if (c == '$' || c == '#' || c == '~' || c == '^' || c == '%') && i+1 < len(p) && '1' <= p[i+1] && p[i+1] <= '9' {
			k := int(p[i+1] - '1')
			i++
			if c == '%' {
				b.WriteString(e.size(n.dims[k]))
				continue
			}
			min := pySum
			switch c {
			case '#':
				min = pyAtom
			case '~':
				min = n.level
			case '^':
				min = n.level + 1
			}
			if args[k] == "" {
				args[k] = e.expression(n.args[k], min)
			}
			b.WriteString(args[k])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// loop writes a sum over an index as a loop and returns the name of the total.
func (e *emitter) loop(n *ir) string {
	at := e.depth(n)
	total := e.fresh()
	inner := &block{index: n.loop}
	outer := e.blocks
	e.blocks = append(append([]*block(nil), e.blocks[:at+1]...), inner)
	s := e.expression(n.args[0], pySum)
	e.blocks = outer
	for _, m := range inner.named {
		delete(e.text, m)
	}
	b := e.blocks[at]
	limits := e.size(n.dims[0])
	if !e.g.ofFamily(n.loop) {
		limits = "1, " + e.g.py.size(e.g.b.Add(n.dims[0], e.g.b.One()))
	}
	b.lines = append(b.lines, total+" = 0.0", "for "+e.g.py.index(n.loop)+" in range("+limits+"):")
	for _, line := range inner.lines {
		b.lines = append(b.lines, "    "+line)
	}
	b.lines = append(b.lines, "    "+total+" = "+total+" + "+s)
	b.named = append(b.named, n)
	e.text[n] = total
	return total
}
