package nabla

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/diagnose"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A VerifyRequest asks whether a formula is the derivative of an expression.
type VerifyRequest struct {
	Program, File string // as in Request
	Vars          []Declaration
	Closed        bool
	Wrt           string // the variable; may be empty where the program has one
	Order         int    // 0 means 1
	Layout        Layout
	Vec           VecOrder
	Structured    bool
	// Claim is the formula, or a derivation line by line. A line is an expression, the
	// derivative as claimed; or an equation whose left side says what is claimed:
	// ∂l/∂w, dl/dw or grad the derivative, dl the differential, in which dX is that of
	// the variable X, l the expression itself, a new name a definition for later lines.
	// A line that begins with = goes on from the last left side.
	Claim     string
	ClaimFile string // its file, for messages; may be empty
}

// A Verdict says whether a claim is right, and what is wrong with it.
type Verdict struct {
	Equal bool
	// Argument says why claim and truth are equal: "same canonical form" (both are one
	// node, or their difference multiplied out is zero) or "by numbers only" (they agree
	// at random points of several sizes).
	Argument Argument
	// Kind names what is wrong; empty if nothing is. The names are stable.
	Kind string
	// Message says it in English, MessageZH in Chinese.
	Message, MessageZH string
	// HoldsIf are facts that are not declared and with which the claim would be right,
	// such as "S: symmetric".
	HoldsIf []string
	// Line is the line of the claim that Kind is about, from 1; 0 if all is right. In a
	// claim of one line with semicolons it counts the statements.
	Line int
	// Lines are the claims, one for each equals sign of a derivation, up to the first
	// wrong one.
	Lines []VerifiedLine
	// Claimed is the claim as understood, True what would be right in its place.
	Claimed, True Formula
	// Part is the term or factor that Kind is about, or empty.
	Part Formula
	// Counterexample shows the difference by small numbers; nil if the claim is right.
	Counterexample *Counterexample
	// Result has what was understood of the program, without derivatives.
	Result *Result
	// Derivative is the true derivative with all that is said of it; nil where the
	// verdict is about a line that claims something else.
	Derivative *Derivative
	Points     int // at which claim and truth were compared
}

// An Argument says why two formulas are equal.
type Argument string

// The arguments.
const (
	CanonicalForm Argument = "same canonical form"
	ByNumbers     Argument = "by numbers only"
)

// A Formula is an expression in the notations.
type Formula struct {
	Symbol      string // the left-hand side, such as ∂l/∂w or dl
	SymbolLaTeX string
	Text        string
	Language    string
	LaTeX       string
	Shape       string
}

// A VerifiedLine is a claim that was looked at.
type VerifiedLine struct {
	Line     int // as in Verdict
	Equal    bool
	Argument Argument
	Claimed  Formula
	Defines  bool // the line defines a name and claims nothing
}

// Verify compares a claim with the derivative.
func Verify(req VerifyRequest) (out *Verdict, err error) {
	v := &verifier{req: req, out: &Verdict{}}
	defer func() {
		if r := recover(); r != nil {
			if err = v.fault(r); err == nil {
				panic(r)
			}
		}
	}()
	if err := v.run(); err != nil {
		return nil, err
	}
	return v.out, nil
}

// A verifier is a claim on its way to the verdict.
type verifier struct {
	req   VerifyRequest
	first *problem // the program by itself, for names and messages
	now   *problem // the program with the claim that is looked at
	text  claimText

	decls  []*syntax.Decl // the variables of the program as understood
	result syntax.Expr    // what is differentiated
	defs   []*syntax.Definition
	own    []*syntax.Definition // those of the claim, so far
	moving []differential
	// partials are the derivatives ∂l/∂a that right-hand sides mention, as definitions.
	partials []*syntax.Definition
	out      *Verdict
}

// A differential is a name dX that the claim mentions, or that of the variable.
type differential struct {
	of   string
	decl *syntax.Decl
	def  bool // X is a definition of the program
}

func (v *verifier) fault(r any) error {
	if v.now != nil {
		return v.now.fault(r)
	}
	return v.first.fault(r)
}

// request is the question about the derivative.
func (v *verifier) request() *Request {
	r := &v.req
	req := &Request{Program: r.Program, File: r.File, Vars: r.Vars, Closed: r.Closed, Order: r.Order,
		Layout: r.Layout, Vec: r.Vec, Structured: r.Structured, NoNumPy: true}
	if r.Wrt != "" {
		req.Wrt = []string{r.Wrt}
	}
	req.defaults()
	return req
}

