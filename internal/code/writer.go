package code

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A Language is what the Writer needs to know of a target. Levels are precedences of
// the language's own, 1 for what binds least; the Writer only compares them.
type Language struct {
	// Reserved are words that nothing may be called by.
	Reserved map[string]bool
	// Identifier turns a name of the program into one of the language.
	Identifier func(string) string
	// Value writes how v is computed, with its level; operands come from w.Arg.
	Value func(w *Writer, v *plan.Value) (text string, level int)
	// Cheap says that v is written again at each use rather than given a name:
	// variables, numbers, views.
	Cheap func(v *plan.Value) bool
	// Named says that v gets a name even if it is used once; nil: none does.
	Named func(v *plan.Value) bool
	// Spread writes a Col or Row as operand of a Binary, where the language spreads it
	// by itself; nil or false: Value writes it.
	Spread func(w *Writer, v *plan.Value, min int) (string, bool)
	// Stem is the name of values of a kind that have no name of their own, followed by
	// numbers from the second on; nil or "": t1, t2, ….
	Stem func(v *plan.Value) string
	// Assign gives a value a name.
	Assign func(w *Writer, name, text string, v *plan.Value) []string
	// Loop writes total = Σ over the loop's index, or the matrix total of columns: body
	// are the statements inside and text what is added, or is the column, each time.
	Loop func(w *Writer, v *plan.Value, total string, body []string, text string) []string
	// Loops writes several sums over one index that need nothing of each other as one loop;
	// nil: each is a loop by Loop.
	Loops func(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) []string
	// NameAll says that a single result gets its name too.
	NameAll bool
	// Statements returns what writes the statements that compute a value under a name, or
	// nil where Value writes an expression.
	Statements func(w *Writer, v *plan.Value) func(name string) []string
	// After writes what follows the first k results, before the others; nil: nothing.
	After func(k int) []string
	// Type names the type of floating-point numbers, where the source names it.
	Type string
	// Indent is one step of indentation.
	Indent string
	// Product and Unary write sizes: the level of a product, a sum binds less (1).
	Product int
	// Top is the level of what never needs brackets.
	Top int
}

// maxLine is the length of an operand above which it gets a line of its own.
const maxLine = 60

// A Writer writes the values of one program as statements.
type Writer struct {
	*Language
	Prog  *plan.Program
	Names *Names
	// Helpers are functions that the text needs, in order of first use, each once.
	Helpers []string

	text  map[*plan.Value]string // of those that have a name
	uses  map[*plan.Value]int
	users map[*plan.Value][]*plan.Value // see Users
	// sums are the sums of the program, begun those that are written or being written.
	sums  []*plan.Value
	begun map[*plan.Value]bool
	// results has the names of the values that are results and get a name.
	results map[*plan.Value]string
	// typed says that the text names the type.
	typed bool
	// indices are names of indices in expressions, used again and again.
	indices []string
	// parts has the further names of a value that has several, such as a factorisation.
	parts  map[*plan.Value][]string
	blocks []*block
	sizes  map[*expr.SizeName]bool // that occur in the text
	long   map[*expr.SizeName]bool // that occur in a product of sizes
}

// A block is the body of the function or of a loop.
type block struct {
	index *expr.Index   // nil for the function
	of    []*plan.Value // what the loop computes
	lines []string
	named []*plan.Value
}

// NewWriter returns a Writer for a program.
func NewWriter(l *Language, p *plan.Program) *Writer {
	w := &Writer{Language: l, Prog: p, text: map[*plan.Value]string{}, uses: map[*plan.Value]int{},
		blocks: []*block{{}}, sizes: map[*expr.SizeName]bool{}, long: map[*expr.SizeName]bool{},
		results: map[*plan.Value]string{}, begun: map[*plan.Value]bool{}, parts: map[*plan.Value][]string{}}
	w.Names = newNames(l, p)
	return w
}

// Helper notes that the text needs a helper function.
func (w *Writer) Helper(source string) {
	if !slices.Contains(w.Helpers, source) {
		w.Helpers = append(w.Helpers, source)
	}
}

// Results writes the statements that compute the results and returns the text of each.
// With several results each has a name of its own.
//
// Where the language has an After, it is called between two results.
func (w *Writer) Results(name func(plan.Result) string) (body []string, values []string) {
	for _, r := range w.Prog.Results {
		w.count(r.Value)
	}
	ids := make([]string, len(w.Prog.Results))
	for k, r := range w.Prog.Results {
		if len(ids) == 1 && !w.NameAll {
			break
		}
		ids[k] = w.Names.Fresh(name(r))
		if w.results[r.Value] == "" {
			w.results[r.Value] = ids[k]
		}
	}
	for k, r := range w.Prog.Results {
		if k > 0 && w.After != nil {
			w.blocks[0].lines = append(w.blocks[0].lines, w.After(k)...)
		}
		text, _ := w.root(r.Value)
		if id := ids[k]; id != "" && id != text {
			b := w.blocks[0]
			b.lines = append(b.lines, w.Assign(w, id, text, r.Value)...)
			if !w.Cheap(r.Value) && w.text[r.Value] == "" {
				w.text[r.Value] = id
				b.named = append(b.named, r.Value)
			}
			text = id
		}
		values = append(values, text)
	}
	return w.blocks[0].lines, values
}

