package nabla

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/solve"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A stationary is a problem whose stationary points are looked for.
type stationary struct {
	*problem
	out      *Solution
	solver   *solve.Solver
	unknowns []solve.Unknown
	eqs      []solve.Equation
	extra    int            // multipliers, the last unknowns
	lambda   []*expr.Symbol // the multipliers
	lagrange *expr.Node     // the Lagrangian
	assigned []assignment   // what the numeric check puts in, in order
	lines    []line         // of the solution
	grads    []*expr.Node   // what has to vanish at the solution
	consts   []*expr.Node   // constraints, left side less right side
	joint    *solve.Joint   // what was solved
	fail     *solve.JointFailure
	// lineErrors are the figures of the numeric check, by line.
	lineErrors []float64
	// inlined are the formulas in words, conditionWords the conditions with formulas.
	inlined        map[string]string
	conditionWords []paper.Words
}

// A line is a line of the solution before it is printed.
type line struct {
	unknown string
	step    solve.Step
	known   string // the names that were put in
	from    int    // the line that it follows from, −1 where that is no one line
}

// An assignment gives a symbol its value at a point.
type assignment struct {
	sym  *expr.Symbol
	node *expr.Node
	vec  bool // node is vec of the value
}

// unsolvable are facts of variables whose stationary points are not those of the
// gradient.
const unsolvable = expr.Orthogonal | expr.Onehot | expr.Simplex | expr.Toeplitz | expr.Integer | expr.Constant | expr.Diagonal

// refuse returns an error for what cannot be asked.
func (q *stationary) refuse() error {
	pr := q.prog
	var seen []*expr.Symbol
	for _, s := range pr.Wrt {
		switch {
		case s == nil:
			continue
		case slices.Contains(seen, s):
			return plainError(say("%s is asked for twice", s.Name))
		case s.Family != nil:
			return plainError(say("cannot solve for the members of %s: solve for a variable that is no family", s.Name))
		case s.Facts&unsolvable != 0:
			return plainError(say("cannot solve for %s, which is declared %s", s.Name, (s.Facts & unsolvable).Names()[0]))
		}
		seen = append(seen, s)
	}
	for k, e := range pr.Side {
		if q.prog.Equation == nil && !slices.ContainsFunc(pr.Wrt, func(s *expr.Symbol) bool { return s != nil && mentions(e.Diff, s) }) {
			text := q.req.side[k]
			var list source.List
			list.Add(source.Span{Start: 0, End: len(text)}, say("the constraint does not contain %s", q.names())).Hint = say("what is no variable can be put into the function instead")
			return inputError(source.NewFile("", text), list).within("constraint")
		}
	}
	if len(pr.Wrt) > 1 && q.cuts() {
		return plainError(say("a defined name can only be solved for alone"))
	}
	if pr.Equation != nil {
		switch {
		case len(pr.Side) > 0:
			e := plainError(say("an equation is not solved subject to others"))
			return e
		case len(pr.Wrt) > 1:
			return plainError(say("an equation is solved for one variable, got %d", len(pr.Wrt)))
		}
		return nil
	}
	if !pr.Result.Shape.IsScalar() {
		name := pr.ResultName
		if name == "" {
			name = print.Text(pr.Result, nil).Result
		}
		e := plainError(say("stationary points are those of a scalar, but %s is %s", name, shapeString(pr.Result.Shape)))
		hint := say("an equation is written with expressions on both sides, such as A*X = B")
		if n := pr.ResultName; n != "" {
			hint = definesHint(n)
		}
		e.suggest(hint)
		return e
	}
	return nil
}

// definesHint says how an equation is written whose one side is a name.
func definesHint(name string) message.Text {
	return say("%[1]s = … defines %[1]s; in an equation the name stands on the right: … = %[1]s", name)
}

// mentions reports whether a symbol occurs in a node.
func mentions(n *expr.Node, s *expr.Symbol) bool {
	seen := map[*expr.Node]bool{}
	var look func(n *expr.Node) bool
	look = func(n *expr.Node) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		return n.Sym == s || slices.ContainsFunc(n.Args, look)
	}
	return look(n)
}

