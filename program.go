package nabla

import (
	"errors"
	"slices"
	"strings"

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
	MixedHessian    What = plan.Mixed    // of a scalar by each two of several variables, in the layout asked for
	HessianVector   What = plan.HVP      // the Hessian times a direction, in the variable's shape
	JacobianOf      What = plan.Jacobian // of anything, in the layout asked for
	JacobianVector  What = plan.JVP      // the derivative in a direction, in the function's shape
	AdjointJacobian What = plan.VJP      // the adjoint of the derivative at a cotangent
)

// Whats lists what a program can return.
var Whats = []What{ValueOf, GradientOf, HessianOf, MixedHessian, HessianVector, JacobianOf, JacobianVector, AdjointJacobian}

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

	arrays bool // the program may have arrays of any rank
}

// NewProgram differentiates and plans the computation. Every derivative has been
// compared with differences at random points, unless NoCheck is set.
func NewProgram(req ProgramRequest) (prog *Program, err error) {
	if req.Notation != LanguageNotation {
		t, err := req.translate()
		if err != nil {
			return nil, err
		}
		prog, err = NewProgram(req)
		return prog, t.place(err)
	}
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	part := req.Limits.budget != nil
	req.defaults()
	defer req.Limits.end(part)
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
	// counters are the indices of loops over results by the members of families.
	counters map[*expr.Index]*expr.Index
	doc      []string
}

func newProgrammer(p *problem, req *ProgramRequest) *programmer {
	return &programmer{p: p, req: req, extra: map[*expr.Symbol]*expr.Symbol{}, counters: map[*expr.Index]*expr.Index{}}
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
			return nil, plainError(say("a program returns %s, not %q", joinWhats(Whats), string(w)))
		}
		if w == MixedHessian && len(p.prog.Wrt) < 2 {
			return nil, plainError(say("mixed derivatives are by two variables or more, one is named"))
		}
		if !scalar && (w == GradientOf || w == HessianOf || w == MixedHessian || w == HessianVector) {
			e := plainError(say("%s is of a scalar; the expression is %s", w, p.res.Shape))
			e.suggest(say("jac is the derivative of anything, jacprod its product with a direction"))
			return nil, e
		}
	}
	g.rs = raise.New(p.b, raise.Options{Family: raise.FamilyMatrix})
	g.m = plan.NewMaker(p.b)
	g.guess = plan.DefaultSize(p.b)
	g.low = plan.NewLowerer(g.m, g.options())
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
		if d.Node != nil && d.Cut == nil && len(d.Node.Args) > 0 && d.Node != p.prog.Result && p.low.Covers(d.Node) {
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
		for k, s := range p.prog.Wrt {
			if w == MixedHessian {
				for _, by := range p.prog.Wrt[k+1:] {
					r, err := g.mixed(s, by)
					if err != nil {
						return nil, err
					}
					results = append(results, r)
				}
				continue
			}
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

func (g *programmer) options() plan.Options {
	return plan.Options{Size: g.sizeOf, Arrays: g.req.arrays}
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

// variables are those of the expression, and the directions. The cotangent, which a
// derivative along a direction is found by too, is one where an adjoint is asked for.
func (g *programmer) variables() []*expr.Symbol {
	list := slices.Clone(g.vars)
	for of, s := range g.extra {
		if of != nil || slices.Contains(g.req.What, AdjointJacobian) {
			list = append(list, s)
		}
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

// declared is the place of a parameter's declaration in the program; variables without one
// follow in the order in which they occur, then the directions in the order of the variables,
// the cotangent, and sizes. It does not depend on how the results are computed, so that a
// function takes its arguments in the same order in every language.
func (g *programmer) declared(q plan.Parameter) int {
	stmts, by := g.p.tree.Stmts, g.p.prog.Wrt
	g.p.b.Limit.Step(len(stmts))
	last := len(stmts) + len(by)
	switch q.Sym {
	case nil:
		return last + 2
	case g.extra[nil]:
		return last + 1
	}
	for k, s := range by {
		if g.extra[s] == q.Sym {
			return len(stmts) + 1 + k
		}
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

// A scalar that takes Kronecker products as the engine writes it stays as it was written,
// unless that is a loop within a loop.
func (g *programmer) valueNode() *expr.Node {
	v, own := g.p.simplify(g.p.f), g.p.prog.Result
	n, form := g.rs.Raise(v.sum, v.axes)
	if form == raise.Matrix || form == raise.Kronecker && (!own.Shape.IsScalar() || g.low.NestsLoops(own)) {
		return n
	}
	return own
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
				return r, g.membersHessian(&r, s)
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
			v := p.simplify(p.derive(p.f, s))
			if err := g.verifyMembers(p.f, v.sum, s); err != nil {
				return r, err
			}
			return r, g.memberwise(&r, v, s)
		}
		g.describe(&r)
		err := g.arranged(&r, p.last.view, s)
		return r, err
	}
	err := g.product(&r, s)
	return r, err
}

// mixed is the derivative by a variable of the gradient by another.
func (g *programmer) mixed(first, by *expr.Symbol) (plan.Result, error) {
	p := g.p
	r := plan.Result{Name: string(MixedHessian) + "_" + first.Name + "_" + by.Name, What: MixedHessian, First: first, Wrt: by}
	for _, s := range []*expr.Symbol{first, by} {
		if s.Family != nil {
			return r, plainError(say("mixed derivatives by the members of a family are not supported: %s", memberName(s)))
		}
	}
	if err := p.answer([]*expr.Symbol{first, by}); err != nil {
		return r, err
	}
	g.describe(&r)
	return r, g.arranged(&r, p.last.view, by)
}

// describe documents a derivative by the last answer.
func (g *programmer) describe(r *plan.Result) {
	d := &g.p.res.Derivatives[len(g.p.res.Derivatives)-1]
	r.Text = d.Symbol + " = " + d.Text
	g.doc = append(g.doc, "")
	if d.Where == nil {
		g.doc = append(g.doc, r.Text)
	} else {
		g.doc = append(g.doc, d.Symbol+" = "+d.Line+", where")
		for _, w := range d.Where {
			g.doc = append(g.doc, "  "+w.Name+" = "+w.Text)
		}
	}
	g.doc = append(g.doc, d.Shape+", "+string(d.Layout)+" layout: "+d.Identity)
	g.assume(d.Assumptions)
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
		return g.memberwise(r, v, s)
	}
	n, form := g.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		x, ok := g.p.indexForm(v)
		if !ok {
			return noNotation("∂" + g.p.res.Name + "/∂" + s.Name)
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
