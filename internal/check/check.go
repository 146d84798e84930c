// Package check turns syntax into typed matrix expressions: it resolves names,
// infers the types and sizes of undeclared ones, checks every shape, and makes
// the interned nodes of package expr.
//
// Call [Check] for a program and [Instantiate] for a text whose names stand for
// nodes that exist already, such as the definition or differential in an
// operator's row.
//
// Inference is checking with size variables: when a name is undeclared, a first
// pass makes no nodes and solves equations between sizes, and a second pass
// takes what was found as if it had been declared.
package check

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Options are what a program is checked with besides its text.
type Options struct {
	// Decls are declarations from outside the text, in order. They come before
	// those of the text.
	Decls []*syntax.Decl
	// Wrt are the names to differentiate by. A defined name among them becomes
	// a variable of its shape; its definition is then not looked into, so a
	// call that asks for a defined name should ask for nothing inside it. A name
	// that does not occur is a variable all the same.
	Wrt []string
	// Closed makes an undeclared name an error. Otherwise it gets a type by its
	// first letter: a to g scalar, h to z vector, capital matrix.
	Closed bool
	// Kinds are the kinds of undeclared names where the first letter is not to
	// decide.
	Kinds []NameKind
	// Free are names that stand for sizes to be inferred, as that of an identity
	// matrix without one. No other name is called so.
	Free []string
	// Names and Sizes bind names to nodes and sizes of the builder; they come
	// before everything that is declared.
	Names []Binding
	Sizes []SizeBinding
	// LargePowers allows any exponent, as in printed answers.
	LargePowers bool
	// Side are equations beside the program, each with a text of its own. They
	// are typed together with it.
	Side []*syntax.Equation
}

// A NameKind says what an undeclared name is, without its sizes.
type NameKind struct {
	Name  string
	Kind  syntax.Kind
	Facts []syntax.Ident
}

// A Binding lets a name stand for a node.
type Binding struct {
	Name string
	Node *expr.Node
}

// A SizeBinding lets a name stand for a size.
type SizeBinding struct {
	Name string
	Dim  *expr.Dim
}

// A Program is a checked program. Its nodes belong to the builder.
type Program struct {
	Builder *expr.Builder
	File    *source.File
	// Result is the expression of the program: the one that stands alone, or
	// else the last definition that no other one uses, whose name is then
	// ResultName.
	Result     *expr.Node
	ResultName string
	// Equation is the equation that the program ends with instead of an
	// expression; Result is then its left side less its right side.
	Equation *Equation
	// Side are the equations of Options.Side.
	Side []Equation
	// Wrt are the variables of Options.Wrt, in that order.
	Wrt []*expr.Symbol
	// Defs are the definitions in the order of the text.
	Defs []Def
	// Vars are the variables in order of first occurrence in the expression, then
	// those that do not occur in it.
	Vars []Var
	// Free are the sizes found for Options.Free, in that order.
	Free []*expr.Dim
	// Notes say how the text was understood where it could mean something else.
	Notes []message.Text

	spans []source.Span // by node ID
}

// An Equation is a typed equation; Diff is the left side less the right side,
// where a scalar is spread over the entries of the other side.
type Equation struct{ Left, Right, Diff *expr.Node }

// A Def is a definition. Node is its body; it is nil for a family, which has
// one body for each index that it is used with.
type Def struct {
	Name string
	Node *expr.Node
	// Members are the bodies of a family's definition, one for each index that it
	// is used with.
	Members []Member
	// Cut is the variable that stands for the name if it is differentiated by.
	Cut  *expr.Symbol
	Span source.Span
}

// A Member is the body of a defined family at an index.
type Member struct {
	Index *expr.Index
	Node  *expr.Node
}

// A Var is a variable with what was inferred of it.
type Var struct {
	Symbol *expr.Symbol
	// Inferred says that the name is not declared: its kind follows from its
	// first letter and its sizes from the program.
	Inferred bool
	// Facts are those declared, without what follows from them.
	Facts expr.Fact
	// Occurs says that the variable occurs in the program at all.
	Occurs bool
}

// Lookup returns the variable of that name, or nil.
func (p *Program) Lookup(name string) *expr.Symbol {
	for _, v := range p.Vars {
		if v.Symbol.Name == name {
			return v.Symbol
		}
	}
	return nil
}