func (v *verifier) run() error {
	req := v.request()
	if req.Order < 1 || req.Order > maxOrder {
		return plainError(fmt.Sprintf("the order must lie between 1 and %d, got %d", maxOrder, req.Order))
	}
	var err error
	if v.first, err = open(req); err != nil {
		return err
	}
	if len(req.Wrt) == 0 {
		if req.Wrt, err = v.first.onlyVariable("differentiate by"); err != nil {
			return err
		}
		v.req.Wrt = req.Wrt[0]
		if v.first, err = open(req); err != nil {
			return err
		}
	}
	if s := v.first.prog.Wrt[0]; s.Family == nil {
		v.req.Wrt = s.Name
	} else {
		v.req.Wrt = memberName(s)
	}
	v.text.file = source.NewFile(v.req.ClaimFile, v.req.Claim)
	if err := v.readClaims(); err != nil {
		return err
	}
	v.program()
	if err := v.parseAll(); err != nil {
		return err
	}
	for i := range v.text.claims {
		c := &v.text.claims[i]
		if c.kind == definitionClaim {
			if err := v.definition(c); err != nil {
				return err
			}
			continue
		}
		if err := v.claim(c); err != nil {
			return err
		}
		if !v.out.Equal {
			return nil
		}
	}
	if v.out.Result == nil {
		return v.text.fail(v.text.claims[0].rhs, "the lines define names and claim nothing",
			"add a line such as ∂"+v.name()+"/∂"+v.req.Wrt+" = …")
	}
	return nil
}

// program takes the declarations and definitions from the program as it was understood.
func (v *verifier) program() {
	p := v.first
	for _, x := range p.prog.Vars {
		if v.defines(x.Symbol.Name) {
			continue
		}
		d, list := syntax.ParseDecl(x.Declaration(), syntax.Options{})
		if len(list) > 0 {
			panic(fmt.Sprintf("declaration %s: %v", x.Declaration(), list))
		}
		v.decls = append(v.decls, d)
	}
	for _, s := range p.tree.Stmts {
		switch s := s.(type) {
		case *syntax.ExprStmt:
			v.result = s.X
		case *syntax.Definition:
			v.defs = append(v.defs, s)
		}
	}
	if v.result == nil {
		v.result = &syntax.Name{Name: p.prog.ResultName}
	}
}

// isDifferential returns the name X of dX, where X has a differential and dX no other
// meaning.
func (v *verifier) isDifferential(name string) (of string, ok bool) {
	of, ok = strings.CutPrefix(name, "d")
	if !ok || v.quantity(name) {
		return "", false
	}
	if v.defines(of) {
		return of, true
	}
	s := v.first.prog.Lookup(of)
	return of, s != nil && s.Kind != expr.Function && !s.Facts.Has(expr.Constant)
}

