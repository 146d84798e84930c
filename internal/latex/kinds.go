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
			p.diags.Add(f.at, f.name+" does not occur")
		}
	}
	c.tied()
	c.mixes()
	c.dots()
}

// dots makes inner products of the dots between vectors, and of other dots
// products from left to right.
func (c *chooser) dots() {
	if len(c.diags) > 0 || len(c.dotted) == 0 {
		return
	}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			s.Body = c.rewrite(s.Body)
		case *syntax.ExprStmt:
			s.X = c.rewrite(s.X)
		case *syntax.Equation:
			s.X, s.Y = c.rewrite(s.X), c.rewrite(s.Y)
		}
	}
}

func (c *chooser) rewrite(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Unary:
		x.X = c.rewrite(x.X)
	case *syntax.Norm:
		x.X = c.rewrite(x.X)
	case *syntax.Bars:
		x.X = c.rewrite(x.X)
	case *syntax.SumOver:
		x.Body = c.rewrite(x.Body)
	case *syntax.Call:
		for i := range x.Args {
			x.Args[i] = c.rewrite(x.Args[i])
		}
	case *syntax.Binary:
		if !c.dotted[x] {
			x.X, x.Y = c.rewrite(x.X), c.rewrite(x.Y)
			return x
		}
		x.X, x.Y = c.rewrite(x.X), c.rewrite(x.Y)
		if c.inner[x] {
			c.note(x.OpAt, "the dot between vectors is read as the inner product")
			return &syntax.Call{At: x.At, Func: syntax.Ident{Name: "dot", At: x.OpAt}, Args: []syntax.Expr{x.X, x.Y}}
		}
		return leftward(x)
	}
	return x
}

// leftward groups a product whose right operand is one to the left: a (b c) as
// (a b) c.
func leftward(x *syntax.Binary) syntax.Expr {
	y, ok := x.Y.(*syntax.Binary)
	if !ok || y.Op != syntax.Mul || x.Op != syntax.Mul {
		return x
	}
	left := leftward(&syntax.Binary{At: x.X.Span().Join(y.X.Span()), Op: syntax.Mul, OpAt: x.OpAt, X: x.X, Y: y.X})
	return &syntax.Binary{At: x.At, Op: syntax.Mul, OpAt: y.OpAt, X: left, Y: y.Y}
}

// mixes refuses a scalar that is added to a vector or a matrix, unless it is a
// number or declared so: in papers that is a mistake, or a product meant
// otherwise.
func (c *chooser) mixes() {
	for _, v := range c.list {
		v.now = v.best
		if r, _ := utf8.DecodeRuneInString(v.name); v.best == scalar && unicode.IsUpper(r) {
			c.note(v.at, clean(c.file.Slice(v.at))+" is read as a scalar")
		}
	}
	if len(c.diags) > 0 {
		return
	}
	c.watching, c.bad, c.inner = true, 0, map[*syntax.Binary]bool{}
	c.budget = evaluations
	c.evaluate(1 << 30)
	c.watching = false
	if c.cross != nil && c.bad == 0 {
		d := c.diags.Add(c.cross.OpAt, "the cross product of vectors is not in the language")
		d.Hint = "the inner product is written x^\\top y, the product entry by entry x \\odot y"
		return
	}
	if c.power != nil && c.bad == 0 {
		d := c.diags.Add(c.power.At, "e to a matrix may be the power series or taken entry by entry")
		d.Hint = "the series is not in the language; entry by entry is written \\exp(…)"
		return
	}
	if c.mixed == nil || c.bad > 0 {
		return
	}
	x, y := c.mixed.X, c.mixed.Y
	if c.scalarLeft {
		x, y = y, x
	}
	word := map[syntax.Op]string{syntax.Add: "added to", syntax.Sub: "added to or subtracted from"}[c.mixed.Op]
	if word == "" {
		word = "multiplied entry by entry with"
	}
	d := c.diags.Add(c.mixed.OpAt, "a scalar, "+c.quote(y)+", is "+word+" "+c.forms[0].words()+", "+c.quote(x))
	d.Hint = "a vector of equal entries is written c \\mathbf{1}, a multiple of the identity c I"
	if word[0] == 'm' {
		d.Hint = "a scalar multiplies without a sign"
	}
}

// words names a form in a message.
func (f form) words() string {
	switch f {
	case column:
		return "a vector"
	case row:
		return "a row"
	case matrix:
		return "a matrix"
	}
	return "a scalar"
}

// quote returns an expression as written, cut if it is long.
func (p *reader) quote(x syntax.Expr) string {
	t := []rune(clean(p.file.Slice(x.Span())))
	if len(t) > 40 {
		return string(t[:39]) + "…"
	}
	return string(t)
}

