package nabla

import (
	"errors"
	"slices"
	"strings"
	"time"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Differentiate answers a request.
func Differentiate(req Request) (res *Result, err error) {
	if req.Notation != LanguageNotation {
		t, err := req.translate()
		if err != nil {
			return nil, err
		}
		if res, err = Differentiate(req); err != nil {
			return nil, t.place(err)
		}
		res.Notes, res.NotesZH = t.remarks(res.Notes, res.NotesZH)
		return res, nil
	}
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	req.defaults()
	if req.Order < 1 || req.Order > maxOrder {
		return nil, plainError(say("the order must lie between 1 and %d, got %d", maxOrder, req.Order))
	}
	if p, err = open(&req); err != nil {
		return nil, err
	}
	if len(req.Wrt) == 0 {
		if req.Wrt, err = p.onlyVariable("differentiate by"); err != nil {
			return nil, err
		}
		if p, err = open(&req); err != nil {
			return nil, err
		}
	}
	if !req.Mixed && len(req.Wrt) > 1 && p.cuts() {
		return oneByOne(req)
	}
	defer p.release()
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	p.seconds += time.Since(p.begin)
	p.res.Seconds = p.seconds.Seconds()
	return p.res, nil
}

// fault turns a panic that the input is to blame for into an error at the place of
// the operator; nil for any other.
func (p *problem) fault(r any) error {
	var text message.Text
	switch r := r.(type) {
	case lower.Unsupported:
		text = say("%s is not supported", r.What)
	case lower.DomainError:
		text = say("%s has no value at %s", r.Op.Name, r.Value)
	case error:
		if errors.Is(r, index.ErrZeroDivision) || errors.Is(r, index.ErrNegativeRoot) || errors.Is(r, rat.ErrTooLarge) || errors.Is(r, limit.ErrTooDeep) {
			text = message.Of(r)
		}
	}
	if text.IsZero() {
		return nil
	}
	if p == nil || p.low == nil || p.low.At() == nil {
		return plainError(text)
	}
	return inputError(p.prog.File, source.List{{Span: p.prog.Span(p.low.At()), Message: text}})
}

// oneByOne asks for each variable by itself: where a defined name is one of them
// it must be a variable for its own derivative and a formula for the others.
func oneByOne(req Request) (*Result, error) {
	var all *Result
	for _, name := range req.Wrt {
		one := req
		one.Wrt = []string{name}
		res, err := Differentiate(one)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = res
			continue
		}
		all.Derivatives = append(all.Derivatives, res.Derivatives...)
		all.Seconds += res.Seconds
		for _, v := range res.Variables {
			if !slices.ContainsFunc(all.Variables, func(w Variable) bool { return w.Name == v.Name }) {
				all.Variables = append(all.Variables, v)
			}
		}
	}
	return all, nil
}

func (req *Request) defaults() {
	if req.Order == 0 {
		req.Order = 1
	}
	if req.Layout == "" {
		req.Layout = Denominator
	}
	if req.Vec == "" {
		req.Vec = Columns
	}
	req.Limits.begin()
}

// A problem is one request on its way through the stages.
type problem struct {
	req    *Request
	eng    *engine
	b      *expr.Builder
	tree   *syntax.Program
	prog   *check.Program
	st     *index.Store
	rules  *simplify.Rules
	low    *lower.Lowerer
	f      view // the expression
	rs     *raise.Raiser
	po     *print.Options
	named  []*expr.Node // the definitions that answers may mention
	res    *Result
	nodes  []*expr.Node   // of the answers; nil for one in index notation
	moving []differential // of a claim: variables that stand for differentials
	// beside are further roots that are lowered into the same store, so that they
	// share their axes with the expression; nil if their axes are split otherwise.
	beside []*expr.Node
	last   answered
	all    []answered                     // one for each of the result's derivatives
	meant  map[string]simplify.Assumption // what the texts of assumptions stand for

	begin   time.Time     // when the clock was started last
	seconds time.Duration // on the clock: from text to text, without NumPy source and check
}

// An answered is the last derivative that was answered: as a sum, as the node that
// was printed (nil for one in index notation), and what it was taken of.
type answered struct {
	sym      symbol
	view, of view
	node     *expr.Node
	check    eval.Problem
}

func open(req *Request) (*problem, error) {
	p := &problem{req: req, eng: theEngine(), res: &Result{Stages: map[string]string{}}, begin: time.Now()}
	p.b = expr.NewBuilder(p.eng.reg)
	p.b.Limit = req.Limits.budget
	decls, err := p.declarations()
	if err != nil {
		return nil, err
	}
	prog, list := syntax.ParseProgram(req.Program, syntax.Options{
		Name:       req.File,
		IsVariable: func(name string) bool { return declared(decls, name, false) },
		IsFunction: func(name string) bool { return declared(decls, name, true) || p.eng.isFunction(name) },
		Letters:    syntax.PaperProducts,
		Asked:      func(name string) bool { return slices.Contains(req.Wrt, name) },
		Equations:  req.equations,
		Limit:      req.Limits.budget,
	})
	if len(list) > 0 {
		return nil, inputError(source.NewFile(req.File, req.Program), list)
	}
	p.tree = prog
	opts := check.Options{Decls: decls, Wrt: req.Wrt, Closed: req.Closed}
	if opts.Side, err = p.sideEquations(decls); err != nil {
		return nil, err
	}
	p.prog, list = check.Check(p.b, prog, opts)
	if len(list) > 0 {
		return nil, inputError(prog.File, list).of(list, decls)
	}
	return p, nil
}