// Span returns the place where a node was written first; zero for a node that
// was not made by the check.
func (p *Program) Span(n *expr.Node) source.Span {
	if n.ID < len(p.spans) {
		return p.spans[n.ID]
	}
	return source.Span{}
}

// Check types a program. The nodes are made by b. On errors the program is nil.
func Check(b *expr.Builder, prog *syntax.Program, opts Options) (*Program, source.List) {
	var diags source.List
	c := newChecker(b, prog, &opts, &diags)
	if len(diags) > 0 {
		return nil, diags
	}
	if len(c.unknown.list) > 0 && !opts.Closed || len(opts.Free) > 0 {
		g, errs := infer(c)
		if len(errs) > 0 {
			return nil, errs
		}
		c.guesses = g
	}
	p := c.program()
	if len(diags) > 0 {
		diags.Sort()
		return nil, diags
	}
	return p, nil
}

// Instantiate types an expression whose names are bound to nodes and sizes, and
// returns its node. Names that are not bound are errors.
func Instantiate(b *expr.Builder, file *source.File, x syntax.Expr, names []Binding, sizes []SizeBinding) (*expr.Node, source.List) {
	prog := syntax.Program{File: file, Stmts: []syntax.Stmt{&syntax.ExprStmt{X: x}}}
	p, diags := Check(b, &prog, Options{Closed: true, Names: names, Sizes: sizes})
	if diags != nil {
		return nil, diags
	}
	return p.Result, nil
}

// program checks all statements and gathers the result.
func (c *checker) program() *Program {
	p := &Program{Builder: c.b, File: c.prog.File}
	var result syntax.Stmt
	var last *entity
	for _, s := range c.prog.Stmts {
		switch s := s.(type) {
		case *syntax.ExprStmt, *syntax.Equation:
			if result != nil {
				d := c.errorf(s.Span(), "the program has a second expression")
				if first, ok := result.(*syntax.ExprStmt); ok {
					d.Hint = say("name the first one, as in a = %s", c.text(first.X))
				}
				continue
			}
			result = s
		case *syntax.Definition:
			if e := c.find(s.Name.Name); last == nil || last.used || !e.used {
				last = e
			}
		}
	}
	var v val
	switch first := result.(type) {
	case *syntax.ExprStmt:
		v = c.expr(first.X)
	case *syntax.Equation:
		var e Equation
		v, e = c.equation(first)
		p.Equation = &e
	}
	switch {
	case result != nil:
	case last != nil && last.def != nil && last.def.Index.Name != "":
		c.errorf(last.def.Name.At, "the family %s is no result, only a sum over it is", last.name)
	case last != nil:
		v = c.defined(last, last.at)
		p.ResultName = last.name
	default:
		c.errorf(source.Span{}, "the program has declarations but no expression")
	}
	p.Result, c.result = v.node, v.shape
	c.rest()
	for _, e := range c.opts.Side {
		p.Side = append(p.Side, c.side(e))
	}
	p.Wrt = c.wrt()
	c.finishEquations()
	c.readings()
	p.Notes = c.notes
	if !c.build {
		return p
	}
	for _, e := range c.order {
		p.Vars = append(p.Vars, Var{Symbol: e.sym, Inferred: e.inferred, Facts: e.facts, Occurs: e.occurs})
	}
	for _, s := range c.prog.Stmts {
		if d, ok := s.(*syntax.Definition); ok {
			e := c.find(d.Name.Name)
			def := Def{Name: e.name, Node: e.body.node, Cut: e.sym, Span: d.At}
			for _, m := range e.members {
				if m.v.node != nil {
					def.Members = append(def.Members, Member{m.index, m.v.node})
				}
			}
			p.Defs = append(p.Defs, def)
		}
	}
	for _, n := range c.opts.Free {
		d := c.freeSize(n)
		if d == nil {
			d = c.sz.Size("n")
		}
		p.Free = append(p.Free, d)
	}
	p.spans = c.spans
	return p
}

