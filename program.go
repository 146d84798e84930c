package nabla

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/syntax"
)

// A Program is a function to be computed: a value and derivatives that share their
// parts. Package numeric runs it; Generate writes it in a language.
type Program = plan.Program

// What says what a program returns.
type What = plan.What

// What a program can return.
const (
	ValueOf         What = plan.ValueOf  // the function
	GradientOf      What = plan.Gradient // of a scalar, in the variable's shape
	HessianOf       What = plan.Hessian  // of a scalar: n × n, or of the stacked columns
	HessianVector   What = plan.HVP      // the Hessian times a direction, in the variable's shape
	JacobianOf      What = plan.Jacobian // of anything, in the layout asked for
	JacobianVector  What = plan.JVP      // the derivative in a direction, in the function's shape
	AdjointJacobian What = plan.VJP      // the adjoint of the derivative at a cotangent
)

// Whats lists what a program can return.
var Whats = []What{ValueOf, GradientOf, HessianOf, HessianVector, JacobianOf, JacobianVector, AdjointJacobian}

// A ProgramRequest asks for a program.
type ProgramRequest struct {
	// Request has the expression and the variables; Order, Mixed and Structured are not
	// looked at.
	Request
	What []What // nil: the value and, of a scalar, the gradient, else the Jacobian
	Name string // of the function; "" is the name that the program gives the expression, or f
	// Sizes are known or typical values of sizes, by name: they decide in which order
	// products are computed.
	Sizes map[string]int
	// Compressed returns of a Hessian I ⊗ M or M ⊗ I the block M alone.
	Compressed bool
	// Joint takes the directions of all variables together: what is returned for a
	// Hessian times a direction is then that variable's part of the product of the
	// Hessian by all of them with all directions. Such a program has no Check.
	Joint bool
}

// NewProgram differentiates and plans the computation. Every derivative has been
// compared with differences at random points, unless NoCheck is set.
func NewProgram(req ProgramRequest) (prog *Program, err error) {
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			if err = p.fault(r); err == nil {
				panic(r)
			}
		}
	}()
	req.defaults()
	req.Order, req.Mixed, req.Structured, req.NoNumPy = 1, false, false, true
	if p, err = open(&req.Request); err != nil {
		return nil, err
	}
	if len(req.Wrt) == 0 && !slices.Equal(req.What, []What{ValueOf}) {
		if req.Wrt, err = p.onlyVariable("differentiate by"); err != nil {
			return nil, err
		}
		if p, err = open(&req.Request); err != nil {
			return nil, err
		}
	}
	return newProgrammer(p, &req).program()
}

// A programmer makes the program of one request.
type programmer struct {
	p     *problem
	req   *ProgramRequest
	rs    *raise.Raiser // writes families as matrices
	m     *plan.Maker
	low   *plan.Lowerer
	guess func(*expr.SizeName) int // sizes that were not given
	vars  []*expr.Symbol
	joint *index.Sum                    // the derivative in the directions of all variables; nil until it is needed
	extra map[*expr.Symbol]*expr.Symbol // directions and cotangents, by variable; nil for the function's
	doc   []string
}

func newProgrammer(p *problem, req *ProgramRequest) *programmer {
	return &programmer{p: p, req: req, extra: map[*expr.Symbol]*expr.Symbol{}}
}

