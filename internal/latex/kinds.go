package latex

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// evaluations bounds the search: the number of nodes that are looked at.
const evaluations = 1 << 21

// A form is the kind of a value, where a row is told from a column.
type form uint8

const (
	open   form = iota // not known yet, or it fits anything
	scalar             // 1 × 1
	column             // n × 1
	row                // 1 × n
	matrix
)

// Costs say how well a choice of kinds fits a text: what does not fit at all,
// what is not written in papers though the language has it, and letters that
// are not used as usual.
const (
	wrong   = 1000
	unusual = 900 // x + c of a vector and a scalar
	norms   = 950 // the norm of a scalar
	capital = 600 // a capital letter as a scalar
	behind  = 400 // a scalar that stands behind a matrix
	rare    = 12
	odd     = 10 // a letter against the habit
	slight  = 2
)

// kinds decides what each undeclared name is: a scalar, a vector or a matrix.
// The letter says what is usual; what is done with the name overrules it.
// Choices are searched for the one of least cost, in which what has errors in
// any case costs the same.
func (p *reader) kinds() {
	c := &chooser{reader: p, vars: map[string]*unknown{}, defs: map[string]*syntax.Definition{}, has: map[syntax.Expr]bool{}}
	c.collect()
	c.budget = evaluations
	if len(c.list) > 0 {
		c.search()
	}
	for _, v := range c.list {
		k := Kind{Name: v.name, Kind: kindOf(v.best)}
		for _, f := range p.facts {
			if f.name == v.name {
				k.Facts = f.facts
			}
		}
		p.out.Kinds = append(p.out.Kinds, k)
	}
	for _, f := range p.facts {
		if f.name != "" && c.vars[f.name] == nil && p.declared[f.name].name == "" {
			p.diags.Add(f.at, say("%s does not occur", f.name))
		}
	}
	c.tied()
	c.mixes()
	c.dots()
}

func kindOf(f form) syntax.Kind {
	switch f {
	case column:
		return syntax.VectorKind
	case matrix:
		return syntax.MatrixKind
	}
	return syntax.ScalarKind
}

// An unknown is an undeclared name.
type unknown struct {
	name  string
	at    source.Span
	costs [5]int // of each form
	now   form
	best  form
}

// chooser searches for kinds.
type chooser struct {
	*reader
	list   []*unknown
	vars   map[string]*unknown
	defs   map[string]*syntax.Definition
	memo   map[string]form
	active map[string]bool
	sizes  map[string]bool
	decls  map[string]*syntax.Decl
	nodes  int                  // of all expressions
	has    map[syntax.Expr]bool // which expressions have an undeclared name

	cost   int // of the evaluation under way
	limit  int // at which it stops
	least  int
	budget int
	second []form // another choice of the same cost

	bad        int                     // what does not fit at all
	watching   bool                    // look for scalars that are added to vectors
	mixed      *syntax.Binary          // the first
	inner      map[*syntax.Binary]bool // dots between vectors
	power      *syntax.Call            // e^A of a matrix
	cross      *syntax.Binary          // x × y of vectors
	scalarLeft bool                    // the scalar is its left operand
	forms      [1]form                 // of the other operand
}

// collect lists the undeclared names in order of occurrence.
func (c *chooser) collect() {
	c.sizes, c.decls = map[string]bool{}, map[string]*syntax.Decl{}
	declared := map[string]bool{}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Decl:
			for _, n := range s.Names {
				declared[n.Name] = true
				c.decls[n.Name] = s
			}
			for _, x := range s.Type.Sizes {
				c.sizeNames(x)
			}
			if s.Range != nil {
				c.sizeNames(s.Range.To)
			}
		case *syntax.Definition:
			c.defs[s.Name.Name] = s
		}
	}
	for _, d := range c.opts.Decls {
		for _, x := range d.Type.Sizes {
			c.sizeNames(x)
		}
		if d.Range != nil {
			c.sizeNames(d.Range.To)
		}
	}
	var bodies []syntax.Expr
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			bodies = append(bodies, s.Body)
		case *syntax.ExprStmt:
			bodies = append(bodies, s.X)
		case *syntax.Equation:
			bodies = append(bodies, s.X, s.Y)
		}
	}
	for _, x := range bodies {
		syntax.Walk(x, func(x syntax.Expr) {
			c.nodes++
			switch x := x.(type) {
			case *syntax.SumOver:
				if x.To != nil {
					c.sizeNames(x.To)
				}
			case *syntax.Call:
				if sized(x.Func.Name) {
					for _, a := range x.Args {
						c.sizeNames(a)
					}
				}
			}
		})
	}
	// Names in order; an index is none within its sum.
	var walk func(x syntax.Expr, bound []string)
	add := func(name string, at source.Span) {
		_, known := c.declared[name]
		if known || declared[name] || c.defs[name] != nil || c.sizes[name] || c.vars[name] != nil || name == "pi" || name[0] == '?' || isPartial(name) {
			return
		}
		v := &unknown{name: name, at: at}
		v.costs = c.usual(name)
		c.vars[name] = v
		c.list = append(c.list, v)
	}
	walk = func(x syntax.Expr, bound []string) {
		switch x := x.(type) {
		case *syntax.Name:
			if !slices.Contains(bound, x.Name) {
				add(x.Name, x.At)
			}
		case *syntax.Index:
			add(x.Family.Name, x.At)
		case *syntax.Call:
			if !sized(x.Func.Name) {
				for _, a := range x.Args {
					walk(a, bound)
				}
			}
		case *syntax.Unary:
			walk(x.X, bound)
		case *syntax.Binary:
			walk(x.X, bound)
			walk(x.Y, bound)
		case *syntax.Norm:
			walk(x.X, bound)
		case *syntax.Bars:
			walk(x.X, bound)
		case *syntax.SumOver:
			walk(x.Body, append(bound[:len(bound):len(bound)], x.Index.Name))
		}
	}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			walk(s.Body, []string{s.Index.Name})
		case *syntax.ExprStmt:
			walk(s.X, nil)
		case *syntax.Equation:
			walk(s.X, nil)
			walk(s.Y, nil)
		}
	}
}