// equation types an equation as the difference of its sides. Only a number is
// spread over the entries of the other side: where a name of a scalar stands
// opposite to a vector, inference is to take it as a vector.
func (c *checker) equation(e *syntax.Equation) (val, Equation) {
	before := len(*c.diags)
	v := c.expr(&syntax.Binary{At: e.Span(), Op: syntax.Sub, OpAt: e.Equal, X: e.X, Y: e.Y})
	if v.bad() && (len(*c.diags) != before+1 || (*c.diags)[before].Span != e.Equal) {
		return v, Equation{}
	}
	x, y := c.expr(e.X), c.expr(e.Y)
	a, b := x.shape.IsScalar(), y.shape.IsScalar()
	if v.bad() || a && !b && !x.isNum || b && !a && !y.isNum {
		*c.diags = (*c.diags)[:before]
		d := c.errorf(e.Equal, "the sides of the equation differ in shape: %s and %s", c.operand(e.X, x), c.operand(e.Y, y))
		d.Context = e.Span()
		c.explain(d, e.X, e.Y)
		return val{}, Equation{}
	}
	return v, Equation{x.node, y.node, v.node}
}

// side types an equation beside the program. Its errors point into its own text.
func (c *checker) side(e *syntax.Equation) Equation {
	file, before := c.prog.File, len(*c.diags)
	c.prog.File = e.File
	_, out := c.equation(e)
	c.prog.File = file
	for _, d := range (*c.diags)[before:] {
		if d.File == nil {
			d.File = e.File
		}
	}
	return out
}

// rest checks what the result does not use, for its errors and so that every
// declared name is a variable.
func (c *checker) rest() {
	for i := 0; i < len(c.entities); i++ { // a body may add an undeclared name
		e := c.entities[i]
		switch {
		case e.def != nil && e.def.Index.Name == "":
			c.body(e)
		case e.def != nil:
			c.memberBody(e)
		case e.decl != nil || e.inferred:
			c.variable(e, false)
		}
	}
}

// wrt resolves the names to differentiate by.
func (c *checker) wrt() []*expr.Symbol {
	var out []*expr.Symbol
	for _, name := range c.opts.Wrt {
		base := familyName(name)
		e := c.find(base)
		if e == nil {
			switch {
			case c.isSize(base):
				c.wrtError(name, "%s is a size, not a variable", base)
				continue
			case c.opts.Closed || c.kindOf(base) < 0:
				c.wrtError(name, "unknown name %s", base).Hint = c.suggestName(base)
				continue
			}
			e = c.undeclared(base, source.Span{}, nil)
		}
		if e.bound != nil {
			c.wrtError(name, "%s is not a variable", base)
			continue
		}
		if e.cut && !e.typed { // nothing uses the definition
			if c.cutShape(e); e.shape.Rows == nil {
				continue
			}
		}
		c.variable(e, false)
		if e.kind == expr.Function {
			c.wrtError(name, "%s is a function, not a variable", base)
			continue
		}
		if base != name && !c.wrtMembers(name, base, e) {
			continue
		}
		out = append(out, e.sym)
	}
	return out
}

// wrtMembers reports whether a name to differentiate by, which has a subscript, stands for
// all members of a family, as x[i] does, and reports the error if not: x[1] is one entry or
// one member, and a derivative by the whole of x would be the answer to another question.
func (c *checker) wrtMembers(name, base string, e *entity) bool {
	sub, closed := strings.CutSuffix(name[len(base)+1:], "]")
	switch {
	case e.sym == nil:
		return true
	case e.sym.Family == nil:
		c.wrtError(name, "%s is not a family: derivatives are by all of its entries", base).Hint = say("differentiate by %s and take the entry of the result", base)
	case !closed || !isPlain(sub) || c.isSize(sub):
		c.wrtError(name, "derivatives are by all members of %s, not by one", base).Hint = say("differentiate by %s and take the member of the result", base)
	default:
		return true
	}
	return false
}

// wrtError reports a name to differentiate by, which has no place in the text.
func (c *checker) wrtError(name, template, base string) *source.Diagnostic {
	d := c.errorf(source.Span{End: len(name)}, template, base)
	d.File = source.NewFile("", name)
	return d
}

// familyName strips the index of x[i].
func familyName(name string) string {
	for i := range name {
		if name[i] == '[' && i > 0 {
			return name[:i]
		}
	}
	return name
}