func (g *programmer) program() (*Program, error) {
	p := g.p
	if err := p.prepare(p.prog.Wrt); err != nil {
		return nil, err
	}
	p.describe()
	scalar := p.f.scalar()
	what := g.req.What
	if what == nil {
		what = []What{ValueOf, GradientOf}
		if !scalar {
			what[1] = JacobianOf
		}
	}
	for _, w := range what {
		if !slices.Contains(Whats, w) {
			return nil, plainError(fmt.Sprintf("a program returns %s, not %q", joinWhats(Whats), string(w)))
		}
		if !scalar && (w == GradientOf || w == HessianOf || w == HessianVector) {
			e := plainError(fmt.Sprintf("%s is of a scalar; the expression is %s", w, p.res.Shape))
			e.Diagnostics[0].Hint = "jac is the derivative of anything, jacprod its product with a direction"
			e.rendered += "hint: " + e.Diagnostics[0].Hint + "\n"
			return nil, e
		}
	}
	g.rs = raise.New(p.b, raise.Options{Family: raise.FamilyMatrix})
	g.m = plan.NewMaker(p.b)
	g.guess = plan.DefaultSize(p.b)
	g.low = plan.NewLowerer(g.m, plan.Options{Size: g.sizeOf})
	for _, v := range p.prog.Vars {
		if v.Occurs {
			g.vars = append(g.vars, v.Symbol)
		}
	}
	for _, s := range p.prog.Wrt {
		if !slices.Contains(g.vars, s) {
			g.vars = append(g.vars, s)
		}
	}
	for _, d := range p.prog.Defs {
		if d.Node != nil && d.Cut == nil && len(d.Node.Args) > 0 && d.Node != p.prog.Result {
			g.low.Name(d.Node, d.Name)
			v := p.simplify(g.lowered(d.Node))
			if n, form := g.rs.Raise(v.sum, v.axes); form != raise.Index {
				g.low.Name(n, d.Name)
			}
		}
	}

	g.doc = append(g.doc, p.res.Name+" = "+p.res.Expression)
	var results []plan.Result
	for _, w := range what {
		if w == ValueOf {
			results = append(results, g.value())
			continue
		}
		for _, s := range p.prog.Wrt {
			r, err := g.result(w, s)
			if err != nil {
				return nil, err
			}
			results = append(results, r)
		}
	}
	name := g.req.Name
	if name == "" {
		name = p.res.Name
	}
	prog := g.assemble(name, results)
	prog.Doc = g.doc
	if g.req.Joint {
		return prog, nil
	}
	return prog, g.check(prog)
}

func joinWhats(list []What) string {
	var words []string
	for _, w := range list {
		words = append(words, string(w))
	}
	return strings.Join(words, ", ")
}

// sizeOf is the size that the caller gave, or else an estimate.
func (g *programmer) sizeOf(n *expr.SizeName) int {
	if size, ok := g.req.Sizes[n.Name]; ok {
		return size
	}
	return g.guess(n)
}

func (g *programmer) lowered(n *expr.Node) view {
	v := g.p.low.Lower(n)
	return view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
}

// variables are those of the expression, and the directions.
func (g *programmer) variables() []*expr.Symbol {
	list := slices.Clone(g.vars)
	for _, s := range g.extra {
		list = append(list, s)
	}
	return list
}

// assemble makes a program with every variable of the expression as a parameter.
func (g *programmer) assemble(name string, results []plan.Result) *plan.Program {
	prog := plan.Assemble(g.p.b, name, g.variables(), results)
	slices.SortStableFunc(prog.Params, func(a, b plan.Parameter) int { return g.declared(a) - g.declared(b) })
	for i, q := range prog.Params {
		for s, d := range g.extra {
			if q.Sym == d && s != nil {
				prog.Params[i].Direction = s
			}
		}
	}
	return prog
}

// declared is the place of a parameter's declaration in the program; those without one
// follow in the order in which they occur.
func (g *programmer) declared(q plan.Parameter) int {
	stmts := g.p.tree.Stmts
	if q.Sym == nil {
		return len(stmts) + 1
	}
	for i, s := range stmts {
		if d, ok := s.(*syntax.Decl); ok && declares(d, q.Sym.Name) {
			return i
		}
	}
	return len(stmts)
}

// value is the function itself: as the engine writes it, which is free of overflow
// where the program's own text need not be, or else as it was written.
func (g *programmer) value() plan.Result {
	n := g.valueNode()
	return plan.Result{Name: string(ValueOf), What: ValueOf, Value: g.low.Result(n), Shape: g.p.prog.Result.Shape,
		Text: g.p.res.Name + " = " + g.p.res.Expression}
}

func (g *programmer) valueNode() *expr.Node {
	v := g.p.simplify(g.p.f)
	if n, form := g.rs.Raise(v.sum, v.axes); form == raise.Matrix || form == raise.Kronecker && !g.p.prog.Result.Shape.IsScalar() {
		return n
	}
	return g.p.prog.Result
}