// parseAll reads the right-hand sides and finds the differentials in them.
func (v *verifier) parseAll() error {
	own := map[string]bool{}
	for _, c := range v.text.claims {
		if c.kind == definitionClaim {
			own[c.of] = true
		}
	}
	isVariable := func(name string) bool {
		if s := v.first.prog.Lookup(name); s != nil && s.Kind == expr.Function {
			return false
		}
		_, d := v.isDifferential(name)
		return d || own[name] || v.quantity(name)
	}
	wanted := []string{"d" + v.first.prog.Wrt[0].Name}
	var list []error
	for i := range v.text.claims {
		c := &v.text.claims[i]
		if err := v.parse(c, isVariable); err != nil {
			list = append(list, err)
			continue
		}
		for _, n := range mentioned(c.expr, nil) {
			if _, ok := v.isDifferential(n); ok && !own[n] && !slices.Contains(wanted, n) {
				wanted = append(wanted, n)
			}
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	for _, name := range wanted {
		of := name[1:]
		d := differential{of: of}
		shape, kind, family := expr.Shape{}, expr.Matrix, (*expr.Index)(nil)
		if s := v.first.prog.Lookup(of); s != nil {
			shape, kind, family = s.Shape, s.Kind, s.Family
		}
		for _, def := range v.first.prog.Defs {
			if def.Name == of && def.Cut == nil {
				if def.Node == nil {
					continue
				}
				shape, d.def = def.Node.Shape, true
			}
		}
		if shape.Rows == nil || v.quantity(name) {
			continue
		}
		text := name
		if family != nil {
			text += "[" + family.Name + "]"
		}
		text += ": " + declShape(shape, kind)
		if family != nil {
			text += ", " + family.Name + " = 1.." + family.Size.String()
		}
		decl, diags := syntax.ParseDecl(text, syntax.Options{})
		if len(diags) > 0 {
			continue // such as d𝒳: the name cannot be written
		}
		d.decl = decl
		v.moving = append(v.moving, d)
	}
	return nil
}

func declShape(s expr.Shape, kind expr.Kind) string {
	switch {
	case kind == expr.Scalar || s.IsScalar():
		return "scalar"
	case s.IsVector() && kind != expr.Matrix, s.IsVector():
		return "vector(" + s.Rows.String() + ")"
	}
	return "matrix(" + s.Rows.String() + ", " + s.Cols.String() + ")"
}

// hidden names are written as no user can.
const hiddenClaim = "claim!"

// open checks the program together with a claim about the quantity of, the variable by,
// so that both are nodes of one builder. The claim is nil for what is only looked at.
func (v *verifier) open(c *claim, of, by string, order int, target syntax.Expr) (*problem, *expr.Node, error) {
	req := v.request()
	req.Wrt, req.Order = []string{by}, order
	p := &problem{req: req, eng: v.first.eng, res: &Result{Stages: map[string]string{}}}
	p.b = expr.NewBuilder(p.eng.reg)
	tree := &syntax.Program{File: v.text.file}
	for _, d := range v.defs {
		tree.Stmts = append(tree.Stmts, d)
	}
	for _, d := range v.partials {
		tree.Stmts = append(tree.Stmts, d)
	}
	for _, d := range v.own {
		tree.Stmts = append(tree.Stmts, d)
	}
	if target == nil {
		if target = v.result; of != "" && of != v.first.prog.ResultName {
			target = &syntax.Name{Name: of}
		}
	}
	var family *expr.Index
	if c != nil && c.expr != nil {
		body := c.expr
		if s := v.first.prog.Lookup(by); s != nil && s.Family != nil && c.kind == derivativeClaim {
			family = s.Family
			body = &syntax.SumOver{At: c.rhs, Index: syntax.Ident{Name: family.Name, At: c.rhs}, Body: body}
		}
		tree.Stmts = append(tree.Stmts, &syntax.Definition{Name: syntax.Ident{Name: hiddenClaim, At: c.rhs}, Body: body, At: c.rhs})
	}
	tree.Stmts = append(tree.Stmts, &syntax.ExprStmt{X: target})
	decls := v.decls
	for _, d := range v.moving {
		decls = append(slices.Clip(decls), d.decl)
	}
	p.tree = tree
	var list source.List
	p.prog, list = check.Check(p.b, tree, check.Options{Decls: decls, Wrt: req.Wrt, Closed: true})
	if len(list) > 0 {
		return nil, nil, inputError(v.text.file, list)
	}
	p.prog.File = v.first.prog.File
	p.prog.ResultName = of
	if of == "" {
		p.prog.ResultName = v.first.prog.ResultName
	}
	var node *expr.Node
	p.prog.Defs = slices.DeleteFunc(p.prog.Defs, func(d check.Def) bool {
		if d.Name == hiddenClaim {
			node = d.Node
		}
		return d.Name == hiddenClaim || strings.HasPrefix(d.Name, "∂")
	})
	if node != nil && family != nil {
		node = node.Args[0]
	}
	if node != nil {
		p.beside = []*expr.Node{node}
	}
	v.now = p
	return p, node, nil
}

// definition takes over a name for later lines.
func (v *verifier) definition(c *claim) error {
	d := &syntax.Definition{Name: syntax.Ident{Name: c.of, At: c.lhs}, Body: c.expr, At: c.lhs.Join(c.rhs)}
	v.own = append(v.own, d)
	p, _, err := v.open(nil, c.of, v.req.by(), 1, nil)
	if err != nil {
		return err
	}
	p.po = &print.Options{Builder: p.b}
	line := VerifiedLine{Line: c.line, Equal: true, Defines: true}
	line.Claimed = p.formula(p.prog.Result, c.of)
	v.out.Lines = append(v.out.Lines, line)
	return nil
}

// by is the name of the variable without the index of a family.
func (r *VerifyRequest) by() string {
	name, _, _ := strings.Cut(r.Wrt, "[")
	return name
}

// formula writes a node with its left-hand side.
func (p *problem) formula(n *expr.Node, symbol string) Formula {
	body := *p.po
	body.Expand = true
	f := Formula{Symbol: symbol, Text: print.Text(n, &body).String(), Language: print.Language(n, &body).String(),
		LaTeX: print.LaTeX(n, &body).String(), Shape: shapeString(n.Shape)}
	if isName(symbol) {
		f.SymbolLaTeX = print.LaTeXName(symbol)
	}
	return f
}

// claim verifies one claim and fills in the verdict.
func (v *verifier) claim(c *claim) error {
	var q *question
	var err error
	switch c.kind {
	case derivativeClaim:
		q, err = v.derivative(c)
	case differentialClaim, vecClaim:
		q, err = v.differential(c)
	case valueClaim:
		q, err = v.value(c)
	}
	if err != nil {
		return err
	}
	return v.judge(c, q)
}

// A question is a claim beside the truth.
type question struct {
	p       *problem
	claim   *expr.Node
	truth   *expr.Node // nil for one in index notation
	view    *view      // nil if the truth has none
	by      *expr.Symbol
	symbol  string
	latex   string
	true_   Formula
	deriv   *Derivative
	diff    diagnose.Question
	moves   bool // the claim mentions differentials
	numbers *eval.Problem

	lowered, difference *view
	// Variables and the directions that they move in.
	from, to  []*expr.Symbol
	replaced  []replacement
	undefined bool // the claim lacks a value where the truth has one
}

func (v *verifier) derivative(c *claim) (*question, error) {
	by, order := v.req.by(), max(1, v.req.Order)
	if c.by != "" {
		by = c.by
	}
	if c.order > 0 {
		order = c.order
	}
	if s := v.first.prog.Lookup(by); s == nil && !v.defines(by) {
		return nil, v.text.fail(c.lhs, "unknown name "+by, "")
	}
	p, node, err := v.open(c, c.of, by, order, nil)
	if err != nil {
		return nil, err
	}
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	d := &p.res.Derivatives[0]
	s := p.prog.Wrt[0]
	q := &question{p: p, claim: node, truth: p.last.node, view: &p.last.view, by: s, symbol: d.Symbol, latex: d.SymbolLaTeX, deriv: d}
	q.true_ = Formula{d.Symbol, d.SymbolLaTeX, d.Text, d.Language, d.LaTeX, d.Shape}
	q.moves = v.mentionsMoving(c)
	q.numbers = &p.last.check
	q.diff.Family = s.Family
	f := p.last.of
	q.diff.Layouts = !f.scalar()
	if d.Vec != "" {
		rows, cols := shapeOf(p, f), s.Shape
		if p.req.Layout == Denominator {
			rows, cols = cols, rows
		}
		q.diff.VecRows, q.diff.VecCols = &rows, &cols
		q.diff.ByRows = p.req.Vec == Rows
	}
	return q, nil
}

// shapeOf is the shape of a view.
func shapeOf(p *problem, v view) expr.Shape {
	size := func(slots []int) *expr.Dim {
		d := p.b.One()
		for _, s := range slots {
			d = p.b.Mul(d, v.sum.Slots[s])
		}
		return d
	}
	return expr.Shape{Rows: size(v.axes.Rows), Cols: size(v.axes.Cols)}
}

func (v *verifier) mentionsMoving(c *claim) bool {
	names := mentioned(c.expr, nil)
	return slices.ContainsFunc(v.moving, func(d differential) bool { return slices.Contains(names, "d"+d.of) })
}

// value is the claim that a quantity is written in another way.
func (v *verifier) value(c *claim) (*question, error) {
	if v.isOwn(c.of) { // a name of the claim's own
		return v.ownValue(c)
	}
	of := c.of
	if of == v.first.prog.ResultName {
		of = ""
	}
	p, node, err := v.open(c, of, v.req.by(), 1, nil)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(p.prog.Wrt); err != nil {
		return nil, err
	}
	p.describe()
	return v.plainQuestion(p, node, p.prog.Result, c.of), nil
}

func (v *verifier) isOwn(name string) bool {
	return slices.ContainsFunc(v.own, func(d *syntax.Definition) bool { return d.Name.Name == name })
}

func (v *verifier) ownValue(c *claim) (*question, error) {
	var body syntax.Expr
	for _, d := range v.own {
		if d.Name.Name == c.of {
			body = d.Body
		}
	}
	p, node, err := v.open(c, c.of, v.req.by(), 1, body)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(nil); err != nil {
		return nil, err
	}
	p.describe()
	return v.plainQuestion(p, node, p.prog.Result, c.of), nil
}

// plainQuestion compares a claim with a node.
func (v *verifier) plainQuestion(p *problem, claim, truth *expr.Node, symbol string) *question {
	q := &question{p: p, claim: claim, truth: truth, by: p.prog.Wrt[0], symbol: symbol}
	low := p.restored()
	if x, ok := lowered(p, low, truth); ok {
		q.view = &x
	}
	q.true_ = p.formula(truth, symbol)
	return q
}

// mentionsAny reports whether a node contains the variable.
func mentionsAny(n, variable *expr.Node, seen map[*expr.Node]bool) bool {
	if n == variable {
		return true
	}
	if seen[n] {
		return false
	}
	seen[n] = true
	return slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return mentionsAny(a, variable, seen) })
}

