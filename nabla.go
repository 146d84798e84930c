package nabla

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// Differentiate answers a request.
func Differentiate(req Request) (res *Result, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case lower.Unsupported:
			err = plainError(r.What + " is not supported")
		case error:
			if errors.Is(r, index.ErrZeroDivision) {
				err = plainError(r.Error())
				return
			}
			panic(r)
		default:
			panic(r)
		}
	}()
	p, err := open(&req)
	if err != nil {
		return nil, err
	}
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	p.seconds += time.Since(p.begin)
	p.res.Seconds = p.seconds.Seconds()
	return p.res, nil
}

// A problem is one request on its way through the stages.
type problem struct {
	req  *Request
	eng  *engine
	b    *expr.Builder
	prog *check.Program
	st   *index.Store
	low  *lower.Lowerer
	f    view // the expression
	rs   *raise.Raiser
	po   *print.Options
	res  *Result

	begin   time.Time     // when the clock was started last
	seconds time.Duration // on the clock: from text to text, without NumPy source and check
}

func open(req *Request) (*problem, error) {
	if req.Order == 0 {
		req.Order = 1
	}
	if req.Layout == "" {
		req.Layout = Denominator
	}
	if req.Vec == "" {
		req.Vec = Columns
	}
	p := &problem{req: req, eng: theEngine(), res: &Result{Stages: map[string]string{}}, begin: time.Now()}
	p.b = expr.NewBuilder(p.eng.reg)
	decls, err := p.declarations()
	if err != nil {
		return nil, err
	}
	prog, list := syntax.ParseProgram(req.Program, syntax.Options{
		Name: req.File,
		IsVariable: func(name string) bool {
			return slices.ContainsFunc(decls, func(d *syntax.Decl) bool { return declares(d, name) })
		},
		IsFunction: func(name string) bool { return p.eng.reg.Overloads(name) != nil },
	})
	if len(list) > 0 {
		return nil, inputError(source.NewFile(req.File, req.Program), list)
	}
	p.prog, list = check.Check(p.b, prog, check.Options{Decls: decls, Wrt: req.Wrt, Closed: req.Closed})
	if len(list) > 0 {
		return nil, inputError(prog.File, list)
	}
	return p, nil
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
		if len(list) > 0 {
			return nil, inputError(source.NewFile("", v.Decl), list)
		}
		decls = append(decls, d)
	}
	return decls, nil
}