// result is a derivative by one variable.
func (g *programmer) result(w What, s *expr.Symbol) (plan.Result, error) {
	p := g.p
	r := plan.Result{Name: string(w) + "_" + s.Name, What: w, Wrt: s}
	switch w {
	case GradientOf, JacobianOf, HessianOf:
		by := []*expr.Symbol{s}
		if w == HessianOf {
			by = append(by, s)
			if s.Family != nil {
				return r, familyTwice(by)
			}
		}
		if err := p.answer(by); err != nil {
			var input *InputError
			if s.Family == nil || !errors.As(err, &input) {
				return r, err
			}
			// What has no notation for one member can have one for all.
			r.Text = "∂" + p.res.Name + "/∂" + s.Name + ", a row for each member"
			g.doc = append(g.doc, "", r.Text)
			return r, g.arranged(&r, p.simplify(p.derive(p.f, s)), s)
		}
		d := &p.res.Derivatives[len(p.res.Derivatives)-1]
		r.Text = d.Symbol + " = " + d.Text
		g.doc = append(g.doc, "", r.Text, d.Shape+", "+string(d.Layout)+" layout: "+d.Identity)
		g.assume(d.Assumptions)
		return r, g.arranged(&r, p.last.view, s)
	}
	return r, g.product(&r, s)
}

// assume adds to the documentation what an answer rests on.
func (g *programmer) assume(list []string) {
	for _, a := range list {
		if line := "assumes " + a; !slices.Contains(g.doc, line) {
			g.doc = append(g.doc, line)
		}
	}
}

// arranged fills in the value of a derivative.
func (g *programmer) arranged(r *plan.Result, v view, s *expr.Symbol) error {
	if s.Family != nil {
		if !g.p.f.scalar() {
			return plainError("the Jacobian by a family of variables is not supported: " + memberName(s))
		}
		if s.Kind == expr.Matrix {
			return plainError("the gradient by a family of matrices has three indices and is not supported: " + memberName(s))
		}
		// The members stand along the first axis, as they are passed.
		last := len(v.sum.Slots) - 1
		v.axes = raise.Axes{Rows: []int{last}}
		for k := range last {
			v.axes.Cols = append(v.axes.Cols, k)
		}
	}
	n, form := g.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		x, ok := g.p.indexForm(v)
		if !ok {
			return &InternalError{"no notation for " + v.sum.String()}
		}
		r.Value = g.low.IndexForm(x)
		r.Shape = expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}
		return g.byColumns(r, s)
	}
	if g.req.Compressed && r.What == HessianOf {
		n = g.compress(r, n)
	}
	r.Shape = n.Shape
	if x, ok := g.p.indexForm(v); ok && r.Compressed == "" {
		r.Value = g.low.Cheaper(n, x)
	} else {
		r.Value = g.low.Result(n)
	}
	return g.byColumns(r, s)
}

// compress takes the block M out of c (I ⊗ M) or c (M ⊗ I).
func (g *programmer) compress(r *plan.Result, n *expr.Node) *expr.Node {
	b := g.p.b
	rest := []*expr.Node{}
	k := n
	if n.Op.Name == expr.OpNeg {
		rest, k = append(rest, b.Num(rat.MinusOne)), n.Args[0]
	}
	if k.Op.Name == expr.OpMul {
		args := k.Args
		for len(args) > 1 && args[0].Shape.IsScalar() {
			rest, args = append(rest, args[0]), args[1:]
		}
		if len(args) != 1 {
			return n
		}
		k = args[0]
	}
	if k.Op.Name != "kron" || !k.Args[0].Shape.IsMatrix() || !k.Args[1].Shape.IsMatrix() {
		return n
	}
	block, form := k.Args[1], "I ⊗ M"
	switch {
	case k.Args[0].Op.Name == "eye":
		form = "I ⊗ M"
	case k.Args[1].Op.Name == "eye":
		block, form = k.Args[0], "M ⊗ I"
	default:
		return n
	}
	if len(rest) > 0 {
		block = b.Node(expr.OpMul, append(rest, block)...)
	}
	symbol, _, _ := strings.Cut(r.Text, " = ")
	r.Compressed = symbol + " = " + form
	g.doc = append(g.doc, "returned is M of "+form+", M = "+print.Text(block, g.p.po).String())
	return block
}