// judge compares claim and truth and fills in the verdict.
func (v *verifier) judge(c *claim, q *question) error {
	p, out := q.p, v.out
	out.Result = p.res
	out.Result.Derivatives = nil
	v.given(out.Result)
	out.Derivative = q.deriv
	if q.claim.Op.Name == expr.OpNum && q.claim.Num.IsZero() && q.shape() != nil && !q.shape().IsScalar() {
		q.claim = p.b.Sized(expr.OpZeros, q.shape().Rows, q.shape().Cols)
	}
	out.Claimed = p.formula(p.abbreviate(q.claim), q.symbol)
	out.Claimed.SymbolLaTeX = q.latex
	if slices.ContainsFunc(mentioned(c.expr, nil), func(n string) bool { return strings.HasPrefix(n, "∂") }) {
		out.Claimed.Text = strings.Join(strings.Fields(v.text.file.Slice(c.rhs)), " ")
	}
	out.True = q.true_
	if len(q.replaced) > 0 {
		q.claim = substitute(p.b, q.claim, q.replaced)
	}
	same := q.canonical()
	d := &q.diff
	d.B, d.Claim, d.Truth = p.b, q.claim, q.truth
	d.Domain = append(d.Domain, p.prog.Result)
	d.More = append(d.More, q.by)
	if q.truth == nil {
		d.View = p.evalView(*q.view)
		if s := q.by; s.Family != nil {
			d.View.Member = []int{len(q.view.sum.Slots) - 1}
		}
	}
	fits := q.shape() == nil || *q.shape() == q.claim.Shape
	equal, defined, err := d.Compare()
	switch {
	case err == nil:
	case same && fits: // no point to compare at, or sizes that are too large for it
		equal, defined = true, true
	default:
		var none *eval.NoPoint
		if errors.As(err, &none) {
			return plainError("the claim cannot be compared with the derivative: " + none.Reason)
		}
		return v.text.fail(c.rhs, "the claim cannot be compared with the derivative: "+err.Error(), "")
	}
	if err := q.proves(); err != nil {
		return err
	}
	equal = equal && fits && (same || !q.faint() && !q.unresolved())
	line := VerifiedLine{Line: c.line, Equal: equal && defined, Claimed: out.Claimed}
	out.Points = d.Points()
	out.Equal = line.Equal
	switch {
	case line.Equal && same:
		line.Argument = CanonicalForm
	case line.Equal:
		line.Argument = ByNumbers
	}
	out.Argument = line.Argument
	out.Lines = append(out.Lines, line)
	if out.Equal {
		return nil
	}
	out.Line = c.line
	return v.explain(c, q)
}

