package nabla

import (
	"errors"
	"slices"
	"time"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
)

// A DeriveRequest asks for derivations: what is differentiated by what, as in a
// Request, and how the lines are written.
type DeriveRequest struct {
	Request
	Colon  bool // A : B for tr(AᵀB)
	Brief  bool // several rules on a line
	Expand bool // answers without the intermediates that the program names
	Shapes bool // shapes under the factors
	// As writes a program with many samples in the other form first; "" leaves it as
	// it is.
	As SampleForm
	// Instance adds a worked example with small integers.
	Instance bool
	// Entry asks for one entry as a formula in entries: the indices of the function's
	// entry, then those of the variable's, each a number from 1 on or a name. ∂f/∂X[2,1]
	// for a scalar f is {"2", "1"}, ∂y[i]/∂x[j] is {"i", "j"}. First derivatives only.
	Entry []string

	trail *derive.Trail
}

// A Derivation is the answer to a DeriveRequest.
type Derivation struct {
	Result *Result // what Differentiate says
	Paper  *paper.Paper
	// Seconds from text to lines, with their checks.
	Seconds float64
}

// A Paper is worked mathematics as data: blocks of lines, each with its formulas in
// every notation, the rules by which it holds, and the figure of its check.
type Paper = paper.Paper

// PaperOptions say how a Paper is written: language, shapes, width.
type PaperOptions = paper.Options

// The languages of the words in a Paper.
const (
	English = paper.English
	Chinese = paper.Chinese
)

// Text writes the derivation for a terminal.
func (d *Derivation) Text(o PaperOptions) string { return paper.Text(d.Paper, o) }

// Markdown writes it with formulas between dollar signs.
func (d *Derivation) Markdown(o PaperOptions) string { return paper.Markdown(d.Paper, o) }

// LaTeX writes it as a document that xelatex compiles as it stands.
func (d *Derivation) LaTeX(o PaperOptions) string { return paper.LaTeX(d.Paper, o) }

// ErrNoDerivation is returned where an answer is known but no derivation of it that
// a person could read.
var ErrNoDerivation = derive.ErrNone

// Derive differentiates and writes how the answer comes about, line by line. Every
// line has been compared by numbers at a random point in a random direction; a line
// that fails is an *InternalError.
func Derive(req DeriveRequest) (d *Derivation, err error) {
	if req.Notation != LanguageNotation {
		t, err := req.translate()
		if err != nil {
			return nil, err
		}
		if d, err = Derive(req); err != nil {
			return nil, t.place(err)
		}
		d.Result.Notes, d.Result.NotesZH = t.remarks(d.Result.Notes, d.Result.NotesZH)
		return d, nil
	}
	begin := time.Now()
	var p *problem
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(r any) error { return p.fault(r) })
		}
	}()
	req.defaults()
	req.NoCheck = false // lines are compared with what the answer was
	if p, err = open(&req.Request); err != nil {
		return nil, err
	}
	if len(req.Wrt) == 0 {
		if req.Wrt, err = p.onlyVariable("differentiate by"); err != nil {
			return nil, err
		}
		if p, err = open(&req.Request); err != nil {
			return nil, err
		}
	}
	p.nameResult()
	if len(req.Wrt) > 1 && p.cuts() {
		return deriveOneByOne(req)
	}
	switch {
	case req.Mixed || req.Order > 2:
		return nil, plainError(say("derivations are of the first and second order, by one variable at a time"))
	case req.Structured:
		return nil, plainError(say("derivations are of the gradient in all entries, not in the free ones"))
	case req.Order == 2 && len(req.Entry) > 0:
		return nil, plainError(say("one entry is shown of a first derivative"))
	case req.Order == 2 && !p.prog.Result.Shape.IsScalar():
		return nil, plainError(say("a second derivative is derived for a scalar; the expression is %s", shapeString(p.prog.Result.Shape)))
	}
	defer p.release()
	if req.As != "" {
		if err := p.prepare(p.prog.Wrt); err != nil {
			return nil, err
		}
		p.describe()
		other, given, err := p.converted(&req)
		if err != nil {
			return nil, err
		}
		other.As = ""
		d, err := Derive(*other)
		if err == nil {
			d.Paper.Given = append(given, d.Paper.Given...)
		}
		return d, err
	}
	order := req.Order
	if order == 2 {
		if err := familyTwice(p.prog.Wrt); err != nil {
			return nil, err
		}
	}
	req.Order = 1
	if err := p.differentiate(); err != nil {
		return nil, err
	}
	if req.Instance || len(req.Entry) > 0 {
		req.trail, req.NoCheck = &derive.Trail{}, false
	}
	pap, err := p.derivation(&req)
	if err == nil && order == 2 {
		if err = p.hessians(&req, pap); err == nil {
			p.titled(pap)
		}
	}
	var entries []*entry
	if err == nil && len(req.Entry) > 0 {
		entries, err = p.entries(&req, pap)
	}
	if err == nil && req.Instance {
		err = p.instance(&req, pap, entries)
	}
	if err != nil {
		return nil, err
	}
	p.res.Seconds = p.seconds.Seconds()
	return &Derivation{Result: p.res, Paper: pap, Seconds: time.Since(begin).Seconds()}, nil
}