// product is a Hessian or Jacobian times a direction, or the adjoint Jacobian times a
// cotangent.
func (g *programmer) product(r *plan.Result, s *expr.Symbol) error {
	if r.What == AdjointJacobian {
		d, err := g.adjoint(s)
		if err != nil {
			return err
		}
		return g.named(r, d, "the adjoint of ∂"+g.p.res.Name+"/∂"+memberName(s)+" at "+nameOf(g.extra[nil], "1"))
	}
	if r.What == HessianVector && s.Family != nil {
		return familyTwice([]*expr.Symbol{s})
	}
	v := g.direction(s)
	if r.What == HessianVector && g.req.Joint {
		h, err := g.jointHessianTimes(s)
		if err != nil {
			return err
		}
		return g.named(r, h, "the part of "+s.Name+" in the Hessian by all variables times their directions")
	}
	if r.What == HessianVector {
		h, err := g.hessianTimes(s, v)
		if err != nil {
			return err
		}
		return g.named(r, h, "the Hessian by "+s.Name+" times "+v.Name)
	}
	h, err := g.jacobianTimes(s, v)
	if err != nil {
		return err
	}
	return g.named(r, h, "the derivative in the direction "+v.Name)
}

// adjoint is the gradient of the function, or of its inner product with the cotangent if
// it is no scalar, in the arrangement of the argument.
func (g *programmer) adjoint(s *expr.Symbol) (view, error) {
	p := g.p
	u := p.f.sum
	if !p.f.scalar() {
		u = g.inner(u, p.st.Var(g.cotangent(), true), slices.Concat(p.f.axes.Rows, p.f.axes.Cols))
	}
	return g.gradient(u, s, g.argumentAxes(p.st.Var(s, true), s))
}

// gradient differentiates a scalar sum and compares with differences.
func (g *programmer) gradient(of *index.Sum, by *expr.Symbol, axes raise.Axes) (view, error) {
	d := g.p.derive(view{sum: of}, by)
	d.axes = axes
	return d, g.verify(of, d, by)
}

// directional is the inner product of a gradient with a direction.
func (g *programmer) directional(d view, v *expr.Symbol) *index.Sum {
	return g.inner(d.sum, g.p.st.Var(v, true), seq(len(d.sum.Slots)))
}

// hessianTimes is the gradient of a scalar's gradient along v: no matrix of the Hessian's
// size occurs.
func (g *programmer) hessianTimes(s, v *expr.Symbol) (view, error) {
	d, err := g.adjoint(s)
	if err != nil {
		return d, err
	}
	return g.gradient(g.directional(d, v), s, g.argumentAxes(g.p.st.Var(s, true), s))
}

// jointHessianTimes is the gradient by s of a scalar's derivative along the directions of
// all variables.
func (g *programmer) jointHessianTimes(s *expr.Symbol) (view, error) {
	p := g.p
	if g.joint == nil {
		b := p.st.Build(nil)
		for _, w := range p.prog.Wrt {
			d, err := g.adjoint(w)
			if err != nil {
				return d, err
			}
			g.addInner(b, d.sum, p.st.Var(g.direction(w), true), seq(len(d.sum.Slots)))
		}
		g.joint = b.Sum()
	}
	return g.gradient(g.joint, s, g.argumentAxes(p.st.Var(s, true), s))
}

// jacobianTimes is the derivative in the direction v. What is no scalar is the gradient,
// by the cotangent, of what its adjoint has along v.
func (g *programmer) jacobianTimes(s, v *expr.Symbol) (view, error) {
	d, err := g.adjoint(s)
	if err != nil {
		return d, err
	}
	t := g.directional(d, v)
	if g.p.f.scalar() {
		return view{sum: t}, nil
	}
	rows, cols := len(g.p.f.axes.Rows), len(g.p.f.axes.Cols)
	return g.gradient(t, g.cotangent(), raise.Axes{Rows: seq(rows), Cols: shift(seq(cols), rows)})
}

func nameOf(s *expr.Symbol, other string) string {
	if s == nil {
		return other
	}
	return s.Name
}

// shift adds n to each index.
func shift(list []int, n int) []int {
	for i := range list {
		list[i] += n
	}
	return list
}

// argumentAxes are the axes of a derivative of a scalar by s in the arrangement of the
// argument: for a family the members come first.
func (g *programmer) argumentAxes(x *index.Atom, s *expr.Symbol) raise.Axes {
	n := len(x.Slots)
	if s.Family != nil {
		return raise.Axes{Rows: []int{n - 1}, Cols: seq(n - 1)}
	}
	rows := x.RowAxes()
	return raise.Axes{Rows: seq(rows), Cols: shift(seq(n-rows), rows)}
}