// square returns declarations under which an equation between undeclared variables
// has as many entries as its unknown, or as its transpose, or nil: of two size names
// that stand opposite each other the second is replaced by the first.
func (q *stationary) square(turned bool) []Declaration {
	pr := q.prog
	if pr.Equation == nil || pr.Wrt[0] == nil {
		return nil
	}
	x, f := pr.Wrt[0].Shape, pr.Result.Shape
	if turned {
		f = f.T()
	}
	same := map[string]string{}
	for _, pair := range [][2]*expr.Dim{{x.Rows, f.Rows}, {x.Cols, f.Cols}} {
		a, b := pair[0].Names(nil), pair[1].Names(nil)
		if pair[0] == pair[1] {
			continue
		}
		if len(a) != 1 || len(b) != 1 || pair[0].String() != a[0].Name || pair[1].String() != b[0].Name {
			return nil
		}
		same[b[0].Name] = a[0].Name
	}
	if len(same) == 0 {
		return nil
	}
	var out []Declaration
	rename := func(d *expr.Dim) string {
		if to, ok := same[d.String()]; ok {
			return to
		}
		return d.String()
	}
	for _, v := range pr.Vars {
		s := v.Symbol
		touched := slices.ContainsFunc(s.Shape.Rows.Names(s.Shape.Cols.Names(nil)), func(n *expr.SizeName) bool { return same[n.Name] != "" })
		if !touched {
			continue
		}
		if !v.Inferred {
			return nil
		}
		d := Declaration{Name: s.Name}
		switch {
		case s.Shape.IsVector():
			d.Decl = "vector(" + rename(s.Shape.Rows) + ")"
		default:
			d.Decl = "matrix(" + rename(s.Shape.Rows) + ", " + rename(s.Shape.Cols) + ")"
		}
		out = append(out, d)
	}
	return out
}

// run solves and fills in the answer.
func (q *stationary) run() error {
	q.inlined = map[string]string{}
	q.multipliers()
	free := q.prog.Wrt
	if q.prog.Equation != nil {
		free = nil
	}
	if err := q.prepare(free); err != nil {
		return err
	}
	if q.prog.Side != nil && q.beside == nil {
		return plainError(say("the constraints split the sizes of the variables in another way than the function does"))
	}
	q.describe()
	q.understood()
	q.solver = &solve.Solver{St: q.st, Low: q.low, Rs: q.rs, Domains: q.prog.Equation != nil}
	if q.prog.Equation != nil {
		q.equation()
	} else if err := q.gradients(); err != nil {
		return err
	}
	var namer solve.Namer
	if q.sumForm() {
		namer = q.solver.Samples(q.taken)
	}
	q.joint, q.fail = q.solver.SolveSystem(q.eqs, q.unknowns, q.extra, namer)
	q.collect()
	if q.fail != nil {
		q.failure()
	} else {
		q.out.Outcome = Solved
	}
	if err := q.algebra(); err != nil {
		return err
	}
	if err := q.prove(); err != nil {
		return err
	}
	q.print()
	if err := q.kind(); err != nil {
		return err
	}
	q.out.Paper = q.worked()
	q.plainWords()
	return nil
}

// understood copies what every answer says.
func (q *stationary) understood() {
	o, r := q.out, q.res
	o.Name, o.Expression, o.Shape, o.Variables, o.Definitions = r.Name, r.Expression, r.Shape, r.Variables, r.Definitions
	o.Notes, o.NotesZH = r.Notes, r.NotesZH
	if e := q.prog.Equation; e != nil {
		o.Name = ""
		o.Expression = q.text(e.Left) + " = " + q.text(e.Right)
	}
	for _, e := range q.prog.Side {
		o.Constraints = append(o.Constraints, q.text(e.Left)+" = "+q.text(e.Right))
	}
}

func (q *stationary) sumForm() bool {
	return slices.ContainsFunc(q.b.Nodes(), func(n *expr.Node) bool { return n.Op.Name == expr.OpMember })
}

// taken reports whether a name is in use.
func (q *stationary) taken(name string) bool {
	return slices.ContainsFunc(q.b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name }) ||
		q.b.LookupSize(name) != nil || q.eng.reg.Overloads(name) != nil ||
		slices.ContainsFunc(q.out.Definitions, func(d Named) bool { return d.Name == name }) ||
		q.out.Name == name || q.tree != nil && slices.ContainsFunc(q.tree.Stmts, func(s syntax.Stmt) bool {
		d, ok := s.(*syntax.Definition)
		return ok && d.Name.Name == name
	})
}

// multipliers makes one for each constraint, and the Lagrangian f + λᵀ(A x − b). For
// a constraint that is not affine it is f − λ(…), so that the condition for an
// eigenvector reads A x = λ x.
func (q *stationary) multipliers() {
	pr, b := q.prog, q.b
	if len(pr.Side) == 0 {
		return
	}
	sum := []*expr.Node{pr.Result}
	for k, e := range pr.Side {
		name := "λ"
		if len(pr.Side) > 1 {
			name += string(rune('₁' + k%9))
		}
		for i := 0; q.taken(name); i++ {
			name = []string{"ν", "κ", "η", "τ"}[i%4] + name[len("λ"):]
			if i >= 4 {
				name += "′"
			}
		}
		kind := expr.Matrix
		switch {
		case e.Diff.Shape.IsScalar():
			kind = expr.Scalar
		case e.Diff.Shape.IsVector():
			kind = expr.Vector
		}
		s := b.NewSymbol(name, kind, e.Diff.Shape, 0)
		q.lambda = append(q.lambda, s)
		q.out.Multipliers = append(q.out.Multipliers, Variable{Name: name, Decl: shapeString(s.Shape)})
		var term *expr.Node
		switch v := b.Var(s); {
		case kind == expr.Scalar:
			term = b.Node(expr.OpMul, v, e.Diff)
		case kind == expr.Vector:
			term = b.Node(expr.OpMul, b.Node(expr.OpT, v), e.Diff)
		default:
			term = b.Node("tr", b.Node(expr.OpMul, b.Node(expr.OpT, v), e.Diff))
		}
		if q.curved(e.Diff) {
			term = b.Node(expr.OpNeg, term)
		}
		sum = append(sum, term)
		q.beside = append(q.beside, e.Diff)
	}
	q.lagrange = b.Node(expr.OpAdd, sum...)
	q.beside = append(q.beside, q.lagrange)
}