// deriveOneByOne asks for each variable by itself, as oneByOne does.
func deriveOneByOne(req DeriveRequest) (*Derivation, error) {
	var all *Derivation
	for _, name := range req.Wrt {
		one := req
		one.Wrt = []string{name}
		d, err := Derive(one)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = d
			continue
		}
		all.Result.Derivatives = append(all.Result.Derivatives, d.Result.Derivatives...)
		all.Seconds += d.Seconds
		for _, g := range d.Paper.Given {
			if !slices.ContainsFunc(all.Paper.Given, func(o paper.Given) bool { return o.Formula.Text == g.Formula.Text }) {
				all.Paper.Given = append(all.Paper.Given, g)
			}
		}
		all.Paper.Blocks = append(all.Paper.Blocks, d.Paper.Blocks...)
		for k, text := range d.Paper.Inline {
			all.Paper.Inline[k] = text
		}
		all.Paper.Title.En += "; " + d.Paper.Title.En
		all.Paper.Title.Zh += "；" + d.Paper.Title.Zh
	}
	return all, nil
}

// lines is a request for lines about n, with what all such requests share.
func (p *problem) lines(req *DeriveRequest, n *expr.Node, name string) *derive.Request {
	r := &derive.Request{
		Builder: p.b, Result: n, Name: name,
		Numerator: req.Layout == Numerator, ByRows: req.Vec == Rows,
		Brief: req.Brief, Expand: req.Expand, Shapes: req.Shapes,
		Names:    p.po.Names,
		Gradient: p.gradientOf, Jacobian: p.jacobianOf, Simplify: p.simplifyNode, Holds: p.holds,
	}
	if req.Colon {
		r.Style = derive.Colon
	}
	return r
}

// hessians adds the derivation of each second derivative: the differential of the
// gradient.
func (p *problem) hessians(req *DeriveRequest, pap *paper.Paper) error {
	first := len(p.res.Derivatives)
	for k := range first {
		s := p.prog.Wrt[k]
		g := p.res.Derivatives[k]
		if g.Zero {
			continue
		}
		// Notation rests on the facts of variables, which do not hold where a
		// differential moves them; a raiser remembers what it found symmetric.
		v := p.derive(p.f, s)
		n, form := p.raiseBare(v, s)
		if form == raise.Index {
			return message.Wrap(ErrNoDerivation, "%s: the gradient has no matrix notation", message.Of(ErrNoDerivation))
		}
		p.req.Order = 2
		if err := p.answer([]*expr.Symbol{s, s}); err != nil {
			return err
		}
		name := p.freeName("g")
		r := p.lines(req, n, name)
		last := len(p.res.Derivatives) - 1
		a := p.answerFor(last, s)
		if a.Node == nil {
			return message.Wrap(ErrNoDerivation, "%s: the second derivative has no matrix notation", message.Of(ErrNoDerivation))
		}
		a.Identity, a.IdentityLaTeX = hessianIdentity(s, name, &p.res.Derivatives[last], req.Layout)
		r.Answers = []derive.Answer{a}
		r.Taken = pap.Taken
		more, err := p.run(r)
		if err != nil {
			return err
		}
		for _, b := range more.Blocks {
			for _, l := range b.Lines {
				for i := range l.Notes {
					if l.Notes[i].ID == "read-off" {
						l.Notes[i].ID = "read-off-second" // its identity is another one
					}
				}
			}
		}
		def := paper.Line{Lhs: paper.Formula{Text: name, LaTeX: print.LaTeXName(name)},
			Rhs: paper.Formula{Text: g.Symbol, LaTeX: g.SymbolLaTeX}}
		body := paper.Line{Rhs: paper.Formula{Text: print.Text(n, p.po).Result, LaTeX: print.LaTeX(n, p.po).Result}}
		blk := paper.Block{ID: "gradient", Heading: paper.Words{En: "The gradient", Zh: "梯度"}, Lines: []paper.Line{def, body},
			After: []paper.Words{{En: "The second derivative follows from its differential.", Zh: "二阶导数由梯度的微分得到。"}}}
		pap.Blocks = append(append(pap.Blocks, blk), more.Blocks...)
		pap.Given = append(pap.Given, more.Given...)
		for k, text := range more.Inline {
			pap.Inline[k] = text
		}
	}
	return nil
}