// cuts reports whether a variable to differentiate by is a defined name.
func (p *problem) cuts() bool {
	return slices.ContainsFunc(p.prog.Defs, func(d check.Def) bool { return slices.Contains(p.req.Wrt, d.Name) })
}

// onlyVariable returns the variable of a program that has just one; to says what it is
// for.
func (p *problem) onlyVariable(to string) ([]string, error) {
	var names []string
	for _, v := range p.prog.Vars {
		if v.Occurs && v.Symbol.Kind != expr.Function && !v.Symbol.Facts.Has(expr.Constant) {
			names = append(names, v.Symbol.Name)
		}
	}
	switch len(names) {
	case 0:
		return nil, plainError(say("the expression has no variable to %s", say(to)))
	case 1:
		return names, nil
	}
	e := plainError(say("a variable to %s is required", say(to)))
	e.suggest(say("the expression has %s", strings.Join(names, ", ")))
	return nil, e
}

// declarations parses the declarations from outside, in an order that does not
// depend on the caller's.
func (p *problem) declarations() ([]*syntax.Decl, error) {
	vars := slices.Clone(p.req.Vars)
	slices.SortStableFunc(vars, func(a, b Declaration) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	var decls []*syntax.Decl
	for _, v := range vars {
		d, list := syntax.ParseType(v.Name, v.Decl, syntax.Options{})
		if strings.HasSuffix(v.Name, "]") { // a family: x[i]
			d, list = syntax.ParseDecl(v.Name+": "+v.Decl, syntax.Options{})
		}
		if len(list) > 0 {
			e := inputError(source.NewFile("", v.Decl), list)
			for i := range e.Diagnostics {
				e.Diagnostics[i].In = v.Name
			}
			return nil, e
		}
		decls = append(decls, d)
	}
	return decls, nil
}

// release gives back the memory of a problem whose result, which is text alone, is
// complete. After a panic nothing is given back.
func (p *problem) release() {
	if r := recover(); r != nil {
		panic(r)
	}
	if p.st != nil {
		p.st.Release()
	}
	p.b.Release()
}

func (p *problem) differentiate() error {
	wrt := p.prog.Wrt
	if p.req.Order > 1 || p.req.Mixed {
		if err := familyTwice(wrt); err != nil {
			return err
		}
	}
	if err := p.prepare(wrt); err != nil {
		return err
	}
	p.describe()
	p.stages()
	if p.req.Mixed {
		return p.answer(wrt)
	}
	for _, s := range wrt {
		if err := p.answer(slices.Repeat([]*expr.Symbol{s}, p.req.Order)); err != nil {
			return err
		}
	}
	return nil
}

// familyTwice refuses second derivatives by members of a family: they have an index
// for each of the two, and no notation for entries whose indices are equal.
func familyTwice(wrt []*expr.Symbol) error {
	for _, s := range wrt {
		if s.Family != nil {
			return plainError(say("derivatives of higher order by a family of variables are not supported: %s", memberName(s)))
		}
	}
	return nil
}

// prepare lowers the expression, with the variables wrt bare of their facts.
func (p *problem) prepare(wrt []*expr.Symbol) error {
	p.rules = p.eng.rules.For()
	if p.shows("trace") {
		p.rules.Trace(func(rule string) { p.show("trace", "rule "+rule) })
	}
	p.st = index.NewStore(p.b, p.rules)
	bare := func(s *expr.Symbol) bool { return slices.Contains(wrt, s) }
	var err error
	if p.low, err = lower.New(p.st, p.eng.templates, bare, append([]*expr.Node{p.prog.Result}, p.beside...)...); err != nil && p.beside != nil {
		p.beside = nil
		p.low, err = lower.New(p.st, p.eng.templates, bare, p.prog.Result)
	}
	if err != nil {
		return plainError(message.Of(err))
	}
	v := p.low.Lower(p.prog.Result)
	p.f = view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
	p.rs = p.raiser()
	p.po = &print.Options{Builder: p.b, MaxWidth: widest}
	p.nameDefinitions()
	return nil
}

// widest is the longest line of an answer, in characters, that is written without
// names for its parts.
const widest = 150

// describe fills in what was understood.
func (p *problem) describe() {
	r := p.res
	n := p.prog.Result
	r.Name = p.resultName()
	r.Expression = print.Text(n, p.po).String()
	if !p.req.TextOnly {
		r.ExpressionLaTeX = print.LaTeX(n, p.po).String()
	}
	r.Shape = shapeString(n.Shape)
	r.Notes, r.NotesZH = message.English(p.prog.Notes), message.Chinese(p.prog.Notes)
	for _, v := range p.prog.Vars {
		r.Variables = append(r.Variables, variable(v))
	}
}

// raiser returns a new raiser, which writes families as the user does.
func (p *problem) raiser() *raise.Raiser {
	family := raise.FamilyMatrix
	if slices.ContainsFunc(p.b.Nodes(), func(n *expr.Node) bool { return n.Op.Name == expr.OpMember }) {
		family = raise.FamilySum
	}
	return raise.New(p.b, raise.Options{Family: family})
}
