package check

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// An entity is what a name stands for: a variable, a definition or a bound node.
type entity struct {
	name string
	at   source.Span
	file *source.File

	decl  *syntax.Decl       // a declared variable
	def   *syntax.Definition // a definition
	bound *expr.Node         // a name bound from outside
	cut   bool               // a definition that is differentiated by; its body gives the shape

	// Of a variable, once it is typed; of a cut definition as well.
	typed    bool
	kind     expr.Kind
	shape    expr.Shape // Rows is nil if the declaration has an error
	facts    expr.Fact
	family   *expr.Index // nil unless it is a family
	size     *expr.Dim   // the number of members of a family
	sym      *expr.Symbol
	node     *expr.Node
	inferred bool
	occurs   bool
	used     bool // some expression mentions it

	// Of a definition.
	open    bool // its body is being typed
	sizing  bool // the range of its index is being looked for
	done    bool // its body is typed
	body    val
	members []memberBody
}

// A memberBody is the body of a family's definition for one index.
type memberBody struct {
	index *expr.Index
	size  *expr.Dim
	v     val
}

// A val is a typed expression: its shape, and its node when nodes are made. A
// shape without Rows belongs to an expression whose error is reported.
type val struct {
	shape   expr.Shape
	node    *expr.Node
	num     rat.Rat // the value of a literal number, if isNum
	isNum   bool
	integer bool // a symbol declared integer, or a sum or product of such and of integers
}

func (v val) bad() bool { return v.shape.Rows == nil }

// whole reports whether v is known to be an integer.
func (v val) whole() bool { return v.integer || v.isNum && v.num.IsInt() }

// checker types the statements of one program in one pass.
type checker struct {
	b     *expr.Builder
	sz    *expr.Sizes
	build bool // make nodes
	prog  *syntax.Program
	opts  *Options
	diags *source.List

	entities []*entity
	byName   map[string]*entity // used when there are many entities
	sizes    names              // names that stand where a size is required
	ranges   []indexRange       // declared ranges of indices
	unknown  names              // names that nothing declares
	circle   bool               // families are defined by each other
	// indexNames are the indices of sums, which no inferred size is called.
	indexNames names
	guesses    map[string]guess     // what inference found for them
	free       map[string]*expr.Dim // size variables of Options.Free
	as         map[string]expr.Kind // names whose letter does not decide in an inference
	result     expr.Shape           // of the program
	shifted    []string             // see attempt

	order   []*entity // variables in order of first occurrence
	bound   []*boundIndex
	indices []*expr.Index
	spans   []source.Span
	notes   []message.Text

	opened   []*entity // definitions whose bodies are being typed, outermost first
	reported names     // unknown names that are reported

	depth int  // of the expression now, through definitions
	deep  bool // it has been reported that it is too deep

	flex      *flexible // size variables, nil when sizes are all known
	sizeNames map[*expr.SizeName]string
}

// names is a set of names in order of first occurrence. It is a list while it is
// small.
type names struct {
	list []string
	set  map[string]bool
}

func (n *names) has(name string) bool {
	if n.set != nil {
		return n.set[name]
	}
	return slices.Contains(n.list, name)
}

func (n *names) add(name string) {
	if n.has(name) {
		return
	}
	n.list = append(n.list, name)
	switch {
	case n.set != nil:
		n.set[name] = true
	case len(n.list) > manyEntities:
		n.set = make(map[string]bool, 4*manyEntities)
		for _, m := range n.list {
			n.set[m] = true
		}
	}
}

// An indexRange is the declared range of an index, 1..To.
type indexRange struct {
	name string
	to   syntax.Expr
	file *source.File
}

// manyEntities is the number of names from which on a map finds them.
const manyEntities = 12

func newChecker(b *expr.Builder, prog *syntax.Program, opts *Options, diags *source.List) *checker {
	c := &checker{b: b, sz: &b.Sizes, build: true, prog: prog, opts: opts, diags: diags}
	c.entities = make([]*entity, 0, manyEntities)
	for _, n := range opts.Names {
		c.add(&entity{name: n.Name, bound: n.Node, shape: n.Node.Shape, typed: true})
	}
	for _, d := range opts.Decls {
		c.declare(d)
	}
	for _, s := range prog.Stmts {
		switch s := s.(type) {
		case *syntax.Decl:
			c.declare(s)
		case *syntax.Definition:
			c.define(s)
		}
	}
	for _, n := range opts.Wrt {
		if e := c.find(familyName(n)); e != nil && e.def != nil {
			e.cut = true
		}
	}
	c.scan()
	return c
}