// raiseBare raises a view as if the variable had been declared without facts.
func (p *problem) raiseBare(v view, s *expr.Symbol) (*expr.Node, raise.Form) {
	facts := s.Facts
	s.Facts &= expr.Integer | expr.Positive
	defer func() { s.Facts = facts }()
	return p.raiser().Raise(simplify.Shorten(p.st, v.sum), v.axes)
}

// hessianIdentity is what defines the second derivative, given the gradient g.
func hessianIdentity(x *expr.Symbol, g string, d *Derivative, layout Layout) (text, latex string) {
	t, tTeX := "ᵀ ", `^\top `
	if layout == Numerator {
		t, tTeX = " ", `\,`
	}
	dg, dx := "d"+g, "d"+x.Name
	dgTeX, dxTeX := `\mathrm{d}`+print.LaTeXName(g), `\mathrm{d}`+print.LaTeXName(x.Name)
	switch {
	case x.Shape.IsScalar():
		return dg + " = (" + d.Symbol + ") " + dx, dgTeX + " = " + d.SymbolLaTeX + `\,` + dxTeX
	case x.Shape.IsMatrix():
		dg, dx = "vec("+dg+")", "vec("+dx+")"
		dgTeX, dxTeX = `\operatorname{vec}(`+dgTeX+")", `\operatorname{vec}(`+dxTeX+")"
	}
	return dg + " = (" + d.Symbol + ")" + t + dx, dgTeX + ` = \left(` + d.SymbolLaTeX + `\right)` + tTeX + dxTeX
}

// nameResult gives an expression without a name one where f is the name of something
// else: in df = d f(A x) the two could not be told apart.
func (p *problem) nameResult() {
	if name := p.resultName(); name != "f" {
		p.prog.ResultName = name
	}
}

// resultName is what the expression is called: the name that the program gives it, or else
// the first of some letters that is no other name.
func (p *problem) resultName() string {
	if p.prog.ResultName != "" {
		return p.prog.ResultName
	}
	for _, name := range [...]string{"f", "y", "g", "h", "l"} {
		if p.isFree(name) {
			return name
		}
	}
	return p.freeName("f")
}

// isFree reports whether the program does not use a name.
func (p *problem) isFree(name string) bool {
	return p.prog.Lookup(name) == nil && p.b.LookupSize(name) == nil &&
		!slices.ContainsFunc(p.prog.Defs, func(d check.Def) bool { return d.Name == name })
}

// freeName is a name that the program does not use.
func (p *problem) freeName(name string) string {
	for !p.isFree(name) || p.res.Name == name {
		name += "_"
	}
	return name
}

// answerFor describes an answer to package derive.
func (p *problem) answerFor(k int, s *expr.Symbol) derive.Answer {
	a := p.res.Derivatives[k]
	out := derive.Answer{Wrt: s, Node: p.nodes[k], Text: a.Line, LaTeX: a.LineLaTeX,
		Symbol: a.Symbol, SymbolLaTeX: a.SymbolLaTeX, Identity: a.Identity, IdentityLaTeX: a.IdentityLaTeX}
	for _, w := range a.Where {
		out.Where = append(out.Where, derive.Named(w))
	}
	return out
}