// curved reports whether a constraint is a product in the unknowns, seen from its
// form alone.
func (q *stationary) curved(n *expr.Node) bool {
	var degree func(n *expr.Node) int
	degree = func(n *expr.Node) int {
		d := 0
		switch {
		case n.Op.Name == expr.OpVar:
			if slices.Contains(q.prog.Wrt, n.Sym) {
				return 1
			}
		case n.Op.Name == expr.OpMul || n.Op.Name == expr.OpHadamard:
			for _, a := range n.Args {
				d += degree(a)
			}
		default:
			for _, a := range n.Args {
				d = max(d, degree(a))
			}
			if n.Op.Class != expr.Structural && n.Op.Class != expr.Special {
				d *= 2
			}
			if len(n.Args) == 2 && (n.Op.Name == expr.OpDiv || n.Op.Name == expr.OpElDiv) && degree(n.Args[1]) > 0 {
				d *= 2
			}
			if n.Op.Name == expr.OpPow || n.Op.Name == expr.OpElPow || n.Op.Name == expr.OpMPow {
				d *= 2
			}
		}
		return d
	}
	return degree(n) > 1
}

// equation makes the equation to solve from the one that was given.
func (q *stationary) equation() {
	v := q.low.Lower(q.prog.Result)
	x := solve.NewUnknown(q.st, q.prog.Wrt[0])
	q.unknowns = []solve.Unknown{x}
	q.eqs = []solve.Equation{{Sum: v.S, Axes: raise.Axes{Rows: v.Rows, Cols: v.Cols}}}
	e := q.prog.Equation
	q.consts = []*expr.Node{e.Diff}
	q.add(x, solve.Step{Rule: "given-equation", Left: e.Left, Right: e.Right})
}

// add adds a line that follows from no one line.
func (q *stationary) add(x solve.Unknown, s solve.Step) { q.follow(-1, x, s) }

// follow adds a line that follows from another, and returns its place.
func (q *stationary) follow(from int, x solve.Unknown, s solve.Step) int {
	q.lines = append(q.lines, line{unknown: x.Sym.Name, step: s, from: from})
	return len(q.lines) - 1
}

// gradients answers the derivatives and makes the equations to solve.
func (q *stationary) gradients() error {
	for _, s := range q.prog.Wrt {
		if err := q.answer([]*expr.Symbol{s}); err != nil {
			return err
		}
	}
	q.out.Gradients = q.res.Derivatives
	of := q.f
	if q.lagrange != nil {
		v := q.low.Lower(q.lagrange)
		of = view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
	}
	for k, s := range q.prog.Wrt {
		g := q.simplify(q.derive(of, s))
		x := solve.NewUnknown(q.st, s)
		n, form := q.rs.Raise(g.sum, g.axes)
		if form == raise.Index {
			return q.noNotation(k)
		}
		rule := "gradient-zero"
		if q.lagrange != nil {
			rule = "lagrangian-zero"
		}
		if s.Facts.Has(expr.Symmetric) && g.sum != q.st.Transpose(g.sum) {
			rule = "symmetric-part"
			g.sum = q.st.AddSums([]*index.Sum{g.sum, q.st.Transpose(g.sum)}, []rat.Rat{rat.One, rat.One})
			if n, form = q.rs.Raise(g.sum, g.axes); form == raise.Index {
				return q.noNotation(k)
			}
		}
		q.add(x, solve.Step{Rule: rule, Left: n, Right: q.b.Num(rat.Zero)})
		q.grads = append(q.grads, n)
		q.unknowns = append(q.unknowns, x)
		q.eqs = append(q.eqs, solve.Equation{Sum: g.sum, Axes: g.axes})
	}
	for k, e := range q.prog.Side {
		v := q.low.Lower(e.Diff)
		w := q.simplify(view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}})
		x := solve.NewUnknown(q.st, q.lambda[k])
		q.unknowns = append(q.unknowns, x)
		q.eqs = append(q.eqs, solve.Equation{Sum: w.sum, Axes: w.axes})
		q.consts = append(q.consts, e.Diff)
		q.extra++
		q.add(x, solve.Step{Rule: "constraint", Left: e.Left, Right: e.Right})
	}
	return nil
}

func (q *stationary) noNotation(k int) error {
	return plainError(say("the gradient by %s has no matrix notation, in which it could be solved", q.prog.Wrt[k].Name))
}