func (c *checker) find(name string) *entity {
	if c.byName != nil {
		return c.byName[name]
	}
	for _, e := range c.entities {
		if e.name == name {
			return e
		}
	}
	return nil
}

func (c *checker) add(e *entity) {
	c.entities = append(c.entities, e)
	switch {
	case c.byName != nil:
		c.byName[e.name] = e
	case len(c.entities) > manyEntities:
		c.byName = make(map[string]*entity, 4*manyEntities)
		for _, e := range c.entities {
			c.byName[e.name] = e
		}
	}
}

func (c *checker) declare(d *syntax.Decl) {
	for _, n := range d.Names {
		if e := c.find(n.Name); e != nil {
			if e.bound == nil {
				c.inFile(d.File, c.errorf(n.At, "%s is declared twice", n.Name)).Notes = c.declaredAt(e)
			}
			continue
		}
		c.add(&entity{name: n.Name, at: n.At, file: d.File, decl: d})
	}
	for _, x := range d.Type.Sizes {
		c.addSizes(x)
	}
	if d.Range != nil {
		c.addSizes(d.Range.To)
		c.ranges = append(c.ranges, indexRange{d.Range.Index.Name, d.Range.To, d.File})
	}
}

func (c *checker) define(d *syntax.Definition) {
	if e := c.find(d.Name.Name); e != nil {
		what := "%s is defined twice"
		if e.decl != nil {
			what = "%s is declared as a variable and cannot be defined"
		}
		if e.bound == nil {
			c.errorf(d.Name.At, what, d.Name.Name).Notes = c.declaredAt(e)
		}
		return
	}
	c.add(&entity{name: d.Name.Name, at: d.Name.At, file: c.prog.File, def: d})
}

// declaredAt says where an entity is declared, as a note.
func (c *checker) declaredAt(e *entity) []message.Text {
	if e.at.IsZero() && e.decl == nil {
		return nil
	}
	if e.file != c.prog.File && e.file.Text != "" {
		return []message.Text{say("%s is declared as %s", e.name, e.file.Text)}
	}
	line, column := e.file.Position(e.at.Start)
	where := "%s is declared at %d:%d"
	if e.def != nil {
		where = "%s is defined at %d:%d"
	}
	return []message.Text{say(where, e.name, line, column)}
}

// inFile makes a diagnostic point into a file other than the program.
func (c *checker) inFile(f *source.File, d *source.Diagnostic) *source.Diagnostic {
	if f != c.prog.File {
		d.File = f
	}
	return d
}

func (c *checker) errorf(at source.Span, format string, args ...any) *source.Diagnostic {
	return c.diags.Add(at, message.Say(format, args...))
}

func (c *checker) note(text message.Text) {
	for _, n := range c.notes {
		if n == text {
			return
		}
	}
	c.notes = append(c.notes, text)
}

// text returns an expression as it was written.
func (c *checker) text(x syntax.Expr) string {
	return strings.Join(strings.Fields(c.prog.File.Slice(x.Span())), " ")
}

// variable types a variable at its first occurrence and, when nodes are made,
// gives it a symbol; occurs says that it is used rather than asked for.
func (c *checker) variable(e *entity, occurs bool) {
	e.occurs = e.occurs || occurs
	if e.decl != nil && !e.typed {
		e.typed = true
		c.typeOf(e)
	}
	if c.build && e.sym == nil && e.shape.Rows != nil {
		c.symbol(e)
	}
}

func (c *checker) symbol(e *entity) {
	e.sym = c.b.NewSymbol(e.name, e.kind, e.shape, e.facts)
	e.sym.Family = e.family
	e.sym.Inferred = e.inferred
	c.order = append(c.order, e)
	if e.kind != expr.Function && e.family == nil {
		e.node = c.b.Var(e.sym)
	}
}