// derivation writes the lines of the answers.
func (p *problem) derivation(req *DeriveRequest) (*paper.Paper, error) {
	r := p.lines(req, p.prog.Result, p.res.Name)
	for _, d := range p.prog.Defs {
		if d.Node != nil && d.Cut == nil {
			r.Definitions = append(r.Definitions, derive.Definition{Name: d.Name, Node: d.Node})
		}
		for _, m := range d.Members {
			if d.Cut == nil {
				r.Definitions = append(r.Definitions, derive.Definition{Name: d.Name, Node: m.Node, Index: m.Index})
			}
		}
	}
	r.Trail = req.trail
	for k := range p.res.Derivatives {
		r.Answers = append(r.Answers, p.answerFor(k, p.prog.Wrt[k]))
	}
	pap, err := p.run(r)
	if err != nil {
		return nil, err
	}
	for k := range p.res.Derivatives {
		if err := p.byEntries(pap, k); err != nil {
			return nil, err
		}
	}
	p.mentioned(pap)
	p.given(pap)
	p.titled(pap)
	p.remarks(pap)
	return pap, nil
}

// remarks says of what the expression does not depend on.
func (p *problem) remarks(pap *paper.Paper) {
	for k := range p.res.Derivatives {
		if !p.res.Derivatives[k].Zero || len(pap.Blocks) == 0 {
			continue
		}
		f, x := print.LaTeXName(p.res.Name), print.LaTeXName(memberName(p.prog.Wrt[k]))
		pap.Inline[f], pap.Inline[x] = p.res.Name, memberName(p.prog.Wrt[k])
		b := &pap.Blocks[len(pap.Blocks)-1]
		b.After = append(b.After, paper.Words{En: "$" + f + "$ does not depend on $" + x + "$.", Zh: "$" + f + "$ 与 $" + x + "$ 无关。"})
	}
}

// run asks for lines and puts the errors into the words of this package.
func (p *problem) run(r *derive.Request) (*paper.Paper, error) {
	pap, err := derive.Derive(r)
	var wrong *derive.Mistake
	if errors.As(err, &wrong) {
		return nil, &InternalError{wrong.Message}
	}
	var open *derive.Unchecked
	if errors.As(err, &open) {
		return nil, message.Wrap(ErrNoDerivation, "%s: its lines could not be compared with numbers (%s)", message.Of(ErrNoDerivation), say(open.Reason))
	}
	return pap, err
}

// mentioned adds the definitions that an answer mentions and the expression does not.
func (p *problem) mentioned(pap *paper.Paper) {
	used := map[*expr.Node]bool{}
	for _, n := range p.nodes {
		if n != nil {
			expr.Walk(n, func(n *expr.Node) { used[n] = true })
		}
	}
	for _, d := range p.named {
		name := p.po.Names[d]
		if !used[d] || slices.Contains(pap.Taken, name) {
			continue
		}
		for _, n := range p.res.Definitions {
			if n.Name == name {
				pap.Given = append(pap.Given, paper.Given{Formula: paper.Formula{
					Text: n.Name + " = " + n.Text, LaTeX: print.LaTeXName(n.Name) + " = " + n.LaTeX}})
			}
		}
	}
}

// given lists the variables before the definitions that a derivation begins with.
func (p *problem) given(pap *paper.Paper) {
	var list []paper.Given
	for _, v := range p.prog.Vars {
		if !v.Occurs && !slices.Contains(p.prog.Wrt, v.Symbol) {
			continue
		}
		s := v.Symbol
		name := memberName(s)
		set, setTeX := "ℝ", `\mathbb{R}`
		switch {
		case s.Shape.IsScalar():
		case s.Shape.IsVector():
			set += "^" + s.Shape.Rows.String()
			setTeX += "^{" + print.LaTeXName(s.Shape.Rows.String()) + "}"
		default:
			set += "^{" + s.Shape.Rows.String() + "×" + s.Shape.Cols.String() + "}"
			setTeX += "^{" + print.LaTeXName(s.Shape.Rows.String()) + ` \times ` + print.LaTeXName(s.Shape.Cols.String()) + "}"
		}
		if s.Kind == expr.Function {
			list = append(list, paper.Given{Formula: paper.Formula{Text: name + ": ℝ → ℝ", LaTeX: print.LaTeXName(name) + `\colon \mathbb{R} \to \mathbb{R}`},
				Words: paper.Words{En: "acts entry by entry", Zh: "逐元素作用"}})
			continue
		}
		g := paper.Given{Formula: paper.Formula{Text: name + " ∈ " + set, LaTeX: print.LaTeXName(name) + ` \in ` + setTeX}}
		for _, f := range v.Facts.Names() {
			if g.Words.En != "" {
				g.Words.En, g.Words.Zh = g.Words.En+", ", g.Words.Zh+"、"
			}
			g.Words.En += factEn[f]
			g.Words.Zh += factZh[f]
		}
		if s.Family != nil {
			size := s.Family.Size.String()
			g.Formula.Text += ", " + s.Family.Name + " = 1, …, " + size
			g.Formula.LaTeX += `,\ ` + print.LaTeXName(s.Family.Name) + ` = 1, \dots, ` + print.LaTeXName(size)
		}
		if v.Inferred {
			g.Remark = paper.Words{En: "inferred", Zh: "推断"}
		}
		if !v.Occurs {
			g.Remark = paper.Words{En: "not used", Zh: "未出现"}
		}
		list = append(list, g)
	}
	pap.Given = append(list, pap.Given...)
}