// count counts how often each value is needed; a cheap one needs its operands anew
// each time.
func (w *Writer) count(v *plan.Value) {
	w.step()
	w.uses[v]++
	if w.uses[v] > 1 && !w.Cheap(v) {
		return
	}
	for _, a := range v.Args {
		w.count(a)
	}
}

// root returns the text of a result, which needs no name for its length.
func (w *Writer) root(v *plan.Value) (string, int) {
	if v.IsLoop() || w.Named != nil && w.Named(v) || w.Statements != nil && w.Statements(w, v) != nil {
		return w.Arg(v, 0), w.Top
	}
	if s, ok := w.text[v]; ok {
		return s, w.Top
	}
	return w.Value(w, v)
}

// Arg returns the text of an operand, in brackets where it binds less than level min.
// A value that deserves a name is written as a statement before.
func (w *Writer) Arg(v *plan.Value, min int) string {
	s, level := w.arg(v)
	if level < min {
		return "(" + s + ")"
	}
	return s
}

// arg returns the text of an operand without brackets, and its level.
func (w *Writer) arg(v *plan.Value) (string, int) {
	w.step()
	if s, ok := w.text[v]; ok {
		return s, w.Top
	}
	if v.IsLoop() {
		return w.loop(v), w.Top
	}
	blocks := w.blocks
	if w.blocks = blocks[:w.depth(v)+1]; w.Cheap(v) {
		w.blocks = blocks
	}
	defer func() { w.blocks = blocks }()
	if w.Statements != nil {
		if write := w.Statements(w, v); write != nil {
			return w.stated(v, write), w.Top
		}
	}
	s, level := w.Value(w, v)
	moved := len(w.blocks) < len(blocks) && !w.Cheap(v)
	if moved || w.deserves(v, s) {
		s, level = w.name(v, s), w.Top
	}
	return s, level
}

// step counts a step of work on the request's budget.
func (w *Writer) step() { w.Prog.Builder.Limit.Step(stepWork) }

// stepWork is the work of a step: text is put together again and again.
const stepWork = 8

// stated writes the statements that compute v and returns its name.
func (w *Writer) stated(v *plan.Value, write func(name string) []string) string {
	name := w.fresh(v)
	lines := write(name)
	b := w.blocks[len(w.blocks)-1]
	b.lines = append(b.lines, lines...)
	b.named = append(b.named, v)
	w.text[v] = name
	return name
}

// depth returns the outermost block where v can stand.
func (w *Writer) depth(v *plan.Value) int {
	at := len(w.blocks) - 1
	for at > 0 && v.Loops&plan.LoopBit(w.blocks[at].index) == 0 {
		at--
	}
	return at
}

// outermostSum returns the index of the outermost of the first depth loops whose index runs
// up to a size, or nil.
func (w *Writer) outermostSum(size *expr.Dim, depth int) *expr.Index {
	for _, b := range w.blocks[1 : depth+1] {
		if b.index.Size == size {
			return b.index
		}
	}
	return nil
}

// deserves reports whether v, with text s, gets a line of its own: the program names
// it, it is needed again, or it is long.
func (w *Writer) deserves(v *plan.Value, s string) bool {
	switch {
	case w.Cheap(v):
		return false
	case w.uses[v] > 1, v.Name != "", w.Named != nil && w.Named(v):
		return true
	}
	return len(s) > 2*maxLine || len(s) > maxLine && strings.Contains(s, "(")
}

// name writes v as a statement and returns its name.
func (w *Writer) name(v *plan.Value, s string) string {
	b := w.blocks[len(w.blocks)-1]
	if v.Kind == plan.Inverse && v.Name == "" && w.results[v] == "" && isIdentifier(s) {
		// The language has the inverse in place of the factorisation, under a name.
		b.named = append(b.named, v)
		w.text[v] = s
		return s
	}
	name := w.fresh(v)
	b.lines = append(b.lines, w.Assign(w, name, s, v)...)
	b.named = append(b.named, v)
	w.text[v] = name
	return name
}

// Shared returns the name of what text computes from v, in place of v itself: written as
// a statement where it is first needed.
func (w *Writer) Shared(v *plan.Value, text func() string) string {
	if s, ok := w.text[v]; ok {
		return s
	}
	blocks := w.blocks
	w.blocks = blocks[:w.depth(v)+1]
	s := w.name(v, text())
	w.blocks = blocks
	return s
}

// fresh returns the name for a value: the result's that it is, the program's, or else
// t1, t2, ….
func (w *Writer) fresh(v *plan.Value) string {
	if id := w.results[v]; id != "" {
		return id
	}
	if v.Name != "" {
		return w.Names.Fresh(w.Identifier(v.Name))
	}
	if w.Stem != nil {
		if stem := w.Stem(v); stem != "" {
			return w.Names.numbered(stem)
		}
	}
	return w.Names.temporary()
}