// assumed reports whether an expression has a name that nothing declares.
func (c *chooser) assumed(x syntax.Expr) bool {
	if found, ok := c.has[x]; ok {
		return found
	}
	found := false
	defer func() { c.has[x] = found }()
	syntax.Walk(x, func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Name:
			found = found || c.vars[x.Name] != nil
		case *syntax.Index:
			found = found || c.vars[x.Family.Name] != nil
		}
	})
	return found
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
			words := map[form]string{scalar: "a scalar", column: "a vector", matrix: "a matrix"}
			d := c.diags.Add(v.at, clean(c.file.Slice(v.at))+" may be "+words[v.best]+" or "+words[f])
			d.Hint = "declare it, as in " + clean(c.file.Slice(v.at)) + " \\in \\mathbb{R}^n"
			return
		}
	}
}

// evaluate finds the cost of the program for what is chosen, and reports
// whether it is over the limit.
func (c *chooser) evaluate(limit int) bool {
	last := ""
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			last = s.Name.Name
		case *syntax.ExprStmt, *syntax.Equation:
			last = ""
		}
	}
	c.limit = limit
	c.memo, c.active = map[string]form{}, map[string]bool{}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			if f := c.defined(s.Name.Name); s.Name.Name == last {
				c.result(f)
			}
		case *syntax.ExprStmt:
			c.result(c.form(s.X))
		case *syntax.Equation:
			c.same(c.form(s.X), c.form(s.Y), s.X, s.Y)
		}
		if c.cost > c.limit {
			return true
		}
	}
	return false
}

// result adds the cost of what is differentiated: most often it is a scalar.
func (c *chooser) result(f form) {
	switch f {
	case column, matrix:
		c.cost += slight + 1 // two letters against the habit outweigh it
	case row:
		c.cost += 4 * slight
	}
}

func (c *chooser) defined(name string) form {
	if f, ok := c.memo[name]; ok || c.active[name] {
		return f
	}
	c.active[name] = true
	f := c.form(c.defs[name].Body)
	c.memo[name] = f
	return f
}

func (c *chooser) name(name string) form {
	if v := c.vars[name]; v != nil {
		return v.now
	}
	if c.defs[name] != nil {
		return c.defined(name)
	}
	if k, ok := c.declared[name]; ok {
		return formOf(k.kind)
	}
	if d := c.decls[name]; d != nil {
		return declaredForm(d)
	}
	if isPartial(name) || name[0] == '?' {
		return open
	}
	return scalar // a size, an index, π
}

// declaredForm is the form of a declared name; a matrix of one row is a row.
func declaredForm(d *syntax.Decl) form {
	if d.Type.Kind == syntax.MatrixKind && len(d.Type.Sizes) == 2 {
		if n, ok := d.Type.Sizes[0].(*syntax.Number); ok && n.Text == "1" {
			return row
		}
	}
	return formOf(d.Type.Kind)
}

func formOf(k syntax.Kind) form {
	switch k {
	case syntax.VectorKind:
		return column
	case syntax.MatrixKind:
		return matrix
	case syntax.FunctionKind:
		return open
	}
	return scalar
}

// form returns the form of an expression and adds what it costs.
func (c *chooser) form(x syntax.Expr) form {
	c.budget--
	if c.cost > c.limit {
		return open
	}
	switch x := x.(type) {
	case *syntax.Number:
		return scalar
	case *syntax.Name:
		return c.name(x.Name)
	case *syntax.Index:
		return c.name(x.Family.Name)
	case *syntax.Unary:
		return c.unary(x)
	case *syntax.Binary:
		return c.binary(x)
	case *syntax.Norm:
		if f := c.form(x.X); f == scalar {
			c.cost += c.unless(x.X, norms)
		} else if f == matrix && x.Kind == syntax.NormPlain && c.watching {
			c.note(x.At, "the norm of a matrix without a suffix is read as the Frobenius norm")
		}
		return scalar
	case *syntax.Bars:
		if f := c.form(x.X); f == column || f == row {
			c.fails()
		}
		return scalar
	case *syntax.SumOver:
		return c.form(x.Body)
	case *syntax.Call:
		return c.call(x)
	}
	return open
}

func (c *chooser) unary(x *syntax.Unary) form {
	f := c.form(x.X)
	switch x.Op {
	case syntax.Transpose:
		switch f {
		case scalar:
			c.cost += c.unless(x.X, wrong+odd)
		case column:
			return row
		case row:
			return column
		}
	case syntax.InvTranspose:
		c.need(f, matrix)
		return matrix
	}
	return f
}

// unless is the cost of what is not done with an expression, which is small where
// its names are declared.
func (c *chooser) unless(x syntax.Expr, cost int) int {
	if c.assumed(x) {
		return cost
	}
	return rare
}

// fails adds the cost of what does not fit at all.
func (c *chooser) fails() {
	c.cost += wrong
	c.bad++
}

// need adds the cost of a form that must be another one.
func (c *chooser) need(f, want form) {
	if f != open && f != want {
		c.fails()
	}
}

func literal(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Number:
		return true
	case *syntax.Unary:
		return literal(x.X)
	case *syntax.Binary:
		return literal(x.X) && literal(x.Y)
	}
	return false
}

// same is the form of what is added up or multiplied entry by entry.
func (c *chooser) same(f, g form, x, y syntax.Expr) form {
	switch {
	case f == open:
		return g
	case g == open, f == g:
		return f
	case f == scalar && literal(x), g == scalar && literal(y):
		c.cost += slight
	case f == scalar && !c.assumed(x), g == scalar && !c.assumed(y):
		c.cost += rare // declared so
	case f == scalar || g == scalar:
		c.cost += unusual
	default:
		c.fails()
		return open
	}
	if f == scalar {
		return g
	}
	return f
}