// named fills in a product's value and documentation.
func (g *programmer) named(r *plan.Result, v view, what string) error {
	v = g.p.simplify(v)
	n, form := g.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		x, ok := g.p.indexForm(v)
		if !ok {
			return &InternalError{"no notation for " + v.sum.String()}
		}
		r.Value = g.low.IndexForm(x)
		r.Shape = expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}
		r.Text = what
	} else {
		r.Value, r.Shape = g.low.Result(n), n.Shape
		r.Text = what + ": " + print.Text(n, g.p.po).String()
	}
	g.doc = append(g.doc, "", r.Text, shapeString(r.Shape))
	return nil
}

// verify compares a derivative of a scalar sum with differences.
func (g *programmer) verify(of *index.Sum, d view, by *expr.Symbol) error {
	p := g.p
	if p.req.NoCheck || by.Family != nil {
		return nil
	}
	pr := &eval.Problem{Reg: p.eng.reg, X: by, Denominator: true}
	if slices.ContainsFunc(p.prog.Wrt, func(s *expr.Symbol) bool { return s.Facts != 0 }) {
		// Notation rests on facts, which do not hold where differences are taken.
		pr.F, pr.FView, pr.DView = p.prog.Result, p.evalView(view{sum: of}), p.evalView(d)
	} else {
		// The text of an answer has members of families; so have the nodes that are compared.
		n, form := p.rs.Raise(of, raise.Axes{})
		dn, dform := p.rs.Raise(d.sum, d.axes)
		if form == raise.Index || dform == raise.Index {
			return nil
		}
		pr.F, pr.D = n, dn
	}
	_, err := runCheck(pr)
	return err
}

// inner is Σ of s times the atom a, slot at[k] of s being slot k of the atom.
func (g *programmer) inner(s *index.Sum, a *index.Atom, at []int) *index.Sum {
	b := g.p.st.Build(nil)
	g.addInner(b, s, a, at)
	return b.Sum()
}

// addInner adds it to b.
func (g *programmer) addInner(b *index.SumBuilder, s *index.Sum, a *index.Atom, at []int) {
	st := g.p.st
	for i := range s.Terms {
		r := st.Raw(nil)
		idx := make([]index.Ix, len(s.Slots))
		for k, d := range s.Slots {
			idx[k] = r.Class(d)
		}
		r.MulTerm(&s.Terms[i], idx)
		of := make([]index.Ix, len(at))
		for k, slot := range at {
			of[k] = idx[slot]
		}
		r.MulAtom(a, of, rat.One)
		b.Add(r)
	}
}

// direction is the variable dX for a direction of X, made once.
func (g *programmer) direction(s *expr.Symbol) *expr.Symbol {
	if d := g.extra[s]; d != nil {
		return d
	}
	d := g.newDirection(s)
	g.extra[s] = d
	return d
}

func (g *programmer) newDirection(s *expr.Symbol) *expr.Symbol {
	d := g.p.b.NewSymbol(g.freshName("d"+s.Name), s.Kind, s.Shape, 0)
	d.Family = s.Family
	g.refine(d, g.p.st.Axis(s, false), g.p.st.Axis(s, true))
	return d
}

// cotangent is the variable of the function's shape that its adjoint is applied to.
func (g *programmer) cotangent() *expr.Symbol {
	if c := g.extra[nil]; c != nil {
		return c
	}
	f := g.p.f
	shape := g.p.prog.Result.Shape
	kind := expr.Matrix
	if shape.Cols.IsOne() {
		kind = expr.Vector
	}
	c := g.p.b.NewSymbol(g.freshName("cotangent"), kind, shape, 0)
	var rows, cols []*expr.Dim
	for _, k := range f.axes.Rows {
		rows = append(rows, f.sum.Slots[k])
	}
	for _, k := range f.axes.Cols {
		cols = append(cols, f.sum.Slots[k])
	}
	g.refine(c, rows, cols)
	g.extra[nil] = c
	return c
}

// refine gives the axes of a variable the parts that they have elsewhere.
func (g *programmer) refine(s *expr.Symbol, rows, cols []*expr.Dim) {
	if len(rows) > 1 {
		g.p.st.RefineAxis(s, false, rows)
	}
	if len(cols) > 1 {
		g.p.st.RefineAxis(s, true, cols)
	}
}

// freshName returns name, with _ after it until no variable or size has it.
func (g *programmer) freshName(name string) string {
	for g.p.b.LookupSize(name) != nil || slices.ContainsFunc(g.p.b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name }) {
		name += "_"
	}
	return name
}