// Facts in words, by their names in the language.
var factEn = map[string]string{
	"symmetric": "symmetric", "posdef": "positive definite", "diagonal": "diagonal", "orthogonal": "orthogonal", "onehot": "one-hot",
	"simplex": "entries ≥ 0 that sum to 1", "positive": "positive", "invertible": "invertible", "integer": "integer",
	"constant": "constant", "toeplitz": "Toeplitz",
}

var factZh = map[string]string{
	"symmetric": "对称", "posdef": "正定", "diagonal": "对角", "orthogonal": "正交", "onehot": "one-hot",
	"simplex": "各元素非负且和为 1", "positive": "元素为正", "invertible": "可逆", "integer": "整数",
	"constant": "常量", "toeplitz": "Toeplitz",
}

// apart lowers a node in a store of its own, differentiates it by x if that is not
// nil, and raises the result. It returns nil where there is no matrix notation.
func (p *problem) apart(n *expr.Node, x *expr.Symbol, layout Layout) (out *expr.Node) {
	p.lowered(n, x, layout, func(w view) {
		if m, form := p.raiser().Raise(w.sum, w.axes); form != raise.Index {
			out = m
		}
	})
	return out
}

// holds reports whether the operand x of n has the property that kind names by its
// form or by declared facts, or n asks for nothing once it is in the engine's form:
// log det S is there for a positive definite S.
func (p *problem) holds(n, x *expr.Node, kind string) (yes bool) {
	p.lowered(x, nil, Denominator, func(w view) { yes = simplify.Evident(kind, w.sum) })
	if !yes && n.Op.Domain == kind && n.Op.Class != expr.Defined {
		p.lowered(n, nil, Denominator, func(w view) { yes = len(simplify.Domains(w.sum, nil)) == 0 })
	}
	return yes
}

// lowered lowers a node in a store of its own, differentiates it by x if that is not
// nil, and calls use with the simplified result; not at all where it has no index
// form.
func (p *problem) lowered(n *expr.Node, x *expr.Symbol, layout Layout, use func(w view)) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case lower.Unsupported, lower.DomainError:
		default:
			if err, ok := r.(error); ok && (errors.Is(err, index.ErrZeroDivision) || errors.Is(err, index.ErrNegativeRoot)) {
				return
			}
			panic(r)
		}
	}()
	st := index.NewStore(p.b, p.eng.rules.For())
	low, err := lower.New(st, p.eng.templates, func(s *expr.Symbol) bool { return s == x }, n)
	if err != nil {
		return
	}
	v := low.Lower(n)
	w := view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}
	q := *p
	q.st, q.low, q.rules, q.req = st, low, p.eng.rules.For(), &Request{Layout: layout, Vec: Columns}
	if x != nil {
		w = q.derive(w, x)
	}
	use(q.simplify(w))
}

func (p *problem) gradientOf(f *expr.Node, x *expr.Symbol) *expr.Node {
	return p.apart(f, x, Denominator)
}

func (p *problem) jacobianOf(f *expr.Node, x *expr.Symbol) *expr.Node {
	return p.apart(f, x, Numerator)
}

func (p *problem) simplifyNode(n *expr.Node) *expr.Node { return p.apart(n, nil, Denominator) }