func (p *problem) differentiate() error {
	wrt := p.prog.Wrt
	p.st = index.NewStore(p.b, nil)
	bare := func(s *expr.Symbol) bool { return slices.Contains(wrt, s) }
	var err error
	if p.low, err = lower.New(p.st, p.eng.templates, bare, p.prog.Result); err != nil {
		return plainError(err.Error())
	}
	v := p.low.Lower(p.prog.Result)
	p.f = view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
	p.rs = raise.New(p.b, raise.Options{})
	p.po = &print.Options{Builder: p.b}
	p.describe()
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

// derive differentiates v by one variable and arranges the result.
func (p *problem) derive(v view, s *expr.Symbol) view {
	a := p.st.Var(s, true)
	d := diff.Reverse(p.low, v.sum, []*index.Atom{a})[0]
	base := len(v.sum.Slots)
	var x raise.Axes
	for i := range a.Slots {
		switch {
		case i < a.RowAxes():
			x.Rows = append(x.Rows, base+i)
		case s.Family == nil || i < len(a.Slots)-1:
			x.Cols = append(x.Cols, base+i)
		}
	}
	return view{d, arrange(v.axes, x, p.req.Layout, p.req.Vec)}
}

// answer differentiates by the variables in turn and prints the result.
func (p *problem) answer(by []*expr.Symbol) error {
	v := p.f
	sym := symbol{f: p.res.Name, shape: p.prog.Result.Shape}
	vecUsed := false
	before := p.prog.Result // what the last derivative is taken of
	for i, s := range by {
		if i > 0 && !p.req.NoCheck {
			if n, form := p.rs.Raise(v.sum, v.axes); form != raise.Index {
				before = n
			}
		}
		next := p.derive(v, s)
		vecUsed = vecUsed || usesVec(v.axes, raise.Axes{Rows: axis(s.Shape.Rows), Cols: axis(s.Shape.Cols)})
		v = next
		sym.wrt = append(sym.wrt, s.Name)
		sym.kinds = append(sym.kinds, s.Shape)
	}
	n, form := p.rs.Raise(v.sum, v.axes)
	if n == nil {
		return &InternalError{"no matrix notation for " + v.sum.String()}
	}
	d := Derivative{Wrt: sym.wrt, Symbol: sym.text(), Layout: p.req.Layout, Identity: sym.identity(p.req.Layout),
		Form: Form(form.String()), Shape: shapeString(n.Shape)}
	if vecUsed {
		d.Vec = p.req.Vec
	}
	for _, s := range []*expr.Dim{n.Shape.Rows, n.Shape.Cols} {
		if !s.IsOne() {
			d.Dims = append(d.Dims, s.String())
		}
	}
	d.Text = print.Text(n, p.po).String()
	d.Language = print.Language(n, p.po).String()
	d.LaTeX = print.LaTeX(n, p.po).String()
	if v.sum.IsZero() {
		d.Zero = true
		d.Remark = fmt.Sprintf("%s does not depend on %s", p.res.Name, sym.wrt[0])
	}
	p.seconds += time.Since(p.begin)
	if !p.req.NoNumPy {
		d.NumPy = print.NumPy(print.Function{Builder: p.b, Results: []*expr.Node{n},
			Doc: []string{d.Symbol + " = " + d.Text, d.Shape + ", " + string(d.Layout) + " layout: " + d.Identity}})
	}
	if !p.req.NoCheck {
		c, err := p.check(before, n, by[len(by)-1])
		if err != nil {
			return err
		}
		d.Check = c
	}
	p.begin = time.Now()
	p.res.Derivatives = append(p.res.Derivatives, d)
	return nil
}

// check compares d with differences of f by s.
func (p *problem) check(f, d *expr.Node, s *expr.Symbol) (*Check, error) {
	begin := time.Now()
	rep, err := eval.Check(&eval.Problem{Reg: p.eng.reg, F: f, D: d, X: s, Index: s.Family,
		Denominator: p.req.Layout == Denominator, ByRows: p.req.Vec == Rows})
	var wrong *eval.Mismatch
	switch {
	case errors.As(err, &wrong):
		return nil, &InternalError{err.Error()}
	case err != nil:
		return &Check{Reason: err.Error()}, nil
	}
	c := &Check{Points: rep.Points, MaxError: rep.MaxError, Elapsed: time.Since(begin)}
	for _, set := range rep.Sizes {
		text := ""
		for i, s := range set {
			if i > 0 {
				text += ", "
			}
			text += fmt.Sprintf("%s = %d", s.Name, s.Value)
		}
		c.Sizes = append(c.Sizes, text)
	}
	return c, nil
}

func axis(d *expr.Dim) []int {
	if d.IsOne() {
		return nil
	}
	return []int{0}
}

// describe fills in what was understood.
func (p *problem) describe() {
	r := p.res
	n := p.prog.Result
	r.Name = p.prog.ResultName
	if r.Name == "" {
		r.Name = "f"
	}
	r.Expression = print.Text(n, p.po).String()
	r.Shape = shapeString(n.Shape)
	r.Notes = p.prog.Notes
	for _, v := range p.prog.Vars {
		s := v.Symbol
		decl := declText(s)
		r.Variables = append(r.Variables, Variable{Name: s.Name, Decl: decl, Inferred: v.Inferred, Unused: !v.Occurs})
	}
}

func declText(s *expr.Symbol) string {
	decl := shapeString(s.Shape)
	switch s.Kind {
	case expr.Function:
		decl = "function"
	case expr.Matrix:
		decl = "matrix(" + s.Shape.Rows.String() + ", " + s.Shape.Cols.String() + ")"
	}
	for _, f := range s.Facts.Names() {
		decl += " " + f
	}
	return decl
}