// given takes the hidden names out of what was understood and puts in what was
// inferred.
func (v *verifier) given(r *Result) {
	var kept []Variable
	for _, x := range r.Variables {
		name, _, _ := strings.Cut(x.Name, "[")
		if slices.ContainsFunc(v.moving, func(d differential) bool { return "d"+d.of == name }) {
			continue
		}
		for _, f := range v.first.prog.Vars {
			if f.Symbol.Name == name {
				x.Inferred, x.Unused = f.Inferred, !f.Occurs
			}
		}
		kept = append(kept, x)
	}
	r.Variables, r.Notes = kept, v.first.prog.Notes
}

// shape is the shape of the truth, nil if it is in index notation.
func (q *question) shape() *expr.Shape {
	if q.truth != nil {
		return &q.truth.Shape
	}
	s := shapeOf(q.p, *q.view)
	return &s
}

// terms raises the terms of a view one by one.
func (p *problem) terms(x view) []*expr.Node {
	if len(x.sum.Terms) > 24 {
		return nil
	}
	var out []*expr.Node
	for i := range x.sum.Terms {
		r := p.st.Raw(x.sum.Slots)
		r.MulTerm(&x.sum.Terms[i], r.Slot)
		n, form := p.rs.Raise(p.st.SumOf(x.sum.Slots, r), x.axes)
		if form == raise.Index {
			return nil
		}
		out = append(out, p.abbreviate(n))
	}
	return out
}