// isPartial reports whether a name is that of a derivative ∂l/∂a.
func isPartial(name string) bool {
	r, _ := utf8.DecodeRuneInString(name)
	return r == '∂'
}

// sized reports whether the operands of a function are sizes.
func sized(f string) bool {
	return f == "eye" || f == "ones" || f == "zeros" || f == "basis" || f == "commutation"
}

func (c *chooser) sizeNames(x syntax.Expr) {
	syntax.Walk(x, func(x syntax.Expr) {
		if n, ok := x.(*syntax.Name); ok {
			c.sizes[n.Name] = true
		}
	})
}

// usual returns what each form costs for a name, by its letter and its font.
func (c *chooser) usual(name string) (costs [5]int) {
	r, _ := utf8.DecodeRuneInString(name)
	if name[0] == 'd' && c.opts.Differentials && len(name) > 1 {
		r, _ = utf8.DecodeRuneInString(name[1:])
	}
	bold, some := c.fonts[name], len(c.fonts) > 0
	costs[row] = wrong
	upper := unicode.IsUpper(r)
	switch {
	case bold && upper:
		costs[scalar], costs[column] = capital, odd
	case bold:
		costs[scalar], costs[matrix] = 3*odd, unusual+odd
	case upper:
		costs[scalar], costs[column] = capital, unusual+slight
	case some || unicode.Is(unicode.Greek, r) || 'a' <= r && r <= 'g':
		costs[column], costs[matrix] = slight, unusual+odd
		if some {
			costs[column] = odd
		}
	default:
		costs[scalar], costs[matrix] = slight, unusual+odd
	}
	return costs
}

// search tries the forms of the names one after the other, the usual ones
// first, and leaves out what costs more already than the best choice.
func (c *chooser) search() {
	c.least = 1 << 30
	if c.budget = evaluations; len(c.list)*c.nodes > c.budget {
		c.budget = 0 // too large for a search
	}
	var try func(i, given int)
	try = func(i, given int) {
		if c.budget <= 0 {
			return
		}
		limit := c.least - given
		if c.cost = 0; c.evaluate(limit) {
			return
		}
		total := given + c.cost
		if total > c.least {
			return
		}
		if i == len(c.list) {
			if total == c.least {
				if c.second == nil {
					for _, v := range c.list {
						c.second = append(c.second, v.now)
					}
				}
				return
			}
			c.least, c.second = total, nil
			for _, v := range c.list {
				v.best = v.now
			}
			return
		}
		v := c.list[i]
		order := []form{scalar, column, matrix}
		slices.SortStableFunc(order, func(a, b form) int { return v.costs[a] - v.costs[b] })
		for _, f := range order {
			v.now = f
			try(i+1, given+v.costs[f])
		}
		v.now = open
	}
	try(0, 0)
	if c.least == 1<<30 { // the budget is spent: the usual kinds
		for _, v := range c.list {
			v.best = scalar
			for _, f := range []form{column, matrix} {
				if v.costs[f] < v.costs[v.best] {
					v.best = f
				}
			}
		}
	}
}

// tied refuses a text that fits equally well with different kinds.
func (c *chooser) tied() {
	if c.second == nil || c.least >= wrong || c.budget <= 0 {
		return
	}
	for i, v := range c.list {
		if f := c.second[i]; f != v.best {
			d := c.diags.Add(v.at, say("%s may be %s or %s", clean(c.file.Slice(v.at)), v.best.words(), f.words()))
			d.Hint = say("declare it, as in %s \\in \\mathbb{R}^n", clean(c.file.Slice(v.at)))
			return
		}
	}
}

// String returns the kind as a declaration without sizes.
func (k Kind) String() string {
	s := k.Name + ": " + k.Kind.String()
	for _, f := range k.Facts {
		s += " " + f.Name
	}
	return s
}