func (c *chooser) binary(x *syntax.Binary) form {
	f := c.form(x.X)
	switch x.Op {
	case syntax.Add, syntax.Sub, syntax.Hadamard, syntax.HadamardDiv:
		g := c.form(x.Y)
		r := c.same(f, g, x.X, x.Y)
		if c.watching && c.mixed == nil && (f == scalar) != (g == scalar) && f != open && g != open {
			if y := x.Y; f == scalar && !literal(x.X) && c.assumed(x.X) {
				c.mixed, c.scalarLeft, c.forms[0] = x, true, g
			} else if g == scalar && !literal(y) && c.assumed(y) {
				c.mixed, c.forms[0] = x, f
			}
		}
		if r == scalar && (x.Op == syntax.Hadamard || x.Op == syntax.HadamardDiv) {
			c.cost += rare
		}
		if f == open && g == scalar && (x.Op == syntax.Add || x.Op == syntax.Sub) {
			return open
		}
		return r
	case syntax.Mul:
		g := c.form(x.Y)
		if f == column && g == column && c.dotted[x] {
			if c.watching {
				c.inner[x] = true
			}
			return scalar
		}
		if f == column && g == column && c.crossed[x] {
			if c.watching && c.cross == nil {
				c.cross = x
			}
			return column
		}
		if f == matrix && g == scalar {
			switch x.Y.(type) {
			case *syntax.Name, *syntax.Index:
				c.cost += c.unless(x.Y, behind)
			}
		}
		return c.product(f, g)
	case syntax.Div:
		c.need(c.form(x.Y), scalar)
		return f
	case syntax.Kron:
		g := c.form(x.Y)
		if f == scalar || g == scalar {
			c.cost += unusual
		}
		switch {
		case f == open || g == open:
			return open
		case f == g && f != scalar:
			return f
		}
		return matrix
	case syntax.Pow:
		c.need(c.form(x.Y), scalar)
		if f == column || f == row {
			c.fails()
		}
		if f == matrix && !literal(x.Y) {
			c.cost += unusual
		}
		return f
	case syntax.HadamardPow:
		c.form(x.Y)
		if f == scalar {
			c.cost += rare
		}
		return f
	}
	return open
}

func (c *chooser) product(f, g form) form {
	switch {
	case f == scalar:
		return g
	case g == scalar:
		if f != open {
			c.cost += 6 * slight // scalars stand in front
		}
		return f
	case f == open || g == open:
		return open
	case f == matrix && g == matrix:
		return matrix
	case f == matrix && g == column, f == row && g == column:
		if f == row {
			return scalar
		}
		return column
	case f == row && g == matrix:
		return row
	case f == column && g == row:
		return matrix
	}
	c.fails()
	return open
}

func (c *chooser) call(x *syntax.Call) form {
	if sized(x.Func.Name) {
		switch {
		case x.Func.Name == "basis", len(x.Args) == 1 && x.Func.Name != "eye":
			return column
		}
		return matrix
	}
	var args []form
	for _, a := range x.Args {
		args = append(args, c.form(a))
	}
	first := open
	if len(args) > 0 {
		first = args[0]
	}
	switch x.Func.Name {
	case "tr", "det", "logdet":
		c.need(first, matrix)
		return scalar
	case "inv", "pinv", "adj", "softmaxrows", "softmaxcols":
		c.need(first, matrix)
		return matrix
	case "sum", "mean", "norm", "norm1", "norm2", "normF":
		if first == scalar {
			c.cost += c.unless(x.Args[0], norms)
		}
		return scalar
	case "logsumexp", "softmax":
		c.need(first, column)
		if x.Func.Name == "softmax" {
			return column
		}
		return scalar
	case "dot", "inner":
		if len(args) == 2 {
			c.same(args[0], args[1], x.Args[0], x.Args[1])
			if first == scalar {
				c.cost += rare
			}
		}
		return scalar
	case "outer":
		return matrix
	case "khatrirao", "kron":
		return matrix
	case "diag":
		switch first {
		case scalar, row:
			c.fails()
		case column:
			return matrix
		case matrix:
			return column
		}
		return open
	case "vec":
		c.need(first, matrix)
		return column
	case "rowsum", "rowmean", "logsumexprows":
		c.need(first, matrix)
		return column
	case "colsum", "colmean", "logsumexpcols":
		c.need(first, matrix)
		return row
	case "exp":
		if c.watching && first == matrix && c.euler[x] && c.power == nil {
			c.power = x
		}
	case "max", "min":
		if len(args) == 2 {
			return c.same(args[0], args[1], x.Args[0], x.Args[1])
		}
	}
	return first
}

// String returns the kind as a declaration without sizes.
func (k Kind) String() string {
	s := k.Name + ": " + k.Kind.String()
	for _, f := range k.Facts {
		s += " " + f.Name
	}
	return s
}