// Name returns the name of v, written as a statement if need be; cheap values that are a
// name in the source keep it.
func (w *Writer) Name(v *plan.Value) string {
	s := w.Arg(v, 0)
	if w.text[v] != "" || isIdentifier(s) {
		return s
	}
	blocks := w.blocks
	w.blocks = blocks[:w.depth(v)+1]
	s = w.name(v, s)
	w.blocks = blocks
	return s
}

// isIdentifier reports whether the text is one name.
func isIdentifier(s string) bool {
	return s != "" && !(s[0] >= '0' && s[0] <= '9') && strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	}) < 0
}

// loop writes a sum over an index, or columns, and returns the name of the result. Other
// sums over the index are computed by the same loop where the language has Loops.
func (w *Writer) loop(v *plan.Value) string {
	at := w.depth(v)
	list := w.together(v, at)
	for _, u := range list {
		w.begun[u] = true
	}
	totals, texts := make([]string, len(list)), make([]string, len(list))
	inner := &block{index: v.Index, of: list}
	outer := w.blocks
	w.blocks = append(slices.Clone(w.blocks[:at+1]), inner)
	for k, u := range list {
		totals[k] = w.fresh(u)
	}
	for k, u := range list {
		texts[k] = w.Arg(u.Args[0], 0)
	}
	w.blocks = outer
	for _, m := range inner.named {
		delete(w.text, m)
	}
	b := w.blocks[at]
	if w.Loops != nil && v.Kind == plan.SumOver {
		b.lines = append(b.lines, w.Loops(w, list, totals, inner.lines, texts)...)
	} else {
		b.lines = append(b.lines, w.Loop(w, v, totals[0], inner.lines, texts[0])...)
	}
	for k, u := range list {
		b.named = append(b.named, u)
		w.text[u] = totals[k]
	}
	return totals[0]
}

// together lists the sums that one loop computes along with v at a depth, v first: those
// over its index that are not written yet and that neither need one another nor anything
// that is being written.
func (w *Writer) together(v *plan.Value, at int) []*plan.Value {
	list := []*plan.Value{v}
	if w.Loops == nil || v.Kind != plan.SumOver {
		return list
	}
	if w.sums == nil {
		w.sums = []*plan.Value{}
		var roots []*plan.Value
		for _, r := range w.Prog.Results {
			roots = append(roots, r.Value)
		}
		for _, u := range plan.Schedule(roots) {
			if u.Kind == plan.SumOver {
				w.sums = append(w.sums, u)
			}
		}
	}
	for _, u := range w.sums {
		if u == v || u.Index != v.Index || w.begun[u] || w.depth(u) != at || !w.needed(u, at) {
			continue
		}
		free := true
		for _, o := range plan.Schedule([]*plan.Value{u}) {
			free = free && (o == u || !slices.Contains(list, o) && !(w.begun[o] && w.text[o] == ""))
		}
		for _, l := range list {
			free = free && !slices.Contains(plan.Schedule([]*plan.Value{l}), u)
		}
		if free {
			list = append(list, u)
		}
	}
	return list
}

// needed reports whether u is part of what the loop of a depth computes; outside of all
// loops everything is needed that depends on none.
func (w *Writer) needed(u *plan.Value, at int) bool {
	if at == 0 {
		return u.Loops == 0
	}
	return slices.Contains(plan.Schedule(w.blocks[at].of), u)
}

// IndentLines indents lines by one step.
func (w *Writer) IndentLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, s := range lines {
		if s != "" {
			s = w.Indent + s
		}
		out[i] = s
	}
	return out
}

// Size writes a size, in brackets where it binds less than level min.
func (w *Writer) Size(d *expr.Dim, min int) string {
	text, level := w.sizeText(d)
	if level < min {
		return "(" + text + ")"
	}
	return text
}

// sizeText writes a size, with its level.
func (w *Writer) sizeText(d *expr.Dim) (string, int) {
	for _, n := range d.Names(nil) {
		w.sizes[n] = true
	}
	text, terms := "", 0
	d.Terms(func(c int64, pows []expr.DimPow) {
		switch {
		case c < 0 && text == "":
			text, c = "-", -c
		case c < 0:
			text, c = text+" - ", -c
		case text != "":
			text += " + "
		}
		terms++
		factors := 0
		if c != 1 || len(pows) == 0 {
			text, factors = text+strconv.FormatInt(c, 10), 1
		}
		for _, p := range pows {
			for range p.Exp {
				if factors > 0 {
					text += " * "
				}
				text += w.Names.Size(p.Name)
				factors++
				w.long[p.Name] = w.long[p.Name] || len(pows) > 1 || p.Exp > 1
			}
		}
	})
	level := w.Top
	if _, pows, ok := d.Monomial(); !ok || strings.HasPrefix(text, "-") {
		level = 1
	} else if len(pows) > 1 || strings.Contains(text, "*") {
		level = w.Product
	}
	if terms == 0 {
		text, level = "0", w.Top
	}
	return text, level
}

// UsesSize reports whether a size occurs in what was written so far.
func (w *Writer) UsesSize(n *expr.SizeName) bool { return w.sizes[n] }
